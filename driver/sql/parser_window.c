/* Windows: what stands behind OVER and in the WINDOW clause. */
#include "base/arena.h"
#include "base/error.h"
#include "sql/parser.h"

static bool parse_bound(struct parser *parser, struct frame_bound *bound)
{
    bool unbounded, current, preceding;

    if (!parser_take_word(parser, "CURRENT", &current))
        return false;
    if (current) {
        bound->kind = BOUND_CURRENT_ROW;
        return parser_need_word(parser, "ROW");
    }
    if (!parser_take_word(parser, "UNBOUNDED", &unbounded))
        return false;
    if (!unbounded && !(bound->distance = parse_additive(parser)))
        return false;
    if (!parser_take_word(parser, "PRECEDING", &preceding))
        return false;
    if (preceding)
        bound->kind = unbounded ? BOUND_UNBOUNDED_PRECEDING : BOUND_PRECEDING;
    else
        bound->kind = unbounded ? BOUND_UNBOUNDED_FOLLOWING : BOUND_FOLLOWING;
    return preceding || parser_need_word(parser, "FOLLOWING");
}

/* EXCLUDE CURRENT ROW, GROUP, TIES, NO OTHERS */
static bool parse_exclude(struct parser *parser, struct window *window)
{
    static const struct { const char *first, *second, *printed; } words[] = {
        {"CURRENT", "ROW", "CURRENT ROW"}, {"GROUP", NULL, "GROUP"}, {"TIES", NULL, "TIES"}, {"NO", "OTHERS", NULL},
    };
    bool found;

    if (!parser_take_word(parser, "EXCLUDE", &found) || !found)
        return !found;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!parser_take_word(parser, words[i].first, &found))
            return false;
        window->exclude = words[i].printed;
        if (found)
            return !words[i].second || parser_need_word(parser, words[i].second);
    }
    return parser_expected(parser, "CURRENT ROW, GROUP, TIES or NO OTHERS");
}

/* ROWS|RANGE|GROUPS bound, or BETWEEN bound AND bound. */
static bool parse_frame(struct parser *parser, struct window *window)
{
    static const char *const units[] = {"ROWS", "RANGE", "GROUPS"};
    bool found = false;

    for (size_t i = 0; i < 3 && !found; i++) {
        if (!parser_take_word(parser, units[i], &found))
            return false;
        window->unit = found ? units[i] : NULL;
    }
    if (!found)
        return true;
    if (!parser_take_word(parser, "BETWEEN", &found) || !parse_bound(parser, &window->start))
        return false;
    return (!found || (parser_need_word(parser, "AND") && parse_bound(parser, &window->end))) && parse_exclude(parser, window);
}

/* Whether the name of another window stands at the beginning of this one. */
static bool at_base(const struct parser *parser)
{
    static const char *const others[] = {"PARTITION", "ORDER", "ROWS", "RANGE", "GROUPS"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (parser_at_word(parser, others[i]))
            return false;
    return parser_at_name(parser);
}

/* ([name] [PARTITION BY …] [ORDER BY …] [frame]) */
bool parse_window(struct parser *parser, struct window **place)
{
    struct window *window = arena_alloc(parser->arena, sizeof *window);
    bool found, more = true;

    if (!window)
        return error_memory(parser->err);
    *place = window;
    if (!parser_need_mark(parser, '('))
        return false;
    if (at_base(parser) && !(window->base = parser_name(parser, "a window")))
        return false;
    if (!parser_take_word(parser, "PARTITION", &found))
        return false;
    if (found && !parser_need_word(parser, "BY"))
        return false;
    while (found && more) {
        window->partition = parser_grow(parser, window->partition, window->partition_count, sizeof *window->partition);
        struct expression *key = window->partition ? parse_expression(parser) : NULL;
        if (!key)
            return false;
        window->partition[window->partition_count++] = key;
        if (!parser_take_mark(parser, ',', &more))
            return false;
    }
    if (!parser_take_word(parser, "ORDER", &found))
        return false;
    if (found && (!parser_need_word(parser, "BY") || !parse_order_items(parser, &window->order, &window->order_count)))
        return false;
    return parse_frame(parser, window) && parser_need_mark(parser, ')');
}

bool parse_over(struct parser *parser, struct expression *call)
{
    if (parser_at_mark(parser, '('))
        return parse_window(parser, &call->window);
    call->window = arena_alloc(parser->arena, sizeof *call->window);
    if (!call->window)
        return error_memory(parser->err);
    call->window->base = parser_name(parser, "a window");
    return call->window->base != NULL;
}
