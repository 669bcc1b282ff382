/* What the makers of the company's tables share: values in the forms that the service is known to send, and rows. */
#ifndef SANDBOX_TSHEETS_MAKE_H
#define SANDBOX_TSHEETS_MAKE_H

#include <jansson.h>

#include "test/sandbox/tsheets_data.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

enum {
    DAY_ONE = 19707,                /* 2023-12-16 */
    DAYS = 400,
    PTO_JOBCODES = 3,
    SPECIAL_JOBCODES = 5,           /* the first: leave and breaks */
};

/* The company's present: the midnight after its last day. */
enum { COMPANY_NOW = (DAY_ONE + DAYS) * 86400 };

/* "2024-02-29" */
json_t *day_json(int64_t day);

/* "2024-02-03T04:05:06+01:00" for a moment as seen from an offset. */
json_t *moment_json(int64_t moment, int offset_minutes);

/* A boolean in one of the forms that the service uses. */
json_t *loose_boolean(bool value, unsigned form);

/* An id, now and then as a string. */
json_t *loose_id(int64_t id, unsigned form);

/* An id as a string, as it stands in some lists. */
json_t *id_text(int64_t id);

/* A moment of the company's days. */
int64_t picked_moment(unsigned table, unsigned row, unsigned what);

/* The name alone at first, then "name 1", "name 2"… */
void numbered(char *out, size_t room, const char *name, unsigned round);

/* Ends the program when the object could not be made. */
json_t *made(json_t *json);

/* Gives the row its content and takes the reference: text, id, user, jobcode, active and last_modified (else created) come from it. */
void row_set(struct tsheets_row *row, json_t *object);

/* The row at a place that goes round. */
const struct tsheets_row *row_at(const struct tsheets_data *data, enum tsheets_table table, size_t place);

/* A picked one. */
const struct tsheets_row *row_picked(const struct tsheets_data *data, enum tsheets_table table, unsigned of, unsigned row, unsigned what);

/* Which jobcodes are at two locations, have a project (or NULL), have items of custom fields chosen for them. */
bool jobcode_has_locations(unsigned jobcode);
const struct tsheets_row *jobcode_location(const struct tsheets_data *data, unsigned jobcode, unsigned which);
const struct tsheets_row *jobcode_project(const struct tsheets_data *data, unsigned jobcode);
bool jobcode_has_items(unsigned jobcode);

/* The files of a timesheet: two, or NULL. */
const struct tsheets_row *timesheet_file(const struct tsheets_data *data, unsigned timesheet, unsigned which);

/* The makers; the tables have their size and their ids when they come. */
void make_customfields(struct tsheets_data *data);
void make_item_filters(struct tsheets_data *data);
void make_places(struct tsheets_data *data);
void make_messages(struct tsheets_data *data);
void make_schedule(struct tsheets_data *data);
void make_time_off(struct tsheets_data *data);
void make_projects(struct tsheets_data *data);

/* The value of a custom field's item. */
const char *customfield_item(unsigned number);

#endif
