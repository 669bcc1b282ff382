/* The string functions of ODBC (Appendix E, String Functions). Positions and lengths count characters, not bytes.
 *
 * Upper and lower case are those of the C library's C.UTF-8 locale: one character for one, for all scripts (so that the
 * German sharp s stays as it is); without that locale only ASCII letters change. */
#include <string.h>
#include <wctype.h>

#include "base/buffer.h"
#include "base/utf.h"
#include "engine/function.h"
#include "engine/state.h"

enum { TEXT_LIMIT = 256 << 20 /* bytes of a text that a function makes */ };

static bool one_text(sqlite3_context *context, sqlite3_value **arguments, struct value *text)
{
    return function_text(context, arguments[0], text);
}

static void result_buffer(sqlite3_context *context, struct buffer *buffer)
{
    if (buffer->full)
        function_fail(context, "54000", "A text is longer than %d MiB", TEXT_LIMIT >> 20);
    else if (buffer->failed)
        sqlite3_result_error_nomem(context);
    else
        function_result_text(context, buffer_text(buffer), buffer->length);
    buffer_clear(buffer);
}

/* The byte where the count-th character (from 0) starts, or the end of the text. */
static size_t offset_of(const struct value *text, int64_t count)
{
    size_t at = 0;
    while (count-- > 0 && at < text->length)
        utf8_next(text->text, text->length, &at);
    return at;
}

/* What stands between two characters (from 0, the second not included). */
static void result_between(sqlite3_context *context, const struct value *text, int64_t start, int64_t end)
{
    size_t from = offset_of(text, start);
    struct value rest = value_text(text->text + from, text->length - from);
    function_result_text(context, rest.text, offset_of(&rest, end - start));
}

static void fn_ascii(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    size_t at = 0;
    (void)count;
    if (one_text(context, arguments, &text))
        sqlite3_result_int64(context, text.length ? utf8_next(text.text, text.length, &at) : 0);
}

static void fn_bit_length(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    (void)count;
    if (one_text(context, arguments, &text))
        sqlite3_result_int64(context, (int64_t)text.length * 8);
}

static void fn_octet_length(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    (void)count;
    if (one_text(context, arguments, &text))
        sqlite3_result_int64(context, text.length);
}

static void fn_char(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t code = sqlite3_value_int64(arguments[0]);
    char out[4];
    (void)count;
    if (code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff))
        function_result_text(context, out, utf8_put(out, (uint32_t)code));
}

static void fn_char_length(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    (void)count;
    if (one_text(context, arguments, &text))
        sqlite3_result_int64(context, (int64_t)utf8_count(text.text, text.length));
}

static size_t without_trailing_spaces(const struct value *text)
{
    size_t length = text->length;
    while (length && text->text[length - 1] == ' ')
        length--;
    return length;
}

static size_t leading_spaces(const struct value *text)
{
    size_t count = 0;
    while (count < text->length && text->text[count] == ' ')
        count++;
    return count;
}

/* ODBC: "excluding trailing blanks". */
static void fn_length(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    (void)count;
    if (one_text(context, arguments, &text))
        sqlite3_result_int64(context, (int64_t)utf8_count(text.text, without_trailing_spaces(&text)));
}

static void fn_concat(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct buffer buffer;
    struct value text;

    buffer_init(&buffer, TEXT_LIMIT);
    for (int i = 0; i < count; i++) {
        if (!function_text(context, arguments[i], &text)) {
            buffer_clear(&buffer);
            return;
        }
        buffer_append(&buffer, text.text, text.length);
    }
    result_buffer(context, &buffer);
}

/* INSERT(text, start, length, new): length characters from start on are replaced. */
static void fn_insert(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t start = sqlite3_value_int64(arguments[1]), length = sqlite3_value_int64(arguments[2]);
    struct buffer buffer;
    struct value text, new;
    (void)count;

    if (!one_text(context, arguments, &text) || !function_text(context, arguments[3], &new))
        return;
    if (start < 1 || length < 0) {
        function_fail(context, "22011", "INSERT: the start must be 1 or more and the length not negative");
        return;
    }
    size_t from = offset_of(&text, start - 1);
    struct value rest = value_text(text.text + from, text.length - from);
    size_t to = from + offset_of(&rest, length);
    buffer_init(&buffer, TEXT_LIMIT);
    buffer_append(&buffer, text.text, from);
    buffer_append(&buffer, new.text, new.length);
    buffer_append(&buffer, text.text + to, text.length - to);
    result_buffer(context, &buffer);
}

