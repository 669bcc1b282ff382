/* Makes up where the company works, where its people were, and the pictures that they took. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/pick.h"
#include "test/sandbox/server.h"
#include "test/sandbox/tsheets_make.h"

static const char *const streets[] = {"Uferstraße 7", "235 E Colchester Dr", "Rue de l'Église 3", "中央通り 1-2", "Main St \"B\"", ""};
static const char *const cities[] = {"Berlin", "Eagle", "Orléans", "大阪", "Pune"};
static const char *const states[] = {"", "ID", "", "", "MH"};
static const char *const countries[] = {"DE", "US", "FR", "JP", "IN"};
static const char *const geocoding[] = {"complete", "none", "complete", "in_progress", "error", "retry"};

/* Which jobcodes are at each location: an array for each. */
static json_t **jobcodes_at(struct tsheets_data *data)
{
    const struct tsheets_rows *locations = &data->tables[TSHEETS_LOCATIONS], *jobs = &data->tables[TSHEETS_JOBCODES];
    json_t **at = zeroed(locations->count, sizeof *at);

    for (unsigned i = 0; i < jobs->count; i++)
        for (unsigned which = 0; which < 2 && jobcode_has_locations(i); which++) {
            size_t place = (size_t)(jobcode_location(data, i, which) - locations->rows);
            if (!at[place])
                at[place] = json_array();
            json_array_append_new(at[place], json_integer(jobs->rows[i].id));
        }
    return at;
}

static void make_geofence(struct tsheets_data *data, const struct tsheets_row *location, unsigned i)
{
    struct tsheets_row *row = tsheets_add(data, TSHEETS_GEOFENCES, 0);
    row_set(row, json_pack("{s:I, s:s, s:o, s:b, s:o, s:i, s:o, s:o}", "id", (json_int_t)row->id, "type", "locations", "type_id",
                           loose_id(location->id, i), "active", i % 8 != 1, "enabled", loose_boolean(i % 4 != 2, i), "radius",
                           100 + 25 * (int)(i % 5), "last_modified", moment_json(picked_moment(12, i, 1), 0), "created",
                           moment_json(1672567200, 0)));
}

static void make_locations(struct tsheets_data *data)
{
    struct tsheets_rows *locations = &data->tables[TSHEETS_LOCATIONS];
    json_t **at = jobcodes_at(data);

    for (unsigned i = 0; i < locations->count; i++) {
        struct tsheets_row *row = &locations->rows[i];
        size_t place = i % COUNT(cities);
        bool fenced = i % 3 == 1;
        char line[160], hash[33], label[80];
        const char *street = streets[i % COUNT(streets)], *city = cities[place];

        if (fenced)
            make_geofence(data, row, i);
        snprintf(line, sizeof line, "%s, %s%s%s", street, city, *states[place] ? ", " : "", states[place]);
        snprintf(hash, sizeof hash, "%08x%08x%08x%08x", pick(10, i, 2, UINT32_MAX), pick(10, i, 3, UINT32_MAX), pick(10, i, 4, UINT32_MAX),
                 pick(10, i, 5, UINT32_MAX));
        numbered(label, sizeof label, i % 4 ? city : "", i / (unsigned)COUNT(cities));
        json_t *linked = at[i] ? json_pack("{s:o}", "jobcodes", at[i]) : i % 2 ? json_object() : json_array();
        row_set(row, json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:o, s:f, s:f, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o}",
                               "id", (json_int_t)row->id, "addr1", street, "addr2", i % 3 ? "" : "Suite 101", "city", city, "state",
                               states[place], "zip", i % 5 == 2 ? json_integer(45000 + (int)i) : json_string(i % 5 ? "83616" : ""),
                               "country", countries[place], "formatted_address", line, "active", loose_boolean(i % 8 != 6, i),
                               "latitude", 43.6 + pick(10, i, 6, 100000) / 1e7, "longitude", -116.3 - pick(10, i, 7, 100000) / 1e7,
                               "place_id", i % 2 ? "" : "ChIJ-x_9", "place_id_hash", i % 4 == 3 ? "" : hash, "label", label, "notes",
                               i % 3 == 2 ? "Schlüssel unter der Matte" : "", "geocoding_status", geocoding[i % COUNT(geocoding)],
                               "last_modified", moment_json(picked_moment(10, i, 1), 0), "created", moment_json(1672567200, 0),
                               "linked_objects", linked, "geofence_config_id",
                               fenced ? json_integer(row_at(data, TSHEETS_GEOFENCES, data->tables[TSHEETS_GEOFENCES].count - 1)->id)
                                      : json_null()));
    }
    free(at);
}

