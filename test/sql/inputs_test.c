/* Proves sql/inputs.c: inputs stand only where the service hears of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "fake_service.h"

static void takes_inputs_that_the_service_hears_of(void **state)
{
    static const char *const cases[] = {
        "SELECT Id FROM Timesheets WHERE ModifiedSince = '2024-01-01'",
        "SELECT Id FROM Timesheets WHERE Billable AND (? = ModifiedSince AND Duration > 5)",
        "SELECT Id FROM Timesheets WHERE ModifiedSince IN ('2024-01-01', ?)",
        "SELECT Id FROM Timesheets WHERE ModifiedSince = '2024-01-01' OR ModifiedSince = '2024-02-01'",
        "SELECT Id FROM Timesheets WHERE ModifiedSince > '2024-01-01'", /* whether that can be asked is the service's to say */
        "SELECT u.Id FROM Users u JOIN Timesheets t ON t.UserId = u.Id AND t.ModifiedSince = u.Created",
        "SELECT u.Id FROM Users u LEFT JOIN Timesheets t ON t.UserId = u.Id AND t.ModifiedSince = u.Created",
        "SELECT u.Id FROM Users u LEFT JOIN Timesheets t ON t.UserId = u.Id WHERE t.ModifiedSince = '2024-01-01'",
        "SELECT t.Id FROM Timesheets t LEFT JOIN Users u ON t.UserId = u.Id WHERE t.ModifiedSince = '2024-01-01'",
        "SELECT Id FROM Users WHERE EXISTS (SELECT 1 FROM Timesheets WHERE ModifiedSince = Created)",
        "SELECT Id FROM Timesheets WHERE ModifiedSince = (SELECT MAX(Created) FROM Users)",
        "SELECT Id, ModifiedSince FROM Timesheets ORDER BY ModifiedSince",
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        assert_non_null(fake_prepare(cases[i], &arena));
        arena_clear(&arena);
    }
}

static void refuses_those_that_would_find_nothing(void **state)
{
    static const struct { const char *text, *place; } cases[] = {
        {"SELECT Id FROM Timesheets WHERE NOT ModifiedSince = '2024-01-01'", "column 37"},
        {"SELECT Id FROM Timesheets WHERE ModifiedSince NOT IN ('2024-01-01')", "column 33"},
        {"SELECT Id FROM Timesheets WHERE ModifiedSince = '2024-01-01' OR Duration = 5", "column 33"},
        {"SELECT Id FROM Timesheets WHERE CASE WHEN ModifiedSince = '2024-01-01' THEN TRUE ELSE FALSE END", "column 43"},
        {"SELECT Id FROM Timesheets WHERE COALESCE(ModifiedSince, '2024-01-01') = '2024-01-01'", "column 42"},
        {"SELECT Id FROM Timesheets WHERE (ModifiedSince = '2024-01-01') = TRUE", "column 34"},
        {"SELECT Id FROM Timesheets WHERE ModifiedSince = Start", "column 33"},
        {"SELECT Id FROM Timesheets WHERE ModifiedSince IS NULL", "column 33"},
        {"SELECT u.Id FROM Users u LEFT JOIN Timesheets t ON t.UserId = u.Id WHERE t.ModifiedSince = u.Created OR u.Active", "column 74"},
        {"SELECT t.Id FROM Timesheets t LEFT JOIN Users u ON t.UserId = u.Id AND t.ModifiedSince = '2024-01-01'", "column 72"},
        {"SELECT t.Id FROM Timesheets t RIGHT JOIN Users u ON t.UserId = u.Id AND t.ModifiedSince = '2024-01-01'", "column 73"},
        {"SELECT t.Id FROM Timesheets t FULL JOIN Users u ON t.UserId = u.Id AND t.ModifiedSince = '2024-01-01'", "column 72"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        fake_refuse(cases[i].text, &err);
        if (strcmp(err.sqlstate, "42000") != 0 || !strstr(err.message, "ModifiedSince is only an input of Timesheets") ||
            !strstr(err.message, cases[i].place))
            fail_msg("%s: %s %s", cases[i].text, err.sqlstate, err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_inputs_that_the_service_hears_of),
        cmocka_unit_test(refuses_those_that_would_find_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
