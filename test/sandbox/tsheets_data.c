/* Makes up the company: its people, its jobs and their time, with names in many scripts, odd dates, booleans and ids in every form the
 * service is known to send. */
#include "test/sandbox/tsheets_data.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/pick.h"
#include "test/sandbox/server.h"
#include "test/sandbox/tsheets_make.h"

static const char *const first_names[] = {
    "Ada", "Jürgen", "Zoë", "O'Brian", "李", "Анна", "Zoe\u0308", "José", "Ann \"Nan\"", "Robin \U0001F98A", "Back\\slash",
    "100%_Max", "Øyvind", "小林", "Ada Maria", "María", "ada", "Ἀριάδνη", "نور", "Bo",
};
static const char *const last_names[] = {
    "Lovelace", "Müller", "D'Angelo", "Strauß", "王", "Петрова", "de la Cruz", "Smith", "Smith-Jones", "Ångström", "", "McAdam",
    "\U0001F469\u200D\U0001F4BB Dev", "Smit_h", "Null",
};
static const char *const group_names[] = {
    "Construction", "Büro", "Field, North", "研究", "R&D <lab>", "Night Shift", "Drivers \U0001F69A", "Warehouse",
};
static const char *const job_names[] = {
    "Assembly", "Painting", "Übergabe", "清掃", "Driving", "Café setup", "Q&A \"live\"", "Site\\Survey", "50% design", "Paving",
    "assembly line", "Welding",
};
static const char *const weekly_notes[] = {
    "", "Finished early", "Kunde war nicht da – kommt später", "two\nlines\tand a tab", "He said \"stop\" \\ left", "天気が悪い",
    "\U0001F477\U0001F3FD\u200D\u2640\uFE0F on site", "e\u0301 = é", "50% _done_", "null",
};
static const struct { int minutes; const char *name; const char *place; } zones[] = {
    {-360, "tsMT", "(Denver)"}, {60, "tsCET", "(Berlin)"}, {0, "tsGMT", ""}, {330, "tsIST", "(Pune)"}, {540, "tsJST", "(大阪)"},
};

static char *dump(json_t *json, size_t *length)
{
    char *text = json_dumps(json, JSON_COMPACT);
    if (!text)
        abort();
    json_decref(json);
    if (length)
        *length = strlen(text);
    return text;
}

static char *text_number(const char *format, unsigned number)
{
    char text[64];
    snprintf(text, sizeof text, format, number);
    return text_copy(text);
}

