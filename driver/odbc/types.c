#include "odbc/types.h"

#include "odbc/descriptor.h"
#include "odbc/handle.h"
#include "odbc/interval.h"

/* In the order that SQLGetTypeInfo wants: by DATA_TYPE, then by closeness to the type. */
const struct odbc_type odbc_types[] = {
    {SQL_GUID, "GUID", 36, "'", "'", NULL, SQL_C_GUID, SQL_FALSE, SQL_PRED_SEARCHABLE, -1, SQL_FALSE, -1, -1, -1},
    {SQL_WLONGVARCHAR, "LONGVARCHAR", SIZE_UNBOUNDED, "'", "'", NULL, SQL_C_WCHAR, SQL_TRUE, SQL_PRED_SEARCHABLE, -1, SQL_FALSE, -1, -1, -1},
    {SQL_WVARCHAR, "VARCHAR", SIZE_LONGEST_VARCHAR, "'", "'", "max length", SQL_C_WCHAR, SQL_TRUE, SQL_PRED_SEARCHABLE, -1, SQL_FALSE, -1, -1, -1},
    {SQL_BIT, "BIT", 1, NULL, NULL, NULL, SQL_C_BIT, SQL_FALSE, SQL_PRED_BASIC, SQL_TRUE, SQL_FALSE, 0, 0, -1},
    {SQL_TINYINT, "TINYINT", 3, NULL, NULL, NULL, SQL_C_STINYINT, SQL_FALSE, SQL_PRED_BASIC, SQL_FALSE, SQL_FALSE, 0, 0, 10},
    {SQL_BIGINT, "BIGINT", 19, NULL, NULL, NULL, SQL_C_SBIGINT, SQL_FALSE, SQL_PRED_BASIC, SQL_FALSE, SQL_FALSE, 0, 0, 10},
    {SQL_LONGVARBINARY, "LONGVARBINARY", SIZE_UNBOUNDED, "X'", "'", NULL, SQL_C_BINARY, SQL_FALSE, SQL_PRED_BASIC, -1, SQL_FALSE, -1, -1, -1},
    {SQL_VARBINARY, "VARBINARY", SIZE_LONGEST_VARBINARY, "X'", "'", "max length", SQL_C_BINARY, SQL_FALSE, SQL_PRED_BASIC, -1, SQL_FALSE, -1, -1, -1},
    {SQL_DECIMAL, "DECIMAL", DECIMAL_DIGITS, NULL, NULL, "precision,scale", SQL_C_CHAR, SQL_FALSE, SQL_PRED_BASIC, SQL_FALSE, SQL_FALSE, 0, DECIMAL_DIGITS, 10},
    {SQL_INTEGER, "INTEGER", 10, NULL, NULL, NULL, SQL_C_SLONG, SQL_FALSE, SQL_PRED_BASIC, SQL_FALSE, SQL_FALSE, 0, 0, 10},
    {SQL_SMALLINT, "SMALLINT", 5, NULL, NULL, NULL, SQL_C_SSHORT, SQL_FALSE, SQL_PRED_BASIC, SQL_FALSE, SQL_FALSE, 0, 0, 10},
    {SQL_DOUBLE, "DOUBLE", 15, NULL, NULL, NULL, SQL_C_DOUBLE, SQL_FALSE, SQL_PRED_BASIC, SQL_FALSE, SQL_FALSE, -1, -1, 10},
    {SQL_TYPE_DATE, "DATE", 10, "{d '", "'}", NULL, SQL_C_TYPE_DATE, SQL_FALSE, SQL_PRED_BASIC, -1, SQL_FALSE, -1, -1, -1},
    {SQL_TYPE_TIME, "TIME", 18, "{t '", "'}", NULL, SQL_C_TYPE_TIME, SQL_FALSE, SQL_PRED_BASIC, -1, SQL_FALSE, 0, TIMESTAMP_FRACTION, -1},
    {SQL_TYPE_TIMESTAMP, "TIMESTAMP", 29, "{ts '", "'}", NULL, SQL_C_TYPE_TIMESTAMP, SQL_FALSE, SQL_PRED_BASIC, -1, SQL_FALSE, 0, TIMESTAMP_FRACTION, -1},
};
const size_t odbc_type_count = sizeof odbc_types / sizeof odbc_types[0];

