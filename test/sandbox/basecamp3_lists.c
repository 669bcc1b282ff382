/* Lists and single answers of Basecamp 3 that want more than a table's words: recordings of all projects, recurring entries, search… */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/basecamp3.h"
#include "test/sandbox/moment.h"

enum { DAY_MS = 86400000 };

/* ---- Filters and order ---- */

static bool passes_status(const struct call *call, const struct record *record, const char *value)
{
    enum standing standing = record_standing(record);
    (void)call;
    return standing == (*value == 't' ? STANDING_TRASHED : value[1] == 'r' ? STANDING_ARCHIVED : STANDING_ACTIVE);
}

/* Neither archived nor trashed, nor in what is. */
static bool passes_current(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return record_standing(record) == STANDING_ACTIVE;
}

/* Open ones unless asked for; archived and trashed ones regardless. */
static bool passes_completed(const struct call *call, const struct record *record, const char *value)
{
    const char *status = call_query(call, "status");
    if (!call_query(call, "completed") && status && strcmp(status, "active") != 0)
        return true;
    return record_true(record, "completed") == (*value == 't');
}

static bool passes_date(const struct call *call, const struct record *record, const char *value)
{
    const char *date = record_text(record, "group_on");
    (void)call;
    return date && strcmp(date, value) == 0;
}

static bool passes_creator(const struct call *call, const struct record *record, const char *value)
{
    (void)value;
    return call_query_has(call, "creator_id", record->creator->id);
}

static bool passes_people(const struct call *call, const struct record *record, const char *value)
{
    (void)value;
    return call_query_has(call, "people_ids", record->creator->id);
}

static bool passes_kind(const struct call *call, const struct record *record, const char *value)
{
    const char *type = record_text(record, "content_type"), *wanted = *value == 'i' ? "image/" : *value == 'v' ? "video/" : "application/pdf";
    (void)call;
    if (strcmp(value, "all") == 0)
        return true;
    if (strcmp(value, "documents") == 0)
        return kind_is(record->kind, "Document");
    return type && strncmp(type, wanted, strlen(wanted)) == 0;
}

static bool passes_enabled(const struct call *call, const struct record *record, const char *value)
{
    (void)call, (void)value;
    return record->position > 0;
}

const struct filter basecamp3_filters[] = {
    {"status", "active archived trashed", "active", passes_status},
    {"current", NULL, "", passes_current},
    {"completed", "true false", "false", passes_completed},
    {"date", NULL, NULL, passes_date},
    {"creator_id", NULL, NULL, passes_creator},
    {"kind", "all images pdfs documents videos", NULL, passes_kind},
    {"people", NULL, "", passes_people},
    {"tools", NULL, "", passes_enabled},
    {0},
};

/* "*-created": the request may order otherwise by sort and direction. */
static bool order(struct call *call, char *out, size_t room)
{
    const char *standard = call->route->order ? call->route->order : "";
    const char *sort = call_query(call, "sort"), *direction = call_query(call, "direction");

    if (*standard != '*') {
        snprintf(out, room, "%s", standard);
        return true;
    }
    standard++;
    if ((sort && !word_among("created_at updated_at", sort)) || (direction && !word_among("asc desc", direction))) {
        call_fail(call, 400, "sort must be created_at or updated_at, direction asc or desc");
        return false;
    }
    bool descending = direction ? *direction == 'd' : sort || *standard == '-';
    const char *by = sort ? (*sort == 'c' ? "created" : "updated") : standard + (*standard == '-');
    snprintf(out, room, "%s%s", descending ? "-" : "", by);
    return true;
}

/* ---- Across projects ---- */

static const char recording_types[] =
    "Comment Document Kanban::Card Kanban::Step Message Question::Answer Schedule::Entry Todo Todolist Upload Vault";

void basecamp3_recordings(struct call *call)
{
    const char *type = call_query(call, "type");
    struct records found = {0};
    size_t kept = 0;

    if (!type || !word_among(recording_types, type)) {
        call_fail(call, 400, type ? "Invalid type '%s'. Valid options: %s" : "type is missing%.0s. Valid options: %s", type ? type : "",
                  recording_types);
        return;
    }
    records_add_within(&found, call->store, NULL, type);
    for (size_t i = 0; i < found.count; i++) {
        const struct record *bucket = found.all[i]->bucket;
        if (kind_is(bucket->kind, "Project") && call_query_has(call, "bucket", bucket->id) &&
            (found.all[i]->parent != bucket || found.all[i]->position > 0))     /* a tool that is switched off is not there */
            found.all[kept++] = found.all[i];
    }
    found.count = kept;
    call_list(call, &found);
}

