/* Where in a document the records of a script are, and where in a record its columns: paths as scripts have them, made into a shape by the
 * outline of a page.
 *
 * A path is "$.a.b[*].c", "/json/a/b/c" or "a/b/c"; it does not say where arrays are, the page does. */
#ifndef PROVIDERS_SCRIPT_FORM_H
#define PROVIDERS_SCRIPT_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/rows/shape.h"

struct arena;
struct error;
struct outline;
struct script_table;

/* How what is nested becomes rows (DataModel): texts of JSON; a row for each of the innermost elements; tables of their own, whose rows tell by
 * numbers where they stand. */
enum form_model { FORM_DOCUMENT, FORM_FLATTENED, FORM_RELATIONAL };

/* Takes a path apart into names. json: a first name "json" stands for the document. False: out of memory. */
bool form_names(struct arena *arena, const char *text, bool json, struct path *names);

/* Where the records are, by their names; NULL: the outermost array of objects, or else the document itself. *found false: not in this page.
 * names gets those that lead there. False: out of memory. */
bool form_records(struct arena *arena, const struct outline *outline, const struct path *wanted, struct path *names, struct row_place *place, bool *found);

/* The shape of a script's table. False: HY001. */
bool form_declared(struct arena *arena, const struct script_table *table, bool json, const struct row_place *place,
                   struct shape *shape, struct error *err);

/* A table of what there is, and its shape. text: all columns are strings. False: HY001. */
bool form_discovered(struct arena *arena, const struct outline *outline, const char *name, enum form_model model, bool text,
                     const struct row_place *place, struct table *table, struct shape *shape, struct error *err);

/* The way from the document through arrays to the innermost one of objects, from the records on: what FORM_FLATTENED makes rows of. */
bool form_innermost(struct arena *arena, const struct outline *outline, const struct path *names, struct path *innermost);

/* The ways to all arrays of objects, from the records on, those first: what FORM_RELATIONAL makes tables of. In the arena. */
bool form_lists(struct arena *arena, const struct outline *outline, const struct path *names, struct path **lists, size_t *count);

#endif
