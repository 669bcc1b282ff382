/* Proves base/property.c: reading connection strings as ODBC defines them, checking values, and completing them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/property.h"

static char warned[512];

static void warn(void *context, const char *message)
{
    (void)context;
    strncat(warned, message, sizeof warned - strlen(warned) - 1);
}

static bool read(struct properties *properties, const char *text, struct error *err)
{
    properties_init(properties);
    warned[0] = '\0';
    return properties_read_string(properties, text, strlen(text), warn, NULL, err);
}

static void reads_pairs(void **state)
{
    struct properties p;
    struct error err = {0};
    (void)state;
    assert_true(read(&p, "Driver={Rest ODBC};provider=TSheets; URL = http://h/ ;PWD={a;b}}c};Timeout=5;ConnectOnOpen=yes;Provider=Second", &err));
    assert_string_equal(properties_text(&p, PROPERTY_DRIVER), "Rest ODBC");
    assert_string_equal(properties_text(&p, PROPERTY_PROVIDER), "TSheets");
    assert_string_equal(properties_text(&p, PROPERTY_URL), "http://h/");
    assert_string_equal(properties_text(&p, PROPERTY_PASSWORD), "a;b}c");
    assert_int_equal(properties_number(&p, PROPERTY_TIMEOUT), 5);
    assert_true(properties_flag(&p, PROPERTY_CONNECT_ON_OPEN));
    assert_string_equal(properties_text(&p, PROPERTY_CALLBACK_URL), "http://localhost:33333");
    assert_null(properties_text(&p, PROPERTY_SCOPE));
    assert_true(properties_choice(&p, PROPERTY_INITIATE_OAUTH, "off"));
    assert_string_equal(warned, "");
    properties_clear(&p);
}

/* A NUL ends a pair, wherever it stands: what is behind it is the next one. */
static void a_nul_divides(void **state)
{
    static const char pairs[] = "Provider=TSheets\0URL = http://h/\n\0\0Scope={a\n}\0", open[] = "Scope={a\0};";
    struct properties p, again;
    struct buffer out;
    struct error err = {0};
    (void)state;
    properties_init(&p);
    assert_true(properties_read_string(&p, pairs, sizeof pairs, NULL, NULL, &err));
    assert_string_equal(properties_text(&p, PROPERTY_PROVIDER), "TSheets");
    assert_string_equal(properties_text(&p, PROPERTY_URL), "http://h/");
    assert_string_equal(properties_text(&p, PROPERTY_SCOPE), "a\n");

    buffer_init(&out, 1000); /* what is printed says the same */
    properties_print(&p, &out);
    properties_init(&again);
    assert_true(properties_read_string(&again, out.data, out.length, NULL, NULL, &err));
    assert_string_equal(properties_text(&again, PROPERTY_SCOPE), "a\n");
    buffer_clear(&out);
    properties_clear(&p);
    properties_clear(&again);

    properties_init(&p);
    assert_false(properties_read_string(&p, open, sizeof open, NULL, NULL, &err));
    assert_non_null(strstr(err.message, "closing brace"));
    properties_clear(&p);
}

static void reads_switches(void **state)
{
    static const struct { const char *text; bool pushdown; } fine[] = {
        {"Other=Pushdown=0", false}, {"Other={pushdown=no;}", false}, {"Other=Pushdown=1", true}, {"Other={ Pushdown=off , }", false},
        {"Other=", true}, {"", true}, {"Other=Elsewhere=1", true},
    };
    static const char *const wrong[] = {"Other=Pushdown", "Other=Pushdown=2", "Other==1", "Other={Pushdown=0;x}"};
    struct properties p;
    struct error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        if (!read(&p, fine[i].text, &err))
            fail_msg("%s: %s", fine[i].text, err.message);
        assert_int_equal(properties_other(&p, "Pushdown", true), fine[i].pushdown);
        properties_clear(&p);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(read(&p, wrong[i], &err));
        assert_non_null(strstr(err.message, "the names Pushdown"));
        properties_clear(&p);
    }
}

static void warns_of_unknown_names(void **state)
{
    struct properties p;
    struct error err = {0};
    (void)state;
    assert_true(read(&p, "Provder=TSheets;Zzzzqqq=1", &err));
    assert_non_null(strstr(warned, "Provder is unknown to the driver; did you mean Provider?"));
    assert_non_null(strstr(warned, "Zzzzqqq is unknown to the driver"));
    assert_null(properties_text(&p, PROPERTY_PROVIDER));
    properties_clear(&p);
}

