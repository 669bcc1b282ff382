/* Proves http/url.c: taking apart, origins, loopback, percent-encoding (RFC 3986), and what is hidden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "http/url.h"

static void takes_urls_apart(void **state)
{
    static const struct {
        const char *text, *scheme, *host, *path, *query;
        int port;
    } cases[] = {
        {"https://api.example.com", "https", "api.example.com", "/", "", 443},
        {"http://localhost:33333/back?a=1#x", "http", "localhost", "/back", "a=1", 33333},
        {"http://[::1]:8080/", "http", "::1", "/", "", 8080},
        {"HTTPS://Example.com/A%20b", "https", "Example.com", "/A%20b", "", 443},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct url url;
        struct error err;
        assert_true(url_parse(cases[i].text, "URL", &url, &err));
        assert_string_equal(url.scheme, cases[i].scheme);
        assert_string_equal(url.host, cases[i].host);
        assert_string_equal(url.path, cases[i].path);
        assert_string_equal(url.query, cases[i].query);
        assert_int_equal(url.port, cases[i].port);
        url_clear(&url);
    }
}

static void refuses_what_is_no_url_without_showing_secrets(void **state)
{
    static const char *const texts[] = {"", "example.com/x y", "https://", "https://me:secret@example.com/?k=secret",
                                        "http://host:99999/?secret", "//host/"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct url url;
        struct error err = {0};
        assert_false(url_parse(texts[i], "CallbackURL", &url, &err));
        assert_string_equal(err.sqlstate, "HY000");
        assert_non_null(strstr(err.message, "CallbackURL"));
        assert_null(strstr(err.message, "secret"));
    }
}

static void compares_origins(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"https://a.example/x", "https://A.EXAMPLE:443/y?z", true},
        {"https://a.example/", "http://a.example/", false},
        {"https://a.example/", "https://a.example:444/", false},
        {"https://a.example/", "https://a.example.evil/", false},
        {"https://a.example/", "https://a.example@evil/", false},
        {"https://a.example/", "nonsense", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(url_same_origin(cases[i].a, cases[i].b), cases[i].same);
}

static void plain_http_is_for_loopback_only(void **state)
{
    static const struct {
        const char *text;
        bool allowed;
    } cases[] = {
        {"https://anything.example/", true}, {"http://localhost:1/", true}, {"http://LOCALHOST/", true},
        {"http://127.0.0.1/", true}, {"http://127.9.9.9/", true}, {"http://[::1]/", true},
        {"http://example.com/", false}, {"http://localhost.evil.example/", false}, {"http://128.0.0.1/", false},
        {"http://0.0.0.0/", false}, {"ftp://localhost/", false}, {"file:///etc/passwd", false}, {"http://127.0.0.1.evil/", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        print_message("  %s\n", cases[i].text);
        assert_int_equal(url_is_allowed(cases[i].text, "URL", &err), cases[i].allowed);
        assert_string_equal(err.sqlstate, cases[i].allowed ? "" : "HY000");
    }
}

static void encodes_and_decodes(void **state)
{
    static const char text[] = "s3cr3t/with+odd chars&=\xC3\xA9~-._";
    struct buffer encoded, decoded;
    (void)state;
    buffer_init(&encoded, 1000);
    buffer_init(&decoded, 1000);
    assert_true(url_encode(&encoded, text, strlen(text)));
    assert_string_equal(encoded.data, "s3cr3t%2Fwith%2Bodd%20chars%26%3D%C3%A9~-._");
    assert_true(url_decode(&decoded, encoded.data, encoded.length, true));
    assert_string_equal(decoded.data, text);
    buffer_reset(&decoded);
    assert_true(url_decode(&decoded, "a+b", 3, true) && url_decode(&decoded, "a+b", 3, false));
    assert_string_equal(decoded.data, "a ba+b");
    static const char *const malformed[] = {"%", "%4", "%zz", "a%2"};
    for (size_t i = 0; i < 4; i++)
        assert_false(url_decode(&decoded, malformed[i], strlen(malformed[i]), false));
    buffer_clear(&encoded);
    buffer_clear(&decoded);
}

static void adds_parameters(void **state)
{
    static const struct {
        const char *before;
        bool form;
        const char *after;
    } cases[] = {
        {"https://h/p", false, "https://h/p?a%20b=c%26"}, {"https://h/p?x=1", false, "https://h/p?x=1&a%20b=c%26"},
        {"https://h/p?", false, "https://h/p?a%20b=c%26"}, {"", true, "a%20b=c%26"}, {"x=1", true, "x=1&a%20b=c%26"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out;
        buffer_init(&out, 1000);
        buffer_append_text(&out, cases[i].before);
        assert_true(url_add_parameter(&out, "a b", "c&", cases[i].form));
        assert_string_equal(out.data, cases[i].after);
        buffer_clear(&out);
    }
}

static void sees_what_stands_twice(void **state)
{
    (void)state;
    assert_false(url_parameter_is_repeated("", "code"));
    assert_false(url_parameter_is_repeated("code=1&xcode=1&codex=1", "code"));
    assert_true(url_parameter_is_repeated("code=1&state=2&code=1", "code"));
    assert_true(url_parameter_is_repeated("code&%63ode", "code"));
}

static void finds_parameters(void **state)
{
    static const struct {
        const char *query, *name, *value;
    } cases[] = {
        {"code=abc&state=x%2By+z", "state", "x+y z"}, {"code=abc", "code", "abc"}, {"&&code=", "code", ""}, {"code", "code", ""},
        {"%63ode=1", "code", "1"}, {"xcode=1&code=2", "code", "2"}, {"codex=1", "code", NULL}, {"", "code", NULL},
        {"code=%zz", "code", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out;
        buffer_init(&out, 1000);
        assert_int_equal(url_parameter(cases[i].query, cases[i].name, &out), cases[i].value != NULL);
        if (cases[i].value)
            assert_string_equal(buffer_text(&out), cases[i].value);
        buffer_clear(&out);
    }
}

static void hides_what_names_say_is_secret(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"https://h/p?jobcode_ids=1,2&page=3", "https://h/p?jobcode_ids=1,2&page=3"},
        {"https://h/p?code=abc&x=1&Access_Token=t&api_key=k&oauth_signature=s#frag",
         "https://h/p?code=***&x=1&Access_Token=***&api_key=***&oauth_signature=***"},
        {"https://h/p", "https://h/p"},
        {"https://h/p?flag&code=", "https://h/p?flag&code=***"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out;
        buffer_init(&out, 1000);
        assert_true(url_print_hidden(&out, cases[i].text));
        assert_string_equal(out.data, cases[i].shown);
        buffer_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_urls_apart),
        cmocka_unit_test(refuses_what_is_no_url_without_showing_secrets),
        cmocka_unit_test(compares_origins),
        cmocka_unit_test(plain_http_is_for_loopback_only),
        cmocka_unit_test(encodes_and_decodes),
        cmocka_unit_test(adds_parameters),
        cmocka_unit_test(finds_parameters), cmocka_unit_test(sees_what_stands_twice),
        cmocka_unit_test(hides_what_names_say_is_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
