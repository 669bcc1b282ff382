/* TSheets' reports about projects: the hours of a span of days, and what was tracked of what was estimated. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/tsheets_column.h"
#include "test/sandbox/tsheets_make.h"
#include "test/sandbox/tsheets_member.h"
#include "test/sandbox/tsheets_reports.h"

/* ---- Hours ---- */

static const struct filter_declaration hours_filters[] = {
    {.parameter = "start_date", .kind = FILTER_DATE_FROM},
    {.parameter = "end_date", .kind = FILTER_DATE_TO},
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user},
    {.parameter = "group_ids", .kind = FILTER_NUMBERS, .number = user_group},
    {.parameter = "jobcode_ids", .kind = FILTER_NUMBERS, .number = row_jobcode},
    {.parameter = "jobcode_type", .kind = FILTER_CHOICE, .text = jobcode_type, .choices = "all regular pto paid_break unpaid_break"},
    {0},
};

/* Whether a timesheet has one of the wished items in each wished field. */
static bool has_items(const json_t *wished, const json_t *fields)
{
    const char *field;
    json_t *names;
    size_t i;
    json_t *name;

    json_object_foreach((json_t *)wished, field, names) {
        const char *has = member_text(fields, field);
        bool found = false;
        json_array_foreach(names, i, name)
            found = found || (has && json_is_string(name) && strcmp(has, json_string_value(name)) == 0);
        if (!found)
            return false;
    }
    return true;
}

/* The item of that name in a field, or 0. */
static int64_t item_named(const struct tsheets_data *data, int64_t field, const char *name)
{
    const struct tsheets_rows *items = &data->tables[TSHEETS_ITEMS];
    for (size_t i = 0; name && i < items->count; i++)
        if (items->rows[i].parent_id == field && strcmp(items->rows[i].name, name) == 0)
            return items->rows[i].id;
    return 0;
}

static void add_to(json_t *totals, int64_t id, int64_t seconds)
{
    char key[24];
    snprintf(key, sizeof key, "%lld", (long long)id);
    add_seconds(totals, key, seconds);
}

static void add_hours(const struct report *report, const struct tsheets_row *row, const json_t *fields, json_t *totals)
{
    const struct tsheets_rows *all = &report->data->tables[TSHEETS_CUSTOMFIELDS];
    int64_t group = user_group(report->data, row);

    add_to(inner_object(totals, "users"), row->user_id, row->seconds);
    add_to(inner_object(totals, "groups"), group < 0 ? 0 : group, row->seconds);
    add_to(inner_object(totals, "jobcodes"), row->jobcode_id, row->seconds);
    for (size_t i = 0; i < all->count; i++) {
        const struct tsheets_row *field = &all->rows[i];
        char key[24];
        if (strcmp(field->applies_to, "timesheet") != 0 || strcmp(field->type, "managed-list") != 0)
            continue;
        snprintf(key, sizeof key, "%lld", (long long)field->id);
        add_to(inner_of_id(inner_object(totals, "customfields"), field->id), item_named(report->data, field->id, member_text(fields, key)),
               row->seconds);
    }
}

/* Seconds become hours: as text, as numbers in the totals of groups. */
static void seconds_to_hours(json_t *totals, bool text)
{
    const char *name;
    json_t *value;
    void *next;

    json_object_foreach_safe(totals, next, name, value) {
        char hours[32];
        if (json_is_object(value)) {
            seconds_to_hours(value, text && strcmp(name, "groups") != 0);
            continue;
        }
        snprintf(hours, sizeof hours, "%.2f", (double)json_integer_value(value) / 3600);
        json_object_set_new(totals, name, text ? json_string(hours) : json_real(strtod(hours, NULL)));
    }
}

void answer_project(const struct report *report)
{
    const struct tsheets_rows *rows = &report->data->tables[TSHEETS_TIMESHEETS];
    const json_t *wished = json_object_get(report->body, "customfielditems");
    static const char *const parts[] = {"users", "groups", "jobcodes", "customfields"};
    struct side_data side = {0};
    struct filter_set filters;
    json_t *totals;

    if (!report_span(report, 0) || !report_filters(report, hours_filters, &filters))
        return;
    totals = json_object();
    for (size_t i = 0; i < COUNT(parts); i++)
        inner_object(totals, parts[i]);
    for (size_t i = 0; i < rows->count; i++) {
        const struct tsheets_row *row = &rows->rows[i];
        if (!filter_passes(&filters, report->data, row))
            continue;
        json_t *json = made(json_loads(row->json, 0, NULL));
        const json_t *fields = json_object_get(json, "customfields");
        if (has_items(wished, fields)) {
            add_hours(report, row, fields, totals);
            side_mark(report->data, TSHEETS_USERS, row->user_id, &side);
            side_mark(report->data, TSHEETS_JOBCODES, row->jobcode_id, &side);
        }
        json_decref(json);
    }
    filter_clear(&filters);
    seconds_to_hours(totals, true);
    report_send(report, json_pack("{s:{s:O, s:{s:O, s:O, s:o}}}", "results", "filters", report->body, "project_report", "start_date",
                                  json_object_get(report->given, "start_date"), "end_date", json_object_get(report->given, "end_date"),
                                  "totals", totals), &side);
}

