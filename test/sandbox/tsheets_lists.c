/* The lists of TSheets: their filters with their defaults, what they require, how they page, what they refer to. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/tsheets_answer.h"
#include "test/sandbox/tsheets_column.h"
#include "test/sandbox/tsheets_make.h"
#include "test/sandbox/tsheets_member.h"

const struct tsheets_row *tsheets_caller(const struct tsheets_data *data)
{
    return &data->tables[TSHEETS_USERS].rows[0];
}

/* Whether the caller may track time on a jobcode. */
static bool is_assigned(const struct tsheets_data *data, int64_t jobcode)
{
    const struct tsheets_rows *rows = &data->tables[TSHEETS_ASSIGNMENTS];
    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].jobcode_id == jobcode && rows->rows[i].active &&
            (rows->rows[i].user_id == 0 || rows->rows[i].user_id == tsheets_caller(data)->id))
            return true;
    return false;
}

static int64_t location_assigned(const struct tsheets_data *data, const struct tsheets_row *row)
{
    const json_t *jobcodes = member_of(row->object, "linked_objects.jobcodes");
    for (size_t i = 0; i < json_array_size(jobcodes); i++)
        if (is_assigned(data, number_of(json_array_get(jobcodes, i))))
            return 1;
    return 0;
}

static int64_t geofence_assigned(const struct tsheets_data *data, const struct tsheets_row *row)
{
    const struct tsheets_row *location = tsheets_find(data, TSHEETS_LOCATIONS, member_number(row->object, "type_id"));
    return location && location_assigned(data, location);
}

static int64_t map_assigned(const struct tsheets_data *data, const struct tsheets_row *row)
{
    return is_assigned(data, member_number(row->object, "x_id"));
}

static int64_t project_assigned(const struct tsheets_data *data, const struct tsheets_row *row)
{
    return is_assigned(data, row->jobcode_id);
}


#define IDS {.parameter = "ids", .kind = FILTER_NUMBERS, .number = row_id}
#define ACTIVE(default_) {.parameter = "active", .kind = FILTER_FLAG, .number = row_active, .standard = default_}
#define MODIFIED {.parameter = "modified_since", .kind = FILTER_SINCE}, {.parameter = "modified_before", .kind = FILTER_BEFORE}
#define JOBCODE_TYPES "all regular pto paid_break unpaid_break"

static const struct filter_declaration user_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "not_ids", .kind = FILTER_NOT_NUMBERS, .number = row_id},
    {.parameter = "employee_numbers", .kind = FILTER_NUMBERS, .number = row_number},
    {.parameter = "usernames", .kind = FILTER_TEXTS, .text = row_username},
    {.parameter = "group_ids", .kind = FILTER_NUMBERS, .number = row_parent},
    {.parameter = "not_group_ids", .kind = FILTER_NOT_NUMBERS, .number = row_parent},
    {.parameter = "payroll_ids", .kind = FILTER_TEXTS, .text = row_payroll},
    {.parameter = "first_name", .kind = FILTER_PATTERN, .text = row_name},
    {.parameter = "last_name", .kind = FILTER_PATTERN, .text = row_last_name},
    {0},
};
static const struct filter_declaration group_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "manager_ids", .kind = FILTER_MANAGERS},
    {.parameter = "name", .kind = FILTER_TEXTS, .text = row_name},
    {0},
};
static const struct filter_declaration jobcode_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "parent_ids", .kind = FILTER_PARENTS, .number = row_parent, .standard = "-1"},
    {.parameter = "name", .kind = FILTER_PATTERN, .text = row_name},
    {.parameter = "type", .kind = FILTER_CHOICE, .text = row_type, .choices = JOBCODE_TYPES, .standard = "regular"},
    {.parameter = "customfields", .kind = FILTER_NONE, .choices = "true false"},
    {0},
};
static const struct filter_declaration assignment_filters[] = {
    ACTIVE("both"), MODIFIED,
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user},
    {.parameter = "type", .kind = FILTER_CHOICE, .text = jobcode_type, .choices = JOBCODE_TYPES, .standard = "regular"},
    {.parameter = "jobcode_id", .kind = FILTER_NUMBERS, .number = row_jobcode},
    {.parameter = "jobcode_parent_id", .kind = FILTER_NUMBERS, .number = jobcode_parent},
    {.parameter = "active_jobcodes", .kind = FILTER_FLAG, .number = jobcode_active, .standard = "both"},
    {0},
};
#define TIMESHEET_FILTERS IDS, MODIFIED, \
    {.parameter = "start_date", .kind = FILTER_DATE_FROM}, \
    {.parameter = "end_date", .kind = FILTER_DATE_TO}, \
    {.parameter = "jobcode_ids", .kind = FILTER_TREE}, \
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user, .yields_to = "username"}, \
    {.parameter = "group_ids", .kind = FILTER_NUMBERS, .number = user_group, .yields_to = "username"}, \
    {.parameter = "jobcode_type", .kind = FILTER_CHOICE, .text = jobcode_type, .choices = JOBCODE_TYPES, .standard = "all"}
