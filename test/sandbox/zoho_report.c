/* Reports of rows: their lists, their sums by customer, item and the like, their age. */
#include "test/sandbox/zoho_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/zoho_json.h"
#include "test/sandbox/zoho_switch.h"

enum { REPORT_PAGE = 500, INTERVALS_MOST = 12 };

/* One row of a report of sums. */
struct group {
    const char *key;
    const char *shown[12];          /* values of `show`, as JSON texts */
    double sums[12];
    double current, ages[INTERVALS_MOST + 1];
};

struct groups {
    struct group *all;
    size_t count, room;
};

static bool in_window(struct zoho_call *call, const struct zoho_report_form *form, const struct zoho_window *window,
                      const struct zoho_at *at)
{
    int64_t day;
    if (!zoho_exists(at) || (form->only && !zoho_is_true(zoho_work_out(at, form->only, 0))))
        return false;
    if (!form->has_date)
        return true;
    return zoho_day(zoho_as_text(call->books, zoho_member(at, form->date_member)), &day) && day >= window->from && day <= window->to;
}

/* The rows of the report's table that are in the period, in the scratch arena. */
static size_t *rows_of(struct zoho_call *call, const struct zoho_report_form *form, const struct zoho_window *window, size_t *count)
{
    size_t rows = zoho_rows(call->books, call->organization, form->table);
    size_t *numbers = zoho_take(&call->books->scratch, rows, sizeof *numbers);

    *count = 0;
    for (size_t r = 0; r < rows; r++) {
        struct zoho_at at = zoho_row(call->books, call->organization, form->table, r);
        struct zoho_mark mark = zoho_mark(&call->books->scratch);
        if (in_window(call, form, window, &at))
            numbers[(*count)++] = r;
        zoho_release(&call->books->scratch, mark);
    }
    return numbers;
}

static void write_rows(struct zoho_call *call, const struct zoho_report_form *form, const struct zoho_window *window)
{
    size_t count, page, size;
    const size_t *numbers = rows_of(call, form, window, &count);
    struct zoho_body body;

    if (!zoho_count(call, "page", 1, &page) || !zoho_count(call, "per_page", 200, &size))
        return;
    size = size > REPORT_PAGE ? REPORT_PAGE : size;
    size_t first = page - 1 > count / size ? count : (page - 1) * size, end = first + size < count ? first + size : count;
    zoho_body_open(&body);
    if (form->inner)
        fprintf(body.out, ",\"%s\":{\"%s\":[", form->wrapper, form->inner);
    else if (form->has_date)
        fprintf(body.out, ",\"%s\":[{\"%s\":[", form->wrapper, form->wrapper);
    else
        fprintf(body.out, ",\"%s\":[", form->wrapper);
    for (size_t r = first; r < end; r++) {
        struct zoho_at at = zoho_row(call->books, call->organization, form->table, numbers[r]);
        if (r > first)
            fputc(',', body.out);
        zoho_write_object(body.out, &at, &form->shape);
    }
    fputs(form->inner ? "]}" : form->has_date ? "]}]" : "]", body.out);
    fprintf(body.out, ",\"page_context\":{\"page\":%zu,\"per_page\":%zu,\"has_more_page\":%s,\"report_name\":\"%s\"}", page, size,
            end < count ? "true" : "false", form->name);
    zoho_body_close(&body, call->answer, 200);
}

/* A value as JSON text, in the scratch arena. */
static const char *json_text(struct zoho_call *call, const struct zoho_at *at, struct zoho_value value)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        abort();
    zoho_write_value(out, at, value, value.kind == VALUE_NUMBER ? SHAPE_INTEGER : SHAPE_TEXT);
    fclose(out);
    const char *kept = zoho_keep(&call->books->scratch, text, length);
    free(text);
    return kept;
}

static struct group *group_of(struct zoho_call *call, struct groups *groups, const char *key)
{
    for (size_t g = 0; g < groups->count; g++)
        if (strcmp(groups->all[g].key, key) == 0)
            return &groups->all[g];
    if (groups->count == groups->room) {
        struct group *larger = zoho_take(&call->books->scratch, groups->room * 2 + 16, sizeof *larger);
        if (groups->count)
            memcpy(larger, groups->all, groups->count * sizeof *larger);
        groups->all = larger;
        groups->room = groups->room * 2 + 16;
    }
    groups->all[groups->count].key = key;
    return &groups->all[groups->count++];
}

