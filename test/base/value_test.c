/* Proves base/value.c and base/type.c: the canonical form of every type, CAST between them, and what is refused. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/value.h"

static struct type type_of(const char *text)
{
    struct type type;
    char printed[40];
    assert_true(type_parse(text, &type));
    type_print(&type, printed, sizeof printed);
    assert_string_equal(printed, text);
    return type;
}

static void assert_text(const struct value *value, const char *expected)
{
    char scratch[VALUE_SCRATCH];
    size_t length;
    const char *text = value_as_text(value, scratch, &length);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(text, expected, length);
}

static void brings_text_into_canonical_form(void **state)
{
    static const struct { const char *type, *text, *canonical; } cases[] = {
        {"boolean", "true", "1"}, {"boolean", " No ", "0"}, {"boolean", "1", "1"},
        {"integer", " -2147483648 ", "-2147483648"}, {"integer", "7.0", "7"}, {"bigint", "9223372036854775807", "9223372036854775807"},
        {"bigint", "1e3", "1000"}, {"double", "0.1", "0.1"}, {"double", "1e300", "1e+300"}, {"double", "-5", "-5"},
        {"decimal(10,2)", "1.005", "1.01"}, {"decimal(10,2)", "-3", "-3.00"}, {"decimal(38,0)", "1e-60", "0"}, {"decimal(4,4)", ".12345", "0.1235"},
        {"date", "2024-02-29", "2024-02-29"}, {"date", "2024-02-29 00:00:00", "2024-02-29"},
        {"time", "9:05", "09:05:00"}, {"time(3)", "23:59:59.5000", "23:59:59.5"},
        {"timestamp", "2024-02-29T12:00:00.75+02:00", "2024-02-29 10:00:00"}, {"timestamp(2)", "2024-02-29T12:00:00.757Z", "2024-02-29 12:00:00.75"},
        {"string(3)", "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC", "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"}, {"string", " kept ", " kept "}, {"json", "{}", "{}"},
        {"guid", "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", "6f9619ff-8b86-d011-b42d-00c04fc964ff"},
        {"binary", "00fF10", "00FF10"},
    };
    struct arena arena = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct type type = type_of(cases[i].type);
        struct value value;
        struct error err = {0};
        assert_true(value_from_text(&type, cases[i].text, strlen(cases[i].text), &arena, &value, &err));
        assert_int_equal(value.storage, type_storage(type.kind));
        assert_text(&value, cases[i].canonical);
    }
    arena_clear(&arena);
}

static void refuses_what_is_no_value(void **state)
{
    static const struct { const char *type, *text, *sqlstate; } cases[] = {
        {"boolean", "maybe", "22018"}, {"boolean", "2", "22018"}, {"integer", "2147483648", "22003"}, {"integer", "1.5", "22018"},
        {"integer", "", "22018"}, {"integer", "12abc", "22018"}, {"bigint", "9223372036854775808", "22003"}, {"bigint", "1e50", "22003"},
        {"double", "nan", "22018"}, {"double", "1e999", "22003"}, {"double", "1,5", "22018"}, {"double", "0x10", "22018"},
        {"decimal(4,2)", "100", "22003"}, {"decimal(4,2)", "99.995", "22003"}, {"decimal(4,2)", "x", "22018"},
        {"date", "0000-00-00", "22007"}, {"date", "2024-02-29 10:00:00", "22007"}, {"time", "25:00", "22007"}, {"timestamp", "soon", "22007"},
        {"string(3)", "four", "22001"}, {"guid", "6f9619ff", "22018"}, {"binary", "0", "22018"}, {"binary(1)", "0000", "22001"},
    };
    struct arena arena = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct type type = type_of(cases[i].type);
        struct value value;
        struct error err = {0};
        assert_false(value_from_text(&type, cases[i].text, strlen(cases[i].text), &arena, &value, &err));
        assert_string_equal(err.sqlstate, cases[i].sqlstate);
        assert_non_null(strstr(err.message, cases[i].type));
    }
    arena_clear(&arena);
}

static void casts(void **state)
{
    static const struct { const char *from, *text, *to, *result; } cases[] = {
        {"integer", "5", "string(5)", "5"}, {"integer", "12345", "string(4)", "!22001"}, {"bigint", "3000000000", "integer", "!22003"},
        {"bigint", "2147483647", "integer", "2147483647"}, {"bigint", "-2147483649", "integer", "!22003"},
        {"integer", "70000", "smallint", "!22003"}, {"integer", "32767", "smallint", "32767"}, {"integer", "-32768", "smallint", "-32768"},
        {"integer", "-32769", "smallint", "!22003"}, {"integer", "32768", "smallint", "!22003"}, {"integer", "128", "tinyint", "!22003"},
        {"integer", "-128", "tinyint", "-128"}, {"integer", "-129", "tinyint", "!22003"}, {"tinyint", "127", "bigint", "127"},
        {"double", "32767.9", "smallint", "32767"}, {"double", "32768", "smallint", "!22003"}, {"double", "-32768.9", "smallint", "-32768"},
        {"double", "-32769", "smallint", "!22003"}, {"double", "-128.5", "tinyint", "-128"}, {"decimal(6,1)", "-129.0", "tinyint", "!22003"},
        {"decimal(6,1)", "127.9", "tinyint", "127"}, {"decimal(6,1)", "32768.0", "smallint", "!22003"}, {"string", "127", "tinyint", "127"},
        {"string", "128", "tinyint", "!22003"}, {"string", "-32769", "smallint", "!22003"}, {"smallint", "5", "decimal(5,2)", "5.00"},
        {"boolean", "1", "tinyint", "1"}, {"tinyint", "0", "boolean", "0"},
        {"double", "2.9", "integer", "2"}, {"double", "-2.9", "bigint", "-2"}, {"double", "1e30", "bigint", "!22003"},
        {"double", "0.1", "decimal(5,3)", "0.100"}, {"decimal(5,2)", "1.25", "decimal(5,1)", "1.3"}, {"decimal(5,2)", "-7.99", "integer", "-7"},
        {"decimal(5,2)", "0.50", "double", "0.5"}, {"decimal(5,2)", "0.00", "boolean", "0"}, {"integer", "7", "boolean", "1"},
        {"boolean", "1", "integer", "1"}, {"boolean", "1", "string", "1"}, {"date", "2024-01-02", "timestamp", "2024-01-02 00:00:00"},
        {"timestamp(3)", "2024-01-02 03:04:05.678", "date", "2024-01-02"}, {"timestamp(3)", "2024-01-02 03:04:05.678", "time(1)", "03:04:05.6"},
        {"timestamp", "2024-01-02 03:04:05", "string(10)", "!22001"}, {"string", "2024-01-02T03:04:05", "timestamp", "2024-01-02 03:04:05"},
        {"string", "12.7", "integer", "!22018"}, {"date", "2024-01-02", "time", "!07006"}, {"date", "2024-01-02", "integer", "!07006"},
        {"binary", "CAFE", "string", "CAFE"}, {"string", "cafe", "binary", "CAFE"}, {"integer", "1", "binary", "!07006"},
    };
    struct arena arena = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct type from = type_of(cases[i].from), to = type_of(cases[i].to);
        struct value value, result;
        struct error err = {0};
        assert_true(value_from_text(&from, cases[i].text, strlen(cases[i].text), &arena, &value, &err));
        bool fine = value_cast(&from, &value, &to, &arena, &result, &err);
        assert_int_equal(fine, cases[i].result[0] != '!');
        if (fine)
            assert_text(&result, cases[i].result);
        else
            assert_string_equal(err.sqlstate, cases[i].result + 1);
    }
    arena_clear(&arena);
}

static void keeps_null(void **state)
{
    struct type from = type_of("integer"), to = type_of("date");
    struct value null = value_null(), result = value_integer(1);
    struct arena arena = {0};
    struct error err = {0};
    (void)state;
    assert_true(value_cast(&from, &null, &to, &arena, &result, &err));
    assert_true(value_is_null(&result));
    arena_clear(&arena);
}

static void numbers_do_not_follow_the_locale(void **state)
{
    struct type type = type_of("double");
    struct value value;
    struct arena arena = {0};
    struct error err = {0};
    (void)state;
    setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is not installed the test still proves the plain case */
    assert_true(value_from_text(&type, "2.5", 3, &arena, &value, &err));
    assert_true(value.real == 2.5);
    assert_text(&value, "2.5");
    setlocale(LC_ALL, "C");
    arena_clear(&arena);
}

static void refuses_types_that_are_none(void **state)
{
    static const char *const bad[] = {"", "int", "decimal(0,0)", "decimal(39,0)", "decimal(5,6)", "string(-1)", "integer(4)", "string(5", "string(5)x",
                                      "timestamp(10)", "date(3)"};
    struct type type;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(type_parse(bad[i], &type));
}

static void orders_values(void **state)
{
    struct value a = value_text("9.50", 4), b = value_text("10.25", 5), c = value_integer(-1), d = value_integer(1);
    (void)state;
    assert_true(value_compare(TYPE_DECIMAL, &a, &b) < 0);
    assert_true(value_compare(TYPE_STRING, &a, &b) > 0);
    assert_true(value_compare(TYPE_INTEGER, &c, &d) < 0);
    assert_int_equal(value_compare(TYPE_STRING, &a, &a), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brings_text_into_canonical_form), cmocka_unit_test(refuses_what_is_no_value), cmocka_unit_test(casts),
        cmocka_unit_test(keeps_null), cmocka_unit_test(numbers_do_not_follow_the_locale), cmocka_unit_test(refuses_types_that_are_none),
        cmocka_unit_test(orders_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
