#include "providers/definition/plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "providers/definition/cells.h"
#include "providers/definition/variables.h"

/* The standard conditions. */

static bool is_any(const struct definition_table *table, size_t column, struct variables *variables, struct arena *arena)
{
    const char *any = table->table.columns[column].any;
    const char *known = any && variables ? variables_known_text(variables, &table->columns[column].standard, arena) : NULL;
    return known && strcmp(known, any) == 0;
}

/* Whether the query names the column, or one that goes without this one's standard. */
static bool does_without(const struct definition_table *table, size_t at, uint64_t named)
{
    const struct definition_column *column = &table->columns[at];
    uint64_t any = table_naming(&table->table, at);

    for (size_t i = 0; i < column->unless_count; i++)
        any |= table_naming(&table->table, (size_t)column->unless[i]);
    return any & named;
}

bool conditions_open(struct conditions *conditions, const struct definition_table *table, const struct plan_condition *own, size_t count,
                     uint64_t named, struct variables *variables, struct arena *arena)
{
    size_t columns = table->table.column_count;

    *conditions = (struct conditions){.list = arena_array(arena, count + columns, sizeof *conditions->list), .own_count = count, .named = named};
    if (!conditions->list)
        return false;
    if (count)
        memcpy(conditions->list, own, count * sizeof *own);
    conditions->count = count;
    for (size_t i = 0; i < columns; i++)
        if (table->columns[i].standard.source && !does_without(table, i, named) && !is_any(table, i, variables, arena))
            conditions->list[conditions->count++] = (struct plan_condition){.column = (int)i, .op = FILTER_EQUAL, .usable = true};
    return true;
}

/* Handing out parameters. */

/* The order in which conditions are served, smallest first. */
static int rank(const struct definition_table *table, const struct plan_condition *condition)
{
    static const int ranks[] = {
        [FILTER_EQUAL] = 1, [FILTER_IN] = 2, [FILTER_LESS] = 3, [FILTER_LESS_EQUAL] = 3, [FILTER_GREATER] = 3,
        [FILTER_GREATER_EQUAL] = 3, [FILTER_NOT_EQUAL] = 5, [FILTER_LIKE] = 4, [FILTER_IS_NULL] = 6, [FILTER_IS_NOT_NULL] = 6,
    };
    return table->table.columns[condition->column].pseudo ? 0 : ranks[condition->op];
}

/* One attempt to ask by an endpoint. */
struct attempt {
    const struct definition_table *table;
    const bool *wanted;              /* per column: its cells are looked at; NULL: any may be */
    const struct definition_endpoint *endpoint;
    uint32_t bit;
    struct conditions *conditions;
    struct variables *variables;
    struct route route;
    uint64_t fed;                    /* parameters that the parent fills */
    bool details;                    /* details may be asked for of each row */
};

static bool choose(const struct definition_table *table, struct conditions *conditions, const bool *wanted, struct variables *variables,
                   bool details, struct route *route, struct error *err);

static void serve(struct attempt *attempt, int index)
{
    struct plan_condition *condition = &attempt->conditions->list[index];
    const struct definition_column *column = &attempt->table->columns[condition->column];
    struct route *route = &attempt->route;
    unsigned op = 1u << condition->op;
    bool exact = true;

    for (size_t i = 0; i < column->filter_count; i++) {
        const struct definition_filter *filter = &column->filters[i];
        if (!(filter->ops & op) || !(filter->endpoints & attempt->bit) || (attempt->fed >> filter->parameter & 1))
            continue;
        if (route->condition[filter->parameter] >= 0) {
            exact = false;
            continue;
        }
        route->condition[filter->parameter] = index;
        route->filter[filter->parameter] = filter;
        condition->taken = true;
        exact &= (filter->exact_ops & op) != 0;
    }
    /* The cell of an input repeats what was asked for, so that there is nothing to check. */
    condition->exact = condition->taken && (exact || attempt->table->table.columns[condition->column].pseudo);
}

static void assign(struct attempt *attempt)
{
    struct conditions *conditions = attempt->conditions;

    for (size_t i = 0; i < DEFINITION_PARAMETERS; i++)
        attempt->route.condition[i] = -1;
    for (size_t i = 0; i < conditions->count; i++)
        conditions->list[i].taken = conditions->list[i].exact = false;
    for (int served = 0; served <= 6; served++)
        for (size_t i = 0; i < conditions->count; i++) {
            const struct plan_condition *condition = &conditions->list[i];
            if (condition->usable && condition->column >= 0 && rank(attempt->table, condition) == served)
                serve(attempt, (int)i);
        }
}