static const struct filter_declaration timesheet_filters[] = {
    TIMESHEET_FILTERS,
    {.parameter = "payroll_ids", .kind = FILTER_TEXTS, .text = user_payroll},
    {.parameter = "on_the_clock", .kind = FILTER_FLAG, .number = row_open, .standard = "no"},
    {0},
};
static const struct filter_declaration deleted_filters[] = {
    TIMESHEET_FILTERS,
    {.parameter = "username", .kind = FILTER_TEXTS, .text = user_username},
    {.parameter = "type", .kind = FILTER_CHOICE, .text = row_type, .choices = "both manual regular", .standard = "both"},
    {.parameter = "order_results_by", .kind = FILTER_NONE, .choices = "date fname lname username"},
    {.parameter = "order_results_reverse", .kind = FILTER_NONE, .choices = "0 1"},
    {0},
};
static const struct filter_declaration customfield_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "applies_to", .kind = FILTER_CHOICE, .text = row_applies, .choices = "all timesheet user jobcode",
     .standard = "timesheet"},
    {.parameter = "value_type", .kind = FILTER_CHOICE, .text = row_type, .choices = "both managed-list free-form", .standard = "both"},
    {0},
};
static const struct filter_declaration item_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "customfield_id", .kind = FILTER_NUMBERS, .number = row_parent},
    {.parameter = "name", .kind = FILTER_PATTERN, .text = row_name},
    {0},
};

