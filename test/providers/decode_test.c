/* Proves providers/rows/decode.c, tree.c, order.c, nested.c and coerce.c: payloads with every quirk become canonical values, or an error that names the value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/warnings.h"
#include "providers/definition/definition.h"
#include "providers/rows/decode.h"
#include "decoding.h"

static struct definition *definition;

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n"
    "<paging parameter='page' size='limit' largest='10' more='/more /results/more'/>\n"
    "<empty type='date' value='1970-01-01'/><empty type='timestamp' value='1970-01-01T00:00:00Z'/>\n"
    "<table name='T' path='/t' rows='/results/t/*' description=''>\n"
    "<column name='Id' type='bigint' at='id' key='yes'/>\n"
    "<column name='B' type='boolean' at='b'/><column name='I' type='integer' at='i'/><column name='F' type='double' at='f'/>\n"
    "<column name='D' type='date' at='d'/><column name='TS' type='timestamp(3)' at='ts'/><column name='S' type='string(5)' at='s'/>\n"
    "<column name='L' type='string' at='l' join='yes'/><column name='J' type='json' at='j'/><column name='M' type='decimal(6,2)' at='m'/>\n"
    "<column name='N' type='bigint' at='n/deep/x'/><column name='A' type='boolean' at='n/old n/new'/>\n"
    "</table>\n"
    "<table name='One' path='/one' rows='/one' description=''><column name='Id' type='bigint' at='id'/></table>\n"
    "<table name='Root' path='/root' rows='/*' description=''><column name='Id' type='bigint' at='id'/></table>\n"
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

static void decode(const char *table, const char *body, struct buffer *out, struct decoder **kept)
{
    decoding_decode(definition, table, body, NULL, NULL, out, kept);
}

/* The rows of table T, an object or an array, become this text. */
static void assert_rows(const char *rows, const char *expected)
{
    struct buffer body, out;

    buffer_init(&body, 1 << 20);
    buffer_init(&out, 1 << 20);
    buffer_printf(&body, "{\"results\":{\"t\":%s},\"more\":false}", rows);
    decode("T", buffer_text(&body), &out, NULL);
    assert_string_equal(buffer_text(&out), expected);
    buffer_clear(&body);
    buffer_clear(&out);
}

/* The same of one row with these members behind its key. */
static void assert_row(const char *members, const char *expected)
{
    char rows[512];

    snprintf(rows, sizeof rows, "{\"1\":{\"id\":1,%s}}", members);
    assert_rows(rows, expected);
}

