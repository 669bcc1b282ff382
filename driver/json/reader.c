/* The pull reader: a state machine over a window of bytes that is refilled from the source when it runs out.
 *
 * A token that lies whole in the window is handed out in place; one that is cut by the window's end, or has escapes, is gathered
 * in `text`. Nesting is a depth and one bit a level, so that skipping needs no recursion. */
#include "json/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/space.h"
#include "base/utf.h"
#include "json/scan.h"

enum { STANDARD_LARGEST = 64 << 20, NO_MORE = -1, BROKEN = -2 };

enum state {
    AT_START, AT_VALUE,               /* a value must come; a byte order mark may precede it at the start */
    AT_FIRST_ELEMENT, AT_NEXT_ELEMENT,
    AT_FIRST_MEMBER, AT_NEXT_MEMBER,
    AT_COLON,                         /* a member's name was given, its value not yet */
    AT_END, FAILED
};

struct json_reader {
    const char *start, *at, *end;     /* the window */
    uint64_t start_offset;            /* of the window in the document */
    json_source *more;                /* NULL: the window is the whole document */
    void *context;
    enum state state;
    int depth;
    uint64_t objects;                 /* bit per level: whether it is an object */
    bool wants_text;                  /* the caller looks at the text of names, strings, numbers */
    bool records;                     /* json_raw: what is read is also appended to `raw` */
    struct buffer text;
    struct buffer raw;
    struct error failure;
};

_Static_assert(JSON_DEPTH <= 64, "the levels are the bits of one word");

static struct json_reader *open_reader(size_t largest)
{
    struct json_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return NULL;
    buffer_init(&reader->text, largest);
    buffer_init(&reader->raw, largest);
    return reader;
}

struct json_reader *json_open(const char *bytes, size_t length)
{
    struct json_reader *reader = open_reader(STANDARD_LARGEST);
    if (reader)
        json_restart(reader, bytes, length);
    return reader;
}

struct json_reader *json_open_source(json_source *more, void *context, size_t largest_text)
{
    struct json_reader *reader = open_reader(largest_text ? largest_text : STANDARD_LARGEST);
    if (!reader)
        return NULL;
    json_restart(reader, "", 0);
    reader->more = more;
    reader->context = context;
    return reader;
}

void json_restart(struct json_reader *reader, const char *bytes, size_t length)
{
    reader->start = reader->at = bytes;
    reader->end = bytes + length;
    reader->start_offset = 0;
    reader->more = NULL;
    reader->state = AT_START;
    reader->depth = 0;
    reader->objects = 0;
    reader->records = false;
}

void json_close(struct json_reader *reader)
{
    if (!reader)
        return;
    buffer_clear(&reader->text);
    buffer_clear(&reader->raw);
    free(reader);
}

uint64_t json_offset(const struct json_reader *reader)
{
    return reader->start_offset + (uint64_t)(reader->at - reader->start);
}

struct json_mark json_mark_here(const struct json_reader *reader)
{
    return (struct json_mark){reader->at, reader->objects, reader->depth, (int)reader->state};
}

void json_back(struct json_reader *reader, const struct json_mark *mark)
{
    reader->at = mark->at;
    reader->objects = mark->objects;
    reader->depth = mark->depth;
    reader->state = (enum state)mark->state;
}

/* Errors. Each leaves the reader in the state FAILED and returns BROKEN. */

static int fail_at(struct json_reader *reader, uint64_t offset, const char *what)
{
    error_set(&reader->failure, "08S01", "The JSON is malformed at byte %llu: %s", (unsigned long long)offset, what);
    reader->state = FAILED;
    return BROKEN;
}

static int fail(struct json_reader *reader, const char *what)
{
    return fail_at(reader, json_offset(reader), what);
}

/* found  a byte, or NO_MORE */
static int fail_expected(struct json_reader *reader, const char *expected, int found)
{
    uint64_t offset = json_offset(reader);

    if (found == NO_MORE)
        error_set(&reader->failure, "08S01", "The JSON ends too early, at byte %llu: expected %s", (unsigned long long)offset, expected);
    else if (found > ' ' && found < 0x7f)
        error_set(&reader->failure, "08S01", "The JSON is malformed at byte %llu: expected %s but found '%c'",
                  (unsigned long long)offset, expected, found);
    else
        error_set(&reader->failure, "08S01", "The JSON is malformed at byte %llu: expected %s but found byte 0x%02X",
                  (unsigned long long)offset, expected, (unsigned)found);
    reader->state = FAILED;
    return BROKEN;
}