/* The service takes both spellings of user_ids: its own documents have the second. */
static const struct filter_declaration event_filters[] = {
    IDS, ACTIVE("both"), MODIFIED,
    {.parameter = "schedule_calendar_ids", .kind = FILTER_NUMBERS, .member = "schedule_calendar_id"},
    {.parameter = "user_ids", .kind = FILTER_MEMBERS, .member = "assigned_user_ids"},
    {.parameter = "users_ids", .kind = FILTER_MEMBERS, .member = "assigned_user_ids"},
    {.parameter = "jobcode_ids", .kind = FILTER_NUMBERS, .number = row_jobcode},
    {.parameter = "start", .kind = FILTER_SINCE, .member = "start"},
    {.parameter = "end", .kind = FILTER_BEFORE, .member = "end"},
    {.parameter = "draft", .kind = FILTER_FLAG, .member = "draft", .standard = "no"},
    {.parameter = "active_users", .kind = FILTER_NONE, .choices = "1 0 -1"},
    {.parameter = "team_events", .kind = FILTER_NONE, .choices = "instance base"},
    {0},
};
static const struct filter_declaration calendar_filters[] = {IDS, MODIFIED, {0}};
static const struct filter_declaration item_filter_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "jobcode_id", .kind = FILTER_NONE},
    {.parameter = "user_id", .kind = FILTER_NONE},
    {.parameter = "group_id", .kind = FILTER_NONE},
    {.parameter = "include_user_group", .kind = FILTER_NONE, .choices = "true false"},
    {.parameter = "include_jobcode_filters", .kind = FILTER_NONE, .choices = "true false"},
    {0},
};
static const struct filter_declaration jobcode_item_filters[] = {
    MODIFIED,
    {.parameter = "jobcode_ids", .kind = FILTER_NUMBERS, .number = row_id},
    {0},
};
static const struct filter_declaration user_item_filters[] = {
    MODIFIED,
    {.parameter = "user_id", .kind = FILTER_NONE},
    {.parameter = "group_id", .kind = FILTER_NONE},
    {.parameter = "include_user_group", .kind = FILTER_NONE, .choices = "true false"},
    {0},
};
static const struct filter_declaration location_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "geocoding_status", .kind = FILTER_CHOICES, .member = "geocoding_status", .choices = "none in_progress retry error complete"},
    {.parameter = "by_jobcode_assignment", .kind = FILTER_WHEN_TRUE, .number = location_assigned},
    {0},
};
static const struct filter_declaration location_map_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "by_jobcode_assignment", .kind = FILTER_WHEN_TRUE, .number = map_assigned},
    {0},
};
static const struct filter_declaration geofence_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "type", .kind = FILTER_TEXTS, .member = "type"},
    {.parameter = "type_ids", .kind = FILTER_NUMBERS, .member = "type_id", .needs = "type"},
    {.parameter = "enabled", .kind = FILTER_BOOLEAN, .member = "enabled"},
    {.parameter = "by_jobcode_assignment", .kind = FILTER_WHEN_TRUE, .number = geofence_assigned},
    {0},
};
static const struct filter_declaration geolocation_filters[] = {
    IDS, MODIFIED,
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user},
    {.parameter = "group_ids", .kind = FILTER_NUMBERS, .number = user_group},
    {0},
};
/* Without uploaded_by_user_ids only files of the caller's own are listed. */
static const struct filter_declaration file_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "uploaded_by_user_ids", .kind = FILTER_NUMBERS, .member = "uploaded_by_user_id", .standard = TSHEETS_CALLER},
    {.parameter = "linked_object_type", .kind = FILTER_NONE, .choices = "timesheet", .needs = "object_ids"},
    {.parameter = "object_ids", .kind = FILTER_MEMBERS, .member = "linked_objects.timesheets", .needs = "linked_object_type"},
    {0},
};
static const struct filter_declaration client_filters[] = {ACTIVE("yes"), {0}};
static const struct filter_declaration notification_filters[] = {
    IDS,
    {.parameter = "user_id", .kind = FILTER_NUMBERS, .number = row_user, .standard = TSHEETS_CALLER, .unless = "ids msg_tracking_id"},
    {.parameter = "msg_tracking_id", .kind = FILTER_TEXTS, .member = "msg_tracking_id"},
    {.parameter = "delivery_after", .kind = FILTER_SINCE, .member = "delivery_time"},
    {.parameter = "delivery_before", .kind = FILTER_BEFORE, .member = "delivery_time"},
    {0},
};
static const struct filter_declaration reminder_filters[] = {
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user},
    {.parameter = "reminder_types", .kind = FILTER_CHOICES, .member = "reminder_type", .choices = "clock-in clock-out"},
    {.parameter = "modified_since", .kind = FILTER_SINCE},
    {0},
};
static const struct filter_declaration time_off_filters[] = {
    IDS,
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user},
    {0},
};
/* end_time too looks at when an entry begins. */
static const struct filter_declaration entry_filters[] = {
    IDS,
    {.parameter = "time_off_request_ids", .kind = FILTER_NUMBERS, .member = "time_off_request_id"},
    {.parameter = "approver_user_ids", .kind = FILTER_NUMBERS, .member = "approver_user_id"},
    {.parameter = "status", .kind = FILTER_CHOICES, .member = "status", .choices = "pending approved denied canceled"},
    {.parameter = "date", .kind = FILTER_DATE, .member = "date"},
    {.parameter = "start_time", .kind = FILTER_SINCE, .member = "start_time"},
    {.parameter = "end_time", .kind = FILTER_BEFORE, .member = "start_time"},
    {.parameter = "jobcode_ids", .kind = FILTER_NUMBERS, .number = row_jobcode},
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user},
    {0},
};
static const struct filter_declaration project_filters[] = {
    IDS, ACTIVE("yes"),
    {.parameter = "jobcode_ids", .kind = FILTER_NUMBERS, .number = row_jobcode},
    {.parameter = "parent_jobcode_id", .kind = FILTER_NUMBERS, .member = "parent_jobcode_id"},
    {.parameter = "name", .kind = FILTER_PATTERN, .member = "name"},
    {.parameter = "by_jobcode_assignment", .kind = FILTER_WHEN_TRUE, .number = project_assigned},
    {0},
};
static const struct filter_declaration estimate_filters[] = {IDS, ACTIVE("yes"), MODIFIED, {0}};
static const struct filter_declaration estimate_item_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "estimate_ids", .kind = FILTER_NUMBERS, .member = "estimate_id"},
    {0},
};
static const struct filter_declaration activity_filters[] = {
    IDS, MODIFIED,
    {.parameter = "project_id", .kind = FILTER_NUMBERS, .member = "project_id"},
    {.parameter = "activity_types", .kind = FILTER_TEXTS, .member = "activity_type"},
    {.parameter = "max_id", .kind = FILTER_UP_TO, .number = row_id},
    {0},
};
/* Its ids are those of projects. */
static const struct filter_declaration read_time_filters[] = {
    MODIFIED,
    {.parameter = "ids", .kind = FILTER_NUMBERS, .member = "project_id"},
    {0},
};
static const struct filter_declaration reply_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "project_activity_id", .kind = FILTER_NUMBERS, .member = "project_activity_id"},
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user},
    {0},
};
static const struct filter_declaration note_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "project_id", .kind = FILTER_NUMBERS, .member = "project_id"},
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user},
    {0},
};

