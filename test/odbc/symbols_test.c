/* Proves what the built driver shows to the outside: exactly the entry points that SQLGetFunctions lists, ANSI and wide. */
#include "session.h"

#include <stdio.h>
#include <string.h>

#include "odbc/info.h"

static bool is_listed(const char *symbol)
{
    char wide[64];

    for (size_t i = 0; i < odbc_function_count; i++) {
        snprintf(wide, sizeof wide, "%sW", odbc_functions[i].name);
        if (strcmp(symbol, odbc_functions[i].name) == 0 || (odbc_functions[i].wide && strcmp(symbol, wide) == 0))
            return true;
    }
    return false;
}

static void the_driver_exports_its_entry_points_and_nothing_else(void **state)
{
    char symbol[256];
    size_t seen = 0, expected = 0;

    (void)state;
    for (size_t i = 0; i < odbc_function_count; i++)
        expected += odbc_functions[i].wide ? 2 : 1;
    /* `make check` runs in the build folder. */
    FILE *symbols = popen("nm -D --defined-only .libs/librestodbc.so | sed 's/.* //'", "r");
    assert_non_null(symbols);
    while (fgets(symbol, sizeof symbol, symbols)) {
        symbol[strcspn(symbol, "\n")] = '\0';
        if (!is_listed(symbol))
            fail_msg("%s is exported", symbol);
        seen++;
    }
    assert_int_equal(pclose(symbols), 0);
    assert_int_equal(seen, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_driver_exports_its_entry_points_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
