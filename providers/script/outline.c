#include "providers/script/outline.h"

#include <string.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/decimal.h"
#include "base/error.h"
#include "json/reader.h"

enum { MOST_MEMBERS = 5000, SIZE_STRING = 4000 };

struct reading {
    struct arena *arena;
    struct json_reader *reader;
    size_t depth, members;
    bool texts;
    struct error *err;
};

static bool read_value(struct reading *reading, struct outline *outline);

const struct outline *outline_member(const struct outline *outline, const char *name, size_t length)
{
    for (const struct outline *member = outline->members; member; member = member->next)
        if (strlen(member->name) == length && memcmp(member->name, name, length) == 0)
            return member;
    return NULL;
}

/* NULL, where there are so many that they are no columns any more: what they hold is passed over; or when out of memory. */
static struct outline *member_of(struct reading *reading, struct outline *outline, const struct json_text *name)
{
    struct outline **last = &outline->members;

    for (; *last; last = &(*last)->next)
        if (strlen((*last)->name) == name->length && memcmp((*last)->name, name->bytes, name->length) == 0)
            return *last;
    if (reading->members == MOST_MEMBERS)
        return NULL;
    reading->members++;
    *last = arena_alloc(reading->arena, sizeof **last);
    if (!*last || !((*last)->name = arena_copy(reading->arena, name->bytes, name->length))) {
        error_memory(reading->err);
        return NULL;
    }
    return *last;
}

static bool read_object(struct reading *reading, struct outline *outline)
{
    struct json_text name;

    for (;;) {
        enum json_event event = json_next(reading->reader, &name, reading->err);
        if (event == JSON_EVENT_OBJECT_END)
            return true;
        if (event == JSON_EVENT_ERROR)
            return false;
        struct outline *member = member_of(reading, outline, &name);
        if (!member && reading->members < MOST_MEMBERS)
            return false;
        if (member ? !read_value(reading, member) : !json_skip(reading->reader, reading->err))
            return false;
    }
}

static bool read_array(struct reading *reading, struct outline *outline)
{
    if (!outline->elements && !(outline->elements = arena_alloc(reading->arena, sizeof *outline->elements)))
        return error_memory(reading->err);
    outline->elements->name = "";
    for (size_t i = 0;; i++) {
        struct json_mark before = json_mark_here(reading->reader);
        enum json_event event = json_next(reading->reader, NULL, reading->err);
        if (event == JSON_EVENT_ARRAY_END)
            return true;
        if (event == JSON_EVENT_ERROR)
            return false;
        json_back(reading->reader, &before);
        bool looks = reading->depth == 0 || i < reading->depth;
        if (looks ? !read_value(reading, outline->elements) : !json_skip(reading->reader, reading->err))
            return false;
    }
}

static void see_number(struct outline *outline, const struct json_text *text)
{
    struct decimal number;
    long long whole;
    bool exact;

    if (!decimal_parse(text->bytes, text->length, &number) || number.scale || !decimal_to_integer(&number, &whole, &exact))
        outline->seen |= OUTLINE_NUMBER;
    else
        outline->seen |= whole >= type_least(TYPE_INTEGER) && whole <= type_greatest(TYPE_INTEGER) ? OUTLINE_INTEGER : OUTLINE_BIGINT;
}

/* A number as a program writes it: no zeros in front, as codes have them. */
static bool is_number(const struct json_text *text)
{
    size_t sign = text->bytes[0] == '-';
    struct decimal number;

    for (size_t i = 0; i < text->length; i++)
        if (text->bytes[i] != '-' && text->bytes[i] != '.' && (text->bytes[i] < '0' || text->bytes[i] > '9'))
            return false;
    bool zero = text->length > sign + 1 && text->bytes[sign] == '0' && text->bytes[sign + 1] != '.';
    return !zero && decimal_parse(text->bytes, text->length, &number);
}

