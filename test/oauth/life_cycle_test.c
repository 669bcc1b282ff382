/* Proves the life of a credential against an authorization server: every way to connect, renewal by time and by refusal, rotation
 * among processes, and that nothing that went wrong costs the saved sign-in. Run with --browse it plays the user's browser. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "oauth/credential.h"
#include "oauth/state.h"
#include "test/oauth/connection.h"

static char program[4096];

/* A first connection with given tokens, which saves them. */
static void save_first(const char *access, int serial)
{
    struct connection connection;
    char settings[1024];
    atomic_store(&authority.shared->serial, serial);
    snprintf(settings, sizeof settings, "%sOAuthAccessToken=%s;OAuthRefreshToken=refresh-%d;OAuthExpiresIn=3600;", REFRESH, access, serial);
    connection_open(&connection, settings);
    assert_true(connection_connect(&connection));
    connection_close(&connection);
}

static size_t read_settings(char *out, size_t room)
{
    char path[256];
    snprintf(path, sizeof path, "%s/OAuthSettings.txt", folder);
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(out, 1, room - 1, file) : 0;
    out[length] = '\0';
    if (file)
        fclose(file);
    return length;
}

static void a_token_alone_connects(void **state)
{
    static const char *const settings[] = {"OAuthAccessToken=access-5;", "OAuthAccessToken=access-5;InitiateOAuth=OFF;",
                                           "OAuthAccessToken=access-5;AuthScheme=Bearer;"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct connection connection;
        atomic_store(&authority.shared->serial, 5);
        connection_open(&connection, settings[i]);
        assert_true(connection_connect(&connection));
        assert_int_equal(connection_call(&connection), 200);
        atomic_store(&authority.shared->serial, 6); /* revoked: nothing is renewed without leave */
        assert_int_equal(connection_call(&connection), 0);
        assert_string_equal(connection.err.sqlstate, "28000");
        assert_null(strstr(connection.err.message, "access-5"));
        connection_close(&connection);
    }
    assert_int_equal(atomic_load(&authority.shared->refreshes), 0);
}

static void without_a_token_signing_says_how_to_get_one(void **state)
{
    struct connection connection;
    (void)state;
    connection_open(&connection, CLIENT);
    assert_true(connection_connect(&connection)); /* the procedures must be callable */
    assert_int_equal(connection_call(&connection), 0);
    assert_string_equal(connection.err.sqlstate, "28000");
    assert_non_null(strstr(connection.err.message, "InitiateOAuth=GETANDREFRESH"));
    connection_close(&connection);
}

