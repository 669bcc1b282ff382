/* The reports of Basecamp 3: what is assigned to whom, what is late, what comes next, and the lists of everything by project. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/basecamp3.h"
#include "test/sandbox/moment.h"

enum { DAY_MS = 86400000 };

/* The days from 1970 of a member such as due_on; false when it has none. */
static bool read_day(const struct record *record, const char *name, int64_t *day)
{
    const char *text = record_text(record, name);
    return text && day_read(text, day);
}

static bool is_done(const struct record *record)
{
    return record_true(record, "completed") || (record->parent && kind_is(record->parent->kind, "Kanban::DoneColumn"));
}

static bool is_assigned(const struct record *record, const struct record *person)
{
    return record_lists(record, "assignee_ids", person->id);
}

/* ---- What is mine ---- */

static json_t *has_description(const struct view *view, const struct record *record)
{
    const char *text = record_text(record, kind_is(record->kind, "Kanban::Card") ? "content" : "description");
    (void)view;
    return json_boolean(text && *text);
}

/* A card's steps that are mine, each as an assignment. */
static json_t *assigned_steps(const struct view *view, const struct record *card)
{
    json_t *list = json_array();
    for (const struct record *step = card->first; step; step = step->next)
        if (!step->gone && step->standing == STANDING_ACTIVE && kind_is(step->kind, "Kanban::Step") && !is_done(step) &&
            is_assigned(step, view->store->me))
            json_array_append_new(list, shape_write_named(view, "Assignment", step));
    return list;
}

static json_t *upcoming_type(const struct view *view, const struct record *record)
{
    (void)view, (void)record;
    return json_string("ScheduleEntry");
}

static json_t *completion_url(const struct view *view, const struct record *record)
{
    if (kind_is(record->kind, "Todo"))
        return shape_api_url(view, "/buckets/{bucket}/todos/{id}/completion", record);
    return shape_api_url(view, "/buckets/{bucket}/card_tables/steps/{id}/completions", record);
}

const struct derivation basecamp3_report_derivations[] = {
    {"has_description", has_description}, {"assigned_steps", assigned_steps}, {"upcoming_type", upcoming_type},
    {"completion_url", completion_url}, {NULL, NULL},
};

/* Mine itself, or a card with an open step that is mine. */
static bool concerns_me(const struct call *call, const struct record *record)
{
    if (is_assigned(record, call->store->me))
        return true;
    json_t *steps = kind_is(record->kind, "Kanban::Card") ? assigned_steps(&call->view, record) : NULL;
    bool some = json_array_size(steps) > 0;
    json_decref(steps);
    return some;
}

/* Active to-dos and cards that concern me, by id; done ones or open ones. */
static struct records my_assignments(const struct call *call, bool done)
{
    struct records found = {0};
    size_t kept = 0;

    records_add_within(&found, call->store, NULL, "Todo|Kanban::Card");
    for (size_t i = 0; i < found.count; i++)
        if (record_standing(found.all[i]) == STANDING_ACTIVE && is_done(found.all[i]) == done && concerns_me(call, found.all[i]))
            found.all[kept++] = found.all[i];
    found.count = kept;
    records_sort(&found, "id");
    return found;
}

static json_t *assignment(const struct call *call, const struct record *record)
{
    json_t *json = shape_write_named(&call->view, "Assignment", record);
    json_object_set_new(json, "completed", json_boolean(is_done(record)));
    return json;
}

void basecamp3_assignments(struct call *call)
{
    struct records found = my_assignments(call, false);
    json_t *priorities = json_array(), *others = json_array();

    for (size_t i = 0; i < found.count; i++)
        json_array_append_new(record_get(found.all[i], "priority_recording_id") ? priorities : others, assignment(call, found.all[i]));
    records_clear(&found);
    call_json(call, 200, json_pack("{s:o, s:o}", "priorities", priorities, "non_priorities", others));
}

