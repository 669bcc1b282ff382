/* Reading a table: its script is run, and what it pushes are the rows. Records that it pushes as they are are read page by page, when they
 * are wanted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "base/warnings.h"
#include "oauth/credential.h"
#include "providers/rows/coerce.h"
#include "providers/script/records.h"
#include "providers/script/run.h"
#include "providers/script/service.h"

enum { MOST_ROWS = 2000000 /* pushed one by one in a run */, MOST_RUNS = 10000, MOST_PAGES_BY_MARK = 100000 };

/* --- planning --- */

static bool is_required(const struct script_table *table, const char *name)
{
    const struct element *info = table->script ? table->script->info : NULL;

    for (const struct element *child = info ? info->first : NULL; child; child = child->next) {
        const struct element_parameter *own = element_parameter(child, "name"), *required = element_parameter(child, "req");
        if (!required)
            required = element_parameter(child, "required");
        if (name_equal(child->name, "input") && own && name_equal(own->raw, name) && required && run_is_true(required->raw)
            && !element_parameter(child, "def") && !element_parameter(child, "default"))
            return true;
    }
    return false;
}

/* Lists of values are served by a run of the script for each. */
static bool can_take(const struct script_table *table, const struct plan_condition *condition)
{
    const struct script_column *column = &table->columns[condition->column];

    return condition->usable && (condition->op == FILTER_EQUAL || condition->op == FILTER_IN) && (column->listens || column->parameter);
}

bool script_plan(const struct table *table, struct plan *plan, struct error *err)
{
    const struct script_table *own = table->definition;
    bool narrowed = false;

    if (table->fault)
        return error_set(err, "HY000", "Table %s can not be used: %s", table->name, table->fault);
    for (size_t i = 0; i < table->column_count; i++) {
        struct plan_condition *taken = NULL;
        for (size_t j = 0; j < plan->condition_count && !taken; j++)
            if (plan->conditions[j].column == (int)i && can_take(own, &plan->conditions[j]))
                taken = &plan->conditions[j];
        if (taken) {
            taken->taken = true;
            taken->exact = table->columns[i].pseudo;
            narrowed = true;
        } else if (table->columns[i].pseudo && is_required(own, table->columns[i].name)) {
            return error_set(err, "42000", "Table %s needs a value for its input %s: WHERE %s = …", table->name, table->columns[i].name,
                             table->columns[i].name);
        }
    }
    plan->requests = 1;
    plan->rows = narrowed ? 50 : 1000;
    return true;
}

/* --- a scan --- */

/* What a script has pushed: a request for records, or rows. */
struct part {
    struct part *next;
    struct record_request *request;
    struct arena arena;
    struct value *rows;                  /* row-major */
    size_t count, room;
};

struct scan {
    const struct script_service *service;
    const struct script_table *table;
    bool *wanted;
    struct filter *filters;              /* copied; of those with several values each is taken in turn */
    size_t filter_count;
    size_t *turns;
    bool begun, over;
    size_t runs;
    struct item input, query;
    struct shape plain;                  /* for values that come as texts */
    struct part *first, *last;
    struct record_pages *pages;
    size_t given;                        /* rows of the first part */
    char *mark;                          /* rows@next of the last item pushed */
    size_t marks;
    struct arena arena;
    struct value **columns;              /* of the batch: where rows are put together here */
    const struct value **cells;
    struct cancel *cancel;
    struct warnings *warnings;
    int64_t limit;
};

static void part_close(struct part *part)
{
    record_request_close(part->request);
    arena_clear(&part->arena);
    free(part->rows);
    free(part);
}

void script_scan_close(struct scan *scan)
{
    if (!scan)
        return;
    record_pages_close(scan->pages);
    while (scan->first) {
        struct part *next = scan->first->next;
        part_close(scan->first);
        scan->first = next;
    }
    item_clear(&scan->input);
    item_clear(&scan->query);
    free(scan->mark);
    arena_clear(&scan->arena);
    free(scan);
}

static struct part *add_part(struct scan *scan)
{
    struct part *made = calloc(1, sizeof *made);

