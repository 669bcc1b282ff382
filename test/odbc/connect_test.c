/* Proves connecting (strings, DSN and driver sections, failures that leave nothing behind), SQLGetInfo, SQLGetFunctions and attributes. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_service.h"
#include "odbc/info.h"
#include "sql/functions.h"

static SQLRETURN connect_with(SQLHDBC dbc, const char *string, SQLCHAR *completed, SQLSMALLINT room, SQLSMALLINT *length)
{
    return SQLDriverConnect(dbc, NULL, text(string), SQL_NTS, completed, room, length, SQL_DRIVER_COMPLETE);
}

/* A connection handle that is not connected. */
static int dbc_open(void **state)
{
    if (session_open(state) != 0)
        return -1;
    struct session *session = *state;
    return SQLFreeHandle(SQL_HANDLE_STMT, session->stmt) == SQL_SUCCESS && SQLDisconnect(session->dbc) == SQL_SUCCESS ? 0 : -1;
}

static int dbc_close(void **state)
{
    struct session *session = *state;
    bool closed = SQLFreeHandle(SQL_HANDLE_DBC, session->dbc) == SQL_SUCCESS && SQLFreeHandle(SQL_HANDLE_ENV, session->env) == SQL_SUCCESS;
    free(session);
    return closed && atomic_load(&fake_counters.services) == 0 ? 0 : -1;
}

static void the_completed_string_keeps_foreign_secrets(void **state)
{
    SQLHDBC dbc = ((struct session *)*state)->dbc;
    SQLCHAR completed[200];
    SQLSMALLINT length = 0;

    assert_int_equal(connect_with(dbc, "provider=Fake;PWD={a;}}b};UID=me", completed, sizeof completed, &length), SQL_SUCCESS);
    assert_non_null(strstr((char *)completed, "Provider=Fake"));
    assert_non_null(strstr((char *)completed, "{a;}}b}"));
    assert_int_equal(length, strlen((char *)completed));
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);

    SQLWCHAR wide[11] = {0};
    SQLWCHAR string[] = {'P', 'r', 'o', 'v', 'i', 'd', 'e', 'r', '=', 'F', 'a', 'k', 'e', 0};
    assert_int_equal(SQLDriverConnectW(dbc, NULL, string, SQL_NTS, wide, 11, &length, SQL_DRIVER_NOPROMPT), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "01004");
    assert_true(length >= 13); /* in characters */
    assert_memory_equal(wide, string, 20);
    assert_int_equal(wide[10], 0);
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
}

static void what_is_wrong_is_told_and_leaves_the_handle_usable(void **state)
{
    static const struct { const char *string, *sqlstate, *told; } cases[] = {
        {"Provider=Nobody", "HY000", "Nobody"},
        {"", "HY000", "provider"},
        {"Provider=Fake;URL=refuse", "08001", "refuse"},
        {"Provider=Fake;ConnectOnOpen=yes", "28000", "checked"},
        {"Provider=Fake;Verbosity=9", "HY000", "Verbosity"},
        {"Provider=Fake;Logfile=/nonexistent/folder/log", "HY000", "/nonexistent/folder/log"},
        {"Provider={Fake", "HY000", "brace"},
        {"Provider=Fake;PWD={secret-word;URL=x", "HY000", ""},
    };
    SQLHDBC dbc = ((struct session *)*state)->dbc;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(connect_with(dbc, cases[i].string, NULL, 0, NULL), SQL_ERROR);
        const char *message = session_message(SQL_HANDLE_DBC, dbc, 1);
        if (strcmp(session_state(SQL_HANDLE_DBC, dbc, 1), cases[i].sqlstate) != 0 || !strstr(message, cases[i].told))
            fail_msg("\"%s\" gives %s %s", cases[i].string, session_state(SQL_HANDLE_DBC, dbc, 1), message);
        assert_null(strstr(message, "secret-word"));
        assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 2), ""); /* one clear record */
    }
    assert_int_equal(SQLDriverConnect(dbc, NULL, text("Provider=Fake"), SQL_NTS, NULL, 0, NULL, 77), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "HY110");
    SQLCHAR room[4] = "";
    assert_int_equal(connect_with(dbc, "Provider=Fake", room, -1, NULL), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "HY090");
    assert_int_equal(connect_with(dbc, "Provider=Fake", NULL, 0, NULL), SQL_SUCCESS);
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
}

