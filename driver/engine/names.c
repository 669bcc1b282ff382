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

static bool failed(struct engine *engine, struct error *err)
{
    return engine_failure(engine->running, sqlite3_errcode(engine->database), err);
}

/* Prepares a question about a schema and one of its tables, or NULL. */
static bool ask(struct engine *engine, const char *question, const char *schema, const char *table, sqlite3_stmt **answer,
                struct error *err)
{
    if (sqlite3_prepare_v2(engine->database, question, -1, answer, NULL) != SQLITE_OK)
        return failed(engine, err);
    int of_schema = sqlite3_bind_parameter_index(*answer, ":schema"), of_table = sqlite3_bind_parameter_index(*answer, ":table");
    if ((!of_schema || sqlite3_bind_text(*answer, of_schema, schema, -1, SQLITE_TRANSIENT) == SQLITE_OK) &&
        (!of_table || sqlite3_bind_text(*answer, of_table, table, -1, SQLITE_TRANSIENT) == SQLITE_OK))
        return true;
    sqlite3_finalize(*answer);
    return error_memory(err);
}

/* Ends an answer of which the last step gave code. */
static bool answered(struct engine *engine, sqlite3_stmt *answer, int code, bool fine, struct error *err)
{
    if (fine && code != SQLITE_DONE && code != SQLITE_ROW)
        fine = failed(engine, err);
    sqlite3_finalize(answer);
    return fine;
}

static char *copy_text(struct names *names, sqlite3_stmt *answer, int column)
{
    const char *text = (const char *)sqlite3_column_text(answer, column);
    return arena_text(&names->arena, text ? text : "");
}

/* --- columns ----------------------------------------------------------------------------------------------------------- */

/* A decimal's default is a text for SQLite, but a number in SQL. */
static bool read_standard(struct names *names, sqlite3_stmt *answer, struct column *column)
{
    char *text = copy_text(names, answer, 3);
    size_t length = text ? strlen(text) : 0;

    if (length >= 2 && type_is_number(column->type.kind) && text[0] == '\'' && text[length - 1] == '\'') {
        text[length - 1] = '\0';
        text++;
    }
    column->standard = text;
    return text;
}

static bool read_column(struct names *names, sqlite3_stmt *answer, struct column *column, struct error *err)
{
    const char *declared = (const char *)sqlite3_column_text(answer, 1);

    column->name = copy_text(names, answer, 0);
    column->description = "";
    declared_type_read(declared ? declared : "", &column->type);
    column->key = sqlite3_column_int(answer, 4) > 0;
    column->nullable = !sqlite3_column_int(answer, 2);
    if (sqlite3_column_type(answer, 3) != SQLITE_NULL && !read_standard(names, answer, column))
        return error_memory(err);
    return column->name || error_memory(err);
}

/* The key of a table of rows by number is that number: it is never NULL and counts on by itself. */
static void mark_automatic(struct column *columns, size_t count, const char *const *declared)
{
    struct column *only = NULL;

    for (size_t i = 0; i < count; i++) {
        if (columns[i].key && only)
            return;
        if (columns[i].key && strcasecmp(declared[i], "INTEGER") == 0)
            only = &columns[i];
        else if (columns[i].key)
            return;
    }
    if (!only)
        return;
    only->automatic = true;
    only->nullable = false;
    only->type = (struct type){TYPE_BIGINT, 0, 0};
}

static bool read_columns(struct gathering *all, const char *schema, struct table *table, struct error *err)
{
    static const char question[] = "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo(:table, :schema) "
                                   "WHERE hidden <> 1 ORDER BY cid";
    struct engine *engine = all->engine;
    struct arena *arena = &all->names->arena;
    struct column *columns = NULL;
    const char **declared = NULL;
    size_t count = 0, room = 0;
    sqlite3_stmt *answer;
    bool fine = true;
    int code;

    if (!ask(engine, question, schema, table->name, &answer, err))
        return false;
    while ((code = sqlite3_step(answer)) == SQLITE_ROW && fine) {
        if (count == room) {
            size_t grown = room ? room * 2 : 16;
            struct column *more = arena_array(arena, grown, sizeof *more);
            const char **words = arena_array(arena, grown, sizeof *words);
            if (!more || !words) {
                fine = error_memory(err);
                break;
            }
            if (count) {
                memcpy(more, columns, count * sizeof *more);
                memcpy(words, declared, count * sizeof *words);
            }
            columns = more;
            declared = words;
            room = grown;
        }
        fine = read_column(all->names, answer, &columns[count], err);
        declared[count] = fine ? copy_text(all->names, answer, 1) : NULL;
        if (fine && !declared[count])
            fine = error_memory(err);
        count += fine;
    }
    fine = answered(engine, answer, code, fine, err);
    if (!fine)
        return false;
    mark_automatic(columns, count, declared);
    table->columns = columns;
    table->column_count = count;
    return true;
}

/* --- references and indexes ---------------------------------------------------------------------------------------------- */

static bool read_references(struct gathering *all, const char *schema, const struct table *table, struct column *columns,
                            struct error *err)
{
    sqlite3_stmt *answer;
    bool fine = true;
    int code;

    if (!ask(all->engine, "SELECT \"from\", \"table\", coalesce(\"to\", (SELECT name FROM pragma_table_xinfo(f.\"table\", :schema) "
                          "WHERE pk = f.seq + 1), '') FROM pragma_foreign_key_list(:table, :schema) f",
             schema, table->name, &answer, err))
        return false;
    while ((code = sqlite3_step(answer)) == SQLITE_ROW && fine) {
        const char *from = (const char *)sqlite3_column_text(answer, 0);
        int column = from ? table_column(table, from) : -1;
        if (column < 0 || columns[column].references_table)
            continue;
        columns[column].references_table = copy_text(all->names, answer, 1);
        columns[column].references_column = copy_text(all->names, answer, 2);
        fine = (columns[column].references_table && columns[column].references_column) || error_memory(err);
    }
    return answered(all->engine, answer, code, fine, err);
}

