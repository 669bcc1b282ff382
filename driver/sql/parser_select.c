/* Queries: WITH, SELECT, VALUES, set operators, ORDER BY, LIMIT and its other spellings. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "sql/parser.h"

/* A number or a parameter: what LIMIT, OFFSET, FETCH and TOP take. */
static struct expression *parse_count(struct parser *parser)
{
    if (parser->token.kind == TOKEN_WHOLE || parser->token.kind == TOKEN_PARAMETER)
        return parse_primary(parser);
    parser_expected(parser, "a whole number or ?");
    return NULL;
}

/* PERCENT and WITH TIES behind the number of rows. */
static bool parse_shares(struct parser *parser, bool *percent, bool *ties)
{
    return parser_take_word(parser, "PERCENT", percent) && parser_take_word(parser, "WITH", ties) && (!*ties || parser_need_word(parser, "TIES"));
}

/* The number of TOP … PERCENT may have a fraction. */
static struct expression *parse_top_count(struct parser *parser)
{
    return parser->token.kind == TOKEN_DECIMAL || parser->token.kind == TOKEN_FLOAT ? parse_primary(parser) : parse_count(parser);
}

/* TOP n [PERCENT] [WITH TIES], TOP (n); a column may be named Top. */
static bool parse_top(struct parser *parser, struct select *select)
{
    struct token next;
    bool parenthesis;

    if (!parser_at_word(parser, "TOP"))
        return true;
    if (!parser_peek(parser, &next))
        return false;
    if (next.kind != TOKEN_WHOLE && next.kind != TOKEN_DECIMAL && next.kind != TOKEN_FLOAT && next.kind != TOKEN_PARAMETER && (next.kind != TOKEN_OPERATOR || next.mark != '('))
        return true;
    if (!parser_advance(parser) || !parser_take_mark(parser, '(', &parenthesis))
        return false;
    select->top = parse_top_count(parser);
    if (!select->top || (parenthesis && !parser_need_mark(parser, ')')))
        return false;
    return parse_shares(parser, &select->top_percent, &select->top_ties);
}

/* Whether t.* or s.t.* stands here. */
static bool at_qualified_star(struct parser *parser, bool *star)
{
    struct lexer ahead = parser->lexer;
    struct token token;

    *star = false;
    if (!parser_at_name(parser))
        return true;
    for (;;) {
        if (!lexer_next(&ahead, &token, parser->err))
            return false;
        if (token.kind != TOKEN_OPERATOR || token.mark != '.')
            return true;
        if (!lexer_next(&ahead, &token, parser->err))
            return false;
        *star = token.kind == TOKEN_OPERATOR && token.mark == '*';
        if (*star)
            return true;
    }
}

/* *, t.*, or expression [AS alias] */
static bool parse_item(struct parser *parser, struct select_item *item)
{
    bool dot = true;

    item->at = parser->token.at;
    if (!parser_take_mark(parser, '*', &item->star))
        return false;
    if (item->star)
        return true;
    if (!at_qualified_star(parser, &item->star))
        return false;
    while (item->star && dot) {
        item->star_of = parser_any_name(parser, "a table name");
        if (!item->star_of || !parser_need_mark(parser, '.'))
            return false;
        dot = !parser_at_mark(parser, '*');
    }
    if (item->star)
        return parser_advance(parser);
    item->expression = parse_expression(parser);
    return item->expression && parser_alias(parser, &item->alias);
}

static bool parse_items(struct parser *parser, struct select *select)
{
    bool more = true;

    while (more) {
        select->items = parser_grow(parser, select->items, select->item_count, sizeof *select->items);
        if (!select->items || !parse_item(parser, &select->items[select->item_count++]) || !parser_take_mark(parser, ',', &more))
            return false;
    }
    return true;
}

/* which: of the groupings of ROLLUP and the like. */
static bool parse_group_by(struct parser *parser, struct select *select, size_t which)
{
    bool found;

    if (!parser_take_word(parser, "GROUP", &found) || !found)
        return !found;
    return parser_need_word(parser, "BY") && parse_groups(parser, select, which);
}

/* One optional clause that is a word and an expression. */
static bool parse_clause(struct parser *parser, const char *word, struct expression **expression)
{
    bool found;

    if (!parser_take_word(parser, word, &found) || !found)
        return !found;
    *expression = parse_expression(parser);
    return *expression != NULL;
}

