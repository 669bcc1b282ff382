/* Proves the procedures: a web application's sign-ins, on one connection or on many, and renewing by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "test/oauth/connection.h"

static void web_applications_exchange_on_any_connection(void **state)
{
    static const struct {
        bool same_connection, pass_verifier, whole_url, works;
        const char *auth_mode, *state;
    } cases[] = {
        {true, false, false, true, "WEB", NULL},
        {true, false, true, true, "WEB", "mine"},
        {false, false, false, true, "WEB", NULL},
        {false, true, false, true, "WEB", "mine"},
        {false, false, false, false, "WEB", "mine"}, /* a verifier of its own that does not come back */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct connection first, second;
        struct buffer verifier, code;
        struct oauth_tokens tokens;
        char answer[2048];
        print_message("  case %zu\n", i);
        connection_open(&first, CLIENT);
        connection_open(&second, CLIENT);
        const struct oauth_authorization input = {.auth_mode = cases[i].auth_mode, .callback_url = "https://web.example/cb?x=1",
                                                  .state = cases[i].state};
        connection_sign_in_elsewhere(&first, &input, answer, &verifier);
        connection_code(answer, &code);
        struct connection *chosen = cases[i].same_connection ? &first : &second;
        struct oauth_exchange exchange = {.auth_mode = "WEB", .callback_url = "https://web.example/cb?x=1",
                                          .verifier = cases[i].whole_url ? answer : code.data,
                                          .pkce_verifier = cases[i].pass_verifier ? verifier.data : NULL};
        assert_int_equal(oauth_access_token(chosen->credential, &exchange, &tokens, NULL, &chosen->err), cases[i].works);
        if (cases[i].works) {
            assert_non_null(tokens.refresh_token);
            assert_int_equal(tokens.expires_in, 3600);
            assert_non_null(strstr(tokens.other, "acme"));
            assert_int_equal(connection_call(chosen), 200); /* the connection uses it from then on */
        } else {
            assert_string_equal(chosen->err.sqlstate, "28000");
            assert_non_null(strstr(chosen->err.message, "PKCE"));
        }
        oauth_tokens_clear(&tokens);
        buffer_clear(&verifier);
        buffer_clear(&code);
        connection_close(&first);
        connection_close(&second);
    }
}

static void an_answer_to_another_question_is_refused(void **state)
{
    struct connection connection;
    struct buffer verifier;
    struct oauth_tokens tokens;
    char answer[2048];
    (void)state;
    connection_open(&connection, CLIENT);
    connection_sign_in_elsewhere(&connection, &(struct oauth_authorization){.auth_mode = "WEB", .state = "mine"}, answer, &verifier);
    struct oauth_exchange forged = {.auth_mode = "WEB", .verifier = "http://localhost:33333/?code=stolen&state=theirs"};
    assert_false(oauth_access_token(connection.credential, &forged, &tokens, NULL, &connection.err));
    assert_string_equal(connection.err.sqlstate, "28000");
    struct oauth_exchange told = {.auth_mode = "WEB", .verifier = "stolen", .state = "theirs"};
    assert_false(oauth_access_token(connection.credential, &told, &tokens, NULL, &connection.err));
    assert_string_equal(connection.err.sqlstate, "28000");
    assert_int_equal(atomic_load(&authority.shared->codes), 0); /* never exchanged */
    buffer_clear(&verifier);
    connection_close(&connection);
}

static void a_pooled_connection_serves_many_sign_ins(void **state)
{
    struct connection connection;
    struct buffer anna, berta, code;
    struct oauth_tokens tokens;
    char answer[2048], later[2048];
    (void)state;
    connection_open(&connection, CLIENT);
    connection_sign_in_elsewhere(&connection, &(struct oauth_authorization){.auth_mode = "WEB", .state = "anna"}, answer, &anna);
    connection_code(answer, &code);
    char challenge[sizeof authority.shared->challenge];
    memcpy(challenge, authority.shared->challenge, sizeof challenge);
    connection_sign_in_elsewhere(&connection, &(struct oauth_authorization){.auth_mode = "WEB", .state = "berta"}, later, &berta);
    memcpy(authority.shared->challenge, challenge, sizeof challenge); /* the server remembers one: Anna's */
    struct oauth_exchange exchange = {.auth_mode = "WEB", .verifier = code.data, .pkce_verifier = anna.data, .state = "anna"};
    assert_true(oauth_access_token(connection.credential, &exchange, &tokens, NULL, &connection.err));
    oauth_tokens_clear(&tokens);
    buffer_clear(&anna);
    buffer_clear(&berta);
    buffer_clear(&code);
    connection_close(&connection);
}

static void refreshing_by_hand(void **state)
{
    struct connection connection;
    struct oauth_tokens tokens;
    (void)state;
    atomic_store(&authority.shared->serial, 3);
    connection_open(&connection, CLIENT);
    assert_false(oauth_refresh(connection.credential, NULL, &tokens, NULL, &connection.err));
    assert_string_equal(connection.err.sqlstate, "28000");
    assert_true(oauth_refresh(connection.credential, "refresh-3", &tokens, NULL, &connection.err));
    assert_string_equal(tokens.access_token, "access-4");
    assert_string_equal(tokens.refresh_token, "refresh-4");
    oauth_tokens_clear(&tokens);
    assert_int_equal(connection_call(&connection), 200);
    assert_true(oauth_refresh(connection.credential, NULL, &tokens, NULL, &connection.err)); /* the one in use by now */
    assert_string_equal(tokens.access_token, "access-5");
    oauth_tokens_clear(&tokens);
    connection_close(&connection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(web_applications_exchange_on_any_connection, connection_fresh),
        cmocka_unit_test_setup(an_answer_to_another_question_is_refused, connection_fresh),
        cmocka_unit_test_setup(a_pooled_connection_serves_many_sign_ins, connection_fresh),
        cmocka_unit_test_setup(refreshing_by_hand, connection_fresh),
    };
    return cmocka_run_group_tests(tests, connection_begin, connection_end);
}
