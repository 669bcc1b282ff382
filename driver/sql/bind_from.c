/* FROM: tables, derived tables and joins, and the names they bring into sight. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/scope.h"

/* The columns under other names: t(a, b). */
static bool rename_columns(struct binder *binder, struct source *source, const char **names, size_t count, uint32_t at)
{
    struct source_column *columns = arena_array(binder->arena, source->column_count, sizeof *columns);

    if (!columns)
        return error_memory(binder->err);
    if (count != source->column_count)
        return bind_error(binder, at, "42000", "%zu column names are given for %zu columns", count, source->column_count);
    memcpy(columns, source->columns, count * sizeof *columns);
    for (size_t i = 0; i < count; i++)
        columns[i].name = names[i];
    source->columns = columns;
    return true;
}

static bool bind_leaf(struct binder *binder, struct from *from, struct scope *scope)
{
    struct source *source = arena_alloc(binder->arena, sizeof *source);

    if (!source)
        return error_memory(binder->err);
    from->source = source;
    source->owner = scope->select;
    source->printed = scope_print_name(binder);
    source->alias = from->alias;
    if (!source->printed)
        return false;
    if (from->query) {
        source->query = from->query;
        if (!bind_query(binder, from->query, scope->outer) || !bind_finish(binder, from->query))
            return false;
        source->columns = from->query->columns;
        source->column_count = from->query->column_count;
        if (!source->alias)
            source->alias = "";
    } else if (!scope_find_table(binder, &from->name, from->at, source)) {
        return false;
    }
    if (!source->alias)
        source->alias = source->table ? source->table->name : source->view ? source->view->name : source->common->name;
    if (from->column_alias_count && !rename_columns(binder, source, from->column_aliases, from->column_alias_count, from->at))
        return false;
    return scope_add_source(binder, scope, source);
}

/* The two sides' sources in one list; no name may stand twice. */
static bool join_sources(struct binder *binder, struct scope *scope, const struct scope *left, const struct scope *right, uint32_t at)
{
    scope->source_count = left->source_count + right->source_count;
    scope->sources = arena_array(binder->arena, scope->source_count, sizeof *scope->sources);
    if (!scope->sources)
        return error_memory(binder->err);
    memcpy(scope->sources, left->sources, left->source_count * sizeof *scope->sources);
    memcpy(scope->sources + left->source_count, right->sources, right->source_count * sizeof *scope->sources);
    for (size_t i = 0; i < left->source_count; i++)
        for (size_t j = 0; j < right->source_count; j++)
            if (left->sources[i]->alias[0] && name_equal(left->sources[i]->alias, right->sources[j]->alias))
                return bind_error(binder, at, "42000", "The table or alias %.128s stands twice in FROM; give one of them another alias",
                                  right->sources[j]->alias);
    return true;
}

static void set_outer(const struct scope *side)
{
    for (size_t i = 0; i < side->source_count; i++)
        side->sources[i]->outer = true;
}

static const struct visible_column *find_visible(struct binder *binder, const struct scope *side, const char *name, uint32_t at, bool *failed)
{
    const struct visible_column *match = NULL;

    for (size_t i = 0; i < side->column_count; i++) {
        if (!name_equal(side->columns[i].name, name) || side->columns[i].pseudo)
            continue;
        if (match) {
            *failed = true;
            bind_error(binder, at, "42000", "The column %.128s, by which the tables are joined, is ambiguous on one side", name);
            return NULL;
        }
        match = &side->columns[i];
    }
    return match;
}

/* NATURAL: all names that both sides have. */
static bool natural_names(struct binder *binder, struct from *join, const struct scope *left, const struct scope *right)
{
    join->using = arena_array(binder->arena, left->column_count + 1, sizeof *join->using);
    if (!join->using)
        return error_memory(binder->err);
    for (size_t i = 0; i < left->column_count; i++)
        for (size_t j = 0; j < right->column_count; j++)
            if (!left->columns[i].pseudo && !right->columns[j].pseudo && name_equal(left->columns[i].name, right->columns[j].name)) {
                join->using[join->using_count++] = left->columns[i].name;
                break;
            }
    return true;
}

static struct expression *new_pair(struct binder *binder, enum expression_kind kind, struct expression *a, struct expression *b, uint32_t at)
{
    struct expression *expression = arena_alloc(binder->arena, sizeof *expression);
    struct expression **operands = arena_array(binder->arena, 2, sizeof *operands);
    if (!expression || !operands) {
        error_memory(binder->err);
        return NULL;
    }
    operands[0] = a;
    operands[1] = b;
    expression->kind = kind;
    expression->at = at;
    expression->depth = 3;
    expression->operands = operands;
    expression->operand_count = 2;
    return expression;
}

