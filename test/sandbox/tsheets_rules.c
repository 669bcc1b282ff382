/* What can be written to TSheets: which members of which objects, and what the service checks. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/moment.h"
#include "test/sandbox/server.h"
#include "test/sandbox/tsheets_change.h"
#include "test/sandbox/tsheets_make.h"
#include "test/sandbox/tsheets_member.h"

enum { BOTH = ON_CREATE | ON_UPDATE, NEEDED = ON_CREATE | REQUIRED, NEEDED_BOTH = BOTH | REQUIRED };

static const struct member_rule user_members[] = {
    {"username", RULE_TEXT, NEEDED_BOTH, NULL}, {"first_name", RULE_TEXT, NEEDED_BOTH, NULL}, {"last_name", RULE_TEXT, NEEDED_BOTH, NULL},
    {"display_name", RULE_TEXT, BOTH, NULL}, {"group_id", RULE_NUMBER, BOTH, "groups"}, {"active", RULE_FLAG, BOTH, NULL},
    {"employee_number", RULE_NUMBER, BOTH, NULL}, {"salaried", RULE_FLAG, BOTH, NULL}, {"exempt", RULE_FLAG, BOTH, NULL},
    {"email", RULE_TEXT, BOTH, NULL}, {"payroll_id", RULE_TEXT, BOTH, NULL}, {"mobile_number", RULE_TEXT, BOTH, NULL},
    {"hire_date", RULE_DAY, BOTH, NULL}, {"term_date", RULE_DAY, BOTH, NULL}, {"submitted_to", RULE_DAY, BOTH, NULL},
    {"approved_to", RULE_DAY, BOTH, NULL}, {"permissions", RULE_OBJECT, BOTH, NULL}, {"customfields", RULE_OBJECT, BOTH, NULL},
    {0},
};
static const struct member_rule group_members[] = {
    {"name", RULE_TEXT, NEEDED_BOTH, NULL}, {"active", RULE_FLAG, BOTH, NULL}, {"manager_ids", RULE_IDS_AS_TEXT, BOTH, NULL}, {0},
};
static const struct member_rule timesheet_members[] = {
    {"user_id", RULE_NUMBER, NEEDED, "users"}, {"jobcode_id", RULE_NUMBER, NEEDED_BOTH, "jobcodes"},
    {"type", RULE_TEXT, NEEDED, "regular manual"}, {"start", RULE_MOMENT, BOTH, NULL}, {"end", RULE_MOMENT, BOTH, NULL},
    {"date", RULE_DAY, BOTH, NULL}, {"duration", RULE_NUMBER, BOTH, NULL}, {"notes", RULE_TEXT, BOTH, NULL},
    {"customfields", RULE_OBJECT, BOTH, NULL}, {"attached_files", RULE_NUMBERS, BOTH, NULL}, {"origin_hint", RULE_TEXT, ON_CREATE, NULL},
    {0},
};
static const struct member_rule jobcode_members[] = {
    {"name", RULE_TEXT, NEEDED_BOTH, NULL}, {"parent_id", RULE_NUMBER, BOTH, "jobcodes"}, {"short_code", RULE_TEXT, BOTH, NULL},
    {"type", RULE_TEXT, ON_CREATE, "regular pto"}, {"billable", RULE_FLAG, BOTH, NULL}, {"billable_rate", RULE_REAL, BOTH, NULL},
    {"assigned_to_all", RULE_FLAG, BOTH, NULL}, {"active", RULE_FLAG, BOTH, NULL}, {"connect_with_quickbooks", RULE_FLAG, BOTH, NULL},
    {0},
};
static const struct member_rule assignment_members[] = {
    {"user_id", RULE_NUMBER, NEEDED, "users"}, {"jobcode_id", RULE_NUMBER, NEEDED, "jobcodes"}, {0},
};
static const struct member_rule customfield_members[] = {
    {"name", RULE_TEXT, NEEDED_BOTH, NULL}, {"applies_to", RULE_TEXT, NEEDED, "timesheet"}, {"type", RULE_TEXT, NEEDED, "managed-list free-form"},
    {"short_code", RULE_TEXT, BOTH, NULL}, {"active", RULE_FLAG, BOTH, NULL}, {"show_to_all", RULE_FLAG, BOTH, NULL},
    {"required", RULE_FLAG, BOTH, NULL}, {0},
};
static const struct member_rule item_members[] = {
    {"customfield_id", RULE_NUMBER, NEEDED, "customfields"}, {"name", RULE_TEXT, NEEDED_BOTH, NULL}, {"short_code", RULE_TEXT, BOTH, NULL},
    {"active", RULE_FLAG, BOTH, NULL}, {0},
};
static const struct member_rule item_filter_members[] = {
    {"customfield_id", RULE_NUMBER, NEEDED_BOTH, "customfields"}, {"customfielditem_id", RULE_NUMBER, NEEDED_BOTH, "customfielditems"},
    {"applies_to", RULE_TEXT, NEEDED_BOTH, "jobcodes users groups"}, {"applies_to_id", RULE_NUMBER, NEEDED_BOTH, NULL},
    {"active", RULE_FLAG, BOTH, NULL}, {0},
};
static const struct member_rule file_members[] = {
    {"file_name", RULE_TEXT, NEEDED_BOTH, NULL}, {"active", RULE_FLAG, BOTH, NULL}, {"meta_data", RULE_OBJECT, BOTH, NULL}, {0},
};
static const struct member_rule geolocation_members[] = {
    {"created", RULE_MOMENT, NEEDED, NULL}, {"user_id", RULE_NUMBER, NEEDED, "users"}, {"accuracy", RULE_REAL, NEEDED, NULL},
    {"altitude", RULE_REAL, NEEDED, NULL}, {"latitude", RULE_REAL, NEEDED, NULL}, {"longitude", RULE_REAL, NEEDED, NULL},
    {"speed", RULE_REAL, ON_CREATE, NULL}, {"heading", RULE_NUMBER, ON_CREATE, NULL}, {"source", RULE_TEXT, ON_CREATE, "gps wifi cell"},
    {"device_identifier", RULE_TEXT, ON_CREATE, NULL}, {0},
};
static const struct member_rule location_members[] = {
    {"addr1", RULE_TEXT, BOTH, NULL}, {"addr2", RULE_TEXT, BOTH, NULL}, {"city", RULE_TEXT, BOTH, NULL}, {"state", RULE_TEXT, BOTH, NULL},
    {"zip", RULE_TEXT, BOTH, NULL}, {"country", RULE_TEXT, BOTH, NULL}, {"active", RULE_FLAG, BOTH, NULL}, {"latitude", RULE_REAL, BOTH, NULL},
    {"longitude", RULE_REAL, BOTH, NULL}, {"label", RULE_TEXT, BOTH, NULL}, {"notes", RULE_TEXT, BOTH, NULL},
    {"linked_objects", RULE_OBJECT, BOTH, NULL}, {0},
};
static const struct member_rule notification_members[] = {
    {"message", RULE_TEXT, NEEDED, NULL}, {"user_id", RULE_NUMBER, ON_CREATE, "users"}, {"method", RULE_TEXT, ON_CREATE, "push email dashboard"},
    {"precheck", RULE_TEXT, ON_CREATE, "on_the_clock off_the_clock none"}, {"delivery_time", RULE_MOMENT, ON_CREATE, NULL}, {0},
};
static const struct member_rule reminder_members[] = {
    {"user_id", RULE_NUMBER, NEEDED, "users"}, {"reminder_type", RULE_TEXT, NEEDED, "clock-in clock-out"}, {"due_time", RULE_TEXT, NEEDED_BOTH, NULL},
    {"due_days_of_week", RULE_TEXT, NEEDED_BOTH, NULL}, {"distribution_methods", RULE_TEXT, NEEDED_BOTH, NULL},
    {"active", RULE_FLAG, NEEDED_BOTH, NULL}, {"enabled", RULE_FLAG, NEEDED_BOTH, NULL}, {0},
};
static const struct member_rule event_members[] = {
    {"schedule_calendar_id", RULE_NUMBER, NEEDED_BOTH, "schedule_calendars"}, {"start", RULE_MOMENT, NEEDED_BOTH, NULL},
    {"end", RULE_MOMENT, NEEDED_BOTH, NULL}, {"all_day", RULE_FLAG, NEEDED_BOTH, NULL}, {"assigned_user_ids", RULE_IDS_AS_TEXT, BOTH, NULL},
    {"jobcode_id", RULE_NUMBER, BOTH, "jobcodes"}, {"active", RULE_FLAG, BOTH, NULL}, {"draft", RULE_FLAG, BOTH, NULL},
    {"timezone", RULE_TEXT, BOTH, NULL}, {"title", RULE_TEXT, BOTH, NULL}, {"notes", RULE_TEXT, BOTH, NULL}, {"location", RULE_TEXT, BOTH, NULL},
    {"color", RULE_TEXT, BOTH, "#FAB3AE #F44336 #F8C499 #BF1959 #E91E63 #8A2731 #888888 #B3D9B5 #43A047 #009688 #486B7A #78909C #A6D5FA "
                               "#2196F3 #3F51B5 #673AB7 #D7A8DF #9C27B0 #010101 #785548 #EF6C00 #CDC8A2 #827717 #6A5E72"},
    {"customfields", RULE_OBJECT, BOTH, NULL}, {0},
};
static const struct member_rule time_off_members[] = {
    {"user_id", RULE_NUMBER, ON_CREATE, "users"}, {"status", RULE_TEXT, BOTH, "pending approved denied canceled"},
    {"active", RULE_FLAG, BOTH, NULL}, {0},
};
static const struct member_rule entry_members[] = {
    {"time_off_request_id", RULE_NUMBER, NEEDED, "time_off_requests"}, {"entry_method", RULE_TEXT, NEEDED, "manual regular"},
    {"duration", RULE_NUMBER, NEEDED_BOTH, NULL}, {"jobcode_id", RULE_NUMBER, NEEDED_BOTH, "jobcodes"}, {"date", RULE_DAY, BOTH, NULL},
    {"start_time", RULE_MOMENT, BOTH, NULL}, {"end_time", RULE_MOMENT, BOTH, NULL},
    {"status", RULE_TEXT, BOTH, "pending approved denied canceled"}, {"active", RULE_FLAG, BOTH, NULL}, {0},
};
static const struct member_rule project_members[] = {
    {"name", RULE_TEXT, NEEDED_BOTH, NULL}, {"jobcode_id", RULE_NUMBER, ON_CREATE, "jobcodes"},
    {"parent_jobcode_id", RULE_NUMBER, ON_CREATE, "jobcodes"}, {"description", RULE_TEXT, BOTH, NULL},
    {"status", RULE_TEXT, BOTH, "not_started in_progress complete"}, {"start_date", RULE_DAY, BOTH, NULL}, {"due_date", RULE_DAY, BOTH, NULL},
    {"completed_date", RULE_DAY, BOTH, NULL}, {"active", RULE_FLAG, BOTH, NULL}, {0},
};
static const struct member_rule estimate_members[] = {
    {"project_id", RULE_NUMBER, NEEDED, "projects"}, {"active", RULE_FLAG, BOTH, NULL}, {"estimate_by", RULE_TEXT, BOTH, "none customfields"},
    {"estimate_by__id", RULE_NUMBER, BOTH, NULL}, {0},
};
static const struct member_rule estimate_item_members[] = {
    {"estimate_id", RULE_NUMBER, NEEDED, "estimates"}, {"type", RULE_TEXT, NEEDED_BOTH, "none tag_clouds"}, {"type_id", RULE_NUMBER, BOTH, NULL},
    {"estimated_seconds", RULE_NUMBER, BOTH, NULL}, {"active", RULE_FLAG, BOTH, NULL}, {0},
};
static const struct member_rule read_time_members[] = {{"project_id", RULE_NUMBER, NEEDED, "projects"}, {0}};
static const struct member_rule reply_members[] = {
    {"note", RULE_TEXT, NEEDED_BOTH, NULL}, {"project_activity_id", RULE_NUMBER, NEEDED, "project_activities"}, {"active", RULE_FLAG, BOTH, NULL},
    {0},
};
static const struct member_rule note_members[] = {
    {"note", RULE_TEXT, NEEDED_BOTH, NULL}, {"project_id", RULE_NUMBER, NEEDED, "projects"}, {"active", RULE_FLAG, BOTH, NULL},
    {"files", RULE_NUMBERS, BOTH, NULL}, {0},
};

/* ---- What the service checks and completes ---- */