/* Parameters that are asked for with each text of a map where no condition chooses one; *count: how many requests that makes. */
static uint64_t find_each(const struct attempt *attempt, double *count)
{
    uint64_t found = 0;

    *count = 1;
    for (size_t column = 0; column < attempt->table->table.column_count; column++)
        for (size_t i = 0; i < attempt->table->columns[column].filter_count; i++) {
            const struct definition_filter *filter = &attempt->table->columns[column].filters[i];
            if (!filter->each || !(filter->endpoints & attempt->bit) || attempt->route.condition[filter->parameter] >= 0
                || (attempt->fed >> filter->parameter & 1))
                continue;
            found |= (uint64_t)1 << filter->parameter;
            *count *= (double)filter->map_count;
        }
    return found;
}

/* Whether what must be sent is sent. */
static bool is_required_met(const struct attempt *attempt)
{
    const struct definition_endpoint *endpoint = attempt->endpoint;
    double unused;
    uint64_t sent = attempt->fed | find_each(attempt, &unused);

    for (size_t i = 0; i < attempt->table->parameter_count; i++)
        if (attempt->route.condition[i] >= 0)
            sent |= (uint64_t)1 << i;
    if (endpoint->needs & ~sent)
        return false;
    for (size_t i = 0; i < endpoint->setting_count; i++)
        sent |= (uint64_t)1 << endpoint->settings[i].parameter;
    for (size_t i = 0; i < attempt->table->require_count; i++) {
        const struct definition_require *require = &attempt->table->requires[i];
        if ((require->endpoints & attempt->bit) && !require->standard && !(require->any & sent))
            return false;
    }
    return true;
}

/* Whether a standard can be told at all: by the service, or by looking at the rows. An input that the endpoint does not know is none. */
static bool are_standards_met(const struct attempt *attempt)
{
    const struct conditions *conditions = attempt->conditions;

    for (size_t i = conditions->own_count; i < conditions->count; i++) {
        size_t column = (size_t)conditions->list[i].column;
        bool known = column_stands(attempt->table, column, attempt->endpoint)
                     || (attempt->route.walks && column_from(attempt->table, column, attempt->endpoint) >= 0);
        if (!conditions->list[i].taken && !known && !attempt->table->table.columns[column].pseudo)
            return false;
    }
    return true;
}

/* An input that is compared in a way which the service can not be asked for has no cells to compare with. */
static bool are_inputs_served(const struct attempt *attempt)
{
    const struct conditions *conditions = attempt->conditions;

    for (size_t i = 0; i < conditions->own_count; i++) {
        const struct plan_condition *condition = &conditions->list[i];
        if (condition->column < 0)
            continue;
        bool served = !attempt->table->table.columns[condition->column].pseudo;
        for (size_t j = 0; j < conditions->own_count && !served; j++)
            served = conditions->list[j].column == condition->column && conditions->list[j].taken;
        if (!served)
            return false;
    }
    return true;
}

/* Estimates. */

/* Rows of one request or its pages, and how many pages that makes. */
static void estimate(struct attempt *attempt)
{
    const struct definition_endpoint *endpoint = attempt->endpoint;
    struct route *route = &attempt->route;
    bool many = endpoint->shape.rows[0].many;
    double calls = 1, each;

    route->rows = !many ? 1 : endpoint->rows > 0 ? endpoint->rows : endpoint->needs & ~endpoint->fed ? guess_children : guess_rows;
    if (endpoint->parent && many && endpoint->rows <= 0)
        route->rows = guess_children;
    for (size_t i = 0; i < attempt->table->parameter_count; i++) {
        const struct plan_condition *condition = route->condition[i] >= 0 ? &attempt->conditions->list[route->condition[i]] : NULL;
        if (condition && condition->op == FILTER_IN && route->filter[i]->most == 1)
            calls *= route->filter[i]->map ? (double)route->filter[i]->map_count : guess_values;
        if (condition && condition->op == FILTER_IN && route->filter[i]->most == 1 && !route->filter[i]->map)
            route->each = true;
        if (!condition || attempt->table->parameters[i].in_path)
            continue;
        route->rows = fmax(1, route->rows * guess_share(&attempt->table->table.columns[condition->column], condition->op, route->rows));
    }
    find_each(attempt, &each);
    calls *= each;
    route->rows *= calls;
    double page = endpoint->paging->kind != PAGING_NONE && endpoint->paging->largest > 0 ? (double)endpoint->paging->largest : route->rows + 1;
    route->requests = fmax(calls, ceil(route->rows / page));
}

