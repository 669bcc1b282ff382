/* What INSERT and UPDATE store: values brought to their columns' types by the rules of assignment (sql/assign.h). */
#include <string.h>

#include "engine/cell.h"
#include "engine/function.h"
#include "engine/state.h"
#include "sql/assign.h"

static bool read_type(sqlite3_context *context, sqlite3_value *argument, struct type *type)
{
    struct value name;

    if (!function_text(context, argument, &name))
        return false;
    if (type_parse(name.text, type))
        return true;
    function_fail(context, "HY000", "The engine knows no type \"%s\"; please report the statement", name.text);
    return false;
}

/* store_value(x, 'from', 'to', 'column') */
static void store_value(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct arena *scratch = &function_engine(context)->scratch;
    struct value column, value, stored;
    struct error err = {0};
    struct type from, to;
    (void)count;

    if (!read_type(context, arguments[1], &from) || !read_type(context, arguments[2], &to) || !function_text(context, arguments[3], &column))
        return;
    if (from.kind == TYPE_STRING || from.kind == TYPE_BINARY)
        from.size = 0; /* a parameter's may be longer */
    if (cell_read(arguments[0], &value, &err) && cell_canonical(&from, true, &value, scratch, &err) &&
        assign_value(&from, &value, &to, scratch, &stored, &err)) {
        cell_result(context, &stored);
        return;
    }
    if (strcmp(err.sqlstate, "HY001") == 0)
        function_fail_memory(context);
    else
        function_fail(context, err.sqlstate, "The column %.128s: %s", column.text, err.message);
}

const struct function store_functions[] = {
    {"store_value", 4, store_value, 0},
    {0},
};