static void brings_values_into_canonical_form(void **state)
{
    static const struct { const char *members, *expected; } cases[] = {
        {"\"b\":true", "B=1 "}, {"\"b\":0", "B=0 "}, {"\"b\":\"1\"", "B=1 "}, {"\"b\":\"0\"", "B=0 "}, {"\"b\":\"\"", ""}, {"\"b\":null", ""},
        {"\"i\":42", "I=42 "}, {"\"i\":\"-42\"", "I=-42 "}, {"\"i\":\" 7 \"", "I=7 "}, {"\"i\":1e3", "I=1000 "}, {"\"i\":2.0", "I=2 "},
        {"\"i\":true", "I=1 "}, {"\"i\":\"\"", ""}, {"\"i\":[]", ""}, {"\"i\":{}", ""},
        {"\"f\":0", "F=0 "}, {"\"f\":\"12.5\"", "F=12.5 "}, {"\"f\":1e-3", "F=0.001 "},
        {"\"d\":\"2024-02-29\"", "D=2024-02-29 "}, {"\"d\":\"0000-00-00\"", ""}, {"\"d\":\"\"", ""}, {"\"d\":\"1970-01-01\"", ""},
        {"\"ts\":\"2018-07-16T09:04:00-06:00\"", "TS=2018-07-16 15:04:00 "}, {"\"ts\":\"2024-01-01T00:30:00.2500+01:00\"", "TS=2023-12-31 23:30:00.25 "},
        {"\"ts\":\"0000-00-00 00:00:00\"", ""}, {"\"ts\":\"\"", ""}, {"\"ts\":\"1970-01-01T00:00:00+00:00\"", ""},
        {"\"ts\":\"1970-01-01T02:00:00+02:00\"", ""}, {"\"ts\":\"2024-02-29\"", "TS=2024-02-29 00:00:00 "},
        {"\"s\":\"a\\u00e9b\"", "S=a\xC3\xA9""b "}, {"\"s\":\"\"", "S= "}, {"\"s\":12.50", "S=12.50 "}, {"\"s\":true", "S=true "}, {"\"s\":[]", ""},
        {"\"s\":\"\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\"", "S=\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC "},
        {"\"l\":[1,\"2\",3]", "L=1,2,3 "}, {"\"l\":[]", ""}, {"\"l\":\"4,5\"", "L=4,5 "}, {"\"l\":null", ""}, {"\"l\":[true,null,\"x\"]", "L=true,x "},
        {"\"l\":{ \"a\" : 1 }", "L={\"a\":1} "}, {"\"l\":[1, {\"b\":[2]}]", "L=[1,{\"b\":[2]}] "}, {"\"l\":[[]]", "L=[[]] "}, {"\"l\":{}", ""},
        {"\"j\":{ \"a\" : [ 1 , 2 ] }", "J={\"a\":[1,2]} "}, {"\"j\":\"\"", ""}, {"\"j\":[]", ""}, {"\"j\":{}", ""}, {"\"j\":\"x\"", "J=\"x\" "},
        {"\"m\":12.5", "M=12.50 "}, {"\"m\":\"1234.567\"", "M=1234.57 "},
        {"\"n\":{\"y\":1,\"deep\":{\"x\":5,\"z\":[{}]}}", "N=5 "}, {"\"n\":\"\"", ""}, {"\"n\":[]", ""}, {"\"n\":{\"deep\":null}", ""},
        {"\"n\":{\"old\":true}", "A=1 "}, {"\"n\":{\"new\":false}", "A=0 "},
        {"\"s\":\"longer\"", "S=longer "}, {"\"ts\":false", ""}, {"\"d\":false", ""},
        {"\"ts\":\"2013-10-02T12:24:10-0700\"", "TS=2013-10-02 19:24:10 "},
        {"\"unknown\":{\"id\":[9]},\"i\":1", "I=1 "}, {"\"i\":1,\"i\":2", "I=2 "},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char expected[256];
        snprintf(expected, sizeof expected, "Id=1 %s;", cases[i].expected);
        assert_row(cases[i].members, expected);
    }
}

