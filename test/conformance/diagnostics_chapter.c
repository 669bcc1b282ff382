/* Diagnostics: SQLGetDiagRec, SQLGetDiagField. */
#include "chapter.h"

static void fail_once(struct session *session)
{
    assert_int_equal(SQLExecDirect(session->stmt, text("SELECT Nothing FROM Users"), SQL_NTS), SQL_ERROR);
}

static void record_is_read(struct session *session)
{
    SQLCHAR state[6] = "", message[500] = "";
    SQLINTEGER native = 77;
    SQLSMALLINT length = 0;
    fail_once(session);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, session->stmt, 1, state, &native, message, sizeof message, &length), SQL_SUCCESS);
    assert_string_equal((char *)state, "42S22");
    assert_int_equal(length, strlen((char *)message));
    assert_non_null(strstr((char *)message, "Nothing"));
    assert_int_equal(native, 0);
}

static void message_names_its_source(struct session *session)
{
    fail_once(session);
    assert_memory_equal(message_of(SQL_HANDLE_STMT, session->stmt, 1), "[restodbc]", 10);
}

static void reading_keeps(struct session *session)
{
    fail_once(session);
    for (int i = 0; i < 3; i++)
        assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 1), "42S22");
}

static void next_call_clears(struct session *session)
{
    fail_once(session);
    OK(session, SQLExecDirect(session->stmt, text("SELECT 1"), SQL_NTS));
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, session->stmt, 1, NULL, NULL, NULL, 0, NULL), SQL_NO_DATA);
}

static void behind_the_last(struct session *session)
{
    fail_once(session);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, session->stmt, 2, NULL, NULL, NULL, 0, NULL), SQL_NO_DATA);
}

static void bad_number(struct session *session)
{
    SQLCHAR state[6];
    fail_once(session);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, session->stmt, 0, state, NULL, NULL, 0, NULL), SQL_ERROR);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, session->stmt, -1, state, NULL, NULL, 0, NULL), SQL_ERROR);
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 1), "42S22");  /* and leaves no record of its own */
}

static void bad_room(struct session *session)
{
    SQLCHAR message[10];
    fail_once(session);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, session->stmt, 1, NULL, NULL, message, -1, NULL), SQL_ERROR);
}

static void bad_handle(struct session *session)
{
    (void)session;
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, NULL, 1, NULL, NULL, NULL, 0, NULL), SQL_INVALID_HANDLE);
}

static void message_is_cut(struct session *session)
{
    SQLCHAR message[20];
    SQLSMALLINT length = 0;
    memset(message, 'Z', sizeof message);
    fail_once(session);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, session->stmt, 1, NULL, NULL, message, 10, &length), SQL_SUCCESS_WITH_INFO);
    assert_int_equal(strlen((char *)message), 9);
    assert_int_equal(message[10], 'Z');
    assert_true(length > 10);
}

static void handles_have_their_own(struct session *session)
{
    fail_once(session);
    DBC_FAILS(session->dbc, SQLSetConnectAttr(session->dbc, 4711, NULL, 0), "HY092");
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 1), "42S22");
}

static void wide_record(struct session *session)
{
    SQLWCHAR state[6] = {0}, message[500] = {0};
    SQLSMALLINT length = 0;
    fail_once(session);
    assert_int_equal(SQLGetDiagRecW(SQL_HANDLE_STMT, session->stmt, 1, state, NULL, message, 500, &length), SQL_SUCCESS);
    assert_memory_equal(state, wide("42S22"), 12);
    assert_int_equal(message[length], 0);
    assert_true(length > 10 && message[length - 1] != 0);
}

struct header {
    const char *rule;
    SQLSMALLINT field;
    SQLLEN wanted;
    bool is_long;      /* SQLLEN; else SQLINTEGER */
};

static const struct header headers[] = {
    {"SQLGetDiagField: SQL_DIAG_NUMBER counts the records", SQL_DIAG_NUMBER, 1, false},
    {"SQLGetDiagField: SQL_DIAG_RETURNCODE is that of the call", SQL_DIAG_RETURNCODE, SQL_ERROR, false},
};

static void header_is(struct session *session, const void *row)
{
    const struct header *header = row;
    SQLINTEGER value = 77;
    SQLRETURN returned = 77;
    fail_once(session);
    if (header->field == SQL_DIAG_RETURNCODE) {
        assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 0, header->field, &returned, 0, NULL), SQL_SUCCESS);
        assert_int_equal(returned, header->wanted);
        return;
    }
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 0, header->field, &value, 0, NULL), SQL_SUCCESS);
    assert_int_equal(value, header->wanted);
}

static void dynamic_function(struct session *session)
{
    SQLCHAR name[40] = "";
    SQLINTEGER code = 77;
    query(session, "SELECT 1");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION, name, sizeof name, NULL), SQL_SUCCESS);
    assert_string_equal((char *)name, "SELECT CURSOR");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION_CODE, &code, 0, NULL), SQL_SUCCESS);
    assert_int_equal(code, SQL_DIAG_SELECT_CURSOR);
}

static void dynamic_function_of_a_call(struct session *session)
{
    SQLINTEGER code = 77;
    query(session, "{call GetOAuthAuthorizationURL('WEB')}");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION_CODE, &code, 0, NULL), SQL_SUCCESS);
    assert_int_equal(code, SQL_DIAG_CALL);
}

