/* Arrays of parameters (ODBC reference, "Using Arrays of Parameters"; SQLSetStmtAttr): a statement is executed once for each set of
 * values, and each has a status, its errors and a result of its own. */
#include "chapter.h"

#include <stddef.h>
#include <stdio.h>

enum { SETS = 4 };

static SQLUSMALLINT statuses[SETS], operations[SETS];
static SQLULEN processed;

/* An array of `count` sets whose status array and processed pointer are bound. */
static void use_sets(struct session *session, SQLULEN count)
{
    for (size_t i = 0; i < SETS; i++)
        statuses[i] = 77;
    processed = 77;
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_PARAMSET_SIZE, number(count), 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_PARAM_STATUS_PTR, statuses, 0));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0));
}

static void bind_integers(struct session *session, SQLINTEGER *values, SQLLEN *lengths)
{
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, lengths));
}

static void bind_texts(struct session *session, char *values, SQLLEN room, SQLLEN *lengths)
{
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_INTEGER, 0, 0, values, room, lengths));
}

static SQLRETURN run(struct session *session, const char *sql)
{
    return SQLExecDirect(session->stmt, text(sql), SQL_NTS);
}

#define ECHO "SELECT CAST(? AS INTEGER)"

/* That each result that is left has one row, and the rows are `wanted`, divided by spaces. */
static void check_results(struct session *session, const char *wanted)
{
    char got[200] = "";
    SQLRETURN more = SQL_SUCCESS;

    while (more == SQL_SUCCESS) {
        OK(session, SQLFetch(session->stmt));
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", *got ? " " : "", cell(session, 1));
        NO_DATA(session, SQLFetch(session->stmt));
        more = SQLMoreResults(session->stmt);
    }
    assert_int_equal(more, SQL_NO_DATA);
    assert_string_equal(got, wanted);
}

static void check_statuses(size_t count, const SQLUSMALLINT *wanted)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(statuses[i], wanted[i]);
    for (size_t i = count; i < SETS; i++)
        assert_int_equal(statuses[i], 77);
}

static void column_wise(struct session *session)
{
    SQLINTEGER values[3] = {1, 2, 3};
    SQLLEN lengths[3] = {0, SQL_NULL_DATA, 0};
    use_sets(session, 3);
    bind_integers(session, values, lengths);
    OK(session, run(session, ECHO));
    check_results(session, "1 (null) 3");
}

static void texts_column_wise(struct session *session)
{
    char values[3][4] = {"1", "234", "56"};
    SQLLEN lengths[3] = {SQL_NTS, 2, SQL_NTS};
    use_sets(session, 3);
    bind_texts(session, values[0], sizeof values[0], lengths);
    OK(session, run(session, ECHO));
    check_results(session, "1 23 56");
}

struct set {
    SQLINTEGER value;
    SQLLEN length;
    char word[6];
    SQLLEN word_length;
};

static void bind_rows(struct session *session, struct set *sets)
{
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_PARAM_BIND_TYPE, number(sizeof *sets), 0));
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &sets[0].value, 0, &sets[0].length));
    OK(session, SQLBindParameter(session->stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 6, 0, sets[0].word, sizeof sets[0].word,
                                 &sets[0].word_length));
}

static void row_wise(struct session *session)
{
    struct set sets[3] = {{1, 0, "one", SQL_NTS}, {2, 0, "twoxy", 3}, {3, SQL_NULL_DATA, "three", SQL_NTS}};
    use_sets(session, 3);
    bind_rows(session, sets);
    OK(session, run(session, "SELECT COALESCE(CAST(? AS INTEGER), 0) || CAST(? AS VARCHAR(10))"));
    check_results(session, "1one 2two 0three");
}

static void offset_moves_all(struct session *session)
{
    struct set sets[4] = {{1, 0, "one", SQL_NTS}, {2, 0, "two", SQL_NTS}, {3, 0, "three", SQL_NTS}, {4, 0, "four", SQL_NTS}};
    SQLLEN offset = 2 * sizeof *sets;
    use_sets(session, 2);
    bind_rows(session, sets);
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_PARAM_BIND_OFFSET_PTR, &offset, 0));
    OK(session, run(session, "SELECT CAST(? AS INTEGER) || CAST(? AS VARCHAR(10))"));
    check_results(session, "3three 4four");
    offset = 0;
    OK(session, run(session, "SELECT CAST(? AS INTEGER) || CAST(? AS VARCHAR(10))"));
    check_results(session, "1one 2two");
}

