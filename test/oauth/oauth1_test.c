/* Proves the way of OAuth 1.0a: request token, authorization, token, signed requests; its own safeguards; and clocks that are apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "http/url.h"
#include "oauth/oauth1_signature.h"
#include "test/oauth/bench.h"

static const struct oauth_profile profile = {
    .provider = "Photos", .schemes = "OAuth", .versions = "1.0 2.0", .grants = "CODE CLIENT", .request_token_url = "/initiate",
    .authorize_url = "/authorize?lang=en", .token_url = "/token", .pkce = true,
};

#define CLIENT "OAuthClientId=key;OAuthClientSecret=s3cr3t&/;RetryMax=0;CallbackURL=https://app.example/cb?x=1;"
#define TEMPORARY {200, "oauth_token=rt%2F1&oauth_token_secret=rs%2B1&oauth_callback_confirmed=true", NULL}
#define TOKEN {200, "oauth_token=at%2F1&oauth_token_secret=as%2B1&user_id=7", NULL}
static const struct reply fine = {200, "{}", NULL}, refused = {401, "{}", NULL};

/* Whether the n-th request is signed as RFC 5849 says, with these secrets; path and query as sent. */
static bool is_signed(const struct bench *bench, int number, const char *method, const char *target, const char *form, const char *token,
                      const char *token_secret, const char *extra_name, const char *extra)
{
    char nonce[64], timestamp[64], url[512], expected[128];
    struct buffer base, signature;
    struct error err;
    snprintf(nonce, sizeof nonce, "%s", bench_signed(bench, number, "oauth_nonce"));
    snprintf(timestamp, sizeof timestamp, "%s", bench_signed(bench, number, "oauth_timestamp"));
    snprintf(url, sizeof url, "%s%s", bench->wire.url, target);
    struct oauth1_parameter protocol[8] = {{"oauth_consumer_key", "key"}, {"oauth_signature_method", "HMAC-SHA1"},
                                           {"oauth_timestamp", timestamp}, {"oauth_nonce", nonce}, {"oauth_version", "1.0"}};
    size_t count = 5;
    if (token)
        protocol[count++] = (struct oauth1_parameter){"oauth_token", token};
    if (extra)
        protocol[count++] = (struct oauth1_parameter){extra_name, extra};
    const struct oauth1_request request = {method, url, form, protocol, count};
    const struct oauth1_secrets secrets = {"s3cr3t&/", token_secret, NULL};
    buffer_init(&base, 8192);
    buffer_init(&signature, 1024);
    assert_true(oauth1_base_string(&request, &base, &err));
    assert_true(oauth1_sign(OAUTH1_HMAC_SHA1, &secrets, buffer_text(&base), &signature, &err));
    snprintf(expected, sizeof expected, "%s", buffer_text(&signature));
    buffer_clear(&base);
    buffer_clear(&signature);
    assert_int_equal(strlen(nonce), 32);
    return strcmp(bench_signed(bench, number, "oauth_signature"), expected) == 0;
}

static void the_three_legs(void **state)
{
    static const struct { bool same_connection, whole_url, by_property; } cases[] = {
        {true, false, false}, {true, true, false}, {false, false, false}, {false, true, true},
    };
    const struct reply replies[] = {TEMPORARY, TOKEN, fine};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct oauth_question question;
        struct oauth_tokens tokens;
        struct oauth_exchange exchange = {.auth_mode = "WEB", .verifier = cases[i].whole_url ? "https://app.example/cb?x=1&oauth_token=rt%2F1"
                                                                         "&oauth_verifier=v%2F1" : "v/1"};
        print_message("  case %zu\n", i);
        bench_open(&bench, &profile, CLIENT "Scope=read;OAuthParams=a=b;", replies, 3);
        assert_true(bench_connect(&bench));
        if (!oauth_authorization_url(bench.credential, &(struct oauth_authorization){.auth_mode = "WEB"}, &question, NULL, &bench.err))
            fail_msg("%s", bench.err.message);
        assert_non_null(strstr(bench_request(&bench, 0), "POST /initiate?scope=read&a=b HTTP"));
        assert_non_null(strstr(bench_request(&bench, 0), "\r\nContent-Length: 0\r\n"));
        assert_string_equal(bench_signed(&bench, 0, "oauth_callback"), "https://app.example/cb?x=1");
        assert_true(is_signed(&bench, 0, "POST", "/initiate?scope=read&a=b", NULL, NULL, "", "oauth_callback", "https://app.example/cb?x=1"));
        char url[256];
        snprintf(url, sizeof url, "%s/authorize?lang=en&oauth_token=rt%%2F1&scope=read&a=b", bench.wire.url);
        assert_string_equal(question.url, url);
        assert_string_equal(question.auth_token, "rt/1");
        assert_string_equal(question.auth_key, "rs+1");
        assert_null(question.pkce_verifier);

        if (!cases[i].same_connection) {
            exchange.auth_token = cases[i].by_property ? NULL : question.auth_token;
            exchange.auth_key = cases[i].by_property ? NULL : question.auth_key;
            bench_reopen(&bench, cases[i].by_property ? CLIENT "AuthToken=rt/1;AuthKey=rs+1;" : CLIENT);
        }
        if (!oauth_access_token(bench.credential, &exchange, &tokens, NULL, &bench.err))
            fail_msg("%s", bench.err.message);
        assert_true(is_signed(&bench, 1, "POST", "/token", NULL, "rt/1", "rs+1", "oauth_verifier", "v/1"));
        assert_string_equal(tokens.access_token, "at/1");
        assert_string_equal(tokens.token_secret, "as+1");
        assert_string_equal(tokens.other, "{\"user_id\":\"7\"}");
        oauth_tokens_clear(&tokens);
        oauth_question_clear(&question);

        assert_int_equal(bench_call(&bench, "/api/a%20b?q=x+y&q=%C3%A9&b", NULL), 200);
        assert_true(is_signed(&bench, 2, "GET", "/api/a%20b?q=x+y&q=%C3%A9&b", NULL, "at/1", "as+1", NULL, NULL));
        assert_int_equal(bench_call(&bench, "/api?z=1", "status=Hello+World%21&c2"), 200);
        assert_true(is_signed(&bench, 3, "POST", "/api?z=1", "status=Hello+World%21&c2", "at/1", "as+1", NULL, NULL));
        assert_false(is_signed(&bench, 3, "POST", "/api?z=1", NULL, "at/1", "as+1", NULL, NULL));
        bench_close(&bench);
    }
}

