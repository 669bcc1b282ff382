/* Proves which callbacks are taken for the answer to our question: of both OAuths, whole URLs and bare codes, and none of another server's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"
#include "oauth/callback.h"
#include "oauth/home.h"
#include "oauth/secret.h"

static const struct callback_question code_question = {.binding = "state", .expected = "s", .answer = "code"};
static const struct callback_question any_question = {.binding = "state", .answer = "code"};
static const struct callback_question first_question = {.binding = "oauth_token", .expected = "t/1", .answer = "oauth_verifier"};
static const struct callback_question issued_question = {.binding = "state", .expected = "s", .answer = "code",
                                                         .issuer = "https://auth.example"};
static const struct callback_question promised_question = {.binding = "state", .expected = "s", .answer = "code",
                                                           .issuer = "https://auth.example", .issuer_promised = true};

static void callbacks_are_told_apart(void **state)
{
    static const struct {
        const struct callback_question *question;
        const char *query;
        enum callback callback;
        const char *text;   /* the answer, or words of the refusal */
    } cases[] = {
        {&code_question, "code=a%2Fb&state=s", CALLBACK_ANSWERED, "a/b"},
        {&code_question, "code=a&state=other", CALLBACK_STRANGE, NULL},
        {&code_question, "code=a", CALLBACK_STRANGE, NULL},
        {&code_question, "", CALLBACK_STRANGE, NULL},
        {&code_question, "state=s", CALLBACK_EMPTY, NULL},
        {&code_question, "state=s&code=", CALLBACK_EMPTY, NULL},
        {&code_question, "state=s&code=a%00b", CALLBACK_EMPTY, NULL},
        {&code_question, "state=s%00&code=a", CALLBACK_STRANGE, NULL},
        {&code_question, "state=s&code=a&code=b", CALLBACK_STRANGE, NULL},
        {&code_question, "state=s&code=a&c%6Fde=b", CALLBACK_STRANGE, NULL},
        {&code_question, "state=s&state=s&code=a", CALLBACK_STRANGE, NULL},
        {&first_question, "oauth_token=t/1&oauth_verifier=v&oauth_verifier=w", CALLBACK_STRANGE, NULL},
        {&code_question, "state=s&error=access_denied&error_description=not%0Atoday", CALLBACK_REFUSED, "access_denied (not today)"},
        {&code_question, "error=access_denied", CALLBACK_STRANGE, NULL},
        {&code_question, "state=s&code=a&iss=https%3A%2F%2Fevil.example", CALLBACK_ANSWERED, "a"}, /* nobody said which issuer it is */
        {&issued_question, "state=s&code=a&iss=https%3A%2F%2Fauth.example", CALLBACK_ANSWERED, "a"},
        {&issued_question, "state=s&code=a", CALLBACK_ANSWERED, "a"},
        {&issued_question, "state=s&code=a&iss=https%3A%2F%2Fevil.example", CALLBACK_REFUSED, "comes from https://evil.example"},
        {&issued_question, "state=s&error=access_denied&iss=https%3A%2F%2Fauth.example%2F", CALLBACK_REFUSED, "comes from"},
        {&issued_question, "state=x&code=a&iss=https%3A%2F%2Fevil.example", CALLBACK_STRANGE, NULL}, /* must not end our wait */
        {&promised_question, "state=s&code=a", CALLBACK_REFUSED, "not from https://auth.example"},
        {&promised_question, "state=s&code=a&iss=https%3A%2F%2Fauth.example", CALLBACK_ANSWERED, "a"},
        {&first_question, "oauth_token=t%2F1&oauth_verifier=v", CALLBACK_ANSWERED, "v"},
        {&first_question, "oauth_token=t%2F2&oauth_verifier=v", CALLBACK_STRANGE, NULL},
        {&first_question, "oauth_verifier=v", CALLBACK_STRANGE, NULL},
        {&first_question, "oauth_token=t/1", CALLBACK_EMPTY, NULL},
        {&first_question, "denied=t%2F1", CALLBACK_REFUSED, "Consent was denied"},
        {&first_question, "denied=t%2F2", CALLBACK_STRANGE, NULL},
        {&first_question, "oauth_token=t/1&oauth_problem=user_refused", CALLBACK_REFUSED, "user_refused"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        char *answer = NULL;
        print_message("  %s\n", cases[i].query);
        assert_int_equal(callback_read(cases[i].query, cases[i].question, true, &answer, &err), cases[i].callback);
        if (cases[i].callback == CALLBACK_ANSWERED)
            assert_string_equal(answer, cases[i].text);
        else
            assert_null(answer);
        if (cases[i].callback == CALLBACK_REFUSED) {
            assert_string_equal(err.sqlstate, "28000");
            assert_non_null(strstr(err.message, cases[i].text));
        }
        secret_free(answer);
    }
}

