/* Proves the grants of OAuth 2.0 in which nobody sits at a browser here: client credentials, password, JWT bearer and device; what is sent
 * for each, when tokens are got anew, and what is said when they can not be got. */
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

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "test/oauth/bench.h"

#define GRANTS "CODE PASSWORD CLIENT JWT DEVICE"
static const struct oauth_profile profile = {
    .provider = "Shop", .schemes = "OAuth Bearer", .grants = GRANTS, .authorize_url = "/authorize", .token_url = "/token",
    .device_url = "/device", .scope_separator = ",", .pkce = true,
};

#define CLIENT "OAuthClientId=me;OAuthClientSecret=hush-hush/1;RetryMax=0;"
#define TOKEN(serial) {200, "{\"access_token\":\"at-" serial "\",\"token_type\":\"Bearer\",\"expires_in\":3600}", NULL}
#define REFUSED(word) {400, "{\"error\":\"" word "\"}", NULL}
static const struct reply fine = {200, "{}", NULL}, refused = {401, "{}", NULL};

static void the_application_signs_in_by_itself(void **state)
{
    static const struct {
        const char *settings, *authorization, *client, *secret;
    } cases[] = {
        {"OAuthGrantType=CLIENT;", "Authorization: Basic bWU6aHVzaC1odXNoJTJGMQ==\r\n", "", ""},
        {"AuthScheme=OAuthClient;Other=ClientInBody=1;", NULL, "me", "hush-hush/1"},
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct reply replies[] = {TOKEN("1"), fine, refused, TOKEN("2"), fine};
        struct bench bench;
        char settings[512];
        snprintf(settings, sizeof settings, CLIENT "InitiateOAuth=REFRESH;OAuthSettingsLocation=memory://client-%zu;Scope=read write;"
                 "OAuthParams=audience=https://shop.example/,x=1;%s", i, cases[i].settings);
        bench_open(&bench, &profile, settings, replies, 5);
        assert_true(bench_connect(&bench));
        assert_non_null(strstr(bench_request(&bench, 0), "POST /token "));
        assert_string_equal(bench_field(&bench, 0, "grant_type"), "client_credentials");
        assert_string_equal(bench_field(&bench, 0, "scope"), "read,write");
        assert_string_equal(bench_field(&bench, 0, "audience"), "https://shop.example/");
        assert_string_equal(bench_field(&bench, 0, "client_id"), cases[i].client);
        assert_string_equal(bench_field(&bench, 0, "client_secret"), cases[i].secret);
        assert_int_equal(cases[i].authorization != NULL, strstr(bench_request(&bench, 0), "Authorization: Basic ") != NULL);
        if (cases[i].authorization)
            assert_non_null(strstr(bench_request(&bench, 0), cases[i].authorization));

        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        assert_non_null(strstr(bench_request(&bench, 1), "Authorization: Bearer at-1\r\n"));
        assert_int_equal(bench_call(&bench, "/api", NULL), 200); /* refused: got anew, without refresh token and without a user */
        assert_string_equal(bench_field(&bench, 3, "grant_type"), "client_credentials");
        assert_non_null(strstr(bench_request(&bench, 4), "Authorization: Bearer at-2\r\n"));

        bench_reopen(&bench, settings); /* another connection of the process finds the token in memory */
        assert_true(bench_connect(&bench));
        assert_int_equal(bench_requests(&bench), 5);
        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        assert_non_null(strstr(bench_request(&bench, 5), "Authorization: Bearer at-2\r\n"));
        bench_close(&bench);
    }
}

static void a_token_that_ran_out_is_got_anew(void **state)
{
    const struct reply replies[] = {{200, "{\"access_token\":\"at-1\",\"expires_in\":0}", NULL}, TOKEN("2"), fine};
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, CLIENT "InitiateOAuth=GETANDREFRESH;OAuthGrantType=CLIENT;OAuthSettingsLocation=memory://over;", replies, 3);
    assert_true(bench_connect(&bench));
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_int_equal(bench_requests(&bench), 3);
    assert_non_null(strstr(bench_request(&bench, 2), "Authorization: Bearer at-2\r\n"));
    bench_close(&bench);
}

