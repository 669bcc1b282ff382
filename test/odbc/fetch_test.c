/* Proves cursors: bound columns, rowsets by column and by row, failures that stay failures, cancelling and timeouts. */
#include "session.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "fake_service.h"

static void bound_columns_are_filled(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER id = 0;
    char name[4];
    SQLLEN name_length = 0;
    SQLULEN number = 0;

    session_query(session, "SELECT Id, Name FROM People ORDER BY Id");
    WORKS(stmt, SQLBindCol(stmt, 1, SQL_C_SLONG, &id, 0, NULL));
    WORKS(stmt, SQLBindCol(stmt, 2, SQL_C_CHAR, name, sizeof name, &name_length));
    for (SQLINTEGER i = 1; i <= 10; i++) {
        SQLRETURN result = SQLFetch(stmt);
        assert_int_equal(id, i);
        assert_int_equal(result, name_length > 3 ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS);
        if (result == SQL_SUCCESS_WITH_INFO)
            assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), "01004");
        WORKS(stmt, SQLGetStmtAttr(stmt, SQL_ATTR_ROW_NUMBER, &number, 0, NULL));
        assert_int_equal(number, i);
    }
    assert_int_equal(SQLFetch(stmt), SQL_NO_DATA);
    assert_int_equal(SQLFetch(stmt), SQL_NO_DATA);
    FAILS(stmt, SQLGetData(stmt, 1, SQL_C_SLONG, &id, 0, NULL), "24000");
    assert_int_equal(name_length, 3); /* Jan; nothing was written past the end */
    assert_string_equal(name, "Jan");
}

static void a_column_can_be_bound_for_its_length_alone(void **state)
{
    struct session *session = *state;
    SQLLEN length = 0;

    WORKS(session->stmt, SQLBindCol(session->stmt, 1, SQL_C_CHAR, NULL, 0, &length));
    session_query(session, "SELECT Name FROM People WHERE Id = 3");
    assert_int_equal(SQLFetch(session->stmt), SQL_SUCCESS);
    assert_int_equal(length, 4);
}

static void rowsets_come_column_by_column(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER ids[4];
    char names[4][8];
    SQLLEN lengths[4];
    SQLULEN fetched = 77;
    SQLUSMALLINT status[4];

    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)4, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    WORKS(stmt, SQLBindCol(stmt, 1, SQL_C_SLONG, ids, 0, NULL));
    WORKS(stmt, SQLBindCol(stmt, 2, SQL_C_CHAR, names, 8, lengths));
    session_query(session, "SELECT Id, Name FROM People ORDER BY Id");
    assert_int_equal(SQLFetch(stmt), SQL_SUCCESS);
    assert_int_equal(fetched, 4);
    assert_int_equal(ids[3], 4);
    assert_string_equal(names[2], "Cleo");
    assert_int_equal(lengths[2], 4);
    FAILS(stmt, SQLGetData(stmt, 1, SQL_C_SLONG, ids, 0, NULL), "HY109");
    assert_int_equal(SQLFetchScroll(stmt, SQL_FETCH_NEXT, 0), SQL_SUCCESS);
    assert_string_equal(names[3], "Hans");
    assert_int_equal(SQLFetch(stmt), SQL_SUCCESS);
    assert_int_equal(fetched, 2);
    assert_string_equal(names[1], "Jan");
    assert_int_equal(status[1], SQL_ROW_SUCCESS);
    assert_int_equal(status[2], SQL_ROW_NOROW);
    assert_int_equal(SQLFetch(stmt), SQL_NO_DATA);
    assert_int_equal(fetched, 0);
}

struct person {
    SQLINTEGER id;
    SQLLEN name_length;
    char name[8];
};

