/* Proves providers/csv/filter.c: conditions on cells of every type hold where SQL says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "providers/csv/filter.h"

static struct value text(const char *text)
{
    return value_text(text, strlen(text));
}

static bool holds(enum filter_op op, enum type_kind kind, struct value cell, const struct value *values, size_t count)
{
    const struct type type = {.kind = kind, .size = 20, .scale = 2};
    const struct filter given = {.column = 0, .op = op, .values = values, .value_count = count};
    struct arena arena = {0};
    struct csv_filter filter;

    assert_true(csv_filter_make(&given, &type, &arena, &filter));
    bool result = csv_filter_holds(&filter, &cell);
    arena_clear(&arena);
    return result;
}

/* `a` against `b` by all six comparisons; order: that of a and b. */
static void compare(enum type_kind kind, struct value a, struct value b, int order)
{
    assert_int_equal(holds(FILTER_EQUAL, kind, a, &b, 1), order == 0);
    assert_int_equal(holds(FILTER_NOT_EQUAL, kind, a, &b, 1), order != 0);
    assert_int_equal(holds(FILTER_LESS, kind, a, &b, 1), order < 0);
    assert_int_equal(holds(FILTER_LESS_EQUAL, kind, a, &b, 1), order <= 0);
    assert_int_equal(holds(FILTER_GREATER, kind, a, &b, 1), order > 0);
    assert_int_equal(holds(FILTER_GREATER_EQUAL, kind, a, &b, 1), order >= 0);
    assert_int_equal(holds(FILTER_IN, kind, a, (struct value[]){b, b}, 2), order == 0);
}

static void comparisons(void **state)
{
    static const char *const decimals[] = {"-100.00", "-99.99", "-1.50", "-0.01", "0.00", "0.01", "0.10", "1.50", "9.99", "10.00", "100.00"};
    static const char *const texts[] = {"", "A", "B", "a", "aa", "b", "\u00e4", "\u65e5"};
    static const int64_t integers[] = {INT64_MIN, -5, 0, 3, INT64_MAX};
    static const double reals[] = {-1e300, -0.5, 0, 1e-300, 2};
    (void)state;

    for (int i = 0; i < 11; i++)
        for (int j = 0; j < 11; j++)
            compare(TYPE_DECIMAL, text(decimals[i]), text(decimals[j]), i - j);
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++)
            compare(TYPE_STRING, text(texts[i]), text(texts[j]), i - j);
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++) {
            compare(TYPE_BIGINT, value_integer(integers[i]), value_integer(integers[j]), i - j);
            compare(TYPE_DOUBLE, value_real(reals[i]), value_real(reals[j]), i - j);
        }
    compare(TYPE_DATE, text("2024-01-02"), text("2024-01-10"), -1);
    compare(TYPE_TIMESTAMP, text("2024-01-02 10:00:00"), text("2024-01-02 10:00:00.5"), -1);
}

static void lists_and_patterns(void **state)
{
    const struct value some[] = {text("10.00"), text("-3.00"), text("2.50"), text("10.00")}, pattern = text("a_c%"), null = value_null();
    (void)state;

    assert_true(holds(FILTER_IN, TYPE_DECIMAL, text("-3.00"), some, 4));
    assert_true(holds(FILTER_IN, TYPE_DECIMAL, text("2.50"), some, 4));
    assert_true(holds(FILTER_IN, TYPE_DECIMAL, text("10.00"), some, 4));
    assert_false(holds(FILTER_IN, TYPE_DECIMAL, text("3.00"), some, 4));
    assert_false(holds(FILTER_IN, TYPE_DECIMAL, text("3.00"), NULL, 0));
    assert_true(holds(FILTER_LIKE, TYPE_STRING, text("abcd"), &pattern, 1));
    assert_true(holds(FILTER_LIKE, TYPE_STRING, text("a\u00e4c"), &pattern, 1));
    assert_false(holds(FILTER_LIKE, TYPE_STRING, text("ABCD"), &pattern, 1));
    for (enum filter_op op = FILTER_EQUAL; op <= FILTER_IS_NOT_NULL; op++)
        assert_int_equal(holds(op, TYPE_STRING, null, &pattern, op < FILTER_IS_NULL), op == FILTER_IS_NULL);
    assert_true(holds(FILTER_IS_NOT_NULL, TYPE_STRING, text(""), NULL, 0));
    assert_false(holds(FILTER_IS_NULL, TYPE_STRING, text(""), NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comparisons), cmocka_unit_test(lists_and_patterns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
