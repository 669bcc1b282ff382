/* Proves the schemes of user and password, and which scheme a connection has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "test/oauth/bench.h"

static const struct oauth_profile profile = {
    .provider = "Shop", .schemes = "Basic Digest NTLM Negotiate Bearer OAuth None", .authorize_url = "/authorize", .token_url = "/token",
    .token_word = "Shop-token", .pkce = true,
};
static const struct reply fine = {200, "{}", NULL}, refused = {401, "{}", NULL};

static void basic_is_the_pair_in_base64(void **state)
{
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, "UID=Aladdin;PWD=open sesame;", &fine, 1); /* RFC 7617 2; the service's first scheme */
    assert_true(bench_connect(&bench));
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_non_null(strstr(bench_request(&bench, 0), "\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
    bench_close(&bench);
    bench_open(&bench, &profile, "AuthScheme=basic;UID=test;PWD=123\xC2\xA3;", &fine, 1); /* 2.1: UTF-8 */
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_non_null(strstr(bench_request(&bench, 0), "\r\nAuthorization: Basic dGVzdDoxMjPCow==\r\n"));
    bench_close(&bench);
}

static void digest_answers_the_servers_question(void **state)
{
    const struct reply replies[] = {{401, "", "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"n\"\r\n"}, fine};
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, "AuthScheme=Digest;UID=anna;PWD=secret-one;", replies, 2);
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_null(strstr(bench_request(&bench, 0), "Authorization"));
    assert_non_null(strstr(bench_request(&bench, 1), "\r\nAuthorization: Digest username=\"anna\""));
    assert_null(strstr(bench_request(&bench, 1), "secret-one"));
    bench_close(&bench);
}

static void the_other_two_are_the_transfers_own(void **state)
{
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, "AuthScheme=NTLM;UID=anna;PWD=secret-one;", &fine, 1);
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_non_null(strstr(bench_request(&bench, 0), "\r\nAuthorization: NTLM TlRMTVNTUAAB"));
    bench_close(&bench);
    bench_open(&bench, &profile, "AuthScheme=Negotiate;", &refused, 1); /* nobody is signed in to Kerberos here */
    assert_non_null(bench.credential);
    assert_int_equal(bench_call(&bench, "/api", NULL), 0);
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "kinit"));
    bench_close(&bench);
}

static void a_refusal_names_user_and_password(void **state)
{
    static const char *const schemes[] = {"Basic", "Digest", "NTLM"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct bench bench;
        char settings[128];
        snprintf(settings, sizeof settings, "AuthScheme=%s;UID=anna;PWD=secret-one;", schemes[i]);
        bench_open(&bench, &profile, settings, &refused, 1);
        assert_int_equal(bench_call(&bench, "/api", NULL), 0);
        assert_string_equal(bench.err.sqlstate, "28000");
        assert_non_null(strstr(bench.err.message, "check User and Password"));
        assert_non_null(strstr(bench.err.message, schemes[i]));
        assert_null(strstr(bench.err.message, "secret-one"));
        bench_close(&bench);
    }
}

static void what_is_missing_or_impossible_is_told_at_connect(void **state)
{
    static const struct { const char *settings, *words; } cases[] = {
        {"", "AuthScheme=Basic needs User and Password"}, {"UID=a;", "User and Password"}, {"PWD=a;", "User and Password"},
        {"AuthScheme=Digest;UID=a;", "AuthScheme=Digest needs"}, {"AuthScheme=NTLM;", "AuthScheme=NTLM needs"},
        {"UID=a:b;PWD=c;", "colon"}, {"AuthScheme=Bearer;", "OAuthAccessToken"},
    };
    struct bench bench;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench_open(&bench, &profile, cases[i].settings, &fine, 1);
        assert_null(bench.credential);
        assert_non_null(strstr(bench.err.message, cases[i].words));
        bench_close(&bench);
    }
}

static void without_oauth_there_are_no_tokens_to_get(void **state)
{
    struct bench bench;
    struct oauth_question question;
    struct oauth_tokens tokens;
    (void)state;
    bench_open(&bench, &profile, "UID=anna;PWD=secret-one;", &fine, 1);
    assert_false(oauth_authorization_url(bench.credential, &(struct oauth_authorization){0}, &question, NULL, &bench.err));
    assert_non_null(strstr(bench.err.message, "AuthScheme=OAuth"));
    assert_false(oauth_access_token(bench.credential, &(struct oauth_exchange){0}, &tokens, NULL, &bench.err));
    assert_false(oauth_refresh(bench.credential, "x", &tokens, NULL, &bench.err));
    assert_int_equal(bench_requests(&bench), 0);
    bench_close(&bench);
}

static void a_service_may_call_its_tokens_otherwise(void **state)
{
    static const char *const settings[] = {"AuthScheme=Bearer;OAuthAccessToken=at-1;", "AuthScheme=OAuth;OAuthAccessToken=at-1;"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        bench_open(&bench, &profile, settings[i], &fine, 1);
        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        assert_non_null(strstr(bench_request(&bench, 0), "\r\nAuthorization: Shop-token at-1\r\n"));
        bench_close(&bench);
    }
    struct bench bench;
    bench_open(&bench, &profile, "AuthScheme=None;OAuthAccessToken=at-1;UID=a;PWD=b;", &fine, 1);
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_null(strstr(bench_request(&bench, 0), "Authorization"));
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(basic_is_the_pair_in_base64),
        cmocka_unit_test(digest_answers_the_servers_question),
        cmocka_unit_test(the_other_two_are_the_transfers_own),
        cmocka_unit_test(a_refusal_names_user_and_password),
        cmocka_unit_test(what_is_missing_or_impossible_is_told_at_connect),
        cmocka_unit_test(without_oauth_there_are_no_tokens_to_get),
        cmocka_unit_test(a_service_may_call_its_tokens_otherwise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
