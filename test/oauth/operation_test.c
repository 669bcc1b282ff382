/* Proves the operations that API scripts call: every input, what stands in for those that are not given, and the outputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/log.h"
#include "oauth/operation.h"
#include "test/oauth/bench.h"

static const struct oauth_profile unused = {.provider = "Unused", .schemes = "None"};

enum { INPUTS = 16 };

/* Outputs as "name=value;…". */
static void collect(void *context, const char *name, const char *value)
{
    buffer_printf(context, "%s=%s;", name, value);
}

typedef bool run_operation(const struct oauth_operation *operation, struct cancel *cancel, struct error *err);

/* Runs it with inputs in whose values "%s" is the server's URL. */
static bool run(struct bench *bench, run_operation *operation, const struct oauth_item *inputs, struct buffer *out)
{
    struct oauth_item filled[INPUTS];
    char values[INPUTS][512];
    size_t count = 0;

    for (; count < INPUTS && inputs[count].name; count++) {
        snprintf(values[count], sizeof values[count], inputs[count].value, bench->wire.url);
        filled[count] = (struct oauth_item){inputs[count].name, values[count]};
    }
    const struct oauth_operation wanted = {"Script", &bench->properties, NULL, filled, count, collect, out};
    buffer_reset(out);
    return operation(&wanted, NULL, &bench->err);
}

#define TOKEN {200, "{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"expires_in\":3600,\"api_domain\":\"x\",\"n\":[1]}", NULL}
#define TOKEN_OUTPUTS "OAuthAccessToken=at;OAuthRefreshToken=rt;ExpiresIn=3600;OAuthParam:api_domain=x;OAuthParam:n=[1];"

