/* Lists: collects records, filters them as the request asks, orders them, and cuts out a page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/basecamp_route.h"
#include "test/sandbox/moment.h"

enum { ORDER_TEXT = 32 };

void records_add(struct records *records, struct record *record)
{
    if (records->count == records->room) {
        records->room = records->room ? 2 * records->room : 64;
        records->all = realloc(records->all, records->room * sizeof(struct record *));
        if (!records->all)
            abort();
    }
    records->all[records->count++] = record;
}

void records_clear(struct records *records)
{
    free(records->all);
    *records = (struct records){0};
}

void records_add_children(struct records *records, const struct record *parent, const char *kinds)
{
    for (struct record *child = parent->first; child; child = child->next)
        if (!child->gone && kind_is(child->kind, kinds))
            records_add(records, child);
}

void records_add_within(struct records *records, const struct store *store, const struct record *bucket, const char *kinds)
{
    for (const struct kind *kind = store->kinds; kind->name; kind++) {
        size_t count;
        struct record *const *all = store_all(store, kind, &count);
        if (!kind_is(kind, kinds))
            continue;
        for (size_t i = 0; i < count; i++) {
            const struct record *of = all[i]->bucket;
            bool wanted = bucket ? of == bucket : !of || of == all[i] ||
                                                 (of->kind->traits & KIND_OPEN && of->standing != STANDING_TRASHED);
            if (wanted && !all[i]->gone)
                records_add(records, all[i]);
        }
    }
}

/* ---- Order ---- */

struct sort_key {
    struct record *record;
    char *text;
    int64_t number;
    bool descending;
};

static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    int order = a->text ? strcasecmp(a->text, b->text) : a->number < b->number ? -1 : a->number > b->number;
    if (order == 0)
        order = a->record->id < b->record->id ? -1 : 1;
    return a->descending ? -order : order;
}

void records_sort(struct records *records, const char *order)
{
    bool descending = *order == '-';
    const char *by = order + descending;
    struct sort_key *keys = zeroed(records->count, sizeof *keys);

    for (size_t i = 0; i < records->count; i++) {
        struct record *record = records->all[i];
        struct sort_key *key = &keys[i];
        *key = (struct sort_key){.record = record, .descending = descending};
        if (strcmp(by, "position") == 0)
            key->number = record->position ? record->position : INT32_MAX;
        else if (strcmp(by, "created") == 0)
            key->number = record->created;
        else if (strcmp(by, "updated") == 0)
            key->number = record->updated;
        else if (strcmp(by, "title") == 0)
            key->text = record_title(record);
        else if (strcmp(by, "due_on") == 0)
            key->text = text_copy(record_text(record, by) ? record_text(record, by) : "");
        else if (strcmp(by, "id") != 0)
            key->number = record_number(record, by);
    }
    if (records->count)
        qsort(keys, records->count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < records->count; i++) {
        records->all[i] = keys[i].record;
        free(keys[i].text);
    }
    free(keys);
}

/* ---- Query parameters ---- */

const char *call_query(const struct call *call, const char *name)
{
    return request_query(call->request, name);
}

