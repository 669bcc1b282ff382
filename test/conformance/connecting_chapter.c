/* Connecting: SQLConnect, SQLDriverConnect, SQLBrowseConnect, SQLDisconnect. RESTODBC_TEST_STRING has a whole connection string for the
 * sandbox; the data source "tokenless" lacks the token, which RESTODBC_TEST_TOKEN has, and "bare" the provider too. */
#include "chapter.h"

#include <stdio.h>
#include <stdlib.h>

static SQLHDBC dbc_of(struct session *session)
{
    return new_connection(session->env);
}

static void gone(SQLHDBC dbc)
{
    SQLDisconnect(dbc);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
}

/* --- connection strings that fail ------------------------------------------------------------------------------------- */

struct bad_string {
    const char *rule, *string, *state;
    SQLUSMALLINT completion;
};

static const struct bad_string bad_strings[] = {
    {"SQLDriverConnect: a data source that does not exist is IM002", "DSN=nosuchsource", "IM002", SQL_DRIVER_NOPROMPT},
    {"SQLDriverConnect: a driver that does not exist is IM002 or 01000 of the manager", "Driver=NoSuchDriver", "01000", SQL_DRIVER_NOPROMPT},
    {"SQLDriverConnect: a provider that does not exist is HY000", "Driver=RestODBC;Provider=Nobody", "HY000", SQL_DRIVER_NOPROMPT},
    {"SQLDriverConnect: a number out of its bounds is HY000", "DSN=sandbox;Verbosity=9", "HY000", SQL_DRIVER_NOPROMPT},
    {"SQLDriverConnect: a word in place of a number is HY000", "DSN=sandbox;Timeout=soon", "HY000", SQL_DRIVER_NOPROMPT},
    {"SQLDriverConnect: a choice that is none of the allowed ones is HY000", "DSN=sandbox;InitiateOAuth=MAYBE", "HY000", SQL_DRIVER_NOPROMPT},
    {"SQLDriverConnect: a Boolean that is neither true nor false is HY000", "DSN=sandbox;ConnectOnOpen=perhaps", "HY000", SQL_DRIVER_NOPROMPT},
    {"SQLDriverConnect: a service that can not be reached is 08001", "DSN=sandbox;URL=http://127.0.0.1:1/;ConnectOnOpen=true;RetryMax=0", "08001", SQL_DRIVER_NOPROMPT},
    {"SQLDriverConnect: a completion that does not exist is HY110", "DSN=sandbox", "HY110", 77},
};

static void bad_string(struct session *session, const void *row)
{
    const struct bad_string *bad = row;
    SQLHDBC dbc = dbc_of(session);
    DBC_FAILS(dbc, SQLDriverConnect(dbc, NULL, text(bad->string), SQL_NTS, NULL, 0, NULL, bad->completion), bad->state);
    /* and the handle is good for another try */
    assert_true(SQL_SUCCEEDED(SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0)));
    gone(dbc);
}

/* --- connection strings that work -------------------------------------------------------------------------------------- */

struct good_string {
    const char *rule, *string, *state;
};

static const struct good_string good_strings[] = {
    {"SQLDriverConnect: keywords are not case-sensitive", "dSn=sandbox;pageSIZE=50", ""},
    {"SQLDriverConnect: a value in braces may hold any character", "DSN=sandbox;UserAgent={a;b=c}", ""},
    {"SQLDriverConnect: }} in braces stands for }", "DSN=sandbox;UserAgent={a}}b}", ""},
    {"SQLDriverConnect: the first of two equal keywords counts", "DSN=sandbox;Verbosity=1;Verbosity=9", ""},
    {"SQLDriverConnect: empty pairs are skipped", "DSN=sandbox;;", ""},
    {"SQLDriverConnect: spaces around keywords and values do not count", "DSN=sandbox; Pagesize = 50 ", ""},
    {"SQLDriverConnect: UID and PWD stand for User and Password", "DSN=sandbox;UID=me;PWD=x", ""},
    {"SQLDriverConnect: an empty value leaves the default", "DSN=sandbox;Timeout=", ""},
    {"SQLDriverConnect: an unknown keyword is the warning 01S00", "DSN=sandbox;Frobnicate=1", "01S00"},
};

static void good_string(struct session *session, const void *row)
{
    const struct good_string *good = row;
    SQLHDBC dbc = dbc_of(session);
    ON(SQL_HANDLE_DBC, dbc, SQLDriverConnect(dbc, NULL, text(good->string), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT),
       *good->state ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS, good->state);
    gone(dbc);
}

struct completion {
    const char *rule;
    SQLUSMALLINT completion;
};