static void a_given_token_signs(void **state)
{
    static const char *const methods[] = {"HMAC-SHA1", "HMAC-SHA256", "PLAINTEXT"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct bench bench;
        char settings[512];
        snprintf(settings, sizeof settings, CLIENT "OAuthVersion=1.0;OAuthAccessToken=at/1;OAuthAccessTokenSecret=as+1;SignMethod=%s;", methods[i]);
        bench_open(&bench, &profile, settings, &fine, 1);
        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        assert_string_equal(bench_signed(&bench, 0, "oauth_signature_method"), methods[i]);
        if (i == 2)
            assert_string_equal(bench_signed(&bench, 0, "oauth_signature"), "s3cr3t%26%2F&as%2B1");
        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        char first[64];
        snprintf(first, sizeof first, "%s", bench_signed(&bench, 0, "oauth_nonce"));
        assert_string_not_equal(bench_signed(&bench, 1, "oauth_nonce"), first);
        bench_close(&bench);
    }
}

/* PLAINTEXT is a password in the clear: nothing that is not encrypted or on this machine is ever asked. */
static void plaintext_needs_tls(void **state)
{
    struct bench bench;
    struct oauth_question question;
    (void)state;
    bench_open(&bench, &profile, CLIENT "SignMethod=PLAINTEXT;OAuthRequestTokenURL=http://photos.example/initiate;", &fine, 1);
    assert_false(oauth_authorization_url(bench.credential, &(struct oauth_authorization){0}, &question, NULL, &bench.err));
    assert_non_null(strstr(bench.err.message, "OAuthRequestTokenURL must begin with https://"));
    assert_int_equal(bench_requests(&bench), 0);
    bench_close(&bench);
}

static void what_is_missing_is_named(void **state)
{
    static const struct { const char *settings, *named; } cases[] = {
        {"SignMethod=RSA-SHA1;", "Cert"},
        {"SignMethod=RSA-SHA256;Cert=/not/there.pfx;", "Cert"},
        {"InitiateOAuth=REFRESH;", "OAuthClientId"},
    };
    struct bench bench;
    struct oauth_question question;
    struct oauth_tokens tokens;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench_open(&bench, &profile, cases[i].settings, &fine, 1);
        assert_null(bench.credential);
        assert_non_null(strstr(bench.err.message, cases[i].named));
        bench_close(&bench);
    }
    bench_open(&bench, &profile, "OAuthAccessToken=a;OAuthAccessTokenSecret=b;", &fine, 1);
    assert_int_equal(bench_call(&bench, "/api", NULL), 0);
    assert_non_null(strstr(bench.err.message, "OAuthClientId"));
    bench_close(&bench);
    bench_open(&bench, &profile, CLIENT, &fine, 1);
    assert_int_equal(bench_call(&bench, "/api", NULL), 0);
    assert_non_null(strstr(bench.err.message, "no access token"));
    assert_false(oauth_access_token(bench.credential, &(struct oauth_exchange){.auth_mode = "WEB", .verifier = "v"}, &tokens, NULL, &bench.err));
    assert_non_null(strstr(bench.err.message, "AuthToken and AuthKey"));
    assert_false(oauth_access_token(bench.credential, &(struct oauth_exchange){.auth_mode = "WEB"}, &tokens, NULL, &bench.err));
    assert_non_null(strstr(bench.err.message, "oauth_verifier"));
    assert_false(oauth_refresh(bench.credential, "x", &tokens, NULL, &bench.err));
    assert_non_null(strstr(bench.err.message, "not renewed"));
    assert_false(oauth_authorization_url(bench.credential, &(struct oauth_authorization){.auth_mode = "DEVICE"}, &question, NULL, &bench.err));
    assert_non_null(strstr(bench.err.message, "OAuth 2.0"));
    assert_int_equal(bench_requests(&bench), 0);
    bench_close(&bench);
}

