/* The functions that a driver of ODBC 3 does not have: those of ODBC 1 and 2, which the driver manager maps to others, and those that it
 * answers itself. What an application gets of them with this driver. */
#include "chapter.h"

/* --- handles of ODBC 1 ------------------------------------------------------------------------------------------------- */

struct old_handles {
    SQLHENV env;
    SQLHDBC dbc;
};

static struct old_handles old_handles(void)
{
    struct old_handles old = {0};
    assert_int_equal(SQLAllocEnv(&old.env), SQL_SUCCESS);
    assert_int_equal(SQLAllocConnect(old.env, &old.dbc), SQL_SUCCESS);
    return old;
}

static void free_old(struct old_handles old)
{
    assert_int_equal(SQLFreeConnect(old.dbc), SQL_SUCCESS);
    assert_int_equal(SQLFreeEnv(old.env), SQL_SUCCESS);
}

static void old_environment(struct session *session)
{
    struct old_handles old = old_handles();
    SQLINTEGER version = 0;
    SQLHSTMT stmt = NULL;
    (void)session;
    ENV_OK(old.env, SQLGetEnvAttr(old.env, SQL_ATTR_ODBC_VERSION, &version, 0, NULL));
    assert_int_equal(version, SQL_OV_ODBC2);
    DBC_OK(old.dbc, SQLConnect(old.dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0));
    assert_int_equal(SQLAllocStmt(old.dbc, &stmt), SQL_SUCCESS);
    ON(SQL_HANDLE_STMT, stmt, SQLExecDirect(stmt, text("SELECT Nothing FROM Users"), SQL_NTS), SQL_ERROR, "S0022");
    assert_int_equal(SQLFreeStmt(stmt, SQL_DROP), SQL_SUCCESS);
    DBC_OK(old.dbc, SQLDisconnect(old.dbc));
    free_old(old);
}

static void old_connection(struct session *session)
{
    struct old_handles old = old_handles();
    SQLHSTMT stmt = NULL;
    SQLINTEGER one = 0;
    (void)session;
    DBC_OK(old.dbc, SQLConnect(old.dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0));
    assert_int_equal(SQLAllocStmt(old.dbc, &stmt), SQL_SUCCESS);
    assert_int_equal(SQLExecDirect(stmt, text("SELECT 1"), SQL_NTS), SQL_SUCCESS);
    assert_int_equal(SQLFetch(stmt), SQL_SUCCESS);
    assert_int_equal(SQLGetData(stmt, 1, SQL_C_SLONG, &one, 0, NULL), SQL_SUCCESS);
    assert_int_equal(one, 1);
    DBC_OK(old.dbc, SQLDisconnect(old.dbc));
    free_old(old);
}

static void open_connection_stays(struct session *session)
{
    struct old_handles old = old_handles();
    (void)session;
    DBC_OK(old.dbc, SQLConnect(old.dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0));
    DBC_FAILS(old.dbc, SQLFreeConnect(old.dbc), "S1010");
    DBC_OK(old.dbc, SQLDisconnect(old.dbc));
    free_old(old);
}

static void used_environment_stays(struct session *session)
{
    struct old_handles old = old_handles();
    (void)session;
    ENV_FAILS(old.env, SQLFreeEnv(old.env), "S1010");
    free_old(old);
}

static void standard_handles(struct session *session)
{
    SQLHENV env = NULL;
    SQLINTEGER version = 0;
    (void)session;
    assert_int_equal(SQLAllocHandleStd(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env), SQL_SUCCESS);
    ENV_OK(env, SQLGetEnvAttr(env, SQL_ATTR_ODBC_VERSION, &version, 0, NULL));
    assert_int_equal(version, SQL_OV_ODBC3);
    SQLHDBC dbc = new_connection(env);
    assert_true(SQL_SUCCEEDED(SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0)));
    free_handles(env, dbc);
}

/* --- options and parameters of ODBC 1 and 2 --------------------------------------------------------------------------- */

static void option_of_a_connection(struct session *session)
{
    SQLUINTEGER value = 77;
    DBC_OK(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_ACCESS_MODE, number(SQL_MODE_READ_ONLY), 0));
    DBC_OK(session->dbc, SQLGetConnectOption(session->dbc, SQL_ACCESS_MODE, &value));
    assert_int_equal(value, SQL_MODE_READ_ONLY);
    DBC_OK(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_ACCESS_MODE, number(SQL_MODE_READ_WRITE), 0));
}

static void text_option_of_a_connection(struct session *session)
{
    SQLCHAR name[SQL_MAX_OPTION_STRING_LENGTH + 1] = "";
    DBC_OK(session->dbc, SQLGetConnectOption(session->dbc, SQL_CURRENT_QUALIFIER, name));
    assert_string_equal((char *)name, "TSheets");
}

static void option_of_a_statement(struct session *session)
{
    SQLULEN value = 77;
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_MAX_ROWS, number(3), 0));
    OK(session, SQLGetStmtOption(session->stmt, SQL_MAX_ROWS, &value));
    assert_int_equal(value, 3);
}

static void unknown_option(struct session *session)
{
    SQLULEN value = 77;
    FAILS(session, SQLGetStmtOption(session->stmt, 999, &value), "HY092");
}

static void parameter_of_the_standard(struct session *session)
{
    SQLINTEGER value = 510001;
    SQLLEN length = 0;
    OK(session, SQLBindParam(session->stmt, 1, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, &length));
    first_row(session, "SELECT FirstName FROM Users WHERE Id = ?");
    assert_string_equal(cell(session, 1), "Ada");
}