/* ---- Estimates ---- */

static const struct filter_declaration estimate_filters[] = {
    {.parameter = "project_ids", .kind = FILTER_NUMBERS, .number = row_id},
    {.parameter = "jobcode_ids", .kind = FILTER_NUMBERS, .number = row_jobcode},
    {.parameter = "parent_jobcode_id", .kind = FILTER_NUMBERS, .member = "parent_jobcode_id"},
    {.parameter = "statuses", .kind = FILTER_CHOICES, .member = "status", .choices = "not_started in_progress complete"},
    {.parameter = "active", .kind = FILTER_FLAG, .number = row_active, .standard = "yes"},
    {.parameter = "has_time_tracked", .kind = FILTER_NONE, .choices = "yes no"},
    {.parameter = "results_as_array", .kind = FILTER_NONE, .choices = "yes no"},
    {0},
};
static const struct filter_declaration tracked_filters[] = {
    {.parameter = "time_tracked_start_date", .kind = FILTER_DATE_FROM, .needs = "has_time_tracked"},
    {.parameter = "time_tracked_end_date", .kind = FILTER_DATE_TO, .needs = "has_time_tracked"},
    {0},
};
static const struct filter_declaration search_filters[] = {
    {.parameter = "name", .kind = FILTER_PATTERN, .member = "name"},
    {0},
};

/* What was tracked by whoever or whatever one part of the report is about. */
static void add_tracked(json_t *to, const struct tsheets_row *row)
{
    int64_t open = row->on_the_clock ? open_seconds(row) : 0;
    add_seconds(to, "total_clocked_in_seconds", open);
    add_seconds(to, "total_clocked_out_seconds", row->seconds);
    add_seconds(to, "total_tracked_seconds", open + row->seconds);
}

/* The same, and whether it still is. */
static void add_present(json_t *to, const struct tsheets_row *row)
{
    add_tracked(to, row);
    json_object_set_new(to, "on_the_clock", json_boolean(row->on_the_clock || json_is_true(json_object_get(to, "on_the_clock"))));
}

/* The members that only the detailed report has. */
static void add_detail(const struct report *report, const struct tsheets_row *row, json_t *tracked)
{
    int64_t group = user_group(report->data, row);
    json_t *of_group = inner_of_id(inner_object(tracked, "groups"), group < 0 ? 0 : group);
    json_t *of_jobcode = inner_of_id(inner_object(tracked, "jobcodes"), row->jobcode_id);

    add_present(inner_of_id(inner_object(tracked, "users"), row->user_id), row);
    add_present(inner_of_id(inner_object(of_group, "users"), row->user_id), row);
    add_present(of_jobcode, row);
    add_present(inner_of_id(inner_object(of_jobcode, "users"), row->user_id), row);
}

static const struct tsheets_row *estimate_of(const struct tsheets_data *data, int64_t project)
{
    const struct tsheets_rows *rows = &data->tables[TSHEETS_ESTIMATES];
    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].active && member_number(rows->rows[i].object, "project_id") == project)
            return &rows->rows[i];
    return NULL;
}

/* The active rows of a table whose member has that number: how many, and their items of estimates in all. */
static size_t count_of(const struct tsheets_data *data, enum tsheets_table table, const char *member, int64_t number, json_t *list,
                       int64_t *seconds)
{
    const struct tsheets_rows *rows = &data->tables[table];
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        if (!rows->rows[i].active || member_number(rows->rows[i].object, member) != number)
            continue;
        count++;
        if (seconds)
            *seconds += member_number(rows->rows[i].object, "estimated_seconds");
        if (list)
            json_array_append(list, rows->rows[i].object);
    }
    return count;
}

/* A project's day without its time of day. */
static json_t *short_day(const json_t *object, const char *name)
{
    const char *text = member_text(object, name);
    char day[11];
    snprintf(day, sizeof day, "%.10s", text ? text : "");
    return json_string(day);
}

