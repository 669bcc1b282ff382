/* SQL functions about the connection and between types. */
#include <string.h>

#include "engine/cell.h"
#include "engine/function.h"
#include "engine/state.h"

static void fn_database(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const char *name = function_engine(context)->service->name;
    (void)count;
    (void)arguments;
    function_result_text(context, name, strlen(name));
}

static void fn_user(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const char *user = function_engine(context)->service->user;
    (void)count;
    (void)arguments;
    function_result_text(context, user ? user : "", user ? strlen(user) : 0);
}

static void cast_failed(sqlite3_context *context, const struct error *err)
{
    if (strcmp(err->sqlstate, "HY001") == 0)
        function_fail_memory(context);
    else
        function_fail(context, err->sqlstate, "%s", err->message);
}

/* cast_value(x, 'from', 'to') */
static void cast_value(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct arena *scratch = &function_engine(context)->scratch;
    struct error err = {0};
    struct value from_name, to_name, value;
    struct type from, to;
    (void)count;

    if (!function_text(context, arguments[1], &from_name) || !function_text(context, arguments[2], &to_name))
        return;
    if (!type_parse(from_name.text, &from) || !type_parse(to_name.text, &to)) {
        function_fail(context, "HY000", "The engine knows no cast from \"%s\" to \"%s\"; please report the query", from_name.text,
                      to_name.text);
        return;
    }
    if (!cell_read(arguments[0], &value, &err) || !cell_canonical(&from, true, &value, scratch, &err) ||
        !value_cast(&from, &value, &to, scratch, &value, &err))
        cast_failed(context, &err);
    else
        cell_result(context, &value);
}

const struct function system_functions[] = {
    {"fn_database", 0, fn_database, 0},
    {"fn_user", 0, fn_user, 0},
    {"cast_value", 3, cast_value, 0},
    {0},
};
