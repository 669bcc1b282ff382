/* Makes up what the company plans: messages to its people, schedules, time off, and the clients that it manages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/pick.h"
#include "test/sandbox/tsheets_make.h"

static void make_clients(struct tsheets_data *data)
{
    static const char *const names[] = {"Acme Dev", "Söhne & Co", "Bodacious \"Swine\"", "清掃社"};
    struct tsheets_rows *rows = &data->tables[TSHEETS_CLIENTS];

    for (unsigned i = 0; i < rows->count; i++) {
        char url[24];
        snprintf(url, sizeof url, "acme%u", i);
        row_set(&rows->rows[i], json_pack("{s:o, s:s, s:s, s:b, s:o, s:o}", "id", id_text(rows->rows[i].id), "company_url", url,
                                          "company_name", names[i % COUNT(names)], "active", i % 3 != 2, "created",
                                          moment_json(1672567200, 0), "last_modified", moment_json(picked_moment(15, i, 1), 0)));
    }
}

static void make_notifications(struct tsheets_data *data)
{
    static const char *const messages[] = {"Please clock in!", "Bitte ausstempeln – danke", "打刻してください", "Shift \"B\" moves"};
    static const char *const methods[] = {"push", "email", "dashboard"}, *const prechecks[] = {"off_the_clock", "on_the_clock", "none"};
    struct tsheets_rows *rows = &data->tables[TSHEETS_NOTIFICATIONS];

    for (unsigned i = 0; i < rows->count; i++) {
        struct tsheets_row *row = &rows->rows[i];
        char tracking[20];
        int64_t delivery = picked_moment(16, i, 1);
        snprintf(tracking, sizeof tracking, "%08x%08x", pick(16, i, 2, UINT32_MAX), pick(16, i, 3, UINT32_MAX));
        row->user_id = i % 3 ? row_picked(data, TSHEETS_USERS, 16, i, 4)->id : row_at(data, TSHEETS_USERS, 0)->id;
        row_set(row, json_pack("{s:I, s:s, s:o, s:s, s:s, s:o, s:o, s:s}", "id", (json_int_t)row->id, "msg_tracking_id", tracking, "user_id",
                               loose_id(row->user_id, i), "message", messages[i % COUNT(messages)], "method", methods[i % COUNT(methods)],
                               "delivery_time", moment_json(delivery, 0), "created", moment_json(delivery - 86400, 0), "precheck",
                               prechecks[i % COUNT(prechecks)]));
    }
}

static void make_reminders(struct tsheets_data *data)
{
    static const char *const days[] = {"Mon,Tue,Wed,Thu,Fri", "Sat,Sun", "Mon"}, *const ways[] = {"Push,SMS", "Push,SMS,Email", "Email"};
    struct tsheets_rows *rows = &data->tables[TSHEETS_REMINDERS];

    for (unsigned i = 0; i < rows->count; i++) {
        struct tsheets_row *row = &rows->rows[i];
        char due[12];
        snprintf(due, sizeof due, "%02u:%02u:00", pick(17, i, 1, 24), 5 * pick(17, i, 2, 12));
        row->user_id = i < 2 ? 0 : row_picked(data, TSHEETS_USERS, 17, i, 3)->id;
        row_set(row, json_pack("{s:o, s:s, s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:I}", "id", loose_id(row->id, i), "reminder_type",
                               i % 2 ? "clock-out" : "clock-in", "due_time", due, "due_days_of_week", days[i % COUNT(days)],
                               "distribution_methods", ways[i % COUNT(ways)], "active", loose_boolean(i % 6 != 4, i), "enabled", i % 5 != 3,
                               "last_modified", moment_json(picked_moment(17, i, 4), 0), "created", moment_json(1672567200, 0), "user_id",
                               (json_int_t)row->user_id));
    }
}

void make_messages(struct tsheets_data *data)
{
    make_clients(data);
    make_notifications(data);
    make_reminders(data);
}

static json_t *event_json(const struct tsheets_data *data, int64_t id, unsigned i, json_t *assigned)
{
    static const char *const titles[] = {"Shift work", "", "Inventur", "夜勤", "\"Big\" pour"};
    static const char *const colours[] = {"#BF1959", "#43A047", "#2196F3", "#6A5E72", "#888888"};
    int64_t start = (DAY_ONE + (int64_t)pick(19, i, 1, DAYS)) * 86400 + 3600 * (int64_t)pick(19, i, 2, 15);
    bool day = i % 8 == 6;
    json_t *json = made(json_pack("{s:I, s:o, s:b, s:o, s:o, s:o, s:o, s:s, s:o, s:s, s:o}", "id", (json_int_t)id, "user_id",
                                  json_integer(json_array_size(assigned) ? strtoll(json_string_value(json_array_get(assigned, 0)), NULL, 10)
                                                                         : 0),
                                  "unassigned", json_array_size(assigned) == 0, "schedule_calendar_id",
                                  loose_id(row_at(data, TSHEETS_CALENDARS, i % 7)->id, i), "jobcode_id",
                                  json_integer(i % 6 ? row_picked(data, TSHEETS_JOBCODES, 19, i, 3)->id : 0), "start",
                                  moment_json(start, -360), "end", moment_json(start + (day ? 86399 : 1800 * (1 + i % 16)), -360),
                                  "timezone", i % 2 ? "tsMT" : "America/Denver", "all_day", loose_boolean(day, i + 1), "notes",
                                  i % 4 ? "" : "Helm mitbringen", "assigned_user_ids", assigned));

    json_object_set_new(json, "active", loose_boolean(i % 9 != 8, i));
    json_object_set_new(json, "draft", json_boolean(i % 6 == 4));
    json_object_set_new(json, "title", json_string(titles[i % COUNT(titles)]));
    json_object_set_new(json, "location", json_string(i % 3 ? "" : "Tor 3, Berlin"));
    json_object_set_new(json, "color", json_string(colours[i % COUNT(colours)]));
    json_object_set_new(json, "last_modified", moment_json(picked_moment(19, i, 4), -360));
    json_object_set_new(json, "created", moment_json(1704103200, -360));
    if (i % 5)          /* some have none at all */
        json_object_set_new(json, "customfields", i % 5 == 1 ? json_pack("{s:s}", "195901", customfield_item(i)) : json_string(""));
    return json;
}

