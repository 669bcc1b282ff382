/* Which rows have a given value in a member, found without looking at all of them each time. */
#ifndef SANDBOX_ZOHO_INDEX_H
#define SANDBOX_ZOHO_INDEX_H

#include "test/sandbox/zoho_value.h"

/* The rows, rising, in the scratch arena. */
size_t *zoho_matching(struct zoho_books *books, unsigned organization, const struct zoho_table *table, unsigned name,
                      const char *value, size_t *count);
void zoho_index_forget(struct zoho_company *company);

#endif
