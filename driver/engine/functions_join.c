/* string_join: the texts of a group in an order, with a separator between them (LISTAGG, STRING_AGG, GROUP_CONCAT). */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/function.h"

enum { JOINED_LIMIT = 256 << 20 /* bytes */, FIRST_KEY = 3 /* argument */, KEY_LETTERS = 3 /* in 'how' */ };

struct part {
    sqlite3_value **values;   /* the text, then the keys */
    size_t place;
    bool repeated;
};

struct parts {
    struct part *list;
    size_t count, room;
    size_t key_count;
    char *how, *separator;
    size_t separator_length;
    bool broken;              /* a row did not fit into memory, which has been told */
};

static void forget(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        for (size_t k = 0; k <= parts->key_count; k++)
            sqlite3_value_free(parts->list[i].values[k]);
        free(parts->list[i].values);
    }
    free(parts->list);
    free(parts->how);
    free(parts->separator);
    *parts = (struct parts){0};
}

/* What is the same for all rows is taken from the first. */
static bool begin(struct parts *parts, int count, sqlite3_value **arguments)
{
    const char *how = (const char *)sqlite3_value_text(arguments[1]), *separator = (const char *)sqlite3_value_text(arguments[2]);

    parts->key_count = (size_t)(count - FIRST_KEY);
    parts->separator_length = (size_t)sqlite3_value_bytes(arguments[2]);
    parts->how = how ? strdup(how) : NULL;
    parts->separator = calloc(parts->separator_length + 1, 1);
    if (parts->separator && separator)
        memcpy(parts->separator, separator, parts->separator_length);
    return parts->how && parts->separator;
}

static bool keep(struct parts *parts, sqlite3_value **arguments)
{
    if (parts->count == parts->room) {
        size_t room = parts->room ? parts->room * 2 : 16;
        struct part *larger = room > SIZE_MAX / sizeof *larger ? NULL : realloc(parts->list, room * sizeof *larger);
        if (!larger)
            return false;
        parts->list = larger;
        parts->room = room;
    }
    sqlite3_value **values = calloc(parts->key_count + 1, sizeof(sqlite3_value *));
    if (!values)
        return false;
    parts->list[parts->count] = (struct part){.values = values, .place = parts->count};
    parts->count++;
    bool whole = true;
    for (size_t k = 0; k <= parts->key_count; k++) {
        values[k] = sqlite3_value_dup(arguments[k ? FIRST_KEY + k - 1 : 0]);
        whole = whole && values[k];
    }
    return whole;
}

static void add_part(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct parts *parts = sqlite3_aggregate_context(context, sizeof *parts);

    if (parts && (parts->how || begin(parts, count, arguments)) && keep(parts, arguments))
        return;
    if (parts)
        parts->broken = true;
    function_fail_memory(context);
}

static int compare_bytes(sqlite3_value *a, sqlite3_value *b)
{
    int a_length = sqlite3_value_bytes(a), b_length = sqlite3_value_bytes(b);
    const void *x = sqlite3_value_blob(a), *y = sqlite3_value_blob(b);
    int least = a_length < b_length ? a_length : b_length;
    int order = least > 0 ? memcmp(x, y, (size_t)least) : 0;
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_values(sqlite3_value *a, sqlite3_value *b, bool decimal)
{
    int a_type = sqlite3_value_type(a), b_type = sqlite3_value_type(b);

    if (a_type == SQLITE_INTEGER && b_type == SQLITE_INTEGER) {
        sqlite3_int64 x = sqlite3_value_int64(a), y = sqlite3_value_int64(b);
        return (x > y) - (x < y);
    }
    if (a_type <= SQLITE_FLOAT && b_type <= SQLITE_FLOAT) {
        double x = sqlite3_value_double(a), y = sqlite3_value_double(b);
        return (x > y) - (x < y);
    }
    if (decimal && a_type == SQLITE_TEXT && b_type == SQLITE_TEXT)
        return decimal_collation(NULL, sqlite3_value_bytes(a), sqlite3_value_text(a), sqlite3_value_bytes(b), sqlite3_value_text(b));
    return a_type == b_type ? compare_bytes(a, b) : (a_type > b_type) - (a_type < b_type);
}

static int compare_places(const struct part *x, const struct part *y)
{
    return (x->place > y->place) - (x->place < y->place);
}

static int compare_parts(const void *a, const void *b, void *context)
{
    const struct part *x = a, *y = b;
    const struct parts *parts = context;

    for (size_t k = 0; k < parts->key_count; k++) {
        const char *how = parts->how + 1 + k * KEY_LETTERS;
        sqlite3_value *p = x->values[k + 1], *q = y->values[k + 1];
        bool p_null = sqlite3_value_type(p) == SQLITE_NULL, q_null = sqlite3_value_type(q) == SQLITE_NULL;
        if (p_null && q_null)
            continue;
        if (p_null || q_null)
            return p_null == (how[1] == 'f') ? -1 : 1;
        int order = compare_values(p, q, how[2] == 'n');
        if (order)
            return how[0] == 'd' ? -order : order;
    }
    return compare_places(x, y);
}

static int compare_texts(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    int order = compare_bytes(x->values[0], y->values[0]);
    return order ? order : compare_places(x, y);
}

static void mark_repeated(struct parts *parts)
{
    qsort(parts->list, parts->count, sizeof *parts->list, compare_texts);
    for (size_t i = 1; i < parts->count; i++)
        parts->list[i].repeated = compare_bytes(parts->list[i - 1].values[0], parts->list[i].values[0]) == 0;
}

static void join(sqlite3_context *context)
{
    struct parts *parts = sqlite3_aggregate_context(context, 0);
    struct buffer out;
    bool any = false;

    if (!parts || parts->count == 0 || parts->broken) {
        if (parts)
            forget(parts);
        return;
    }
    if (parts->how[0] == 'u')
        mark_repeated(parts);
    qsort_r(parts->list, parts->count, sizeof *parts->list, compare_parts, parts);
    buffer_init(&out, JOINED_LIMIT);
    for (size_t i = 0; i < parts->count; i++) {
        sqlite3_value *text = parts->list[i].values[0];
        if (parts->list[i].repeated)
            continue;
        buffer_append(&out, parts->separator, any ? parts->separator_length : 0);
        buffer_append(&out, (const char *)sqlite3_value_text(text), (size_t)sqlite3_value_bytes(text));
        any = true;
    }
    if (out.full)
        function_fail(context, "54000", "A text is longer than %d MiB", JOINED_LIMIT >> 20);
    else if (out.failed)
        sqlite3_result_error_nomem(context);
    else
        function_result_text(context, buffer_text(&out), out.length);
    buffer_clear(&out);
    forget(parts);
}

const struct aggregate join_aggregates[] = {
    {"string_join", -1, add_part, NULL, join},
    {0},
};
