/* A service of tables in memory that writes down every scan it is asked for. */
#ifndef TEST_ENGINE_FAKE_SERVICE_H
#define TEST_ENGINE_FAKE_SERVICE_H

#include "base/buffer.h"
#include "base/cancel.h"
#include "table/service.h"

/* A condition that a table takes. */
struct fake_filter {
    const char *column;
    const char *ops;       /* words of fake_service.c: "= in < <= > >= <> like null notnull" */
    bool exact;            /* otherwise the scan yields all rows */
    bool required;
};

struct fake_table {
    struct table table;
    const struct fake_filter *filters;   /* ends with a filter without a column */
    const char *order;                   /* the columns it can sort by */
    const char *const *rows;             /* cells divided by '|', "~" = NULL; ends with NULL */
    bool big;                            /* its first column counts from 0 to 999,999 and there are no rows */
};

struct fake_service {
    struct service service;
    struct buffer log;       /* one line a scan: "Users wanted=Id,Name Id=1 order=Name- limit=3\n" */
    int opens, nexts, closes;
    int fail_open;           /* the n-th open from 1 fails; 0 = none */
    int fail_next;           /* likewise */
    int plans;               /* that were asked for */
    struct cancel *cancel_at_plan;  /* is requested while the first way is thought of */
    struct cancel *cancel_at_next;  /* is requested while the second batch is fetched */
    void (*at_next)(void *context); /* called while a batch is fetched; NULL = nothing */
    void *context;
    char call_seen[256];
};

void fake_service_init(struct fake_service *fake);
/* From now on it makes groups. */
void fake_service_group(struct fake_service *fake);
/* From now on it takes terms, and leaves out what it can tell by them. */
void fake_service_tell(struct fake_service *fake);
void fake_service_clear(struct fake_service *fake);

#endif
