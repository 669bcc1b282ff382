/* What makes up the accounts of Basecamp 2 and 3 alike: words, times, and who did it. */
#ifndef SANDBOX_BASECAMP_MAKER_H
#define SANDBOX_BASECAMP_MAKER_H

#include "test/sandbox/basecamp_account.h"

enum words {
    WORDS_PEOPLE, WORDS_JOBS, WORDS_PROJECTS, WORDS_LISTS, WORDS_TASKS, WORDS_SUBJECTS, WORDS_TEXTS, WORDS_HTML, WORDS_FILES,
    WORDS_MEETINGS, WORDS_QUESTIONS, WORDS_BOOSTS
};

/* The n-th of them; a number is added once all are used up, except to texts. From malloc. */
char *words_at(enum words words, size_t n);
json_t *words_json(enum words words, size_t n);

struct maker {
    struct account *account;
    struct store *store;
    struct record **people;     /* the first is me */
    size_t people_count;
    uint64_t serial;            /* of the record that is being made */
};

/* Takes the people from the store. */
struct maker maker_begin(struct account *account, const struct kind *people);

/* A record below parent, made by somebody after the parent; takes members. */
struct record *maker_add(struct maker *maker, const char *kind, struct record *parent, json_t *members);

/* Below bound, for the next record; `what` tells one use from another. */
unsigned maker_pick(const struct maker *maker, unsigned what, unsigned bound);

/* Ids of up to `most` people, none twice. */
json_t *maker_people(const struct maker *maker, unsigned what, unsigned most);

/* A date within days before and after today, or null for one in three. */
json_t *maker_date(const struct maker *maker, unsigned what, int before, int after);
json_t *maker_day(int64_t days_from_today);

/* An HTML text that mentions nobody, has unusual characters, is null, empty, or past 4000 characters now and then. */
json_t *maker_html(const struct maker *maker, unsigned what);

#endif