static void sets_of_parameters(struct session *session)
{
    SQLINTEGER values[3] = {7, 8, 9};
    SQLULEN done = 0;
    OK(session, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, NULL));
    OK(session, SQLParamOptions(session->stmt, 3, &done));
    query(session, "SELECT CAST(? AS INTEGER)");
    assert_int_equal(done, 3);
    for (int i = 0; i < 3; i++) {
        OK(session, SQLFetch(session->stmt));
        assert_int_equal(cell(session, 1)[0], '7' + i);
        NO_DATA(session, SQLFetch(session->stmt));
        assert_int_equal(SQLMoreResults(session->stmt), i < 2 ? SQL_SUCCESS : SQL_NO_DATA);
    }
}

static void scroll_options(struct session *session)
{
    SQLULEN type = 0, size = 0;
    SQLUSMALLINT rows[5];
    SQLULEN fetched = 0;
    OK(session, SQLSetScrollOptions(session->stmt, SQL_CONCUR_READ_ONLY, SQL_SCROLL_STATIC, 5));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_CURSOR_TYPE, &type, 0, NULL));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ROWSET_SIZE, &size, 0, NULL));
    assert_int_equal(type, SQL_CURSOR_STATIC);
    assert_int_equal(size, 5);
    query(session, "SELECT Id FROM Users ORDER BY Id");
    OK(session, SQLExtendedFetch(session->stmt, SQL_FETCH_LAST, 0, &fetched, rows));
    assert_int_equal(fetched, 5);
}

/* --- what the driver manager tells ------------------------------------------------------------------------------------- */

static void lists_the_data_source(struct session *session)
{
    SQLCHAR name[SQL_MAX_DSN_LENGTH + 1], driver[200];
    SQLSMALLINT length;
    bool found = false;
    for (SQLUSMALLINT way = SQL_FETCH_FIRST; SQLDataSources(session->env, way, name, sizeof name, &length, driver, sizeof driver, &length) ==
                                            SQL_SUCCESS; way = SQL_FETCH_NEXT)
        found = found || (strcmp((char *)name, "sandbox") == 0 && strcmp((char *)driver, "RestODBC") == 0);
    assert_true(found);
}

static void lists_the_driver(struct session *session)
{
    SQLCHAR name[200], attributes[1000];
    SQLSMALLINT length;
    bool found = false;
    for (SQLUSMALLINT way = SQL_FETCH_FIRST; SQLDrivers(session->env, way, name, sizeof name, &length, attributes, sizeof attributes, &length) ==
                                            SQL_SUCCESS; way = SQL_FETCH_NEXT)
        found = found || strcmp((char *)name, "RestODBC") == 0;
    assert_true(found);
}

static void no_asynchronous_execution(struct session *session)
{
    SQLUINTEGER mode = 77, functions = 77, notification = 77;
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, SQL_ASYNC_MODE, &mode, sizeof mode, NULL));
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, SQL_ASYNC_DBC_FUNCTIONS, &functions, sizeof functions, NULL));
    DBC_OK(session->dbc, SQLGetInfo(session->dbc, SQL_ASYNC_NOTIFICATION, &notification, sizeof notification, NULL));
    assert_int_equal(mode, SQL_AM_NONE);
    assert_int_equal(functions, SQL_ASYNC_DBC_NOT_CAPABLE);
    assert_int_equal(notification, SQL_ASYNC_NOTIFICATION_NOT_CAPABLE);
    FAILS(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ASYNC_ENABLE, number(SQL_ASYNC_ENABLE_ON), 0), "HYC00");
}

static const struct rule rules[] = {
    {"SQLAllocEnv: gives an environment of ODBC 2", old_environment},
    {"SQLAllocConnect: gives a connection handle that connects", old_connection},
    {"SQLFreeConnect: an open connection is S1010 (HY010), a closed one is freed", open_connection_stays},
    {"SQLFreeEnv: an environment with connections is S1010 (HY010), one without is freed", used_environment_stays},
    {"SQLAllocHandleStd: gives an environment of ODBC 3 in one step", standard_handles},
    {"SQLGetConnectOption: tells what SQLSetConnectAttr set", option_of_a_connection},
    {"SQLGetConnectOption: SQL_CURRENT_QUALIFIER is the catalog, as text", text_option_of_a_connection},
    {"SQLGetStmtOption: tells what SQLSetStmtAttr set", option_of_a_statement},
    {"SQLGetStmtOption: an option that does not exist is HY092", unknown_option},
    {"SQLBindParam: is SQLBindParameter for an input", parameter_of_the_standard},
    {"SQLParamOptions: sets SQL_ATTR_PARAMSET_SIZE and SQL_ATTR_PARAMS_PROCESSED_PTR", sets_of_parameters},
    {"SQLSetScrollOptions: sets the cursor type, the concurrency and SQL_ROWSET_SIZE", scroll_options},
    {"SQLDataSources: lists the data source with its driver", lists_the_data_source},
    {"SQLDrivers: lists the driver", lists_the_driver},
    {"SQLCompleteAsync: never needed, for nothing runs asynchronously: SQLGetInfo says so and asking for it is HYC00", no_asynchronous_execution},
};

int main(void)
{
    RULES(rules);
    return chapter_run("functions of the driver manager");
}