static unsigned refuse(struct change *change, unsigned status, const char *extra)
{
    change->extra = extra;
    return status;
}

static bool is_text(const json_t *object, const char *name, const char *text)
{
    const char *has = member_text(object, name);
    return has && strcmp(has, text) == 0;
}

/* Whether the user has an open timesheet besides this one. */
static bool has_open(const struct tsheets_data *data, int64_t user, int64_t besides)
{
    const struct tsheets_rows *rows = &data->tables[TSHEETS_TIMESHEETS];
    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].on_the_clock && rows->rows[i].user_id == user && rows->rows[i].id != besides)
            return true;
    return false;
}

static bool may_track(const struct tsheets_data *data, int64_t user)
{
    const struct tsheets_row *row = tsheets_find(data, TSHEETS_USERS, user);
    json_t *object = row ? tsheets_row_object(row) : NULL;
    bool may = member_number(object, "permissions.time_tracking") != 0;
    json_decref(object);
    return may;
}

static unsigned finish_timesheet(struct change *change)
{
    json_t *object = change->object;
    const char *start = member_text(object, "start"), *end = member_text(object, "end");
    int64_t user = member_number(object, "user_id"), from = 0, to = 0;
    bool open = false;

    if (!change->row && !may_track(change->data, user))
        return refuse(change, 403, "TS-1006 The user may not track time");
    if (is_text(object, "type", "manual")) {
        if (!*member_text(object, "date") || !json_is_integer(json_object_get(object, "duration")))
            return refuse(change, 417, "A manual timesheet needs a date and a duration");
    } else {
        open = !*end;
        if (!moment_read(start, &from) || (!open && !moment_read(end, &to)) || (!open && to < from))
            return refuse(change, 417, "A regular timesheet needs a start, and an end that does not come before it");
        if (open && has_open(change->data, user, change->row ? change->row->id : 0))
            return refuse(change, 406, "The user is on the clock already");
        char day[11];
        snprintf(day, sizeof day, "%.10s", start);
        json_object_set_new(object, "date", json_string(day));
        json_object_set_new(object, "duration", json_integer(open ? 0 : to - from));
    }
    json_object_set_new(object, "on_the_clock", json_boolean(open));
    return 200;
}