/* How many rows a table has: some, and one more for each so many timesheets. A table that begins empty is filled by its maker. */
static const struct {
    const char *entity;
    int64_t first_id;
    unsigned step, rows, per;
} tables[TSHEETS_TABLES] = {
    [TSHEETS_USERS] = {"users", 510001, 3, 24, 20},
    [TSHEETS_GROUPS] = {"groups", 6, 2, 8, 500},
    [TSHEETS_JOBCODES] = {"jobcodes", 17280001, 2, 32, 25},
    [TSHEETS_ASSIGNMENTS] = {"jobcode_assignments", 26880001, 2, 60, 4},
    [TSHEETS_TIMESHEETS] = {"timesheets", 135280001, 2, 0, 1},
    [TSHEETS_DELETED] = {"timesheets_deleted", 134100001, 2, 30, 4},
    [TSHEETS_CUSTOMFIELDS] = {"customfields", 195901, 2, 6, 0},
    [TSHEETS_ITEMS] = {"customfielditems", 1080201, 2, 21, 0},
    [TSHEETS_ITEM_FILTERS] = {"customfielditem_filters", 861001, 2, 0, 0},
    [TSHEETS_JOBCODE_FILTERS] = {"customfielditem_jobcode_filters", 0, 1, 0, 0},
    [TSHEETS_USER_FILTERS] = {"customfielditem_user_filters", 0, 1, 0, 0},
    [TSHEETS_LOCATIONS] = {"locations", 63001, 2, 10, 20},
    [TSHEETS_LOCATION_MAPS] = {"locations_map", 102801, 2, 0, 0},
    [TSHEETS_GEOFENCES] = {"geofence_configs", 1301, 2, 0, 0},
    [TSHEETS_GEOLOCATIONS] = {"geolocations", 185648201, 2, 20, 2},
    [TSHEETS_FILES] = {"files", 44001, 2, 12, 20},
    [TSHEETS_CLIENTS] = {"managed_clients", 1101, 3, 5, 1000},
    [TSHEETS_NOTIFICATIONS] = {"notifications", 94140001, 2, 12, 20},
    [TSHEETS_REMINDERS] = {"reminders", 72501, 2, 9, 40},
    [TSHEETS_CALENDARS] = {"schedule_calendars", 72401, 2, 3, 2000},
    [TSHEETS_EVENTS] = {"schedule_events", 894001, 2, 0, 0},
    [TSHEETS_TIME_OFF] = {"time_off_requests", 1546901, 2, 8, 50},
    [TSHEETS_TIME_OFF_ENTRIES] = {"time_off_request_entries", 11301, 2, 0, 0},
    [TSHEETS_TIME_OFF_NOTES] = {"time_off_request_notes", 96001, 2, 0, 0},
    [TSHEETS_PROJECTS] = {"projects", 527001, 2, 8, 50},
    [TSHEETS_ESTIMATES] = {"estimates", 840901, 2, 0, 0},
    [TSHEETS_ESTIMATE_ITEMS] = {"estimate_items", 596201, 2, 0, 0},
    [TSHEETS_ACTIVITIES] = {"project_activities", 65301, 2, 0, 0},
    [TSHEETS_READ_TIMES] = {"project_activity_read_times", 10001, 2, 0, 0},
    [TSHEETS_REPLIES] = {"project_activity_replies", 20001, 2, 0, 0},
    [TSHEETS_NOTES] = {"project_notes", 30001, 2, 0, 0},
};

static void size_tables(struct tsheets_data *data, unsigned timesheets)
{
    for (unsigned table = 0; table < TSHEETS_TABLES; table++) {
        struct tsheets_rows *rows = &data->tables[table];
        unsigned more = tables[table].per ? timesheets / tables[table].per : 0;
        rows->entity = tables[table].entity;
        rows->count = table == TSHEETS_USERS ? (more > tables[table].rows ? more : tables[table].rows) : tables[table].rows + more;
        rows->room = rows->count;
        rows->rows = zeroed(rows->count, sizeof *rows->rows);
        for (size_t i = 0; i < rows->count; i++)
            rows->rows[i].id = tables[table].first_id + (int64_t)(tables[table].step * i);
    }
    /* A group with the id of a user: where lists mix both, two members have one name. */
    data->tables[TSHEETS_GROUPS].rows[data->tables[TSHEETS_GROUPS].count - 1].id = data->tables[TSHEETS_USERS].rows[1].id;
}

static json_t *permissions_json(unsigned user)
{
    static const char *const names[] = {
        "admin", "mobile", "status_box", "reports", "manage_timesheets", "manage_authorization", "manage_users",
        "manage_my_timesheets", "manage_jobcodes", "pin_login", "approve_timesheets", "manage_schedules", "external_access",
        "manage_my_schedule", "manage_company_schedules", "view_company_schedules", "view_group_schedules",
        "manage_no_schedules", "view_my_schedules", "time_tracking", "view_projects", "manage_projects",
    };
    json_t *permissions = json_object();
    for (unsigned i = 0; i < COUNT(names); i++) {
        bool granted = i == 0 ? user == 0 : i == 1 || pick(1, user, 40 + i, 3) == 0;
        json_object_set_new(permissions, names[i], loose_boolean(granted, pick(1, user, 80 + i, 8)));
    }
    return permissions;
}