static void mark_of_user(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    side_mark(data, TSHEETS_GROUPS, row->parent_id, side);
    for (size_t i = 0; i < 3; i++)      /* the leave codes of pto_balances */
        side_mark(data, TSHEETS_JOBCODES, data->tables[TSHEETS_JOBCODES].rows[i].id, side);
}

static void mark_of_group(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    side_mark(data, TSHEETS_USERS, row->managers[0], side);
    side_mark(data, TSHEETS_USERS, row->managers[1], side);
}

static void mark_of_jobcode(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    side_mark(data, TSHEETS_JOBCODES, row->parent_id, side);
}

static void mark_of_timesheet(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    side_mark(data, TSHEETS_USERS, row->user_id, side);
    side_mark(data, TSHEETS_JOBCODES, row->jobcode_id, side);
}

static void mark_of_item(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    side_mark(data, TSHEETS_CUSTOMFIELDS, row->parent_id, side);
}

struct sort_key {
    const char *name;
    int64_t day;
    size_t place;
    const struct tsheets_row *row;
    bool reverse;
};

static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    int order = a->name ? strcasecmp(a->name, b->name) : a->day < b->day ? -1 : a->day > b->day;
    if (order == 0)
        order = a->place < b->place ? -1 : 1;
    return a->reverse ? -order : order;
}

