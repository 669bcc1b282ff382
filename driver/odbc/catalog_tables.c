/* SQLTables, SQLColumns, SQLTablePrivileges, SQLColumnPrivileges. */
#include <string.h>

#include "base/name.h"
#include "odbc/catalog.h"
#include "odbc/handle.h"
#include "odbc/rows.h"
#include "odbc/types.h"
#include "table/service.h"

enum { REMARKS = 254, NAME = 128 };

/* --- SQLTables -------------------------------------------------------------------------------------------------------- */

static const struct odbc_row_column table_columns[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", SQL_WVARCHAR, NAME, true}, {"TABLE_SCHEM", "TABLE_OWNER", SQL_WVARCHAR, NAME, true},
    {"TABLE_NAME", NULL, SQL_WVARCHAR, NAME, true},             {"TABLE_TYPE", NULL, SQL_WVARCHAR, NAME, true},
    {"REMARKS", NULL, SQL_WVARCHAR, REMARKS, true},
};

/* A list of table types such as TABLE,VIEW or 'TABLE', 'VIEW', or "%" in it for all; empty means all. Clients leave a comma at the end. */
static bool type_listed(const char *list, const char *type)
{
    bool any = false;

    while (list && *list) {
        size_t skipped = strspn(list, " ,");
        list += skipped;
        bool quoted = *list == '\'';
        list += quoted;
        size_t length = strcspn(list, quoted ? "'" : ",");
        size_t end = length;
        while (end > 0 && list[end - 1] == ' ')
            end--;
        if (end > 0) {
            any = true;
            if (name_equal_length(list, end, type) || (end == 1 && *list == '%'))
                return true;
        }
        list += length;
        list += quoted && *list == '\'';
    }
    return !any;
}

static bool is_empty(const char *text)
{
    return text && !*text;
}

/* The three special questions: all catalogs, all schemas (there are none), all table types. */
static SQLRETURN list_one(struct odbc_statement *statement, int column, const char *value)
{
    struct value *cells = rows_add(statement);
    if (!cells)
        return SQL_ERROR;
    cells[column] = rows_text(value);
    return SQL_SUCCESS;
}

/* The service's, that of the workspace if there is one, and that of the temporary tables while there are any. */
static SQLRETURN list_catalogs(struct odbc_statement *statement)
{
    static const int order[] = {0, -1};
    const struct service *service = statement->rows->names;
    bool temporary = false;

    for (size_t i = 0; i < service->table_count; i++)
        temporary = temporary || service->tables[i]->place == PLACE_TEMPORARY;
    if (list_one(statement, 0, service->name) != SQL_SUCCESS ||
        (temporary && list_one(statement, 0, "Temp") != SQL_SUCCESS) ||
        (service->workspace && strcmp(service->name, "Workspace") != 0 && list_one(statement, 0, "Workspace") != SQL_SUCCESS))
        return SQL_ERROR;
    rows_sort(statement->rows, order);
    return SQL_SUCCESS;
}

static SQLRETURN list_types(struct odbc_statement *statement)
{
    static const enum table_kind order[] = {TABLE_LOCAL_TEMPORARY, TABLE_SYSTEM, TABLE_TABLE, TABLE_VIEW};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (list_one(statement, 3, table_kind_name(order[i])) != SQL_SUCCESS)
            return SQL_ERROR;
    return SQL_SUCCESS;
}

static SQLRETURN list_tables(struct odbc_statement *statement, const struct catalog_place *place, const struct catalog_filter *names,
                             const char *types)
{
    static const int order[] = {3, 0, 1, 2, -1};
    const struct service *service = statement->rows->names;

    for (size_t i = 0; i < service->table_count; i++) {
        const struct table *table = service->tables[i];
        if (table->fault || !catalog_inside(place, table->service) || !catalog_matches(names, table->name) ||
            !type_listed(types, table_kind_name(table->kind)))
            continue;
        struct value *cells = rows_add(statement);
        if (!cells)
            return SQL_ERROR;
        cells[0] = rows_text(table->service->name);
        cells[2] = rows_text(table->name);
        cells[3] = rows_text(table_kind_name(table->kind));
        cells[4] = rows_text(table->description);
    }
    rows_sort(statement->rows, order);
    return SQL_SUCCESS;
}

