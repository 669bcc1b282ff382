/* What the files share that see whether a definition fits together. Each is false with "file:line: …" in err. */
#ifndef PROVIDERS_DEFINITION_CHECK_H
#define PROVIDERS_DEFINITION_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/definition/definition.h"

struct error;

/* Where the word stands that is looked at. */
struct told_at {
    const char *file;
    int line;
};

/* The table of that name; NULL with a fault of `from`, and a guess, when there is none. */
const struct definition_table *check_find_table(const struct definition *definition, const struct definition_table *from, struct told_at at,
                                                const char *name, struct error *err);
/* The column of that name in another table, or -1 with the fault. A table that is unusable itself has none. */
int check_find_column(const struct definition_table *table, const char *name, const struct definition_table *from, struct told_at at,
                      struct error *err);

bool check_serves(unsigned ops, enum filter_op op);

/* check_column.c: a column, its filters and what it refers to. Sets the tables of its `from`. */
bool check_column(const struct definition *definition, struct definition_table *table, size_t at, struct error *err);
/* Whether each endpoint's rows have a value for a column that stands in no page. All columns and endpoints have been checked. */
bool check_cells(const struct definition_table *table, size_t at, struct error *err);
/* The fields that an account has of its own. */
bool check_custom(const struct definition *definition, const struct definition_table *table, struct error *err);

/* check_variables.c: variables, and that none is needed for finding it out. All tables have been checked. */
bool check_variables(struct definition *definition, struct error *err);

/* check_procedure.c */
bool check_procedure(const struct definition *definition, size_t at, struct error *err);

#endif