static void scripts_get_tokens_by_every_grant(void **state)
{
    static const struct {
        const char *settings;
        struct oauth_item inputs[INPUTS];
        const char *fields[6][2];   /* of the request's body */
    } cases[] = {
        {"", {{"OAuthVersion", "2.0"}, {"OAuthAccessTokenURL", "%s/t"}, {"AuthMode", "WEB"}, {"Verifier", "v/1"}, {"CallbackURL", "https://a.example/"},
              {"OAuthClientId", "me"}, {"OAuthClientSecret", "hush-hush"}, {"GrantType", "CODE"}},
         {{"grant_type", "authorization_code"}, {"code", "v/1"}, {"redirect_uri", "https://a.example/"}}},
        /* what is not given is the connection's, and what is nobody's business is ignored */
        {"OAuthVersion=2.0;OAuthAccessTokenURL=%s/t;OAuthClientId=me;OAuthClientSecret=hush-hush;Scope=a b;AuthScheme=None;",
         {{"GrantType", "CLIENT"}, {"uri", "x"}, {"Pagesize", "odd"}, {"OAuthParam:audience", "https://b.example/?x=1&y"}, {"oauthparam:q", "a,b"},
          {"Verifier", ""}},
         {{"grant_type", "client_credentials"}, {"scope", "a b"}, {"audience", "https://b.example/?x=1&y"}, {"q", "a,b"}}},
        {"OAuthVersion=2.0;OAuthAccessTokenURL=%s/t;OAuthClientId=me;OAuthClientSecret=hush-hush;OAuthParams=x=1,y=2;",
         {{"GrantType", "client_credentials"}, {"Post_Data", "z=3&w=4"}},
         {{"grant_type", "client_credentials"}, {"x", "1"}, {"y", "2"}, {"z", "3"}, {"w", "4"}}},
        {"OAuthClientId=me;OAuthClientSecret=hush-hush;", {{"OAuthVersion", "2.0"}, {"OAuthAccessTokenURL", "%s/t"}, {"GrantType", "PASSWORD"},
          {"User", "anna"}, {"Password", "pass-word"}},
         {{"grant_type", "password"}, {"username", "anna"}, {"password", "pass-word"}}},
        {"OAuthClientId=me;OAuthClientSecret=hush-hush;OAuthRefreshToken=mine;", {{"OAuthVersion", "2.0"}, {"OAuthAccessTokenURL", "%s/t"},
          {"GrantType", "REFRESH"}, {"AuthMode", "WEB"}, {"OAuthRefreshToken", "scripts"}},
         {{"grant_type", "refresh_token"}, {"refresh_token", "scripts"}}},
        {"OAuthClientId=me;OAuthClientSecret=hush-hush;OAuthRefreshToken=mine;OAuthVersion=2.0;", {{"OAuthRefreshTokenURL", "%s/t"},
          {"OAuthAccessTokenURL", "%s/elsewhere"}, {"GrantType", "refresh_token"}},
         {{"grant_type", "refresh_token"}, {"refresh_token", "mine"}}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct reply reply = TOKEN;
        struct bench bench;
        struct buffer out;
        print_message("  case %zu\n", i);
        bench_open(&bench, &unused, cases[i].settings, &reply, 1);
        buffer_init(&out, 4096);
        if (!run(&bench, oauth_operation_access_token, cases[i].inputs, &out))
            fail_msg("%s", bench.err.message);
        assert_string_equal(buffer_text(&out), TOKEN_OUTPUTS);
        assert_int_equal(bench_requests(&bench), 1);
        assert_non_null(strstr(bench_request(&bench, 0), "POST /t HTTP"));
        for (size_t j = 0; j < 6 && cases[i].fields[j][0]; j++)
            assert_string_equal(bench_field(&bench, 0, cases[i].fields[j][0]), cases[i].fields[j][1]);
        buffer_clear(&out);
        bench_close(&bench);
    }
}

#define FIRST {"OAuthRequestTokenURL", "%s/r"}, {"OAuthAuthorizationURL", "%s/a"}, {"OAuthAccessTokenURL", "%s/t"}, {"OAuthClientId", "key"}, \
              {"OAuthClientSecret", "hush-hush"}, {"CallbackURL", "https://a.example/"}

/* As the scripts have it: OAuthVersion is 1.0 unless somebody says otherwise, and the request token comes as OAuthAccessToken. */
static void scripts_speak_oauth_1(void **state)
{
    const struct reply replies[] = {
        {200, "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true", NULL},
        {200, "oauth_token=at&oauth_token_secret=as&user=7", NULL},
        {200, "oauth_token=at&oauth_token_secret=as", NULL},
    };
    static const struct oauth_item first[] = {FIRST, {"Sign_Method", "HMAC-SHA256"}, {0}};
    static const struct oauth_item second[] = {FIRST, {"AuthMode", "WEB"}, {"Verifier", "v"}, {"OAuthAccessToken", "rt"},
                                               {"OAuthAccessTokenSecret", "rs"}, {0}};
    static const struct oauth_item third[] = {FIRST, {"Verifier", "v"}, {"AuthToken", "rt"}, {"OAuthTokenSecret", "rs"}, {"SignMethod", "PLAINTEXT"}, {0}};
    struct bench bench;
    struct buffer out;
    char expected[256];
    (void)state;
    bench_open(&bench, &unused, "", replies, 3);
    buffer_init(&out, 4096);
    if (!run(&bench, oauth_operation_authorization_url, first, &out))
        fail_msg("%s", bench.err.message);
    snprintf(expected, sizeof expected, "URL=%s/a?oauth_token=rt;OAuthAccessToken=rt;OAuthTokenSecret=rs;", bench.wire.url);
    assert_string_equal(buffer_text(&out), expected);
    assert_string_equal(bench_signed(&bench, 0, "oauth_signature_method"), "HMAC-SHA256");
    assert_string_equal(bench_signed(&bench, 0, "oauth_callback"), "https://a.example/");
    assert_true(run(&bench, oauth_operation_access_token, second, &out));
    assert_string_equal(buffer_text(&out), "OAuthAccessToken=at;OAuthTokenSecret=as;OAuthParam:user=7;");
    assert_string_equal(bench_signed(&bench, 1, "oauth_token"), "rt");
    assert_string_equal(bench_signed(&bench, 1, "oauth_verifier"), "v");
    assert_string_equal(bench_signed(&bench, 1, "oauth_signature_method"), "HMAC-SHA1");
    assert_true(run(&bench, oauth_operation_access_token, third, &out));
    assert_string_equal(bench_signed(&bench, 2, "oauth_signature"), "hush-hush&rs");
    buffer_clear(&out);
    bench_close(&bench);
}

static void scripts_get_urls(void **state)
{
    static const struct oauth_item inputs[] = {{"OAuthVersion", "2.0"}, {"OAuthAuthorizationURL", "%s/a?x=1"}, {"OAuthClientId", "me"},
                                               {"CallbackURL", "https://a.example/"}, {"State", "st"}, {"Scope", "r w"}, {"AuthMode", "WEB"},
                                               {"Prompt", "consent"}, {"OAuthParam:access_type", "offline"}, {0}};
    const struct reply reply = TOKEN;
    struct bench bench;
    struct buffer out;
    (void)state;
    bench_open(&bench, &unused, "", &reply, 1);
    buffer_init(&out, 4096);
    if (!run(&bench, oauth_operation_authorization_url, inputs, &out))
        fail_msg("%s", bench.err.message);
    assert_non_null(strstr(out.data, "/a?x=1&response_type=code&client_id=me&redirect_uri=https%3A%2F%2Fa.example%2F&state=st&scope=r%20w&"
                           "prompt=consent&code_challenge="));
    assert_non_null(strstr(out.data, "&access_type=offline;State=st;PKCEVerifier="));
    assert_int_equal(bench_requests(&bench), 0);
    buffer_clear(&out);
    bench_close(&bench);
}

static void wishes_that_can_not_be_fulfilled_are_told(void **state)
{
    static const struct {
        struct oauth_item inputs[INPUTS];
        const char *sqlstate, *words;
    } cases[] = {
        {{{"Firewall_Type", "SOCKS6"}}, "HYC00", "FirewallType=SOCKS6"},
        {{{"Firewall_Type", "SOCKS5"}}, "HY000", "FirewallServer"},
        {{{"Firewall_Type", "SOCKS4"}, {"Firewall_Server", "127.0.0.1"}, {"Firewall_Port", "many"}}, "HY000", "ProxyPort"},
        {{{"Proxy_Auto", "TRUE"}}, "HYC00", "ProxyAuto=TRUE"},
        {{{"Proxy_AuthToken", "secret"}}, "HYC00", "ProxyAuthToken"},
        {{{"Proxy_AuthScheme", "PROPRIETARY"}}, "HY000", "ProxyAuthScheme"},
        {{{"Proxy_SSLType", "PERHAPS"}}, "HYC00", "ProxySSLType"},
        {{{"Proxy_Port", "-5"}}, "HY000", "ProxyPort"},
        {{{"Timeout", "-1"}, {"OAuthVersion", "2.0"}}, "HY000", "Timeout"},
        {{{"AuthMode", "MAYBE"}, {"OAuthVersion", "2.0"}}, "HY000", "AuthMode"},
        {{{"SignMethod", "RSA-SHA1"}, FIRST, {"Verifier", "v"}, {"AuthMode", "WEB"}, {"OAuthAccessToken", "rt"}, {"OAuthAccessTokenSecret", "rs"}}, "28000", "needs Cert"},
        {{{"SignMethod", "RSA-SHA1"}, FIRST, {"Verifier", "v"}, {"AuthMode", "WEB"}, {"OAuthAccessToken", "rt"}, {"OAuthAccessTokenSecret", "rs"},
          {"Cert", "/not/there.pfx"}, {"Cert_Password", "x"}}, "HY000", "/not/there.pfx"},
        {{{"OAuthVersion", "3.0"}}, "HY000", "OAuthVersion"},
        {{{"GrantType", "IMPLICIT"}, {"OAuthVersion", "2.0"}}, "HY000", "OAuthGrantType"},
        {{{"SignMethod", "MD5"}}, "HY000", "SignMethod"},
        {{{"OAuthParam:grant_type", "x"}, {"OAuthVersion", "2.0"}}, "HY000", "must not set grant_type"},
        {{{"Timeout", "soon"}, {"OAuthVersion", "2.0"}}, "HY000", "Timeout"},
        {{{"OAuthVersion", "2.0"}, {"AuthMode", "WEB"}}, "28000", "verifier"},
        {{{"GrantType", "REFRESH"}}, "HY000", "not renewed"},
        {{{"LogFile", "/not/there/log"}}, "HY000", "Logfile"},
    };
    static const struct oauth_item fine[] = {{"Firewall_Type", "NONE"}, {"Proxy_Auto", "FALSE"}, {"Proxy_SSLType", "AUTO"}, {"OAuthVersion", "2.0"},
                                             {"GrantType", "CLIENT"}, {"OAuthClientId", "me"}, {"OAuthClientSecret", "s"},
                                             {"OAuthAccessTokenURL", "%s/t"}, {0}};
    const struct reply reply = TOKEN;
    struct bench bench;
    struct buffer out;
    (void)state;
    bench_open(&bench, &unused, "OAuthAccessTokenURL=%s/t;", &reply, 1);
    buffer_init(&out, 4096);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("  %s=%s\n", cases[i].inputs[0].name, cases[i].inputs[0].value);
        assert_false(run(&bench, oauth_operation_access_token, cases[i].inputs, &out));
        assert_string_equal(bench.err.sqlstate, cases[i].sqlstate);
        assert_non_null(strstr(bench.err.message, cases[i].words));
        assert_string_equal(buffer_text(&out), "");
    }
    assert_int_equal(bench_requests(&bench), 0);
    assert_true(run(&bench, oauth_operation_access_token, fine, &out));
    buffer_clear(&out);
    bench_close(&bench);
}