SQLRETURN catalog_tables(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                         const struct text_in *table, const struct text_in *types)
{
    struct odbc_handle *handle = &statement->handle;
    struct catalog_filter names;
    const char *catalog_text, *schema_text, *table_text, *type_text;
    struct error err = {0};
    size_t length;
    struct catalog_place place;

    SQLRETURN result = rows_begin(statement, "SQLTables", table_columns, sizeof table_columns / sizeof table_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    if (!text_read(catalog, &handle->scratch, &catalog_text, &length, &err) ||
        !text_read(schema, &handle->scratch, &schema_text, &length, &err) ||
        !text_read(table, &handle->scratch, &table_text, &length, &err) ||
        !text_read(types, &handle->scratch, &type_text, &length, &err))
        return catalog_give_up(statement, &err);

    if (catalog_text && strcmp(catalog_text, SQL_ALL_CATALOGS) == 0 && is_empty(schema_text) && is_empty(table_text))
        return list_catalogs(statement);
    if (schema_text && strcmp(schema_text, SQL_ALL_SCHEMAS) == 0 && is_empty(catalog_text) && is_empty(table_text))
        return SQL_SUCCESS;
    if (type_text && strcmp(type_text, SQL_ALL_TABLE_TYPES) == 0 && is_empty(catalog_text) && is_empty(schema_text) &&
        is_empty(table_text))
        return list_types(statement);

    if (!catalog_read_place(statement, catalog, schema, ARGUMENT_PATTERN, ARGUMENT_PATTERN, &place) ||
        !catalog_read(statement, table, ARGUMENT_PATTERN, &names))
        return catalog_give_up(statement, NULL);
    return list_tables(statement, &place, &names, type_text);
}

/* --- SQLColumns ------------------------------------------------------------------------------------------------------- */

static const struct odbc_row_column column_columns[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", SQL_WVARCHAR, NAME, true}, {"TABLE_SCHEM", "TABLE_OWNER", SQL_WVARCHAR, NAME, true},
    {"TABLE_NAME", NULL, SQL_WVARCHAR, NAME, false},            {"COLUMN_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"DATA_TYPE", NULL, SQL_SMALLINT, 0, false},                {"TYPE_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"COLUMN_SIZE", "PRECISION", SQL_INTEGER, 0, true},         {"BUFFER_LENGTH", "LENGTH", SQL_INTEGER, 0, true},
    {"DECIMAL_DIGITS", "SCALE", SQL_SMALLINT, 0, true},         {"NUM_PREC_RADIX", "RADIX", SQL_SMALLINT, 0, true},
    {"NULLABLE", NULL, SQL_SMALLINT, 0, false},                 {"REMARKS", NULL, SQL_WVARCHAR, REMARKS, true},
    {"COLUMN_DEF", NULL, SQL_WVARCHAR, REMARKS, true},          {"SQL_DATA_TYPE", NULL, SQL_SMALLINT, 0, false},
    {"SQL_DATETIME_SUB", NULL, SQL_SMALLINT, 0, true},          {"CHAR_OCTET_LENGTH", NULL, SQL_INTEGER, 0, true},
    {"ORDINAL_POSITION", NULL, SQL_INTEGER, 0, false},          {"IS_NULLABLE", NULL, SQL_WVARCHAR, REMARKS, true},
};

static SQLRETURN list_column(struct odbc_statement *statement, const struct table *table, const struct column *column, int position)
{
    struct catalog_type type;
    struct value *cells = rows_add(statement);

    if (!cells)
        return SQL_ERROR;
    catalog_describe(statement, &column->type, &type);
    cells[0] = rows_text(table->service->name);
    cells[2] = rows_text(table->name);
    cells[3] = rows_text(column->name);
    cells[4] = value_integer(type.code);
    cells[5] = rows_text(type.name);
    cells[6] = value_integer(type.size);
    cells[7] = value_integer(type.octets);
    cells[8] = catalog_number(type.digits);
    cells[9] = catalog_number(type.radix);
    cells[10] = value_integer(column->nullable ? SQL_NULLABLE : SQL_NO_NULLS);
    cells[11] = rows_text(column->description);
    cells[12] = rows_text(column->standard);
    cells[13] = value_integer(type.verbose);
    cells[14] = catalog_number(type.subcode ? type.subcode : -1);
    cells[15] = catalog_number(type.char_octets);
    cells[16] = value_integer(position);
    cells[17] = rows_text(column->nullable ? "YES" : "NO");
    return SQL_SUCCESS;
}

SQLRETURN catalog_columns(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                          const struct text_in *table, const struct text_in *column)
{
    const struct service *service;
    struct catalog_filter tables, columns;
    struct catalog_place place;

    SQLRETURN result = rows_begin(statement, "SQLColumns", column_columns, sizeof column_columns / sizeof column_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    service = statement->rows->names;
    if (!catalog_read_place(statement, catalog, schema, ARGUMENT_NAME, ARGUMENT_PATTERN, &place) ||
        !catalog_read(statement, table, ARGUMENT_PATTERN, &tables) || !catalog_read(statement, column, ARGUMENT_PATTERN, &columns))
        return catalog_give_up(statement, NULL);
    for (size_t i = 0; i < service->table_count; i++) {
        const struct table *one = service->tables[i];
        if (!catalog_inside(&place, one->service) || !catalog_matches(&tables, one->name))
            continue;
        if (!catalog_complete(statement, one))
            return SQL_ERROR;
        int position = 0;
        for (size_t j = 0; j < one->column_count; j++) {
            if (one->columns[j].pseudo && !one->columns[j].listed)
                continue;
            position++;
            if (catalog_matches(&columns, one->columns[j].name) &&
                list_column(statement, one, &one->columns[j], position) != SQL_SUCCESS)
                return SQL_ERROR;
        }
    }
    return SQL_SUCCESS;
}

/* --- privileges: everything may be read, and tables of one's own be written ----------------------------------------- */

static const struct odbc_row_column table_privilege_columns[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", SQL_WVARCHAR, NAME, true}, {"TABLE_SCHEM", "TABLE_OWNER", SQL_WVARCHAR, NAME, true},
    {"TABLE_NAME", NULL, SQL_WVARCHAR, NAME, false},            {"GRANTOR", NULL, SQL_WVARCHAR, NAME, true},
    {"GRANTEE", NULL, SQL_WVARCHAR, NAME, false},               {"PRIVILEGE", NULL, SQL_WVARCHAR, NAME, false},
    {"IS_GRANTABLE", NULL, SQL_WVARCHAR, 3, true},
};

static const struct odbc_row_column column_privilege_columns[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", SQL_WVARCHAR, NAME, true}, {"TABLE_SCHEM", "TABLE_OWNER", SQL_WVARCHAR, NAME, true},
    {"TABLE_NAME", NULL, SQL_WVARCHAR, NAME, false},            {"COLUMN_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"GRANTOR", NULL, SQL_WVARCHAR, NAME, true},                {"GRANTEE", NULL, SQL_WVARCHAR, NAME, false},
    {"PRIVILEGE", NULL, SQL_WVARCHAR, NAME, false},             {"IS_GRANTABLE", NULL, SQL_WVARCHAR, 3, true},
};

static const char *grantee(struct odbc_statement *statement)
{
    const char *user = statement->connection->service->user;
    return user ? user : "";
}

static bool list_one_privilege(struct odbc_statement *statement, const struct table *table, const char *column, const char *privilege)
{
    struct value *cells = rows_add(statement);
    if (!cells)
        return false;
    *cells++ = rows_text(table->service->name);
    cells++;
    *cells++ = rows_text(table->name);
    if (column)
        *cells++ = rows_text(column);
    cells++;
    *cells++ = rows_text(grantee(statement));
    *cells++ = rows_text(privilege);
    *cells = rows_text("NO");
    return true;
}

/* Tables of one's own can be written too. In the order of the reference: by privilege. */
static SQLRETURN list_privilege(struct odbc_statement *statement, const struct table *table, const char *column)
{
    bool own = table->place != PLACE_SERVICE && table->kind != TABLE_VIEW;

    if (own && !column && !list_one_privilege(statement, table, column, "DELETE"))
        return SQL_ERROR;
    if (own && (!list_one_privilege(statement, table, column, "INSERT") || !list_one_privilege(statement, table, column, "REFERENCES")))
        return SQL_ERROR;
    if (!list_one_privilege(statement, table, column, "SELECT") ||
        (own && !list_one_privilege(statement, table, column, "UPDATE")))
        return SQL_ERROR;
    return SQL_SUCCESS;
}

SQLRETURN catalog_table_privileges(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                                   const struct text_in *table)
{
    const struct service *service;
    struct catalog_filter tables;
    struct catalog_place place;

    SQLRETURN result = rows_begin(statement, "SQLTablePrivileges", table_privilege_columns,
                                  sizeof table_privilege_columns / sizeof table_privilege_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    service = statement->rows->names;
    if (!catalog_read_place(statement, catalog, schema, ARGUMENT_NAME, ARGUMENT_PATTERN, &place) ||
        !catalog_read(statement, table, ARGUMENT_PATTERN, &tables))
        return catalog_give_up(statement, NULL);
    for (size_t i = 0; i < service->table_count; i++)
        if (!service->tables[i]->fault && catalog_inside(&place, service->tables[i]->service) &&
            catalog_matches(&tables, service->tables[i]->name) && list_privilege(statement, service->tables[i], NULL) != SQL_SUCCESS)
            return SQL_ERROR;
    return SQL_SUCCESS;
}

SQLRETURN catalog_column_privileges(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                                    const struct text_in *table, const struct text_in *column)
{
    static const int by_column[] = {2, 3, -1};
    const struct service *service;
    struct catalog_filter tables, columns;
    struct catalog_place place;

    SQLRETURN result = rows_begin(statement, "SQLColumnPrivileges", column_privilege_columns,
                                  sizeof column_privilege_columns / sizeof column_privilege_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    service = statement->rows->names;
    if (!catalog_read_place(statement, catalog, schema, ARGUMENT_NAME, ARGUMENT_NAME, &place) ||
        !catalog_read_table(statement, table, &tables) || !catalog_read(statement, column, ARGUMENT_PATTERN, &columns))
        return catalog_give_up(statement, NULL);
    for (size_t i = 0; i < service->table_count; i++) {
        const struct table *one = service->tables[i];
        if (!catalog_inside(&place, one->service) || !catalog_matches(&tables, one->name))
            continue;
        if (!catalog_complete(statement, one))
            return SQL_ERROR;
        for (size_t j = 0; j < one->column_count; j++)
            if ((!one->columns[j].pseudo || one->columns[j].listed) && catalog_matches(&columns, one->columns[j].name) &&
                list_privilege(statement, one, one->columns[j].name) != SQL_SUCCESS)
                return SQL_ERROR;
    }
    rows_sort(statement->rows, by_column);
    return SQL_SUCCESS;
}