    if (!made)
        return NULL;
    if (scan->last)
        scan->last->next = made;
    else
        scan->first = made;
    scan->last = made;
    return made;
}

static bool copy_filters(struct scan *scan, const struct scan_request *request, struct error *err)
{
    size_t count = request->filter_count;

    scan->filters = arena_array(&scan->arena, count + 1, sizeof *scan->filters);
    scan->turns = arena_array(&scan->arena, count + 1, sizeof *scan->turns);
    if (!scan->filters || !scan->turns)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct filter *filter = &request->filters[i];
        struct value *values = arena_array(&scan->arena, filter->value_count + 1, sizeof *values);
        if (!values)
            return error_memory(err);
        for (size_t j = 0; j < filter->value_count; j++) {
            values[j] = filter->values[j];
            bool text = values[j].storage == STORAGE_TEXT || values[j].storage == STORAGE_BLOB;
            if (text && !(values[j].text = arena_copy(&scan->arena, values[j].text, values[j].length)))
                return error_memory(err);
        }
        scan->filters[i] = (struct filter){.column = filter->column, .op = filter->op, .values = values, .value_count = filter->value_count};
        if (filter->value_count == 0)
            scan->over = true;
    }
    scan->filter_count = count;
    return true;
}

/* The value that a column is compared with in this run; NULL: it is with none. */
static const struct value *compared(const struct scan *scan, size_t column)
{
    for (size_t i = 0; i < scan->filter_count; i++)
        if (scan->filters[i].column == (int)column)
            return &scan->filters[i].values[scan->turns[i]];
    return NULL;
}

bool script_scan_open(const struct scan_request *request, struct scan **result, struct error *err)
{
    const struct table *table = request->table;
    size_t count = table->column_count;
    struct scan *scan = calloc(1, sizeof *scan);

    if (!scan)
        return error_memory(err);
    scan->service = (const struct script_service *)table->service;
    scan->table = table->definition;
    scan->cancel = request->cancel;
    scan->warnings = request->warnings;
    scan->limit = request->limit;
    item_init(&scan->input, NULL);
    item_init(&scan->query, NULL);
    scan->wanted = arena_array(&scan->arena, count + 1, sizeof *scan->wanted);
    scan->columns = arena_array(&scan->arena, count + 1, sizeof *scan->columns);
    scan->cells = arena_array(&scan->arena, count + 1, sizeof *scan->cells);
    struct shape_column *plain = arena_array(&scan->arena, count + 1, sizeof *plain);
    bool done = (scan->wanted && scan->columns && scan->cells && plain) || error_memory(err);
    if (done) {
        scan->plain = (struct shape){.table = table, .columns = plain};
        memcpy(scan->wanted, request->wanted, count * sizeof *scan->wanted);
        done = copy_filters(scan, request, err);
    }
    /* What a row is held against must be read. */
    for (size_t i = 0; done && i < scan->filter_count; i++)
        if (scan->filters[i].value_count > 1)
            scan->wanted[scan->filters[i].column] = true;
    for (size_t i = 0; done && i < count; i++)
        if (scan->wanted[i] && !(scan->columns[i] = arena_array(&scan->arena, DECODE_ROWS, sizeof **scan->columns)))
            done = error_memory(err);
    if (done)
        *result = scan;
    else
        script_scan_close(scan);
    return done;
}

/* --- what a script is told --- */