static void all_succeed(struct session *session)
{
    SQLINTEGER values[3] = {1, 2, 3};
    use_sets(session, 3);
    bind_integers(session, values, NULL);
    OK(session, run(session, ECHO));
    assert_int_equal(processed, 3);
    check_statuses(3, (const SQLUSMALLINT[]){SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS});
}

static void one_fails(struct session *session)
{
    char values[4][4] = {"1", "two", "3", "4"};
    use_sets(session, 4);
    bind_texts(session, values[0], sizeof values[0], NULL);
    WARNS(session, run(session, ECHO), "22018");
    assert_int_equal(processed, 4);
    check_statuses(4, (const SQLUSMALLINT[]){SQL_PARAM_SUCCESS, SQL_PARAM_ERROR, SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS});
    check_results(session, "1 3 4");
}

static SQLLEN row_of(struct session *session, SQLSMALLINT record)
{
    SQLLEN row = 0;
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, record, SQL_DIAG_ROW_NUMBER, &row, 0, NULL), SQL_SUCCESS);
    return row;
}

static void errors_tell_their_set(struct session *session)
{
    char values[4][4] = {"1", "two", "3", "9.5"};
    use_sets(session, 4);
    bind_texts(session, values[0], sizeof values[0], NULL);
    WARNS(session, run(session, ECHO), "22018");
    assert_int_equal(row_of(session, 1), 2);
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 2), "22001");
    assert_int_equal(row_of(session, 2), 4);
    check_statuses(4, (const SQLUSMALLINT[]){SQL_PARAM_SUCCESS, SQL_PARAM_ERROR, SQL_PARAM_SUCCESS, SQL_PARAM_ERROR});
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 3), "");
}

static void all_fail(struct session *session)
{
    char values[2][4] = {"one", "two"};
    use_sets(session, 2);
    bind_texts(session, values[0], sizeof values[0], NULL);
    FAILS(session, run(session, ECHO), "22018");
    assert_int_equal(processed, 2);
    check_statuses(2, (const SQLUSMALLINT[]){SQL_PARAM_ERROR, SQL_PARAM_ERROR});
    values[0][0] = values[1][0] = '7';
    values[0][1] = values[1][1] = '\0';
    OK(session, run(session, ECHO));
    check_results(session, "7 7");
}

static void fails_while_it_runs(struct session *session)
{
    char values[3][8] = {"1", "x", "3"};
    use_sets(session, 3);
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 8, 0, values[0], sizeof values[0], NULL));
    WARNS(session, run(session, "SELECT CAST(CAST(? AS VARCHAR(8)) AS INTEGER)"), "22018");
    assert_int_equal(row_of(session, 1), 2);
    check_statuses(3, (const SQLUSMALLINT[]){SQL_PARAM_SUCCESS, SQL_PARAM_ERROR, SQL_PARAM_SUCCESS});
    check_results(session, "1 3");
}

static void one_is_warned(struct session *session)
{
    double values[3] = {1, 2.5, 3};
    use_sets(session, 3);
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_DOUBLE, SQL_INTEGER, 0, 0, values, 0, NULL));
    WARNS(session, run(session, ECHO), "01S07");
    assert_int_equal(row_of(session, 1), 2);
    check_statuses(3, (const SQLUSMALLINT[]){SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS_WITH_INFO, SQL_PARAM_SUCCESS});
    check_results(session, "1 2 3");
}

static void some_are_ignored(struct session *session)
{
    SQLINTEGER values[4] = {1, 2, 3, 4};
    use_sets(session, 4);
    bind_integers(session, values, NULL);
    for (size_t i = 0; i < SETS; i++)
        operations[i] = i % 2 ? SQL_PARAM_PROCEED : SQL_PARAM_IGNORE;
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_PARAM_OPERATION_PTR, operations, 0));
    OK(session, run(session, ECHO));
    check_statuses(4, (const SQLUSMALLINT[]){SQL_PARAM_UNUSED, SQL_PARAM_SUCCESS, SQL_PARAM_UNUSED, SQL_PARAM_SUCCESS});
    assert_int_equal(processed, 4);
    check_results(session, "2 4");
}

