/* CREATE, ALTER and DROP of tables, indexes and views. */
#include "base/arena.h"
#include "base/error.h"
#include "sql/change_tree.h"
#include "sql/parser.h"

/* IF [NOT] EXISTS */
static bool parse_if(struct parser *parser, bool negated, bool *spare)
{
    if (!parser_take_word(parser, "IF", spare) || !*spare)
        return !*spare;
    return (!negated || parser_need_word(parser, "NOT")) && parser_need_word(parser, "EXISTS");
}

static bool parse_defined_name(struct parser *parser, struct definition *definition, const char *what)
{
    definition->at = parser->token.at;
    return parser_qualified_name(parser, what, &definition->name);
}

/* ---- CREATE TABLE ---- */

static bool parse_table_parts(struct parser *parser, struct definition *definition)
{
    bool more = true;

    if (!parser_need_mark(parser, '('))
        return false;
    while (more) {
        if (!(parse_at_constraint(parser) ? parse_table_constraint(parser, definition) : parse_column_definition(parser, definition)) ||
            !parser_take_mark(parser, ',', &more))
            return false;
    }
    return parser_need_mark(parser, ')');
}

/* ON COMMIT PRESERVE ROWS */
static bool parse_on_commit(struct parser *parser)
{
    bool found;

    if (!parser_take_word(parser, "ON", &found) || !found)
        return !found;
    if (!parser_need_word(parser, "COMMIT"))
        return false;
    if (parser_at_word(parser, "DELETE") || parser_at_word(parser, "DROP"))
        return parser_error(parser, parser->token.at, "42000",
                            "A temporary table keeps its rows until it is dropped or the connection ends; ON COMMIT PRESERVE ROWS says so");
    return parser_need_word(parser, "PRESERVE") && parser_need_word(parser, "ROWS");
}

/* WITH [NO] DATA */
static bool parse_with_data(struct parser *parser, struct definition *definition)
{
    bool found;

    if (!parser_take_word(parser, "WITH", &found) || !found)
        return !found;
    return parser_take_word(parser, "NO", &definition->without_data) && parser_need_word(parser, "DATA");
}

/* Whether the parenthesis here opens a list of names alone: t(a, b) AS SELECT …, rather than definitions. */
static bool at_names_only(struct parser *parser, bool *names)
{
    struct lexer ahead = parser->lexer;
    struct token token;

    *names = false;
    if (!parser_at_mark(parser, '('))
        return true;
    if (!lexer_next(&ahead, &token, parser->err) || !lexer_next(&ahead, &token, parser->err))
        return false;
    *names = token.kind == TOKEN_OPERATOR && (token.mark == ',' || token.mark == ')');
    return true;
}

static bool parse_create_table(struct parser *parser, struct definition *definition)
{
    bool query, names, as;

    definition->action = DEFINE_CREATE_TABLE;
    if (!parser_advance(parser) || !parse_if(parser, true, &definition->spare) ||
        !parse_defined_name(parser, definition, "a name for the table"))
        return false;
    if (!at_names_only(parser, &names))
        return false;
    if (!names && parser_at_mark(parser, '('))
        return parse_table_parts(parser, definition) && parse_on_commit(parser);

    if ((names && !parse_name_list(parser, &definition->names)) || !parse_on_commit(parser) || !parser_take_word(parser, "AS", &as))
        return false;
    if (!as)
        return parser_expected(parser, names ? "AS" : "( or AS");
    query = parser_at_query(&parser->lexer, &parser->token) || parser_at_mark(parser, '(');
    if (!query)
        return parser_expected(parser, "SELECT");
    definition->query = parse_query(parser);
    return definition->query && parse_with_data(parser, definition) && parse_on_commit(parser);
}

/* ---- CREATE VIEW ---- */

