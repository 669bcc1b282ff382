/* What the zoho_rows_*.txt say: the tables of a company, the rules of their members, and the organizations.
 *
 *   today 2024-12-16                    the day on which the company is looked at
 *   words NAME a|b|…                    a list for word(NAME); further lines of the paragraph belong to it
 *   organization ID key=value …         one company; `of` the data centre, `percent` its size, the rest for organization(…); `~`
 *                                       stands for a blank
 *   any                                 rules for members of whatever table; `*` in a name stands for anything, `$` repeats it
 *   kind NAME [: KIND]                  rules that tables share
 *   table NAME [: KIND] …               rows. NAME is `invoices`, or `invoices.line_items` for an array in each of them
 *       count RULE                      how many
 *       from TABLE where MEMBER = OWN   in place of a count: the rows of another table whose MEMBER equals the object's OWN
 *       as TABLE [if RULE]              the rows are those of that table (for which the rule holds), seen otherwise: ids are the
 *                                       same, and so are rules that it has not of its own
 *       adds ARRAY by MEMBER            the rows stand for the elements of that array: a new one goes to the row with the id in MEMBER
 *       title MEMBER                    what a row is called
 *       label TEXT                      what the service calls such a row
 *       MEMBER = RULE
 *
 * An array that no table describes takes the kind `*.NAME`. */
#ifndef SANDBOX_ZOHO_TABLE_H
#define SANDBOX_ZOHO_TABLE_H

#include <stdint.h>

#include "test/sandbox/zoho_rule.h"

struct zoho_own {
    struct zoho_own *next;
    unsigned name;
    struct zoho_rule *rule;
};

struct zoho_table {
    const char *name;               /* "invoices.line_items" */
    const char *member;             /* "line_items"; NULL of a table of rows */
    const char *label;              /* "Invoice" */
    struct zoho_table *next;
    struct zoho_table *parent;      /* of an array: what it stands in */
    struct zoho_table *kind;        /* whose rules it has too */
    struct zoho_table *shares;      /* whose ids its rows have; itself when it has its own */
    struct zoho_rule *only;         /* of those of `shares`; NULL = all */
    struct zoho_table *adds;        /* the array to which new rows go; NULL = the table itself */
    const char *adds_by;
    struct zoho_table *from;
    unsigned from_member, own_member;
    struct zoho_rule *count;
    unsigned number;                /* in ids, from 1; 0 of a kind */
    unsigned depth;                 /* 0 = rows, 1 = an array of them, 2 = an array in that */
    unsigned title;                 /* a name, when has_title */
    bool has_title;
    struct zoho_table *arrays;      /* that stand in it */
    struct zoho_table *next_array;
    struct zoho_own *own;
    struct zoho_rule **rules;       /* by name: its own, those of its kinds and of `any`; NULL where there is none */
    const struct zoho_line *line;
};

struct zoho_words {
    struct zoho_words *next;
    const char *name;
    char **texts;
    size_t count;
};

struct zoho_organization {
    const char *id;
    const char *data_centre;
    unsigned percent;
    const char *(*properties)[2];   /* name, value */
    size_t property_count;
    uint64_t seed;
};

struct zoho_schema {
    struct zoho_arena arena;
    struct zoho_names names;
    struct zoho_table *tables;      /* in the order of the file */
    struct zoho_table *kinds;
    struct zoho_table **numbered;   /* by number - 1 */
    size_t table_count;
    struct zoho_words *words;
    struct zoho_organization *organizations;
    size_t organization_count;
    int64_t today;                  /* days since the epoch */
    struct zoho_rule **any;         /* by name */
    size_t any_count;
    struct zoho_pattern *patterns;
};

void zoho_schema_read(struct zoho_schema *schema);

/* Ends the reading: no name, array or rule may come after it. */
void zoho_schema_settle(struct zoho_schema *schema);
void zoho_schema_clear(struct zoho_schema *schema);

/* NULL when there is none. */
struct zoho_table *zoho_table(const struct zoho_schema *schema, const char *name);
struct zoho_table *zoho_array(const struct zoho_table *of, const char *member);

/* The array, which is made of the kind `*.member` when nothing describes it; NULL when there is no such kind either. */
struct zoho_table *zoho_array_need(struct zoho_schema *schema, struct zoho_table *of, const char *member);

const char *zoho_property(const struct zoho_organization *organization, const char *name);

/* Days since the epoch of "YYYY-MM-DD…"; false when the text is not that. */
bool zoho_day(const char *text, int64_t *day);

#endif
