/* Proves where records and columns are found: outlines and their types, paths of all kinds, and XML made JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/rows/decode.h"
#include "providers/script/form.h"
#include "providers/script/outline.h"
#include "providers/script/xml.h"

static void put_value(struct buffer *out, const struct value *value)
{
    char scratch[VALUE_SCRATCH];
    size_t length;
    buffer_append_text(out, value_is_null(value) ? "NULL" : value_as_text(value, scratch, &length));
}

/* The table that is found out, as "names: types" and its rows. */
static void describe(const char *body, const char *path, enum form_model model, bool texts, struct buffer *out)
{
    struct arena arena = {0};
    struct outline *outline;
    struct error err = {0};
    struct path wanted, names, innermost;
    struct row_place place;
    struct table table;
    struct shape shape = {0};
    struct decoder *decoder;
    bool needed[64], found;

    assert_true(outline_read(body, strlen(body), 0, texts, &arena, &outline, &err));
    if (path)
        assert_true(form_names(&arena, path, !texts, &wanted));
    assert_true(form_records(&arena, outline, path ? &wanted : NULL, &names, &place, &found));
    if (found && model == FORM_FLATTENED) {
        assert_true(form_innermost(&arena, outline, &names, &innermost));
        assert_true(form_records(&arena, outline, &innermost, &names, &place, &found));
    }
    if (!found) {
        buffer_append_text(out, "none");
        arena_clear(&arena);
        return;
    }
    assert_true(form_discovered(&arena, outline, "t", model, false, &place, &table, &shape, &err));
    for (size_t i = 0; i < table.column_count; i++) {
        char type[40];
        type_print(&table.columns[i].type, type, sizeof type);
        buffer_printf(out, "%s%s:%s", i ? "," : "", table.columns[i].name, type);
        needed[i] = true;
    }
    assert_true(decoder_open(&shape, needed, NULL, &decoder, &err));
    assert_true(decoder_page(decoder, body, strlen(body), &err));
    decoder_batch(decoder);
    for (size_t row = 0; row < 10; row++) {
        bool more;
        if (!decoder_next(decoder, row, &more, &err))
            fail_msg("%s", err.message);
        if (!more)
            break;
        buffer_append_char(out, ';');
        for (size_t i = 0; i < table.column_count; i++) {
            buffer_append_text(out, i ? "," : "");
            put_value(out, &decoder_cells(decoder)[i][row]);
        }
    }
    decoder_close(decoder);
    arena_clear(&arena);
}

static void check(const char *body, const char *path, enum form_model model, bool texts, const char *wanted)
{
    struct buffer out;

    buffer_init(&out, 1 << 16);
    describe(body, path, model, texts, &out);
    assert_string_equal(buffer_text(&out), wanted);
    buffer_clear(&out);
}

static void records_are_found(void **state)
{
    static const char nested[] = "{\"a\":{\"n\":1,\"people\":[{\"id\":1,\"pets\":[{\"id\":\"x\"},{\"id\":\"y\"}]},{\"id\":2,\"pets\":[]},{\"id\":3}]},\"z\":[1]}";
    (void)state;
    check("[{\"a\":1},{\"a\":2}]", NULL, FORM_DOCUMENT, false, "a:integer;1;2");
    check("{\"x\":{\"y\":[{\"a\":1}]},\"l\":[1,2]}", NULL, FORM_DOCUMENT, false, "a:integer;1");
    check("{\"a\":1,\"b\":{\"c\":2}}", NULL, FORM_DOCUMENT, false, "a:integer,b.c:integer;1,2");
    check("[1,2]", NULL, FORM_DOCUMENT, false, "value:integer;1;2");
    check(nested, "$.a.people", FORM_DOCUMENT, false, "id:integer,pets:json;1,[{\"id\":\"x\"},{\"id\":\"y\"}];2,NULL;3,NULL");
    check(nested, "/json/a/people/pets", FORM_DOCUMENT, false, "id:string(4000);x;y");
    check(nested, "$.a.people[*]", FORM_FLATTENED, false, "id:integer,pets.id:string(4000);1,x;1,y");
    check(nested, "a/people", FORM_FLATTENED, false, "id:integer,pets.id:string(4000);1,x;1,y");
    check(nested, "$.a.people", FORM_RELATIONAL, false, "_id:bigint,id:integer;0,1;1,2;2,3");
    check(nested, "$.a.people.pets", FORM_RELATIONAL, false, "people_id:bigint,_id:bigint,id:string(4000);0,0,x;0,1,y");
    check(nested, "$.a.nobody", FORM_DOCUMENT, false, "none");
    check(nested, "$['a'].n", FORM_DOCUMENT, false, "value:integer;1");
    check("{\"a.b\":[{\"c/d\":1}]}", "$['a.b']", FORM_DOCUMENT, false, "c/d:integer;1");
}