static void make_location_maps(struct tsheets_data *data)
{
    const struct tsheets_rows *jobs = &data->tables[TSHEETS_JOBCODES];

    for (unsigned i = 0; i < jobs->count; i++)
        for (unsigned which = 0; which < 2 && jobcode_has_locations(i); which++) {
            const struct tsheets_row *location = jobcode_location(data, i, which);
            struct tsheets_row *row = tsheets_add(data, TSHEETS_LOCATION_MAPS, 0);
            row_set(row, json_pack("{s:I, s:s, s:I, s:o, s:o, s:o}", "id", (json_int_t)row->id, "x_table", "job_codes", "x_id",
                                   (json_int_t)jobs->rows[i].id, "location_id", loose_id(location->id, i), "created",
                                   moment_json(1672567200, 0), "last_modified", moment_json(picked_moment(11, i, which), 0)));
            row->active = location->active;     /* the service tells it to nobody, but filters by it */
        }
}

static void make_geolocations(struct tsheets_data *data)
{
    static const char *const sources[] = {"gps", "wifi", "cell"};
    struct tsheets_rows *rows = &data->tables[TSHEETS_GEOLOCATIONS];

    for (unsigned i = 0; i < rows->count; i++) {
        struct tsheets_row *row = &rows->rows[i];
        row->user_id = row_picked(data, TSHEETS_USERS, 13, i, 1)->id;
        row_set(row, json_pack("{s:I, s:o, s:o, s:o, s:f, s:f, s:o, s:i, s:s, s:s, s:o}", "id", (json_int_t)row->id, "user_id",
                               loose_id(row->user_id, i), "accuracy", i % 3 ? json_real(20.375 + i % 11) : json_integer(20), "altitude",
                               i % 4 ? json_real(12.5 * (i % 9)) : json_integer(0), "latitude", -33.8 + pick(13, i, 3, 1000000) / 1e7,
                               "longitude", 151.2 + pick(13, i, 4, 1000000) / 1e7, "speed",
                               i % 5 == 1 ? json_real(1.25) : i % 5 == 2 ? json_null() : json_integer(0), "heading", (int)(i * 37 % 360),
                               "source", sources[i % COUNT(sources)], "device_identifier", i % 2 ? "" : "d-Ü1", "created",
                               moment_json(picked_moment(13, i, 2), 0)));
    }
}

/* A picture by its first bytes; what follows is made up. */
static char *picture_bytes(unsigned file, size_t length)
{
    static const char begin[] = "\x89PNG\r\n\x1a\n";
    char *bytes = zeroed(length + 1, 1);
    for (size_t i = 0; i < length; i++)
        bytes[i] = i < sizeof begin - 1 ? begin[i] : (char)pick(14, i, file % 251, 256);
    return bytes;
}

/* The timesheets that each file is attached to: an array for each. */
static json_t **timesheets_of(const struct tsheets_data *data)
{
    const struct tsheets_rows *files = &data->tables[TSHEETS_FILES], *timesheets = &data->tables[TSHEETS_TIMESHEETS];
    json_t **of = zeroed(files->count, sizeof *of);

    for (unsigned i = 0; i < timesheets->count; i++)
        for (unsigned which = 0; which < 2 && timesheet_file(data, i, which); which++) {
            size_t place = (size_t)(timesheet_file(data, i, which) - files->rows);
            if (!of[place])
                of[place] = json_array();
            json_array_append_new(of[place], id_text(timesheets->rows[i].id));
        }
    return of;
}

static void make_files(struct tsheets_data *data)
{
    static const char *const names[] = {"Baustelle.png", "clock \"in\".jpg", "写真.jpeg", "receipt.png"};
    struct tsheets_rows *files = &data->tables[TSHEETS_FILES];
    json_t **of = timesheets_of(data);

    for (unsigned i = 0; i < files->count; i++) {
        struct tsheets_row *row = &files->rows[i];
        size_t size = 64 + pick(14, i, 1, 400);
        json_t *meta = json_pack("{s:s}", "file_description", i % 3 ? "" : "Übergabe, \"Tor 3\"");
        json_t *linked = of[i] ? json_pack("{s:o}", "timesheets", of[i]) : json_array();

        if (i % 2)
            json_object_set_new(meta, "image_rotation", json_integer(90 * (i % 4)));
        row_set(row, json_pack("{s:I, s:o, s:s, s:o, s:I, s:o, s:o, s:o, s:o}", "id", (json_int_t)row->id, "uploaded_by_user_id",
                               loose_id(i % 4 ? row_picked(data, TSHEETS_USERS, 14, i, 2)->id : row_at(data, TSHEETS_USERS, 0)->id, i),
                               "file_name", names[i % COUNT(names)], "active", loose_boolean(i % 7 != 5, i), "size", (json_int_t)size,
                               "created", moment_json(1704103200 + 3600 * (int64_t)i, 0), "last_modified",
                               moment_json(picked_moment(14, i, 3), 0), "linked_objects", linked, "meta_data", i % 9 == 8 ? json_array() : meta));
        if (i % 9 == 8)
            json_decref(meta);
        row->bytes = picture_bytes(i, size);
    }
    free(of);
}

void make_places(struct tsheets_data *data)
{
    make_locations(data);
    make_location_maps(data);
    make_geolocations(data);
    make_files(data);
}
