/* The names of a connection: one immutable picture of the service's tables, the views, the workspace and the temporary tables.
 *
 * It is itself a struct service, so that the binder and the catalog functions look names up in it as they always do. Whoever holds one
 * keeps what it points to alive; every change of a definition makes a new one. */
#ifndef ENGINE_NAMES_H
#define ENGINE_NAMES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "table/service.h"

struct cancel;
struct engine;
struct error;

struct names {
    struct service service;     /* first: a pointer to it is one to the whole */
    atomic_uint holders;
    struct arena arena;         /* owns all that is not the inner service's */
    int64_t schema_version;     /* of the workspace, by which changes of other processes are noticed */
    int64_t data_version;
};

/* A view's name and text. */
struct engine_view {
    const char *name, *query;
    bool of_file;               /* of UserDefinedViews: it stands beside the service's tables and can not be dropped */
    enum table_place place;     /* of others */
};

/* Makes engine->names anew. Called with the lock; on failure the old ones stay. */
bool names_build(struct engine *engine, struct error *err);

/* The names as they are now, held, also after another process has changed the workspace's definitions. While one has the file locked they
 * stay as they were, unless wait: *stale. NULL with the error set when they can not be read, or were waited for in vain. */
struct names *names_present(struct engine *engine, struct cancel *cancel, bool wait, bool *stale, struct error *err);

struct names *names_hold(struct names *names);
void names_release(struct names *names);   /* NULL is none */

/* Reads UserDefinedViews into engine->views and engine->view_count. Errors name file, view and reason. */
bool views_read(struct engine *engine, const char *file, struct error *err);

/* Gives a view its columns by binding its query against names that hold it already. */
bool view_describe(const struct service *names, struct table *view, struct arena *arena, struct error *err);

/* Adds the views kept in a place (PLACE_WORKSPACE, PLACE_TEMPORARY) to a list in the arena. Called with the lock. */
bool views_stored(struct engine *engine, enum table_place place, struct arena *arena, struct engine_view **views, size_t *count,
                  struct error *err);

#endif
