/* Proves renewals in an untidy world: clocks that are apart, somebody else who has renewed, tokens given beside the saved ones, and what
 * is kept from one answer to the next. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/warnings.h"
#include "oauth/private_file.h"
#include "oauth/settings.h"
#include "oauth/state.h"
#include "test/oauth/bench.h"

static const struct oauth_profile profile = {.provider = "Shop", .schemes = "OAuth", .authorize_url = "/authorize", .token_url = "/token", .pkce = true};

#define ANY_CLIENT "OAuthClientId=me;OAuthClientSecret=hush-hush;RetryMax=0;"
#define CLIENT ANY_CLIENT "InitiateOAuth=REFRESH;"
static const struct reply fine = {200, "{}", NULL};

/* "Date: …" for a moment so many seconds away. */
static void write_date(char field[64], long away)
{
    struct tm parts;
    time_t then = time(NULL) + away;
    gmtime_r(&then, &parts);
    strftime(field, 64, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
}

/* A machine whose clock is wrong by hours, either way, neither renews at every connect nor keeps a dead token. */
static void a_wrong_clock_does_no_harm(void **state)
{
    static const long hours[] = {-5, 5};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        char date[64], settings[256], given[512];
        write_date(date, hours[i] * 3600);
        const struct reply replies[] = {{200, "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\",\"expires_in\":3600}", date}, fine};
        snprintf(settings, sizeof settings, CLIENT "OAuthSettingsLocation=memory://clock-%zu;", i);
        snprintf(given, sizeof given, "%sOAuthRefreshToken=rt-0;", settings);
        bench_open(&bench, &profile, given, replies, 2);
        assert_true(bench_connect(&bench));
        assert_int_equal(bench_requests(&bench), 1);
        for (int j = 0; j < 3; j++) {
            bench_reopen(&bench, settings);
            assert_true(bench_connect(&bench));
        }
        assert_int_equal(bench_requests(&bench), 1);
        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        bench_close(&bench);
    }
}

/* A token that nothing can renew: whether it is over is the service's to say, since our clock may be wrong. */
static void a_token_that_nothing_renews_is_used_until_it_is_refused(void **state)
{
    static const char *const settings[] = {
        "OAuthAccessToken=at-0;OAuthExpiresIn=60;OAuthTokenTimestamp=1000000000;OAuthSettingsLocation=memory://old;", /* a clock that leapt */
        "OAuthAccessToken=at-0;OAuthExpiresIn=60;OAuthTokenTimestamp=9999999999;OAuthSettingsLocation=memory://new;", /* one set back */
        "OAuthVerifier=v;OAuthSettingsLocation=memory://none;",
    };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct reply replies[] = {{200, "{\"access_token\":\"at-0\",\"expires_in\":0}", NULL}, fine, fine, {401, "{}", NULL}};
        struct bench bench;
        char text[512];
        print_message("  %s\n", settings[i]);
        snprintf(text, sizeof text, CLIENT "%s", settings[i]);
        bench_open(&bench, &profile, text, replies, 4);
        if (i < 2)
            atomic_store(&bench.wire.seen->requests, 1);
        if (!bench_connect(&bench))
            fail_msg("%s", bench.err.message);
        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        bench_reopen(&bench, text);
        assert_true(bench_connect(&bench));
        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        assert_non_null(strstr(bench_request(&bench, 2), "Authorization: Bearer at-0\r\n"));
        assert_int_equal(bench_call(&bench, "/api", NULL), 0);
        assert_string_equal(bench.err.sqlstate, "28000");
        assert_non_null(strstr(bench.err.message, "no refresh token"));
        assert_int_equal(bench_requests(&bench), 4);
        bench_close(&bench);
    }
    struct bench bench; /* where the user is there to sign in, a connect with a token that has run out asks at once */
    setenv("BROWSER", "/bin/false", 1);
    bench_open(&bench, &profile, ANY_CLIENT "InitiateOAuth=GETANDREFRESH;CallbackURL=http://127.0.0.1:0;OAuthAccessToken=at-0;OAuthExpiresIn=60;"
               "OAuthTokenTimestamp=1000000000;OAuthSettingsLocation=memory://ask;", &fine, 1);
    assert_false(bench_connect(&bench));
    assert_non_null(strstr(bench.err.message, "No browser"));
    assert_int_equal(bench_requests(&bench), 0);
    bench_close(&bench);
}