/* Types that no column has: of bookmarks, and of parameters as applications bind them. */
static const struct odbc_type others[] = {
    {SQL_NUMERIC, "NUMERIC", DECIMAL_DIGITS, NULL, NULL, "precision,scale", SQL_C_CHAR, SQL_FALSE, SQL_PRED_BASIC, SQL_FALSE, SQL_FALSE, 0, DECIMAL_DIGITS, 10},
    {SQL_FLOAT, "FLOAT", 15, NULL, NULL, NULL, SQL_C_DOUBLE, SQL_FALSE, SQL_PRED_BASIC, SQL_FALSE, SQL_FALSE, -1, -1, 10},
    {SQL_REAL, "REAL", 7, NULL, NULL, NULL, SQL_C_FLOAT, SQL_FALSE, SQL_PRED_BASIC, SQL_FALSE, SQL_FALSE, -1, -1, 10},
    {SQL_CHAR, "CHAR", SIZE_LONGEST_VARCHAR, "'", "'", "length", SQL_C_CHAR, SQL_TRUE, SQL_PRED_SEARCHABLE, -1, SQL_FALSE, -1, -1, -1},
    {SQL_VARCHAR, "VARCHAR", SIZE_LONGEST_VARCHAR, "'", "'", "max length", SQL_C_CHAR, SQL_TRUE, SQL_PRED_SEARCHABLE, -1, SQL_FALSE, -1, -1, -1},
    {SQL_LONGVARCHAR, "LONGVARCHAR", SIZE_UNBOUNDED, "'", "'", NULL, SQL_C_CHAR, SQL_TRUE, SQL_PRED_SEARCHABLE, -1, SQL_FALSE, -1, -1, -1},
    {SQL_WCHAR, "CHAR", SIZE_LONGEST_VARCHAR, "'", "'", "length", SQL_C_WCHAR, SQL_TRUE, SQL_PRED_SEARCHABLE, -1, SQL_FALSE, -1, -1, -1},
    {SQL_BINARY, "BINARY", SIZE_LONGEST_VARBINARY, "X'", "'", "length", SQL_C_BINARY, SQL_FALSE, SQL_PRED_BASIC, -1, SQL_FALSE, -1, -1, -1},
};

static const struct odbc_type *find_in(const struct odbc_type *types, size_t count, SQLSMALLINT code)
{
    for (size_t i = 0; i < count; i++)
        if (types[i].code == code)
            return &types[i];
    return NULL;
}

const struct odbc_type *odbc_type_find(SQLSMALLINT code)
{
    const struct odbc_type *type = find_in(odbc_types, odbc_type_count, code);
    return type ? type : find_in(others, sizeof others / sizeof others[0], code);
}

/* Bytes of a character at most, and of a text: what an SQLINTEGER can tell of UTF-16, with room for a NUL. */
enum { UTF8_LONGEST = 4, TEXT_OCTETS = 2147483646 };

static SQLLEN text_octets(int characters, bool ansi)
{
    int64_t octets = (int64_t)characters * (ansi ? UTF8_LONGEST : (int)sizeof(SQLWCHAR));
    return octets < TEXT_OCTETS ? (SQLLEN)octets : TEXT_OCTETS;
}

void record_describe(struct odbc_record *record, const struct type *type, bool ansi)
{
    struct type_description description;

    type_describe(type, &description);
    record->type = *type;
    record->concise_type = description.code;
    record->length = (SQLULEN)description.size;
    record->precision = 0;
    record->scale = 0;
    record->radix = description.radix > 0 ? description.radix : 0;
    if (type_is_number(type->kind))
        record->precision = (SQLSMALLINT)description.size;
    switch (type->kind) {
    case TYPE_BOOLEAN:
        record->octet_length = 1;
        break;
    case TYPE_TINYINT:
        record->octet_length = sizeof(SQLSCHAR);
        break;
    case TYPE_SMALLINT:
        record->octet_length = sizeof(SQLSMALLINT);
        break;
    case TYPE_INTEGER:
        record->octet_length = sizeof(SQLINTEGER);
        break;
    case TYPE_BIGINT:
        record->octet_length = sizeof(SQLBIGINT);
        break;
    case TYPE_DOUBLE:
        record->octet_length = sizeof(SQLDOUBLE);
        break;
    case TYPE_DECIMAL:
        record->scale = type->scale;
        record->octet_length = type->size + 2; /* sign and point */
        break;
    case TYPE_DATE:
        record->octet_length = sizeof(SQL_DATE_STRUCT);
        break;
    case TYPE_TIME:
        record->precision = type->scale;
        record->octet_length = sizeof(SQL_TIME_STRUCT);
        break;
    case TYPE_TIMESTAMP:
        record->precision = type->scale;
        record->octet_length = sizeof(SQL_TIMESTAMP_STRUCT);
        break;
    case TYPE_GUID:
        record->octet_length = sizeof(SQLGUID);
        break;
    case TYPE_BINARY:
        record->octet_length = (SQLLEN)description.size;
        break;
    case TYPE_STRING:
    case TYPE_JSON:
        record->octet_length = text_octets(description.size, ansi);
        record->ansi = ansi;
        break;
    }
}

