/* The query parameters that narrow a list of TSheets: declared as data, read from a request, asked of each row. */
#ifndef SANDBOX_TSHEETS_FILTER_H
#define SANDBOX_TSHEETS_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "test/sandbox/tsheets_data.h"

enum filter_kind {
    FILTER_NUMBERS,         /* comma list: the number is in it */
    FILTER_NOT_NUMBERS,
    FILTER_PARENTS,         /* comma list; -1 = all */
    FILTER_MANAGERS,        /* comma list: one of the group's managers is in it */
    FILTER_TREE,            /* comma list of jobcodes: the jobcode or one above it is in it */
    FILTER_TEXTS,           /* comma list: the text is in it, case ignored */
    FILTER_PATTERN,         /* from the beginning, `*` stands for anything, case ignored */
    FILTER_FLAG,            /* yes, no, both */
    FILTER_CHOICE,          /* one of `choices`; the first of them means all */
    FILTER_CHOICES,         /* comma list of `choices` */
    FILTER_BOOLEAN,         /* true, false */
    FILTER_WHEN_TRUE,       /* true: the number is not 0; false narrows nothing */
    FILTER_MEMBERS,         /* comma list: one of those in the member, a list, is in it */
    FILTER_UP_TO,           /* the number is not above it */
    FILTER_DATE, FILTER_DATE_FROM, FILTER_DATE_TO,
    FILTER_SINCE, FILTER_BEFORE,
    FILTER_NONE,            /* known and checked against `choices` (none: it is an id), but narrows nothing here */
};

struct filter_declaration {
    const char *parameter;
    enum filter_kind kind;
    int64_t (*number)(const struct tsheets_data *data, const struct tsheets_row *row);
    const char *(*text)(const struct tsheets_data *data, const struct tsheets_row *row);
    const char *member;     /* of the row's object, in the place of number, text, day or modified; NULL = none */
    const char *choices;    /* "all regular pto" */
    const char *standard;   /* when the request does not say; NULL = no filter */
    const char *unless;     /* no standard when one of these is sent */
    const char *yields_to;  /* a parameter beside which it does not count */
    const char *needs;      /* another parameter that must be there with it */
};

/* One filter of one request. */
struct filter_use {
    const struct filter_declaration *declaration;
    int64_t *numbers;
    size_t number_count;
    char **texts;
    size_t text_count;
    int64_t bound;          /* day or moment; 1 / 0 of a flag */
};

struct filter_set {
    struct filter_use uses[24];
    size_t count;
};

/* Reads those of the declared filters that are given (name → text), or have a default; the declarations end with a NULL parameter.
 * False for a malformed value: *why gets a sentence, from malloc. */
bool filter_read(const struct filter_declaration *declared, const json_t *given, struct filter_set *set, char **why);
void filter_clear(struct filter_set *set);

/* Whether the row passes all. */
bool filter_passes(const struct filter_set *set, const struct tsheets_data *data, const struct tsheets_row *row);

#endif