/* PHP sends an empty map as an empty list. */
static json_t *pto_json(const struct tsheets_data *data, unsigned user)
{
    json_t *balances;
    char name[24];
    if (user % 6 == 5)
        return json_array();
    balances = json_object();
    for (unsigned i = 0; i < PTO_JOBCODES; i++) {
        snprintf(name, sizeof name, "%lld", (long long)data->tables[TSHEETS_JOBCODES].rows[i].id);
        json_object_set_new(balances, name, json_integer((int)pick(1, user, 20 + i, 40) * 1800 - 3600));
    }
    return balances;
}

static json_t *managed_groups(const struct tsheets_rows *groups, int64_t user_id)
{
    json_t *list = json_array();
    for (size_t i = 0; i < groups->count; i++)
        if (groups->rows[i].managers[0] == user_id || groups->rows[i].managers[1] == user_id)
            json_array_append_new(list, json_integer(groups->rows[i].id));
    return list;
}

static void make_groups(struct tsheets_data *data)
{
    struct tsheets_rows *groups = &data->tables[TSHEETS_GROUPS];
    for (unsigned i = 0; i < groups->count; i++) {
        struct tsheets_row *row = &groups->rows[i];
        json_t *managers = json_array();
        char name[64];
        numbered(name, sizeof name, group_names[i % COUNT(group_names)], i / (unsigned)COUNT(group_names));
        row->active = i % 9 != 4;
        row->name = row->username = text_copy(name);
        row->modified = 1704186000 + 7200 * (int64_t)i;
        for (unsigned m = 0; m < i % 3; m++) {
            row->managers[m] = row_at(data, TSHEETS_USERS, i + 5 * m)->id;
            json_array_append_new(managers, id_text(row->managers[m]));
        }
        row->json = dump(json_pack("{s:I, s:b, s:s, s:o, s:o, s:o}", "id", (json_int_t)row->id, "active", row->active, "name",
                                   row->name, "last_modified", moment_json(row->modified, 0), "created",
                                   moment_json(1672567200, 0), "manager_ids", managers), &row->length);
    }
}

static json_t *user_json(const struct tsheets_data *data, const struct tsheets_row *row, unsigned i)
{
    static const char *const intervals[] = {"hour", "year"};
    char phone[24], mail[64];
    json_t *json;

    snprintf(phone, sizeof phone, "+49 30 %07u", 1000000 + i * 37);
    snprintf(mail, sizeof mail, "%s@example.com", row->username);
    json = json_pack("{s:I, s:s, s:s, s:o, s:o, s:I, s:b, s:o, s:s, s:s, s:b, s:s, s:s}",
                     "id", (json_int_t)row->id, "first_name", row->name, "last_name", row->last_name,
                     "group_id", loose_id(row->parent_id, i), "active", loose_boolean(row->active, i % 8),
                     "employee_number", (json_int_t)row->number, "salaried", i % 4 == 1, "exempt",
                     loose_boolean(i % 5 == 2, i), "username", row->username, "email", i % 4 == 3 ? "" : mail,
                     "email_verified", i % 3 == 0, "payroll_id", row->payroll_id, "mobile_number", i % 5 ? phone : "");
    if (!json)
        abort();
    json_object_set_new(json, "hire_date", i % 5 == 0 ? json_string("0000-00-00") : day_json(18000 + (int32_t)(i * 17 % 1500)));
    json_object_set_new(json, "term_date", row->active ? json_string(i % 2 ? "0000-00-00" : "") : day_json(19800 + (int32_t)i % 90));
    json_object_set_new(json, "last_modified", moment_json(row->modified, 0));
    json_object_set_new(json, "last_active", i % 4 == 2 ? json_string("") : moment_json(row->modified - 3600, 0));
    json_object_set_new(json, "created", moment_json(1609491600 + 86400 * (int64_t)i, 0));
    json_object_set_new(json, "client_url", json_string("sandbox"));
    json_object_set_new(json, "company_name", json_string("Sandbox & Söhne"));
    json_object_set_new(json, "profile_image_url", json_string(i % 3 ? "" : "https://img.example.com/a?s=1&d=2"));
    json_object_set_new(json, "display_name", i % 3 == 0 ? json_null() : json_string(i % 3 == 1 ? "" : row->name));
    json_object_set_new(json, "pto_balances", pto_json(data, i));
    json_object_set_new(json, "submitted_to", i % 3 ? json_string("2000-01-01") : day_json(19780 + (int32_t)i % 30));
    json_object_set_new(json, "approved_to", json_string(i % 7 == 3 ? "0000-00-00" : "2000-01-01"));
    json_object_set_new(json, "manager_of_group_ids", managed_groups(&data->tables[TSHEETS_GROUPS], row->id));
    json_object_set_new(json, "require_password_change", json_boolean(i % 11 == 0));
    json_object_set_new(json, "pay_rate", i % 4 ? json_real(12.5 + 0.25 * i) : json_integer((json_int_t)(i % 8 ? 15 : 0)));
    json_object_set_new(json, "pay_interval", json_string(intervals[i % 4 == 1]));
    json_object_set_new(json, "permissions", permissions_json(i));
    json_object_set_new(json, "customfields", i % 4 == 1 ? json_pack("{s:s}", "195909", customfield_item(i)) : json_string(""));
    json_object_set_new(json, "job_title", json_string(i % 5 ? "" : "Foreman"));
    json_object_set_new(json, "gender", json_string(""));
    json_object_set_new(json, "pronouns", json_string(i % 3 ? "" : "they/them"));
    return json;
}

