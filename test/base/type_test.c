/* Proves base/type.c: how types are written, and what ODBC is told of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/type.h"

static void types_are_described_as_odbc_knows_them(void **state)
{
    static const struct { const char *type, *name; int code, size, digits, radix; } cases[] = {
        {"boolean", "BIT", -7, 1, 0, -1},           {"integer", "INTEGER", 4, 10, 0, 10},
        {"tinyint", "TINYINT", -6, 3, 0, 10},       {"smallint", "SMALLINT", 5, 5, 0, 10},
        {"bigint", "BIGINT", -5, 19, 0, 10},        {"double", "DOUBLE", 8, 15, -1, 10},
        {"decimal(12,3)", "DECIMAL", 3, 12, 3, 10}, {"decimal(38,0)", "DECIMAL", 3, 38, 0, 10},
        {"date", "DATE", 91, 10, -1, -1},           {"time", "TIME", 92, 8, 0, -1},
        {"time(3)", "TIME", 92, 12, 3, -1},         {"timestamp", "TIMESTAMP", 93, 19, 0, -1},
        {"timestamp(9)", "TIMESTAMP", 93, 29, 9, -1},
        {"string(1)", "VARCHAR", -9, 1, -1, -1},    {"string(4000)", "VARCHAR", -9, 4000, -1, -1},
        {"string(4001)", "LONGVARCHAR", -10, 4001, -1, -1}, {"string", "LONGVARCHAR", -10, SIZE_UNBOUNDED, -1, -1},
        {"json", "LONGVARCHAR", -10, SIZE_UNBOUNDED, -1, -1}, {"guid", "GUID", -11, 36, -1, -1},
        {"binary(8000)", "VARBINARY", -3, 8000, -1, -1}, {"binary(8001)", "LONGVARBINARY", -4, 8001, -1, -1},
        {"binary", "LONGVARBINARY", -4, SIZE_UNBOUNDED, -1, -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct type_description told;
        struct type type;
        assert_true(type_parse(cases[i].type, &type));
        type_describe(&type, &told);
        assert_string_equal(told.name, cases[i].name);
        assert_int_equal(told.code, cases[i].code);
        assert_int_equal(told.size, cases[i].size);
        assert_int_equal(told.digits, cases[i].digits);
        assert_int_equal(told.radix, cases[i].radix);
    }
}

static void what_is_read_is_written_alike(void **state)
{
    static const char *const types[] = {"boolean", "tinyint", "smallint", "integer", "bigint", "double", "decimal(19,4)", "date", "time", "time(6)",
                                        "timestamp(3)", "string", "string(200)", "binary(16)", "guid", "json"};
    static const char *const none[] = {"", "int", "decimal(39,0)", "decimal(5,6)", "decimal(0,0)", "timestamp(10)", "string(5", "string(5)x",
                                       "integer(4)", "date(3)", "string(5,2)", "string(-1)"};
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char written[40];
        struct type type;
        assert_true(type_parse(types[i], &type));
        type_print(&type, written, sizeof written);
        assert_string_equal(written, types[i]);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        struct type type;
        if (type_parse(none[i], &type))
            fail_msg("%s is read as a type", none[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_described_as_odbc_knows_them),
        cmocka_unit_test(what_is_read_is_written_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