/* The one column that stands for both: of the side that is always there, or whichever is. */
static struct expression *merged_column(struct binder *binder, const struct from *join, struct scope *scope,
                                        const struct visible_column *left, const struct visible_column *right)
{
    if (join->join == JOIN_RIGHT)
        return scope_use(binder, right, join->at);
    struct expression *a = scope_use(binder, left, join->at), *b = scope_use(binder, right, join->at);
    if (join->join != JOIN_FULL || !a || !b)
        return a;
    struct expression *either = new_pair(binder, EXPRESSION_FUNCTION, a, b, join->at);
    if (!either)
        return NULL;
    either->name = (struct name){{"COALESCE"}, 1};
    either->function = sql_function_find("COALESCE", strlen("COALESCE"));
    if (!bind_expression(binder, scope, &either))
        return NULL;
    either->nullable = true;
    return either;
}

static bool append_condition(struct binder *binder, struct from *join, struct expression *equal)
{
    if (!join->condition) {
        join->condition = equal;
        return true;
    }
    struct expression *both = new_pair(binder, EXPRESSION_LOGICAL, join->condition, equal, join->at);
    if (!both)
        return false;
    both->op = OPERATOR_AND;
    join->condition = both;
    return true;
}

/* l.c = r.c for each common column; what is seen afterwards: the merged ones, then the rest of the left and of the right. */
static bool bind_using(struct binder *binder, struct from *join, struct scope *scope, const struct scope *left, const struct scope *right)
{
    size_t count = 0;
    bool failed = false;

    for (size_t i = 0; i < join->using_count; i++) {
        const struct visible_column *a = find_visible(binder, left, join->using[i], join->at, &failed);
        const struct visible_column *b = failed ? NULL : find_visible(binder, right, join->using[i], join->at, &failed);
        if (failed)
            return false;
        if (!a || !b)
            return bind_error(binder, join->at, "42S22", "There is no column %.128s on the %s side of this join", join->using[i],
                              a ? "right" : "left");
        struct expression *l = scope_use(binder, a, join->at), *r = scope_use(binder, b, join->at);
        struct expression *equal = l && r ? new_pair(binder, EXPRESSION_COMPARE, l, r, join->at) : NULL;
        if (!equal)
            return false;
        equal->op = OPERATOR_EQUAL;
        if (!bind_expression(binder, scope, &equal) || !append_condition(binder, join, equal))
            return false;
        struct expression *merged = merged_column(binder, join, scope, a, b);
        if (!merged)
            return false;
        scope->columns[count++] = (struct visible_column){a->name, merged, false};
    }
    const struct scope *const sides[] = {left, right};
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < sides[s]->column_count; i++) {
            bool merged = false;
            for (size_t j = 0; j < join->using_count && !sides[s]->columns[i].pseudo; j++)
                merged = merged || name_equal(join->using[j], sides[s]->columns[i].name);
            if (!merged)
                scope->columns[count++] = sides[s]->columns[i];
        }
    scope->column_count = count;
    return true;
}

static bool bind_join(struct binder *binder, struct from *join, struct scope *scope)
{
    struct scope left = {.outer = scope->outer, .select = scope->select}, right = left;

    if (!bind_from(binder, join->left, &left) || !bind_from(binder, join->right, &right) ||
        !join_sources(binder, scope, &left, &right, join->right->at))
        return false;
    scope->columns = arena_array(binder->arena, left.column_count + right.column_count + 1, sizeof *scope->columns);
    if (!scope->columns)
        return error_memory(binder->err);
    memcpy(scope->columns, left.columns, left.column_count * sizeof *scope->columns);
    memcpy(scope->columns + left.column_count, right.columns, right.column_count * sizeof *scope->columns);
    scope->column_count = left.column_count + right.column_count;

    scope->no_aggregates = scope->no_windows = "ON";
    if (join->natural && !natural_names(binder, join, &left, &right))
        return false;
    if (join->using_count ? !bind_using(binder, join, scope, &left, &right)
                          : join->condition && !bind_condition(binder, scope, &join->condition))
        return false;
    if (join->join == JOIN_LEFT || join->join == JOIN_FULL)
        set_outer(&right);
    if (join->join == JOIN_RIGHT || join->join == JOIN_FULL)
        set_outer(&left);
    scope->no_aggregates = scope->no_windows = NULL;
    return true;
}

bool bind_from(struct binder *binder, struct from *from, struct scope *scope)
{
    return from->is_join ? bind_join(binder, from, scope) : bind_leaf(binder, from, scope);
}