/* An event of several users is a row for each of them; the first one also has the event as it is for all. */
static void make_event(struct tsheets_data *data, unsigned i)
{
    unsigned users = i % 5 == 2 ? 0 : i % 7 == 3 ? 3 : 1;
    int64_t first = 0;
    json_t *all = json_array();

    for (unsigned which = 0; which < users; which++)
        json_array_append_new(all, id_text(row_at(data, TSHEETS_USERS, pick(19, i, 5, 1000) + 7 * which)->id));
    for (unsigned which = 0; which < (users ? users : 1); which++) {
        struct tsheets_row *row = tsheets_add(data, TSHEETS_EVENTS, 0);
        json_t *one = users ? json_pack("[O]", json_array_get(all, which)) : json_array();
        row->user_id = users ? strtoll(json_string_value(json_array_get(all, which)), NULL, 10) : 0;
        row_set(row, event_json(data, row->id, i, one));
        if (which == 0)
            first = row->id;
    }
    json_t *whole = event_json(data, first, i, all);
    struct tsheets_row *row = (struct tsheets_row *)tsheets_find(data, TSHEETS_EVENTS, first);
    row->extended = json_dumps(whole, JSON_COMPACT);
    json_decref(whole);
}

void make_schedule(struct tsheets_data *data)
{
    static const char *const names[] = {"Schedule", "Büro Nord", "夜勤"};
    struct tsheets_rows *calendars = &data->tables[TSHEETS_CALENDARS];
    size_t events = 24 + data->tables[TSHEETS_TIMESHEETS].count / 10;

    for (unsigned i = 0; i < calendars->count; i++) {
        struct tsheets_row *row = &calendars->rows[i];
        row_set(row, json_pack("{s:I, s:s, s:o, s:o}", "id", (json_int_t)row->id, "name", names[i % COUNT(names)], "last_modified",
                               moment_json(picked_moment(18, i, 1), 0), "created", moment_json(1672567200, 0)));
    }
    for (unsigned i = 0; i < events; i++)
        make_event(data, i);
}