static bool is_word(const struct json_text *text, const char *word)
{
    return strlen(word) == text->length && memcmp(text->bytes, word, text->length) == 0;
}

static void see_text(struct outline *outline, const struct json_text *text, bool texts)
{
    struct datetime moment;

    if (text->length > outline->longest)
        outline->longest = text->length;
    if (text->length == 0)
        return;
    bool digit = text->bytes[0] >= '0' && text->bytes[0] <= '9';
    if (texts && is_number(text))
        see_number(outline, text);
    else if (texts && (is_word(text, "true") || is_word(text, "false")))
        outline->seen |= OUTLINE_BOOLEAN;
    else if (digit && text->length == 10 && datetime_parse_date(text->bytes, text->length, &moment))
        outline->seen |= OUTLINE_DATE;
    else if (digit && text->length >= 16 && datetime_parse_timestamp(text->bytes, text->length, &moment, NULL))
        outline->seen |= OUTLINE_TIMESTAMP;
    else
        outline->seen |= OUTLINE_TEXT;
}

static bool read_value(struct reading *reading, struct outline *outline)
{
    struct json_text text;

    switch (json_next(reading->reader, &text, reading->err)) {
    case JSON_EVENT_NULL: outline->seen |= OUTLINE_NULL; return true;
    case JSON_EVENT_TRUE: case JSON_EVENT_FALSE: outline->seen |= OUTLINE_BOOLEAN; return true;
    case JSON_EVENT_NUMBER: see_number(outline, &text); return true;
    case JSON_EVENT_STRING: see_text(outline, &text, reading->texts); return true;
    case JSON_EVENT_OBJECT: outline->seen |= OUTLINE_OBJECT; return read_object(reading, outline);
    case JSON_EVENT_ARRAY: outline->seen |= OUTLINE_ARRAY; return read_array(reading, outline);
    default: return false;
    }
}

bool outline_read(const char *body, size_t length, size_t depth, bool texts, struct arena *arena, struct outline **outline, struct error *err)
{
    struct reading reading = {.arena = arena, .reader = json_open(body, length), .depth = depth, .texts = texts, .err = err};

    *outline = arena_alloc(arena, sizeof **outline);
    bool done = (reading.reader && *outline) || error_memory(err);
    if (done) {
        (*outline)->name = "";
        done = read_value(&reading, *outline) && json_next(reading.reader, NULL, err) == JSON_EVENT_END;
    }
    json_close(reading.reader);
    return done;
}

struct type outline_type(const struct outline *outline, bool text)
{
    unsigned seen = outline->seen & ~(unsigned)OUTLINE_NULL;
    const struct type string = {.kind = TYPE_STRING, .size = outline->longest > SIZE_STRING ? 0 : SIZE_STRING};

    if (seen & (OUTLINE_OBJECT | OUTLINE_ARRAY))
        return (struct type){.kind = TYPE_JSON};
    if (text || seen == 0 || seen & OUTLINE_TEXT)
        return string;
    if (seen == OUTLINE_BOOLEAN)
        return (struct type){.kind = TYPE_BOOLEAN};
    if (seen == OUTLINE_DATE)
        return (struct type){.kind = TYPE_DATE};
    if ((seen & ~(unsigned)(OUTLINE_DATE | OUTLINE_TIMESTAMP)) == 0)
        return (struct type){.kind = TYPE_TIMESTAMP, .scale = 3};
    if (seen == OUTLINE_INTEGER)
        return (struct type){.kind = TYPE_INTEGER};
    if ((seen & ~(unsigned)(OUTLINE_INTEGER | OUTLINE_BIGINT)) == 0)
        return (struct type){.kind = TYPE_BIGINT};
    if ((seen & ~(unsigned)(OUTLINE_INTEGER | OUTLINE_BIGINT | OUTLINE_NUMBER)) == 0)
        return (struct type){.kind = TYPE_DOUBLE};
    return string;
}
