/* The way from SQL text to a query: driver/sql makes the statement, query_open the program. A query keeps its text, because what its
 * names mean may change before it is executed. */
#include <stdlib.h>
#include <string.h>

#include "engine/query.h"
#include "engine/state.h"

static struct source_text *keep_source(struct arena *arena, const char *text, size_t length, const struct type *bound, size_t bound_count)
{
    struct source_text *source = arena_alloc(arena, sizeof *source);
    struct type *types = arena_array(arena, bound_count + 1, sizeof *types);

    if (!source || !types || !(source->text = arena_copy(arena, text, length)))
        return NULL;
    if (bound_count)
        memcpy(types, bound, bound_count * sizeof *types);
    source->length = length;
    source->bound = types;
    source->bound_count = bound_count;
    return source;
}

static bool reads_workspace(const struct statement *first)
{
    for (const struct statement *statement = first; statement; statement = statement->next)
        if (statement_is_native(statement))
            return true;
    return false;
}

/* A text and the names that it is bound with. */
struct binding {
    struct engine *engine;
    struct cancel *cancel;
    const struct source_text *source;
    bool aggregate;
    struct names *names;
    struct arena *arena;
    struct statement *statement;
};

static bool bind_with(struct binding *binding, struct names *names, struct error *err)
{
    const struct source_text *source = binding->source;

    names_release(binding->names);
    binding->names = names;
    return statement_prepare(source->text, source->length, source->bound, source->bound_count, NULL, &names->service, binding->aggregate,
                             binding->arena, &binding->statement, err);
}

/* While another process has the file locked, what only reads the service goes on. All else waits for the names as they will be. */
static bool bind_text(struct binding *binding, struct error *err)
{
    struct error late;
    bool stale;

    struct names *names = names_present(binding->engine, binding->cancel, false, &stale, err);
    bool fine = names && bind_with(binding, names, err);
    if (!names || !stale || (fine && !reads_workspace(binding->statement)))
        return fine;
    names = names_present(binding->engine, binding->cancel, true, &stale, &late);
    if (names)
        return bind_with(binding, names, err);
    if (fine)
        *err = late;
    return false;
}

bool query_refused_groups(const struct error *err)
{
    return strcmp(err->sqlstate, NOT_AGGREGATED) == 0;
}

/* aggregate: as statement_prepare has it */
static bool prepare(struct engine *engine, const char *text, size_t length, const struct type *bound, size_t bound_count, bool aggregate,
                    struct cancel *cancel, struct query **result, struct error *err)
{
    struct arena arena = {0};
    struct binding binding = {.engine = engine, .cancel = cancel, .aggregate = aggregate, .arena = &arena};
    struct query *query;

    binding.source = keep_source(&arena, text, length, bound, bound_count);
    if (!binding.source)
        error_memory(err);
    if (!binding.source || !bind_text(&binding, err) || !query_open(engine, binding.statement, cancel, &query, err)) {
        names_release(binding.names);
        arena_clear(&arena);
        return false;
    }
    query->arena = arena;
    for (struct query *one = query; one; one = one->following) {
        one->source = binding.source;
        one->names = names_hold(binding.names);
        one->aggregate = aggregate;
    }
    names_release(binding.names);
    *result = query;
    return true;
}

bool query_prepare(struct engine *engine, const char *text, size_t length, const struct type *bound, size_t bound_count,
                   struct cancel *cancel, struct query **result, struct error *err)
{
    if (prepare(engine, text, length, bound, bound_count, engine->options.pushdown, cancel, result, err))
        return true;
    if (!query_refused_groups(err))
        return false;
    *err = (struct error){0};
    return prepare(engine, text, length, bound, bound_count, false, cancel, result, err);
}

/* --- again, with newer names --------------------------------------------------------------------------------------------- */

static bool same_type(const struct type *a, const struct type *b)
{
    return a->kind == b->kind && a->size == b->size && a->scale == b->scale;
}

