/* TSheets' reports about time: who is on the clock, and what is paid for. */
#include "test/sandbox/tsheets_reports.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/moment.h"
#include "test/sandbox/tsheets_column.h"
#include "test/sandbox/tsheets_make.h"
#include "test/sandbox/tsheets_member.h"

enum { REGULAR_SECONDS = 8 * 3600, OVERTIME_SECONDS = 12 * 3600 };

/* ---- What was asked ---- */

static json_t *joined(const json_t *list)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        abort();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (json_is_string(one))
            fprintf(out, "%s%s", i ? "," : "", json_string_value(one));
        else
            fprintf(out, "%s%lld", i ? "," : "", (long long)number_of(one));
    }
    fclose(out);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static json_t *texts_of(const json_t *body)
{
    json_t *given = json_object(), *value;
    const char *name;

    json_object_foreach((json_t *)body, name, value) {
        if (json_is_string(value) && *json_string_value(value))
            json_object_set(given, name, value);
        else if (json_is_integer(value))
            json_object_set_new(given, name, id_text(json_integer_value(value)));
        else if (json_is_boolean(value))
            json_object_set_new(given, name, json_string(json_is_true(value) ? "true" : "false"));
        else if (json_array_size(value))
            json_object_set_new(given, name, joined(value));
    }
    return given;
}

bool report_choice(const struct report *report, const char *name, const char *choices)
{
    const struct filter_declaration declared[] = {{.parameter = name, .kind = FILTER_CHOICE, .choices = choices}, {0}};
    struct filter_set filters;
    if (!report_filters(report, declared, &filters))
        return false;
    filter_clear(&filters);
    return true;
}

bool report_filters(const struct report *report, const struct filter_declaration *declared, struct filter_set *filters)
{
    char *why;
    if (filter_read(declared, report->given, filters, &why))
        return true;
    tsheets_fail(report->answer, 417, why);
    free(why);
    return false;
}

bool report_span(const struct report *report, int64_t most)
{
    int64_t days[2] = {0, 0};
    static const char *const names[] = {"start_date", "end_date"};

    for (int i = 0; i < 2; i++) {
        const char *text = json_string_value(json_object_get(report->given, names[i]));
        if (!text || !day_read(text, &days[i])) {
            tsheets_fail(report->answer, 417, "Expectation failed: 'start_date' and 'end_date' are required, as YYYY-MM-DD");
            return false;
        }
    }
    if (days[1] < days[0] || (most && days[1] - days[0] >= most)) {
        tsheets_fail(report->answer, 417, "Expectation failed: the span of days is too long, or ends before it begins");
        return false;
    }
    return true;
}

/* ---- What is answered ---- */

int64_t open_seconds(const struct tsheets_row *timesheet)
{
    json_t *json = made(json_loads(timesheet->json, 0, NULL));
    int64_t start = COMPANY_NOW;
    moment_read(member_text(json, "start"), &start);
    json_decref(json);
    return COMPANY_NOW - start;
}

void add_seconds(json_t *object, const char *key, int64_t seconds)
{
    json_object_set_new(object, key, json_integer(number_of(json_object_get(object, key)) + seconds));
}

json_t *inner_object(json_t *object, const char *key)
{
    json_t *inner = json_object_get(object, key);
    if (!inner) {
        inner = json_object();
        json_object_set_new(object, key, inner);
    }
    return inner;
}

json_t *inner_of_id(json_t *object, int64_t id)
{
    char key[24];
    snprintf(key, sizeof key, "%lld", (long long)id);
    return inner_object(object, key);
}

