#include "providers/definition/exist.h"

#include <string.h>

#include "base/error.h"
#include "base/warnings.h"
#include "providers/definition/lookup.h"
#include "providers/definition/service.h"

struct existing_value {
    struct existing_value *next;
    const struct definition_table *table;
    int column;
    const char *text;
    const char *hidden;              /* why it has no rows all the same: "Status trashed"; NULL: nothing hides it */
};

bool existing_open(struct existing *existing, struct error *err)
{
    return pthread_mutex_init(&existing->lock, NULL) == 0 || error_memory(err);
}

void existing_close(struct existing *existing)
{
    arena_clear(&existing->arena);
    pthread_mutex_destroy(&existing->lock);
}

/* Keeps nothing when out of memory: it is asked for again. */
static void keep(struct existing *existing, const struct definition_table *table, int column, const char *text, const char *hidden)
{
    pthread_mutex_lock(&existing->lock);
    struct existing_value *made = arena_alloc(&existing->arena, sizeof *made);
    const char *copy = arena_text(&existing->arena, text), *why = hidden ? arena_text(&existing->arena, hidden) : NULL;
    if (made && copy && (why || !hidden)) {
        *made = (struct existing_value){existing->first, table, column, copy, why};
        existing->first = made;
    }
    pthread_mutex_unlock(&existing->lock);
}

void exist_note(struct described_service *service, const struct definition_table *table, int column, const char *text)
{
    keep(&service->existing, table, column, text, NULL);
}

static const struct existing_value *find(struct existing *existing, const struct definition_table *table, int column, const char *text)
{
    pthread_mutex_lock(&existing->lock);
    const struct existing_value *value = existing->first;
    while (value && (value->table != table || value->column != column || strcmp(value->text, text) != 0))
        value = value->next;
    pthread_mutex_unlock(&existing->lock);
    return value;
}

static bool is_fixed(const struct template *standard)
{
    return standard->source && standard->part_count == 1 && standard->parts[0].kind == PART_TEXT;
}

/* "Status trashed" where the row is none of those that the table shows by itself. In the arena. */
static bool see_row(const struct definition_table *table, const struct batch *batch, struct arena *arena, const char **hidden)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    for (size_t i = 0; i < table->table.column_count && !*hidden; i++) {
        const struct template *standard = &table->columns[i].standard;
        if (!is_fixed(standard) || table->table.columns[i].pseudo || !batch->cells[i] || value_is_null(&batch->cells[i][0])
            || lookup_has_text(&batch->cells[i][0], standard->source))
            continue;
        const char *text = value_as_text(&batch->cells[i][0], scratch, &length);
        *hidden = arena_printf(arena, "%s %.*s", table->table.columns[i].name, (int)length, text);
        if (!*hidden)
            return false;
    }
    return true;
}

/* Reads the row; *found: there is one. */
static bool ask(const struct described_service *service, const struct definition_table *table, int column, const struct value *value,
                struct arena *arena, bool *found, const char **hidden, struct cancel *cancel, struct error *err)
{
    bool *wanted = arena_array(arena, table->table.column_count, sizeof *wanted);
    const struct filter filter = {.column = column, .op = FILTER_EQUAL, .values = value, .value_count = 1};
    struct table own = table->table;
    struct batch batch = {0};
    struct scan *scan;

    if (!wanted)
        return error_memory(err);
    own.service = (struct service *)&service->service;
    for (size_t i = 0; i < table->table.column_count; i++)
        wanted[i] = (int)i == column || (is_fixed(&table->columns[i].standard) && !table->table.columns[i].pseudo);
    const struct scan_request request = {
        .table = &own, .wanted = wanted, .filters = &filter, .filter_count = 1, .named = table_naming(&own, (size_t)column), .limit = -1, .cancel = cancel,
    };
    if (!described_scan_open(&request, &scan, err))
        return false;
    described_scan_demand(scan);
    bool done = described_scan_next(scan, &batch, err);
    *found = done && batch.row_count;
    if (*found && !see_row(table, &batch, arena, hidden))
        done = error_memory(err);
    described_scan_close(scan);
    return done;
}

bool exist_check(const struct described_service *service, const struct definition_table *table, size_t column, const struct value *value,
                 struct warnings *warnings, struct cancel *cancel, struct error *err)
{
    struct existing *existing = (struct existing *)&service->existing;
    const struct column *shown = &table->table.columns[column];
    const struct definition_table *other = definition_table(service->definition, shown->references_table);
    int key = other && !other->table.fault ? table_column(&other->table, shown->references_column) : -1;
    struct arena arena = {0};
    char scratch[VALUE_SCRATCH];
    const char *hidden = NULL;
    size_t length;
    bool found = true, done = true;

    if (key < 0)
        return true;
    const char *text = value_as_text(value, scratch, &length);
    const char *copy = arena_copy(&arena, text, length);
    const struct existing_value *known = copy ? find(existing, other, key, copy) : NULL;
    if (!copy) {
        done = error_memory(err);
    } else if (known) {
        hidden = known->hidden;
    } else {
        done = ask(service, other, key, value, &arena, &found, &hidden, cancel, err);
        if (done && !found)
            done = error_set(err, "42S02", "%s has no %s %.100s that is shown to who signed in", other->table.name, shown->references_column, copy);
        if (done)
            keep(existing, other, key, copy, hidden);
        else
            error_prefix(err, "%s of table %s: ", shown->name, table->table.name);
    }
    if (done && hidden && warnings)
        warnings_add(warnings, hidden, "01000", "%s has no rows of %s %.100s, which stands in %s with %s", table->table.name, shown->name, copy,
                     other->table.name, hidden);
    arena_clear(&arena);
    return done;
}
