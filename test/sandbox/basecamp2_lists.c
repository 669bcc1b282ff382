/* Lists and single answers of Basecamp 2 that want more than a table's words, and the product itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/basecamp2.h"
#include "test/sandbox/moment.h"

enum { DAY_MS = 86400000 };

/* ---- Filters and order ---- */

/* Projects that are drafts are in no other list. */
static bool passes_published(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return record->standing == STANDING_ACTIVE && !record_true(record, "draft");
}

static bool passes_drafts(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return record->standing == STANDING_ACTIVE && record_true(record, "draft");
}

static bool passes_archived(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return record->standing == STANDING_ARCHIVED;
}

static bool passes_trashed(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return record_standing(record) == STANDING_TRASHED;
}

/* Not trashed, and neither is what it lies in. */
static bool passes_kept(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return record_standing(record) != STANDING_TRASHED;
}

/* As passes_kept, and in no archived project: the lists of the whole account. */
static bool passes_current(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return record_standing(record) == STANDING_ACTIVE;
}

static bool passes_open_list(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return !basecamp2_completed(record);
}

static bool passes_completed_list(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return basecamp2_completed(record);
}

static bool passes_remaining(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return !record_true(record, "completed");
}

static bool passes_completed(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return record_true(record, "completed");
}

static bool passes_due_since(const struct call *call, const struct record *record, const char *value)
{
    const char *due = record_text(record, "due_on");
    (void)call;
    return due && strcmp(due, value) >= 0;
}

const struct filter basecamp2_filters[] = {
    {"published", NULL, "", passes_published}, {"drafts", NULL, "", passes_drafts}, {"archived", NULL, "", passes_archived},
    {"trashed", NULL, "", passes_trashed}, {"kept", NULL, "", passes_kept}, {"current", NULL, "", passes_current},
    {"open-list", NULL, "", passes_open_list}, {"completed-list", NULL, "", passes_completed_list}, {"remaining", NULL, "", passes_remaining},
    {"completed", NULL, "", passes_completed}, {"due_since", NULL, NULL, passes_due_since}, {0},
};

/* "*updated": the request may order otherwise, by sort. */
static bool order(struct call *call, char *out, size_t room)
{
    static const struct { const char *sort, *order; } sorts[] = {
        {"az", "title"}, {"za", "-title"}, {"newest", "-created"}, {"oldest", "created"}, {"biggest", "-byte_size"}, {"smallest", "byte_size"},
    };
    const char *standard = call->route->order ? call->route->order : "", *sort = call_query(call, "sort");
    int64_t day;

    if (call->route->filters && word_among(call->route->filters, "due_since") && !call_query_day(call, "due_since", &day))
        return false;
    snprintf(out, room, "%s", standard + (*standard == '*'));
    if (*standard != '*' || !sort)
        return true;
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++)
        if (strcmp(sort, sorts[i].sort) == 0) {
            bool topics = strcmp(call->route->kinds, "Topic") == 0;     /* by their last change */
            snprintf(out, room, "%s", topics ? (*sort == 'n' ? "-updated" : "updated") : sorts[i].order);
            return true;
        }
    call_fail(call, 400, "sort must be az, za, newest, oldest, biggest or smallest");
    return false;
}

/* ---- People ---- */

void basecamp2_me(struct call *call)
{
    call->record = call->store->me;
    handle_one(call);
}

void basecamp2_projects_of_person(struct call *call)
{
    struct records projects = {0};
    size_t kept = 0;

    records_add_within(&projects, call->store, NULL, "Project");
    for (size_t i = 0; i < projects.count; i++)
        if (record_lists(projects.all[i], "people_ids", call->record->id))
            projects.all[kept++] = projects.all[i];
    projects.count = kept;
    call_list(call, &projects);
}

/* Fifty a page, each with when it was given. */
void basecamp2_accesses(struct call *call)
{
    const json_t *ids = record_get(call->record, "people_ids"), *id;
    struct records people = {0};
    size_t i;
    json_array_foreach(ids, i, id) {
        struct record *person = store_find(call->store, json_integer_value(id));
        if (person)
            records_add(&people, person);
    }
    call_list(call, &people);
}

