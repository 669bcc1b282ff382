/* What the catalog functions share: their arguments, and the description of a type. */
#include "odbc/catalog.h"

#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "base/utf.h"
#include "base/value.h"
#include "odbc/handle.h"
#include "odbc/statement.h"
#include "odbc/types.h"
#include "table/service.h"

/* An identifier argument: blanks around it do not count, nor do the quotes of a quoted one, in which a quote stands twice. */
static const char *trim_identifier(struct arena *arena, const char *text, size_t length)
{
    size_t kept = 0;

    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length < 2 || text[0] != '"' || text[length - 1] != '"')
        return arena_copy(arena, text, length);
    char *name = arena_copy(arena, text + 1, length - 2);
    for (size_t i = 0; name && i < length - 2; i++) {
        name[kept++] = name[i];
        i += name[i] == '"' && name[i + 1] == '"';
    }
    if (name)
        name[kept] = '\0';
    return name;
}

bool catalog_read(struct odbc_statement *statement, const struct text_in *in, enum argument_kind kind, struct catalog_filter *filter)
{
    struct odbc_handle *handle = &statement->handle;
    struct error err = {0};
    size_t length;

    filter->pattern = kind == ARGUMENT_PATTERN && !statement->metadata_id;
    if (!text_read(in, &handle->scratch, &filter->text, &length, &err)) {
        diagnostics_error(handle, &err);
        return false;
    }
    if (!statement->metadata_id)
        return true;
    if (!filter->text) {
        diagnostics_fail(handle, "HY009", "With SQL_ATTR_METADATA_ID set, a name can not be NULL");
        return false;
    }
    filter->text = trim_identifier(&handle->scratch, filter->text, length);
    if (!filter->text)
        diagnostics_fail(handle, "HY001", "Out of memory");
    return filter->text;
}

bool catalog_read_table(struct odbc_statement *statement, const struct text_in *in, struct catalog_filter *filter)
{
    if (in->pointer)
        return catalog_read(statement, in, ARGUMENT_NAME, filter);
    diagnostics_fail(&statement->handle, "HY009", "No table was named");
    return false;
}

bool catalog_complete(struct odbc_statement *statement, const struct table *table)
{
    struct error err = {0};

    if (table_complete(table, &err))
        return true;
    catalog_give_up(statement, &err);
    return false;
}

SQLRETURN catalog_give_up(struct odbc_statement *statement, const struct error *err)
{
    statement_forget(statement);
    if (err)
        diagnostics_error(&statement->handle, err);
    return SQL_ERROR;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Goes back to the last % when what follows it does not match. */
static bool pattern_matches(const char *pattern, const char *name)
{
    const char *after_wild = NULL, *retry = NULL;
    size_t left = strlen(name);

    while (left > 0 || *pattern) {
        size_t character = 0;
        if (*pattern == '%') {
            after_wild = ++pattern;
            retry = name;
            continue;
        }
        bool escaped = *pattern == '\\' && pattern[1];
        if (*pattern == '_' && left > 0) {
            utf8_next(name, left, &character);
            pattern++;
        } else if (left > 0 && lower(pattern[escaped]) == lower(*name) && *pattern) {
            character = 1;
            pattern += 1 + escaped;
        } else if (after_wild && *retry) {
            utf8_next(retry, strlen(retry), &character);
            retry += character;
            name = retry;
            left = strlen(name);
            pattern = after_wild;
            continue;
        } else {
            return false;
        }
        name += character;
        left -= character;
    }
    return true;
}

bool catalog_matches(const struct catalog_filter *filter, const char *name)
{
    if (!filter->text)
        return true;
    return filter->pattern ? pattern_matches(filter->text, name) : name_equal(filter->text, name);
}

bool catalog_read_place(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                        enum argument_kind catalog_kind, enum argument_kind schema_kind, struct catalog_place *place)
{
    struct catalog_filter schemas = {0};

    *place = (struct catalog_place){0};
    if (!catalog_read(statement, catalog, catalog_kind, &place->catalogs) || !catalog_read(statement, schema, schema_kind, &schemas))
        return false;
    /* For a function about one table, "" is a table without a catalog where some have one. Here all have, so it asks for nothing. */
    if (catalog_kind == ARGUMENT_NAME && place->catalogs.text && !*place->catalogs.text)
        place->catalogs.text = NULL;
    place->nothing = schemas.text && *schemas.text && strspn(schemas.text, "%") != strlen(schemas.text);
    return true;
}

bool catalog_inside(const struct catalog_place *place, const struct service *service)
{
    return !place->nothing && catalog_matches(&place->catalogs, service->name);
}

struct value catalog_number(int number)
{
    return number < 0 ? value_null() : value_integer(number);
}

void catalog_describe(struct odbc_statement *statement, const struct type *type, struct catalog_type *description)
{
    struct odbc_record record = {0};
    struct type_description told;

    record_describe(&record, type, statement->connection->ansi);
    type_describe(type, &told);
    bool characters = type_is_text(type->kind) && type->kind != TYPE_GUID;

    description->code = type_code_shown(&statement->handle, record.concise_type);
    description->verbose = type_verbose(record.concise_type, &description->subcode);
    description->name = told.name;
    description->size = told.size;
    description->octets = (SQLINTEGER)record.octet_length;
    description->digits = told.digits;
    description->radix = told.radix;
    description->char_octets = characters || type->kind == TYPE_BINARY ? (SQLINTEGER)record.octet_length : -1;
}
