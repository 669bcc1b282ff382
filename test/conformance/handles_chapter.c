/* Handles and environments: SQLAllocHandle, SQLFreeHandle, SQLSetEnvAttr, SQLGetEnvAttr. */
#include "chapter.h"

static void allocates(struct session *session)
{
    SQLHSTMT stmt = NULL;
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &stmt));
    assert_non_null(stmt);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
}

static void freed_statement_leaves_the_others(struct session *session)
{
    SQLHSTMT stmt = NULL;
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &stmt));
    query(session, "SELECT Id FROM Users");
    assert_int_equal(SQLExecDirect(stmt, text("SELECT Id FROM Users"), SQL_NTS), SQL_SUCCESS);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
    OK(session, SQLFetch(session->stmt));
}

static void null_is_invalid(struct session *session)
{
    SQLHANDLE made;
    (void)session;
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, NULL, &made), SQL_INVALID_HANDLE);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, NULL, &made), SQL_INVALID_HANDLE);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, NULL), SQL_INVALID_HANDLE);
    assert_int_equal(SQLExecute(NULL), SQL_INVALID_HANDLE);
    assert_int_equal(SQLDisconnect(NULL), SQL_INVALID_HANDLE);
}

static void kinds_are_not_mixed(struct session *session)
{
    assert_int_equal(SQLExecute(session->dbc), SQL_INVALID_HANDLE);
    assert_int_equal(SQLDisconnect(session->stmt), SQL_INVALID_HANDLE);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, session->stmt), SQL_INVALID_HANDLE);
}

static void version_first(struct session *session)
{
    SQLHENV env = new_environment(0);
    SQLHDBC dbc = NULL;
    (void)session;
    ENV_FAILS(env, SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc), "HY010");
    free_handles(env, NULL);
}

static void statement_needs_a_connection(struct session *session)
{
    SQLHDBC dbc = new_connection(session->env);
    SQLHSTMT stmt = NULL;
    DBC_FAILS(dbc, SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), "08003");
    DBC_FAILS(dbc, SQLAllocHandle(SQL_HANDLE_DESC, dbc, &stmt), "08003");
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
}

static void no_place_for_the_handle(struct session *session)
{
    DBC_FAILS(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, NULL), "HY009");
}

static void environment_in_use(struct session *session)
{
    ENV_FAILS(session->env, SQLFreeHandle(SQL_HANDLE_ENV, session->env), "HY010");
}

static void connection_in_use(struct session *session)
{
    DBC_FAILS(session->dbc, SQLFreeHandle(SQL_HANDLE_DBC, session->dbc), "HY010");
}

static void an_open_cursor_does_not_hinder(struct session *session)
{
    SQLHSTMT stmt = NULL;
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &stmt));
    assert_int_equal(SQLExecDirect(stmt, text("SELECT Id FROM Users"), SQL_NTS), SQL_SUCCESS);
    assert_int_equal(SQLFetch(stmt), SQL_SUCCESS);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
}

static void implicit_descriptors_stay(struct session *session)
{
    SQLHDESC ard = NULL;
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL));
    DESC_FAILS(ard, SQLFreeHandle(SQL_HANDLE_DESC, ard), "HY017");
}

static void a_freed_descriptor_gives_back_the_implicit_one(struct session *session)
{
    SQLHDESC implicit = NULL, own = NULL, now = NULL;
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &implicit, 0, NULL));
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_DESC, session->dbc, &own));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, own, 0));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &now, 0, NULL));
    assert_ptr_equal(now, own);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, own), SQL_SUCCESS);
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, &now, 0, NULL));
    assert_ptr_equal(now, implicit);
}