/* Rows are read by the order of those before; they may come in any other. */
static void rows_may_have_their_members_in_any_order(void **state)
{
    static const struct { const char *rows, *expected; } cases[] = {
        {"[{\"id\":1,\"i\":2,\"s\":\"a\"},{\"id\":2,\"i\":3,\"s\":\"b\"}]", "Id=1 I=2 S=a ;Id=2 I=3 S=b ;"},
        {"[{\"id\":1,\"i\":2,\"s\":\"a\"},{\"s\":\"b\",\"i\":3,\"id\":2},{\"i\":4,\"id\":3}]", "Id=1 I=2 S=a ;Id=2 I=3 S=b ;Id=3 I=4 ;"},
        {"[{\"id\":1},{\"x\":[1],\"id\":2,\"y\":{\"id\":9},\"i\":5},{\"x\":0,\"id\":3,\"y\":0,\"i\":6},{\"id\":4,\"i\":7},{}]",
         "Id=1 ;Id=2 I=5 ;Id=3 I=6 ;Id=4 I=7 ;22002 Column Id of table T: the service sent a row without it"},
        {"[{\"id\":1,\"i\":2,\"i\":3},{\"id\":2,\"i\":4,\"i\":5},{\"id\":3,\"i\":6}]", "Id=1 I=3 ;Id=2 I=5 ;Id=3 I=6 ;"},
        {"[{\"id\":1,\"i\":2},{ \"id\" : 2 , \"i\" : 3 },{\"\\u0069d\":3,\"\\u0069\":4},{\"id\":4,\"i\":5}]", "Id=1 I=2 ;Id=2 I=3 ;Id=3 I=4 ;Id=4 I=5 ;"},
        {"[{\"n\":{\"deep\":{\"x\":1}},\"id\":1},{\"n\":{\"old\":true,\"deep\":{\"z\":0,\"x\":2}},\"id\":2},{\"n\":{\"deep\":{\"x\":3}},\"id\":3}]",
         "Id=1 N=1 ;Id=2 N=2 A=1 ;Id=3 N=3 ;"},
        {"[{\"id\":1,\"\":2,\"a\\\"b\":3,\"i\":4},{\"id\":2,\"\":2,\"a\\\"b\":3,\"i\":5}]", "Id=1 I=4 ;Id=2 I=5 ;"},
        {"[{\"id\":1,\"i\":2},{\"id\":2,\"i\"}]", "Id=1 I=2 ;08S01 Table T: The JSON is malformed at byte 43: expected ':' but found '}'"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_rows(cases[i].rows, cases[i].expected);
}

/* Names without end are no order; those that are known are found among them. */
static void rows_may_have_names_without_end(void **state)
{
    struct buffer rows, expected;
    (void)state;

    buffer_init(&rows, 1 << 20);
    buffer_init(&expected, 1 << 20);
    for (int row = 1; row <= 60; row++) {
        buffer_printf(&rows, "%c{\"id\":%d", row == 1 ? '[' : ',', row);
        for (int i = 0; i < 7; i++)
            buffer_printf(&rows, ",\"made %d of %d%0*d\":{}", i, row, i * 40, 0);
        buffer_printf(&rows, ",\"i\":%d}", row * 2);
        buffer_printf(&expected, "Id=%d I=%d ;", row, row * 2);
    }
    buffer_append_char(&rows, ']');
    assert_rows(buffer_text(&rows), buffer_text(&expected));
    buffer_clear(&rows);
    buffer_clear(&expected);
}

static void refuses_what_would_be_wrong(void **state)
{
#define SENT(column) "22018 Column " column " of table T: the service sent "
    static const struct { const char *members, *expected; } cases[] = {
        {"\"b\":2", SENT("B") "2, which is no value of type boolean"},
        {"\"b\":\"perhaps\"", SENT("B") "\"perhaps\", which is no value of type boolean"},
        {"\"i\":\"12x\"", SENT("I") "\"12x\", which is no value of type integer"},
        {"\"i\":2147483648", SENT("I") "2147483648, which is no value of type integer"},
        {"\"i\":1.5", SENT("I") "1.5, which is no value of type integer"},
        {"\"i\":[1]", SENT("I") "an array, which is no value of type integer"},
        {"\"i\":{\"a\":1}", SENT("I") "an object, which is no value of type integer"},
        {"\"f\":false", SENT("F") "false, which is no value of type double"},
        {"\"d\":\"2023-02-29\"", SENT("D") "\"2023-02-29\", which is no value of type date"},
        {"\"d\":20240229", SENT("D") "20240229, which is no value of type date"},
        {"\"ts\":\"yesterday\"", SENT("TS") "\"yesterday\", which is no value of type timestamp(3)"},
        {"\"s\":[1]", SENT("S") "an array, which is no value of type string(5)"},
        {"\"m\":123456", SENT("M") "123456, which is no value of type decimal(6,2)"},
        {"\"n\":[1]", "22018 Table T: the service sent an array as \"n\" where an object is expected"},
        {"\"id\":null", "22002 Column Id of table T: the service sent a row without it"},
        {"\"s\":\"\xFF\"", "08S01 Table T: The JSON is malformed at byte 34: a string is not UTF-8"},
        {"\"unknown\":[1,]", "08S01 Table T: The JSON is malformed at byte 42: expected a value but found ']'"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_row(cases[i].members, cases[i].expected);
}

static void finds_rows_and_more_wherever_they_stand(void **state)
{
    static const struct { const char *table, *body, *expected; bool more, has_rows, is_page; } cases[] = {
        {"T", "{\"results\":{\"t\":{\"1\":{\"id\":1},\"2\":{\"id\":\"2\"}}},\"more\":true}", "Id=1 ;Id=2 ;", true, true, true},
        {"T", "{\"more\":true,\"results\":{\"t\":[{\"id\":1},{\"id\":2}]}}", "Id=1 ;Id=2 ;", true, true, true},
        {"T", "{\"results\":{\"t\":{\"7\":{\"id\":7},\"7\":{\"id\":7}},\"more\":true,\"supplemental_data\":{\"t\":{\"9\":{\"id\":9}}}}}", "Id=7 ;Id=7 ;", true, true, true},
        {"T", "{\"results\":{\"t\":[]},\"more\":false}", "", false, true, true},
        {"T", "{\"results\":{\"t\":\"\"}}", "", false, true, true},
        {"T", "{\"results\":{\"t\":{}},\"more\":0}", "", false, true, true},
        {"T", "{\"results\":{\"t\":null},\"more\":1}", "", true, true, true},
        {"T", "{\"results\":{}}", "", false, false, true},
        {"T", "{\"results\":[]}", "", false, false, true},
        {"T", "{\"results\":\"\"}", "", false, false, true},
        {"T", "{\"results\":null,\"more\":false}", "", false, false, true},
        {"T", "{\"results\":[{\"t\":{\"1\":{\"id\":1}}}]}", "", false, false, false},
        {"T", "{\"results\":5}", "", false, false, false},
        {"T", "{\"more\":false}", "", false, false, false},
        {"T", "{\"error\":{\"code\":417,\"message\":\"no\"}}", "", false, false, false},
        {"T", "{}", "", false, false, false},
        {"T", "[]", "", false, false, false},
        {"T", "[{\"results\":{}}]", "", false, false, false},
        {"T", "null", "", false, false, false},
        {"T", "5", "", false, false, false},
        {"T", "\"\"", "", false, false, false},
        {"One", "{}", "", false, false, true},
        {"One", "[]", "", false, false, false},
        {"One", "null", "", false, false, false},
        {"Root", "[]", "", false, true, true},
        {"Root", "7", "08S01 Table Root: the service sent a single value where a row is expected, at byte 1", false, true, true},
        {"T", "{\"results\":{\"t\":5}}", "08S01 Table T: the service sent a single value where a row is expected, at byte 17", false, true, true},
        {"T", "{\"results\":{\"t\":{\"1\":null,\"2\":{\"id\":2}}}}", "Id=2 ;", false, true, true},
        {"T", "{\"results\":{\"t\":{\"1\":5}}}", "08S01 Table T: the service sent a single value where a row is expected, at byte 22", false, true, true},
        {"T", "{\"results\":{\"t\":\"none\"}}", "08S01 Table T: the service sent a text where a row is expected, at byte 22", false, true, true},
        {"T", "{\"results\":{\"t\":{\"1\":{\"id\":1}", "Id=1 ;08S01 Table T: The JSON ends too early, at byte 29: expected ',' or '}'", false, true, true},
        {"One", "{\"one\":{\"id\":3},\"two\":{\"id\":4}}", "Id=3 ;", false, true, true},
        {"One", "{\"one\":\"\"}", "", false, true, true},
        {"Root", "[{\"id\":1},{\"id\":2}]", "Id=1 ;Id=2 ;", false, true, true},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decoder *decoder;
        decode(cases[i].table, cases[i].body, &out, &decoder);
        assert_string_equal(buffer_text(&out), cases[i].expected);
        assert_int_equal(decoder_more(decoder), cases[i].more);
        assert_int_equal(decoder_has_rows(decoder), cases[i].has_rows);
        assert_int_equal(decoder_is_page(decoder), cases[i].is_page);
        decoder_close(decoder);
    }
    buffer_clear(&out);
}

static void knows_the_bytes_of_its_rows(void **state)
{
    struct decoder *decoder;
    struct buffer out;
    size_t length;
    (void)state;

    buffer_init(&out, 4096);
    decode("T", "{\"x\":[1],\"results\":{\"t\":{\"1\":{\"id\":1},\"2\":{\"id\":2}}},\"more\":true}", &out, &decoder);
    const char *bytes = decoder_row_bytes(decoder, &length);
    assert_int_equal(length, strlen("{\"id\":1},\"2\":{\"id\":2}"));
    assert_memory_equal(bytes, "{\"id\":1},\"2\":{\"id\":2}", length);
    decoder_close(decoder);
    buffer_clear(&out);
}

static void what_does_not_fit_is_null_and_told_once(void **state)
{
    static const struct { const char *members, *expected, *warning; } cases[] = {
        {"\"b\":2", "", "Column B of table T: the service sent 2, which is no value of type boolean; it is NULL here"},
        {"\"i\":[1,[2]],\"f\":1.5", "F=1.5 ", "the service sent an array, which is no value of type integer; it is NULL here"},
        {"\"i\":{\"a\":{}},\"f\":1.5", "F=1.5 ", "the service sent an object, which is no value of type integer; it is NULL here"},
        {"\"d\":\"soon\"", "", "the service sent \"soon\", which is no value of type date"},
        {"\"n\":[1],\"f\":1", "F=1 ", "Table T: the service sent an array as \"n\" where an object is expected; what would be in it is NULL here"},
        {"\"s\":\"longer\"", "S=longer ", "Column S of table T: the service sends texts that are longer than its type string(5) says"},
        {"\"i\":1", "I=1 ", NULL},
        {"\"id\":\"x\"", "22018 Column Id of table T: the service sent \"x\", which is no value of type bigint", NULL},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct warnings warnings = {0};
        char body[512], expected[256];
        bool fails = strncmp(cases[i].expected, "22", 2) == 0;
        snprintf(body, sizeof body, "{\"results\":{\"t\":[{\"id\":1,%s},{\"id\":1,%s}]}}", cases[i].members, cases[i].members);
        snprintf(expected, sizeof expected, fails ? "%s" : "Id=1 %s;Id=1 %s;", cases[i].expected, cases[i].expected);
        decoding_decode(definition, "T", body, NULL, &warnings, &out, NULL);
        assert_string_equal(buffer_text(&out), expected);
        const struct warning *warning = warnings_next(&warnings);
        assert_int_equal(warning != NULL, cases[i].warning != NULL);
        if (warning)
            assert_non_null(strstr(warning->message, cases[i].warning));
        assert_null(warnings_next(&warnings));
        warnings_clear(&warnings);
    }
    buffer_clear(&out);
}

static void counts_what_the_service_counts(void **state)
{
    static const struct { const char *table, *body; int64_t elements; } cases[] = {
        {"T", "{\"results\":{\"t\":[{\"id\":1},null,{\"id\":2}]}}", 3}, /* a page of three, of which one is nothing */
        {"T", "{\"results\":{\"t\":[]}}", 0}, {"One", "{\"one\":{\"id\":1}}", 1}, {"T", "{\"results\":{}}", 0},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decoder *decoder;
        decode(cases[i].table, cases[i].body, &out, &decoder);
        assert_int_equal(decoder_elements(decoder), cases[i].elements);
        decoder_close(decoder);
    }
    buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brings_values_into_canonical_form),
        cmocka_unit_test(rows_may_have_their_members_in_any_order),
        cmocka_unit_test(rows_may_have_names_without_end),
        cmocka_unit_test(refuses_what_would_be_wrong),
        cmocka_unit_test(finds_rows_and_more_wherever_they_stand),
        cmocka_unit_test(knows_the_bytes_of_its_rows),
        cmocka_unit_test(what_does_not_fit_is_null_and_told_once),
        cmocka_unit_test(counts_what_the_service_counts),
    };
    return cmocka_run_group_tests(tests, open_definition, close_definition);
}