static const struct completion completions[] = {
    {"SQLDriverConnect: SQL_DRIVER_NOPROMPT connects", SQL_DRIVER_NOPROMPT},
    {"SQLDriverConnect: SQL_DRIVER_COMPLETE with all there connects without a dialog", SQL_DRIVER_COMPLETE},
    {"SQLDriverConnect: SQL_DRIVER_COMPLETE_REQUIRED with all there connects without a dialog", SQL_DRIVER_COMPLETE_REQUIRED},
};

static void completes(struct session *session, const void *row)
{
    SQLHDBC dbc = dbc_of(session);
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, text("DSN=sandbox"), SQL_NTS, NULL, 0, NULL, ((const struct completion *)row)->completion));
    gone(dbc);
}

/* --- rules of their own ------------------------------------------------------------------------------------------------ */

static void tells_the_completed_string(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    SQLCHAR out[4096] = "";
    SQLSMALLINT length = 0;
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, text("DSN=sandbox;Pagesize=50"), SQL_NTS, out, sizeof out, &length, SQL_DRIVER_NOPROMPT));
    assert_int_equal(length, strlen((char *)out));
    assert_non_null(strstr((char *)out, "DSN=sandbox"));
    assert_non_null(strstr((char *)out, "Pagesize=50"));
    gone(dbc);
}

static void the_completed_string_connects(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    SQLCHAR out[4096] = "";
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, text("DSN=sandbox;UserAgent={x;}}y}"), SQL_NTS, out, sizeof out, NULL, SQL_DRIVER_NOPROMPT));
    DBC_OK(dbc, SQLDisconnect(dbc));
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, out, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    gone(dbc);
}

static void saves_a_file_once(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    char given[400], name[200];
    SQLCHAR out[4096] = "";
    snprintf(name, sizeof name, "%s/saved.dsn", getenv("HOME"));
    snprintf(given, sizeof given, "DSN=sandbox;Pagesize=50;SAVEFILE=%s", name);
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, text(given), SQL_NTS, out, sizeof out, NULL, SQL_DRIVER_NOPROMPT));
    const char *first = strstr((char *)out, "SAVEFILE=");
    assert_true(!first || !strstr(first + 1, "SAVEFILE="));
    DBC_OK(dbc, SQLDisconnect(dbc));
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    assert_true(fread(given, 1, sizeof given, file) > 0);
    fclose(file);
    snprintf(given, sizeof given, "FILEDSN=%s;DSN=sandbox", name);
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, text(given), SQL_NTS, out, sizeof out, NULL, SQL_DRIVER_NOPROMPT));
    assert_non_null(strstr((char *)out, "Pagesize=50"));
    remove(name);
    gone(dbc);
}

static void secrets_of_the_source_stay_there(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    SQLCHAR out[4096] = "";
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, text("DSN=sandbox"), SQL_NTS, out, sizeof out, NULL, SQL_DRIVER_NOPROMPT));
    assert_null(strstr((char *)out, "OAuthClientSecret"));
    assert_null(strstr((char *)out, "OAuthAccessToken="));
    gone(dbc);
}

static void a_short_buffer_is_told(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    SQLCHAR out[10];
    SQLSMALLINT length = 0;
    memset(out, 'Z', sizeof out);
    DBC_WARNS(dbc, SQLDriverConnect(dbc, NULL, text("DSN=sandbox"), SQL_NTS, out, 5, &length, SQL_DRIVER_NOPROMPT), "01004");
    assert_string_equal((char *)out, "DSN=");
    assert_int_equal(out[5], 'Z');
    assert_true(length >= 11);
    gone(dbc);
}

static void without_a_dsn(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    SQLCHAR name[40] = "x";
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, text(getenv("RESTODBC_TEST_STRING")), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    DBC_OK(dbc, SQLGetInfo(dbc, SQL_DATA_SOURCE_NAME, name, sizeof name, NULL));
    assert_string_equal((char *)name, "");
    gone(dbc);
}

static void a_length_in_place_of_nul(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, text("DSN=sandboxes"), 11, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    gone(dbc);
}

static void source_by_name(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    SQLCHAR name[40] = "";
    DBC_OK(dbc, SQLConnect(dbc, text("sandbox"), SQL_NTS, text("me"), SQL_NTS, text("secret"), SQL_NTS));
    DBC_OK(dbc, SQLGetInfo(dbc, SQL_DATA_SOURCE_NAME, name, sizeof name, NULL));
    assert_string_equal((char *)name, "sandbox");
    gone(dbc);
}

static void name_with_a_length(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    DBC_OK(dbc, SQLConnect(dbc, text("sandboxes"), 7, NULL, 0, NULL, 0));
    gone(dbc);
}

