/* Proves providers/definition/template.c: texts with holes, as definitions write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "providers/definition/template.h"

/* {Id} is parameter 0, {Host} variable 0, {Gone} variable 1, which has no value. */
static bool name_hole(void *context, const char *name, size_t length, struct template_part *part)
{
    (void)context;
    bool id = name_equal_length(name, length, "Id"), gone = name_equal_length(name, length, "Gone");

    *part = (struct template_part){.kind = id ? PART_PARAMETER : PART_VARIABLE, .index = gone};
    return id || gone || name_equal_length(name, length, "Host");
}

static const char *value_of(void *context, const struct template_part *part, bool *plain, struct error *err)
{
    if (part->kind == PART_VARIABLE && part->index == 1) {
        error_set(err, "HY000", "nothing tells Gone");
        return NULL;
    }
    *plain |= context != NULL;
    return part->kind == PART_PARAMETER ? "a/b c" : "https://h";
}

static void fills_holes(void **state)
{
    static const struct { const char *text; bool encode, plain; const char *expected; } cases[] = {
        {"/stores", true, false, "/stores"}, {"", true, false, ""}, {"/s/{Id}/x", true, false, "/s/a%2Fb%20c/x"}, {"/s/{id}", false, false, "/s/a/b c"},
        {"{Host}/v1", false, false, "https://h/v1"}, {"{Host}", true, false, "https%3A%2F%2Fh"}, {"{Host}{Id}", false, false, "https://ha/b c"},
        {"/s/{Id}", true, true, "/s/a/b c"}, {"a}b", true, false, "a}b"}, {"{Gone}", false, false, "!nothing tells Gone"},
        {"{Nobody}", false, false, "?{Nobody} is neither a column of the table nor a variable of the provider"}, {"x{", false, false, "?a brace is not closed"},
        {"{}", false, false, "?{} is neither a column of the table nor a variable of the provider"}, {"{todayish}", false, false, "?{todayish} is neither"},
        {"{today+1x}", false, false, "?{today+1x} is neither"}, {"{today1}", false, false, "?{today1} is neither"},
    };
    struct arena arena = {0};
    struct buffer out;
    (void)state;

    buffer_init(&out, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct template template;
        const char *wrong;
        struct error err = {0};
        buffer_reset(&out);
        if (!template_read(&arena, cases[i].text, name_hole, NULL, &template, &wrong))
            buffer_printf(&out, "?%s", wrong);
        else if (!template_fill(&template, value_of, cases[i].plain ? &out : NULL, cases[i].encode, &out, &err))
            buffer_printf(&out, "!%s", err.message);
        assert_memory_equal(buffer_text(&out), cases[i].expected, strlen(cases[i].expected));
        if (cases[i].expected[0] != '?')
            assert_int_equal(out.length, strlen(cases[i].expected));
    }
    buffer_clear(&out);
    arena_clear(&arena);
}

static void knows_the_day(void **state)
{
    static const struct { const char *text; int days; } cases[] = {{"{today}", 0}, {"{today-30}", -30}, {"{today+1}", 1}, {"{today-400}", -400}};
    struct arena arena = {0};
    struct buffer out;
    (void)state;

    buffer_init(&out, 100);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct template template;
        struct error err = {0};
        const char *wrong;
        char before[20], after[20];
        bool filled = false;
        assert_true(template_read(&arena, cases[i].text, NULL, NULL, &template, &wrong));
        assert_true(template_has(&template, PART_DAY));
        assert_false(template_has(&template, PART_VARIABLE));
        for (int try = 0; try < 2 && !filled; try++) { /* once more, should midnight come between */
            for (int when = 0; when < 2; when++) {
                time_t now = time(NULL);
                struct tm day;
                localtime_r(&now, &day);
                day.tm_mday += cases[i].days;
                day.tm_hour = 12;
                day.tm_isdst = -1;
                mktime(&day);
                strftime(when ? after : before, sizeof before, "%Y-%m-%d", &day);
                buffer_reset(&out);
                if (!when)
                    assert_true(template_fill(&template, NULL, NULL, false, &out, &err));
            }
            assert_true(template_fill(&template, NULL, NULL, false, &out, &err));
            filled = strcmp(before, after) == 0;
        }
        assert_string_equal(buffer_text(&out), after);
    }
    buffer_clear(&out);
    arena_clear(&arena);
}

static void a_full_buffer_is_told(void **state)
{
    struct arena arena = {0};
    struct template template;
    struct error err = {0};
    struct buffer out;
    const char *wrong;
    (void)state;

    buffer_init(&out, 8);
    assert_true(template_read(&arena, "0123456789", NULL, NULL, &template, &wrong));
    assert_false(template_fill(&template, NULL, NULL, false, &out, &err));
    assert_string_equal(err.sqlstate, "HY001");
    buffer_clear(&out);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_holes),
        cmocka_unit_test(knows_the_day),
        cmocka_unit_test(a_full_buffer_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
