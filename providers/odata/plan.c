#include "providers/odata/plan.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "providers/odata/condition.h"
#include "providers/odata/options.h"

/* Nothing is known of a set's size: large enough that a condition which the service takes is always worth it. */
static const double usual_page = 500;

bool odata_is_named(const struct odata_name *list, const char *path)
{
    for (; list; list = list->next)
        if (strcmp(list->text, path) == 0)
            return true;
    return false;
}

bool odata_may_use(const struct odata_context *context, const struct odata_table *table, const char *function)
{
    const struct odata_limits *limits = table->limits;
    const struct odata_name *allowed = limits->functions;

    if (!allowed && table->set)
        allowed = table->set->container->limits.functions;
    return !(atomic_load(context->refused) & REFUSED_FUNCTIONS) && (!allowed || odata_is_named(allowed, function));
}

bool odata_may_calculate(const struct odata_context *context)
{
    return !(atomic_load(context->refused) & REFUSED_CALCULATIONS);
}

bool odata_may_tell(const struct odata_table *table)
{
    return !(atomic_load(&table->refused) & REFUSED_TERMS);
}

/* What $filter can say. */

static enum odata_filterable filterable(const struct odata_table *table, const struct odata_column *column)
{
    const struct odata_limits *limits = table->limits;

    if (column->role == ROLE_PARENT)
        return column->filterable;
    if (odata_is_named(limits->not_filterable, column->path))
        return FILTERABLE_NOT;
    if (odata_is_named(limits->only_one_value, column->path))
        return FILTERABLE_ONE_VALUE;
    if (odata_is_named(limits->only_values, column->path))
        return FILTERABLE_VALUES;
    if (odata_is_named(limits->only_ranges, column->path))
        return FILTERABLE_RANGES;
    return column->filterable;
}

static bool is_range(enum filter_op op)
{
    return op == FILTER_LESS || op == FILTER_LESS_EQUAL || op == FILTER_GREATER || op == FILTER_GREATER_EQUAL;
}

/* Whether the type has the operator, so that the service's answer holds all rows that SQL's holds. Texts are not compared by < and >: each
 * service has an order of its own for them. */
static bool has_operator(const struct odata_context *context, const struct odata_column *column, enum filter_op op)
{
    bool nested = strchr(column->path, '/');

    if (op == FILTER_IS_NULL)
        return !column->derived && (!nested || context->version == ODATA_V4);
    if (op == FILTER_IS_NOT_NULL)
        return !column->derived;
    switch (column->edm) {
    case EDM_STRING:
        return op == FILTER_EQUAL || op == FILTER_IN || op == FILTER_LIKE;
    case EDM_BOOLEAN: case EDM_GUID: case EDM_ENUM:
        return op == FILTER_EQUAL || op == FILTER_IN || op == FILTER_NOT_EQUAL;
    case EDM_BINARY: case EDM_DURATION:
        return op == FILTER_EQUAL;
    case EDM_DATE_TIME: case EDM_DATE_TIME_OFFSET:
        return op != FILTER_LIKE && !(op == FILTER_IN && (context->milliseconds || column->day));
    default:
        return edm_is_ordered(column->edm) && op != FILTER_LIKE;
    }
}

bool odata_can_filter(const struct odata_context *context, const struct odata_table *table, const struct odata_column *column, enum filter_op op)
{
    if (!table->limits->filter || context->options->most_filter == 0 || column->collection || !edm_is_comparable(column->edm))
        return false;
    if (atomic_load(&column->filter_refused) || (column->derived && context->version == ODATA_V2) || !has_operator(context, column, op))
        return false;
    switch (filterable(table, column)) {
    case FILTERABLE_FULLY: return true;
    case FILTERABLE_RANGES: return op == FILTER_EQUAL || is_range(op);
    case FILTERABLE_VALUES: return op == FILTER_EQUAL || op == FILTER_IN;
    case FILTERABLE_ONE_VALUE: return op == FILTER_EQUAL;
    default: return false;
    }
}

bool odata_is_free(const struct odata_table *table, const struct odata_column *column)
{
    return filterable(table, column) == FILTERABLE_FULLY;
}

/* Whether every row that the service then has satisfies the condition: not where its ways to compare may be wider than SQL's. */
static bool is_exact(const struct odata_context *context, const struct odata_column *column, enum filter_op op)
{
    switch (column->edm) {
    case EDM_STRING: return context->options->exact_text && op != FILTER_LIKE;
    case EDM_SINGLE: case EDM_DURATION: return false;
    case EDM_ENUM: return !(column->type && column->type->flags);
    default: return !column->derived;
    }
}

/* Keys. */

