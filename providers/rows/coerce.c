#include "providers/rows/coerce.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/space.h"
#include "base/utf.h"
#include "base/warnings.h"
#include "providers/rows/form.h"

struct coercion {
    const struct table *table;
    const struct column *column;
    const struct shape_column *detail;
    struct json_reader *reader;
    struct arena *arena;
    struct warnings *warnings;
    struct error *err;
};

enum { QUOTED = 60, JOINED = 64 << 20 };

/* 22018 with the value as it was sent. */
static bool refuse(const struct coercion *coercion, const char *what, const char *text, size_t length)
{
    char type[40];
    int shown = (int)utf8_whole(text, length > QUOTED ? QUOTED : length);

    type_print(&coercion->column->type, type, sizeof type);
    return error_set(coercion->err, "22018", "Column %s of table %s: the service sent %s%.*s%s, which is no value of type %s",
                     coercion->column->name, coercion->table->name, what, shown, text, length > QUOTED ? "…" : "", type);
}

static bool refuse_quoted(const struct coercion *coercion, const char *text, size_t length)
{
    char quoted[QUOTED + 8];
    int shown = (int)utf8_whole(text, length > QUOTED ? QUOTED : length);
    int written = snprintf(quoted, sizeof quoted, "\"%.*s%s\"", shown, text, length > QUOTED ? "…" : "");
    return refuse(coercion, "", quoted, (size_t)written);
}

static bool copy_text(const struct coercion *coercion, const char *text, size_t length, struct value *result)
{
    const char *copy = arena_copy(coercion->arena, text, length);
    if (!copy)
        return error_memory(coercion->err);
    *result = value_text(copy, length);
    return true;
}

/* Plain whole numbers of up to 18 digits, by far the most. False: let value_from_text see. */
static bool quick_integer(const char *text, size_t length, int64_t *result)
{
    size_t at = length && text[0] == '-';
    int64_t number = 0;

    if (length - at == 0 || length - at > 18)
        return false;
    for (; at < length; at++) {
        if (text[at] < '0' || text[at] > '9')
            return false;
        number = number * 10 + (text[at] - '0');
    }
    *result = text[0] == '-' ? -number : number;
    return true;
}

/* "0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00+00:00" */
static bool is_zero_date(const char *text, size_t length)
{
    return length >= 10 && memcmp(text, "0000-00-00", 10) == 0;
}

/* Once per column: its definition is too narrow, but no text is cut. */
static void warn_of_length(const struct coercion *coercion)
{
    char key[300], type[40];

    if (!coercion->warnings)
        return;
    snprintf(key, sizeof key, "length %.130s.%.130s", coercion->table->name, coercion->column->name);
    type_print(&coercion->column->type, type, sizeof type);
    warnings_add(coercion->warnings, key, "01000", "Column %s of table %s: the service sends texts that are longer than its type %s says",
                 coercion->column->name, coercion->table->name, type);
}

/* Once per column: digits after the point that its type has no room for. */
static void warn_of_digits(const struct coercion *coercion, const char *text, size_t length)
{
    const char *point = memchr(text, '.', length);
    char key[300], type[40];
    bool lost = false;

    for (size_t at = point ? (size_t)(point - text) + 1 + (size_t)coercion->column->type.scale : length; at < length; at++)
        lost |= text[at] >= '1' && text[at] <= '9';
    if (!lost || !coercion->warnings || memchr(text, 'e', length) || memchr(text, 'E', length))
        return;
    snprintf(key, sizeof key, "digits %.130s.%.130s", coercion->table->name, coercion->column->name);
    type_print(&coercion->column->type, type, sizeof type);
    warnings_add(coercion->warnings, key, "01S07", "Column %s of table %s: the service sends more digits after the point than its type %s has; "
                 "they are rounded", coercion->column->name, coercion->table->name, type);
}

