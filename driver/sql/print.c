/* Queries as SQLite must see them: every table under a name of ours (t1, t2…), every derived column as c1, c2…, so that no two
 * names can meet by accident. Derived tables stand in WITH, because SQLite's parser goes only some fifteen queries deep; used once,
 * they are the same to SQLite there. */
#include "sql/print.h"

#include "sql/place.h"

static void print_leaf(struct buffer *out, const struct source *source)
{
    if (source->query) {
        print_name(out, source->printed);
        return;
    }
    if (source->table) {
        print_place(out, source->table->place, source->grouped ? source->grouped : source->widened ? source->widened : source->table->name);
    } else {
        print_name(out, source->common->printed);
    }
    buffer_append_text(out, " AS ");
    print_name(out, source->printed);
}

static bool is_inner(enum join_kind join)
{
    return join == JOIN_COMMA || join == JOIN_CROSS || join == JOIN_INNER;
}

/* Whether the join means the same when other tables are joined in front of it: no RIGHT or FULL along its left side. */
static bool extends_left(const struct from *from)
{
    return !from->is_join || ((is_inner(from->join) || from->join == JOIN_LEFT) && extends_left(from->left));
}

static bool looks_at_rows(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_COLUMN || expression->query)
        return true;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (looks_at_rows(expression->operands[i]))
            return true;
    return false;
}

/* c IS c, of a column of the leftmost table: always true, but not for SQLite to know beforehand. */
static void print_truth_of_row(struct buffer *out, const struct from *from)
{
    while (from->is_join)
        from = from->left;
    const struct source *source = from->source;
    const char *name = source->table ? source->table->columns[0].name : "c1";

    for (int i = 0; i < 2; i++) {
        buffer_append_text(out, i ? " IS " : "(");
        print_name(out, source->printed);
        buffer_append_char(out, '.');
        print_name(out, name);
    }
    buffer_append_char(out, ')');
}

/* The ON of an inner join on the left of a RIGHT or FULL JOIN: what looks at no row SQLite would take for a condition on the whole
 * query, and drop the rows that match nothing. */
static void print_tied(struct buffer *out, const struct from *join, const struct expression *condition)
{
    if (condition->kind == EXPRESSION_LOGICAL && condition->op == OPERATOR_AND) {
        for (size_t i = 0; i < condition->operand_count; i++) {
            buffer_append_text(out, i ? " AND " : "");
            print_tied(out, join, condition->operands[i]);
        }
        return;
    }
    bool looks = looks_at_rows(condition);
    print_condition(out, condition, looks ? LEVEL_NOT : LEVEL_ORDER);
    if (!looks) {
        buffer_append_text(out, " = ");
        print_truth_of_row(out, join);
    }
}

static bool looks_at(const struct expression *expression, const struct from *side)
{
    if (expression->kind == EXPRESSION_COLUMN)
        return bind_holds(side, expression->source);
    for (size_t i = 0; i < expression->operand_count; i++)
        if (looks_at(expression->operands[i], side))
            return true;
    return false;
}

/* The ON of A LEFT JOIN B: SQLite hands LIKE, <> and IS NOT NULL to the virtual table of A as if they stood in WHERE, where they would cost
 * rows; behind a + it does not. */
static void print_outer(struct buffer *out, const struct from *kept, const struct from *missing, const struct expression *condition)
{
    if (condition->kind == EXPRESSION_LOGICAL && condition->op == OPERATOR_AND) {
        for (size_t i = 0; i < condition->operand_count; i++) {
            buffer_append_text(out, i ? " AND " : "");
            print_outer(out, kept, missing, condition->operands[i]);
        }
        return;
    }
    bool hidden = condition->kind == EXPRESSION_LIKE || condition->kind == EXPRESSION_IS_NULL ||
                  (condition->kind == EXPRESSION_COMPARE && (condition->op == OPERATOR_NOT_EQUAL || condition->op == OPERATOR_DIFFERENT));
    hidden = hidden && looks_at(condition, kept) && !looks_at(condition, missing);
    buffer_append_text(out, hidden ? "+(" : "");
    print_condition(out, condition, hidden ? LEVEL_OR : LEVEL_NOT);
    buffer_append_text(out, hidden ? ")" : "");
}

/* A, (B LEFT JOIN C ON p) is printed as A JOIN B LEFT JOIN C ON p, because only without parentheses does SQLite choose the order
 * of the tables freely; for the same reason never as CROSS JOIN. */