static void order_deleted(const json_t *given, const struct tsheets_data *data, const struct tsheets_row **rows, size_t count)
{
    const char *by = json_string_value(json_object_get(given, "order_results_by"));
    bool reverse = given_is(given, "order_results_reverse", "1");
    struct sort_key *keys = zeroed(count, sizeof *keys);

    for (size_t i = 0; i < count; i++) {
        const struct tsheets_row *user = user_of(data, rows[i]);
        keys[i] = (struct sort_key){.day = rows[i]->day, .place = i, .row = rows[i], .reverse = reverse};
        if (by && strcmp(by, "date") != 0)
            keys[i].name = *by == 'f' ? user->name : *by == 'l' ? user->last_name : user->username;
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++)
        rows[i] = keys[i].row;
    free(keys);
}

/* One user's, one group's or one jobcode's; the user's with those of his group, and with those of all jobcodes, if told so. */
static bool narrow_item_filters(const json_t *given, const struct tsheets_data *data, const struct tsheets_row *row)
{
    const char *kind = member_text(row->object, "applies_to");
    int64_t to = member_number(row->object, "applies_to_id"), user = member_number(given, "user_id");
    const struct tsheets_row *person = tsheets_find(data, TSHEETS_USERS, user);

    if (!user && !json_object_get(given, "jobcode_id") && !json_object_get(given, "group_id"))
        return true;
    if (*kind == 'u')
        return to == user;
    if (*kind == 'g')
        return to == member_number(given, "group_id") || (given_is(given, "include_user_group", "true") && person && to == person->parent_id);
    return to == member_number(given, "jobcode_id") || (user && given_is(given, "include_jobcode_filters", "true"));
}

static bool narrow_user_items(const json_t *given, const struct tsheets_data *data, const struct tsheets_row *row)
{
    int64_t user = member_number(given, "user_id");
    const struct tsheets_row *person = tsheets_find(data, TSHEETS_USERS, user);

    if (!user && !json_object_get(given, "group_id"))
        return true;
    if (strcmp(member_text(row->object, "type"), "user") == 0)
        return row->id == user;
    return row->id == member_number(given, "group_id") ||
           (given_is(given, "include_user_group", "true") && person && row->id == person->parent_id);
}

/* Without active_users only events of active users and of nobody. */
static bool narrow_events(const json_t *given, const struct tsheets_data *data, const struct tsheets_row *row)
{
    const struct tsheets_row *user = tsheets_find(data, TSHEETS_USERS, row->user_id);

    if (given_is(given, "team_events", "base") && !row->extended)
        return false;
    if (given_is(given, "active_users", "-1"))
        return true;
    return given_is(given, "active_users", "0") ? user && !user->active : !user || user->active;
}

static bool with_customfields(const json_t *given) { return given_is(given, "customfields", "true"); }
static bool whole_events(const json_t *given) { return given_is(given, "team_events", "base"); }

#define ENTRY_FILTERS "ids|time_off_request_ids|approver_user_ids|status|date|start_time|end_time|jobcode_ids|user_ids"

