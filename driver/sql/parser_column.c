/* What stands between the parentheses of CREATE TABLE: columns with their types, defaults and constraints, and the table's own. */
#include "base/arena.h"
#include "base/error.h"
#include "sql/change_tree.h"
#include "sql/parser.h"

bool name_list_add(struct parser *parser, struct name_list *list, const char *name, uint32_t at)
{
    list->names = parser_grow(parser, list->names, list->count, sizeof *list->names);
    list->at = list->names ? parser_grow(parser, list->at, list->count, sizeof *list->at) : NULL;
    if (!list->at)
        return false;
    list->names[list->count] = name;
    list->at[list->count++] = at;
    return true;
}

bool parse_name_list(struct parser *parser, struct name_list *list)
{
    bool more = true, found;

    if (!parser_need_mark(parser, '('))
        return false;
    while (more) {
        uint32_t at = parser->token.at;
        const char *name = parser_any_name(parser, "a column name");
        if (!name || !name_list_add(parser, list, name, at) || !parser_take_word(parser, "ASC", &found) ||
            !parser_take_word(parser, "DESC", &found) || !parser_take_mark(parser, ',', &more))
            return false;
    }
    return parser_need_mark(parser, ')');
}

static struct constraint *new_constraint(struct parser *parser, struct definition *definition, enum constraint_kind kind, const char *name)
{
    definition->constraints = parser_grow(parser, definition->constraints, definition->constraint_count, sizeof *definition->constraints);
    if (!definition->constraints)
        return NULL;
    struct constraint *constraint = &definition->constraints[definition->constraint_count++];
    *constraint = (struct constraint){.kind = kind, .at = parser->token.at, .name = name};
    return constraint;
}

/* CASCADE, RESTRICT, NO ACTION, SET NULL, SET DEFAULT */
static const char *parse_action(struct parser *parser)
{
    static const struct { const char *first, *second, *action; } actions[] = {
        {"CASCADE", NULL, "CASCADE"}, {"RESTRICT", NULL, "RESTRICT"}, {"NO", "ACTION", "NO ACTION"},
        {"SET", "NULL", "SET NULL"}, {"SET", "DEFAULT", "SET DEFAULT"},
    };
    struct token next;

    if (!parser_peek(parser, &next))
        return NULL;
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (!parser_at_word(parser, actions[i].first) ||
            (actions[i].second && !lexer_is_word(&parser->lexer, &next, actions[i].second)))
            continue;
        bool read = parser_advance(parser) && (!actions[i].second || parser_advance(parser));
        return read ? actions[i].action : NULL;
    }
    parser_expected(parser, "CASCADE, RESTRICT, NO ACTION, SET NULL or SET DEFAULT");
    return NULL;
}

/* [NOT] DEFERRABLE, INITIALLY IMMEDIATE: what every constraint is here. */
static bool skip_immediate(struct parser *parser)
{
    struct token next;
    bool found;

    if (parser_at_word(parser, "DEFERRABLE"))
        return parser_error(parser, parser->token.at, "42000", "Constraints are checked at once here; DEFERRABLE is not possible");
    if (parser_at_word(parser, "NOT")) {
        if (!parser_peek(parser, &next))
            return false;
        if (lexer_is_word(&parser->lexer, &next, "DEFERRABLE") && !(parser_advance(parser) && parser_advance(parser)))
            return false;
    }
    return parser_take_word(parser, "INITIALLY", &found) && (!found || parser_need_word(parser, "IMMEDIATE"));
}

/* REFERENCES has been read. */
static bool parse_references(struct parser *parser, struct constraint *constraint)
{
    bool found;

    constraint->at = parser->token.at;
    if (!parser_qualified_name(parser, "a table name", &constraint->parent))
        return false;
    if (parser_at_mark(parser, '(') && !parse_name_list(parser, &constraint->parent_columns))
        return false;
    if (!parser_take_word(parser, "MATCH", &found) || (found && !parser_need_word(parser, "SIMPLE")))
        return false;
    for (;;) {
        if (!parser_take_word(parser, "ON", &found))
            return false;
        if (!found)
            return skip_immediate(parser);
        bool update = parser_at_word(parser, "UPDATE");
        if (!parser_need_word(parser, update ? "UPDATE" : "DELETE"))
            return false;
        const char *action = parse_action(parser);
        if (!action)
            return false;
        *(update ? &constraint->on_update : &constraint->on_delete) = action;
    }
}