static json_t *estimate_json(const struct report *report, const struct tsheets_row *project, bool detailed, struct side_data *side)
{
    static const char *const same[] = {"id", "jobcode_id", "parent_jobcode_id", "name", "status", "description", "last_modified", "created"};
    static const char *const days[] = {"start_date", "due_date", "completed_date"};
    const struct tsheets_rows *rows = &report->data->tables[TSHEETS_TIMESHEETS];
    const struct tsheets_row *estimate = estimate_of(report->data, project->id);
    json_t *json = json_object(), *clocked_in = json_array(), *tracked = json_object(), *items = json_array();
    int64_t estimated = 0;
    bool open = false;

    for (size_t i = 0; i < COUNT(same); i++)
        json_object_set(json, same[i], json_object_get(project->object, same[i]));
    for (size_t i = 0; i < COUNT(days); i++)
        json_object_set_new(json, days[i], short_day(project->object, days[i]));
    json_object_set_new(json, "active", json_integer(project->active));
    json_object_set_new(json, "estimate_id", json_integer(estimate ? estimate->id : 0));
    json_object_set_new(json, "estimate_by", estimate ? json_incref(json_object_get(estimate->object, "estimate_by")) : json_null());
    json_object_set_new(json, "estimate_by__id", json_integer(estimate ? member_number(estimate->object, "estimate_by__id") : 0));
    add_seconds(json, "total_clocked_in_seconds", 0);
    add_seconds(json, "total_clocked_out_seconds", 0);
    add_seconds(json, "total_tracked_seconds", 0);
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->rows[i].jobcode_id != project->jobcode_id)
            continue;
        add_tracked(json, &rows->rows[i]);
        add_detail(report, &rows->rows[i], tracked);
        if (rows->rows[i].on_the_clock)
            json_array_append_new(clocked_in, json_integer(rows->rows[i].user_id));
        open = open || rows->rows[i].on_the_clock;
    }
    if (estimate)
        count_of(report->data, TSHEETS_ESTIMATE_ITEMS, "estimate_id", estimate->id, items, &estimated);
    json_object_set_new(json, "total_estimated_seconds", json_integer(estimated));
    json_object_set_new(json, "total_note_count",
                        json_integer((json_int_t)count_of(report->data, TSHEETS_NOTES, "project_id", project->id, NULL, NULL)));
    json_object_set_new(json, "unread_posts_count", json_integer((json_int_t)(project->id / 2 % 4)));
    if (!detailed)
        json_object_set_new(json, "unread_replies_count", json_integer((json_int_t)(project->id / 2 % 3)));
    json_object_set_new(json, "budget_progress",
                        estimated ? json_real((double)(100 * member_number(json, "total_tracked_seconds") / estimated) / 100) : json_null());
    json_object_set_new(json, "clocked_in_user_ids", clocked_in);
    side_mark(report->data, TSHEETS_JOBCODES, project->jobcode_id, side);
    if (detailed) {
        json_object_set_new(tracked, "customfields", json_array());
        json_object_set(json, "tracked_time", tracked);
        json_object_set(json, "estimate_items", items);
        json_object_set_new(json, "on_the_clock", json_boolean(open));
        json_object_set_new(json, "customfielditem_id", json_integer(0));
        json_object_set_new(json, "assigned_to_all", json_boolean(project->id % 4 == 1));
        json_object_set_new(json, "preview_assigned_user_ids", json_pack("[I]", (json_int_t)tsheets_caller(report->data)->id));
        json_object_set_new(json, "total_assigned_users", json_integer(1));
    }
    json_decref(tracked);
    json_decref(items);
    return json;
}

/* Whether time was tracked for a project within the days that are asked for. */
static bool was_tracked(const struct report *report, const struct tsheets_row *project, const struct filter_set *tracked)
{
    const struct tsheets_rows *rows = &report->data->tables[TSHEETS_TIMESHEETS];
    if (!given_is(report->given, "has_time_tracked", "yes"))
        return true;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].jobcode_id == project->jobcode_id && filter_passes(tracked, report->data, &rows->rows[i]))
            return true;
    return false;
}

static int compare_by(const json_t *a, const json_t *b, const char *field)
{
    const json_t *left = json_object_get(a, field), *right = json_object_get(b, field);
    if (json_is_string(left) && json_is_string(right))
        return strcasecmp(json_string_value(left), json_string_value(right));
    double difference = json_number_value(left) - json_number_value(right);
    return difference < 0 ? -1 : difference > 0;
}