/* ---- People ---- */

void basecamp3_me(struct call *call)
{
    call->record = call->store->me;
    handle_one(call);
}

struct record *basecamp3_only(const struct store *store, const char *kind)
{
    size_t count;
    return store_all(store, store_kind(store, kind), &count)[0];
}

void basecamp3_singleton(struct call *call)
{
    call->record = basecamp3_only(call->store, call->route->kinds);
    handle_one(call);
}

void basecamp3_client_board(struct call *call)
{
    struct records boards = {0};
    records_add_children(&boards, call->record, "Client::Board");
    if (boards.count)
        call_json(call, 200, shape_write_whole(&call->view, boards.all[0]));
    else
        call_missing(call);
    records_clear(&boards);
}

void basecamp3_people_of_project(struct call *call)
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

void basecamp3_out_of_office(struct call *call)
{
    if (record_get(call->record, "out_of_office"))
        call_json(call, 200, shape_write_named(&call->view, "OutOfOffice", call->record));
    else
        call_json(call, 200, json_pack("{s:o, s:b, s:b, s:n, s:n}", "person", shape_write_named(&call->view, "PersonName", call->record),
                                       "enabled", 0, "ongoing", 0, "start_date", "end_date"));
}

/* ---- Check-ins ---- */

void basecamp3_answerers(struct call *call)
{
    struct records people = {0};
    for (const struct record *answer = call->record->first; answer; answer = answer->next) {
        bool known = answer->gone || !kind_is(answer->kind, "Question::Answer");
        for (size_t i = 0; i < people.count && !known; i++)
            known = people.all[i] == answer->creator;
        if (!known)
            records_add(&people, answer->creator);
    }
    call_list(call, &people);
}

void basecamp3_answers_by(struct call *call)
{
    const struct record *question = call->captured[call->captured_count - 2];
    struct records answers = {0};
    for (struct record *answer = question->first; answer; answer = answer->next)
        if (!answer->gone && kind_is(answer->kind, "Question::Answer") && answer->creator == call->record)
            records_add(&answers, answer);
    call_list(call, &answers);
}

/* ---- Recurring entries ---- */

bool basecamp3_recurs(const struct record *entry, int64_t day)
{
    const json_t *schedule = record_get(entry, "recurrence_schedule"), *weekday;
    int64_t start, end;
    size_t i;

    if (!schedule || !day_read(json_string_value(json_object_get(schedule, "start_date")), &start) || day < start ||
        (day_read(json_string_value(json_object_get(schedule, "end_date")), &end) && day > end))
        return false;
    json_array_foreach(json_object_get(schedule, "days"), i, weekday)
        if (json_integer_value(weekday) == (day + 4) % 7)      /* 1970 began on a Thursday, 4 */
            return true;
    return false;
}

void basecamp3_entry(struct call *call)
{
    int64_t day = record_number(call->record, "starts_at") / DAY_MS;
    char date[DAY_TEXT], url[200];

    if (!record_get(call->record, "recurrence_schedule")) {
        handle_one(call);
        return;
    }
    for (int i = 0; i < 7 && !basecamp3_recurs(call->record, day); i++)
        day++;
    day_write(day, date);
    snprintf(url, sizeof url, "%s/schedule_entries/%lld/occurrences/%.4s%.2s%.2s.json", call->view.api, (long long)call->record->id, date,
             date + 5, date + 8);
    answer_bytes(call->answer, 302, NULL, text_copy(""), 0);
    answer_header(call->answer, "Location", url);
}