static void a_refusal_never_becomes_a_loop(void **state)
{
    const struct reply replies[] = {TOKEN("1"), refused, TOKEN("2"), refused, REFUSED("invalid_client")};
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, CLIENT "InitiateOAuth=GETANDREFRESH;OAuthGrantType=CLIENT;OAuthSettingsLocation=memory://loop;", replies, 5);
    assert_true(bench_connect(&bench));
    assert_int_equal(bench_call(&bench, "/api", NULL), 401); /* once got anew, once sent again */
    assert_int_equal(bench_requests(&bench), 4);
    bench_close(&bench);
}

static void the_password_serves_where_it_is_asked_for(void **state)
{
    const struct reply replies[] = {{200, "{\"access_token\":\"at-1\",\"refresh_token\":\"rt-1\"}", NULL}, refused, TOKEN("2"), fine,
                                    refused, REFUSED("invalid_grant"), TOKEN("3"), fine};
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, CLIENT "InitiateOAuth=REFRESH;OAuthGrantType=PASSWORD;UID=anna;PWD={pass;word};OAuthSettingsLocation=memory://pwd;",
               replies, 8);
    assert_true(bench_connect(&bench));
    assert_string_equal(bench_field(&bench, 0, "grant_type"), "password");
    assert_string_equal(bench_field(&bench, 0, "username"), "anna");
    assert_string_equal(bench_field(&bench, 0, "password"), "pass;word");
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_string_equal(bench_field(&bench, 2, "grant_type"), "refresh_token"); /* as long as there is one, the password rests */
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    assert_string_equal(bench_field(&bench, 5, "grant_type"), "refresh_token");
    assert_string_equal(bench_field(&bench, 6, "grant_type"), "password");
    bench_close(&bench);
}

static void a_wrong_password_is_told(void **state)
{
    const struct reply replies[] = {REFUSED("invalid_grant")};
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, CLIENT "InitiateOAuth=REFRESH;OAuthGrantType=PASSWORD;UID=anna;PWD=wrong-one;OAuthSettingsLocation=memory://no;",
               replies, 1);
    assert_false(bench_connect(&bench));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "User and Password"));
    assert_null(strstr(bench.err.message, "wrong-one"));
    bench_close(&bench);
}

