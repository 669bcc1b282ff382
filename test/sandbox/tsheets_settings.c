/* What of TSheets is no list of rows: the settings as they hold for a user, and when each list was changed last. */
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/moment.h"
#include "test/sandbox/tsheets_answer.h"
#include "test/sandbox/tsheets_make.h"
#include "test/sandbox/tsheets_member.h"

/* Each section's settings, in all the forms that the service writes numbers and booleans in. What is not installed says only that. */
static const struct {
    const char *name;
    const char *changed;            /* NULL: never, which the service writes as a day of long ago */
    const char *settings;
} sections[] = {
    {"general", "2024-04-05T19:19:45+00:00",
     "{\"calculate_overtime\":\"1\",\"clockout_override\":1,\"clockout_override_hours\":10,\"clockout_override_notify_admin\":1,"
     "\"clockout_override_notify_mgrs\":0,\"daily_doubletime\":\"0\",\"daily_overtime\":\"0\",\"daily_regular_hours\":8,"
     "\"date_locale\":\"us\",\"emp_panel\":1,\"emp_panel_email\":\"0\",\"emp_panel_passwd\":\"0\",\"emp_panel_tz\":\"0\","
     "\"employee_pto_entry\":0,\"enable_timesheet_notes\":\"1\",\"hide_working_time\":\"0\",\"jc_label\":\"Baustelle\",\"lunch_deduct\":0,"
     "\"lunch_length\":1,\"lunch_threshold\":9,\"max_customfielditems\":\"-1\",\"max_jobcodes\":\"-1\",\"parent_clockin_display\":0,"
     "\"payroll_end_date\":\"2024-09-28\",\"payroll_first_end_day\":\"1\",\"payroll_last_end_day\":\"16\",\"payroll_month_end_day\":\"1\","
     "\"payroll_type\":\"biweekly\",\"pto_entry\":1,\"pto_overtime\":0,\"simple_clockin\":0,\"time_format\":12,"
     "\"timecard_fields\":\"JOBCODE,195901,195903\",\"timeclock_label\":\"Stempeluhr\",\"timesheet_edit_notes_for_all_users\":0,"
     "\"timesheet_notes_notify_admin\":0,\"timesheet_notes_notify_mgrs\":0,\"timesheet_notes_required\":0,\"tz\":\"America/Denver\","
     "\"week_start\":0,\"weekly_regular_hours\":\"40\"}"},
    {"alerts", NULL, NULL},
    {"approvals", "2024-03-04T19:42:03+00:00", "{\"installed\":\"1\",\"employee_approval\":1,\"lock_days\":\"\"}"},
    {"breaks", "2024-02-01T08:00:00+00:00", "{\"installed\":1,\"hide_pre_clockout_option\":0,\"rules\":[]}"},
    {"customfields", "2024-04-05T19:47:19+00:00", "{\"installed\":1}"},
    {"dcaa", NULL, NULL},
    {"dialin", NULL, NULL},
    {"files", "2024-01-15T12:00:00+00:00", "{\"installed\":1,\"allowed\":[\"png\",\"jpeg\"]}"},
    {"invoicing", NULL, NULL},
    {"location_aware", "2024-01-16T12:00:00+00:00", "{\"installed\":\"1\",\"geofencing\":1}"},
    {"mobile_app_integrations", NULL, "{\"installed\":0,\"apps\":\"\"}"},
    {"mobile_app_settings", "2024-03-04T19:42:03+00:00",
     "{\"installed\":1,\"location_tracking\":\"optional\",\"mandatory_location_services\":0}"},
    {"projects", "2024-05-01T00:00:00+00:00", "{\"installed\":1}"},
    {"quickbooks", "2024-03-04T19:42:03+00:00",
     "{\"installed\":\"1\",\"connector\":\"qbia_online\",\"two_way_sync_enabled_for_user\":0}"},
    {"reminders", "2024-03-04T19:42:03+00:00", "{\"installed\":1}"},
    {"restapi", NULL, NULL},
    {"rounding", NULL, NULL},
    {"schedule", "2024-03-05T01:02:03+00:00", "{\"installed\":\"1\",\"first_day\":1,\"working_days\":\"1,2,3,4,5\"}"},
    {"sms", NULL, NULL},
    {"sounds", NULL, NULL},
    {"time_entry", "2024-03-06T01:02:03+00:00", "{\"installed\":1,\"manual\":true,\"limit\":null,\"step\":0.25}"},
    {"toodledo", NULL, NULL},
    {"twitter", NULL, NULL},
    {"xero", NULL, NULL},
    {"zenpayroll", NULL, NULL},
};