/* A row of the question below is a column of an index; those of one index come together. */
static bool add_index_column(struct gathering *all, sqlite3_stmt *answer, struct table_index *index, size_t most)
{
    struct arena *arena = &all->names->arena;
    int *columns = (int *)index->columns;
    bool *descending = (bool *)index->descending;

    if (!columns) {
        index->columns = columns = arena_array(arena, most, sizeof *columns);
        index->descending = descending = arena_array(arena, most, sizeof *descending);
        if (!columns || !descending)
            return false;
    }
    columns[index->column_count] = sqlite3_column_int(answer, 2);
    descending[index->column_count++] = sqlite3_column_int(answer, 3) != 0;
    return true;
}

/* Indexes over whole columns; those that SQLite made for a primary key are told by the key itself. */
static bool read_indexes(struct gathering *all, const char *schema, struct table *table, struct error *err)
{
    struct arena *arena = &all->names->arena;
    struct table_index *indexes = NULL;
    size_t count = 0, room = 0;
    sqlite3_stmt *answer;
    bool fine = true;
    int code;

    if (!ask(all->engine, "SELECT l.name, l.\"unique\", x.cid, x.desc, "
                          "(SELECT min(cid) FROM pragma_index_xinfo(l.name, :schema) WHERE key = 1) AS least "
                          "FROM pragma_index_list(:table, :schema) l, pragma_index_xinfo(l.name, :schema) x "
                          "WHERE l.origin <> 'pk' AND l.partial = 0 AND x.key = 1 AND least >= 0 ORDER BY l.name, x.seqno",
             schema, table->name, &answer, err))
        return false;
    while ((code = sqlite3_step(answer)) == SQLITE_ROW && fine) {
        const char *name = (const char *)sqlite3_column_text(answer, 0);
        if (count == 0 || !name || strcmp(indexes[count - 1].name, name) != 0) {
            if (count == room) {
                struct table_index *grown = arena_array(arena, room * 2 + 4, sizeof *grown);
                if (!grown) {
                    fine = error_memory(err);
                    break;
                }
                if (count)
                    memcpy(grown, indexes, count * sizeof *grown);
                indexes = grown;
                room = room * 2 + 4;
            }
            indexes[count++] = (struct table_index){.name = copy_text(all->names, answer, 0),
                                                    .unique = sqlite3_column_int(answer, 1) != 0};
            fine = indexes[count - 1].name || error_memory(err);
        }
        if (fine && sqlite3_column_int(answer, 2) < (int)table->column_count)
            fine = add_index_column(all, answer, &indexes[count - 1], table->column_count) || error_memory(err);
    }
    table->indexes = indexes;
    table->index_count = count;
    return answered(all->engine, answer, code, fine, err);
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
    if (!read_columns(all, schema, table, &why)) {
        if (view && strcmp(why.sqlstate, "HY001") != 0)
            return true;
        *err = why;
        return false;
    }
    return (view || (read_references(all, schema, table, (struct column *)table->columns, err) && read_indexes(all, schema, table, err))) &&
           add_table(all, table, err);
}

/* The tables and views of a schema but SQLite's own, ours and virtual ones with what belongs to them. */
static bool add_place(struct gathering *all, enum table_place place, struct error *err)
{
    sqlite3_stmt *answer;
    bool fine = true;
    int code;

    if (!ask(all->engine, "SELECT name, type = 'view' FROM pragma_table_list WHERE schema = :schema AND type IN ('table', 'view') "
                          "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'restodbc_views'",
             place_schema(place), NULL, &answer, err))
        return false;
    while ((code = sqlite3_step(answer)) == SQLITE_ROW && fine)
        fine = add_native(all, place, copy_text(all->names, answer, 0), sqlite3_column_int(answer, 1) != 0, err);
    return answered(all->engine, answer, code, fine, err);
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

    if (!ask(engine, pragma, NULL, NULL, &answer, err))
        return false;
    int code = sqlite3_step(answer);
    *number = code == SQLITE_ROW ? sqlite3_column_int64(answer, 0) : 0;
    return answered(engine, answer, code, true, err);
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

/* While another process has the file locked the names stay as they are: what needs the workspace waits for it then, and nothing else
 * does. */
bool names_refresh(struct engine *engine, struct error *err)
{
    int64_t schema, data;

    if (!engine->file_workspace)
        return true;
    workspace_wait(engine, false);
    bool fine = read_versions(engine, &schema, &data, err);
    bool busy = !fine && sqlite3_errcode(engine->database) == SQLITE_BUSY;
    workspace_wait(engine, true);
    if (!fine)
        return busy;
    if (schema == engine->names->schema_version && data == engine->names->data_version)
        return true;
    return names_build(engine, err);
}

static const struct service *hold_present(struct engine *engine)
{
    pthread_mutex_lock(&engine->short_lock);
    const struct service *names = &names_hold(engine->names)->service;
    pthread_mutex_unlock(&engine->short_lock);
    return names;
}

bool engine_names(struct engine *engine, struct cancel *cancel, const struct service **names, struct error *err)
{
    struct query work = {.engine = engine, .cancel = cancel};

    if (!engine->file_workspace) {
        *names = hold_present(engine);
        return true;
    }
    if (!engine_enter(&work, err))
        return false;
    bool fine = names_refresh(engine, err);
    if (fine)
        *names = hold_present(engine);
    engine_leave(engine);
    return fine;
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
