/* What a client may write: declared as data, in tsheets_rules.c; tsheets_change.c does it. */
#ifndef SANDBOX_TSHEETS_CHANGE_H
#define SANDBOX_TSHEETS_CHANGE_H

#include <jansson.h>

#include "test/sandbox/tsheets_data.h"

enum rule_kind { RULE_NUMBER, RULE_REAL, RULE_TEXT, RULE_FLAG, RULE_MOMENT, RULE_DAY, RULE_NUMBERS, RULE_IDS_AS_TEXT, RULE_OBJECT };

enum { ON_CREATE = 1, ON_UPDATE = 2, REQUIRED = 4 /* when it is created */ };

/* A member that can be written. */
struct member_rule {
    const char *name;
    enum rule_kind kind;
    unsigned when;
    const char *of;                 /* the words that a text can be, or the entity that a number refers to; NULL = any */
};

struct change_rule;

/* One element of what was sent, on its way. */
struct change {
    struct tsheets_data *data;
    const struct change_rule *rule;
    const json_t *element;
    json_t *object;                 /* the row as it shall be */
    const struct tsheets_row *row;  /* the one that is updated, or NULL */
    char *bytes;                    /* of a file; gets to the row */
    const char *extra;              /* what is wrong, static; or NULL */
};

struct change_rule {
    const char *entity;
    enum tsheets_table table;
    const struct member_rule *members;  /* end with a NULL name */
    const char *blank;              /* a new row's members, as JSON, before it gets the others */
    const char *unique;             /* no two active rows have all of these members equal: names divided by spaces; or NULL */
    unsigned unique_status;
    const char *unique_extra;
    const char *results;            /* the member of `results`, when it is not the entity */
    bool no_update, no_create, can_delete;
    bool keyed_by_id;               /* the results, which else are numbered */
    const char *update_by;          /* another member that finds the row, besides id; or NULL */
    /* Checks and completes the object; the status, 200 when it is good. NULL = nothing to do. */
    unsigned (*finish)(struct change *change);
};

/* By entity, or NULL. */
const struct change_rule *tsheets_rule(const char *entity);

/* The row as an object, whatever its table; a new reference. */
json_t *tsheets_row_object(const struct tsheets_row *row);

/* Adds or updates a row: what filters look at is read from the object, of which a reference is taken. Pointers into the table are no
 * longer good. */
struct tsheets_row *tsheets_store(struct tsheets_data *data, enum tsheets_table table, int64_t id, json_t *object);

#endif
