/* Queries: WITH, SELECT, FROM and its joins, set operators, ORDER BY, LIMIT and its other spellings. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "sql/parser.h"

static struct from *new_from(struct parser *parser)
{
    struct from *from = arena_alloc(parser->arena, sizeof *from);
    if (!from) {
        error_memory(parser->err);
        return NULL;
    }
    from->at = parser->token.at;
    from->depth = 1;
    return from;
}

/* Alias and column aliases behind a table or a derived table. */
static bool parse_table_alias(struct parser *parser, struct from *from)
{
    if (!parser_alias(parser, &from->alias))
        return false;
    return !from->alias || !parser_at_mark(parser, '(') ||
           parser_name_list(parser, &from->column_aliases, &from->column_alias_count);
}

static struct from *parse_table(struct parser *parser)
{
    struct from *from = new_from(parser);
    bool query;

    if (!from)
        return NULL;
    if (parser_at_mark(parser, '{')) {
        if (!parser_advance(parser) || !parser_need_word(parser, "oj") || !(from = parse_from(parser)))
            return NULL;
        return parser_need_mark(parser, '}') ? from : NULL;
    }
    if (!parser_at_mark(parser, '('))
        return parser_qualified_name(parser, "a table name", &from->name) && parse_table_alias(parser, from) ? from : NULL;

    if (!parser_parenthesis_holds_query(parser, &query) || !parser_advance(parser))
        return NULL;
    if (!query) {
        from = parse_from(parser);
        return from && parser_need_mark(parser, ')') ? from : NULL;
    }
    from->query = parse_query(parser);
    return from->query && parser_depth(parser, from->at, from->query->depth, &from->depth) && parser_need_mark(parser, ')') &&
                   parse_table_alias(parser, from)
               ? from
               : NULL;
}

/* The words between two tables. *found false: no join stands here. */
static bool parse_join_words(struct parser *parser, struct from *join, bool *found)
{
    static const struct { const char *word; enum join_kind kind; bool outer; } kinds[] = {
        {"INNER", JOIN_INNER, false}, {"CROSS", JOIN_CROSS, false}, {"LEFT", JOIN_LEFT, true},
        {"RIGHT", JOIN_RIGHT, true}, {"FULL", JOIN_FULL, true},
    };
    bool outer;

    join->join = JOIN_INNER;
    if (!parser_take_word(parser, "NATURAL", &join->natural))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!parser_take_word(parser, kinds[i].word, found))
            return false;
        if (!*found)
            continue;
        join->join = kinds[i].kind;
        return (!kinds[i].outer || parser_take_word(parser, "OUTER", &outer)) && parser_need_word(parser, "JOIN");
    }
    if (join->natural) {
        *found = true;
        return parser_need_word(parser, "JOIN");
    }
    return parser_take_word(parser, "JOIN", found);
}

/* ON or USING behind the right table; a CROSS or NATURAL join has none, an inner one may go without. */
static bool parse_join_condition(struct parser *parser, struct from *join)
{
    bool found;

    if (join->join == JOIN_CROSS || join->natural)
        return true;
    if (!parser_take_word(parser, "ON", &found))
        return false;
    if (found) {
        join->condition = parse_expression(parser);
        return join->condition != NULL;
    }
    if (!parser_take_word(parser, "USING", &found))
        return false;
    if (found)
        return parser_name_list(parser, &join->using, &join->using_count);
    return join->join == JOIN_INNER || parser_expected(parser, "ON or USING");
}

static struct from *combine(struct parser *parser, struct from *join, struct from *left, struct from *right)
{
    if (!left || !right)
        return NULL;
    join->is_join = true;
    join->left = left;
    join->right = right;
    return parser_depth(parser, join->at, left->depth > right->depth ? left->depth : right->depth, &join->depth) ? join : NULL;
}

/* A JOIN B [JOIN C ON …] ON …: a join that begins before our ON belongs to our right side. */
static struct from *parse_joined(struct parser *parser)
{
    struct from *left = parser_enter(parser) ? parse_table(parser) : NULL;
    bool found = left != NULL;

    while (left && found) {
        struct from *join = new_from(parser);
        if (!join || !parse_join_words(parser, join, &found))
            return NULL;
        if (!found)
            break;
        bool conditional = join->join != JOIN_CROSS && !join->natural;
        struct from *right = parse_table(parser);
        while (right && conditional && !parser_at_word(parser, "ON") && !parser_at_word(parser, "USING")) {
            struct from *inner = new_from(parser);
            bool more;
            if (!inner || !parse_join_words(parser, inner, &more))
                return NULL;
            if (!more)
                break;
            right = combine(parser, inner, right, parse_table(parser));
            if (!right || !parse_join_condition(parser, inner))
                return NULL;
        }
        left = combine(parser, join, left, right);
        if (!left || !parse_join_condition(parser, join))
            return NULL;
    }
    parser_leave(parser);
    return left;
}

struct from *parse_from(struct parser *parser)
{
    struct from *left = parse_joined(parser);
    bool more = left != NULL;

    while (left && more) {
        struct from *join = new_from(parser);
        if (!join || !parser_take_mark(parser, ',', &more))
            return NULL;
        if (!more)
            break;
        join->join = JOIN_COMMA;
        left = combine(parser, join, left, parse_joined(parser));
    }
    return left;
}