/* INTO [TEMP | TEMPORARY] [TABLE] name */
static bool parse_into(struct parser *parser, struct select *select)
{
    bool found, temp;

    if (!parser_take_word(parser, "INTO", &found) || !found)
        return !found;
    if (!parser_take_word(parser, "TEMPORARY", &select->into_temporary) || !parser_take_word(parser, "TEMP", &temp) ||
        !parser_take_word(parser, "TABLE", &found))
        return false;
    select->into_temporary = select->into_temporary || temp;
    select->into_at = parser->token.at;
    return parser_qualified_name(parser, "a name for the table", &select->into);
}

static bool refuse_distinct_on(struct parser *parser, const struct select *select)
{
    struct token next;

    if (!select->distinct || !parser_at_word(parser, "ON") || !parser_peek(parser, &next))
        return false;
    return !parser_error(parser, parser->token.at, "42000", "DISTINCT ON is not possible; number the rows with ROW_NUMBER() OVER (PARTITION BY … ORDER BY "
                         "…) in a derived table and keep those with number 1");
}

/* WINDOW w AS (…), v AS (…) */
static bool parse_windows(struct parser *parser, struct select *select)
{
    bool found, more = true;

    if (!parser_take_word(parser, "WINDOW", &found) || !found)
        return !found;
    while (more) {
        select->windows = parser_grow(parser, select->windows, select->window_count, sizeof *select->windows);
        if (!select->windows)
            return false;
        struct named_window *named = &select->windows[select->window_count++];
        named->at = parser->token.at;
        named->name = parser_name(parser, "a name for the window");
        if (!named->name || !parser_need_word(parser, "AS") || !parse_window(parser, &named->window) || !parser_take_mark(parser, ',', &more))
            return false;
    }
    return true;
}

struct select *parse_select(struct parser *parser)
{
    struct select *select = arena_alloc(parser->arena, sizeof *select);
    size_t which = parser->set;
    bool all, found;

    parser->set = 0; /* of SELECTs within this one */
    if (!select) {
        error_memory(parser->err);
        return NULL;
    }
    select->at = parser->token.at;
    if (!parser_need_word(parser, "SELECT") || !parser_take_word(parser, "DISTINCT", &select->distinct) ||
        refuse_distinct_on(parser, select) || !parser_take_word(parser, "ALL", &all) || !parse_top(parser, select) || !parse_items(parser, select))
        return NULL;
    if (!parse_into(parser, select))
        return NULL;
    if (!parser_take_word(parser, "FROM", &found) || (found && !(select->from = parse_from(parser))))
        return NULL;
    return parse_clause(parser, "WHERE", &select->where) && parse_group_by(parser, select, which) &&
                   parse_clause(parser, "HAVING", &select->having) && parse_windows(parser, select)
               ? select
               : NULL;
}

bool parse_order_items(struct parser *parser, struct order_item **items, size_t *count)
{
    bool more = true, found;

    while (more) {
        *items = parser_grow(parser, *items, *count, sizeof **items);
        if (!*items)
            return false;
        struct order_item *item = &(*items)[(*count)++];
        item->expression = parse_expression(parser);
        if (!item->expression || !parser_take_word(parser, "ASC", &found))
            return false;
        if (!found && !parser_take_word(parser, "DESC", &item->descending))
            return false;
        if (!parser_take_word(parser, "NULLS", &found))
            return false;
        if (found) {
            bool first = parser_at_word(parser, "FIRST");
            item->nulls = first ? NULLS_FIRST : NULLS_LAST;
            if (!parser_need_word(parser, first ? "FIRST" : "LAST"))
                return false;
        }
        if (!parser_take_mark(parser, ',', &more))
            return false;
    }
    return true;
}

/* LIMIT n, LIMIT n OFFSET m, LIMIT m, n */
static bool parse_limit(struct parser *parser, struct query *query)
{
    bool found;

    if (!parser_take_word(parser, "ALL", &found) || found)
        return found;
    query->limit = parse_count(parser);
    if (!query->limit || !parser_take_mark(parser, ',', &found))
        return false;
    if (!found)
        return true;
    query->offset = query->limit;
    query->limit = parse_count(parser);
    return query->limit != NULL;
}

static bool skip_row_word(struct parser *parser)
{
    bool found;
    return parser_take_word(parser, "ROW", &found) && (found || parser_take_word(parser, "ROWS", &found));
}

