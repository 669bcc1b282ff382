/* Groups by the text of their values. */
#include "test/sandbox/odata_apply.h"

#include <stdlib.h>
#include <string.h>

#include "test/sandbox/server.h"

enum { MOST_GROUPS = 5000, MOST_PATHS = 20 };

const char *shop_closing(const char *at)
{
    int depth = 0;
    bool quoted = false;

    for (; *at; at++) {
        quoted ^= *at == '\'';
        depth += !quoted ? (*at == '(') - (*at == ')') : 0;
        if (!depth && !quoted)
            return at;
    }
    return NULL;
}

char *shop_part(const char **at, char divider)
{
    const char *start = *at, *end = start;
    int depth = 0;
    bool quoted = false;

    if (!*start)
        return NULL;
    for (; *end && (*end != divider || depth || quoted); end++) {
        quoted ^= *end == '\'';
        depth += !quoted ? (*end == '(') - (*end == ')') : 0;
    }
    *at = *end ? end + 1 : end;
    return strndup(start, (size_t)(end - start));
}

static bool fail(struct odata_fault *fault, const char *message)
{
    fault->status = 400;
    snprintf(fault->message, sizeof fault->message, "$apply: %s", message);
    return false;
}

struct paths {
    char *text[MOST_PATHS];
    size_t count;
};

static void split(struct paths *paths, const char *text, size_t length)
{
    char *whole = strndup(text, length), *part;

    for (const char *at = whole; paths->count < MOST_PATHS && (part = shop_part(&at, ',')); )
        paths->text[paths->count++] = part;
    free(whole);
}

static void clear(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->text[i]);
}

/* "Category/Name": {"Category":{"Name":…}} */
static void write_group(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const char *path)
{
    enum shop_kind kind;
    const json_t *value = shop_reach(writer->shop, type, row, path, &kind);
    int depth = 0;

    for (const char *at = path;; at += strcspn(at, "/") + 1) {
        fprintf(writer->out, "\"%.*s\":", (int)strcspn(at, "/"), at);
        if (!strchr(at, '/'))
            break;
        fputc('{', writer->out);
        depth++;
    }
    shop_write_value(writer, kind, value);
    while (depth--)
        fputc('}', writer->out);
}

static void write_number(const struct shop_writer *writer, enum shop_kind kind, long double number)
{
    bool text = writer->exact && (kind == SHOP_DECIMAL || kind == SHOP_INT64);

    if (kind == SHOP_DOUBLE)
        fprintf(writer->out, "%.17Lg", number);
    else
        fprintf(writer->out, text ? "\"%.*Lf\"" : "%.*Lf", kind == SHOP_DECIMAL ? 2 : 0, number);
}

/* "Price with sum as S" */
static bool write_aggregate(const struct shop_writer *writer, const struct shop_type *type, const json_t *rows, const char *text, struct odata_fault *fault)
{
    char path[80], with[20], word[20], as[10], alias[80];
    const json_t *least = NULL, *most = NULL, *row;
    enum shop_kind kind = SHOP_INT32;
    long double sum = 0;
    size_t count = 0, i;

    if (sscanf(text, "$count as %79s", alias) == 1) {
        fprintf(writer->out, "\"%s\":%zu", alias, json_array_size(rows));
        return true;
    }
    if (sscanf(text, "%79s %19s %19s %9s %79s", path, with, word, as, alias) != 5 || strcmp(with, "with") != 0 || strcmp(as, "as") != 0)
        return fail(fault, "that is no aggregate");
    if (!shop_reach(writer->shop, type, NULL, path, &kind))
        return fail(fault, "there is no such property");
    json_t *distinct = json_object();
    json_array_foreach(rows, i, row) {
        const json_t *value = shop_reach(writer->shop, type, row, path, &kind);
        if (json_is_null(value))
            continue;
        char *key = json_dumps(value, JSON_ENCODE_ANY);
        json_object_set_new(distinct, key, json_true());
        free(key);
        least = !least || shop_compare(kind, value, least) < 0 ? value : least;
        most = !most || shop_compare(kind, value, most) > 0 ? value : most;
        sum += json_is_string(value) ? strtold(json_string_value(value), NULL) : json_is_integer(value) ? (long double)json_integer_value(value) : (long double)json_number_value(value);
        count++;
    }
    fprintf(writer->out, "\"%s\":", alias);
    if (strcmp(word, "countdistinct") == 0)
        fprintf(writer->out, "%zu", json_object_size(distinct));
    else if (strcmp(word, "min") == 0 || strcmp(word, "max") == 0)
        shop_write_value(writer, kind, word[1] == 'i' ? least : most);
    else if (!count)
        fprintf(writer->out, "null");
    else if (strcmp(word, "sum") == 0)
        write_number(writer, kind, sum);
    else if (strcmp(word, "average") == 0)
        write_number(writer, SHOP_DOUBLE, sum / (long double)count);
    else
        fail(fault, "there is no such way to aggregate");
    json_decref(distinct);
    return !fault->status;
}