/* What is cut off at a ';' is taken for the next name: it may be the rest of a password. */
static void the_rest_of_an_unbraced_secret_is_not_shown(void **state)
{
    struct properties p;
    struct error err = {0};
    (void)state;
    *warned = '\0';
    assert_true(read(&p, "PWD=one;hidden+/two=three", &err));
    assert_non_null(strstr(warned, "must stand in braces"));
    assert_null(strstr(warned, "hidden"));
    properties_clear(&p);
    assert_false(read(&p, "PWD=one;hidden", &err));
    assert_non_null(strstr(err.message, "position 9"));
    assert_null(strstr(err.message, "hidden"));
    properties_clear(&p);
}

static void refuses_bad_values_and_syntax(void **state)
{
    static const struct { const char *text, *says; } cases[] = {
        {"Timeout=soon", "a number from 0 to 86400"}, {"Timeout=-1", "Timeout=-1"}, {"InitiateOAuth=MAYBE", "OFF REFRESH GETANDREFRESH"},
        {"ConnectOnOpen=perhaps", "true or false"}, {"Verbosity=6", "1 to 5"}, {"Provider", "no '='"}, {"PWD={open", "no closing brace"},
        {"PWD={a}b;", "needs a ';'"}, {"Timeout=5; =x", "no name before the '=' at position 12"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct properties p;
        struct error err = {0};
        assert_false(read(&p, cases[i].text, &err));
        assert_string_equal(err.sqlstate, "HY000");
        assert_non_null(strstr(err.message, cases[i].says));
        properties_clear(&p);
    }
}

static void the_string_wins_and_secrets_stay(void **state)
{
    struct properties p;
    struct error err = {0};
    struct buffer out;
    bool known;
    (void)state;
    assert_true(read(&p, "DSN=time;Timeout=7;OAuthAccessToken=given{x", &err));
    assert_true(properties_set(&p, "timeout", "9", false, &known, &err));
    assert_true(known);
    assert_int_equal(properties_number(&p, PROPERTY_TIMEOUT), 7);
    assert_true(properties_set(&p, "OAuthClientSecret", "from-dsn", false, &known, &err));
    assert_true(properties_set(&p, "Scope", "a b;c}d", false, &known, &err));
    assert_true(properties_set(&p, "Description", "x", false, &known, &err));
    assert_false(known);

    buffer_init(&out, 4096);
    properties_print(&p, &out);
    assert_string_equal(buffer_text(&out), "DSN=time;OAuthAccessToken={given{x};Scope={a b;c}}d};Timeout=7;");
    buffer_clear(&out);
    properties_clear(&p);
}

static void a_copy_can_be_changed_alone(void **state)
{
    struct properties p, copy;
    struct error err = {0};
    enum property found;
    (void)state;
    assert_true(read(&p, "Timeout=7;OAuthClientSecret=s;SignMethod=RSA-SHA1", &err));
    assert_true(properties_copy(&copy, &p, &err));
    assert_true(properties_override(&copy, PROPERTY_TIMEOUT, "9", &err));
    assert_true(properties_override(&copy, PROPERTY_OAUTH_CLIENT_SECRET, NULL, &err));
    assert_false(properties_override(&copy, PROPERTY_SIGN_METHOD, "ROT13", &err));
    assert_non_null(strstr(err.message, "HMAC-SHA256"));
    assert_int_equal(properties_number(&copy, PROPERTY_TIMEOUT), 9);
    assert_null(properties_text(&copy, PROPERTY_OAUTH_CLIENT_SECRET));
    properties_clear(&copy);
    assert_int_equal(properties_number(&p, PROPERTY_TIMEOUT), 7);
    assert_string_equal(properties_text(&p, PROPERTY_OAUTH_CLIENT_SECRET), "s");
    assert_true(properties_choice(&p, PROPERTY_SIGN_METHOD, "RSA-SHA1"));
    properties_clear(&p);
    assert_true(properties_find("uid", &found));
    assert_int_equal(found, PROPERTY_USER);
    assert_false(properties_find("uida", &found));
}

static void every_property_is_described(void **state)
{
    (void)state;
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_info *info = property_info((enum property)i);
        assert_non_null(info->name);
        assert_non_null(info->description);
        assert_true((info->kind == PROPERTY_CHOICE || info->kind == PROPERTY_FLAGS) == (info->choices != NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_pairs), cmocka_unit_test(a_nul_divides), cmocka_unit_test(reads_switches), cmocka_unit_test(the_rest_of_an_unbraced_secret_is_not_shown),
        cmocka_unit_test(warns_of_unknown_names), cmocka_unit_test(refuses_bad_values_and_syntax),
        cmocka_unit_test(the_string_wins_and_secrets_stay), cmocka_unit_test(a_copy_can_be_changed_alone),
        cmocka_unit_test(every_property_is_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