static void add_to_group(struct zoho_call *call, const struct zoho_report_form *form, struct groups *groups, const struct zoho_at *at)
{
    size_t before = groups->count;
    struct group *group = group_of(call, groups, zoho_as_text(call->books, zoho_member(at, form->by)));
    for (size_t c = 0; c < form->column_count; c++) {
        struct zoho_value value = zoho_work_out(at, form->columns[c].rule, 0);
        double number;
        if (!form->columns[c].sum && groups->count > before)
            group->shown[c] = json_text(call, at, value);
        else if (form->columns[c].sum && zoho_as_number(value, &number))
            group->sums[c] += number;
    }
}

static struct groups groups_of(struct zoho_call *call, const struct zoho_report_form *form, const struct zoho_window *window)
{
    struct groups groups = {0};
    size_t count;
    const size_t *numbers = rows_of(call, form, window, &count);

    for (size_t r = 0; r < count; r++) {
        struct zoho_at at = zoho_row(call->books, call->organization, form->table, numbers[r]);
        if (!form->each) {
            add_to_group(call, form, &groups, &at);
            continue;
        }
        for (size_t e = 0, elements = zoho_elements(&at, form->each); e < elements; e++) {
            struct zoho_at element = zoho_element(&at, form->each, e);
            add_to_group(call, form, &groups, &element);
        }
    }
    return groups;
}

static void write_columns(FILE *out, const struct zoho_report_form *form, const struct group *group)
{
    for (size_t c = 0; c < form->column_count; c++) {
        fprintf(out, "%s\"%s\":", c ? "," : "", form->columns[c].name);
        if (form->columns[c].sum)
            fprintf(out, "%.2f", group->sums[c]);
        else
            fputs(group->shown[c], out);
    }
}

static void write_groups(struct zoho_call *call, const struct zoho_report_form *form, const struct zoho_window *window)
{
    struct groups groups = groups_of(call, form, window);
    struct zoho_body body;

    zoho_body_open(&body);
    fprintf(body.out, ",\"%s\":[", form->wrapper);
    for (size_t g = 0; g < groups.count; g++) {
        fputs(g ? ",{" : "{", body.out);
        write_columns(body.out, form, &groups.all[g]);
        fputc('}', body.out);
    }
    fputc(']', body.out);
    zoho_body_close(&body, call->answer, 200);
}

/* The columns of an aging report: how many, and how many days each is wide. */
struct intervals {
    size_t count, range;
};

static void write_ages(FILE *out, const struct group *group, const struct intervals *intervals)
{
    fputs("\"intervals\":[", out);
    for (size_t a = 0; a < intervals->count; a++) {
        bool last = a + 1 == intervals->count;
        fprintf(out, "%s{\"interval\":\"", a ? "," : "");
        if (last)
            fprintf(out, "> %zu days", a * intervals->range);
        else
            fprintf(out, "%zu-%zu days", a * intervals->range + 1, (a + 1) * intervals->range);
        fprintf(out, "\",\"amount\":%.2f}", group->ages[a]);
    }
    fputc(']', out);
}

static double total_of(const struct group *group, const struct intervals *intervals)
{
    double total = group->current;
    for (size_t a = 0; a < intervals->count; a++)
        total += group->ages[a];
    return total;
}

static void add_age(struct zoho_call *call, const struct zoho_report_form *form, struct groups *groups, const struct zoho_at *at,
                    int64_t day, const struct intervals *intervals)
{
    unsigned due_date, balance, rate;
    int64_t due;
    double amount = 0, factor = 1;
    const struct zoho_names *names = &call->books->schema.names;

    if (!zoho_known(names, "due_date", &due_date) || !zoho_known(names, "balance", &balance) ||
        !zoho_known(names, "exchange_rate", &rate) ||
        !zoho_day(zoho_as_text(call->books, zoho_member(at, due_date)), &due))
        return;
    zoho_as_number(zoho_member(at, balance), &amount);
    zoho_as_number(zoho_member(at, rate), &factor);
    amount = round(amount * factor * 100) / 100;
    add_to_group(call, form, groups, at);
    struct group *group = group_of(call, groups, zoho_as_text(call->books, zoho_member(at, form->by)));
    if (due >= day) {
        group->current += amount;
    } else {
        size_t age = (size_t)(day - due - 1) / intervals->range;
        group->ages[age < intervals->count ? age : intervals->count - 1] += amount;
    }
}

