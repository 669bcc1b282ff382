/* Proves providers/rows/form.c, and what coerce.c, tree.c and decode.c make of a shape that names forms, is lenient or keeps the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/warnings.h"
#include "providers/rows/decode.h"
#include "providers/rows/form.h"

static void base64_comes_in_two_alphabets(void **state)
{
    static const struct { const char *text, *bytes; } cases[] = {
        {"", ""}, {"Zg==", "f"}, {"Zg", "f"}, {"Zm8=", "fo"}, {"Zm8", "fo"}, {"Zm9v", "foo"}, {"Zm9v\r\nYmFy", "foobar"}, {"-_-_", "\xfb\xff\xbf"},
        {"+/+/", "\xfb\xff\xbf"}, {"Z", NULL}, {"Zg=", NULL}, {"Zg===", NULL}, {"Zg==Zg", NULL}, {"Zm9v=", NULL}, {"Z*==", NULL},
    };
    struct arena arena = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        struct value value;
        bool read = form_base64(cases[i].text, strlen(cases[i].text), &arena, &value, &err);
        if (read != (cases[i].bytes != NULL) || (read && (value.length != strlen(cases[i].bytes) || memcmp(value.text, cases[i].bytes, value.length) != 0)))
            fail_msg("case %zu", i);
    }
    arena_clear(&arena);
}

static void moments_are_counted_in_milliseconds(void **state)
{
    static const struct { const char *text; bool day; const char *moment; } cases[] = {
        {"/Date(0)/", false, "1970-01-01 00:00:00"},
        {"/Date(-1)/", false, "1969-12-31 23:59:59.999"},
        {"/Date(1300561560123)/", false, "2011-03-19 19:06:00.123"},
        {"/Date(1300561560000+0120)/", false, "2011-03-19 19:06:00"}, /* the offset is minutes, and only tells where */
        {"/Date(1300561560000-0600)/", false, "2011-03-19 19:06:00"},
        {"/Date(-62135596800000)/", false, "0001-01-01 00:00:00"},
        {"/Date(253402300799999)/", false, "9999-12-31 23:59:59.999"},
        {"/Date(253402300800000)/", false, NULL},
        {"/Date(1300561560123)/", true, "2011-03-19"},
        {"2011-03-19T19:06:00", true, "2011-03-19"},
        {"2011-03-19T23:06:00-02:00", true, "2011-03-20"},
        {"2011-03-19T19:06:00", false, NULL}, /* the type's own form */
        {"/Date()/", false, NULL}, {"/Date(x)/", false, NULL}, {"/Date(1+)/", false, NULL}, {"/Date(1+5x)/", false, NULL}, {"/Date(1", false, NULL},
        {"", false, NULL},
    };
    char out[FORM_ROOM];
    size_t written;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool read = form_moment(cases[i].text, strlen(cases[i].text), cases[i].day, out, &written);
        if (read != (cases[i].moment != NULL) || (read && (written != strlen(cases[i].moment) || memcmp(out, cases[i].moment, written) != 0)))
            fail_msg("case %zu: %d %.*s", i, read, read ? (int)written : 0, out);
    }
}

static void times_are_what_has_passed_of_the_day(void **state)
{
    static const struct { const char *text, *time; } cases[] = {
        {"PT8H1M0S", "08:01:00"}, {"PT08H01M00S", "08:01:00"}, {"PT8H", "08:00:00"}, {"PT1M", "00:01:00"}, {"PT23H59M59.9999999S", "23:59:59.9999999"},
        {"P0DT5H", "05:00:00"}, {"PT0S", "00:00:00"}, {"PT24H", NULL}, {"P1DT1H", NULL}, {"-PT1H", NULL}, {"PT60M", NULL}, {"PT1H1", NULL}, {"P", NULL},
        {"08:01:00", NULL}, {"PT-1H", NULL}, {"PT1HX", NULL},
    };
    char out[FORM_ROOM];
    size_t written;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool read = form_time(cases[i].text, strlen(cases[i].text), out, &written);
        if (read != (cases[i].time != NULL) || (read && (written != strlen(cases[i].time) || memcmp(out, cases[i].time, written) != 0)))
            fail_msg("case %zu (%s): %d", i, cases[i].text, read);
    }
}

enum { COLUMNS = 9 };