void report_send(const struct report *report, json_t *whole, struct side_data *side)
{
    char *text = NULL, *json = json_dumps(made(whole), JSON_COMPACT);
    size_t length;
    FILE *out = open_memstream(&text, &length);

    if (!json || !out)
        abort();
    fwrite(json, 1, strlen(json) - 1, out);
    if (!given_is(report->given, "supplemental_data", "no")) {
        side_write(out, report->data, side);
    } else {
        for (int table = 0; table < TSHEETS_TABLES; table++)
            free(side->marked[table]);
    }
    fputc('}', out);
    fclose(out);
    free(json);
    json_decref(whole);
    answer_bytes(report->answer, 200, "application/json; charset=utf-8", text, length);
}

/* ---- Current totals ---- */

/* A user's open timesheet, or NULL; *today gets what was tracked on the company's last day. */
static const struct tsheets_row *open_timesheet(const struct tsheets_data *data, int64_t user, int64_t *today)
{
    const struct tsheets_rows *rows = &data->tables[TSHEETS_TIMESHEETS];
    const struct tsheets_row *found = NULL;

    *today = 0;
    for (size_t i = rows->count; i-- > 0 && rows->rows[i].day > DAY_ONE + DAYS - 40;) {
        const struct tsheets_row *row = &rows->rows[i];
        if (row->user_id != user)
            continue;
        if (row->on_the_clock)
            found = row;
        else if (row->day == rows->rows[rows->count - 1].day)
            *today += row->seconds;
    }
    return found;
}

static int64_t user_clocked_in(const struct tsheets_data *data, const struct tsheets_row *row)
{
    int64_t today;
    return open_timesheet(data, row->id, &today) != NULL;
}

static const struct filter_declaration totals_filters[] = {
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_id},
    {.parameter = "group_ids", .kind = FILTER_NUMBERS, .number = row_parent},
    {.parameter = "on_the_clock", .kind = FILTER_FLAG, .number = user_clocked_in, .standard = "no"},
    {.parameter = "order_by", .kind = FILTER_NONE, .choices = "username first_name last_name group_name group_id shift_seconds day_seconds"},
    {.parameter = "order_desc", .kind = FILTER_NONE, .choices = "true false"},
    {0},
};

struct total {
    json_t *json;
    const char *text;               /* what it is ordered by */
    int64_t number;
    size_t place;
    bool descending;
};

static int compare_totals(const void *left, const void *right)
{
    const struct total *a = left, *b = right;
    int order = a->text && b->text ? strcasecmp(a->text, b->text) : a->number < b->number ? -1 : a->number > b->number;
    if (order == 0)
        return a->place < b->place ? -1 : 1;
    return a->descending ? -order : order;
}

static void order_key(const struct report *report, const struct tsheets_row *user, struct total *total)
{
    const char *by = json_string_value(json_object_get(report->given, "order_by"));
    const struct tsheets_row *group = tsheets_find(report->data, TSHEETS_GROUPS, user->parent_id);

    total->descending = given_is(report->given, "order_desc", "true");
    if (!by)
        return;
    if (strcmp(by, "username") == 0)
        total->text = user->username;
    else if (strcmp(by, "first_name") == 0)
        total->text = user->name;
    else if (strcmp(by, "last_name") == 0)
        total->text = user->last_name;
    else if (strcmp(by, "group_name") == 0)
        total->text = group ? group->name : "";
    else
        total->number = member_number(total->json, by);
}

static json_t *total_json(const struct report *report, const struct tsheets_row *user, struct side_data *side)
{
    int64_t today;
    const struct tsheets_row *open = open_timesheet(report->data, user->id, &today);
    int64_t shift = open ? open_seconds(open) : 0;

    side_mark(report->data, TSHEETS_USERS, user->id, side);
    if (open)
        side_mark(report->data, TSHEETS_TIMESHEETS, open->id, side);
    return made(json_pack("{s:I, s:b, s:o, s:o, s:I, s:b, s:I, s:I}", "user_id", (json_int_t)user->id, "on_the_clock", open != NULL,
                          "timesheet_id", open ? json_integer(open->id) : json_null(), "jobcode_id",
                          open ? json_integer(open->jobcode_id) : json_null(), "group_id", (json_int_t)user->parent_id,
                          "shift_geolocations_available", open && user->id % 2, "shift_seconds", (json_int_t)shift, "day_seconds",
                          (json_int_t)(today + shift)));
}