static void unknown_names_are_warnings(void **state)
{
    SQLHDBC dbc = ((struct session *)*state)->dbc;

    assert_int_equal(connect_with(dbc, "Provider=Fake;Usr=me;Frobnicate=1", NULL, 0, NULL), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "01S00");
    assert_non_null(strstr(session_message(SQL_HANDLE_DBC, dbc, 1), "Usr"));
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 2), "01S00");
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
}

static void the_login_timeout_ends_a_connect(void **state)
{
    SQLHDBC dbc = ((struct session *)*state)->dbc;

    assert_int_equal(SQLSetConnectAttr(dbc, SQL_ATTR_LOGIN_TIMEOUT, (SQLPOINTER)1, 0), SQL_SUCCESS);
    assert_int_equal(connect_with(dbc, "Provider=Fake;URL=wait", NULL, 0, NULL), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "HYT00");
    assert_non_null(strstr(session_message(SQL_HANDLE_DBC, dbc, 1), "SQL_ATTR_LOGIN_TIMEOUT"));
}

static void write_file(const char *folder, const char *name, const char *content)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static void remove_file(const char *folder, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
}

/* The string wins over the DSN, the DSN over the driver's section. */
static void sections_are_read(void **state)
{
    SQLHDBC dbc = ((struct session *)*state)->dbc;
    char folder[] = "/tmp/restodbc-connect-XXXXXX", path[300];
    SQLCHAR completed[300], name[40];
    SQLSMALLINT length;

    assert_non_null(mkdtemp(folder));
    write_file(folder, "odbcinst.ini", "[RestODBC Fake]\nDriver=/nowhere.so\nProvider=Fake\nURL=refuse\nFileUsage=0\n");
    write_file(folder, "odbc.ini", "[Mine]\nDriver=RestODBC Fake\nDescription=x\nURL=refuse\nUser=of_dsn\nPassword=dsn-secret\n"
                                   "[Whole]\nDriver=/path/of/driver.so\nProvider=Fake\nWrong=1\n");
    snprintf(path, sizeof path, "%s/odbc.ini", folder);
    setenv("ODBCSYSINI", folder, 1);
    setenv("ODBCINI", path, 1);

    assert_int_equal(connect_with(dbc, "DSN=Mine", NULL, 0, NULL), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "08001");
    assert_int_equal(connect_with(dbc, "DSN=Mine;URL=fine;UID=of_string", completed, sizeof completed, &length), SQL_SUCCESS);
    assert_int_equal(strncmp((char *)completed, "DSN=Mine", 8), 0);
    assert_non_null(strstr((char *)completed, "of_string"));
    assert_null(strstr((char *)completed, "of_dsn"));
    assert_null(strstr((char *)completed, "dsn-secret"));
    assert_int_equal(SQLGetInfo(dbc, SQL_DATA_SOURCE_NAME, name, sizeof name, NULL), SQL_SUCCESS);
    assert_string_equal((char *)name, "Mine");
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
    assert_int_equal(connect_with(dbc, "Driver={RestODBC Fake};URL=fine", NULL, 0, NULL), SQL_SUCCESS);
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
    assert_int_equal(SQLConnect(dbc, text("Whole"), SQL_NTS, text("me"), SQL_NTS, NULL, 0), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "01S00");
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);

    remove_file(folder, "odbcinst.ini");
    remove_file(folder, "odbc.ini");
    rmdir(folder);
}

/* --- what the driver says of itself ------------------------------------------------------------------------------------ */

/* Every information type of ODBC 3.80 that is the driver's to answer. */
static const SQLUSMALLINT info_types_known[] = {
    0, 1, 2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37,
    38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70,
    71, 72, 73, 74, 75, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103,
    104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129,
    130, 131, 132, 133, 134, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156,
    157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 180, 10000, 10001, 10002, 10003, 10004, 10005,
    10021, 10022, 10023, 10024, 10025,
};

