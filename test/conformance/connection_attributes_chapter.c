/* Connection attributes: SQLSetConnectAttr, SQLGetConnectAttr. */
#include "chapter.h"

struct numeric {
    const char *rule;
    SQLINTEGER attribute;
    SQLULEN set;
    const char *state;   /* "" success, 01xxx a warning, else an error */
    SQLUINTEGER then;
};

static const struct numeric numerics[] = {
    {"SQLSetConnectAttr: SQL_ATTR_ACCESS_MODE keeps SQL_MODE_READ_ONLY", SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY, "", SQL_MODE_READ_ONLY},
    {"SQLSetConnectAttr: SQL_ATTR_ACCESS_MODE keeps SQL_MODE_READ_WRITE", SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_WRITE, "", SQL_MODE_READ_WRITE},
    {"SQLSetConnectAttr: SQL_ATTR_AUTOCOMMIT stays on", SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON, "", SQL_AUTOCOMMIT_ON},
    {"SQLSetConnectAttr: SQL_ATTR_METADATA_ID keeps true", SQL_ATTR_METADATA_ID, SQL_TRUE, "", SQL_TRUE},
    {"SQLSetConnectAttr: SQL_ATTR_METADATA_ID keeps false", SQL_ATTR_METADATA_ID, SQL_FALSE, "", SQL_FALSE},
    {"SQLSetConnectAttr: SQL_ATTR_LOGIN_TIMEOUT keeps seconds", SQL_ATTR_LOGIN_TIMEOUT, 15, "", 15},
    {"SQLSetConnectAttr: SQL_ATTR_ASYNC_ENABLE on is HYC00", SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON, "HYC00", SQL_ASYNC_ENABLE_OFF},
    {"SQLSetConnectAttr: SQL_ATTR_ASYNC_ENABLE off succeeds", SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_OFF, "", SQL_ASYNC_ENABLE_OFF},
};

static void keeps_number(struct session *session, const void *row)
{
    const struct numeric *numeric = row;
    SQLHDBC dbc = new_connection(session->env);
    SQLUINTEGER value = 99;
    DBC_OK(dbc, SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0));
    ON(SQL_HANDLE_DBC, dbc, SQLSetConnectAttr(dbc, numeric->attribute, number(numeric->set), SQL_IS_UINTEGER),
       !*numeric->state ? SQL_SUCCESS : *numeric->state == '0' ? SQL_SUCCESS_WITH_INFO : SQL_ERROR, numeric->state);
    DBC_OK(dbc, SQLGetConnectAttr(dbc, numeric->attribute, &value, sizeof value, NULL));
    assert_int_equal(value, numeric->then);
    DBC_OK(dbc, SQLDisconnect(dbc));
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
}

static void dead_or_alive(struct session *session)
{
    SQLUINTEGER dead = 99;
    DBC_OK(session->dbc, SQLGetConnectAttr(session->dbc, SQL_ATTR_CONNECTION_DEAD, &dead, sizeof dead, NULL));
    assert_int_equal(dead, SQL_CD_FALSE);
}

static void dead_is_read_only(struct session *session)
{
    DBC_FAILS(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_CONNECTION_DEAD, number(1), 0), "HY092");
}

static void catalog_is_the_service(struct session *session)
{
    SQLCHAR name[40] = "";
    SQLINTEGER length = 0;
    DBC_OK(session->dbc, SQLGetConnectAttr(session->dbc, SQL_ATTR_CURRENT_CATALOG, name, sizeof name, &length));
    assert_string_equal((char *)name, "TSheets");
    assert_int_equal(length, 7);
}

static void catalog_is_cut(struct session *session)
{
    SQLCHAR name[40];
    SQLINTEGER length = 0;
    memset(name, 'Z', sizeof name);
    DBC_WARNS(session->dbc, SQLGetConnectAttr(session->dbc, SQL_ATTR_CURRENT_CATALOG, name, 4, &length), "01004");
    assert_string_equal((char *)name, "TSh");
    assert_int_equal(name[4], 'Z');
    assert_int_equal(length, 7);
}

static void another_catalog(struct session *session)
{
    DBC_FAILS(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_CURRENT_CATALOG, text("Elsewhere"), SQL_NTS), "3D000");
    DBC_OK(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_CURRENT_CATALOG, text("TSheets"), SQL_NTS));
}

static void no_such_attribute(struct session *session)
{
    SQLULEN value = 0;
    DBC_FAILS(session->dbc, SQLSetConnectAttr(session->dbc, 4711, number(1), 0), "HY092");
    DBC_FAILS(session->dbc, SQLGetConnectAttr(session->dbc, 4711, &value, sizeof value, NULL), "HY092");
}