static void missing_properties_are_named(void **state)
{
    static const struct {
        const char *settings, *named;
    } cases[] = {
        {"InitiateOAuth=REFRESH;", "OAuthClientId"},
        {"InitiateOAuth=GETANDREFRESH;", "OAuthClientId"},
        {"AuthScheme=Bearer;", "OAuthAccessToken"},
        {"InitiateOAuth=REFRESH;OAuthClientId=x;OAuthAccessTokenURL=http://far.example/token;", "OAuthAccessTokenURL"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct connection connection;
        connection_open(&connection, cases[i].settings);
        assert_null(connection.credential);
        assert_non_null(strstr(connection.err.message, cases[i].named));
        connection_close(&connection);
    }
}

static void the_credential_goes_to_its_own_service_only(void **state)
{
    struct connection connection;
    char elsewhere[128];
    (void)state;
    profile.service_url = authority.url;
    snprintf(elsewhere, sizeof elsewhere, "http://localhost:%d/api", authority.port);
    atomic_store(&authority.shared->serial, 5);
    connection_open(&connection, "OAuthAccessToken=access-5;");
    assert_int_equal(connection_call(&connection), 200);
    assert_int_equal(connection_call_at(&connection, elsewhere), 0);
    assert_non_null(strstr(connection.err.message, "not sent"));
    assert_int_equal(atomic_load(&authority.shared->api_calls), 1);
    connection_close(&connection);
    profile.service_url = NULL;
}

static void given_tokens_persist_and_stay_fresh(void **state)
{
    struct connection connection;
    (void)state;
    save_first("access-1", 1);
    connection_open(&connection, REFRESH); /* later connections need no token */
    assert_true(connection_connect(&connection));
    assert_int_equal(connection_call(&connection), 200);
    assert_int_equal(atomic_load(&authority.shared->refreshes), 0);

    atomic_store(&authority.shared->lifetime, 7200);
    atomic_store(&authority.shared->silent_refresh, 0);
    connection_close(&connection);

    save_first("access-old", 2); /* newly given tokens win over the file */
    connection_open(&connection, REFRESH);
    assert_true(connection_connect(&connection));
    assert_int_equal(connection_call(&connection), 200); /* refused with 401, renewed once, sent again */
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
    assert_non_null(strstr(authority.shared->last_form, "refresh_token=refresh-2"));
    assert_non_null(strstr(authority.shared->last_form, "client_secret=s3cr3t%2Fwith%2Bodd%20chars%26%3D"));
    connection_close(&connection);

    save_first("access-old", 5); /* the same tokens, left over in the DSN: the file's are newer */
    atomic_store(&authority.shared->serial, 5);
    connection_open(&connection, REFRESH "OAuthAccessToken=access-old;OAuthRefreshToken=refresh-5;OAuthExpiresIn=3600;");
    assert_true(connection_connect(&connection));
    assert_int_equal(connection_call(&connection), 200);
    assert_int_equal(atomic_load(&authority.shared->serial), 6);
    connection_close(&connection);
    connection_open(&connection, REFRESH "OAuthAccessToken=access-old;OAuthRefreshToken=refresh-5;OAuthExpiresIn=3600;");
    assert_true(connection_connect(&connection));
    assert_int_equal(connection_call(&connection), 200);
    assert_int_equal(atomic_load(&authority.shared->serial), 6);
    connection_close(&connection);
}

static void a_refresh_token_alone_suffices(void **state)
{
    struct connection connection;
    (void)state;
    atomic_store(&authority.shared->serial, 7);
    connection_open(&connection, REFRESH "OAuthRefreshToken=refresh-7;");
    assert_true(connection_connect(&connection));
    assert_int_equal(connection_call(&connection), 200);
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
    connection_close(&connection);
}

static void short_lives_are_renewed_in_time(void **state)
{
    struct connection connection;
    struct timespec pause = {0, 250 * 1000000};
    (void)state;
    save_first("access-old", 1);
    atomic_store(&authority.shared->lifetime, 1);
    connection_open(&connection, REFRESH);
    assert_true(connection_connect(&connection));
    for (int i = 0; i < 8; i++) {
        assert_int_equal(connection_call(&connection), 200);
        nanosleep(&pause, NULL);
    }
    assert_int_equal(atomic_load(&authority.shared->refused_refreshes), 0);
    assert_true(atomic_load(&authority.shared->refreshes) >= 2);
    assert_true(atomic_load(&authority.shared->refreshes) <= 8);
    connection_close(&connection);
}

static void a_token_without_any_life_still_works(void **state)
{
    struct connection connection;
    (void)state;
    save_first("access-old", 1);
    atomic_store(&authority.shared->lifetime, 0);
    connection_open(&connection, REFRESH);
    assert_true(connection_connect(&connection));
    for (int i = 0; i < 3; i++)
        assert_int_equal(connection_call(&connection), 200);
    assert_int_equal(atomic_load(&authority.shared->refused_refreshes), 0);
    connection_close(&connection);
}

static void an_answer_without_refresh_token_keeps_the_old(void **state)
{
    struct connection connection;
    (void)state;
    save_first("access-old", 0);
    atomic_store(&authority.shared->silent_refresh, 1);
    atomic_store(&authority.shared->lifetime, 0);
    for (int i = 0; i < 3; i++) {
        connection_open(&connection, REFRESH);
        assert_true(connection_connect(&connection));
        assert_int_equal(connection_call(&connection), 200);
        connection_close(&connection);
    }
    assert_int_equal(atomic_load(&authority.shared->refused_refreshes), 0);
}

static void a_dead_refresh_token_asks_for_a_new_sign_in_and_destroys_nothing(void **state)
{
    struct connection connection;
    char before[8192], after[8192];
    (void)state;
    save_first("access-old", 1);
    atomic_store(&authority.shared->serial, 9); /* the server has gone on without us */
    read_settings(before, sizeof before);
    connection_open(&connection, REFRESH);
    assert_true(connection_connect(&connection));
    assert_int_equal(connection_call(&connection), 0);
    assert_string_equal(connection.err.sqlstate, "28000");
    assert_non_null(strstr(connection.err.message, "invalid_grant"));
    assert_non_null(strstr(connection.err.message, "sign in again"));
    connection_close(&connection);
    read_settings(after, sizeof after);
    assert_string_equal(before, after);
}

static void trouble_at_the_token_endpoint_passes(void **state)
{
    struct connection connection;
    (void)state;
    save_first("access-old", 1);
    connection_open(&connection, REFRESH);
    assert_true(connection_connect(&connection));
    atomic_store(&authority.shared->broken, 1);
    assert_int_equal(connection_call(&connection), 0);
    assert_string_equal(connection.err.sqlstate, "08S01");
    assert_non_null(strstr(connection.err.message, "/token"));
    assert_int_equal(connection_call(&connection), 200); /* the same handle, once the server is well again */
    connection_close(&connection);
}

/* The disk is full: files can be made, but nothing can be written into them. */
static void fill_disk(bool full)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = full ? 0 : limit.rlim_max;
    signal(SIGXFSZ, full ? SIG_IGN : SIG_DFL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void assert_nothing_was_spent(const struct connection *connection)
{
    assert_string_equal(connection->err.sqlstate, "HY000");
    assert_non_null(strstr(connection->err.message, "OAuthSettings.txt"));
    assert_int_equal(atomic_load(&authority.shared->refreshes), 0);
    assert_int_equal(atomic_load(&authority.shared->codes), 0);
}

static void what_serves_once_is_not_spent_when_its_fruit_can_not_be_saved(void **state)
{
    struct connection connection;
    struct oauth_tokens tokens;
    char before[8192], after[8192];
    (void)state;
    save_first("access-old", 1);
    read_settings(before, sizeof before);
    connection_open(&connection, GET);
    assert_true(connection_connect(&connection));
    fill_disk(true);
    int status = connection_call(&connection);
    fill_disk(false);
    assert_int_equal(status, 0);
    assert_nothing_was_spent(&connection);
    fill_disk(true);
    bool done = oauth_refresh(connection.credential, NULL, &tokens, NULL, &connection.err);
    fill_disk(false);
    assert_false(done);
    assert_nothing_was_spent(&connection);
    fill_disk(true);
    done = oauth_access_token(connection.credential, &(struct oauth_exchange){.verifier = "code"}, &tokens, NULL, &connection.err);
    fill_disk(false);
    assert_false(done);
    assert_nothing_was_spent(&connection);
    read_settings(after, sizeof after);
    assert_string_equal(before, after);
    assert_int_equal(connection_call(&connection), 200); /* the same handle, once there is room */
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
    connection_close(&connection);

    atomic_store(&authority.shared->refreshes, 0);
    connection_open(&connection, REFRESH "OAuthRefreshToken=refresh-7;");
    fill_disk(true);
    done = connection_connect(&connection);
    fill_disk(false);
    assert_false(done);
    assert_nothing_was_spent(&connection);
    connection_close(&connection);
}

static void a_token_that_is_still_good_outlives_a_failed_renewal(void **state)
{
    struct connection connection;
    char settings[1024];
    (void)state;
    atomic_store(&authority.shared->serial, 1);
    atomic_store(&authority.shared->broken, 2);
    /* 200 s left of 3600: near enough to its end to be renewed */
    snprintf(settings, sizeof settings, "%sOAuthAccessToken=access-1;OAuthRefreshToken=refresh-1;OAuthExpiresIn=3600;OAuthTokenTimestamp=%lld;",
             REFRESH, (long long)time(NULL) - 3400);
    connection_open(&connection, settings);
    assert_true(connection_connect(&connection));
    for (int i = 0; i < 3; i++)
        assert_int_equal(connection_call(&connection), 200);
    assert_int_equal(atomic_load(&authority.shared->broken), 0); /* tried at connect and at the first request, then left for a minute */
    assert_int_equal(atomic_load(&authority.shared->refreshes), 0);
    connection_close(&connection);

    snprintf(settings, sizeof settings, "%sOAuthAccessToken=access-1;OAuthRefreshToken=refresh-1;OAuthExpiresIn=3600;OAuthTokenTimestamp=%lld;",
             REFRESH, (long long)time(NULL) - 3700);
    connection_open(&connection, settings); /* the very same tokens: the file knows them */
    assert_true(connection_connect(&connection));
    assert_int_equal(connection_call(&connection), 200);
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
    connection_close(&connection);
}

static void eight_processes_renew_once(void **state)
{
    pid_t children[8];
    (void)state;
    save_first("access-old", 1);
    atomic_store(&authority.shared->delay, 200);
    for (size_t i = 0; i < 8; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct connection connection;
            connection_open(&connection, REFRESH);
            _exit(connection_connect(&connection) && connection_call(&connection) == 200 && connection_call(&connection) == 200 ? 0 : 1);
        }
    }
    for (size_t i = 0; i < 8; i++) {
        int status;
        waitpid(children[i], &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
}

static void *call_in_thread(void *context)
{
    struct connection *shared = context;
    struct connection own = {.client = shared->client, .credential = shared->credential};
    if (!http_lane_borrow(own.client, &own.lane, &own.err))
        return NULL;
    bool done = true;
    for (int i = 0; i < 5; i++)
        done = connection_call(&own) == 200 && done;
    http_lane_return(own.lane);
    return done ? context : NULL;
}

static void threads_of_one_connection_renew_once(void **state)
{
    struct connection connection;
    pthread_t threads[6];
    void *result;
    (void)state;
    save_first("access-old", 1);
    atomic_store(&authority.shared->delay, 100);
    connection_open(&connection, REFRESH);
    assert_true(connection_connect(&connection));
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_in_thread, &connection), 0);
    for (size_t i = 0; i < 6; i++) {
        pthread_join(threads[i], &result);
        assert_ptr_equal(result, &connection);
    }
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
    connection_close(&connection);
}

static void headless_option_1_needs_the_code_only(void **state)
{
    struct connection connection;
    struct buffer verifier, code;
    char answer[2048], settings[2048];
    (void)state;
    connection_open(&connection, CLIENT "InitiateOAuth=OFF;CallbackURL=https://app.example/cb;");
    assert_true(connection_connect(&connection));
    connection_sign_in_elsewhere(&connection, &(struct oauth_authorization){0}, answer, &verifier);
    connection_close(&connection);
    connection_code(answer, &code);
    snprintf(settings, sizeof settings, "%sCallbackURL=https://app.example/cb;OAuthVerifier=%s;", REFRESH, code.data);

    for (int i = 0; i < 3; i++) { /* a verifier left in the DSN does no harm */
        connection_open(&connection, settings);
        assert_true(connection_connect(&connection));
        assert_int_equal(connection_call(&connection), 200);
        connection_close(&connection);
        assert_int_equal(atomic_load(&authority.shared->codes), 1);
    }
    assert_non_null(strstr(authority.shared->last_form, "redirect_uri=https%3A%2F%2Fapp.example%2Fcb"));
    connection_open(&connection, REFRESH);
    assert_true(connection_connect(&connection));
    assert_int_equal(connection_call(&connection), 200);
    connection_close(&connection);
    buffer_clear(&verifier);
    buffer_clear(&code);
}

static void a_spent_verifier_gives_way_to_the_saved_tokens(void **state)
{
    struct connection connection;
    (void)state;
    save_first("access-1", 1);
    for (int i = 0; i < 2; i++) {
        connection_open(&connection, REFRESH "OAuthVerifier=spent-elsewhere;");
        assert_true(connection_connect(&connection));
        assert_int_equal(connection_call(&connection), 200);
        connection_close(&connection);
    }
    connection_open(&connection, CLIENT "InitiateOAuth=REFRESH;OAuthVerifier=spent;OAuthSettingsLocation=%s/none.txt;");
    assert_false(connection_connect(&connection));
    assert_string_equal(connection.err.sqlstate, "28000");
    connection_close(&connection);
}

static void desktop_login_by_browser(void **state)
{
    struct connection connection;
    char browser[5000];
    (void)state;
    snprintf(browser, sizeof browser, "%s --browse %%s", program);
    setenv("BROWSER", browser, 1);
    connection_open(&connection, GET);
    assert_true(connection_connect(&connection));
    assert_int_equal(connection_call(&connection), 200);
    assert_int_equal(atomic_load(&authority.shared->codes), 1);
    assert_non_null(strstr(authority.shared->last_form, "code_verifier="));
    connection_close(&connection);

    setenv("BROWSER", "/bin/false", 1);
    connection_open(&connection, GET); /* saved: no browser any more */
    assert_true(connection_connect(&connection));
    assert_int_equal(connection_call(&connection), 200);
    connection_close(&connection);
    connection_open(&connection, REFRESH);
    assert_true(connection_connect(&connection));
    assert_int_equal(atomic_load(&authority.shared->codes), 1);
    connection_close(&connection);

    setenv("BROWSER", browser, 1);
    atomic_store(&authority.shared->serial, 20); /* the saved refresh token is dead by the time the access token ends */
    connection_open(&connection, GET "OAuthRefreshToken=refresh-dead;");
    assert_true(connection_connect(&connection));
    assert_int_equal(atomic_load(&authority.shared->codes), 2);
    assert_int_equal(connection_call(&connection), 200);
    connection_close(&connection);
}

static void denied_consent_is_told(void **state)
{
    struct connection connection;
    char browser[5000];
    (void)state;
    snprintf(browser, sizeof browser, "%s --browse %%s", program);
    setenv("BROWSER", browser, 1);
    atomic_store(&authority.shared->deny, 1);
    connection_open(&connection, GET);
    assert_false(connection_connect(&connection));
    assert_string_equal(connection.err.sqlstate, "28000");
    assert_non_null(strstr(connection.err.message, "access_denied (not  <b>you</b>)"));
    connection_close(&connection);
}

static void without_a_browser_the_error_names_the_headless_way(void **state)
{
    struct connection connection;
    (void)state;
    setenv("BROWSER", "/bin/false:/not/there", 1);
    connection_open(&connection, GET);
    assert_false(connection_connect(&connection));
    assert_string_equal(connection.err.sqlstate, "28000");
    assert_non_null(strstr(connection.err.message, "OAuthVerifier"));
    connection_close(&connection);
}

static void refresh_never_opens_a_browser(void **state)
{
    struct connection connection;
    (void)state;
    setenv("BROWSER", "/bin/sh -c exit", 1);
    connection_open(&connection, REFRESH);
    assert_false(connection_connect(&connection));
    assert_string_equal(connection.err.sqlstate, "28000");
    assert_non_null(strstr(connection.err.message, "OAuthSettings.txt"));
    connection_close(&connection);

    save_first("access-1", 1); /* the file now holds another client's sign-in */
    connection_open(&connection, FILE_SETTINGS "InitiateOAuth=REFRESH;OAuthClientId=other;OAuthClientSecret=x;");
    assert_false(connection_connect(&connection));
    assert_non_null(strstr(connection.err.message, "OAuthClientId"));
    connection_close(&connection);
    connection_open(&connection, FILE_SETTINGS "InitiateOAuth=REFRESH;OAuthClientId=client;OAuthClientSecret=wrong;");
    assert_false(connection_connect(&connection));
    assert_string_equal(connection.err.sqlstate, "28000");
    assert_non_null(strstr(connection.err.message, "OAuthClientSecret"));
    connection_close(&connection);
}

static void no_secret_reaches_the_log(void **state)
{
    struct connection connection;
    struct log *log;
    struct oauth_tokens tokens;
    char path[256], text[65536];
    (void)state;
    snprintf(path, sizeof path, "%s/log", folder);
    atomic_store(&authority.shared->serial, 3);
    connection_open(&connection, CLIENT FILE_SETTINGS);
    credential_close(connection.credential);
    http_lane_return(connection.lane);
    http_client_close(connection.client);
    assert_true(log_open(path, LOG_CALL, &log, &connection.err));
    assert_true(http_client_open(&connection.properties, log, &connection.client, &connection.err));
    assert_true(http_lane_borrow(connection.client, &connection.lane, &connection.err));
    assert_true(credential_open(&profile, &connection.properties, connection.client, log, &connection.credential, &connection.err));
    assert_true(oauth_refresh(connection.credential, "refresh-3", &tokens, NULL, &connection.err));
    oauth_tokens_clear(&tokens);
    assert_int_equal(connection_call(&connection), 200);
    connection_close(&connection);
    log_close(log);

    FILE *file = fopen(path, "r");
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    assert_non_null(strstr(text, "/token -> 200"));
    assert_null(strstr(text, "refresh-"));
    assert_null(strstr(text, "access-"));
    assert_null(strstr(text, "s3cr3t"));
    assert_null(strstr(text, "acme")); /* whatever else such an answer holds */
}

/* A browser in one line: asks the server, goes where it is sent. */
static int browse(const char *url)
{
    char location[2048];
    if (authority_browse(url, NULL, location, NULL) != 302)
        return 1;
    int status = authority_browse(location, NULL, NULL, NULL);
    return status == 200 || status == 403 ? 0 : 1;
}

int main(int count, char **arguments)
{
    if (count == 3 && strcmp(arguments[1], "--browse") == 0)
        return browse(arguments[2]);
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return 99;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_token_alone_connects, connection_fresh),
        cmocka_unit_test_setup(without_a_token_signing_says_how_to_get_one, connection_fresh),
        cmocka_unit_test_setup(missing_properties_are_named, connection_fresh),
        cmocka_unit_test_setup(the_credential_goes_to_its_own_service_only, connection_fresh),
        cmocka_unit_test_setup(given_tokens_persist_and_stay_fresh, connection_fresh),
        cmocka_unit_test_setup(a_refresh_token_alone_suffices, connection_fresh),
        cmocka_unit_test_setup(short_lives_are_renewed_in_time, connection_fresh),
        cmocka_unit_test_setup(a_token_without_any_life_still_works, connection_fresh),
        cmocka_unit_test_setup(an_answer_without_refresh_token_keeps_the_old, connection_fresh),
        cmocka_unit_test_setup(a_dead_refresh_token_asks_for_a_new_sign_in_and_destroys_nothing, connection_fresh),
        cmocka_unit_test_setup(trouble_at_the_token_endpoint_passes, connection_fresh),
        cmocka_unit_test_setup(what_serves_once_is_not_spent_when_its_fruit_can_not_be_saved, connection_fresh),
        cmocka_unit_test_setup(a_token_that_is_still_good_outlives_a_failed_renewal, connection_fresh),
        cmocka_unit_test_setup(eight_processes_renew_once, connection_fresh),
        cmocka_unit_test_setup(threads_of_one_connection_renew_once, connection_fresh),
        cmocka_unit_test_setup(headless_option_1_needs_the_code_only, connection_fresh),
        cmocka_unit_test_setup(a_spent_verifier_gives_way_to_the_saved_tokens, connection_fresh),
        cmocka_unit_test_setup(desktop_login_by_browser, connection_fresh),
        cmocka_unit_test_setup(denied_consent_is_told, connection_fresh),
        cmocka_unit_test_setup(without_a_browser_the_error_names_the_headless_way, connection_fresh),
        cmocka_unit_test_setup(refresh_never_opens_a_browser, connection_fresh),
        cmocka_unit_test_setup(no_secret_reaches_the_log, connection_fresh),
    };
    return cmocka_run_group_tests(tests, connection_begin, connection_end);
}