static void write_aging(struct zoho_call *call, const struct zoho_report_form *form, const struct zoho_window *window)
{
    const char *report_date = request_query(call->request, "report_date");
    struct groups groups = {0};
    struct group all = {0};
    struct intervals intervals;
    int64_t day = call->books->schema.today;
    size_t count;
    struct zoho_body body;

    if (!zoho_count(call, "number_of_columns", 4, &intervals.count) || !zoho_count(call, "interval_range", 15, &intervals.range))
        return;
    if (report_date && !zoho_day(report_date, &day)) {
        zoho_invalid(call->answer, "report_date");
        return;
    }
    intervals.count = intervals.count > INTERVALS_MOST ? INTERVALS_MOST : intervals.count;
    const size_t *numbers = rows_of(call, form, window, &count);
    for (size_t r = 0; r < count; r++) {
        struct zoho_at at = zoho_row(call->books, call->organization, form->table, numbers[r]);
        add_age(call, form, &groups, &at, day, &intervals);
    }
    for (size_t g = 0; g < groups.count; g++) {
        all.current += groups.all[g].current;
        for (size_t a = 0; a < intervals.count; a++)
            all.ages[a] += groups.all[g].ages[a];
    }
    bool grouped = zoho_switched(call->books->switches, SWITCH_AGING, "groups");
    zoho_body_open(&body);
    if (grouped) {
        fprintf(body.out, ",\"%s\":{\"total\":%.2f,", form->other, total_of(&all, &intervals));
        write_ages(body.out, &all, &intervals);
        fputs(",\"group_list\":[", body.out);
    } else {
        fprintf(body.out, ",\"%s\":[{\"%s\":[", form->wrapper, form->inner);
    }
    for (size_t g = 0; g < groups.count; g++) {
        fputs(g ? ",{" : "{", body.out);
        write_columns(body.out, form, &groups.all[g]);
        fprintf(body.out, ",\"current\":%.2f,\"total\":%.2f,", groups.all[g].current, total_of(&groups.all[g], &intervals));
        write_ages(body.out, &groups.all[g], &intervals);
        fputc('}', body.out);
    }
    fputs(grouped ? "]}" : "]}]", body.out);
    zoho_body_close(&body, call->answer, 200);
}

/* The period of the request: this month, unless filter_by names the report's own field. */
static bool read_window(struct zoho_call *call, const struct zoho_report_form *form, struct zoho_window *window)
{
    const char *value = request_query(call->request, "filter_by"), *dot = value ? strchr(value, '.') : NULL;
    size_t length = dot ? (size_t)(dot - value) : 0;

    zoho_period(call, "ThisMonth", &window->from, &window->to);
    if (form->date_field && dot && strlen(form->date_field) == length && strncmp(form->date_field, value, length) == 0 &&
        !zoho_period(call, dot + 1, &window->from, &window->to))
        return zoho_invalid(call->answer, strcmp(dot + 1, "CustomDate") == 0 ? "from_date" : "filter_by");
    return true;
}

void zoho_report(struct zoho_call *call)
{
    const char *name = json_string_value(json_object_get(call->parameters, "report"));
    const struct zoho_report_form *form = call->routes->reports;
    struct zoho_window window;

    while (form && strcmp(form->name, name) != 0)
        form = form->next;
    if (!form) {
        zoho_no_url(call->answer);
        return;
    }
    if (!read_window(call, form, &window))
        return;
    switch (form->kind) {
    case REPORT_TREE: case REPORT_TRIAL: case REPORT_LEDGER: zoho_report_accounts(call, form, &window); break;
    case REPORT_ENTRIES: case REPORT_ROWS: write_rows(call, form, &window); break;
    case REPORT_GROUPS: write_groups(call, form, &window); break;
    case REPORT_AGING: write_aging(call, form, &window); break;
    }
}