/* Appends to `text` or `raw`. */
static bool append(struct json_reader *reader, struct buffer *buffer, const char *bytes, size_t length)
{
    if (length > buffer->limit - buffer->length)
        return fail(reader, "a text is longer than is accepted"), false;
    if (buffer_append(buffer, bytes, length))
        return true;
    reader->state = FAILED;
    return error_memory(&reader->failure);
}

/* The window. */

/* Gets the next piece of the document. 1 when there are bytes again, NO_MORE or BROKEN. */
static int refill(struct json_reader *reader)
{
    struct error err = {0};
    const char *bytes = NULL;
    size_t length = 0;

    if (!reader->more)
        return NO_MORE;
    do {
        if (reader->more(reader->context, &bytes, &length, &err))
            continue;
        if (err.sqlstate[0] == '\0') {
            reader->more = NULL;
            return NO_MORE;
        }
        reader->failure = err;
        reader->state = FAILED;
        return BROKEN;
    } while (length == 0);

    reader->start_offset += (uint64_t)(reader->end - reader->start);
    reader->start = reader->at = bytes;
    reader->end = bytes + length;
    return 1;
}

/* The byte at hand without taking it; NO_MORE or BROKEN. */
static inline int peek(struct json_reader *reader)
{
    if (reader->at == reader->end) {
        int result = refill(reader);
        if (result != 1)
            return result;
    }
    return (unsigned char)*reader->at;
}

/* Moves to the next byte that is no white space and peeks at it. */
static inline int peek_token(struct json_reader *reader)
{
    for (;;) {
        while (reader->at < reader->end && is_space(*reader->at))
            reader->at++;
        if (reader->at < reader->end)
            return (unsigned char)*reader->at;
        int result = refill(reader);
        if (result != 1)
            return result;
    }
}

/* Takes the byte at hand, a mark of punctuation. */
static inline bool take(struct json_reader *reader)
{
    if (reader->records && !append(reader, &reader->raw, reader->at, 1))
        return false;
    reader->at++;
    return true;
}

static bool record(struct json_reader *reader, const char *bytes, size_t length)
{
    return !reader->records || append(reader, &reader->raw, bytes, length);
}

/* Adds a run of a string: `source` as it stands in the document, to the text being gathered and the raw text being recorded. */
static bool gather(struct json_reader *reader, const char *source, size_t length)
{
    return (!reader->wants_text || append(reader, &reader->text, source, length)) && record(reader, source, length);
}

/* Strings. */

/* Reads four hexadecimal digits of \u; below zero when they are not. */
static int read_hex(struct json_reader *reader)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        int c = peek(reader);
        if (c == BROKEN)
            return BROKEN;
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0)
            return fail_expected(reader, "a hexadecimal digit after \\u", c);
        if (!take(reader))
            return BROKEN;
        value = value * 16 + digit;
    }
    return value;
}

/* Reads what follows \u, with the second half of a surrogate pair. */
static bool read_unicode(struct json_reader *reader)
{
    uint64_t offset = json_offset(reader);
    char utf8[4];

    int unit = read_hex(reader);
    if (unit < 0)
        return false;
    uint32_t character = (uint32_t)unit;
    if (unit >= 0xDC00 && unit <= 0xDFFF)
        return fail_at(reader, offset, "the second half of a surrogate pair stands alone"), false;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        for (const char *expected = "\\u"; *expected; expected++) {
            int c = peek(reader);
            if (c == BROKEN)
                return false;
            if (c != *expected)
                return fail_at(reader, offset, "the first half of a surrogate pair stands alone"), false;
            if (!take(reader))
                return false;
        }
        int second = read_hex(reader);
        if (second < 0)
            return false;
        if (second < 0xDC00 || second > 0xDFFF)
            return fail_at(reader, offset, "the first half of a surrogate pair stands alone"), false;
        character = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)second - 0xDC00);
    }
    return !reader->wants_text || append(reader, &reader->text, utf8, utf8_put(utf8, character));
}

/* Reads an escape; its backslash is at hand. */
static bool read_escape(struct json_reader *reader)
{
    static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";

    if (!take(reader))
        return false;
    int c = peek(reader);
    if (c == BROKEN)
        return false;
    if (c == 'u')
        return take(reader) && read_unicode(reader);
    const char *name = c > 0 ? strchr(names, c) : NULL;
    if (!name)
        return fail_expected(reader, "one of \"\\/bfnrtu after a backslash", c), false;
    return (!reader->wants_text || append(reader, &reader->text, &meanings[name - names], 1)) && take(reader);
}

