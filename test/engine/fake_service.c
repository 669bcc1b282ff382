#include "fake_service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/error.h"
#include "fake_groups.h"
#include "table/term.h"

enum { BATCH_ROWS = 2, BIG_BATCH = 5000, BIG_ROWS = 1000000, LOG_LIMIT = 1 << 20 };

static const char *const op_words[] = {"=", "in", "<", "<=", ">", ">=", "<>", "like", "null", "notnull"};

struct scan {
    struct fake_service *fake;
    const struct fake_table *table;
    bool wanted[80];
    struct arena arena;        /* the rows */
    struct value **rows;
    size_t count, next;
    size_t width;              /* of a row */
    int64_t limit, given;
    struct cancel *cancel;
    struct value **cells;      /* the present batch: each column in memory of its own, freed with the next batch */
    char **texts;
    size_t text_count;
    int64_t counter;           /* of a big table */
    int batches;
};

static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static const struct fake_filter *find_filter(const struct fake_table *fake, int column, enum filter_op op)
{
    for (const struct fake_filter *filter = fake->filters; filter->column; filter++)
        if (strcmp(fake->table.columns[column].name, filter->column) == 0 && has_word(filter->ops, op_words[op]))
            return filter;
    return NULL;
}

static bool fake_plan(const struct table *table, struct plan *plan, struct error *err)
{
    const struct fake_table *fake = table->definition;
    double rows = 1000, requests = 10;
    struct fake_service *service = (struct fake_service *)table->service;

    service->plans++;
    if (service->cancel_at_plan)
        cancel_request(service->cancel_at_plan);
    for (size_t i = 0; i < plan->condition_count; i++) {
        struct plan_condition *condition = &plan->conditions[i];
        const struct fake_filter *filter = condition->usable ? find_filter(fake, condition->column, condition->op) : NULL;
        if (!filter)
            continue;
        condition->taken = true;
        condition->exact = filter->exact;
        rows = rows > 10 ? rows / 10 : 1;
        requests = requests > 2 ? requests / 2 : 1;
    }
    for (size_t i = 0; i < plan->term_count; i++) {
        plan->terms[i].taken = true;
        rows = rows * term_share(table, plan->terms[i].term, rows);
        requests = requests > 2 ? requests / 2 : 1;
    }
    for (const struct fake_filter *filter = fake->filters; filter->column; filter++) {
        bool given = !filter->required;
        for (size_t i = 0; i < plan->condition_count; i++)
            given = given || (plan->conditions[i].taken &&
                              strcmp(table->columns[plan->conditions[i].column].name, filter->column) == 0);
        if (!given)
            return error_set(err, "42000", "Table %s can only be read with a condition on %s, e.g. WHERE %s = 1", table->name,
                             filter->column, filter->column);
    }
    plan->order_taken = plan->order_count > 0;
    for (size_t i = 0; i < plan->order_count; i++)
        plan->order_taken = plan->order_taken && has_word(fake->order, table->columns[plan->order[i].column].name);
    plan->rows = rows;
    plan->requests = requests;
    return true;
}

/* "groups=GroupId;n,sBalance" */
static void write_groups(struct buffer *log, const struct scan_request *request)
{
    const struct aggregation *aggregation = request->aggregation;

    for (size_t i = 0; i < aggregation->group_count; i++)
        buffer_printf(log, "%s%s", i ? "," : " groups=", request->table->columns[aggregation->groups[i]].name);
    for (size_t i = 0; i < aggregation->aggregate_count; i++) {
        const struct aggregate_column *aggregate = &aggregation->aggregates[i];
        buffer_printf(log, "%s%c%s", i ? "," : " aggregates=", "ncdsvlh"[aggregate->function],
                      aggregate->column >= 0 ? request->table->columns[aggregate->column].name : "");
    }
}

/* "any(Id=1,call4(Name)='x')" */
static void write_term(struct buffer *log, const struct table *table, const struct term *term)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    if (term->kind == TERM_COLUMN)
        buffer_append_text(log, table->columns[term->column].name);
    if (term->kind == TERM_VALUE) {
        const char *text = term->parameter >= 0 ? "?" : value_is_null(&term->value) ? "~" : value_as_text(&term->value, scratch, &length);
        buffer_append_text(log, text);
    }
    if (term->kind == TERM_CALL)
        buffer_printf(log, "call%d(", (int)term->function);
    if (term->kind == TERM_ALL || term->kind == TERM_ANY)
        buffer_append_text(log, term->kind == TERM_ALL ? "all(" : "any(");
    for (size_t i = 0; i < term->count; i++) {
        buffer_append_text(log, i == 0 ? "" : i == 1 && term->kind == TERM_TEST ? op_words[term->op] : ",");
        write_term(log, table, term->operands[i]);
    }
    if (term->kind == TERM_TEST && term->count == 1)
        buffer_printf(log, ".%s", op_words[term->op]);
    buffer_append_text(log, term->kind == TERM_CALL || term->kind == TERM_ALL || term->kind == TERM_ANY ? ")" : "");
}

