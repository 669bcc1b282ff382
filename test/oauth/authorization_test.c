/* Proves oauth/authorization.c: PKCE against RFC 7636 appendix B, the authorization URL, and how a server's refusal is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/property.h"
#include "http/url.h"
#include "oauth/authorization.h"
#include "oauth/secret.h"

static const struct oauth_profile profile = {
    .provider = "Test", .schemes = "OAuth Bearer None", .authorize_url = "https://auth.example/authorize?tenant=a",
    .token_url = "https://auth.example/token", .scope_separator = ",", .pkce = true, .authorize_params = "display=login&x=%C3%A9",
};

struct bench {
    struct properties properties;
    struct credential *credential;
    struct oauth_question made;
    struct error err;
};

static void bench_open(struct bench *bench, const char *settings)
{
    memset(bench, 0, sizeof *bench);
    assert_true(properties_read_string(&bench->properties, settings, strlen(settings), NULL, NULL, &bench->err));
    assert_true(credential_open(&profile, &bench->properties, NULL, NULL, &bench->credential, &bench->err));
}

static void bench_close(struct bench *bench)
{
    credential_close(bench->credential);
    properties_clear(&bench->properties);
    oauth_question_clear(&bench->made);
}

static bool make_url(struct bench *bench, const struct oauth_authorization *input)
{
    oauth_question_clear(&bench->made);
    return oauth_authorization_url(bench->credential, input, &bench->made, NULL, &bench->err);
}

static const char *in_url(const struct bench *bench, const char *name, struct buffer *value)
{
    buffer_clear(value);
    buffer_init(value, 1000);
    return url_parameter(strchr(bench->made.url, '?') + 1, name, value) ? buffer_text(value) : NULL;
}

static void pkce_follows_rfc_7636_appendix_b(void **state)
{
    struct buffer challenge;
    (void)state;
    buffer_init(&challenge, 100);
    assert_true(authorization_challenge(&challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    assert_string_equal(challenge.data, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    buffer_clear(&challenge);
}

static void the_url_carries_all_and_no_secret(void **state)
{
    struct bench bench;
    struct buffer value, challenge;
    (void)state;
    buffer_init(&value, 1000);
    buffer_init(&challenge, 100);
    bench_open(&bench, "OAuthClientId=my id;OAuthClientSecret=top secret;CallbackURL=http://localhost:33333/a?b=c;OAuthParams={p=q r&};Scope=one two");
    assert_true(make_url(&bench, &(struct oauth_authorization){.prompt = "consent"}));
    assert_int_equal(strncmp(bench.made.url, "https://auth.example/authorize?tenant=a&response_type=code&", 59), 0);
    assert_string_equal(in_url(&bench, "client_id", &value), "my id");
    assert_string_equal(in_url(&bench, "redirect_uri", &value), "http://localhost:33333/a?b=c");
    assert_string_equal(in_url(&bench, "scope", &value), "one,two");
    assert_string_equal(in_url(&bench, "prompt", &value), "consent");
    assert_string_equal(in_url(&bench, "display", &value), "login");
    assert_string_equal(in_url(&bench, "x", &value), "\xC3\xA9");
    assert_string_equal(in_url(&bench, "p", &value), "q r");
    assert_string_equal(in_url(&bench, "code_challenge_method", &value), "S256");
    assert_string_equal(in_url(&bench, "state", &value), bench.made.state);
    assert_true(strlen(bench.made.state) >= 22); /* 128 bits in base64url */
    assert_true(authorization_challenge(&challenge, bench.made.pkce_verifier));
    assert_string_equal(in_url(&bench, "code_challenge", &value), challenge.data);
    assert_null(strstr(bench.made.url, "secret"));
    assert_null(strstr(bench.made.url, bench.made.pkce_verifier));
    buffer_clear(&value);
    buffer_clear(&challenge);
    bench_close(&bench);
}

static void states_and_verifiers_are_new_each_time(void **state)
{
    static const struct {
        const char *settings;
        struct oauth_authorization input;
        bool verifier_differs, state_differs;
    } cases[] = {
        {"OAuthClientId=i;OAuthClientSecret=s;", {.auth_mode = "WEB", .state = "mine"}, true, false},
        {"OAuthClientId=i;", {.auth_mode = "WEB"}, true, true},
        {"OAuthClientId=i;", {.auth_mode = NULL}, true, true},
        {"OAuthClientId=i;OAuthClientSecret=s;", {.auth_mode = "APP"}, false, true}, /* must be found again elsewhere */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        char first[100], first_state[100];
        bench_open(&bench, cases[i].settings);
        assert_true(make_url(&bench, &cases[i].input));
        assert_in_range(strlen(bench.made.pkce_verifier), 43, 128); /* RFC 7636 4.1 */
        strcpy(first, bench.made.pkce_verifier);
        strcpy(first_state, bench.made.state);
        assert_true(make_url(&bench, &cases[i].input));
        assert_int_equal(strcmp(first, bench.made.pkce_verifier) != 0, cases[i].verifier_differs);
        assert_int_equal(strcmp(first_state, bench.made.state) != 0, cases[i].state_differs);
        bench_close(&bench);
    }
}

