#include "engine/names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/name.h"
#include "engine/state.h"
#include "sql/declared_type.h"

/* Tables while they are gathered. */
struct gathering {
    struct engine *engine;
    struct names *names;
    const struct table **tables;
    size_t count, room;
};

const char *place_schema(enum table_place place)
{
    return place == PLACE_TEMPORARY ? "temp" : "workspace";
}

struct names *names_hold(struct names *names)
{
    atomic_fetch_add(&names->holders, 1);
    return names;
}

void names_release(struct names *names)
{
    if (!names || atomic_fetch_sub(&names->holders, 1) > 1)
        return;
    arena_clear(&names->arena);
    free(names);
}

static bool add_table(struct gathering *all, const struct table *table, struct error *err)
{
    if (all->count == all->room) {
        size_t room = all->room ? all->room * 2 : 64;
        const struct table **grown = arena_array(&all->names->arena, room, sizeof *grown);
        if (!grown)
            return error_memory(err);
        if (all->count)
            memcpy(grown, all->tables, all->count * sizeof *grown);
        all->tables = grown;
        all->room = room;
    }
    all->tables[all->count++] = table;
    return true;
}

/* --- tables -------------------------------------------------------------------------------------------------------------- */

static bool add_native(struct gathering *all, enum table_place place, const char *name, bool view, struct error *err)
{
    struct engine *engine = all->engine;
    const char *schema = place_schema(place);
    struct table *table = arena_alloc(&all->names->arena, sizeof *table);

    if (!table || !name)
        return error_memory(err);
    *table = (struct table){
        .name = name,
        .description = "",
        .kind = view ? TABLE_VIEW : place == PLACE_TEMPORARY ? TABLE_LOCAL_TEMPORARY : TABLE_TABLE,
        .place = place,
        .service = place == PLACE_TEMPORARY ? &engine->temporary : &engine->workspace,
    };
    /* SQLite can tell the columns of a view only while everything that it reads is there. One that is broken keeps nobody from the rest. */
    struct error why = {0};
    if (native_describe(engine, schema, table, &all->names->arena, &why))
        return add_table(all, table, err);
    if (view && strcmp(why.sqlstate, "HY001") != 0)
        return true;
    *err = why;
    return false;
}

/* The tables and views of a schema but SQLite's own, ours and virtual ones with what belongs to them. */
static bool add_place(struct gathering *all, enum table_place place, struct error *err)
{
    sqlite3_stmt *answer;
    bool fine = true;
    int code;

    if (!native_ask(all->engine, "SELECT name, type = 'view' FROM pragma_table_list WHERE schema = :schema AND type IN ('table', 'view') "
                          "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'restodbc_views'",
             place_schema(place), NULL, &answer, err))
        return false;
    while ((code = sqlite3_step(answer)) == SQLITE_ROW && fine)
        fine = add_native(all, place, native_copy(&all->names->arena, answer, 0), sqlite3_column_int(answer, 1) != 0, err);
    return native_answered(all->engine, answer, code, fine, err);
}

static bool add_views(struct gathering *all, const struct engine_view *views, size_t count, struct table **made, struct error *err)
{
    struct engine *engine = all->engine;

    *made = arena_array(&all->names->arena, count + 1, sizeof **made);
    if (!*made)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        enum table_place place = views[i].of_file ? PLACE_SERVICE : views[i].place;
        (*made)[i] = (struct table){
            .name = views[i].name,
            .description = "",
            .kind = TABLE_VIEW,
            .place = place,
            .query = views[i].query,
            .service = place == PLACE_TEMPORARY   ? &engine->temporary
                       : place == PLACE_WORKSPACE ? &engine->workspace
                                                  : engine->service,
        };
        if (!add_table(all, &(*made)[i], err))
            return false;
    }
    return true;
}

/* By name; of one name first what an unqualified one finds. */
static int by_name(const void *a, const void *b)
{
    static const int precedence[] = {[PLACE_TEMPORARY] = 0, [PLACE_SERVICE] = 1, [PLACE_WORKSPACE] = 2};
    const struct table *const *first = a, *const *second = b;
    int order = strcasecmp((*first)->name, (*second)->name);
    return order ? order : precedence[(*first)->place] - precedence[(*second)->place];
}

static bool number_of(struct engine *engine, const char *pragma, int64_t *number, struct error *err)
{
    sqlite3_stmt *answer;

    if (!native_ask(engine, pragma, NULL, NULL, &answer, err))
        return false;
    int code = sqlite3_step(answer);
    *number = code == SQLITE_ROW ? sqlite3_column_int64(answer, 0) : 0;
    return native_answered(engine, answer, code, true, err);
}

