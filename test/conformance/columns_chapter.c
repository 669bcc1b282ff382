/* Result columns and descriptors: SQLDescribeCol, SQLColAttribute, SQLGetDescField, SQLSetDescField, SQLGetDescRec, SQLSetDescRec,
 * SQLCopyDesc. */
#include "chapter.h"

struct described {
    const char *rule, *sql;
    SQLSMALLINT type;
    SQLULEN size;
    SQLSMALLINT digits;
    SQLLEN display, octets;
};

static const struct described descriptions[] = {
    {"SQLDescribeCol: an integer", "SELECT CAST(1 AS INTEGER)", SQL_INTEGER, 10, 0, 11, 4},
    {"SQLDescribeCol: a bigint", "SELECT CAST(1 AS BIGINT)", SQL_BIGINT, 19, 0, 20, 8},
    {"SQLDescribeCol: a double", "SELECT CAST(1 AS DOUBLE)", SQL_DOUBLE, 15, 0, 24, 8},
    {"SQLDescribeCol: a decimal has its precision and scale", "SELECT CAST(1 AS DECIMAL(10,3))", SQL_DECIMAL, 10, 3, 12, 12},
    {"SQLDescribeCol: a bit", "SELECT CAST(1 AS BIT)", SQL_BIT, 1, 0, 1, 1},
    {"SQLDescribeCol: a date", "SELECT {d '2024-01-01'}", SQL_TYPE_DATE, 10, 0, 10, 6},
    {"SQLDescribeCol: a time", "SELECT CAST('12:34:56' AS TIME)", SQL_TYPE_TIME, 8, 0, 8, 6},
    {"SQLDescribeCol: a timestamp with three digits", "SELECT CAST('2024-01-01 00:00:00' AS TIMESTAMP(3))", SQL_TYPE_TIMESTAMP, 23, 3, 23, 16},
    {"SQLDescribeCol: a text has its characters; an ANSI application is told room for them in UTF-8", "SELECT FirstName FROM Users", SQL_WVARCHAR, 255, 0, 1020, 1020},
    {"SQLDescribeCol: a guid", "SELECT {guid '01234567-89ab-cdef-0123-456789abcdef'}", SQL_GUID, 36, 0, 36, 16},
};

static void is_described(struct session *session, const void *row)
{
    const struct described *d = row;
    SQLSMALLINT type = 0, digits = 0, nullable = 0;
    SQLULEN size = 0;
    SQLLEN number_of = 0;

    OK(session, SQLPrepare(session->stmt, text(d->sql), SQL_NTS));
    OK(session, SQLDescribeCol(session->stmt, 1, NULL, 0, NULL, &type, &size, &digits, &nullable));
    assert_int_equal(type, d->type);
    assert_int_equal(size, d->size);
    assert_int_equal(digits, d->digits);
    OK(session, SQLColAttribute(session->stmt, 1, SQL_DESC_CONCISE_TYPE, NULL, 0, NULL, &number_of));
    assert_int_equal(number_of, d->type);
    OK(session, SQLColAttribute(session->stmt, 1, SQL_DESC_DISPLAY_SIZE, NULL, 0, NULL, &number_of));
    assert_int_equal(number_of, d->display);
    OK(session, SQLColAttribute(session->stmt, 1, SQL_DESC_OCTET_LENGTH, NULL, 0, NULL, &number_of));
    assert_int_equal(number_of, d->octets);
}

struct numeric {
    const char *rule;
    SQLUSMALLINT column, field;
    SQLLEN wanted;
};

#define COLUMNS "SELECT Id, FirstName AS n, Active, 1 + 1, HireDate FROM Users u"