static uint32_t lower(const struct engine *engine, uint32_t character)
{
    if (engine->characters)
        return (uint32_t)towlower_l((wint_t)character, engine->characters);
    return character >= 'A' && character <= 'Z' ? character + 32 : character;
}

static uint32_t upper(const struct engine *engine, uint32_t character)
{
    if (engine->characters)
        return (uint32_t)towupper_l((wint_t)character, engine->characters);
    return character >= 'a' && character <= 'z' ? character - 32 : character;
}

static void change_case(sqlite3_context *context, sqlite3_value **arguments,
                        uint32_t (*change)(const struct engine *engine, uint32_t character))
{
    const struct engine *engine = function_engine(context);
    struct buffer buffer;
    struct value text;
    char out[4];

    if (!one_text(context, arguments, &text))
        return;
    buffer_init(&buffer, TEXT_LIMIT);
    for (size_t at = 0; at < text.length;)
        buffer_append(&buffer, out, utf8_put(out, change(engine, utf8_next(text.text, text.length, &at))));
    result_buffer(context, &buffer);
}

static void fn_lcase(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    change_case(context, arguments, lower);
}

static void fn_ucase(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    change_case(context, arguments, upper);
}

static void fn_left(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    (void)count;
    if (one_text(context, arguments, &text))
        result_between(context, &text, 0, sqlite3_value_int64(arguments[1]));
}

static void fn_right(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t wanted = sqlite3_value_int64(arguments[1]);
    struct value text;
    (void)count;

    if (!one_text(context, arguments, &text))
        return;
    int64_t length = (int64_t)utf8_count(text.text, text.length);
    if (wanted < 0)
        wanted = 0;
    result_between(context, &text, wanted < length ? length - wanted : 0, length);
}

/* LOCATE(what, text [, start]): the position of the first occurrence at or after start, 0 when there is none. */
static void fn_locate(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t start = count > 2 ? sqlite3_value_int64(arguments[2]) : 1;
    struct value what, text;

    if (!one_text(context, arguments, &what) || !function_text(context, arguments[1], &text))
        return;
    if (start < 1)
        start = 1;
    size_t from = offset_of(&text, start - 1);
    const char *found = memmem(text.text + from, text.length - from, what.text, what.length);
    if (!found || (from == text.length && start - 1 > (int64_t)utf8_count(text.text, text.length)))
        sqlite3_result_int64(context, 0);
    else
        sqlite3_result_int64(context, (int64_t)utf8_count(text.text, (size_t)(found - text.text)) + 1);
}

static void fn_ltrim(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    (void)count;
    if (!one_text(context, arguments, &text))
        return;
    size_t spaces = leading_spaces(&text);
    function_result_text(context, text.text + spaces, text.length - spaces);
}

static void fn_rtrim(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    (void)count;
    if (one_text(context, arguments, &text))
        function_result_text(context, text.text, without_trailing_spaces(&text));
}

static void fn_trim(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    (void)count;
    if (!one_text(context, arguments, &text))
        return;
    size_t spaces = leading_spaces(&text), end = without_trailing_spaces(&text);
    function_result_text(context, text.text + (spaces < end ? spaces : end), spaces < end ? end - spaces : 0);
}

static void repeat(sqlite3_context *context, const struct value *text, int64_t times)
{
    struct buffer buffer;

    buffer_init(&buffer, TEXT_LIMIT);
    if (text->length && times > TEXT_LIMIT / (int64_t)text->length)
        buffer.failed = buffer.full = true;
    for (; text->length && times > 0 && !buffer.failed; times--)
        buffer_append(&buffer, text->text, text->length);
    result_buffer(context, &buffer);
}

static void fn_repeat(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    (void)count;
    if (one_text(context, arguments, &text))
        repeat(context, &text, sqlite3_value_int64(arguments[1]));
}

static void fn_space(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value space = value_text(" ", 1);
    (void)count;
    repeat(context, &space, sqlite3_value_int64(arguments[0]));
}

