#include "sql/scope.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/place.h"

enum { SHOWN_SOURCES = 3 };

struct expression *scope_column(struct binder *binder, struct source *source, size_t column, uint32_t at)
{
    struct expression *expression = arena_alloc(binder->arena, sizeof *expression);
    if (!expression) {
        error_memory(binder->err);
        return NULL;
    }
    expression->kind = EXPRESSION_COLUMN;
    expression->at = at;
    expression->depth = 1;
    expression->name = (struct name){{source->columns[column].name}, 1};
    expression->source = source;
    expression->column = column;
    expression->bound = expression->typed = true;
    expression->type = source->columns[column].type;
    expression->nullable = source->columns[column].nullable || source->outer;
    return expression;
}

struct expression *scope_use(struct binder *binder, const struct visible_column *column, uint32_t at)
{
    struct expression *copy = arena_alloc(binder->arena, sizeof *copy);
    if (!copy) {
        error_memory(binder->err);
        return NULL;
    }
    *copy = *column->value;
    copy->at = at;
    if (copy->kind == EXPRESSION_COLUMN)
        copy->nullable = copy->source->columns[copy->column].nullable || copy->source->outer;
    return copy;
}

const char *scope_print_name(struct binder *binder)
{
    const char *name;

    do {
        name = arena_printf(binder->arena, "t%u", ++binder->source_count);
    } while (name && service_table(binder->service, name));
    if (!name)
        error_memory(binder->err);
    return name;
}

bool scope_add_source(struct binder *binder, struct scope *scope, struct source *source)
{
    scope->sources = arena_array(binder->arena, 1, sizeof *scope->sources);
    scope->columns = arena_array(binder->arena, source->column_count, sizeof *scope->columns);
    if (!scope->sources || !scope->columns)
        return error_memory(binder->err);
    scope->sources[0] = source;
    scope->source_count = 1;
    scope->column_count = source->column_count;
    for (size_t i = 0; i < source->column_count; i++) {
        struct expression *value = scope_column(binder, source, i, 0);
        if (!value)
            return false;
        scope->columns[i] = (struct visible_column){source->columns[i].name, value, source->columns[i].pseudo};
    }
    return true;
}

bool scope_is_catalog(const struct binder *binder, const struct name *name, unsigned keep)
{
    for (unsigned i = 0; i + keep < name->count; i++)
        if (!name_equal(name->parts[i], binder->service->name))
            return false;
    return true;
}

static const char *guessed(const struct name_guess *guess, char *room, size_t size)
{
    if (guess->best)
        snprintf(room, size, "; did you mean %.128s?", guess->best);
    else
        room[0] = '\0';
    return room;
}

static bool no_table(struct binder *binder, const char *name, uint32_t at)
{
    struct name_guess guess = {.wanted = name};
    char hint[160];

    for (size_t i = 0; i < binder->service->table_count; i++)
        if (!name_equal(binder->service->tables[i]->name, name)) /* it stands elsewhere, or was dropped in this batch */
            name_guess_show(&guess, binder->service->tables[i]->name);
    for (const struct common_sight *sight = binder->commons; sight; sight = sight->outer)
        name_guess_show(&guess, sight->common->name);
    return bind_error(binder, at, "42S02", "There is no table %.128s in %.128s%s%s", name, binder->service->name,
                      binder->service->workspace && strcmp(binder->service->name, "Workspace") != 0 ? " or Workspace" : "", guessed(&guess, hint, sizeof hint));
}

