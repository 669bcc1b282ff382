/* $filter in the three versions, evaluated over the shop's rows. */
#ifndef SANDBOX_ODATA_FILTER_H
#define SANDBOX_ODATA_FILTER_H

#include "test/sandbox/odata_shop.h"

struct odata_fault {
    unsigned status;                /* 0 = none */
    char message[200];
};

/* What the service does not know although the version has it. */
struct odata_unknown {
    bool in, functions;
    bool calculations;              /* arithmetic, and functions besides those of patterns */
    bool terms;                     /* or, between several properties; one property compared with another */
};

struct shop_filter;

/* Parses a decoded expression. NULL: *fault says why. */
struct shop_filter *shop_filter_open(const struct shop *shop, const struct shop_type *type, int version, const struct odata_unknown *unknown,
                                     const char *text, struct odata_fault *fault);
void shop_filter_close(struct shop_filter *filter);
bool shop_filter_holds(const struct shop_filter *filter, const json_t *row);

/* Compares two values of a kind; null comes first. */
int shop_compare(enum shop_kind kind, const json_t *a, const json_t *b);

#endif
