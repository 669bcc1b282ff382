/* Proves how answers of a token endpoint are read (RFC 6749 5.1, 5.2), good, odd and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"
#include "oauth/token_endpoint.h"

static const char url[] = "https://auth.example/token";

static void reads_good_answers(void **state)
{
    static const struct {
        const char *body, *access, *refresh, *scope, *other;
        int64_t expires_in;
    } cases[] = {
        {"{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"r\",\"scope\":\"x y\"}", "a", "r", "x y",
         "{\"token_type\":\"Bearer\"}", 3600},
        {"{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":\"864000\",\"user_id\":\"12345\"}", "a", NULL, NULL,
         "{\"token_type\":\"bearer\",\"user_id\":\"12345\"}", 864000},
        {"{\"access_token\":\"a\"}", "a", NULL, NULL, NULL, -1},
        {"\xEF\xBB\xBF{\"access_token\":\"a\"}", "a", NULL, NULL, NULL, -1},   /* a byte order mark, which some put in front */
        {"{\"access_token\":\"a\",\"error\":null}", "a", NULL, NULL, "{\"error\":null}", -1},   /* no error */
        {"{\"access_token\":\"a\",\"error\":\"\",\"error_description\":\"\"}", "a", NULL, NULL, "{\"error\":\"\",\"error_description\":\"\"}", -1},
        {"{\"access_token\":\"a\",\"error\":false}", "a", NULL, NULL, "{\"error\":false}", -1},
        {"{\"access_token\":\"a\",\"expires_in\":null,\"refresh_token\":\"\"}", "a", NULL, NULL, NULL, -1},
        {"{\"access_token\":\"a\",\"expires_in\":\"soon\"}", "a", NULL, NULL, NULL, -1},
        {"{\"access_token\":\"a\",\"expires_in\":-5}", "a", NULL, NULL, NULL, -1},
        {"{\"access_token\":\"a\",\"expires_in\":0}", "a", NULL, NULL, NULL, 0},
        {"{\"access_token\":\"a\",\"expires_in\":59.9}", "a", NULL, NULL, NULL, 59},
        {"{\"access_token\":\"a\",\"expires_in\":1e300}", "a", NULL, NULL, NULL, 1000000000000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct oauth_tokens tokens;
        struct error err;
        char word[TOKEN_ERROR];
        const struct token_answer answer = {url, ENDPOINT_TOKEN, 200, cases[i].body, strlen(cases[i].body), false};
        assert_true(token_answer_read(&answer, &tokens, word, &err));
        assert_string_equal(word, "");
        assert_string_equal(tokens.access_token, cases[i].access);
        assert_int_equal(tokens.expires_in, cases[i].expires_in);
        const char *const got[] = {tokens.refresh_token, tokens.scope, tokens.other};
        const char *const wanted[] = {cases[i].refresh, cases[i].scope, cases[i].other};
        for (size_t j = 0; j < 3; j++) {
            assert_int_equal(got[j] != NULL, wanted[j] != NULL);
            if (wanted[j])
                assert_string_equal(got[j], wanted[j]);
        }
        oauth_tokens_clear(&tokens);
    }
}