bool word_among(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; length && (at = strstr(at, word)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static bool list_has(const char *list, int64_t id)
{
    while (*list) {
        char *end;
        long long number = strtoll(list, &end, 10);
        if (end == list)
            return false;
        if (number == id)
            return true;
        list = end + strspn(end, ", ");
    }
    return false;
}

bool call_query_has(const struct call *call, const char *name, int64_t id)
{
    char many[48];
    bool any = false;

    snprintf(many, sizeof many, "%s[]", name);
    for (int form = 0; form < 2; form++) {
        json_t *values = json_object_get(call->request->queries, form ? many : name), *value;
        size_t i;
        json_array_foreach(values, i, value) {
            any = true;
            if (list_has(json_string_value(value), id))
                return true;
        }
    }
    return !any;
}

bool call_query_day(struct call *call, const char *name, int64_t *day)
{
    const char *value = call_query(call, name);
    if (!value || day_read(value, day))
        return true;
    call_fail(call, 400, "%s must be a date as YYYY-MM-DD", name);
    return false;
}

/* ---- Filters ---- */

static const struct filter *find_filter(const struct call *call, const char *name, size_t length)
{
    for (const struct filter *filter = call->product->filters; filter->name; filter++)
        if (strlen(filter->name) == length && strncmp(filter->name, name, length) == 0)
            return filter;
    fprintf(stderr, "restodbc-sandbox: there is no filter %.*s\n", (int)length, name);
    abort();
}

static bool passes_active(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return record->standing == STANDING_ACTIVE;
}

static void keep(const struct call *call, struct records *records, const char *value,
                 bool (*passes)(const struct call *call, const struct record *record, const char *value))
{
    size_t kept = 0;
    for (size_t i = 0; i < records->count; i++)
        if (passes(call, records->all[i], value))
            records->all[kept++] = records->all[i];
    records->count = kept;
}

bool call_filter(struct call *call, struct records *records)
{
    const char *names = call->route->filters ? call->route->filters : "";

    if (!word_among(names, "status") && !word_among(names, "any"))
        keep(call, records, NULL, passes_active);
    for (const char *at = names; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        bool known = strncmp(at, "any", length) != 0;
        const struct filter *filter = known ? find_filter(call, at, length) : NULL;
        at += length;
        if (!filter)
            continue;
        const char *value = call_query(call, filter->name);
        if (value && filter->choices && !word_among(filter->choices, value)) {
            call_fail(call, 400, "Invalid %s '%s'. Valid options: %s", filter->name, value, filter->choices);
            return false;
        }
        if (!value)
            value = filter->standard;
        if (value)
            keep(call, records, value, filter->passes);
    }
    return true;
}

/* ---- Pages ---- */

/* The request's URL with another page, in angle brackets, as a Link. */
static void link_next(struct call *call, unsigned long page)
{
    char *link = NULL;
    size_t length;
    FILE *out = open_memstream(&link, &length);
    const char *at = call->request->raw_query;

    if (!out)
        abort();
    fprintf(out, "<%s%s?", call->request->base, call->request->path);
    while (*at) {
        size_t piece = strcspn(at, "&");
        if (piece && strncmp(at, "page=", 5) != 0)
            fprintf(out, "%.*s&", (int)piece, at);
        at += piece + (at[piece] == '&');
    }
    fprintf(out, "page=%lu>; rel=\"next\"", page);
    fclose(out);
    answer_header(call->answer, "Link", link);
    free(link);
}

bool call_page(struct call *call, const unsigned *sizes, size_t total, size_t *first, size_t *count)
{
    const char *asked = call_query(call, "page");
    char *end;
    unsigned long page = asked ? strtoul(asked, &end, 10) : 1;
    size_t start = 0, size = sizes[0];

    if (asked && (*asked < '0' || *asked > '9' || *end || page == 0)) {
        call_fail(call, 400, "page must be a positive number");
        return false;
    }
    for (unsigned long i = 1; i < page && start < total; i++) {
        start += size;
        if (sizes[1])
            sizes++;
        size = sizes[0];
    }
    *first = start < total ? start : total;
    *count = total - *first < size ? total - *first : size;
    if (call->product->links) {
        char text[24];
        snprintf(text, sizeof text, "%zu", total);
        answer_header(call->answer, "X-Total-Count", text);
        if (*first + *count < total)
            link_next(call, page + 1);
    }
    return true;
}

void call_write_page(struct call *call, struct records *records)
{
    size_t first = 0, count = records->count;

    if ((call->route->flags & ROUTE_WHOLE) || call_page(call, call->product->pages, records->count, &first, &count)) {
        json_t *list = json_array();
        for (size_t i = first; i < first + count; i++)
            json_array_append_new(list, call->route->shape ? shape_write_named(&call->view, call->route->shape, records->all[i])
                                                           : shape_write_listed(&call->view, records->all[i]));
        call_json(call, 200, list);
    }
    records_clear(records);
}

void call_list(struct call *call, struct records *records)
{
    char order[ORDER_TEXT] = "";

    if (!call->product->order(call, order, sizeof order) || !call_filter(call, records)) {
        records_clear(records);
        return;
    }
    if (*order)
        records_sort(records, order);
    call_write_page(call, records);
}
