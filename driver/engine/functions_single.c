/* single_value: a subquery that stands for one value must not have several rows (SQL-92 7.11; 21000). SQLite takes the first. */
#include "engine/function.h"

struct single {
    sqlite3_value *value;   /* NULL before the first row */
    bool several;
};

static void take_row(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct single *single = sqlite3_aggregate_context(context, sizeof *single);
    (void)count;

    if (!single) {
        function_fail_memory(context);
    } else if (single->value) {
        single->several = true;
        function_fail(context, "21000", "A subquery that stands for one value has several rows; bound it with LIMIT 1 or an aggregate such as MAX");
    } else {
        single->value = sqlite3_value_dup(arguments[1]);
        if (!single->value)
            function_fail_memory(context);
    }
}

/* No row is NULL. */
static void single_value(sqlite3_context *context)
{
    struct single *single = sqlite3_aggregate_context(context, 0);

    if (!single || !single->value)
        return;
    if (!single->several)
        sqlite3_result_value(context, single->value);
    sqlite3_value_free(single->value);
    single->value = NULL;
}

const struct aggregate single_aggregates[] = {
    {"single_value", 2, take_row, NULL, single_value}, /* the first argument is only there to be not NULL: such rows count too */
    {0},
};