static void make_entry(struct tsheets_data *data, const struct tsheets_row *request, const char *status, unsigned i, unsigned which)
{
    struct tsheets_row *row = tsheets_add(data, TSHEETS_TIME_OFF_ENTRIES, 0);
    int64_t day = DAY_ONE + pick(21, i, 1, DAYS) + which;
    bool manual = i % 3 != 1, bare = i % 4 == 3;     /* some have no times */
    bool approved = strcmp(status, "approved") == 0;
    const struct tsheets_rows *timesheets = &data->tables[TSHEETS_TIMESHEETS];
    json_t *json = made(json_pack("{s:I, s:I, s:s, s:I, s:o, s:s, s:i, s:o, s:o, s:I, s:o, s:I, s:b, s:o, s:o}", "id",
                                  (json_int_t)row->id, "time_off_request_id", (json_int_t)request->id, "status", status, "approver_user_id",
                                  (json_int_t)(approved ? row_at(data, TSHEETS_USERS, 0)->id : 0), "date", day_json(day), "entry_method",
                                  manual ? "manual" : "regular", "duration", manual ? 28800 : 14400, "start_time",
                                  bare ? json_string("") : moment_json(day * 86400 + (manual ? 0 : 28800) + 25200, -420), "end_time",
                                  bare ? json_string("") : moment_json(day * 86400 + (manual ? 86399 : 43200) + 25200, -420),
                                  "jobcode_id", (json_int_t)row_at(data, TSHEETS_JOBCODES, i % PTO_JOBCODES)->id, "user_id",
                                  loose_id(request->user_id, i), "approved_timesheet_id",
                                  (json_int_t)(approved && timesheets->count ? row_picked(data, TSHEETS_TIMESHEETS, 21, i, 2)->id : 0),
                                  "active", strcmp(status, "canceled") != 0, "created", moment_json(day * 86400 - 864000, -360),
                                  "last_modified", moment_json(day * 86400 - 432000, -360)));
    if (!bare)
        json_object_set_new(json, "tz_string", json_string("America/Denver"));
    row_set(row, json);
}

static void make_off_note(struct tsheets_data *data, const struct tsheets_row *request, unsigned i)
{
    static const char *const notes[] = {"Taking a long weekend", "Geburtstag!", "", "引っ越し"};
    struct tsheets_row *row = tsheets_add(data, TSHEETS_TIME_OFF_NOTES, 0);

    row_set(row, json_pack("{s:I, s:I, s:I, s:b, s:s, s:o, s:o}", "id", (json_int_t)row->id, "time_off_request_id", (json_int_t)request->id,
                           "user_id", (json_int_t)request->user_id, "active", i % 5 != 4, "note", notes[i % COUNT(notes)], "created",
                           moment_json(picked_moment(22, i, 1), -360), "last_modified", moment_json(picked_moment(22, i, 1), -360)));
}

static json_t *ids_since(const struct tsheets_data *data, enum tsheets_table table, size_t first)
{
    json_t *ids = json_array();
    for (size_t i = first; i < data->tables[table].count; i++)
        json_array_append_new(ids, json_integer(data->tables[table].rows[i].id));
    return ids;
}

void make_time_off(struct tsheets_data *data)
{
    static const char *const statuses[] = {"pending", "approved", "denied", "approved", "canceled"};
    struct tsheets_rows *requests = &data->tables[TSHEETS_TIME_OFF];

    for (unsigned i = 0; i < requests->count; i++) {
        struct tsheets_row *row = &requests->rows[i];
        const char *status = statuses[i % COUNT(statuses)];
        size_t entries = data->tables[TSHEETS_TIME_OFF_ENTRIES].count, notes = data->tables[TSHEETS_TIME_OFF_NOTES].count;
        row->user_id = row_picked(data, TSHEETS_USERS, 20, i, 1)->id;
        for (unsigned which = 0; which < 1 + i % 3; which++)
            make_entry(data, row, status, i, which);
        for (unsigned which = 0; which < i % 3; which++)
            make_off_note(data, row, i + which);
        row_set(row, json_pack("{s:I, s:o, s:o, s:o, s:s, s:b, s:o, s:o}", "id", (json_int_t)row->id, "user_id", loose_id(row->user_id, i),
                               "time_off_request_notes", ids_since(data, TSHEETS_TIME_OFF_NOTES, notes), "time_off_request_entries",
                               ids_since(data, TSHEETS_TIME_OFF_ENTRIES, entries), "status", status, "active", i % 5 != 4, "created",
                               moment_json(picked_moment(20, i, 2), -360), "last_modified", moment_json(picked_moment(20, i, 3), -360)));
    }
}
