/* GROUP BY with ROLLUP, CUBE and GROUPING SETS. A SELECT with several groupings is parsed once for each, and becomes a UNION ALL of them;
 * what a grouping is not by becomes NULL in the binder. */
#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/parser.h"

enum { MOST_SETS = 64, MOST_KEYS = 32, MOST_COPIES = 1000 /* of all SELECTs of a statement */ };

/* Groupings, each as the keys that it is by: bit i for groups[i]. */
struct sets {
    uint32_t keys[MOST_SETS];
    size_t count;
};

static bool too_many(struct parser *parser, uint32_t at)
{
    return parser_error(parser, at, "54000", "GROUP BY has more than %d groupings, or more than %d keys in them", MOST_SETS, MOST_KEYS);
}

static bool add_set(struct parser *parser, struct sets *sets, uint32_t keys)
{
    if (sets->count == MOST_SETS)
        return too_many(parser, parser->token.at);
    sets->keys[sets->count++] = keys;
    return true;
}

static bool parse_key(struct parser *parser, struct select *select, uint32_t *keys)
{
    uint32_t at = parser->token.at;

    select->groups = parser_grow(parser, select->groups, select->group_count, sizeof *select->groups);
    struct expression *key = select->groups ? parse_expression(parser) : NULL;
    if (!key)
        return false;
    if (select->group_count < MOST_KEYS)
        *keys |= UINT32_C(1) << select->group_count;
    else
        *keys = 0;
    select->groups[select->group_count++] = key;
    return select->group_count <= MOST_KEYS || !select->sets || too_many(parser, at);
}

/* Whether the parenthesis that stands here holds several keys, or none: it is no part of an expression. Its marks are looked at only: to
 * parse what is in it, which may hold such parentheses too, would cost twice as much for each of them. */
static bool at_several(const struct parser *parser, bool *none)
{
    struct parser ahead = *parser;
    struct error ignored;
    int open = 0;

    ahead.err = &ignored;
    *none = false;
    if (!parser_at_mark(parser, '(') || !parser_advance(&ahead) || parser_at_query(&ahead.lexer, &ahead.token))
        return false;
    *none = parser_at_mark(&ahead, ')');
    while (!*none && ahead.token.kind != TOKEN_END) {
        if (open == 0 && (parser_at_mark(&ahead, ',') || parser_at_mark(&ahead, ')')))
            return parser_at_mark(&ahead, ',');
        open += parser_at_mark(&ahead, '(') - parser_at_mark(&ahead, ')');
        if (!parser_advance(&ahead))
            return false;
    }
    return *none;
}

/* a, (a, b) or () */
static bool parse_keys(struct parser *parser, struct select *select, uint32_t *keys)
{
    bool none, more = true;

    *keys = 0;
    if (!at_several(parser, &none))
        return parse_key(parser, select, keys);
    select->sets = select->sets || none; /* one group, also without an aggregate */
    if (!parser_need_mark(parser, '('))
        return false;
    while (!none && more)
        if (!parse_key(parser, select, keys) || !parser_take_mark(parser, ',', &more))
            return false;
    return parser_need_mark(parser, ')');
}

/* (a, (b, c)…) of ROLLUP: all of them, then one less and less. Of CUBE: every choice of them. */
static bool parse_regular(struct parser *parser, struct select *select, bool cube, struct sets *sets)
{
    uint32_t items[MOST_KEYS], choice = 0;
    size_t count = 0;
    bool more = true;

    if (!parser_need_mark(parser, '('))
        return false;
    for (; more; count++)
        if (count == MOST_KEYS ? !too_many(parser, parser->token.at)
                               : !parse_keys(parser, select, &items[count]) || !parser_take_mark(parser, ',', &more))
            return false;
    size_t sets_of_it = cube ? (size_t)1 << count : count + 1;
    for (size_t set = 0; set < sets_of_it; set++, choice = 0) {
        for (size_t i = 0; i < count; i++)
            choice |= cube ? (set >> (count - 1 - i) & 1 ? 0 : items[i]) : i + set < count ? items[i] : 0;
        if (!add_set(parser, sets, choice))
            return false;
    }
    return parser_need_mark(parser, ')');
}

/* One element of GROUP BY or of GROUPING SETS: its groupings behind the others. */
static bool parse_element(struct parser *parser, struct select *select, struct sets *sets)
{
    bool rollup = parser_at_word(parser, "ROLLUP"), cube = parser_at_word(parser, "CUBE"), more = true;
    struct token next;
    uint32_t keys;

    if (!parser_peek(parser, &next))
        return false;
    bool call = next.kind == TOKEN_OPERATOR && next.mark == '(';
    bool list = parser_at_word(parser, "GROUPING") && lexer_is_word(&parser->lexer, &next, "SETS");
    if (!list && !((rollup || cube) && call))
        return parse_keys(parser, select, &keys) && add_set(parser, sets, keys);
    select->sets = true;
    if (!list)
        return parser_advance(parser) && parse_regular(parser, select, cube, sets);
    if (!parser_enter(parser) || !parser_advance(parser) || !parser_advance(parser) || !parser_need_mark(parser, '('))
        return false;
    while (more)
        if (!parse_element(parser, select, sets) || !parser_take_mark(parser, ',', &more))
            return false;
    parser_leave(parser);
    return parser_need_mark(parser, ')');
}