static const struct tsheets_list lists[] = {
    {"users", TSHEETS_USERS, user_filters, .empty = "[]", .mark = mark_of_user},
    {"groups", TSHEETS_GROUPS, group_filters, .empty = "\"\"", .mark = mark_of_group},
    {"jobcodes", TSHEETS_JOBCODES, jobcode_filters, .empty = "{}", .mark = mark_of_jobcode, .extended = with_customfields},
    {"jobcode_assignments", TSHEETS_ASSIGNMENTS, assignment_filters, .empty = "[]", .more_inside = true, .mark = mark_of_timesheet},
    {"timesheets", TSHEETS_TIMESHEETS, timesheet_filters, "ids|start_date|modified_since|modified_before", "[]", .mark = mark_of_timesheet},
    {"timesheets_deleted", TSHEETS_DELETED, deleted_filters, "ids|start_date+end_date|modified_since|modified_before", "\"\"",
     .mark = mark_of_timesheet, .order = order_deleted},
    {"customfields", TSHEETS_CUSTOMFIELDS, customfield_filters, .empty = "\"\""},
    {"customfielditems", TSHEETS_ITEMS, item_filters, "customfield_id", "[]", .mark = mark_of_item},
    {"customfielditem_filters", TSHEETS_ITEM_FILTERS, item_filter_filters, .empty = "[]", .narrow = narrow_item_filters,
     .sides = "customfield_id customfields,customfielditem_id customfielditems"},
    {"customfielditem_jobcode_filters", TSHEETS_JOBCODE_FILTERS, jobcode_item_filters, .empty = "{}"},
    {"customfielditem_user_filters", TSHEETS_USER_FILTERS, user_item_filters, .empty = "[]", .narrow = narrow_user_items},
    {"locations", TSHEETS_LOCATIONS, location_filters, .empty = "\"\"",
     .sides = "linked_objects.jobcodes jobcodes,geofence_config_id geofence_configs"},
    {"locations_map", TSHEETS_LOCATION_MAPS, location_map_filters, .empty = "[]", .sides = "location_id locations"},
    {"geofence_configs", TSHEETS_GEOFENCES, geofence_filters, .empty = "[]", .sides = "type_id locations"},
    {"geolocations", TSHEETS_GEOLOCATIONS, geolocation_filters, "ids|modified_since|modified_before", "[]", .sides = "user_id users"},
    {"files", TSHEETS_FILES, file_filters, .empty = "[]", .sides = "uploaded_by_user_id users,linked_objects.timesheets timesheets"},
    {"managed_clients", TSHEETS_CLIENTS, client_filters, .empty = "[]", .more_inside = true},
    {"notifications", TSHEETS_NOTIFICATIONS, notification_filters, .empty = "[]", .more_inside = true},
    {"reminders", TSHEETS_REMINDERS, reminder_filters, "user_ids", "[]", .no_pages = true},
    {"schedule_calendars", TSHEETS_CALENDARS, calendar_filters, .empty = "[]"},
    {"schedule_events", TSHEETS_EVENTS, event_filters, "schedule_calendar_ids&ids|start|modified_since|modified_before", "[]",
     .more_inside = true, .narrow = narrow_events, .extended = whole_events, .sides = "jobcode_id jobcodes,user_id users"},
    {"time_off_requests", TSHEETS_TIME_OFF, time_off_filters, .empty = "[]",
     .sides = "user_id users,time_off_request_notes time_off_request_notes,time_off_request_entries time_off_request_entries"},
    {"time_off_request_entries", TSHEETS_TIME_OFF_ENTRIES, entry_filters, ENTRY_FILTERS, "[]",
     .sides = "time_off_request_id time_off_requests,jobcode_id jobcodes,user_id users"},
    {"projects", TSHEETS_PROJECTS, project_filters, .empty = "[]", .sides = "jobcode_id jobcodes,parent_jobcode_id jobcodes"},
    {"estimates", TSHEETS_ESTIMATES, estimate_filters, .empty = "[]", .sides = "project_id projects,estimate_by__id customfields"},
    {"estimate_items", TSHEETS_ESTIMATE_ITEMS, estimate_item_filters, .empty = "[]", .sides = "estimate_id estimates"},
    {"project_activities", TSHEETS_ACTIVITIES, activity_filters, "project_id|ids", "[]", .more_inside = true,
     .sides = "user_id users,project_id projects,linked_objects.project_notes project_notes"},
    {"project_activity_read_times", TSHEETS_READ_TIMES, read_time_filters, .empty = "[]", .sides = "project_id projects"},
    {"project_activity_replies", TSHEETS_REPLIES, reply_filters, "project_activity_id", "[]",
     .sides = "user_id users,project_activity_id project_activities"},
    {"project_notes", TSHEETS_NOTES, note_filters, "project_id", "[]", .sides = "user_id users,project_id projects,files files"},
};

const struct tsheets_list *tsheets_list_named(const char *name)
{
    for (size_t i = 0; i < COUNT(lists); i++)
        if (strcmp(lists[i].name, name) == 0)
            return &lists[i];
    return NULL;
}