static void answer_current_totals(const struct report *report)
{
    const struct tsheets_rows *users = &report->data->tables[TSHEETS_USERS];
    struct total *totals = zeroed(users->count, sizeof *totals);
    struct side_data side = {0};
    struct filter_set filters;
    json_t *results = json_object();
    size_t first, limit, count = 0;

    if (given_page(report->given, &first, &limit, report->answer) && report_filters(report, totals_filters, &filters)) {
        for (size_t i = 0; i < users->count; i++) {
            if (!users->rows[i].active || !filter_passes(&filters, report->data, &users->rows[i]))
                continue;
            totals[count] = (struct total){.json = total_json(report, &users->rows[i], &side), .place = count};
            order_key(report, &users->rows[i], &totals[count]);
            count++;
        }
        filter_clear(&filters);
        qsort(totals, count, sizeof *totals, compare_totals);
        for (size_t i = 0; i < count; i++) {
            char key[24];
            snprintf(key, sizeof key, "%lld", (long long)member_number(totals[i].json, "user_id"));
            if (i >= first && i < first + limit)
                json_object_set(results, key, totals[i].json);
            json_decref(totals[i].json);
        }
        report_send(report, json_pack("{s:{s:O}, s:b}", "results", "current_totals", results, "more", count > first + limit), &side);
    }
    json_decref(results);
    free(totals);
}

/* ---- Payroll ---- */

static const struct filter_declaration payroll_filters[] = {
    {.parameter = "start_date", .kind = FILTER_DATE_FROM},
    {.parameter = "end_date", .kind = FILTER_DATE_TO},
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user},
    {.parameter = "group_ids", .kind = FILTER_NUMBERS, .number = user_group},
    {0},
};
static const struct filter_declaration payroll_user_filters[] = {
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_id},
    {.parameter = "group_ids", .kind = FILTER_NUMBERS, .number = row_parent},
    {0},
};

/* One timesheet's time by kind of pay: the day's first eight hours are regular, the next four overtime, all else double time. */
struct pay {
    int64_t regular, overtime, doubled, leave, unpaid;
};

/* What was worked on the day that is being gone through, for each user. */
struct day_so_far {
    int32_t day;
    int64_t seconds;
};

static int64_t between(int64_t from, int64_t to, int64_t low, int64_t high)
{
    from = from < low ? low : from;
    to = to > high ? high : to;
    return to > from ? to - from : 0;
}

static struct pay pay_for(const struct tsheets_data *data, const struct tsheets_row *row, struct day_so_far *so_far)
{
    const char *type = jobcode_type(data, row);
    struct pay pay = {0};

    if (type && strcmp(type, "pto") == 0) {
        pay.leave = row->seconds;
    } else if (type && strcmp(type, "unpaid_break") == 0) {
        pay.unpaid = row->seconds;
    } else {
        if (so_far->day != row->day)
            *so_far = (struct day_so_far){.day = row->day};
        int64_t from = so_far->seconds, to = from + row->seconds;
        pay.regular = between(from, to, 0, REGULAR_SECONDS);
        pay.overtime = between(from, to, REGULAR_SECONDS, OVERTIME_SECONDS);
        pay.doubled = between(from, to, OVERTIME_SECONDS, INT64_MAX);
        so_far->seconds = to;
    }
    return pay;
}

