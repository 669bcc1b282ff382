/* Queries: the clauses of a SELECT in the order in which they see each other, set operators, ORDER BY, WITH. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/recursion.h"
#include "sql/scope.h"
#include "sql/typing.h"

static bool is_ordinal(const struct expression *expression)
{
    return expression->kind == EXPRESSION_LITERAL && expression->typed && expression->value.storage == STORAGE_INTEGER &&
           expression->type.kind != TYPE_BOOLEAN;
}

static bool check_ordinal(struct binder *binder, const struct expression *ordinal, size_t count, const char *clause)
{
    return (ordinal->value.integer >= 1 && (uint64_t)ordinal->value.integer <= count) ||
           bind_error(binder, ordinal->at, "42000", "%s %lld: the select list has %zu column%s", clause,
                      (long long)ordinal->value.integer, count, count == 1 ? "" : "s");
}

/* ---- The select list ---- */

static size_t star_width(struct binder *binder, const struct scope *scope, const struct select_item *item, bool *failed)
{
    size_t width = 0;

    if (item->star_of) {
        const struct source *source = scope_find_source(binder, scope, item->star_of, item->at);
        *failed = !source;
        for (size_t i = 0; source && i < source->column_count; i++)
            width += !source->columns[i].pseudo;
        return width;
    }
    for (size_t i = 0; i < scope->column_count; i++)
        width += !scope->columns[i].pseudo;
    *failed = scope->source_count == 0 && !bind_error(binder, item->at, "42000", "SELECT * needs a FROM");
    return width;
}

static bool expand_star(struct binder *binder, const struct scope *scope, const struct select_item *star, struct select_item *items)
{
    size_t count = 0;

    if (star->star_of) {
        struct source *source = scope_find_source(binder, scope, star->star_of, star->at);
        for (size_t i = 0; source && i < source->column_count; i++) {
            if (source->columns[i].pseudo)
                continue;
            items[count] = (struct select_item){.expression = scope_column(binder, source, i, star->at), .at = star->at};
            if (!items[count++].expression)
                return false;
        }
        return source != NULL;
    }
    for (size_t i = 0; i < scope->column_count; i++) {
        if (scope->columns[i].pseudo)
            continue;
        items[count] = (struct select_item){.expression = scope_use(binder, &scope->columns[i], star->at), .at = star->at};
        /* a merged column that is an expression keeps its name */
        if (!items[count].expression)
            return false;
        if (items[count].expression->kind != EXPRESSION_COLUMN)
            items[count].alias = scope->columns[i].name;
        count++;
    }
    return true;
}

static bool expand_stars(struct binder *binder, struct scope *scope, struct select *select)
{
    size_t count = 0, filled = 0;
    bool failed = false;

    for (size_t i = 0; i < select->item_count; i++) {
        count += select->items[i].star ? star_width(binder, scope, &select->items[i], &failed) : 1;
        if (failed)
            return false;
    }
    struct select_item *items = arena_array(binder->arena, count + 1, sizeof *items);
    if (!items)
        return error_memory(binder->err);
    for (size_t i = 0; i < select->item_count; i++) {
        if (!select->items[i].star) {
            items[filled++] = select->items[i];
        } else {
            if (!expand_star(binder, scope, &select->items[i], items + filled))
                return false;
            filled += star_width(binder, scope, &select->items[i], &failed);
        }
    }
    select->items = items;
    select->item_count = count;
    return count > 0 || bind_error(binder, select->at, "42000", "The select list is empty: the table has no columns to show");
}

static bool bind_items(struct binder *binder, struct scope *scope, struct select *select)
{
    if (!expand_stars(binder, scope, select))
        return false;
    for (size_t i = 0; i < select->item_count; i++) {
        struct select_item *item = &select->items[i];
        if (!bind_expression(binder, scope, &item->expression))
            return false;
        const struct expression *bound = item->expression;
        item->label = item->alias ? item->alias : bound->kind == EXPRESSION_COLUMN ? bound->source->columns[bound->column].name : NULL;
    }
    return true;
}