static void ignored_data_is_not_read(struct session *session)
{
    char values[2][4] = {"bad", "2"};
    use_sets(session, 2);
    bind_texts(session, values[0], sizeof values[0], NULL);
    operations[0] = SQL_PARAM_IGNORE;
    operations[1] = SQL_PARAM_PROCEED;
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_PARAM_OPERATION_PTR, operations, 0));
    OK(session, run(session, ECHO));
    check_results(session, "2");
}

static void arrays_are_optional(struct session *session)
{
    SQLINTEGER values[2] = {1, 2};
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_PARAMSET_SIZE, number(2), 0));
    bind_integers(session, values, NULL);
    OK(session, run(session, ECHO));
    check_results(session, "1 2");
}

static void no_parameters_no_sets(struct session *session)
{
    use_sets(session, 3);
    OK(session, run(session, "SELECT 5"));
    check_results(session, "5");
}

static void arrays_are_read_at_execution(struct session *session)
{
    SQLINTEGER values[2] = {1, 2};
    use_sets(session, 2);
    bind_integers(session, values, NULL);
    OK(session, SQLPrepare(session->stmt, text(ECHO), SQL_NTS));
    for (SQLINTEGER round = 0; round < 2; round++) {
        values[0] = 10 * round;
        OK(session, SQLExecute(session->stmt));
        values[1] = 20 + round; /* what was executed keeps its values */
        check_results(session, round ? "10 20" : "0 2");
    }
}

static void size_goes_back_to_one(struct session *session)
{
    SQLINTEGER values[2] = {1, 2};
    use_sets(session, 2);
    bind_integers(session, values, NULL);
    OK(session, run(session, ECHO));
    check_results(session, "1 2");
    use_sets(session, 1);
    OK(session, run(session, ECHO));
    check_results(session, "1");
    assert_int_equal(processed, 1);
    check_statuses(1, (const SQLUSMALLINT[]){SQL_PARAM_SUCCESS});
}

static void one_set_has_a_status(struct session *session)
{
    char value[] = "one";
    use_sets(session, 1);
    bind_texts(session, value, sizeof value, NULL);
    FAILS(session, run(session, ECHO), "22018");
    assert_int_equal(processed, 1);
    check_statuses(1, (const SQLUSMALLINT[]){SQL_PARAM_ERROR});
}

static void late_data_of_each_set(struct session *session)
{
    static SQLCHAR *const given[2] = {(SQLCHAR *)(uintptr_t) "11", (SQLCHAR *)(uintptr_t) "22"};
    char places[2][4];
    SQLLEN lengths[2] = {SQL_DATA_AT_EXEC, SQL_LEN_DATA_AT_EXEC(2)};
    SQLPOINTER asked = NULL;
    use_sets(session, 2);
    bind_texts(session, places[0], sizeof places[0], lengths);
    assert_int_equal(run(session, ECHO), SQL_NEED_DATA);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(SQLParamData(session->stmt, &asked), SQL_NEED_DATA);
        assert_int_equal(processed, i + 1);
        OK(session, SQLPutData(session->stmt, given[i], SQL_NTS));
    }
    OK(session, SQLParamData(session->stmt, &asked));
    check_results(session, "11 22");
}

static void sets_by_descriptors(struct session *session)
{
    SQLINTEGER values[2] = {1, 2};
    SQLHDESC apd = NULL, ipd = NULL;
    SQLULEN size = 0;
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_PARAM_DESC, &apd, 0, NULL));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_IMP_PARAM_DESC, &ipd, 0, NULL));
    use_sets(session, 1);
    DESC_OK(apd, SQLSetDescField(apd, 0, SQL_DESC_ARRAY_SIZE, number(2), 0));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_PARAMSET_SIZE, &size, 0, NULL));
    assert_int_equal(size, 2);
    bind_integers(session, values, NULL);
    OK(session, run(session, ECHO));
    check_statuses(2, (const SQLUSMALLINT[]){SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS});
    check_results(session, "1 2");
}

