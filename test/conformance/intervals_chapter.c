/* Intervals (Appendix D, "Interval Data Types"): no column has such a type, but texts and exact numbers are read as intervals, and
 * intervals are parameters. */
#include "chapter.h"

#include <stdio.h>

enum { MOST_FIELDS = 4 };

/* The fields of an interval in the order of its name; the last may be a fraction. */
struct fields {
    SQLINTERVAL type;
    bool negative;
    SQLUINTEGER field[MOST_FIELDS], fraction;
};

static void fill(const struct fields *fields, SQL_INTERVAL_STRUCT *interval)
{
    SQL_DAY_SECOND_STRUCT *day = &interval->intval.day_second;
    const SQLUINTEGER *f = fields->field;

    memset(interval, 0, sizeof *interval);
    interval->interval_type = fields->type;
    interval->interval_sign = fields->negative ? SQL_TRUE : SQL_FALSE;
    switch (fields->type) {
    case SQL_IS_YEAR: interval->intval.year_month.year = f[0]; return;
    case SQL_IS_MONTH: interval->intval.year_month.month = f[0]; return;
    case SQL_IS_YEAR_TO_MONTH:
        interval->intval.year_month.year = f[0];
        interval->intval.year_month.month = f[1];
        return;
    case SQL_IS_DAY: case SQL_IS_DAY_TO_HOUR: case SQL_IS_DAY_TO_MINUTE: case SQL_IS_DAY_TO_SECOND:
        day->day = f[0], day->hour = f[1], day->minute = f[2], day->second = f[3];
        break;
    case SQL_IS_HOUR: case SQL_IS_HOUR_TO_MINUTE: case SQL_IS_HOUR_TO_SECOND:
        day->hour = f[0], day->minute = f[1], day->second = f[2];
        break;
    case SQL_IS_MINUTE: case SQL_IS_MINUTE_TO_SECOND:
        day->minute = f[0], day->second = f[1];
        break;
    default:
        day->second = f[0];
        break;
    }
    day->fraction = fields->fraction;
}

/* --- from columns ------------------------------------------------------------------------------------------------------- */

struct reading {
    const char *rule, *sql;
    SQLSMALLINT c_type;
    const char *state;
    struct fields wanted;
};

#define READS(what, sql, type, ...) {"SQLGetData: " what " to SQL_C_INTERVAL_" #type, sql, SQL_C_INTERVAL_##type, "", {SQL_IS_##type, __VA_ARGS__}}
#define WARNED(what, sql, type, ...) {"SQLGetData: " what " to SQL_C_INTERVAL_" #type " is 01S07", sql, SQL_C_INTERVAL_##type, "01S07", {SQL_IS_##type, __VA_ARGS__}}
#define REFUSED(what, sql, type, state) {"SQLGetData: " what " to SQL_C_INTERVAL_" #type " is " state, sql, SQL_C_INTERVAL_##type, state, {0}}

static const struct reading readings[] = {
    READS("a text", "SELECT '3'", YEAR, false, {3}, 0),
    READS("a text", "SELECT '3'", MONTH, false, {3}, 0),
    READS("a negative text", "SELECT '-3'", DAY, true, {3}, 0),
    READS("a text", "SELECT '3'", HOUR, false, {3}, 0),
    READS("a text", "SELECT '3'", MINUTE, false, {3}, 0),
    READS("a text with a fraction", "SELECT '3.25'", SECOND, false, {3}, 250000),
    READS("a text", "SELECT '1-06'", YEAR_TO_MONTH, false, {1, 6}, 0),
    READS("a text", "SELECT '3 04'", DAY_TO_HOUR, false, {3, 4}, 0),
    READS("a text", "SELECT '3 04:05'", DAY_TO_MINUTE, false, {3, 4, 5}, 0),
    READS("a text with a fraction", "SELECT '3 04:05:06.7'", DAY_TO_SECOND, false, {3, 4, 5, 6}, 700000),
    READS("a text", "SELECT '04:05'", HOUR_TO_MINUTE, false, {4, 5}, 0),
    READS("a text", "SELECT '04:05:06'", HOUR_TO_SECOND, false, {4, 5, 6}, 0),
    READS("a text", "SELECT '05:06'", MINUTE_TO_SECOND, false, {5, 6}, 0),
    READS("a literal", "SELECT 'INTERVAL ''3 04'' DAY TO HOUR'", DAY_TO_HOUR, false, {3, 4}, 0),
    READS("an ODBC literal", "SELECT '{INTERVAL ''1-06'' YEAR TO MONTH}'", YEAR_TO_MONTH, false, {1, 6}, 0),
    READS("a text of other fields", "SELECT '2 03:00'", HOUR, false, {51}, 0),
    READS("an integer", "SELECT 42", DAY, false, {42}, 0),
    READS("a negative integer", "SELECT -42", MONTH, true, {42}, 0),
    READS("a decimal", "SELECT CAST('12.5' AS DECIMAL(5,2))", SECOND, false, {12}, 500000),
    WARNED("a fraction", "SELECT CAST('12.5' AS DECIMAL(5,2))", DAY, false, {12}, 0),
    WARNED("a text with more fields", "SELECT '3 04:05:06'", DAY_TO_HOUR, false, {3, 4}, 0),
    WARNED("a fraction finer than the precision of 6", "SELECT '1.2345678'", SECOND, false, {1}, 234567),
    REFUSED("more digits than the leading precision of 2", "SELECT '100'", DAY, "22015"),
    REFUSED("a number with more digits than the leading precision of 2", "SELECT 100", YEAR, "22015"),
    REFUSED("a text that is no interval", "SELECT 'abc'", DAY, "22018"),
    REFUSED("a text of days", "SELECT '3 04:05'", YEAR_TO_MONTH, "22018"),
    REFUSED("a field out of range", "SELECT '3 25:00'", DAY_TO_MINUTE, "22018"),
    REFUSED("an integer", "SELECT 42", DAY_TO_HOUR, "07006"),
    REFUSED("a double", "SELECT CAST(2.5 AS DOUBLE)", SECOND, "07006"),
    REFUSED("a date", "SELECT {d '2024-02-29'}", DAY, "07006"),
    REFUSED("a bit", "SELECT CAST(1 AS BIT)", DAY, "07006"),
    REFUSED("bytes", "SELECT X'00'", DAY, "07006"),
};