/* Where the service wants to see the present token as well, that takes the place of the client's own proof, which moves into the body. */
static void the_present_token_goes_along_where_the_service_wants_it(void **state)
{
    static const char pair[] = "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\"}";
    (void)state;
    for (int along = 0; along < 2; along++) {
        const struct reply replies[] = {{401, "{}", NULL}, {200, pair, NULL}, fine};
        struct oauth_profile wanting = profile;
        struct bench bench;
        char settings[256];
        wanting.bearer_on_refresh = along;
        snprintf(settings, sizeof settings, CLIENT "OAuthSettingsLocation=memory://along-%d;OAuthAccessToken=at-0;OAuthRefreshToken=rt-0;", along);
        bench_open(&bench, &wanting, settings, replies, 3);
        assert_true(bench_connect(&bench));
        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        assert_non_null(strstr(bench_request(&bench, 1), along ? "Authorization: Bearer at-0\r\n" : "Authorization: Basic "));
        assert_string_equal(bench_field(&bench, 1, "client_id"), along ? "me" : "");
        assert_string_equal(bench_field(&bench, 1, "client_secret"), along ? "hush-hush" : "");
        bench_close(&bench);
    }
}

struct stranger {
    struct bench *bench;
    const char *place;
};

/* Another machine with the same file: no lock of ours keeps it out. It writes while our renewal is on its way. */
static void *renew_elsewhere(void *context)
{
    const struct stranger *stranger = context;
    char url[128];
    struct error err;
    struct timespec pause = {0, 5000000};
    const struct settings_key key = {"Shop", url, "me", "", "hush-hush"};
    struct settings_record record = {.grant = {.access_token = (char *)"at-theirs", .refresh_token = (char *)"rt-theirs", .lifetime = 3600,
                                               .issued = (int64_t)time(NULL)}};
    snprintf(url, sizeof url, "%s/token", stranger->bench->wire.url);
    while (atomic_load(&stranger->bench->wire.seen->requests) < 2)
        nanosleep(&pause, NULL);
    return settings_write(stranger->place, &key, &record, &err) ? context : NULL;
}

static void who_lost_a_race_takes_the_winners_token(void **state)
{
    const struct reply replies[] = {
        {401, "{}", NULL}, {400, "{\"error\":\"invalid_grant\"}", "Delay: 300\r\n"}, fine,
    };
    struct bench bench;
    struct stranger stranger = {&bench, "memory://race"};
    pthread_t thread;
    void *written;
    (void)state;
    bench_open(&bench, &profile, CLIENT "OAuthSettingsLocation=memory://race;OAuthAccessToken=at-0;OAuthRefreshToken=rt-0;", replies, 3);
    assert_true(bench_connect(&bench));
    assert_int_equal(pthread_create(&thread, NULL, renew_elsewhere, &stranger), 0);
    int status = bench_call(&bench, "/api", NULL);
    pthread_join(thread, &written);
    assert_ptr_equal(written, &stranger);
    if (status != 200)
        fail_msg("%d %s", status, bench.err.message);
    assert_non_null(strstr(bench_request(&bench, 2), "Authorization: Bearer at-theirs\r\n"));
    assert_int_equal(bench_requests(&bench), 3);
    bench_close(&bench);
}

static char folder[] = "/tmp/restodbc-renewal-XXXXXX";

static void *take_the_folder_away(void *context)
{
    const struct bench *bench = context;
    struct timespec pause = {0, 5000000};
    char command[128];
    while (atomic_load(&bench->wire.seen->requests) < 2)
        nanosleep(&pause, NULL);
    snprintf(command, sizeof command, "rm -r %s; touch %s", folder, folder);
    return system(command) == 0 ? context : NULL;
}