static void make_users(struct tsheets_data *data)
{
    struct tsheets_rows *users = &data->tables[TSHEETS_USERS];
    for (unsigned i = 0; i < users->count; i++) {
        struct tsheets_row *row = &users->rows[i];
        row->name = first_names[i % COUNT(first_names)];
        row->last_name = last_names[(i + i / COUNT(last_names)) % COUNT(last_names)];
        row->parent_id = i % 5 == 4 ? 0 : row_picked(data, TSHEETS_GROUPS, 1, i, 1)->id;
        row->active = i == 0 || i % 8 != 5;
        row->number = i % 3 ? 1000 + i : 0;
        row->username = text_number(i ? "user%u" : "admin", i);
        row->payroll_id = i % 3 == 2 ? text_copy("") : text_number("P-%04u", i);
        row->modified = 1704103200 + (int64_t)pick(1, i, 2, DAYS * 86400u);
        row->json = dump(user_json(data, row, i), &row->length);
    }
}

static json_t *jobcode_items_json(const struct tsheets_data *data, unsigned jobcode)
{
    const struct tsheets_rows *items = &data->tables[TSHEETS_ITEMS];
    if (!jobcode_has_items(jobcode))
        return json_string("");
    return json_pack("{s:[I, I]}", "195901", (json_int_t)items->rows[0].id, (json_int_t)items->rows[1].id);
}

static json_t *jobcode_locations_json(const struct tsheets_data *data, unsigned jobcode)
{
    if (!jobcode_has_locations(jobcode))
        return json_array();
    return json_pack("[I, I]", (json_int_t)jobcode_location(data, jobcode, 0)->id, (json_int_t)jobcode_location(data, jobcode, 1)->id);
}