/* "data:image/png;base64,…" or the base64 alone. */
static unsigned finish_file(struct change *change)
{
    const char *name = member_text(change->object, "file_name"), *end = strrchr(name, '.');
    const char *data = member_text(change->element, "file_data"), *comma = data ? strchr(data, ',') : NULL;

    if (!end || (strcasecmp(end, ".png") != 0 && strcasecmp(end, ".jpg") != 0 && strcasecmp(end, ".jpeg") != 0))
        return refuse(change, 417, "Only png, jpg and jpeg files can be uploaded");
    if (change->row)
        return 200;
    data = comma ? comma + 1 : data;
    size_t length = data ? strlen(data) : 0;
    change->bytes = zeroed(length + 3, 1);
    int size = length && length % 4 == 0 ? EVP_DecodeBlock((unsigned char *)change->bytes, (const unsigned char *)data, (int)length) : -1;
    if (size <= 0)
        return refuse(change, 417, "file_data must be the file in base64");
    size -= (data[length - 1] == '=') + (data[length - 2] == '=');
    json_object_set_new(change->object, "size", json_integer(size));
    return 200;
}

static unsigned finish_location(struct change *change)
{
    static const char *const parts[] = {"addr1", "city", "state", "zip", "country"};
    for (size_t i = 0; i < COUNT(parts); i++)
        if (*member_text(change->object, parts[i]))
            return 200;
    return refuse(change, 417, "A part of an address is needed");
}

