/* Proves json/reader.c against Jansson on thousands of made-up and damaged documents: the same are accepted, with the same values.
 *
 * Known differences, kept out of the comparison:
 *   numbers        Jansson refuses integers past 64 bits and reals past a double's range; the reader hands out any number's text
 *   depth          the reader accepts 64 levels, Jansson 2048
 *   byte order     the reader ignores a byte order mark at the start, Jansson refuses it
 *   duplicate keys Jansson keeps the last member; the tree built here from the reader's events does the same
 *   NUL            member names with \u0000 are refused by Jansson, and strings unless JSON_ALLOW_NUL is set; a NUL byte ends
 *                  a document for Jansson and is an error for the reader */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <cmocka.h>
#include <jansson.h>

#include "base/buffer.h"
#include "base/error.h"
#include "json/reader.h"
#include "pieces.h"

enum { DOCUMENTS = 4000, MUTATIONS_EACH = 4 };

static uint64_t seed = 20240229;

static unsigned random_below(unsigned bound)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 11) % bound;
}

static bool dense; /* without white space, as most services write */

static void add_space(struct buffer *out)
{
    if (dense)
        return;
    static const char *const spaces[] = {"", "", "", " ", "\n", "\t ", "\r\n"};
    buffer_append_text(out, spaces[random_below(7)]);
}

static void add_string(struct buffer *out)
{
    static const char *const parts[] = {
        "a", "name", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00e9", "\\ud83d\\ude00", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
        "a longer run of plain text, past sixteen", " ", "{", "]", ",", "\x7F", "\\u2028", "\\b\\f\\r\\t", "'",
    };
    buffer_append_char(out, '"');
    for (unsigned i = random_below(5); i > 0; i--)
        buffer_append_text(out, parts[random_below(sizeof parts / sizeof parts[0])]);
    buffer_append_char(out, '"');
}

static void add_number(struct buffer *out)
{
    static const char *const numbers[] = {
        "0", "-0", "1", "-17", "9223372036854775807", "-9223372036854775808", "0.5", "-12.250", "1e5", "1E-7", "2.5e+10", "123456.789e-3",
    };
    buffer_append_text(out, numbers[random_below(sizeof numbers / sizeof numbers[0])]);
}

static void add_value(struct buffer *out, int depth)
{
    unsigned kind = random_below(depth < 6 ? 9 : 6);

    add_space(out);
    if (kind >= 6) {
        bool object = random_below(2);
        buffer_append_char(out, object ? '{' : '[');
        for (unsigned i = random_below(5), first = 1; i > 0; i--, first = 0) {
            if (!first)
                buffer_append_char(out, ',');
            add_space(out);
            if (object) {
                add_string(out);
                add_space(out);
                buffer_append_char(out, ':');
            }
            add_value(out, depth + 1);
        }
        add_space(out);
        buffer_append_char(out, object ? '}' : ']');
    } else if (kind >= 4) {
        add_string(out);
    } else if (kind >= 2) {
        add_number(out);
    } else {
        static const char *const words[] = {"true", "false", "null"};
        buffer_append_text(out, words[random_below(3)]);
    }
    add_space(out);
}

static void damage(struct buffer *document)
{
    static const char bytes[] = "{}[],:\"\\0123456789-+.eEtfnu \n\x01\x7F\x80\xC0\xC3\xED\xF4\xFF";
    size_t at = document->length ? random_below((unsigned)document->length) : 0;

    switch (random_below(4)) {
    case 0: /* another byte */
        if (document->length)
            document->data[at] = bytes[random_below(sizeof bytes - 1)];
        break;
    case 1: /* cut off */
        document->length = at;
        break;
    case 2: /* a byte more at the end */
        buffer_append_char(document, bytes[random_below(sizeof bytes - 1)]);
        break;
    default: /* a byte less */
        if (document->length) {
            memmove(document->data + at, document->data + at + 1, document->length - at - 1);
            document->length--;
        }
    }
}

