#include "providers/definition/lookup.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "providers/rows/decode.h"

enum { MOST_COLUMNS = 4, MOST_LISTED = 20 /* values in a message */ };

bool lookup_has_text(const struct value *value, const char *text)
{
    char scratch[VALUE_SCRATCH];
    size_t length;
    const char *own = value_as_text(value, scratch, &length);

    if (value->storage == STORAGE_INTEGER && (name_equal(text, "true") || name_equal(text, "false")))
        return (value->integer != 0) == name_equal(text, "true");
    return name_equal_length(own, length, text);
}

/* Gives the rows of a batch. False when there is enough. */
static bool give(const struct batch *batch, const int *places, size_t count, int where, const char *is, lookup_row *row, void *context)
{
    struct value values[MOST_COLUMNS];

    for (size_t i = 0; i < batch->row_count; i++) {
        if (where >= 0 && !lookup_has_text(&batch->cells[where][i], is))
            continue;
        for (size_t j = 0; j < count; j++)
            values[j] = batch->cells[places[j]][i];
        if (!row(context, values))
            return false;
    }
    return true;
}

bool lookup_read(const struct described_service *service, const struct definition_table *table, const char *const *columns, size_t count,
                 const char *where, const char *is, lookup_row *row, void *context, struct cancel *cancel, struct error *err)
{
    int places[MOST_COLUMNS], condition = where ? table_column(&table->table, where) : -1;
    struct arena arena = {0};
    struct batch batch;
    struct scan *scan;

    if (table->table.fault)
        return error_set(err, "HY000", "Table %s can not be used: %s", table->table.name, table->table.fault);
    bool *wanted = arena_array(&arena, table->table.column_count, sizeof *wanted);
    if (!wanted)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        places[i] = table_column(&table->table, columns[i]);
        wanted[places[i]] = true;
    }
    if (condition >= 0)
        wanted[condition] = true;
    struct table own = table->table;
    own.service = (struct service *)&service->service;
    struct scan_request request = {.table = &own, .wanted = wanted, .limit = -1, .cancel = cancel};
    bool done = described_scan_open(&request, &scan, err);
    arena_clear(&arena);
    if (!done)
        return false;
    do {
        done = described_scan_next(scan, &batch, err);
    } while (done && batch.row_count && give(&batch, places, count, condition, is, row, context));
    described_scan_close(scan);
    return done;
}

/* The rows that a variable could take its value from. */
struct candidates {
    struct arena *arena;
    const char *first, *preferred;
    size_t count;
    bool only, out_of_memory;
    bool has_preference;
    struct buffer list;              /* for the message that there are several */
};

static bool take_candidate(void *context, const struct value *values)
{
    struct candidates *candidates = context;
    char scratch[VALUE_SCRATCH], label_scratch[VALUE_SCRATCH];
    size_t length, label_length;
    const char *text = value_as_text(&values[0], scratch, &length), *label = value_as_text(&values[1], label_scratch, &label_length);
    bool preferred = candidates->has_preference && values[2].storage == STORAGE_INTEGER && values[2].integer;

    if (value_is_null(&values[0]) || length == 0)
        return true;
    if (candidates->count < MOST_LISTED) {
        buffer_printf(&candidates->list, "%s%.*s", candidates->list.length ? ", " : "", (int)length, text);
        if (label_length && strcmp(label, text) != 0)
            buffer_printf(&candidates->list, " (%.*s)", (int)label_length, label);
    }
    candidates->count++;
    if (preferred || !candidates->first) {
        const char *copy = arena_copy(candidates->arena, text, length);
        candidates->out_of_memory = !copy;
        candidates->first = candidates->first ? candidates->first : copy;
        candidates->preferred = preferred ? copy : NULL;
    }
    /* Where several would do, the first is enough; a preferred one may still come. */
    return !candidates->out_of_memory && !candidates->preferred
           && (candidates->has_preference || (candidates->only && candidates->count <= MOST_LISTED));
}

bool lookup_variable(void *context, const struct definition_variable *variable, struct arena *arena, const char **value,
                     struct cancel *cancel, struct error *err)
{
    const struct described_service *service = context;
    const struct definition_table *table = definition_table(service->definition, variable->table);
    const char *label = variable->label ? variable->label : variable->column;
    const char *const columns[] = {variable->column, label, variable->prefer};
    struct candidates candidates = {.arena = arena, .has_preference = variable->prefer != NULL, .only = variable->only};
    char property[64];

    variables_property(variable, property, sizeof property);
    buffer_init(&candidates.list, 4000);
    bool done = lookup_read(service, table, columns, variable->prefer ? 3 : 2, variable->where, variable->is, take_candidate, &candidates,
                            cancel, err);
    if (!done) {
        error_prefix(err, "%s of %s could not be found out: ", variable->name, service->definition->name);
    } else if (candidates.out_of_memory) {
        done = error_memory(err);
    } else if (variable->only && candidates.count > 1 && !candidates.preferred) {
        done = error_set(err, "HY000", "The sign-in opens several: set the connection property %s to one of %.700s%s", property,
                         buffer_text(&candidates.list), candidates.count > MOST_LISTED ? "…" : "");
    }
    *value = candidates.preferred ? candidates.preferred : candidates.first;
    buffer_clear(&candidates.list);
    return done;
}
