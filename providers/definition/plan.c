#include "providers/definition/plan.h"

#include <math.h>

#include "base/error.h"

/* Nothing is known of a table's size: large enough that a condition which the service takes is always worth it. */
static const double unknown_rows = 10000;

/* The order in which conditions are served, smallest first. */
static int rank(const struct definition_table *table, const struct plan_condition *condition)
{
    static const int ranks[] = {
        [FILTER_EQUAL] = 1, [FILTER_IN] = 2, [FILTER_LESS] = 3, [FILTER_LESS_EQUAL] = 3, [FILTER_GREATER] = 3,
        [FILTER_GREATER_EQUAL] = 3, [FILTER_NOT_EQUAL] = 5, [FILTER_LIKE] = 4, [FILTER_IS_NULL] = 6, [FILTER_IS_NOT_NULL] = 6,
    };
    return table->table.columns[condition->column].pseudo ? 0 : ranks[condition->op];
}

static void serve(const struct definition_table *table, struct plan_condition *condition, int index, struct pushdown *pushdown)
{
    const struct definition_column *column = &table->columns[condition->column];
    unsigned op = 1u << condition->op;
    bool exact = true;

    for (size_t i = 0; i < column->filter_count; i++) {
        const struct definition_filter *filter = &column->filters[i];
        if (!(filter->ops & op))
            continue;
        if (pushdown->condition[filter->parameter] >= 0) {
            exact = false;
            continue;
        }
        pushdown->condition[filter->parameter] = index;
        pushdown->filter[filter->parameter] = filter;
        condition->taken = true;
        exact &= (filter->exact_ops & op) != 0;
    }
    /* The cell of an input repeats what was asked for, so that there is nothing to check. */
    condition->exact = condition->taken && (exact || table->table.columns[condition->column].pseudo);
}

void pushdown_assign(const struct definition_table *table, struct plan_condition *conditions, size_t count, struct pushdown *pushdown)
{
    for (size_t i = 0; i < DEFINITION_PARAMETERS; i++)
        pushdown->condition[i] = -1;
    for (size_t i = 0; i < count; i++)
        conditions[i].taken = conditions[i].exact = false;
    for (int served = 0; served <= 6; served++)
        for (size_t i = 0; i < count; i++)
            if (conditions[i].usable && conditions[i].column >= 0 && rank(table, &conditions[i]) == served)
                serve(table, &conditions[i], (int)i, pushdown);
}

/* An input that is compared in a way which the service can not be asked for has no cells to compare with. */
static bool check_inputs(const struct definition_table *table, const struct plan *plan, struct error *err)
{
    for (size_t i = 0; i < plan->condition_count; i++) {
        int at = plan->conditions[i].column;
        bool served = at < 0 || !table->table.columns[at].pseudo;
        for (size_t j = 0; j < plan->condition_count && !served; j++)
            served = plan->conditions[j].column == at && plan->conditions[j].taken;
        if (served)
            continue;
        const char *name = table->table.columns[at].name;
        return error_set(err, "42000", "%s of table %s is only an input: compare it with = %sto values known in advance, as in %s = '…'",
                         name, table->table.name, table->columns[at].filters[0].ops & 1u << FILTER_IN ? "or IN " : "", name);
    }
    return true;
}

/* The columns whose conditions can set one of the required parameters, for a message. */
static bool name_required(const struct definition_table *table, struct error *err)
{
    char names[400] = "";
    const char *example = NULL;
    size_t used = 0;

    for (size_t at = 0; at < table->table.column_count; at++) {
        bool sets = false;
        for (size_t i = 0; i < table->columns[at].filter_count; i++)
            sets |= table->require->any >> table->columns[at].filters[i].parameter & 1;
        if (!sets)
            continue;
        const char *name = table->table.columns[at].name;
        if (!example)
            example = name;
        for (const char *c = used ? " or " : ""; *c && used < sizeof names - 1; c++)
            names[used++] = *c;
        for (const char *c = name; *c && used < sizeof names - 1; c++)
            names[used++] = *c;
    }
    return error_set(err, "42000", "Table %s can only be read with a condition on %s, as in WHERE %s = …", table->table.name, names,
                     example ? example : "them");
}

static bool is_required_met(const struct definition_table *table, const struct pushdown *pushdown)
{
    const struct definition_require *require = table->require;
    if (!require || require->standard)
        return true;
    for (size_t i = 0; i < table->parameter_count; i++)
        if ((require->any >> i & 1) && (pushdown->condition[i] >= 0 || table->parameters[i].standard))
            return true;
    return false;
}

static bool takes_order(const struct definition_table *table, const struct plan *plan)
{
    if (plan->order_count != 1)
        return false;
    /* A list may be split into successive requests, which are each in order but not together. */
    for (size_t i = 0; i < plan->condition_count; i++)
        if (plan->conditions[i].taken && plan->conditions[i].op == FILTER_IN)
            return false;
    for (size_t i = 0; i < table->order_count; i++)
        if (table->orders[i].column == plan->order[0].column && table->orders[i].descending == plan->order[0].descending)
            return true;
    return false;
}

/* How much of the rows a condition leaves. */
static double share(const struct definition_table *table, const struct plan_condition *condition, double rows)
{
    const struct column *column = &table->table.columns[condition->column];

    switch (condition->op) {
    case FILTER_EQUAL: return column->key ? 1 / rows : column->type.kind == TYPE_BOOLEAN ? 0.5 : 0.05;
    case FILTER_IN: return column->key ? 25 / rows : 0.2;
    case FILTER_LIKE: return 0.2;
    case FILTER_NOT_EQUAL: return 0.95;
    default: return 0.4;
    }
}

bool definition_plan(const struct definition *definition, const struct table *table_, struct plan *plan, struct error *err)
{
    const struct definition_table *table = table_->definition;
    struct pushdown pushdown;

    pushdown_assign(table, plan->conditions, plan->condition_count, &pushdown);
    if (!check_inputs(table, plan, err))
        return false;
    if (!is_required_met(table, &pushdown))
        return name_required(table, err);

    plan->order_taken = takes_order(table, plan);
    plan->rows = table->many ? unknown_rows : 1;
    for (size_t i = 0; i < plan->condition_count; i++)
        if (plan->conditions[i].taken)
            plan->rows = fmax(1, plan->rows * share(table, &plan->conditions[i], plan->rows));
    int64_t page = definition->paging.largest;
    plan->requests = table->paged && page > 0 ? fmax(1, plan->rows / (double)page) : 1;
    return true;
}
