/* All rows of a table at once, for tests that work out themselves what a service should answer. */
#ifndef SANDBOX_ZOHO_RAW_H
#define SANDBOX_ZOHO_RAW_H

#include "test/sandbox/zoho_answer.h"
#include "test/sandbox/zoho_value.h"

/* Every row with the members that any answer has of it, as the text of a JSON array (from malloc); false when no answer is about the
 * table. */
bool zoho_raw_rows(const struct zoho_routes *routes, struct zoho_books *books, unsigned organization, const char *table, char **text,
                   size_t *length);

#endif