/* ---- One SELECT ---- */

static bool bind_clause(struct binder *binder, struct scope *scope, struct expression **condition, const char *no_aggregates,
                        const char *no_windows)
{
    if (!*condition)
        return true;
    scope->no_aggregates = no_aggregates;
    scope->no_windows = no_windows;
    bool bound = bind_condition(binder, scope, condition);
    scope->no_aggregates = scope->no_windows = NULL;
    return bound;
}

/* By position, by a column, or by an alias of the select list. */
static bool bind_groups(struct binder *binder, struct scope *scope, const struct select *select, struct expression **keys, size_t count)
{
    scope->no_aggregates = scope->no_windows = "GROUP BY";
    scope->aliases = true;
    for (size_t i = 0; i < count; i++) {
        struct expression **key = &keys[i];
        if (is_ordinal(*key)) {
            if (!check_ordinal(binder, *key, select->item_count, "GROUP BY"))
                return false;
            *key = select->items[(*key)->value.integer - 1].expression;
        } else if (!bind_expression(binder, scope, key)) {
            return false;
        }
        bind_open_string(binder, *key);
    }
    scope->no_aggregates = scope->no_windows = NULL;
    scope->aliases = false;
    return true;
}

/* Windows that no function uses are bound too, so that what they name is known to exist. */
static bool bind_windows(struct binder *binder, struct scope *scope, const struct select *select)
{
    for (size_t i = 0; i < select->window_count; i++) {
        struct expression call = {.kind = EXPRESSION_FUNCTION, .at = select->windows[i].at, .window = select->windows[i].window};
        for (size_t j = 0; j < i; j++)
            if (name_equal(select->windows[i].name, select->windows[j].name))
                return bind_error(binder, call.at, "42000", "The name %.128s stands twice in WINDOW", select->windows[i].name);
        if (!bind_window(binder, scope, &call))
            return false;
    }
    return true;
}

static bool bind_sets(struct binder *binder, struct select *select)
{
    if (!select->sets && !select->scope->tells_groupings)
        return true;
    for (size_t i = 0; i < select->item_count; i++)
        if (!bind_set(binder, select, &select->items[i].expression))
            return false;
    return !select->having || bind_set(binder, select, &select->having);
}

static bool bind_select(struct binder *binder, struct select *select, struct scope *outer)
{
    const struct type count = {.kind = TYPE_BIGINT};
    struct scope *scope = arena_alloc(binder->arena, sizeof *scope);

    if (!scope)
        return error_memory(binder->err);
    if (select->into.count)
        return bind_error(binder, select->into_at, "42000", "INTO can only stand in the first SELECT of a statement");
    binder->select_count++;
    scope->outer = outer;
    scope->select = select;
    select->scope = scope;
    if (select->from && !bind_from(binder, select->from, scope))
        return false;
    if (!bind_clause(binder, scope, &select->where, "WHERE", "WHERE") || !bind_items(binder, scope, select) ||
        !bind_groups(binder, scope, select, select->groups, select->group_count) ||
        !bind_groups(binder, scope, select, select->absent, select->absent_count))
        return false;
    if ((select->from && !bind_naming(binder, select, select->from)) || (select->where && !bind_naming_in(binder, select, select->where)))
        return false;
    if (select->from && select->where)
        bind_outer_joins(select->from, select->where);
    if (!bind_inputs(binder, select))
        return false;
    scope->aliases = true;
    bool having = bind_clause(binder, scope, &select->having, NULL, "HAVING");
    scope->aliases = false;
    if (select->top)
        bind_open(binder, select->top, &count);
    if (having && select->having && !bind_naming_in(binder, select, select->having))
        return false;
    return having && bind_sets(binder, select) && bind_windows(binder, scope, select);
}

/* ---- Several of them ---- */