static void verifiers_are_codes_or_whole_urls(void **state)
{
    static const struct {
        const char *text;
        const struct callback_question *question;
        const char *answer, *words; /* answer NULL: refused with these words */
    } cases[] = {
        {"plain-code/+=", &code_question, "plain-code/+=", NULL},
        {"http://localhost:1/?code=a%2Fb&state=s", &code_question, "a/b", NULL},
        {"https://web.example/cb?state=s&code=x#frag", &code_question, "x", NULL},
        {"https://web.example/cb?code=x", &code_question, "x", NULL},
        {"https://web.example/cb?code=x&state=other", &any_question, "x", NULL},
        {"https://web.example/cb?code=x&state=other", &code_question, NULL, "state"},
        {"https://web.example/cb?state=s", &code_question, NULL, "no code"},
        {"https://web.example/cb", &code_question, NULL, "no code"},
        {"https://web.example/cb?error=access_denied&error_description=not%0Atoday&state=s", &code_question, NULL, "access_denied (not today)"},
        {"https://web.example/cb?code=x&state=s&iss=https%3A%2F%2Fevil.example", &issued_question, NULL, "evil.example"},
        {"https://web.example/cb?oauth_token=t%2F1&oauth_verifier=v", &first_question, "v", NULL},
        {"https://web.example/cb?oauth_token=other&oauth_verifier=v", &first_question, NULL, "oauth_token"},
        {"https://web.example/cb?oauth_token=t%2F1", &first_question, NULL, "no oauth_verifier"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        char *answer = NULL;
        print_message("  %s\n", cases[i].text);
        assert_int_equal(callback_read_verifier(cases[i].text, cases[i].question, &answer, &err), cases[i].answer != NULL);
        if (cases[i].answer) {
            assert_string_equal(answer, cases[i].answer);
        } else {
            assert_string_equal(err.sqlstate, "28000");
            assert_non_null(strstr(err.message, cases[i].words));
        }
        secret_free(answer);
    }
}

/* The server that has the account: only one of the service's, and only where the service has several. */
static void the_account_is_at_home(void **state)
{
    static const struct oauth_profile several = {.provider = "Made", .home = "server", .homes = "https://a.example https://b.example:8443"}, one = {.provider = "Made"};
    static const struct {
        const struct oauth_profile *profile;
        const char *query;
        enum callback callback;
        const char *home;
    } cases[] = {
        {&several, "state=s&code=c", CALLBACK_ANSWERED, NULL},
        {&several, "state=s&code=c&server=https%3A%2F%2Fb.example%3A8443", CALLBACK_ANSWERED, "https://b.example:8443"},
        {&several, "state=s&code=c&server=https%3A%2F%2Fa.example%2F", CALLBACK_ANSWERED, "https://a.example"},
        {&several, "state=s&code=c&server=https%3A%2F%2Fa.example.evil", CALLBACK_REFUSED, NULL},
        {&several, "state=s&code=c&server=", CALLBACK_REFUSED, NULL},
        {&several, "state=s&code=c&server=https://a.example&server=https://b.example:8443", CALLBACK_STRANGE, NULL},
        {&several, "state=other&code=c&server=https://a.example.evil", CALLBACK_STRANGE, NULL},
        {&one, "state=s&code=c&server=https://a.example.evil", CALLBACK_ANSWERED, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *answer = NULL, *home = NULL;
        struct error err = {0};
        struct callback_question question = code_question;
        question.profile = cases[i].profile;
        question.home = &home;
        assert_int_equal(callback_read(cases[i].query, &question, true, &answer, &err), cases[i].callback);
        if (cases[i].callback == CALLBACK_REFUSED)
            assert_non_null(strstr(err.message, "none of the servers of Made"));
        if (cases[i].home)
            assert_string_equal(home, cases[i].home);
        else
            assert_null(home);
        free(answer);
        free(home);
    }
}

/* What is kept with the tokens, and where that leads. */
static void a_home_is_kept(void **state)
{
    static const struct oauth_profile profile = {.provider = "Made", .home = "server", .homes = "https://a.example"};
    struct oauth_tokens tokens = {.other = strdup("{\"api\":\"x\"}")};
    struct error err = {0};
    char *home, *moved;
    (void)state;

    assert_true(home_keep(&profile, NULL, &tokens, &err));
    assert_string_equal(tokens.other, "{\"api\":\"x\"}");
    assert_true(home_keep(&profile, "https://a.example", &tokens, &err));
    home = home_kept(&profile, tokens.other);
    assert_string_equal(home, "https://a.example");
    assert_non_null(strstr(tokens.other, "\"api\":\"x\""));
    assert_true(home_address(home, "http://127.0.0.1:80/oauth/v2/token?a=b", &moved, &err));
    assert_string_equal(moved, "https://a.example/oauth/v2/token?a=b");
    free(moved);
    free(home);
    free(tokens.other);
    assert_null(home_kept(&profile, "{\"server\":\"https://evil.example\"}"));
    assert_null(home_kept(&profile, NULL));
    tokens.other = NULL;
    assert_true(home_keep(&profile, "https://a.example", &tokens, &err));
    assert_string_equal(tokens.other, "{\"server\":\"https://a.example\"}");
    free(tokens.other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_account_is_at_home),
        cmocka_unit_test(a_home_is_kept),
        cmocka_unit_test(callbacks_are_told_apart),
        cmocka_unit_test(verifiers_are_codes_or_whole_urls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
