/* Values with expressions in them, taken apart. */
#include <string.h>

#include "base/buffer.h"
#include "base/name.h"
#include "providers/script/formatter.h"
#include "providers/script/script.h"

enum { LONGEST_PHRASE = 1 << 20, MOST_PARTS = 10000, DEEPEST = 16, MOST_ARGUMENTS = 8, MOST_CALLS = 32 };

/* Reading one text. */
struct reading {
    struct arena *arena;
    const char *at, *end;
    const char *wrong;               /* the first thing that is wrong; NULL: nothing, or memory */
    int depth;
    size_t parts;                    /* made up to now, in all */
};

static bool refuse(struct reading *reading, const char *wrong)
{
    if (!reading->wrong)
        reading->wrong = wrong;
    return false;
}

/* Parts in the making. */
struct growing {
    struct phrase_part *parts;
    size_t count, room;
    struct buffer literal;
};

static void begin(struct growing *growing)
{
    *growing = (struct growing){0};
    buffer_init(&growing->literal, LONGEST_PHRASE);
}

static struct phrase_part *add_part(struct reading *reading, struct growing *growing)
{
    if (++reading->parts > MOST_PARTS) {
        refuse(reading, "there are too many expressions in it");
        return NULL;
    }
    if (growing->count == growing->room) {
        size_t room = growing->room ? growing->room * 2 : 2;
        struct phrase_part *parts = arena_array(reading->arena, room, sizeof *parts);
        if (!parts)
            return NULL;
        if (growing->count)
            memcpy(parts, growing->parts, growing->count * sizeof *parts);
        growing->parts = parts;
        growing->room = room;
    }
    return &growing->parts[growing->count++];
}

/* What has been literal up to here becomes a part. */
static bool settle(struct reading *reading, struct growing *growing)
{
    if (growing->literal.failed)
        return refuse(reading, "it is too long");
    if (growing->literal.length == 0)
        return true;
    struct phrase_part *part = add_part(reading, growing);
    if (!part)
        return false;
    part->length = growing->literal.length;
    part->literal = arena_copy(reading->arena, growing->literal.data, growing->literal.length);
    buffer_reset(&growing->literal);
    return part->literal;
}

static bool finish(struct reading *reading, struct growing *growing, bool done, struct phrase *phrase)
{
    done = done && settle(reading, growing);
    buffer_clear(&growing->literal);
    *phrase = (struct phrase){growing->parts, growing->count};
    return done;
}

static bool is_name_start(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '*' || (unsigned char)c >= 0x80;
}

/* Whether the bracket at text begins an expression: it is followed by a name, and closed. Anything else stands for itself, as brackets of JSON do. */
static bool is_expression(const char *text, const char *end)
{
    const char *name = text;
    int depth = 0;
    bool quoted = false, piped = false;

    while (name < end && *name == '[')
        name++;
    if (name == end || !is_name_start(*name))
        return false;
    for (const char *c = text; c < end; c++) {
        if (*c == '\\' && c + 1 < end && (c[1] == '[' || c[1] == ']')) {
            c++;
        } else if (*c == '|') {
            piped = true;
        } else if (*c == '\'' && piped) {
            quoted = !quoted;
        } else if (*c == '[' && !quoted) {
            depth++;
        } else if (*c == ']' && !quoted && --depth == 0) {
            return true;
        }
    }
    return false;
}

static bool read_expression(struct reading *reading, struct growing *growing);

/* Reads up to one of the stops, which is left alone. quoted: it ends with a quotation mark, and two stand for one. */
static bool read_until(struct reading *reading, const char *stops, bool quoted, struct phrase *phrase)
{
    struct growing growing;
    bool done = true;
    size_t literal_brackets = 0;

    begin(&growing);
    while (done && reading->at < reading->end) {
        char c = *reading->at;
        if (c == '\\' && reading->at + 1 < reading->end && strchr(quoted ? "[]'" : "[]", reading->at[1]) && reading->at[1]) {
            buffer_append_char(&growing.literal, reading->at[1]);
            reading->at += 2;
        } else if (quoted && c == '\'' && reading->at + 1 < reading->end && reading->at[1] == '\'') {
            buffer_append_char(&growing.literal, c);
            reading->at += 2;
        } else if (c == '[' && is_expression(reading->at, reading->end)) {
            done = settle(reading, &growing) && read_expression(reading, &growing);
        } else if (strchr(stops, c) && c && !(c == ']' && literal_brackets)) {
            break;
        } else {
            literal_brackets += c == '[';
            literal_brackets -= c == ']' && literal_brackets;
            buffer_append_char(&growing.literal, c);
            reading->at++;
        }
    }
    return finish(reading, &growing, done, phrase);
}

