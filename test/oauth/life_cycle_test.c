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

#include "authority.h"
#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "http/url.h"
#include "oauth/credential.h"
#include "oauth/state.h"

static char folder[] = "/tmp/restodbc-life-XXXXXX";
static char program[4096];
static struct authority authority;
static struct oauth_profile profile = {.provider = "TSheets", .schemes = "OAuth Bearer None", .client_in_body = true, .pkce = true};
static char authorize_url[128], token_url[128], api_url[128];

struct bench {
    struct properties properties;
    struct http_client *client;
    struct http_lane *lane;
    struct credential *credential;
    struct error err;
};

/* `settings` may use %s once, for the test's folder. */
static void bench_open(struct bench *bench, const char *settings)
{
    char text[2048];
    memset(bench, 0, sizeof *bench);
    snprintf(text, sizeof text, settings, folder);
    assert_true(properties_read_string(&bench->properties, text, strlen(text), NULL, NULL, &bench->err));
    assert_true(http_client_open(&bench->properties, NULL, &bench->client, &bench->err));
    assert_true(http_lane_borrow(bench->client, &bench->lane, &bench->err));
    if (!credential_open(&profile, &bench->properties, bench->client, NULL, &bench->credential, &bench->err))
        bench->credential = NULL;
}

static void bench_close(struct bench *bench)
{
    credential_close(bench->credential);
    http_lane_return(bench->lane);
    http_client_close(bench->client);
    properties_clear(&bench->properties);
}

/* The status of a signed request, 0 when it failed. */
static int call_at(struct bench *bench, const char *url)
{
    struct http_request request = {.method = "GET", .url = url, .signer = credential_signer(bench->credential), .safe_to_repeat = true};
    struct http_exchange *exchange;
    struct http_response response = {0};
    if (!http_start(bench->lane, &request, NULL, &exchange, &bench->err))
        return 0;
    bool done = http_wait(exchange, NULL, &response, &bench->err);
    http_finish(exchange);
    return done ? response.status : 0;
}

static int call(struct bench *bench)
{
    return call_at(bench, api_url);
}

static bool connects(struct bench *bench)
{
    return credential_connect(bench->credential, NULL, &bench->err);
}

#define CLIENT "OAuthClientId=client;OAuthClientSecret=s3cr3t/with+odd chars&=;RetryMax=0;"
#define FILE_SETTINGS "OAuthSettingsLocation=%s/OAuthSettings.txt;"
#define REFRESH CLIENT FILE_SETTINGS "InitiateOAuth=REFRESH;"
#define GET CLIENT FILE_SETTINGS "InitiateOAuth=GETANDREFRESH;CallbackURL=http://localhost:0/back;"

/* A first connection with given tokens, which saves them. */
static void save_first(const char *access, int serial)
{
    struct bench bench;
    char settings[1024];
    atomic_store(&authority.shared->serial, serial);
    snprintf(settings, sizeof settings, "%sOAuthAccessToken=%s;OAuthRefreshToken=refresh-%d;OAuthExpiresIn=3600;", REFRESH, access, serial);
    bench_open(&bench, settings);
    assert_true(connects(&bench));
    bench_close(&bench);
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
        struct bench bench;
        atomic_store(&authority.shared->serial, 5);
        bench_open(&bench, settings[i]);
        assert_true(connects(&bench));
        assert_int_equal(call(&bench), 200);
        atomic_store(&authority.shared->serial, 6); /* revoked: nothing is renewed without leave */
        assert_int_equal(call(&bench), 0);
        assert_string_equal(bench.err.sqlstate, "28000");
        assert_null(strstr(bench.err.message, "access-5"));
        bench_close(&bench);
    }
    assert_int_equal(atomic_load(&authority.shared->refreshes), 0);
}

static void without_a_token_signing_says_how_to_get_one(void **state)
{
    struct bench bench;
    (void)state;
    bench_open(&bench, CLIENT);
    assert_true(connects(&bench)); /* the procedures must be callable */
    assert_int_equal(call(&bench), 0);
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "InitiateOAuth=GETANDREFRESH"));
    bench_close(&bench);
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
        struct bench bench;
        bench_open(&bench, cases[i].settings);
        assert_null(bench.credential);
        assert_non_null(strstr(bench.err.message, cases[i].named));
        bench_close(&bench);
    }
}