/* Reads a character past U+007F that is cut by the window's end. */
static bool read_cut_character(struct json_reader *reader)
{
    uint64_t offset = json_offset(reader);
    char bytes[4] = {*reader->at++};
    size_t length = 1, wanted = json_character_length(bytes[0]);

    for (; length < wanted; length++) {
        int c = peek(reader);
        if (c == BROKEN)
            return false;
        if (c == NO_MORE)
            break;
        bytes[length] = *reader->at++;
    }
    if (length < wanted || json_character(bytes, bytes + length) == 0)
        return fail_at(reader, offset, "a string is not UTF-8"), false;
    return gather(reader, bytes, length);
}

/* Reads a string the quick way, as nearly all can be: plain ASCII that lies whole in the window. *at is behind its opening quote, and comes
 * to stand behind the closing one. False, and nothing done, where it is not so. */
static inline bool quick_string(const struct json_reader *reader, const char **at, struct json_text *text)
{
    const char *stop = json_plain_end(*at, reader->end);

    if (stop == reader->end || *stop != '"' || (size_t)(stop - *at) > reader->text.limit)
        return false;
    *text = (struct json_text){*at, (size_t)(stop - *at)};
    *at = stop + 1;
    return true;
}

/* Reads a string; its opening quote is at hand. In place when it lies whole in the window and has no escape. */
static bool read_string(struct json_reader *reader, struct json_text *text)
{
    bool gathered = false;

    if (!reader->records) {
        const char *at = reader->at + 1;
        if (quick_string(reader, &at, text)) {
            reader->at = at;
            return true;
        }
    }
    if (!take(reader))
        return false;
    buffer_reset(&reader->text);
    for (;;) {
        const char *start = reader->at;
        const char *stop = json_plain_end(start, reader->end);
        bool whole_characters = true;
        while (stop < reader->end && (unsigned char)*stop >= 0x80) {
            size_t length = json_character(stop, reader->end);
            if (length == 0) {
                whole_characters = false;
                break;
            }
            stop = json_plain_end(stop + length, reader->end);
        }
        reader->at = stop;

        if (whole_characters && stop < reader->end && *stop == '"') {
            if (!gathered) {
                *text = (struct json_text){start, (size_t)(stop - start)};
                if (text->length > reader->text.limit)
                    return fail(reader, "a text is longer than is accepted"), false;
                return record(reader, start, text->length) && take(reader);
            }
            if (!gather(reader, start, (size_t)(stop - start)) || !take(reader))
                return false;
            *text = (struct json_text){buffer_text(&reader->text), reader->text.length};
            return true;
        }

        if (!gather(reader, start, (size_t)(stop - start)))
            return false;
        gathered = true;
        if (stop == reader->end) {
            int result = refill(reader);
            if (result == NO_MORE)
                return fail_expected(reader, "the end of a string", NO_MORE), false;
            if (result == BROKEN)
                return false;
        } else if (!whole_characters) {
            if ((size_t)(reader->end - stop) >= json_character_length(*stop))
                return fail(reader, "a string is not UTF-8"), false;
            if (!read_cut_character(reader))
                return false;
        } else if (*stop == '\\') {
            if (!read_escape(reader))
                return false;
        } else {
            return fail(reader, "a control character stands in a string"), false;
        }
    }
}

/* Numbers and words. */

static bool read_number(struct json_reader *reader, struct json_text *text)
{
    uint64_t offset = json_offset(reader);
    const char *start = reader->at;
    size_t quick = reader->records ? 0 : json_quick_integer(start, reader->end);
    if (quick) {
        *text = (struct json_text){start, quick};
        reader->at += quick;
        return true;
    }
    const char *stop = json_number_end(start, reader->end);

    reader->at = stop;
    *text = (struct json_text){start, (size_t)(stop - start)};
    if (stop == reader->end && reader->more) {
        /* It may go on in the next piece. */
        buffer_reset(&reader->text);
        for (;;) {
            if (!append(reader, &reader->text, start, (size_t)(stop - start)))
                return false;
            if (stop < reader->end)
                break;
            int result = refill(reader);
            if (result == BROKEN)
                return false;
            if (result == NO_MORE)
                break;
            start = reader->at;
            reader->at = stop = json_number_end(start, reader->end);
        }
        *text = (struct json_text){buffer_text(&reader->text), reader->text.length};
    }

    size_t good;
    if (!json_number_valid(text->bytes, text->length, &good))
        return fail_at(reader, offset + good, "a number is not written as JSON wants it"), false;
    return record(reader, text->bytes, text->length);
}

