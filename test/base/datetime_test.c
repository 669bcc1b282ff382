/* Proves base/datetime.c: reading, writing, the calendar, offsets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/datetime.h"

static void reads_timestamps(void **state)
{
    static const struct { const char *text, *canonical; } cases[] = {
        {"2018-07-16T09:04:00-06:00", "2018-07-16 15:04:00"}, {"2018-07-16T09:04:00+00:00", "2018-07-16 09:04:00"},
        {"2018-07-16 09:04:00.2500", "2018-07-16 09:04:00.25"}, {"2018-07-16T09:04Z", "2018-07-16 09:04:00"},
        {" 2018-07-16 ", "2018-07-16 00:00:00"}, {"2017-01-01T00:30:00+0130", "2016-12-31 23:00:00"},
        {"2024-02-29 23:59:59.123456789999", "2024-02-29 23:59:59.123456789"},
    };
    static const char *const bad[] = {"", "0000-00-00", "2023-02-29", "2018-13-01", "2018-07-16T24:00:00", "2018-07-16T09:60:00",
        "2018-07-16T09:04:60", "2018-07-16X09:04", "2018-07-16 09:04:00 EST", "18-07-16", "2018-07-16T09:04:00+25:00", "2018-07-16 09:04:00."};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct datetime value;
        char out[DATETIME_TEXT];
        assert_true(datetime_parse_timestamp(cases[i].text, strlen(cases[i].text), &value, NULL));
        datetime_print_timestamp(&value, 9, out);
        assert_string_equal(out, cases[i].canonical);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct datetime value;
        assert_false(datetime_parse_timestamp(bad[i], strlen(bad[i]), &value, NULL));
    }
}

/* What is read by place is read as it is behind a blank, where it is not: with every byte of it damaged in every way. */
static void the_quick_way_is_the_same(void **state)
{
    static const char *const texts[] = {"2024-02-29T23:59:59", "2024-02-29 23:59:59", "2024-02-29T23:59:59Z", "2024-02-29T23:59:59+05:30",
                                        "2024-12-31T18:59:59-05:00", "0001-01-01T00:30:00+18:00", "9999-12-31T23:59:59-18:59"};
    static const char bytes[] = "0123456789-+:.TtZ /\xB0";
    int good = 0, bad = 0;
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (size_t at = 0; at < strlen(texts[i]); at++)
            for (size_t b = 0; b < sizeof bytes - 1; b++) {
                struct datetime quick = {0}, slow = {0};
                bool quick_had = false, slow_had = false;
                char text[40] = " ";
                strcpy(text + 1, texts[i]);
                text[1 + at] = bytes[b];
                bool read = datetime_parse_timestamp(text + 1, strlen(text + 1), &quick, &quick_had);
                assert_int_equal(read, datetime_parse_timestamp(text, strlen(text), &slow, &slow_had));
                assert_memory_equal(&quick, &slow, sizeof quick);
                assert_int_equal(quick_had, slow_had);
                read ? good++ : bad++;
            }
    assert_true(good > 100 && bad > 100);
}

static void knows_the_calendar(void **state)
{
    int64_t expected = datetime_days(1, 1, 1);
    (void)state;
    assert_int_equal(expected, -719162);
    assert_int_equal(datetime_days(1970, 1, 1), 0);
    assert_int_equal(datetime_days(2000, 3, 1), 11017);
    for (int year = 1; year <= 9999; year += year < 1890 || year > 2110 ? 97 : 1)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; datetime_valid_date(year, month, day); day++) {
                int y, m, d;
                int64_t days = datetime_days(year, month, day);
                datetime_from_days(days, &y, &m, &d);
                assert_true(y == year && m == month && d == day);
            }
}

static void adds_months_within_the_month(void **state)
{
    struct datetime value = {2024, 1, 31, 10, 0, 0, 0};
    (void)state;
    assert_true(datetime_add_months(&value, 1));
    assert_true(value.month == 2 && value.day == 29);
    assert_true(datetime_add_months(&value, -14));
    assert_true(value.year == 2022 && value.month == 12 && value.day == 29);
    assert_false(datetime_add_months(&value, 200000));
    assert_false(datetime_add_months(&value, -12 * 2023));
}

static void prints_only_the_digits_asked_for(void **state)
{
    struct datetime value = {1999, 12, 31, 23, 59, 59, 120000000};
    char out[DATETIME_TEXT];
    (void)state;
    datetime_print_timestamp(&value, 0, out);
    assert_string_equal(out, "1999-12-31 23:59:59");
    datetime_print_timestamp(&value, 1, out);
    assert_string_equal(out, "1999-12-31 23:59:59.1");
    datetime_print_time(&value, 9, out);
    assert_string_equal(out, "23:59:59.12");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_timestamps), cmocka_unit_test(the_quick_way_is_the_same), cmocka_unit_test(knows_the_calendar), cmocka_unit_test(adds_months_within_the_month),
        cmocka_unit_test(prints_only_the_digits_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
