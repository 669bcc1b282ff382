/* Proves providers/odata/literal.c: each type's literal in each version, and what of an address is encoded. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/odata/literal.h"
#include "providers/odata/tables.h"

static struct odata_member blue = {.name = "Blue", .value = 2}, red = {.next = &blue, .name = "Red", .value = 1};
static const struct odata_type color = {.kind = ODATA_ENUM, .space = "NS", .name = "Color", .members = &red};

struct expected {
    enum edm edm;
    const char *value;               /* as SQL has it */
    const char *v2, *v3, *v4;        /* NULL: no literal */
};

static struct type type_of(enum edm edm)
{
    static const struct edm_facets facets = {0, -1, -1};
    return edm == EDM_ENUM ? (struct type){TYPE_STRING, 0, 0} : edm_type(edm, &facets);
}

static void each_type_has_its_literal(void **state)
{
    static const struct expected cases[] = {
        {EDM_BOOLEAN, "1", "true", "true", "true"},
        {EDM_BOOLEAN, "0", "false", "false", "false"},
        {EDM_BYTE, "255", "255", "255", "255"},
        {EDM_SBYTE, "-128", "-128", "-128", "-128"},
        {EDM_INT16, "-5", "-5", "-5", "-5"},
        {EDM_INT32, "2147483647", "2147483647", "2147483647", "2147483647"},
        {EDM_INT64, "9223372036854775807", "9223372036854775807L", "9223372036854775807L", "9223372036854775807"},
        {EDM_SINGLE, "1.5", "1.5f", "1.5f", "1.5"},
        {EDM_DOUBLE, "0.1", "0.1d", "0.1d", "0.1"},
        {EDM_DOUBLE, "1e300", "1e+300d", "1e+300d", "1e+300"},
        {EDM_DECIMAL, "79228162514264337593543950335", "79228162514264337593543950335M", "79228162514264337593543950335M",
         "79228162514264337593543950335"},
        {EDM_DECIMAL, "-0.5", "-0.5M", "-0.5M", "-0.5"},
        {EDM_DECIMAL, "100", "100M", "100M", "100"},
        {EDM_STRING, "plain", "'plain'", "'plain'", "'plain'"},
        {EDM_STRING, "O'Hara & Söhne", "'O''Hara & Söhne'", "'O''Hara & Söhne'", "'O''Hara & Söhne'"},
        {EDM_STRING, "", "''", "''", "''"},
        {EDM_GUID, "672B8250-1E6E-4785-80CF-B94B572E42B3", "guid'672b8250-1e6e-4785-80cf-b94b572e42b3'",
         "guid'672b8250-1e6e-4785-80cf-b94b572e42b3'", "672b8250-1e6e-4785-80cf-b94b572e42b3"},
        {EDM_DATE_TIME, "2012-02-29 23:59:59.5", "datetime'2012-02-29T23:59:59.5'", "datetime'2012-02-29T23:59:59.5'", "datetime'2012-02-29T23:59:59.5'"},
        {EDM_DATE_TIME_OFFSET, "2012-02-29 23:59:59", "datetimeoffset'2012-02-29T23:59:59Z'", "datetimeoffset'2012-02-29T23:59:59Z'",
         "2012-02-29T23:59:59Z"},
        {EDM_TIME, "08:01:00", "time'PT8H1M0S'", "time'PT8H1M0S'", "time'PT8H1M0S'"},
        {EDM_TIME, "23:59:59.25", "time'PT23H59M59.25S'", "time'PT23H59M59.25S'", "time'PT23H59M59.25S'"},
        {EDM_DATE, "2012-01-01", "2012-01-01", "2012-01-01", "2012-01-01"},
        {EDM_TIME_OF_DAY, "08:01:00.5", "08:01:00.5", "08:01:00.5", "08:01:00.5"},
        {EDM_DURATION, "-P1DT2H0.5S", "duration'-P1DT2H0.5S'", "duration'-P1DT2H0.5S'", "duration'-P1DT2H0.5S'"},
        {EDM_DURATION, "P1D' or true", NULL, NULL, NULL},
        {EDM_DURATION, "1D", NULL, NULL, NULL},
        {EDM_BINARY, "00FFfb", "X'00FFFB'", "X'00FFFB'", "binary'AP_7'"},
        {EDM_ENUM, "Red", "NS.Color'Red'", "NS.Color'Red'", "NS.Color'Red'"},
        {EDM_ENUM, "Red,Blue", "NS.Color'Red,Blue'", "NS.Color'Red,Blue'", "NS.Color'Red,Blue'"},
        {EDM_ENUM, "17", "NS.Color'17'", "NS.Color'17'", "NS.Color'17'"},
        {EDM_ENUM, "Green", NULL, NULL, NULL},
        {EDM_ENUM, "Red'", NULL, NULL, NULL},
        {EDM_ENUM, "", NULL, NULL, NULL},
        {EDM_GEOGRAPHY, "{}", NULL, NULL, NULL},
        {EDM_UNTYPED, "5", NULL, NULL, NULL},
        {EDM_STREAM, "x", NULL, NULL, NULL},
    };
    struct arena arena = {0};
    struct buffer text;
    (void)state;

    buffer_init(&text, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct type type = type_of(cases[i].edm);
        const char *const expected[] = {cases[i].v2, cases[i].v3, cases[i].v4};
        struct odata_column column = {.edm = cases[i].edm, .type = &color};
        struct error err = {0};
        struct value value;
        if (!value_from_text(&type, cases[i].value, strlen(cases[i].value), &arena, &value, &err))
            fail_msg("case %zu: %s", i, err.message);
        for (int version = ODATA_V2; version <= ODATA_V4; version++) {
            const struct literal_form form = {.version = (enum odata_version)version};
            const char *wanted = expected[version - ODATA_V2];
            buffer_reset(&text);
            buffer_append_text(&text, "x=");
            bool written = odata_literal(&text, &form, &column, &type, &value);
            if (written != (wanted != NULL) || strcmp(buffer_text(&text) + 2, wanted ? wanted : "") != 0)
                fail_msg("case %zu, V%d: %s", i, version, buffer_text(&text));
        }
    }
    buffer_clear(&text);
    arena_clear(&arena);
}