static void every_information_type_is_answered_alike_in_both_forms(void **state)
{
    struct session *session = *state;
    SQLHDBC dbc = session->dbc;

    for (size_t i = 0; i < sizeof info_types_known / sizeof info_types_known[0]; i++) {
        SQLUSMALLINT type = info_types_known[i];
        unsigned char ansi[300], wide[600];
        SQLSMALLINT length = -1, wide_length = -1;

        memset(ansi, 0x5A, sizeof ansi);
        memset(wide, 0x5A, sizeof wide);
        if (SQLGetInfo(dbc, type, ansi, sizeof ansi, &length) != SQL_SUCCESS || SQLGetInfoW(dbc, type, wide, sizeof wide, &wide_length) != SQL_SUCCESS)
            fail_msg("information type %u: %s", type, session_message(SQL_HANDLE_DBC, dbc, 1));
        bool is_text = ansi[length] == '\0' && (SQLSMALLINT)strlen((char *)ansi) == length && wide_length == length * 2;
        if (!is_text) {
            assert_int_equal(length, wide_length);
            assert_true(length == 2 || length == 4);
            assert_memory_equal(ansi, wide, (size_t)length);
        }
    }
    for (SQLUSMALLINT type = 500; type < 600; type++) {
        SQLUINTEGER number;
        assert_int_equal(SQLGetInfo(dbc, type, &number, sizeof number, NULL), SQL_ERROR);
        assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "HY096");
    }
}

static void information_is_cut_honestly(void **state)
{
    SQLHDBC dbc = ((struct session *)*state)->dbc;
    SQLCHAR name[8];
    SQLSMALLINT length;

    assert_int_equal(SQLGetInfo(dbc, SQL_DRIVER_NAME, name, sizeof name, &length), SQL_SUCCESS_WITH_INFO);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "01004");
    assert_string_equal((char *)name, "librest");
    assert_int_equal(length, strlen("librestodbc.so"));
    length = 0;
    assert_int_equal(SQLGetInfo(dbc, SQL_DRIVER_NAME, NULL, 0, &length), SQL_SUCCESS);
    assert_int_equal(length, strlen("librestodbc.so"));
}

static void functions_are_told_as_the_front_end_knows_them(void **state)
{
    static const struct { SQLUSMALLINT type; SQLUINTEGER bit; const char *name; } cases[] = {
        {SQL_STRING_FUNCTIONS, SQL_FN_STR_UCASE, "UCASE"},     {SQL_STRING_FUNCTIONS, SQL_FN_STR_SOUNDEX, "SOUNDEX"},
        {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_COT, "COT"},        {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_WEEK, "WEEK"},
        {SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_IFNULL, "IFNULL"},   {SQL_AGGREGATE_FUNCTIONS, SQL_AF_SUM, "SUM"},
        {SQL_SQL92_STRING_FUNCTIONS, SQL_SSF_TRANSLATE, "TRANSLATE"},
    };
    SQLHDBC dbc = ((struct session *)*state)->dbc;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SQLUINTEGER mask = 0;
        assert_int_equal(SQLGetInfo(dbc, cases[i].type, &mask, sizeof mask, NULL), SQL_SUCCESS);
        assert_int_equal((mask & cases[i].bit) != 0, sql_function_find(cases[i].name, strlen(cases[i].name)) != NULL);
    }
}

