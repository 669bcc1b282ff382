/* The reports of zoho_reports.txt.
 *
 *   report NAME
 *     tree WRAPPER                      node LEVEL TITLE[, carried][: [-]ACCOUNT_TYPE …]  one line each; "earnings" is what is left of
 *                                       income; a carried node begins with the total of the one before it
 *     trial WRAPPER                     what each account has, by its type
 *     ledger WRAPPER                    what each account has, plainly
 *     entries WRAPPER                   rows of a table: `fields` as in zoho_answer.h
 *     rows WRAPPER INNER PATH           the rows of a list, in the shape of that
 *     groups WRAPPER                    one row for each value of the member that `of` names
 *     aging WRAPPER INNER OTHER         the same, with the balance by how old it is
 *     of TABLE [by MEMBER]    each ARRAY    only RULE
 *     show NAME = RULE    sum NAME = RULE
 *     dates FIELD [MEMBER]              filter_by is FIELD.Period; without it, or with another, the report is of this month
 *     until                             what was before the period counts too
 *     paged */
#ifndef SANDBOX_ZOHO_REPORT_H
#define SANDBOX_ZOHO_REPORT_H

#include "test/sandbox/zoho_call.h"

enum zoho_report_kind { REPORT_TREE, REPORT_TRIAL, REPORT_LEDGER, REPORT_ENTRIES, REPORT_ROWS, REPORT_GROUPS, REPORT_AGING };

struct zoho_node {
    unsigned level;
    const char *title;
    bool carried;
    const char *types;              /* "bank -credit_card"; "" = none of its own */
};

struct zoho_column {
    const char *name;
    struct zoho_rule *rule;
    bool sum;
};

struct zoho_report_form {
    struct zoho_report_form *next;
    const char *name;
    enum zoho_report_kind kind;
    const char *wrapper, *inner, *other;
    struct zoho_node nodes[24];
    size_t node_count;
    struct zoho_table *table;
    const struct zoho_table *each;
    unsigned by;
    struct zoho_rule *only;
    const char *date_field;
    unsigned date_member;
    bool has_date, until, paged;
    struct zoho_column columns[12];
    size_t column_count;
    struct zoho_shape shape;
};

/* A report's period. */
struct zoho_window {
    int64_t from, to;
};

/* Reads the file; the tables and answers have been read, and are not settled yet. */
void zoho_reports_read(struct zoho_routes *routes, struct zoho_schema *schema);

/* Those that are made from the entries of accounts. */
void zoho_report_accounts(struct zoho_call *call, const struct zoho_report_form *form, const struct zoho_window *window);

#endif