static bool coerce_text(const struct coercion *coercion, const char *text, size_t length, bool is_string, struct value *result)
{
    const struct type *type = &coercion->column->type;
    struct error err; /* not cleared: it is large, and this runs for each cell */
    int64_t integer;

    if (type->kind == TYPE_STRING) {
        if (type->size && length > (size_t)type->size && utf8_count(text, length) > (size_t)type->size)
            warn_of_length(coercion);
        return copy_text(coercion, text, length, result);
    }
    if (is_string && is_blank(text, length)) {
        *result = value_null();
        return true;
    }
    if (type_is_whole(type->kind) && quick_integer(text, length, &integer) && integer >= type_least(type->kind)
        && integer <= type_greatest(type->kind)) {
        *result = value_integer(integer);
        return true;
    }
    if (type_is_datetime(type->kind) && !is_string)
        return refuse(coercion, "", text, length);
    if (type_is_datetime(type->kind) && is_zero_date(text, length)) {
        *result = value_null();
        return true;
    }
    if (value_from_text(type, text, length, coercion->arena, result, &err)) {
        if (type->kind == TYPE_DECIMAL)
            warn_of_digits(coercion, text, length);
        return true;
    }
    if (strcmp(err.sqlstate, "HY001") == 0)
        return error_memory(coercion->err);
    return is_string ? refuse_quoted(coercion, text, length) : refuse(coercion, "", text, length);
}

/* true or false. */
static bool coerce_truth(const struct coercion *coercion, bool truth, struct value *result)
{
    const char *word = truth ? "true" : "false";

    switch (coercion->column->type.kind) {
    case TYPE_BOOLEAN: case TYPE_TINYINT: case TYPE_SMALLINT: case TYPE_INTEGER: case TYPE_BIGINT:
        *result = value_integer(truth);
        return true;
    case TYPE_STRING:
        return coerce_text(coercion, word, strlen(word), false, result);
    case TYPE_DATE: case TYPE_TIME: case TYPE_TIMESTAMP:
        *result = value_null(); /* how some services write that there is none yet */
        return !truth || refuse(coercion, "", word, strlen(word));
    default:
        return refuse(coercion, "", word, strlen(word));
    }
}

/* The elements of an array, whose start has been read, joined with commas. */
static bool coerce_array(const struct coercion *coercion, struct value *result)
{
    struct buffer joined;
    struct json_text text;
    bool first = true, done = true;

    buffer_init(&joined, JOINED);
    for (;;) {
        enum json_event event = json_next(coercion->reader, &text, coercion->err);
        if (event == JSON_EVENT_ARRAY_END)
            break;
        if (event == JSON_EVENT_ERROR) {
            done = false;
            break;
        }
        if (event == JSON_EVENT_NULL)
            continue;
        if (event == JSON_EVENT_TRUE || event == JSON_EVENT_FALSE)
            text = event == JSON_EVENT_TRUE ? (struct json_text){"true", 4} : (struct json_text){"false", 5};
        else if (event != JSON_EVENT_STRING && event != JSON_EVENT_NUMBER) {
            done = refuse(coercion, "an array that holds an array or an object", "", 0);
            break;
        }
        if (!coercion->detail->join) {
            done = refuse(coercion, "an array", "", 0);
            break;
        }
        if (!first)
            buffer_append_char(&joined, ',');
        buffer_append(&joined, text.bytes, text.length);
        first = false;
    }
    if (done && joined.failed)
        done = error_memory(coercion->err);
    if (done && first)
        *result = value_null();
    else if (done)
        done = coerce_text(coercion, buffer_text(&joined), joined.length, true, result);
    buffer_clear(&joined);
    return done;
}

/* Some services write an empty set as an empty object. */
static bool coerce_object(const struct coercion *coercion, struct value *result)
{
    enum json_event event = json_next(coercion->reader, NULL, coercion->err);

    *result = value_null();
    if (event == JSON_EVENT_ERROR || event == JSON_EVENT_OBJECT_END)
        return event == JSON_EVENT_OBJECT_END;
    return refuse(coercion, "an object", "", 0);
}

