#include "test/sandbox/tsheets_make.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test/sandbox/moment.h"
#include "test/sandbox/pick.h"
#include "test/sandbox/server.h"
#include "test/sandbox/tsheets_member.h"

json_t *day_json(int64_t day)
{
    char text[DAY_TEXT];
    day_write(day, text);
    return json_string(text);
}

json_t *moment_json(int64_t moment, int offset_minutes)
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

json_t *loose_boolean(bool value, unsigned form)
{
    switch (form % 4) {
    case 1: return json_string(value ? "1" : "0");
    case 2: return json_integer(value);
    default: return json_boolean(value);
    }
}

json_t *loose_id(int64_t id, unsigned form)
{
    return form % 7 == 3 ? id_text(id) : json_integer(id);
}

json_t *id_text(int64_t id)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)id);
    return json_string(text);
}

int64_t picked_moment(unsigned table, unsigned row, unsigned what)
{
    return DAY_ONE * INT64_C(86400) + (int64_t)pick(table, row, what, DAYS * 86400u);
}

void numbered(char *out, size_t room, const char *name, unsigned round)
{
    if (round)
        snprintf(out, room, "%s %u", name, round);
    else
        snprintf(out, room, "%s", name);
}

json_t *made(json_t *json)
{
    if (!json)
        abort();
    return json;
}

void row_set(struct tsheets_row *row, json_t *object)
{
    const char *changed = member_text(object, "last_modified");
    if (!changed)
        changed = member_text(object, "created");
    json_decref(row->object);
    free(row->json);
    row->object = made(object);
    row->id = member_number(object, "id");
    row->user_id = member_number(object, "user_id");
    row->jobcode_id = member_number(object, "jobcode_id");
    if (json_object_get(object, "active"))
        row->active = member_number(object, "active") != 0;
    if (changed && !moment_read(changed, &row->modified))
        row->modified = 0;
    row->json = json_dumps(object, JSON_COMPACT);
    if (!row->json)
        abort();
    row->length = strlen(row->json);
}

const struct tsheets_row *row_at(const struct tsheets_data *data, enum tsheets_table table, size_t place)
{
    const struct tsheets_rows *rows = &data->tables[table];
    return &rows->rows[place % rows->count];
}

const struct tsheets_row *row_picked(const struct tsheets_data *data, enum tsheets_table table, unsigned of, unsigned row, unsigned what)
{
    return &data->tables[table].rows[pick(of, row, what, (unsigned)data->tables[table].count)];
}

bool jobcode_has_locations(unsigned jobcode)
{
    return jobcode >= SPECIAL_JOBCODES && (jobcode - SPECIAL_JOBCODES) % 7 == 1;
}

const struct tsheets_row *jobcode_location(const struct tsheets_data *data, unsigned jobcode, unsigned which)
{
    return row_at(data, TSHEETS_LOCATIONS, (jobcode - SPECIAL_JOBCODES) / 7 + 2 * which);
}

const struct tsheets_row *jobcode_project(const struct tsheets_data *data, unsigned jobcode)
{
    unsigned place = (jobcode - SPECIAL_JOBCODES) / 2;
    return jobcode >= SPECIAL_JOBCODES && (jobcode - SPECIAL_JOBCODES) % 2 && place < data->tables[TSHEETS_PROJECTS].count
               ? &data->tables[TSHEETS_PROJECTS].rows[place] : NULL;
}

bool jobcode_has_items(unsigned jobcode)
{
    return jobcode >= SPECIAL_JOBCODES && (jobcode - SPECIAL_JOBCODES) % 6 == 3;
}

const struct tsheets_row *timesheet_file(const struct tsheets_data *data, unsigned timesheet, unsigned which)
{
    return timesheet % 14 == 2 ? row_at(data, TSHEETS_FILES, timesheet / 14 + which) : NULL;
}