/* ---- Events and topics ---- */

/* The newest first, since a time if one is given; of a project, a person or all. */
void basecamp2_events(struct call *call)
{
    const char *since = call_query(call, "since");
    const struct record *person = call->record && kind_is(call->record->kind, "Person") ? call->record : NULL;
    struct records events = {0};
    int64_t moment = INT64_MIN, day;
    size_t kept = 0;

    if (since && !moment_read(since, &moment) && day_read(since, &day)) {
        moment = day * 86400;
    } else if (since && moment == INT64_MIN) {
        call_fail(call, 400, "since must be a time as YYYY-MM-DDThh:mm:ss-06:00");
        return;
    }
    records_add_within(&events, call->store, call->bucket, "Event");
    for (size_t i = 0; i < events.count; i++) {
        struct record *event = events.all[i];
        if ((!person || event->creator == person) && event->created / 1000 >= moment && record_standing(event) != STANDING_TRASHED &&
            !event->parent->gone)
            events.all[kept++] = event;
    }
    events.count = kept;
    records_sort(&events, "-created");
    call_write_page(call, &events);
}

/* The piece of a list that the request asks for. Takes the list. */
static void answer_page(struct call *call, json_t *list)
{
    size_t first, count;

    if (call_page(call, call->product->pages, json_array_size(list), &first, &count)) {
        json_t *page = json_array();
        for (size_t i = first; i < first + count; i++)
            json_array_append(page, json_array_get(list, i));
        call_json(call, 200, page);
    }
    json_decref(list);
}

/* ---- To-dos ---- */

/* The lists that have open to-dos of the person, each with them. */
void basecamp2_assigned(struct call *call)
{
    struct records lists = {0};
    json_t *answer = json_array();
    const char *since = call_query(call, "due_since");
    int64_t day;

    if (!call_query_day(call, "due_since", &day)) {
        json_decref(answer);
        return;
    }
    records_add_within(&lists, call->store, NULL, "Todolist");
    for (size_t i = 0; i < lists.count; i++) {
        json_t *todos = json_array();
        for (const struct record *todo = lists.all[i]->first; todo; todo = todo->next)
            if (!todo->gone && kind_is(todo->kind, "Todo") && record_standing(todo) == STANDING_ACTIVE && !record_true(todo, "completed") &&
                record_number(todo, "assignee_id") == call->record->id && (!since || passes_due_since(call, todo, since)))
                json_array_append_new(todos, shape_write_named(&call->view, "TodoAssigned", todo));
        if (json_array_size(todos) > 0) {
            json_t *list = shape_write_named(&call->view, "TodolistEverywhere", lists.all[i]);
            json_object_set(list, "assigned_todos", todos);
            json_array_append_new(answer, list);
        }
        json_decref(todos);
    }
    records_clear(&lists);
    answer_page(call, answer);
}

void basecamp2_one_todolist(struct call *call)
{
    const char *without = call_query(call, "exclude_todos");
    json_t *json = shape_write_whole(&call->view, call->record);
    if (without && strcmp(without, "true") == 0)
        json_object_del(json, "todos");
    call_json(call, 200, json);
}

/* ---- Calendars ---- */

enum { SIX_WEEKS = 42 };

static bool excluded(const json_t *rule, int number)
{
    const json_t *excluding = json_object_get(rule, "excluding"), *value;
    size_t i;
    json_array_foreach(excluding, i, value)
        if (json_integer_value(value) == number)
            return true;
    return false;
}

