/* Reads a table of the service for the driver's own needs: values of variables, fields that an account has defined. */
#ifndef PROVIDERS_DEFINITION_LOOKUP_H
#define PROVIDERS_DEFINITION_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/definition/service.h"

struct cancel;
struct error;

/* One row: a value for each column asked for. False ends the reading without an error. */
typedef bool lookup_row(void *context, const struct value *values);

/* Reads the named columns of a table, all rows or until `row` has enough. where (may be NULL): only rows whose column of that name has
 * the text `is`. */
bool lookup_read(const struct described_service *service, const struct definition_table *table, const char *const *columns, size_t count,
                 const char *where, const char *is, lookup_row *row, void *context, struct cancel *cancel, struct error *err);

/* Whether a value reads so; true and false for booleans, case does not matter. */
bool lookup_has_text(const struct value *value, const char *text);

/* variable_lookup for a described_service as its context. */
bool lookup_variable(void *service, const struct definition_variable *variable, struct arena *arena, const char **value,
                     struct cancel *cancel, struct error *err);

#endif