static void answers_that_are_none_are_told(void **state)
{
    static const struct { struct reply reply; const char *sqlstate, *words; } cases[] = {
        {{200, "oauth_token=a&oauth_token_secret=b", NULL}, "08S01", "oauth_callback_confirmed"},
        {{200, "oauth_token=a&oauth_token_secret=b&oauth_callback_confirmed=false", NULL}, "08S01", "oauth_callback_confirmed"},
        {{200, "oauth_token=&oauth_token_secret=b&oauth_callback_confirmed=true", NULL}, "08S01", "oauth_token"},
        {{200, "<html>busy</html>", NULL}, "08S01", "/initiate"},
        {{401, "oauth_problem=signature_invalid&oauth_problem_advice=no+luck", NULL}, "28000", "signature_invalid (no luck)"},
        {{401, "Failed to validate oauth signature", NULL}, "28000", "SignMethod"},
        {{302, "", "Location: https://evil.example/\r\n"}, "08S01", "redirects"},
        {{500, "", NULL}, "08S01", "500"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct oauth_question question;
        print_message("  %d %s\n", cases[i].reply.status, cases[i].reply.body);
        bench_open(&bench, &profile, CLIENT, &cases[i].reply, 1);
        assert_false(oauth_authorization_url(bench.credential, &(struct oauth_authorization){0}, &question, NULL, &bench.err));
        assert_string_equal(bench.err.sqlstate, cases[i].sqlstate);
        assert_non_null(strstr(bench.err.message, cases[i].words));
        assert_int_equal(bench_requests(&bench), 1);
        bench_close(&bench);
    }
}

static void another_requests_verifier_is_not_exchanged(void **state)
{
    const struct reply replies[] = {TEMPORARY, TOKEN};
    struct bench bench;
    struct oauth_question question;
    struct oauth_tokens tokens;
    (void)state;
    bench_open(&bench, &profile, CLIENT, replies, 2);
    assert_true(oauth_authorization_url(bench.credential, &(struct oauth_authorization){0}, &question, NULL, &bench.err));
    oauth_question_clear(&question);
    struct oauth_exchange forged = {.auth_mode = "WEB", .verifier = "https://app.example/cb?oauth_token=theirs&oauth_verifier=v"};
    assert_false(oauth_access_token(bench.credential, &forged, &tokens, NULL, &bench.err));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_int_equal(bench_requests(&bench), 1);
    bench_close(&bench);
}

/* "Date: …" for a moment so many seconds away. */
static const char *date_field(long away)
{
    static char field[64];
    struct tm parts;
    time_t then = time(NULL) + away;
    gmtime_r(&then, &parts);
    strftime(field, sizeof field, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    return field;
}

static void a_clock_that_is_apart_is_set_once(void **state)
{
    static const struct { long away; int requests, status; } cases[] = {
        {7200, 2, 200}, {-7200, 2, 200}, {5, 1, 0}, {30, 1, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct reply replies[] = {{401, "{}", date_field(cases[i].away)}, fine, refused};
        struct bench bench;
        bench_open(&bench, &profile, CLIENT "OAuthAccessToken=a;OAuthAccessTokenSecret=b;", replies, 3);
        assert_int_equal(bench_call(&bench, "/api", NULL), cases[i].status);
        assert_int_equal(bench_requests(&bench), cases[i].requests);
        if (cases[i].requests == 2) {
            long long sent = strtoll(bench_signed(&bench, 1, "oauth_timestamp"), NULL, 10);
            assert_in_range(sent, time(NULL) + cases[i].away - 60, time(NULL) + cases[i].away + 1);
            char first[64];
            snprintf(first, sizeof first, "%s", bench_signed(&bench, 0, "oauth_nonce"));
            assert_string_not_equal(bench_signed(&bench, 1, "oauth_nonce"), first);
        } else {
            assert_string_equal(bench.err.sqlstate, "28000");
            assert_non_null(strstr(bench.err.message, "OAuthAccessTokenSecret"));
        }
        bench_close(&bench);
    }
    /* The request for a token likewise. */
    const struct reply replies[] = {{401, "oauth_problem=timestamp_refused", date_field(-90000)}, TEMPORARY};
    struct bench bench;
    struct oauth_question question;
    bench_open(&bench, &profile, CLIENT, replies, 2);
    assert_true(oauth_authorization_url(bench.credential, &(struct oauth_authorization){0}, &question, NULL, &bench.err));
    oauth_question_clear(&question);
    assert_int_equal(bench_requests(&bench), 2);
    bench_close(&bench);
}

#define KEPT CLIENT "InitiateOAuth=REFRESH;OAuthSettingsLocation=memory://first;"

static void a_verifier_is_exchanged_at_connect_and_the_token_kept(void **state)
{
    const struct reply replies[] = {TOKEN, fine};
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, KEPT "OAuthVerifier=v;AuthToken=rt/1;AuthKey=rs+1;", replies, 2);
    if (!bench_connect(&bench))
        fail_msg("%s", bench.err.message);
    assert_true(is_signed(&bench, 0, "POST", "/token", NULL, "rt/1", "rs+1", "oauth_verifier", "v"));
    bench_reopen(&bench, KEPT); /* later connections need no verifier */
    assert_true(bench_connect(&bench));
    assert_int_equal(bench_requests(&bench), 1);
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_true(is_signed(&bench, 1, "GET", "/api", NULL, "at/1", "as+1", NULL, NULL));
    bench_reopen(&bench, KEPT "OAuthVerifier=v;"); /* and one that was left behind does no harm */
    assert_true(bench_connect(&bench));
    assert_int_equal(bench_requests(&bench), 2);
    bench_close(&bench);
}

static void a_secret_that_is_put_right_counts(void **state)
{
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, CLIENT "InitiateOAuth=REFRESH;OAuthSettingsLocation=memory://right;OAuthAccessToken=t;OAuthAccessTokenSecret=wrong;",
               &fine, 1);
    assert_true(bench_connect(&bench));
    bench_reopen(&bench, CLIENT "InitiateOAuth=REFRESH;OAuthSettingsLocation=memory://right;OAuthAccessToken=t;OAuthAccessTokenSecret=right;");
    assert_true(bench_connect(&bench));
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_true(is_signed(&bench, 0, "GET", "/api", NULL, "t", "right", NULL, NULL));
    bench_close(&bench);
}

static void a_revoked_token_asks_for_a_new_sign_in(void **state)
{
    const struct reply replies[] = {TOKEN, refused};
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, CLIENT "InitiateOAuth=REFRESH;OAuthSettingsLocation=memory://gone;OAuthVerifier=v;AuthToken=t;AuthKey=k;",
               replies, 2);
    assert_true(bench_connect(&bench));
    assert_int_equal(bench_call(&bench, "/api", NULL), 0);
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "sign in again"));
    assert_non_null(strstr(bench.err.message, "OAuthAccessTokenSecret")); /* and nothing of refresh tokens, which there are none */
    assert_null(strstr(bench.err.message, "OAuthRefreshToken"));
    assert_int_equal(bench_requests(&bench), 2);
    bench_close(&bench);
}

