/* Definitions that no connection uses at the moment. To read and check one takes longer than all else that a connection does, so it is
 * kept for the next one of this process, for as long as its files stay as they are.
 *
 * Whoever takes one has it alone. Any thread may call. */
#ifndef PROVIDERS_DEFINITION_SHELF_H
#define PROVIDERS_DEFINITION_SHELF_H

#include <stdbool.h>

#include "providers/definition/definition.h"

struct arena;

/* Notes that a definition is made from a file, before that is read. False when out of memory. */
bool shelf_note(struct definition *definition, const char *path);

/* One that was made from the same file for the same schema (NULL or "" = the first), or NULL. */
struct definition *shelf_take(const char *file, const char *schema);

/* Keeps a definition, which is as it was read, or closes it when there is no room. */
void shelf_keep(struct definition *definition);

#endif
