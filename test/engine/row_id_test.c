/* Proves engine/row_id.c: equal rows of two scans get equal identities, and no two rows of one scan the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "engine/row_id.h"
#include "table/service.h"

enum { ROWS = 5000 };

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void equal_rows_of_two_scans_are_the_same(void **state)
{
    static const struct value numbers[] = {{.integer = 1, .storage = STORAGE_INTEGER}, {.integer = 2, .storage = STORAGE_INTEGER},
                                           {.integer = 1, .storage = STORAGE_INTEGER}, {.storage = STORAGE_NULL}};
    static const struct value texts[] = {{.text = "longer than eight", .length = 17, .storage = STORAGE_TEXT},
                                         {.text = "", .length = 0, .storage = STORAGE_TEXT},
                                         {.text = "longer than eight", .length = 17, .storage = STORAGE_TEXT},
                                         {.text = "", .length = 0, .storage = STORAGE_BLOB}};
    const struct value *cells[] = {numbers, texts, NULL};
    const bool wanted[] = {true, true, false};
    struct batch batch = {.row_count = 4, .cells = cells};
    struct row_ids first = {0}, second = {0};
    int64_t a[4], b[4];
    (void)state;

    for (size_t i = 0; i < 4; i++)
        assert_true(row_ids_next(&first, &batch, wanted, 3, i, &a[i]));
    for (size_t i = 4; i-- > 0;)
        assert_true(row_ids_next(&second, &batch, wanted, 3, i, &b[i]));
    assert_true(a[1] == b[1] && a[3] == b[3]);
    assert_true(a[0] == b[2] && a[2] == b[0]); /* twins: first and second, in either order */
    assert_true(a[0] != a[2] && a[0] != a[1] && a[1] != a[3]);
    row_ids_clear(&first);
    row_ids_clear(&second);
}

static void many_rows_differ(void **state)
{
    static struct value numbers[ROWS];
    static int64_t ids[ROWS];
    const struct value *cells[] = {numbers};
    const bool wanted[] = {true};
    struct batch batch = {.row_count = ROWS, .cells = cells};
    struct row_ids all = {0};
    (void)state;

    for (size_t i = 0; i < ROWS; i++)
        numbers[i] = value_integer((int64_t)(i / 3)); /* each three times */
    for (size_t i = 0; i < ROWS; i++)
        assert_true(row_ids_next(&all, &batch, wanted, 1, i, &ids[i]));
    qsort(ids, ROWS, sizeof ids[0], by_number);
    for (size_t i = 1; i < ROWS; i++)
        assert_true(ids[i - 1] != ids[i]);
    row_ids_clear(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_rows_of_two_scans_are_the_same),
        cmocka_unit_test(many_rows_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
