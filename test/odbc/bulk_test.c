/* Proves odbc/bulk.c against row-by-row fetching: every column type into every C type, with room and without, bound by column and by row,
 * with one place for length and indicator, with two, with neither: the same bytes, lengths, statuses and diagnostic records. */
#include <stdio.h>
#include <string.h>

#include "session.h"

enum { ROWS = 3, ROOM = 128, RECORDS = 8 };

/* A row of a structure that is bound by row. */
struct place {
    _Alignas(SQLLEN) char data[ROOM];
    char length[sizeof(SQLLEN)];
    char indicator[sizeof(SQLLEN)];
};

struct seen {
    struct place places[ROWS];
    SQLUSMALLINT status[ROWS];
    SQLULEN fetched;
    SQLRETURN result;
    char records[RECORDS][80];
};

enum pointers { BOTH_ONE, TWO, LENGTH_ALONE, NONE };

static const SQLSMALLINT c_types[] = {
    SQL_C_CHAR, SQL_C_WCHAR, SQL_C_SBIGINT, SQL_C_SLONG, SQL_C_LONG, SQL_C_ULONG, SQL_C_SSHORT, SQL_C_SHORT, SQL_C_STINYINT, SQL_C_BIT,
    SQL_C_DOUBLE, SQL_C_FLOAT, SQL_C_NUMERIC, SQL_C_TYPE_DATE, SQL_C_TYPE_TIME, SQL_C_TYPE_TIMESTAMP, SQL_C_BINARY, SQL_C_GUID, SQL_C_DEFAULT,
};

static void note_records(SQLHSTMT stmt, SQLULEN first, struct seen *seen)
{
    size_t count = 0;

    while (count < RECORDS && seen->records[count][0])
        count++;
    for (SQLSMALLINT record = 1; count < RECORDS; record++, count++) {
        const char *state = session_state(SQL_HANDLE_STMT, stmt, record);
        SQLLEN row = 0;
        SQLINTEGER column = 0;
        if (!state[0])
            return;
        SQLGetDiagField(SQL_HANDLE_STMT, stmt, record, SQL_DIAG_ROW_NUMBER, &row, 0, NULL);
        SQLGetDiagField(SQL_HANDLE_STMT, stmt, record, SQL_DIAG_COLUMN_NUMBER, &column, 0, NULL);
        snprintf(seen->records[count], sizeof seen->records[count], "%.5s %lld %d %.40s", state, (long long)(row < 0 ? row : row + (SQLLEN)first), (int)column,
                 session_message(SQL_HANDLE_STMT, stmt, record));
    }
}

static void bind(SQLHSTMT stmt, SQLUSMALLINT column, SQLSMALLINT c_type, SQLLEN room, enum pointers pointers, struct place *place)
{
    SQLHDESC ard;

    WORKS(stmt, SQLBindCol(stmt, column, c_type, place->data, room, pointers == NONE ? NULL : (SQLLEN *)(void *)place->length));
    WORKS(stmt, SQLGetStmtAttr(stmt, SQL_ATTR_APP_ROW_DESC, &ard, SQL_IS_POINTER, NULL));
    if (pointers == TWO)
        SQLSetDescField(ard, (SQLSMALLINT)column, SQL_DESC_INDICATOR_PTR, place->indicator, SQL_IS_POINTER);
    if (pointers == LENGTH_ALONE)
        SQLSetDescField(ard, (SQLSMALLINT)column, SQL_DESC_INDICATOR_PTR, NULL, SQL_IS_POINTER);
    if (pointers == TWO || pointers == LENGTH_ALONE) /* the data's address was unbound by the change of a field */
        SQLSetDescField(ard, (SQLSMALLINT)column, SQL_DESC_DATA_PTR, place->data, SQL_IS_POINTER);
}

/* All three rows in one call. */
static void fetch_at_once(struct session *session, SQLUSMALLINT column, SQLSMALLINT c_type, SQLLEN room, enum pointers pointers, struct seen *seen)
{
    memset(seen, 0, sizeof *seen);
    memset(seen->places, 0x55, sizeof seen->places);
    SQLFreeStmt(session->stmt, SQL_UNBIND);
    SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)ROWS, 0);
    SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_BIND_TYPE, (SQLPOINTER)sizeof(struct place), 0);
    SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, seen->status, 0);
    SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &seen->fetched, 0);
    session_query(session, "SELECT * FROM Everything");
    bind(session->stmt, column, c_type, room, pointers, &seen->places[0]);
    seen->result = SQLFetch(session->stmt);
    note_records(session->stmt, 0, seen);
}