static void replace(struct buffer *buffer, const struct buffer *text, const struct value *old, const struct value *new)
{
    const char *at = buffer_text(text), *end = at + text->length;

    for (;;) {
        const char *found = old->length ? memmem(at, (size_t)(end - at), old->text, old->length) : NULL;
        if (!found || buffer->failed)
            break;
        buffer_append(buffer, at, (size_t)(found - at));
        buffer_append(buffer, new->text, new->length);
        at = found + old->length;
    }
    buffer_append(buffer, at, (size_t)(end - at));
}

/* REPLACE(text, old, new, old, new, …): one pair after the other. */
static void fn_replace(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text, old, new;
    struct buffer buffer, before;
    bool read = one_text(context, arguments, &text);

    buffer_init(&buffer, TEXT_LIMIT);
    buffer_init(&before, TEXT_LIMIT);
    if (read)
        buffer_append(&buffer, text.text, text.length);
    for (int i = 1; i + 1 < count && !buffer.failed && read; i += 2) {
        struct buffer room = before;
        before = buffer;
        buffer = room;
        buffer_reset(&buffer);
        read = function_text(context, arguments[i], &old) && function_text(context, arguments[i + 1], &new);
        if (read)
            replace(&buffer, &before, &old, &new);
    }
    buffer_clear(&before);
    if (read)
        result_buffer(context, &buffer);
    else
        buffer_clear(&buffer);
}

/* Fills up to a number of characters, or cuts to it. */
static void pad(sqlite3_context *context, int count, sqlite3_value **arguments, bool left)
{
    struct value text, fill = value_text(" ", 1);
    struct buffer buffer;

    if (!one_text(context, arguments, &text) || (count > 2 && !function_text(context, arguments[2], &fill)))
        return;
    int64_t wanted = sqlite3_value_int64(arguments[1]), missing = wanted - (int64_t)utf8_count(text.text, text.length);
    if (missing <= 0 || !fill.length) {
        result_between(context, &text, 0, wanted > 0 ? wanted : 0);
        return;
    }
    buffer_init(&buffer, TEXT_LIMIT);
    if (!left)
        buffer_append(&buffer, text.text, text.length);
    for (size_t at = 0; missing > 0 && !buffer.failed; missing--) {
        size_t start = at;
        utf8_next(fill.text, fill.length, &at);
        buffer_append(&buffer, fill.text + start, at - start);
        at = at < fill.length ? at : 0;
    }
    if (left)
        buffer_append(&buffer, text.text, text.length);
    result_buffer(context, &buffer);
}

static void fn_lpad(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    pad(context, count, arguments, true);
}

static void fn_rpad(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    pad(context, count, arguments, false);
}

static void fn_reverse(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    (void)count;

    if (!one_text(context, arguments, &text))
        return;
    char *reversed = arena_array(&function_engine(context)->scratch, text.length + 1, 1), *out = reversed + text.length;
    if (!reversed) {
        function_fail_memory(context);
        return;
    }
    for (size_t at = 0; at < text.length;) {
        size_t start = at;
        utf8_next(text.text, text.length, &at);
        out -= at - start;
        memcpy(out, text.text + start, at - start);
    }
    function_result_text(context, reversed, text.length);
}

/* CONCAT_WS(separator, a, b…) passes over NULLs. */
static void fn_concat_ws(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value separator, text;
    struct buffer buffer;
    bool any = false;

    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL || !function_text(context, arguments[0], &separator))
        return;
    buffer_init(&buffer, TEXT_LIMIT);
    for (int i = 1; i < count; i++) {
        if (sqlite3_value_type(arguments[i]) == SQLITE_NULL)
            continue;
        if (!function_text(context, arguments[i], &text)) {
            buffer_clear(&buffer);
            return;
        }
        buffer_append(&buffer, separator.text, any ? separator.length : 0);
        buffer_append(&buffer, text.text, text.length);
        any = true;
    }
    result_buffer(context, &buffer);
}

/* SPLIT_PART(text, divider, n): the n-th part, "" when there are fewer. */
static void fn_split_part(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text, divider;
    int64_t wanted = sqlite3_value_int64(arguments[2]);
    (void)count;

    if (!one_text(context, arguments, &text) || !function_text(context, arguments[1], &divider))
        return;
    if (wanted < 1) {
        function_fail(context, "22023", "The parts of SPLIT_PART are counted from 1");
        return;
    }
    const char *at = text.text, *end = at + text.length;
    for (;;) {
        const char *next = divider.length ? memmem(at, (size_t)(end - at), divider.text, divider.length) : NULL;
        if (--wanted == 0) {
            function_result_text(context, at, (size_t)((next ? next : end) - at));
            return;
        }
        if (!next)
            break;
        at = next + divider.length;
    }
    function_result_text(context, "", 0);
}