static bool parse_create_view(struct parser *parser, struct definition *definition)
{
    bool found;

    definition->action = DEFINE_CREATE_VIEW;
    if (definition->temporary)
        return parser_error(parser, parser->token.at, "42000", "There are no temporary views; WITH at the head of a query names one for it alone");
    if (!parser_advance(parser) || !parse_if(parser, true, &definition->spare) ||
        !parse_defined_name(parser, definition, "a name for the view"))
        return false;
    if (parser_at_mark(parser, '(') && !parse_name_list(parser, &definition->names))
        return false;
    if (!parser_need_word(parser, "AS"))
        return false;
    definition->query_at = parser->token.at;
    size_t parameters = parser->parameter_count;
    definition->query = parse_query(parser);
    if (!definition->query)
        return false;
    if (parser->parameter_count != parameters)
        return parser_error(parser, definition->query_at, "42000", "The query of a view can not hold parameters");
    definition->query_length = parser->token.at - definition->query_at;
    if (!parser_take_word(parser, "WITH", &found))
        return false;
    return !found || parser_error(parser, parser->token.at, "42000", "A view can only be read, so it has no CHECK OPTION");
}

/* ---- Indexes ---- */

/* ON table */
static bool parse_on_table(struct parser *parser, struct definition *definition)
{
    definition->table_at = parser->token.at;
    return parser_qualified_name(parser, "a table name", &definition->table);
}

static bool parse_index_keys(struct parser *parser, struct definition *definition)
{
    bool more = true, found;

    if (!parser_need_mark(parser, '('))
        return false;
    while (more) {
        definition->keys = parser_grow(parser, definition->keys, definition->key_count, sizeof *definition->keys);
        if (!definition->keys)
            return false;
        struct index_column *key = &definition->keys[definition->key_count++];
        *key = (struct index_column){.at = parser->token.at};
        key->name = parser_any_name(parser, "a column name");
        if (!key->name || !parser_take_word(parser, "ASC", &found) || !parser_take_word(parser, "DESC", &key->descending) ||
            !parser_take_mark(parser, ',', &more))
            return false;
    }
    return parser_need_mark(parser, ')');
}

static bool parse_create_index(struct parser *parser, struct definition *definition)
{
    definition->action = DEFINE_CREATE_INDEX;
    return parser_need_word(parser, "INDEX") && parse_if(parser, true, &definition->spare) &&
           parse_defined_name(parser, definition, "a name for the index") && parser_need_word(parser, "ON") &&
           parse_on_table(parser, definition) && parse_index_keys(parser, definition);
}

static bool parse_drop_index(struct parser *parser, struct definition *definition)
{
    bool on;

    definition->action = DEFINE_DROP_INDEX;
    return parser_advance(parser) && parse_if(parser, false, &definition->spare) &&
           parse_defined_name(parser, definition, "an index's name") && parser_take_word(parser, "ON", &on) &&
           (!on || parse_on_table(parser, definition));
}

/* ---- CREATE, DROP, ALTER ---- */

static bool parse_create(struct parser *parser, struct definition *definition)
{
    static const char *const scopes[] = {"GLOBAL", "LOCAL", "VOLATILE"};
    bool found, temp;

    if (!parser_take_word(parser, "OR", &definition->replace) || (definition->replace && !parser_need_word(parser, "REPLACE")))
        return false;
    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
        if (!parser_take_word(parser, scopes[i], &found))
            return false;
        definition->temporary = definition->temporary || found;
    }
    if (!parser_take_word(parser, "TEMPORARY", &temp) || (!temp && !parser_take_word(parser, "TEMP", &temp)))
        return false;
    definition->temporary = definition->temporary || temp;
    if (parser_at_word(parser, "VIEW"))
        return parse_create_view(parser, definition);
    if (definition->replace)
        return parser_expected(parser, "VIEW");
    if (parser_at_word(parser, "TABLE"))
        return parse_create_table(parser, definition);
    if (definition->temporary)
        return parser_expected(parser, "TABLE");
    if (!parser_take_word(parser, "UNIQUE", &definition->unique) || !parser_take_word(parser, "CLUSTERED", &found) ||
        !parser_take_word(parser, "NONCLUSTERED", &found))
        return false;
    return parser_at_word(parser, "INDEX") ? parse_create_index(parser, definition)
                                           : parser_expected(parser, definition->unique ? "INDEX" : "TABLE, VIEW or INDEX");
}

