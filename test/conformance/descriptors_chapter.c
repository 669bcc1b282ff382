/* Descriptors: those of the application and their use by statements, what may be written where, the consistency check, and every field
 * of the implementation row descriptor for a column of every type. */
#include "chapter.h"

static SQLHDESC of(struct session *session, SQLINTEGER attribute)
{
    SQLHDESC desc = NULL;
    OK(session, SQLGetStmtAttr(session->stmt, attribute, &desc, 0, NULL));
    return desc;
}

static SQLHDESC new_descriptor(struct session *session)
{
    SQLHDESC desc = NULL;
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_DESC, session->dbc, &desc));
    return desc;
}

static SQLPOINTER whole(SQLLEN value)
{
    return (SQLPOINTER)value;
}

/* --- the fields of columns ------------------------------------------------------------------------------------------------ */

struct column {
    const char *rule, *sql;
    SQLLEN concise, type, code, length, octets, precision, scale, radix, display, is_unsigned, case_sensitive, searchable;
    const char *name, *prefix, *suffix;
};

#define ANY SQL_PRED_SEARCHABLE
#define BASIC SQL_PRED_BASIC

static const struct column columns[] = {
    {"SQLGetDescField: the fields of an integer column", "SELECT CAST(1 AS INTEGER)", SQL_INTEGER, SQL_INTEGER, 0, 10, 4, 10, 0, 10, 11, SQL_FALSE, SQL_FALSE, BASIC, "INTEGER", "", ""},
    {"SQLGetDescField: the fields of a bigint column", "SELECT Id FROM Users", SQL_BIGINT, SQL_BIGINT, 0, 19, 8, 19, 0, 10, 20, SQL_FALSE, SQL_FALSE, BASIC, "BIGINT", "", ""},
    {"SQLGetDescField: the fields of a double column", "SELECT CAST(1 AS DOUBLE)", SQL_DOUBLE, SQL_DOUBLE, 0, 15, 8, 15, 0, 10, 24, SQL_FALSE, SQL_FALSE, BASIC, "DOUBLE", "", ""},
    {"SQLGetDescField: the fields of a decimal column", "SELECT CAST(1 AS DECIMAL(12,4))", SQL_DECIMAL, SQL_DECIMAL, 0, 12, 14, 12, 4, 10, 14, SQL_FALSE, SQL_FALSE, BASIC, "DECIMAL", "", ""},
    {"SQLGetDescField: the fields of a bit column", "SELECT Active FROM Users", SQL_BIT, SQL_BIT, 0, 1, 1, 0, 0, 0, 1, SQL_TRUE, SQL_FALSE, BASIC, "BIT", "", ""},
    {"SQLGetDescField: the fields of a date column", "SELECT HireDate FROM Users", SQL_TYPE_DATE, SQL_DATETIME, SQL_CODE_DATE, 10, 6, 0, 0, 0, 10, SQL_TRUE, SQL_FALSE, BASIC, "DATE", "{d '", "'}"},
    {"SQLGetDescField: the fields of a time column", "SELECT CAST('12:34:56' AS TIME)", SQL_TYPE_TIME, SQL_DATETIME, SQL_CODE_TIME, 8, 6, 0, 0, 0, 8, SQL_TRUE, SQL_FALSE, BASIC, "TIME", "{t '", "'}"},
    {"SQLGetDescField: the fields of a timestamp column without fraction", "SELECT CAST('2024-01-01 00:00:00' AS TIMESTAMP(0))", SQL_TYPE_TIMESTAMP, SQL_DATETIME, SQL_CODE_TIMESTAMP, 19, 16, 0, 0, 0, 19, SQL_TRUE, SQL_FALSE, BASIC, "TIMESTAMP", "{ts '", "'}"},
    {"SQLGetDescField: the fields of a timestamp column with a fraction", "SELECT CAST('2024-01-01 00:00:00' AS TIMESTAMP(6))", SQL_TYPE_TIMESTAMP, SQL_DATETIME, SQL_CODE_TIMESTAMP, 26, 16, 6, 0, 0, 26, SQL_TRUE, SQL_FALSE, BASIC, "TIMESTAMP", "{ts '", "'}"},
    {"SQLGetDescField: the fields of a text column", "SELECT FirstName FROM Users", SQL_WVARCHAR, SQL_WVARCHAR, 0, 255, 1020, 0, 0, 0, 1020, SQL_TRUE, SQL_TRUE, ANY, "VARCHAR", "'", "'"},
    {"SQLGetDescField: the fields of a guid column", "SELECT {guid '01234567-89ab-cdef-0123-456789abcdef'}", SQL_GUID, SQL_GUID, 0, 36, 16, 0, 0, 0, 36, SQL_TRUE, SQL_FALSE, ANY, "GUID", "'", "'"},
    {"SQLGetDescField: the fields of a binary column", "SELECT CAST(X'01' AS VARBINARY(20))", SQL_VARBINARY, SQL_VARBINARY, 0, 20, 20, 0, 0, 0, 40, SQL_TRUE, SQL_FALSE, BASIC, "VARBINARY", "X'", "'"},
};

