/* One call to Zoho Books while it is being answered. */
#ifndef SANDBOX_ZOHO_CALL_H
#define SANDBOX_ZOHO_CALL_H

#include <stdio.h>

#include "test/sandbox/zoho_answer.h"
#include "test/sandbox/zoho_value.h"

struct zoho_call {
    struct zoho_books *books;
    const struct zoho_routes *routes;
    const struct request *request;
    const char *data_centre;
    const struct zoho_route *route;
    json_t *parameters;             /* of the path: name → text */
    unsigned organization;
    struct answer *answer;
};

/* A parameter of the path, else of the query; NULL when neither has it or it is empty. */
const char *zoho_parameter(const struct zoho_call *call, const char *name);

/* {"code": …, "message": …}. Each returns false, so that a failing function can end with it. */
bool zoho_fail(struct answer *answer, unsigned status, int code, const char *format, ...) __attribute__((format(printf, 4, 5)));
bool zoho_invalid(struct answer *answer, const char *parameter);     /* 400, code 2 */
bool zoho_missing(struct answer *answer, const char *label);         /* 404, code 1002 */
bool zoho_no_url(struct answer *answer);                             /* 404, code 5 */

/* Opens the text of an answer with what every one of them begins with; what follows is a list of members. */
struct zoho_body {
    FILE *out;
    char *text;
    size_t length;
};
void zoho_body_open(struct zoho_body *body);
/* Ends it and makes it the answer. */
void zoho_body_close(struct zoho_body *body, struct answer *answer, unsigned status);

/* The rows that a list has for this call, in order. */
struct zoho_found {
    const struct zoho_table *table;
    struct zoho_at parent;          /* of the elements of an array */
    bool organizations;             /* the numbers are of organizations, whose first row is meant */
    size_t *numbers;                /* in the scratch arena */
    size_t count;
    const char *sort_column;        /* "" = as they come */
    char sort_order;                /* A or D */
    const char *applied_filter;
};

/* False when the call can not be answered; then it is. */
bool zoho_select(struct zoho_call *call, const struct zoho_answer *answer, struct zoho_found *found);
struct zoho_at zoho_found_at(const struct zoho_call *call, const struct zoho_found *found, size_t place);
/* The value of the row's custom field with this name of the API. */
struct zoho_value zoho_custom_value(const struct zoho_at *at, const char *name);
/* Whether this one is what the path, the query's keys and the answer's own condition ask for. */
bool zoho_belongs(const struct zoho_call *call, const struct zoho_answer *answer, const struct zoho_at *at);
/* The row whose array the answer is about; false with an answer when it does not exist. */
bool zoho_parent(struct zoho_call *call, const struct zoho_answer *answer, struct zoho_at *parent);

/* Whether what the path narrows by is there: /creditnotes/{creditnote_id}/refunds needs a credit note, /{module_name} a module. False
 * with an answer. */
bool zoho_path_exists(struct zoho_call *call, const struct zoho_answer *answer);

/* The days of a period ("ThisMonth", "PreviousYear"; CustomDate by from_date and to_date); false when there is none such. */
bool zoho_period(const struct zoho_call *call, const char *period, int64_t *from, int64_t *to);

/* Answers GET by the descriptions that the route has. */
void zoho_get(struct zoho_call *call);
void zoho_report(struct zoho_call *call);

/* A whole number from the query, from 1; the standard when it is not there. False with an answer when it is none. */
bool zoho_count(struct zoho_call *call, const char *name, size_t standard, size_t *count);

#endif
