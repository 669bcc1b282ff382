/* Queries as SQLite must see them: every table under a name of ours (t1, t2…), every derived column as c1, c2…, so that no two
 * names can meet by accident. */
#include "sql/print.h"

#include "sql/place.h"

static void print_leaf(struct buffer *out, const struct source *source)
{
    if (source->query) {
        buffer_append_char(out, '(');
        print_query(out, source->query, true);
        buffer_append_char(out, ')');
    } else if (source->table) {
        print_place(out, source->table->place, source->table->name);
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

/* A, (B LEFT JOIN C ON p) is printed as A JOIN B LEFT JOIN C ON p, because only without parentheses does SQLite choose the order
 * of the tables freely; for the same reason never as CROSS JOIN. */
static void print_from(struct buffer *out, const struct from *from, const char *lead)
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

    print_from(out, left, lead);
    if (free) {
        print_from(out, right, word);
    } else {
        buffer_append_text(out, word);
        print_from(out, right, "(");
        buffer_append_char(out, ')');
    }
    if (from->condition) {
        buffer_append_text(out, " ON ");
        print_condition(out, from->condition, LEVEL_OR);
    } else if (!is_inner(from->join)) {
        buffer_append_text(out, " ON 1"); /* NATURAL without a common column */
    }
}

static void print_items(struct buffer *out, const struct select *select, bool derived)
{
    for (size_t i = 0; i < select->item_count; i++) {
        if (i)
            buffer_append_text(out, ", ");
        print_expression(out, select->items[i].expression, LEVEL_OR);
        if (derived)
            buffer_printf(out, " AS \"c%zu\"", i + 1);
    }
}

/* A whole number would be read as a position in the select list. */
static void print_group(struct buffer *out, const struct expression *key)
{
    bool number = key->kind == EXPRESSION_LITERAL && key->value.storage == STORAGE_INTEGER;

    buffer_append_text(out, number ? "CAST(" : "");
    print_expression(out, key, LEVEL_OR);
    buffer_append_text(out, number ? " AS INTEGER)" : "");
}

static void print_bounds(struct buffer *out, const struct expression *limit, const struct expression *offset)
{
    if (!limit && !offset)
        return;
    buffer_append_text(out, " LIMIT ");
    if (limit)
        print_expression(out, limit, LEVEL_OR);
    else
        buffer_append_text(out, "-1");
    if (offset) {
        buffer_append_text(out, " OFFSET ");
        print_expression(out, offset, LEVEL_OR);
    }
}

static void print_select(struct buffer *out, const struct select *select, bool derived)
{
    buffer_append_text(out, select->distinct ? "SELECT DISTINCT " : "SELECT ");
    print_items(out, select, derived);
    if (select->from) {
        buffer_append_text(out, " FROM ");
        print_from(out, select->from, "");
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

void print_order(struct buffer *out, const struct order_item *order, size_t count)
{
    static const char *const nulls[] = {[NULLS_DEFAULT] = "", [NULLS_FIRST] = " NULLS FIRST", [NULLS_LAST] = " NULLS LAST"};

    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_append_text(out, ", ");
        if (order[i].ordinal)
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
    if (term->select && !term->select->top) {
        print_select(out, term->select, derived);
        return;
    }
    buffer_append_text(out, "SELECT * FROM (");
    if (term->select)
        print_select(out, term->select, derived);
    else
        print_query(out, term->query, derived);
    buffer_append_char(out, ')');
}

static void print_common(struct buffer *out, const struct query *query)
{
    for (size_t i = 0; i < query->common_count; i++) {
        const struct common_table *common = &query->common[i];
        buffer_append_text(out, i ? ", " : query->recursive ? "WITH RECURSIVE " : "WITH ");
        print_name(out, common->printed);
        for (size_t c = 0; c < common->column_count; c++)
            buffer_printf(out, "%s\"c%zu\"", c ? ", " : "(", c + 1);
        buffer_append_text(out, ") AS (");
        print_query(out, common->query, true);
        buffer_append_char(out, ')');
    }
    if (query->common_count)
        buffer_append_char(out, ' ');
}

void print_query(struct buffer *out, const struct query *query, bool derived)
{
    static const char *const words[] = {
        [SET_UNION] = " UNION ", [SET_UNION_ALL] = " UNION ALL ", [SET_INTERSECT] = " INTERSECT ", [SET_EXCEPT] = " EXCEPT ",
    };

    print_common(out, query);
    for (size_t i = 0; i < query->term_count; i++) {
        if (i)
            buffer_append_text(out, words[query->terms[i].set]);
        print_term(out, &query->terms[i], derived);
    }
    if (query->order_count) {
        buffer_append_text(out, " ORDER BY ");
        print_order(out, query->order, query->order_count);
    }
    print_bounds(out, query->limit, query->offset);
}
