#include "engine/keyed.h"

#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/error.h"
#include "engine/explain.h"
#include "sql/statement.h"

enum {
    FIRST_TRY = 4, GROWTH = 4,
    FIRST_KEYS = 100, FIRST_FOREIGN_KEYS = 16, MOST_KEYS = 1000,   /* of one list */
    ROWS_AHEAD = 4096,                                             /* the most that are looked at */
};

/* One series of scans that differ in the value of one column only. */
struct keyed {
    struct keyed *next;
    const char *rest;       /* what they have in common */
    size_t rest_length;
    int column;
    size_t scans, next_try;
    size_t ahead;           /* how many keys to ask for together; 0 = that did not pay */
    bool whole;             /* everything was read: what is not kept has no rows */
    const struct table *table;
    struct batch read;      /* the rows of its latest list, which stay kept */
};

/* What is at hand while a scan is looked for. */
struct search {
    struct replay *replay;
    const struct keyed_scan *scan;
    const struct table *table;
    const char *text;
    const struct scan_plan *plan;
    const struct filters *filters;
    const bool *wanted;
    struct cancel *cancel;
    struct warnings *warnings;
    size_t key;             /* which filter holds the key */
    struct arena arena;     /* for the time of the search */
};

/* Equality of these is equality of their bytes. */
static bool has_plain_equality(enum type_kind kind)
{
    return kind != TYPE_DOUBLE && kind != TYPE_DECIMAL;
}