static size_t term_width(const struct query_term *term)
{
    return term->select ? term->select->item_count : term->query->column_count;
}

static struct expression **term_column(struct query_term *term, size_t column)
{
    while (!term->select)
        term = &term->query->terms[0];
    return &term->select->items[column].expression;
}

static bool convert_term(struct binder *binder, struct query_term *term, size_t column, const struct type *type)
{
    return term->select ? bind_convert(binder, &term->select->items[column].expression, type)
                        : bind_query_column(binder, term->query, column, type);
}

bool bind_query_column(struct binder *binder, struct query *query, size_t column, const struct type *type)
{
    for (size_t i = 0; i < query->term_count; i++)
        if (!convert_term(binder, &query->terms[i], column, type))
            return false;
    if (query->columns) {
        query->columns[column].type = *type;
        query->columns[column].table = NULL;
    }
    return true;
}

/* The terms' columns get their common type; those that are open in all stay open. */
static bool align_terms(struct binder *binder, struct query *query, size_t column)
{
    struct expression ***places = arena_array(binder->arena, query->term_count, sizeof *places);
    struct type common;
    bool typed;

    if (!places)
        return error_memory(binder->err);
    for (size_t i = 0; i < query->term_count; i++) {
        struct expression **copy = arena_array(binder->arena, 1, sizeof *copy);
        if (!copy)
            return error_memory(binder->err);
        *copy = *term_column(&query->terms[i], column);
        const struct query *inner = query->terms[i].query;
        if (inner && (*copy)->typed) { /* its first SELECT alone does not tell how long its texts are */
            struct expression *whole = arena_alloc(binder->arena, sizeof *whole);
            if (!whole)
                return error_memory(binder->err);
            *whole = **copy;
            whole->kind = EXPRESSION_SUBQUERY;
            whole->type = inner->columns[column].type;
            *copy = whole;
        }
        places[i] = query->terms[i].select ? term_column(&query->terms[i], column) : copy;
    }
    if (!bind_common(binder, places, query->term_count, (*places[0])->at, &typed, &common))
        return false;
    for (size_t i = 0; i < query->term_count && typed; i++)
        if (!convert_term(binder, &query->terms[i], column, &common))
            return false;
    return true;
}

static bool check_widths(struct binder *binder, struct query *query, size_t term)
{
    size_t first = term_width(&query->terms[0]), width = term_width(&query->terms[term]);
    uint32_t at = query->terms[term].select ? query->terms[term].select->at : query->terms[term].query->at;

    return first == width ||
           bind_error(binder, at, "42000", "The SELECTs that are combined have %zu and %zu columns; the number must be the same", first, width);
}

/* Name, type and origin of each column; nullable when it is in any term. */
static bool describe(struct binder *binder, struct query *query)
{
    struct query_term *first = &query->terms[0];
    size_t count = term_width(first);

    if (!query->columns)
        query->columns = arena_array(binder->arena, count, sizeof *query->columns);
    if (!query->columns)
        return error_memory(binder->err);
    query->column_count = count;
    for (size_t i = 0; i < count; i++) {
        struct source_column *column = &query->columns[i];
        const struct expression *expression = *term_column(first, i);
        *column = (struct source_column){.type = first->select ? expression->type : first->query->columns[i].type, .column = -1};
        column->name = first->select ? first->select->items[i].label : first->query->columns[i].name;
        if (!column->name && !(column->name = arena_printf(binder->arena, "Expr%zu", i + 1)))
            return error_memory(binder->err);
        if (query->term_count == 1 && expression->kind == EXPRESSION_COLUMN) {
            const struct source_column *origin = &expression->source->columns[expression->column];
            column->table = origin->table;
            column->column = origin->table ? origin->column : -1;
        }
        for (size_t t = 0; t < query->term_count; t++) {
            struct query_term *term = &query->terms[t];
            struct type own = term->select ? term->select->items[i].expression->type : term->query->columns[i].type, joined;
            if (t > 0 && (term->set == SET_EXCEPT || term->set == SET_EXCEPT_ALL)) /* only takes rows away */
                continue;
            if (typing_common(&column->type, &own, &joined))
                column->type = joined;
            column->nullable = column->nullable || (term->select ? term->select->items[i].expression->nullable : term->query->columns[i].nullable);
        }
    }
    return true;
}