static const struct numeric numerics[] = {
    {"SQLColAttribute: SQL_DESC_COUNT is the number of columns", 1, SQL_DESC_COUNT, 5},
    {"SQLColAttribute: SQL_DESC_TYPE of a date is SQL_DATETIME", 5, SQL_DESC_TYPE, SQL_DATETIME},
    {"SQLColAttribute: SQL_DESC_NULLABLE of a key is SQL_NO_NULLS", 1, SQL_DESC_NULLABLE, SQL_NO_NULLS},
    {"SQLColAttribute: SQL_DESC_NULLABLE of what may be NULL is SQL_NULLABLE", 2, SQL_DESC_NULLABLE, SQL_NULLABLE},
    {"SQLColAttribute: SQL_DESC_UNSIGNED of a signed number is false", 1, SQL_DESC_UNSIGNED, SQL_FALSE},
    {"SQLColAttribute: SQL_DESC_UNSIGNED of a text is true", 2, SQL_DESC_UNSIGNED, SQL_TRUE},
    {"SQLColAttribute: SQL_DESC_AUTO_UNIQUE_VALUE is false", 1, SQL_DESC_AUTO_UNIQUE_VALUE, SQL_FALSE},
    {"SQLColAttribute: SQL_DESC_UPDATABLE is SQL_ATTR_READONLY", 1, SQL_DESC_UPDATABLE, SQL_ATTR_READONLY},
    {"SQLColAttribute: SQL_DESC_CASE_SENSITIVE of a text is true", 2, SQL_DESC_CASE_SENSITIVE, SQL_TRUE},
    {"SQLColAttribute: SQL_DESC_CASE_SENSITIVE of a number is false", 1, SQL_DESC_CASE_SENSITIVE, SQL_FALSE},
    {"SQLColAttribute: SQL_DESC_FIXED_PREC_SCALE is false", 1, SQL_DESC_FIXED_PREC_SCALE, SQL_FALSE},
    {"SQLColAttribute: SQL_DESC_SEARCHABLE of a text is SQL_PRED_SEARCHABLE", 2, SQL_DESC_SEARCHABLE, SQL_PRED_SEARCHABLE},
    {"SQLColAttribute: SQL_DESC_UNNAMED of a column is SQL_NAMED", 1, SQL_DESC_UNNAMED, SQL_NAMED},
    {"SQLColAttribute: SQL_DESC_NUM_PREC_RADIX of a bigint is 10", 1, SQL_DESC_NUM_PREC_RADIX, 10},
    {"SQLColAttribute: SQL_DESC_LENGTH of a text is its characters", 2, SQL_DESC_LENGTH, 255},
    {"SQLColAttribute: SQL_DESC_PRECISION of a bigint is 19", 1, SQL_DESC_PRECISION, 19},
    {"SQLColAttribute: SQL_DESC_SCALE of a bigint is 0", 1, SQL_DESC_SCALE, 0},
    {"SQLColAttribute: SQL_COLUMN_LENGTH of ODBC 2 is the octets", 1, SQL_COLUMN_LENGTH, 8},
};

static void number_is(struct session *session, const void *row)
{
    const struct numeric *n = row;
    SQLLEN value = 77;
    OK(session, SQLPrepare(session->stmt, text(COLUMNS), SQL_NTS));
    OK(session, SQLColAttribute(session->stmt, n->column, n->field, NULL, 0, NULL, &value));
    assert_int_equal(value, n->wanted);
}

struct word {
    const char *rule;
    SQLUSMALLINT column, field;
    const char *wanted;
};

static const struct word words[] = {
    {"SQLColAttribute: SQL_DESC_NAME of a column is its name", 1, SQL_DESC_NAME, "Id"},
    {"SQLColAttribute: SQL_DESC_NAME of an alias is the alias", 2, SQL_DESC_NAME, "n"},
    {"SQLColAttribute: SQL_DESC_LABEL is the alias", 2, SQL_DESC_LABEL, "n"},
    {"SQLColAttribute: SQL_DESC_BASE_COLUMN_NAME is the column's", 2, SQL_DESC_BASE_COLUMN_NAME, "FirstName"},
    {"SQLColAttribute: SQL_DESC_BASE_COLUMN_NAME of an expression is empty", 4, SQL_DESC_BASE_COLUMN_NAME, ""},
    {"SQLColAttribute: SQL_DESC_BASE_TABLE_NAME is the table's", 1, SQL_DESC_BASE_TABLE_NAME, "Users"},
    {"SQLColAttribute: SQL_DESC_CATALOG_NAME is the service", 1, SQL_DESC_CATALOG_NAME, "TSheets"},
    {"SQLColAttribute: SQL_DESC_SCHEMA_NAME is empty", 1, SQL_DESC_SCHEMA_NAME, ""},
    {"SQLColAttribute: SQL_DESC_LITERAL_PREFIX of a text is a quote", 2, SQL_DESC_LITERAL_PREFIX, "'"},
    {"SQLColAttribute: SQL_DESC_LITERAL_SUFFIX of a text is a quote", 2, SQL_DESC_LITERAL_SUFFIX, "'"},
};

