/* INSERT, UPDATE, DELETE, TRUNCATE, and the statements of transactions. */
#include "base/arena.h"
#include "base/error.h"
#include "sql/change_tree.h"
#include "sql/parser.h"

/* An expression, or DEFAULT. */
static bool parse_value(struct parser *parser, struct change *change)
{
    struct expression *value = NULL;
    uint32_t at = parser->token.at;
    bool standard;

    if (!parser_take_word(parser, "DEFAULT", &standard))
        return false;
    if (!standard && !(value = parse_expression(parser)))
        return false;
    change->values = parser_grow(parser, change->values, change->value_count, sizeof *change->values);
    change->value_at = change->values ? parser_grow(parser, change->value_at, change->value_count, sizeof *change->value_at) : NULL;
    if (!change->value_at)
        return false;
    change->values[change->value_count] = value;
    change->value_at[change->value_count++] = at;
    return true;
}

/* What other databases have in a change, and what to write in its place. True when none of it stands here. */
static bool refuse_foreign(struct parser *parser)
{
    static const char tables[] = "further tables stand in subqueries: SET c = (SELECT …), WHERE EXISTS (SELECT …)";
    static const char bounds[] = "WHERE alone says which rows: WHERE key IN (SELECT key FROM … ORDER BY … LIMIT n)";
    static const char rows[] = "no rows come back from a change; SELECT reads them by their key";
    static const char present[] = "UPDATE changes rows that are there, and INSERT … SELECT … WHERE NOT EXISTS (SELECT …) adds only those that are not";
    static const struct { const char *word, *advice; } words[] = {
        {"FROM", tables}, {"USING", tables}, {"JOIN", tables}, {"INNER", tables}, {"LEFT", tables}, {"ORDER", bounds}, {"LIMIT", bounds},
        {"RETURNING", rows}, {"OUTPUT", rows}, {"ON", present}, {"OR", present},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (parser_at_word(parser, words[i].word))
            return parser_error(parser, parser->token.at, "42000", "%s is not possible here: %s", words[i].word, words[i].advice);
    return true;
}

/* ---- INSERT ---- */

static bool parse_row(struct parser *parser, struct change *change)
{
    size_t before = change->value_count;
    uint32_t at = parser->token.at;
    bool more = true;

    if (!parser_need_mark(parser, '('))
        return false;
    while (more)
        if (!parse_value(parser, change) || !parser_take_mark(parser, ',', &more))
            return false;
    if (!parser_need_mark(parser, ')'))
        return false;
    size_t width = change->value_count - before;
    if (change->row_count++ == 0)
        change->width = width;
    return width == change->width ||
           parser_error(parser, at, "21S01", "This row has %zu values, the first one has %zu", width, change->width);
}

static bool parse_rows(struct parser *parser, struct change *change)
{
    bool more = true;

    while (more)
        if (!parse_row(parser, change) || !parser_take_mark(parser, ',', &more))
            return false;
    return true;
}

static bool parse_insert(struct parser *parser, struct change *change)
{
    bool found, query = false;

    change->kind = CHANGE_INSERT;
    if (!refuse_foreign(parser) || !parser_take_word(parser, "INTO", &found))
        return false;
    change->at = parser->token.at;
    if (!parser_qualified_name(parser, "a table name", &change->name))
        return false;
    if (parser_at_mark(parser, '(') && !parser_parenthesis_holds_query(parser, &query))
        return false;
    if (parser_at_mark(parser, '(') && !query && !parse_name_list(parser, &change->columns))
        return false;
    if (change->columns.count == 0 && parser_at_word(parser, "DEFAULT")) /* no columns, no rows: every column has its default */
        return parser_advance(parser) && parser_need_word(parser, "VALUES");
    if (!parser_take_word(parser, "VALUES", &found))
        return false;
    if (found)
        return parse_rows(parser, change);
    if (!refuse_foreign(parser))
        return false;
    if (!parser_at_word(parser, "SELECT") && !parser_at_word(parser, "WITH") && !parser_at_mark(parser, '('))
        return parser_expected(parser, "VALUES, SELECT or DEFAULT VALUES");
    change->query = parse_query(parser);
    return change->query != NULL;
}

/* ---- UPDATE, DELETE ---- */

static bool parse_where(struct parser *parser, struct change *change)
{
    struct token next;
    bool found;

    if (!parser_at_word(parser, "WHERE"))
        return true;
    if (!parser_peek(parser, &next))
        return false;
    if (lexer_is_word(&parser->lexer, &next, "CURRENT"))
        return parser_error(parser, next.at, "42000", "A row can not be changed through a cursor (WHERE CURRENT OF); name its key in WHERE");
    if (!parser_take_word(parser, "WHERE", &found))
        return false;
    change->where = parse_expression(parser);
    return change->where != NULL;
}

static bool parse_target(struct parser *parser, struct change *change)
{
    change->at = parser->token.at;
    if (!parser_qualified_name(parser, "a table name", &change->name))
        return false;
    return parser_at_word(parser, "SET") || parser_alias(parser, &change->alias);
}

static bool parse_assignment(struct parser *parser, struct change *change)
{
    uint32_t at = parser->token.at;
    struct name name;

    if (!parser_qualified_name(parser, "a column name", &name))
        return false;
    return name_list_add(parser, &change->columns, name.parts[name.count - 1], at) && parser_need_mark(parser, '=') &&
           parse_value(parser, change);
}

static bool parse_update(struct parser *parser, struct change *change)
{
    bool more = true;

    change->kind = CHANGE_UPDATE;
    if (!parse_target(parser, change) || !refuse_foreign(parser) || !parser_need_word(parser, "SET"))
        return false;
    while (more)
        if (!parse_assignment(parser, change) || !parser_take_mark(parser, ',', &more))
            return false;
    return parse_where(parser, change);
}

static bool parse_delete(struct parser *parser, struct change *change)
{
    bool from;

    change->kind = CHANGE_DELETE;
    return parser_take_word(parser, "FROM", &from) && parse_target(parser, change) && parse_where(parser, change);
}

static bool parse_truncate(struct parser *parser, struct change *change)
{
    bool found;

    change->kind = CHANGE_DELETE;
    if (!parser_take_word(parser, "TABLE", &found))
        return false;
    change->at = parser->token.at;
    return parser_qualified_name(parser, "a table name", &change->name);
}

struct change *parse_change(struct parser *parser)
{
    static const struct { const char *word; bool (*parse)(struct parser *, struct change *); } kinds[] = {
        {"INSERT", parse_insert}, {"UPDATE", parse_update}, {"DELETE", parse_delete}, {"TRUNCATE", parse_truncate},
    };
    struct change *change = arena_alloc(parser->arena, sizeof *change);

    if (!change) {
        error_memory(parser->err);
        return NULL;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (parser_at_word(parser, kinds[i].word))
            return parser_advance(parser) && kinds[i].parse(parser, change) && refuse_foreign(parser) ? change : NULL;
    parser_expected(parser, "INSERT, UPDATE, DELETE or TRUNCATE");
    return NULL;
}

/* ---- Transactions ---- */

/* WORK or TRANSACTION. */
static bool skip_noise(struct parser *parser)
{
    bool found;
    return parser_take_word(parser, "WORK", &found) && (found || parser_take_word(parser, "TRANSACTION", &found)) &&
           (found || parser_take_word(parser, "TRAN", &found));
}

/* ISOLATION LEVEL SERIALIZABLE, READ WRITE, DEFERRED…: what a transaction is anyway, or more. */
static bool skip_modes(struct parser *parser)
{
    static const char *const words[] = {"ISOLATION", "LEVEL", "READ", "WRITE", "ONLY", "COMMITTED", "UNCOMMITTED", "REPEATABLE",
                                        "SERIALIZABLE", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"};
    bool found = true, one;

    while (found) {
        found = false;
        for (size_t i = 0; i < sizeof words / sizeof words[0] && !found; i++)
            if (!parser_take_word(parser, words[i], &found))
                return false;
        if (!parser_take_mark(parser, ',', &one))
            return false;
        found = found || one;
    }
    return true;
}

static bool parse_savepoint_name(struct parser *parser, struct transaction *transaction)
{
    transaction->name = parser_name(parser, "a savepoint's name");
    return transaction->name != NULL;
}

static bool parse_rollback(struct parser *parser, struct transaction *transaction)
{
    bool to, found;

    transaction->action = TRANSACTION_ROLLBACK;
    if (!skip_noise(parser) || !parser_take_word(parser, "TO", &to))
        return false;
    if (!to)
        return skip_modes(parser);
    transaction->action = TRANSACTION_ROLLBACK_TO;
    return parser_take_word(parser, "SAVEPOINT", &found) && parse_savepoint_name(parser, transaction);
}

struct transaction *parse_transaction(struct parser *parser)
{
    static const struct { const char *word; enum transaction_action action; } words[] = {
        {"BEGIN", TRANSACTION_BEGIN}, {"START", TRANSACTION_BEGIN}, {"COMMIT", TRANSACTION_COMMIT}, {"END", TRANSACTION_COMMIT},
        {"ROLLBACK", TRANSACTION_ROLLBACK}, {"SAVEPOINT", TRANSACTION_SAVEPOINT}, {"RELEASE", TRANSACTION_RELEASE},
    };
    struct transaction *transaction = arena_alloc(parser->arena, sizeof *transaction);
    bool start = parser_at_word(parser, "START"), found, read;

    if (!transaction) {
        error_memory(parser->err);
        return NULL;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (parser_at_word(parser, words[i].word))
            transaction->action = words[i].action;
    if (!parser_advance(parser))
        return NULL;
    switch (transaction->action) {
    case TRANSACTION_ROLLBACK:
        read = parse_rollback(parser, transaction);
        break;
    case TRANSACTION_SAVEPOINT:
        read = parse_savepoint_name(parser, transaction);
        break;
    case TRANSACTION_RELEASE:
        read = parser_take_word(parser, "SAVEPOINT", &found) && parse_savepoint_name(parser, transaction);
        break;
    default:
        read = (start ? parser_need_word(parser, "TRANSACTION") : skip_modes(parser) && skip_noise(parser)) && skip_modes(parser);
    }
    return read ? transaction : NULL;
}
