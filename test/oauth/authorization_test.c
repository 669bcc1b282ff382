/* Proves oauth/authorization.c: PKCE against RFC 7636 appendix B, the authorization URL, and what a verifier may look like. */
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
    struct buffer url, state, verifier;
    struct error err;
};

static void bench_open(struct bench *bench, const char *settings)
{
    memset(bench, 0, sizeof *bench);
    assert_true(properties_read_string(&bench->properties, settings, strlen(settings), NULL, NULL, &bench->err));
    assert_true(credential_open(&profile, &bench->properties, NULL, NULL, &bench->credential, &bench->err));
    buffer_init(&bench->url, 10000);
    buffer_init(&bench->state, 1000);
    buffer_init(&bench->verifier, 1000);
}

static void bench_close(struct bench *bench)
{
    credential_close(bench->credential);
    properties_clear(&bench->properties);
    buffer_clear(&bench->url);
    buffer_clear(&bench->state);
    buffer_clear(&bench->verifier);
}

static bool make_url(struct bench *bench, const struct oauth_authorization *input)
{
    buffer_reset(&bench->url);
    buffer_reset(&bench->state);
    buffer_reset(&bench->verifier);
    return oauth_authorization_url(bench->credential, input, &bench->url, &bench->state, &bench->verifier, &bench->err);
}

static const char *in_url(const struct bench *bench, const char *name, struct buffer *value)
{
    buffer_clear(value);
    buffer_init(value, 1000);
    return url_parameter(strchr(bench->url.data, '?') + 1, name, value) ? buffer_text(value) : NULL;
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
    assert_int_equal(strncmp(bench.url.data, "https://auth.example/authorize?tenant=a&response_type=code&", 59), 0);
    assert_string_equal(in_url(&bench, "client_id", &value), "my id");
    assert_string_equal(in_url(&bench, "redirect_uri", &value), "http://localhost:33333/a?b=c");
    assert_string_equal(in_url(&bench, "scope", &value), "one,two");
    assert_string_equal(in_url(&bench, "prompt", &value), "consent");
    assert_string_equal(in_url(&bench, "display", &value), "login");
    assert_string_equal(in_url(&bench, "x", &value), "\xC3\xA9");
    assert_string_equal(in_url(&bench, "p", &value), "q r");
    assert_string_equal(in_url(&bench, "code_challenge_method", &value), "S256");
    assert_string_equal(in_url(&bench, "state", &value), bench.state.data);
    assert_true(bench.state.length >= 22); /* 128 bits in base64url */
    assert_true(authorization_challenge(&challenge, bench.verifier.data));
    assert_string_equal(in_url(&bench, "code_challenge", &value), challenge.data);
    assert_null(strstr(bench.url.data, "secret"));
    assert_null(strstr(bench.url.data, bench.verifier.data));
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
        assert_in_range(bench.verifier.length, 43, 128); /* RFC 7636 4.1 */
        strcpy(first, bench.verifier.data);
        strcpy(first_state, bench.state.data);
        assert_true(make_url(&bench, &cases[i].input));
        assert_int_equal(strcmp(first, bench.verifier.data) != 0, cases[i].verifier_differs);
        assert_int_equal(strcmp(first_state, bench.state.data) != 0, cases[i].state_differs);
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

static void reads_codes_and_callback_urls(void **state)
{
    static const struct {
        const char *text, *expected_state, *code, *words; /* code NULL: refused with these words */
    } cases[] = {
        {"plain-code/+=", "s", "plain-code/+=", NULL},
        {"http://localhost:1/?code=a%2Fb&state=s", "s", "a/b", NULL},
        {"https://web.example/cb?state=s&code=x#frag", "s", "x", NULL},
        {"https://web.example/cb?code=x", "s", "x", NULL},
        {"https://web.example/cb?code=x&state=other", NULL, "x", NULL},
        {"https://web.example/cb?code=x&state=other", "s", NULL, "state"},
        {"https://web.example/cb?state=s", "s", NULL, "no code"},
        {"https://web.example/cb", "s", NULL, "no code"},
        {"https://web.example/cb?error=access_denied&error_description=not%0Atoday&state=s", "s", NULL, "access_denied (not today)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        char *code = NULL;
        assert_int_equal(authorization_read_answer(cases[i].text, cases[i].expected_state, &code, &err), cases[i].code != NULL);
        if (cases[i].code) {
            assert_string_equal(code, cases[i].code);
        } else {
            assert_string_equal(err.sqlstate, "28000");
            assert_non_null(strstr(err.message, cases[i].words));
        }
        secret_free(code);
    }
}

static void the_servers_words_are_tamed(void **state)
{
    struct error err;
    char words[8];
    (void)state;
    authorization_refused("https://auth.example/token", "invalid_client", "no\r\nsuch\x1b[31mclient", &err);
    assert_string_equal(err.message, "https://auth.example/token refused: invalid_client (no  such [31mclient). "
                                     "Check OAuthClientId and OAuthClientSecret");
    authorization_plain_words("abcd\xC3\xA9\xC3\xA9", words, sizeof words); /* cut between characters */
    assert_string_equal(words, "abcd\xC3\xA9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pkce_follows_rfc_7636_appendix_b),
        cmocka_unit_test(the_url_carries_all_and_no_secret),
        cmocka_unit_test(states_and_verifiers_are_new_each_time),
        cmocka_unit_test(missing_things_are_named),
        cmocka_unit_test(reads_codes_and_callback_urls),
        cmocka_unit_test(the_servers_words_are_tamed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
