/* Proves providers/rows/path.c: paths, places of columns and places of rows as definitions write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "providers/rows/path.h"

/* "a|b[k=v,x=y]|c" */
static void print_path(const struct path *path, struct buffer *out)
{
    for (size_t i = 0; i < path->length; i++) {
        const struct path_step *step = &path->steps[i];
        buffer_printf(out, "%s%s", i ? "|" : "", step->name);
        for (size_t j = 0; j < step->condition_count; j++)
            buffer_printf(out, "%s%s=%s%s", j ? "," : "[", step->conditions[j].key, step->conditions[j].value,
                          j + 1 == step->condition_count ? "]" : "");
    }
}

static void reads_paths(void **state)
{
    static const struct { const char *text, *expected; } cases[] = {
        {"id", "id"}, {"/id", "id"}, {"a/b/c", "a|b|c"}, {"", ""}, {"/", ""}, {"a[k=v]", "a[k=v]"}, {"a[k=v,x=y]/b", "a[k=v,x=y]|b"},
        {"a[k=v/w]/b", "a[k=v/w]|b"}, {"a[k=]", "a[k=]"}, {"a[k=x=y]", "a[k=x=y]"}, {"a[type=Main vault]/url", "a[type=Main vault]|url"},
        {"a.b/c-d/{}", "a.b|c-d|{}"}, {"f[id={}]/value", "f[id={}]|value"}, {"@", "@"},
        {"a//b", "!a name is missing"}, {"//a", "!a name is missing"}, {"a[k]", "!a choice has the form member[key=value]"},
        {"a[=v]", "!a choice has the form member[key=value]"}, {"[k=v]", "!a choice has the form member[key=value]"},
        {"a[]", "!a choice has the form member[key=value]"}, {"a[k=v", "!a choice has the form member[key=value]"},
        {"a[k=v]b", "!a choice has the form member[key=value]"}, {"a[k=v,]", "a[k=v]"},
    };
    struct arena arena = {0};
    struct buffer out;
    (void)state;

    buffer_init(&out, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct path path;
        const char *wrong;
        buffer_reset(&out);
        if (path_read(&arena, cases[i].text, strlen(cases[i].text), &path, &wrong))
            print_path(&path, &out);
        else
            buffer_printf(&out, "!%s", wrong);
        assert_string_equal(buffer_text(&out), cases[i].expected);
    }
    buffer_clear(&out);
    arena_clear(&arena);
}

static void reads_places_of_columns(void **state)
{
    static const struct { const char *text; enum place_kind kind; unsigned up; const char *expected; } cases[] = {
        {"id", PLACE_MEMBER, 0, "id"}, {"../id", PLACE_MEMBER, 1, "id"}, {"../../a/b", PLACE_MEMBER, 2, "a|b"}, {"..id", PLACE_MEMBER, 0, "..id"},
        {"@", PLACE_KEY, 0, ""}, {"../@", PLACE_KEY, 1, ""}, {"#", PLACE_INDEX, 0, ""}, {"../../#", PLACE_INDEX, 2, ""}, {".", PLACE_SELF, 0, ""},
        {"@id", PLACE_MEMBER, 0, "@id"}, {"#x", PLACE_MEMBER, 0, "#x"}, {"a/@", PLACE_MEMBER, 0, "a|@"},
        {"../.", PLACE_SELF, 1, "!what is around a row is no value"}, {"../", PLACE_MEMBER, 1, "!a name is missing"}, {"", PLACE_MEMBER, 0, "!a name is missing"},
        {"../../../../../../../x", PLACE_MEMBER, 7, "x"}, {"../../../../../../../../x", PLACE_MEMBER, 8, "!it stands too far around its row"},
    };
    struct arena arena = {0};
    struct buffer out;
    (void)state;

    buffer_init(&out, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct place place;
        const char *wrong;
        buffer_reset(&out);
        if (place_read(&arena, cases[i].text, strlen(cases[i].text), &place, &wrong))
            print_path(&place.path, &out);
        else
            buffer_printf(&out, "!%s", wrong);
        assert_string_equal(buffer_text(&out), cases[i].expected);
        assert_int_equal(place.kind, cases[i].kind);
        assert_int_equal(place.up, cases[i].up);
    }
    buffer_clear(&out);
    arena_clear(&arena);
}

static void reads_places_of_rows(void **state)
{
    static const struct { const char *text, *expected; } cases[] = {
        {"", " one"}, {"/a", "a one"}, {"/*", " many"}, {"/a/b/*", "a|b many"}, {"/a/*/b/*", "a b many"}, {"/a/*/b/c", "a b|c one"}, {"/*/*", "  many"},
        {"/*/b", " b one"}, {"/a/*/*/c/*", "a  c many"},
        {"/a*", "!a * stands for whole names only"}, {"/a/*b", "!a * stands for whole names only"}, {"*", "!a * stands for whole names only"},
        {"/a//b/*", "!a name is missing"},
        {"/*/*/*/*/*/*/*", "       many"}, {"/*/*/*/*/*/*/*/*", "!the rows stand too deep"},
    };
    struct arena arena = {0};
    struct buffer out;
    (void)state;

    buffer_init(&out, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct row_place place;
        const char *wrong;
        buffer_reset(&out);
        if (row_place_read(&arena, cases[i].text, strlen(cases[i].text), &place, &wrong)) {
            for (size_t j = 0; j < place.level_count; j++) {
                print_path(&place.levels[j], &out);
                buffer_append_char(&out, ' ');
            }
            buffer_append_text(&out, place.many ? "many" : "one");
        } else {
            buffer_printf(&out, "!%s", wrong);
        }
        assert_string_equal(buffer_text(&out), cases[i].expected);
    }
    buffer_clear(&out);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_paths),
        cmocka_unit_test(reads_places_of_columns),
        cmocka_unit_test(reads_places_of_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
