/* SQLGetTypeInfo. */
#include "base/value.h"
#include "odbc/handle.h"
#include "odbc/info.h"
#include "odbc/rows.h"
#include "odbc/types.h"

enum { NAME = 128 };

static const struct odbc_row_column type_columns[] = {
    {"TYPE_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"DATA_TYPE", NULL, SQL_SMALLINT, 0, false},
    {"COLUMN_SIZE", "PRECISION", SQL_INTEGER, 0, true},
    {"LITERAL_PREFIX", NULL, SQL_WVARCHAR, NAME, true},
    {"LITERAL_SUFFIX", NULL, SQL_WVARCHAR, NAME, true},
    {"CREATE_PARAMS", NULL, SQL_WVARCHAR, NAME, true},
    {"NULLABLE", NULL, SQL_SMALLINT, 0, false},
    {"CASE_SENSITIVE", NULL, SQL_SMALLINT, 0, false},
    {"SEARCHABLE", NULL, SQL_SMALLINT, 0, false},
    {"UNSIGNED_ATTRIBUTE", NULL, SQL_SMALLINT, 0, true},
    {"FIXED_PREC_SCALE", "MONEY", SQL_SMALLINT, 0, false},
    {"AUTO_UNIQUE_VALUE", "AUTO_INCREMENT", SQL_SMALLINT, 0, true},
    {"LOCAL_TYPE_NAME", NULL, SQL_WVARCHAR, NAME, true},
    {"MINIMUM_SCALE", NULL, SQL_SMALLINT, 0, true},
    {"MAXIMUM_SCALE", NULL, SQL_SMALLINT, 0, true},
    {"SQL_DATA_TYPE", NULL, SQL_SMALLINT, 0, false},
    {"SQL_DATETIME_SUB", NULL, SQL_SMALLINT, 0, true},
    {"NUM_PREC_RADIX", NULL, SQL_INTEGER, 0, true},
    {"INTERVAL_PRECISION", NULL, SQL_SMALLINT, 0, true},
};

static struct value number_or_null(int number)
{
    return number < 0 ? value_null() : value_integer(number);
}

static bool list_type(struct odbc_statement *statement, const struct odbc_type *type)
{
    SQLSMALLINT subcode;
    SQLSMALLINT verbose = type_verbose(type->code, &subcode);
    struct value *cells = rows_add(statement);

    if (!cells)
        return false;
    cells[0] = cells[12] = rows_text(type->name);
    cells[1] = value_integer(type_code_shown(&statement->handle, type->code));
    cells[2] = value_integer(type->size);
    cells[3] = rows_text(type->prefix);
    cells[4] = rows_text(type->suffix);
    cells[5] = rows_text(type->create_params);
    cells[6] = value_integer(SQL_NULLABLE);
    cells[7] = value_integer(type->case_sensitive);
    cells[8] = value_integer(type->searchable);
    cells[9] = number_or_null(type->is_unsigned);
    cells[10] = value_integer(type->fixed_scale);
    if (type->is_unsigned >= 0)
        cells[11] = value_integer(SQL_FALSE);
    cells[13] = number_or_null(type->smallest_scale);
    cells[14] = number_or_null(type->largest_scale);
    cells[15] = value_integer(verbose);
    if (subcode)
        cells[16] = value_integer(subcode);
    cells[17] = number_or_null(type->radix);
    return true;
}

SQLRETURN info_types(struct odbc_statement *statement, SQLSMALLINT type)
{
    SQLSMALLINT wanted = type_code_modern(type);

    if (type != SQL_ALL_TYPES && !type_is_sql(wanted))
        return diagnostics_fail(&statement->handle, "HY004", "%d is no SQL type", (int)type);
    SQLRETURN result = rows_begin(statement, "SQLGetTypeInfo", type_columns, sizeof type_columns / sizeof type_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    for (size_t i = 0; i < odbc_type_count; i++)
        if ((type == SQL_ALL_TYPES || odbc_types[i].code == wanted) && !list_type(statement, &odbc_types[i]))
            return SQL_ERROR;
    return SQL_SUCCESS;
}
