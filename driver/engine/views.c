/* Views: where their texts come from, and their columns. */
#include <jansson.h>
#include <string.h>

#include "base/name.h"
#include "engine/cell.h"
#include "engine/state.h"

static bool read_view(struct engine *engine, const char *file, const char *name, json_t *definition, struct engine_view *view,
                      struct error *err)
{
    json_t *query = json_object_get(definition, "query");

    if (!json_is_object(definition) || !json_is_string(query))
        return error_set(err, "HY000", "UserDefinedViews: view %s in %s has no query; it is written as {\"%s\": {\"query\": \"SELECT …\"}}",
                         name, file, name);
    if (!*name)
        return error_set(err, "HY000", "UserDefinedViews: %s has a view without a name", file);
    if (service_table(engine->service, name))
        return error_set(err, "42S01", "UserDefinedViews: view %s in %s has the name of a table of %s; choose another", name, file,
                         engine->service->name);
    *view = (struct engine_view){.name = arena_text(&engine->kept, name),
                                 .query = arena_text(&engine->kept, json_string_value(query)), .of_file = true};
    return (view->name && view->query) || error_memory(err);
}

static bool read_all(struct engine *engine, const char *file, json_t *root, struct error *err)
{
    const char *name;
    json_t *definition;

    if (!json_is_object(root))
        return error_set(err, "HY000", "UserDefinedViews: %s is no JSON object of views: {\"Name\": {\"query\": \"SELECT …\"}}", file);
    engine->views = arena_array(&engine->kept, json_object_size(root) + 1, sizeof *engine->views);
    if (!engine->views)
        return error_memory(err);
    json_object_foreach(root, name, definition) {
        for (size_t i = 0; i < engine->view_count; i++)
            if (name_equal(engine->views[i].name, name))
                return error_set(err, "HY000", "UserDefinedViews: %s has view %s twice", file, name);
        if (!read_view(engine, file, name, definition, &engine->views[engine->view_count], err))
            return false;
        engine->view_count++;
    }
    return true;
}

bool views_read(struct engine *engine, const char *file, struct error *err)
{
    json_error_t why;
    json_t *root = json_load_file(file, JSON_REJECT_DUPLICATES, &why);

    if (!root)
        return error_set(err, "HY000", "UserDefinedViews: %s can not be read: %s%s", file, why.text,
                         why.line > 0 ? "; it holds {\"Name\": {\"query\": \"SELECT …\"}}" : "");
    bool fine = read_all(engine, file, root, err);
    json_decref(root);
    return fine;
}

bool view_describe(const struct service *names, struct table *view, struct arena *arena, struct error *err)
{
    struct arena work = {0};
    struct statement *statement;
    bool fine = statement_prepare(view->query, strlen(view->query), NULL, 0, NULL, names, false, &work, &statement, err);

    if (fine && (statement->kind != STATEMENT_SELECT || statement->next))
        fine = error_set(err, "42000", "its query is not one SELECT");
    if (fine && statement->parameter_count)
        fine = error_set(err, "42000", "its query has parameters");
    struct column *columns = fine ? arena_array(arena, statement->column_count + 1, sizeof *columns) : NULL;
    if (fine && !columns)
        fine = error_memory(err);
    for (size_t i = 0; fine && i < statement->column_count; i++) {
        const struct result_column *shown = &statement->columns[i];
        columns[i] = (struct column){.name = arena_text(arena, shown->label), .description = "", .type = shown->type,
                                     .nullable = shown->nullable != NULLABLE_NO};
        if (!columns[i].name)
            fine = error_memory(err);
    }
    if (fine) {
        view->columns = columns;
        view->column_count = statement->column_count;
    }
    arena_clear(&work);
    return fine;
}

static bool has_stored(struct engine *engine, const char *schema)
{
    static const char *const columns[] = {"name", "query"};

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (sqlite3_table_column_metadata(engine->database, schema, "restodbc_views", columns[i], NULL, NULL, NULL, NULL, NULL) != SQLITE_OK)
            return false;
    return true;
}

static bool add_stored(sqlite3_stmt *program, enum table_place place, struct arena *arena, struct engine_view **views, size_t *count)
{
    const char *name = (const char *)sqlite3_column_text(program, 0), *query = (const char *)sqlite3_column_text(program, 1);
    struct engine_view *grown = arena_array(arena, *count + 1, sizeof *grown);

    if (!grown)
        return false;
    if (*count)
        memcpy(grown, *views, *count * sizeof *grown);
    grown[*count] = (struct engine_view){.name = arena_text(arena, name ? name : ""), .query = arena_text(arena, query ? query : ""),
                                         .place = place};
    *views = grown;
    ++*count;
    return grown[*count - 1].name && grown[*count - 1].query;
}

bool views_stored(struct engine *engine, enum table_place place, struct arena *arena, struct engine_view **views, size_t *count,
                  struct error *err)
{
    const char *schema = place_schema(place);
    sqlite3_stmt *program;
    bool fine = true;

    if (!has_stored(engine, schema))
        return true;
    char *text = sqlite3_mprintf("SELECT name, query FROM %s.restodbc_views WHERE name <> '' ORDER BY name", schema);
    if (!text)
        return error_memory(err);
    int code = sqlite3_prepare_v2(engine->database, text, -1, &program, NULL);
    sqlite3_free(text);
    if (code != SQLITE_OK)
        return engine_failure(engine->running, code, err);
    while ((code = sqlite3_step(program)) == SQLITE_ROW && fine)
        fine = add_stored(program, place, arena, views, count) || error_memory(err);
    if (fine && code != SQLITE_DONE)
        fine = engine_failure(engine->running, code, err);
    sqlite3_finalize(program);
    return fine;
}