static bool parse_check(struct parser *parser, struct constraint *constraint)
{
    constraint->at = parser->token.at;
    if (!parser_need_mark(parser, '('))
        return false;
    constraint->check_at = parser->token.at;
    constraint->check = parse_expression(parser);
    constraint->check_length = parser->token.at - constraint->check_at;
    return constraint->check && parser_need_mark(parser, ')');
}

/* PRIMARY KEY or UNIQUE, and SQL Server's words for how the key is stored. */
static bool parse_key_words(struct parser *parser, bool primary)
{
    bool found;

    return parser_advance(parser) && (!primary || parser_need_word(parser, "KEY")) && parser_take_word(parser, "CLUSTERED", &found) &&
           parser_take_word(parser, "NONCLUSTERED", &found);
}

bool parse_at_constraint(const struct parser *parser)
{
    static const char *const words[] = {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (parser_at_word(parser, words[i]))
            return true;
    return false;
}

static bool parse_constraint_name(struct parser *parser, const char **name)
{
    bool found;

    *name = NULL;
    if (!parser_take_word(parser, "CONSTRAINT", &found) || !found)
        return !found;
    *name = parser_name(parser, "a name for the constraint");
    return *name != NULL;
}

bool parse_table_constraint(struct parser *parser, struct definition *definition)
{
    struct constraint *constraint;
    const char *name;

    if (!parse_constraint_name(parser, &name))
        return false;
    bool primary = parser_at_word(parser, "PRIMARY");
    if (primary || parser_at_word(parser, "UNIQUE")) {
        constraint = new_constraint(parser, definition, primary ? CONSTRAINT_PRIMARY_KEY : CONSTRAINT_UNIQUE, name);
        return constraint && parse_key_words(parser, primary) && parse_name_list(parser, &constraint->columns);
    }
    if (parser_at_word(parser, "CHECK")) {
        constraint = new_constraint(parser, definition, CONSTRAINT_CHECK, name);
        return constraint && parser_advance(parser) && parse_check(parser, constraint);
    }
    if (!parser_at_word(parser, "FOREIGN"))
        return parser_expected(parser, "PRIMARY KEY, UNIQUE, CHECK or FOREIGN KEY");
    constraint = new_constraint(parser, definition, CONSTRAINT_FOREIGN_KEY, name);
    return constraint && parser_advance(parser) && parser_need_word(parser, "KEY") && parse_name_list(parser, &constraint->columns) &&
           parser_need_word(parser, "REFERENCES") && parse_references(parser, constraint);
}

/* (1, 1) behind IDENTITY, (START WITH 1 …) behind AS IDENTITY: the numbers start at 1 and go up by 1. */
static bool parse_numbering(struct parser *parser)
{
    bool open, comma = true, found;

    if (!parser_take_mark(parser, '(', &open) || !open)
        return !open;
    while (comma) {
        if (!parser_take_word(parser, "START", &found) || !parser_take_word(parser, "INCREMENT", &found) ||
            !parser_take_word(parser, "WITH", &found) || !parser_take_word(parser, "BY", &found))
            return false;
        const struct token *token = &parser->token;
        if (token->kind != TOKEN_WHOLE || token->length != 1 || parser->lexer.text[token->at] != '1')
            return parser_error(parser, token->at, "42000", "A column that numbers itself starts at 1 and goes up by 1 here");
        if (!parser_advance(parser) || !parser_take_mark(parser, ',', &comma))
            return false;
        comma = comma || parser_at_word(parser, "INCREMENT");
    }
    return parser_need_mark(parser, ')');
}

/* GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY */
static bool parse_generated(struct parser *parser, struct column_definition *column)
{
    bool always, found;

    if (!parser_take_word(parser, "ALWAYS", &always) ||
        (!always && !(parser_need_word(parser, "BY") && parser_need_word(parser, "DEFAULT"))) || !parser_need_word(parser, "AS"))
        return false;
    if (!parser_at_word(parser, "IDENTITY"))
        return parser_error(parser, parser->token.at, "42000", "Computed columns are not possible; a view can compute them");
    column->identity = true;
    return parser_take_word(parser, "IDENTITY", &found) && parse_numbering(parser);
}

/* One thing behind a column's type. *found false: none stands here. */
static bool parse_column_option(struct parser *parser, struct definition *definition, struct column_definition *column, bool *found)
{
    static const char *const identities[] = {"IDENTITY", "AUTO_INCREMENT", "AUTOINCREMENT"};
    struct constraint *constraint;
    const char *name;

    *found = true;
    for (size_t i = 0; i < sizeof identities / sizeof identities[0]; i++)
        if (parser_at_word(parser, identities[i])) {
            column->identity = true;
            return parser_advance(parser) && parse_numbering(parser);
        }
    if (parser_at_word(parser, "GENERATED"))
        return parser_advance(parser) && parse_generated(parser, column);
    if (parser_at_word(parser, "DEFAULT")) {
        if (column->standard)
            return parser_error(parser, parser->token.at, "42000", "Syntax error: the column %.128s has two defaults", column->name);
        return parser_advance(parser) && (column->standard = parse_additive(parser)) != NULL;
    }
    if (parser_at_word(parser, "COLLATE"))  /* every text compares by its characters here */
        return parser_advance(parser) && parser_any_name(parser, "a collation") != NULL;
    if (parser_at_word(parser, "CHARACTER"))
        return parser_advance(parser) && parser_need_word(parser, "SET") && parser_any_name(parser, "a character set") != NULL;
    if (parser_at_word(parser, "SPARSE") || parser_at_word(parser, "ROWGUIDCOL"))
        return parser_advance(parser);

    if (!parse_constraint_name(parser, &name))
        return false;
    if (parser_at_word(parser, "NOT")) {
        column->not_null = true;
        return parser_advance(parser) && parser_need_word(parser, "NULL");
    }
    if (parser_at_word(parser, "NULL"))
        return parser_advance(parser);
    if (parser_at_word(parser, "DEFAULT") && name) /* SQL Server: CONSTRAINT d DEFAULT 0 */
        return parse_column_option(parser, definition, column, found);
    bool primary = parser_at_word(parser, "PRIMARY");
    if (primary || parser_at_word(parser, "UNIQUE")) {
        constraint = new_constraint(parser, definition, primary ? CONSTRAINT_PRIMARY_KEY : CONSTRAINT_UNIQUE, name);
        return constraint && parse_key_words(parser, primary) && name_list_add(parser, &constraint->columns, column->name, column->at);
    }
    if (parser_at_word(parser, "CHECK")) {
        constraint = new_constraint(parser, definition, CONSTRAINT_CHECK, name);
        return constraint && parser_advance(parser) && parse_check(parser, constraint);
    }
    if (parser_at_word(parser, "REFERENCES")) {
        constraint = new_constraint(parser, definition, CONSTRAINT_FOREIGN_KEY, name);
        return constraint && name_list_add(parser, &constraint->columns, column->name, column->at) && parser_advance(parser) &&
               parse_references(parser, constraint);
    }
    *found = false;
    return !name || parser_expected(parser, "NOT NULL, PRIMARY KEY, UNIQUE, CHECK or REFERENCES");
}

/* SERIAL is a type that numbers itself. */
static bool parse_column_type(struct parser *parser, struct column_definition *column)
{
    bool big = parser_at_word(parser, "BIGSERIAL"), unbounded;

    if (!big && !parser_at_word(parser, "SERIAL"))
        return parse_type(parser, &column->type, &unbounded);
    column->type = (struct type){.kind = big ? TYPE_BIGINT : TYPE_INTEGER};
    column->identity = true;
    return parser_advance(parser);
}

bool parse_column_definition(struct parser *parser, struct definition *definition)
{
    struct column_definition column = {.at = parser->token.at};
    bool found = true;

    column.name = parser_name(parser, "a column name");
    if (!column.name || !parse_column_type(parser, &column))
        return false;
    while (found)
        if (!parse_column_option(parser, definition, &column, &found))
            return false;
    definition->columns = parser_grow(parser, definition->columns, definition->column_count, sizeof *definition->columns);
    if (!definition->columns)
        return false;
    definition->columns[definition->column_count++] = column;
    return true;
}