/* Where nobody says anything: OAuth 1.0 with HMAC-SHA1 and, of 2.0, the grant CODE, by the browser; other options are nobody's business. */
static void what_is_not_given_has_its_default(void **state)
{
    static const struct oauth_item code[] = {{"OAuthVersion", "2.0"}, {"OAuthAccessTokenURL", "%s/t"}, {"OAuthClientId", "me"}, {"OAuthClientSecret", "hush-hush"},
                                             {"AuthMode", "WEB"}, {"Verifier", "v"}, {"CallbackURL", "https://a.example/"}, {"OtherOptions", "a=b"}, {0}};
    static const struct oauth_item browser[] = {{"OAuthVersion", "2.0"}, {"OAuthAccessTokenURL", "%s/t"}, {"OAuthAuthorizationURL", "%s/a"},
                                                {"OAuthClientId", "me"}, {"OAuthClientSecret", "hush-hush"}, {"CallbackURL", "http://127.0.0.1:0"}, {0}};
    static const struct oauth_item first[] = {FIRST, {0}};
    const struct reply replies[] = {TOKEN, {200, "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true", NULL}};
    struct bench bench;
    struct buffer out;
    (void)state;
    bench_open(&bench, &unused, "", replies, 2);
    buffer_init(&out, 4096);
    assert_true(run(&bench, oauth_operation_access_token, code, &out));
    assert_string_equal(bench_field(&bench, 0, "grant_type"), "authorization_code");
    assert_true(run(&bench, oauth_operation_authorization_url, first, &out));
    assert_string_equal(bench_signed(&bench, 1, "oauth_signature_method"), "HMAC-SHA1");
    setenv("BROWSER", "/bin/false", 1);
    assert_false(run(&bench, oauth_operation_access_token, browser, &out));
    assert_non_null(strstr(bench.err.message, "browser"));
    buffer_clear(&out);
    bench_close(&bench);
}