/* Builds the tree that the events describe; NULL when the reader fails. */
static json_t *build(struct json_reader *reader, enum json_event event, struct json_text text, struct error *err)
{
    switch (event) {
    case JSON_EVENT_NULL: return json_null();
    case JSON_EVENT_TRUE: return json_true();
    case JSON_EVENT_FALSE: return json_false();
    case JSON_EVENT_STRING: return json_stringn(text.bytes, text.length);
    case JSON_EVENT_NUMBER: {
        char number[64] = {0};
        assert_true(text.length < sizeof number);
        memcpy(number, text.bytes, text.length);
        if (!strpbrk(number, ".eE"))
            return json_integer(strtoll(number, NULL, 10));
        double real = strtod(number, NULL);
        return json_real(isfinite(real) ? real : 0); /* no tree of Jansson's holds an infinite one */
    }
    case JSON_EVENT_ARRAY: {
        json_t *array = json_array();
        while ((event = json_next(reader, &text, err)) != JSON_EVENT_ARRAY_END) {
            json_t *element = event == JSON_EVENT_ERROR ? NULL : build(reader, event, text, err);
            if (!element) {
                json_decref(array);
                return NULL;
            }
            json_array_append_new(array, element);
        }
        return array;
    }
    case JSON_EVENT_OBJECT: {
        json_t *object = json_object();
        while ((event = json_next(reader, &text, err)) == JSON_EVENT_MEMBER) {
            char *name = malloc(text.length + 1);
            memcpy(name, text.bytes, text.length);
            name[text.length] = '\0';
            event = json_next(reader, &text, err);
            json_t *value = event == JSON_EVENT_ERROR ? NULL : build(reader, event, text, err);
            if (value)
                json_object_set_new(object, name, value);
            free(name);
            if (!value)
                break;
        }
        if (event != JSON_EVENT_OBJECT_END) {
            json_decref(object);
            return NULL;
        }
        return object;
    }
    default:
        return NULL;
    }
}

static json_t *read_document(struct json_reader *reader, struct error *err)
{
    struct json_text text = {0};
    enum json_event event = json_next(reader, &text, err);
    json_t *root = event == JSON_EVENT_ERROR ? NULL : build(reader, event, text, err);

    if (root && json_next(reader, &text, err) != JSON_EVENT_END) {
        json_decref(root);
        return NULL;
    }
    return root;
}

/* Whether the document holds something that Jansson treats differently on purpose: an escape for NUL, a number out of its range. */
static bool differs_on_purpose(const struct buffer *document, const json_error_t *error)
{
    for (size_t i = 0; i + 6 <= document->length; i++)
        if (memcmp(document->data + i, "\\u0000", 6) == 0)
            return true;
    return error && (json_error_code(error) == json_error_numeric_overflow || json_error_code(error) == json_error_null_byte_in_key);
}

static unsigned accepted, refused;