static void reads(struct session *session, const void *row)
{
    const struct reading *c = row;
    SQL_INTERVAL_STRUCT got, wanted;
    SQLLEN length = 0;

    fill(&c->wanted, &wanted);
    memset(&got, 0, sizeof got);
    first_row(session, c->sql);
    SQLRETURN result = SQLGetData(session->stmt, 1, c->c_type, &got, 0, &length);
    ON(SQL_HANDLE_STMT, session->stmt, result, !*c->state ? SQL_SUCCESS : strcmp(c->state, "01S07") == 0 ? SQL_SUCCESS_WITH_INFO : SQL_ERROR,
       c->state);
    if (result == SQL_ERROR)
        return;
    assert_int_equal(length, sizeof got);
    assert_int_equal(got.interval_type, wanted.interval_type);
    assert_int_equal(got.interval_sign, wanted.interval_sign);
    assert_memory_equal(&got.intval, &wanted.intval, sizeof got.intval);
}

/* --- as parameters -------------------------------------------------------------------------------------------------------- */

struct binding {
    const char *rule;
    SQLSMALLINT c_type, type;
    SQLULEN size;
    struct fields given;
    const char *state, *wanted;
};

#define BINDS(c, sql_type, size, what, wanted, ...) \
    {"SQLBindParameter: SQL_C_INTERVAL_" #c " to " #sql_type ": " what, SQL_C_INTERVAL_##c, sql_type, size, {SQL_IS_##c, __VA_ARGS__}, "", wanted}
#define BADLY(c, sql_type, size, what, state, ...) \
    {"SQLBindParameter: SQL_C_INTERVAL_" #c " to " #sql_type ": " what " is " state, SQL_C_INTERVAL_##c, sql_type, size, {SQL_IS_##c, __VA_ARGS__}, state, NULL}

static const struct binding bindings[] = {
    BINDS(DAY_TO_SECOND, SQL_VARCHAR, 30, "a text", "-3 04:05:06.5", true, {3, 4, 5, 6}, 500000),
    BINDS(YEAR_TO_MONTH, SQL_WVARCHAR, 30, "a text", "1-06", false, {1, 6}, 0),
    BINDS(HOUR_TO_SECOND, SQL_CHAR, 8, "a text as long as the column", "4:05:06", false, {4, 5, 6}, 0),
    BADLY(DAY_TO_SECOND, SQL_VARCHAR, 9, "a text longer than the column", "22001", false, {3, 4, 5, 6}, 0),
    BADLY(DAY_TO_SECOND, SQL_VARCHAR, 30, "a field out of range", "22015", false, {3, 24, 5, 6}, 0),
    BINDS(DAY, SQL_INTEGER, 0, "a number", "-42", true, {42}, 0),
    BINDS(YEAR, SQL_TINYINT, 0, "a number", "42", false, {42}, 0),
    BINDS(SECOND, SQL_DECIMAL, 6, "a whole number of seconds", "42", false, {42}, 0),
    BADLY(MONTH, SQL_TINYINT, 0, "whole digits that do not fit", "22003", false, {300}, 0),
    BADLY(MINUTE, SQL_SMALLINT, 0, "whole digits that do not fit", "22003", false, {70000}, 0),
    BINDS(DAY_TO_HOUR, SQL_INTERVAL_DAY_TO_HOUR, 0, "itself", "3 04", false, {3, 4}, 0),
    BINDS(DAY, SQL_INTERVAL_HOUR, 0, "the same length in other fields", "72", false, {3}, 0),
    BINDS(YEAR, SQL_INTERVAL_YEAR_TO_MONTH, 0, "the same length in more fields", "2-00", false, {2}, 0),
    BINDS(MINUTE_TO_SECOND, SQL_INTERVAL_DAY_TO_SECOND, 0, "the same length in more fields", "0 00:05:06", false, {5, 6}, 0),
    BADLY(DAY_TO_HOUR, SQL_INTERVAL_DAY, 0, "a field that is lost", "22015", false, {3, 4}, 0),
    BADLY(YEAR_TO_MONTH, SQL_INTERVAL_YEAR, 0, "a field that is lost", "22015", false, {1, 6}, 0),
    BINDS(DAY_TO_HOUR, SQL_INTERVAL_DAY, 0, "a field that is lost only when it is not 0", "3", false, {3, 0}, 0),
};

static void binds(struct session *session, const void *row)
{
    const struct binding *c = row;
    SQL_INTERVAL_STRUCT interval;

    fill(&c->given, &interval);
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, c->c_type, c->type, c->size, 0, &interval, 0, NULL));
    if (*c->state) {
        FAILS(session, SQLExecDirect(session->stmt, text("SELECT CAST(? AS VARCHAR(50))"), SQL_NTS), c->state);
        return;
    }
    first_row(session, "SELECT CAST(? AS VARCHAR(50))");
    assert_string_equal(cell(session, 1), c->wanted);
}

