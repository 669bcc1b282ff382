/* How the SQL functions of this room are written and told to SQLite. */
#ifndef ENGINE_FUNCTION_H
#define ENGINE_FUNCTION_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/value.h"

struct arena;
struct engine;
struct query;

/* A scalar function. It is called only with arguments that are not NULL, unless FUNCTION_NULLS. */
typedef void function_call(sqlite3_context *context, int count, sqlite3_value **arguments);

enum {
    FUNCTION_NULLS = 1,    /* sees NULLs */
    FUNCTION_VARIES = 2,   /* other results for the same arguments within one execution */
};

struct function {
    const char *name;
    int count;             /* of arguments; -1 = any number */
    function_call *call;
    unsigned flags;
};

struct aggregate {
    const char *name;
    int count;
    function_call *step, *inverse;   /* called with every row whose first argument is not NULL; inverse NULL: can not have OVER */
    void (*value)(sqlite3_context *context);
};

/* Each ends with a row without a name. */
extern const struct function text_functions[];
extern const struct function pattern_functions[];
extern const struct function number_functions[];
extern const struct function decimal_functions[];
extern const struct function double_functions[];
extern const struct function time_functions[];
extern const struct function system_functions[];
extern const struct function store_functions[];
extern const struct aggregate decimal_aggregates[];
extern const struct aggregate double_aggregates[];
extern const struct aggregate statistical_aggregates[];
extern const struct aggregate join_aggregates[];
extern const struct aggregate single_aggregates[];

/* The connection and the query on whose behalf a function runs. */
struct engine *function_engine(sqlite3_context *context);
struct query *function_query(sqlite3_context *context);

/* Ends a call with an error, which becomes the query's. */
void function_fail(sqlite3_context *context, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void function_zero_divisor(sqlite3_context *context);
void function_fail_memory(sqlite3_context *context);

/* A text argument. False (and the call failed) when out of memory. */
bool function_text(sqlite3_context *context, sqlite3_value *argument, struct value *text);

/* Ends a call with a text of our making: copied by SQLite. */
void function_result_text(sqlite3_context *context, const char *text, size_t length);

/* told(column, n), see sql/functions.h: which a table's module shows to its planning. */
void function_told(sqlite3_context *context, int count, sqlite3_value **arguments);

/* The collation `decimal` (see sql/functions.h). */
int decimal_collation(void *unused, int a_length, const void *a, int b_length, const void *b);

#endif
