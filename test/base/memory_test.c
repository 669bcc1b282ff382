/* Proves base/buffer.c, base/arena.c, base/error.c, base/name.c and base/cancel.c: bounds, alignment, cutting, guessing. */
#include <stdalign.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/name.h"

static void a_buffer_keeps_its_bound(void **state)
{
    struct buffer buffer;
    (void)state;
    buffer_init(&buffer, 8);
    assert_string_equal(buffer_text(&buffer), "");
    assert_true(buffer_append_text(&buffer, "12345"));
    assert_false(buffer_append_text(&buffer, "6789"));
    assert_false(buffer_append_char(&buffer, '6')); /* a failure lasts */
    assert_string_equal(buffer_text(&buffer), "12345");
    buffer_reset(&buffer);
    assert_true(buffer_printf(&buffer, "%d-%s", 42, "abcde"));
    assert_string_equal(buffer_text(&buffer), "42-abcde");
    buffer_clear(&buffer);
}

static void an_arena_gives_zeroed_aligned_memory(void **state)
{
    struct arena arena = {0};
    (void)state;
    for (size_t size = 0; size < 9000; size += 37) {
        unsigned char *bytes = arena_alloc(&arena, size);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xAA, size);
    }
    assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_string_equal(arena_printf(&arena, "%s %d", "row", 7), "row 7");
    arena_reset(&arena);
    assert_string_equal(arena_text(&arena, "again"), "again");
    arena_clear(&arena);
}

static void an_error_is_cut_at_a_character(void **state)
{
    struct error err;
    char longer[2000];
    (void)state;
    memset(longer, 'x', sizeof longer);
    memcpy(longer + 1021, "\xE2\x82\xAC", 3);
    longer[1999] = '\0';
    assert_false(error_set(&err, "42000", "%s", longer));
    assert_int_equal(strlen(err.message), 1021);
    error_set(&err, "42000", "no");
    assert_false(error_prefix(&err, "Table %s: ", "T"));
    assert_string_equal(err.message, "Table T: no");
}

static void guesses_the_nearest_name(void **state)
{
    static const char *const names[] = {"Users", "UserId", "Duration", "Timesheets"};
    static const struct { const char *wanted, *best; } cases[] = {
        {"userid", "UserId"}, {"Usrid", "UserId"}, {"Timesheet", "Timesheets"}, {"Duraiton", "Duration"}, {"zzz", NULL}, {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct name_guess guess = {.wanted = cases[i].wanted};
        for (size_t j = 0; j < 4; j++)
            name_guess_show(&guess, names[j]);
        if (cases[i].best)
            assert_string_equal(guess.best, cases[i].best);
        else
            assert_null(guess.best);
    }
    assert_int_equal(name_distance("abcd", "abdc"), 1);
    assert_true(name_equal("TimeSheets", "timesheets"));
    assert_false(name_equal("a", "ab"));
}

static void count_up(void *context)
{
    ++*(int *)context;
}

static void a_cancel_wakes_and_lasts_until_reset(void **state)
{
    struct cancel cancel;
    struct error err = {0};
    int woken = 0;
    (void)state;
    cancel_init(&cancel);
    assert_true(cancel_check(&cancel, &err));
    cancel_enter_wait(&cancel, count_up, &woken);
    cancel_request(&cancel);
    cancel_leave_wait(&cancel);
    cancel_request(&cancel);
    assert_int_equal(woken, 1);
    assert_false(cancel_check(&cancel, &err));
    assert_string_equal(err.sqlstate, "HY008");
    cancel_reset(&cancel);
    cancel.deadline = clock_milliseconds() - 1;
    assert_false(cancel_check(&cancel, &err));
    assert_string_equal(err.sqlstate, "HYT00");
    assert_int_equal(cancel_remaining(&cancel), 0);
    assert_true(cancel_check(NULL, &err));
    cancel_clear(&cancel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_keeps_its_bound), cmocka_unit_test(an_arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(an_error_is_cut_at_a_character), cmocka_unit_test(guesses_the_nearest_name),
        cmocka_unit_test(a_cancel_wakes_and_lasts_until_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