/* An event's n-th repetition within the window: no id and no URL of its own, but which of which master it is. */
static void add_repetitions(struct call *call, const struct record *event, int64_t from, int64_t to, json_t *list)
{
    const json_t *rule = record_get(event, "recurring");
    int64_t step = strcmp(json_string_value(json_object_get(rule, "frequency")), "every_day") == 0 ? 1 : 7;
    int64_t first = record_number(event, "starts_at") / DAY_MS, count = json_integer_value(json_object_get(rule, "count")), until;
    const char *shape = call->record ? "Occurrence" : "OccurrenceEverywhere";

    if (!day_read(json_is_string(json_object_get(rule, "until")) ? json_string_value(json_object_get(rule, "until")) : "", &until))
        until = to;
    for (int number = 1; first + number * step <= to && first + number * step <= until && (!count || number < count); number++) {
        int64_t shift = number * step * DAY_MS;
        if (first + number * step < from || excluded(rule, number))
            continue;
        struct record moved = *event;
        moved.members = json_copy(event->members);
        moved.portrait = NULL;
        json_object_set_new(moved.members, "starts_at", json_integer(record_number(event, "starts_at") + shift));
        json_object_set_new(moved.members, "ends_at", json_integer(record_number(event, "ends_at") + shift));
        json_t *json = shape_write_named(&call->view, shape, &moved);
        json_object_set_new(json, "recurrence", json_pack("{s:i, s:o}", "number", number, "master",
                                                          shape_write_named(&call->view, "Master", event)));
        json_array_append_new(list, json);
        json_decref(moved.members);
    }
}

/* Reads the window; false after answering what is wrong with it. Without a start there is none. */
static bool read_window(struct call *call, int64_t *from, int64_t *to)
{
    *from = *to = INT64_MIN;
    if (!call_query_day(call, "start_date", from) || !call_query_day(call, "end_date", to))
        return false;
    if (*from == INT64_MIN && (*to != INT64_MIN || !call->record)) {
        call_fail(call, 400, "start_date is required");
        return false;
    }
    if (*to == INT64_MIN)
        *to = *from + SIX_WEEKS;
    if (*from != INT64_MIN && (*to < *from || *to - *from > SIX_WEEKS)) {
        call_fail(call, 400, "end_date must be within six weeks of start_date");
        return false;
    }
    return true;
}

/* Upcoming ones, past ones, or those of a window with their repetitions. */
void basecamp2_calendar_events(struct call *call)
{
    bool past = strcmp(strrchr(call->route->path, '/'), "/past") == 0;
    struct records events = {0};
    int64_t from, to;
    json_t *list;

    if (!read_window(call, &from, &to))
        return;
    list = json_array();
    records_add_within(&events, call->store, call->bucket, "CalendarEvent");
    records_sort(&events, past ? "-starts_at" : "starts_at");
    for (size_t i = 0; i < events.count; i++) {
        const struct record *event = events.all[i];
        int64_t start = record_number(event, "starts_at") / DAY_MS, end = record_number(event, "ends_at") / DAY_MS;
        bool windowed = !past && from != INT64_MIN;
        bool wanted = windowed ? start <= to && end >= from : past ? end < BASECAMP_TODAY_DAY : end >= BASECAMP_TODAY_DAY;
        if (record_standing(event) != STANDING_ACTIVE)
            continue;
        if (wanted)
            json_array_append_new(list, shape_write_named(&call->view, call->record ? "CalendarEventListed" : "CalendarEventEverywhere", event));
        if (windowed && record_get(event, "recurring"))
            add_repetitions(call, event, from, to, list);
    }
    records_clear(&events);
    answer_page(call, list);
}

/* ---- Files ---- */

void basecamp2_tagged(struct call *call)
{
    struct records files = {0};
    size_t kept = 0, i;
    const json_t *tag;

    records_add_within(&files, call->store, NULL, "Attachment");
    for (size_t f = 0; f < files.count; f++)
        json_array_foreach(record_get(files.all[f], "tags"), i, tag)
            if (strcmp(json_string_value(tag), call->text) == 0) {
                files.all[kept++] = files.all[f];
                break;
            }
    files.count = kept;
    call_list(call, &files);
}

/* ---- The product ---- */

static const struct derivation *const derivations[] = {basecamp2_derivations, NULL};

static const struct shape_source shapes = {
    .shapes = basecamp2_shapes, .derivations = derivations, .moment = basecamp2_moment, .kept = "Creator",
};

static const unsigned fifty[] = {50, 0};

const struct product basecamp2 = {
    .name = "bcx", .play = "basecamp2", .kinds = basecamp2_kinds, .shapes = &shapes, .routes = basecamp2_routes,
    .filters = basecamp2_filters, .pages = fifty, .links = false, .order = order, .make = basecamp2_make,
    .first_ids = {223304243, 605816632, 149087659, 1054456336, 17028592},
};