/* Walking. */

bool route_parent_conditions(const struct definition_table *table, const struct definition_endpoint *endpoint,
                             const struct conditions *conditions, struct arena *arena, struct plan_condition **list, size_t *count,
                             size_t **origin)
{
    *count = 0;
    *list = arena_array(arena, conditions->count, sizeof **list);
    *origin = arena_array(arena, conditions->count, sizeof **origin);
    if (!*list || !*origin)
        return false;
    for (size_t i = 0; i < conditions->count; i++) {
        const struct plan_condition *condition = &conditions->list[i];
        int column = condition->column >= 0 ? column_from(table, (size_t)condition->column, endpoint) : -1;
        if (column < 0)
            continue;
        (*list)[*count] = (struct plan_condition){.column = column, .op = condition->op, .usable = condition->usable};
        (*origin)[(*count)++] = i;
    }
    return true;
}

uint64_t route_parent_named(const struct definition_table *table, const struct definition_endpoint *endpoint, const struct conditions *conditions)
{
    uint64_t named = 0;

    for (size_t i = 0; i < table->table.column_count; i++) {
        int column = column_from(table, i, endpoint);
        bool names = (table_naming(&table->table, i) & conditions->named)
                     || conditions_name(&conditions->list[conditions->own_count], conditions->count - conditions->own_count, i);
        if (column >= 0 && names)
            named |= table_naming(&endpoint->parent->table, (size_t)column);
    }
    return named;
}

/* A condition on what comes from the parent is taken in any case: its rows are looked at before the child is asked for them. */
static void take_from_parent(struct plan_condition *condition, const struct definition_endpoint *endpoint, const struct plan_condition *above,
                             double *rows)
{
    const struct definition_table *parent = endpoint->parent;

    condition->exact |= above->taken && above->exact && !endpoint->also; /* what comes by that is of no parent */
    if (above->usable && !above->taken && above->op != FILTER_LIKE)
        *rows = fmax(1, *rows * guess_share(&parent->table.columns[above->column], above->op, *rows));
    condition->taken |= above->taken || (above->usable && above->op != FILTER_LIKE);
}

/* How the parent is asked, and what it takes off the child's hands. */
static bool plan_parent(struct attempt *attempt, struct error *err)
{
    const struct definition_endpoint *endpoint = attempt->endpoint;
    struct conditions *conditions = attempt->conditions, above;
    struct plan_condition *list;
    struct arena arena = {0};
    struct route route;
    size_t count, *origin;

    bool *wanted = endpoint->details ? arena_array(&arena, attempt->table->table.column_count, sizeof *wanted) : NULL;
    for (size_t i = 0; wanted && i < attempt->table->table.column_count; i++)
        wanted[i] = column_is_gathered(attempt->table, i, endpoint, attempt->wanted, conditions);

    bool done = ((wanted || !endpoint->details) && route_parent_conditions(attempt->table, endpoint, conditions, &arena, &list, &count, &origin)
                 && conditions_open(&above, endpoint->parent, list, count, route_parent_named(attempt->table, endpoint, conditions), attempt->variables,
                                    &arena)) || error_memory(err);
    done = done && choose(endpoint->parent, &above, wanted, attempt->variables, !endpoint->details, &route, err);
    for (size_t i = 0; done && i < count; i++)
        take_from_parent(&conditions->list[origin[i]], endpoint, &above.list[i], &route.rows);
    if (done) {
        attempt->route.walks = true;
        double most = 1; /* parents in one request */
        for (size_t i = 0; i < attempt->table->table.column_count; i++)
            for (size_t j = 0; j < attempt->table->columns[i].filter_count; j++) {
                const struct definition_filter *filter = &attempt->table->columns[i].filters[j];
                if ((attempt->fed >> filter->parameter & 1) && (filter->endpoints & attempt->bit) && filter->separator)
                    most = fmax(most, (double)filter->most);
            }
        attempt->route.requests = route.requests + ceil(route.rows / most) * attempt->route.requests;
        attempt->route.rows *= route.rows;
    }
    arena_clear(&arena);
    return done;
}

