/* Makes up the company's projects, what they were estimated at, and what happened in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/pick.h"
#include "test/sandbox/tsheets_make.h"

/* A day as projects have it: a moment, or nothing. */
static json_t *project_day(int64_t day, bool there)
{
    return there ? moment_json(day * 86400, 0) : json_string("");
}

static void make_estimate(struct tsheets_data *data, const struct tsheets_row *project, unsigned i)
{
    const struct tsheets_row *field = row_at(data, TSHEETS_CUSTOMFIELDS, 0);
    struct tsheets_row *row = tsheets_add(data, TSHEETS_ESTIMATES, 0);
    bool by_field = i % 2 == 0;
    int64_t estimate = row->id;

    row_set(row, json_pack("{s:I, s:I, s:b, s:o, s:o, s:s, s:o}", "id", (json_int_t)row->id, "project_id", (json_int_t)project->id, "active",
                           i % 6 != 4, "created", moment_json(1704103200 + 3600 * (int64_t)i, 0), "last_modified",
                           moment_json(picked_moment(24, i, 1), 0), "estimate_by", by_field ? "customfields" : "none", "estimate_by__id",
                           loose_id(by_field ? field->id : 0, i)));
    for (unsigned which = 0; which < (by_field ? 2 : 1); which++) {
        row = tsheets_add(data, TSHEETS_ESTIMATE_ITEMS, 0);
        row_set(row, json_pack("{s:I, s:I, s:I, s:b, s:o, s:o, s:s, s:I}", "id", (json_int_t)row->id, "estimated_seconds",
                               (json_int_t)(3600 * (5 + pick(25, (uint64_t)row->id, which, 200))), "estimate_id", (json_int_t)estimate, "active",
                               (i + which) % 7 != 6, "created", moment_json(1704103200 + 3600 * (int64_t)i, 0), "last_modified",
                               moment_json(picked_moment(25, i, which), 0), "type", by_field ? "tag_clouds" : "none", "type_id",
                               (json_int_t)(by_field ? row_at(data, TSHEETS_ITEMS, which)->id : 0)));
    }
}

static int64_t make_note(struct tsheets_data *data, const struct tsheets_row *project, int64_t user, int64_t activity, unsigned i)
{
    static const char *const notes[] = {"Fundament fertig", "Waiting for \"paint\"", "雨で中止", "ok\nnext: roof"};
    struct tsheets_row *row = tsheets_add(data, TSHEETS_NOTES, 0);

    row_set(row, json_pack("{s:I, s:I, s:I, s:s, s:b, s:o, s:o, s:o, s:o, s:{s:[I]}}", "id", (json_int_t)row->id, "project_id",
                           (json_int_t)project->id, "user_id", (json_int_t)user, "note", notes[i % COUNT(notes)], "active", row->id / 2 % 5 != 2,
                           "created", moment_json(picked_moment(26, i, 1), 0), "last_modified", moment_json(picked_moment(26, i, 2), 0),
                           "mentions", i % 4 == 1 ? json_pack("[{s:I, s:i}]", "user_id", (json_int_t)user, "position", 3) : json_array(),
                           "files", i % 3 == 1 ? json_pack("[I, I]", (json_int_t)row_at(data, TSHEETS_FILES, i)->id,
                                                           (json_int_t)row_at(data, TSHEETS_FILES, i + 1)->id) : json_array(),
                           "linked_objects", "project_activities", (json_int_t)activity));
    return row->id;
}

static int64_t make_reply(struct tsheets_data *data, int64_t activity, unsigned i)
{
    struct tsheets_row *row = tsheets_add(data, TSHEETS_REPLIES, 0);
    row->user_id = row_picked(data, TSHEETS_USERS, 27, i, 1)->id;
    row_set(row, json_pack("{s:I, s:I, s:I, s:s, s:o, s:o, s:o, s:[], s:{s:[I]}}", "id", (json_int_t)row->id, "project_activity_id",
                           (json_int_t)activity, "user_id", (json_int_t)row->user_id, "note", i % 2 ? "Danke!" : "on it", "active",
                           loose_boolean(i % 5 != 4, i), "created", moment_json(picked_moment(27, i, 2), 0), "last_modified",
                           moment_json(picked_moment(27, i, 3), 0), "mentions", "linked_objects", "project_activities",
                           (json_int_t)activity));
    return row->id;
}

