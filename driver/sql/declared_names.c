#include "sql/declared_names.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "sql/parser.h"

/* Steps over a parenthesis with all in it, which stands here. */
static bool skip_parenthesis(struct parser *parser)
{
    size_t depth = 0;

    do {
        depth += parser_at_mark(parser, '(');
        depth -= parser_at_mark(parser, ')');
        if (parser->token.kind == TOKEN_END || !parser_advance(parser))
            return false;
    } while (depth);
    return true;
}

static bool add_column(struct parser *parser, struct declared_name *constraint, const char *column)
{
    constraint->columns = parser_grow(parser, constraint->columns, constraint->column_count, sizeof *constraint->columns);
    if (!constraint->columns)
        return false;
    constraint->columns[constraint->column_count++] = column;
    return true;
}

/* (column COLLATE x DESC, …) */
static bool read_columns(struct parser *parser, struct declared_name *constraint)
{
    bool more = true;

    if (!parser_need_mark(parser, '('))
        return false;
    while (more) {
        const char *name = parser_any_name(parser, "a column");
        if (!name || !add_column(parser, constraint, name))
            return false;
        while (!parser_at_mark(parser, ',') && !parser_at_mark(parser, ')'))
            if (parser->token.kind == TOKEN_END || !(parser_at_mark(parser, '(') ? skip_parenthesis(parser) : parser_advance(parser)))
                return false;
        if (!parser_take_mark(parser, ',', &more))
            return false;
    }
    return parser_need_mark(parser, ')');
}

/* CONSTRAINT has been read. column: the one that it stands behind, or NULL. */
static bool read_constraint(struct parser *parser, const char *column, struct declared_name *constraint)
{
    static const struct { const char *word; enum declared_kind kind; } kinds[] = {
        {"PRIMARY", DECLARED_PRIMARY_KEY}, {"UNIQUE", DECLARED_UNIQUE}, {"FOREIGN", DECLARED_FOREIGN_KEY}, {"REFERENCES", DECLARED_FOREIGN_KEY},
    };
    bool key;

    *constraint = (struct declared_name){.kind = DECLARED_OTHER, .name = parser_any_name(parser, "a name")};
    if (!constraint->name)
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (parser_at_word(parser, kinds[i].word))
            constraint->kind = kinds[i].kind;
    if (constraint->kind == DECLARED_OTHER)
        return true;
    if (column)
        return add_column(parser, constraint, column);
    return parser_advance(parser) && parser_take_word(parser, "KEY", &key) && read_columns(parser, constraint);
}

/* A column or a constraint of the table, up to the comma or the parenthesis behind it. */
static bool read_item(struct parser *parser, struct declared_name **names, size_t *count)
{
    const char *column = NULL;
    bool found;

    if (!parse_at_constraint(parser) && !(column = parser_any_name(parser, "a column")))
        return false;
    while (!parser_at_mark(parser, ',') && !parser_at_mark(parser, ')')) {
        if (parser->token.kind == TOKEN_END || !parser_take_word(parser, "CONSTRAINT", &found))
            return false;
        if (found) {
            *names = parser_grow(parser, *names, *count, sizeof **names);
            if (!*names || !read_constraint(parser, column, &(*names)[*count]))
                return false;
            ++*count;
        } else if (!(parser_at_mark(parser, '(') ? skip_parenthesis(parser) : parser_advance(parser))) {
            return false;
        }
    }
    return true;
}

bool declared_names_read(const char *text, struct arena *arena, struct declared_name **names, size_t *count)
{
    struct error err = {0};
    struct parser parser = {.lexer = {text, (uint32_t)strlen(text), 0}, .arena = arena, .err = &err};
    bool more = true;

    *names = NULL;
    *count = 0;
    bool fine = strlen(text) <= SQL_TEXT_LIMIT && parser_advance(&parser);
    while (fine && !parser_at_mark(&parser, '('))
        fine = parser.token.kind != TOKEN_END && parser_advance(&parser);
    fine = fine && parser_advance(&parser);
    while (fine && more)
        fine = read_item(&parser, names, count) && parser_take_mark(&parser, ',', &more);
    return strcmp(err.sqlstate, "HY001") != 0;
}