static void print_from(struct buffer *out, const struct from *from, const char *lead, bool tied)
{
    static const char *const words[] = {
        [JOIN_COMMA] = " JOIN ", [JOIN_CROSS] = " JOIN ", [JOIN_INNER] = " JOIN ",
        [JOIN_LEFT] = " LEFT JOIN ", [JOIN_RIGHT] = " RIGHT JOIN ", [JOIN_FULL] = " FULL JOIN ",
    };

    if (!from->is_join) {
        buffer_append_text(out, lead);
        print_leaf(out, from->source);
        return;
    }
    /* A RIGHT JOIN B is printed as B LEFT JOIN A: for the rows of B that match nothing SQLite reads B once more, without any
     * condition, which some services refuse. */
    bool exchanged = from->join == JOIN_RIGHT && !from->left->is_join;
    const struct from *left = exchanged ? from->right : from->left, *right = exchanged ? from->left : from->right;
    const char *word = words[exchanged ? JOIN_LEFT : from->join];
    bool free = !right->is_join || (is_inner(from->join) && !from->condition && extends_left(right));

    print_from(out, left, lead, tied || from->join == JOIN_FULL || (from->join == JOIN_RIGHT && !exchanged));
    if (free) {
        print_from(out, right, word, tied);
    } else {
        buffer_append_text(out, word);
        print_from(out, right, "(", false);
        buffer_append_char(out, ')');
    }
    if (from->condition) {
        buffer_append_text(out, " ON ");
        if (tied && is_inner(from->join))
            print_tied(out, from, from->condition);
        else if (from->join == JOIN_LEFT || exchanged)
            print_outer(out, left, right, from->condition);
        else
            print_condition(out, from->condition, LEVEL_OR);
    } else if (!is_inner(from->join)) {
        buffer_append_text(out, " ON 1"); /* NATURAL without a common column */
    }
}

/* What FETCH … PERCENT and WITH TIES look at: the place of a row, the place of the first row that is equal to it, and how many there are. */
static void print_ranks(struct buffer *out, const struct query *query, const struct select *select)
{
    static const struct { const char *function, *name; } ranks[] = {{", row_number() OVER (", "place"}, {", rank() OVER (", "rank"}};

    for (size_t i = 0; i < 2; i++) {
        buffer_append_text(out, ranks[i].function);
        if (query->order_count) {
            buffer_append_text(out, "ORDER BY ");
            print_order(out, query->order, query->order_count, select ? POSITION_ITEM : POSITION_COLUMN, select);
        }
        buffer_printf(out, ") AS \"%s\"", ranks[i].name);
    }
    buffer_append_text(out, ", count(*) OVER () AS \"rows\"");
}

static bool shows_aggregate(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_FUNCTION && expression->function->aggregate && !expression->window)
        return true;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (shows_aggregate(expression->operands[i]))
            return true;
    return false;
}

/* Whether a SELECT makes one row of all by HAVING or ORDER BY alone, which SQLite only sees when its list has an aggregate. */
static bool hides_grouping(const struct select *select)
{
    if (!select->grouped || select->group_count)
        return false;
    for (size_t i = 0; i < select->item_count; i++)
        if (shows_aggregate(select->items[i].expression))
            return false;
    return true;
}

/* ranked: the query of which the SELECT is the only term, when its rows are to be numbered; or NULL. */
static void print_items(struct buffer *out, const struct select *select, bool derived, const struct query *ranked)
{
    bool hides = hides_grouping(select);

    for (size_t i = 0; i < select->item_count; i++) {
        if (i)
            buffer_append_text(out, ", ");
        buffer_append_text(out, hides && i == 0 ? "CASE WHEN count(*) >= 0 THEN " : "");
        print_expression(out, select->items[i].expression, LEVEL_OR);
        buffer_append_text(out, hides && i == 0 ? " END" : "");
        if (derived)
            buffer_printf(out, " AS \"c%zu\"", i + 1);
    }
    if (ranked)
        print_ranks(out, ranked, select);
}

/* A whole number would be read as a position in the select list. */
static void print_group(struct buffer *out, const struct expression *key)
{
    bool number = key->kind == EXPRESSION_LITERAL && key->value.storage == STORAGE_INTEGER;

    buffer_append_text(out, number ? "CAST(" : "");
    print_expression(out, key, LEVEL_OR);
    buffer_append_text(out, number ? " AS INTEGER)" : "");
}

/* A parameter may turn out to be NULL or negative, which SQLite would take for no bound. */
static void print_count(struct buffer *out, const struct expression *count)
{
    bool given = count->kind == EXPRESSION_PARAMETER;

    buffer_append_text(out, given ? "row_count(" : "");
    print_expression(out, count, LEVEL_OR);
    buffer_append_text(out, given ? ")" : "");
}

static void print_bounds(struct buffer *out, const struct expression *limit, const struct expression *offset)
{
    if (!limit && !offset)
        return;
    buffer_append_text(out, " LIMIT ");
    if (limit)
        print_count(out, limit);
    else
        buffer_append_text(out, "-1");
    if (offset) {
        buffer_append_text(out, " OFFSET ");
        print_count(out, offset);
    }
}

