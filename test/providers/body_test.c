/* Proves providers/definition/body.c: JSON bodies made of paths and texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "providers/definition/body.h"

static struct path read(struct arena *arena, const char *text)
{
    struct path path;
    const char *wrong;
    assert_true(path_read(arena, text, strlen(text), &path, &wrong));
    return path;
}

static void puts_values_at_their_paths(void **state)
{
    static const struct { const char *paths[4], *expected; } cases[] = {
        {{"a"}, "{\"a\":0}"}, {{"a/b", "a/c", "d"}, "{\"a\":{\"b\":0,\"c\":1},\"d\":2}"},
        {{"l/0/n", "l/0/m", "l/2"}, "{\"l\":[{\"n\":0,\"m\":1},null,2]}"}, {{"l/1/0"}, "{\"l\":[null,[0]]}"},
        {{"a", "a"}, "{\"a\":1}"}, {{"a", "a/b"}, NULL}, {{"l/0", "l/x"}, NULL}, {{"00"}, "{\"00\":0}"}, {{"l/9999"}, "{\"l\":{\"9999\":0}}"},
    };
    struct arena arena = {0};
    struct buffer out;
    (void)state;

    buffer_init(&out, 4096);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *root = json_object();
        bool done = true;
        for (int j = 0; j < 4 && cases[i].paths[j]; j++) {
            struct path path = read(&arena, cases[i].paths[j]);
            done &= body_put(root, &path, json_integer(j));
        }
        assert_int_equal(done, cases[i].expected != NULL);
        buffer_reset(&out);
        assert_true(body_print(root, &out));
        if (cases[i].expected)
            assert_string_equal(buffer_text(&out), cases[i].expected);
        json_decref(root);
    }
    buffer_clear(&out);
    arena_clear(&arena);
}

static void writes_members(void **state)
{
    static const struct body_member members[] = {
        {"user", "7", false, false}, {"ids", "1" BODY_DIVIDER "2" BODY_DIVIDER "", true, false}, {"text", "a \"b\" \xC3\xA9\n", false, false},
        {"document", "{\"a\": [1, \"b\"]}", false, true}, {"none", "{\"a\": [1,", false, true},
    };
    static const struct body_member inner[] = {{"search/name", "a*", false, false}, {"ids", "1", true, false}, {"search/in/city", "b", false, false}};
    struct arena arena = {0};
    struct buffer out;
    (void)state;

    buffer_init(&out, 4096);
    struct path root = read(&arena, "/"), deep = read(&arena, "/data/0/query");
    assert_true(body_write(&root, members, 3, &out));
    assert_string_equal(buffer_text(&out), "{\"user\":\"7\",\"ids\":[\"1\",\"2\",\"\"],\"text\":\"a \\\"b\\\" \xC3\xA9\\n\"}");
    buffer_reset(&out);
    assert_true(body_write(&deep, members, 1, &out));
    assert_string_equal(buffer_text(&out), "{\"data\":[{\"query\":{\"user\":\"7\"}}]}");
    buffer_reset(&out);
    assert_true(body_write(&root, members, 0, &out));
    assert_string_equal(buffer_text(&out), "{}");
    buffer_reset(&out);
    assert_true(body_write(&root, inner, 3, &out));
    assert_string_equal(buffer_text(&out), "{\"search\":{\"name\":\"a*\",\"in\":{\"city\":\"b\"}},\"ids\":[\"1\"]}");
    buffer_reset(&out);
    assert_true(body_write(&root, members + 3, 2, &out));
    assert_string_equal(buffer_text(&out), "{\"document\":{\"a\":[1,\"b\"]},\"none\":\"{\\\"a\\\": [1,\"}");
    struct buffer small;
    buffer_init(&small, 4);
    assert_false(body_write(&root, members, 3, &small));
    buffer_clear(&small);
    buffer_clear(&out);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_values_at_their_paths),
        cmocka_unit_test(writes_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