static void word_is(SQLHDESC ird, SQLSMALLINT field, const char *wanted)
{
    SQLCHAR value[100] = "Z";
    SQLINTEGER length = 77;
    DESC_OK(ird, SQLGetDescField(ird, 1, field, value, sizeof value, &length));
    assert_string_equal((char *)value, wanted);
    assert_int_equal(length, strlen(wanted));
}

/* The widths that the reference gives to the fields. */
static void small_is(SQLHDESC ird, SQLSMALLINT field, SQLLEN wanted)
{
    SQLSMALLINT value = -77;
    DESC_OK(ird, SQLGetDescField(ird, 1, field, &value, 0, NULL));
    assert_int_equal(value, wanted);
}

static void integer_is(SQLHDESC ird, SQLSMALLINT field, SQLLEN wanted)
{
    SQLINTEGER value = -77;
    DESC_OK(ird, SQLGetDescField(ird, 1, field, &value, 0, NULL));
    assert_int_equal(value, wanted);
}

static void long_is(SQLHDESC ird, SQLSMALLINT field, SQLLEN wanted)
{
    SQLLEN value = -77;
    DESC_OK(ird, SQLGetDescField(ird, 1, field, &value, 0, NULL));
    assert_int_equal(value, wanted);
}

static void attribute_is(struct session *session, SQLUSMALLINT field, SQLLEN wanted)
{
    SQLLEN value = -77;
    OK(session, SQLColAttribute(session->stmt, 1, field, NULL, 0, NULL, &value));
    assert_int_equal(value, wanted);
}

static void has_fields(struct session *session, const void *row)
{
    const struct column *c = row;
    OK(session, SQLPrepare(session->stmt, text(c->sql), SQL_NTS));
    SQLHDESC ird = of(session, SQL_ATTR_IMP_ROW_DESC);

    small_is(ird, SQL_DESC_CONCISE_TYPE, c->concise);
    small_is(ird, SQL_DESC_TYPE, c->type);
    small_is(ird, SQL_DESC_DATETIME_INTERVAL_CODE, c->code);
    integer_is(ird, SQL_DESC_DATETIME_INTERVAL_PRECISION, 0);
    long_is(ird, SQL_DESC_LENGTH, c->length);
    long_is(ird, SQL_DESC_OCTET_LENGTH, c->octets);
    small_is(ird, SQL_DESC_PRECISION, c->precision);
    small_is(ird, SQL_DESC_SCALE, c->scale);
    integer_is(ird, SQL_DESC_NUM_PREC_RADIX, c->radix);
    long_is(ird, SQL_DESC_DISPLAY_SIZE, c->display);
    small_is(ird, SQL_DESC_UNSIGNED, c->is_unsigned);
    integer_is(ird, SQL_DESC_CASE_SENSITIVE, c->case_sensitive);
    small_is(ird, SQL_DESC_SEARCHABLE, c->searchable);
    small_is(ird, SQL_DESC_FIXED_PREC_SCALE, SQL_FALSE);
    integer_is(ird, SQL_DESC_AUTO_UNIQUE_VALUE, SQL_FALSE);
    small_is(ird, SQL_DESC_UPDATABLE, SQL_ATTR_READONLY);
    small_is(ird, SQL_DESC_ROWVER, SQL_FALSE);
    word_is(ird, SQL_DESC_TYPE_NAME, c->name);
    word_is(ird, SQL_DESC_LOCAL_TYPE_NAME, c->name);
    word_is(ird, SQL_DESC_LITERAL_PREFIX, c->prefix);
    word_is(ird, SQL_DESC_LITERAL_SUFFIX, c->suffix);

    attribute_is(session, SQL_DESC_CONCISE_TYPE, c->concise);
    attribute_is(session, SQL_DESC_TYPE, c->type);
    attribute_is(session, SQL_DESC_LENGTH, c->length);
    attribute_is(session, SQL_DESC_OCTET_LENGTH, c->octets);
    attribute_is(session, SQL_DESC_PRECISION, c->precision);
    attribute_is(session, SQL_DESC_SCALE, c->scale);
    attribute_is(session, SQL_DESC_NUM_PREC_RADIX, c->radix);
    attribute_is(session, SQL_DESC_DISPLAY_SIZE, c->display);
    attribute_is(session, SQL_DESC_UNSIGNED, c->is_unsigned);
    attribute_is(session, SQL_DESC_SEARCHABLE, c->searchable);
}