static void no_such_source(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    DBC_FAILS(dbc, SQLConnect(dbc, text("nosuchsource"), SQL_NTS, NULL, 0, NULL, 0), "IM002");
    gone(dbc);
}

static void twice(struct session *session)
{
    DBC_FAILS(session->dbc, SQLConnect(session->dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0), "08002");
    DBC_FAILS(session->dbc, SQLDriverConnect(session->dbc, NULL, text("DSN=sandbox"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), "08002");
}

static void negative_lengths(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    DBC_FAILS(dbc, SQLConnect(dbc, text("sandbox"), -5, NULL, 0, NULL, 0), "HY090");
    DBC_FAILS(dbc, SQLConnect(dbc, text("sandbox"), SQL_NTS, text("me"), -7, NULL, 0), "HY090");
    gone(dbc);
}

static void disconnecting_what_is_closed(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    DBC_FAILS(dbc, SQLDisconnect(dbc), "08003");
    gone(dbc);
}

static void again_and_again(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    for (int i = 0; i < 5; i++) {
        DBC_OK(dbc, SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0));
        DBC_OK(dbc, SQLDisconnect(dbc));
    }
    gone(dbc);
}

static void not_while_data_is_awaited(struct session *session)
{
    SQLLEN late = SQL_DATA_AT_EXEC;
    SQLHDBC dbc = dbc_of(session);
    SQLHSTMT stmt = NULL;
    DBC_OK(dbc, SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0));
    DBC_OK(dbc, SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt));
    assert_int_equal(SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, &late, 0, &late), SQL_SUCCESS);
    assert_int_equal(SQLExecDirect(stmt, text("SELECT ?"), SQL_NTS), SQL_NEED_DATA);
    DBC_FAILS(dbc, SQLDisconnect(dbc), "HY010");
    assert_int_equal(SQLCancel(stmt), SQL_SUCCESS);
    DBC_OK(dbc, SQLDisconnect(dbc));
    gone(dbc);
}

static void closed_connections_answer_nothing(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    SQLCHAR out[40];
    SQLUSMALLINT supported;
    SQLINTEGER length;
    DBC_FAILS(dbc, SQLGetInfo(dbc, SQL_DBMS_NAME, out, sizeof out, NULL), "08003");
    DBC_FAILS(dbc, SQLNativeSql(dbc, text("SELECT 1"), SQL_NTS, out, sizeof out, &length), "08003");
    (void)supported;
    DBC_FAILS(dbc, SQLEndTran(SQL_HANDLE_DBC, dbc, SQL_COMMIT), "08003");
    gone(dbc);
}

static void end_of_transactions(struct session *session)
{
    DBC_OK(session->dbc, SQLEndTran(SQL_HANDLE_DBC, session->dbc, SQL_COMMIT));
    DBC_OK(session->dbc, SQLEndTran(SQL_HANDLE_DBC, session->dbc, SQL_ROLLBACK));
    ENV_OK(session->env, SQLEndTran(SQL_HANDLE_ENV, session->env, SQL_COMMIT));
}

static void no_such_end(struct session *session)
{
    DBC_FAILS(session->dbc, SQLEndTran(SQL_HANDLE_DBC, session->dbc, 77), "HY012");
}

static void cursors_survive_a_commit(struct session *session)
{
    first_row(session, "SELECT Id FROM Users");
    DBC_OK(session->dbc, SQLEndTran(SQL_HANDLE_DBC, session->dbc, SQL_COMMIT));
    OK(session, SQLFetch(session->stmt));
}

static SQLCHAR asked[4096]; /* what SQLBrowseConnect asks for, or the completed string */

/* One step, which must give `wanted` and tell the length of its answer. */
static void browse(SQLHDBC dbc, const char *string, SQLRETURN wanted)
{
    SQLSMALLINT length = -1;
    asked[0] = '\0';
    ON(SQL_HANDLE_DBC, dbc, SQLBrowseConnect(dbc, text(string), SQL_NTS, asked, sizeof asked, &length), wanted, "");
    assert_int_equal(length, strlen((char *)asked));
}

static bool asks(const char *what)
{
    return strstr((const char *)asked, what) != NULL;
}

static const char *with_token(void)
{
    static char string[600];
    snprintf(string, sizeof string, "OAuthAccessToken=%s", getenv("RESTODBC_TEST_TOKEN"));
    return string;
}