static bool coerce_json(const struct coercion *coercion, struct value *result)
{
    static const char *const empty[] = {"null", "\"\"", "[]", "{}"};
    struct json_text text;

    if (!json_raw(coercion->reader, &text, coercion->err))
        return false;
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++)
        if (text.length == strlen(empty[i]) && memcmp(text.bytes, empty[i], text.length) == 0) {
            *result = value_null();
            return true;
        }
    return copy_text(coercion, text.bytes, text.length, result);
}

/* Any value as text: what is no scalar as it is written. */
static bool coerce_any_text(const struct coercion *coercion, struct value *result)
{
    struct json_mark before = json_mark_here(coercion->reader);
    struct json_text text;
    enum json_event event = json_next(coercion->reader, &text, coercion->err);

    switch (event) {
    case JSON_EVENT_ERROR: return false;
    case JSON_EVENT_NULL: *result = value_null(); return true;
    case JSON_EVENT_STRING: case JSON_EVENT_NUMBER: return coerce_text(coercion, text.bytes, text.length, event == JSON_EVENT_STRING, result);
    case JSON_EVENT_TRUE: case JSON_EVENT_FALSE: return coerce_truth(coercion, event == JSON_EVENT_TRUE, result);
    default: break;
    }
    json_back(coercion->reader, &before);
    return json_raw(coercion->reader, &text, coercion->err) && copy_text(coercion, text.bytes, text.length, result);
}

/* An empty list is one. */
static bool coerce_items(const struct coercion *coercion, struct value *result)
{
    struct json_mark before = json_mark_here(coercion->reader);
    enum json_event event = json_next(coercion->reader, NULL, coercion->err);

    if (event == JSON_EVENT_ARRAY && (event = json_next(coercion->reader, NULL, coercion->err)) == JSON_EVENT_ARRAY_END)
        return copy_text(coercion, "[]", 2, result);
    if (event == JSON_EVENT_ERROR)
        return false;
    json_back(coercion->reader, &before);
    return coerce_json(coercion, result);
}

/* An array, or the one in an object's member "results". */
static bool coerce_list(const struct coercion *coercion, struct value *result)
{
    struct json_mark before = json_mark_here(coercion->reader);
    struct json_text name;
    enum json_event event = json_next(coercion->reader, NULL, coercion->err);

    if (event != JSON_EVENT_OBJECT) {
        json_back(coercion->reader, &before);
        return event != JSON_EVENT_ERROR && coerce_items(coercion, result);
    }
    *result = value_null();
    while ((event = json_next(coercion->reader, &name, coercion->err)) == JSON_EVENT_MEMBER) {
        bool here = name.length == 7 && memcmp(name.bytes, "results", 7) == 0;
        if (here ? !coerce_items(coercion, result) : !json_skip(coercion->reader, coercion->err))
            return false;
    }
    return event != JSON_EVENT_ERROR;
}

/* A string that is written as its column's form says. *known is false where the form leaves it to the type. */
static bool coerce_form(const struct coercion *coercion, const char *text, size_t length, bool *known, struct value *result)
{
    char out[FORM_ROOM];
    size_t written = 0;

    *known = true;
    switch (coercion->detail->form) {
    case FORM_BASE64:
        return form_base64(text, length, coercion->arena, result, coercion->err)
               || (strcmp(coercion->err->sqlstate, "HY001") != 0 && refuse_quoted(coercion, text, length));
    case FORM_MOMENT:
        *known = form_moment(text, length, coercion->column->type.kind == TYPE_DATE, out, &written);
        break;
    case FORM_TIME:
        *known = form_time(text, length, out, &written);
        break;
    case FORM_REAL:
        *known = form_real(text, length, result);
        if (!*known || !value_is_null(result))
            return true;
        return refuse_quoted(coercion, text, length);
    default:
        *known = false;
    }
    return !*known || coerce_text(coercion, out, written, true, result);
}