static void sets_of_a_service(struct session *session)
{
    SQLBIGINT ids[2] = {0, 0};
    char first[32], second[32];
    first_row(session, "SELECT MIN(Id), MAX(Id) FROM Users");
    OK(session, SQLGetData(session->stmt, 1, SQL_C_SBIGINT, &ids[0], 0, NULL));
    OK(session, SQLGetData(session->stmt, 2, SQL_C_SBIGINT, &ids[1], 0, NULL));
    OK(session, SQLCloseCursor(session->stmt));
    use_sets(session, 2);
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_SBIGINT, SQL_BIGINT, 0, 0, ids, 0, NULL));
    snprintf(first, sizeof first, "%lld", (long long)ids[0]);
    snprintf(second, sizeof second, "%lld", (long long)ids[1]);
    OK(session, run(session, "SELECT Id FROM Users WHERE Id = ?"));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), first);
    OK(session, SQLMoreResults(session->stmt));
    OK(session, SQLFetch(session->stmt));
    assert_string_equal(cell(session, 1), second);
    NO_DATA(session, SQLMoreResults(session->stmt));
}

static void told_by_info(struct session *session)
{
    SQLUINTEGER selects = 0;
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, SQL_PARAM_ARRAY_SELECTS, &selects, sizeof selects, NULL));
    assert_int_equal(selects, SQL_PAS_BATCH); /* a result for each set */
}

static const struct rule rules[] = {
    {"SQLBindParameter: column-wise, a value and an indicator follow the next of their kind", column_wise},
    {"SQLBindParameter: column-wise, texts lie BufferLength apart", texts_column_wise},
    {"SQLBindParameter: row-wise, sets lie SQL_ATTR_PARAM_BIND_TYPE apart", row_wise},
    {"SQLSetStmtAttr: SQL_ATTR_PARAM_BIND_OFFSET_PTR moves values and lengths of all sets", offset_moves_all},
    {"SQLExecute: every set that succeeds is SQL_PARAM_SUCCESS, and all are processed", all_succeed},
    {"SQLExecute: one set that fails is SQL_PARAM_ERROR and SQL_SUCCESS_WITH_INFO, the others have their results", one_fails},
    {"SQLExecute: the error of each set tells its number, none is SQL_PARAM_DIAG_UNAVAILABLE", errors_tell_their_set},
    {"SQLExecute: when all sets fail it is SQL_ERROR", all_fail},
    {"SQLExecute: a set that fails while it runs is an error of its own", fails_while_it_runs},
    {"SQLExecute: a set with a warning is SQL_PARAM_SUCCESS_WITH_INFO", one_is_warned},
    {"SQLSetStmtAttr: sets that SQL_ATTR_PARAM_OPERATION_PTR ignores are SQL_PARAM_UNUSED and have no result", some_are_ignored},
    {"SQLSetStmtAttr: the data of a set that is ignored is not looked at", ignored_data_is_not_read},
    {"SQLSetStmtAttr: status array and processed pointer may be left out", arrays_are_optional},
    {"SQLSetStmtAttr: SQL_ATTR_PARAMSET_SIZE means nothing to a statement without parameters", no_parameters_no_sets},
    {"SQLExecute: arrays are read at execution, and only then", arrays_are_read_at_execution},
    {"SQLSetStmtAttr: SQL_ATTR_PARAMSET_SIZE 1 ends the use of arrays", size_goes_back_to_one},
    {"SQLExecute: a single set has a status as well", one_set_has_a_status},
    {"SQLParamData: data at execution is asked for set by set", late_data_of_each_set},
    {"SQLSetDescField: SQL_DESC_ARRAY_SIZE of the APD is SQL_ATTR_PARAMSET_SIZE", sets_by_descriptors},
    {"SQLMoreResults: leads from the rows of one set to those of the next", sets_of_a_service},
    {"SQLGetInfo: SQL_PARAM_ARRAY_SELECTS says that each set has a result", told_by_info},
};

int main(void)
{
    RULES(rules);
    return chapter_run("arrays of parameters");
}