static void functions_are_listed_in_all_three_ways(void **state)
{
    SQLHDBC dbc = ((struct session *)*state)->dbc;
    SQLUSMALLINT bits[SQL_API_ODBC3_ALL_FUNCTIONS_SIZE], flags[100], one;

    assert_int_equal(SQLGetFunctions(dbc, SQL_API_ODBC3_ALL_FUNCTIONS, bits), SQL_SUCCESS);
    assert_int_equal(SQLGetFunctions(dbc, SQL_API_ALL_FUNCTIONS, flags), SQL_SUCCESS);
    for (SQLUSMALLINT id = 1; id < 1030; id++) {
        bool listed = false;
        for (size_t i = 0; i < odbc_function_count; i++)
            listed = listed || odbc_functions[i].id == id;
        if (id == SQL_API_ODBC3_ALL_FUNCTIONS)
            continue;
        assert_int_equal(SQLGetFunctions(dbc, id, &one), SQL_SUCCESS);
        assert_int_equal(one, listed);
        assert_int_equal(SQL_FUNC_EXISTS(bits, id), listed);
        if (id < 100)
            assert_int_equal(flags[id], listed);
    }
}

/* --- attributes -------------------------------------------------------------------------------------------------------- */

static void attributes_are_kept_changed_or_refused(void **state)
{
    static const struct { SQLINTEGER attribute; SQLULEN given; const char *sqlstate; SQLULEN then; } cases[] = {
        {SQL_ATTR_QUERY_TIMEOUT, 30, "", 30},
        {SQL_ATTR_MAX_ROWS, 7, "", 7},
        {SQL_ATTR_NOSCAN, SQL_NOSCAN_ON, "", SQL_NOSCAN_ON},
        {SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC, "", SQL_CURSOR_STATIC},
        {SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_DYNAMIC, "01S02", SQL_CURSOR_STATIC},
        {SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY, "", SQL_CURSOR_FORWARD_ONLY},
        {SQL_ATTR_CONCURRENCY, SQL_CONCUR_LOCK, "01S02", SQL_CONCUR_READ_ONLY},
        {SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON, "HYC00", SQL_ASYNC_ENABLE_OFF},
        {SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE, "", SQL_UB_VARIABLE},
        {SQL_ATTR_CURSOR_SCROLLABLE, SQL_SCROLLABLE, "", SQL_SCROLLABLE},
        {SQL_ATTR_ROW_ARRAY_SIZE, 0, "HY024", 1},
        {SQL_ATTR_PARAMSET_SIZE, 2, "", 2},
        {SQL_ATTR_ENABLE_AUTO_IPD, SQL_TRUE, "", SQL_TRUE},
        {1227, 1, "HY092", 0}, /* of another driver: ADO.NET asks for them */
        {1228, 1, "HY092", 0},
    };
    struct session *session = *state;
    SQLHSTMT stmt = session->stmt;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SQLULEN value = 99;
        SQLRETURN result = SQLSetStmtAttr(stmt, cases[i].attribute, (SQLPOINTER)cases[i].given, SQL_IS_UINTEGER);
        assert_int_equal(result, !*cases[i].sqlstate ? SQL_SUCCESS : cases[i].sqlstate[0] == '0' ? SQL_SUCCESS_WITH_INFO : SQL_ERROR);
        assert_string_equal(session_state(SQL_HANDLE_STMT, stmt, 1), cases[i].sqlstate);
        if (strcmp(cases[i].sqlstate, "HY092") == 0) {
            FAILS(stmt, SQLGetStmtAttr(stmt, cases[i].attribute, &value, 0, NULL), "HY092");
            continue;
        }
        assert_int_equal(SQLGetStmtAttr(stmt, cases[i].attribute, &value, 0, NULL), SQL_SUCCESS);
        assert_int_equal(value, cases[i].then);
    }
    SQLCHAR catalog[20];
    SQLINTEGER length;
    assert_int_equal(SQLGetConnectAttr(session->dbc, SQL_ATTR_CURRENT_CATALOG, catalog, sizeof catalog, &length), SQL_SUCCESS);
    assert_string_equal((char *)catalog, "Fake");
    assert_int_equal(SQLSetConnectAttr(session->dbc, SQL_ATTR_CURRENT_CATALOG, text("fake"), SQL_NTS), SQL_SUCCESS);
    assert_int_equal(SQLSetConnectAttr(session->dbc, SQL_ATTR_CURRENT_CATALOG, text("Other"), SQL_NTS), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, session->dbc, 1), "3D000");
    assert_int_equal(SQLSetConnectAttr(session->dbc, 4711, NULL, 0), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, session->dbc, 1), "HY092");
    assert_int_equal(SQLEndTran(SQL_HANDLE_DBC, session->dbc, SQL_COMMIT), SQL_SUCCESS);
    assert_int_equal(SQLEndTran(SQL_HANDLE_ENV, session->env, SQL_ROLLBACK), SQL_SUCCESS);
    assert_int_equal(SQLEndTran(SQL_HANDLE_DBC, session->dbc, 7), SQL_ERROR);
}

