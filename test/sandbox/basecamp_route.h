/* Which request is answered how: routes as data, the matching of paths, and what is common to all lists: filters, order, pages. */
#ifndef SANDBOX_BASECAMP_ROUTE_H
#define SANDBOX_BASECAMP_ROUTE_H

#include "test/sandbox/basecamp_account.h"

enum { CAPTURES = 4 };

/* One request to one account while it is answered. */
struct call {
    struct account *account;
    const struct product *product;
    struct store *store;
    const struct request *request;
    struct answer *answer;
    const struct route *route;
    struct view view;
    struct record *captured[CAPTURES];  /* what the path names, in its order */
    size_t captured_count;
    struct record *record;  /* the last of them; NULL = none */
    struct record *bucket;  /* the first of them that is a bucket, or that of a path below /buckets/ID; NULL = none */
    char text[64];          /* of a segment ":text" */
    json_t *body;           /* of a write, an object; never NULL then */
};

typedef void route_handler(struct call *call);

enum route_flag {
    ROUTE_WHOLE = 1,        /* a list in one page */
    ROUTE_REPLACES = 2,     /* a write that clears what it does not name */
    ROUTE_ADMIN = 4,        /* only for administrators */
    ROUTE_RAW = 8,          /* the body of the write is no JSON */
    ROUTE_ANY_BUCKET = 16,  /* answers about a bucket that is trashed too */
    ROUTE_ANY_TOOL = 32,    /* and about a tool that is switched off */
    ROUTE_SILENT = 64,      /* a write that is answered without a body */
    ROUTE_DONE = 128,       /* and one that is answered with 204 */
};

/* Tables of routes end with one that has no method. */
struct route {
    const char *method;
    /* Without ".json": literal segments; ":Kind" or ":Kind|Family", the id of such a record (a slug may follow it); ":text", anything. */
    const char *path;
    route_handler *handle;
    const char *kinds;      /* of what is listed or made, divided by '|' */
    const char *shape;      /* of the elements; NULL = as their kind is listed */
    const char *filters;    /* names of the product's filters, divided by blanks; NULL = none but being active */
    const char *order;      /* "position", "created", "-created"…; NULL = as they came */
    unsigned flags;
    const char *fields;     /* of a write: names divided by blanks, '!' after what is required; "outer{…}" when they are within a member */
};

/* A query parameter that narrows lists. Tables of filters end with one that has no name. */
struct filter {
    const char *name;
    const char *choices;    /* what it may be, divided by blanks; NULL = anything */
    const char *standard;   /* what it is when the request does not say; NULL = no filter */
    bool (*passes)(const struct call *call, const struct record *record, const char *value);
};

/* Answers a path of the account (from its first '/', without ".json"); false when no route has it. */
bool route_answer(struct call *call, const char *path);

/* ---- Errors ---- */

/* {"error": text}; the formatted text. */
void call_fail(struct call *call, unsigned status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* An empty 404: not there, or not for you. */
void call_missing(struct call *call);
/* 204. */
void call_done(struct call *call);
/* Takes the JSON. */
void call_json(struct call *call, unsigned status, json_t *json);

/* ---- Records on their way into a list ---- */

struct records {
    struct record **all;
    size_t count, room;
};

void records_add(struct records *records, struct record *record);
void records_clear(struct records *records);
/* Adds those of the kinds that lie in it; or in the bucket at any depth (NULL = in all open buckets that are not trashed). */
void records_add_children(struct records *records, const struct record *parent, const char *kinds);
void records_add_within(struct records *records, const struct store *store, const struct record *bucket, const char *kinds);
/* "-created": by that, the greatest first. Knows position, created, updated, title, id, due_on and any number among the members. */
void records_sort(struct records *records, const char *order);

/* Whether it passes the route's filters; false after answering a value that is not allowed. */
bool call_filter(struct call *call, struct records *records);
/* Filters, orders, pages and writes them; clears the records. */
void call_list(struct call *call, struct records *records);
/* The piece of a list of so many that the request asks for, with the headers that lead on; false after answering a bad page. */
bool call_page(struct call *call, const unsigned *sizes, size_t total, size_t *first, size_t *count);
/* The page of records as the route shapes them. Clears the records. */
void call_write_page(struct call *call, struct records *records);

/* ---- Query parameters ---- */

const char *call_query(const struct call *call, const char *name);
/* Whether the ids in the values of `name` and `name[]`, repeated or divided by commas, hold this one; true when there is no such
 * parameter. */
bool call_query_has(const struct call *call, const char *name, int64_t id);
/* Reads YYYY-MM-DD; false when it is there and is no date, after answering 400. *day stays when it is not there. */
bool call_query_day(struct call *call, const char *name, int64_t *day);
bool word_among(const char *words, const char *word);

/* Reads the route's fields from the body into the record's members; false after answering what is wrong with them. */
bool call_read_fields(struct call *call, struct record *record);

/* ---- Handlers for routes ---- */

route_handler handle_one;           /* the record, alone */
route_handler handle_children;      /* the kinds that lie in the record */
route_handler handle_within;        /* those that lie in the bucket at any depth */
route_handler handle_everywhere;    /* those of the whole account */

#endif