static void missing_things_are_named(void **state)
{
    static const struct {
        const char *settings, *named;
        struct oauth_authorization input;
    } cases[] = {
        {"", "OAuthClientId", {0}},
        {"OAuthClientId=i;OAuthAuthorizationURL=http://auth.example/;", "OAuthAuthorizationURL", {0}},
        {"OAuthClientId=i;OAuthParams=nonsense;", "OAuthParams", {0}},
                {"OAuthClientId=i;OAuthParams=a=b,Client_Secret=mine;", "Client_Secret", {0}},
        {"OAuthClientId=i;OAuthParams=a=b&state=mine;", "OAuthParams", {0}},
        {"OAuthClientId=i;OAuthParams=Client_Id=other;", "Client_Id", {0}},
        {"OAuthClientId=i;OAuthParams=redirect%5Furi=http://evil.example/;", "redirect_uri", {0}},
        {"OAuthClientId=i;OAuthParams=response_type=token;", "OAuthParams", {0}},
        {"OAuthClientId=i;OAuthParams=code_challenge_method=plain;", "OAuthParams", {0}},
        {"OAuthClientId=i;", "AuthMode", {.auth_mode = "DESKTOP"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        bench_open(&bench, cases[i].settings);
        assert_false(make_url(&bench, &cases[i].input));
        assert_non_null(strstr(bench.err.message, cases[i].named));
        bench_close(&bench);
    }
}

/* An application that the definition brings along: whole, or not at all. */
static void another_application_stands_in(void **state)
{
    static const struct { const char *settings, *id, *secret; } cases[] = {
        {"", "embedded", "their word"}, {"OAuthClientId=;OAuthClientSecret=;", "embedded", "their word"},
        {"OAuthClientId=mine;", "mine", NULL}, {"OAuthClientId=mine;OAuthClientSecret=s;", "mine", "s"},
    };
    struct oauth_profile with = profile;
    struct buffer value = {0};
    (void)state;

    with.client_id = "embedded";
    with.client_secret = "their word";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench = {0};
        assert_true(properties_read_string(&bench.properties, cases[i].settings, strlen(cases[i].settings), NULL, NULL, &bench.err));
        assert_true(credential_open(&with, &bench.properties, NULL, NULL, &bench.credential, &bench.err));
        assert_true(make_url(&bench, &(struct oauth_authorization){.auth_mode = "APP"}));
        assert_string_equal(in_url(&bench, "client_id", &value), cases[i].id);
        const char *secret = credential_property(bench.credential, PROPERTY_OAUTH_CLIENT_SECRET);
        assert_int_equal(secret != NULL, cases[i].secret != NULL);
        assert_true(!secret || strcmp(secret, cases[i].secret) == 0);
        bench_close(&bench);
    }
    buffer_clear(&value);
}

/* Which of its schemas a service is asked by stands in the message. */
static void a_scheme_that_is_not_there_is_told(void **state)
{
    struct oauth_profile with = profile;
    struct properties properties;
    struct credential *credential;
    struct error err = {0};
    (void)state;

    with.schema = "V3";
    properties_init(&properties);
    assert_true(properties_read_string(&properties, "AuthScheme=Basic;UID=a;PWD=b", strlen("AuthScheme=Basic;UID=a;PWD=b"), NULL, NULL, &err));
    assert_false(credential_open(&with, &properties, NULL, NULL, &credential, &err));
    assert_string_equal(err.message, "AuthScheme=Basic is not possible with Test V3, which knows: OAuth Bearer None");
    properties_clear(&properties);
}

static void the_servers_words_are_tamed(void **state)
{
    struct error err;
    char words[8];
    (void)state;
    authorization_refused("https://auth.example/token", 401, "invalid_client", "no\r\nsuch\x1b[31mclient", &err);
    assert_string_equal(err.message, "https://auth.example/token refused: invalid_client (no  such [31mclient). "
                                     "Check OAuthClientId and OAuthClientSecret");
    authorization_plain_words("abcd\xC3\xA9\xC3\xA9", words, sizeof words); /* cut between characters */
    assert_string_equal(words, "abcd\xC3\xA9");
    /* Control characters of the second set, which steer a terminal as well; turned writing; what is no UTF-8. */
    authorization_plain_words("a\xC2\x9B" "b", words, sizeof words);
    assert_string_equal(words, "a b");
    authorization_plain_words("\xE2\x80\xAE" "a\xE2\x80\xA8" "b", words, sizeof words);
    assert_string_equal(words, " a b");
    authorization_plain_words("a\xFF" "b", words, sizeof words);
    assert_string_equal(words, "a\xEF\xBF\xBD" "b");
    authorization_plain_words("", words, sizeof words);
    assert_string_equal(words, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pkce_follows_rfc_7636_appendix_b),
        cmocka_unit_test(the_url_carries_all_and_no_secret),
        cmocka_unit_test(states_and_verifiers_are_new_each_time),
        cmocka_unit_test(missing_things_are_named),
        cmocka_unit_test(another_application_stands_in),
        cmocka_unit_test(a_scheme_that_is_not_there_is_told),
        cmocka_unit_test(the_servers_words_are_tamed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