static void answers_a_query(SQLHDBC dbc)
{
    SQLHSTMT stmt = NULL;
    DBC_OK(dbc, SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt));
    ON(SQL_HANDLE_STMT, stmt, SQLExecDirect(stmt, text("SELECT Id FROM Users"), SQL_NTS), SQL_SUCCESS, "");
    ON(SQL_HANDLE_STMT, stmt, SQLFetch(stmt), SQL_SUCCESS, "");
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
}

static void browses(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    browse(dbc, "DSN=sandbox", SQL_SUCCESS);
    assert_true(asks("DSN=sandbox"));
    answers_a_query(dbc);
    gone(dbc);
}

static void browses_in_steps(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    browse(dbc, "DSN=bare", SQL_NEED_DATA); /* unixODBC 2.3.11 reads what it has not written when Driver= begins */
    assert_true(asks("Provider:Provider={") && asks("TSheets"));
    assert_false(asks("*Provider:") || asks("Location:"));
    browse(dbc, "Provider=TSheets", SQL_NEED_DATA);
    assert_true(asks("OAuthAccessToken:OAuthAccessToken=?;") && asks("*InitiateOAuth:InitiateOAuth={OFF,REFRESH,GETANDREFRESH};"));
    assert_false(asks("Provider:"));
    browse(dbc, with_token(), SQL_SUCCESS);
    assert_true(asks("Provider=TSheets") && asks(with_token()));
    gone(dbc);
}

static void browses_a_source(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    browse(dbc, "DSN=tokenless", SQL_NEED_DATA);
    assert_true(asks("OAuthAccessToken:OAuthAccessToken=?;"));
    assert_false(asks("Provider:") || asks("*InitiateOAuth:")); /* the data source tells them */
    browse(dbc, with_token(), SQL_SUCCESS);
    answers_a_query(dbc);
    gone(dbc);
}

