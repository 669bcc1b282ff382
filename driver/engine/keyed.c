#include "engine/keyed.h"

#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/error.h"

enum { FIRST_TRY = 4, GROWTH = 4 };

/* One series of scans that differ in the value of one column only. */
struct keyed {
    struct keyed *next;
    const char *rest;       /* what they have in common */
    size_t rest_length;
    int column;
    size_t scans, next_try;
    bool whole;             /* everything was read: what is not kept has no rows */
};

/* What is at hand while a scan is looked for. */
struct search {
    struct replay *replay;
    const struct table *table;
    const char *text;
    const struct scan_plan *plan;
    const struct filters *filters;
    const bool *wanted;
    struct cancel *cancel;
    size_t key;             /* which filter holds the key */
    struct arena arena;     /* for the time of the search */
};

/* Equality of these is equality of their bytes. The rows must tell the key: those of an input only repeat what was asked for. */
static bool may_be_key(const struct search *search, const struct filter *filter)
{
    enum type_kind kind = search->table->columns[filter->column].type.kind;
    return filter->op == FILTER_EQUAL && !search->table->columns[filter->column].pseudo && kind != TYPE_DOUBLE && kind != TYPE_DECIMAL && search->wanted[filter->column];
}

/* The filters without the key. False when out of memory. */
static bool rest_of(struct search *search, struct filters *rest)
{
    *rest = *search->filters;
    rest->list = arena_array(&search->arena, rest->count, sizeof *rest->list);
    if (!rest->list)
        return false;
    memcpy(rest->list, search->filters->list, search->key * sizeof *rest->list);
    memcpy(rest->list + search->key, search->filters->list + search->key + 1, (rest->count - search->key - 1) * sizeof *rest->list);
    rest->count--;
    return true;
}

static struct keyed *series_of(struct search *search, const struct filters *rest)
{
    int column = search->filters->list[search->key].column;
    size_t length;
    const char *key = replay_key(search->table, search->text, rest, &search->arena, &length);

    if (!key)
        return NULL;
    for (struct keyed *keyed = search->replay->series; keyed; keyed = keyed->next)
        if (keyed->column == column && keyed->rest_length == length && memcmp(keyed->rest, key, length) == 0)
            return keyed;
    struct keyed *keyed = arena_alloc(&search->replay->arena, sizeof *keyed);
    const char *copy = arena_copy(&search->replay->arena, key, length);
    if (!keyed || !copy)
        return NULL;
    *keyed = (struct keyed){.next = search->replay->series, .rest = copy, .rest_length = length, .column = column, .next_try = FIRST_TRY};
    search->replay->series = keyed;
    return keyed;
}

/* Whether the service reads the table as well without the key, at no more than the price of the scans made so far. */
static bool service_agrees(struct search *search, const struct filters *rest, size_t scans)
{
    struct plan plan = {.order = search->plan->order, .order_count = search->plan->order_count, .requests = 1, .rows = 1};
    struct error unused = {0};

    plan.conditions = arena_array(&search->arena, rest->count + 1, sizeof *plan.conditions);
    if (!plan.conditions)
        return false;
    plan.condition_count = rest->count;
    for (size_t i = 0; i < rest->count; i++)
        plan.conditions[i] = (struct plan_condition){.column = rest->list[i].column, .op = rest->list[i].op, .usable = true};
    if (!search->table->service->class->plan(search->table, &plan, &unused) || plan.requests > (double)(GROWTH * scans))
        return false;
    for (size_t i = 0; i < rest->count; i++)
        if (!plan.conditions[i].taken || !plan.conditions[i].exact)
            return false;
    return plan.order_count == 0 || plan.order_taken;
}

/* Reads all rows, if they come in no more than `most` batches. NULL when they do not, or on any failure: the scans by key go
 * on, and meet the failure themselves if it is theirs too. */
static struct replay_scan *read_whole(struct search *search, const struct filters *rest, size_t most)
{
    struct scan_request request = {
        .table = search->table, .wanted = search->wanted, .filters = rest->list, .filter_count = rest->count,
        .order = search->plan->order, .order_count = search->plan->order_count, .limit = -1, .cancel = search->cancel,
    };
    struct replay_scan *rows = replay_new(search->replay, search->table, search->text, rest, search->wanted);
    struct error unused = {0};
    struct scan *scan;
    bool complete = false;