/* Some users also have rates that are added to their pay by the hour. */
static void add_pay(json_t *to, const struct pay *pay, bool advanced, bool fixed)
{
    add_seconds(to, "total_re_seconds", pay->regular);
    if (advanced) {
        json_t *rates = inner_object(to, "overtime_seconds"), *added = inner_object(to, "fixed_rate_seconds");
        add_seconds(rates, "1.5", pay->overtime);
        if (pay->doubled)
            add_seconds(rates, "2", pay->doubled);
        if (fixed)
            add_seconds(added, "2", pay->overtime);
    } else {
        add_seconds(to, "total_ot_seconds", pay->overtime);
        add_seconds(to, "total_dt_seconds", pay->doubled);
    }
    add_seconds(to, "total_pto_seconds", pay->leave);
    add_seconds(to, "total_work_seconds", pay->regular + pay->overtime + pay->doubled + pay->leave);
}

/* "yes" is the standard of API keys made since October 2017, which must not say "no". */
static bool read_advanced(const struct report *report, bool *advanced)
{
    if (!report_choice(report, "advanced_overtime", "yes no"))
        return false;
    *advanced = report->tsheets->old_key ? given_is(report->given, "advanced_overtime", "yes") : true;
    if (report->tsheets->old_key || !given_is(report->given, "advanced_overtime", "no"))
        return true;
    tsheets_fail(report->answer, 417, "Expectation failed: 'advanced_overtime' must not be no with this API key");
    return false;
}

static json_t *payroll_entry(const struct report *report, json_t *results, int64_t user, bool advanced)
{
    json_t *entry = inner_of_id(results, user);
    struct pay none = {0};

    if (json_object_size(entry))
        return entry;
    json_object_set_new(entry, "user_id", json_integer(user));
    json_object_set_new(entry, "client_id", json_string("188"));
    json_object_set(entry, "start_date", json_object_get(report->given, "start_date"));
    json_object_set(entry, "end_date", json_object_get(report->given, "end_date"));
    add_pay(entry, &none, advanced, false);
    inner_object(entry, "pto_seconds");
    return entry;
}

/* Everyone who is asked for, also those without time. */
static void add_idle(const struct report *report, json_t *results, bool advanced)
{
    const struct tsheets_rows *users = &report->data->tables[TSHEETS_USERS];
    struct filter_set filters;

    if (!report_filters(report, payroll_user_filters, &filters))
        return;
    for (size_t i = 0; i < users->count; i++)
        if (filter_passes(&filters, report->data, &users->rows[i]))
            payroll_entry(report, results, users->rows[i].id, advanced);
    filter_clear(&filters);
}

/* Goes through the timesheets that are asked for. */
static void each_pay(const struct report *report, const struct filter_set *filters, struct side_data *side,
                     void (*take)(const struct report *report, const struct tsheets_row *row, const struct pay *pay, bool advanced, json_t *to),
                     bool advanced, json_t *to)
{
    const struct tsheets_rows *rows = &report->data->tables[TSHEETS_TIMESHEETS], *users = &report->data->tables[TSHEETS_USERS];
    struct day_so_far *so_far = zeroed(users->count, sizeof *so_far);

    for (size_t i = 0; i < rows->count; i++) {
        const struct tsheets_row *row = &rows->rows[i], *user = user_of(report->data, row);
        if (!user || !filter_passes(filters, report->data, row))
            continue;
        struct pay pay = pay_for(report->data, row, &so_far[user - users->rows]);
        take(report, row, &pay, advanced, to);
        side_mark(report->data, TSHEETS_USERS, row->user_id, side);
        side_mark(report->data, TSHEETS_JOBCODES, row->jobcode_id, side);
    }
    free(so_far);
}

static bool has_fixed_rate(int64_t user)
{
    return user % 5 == 3;
}

static void take_payroll(const struct report *report, const struct tsheets_row *row, const struct pay *pay, bool advanced, json_t *to)
{
    json_t *entry = payroll_entry(report, to, row->user_id, advanced);
    char key[24];

    add_pay(entry, pay, advanced, has_fixed_rate(row->user_id));
    snprintf(key, sizeof key, "%lld", (long long)row->jobcode_id);
    if (pay->leave)
        add_seconds(inner_object(entry, "pto_seconds"), key, pay->leave);
}