static void compare(const struct buffer *document)
{
    json_error_t error = {0};
    struct error err = {0}, skip_err = {0};

    json_t *theirs = json_loadb(buffer_text(document), document->length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (differs_on_purpose(document, theirs ? NULL : &error)) {
        json_decref(theirs);
        return;
    }

    struct json_reader *reader = json_open(buffer_text(document), document->length);
    json_t *ours = read_document(reader, &err);
    if (!theirs != !ours)
        fail_msg("Jansson: %s; reader: %s; document: %.*s", theirs ? "accepted" : error.text, ours ? "accepted" : err.message,
                 (int)document->length, buffer_text(document));
    if (theirs && !json_equal(theirs, ours))
        fail_msg("other values for: %.*s", (int)document->length, buffer_text(document));
    theirs ? accepted++ : refused++;

    /* Skipping and copying are as strict as reading. */
    json_restart(reader, buffer_text(document), document->length);
    bool skipped = json_skip(reader, &skip_err) && json_next(reader, NULL, &skip_err) == JSON_EVENT_END;
    assert_int_equal(skipped, ours != NULL);
    if (!skipped && strcmp(skip_err.message, err.message) != 0)
        fail_msg("skipping: %s; reading: %s; document: %.*s", skip_err.message, err.message, (int)document->length, buffer_text(document));
    struct json_text raw;
    json_restart(reader, buffer_text(document), document->length);
    bool copied = json_raw(reader, &raw, &skip_err);
    if (copied) {
        json_t *again = json_loadb(raw.bytes, raw.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
        copied = json_next(reader, NULL, &skip_err) == JSON_EVENT_END;
        if (copied)
            assert_true(json_equal(ours, again));
        json_decref(again);
    }
    assert_int_equal(copied, ours != NULL);
    json_close(reader);

    /* In pieces. */
    struct pieces pieces = {.bytes = buffer_text(document), .length = document->length, .first = random_below(9), .each = 1 + random_below(9)};
    struct error piece_err = {0};
    reader = json_open_source(pieces_next, &pieces, 0);
    json_t *pieced = read_document(reader, &piece_err);
    assert_int_equal(pieced != NULL, ours != NULL);
    assert_string_equal(piece_err.message, err.message);
    if (ours)
        assert_true(json_equal(ours, pieced));
    json_close(reader);
    free(pieces.piece);
    json_decref(pieced);
    json_decref(ours);
    json_decref(theirs);
}

/* Skips the document where it is a member's value, and leaves an object before or after it: what is accepted is what is read. */
static void compare_inside(const struct buffer *document)
{
    static const char *const fronts[] = {"{\"a\":", "{\"a\":[", "{\"a\":{\"b\":"}, *const backs[] = {",\"c\":1}", "],\"c\":\"\"}", "},\"c\":[]}"};
    unsigned shape = random_below(3), left = random_below(3);
    struct buffer whole;
    struct error err = {0}, other = {0};

    buffer_init(&whole, 1 << 20);
    buffer_append_text(&whole, fronts[shape]);
    buffer_append(&whole, document->data ? document->data : "", document->length);
    buffer_append_text(&whole, backs[shape]);
    struct json_reader *reader = json_open(whole.data, whole.length);
    json_t *read = read_document(reader, &err);
    json_restart(reader, whole.data, whole.length);
    bool passed = json_next(reader, NULL, &other) == JSON_EVENT_OBJECT;
    if (left > 0)
        passed = passed && json_next(reader, NULL, &other) == JSON_EVENT_MEMBER && json_skip(reader, &other);
    if (left > 1) { /* the member behind it is met where it stands */
        struct json_text name;
        enum json_event event = passed ? json_next(reader, &name, &other) : JSON_EVENT_ERROR;
        passed = event == JSON_EVENT_MEMBER && json_skip(reader, &other);
        if (read)
            assert_true(passed && name.length > 0);
    }
    passed = passed && json_leave(reader, &other) && json_next(reader, NULL, &other) == JSON_EVENT_END;
    if (passed != (read != NULL))
        fail_msg("%s when passed over in way %u: %s", passed ? "accepted" : other.message, left, whole.data);
    json_decref(read);
    json_close(reader);
    buffer_clear(&whole);
}

static void agrees_with_jansson(void **state)
{
    struct buffer document;
    (void)state;

    buffer_init(&document, 1 << 20);
    for (int i = 0; i < DOCUMENTS; i++) {
        dense = i % 2;
        buffer_reset(&document);
        add_value(&document, 0);
        compare(&document);
        compare_inside(&document);
        for (int j = 0; j < MUTATIONS_EACH; j++) {
            damage(&document);
            compare(&document);
            compare_inside(&document);
        }
    }
    buffer_clear(&document);
    /* The comparison is worth something only when both kinds came up often. */
    assert_true(accepted > DOCUMENTS);
    assert_true(refused > DOCUMENTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_jansson)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