void basecamp3_occurrence(struct call *call)
{
    const struct record *entry = call->record;
    char date[DAY_TEXT];
    int64_t day, shift;

    snprintf(date, sizeof date, "%.4s-%.2s-%.2s", call->text, strlen(call->text) == 8 ? call->text + 4 : "",
             strlen(call->text) == 8 ? call->text + 6 : "");
    if (!day_read(date, &day) || !basecamp3_recurs(entry, day)) {
        call_missing(call);
        return;
    }
    shift = (day - record_number(entry, "starts_at") / DAY_MS) * DAY_MS;
    json_t *json = shape_write_whole(&call->view, entry);
    json_object_set_new(json, "starts_at", shape_moment(&call->view, record_number(entry, "starts_at") + shift));
    json_object_set_new(json, "ends_at", shape_moment(&call->view, record_number(entry, "ends_at") + shift));
    call_json(call, 200, json);
}

/* ---- Progress ---- */

static int risk(const struct view *view, const struct record *gauge)
{
    json_t *json = shape_write_named(view, "Gauge", gauge);
    const char *color = json_string_value(json_object_get(json, "last_needle_color"));
    int level = *color == 'r' ? 0 : *color == 'y' ? 1 : 2;
    json_decref(json);
    return level;
}

/* The worst first, or in the order of bucket_ids. */
void basecamp3_gauges(struct call *call)
{
    const char *ids = call_query(call, "bucket_ids");
    struct records all = {0}, ordered = {0};

    records_add_within(&all, call->store, NULL, "Gauge");
    records_sort(&all, "title");
    for (int level = 0; !ids && level < 3; level++)
        for (size_t i = 0; i < all.count; i++)
            if (record_standing(all.all[i]) == STANDING_ACTIVE && risk(&call->view, all.all[i]) == level)
                records_add(&ordered, all.all[i]);
    while (ids && *ids) {
        char *end;
        long long id = strtoll(ids, &end, 10);
        for (size_t i = 0; end != ids && i < all.count; i++)
            if (all.all[i]->bucket->id == id && record_standing(all.all[i]) == STANDING_ACTIVE)
                records_add(&ordered, all.all[i]);
        ids = *end ? end + 1 : end;
    }
    records_clear(&all);
    call_write_page(call, &ordered);
}

void basecamp3_hill(struct call *call)
{
    json_t *dots = json_array(), *chart;
    for (const struct record *list = call->record->first; list; list = list->next)
        if (!list->gone && list->standing == STANDING_ACTIVE && record_get(list, "hill"))
            json_array_append_new(dots, shape_write_named(&call->view, "HillDot", list));
    chart = json_pack("{s:b, s:b, s:o, s:o, s:o}", "enabled", json_array_size(dots) > 0, "stale", 0, "updated_at",
                      shape_moment(&call->view, call->record->updated), "app_update_url",
                      shape_app_url(&call->view, "/buckets/{bucket}/todosets/{id}/hill/edit", call->record), "dots", dots);
    call_json(call, 200, chart);
}

void basecamp3_subscription(struct call *call)
{
    call_json(call, 200, shape_write_named(&call->view, "Subscription", call->record));
}

void basecamp3_bookmark_status(struct call *call)
{
    call_json(call, 200, json_pack("{s:b}", "bookmarked", basecamp3_bookmark_of(call->store, call->record) != NULL));
}

/* ---- The product ---- */

static json_t *moment(int64_t milliseconds)
{
    char text[DAY_TEXT], whole[40];
    int64_t day = milliseconds / DAY_MS, rest = milliseconds % DAY_MS;
    day_write(day, text);
    snprintf(whole, sizeof whole, "%sT%02d:%02d:%02d.%03dZ", text, (int)(rest / 3600000), (int)(rest / 60000 % 60),
             (int)(rest / 1000 % 60), (int)(rest % 1000));
    return json_string(whole);
}

static const struct derivation *const derivations[] = {
    basecamp3_derivations, basecamp3_timeline_derivations, basecamp3_report_derivations, NULL,
};

static const struct shape_source shapes = {
    .shapes = basecamp3_shapes, .derivations = derivations, .moment = moment, .kept = "Person",
};

static const unsigned geared[] = {15, 30, 50, 100, 0};

const struct product basecamp3 = {
    .name = "bc3", .play = "basecamp3", .kinds = basecamp3_kinds, .shapes = &shapes, .routes = basecamp3_routes,
    .filters = basecamp3_filters, .pages = geared, .links = true, .order = order, .make = basecamp3_make,
    /* The first buckets lie below 2^31 and the last above; recordings lie about 2^53, where a double fails. */
    .first_ids = {9007199254740901, 2147483645, 1049715913, 30071915463, 823758568},
};