static unsigned finish_notification(struct change *change)
{
    if (strlen(member_text(change->object, "message")) > 2000)
        return refuse(change, 417, "The message is longer than 2000 characters");
    if (!*member_text(change->object, "delivery_time"))
        json_object_set(change->object, "delivery_time", json_object_get(change->object, "created"));
    return 200;
}

static unsigned finish_event(struct change *change)
{
    const json_t *assigned = json_object_get(change->object, "assigned_user_ids");
    json_object_set_new(change->object, "user_id", json_integer(number_of(json_array_get(assigned, 0))));
    json_object_set_new(change->object, "unassigned", json_boolean(json_array_size(assigned) == 0));
    return 200;
}

static unsigned finish_entry(struct change *change)
{
    const struct tsheets_row *request = tsheets_find(change->data, TSHEETS_TIME_OFF, member_number(change->object, "time_off_request_id"));
    bool manual = is_text(change->object, "entry_method", "manual");

    if (!*member_text(change->object, manual ? "date" : "start_time"))
        return refuse(change, 417, manual ? "A manual entry needs a date" : "A regular entry needs start_time and end_time");
    if (request)
        json_object_set_new(change->object, "user_id", json_integer(request->user_id));
    return 200;
}

/* A row of a request for time off that is sent within it. */
static int64_t store_part(struct tsheets_data *data, enum tsheets_table table, const json_t *request, const json_t *part)
{
    json_t *object = json_deep_copy(part);
    struct tsheets_row *row = tsheets_add(data, table, 0);
    int64_t id = row->id;

    json_object_set_new(object, "id", json_integer(id));
    json_object_set_new(object, "active", json_true());
    json_object_set(object, "time_off_request_id", json_object_get(request, "id"));
    json_object_set(object, "user_id", json_object_get(request, "user_id"));
    json_object_set(object, "created", json_object_get(request, "created"));
    json_object_set(object, "last_modified", json_object_get(request, "last_modified"));
    if (table == TSHEETS_TIME_OFF_ENTRIES)
        json_object_set_new(object, "status", json_string("pending"));
    row_set(row, object);
    return id;
}