/* Whether the endpoint's rows have a cell for every column that is looked at. */
static bool are_cells_told(const struct attempt *attempt, bool walk)
{
    const struct definition_table *table = attempt->table;
    const struct definition_endpoint *endpoint = attempt->endpoint;

    for (size_t i = 0; attempt->wanted && i < table->table.column_count; i++) {
        bool told = !attempt->wanted[i] || !(table->columns[i].absent & attempt->bit) || column_fills(table, i, endpoint, endpoint->needs)
                    || (table->columns[i].standard.source && column_fills(table, i, endpoint, UINT64_MAX))
                    || (walk && column_from(table, i, endpoint) >= 0);
        if (!told)
            return false;
    }
    return true;
}

/* Whether the query wants rows of the standard only, where the endpoint has no others. */
static bool are_standards_meant(const struct attempt *attempt)
{
    const struct conditions *conditions = attempt->conditions;

    for (size_t i = 0; i < attempt->endpoint->standard_count; i++)
        if (!conditions_name(&conditions->list[conditions->own_count], conditions->count - conditions->own_count, (size_t)attempt->endpoint->standards[i]))
            return false;
    return true;
}

static bool try_endpoint(struct attempt *attempt, bool walk, struct error *err)
{
    attempt->route = (struct route){.endpoint = attempt->endpoint};
    attempt->fed = walk ? attempt->endpoint->fed : 0;
    assign(attempt);
    if (!is_required_met(attempt) || !are_cells_told(attempt, walk) || !are_standards_meant(attempt))
        return false;
    estimate(attempt);
    return (!walk || plan_parent(attempt, err)) && are_standards_met(attempt) && are_inputs_served(attempt);
}

/* Messages. */

/* What an endpoint must be told, by number: each of its needs is one parameter, each of its requirements one of several. 0 = nothing. */
static uint64_t demand(const struct attempt *attempt, size_t i)
{
    const struct definition_endpoint *endpoint = attempt->endpoint;

    if (i < DEFINITION_PARAMETERS)
        return endpoint->needs & ~endpoint->fed & (uint64_t)1 << i;
    const struct definition_require *require = &attempt->table->requires[i - DEFINITION_PARAMETERS];
    return (require->endpoints & attempt->bit) && !require->standard ? require->any : 0;
}

/* "A or B": the columns whose conditions would set one of these parameters. Returns the first. */
static const char *add_columns(const struct definition_table *table, uint64_t parameters, struct buffer *names)
{
    const char *first = NULL;

    for (size_t at = 0; at < table->table.column_count; at++) {
        bool sets = false;
        for (size_t i = 0; i < table->columns[at].filter_count; i++)
            sets |= parameters >> table->columns[at].filters[i].parameter & 1;
        if (!sets)
            continue;
        buffer_printf(names, "%s%s", first ? " or " : "", table->table.columns[at].name);
        first = first ? first : table->table.columns[at].name;
    }
    return first;
}

/* Adds what the endpoint is not told: "A or B", where it is several things "A or B, and C"; and an example, "A = … AND C = …". */
static void add_demands(struct attempt *attempt, struct buffer *names, struct buffer *example)
{
    uint64_t told = 0;
    bool one = true;

    assign(attempt);
    for (size_t i = 0; i < attempt->table->parameter_count; i++)
        told |= (uint64_t)(attempt->route.condition[i] >= 0) << i;
    for (size_t i = 0; i < attempt->endpoint->setting_count; i++)
        told |= (uint64_t)1 << attempt->endpoint->settings[i].parameter;
    for (size_t i = 0; i < DEFINITION_PARAMETERS + attempt->table->require_count; i++) {
        uint64_t any = demand(attempt, i);
        if (!any || (any & told))
            continue;
        buffer_append_text(names, one ? "" : ", and ");
        const char *first = add_columns(attempt->table, any, names);
        buffer_printf(example, "%s%s = …", one ? "" : " AND ", first ? first : "them");
        one = false;
    }
}