static bool fill_query(struct scan *scan)
{
    const struct table *table = &scan->table->table;
    struct buffer columns, criteria;
    char limit[32];

    buffer_init(&columns, 1 << 20);
    buffer_init(&criteria, 1 << 20);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct value *value = compared(scan, i);
        char scratch[VALUE_SCRATCH];
        size_t length;
        if (scan->wanted[i] && !table->columns[i].pseudo)
            buffer_printf(&columns, "%s[%s]", columns.length ? "," : "", table->columns[i].name);
        if (!value)
            continue;
        buffer_printf(&criteria, "%s[%s] = '", criteria.length ? " AND " : "", table->columns[i].name);
        for (const char *c = value_as_text(value, scratch, &length); *c; c++)
            buffer_printf(&criteria, "%s%c", *c == '\'' ? "'" : "", *c);
        buffer_append_char(&criteria, '\'');
    }
    snprintf(limit, sizeof limit, "%lld", (long long)scan->limit);
    bool done = item_set(&scan->query, "tablename", table->name) && item_set(&scan->query, "table", table->name)
                && item_set(&scan->query, "selectcolumns", buffer_text(&columns)) && item_set(&scan->query, "criteria", buffer_text(&criteria))
                && (scan->limit < 0 || item_set(&scan->query, "limit", limit));
    for (size_t i = 0; done && i < table->column_count; i++) {
        const struct value *value = compared(scan, i);
        done = !value || item_attribute(&scan->query, table->columns[i].name) || item_set_value(&scan->query, table->columns[i].name, &table->columns[i].type, value);
    }
    buffer_clear(&columns);
    buffer_clear(&criteria);
    return done;
}

static bool fill_items(struct scan *scan, struct error *err)
{
    const struct table *table = &scan->table->table;
    bool done = true;

    item_clear(&scan->input);
    item_clear(&scan->query);
    for (size_t i = 0; done && i < table->column_count; i++) {
        const struct value *value = compared(scan, i);
        done = !value || value_is_null(value) || item_set_value(&scan->input, table->columns[i].name, &table->columns[i].type, value);
    }
    if (!done || !fill_query(scan) || (scan->mark && !item_set(&scan->input, "rows@next", scan->mark)))
        return error_memory(err);
    return !scan->table->script || info_fill_input(scan->table->script, &scan->input, err);
}

/* --- what it pushes --- */

static bool grow_rows(struct part *part, size_t width)
{
    if (part->count < part->room)
        return true;
    size_t room = part->room ? part->room * 2 : 64;
    struct value *rows = reallocarray(part->rows, room * (width + 1), sizeof *rows);
    if (!rows)
        return false;
    part->rows = rows;
    part->room = room;
    return true;
}

static bool push_row(void *context, const struct item *item, struct error *err)
{
    struct scan *scan = context;
    const struct table *table = &scan->table->table;
    size_t width = table->column_count;
    struct part *part = scan->last && !scan->last->request ? scan->last : add_part(scan);
    const char *mark = item_first(item, "rows@next");
    struct buffer text;
    bool done = true;

    if (!part || !grow_rows(part, width))
        return error_memory(err);
    if (part->count == MOST_ROWS)
        return error_set(err, "HY000", "Table %s: the script pushes more than %d rows", table->name, MOST_ROWS);
    struct value *row = &part->rows[part->count * width];
    buffer_init(&text, ASK_LARGEST);
    for (size_t i = 0; done && i < width; i++) {
        const struct value *value = compared(scan, i);
        row[i] = value_null();
        buffer_reset(&text);
        if (!scan->wanted[i])
            continue;
        if (item_value(item, table->columns[i].name, &text))
            done = coerce_key(&scan->plain, (int)i, buffer_text(&text), text.length, &part->arena, scan->warnings, &row[i], err);
        else if (value && (table->columns[i].pseudo || (scan->table->columns[i].path && !*scan->table->columns[i].path)))
            row[i] = *value;
    }
    buffer_clear(&text);
    part->count += done;
    if (mark && done) {
        free(scan->mark);
        scan->mark = strdup(mark);
        done = scan->mark || error_memory(err);
    }
    return done;
}

static bool push_records(void *context, struct record_request *request, struct error *err)
{
    struct part *part = add_part(context);

    if (part)
        part->request = request;
    else
        record_request_close(request);
    return part || error_memory(err);
}

static struct run_setup setup_of(struct scan *scan)
{
    return (struct run_setup){
        .world = &scan->service->world,
        .script = scan->table->script,
        .method = "GET",
        .input = &scan->input,
        .query = &scan->query,
        .table = scan->table,
        .sink = {.push = push_row, .records = push_records, .context = scan},
        .cancel = scan->cancel,
        .warnings = scan->warnings,
    };
}

static bool run_script(struct scan *scan, struct error *err)
{
    const struct run_setup setup = setup_of(scan);

    if (!fill_items(scan, err))
        return false;
    free(scan->mark);
    scan->mark = NULL;
    return script_run(&setup, err);
}

