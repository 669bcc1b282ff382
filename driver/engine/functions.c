/* Tells SQLite every function, aggregate and collation that printed SQL may use, and carries their errors. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cell.h"
#include "engine/function.h"
#include "engine/state.h"

/* What SQLite keeps for a function. */
struct registered {
    struct engine *engine;
    const struct function *function;
    const struct aggregate *aggregate;
};

struct engine *function_engine(sqlite3_context *context)
{
    const struct registered *registered = sqlite3_user_data(context);
    return registered->engine;
}

struct query *function_query(sqlite3_context *context)
{
    return function_engine(context)->running;
}

void function_fail(sqlite3_context *context, const char *sqlstate, const char *format, ...)
{
    struct error *failure = &function_query(context)->failure;
    char message[sizeof failure->message];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (!failure->sqlstate[0])
        error_set(failure, sqlstate, "%s", message);
    sqlite3_result_error(context, message, -1);
}

void function_zero_divisor(sqlite3_context *context)
{
    function_fail(context, "22012", "Division by zero; NULLIF(divisor, 0) gives NULL instead");
}

void function_fail_memory(sqlite3_context *context)
{
    sqlite3_result_error_nomem(context);
}

bool function_text(sqlite3_context *context, sqlite3_value *argument, struct value *text)
{
    const char *bytes = (const char *)sqlite3_value_text(argument);
    if (!bytes) {
        function_fail_memory(context);
        return false;
    }
    *text = value_text(bytes, (size_t)sqlite3_value_bytes(argument));
    return true;
}

void function_result_text(sqlite3_context *context, const char *text, size_t length)
{
    sqlite3_result_text64(context, text, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void call_function(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const struct registered *registered = sqlite3_user_data(context);
    const struct function *function = registered->function;

    if (!(function->flags & FUNCTION_NULLS))
        for (int i = 0; i < count; i++)
            if (sqlite3_value_type(arguments[i]) == SQLITE_NULL)
                return;
    arena_reset(&registered->engine->scratch);
    function->call(context, count, arguments);
}

static void step_aggregate(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const struct registered *registered = sqlite3_user_data(context);
    if (sqlite3_value_type(arguments[0]) != SQLITE_NULL)
        registered->aggregate->step(context, count, arguments);
}

static void inverse_aggregate(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const struct registered *registered = sqlite3_user_data(context);
    if (sqlite3_value_type(arguments[0]) != SQLITE_NULL)
        registered->aggregate->inverse(context, count, arguments);
}

static void value_aggregate(sqlite3_context *context)
{
    const struct registered *registered = sqlite3_user_data(context);
    registered->aggregate->value(context);
}

/* SQLite frees what is registered also when it fails. */
static struct registered *register_new(struct engine *engine, const struct function *function, const struct aggregate *aggregate)
{
    struct registered *registered = malloc(sizeof *registered);
    if (registered)
        *registered = (struct registered){engine, function, aggregate};
    return registered;
}

static bool refused(struct engine *engine, const char *name, int code, struct error *err)
{
    if (code == SQLITE_NOMEM)
        return error_memory(err);
    return error_set(err, "HY000", "SQLite does not take the function %s: %s", name, sqlite3_errmsg(engine->database));
}

static bool register_functions(struct engine *engine, const struct function *functions, struct error *err)
{
    for (; functions->name; functions++) {
        struct registered *registered = register_new(engine, functions, NULL);
        if (!registered)
            return error_memory(err);
        int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
        if (!(functions->flags & FUNCTION_VARIES))
            flags |= SQLITE_DETERMINISTIC;
        int code = sqlite3_create_function_v2(engine->database, functions->name, functions->count, flags, registered, call_function,
                                              NULL, NULL, free);
        if (code != SQLITE_OK)
            return refused(engine, functions->name, code, err);
    }
    return true;
}

static bool register_aggregates(struct engine *engine, const struct aggregate *aggregates, struct error *err)
{
    for (; aggregates->name; aggregates++) {
        struct registered *registered = register_new(engine, NULL, aggregates);
        if (!registered)
            return error_memory(err);
        int code = sqlite3_create_window_function(engine->database, aggregates->name, aggregates->count,
                                                  SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, registered, step_aggregate,
                                                  value_aggregate, aggregates->inverse ? value_aggregate : NULL,
                                                  aggregates->inverse ? inverse_aggregate : NULL, free);
        if (code != SQLITE_OK)
            return refused(engine, aggregates->name, code, err);
    }
    return true;
}

bool functions_register(struct engine *engine, struct error *err)
{
    int code = sqlite3_create_collation_v2(engine->database, "decimal", SQLITE_UTF8, NULL, decimal_collation, NULL);
    if (code != SQLITE_OK)
        return refused(engine, "COLLATE decimal", code, err);
    return register_functions(engine, text_functions, err) && register_functions(engine, pattern_functions, err) &&
           register_functions(engine, number_functions, err) && register_functions(engine, decimal_functions, err) &&
           register_functions(engine, double_functions, err) &&
           register_functions(engine, time_functions, err) && register_functions(engine, system_functions, err) &&
           register_functions(engine, store_functions, err) &&
           register_aggregates(engine, decimal_aggregates, err) && register_aggregates(engine, double_aggregates, err) &&
           register_aggregates(engine, statistical_aggregates, err) && register_aggregates(engine, join_aggregates, err) && register_aggregates(engine, single_aggregates, err);
}
