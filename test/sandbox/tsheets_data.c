/* Makes up the company: names in many scripts, odd dates, booleans and ids in every form the service is known to send. */
#include "test/sandbox/tsheets_data.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test/sandbox/moment.h"
#include "test/sandbox/pick.h"
#include "test/sandbox/server.h"

enum {
    FIRST_USER = 510001, FIRST_GROUP = 6, FIRST_JOBCODE = 17280001, FIRST_ASSIGNMENT = 26880001,
    FIRST_TIMESHEET = 135280001, FIRST_DELETED = 134100001, FIRST_FIELD = 195901, FIRST_ITEM = 1080201,
    DAY_ONE = 19707,        /* 2023-12-16 */
    DAYS = 400,
    PTO_JOBCODES = 3, SPECIAL_JOBCODES = 5
};

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
static const char *const field_names[] = {"Equipment", "Mood", "Cost Centre", "Weather", "Badge", "Rate"};
static const char *const item_names[] = {"Tractor", "Shovel", "Bagger", "起重機", "Saw", "Drill, large", "\"Big\" Crane"};
static const char *const weekly_notes[] = {
    "", "Finished early", "Kunde war nicht da – kommt später", "two\nlines\tand a tab", "He said \"stop\" \\ left", "天気が悪い",
    "\U0001F477\U0001F3FD\u200D\u2640\uFE0F on site", "e\u0301 = é", "50% _done_", "null",
};
static const struct { int minutes; const char *name; const char *place; } zones[] = {
    {-360, "tsMT", "(Denver)"}, {60, "tsCET", "(Berlin)"}, {0, "tsGMT", ""}, {330, "tsIST", "(Pune)"}, {540, "tsJST", "(大阪)"},
};

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static json_t *day_json(int32_t day)
{
    char text[DAY_TEXT];
    day_write(day, text);
    return json_string(text);
}