static void rowsets_come_row_by_row_with_an_offset(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    struct person people[6];
    SQLLEN offset = 2 * sizeof people[0];

    memset(people, 0, sizeof people);
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_BIND_TYPE, (SQLPOINTER)sizeof people[0], 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)3, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset, 0));
    WORKS(stmt, SQLBindCol(stmt, 1, SQL_C_SLONG, &people[0].id, 0, NULL));
    WORKS(stmt, SQLBindCol(stmt, 2, SQL_C_CHAR, people[0].name, sizeof people[0].name, &people[0].name_length));
    session_query(session, "SELECT Id, Name FROM People ORDER BY Id DESC");
    assert_int_equal(SQLFetch(stmt), SQL_SUCCESS);
    assert_int_equal(people[1].id, 0);
    assert_int_equal(people[2].id, 10);
    assert_string_equal(people[4].name, "Hans");
    assert_int_equal(people[4].name_length, 4);
    assert_int_equal(people[5].id, 0);
}

/* Rows of the application may be packed structures, so that neither data nor lengths nor counts are aligned. */
static void buffers_may_lie_anywhere(void **state)
{
    struct __attribute__((packed)) row { char gap; SQLINTEGER id; SQLLEN length; char name[8]; SQLLEN name_length; } rows[3];
    struct __attribute__((packed)) counts { char gap; SQLULEN fetched; SQLUSMALLINT status[3]; SQLLEN offset; } counts = {0};
    struct __attribute__((packed)) set { char gap; SQLINTEGER id; SQLLEN length; } set = {0, 2, 0};
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    char *fields = (char *)rows, *numbers = (char *)&counts, *parameter = (char *)&set;

    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_BIND_TYPE, (SQLPOINTER)sizeof rows[0], 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)3, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROWS_FETCHED_PTR, numbers + offsetof(struct counts, fetched), 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_STATUS_PTR, numbers + offsetof(struct counts, status), 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, numbers + offsetof(struct counts, offset), 0));
    WORKS(stmt, SQLBindCol(stmt, 1, SQL_C_SLONG, fields + offsetof(struct row, id), 0, (void *)(fields + offsetof(struct row, length))));
    WORKS(stmt, SQLBindCol(stmt, 2, SQL_C_CHAR, fields + offsetof(struct row, name), sizeof rows[0].name,
                           (void *)(fields + offsetof(struct row, name_length))));
    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, parameter + offsetof(struct set, id), 0,
                                 (void *)(parameter + offsetof(struct set, length))));
    session_query(session, "SELECT Id, Name FROM People WHERE Id > ? ORDER BY Id");
    WORKS(stmt, SQLFetch(stmt));
    assert_int_equal(counts.fetched, 3);
    assert_int_equal(counts.status[2], SQL_ROW_SUCCESS);
    assert_int_equal(rows[0].id, 3);
    assert_int_equal(rows[0].length, sizeof(SQLINTEGER));
    assert_string_equal(rows[0].name, "Cleo");
    assert_int_equal(rows[0].name_length, 4);
    assert_int_equal(rows[2].id, 5);
}

static void extended_fetch_has_its_own_rowset(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLINTEGER ids[5] = {0};
    SQLULEN fetched;
    SQLUSMALLINT status[5];

    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ROWSET_SIZE, (SQLPOINTER)5, 0));
    WORKS(stmt, SQLBindCol(stmt, 1, SQL_C_SLONG, ids, 0, NULL));
    session_query(session, "SELECT Id FROM People ORDER BY Id");
    assert_int_equal(SQLExtendedFetch(stmt, SQL_FETCH_NEXT, 0, &fetched, status), SQL_SUCCESS);
    assert_int_equal(fetched, 5);
    assert_int_equal(ids[4], 5);
    FAILS(stmt, SQLFetch(stmt), "HY010");
    FAILS(stmt, SQLExtendedFetch(stmt, SQL_FETCH_LAST, 0, &fetched, status), "HY106");
}