/* WITH RECURSIVE: the first term says what the columns are, the others see them. */
static bool start_recursion(struct binder *binder, struct query *query, struct common_table *self)
{
    struct source_column *columns;

    for (size_t i = 0; i < term_width(&query->terms[0]); i++)
        bind_open_string(binder, *term_column(&query->terms[0], i));
    size_t terms = query->term_count;
    query->term_count = 1;
    bool described = describe(binder, query);
    query->term_count = terms;
    if (!described || !(columns = arena_array(binder->arena, query->column_count, sizeof *columns)))
        return described ? error_memory(binder->err) : false;
    for (size_t i = 0; i < query->column_count; i++) {
        columns[i] = (struct source_column){.name = query->columns[i].name, .type = query->columns[i].type, .nullable = true, .column = -1};
        if (i < self->column_alias_count)
            columns[i].name = self->column_aliases[i];
        if (columns[i].type.kind == TYPE_STRING && recursion_lengthens(query, i))
            columns[i].type.size = 0;
    }
    self->columns = columns;
    self->column_count = query->column_count;
    self->recursive = true;
    return true;
}

/* A recursive table has the types of its start, because its steps are bound with them. */
static bool check_step(struct binder *binder, const struct query_term *step, size_t column, const struct type *start)
{
    const struct expression *expression = step->select ? step->select->items[column].expression : NULL;
    char from[64], to[64];

    if (!expression || !expression->typed || !recursion_rounds(&expression->type, start))
        return true;
    type_print(&expression->type, from, sizeof from);
    type_print(start, to, sizeof to);
    return bind_error(binder, expression->at, "42000", "Column %zu of the recursive table starts as %s, and this step would be rounded to it from %s; "
                      "write CAST(… AS …) around its start", column + 1, to, from);
}

static bool bind_terms(struct binder *binder, struct query *query, struct scope *outer, struct common_table *self)
{
    for (size_t i = 0; i < query->term_count; i++) {
        struct query_term *term = &query->terms[i];
        if (!(term->select ? bind_select(binder, term->select, outer) : bind_query(binder, term->query, outer)) ||
            !check_widths(binder, query, i))
            return false;
        if (term->query && !(term->printed = scope_print_name(binder)))
            return false;
        if (self && i == 0 && query->term_count > 1 && !start_recursion(binder, query, self))
            return false;
    }
    if (query->term_count == 1)
        return true;
    for (size_t i = 0; i < term_width(&query->terms[0]); i++) {
        for (size_t t = 1; self && t < query->term_count; t++)
            if (!check_step(binder, &query->terms[t], i, &self->columns[i].type))
                return false;
        if (self ? !bind_query_column(binder, query, i, &self->columns[i].type) : !align_terms(binder, query, i))
            return false;
    }
    return true;
}

/* ---- ORDER BY ---- */

/* The position in the select list that an alias (or, behind set operators, a column name) means; 0 for none. */
static size_t named_position(const struct query *query, const struct expression *expression)
{
    const struct select *select = query->term_count == 1 ? query->terms[0].select : NULL;

    if (expression->kind != EXPRESSION_COLUMN || expression->source || expression->name.count != 1)
        return 0;
    if (select) {
        for (size_t i = 0; i < select->item_count; i++)
            if (select->items[i].alias && name_equal(select->items[i].alias, expression->name.parts[0]))
                return i + 1;
        return 0;
    }
    for (size_t i = 0; i < query->column_count; i++)
        if (name_equal(query->columns[i].name, expression->name.parts[0]))
            return i + 1;
    return 0;
}