static void browsed_string_connects(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    browse(dbc, "DSN=tokenless", SQL_NEED_DATA);
    browse(dbc, with_token(), SQL_SUCCESS);
    DBC_OK(dbc, SQLDisconnect(dbc));
    DBC_OK(dbc, SQLDriverConnect(dbc, NULL, asked, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    answers_a_query(dbc);
    gone(dbc);
}

static void browses_in_wide(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    SQLWCHAR out[2048];
    SQLSMALLINT length = -1;
    static const char question[] = "OAuthAccessToken:OAuthAccessToken=?;";
    ON(SQL_HANDLE_DBC, dbc, SQLBrowseConnectW(dbc, wide("DSN=tokenless"), 13, out, 2048, &length), SQL_NEED_DATA, "");
    assert_true(length > 0 && out[length] == 0);
    assert_memory_equal(out, wide(question), (sizeof question - 1) * sizeof *out);
    ON(SQL_HANDLE_DBC, dbc, SQLBrowseConnectW(dbc, wide(with_token()), SQL_NTS, out, 2048, &length), SQL_SUCCESS, "");
    assert_memory_equal(out, wide("DSN=tokenless"), 13 * sizeof *out);
    gone(dbc);
}

static void browsing_asks_again(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    browse(dbc, "DSN=tokenless", SQL_NEED_DATA);
    browse(dbc, "User=me", SQL_NEED_DATA);
    assert_true(asks("OAuthAccessToken:OAuthAccessToken=?;"));
    assert_false(asks("User:"));
    browse(dbc, with_token(), SQL_SUCCESS);
    gone(dbc);
}

static void a_short_question_is_told(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    SQLCHAR out[12];
    SQLSMALLINT length = 0;
    memset(out, 'Z', sizeof out);
    ON(SQL_HANDLE_DBC, dbc, SQLBrowseConnect(dbc, text("DSN=tokenless"), SQL_NTS, out, 6, &length), SQL_NEED_DATA, "01004");
    assert_string_equal((char *)out, "OAuth");
    assert_int_equal(out[6], 'Z');
    assert_true(length > 36);
    browse(dbc, with_token(), SQL_SUCCESS);
    gone(dbc);
}

static void browsing_given_up(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    browse(dbc, "DSN=tokenless", SQL_NEED_DATA);
    DBC_OK(dbc, SQLDisconnect(dbc));
    DBC_FAILS(dbc, SQLDisconnect(dbc), "08003");
    DBC_OK(dbc, SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0));
    gone(dbc);
}

static void browsing_is_not_mixed(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    SQLHSTMT stmt = NULL;
    browse(dbc, "DSN=tokenless", SQL_NEED_DATA);
    DBC_FAILS(dbc, SQLConnect(dbc, text("sandbox"), SQL_NTS, NULL, 0, NULL, 0), "08002");
    DBC_FAILS(dbc, SQLDriverConnect(dbc, NULL, text("DSN=sandbox"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), "08002");
    DBC_FAILS(dbc, SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), "08003");
    browse(dbc, with_token(), SQL_SUCCESS);
    DBC_FAILS(dbc, SQLBrowseConnect(dbc, text("DSN=sandbox"), SQL_NTS, asked, sizeof asked, NULL), "08002");
    gone(dbc);
}

static void failed_browsing_begins_anew(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    browse(dbc, "DSN=tokenless", SQL_NEED_DATA);
    DBC_FAILS(dbc, SQLBrowseConnect(dbc, text("Verbosity=9"), SQL_NTS, asked, sizeof asked, NULL), "HY000");
    browse(dbc, "DSN=bare", SQL_NEED_DATA); /* nothing of the former is left */
    assert_true(asks("Provider:Provider="));
    DBC_OK(dbc, SQLDisconnect(dbc));
    browse(dbc, "DSN=sandbox", SQL_SUCCESS);
    gone(dbc);
}

static void browsing_the_unknown(struct session *session)
{
    SQLHDBC dbc = dbc_of(session);
    DBC_FAILS(dbc, SQLBrowseConnect(dbc, text("DSN=nosuchsource"), SQL_NTS, asked, sizeof asked, NULL), "IM002");
    DBC_FAILS(dbc, SQLBrowseConnect(dbc, text("DSN=sandbox"), -7, asked, sizeof asked, NULL), "HY090");
    gone(dbc);
}

static const struct rule rules[] = {
    {"SQLBrowseConnect: with all there connects and gives back the completed string", browses},
    {"SQLBrowseConnect: asks step by step for what is needed, with its choices; what may be left out has a star", browses_in_steps},
    {"SQLBrowseConnect: does not ask for what the data source tells", browses_a_source},
    {"SQLBrowseConnect: asks again for what is needed and was not told, and not for what was", browsing_asks_again},
    {"SQLBrowseConnect: the completed string connects by SQLDriverConnect", browsed_string_connects},
    {"SQLBrowseConnect: the wide form asks and completes likewise", browses_in_wide},
    {"SQLBrowseConnect: a buffer too short for the question is 01004 with SQL_NEED_DATA, and the browsing goes on", a_short_question_is_told},
    {"SQLBrowseConnect: SQLDisconnect gives the browsing up", browsing_given_up},
    {"SQLBrowseConnect: until it is through, other ways to connect are 08002 and statements 08003; after it, browsing is 08002", browsing_is_not_mixed},
    {"SQLBrowseConnect: an error ends the browsing; the next begins anew", failed_browsing_begins_anew},
    {"SQLBrowseConnect: a data source that does not exist is IM002, a negative length HY090", browsing_the_unknown},
    {"SQLDriverConnect: gives back the completed string and its length", tells_the_completed_string},
    {"SQLDriverConnect: the completed string connects again", the_completed_string_connects},
    {"SQLDriverConnect: SAVEFILE writes a file that FILEDSN reads; the completed string does not ask for it twice", saves_a_file_once},
    {"SQLDriverConnect: the completed string has no secret that the caller did not give", secrets_of_the_source_stay_there},
    {"SQLDriverConnect: a buffer too short for the completed string is 01004, cut and terminated, with the whole length", a_short_buffer_is_told},
    {"SQLDriverConnect: a string without a DSN connects", without_a_dsn},
    {"SQLDriverConnect: a length ends the string before its NUL", a_length_in_place_of_nul},
    {"SQLConnect: takes a data source by its name, with a user and a password", source_by_name},
    {"SQLConnect: a length ends the name before its NUL", name_with_a_length},
    {"SQLConnect: a data source that does not exist is IM002", no_such_source},
    {"SQLConnect: a handle that is connected is 08002", twice},
    {"SQLConnect: a negative length is HY090", negative_lengths},
    {"SQLConnect: a handle connects again after SQLDisconnect", again_and_again},
    {"SQLDisconnect: a handle that is not connected is 08003", disconnecting_what_is_closed},
    {"SQLDisconnect: while parameter data is awaited it is HY010", not_while_data_is_awaited},
    {"SQLGetInfo: on a closed connection is 08003", closed_connections_answer_nothing},
    {"SQLEndTran: succeeds in autocommit mode for a connection and an environment", end_of_transactions},
    {"SQLEndTran: a completion that is neither commit nor rollback is HY012", no_such_end},
    {"SQLEndTran: cursors stay open as SQL_CURSOR_COMMIT_BEHAVIOR says", cursors_survive_a_commit},
};

int main(void)
{
    EACH(bad_string, bad_strings);
    EACH(good_string, good_strings);
    EACH(completes, completions);
    RULES(rules);
    return chapter_run("connecting");
}