static bool read_word(struct json_reader *reader, const char *word)
{
    for (const char *expected = word; *expected; expected++) {
        int c = peek(reader);
        if (c == BROKEN)
            return false;
        if (c != *expected)
            return fail_expected(reader, word, c), false;
        if (!take(reader))
            return false;
    }
    return true;
}

/* Structure. */

static void after_value(struct json_reader *reader)
{
    if (reader->depth == 0)
        reader->state = AT_END;
    else
        reader->state = reader->objects >> (reader->depth - 1) & 1 ? AT_NEXT_MEMBER : AT_NEXT_ELEMENT;
}

static enum json_event open_level(struct json_reader *reader, bool object)
{
    if (reader->depth == JSON_DEPTH) {
        fail(reader, "it is nested too deeply");
        return JSON_EVENT_ERROR;
    }
    if (!take(reader))
        return JSON_EVENT_ERROR;
    uint64_t bit = (uint64_t)1 << reader->depth++;
    reader->objects = object ? reader->objects | bit : reader->objects & ~bit;
    reader->state = object ? AT_FIRST_MEMBER : AT_FIRST_ELEMENT;
    return object ? JSON_EVENT_OBJECT : JSON_EVENT_ARRAY;
}

static enum json_event close_level(struct json_reader *reader, enum json_event event)
{
    if (!take(reader))
        return JSON_EVENT_ERROR;
    reader->depth--;
    after_value(reader);
    return event;
}

static enum json_event scalar(struct json_reader *reader, bool read, enum json_event event)
{
    if (!read)
        return JSON_EVENT_ERROR;
    after_value(reader);
    return event;
}

/* c  the byte at hand */
static enum json_event read_value(struct json_reader *reader, int c, struct json_text *text)
{
    switch (c) {
    case BROKEN: return JSON_EVENT_ERROR;
    case '{': return open_level(reader, true);
    case '[': return open_level(reader, false);
    case '"': return scalar(reader, read_string(reader, text), JSON_EVENT_STRING);
    case 't': return scalar(reader, read_word(reader, "true"), JSON_EVENT_TRUE);
    case 'f': return scalar(reader, read_word(reader, "false"), JSON_EVENT_FALSE);
    case 'n': return scalar(reader, read_word(reader, "null"), JSON_EVENT_NULL);
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return scalar(reader, read_number(reader, text), JSON_EVENT_NUMBER);
    default:
        fail_expected(reader, "a value", c);
        return JSON_EVENT_ERROR;
    }
}

static enum json_event read_member(struct json_reader *reader, int c, struct json_text *text)
{
    if (c == BROKEN)
        return JSON_EVENT_ERROR;
    if (c != '"') {
        fail_expected(reader, "a member's name in quotes", c);
        return JSON_EVENT_ERROR;
    }
    if (!read_string(reader, text))
        return JSON_EVENT_ERROR;
    reader->state = AT_COLON;
    return JSON_EVENT_MEMBER;
}

/* Reads `,"name":` in one go, as it mostly stands there: whole, without white space. The member's value must come then. False, and nothing
 * done, where it is not so. */
static inline bool quick_member(struct json_reader *reader, struct json_text *text)
{
    const char *at = reader->at;

    if (reader->records || reader->end - at < 2 || at[0] != ',' || at[1] != '"')
        return false;
    at += 2;
    if (!quick_string(reader, &at, text) || at == reader->end || *at != ':')
        return false;
    reader->at = at + 1;
    reader->state = AT_VALUE;
    return true;
}

/* Takes the mark that must stand here and peeks at what follows it. */
static int pass(struct json_reader *reader, int c, char mark, const char *expected)
{
    if (c == BROKEN)
        return BROKEN;
    if (c != mark)
        return fail_expected(reader, expected, c);
    return take(reader) ? peek_token(reader) : BROKEN;
}

static bool skip_byte_order_mark(struct json_reader *reader)
{
    int c = peek(reader);
    if (c != 0xEF)
        return c != BROKEN;
    for (const char *mark = "\xEF\xBB\xBF"; *mark; mark++) {
        c = peek(reader);
        if (c == BROKEN)
            return false;
        if (c != (unsigned char)*mark)
            return fail_expected(reader, "a value", c), false;
        reader->at++;
    }
    return true;
}

static enum json_event next_event(struct json_reader *reader, struct json_text *text)
{
    if (reader->state == AT_NEXT_MEMBER && quick_member(reader, text))
        return JSON_EVENT_MEMBER;
    if (reader->state == FAILED)
        return JSON_EVENT_ERROR;
    if (reader->state == AT_START && !skip_byte_order_mark(reader))
        return JSON_EVENT_ERROR;

