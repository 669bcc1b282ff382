/* Proves how an issuer's metadata are found, checked and used, and which endpoint counts where several are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "oauth/discovery.h"
#include "oauth/endpoint.h"
#include "test/oauth/bench.h"

static const struct oauth_profile bare = {.provider = "Bare", .schemes = "OAuth", .grants = "CODE CLIENT", .pkce = true};
static const struct oauth_profile own = {.provider = "Own", .schemes = "OAuth", .grants = "CODE CLIENT", .pkce = true,
                                         .authorize_url = "https://own.example/a", .token_url = "https://own.example/t",
                                         .refresh_url = "https://own.example/r"};
#define CLIENT "OAuthClientId=me;OAuthClientSecret=hush-hush;RetryMax=0;"

static void documents_are_checked(void **state)
{
    static const char issuer[] = "https://auth.example/x";
    static const struct {
        const char *text;
        const char *words;   /* NULL: it is good */
        bool body, promises;
    } cases[] = {
        {"{\"issuer\":\"https://auth.example/x\",\"authorization_endpoint\":\"https://auth.example/a\",\"token_endpoint\":\"https://auth.example/t\"}",
         NULL, false, false},
        {"{\"issuer\":\"https://auth.example/x\",\"token_endpoint\":\"https://auth.example/t\",\"token_endpoint_auth_methods_supported\":"
         "[\"client_secret_post\",\"none\"],\"authorization_response_iss_parameter_supported\":true}", NULL, true, true},
        {"{\"issuer\":\"https://auth.example/x\",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\",\"client_secret_basic\"]}",
         NULL, false, false},
        {"{\"issuer\":\"https://auth.example/x/\"}", "set OAuthIssuer to exactly", false, false},
        {"{\"issuer\":\"https://evil.example/x\",\"token_endpoint\":\"https://evil.example/t\"}", "evil.example", false, false},
        {"{\"issuer\":\"https://evil.example/\\u001b[2J\\n\"}", "\"https://evil.example/ [2J \"", false, false},
        {"{\"token_endpoint\":\"https://auth.example/t\"}", "issuer", false, false},
        {"{\"issuer\":\"https://auth.example/x\",\"token_endpoint\":\"http://auth.example/t\"}", "https://", false, false},
        {"{\"issuer\":\"https://auth.example/x\",\"authorization_endpoint\":\"javascript:alert(1)\"}", "authorization_endpoint", false, false},
        {"{\"issuer\":\"https://auth.example/x\",\"authorization_endpoint\":\"javascript:\\u009b2J\"}", "javascript: 2J", false, false},
        {"{\"issuer\":\"https://auth.example/x\",\"issuer\":\"https://auth.example/x\"}", "metadata", false, false},
        {"<html>", "metadata", false, false},
        {"[]", "metadata", false, false},
        {"", "metadata", false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct discovery *discovery = NULL;
        struct error err = {0};
        print_message("  %s\n", cases[i].text);
        bool read = discovery_read("https://auth.example/w", issuer, cases[i].text, strlen(cases[i].text), &discovery, &err);
        assert_int_equal(read, cases[i].words == NULL);
        if (read) {
            assert_int_equal(discovery->client_in_body, cases[i].body);
            assert_int_equal(discovery->promises_issuer, cases[i].promises);
        } else {
            assert_string_equal(err.sqlstate, "08S01");
            assert_non_null(strstr(err.message, cases[i].words));
        }
        discovery_free(discovery);
    }
}

#define DOCUMENT(path, more) "{\"issuer\":\"%s" path "\",\"authorization_endpoint\":\"%s/authz\",\"token_endpoint\":\"%s/tok\"" more "}"
#define TOKEN {200, "{\"access_token\":\"at\",\"refresh_token\":\"rt\"}", NULL}