static void word_is(struct session *session, const void *row)
{
    const struct word *word = row;
    SQLCHAR value[100] = "Z";
    SQLSMALLINT length = 77;
    OK(session, SQLPrepare(session->stmt, text(COLUMNS), SQL_NTS));
    OK(session, SQLColAttribute(session->stmt, word->column, word->field, value, sizeof value, &length, NULL));
    assert_string_equal((char *)value, word->wanted);
    assert_int_equal(length, strlen(word->wanted));
}

/* --- rules of their own -------------------------------------------------------------------------------------------------- */

static SQLHDESC descriptor(struct session *session, SQLINTEGER attribute)
{
    SQLHDESC desc = NULL;
    OK(session, SQLGetStmtAttr(session->stmt, attribute, &desc, 0, NULL));
    return desc;
}

static void bad_columns(struct session *session)
{
    SQLLEN value;
    OK(session, SQLPrepare(session->stmt, text(COLUMNS), SQL_NTS));
    FAILS(session, SQLDescribeCol(session->stmt, 6, NULL, 0, NULL, NULL, NULL, NULL, NULL), "07009");
    FAILS(session, SQLColAttribute(session->stmt, 6, SQL_DESC_TYPE, NULL, 0, NULL, &value), "07009");
}

static void bad_field(struct session *session)
{
    SQLLEN value;
    OK(session, SQLPrepare(session->stmt, text(COLUMNS), SQL_NTS));
    FAILS(session, SQLColAttribute(session->stmt, 1, 4711, NULL, 0, NULL, &value), "HY091");
    FAILS(session, SQLColAttribute(session->stmt, 1, 1211, NULL, 0, NULL, &value), "HY091");
}

static void name_is_cut(struct session *session)
{
    SQLCHAR name[20];
    SQLSMALLINT length = 0;
    memset(name, 'Z', sizeof name);
    OK(session, SQLPrepare(session->stmt, text("SELECT FirstName FROM Users"), SQL_NTS));
    WARNS(session, SQLDescribeCol(session->stmt, 1, name, 5, &length, NULL, NULL, NULL, NULL), "01004");
    assert_string_equal((char *)name, "Firs");
    assert_int_equal(name[5], 'Z');
    assert_int_equal(length, 9);
}

static void no_result(struct session *session)
{
    SQLSMALLINT columns = 77;
    OK(session, SQLPrepare(session->stmt, text("SELECT 1, 2"), SQL_NTS));
    OK(session, SQLNumResultCols(session->stmt, &columns));
    assert_int_equal(columns, 2);
}

static void record_of_a_column(struct session *session)
{
    SQLCHAR name[40] = "";
    SQLSMALLINT length = 0, type = 0, subtype = 0, precision = 0, scale = 0, nullable = 0;
    SQLLEN octets = 0;
    OK(session, SQLPrepare(session->stmt, text("SELECT CAST(1 AS DECIMAL(10,3)) AS d, HireDate FROM Users"), SQL_NTS));
    SQLHDESC ird = descriptor(session, SQL_ATTR_IMP_ROW_DESC);
    DESC_OK(ird, SQLGetDescRec(ird, 1, name, sizeof name, &length, &type, &subtype, &octets, &precision, &scale, &nullable));
    assert_string_equal((char *)name, "d");
    assert_int_equal(type, SQL_DECIMAL);
    assert_int_equal(precision, 10);
    assert_int_equal(scale, 3);
    DESC_OK(ird, SQLGetDescRec(ird, 2, name, sizeof name, &length, &type, &subtype, &octets, &precision, &scale, &nullable));
    assert_int_equal(type, SQL_DATETIME);
    assert_int_equal(subtype, SQL_CODE_DATE);
}