struct source {
    const char *rule;
    SQLSMALLINT c_type, type;
    const void *value;
    const char *state, *wanted;
};

static const SQLINTEGER slong = 90;

/* Others that become intervals. */
static const struct source sources[] = {
    {"SQLBindParameter: SQL_C_CHAR to SQL_INTERVAL_DAY_TO_HOUR", SQL_C_CHAR, SQL_INTERVAL_DAY_TO_HOUR, "3 04", "", "3 04"},
    {"SQLBindParameter: SQL_C_CHAR that is a literal to SQL_INTERVAL_DAY_TO_HOUR", SQL_C_CHAR, SQL_INTERVAL_DAY_TO_HOUR, "{INTERVAL '3 04' DAY TO HOUR}", "", "3 04"},
    {"SQLBindParameter: SQL_C_CHAR to SQL_INTERVAL_YEAR_TO_MONTH", SQL_C_CHAR, SQL_INTERVAL_YEAR_TO_MONTH, "1-06", "", "1-06"},
    {"SQLBindParameter: SQL_C_CHAR with a field that SQL_INTERVAL_DAY does not have is 22015", SQL_C_CHAR, SQL_INTERVAL_DAY, "3 04", "22015", NULL},
    {"SQLBindParameter: SQL_C_CHAR that is no interval to SQL_INTERVAL_DAY is 22018", SQL_C_CHAR, SQL_INTERVAL_DAY, "soon", "22018", NULL},
    {"SQLBindParameter: SQL_C_SLONG to SQL_INTERVAL_DAY", SQL_C_SLONG, SQL_INTERVAL_DAY, &slong, "", "90"},
    {"SQLBindParameter: SQL_C_SLONG to SQL_INTERVAL_MONTH", SQL_C_SLONG, SQL_INTERVAL_MONTH, &slong, "", "90"},
};

static void becomes_an_interval(struct session *session, const void *row)
{
    const struct source *c = row;

    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, c->c_type, c->type, 0, 0, (void *)(uintptr_t)c->value, 0, NULL));
    if (*c->state) {
        FAILS(session, SQLExecDirect(session->stmt, text("SELECT CAST(? AS VARCHAR(50))"), SQL_NTS), c->state);
        return;
    }
    first_row(session, "SELECT CAST(? AS VARCHAR(50))");
    assert_string_equal(cell(session, 1), c->wanted);
}

struct pair {
    const char *rule;
    SQLSMALLINT c_type, type;
};

