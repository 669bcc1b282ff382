#include "fake_service.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/name.h"
#include "base/property.h"
#include "providers/provider.h"
#include "table/service.h"

struct fake_counters fake_counters;

enum { MOST_COLUMNS = 16, MOST_ROWS = 12 };

static const struct column everything_columns[] = {
    {.name = "Id", .description = "The key", .type = {TYPE_BIGINT, 0, 0}, .key = true},
    {.name = "Flag", .description = "", .type = {TYPE_BOOLEAN, 0, 0}, .nullable = true},
    {.name = "Count", .description = "", .type = {TYPE_INTEGER, 0, 0}, .nullable = true},
    {.name = "Big", .description = "", .type = {TYPE_BIGINT, 0, 0}, .nullable = true},
    {.name = "Ratio", .description = "", .type = {TYPE_DOUBLE, 0, 0}, .nullable = true},
    {.name = "Amount", .description = "", .type = {TYPE_DECIMAL, 19, 4}, .nullable = true},
    {.name = "Day", .description = "", .type = {TYPE_DATE, 0, 0}, .nullable = true},
    {.name = "Clock", .description = "", .type = {TYPE_TIME, 0, 3}, .nullable = true},
    {.name = "Moment", .description = "", .type = {TYPE_TIMESTAMP, 0, 6}, .nullable = true},
    {.name = "Name", .description = "What it is called", .type = {TYPE_STRING, 40, 0}, .nullable = true},
    {.name = "Notes", .description = "", .type = {TYPE_STRING, 0, 0}, .nullable = true},
    {.name = "Bytes", .description = "", .type = {TYPE_BINARY, 20, 0}, .nullable = true},
    {.name = "Token", .description = "", .type = {TYPE_GUID, 0, 0}, .nullable = true},
    {.name = "Document", .description = "", .type = {TYPE_JSON, 0, 0}, .nullable = true},
    {.name = "Since", .description = "Only an input", .type = {TYPE_DATE, 0, 0}, .nullable = true, .pseudo = true},
};

/* As text; "~" is NULL. Bytes are in hexadecimal. */
static const char *const everything_rows[][MOST_COLUMNS] = {
    {"1", "1", "-42", "9000000000", "2.5", "1234.5600", "2024-02-29", "23:59:58.125", "2024-02-29 23:59:58.123456", "Zoë €😀!",
     "first line", "00FF10", "01234567-89ab-cdef-0123-456789abcdef", "{\"a\":1}", "~"},
    {"2", "~", "~", "~", "~", "~", "~", "~", "~", "~", "~", "~", "~", "~", "~"},
    {"3", "0", "300", "-1", "1e300", "-0.5000", "0001-01-01", "00:00:00", "9999-12-31 00:00:00", "17.5", "2021-03-04", "",
     "ffffffff-ffff-ffff-ffff-ffffffffffff", "null", "~"},
};

static const struct column people_columns[] = {
    {.name = "Id", .description = "", .type = {TYPE_INTEGER, 0, 0}, .key = true},
    {.name = "Name", .description = "", .type = {TYPE_STRING, 20, 0}, .nullable = true},
};

static const char *const people_rows[][MOST_COLUMNS] = {
    {"1", "Ada"}, {"2", "Bob"}, {"3", "Cleo"}, {"4", "Dora"}, {"5", "Emil"},
    {"6", "Finn"}, {"7", "Gerd"}, {"8", "Hans"}, {"9", "Ines"}, {"10", "Jan"},
};

static const struct column broken_columns[] = {
    {.name = "Id", .description = "A key that may be missing", .type = {TYPE_INTEGER, 0, 0}, .nullable = true, .key = true},
    {.name = "Name", .description = "", .type = {TYPE_STRING, 20, 0}, .nullable = true},
};

