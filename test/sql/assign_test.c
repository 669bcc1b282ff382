/* Proves sql/assign.c: what a column takes, rounded or without blanks that do not fit, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "sql/assign.h"

static void keeps_the_rules_of_assignment(void **state)
{
    /* A result is the value as text, or the SQLSTATE behind a !. */
    static const struct { const char *from, *value, *to, *result; } cases[] = {
        {"string", "abc", "string(3)", "abc"}, {"string", "abc  ", "string(3)", "abc"}, {"string", "ab   ", "string(3)", "ab "},
        {"string", "abcd", "string(3)", "!22001"}, {"string", "abc \t", "string(3)", "!22001"}, {"string", "äöü ", "string(3)", "äöü"},
        {"string", "äöüß", "string(3)", "!22001"}, {"string", "   ", "string(1)", " "}, {"string", "", "string(1)", ""}, {"string", "a  ", "string", "a  "},
        {"decimal(38,9)", "1.005000000", "decimal(5,2)", "1.01"}, {"decimal(5,2)", "1.999", "decimal(5,2)", "2.00"},
        {"decimal(5,2)", "999.999", "decimal(5,2)", "!22003"}, {"decimal(5,2)", "-0.004", "decimal(5,2)", "0.00"},
        {"decimal(5,2)", "7.00", "integer", "7"}, {"decimal(12,0)", "3000000000", "integer", "!22003"}, {"bigint", "3000000000", "integer", "!22003"},
        {"bigint", "12345", "string(5)", "12345"}, {"bigint", "123456", "string(5)", "!22001"}, {"string", "12x", "integer", "!22018"},
        {"string", "2024-02-30", "date", "!22007"}, {"string", "2024-02-29T10:00:00Z", "timestamp", "2024-02-29 10:00:00"},
        {"date", "2024-02-29", "timestamp", "2024-02-29 00:00:00"}, {"string", "0A0B", "binary(2)", "0A0B"}, {"string", "0A0B0C", "binary(2)", "!22001"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error err = {0};
        struct value value, result;
        struct type from, to;
        char scratch[VALUE_SCRATCH];
        size_t length;

        assert_true(type_parse(cases[i].from, &from) && type_parse(cases[i].to, &to));
        value = value_text(cases[i].value, strlen(cases[i].value));
        if (type_storage(from.kind) == STORAGE_INTEGER)
            assert_true(value_from_text(&from, cases[i].value, strlen(cases[i].value), &arena, &value, &err));
        bool taken = assign_value(&from, &value, &to, &arena, &result, &err);
        const char *text = taken ? value_as_text(&result, scratch, &length) : err.sqlstate;
        if (taken == (cases[i].result[0] == '!') || strcmp(text, cases[i].result + !taken) != 0)
            fail_msg("%s %s -> %s: %s %s", cases[i].from, cases[i].value, cases[i].to, text, err.message);
        arena_clear(&arena);
    }
}

static void null_stays_null(void **state)
{
    const struct type from = {.kind = TYPE_DATE}, to = {.kind = TYPE_INTEGER};
    const struct value null = value_null();
    struct value result = value_integer(1);
    struct arena arena = {0};
    struct error err = {0};
    (void)state;
    assert_true(assign_value(&from, &null, &to, &arena, &result, &err));
    assert_true(value_is_null(&result));
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_the_rules_of_assignment), cmocka_unit_test(null_stays_null)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