static void endpoints_are_found_where_the_issuer_says(void **state)
{
    static const struct {
        const char *settings;
        struct reply first, second;
        const char *places[2];   /* what is asked for; NULL = only one place is */
    } cases[] = {
        {"OAuthIssuer=%s;", {200, DOCUMENT("", ""), NULL}, {0}, {"GET /.well-known/oauth-authorization-server HTTP", NULL}},
        {"OAuthIssuer=%s/a/b;", {200, DOCUMENT("/a/b", ""), NULL}, {0}, {"GET /.well-known/oauth-authorization-server/a/b HTTP", NULL}},
        {"OAuthIssuer=%s/a/b;", {404, "", NULL}, {200, DOCUMENT("/a/b", ""), NULL},
         {"GET /.well-known/oauth-authorization-server/a/b HTTP", "GET /a/b/.well-known/openid-configuration HTTP"}},
        {"OAuthIssuer=%s/c;", {403, "<html>", NULL}, {200, DOCUMENT("/c", ""), NULL},   /* some know the path only behind */
         {"GET /.well-known/oauth-authorization-server/c HTTP", "GET /c/.well-known/openid-configuration HTTP"}},
        {"OAuthIssuer=%s/d;", {200, "<html>welcome</html>", NULL}, {200, DOCUMENT("/d", ""), NULL},   /* and some answer everything with a page */
         {"GET /.well-known/oauth-authorization-server/d HTTP", "GET /d/.well-known/openid-configuration HTTP"}},
        {"OAuthIssuer=%s/;", {404, "", NULL}, {200, DOCUMENT("/", ""), NULL},
         {"GET /.well-known/oauth-authorization-server HTTP", "GET /.well-known/openid-configuration HTTP"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int asked = cases[i].places[1] ? 2 : 1;
        struct reply replies[] = {cases[i].first, cases[i].second, TOKEN, TOKEN};
        struct bench bench;
        char settings[512];
        print_message("  %s\n", cases[i].places[asked - 1]);
        if (asked == 1)
            replies[1] = (struct reply)TOKEN;
        snprintf(settings, sizeof settings, CLIENT "OAuthGrantType=CLIENT;InitiateOAuth=REFRESH;OAuthSettingsLocation=memory://d%zu;%s", i,
                 cases[i].settings);
        bench_open(&bench, &bare, settings, replies, 4);
        if (!bench_connect(&bench))
            fail_msg("%s", bench.err.message);
        for (int j = 0; j < asked; j++)
            assert_non_null(strstr(bench_request(&bench, j), cases[i].places[j]));
        assert_null(strstr(bench_request(&bench, 0), "Authorization")); /* nothing of ours goes there */
        assert_int_equal(bench_requests(&bench), asked + 1);
        assert_non_null(strstr(bench_request(&bench, asked), "POST /tok HTTP"));

        struct oauth_tokens tokens; /* asked once for a connection */
        assert_true(oauth_refresh(bench.credential, "rt", &tokens, NULL, &bench.err));
        oauth_tokens_clear(&tokens);
        assert_int_equal(bench_requests(&bench), asked + 2);
        assert_non_null(strstr(bench_request(&bench, asked + 1), "POST /tok HTTP"));

        bench_reopen(&bench, settings); /* and not at all where the saved token is good */
        assert_true(bench_connect(&bench));
        assert_int_equal(bench_requests(&bench), asked + 2);
        bench_close(&bench);
    }
}

static void an_issuer_that_is_none_is_told(void **state)
{
    static const struct {
        const char *settings;
        struct reply reply;
        const char *words;
        int requests;
    } cases[] = {
        {"OAuthIssuer=%s;", {404, "", NULL}, "has no metadata", 2},
        {"OAuthIssuer=%s;", {400, "", NULL}, "has no metadata", 2},
        {"OAuthIssuer=%s;", {200, "<html>", NULL}, "has no metadata", 2},
        {"OAuthIssuer=%s;", {500, "", NULL}, "status 500", 1},
        {"OAuthIssuer=%s;", {429, "", NULL}, "status 429", 1},
        {"OAuthIssuer=%s;", {302, "", "Location: /elsewhere\r\n"}, "status 302", 1},
        {"OAuthIssuer=%s;", {200, DOCUMENT("/other", ""), NULL}, "not of", 1},
        {"OAuthIssuer=%s;", {200, "{\"issuer\":\"%s\"}", NULL}, "nor does its issuer", 1},
        {"OAuthIssuer=http://far.example;", {200, "", NULL}, "OAuthIssuer must begin with https://", 0},
        {"OAuthIssuer={%s?x=1};", {200, "", NULL}, "OAuthIssuer must be written", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct oauth_question question;
        char settings[512];
        print_message("  %s %d\n", cases[i].settings, cases[i].reply.status);
        snprintf(settings, sizeof settings, CLIENT "%s", cases[i].settings);
        bench_open(&bench, &bare, settings, &cases[i].reply, 1);
        assert_false(oauth_authorization_url(bench.credential, &(struct oauth_authorization){0}, &question, NULL, &bench.err));
        assert_non_null(strstr(bench.err.message, cases[i].words));
        assert_int_equal(bench_requests(&bench), cases[i].requests);
        bench_close(&bench);
    }
}

static void the_users_word_counts_before_the_definitions(void **state)
{
    static const struct {
        const struct oauth_profile *profile;
        const char *settings;
        const char *authorize, *token, *refresh;   /* NULL: not known without asking */
        const char *server;
    } cases[] = {
        {&own, "", "https://own.example/a", "https://own.example/t", "https://own.example/r", "https://own.example/t"},
        {&own, "OAuthAccessTokenURL=https://my.example/t;", "https://own.example/a", "https://my.example/t", "https://my.example/t", "https://my.example/t"},
        {&own, "OAuthRefreshTokenURL=https://my.example/r;", "https://own.example/a", "https://own.example/t", "https://my.example/r", "https://own.example/t"},
        {&own, "OAuthIssuer=https://my.example;", NULL, NULL, NULL, "https://my.example"},
        {&own, "OAuthIssuer=https://my.example;OAuthAuthorizationURL=https://my.example/a;", "https://my.example/a", NULL, NULL, "https://my.example"},
        {&bare, "", NULL, NULL, NULL, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static const enum endpoint endpoints[] = {ENDPOINT_AUTHORIZE, ENDPOINT_TOKEN, ENDPOINT_REFRESH};
        const struct reply reply = {200, "{}", NULL};
        const char *const urls[] = {cases[i].authorize, cases[i].token, cases[i].refresh};
        struct bench bench;
        print_message("  %s\n", cases[i].settings);
        bench_open(&bench, cases[i].profile, cases[i].settings, &reply, 1);
        for (size_t j = 0; j < 3; j++) {
            const char *url = endpoint_known(bench.credential, endpoints[j]);
            assert_string_equal(url ? url : "none", urls[j] ? urls[j] : "none");
        }
        assert_string_equal(endpoint_server(bench.credential), cases[i].server);
        assert_int_equal(endpoint_is_told(bench.credential, ENDPOINT_TOKEN), *cases[i].server != '\0');
        bench_close(&bench);
    }
}

static void metadata_say_how_the_client_proves_itself_and_whose_the_callback_is(void **state)
{
    const struct reply replies[] = {{200, DOCUMENT("", ",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"],"
                                                   "\"authorization_response_iss_parameter_supported\":true"), NULL}, TOKEN};
    static const struct { const char *callback; bool accepted; } cases[] = {
        {"https://app.example/?code=c&state=s", false}, {"https://app.example/?code=c&state=s&iss=https%%3A%%2F%%2Fevil.example", false},
        {"https://app.example/?code=c&state=s&iss=%s", true}, {"c", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct oauth_question question;
        struct oauth_tokens tokens;
        char callback[256];
        bench_open(&bench, &bare, CLIENT "OAuthIssuer=%s;CallbackURL=https://app.example/;", replies, 2);
        assert_true(oauth_authorization_url(bench.credential, &(struct oauth_authorization){.state = "s"}, &question, NULL, &bench.err));
        oauth_question_clear(&question);
        snprintf(callback, sizeof callback, cases[i].callback, bench.wire.url);
        struct oauth_exchange exchange = {.auth_mode = "WEB", .verifier = callback};
        assert_int_equal(oauth_access_token(bench.credential, &exchange, &tokens, NULL, &bench.err), cases[i].accepted);
        assert_int_equal(bench_requests(&bench), cases[i].accepted ? 2 : 1);
        if (cases[i].accepted)
            assert_string_equal(bench_field(&bench, 1, "client_secret"), "hush-hush");
        else
            assert_string_equal(bench.err.sqlstate, "28000");
        oauth_tokens_clear(&tokens);
        bench_close(&bench);
    }
}

/* Another connection than the one that asked does not know yet what the issuer promises. */
static void a_promised_issuer_is_missed_on_any_connection(void **state)
{
    const struct reply replies[] = {{200, DOCUMENT("", ",\"authorization_response_iss_parameter_supported\":true"), NULL}, TOKEN};
    static const struct { const char *callback; bool accepted; } cases[] = {
        {"https://app.example/?code=c&state=s", false}, {"https://app.example/?code=c&state=s&iss=%s", true}, {"c", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct oauth_tokens tokens;
        char callback[256];
        bench_open(&bench, &bare, CLIENT "OAuthIssuer=%s;CallbackURL=https://app.example/;", replies, 2);
        snprintf(callback, sizeof callback, cases[i].callback, bench.wire.url);
        struct oauth_exchange exchange = {.auth_mode = "WEB", .verifier = callback, .state = "s"};
        assert_int_equal(oauth_access_token(bench.credential, &exchange, &tokens, NULL, &bench.err), cases[i].accepted);
        assert_int_equal(bench_requests(&bench), cases[i].accepted ? 2 : 1);
        oauth_tokens_clear(&tokens);
        bench_close(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_checked),
        cmocka_unit_test(endpoints_are_found_where_the_issuer_says),
        cmocka_unit_test(an_issuer_that_is_none_is_told),
        cmocka_unit_test(the_users_word_counts_before_the_definitions),
        cmocka_unit_test(a_promised_issuer_is_missed_on_any_connection),
        cmocka_unit_test(metadata_say_how_the_client_proves_itself_and_whose_the_callback_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