static const struct column pets_columns[] = {
    {.name = "Id", .description = "", .type = {TYPE_INTEGER, 0, 0}, .key = true},
    {.name = "OwnerId", .description = "", .type = {TYPE_INTEGER, 0, 0}, .nullable = true, .references_table = "People", .references_column = "Id"},
};

static const char *const pets_rows[][MOST_COLUMNS] = {{"1", "1"}, {"2", "1"}};

struct fake_table {
    struct table table;
    const char *const (*rows)[MOST_COLUMNS];
    size_t row_count;
    bool endless;
    size_t breaks_after;    /* rows; 0 = never */
};

struct fake_service {
    struct service service;
    struct fake_table tables[6];
    const struct table *table_list[6];
    struct procedure procedures[2];
    const struct procedure *procedure_list[2];
};

struct scan {
    const struct fake_table *table;
    struct cancel *cancel;
    struct arena arena;
    size_t next;
    struct value cells[MOST_COLUMNS];
    const struct value *columns[MOST_COLUMNS];
};

static bool plan(const struct table *table, struct plan *wanted, struct error *err)
{
    (void)table;
    (void)err;
    if (fake_counters.on_plan)
        fake_counters.on_plan(fake_counters.context);
    wanted->requests = 1;
    wanted->rows = 10;
    return true;
}

static bool open_scan(const struct scan_request *request, struct scan **scan, struct error *err)
{
    *scan = calloc(1, sizeof **scan);
    if (!*scan)
        return error_memory(err);
    (*scan)->table = (const struct fake_table *)request->table;
    (*scan)->cancel = request->cancel;
    atomic_fetch_add(&fake_counters.scans, 1);
    return true;
}

static bool wait_for_cancel(struct cancel *cancel, struct error *err)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    atomic_store(&fake_counters.waiting, true);
    while (cancel_check(cancel, err))
        nanosleep(&moment, NULL);
    atomic_store(&fake_counters.waiting, false);
    return false;
}

static bool next_batch(struct scan *scan, struct batch *batch, struct error *err)
{
    const struct fake_table *table = scan->table;

    if (table->endless)
        return wait_for_cancel(scan->cancel, err);
    if (!cancel_check(scan->cancel, err))
        return false;
    if (table->breaks_after && scan->next == table->breaks_after)
        return error_set(err, "08S01", "The connection broke while table %s was read", table->table.name);
    batch->row_count = 0;
    if (scan->next == table->row_count)
        return true;
    arena_reset(&scan->arena);
    for (size_t i = 0; i < table->table.column_count; i++) {
        const char *text = table->rows[scan->next][i];
        scan->cells[i] = value_null();
        if (strcmp(text, "~") != 0 &&
            !value_from_text(&table->table.columns[i].type, text, strlen(text), &scan->arena, &scan->cells[i], err))
            return false;
        scan->columns[i] = &scan->cells[i];
    }
    scan->next++;
    batch->row_count = 1;
    batch->cells = scan->columns;
    return true;
}

static void close_scan(struct scan *scan)
{
    arena_clear(&scan->arena);
    free(scan);
    atomic_fetch_sub(&fake_counters.scans, 1);
}

static bool call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                 struct error *err)
{
    (void)cancel;
    result->row_count = 0;
    if (procedure->output_count == 0)
        return true;
    result->values = arena_array(result->arena, 2, sizeof *result->values);
    if (!result->values)
        return error_memory(err);
    result->values[0] = inputs[0];
    result->values[1] = inputs[1];
    result->row_count = 1;
    return true;
}

static bool check(struct service *service, struct cancel *cancel, struct error *err)
{
    (void)service;
    (void)cancel;
    return error_set(err, "28000", "The fake service refuses to be checked");
}

static void close_service(struct service *service)
{
    atomic_fetch_sub(&fake_counters.services, 1);
    free(service);
}

static const struct service_class class = {
    .plan = plan, .scan_open = open_scan, .scan_next = next_batch, .scan_close = close_scan, .call = call, .check = check,
    .close = close_service,
};