/* The first five are the leave and break codes; then every fourth is a parent of the three after it. */
static void make_jobcodes(struct tsheets_data *data)
{
    static const char *const special[SPECIAL_JOBCODES] = {"Sick", "Vacation", "Holiday", "Paid Break", "Lunch"};
    static const char *const special_types[SPECIAL_JOBCODES] = {"pto", "pto", "pto", "paid_break", "unpaid_break"};
    struct tsheets_rows *jobs = &data->tables[TSHEETS_JOBCODES];
    for (unsigned i = 0; i < jobs->count; i++) {
        struct tsheets_row *row = &jobs->rows[i];
        bool normal = i >= SPECIAL_JOBCODES;
        unsigned n = normal ? i - SPECIAL_JOBCODES : 0;
        char name[80], code[16];
        numbered(name, sizeof name, normal ? job_names[n % COUNT(job_names)] : special[i], n / (unsigned)COUNT(job_names));
        snprintf(code, sizeof code, "j%u", n);
        row->type = normal ? "regular" : special_types[i];
        row->name = row->username = text_copy(name);
        row->parent_id = normal && n % 4 ? jobs->rows[i - n % 4].id : 0;
        row->active = !normal || n % 10 != 7;
        row->modified = 1704103200 + (int64_t)pick(2, i, 1, DAYS * 86400u);
        json_t *json = json_pack(
            "{s:I, s:I, s:o, s:o, s:b, s:s, s:b, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:I, s:i}", "id", (json_int_t)row->id,
            "parent_id", (json_int_t)row->parent_id, "assigned_to_all", loose_boolean(!normal, i),
            "billable", loose_boolean(n % 3 == 1, i + 1), "active", row->active, "type", row->type,
            "has_children", normal && n % 4 == 0 && i + 1 < jobs->count,
            "billable_rate", n % 3 == 1 ? json_real(19.99 + n) : json_integer(0), "short_code", n % 5 == 2 ? "" : code, "name", row->name,
            "last_modified", moment_json(row->modified, 0), "created", moment_json(1675245600, 0),
            "required_customfields", jobcode_has_items(i) ? json_pack("[I]", (json_int_t)data->tables[TSHEETS_CUSTOMFIELDS].rows[0].id)
                                                          : json_array(),
            "filtered_customfielditems", jobcode_items_json(data, i), "locations", jobcode_locations_json(data, i),
            "connect_with_quickbooks", n % 2 == 0, "project_id",
            (json_int_t)(jobcode_project(data, i) ? jobcode_project(data, i)->id : 0), "geofence_config_id", 0);
        if (!json)
            abort();
        json_t *extended = json_copy(json);
        row->json = dump(json, &row->length);
        json_object_set_new(extended, "customfields", n % 2 ? json_string("") : json_pack("{s:s}", "195911", "50.58"));
        row->extended = dump(extended, NULL);
    }
}

static void make_assignments(struct tsheets_data *data)
{
    struct tsheets_rows *rows = &data->tables[TSHEETS_ASSIGNMENTS];
    const struct tsheets_rows *users = &data->tables[TSHEETS_USERS], *jobs = &data->tables[TSHEETS_JOBCODES];
    for (unsigned i = 0; i < rows->count; i++) {
        struct tsheets_row *row = &rows->rows[i];
        bool callers = i % 10 == 6;     /* on a jobcode that has locations */
        row->user_id = i < SPECIAL_JOBCODES ? 0 : callers ? users->rows[0].id : users->rows[pick(3, i, 1, (unsigned)users->count)].id;
        row->jobcode_id = jobs->rows[i < SPECIAL_JOBCODES ? i : callers ? SPECIAL_JOBCODES + 1 + i / 10 % 3 * 7
                                                                        : pick(3, i, 2, (unsigned)jobs->count)].id;
        row->active = i % 12 != 7;
        row->modified = i % 9 == 4 ? 0 : 1704103200 + (int64_t)pick(3, i, 3, DAYS * 86400u);
        row->json = dump(json_pack("{s:I, s:o, s:I, s:o, s:o, s:o}", "id", (json_int_t)row->id, "user_id",
                                   loose_id(row->user_id, i), "jobcode_id", (json_int_t)row->jobcode_id, "active",
                                   loose_boolean(row->active, i), "last_modified",
                                   row->modified ? moment_json(row->modified, 0) : json_string(""), "created",
                                   i % 9 == 4 ? json_string("") : moment_json(1704103200, 0)), &row->length);
    }
}

