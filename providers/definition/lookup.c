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
    const char *is;                  /* what a row must have, or NULL */
    const char *first, *preferred;
    size_t count, other_count;
    bool only, out_of_memory;
    bool has_preference;
    struct buffer list, others;      /* for the messages that there are several, or only such as do not count */
};

enum { CANDIDATE_VALUE, CANDIDATE_LABEL, CANDIDATE_PREFER, CANDIDATE_WHERE };

/* "7 (Honcho; bcx)" */
static void list_candidate(struct buffer *list, size_t count, const struct value *value, const struct value *label, const struct value *note)
{
    char scratch[3][VALUE_SCRATCH];
    size_t length, label_length, note_length = 0;
    const char *text = value_as_text(value, scratch[0], &length), *called = value_as_text(label, scratch[1], &label_length);
    const char *noted = note ? value_as_text(note, scratch[2], &note_length) : "";
    bool named = label_length && strcmp(called, text) != 0;

    if (count >= MOST_LISTED)
        return;
    buffer_printf(list, "%s%.*s", list->length ? ", " : "", (int)length, text);
    if (named || note_length)
        buffer_printf(list, " (%.*s%s%.*s)", named ? (int)label_length : 0, called, named && note_length ? "; " : "", (int)note_length, noted);
}

static bool take_candidate(void *context, const struct value *values)
{
    struct candidates *candidates = context;
    char scratch[VALUE_SCRATCH];
    size_t length;
    const char *text = value_as_text(&values[CANDIDATE_VALUE], scratch, &length);
    bool preferred = candidates->has_preference && values[CANDIDATE_PREFER].storage == STORAGE_INTEGER && values[CANDIDATE_PREFER].integer;

    if (value_is_null(&values[CANDIDATE_VALUE]) || length == 0)
        return true;
    if (candidates->is && !lookup_has_text(&values[CANDIDATE_WHERE], candidates->is)) {
        list_candidate(&candidates->others, candidates->other_count++, &values[CANDIDATE_VALUE], &values[CANDIDATE_LABEL], &values[CANDIDATE_WHERE]);
        return true;
    }
    list_candidate(&candidates->list, candidates->count, &values[CANDIDATE_VALUE], &values[CANDIDATE_LABEL], NULL);
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

/* There are rows, but none of them will do: the value that they should have may follow from a property of its own. */
static bool only_others(const struct described_service *service, const struct definition_variable *variable, const struct candidates *candidates,
                        const char *property, struct error *err)
{
    const struct definition_variable *of = NULL;

    for (size_t i = 0; i < variable->is.part_count && !of; i++)
        if (variable->is.parts[i].kind == PART_VARIABLE)
            of = &service->definition->variables[variable->is.parts[i].index];
    const char *other = of && (of->property || of->case_count) ? of->property ? of->property : of->cases[0].property : NULL;
    return error_set(err, "HY000", "%s: there is no row with %s %s in %s, only %.600s%s: set the connection property %s%s%s",
                     service->definition->name, variable->where, candidates->is, variable->table, buffer_text(&candidates->others),
                     candidates->other_count > MOST_LISTED ? "…" : "", property, other ? ", or another " : "", other ? other : "");
}

/* What the rows must have, in the arena; NULL for nothing. */
static bool fill_is(const struct described_service *service, const struct definition_variable *variable, struct arena *arena, const char **is,
                    struct cancel *cancel, struct error *err)
{
    struct buffer text;

    *is = NULL;
    if (!variable->where)
        return true;
    buffer_init(&text, 4000);
    bool done = variables_fill((struct variables *)&service->variables, &variable->is, cancel, &text, err);
    if (done && !(*is = arena_text(arena, buffer_text(&text))))
        done = error_memory(err);
    buffer_clear(&text);
    return done;
}

bool lookup_variable(void *context, const struct definition_variable *variable, struct arena *arena, const char **value,
                     struct cancel *cancel, struct error *err)
{
    const struct described_service *service = context;
    const struct definition_table *table = definition_table(service->definition, variable->table);
    const char *const columns[] = {
        [CANDIDATE_VALUE] = variable->column, [CANDIDATE_LABEL] = variable->label ? variable->label : variable->column,
        [CANDIDATE_PREFER] = variable->prefer ? variable->prefer : variable->column,
        [CANDIDATE_WHERE] = variable->where ? variable->where : variable->column,
    };
    struct candidates candidates = {.arena = arena, .has_preference = variable->prefer != NULL, .only = variable->only};
    char property[64];

    if (!fill_is(service, variable, arena, &candidates.is, cancel, err))
        return false;
    variables_property(variable, property, sizeof property);
    buffer_init(&candidates.list, 4000);
    buffer_init(&candidates.others, 4000);
    bool done = lookup_read(service, table, columns, sizeof columns / sizeof columns[0], NULL, NULL, take_candidate, &candidates, cancel, err);
    if (!done) {
        error_prefix(err, "%s of %s could not be found out (the connection property %s tells it): ", variable->name, service->definition->name, property);
    } else if (candidates.out_of_memory) {
        done = error_memory(err);
    } else if (candidates.count == 0 && candidates.other_count && !variable->standard.source) {
        done = only_others(service, variable, &candidates, property, err);
    } else if (variable->only && candidates.count > 1 && !candidates.preferred) {
        done = error_set(err, "HY000", "The sign-in opens several: set the connection property %s to one of %.700s%s", property,
                         buffer_text(&candidates.list), candidates.count > MOST_LISTED ? "…" : "");
    }
    *value = candidates.preferred ? candidates.preferred : candidates.first;
    if (done && *value)
        exist_note(context, table, table_column(&table->table, variable->column), *value);
    buffer_clear(&candidates.list);
    buffer_clear(&candidates.others);
    return done;
}