static void make_activity(struct tsheets_data *data, const struct tsheets_row *project, const char *type, unsigned i)
{
    struct tsheets_row *row = tsheets_add(data, TSHEETS_ACTIVITIES, 0);
    int64_t user = row_picked(data, TSHEETS_USERS, 28, i, 1)->id;
    json_t *linked = json_object();

    if (strcmp(type, "note") == 0)
        json_object_set_new(linked, "project_notes", json_pack("[I]", (json_int_t)make_note(data, project, user, row->id, i)));
    if (i % 3 == 1)
        json_object_set_new(linked, "project_activity_replies", json_pack("[I]", (json_int_t)make_reply(data, row->id, i)));
    if (json_object_size(linked) == 0) {
        json_decref(linked);
        linked = json_array();
    }
    row_set(row, json_pack("{s:I, s:o, s:I, s:s, s:b, s:o, s:o, s:i, s:o, s:o, s:o}", "id", (json_int_t)row->id, "user_id", loose_id(user, i),
                           "project_id", (json_int_t)project->id, "activity_type", type, "active", i % 10 != 9, "created",
                           moment_json(picked_moment(28, i, 2), 0), "last_modified", moment_json(picked_moment(28, i, 3), 0),
                           "unread_replies_count", (int)(i % 3 == 1), "following", loose_boolean(i % 2 == 0, i),
                           "project_activity_metadata", i % 4 == 2 ? json_pack("[i, i]", 81001 + (int)i, 81002 + (int)i) : json_array(),
                           "linked_objects", linked));
}

static void make_project(struct tsheets_data *data, struct tsheets_row *row, unsigned i)
{
    static const char *const statuses[] = {"in_progress", "not_started", "complete"};
    static const char *const types[] = {"project_created", "note", "clock_in", "clock_out", "attachment", "estimate_item_added", "note",
                                        "assignment", "project_update", "location_update"};
    const struct tsheets_row *job = row_at(data, TSHEETS_JOBCODES, SPECIAL_JOBCODES + 1 + 2 * i);
    int64_t day = DAY_ONE + pick(23, i, 1, DAYS);
    char name[80];

    numbered(name, sizeof name, job->name, i);
    row->jobcode_id = job->id;
    row_set(row, json_pack("{s:I, s:I, s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o}}", "id", (json_int_t)row->id, "jobcode_id",
                           (json_int_t)job->id, "parent_jobcode_id", loose_id(job->parent_id, i), "name", name, "description",
                           i % 3 ? "" : "Räume 1–7, \"Nord\"", "status", statuses[i % COUNT(statuses)], "start_date",
                           project_day(day, i % 4), "due_date", project_day(day + 30, i % 3), "completed_date",
                           project_day(day + 20, i % 3 == 2), "active", loose_boolean(i % 7 != 5, i), "last_modified",
                           moment_json(picked_moment(23, i, 2), 0), "created", moment_json(1704103200 + 60 * (int64_t)i, 0),
                           "linked_objects", "notes_read_times", i % 2 ? json_pack("[i]", 159001 + (int)i) : json_array()));
    if (i % 4 != 3)
        make_estimate(data, row, i);
    for (unsigned which = 0; which < 2 + i % 4; which++)
        make_activity(data, row, types[(3 * i + which) % COUNT(types)], 6 * i + which);
    if (i % 2 == 0) {
        struct tsheets_row *read = tsheets_add(data, TSHEETS_READ_TIMES, 0);
        row_set(read, json_pack("{s:I, s:I, s:I, s:o}", "id", (json_int_t)read->id, "project_id", (json_int_t)row->id, "user_id",
                                (json_int_t)row_at(data, TSHEETS_USERS, 0)->id, "latest_read_time",
                                moment_json(picked_moment(29, i, 1), 0)));
        read->modified = picked_moment(29, i, 1);
    }
}

void make_projects(struct tsheets_data *data)
{
    struct tsheets_rows *projects = &data->tables[TSHEETS_PROJECTS];
    for (unsigned i = 0; i < projects->count; i++)
        make_project(data, &projects->rows[i], i);
}