static void record_behind_the_last(struct session *session)
{
    SQLHDESC ird;
    OK(session, SQLPrepare(session->stmt, text("SELECT 1"), SQL_NTS));
    ird = descriptor(session, SQL_ATTR_IMP_ROW_DESC);
    assert_int_equal(SQLGetDescRec(ird, 5, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL), SQL_NO_DATA);
}

static void ird_is_read_only(struct session *session)
{
    SQLHDESC ird;
    OK(session, SQLPrepare(session->stmt, text("SELECT 1"), SQL_NTS));
    ird = descriptor(session, SQL_ATTR_IMP_ROW_DESC);
    DESC_FAILS(ird, SQLSetDescField(ird, 1, SQL_DESC_TYPE, number(SQL_INTEGER), 0), "HY016");
    DESC_FAILS(ird, SQLSetDescRec(ird, 1, SQL_INTEGER, 0, 4, 0, 0, NULL, NULL, NULL), "HY016");
    SQLHDESC ard = descriptor(session, SQL_ATTR_APP_ROW_DESC);
    DESC_FAILS(ird, SQLCopyDesc(ard, ird), "HY016");
}

static void bound_by_a_record(struct session *session)
{
    SQLINTEGER value = 0;
    SQLLEN length = 0;
    SQLHDESC ard = descriptor(session, SQL_ATTR_APP_ROW_DESC);
    DESC_OK(ard, SQLSetDescRec(ard, 1, SQL_C_SLONG, 0, sizeof value, 0, 0, &value, &length, &length));
    first_row(session, "SELECT 42");
    assert_int_equal(value, 42);
    assert_int_equal(length, 4);
}

static void bound_by_fields(struct session *session)
{
    SQLINTEGER value = 0;
    SQLHDESC ard = descriptor(session, SQL_ATTR_APP_ROW_DESC);
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_CONCISE_TYPE, (SQLPOINTER)(intptr_t)SQL_C_SLONG, 0));
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_DATA_PTR, &value, 0));
    first_row(session, "SELECT 42");
    assert_int_equal(value, 42);
}

static void binding_shows_in_the_descriptor(struct session *session)
{
    SQLINTEGER value = 0;
    SQLLEN length = 0;
    SQLPOINTER pointer = NULL;
    SQLSMALLINT type = 0, count = 0;
    SQLHDESC ard = descriptor(session, SQL_ATTR_APP_ROW_DESC);
    OK(session, SQLBindCol(session->stmt, 3, SQL_C_SLONG, &value, sizeof value, &length));
    DESC_OK(ard, SQLGetDescField(ard, 0, SQL_DESC_COUNT, &count, 0, NULL));
    assert_int_equal(count, 3);
    DESC_OK(ard, SQLGetDescField(ard, 3, SQL_DESC_CONCISE_TYPE, &type, 0, NULL));
    assert_int_equal(type, SQL_C_SLONG);
    DESC_OK(ard, SQLGetDescField(ard, 3, SQL_DESC_DATA_PTR, &pointer, 0, NULL));
    assert_ptr_equal(pointer, &value);
    DESC_OK(ard, SQLGetDescField(ard, 3, SQL_DESC_OCTET_LENGTH_PTR, &pointer, 0, NULL));
    assert_ptr_equal(pointer, &length);
}

static void fewer_records(struct session *session)
{
    SQLINTEGER first = 0, second = 0;
    SQLHDESC ard = descriptor(session, SQL_ATTR_APP_ROW_DESC);
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &first, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_SLONG, &second, 0, NULL));
    DESC_OK(ard, SQLSetDescField(ard, 0, SQL_DESC_COUNT, number(1), 0));
    first_row(session, "SELECT 1, 2");
    assert_int_equal(first, 1);
    assert_int_equal(second, 0);
}

static void copies(struct session *session)
{
    SQLINTEGER value = 0;
    SQLHDESC ard = descriptor(session, SQL_ATTR_APP_ROW_DESC), own = NULL;
    SQLPOINTER pointer = NULL;
    SQLSMALLINT alloc = 0;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_DESC, session->dbc, &own));
    DESC_OK(own, SQLCopyDesc(ard, own));
    DESC_OK(own, SQLGetDescField(own, 1, SQL_DESC_DATA_PTR, &pointer, 0, NULL));
    assert_ptr_equal(pointer, &value);
    DESC_OK(own, SQLGetDescField(own, 0, SQL_DESC_ALLOC_TYPE, &alloc, 0, NULL));
    assert_int_equal(alloc, SQL_DESC_ALLOC_USER);    /* this one is not copied */
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, own), SQL_SUCCESS);
}

