/* The company that the sandbox makes up for TSheets: the same for the same --rows, on every machine.
 *
 * Each row has its JSON text ready and, beside it, what filters look at: the members of struct tsheets_row in the tables that can be long,
 * the row's object in the others. */
#ifndef SANDBOX_TSHEETS_DATA_H
#define SANDBOX_TSHEETS_DATA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tsheets_table {
    TSHEETS_USERS, TSHEETS_GROUPS, TSHEETS_JOBCODES, TSHEETS_ASSIGNMENTS, TSHEETS_TIMESHEETS, TSHEETS_DELETED,
    TSHEETS_CUSTOMFIELDS, TSHEETS_ITEMS,
    TSHEETS_OBJECTS,                /* from here on rows have an object */
    TSHEETS_ITEM_FILTERS = TSHEETS_OBJECTS, TSHEETS_JOBCODE_FILTERS, TSHEETS_USER_FILTERS,
    TSHEETS_LOCATIONS, TSHEETS_LOCATION_MAPS, TSHEETS_GEOFENCES, TSHEETS_GEOLOCATIONS, TSHEETS_FILES,
    TSHEETS_CLIENTS, TSHEETS_NOTIFICATIONS, TSHEETS_REMINDERS,
    TSHEETS_CALENDARS, TSHEETS_EVENTS, TSHEETS_TIME_OFF, TSHEETS_TIME_OFF_ENTRIES, TSHEETS_TIME_OFF_NOTES,
    TSHEETS_PROJECTS, TSHEETS_ESTIMATES, TSHEETS_ESTIMATE_ITEMS, TSHEETS_ACTIVITIES, TSHEETS_READ_TIMES, TSHEETS_REPLIES, TSHEETS_NOTES,
    TSHEETS_TABLES
};

/* What a member means depends on the table; what a table has not is 0 or NULL. id, modified and active are there in all. */
struct tsheets_row {
    int64_t id;
    int64_t user_id;                /* of a timesheet or an assignment */
    int64_t jobcode_id;
    int64_t parent_id;              /* group of a user, parent of a jobcode, custom field of an item */
    int64_t number;                 /* employee number */
    int64_t modified;               /* seconds since the epoch, UTC */
    int64_t seconds;                /* of a timesheet: its duration */
    int32_t day;                    /* date, days since the epoch */
    bool active;
    bool on_the_clock;
    const char *type;               /* regular, manual, pto, free-form…; static */
    const char *applies_to;         /* of a custom field; static */
    const char *name;               /* name, or first name; static, of the row or of its object */
    const char *last_name;          /* likewise */
    char *username;
    char *payroll_id;
    int64_t managers[2];            /* of a group; 0 = none */
    char *json;                     /* the row as the service sends it */
    size_t length;
    char *extended;                 /* of a jobcode: with customfields; of a schedule event: as it is for all its users; else NULL */
    json_t *object;                 /* the same as json; NULL in the tables before TSHEETS_OBJECTS, unless the row was written to */
    char *bytes;                    /* of a file: its content, of the size that the row tells */
};

/* The user of every token is the first one. */
#define TSHEETS_CALLER "510001"

struct tsheets_rows {
    const char *entity;             /* "users": the member of `results` */
    struct tsheets_row *rows;       /* by rising id */
    size_t count, room;
};

struct tsheets_data {
    struct tsheets_rows tables[TSHEETS_TABLES];
};

/* timesheets  how many of them; the other tables grow with it */
struct tsheets_data *tsheets_data_open(unsigned timesheets);
void tsheets_data_close(struct tsheets_data *data);

/* By id, or NULL. */
const struct tsheets_row *tsheets_find(const struct tsheets_data *data, enum tsheets_table table, int64_t id);

/* The table of an entity, or TSHEETS_TABLES. */
enum tsheets_table tsheets_table_named(const char *entity, size_t length);

/* A new row with an id higher than all others, or with this one (0 = none wished); pointers to the table's rows are no longer good. */
struct tsheets_row *tsheets_add(struct tsheets_data *data, enum tsheets_table table, int64_t id);
void tsheets_remove(struct tsheets_data *data, enum tsheets_table table, struct tsheets_row *row);

#endif