void basecamp3_assignments_completed(struct call *call)
{
    struct records found = my_assignments(call, true);
    json_t *list = json_array();

    for (size_t i = 0; i < found.count; i++)
        json_array_append_new(list, assignment(call, found.all[i]));
    records_clear(&found);
    call_json(call, 200, list);
}

void basecamp3_assignments_due(struct call *call)
{
    static const struct { const char *scope; int from, to; } scopes[] = {    /* days from today, a Monday */
        {"overdue", -100000, -1}, {"due_today", 0, 0}, {"due_tomorrow", 1, 1}, {"due_later_this_week", 2, 6},
        {"due_next_week", 7, 13}, {"due_later", 14, 100000},
    };
    const char *asked = call_query(call, "scope");
    size_t scope = 0, scope_count = sizeof scopes / sizeof scopes[0];

    while (asked && scope < scope_count && strcmp(asked, scopes[scope].scope) != 0)
        scope++;
    if (scope == scope_count) {
        call_fail(call, 400, "Invalid scope '%s'. Valid options: overdue, due_today, due_tomorrow, due_later_this_week, due_next_week, "
                  "due_later", asked);
        return;
    }
    struct records found = my_assignments(call, false);
    json_t *list = json_array();
    for (size_t i = 0; i < found.count; i++) {
        int64_t day;
        if (read_day(found.all[i], "due_on", &day) && day >= BASECAMP_TODAY_DAY + scopes[scope].from &&
            day <= BASECAMP_TODAY_DAY + scopes[scope].to)
            json_array_append_new(list, assignment(call, found.all[i]));
    }
    records_clear(&found);
    call_json(call, 200, list);
}

/* ---- Who has what to do ---- */

void basecamp3_assignees(struct call *call)
{
    struct records people = {0};
    records_add_within(&people, call->store, NULL, "Person");
    call_write_page(call, &people);
}

void basecamp3_assigned_to(struct call *call)
{
    const char *group = call_query(call, "group_by");
    struct records found = {0};
    json_t *todos = json_array();

    if (group && !word_among("bucket date", group)) {
        call_fail(call, 400, "Invalid group_by '%s'. Valid options: bucket, date", group);
        json_decref(todos);
        return;
    }
    records_add_within(&found, call->store, NULL, "Todo");
    if (group && strcmp(group, "date") == 0)
        records_sort(&found, "due_on");
    for (size_t i = 0; i < found.count; i++)
        if (record_standing(found.all[i]) == STANDING_ACTIVE && !is_done(found.all[i]) && is_assigned(found.all[i], call->record))
            json_array_append_new(todos, shape_write_listed(&call->view, found.all[i]));
    records_clear(&found);
    call_json(call, 200, json_pack("{s:o, s:s, s:o}", "person", shape_write_named(&call->view, "Person", call->record), "grouped_by",
                                   group ? group : "bucket", "todos", todos));
}

/* ---- What is late ---- */

/* Days since it was due; 0 or less when it is not late. */
static int64_t days_late(const struct record *record)
{
    int64_t day;
    if (record_standing(record) != STANDING_ACTIVE || is_done(record) || !read_day(record, "due_on", &day))
        return 0;
    return BASECAMP_TODAY_DAY - day;
}

void basecamp3_overdue_todos(struct call *call)
{
    static const struct { const char *name; int64_t least; } classes[] = {
        {"over_three_months_late", 90}, {"over_a_month_late", 30}, {"over_a_week_late", 7}, {"under_a_week_late", 1},
    };
    struct records todos = {0};
    json_t *report = json_object();

    records_add_within(&todos, call->store, NULL, "Todo");
    for (size_t c = sizeof classes / sizeof classes[0]; c-- > 0;)
        json_object_set_new(report, classes[c].name, json_array());
    for (size_t i = 0; i < todos.count; i++)
        for (size_t c = 0; c < sizeof classes / sizeof classes[0]; c++)
            if (days_late(todos.all[i]) >= classes[c].least) {
                json_array_append_new(json_object_get(report, classes[c].name), shape_write_listed(&call->view, todos.all[i]));
                break;
            }
    records_clear(&todos);
    call_json(call, 200, report);
}