static bool use_base_table(struct binder *binder, const struct table *table, struct source *source)
{
    struct source_column *columns = arena_array(binder->arena, table->column_count, sizeof *columns);
    bool widens = false;

    if (!columns)
        return error_memory(binder->err);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        columns[i] = (struct source_column){column->name, column->type, column->nullable, column->pseudo, table, (int)i};
        widens = widens || column->widens;
    }
    if (widens) {
        source->next_widened = binder->widened;
        binder->widened = source;
    }
    source->table = table;
    source->columns = columns;
    source->column_count = table->column_count;

    for (size_t i = 0; i < binder->table_count; i++)
        if (binder->tables[i] == table)
            return true;
    if (binder->table_count == binder->table_room) {
        size_t room = binder->table_room ? binder->table_room * 2 : 4;
        const struct table **larger = arena_array(binder->arena, room, sizeof *larger);
        if (!larger)
            return error_memory(binder->err);
        if (binder->table_count)
            memcpy(larger, binder->tables, binder->table_count * sizeof *larger);
        binder->tables = larger;
        binder->table_room = room;
    }
    binder->tables[binder->table_count++] = table;
    return true;
}

static bool use_common_table(struct binder *binder, struct common_table *common, uint32_t at, struct source *source)
{
    enum { MOST_SELECTS = 10000 };

    common->use_count++;
    source->common = common;
    source->columns = common->columns;
    source->column_count = common->column_count;
    if (!source->columns)
        return bind_error(binder, at, "42000", "%.128s uses itself; write WITH RECURSIVE, and UNION ALL between its start and its step", common->name);
    binder->select_count += common->select_count;
    return binder->select_count <= MOST_SELECTS ||
           bind_error(binder, at, "54000", "The common tables that are used more than once come to more than %d SELECTs, because every use "
                      "is one more; keep the rows of %.128s in a temporary table (SELECT … INTO #x) and use that", MOST_SELECTS, common->name);
}

bool scope_find_table(struct binder *binder, const struct name *name, uint32_t at, struct source *source)
{
    const char *last = name->parts[name->count - 1];

    if (name->count == 1)
        for (struct common_sight *sight = binder->commons; sight; sight = sight->outer)
            if (name_equal(sight->common->name, last))
                return use_common_table(binder, sight->common, at, source);
    if (!place_exists(binder, name, 1, at))
        return false;
    const struct table *table = place_find(binder, name);
    if (!table && place_fits(binder, PLACE_SERVICE, name, 1) && !service_find(binder->service, last, &table, binder->err))
        return false;
    if (table && !table_complete(table, binder->err))
        return false;
    if (table && table->query)
        return bind_view(binder, table, at, source);
    if (table && table->fault)
        return bind_error(binder, at, "42S02", "Table %.128s can not be used: %.600s", table->name, table->fault);
    return table ? use_base_table(binder, table, source) : no_table(binder, last, at);
}

struct source *scope_find_source(struct binder *binder, const struct scope *scope, const char *name, uint32_t at)
{
    struct name_guess guess = {.wanted = name};
    char hint[160];

    for (size_t i = 0; i < scope->source_count; i++) {
        if (name_equal(scope->sources[i]->alias, name))
            return scope->sources[i];
        if (scope->sources[i]->alias[0])
            name_guess_show(&guess, scope->sources[i]->alias);
    }
    bind_error(binder, at, "42S02", "There is no table or alias %.128s in this FROM%s", name, guessed(&guess, hint, sizeof hint));
    return NULL;
}

/* "Timesheets", "Timesheets, Users"… for a message. */
static void list_sources(const struct scope *scope, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < scope->source_count && i < SHOWN_SOURCES && used < size; i++) {
        const struct source *source = scope->sources[i];
        int written = snprintf(out + used, size - used, "%s%.64s", i ? ", " : "", source->table ? source->table->name : source->alias);
        used += written > 0 ? (size_t)written : 0;
    }
    if (scope->source_count > SHOWN_SOURCES && used < size)
        snprintf(out + used, size - used, "…");
}

static bool no_column(struct binder *binder, const struct scope *scope, const struct expression *expression)
{
    const char *name = expression->name.parts[expression->name.count - 1];
    struct name_guess guess = {.wanted = name};
    char hint[160], sources[256];

    for (const struct scope *s = scope; s; s = s->outer)
        for (size_t i = 0; i < s->column_count; i++)
            name_guess_show(&guess, s->columns[i].name);
    list_sources(scope, sources, sizeof sources);
    return bind_error(binder, expression->at, "42S22", "There is no column %.128s%s%s%s", name,
                      sources[0] ? " in " : "; this SELECT has no FROM", sources, guessed(&guess, hint, sizeof hint));
}