/* "+name,-due_date". False when a field can not be sorted by. */
static bool sort_before(const json_t *a, const json_t *b, const char *sort_by, bool *before)
{
    static const char *const fields[] = {"name", "due_date", "budget_progress", "total_note_count", "unread_posts_count"};
    int order = 0;

    while (*sort_by) {
        size_t length = strcspn(sort_by, ","), i = 0;
        while (i < COUNT(fields) && (strlen(fields[i]) != length - 1 || strncmp(sort_by + 1, fields[i], length - 1) != 0))
            i++;
        if (length == 0 || !strchr("+-", *sort_by) || i == COUNT(fields))
            return false;
        if (order == 0)
            order = (*sort_by == '-' ? -1 : 1) * compare_by(a, b, fields[i]);
        sort_by += length + (sort_by[length] == ',');
    }
    *before = order < 0;
    return true;
}

/* In its place by what it is sorted by. */
static bool insert_sorted(json_t *list, json_t *json, const char *sort_by)
{
    size_t place = json_array_size(list);
    bool before = false, good = sort_before(json, json, sort_by, &before);

    while (good && place > 0 && sort_before(json, json_array_get(list, place - 1), sort_by, &before) && before)
        place--;
    json_array_insert_new(list, place, json);
    return good;
}

/* These lists are arrays, not texts with commas as in other reports. */
static bool has_arrays(const struct report *report)
{
    static const char *const names[] = {"project_ids", "jobcode_ids", "statuses"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const json_t *value = json_object_get(report->body, names[i]);
        if (value && !json_is_array(value)) {
            tsheets_fail(report->answer, 417, "Expectation failed: 'project_ids', 'jobcode_ids' and 'statuses' must be arrays");
            return false;
        }
    }
    return true;
}

static bool all_passing(const struct report *report, json_t *list, struct side_data *side)
{
    const struct tsheets_rows *projects = &report->data->tables[TSHEETS_PROJECTS];
    const char *sort_by = json_string_value(json_object_get(report->given, "sort_by"));
    struct filter_set filters, tracked, search;
    char *why;
    bool good = true;

    if (!has_arrays(report) || !report_filters(report, estimate_filters, &filters))
        return false;
    if (!report_filters(report, tracked_filters, &tracked)) {
        filter_clear(&filters);
        return false;
    }
    if (!filter_read(search_filters, json_object_get(report->body, "search"), &search, &why))
        abort();                    /* a pattern can not be malformed */
    for (size_t i = 0; i < projects->count && good; i++) {
        const struct tsheets_row *project = &projects->rows[i];
        if (filter_passes(&filters, report->data, project) && filter_passes(&search, report->data, project) &&
            was_tracked(report, project, &tracked))
            good = insert_sorted(list, estimate_json(report, project, false, side), sort_by ? sort_by : "+name");
    }
    filter_clear(&filters);
    filter_clear(&tracked);
    filter_clear(&search);
    if (!good)
        tsheets_fail(report->answer, 417, "Expectation failed: 'sort_by' must be fields with + or - before each");
    return good;
}

void answer_project_estimate(const struct report *report)
{
    bool as_array = given_is(report->given, "results_as_array", "yes") || json_object_get(report->given, "sort_by");
    json_t *list = json_array(), *results = as_array ? json_array() : json_object();
    struct side_data side = {0};
    size_t first, limit;

    if (given_page(report->given, &first, &limit, report->answer) && all_passing(report, list, &side)) {
        size_t count = json_array_size(list);
        for (size_t i = first; i < count && i < first + limit; i++) {
            json_t *one = json_array_get(list, i);
            char key[24];
            snprintf(key, sizeof key, "%lld", (long long)member_number(one, "id"));
            if (as_array)
                json_array_append(results, one);
            else
                json_object_set(results, key, one);
        }
        report_send(report, json_pack("{s:O, s:b, s:I, s:O}", "filters", report->body, "more", count > first + limit, "total_count",
                                      (json_int_t)count, "results", results), &side);
    } else {
        for (int table = 0; table < TSHEETS_TABLES; table++)
            free(side.marked[table]);
    }
    json_decref(list);
    json_decref(results);
}

void answer_project_estimate_detail(const struct report *report)
{
    const struct tsheets_row *project = tsheets_find(report->data, TSHEETS_PROJECTS, member_number(report->given, "project_id"));
    struct side_data side = {0};
    json_t *projects;

    if (!json_object_get(report->given, "project_id")) {
        tsheets_fail(report->answer, 417, "Expectation failed: 'project_id' is required");
        return;
    }
    projects = given_is(report->given, "results_as_array", "yes") ? json_array() : json_object();
    if (project) {
        json_t *one = estimate_json(report, project, true, &side);
        if (json_is_array(projects))
            json_array_append_new(projects, one);
        else
            json_object_set_new(projects, json_string_value(json_object_get(report->given, "project_id")), one);
    }
    report_send(report, json_pack("{s:O, s:o}", "filters", report->body, "projects", projects), &side);
}