static void without_a_callback_the_error_names_the_way(void **state)
{
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, "OAuthClientId=key;OAuthClientSecret=s;CallbackURL=oob;InitiateOAuth=GETANDREFRESH;"
               "OAuthSettingsLocation=memory://oob;", &fine, 1);
    assert_false(bench_connect(&bench));
    assert_non_null(strstr(bench.err.message, "GetOAuthAuthorizationURL"));
    assert_int_equal(bench_requests(&bench), 0);
    bench_close(&bench);

    const struct reply replies[] = {TEMPORARY};
    struct oauth_question question;
    bench_open(&bench, &profile, CLIENT, replies, 1);
    assert_true(oauth_authorization_url(bench.credential, &(struct oauth_authorization){.callback_url = "oob"}, &question, NULL, &bench.err));
    assert_string_equal(bench_signed(&bench, 0, "oauth_callback"), "oob");
    oauth_question_clear(&question);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_three_legs),
        cmocka_unit_test(a_given_token_signs),
        cmocka_unit_test(plaintext_needs_tls),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(answers_that_are_none_are_told),
        cmocka_unit_test(another_requests_verifier_is_not_exchanged),
        cmocka_unit_test(a_clock_that_is_apart_is_set_once),
        cmocka_unit_test(a_verifier_is_exchanged_at_connect_and_the_token_kept),
        cmocka_unit_test(a_secret_that_is_put_right_counts),
        cmocka_unit_test(a_revoked_token_asks_for_a_new_sign_in),
        cmocka_unit_test(without_a_callback_the_error_names_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