static void what_is_missing_or_not_allowed_is_named(void **state)
{
    static const struct {
        const char *settings, *sqlstate, *named;
    } cases[] = {
        {"OAuthGrantType=CLIENT;OAuthClientId=me;InitiateOAuth=REFRESH;", "28000", "OAuthClientSecret"},
        {"OAuthGrantType=PASSWORD;OAuthClientId=me;UID=anna;InitiateOAuth=REFRESH;", "28000", "Password"},
        {"OAuthGrantType=JWT;InitiateOAuth=REFRESH;", "28000", "OAuthJWTCert"},
        {"OAuthGrantType=JWT;OAuthJWTCert=/not/there;", "HY000", "OAuthJWTCert"},
        {"OAuthGrantType=CLIENT;AuthScheme=OAuthJWT;", "HY000", "contradict"},
        {"OAuthVersion=1.0;", "HY000", "OAuthVersion=1.0 is not possible with Shop, which knows: 2.0"},
        {"AuthScheme=Digest;UID=a;PWD=b;", "HY000", "AuthScheme=Digest is not possible with Shop"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        print_message("  %s\n", cases[i].settings);
        bench_open(&bench, &profile, cases[i].settings, &fine, 1);
        assert_null(bench.credential);
        assert_string_equal(bench.err.sqlstate, cases[i].sqlstate);
        assert_non_null(strstr(bench.err.message, cases[i].named));
        bench_close(&bench);
    }
    struct oauth_profile strict = profile;
    struct bench bench;
    strict.grants = "CODE";
    bench_open(&bench, &strict, "AuthScheme=OAuthClient;", &fine, 1);
    assert_null(bench.credential);
    assert_non_null(strstr(bench.err.message, "OAuthGrantType=CLIENT is not possible with Shop, which knows: CODE"));
    bench_close(&bench);
    strict.grants = NULL; /* the same */
    bench_open(&bench, &strict, "OAuthGrantType=DEVICE;", &fine, 1);
    assert_null(bench.credential);
    bench_close(&bench);
    strict.grants = "DEVICE";
    strict.device_url = NULL;
    bench_open(&bench, &strict, CLIENT "InitiateOAuth=REFRESH;", &fine, 1);
    assert_null(bench.credential);
    assert_non_null(strstr(bench.err.message, "OAuthDeviceAuthorizationURL"));
    bench_close(&bench);
}

static void procedures_get_tokens_without_a_user(void **state)
{
    const struct reply replies[] = {{200, "{\"access_token\":\"at-1\",\"api_domain\":\"https://eu.example\",\"expires_in\":\"60\"}", NULL}, fine};
    struct bench bench;
    struct oauth_tokens tokens;
    struct oauth_question question;
    struct buffer told;
    (void)state;
    bench_open(&bench, &profile, CLIENT "OAuthGrantType=CLIENT;", replies, 2);
    assert_false(oauth_authorization_url(bench.credential, &(struct oauth_authorization){0}, &question, NULL, &bench.err));
    assert_non_null(strstr(bench.err.message, "GetOAuthAccessToken"));
    assert_int_equal(bench_call(&bench, "/api", NULL), 0);
    assert_non_null(strstr(bench.err.message, "GetOAuthAccessToken"));
    assert_true(oauth_access_token(bench.credential, &(struct oauth_exchange){.auth_mode = "APP"}, &tokens, NULL, &bench.err));
    assert_string_equal(tokens.access_token, "at-1");
    assert_int_equal(tokens.expires_in, 60);
    assert_string_equal(tokens.other, "{\"api_domain\":\"https://eu.example\"}");
    oauth_tokens_clear(&tokens);
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);

    buffer_init(&told, 100);
    assert_true(credential_told(bench.credential, "api_domain", &told));
    assert_string_equal(buffer_text(&told), "https://eu.example");
    assert_false(credential_told(bench.credential, "token_type", &told));
    buffer_clear(&told);
    bench_close(&bench);
}

/* --- JWT --- */

static char key_file[] = "/tmp/restodbc-jwt-XXXXXX";
static EVP_PKEY *rsa;

static void write_key(EVP_PKEY *key)
{
    FILE *file = fopen(key_file, "w");
    assert_non_null(file);
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    fclose(file);
}

/* Takes base64url apart; returns the bytes' number. */
static size_t decode_part(const char *part, size_t length, unsigned char *out)
{
    char text[8192];
    size_t padded = (length + 3) / 4 * 4;
    memset(text, '=', padded);
    for (size_t i = 0; i < length; i++)
        text[i] = part[i] == '-' ? '+' : part[i] == '_' ? '/' : part[i];
    text[padded] = '\0';
    int size = EVP_DecodeBlock(out, (const unsigned char *)text, (int)padded);
    assert_true(size >= 0);
    return (size_t)size - (padded - length);
}

static json_t *json_part(const char *part, size_t length)
{
    unsigned char text[8192];
    size_t size = decode_part(part, length, text);
    json_t *json = json_loadb((char *)text, size, 0, NULL);
    assert_non_null(json);
    return json;
}

static bool is_signed_by(const char *jwt, EVP_PKEY *key)
{
    unsigned char signature[1024];
    const char *dot = strrchr(jwt, '.');
    size_t length = decode_part(dot + 1, strlen(dot + 1), signature);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL) == 1 &&
                EVP_DigestVerify(context, signature, length, (const unsigned char *)jwt, (size_t)(dot - jwt)) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