static void write_down(struct buffer *log, const struct scan_request *request)
{
    char scratch[VALUE_SCRATCH];
    size_t length;
    const char *comma = "";

    buffer_printf(log, "%s wanted=", request->table->name);
    for (size_t i = 0; i < request->table->column_count; i++)
        if (request->wanted[i]) {
            buffer_printf(log, "%s%s", comma, request->table->columns[i].name);
            comma = ",";
        }
    for (size_t i = 0; i < request->filter_count; i++) {
        const struct filter *filter = &request->filters[i];
        const char *word = op_words[filter->op];
        bool letters = word[0] >= 'a';
        buffer_printf(log, " %s%s%s", request->table->columns[filter->column].name, letters ? "." : "", word);
        if (filter->op == FILTER_IN)
            buffer_append_char(log, '(');
        else if (letters && filter->value_count)
            buffer_append_char(log, ':');
        for (size_t j = 0; j < filter->value_count; j++) {
            const char *text = value_as_text(&filter->values[j], scratch, &length);
            buffer_printf(log, "%s%.*s", j ? "," : "", (int)length, text);
        }
        if (filter->op == FILTER_IN)
            buffer_append_char(log, ')');
    }
    for (size_t i = 0; i < request->term_count; i++) {
        buffer_append_char(log, ' ');
        write_term(log, request->table, request->terms[i]);
    }
    for (size_t i = 0; i < request->order_count; i++)
        buffer_printf(log, "%s%s%s", i ? "," : " order=", request->table->columns[request->order[i].column].name,
                      request->order[i].descending ? "-" : "");
    if (request->aggregation)
        write_groups(log, request);
    if (request->limit >= 0)
        buffer_printf(log, " limit=%lld", (long long)request->limit);
    buffer_append_char(log, '\n');
}

/* Patterns of the form prefix%. */
static bool like_prefix(const struct value *value, const struct value *pattern)
{
    size_t prefix = pattern->length - 1;
    return value->length >= prefix && memcmp(value->text, pattern->text, prefix) == 0;
}

static bool passes(const struct fake_table *fake, const struct value *row, const struct filter *filter)
{
    const struct value *cell = &row[filter->column];
    enum type_kind kind = fake->table.columns[filter->column].type.kind;

    if (!find_filter(fake, filter->column, filter->op)->exact || fake->table.columns[filter->column].pseudo)
        return true;
    if (filter->op == FILTER_IS_NULL || filter->op == FILTER_IS_NOT_NULL)
        return value_is_null(cell) == (filter->op == FILTER_IS_NULL);
    if (value_is_null(cell))
        return false;
    for (size_t i = 0; i < filter->value_count; i++) {
        int order = value_compare(kind, cell, &filter->values[i]);
        bool result[] = {order == 0, order == 0, order < 0, order <= 0, order > 0, order >= 0, order != 0};
        if (filter->op == FILTER_LIKE ? like_prefix(cell, &filter->values[i]) : result[filter->op])
            return true;
    }
    return false;
}

/* Columns against values of their types; of calls it applies nothing. */
static bool passes_term(const struct table *table, const struct value *row, const struct term *term)
{
    bool any = term->kind == TERM_ANY;

    if (any || term->kind == TERM_ALL) {
        for (size_t i = 0; i < term->count; i++)
            if (passes_term(table, row, term->operands[i]) == any)
                return any;
        return !any;
    }
    if (term->operands[0]->kind != TERM_COLUMN || term->op == FILTER_LIKE)
        return true;
    const struct value *cell = &row[term->operands[0]->column];
    enum type_kind kind = table->columns[term->operands[0]->column].type.kind;
    if (term->op == FILTER_IS_NULL || term->op == FILTER_IS_NOT_NULL)
        return value_is_null(cell) == (term->op == FILTER_IS_NULL);
    for (size_t i = 1; i < term->count; i++) {
        if (term->operands[i]->kind != TERM_VALUE)
            return true;
        const struct value *value = &term->operands[i]->value;
        if (value_is_null(cell) || value_is_null(value))
            continue;
        int order = value_compare(kind, cell, value);
        bool result[] = {order == 0, order == 0, order < 0, order <= 0, order > 0, order >= 0, order != 0};
        if (result[term->op])
            return true;
    }
    return false;
}

