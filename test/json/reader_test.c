/* Proves json/reader.c: events, texts, offsets of errors, bounds; in one piece, byte by byte and at every split. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "json/reader.h"
#include "pieces.h"

/* Writes every event as a short word, so that a document's reading is one line to compare. */
static void trace(struct json_reader *reader, struct buffer *out)
{
    static const char *const words[] = {
        [JSON_EVENT_ERROR] = "error", [JSON_EVENT_END] = "end", [JSON_EVENT_NULL] = "null", [JSON_EVENT_FALSE] = "false", [JSON_EVENT_TRUE] = "true",
        [JSON_EVENT_NUMBER] = "#", [JSON_EVENT_STRING] = "$", [JSON_EVENT_OBJECT] = "{", [JSON_EVENT_OBJECT_END] = "}", [JSON_EVENT_MEMBER] = "@",
        [JSON_EVENT_ARRAY] = "[", [JSON_EVENT_ARRAY_END] = "]",
    };
    struct error err = {0};

    for (;;) {
        struct json_text text = {0};
        enum json_event event = json_next(reader, &text, &err);
        buffer_append_text(out, words[event]);
        if (event == JSON_EVENT_NUMBER || event == JSON_EVENT_STRING || event == JSON_EVENT_MEMBER)
            buffer_append(out, text.bytes, text.length);
        if (event == JSON_EVENT_ERROR)
            buffer_printf(out, " %s %s", err.sqlstate, err.message);
        if (event == JSON_EVENT_END || event == JSON_EVENT_ERROR)
            return;
        buffer_append_char(out, ' ');
    }
}

static void assert_trace(const char *document, size_t length, const char *expected)
{
    struct buffer out;
    buffer_init(&out, 1 << 20);

    struct json_reader *reader = json_open(document, length);
    trace(reader, &out);
    assert_string_equal(buffer_text(&out), expected);
    json_close(reader);

    /* At every split, and byte by byte. */
    for (size_t split = 0; split <= length; split++) {
        struct pieces pieces = {.bytes = document, .length = length, .first = split, .each = split == 0 ? 1 : length};
        reader = json_open_source(pieces_next, &pieces, 0);
        buffer_reset(&out);
        trace(reader, &out);
        assert_string_equal(buffer_text(&out), expected);
        json_close(reader);
        free(pieces.piece);
    }
    buffer_clear(&out);
}