/* Turns to the next combination of values. False: there is none. */
static bool turn(struct scan *scan)
{
    for (size_t i = scan->filter_count; i-- > 0;) {
        if (++scan->turns[i] < scan->filters[i].value_count)
            return true;
        scan->turns[i] = 0;
    }
    return false;
}

/* Runs the script once more, if there is reason to. */
static bool run_next(struct scan *scan, struct error *err)
{
    bool goes_on = scan->mark && *scan->mark;

    if (goes_on && ++scan->marks > MOST_PAGES_BY_MARK)
        return error_set(err, "HY000", "Table %s: the script has set rows@next %d times", scan->table->table.name, MOST_PAGES_BY_MARK);
    if (!goes_on && scan->begun && !turn(scan)) {
        scan->over = true;
        return true;
    }
    scan->begun = true;
    if (++scan->runs > MOST_RUNS && !goes_on)
        return error_set(err, "HY000", "Table %s: the query compares its inputs with more than %d combinations of values", scan->table->table.name, MOST_RUNS);
    if (scan->table->script)
        return run_script(scan, err);
    struct part *part = add_part(scan);
    return part || error_memory(err);
}

/* --- rows --- */

/* Where a column has been compared with several values, a row counts in the run for its own alone: a service that does not look at the value
 * would tell it in each. */
static bool belongs(const struct scan *scan, const struct value *const *cells, size_t row)
{
    for (size_t i = 0; i < scan->filter_count; i++) {
        const struct filter *filter = &scan->filters[i];
        const struct column *column = &scan->table->table.columns[filter->column];
        const struct value *cell = cells[filter->column] ? &cells[filter->column][row] : NULL;
        if (filter->value_count < 2 || column->pseudo || !cell)
            continue;
        if (value_is_null(cell) || value_compare(column->type.kind, cell, &filter->values[scan->turns[i]]) != 0)
            return false;
    }
    return true;
}

static bool compares_several(const struct scan *scan)
{
    for (size_t i = 0; i < scan->filter_count; i++)
        if (scan->filters[i].value_count > 1)
            return true;
    return false;
}

static void set_batch(struct scan *scan, struct batch *batch, size_t rows)
{
    *batch = (struct batch){.row_count = rows, .cells = scan->cells};
    if (!compares_several(scan))
        return;
    size_t kept = 0;
    for (size_t row = 0; row < rows; row++) {
        if (!belongs(scan, scan->cells, row))
            continue;
        for (size_t i = 0; i < scan->table->table.column_count; i++)
            if (scan->cells[i])
                scan->columns[i][kept] = scan->cells[i][row];
        kept++;
    }
    for (size_t i = 0; i < scan->table->table.column_count; i++)
        if (scan->cells[i])
            scan->cells[i] = scan->columns[i];
    batch->row_count = kept;
}

/* Columns that no answer has say what they were compared with. */
static void echo(struct scan *scan, size_t column, size_t rows)
{
    const struct value *value = compared(scan, column);

    for (size_t row = 0; row < rows; row++)
        scan->columns[column][row] = value ? *value : value_null();
    scan->cells[column] = scan->columns[column];
}

static bool read_records(struct scan *scan, const struct record_request *request, struct batch *batch, bool *ended, struct error *err)
{
    size_t rows;

    if (!scan->pages && !record_pages_open(request, scan->wanted, scan->cancel, scan->warnings, &scan->pages, err))
        return false;
    if (!record_pages_next(scan->pages, &rows, err))
        return false;
    if (rows == 0) {
        record_pages_close(scan->pages);
        scan->pages = NULL;
        *ended = true;
        return true;
    }
    const struct value *const *cells = record_pages_cells(scan->pages);
    for (size_t i = 0; i < scan->table->table.column_count; i++) {
        scan->cells[i] = scan->wanted[i] ? cells[i] : NULL;
        if (scan->wanted[i] && !cells[i])
            echo(scan, i, rows);
    }
    set_batch(scan, batch, rows);
    return true;
}

