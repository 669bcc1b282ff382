/* Proves SQLBrowseConnect: what each step asks for, what it takes, how it ends. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_service.h"

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
    SQLDisconnect(session->dbc); /* the browsing that a test left off */
    bool closed = SQLFreeHandle(SQL_HANDLE_DBC, session->dbc) == SQL_SUCCESS && SQLFreeHandle(SQL_HANDLE_ENV, session->env) == SQL_SUCCESS;
    free(session);
    return closed && atomic_load(&fake_counters.services) == 0 ? 0 : -1;
}

static SQLCHAR answer[1024];

static SQLRETURN browse(SQLHDBC dbc, const char *string)
{
    SQLSMALLINT length = -1;

    answer[0] = '\0';
    SQLRETURN result = SQLBrowseConnect(dbc, text(string), SQL_NTS, answer, sizeof answer, &length);
    if (SQL_SUCCEEDED(result) || result == SQL_NEED_DATA)
        assert_int_equal(length, strlen((char *)answer));
    return result;
}

static bool asks(const char *what)
{
    return strstr((const char *)answer, what) != NULL;
}

static void each_step_asks_for_what_is_needed_next(void **state)
{
    SQLHDBC dbc = ((struct session *)*state)->dbc;

    assert_int_equal(browse(dbc, "Driver=restodbc"), SQL_NEED_DATA);
    assert_string_equal((char *)answer, "Provider:Provider={Fake,Other};*Location:Location=?;");
    assert_int_equal(browse(dbc, "Provider=Fake"), SQL_NEED_DATA);
    assert_true(asks("OAuthAccessToken:OAuthAccessToken=?;") && answer[0] == 'O');
    assert_true(asks("*AuthScheme:AuthScheme={OAuth,Bearer,None};"));
    assert_true(asks("*InitiateOAuth:InitiateOAuth={OFF,REFRESH,GETANDREFRESH};"));
    assert_true(asks("*User:User=?;"));
    assert_false(asks("Provider"));
    assert_int_equal(browse(dbc, "UID=me;AuthScheme=OAuth"), SQL_NEED_DATA);
    assert_false(asks("User:") || asks("AuthScheme:")); /* what is told is not asked again */
    assert_int_equal(browse(dbc, "InitiateOAuth=GETANDREFRESH"), SQL_NEED_DATA);
    assert_true(asks("OAuthClientId:OAuthClientId=?;*OAuthClientSecret:OAuthClientSecret=?;"));
    assert_int_equal(browse(dbc, "OAuthClientId=app;OAuthClientSecret=s3"), SQL_SUCCESS);
    assert_true(asks("Provider=Fake") && asks("OAuthClientId=app"));
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
}

static void a_whole_string_connects_at_once(void **state)
{
    static const char *const strings[] = {"Provider=Fake;AuthScheme=None", "Provider=Fake;OAuthAccessToken=t"};
    SQLHDBC dbc = ((struct session *)*state)->dbc;

    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        SQLHSTMT stmt;
        assert_int_equal(browse(dbc, strings[i]), SQL_SUCCESS);
        assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), SQL_SUCCESS);
        assert_int_equal(browse(dbc, strings[i]), SQL_ERROR);
        assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "08002");
        assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
    }
}

static void where_there_is_no_token_user_and_password_are_asked_for(void **state)
{
    SQLHDBC dbc = ((struct session *)*state)->dbc;

    assert_int_equal(browse(dbc, "Provider=Fake;AuthScheme=Digest"), SQL_NEED_DATA);
    assert_string_equal((char *)answer, "User:User=?;Password:Password=?;*URL:URL=?;");
    assert_int_equal(browse(dbc, "User=anna"), SQL_NEED_DATA);
    assert_string_equal((char *)answer, "Password:Password=?;*URL:URL=?;");
    assert_int_equal(browse(dbc, "PWD={p;w}"), SQL_SUCCESS);
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
    assert_int_equal(browse(dbc, "Provider=Fake;AuthScheme=Negotiate"), SQL_SUCCESS); /* Kerberos knows who it is */
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS);
}

static void a_failure_ends_the_browsing(void **state)
{
    SQLHDBC dbc = ((struct session *)*state)->dbc;

    assert_int_equal(browse(dbc, "Provider=Nobody"), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "HY000");
    assert_int_equal(browse(dbc, "Provider=Fake"), SQL_NEED_DATA); /* nothing of the former is left */
    assert_int_equal(browse(dbc, "OAuthAccessToken=t;URL=refuse"), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "08001");
    assert_int_equal(browse(dbc, "OAuthAccessToken=t"), SQL_NEED_DATA);
    assert_true(asks("Provider:Provider="));
    assert_int_equal(SQLDisconnect(dbc), SQL_SUCCESS); /* gives it up */
    assert_int_equal(SQLDisconnect(dbc), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "08003");
}

static void browsing_is_not_mixed_and_warns(void **state)
{
    SQLHDBC dbc = ((struct session *)*state)->dbc;
    SQLCHAR small[12];
    SQLSMALLINT length;
    SQLHSTMT stmt;

    assert_int_equal(SQLBrowseConnect(dbc, text("Nonsense=1"), SQL_NTS, small, sizeof small, &length), SQL_NEED_DATA);
    assert_string_equal((char *)small, "Provider:Pr");
    assert_true(length > 12);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "01S00");
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 2), "01004");
    assert_int_equal(SQLDriverConnect(dbc, NULL, text("Provider=Fake"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "08002");
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), SQL_ERROR);
    assert_string_equal(session_state(SQL_HANDLE_DBC, dbc, 1), "08003");
}

static void wide_texts_are_browsed_too(void **state)
{
    static SQLWCHAR string[] = {'P', 'r', 'o', 'v', 'i', 'd', 'e', 'r', '=', 'F', 'a', 'k', 'e', 0};
    static const SQLWCHAR expected[] = {'O', 'A', 'u', 't', 'h', 'A'};
    SQLHDBC dbc = ((struct session *)*state)->dbc;
    SQLWCHAR wide[300];
    SQLSMALLINT length;

    assert_int_equal(SQLBrowseConnectW(dbc, string, SQL_NTS, wide, 300, &length), SQL_NEED_DATA);
    assert_memory_equal(wide, expected, sizeof expected);
    assert_int_equal(wide[length], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_step_asks_for_what_is_needed_next, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(a_whole_string_connects_at_once, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(where_there_is_no_token_user_and_password_are_asked_for, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(a_failure_ends_the_browsing, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(browsing_is_not_mixed_and_warns, dbc_open, dbc_close),
        cmocka_unit_test_setup_teardown(wide_texts_are_browsed_too, dbc_open, dbc_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
