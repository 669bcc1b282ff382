/* What the two files of TSheets' reports share. */
#ifndef SANDBOX_TSHEETS_REPORTS_H
#define SANDBOX_TSHEETS_REPORTS_H

#include "test/sandbox/tsheets_answer.h"

/* A report that was asked for. */
struct report {
    const struct tsheets *tsheets;
    const struct tsheets_data *data;
    const json_t *body;             /* the member `data` of what was sent */
    json_t *given;                  /* its members as texts: lists with commas */
    struct answer *answer;
};

/* Whether both days are given and of one span of at most so many days (0 = of any); answers what is wrong. */
bool report_span(const struct report *report, int64_t most);

/* What filter_read does; answers what is wrong. */
bool report_filters(const struct report *report, const struct filter_declaration *declared, struct filter_set *filters);

/* One of the words divided by spaces, or not given; answers what is wrong. */
bool report_choice(const struct report *report, const char *name, const char *choices);

/* How long a timesheet that is open has been so. */
int64_t open_seconds(const struct tsheets_row *timesheet);

/* object[key] += seconds */
void add_seconds(json_t *object, const char *key, int64_t seconds);

/* The member, an object, made when it is not there. */
json_t *inner_object(json_t *object, const char *key);
json_t *inner_of_id(json_t *object, int64_t id);

/* The results and side data: takes both. */
void report_send(const struct report *report, json_t *whole, struct side_data *side);

void answer_project(const struct report *report);
void answer_project_estimate(const struct report *report);
void answer_project_estimate_detail(const struct report *report);

#endif