/* FETCH {FIRST|NEXT} [n [PERCENT]] {ROW|ROWS} {ONLY | WITH TIES}, FETCH has been read. */
static bool parse_fetch(struct parser *parser, struct query *query)
{
    bool next;

    if (!parser_take_word(parser, "NEXT", &next) || (!next && !parser_need_word(parser, "FIRST")))
        return false;
    if (parser_at_word(parser, "ROW") || parser_at_word(parser, "ROWS")) {
        query->limit = parser_new(parser, EXPRESSION_LITERAL, parser->token.at);
        if (!query->limit)
            return false;
        query->limit->typed = true;
        query->limit->type = (struct type){.kind = TYPE_INTEGER};
        query->limit->value = value_integer(1);
    } else {
        query->limit = parse_top_count(parser);
        if (!query->limit || !parser_take_word(parser, "PERCENT", &query->percent))
            return false;
    }
    if (!skip_row_word(parser) || !parser_take_word(parser, "WITH", &query->ties))
        return false;
    return parser_need_word(parser, query->ties ? "TIES" : "ONLY");
}

/* LIMIT and OFFSET in either order, or OFFSET … FETCH …; each once. */
static bool parse_bounds(struct parser *parser, struct query *query)
{
    bool found;

    for (;;) {
        uint32_t at = parser->token.at;
        bool limit = parser_at_word(parser, "LIMIT") || parser_at_word(parser, "FETCH");
        if (!limit && !parser_at_word(parser, "OFFSET"))
            return true;
        if (limit ? query->limit != NULL : query->offset != NULL)
            return parser_error(parser, at, "42000", "Syntax error: the number of rows is bounded twice");
        if (!parser_take_word(parser, "OFFSET", &found))
            return false;
        if (found) {
            query->offset = parse_count(parser);
            if (!query->offset || !skip_row_word(parser))
                return false;
            continue;
        }
        if (!parser_take_word(parser, "LIMIT", &found))
            return false;
        if (!(found ? parse_limit(parser, query) : parser_advance(parser) && parse_fetch(parser, query)))
            return false;
    }
}

static bool parse_common_tables(struct parser *parser, struct query *query)
{
    bool found, more = true;

    if (!parser_take_word(parser, "WITH", &found) || !found)
        return !found;
    if (!parser_take_word(parser, "RECURSIVE", &query->recursive))
        return false;
    while (more) {
        query->common = parser_grow(parser, query->common, query->common_count, sizeof *query->common);
        if (!query->common)
            return false;
        struct common_table *common = &query->common[query->common_count++];
        common->at = parser->token.at;
        common->name = parser_name(parser, "a name for the common table expression");
        if (!common->name || (parser_at_mark(parser, '(') &&
                              !parser_name_list(parser, &common->column_aliases, &common->column_alias_count)))
            return false;
        if (!parser_need_word(parser, "AS") || !parser_need_mark(parser, '('))
            return false;
        common->query = parse_query(parser);
        if (!common->query || !parser_need_mark(parser, ')') || !parser_take_mark(parser, ',', &more))
            return false;
    }
    return true;
}

static struct query *new_query(struct parser *parser)
{
    struct query *query = arena_alloc(parser->arena, sizeof *query);
    if (query)
        query->at = parser->token.at;
    else
        error_memory(parser->err);
    return query;
}

static bool append_term(struct parser *parser, struct query *query, struct query_term term)
{
    query->terms = parser_grow(parser, query->terms, query->term_count, sizeof *query->terms);
    if (!query->terms)
        return false;
    query->terms[query->term_count++] = term;
    return true;
}

/* A query that is nothing but one SELECT is that SELECT. */
static bool bare_select(struct query_term *term)
{
    const struct query *inner = term->query;
    if (inner->term_count == 1 && inner->terms[0].select && !inner->common_count && !inner->order_count && !inner->limit && !inner->offset) {
        term->select = inner->terms[0].select;
        term->query = NULL;
    }
    return true;
}

/* One row of VALUES. */
static struct select *parse_values_row(struct parser *parser)
{
    struct select *select = arena_alloc(parser->arena, sizeof *select);
    bool more = true;