/* What is freed must not be looked at again: unixODBC itself reads it. The sanitizers and valgrind see what stays. */
static void disconnecting_frees(struct session *session)
{
    SQLHDBC dbc = new_connection(session->env);
    for (int round = 0; round < 2; round++) {
        SQLHSTMT stmt = NULL, unused = NULL;
        SQLHDESC desc = NULL;
        assert_int_equal(SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0), SQL_SUCCESS);
        assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &unused), SQL_SUCCESS);
        assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), SQL_SUCCESS);
        assert_int_equal(SQLAllocHandle(SQL_HANDLE_DESC, dbc, &desc), SQL_SUCCESS);
        assert_int_equal(SQLSetStmtAttr(stmt, SQL_ATTR_APP_ROW_DESC, desc, 0), SQL_SUCCESS);
        assert_int_equal(SQLExecDirect(stmt, text("SELECT Id FROM Users"), SQL_NTS), SQL_SUCCESS);
        assert_int_equal(SQLFetch(stmt), SQL_SUCCESS);
        DBC_OK(dbc, SQLDisconnect(dbc));
    }
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
}

static void version_can_not_change_late(struct session *session)
{
    ENV_FAILS(session->env, SQLSetEnvAttr(session->env, SQL_ATTR_ODBC_VERSION, number(SQL_OV_ODBC2), 0), "HY010");
}

static void version_is_told(struct session *session)
{
    SQLINTEGER version = 0;
    ENV_OK(session->env, SQLGetEnvAttr(session->env, SQL_ATTR_ODBC_VERSION, &version, 0, NULL));
    assert_int_equal(version, SQL_OV_ODBC3_80);
}

static void strings_end_with_nul(struct session *session)
{
    SQLINTEGER answer = 0;
    ENV_OK(session->env, SQLGetEnvAttr(session->env, SQL_ATTR_OUTPUT_NTS, &answer, 0, NULL));
    assert_int_equal(answer, SQL_TRUE);
}

static void a_thousand_statements(struct session *session)
{
    enum { MANY = 1000 };
    static SQLHSTMT many[MANY];
    for (int i = 0; i < MANY; i++)
        DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &many[i]));
    for (int i = MANY; i-- > 0;)
        assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, many[i]), SQL_SUCCESS);
}

static void no_such_kind(struct session *session)
{
    SQLHANDLE made = NULL;
    assert_int_not_equal(SQLAllocHandle(77, session->dbc, &made), SQL_SUCCESS);
}

static const struct rule rules[] = {
    {"SQLAllocHandle: a connection gives statements", allocates},
    {"SQLAllocHandle: no environment, connection or statement is SQL_INVALID_HANDLE", null_is_invalid},
    {"SQLAllocHandle: a connection handle before SQL_ATTR_ODBC_VERSION is HY010", version_first},
    {"SQLAllocHandle: a statement or descriptor on a closed connection is 08003", statement_needs_a_connection},
    {"SQLAllocHandle: without a place for the handle it is HY009", no_place_for_the_handle},
    {"SQLAllocHandle: a kind of handle that does not exist fails", no_such_kind},
    {"SQLAllocHandle: a thousand statements at once, freed in any order", a_thousand_statements},
    {"SQLFreeHandle: a statement is freed and leaves the others with their cursors", freed_statement_leaves_the_others},
    {"SQLFreeHandle: a handle of another kind is SQL_INVALID_HANDLE", kinds_are_not_mixed},
    {"SQLFreeHandle: an environment with connections is HY010", environment_in_use},
    {"SQLFreeHandle: an open connection is HY010", connection_in_use},
    {"SQLFreeHandle: a statement is freed with its cursor open", an_open_cursor_does_not_hinder},
    {"SQLFreeHandle: an implicitly allocated descriptor is HY017", implicit_descriptors_stay},
    {"SQLFreeHandle: a statement falls back to its own descriptor when the one it used is freed", a_freed_descriptor_gives_back_the_implicit_one},
    {"SQLDisconnect: frees the statements and descriptors of the connection, in use or not; the handle connects again", disconnecting_frees},
    {"SQLSetEnvAttr: the version is fixed once a connection handle exists: HY010", version_can_not_change_late},
    {"SQLGetEnvAttr: tells the version that was set", version_is_told},
    {"SQLGetEnvAttr: SQL_ATTR_OUTPUT_NTS is true", strings_end_with_nul},
};

int main(void)
{
    RULES(rules);
    return chapter_run("handles");
}