SQLLEN record_decimal_digits(const struct odbc_record *record)
{
    return record->concise_type == SQL_TYPE_TIME || record->concise_type == SQL_TYPE_TIMESTAMP ? record->precision : record->scale;
}

SQLLEN record_display_size(const struct odbc_record *record)
{
    switch (record->concise_type) {
    case SQL_TINYINT:
        return 4;
    case SQL_SMALLINT:
        return 6;
    case SQL_INTEGER:
        return 11;
    case SQL_BIGINT:
        return 20;
    case SQL_DOUBLE:
        return 24;
    case SQL_DECIMAL:
        return (SQLLEN)record->length + 2;
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
        return (SQLLEN)record->length * 2;
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR:
        return record->ansi ? record->octet_length : (SQLLEN)record->length;
    default:
        return (SQLLEN)record->length;
    }
}

SQLSMALLINT type_verbose(SQLSMALLINT concise, SQLSMALLINT *subcode)
{
    switch (concise) {
    case SQL_TYPE_DATE:
    case SQL_TYPE_TIME:
    case SQL_TYPE_TIMESTAMP:
        *subcode = (SQLSMALLINT)(concise - SQL_TYPE_DATE + SQL_CODE_DATE);
        return SQL_DATETIME;
    default:
        *subcode = 0;
        if (concise >= SQL_INTERVAL_YEAR && concise <= SQL_INTERVAL_MINUTE_TO_SECOND) {
            *subcode = (SQLSMALLINT)(concise - SQL_INTERVAL_YEAR + SQL_CODE_YEAR);
            return SQL_INTERVAL;
        }
        return concise;
    }
}

SQLSMALLINT type_concise(SQLSMALLINT verbose, SQLSMALLINT subcode)
{
    if (verbose == SQL_DATETIME && subcode >= SQL_CODE_DATE && subcode <= SQL_CODE_TIMESTAMP)
        return (SQLSMALLINT)(SQL_TYPE_DATE + subcode - SQL_CODE_DATE);
    if (verbose == SQL_INTERVAL && subcode >= SQL_CODE_YEAR && subcode <= SQL_CODE_MINUTE_TO_SECOND)
        return (SQLSMALLINT)(SQL_INTERVAL_YEAR + subcode - SQL_CODE_YEAR);
    return verbose;
}

SQLSMALLINT type_code_shown(struct odbc_handle *handle, SQLSMALLINT code)
{
    if (code >= SQL_TYPE_DATE && code <= SQL_TYPE_TIMESTAMP && handle_is_odbc2(handle))
        return (SQLSMALLINT)(code - SQL_TYPE_DATE + SQL_DATE);
    return code;
}

SQLSMALLINT type_code_modern(SQLSMALLINT code)
{
    if (code >= SQL_DATE && code <= SQL_TIMESTAMP)
        return (SQLSMALLINT)(code - SQL_DATE + SQL_TYPE_DATE);
    return code;
}

static bool is_temporal(SQLSMALLINT code)
{
    return (code >= SQL_TYPE_DATE && code <= SQL_TYPE_TIMESTAMP) ||
           (code >= SQL_INTERVAL_YEAR && code <= SQL_INTERVAL_MINUTE_TO_SECOND);
}

bool type_is_c(SQLSMALLINT code)
{
    switch (code) {
    case SQL_C_CHAR:
    case SQL_C_WCHAR:
    case SQL_C_BINARY:
    case SQL_C_BIT:
    case SQL_C_TINYINT:
    case SQL_C_STINYINT:
    case SQL_C_UTINYINT:
    case SQL_C_SHORT:
    case SQL_C_SSHORT:
    case SQL_C_USHORT:
    case SQL_C_LONG:
    case SQL_C_SLONG:
    case SQL_C_ULONG:
    case SQL_C_SBIGINT:
    case SQL_C_UBIGINT:
    case SQL_C_FLOAT:
    case SQL_C_DOUBLE:
    case SQL_C_NUMERIC:
    case SQL_C_GUID:
    case SQL_C_DEFAULT:
        return true;
    default:
        return is_temporal(code);
    }
}