static void types_are_what_all_values_fit(void **state)
{
    static const struct { const char *values, *type; } cases[] = {
        {"1,2,null", "integer"}, {"1,3000000000", "bigint"}, {"1,2.5", "double"}, {"1,\"2\"", "string(4000)"}, {"true,null", "boolean"}, {"true,1", "string(4000)"},
        {"\"2024-02-29\"", "date"}, {"\"2024-02-29\",\"2024-02-29T10:00:00Z\"", "timestamp(3)"}, {"\"2024-02-30\"", "string(4000)"}, {"\"2024-02-29\",\"\"", "date"},
        {"null", "string(4000)"}, {"[1]", "json"}, {"{\"q\":1},1", "json"}, {"99999999999999999999", "double"}, {"1e5", "integer"}, {"\"007\"", "string(4000)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct outline *outline;
        struct error err = {0};
        char body[200], type[40];
        snprintf(body, sizeof body, "[%s]", cases[i].values);
        assert_true(outline_read(body, strlen(body), 0, false, &arena, &outline, &err));
        const struct type found = outline_type(outline->elements, false);
        type_print(&found, type, sizeof type);
        if (strcmp(type, cases[i].type) != 0)
            print_error("%s\n", body);
        assert_string_equal(type, cases[i].type);
        arena_clear(&arena);
    }
}

static void only_so_many_elements_are_looked_at(void **state)
{
    static const char body[] = "[1,2,\"x\"]";
    struct arena arena = {0};
    struct outline *outline;
    struct error err = {0};
    (void)state;

    assert_true(outline_read(body, strlen(body), 2, false, &arena, &outline, &err));
    assert_int_equal(outline->elements->seen, OUTLINE_INTEGER);
    assert_false(outline_read("[1,2,", 5, 2, false, &arena, &outline, &err));
    assert_string_equal(err.sqlstate, "08S01");
    arena_clear(&arena);
}

/* An object that is a list by its members' names. */
static void of_very_many_members_some_are_left_out(void **state)
{
    struct buffer body;
    struct arena arena = {0};
    struct outline *outline;
    struct error err = {0};
    (void)state;

    buffer_init(&body, 1 << 20);
    buffer_append_text(&body, "{\"first\":[1]");
    for (int i = 0; i < 6000; i++)
        buffer_printf(&body, ",\"%d\":{\"a\":[1]}", i);
    buffer_append_char(&body, '}');
    assert_true(outline_read(buffer_text(&body), body.length, 2, false, &arena, &outline, &err));
    assert_non_null(outline_member(outline, "first", 5));
    assert_null(outline_member(outline, "5999", 4));
    buffer_clear(&body);
    arena_clear(&arena);
}

static void check_xml(const char *xml, const char *path, const char *wanted)
{
    struct arena arena = {0};
    struct buffer json;
    struct error err = {0};
    struct path records;

    buffer_init(&json, 1 << 16);
    assert_true(form_names(&arena, path, false, &records));
    bool done = xml_to_json(xml, strlen(xml), &records, &json, &err);
    if (wanted[0] == '!')
        assert_true(!done && strstr(err.message, wanted + 1));
    else
        assert_string_equal(buffer_text(&json), wanted);
    buffer_clear(&json);
    arena_clear(&arena);
}

static void xml_is_read_as_json(void **state)
{
    (void)state;
    check_xml("<a><b>1</b></a>", "/a/b", "{\"a\":{\"b\":[\"1\"]}}");
    check_xml("<a><b>1</b></a>", "/", "{\"a\":{\"b\":\"1\"}}");
    check_xml("<a x='1'><b y='2'>t &amp; <![CDATA[<u>]]></b><c><d/></c><c>3</c></a>", "/a/b",
              "{\"a\":{\"@x\":\"1\",\"b\":[{\"@y\":\"2\",\"#text\":\"t & <u>\"}],\"c\":[{\"d\":\"\"},\"3\"]},\"a@x\":\"1\"}");
    check_xml("<a><t lang='en'>x</t>\n<!-- c --></a>", "/a", "{\"a\":[{\"t\":\"x\",\"t@lang\":\"en\"}]}");
    check_xml("<x:a xmlns:x='u'><x:b>\"\n</x:b></x:a>", "/a", "{\"a\":[{\"b\":\"\\\"\\u000a\"}]}");
    check_xml("<a><b></a>", "/a", "!no XML: line 1");
    check_xml("<!DOCTYPE a><a/>", "/a", "!document type declaration");
    check_xml("", "/a", "!no XML");
}

static void xml_makes_tables(void **state)
{
    struct arena arena = {0};
    struct buffer json;
    struct error err = {0};
    struct path records;
    static const char xml[] = "<r><n>5</n><i id='1'><v>2.50</v><w>true</w></i><i id='2'><v>007</v><w>false</w></i></r>";
    (void)state;

    buffer_init(&json, 1 << 16);
    assert_true(form_names(&arena, "/r/i", false, &records));
    assert_true(xml_to_json(xml, strlen(xml), &records, &json, &err));
    check(buffer_text(&json), "/r/i", FORM_DOCUMENT, true, "@id:integer,v:string(4000),w:boolean;1,2.50,1;2,007,0");
    buffer_clear(&json);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_found),
        cmocka_unit_test(types_are_what_all_values_fit),
        cmocka_unit_test(only_so_many_elements_are_looked_at),
        cmocka_unit_test(of_very_many_members_some_are_left_out),
        cmocka_unit_test(xml_is_read_as_json),
        cmocka_unit_test(xml_makes_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