static bool read_row(const struct table *table, const char *text, struct arena *arena, struct value *row, struct error *err)
{
    for (size_t i = 0; i < table->column_count; i++) {
        size_t length = strcspn(text, "|");
        if (length == 1 && *text == '~')
            row[i] = value_null();
        else if (!value_from_text(&table->columns[i].type, text, length, arena, &row[i], err))
            return false;
        text += length;
        text += *text == '|';
    }
    return true;
}

static int compare_rows(const struct table *table, const struct scan_request *request, const struct value *a, const struct value *b)
{
    for (size_t i = 0; i < request->order_count; i++) {
        int column = request->order[i].column;
        bool a_null = value_is_null(&a[column]), b_null = value_is_null(&b[column]);
        int order = a_null || b_null ? b_null - a_null : value_compare(table->columns[column].type.kind, &a[column], &b[column]);
        if (order)
            return request->order[i].descending ? -order : order;
    }
    return 0;
}

static void fake_close(struct scan *scan);

static bool load(struct scan *scan, const struct scan_request *request, struct error *err)
{
    const struct table *table = request->table;
    size_t total = 0;

    for (const char *const *row = scan->table->rows; row && *row; row++)
        total++;
    scan->rows = arena_array(&scan->arena, total + 1, sizeof *scan->rows);
    for (size_t i = 0; i < total; i++) {
        struct value *row = arena_array(&scan->arena, table->column_count, sizeof *row);
        bool good = true;
        if (!read_row(table, scan->table->rows[i], &scan->arena, row, err))
            return false;
        for (size_t j = 0; j < request->filter_count; j++) {
            const struct filter *filter = &request->filters[j];
            good = good && passes(scan->table, row, filter);
            if (table->columns[filter->column].pseudo && /* the cell of an input repeats what was asked for */
                !value_from_text(&table->columns[filter->column].type, filter->values->text, filter->values->length, &scan->arena,
                                 &row[filter->column], err))
                return false;
        }
        for (size_t j = 0; j < request->term_count; j++)
            good = good && passes_term(table, row, request->terms[j]);
        if (!good)
            continue;
        size_t at = scan->count++;
        for (; at > 0 && compare_rows(table, request, scan->rows[at - 1], row) > 0; at--)
            scan->rows[at] = scan->rows[at - 1];
        scan->rows[at] = row;
    }
    scan->width = table->column_count;
    if (!request->aggregation)
        return true;
    for (size_t i = 0; i < request->aggregation->aggregate_count; i++)
        if (request->aggregation->aggregates[i].function == AGGREGATE_COUNT_DISTINCT)
            return error_set(err, NOT_AGGREGATED, "The fake does not count distinct values");
    scan->width = request->aggregation->group_count + request->aggregation->aggregate_count;
    memset(scan->wanted, 1, sizeof scan->wanted);
    scan->rows = fake_groups(table, request->aggregation, scan->rows, scan->count, &scan->arena, &scan->count);
    return true;
}

static bool fake_open(const struct scan_request *request, struct scan **result, struct error *err)
{
    struct fake_service *fake = (struct fake_service *)request->table->service;

    write_down(&fake->log, request);
    if (++fake->opens == fake->fail_open)
        return error_set(err, "08S01", "The fake refuses to open %s", request->table->name);
    struct scan *scan = calloc(1, sizeof *scan);
    *scan = (struct scan){.fake = fake, .table = request->table->definition, .limit = request->limit, .cancel = request->cancel};
    memcpy(scan->wanted, request->wanted, request->table->column_count * sizeof *request->wanted);
    if (!load(scan, request, err)) {
        fake_close(scan);
        return false;
    }
    *result = scan;
    return true;
}

static void forget_batch(struct scan *scan)
{
    for (size_t i = 0; i < scan->text_count; i++)
        free(scan->texts[i]);
    for (size_t i = 0; scan->cells && i < scan->width; i++)
        free(scan->cells[i]);
    free(scan->texts);
    free(scan->cells);
    scan->texts = NULL;
    scan->cells = NULL;
    scan->text_count = 0;
}

