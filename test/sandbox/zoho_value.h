/* The companies at work: what a member of a row is, how many rows there are, which row an id belongs to.
 *
 * Nothing is stored but what clients have changed: a value is worked out from its rule whenever it is asked for, so a company of
 * a million invoices costs no memory. An id has 19 digits, which tell organization, table, row and element. */
#ifndef SANDBOX_ZOHO_VALUE_H
#define SANDBOX_ZOHO_VALUE_H

#include <jansson.h>

#include "test/sandbox/server.h"
#include "test/sandbox/zoho_table.h"

enum zoho_value_kind { VALUE_NONE, VALUE_NUMBER, VALUE_TEXT, VALUE_FLAG };

struct zoho_value {
    enum zoho_value_kind kind;
    double number;                  /* of a number; 1 or 0 of a flag */
    const char *text;               /* of a text, in the scratch arena or in the schema */
};

/* What one organization has beyond its rules. */
struct zoho_company {
    size_t *generated;              /* rows by table number - 1; SIZE_MAX = not counted yet */
    size_t *made;                   /* by clients, likewise */
    json_t **changes;               /* likewise: row number → its members, null when it was deleted; NULL = none */
    struct zoho_index *indexes;
};

struct zoho_switches;

/* The rows of a list, worked out for the page before. */
struct zoho_kept {
    char *key;                      /* what was asked; NULL = none */
    unsigned changes;               /* when */
    size_t *numbers;
    size_t count;
};
enum { ZOHO_KEPT = 4 };

/* Used by one thread at a time. */
struct zoho_books {
    struct zoho_schema schema;
    unsigned rows;
    struct zoho_company *companies; /* by organization */
    struct zoho_arena scratch;      /* of one request */
    const struct request *request;
    const json_t *parameters;       /* of its path: name → text */
    const struct zoho_switches *switches;
    unsigned nested;                /* rules that wait for others */
    unsigned changes;               /* by clients, and of switches, since the start */
    struct zoho_kept kept[ZOHO_KEPT];
    unsigned next_kept;
};

/* One object: a row, an element of an array in it, an element of an array in that. */
struct zoho_at {
    struct zoho_books *books;
    unsigned organization;
    const struct zoho_table *table;
    size_t i, j, k;
};

/* Reads the rows; answers and reports follow, and then zoho_books_settle. */
void zoho_books_open(struct zoho_books *books, unsigned rows, const struct zoho_switches *switches);
void zoho_books_settle(struct zoho_books *books);
void zoho_books_close(struct zoho_books *books);

/* The member of this object by its rule, or as a client has set it. */
struct zoho_value zoho_member(const struct zoho_at *at, unsigned name);
struct zoho_value zoho_work_out(const struct zoho_at *at, const struct zoho_rule *rule, unsigned salt);

/* A member that a client has set, borrowed; NULL when it has not. */
json_t *zoho_set_by_client(const struct zoho_at *at, const char *member);

/* Whether the object came from a client as a whole, so that nothing of it is made up. */
bool zoho_made_by_client(const struct zoho_at *at);

/* Rows of a table. Some of them may not exist: deleted ones, and those that the table leaves out of the one it shares with. */
size_t zoho_rows(struct zoho_books *books, unsigned organization, const struct zoho_table *table);
bool zoho_exists(const struct zoho_at *at);
/* Whether clients have changed a row of the table, or of the one that the array stands in. */
bool zoho_changed(struct zoho_books *books, unsigned organization, const struct zoho_table *table);
struct zoho_at zoho_row(struct zoho_books *books, unsigned organization, const struct zoho_table *table, size_t i);

/* The elements of an array of this object. */
size_t zoho_elements(const struct zoho_at *at, const struct zoho_table *array);
struct zoho_at zoho_element(const struct zoho_at *at, const struct zoho_table *array, size_t element);

const char *zoho_id(const struct zoho_at *at);
/* The object with this id; false when it has none. */
bool zoho_find(struct zoho_books *books, unsigned organization, const char *id, struct zoho_at *at);
/* Likewise, when it is a row of this table, or an element of this array. */
bool zoho_find_in(struct zoho_books *books, unsigned organization, const struct zoho_table *table, const char *id, struct zoho_at *at);

const char *zoho_as_text(struct zoho_books *books, struct zoho_value value);
bool zoho_is_true(struct zoho_value value);
/* '' is none: the service writes so whatever it has not. */
bool zoho_is_none(struct zoho_value value);
/* False when the value is no number. */
bool zoho_as_number(struct zoho_value value, double *number);
const char *zoho_day_text(struct zoho_books *books, int64_t day);

#endif