static void read_rows(struct scan *scan, const struct part *part, struct batch *batch, bool *ended)
{
    size_t width = scan->table->table.column_count, rows = part->count - scan->given;

    if (rows > DECODE_ROWS)
        rows = DECODE_ROWS;
    *ended = rows == 0;
    for (size_t i = 0; i < width; i++) {
        for (size_t row = 0; scan->wanted[i] && row < rows; row++)
            scan->columns[i][row] = part->rows[(scan->given + row) * width + i];
        scan->cells[i] = scan->wanted[i] ? scan->columns[i] : NULL;
    }
    scan->given += rows;
    set_batch(scan, batch, rows);
}

static void drop_part(struct scan *scan)
{
    struct part *part = scan->first;

    scan->first = part->next;
    if (!scan->first)
        scan->last = NULL;
    scan->given = 0;
    part_close(part);
}

bool script_scan_next(struct scan *scan, struct batch *batch, struct error *err)
{
    *batch = (struct batch){.cells = scan->cells};
    if (scan->service->credential && scan->warnings)
        credential_warn(scan->service->credential, scan->warnings);
    while (batch->row_count == 0) {
        bool ended = false;
        if (!scan->first) {
            if (scan->over)
                return true;
            if (!run_next(scan, err))
                return false;
            continue;
        }
        const struct record_request *request = scan->table->script ? scan->first->request : scan->table->request;
        if (!request)
            read_rows(scan, scan->first, batch, &ended);
        else if (!read_records(scan, request, batch, &ended, err))
            return false;
        if (ended)
            drop_part(scan);
    }
    return true;
}

/* --- telling --- */

/* The filters with something in the place of values that are not known yet. */
static struct filter *name_filters(const struct scan_request *request, const char *const *names, struct arena *arena)
{
    struct filter *filters = arena_array(arena, request->filter_count + 1, sizeof *filters);

    for (size_t i = 0; filters && i < request->filter_count; i++) {
        filters[i] = request->filters[i];
        if (!names[i] || filters[i].value_count)
            continue;
        struct value *value = arena_alloc(arena, sizeof *value);
        if (!value)
            return NULL;
        *value = value_text(names[i], strlen(names[i]));
        filters[i].values = value;
        filters[i].value_count = 1;
    }
    return filters;
}

/* What the script would ask for first; "" where that takes asking somebody else before, or can not be seen with these values. */
static bool look(struct scan *scan, struct buffer *out, struct error *err)
{
    struct run_setup setup = setup_of(scan);
    struct error why = {0};

    setup.looks = true;
    if ((!fill_items(scan, &why) || !script_run(&setup, &why)) && strcmp(why.sqlstate, "HY001") == 0)
        return error_memory(err);
    return !scan->first || !scan->first->request || record_request_print(scan->first->request, out, err);
}

/* How often the script is run. */
static size_t runs_of(const struct scan *scan)
{
    size_t runs = 1;

    for (size_t i = 0; i < scan->filter_count && runs < MOST_RUNS; i++)
        runs *= scan->filters[i].value_count;
    return runs;
}

bool script_describe(const struct scan_request *request, const char *const *names, struct arena *arena, struct scan_description *description,
                     struct error *err)
{
    const struct script_table *table = request->table->definition;
    struct scan_request named = *request;
    struct scan *scan;
    struct buffer text;

    *description = (struct scan_description){.request = ""};
    if (!(named.filters = name_filters(request, names, arena)))
        return error_memory(err);
    if (!script_scan_open(&named, &scan, err))
        return false;
    buffer_init(&text, 1 << 20);
    bool done = table->script ? look(scan, &text, err) : record_request_print(table->request, &text, err);
    if (done && table->script)
        buffer_printf(&text, text.length ? " (%s)" : "%s", table->script->file);
    size_t runs = runs_of(scan);
    if (done) {
        description->request = arena_text(arena, buffer_text(&text));
        description->paging = runs > 1 ? arena_printf(arena, "%zu runs of the script", runs) : NULL;
        done = (!text.failed && description->request && (runs < 2 || description->paging)) || error_memory(err);
    }
    buffer_clear(&text);
    script_scan_close(scan);
    return done;
}
