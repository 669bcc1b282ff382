#include "odbc/results.h"

#include <string.h>

#include "odbc/handle.h"
#include "odbc/statement.h"
#include "odbc/text.h"
#include "odbc/types.h"

const char *results_text_field(const struct odbc_record *record, SQLUSMALLINT field)
{
    const struct odbc_type *type = odbc_type_find(record->concise_type);

    switch (field) {
    case SQL_DESC_NAME:
    case SQL_DESC_LABEL:
    case SQL_COLUMN_NAME:
        return record->name;
    case SQL_DESC_BASE_COLUMN_NAME:
        return record->base_column;
    case SQL_DESC_BASE_TABLE_NAME:
        return record->base_table;
    case SQL_DESC_TABLE_NAME:
        return record->table;
    case SQL_DESC_CATALOG_NAME:
        return record->catalog;
    case SQL_DESC_SCHEMA_NAME:
        return "";
    case SQL_DESC_TYPE_NAME:
    case SQL_DESC_LOCAL_TYPE_NAME:
        return type ? type->name : "";
    case SQL_DESC_LITERAL_PREFIX:
        return type && type->prefix ? type->prefix : "";
    case SQL_DESC_LITERAL_SUFFIX:
        return type && type->suffix ? type->suffix : "";
    default:
        return NULL;
    }
}

bool results_number_field(const struct odbc_record *record, SQLUSMALLINT field, SQLLEN *number)
{
    const struct odbc_type *type = odbc_type_find(record->concise_type);
    SQLSMALLINT subcode;

    switch (field) {
    case SQL_DESC_CONCISE_TYPE:
        *number = record->concise_type;
        return true;
    case SQL_DESC_TYPE:
        *number = type_verbose(record->concise_type, &subcode);
        return true;
    case SQL_DESC_DATETIME_INTERVAL_CODE:
        type_verbose(record->concise_type, &subcode);
        *number = subcode;
        return true;
    case SQL_DESC_DATETIME_INTERVAL_PRECISION:
        *number = record->interval_precision;
        return true;
    case SQL_DESC_LENGTH:
    case SQL_COLUMN_PRECISION: /* ODBC 2 called the column size so */
        *number = (SQLLEN)record->length;
        return true;
    case SQL_DESC_OCTET_LENGTH:
    case SQL_COLUMN_LENGTH:
        *number = record->octet_length;
        return true;
    case SQL_DESC_PRECISION:
        *number = record->precision;
        return true;
    case SQL_DESC_SCALE:
        *number = record->scale;
        return true;
    case SQL_COLUMN_SCALE:
        *number = record_decimal_digits(record);
        return true;
    case SQL_DESC_NUM_PREC_RADIX:
        *number = record->radix;
        return true;
    case SQL_DESC_DISPLAY_SIZE:
        *number = record_display_size(record);
        return true;
    case SQL_DESC_NULLABLE:
    case SQL_COLUMN_NULLABLE:
        *number = record->nullable;
        return true;
    case SQL_DESC_UNNAMED:
        *number = record->name[0] ? SQL_NAMED : SQL_UNNAMED;
        return true;
    case SQL_DESC_UNSIGNED: /* true for what is no number, as the reference says */
        *number = type && type->is_unsigned == SQL_FALSE ? SQL_FALSE : SQL_TRUE;
        return true;
    case SQL_DESC_CASE_SENSITIVE:
        *number = type ? type->case_sensitive : SQL_FALSE;
        return true;
    case SQL_DESC_SEARCHABLE:
        *number = type ? type->searchable : SQL_PRED_NONE;
        return true;
    case SQL_DESC_AUTO_UNIQUE_VALUE:
        *number = record->automatic ? SQL_TRUE : SQL_FALSE;
        return true;
    case SQL_DESC_FIXED_PREC_SCALE:
    case SQL_DESC_ROWVER:
        *number = SQL_FALSE;
        return true;
    case SQL_DESC_UPDATABLE:
        *number = SQL_ATTR_READONLY;
        return true;
    default:
        return false;
    }
}

bool results_is_field(SQLUSMALLINT field)
{
    static const struct odbc_record none = {.name = "", .base_column = "", .table = "", .base_table = "", .catalog = ""};
    SQLLEN number;
    return results_text_field(&none, field) || results_number_field(&none, field, &number);
}

SQLRETURN results_column_count(struct odbc_statement *statement, SQLSMALLINT *count)
{
    if (statement->needs_data || (!statement->query && !statement->rows))
        return diagnostics_fail(&statement->handle, "HY010", "Nothing is prepared or executed on this statement");
    if (count)
        *count = statement->ird->content.count;
    return SQL_SUCCESS;
}

/* The record of a column for the functions that describe one; NULL with *result when there is none.
 * bookmark: the place where column 0 is described */
static const struct odbc_record *described(struct odbc_statement *statement, SQLUSMALLINT number, struct odbc_record *bookmark,
                                           SQLRETURN *result)
{
    struct odbc_handle *handle = &statement->handle;

    *result = SQL_ERROR;
    if (statement->needs_data || (!statement->query && !statement->rows)) {
        diagnostics_fail(handle, "HY010", "Nothing is prepared or executed on this statement");
        return NULL;
    }
    if (statement->ird->content.count == 0) {
        diagnostics_fail(handle, "07005", "The statement has no result columns");
        return NULL;
    }
    if (number == 0 && cursor_describe_bookmark(statement, bookmark))
        return bookmark;
    const struct odbc_record *record = descriptor_record(&statement->ird->content, number);
    if (!record)
        diagnostics_fail(handle, "07009", "There is no column %u: the result has %d%s", number, (int)statement->ird->content.count,
                         number == 0 ? ", and SQL_ATTR_USE_BOOKMARKS is off" : "");
    return record;
}

SQLRETURN results_describe(struct odbc_statement *statement, SQLUSMALLINT number, const struct text_out *name, SQLSMALLINT *type,
                           SQLULEN *size, SQLSMALLINT *digits, SQLSMALLINT *nullable)
{
    struct odbc_record bookmark;
    SQLRETURN result;
    const struct odbc_record *record = described(statement, number, &bookmark, &result);

    if (!record)
        return result;
    if (type)
        *type = type_code_shown(&statement->handle, record->concise_type);
    if (size)
        *size = record->length;
    if (digits)
        *digits = (SQLSMALLINT)record_decimal_digits(record);
    if (nullable)
        *nullable = record->nullable;
    return text_write(&statement->handle, name, record->name, strlen(record->name));
}

SQLRETURN results_attribute(struct odbc_statement *statement, SQLUSMALLINT number, SQLUSMALLINT field, const struct text_out *text,
                            SQLLEN *numeric)
{
    struct odbc_handle *handle = &statement->handle;
    struct odbc_record bookmark;
    SQLRETURN result;
    SQLLEN answer;

    if (field == SQL_DESC_COUNT || field == SQL_COLUMN_COUNT) {
        SQLSMALLINT count = 0;
        result = results_column_count(statement, &count);
        if (result == SQL_SUCCESS && numeric)
            *numeric = count;
        return result;
    }
    const struct odbc_record *record = described(statement, number, &bookmark, &result);
    if (!record)
        return result;
    const char *words = results_text_field(record, field);
    if (words)
        return text_write(handle, text, words, strlen(words));
    if (!results_number_field(record, field, &answer))
        return diagnostics_fail(handle, "HY091", "There is no column attribute %u", field);
    if (field == SQL_DESC_CONCISE_TYPE)
        answer = type_code_shown(handle, (SQLSMALLINT)answer);
    if (numeric)
        *numeric = answer;
    return SQL_SUCCESS;
}