static void reads_events_and_texts(void **state)
{
    static const struct { const char *document, *expected; } cases[] = {
        {"null", "null end"}, {" true ", "true end"}, {"\t\r\nfalse\n", "false end"},
        {"0", "#0 end"}, {"-0", "#-0 end"}, {"-12.50e+03", "#-12.50e+03 end"}, {"1E400", "#1E400 end"},
        {"12345678901234567890123456789", "#12345678901234567890123456789 end"},
        {"\"\"", "$ end"}, {"\"a b\"", "$a b end"}, {"[]", "[ ] end"}, {"{}", "{ } end"}, {" [ ] ", "[ ] end"},
        {"[1,[],{\"a\":{}}]", "[ #1 [ ] { @a { } } ] end"},
        {"{\"a\":1,\"a\":2}", "{ @a #1 @a #2 } end"}, /* duplicates are kept */
        {"{ \"x\" : [ 1 , 2 ] , \"y\" : null }", "{ @x [ #1 #2 ] @y null } end"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "$\"\\/\b\f\n\r\t end"},
        {"\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"", "$A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 end"},
        {"\"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80 plain text that is longer than sixteen bytes\"",
         "$\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80 plain text that is longer than sixteen bytes end"},
        {"{\"a\\tb\":\"\x7F\"}", "{ @a\tb $\x7F } end"},
        {"\xEF\xBB\xBF[1]", "[ #1 ] end"}, /* a byte order mark is ignored, as RFC 8259 8.1 allows */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_trace(cases[i].document, strlen(cases[i].document), cases[i].expected);
}

static void tells_what_is_wrong_and_where(void **state)
{
#define MALFORMED "error 08S01 The JSON is malformed at byte "
#define CUT "error 08S01 The JSON ends too early, at byte "
    static const struct { const char *document, *expected; } cases[] = {
        {"", CUT "0: expected a value"},
        {"  ", CUT "2: expected a value"},
        {"[1", "[ #1 " CUT "2: expected ',' or ']'"},
        {"[1,", "[ #1 " CUT "3: expected a value"},
        {"[1,]", "[ #1 " MALFORMED "3: expected a value but found ']'"},
        {"[1 2]", "[ #1 " MALFORMED "3: expected ',' or ']' but found '2'"},
        {"{\"a\" 1}", "{ @a " MALFORMED "5: expected ':' but found '1'"},
        {"{\"a\":1,}", "{ @a #1 " MALFORMED "7: expected a member's name in quotes but found '}'"},
        {"{a:1}", "{ " MALFORMED "1: expected a member's name in quotes but found 'a'"},
        {"{\"a\":1]", "{ @a #1 " MALFORMED "6: expected ',' or '}' but found ']'"},
        {"]", MALFORMED "0: expected a value but found ']'"},
        {"nul", CUT "3: expected null"},
        {"nulL", MALFORMED "3: expected null but found 'L'"},
        {"nullx", "null " MALFORMED "4: expected nothing more but found 'x'"},
        {"1 1", "#1 " MALFORMED "2: expected nothing more but found '1'"},
        {"01", MALFORMED "1: a number is not written as JSON wants it"},
        {"-", MALFORMED "1: a number is not written as JSON wants it"},
        {"1.", MALFORMED "2: a number is not written as JSON wants it"},
        {"1.e5", MALFORMED "2: a number is not written as JSON wants it"},
        {"1e+", MALFORMED "3: a number is not written as JSON wants it"},
        {"1-2", MALFORMED "1: a number is not written as JSON wants it"},
        {"+1", MALFORMED "0: expected a value but found '+'"},
        {"\"abc", CUT "4: expected the end of a string"},
        {"\"a\nb\"", MALFORMED "2: a control character stands in a string"},
        {"\"\\x\"", MALFORMED "2: expected one of \"\\/bfnrtu after a backslash but found 'x'"},
        {"\"\\u12g4\"", MALFORMED "5: expected a hexadecimal digit after \\u but found 'g'"},
        {"\"\\ud83d\"", MALFORMED "3: the first half of a surrogate pair stands alone"},
        {"\"\\ud83d\\u0041\"", MALFORMED "3: the first half of a surrogate pair stands alone"},
        {"\"\\ude00\"", MALFORMED "3: the second half of a surrogate pair stands alone"},
        {"\"\xC3\"", MALFORMED "1: a string is not UTF-8"},
        {"\"ab\xC0\x80\"", MALFORMED "3: a string is not UTF-8"},
        {"\"\xED\xA0\x80\"", MALFORMED "1: a string is not UTF-8"},
        {"\"\xF4\x90\x80\x80\"", MALFORMED "1: a string is not UTF-8"},
        {"\"\xFF\"", MALFORMED "1: a string is not UTF-8"},
        {"\xEF\xBB[", MALFORMED "2: expected a value but found '['"},
        {"<html>", MALFORMED "0: expected a value but found '<'"},
        {"\x01", MALFORMED "0: expected a value but found byte 0x01"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_trace(cases[i].document, strlen(cases[i].document), cases[i].expected);
}

static void texts_may_hold_nul(void **state)
{
    struct error err = {0};
    struct json_text text;
    (void)state;

    struct json_reader *reader = json_open("\"a\\u0000b\"", 10);
    assert_int_equal(json_next(reader, &text, &err), JSON_EVENT_STRING);
    assert_int_equal(text.length, 3);
    assert_memory_equal(text.bytes, "a\0b", 3);

    static const char with_nul[] = "[1]\0";
    json_restart(reader, with_nul, 4);
    for (int i = 0; i < 3; i++)
        assert_int_not_equal(json_next(reader, &text, &err), JSON_EVENT_ERROR);
    assert_int_equal(json_next(reader, &text, &err), JSON_EVENT_ERROR);
    assert_string_equal(err.message, "The JSON is malformed at byte 3: expected nothing more but found byte 0x00");
    json_close(reader);
}

static void strings_without_escapes_stay_in_place(void **state)
{
    static const char document[] = "[\"in place \xC3\xA9\",12,\"a\\tb\"]";
    struct error err = {0};
    struct json_text text;
    (void)state;

    struct json_reader *reader = json_open(document, sizeof document - 1);
    assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_ARRAY);
    assert_int_equal(json_next(reader, &text, &err), JSON_EVENT_STRING);
    assert_ptr_equal(text.bytes, document + 2);
    assert_int_equal(json_offset(reader), 14);
    assert_int_equal(json_next(reader, &text, &err), JSON_EVENT_NUMBER);
    assert_ptr_equal(text.bytes, document + 15);
    assert_int_equal(json_next(reader, &text, &err), JSON_EVENT_STRING);
    assert_true(text.bytes < document || text.bytes > document + sizeof document);
    json_close(reader);
}

static void bounds_depth_and_size(void **state)
{
    char document[2 * JSON_DEPTH + 4] = {0};
    struct error err = {0};
    (void)state;

    memset(document, '[', JSON_DEPTH);
    memset(document + JSON_DEPTH, ']', JSON_DEPTH);
    struct json_reader *reader = json_open(document, strlen(document));
    assert_true(json_skip(reader, &err));
    assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_END);

    memset(document, '[', JSON_DEPTH + 1);
    json_restart(reader, document, strlen(document));
    assert_false(json_skip(reader, &err));
    assert_string_equal(err.message, "The JSON is malformed at byte 64: it is nested too deeply");
    json_close(reader);

    for (size_t largest = 9; largest <= 11; largest++) {
        struct pieces pieces = {.bytes = "[\"0123456789\",0123456789]", .length = 25, .first = 7, .each = 3};
        struct json_text text;
        reader = json_open_source(pieces_next, &pieces, largest);
        assert_int_equal(json_next(reader, &text, &err), JSON_EVENT_ARRAY);
        assert_int_equal(json_next(reader, &text, &err), largest >= 10 ? JSON_EVENT_STRING : JSON_EVENT_ERROR);
        json_close(reader);
        free(pieces.piece);
    }
}

static void skips_and_copies_whole_values(void **state)
{
    static const char document[] =
        "{ \"skip\" : { \"a\" : [ 1 , \"]}\\\"\" , { } ] , \"b\" : null } , \"raw\" : [ 1.50 , \"x\\u0041 y\" , { \"k\" : \xE2\x82\xAC ] }";
    static const char good[] =
        "{ \"skip\" : { \"a\" : [ 1 , \"]}\\\"\" , { } ] , \"b\" : null } , \"raw\" : [ 1.50 , \"x\\u0041 y\" , { \"k\" : true } ] , \"s\":\"\" }";
    struct error err = {0};
    struct json_text text;
    (void)state;

    for (size_t split = 0; split < sizeof good; split++) {
        struct pieces pieces = {.bytes = good, .length = sizeof good - 1, .first = split, .each = split == 0 ? 1 : sizeof good};
        struct json_reader *reader = json_open_source(pieces_next, &pieces, 0);
        assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_OBJECT);
        assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_MEMBER);
        assert_true(json_skip(reader, &err));
        assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_MEMBER);
        assert_true(json_raw(reader, &text, &err));
        assert_int_equal(text.length, strlen("[1.50,\"x\\u0041 y\",{\"k\":true}]"));
        assert_memory_equal(text.bytes, "[1.50,\"x\\u0041 y\",{\"k\":true}]", text.length);
        assert_int_equal(json_next(reader, &text, &err), JSON_EVENT_MEMBER);
        assert_memory_equal(text.bytes, "s", 1);
        assert_true(json_raw(reader, &text, &err));
        assert_int_equal(text.length, 2);
        assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_OBJECT_END);
        assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_END);
        assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_END);
        json_close(reader);
        free(pieces.piece);
    }

    struct json_reader *reader = json_open(document, sizeof document - 1);
    json_next(reader, NULL, &err);
    json_next(reader, NULL, &err);
    assert_true(json_skip(reader, &err));
    json_next(reader, NULL, &err);
    assert_false(json_raw(reader, &text, &err)); /* the copied part is checked too */
    json_close(reader);

    reader = json_open("[]", 2);
    json_next(reader, NULL, &err);
    assert_false(json_skip(reader, &err)); /* there is no value to skip */
    json_close(reader);
}

