#include "sql/aggregate.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "sql/functions.h"
#include "sql/print.h"
#include "sql/push.h"
#include "table/aggregation.h"

/* One SELECT as its groups would be asked for. */
struct grouping {
    struct binder *binder;
    struct select *select;
    struct source *source;
    int groups[AGGREGATION_COLUMNS];
    struct aggregate_column aggregates[AGGREGATION_COLUMNS];
    size_t group_count, aggregate_count;
};

/* Whether the service can be asked for it. */

static bool is_own_column(const struct grouping *grouping, const struct expression *expression)
{
    return expression->kind == EXPRESSION_COLUMN && expression->source == grouping->source;
}

/* One column of the table, compared with what the whole statement knows before it begins. A condition on no column at all may be false,
 * and groups of no rows are no groups, but for the one of all. */
static bool is_plain_condition(const struct grouping *grouping, const struct expression *condition)
{
    size_t column = 0;

    switch (condition->kind) {
    case EXPRESSION_LOGICAL:
        for (size_t i = 0; i < condition->operand_count; i++)
            if (condition->op != OPERATOR_AND || !is_plain_condition(grouping, condition->operands[i]))
                return false;
        return true;
    case EXPRESSION_COMPARE:
        column = is_own_column(grouping, condition->operands[0]) ? 0 : 1;
        break;
    case EXPRESSION_BETWEEN: case EXPRESSION_IN: case EXPRESSION_LIKE:
        if (condition->negated)
            return false;
        break;
    case EXPRESSION_IS_NULL:
        break;
    default:
        return false;
    }
    for (size_t i = 0; i < condition->operand_count; i++)
        if (i == column ? !is_own_column(grouping, condition->operands[i]) : !push_is_constant(condition->operands[i]))
            return false;
    return true;
}

static const struct expression *compared_column(const struct grouping *grouping, const struct expression *condition)
{
    return condition->operands[is_own_column(grouping, condition->operands[0]) ? 0 : 1];
}

/* Conditions whose column is equal to one value by another condition: SQLite puts that value in the column's place, and may then see for
 * itself that no row is left, but not that there is a group of none. */
static size_t count_conditions(const struct grouping *grouping, const struct expression *condition, size_t column)
{
    size_t count = 0;

    if (condition->kind != EXPRESSION_LOGICAL)
        return compared_column(grouping, condition)->column == column;
    for (size_t i = 0; i < condition->operand_count; i++)
        count += count_conditions(grouping, condition->operands[i], column);
    return count;
}

static bool has_repeated_equality(const struct grouping *grouping, const struct expression *condition, const struct expression *all)
{
    if (condition->kind != EXPRESSION_LOGICAL)
        return condition->kind == EXPRESSION_COMPARE && condition->op == OPERATOR_EQUAL
               && count_conditions(grouping, all, compared_column(grouping, condition)->column) > 1;
    for (size_t i = 0; i < condition->operand_count; i++)
        if (has_repeated_equality(grouping, condition->operands[i], all))
            return true;
    return false;
}

/* How the function is called in the contract. False for those that are not in it. */
static bool find_function(const struct expression *call, enum aggregate_function *function)
{
    static const struct { const char *engine_name; enum aggregate_function function; } functions[] = {
        {"sum", AGGREGATE_SUM}, {"avg", AGGREGATE_AVERAGE}, {"min", AGGREGATE_LEAST}, {"max", AGGREGATE_GREATEST},
    };

    if (strcmp(call->function->engine_name, "count") == 0) {
        *function = call->star ? AGGREGATE_COUNT_ROWS : call->distinct ? AGGREGATE_COUNT_DISTINCT : AGGREGATE_COUNT;
        return true;
    }
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(call->function->engine_name, functions[i].engine_name) == 0) {
            *function = functions[i].function;
            return !call->distinct || *function == AGGREGATE_LEAST || *function == AGGREGATE_GREATEST;
        }
    return false;
}

/* The aggregate's place among those that are asked for, where it is put when it is new; -1 when it can not be. */
static int find_aggregate(struct grouping *grouping, const struct expression *call)
{
    struct aggregate_column aggregate = {.column = -1, .type = call->type};

    if (call->filter || call->order_count || !find_function(call, &aggregate.function))
        return -1;
    if (aggregate.function != AGGREGATE_COUNT_ROWS) {
        if (call->operand_count != 1 || !is_own_column(grouping, call->operands[0]))
            return -1;
        aggregate.column = (int)call->operands[0]->column;
    }
    for (size_t i = 0; i < grouping->aggregate_count; i++)
        if (grouping->aggregates[i].function == aggregate.function && grouping->aggregates[i].column == aggregate.column)
            return (int)i;
    if (grouping->group_count + grouping->aggregate_count == AGGREGATION_COLUMNS)
        return -1;
    grouping->aggregates[grouping->aggregate_count] = aggregate;
    return (int)grouping->aggregate_count++;
}

