/* Proves where a column's value may stand: in the elements of an array together, in an object only if it fits, in a member that other
 * columns read too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/warnings.h"
#include "decoding.h"

static struct definition *definition;

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n"
    "<table name='T' path='/t' rows='/*' description=''>\n"
    "<column name='Id' type='bigint' at='id'/><column name='IdText' type='string' at='id'/><column name='Same' type='bigint' at='id'/>\n"
    "<column name='Who' type='string' at='people/*/id' join='yes'/><column name='Names' type='string' at='people/*/who/name' join='yes'/>\n"
    "<column name='People' type='json' at='people'/><column name='Boss' type='string' at='people[boss=true]/who/name'/>\n"
    "<column name='ListId' type='bigint' at='parent[type=List]/id'/><column name='SetId' type='bigint' at='parent[type=Set]/id'/>\n"
    "<column name='ParentType' type='string' at='parent/type'/>\n"
    "<column name='Position' type='integer' at='.[done=false]/position'/><column name='Deep' type='string' at='a/b/*/c' join='yes'/></table>\n"
    "<table name='Inner' path='/t' rows='/*/steps/*' description=''>\n"
    "<column name='Of' type='bigint' at='../id'/><column name='OfToo' type='bigint' at='../id'/>\n"
    "<column name='Watchers' type='string' at='../people/*/id' join='yes'/><column name='Open' type='bigint' at='../.[done=false]/id'/>\n"
    "<column name='Id' type='bigint' at='id'/></table>\n"
    "</provider>\n";

static int open_definition(void **state)
{
    (void)state;
    definition = decoding_define(text);
    return 0;
}

static int close_definition(void **state)
{
    (void)state;
    definition_close(definition);
    return 0;
}

static void cells_are_found(void **state)
{
    static const struct { const char *table, *wanted, *body, *expected; } cases[] = {
        {"T", "Id IdText Same", "[{\"id\":7}]", "Id=7 IdText=7 Same=7 ;"},
        {"T", "Same", "[{\"id\":7}]", "Same=7 ;"},
        {"T", "Who Names", "[{\"people\":[{\"id\":1,\"who\":{\"name\":\"A\"}},{\"who\":{\"x\":0,\"name\":\"B\"},\"id\":2}]}]", "Who=1,2 Names=A,B ;"},
        {"T", "Who Names People Boss", "[{\"people\":[{\"id\":1},{\"boss\":true,\"who\":{\"name\":\"B\"}}],\"id\":3}]",
         "Who=1 Names=B People=[{\"id\":1},{\"boss\":true,\"who\":{\"name\":\"B\"}}] Boss=B ;"},
        {"T", "Id Who", "[{\"people\":[],\"id\":1},{\"people\":null,\"id\":2},{\"id\":3},{\"people\":[{\"id\":null},{}],\"id\":4},{\"people\":5,\"id\":5}]",
         "Id=1 ;Id=2 ;Id=3 ;Id=4 ;Id=5 ;"},
        {"T", "Who Id", "[{\"people\":{\"x\":{\"id\":1},\"y\":{\"id\":true}},\"id\":9}]", "Id=9 Who=1,true ;"}, /* the members of an object */
        {"T", "Who Id", "[{\"people\":[3,{\"id\":1},[{\"id\":2}]],\"id\":9}]", "Id=9 Who=1 ;"},
        {"T", "Who", "[{\"people\":[{\"id\":[1]}]}]", "22018 Column Who of table T: the service sent an array or an object within an array, which is no value of type string"},
        {"T", "Deep", "[{\"a\":{\"b\":[{\"c\":1.50},{\"c\":\"x\"}]}}]", "Deep=1.50,x ;"},
        {"T", "ListId SetId ParentType", "[{\"parent\":{\"id\":5,\"type\":\"List\"}},{\"parent\":{\"type\":\"Set\",\"id\":6}},{\"parent\":null},{}]",
         "ListId=5 ParentType=List ;SetId=6 ParentType=Set ;;;"},
        {"T", "Position Id", "[{\"position\":1,\"done\":false,\"id\":1},{\"done\":true,\"position\":2,\"id\":2},{\"id\":3,\"position\":3}]",
         "Id=1 Position=1 ;Id=2 ;Id=3 ;"},
        {"Inner", NULL, "[{\"id\":1,\"done\":false,\"people\":[{\"id\":8},{\"id\":9}],\"steps\":[{\"id\":2},{\"id\":3}]},{\"id\":4,\"done\":true,\"steps\":[{\"id\":5}]}]",
         "Of=1 OfToo=1 Watchers=8,9 Open=1 Id=2 ;Of=1 OfToo=1 Watchers=8,9 Open=1 Id=3 ;Of=4 OfToo=4 Id=5 ;"},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        decoding_decode(definition, cases[i].table, cases[i].body, cases[i].wanted, NULL, &out, NULL);
        if (strcmp(buffer_text(&out), cases[i].expected) != 0)
            fail_msg("case %zu, %s:\n%s\ninstead of\n%s", i, cases[i].body, buffer_text(&out), cases[i].expected);
    }
    buffer_clear(&out);
}

/* What does not fit is NULL and told once, as anywhere. */
static void misfits_are_told(void **state)
{
    struct warnings warnings = {0};
    struct buffer out;
    (void)state;

    buffer_init(&out, 4096);
    decoding_decode(definition, "T", "[{\"people\":[{\"id\":[1]}],\"id\":1},{\"people\":[{\"id\":{}}],\"id\":2},{\"people\":[{\"id\":4}],\"id\":3}]",
                    "Id Who", &warnings, &out, NULL);
    assert_string_equal(buffer_text(&out), "Id=1 ;Id=2 ;Id=3 Who=4 ;");
    const struct warning *warning = warnings_next(&warnings);
    assert_non_null(warning);
    assert_non_null(strstr(warning->message, "Column Who of table T: the service sent an array or an object within an array"));
    assert_null(warnings_next(&warnings));
    warnings_clear(&warnings);
    buffer_clear(&out);
}

static void places_are_read(void **state)
{
    static const struct { const char *text, *wrong; } cases[] = {
        {"a/*/b", NULL}, {"../a/*/b/c", NULL}, {".[k=v]/a", NULL}, {"../.[k=v]/a/b", NULL}, {".[k=v]/a/*/b", NULL}, {"a[k=v]/b", NULL},
        {"*/a", "a * stands between the name of an array and that of a member of its elements"},
        {"a/*", "a * stands between the name of an array and that of a member of its elements"},
        {".[k=v]/*/a", "a * stands between the name of an array and that of a member of its elements"},
        {"a/*/b/*/c", "there is more than one *"}, {"a*/b", "a * stands for whole names only"}, {"a/*/b[k=v]/c", "behind a * nothing is chosen"},
        {"./a", "the row itself has the form .[key=value]/member"}, {".[k=v]", "the row itself has the form .[key=value]/member"},
        {"a/.[k=v]/b", "the row itself has the form .[key=value]/member"},
    };
    struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct place place;
        const char *wrong;
        bool read = place_read(&arena, cases[i].text, strlen(cases[i].text), &place, &wrong);
        assert_int_equal(read, cases[i].wrong == NULL);
        if (!read)
            assert_string_equal(wrong, cases[i].wrong);
    }
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_found),
        cmocka_unit_test(misfits_are_told),
        cmocka_unit_test(places_are_read),
    };
    return cmocka_run_group_tests(tests, open_definition, close_definition);
}