/* The server is its own proxy here. */
static void a_proxy_of_the_script_is_used(void **state)
{
    const struct reply replies[] = {TOKEN, TOKEN};
    struct bench bench;
    struct buffer out;
    (void)state;
    bench_open(&bench, &unused, "RetryMax=0;", replies, 2);
    buffer_init(&out, 4096);
    const char *port = strrchr(bench.wire.url, ':') + 1;
    const struct oauth_item named[] = {{"OAuthVersion", "2.0"}, {"GrantType", "CLIENT"}, {"OAuthClientId", "me"}, {"OAuthClientSecret", "s"},
                                              {"OAuthAccessTokenURL", "%s/t"}, {"Proxy_Server", "127.0.0.1"}, {"Proxy_Port", port}, {"Proxy_User", "anna"}, {"Proxy_Password", "pass-word"},
                                              {"Proxy_AuthScheme", "BASIC"}, {0}};
    const struct oauth_item bare[] = {{"OAuthVersion", "2.0"}, {"GrantType", "CLIENT"}, {"OAuthClientId", "me"}, {"OAuthClientSecret", "s"},
                                             {"OAuthAccessTokenURL", "%s/t"}, {"Proxy_Server", "127.0.0.1"}, {"Proxy_Port", port}, {"Proxy_User", "anna"}, {"Proxy_Password", "pass-word"},
                                             {"Proxy_AuthScheme", "NONE"}, {0}};
    const struct oauth_item secure[] = {{"OAuthVersion", "2.0"}, {"GrantType", "CLIENT"}, {"OAuthClientId", "me"}, {"OAuthClientSecret", "s"},
                                               {"OAuthAccessTokenURL", "%s/t"}, {"Proxy_Server", "127.0.0.1"}, {"Proxy_Port", "1"}, {"Proxy_SSLType", "ALWAYS"}, {0}};
    if (!run(&bench, oauth_operation_access_token, named, &out))
        fail_msg("%s", bench.err.message);
    assert_non_null(strstr(bench_request(&bench, 0), "POST http://127.0.0.1:"));
    assert_non_null(strstr(bench_request(&bench, 0), "Proxy-Authorization: Basic YW5uYTpwYXNzLXdvcmQ="));
    assert_true(run(&bench, oauth_operation_access_token, bare, &out));
    assert_null(strstr(bench_request(&bench, 1), "Proxy-Authorization"));
    assert_false(run(&bench, oauth_operation_access_token, secure, &out));
    assert_non_null(strstr(bench.err.message, "by way of the proxy https://127.0.0.1:1"));
    buffer_clear(&out);
    bench_close(&bench);
}