static void explains_bad_answers(void **state)
{
    static const struct {
        int status;
        const char *body, *sqlstate, *words;
        bool refused;
    } cases[] = {
        {400, "{\"error\":\"invalid_grant\",\"error_description\":\"Token expired\"}", "28000", "invalid_grant (Token expired)", true},
        {401, "{\"error\":\"invalid_client\"}", "28000", "OAuthClientSecret", false},
        {200, "{\"error\":\"invalid_code\"}", "28000", "invalid_code", true},
        {401, "{\"oauth_problem\":\"signature_invalid\",\"oauth_problem_advice\":\"odd\"}", "28000", "signature_invalid (odd)", false},
        {200, "access_token=a&expires_in=1", "08S01", "JSON", false},
        {400, "{\"error\":{\"code\":\"E1\",\"message\":\"words\"}}", "28000", "E1 (words)", false},
        {400, "{\"error\":17}", "28000", "refused", false},
        {200, "<html>maintenance</html>", "08S01", "https://auth.example/token", false},
        {200, "{\"access_token\":\"a\"", "08S01", "JSON", false},
        {200, "[\"a\"]", "08S01", "JSON", false},
        {200, "", "08S01", "JSON", false},
        {200, "{\"token\":\"a\"}", "08S01", "access_token", false},
        {200, "{\"access_token\":\"\"}", "08S01", "access_token", false},
        {200, "{\"access_token\":\"a\\nb\"}", "08S01", "access_token", false},
        {200, "{\"access_token\":\"a\\u0000b\"}", "08S01", "", false},
        {200, "{\"access_token\":\"a\",\"access_token\":\"b\"}", "08S01", "", false},
        {200, "{\"access_token\":\"a\",\"refresh_token\":\"r\\r\"}", "08S01", "refresh_token", false},
        {200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}", "08S01", "mac", false},
        {200, "{\"access_token\":\"a\",\"token_type\":\"m\\u001b[2Jc\"}", "08S01", "\"m [2Jc\"", false},
        {302, "", "08S01", "redirects", false},
        {404, "Not found", "08S01", "404", false},
        {503, "busy", "08S01", "later", false},
        {403, "<html>", "28000", "403", false},
        {500, "{\"access_token\":\"a\"}", "08S01", "500", false},
        {429, "{\"error\":\"rate_limited\"}", "08S01", "rate_limited. Try again later", false}, /* the sign-in is not to blame */
        {503, "{\"error\":{\"code\":503,\"message\":\"overloaded\"}}", "08S01", "(overloaded). Try again later", false},
        {400, "{\"error\":\"temporarily_unavailable\"}", "08S01", "Try again later", false},
        {500, "{\"error\":\"invalid_grant\"}", "28000", "sign in again", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct oauth_tokens tokens;
        struct error err = {0};
        char word[TOKEN_ERROR];
        print_message("  %d %s\n", cases[i].status, cases[i].body);
        const struct token_answer answer = {url, ENDPOINT_TOKEN, cases[i].status, cases[i].body, strlen(cases[i].body), false};
        assert_false(token_answer_read(&answer, &tokens, word, &err));
        assert_string_equal(err.sqlstate, cases[i].sqlstate);
        assert_non_null(strstr(err.message, cases[i].words));
        assert_non_null(strstr(err.message, url));
        assert_int_equal(token_is_over(word), cases[i].refused);
        assert_null(tokens.access_token);
    }
}

static void reads_forms_where_they_may_be(void **state)
{
    static const struct {
        const char *body, *access, *refresh, *other;   /* access NULL: none can be read */
        int64_t expires_in;
    } cases[] = {
        {"access_token=a%2Fb&expires_in=3600&refresh_token=r&token_type=bearer", "a/b", "r", "{\"token_type\":\"bearer\"}", 3600},
        {"access_token=a+b&x=%C3%A9&y", "a b", NULL, "{\"x\":\"\xC3\xA9\",\"y\":\"\"}", -1},
        {"{\"access_token\":\"a\"}", "a", NULL, NULL, -1},       /* JSON as well */
        {"access_token=a&access_token=b", NULL, NULL, NULL, -1},
        {"access_token=%FF", NULL, NULL, NULL, -1},
        {"access_token=%0A", NULL, NULL, NULL, -1},
        {"access_token=%zz", NULL, NULL, NULL, -1},
        {"<html>a=b</html>", NULL, NULL, NULL, -1},
        {"error=bad_verification_code&error_description=no", NULL, NULL, NULL, -1},
        {"", NULL, NULL, NULL, -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct oauth_tokens tokens;
        struct error err;
        char word[TOKEN_ERROR];
        print_message("  %s\n", cases[i].body);
        const struct token_answer answer = {url, ENDPOINT_TOKEN, 200, cases[i].body, strlen(cases[i].body), true};
        bool read = token_answer_read(&answer, &tokens, word, &err);
        assert_int_equal(read, cases[i].access != NULL);
        if (!read)
            continue;
        assert_string_equal(tokens.access_token, cases[i].access);
        assert_int_equal(tokens.expires_in, cases[i].expires_in);
        assert_string_equal(tokens.refresh_token ? tokens.refresh_token : "", cases[i].refresh ? cases[i].refresh : "");
        assert_string_equal(tokens.other ? tokens.other : "", cases[i].other ? cases[i].other : "");
        oauth_tokens_clear(&tokens);
    }
}

/* The property to look at is that of the endpoint that was asked, and with 401 those of the client. */
static void the_right_property_is_named(void **state)
{
    static const struct {
        enum endpoint endpoint;
        int status;
        const char *words;
    } cases[] = {
        {ENDPOINT_TOKEN, 404, "Check OAuthAccessTokenURL and URL"}, {ENDPOINT_DEVICE, 200, "Check OAuthDeviceAuthorizationURL and URL"},
        {ENDPOINT_REFRESH, 302, "Check OAuthRefreshTokenURL"}, {ENDPOINT_REQUEST_TOKEN, 404, "Check OAuthRequestTokenURL and URL"},
        {ENDPOINT_REVOKE, 401, "Check OAuthRevocationURL, OAuthClientId and OAuthClientSecret"}, {ENDPOINT_TOKEN, 503, "Try again later"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct token_answer answer = {url, cases[i].endpoint, cases[i].status, "<html>", 6, false};
        struct oauth_tokens tokens;
        struct error err;
        char word[TOKEN_ERROR];
        assert_false(token_answer_read(&answer, &tokens, word, &err));
        assert_non_null(strstr(err.message, cases[i].words));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_good_answers),
        cmocka_unit_test(explains_bad_answers),
        cmocka_unit_test(the_right_property_is_named),
        cmocka_unit_test(reads_forms_where_they_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