static void a_bad_row_does_not_spoil_the_others(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLSCHAR counts[3];
    SQLLEN indicators[3];
    SQLUSMALLINT status[3];
    SQLLEN row;
    SQLINTEGER column;

    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)3, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    WORKS(stmt, SQLBindCol(stmt, 1, SQL_C_STINYINT, counts, 0, indicators));
    session_query(session, "SELECT Count FROM Everything ORDER BY Id");
    assert_int_equal(SQLFetch(stmt), SQL_SUCCESS_WITH_INFO);
    assert_int_equal(counts[0], -42);
    assert_int_equal(indicators[1], SQL_NULL_DATA);
    assert_int_equal(status[0], SQL_ROW_SUCCESS);
    assert_int_equal(status[2], SQL_ROW_ERROR); /* 300 is no tinyint */
    assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), "22003");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 1, SQL_DIAG_ROW_NUMBER, &row, 0, NULL), SQL_SUCCESS);
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, stmt, 1, SQL_DIAG_COLUMN_NUMBER, &column, 0, NULL), SQL_SUCCESS);
    assert_int_equal(row, 3);
    assert_int_equal(column, 1);
}

/* A service that breaks in the middle is never taken for one that has come to its end. */
static void a_failure_is_told_again(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    session_query(session, "SELECT Id FROM Broken");
    WORKS(stmt, SQLFetch(stmt));
    WORKS(stmt, SQLFetch(stmt));
    for (int i = 0; i < 3; i++)
        FAILS(stmt, SQLFetch(stmt), "08S01");
    assert_non_null(strstr(session_message(SQL_HANDLE_STMT, stmt, 1), "[restodbc][Fake]The connection broke"));
    WORKS(stmt, SQLCloseCursor(stmt));

    SQLUSMALLINT status[5];
    SQLULEN fetched;
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)5, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    WORKS(stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    session_query(session, "SELECT Id FROM Broken");
    assert_int_equal(SQLFetch(stmt), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), "08S01");
    assert_int_equal(status[1], SQL_ROW_SUCCESS);
    assert_int_equal(status[2], SQL_ROW_ERROR);
    assert_int_equal(status[3], SQL_ROW_NOROW);
    FAILS(stmt, SQLFetch(stmt), "08S01");
    assert_int_equal(fetched, 0);
}

static void *cancel_when_waiting(void *stmt)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    while (!atomic_load(&fake_counters.waiting))
        nanosleep(&moment, NULL);
    SQLCancel(stmt);
    return NULL;
}

static void another_thread_cancels(void **state)
{
    struct session *session = *state;
    pthread_t thread;

    for (int round = 0; round < 2; round++) {
        assert_int_equal(pthread_create(&thread, NULL, cancel_when_waiting, session->stmt), 0);
        FAILS(session->stmt, SQLExecDirect(session->stmt, text("SELECT * FROM Endless"), SQL_NTS), "HY008");
        pthread_join(thread, NULL);
    }
    /* A cancel with nothing to cancel is forgotten. */
    WORKS(session->stmt, SQLCancel(session->stmt));
    session_query(session, "SELECT Id FROM People");
    WORKS(session->stmt, SQLCancelHandle(SQL_HANDLE_STMT, session->stmt));
    WORKS(session->stmt, SQLFetch(session->stmt));
}

static void the_query_timeout_ends_a_wait(void **state)
{
    struct session *session = *state;

    WORKS(session->stmt, SQLSetStmtAttr(session->stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)1, 0));
    FAILS(session->stmt, SQLExecDirect(session->stmt, text("SELECT * FROM Endless"), SQL_NTS), "HYT00");
    session_query(session, "SELECT Id FROM People");
}

static void *execute_endless(void *stmt)
{
    SQLExecDirect(stmt, text("SELECT * FROM Endless"), SQL_NTS);
    return NULL;
}

static void disconnecting_does_not_wait_for_an_execution(void **state)
{
    struct session *session = *state;
    SQLHSTMT busy;
    pthread_t thread;
    const struct timespec moment = {.tv_nsec = 1000000};

    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &busy), SQL_SUCCESS);
    assert_int_equal(pthread_create(&thread, NULL, execute_endless, busy), 0);
    while (!atomic_load(&fake_counters.waiting))
        nanosleep(&moment, NULL);
    assert_int_equal(SQLDisconnect(session->dbc), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, session->dbc, 1), "HY010");
    SQLCancel(busy);
    pthread_join(thread, NULL);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, busy), SQL_SUCCESS);
}