static const struct column columns[COLUMNS] = {
    {.name = "Id", .type = {TYPE_BIGINT, 0, 0}, .key = true},
    {.name = "Bytes", .type = {TYPE_BINARY, 0, 0}, .nullable = true},
    {.name = "Moment", .type = {TYPE_TIMESTAMP, 0, 7}, .nullable = true},
    {.name = "Day", .type = {TYPE_DATE, 0, 0}, .nullable = true},
    {.name = "Time", .type = {TYPE_TIME, 0, 7}, .nullable = true},
    {.name = "Real", .type = {TYPE_DOUBLE, 0, 0}, .nullable = true},
    {.name = "Text", .type = {TYPE_STRING, 0, 0}, .nullable = true},
    {.name = "List", .type = {TYPE_JSON, 0, 0}, .nullable = true},
    {.name = "Rest", .type = {TYPE_JSON, 0, 0}, .nullable = true},
};
static const char *const members[COLUMNS] = {"id", "bytes", "moment", "day", "time", "real", "text", "list", NULL};
static const enum shape_form forms[COLUMNS] = {FORM_PLAIN, FORM_BASE64, FORM_MOMENT, FORM_MOMENT, FORM_TIME, FORM_REAL, FORM_TEXT, FORM_LIST, FORM_PLAIN};

/* The rows as "Id=1 Bytes=666F6F …"; NULL cells are left out. An error's text when one came. */
static const char *decode(const char *body, bool lenient, bool rest_wanted, struct warnings *warnings, struct buffer *out)
{
    static const char *const known[] = {"id", "bytes", "declared"};
    const struct table table = {.name = "T", .columns = columns, .column_count = COLUMNS};
    struct path_step steps[COLUMNS];
    struct place places[COLUMNS];
    struct shape_column details[COLUMNS] = {0};
    const struct path root = {NULL, 0};
    const struct row_place rows = {.levels = &root, .level_count = 1, .many = true};
    const struct shape_rest rest = {COLUMNS - 1, known, 3};
    const struct shape shape = {.table = &table, .columns = details, .rows = &rows, .row_count = 1, .lenient = lenient, .rest = &rest};
    bool needed[COLUMNS], found = true;
    struct decoder *decoder;
    struct error err = {0};

    for (size_t i = 0; i < COLUMNS; i++) {
        needed[i] = rest_wanted || i < COLUMNS - 1;
        details[i].form = forms[i];
        if (!members[i])
            continue;
        steps[i] = (struct path_step){.name = members[i]};
        places[i] = (struct place){.kind = PLACE_MEMBER, .path = {&steps[i], 1}};
        details[i].at = &places[i];
        details[i].at_count = 1;
    }
    assert_true(decoder_open(&shape, needed, warnings, &decoder, &err));
    assert_true(decoder_page(decoder, body, strlen(body), &err));
    buffer_reset(out);
    for (size_t row = 0; found; row++) {
        if (!decoder_next(decoder, row, &found, &err)) {
            buffer_printf(out, "%s %s", err.sqlstate, err.message);
            break;
        }
        for (size_t i = 0; found && i < COLUMNS; i++) {
            const struct value *cell = needed[i] ? &decoder_cells(decoder)[i][row] : NULL;
            char scratch[VALUE_SCRATCH];
            size_t length;
            if (!cell || value_is_null(cell))
                continue;
            const char *shown = value_as_text(cell, scratch, &length);
            buffer_printf(out, "%s%s=%.*s", out->length ? " " : "", columns[i].name, (int)length, shown);
        }
    }
    decoder_close(decoder);
    return buffer_text(out);
}