struct origin {
    const char *rule, *sql;
    SQLSMALLINT field;
    const char *wanted;
};

static const struct origin origins[] = {
    {"SQLGetDiagField: SQL_DIAG_SQLSTATE is the state", "SELECT Nothing FROM Users", SQL_DIAG_SQLSTATE, "42S22"},
    {"SQLGetDiagField: a state of ISO has the class origin ISO 9075", "SELECT FROM", SQL_DIAG_CLASS_ORIGIN, "ISO 9075"},
    {"SQLGetDiagField: a state of ISO has the subclass origin ISO 9075", "SELECT FROM", SQL_DIAG_SUBCLASS_ORIGIN, "ISO 9075"},
    {"SQLGetDiagField: a state of ODBC has the subclass origin ODBC 3.0", "SELECT 1 FROM Nowhere", SQL_DIAG_SUBCLASS_ORIGIN, "ODBC 3.0"},
    {"SQLGetDiagField: SQL_DIAG_CONNECTION_NAME is empty or the connection", "SELECT FROM", SQL_DIAG_CONNECTION_NAME, NULL},
    {"SQLGetDiagField: SQL_DIAG_SERVER_NAME is the data source", "SELECT FROM", SQL_DIAG_SERVER_NAME, "sandbox"},
};

static void origin_is(struct session *session, const void *row)
{
    const struct origin *origin = row;
    SQLCHAR value[100] = "";
    SQLSMALLINT length = 0;
    assert_int_equal(SQLExecDirect(session->stmt, text(origin->sql), SQL_NTS), SQL_ERROR);
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 1, origin->field, value, sizeof value, &length), SQL_SUCCESS);
    if (origin->wanted)
        assert_string_equal((char *)value, origin->wanted);
    assert_int_equal(length, strlen((char *)value));
}

static void row_and_column(struct session *session)
{
    SQLINTEGER value = 0, column = 0;
    SQLLEN row = 0;
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_SLONG, &value, 0, NULL));
    query(session, "SELECT 1, 'abc'");
    FAILS(session, SQLFetch(session->stmt), "22018");
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 1, SQL_DIAG_ROW_NUMBER, &row, 0, NULL), SQL_SUCCESS);
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 1, SQL_DIAG_COLUMN_NUMBER, &column, 0, NULL), SQL_SUCCESS);
    assert_int_equal(row, 1);
    assert_int_equal(column, 2);
}

static void several_records(struct session *session)
{
    SQLCHAR a[2], b[2];
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_CHAR, a, sizeof a, NULL));
    OK(session, SQLBindCol(session->stmt, 2, SQL_C_CHAR, b, sizeof b, NULL));
    query(session, "SELECT 'abc', 'def'");
    WARNS(session, SQLFetch(session->stmt), "01004");
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 2), "01004");
    assert_string_equal(state_of(SQL_HANDLE_STMT, session->stmt, 3), "");
}

static void no_such_field(struct session *session)
{
    SQLINTEGER value;
    fail_once(session);
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 1, 4711, &value, 0, NULL), SQL_ERROR);
}

static void field_behind_the_last(struct session *session)
{
    SQLCHAR value[10];
    fail_once(session);
    assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, session->stmt, 9, SQL_DIAG_SQLSTATE, value, sizeof value, NULL), SQL_NO_DATA);
}

static const struct rule rules[] = {
    {"SQLGetDiagRec: gives state, native code, message and its length", record_is_read},
    {"SQLGetDiagRec: a message begins with its source in brackets", message_names_its_source},
    {"SQLGetDiagRec: reading a record does not use it up", reading_keeps},
    {"SQLGetDiagRec: the next call on the handle clears the records", next_call_clears},
    {"SQLGetDiagRec: behind the last record it is SQL_NO_DATA", behind_the_last},
    {"SQLGetDiagRec: a record number below 1 is SQL_ERROR and leaves no record", bad_number},
    {"SQLGetDiagRec: a negative buffer length is SQL_ERROR", bad_room},
    {"SQLGetDiagRec: no handle is SQL_INVALID_HANDLE", bad_handle},
    {"SQLGetDiagRec: a short buffer is SQL_SUCCESS_WITH_INFO with the whole length", message_is_cut},
    {"SQLGetDiagRec: each handle has records of its own", handles_have_their_own},
    {"SQLGetDiagRec: the wide form counts in characters", wide_record},
    {"SQLGetDiagRec: two warnings of one call are two records", several_records},
    {"SQLGetDiagField: SQL_DIAG_DYNAMIC_FUNCTION of a query is SELECT CURSOR", dynamic_function},
    {"SQLGetDiagField: SQL_DIAG_DYNAMIC_FUNCTION_CODE of a call is SQL_DIAG_CALL", dynamic_function_of_a_call},
    {"SQLGetDiagField: a failed conversion tells its row and column", row_and_column},
    {"SQLGetDiagField: a field that does not exist is SQL_ERROR", no_such_field},
    {"SQLGetDiagField: behind the last record it is SQL_NO_DATA", field_behind_the_last},
};

int main(void)
{
    EACH(header_is, headers);
    EACH(origin_is, origins);
    RULES(rules);
    return chapter_run("diagnostics");
}