struct origin {
    const char *rule, *sql, *name, *label, *base_column, *table, *base_table, *catalog;
    SQLSMALLINT unnamed, nullable;
};

static const struct origin origins[] = {
    {"SQLGetDescField: where a column comes from", "SELECT Id FROM Users", "Id", "Id", "Id", "Users", "Users", "TSheets", SQL_NAMED, SQL_NO_NULLS},
    {"SQLGetDescField: where a renamed column of a renamed table comes from", "SELECT u.FirstName AS n FROM Users u", "n", "n", "FirstName", "u", "Users", "TSheets", SQL_NAMED, SQL_NULLABLE},
    {"SQLGetDescField: a renamed expression comes from no column", "SELECT Id + 1 AS more FROM Users", "more", "more", "", "", "", "", SQL_NAMED, SQL_NO_NULLS},
    {"SQLGetDescField: a renamed literal comes from no column and is not NULL", "SELECT 'a' AS word", "word", "word", "", "", "", "", SQL_NAMED, SQL_NO_NULLS},
};

static void comes_from(struct session *session, const void *row)
{
    const struct origin *o = row;
    OK(session, SQLPrepare(session->stmt, text(o->sql), SQL_NTS));
    SQLHDESC ird = of(session, SQL_ATTR_IMP_ROW_DESC);
    word_is(ird, SQL_DESC_NAME, o->name);
    word_is(ird, SQL_DESC_LABEL, o->label);
    word_is(ird, SQL_DESC_BASE_COLUMN_NAME, o->base_column);
    word_is(ird, SQL_DESC_TABLE_NAME, o->table);
    word_is(ird, SQL_DESC_BASE_TABLE_NAME, o->base_table);
    word_is(ird, SQL_DESC_CATALOG_NAME, o->catalog);
    word_is(ird, SQL_DESC_SCHEMA_NAME, "");
    small_is(ird, SQL_DESC_UNNAMED, o->unnamed);
    small_is(ird, SQL_DESC_NULLABLE, o->nullable);
}

/* --- what may be written where ----------------------------------------------------------------------------------------------- */

struct refused {
    const char *rule;
    SQLINTEGER descriptor;
    SQLSMALLINT record, field;
    SQLLEN value;
    const char *state;
};

