/* $apply of the shop: filter, groupby and aggregate. */
#ifndef SANDBOX_ODATA_APPLY_H
#define SANDBOX_ODATA_APPLY_H

#include "test/sandbox/odata_write.h"

/* Writes the groups; false: *fault says why not. */
bool shop_apply(const struct shop_writer *writer, const struct shop_type *type, const char *text, const struct odata_unknown *unknown, struct odata_fault *fault);

/* Where the parenthesis that opens at `at` closes, or NULL. */
const char *shop_closing(const char *at);
/* The part up to a divider outside of parentheses and quotes, from malloc; *at moves behind it. NULL at the end. */
char *shop_part(const char **at, char divider);

#endif