const int *odata_key_columns(const struct odata_table *table, bool of_parent, struct arena *arena)
{
    int *list = arena_array(arena, table->table.column_count + 1, sizeof *list);
    size_t made = 0;

    if (!list)
        return NULL;
    if (of_parent) {
        for (size_t i = 0; i < table->parent_count; i++)
            if (table->table.columns[i].key)
                list[made++] = (int)i;
    } else {
        for (const struct odata_key *key = model_keys(table->type); key; key = key->next)
            for (size_t i = table->parent_count; i < table->table.column_count; i++)
                if (table->columns[i].role == ROLE_PROPERTY && strcmp(table->columns[i].path, key->path) == 0)
                    list[made++] = (int)i;
    }
    list[made] = -1;
    return list;
}

/* The first usable condition of that kind on a column; -1 when there is none. */
static int condition_on(const struct plan_condition *conditions, size_t count, int column, enum filter_op op)
{
    for (size_t i = 0; i < count; i++)
        if (conditions[i].column == column && conditions[i].op == op && conditions[i].usable)
            return (int)i;
    return -1;
}

/* Gives each key its condition. lists: one of them may be a list. False when some key has none. */
static bool serve_keys(const struct plan_condition *conditions, size_t count, const int *keys, bool lists, enum odata_where where,
                       enum odata_where *places)
{
    bool listed = false;

    if (keys[0] < 0)
        return false;
    for (const int *key = keys; *key >= 0; key++) {
        int at = condition_on(conditions, count, *key, FILTER_EQUAL);
        if (at < 0 && lists && !listed) {
            at = condition_on(conditions, count, *key, FILTER_IN);
            listed = at >= 0;
        }
        if (at < 0)
            return false;
        places[at] = where;
    }
    return true;
}

/* Ways. */

struct choice {
    const struct odata_context *context;
    const struct odata_table *table;
    struct plan_condition *conditions;
    size_t count;
    struct odata_route *route;
    struct arena *arena;
};

static void nowhere(struct choice *choice)
{
    choice->route->filters = false;
    for (size_t i = 0; i < choice->count; i++)
        choice->route->where[i] = WHERE_NOWHERE;
}

/* Gives $filter what it can say of the entities themselves. */
static void serve_filter(struct choice *choice)
{
    choice->route->filters = true;
    for (size_t i = 0; i < choice->count; i++) {
        const struct plan_condition *condition = &choice->conditions[i];
        if (!condition->usable || condition->column < 0 || choice->route->where[i] != WHERE_NOWHERE)
            continue;
        const struct odata_column *column = &choice->table->columns[condition->column];
        if (column->role == ROLE_SEARCH && condition->op == FILTER_EQUAL)
            choice->route->where[i] = WHERE_SEARCH;
        else if (column->role == ROLE_PROPERTY && odata_can_filter(choice->context, choice->table, column, condition->op))
            choice->route->where[i] = WHERE_FILTER;
    }
}

