/* The company that the sandbox makes up for TSheets: the same for the same --rows, on every machine.
 *
 * Each row has its JSON text ready and, beside it, what filters look at. */
#ifndef SANDBOX_TSHEETS_DATA_H
#define SANDBOX_TSHEETS_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tsheets_table {
    TSHEETS_USERS, TSHEETS_GROUPS, TSHEETS_JOBCODES, TSHEETS_ASSIGNMENTS, TSHEETS_TIMESHEETS, TSHEETS_DELETED,
    TSHEETS_CUSTOMFIELDS, TSHEETS_ITEMS,
    TSHEETS_TABLES
};

/* What a member means depends on the table; what a table has not is 0 or NULL. */
struct tsheets_row {
    int64_t id;
    int64_t user_id;                /* of a timesheet or an assignment */
    int64_t jobcode_id;
    int64_t parent_id;              /* group of a user, parent of a jobcode, custom field of an item */
    int64_t number;                 /* employee number */
    int64_t modified;               /* seconds since the epoch, UTC */
    int32_t day;                    /* date, days since the epoch */
    bool active;
    bool on_the_clock;
    const char *type;               /* regular, manual, pto, free-form…; static */
    const char *applies_to;         /* of a custom field; static */
    const char *name;               /* name, or first name; static or of the row */
    const char *last_name;          /* static */
    char *username;
    char *payroll_id;
    int64_t managers[2];            /* of a group; 0 = none */
    char *json;                     /* the row as the service sends it */
    size_t length;
    char *extended;                 /* of a jobcode: with customfields; else NULL */
};

struct tsheets_rows {
    const char *entity;             /* "users": the member of `results` */
    struct tsheets_row *rows;       /* by rising id */
    size_t count;
};

struct tsheets_data {
    struct tsheets_rows tables[TSHEETS_TABLES];
};

/* timesheets  how many of them; the other tables grow with it */
struct tsheets_data *tsheets_data_open(unsigned timesheets);
void tsheets_data_close(struct tsheets_data *data);

/* By id, or NULL. */
const struct tsheets_row *tsheets_find(const struct tsheets_data *data, enum tsheets_table table, int64_t id);

#endif