static void answer_payroll(const struct report *report)
{
    struct side_data side = {0};
    struct filter_set filters;
    bool advanced;

    if (!report_span(report, 0) || !read_advanced(report, &advanced) || !report_choice(report, "include_zero_time", "yes no") ||
        !report_filters(report, payroll_filters, &filters))
        return;
    json_t *results = json_object();
    each_pay(report, &filters, &side, take_payroll, advanced, results);
    filter_clear(&filters);
    if (given_is(report->given, "include_zero_time", "yes"))
        add_idle(report, results, advanced);
    if (json_object_size(results) == 0) {
        json_decref(results);
        results = json_array();
    }
    report_send(report, json_pack("{s:{s:o}}", "results", "payroll_report", results), &side);
}

static void add_to_jobcode(json_t *to, const struct tsheets_row *row, const struct pay *pay, bool advanced, bool with_unpaid)
{
    json_t *entry = inner_of_id(to, row->jobcode_id);
    json_object_set_new(entry, "jobcode_id", json_integer(row->jobcode_id));
    add_pay(entry, pay, advanced, has_fixed_rate(row->user_id));
    if (with_unpaid)
        add_seconds(entry, "total_unpaid_seconds", pay->unpaid);
}

static void take_by_jobcode(const struct report *report, const struct tsheets_row *row, const struct pay *pay, bool advanced, json_t *to)
{
    json_t *user = inner_of_id(inner_object(to, "by_user"), row->user_id);
    char day[DAY_TEXT];
    (void)report;

    day_write(row->day, day);
    json_object_set_new(user, "user_id", json_integer(row->user_id));
    add_to_jobcode(inner_object(to, "totals"), row, pay, advanced, false);
    add_to_jobcode(inner_object(user, "totals"), row, pay, advanced, false);
    add_to_jobcode(inner_object(inner_object(user, "dates"), day), row, pay, advanced, true);
}

static void answer_payroll_by_jobcode(const struct report *report)
{
    struct side_data side = {0};
    struct filter_set filters;
    bool advanced;

    if (!report_span(report, 31) || !read_advanced(report, &advanced) || !report_filters(report, payroll_filters, &filters))
        return;
    json_t *results = json_object();
    each_pay(report, &filters, &side, take_by_jobcode, advanced, results);
    filter_clear(&filters);
    if (json_object_size(results) == 0) {
        json_object_set_new(results, "totals", json_array());
        json_object_set_new(results, "by_user", json_array());
    }
    report_send(report, json_pack("{s:{s:O, s:o}}", "results", "filters", report->body, "payroll_by_jobcode_report", results), &side);
}

bool tsheets_answer_report(const struct tsheets *tsheets, const char *name, const struct request *request, struct answer *answer)
{
    static const struct {
        const char *name;
        void (*answer)(const struct report *report);
    } reports[] = {
        {"current_totals", answer_current_totals}, {"payroll", answer_payroll}, {"payroll_by_jobcode", answer_payroll_by_jobcode},
        {"project", answer_project}, {"project_estimate", answer_project_estimate},
        {"project_estimate_detail", answer_project_estimate_detail},
    };
    json_t *body = json_loadb(request->body, request->body_length, 0, NULL);
    struct report report = {.tsheets = tsheets, .data = tsheets->data, .body = json_object_get(body, "data"), .answer = answer};
    size_t i = 0;
    bool with_side;

    while (i < COUNT(reports) && strcmp(reports[i].name, name) != 0)
        i++;
    if (i < COUNT(reports) && !json_is_object(report.body)) {
        tsheets_fail(answer, 417, "Expectation failed: the member 'data' must be an object of filters");
    } else if (i < COUNT(reports)) {
        report.given = texts_of(report.body);
        if (given_side(report.given, &with_side, answer))
            reports[i].answer(&report);
        json_decref(report.given);
    }
    json_decref(body);
    return i < COUNT(reports);
}