/* A member that stands there just so is taken; one that does not leaves the reader where it was. */
static void takes_a_member_that_is_foretold(void **state)
{
    static const char document[] = "{\"id\":1,\"a longer name\":[2],\"x\" :3 ,\"y\":4}";
    static const struct { const char *written; bool taken; } steps[] = {
        {",\"is\":", false}, {",\"id\":", true}, {",\"a longer\":", false}, {",\"a longer nema\":", false}, {",\"b longer name\":", false},
        {",\"a longer name\":", true}, {",\"x\":", false}, {NULL, true}, {",\"y\":", false}, {NULL, true}, {",\"z\":", false},
    };
    struct error err = {0};
    struct json_text text;
    (void)state;

    struct json_reader *reader = json_open(document, sizeof document - 1);
    assert_false(json_take_member(reader, steps[1].written, strlen(steps[1].written))); /* no object is open */
    assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_OBJECT);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const char *written = steps[i].written;
        if (written)
            assert_int_equal(json_take_member(reader, written, strlen(written)), steps[i].taken);
        else
            assert_int_equal(json_next(reader, &text, &err), JSON_EVENT_MEMBER);
        if (written && steps[i].taken)
            assert_false(json_take_member(reader, written, strlen(written))); /* its value comes first */
        if (steps[i].taken)
            assert_true(json_skip(reader, &err));
    }
    assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_OBJECT_END);
    assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_END);
    assert_false(json_take_member(reader, "", 0));
    json_restart(reader, "{\"id\"", 4);
    assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_OBJECT);
    assert_false(json_take_member(reader, steps[1].written, strlen(steps[1].written))); /* the document ends within it */
    assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_ERROR);
    json_close(reader);
}