/* ---- Everything, by project ---- */

/* The filters that all these lists have: assignee_ids[], due=with|without|overdue. */
static bool wanted_of_everything(const struct call *call, const struct record *record)
{
    const char *due = call_query(call, "due");
    const json_t *ids = record_get(record, "assignee_ids"), *id;
    bool dated = record_text(record, "due_on") != NULL, mine = false;
    size_t i;

    if (!json_object_get(call->request->queries, "assignee_ids[]"))
        mine = true;
    json_array_foreach(ids, i, id)
        mine = mine || call_query_has(call, "assignee_ids", json_integer_value(id));
    if (!mine || !due)
        return mine;
    return strcmp(due, "with") == 0 ? dated : strcmp(due, "without") == 0 ? !dated :
           strcmp(due, "overdue") == 0 ? days_late(record) > 0 : true;
}

/* Whether it belongs into /todos/open, /cards/not_now… */
static bool in_everything(const struct record *record, const char *which)
{
    bool parked = kind_is(record->parent->kind, "Kanban::NotNowColumn"), done = is_done(record);

    if (record_standing(record) != STANDING_ACTIVE)
        return false;
    if (strcmp(which, "completed") == 0)
        return done;
    if (strcmp(which, "not_now") == 0)
        return parked;
    if (done || parked)
        return false;
    if (strcmp(which, "unassigned") == 0)
        return json_array_size(record_get(record, "assignee_ids")) == 0;
    if (strcmp(which, "no_due_date") == 0)
        return record_text(record, "due_on") == NULL;
    return true;
}

/* [{bucket, todos}], five projects a page. The records come project by project. */
void basecamp3_grouped(struct call *call)
{
    static const unsigned sizes[] = {5, 0};
    const char *which = strrchr(call->route->path, '/') + 1, *name = call->route->shape;
    struct records found = {0};
    size_t kept = 0, buckets = 0, first, count;

    records_add_within(&found, call->store, NULL, call->route->kinds);
    for (size_t i = 0; i < found.count; i++)
        if (in_everything(found.all[i], which) && wanted_of_everything(call, found.all[i])) {
            buckets += kept == 0 || found.all[kept - 1]->bucket != found.all[i]->bucket;
            found.all[kept++] = found.all[i];
        }
    if (call_page(call, sizes, buckets, &first, &count)) {
        json_t *groups = json_array(), *rows = NULL;
        buckets = 0;
        for (size_t i = 0; i < kept; i++) {
            const struct record *record = found.all[i];
            bool next = i == 0 || found.all[i - 1]->bucket != record->bucket;
            buckets += next;
            if (buckets <= first || buckets > first + count)
                continue;
            if (next) {
                rows = json_array();
                json_array_append_new(groups, json_pack("{s:o, s:o}", "bucket", shape_write_named(&call->view, "Bucket", record->bucket),
                                                        name, rows));
            }
            json_array_append_new(rows, kind_is(record->kind, "Todo") ? shape_write_listed(&call->view, record)
                                                                      : shape_write_whole(&call->view, record));
        }
        call_json(call, 200, groups);
    }
    records_clear(&found);
}

void basecamp3_overdue_list(struct call *call)
{
    struct records found = {0};
    size_t kept = 0;

    records_add_within(&found, call->store, NULL, call->route->kinds);
    for (size_t i = 0; i < found.count; i++)
        if (days_late(found.all[i]) > 0 && wanted_of_everything(call, found.all[i]))
            found.all[kept++] = found.all[i];
    found.count = kept;
    records_sort(&found, "due_on");
    call_write_page(call, &found);
}

/* ---- What comes next ---- */