static const struct refused refusals[] = {
    {"SQLSetDescField: SQL_DESC_ALLOC_TYPE can only be read: HY091", SQL_ATTR_APP_ROW_DESC, 0, SQL_DESC_ALLOC_TYPE, SQL_DESC_ALLOC_USER, "HY091"},
    {"SQLSetDescField: SQL_DESC_ROWS_PROCESSED_PTR of an ARD is HY091", SQL_ATTR_APP_ROW_DESC, 0, SQL_DESC_ROWS_PROCESSED_PTR, 0, "HY091"},
    {"SQLSetDescField: SQL_DESC_PARAMETER_TYPE of an ARD is HY091", SQL_ATTR_APP_ROW_DESC, 1, SQL_DESC_PARAMETER_TYPE, SQL_PARAM_INPUT, "HY091"},
    {"SQLSetDescField: SQL_DESC_PARAMETER_TYPE of an APD is HY091", SQL_ATTR_APP_PARAM_DESC, 1, SQL_DESC_PARAMETER_TYPE, SQL_PARAM_INPUT, "HY091"},
    {"SQLSetDescField: SQL_DESC_NAME of an ARD is HY091", SQL_ATTR_APP_ROW_DESC, 1, SQL_DESC_NAME, 0, "HY091"},
    {"SQLSetDescField: SQL_DESC_UNNAMED of an APD is HY091", SQL_ATTR_APP_PARAM_DESC, 1, SQL_DESC_UNNAMED, SQL_UNNAMED, "HY091"},
    {"SQLSetDescField: SQL_DESC_UNNAMED of an IPD can not be SQL_NAMED: HY092", SQL_ATTR_IMP_PARAM_DESC, 1, SQL_DESC_UNNAMED, SQL_NAMED, "HY092"},
    {"SQLSetDescField: SQL_DESC_ARRAY_SIZE of an IPD is HY091", SQL_ATTR_IMP_PARAM_DESC, 0, SQL_DESC_ARRAY_SIZE, 2, "HY091"},
    {"SQLSetDescField: SQL_DESC_BIND_TYPE of an IPD is HY091", SQL_ATTR_IMP_PARAM_DESC, 0, SQL_DESC_BIND_TYPE, 8, "HY091"},
    {"SQLSetDescField: SQL_DESC_BIND_OFFSET_PTR of an IPD is HY091", SQL_ATTR_IMP_PARAM_DESC, 0, SQL_DESC_BIND_OFFSET_PTR, 0, "HY091"},
    {"SQLSetDescField: SQL_DESC_INDICATOR_PTR of an IPD is HY091", SQL_ATTR_IMP_PARAM_DESC, 1, SQL_DESC_INDICATOR_PTR, 0, "HY091"},
    {"SQLSetDescField: SQL_DESC_OCTET_LENGTH_PTR of an IPD is HY091", SQL_ATTR_IMP_PARAM_DESC, 1, SQL_DESC_OCTET_LENGTH_PTR, 0, "HY091"},
    {"SQLSetDescField: SQL_DESC_PARAMETER_TYPE that does not exist is HY105", SQL_ATTR_IMP_PARAM_DESC, 1, SQL_DESC_PARAMETER_TYPE, 77, "HY105"},
    {"SQLSetDescField: SQL_DESC_DISPLAY_SIZE can not be written: HY091", SQL_ATTR_APP_ROW_DESC, 1, SQL_DESC_DISPLAY_SIZE, 3, "HY091"},
    {"SQLSetDescField: SQL_DESC_LABEL can not be written: HY091", SQL_ATTR_IMP_PARAM_DESC, 1, SQL_DESC_LABEL, 0, "HY091"},
    {"SQLSetDescField: SQL_DESC_CONCISE_TYPE that does not exist is HY021", SQL_ATTR_APP_ROW_DESC, 1, SQL_DESC_CONCISE_TYPE, 4711, "HY021"},
    {"SQLSetDescField: SQL_DESC_TYPE that does not exist is HY021", SQL_ATTR_IMP_PARAM_DESC, 1, SQL_DESC_TYPE, 4711, "HY021"},
    {"SQLSetDescField: record 0 of an APD is 07009", SQL_ATTR_APP_PARAM_DESC, 0, SQL_DESC_TYPE, SQL_C_SLONG, "07009"},
    {"SQLSetDescField: record 0 of an IPD is 07009", SQL_ATTR_IMP_PARAM_DESC, 0, SQL_DESC_TYPE, SQL_INTEGER, "07009"},
    {"SQLSetDescField: a negative SQL_DESC_COUNT is 07009", SQL_ATTR_APP_ROW_DESC, 0, SQL_DESC_COUNT, -1, "07009"},
    {"SQLSetDescField: SQL_DESC_COUNT of an IRD is HY016", SQL_ATTR_IMP_ROW_DESC, 0, SQL_DESC_COUNT, 1, "HY016"},
    {"SQLSetDescField: SQL_DESC_ARRAY_SIZE of an IRD is HY016", SQL_ATTR_IMP_ROW_DESC, 0, SQL_DESC_ARRAY_SIZE, 1, "HY016"},
    {"SQLSetDescField: SQL_DESC_NAME of an IRD is HY016", SQL_ATTR_IMP_ROW_DESC, 1, SQL_DESC_NAME, 0, "HY016"},
};

static void is_refused(struct session *session, const void *row)
{
    const struct refused *refused = row;
    OK(session, SQLPrepare(session->stmt, text("SELECT 1"), SQL_NTS));
    SQLHDESC desc = of(session, refused->descriptor);
    DESC_FAILS(desc, SQLSetDescField(desc, refused->record, refused->field, whole(refused->value), 0), refused->state);
}

static void two_fields_of_an_ird(struct session *session)
{
    SQLUSMALLINT status[1] = {77};
    SQLULEN fetched = 77;
    OK(session, SQLPrepare(session->stmt, text("SELECT 1"), SQL_NTS));
    SQLHDESC ird = of(session, SQL_ATTR_IMP_ROW_DESC);
    DESC_OK(ird, SQLSetDescField(ird, 0, SQL_DESC_ARRAY_STATUS_PTR, status, 0));
    DESC_OK(ird, SQLSetDescField(ird, 0, SQL_DESC_ROWS_PROCESSED_PTR, &fetched, 0));
    OK(session, SQLExecute(session->stmt));
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(status[0], SQL_ROW_SUCCESS);
    assert_int_equal(fetched, 1);
}

static void ird_of_nothing(struct session *session)
{
    SQLHDESC ird = of(session, SQL_ATTR_IMP_ROW_DESC), own = new_descriptor(session);
    SQLSMALLINT type;
    DESC_FAILS(ird, SQLGetDescField(ird, 1, SQL_DESC_TYPE, &type, 0, NULL), "HY007");
    DESC_FAILS(ird, SQLGetDescRec(ird, 1, NULL, 0, NULL, &type, NULL, NULL, NULL, NULL, NULL), "HY007");
    assert_int_equal(SQLCopyDesc(ird, own), SQL_ERROR);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, own), SQL_SUCCESS);
}

/* --- the consistency check --------------------------------------------------------------------------------------------------- */