static bool coerce_string(const struct coercion *coercion, const char *text, size_t length, struct value *result)
{
    bool known;

    if (coercion->detail->form == FORM_PLAIN)
        return coerce_text(coercion, text, length, true, result);
    return coerce_form(coercion, text, length, &known, result) && (known || coerce_text(coercion, text, length, true, result));
}

static bool coerce(const struct coercion *coercion, struct value *result)
{
    struct json_text text;

    if (coercion->detail->form == FORM_LIST)
        return coerce_list(coercion, result);
    if (coercion->detail->form == FORM_TEXT)
        return coerce_any_text(coercion, result);
    if (coercion->column->type.kind == TYPE_JSON)
        return coerce_json(coercion, result);
    switch (json_next(coercion->reader, &text, coercion->err)) {
    case JSON_EVENT_NULL: *result = value_null(); return true;
    case JSON_EVENT_TRUE: return coerce_truth(coercion, true, result);
    case JSON_EVENT_FALSE: return coerce_truth(coercion, false, result);
    case JSON_EVENT_NUMBER: return coerce_text(coercion, text.bytes, text.length, false, result);
    case JSON_EVENT_STRING: return coerce_string(coercion, text.bytes, text.length, result);
    case JSON_EVENT_ARRAY: return coerce_array(coercion, result);
    case JSON_EVENT_OBJECT: return coerce_object(coercion, result);
    default: return false;
    }
}

/* Whether a value that does not fit can be NULL instead; it is told of then. */
static bool pass_over(const struct coercion *coercion, struct value *result)
{
    char key[300];

    if (strcmp(coercion->err->sqlstate, "22018") != 0 || !coercion->warnings || !coercion->column->nullable)
        return false;
    snprintf(key, sizeof key, "value %.130s.%.130s", coercion->table->name, coercion->column->name);
    warnings_add(coercion->warnings, key, "01000", "%s; it is NULL here", coercion->err->message);
    *coercion->err = (struct error){0};
    *result = value_null();
    return true;
}

static inline void clear_empty(const struct coercion *coercion, struct value *result)
{
    for (size_t i = 0; i < coercion->detail->empty_count && !value_is_null(result); i++)
        if (value_compare(coercion->column->type.kind, result, &coercion->detail->empty[i]) == 0)
            *result = value_null();
}

bool coerce_value(const struct shape *shape, int column, struct json_reader *reader, struct arena *arena, struct warnings *warnings,
                  struct value *result, struct error *err)
{
    struct coercion coercion = {shape->table, &shape->table->columns[column], &shape->columns[column], reader, arena, warnings, err};
    struct json_mark before = json_mark_here(reader);

    if (coerce(&coercion, result)) {
        clear_empty(&coercion, result);
        return true;
    }
    if (coercion.detail->join && coercion.column->type.kind == TYPE_STRING && strcmp(err->sqlstate, "22018") == 0) {
        json_back(reader, &before);
        *err = (struct error){0};
        return coerce_json(&coercion, result);
    }
    if (!pass_over(&coercion, result))
        return false;
    json_back(reader, &before);
    return json_skip(reader, err);
}

bool coerce_key(const struct shape *shape, int column, const char *text, size_t length, struct arena *arena, struct warnings *warnings,
                struct value *result, struct error *err)
{
    struct coercion coercion = {shape->table, &shape->table->columns[column], &shape->columns[column], NULL, arena, warnings, err};

    if (!coerce_text(&coercion, text, length, true, result))
        return pass_over(&coercion, result);
    clear_empty(&coercion, result);
    return true;
}

bool coerce_misfit(const struct shape *shape, int column, const char *what, struct warnings *warnings, struct value *result, struct error *err)
{
    const struct coercion coercion = {shape->table, &shape->table->columns[column], &shape->columns[column], NULL, NULL, warnings, err};

    return refuse(&coercion, what, "", 0) || pass_over(&coercion, result);
}