static bool parse_drop(struct parser *parser, struct definition *definition)
{
    bool temp, restricted;

    if (parser_at_word(parser, "INDEX"))
        return parse_drop_index(parser, definition);
    if (!parser_take_word(parser, "TEMPORARY", &temp))
        return false;
    bool view = parser_at_word(parser, "VIEW");
    definition->action = view ? DEFINE_DROP_VIEW : DEFINE_DROP_TABLE;
    if (!view && !parser_at_word(parser, "TABLE"))
        return parser_expected(parser, "TABLE, VIEW or INDEX");
    return parser_advance(parser) && parse_if(parser, false, &definition->spare) &&
           parse_defined_name(parser, definition, view ? "a view's name" : "a table name") &&
           parser_take_word(parser, "CASCADE", &definition->cascade) && parser_take_word(parser, "RESTRICT", &restricted);
}

static bool parse_new_name(struct parser *parser, struct definition *definition, const char *expected)
{
    definition->new_at = parser->token.at;
    definition->new_name = parser_name(parser, expected);
    return definition->new_name != NULL;
}

static bool parse_old_column(struct parser *parser, struct definition *definition)
{
    definition->old_at = parser->token.at;
    definition->old_name = parser_name(parser, "a column name");
    return definition->old_name != NULL;
}

static bool parse_rename(struct parser *parser, struct definition *definition)
{
    bool to, column;

    if (!parser_take_word(parser, "TO", &to) || (!to && !parser_take_word(parser, "AS", &to)))
        return false;
    if (to) {
        definition->alteration = ALTER_RENAME_TABLE;
        return parse_new_name(parser, definition, "a name for the table");
    }
    definition->alteration = ALTER_RENAME_COLUMN;
    return parser_take_word(parser, "COLUMN", &column) && parse_old_column(parser, definition) && parser_need_word(parser, "TO") &&
           parse_new_name(parser, definition, "a name for the column");
}

static bool parse_alter(struct parser *parser, struct definition *definition)
{
    bool found, column, ignored;

    definition->action = DEFINE_ALTER_TABLE;
    if (!parser_need_word(parser, "TABLE") || !parse_defined_name(parser, definition, "a table name") ||
        !parser_take_word(parser, "ADD", &found))
        return false;
    if (found) {
        definition->alteration = ALTER_ADD_COLUMN;
        if (parse_at_constraint(parser))
            return parser_error(parser, parser->token.at, "42000", "Constraints can not be added to a table that exists; "
                                "CREATE UNIQUE INDEX makes columns unique, all others stand in CREATE TABLE");
        return parser_take_word(parser, "COLUMN", &column) && parse_column_definition(parser, definition);
    }
    if (!parser_take_word(parser, "DROP", &found))
        return false;
    if (found) {
        definition->alteration = ALTER_DROP_COLUMN;
        if (parse_at_constraint(parser))
            return parser_error(parser, parser->token.at, "42000", "Constraints can not be dropped; make the table anew without it");
        return parser_take_word(parser, "COLUMN", &column) && parse_old_column(parser, definition) &&
               parser_take_word(parser, "CASCADE", &ignored) && parser_take_word(parser, "RESTRICT", &ignored);
    }
    if (!parser_take_word(parser, "RENAME", &found))
        return false;
    if (found)
        return parse_rename(parser, definition);
    if (parser_at_word(parser, "ALTER") || parser_at_word(parser, "MODIFY") || parser_at_word(parser, "CHANGE"))
        return parser_error(parser, parser->token.at, "42000",
                            "A column's type can not be changed; add a column of the wanted type, UPDATE it from the old one, and drop that");
    return parser_expected(parser, "ADD, DROP or RENAME");
}

struct definition *parse_definition(struct parser *parser)
{
    struct definition *definition = arena_alloc(parser->arena, sizeof *definition);
    bool create = parser_at_word(parser, "CREATE"), drop = parser_at_word(parser, "DROP");

    if (!definition) {
        error_memory(parser->err);
        return NULL;
    }
    if (!parser_advance(parser))
        return NULL;
    bool parsed = create ? parse_create(parser, definition) : drop ? parse_drop(parser, definition) : parse_alter(parser, definition);
    return parsed ? definition : NULL;
}
