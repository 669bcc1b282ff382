#include "providers/definition/send.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/datetime.h"
#include "base/name.h"
#include "providers/definition/body.h"

static const char *print_moment(struct arena *arena, const struct datetime *moment, enum sent_form form)
{
    char text[DATETIME_TEXT + 8];
    size_t length;

    switch (form) {
    case SENT_SECONDS:
        return arena_printf(arena, "%lld", (long long)datetime_seconds(moment));
    case SENT_DAY:
        datetime_print_timestamp(moment, 0, text);
        return arena_copy(arena, text, 10);
    default:
        length = datetime_print_timestamp(moment, TIMESTAMP_FRACTION, text);
        text[10] = 'T';
        snprintf(text + length, sizeof text - length, "%s", form == SENT_ZULU ? "Z" : form == SENT_COMPACT_OFFSET ? "+0000" : "+00:00");
        return arena_text(arena, text);
    }
}

static enum sending send_timestamp(struct arena *arena, const struct value *value, const struct definition_filter *filter,
                                   const char **sent)
{
    struct datetime moment;

    if (!datetime_parse_timestamp(value->text, value->length, &moment, NULL))
        return UNSENDABLE;
    if (filter->shift && !datetime_from_seconds(datetime_seconds(&moment) + filter->shift, &moment))
        return UNSENDABLE;
    const char *text = print_moment(arena, &moment, filter->form);
    *sent = text ? arena_printf(arena, "%s%s", filter->prefix, text) : NULL;
    return *sent ? SENT : NO_MEMORY;
}

bool send_is_mapped(const struct column *column, const struct definition_map *pair, const struct value *value)
{
    return column->pseudo && pair->value.storage == STORAGE_TEXT ? name_equal(pair->value.text, value->text)
                                                                 : value_compare(column->type.kind, &pair->value, value) == 0;
}

static enum sending send_mapped(struct arena *arena, const struct column *column, const struct definition_filter *filter, const struct value *value,
                                bool exact, const char **sent)
{
    for (size_t i = 0; i < filter->map_count; i++) {
        if (send_is_mapped(column, &filter->map[i], value)) {
            *sent = filter->prefix[0] && filter->map[i].sent[0] ? arena_printf(arena, "%s%s", filter->prefix, filter->map[i].sent) : filter->map[i].sent;
            return *sent ? SENT : NO_MEMORY;
        }
    }
    return column->pseudo ? UNKNOWN : exact ? IMPOSSIBLE : UNSENDABLE;
}

/* The length of a decimal's text that says all: a column's scale fills up with zeros, and not every service bears so many. */
static size_t shortest_decimal(const char *text, size_t length)
{
    if (!memchr(text, '.', length))
        return length;
    while (text[length - 1] == '0')
        length--;
    return length - (text[length - 1] == '.');
}

static bool is_document(const char *text, size_t length)
{
    json_t *document = json_loadb(text, length, JSON_DECODE_ANY, NULL);
    json_decref(document);
    return document;
}

enum sending send_value(struct arena *arena, const struct column *column, const struct definition_filter *filter, bool exact,
                        const struct value *value, const char **sent)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    if (filter->map)
        return send_mapped(arena, column, filter, value, exact, sent);
    if (column->type.kind == TYPE_TIMESTAMP)
        return send_timestamp(arena, value, filter, sent);

    const char *text = value_as_text(value, scratch, &length);
    if (column->type.kind == TYPE_DECIMAL)
        length = shortest_decimal(text, length);
    if (column->type.kind == TYPE_JSON && column->pseudo && !is_document(text, length))
        return UNKNOWN;
    /* A service may take an empty parameter for none, and knows no way to write a separator within a value. */
    if (length == 0 || memchr(text, '\0', length) || strstr(text, BODY_DIVIDER)
        || (filter->separator && strcmp(filter->separator, "[]") != 0 && strstr(text, filter->separator)))
        return column->pseudo ? UNKNOWN : UNSENDABLE;
    *sent = arena_printf(arena, "%s%.*s", filter->prefix, (int)length, text);
    return *sent ? SENT : NO_MEMORY;
}

/* The longest run of a pattern without % and _. */
static const char *longest_piece(const char *pattern, size_t *length)
{
    const char *best = pattern;

    *length = 0;
    while (*pattern) {
        size_t piece = strcspn(pattern, "%_");
        if (piece > *length) {
            best = pattern;
            *length = piece;
        }
        pattern += piece + (pattern[piece] != '\0');
    }
    return best;
}

enum sending send_pattern(struct arena *arena, const struct definition_filter *filter, const struct value *pattern, const char **sent)
{
    size_t length = strcspn(pattern->text, "%_");
    const char *wildcard = filter->wildcard[0] ? strstr(pattern->text, filter->wildcard) : NULL;
    const char *piece = pattern->text;

    if (strlen(pattern->text) != pattern->length)
        return UNSENDABLE;
    if (filter->anywhere)
        piece = longest_piece(pattern->text, &length);
    else if (wildcard && (size_t)(wildcard - pattern->text) < length)
        length = (size_t)(wildcard - pattern->text);
    if (length == 0)
        return UNSENDABLE;
    *sent = arena_printf(arena, "%s%.*s%s", filter->prefix, (int)length, piece, length < pattern->length ? filter->wildcard : "");
    return *sent ? SENT : NO_MEMORY;
}
