/* What the files that answer for TSheets share. */
#ifndef SANDBOX_TSHEETS_ANSWER_H
#define SANDBOX_TSHEETS_ANSWER_H

#include <pthread.h>
#include <stdio.h>

#include "test/sandbox/server.h"
#include "test/sandbox/tsheets_data.h"
#include "test/sandbox/tsheets_filter.h"

enum { PAGE_LARGEST = 200 };

struct tsheets {
    struct tsheets_data *data;
    struct oauth_server *oauth;
    pthread_rwlock_t lock;          /* of the data and the members below */
    bool old_key;                   /* the API key is from before 25 October 2017: overtime without advanced_overtime */
};

/* Rows of other tables that an answer refers to. */
struct side_data {
    bool *marked[TSHEETS_TABLES];
    bool any[TSHEETS_TABLES];
};

void side_mark(const struct tsheets_data *data, enum tsheets_table table, int64_t id, struct side_data *side);
/* Writes ,"supplemental_data":{…} and frees. */
void side_write(FILE *out, const struct tsheets_data *data, struct side_data *side);

/* A list of the service. */
struct tsheets_list {
    const char *name;
    enum tsheets_table table;
    const struct filter_declaration *filters;
    const char *required;           /* alternatives divided by '|', each one or several parameters joined by '+'; '&' joins several such; or NULL */
    const char *empty;              /* how an empty set is written */
    bool more_inside;               /* `more` and side data stand within `results` */
    bool no_pages;                  /* neither pages nor `more` */
    void (*mark)(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side);
    const char *sides;              /* in its place: "user_id users, project_id projects": members, and the tables they refer to */
    void (*order)(const json_t *given, const struct tsheets_data *data, const struct tsheets_row **rows, size_t count);
    /* Filters that need more than one parameter; or NULL. */
    bool (*narrow)(const json_t *given, const struct tsheets_data *data, const struct tsheets_row *row);
    /* Whether rows are sent as row->extended where they have that; or NULL. */
    bool (*extended)(const json_t *given);
};

/* By name, or NULL. */
const struct tsheets_list *tsheets_list_named(const char *name);

/* The user of the token: always the first. */
const struct tsheets_row *tsheets_caller(const struct tsheets_data *data);

/* Every answer begins here. */
void tsheets_fail(struct answer *answer, unsigned status, const char *message);

/* given: what was asked, name → text. */
bool given_is(const json_t *given, const char *name, const char *value);
/* A whole number from 1 to largest; the standard when absent; 0 when it is neither. */
unsigned long given_count(const json_t *given, const char *name, unsigned long standard, unsigned long largest);
/* Page and limit into the rows that are asked for; false after answering what is wrong with them. */
bool given_page(const json_t *given, size_t *first, size_t *limit, struct answer *answer);
/* Whether side data are wanted; false for "no". */
bool given_side(const json_t *given, bool *wanted, struct answer *answer);

void tsheets_answer_list(const struct tsheets_list *list, const struct tsheets_data *data, const struct request *request,
                         struct answer *answer);
void tsheets_answer_current_user(const struct tsheets_data *data, const struct request *request, struct answer *answer);

/* GET /effective_settings, GET /last_modified_timestamps. */
void tsheets_answer_settings(const struct tsheets_data *data, const struct request *request, struct answer *answer);
void tsheets_answer_timestamps(const struct tsheets_data *data, const struct request *request, struct answer *answer);

/* POST /reports/<name>; false when there is no such report. */
bool tsheets_answer_report(const struct tsheets *tsheets, const char *name, const struct request *request, struct answer *answer);

/* POST, PUT and DELETE; false when the object knows no such method. */
bool tsheets_answer_change(struct tsheets *tsheets, const char *name, const struct request *request, struct answer *answer);

#endif