static const char *text_in(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

static void a_signed_assertion_gets_tokens(void **state)
{
    static const struct {
        const char *settings, *issuer, *subject, *audience, *scope, *kid, *client;
        int life;
    } cases[] = {
        {"OAuthJWTIssuer=app@shop.example;OAuthJWTSubject=anna;OAuthJWTAudience=https://shop.example/;OAuthJWTPublicKeyId=k7;Scope=a b;"
         "OAuthJWTValidityTime=120;", "app@shop.example", "anna", "\"https://shop.example/\"", "a b", "k7", "", 120},
        {"OAuthClientId=me;OAuthJWTAudience=one two;", "me", "me", "[\"one\",\"two\"]", "", "", "me", 300},
        {"OAuthJWTIssuer=app;", "app", "app", NULL, "", "", "", 300},
    };
    (void)state;
    write_key(rsa);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct reply replies[] = {TOKEN("1"), refused, TOKEN("2"), fine};
        struct bench bench;
        char settings[1024], jwt[4096], url[128];
        snprintf(settings, sizeof settings, "AuthScheme=OAuthJWT;InitiateOAuth=REFRESH;OAuthJWTCert=%s;OAuthSettingsLocation=memory://jwt-%zu;"
                 "RetryMax=0;%s", key_file, i, cases[i].settings);
        bench_open(&bench, &profile, settings, replies, 4);
        assert_true(bench_connect(&bench));
        assert_string_equal(bench_field(&bench, 0, "grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
        assert_string_equal(bench_field(&bench, 0, "client_id"), cases[i].client);
        snprintf(jwt, sizeof jwt, "%s", bench_field(&bench, 0, "assertion"));
        assert_true(is_signed_by(jwt, rsa));
        const char *dot = strchr(jwt, '.'), *last = strrchr(jwt, '.');
        json_t *header = json_part(jwt, (size_t)(dot - jwt)), *claims = json_part(dot + 1, (size_t)(last - dot - 1));
        assert_string_equal(text_in(header, "alg"), "RS256");
        assert_string_equal(text_in(header, "kid"), cases[i].kid);
        assert_string_equal(text_in(claims, "iss"), cases[i].issuer);
        assert_string_equal(text_in(claims, "sub"), cases[i].subject);
        assert_string_equal(text_in(claims, "scope"), cases[i].scope);
        char *audience = json_dumps(json_object_get(claims, "aud"), JSON_ENCODE_ANY | JSON_COMPACT);
        snprintf(url, sizeof url, "\"%s/token\"", bench.wire.url);
        assert_string_equal(audience, cases[i].audience ? cases[i].audience : url);
        free(audience);
        json_int_t issued = json_integer_value(json_object_get(claims, "iat"));
        assert_in_range(issued, time(NULL) - 60, time(NULL));
        assert_int_equal(json_integer_value(json_object_get(claims, "exp")), issued + cases[i].life);
        assert_true(strlen(text_in(claims, "jti")) >= 22);
        json_decref(header);
        json_decref(claims);

        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        assert_string_not_equal(bench_field(&bench, 2, "assertion"), jwt); /* every one is new */
        bench_close(&bench);
    }
}

/* A JWT tells the time: where this machine's clock is wrong, the server's counts, which its refusal brings. */
static void a_wrong_clock_is_set_once_for_an_assertion(void **state)
{
    static const struct { long away; int requests; bool works; } cases[] = {{7200, 2, true}, {-7200, 2, true}, {5, 1, false}};
    (void)state;
    write_key(rsa);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tm parts;
        char date[64], settings[512], jwt[4096];
        time_t then = time(NULL) + cases[i].away;
        gmtime_r(&then, &parts);
        strftime(date, sizeof date, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
        const struct reply replies[] = {{400, "{\"error\":\"invalid_grant\"}", date}, TOKEN("1"), REFUSED("x")};
        struct bench bench;
        snprintf(settings, sizeof settings, "AuthScheme=OAuthJWT;InitiateOAuth=REFRESH;OAuthJWTCert=%s;OAuthJWTIssuer=app;RetryMax=0;"
                 "OAuthSettingsLocation=memory://jwt-clock-%zu;", key_file, i);
        bench_open(&bench, &profile, settings, replies, 3);
        assert_int_equal(bench_connect(&bench), cases[i].works);
        assert_int_equal(bench_requests(&bench), cases[i].requests);
        if (cases[i].works) {
            snprintf(jwt, sizeof jwt, "%s", bench_field(&bench, 1, "assertion"));
            const char *dot = strchr(jwt, '.'), *last = strrchr(jwt, '.');
            json_t *claims = json_part(dot + 1, (size_t)(last - dot - 1));
            json_int_t issued = json_integer_value(json_object_get(claims, "iat"));
            assert_in_range(issued, then - 60, then + 60);
            json_decref(claims);
        } else {
            assert_string_equal(bench.err.sqlstate, "28000");
        }
        bench_close(&bench);
    }
}

static void only_known_kinds_of_keys_sign(void **state)
{
    EVP_PKEY *p384 = EVP_EC_gen("P-384");
    struct bench bench;
    char settings[512];
    (void)state;
    write_key(p384);
    snprintf(settings, sizeof settings, "AuthScheme=OAuthJWT;InitiateOAuth=REFRESH;OAuthJWTCert=%s;OAuthJWTIssuer=app;"
             "OAuthSettingsLocation=memory://p384;", key_file);
    bench_open(&bench, &profile, settings, &fine, 1);
    assert_false(bench_connect(&bench));
    assert_non_null(strstr(bench.err.message, "P-256"));
    assert_int_equal(bench_requests(&bench), 0);
    bench_close(&bench);

    EVP_PKEY *p256 = EVP_EC_gen("P-256");
    const struct reply replies[] = {TOKEN("1")};
    write_key(p256);
    bench_open(&bench, &profile, settings, replies, 1);
    assert_true(bench_connect(&bench));
    const char *jwt = bench_field(&bench, 0, "assertion");
    json_t *header = json_part(jwt, strcspn(jwt, "."));
    assert_string_equal(text_in(header, "alg"), "ES256");
    json_decref(header);
    bench_close(&bench);
    EVP_PKEY_free(p384);
    EVP_PKEY_free(p256);
}

/* --- device --- */

#define DEVICE_ANSWER "{\"device_code\":\"dc-secret\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"https://shop.example/device\",\"expires_in\":900,\"interval\":0}"

static void a_device_asks_and_polls(void **state)
{
    const struct reply replies[] = {{200, DEVICE_ANSWER, NULL}, REFUSED("authorization_pending"), REFUSED("authorization_pending"), TOKEN("1"), fine};
    static const struct { bool same_connection, by_property; } cases[] = {{true, false}, {false, false}, {false, true}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct bench bench;
        struct oauth_question question;
        struct oauth_tokens tokens;
        struct oauth_exchange exchange = {.auth_mode = "DEVICE"};
        bench_open(&bench, &profile, CLIENT, replies, 5); /* OAuthGrantType is CODE: AuthMode decides */
        struct oauth_authorization input = {.auth_mode = "device", .scope = "read write"};
        if (!oauth_authorization_url(bench.credential, &input, &question, NULL, &bench.err))
            fail_msg("%s", bench.err.message);
        assert_non_null(strstr(bench_request(&bench, 0), "POST /device "));
        assert_string_equal(bench_field(&bench, 0, "scope"), "read,write");
        assert_string_equal(question.url, "https://shop.example/device");
        assert_string_equal(question.user_code, "ABCD-EFGH");
        assert_string_equal(question.device_code, "dc-secret");
        assert_int_equal(question.expires_in, 900);
        assert_null(question.state);
        oauth_question_clear(&question);
        if (!cases[i].same_connection) { /* the interval is not known there, so let it be told that all is done */
            bench_reopen(&bench, cases[i].by_property ? CLIENT "OAuthVerifier=dc-secret;" : CLIENT);
            atomic_store(&bench.wire.seen->requests, 3);
            exchange.device_code = cases[i].by_property ? NULL : "dc-secret";
        }
        if (!oauth_access_token(bench.credential, &exchange, &tokens, NULL, &bench.err))
            fail_msg("%s", bench.err.message);
        int last = bench_requests(&bench) - 1;
        assert_int_equal(last, 3);
        assert_string_equal(bench_field(&bench, last, "grant_type"), "urn:ietf:params:oauth:grant-type:device_code");
        assert_string_equal(bench_field(&bench, last, "device_code"), "dc-secret");
        assert_string_equal(tokens.access_token, "at-1");
        oauth_tokens_clear(&tokens);
        assert_int_equal(bench_call(&bench, "/api", NULL), 200);
        bench_close(&bench);
    }
}

static void polling_ends_when_it_must(void **state)
{
    static const struct {
        struct reply second, third;
        const char *sqlstate, *words;
        int requests;
    } cases[] = {
        {REFUSED("expired_token"), REFUSED("x"), "28000", "expired_token", 2},
        {REFUSED("access_denied"), REFUSED("x"), "28000", "Consent was denied", 2},
        {REFUSED("authorization_pending"), REFUSED("access_denied"), "28000", "access_denied", 3},
        {REFUSED("slow_down"), REFUSED("access_denied"), "HYT00", "", 2}, /* five seconds more, which is beyond the deadline */
        {{503, "", NULL}, REFUSED("x"), "08S01", "/token", 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct reply replies[] = {{200, DEVICE_ANSWER, NULL}, cases[i].second, cases[i].third};
        struct bench bench;
        struct cancel cancel;
        struct oauth_question question;
        struct oauth_tokens tokens;
        print_message("  %s, %s\n", cases[i].second.body, cases[i].third.body);
        bench_open(&bench, &profile, CLIENT, replies, 3);
        assert_true(oauth_authorization_url(bench.credential, &(struct oauth_authorization){.auth_mode = "DEVICE"}, &question, NULL, &bench.err));
        oauth_question_clear(&question);
        cancel_init(&cancel);
        cancel.deadline = clock_milliseconds() + 4000;
        assert_false(oauth_access_token(bench.credential, &(struct oauth_exchange){.auth_mode = "DEVICE"}, &tokens, &cancel, &bench.err));
        assert_string_equal(bench.err.sqlstate, cases[i].sqlstate);
        assert_non_null(strstr(bench.err.message, cases[i].words));
        assert_null(strstr(bench.err.message, "dc-secret"));
        assert_int_equal(bench_requests(&bench), cases[i].requests);
        cancel_clear(&cancel);
        bench_close(&bench);
    }
}

/* What a server wants between two polls is bounded both ways: a connect must not sleep for days, nor ask as fast as it can. */
static void the_pace_of_polling_is_bounded(void **state)
{
    static const struct { const char *interval; int64_t seconds; } cases[] = {
        {"", 5}, {",\"interval\":null", 5}, {",\"interval\":-3", 5}, {",\"interval\":\"7\"", 7}, {",\"interval\":0", 1}, {",\"interval\":0.5", 1},
        {",\"interval\":100000", 60},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char body[256];
        struct bench bench;
        struct oauth_question question;
        snprintf(body, sizeof body, "{\"device_code\":\"d\",\"user_code\":\"A\",\"verification_uri\":\"https://s.example/\"%s}", cases[i].interval);
        const struct reply reply = {200, body, NULL};
        bench_open(&bench, &profile, CLIENT, &reply, 1);
        assert_true(oauth_authorization_url(bench.credential, &(struct oauth_authorization){.auth_mode = "DEVICE"}, &question, NULL, &bench.err));
        assert_int_equal(question.interval, cases[i].seconds);
        oauth_question_clear(&question);
        bench_close(&bench);
    }
}

static void polling_ends_with_the_codes_life(void **state)
{
    static const char answer[] = "{\"device_code\":\"d\",\"user_code\":\"U\",\"verification_url\":\"https://s.example/d\",\"expires_in\":1,\"interval\":7}";
    const struct reply replies[] = {{200, answer, NULL}, REFUSED("authorization_pending")};
    struct bench bench;
    struct oauth_question question;
    struct oauth_tokens tokens;
    (void)state;
    bench_open(&bench, &profile, CLIENT, replies, 2);
    assert_true(oauth_authorization_url(bench.credential, &(struct oauth_authorization){.auth_mode = "DEVICE"}, &question, NULL, &bench.err));
    oauth_question_clear(&question);
    assert_false(oauth_access_token(bench.credential, &(struct oauth_exchange){.auth_mode = "DEVICE"}, &tokens, NULL, &bench.err));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_non_null(strstr(bench.err.message, "same DeviceCode"));
    assert_int_equal(bench_requests(&bench), 2); /* the next poll would come too late, so it is not waited for */
    bench_close(&bench);
}

static void odd_device_answers_are_refused(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "{\"device_code\":\"d\",\"user_code\":\"\",\"verification_uri\":\"https://s.example/\"}",
        "{\"device_code\":\"d\",\"user_code\":\"A\\u001b[2J\",\"verification_uri\":\"https://s.example/\"}",
        "{\"device_code\":\"d\",\"user_code\":\"A\\u009b2J\",\"verification_uri\":\"https://s.example/\"}",
        "{\"device_code\":\"d\",\"user_code\":\"A\\u202eB\",\"verification_uri\":\"https://s.example/\"}",
        "{\"device_code\":\"d\",\"user_code\":\"A\",\"verification_uri\":\"https://s.example/\\u009b2J\"}",
        "{\"device_code\":\"d\",\"user_code\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"verification_uri\":\"https://s.example/\"}",
        "{\"device_code\":\"d\",\"user_code\":\"A\",\"verification_uri\":\"http://s.example/\"}",
        "{\"device_code\":\"d\",\"user_code\":\"A\",\"verification_uri\":\"file:///etc/passwd\"}",
        "{\"error\":\"invalid_client\"}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        const struct reply reply = {200, bodies[i], NULL};
        struct bench bench;
        struct oauth_question question;
        bench_open(&bench, &profile, CLIENT, &reply, 1);
        assert_false(oauth_authorization_url(bench.credential, &(struct oauth_authorization){.auth_mode = "DEVICE"}, &question, NULL, &bench.err));
        assert_null(question.device_code);
        bench_close(&bench);
    }
}

#define AT_CONNECT CLIENT "OAuthGrantType=DEVICE;InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation=memory://device;"

/* Nobody sees a code while a connect waits: the diagnostic tells it, and a later connect looks whether the user has entered it. */
static void a_connect_tells_the_code_and_the_next_one_uses_it(void **state)
{
    const struct reply replies[] = {{200, DEVICE_ANSWER, NULL}, REFUSED("authorization_pending"), REFUSED("slow_down"), TOKEN("1"), fine};
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, AT_CONNECT, replies, 5);
    for (int i = 0; i < 2; i++) {
        assert_false(bench_connect(&bench));
        assert_string_equal(bench.err.sqlstate, "28000");
        assert_non_null(strstr(bench.err.message, "open https://shop.example/device on any device and enter the code ABCD-EFGH within 15 minutes"));
        assert_null(strstr(bench.err.message, "dc-secret"));
        assert_int_equal(bench_requests(&bench), i + 1);
        bench_reopen(&bench, AT_CONNECT);
    }
    assert_string_equal(bench_field(&bench, 1, "device_code"), "dc-secret");
    atomic_store(&bench.wire.seen->requests, 3); /* past the slow_down, which would make us wait */
    assert_true(bench_connect(&bench));
    assert_int_equal(bench_call(&bench, "/api", NULL), 200);
    bench_reopen(&bench, AT_CONNECT);
    assert_true(bench_connect(&bench)); /* saved */
    assert_int_equal(bench_requests(&bench), 5);
    bench_close(&bench);
}

static void a_code_that_is_of_no_use_is_replaced_and_a_denial_told(void **state)
{
    static const struct { const char *word; int requests; const char *told; } cases[] = {
        {"expired_token", 3, "enter the code ABCD-EFGH"}, {"access_denied", 2, "Consent was denied"},
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char refusal[64], settings[512];
        snprintf(refusal, sizeof refusal, "{\"error\":\"%s\"}", cases[i].word);
        const struct reply replies[] = {{200, DEVICE_ANSWER, NULL}, {400, refusal, NULL}, {200, DEVICE_ANSWER, NULL}};
        struct bench bench;
        snprintf(settings, sizeof settings, CLIENT "OAuthGrantType=DEVICE;InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation=memory://dead-%zu;", i);
        bench_open(&bench, &profile, settings, replies, 3);
        assert_false(bench_connect(&bench));
        bench_reopen(&bench, settings);
        assert_false(bench_connect(&bench));
        assert_int_equal(bench_requests(&bench), cases[i].requests);
        assert_non_null(strstr(bench.err.message, cases[i].told));
        if (i == 1) { /* after a denial the next connect begins anew */
            bench_reopen(&bench, settings);
            assert_false(bench_connect(&bench));
            assert_non_null(strstr(bench.err.message, "enter the code"));
        }
        bench_close(&bench);
    }
}

static void refresh_begins_no_sign_in_at_a_device(void **state)
{
    struct bench bench;
    (void)state;
    bench_open(&bench, &profile, CLIENT "OAuthGrantType=DEVICE;InitiateOAuth=REFRESH;OAuthSettingsLocation=memory://quiet;", &fine, 1);
    assert_false(bench_connect(&bench));
    assert_string_equal(bench.err.sqlstate, "28000");
    assert_int_equal(bench_requests(&bench), 0);
    bench_close(&bench);
}

static int begin(void **state)
{
    (void)state;
    int fd = mkstemp(key_file);
    rsa = EVP_RSA_gen(2048);
    return fd >= 0 && rsa ? close(fd) : -1;
}

static int end(void **state)
{
    (void)state;
    EVP_PKEY_free(rsa);
    return unlink(key_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_application_signs_in_by_itself),
        cmocka_unit_test(a_token_that_ran_out_is_got_anew),
        cmocka_unit_test(a_refusal_never_becomes_a_loop),
        cmocka_unit_test(the_password_serves_where_it_is_asked_for),
        cmocka_unit_test(a_wrong_password_is_told),
        cmocka_unit_test(what_is_missing_or_not_allowed_is_named),
        cmocka_unit_test(procedures_get_tokens_without_a_user),
        cmocka_unit_test(a_signed_assertion_gets_tokens),
        cmocka_unit_test(a_wrong_clock_is_set_once_for_an_assertion),
        cmocka_unit_test(only_known_kinds_of_keys_sign),
        cmocka_unit_test(a_device_asks_and_polls),
        cmocka_unit_test(polling_ends_when_it_must),
        cmocka_unit_test(the_pace_of_polling_is_bounded),
        cmocka_unit_test(polling_ends_with_the_codes_life),
        cmocka_unit_test(odd_device_answers_are_refused),
        cmocka_unit_test(a_connect_tells_the_code_and_the_next_one_uses_it),
        cmocka_unit_test(a_code_that_is_of_no_use_is_replaced_and_a_denial_told),
        cmocka_unit_test(refresh_begins_no_sign_in_at_a_device),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