static bool read_versions(struct engine *engine, int64_t *schema, int64_t *data, struct error *err)
{
    *schema = *data = 0;
    return !engine->file_workspace || (number_of(engine, "PRAGMA workspace.schema_version", schema, err) &&
                                       number_of(engine, "PRAGMA workspace.data_version", data, err));
}

static bool gather(struct gathering *all, struct table **of_file, struct table **stored, size_t *stored_count, struct error *err)
{
    struct engine *engine = all->engine;
    struct engine_view *views = NULL;

    for (size_t i = 0; i < engine->service->table_count; i++)
        if (!add_table(all, engine->service->tables[i], err))
            return false;
    if (!add_views(all, engine->views, engine->view_count, of_file, err) || !add_place(all, PLACE_TEMPORARY, err) ||
        (engine->has_workspace && !add_place(all, PLACE_WORKSPACE, err)))
        return false;
    return views_stored(engine, PLACE_TEMPORARY, &all->names->arena, &views, stored_count, err) &&
           (!engine->has_workspace || views_stored(engine, PLACE_WORKSPACE, &all->names->arena, &views, stored_count, err)) &&
           add_views(all, views, *stored_count, stored, err);
}

/* A view whose query no longer fits what there is stands in the list without columns; using it tells why. Those of the file are
 * looked at when the connection is opened. */
static bool describe_views(struct names *names, struct table *views, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct error why = {0};
        if (!view_describe(&names->service, &views[i], &names->arena, &why) && strcmp(why.sqlstate, "HY001") == 0)
            return error_memory(err);
    }
    return true;
}

bool names_build(struct engine *engine, struct error *err)
{
    struct names *names = calloc(1, sizeof *names);
    struct gathering all = {.engine = engine, .names = names};
    struct table *of_file, *stored;
    size_t stored_count = 0;

    if (!names)
        return error_memory(err);
    names->service = *engine->service;
    names->service.workspace = engine->has_workspace;
    atomic_init(&names->holders, 1);
    if (!read_versions(engine, &names->schema_version, &names->data_version, err) ||
        !gather(&all, &of_file, &stored, &stored_count, err)) {
        names_release(names);
        return false;
    }
    if (all.count)
        qsort(all.tables, all.count, sizeof *all.tables, by_name);
    names->service.tables = all.tables;
    names->service.table_count = all.count;
    if (!describe_views(names, of_file, engine->view_count, err) || !describe_views(names, stored, stored_count, err)) {
        names_release(names);
        return false;
    }
    pthread_mutex_lock(&engine->short_lock);
    struct names *before = engine->names;
    engine->names = names;
    pthread_mutex_unlock(&engine->short_lock);
    names_release(before);
    return true;
}

/* Makes them anew if another process has changed the workspace's definitions. */
static bool refresh(struct engine *engine, bool wait, bool *stale, struct error *err)
{
    int64_t schema, data;

    *stale = false;
    workspace_wait(engine, wait);
    bool fine = read_versions(engine, &schema, &data, err);
    *stale = !fine && !wait && sqlite3_errcode(engine->database) == SQLITE_BUSY;
    workspace_wait(engine, true);
    if (!fine)
        return *stale;
    if (schema == engine->names->schema_version && data == engine->names->data_version)
        return true;
    return names_build(engine, err);
}

static struct names *hold_present(struct engine *engine)
{
    pthread_mutex_lock(&engine->short_lock);
    struct names *names = names_hold(engine->names);
    pthread_mutex_unlock(&engine->short_lock);
    return names;
}

struct names *names_present(struct engine *engine, struct cancel *cancel, bool wait, bool *stale, struct error *err)
{
    struct query work = {.engine = engine, .cancel = cancel};

    *stale = false;
    if (!engine->file_workspace)
        return hold_present(engine);
    if (!engine_enter(&work, err))
        return NULL;
    struct names *names = refresh(engine, wait, stale, err) ? hold_present(engine) : NULL;
    engine_leave(engine);
    return names;
}

bool engine_names(struct engine *engine, struct cancel *cancel, const struct service **names, struct error *err)
{
    bool stale;
    struct names *present = names_present(engine, cancel, false, &stale, err);

    *names = present ? &present->service : NULL;
    return present != NULL;
}

void engine_names_release(const struct service *names)
{
    names_release((struct names *)names);
}

const struct service *engine_running_names(void *context)
{
    const struct engine *engine = context;
    const struct query *query = engine->running;
    struct names *names = query && query->renewed_names ? query->renewed_names : query && query->names ? query->names : engine->names;
    return &names->service;
}
