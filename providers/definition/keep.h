/* Rows that a scan leaves out by itself. */
#ifndef PROVIDERS_DEFINITION_KEEP_H
#define PROVIDERS_DEFINITION_KEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/definition/request.h"

/* Whether any is. */
bool requests_leave_out(const struct requests *requests);

/* Whether the cells of a column are looked at for that. */
bool requests_look_at(const struct requests *requests, int column);

/* Whether a row stays. cells[column][row].
 *
 * Where lists are split, a row belongs to the one series whose values hold it, so that it comes only once even when the service answers
 * with more than was asked for. And conditions that nobody looks at again must hold, those of the columns' standards among them. */
bool requests_keep(const struct requests *requests, const struct series *series, struct value *const *cells, size_t row);

#endif
