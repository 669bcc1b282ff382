/* Proves providers/csv/number.c, moment.c, culture.c and cell.c: what is a number, a date, a value of each type, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "providers/csv/cell.h"
#include "providers/csv/culture.h"
#include "providers/csv/moment.h"
#include "providers/csv/number.h"

static const struct csv_format standard = {
    .delimiter = ",", .delimiter_length = 1, .quote = '"', .escape = '"', .longest_cell = 100, .empty_is_null = true, .point = '.', .iso = true,
};

/* A cell as a text: the value, "NULL", or why it does not fit. */
static const char *cell(const struct csv_format *format, struct type type, const char *field, char out[VALUE_SCRATCH * 4])
{
    static const char *const fits[] = {[CSV_MISFITS] = "misfit", [CSV_NO_TEXT] = "no text", [CSV_LONG] = "long", [CSV_TOO_LONG] = "too long"};
    struct arena arena = {0};
    struct csv_cells cells = {format, &arena, newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    char *copy = malloc(strlen(field) + 2), scratch[VALUE_SCRATCH];
    struct value value;
    size_t length;

    strcpy(copy, field);
    enum csv_fit fit = csv_cell_value(&cells, &type, copy, strlen(field), &value);
    assert_true(fit == CSV_FITS || fit == CSV_LONG || value_is_null(&value));
    if (fit != CSV_FITS)
        strcpy(out, fits[fit]);
    else if (value_is_null(&value))
        strcpy(out, "NULL");
    else
        snprintf(out, VALUE_SCRATCH * 4, "%s", value_as_text(&value, scratch, &length));
    free(copy);
    freelocale(cells.c);
    arena_clear(&arena);
    return out;
}

static void values(void **state)
{
    static const struct { struct type type; const char *field, *expected; } cases[] = {
        {{TYPE_INTEGER, 0, 0}, "12", "12"}, {{TYPE_INTEGER, 0, 0}, "-12", "-12"}, {{TYPE_INTEGER, 0, 0}, " 12 ", "12"}, {{TYPE_INTEGER, 0, 0}, "+12", "12"},
        {{TYPE_INTEGER, 0, 0}, "2147483647", "2147483647"}, {{TYPE_INTEGER, 0, 0}, "2147483648", "misfit"}, {{TYPE_INTEGER, 0, 0}, "12.0", "12"},
        {{TYPE_INTEGER, 0, 0}, "12.5", "misfit"}, {{TYPE_INTEGER, 0, 0}, "1e3", "1000"}, {{TYPE_INTEGER, 0, 0}, "x", "misfit"},
        {{TYPE_INTEGER, 0, 0}, "-", "misfit"}, {{TYPE_INTEGER, 0, 0}, "1 2", "misfit"}, {{TYPE_INTEGER, 0, 0}, "", "NULL"}, {{TYPE_INTEGER, 0, 0}, "\"7\"", "7"},
        {{TYPE_INTEGER, 0, 0}, "0x10", "misfit"}, {{TYPE_TINYINT, 0, 0}, "128", "misfit"}, {{TYPE_SMALLINT, 0, 0}, "-32768", "-32768"},
        {{TYPE_BIGINT, 0, 0}, "9223372036854775807", "9223372036854775807"}, {{TYPE_BIGINT, 0, 0}, "9223372036854775808", "misfit"},
        {{TYPE_BIGINT, 0, 0}, "-9223372036854775808", "-9223372036854775808"}, {{TYPE_BIGINT, 0, 0}, "000000000000000000000001", "1"},
        {{TYPE_DECIMAL, 5, 2}, "1.5", "1.50"}, {{TYPE_DECIMAL, 5, 2}, "1.50", "1.50"}, {{TYPE_DECIMAL, 5, 2}, "-0.00", "0.00"},
        {{TYPE_DECIMAL, 5, 2}, ".5", "0.50"}, {{TYPE_DECIMAL, 5, 2}, "5.", "5.00"}, {{TYPE_DECIMAL, 5, 2}, "007.1", "7.10"},
        {{TYPE_DECIMAL, 5, 2}, "1.505", "misfit"}, {{TYPE_DECIMAL, 5, 2}, "1.500", "1.50"}, {{TYPE_DECIMAL, 5, 2}, "1000", "misfit"},
        {{TYPE_DECIMAL, 5, 2}, "999.99", "999.99"}, {{TYPE_DECIMAL, 5, 2}, "1e2", "100.00"}, {{TYPE_DECIMAL, 5, 2}, "1e-3", "misfit"},
        {{TYPE_DECIMAL, 5, 0}, "12", "12"}, {{TYPE_DECIMAL, 5, 2}, "..5", "misfit"}, {{TYPE_DECIMAL, 5, 2}, "-", "misfit"},
        {{TYPE_DOUBLE, 0, 0}, "0.1", "0.1"}, {{TYPE_DOUBLE, 0, 0}, "1e300", "1e+300"}, {{TYPE_DOUBLE, 0, 0}, "1e400", "misfit"}, {{TYPE_DOUBLE, 0, 0}, "1e-400", "misfit"},
        {{TYPE_DOUBLE, 0, 0}, "0e-400", "0"},
        {{TYPE_DOUBLE, 0, 0}, "nan", "misfit"}, {{TYPE_DOUBLE, 0, 0}, "inf", "misfit"}, {{TYPE_DOUBLE, 0, 0}, "0x1p3", "misfit"},
        {{TYPE_DOUBLE, 0, 0}, "3.14159265358979323846264338327950288419716939937510", "3.141592653589793"}, {{TYPE_DOUBLE, 0, 0}, "-2.5e-3", "-0.0025"},
        {{TYPE_BOOLEAN, 0, 0}, "TRUE", "1"}, {{TYPE_BOOLEAN, 0, 0}, "no", "0"}, {{TYPE_BOOLEAN, 0, 0}, "2", "misfit"}, {{TYPE_BOOLEAN, 0, 0}, "", "NULL"},
        {{TYPE_DATE, 0, 0}, "2024-02-29", "2024-02-29"}, {{TYPE_DATE, 0, 0}, "2023-02-29", "misfit"}, {{TYPE_DATE, 0, 0}, "2024-02-29 00:00:00", "2024-02-29"},
        {{TYPE_DATE, 0, 0}, "2024-02-29 01:00:00", "misfit"}, {{TYPE_TIME, 0, 3}, "23:59:59.5", "23:59:59.5"}, {{TYPE_TIME, 0, 3}, "24:00:00", "misfit"},
        {{TYPE_TIME, 0, 3}, "23:59:59.500", "23:59:59.5"}, {{TYPE_TIME, 0, 3}, "23:59:59.1234", "misfit"}, {{TYPE_TIME, 0, 0}, "7:05", "07:05:00"},
        {{TYPE_TIMESTAMP, 0, 6}, "2024-02-29T12:30:00Z", "2024-02-29 12:30:00"}, {{TYPE_TIMESTAMP, 0, 6}, "2024-02-29 12:30:00+02:00", "2024-02-29 10:30:00"},
        {{TYPE_TIMESTAMP, 0, 6}, "2024-02-29", "2024-02-29 00:00:00"}, {{TYPE_TIMESTAMP, 0, 6}, "2024-13-01 00:00:00", "misfit"},
        {{TYPE_STRING, 3, 0}, "abc", "abc"}, {{TYPE_STRING, 3, 0}, "abcd", "long"}, {{TYPE_STRING, 3, 0}, "\u00e4\u00f6\u00fc", "\u00e4\u00f6\u00fc"},
        {{TYPE_STRING, 0, 0}, "\xff", "no text"}, {{TYPE_STRING, 0, 0}, "\"a\"\"b\"", "a\"b"}, {{TYPE_STRING, 0, 0}, "\"a\"b\"\"", "ab\"\""},
        {{TYPE_STRING, 0, 0}, "\"\"", "NULL"}, {{TYPE_STRING, 0, 0}, "\"\"\"\"", "\""}, {{TYPE_STRING, 0, 0}, " a ", " a "},
        {{TYPE_GUID, 0, 0}, "6F9619FF-8B86-D011-B42D-00CF4FC964FF", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"}, {{TYPE_GUID, 0, 0}, "6F96", "misfit"},
    };
    char out[VALUE_SCRATCH * 4], longest[103];
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(cell(&standard, cases[i].type, cases[i].field, out), cases[i].expected);
    memset(longest, 'x', 102);
    longest[102] = '\0';
    assert_string_equal(cell(&standard, (struct type){TYPE_STRING, 0, 0}, longest + 2, out), longest + 2);
    assert_string_equal(cell(&standard, (struct type){TYPE_STRING, 0, 0}, longest + 1, out), "too long");
}

static void formats(void **state)
{
    static const char *const nulls[] = {"NA", "-"};
    struct csv_format trims = standard, escapes = standard, german = standard, keeps = standard;
    char out[VALUE_SCRATCH * 4];
    const struct type string = {TYPE_STRING, 0, 0}, integer = {TYPE_INTEGER, 0, 0}, exact = {TYPE_DECIMAL, 10, 2};
    (void)state;

    trims.trim = true;
    assert_string_equal(cell(&trims, string, "  a b\t", out), "a b");
    assert_string_equal(cell(&trims, string, " \" a \" ", out), " a ");
    assert_string_equal(cell(&trims, string, "   ", out), "NULL");
    escapes.escape = '\\';
    assert_string_equal(cell(&escapes, string, "\"a\\\"b\\\\c\"", out), "a\"b\\c");
    assert_string_equal(cell(&escapes, string, "\"a\\nb\"", out), "a\\nb");
    assert_string_equal(cell(&escapes, string, "a\\\"b", out), "a\\\"b");
    german.point = ',';
    german.group = '.';
    assert_string_equal(cell(&german, exact, "1.234.567,5", out), "1234567.50");
    assert_string_equal(cell(&german, exact, "1.23", out), "misfit");
    assert_string_equal(cell(&german, exact, "1234,5", out), "1234.50");
    assert_string_equal(cell(&german, integer, "1.000", out), "1000");
    assert_string_equal(cell(&german, integer, "12.34.567", out), "misfit");
    assert_string_equal(cell(&german, (struct type){TYPE_DOUBLE, 0, 0}, "1.234,25", out), "1234.25");
    keeps.empty_is_null = false;
    keeps.nulls = nulls;
    keeps.null_count = 2;
    assert_string_equal(cell(&keeps, string, "", out), "");
    assert_string_equal(cell(&keeps, integer, "", out), "NULL");
    assert_string_equal(cell(&keeps, string, "NA", out), "NULL");
    assert_string_equal(cell(&keeps, integer, "-", out), "NULL");
    assert_string_equal(cell(&keeps, string, "NAN", out), "NAN");
}

/* A moment by a pattern, as "year-month-day hour:minute:second.nanosecond", or "none". */
static const char *moment(const char *pattern, const char *text, char out[80])
{
    struct csv_moments moments;
    struct datetime at;

    assert_true(csv_moments_read(pattern, &moments));
    if (!csv_moment_read(&moments, text, strlen(text), &at))
        return "none";
    snprintf(out, 80, "%04d-%02d-%02d %02d:%02d:%02d.%u", at.year, at.month, at.day, at.hour, at.minute, at.second, at.nanosecond);
    return out;
}

static void moments(void **state)
{
    static const struct { const char *pattern, *text, *expected; } cases[] = {
        {"dd.MM.yyyy", "29.02.2024", "2024-02-29 00:00:00.0"}, {"dd.MM.yyyy", "9.02.2024", "none"}, {"d.M.yyyy", "9.2.2024", "2024-02-09 00:00:00.0"},
        {"d.M.yyyy", "30.2.2024", "none"}, {"d.M.yyyy", "9.2.2024x", "none"}, {"d.M.yyyy", " 9.2.2024 ", "2024-02-09 00:00:00.0"},
        {"mm/dd/yy", "02/03/29", "2029-02-03 00:00:00.0"}, {"mm/dd/yy", "02/03/30", "1930-02-03 00:00:00.0"},
        {"yyyy-mm-dd hh:nn:ss", "2024-02-29 12:30:59", "2024-02-29 12:30:59.0"}, {"yyyy-MM-dd HH:mm", "2024-02-29 12:30", "2024-02-29 12:30:00.0"},
        {"yyyy-MM-dd'T'HH:mm:ss.fff", "2024-02-29T12:30:59.25", "2024-02-29 12:30:59.250000000"}, {"yyyyMMdd", "20240229", "2024-02-29 00:00:00.0"},
        {"d-MMM-yyyy", "1-feb-2024", "2024-02-01 00:00:00.0"}, {"MMMM d, yyyy", "March 7, 2024", "2024-03-07 00:00:00.0"},
        {"MMMM d, yyyy", "Marsh 7, 2024", "none"}, {"h:mm tt", "12:05 AM", "1970-01-01 00:05:00.0"}, {"h:mm tt", "1:05 pm", "1970-01-01 13:05:00.0"},
        {"h:mm tt", "13:05 PM", "none"}, {"HH:mm", "23:59", "1970-01-01 23:59:00.0"}, {"HH:mm", "24:00", "none"}, {"HH:mm", "23:60", "none"},
        {"d.M.yyyy", "", "none"},
    };
    static const char *const no_patterns[] = {"", "x", "dd", "yyyy-MM", "dd.MM.yyyy dd", "mm:ss", "yyy-MM-dd", "yyyy-MM-dd 'open", "dd.MM.yyyy nn"};
    struct csv_moments unused;
    char out[80];
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(moment(cases[i].pattern, cases[i].text, out), cases[i].expected);
    for (size_t i = 0; i < sizeof no_patterns / sizeof no_patterns[0]; i++)
        assert_false(csv_moments_read(no_patterns[i], &unused));
}

static void cultures(void **state)
{
    (void)state;
    assert_string_equal(csv_culture_find("de")->name, "de-DE");
    assert_string_equal(csv_culture_find("DE_ch")->name, "de-CH");
    assert_string_equal(csv_culture_find("en")->date, "M/d/yyyy");
    assert_null(csv_culture_find("d"));
    assert_null(csv_culture_find("de-"));
    assert_null(csv_culture_find(""));
    assert_null(csv_culture_find("de-DE-x"));
}

/* Doubles of all sizes, as the C library reads them. */
static void reals(void **state)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    uint64_t seed = 88172645463325252ULL;
    (void)state;

    for (int i = 0; i < 200000; i++) {
        char text[64];
        double real;
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        int digits = (int)(seed % 20) + 1, exponent = (int)(seed >> 8) % 60 - 30;
        snprintf(text, sizeof text, "%s%.*e", seed & 1 << 20 ? "-" : "", digits, (double)(seed >> 11) / 1e6);
        if (seed & 1 << 21)
            snprintf(text, sizeof text, "%lld.%llue%d", (long long)(seed >> 40), (unsigned long long)(seed & 0xffff), exponent);
        assert_true(csv_real_read(text, strlen(text), '.', '\0', c, &real));
        assert_true(memcmp(&real, &(double){strtod(text, NULL)}, sizeof real) == 0);
    }
    freelocale(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values), cmocka_unit_test(formats), cmocka_unit_test(moments), cmocka_unit_test(cultures), cmocka_unit_test(reals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