static const struct pair pairs[] = {
    {"SQLBindParameter: an interval of several fields to SQL_INTEGER is 07006", SQL_C_INTERVAL_DAY_TO_HOUR, SQL_INTEGER},
    {"SQLBindParameter: an interval to SQL_DOUBLE is 07006", SQL_C_INTERVAL_DAY, SQL_DOUBLE},
    {"SQLBindParameter: an interval to SQL_BIT is 07006", SQL_C_INTERVAL_DAY, SQL_BIT},
    {"SQLBindParameter: an interval to SQL_TYPE_TIMESTAMP is 07006", SQL_C_INTERVAL_DAY, SQL_TYPE_TIMESTAMP},
    {"SQLBindParameter: an interval to SQL_VARBINARY is 07006", SQL_C_INTERVAL_DAY, SQL_VARBINARY},
    {"SQLBindParameter: days to an interval of months is 07006", SQL_C_INTERVAL_DAY, SQL_INTERVAL_MONTH},
    {"SQLBindParameter: months to an interval of days is 07006", SQL_C_INTERVAL_YEAR_TO_MONTH, SQL_INTERVAL_DAY},
    {"SQLBindParameter: a number to an interval of several fields is 07006", SQL_C_SLONG, SQL_INTERVAL_DAY_TO_HOUR},
    {"SQLBindParameter: a double to an interval is 07006", SQL_C_DOUBLE, SQL_INTERVAL_DAY},
};

static void has_no_conversion(struct session *session, const void *row)
{
    const struct pair *pair = row;
    SQL_INTERVAL_STRUCT interval = {0};
    FAILS(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, pair->c_type, pair->type, 0, 0, &interval, 0, NULL), "07006");
}

static void precision_of_the_record(struct session *session)
{
    SQL_INTERVAL_STRUCT interval;
    SQLHDESC ard = NULL;

    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_INTERVAL_DAY, &interval, 0, NULL));
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_DATETIME_INTERVAL_PRECISION, number(4), 0));
    DESC_OK(ard, SQLSetDescField(ard, 1, SQL_DESC_DATA_PTR, &interval, 0));
    first_row(session, "SELECT '1234'");
    assert_int_equal(interval.intval.day_second.day, 1234);
}

static void leading_precision_of_a_parameter(struct session *session)
{
    SQL_INTERVAL_STRUCT interval;
    SQLHDESC ipd = NULL;

    fill(&(const struct fields){SQL_IS_DAY, false, {123}, 0}, &interval);
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_INTERVAL_DAY, SQL_INTERVAL_DAY, 0, 0, &interval, 0, NULL));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_IMP_PARAM_DESC, &ipd, 0, NULL));
    DESC_OK(ipd, SQLSetDescField(ipd, 1, SQL_DESC_DATETIME_INTERVAL_PRECISION, number(2), 0));
    FAILS(session, SQLExecDirect(session->stmt, text("SELECT CAST(? AS VARCHAR(50))"), SQL_NTS), "22015");
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_INTERVAL_DAY, SQL_INTERVAL_DAY, 0, 0, &interval, 0, NULL));
    first_row(session, "SELECT CAST(? AS VARCHAR(50))"); /* bound anew, it is not bound any more */
    assert_string_equal(cell(session, 1), "123");
}

static void meets_a_number(struct session *session)
{
    SQL_INTERVAL_STRUCT interval;

    fill(&(const struct fields){SQL_IS_DAY, false, {42}, 0}, &interval);
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_INTERVAL_DAY, SQL_INTERVAL_DAY, 0, 0, &interval, 0, NULL));
    first_row(session, "SELECT CASE WHEN ? = 42 THEN 'yes' END");
    assert_string_equal(cell(session, 1), "yes");
}

static void put_at_execution(struct session *session)
{
    SQL_INTERVAL_STRUCT interval;
    SQLLEN late = SQL_DATA_AT_EXEC;
    SQLPOINTER asked = NULL;

    fill(&(const struct fields){SQL_IS_HOUR_TO_MINUTE, false, {4, 5}, 0}, &interval);
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_INTERVAL_HOUR_TO_MINUTE, SQL_VARCHAR, 20, 0, &interval, 0, &late));
    assert_int_equal(SQLExecDirect(session->stmt, text("SELECT CAST(? AS VARCHAR(50))"), SQL_NTS), SQL_NEED_DATA);
    assert_int_equal(SQLParamData(session->stmt, &asked), SQL_NEED_DATA);
    OK(session, SQLPutData(session->stmt, asked, 1)); /* the length of a structure is its own */
    OK(session, SQLParamData(session->stmt, &asked));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), "4:05");
}

static const struct rule rules[] = {
    {"SQLSetDescField: SQL_DESC_DATETIME_INTERVAL_PRECISION of the ARD gives the leading field more digits", precision_of_the_record},
    {"SQLSetDescField: SQL_DESC_DATETIME_INTERVAL_PRECISION of the IPD binds the leading field: 22015", leading_precision_of_a_parameter},
    {"SQLBindParameter: an interval of one field meets a number", meets_a_number},
    {"SQLPutData: an interval comes whole, whatever length is told", put_at_execution},
};

int main(void)
{
    EACH(reads, readings);
    EACH(binds, bindings);
    EACH(becomes_an_interval, sources);
    EACH(has_no_conversion, pairs);
    RULES(rules);
    return chapter_run("intervals");
}