/* Whether what the application was told of the statement is still so. */
static bool is_same(const struct query *query, const struct statement *again, size_t first, size_t count)
{
    const struct statement *told = query->statement;

    if (again->next || again->kind != told->kind || again->column_count != told->column_count || again->parameter_count != count)
        return false;
    for (size_t i = 0; i < told->column_count; i++)
        if (!same_type(&again->columns[i].type, &told->columns[i].type) || strcmp(again->columns[i].label, told->columns[i].label) != 0)
            return false;
    for (size_t i = 0; i < count; i++)
        if (!same_type(&again->parameters[i].type, &told->parameters[first + i].type))
            return false;
    return true;
}

/* Whether a parameter, by its number in the batch, has the value that stands for every one. */
static bool is_every(const struct query *query, size_t parameter)
{
    const char *any = query->statement->parameters[parameter].any;
    const struct value *value = &query->bindings[parameter];

    return any && value->storage == STORAGE_TEXT && strcmp(value->text, any) == 0;
}

/* Whether the parameters still mean what the statement was prepared for. */
static bool means_the_same(const struct query *query)
{
    for (size_t i = 0; i < query->run->parameter_count && query->first_parameter + i < query->statement->parameter_count; i++)
        if (query->run->parameters[i].every != is_every(query, query->first_parameter + i))
            return false;
    return true;
}

static bool prepare_again(struct query *query, struct names *names, struct error *err)
{
    const struct source_text *source = query->source;
    const struct statement *told = query->statement;
    const char *text = source->text + told->text_at;
    size_t first = told->first_parameter, count = (told->next ? told->next->first_parameter : told->parameter_count) - first;
    size_t bound_count = source->bound_count > first ? source->bound_count - first : 0;
    struct arena arena = {0};
    struct statement *again;

    bool *every = arena_array(&arena, count + 1, sizeof *every);
    for (size_t i = 0; every && i < count; i++)
        every[i] = is_every(query, first + i);
    bool fine = every ? statement_prepare(text, told->text_length ? told->text_length : source->length, source->bound + (bound_count ? first : 0),
                                  bound_count, every, &names->service, query->aggregate, &arena, &again, err) : error_memory(err);
    if (fine && !is_same(query, again, first, count))
        fine = error_set(err, "HY000", "What the statement is about has changed since it was prepared; prepare it again");
    if (!fine) {
        arena_clear(&arena);
        return false;
    }
    query->use_count = 0;
    engine_give_up(query->engine, query->program);
    query->program = NULL;
    arena_clear(&query->renewed);
    names_release(query->renewed_names);
    query->renewed = arena;
    query->renewed_names = names_hold(names);
    query->run = again;
    query->first_parameter = first;
    return true;
}

bool query_renew(struct query *query, struct error *err)
{
    if (!query->source || query->statement->kind == STATEMENT_TRANSACTION)
        return true;
    bool stale;
    struct names *names = names_present(query->engine, query->cancel, false, &stale, err);
    if (names && stale && statement_is_native(query->run)) {
        names_release(names);
        names = names_present(query->engine, query->cancel, true, &stale, err);
    }
    if (!names)
        return false;
    bool same = names == (query->renewed_names ? query->renewed_names : query->names) && means_the_same(query);
    bool fine = same || prepare_again(query, names, err);
    names_release(names);
    return fine;
}

bool query_group_here(struct query *query, struct error *err)
{
    bool stale;
    struct names *names = query->source && query->aggregate ? names_present(query->engine, query->cancel, false, &stale, err) : NULL;

    query->aggregate = false;
    if (!names)
        return error_set(err, "HY000", "The service refused to group the rows that were asked for; execute the statement again");
    *err = (struct error){0};
    bool fine = prepare_again(query, names, err);
    names_release(names);
    return fine;
}

bool query_is_current(struct query *query, struct error *err)
{
    return query->deferred || query_renew(query, err);
}
