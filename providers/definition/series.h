/* The series of requests: parts of lists, and what a parent's rows say. */
#ifndef PROVIDERS_DEFINITION_SERIES_H
#define PROVIDERS_DEFINITION_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/definition/request.h"

struct arena;
struct value;

/* Chooses the values of the list's next request, from list->first on. */
void list_choose(struct request_list *list);

/* Writes a list's present values into its parameter, and into the echo of a column that stands in no page. False when out of memory. */
bool list_write(struct requests *requests, const struct request_list *list);

/* Whether a text can fill its parameter: "." and ".." are no part of an address. */
bool requests_can_address(const struct requests *requests, size_t parameter, const char *sent);

/* Makes the value's text the arena's own. */
bool series_copy_value(struct arena *arena, struct value *value);

#endif