/* The same, row by row. */
static void fetch_singly(struct session *session, SQLUSMALLINT column, SQLSMALLINT c_type, SQLLEN room, enum pointers pointers, struct seen *seen)
{
    SQLULEN bad = 0;

    memset(seen, 0, sizeof *seen);
    memset(seen->places, 0x55, sizeof seen->places);
    SQLFreeStmt(session->stmt, SQL_UNBIND);
    SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)1, 0);
    SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_BIND_TYPE, (SQLPOINTER)sizeof(struct place), 0);
    SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, NULL, 0);
    session_query(session, "SELECT * FROM Everything");
    seen->result = SQL_SUCCESS;
    for (int i = 0; i < ROWS; i++) {
        SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, &seen->status[i], 0);
        bind(session->stmt, column, c_type, room, pointers, &seen->places[i]);
        SQLRETURN result = SQLFetch(session->stmt);
        note_records(session->stmt, (SQLULEN)i, seen);
        bad += result == SQL_ERROR;
        if (result != SQL_SUCCESS)
            seen->result = SQL_SUCCESS_WITH_INFO;
        seen->fetched++;
    }
    if (bad == ROWS)
        seen->result = SQL_ERROR;
}

static void rows_at_once_are_as_rows_one_by_one(void **state)
{
    static const SQLLEN rooms[] = {ROOM, 20, 11, 5, 1, 0};
    struct session *session = *state;
    static struct seen once, singly;
    int bad = 0, warned = 0;

    for (SQLUSMALLINT column = 1; column <= 14; column++)
        for (size_t t = 0; t < sizeof c_types / sizeof c_types[0]; t++)
            for (size_t r = 0; r < sizeof rooms / sizeof rooms[0]; r++)
                for (enum pointers pointers = BOTH_ONE; pointers <= NONE; pointers++) {
                    fetch_at_once(session, column, c_types[t], rooms[r], pointers, &once);
                    fetch_singly(session, column, c_types[t], rooms[r], pointers, &singly);
                    warned += once.result != SQL_SUCCESS;
                    if (memcmp(&once, &singly, sizeof once) == 0)
                        continue;
                    bad++;
                    print_error("column %d, C type %d, room %d, pointers %d: %d %d, %s | %s\n", column, c_types[t], (int)rooms[r], (int)pointers,
                                once.result, singly.result, once.records[0], singly.records[0]);
                }
    assert_int_equal(bad, 0);
    assert_true(warned > 100); /* not only what goes without a remark */
}

/* A rowset begins and ends anywhere in the rows that lie beside each other, and several columns are bound. */
static void rowsets_of_any_size_hold_all_rows(void **state)
{
    static const char *const people[] = {"Ada", "Bob", "Cleo", "Dora", "Emil", "Finn", "Gerd", "Hans", "Ines", "Jan"};
    struct session *session = *state;

    for (SQLULEN size = 1; size <= 12; size++) {
        SQLINTEGER ids[12];
        char names[12][20];
        SQLLEN id_lengths[12], name_lengths[12];
        SQLULEN fetched = 0, seen = 0;
        SQLRETURN result;
        SQLFreeStmt(session->stmt, SQL_UNBIND);
        SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)size, 0);
        SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_BIND_TYPE, (SQLPOINTER)SQL_BIND_BY_COLUMN, 0);
        SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_STATUS_PTR, NULL, 0);
        SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
        session_query(session, "SELECT Id, Name FROM People");
        SQLBindCol(session->stmt, 1, SQL_C_SLONG, ids, 0, id_lengths);
        SQLBindCol(session->stmt, 2, SQL_C_CHAR, names, sizeof names[0], name_lengths);
        while ((result = SQLFetch(session->stmt)) != SQL_NO_DATA) {
            WORKS(session->stmt, result);
            for (SQLULEN i = 0; i < fetched; i++) {
                assert_int_equal(ids[i], ++seen);
                assert_int_equal(name_lengths[i], strlen(names[i]));
                assert_string_equal(names[i], people[seen - 1]);
            }
            SQLULEN number = 0;
            SQLGetStmtAttr(session->stmt, SQL_ATTR_ROW_NUMBER, &number, 0, NULL);
            assert_int_equal(number, seen - fetched + 1);
        }
        assert_int_equal(seen, 10);
    }
}

/* SQL_ATTR_MAX_ROWS ends the rows in the midst of those at hand. */
static void a_bound_of_rows_holds(void **state)
{
    struct session *session = *state;
    SQLINTEGER ids[12];
    SQLULEN fetched = 0;

    SQLFreeStmt(session->stmt, SQL_UNBIND);
    SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)5, 0);
    SQLSetStmtAttr(session->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
    SQLSetStmtAttr(session->stmt, SQL_ATTR_MAX_ROWS, (SQLPOINTER)7, 0);
    session_query(session, "SELECT Id FROM People");
    SQLBindCol(session->stmt, 1, SQL_C_SLONG, ids, 0, NULL);
    WORKS(session->stmt, SQLFetch(session->stmt));
    assert_int_equal(fetched, 5);
    WORKS(session->stmt, SQLFetch(session->stmt));
    assert_int_equal(fetched, 2);
    assert_int_equal(ids[1], 7);
    assert_int_equal(SQLFetch(session->stmt), SQL_NO_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_at_once_are_as_rows_one_by_one, session_open, session_close),
        cmocka_unit_test_setup_teardown(rowsets_of_any_size_hold_all_rows, session_open, session_close),
        cmocka_unit_test_setup_teardown(a_bound_of_rows_holds, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