static void become(struct expression *expression, const struct expression *value)
{
    uint32_t at = expression->at;
    *expression = *value;
    expression->at = at;
}

/* Whether what stands in front of Alias.column is nothing, or where the table stands. */
static bool stands_in(const struct binder *binder, const struct source *source, const struct name *name)
{
    const struct table *table = source->table ? source->table : source->view;
    return name->count <= 2 || (table && place_fits(binder, table->place, name, 2));
}

/* Alias.column. *found: the alias is known in this scope. */
static bool resolve_qualified(struct binder *binder, struct scope *scope, struct expression *expression, bool *found)
{
    const struct name *name = &expression->name;
    const char *qualifier = name->parts[name->count - 2], *column = name->parts[name->count - 1];
    struct name_guess guess = {.wanted = column};
    char hint[160];

    *found = false;
    for (size_t i = 0; i < scope->source_count; i++) {
        struct source *source = scope->sources[i];
        struct expression *match = NULL;
        if (!name_equal(source->alias, qualifier) || !stands_in(binder, source, name))
            continue;
        *found = true;
        for (size_t j = 0; j < source->column_count; j++) {
            name_guess_show(&guess, source->columns[j].name);
            if (!name_equal(source->columns[j].name, column))
                continue;
            if (match)
                return bind_error(binder, expression->at, "42000", "The column %.128s.%.128s is ambiguous: two columns have this name",
                                  qualifier, column);
            match = scope_column(binder, source, j, expression->at);
            if (!match)
                return false;
        }
        if (!match)
            return bind_error(binder, expression->at, "42S22", "There is no column %.128s in %.128s%s", column,
                              source->table ? source->table->name : source->alias, guessed(&guess, hint, sizeof hint));
        become(expression, match);
        return true;
    }
    return true;
}

static bool resolve_unqualified(struct binder *binder, struct scope *scope, struct expression *expression, bool *found)
{
    const char *name = expression->name.parts[0];
    const struct visible_column *match = NULL;

    for (size_t i = 0; i < scope->column_count; i++) {
        if (!name_equal(scope->columns[i].name, name))
            continue;
        if (match)
            return bind_error(binder, expression->at, "42000", "The column %.128s is ambiguous: more than one table has it; "
                              "write the table or its alias in front", name);
        match = &scope->columns[i];
    }
    *found = match != NULL;
    if (match) {
        struct expression *value = scope_use(binder, match, expression->at);
        if (!value)
            return false;
        become(expression, value);
        return true;
    }
    for (size_t i = 0; scope->aliases && i < scope->select->item_count && !*found; i++) {
        const struct select_item *item = &scope->select->items[i];
        *found = item->alias && name_equal(item->alias, name);
        if (*found)
            become(expression, item->expression);
    }
    return true;
}

bool scope_resolve(struct binder *binder, struct scope *scope, struct expression *expression)
{
    const struct name name = expression->name;
    bool found = false;

    if (!place_exists(binder, &name, 2, expression->at))
        return false;
    for (struct scope *s = scope; s && !found; s = s->outer)
        if (!(name.count > 1 ? resolve_qualified(binder, s, expression, &found) : resolve_unqualified(binder, s, expression, &found)))
            return false;
    if (found)
        return true;
    if (name.count > 2)
        return bind_error(binder, expression->at, "42S02", "There is no table %.128s.%.128s in this FROM", name.parts[name.count - 3],
                          name.parts[name.count - 2]);
    if (name.count > 1)
        return scope_find_source(binder, scope, name.parts[name.count - 2], expression->at) != NULL;
    return no_column(binder, scope, expression);
}