    int c = peek_token(reader);
    switch (reader->state) {
    case AT_START:
    case AT_VALUE:
        return read_value(reader, c, text);
    case AT_FIRST_ELEMENT:
        return c == ']' ? close_level(reader, JSON_EVENT_ARRAY_END) : read_value(reader, c, text);
    case AT_NEXT_ELEMENT:
        if (c == ']')
            return close_level(reader, JSON_EVENT_ARRAY_END);
        return read_value(reader, pass(reader, c, ',', "',' or ']'"), text);
    case AT_FIRST_MEMBER:
        return c == '}' ? close_level(reader, JSON_EVENT_OBJECT_END) : read_member(reader, c, text);
    case AT_NEXT_MEMBER:
        if (c == '}')
            return close_level(reader, JSON_EVENT_OBJECT_END);
        return read_member(reader, pass(reader, c, ',', "',' or '}'"), text);
    case AT_COLON:
        return read_value(reader, pass(reader, c, ':', "':'"), text);
    case AT_END:
        if (c == NO_MORE)
            return JSON_EVENT_END;
        if (c != BROKEN)
            fail_expected(reader, "nothing more", c);
        return JSON_EVENT_ERROR;
    case FAILED:
        break;
    }
    return JSON_EVENT_ERROR;
}

enum json_event json_next(struct json_reader *reader, struct json_text *text, struct error *err)
{
    struct json_text unused;

    reader->wants_text = text != NULL;
    enum json_event event = next_event(reader, text ? text : &unused);
    if (event == JSON_EVENT_ERROR)
        *err = reader->failure;
    return event;
}

bool json_take_member(struct json_reader *reader, const char *written, size_t length)
{
    bool first = reader->state == AT_FIRST_MEMBER;

    if (!first && reader->state != AT_NEXT_MEMBER)
        return false;
    written += first;
    length -= first;
    if ((size_t)(reader->end - reader->at) < length || !json_same_bytes(reader->at, written, length))
        return false;
    reader->at += length;
    reader->state = AT_VALUE;
    return true;
}

/* Reads one whole value. */
static bool pass_value(struct json_reader *reader, struct error *err)
{
    struct json_text unused;
    int depth = reader->depth;

    reader->wants_text = false;
    do {
        enum json_event event = next_event(reader, &unused);
        if (event == JSON_EVENT_END || reader->depth < depth)
            fail(reader, "a value was asked for where there is none");
        if (event == JSON_EVENT_ERROR || reader->state == FAILED) {
            *err = reader->failure;
            return false;
        }
    } while (reader->depth > depth || reader->state == AT_COLON || reader->state == AT_VALUE);
    return true;
}

/* Passing over by json_quick_value: how deep, so that its recursion is bounded and no level escapes the check of the depth. */
static int quick_levels(const struct json_reader *reader)
{
    enum { LEVELS = 16 };
    int left = JSON_DEPTH - reader->depth;
    return left < LEVELS ? left : LEVELS;
}

bool json_skip(struct json_reader *reader, struct error *err)
{
    const char *at = reader->at;

    if (reader->state == AT_COLON && at < reader->end && *at == ':')
        at++;
    else if (reader->state != AT_VALUE)
        return pass_value(reader, err);
    at = json_quick_value(at, reader->end, quick_levels(reader));
    if (!at)
        return pass_value(reader, err);
    reader->at = at;
    after_value(reader);
    return true;
}

bool json_leave(struct json_reader *reader, struct error *err)
{
    struct json_text unused;
    int depth = reader->depth;
    const char *at = NULL;

    if (reader->state == AT_FIRST_MEMBER)
        at = json_quick_members(reader->at, reader->end, quick_levels(reader));
    if (at) {
        reader->at = at;
        reader->depth--;
        after_value(reader);
        return true;
    }
    reader->wants_text = false;
    while (reader->depth >= depth)
        if (next_event(reader, &unused) == JSON_EVENT_ERROR) {
            *err = reader->failure;
            return false;
        }
    return true;
}

bool json_raw(struct json_reader *reader, struct json_text *text, struct error *err)
{
    buffer_reset(&reader->raw);
    reader->records = true;
    bool passed = pass_value(reader, err);
    reader->records = false;
    if (!passed)
        return false;

    /* The mark in front of the value was recorded with it; no value begins with one. */
    size_t mark = reader->raw.data[0] == ':' || reader->raw.data[0] == ',';
    *text = (struct json_text){reader->raw.data + mark, reader->raw.length - mark};
    return true;
}