/* Each of the endpoints' demands is one way to read the table. */
static bool explain_demands(const struct definition_table *table, struct conditions *conditions, struct error *err)
{
    struct attempt attempt = {.table = table, .conditions = conditions};
    struct buffer all, names, example;
    char first[200] = "";

    buffer_init(&all, 400);
    buffer_init(&names, 400);
    buffer_init(&example, sizeof first);
    for (size_t i = 0; i < table->endpoint_count; i++) {
        attempt.endpoint = &table->endpoints[i];
        attempt.bit = (uint32_t)1 << i;
        buffer_reset(&names);
        buffer_reset(&example);
        add_demands(&attempt, &names, &example);
        if (names.length)
            buffer_printf(&all, "%s%s", all.length ? " or " : "", buffer_text(&names));
        if (names.length && !first[0])
            snprintf(first, sizeof first, "%s", buffer_text(&example));
    }
    error_set(err, "42000", "Table %s can only be read with a condition on %s, as in WHERE %s", table->table.name,
              all.length ? buffer_text(&all) : "its inputs", first[0] ? first : "them = …");
    buffer_clear(&example);
    buffer_clear(&names);
    buffer_clear(&all);
    return false;
}

/* Why no endpoint can be asked: an input that is compared in no way that it knows, or something that must be told. */
static bool explain_refusal(const struct definition_table *table, struct conditions *conditions, struct error *err)
{
    for (size_t i = 0; i < conditions->own_count; i++) {
        int at = conditions->list[i].column;
        unsigned ops = 0;
        if (at < 0 || (!table->table.columns[at].pseudo && !table->columns[at].standard.source))
            continue;
        bool served = false;
        for (size_t j = 0; j < conditions->own_count; j++)
            served |= conditions->list[j].column == at && conditions->list[j].usable
                      && (conditions->list[j].op == FILTER_EQUAL || conditions->list[j].op == FILTER_IN);
        if (served)
            continue;
        for (size_t j = 0; j < table->columns[at].filter_count; j++)
            ops |= table->columns[at].filters[j].ops;
        const char *name = table->table.columns[at].name;
        if (!table->table.columns[at].pseudo)
            return error_set(err, "42000", "%s of table %s is needed before the table is read: compare it with values known in advance, as in %s = …",
                             name, table->table.name, name);
        return error_set(err, "42000", "%s of table %s is only an input: compare it with = %sto values known in advance, as in %s = '…'",
                         name, table->table.name, ops & 1u << FILTER_IN ? "or IN " : "", name);
    }
    return explain_demands(table, conditions, err);
}

/* Whether an endpoint can be asked without its parent: that nobody looks at what only the parent knows is seen when the scan is opened. */
static bool can_be_direct(const struct attempt *attempt)
{
    const struct definition_table *table = attempt->table;
    const struct definition_endpoint *endpoint = attempt->endpoint;

    if (endpoint->direct)
        return true;
    for (size_t i = 0; attempt->wanted && i < table->table.column_count; i++)
        if (attempt->wanted[i] || conditions_name(attempt->conditions->list, attempt->conditions->count, i)) {
            bool filled = column_stands(table, i, endpoint) || column_fills(table, i, endpoint, endpoint->needs);
            if (!filled && column_from(table, i, endpoint) >= 0)
                return false;
        }
    return attempt->wanted;
}

/* Fewer requests, or as many with fewer rows. */
static bool is_cheaper(const struct route *route, const struct route *than)
{
    return route->requests < than->requests || (route->requests == than->requests && route->rows < than->rows);
}

static bool choose(const struct definition_table *table, struct conditions *conditions, const bool *wanted, struct variables *variables,
                   bool details, struct route *route, struct error *err)
{
    struct attempt attempt = {.table = table, .conditions = conditions, .wanted = wanted, .variables = variables, .details = details && wanted};
    int best = -1;
    bool best_walks = false;
    struct error refusal = {0};

    for (size_t i = 0; i < table->endpoint_count; i++) {
        attempt.endpoint = &table->endpoints[i];
        attempt.bit = (uint32_t)1 << i;
        for (int walk = 0; walk < 2; walk++) {
            struct error why = {0};
            if (walk ? !attempt.endpoint->parent || (attempt.endpoint->details && !attempt.details) : !can_be_direct(&attempt))
                continue;
            if (try_endpoint(&attempt, walk, &why)) {
                if (best < 0 || is_cheaper(&attempt.route, route)) {
                    *route = attempt.route;
                    best = (int)i;
                    best_walks = walk;
                }
                break; /* who can be asked directly is not gone to through its parents */
            }
            if (strcmp(why.sqlstate, "HY001") == 0)
                return error_memory(err);
            if (why.sqlstate[0] && !refusal.sqlstate[0])
                refusal = why;
        }
    }
    if (best < 0) {
        if (!refusal.sqlstate[0])
            return explain_refusal(table, conditions, err);
        *err = refusal;
        return false;
    }
    attempt.endpoint = &table->endpoints[best];
    attempt.bit = (uint32_t)1 << best;
    try_endpoint(&attempt, best_walks, &refusal); /* so that the conditions say what this one takes */
    *route = attempt.route;
    return true;
}