static void the_credential_goes_to_its_own_service_only(void **state)
{
    struct bench bench;
    char elsewhere[128];
    (void)state;
    profile.service_url = authority.url;
    snprintf(elsewhere, sizeof elsewhere, "http://localhost:%d/api", authority.port);
    atomic_store(&authority.shared->serial, 5);
    bench_open(&bench, "OAuthAccessToken=access-5;");
    assert_int_equal(call(&bench), 200);
    assert_int_equal(call_at(&bench, elsewhere), 0);
    assert_non_null(strstr(bench.err.message, "not sent"));
    assert_int_equal(atomic_load(&authority.shared->api_calls), 1);
    bench_close(&bench);
    profile.service_url = NULL;
}

static void given_tokens_persist_and_stay_fresh(void **state)
{
    struct bench bench;
    (void)state;
    save_first("access-1", 1);
    bench_open(&bench, REFRESH); /* later connections need no token */
    assert_true(connects(&bench));
    assert_int_equal(call(&bench), 200);
    assert_int_equal(atomic_load(&authority.shared->refreshes), 0);

    atomic_store(&authority.shared->lifetime, 7200);
    atomic_store(&authority.shared->silent_refresh, 0);
    bench_close(&bench);

    save_first("access-old", 2); /* newly given tokens win over the file */
    bench_open(&bench, REFRESH);
    assert_true(connects(&bench));
    assert_int_equal(call(&bench), 200); /* refused with 401, renewed once, sent again */
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
    assert_non_null(strstr(authority.shared->last_form, "refresh_token=refresh-2"));
    assert_non_null(strstr(authority.shared->last_form, "client_secret=s3cr3t%2Fwith%2Bodd%20chars%26%3D"));
    bench_close(&bench);

    save_first("access-old", 5); /* the same tokens, left over in the DSN: the file's are newer */
    atomic_store(&authority.shared->serial, 5);
    bench_open(&bench, REFRESH "OAuthAccessToken=access-old;OAuthRefreshToken=refresh-5;OAuthExpiresIn=3600;");
    assert_true(connects(&bench));
    assert_int_equal(call(&bench), 200);
    assert_int_equal(atomic_load(&authority.shared->serial), 6);
    bench_close(&bench);
    bench_open(&bench, REFRESH "OAuthAccessToken=access-old;OAuthRefreshToken=refresh-5;OAuthExpiresIn=3600;");
    assert_true(connects(&bench));
    assert_int_equal(call(&bench), 200);
    assert_int_equal(atomic_load(&authority.shared->serial), 6);
    bench_close(&bench);
}

static void a_refresh_token_alone_suffices(void **state)
{
    struct bench bench;
    (void)state;
    atomic_store(&authority.shared->serial, 7);
    bench_open(&bench, REFRESH "OAuthRefreshToken=refresh-7;");
    assert_true(connects(&bench));
    assert_int_equal(call(&bench), 200);
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
    bench_close(&bench);
}

static void short_lives_are_renewed_in_time(void **state)
{
    struct bench bench;
    struct timespec pause = {0, 250 * 1000000};
    (void)state;
    save_first("access-old", 1);
    atomic_store(&authority.shared->lifetime, 1);
    bench_open(&bench, REFRESH);
    assert_true(connects(&bench));
    for (int i = 0; i < 8; i++) {
        assert_int_equal(call(&bench), 200);
        nanosleep(&pause, NULL);
    }
    assert_int_equal(atomic_load(&authority.shared->refused_refreshes), 0);
    assert_true(atomic_load(&authority.shared->refreshes) >= 2);
    assert_true(atomic_load(&authority.shared->refreshes) <= 8);
    bench_close(&bench);
}

static void a_token_without_any_life_still_works(void **state)
{
    struct bench bench;
    (void)state;
    save_first("access-old", 1);
    atomic_store(&authority.shared->lifetime, 0);
    bench_open(&bench, REFRESH);
    assert_true(connects(&bench));
    for (int i = 0; i < 3; i++)
        assert_int_equal(call(&bench), 200);
    assert_int_equal(atomic_load(&authority.shared->refused_refreshes), 0);
    bench_close(&bench);
}