static void max_rows_bounds_a_result(void **state)
{
    struct session *session = *state;

    WORKS(session->stmt, SQLSetStmtAttr(session->stmt, SQL_ATTR_MAX_ROWS, (SQLPOINTER)2, 0));
    session_query(session, "SELECT Id FROM People");
    WORKS(session->stmt, SQLFetch(session->stmt));
    WORKS(session->stmt, SQLFetch(session->stmt));
    assert_int_equal(SQLFetch(session->stmt), SQL_NO_DATA);
}

static void columns_are_read_in_any_order_bound_or_not(void **state)
{
    struct session *session = *state;
    SQLINTEGER id;

    session_query(session, "SELECT Id, Name FROM People WHERE Id = 2");
    WORKS(session->stmt, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &id, 0, NULL));
    WORKS(session->stmt, SQLFetch(session->stmt));
    assert_string_equal(session_cell(session, 2), "Bob");
    assert_string_equal(session_cell(session, 1), "2");
    assert_string_equal(session_cell(session, 2), "Bob");
    FAILS(session->stmt, SQLGetData(session->stmt, 3, SQL_C_CHAR, &id, 0, NULL), "07009");
    FAILS(session->stmt, SQLGetData(session->stmt, 0, SQL_C_CHAR, &id, 0, NULL), "07009");
    WORKS(session->stmt, SQLSetPos(session->stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    FAILS(session->stmt, SQLSetPos(session->stmt, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE), "HY092");
    FAILS(session->stmt, SQLSetPos(session->stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE), "HY107");
}

static void procedures_answer_with_rows(void **state)
{
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;
    SQLSMALLINT count;
    SQLLEN length = SQL_NTS;

    WORKS(stmt, SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, text("hello"), 0, &length));
    session_query(session, "{call Echo(?)}");
    WORKS(stmt, SQLNumResultCols(stmt, &count));
    assert_int_equal(count, 2);
    WORKS(stmt, SQLFetch(stmt));
    assert_string_equal(session_cell(session, 1), "hello");
    assert_string_equal(session_cell(session, 2), "7");
    assert_int_equal(SQLFetch(stmt), SQL_NO_DATA);
    session_query(session, "CALL Silent()");
    WORKS(stmt, SQLNumResultCols(stmt, &count));
    assert_int_equal(count, 0);
    FAILS(stmt, SQLFetch(stmt), "24000");
    FAILS(stmt, SQLDescribeCol(stmt, 1, NULL, 0, NULL, NULL, NULL, NULL, NULL), "07005");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bound_columns_are_filled, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_column_can_be_bound_for_its_length_alone, session_open, session_close),
        cmocka_unit_test_setup_teardown(rowsets_come_column_by_column, session_open, session_close),
        cmocka_unit_test_setup_teardown(rowsets_come_row_by_row_with_an_offset, session_open, session_close),
        cmocka_unit_test_setup_teardown(buffers_may_lie_anywhere, session_open, session_close),
        cmocka_unit_test_setup_teardown(extended_fetch_has_its_own_rowset, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_bad_row_does_not_spoil_the_others, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_failure_is_told_again, session_open, session_close),
        cmocka_unit_test_setup_teardown(another_thread_cancels, session_open, session_close),
        cmocka_unit_test_setup_teardown(the_query_timeout_ends_a_wait, session_open, session_close),
        cmocka_unit_test_setup_teardown(disconnecting_does_not_wait_for_an_execution, session_open, session_close),
        cmocka_unit_test_setup_teardown(max_rows_bounds_a_result, session_open, session_close),
        cmocka_unit_test_setup_teardown(columns_are_read_in_any_order_bound_or_not, session_open, session_close),
        cmocka_unit_test_setup_teardown(procedures_answer_with_rows, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