static void store_parts(struct change *change, const char *member, enum tsheets_table table)
{
    const json_t *parts = json_object_get(change->element, member);
    json_t *ids = json_array();
    for (size_t i = 0; i < json_array_size(parts); i++)
        json_array_append_new(ids, json_integer(store_part(change->data, table, change->object, json_array_get(parts, i))));
    json_object_set_new(change->object, member, ids);
}

static unsigned finish_time_off(struct change *change)
{
    if (change->row)
        return 200;
    if (json_array_size(json_object_get(change->element, "time_off_request_entries")) == 0)
        return refuse(change, 417, "time_off_request_entries is required");
    store_parts(change, "time_off_request_entries", TSHEETS_TIME_OFF_ENTRIES);
    store_parts(change, "time_off_request_notes", TSHEETS_TIME_OFF_NOTES);
    return 200;
}

static unsigned finish_read_time(struct change *change)
{
    json_object_set(change->object, "latest_read_time", json_object_get(change->object, "last_modified"));
    json_object_del(change->object, "last_modified");
    json_object_del(change->object, "created");
    return 200;
}

static const struct change_rule rules[] = {
    {"users", TSHEETS_USERS, user_members,
     .blank = "{\"group_id\":0,\"active\":true,\"employee_number\":0,\"salaried\":false,\"exempt\":false,\"email\":\"\",\"email_verified\":false,"
              "\"payroll_id\":\"\",\"mobile_number\":\"\",\"hire_date\":\"0000-00-00\",\"term_date\":\"0000-00-00\",\"last_active\":\"\","
              "\"client_url\":\"sandbox\",\"company_name\":\"Sandbox & Söhne\",\"profile_image_url\":\"\",\"display_name\":\"\","
              "\"pto_balances\":[],\"submitted_to\":\"2000-01-01\",\"approved_to\":\"2000-01-01\",\"manager_of_group_ids\":[],"
              "\"require_password_change\":true,\"pay_rate\":0,\"pay_interval\":\"hour\",\"permissions\":{\"mobile\":true,"
              "\"time_tracking\":false},\"customfields\":\"\"}",
     .unique = "username", .unique_status = 417, .unique_extra = "That username is taken", .update_by = "username"},
    {"groups", TSHEETS_GROUPS, group_members, .blank = "{\"active\":true,\"manager_ids\":[]}", .unique = "name", .unique_status = 417,
     .unique_extra = "A group of that name is there already"},
    {"timesheets", TSHEETS_TIMESHEETS, timesheet_members,
     .blank = "{\"start\":\"\",\"end\":\"\",\"duration\":0,\"date\":\"\",\"tz\":0,\"tz_str\":\"tsGMT\",\"location\":\"\",\"locked\":0,\"notes\":\"\","
              "\"customfields\":\"\",\"attached_files\":[],\"created_by_user_id\":" TSHEETS_CALLER ",\"origin_hint\":\"\"}",
     .can_delete = true, .finish = finish_timesheet},
    {"jobcodes", TSHEETS_JOBCODES, jobcode_members,
     .blank = "{\"parent_id\":0,\"assigned_to_all\":false,\"billable\":false,\"active\":true,\"type\":\"regular\",\"has_children\":false,"
              "\"billable_rate\":0,\"short_code\":\"\",\"required_customfields\":[],\"filtered_customfielditems\":\"\",\"locations\":[],"
              "\"connect_with_quickbooks\":false,\"project_id\":0,\"geofence_config_id\":0,\"customfields\":\"\"}",
     .unique = "parent_id name", .unique_status = 202, .unique_extra = "A jobcode of that name is there already"},
    {"jobcode_assignments", TSHEETS_ASSIGNMENTS, assignment_members, .blank = "{\"active\":true}", .no_update = true, .can_delete = true,
     .unique = "user_id jobcode_id", .unique_status = 406, .unique_extra = "The user is assigned to that jobcode already"},
    {"customfields", TSHEETS_CUSTOMFIELDS, customfield_members,
     .blank = "{\"active\":true,\"required\":false,\"short_code\":\"\",\"regex_filter\":\"\",\"ui_preference\":\"drop_down\","
              "\"required_customfields\":[],\"show_to_all\":true}"},
    {"customfielditems", TSHEETS_ITEMS, item_members, .blank = "{\"active\":true,\"short_code\":\"\",\"required_customfields\":[]}",
     .unique = "customfield_id name", .unique_status = 417, .unique_extra = "The name conflicts with another item"},
    /* The service's own word for these results is that of another list. */
    {"customfielditem_filters", TSHEETS_ITEM_FILTERS, item_filter_members, .blank = "{\"active\":true}", .results = "customfielditems"},
    {"files", TSHEETS_FILES, file_members,
     .blank = "{\"uploaded_by_user_id\":" TSHEETS_CALLER ",\"active\":true,\"linked_objects\":[],\"meta_data\":{}}", .can_delete = true,
     .finish = finish_file},
    {"geolocations", TSHEETS_GEOLOCATIONS, geolocation_members, .no_update = true,
     .blank = "{\"speed\":0,\"heading\":0,\"source\":\"gps\",\"device_identifier\":\"\"}", .unique = "user_id created", .unique_status = 202,
     .unique_extra = "That geolocation is there already"},
    {"locations", TSHEETS_LOCATIONS, location_members,
     .blank = "{\"addr1\":\"\",\"addr2\":\"\",\"city\":\"\",\"state\":\"\",\"zip\":\"\",\"country\":\"\",\"formatted_address\":\"\",\"active\":true,"
              "\"latitude\":0,\"longitude\":0,\"place_id\":\"\",\"place_id_hash\":\"\",\"label\":\"\",\"notes\":\"\",\"geocoding_status\":\"none\","
              "\"linked_objects\":{},\"geofence_config_id\":null}",
     .finish = finish_location},
    {"notifications", TSHEETS_NOTIFICATIONS, notification_members, .no_update = true, .can_delete = true,
     .blank = "{\"user_id\":" TSHEETS_CALLER ",\"msg_tracking_id\":\"0123456789abcdef\",\"method\":\"push\",\"precheck\":\"none\","
              "\"delivery_time\":\"\"}",
     .finish = finish_notification},
    {"reminders", TSHEETS_REMINDERS, reminder_members, .blank = "{}", .unique = "user_id reminder_type due_time", .unique_status = 202,
     .unique_extra = "That reminder is there already"},
    {"schedule_events", TSHEETS_EVENTS, event_members,
     .blank = "{\"jobcode_id\":0,\"timezone\":\"America/Denver\",\"notes\":\"\",\"assigned_user_ids\":[],"
              "\"active\":true,\"draft\":false,\"title\":\"\",\"location\":\"\",\"color\":\"#888888\"}",
     .finish = finish_event},
    {"time_off_requests", TSHEETS_TIME_OFF, time_off_members, .keyed_by_id = true,
     .blank = "{\"user_id\":" TSHEETS_CALLER ",\"status\":\"pending\",\"active\":true,\"time_off_request_notes\":[]}", .finish = finish_time_off},
    {"time_off_request_entries", TSHEETS_TIME_OFF_ENTRIES, entry_members, .keyed_by_id = true,
     .blank = "{\"status\":\"pending\",\"approver_user_id\":0,\"date\":\"\",\"start_time\":\"\",\"end_time\":\"\",\"approved_timesheet_id\":0,"
              "\"active\":true}",
     .finish = finish_entry},
    {"projects", TSHEETS_PROJECTS, project_members,
     .blank = "{\"jobcode_id\":0,\"parent_jobcode_id\":0,\"description\":\"\",\"status\":\"in_progress\",\"start_date\":\"\",\"due_date\":\"\","
              "\"completed_date\":\"\",\"active\":true,\"linked_objects\":{\"notes_read_times\":[]}}"},
    {"estimates", TSHEETS_ESTIMATES, estimate_members, .blank = "{\"active\":true,\"estimate_by\":\"none\",\"estimate_by__id\":0}"},
    {"estimate_items", TSHEETS_ESTIMATE_ITEMS, estimate_item_members, .blank = "{\"active\":true,\"estimated_seconds\":0,\"type_id\":0}"},
    {"project_activity_read_times", TSHEETS_READ_TIMES, read_time_members, .blank = "{\"user_id\":" TSHEETS_CALLER "}",
     .update_by = "project_id", .finish = finish_read_time},
    {"project_activity_replies", TSHEETS_REPLIES, reply_members,
     .blank = "{\"user_id\":" TSHEETS_CALLER ",\"active\":true,\"mentions\":[],\"linked_objects\":[]}"},
    {"project_notes", TSHEETS_NOTES, note_members,
     .blank = "{\"user_id\":" TSHEETS_CALLER ",\"active\":true,\"mentions\":[],\"files\":[],\"linked_objects\":[]}"},
};

const struct change_rule *tsheets_rule(const char *entity)
{
    for (size_t i = 0; i < COUNT(rules); i++)
        if (strcmp(rules[i].entity, entity) == 0)
            return &rules[i];
    return NULL;
}