static void tokens_that_can_not_be_saved_after_all_serve_on_with_a_warning(void **state)
{
    const struct reply replies[] = {
        {401, "{}", NULL}, {200, "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\"}", "Delay: 300\r\n"}, fine,
    };
    struct bench bench;
    struct warnings warnings = {0};
    char settings[256];
    pthread_t thread;
    void *taken;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(settings, sizeof settings, CLIENT "OAuthSettingsLocation=%s/tokens;OAuthAccessToken=at-0;OAuthRefreshToken=rt-0;", folder);
    bench_open(&bench, &profile, settings, replies, 3);
    assert_true(bench_connect(&bench));
    credential_warn(bench.credential, &warnings);
    assert_int_equal(warnings.count, 0);
    assert_int_equal(pthread_create(&thread, NULL, take_the_folder_away, &bench), 0);
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    pthread_join(thread, &taken);
    assert_ptr_equal(taken, &bench);
    assert_non_null(strstr(bench_request(&bench, 2), "Authorization: Bearer at-1\r\n"));
    for (int i = 0; i < 2; i++)
        credential_warn(bench.credential, &warnings); /* once */
    assert_int_equal(warnings.count, 1);
    assert_string_equal(warnings.first->sqlstate, "01000");
    assert_non_null(strstr(warnings.first->message, folder));
    assert_null(strstr(warnings.first->message, "at-1"));
    warnings_clear(&warnings);
    bench_close(&bench);
    assert_int_equal(unlink(folder), 0);
}

/* The host program goes elsewhere while it is connected, as daemons do: the file stays where it was when the connection was made. */
static void a_relative_place_does_not_move_with_the_program(void **state)
{
    const struct reply replies[] = {{401, "{}", NULL}, {200, "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\"}", NULL}, fine};
    char place[] = "/tmp/restodbc-renewal-XXXXXX", settings[256];
    struct bench bench;
    (void)state;
    char *here = get_current_dir_name();
    assert_non_null(mkdtemp(place));
    assert_int_equal(chdir(place), 0);
    bench_open(&bench, &profile, CLIENT "OAuthSettingsLocation=tokens;OAuthAccessToken=at-0;OAuthRefreshToken=rt-0;", replies, 3);
    assert_true(bench_connect(&bench));
    assert_int_equal(mkdir("elsewhere", 0700), 0);
    assert_int_equal(chdir("elsewhere"), 0);
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    snprintf(settings, sizeof settings, CLIENT "OAuthSettingsLocation=%s/tokens;", place);
    bench_reopen(&bench, settings);
    assert_true(bench_connect(&bench));
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_non_null(strstr(bench_request(&bench, 3), "Authorization: Bearer at-1\r\n"));
    bench_close(&bench);
    assert_int_equal(chdir(here), 0);
    free(here);
    snprintf(settings, sizeof settings, "%s/elsewhere", place);
    assert_int_equal(rmdir(settings), 0); /* it is empty */
    snprintf(settings, sizeof settings, "rm -r %s", place);
    assert_int_equal(system(settings), 0);
}

/* A program that hangs while it holds the lock costs half a minute, once, but not the query of whoever has a token that is still good. */
static void a_lock_that_nobody_gives_back_stops_no_good_token(void **state)
{
    const struct reply replies[] = {{503, "", NULL}, fine};
    char place[] = "/tmp/restodbc-renewal-XXXXXX", text[512], lock_path[64];
    struct bench bench;
    struct error err;
    int lock;
    (void)state;
    assert_non_null(mkdtemp(place));
    snprintf(lock_path, sizeof lock_path, "%s/tokens.lock", place);
    snprintf(text, sizeof text, CLIENT "OAuthSettingsLocation=%s/tokens;OAuthAccessToken=at-0;OAuthRefreshToken=rt-0;OAuthExpiresIn=36000;"
             "OAuthTokenTimestamp=%lld;", place, (long long)time(NULL) - 35000);
    bench_open(&bench, &profile, text, replies, 2);
    assert_true(bench_connect(&bench)); /* near its end, but the server is ill */
    assert_int_equal(bench_requests(&bench), 1);
    assert_true(private_file_lock(lock_path, NULL, &lock, &err));
    int64_t begun = clock_milliseconds();
    for (int i = 0; i < 3; i++)
        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_in_range(clock_milliseconds() - begun, 29000, 59000);
    private_file_unlock(lock);
    bench_close(&bench);
    snprintf(text, sizeof text, "rm -r %s", place);
    assert_int_equal(system(text), 0);
}