static void auto_ipd_is_read_only(struct session *session)
{
    SQLUINTEGER value = 9;
    DBC_OK(session->dbc, SQLGetConnectAttr(session->dbc, SQL_ATTR_AUTO_IPD, &value, sizeof value, NULL));
    DBC_FAILS(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_AUTO_IPD, number(1), 0), "HY092");
}

static void before_connecting(struct session *session)
{
    SQLHDBC dbc = new_connection(session->env);
    SQLUINTEGER seconds = 0;
    DBC_OK(dbc, SQLSetConnectAttr(dbc, SQL_ATTR_LOGIN_TIMEOUT, number(20), 0));
    DBC_OK(dbc, SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0));
    DBC_OK(dbc, SQLGetConnectAttr(dbc, SQL_ATTR_LOGIN_TIMEOUT, &seconds, sizeof seconds, NULL));
    assert_int_equal(seconds, 20);
    DBC_OK(dbc, SQLDisconnect(dbc));
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
}

static void quiet_mode(struct session *session)
{
    SQLPOINTER window = &window;
    DBC_OK(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_QUIET_MODE, NULL, 0));
    DBC_OK(session->dbc, SQLGetConnectAttr(session->dbc, SQL_ATTR_QUIET_MODE, &window, sizeof window, NULL));
    assert_null(window);
}

static void metadata_id_of_new_statements(struct session *session)
{
    SQLHSTMT stmt = NULL;
    SQLULEN value = 9;
    DBC_OK(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_METADATA_ID, number(SQL_TRUE), 0));
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &stmt));
    DBC_OK(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_METADATA_ID, number(SQL_FALSE), 0));
    assert_int_equal(SQLGetStmtAttr(stmt, SQL_ATTR_METADATA_ID, &value, 0, NULL), SQL_SUCCESS);
    assert_int_equal(value, SQL_TRUE);
    SQLFreeHandle(SQL_HANDLE_STMT, stmt);
}

static void bad_access_mode(struct session *session)
{
    DBC_FAILS(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_ACCESS_MODE, number(9), 0), "HY024");
}

static void bad_autocommit(struct session *session)
{
    DBC_FAILS(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_AUTOCOMMIT, number(9), 0), "HY024");
}

static void translation_is_not_there(struct session *session)
{
    DBC_FAILS(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_TRANSLATE_LIB, text("x"), SQL_NTS), "HYC00");
}

static void isolation(struct session *session)
{
    SQLUINTEGER level = 0;
    DBC_OK(session->dbc, SQLGetConnectAttr(session->dbc, SQL_ATTR_TXN_ISOLATION, &level, sizeof level, NULL));
    assert_true(level > 0);
    DBC_FAILS(session->dbc, SQLSetConnectAttr(session->dbc, SQL_ATTR_TXN_ISOLATION, number(4711), 0), "HY024");
}

static const struct rule rules[] = {
    {"SQLGetConnectAttr: SQL_ATTR_CONNECTION_DEAD of a good connection is SQL_CD_FALSE", dead_or_alive},
    {"SQLSetConnectAttr: SQL_ATTR_CONNECTION_DEAD can only be read: HY092", dead_is_read_only},
    {"SQLGetConnectAttr: SQL_ATTR_CURRENT_CATALOG is the service", catalog_is_the_service},
    {"SQLGetConnectAttr: a short buffer is 01004, cut and terminated, with the whole length", catalog_is_cut},
    {"SQLSetConnectAttr: a catalog that does not exist is 3D000, its own succeeds", another_catalog},
    {"SQLSetConnectAttr: an attribute that does not exist is HY092", no_such_attribute},
    {"SQLSetConnectAttr: SQL_ATTR_AUTO_IPD can only be read: HY092", auto_ipd_is_read_only},
    {"SQLSetConnectAttr: what is set before connecting holds afterwards", before_connecting},
    {"SQLSetConnectAttr: SQL_ATTR_QUIET_MODE keeps the window", quiet_mode},
    {"SQLSetConnectAttr: SQL_ATTR_METADATA_ID is the default of new statements", metadata_id_of_new_statements},
    {"SQLSetConnectAttr: SQL_ATTR_ACCESS_MODE that does not exist is HY024", bad_access_mode},
    {"SQLSetConnectAttr: SQL_ATTR_AUTOCOMMIT that does not exist is HY024", bad_autocommit},
    {"SQLSetConnectAttr: SQL_ATTR_TRANSLATE_LIB is HYC00", translation_is_not_there},
    {"SQLGetConnectAttr: SQL_ATTR_TXN_ISOLATION is a level; one that does not exist is HY024", isolation},
};

int main(void)
{
    EACH(keeps_number, numerics);
    RULES(rules);
    return chapter_run("connection attributes");
}