static const struct procedure_input echo_inputs[] = {
    {"Text", "What to say", {TYPE_STRING, 0, 0}, true, NULL},
    {"Number", "", {TYPE_INTEGER, 0, 0}, false, "7"},
};
static const struct procedure_output echo_outputs[] = {
    {"Text", "", {TYPE_STRING, 0, 0}},
    {"Number", "", {TYPE_INTEGER, 0, 0}},
};

static const struct procedure_input silent_inputs[] = {{"Größe", "", {TYPE_STRING, 9, 0}, false, "it's"}};

static void add_table(struct fake_service *fake, size_t index, struct fake_table table)
{
    table.table.service = &fake->service;
    table.table.definition = &fake->tables[index];
    fake->tables[index] = table;
    fake->table_list[index] = &fake->tables[index].table;
}

#define TABLE(title, text, of, columns_of) \
    .table = {.name = title, .description = text, .kind = of, .columns = columns_of, .column_count = sizeof columns_of / sizeof columns_of[0]}

bool provider_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service,
                   struct error *err)
{
    const char *name = properties_text(properties, PROPERTY_PROVIDER);
    const char *url = properties_text(properties, PROPERTY_URL);

    (void)log;
    if (!name || !name_equal(name, "Fake"))
        return error_set(err, "HY000", "There is no provider \"%s\"", name ? name : "");
    if (url && strcmp(url, "refuse") == 0)
        return error_set(err, "08001", "No connection to %s", url);
    if (url && strcmp(url, "wait") == 0)
        return wait_for_cancel(cancel, err);
    struct fake_service *fake = calloc(1, sizeof *fake);
    if (!fake)
        return error_memory(err);
    fake->service = (struct service){
        .class = &class, .name = "Fake", .title = "Fake", .user = "me", .tables = fake->table_list, .table_count = 6, .procedures = fake->procedure_list,
        .procedure_count = 2,
    };
    add_table(fake, 0, (struct fake_table){TABLE("Broken", "", TABLE_SYSTEM, broken_columns), .rows = people_rows, .row_count = 10,
                                           .breaks_after = 2});
    add_table(fake, 1, (struct fake_table){TABLE("Endless", "", TABLE_TABLE, people_columns), .endless = true});
    add_table(fake, 2, (struct fake_table){TABLE("Everything", "One column of every type", TABLE_TABLE, everything_columns),
                                           .rows = everything_rows, .row_count = 3});
    add_table(fake, 3, (struct fake_table){TABLE("Old_Pets", "", TABLE_VIEW, pets_columns), .rows = pets_rows, .row_count = 2});
    add_table(fake, 4, (struct fake_table){TABLE("People", "", TABLE_TABLE, people_columns), .rows = people_rows, .row_count = 10});
    add_table(fake, 5, (struct fake_table){TABLE("Pets", "", TABLE_TABLE, pets_columns), .rows = pets_rows, .row_count = 2});
    fake->procedures[0] = (struct procedure){"Echo", "Says it again", &fake->service, echo_inputs, 2, echo_outputs, 2, NULL};
    fake->procedures[1] = (struct procedure){"Silent", "", &fake->service, silent_inputs, 1, NULL, 0, NULL};
    fake->procedure_list[0] = &fake->procedures[0];
    fake->procedure_list[1] = &fake->procedures[1];
    atomic_fetch_add(&fake_counters.services, 1);
    *service = &fake->service;
    return true;
}

bool provider_choices(const struct properties *properties, struct arena *arena, struct provider_choices *choices, struct error *err)
{
    const char *name = properties_text(properties, PROPERTY_PROVIDER);

    (void)arena;
    *choices = (struct provider_choices){.names = "Fake, Other", .schemes = name ? "OAuth Bearer None" : ""};
    return !name || name_equal(name, "Fake") || error_set(err, "HY000", "There is no provider \"%s\"", name);
}