static void copies_columns_into_an_ard(struct session *session)
{
    SQLHDESC own = NULL;
    SQLSMALLINT type = 0;
    OK(session, SQLPrepare(session->stmt, text("SELECT CAST(1 AS BIGINT)"), SQL_NTS));
    SQLHDESC ird = descriptor(session, SQL_ATTR_IMP_ROW_DESC);
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_DESC, session->dbc, &own));
    DESC_OK(own, SQLCopyDesc(ird, own));
    DESC_OK(own, SQLGetDescField(own, 1, SQL_DESC_CONCISE_TYPE, &type, 0, NULL));
    assert_int_equal(type, SQL_BIGINT);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, own), SQL_SUCCESS);
}

static void bad_descriptor_field(struct session *session)
{
    SQLHDESC ard = descriptor(session, SQL_ATTR_APP_ROW_DESC);
    SQLINTEGER value = 0;
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
    DESC_FAILS(ard, SQLGetDescField(ard, 1, 4711, &value, 0, NULL), "HY091");
    DESC_FAILS(ard, SQLSetDescField(ard, 1, 4711, number(1), 0), "HY091");
    DESC_FAILS(ard, SQLSetDescField(ard, 0, SQL_DESC_ALLOC_TYPE, number(SQL_DESC_ALLOC_USER), 0), "HY091");
}

static void bad_record(struct session *session)
{
    SQLHDESC ard = descriptor(session, SQL_ATTR_APP_ROW_DESC);
    DESC_FAILS(ard, SQLSetDescField(ard, -1, SQL_DESC_TYPE, (SQLPOINTER)(intptr_t)SQL_C_SLONG, 0), "07009");
}

static void inconsistent_type(struct session *session)
{
    SQLHDESC ard = descriptor(session, SQL_ATTR_APP_ROW_DESC);
    DESC_FAILS(ard, SQLSetDescRec(ard, 1, 4711, 0, 4, 0, 0, NULL, NULL, NULL), "HY021");
}

static const struct rule rules[] = {
    {"SQLDescribeCol: a column that does not exist is 07009; likewise SQLColAttribute", bad_columns},
    {"SQLDescribeCol: a name too long is 01004 with the whole length", name_is_cut},
    {"SQLColAttribute: a field that does not exist, or is of another driver, is HY091", bad_field},
    {"SQLNumResultCols: counts the columns", no_result},
    {"SQLGetDescRec: a column's name, type, precision and scale, and the code of a date", record_of_a_column},
    {"SQLGetDescRec: behind the last record it is SQL_NO_DATA", record_behind_the_last},
    {"SQLSetDescField: the IRD can not be changed: HY016; likewise SQLSetDescRec and SQLCopyDesc", ird_is_read_only},
    {"SQLSetDescRec: binds a column", bound_by_a_record},
    {"SQLSetDescField: type and pointer bind a column", bound_by_fields},
    {"SQLGetDescField: shows what SQLBindCol bound", binding_shows_in_the_descriptor},
    {"SQLSetDescField: a smaller SQL_DESC_COUNT unbinds the columns behind it", fewer_records},
    {"SQLCopyDesc: copies bindings, but not how the descriptor was allocated", copies},
    {"SQLCopyDesc: copies the columns of an IRD into a descriptor of the application", copies_columns_into_an_ard},
    {"SQLGetDescField: a field that does not exist is HY091; likewise one that can only be read is when set", bad_descriptor_field},
    {"SQLSetDescField: a negative record number is 07009", bad_record},
    {"SQLSetDescRec: a type that does not exist is HY021", inconsistent_type},
};

int main(void)
{
    EACH(is_described, descriptions);
    EACH(number_is, numerics);
    EACH(word_is, words);
    RULES(rules);
    return chapter_run("result columns and descriptors");
}
