/* Where the names of tables lead: to the service, the workspace, or the temporary tables; and what the statements of a batch have made and
 * dropped before the one that is bound. */
#ifndef SQL_PLACE_H
#define SQL_PLACE_H

#include "sql/binder.h"
#include "sql/tree.h"

/* One definition of an earlier statement of the batch, the latest first. */
struct table_change {
    const struct table_change *before;
    const struct table *made;      /* NULL: none */
    const struct table *gone;      /* NULL: none */
};

/* The name of a place's catalog: the service's, "Workspace" or "Temp". */
const char *place_catalog(const struct binder *binder, enum table_place place);

/* Whether the qualifiers in front of the last `keep` parts of a name are none, or name the place. */
bool place_fits(const struct binder *binder, enum table_place place, const struct name *name, unsigned keep);

/* The qualifiers in front of the last `keep` parts name no place: 42S02. True when they do name one. */
bool place_exists(struct binder *binder, const struct name *name, unsigned keep, uint32_t at);

/* The table or view that a name means: the temporary one, else the service's, else that of the workspace; NULL when there is none. */
const struct table *place_find(const struct binder *binder, const struct name *name);

/* The error of changing or dropping a table of the service: 42000. Returns false. */
bool place_read_only(struct binder *binder, const struct table *table, uint32_t at);

/* Remembers for the statements behind this one of the batch. */
bool place_change(struct binder *binder, const struct table *made, const struct table *gone);

/* Prints a table's name for SQLite: "workspace"."name", "temp"."name", or "main"."name" for the service's. Nothing else stands in main, and
 * a bare name would be sought in the others first. */
struct buffer;
void print_place(struct buffer *out, enum table_place place, const char *name);

#endif
