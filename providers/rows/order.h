/* In which order the members of an object came in the rows before. Services write every row alike, so that a member is mostly known by
 * comparing what comes with what came there the last time: its name is then neither read nor looked for. */
#ifndef PROVIDERS_ROWS_ORDER_H
#define PROVIDERS_ROWS_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "json/reader.h"

struct arena;
struct node;
struct order;

/* An order of which nothing is known yet, with its memory in the arena. NULL when out of memory. */
struct order *order_open(struct arena *arena);

/* Takes the member that comes if it is the one foretold at place *at, which moves on; false, and nothing done, when it is not.
 * name  borrowed, as long as the order lives
 * node  what was noted for it, NULL for a member of no interest */
bool order_take(const struct order *order, size_t *at, struct json_reader *reader, struct json_text *name, const struct node **node);

/* Notes a member that came unforetold at place *at, which moves behind it. Does nothing where memory is out: the order is only a help. */
void order_note(struct order *order, size_t *at, const struct json_text *name, const struct node *node);

#endif