static bool bind_order_expression(struct binder *binder, struct select *select, struct order_item *item)
{
    if (!select)
        return bind_error(binder, item->expression->at, "42000",
                          "Behind UNION, INTERSECT and EXCEPT, ORDER BY takes a column of the result by its name or position");
    select->scope->aliases = true;
    bool bound = bind_expression(binder, select->scope, &item->expression);
    select->scope->aliases = false;
    if (!bound || (select->scope->tells_groupings && !bind_set(binder, select, &item->expression)))
        return false;
    bind_open_string(binder, item->expression);
    for (size_t i = 0; i < select->item_count && !item->ordinal; i++)
        if (bind_same(select->items[i].expression, item->expression))
            item->ordinal = i + 1;
    if (select->distinct && !item->ordinal)
        return bind_error(binder, item->expression->at, "42000", "With SELECT DISTINCT, ORDER BY can only name what the select list shows");
    return true;
}

/* A column of a base table has the collation decimal by itself; written out, it would keep a LIMIT from the table. */
static bool has_collation(const struct expression *ordered)
{
    return ordered && ordered->kind == EXPRESSION_COLUMN && ordered->source->table;
}

static bool bind_order(struct binder *binder, struct query *query)
{
    struct select *select = query->term_count == 1 ? query->terms[0].select : NULL;

    for (size_t i = 0; i < query->order_count; i++) {
        struct order_item *item = &query->order[i];
        item->ordinal = named_position(query, item->expression);
        if (item->ordinal == 0 && is_ordinal(item->expression)) {
            if (!check_ordinal(binder, item->expression, query->column_count, "ORDER BY"))
                return false;
            item->ordinal = (size_t)item->expression->value.integer;
        }
        if (item->ordinal == 0 && !bind_order_expression(binder, select, item))
            return false;
        const struct type *type = item->ordinal ? &query->columns[item->ordinal - 1].type : &item->expression->type;
        const struct expression *ordered = !item->ordinal ? item->expression : select ? select->items[item->ordinal - 1].expression : NULL;
        item->decimal = type->kind == TYPE_DECIMAL && !has_collation(ordered);
    }
    return true;
}

static bool check_bound(struct binder *binder, struct expression *bound)
{
    const struct type count = {.kind = TYPE_BIGINT};

    if (!bound)
        return true;
    bind_open(binder, bound, &count);
    if (bound->kind != EXPRESSION_PARAMETER && (bound->value.storage == STORAGE_REAL || bound->type.scale > 0))
        return bind_error(binder, bound->at, "42000", "The number of rows must be a whole number; behind PERCENT it may have a fraction");
    return bound->kind == EXPRESSION_PARAMETER || bound->value.storage == STORAGE_INTEGER ||
           bind_error(binder, bound->at, "42000", "The number of rows is too large");
}

/* The number of a PERCENT is a double; WITH TIES needs to know what rows are equal in. */
static bool check_shares(struct binder *binder, struct query *query)
{
    const struct type number = {.kind = TYPE_DOUBLE};

    if (query->ties && !query->order_count)
        return bind_error(binder, query->limit->at, "42000", "WITH TIES needs ORDER BY, which says what rows are equal");
    if (!query->percent)
        return true;
    bind_open(binder, query->limit, &number);
    return bind_convert(binder, &query->limit, &number);
}

static bool check_bounds(struct binder *binder, struct query *query)
{
    for (size_t i = 0; i < query->term_count && query->term_count > 1; i++)
        if (query->terms[i].select && (query->terms[i].select->top_percent || query->terms[i].select->top_ties))
            return bind_error(binder, query->terms[i].select->top->at, "42000", "PERCENT and WITH TIES can not stand in a SELECT that is combined "
                              "with others; put it into a derived table: SELECT * FROM (SELECT TOP …) x");
    if (query->term_count == 1 && query->terms[0].select && query->terms[0].select->top) {
        struct select *select = query->terms[0].select;
        if (query->limit)
            return bind_error(binder, select->top->at, "42000", "The number of rows is bounded twice, by TOP and by LIMIT or FETCH");
        query->limit = select->top;
        query->percent = select->top_percent;
        query->ties = select->top_ties;
        select->top = NULL;
    }
    if (query->limit && (query->ties || query->percent) && !check_shares(binder, query))
        return false;
    if (query->percent)
        return check_bound(binder, query->offset);
    return check_bound(binder, query->limit) && check_bound(binder, query->offset);
}