static void an_answer_without_refresh_token_keeps_the_old(void **state)
{
    struct bench bench;
    (void)state;
    save_first("access-old", 0);
    atomic_store(&authority.shared->silent_refresh, 1);
    atomic_store(&authority.shared->lifetime, 0);
    for (int i = 0; i < 3; i++) {
        bench_open(&bench, REFRESH);
        assert_true(connects(&bench));
        assert_int_equal(call(&bench), 200);
        bench_close(&bench);
    }
    assert_int_equal(atomic_load(&authority.shared->refused_refreshes), 0);
}

static void a_dead_refresh_token_asks_for_a_new_sign_in_and_destroys_nothing(void **state)
{
    struct bench bench;
    char before[8192], after[8192];
    (void)state;
    save_first("access-old", 1);
    atomic_store(&authority.shared->serial, 9); /* the server has gone on without us */
    read_settings(before, sizeof before);
    bench_open(&bench, REFRESH);
    assert_true(connects(&bench));
    assert_int_equal(call(&bench), 0);
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "invalid_grant"));
    assert_non_null(strstr(bench.err.message, "sign in again"));
    bench_close(&bench);
    read_settings(after, sizeof after);
    assert_string_equal(before, after);
}

static void trouble_at_the_token_endpoint_passes(void **state)
{
    struct bench bench;
    (void)state;
    save_first("access-old", 1);
    bench_open(&bench, REFRESH);
    assert_true(connects(&bench));
    atomic_store(&authority.shared->broken, 1);
    assert_int_equal(call(&bench), 0);
    assert_string_equal(bench.err.sqlstate, "08S01");
    assert_non_null(strstr(bench.err.message, "/token"));
    assert_int_equal(call(&bench), 200); /* the same handle, once the server is well again */
    bench_close(&bench);
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

static void assert_nothing_was_spent(const struct bench *bench)
{
    assert_string_equal(bench->err.sqlstate, "HY000");
    assert_non_null(strstr(bench->err.message, "OAuthSettings.txt"));
    assert_int_equal(atomic_load(&authority.shared->refreshes), 0);
    assert_int_equal(atomic_load(&authority.shared->codes), 0);
}

static void what_serves_once_is_not_spent_when_its_fruit_can_not_be_saved(void **state)
{
    struct bench bench;
    struct oauth_tokens tokens;
    char before[8192], after[8192];
    (void)state;
    save_first("access-old", 1);
    read_settings(before, sizeof before);
    bench_open(&bench, GET);
    assert_true(connects(&bench));
    fill_disk(true);
    int status = call(&bench);
    fill_disk(false);
    assert_int_equal(status, 0);
    assert_nothing_was_spent(&bench);
    fill_disk(true);
    bool done = oauth_refresh(bench.credential, NULL, &tokens, NULL, &bench.err);
    fill_disk(false);
    assert_false(done);
    assert_nothing_was_spent(&bench);
    fill_disk(true);
    done = oauth_access_token(bench.credential, &(struct oauth_exchange){.verifier = "code"}, &tokens, NULL, &bench.err);
    fill_disk(false);
    assert_false(done);
    assert_nothing_was_spent(&bench);
    read_settings(after, sizeof after);
    assert_string_equal(before, after);
    assert_int_equal(call(&bench), 200); /* the same handle, once there is room */
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
    bench_close(&bench);

    atomic_store(&authority.shared->refreshes, 0);
    bench_open(&bench, REFRESH "OAuthRefreshToken=refresh-7;");
    fill_disk(true);
    done = connects(&bench);
    fill_disk(false);
    assert_false(done);
    assert_nothing_was_spent(&bench);
    bench_close(&bench);
}

static void a_token_that_is_still_good_outlives_a_failed_renewal(void **state)
{
    struct bench bench;
    char settings[1024];
    (void)state;
    atomic_store(&authority.shared->serial, 1);
    atomic_store(&authority.shared->broken, 2);
    /* 200 s left of 3600: near enough to its end to be renewed */
    snprintf(settings, sizeof settings, "%sOAuthAccessToken=access-1;OAuthRefreshToken=refresh-1;OAuthExpiresIn=3600;OAuthTokenTimestamp=%lld;",
             REFRESH, (long long)time(NULL) - 3400);
    bench_open(&bench, settings);
    assert_true(connects(&bench));
    for (int i = 0; i < 3; i++)
        assert_int_equal(call(&bench), 200);
    assert_int_equal(atomic_load(&authority.shared->broken), 0); /* tried at connect and at the first request, then left for a minute */
    assert_int_equal(atomic_load(&authority.shared->refreshes), 0);
    bench_close(&bench);

    snprintf(settings, sizeof settings, "%sOAuthAccessToken=access-1;OAuthRefreshToken=refresh-1;OAuthExpiresIn=3600;OAuthTokenTimestamp=%lld;",
             REFRESH, (long long)time(NULL) - 3700);
    bench_open(&bench, settings); /* the very same tokens: the file knows them */
    assert_true(connects(&bench));
    assert_int_equal(call(&bench), 200);
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
    bench_close(&bench);
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
            struct bench bench;
            bench_open(&bench, REFRESH);
            _exit(connects(&bench) && call(&bench) == 200 && call(&bench) == 200 ? 0 : 1);
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
    struct bench *shared = context;
    struct bench own = {.client = shared->client, .credential = shared->credential};
    if (!http_lane_borrow(own.client, &own.lane, &own.err))
        return NULL;
    bool done = true;
    for (int i = 0; i < 5; i++)
        done = call(&own) == 200 && done;
    http_lane_return(own.lane);
    return done ? context : NULL;
}

static void threads_of_one_connection_renew_once(void **state)
{
    struct bench bench;
    pthread_t threads[6];
    void *result;
    (void)state;
    save_first("access-old", 1);
    atomic_store(&authority.shared->delay, 100);
    bench_open(&bench, REFRESH);
    assert_true(connects(&bench));
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_in_thread, &bench), 0);
    for (size_t i = 0; i < 6; i++) {
        pthread_join(threads[i], &result);
        assert_ptr_equal(result, &bench);
    }
    assert_int_equal(atomic_load(&authority.shared->refreshes), 1);
    bench_close(&bench);
}

