/* Queries whose rows nobody can see, because a condition around them is never true or no row is wanted: they get that condition
 * themselves. SQLite reads a common table that is used more than once before it looks at what stands around its uses. */
#include "sql/push.h"

static bool prune_query(struct binder *binder, struct query *query, bool dead);

static bool prune_expression(struct binder *binder, struct expression *expression, bool dead)
{
    if (expression->query && !prune_query(binder, expression->query, dead))
        return false;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!prune_expression(binder, expression->operands[i], dead))
            return false;
    return !expression->filter || prune_expression(binder, expression->filter, dead);
}

static bool prune_from(struct binder *binder, struct from *from, bool dead)
{
    if (from->is_join)
        return (!from->condition || prune_expression(binder, from->condition, dead)) && prune_from(binder, from->left, dead) &&
               prune_from(binder, from->right, dead);
    if (from->source->common && dead)
        from->source->common->dead_count++;
    return !from->source->query || prune_query(binder, from->source->query, dead);
}

static bool holds_query(const struct expression *expression)
{
    if (expression->query)
        return true;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (holds_query(expression->operands[i]))
            return true;
    return false;
}

/* unwanted: the query wants no row, which SQLite sees by itself for the tables that stand in it. */
static bool prune_select(struct binder *binder, struct select *select, bool dead, bool unwanted)
{
    static const struct type boolean = {.kind = TYPE_BOOLEAN};

    if (select->where && (!prune_expression(binder, select->where, dead) || !simplify_condition(binder, &select->where)))
        return false;
    bool having_never = select->having && simplify_is_never(select->having);
    bool never = select->where && simplify_is_never(select->where);
    bool unread = dead || unwanted || having_never || never;
    bool empty = dead || unwanted || having_never || (never && !(select->grouped && select->group_count == 0));

    /* SQLite looks at a subquery only when the tables are open */
    if (select->from && (dead || having_never || (never && holds_query(select->where))) &&
        !(select->where = push_literal(binder, &boolean, value_integer(0))))
        return false;
    for (size_t i = 0; i < select->item_count; i++)
        if (!prune_expression(binder, select->items[i].expression, empty))
            return false;
    for (size_t i = 0; i < select->group_count; i++)
        if (!prune_expression(binder, select->groups[i], unread))
            return false;
    return (!select->having || prune_expression(binder, select->having, empty)) && (!select->from || prune_from(binder, select->from, unread));
}

static bool wants_no_row(const struct query *query)
{
    return query->limit && query->limit->kind == EXPRESSION_LITERAL && query->limit->value.storage == STORAGE_INTEGER &&
           query->limit->value.integer == 0;
}

/* Uses of a recursive table by itself. */
static unsigned uses_in_from(const struct from *from, const struct common_table *common);

static unsigned uses_in(const struct query *query, const struct common_table *common)
{
    unsigned count = 0;

    for (size_t i = 0; i < query->term_count; i++)
        count += query->terms[i].query ? uses_in(query->terms[i].query, common) : uses_in_from(query->terms[i].select->from, common);
    return count;
}

static unsigned uses_in_from(const struct from *from, const struct common_table *common)
{
    if (!from)
        return 0;
    if (from->is_join)
        return uses_in_from(from->left, common) + uses_in_from(from->right, common);
    return from->source->query ? uses_in(from->source->query, common) : from->source->common == common;
}

/* A use that was not come across, in the ORDER BY of a window say, may be seen. */
static bool is_unseen(const struct common_table *common)
{
    return common->dead_count + uses_in(common->query, common) == common->use_count;
}

static bool prune_query(struct binder *binder, struct query *query, bool dead)
{
    bool unwanted = wants_no_row(query);
    for (size_t i = 0; i < query->term_count; i++) {
        struct query_term *term = &query->terms[i];
        if (!(term->select ? prune_select(binder, term->select, dead, unwanted) : prune_query(binder, term->query, dead || unwanted)))
            return false;
    }
    for (size_t i = 0; i < query->order_count; i++)
        if (!prune_expression(binder, query->order[i].expression, dead))
            return false;
    for (size_t i = query->common_count; i-- > 0;) /* the later ones use those before them */
        if (!prune_query(binder, query->common[i].query, is_unseen(&query->common[i])))
            return false;
    return true;
}

bool prune_unseen(struct binder *binder, struct query *query)
{
    return prune_query(binder, query, false);
}

bool prune_is_empty(const struct query *query)
{
    if (wants_no_row(query))
        return true;
    for (size_t i = 0; i < query->term_count; i++) {
        const struct select *select = query->terms[i].select;
        if (!select)
            return false;
        bool where = select->where && simplify_is_never(select->where) && (!select->grouped || select->group_count > 0);
        if (!where && !(select->having && simplify_is_never(select->having)))
            return false;
    }
    return true;
}
