/* Which columns of its tables a query names, where a service shows more rows to who names them (struct column.widens). What counts is the text, so
 * that the answer does not depend on which conditions the service can be asked for. */
#include "base/arena.h"
#include "base/error.h"
#include "sql/binder.h"

/* The common tables that a column is looked for in, the innermost first: a recursive one shows its own. */
struct passing {
    const struct passing *outer;
    const struct common_table *common;
    size_t column;
};

/* A condition of a SELECT. */
struct naming {
    struct binder *binder;
    const struct select *select;
    const struct from *on;      /* the join that it belongs to; NULL for WHERE and HAVING */
};

static bool name_column(struct binder *binder, struct source *source, size_t column, const struct passing *outer);

/* A column of a query is, in each of its SELECTs, the column that it shows. */
static bool name_shown(struct binder *binder, const struct query *query, size_t column, const struct passing *outer)
{
    for (size_t i = 0; i < query->term_count; i++) {
        const struct query_term *term = &query->terms[i];
        if (!term->select) {
            if (!name_shown(binder, term->query, column, outer))
                return false;
            continue;
        }
        const struct expression *shown = column < term->select->item_count ? term->select->items[column].expression : NULL;
        while (shown && shown->kind == EXPRESSION_CAST)
            shown = shown->operands[0];
        if (shown && shown->kind == EXPRESSION_COLUMN && shown->source && !name_column(binder, shown->source, shown->column, outer))
            return false;
    }
    return true;
}

static bool name_column(struct binder *binder, struct source *source, size_t column, const struct passing *outer)
{
    if (source->table) {
        source->named |= table_naming(source->table, column);
        if (source->named)
            source->widened = arena_printf(binder->arena, WIDENED_NAME, source->table->name, (unsigned long long)source->named);
        return !source->named || source->widened || error_memory(binder->err);
    }
    if (source->query)
        return name_shown(binder, source->query, column, outer);
    for (const struct passing *passed = outer; passed; passed = passed->outer)
        if (passed->common == source->common && passed->column == column)
            return true;
    const struct passing inside = {outer, source->common, column};
    return !source->common || name_shown(binder, source->common->query, column, &inside);
}

/* ---- Conditions ---- */

static bool name_in_query(const struct naming *naming, const struct query *query);

/* Whether the condition can leave out rows of the source. */
static bool narrows(const struct naming *naming, const struct source *source)
{
    if (source->owner != naming->select)
        return false;
    switch (naming->on ? naming->on->join : JOIN_INNER) {
    case JOIN_LEFT:
        return bind_holds(naming->on->right, source);
    case JOIN_RIGHT:
        return bind_holds(naming->on->left, source);
    case JOIN_FULL:
        return false;
    default:
        return true;
    }
}

static bool name_in(const struct naming *naming, const struct expression *expression)
{
    if (expression->kind == EXPRESSION_COLUMN && expression->source && narrows(naming, expression->source)
        && !name_column(naming->binder, expression->source, expression->column, NULL))
        return false;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!name_in(naming, expression->operands[i]))
            return false;
    if (expression->filter && !name_in(naming, expression->filter))
        return false;
    return !expression->query || name_in_query(naming, expression->query);
}

static bool name_in_from(const struct naming *naming, const struct from *from)
{
    if (!from->is_join)
        return !from->source || !from->source->query || name_in_query(naming, from->source->query);
    return (!from->condition || name_in(naming, from->condition)) && name_in_from(naming, from->left) && name_in_from(naming, from->right);
}

static bool name_in_select(const struct naming *naming, const struct select *select)
{
    for (size_t i = 0; i < select->item_count; i++)
        if (!name_in(naming, select->items[i].expression))
            return false;
    return (!select->from || name_in_from(naming, select->from)) && (!select->where || name_in(naming, select->where))
           && (!select->having || name_in(naming, select->having));
}

/* A query within a condition names the columns of the SELECT that the condition belongs to wherever they stand in it. */
static bool name_in_query(const struct naming *naming, const struct query *query)
{
    for (size_t i = 0; i < query->common_count; i++)
        if (!name_in_query(naming, query->common[i].query))
            return false;
    for (size_t i = 0; i < query->term_count; i++)
        if (!(query->terms[i].select ? name_in_select(naming, query->terms[i].select) : name_in_query(naming, query->terms[i].query)))
            return false;
    return true;
}

bool bind_naming_in(struct binder *binder, const struct select *select, const struct expression *condition)
{
    const struct naming naming = {binder, select, NULL};
    return !binder->widened || name_in(&naming, condition);
}

bool bind_naming(struct binder *binder, const struct select *select, const struct from *from)
{
    const struct naming naming = {binder, select, from};

    if (!from->is_join || !binder->widened)
        return true;
    return (!from->condition || name_in(&naming, from->condition)) && bind_naming(binder, select, from->left)
           && bind_naming(binder, select, from->right);
}

/* ---- What the engine is to know ---- */

bool bind_widened(struct binder *binder, struct statement *statement)
{
    size_t count = 0;

    for (const struct source *source = binder->widened; source; source = source->next_widened)
        count += source->named != 0;
    struct widened_table *widened = arena_array(binder->arena, count + 1, sizeof *widened);
    if (!widened)
        return error_memory(binder->err);
    for (const struct source *source = binder->widened; source; source = source->next_widened)
        if (source->named)
            widened[statement->widened_count++] = (struct widened_table){source->table, source->named, source->widened};
    statement->widened = widened;
    return true;
}
