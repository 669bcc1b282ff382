/* Proves providers/csv/detect.c and header.c: which type cells show, with and without more rows to come, and what columns are called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "providers/csv/detect.h"
#include "providers/csv/header.h"

static const struct csv_format standard = {
    .delimiter = ",", .delimiter_length = 1, .quote = '"', .escape = '"', .longest_cell = 10000, .empty_is_null = true, .point = '.', .iso = true,
};

/* The type that cells, divided by '|', show: when they are all, and when more may come. */
static void expect(const char *cells_text, const char *all, const char *more)
{
    struct arena arena = {0};
    const struct csv_cells cells = {&standard, &arena, newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    struct csv_evidence evidence = {0};
    char *copy = strdup(cells_text), out[64], *rest = copy, *field;
    struct type type;

    while ((field = strsep(&rest, "|"))) {
        char *before = strdup(field);
        assert_int_equal(csv_detect_look(&cells, field, strlen(field), &evidence), CSV_FITS);
        assert_string_equal(field, before); /* it may be read again */
        free(before);
    }
    type = csv_detect_type(&evidence, true, false);
    type_print(&type, out, sizeof out);
    assert_string_equal(out, all);
    type = csv_detect_type(&evidence, false, false);
    type_print(&type, out, sizeof out);
    assert_string_equal(out, more);
    type = csv_detect_type(&evidence, true, true);
    assert_int_equal(type.kind, TYPE_STRING);
    free(copy);
    freelocale(cells.c);
    arena_clear(&arena);
}

static void types(void **state)
{
    (void)state;
    expect("1|-5|\"7\"", "integer", "integer");
    expect("1|2000000000", "integer", "bigint");
    expect("1|3000000000", "bigint", "bigint");
    expect("1|99999999999999999999", "decimal(20,0)", "decimal(38,0)");
    expect("1|", "integer", "integer");
    expect("1.50|22.25", "decimal(4,2)", "decimal(18,2)");
    expect("1.5|22.25", "decimal(4,2)", "double");
    expect("1|2.5", "decimal(2,1)", "decimal(18,1)");
    expect("1.5e3|2", "double", "double");
    expect("1e-3", "double", "double");
    expect("12E3|1", "string(4)", "string(255)");
    expect("1.5E+300", "double", "double");
    expect("1.5E+400", "string(8)", "string(255)");
    expect("1.5E-400", "string(8)", "string(255)");
    expect("007|12", "string(3)", "string(255)");
    expect("+49123|1", "string(6)", "string(255)");
    expect("0|0.5|-0.5", "decimal(2,1)", "decimal(18,1)");
    expect("true|FALSE", "boolean", "boolean");
    expect("true|1", "string(4)", "string(255)");
    expect("yes|no", "string(3)", "string(255)");
    expect("2024-01-01|2024-12-31", "date", "date");
    expect("2024-01-01|2024-12-31 12:00:00", "timestamp", "timestamp(6)");
    expect("2024-12-31T12:00:00.25", "timestamp(2)", "timestamp(6)");
    expect("2024-01-01|x", "string(10)", "string(255)");
    expect("2024-13-01", "string(10)", "string(255)");
    expect("12:30:00|23:59:59.5", "time(1)", "time(6)");
    expect("12:30|23:59", "string(5)", "string(255)");
    expect("12:30:00|2024-01-01", "string(10)", "string(255)");
    expect("|\"\"", "string(255)", "string(255)");
    expect("\u00e4\u00f6\u00fc", "string(3)", "string(255)");
    expect("1|x|2024-01-01|true", "string(10)", "string(255)");
    char text[3001];
    memset(text, 'x', 3000);
    text[200] = '\0';
    expect(text, "string(200)", "string(4000)");
    text[200] = 'x';
    text[3000] = '\0';
    expect(text, "string(3000)", "string");
}

static void names(void **state)
{
    const char *given[] = {"a", "", NULL, "A", "a_2", "a", "two\nlines", "Col2"}, *expected[] = {"a", "Col2", "Col3", "A_2", "a_2_2", "a_3", "two lines", "Col2_2"};
    struct arena arena = {0};
    char longest[400];
    (void)state;

    assert_true(csv_header_name(given, sizeof given / sizeof given[0], &arena));
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        assert_string_equal(given[i], expected[i]);

    for (size_t i = 0; i < sizeof longest - 1; i += 2)
        memcpy(longest + i, "\u00e4", 2);
    longest[398] = '\0';
    const char *two[] = {longest, longest};
    assert_true(csv_header_name(two, 2, &arena));
    assert_int_equal(strlen(two[0]), 120);
    assert_int_equal(strlen(two[1]), 122);

    enum { MANY = 30000 };
    const char **many = calloc(MANY, sizeof *many);
    for (size_t i = 0; i < MANY; i++)
        many[i] = i % 2 ? "x" : "";
    assert_true(csv_header_name(many, 1000, &arena));
    assert_string_equal(many[1], "x");
    assert_string_equal(many[3], "x_2");
    assert_string_equal(many[2], "Col3");
    free(many);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(types), cmocka_unit_test(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