    if (!select) {
        error_memory(parser->err);
        return NULL;
    }
    select->at = parser->token.at;
    select->values = true;
    if (!parser_need_mark(parser, '('))
        return NULL;
    while (more) {
        select->items = parser_grow(parser, select->items, select->item_count, sizeof *select->items);
        if (!select->items)
            return NULL;
        struct select_item *item = &select->items[select->item_count++];
        item->at = parser->token.at;
        item->alias = arena_printf(parser->arena, "column%zu", select->item_count);
        item->expression = item->alias ? parse_expression(parser) : NULL;
        if (!item->expression || !parser_take_mark(parser, ',', &more))
            return NULL;
    }
    return parser_need_mark(parser, ')') ? select : NULL;
}

/* VALUES (…), (…): its rows are SELECTs without FROM, one behind the other; the columns are column1, column2… */
static struct query *parse_values(struct parser *parser)
{
    struct query *query = new_query(parser);
    bool more = true;

    if (!query || !parser_need_word(parser, "VALUES"))
        return NULL;
    while (more) {
        struct query_term row = {.set = SET_UNION_ALL, .select = parse_values_row(parser)};
        if (!row.select || !append_term(parser, query, row) || !parser_take_mark(parser, ',', &more))
            return NULL;
    }
    return query;
}

/* A SELECT, VALUES or (query). */
static bool parse_term(struct parser *parser, struct query_term *term)
{
    bool parenthesis;

    if (!parser_take_mark(parser, '(', &parenthesis))
        return false;
    if (!parenthesis && parser_at_word(parser, "VALUES")) {
        term->query = parse_values(parser);
        return term->query && bare_select(term);
    }
    if (!parenthesis) {
        const struct parser start = *parser;
        term->select = parse_select(parser);
        if (!term->select || term->select->set_count < 2)
            return term->select;
        struct select *first = term->select;
        *term = (struct query_term){.set = term->set, .query = new_query(parser)};
        return term->query && parse_other_sets(parser, &start, first, term->query) &&
               parser_depth(parser, first->at, parser->deepest, &term->query->depth);
    }
    term->query = parse_query(parser);
    if (!term->query || !parser_need_mark(parser, ')'))
        return false;
    return bare_select(term);
}

/* Terms joined by INTERSECT, which binds tighter than UNION and EXCEPT: more than one become a query of their own. */
static bool parse_intersection(struct parser *parser, struct query_term *term)
{
    struct query *group = NULL;
    bool found = true, all;

    if (!parse_term(parser, term))
        return false;
    for (;;) {
        if (!parser_take_word(parser, "INTERSECT", &found))
            return false;
        if (!found)
            return true;
        if (!parser_take_word(parser, "ALL", &all) || (!all && !parser_take_word(parser, "DISTINCT", &found)))
            return false;
        if (all || !group) {
            group = new_query(parser);
            if (!group || !append_term(parser, group, *term))
                return false;
        }
        struct query_term next = {.set = all ? SET_INTERSECT_ALL : SET_INTERSECT};
        if (!parse_term(parser, &next) || !append_term(parser, group, next))
            return false;
        *term = (struct query_term){.set = term->set, .query = group};
        if (all && !parser_depth(parser, group->at, parser->deepest, &group->depth))
            return false;
        if (all)
            group = NULL;
    }
}

/* Makes the terms so far one term. */
static bool close_terms(struct parser *parser, struct query *query)
{
    if (query->term_count == 1)
        return true;
    struct query *inner = new_query(parser);
    if (!inner)
        return false;
    inner->terms = query->terms;
    inner->term_count = query->term_count;
    query->terms = NULL;
    query->term_count = 0;
    return parser_depth(parser, query->at, parser->deepest, &inner->depth) &&
           append_term(parser, query, (struct query_term){.query = inner});
}

static bool parse_terms(struct parser *parser, struct query *query)
{
    struct query_term term = {0};
    bool found, all;

    if (!parse_intersection(parser, &term) || !append_term(parser, query, term))
        return false;
    for (;;) {
        term = (struct query_term){.set = SET_UNION};
        if (!parser_take_word(parser, "UNION", &found))
            return false;
        if (!found) {
            if (!parser_at_word(parser, "EXCEPT") && !parser_at_word(parser, "MINUS"))
                return true;
            if (!parser_advance(parser))
                return false;
            term.set = SET_EXCEPT;
        }
        if (!parser_take_word(parser, "ALL", &all))
            return false;
        if (all)
            term.set = term.set == SET_EXCEPT ? SET_EXCEPT_ALL : SET_UNION_ALL;
        else if (!parser_take_word(parser, "DISTINCT", &found))
            return false;
        if (!parse_intersection(parser, &term) || (term.set == SET_EXCEPT_ALL && !close_terms(parser, query)) ||
            !append_term(parser, query, term) || (term.set == SET_EXCEPT_ALL && !close_terms(parser, query)))
            return false;
    }
}