/* Every batch has memory of its own, so that whoever looks at an old one is caught. */
static void copy_batch(struct scan *scan, size_t count)
{
    size_t columns = scan->width;

    scan->cells = calloc(columns, sizeof *scan->cells);
    scan->texts = calloc(columns * count, sizeof *scan->texts);
    for (size_t i = 0; i < columns; i++) {
        if (!scan->wanted[i])
            continue;
        scan->cells[i] = calloc(count, sizeof **scan->cells);
        for (size_t j = 0; j < count; j++) {
            struct value value = scan->table->big ? value_integer(scan->counter + (int64_t)j) : scan->rows[scan->next + j][i];
            if (value.storage == STORAGE_TEXT || value.storage == STORAGE_BLOB) {
                char *text = malloc((size_t)value.length + 1);
                memcpy(text, value.text, value.length);
                text[value.length] = '\0';
                value.text = scan->texts[scan->text_count++] = text;
            }
            scan->cells[i][j] = value;
        }
    }
}

static bool fake_next(struct scan *scan, struct batch *batch, struct error *err)
{
    size_t count = scan->table->big ? BIG_BATCH : scan->count - scan->next;

    forget_batch(scan);
    if (++scan->fake->nexts == scan->fake->fail_next)
        return error_set(err, "08S01", "The fake lost the connection");
    if (scan->fake->at_next)
        scan->fake->at_next(scan->fake->context);
    if (scan->fake->cancel_at_next && ++scan->batches == 2)
        cancel_request(scan->fake->cancel_at_next);
    if (!cancel_check(scan->cancel, err))
        return false;
    if (scan->table->big)
        count = scan->counter < BIG_ROWS ? BIG_BATCH : 0;
    else if (count > BATCH_ROWS)
        count = BATCH_ROWS;
    if (scan->limit >= 0 && (int64_t)count > scan->limit - scan->given)
        count = (size_t)(scan->limit - scan->given);
    *batch = (struct batch){.row_count = count};
    if (count == 0)
        return true;
    copy_batch(scan, count);
    batch->cells = (const struct value **)scan->cells;
    scan->next += count;
    scan->given += (int64_t)count;
    scan->counter += (int64_t)count;
    return true;
}

static void fake_close(struct scan *scan)
{
    scan->fake->closes++;
    forget_batch(scan);
    arena_clear(&scan->arena);
    free(scan);
}

static bool fake_call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result,
                      struct cancel *cancel, struct error *err)
{
    struct fake_service *fake = (struct fake_service *)procedure->service;
    char scratch[VALUE_SCRATCH];
    size_t length;

    if (!cancel_check(cancel, err))
        return false;
    fake->call_seen[0] = '\0';
    for (size_t i = 0; i < procedure->input_count; i++) {
        const char *text = value_is_null(&inputs[i]) ? "~" : value_as_text(&inputs[i], scratch, &length);
        strncat(fake->call_seen, text, 60);
        strncat(fake->call_seen, "|", 2);
    }
    if (inputs[0].storage == STORAGE_INTEGER && inputs[0].integer < 0)
        return error_set(err, "HY000", "The fake does not count backwards");
    result->row_count = (size_t)inputs[0].integer;
    result->values = arena_array(result->arena, result->row_count * 2, sizeof *result->values);
    for (size_t i = 0; i < result->row_count; i++) {
        result->values[i * 2] = value_integer((int64_t)i);
        result->values[i * 2 + 1] = inputs[1];
    }
    return true;
}

static bool fake_check(struct service *service, struct cancel *cancel, struct error *err)
{
    (void)service;
    return cancel_check(cancel, err);
}

static void fake_service_close(struct service *service)
{
    (void)service;
}

static const struct service_class fake_class = {
    .plan = fake_plan, .scan_open = fake_open, .scan_next = fake_next, .scan_close = fake_close,
    .call = fake_call, .check = fake_check, .close = fake_service_close,
};

/* The same one, which can also group. */
static const struct service_class grouping_class = {
    .plan = fake_plan, .aggregates = fake_groups_possible, .scan_open = fake_open, .scan_next = fake_next, .scan_close = fake_close,
    .call = fake_call, .check = fake_check, .close = fake_service_close,
};

/* The first, which also takes terms. */
static const struct service_class telling_class = {
    .takes_terms = true, .plan = fake_plan, .scan_open = fake_open, .scan_next = fake_next, .scan_close = fake_close,
    .call = fake_call, .check = fake_check, .close = fake_service_close,
};