struct inconsistent {
    const char *rule;
    SQLINTEGER descriptor;
    SQLSMALLINT type, field;
    SQLLEN value;
};

static const struct inconsistent inconsistencies[] = {
    {"SQLSetDescField: setting SQL_DESC_DATA_PTR checks the precision of a numeric: HY021", SQL_ATTR_APP_ROW_DESC, SQL_C_NUMERIC, SQL_DESC_PRECISION, 0},
    {"SQLSetDescField: setting SQL_DESC_DATA_PTR checks the scale of a numeric: HY021", SQL_ATTR_APP_ROW_DESC, SQL_C_NUMERIC, SQL_DESC_SCALE, 200},
    {"SQLSetDescField: setting SQL_DESC_DATA_PTR checks the precision of a timestamp: HY021", SQL_ATTR_APP_PARAM_DESC, SQL_C_TYPE_TIMESTAMP, SQL_DESC_PRECISION, 10},
    {"SQLSetDescField: setting SQL_DESC_DATA_PTR checks the fraction of an interval: HY021", SQL_ATTR_APP_ROW_DESC, SQL_C_INTERVAL_DAY_TO_SECOND, SQL_DESC_PRECISION, 10},
    {"SQLSetDescField: setting SQL_DESC_DATA_PTR checks the leading field of an interval: HY021", SQL_ATTR_APP_ROW_DESC, SQL_C_INTERVAL_DAY, SQL_DESC_DATETIME_INTERVAL_PRECISION, 0},
    {"SQLSetDescField: setting SQL_DESC_DATA_PTR of an IPD checks the precision of a decimal: HY021", SQL_ATTR_IMP_PARAM_DESC, SQL_DECIMAL, SQL_DESC_PRECISION, -1},
};

static void is_checked(struct session *session, const void *row)
{
    const struct inconsistent *bad = row;
    SQL_NUMERIC_STRUCT place;
    SQLHDESC desc = of(session, bad->descriptor);
    DESC_OK(desc, SQLSetDescField(desc, 1, SQL_DESC_CONCISE_TYPE, whole(bad->type), 0));
    DESC_OK(desc, SQLSetDescField(desc, 1, SQL_DESC_DATA_PTR, &place, 0));
    DESC_OK(desc, SQLSetDescField(desc, 1, bad->field, whole(bad->value), 0));
    DESC_FAILS(desc, SQLSetDescField(desc, 1, SQL_DESC_DATA_PTR, &place, 0), "HY021");
    DESC_OK(desc, SQLSetDescField(desc, 1, SQL_DESC_DATA_PTR, NULL, 0));   /* unbinding checks nothing */
}

static void ipd_keeps_no_pointer(struct session *session)
{
    SQLINTEGER place = 0;
    SQLPOINTER found = &place;
    SQLHDESC ipd = of(session, SQL_ATTR_IMP_PARAM_DESC);
    DESC_OK(ipd, SQLSetDescField(ipd, 1, SQL_DESC_CONCISE_TYPE, whole(SQL_INTEGER), 0));
    DESC_OK(ipd, SQLSetDescField(ipd, 1, SQL_DESC_DATA_PTR, &place, 0));
    DESC_OK(ipd, SQLGetDescField(ipd, 1, SQL_DESC_DATA_PTR, &found, 0, NULL));
    assert_null(found);
}

struct parameter {
    const char *rule;
    SQLSMALLINT type;
    const char *name;
    SQLLEN is_unsigned, case_sensitive;
};

static const struct parameter parameters[] = {
    {"SQLGetDescField: the type's fields of an integer parameter", SQL_INTEGER, "INTEGER", SQL_FALSE, SQL_FALSE},
    {"SQLGetDescField: the type's fields of a numeric parameter", SQL_NUMERIC, "NUMERIC", SQL_FALSE, SQL_FALSE},
    {"SQLGetDescField: the type's fields of a real parameter", SQL_REAL, "REAL", SQL_FALSE, SQL_FALSE},
    {"SQLGetDescField: the type's fields of a varchar parameter", SQL_VARCHAR, "VARCHAR", SQL_TRUE, SQL_TRUE},
    {"SQLGetDescField: the type's fields of a binary parameter", SQL_BINARY, "BINARY", SQL_TRUE, SQL_FALSE},
    {"SQLGetDescField: the type's fields of a timestamp parameter", SQL_TYPE_TIMESTAMP, "TIMESTAMP", SQL_TRUE, SQL_FALSE},
};