static SQLULEN of_connection(SQLHDBC dbc, SQLINTEGER attribute)
{
    SQLULEN value = 0;
    assert_int_equal(SQLGetConnectAttr(dbc, attribute, &value, 0, NULL), SQL_SUCCESS);
    return value;
}

static void attributes_of_a_connection_are_kept_or_refused(void **state)
{
    static const struct { SQLINTEGER attribute; SQLULEN given; const char *sqlstate; SQLULEN then; } cases[] = {
        {SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY, "", SQL_MODE_READ_ONLY},
        {SQL_ATTR_ACCESS_MODE, 7, "HY024", SQL_MODE_READ_ONLY},
        {SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF, "", SQL_AUTOCOMMIT_OFF},
        {SQL_ATTR_AUTOCOMMIT, 7, "HY024", SQL_AUTOCOMMIT_OFF},
        {SQL_ATTR_METADATA_ID, SQL_TRUE, "", SQL_TRUE},
        {SQL_ATTR_METADATA_ID, 7, "HY024", SQL_TRUE},
        {SQL_ATTR_LOGIN_TIMEOUT, 12, "", 12},
        {SQL_ATTR_CONNECTION_TIMEOUT, 9, "01S02", 0},
        {SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE, "", SQL_TXN_SERIALIZABLE},
        {SQL_ATTR_TXN_ISOLATION, SQL_TXN_READ_COMMITTED, "01S02", SQL_TXN_SERIALIZABLE},
        {SQL_ATTR_TXN_ISOLATION, 3, "HY024", SQL_TXN_SERIALIZABLE},
        {SQL_ATTR_PACKET_SIZE, 512, "HY011", 0},
        {SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON, "HYC00", SQL_ASYNC_ENABLE_OFF},
        {SQL_ATTR_CONNECTION_DEAD, SQL_CD_TRUE, "HY092", SQL_CD_FALSE},
        {SQL_ATTR_QUIET_MODE, 4711, "", 4711},
    };
    struct session *session = *state;
    SQLHDBC dbc = session->dbc;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SQLRETURN result = SQLSetConnectAttr(dbc, cases[i].attribute, (SQLPOINTER)cases[i].given, SQL_IS_UINTEGER);
        assert_int_equal(result, !*cases[i].sqlstate ? SQL_SUCCESS : cases[i].sqlstate[0] == '0' ? SQL_SUCCESS_WITH_INFO : SQL_ERROR);
        assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), cases[i].sqlstate);
        assert_int_equal(of_connection(dbc, cases[i].attribute), cases[i].then);
    }
    /* A pool hands the connection on as if it were new, and what was left open is ended (session_close finds no service). */
    SQLHSTMT left = NULL;
    SQLHDESC descriptor = NULL;
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &left), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DESC, dbc, &descriptor), SQL_SUCCESS);
    WORKS(left, SQLExecDirect(left, text("SELECT Name FROM People"), SQL_NTS));
    WORKS(left, SQLFetch(left));
    assert_true(atomic_load(&fake_counters.scans) > 0);
    assert_int_equal(SQLSetConnectAttr(dbc, SQL_ATTR_RESET_CONNECTION, (SQLPOINTER)SQL_RESET_CONNECTION_YES, SQL_IS_UINTEGER), SQL_SUCCESS);
    assert_int_equal(of_connection(dbc, SQL_ATTR_ACCESS_MODE), SQL_MODE_READ_WRITE);
    assert_int_equal(of_connection(dbc, SQL_ATTR_AUTOCOMMIT), SQL_AUTOCOMMIT_ON);
    assert_int_equal(of_connection(dbc, SQL_ATTR_METADATA_ID), SQL_FALSE);
    assert_int_equal(of_connection(dbc, SQL_ATTR_LOGIN_TIMEOUT), 0);
    assert_int_equal(of_connection(dbc, SQL_ATTR_QUIET_MODE), 0);
    assert_int_equal(atomic_load(&fake_counters.scans), 0);
    session->stmt = NULL;
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &session->stmt), SQL_SUCCESS);
}