/* "2024-02-03T04:05:06+01:00" for a moment as seen from an offset. */
static json_t *moment_json(int64_t moment, int offset_minutes)
{
    time_t seconds = (time_t)(moment + offset_minutes * 60);
    struct tm tm;
    char text[24], whole[40];
    int size = abs(offset_minutes);
    gmtime_r(&seconds, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(whole, sizeof whole, "%s%c%02d:%02d", text, offset_minutes < 0 ? '-' : '+', size / 60, size % 60);
    return json_string(whole);
}

/* A boolean in one of the forms that the service uses. */
static json_t *loose_boolean(bool value, unsigned form)
{
    switch (form % 4) {
    case 1: return json_string(value ? "1" : "0");
    case 2: return json_integer(value);
    default: return json_boolean(value);
    }
}

/* An id, now and then as a string. */
static json_t *loose_id(int64_t id, unsigned form)
{
    char text[24];
    if (form % 7 != 3)
        return json_integer(id);
    snprintf(text, sizeof text, "%lld", (long long)id);
    return json_string(text);
}

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

/* The name alone at first, then "name 1", "name 2"… */
static void numbered(char *out, size_t room, const char *name, unsigned round)
{
    if (round)
        snprintf(out, room, "%s %u", name, round);
    else
        snprintf(out, room, "%s", name);
}

static struct tsheets_rows *table_rows(struct tsheets_data *data, enum tsheets_table table, const char *entity, size_t count)
{
    struct tsheets_rows *rows = &data->tables[table];
    rows->entity = entity;
    rows->rows = zeroed(count, sizeof *rows->rows);
    rows->count = count;
    return rows;
}

static json_t *permissions_json(unsigned user)
{
    static const char *const names[] = {
        "admin", "mobile", "status_box", "reports", "manage_timesheets", "manage_authorization", "manage_users",
        "manage_my_timesheets", "manage_jobcodes", "pin_login", "approve_timesheets", "manage_schedules", "external_access",
        "manage_my_schedule", "manage_company_schedules", "view_company_schedules", "view_group_schedules",
        "manage_no_schedules", "view_my_schedules", "time_tracking",
    };
    json_t *permissions = json_object();
    for (unsigned i = 0; i < COUNT(names); i++) {
        bool granted = i == 0 ? user == 0 : i == 1 || pick(1, user, 40 + i, 3) == 0;
        json_object_set_new(permissions, names[i], loose_boolean(granted, pick(1, user, 80 + i, 8)));
    }
    return permissions;
}

/* PHP sends an empty map as an empty list. */
static json_t *pto_json(unsigned user)
{
    json_t *balances;
    char name[24];
    if (user % 6 == 5)
        return json_array();
    balances = json_object();
    for (unsigned i = 0; i < PTO_JOBCODES; i++) {
        snprintf(name, sizeof name, "%u", FIRST_JOBCODE + 2 * i);
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

static void make_groups(struct tsheets_data *data, unsigned count, unsigned users)
{
    struct tsheets_rows *groups = table_rows(data, TSHEETS_GROUPS, "groups", count);
    for (unsigned i = 0; i < count; i++) {
        struct tsheets_row *row = &groups->rows[i];
        json_t *managers = json_array();
        char name[64];
        numbered(name, sizeof name, group_names[i % COUNT(group_names)], i / (unsigned)COUNT(group_names));
        row->id = FIRST_GROUP + 2 * i;
        row->active = i % 9 != 4;
        row->name = row->username = text_copy(name);
        row->modified = 1704186000 + 7200 * (int64_t)i;
        for (unsigned m = 0; m < i % 3; m++) {
            char id[24];
            row->managers[m] = FIRST_USER + 3 * (int64_t)((i + 5 * m) % users);
            snprintf(id, sizeof id, "%lld", (long long)row->managers[m]);
            json_array_append_new(managers, json_string(id));
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
    json_object_set_new(json, "pto_balances", pto_json(i));
    json_object_set_new(json, "submitted_to", i % 3 ? json_string("2000-01-01") : day_json(19780 + (int32_t)i % 30));
    json_object_set_new(json, "approved_to", json_string(i % 7 == 3 ? "0000-00-00" : "2000-01-01"));
    json_object_set_new(json, "manager_of_group_ids", managed_groups(&data->tables[TSHEETS_GROUPS], row->id));
    json_object_set_new(json, "require_password_change", json_boolean(i % 11 == 0));
    json_object_set_new(json, "pay_rate", i % 4 ? json_real(12.5 + 0.25 * i) : json_integer((json_int_t)(i % 8 ? 15 : 0)));
    json_object_set_new(json, "pay_interval", json_string(intervals[i % 4 == 1]));
    json_object_set_new(json, "permissions", permissions_json(i));
    json_object_set_new(json, "customfields", json_string(""));
    return json;
}

static void make_users(struct tsheets_data *data, unsigned count)
{
    struct tsheets_rows *users = table_rows(data, TSHEETS_USERS, "users", count);
    const struct tsheets_rows *groups = &data->tables[TSHEETS_GROUPS];
    for (unsigned i = 0; i < count; i++) {
        struct tsheets_row *row = &users->rows[i];
        row->id = FIRST_USER + 3 * i;
        row->name = first_names[i % COUNT(first_names)];
        row->last_name = last_names[(i + i / COUNT(last_names)) % COUNT(last_names)];
        row->parent_id = i % 5 == 4 ? 0 : groups->rows[pick(1, i, 1, (unsigned)groups->count)].id;
        row->active = i == 0 || i % 8 != 5;
        row->number = i % 3 ? 1000 + i : 0;
        row->username = text_number(i ? "user%u" : "admin", i);
        row->payroll_id = i % 3 == 2 ? text_copy("") : text_number("P-%04u", i);
        row->modified = 1704103200 + (int64_t)pick(1, i, 2, DAYS * 86400u);
        row->json = dump(user_json(data, row, i), &row->length);
    }
}

/* The first five are the leave and break codes; then every fourth is a parent of the three after it. */
static void make_jobcodes(struct tsheets_data *data, unsigned count)
{
    static const char *const special[SPECIAL_JOBCODES] = {"Sick", "Vacation", "Holiday", "Paid Break", "Lunch"};
    static const char *const special_types[SPECIAL_JOBCODES] = {"pto", "pto", "pto", "paid_break", "unpaid_break"};
    struct tsheets_rows *jobs = table_rows(data, TSHEETS_JOBCODES, "jobcodes", count);
    for (unsigned i = 0; i < count; i++) {
        struct tsheets_row *row = &jobs->rows[i];
        bool normal = i >= SPECIAL_JOBCODES;
        unsigned n = normal ? i - SPECIAL_JOBCODES : 0;
        char name[80], code[16];
        numbered(name, sizeof name, normal ? job_names[n % COUNT(job_names)] : special[i], n / (unsigned)COUNT(job_names));
        snprintf(code, sizeof code, "j%u", n);
        row->id = FIRST_JOBCODE + 2 * i;
        row->type = normal ? "regular" : special_types[i];
        row->name = row->username = text_copy(name);
        row->parent_id = normal && n % 4 ? FIRST_JOBCODE + 2 * (int64_t)(i - n % 4) : 0;
        row->active = !normal || n % 10 != 7;
        row->modified = 1704103200 + (int64_t)pick(2, i, 1, DAYS * 86400u);
        json_t *json = json_pack(
            "{s:I, s:I, s:o, s:o, s:b, s:s, s:b, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:b}", "id", (json_int_t)row->id,
            "parent_id", (json_int_t)row->parent_id, "assigned_to_all", loose_boolean(!normal, i),
            "billable", loose_boolean(n % 3 == 1, i + 1), "active", row->active, "type", row->type,
            "has_children", normal && n % 4 == 0 && i + 1 < count,
            "billable_rate", n % 3 == 1 ? json_real(19.99 + n) : json_integer(0), "short_code", n % 5 == 2 ? "" : code, "name", row->name,
            "last_modified", moment_json(row->modified, 0), "created", moment_json(1675245600, 0),
            "required_customfields", n % 6 == 3 ? json_pack("[i]", FIRST_FIELD) : json_array(),
            "filtered_customfielditems", n % 6 == 3 ? json_pack("{s:[i, i]}", "195901", FIRST_ITEM, FIRST_ITEM + 2) : json_string(""),
            "locations", n % 7 == 1 ? json_pack("[i, i]", 63001, 63005) : json_array(), "connect_with_quickbooks", n % 2 == 0);
        if (!json)
            abort();
        json_t *extended = json_copy(json);
        row->json = dump(json, &row->length);
        json_object_set_new(extended, "customfields", n % 2 ? json_string("") : json_pack("{s:s}", "195911", "50.58"));
        row->extended = dump(extended, NULL);
    }
}

static void make_assignments(struct tsheets_data *data, unsigned count)
{
    struct tsheets_rows *rows = table_rows(data, TSHEETS_ASSIGNMENTS, "jobcode_assignments", count);
    const struct tsheets_rows *users = &data->tables[TSHEETS_USERS], *jobs = &data->tables[TSHEETS_JOBCODES];
    for (unsigned i = 0; i < count; i++) {
        struct tsheets_row *row = &rows->rows[i];
        row->id = FIRST_ASSIGNMENT + 2 * i;
        row->user_id = i < SPECIAL_JOBCODES ? 0 : users->rows[pick(3, i, 1, (unsigned)users->count)].id;
        row->jobcode_id = jobs->rows[i < SPECIAL_JOBCODES ? i : pick(3, i, 2, (unsigned)jobs->count)].id;
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
    return json_pack("{s:s, s:s}", "195901", item_names[pick(4, i, 10, (unsigned)COUNT(item_names))], "195903", i % 2 ? "" : "fine");
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
        json_object_set_new(json, "attached_files", i % 14 == 2 ? json_pack("[i, i]", 50692, 44878) : json_array());
        json_object_set_new(json, "created_by_user_id", json_integer(i % 6 ? row->user_id : users->rows[0].id));
        json_object_set_new(json, "origin_hint", json_string(i % 4 ? "Web" : ""));
    }
    row->json = dump(json, &row->length);
}

/* The last timesheets are open, one for each of a tenth of the users at most (a user can have only one). */
static void make_timesheets(struct tsheets_data *data, enum tsheets_table table, const char *entity, int64_t first, unsigned count)
{
    struct tsheets_rows *rows = table_rows(data, table, entity, count);
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
        rows->rows[i].id = first + 2 * (int64_t)i;
        make_timesheet(data, table, &rows->rows[i], i, count, open);
    }
    free(busy);
}

static void make_customfields(struct tsheets_data *data)
{
    struct tsheets_rows *fields = table_rows(data, TSHEETS_CUSTOMFIELDS, "customfields", COUNT(field_names));
    struct tsheets_rows *items = table_rows(data, TSHEETS_ITEMS, "customfielditems", 3 * COUNT(item_names));
    static const char *const applies[] = {"timesheet", "timesheet", "timesheet", "timesheet", "user", "jobcode"};
    for (unsigned i = 0; i < fields->count; i++) {
        struct tsheets_row *row = &fields->rows[i];
        bool list = i % 2 == 0;
        char code[8];
        snprintf(code, sizeof code, "c%u", i);
        row->id = FIRST_FIELD + 2 * i;
        row->active = i != 3;
        row->name = field_names[i];
        row->type = list ? "managed-list" : "free-form";
        row->applies_to = applies[i];
        row->modified = 1704103200 + 86400 * (int64_t)i;
        row->json = dump(json_pack("{s:I, s:b, s:b, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:[], s:b}", "id", (json_int_t)row->id,
                                   "active", row->active, "required", i == 0, "applies_to", row->applies_to, "type", row->type,
                                   "short_code", code, "regex_filter", list ? "" : "^[a-z]*$", "name", row->name,
                                   "last_modified", moment_json(row->modified, 0), "created", moment_json(1672567200, 0),
                                   "ui_preference", list ? "drop_down" : "text_box_with_suggest", "required_customfields",
                                   "show_to_all", i % 2), &row->length);
    }
    for (unsigned i = 0; i < items->count; i++) {
        struct tsheets_row *row = &items->rows[i];
        row->id = FIRST_ITEM + 2 * i;
        row->parent_id = fields->rows[i / COUNT(item_names) * 2].id;
        row->active = i % 6 != 5;
        row->name = item_names[i % COUNT(item_names)];
        row->modified = 1704103200 + 3600 * (int64_t)i;
        row->json = dump(json_pack("{s:I, s:I, s:b, s:s, s:s, s:o, s:[]}", "id", (json_int_t)row->id, "customfield_id",
                                   (json_int_t)row->parent_id, "active", row->active, "short_code", "", "name", row->name,
                                   "last_modified", moment_json(row->modified, 0), "required_customfields"), &row->length);
    }
}

struct tsheets_data *tsheets_data_open(unsigned timesheets)
{
    struct tsheets_data *data = zeroed(1, sizeof *data);
    unsigned users = timesheets / 20 > 24 ? timesheets / 20 : 24;
    make_groups(data, 8 + timesheets / 500, users);
    make_users(data, users);
    make_jobcodes(data, 32 + timesheets / 25);
    make_assignments(data, 60 + timesheets / 4);
    make_timesheets(data, TSHEETS_TIMESHEETS, "timesheets", FIRST_TIMESHEET, timesheets);
    make_timesheets(data, TSHEETS_DELETED, "timesheets_deleted", FIRST_DELETED, 30 + timesheets / 4);
    make_customfields(data);
    return data;
}

void tsheets_data_close(struct tsheets_data *data)
{
    for (int table = 0; table < TSHEETS_TABLES; table++) {
        struct tsheets_rows *rows = &data->tables[table];
        for (size_t i = 0; i < rows->count; i++) {
            free(rows->rows[i].username);
            free(rows->rows[i].payroll_id);
            free(rows->rows[i].json);
            free(rows->rows[i].extended);
        }
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