#define BIGINT {.kind = TYPE_BIGINT}
#define INTEGER {.kind = TYPE_INTEGER}
#define DOUBLE {.kind = TYPE_DOUBLE}
#define BOOLEAN {.kind = TYPE_BOOLEAN}
#define STRING {.kind = TYPE_STRING, .size = 100}
#define DECIMAL {.kind = TYPE_DECIMAL, .size = 10, .scale = 2}
#define DATE {.kind = TYPE_DATE}
#define TIMESTAMP {.kind = TYPE_TIMESTAMP, .scale = 3}

static const struct column users_columns[] = {
    {.name = "Id", .type = BIGINT, .key = true}, {.name = "Name", .type = STRING, .nullable = true},
    {.name = "GroupId", .type = BIGINT, .nullable = true}, {.name = "Active", .type = BOOLEAN},
    {.name = "Balance", .type = DECIMAL, .nullable = true}, {.name = "Born", .type = DATE, .nullable = true},
};
static const struct fake_filter users_filters[] = {
    {"Id", "= in", true, false}, {"GroupId", "= in < > <> null notnull", true, false}, {"Active", "=", true, false},
    {"Name", "like", true, false}, {"Name", "= <>", false, false}, {"Balance", "< <= > >= =", true, false}, {0},
};
static const char *const users_rows[] = {
    "1|Ann|10|1|0.10|1990-01-31", "2|Bob|10|1|0.20|1985-12-01", "3|Carol|20|0|-5.00|~", "4|dave|20|1|100.00|2000-02-29",
    "5|Ann|~|1|9.50|1990-01-31", "6|~|30|0|~|1970-01-01", NULL,
};

static const struct column sheets_columns[] = {
    {.name = "Id", .type = BIGINT, .key = true}, {.name = "UserId", .type = BIGINT, .nullable = true}, {.name = "Date", .type = DATE},
    {.name = "Duration", .type = INTEGER}, {.name = "Notes", .type = STRING, .nullable = true},
    {.name = "Score", .type = DOUBLE, .nullable = true}, {.name = "Modified", .type = TIMESTAMP, .nullable = true},
};
static const struct fake_filter sheets_filters[] = {
    {"UserId", "= in", true, false}, {"Date", ">= <=", true, false}, {"Duration", "< <= > >=", true, false},
    {"Score", "= < <= > >= <>", true, false}, {0},
};
static const char *const sheets_rows[] = {
    "100|1|2024-01-01|3600|alpha|1.5|2024-01-01 10:00:00", "101|1|2024-01-02|1800|~|2.5|~", "102|2|2024-01-02|60|beta|~|2024-01-03 00:00:00.5",
    "103|3|2024-02-01|7200|alpha|-1|~", "104|2|2024-02-02|30|gamma|4|~", "105|~|2024-03-01|5|delta|0|~", NULL,
};

static const struct column items_columns[] = {
    {.name = "ParentId", .type = BIGINT}, {.name = "Id", .type = BIGINT, .key = true}, {.name = "Title", .type = STRING},
    {.name = "Price", .type = DECIMAL},
};
static const struct fake_filter items_filters[] = {{"ParentId", "=", true, true}, {"Title", "=", true, false}, {0}};
static const char *const items_rows[] = {
    "1|11|pen|1.20", "1|12|ink|10.00", "2|21|pen|2.50", "3|31|cup|0.30", "4|41|box|99.99", NULL,
};

static const struct column pairs_columns[] = {
    {.name = "a", .type = BIGINT}, {.name = "b", .type = BIGINT}, {.name = "c", .type = STRING},
    {.name = "Token", .type = STRING, .pseudo = true}, {.name = "Least", .type = DECIMAL, .pseudo = true},
};
static const struct fake_filter pairs_filters[] = {{"a", "=", true, false}, {"b", "=", false, false}, {"Token", "=", true, false}, {"Least", "=", true, false}, {0}};
static const char *const pairs_rows[] = {
    "1|2|x|~|~", "1|2|x|~|~", "1|3|y|~|~", "2|2|x|~|~", "3|3|z|~|~", "1|2|w|~|~", NULL,
};

static const struct column big_columns[] = {{.name = "n", .type = BIGINT}};
static const struct column long_columns[] = {{.name = "Id", .type = BIGINT, .nullable = true}, {.name = "Word", .type = STRING}};
static const struct fake_filter long_filters[] = {{"Id", "=", true, false}, {"Word", "=", true, false}, {0}};
static const struct column many_columns[] = {{.name = "Owner", .type = BIGINT}, {.name = "Id", .type = BIGINT}};
static const struct fake_filter many_filters[] = {{"Owner", "= in", true, false}, {0}};
static const char *const many_rows[] = {"1|1", "1|2", "1|3", "2|4", "2|5", "2|6", "3|7", "3|8", "3|9", NULL};
static const struct fake_filter listed_filters[] = {{"n", "in", true, false}, {0}};
static const char *const listed_rows[] = {"1", "2", "3", NULL};
static const struct fake_filter no_filters[] = {{0}};