/* What is common to the ways by which a user gets a code without our listener. */
static void sign_in_elsewhere(struct bench *bench, const struct oauth_authorization *input, char answer[2048], struct buffer *verifier)
{
    struct oauth_question question;
    buffer_init(verifier, 1000);
    assert_true(oauth_authorization_url(bench->credential, input, &question, NULL, &bench->err));
    buffer_append_text(verifier, question.pkce_verifier);
    assert_int_equal(authority_browse(question.url, NULL, answer, NULL), 302);
    oauth_question_clear(&question);
}

static void code_of(const char *answer, struct buffer *code)
{
    buffer_init(code, 1000);
    assert_true(url_parameter(strchr(answer, '?') + 1, "code", code));
}

static void headless_option_1_needs_the_code_only(void **state)
{
    struct bench bench;
    struct buffer verifier, code;
    char answer[2048], settings[2048];
    (void)state;
    bench_open(&bench, CLIENT "InitiateOAuth=OFF;CallbackURL=https://app.example/cb;");
    assert_true(connects(&bench));
    sign_in_elsewhere(&bench, &(struct oauth_authorization){0}, answer, &verifier);
    bench_close(&bench);
    code_of(answer, &code);
    snprintf(settings, sizeof settings, "%sCallbackURL=https://app.example/cb;OAuthVerifier=%s;", REFRESH, code.data);

    for (int i = 0; i < 3; i++) { /* a verifier left in the DSN does no harm */
        bench_open(&bench, settings);
        assert_true(connects(&bench));
        assert_int_equal(call(&bench), 200);
        bench_close(&bench);
        assert_int_equal(atomic_load(&authority.shared->codes), 1);
    }
    assert_non_null(strstr(authority.shared->last_form, "redirect_uri=https%3A%2F%2Fapp.example%2Fcb"));
    bench_open(&bench, REFRESH);
    assert_true(connects(&bench));
    assert_int_equal(call(&bench), 200);
    bench_close(&bench);
    buffer_clear(&verifier);
    buffer_clear(&code);
}

static void a_spent_verifier_gives_way_to_the_saved_tokens(void **state)
{
    struct bench bench;
    (void)state;
    save_first("access-1", 1);
    for (int i = 0; i < 2; i++) {
        bench_open(&bench, REFRESH "OAuthVerifier=spent-elsewhere;");
        assert_true(connects(&bench));
        assert_int_equal(call(&bench), 200);
        bench_close(&bench);
    }
    bench_open(&bench, CLIENT "InitiateOAuth=REFRESH;OAuthVerifier=spent;OAuthSettingsLocation=%s/none.txt;");
    assert_false(connects(&bench));
    assert_string_equal(bench.err.sqlstate, "28000");
    bench_close(&bench);
}