static void skip_blanks(struct reading *reading)
{
    while (reading->at < reading->end && strchr(" \t\r\n", *reading->at) && *reading->at)
        reading->at++;
}

/* Takes the blanks off the end of a phrase. */
static void trim_end(const struct phrase *phrase)
{
    struct phrase_part *last = phrase->count ? (struct phrase_part *)&phrase->parts[phrase->count - 1] : NULL;

    while (last && last->literal && last->length && strchr(" \t\r\n", last->literal[last->length - 1]))
        ((char *)last->literal)[--last->length] = '\0';
}

static bool read_argument(struct reading *reading, struct phrase *argument)
{
    skip_blanks(reading);
    if (reading->at == reading->end || *reading->at != '\'') {
        if (!read_until(reading, ",)", false, argument))
            return false;
        trim_end(argument);
        return true;
    }
    reading->at++;
    if (!read_until(reading, "'", true, argument))
        return false;
    if (reading->at == reading->end)
        return refuse(reading, "a quotation mark is not closed");
    reading->at++;
    skip_blanks(reading);
    return true;
}

static bool read_arguments(struct reading *reading, struct phrase_call *call)
{
    struct phrase *arguments = arena_array(reading->arena, MOST_ARGUMENTS, sizeof *arguments);

    if (!arguments)
        return false;
    call->arguments = arguments;
    reading->at++;
    skip_blanks(reading);
    if (reading->at < reading->end && *reading->at == ')') {
        reading->at++;
        return true;
    }
    for (;;) {
        if (call->argument_count == MOST_ARGUMENTS)
            return refuse(reading, "a formatter has too many parameters");
        if (!read_argument(reading, &arguments[call->argument_count++]))
            return false;
        if (reading->at == reading->end || (*reading->at != ',' && *reading->at != ')'))
            return refuse(reading, "the parameters of a formatter are not closed");
        if (*reading->at++ == ')')
            return true;
    }
}

/* From behind the bar on. */
static bool read_call(struct reading *reading, struct phrase_call *call)
{
    char name[40];
    size_t length = 0;

    *call = (struct phrase_call){0};
    skip_blanks(reading);
    while (reading->at < reading->end && !strchr("(|] \t\r\n", *reading->at)) {
        if (length + 1 < sizeof name)
            name[length++] = *reading->at;
        reading->at++;
    }
    name[length] = '\0';
    call->formatter = formatter_find(name);
    if (!call->formatter)
        return refuse(reading, length ? "there is no such formatter" : "the name of a formatter is missing");
    skip_blanks(reading);
    if (reading->at < reading->end && *reading->at == '(' && !read_arguments(reading, call))
        return false;
    skip_blanks(reading);
    size_t least, most;
    formatter_bounds(call->formatter, &least, &most);
    if (call->argument_count < least || call->argument_count > most)
        return refuse(reading, call->argument_count < least ? "a formatter lacks a parameter" : "a formatter has too many parameters");
    return true;
}

/* The present character is its opening bracket. */
static bool read_expression(struct reading *reading, struct growing *growing)
{
    struct phrase_call calls[MOST_CALLS];
    size_t count = 0;
    struct phrase_part *part = add_part(reading, growing);

    if (!part)
        return false;
    *part = (struct phrase_part){0};
    size_t index = growing->count - 1;
    if (++reading->depth > DEEPEST)
        return refuse(reading, "expressions are nested too deep");
    reading->at++;
    struct phrase name;
    if (!read_until(reading, "|]", false, &name))
        return false;
    trim_end(&name);
    while (reading->at < reading->end && *reading->at == '|') {
        reading->at++;
        if (count == MOST_CALLS)
            return refuse(reading, "there are too many formatters");
        if (!read_call(reading, &calls[count++]))
            return false;
    }
    if (reading->at == reading->end || *reading->at != ']')
        return refuse(reading, "a bracket is not closed");
    reading->at++;
    reading->depth--;
    struct phrase_call *kept = arena_array(reading->arena, count ? count : 1, sizeof *kept);
    if (!kept)
        return false;
    memcpy(kept, calls, count * sizeof *kept);
    part = &growing->parts[index];
    part->name = name;
    part->calls = kept;
    part->call_count = count;
    return true;
}

bool phrase_read(struct arena *arena, const char *text, size_t length, struct phrase *phrase, const char **wrong)
{
    struct reading reading = {.arena = arena, .at = text, .end = text + length};

    *phrase = (struct phrase){0};
    bool done = length > LONGEST_PHRASE ? refuse(&reading, "it is too long") : read_until(&reading, "", false, phrase);
    *wrong = reading.wrong;
    return done;
}

const char *phrase_literal(const struct phrase *phrase)
{
    return phrase->count == 0 ? "" : phrase->count == 1 && phrase->parts[0].literal ? phrase->parts[0].literal : NULL;
}
