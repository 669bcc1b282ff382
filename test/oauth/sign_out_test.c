/* Proves signing out: what is asked of the server, in which order, and that the tokens are forgotten whatever it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "test/oauth/bench.h"

static const struct oauth_profile profile = {.provider = "Shop", .schemes = "OAuth", .authorize_url = "/authorize", .token_url = "/token",
                                             .revoke_url = "/revoke", .pkce = true};
static const struct oauth_profile silent = {.provider = "Shop", .schemes = "OAuth", .authorize_url = "/authorize", .token_url = "/token"};
static const struct oauth_profile told = {.provider = "Shop", .schemes = "OAuth", .issuer = "/"};
static const struct oauth_profile first = {.provider = "Shop", .schemes = "OAuth", .versions = "1.0", .request_token_url = "/r",
                                           .authorize_url = "/a", .token_url = "/t"};
static const struct oauth_profile basic = {.provider = "Shop", .schemes = "Basic"};

#define CLIENT "OAuthClientId=me;OAuthClientSecret=hush-hush;RetryMax=0;InitiateOAuth=REFRESH;"
#define TOKEN {200, "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\",\"expires_in\":3600}", NULL}

static void the_refresh_token_goes_first_and_the_file_forgets(void **state)
{
    const struct reply replies[] = {TOKEN, {200, "", NULL}, {200, "not even JSON", NULL}};
    struct bench bench;
    struct error why;
    bool revoked;
    (void)state;
    bench_open(&bench, &profile, CLIENT "OAuthSettingsLocation=memory://out;OAuthRefreshToken=rt-0;", replies, 3);
    assert_true(bench_connect(&bench));
    if (!oauth_sign_out(bench.credential, &revoked, &why, NULL, &bench.err))
        fail_msg("%s", bench.err.message);
    assert_true(revoked);
    assert_int_equal(bench_requests(&bench), 3);
    for (int i = 1; i <= 2; i++) {
        assert_non_null(strstr(bench_request(&bench, i), "POST /revoke HTTP"));
        assert_non_null(strstr(bench_request(&bench, i), "Authorization: Basic "));
        assert_string_equal(bench_field(&bench, i, "token"), i == 1 ? "rt-1" : "at-1");
        assert_string_equal(bench_field(&bench, i, "token_type_hint"), i == 1 ? "refresh_token" : "access_token");
    }
    assert_int_equal(bench_call(&bench, "/api", NULL), 0);
    assert_string_equal(bench.err.sqlstate, "28000");
    bench_reopen(&bench, CLIENT "OAuthSettingsLocation=memory://out;");
    assert_false(bench_connect(&bench));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_int_equal(bench_requests(&bench), 3);
    bench_close(&bench);
}

/* A server that is out of order, that names no place or knows no way: the tokens are gone here all the same. */
static void what_can_not_be_taken_back_is_forgotten(void **state)
{
    static const struct {
        const struct oauth_profile *profile;
        const char *settings;
        const char *words;
        int requests;
    } cases[] = {
        {&profile, CLIENT "OAuthSettingsLocation=memory://kept-1;", "temporarily_unavailable", 2},
        {&silent, CLIENT "OAuthSettingsLocation=memory://kept-2;", "set OAuthRevocationURL", 1},
        {&profile, CLIENT "OAuthSettingsLocation=memory://kept-3;OAuthAccessTokenURL=%s/mine;", "set OAuthRevocationURL", 1},
        {&silent, CLIENT "OAuthSettingsLocation=memory://kept-4;OAuthRevocationURL=%s/mine;", "temporarily_unavailable", 2},
    };
    const struct reply replies[] = {TOKEN, {503, "{\"error\":\"temporarily_unavailable\"}", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char settings[512];
        struct bench bench;
        struct error why;
        bool revoked;
        print_message("  case %zu\n", i);
        snprintf(settings, sizeof settings, "%sOAuthRefreshToken=rt-0;", cases[i].settings);
        bench_open(&bench, cases[i].profile, settings, replies, 2);
        assert_true(bench_connect(&bench));
        assert_true(oauth_sign_out(bench.credential, &revoked, &why, NULL, &bench.err));
        assert_false(revoked);
        if (!strstr(why.message, cases[i].words))
            fail_msg("%s", why.message);
        assert_int_equal(bench_requests(&bench), cases[i].requests);
        bench_reopen(&bench, cases[i].settings);
        assert_false(bench_connect(&bench));
        assert_string_equal(bench.err.sqlstate, "28000");
        bench_close(&bench);
    }
}

static void the_issuer_may_tell_the_place(void **state)
{
    const struct reply replies[] = {
        {200, "{\"issuer\":\"%s\",\"token_endpoint\":\"%s/t\",\"revocation_endpoint\":\"%s/gone\"}", NULL}, TOKEN, {200, "", NULL}};
    struct bench bench;
    struct error why;
    bool revoked;
    (void)state;
    bench_open(&bench, &told, CLIENT "OAuthSettingsLocation=memory://issuer;OAuthRefreshToken=rt-0;", replies, 3);
    assert_true(bench_connect(&bench));
    assert_true(oauth_sign_out(bench.credential, &revoked, &why, NULL, &bench.err));
    assert_true(revoked);
    assert_non_null(strstr(bench_request(&bench, 2), "POST /gone HTTP"));
    bench_close(&bench);
}

static void others_in_the_file_stay(void **state)
{
    const struct reply replies[] = {TOKEN, TOKEN, {200, "", NULL}};
    struct bench bench;
    struct error why;
    bool revoked;
    (void)state;
    bench_open(&bench, &profile, CLIENT "OAuthSettingsLocation=memory://two;User=anna;OAuthRefreshToken=rt-a;", replies, 3);
    assert_true(bench_connect(&bench));
    bench_reopen(&bench, CLIENT "OAuthSettingsLocation=memory://two;User=bert;OAuthRefreshToken=rt-b;");
    assert_true(bench_connect(&bench));
    assert_true(oauth_sign_out(bench.credential, &revoked, &why, NULL, &bench.err));
    assert_true(revoked);
    bench_reopen(&bench, CLIENT "OAuthSettingsLocation=memory://two;User=bert;");
    assert_false(bench_connect(&bench));
    bench_reopen(&bench, CLIENT "OAuthSettingsLocation=memory://two;User=anna;");
    assert_true(bench_connect(&bench));
    bench_close(&bench);
}

static void given_tokens_are_taken_back_too(void **state)
{
    static const struct {
        const struct oauth_profile *profile;
        const char *settings;
        int requests;
        const char *words;
    } cases[] = {
        {&profile, "OAuthClientId=me;OAuthClientSecret=hush-hush;OAuthAccessToken=at-0;", 1, NULL},
        {&profile, "OAuthClientId=me;OAuthClientSecret=hush-hush;OAuthAccessToken=at-0;OAuthRefreshToken=rt-0;", 2, NULL},
        {&profile, "OAuthClientId=me;OAuthClientSecret=hush-hush;", 0, "no tokens"},
        {&first, "OAuthClientId=me;OAuthClientSecret=hush-hush;OAuthAccessToken=at-0;OAuthAccessTokenSecret=as-0;", 0, "OAuth 1.0"},
    };
    const struct reply reply = {200, "", NULL};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct error why;
        bool revoked;
        print_message("  case %zu\n", i);
        bench_open(&bench, cases[i].profile, cases[i].settings, &reply, 1);
        assert_true(bench_connect(&bench));
        assert_true(oauth_sign_out(bench.credential, &revoked, &why, NULL, &bench.err));
        assert_int_equal(revoked, cases[i].words == NULL);
        if (!revoked)
            assert_non_null(strstr(why.message, cases[i].words));
        assert_int_equal(bench_requests(&bench), cases[i].requests);
        assert_int_equal(bench_call(&bench, "/api", NULL), 0);
        assert_string_equal(bench.err.sqlstate, "28000");
        bench_close(&bench);
    }
    struct bench bench;
    struct error why;
    bool revoked;
    bench_open(&bench, &basic, "User=u;Password=p-p-p-p;", &reply, 1);
    assert_false(oauth_sign_out(bench.credential, &revoked, &why, NULL, &bench.err));
    assert_non_null(strstr(bench.err.message, "AuthScheme=Basic"));
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_refresh_token_goes_first_and_the_file_forgets), cmocka_unit_test(what_can_not_be_taken_back_is_forgotten),
        cmocka_unit_test(the_issuer_may_tell_the_place), cmocka_unit_test(others_in_the_file_stay),
        cmocka_unit_test(given_tokens_are_taken_back_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