static void web_applications_exchange_on_any_connection(void **state)
{
    static const struct {
        bool same_connection, pass_verifier, whole_url, works;
        const char *auth_mode, *state;
    } cases[] = {
        {true, false, false, true, "WEB", NULL},
        {true, false, true, true, "WEB", "mine"},
        {false, false, false, true, "WEB", NULL},
        {false, true, false, true, "WEB", "mine"},
        {false, false, false, false, "WEB", "mine"}, /* a verifier of its own that does not come back */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench first, second;
        struct buffer verifier, code;
        struct oauth_tokens tokens;
        char answer[2048];
        print_message("  case %zu\n", i);
        bench_open(&first, CLIENT);
        bench_open(&second, CLIENT);
        sign_in_elsewhere(&first, &(struct oauth_authorization){.auth_mode = cases[i].auth_mode, .callback_url = "https://web.example/cb?x=1",
                                                                .state = cases[i].state}, answer, &verifier);
        code_of(answer, &code);
        struct bench *chosen = cases[i].same_connection ? &first : &second;
        struct oauth_exchange exchange = {.auth_mode = "WEB", .callback_url = "https://web.example/cb?x=1",
                                          .verifier = cases[i].whole_url ? answer : code.data,
                                          .pkce_verifier = cases[i].pass_verifier ? verifier.data : NULL};
        assert_int_equal(oauth_access_token(chosen->credential, &exchange, &tokens, NULL, &chosen->err), cases[i].works);
        if (cases[i].works) {
            assert_non_null(tokens.refresh_token);
            assert_int_equal(tokens.expires_in, 3600);
            assert_non_null(strstr(tokens.other, "acme"));
            assert_int_equal(call(chosen), 200); /* the connection uses it from then on */
        } else {
            assert_string_equal(chosen->err.sqlstate, "28000");
            assert_non_null(strstr(chosen->err.message, "PKCE"));
        }
        oauth_tokens_clear(&tokens);
        buffer_clear(&verifier);
        buffer_clear(&code);
        bench_close(&first);
        bench_close(&second);
    }
}

static void an_answer_to_another_question_is_refused(void **state)
{
    struct bench bench;
    struct buffer verifier;
    struct oauth_tokens tokens;
    char answer[2048];
    (void)state;
    bench_open(&bench, CLIENT);
    sign_in_elsewhere(&bench, &(struct oauth_authorization){.auth_mode = "WEB", .state = "mine"}, answer, &verifier);
    struct oauth_exchange forged = {.auth_mode = "WEB", .verifier = "http://localhost:33333/?code=stolen&state=theirs"};
    assert_false(oauth_access_token(bench.credential, &forged, &tokens, NULL, &bench.err));
    assert_string_equal(bench.err.sqlstate, "28000");
    struct oauth_exchange told = {.auth_mode = "WEB", .verifier = "stolen", .state = "theirs"};
    assert_false(oauth_access_token(bench.credential, &told, &tokens, NULL, &bench.err));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_int_equal(atomic_load(&authority.shared->codes), 0); /* never exchanged */
    buffer_clear(&verifier);
    bench_close(&bench);
}

static void a_pooled_connection_serves_many_sign_ins(void **state)
{
    struct bench bench;
    struct buffer anna, berta, code;
    struct oauth_tokens tokens;
    char answer[2048], later[2048];
    (void)state;
    bench_open(&bench, CLIENT);
    sign_in_elsewhere(&bench, &(struct oauth_authorization){.auth_mode = "WEB", .state = "anna"}, answer, &anna);
    code_of(answer, &code);
    char challenge[sizeof authority.shared->challenge];
    memcpy(challenge, authority.shared->challenge, sizeof challenge);
    sign_in_elsewhere(&bench, &(struct oauth_authorization){.auth_mode = "WEB", .state = "berta"}, later, &berta);
    memcpy(authority.shared->challenge, challenge, sizeof challenge); /* the server remembers one: Anna's */
    struct oauth_exchange exchange = {.auth_mode = "WEB", .verifier = code.data, .pkce_verifier = anna.data, .state = "anna"};
    assert_true(oauth_access_token(bench.credential, &exchange, &tokens, NULL, &bench.err));
    oauth_tokens_clear(&tokens);
    buffer_clear(&anna);
    buffer_clear(&berta);
    buffer_clear(&code);
    bench_close(&bench);
}