/* A number or a parameter: what LIMIT, OFFSET, FETCH and TOP take. */
static struct expression *parse_count(struct parser *parser)
{
    if (parser->token.kind == TOKEN_WHOLE || parser->token.kind == TOKEN_PARAMETER)
        return parse_primary(parser);
    parser_expected(parser, "a whole number or ?");
    return NULL;
}

/* TOP n, TOP (n); a column may be named Top. */
static bool parse_top(struct parser *parser, struct select *select)
{
    struct token next;
    bool parenthesis;

    if (!parser_at_word(parser, "TOP"))
        return true;
    if (!parser_peek(parser, &next))
        return false;
    if (next.kind != TOKEN_WHOLE && next.kind != TOKEN_PARAMETER && (next.kind != TOKEN_OPERATOR || next.mark != '('))
        return true;
    if (!parser_advance(parser) || !parser_take_mark(parser, '(', &parenthesis))
        return false;
    select->top = parse_count(parser);
    if (!select->top || (parenthesis && !parser_need_mark(parser, ')')))
        return false;
    if (parser_at_word(parser, "PERCENT") || parser_at_word(parser, "WITH"))
        return parser_error(parser, parser->token.at, "42000", "TOP takes a number of rows; PERCENT and WITH TIES are not possible");
    return true;
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

static bool parse_group_by(struct parser *parser, struct select *select)
{
    bool found, more = true;

    if (!parser_take_word(parser, "GROUP", &found) || !found)
        return !found;
    if (!parser_need_word(parser, "BY"))
        return false;
    while (more) {
        select->groups = parser_grow(parser, select->groups, select->group_count, sizeof *select->groups);
        struct expression *key = select->groups ? parse_expression(parser) : NULL;
        if (!key)
            return false;
        select->groups[select->group_count++] = key;
        if (!parser_take_mark(parser, ',', &more))
            return false;
    }
    return true;
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

static struct select *parse_select(struct parser *parser)
{
    struct select *select = arena_alloc(parser->arena, sizeof *select);
    bool all, found;

    if (!select) {
        error_memory(parser->err);
        return NULL;
    }
    select->at = parser->token.at;
    if (!parser_need_word(parser, "SELECT") || !parser_take_word(parser, "DISTINCT", &select->distinct) ||
        !parser_take_word(parser, "ALL", &all) || !parse_top(parser, select) || !parse_items(parser, select))
        return NULL;
    if (!parse_into(parser, select))
        return NULL;
    if (!parser_take_word(parser, "FROM", &found) || (found && !(select->from = parse_from(parser))))
        return NULL;
    return parse_clause(parser, "WHERE", &select->where) && parse_group_by(parser, select) &&
                   parse_clause(parser, "HAVING", &select->having)
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

/* FETCH {FIRST|NEXT} [n] {ROW|ROWS} ONLY, FETCH has been read. */
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
        query->limit = parse_count(parser);
    }
    return query->limit && skip_row_word(parser) && parser_need_word(parser, "ONLY");
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

static bool append_term(struct parser *parser, struct query *query, struct query_term term)
{
    query->terms = parser_grow(parser, query->terms, query->term_count, sizeof *query->terms);
    if (!query->terms)
        return false;
    query->terms[query->term_count++] = term;
    return true;
}

/* A SELECT or (query). */
static bool parse_term(struct parser *parser, struct query_term *term)
{
    bool parenthesis;

    if (!parser_take_mark(parser, '(', &parenthesis))
        return false;
    if (!parenthesis) {
        term->select = parse_select(parser);
        return term->select != NULL;
    }
    term->query = parse_query(parser);
    if (!term->query || !parser_need_mark(parser, ')'))
        return false;
    const struct query *inner = term->query;
    if (inner->term_count == 1 && inner->terms[0].select && !inner->common_count && !inner->order_count && !inner->limit && !inner->offset) {
        term->select = inner->terms[0].select;
        term->query = NULL;
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

/* Terms joined by INTERSECT, which binds tighter than UNION and EXCEPT: more than one become a query of their own. */
static bool parse_intersection(struct parser *parser, struct query_term *term)
{
    struct query *group = NULL;
    bool found = true;

    if (!parse_term(parser, term))
        return false;
    for (;;) {
        if (!parser_take_word(parser, "INTERSECT", &found))
            return false;
        if (!found)
            return true;
        if (parser_at_word(parser, "ALL"))
            return parser_error(parser, parser->token.at, "42000", "INTERSECT ALL is not possible; INTERSECT is");
        if (!parser_take_word(parser, "DISTINCT", &found))
            return false;
        if (!group) {
            group = new_query(parser);
            if (!group || !append_term(parser, group, *term))
                return false;
        }
        struct query_term next = {.set = SET_INTERSECT};
        if (!parse_term(parser, &next) || !append_term(parser, group, next))
            return false;
        *term = (struct query_term){.set = term->set, .query = group};
    }
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
        if (all && term.set == SET_EXCEPT)
            return parser_error(parser, parser->token.at, "42000", "EXCEPT ALL is not possible; EXCEPT is");
        if (all)
            term.set = SET_UNION_ALL;
        else if (!parser_take_word(parser, "DISTINCT", &found))
            return false;
        if (!parse_intersection(parser, &term) || !append_term(parser, query, term))
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

static bool parse_query_parts(struct parser *parser, struct query *query)
{
    bool found;

    if (!parse_common_tables(parser, query) || !parse_terms(parser, query) || !parser_take_word(parser, "ORDER", &found))
        return false;
    if (found && (!parser_need_word(parser, "BY") || !parse_order_items(parser, &query->order, &query->order_count)))
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