static void days_and_offsets_are_the_services(void **state)
{
    const struct literal_form east = {.version = ODATA_V2, .zone_known = true, .zone = 120}, west = {.version = ODATA_V3, .zone_known = true, .zone = -330};
    const struct type timestamp = {TYPE_TIMESTAMP, 0, 7}, date = {TYPE_DATE, 0, 0};
    const struct value moment = value_text("2024-02-29 23:30:00.125", 23), day = value_text("2024-02-29", 10);
    struct odata_column column = {.edm = EDM_DATE_TIME}, of_day = {.edm = EDM_DATE_TIME, .day = true}, offset = {.edm = EDM_DATE_TIME_OFFSET};
    struct buffer text;
    (void)state;

    buffer_init(&text, 200);
    assert_true(odata_literal(&text, &east, &column, &timestamp, &moment));
    assert_string_equal(buffer_text(&text), "datetime'2024-03-01T01:30:00.125'");
    buffer_reset(&text);
    assert_true(odata_literal(&text, &west, &column, &timestamp, &moment));
    assert_string_equal(buffer_text(&text), "datetime'2024-02-29T18:00:00.125'");
    buffer_reset(&text);
    assert_true(odata_literal(&text, &east, &offset, &timestamp, &moment));
    assert_string_equal(buffer_text(&text), "datetimeoffset'2024-02-29T23:30:00.125Z'");
    buffer_reset(&text);
    assert_true(odata_literal(&text, &east, &of_day, &date, &day));
    assert_string_equal(buffer_text(&text), "datetime'2024-02-29T00:00:00'");
    buffer_clear(&text);
}

static void what_is_no_number_has_no_literal(void **state)
{
    const struct literal_form form = {.version = ODATA_V4};
    const struct type type = {TYPE_DOUBLE, 0, 0};
    struct odata_column column = {.edm = EDM_DOUBLE}, many = {.edm = EDM_DOUBLE, .collection = true};
    const struct value nan_ = value_real(NAN), infinite = value_real(INFINITY), null = value_null(), one = value_real(1);
    struct buffer text;
    (void)state;

    buffer_init(&text, 200);
    assert_false(odata_literal(&text, &form, &column, &type, &nan_));
    assert_false(odata_literal(&text, &form, &column, &type, &infinite));
    assert_false(odata_literal(&text, &form, &column, &type, &null));
    assert_false(odata_literal(&text, &form, &many, &type, &one));
    assert_int_equal(text.length, 0);
    buffer_clear(&text);
}

static void addresses_are_encoded(void **state)
{
    static const struct { const char *text, *query, *path; } cases[] = {
        {"Name eq 'O''Hara'", "Name%20eq%20'O''Hara'", "Name%20eq%20'O''Hara'"},
        {"a&b+c#d%e?f", "a%26b%2Bc%23d%25e%3Ff", "a%26b%2Bc%23d%25e%3Ff"},
        {"a/b", "a/b", "a%2Fb"},
        {"(1,2);x=3:$@!*~", "(1,2);x=3:$@!*~", "(1,2);x=3:$@!*~"},
        {"ö€\"<>[]{}|\\^`", "%C3%B6%E2%82%AC%22%3C%3E%5B%5D%7B%7D%7C%5C%5E%60", "%C3%B6%E2%82%AC%22%3C%3E%5B%5D%7B%7D%7C%5C%5E%60"},
        {"\r\n\t\x7f", "%0D%0A%09%7F", "%0D%0A%09%7F"},
    };
    struct buffer text;
    (void)state;

    buffer_init(&text, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buffer_reset(&text);
        odata_encode(&text, cases[i].text, strlen(cases[i].text), false);
        assert_string_equal(buffer_text(&text), cases[i].query);
        buffer_reset(&text);
        odata_encode(&text, cases[i].text, strlen(cases[i].text), true);
        assert_string_equal(buffer_text(&text), cases[i].path);
    }
    buffer_reset(&text);
    odata_encode(&text, "a\0b", 3, false);
    assert_string_equal(buffer_text(&text), "a%00b");
    buffer_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_has_its_literal),
        cmocka_unit_test(days_and_offsets_are_the_services),
        cmocka_unit_test(what_is_no_number_has_no_literal),
        cmocka_unit_test(addresses_are_encoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