static void refreshing_by_hand(void **state)
{
    struct bench bench;
    struct oauth_tokens tokens;
    (void)state;
    atomic_store(&authority.shared->serial, 3);
    bench_open(&bench, CLIENT);
    assert_false(oauth_refresh(bench.credential, NULL, &tokens, NULL, &bench.err));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_true(oauth_refresh(bench.credential, "refresh-3", &tokens, NULL, &bench.err));
    assert_string_equal(tokens.access_token, "access-4");
    assert_string_equal(tokens.refresh_token, "refresh-4");
    oauth_tokens_clear(&tokens);
    assert_int_equal(call(&bench), 200);
    assert_true(oauth_refresh(bench.credential, NULL, &tokens, NULL, &bench.err)); /* the one in use by now */
    assert_string_equal(tokens.access_token, "access-5");
    oauth_tokens_clear(&tokens);
    bench_close(&bench);
}

static void desktop_login_by_browser(void **state)
{
    struct bench bench;
    char browser[5000];
    (void)state;
    snprintf(browser, sizeof browser, "%s --browse %%s", program);
    setenv("BROWSER", browser, 1);
    bench_open(&bench, GET);
    assert_true(connects(&bench));
    assert_int_equal(call(&bench), 200);
    assert_int_equal(atomic_load(&authority.shared->codes), 1);
    assert_non_null(strstr(authority.shared->last_form, "code_verifier="));
    bench_close(&bench);

    setenv("BROWSER", "/bin/false", 1);
    bench_open(&bench, GET); /* saved: no browser any more */
    assert_true(connects(&bench));
    assert_int_equal(call(&bench), 200);
    bench_close(&bench);
    bench_open(&bench, REFRESH);
    assert_true(connects(&bench));
    assert_int_equal(atomic_load(&authority.shared->codes), 1);
    bench_close(&bench);

    setenv("BROWSER", browser, 1);
    atomic_store(&authority.shared->serial, 20); /* the saved refresh token is dead by the time the access token ends */
    bench_open(&bench, GET "OAuthRefreshToken=refresh-dead;");
    assert_true(connects(&bench));
    assert_int_equal(atomic_load(&authority.shared->codes), 2);
    assert_int_equal(call(&bench), 200);
    bench_close(&bench);
}

static void denied_consent_is_told(void **state)
{
    struct bench bench;
    char browser[5000];
    (void)state;
    snprintf(browser, sizeof browser, "%s --browse %%s", program);
    setenv("BROWSER", browser, 1);
    atomic_store(&authority.shared->deny, 1);
    bench_open(&bench, GET);
    assert_false(connects(&bench));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "access_denied (not  <b>you</b>)"));
    bench_close(&bench);
}

static void without_a_browser_the_error_names_the_headless_way(void **state)
{
    struct bench bench;
    (void)state;
    setenv("BROWSER", "/bin/false:/not/there", 1);
    bench_open(&bench, GET);
    assert_false(connects(&bench));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "OAuthVerifier"));
    bench_close(&bench);
}

static void refresh_never_opens_a_browser(void **state)
{
    struct bench bench;
    (void)state;
    setenv("BROWSER", "/bin/sh -c exit", 1);
    bench_open(&bench, REFRESH);
    assert_false(connects(&bench));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "OAuthSettings.txt"));
    bench_close(&bench);

    save_first("access-1", 1); /* the file now holds another client's sign-in */
    bench_open(&bench, FILE_SETTINGS "InitiateOAuth=REFRESH;OAuthClientId=other;OAuthClientSecret=x;");
    assert_false(connects(&bench));
    assert_non_null(strstr(bench.err.message, "OAuthClientId"));
    bench_close(&bench);
    bench_open(&bench, FILE_SETTINGS "InitiateOAuth=REFRESH;OAuthClientId=client;OAuthClientSecret=wrong;");
    assert_false(connects(&bench));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "OAuthClientSecret"));
    bench_close(&bench);
}