bool route_choose(const struct definition_table *table, struct conditions *conditions, const bool *wanted, struct variables *variables,
                  struct route *route, struct error *err)
{
    return choose(table, conditions, wanted, variables, true, route, err);
}

/* Whether a condition that the service is told leaves out the rows where the column is NULL: services place those where they like. */
static bool leaves_out_null(const struct conditions *conditions, int column)
{
    for (size_t i = 0; i < conditions->count; i++)
        if (conditions->list[i].column == column && conditions->list[i].taken && conditions->list[i].op != FILTER_IS_NULL)
            return true;
    return false;
}

const struct definition_order *route_order(const struct definition_table *table, const struct route *route,
                                           const struct conditions *conditions, bool planned, const struct plan_order *order, size_t order_count)
{
    uint32_t bit = endpoint_bit(table, route->endpoint);

    if (order_count != 1 || route->walks)
        return NULL;
    if (!planned && table->table.columns[order[0].column].nullable && !leaves_out_null(conditions, order[0].column))
        return NULL;
    /* A list may be split into successive requests, which are each in order but not together. */
    for (size_t i = 0; i < conditions->count; i++)
        if (conditions->list[i].taken && conditions->list[i].op == FILTER_IN)
            return NULL;
    for (size_t i = 0; i < table->table.column_count; i++)
        for (size_t j = 0; j < table->columns[i].filter_count; j++) {
            const struct definition_filter *filter = &table->columns[i].filters[j];
            int condition = route->condition[filter->parameter];
            /* A value that the map does not know is asked for with all of its texts, unless no row can have it. */
            bool sure = condition >= 0 && !filter->several && (!filter->each || conditions->list[condition].exact);
            if ((filter->endpoints & bit) && (filter->each || filter->several) && !sure)
                return NULL;
        }
    for (size_t i = 0; i < table->order_count; i++)
        if ((table->orders[i].endpoints & bit) && table->orders[i].column == order[0].column
            && table->orders[i].descending == order[0].descending)
            return &table->orders[i];
    return NULL;
}

/* A scan is shown only those conditions that were taken, and must come to the same route: so only those are held that are taken also when
 * the others are not there. kept: the conditions that are, by their place in the plan. */
static bool settle(const struct definition_table *table, const struct plan *plan, struct variables *variables, struct arena *arena,
                   struct conditions *conditions, size_t *kept, struct route *route, struct error *err)
{
    struct plan_condition *own = arena_array(arena, plan->condition_count, sizeof *own);
    size_t count = plan->condition_count, taken;

    if (!own)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        own[i] = plan->conditions[i];
        kept[i] = i;
    }
    for (;; count = taken) {
        if (!conditions_open(conditions, table, own, count, plan->named, variables, arena))
            return error_memory(err);
        if (!route_choose(table, conditions, NULL, variables, route, err))
            return false;
        taken = 0;
        for (size_t i = 0; i < count; i++) {
            if (!conditions->list[i].taken)
                continue;
            own[taken] = own[i];
            kept[taken++] = kept[i];
        }
        if (taken == count)
            return true;
    }
}

bool definition_plan(const struct table *table_, struct variables *variables, struct plan *plan, struct error *err)
{
    const struct definition_table *table = table_->definition;
    struct conditions conditions;
    struct arena arena = {0};
    struct route route;
    size_t *kept = arena_array(&arena, plan->condition_count, sizeof *kept);

    bool done = (kept || error_memory(err)) && settle(table, plan, variables, &arena, &conditions, kept, &route, err);
    if (done) {
        for (size_t i = 0; i < plan->condition_count; i++)
            plan->conditions[i].taken = plan->conditions[i].exact = false;
        for (size_t i = 0; i < conditions.own_count; i++) {
            plan->conditions[kept[i]].taken = true;
            plan->conditions[kept[i]].exact = conditions.list[i].exact;
        }
        plan->order_taken = route_order(table, &route, &conditions, false, plan->order, plan->order_count);
        plan->rows = route.rows;
        plan->requests = route.requests;
        plan->each = route.each;
    }
    arena_clear(&arena);
    return done;
}