/* ((…)): one term that is a query itself is that query, unless something was written around it. */
static struct query *unwrap(struct query *query)
{
    struct query *inner = query->term_count == 1 ? query->terms[0].query : NULL;
    bool bare = !query->common_count && !query->order_count && !query->limit && !query->offset;
    bool bare_inside = inner && !inner->common_count && !inner->order_count && !inner->limit && !inner->offset;

    if (inner && bare)
        return inner;
    if (bare_inside) {
        query->terms = inner->terms;
        query->term_count = inner->term_count;
    }
    return query;
}

/* Whether ORDER BY has more than names and positions. */
static bool orders_by_expression(const struct query *query)
{
    for (size_t i = 0; i < query->order_count; i++) {
        const struct expression *ordered = query->order[i].expression;
        bool position = ordered->kind == EXPRESSION_LITERAL, name = ordered->kind == EXPRESSION_COLUMN && ordered->name.count == 1;
        if (!position && !name)
            return true;
    }
    return false;
}

/* What stands behind UNION, INTERSECT and EXCEPT has columns but no expressions to order by: it becomes a derived table, SELECT * FROM it. */
static bool derive_terms(struct parser *parser, struct query *query)
{
    struct select *select = arena_alloc(parser->arena, sizeof *select);
    struct from *from = arena_alloc(parser->arena, sizeof *from);
    struct query *alone = query->term_count == 1 ? query->terms[0].query : NULL, *inner = alone ? alone : new_query(parser);

    if (!select || !from || !inner)
        return error_memory(parser->err);
    if (!alone) {
        inner->terms = query->terms;
        inner->term_count = query->term_count;
    }
    inner->depth = from->depth = 1;
    inner->at = from->at = select->at = query->at;
    if (!parser_depth(parser, query->at, parser->deepest, &inner->depth) || !parser_depth(parser, query->at, inner->depth, &from->depth))
        return false;
    from->query = inner;
    select->from = from;
    select->items = parser_grow(parser, NULL, 0, sizeof *select->items);
    if (!select->items)
        return false;
    select->items[0] = (struct select_item){.star = true, .at = query->at};
    select->item_count = 1;
    query->terms = NULL;
    query->term_count = 0;
    return append_term(parser, query, (struct query_term){.select = select});
}

/* SELECT TOP 3 … GROUP BY ROLLUP (…) ORDER BY …: order and bound are those of all groupings. */
static bool order_sets(struct parser *parser, struct query *query)
{
    struct query *sets = query->term_count == 1 && query->terms[0].query && query->terms[0].query->of_sets ? query->terms[0].query : NULL;

    if (!sets)
        return true;
    query->limit = sets->limit;
    query->percent = sets->percent;
    query->ties = sets->ties;
    sets->limit = NULL;
    sets->percent = sets->ties = false;
    return parse_order_of_sets(parser, sets, query->order, query->order_count);
}

static bool parse_query_parts(struct parser *parser, struct query *query)
{
    bool found;

    if (!parse_common_tables(parser, query) || !parse_terms(parser, query) || !parser_take_word(parser, "ORDER", &found))
        return false;
    if (found && (!parser_need_word(parser, "BY") || !parse_order_items(parser, &query->order, &query->order_count)))
        return false;
    if (!order_sets(parser, query))
        return false;
    bool combined = query->term_count > 1 || (query->term_count == 1 && query->terms[0].query);
    if (combined && orders_by_expression(query) && !derive_terms(parser, query))
        return false;
    return parse_bounds(parser, query);
}

struct query *parse_query(struct parser *parser)
{
    struct query *query = parser_enter(parser) ? new_query(parser) : NULL;
    uint16_t around = parser->deepest;

    parser->deepest = 0;
    if (!query || !parse_query_parts(parser, query))
        return NULL;
    query = unwrap(query);
    query->depth = 1;
    if (!parser_depth(parser, query->at, parser->deepest, &query->depth))
        return NULL;
    if (around > parser->deepest)
        parser->deepest = around;
    parser_leave(parser);
    return query;
}