static void no_secret_reaches_the_log(void **state)
{
    struct bench bench;
    struct log *log;
    struct oauth_tokens tokens;
    char path[256], text[65536];
    (void)state;
    snprintf(path, sizeof path, "%s/log", folder);
    atomic_store(&authority.shared->serial, 3);
    bench_open(&bench, CLIENT FILE_SETTINGS);
    credential_close(bench.credential);
    http_lane_return(bench.lane);
    http_client_close(bench.client);
    assert_true(log_open(path, LOG_CALL, &log, &bench.err));
    assert_true(http_client_open(&bench.properties, log, &bench.client, &bench.err));
    assert_true(http_lane_borrow(bench.client, &bench.lane, &bench.err));
    assert_true(credential_open(&profile, &bench.properties, bench.client, log, &bench.credential, &bench.err));
    assert_true(oauth_refresh(bench.credential, "refresh-3", &tokens, NULL, &bench.err));
    oauth_tokens_clear(&tokens);
    assert_int_equal(call(&bench), 200);
    bench_close(&bench);
    log_close(log);

    FILE *file = fopen(path, "r");
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    assert_non_null(strstr(text, "/token -> 200"));
    assert_null(strstr(text, "refresh-"));
    assert_null(strstr(text, "access-"));
    assert_null(strstr(text, "s3cr3t"));
}

static int fresh_state(void **state)
{
    char command[128];
    (void)state;
    struct authority_shared *shared = authority.shared;
    memset(shared, 0, sizeof *shared);
    atomic_store(&shared->lifetime, 3600);
    snprintf(command, sizeof command, "rm -rf %s; mkdir -m 700 %s", folder, folder);
    return system(command);
}

static int begin(void **state)
{
    (void)state;
    authority_start(&authority);
    snprintf(authorize_url, sizeof authorize_url, "%s/authorize", authority.url);
    snprintf(token_url, sizeof token_url, "%s/token", authority.url);
    snprintf(api_url, sizeof api_url, "%s/api", authority.url);
    profile.authorize_url = authorize_url;
    profile.token_url = token_url;
    return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
    char command[64];
    (void)state;
    authority_stop(&authority);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
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
        cmocka_unit_test_setup(a_token_alone_connects, fresh_state),
        cmocka_unit_test_setup(without_a_token_signing_says_how_to_get_one, fresh_state),
        cmocka_unit_test_setup(missing_properties_are_named, fresh_state),
        cmocka_unit_test_setup(the_credential_goes_to_its_own_service_only, fresh_state),
        cmocka_unit_test_setup(given_tokens_persist_and_stay_fresh, fresh_state),
        cmocka_unit_test_setup(a_refresh_token_alone_suffices, fresh_state),
        cmocka_unit_test_setup(short_lives_are_renewed_in_time, fresh_state),
        cmocka_unit_test_setup(a_token_without_any_life_still_works, fresh_state),
        cmocka_unit_test_setup(an_answer_without_refresh_token_keeps_the_old, fresh_state),
        cmocka_unit_test_setup(a_dead_refresh_token_asks_for_a_new_sign_in_and_destroys_nothing, fresh_state),
        cmocka_unit_test_setup(trouble_at_the_token_endpoint_passes, fresh_state),
        cmocka_unit_test_setup(what_serves_once_is_not_spent_when_its_fruit_can_not_be_saved, fresh_state),
        cmocka_unit_test_setup(a_token_that_is_still_good_outlives_a_failed_renewal, fresh_state),
        cmocka_unit_test_setup(eight_processes_renew_once, fresh_state),
        cmocka_unit_test_setup(threads_of_one_connection_renew_once, fresh_state),
        cmocka_unit_test_setup(headless_option_1_needs_the_code_only, fresh_state),
        cmocka_unit_test_setup(a_spent_verifier_gives_way_to_the_saved_tokens, fresh_state),
        cmocka_unit_test_setup(web_applications_exchange_on_any_connection, fresh_state),
        cmocka_unit_test_setup(an_answer_to_another_question_is_refused, fresh_state),
        cmocka_unit_test_setup(a_pooled_connection_serves_many_sign_ins, fresh_state),
        cmocka_unit_test_setup(refreshing_by_hand, fresh_state),
        cmocka_unit_test_setup(desktop_login_by_browser, fresh_state),
        cmocka_unit_test_setup(denied_consent_is_told, fresh_state),
        cmocka_unit_test_setup(without_a_browser_the_error_names_the_headless_way, fresh_state),
        cmocka_unit_test_setup(refresh_never_opens_a_browser, fresh_state),
        cmocka_unit_test_setup(no_secret_reaches_the_log, fresh_state),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