static json_t *notes_json(unsigned table, unsigned i)
{
    enum { LONG_NOTE = 6000 };
    if (i % 53 == 17)
        return json_null();
    if (i % 97 == 41) {         /* past any buffer that an application binds at first */
        static const char piece[] = "Ein langer Absatz über die Baustelle – ";
        char *text = zeroed(LONG_NOTE + 1, 1);
        size_t used = 0;
        for (; used + sizeof piece - 1 <= LONG_NOTE; used += sizeof piece - 1)
            memcpy(text + used, piece, sizeof piece - 1);
        json_t *json = json_string(text);
        free(text);
        return json;
    }
    return json_string(weekly_notes[pick(table, i, 9, (unsigned)COUNT(weekly_notes))]);
}

static json_t *timesheet_fields(unsigned i)
{
    if (i % 3)
        return json_string("");
    return json_pack("{s:s, s:s}", "195901", customfield_item(pick(4, i, 10, 1000)), "195903", i % 2 ? "" : "fine");
}

static json_t *timesheet_files_json(const struct tsheets_data *data, unsigned i)
{
    if (!timesheet_file(data, i, 0))
        return json_array();
    return json_pack("[I, I]", (json_int_t)timesheet_file(data, i, 0)->id, (json_int_t)timesheet_file(data, i, 1)->id);
}

/* One timesheet, kept or deleted; open ones are still on the clock. */
static void make_timesheet(const struct tsheets_data *data, enum tsheets_table table, struct tsheets_row *row, unsigned i,
                           unsigned count, bool open)
{
    const struct tsheets_rows *users = &data->tables[TSHEETS_USERS], *jobs = &data->tables[TSHEETS_JOBCODES];
    size_t user = pick(table, i, 1, (unsigned)users->count);
    size_t zone = user % COUNT(zones);
    int64_t start, duration = open ? 0 : 900 * (int64_t)(1 + pick(table, i, 3, 39)) + pick(table, i, 4, 60);
    bool manual = !open && pick(table, i, 2, 5) == 0, deleted = table == TSHEETS_DELETED;

    row->user_id = users->rows[user].id;
    row->jobcode_id = jobs->rows[pick(table, i, 5, (unsigned)jobs->count)].id;
    row->day = DAY_ONE + (int32_t)((uint64_t)i * DAYS / count);
    row->type = manual ? "manual" : "regular";
    row->on_the_clock = open;
    row->seconds = duration;
    row->active = !deleted;
    start = (int64_t)row->day * 86400 + 6 * 3600 + 60 * (int64_t)pick(table, i, 6, 600) - zones[zone].minutes * 60;
    row->modified = i % 41 == 7 ? 0 : start + 40000 + (int64_t)pick(table, i, 7, 864000);

    json_t *json = json_pack("{s:I, s:o, s:I, s:o, s:o, s:I, s:o, s:i, s:s, s:s, s:s, s:i, s:o, s:o}",
                             "id", (json_int_t)row->id, "user_id", loose_id(row->user_id, i), "jobcode_id",
                             (json_int_t)row->jobcode_id, "start", manual ? json_string("") : moment_json(start, zones[zone].minutes),
                             "end", manual || open ? json_string("") : moment_json(start + duration, zones[zone].minutes),
                             "duration", (json_int_t)duration, "date", day_json(row->day), "tz", zones[zone].minutes / 60,
                             "tz_str", zones[zone].name, "type", row->type, "location", zones[zone].place,
                             "locked", i % 10 == 6 ? (int)(1 + i % 3) : 0, "notes", notes_json(table, i),
                             "last_modified", moment_json(row->modified, 0));
    if (!json)
        abort();
    json_object_set_new(json, "customfields", timesheet_fields(i));
    if (deleted) {
        json_object_set_new(json, "active", json_string("0"));
        json_object_set_new(json, "created", moment_json(start, 0));
    } else {
        json_object_set_new(json, "on_the_clock", json_boolean(open));
        json_object_set_new(json, "attached_files", timesheet_files_json(data, i));
        json_object_set_new(json, "created_by_user_id", json_integer(i % 6 ? row->user_id : users->rows[0].id));
        json_object_set_new(json, "origin_hint", json_string(i % 4 ? "Web" : ""));
    }
    row->json = dump(json, &row->length);
}

