#include "providers/definition/walk.h"

#include <stdlib.h>

#include "base/error.h"
#include "providers/definition/cells.h"
#include "providers/definition/lookup.h"
#include "providers/definition/service.h"

enum { MOST_ROWS = 1000 /* for one series */ };

struct walk {
    const struct requests *requests;
    const struct definition_table *parent;
    struct scan *scan;
    struct batch batch;
    size_t row;                      /* of the batch, the next one */
    size_t most, bytes;              /* rows for one series, and how long their values may be together */
    bool end;
    struct value **gathered;         /* per column of the child: room for `most` values, NULL for those that do not come from the parent */
    int *from;                       /* per column of the child: the parent's, or -1 */
    struct arena arena;
    struct arena texts;              /* of what is gathered from several batches */
};

/* The child's filters on columns that come from the parent, as the parent's own. */
static bool map_filters(struct walk *walk, const struct requests *requests, struct filter **filters, size_t *count)
{
    *count = 0;
    *filters = arena_array(&walk->arena, requests->conditions.count, sizeof **filters);
    if (!*filters)
        return false;
    for (size_t i = 0; i < requests->conditions.count; i++) {
        const struct filter *filter = &requests->filters[i];
        int column = walk->from[filter->column];
        if (column < 0 || !requests->conditions.list[i].taken)
            continue;
        (*filters)[*count] = *filter;
        (*filters)[(*count)++].column = column;
    }
    return true;
}

static bool prepare(struct walk *walk, struct error *err)
{
    const struct definition_table *table = walk->requests->table;
    const struct definition_endpoint *endpoint = walk->requests->route.endpoint;
    const struct table *child = &table->table;

    walk->most = requests_feed_most(walk->requests);
    if (walk->most > MOST_ROWS)
        walk->most = MOST_ROWS;
    walk->bytes = requests_list_bytes(walk->requests);
    walk->gathered = arena_array(&walk->arena, child->column_count + 1, sizeof *walk->gathered);
    walk->from = arena_array(&walk->arena, child->column_count + 1, sizeof *walk->from);
    if (!walk->gathered || !walk->from)
        return error_memory(err);
    for (size_t column = 0; column < child->column_count; column++) {
        walk->from[column] = column_from(table, column, endpoint);
        if (!column_is_gathered(table, column, endpoint, walk->requests->wanted, &walk->requests->conditions))
            continue;
        walk->gathered[column] = arena_array(&walk->arena, walk->most, sizeof **walk->gathered);
        if (!walk->gathered[column])
            return error_memory(err);
    }
    return true;
}

bool walk_open(const struct requests *requests, struct http_lane *lane, bool ahead, struct warnings *warnings, struct walk **walk,
               struct error *err)
{
    const struct definition_endpoint *endpoint = requests->route.endpoint;
    struct walk *made = calloc(1, sizeof *made);
    struct filter *filters;
    size_t filter_count;

    if (!made)
        return error_memory(err);
    made->requests = requests;
    made->parent = endpoint->parent;
    bool *wanted = arena_array(&made->arena, endpoint->parent->table.column_count + 1, sizeof *wanted);
    bool done = (wanted || error_memory(err)) && prepare(made, err)
                && (map_filters(made, requests, &filters, &filter_count) || error_memory(err));
    if (done) {
        for (size_t i = 0; i < requests->table->table.column_count; i++)
            if (made->gathered[i])
                wanted[made->from[i]] = true;
        for (size_t i = 0; i < endpoint->parent_if_count; i++)
            wanted[endpoint->parent_ifs[i].column] = true;
        struct scan_request request = {
            .table = &endpoint->parent->table, .wanted = wanted, .filters = filters, .filter_count = filter_count, .limit = -1,
            .named = route_parent_named(requests->table, endpoint, &requests->conditions), .cancel = requests->cancel, .warnings = warnings,
        };
        done = described_scan_open_within(&request, lane, ahead, &made->scan, err);
    }
    if (!done) {
        walk_close(made);
        return false;
    }
    *walk = made;
    return true;
}

void walk_close(struct walk *walk)
{
    if (!walk)
        return;
    described_scan_close(walk->scan);
    arena_clear(&walk->texts);
    arena_clear(&walk->arena);
    free(walk);
}

/* Whether the parent's present row has anything to be asked for. */
static bool is_wanted(const struct walk *walk)
{
    const struct definition_endpoint *endpoint = walk->requests->route.endpoint;

    for (size_t i = 0; i < endpoint->parent_if_count; i++) {
        const struct definition_condition *condition = &endpoint->parent_ifs[i];
        const struct value *cell = &walk->batch.cells[condition->column][walk->row];
        bool none = value_is_null(cell) || (cell->storage == STORAGE_INTEGER && cell->integer == 0)
                    || (cell->storage == STORAGE_TEXT && cell->length == 0);
        if (condition->is ? !lookup_has_text(cell, condition->is) : none)
            return false;
    }
    return true;
}

/* Takes the present row's values. */
static bool gather(struct walk *walk, size_t at, struct error *err)
{
    for (size_t column = 0; column < walk->requests->table->table.column_count; column++) {
        if (!walk->gathered[column])
            continue;
        struct value *value = &walk->gathered[column][at];
        *value = walk->batch.cells[walk->from[column]][walk->row];
        if (value->storage == STORAGE_TEXT || value->storage == STORAGE_BLOB) {
            value->text = arena_copy(&walk->texts, value->text, value->length);
            if (!value->text)
                return error_memory(err);
        }
    }
    return true;
}

/* How long the present row's values are in a list. */
static size_t value_bytes(const struct walk *walk)
{
    char scratch[VALUE_SCRATCH];
    size_t longest = 0, length;

    for (size_t column = 0; column < walk->requests->table->table.column_count; column++) {
        if (!walk->gathered[column])
            continue;
        value_as_text(&walk->batch.cells[walk->from[column]][walk->row], scratch, &length);
        longest = length > longest ? length : longest;
    }
    return longest + 1;
}

bool walk_next(struct walk *walk, const struct value *const **values, size_t *count, struct error *err)
{
    size_t bytes = 0;

    *count = 0;
    arena_reset(&walk->texts);
    while (*count < walk->most && !walk->end) {
        if (walk->row == walk->batch.row_count) {
            walk->row = 0;
            if (!described_scan_next(walk->scan, &walk->batch, err))
                return false;
            walk->end = walk->batch.row_count == 0;
            continue;
        }
        bool wanted = is_wanted(walk);
        bytes += wanted && walk->most > 1 ? value_bytes(walk) : 0;
        if (*count && bytes > walk->bytes)
            break; /* the row is the first of the next series */
        if (wanted && !gather(walk, (*count)++, err))
            return false;
        walk->row++;
    }
    *values = (const struct value *const *)walk->gathered;
    return true;
}

void walk_count(const struct walk *walk, struct scan_counts *counts)
{
    struct scan_counts own;

    described_scan_count(walk->scan, &own);
    counts->requests += own.requests;
    counts->bytes += own.bytes;
    counts->milliseconds += own.milliseconds;
}