/* What the parent can be narrowed by: conditions on columns that are its. */
static bool serve_parent(struct choice *choice, struct error *err)
{
    const struct odata_table *table = choice->table, *parent = table->parent;
    struct plan_condition *above = arena_array(choice->arena, choice->count + 1, sizeof *above);
    size_t *origin = arena_array(choice->arena, choice->count + 1, sizeof *origin), count = 0;
    struct odata_route route = {0};

    if (!above || !origin)
        return error_memory(err);
    for (size_t i = 0; i < choice->count; i++) {
        const struct plan_condition *condition = &choice->conditions[i];
        int column = condition->column < 0 ? -1 : table->columns[condition->column].parent;
        if (column < 0)
            continue;
        above[count] = (struct plan_condition){.column = column, .op = condition->op, .usable = condition->usable};
        origin[count++] = i;
    }
    if (!odata_route_choose(choice->context, parent, above, count, choice->route->way == WAY_EXPAND, &route, choice->arena, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (above[i].taken)
            choice->route->where[origin[i]] = WHERE_PARENT;
    choice->route->rows = route.rows;
    choice->route->requests = route.requests;
    return true;
}

static bool can_expand(const struct choice *choice)
{
    const struct odata_table *parent = choice->table->parent;

    return choice->context->options->expand && (parent->kind == TABLE_OF_SET || parent->kind == TABLE_OF_SINGLETON) && parent->limits->expand
           && parent->limits->read && !odata_is_named(parent->limits->not_expandable, choice->table->navigation->name)
           && !(atomic_load(&parent->refused) & REFUSED_EXPAND) && !(atomic_load(&choice->table->refused) & REFUSED_EXPAND);
}

/* Whether what is inside of the parents can be narrowed: V4 has options inside of $expand; what a navigation leads to at most once can be
 * named in the parent's $filter. */
static bool can_narrow_inside(const struct choice *choice)
{
    return !(atomic_load(&choice->table->refused) & REFUSED_NESTED) && (choice->context->version == ODATA_V4 || !choice->table->many);
}

static bool choose_navigation(struct choice *choice, struct error *err)
{
    const struct odata_table *table = choice->table;
    struct odata_route *route = choice->route;
    const int *keys = odata_key_columns(table, true, choice->arena);

    if (!keys)
        return error_memory(err);
    bool only_keys = !choice->context->options->parent_columns;
    route->way = WAY_DIRECT;
    if (only_keys && (keys[0] < 0 || serve_keys(choice->conditions, choice->count, keys, true, WHERE_PARENT, route->where))) {
        if (table->many)
            serve_filter(choice);
        route->requests = 1;
        for (size_t i = 0; i < choice->count; i++)
            if (route->where[i] == WHERE_PARENT && choice->conditions[i].op == FILTER_IN)
                route->requests = guess_values;
        route->rows = (table->many ? guess_children : 1) * route->requests;
        return true;
    }
    nowhere(choice);
    route->way = can_expand(choice) ? WAY_EXPAND : WAY_WALK;
    if (!serve_parent(choice, err))
        return false;
    if (route->way == WAY_WALK ? table->many : can_narrow_inside(choice))
        serve_filter(choice);
    if (route->way == WAY_WALK)
        route->requests += route->rows;
    route->rows *= table->many ? guess_children : 1;
    return true;
}

static bool choose_function(struct choice *choice, struct error *err)
{
    const struct odata_table *table = choice->table;

    choice->route->way = WAY_FUNCTION;
    for (size_t column = 0; column < table->table.column_count; column++) {
        if (table->columns[column].role != ROLE_INPUT)
            continue;
        int at = condition_on(choice->conditions, choice->count, (int)column, FILTER_EQUAL);
        if (at >= 0)
            choice->route->where[at] = WHERE_INPUT;
        else if (!table->columns[column].optional)
            return error_set(err, "42000", "View %s can only be read with its input %s, as in WHERE %s = …", table->table.name,
                             table->table.columns[column].name, table->table.columns[column].name);
    }
    choice->route->requests = 1;
    choice->route->rows = table->many ? guess_children : 1;
    return true;
}

static bool is_searched(const struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++)
        if (choice->conditions[i].column >= 0 && choice->table->columns[choice->conditions[i].column].role == ROLE_SEARCH)
            return true;
    return false;
}

static bool choose_set(struct choice *choice, bool grouped, struct error *err)
{
    const struct odata_table *table = choice->table;
    const int *keys = odata_key_columns(table, false, choice->arena);
    bool by_key = !grouped && table->limits->by_key && !(atomic_load(&table->refused) & REFUSED_KEY) && !is_searched(choice);

    if (!keys)
        return error_memory(err);
    if (by_key && serve_keys(choice->conditions, choice->count, keys, false, WHERE_KEY, choice->route->where)) {
        choice->route->way = WAY_KEY;
        choice->route->rows = choice->route->requests = 1;
        return true;
    }
    nowhere(choice);
    choice->route->way = WAY_SET;
    serve_filter(choice);
    choice->route->rows = guess_rows;
    return true;
}

/* What must be said. */

static bool is_filtered(const struct choice *choice, const char *path)
{
    for (size_t i = 0; i < choice->count; i++)
        if ((choice->route->where[i] == WHERE_FILTER || choice->route->where[i] == WHERE_KEY)
            && (!path || strcmp(choice->table->columns[choice->conditions[i].column].path, path) == 0))
            return true;
    return false;
}

static const char *column_of(const struct odata_table *table, const char *path)
{
    for (size_t i = 0; i < table->table.column_count; i++)
        if (table->columns[i].role == ROLE_PROPERTY && strcmp(table->columns[i].path, path) == 0)
            return table->table.columns[i].name;
    return path;
}

static bool demand(const struct odata_table *table, const char *column, struct error *err)
{
    return error_set(err, "42000", "Table %s can only be read with a condition on %s, as in WHERE %s = …", table->table.name, column, column);
}

static bool is_allowed(const struct choice *choice, struct error *err)
{
    const struct odata_table *table = choice->table;

    if (!table->limits->read && table->kind != TABLE_OF_NAVIGATION)
        return error_set(err, "42000", "Table %s can not be read by itself: the service shows its rows only as what others lead to", table->table.name);
    if (choice->route->way != WAY_SET)
        return true;
    for (const struct odata_name *path = table->limits->required; path; path = path->next)
        if (!is_filtered(choice, path->text))
            return demand(table, column_of(table, path->text), err);
    for (size_t i = 0; i < table->table.column_count; i++)
        if (table->columns[i].required && !is_filtered(choice, table->columns[i].path))
            return demand(table, table->table.columns[i].name, err);
    if (!table->limits->needs_filter || is_filtered(choice, NULL))
        return true;
    for (size_t i = 0; i < table->table.column_count; i++)
        if (odata_can_filter(choice->context, table, &table->columns[i], FILTER_EQUAL))
            return demand(table, table->table.columns[i].name, err);
    return true;
}

/* The words to search for can only be told to the service. */
static bool are_inputs_served(const struct choice *choice, struct error *err)
{
    for (size_t i = 0; i < choice->count; i++) {
        int at = choice->conditions[i].column;
        enum odata_role role = at < 0 ? ROLE_PROPERTY : choice->table->columns[at].role;
        if ((role != ROLE_SEARCH && role != ROLE_INPUT) || choice->route->where[i] != WHERE_NOWHERE)
            continue;
        const char *name = choice->table->table.columns[at].name;
        return error_set(err, "42000", "%s of table %s is only an input: compare it with = to a value known in advance, as in %s = '…'", name,
                         choice->table->table.name, name);
    }
    return true;
}

bool odata_route_choose(const struct odata_context *context, const struct odata_table *table, struct plan_condition *conditions, size_t count,
                        bool grouped, struct odata_route *route, struct arena *arena, struct error *err)
{
    struct choice choice = {context, table, conditions, count, route, arena};
    bool done = true;

    *route = (struct odata_route){.where = arena_array(arena, count + 1, sizeof *route->where), .rows = 1, .requests = 1};
    if (!route->where)
        return error_memory(err);
    switch (table->kind) {
    case TABLE_OF_SINGLETON: route->way = WAY_SINGLE; break;
    case TABLE_OF_NAVIGATION: done = choose_navigation(&choice, err); break;
    case TABLE_OF_FUNCTION: done = choose_function(&choice, err); break;
    case TABLE_OF_SET: done = choose_set(&choice, grouped, err); break;
    }
    if (!done || !is_allowed(&choice, err) || !are_inputs_served(&choice, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct plan_condition *condition = &conditions[i];
        condition->taken = route->where[i] != WHERE_NOWHERE;
        condition->exact = condition->taken && is_exact(context, &table->columns[condition->column], condition->op);
        if (route->where[i] == WHERE_SEARCH || route->where[i] == WHERE_INPUT)
            condition->exact = true; /* its cells repeat what was asked for */
        if (route->where[i] == WHERE_FILTER && route->way != WAY_FUNCTION)
            route->rows = fmax(1, route->rows * guess_share(&table->table.columns[condition->column], condition->op, route->rows));
    }
    if (route->way == WAY_SET)
        route->requests = ceil(route->rows / usual_page);
    return true;
}

void odata_route_tell(const struct odata_context *context, const struct odata_table *table, struct odata_route *route, struct plan_term *terms,
                      size_t count)
{
    struct odata_condition_needs needs;
    struct buffer text;

    buffer_init(&text, 1 << 20);
    for (size_t i = 0; i < count && route->filters && odata_may_tell(table); i++) {
        buffer_reset(&text);
        terms[i].taken = odata_condition_write(context, table, terms[i].term, NULL, &text, &needs);
        if (terms[i].taken)
            route->rows = fmax(1, route->rows * term_share(&table->table, terms[i].term, route->rows));
    }
    buffer_clear(&text);
    if (route->way == WAY_SET)
        route->requests = ceil(route->rows / usual_page);
}

/* Order. */

/* NULLs stand in another place for each service: only where there are none is its order SQL's. */
static bool has_no_nulls(const struct odata_table *table, const struct odata_route *route, const struct plan_condition *conditions, size_t count,
                         int column)
{
    if (!table->table.columns[column].nullable)
        return true;
    for (size_t i = 0; i < count; i++)
        if (conditions[i].column == column && route->where[i] == WHERE_FILTER && conditions[i].exact && conditions[i].op != FILTER_IS_NULL)
            return true;
    return false;
}

bool odata_route_ordered(const struct odata_context *context, const struct odata_table *table, const struct odata_route *route,
                         const struct plan_condition *conditions, size_t count, const struct plan_order *order, size_t order_count)
{
    if (order_count == 0 || route->way != WAY_SET || !table->limits->sort)
        return false;
    for (size_t i = 0; i < count; i++) /* lists may be split over several requests, each in order but not together */
        if (conditions[i].taken && conditions[i].op == FILTER_IN)
            return false;
    for (size_t i = 0; i < order_count; i++) {
        const struct odata_column *column = &table->columns[order[i].column];
        if (column->role != ROLE_PROPERTY || !column->sortable || column->derived || column->collection || atomic_load(&column->order_refused)
            || odata_is_named(table->limits->not_sortable, column->path) || !edm_is_ordered(column->edm)
            || (context->milliseconds && order_count > 1) /* moments that are equal here may not be there */
            || !has_no_nulls(table, route, conditions, count, order[i].column))
            return false;
    }
    return true;
}