static void an_operation_ends_in_its_time_and_keeps_nothing(void **state)
{
    static const struct oauth_item inputs[] = {{"OAuthVersion", "2.0"}, {"GrantType", "CLIENT"}, {"OAuthClientId", "me"}, {"OAuthClientSecret", "s"},
                                               {"OAuthAccessTokenURL", "%s/t"}, {"Timeout", "1"}, {0}};
    const struct reply replies[] = {{200, "{\"access_token\":\"at\"}", "Delay: 5000\r\n"}};
    struct bench bench;
    struct buffer out;
    char log[] = "/tmp/restodbc-operation-XXXXXX", text[4096];
    (void)state;
    bench_open(&bench, &unused, "InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation=/proc/not/writable;", replies, 1);
    buffer_init(&out, 4096);
    assert_false(run(&bench, oauth_operation_access_token, inputs, &out));
    assert_string_equal(bench.err.sqlstate, "HYT00");
    assert_non_null(strstr(bench.err.message, "Timeout of 1 s"));
    bench_close(&bench);

    const struct reply reply = TOKEN;
    assert_true(close(mkstemp(log)) == 0);
    const struct oauth_item logged[] = {{"OAuthVersion", "2.0"}, {"GrantType", "CLIENT"}, {"OAuthClientId", "me"}, {"OAuthClientSecret", "hush-hush"},
                                        {"OAuthAccessTokenURL", "%s/t"}, {"LogFile", log}, {0}};
    bench_open(&bench, &unused, "InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation=/proc/not/writable;", &reply, 1);
    assert_true(run(&bench, oauth_operation_access_token, logged, &out));
    FILE *file = fopen(log, "r");
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    unlink(log);
    assert_non_null(strstr(text, "client_credentials"));
    assert_null(strstr(text, "hush-hush"));
    buffer_clear(&out);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_get_tokens_by_every_grant),
        cmocka_unit_test(scripts_speak_oauth_1),
        cmocka_unit_test(scripts_get_urls),
        cmocka_unit_test(wishes_that_can_not_be_fulfilled_are_told),
        cmocka_unit_test(what_is_not_given_has_its_default),
        cmocka_unit_test(a_proxy_of_the_script_is_used),
        cmocka_unit_test(an_operation_ends_in_its_time_and_keeps_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