static void parameter_has_fields(struct session *session, const void *row)
{
    const struct parameter *parameter = row;
    SQLCHAR place[20] = "1";
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, parameter->type, 10, 0, place, sizeof place, NULL));
    SQLHDESC ipd = of(session, SQL_ATTR_IMP_PARAM_DESC);
    word_is(ipd, SQL_DESC_TYPE_NAME, parameter->name);
    word_is(ipd, SQL_DESC_LOCAL_TYPE_NAME, parameter->name);
    small_is(ipd, SQL_DESC_UNSIGNED, parameter->is_unsigned);
    integer_is(ipd, SQL_DESC_CASE_SENSITIVE, parameter->case_sensitive);
    small_is(ipd, SQL_DESC_FIXED_PREC_SCALE, SQL_FALSE);
    small_is(ipd, SQL_DESC_ROWVER, SQL_FALSE);
    small_is(ipd, SQL_DESC_PARAMETER_TYPE, SQL_PARAM_INPUT);
}

static void datetime_needs_its_code(struct session *session)
{
    SQL_DATE_STRUCT date = {0};
    SQLSMALLINT type = 0;
    SQLHDESC ard = of(session, SQL_ATTR_APP_ROW_DESC);
    DESC_FAILS(ard, SQLSetDescRec(ard, 1, SQL_DATETIME, 77, 0, 0, 0, NULL, NULL, NULL), "HY021");
    DESC_FAILS(ard, SQLSetDescRec(ard, 1, SQL_INTERVAL, 77, 0, 0, 0, NULL, NULL, NULL), "HY021");
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_TYPE, whole(SQL_DATETIME), 0));
    DESC_FAILS(ard, SQLSetDescField(ard, 1, SQL_DESC_DATETIME_INTERVAL_CODE, whole(77), 0), "HY021");
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_DATETIME_INTERVAL_CODE, whole(SQL_CODE_DATE), 0));
    DESC_OK(ard, SQLGetDescField(ard, 1, SQL_DESC_CONCISE_TYPE, &type, 0, NULL));
    assert_int_equal(type, SQL_TYPE_DATE);
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_DATA_PTR, &date, 0));
    first_row(session, "SELECT {d '2024-02-29'}");
    assert_int_equal(date.day, 29);
}

static void concise_sets_the_others(struct session *session)
{
    SQLSMALLINT type = 0, code = 0, precision = 77;
    SQLINTEGER leading = 0;
    SQLHDESC ard = of(session, SQL_ATTR_APP_ROW_DESC);
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_CONCISE_TYPE, whole(SQL_C_INTERVAL_DAY_TO_SECOND), 0));
    DESC_OK(ard, SQLGetDescField(ard, 1, SQL_DESC_TYPE, &type, 0, NULL));
    DESC_OK(ard, SQLGetDescField(ard, 1, SQL_DESC_DATETIME_INTERVAL_CODE, &code, 0, NULL));
    DESC_OK(ard, SQLGetDescField(ard, 1, SQL_DESC_PRECISION, &precision, 0, NULL));
    DESC_OK(ard, SQLGetDescField(ard, 1, SQL_DESC_DATETIME_INTERVAL_PRECISION, &leading, 0, NULL));
    assert_int_equal(type, SQL_INTERVAL);
    assert_int_equal(code, SQL_CODE_DAY_TO_SECOND);
    assert_int_equal(precision, 6);
    assert_int_equal(leading, 2);
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_CONCISE_TYPE, whole(SQL_C_SLONG), 0));
    DESC_OK(ard, SQLGetDescField(ard, 1, SQL_DESC_DATETIME_INTERVAL_CODE, &code, 0, NULL));
    assert_int_equal(code, 0);
}

static void type_unbinds(struct session *session)
{
    SQLINTEGER value = 7;
    SQLPOINTER found = &value;
    SQLHDESC ard = of(session, SQL_ATTR_APP_ROW_DESC);
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_CONCISE_TYPE, whole(SQL_C_CHAR), 0));
    DESC_OK(ard, SQLGetDescField(ard, 1, SQL_DESC_DATA_PTR, &found, 0, NULL));
    assert_null(found);
    first_row(session, "SELECT 42");
    assert_int_equal(value, 7);
}

static void numeric_by_its_fields(struct session *session)
{
    SQL_NUMERIC_STRUCT value;
    SQLHDESC ard = of(session, SQL_ATTR_APP_ROW_DESC);
    memset(&value, 0, sizeof value);
    DESC_OK(ard, SQLSetDescRec(ard, 1, SQL_C_NUMERIC, 0, sizeof value, 10, 2, &value, NULL, NULL));
    first_row(session, "SELECT CAST('12.34' AS DECIMAL(10,2))");
    assert_int_equal(value.precision, 10);
    assert_int_equal(value.scale, 2);
    assert_int_equal(value.val[0] + 256 * value.val[1], 1234);
    DESC_FAILS(ard, SQLSetDescRec(ard, 1, SQL_C_NUMERIC, 0, sizeof value, 77, 2, &value, NULL, NULL), "HY021");
}