static void what_an_answer_leaves_out_is_kept(void **state)
{
    const struct reply replies[] = {
        {200, "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\",\"api_domain\":\"https://eu.example\",\"scope\":\"a\"}", NULL},
        {200, "{\"access_token\":\"at-2\"}", NULL},
    };
    struct bench bench;
    struct oauth_tokens tokens;
    struct buffer told;
    (void)state;
    bench_open(&bench, &profile, CLIENT "OAuthSettingsLocation=memory://kept;OAuthRefreshToken=rt-0;", replies, 2);
    assert_true(bench_connect(&bench));
    assert_true(oauth_refresh(bench.credential, NULL, &tokens, NULL, &bench.err));
    assert_string_equal(bench_field(&bench, 1, "refresh_token"), "rt-1");
    assert_string_equal(tokens.access_token, "at-2");
    assert_string_equal(tokens.refresh_token, "rt-1"); /* it is still the one to use */
    oauth_tokens_clear(&tokens);
    bench_reopen(&bench, CLIENT "OAuthSettingsLocation=memory://kept;");
    assert_true(bench_connect(&bench));
    buffer_init(&told, 100);
    assert_true(credential_told(bench.credential, "api_domain", &told));
    assert_string_equal(buffer_text(&told), "https://eu.example");
    buffer_clear(&told);
    assert_true(oauth_refresh(bench.credential, NULL, &tokens, NULL, &bench.err));
    assert_string_equal(bench_field(&bench, 2, "refresh_token"), "rt-1");
    oauth_tokens_clear(&tokens);
    bench_close(&bench);
}

/* Whoever takes one of the two tokens out of the data source, or gives one that came with the saved ones, has not given a new sign-in. */
static void a_token_that_is_left_over_is_not_taken_for_a_new_one(void **state)
{
    static const char *const left[] = {"OAuthAccessToken=at-0;OAuthRefreshToken=rt-0;", "OAuthRefreshToken=rt-0;", "OAuthAccessToken=at-0;",
                                       "OAuthAccessToken=at-1;", "OAuthRefreshToken=rt-1;", ""};
    (void)state;
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        const struct reply replies[] = {
            {401, "{}", NULL}, {200, "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\"}", NULL}, fine, fine, {401, "{}", NULL},
            {200, "{\"access_token\":\"at-2\"}", NULL}, fine,
        };
        struct bench bench;
        char kept[256], settings[512];
        print_message("  %s\n", left[i]);
        snprintf(kept, sizeof kept, CLIENT "OAuthSettingsLocation=memory://left-%zu;", i);
        snprintf(settings, sizeof settings, "%sOAuthAccessToken=at-0;OAuthRefreshToken=rt-0;", kept);
        bench_open(&bench, &profile, settings, replies, 7);
        assert_true(bench_connect(&bench));
        assert_int_equal(bench_call(&bench, "/api", NULL), 200); /* at-0 is refused, rt-0 is spent */
        assert_int_equal(bench_requests(&bench), 3);
        snprintf(settings, sizeof settings, "%s%s", kept, left[i]);
        bench_reopen(&bench, settings);
        assert_true(bench_connect(&bench));
        assert_int_equal(bench_requests(&bench), 3);
        for (int j = 0; j < 2; j++)
            assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        assert_non_null(strstr(bench_request(&bench, 3), "Authorization: Bearer at-1\r\n"));
        assert_string_equal(bench_field(&bench, 5, "refresh_token"), "rt-1");
        bench_close(&bench);
    }
}

