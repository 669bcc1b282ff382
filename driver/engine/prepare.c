/* The way from SQL text to a query: driver/sql makes the statement, query_open the program. */
#include "engine/query.h"
#include "engine/state.h"

bool query_prepare(struct engine *engine, const char *text, size_t length, const struct type *bound, size_t bound_count,
                   struct cancel *cancel, struct query **result, struct error *err)
{
    struct arena arena = {0};
    struct statement *statement;
    struct query *query;

    if (!statement_prepare(text, length, bound, bound_count, engine->service, &arena, &statement, err) ||
        !query_open(engine, statement, cancel, &query, err)) {
        arena_clear(&arena);
        return false;
    }
    query->arena = arena;
    *result = query;
    return true;
}
