/* What the files that play Basecamp share: a product, an account of it, and one request to it. */
#ifndef SANDBOX_BASECAMP_ACCOUNT_H
#define SANDBOX_BASECAMP_ACCOUNT_H

#include "test/sandbox/basecamp_shape.h"
#include "test/sandbox/basecamp_store.h"
#include "test/sandbox/server.h"

/* "Now" is a Monday's noon for ever, so that what is overdue today is overdue tomorrow. */
#define BASECAMP_TODAY "2026-03-02"
enum { BASECAMP_TODAY_DAY = 20514 };

struct account;
struct call;
struct filter;
struct route;

/* Basecamp 2 or 3. */
struct product {
    const char *name;               /* as Launchpad calls it: "bc3" */
    const char *play;               /* as the sandbox does: "basecamp3" */
    const struct kind *kinds;
    const struct shape_source *shapes;
    const struct route *routes;
    const struct filter *filters;
    const unsigned *pages;          /* sizes of the first, second… page, up to a 0; the last one goes on */
    bool links;                     /* pages lead to the next and tell the total */
    /* Writes how the request wants a list ordered, or how the route does; false after answering that it can not. */
    bool (*order)(struct call *call, char *order, size_t room);
    void (*make)(struct account *account);      /* fills the store */
    int64_t first_ids[SEQUENCES];
};

extern const struct product basecamp2, basecamp3;

enum account_state { ACCOUNT_ACTIVE, ACCOUNT_INACTIVE, ACCOUNT_FORBIDDEN };

struct account {
    int64_t id;
    const struct product *product;
    char *name;
    enum account_state state;
    bool admin;                     /* whether the token's owner administers it */
    unsigned projects, todos, people;
    unsigned project_limit;         /* 0 = none */
    struct shapes *shapes;
    struct store *store;            /* NULL until it is first asked for */
};

#endif