    if (!rows || !scan_open(&request, &scan, &unused))
        return NULL;
    for (size_t i = 0; i <= most && !complete; i++) {
        struct batch batch = {0};
        if (!scan_next(search->table, scan, &batch, &unused))
            break;
        complete = batch.row_count == 0;
        if (!complete && (i == most || !replay_add(search->replay, rows, &batch)))
            break;
    }
    scan_close(search->table, scan);
    return complete ? rows : NULL;
}

static bool same_key(enum type_kind kind, const struct value *a, const struct value *b)
{
    return !value_is_null(a) && !value_is_null(b) && value_compare(kind, a, b) == 0;
}

struct sorting {
    const struct value *keys;
    enum type_kind kind;
};

/* NULLs last; rows with equal keys as they came. */
static int by_key(const void *a, const void *b, void *context)
{
    const struct sorting *sorting = context;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    bool x_null = value_is_null(&sorting->keys[x]), y_null = value_is_null(&sorting->keys[y]);

    if (x_null != y_null)
        return x_null ? 1 : -1;
    int order = x_null ? 0 : value_compare(sorting->kind, &sorting->keys[x], &sorting->keys[y]);
    return order ? order : (x > y) - (x < y);
}

/* Keeps the rows of each key as the scan for that key. */
static bool divide(struct search *search, const struct replay_scan *rows)
{
    struct batch all;
    replay_rows(rows, &all);
    int column = search->filters->list[search->key].column;
    struct sorting sorting = {.keys = all.cells[column], .kind = search->table->columns[column].type.kind};
    struct filters one = *search->filters;
    size_t *order = arena_array(&search->arena, all.row_count + 1, sizeof *order);

    one.list = arena_array(&search->arena, one.count, sizeof *one.list);
    if (!order || !one.list)
        return false;
    memcpy(one.list, search->filters->list, one.count * sizeof *one.list);
    for (size_t i = 0; i < all.row_count; i++)
        order[i] = i;
    qsort_r(order, all.row_count, sizeof *order, by_key, &sorting);

    size_t end;
    for (size_t start = 0; start < all.row_count && !value_is_null(&sorting.keys[order[start]]); start = end) {
        for (end = start + 1; end < all.row_count && same_key(sorting.kind, &sorting.keys[order[start]], &sorting.keys[order[end]]);)
            end++;
        one.list[search->key].values = &sorting.keys[order[start]];
        struct replay_scan *scan = replay_new(search->replay, search->table, search->text, &one, search->wanted);
        if (!scan || !replay_add_rows(search->replay, scan, &all, order + start, end - start))
            return false;
        replay_finish(search->replay, scan);
    }
    return true;
}

/* One column that may be the key of a series: is everything known, or due to be read? */
static bool look(struct search *search, struct keyed **whole)
{
    struct filters rest;
    if (!rest_of(search, &rest))
        return false;
    struct keyed *keyed = series_of(search, &rest);
    if (!keyed)
        return false;
    if (!keyed->whole && ++keyed->scans > keyed->next_try) {
        size_t most = keyed->next_try;
        keyed->next_try *= GROWTH;
        if (service_agrees(search, &rest, most)) {
            const struct replay_scan *rows = read_whole(search, &rest, most);
            keyed->whole = rows && divide(search, rows);
        }
    }
    if (keyed->whole)
        *whole = keyed;
    return true;
}

bool keyed_find(struct replay *replay, const struct table *table, const char *text, const struct scan_plan *plan,
                const struct filters *filters, const bool *wanted, struct cancel *cancel, struct batch *batch, bool *known,
                struct error *err)
{
    struct search search = {.replay = replay, .table = table, .text = text, .plan = plan, .filters = filters, .wanted = wanted,
                            .cancel = cancel};
    struct keyed *whole = NULL;
    bool ok = true;

    *known = false;
    if (filters->limit >= 0 || replay_is_full(replay))
        return true;
    for (search.key = 0; ok && !whole && search.key < filters->count; search.key++)
        if (may_be_key(&search, &filters->list[search.key]))
            ok = look(&search, &whole);
    arena_clear(&search.arena);
    if (!ok)
        return error_memory(err);
    if (whole) {
        *known = true;
        if (!replay_find(replay, table, text, filters, batch))
            *batch = (struct batch){0};
    }
    return cancel_check(cancel, err);
}