static void print_select(struct buffer *out, const struct select *select, bool derived, const struct query *ranked)
{
    buffer_append_text(out, select->distinct ? "SELECT DISTINCT " : "SELECT ");
    print_items(out, select, derived, ranked);
    if (select->from) {
        buffer_append_text(out, " FROM ");
        print_from(out, select->from, "", false);
    }
    if (select->where) {
        buffer_append_text(out, " WHERE ");
        print_condition(out, select->where, LEVEL_OR);
    }
    for (size_t i = 0; i < select->group_count; i++) {
        buffer_append_text(out, i ? ", " : " GROUP BY ");
        print_group(out, select->groups[i]);
    }
    if (select->having) {
        buffer_append_text(out, " HAVING ");
        print_condition(out, select->having, LEVEL_OR);
    }
    print_bounds(out, select->top, NULL);
}

void print_order(struct buffer *out, const struct order_item *order, size_t count, enum print_position position, const struct select *select)
{
    static const char *const nulls[] = {[NULLS_DEFAULT] = "", [NULLS_FIRST] = " NULLS FIRST", [NULLS_LAST] = " NULLS LAST"};

    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_append_text(out, ", ");
        if (order[i].ordinal && position == POSITION_ITEM)
            print_group(out, select->items[order[i].ordinal - 1].expression);
        else if (order[i].ordinal && position == POSITION_COLUMN)
            buffer_printf(out, "\"c%zu\"", order[i].ordinal);
        else if (order[i].ordinal)
            buffer_printf(out, "%zu", order[i].ordinal);
        else
            print_group(out, order[i].expression);
        if (order[i].decimal)
            buffer_append_text(out, " COLLATE decimal");
        buffer_append_text(out, order[i].descending ? " DESC" : "");
        buffer_append_text(out, nulls[order[i].nulls]);
    }
}

/* SQLite takes no parentheses around the terms of UNION: what needs them becomes a derived table. */
static void print_term(struct buffer *out, const struct query_term *term, bool derived)
{
    if (term->query) {
        buffer_append_text(out, "SELECT * FROM ");
        print_name(out, term->printed);
        return;
    }
    buffer_append_text(out, term->select->top ? "SELECT * FROM (" : "");
    print_select(out, term->select, derived, NULL);
    buffer_append_text(out, term->select->top ? ")" : "");
}

static void print_columns(struct buffer *out, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, "%s\"%s%zu\"", i ? ", " : "", name, i + 1);
}

/* INTERSECT ALL and EXCEPT ALL, which SQLite has not: equal rows of a side are numbered, so that no two rows are equal. */
static void print_all_of(struct buffer *out, const struct query *query)
{
    buffer_append_text(out, "SELECT ");
    print_columns(out, query->column_count, "c");
    buffer_append_text(out, " FROM (");
    for (size_t i = 0; i < 2; i++) {
        buffer_append_text(out, !i ? "" : query->terms[1].set == SET_EXCEPT_ALL ? " EXCEPT " : " INTERSECT ");
        buffer_append_text(out, "SELECT *, row_number() OVER (PARTITION BY ");
        print_columns(out, query->column_count, "c");
        buffer_append_text(out, ") FROM (");
        print_term(out, &query->terms[i], true);
        buffer_append_char(out, ')');
    }
    buffer_append_char(out, ')');
}

static bool is_values(const struct query *query)
{
    for (size_t i = 0; i < query->term_count; i++)
        if (!query->terms[i].select || !query->terms[i].select->values || query->terms[i].set != SET_UNION_ALL)
            return false;
    return true;
}

/* As VALUES, because SQLite bounds the number of SELECTs that are combined but not that of these rows. */
static void print_values(struct buffer *out, const struct query *query)
{
    buffer_append_text(out, "SELECT ");
    for (size_t i = 0; i < query->column_count; i++)
        buffer_printf(out, "%s\"column%zu\" AS \"c%zu\"", i ? ", " : "", i + 1, i + 1);
    buffer_append_text(out, " FROM (VALUES ");
    for (size_t i = 0; i < query->term_count; i++) {
        buffer_append_text(out, i ? ", (" : "(");
        print_items(out, query->terms[i].select, false, NULL);
        buffer_append_char(out, ')');
    }
    buffer_append_char(out, ')');
}