static void columns_are_read_in_their_forms(void **state)
{
    static const struct { const char *body, *cells; } cases[] = {
        {"[{\"id\":\"5\",\"bytes\":\"Zm9v\",\"moment\":\"\\/Date(0)\\/\",\"day\":\"/Date(86400000)/\",\"time\":\"PT8H\",\"real\":\"INF\"}]",
         "Id=5 Bytes=666F6F Moment=1970-01-01 00:00:00 Day=1970-01-02 Time=08:00:00 Real=inf"},
        {"[{\"id\":5,\"moment\":\"2024-02-29T12:00:00.5+01:00\",\"day\":\"2024-02-29T23:59:59\",\"time\":\"08:00:00.25\",\"real\":\"-1.5\"}]",
         "Id=5 Moment=2024-02-29 11:00:00.5 Day=2024-02-29 Time=08:00:00.25 Real=-1.5"},
        {"[{\"id\":5,\"bytes\":\"\",\"moment\":null,\"day\":\"\",\"time\":\"\",\"real\":\"-INF\",\"text\":\"\",\"list\":[]}]",
         "Id=5 Bytes= Real=-inf Text= List=[]"},
        {"[{\"id\":1,\"text\":{ \"type\" : \"Point\", \"at\":[1, 2]},\"list\":{\"__metadata\":{},\"results\":[1, 2]}}]",
         "Id=1 Text={\"type\":\"Point\",\"at\":[1,2]} List=[1,2]"},
        {"[{\"id\":1,\"text\":true,\"list\":[\"a\", {\"b\" : 1}]},{\"id\":2,\"text\":1.50,\"list\":null},{\"id\":3,\"list\":{\"other\":1}},{\"id\":4,\"list\":{\"results\":[]}}]",
         "Id=1 Text=true List=[\"a\",{\"b\":1}] Id=2 Text=1.50 Id=3 Id=4 List=[]"},
        {"[{\"id\":9223372036854775807,\"bytes\":\"*\"}]",
         "22018 Column Bytes of table T: the service sent \"*\", which is no value of type binary"},
        {"[{\"id\":1,\"real\":\"NaN\"}]", "22018 Column Real of table T: the service sent \"NaN\", which is no value of type double"},
        {"[{\"id\":1,\"time\":\"P2D\"}]", "22018 Column Time of table T: the service sent \"P2D\", which is no value of type time(7)"},
        {"[{\"bytes\":\"Zm9v\"}]", "22002 Column Id of table T: the service sent a row without it"},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(decode(cases[i].body, false, false, NULL, &out), cases[i].cells);
    buffer_clear(&out);
}

static void what_is_missing_can_be_passed_over(void **state)
{
    struct warnings warnings = {0};
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    assert_string_equal(decode("[{\"text\":\"a\"},{\"id\":null,\"text\":\"b\"}]", true, false, &warnings, &out), "Text=a Text=b");
    assert_int_equal(warnings.count, 1);
    assert_string_equal(warnings_next(&warnings)->sqlstate, "01000");
    assert_string_equal(decode("[{\"text\":\"a\"}]", true, false, NULL, &out), "Text=a");
    warnings_clear(&warnings);
    buffer_clear(&out);
}

static void digits_that_are_lost_are_told_of(void **state)
{
    static const struct column decimal = {.name = "M", .type = {TYPE_DECIMAL, 10, 2}, .nullable = true};
    static const struct { const char *body, *value; size_t warnings; } cases[] = {
        {"[{\"m\":1.5}]", "1.50", 0}, {"[{\"m\":\"1.5000\"}]", "1.50", 0}, {"[{\"m\":1.555}]", "1.56", 1}, {"[{\"m\":\"-1.001\"}]", "-1.00", 1},
        {"[{\"m\":1.5e1}]", "15.00", 0},
    };
    const struct table table = {.name = "T", .columns = &decimal, .column_count = 1};
    const struct path_step step = {.name = "m"};
    const struct place place = {.kind = PLACE_MEMBER, .path = {&step, 1}};
    const struct shape_column detail = {.at = &place, .at_count = 1};
    const struct path root = {NULL, 0};
    const struct row_place rows = {.levels = &root, .level_count = 1, .many = true};
    const struct shape shape = {.table = &table, .columns = &detail, .rows = &rows, .row_count = 1};
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct warnings warnings = {0};
        struct decoder *decoder;
        struct error err = {0};
        bool needed = true, found;
        assert_true(decoder_open(&shape, &needed, &warnings, &decoder, &err));
        assert_true(decoder_page(decoder, cases[i].body, strlen(cases[i].body), &err) && decoder_next(decoder, 0, &found, &err) && found);
        assert_string_equal(decoder_cells(decoder)[0][0].text, cases[i].value);
        assert_int_equal(warnings.count, cases[i].warnings);
        decoder_close(decoder);
        warnings_clear(&warnings);
    }
}

static void the_rest_of_a_row_is_kept(void **state)
{
    static const struct { const char *body, *cells; } cases[] = {
        {"[{\"id\":1,\"x\":{ \"y\" : [1] },\"declared\":5,\"q\\\"\\u0001\\\\\":null,\"@odata.type\":\"#T\",\"x@odata.type\":\"#Int64\",\"__metadata\":{}}]",
         "Id=1 Rest={\"x\":{\"y\":[1]},\"q\\\"\\u0001\\\\\":null}"},
        {"[{\"id\":1},{\"id\":2,\"a\":1},{\"id\":3}]", "Id=1 Id=2 Rest={\"a\":1} Id=3"},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(decode(cases[i].body, false, true, NULL, &out), cases[i].cells);
    assert_string_equal(decode("[{\"id\":2,\"a\":1}]", false, false, NULL, &out), "Id=2");
    buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_comes_in_two_alphabets),
        cmocka_unit_test(moments_are_counted_in_milliseconds),
        cmocka_unit_test(times_are_what_has_passed_of_the_day),
        cmocka_unit_test(columns_are_read_in_their_forms),
        cmocka_unit_test(what_is_missing_can_be_passed_over),
        cmocka_unit_test(digits_that_are_lost_are_told_of),
        cmocka_unit_test(the_rest_of_a_row_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