/* The rows must tell the key: those of an input only repeat what was asked for. */
static bool may_be_key(const struct search *search, const struct filter *filter)
{
    const struct column *column = &search->table->columns[filter->column];
    return filter->op == FILTER_EQUAL && !column->pseudo && has_plain_equality(column->type.kind) && search->wanted[filter->column];
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

/* A key finds one row, a foreign key any number of them: too many, perhaps, for a query that looks only at the first rows. */
static size_t first_keys(const struct search *search, int column)
{
    size_t keys = 0;

    for (size_t i = 0; i < search->table->column_count; i++)
        keys += search->table->columns[i].key > 0;
    if (search->table->columns[column].key && keys == 1)
        return FIRST_KEYS;
    return search->scan->statement->bounded ? 0 : FIRST_FOREIGN_KEYS;
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
    *keyed = (struct keyed){.next = search->replay->series, .rest = copy, .rest_length = length, .column = column,
                            .next_try = FIRST_TRY, .ahead = first_keys(search, column)};
    search->replay->series = keyed;
    return keyed;
}

/* How the service takes filters. NULL when it can not read the table by them. */
static struct plan_condition *conditions_of(struct search *search, const struct filters *filters, struct plan *plan)
{
    struct error unused = {0};

    /* Terms leave out rows, and promise nothing: they do not matter here. */
    *plan = (struct plan){.named = search->plan->named, .order = search->plan->order, .order_count = search->plan->order_count, .requests = 1, .rows = 1};
    plan->conditions = arena_array(&search->arena, filters->count + 1, sizeof *plan->conditions);
    if (!plan->conditions)
        return NULL;
    plan->condition_count = filters->count;
    for (size_t i = 0; i < filters->count; i++)
        plan->conditions[i] = (struct plan_condition){.column = filters->list[i].column, .op = filters->list[i].op, .usable = true};
    return search->table->service->class->plan(search->table, plan, &unused) ? plan->conditions : NULL;
}

/* Whether the service reads the table as well by other filters than the scan's: without the key (`without`), or with something else
 * for it. What it took exactly is not checked again, and so must be taken exactly still. *each: its list is asked for value by value. */
static bool service_agrees(struct search *search, const struct filters *other, bool without, double *requests, bool *each)
{
    struct plan plan = {0}, was;
    const struct plan_condition *before = conditions_of(search, search->filters, &was);
    const struct plan_condition *after = before ? conditions_of(search, other, &plan) : NULL;

    if (!after)
        return false;
    *requests = plan.requests;
    *each = plan.each;
    for (size_t i = 0; i < other->count; i++) {
        bool shorter = other->count < search->filters->count;
        const struct plan_condition *same = &before[shorter && i >= search->key ? i + 1 : i];
        bool key = !shorter && i == search->key;
        if (!after[i].taken || (!key && same->exact && !after[i].exact))
            return false;
    }
    return plan.order_count == 0 || (without && plan.order_taken);
}

/* Reads all rows, if they come in no more than `most` batches. NULL when they do not, or on any failure: the scans by key go
 * on, and meet the failure themselves if it is theirs too. */
static struct replay_scan *read_whole(struct search *search, const struct filters *rest, size_t most)
{
    struct scan_request request = {
        .table = search->table, .wanted = search->wanted, .filters = rest->list, .filter_count = rest->count, .named = search->plan->named,
        .terms = rest->terms, .term_count = rest->term_count,
        .order = search->plan->order, .order_count = search->plan->order_count, .limit = -1, .cancel = search->cancel, .warnings = search->warnings,
    };
    struct replay_scan *rows = replay_new(search->replay, search->table, search->text, rest, search->wanted);
    struct error unused = {0};
    struct scan *scan;
    bool complete = false;

    if (!rows || replay_is_full(search->replay) || !scan_open(&request, &scan, &unused))
        return NULL;
    for (size_t i = 0; i <= most && !complete; i++) {
        struct batch batch = {0};
        if (!scan_next(search->table, scan, &batch, &unused))
            break;
        complete = batch.row_count == 0;
        if (!complete && (i == most || !replay_add(search->replay, rows, &batch)))
            break;
    }
    explain_count(search->table, scan, search->scan->counts);
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

/* Whether a key is in a list; all of them are when there is none. */
static bool is_asked(enum type_kind kind, const struct filter *list, const struct value *key)
{
    for (size_t i = 0; list && i < list->value_count; i++)
        if (value_compare(kind, &list->values[i], key) == 0)
            return true;
    return !list;
}

/* Keeps the rows of each key that was asked for as the scan for that key; of others the service may have sent some, but not all. */
static bool divide(struct search *search, const struct batch *rows, const struct filter *list)
{
    const struct batch all = *rows;
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
        if (!is_asked(sorting.kind, list, &sorting.keys[order[start]]))
            continue;
        one.list[search->key].values = &sorting.keys[order[start]];
        struct replay_scan *scan = replay_new(search->replay, search->table, search->text, &one, search->wanted);
        if (!scan || !replay_add_rows(search->replay, scan, &all, order + start, end - start))
            return false;
        replay_finish(search->replay, scan);
    }
    return true;
}

/* ---- Keys ahead ---- */

/* Whether a reading's column is what the scan's key is compared with; -1 when none is. */
static int compared_column(const struct search *search, const struct reading *reading)
{
    const struct statement *statement = search->scan->statement;
    const struct filter *filter = &search->filters->list[search->key];
    enum type_kind kind = search->table->columns[filter->column].type.kind;

    for (size_t i = 0; i < statement->join_key_count; i++) {
        const struct join_key *key = &statement->join_keys[i];
        for (int side = 0; side < 2; side++) {
            if (key->tables[side] != search->table || key->columns[side] != filter->column || key->tables[!side] != reading->table)
                continue;
            int column = key->columns[!side];
            const struct value *cells = reading->batch->cells[column];
            bool same_kind = type_storage(reading->table->columns[column].type.kind) == type_storage(kind) &&
                             has_plain_equality(reading->table->columns[column].type.kind);
            if (cells && same_kind && !value_is_null(&cells[reading->row]) &&
                value_compare(kind, &cells[reading->row], &filter->values[0]) == 0)
                return column;
        }
    }
    return -1;
}

static bool is_known(struct search *search, const struct value *key)
{
    struct filters one = *search->filters;
    struct batch unused;

    one.list = arena_array(&search->arena, one.count, sizeof *one.list);
    if (!one.list)
        return true;
    memcpy(one.list, search->filters->list, one.count * sizeof *one.list);
    one.list[search->key].values = key;
    return replay_find(search->replay, search->table, search->text, &one, &unused);
}

/* The list that the key is one of, if the query says so. */
static const struct filter *choices_of(const struct search *search)
{
    for (size_t i = 0; i < search->filters->choice_count; i++)
        if (search->filters->choices[i].column == search->filters->list[search->key].column)
            return &search->filters->choices[i];
    return NULL;
}

static void add_keys(struct search *search, const struct value *next, size_t left, struct value *keys, size_t *count, size_t most)
{
    enum type_kind kind = search->table->columns[search->filters->list[search->key].column].type.kind;
    const struct filter *choices = choices_of(search);

    for (size_t i = 0; i < left && i < ROWS_AHEAD && *count < most; i++) {
        bool known = value_is_null(&next[i]) || !is_asked(kind, choices, &next[i]);
        for (size_t k = *count; k > 0 && !known; k--)
            known = value_compare(kind, &keys[k - 1], &next[i]) == 0;
        if (!known && !is_known(search, &next[i]))
            keys[(*count)++] = next[i];
    }
}

/* Whether the key changes from scan to scan, and is not only compared with a constant. */
static bool is_joined(const struct search *search)
{
    const struct statement *statement = search->scan->statement;
    int column = search->filters->list[search->key].column;

    for (size_t i = 0; i < statement->join_key_count; i++)
        for (int side = 0; side < 2; side++)
            if (statement->join_keys[i].tables[side] == search->table && statement->join_keys[i].columns[side] == column)
                return true;
    return false;
}

static bool holds_key(enum type_kind kind, const struct batch *rows, int column, const struct value *key)
{
    for (size_t i = 0; i < rows->row_count; i++)
        if (same_key(kind, &rows->cells[column][i], key))
            return true;
    return false;
}

/* Keys of the rows that stand beside the reading's in the list by which its table was read: SQLite comes to them, too, but one by one. */
static void add_listed_keys(struct search *search, const struct reading *reading, int column, struct value *keys, size_t *count, size_t most)
{
    enum type_kind kind = search->table->columns[search->filters->list[search->key].column].type.kind;

    for (const struct keyed *keyed = search->replay->series; keyed; keyed = keyed->next)
        if (keyed->table == reading->table && keyed->read.row_count && keyed->read.cells[column] &&
            holds_key(kind, &keyed->read, column, &keys[0]))
            add_keys(search, keyed->read.cells[column], keyed->read.row_count, keys, count, most);
}

/* The scan's key and those that come next, each once: of the rows to come, or else all that there are to choose from. */
static size_t gather(struct search *search, const struct reading *reading, int column, struct value *keys, size_t most)
{
    const struct filter *choices = choices_of(search);
    size_t count = 1;

    keys[0] = search->filters->list[search->key].values[0];
    if (reading)
        add_keys(search, reading->batch->cells[column] + reading->row + 1, reading->batch->row_count - reading->row - 1, keys, &count, most);
    if (reading && count == 1)
        add_listed_keys(search, reading, column, keys, &count, most);
    if (choices && count == 1 && is_joined(search))
        add_keys(search, choices->values, choices->value_count, keys, &count, most);
    return count;
}

/* Keys without rows are known now, too. */
static bool keep_empty(struct search *search, const struct value *keys, size_t count)
{
    struct filters one = *search->filters;

    one.list = arena_array(&search->arena, one.count, sizeof *one.list);
    if (!one.list)
        return false;
    memcpy(one.list, search->filters->list, one.count * sizeof *one.list);
    for (size_t i = 0; i < count; i++) {
        if (is_known(search, &keys[i]))
            continue;
        one.list[search->key].values = &keys[i];
        struct replay_scan *scan = replay_new(search->replay, search->table, search->text, &one, search->wanted);
        if (!scan)
            return false;
        replay_finish(search->replay, scan);
    }
    return true;
}

/* Reads the table without the key, giving it up after `most` batches; tried in vain, it is not before the keys are many more. */
static bool read_rest(struct search *search, struct keyed *keyed, const struct filters *rest, size_t most)
{
    double requests;
    bool each;

    while (keyed->next_try <= most)
        keyed->next_try *= GROWTH;
    if (!service_agrees(search, rest, true, &requests, &each) || requests > (double)(GROWTH * most))
        return false;
    const struct replay_scan *rows = read_whole(search, rest, most);
    struct batch all;
    if (rows)
        replay_rows(rows, &all);
    return keyed->whole = rows && divide(search, &all, NULL);
}

/* Asks for the keys to come together with the scan's own; or, where each would be a request, for all rows, as long as these are fewer. */
static bool read_ahead(struct search *search, struct keyed *keyed, const struct filters *rest)
{
    const struct reading *reading = search->scan->readings;
    struct filters list = *search->filters;
    double requests;
    bool each;
    int column = -1;

    for (; keyed->ahead && reading; reading = reading->next)
        if (reading->batch->row_count > reading->row && (column = compared_column(search, reading)) >= 0)
            break;
    struct value *keys = keyed->ahead && (reading || choices_of(search)) ? arena_array(&search->arena, keyed->ahead, sizeof *keys) : NULL;
    list.list = arena_array(&search->arena, list.count, sizeof *list.list);
    if (!keys || !list.list)
        return false;
    size_t count = gather(search, reading, column, keys, keyed->ahead);
    memcpy(list.list, search->filters->list, list.count * sizeof *list.list);
    list.list[search->key].op = FILTER_IN;
    list.list[search->key].values = keys;
    list.list[search->key].value_count = count;
    if (count < 2)
        return false;
    bool agrees = service_agrees(search, &list, false, &requests, &each);
    if ((!agrees || each) && read_rest(search, keyed, rest, count))
        return true;
    if (!agrees) {
        keyed->ahead = 0;
        return false;
    }
    struct batch rows;
    if (!replay_find(search->replay, search->table, search->text, &list, &rows)) {
        const struct replay_scan *read = read_whole(search, &list, count);
        if (!read) {
            keyed->ahead = 0;
            return false;
        }
        replay_rows(read, &rows);
    }
    keyed->table = search->table;
    keyed->read = rows;
    if (!divide(search, &rows, &list.list[search->key]) || !keep_empty(search, keys, count)) {
        keyed->ahead = 0;
        return false;
    }
    keyed->ahead = keyed->ahead * GROWTH < MOST_KEYS ? keyed->ahead * GROWTH : MOST_KEYS;
    return true;
}

/* One column that may be the key of a series: is everything known, or due to be read? */
static bool look(struct search *search, struct keyed **found)
{
    struct filters rest;
    if (!rest_of(search, &rest))
        return false;
    struct keyed *keyed = series_of(search, &rest);
    if (!keyed)
        return false;
    if (!keyed->whole && ++keyed->scans > keyed->next_try)
        read_rest(search, keyed, &rest, keyed->next_try);
    if (keyed->whole || read_ahead(search, keyed, &rest))
        *found = keyed;
    return true;
}

bool keyed_find(struct replay *replay, const struct keyed_scan *scan, struct batch *batch, bool *known, struct error *err)
{
    struct search search = {.replay = replay, .scan = scan, .table = scan->table, .text = scan->text, .plan = scan->plan,
                            .filters = scan->filters, .wanted = scan->wanted, .cancel = scan->cancel, .warnings = scan->warnings};
    struct keyed *found = NULL;
    bool ok = true;

    *known = false;
    if (scan->filters->limit >= 0 || replay_is_full(replay))
        return true;
    for (search.key = 0; ok && !found && search.key < scan->filters->count; search.key++)
        if (may_be_key(&search, &scan->filters->list[search.key]))
            ok = look(&search, &found);
    arena_clear(&search.arena);
    if (!ok)
        return error_memory(err);
    if (found) {
        *known = true;
        if (!replay_find(replay, scan->table, scan->text, scan->filters, batch))
            *batch = (struct batch){0};
    }
    return cancel_check(scan->cancel, err);
}
