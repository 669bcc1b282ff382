/* SQLPrimaryKeys, SQLForeignKeys, SQLSpecialColumns, SQLStatistics: what is known of a table's keys. */
#include <string.h>

#include "base/name.h"
#include "odbc/catalog.h"
#include "odbc/handle.h"
#include "odbc/rows.h"
#include "odbc/types.h"
#include "table/service.h"

enum { NAME = 128 };

/* --- SQLPrimaryKeys ---------------------------------------------------------------------------------------------------- */

static const struct odbc_row_column primary_columns[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", SQL_WVARCHAR, NAME, true}, {"TABLE_SCHEM", "TABLE_OWNER", SQL_WVARCHAR, NAME, true},
    {"TABLE_NAME", NULL, SQL_WVARCHAR, NAME, false},            {"COLUMN_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"KEY_SEQ", NULL, SQL_SMALLINT, 0, false},                  {"PK_NAME", NULL, SQL_WVARCHAR, NAME, true},
};

SQLRETURN catalog_primary_keys(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                               const struct text_in *table)
{
    const struct service *service;
    struct catalog_filter tables;
    struct catalog_place place;

    SQLRETURN result = rows_begin(statement, "SQLPrimaryKeys", primary_columns, sizeof primary_columns / sizeof primary_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    service = statement->rows->names;
    if (!catalog_read_place(statement, catalog, schema, ARGUMENT_NAME, ARGUMENT_NAME, &place) ||
        !catalog_read_table(statement, table, &tables))
        return catalog_give_up(statement, NULL);
    for (size_t i = 0; i < service->table_count; i++) {
        const struct table *one = service->tables[i];
        int sequence = 0;
        if (!catalog_inside(&place, one->service) || !catalog_matches(&tables, one->name))
            continue;
        if (!catalog_complete(statement, one))
            return SQL_ERROR;
        for (int j = table_next_key(one, -1); j >= 0; j = table_next_key(one, j)) {
            struct value *cells = rows_add(statement);
            if (!cells)
                return SQL_ERROR;
            cells[0] = rows_text(one->service->name);
            cells[2] = rows_text(one->name);
            cells[3] = rows_text(one->columns[j].name);
            cells[4] = value_integer(++sequence);
            cells[5] = rows_text(table_key_name(one, &statement->rows->arena));
        }
    }
    return SQL_SUCCESS;
}

/* --- SQLForeignKeys ---------------------------------------------------------------------------------------------------- */

static const struct odbc_row_column foreign_columns[] = {
    {"PKTABLE_CAT", "PKTABLE_QUALIFIER", SQL_WVARCHAR, NAME, true}, {"PKTABLE_SCHEM", "PKTABLE_OWNER", SQL_WVARCHAR, NAME, true},
    {"PKTABLE_NAME", NULL, SQL_WVARCHAR, NAME, false},              {"PKCOLUMN_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"FKTABLE_CAT", "FKTABLE_QUALIFIER", SQL_WVARCHAR, NAME, true}, {"FKTABLE_SCHEM", "FKTABLE_OWNER", SQL_WVARCHAR, NAME, true},
    {"FKTABLE_NAME", NULL, SQL_WVARCHAR, NAME, false},              {"FKCOLUMN_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"KEY_SEQ", NULL, SQL_SMALLINT, 0, false},                      {"UPDATE_RULE", NULL, SQL_SMALLINT, 0, true},
    {"DELETE_RULE", NULL, SQL_SMALLINT, 0, true},                   {"FK_NAME", NULL, SQL_WVARCHAR, 2 * NAME, true},
    {"PK_NAME", NULL, SQL_WVARCHAR, NAME, true},                    {"DEFERRABILITY", NULL, SQL_SMALLINT, 0, true},
};

static struct value action_rule(enum reference_action action)
{
    static const int rules[] = {
        [REFERENCE_NO_ACTION] = SQL_NO_ACTION, [REFERENCE_CASCADE] = SQL_CASCADE,         [REFERENCE_RESTRICT] = SQL_RESTRICT,
        [REFERENCE_SET_NULL] = SQL_SET_NULL,   [REFERENCE_SET_DEFAULT] = SQL_SET_DEFAULT,
    };
    return value_integer(rules[action]);
}

/* Whom the rows are for, and the tables that they may lead to. */
struct reference_listing {
    struct odbc_statement *statement;
    const struct catalog_filter *to;
};

static bool list_reference(void *context, const struct table *table, const struct table_reference *reference)
{
    const struct reference_listing *listing = context;
    struct odbc_rows *rows = listing->statement->rows;
    const char *foreign = table_reference_name(table, reference, &rows->arena), *primary;

    if (!foreign || !table_parent_key_name(rows->names, table, reference, &rows->arena, &primary)) {
        diagnostics_fail(&listing->statement->handle, "HY001", "Out of memory");
        return false;
    }
    for (size_t i = 0; catalog_matches(listing->to, reference->parent) && i < reference->column_count; i++) {
        struct value *cells = rows_add(listing->statement);
        if (!cells)
            return false;
        cells[0] = cells[4] = rows_text(table->service->name);
        cells[2] = rows_text(reference->parent);
        cells[3] = rows_text(reference->parent_columns[i]);
        cells[6] = rows_text(table->name);
        cells[7] = rows_text(table->columns[reference->columns[i]].name);
        cells[8] = value_integer((int64_t)i + 1);
        cells[9] = action_rule(reference->on_update);
        cells[10] = action_rule(reference->on_delete);
        cells[11] = rows_text(foreign);
        cells[12] = rows_text(primary);
        cells[13] = value_integer(SQL_NOT_DEFERRABLE);
    }
    return true;
}

/* Reads one side's table. A side without one lets every table through; an empty name is none, since no table has it and not every
 * application can give NULL. */
static bool read_side(struct odbc_statement *statement, const struct text_in side[3], struct catalog_filter *table,
                      struct catalog_place *place)
{
    *place = (struct catalog_place){0};
    if (!side[2].pointer)
        return true;
    if (!catalog_read(statement, &side[2], ARGUMENT_NAME, table))
        return false;
    if (*table->text)
        return catalog_read_place(statement, &side[0], &side[1], ARGUMENT_NAME, ARGUMENT_NAME, place);
    table->text = NULL;
    return true;
}

SQLRETURN catalog_foreign_keys(struct odbc_statement *statement, const struct text_in primary[3], const struct text_in foreign[3])
{
    static const int order[] = {2, 6, 8, 7, -1}; /* the tables at the other end of the one that was named, then KEY_SEQ */
    const struct service *service;
    struct catalog_filter from = {0}, to = {0};
    struct reference_listing listing = {statement, &to};
    struct catalog_place from_place, to_place;

    SQLRETURN result = rows_begin(statement, "SQLForeignKeys", foreign_columns, sizeof foreign_columns / sizeof foreign_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    service = statement->rows->names;
    if (!read_side(statement, primary, &to, &to_place) || !read_side(statement, foreign, &from, &from_place))
        return catalog_give_up(statement, NULL);
    if (!to.text && !from.text) {
        diagnostics_fail(&statement->handle, "HY009", "Neither the table with the primary key nor the one with the foreign key was named");
        return catalog_give_up(statement, NULL);
    }

    for (size_t i = 0; i < service->table_count; i++) {
        const struct table *table = service->tables[i];
        bool inside = catalog_inside(&from_place, table->service) && catalog_inside(&to_place, table->service);
        if (!inside || !catalog_matches(&from, table->name))
            continue;
        if (!catalog_complete(statement, table) || !table_tell_references(table, list_reference, &listing))
            return SQL_ERROR;
    }
    rows_sort(statement->rows, order);
    return SQL_SUCCESS;
}

/* --- SQLSpecialColumns ------------------------------------------------------------------------------------------------- */

static const struct odbc_row_column special_columns[] = {
    {"SCOPE", NULL, SQL_SMALLINT, 0, true},             {"COLUMN_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"DATA_TYPE", NULL, SQL_SMALLINT, 0, false},        {"TYPE_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"COLUMN_SIZE", "PRECISION", SQL_INTEGER, 0, true}, {"BUFFER_LENGTH", "LENGTH", SQL_INTEGER, 0, true},
    {"DECIMAL_DIGITS", "SCALE", SQL_SMALLINT, 0, true}, {"PSEUDO_COLUMN", NULL, SQL_SMALLINT, 0, true},
};

/* The columns that tell a row apart are its primary key; nothing counts versions. */
SQLRETURN catalog_special_columns(struct odbc_statement *statement, SQLUSMALLINT kind, const struct text_in *catalog,
                                  const struct text_in *schema, const struct text_in *table, SQLUSMALLINT scope, SQLUSMALLINT nullable)
{
    struct odbc_handle *handle = &statement->handle;
    const struct service *service;
    struct catalog_filter tables;
    struct catalog_place place;

    if (kind != SQL_BEST_ROWID && kind != SQL_ROWVER)
        return diagnostics_fail(handle, "HY097", "There are no special columns of type %u", kind);
    if (scope > SQL_SCOPE_SESSION)
        return diagnostics_fail(handle, "HY098", "There is no scope %u", scope);
    if (nullable != SQL_NO_NULLS && nullable != SQL_NULLABLE)
        return diagnostics_fail(handle, "HY099", "There is no nullability %u", nullable);
    SQLRETURN result = rows_begin(statement, "SQLSpecialColumns", special_columns, sizeof special_columns / sizeof special_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    service = statement->rows->names;
    if (!catalog_read_place(statement, catalog, schema, ARGUMENT_NAME, ARGUMENT_NAME, &place) ||
        !catalog_read_table(statement, table, &tables))
        return catalog_give_up(statement, NULL);
    for (size_t i = 0; kind == SQL_BEST_ROWID && i < service->table_count; i++) {
        const struct table *one = service->tables[i];
        if (!catalog_inside(&place, one->service) || !catalog_matches(&tables, one->name))
            continue;
        if (!catalog_complete(statement, one))
            return SQL_ERROR;
        for (size_t j = 0; j < one->column_count; j++) {
            const struct column *column = &one->columns[j];
            struct catalog_type type;
            if (!column->key || (nullable == SQL_NO_NULLS && column->nullable))
                continue;
            struct value *cells = rows_add(statement);
            if (!cells)
                return SQL_ERROR;
            catalog_describe(statement, &column->type, &type);
            cells[0] = value_integer(SQL_SCOPE_SESSION);
            cells[1] = rows_text(column->name);
            cells[2] = value_integer(type.code);
            cells[3] = rows_text(type.name);
            cells[4] = value_integer(type.size);
            cells[5] = value_integer(type.octets);
            cells[6] = catalog_number(type.digits);
            cells[7] = value_integer(SQL_PC_NOT_PSEUDO);
        }
    }
    return SQL_SUCCESS;
}

/* --- SQLStatistics ----------------------------------------------------------------------------------------------------- */

static const struct odbc_row_column statistics_columns[] = {
    {"TABLE_CAT", "TABLE_QUALIFIER", SQL_WVARCHAR, NAME, true}, {"TABLE_SCHEM", "TABLE_OWNER", SQL_WVARCHAR, NAME, true},
    {"TABLE_NAME", NULL, SQL_WVARCHAR, NAME, false},            {"NON_UNIQUE", NULL, SQL_SMALLINT, 0, true},
    {"INDEX_QUALIFIER", NULL, SQL_WVARCHAR, NAME, true},        {"INDEX_NAME", NULL, SQL_WVARCHAR, NAME, true},
    {"TYPE", NULL, SQL_SMALLINT, 0, false},                     {"ORDINAL_POSITION", "SEQ_IN_INDEX", SQL_SMALLINT, 0, true},
    {"COLUMN_NAME", NULL, SQL_WVARCHAR, NAME, true},            {"ASC_OR_DESC", "COLLATION", SQL_WVARCHAR, 1, true},
    {"CARDINALITY", NULL, SQL_INTEGER, 0, true},                {"PAGES", NULL, SQL_INTEGER, 0, true},
    {"FILTER_CONDITION", NULL, SQL_WVARCHAR, NAME, true},
};

/* One column of an index. False when out of memory. */
static bool list_indexed(struct odbc_statement *statement, const struct table *table, const char *name, bool unique, int position,
                         int column, const bool *descending)
{
    struct value *cells = rows_add(statement);

    if (!cells)
        return false;
    cells[0] = rows_text(table->service->name);
    cells[2] = rows_text(table->name);
    cells[3] = value_integer(unique ? SQL_FALSE : SQL_TRUE);
    cells[5] = rows_text(name);
    cells[6] = value_integer(SQL_INDEX_OTHER);
    cells[7] = value_integer(position);
    cells[8] = rows_text(table->columns[column].name);
    cells[9] = descending ? rows_text(*descending ? "D" : "A") : value_null();
    return true;
}

static SQLRETURN list_statistics(struct odbc_statement *statement, const struct table *table, bool unique)
{
    static const int order[] = {3, 6, 4, 5, 7, -1};
    int position = 0;
    struct value *cells = rows_add(statement); /* the table itself; how many rows it has nobody knows */

    if (!cells)
        return SQL_ERROR;
    cells[0] = rows_text(table->service->name);
    cells[2] = rows_text(table->name);
    cells[6] = value_integer(SQL_TABLE_STAT);
    const char *key = table_key_name(table, &statement->rows->arena);
    for (int j = table_next_key(table, -1); j >= 0; j = table_next_key(table, j))
        if (!list_indexed(statement, table, key, true, ++position, j, NULL))
            return SQL_ERROR;
    for (size_t i = 0; i < table->index_count; i++) {
        const struct table_index *index = &table->indexes[i];
        for (size_t j = 0; (index->unique || !unique) && j < index->column_count; j++)
            if (!list_indexed(statement, table, index->name, index->unique, (int)j + 1, index->columns[j], &index->descending[j]))
                return SQL_ERROR;
    }
    rows_sort(statement->rows, order);
    return SQL_SUCCESS;
}

SQLRETURN catalog_statistics(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                             const struct text_in *table, SQLUSMALLINT unique, SQLUSMALLINT accuracy)
{
    struct odbc_handle *handle = &statement->handle;
    const struct service *service;
    struct catalog_filter tables;
    struct catalog_place place;

    if (unique != SQL_INDEX_UNIQUE && unique != SQL_INDEX_ALL)
        return diagnostics_fail(handle, "HY100", "There is no uniqueness option %u", unique);
    if (accuracy != SQL_QUICK && accuracy != SQL_ENSURE)
        return diagnostics_fail(handle, "HY101", "There is no accuracy option %u", accuracy);
    SQLRETURN result = rows_begin(statement, "SQLStatistics", statistics_columns,
                                  sizeof statistics_columns / sizeof statistics_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    service = statement->rows->names;
    if (!catalog_read_place(statement, catalog, schema, ARGUMENT_NAME, ARGUMENT_NAME, &place) ||
        !catalog_read_table(statement, table, &tables))
        return catalog_give_up(statement, NULL);
    for (size_t i = 0; i < service->table_count; i++)
        if (catalog_inside(&place, service->tables[i]->service) && catalog_matches(&tables, service->tables[i]->name) &&
            (!catalog_complete(statement, service->tables[i]) ||
             list_statistics(statement, service->tables[i], unique == SQL_INDEX_UNIQUE) != SQL_SUCCESS))
            return SQL_ERROR;
    return SQL_SUCCESS;
}