static const struct fake_table model[] = {
    {{.name = "Big", .columns = big_columns, .column_count = 1}, no_filters, "", NULL, true},
    {{.name = "Items", .columns = items_columns, .column_count = 4}, items_filters, "", items_rows, false},
    {{.name = "Long", .columns = long_columns, .column_count = 2}, long_filters, "", NULL, false},
    {{.name = "Many", .columns = many_columns, .column_count = 2}, many_filters, "", many_rows, false},
    {{.name = "Pairs", .columns = pairs_columns, .column_count = 5}, pairs_filters, "", pairs_rows, false},
    {{.name = "Sheets", .columns = sheets_columns, .column_count = 7}, sheets_filters, "Id Date", sheets_rows, false},
    {{.name = "Listed", .columns = big_columns, .column_count = 1}, listed_filters, "", listed_rows, false},
    {{.name = "Users", .columns = users_columns, .column_count = 6}, users_filters, "Id Name Balance", users_rows, false},
    {{.name = "Wide"}, no_filters, "", NULL, false},
};

enum { TABLES = sizeof model / sizeof model[0], WIDE = 70, LONG = 200, LONG_TABLE = 2 };

static const struct fake_filter wide_filters[] = {{"c65", "=", true, false}, {0}};

/* What one fake service owns. */
struct world {
    struct fake_table tables[TABLES];
    const struct table *pointers[TABLES];
    struct column wide_columns[WIDE];
    char wide_names[WIDE][8];
    char wide_row[2][WIDE * 4];
    const char *wide_rows[3];
    char long_row[LONG][16];
    const char *long_rows[LONG + 1];
};

/* 1|a, 2|b, 3|a … 100|b, then once more; every fiftieth has no Id. */
static void build_long(struct world *world)
{
    for (int i = 0; i < LONG; i++) {
        if (i % 50 == 49)
            snprintf(world->long_row[i], sizeof world->long_row[i], "~|%c", "ab"[i % 2]);
        else
            snprintf(world->long_row[i], sizeof world->long_row[i], "%d|%c", i % 100 + 1, "ab"[i % 2]);
        world->long_rows[i] = world->long_row[i];
    }
    world->tables[LONG_TABLE].rows = world->long_rows;
}

static void build_wide(struct world *world)
{
    for (int i = 0; i < WIDE; i++) {
        snprintf(world->wide_names[i], sizeof world->wide_names[i], "c%d", i);
        world->wide_columns[i] = (struct column){.name = world->wide_names[i], .type = BIGINT};
        for (int j = 0; j < 2; j++)
            sprintf(world->wide_row[j] + strlen(world->wide_row[j]), "%s%d", i ? "|" : "", i + j);
    }
    world->wide_rows[0] = world->wide_row[0];
    world->wide_rows[1] = world->wide_row[1];
    struct fake_table *wide = &world->tables[TABLES - 1];
    wide->table.columns = world->wide_columns;
    wide->table.column_count = WIDE;
    wide->filters = wide_filters;
    wide->rows = world->wide_rows;
}

void fake_service_init(struct fake_service *fake)
{
    struct world *world = calloc(1, sizeof *world);

    *fake = (struct fake_service){0};
    memcpy(world->tables, model, sizeof model);
    build_wide(world);
    build_long(world);
    for (size_t i = 0; i < TABLES; i++) {
        world->tables[i].table.service = &fake->service;
        world->tables[i].table.definition = &world->tables[i];
        world->pointers[i] = &world->tables[i].table;
    }
    buffer_init(&fake->log, LOG_LIMIT);
    fake->service = (struct service){.class = &fake_class, .name = "Fake", .title = "Fake", .user = "ann", .tables = world->pointers,
                                     .table_count = TABLES};
}

void fake_service_group(struct fake_service *fake)
{
    fake->service.class = &grouping_class;
}

void fake_service_tell(struct fake_service *fake)
{
    fake->service.class = &telling_class;
}

void fake_service_clear(struct fake_service *fake)
{
    free((struct world *)fake->service.tables[0]->definition);
    buffer_clear(&fake->log);
}