static void nothing_is_disconnected_while_data_is_awaited(void **state)
{
    struct session *session = *state;
    SQLLEN late = SQL_DATA_AT_EXEC;

    WORKS(session->stmt, SQLBindParameter(session->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, &late, 0, &late));
    assert_int_equal(SQLExecDirect(session->stmt, text("SELECT ?"), SQL_NTS), SQL_NEED_DATA);
    assert_int_equal(SQLDisconnect(session->dbc), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, session->dbc, 1), "HY010");
    WORKS(session->stmt, SQLCancel(session->stmt));
}

/* Also where a secret stands in what the application says: it is known from connecting. */
static void secrets_stay_out_of_the_log(void **state)
{
    char folder[] = "/tmp/restodbc-log-XXXXXX", path[100], string[300], log[4000] = "";
    SQLHDBC dbc = ((struct session *)*state)->dbc;
    SQLHSTMT stmt;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/log", folder);
    snprintf(string, sizeof string, "Provider=Fake;PWD=hunter2-hunter2;Verbosity=5;Logfile=%s", path);
    assert_int_equal(connect_with(dbc, string, NULL, 0, NULL), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), SQL_SUCCESS);
    WORKS(stmt, SQLExecDirect(stmt, text("SELECT 'hunter2-hunter2' AS Said"), SQL_NTS));
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(log, 1, sizeof log - 1, file) > 0);
    fclose(file);
    remove_file(folder, "log");
    rmdir(folder);
    assert_non_null(strstr(log, "AS Said"));
    assert_null(strstr(log, "hunter2"));
}

static void escapes_are_translated(void **state)
{
    struct session *session = *state;
    SQLCHAR native[100], small[5];
    SQLINTEGER length;

    assert_int_equal(SQLNativeSql(session->dbc, text("SELECT {fn UCASE('a')}"), SQL_NTS, native, sizeof native, &length), SQL_SUCCESS);
    assert_null(strchr((char *)native, '{'));
    assert_int_equal(length, strlen((char *)native));
    assert_int_equal(SQLNativeSql(session->dbc, text("SELECT 1"), SQL_NTS, small, sizeof small, &length), SQL_SUCCESS_WITH_INFO);
    assert_int_equal(length, 8);
    assert_string_equal((char *)small, "SELE");
    assert_int_equal(SQLNativeSql(session->dbc, text("SELECT {fn"), SQL_NTS, native, sizeof native, &length), SQL_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_completed_string_keeps_foreign_secrets, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_told_and_leaves_the_handle_usable, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(unknown_names_are_warnings, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(the_login_timeout_ends_a_connect, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(sections_are_read, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(every_information_type_is_answered_alike_in_both_forms, session_open, session_close),
        cmocka_unit_test_setup_teardown(information_is_cut_honestly, session_open, session_close),
        cmocka_unit_test_setup_teardown(functions_are_told_as_the_front_end_knows_them, session_open, session_close),
        cmocka_unit_test_setup_teardown(functions_are_listed_in_all_three_ways, session_open, session_close),
        cmocka_unit_test_setup_teardown(attributes_are_kept_changed_or_refused, session_open, session_close),
        cmocka_unit_test_setup_teardown(attributes_of_a_connection_are_kept_or_refused, session_open, session_close),
        cmocka_unit_test_setup_teardown(nothing_is_disconnected_while_data_is_awaited, session_open, session_close),
        cmocka_unit_test_setup_teardown(secrets_stay_out_of_the_log, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(escapes_are_translated, session_open, session_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