/* The last timesheets are open, one for each of a tenth of the users at most (a user can have only one). */
static void make_timesheets(struct tsheets_data *data, enum tsheets_table table)
{
    struct tsheets_rows *rows = &data->tables[table];
    unsigned count = (unsigned)rows->count;
    size_t users = data->tables[TSHEETS_USERS].count;
    bool *busy = zeroed(users, sizeof *busy);
    unsigned open_left = table == TSHEETS_TIMESHEETS ? (unsigned)(users / 10) : 0;
    for (unsigned i = count; i-- > 0;) {
        size_t user = pick(table, i, 1, (unsigned)users);
        bool open = open_left > 0 && i + 40 >= count && !busy[user];
        if (open) {
            busy[user] = true;
            open_left--;
        }
        make_timesheet(data, table, &rows->rows[i], i, count, open);
    }
    free(busy);
}

struct tsheets_data *tsheets_data_open(unsigned timesheets)
{
    struct tsheets_data *data = zeroed(1, sizeof *data);
    size_tables(data, timesheets);
    make_groups(data);
    make_users(data);
    make_jobcodes(data);
    make_assignments(data);
    make_timesheets(data, TSHEETS_TIMESHEETS);
    make_timesheets(data, TSHEETS_DELETED);
    make_customfields(data);
    make_item_filters(data);
    make_places(data);
    make_messages(data);
    make_schedule(data);
    make_time_off(data);
    make_projects(data);
    return data;
}

static void clear_row(struct tsheets_row *row)
{
    free(row->username);
    free(row->payroll_id);
    free(row->json);
    free(row->extended);
    free(row->bytes);
    json_decref(row->object);
}

void tsheets_data_close(struct tsheets_data *data)
{
    for (int table = 0; table < TSHEETS_TABLES; table++) {
        struct tsheets_rows *rows = &data->tables[table];
        for (size_t i = 0; i < rows->count; i++)
            clear_row(&rows->rows[i]);
        free(rows->rows);
    }
    free(data);
}

static int compare_id(const void *key, const void *element)
{
    int64_t id = *(const int64_t *)key, other = ((const struct tsheets_row *)element)->id;
    return id < other ? -1 : id > other;
}

const struct tsheets_row *tsheets_find(const struct tsheets_data *data, enum tsheets_table table, int64_t id)
{
    const struct tsheets_rows *rows = &data->tables[table];
    return rows->count ? bsearch(&id, rows->rows, rows->count, sizeof *rows->rows, compare_id) : NULL;
}

enum tsheets_table tsheets_table_named(const char *entity, size_t length)
{
    int table = 0;
    while (table < TSHEETS_TABLES && (strncmp(tables[table].entity, entity, length) != 0 || tables[table].entity[length]))
        table++;
    return (enum tsheets_table)table;
}

struct tsheets_row *tsheets_add(struct tsheets_data *data, enum tsheets_table table, int64_t id)
{
    struct tsheets_rows *rows = &data->tables[table];
    size_t place = rows->count;

    if (rows->count == rows->room) {
        rows->room = rows->room ? rows->room * 2 : 16;
        rows->rows = realloc(rows->rows, rows->room * sizeof *rows->rows);
        if (!rows->rows)
            abort();
    }
    if (!id)
        id = rows->count ? rows->rows[rows->count - 1].id + tables[table].step : tables[table].first_id;
    while (place > 0 && rows->rows[place - 1].id > id)
        place--;
    memmove(&rows->rows[place + 1], &rows->rows[place], (rows->count - place) * sizeof *rows->rows);
    rows->count++;
    rows->rows[place] = (struct tsheets_row){.id = id};
    return &rows->rows[place];
}

void tsheets_remove(struct tsheets_data *data, enum tsheets_table table, struct tsheets_row *row)
{
    struct tsheets_rows *rows = &data->tables[table];
    size_t place = (size_t)(row - rows->rows);

    clear_row(row);
    memmove(row, row + 1, (rows->count - place - 1) * sizeof *row);
    rows->count--;
}