/* A new access token beside the refresh token of old: what that one has become serves, not the spent one. */
static void a_new_token_beside_a_spent_one_is_renewed_with_its_successor(void **state)
{
    const struct reply replies[] = {
        {200, "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\"}", NULL}, {401, "{}", NULL},
        {200, "{\"access_token\":\"at-2\",\"refresh_token\":\"rt-2\"}", NULL}, fine,
    };
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, CLIENT "OAuthSettingsLocation=memory://beside;OAuthRefreshToken=rt-0;", replies, 4);
    assert_true(bench_connect(&bench));
    bench_reopen(&bench, CLIENT "OAuthSettingsLocation=memory://beside;OAuthRefreshToken=rt-0;OAuthAccessToken=at-9;");
    assert_true(bench_connect(&bench));
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_non_null(strstr(bench_request(&bench, 1), "Authorization: Bearer at-9\r\n"));
    assert_string_equal(bench_field(&bench, 2, "refresh_token"), "rt-1");
    bench_reopen(&bench, CLIENT "OAuthSettingsLocation=memory://beside;OAuthRefreshToken=rt-9;"); /* and a new one is a new sign-in */
    bench_connect(&bench);
    assert_string_equal(bench_field(&bench, 4, "refresh_token"), "rt-9");
    bench_close(&bench);
}

/* Another thread of the parent is about to renew when the process forks: it does not come along, and its locks must not stay. */
static void a_child_process_is_not_held_up_by_its_parents_threads(void **state)
{
    const struct reply replies[] = {{401, "{}", NULL}, {200, "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\"}", NULL}, fine};
    struct bench bench;
    int status;
    (void)state;
    bench_open(&bench, &profile, CLIENT "OAuthSettingsLocation=memory://fork;OAuthAccessToken=at-0;OAuthRefreshToken=rt-0;", replies, 3);
    assert_true(bench_connect(&bench));
    pthread_mutex_lock(&bench.credential->renewing);
    pthread_mutex_lock(&bench.credential->lock);
    pid_t child = fork();
    if (child == 0) {
        alarm(20); /* it hangs otherwise */
        bench.lane = NULL;
        _exit(http_lane_borrow(bench.client, &bench.lane, &bench.err) && bench_call(&bench, "/api", NULL) == 200 ? 0 : 1);
    }
    waitpid(child, &status, 0);
    pthread_mutex_unlock(&bench.credential->lock);
    pthread_mutex_unlock(&bench.credential->renewing);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(bench_requests(&bench), 3);
    bench_close(&bench);
}

static void another_client_gets_a_clear_error_and_no_browser(void **state)
{
    const struct reply replies[] = {{200, "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\"}", NULL}, fine};
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, CLIENT "OAuthSettingsLocation=memory://bound;OAuthRefreshToken=rt-0;", replies, 2);
    assert_true(bench_connect(&bench));
    bench_reopen(&bench, "OAuthClientId=other;OAuthClientSecret=x-x-x;InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation=memory://bound;");
    assert_false(bench_connect(&bench));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "OAuthClientId \"me\", not to \"other\""));
    assert_int_equal(bench_requests(&bench), 1);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_clock_does_no_harm),
        cmocka_unit_test(a_token_that_nothing_renews_is_used_until_it_is_refused),
        cmocka_unit_test(the_present_token_goes_along_where_the_service_wants_it),
        cmocka_unit_test(who_lost_a_race_takes_the_winners_token),
        cmocka_unit_test(tokens_that_can_not_be_saved_after_all_serve_on_with_a_warning),
        cmocka_unit_test(a_relative_place_does_not_move_with_the_program),
        cmocka_unit_test(a_lock_that_nobody_gives_back_stops_no_good_token),
        cmocka_unit_test(what_an_answer_leaves_out_is_kept),
        cmocka_unit_test(a_token_that_is_left_over_is_not_taken_for_a_new_one),
        cmocka_unit_test(a_new_token_beside_a_spent_one_is_renewed_with_its_successor),
        cmocka_unit_test(a_child_process_is_not_held_up_by_its_parents_threads),
        cmocka_unit_test(another_client_gets_a_clear_error_and_no_browser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