/* American Soundex, as the U.S. National Archives describe it: equal codes next to each other, or with H or W between
 * them, count once; a vowel between them divides them. */
static void soundex(const struct value *text, char code[5])
{
    static const char codes[] = "01230120022455012623010202"; /* A to Z */
    size_t length = 0;
    char last = '0';

    memcpy(code, "0000", 5);
    for (size_t i = 0; i < text->length && length < 4; i++) {
        char letter = text->text[i];
        if (letter >= 'a' && letter <= 'z')
            letter = (char)(letter - 32);
        if (letter < 'A' || letter > 'Z')
            continue;
        char digit = codes[letter - 'A'];
        if (length == 0)
            code[length++] = letter;
        else if (digit != '0' && digit != last)
            code[length++] = digit;
        if (letter != 'H' && letter != 'W')
            last = digit;
    }
}

static void fn_soundex(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value text;
    char code[5];
    (void)count;
    if (!one_text(context, arguments, &text))
        return;
    soundex(&text, code);
    function_result_text(context, code, 4);
}

/* How many of the four places of two Soundex codes are equal. */
static void fn_difference(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value a, b;
    char a_code[5], b_code[5];
    int equal = 0;
    (void)count;

    if (!one_text(context, arguments, &a) || !function_text(context, arguments[1], &b))
        return;
    soundex(&a, a_code);
    soundex(&b, b_code);
    for (int i = 0; i < 4; i++)
        equal += a_code[i] == b_code[i];
    sqlite3_result_int(context, equal);
}

/* SQL-92 6.7: the characters from start to start + length that the text has; start may lie before it. */
static void fn_substring(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int64_t start = sqlite3_value_int64(arguments[1]), length = count > 2 ? sqlite3_value_int64(arguments[2]) : INT64_MAX, end;
    struct value text;

    if (!one_text(context, arguments, &text))
        return;
    if (length < 0) {
        function_fail(context, "22011", "SUBSTRING: the length must not be negative");
        return;
    }
    if (count < 3 || __builtin_add_overflow(start, length, &end))
        end = INT64_MAX;
    if (start < 1)
        start = 1;
    if (end > start)
        result_between(context, &text, start - 1, end - 1);
    else
        function_result_text(context, "", 0);
}

const struct function text_functions[] = {
    {"fn_ascii", 1, fn_ascii, 0},
    {"fn_bit_length", 1, fn_bit_length, 0},
    {"fn_char", 1, fn_char, 0},
    {"fn_char_length", 1, fn_char_length, 0},
    {"fn_concat", -1, fn_concat, 0},
    {"fn_difference", 2, fn_difference, 0},
    {"fn_insert", 4, fn_insert, 0},
    {"fn_lcase", 1, fn_lcase, 0},
    {"fn_left", 2, fn_left, 0},
    {"fn_length", 1, fn_length, 0},
    {"fn_locate", -1, fn_locate, 0},
    {"fn_lpad", -1, fn_lpad, 0},
    {"fn_rpad", -1, fn_rpad, 0},
    {"fn_reverse", 1, fn_reverse, 0},
    {"fn_concat_ws", -1, fn_concat_ws, FUNCTION_NULLS},
    {"fn_split_part", 3, fn_split_part, 0},
    {"fn_ltrim", 1, fn_ltrim, 0},
    {"fn_octet_length", 1, fn_octet_length, 0},
    {"fn_repeat", 2, fn_repeat, 0},
    {"fn_replace", -1, fn_replace, 0},
    {"fn_right", 2, fn_right, 0},
    {"fn_rtrim", 1, fn_rtrim, 0},
    {"fn_soundex", 1, fn_soundex, 0},
    {"fn_space", 1, fn_space, 0},
    {"fn_substring", -1, fn_substring, 0},
    {"fn_trim", 1, fn_trim, 0},
    {"fn_ucase", 1, fn_ucase, 0},
    {0},
};