static void print_terms(struct buffer *out, const struct query *query, bool derived)
{
    static const char *const words[] = {
        [SET_UNION] = " UNION ", [SET_UNION_ALL] = " UNION ALL ", [SET_INTERSECT] = " INTERSECT ", [SET_EXCEPT] = " EXCEPT ",
    };

    if (is_values(query)) {
        print_values(out, query);
        return;
    }
    if (query->term_count == 2 && query->terms[1].set >= SET_INTERSECT_ALL) {
        print_all_of(out, query);
        return;
    }
    for (size_t i = 0; i < query->term_count; i++) {
        if (i)
            buffer_append_text(out, words[query->terms[i].set]);
        print_term(out, &query->terms[i], derived);
    }
}

/* FETCH FIRST … PERCENT and WITH TIES: the rows are numbered and chosen by their numbers. */
static void print_ranked(struct buffer *out, const struct query *query)
{
    const struct select *select = query->term_count == 1 ? query->terms[0].select : NULL;

    buffer_append_text(out, "SELECT ");
    print_columns(out, query->column_count, "c");
    buffer_append_text(out, " FROM (");
    if (select && !select->distinct && !select->values) {
        print_select(out, select, true, query);
    } else {
        buffer_append_text(out, "SELECT ");
        print_columns(out, query->column_count, "c");
        print_ranks(out, query, NULL);
        buffer_append_text(out, " FROM (");
        print_terms(out, query, true);
        buffer_append_char(out, ')');
    }
    buffer_printf(out, ") WHERE \"%s\" <= ", query->ties ? "rank" : "place");
    if (query->offset) {
        print_count(out, query->offset);
        buffer_append_text(out, " + ");
    }
    buffer_append_text(out, query->percent ? "share_of_rows(" : "");
    if (query->percent)
        print_expression(out, query->limit, LEVEL_OR);
    else
        print_count(out, query->limit);
    buffer_append_text(out, query->percent ? ", \"rows\")" : "");
    if (query->offset) {
        buffer_append_text(out, " AND \"place\" > ");
        print_count(out, query->offset);
    }
    buffer_append_text(out, " ORDER BY \"place\"");
}

static void print_body(struct buffer *out, const struct query *query, bool derived)
{
    if (query->limit && (query->percent || query->ties)) {
        print_ranked(out, query);
        return;
    }
    print_terms(out, query, derived);
    if (query->order_count) {
        buffer_append_text(out, " ORDER BY ");
        print_order(out, query->order, query->order_count, POSITION_NUMBER, NULL);
    }
    print_bounds(out, query->limit, query->offset);
}

static void begin_entry(struct buffer *out, size_t *count, bool recursive, const char *name)
{
    buffer_append_text(out, (*count)++ ? ", " : recursive ? "WITH RECURSIVE " : "WITH ");
    print_name(out, name);
}

static void print_derived(struct buffer *out, const struct query *query, bool recursive, size_t *count);

/* A query that has common tables of its own keeps to itself what may use these. */
static void print_entry(struct buffer *out, const struct query *query, const char *name, bool recursive, size_t *count)
{
    bool own = query->common_count;

    if (!own)
        print_derived(out, query, recursive, count);
    begin_entry(out, count, recursive, name);
    buffer_append_text(out, " AS (");
    if (own)
        print_query(out, query, true);
    else
        print_body(out, query, true);
    buffer_append_char(out, ')');
}

static void print_derived_in(struct buffer *out, const struct from *from, bool recursive, size_t *count)
{
    if (from->is_join) {
        print_derived_in(out, from->left, recursive, count);
        print_derived_in(out, from->right, recursive, count);
    } else if (from->source->query) {
        print_entry(out, from->source->query, from->source->printed, recursive, count);
    }
}

/* The derived tables of a query and those within them, as entries of one WITH: all of them see the same, what stands around the query. */
static void print_derived(struct buffer *out, const struct query *query, bool recursive, size_t *count)
{
    for (size_t i = 0; i < query->term_count; i++) {
        const struct query_term *term = &query->terms[i];
        if (term->query)
            print_entry(out, term->query, term->printed, recursive, count);
        else if (term->select->from)
            print_derived_in(out, term->select->from, recursive, count);
    }
}

/* A common table may be used more than once, so its derived tables stay within it. */
static void print_with(struct buffer *out, const struct query *query)
{
    size_t count = 0;

    for (size_t i = 0; i < query->common_count; i++) {
        const struct common_table *common = &query->common[i];
        begin_entry(out, &count, query->recursive, common->printed);
        for (size_t c = 0; c < common->column_count; c++)
            buffer_printf(out, "%s\"c%zu\"", c ? ", " : "(", c + 1);
        buffer_append_text(out, ") AS (");
        print_query(out, common->query, true);
        buffer_append_char(out, ')');
    }
    print_derived(out, query, query->recursive, &count);
    if (count)
        buffer_append_char(out, ' ');
}

void print_query(struct buffer *out, const struct query *query, bool derived)
{
    print_with(out, query);
    print_body(out, query, derived);
}