bool type_is_character(SQLSMALLINT type)
{
    return type == SQL_CHAR || type == SQL_VARCHAR || type == SQL_LONGVARCHAR || type == SQL_WCHAR || type == SQL_WVARCHAR ||
           type == SQL_WLONGVARCHAR;
}

static bool is_number(SQLSMALLINT type)
{
    return type == SQL_DECIMAL || type == SQL_NUMERIC || type == SQL_SMALLINT || type == SQL_INTEGER || type == SQL_REAL ||
           type == SQL_FLOAT || type == SQL_DOUBLE || type == SQL_BIT || type == SQL_TINYINT || type == SQL_BIGINT;
}

static bool is_exact(SQLSMALLINT type)
{
    return is_number(type) && type != SQL_REAL && type != SQL_FLOAT && type != SQL_DOUBLE && type != SQL_BIT;
}

bool type_c_converts(SQLSMALLINT c_type, SQLSMALLINT type)
{
    bool to_moment = type == SQL_TYPE_TIMESTAMP;

    if (type_is_character(type))
        return true;
    switch (c_type) {
    case SQL_C_CHAR:
    case SQL_C_WCHAR:
    case SQL_C_BINARY:
    case SQL_C_DEFAULT:
        return true;
    case SQL_C_TYPE_DATE:
        return type == SQL_TYPE_DATE || to_moment;
    case SQL_C_TYPE_TIME:
        return type == SQL_TYPE_TIME || to_moment;
    case SQL_C_TYPE_TIMESTAMP:
        return type == SQL_TYPE_DATE || type == SQL_TYPE_TIME || to_moment;
    case SQL_C_GUID:
        return type == SQL_GUID;
    case SQL_C_FLOAT:
    case SQL_C_DOUBLE:
    case SQL_C_BIT:
        return is_number(type);
    default: /* exact numbers and intervals, which meet where the interval has one field */
        if (interval_is_type(c_type))
            return interval_is_type(type) ? interval_is_of_months(type) == interval_is_of_months(c_type)
                                          : interval_is_single(c_type) && is_exact(type);
        return interval_is_type(type) ? interval_is_single(type) : is_number(type);
    }
}

bool type_is_sql(SQLSMALLINT code)
{
    switch (code) {
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_LONGVARCHAR:
    case SQL_WCHAR:
    case SQL_WVARCHAR:
    case SQL_WLONGVARCHAR:
    case SQL_DECIMAL:
    case SQL_NUMERIC:
    case SQL_SMALLINT:
    case SQL_INTEGER:
    case SQL_REAL:
    case SQL_FLOAT:
    case SQL_DOUBLE:
    case SQL_BIT:
    case SQL_TINYINT:
    case SQL_BIGINT:
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
    case SQL_GUID:
        return true;
    default:
        return is_temporal(code);
    }
}

size_t type_c_size(SQLSMALLINT code)
{
    switch (code) {
    case SQL_C_BIT:
    case SQL_C_TINYINT:
    case SQL_C_STINYINT:
    case SQL_C_UTINYINT:
        return 1;
    case SQL_C_SHORT:
    case SQL_C_SSHORT:
    case SQL_C_USHORT:
        return sizeof(SQLSMALLINT);
    case SQL_C_LONG:
    case SQL_C_SLONG:
    case SQL_C_ULONG:
        return sizeof(SQLINTEGER);
    case SQL_C_SBIGINT:
    case SQL_C_UBIGINT:
        return sizeof(SQLBIGINT);
    case SQL_C_FLOAT:
        return sizeof(SQLREAL);
    case SQL_C_DOUBLE:
        return sizeof(SQLDOUBLE);
    case SQL_C_NUMERIC:
        return sizeof(SQL_NUMERIC_STRUCT);
    case SQL_C_TYPE_DATE:
        return sizeof(SQL_DATE_STRUCT);
    case SQL_C_TYPE_TIME:
        return sizeof(SQL_TIME_STRUCT);
    case SQL_C_TYPE_TIMESTAMP:
        return sizeof(SQL_TIMESTAMP_STRUCT);
    case SQL_C_GUID:
        return sizeof(SQLGUID);
    default:
        return code >= SQL_INTERVAL_YEAR && code <= SQL_INTERVAL_MINUTE_TO_SECOND ? sizeof(SQL_INTERVAL_STRUCT) : 0;
    }
}