static bool broken_source(void *context, const char **bytes, size_t *length, struct error *err)
{
    int *calls = context;
    *bytes = "[1,";
    *length = 3;
    return (*calls)++ == 0 || error_set(err, "HYT01", "The connection was cut");
}

static void passes_on_the_failure_of_its_source(void **state)
{
    struct error err = {0};
    int calls = 0;
    (void)state;

    struct json_reader *reader = json_open_source(broken_source, &calls, 0);
    assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_ARRAY);
    assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_NUMBER);
    for (int i = 0; i < 2; i++) {
        err = (struct error){0};
        assert_int_equal(json_next(reader, NULL, &err), JSON_EVENT_ERROR);
        assert_string_equal(err.sqlstate, "HYT01");
    }
    assert_int_equal(calls, 2); /* a failed reader asks no more */
    json_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_events_and_texts),
        cmocka_unit_test(tells_what_is_wrong_and_where),
        cmocka_unit_test(texts_may_hold_nul),
        cmocka_unit_test(strings_without_escapes_stay_in_place),
        cmocka_unit_test(bounds_depth_and_size),
        cmocka_unit_test(skips_and_copies_whole_values),
        cmocka_unit_test(takes_a_member_that_is_foretold),
        cmocka_unit_test(passes_on_the_failure_of_its_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