/* The rows by the text of what they are grouped by, in the order in which the groups are met: an array of arrays. */
static json_t *group(const struct shop_writer *writer, const struct shop_type *type, const struct shop_filter *filter, const struct paths *paths)
{
    json_t *groups = json_array(), *places = json_object(), *row;
    enum shop_kind kind;
    size_t i;

    json_array_foreach(shop_rows(writer->shop, type), i, row) {
        if (filter && !shop_filter_holds(filter, row))
            continue;
        json_t *key = json_array();
        for (size_t j = 0; j < paths->count; j++)
            json_array_append(key, (json_t *)shop_reach(writer->shop, type, row, paths->text[j], &kind));
        char *text = json_dumps(key, JSON_COMPACT);
        json_decref(key);
        json_t *place = json_object_get(places, text);
        if (!place) {
            place = json_array();
            json_object_set_new(places, text, place);
            json_array_append(groups, place);
        }
        free(text);
        json_array_append(place, row);
    }
    if (!paths->count && !json_array_size(groups))
        json_array_append_new(groups, json_array());
    json_decref(places);
    return groups;
}

static bool write_groups(const struct shop_writer *writer, const struct shop_type *type, const struct shop_filter *filter, const struct paths *paths,
                         const struct paths *aggregates, struct odata_fault *fault)
{
    enum shop_kind kind;
    const json_t *rows;
    size_t i;

    for (size_t j = 0; j < paths->count; j++)
        if (!shop_reach(writer->shop, type, NULL, paths->text[j], &kind))
            return fail(fault, "there is no such property");
    json_t *groups = group(writer, type, filter, paths);
    fprintf(writer->out, "{\"@odata.context\":\"%s/$metadata#%s\",\"value\":[", writer->base, type->set);
    json_array_foreach(groups, i, rows) {
        fprintf(writer->out, i ? ",{" : "{");
        for (size_t j = 0; j < paths->count; j++) {
            fprintf(writer->out, j ? "," : "");
            write_group(writer, type, json_array_get(rows, 0), paths->text[j]);
        }
        for (size_t j = 0; j < aggregates->count && !fault->status; j++) {
            fprintf(writer->out, j || paths->count ? "," : "");
            write_aggregate(writer, type, rows, aggregates->text[j], fault);
        }
        fputc('}', writer->out);
    }
    fprintf(writer->out, "]}");
    json_decref(groups);
    return !fault->status;
}

bool shop_apply(const struct shop_writer *writer, const struct shop_type *type, const char *text, const struct odata_unknown *unknown, struct odata_fault *fault)
{
    struct paths paths = {.count = 0}, aggregates = {.count = 0};
    struct shop_filter *filter = NULL;
    const char *end;

    if (strncmp(text, "filter(", 7) == 0 && (end = shop_closing(text + 6))) {
        char *expression = strndup(text + 7, (size_t)(end - text - 7));
        filter = shop_filter_open(writer->shop, type, writer->version, unknown, expression, fault);
        free(expression);
        if (!filter)
            return false;
        text = end + (end[1] == '/') + 1;
    }
    if (strncmp(text, "groupby((", 9) == 0 && (end = shop_closing(text + 8))) {
        split(&paths, text + 9, (size_t)(end - text - 9));
        text = end + (end[1] == ',') + 1;
    }
    if (strncmp(text, "aggregate(", 10) == 0 && (end = shop_closing(text + 9)))
        split(&aggregates, text + 10, (size_t)(end - text - 10));
    bool done = paths.count || aggregates.count ? write_groups(writer, type, filter, &paths, &aggregates, fault) : fail(fault, "that is not understood");
    shop_filter_close(filter);
    clear(&paths);
    clear(&aggregates);
    return done;
}
