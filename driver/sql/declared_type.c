#include "sql/declared_type.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/parser.h"

/* The words that SQLite takes the affinity from. */
static const char *affinity(enum type_kind kind)
{
    switch (type_storage(kind)) {
    case STORAGE_INTEGER: return "INT";
    case STORAGE_REAL: return "REAL";
    case STORAGE_BLOB: return "BLOB";
    default: return "TEXT";
    }
}

void declared_type_print(const struct type *type, char *out)
{
    struct type declared = *type;
    char name[48];

    if (type_is_whole(declared.kind))
        declared.size = 0;
    type_print(&declared, name, sizeof name);
    snprintf(out, DECLARED_TYPE_ROOM, "%s %s", affinity(type->kind), name);
}

static bool read_own(const char *text, struct type *type)
{
    const char *space = strchr(text, ' ');

    if (!space || !type_parse(space + 1, type))
        return false;
    return name_equal_length(text, (size_t)(space - text), affinity(type->kind));
}

static bool contains(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (; *text; text++)
        if (name_equal_length(text, strnlen(text, length), word))
            return true;
    return false;
}

static void read_affinity(const char *text, struct type *type)
{
    static const struct { const char *part; enum type_kind kind; } rules[] = {
        {"INT", TYPE_BIGINT}, {"CHAR", TYPE_STRING}, {"CLOB", TYPE_STRING}, {"TEXT", TYPE_STRING}, {"BLOB", TYPE_BINARY},
        {"REAL", TYPE_DOUBLE}, {"FLOA", TYPE_DOUBLE}, {"DOUB", TYPE_DOUBLE},
    };

    *type = (struct type){.kind = text[0] ? TYPE_DOUBLE : TYPE_STRING};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (contains(text, rules[i].part)) {
            type->kind = rules[i].kind;
            return;
        }
}

/* By the names that CAST and CREATE TABLE take. */
static bool read_named(const char *text, struct type *type)
{
    struct arena arena = {0};
    struct error ignored;
    struct parser parser = {.lexer = {text, (uint32_t)strlen(text), 0}, .arena = &arena, .err = &ignored};
    bool unbounded, named = parser_advance(&parser) && parse_type(&parser, type, &unbounded) && parser.token.kind == TOKEN_END;

    arena_clear(&arena);
    return named;
}

void declared_type_read(const char *text, struct type *type)
{
    if (!text)
        text = "";
    if (read_own(text, type))
        return;
    if (name_equal(text, "INTEGER") || name_equal(text, "INT") || strlen(text) > SQL_TEXT_LIMIT || !read_named(text, type)) {
        read_affinity(text, type);
        return;
    }
    if (type->kind == TYPE_TINYINT || type->kind == TYPE_SMALLINT)
        *type = (struct type){.kind = TYPE_INTEGER};
    if (type->kind == TYPE_DECIMAL && !strchr(text, '(') && !contains(text, "MONEY"))
        *type = (struct type){.kind = TYPE_DOUBLE};
}