/* The groupings of two elements beside each other: each of one with each of the other. */
static bool cross(struct parser *parser, struct sets *all, const struct sets *element)
{
    const struct sets before = *all;

    all->count = 0;
    for (size_t i = 0; i < before.count; i++)
        for (size_t j = 0; j < element->count; j++)
            if (!add_set(parser, all, before.keys[i] | element->keys[j]))
                return false;
    return true;
}

/* The keys of one grouping stay in groups, the others go to absent. */
static bool choose(struct parser *parser, struct select *select, uint32_t keys)
{
    size_t kept = 0;

    select->absent = arena_array(parser->arena, select->group_count + 1, sizeof *select->absent);
    if (!select->absent)
        return error_memory(parser->err);
    for (size_t i = 0; i < select->group_count; i++)
        if (keys >> i & 1)
            select->groups[kept++] = select->groups[i];
        else
            select->absent[select->absent_count++] = select->groups[i];
    select->group_count = kept;
    return true;
}

bool parse_groups(struct parser *parser, struct select *select, size_t which)
{
    struct sets all = {{0}, 1};
    bool found, more = true;

    while (more) {
        struct sets element = {{0}, 0};
        if (!parse_element(parser, select, &element) || !cross(parser, &all, &element) || !parser_take_mark(parser, ',', &more))
            return false;
    }
    if (!parser_take_word(parser, "WITH", &found))
        return false;
    if (found) { /* GROUP BY a, b WITH ROLLUP */
        if (!parser_need_word(parser, "ROLLUP"))
            return false;
        if (select->sets || select->group_count >= MOST_KEYS)
            return too_many(parser, parser->token.at);
        select->sets = true;
        all.count = 0;
        for (size_t keys = select->group_count + 1; keys-- > 0;)
            all.keys[all.count++] = (UINT32_C(1) << keys) - 1;
    }
    select->set_count = all.count;
    return !select->sets || choose(parser, select, all.keys[which]);
}

static bool same_name(const struct name *a, const struct name *b)
{
    for (unsigned i = 0; i < a->count && i < b->count; i++)
        if (!name_equal(a->parts[i], b->parts[i]))
            return false;
    return a->count == b->count;
}

/* Whether two expressions are written alike. */
static bool same_words(const struct expression *a, const struct expression *b)
{
    if (a->kind != b->kind || a->op != b->op || a->negated != b->negated || a->distinct != b->distinct || a->star != b->star || a->word || b->word ||
        a->query || b->query || a->window || b->window || a->filter || b->filter || a->order_count || b->order_count || !same_name(&a->name, &b->name) ||
        (a->kind != EXPRESSION_COLUMN && a->kind != EXPRESSION_FUNCTION && a->kind != EXPRESSION_ARITHMETIC && a->kind != EXPRESSION_LITERAL) ||
        a->operand_count != b->operand_count)
        return false;
    if (a->kind == EXPRESSION_LITERAL)
        return a->type.kind == b->type.kind && a->value.storage == b->value.storage &&
               (value_is_null(&a->value) || value_compare(a->type.kind, &a->value, &b->value) == 0);
    for (size_t i = 0; i < a->operand_count; i++)
        if (!same_words(a->operands[i], b->operands[i]))
            return false;
    return true;
}

bool parse_order_of_sets(struct parser *parser, const struct query *sets, struct order_item *order, size_t count)
{
    const struct select *select = sets->terms[0].select;

    for (size_t i = 0; i < count; i++)
        for (size_t item = 0; item < select->item_count && order[i].expression->kind != EXPRESSION_LITERAL; item++) {
            if (select->items[item].star || !same_words(select->items[item].expression, order[i].expression))
                continue;
            struct expression *position = parser_new(parser, EXPRESSION_LITERAL, order[i].expression->at);
            if (!position)
                return false;
            position->typed = true;
            position->type = (struct type){.kind = TYPE_INTEGER};
            position->value = value_integer((int64_t)item + 1);
            order[i].expression = position;
        }
    return true;
}

bool parse_other_sets(struct parser *parser, const struct parser *start, struct select *first, struct query *query)
{
    parser->copies += (unsigned)first->set_count;
    if (parser->copies > MOST_COPIES)
        return parser_error(parser, first->at, "54000", "The groupings of all SELECTs come to more than %d", MOST_COPIES);
    query->at = first->at;
    query->of_sets = true;
    query->terms = arena_array(parser->arena, first->set_count, sizeof *query->terms);
    if (!query->terms)
        return error_memory(parser->err);
    query->limit = first->top;
    query->percent = first->top_percent;
    query->ties = first->top_ties;
    for (size_t i = 0; i < first->set_count; i++) {
        struct parser again = *start;
        again.set = i;
        again.copies = parser->copies;
        struct select *select = i ? parse_select(&again) : first;
        if (!select)
            return false;
        select->top = NULL;
        select->top_percent = select->top_ties = false;
        query->terms[query->term_count++] = (struct query_term){.set = select->distinct ? SET_UNION : SET_UNION_ALL, .select = select};
        parser->copies = i ? again.copies : parser->copies;
        if (i)
            select->into = (struct name){0};
    }
    return true;
}