static int find_group(const struct grouping *grouping, const struct expression *column)
{
    for (size_t i = 0; i < grouping->group_count; i++)
        if (grouping->groups[i] == (int)column->column)
            return (int)i;
    return -1;
}

static bool is_aggregate(const struct expression *expression)
{
    return expression->kind == EXPRESSION_FUNCTION && expression->function->aggregate && !expression->window;
}

/* Whether an expression of the result is made of groups and aggregates only, which it collects. */
static bool collect(struct grouping *grouping, const struct expression *expression)
{
    if (expression->query || expression->window)
        return false;
    if (is_aggregate(expression))
        return find_aggregate(grouping, expression) >= 0;
    if (is_own_column(grouping, expression))
        return find_group(grouping, expression) >= 0;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!collect(grouping, expression->operands[i]))
            return false;
    return true;
}

static bool collect_all(struct grouping *grouping, const struct order_item *order, size_t order_count)
{
    const struct select *select = grouping->select;

    for (size_t i = 0; i < select->group_count; i++) {
        const struct expression *group = select->groups[i];
        if (!is_own_column(grouping, group) || grouping->group_count == AGGREGATION_COLUMNS)
            return false;
        const struct column *column = &grouping->source->table->columns[group->column];
        if (column->pseudo)
            return false;
        if (find_group(grouping, group) < 0)
            grouping->groups[grouping->group_count++] = (int)group->column;
    }
    for (size_t i = 0; i < select->item_count; i++)
        if (!select->items[i].expression || !collect(grouping, select->items[i].expression))
            return false;
    for (size_t i = 0; i < order_count; i++)
        if (order[i].ordinal == 0 && !collect(grouping, order[i].expression))
            return false;
    return !select->having || collect(grouping, select->having);
}

static bool is_candidate(const struct select *select)
{
    const struct from *from = select->from;
    const struct source *source = from && !from->is_join ? from->source : NULL;

    return select->grouped && source && source->table && source->table->place == PLACE_SERVICE && !source->outer && select->window_count == 0
           && source->table->column_count <= AGGREGATION_WIDEST && source->table->service->class && source->table->service->class->aggregates;
}

/* Rewriting. */

/* The expression becomes a column of the groups. */
static void become_column(struct grouping *grouping, struct expression *expression, size_t place)
{
    struct expression column = {
        .kind = EXPRESSION_COLUMN, .at = expression->at, .bound = true, .typed = true, .type = expression->type, .nullable = expression->nullable,
        .depth = 1, .source = grouping->source, .column = grouping->source->table->column_count + AGGREGATE_FIRST + place,
    };
    *expression = column;
}

static void replace(struct grouping *grouping, struct expression *expression)
{
    if (is_aggregate(expression)) {
        become_column(grouping, expression, grouping->group_count + (size_t)find_aggregate(grouping, expression));
        return;
    }
    if (is_own_column(grouping, expression)) {
        if (expression->column < grouping->source->table->column_count)
            become_column(grouping, expression, (size_t)find_group(grouping, expression));
        return;
    }
    for (size_t i = 0; i < expression->operand_count; i++)
        replace(grouping, expression->operands[i]);
}

/* The source gets the columns of the groups, behind its table's own. */
static bool extend_source(struct grouping *grouping)
{
    struct source *source = grouping->source;
    size_t own = source->table->column_count, results = grouping->group_count + grouping->aggregate_count;
    struct source_column *columns = arena_array(grouping->binder->arena, own + AGGREGATE_FIRST + results, sizeof *columns);

    if (!columns)
        return error_memory(grouping->binder->err);
    memcpy(columns, source->columns, own * sizeof *columns);
    columns[own] = (struct source_column){.name = "#", .type = {.kind = TYPE_STRING}, .column = -1};
    for (size_t i = 0; i < results; i++) {
        struct source_column *column = &columns[own + AGGREGATE_FIRST + i];
        if (i < grouping->group_count) {
            *column = source->columns[grouping->groups[i]];
            continue;
        }
        const struct aggregate_column *aggregate = &grouping->aggregates[i - grouping->group_count];
        *column = (struct source_column){.name = "", .type = aggregate->type, .nullable = true, .column = -1};
    }
    source->columns = columns;
    source->column_count = own + AGGREGATE_FIRST + results;
    return true;
}