/* --- descriptors of the application ------------------------------------------------------------------------------------------- */

static void freed_descriptor(struct session *session)
{
    SQLINTEGER mine = 0, own = 0;
    SQLHDESC given = new_descriptor(session), implicit = of(session, SQL_ATTR_APP_ROW_DESC), now = NULL;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &own, 0, NULL));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, given, 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &mine, 0, NULL));
    query(session, "SELECT 1 UNION ALL SELECT 2");
    OK(session, SQLFetch(session->stmt));
    assert_true(mine == 1 && own == 0);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, given), SQL_SUCCESS);
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &now, 0, NULL));
    assert_ptr_equal(now, implicit);
    OK(session, SQLFetch(session->stmt));
    assert_true(mine == 1 && own == 2);
}

static void shared_by_two(struct session *session)
{
    SQLINTEGER value = 0;
    SQLHSTMT other = NULL;
    SQLHDESC given = new_descriptor(session);
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &other));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, given, 0));
    ON(SQL_HANDLE_STMT, other, SQLSetStmtAttr(other, SQL_ATTR_APP_ROW_DESC, given, 0), SQL_SUCCESS, "");
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
    query(session, "SELECT 1");
    ON(SQL_HANDLE_STMT, other, SQLExecDirect(other, text("SELECT 2"), SQL_NTS), SQL_SUCCESS, "");
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(value, 1);
    ON(SQL_HANDLE_STMT, other, SQLFetch(other), SQL_SUCCESS, "");
    assert_int_equal(value, 2);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, other), SQL_SUCCESS);
    value = 0;
    query(session, "SELECT 3");                        /* it outlives the statement that used it */
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(value, 3);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, given), SQL_SUCCESS);
}

static void row_and_parameter_in_one(struct session *session)
{
    SQLINTEGER value = 42;
    SQLHDESC given = new_descriptor(session);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, given, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_APP_PARAM_DESC, given, 0));
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, NULL));
    query(session, "SELECT CAST(? AS INTEGER) + 1");
    OK(session, SQLFetch(session->stmt));
    assert_int_equal(value, 43);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, given), SQL_SUCCESS);
}

static void implicit_is_not_freed(struct session *session)
{
    SQLHDESC ard = of(session, SQL_ATTR_APP_ROW_DESC);
    DESC_FAILS(ard, SQLFreeHandle(SQL_HANDLE_DESC, ard), "HY017");
}

static void copies_everything(struct session *session)
{
    SQLINTEGER values[4] = {0};
    SQLLEN lengths[4] = {0};
    SQLHSTMT other = NULL;
    SQLHDESC target = NULL;
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &other));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, values, 0, lengths));
    ON(SQL_HANDLE_STMT, other, SQLGetStmtAttr(other, SQL_ATTR_APP_ROW_DESC, &target, 0, NULL), SQL_SUCCESS, "");
    DESC_OK(target, SQLCopyDesc(of(session, SQL_ATTR_APP_ROW_DESC), target));
    ON(SQL_HANDLE_STMT, other, SQLExecDirect(other, text("SELECT 1 UNION ALL SELECT 2"), SQL_NTS), SQL_SUCCESS, "");
    ON(SQL_HANDLE_STMT, other, SQLFetch(other), SQL_SUCCESS, "");
    assert_int_equal(values[1], 2);
    assert_int_equal(lengths[1], 4);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, other), SQL_SUCCESS);
}

static void copy_replaces(struct session *session)
{
    SQLINTEGER value = 0;
    SQLSMALLINT count = 77;
    SQLHDESC empty = new_descriptor(session), ard = of(session, SQL_ATTR_APP_ROW_DESC);
    OK(session, SQLBindCol(session->stmt, 3, SQL_C_SLONG, &value, 0, NULL));
    DESC_OK(ard, SQLCopyDesc(empty, ard));
    DESC_OK(ard, SQLGetDescField(ard, 0, SQL_DESC_COUNT, &count, 0, NULL));
    assert_int_equal(count, 0);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, empty), SQL_SUCCESS);
}

static void copy_to_an_ipd(struct session *session)
{
    SQLINTEGER value = 0;
    SQLLEN length = 0;
    SQLPOINTER found = &value;
    SQLHDESC ard = of(session, SQL_ATTR_APP_ROW_DESC), ipd = of(session, SQL_ATTR_IMP_PARAM_DESC);
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_CHAR, &value, sizeof value, &length));
    DESC_OK(ipd, SQLCopyDesc(ard, ipd));
    DESC_OK(ipd, SQLGetDescField(ipd, 1, SQL_DESC_DATA_PTR, &found, 0, NULL));
    assert_null(found);
    found = &value;
    DESC_OK(ipd, SQLGetDescField(ipd, 1, SQL_DESC_OCTET_LENGTH_PTR, &found, 0, NULL));
    assert_null(found);
}