static const struct filter_declaration settings_filters[] = {
    {.parameter = "user_id", .kind = FILTER_NONE},
    {.parameter = "modified_since", .kind = FILTER_SINCE},
    {.parameter = "modified_before", .kind = FILTER_BEFORE},
    {0},
};

void tsheets_answer_settings(const struct tsheets_data *data, const struct request *request, struct answer *answer)
{
    const struct tsheets_row *user = tsheets_caller(data);
    struct filter_set filters;
    json_t *all;
    char *why;

    if (!filter_read(settings_filters, request->query, &filters, &why)) {
        tsheets_fail(answer, 417, why);
        free(why);
        return;
    }
    if (json_object_get(request->query, "user_id"))
        user = tsheets_find(data, TSHEETS_USERS, member_number(request->query, "user_id"));
    if (!user) {
        filter_clear(&filters);
        tsheets_fail(answer, 404, "There is no such user");
        return;
    }
    all = json_object();
    for (size_t i = 0; i < COUNT(sections); i++) {
        const char *changed = sections[i].changed ? sections[i].changed : "2001-01-01T12:00:00+00:00";
        struct tsheets_row section = {0};
        moment_read(changed, &section.modified);
        if (!filter_passes(&filters, data, &section))
            continue;
        json_t *settings = made(json_loads(sections[i].settings ? sections[i].settings : "{\"installed\":0}", 0, NULL));
        if (i == 0 && user->id % 2 == 0)     /* some have settings of their own */
            json_object_set_new(settings, "tz", json_string("Europe/Berlin"));
        json_object_set_new(all, sections[i].name, json_pack("{s:o, s:s}", "settings", settings, "last_modified", changed));
    }
    filter_clear(&filters);
    answer_json(answer, 200, json_pack("{s:{s:o}}", "results", "effective_settings", all));
}

/* The latest change of a list, or NULL when it has no rows. */
static json_t *latest(const struct tsheets_data *data, const char *list)
{
    enum tsheets_table table = tsheets_table_named(list, strlen(list));
    int64_t modified = 1522167208;
    const struct tsheets_rows *rows;

    if (strcmp(list, "current_user") == 0)
        return moment_json(tsheets_caller(data)->modified, 0);
    if (strcmp(list, "effective_settings") == 0)
        return json_string("2024-05-01T00:00:00+00:00");
    if (table == TSHEETS_TABLES)
        return NULL;
    rows = &data->tables[table];
    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].modified > modified)
            modified = rows->rows[i].modified;
    return moment_json(modified, 0);
}

void tsheets_answer_timestamps(const struct tsheets_data *data, const struct request *request, struct answer *answer)
{
    static const char standard[] = "current_user,customfields,customfielditems,effective_settings,geolocations,jobcodes,"
                                   "jobcode_assignments,timesheets,timesheets_deleted,users,reminders,locations,geofence_configs";
    const char *endpoints = request_query(request, "endpoints");
    json_t *all = json_object();
    char name[40];

    for (const char *at = endpoints ? endpoints : standard; *at;) {
        size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        json_t *moment = latest(data, name);
        if (!moment) {
            json_decref(all);
            tsheets_fail(answer, 417, "Expectation failed: 'endpoints' has one that there is not");
            return;
        }
        json_object_set_new(all, name, moment);
        at += length + (at[length] == ',');
    }
    answer_json(answer, 200, json_pack("{s:{s:o}}", "results", "last_modified_timestamps", all));
}