static json_t *upcoming_entry(const struct call *call, const struct record *entry, int64_t shift)
{
    json_t *json = shape_write_named(&call->view, "UpcomingEntry", entry);
    if (shift) {
        json_object_set_new(json, "starts_at", shape_moment(&call->view, record_number(entry, "starts_at") + shift));
        json_object_set_new(json, "ends_at", shape_moment(&call->view, record_number(entry, "ends_at") + shift));
    }
    return json;
}

static void add_occurrences(const struct call *call, const struct record *entry, int64_t from, int64_t to, json_t *list)
{
    int64_t first = record_number(entry, "starts_at") / DAY_MS;
    for (int64_t day = from; day <= to; day++)
        if (basecamp3_recurs(entry, day))
            json_array_append_new(list, upcoming_entry(call, entry, (day - first) * DAY_MS));
}

void basecamp3_upcoming(struct call *call)
{
    int64_t from = INT64_MIN, to = INT64_MIN, day;
    struct records found = {0};

    if (!call_query_day(call, "window_starts_on", &from) || !call_query_day(call, "window_ends_on", &to))
        return;
    if (from == INT64_MIN || to == INT64_MIN) {
        call_fail(call, 400, "window_starts_on and window_ends_on are required");
        return;
    }
    if (to - from > 3660) {
        call_fail(call, 400, "The window is too wide");
        return;
    }
    json_t *entries = json_array(), *occurrences = json_array(), *assignables = json_array();
    records_add_within(&found, call->store, NULL, "Schedule::Entry");
    records_sort(&found, "starts_at");
    for (size_t i = 0; i < found.count; i++) {
        const struct record *entry = found.all[i];
        day = record_number(entry, "starts_at") / DAY_MS;
        if (record_standing(entry) != STANDING_ACTIVE)
            continue;
        if (record_get(entry, "recurrence_schedule"))
            add_occurrences(call, entry, from, to, occurrences);
        else if (day >= from && day <= to)
            json_array_append_new(entries, upcoming_entry(call, entry, 0));
    }
    records_clear(&found);
    records_add_within(&found, call->store, NULL, "Todo|Kanban::Card|Kanban::Step");
    for (size_t i = 0; i < found.count; i++)
        if (record_standing(found.all[i]) == STANDING_ACTIVE && read_day(found.all[i], "due_on", &day) && day >= from && day <= to)
            json_array_append_new(assignables, shape_write_named(&call->view, "Assignable", found.all[i]));
    records_clear(&found);
    call_json(call, 200, json_pack("{s:o, s:o, s:o}", "schedule_entries", entries, "recurring_schedule_entry_occurrences", occurrences,
                                   "assignables", assignables));
}

/* ---- Hours ---- */

/* Of the account, a project or a recording; between two dates, both or none, by their old names or their new ones. */
void basecamp3_timesheet(struct call *call)
{
    int64_t from = INT64_MIN, to = INT64_MIN, day;
    struct records entries = {0};
    size_t kept = 0;

    if (!call_query_day(call, "from", &from) || !call_query_day(call, "start_date", &from) || !call_query_day(call, "to", &to) ||
        !call_query_day(call, "end_date", &to))
        return;
    if ((from == INT64_MIN) != (to == INT64_MIN)) {
        call_fail(call, 400, "start_date and end_date must be given both or not at all");
        return;
    }
    if (call->record && call->record != call->bucket)
        records_add_children(&entries, call->record, "Timesheet::Entry");
    else
        records_add_within(&entries, call->store, call->bucket, "Timesheet::Entry");
    for (size_t i = 0; i < entries.count; i++) {
        struct record *entry = entries.all[i];
        bool within = from == INT64_MIN || (read_day(entry, "date", &day) && day >= from && day <= to);
        if (within && record_standing(entry) == STANDING_ACTIVE && call_query_has(call, "person_id", record_number(entry, "person_id")) &&
            call_query_has(call, "bucket_id", entry->bucket->id))
            entries.all[kept++] = entry;
    }
    entries.count = kept;
    call_write_page(call, &entries);
}
