/* A view where it is used: its query, parsed anew and bound as a derived table, so that conditions reach what it reads. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/parser.h"

static bool parse_view(struct binder *binder, const struct table *view, struct query **query)
{
    struct parsed *parsed;
    size_t parameter_count;

    if (!sql_parse(view->query, strlen(view->query), binder->arena, &parsed, &parameter_count, binder->err))
        return false;
    if (parsed->kind != STATEMENT_SELECT || parsed->next)
        return error_set(binder->err, "42000", "Its text must be one SELECT");
    if (parameter_count > 0)
        return error_set(binder->err, "42000", "Its query can not hold parameters");
    *query = parsed->query;
    return true;
}

/* Views of views may multiply, and each level is one of the tree that the printer walks down. */
static bool check_size(struct binder *binder, const struct table *view, const struct query *query, uint32_t at)
{
    enum { MOST_VIEWS = 1000 };

    binder->view_depth = (uint16_t)(binder->view_depth + query->depth);
    return (binder->view_depth <= PARSER_DEPTH && ++binder->view_count <= MOST_VIEWS) ||
           bind_error(binder, at, "42000", "The statement is too complex: with %.128s it uses more than %d views, or views %d levels deep",
                      view->name, MOST_VIEWS, PARSER_DEPTH);
}

bool bind_view(struct binder *binder, const struct table *view, uint32_t at, struct source *source)
{
    const struct view_sight sight = {binder->views, view};
    struct binder inside = *binder;
    struct query *query = NULL;

    for (const struct view_sight *outer = binder->views; outer; outer = outer->outer)
        if (outer->view->place == view->place && name_equal(outer->view->name, view->name))
            return bind_error(binder, at, "42000", "The view %.128s uses itself", view->name);
    if (!parse_view(&inside, view, &query))
        return error_prefix(binder->err, "View %.128s: ", view->name);
    if (!check_size(&inside, view, query, at))
        return false;
    inside.text = view->query;
    inside.commons = NULL;
    inside.views = &sight;
    inside.bound_count = 0;
    if (!bind_query(&inside, query, NULL) || !bind_finish(&inside, query))
        return error_prefix(binder->err, "View %.128s: ", view->name);

    binder->tables = inside.tables;
    binder->table_count = inside.table_count;
    binder->table_room = inside.table_room;
    binder->widened = inside.widened;
    binder->source_count = inside.source_count;
    binder->common_count = inside.common_count;
    binder->view_count = inside.view_count;
    binder->select_count = inside.select_count;

    source->query = query;
    source->view = view;
    source->columns = query->columns;
    source->column_count = query->column_count;
    return true;
}