/* WHERE says how the rows are grouped. */
static bool tell_how(struct grouping *grouping, const char *how)
{
    struct binder *binder = grouping->binder;
    const struct type string = {.kind = TYPE_STRING};
    struct expression *column = push_literal(binder, &string, value_null());
    struct expression *text = push_literal(binder, &string, value_text(how, strlen(how)));

    if (!column || !text)
        return false;
    *column = (struct expression){.kind = EXPRESSION_COLUMN, .bound = true, .typed = true, .type = string, .depth = 1, .source = grouping->source,
                                  .column = grouping->source->table->column_count + AGGREGATE_HOW};
    struct expression *condition = push_pair(binder, EXPRESSION_COMPARE, OPERATOR_EQUAL, column, text);
    return condition && push_and(binder, &grouping->select->where, condition);
}

static bool rewrite(struct grouping *grouping, struct order_item *order, size_t order_count, const char *how)
{
    struct select *select = grouping->select;

    if (!extend_source(grouping) || !tell_how(grouping, how))
        return false;
    for (size_t i = 0; i < select->item_count; i++)
        replace(grouping, select->items[i].expression);
    for (size_t i = 0; i < order_count; i++)
        if (order[i].ordinal == 0)
            replace(grouping, order[i].expression);
    if (select->having) {
        replace(grouping, select->having);
        if (!push_and(grouping->binder, &select->where, select->having))
            return false;
    }
    select->having = NULL;
    select->groups = NULL;
    select->group_count = 0;
    select->grouped = false;
    grouping->source->grouped = arena_printf(grouping->binder->arena, AGGREGATION_NAME, grouping->source->table->name);
    return grouping->source->grouped || error_memory(grouping->binder->err);
}

static bool visit_select(struct binder *binder, struct select *select, struct order_item *order, size_t order_count)
{
    struct grouping *grouping;
    struct buffer how;

    if (!is_candidate(select))
        return true;
    grouping = arena_alloc(binder->arena, sizeof *grouping);
    if (!grouping)
        return error_memory(binder->err);
    grouping->binder = binder;
    grouping->select = select;
    grouping->source = select->from->source;
    if ((select->where && (!is_plain_condition(grouping, select->where) || has_repeated_equality(grouping, select->where, select->where)))
        || !collect_all(grouping, order, order_count)
        || grouping->group_count + grouping->aggregate_count == 0)
        return true;
    const struct aggregation aggregation = {grouping->groups, grouping->group_count, grouping->aggregates, grouping->aggregate_count};
    if (!grouping->source->table->service->class->aggregates(grouping->source->table, &aggregation))
        return true;
    buffer_init(&how, PRINT_LIMIT);
    aggregation_print(&aggregation, &how);
    const char *text = bind_printed(binder, &how);
    return text && rewrite(grouping, order, order_count, text);
}

/* Every SELECT. */

static bool visit_expression(struct binder *binder, struct expression *expression);

static bool visit_from(struct binder *binder, struct from *from)
{
    if (!from)
        return true;
    if (from->is_join)
        return visit_from(binder, from->left) && visit_from(binder, from->right)
               && (!from->condition || visit_expression(binder, from->condition));
    return !from->source->query || aggregate_query(binder, from->source->query);
}

static bool visit_expression(struct binder *binder, struct expression *expression)
{
    if (expression->query && !aggregate_query(binder, expression->query))
        return false;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!visit_expression(binder, expression->operands[i]))
            return false;
    return true;
}

static bool visit_inside(struct binder *binder, struct select *select)
{
    for (size_t i = 0; i < select->item_count; i++)
        if (select->items[i].expression && !visit_expression(binder, select->items[i].expression))
            return false;
    return visit_from(binder, select->from) && (!select->where || visit_expression(binder, select->where))
           && (!select->having || visit_expression(binder, select->having));
}

bool aggregate_query(struct binder *binder, struct query *query)
{
    bool alone = query->term_count == 1;

    for (size_t i = 0; i < query->common_count; i++)
        if (!aggregate_query(binder, query->common[i].query))
            return false;
    for (size_t i = 0; i < query->term_count; i++) {
        struct query_term *term = &query->terms[i];
        if (term->query ? !aggregate_query(binder, term->query)
                        : !visit_inside(binder, term->select) || !visit_select(binder, term->select, alone ? query->order : NULL, alone ? query->order_count : 0))
            return false;
    }
    return true;
}