static void record_read_back(struct session *session)
{
    SQLCHAR place[20];
    SQLLEN octets = 0, pointer_length = 0, indicator = 0;
    SQLSMALLINT type = 0, subtype = 77, precision = 77, scale = 77;
    SQLPOINTER found = NULL;
    SQLHDESC ard = of(session, SQL_ATTR_APP_ROW_DESC);
    DESC_OK(ard, SQLSetDescRec(ard, 2, SQL_C_CHAR, 0, sizeof place, 0, 0, place, &pointer_length, &indicator));
    DESC_OK(ard, SQLGetDescRec(ard, 2, NULL, 0, NULL, &type, &subtype, &octets, &precision, &scale, NULL));
    assert_int_equal(type, SQL_C_CHAR);
    assert_int_equal(subtype, 0);
    assert_int_equal(octets, sizeof place);
    assert_int_equal(precision, 0);
    assert_int_equal(scale, 0);
    DESC_OK(ard, SQLGetDescField(ard, 2, SQL_DESC_INDICATOR_PTR, &found, 0, NULL));
    assert_ptr_equal(found, &indicator);
    DESC_OK(ard, SQLGetDescField(ard, 2, SQL_DESC_OCTET_LENGTH_PTR, &found, 0, NULL));
    assert_ptr_equal(found, &pointer_length);
    assert_int_equal(SQLGetDescRec(ard, 3, NULL, 0, NULL, &type, NULL, NULL, NULL, NULL, NULL), SQL_NO_DATA);
    DESC_FAILS(ard, SQLGetDescRec(ard, -1, NULL, 0, NULL, &type, NULL, NULL, NULL, NULL, NULL), "07009");
}

static void name_is_cut(struct session *session)
{
    SQLCHAR name[4] = "";
    SQLSMALLINT length = 0;
    OK(session, SQLPrepare(session->stmt, text("SELECT FirstName FROM Users"), SQL_NTS));
    SQLHDESC ird = of(session, SQL_ATTR_IMP_ROW_DESC);
    ON(SQL_HANDLE_DESC, ird, SQLGetDescRec(ird, 1, name, sizeof name, &length, NULL, NULL, NULL, NULL, NULL, NULL), SQL_SUCCESS_WITH_INFO, "01004");
    assert_string_equal((char *)name, "Fir");
    assert_int_equal(length, 9);
}

static const struct rule rules[] = {
    {"SQLSetDescField: SQL_DESC_ARRAY_STATUS_PTR and SQL_DESC_ROWS_PROCESSED_PTR of an IRD can be written", two_fields_of_an_ird},
    {"SQLGetDescField: an IRD with nothing prepared is HY007; likewise SQLGetDescRec and SQLCopyDesc", ird_of_nothing},
    {"SQLSetDescField: SQL_DESC_DATA_PTR of an IPD is checked but not kept", ipd_keeps_no_pointer},
    {"SQLSetDescRec: SQL_DATETIME or SQL_INTERVAL with a code that does not exist is HY021; likewise SQLSetDescField", datetime_needs_its_code},
    {"SQLSetDescField: SQL_DESC_CONCISE_TYPE sets SQL_DESC_TYPE, the code and the default precisions", concise_sets_the_others},
    {"SQLSetDescField: a field that is not deferred unbinds", type_unbinds},
    {"SQLSetDescRec: a numeric has the precision and scale of its record; a bad one is HY021", numeric_by_its_fields},
    {"SQLFreeHandle: freeing a descriptor gives its statement the implicit one back, with its bindings", freed_descriptor},
    {"SQLFreeHandle: an implicit descriptor is HY017", implicit_is_not_freed},
    {"SQLSetStmtAttr: two statements can share one descriptor", shared_by_two},
    {"SQLSetStmtAttr: one descriptor can be the ARD and the APD of a statement", row_and_parameter_in_one},
    {"SQLCopyDesc: copies bindings and header from one ARD to another", copies_everything},
    {"SQLCopyDesc: what the target had is gone", copy_replaces},
    {"SQLCopyDesc: an IPD takes no bindings", copy_to_an_ipd},
    {"SQLGetDescRec: reads back what SQLSetDescRec wrote; behind the count it is SQL_NO_DATA, below zero 07009", record_read_back},
    {"SQLGetDescRec: a name too long is 01004 with the whole length", name_is_cut},
};

int main(void)
{
    EACH(has_fields, columns);
    EACH(comes_from, origins);
    EACH(is_refused, refusals);
    EACH(is_checked, inconsistencies);
    EACH(parameter_has_fields, parameters);
    RULES(rules);
    return chapter_run("descriptors");
}
