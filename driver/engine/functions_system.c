/* SQL functions about the connection and between types. */
#include <math.h>
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

/* A text that is no date is a bad value of a cast, as one that is no number is; 22007 is for literals. */
static void cast_failed(sqlite3_context *context, const struct error *err)
{
    if (strcmp(err->sqlstate, "HY001") == 0)
        function_fail_memory(context);
    else
        function_fail(context, strcmp(err->sqlstate, "22007") == 0 ? "22018" : err->sqlstate, "%s", err->message);
}

/* *value: arguments[0] brought from one type to another. False when the call has failed or, with err set, the cast. */
static bool read_cast(sqlite3_context *context, sqlite3_value **arguments, struct value *value, struct error *err)
{
    struct arena *scratch = &function_engine(context)->scratch;
    struct value from_name, to_name;
    struct type from, to;

    if (!function_text(context, arguments[1], &from_name) || !function_text(context, arguments[2], &to_name))
        return false;
    if (!type_parse(from_name.text, &from) || !type_parse(to_name.text, &to)) {
        function_fail(context, "HY000", "The engine knows no cast from \"%s\" to \"%s\"; please report the query", from_name.text,
                      to_name.text);
        return false;
    }
    return cell_read(arguments[0], value, err) && cell_canonical(&from, true, value, scratch, err) &&
           value_cast(&from, value, &to, scratch, value, err);
}

/* cast_value(x, 'from', 'to') */
static void cast_value(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct error err = {0};
    struct value value;
    (void)count;

    if (read_cast(context, arguments, &value, &err))
        cell_result(context, &value);
    else if (err.sqlstate[0])
        cast_failed(context, &err);
}

/* try_cast_value(x, 'from', 'to') */
static void try_cast_value(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct error err = {0};
    struct value value;
    (void)count;

    if (read_cast(context, arguments, &value, &err))
        cell_result(context, &value);
    else if (strcmp(err.sqlstate, "HY001") == 0)
        function_fail_memory(context);
}

/* ISNUMERIC(text): whether CAST makes a number of it. */
static void fn_isnumeric(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const struct type number = {.kind = TYPE_DOUBLE};
    struct error err = {0};
    struct value text, value;
    (void)count;

    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL)
        sqlite3_result_int(context, 0);
    else if (function_text(context, arguments[0], &text))
        sqlite3_result_int(context, value_from_text(&number, text.text, text.length, &function_engine(context)->scratch, &value, &err));
}

/* row_count(n) */
static void row_count(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL)
        function_fail(context, "2201W", "The number of rows that a parameter gives to LIMIT, OFFSET, FETCH or TOP is NULL");
    else if (sqlite3_value_int64(arguments[0]) < 0)
        function_fail(context, "2201W", "The number of rows that a parameter gives to LIMIT, OFFSET, FETCH or TOP is negative: %lld",
                      (long long)sqlite3_value_int64(arguments[0]));
    else
        sqlite3_result_int64(context, sqlite3_value_int64(arguments[0]));
}

/* share_of_rows(percent, rows) */
static void share_of_rows(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    double percent = sqlite3_value_double(arguments[0]);
    (void)count;
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL || !(percent >= 0 && percent <= 100))
        function_fail(context, "2201W", "The percentage of rows must be from 0 to 100");
    else
        sqlite3_result_double(context, ceil(percent * sqlite3_value_double(arguments[1]) / 100));
}

/* other_than(x, 'text', 'column') */
static void other_than(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text, value, column;
    (void)count;

    if (sqlite3_value_type(arguments[0]) == SQLITE_TEXT) {
        if (!function_text(context, arguments[0], &value) || !function_text(context, arguments[1], &text) || !function_text(context, arguments[2], &column))
            return;
        if (value.length == text.length && memcmp(value.text, text.text, text.length) == 0) {
            function_fail(context, "22023", "%s = '%s' means all rows only where '%s' itself stands in the statement or is a parameter's value, not where "
                          "an expression comes to it", column.text, text.text, text.text);
            return;
        }
    }
    sqlite3_result_value(context, arguments[0]);
}

void function_told(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    (void)arguments;
    sqlite3_result_int(context, 1);
}

const struct function system_functions[] = {
    {"fn_database", 0, fn_database, 0},
    {"fn_user", 0, fn_user, 0},
    {"cast_value", 3, cast_value, 0},
    {"try_cast_value", 3, try_cast_value, 0},
    {"fn_isnumeric", 1, fn_isnumeric, FUNCTION_NULLS},
    {"told", 2, function_told, FUNCTION_NULLS},
    {"row_count", 1, row_count, FUNCTION_NULLS},
    {"other_than", 3, other_than, 0},
    {"share_of_rows", 2, share_of_rows, FUNCTION_NULLS},
    {0},
};
