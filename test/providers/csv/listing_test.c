/* Lists of folders, as servers of files write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "providers/csv/listing.h"

static bool note(void *context, const char *name, size_t length, bool folder, struct error *err)
{
    char *out = context;
    (void)err;

    (void)sprintf(out + strlen(out), "%s%.*s|", folder ? "/" : "", (int)length, name);
    return true;
}

static void test_that_names_are_read(void **state)
{
    static const struct { const char *list, *names; } cases[] = {
        {"", ""},
        {"total 12\r\n", ""},
        {"-rw-r--r--   1 anna users   34 Jan  5 10:00 a.csv\r\n", "a.csv|"},
        {"-rw-r--r--   1 anna users   34 Jan  5  2023 a.csv", "a.csv|"},
        {"-rw-r--r--@  1 anna users   34 Feb 29  9:05 a b  c.csv\n", "a b  c.csv|"},
        {"-rw-r--r--   1 anna users   34 Jan  5 10:00  led.csv\n", " led.csv|"},
        {"-rw-r--r--   1 anna users   34 Jan  5 10:00 ten Feb 6 11:00\n", "ten Feb 6 11:00|"},
        {"-rw-r--r--   1 anna Jan Feb   34 Jan  5 10:00 a.csv\n", "a.csv|"},
        {"-rw-r--r--   1   34 Jan  5 10:00 without owner.csv\n", "without owner.csv|"},
        {"-rw-r--r--   1 anna users   34 2024-02-29 10:00 a.csv\n", "a.csv|"},
        {"drwxr-xr-x   2 anna users 4096 Jan  5 10:00 .\ndrwxr-xr-x   2 anna users 4096 Jan  5 10:00 ..\ndrwxr-xr-x   2 0 0 4096 Jan 5 10:00 in\n", "/in|"},
        {"lrwxrwxrwx   1 anna users    7 Jan  5 10:00 l.csv -> to/a.csv\n-rw-r--r--   1 anna users   34 Jan  5 10:00 a -> b\n", "l.csv|a -> b|"},
        {"brw-rw----   1 root disk  8, 0 Jan  5 10:00 sda\nprw-rw----   1 root disk  0 Jan  5 10:00 pipe\n", ""},
        {"01-05-24  10:00AM       <DIR>          in side\r\n01-05-2024  10:00                 1,234 a b.csv\r\n", "/in side|a b.csv|"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char names[400] = "";
        struct error err = {0};
        assert_true(csv_listing_tell(cases[i].list, strlen(cases[i].list), note, names, &err));
        assert_string_equal(names, cases[i].names);
    }
}

static void test_that_other_forms_are_refused(void **state)
{
    static const char *const lines[] = {"a.csv", "-rw-r--r--   1 anna users   34 Jan  5 10:00", "-rw-r--r--   1 anna users   34 Jan  5 10:00 ",
                                        "-rw-r--r--   1 anna users   34 Jan 500 10:00 a.csv", "xrw-r--r--   1 anna users   34 Jan  5 10:00 a.csv",
                                        "01-05-24  10:00AM       <FILE>          in", "ls: cannot open directory"};
    (void)state;

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char names[400] = "";
        struct error err = {0};
        assert_false(csv_listing_tell(lines[i], strlen(lines[i]), note, names, &err));
        assert_string_equal(err.sqlstate, "08S01");
        assert_string_equal(names, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_that_names_are_read), cmocka_unit_test(test_that_other_forms_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