/* ---- The whole ---- */

/* self: the common table expression that the query defines and may use, or NULL. */
static bool bind_with(struct binder *binder, struct query *query, struct scope *outer, struct common_table *self);

static bool bind_common_table(struct binder *binder, struct common_table *common, bool recursive, struct scope *outer)
{
    bool reads_itself = recursion_reads_itself(common), sees = recursion_sees_itself(binder, common, recursive);
    struct common_sight *sight = arena_alloc(binder->arena, sizeof *sight), *before = binder->commons;

    if (!sight)
        return error_memory(binder->err);
    do { /* a base table may have any name */
        common->printed = arena_printf(binder->arena, "q%u", ++binder->common_count);
        if (!common->printed)
            return error_memory(binder->err);
    } while (service_table(binder->service, common->printed));
    *sight = (struct common_sight){before, common};
    binder->commons = sees ? sight : before;

    struct query *query = common->query;
    unsigned select_count = binder->select_count;
    if (!bind_with(binder, query, outer, sees && reads_itself ? common : NULL) || !bind_finish(binder, query))
        return false;
    if (common->column_alias_count && common->column_alias_count != query->column_count)
        return bind_error(binder, common->at, "42000", "%zu column names are given for %zu columns", common->column_alias_count,
                          query->column_count);
    for (size_t i = 0; i < common->column_alias_count; i++)
        query->columns[i].name = common->column_aliases[i];
    common->columns = query->columns;
    common->column_count = query->column_count;
    common->select_count = binder->select_count - select_count;
    binder->select_count = select_count;
    binder->commons = sight;
    return true;
}

static bool bind_common_tables(struct binder *binder, struct query *query, struct scope *outer)
{
    for (size_t i = 0; i < query->common_count; i++) {
        for (size_t j = 0; j < i; j++)
            if (name_equal(query->common[i].name, query->common[j].name))
                return bind_error(binder, query->common[i].at, "42000", "The name %.128s stands twice in WITH", query->common[i].name);
        if (!bind_common_table(binder, &query->common[i], query->recursive, outer))
            return false;
    }
    return true;
}

static bool bind_with(struct binder *binder, struct query *query, struct scope *outer, struct common_table *self)
{
    struct common_sight *before = binder->commons;

    if (!bind_common_tables(binder, query, outer) || !bind_terms(binder, query, outer, self) || !describe(binder, query) ||
        !bind_order(binder, query) || !check_bounds(binder, query))
        return false;
    binder->commons = before;

    bool ordered = query->term_count == 1;
    for (size_t i = 0; i < query->term_count; i++) {
        struct select *select = query->terms[i].select;
        if (!select)
            continue;
        select->grouped = select->group_count > 0 || select->having || select->sets || select->scope->has_aggregates;
        if (select->grouped && !bind_grouping(binder, select, ordered ? query->order : NULL, ordered ? query->order_count : 0))
            return false;
    }
    return true;
}

bool bind_query(struct binder *binder, struct query *query, struct scope *outer)
{
    return bind_with(binder, query, outer, NULL);
}

bool bind_finish(struct binder *binder, struct query *query)
{
    for (size_t t = 0; t < query->term_count; t++) {
        struct query_term *term = &query->terms[t];
        if (term->query && !bind_finish(binder, term->query))
            return false;
        for (size_t i = 0; term->select && i < term->select->item_count; i++)
            bind_open_bound(binder, term->select->items[i].expression);
    }
    return describe(binder, query);
}
