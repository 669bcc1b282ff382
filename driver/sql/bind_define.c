/* CREATE, ALTER and DROP of tables, indexes and views: where they stand, what must and must not exist, and what SQLite is told. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/change_tree.h"
#include "sql/place.h"
#include "sql/print.h"
#include "sql/typing.h"

static const char *last_part(const struct name *name)
{
    return name->parts[name->count - 1];
}

static bool no_workspace(struct binder *binder, uint32_t at, const char *name, bool table)
{
    return bind_error(binder, at, "42000", "%.128s can not be made, because the connection has no workspace; Workspace=:memory: or Workspace=FILE "
                      "in the connection string makes one%s", name,
                      table ? ", and temporary tables (CREATE TEMPORARY TABLE, #name) need none" : "");
}

static bool is_temporary_name(const struct binder *binder, const struct name *name)
{
    return last_part(name)[0] == '#' || (name->count > 1 && place_fits(binder, PLACE_TEMPORARY, name, 1));
}

/* Where something new shall stand. */
static bool choose_place(struct binder *binder, const struct definition *definition, enum table_place *place)
{
    const struct name *name = &definition->name;
    bool workspace = binder->service->workspace, table = definition->action == DEFINE_CREATE_TABLE;

    if (!place_exists(binder, name, 1, definition->at))
        return false;
    if (table && (definition->temporary || is_temporary_name(binder, name) || (definition->into && !workspace && name->count == 1))) {
        *place = PLACE_TEMPORARY;
        return place_fits(binder, *place, name, 1) ||
               bind_error(binder, definition->at, "42000", "A temporary table can not stand in %.128s", name->parts[0]);
    }
    *place = PLACE_WORKSPACE;
    if (!workspace)
        return no_workspace(binder, definition->at, last_part(name), table);
    return place_fits(binder, *place, name, 1) ||
           bind_error(binder, definition->at, "42000", "Nothing can be made in %.128s, which is read-only; the catalog Workspace takes it",
                      name->parts[0]);
}

/* Names that SQLite or the workspace keep for themselves. */
static bool check_name(struct binder *binder, const char *name, uint32_t at)
{
    static const char *const kept[] = {"sqlite_", "restodbc_"};

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (name_equal_length(name, strnlen(name, strlen(kept[i])), kept[i]))
            return bind_error(binder, at, "42000", "Names that begin with %s are kept for the engine", kept[i]);
    return bind_new_name(binder, name, at);
}

/* The table or view of this name, whatever place it is in. */
static const struct table *find_any(const struct binder *binder, const char *name)
{
    const struct name bare = {{name}, 1};
    return place_find(binder, &bare);
}

static bool exists_already(struct binder *binder, const struct table *table, uint32_t at)
{
    return bind_error(binder, at, "42S01", "There is a %s %.128s in %.128s already", table->query ? "view" : "table", table->name,
                      place_catalog(binder, table->place));
}

/* A new table's or view's name, or *spared when one of that name may be there and is. */
static bool claim_name(struct binder *binder, const struct definition *definition, bool *spared)
{
    const struct table *other = find_any(binder, last_part(&definition->name));

    *spared = other && definition->spare;
    if (!check_name(binder, last_part(&definition->name), definition->at))
        return false;
    return !other || *spared || (definition->replace && other->query && other->place == PLACE_WORKSPACE) ||
           exists_already(binder, other, definition->at);
}

static bool spare(struct statement *statement)
{
    statement->define = DEFINE_NOTHING;
    return true;
}

static struct table *new_table(struct binder *binder, enum table_place place, const char *name)
{
    struct table *table = arena_alloc(binder->arena, sizeof *table);
    struct service *catalog = arena_alloc(binder->arena, sizeof *catalog);

    if (!table || !catalog) {
        error_memory(binder->err);
        return NULL;
    }
    catalog->name = place_catalog(binder, place);
    table->name = name;
    table->description = "";
    table->place = place;
    table->service = catalog;   /* a later statement of the batch describes its columns by it */
    table->kind = place == PLACE_TEMPORARY ? TABLE_LOCAL_TEMPORARY : TABLE_TABLE;
    return table;
}

static bool finish(struct binder *binder, struct buffer *out, struct statement *statement)
{
    statement->engine_sql = bind_printed(binder, out);
    return statement->engine_sql != NULL;
}

/* ---- CREATE ---- */

static bool has_references(const struct definition *definition)
{
    for (size_t i = 0; i < definition->constraint_count; i++)
        if (definition->constraints[i].kind == CONSTRAINT_FOREIGN_KEY)
            return true;
    return false;
}

static bool create_table(struct binder *binder, struct definition *definition, struct statement *statement)
{
    struct buffer out;
    bool spared;

    if (!choose_place(binder, definition, &statement->place) || !claim_name(binder, definition, &spared))
        return false;
    struct table *table = new_table(binder, statement->place, statement->name);
    if (!table)
        return false;
    if (spared)
        return spare(statement);
    if (definition->query)
        return bind_filled_table(binder, definition, table, statement) && place_change(binder, table, NULL);

    buffer_init(&out, PRINT_LIMIT);
    buffer_append_text(&out, "CREATE TABLE ");
    print_place(&out, table->place, table->name);
    buffer_append_text(&out, " (");
    if (!bind_columns(binder, definition, table, &out)) {
        buffer_clear(&out);
        return false;
    }
    buffer_append_char(&out, ')');
    statement->refers = has_references(definition);
    return finish(binder, &out, statement) && place_change(binder, table, NULL);
}

/* The view's query, with the names of its columns around it when they are given. */
static const char *view_text(struct binder *binder, const struct definition *definition, const char *query)
{
    struct buffer out;

    if (definition->names.count == 0)
        return query;
    buffer_init(&out, PRINT_LIMIT);
    buffer_printf(&out, "SELECT * FROM (%s\n) AS ", query); /* a comment may end it */
    print_name(&out, last_part(&definition->name));
    for (size_t i = 0; i < definition->names.count; i++) {
        buffer_append_text(&out, i ? ", " : " (");
        print_name(&out, definition->names.names[i]);
    }
    buffer_append_char(&out, ')');
    return bind_printed(binder, &out);
}

/* Binds the query to learn the columns, and that it can be run. */
static bool bind_view_columns(struct binder *binder, const struct definition *definition, struct table *view)
{
    struct source source = {0};

    if (!bind_view(binder, view, definition->at, &source))
        return false;
    if (definition->names.count && definition->names.count != source.column_count)
        return bind_error(binder, definition->names.at[0], "21S02", "%zu column names are given for the %zu columns of the view",
                          definition->names.count, source.column_count);
    struct column *columns = arena_array(binder->arena, source.column_count + 1, sizeof *columns);
    if (!columns)
        return error_memory(binder->err);
    for (size_t i = 0; i < source.column_count; i++) {
        const char *name = definition->names.count ? definition->names.names[i] : source.columns[i].name;
        if (!bind_new_name(binder, name, definition->at))
            return false;
        for (size_t j = 0; j < i; j++)
            if (name_equal(columns[j].name, name))
                return bind_error(binder, definition->at, "42S21", "The view %.128s would have two columns %.128s", view->name, name);
        columns[i] = (struct column){.name = name, .description = "", .type = source.columns[i].type, .nullable = source.columns[i].nullable};
    }
    view->columns = columns;
    view->column_count = source.column_count;
    return true;
}

static bool create_view(struct binder *binder, struct definition *definition, struct statement *statement)
{
    bool spared;

    if (!choose_place(binder, definition, &statement->place) || !claim_name(binder, definition, &spared))
        return false;
    if (spared)
        return spare(statement);
    struct table *view = new_table(binder, statement->place, statement->name);
    const char *query = view ? arena_copy(binder->arena, binder->text + definition->query_at, definition->query_length) : NULL;
    if (!query)
        return error_memory(binder->err);
    view->kind = TABLE_VIEW;
    view->query = query;
    if (!bind_view_columns(binder, definition, view))
        return false;
    statement->view_query = view->query = view_text(binder, definition, query);
    statement->replace = definition->replace;
    return view->query && place_change(binder, view, find_any(binder, statement->name));
}

/* ---- What exists ---- */

/* A table that may be changed. *table NULL: there is none, and that is allowed. */
static bool find_own(struct binder *binder, const struct name *name, uint32_t at, bool spare_it, const struct table **table)
{
    struct name_guess guess = {.wanted = last_part(name)};

    if (!place_exists(binder, name, 1, at))
        return false;
    *table = place_find(binder, name);
    if (!*table && spare_it)
        return true;
    const struct table *elsewhere = *table ? NULL : find_any(binder, last_part(name));
    if (elsewhere)
        return bind_error(binder, at, "42S02", "There is no table or view %.128s in %.128s; there is one in %.128s", guess.wanted, name->parts[0],
                          place_catalog(binder, elsewhere->place));
    if (!*table) {
        for (size_t i = 0; i < binder->service->table_count; i++)
            name_guess_show(&guess, binder->service->tables[i]->name);
        return bind_error(binder, at, "42S02", "There is no table or view %.128s%s%s%s", guess.wanted, guess.best ? "; did you mean " : "",
                          guess.best ? guess.best : "", guess.best ? "?" : "");
    }
    return (*table)->place != PLACE_SERVICE || place_read_only(binder, *table, at);
}

static bool find_own_table(struct binder *binder, const struct name *name, uint32_t at, bool spare_it, const struct table **table)
{
    if (!find_own(binder, name, at, spare_it, table))
        return false;
    return !*table || (*table)->kind != TABLE_VIEW || bind_error(binder, at, "42000", "%.128s is a view, not a table", (*table)->name);
}

static bool drop_table(struct binder *binder, const struct definition *definition, struct statement *statement)
{
    const struct table *table;
    struct buffer out;

    if (!find_own_table(binder, &definition->name, definition->at, definition->spare, &table))
        return false;
    if (!table)
        return spare(statement);
    statement->target = table;
    statement->place = table->place;
    statement->cascade = definition->cascade;
    buffer_init(&out, PRINT_LIMIT);
    buffer_append_text(&out, "DROP TABLE ");
    print_place(&out, table->place, table->name);
    return finish(binder, &out, statement) && place_change(binder, NULL, table);
}

static bool drop_view(struct binder *binder, const struct definition *definition, struct statement *statement)
{
    const struct table *view;

    if (!find_own(binder, &definition->name, definition->at, definition->spare, &view))
        return false;
    if (!view)
        return spare(statement);
    if (view->kind != TABLE_VIEW)
        return bind_error(binder, definition->at, "42000", "%.128s is a table, not a view", view->name);
    statement->target = view;
    statement->place = view->place;
    statement->name = view->name;
    return place_change(binder, NULL, view);
}

/* ---- Indexes ---- */

static const struct table *index_owner(const struct binder *binder, const char *name)
{
    for (size_t i = 0; i < binder->service->table_count; i++) {
        const struct table *table = binder->service->tables[i];
        for (size_t j = 0; j < table->index_count; j++)
            if (name_equal(table->indexes[j].name, name))
                return table;
    }
    return NULL;
}

static bool check_keys(struct binder *binder, const struct definition *definition, const struct table *table)
{
    for (size_t i = 0; i < definition->key_count; i++)
        if (table_column(table, definition->keys[i].name) < 0)
            return bind_error(binder, definition->keys[i].at, "42S22", "There is no column %.128s in %.128s", definition->keys[i].name, table->name);
    return true;
}

static bool create_index(struct binder *binder, const struct definition *definition, struct statement *statement)
{
    const struct table *table, *owner = index_owner(binder, statement->name);
    struct buffer out;

    if (!find_own_table(binder, &definition->table, definition->table_at, false, &table) ||
        !check_name(binder, statement->name, definition->at) || !check_keys(binder, definition, table))
        return false;
    if (owner && definition->spare)
        return spare(statement);
    if (owner)
        return bind_error(binder, definition->at, "42S11", "There is an index %.128s already, on %.128s", statement->name, owner->name);
    statement->target = table;
    statement->place = table->place;
    buffer_init(&out, PRINT_LIMIT);
    buffer_append_text(&out, definition->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    print_place(&out, table->place, statement->name);
    buffer_append_text(&out, " ON ");
    print_name(&out, table->name);
    for (size_t i = 0; i < definition->key_count; i++) {
        buffer_append_text(&out, i ? ", " : " (");
        print_name(&out, definition->keys[i].name);
        buffer_append_text(&out, definition->keys[i].descending ? " DESC" : "");
    }
    buffer_append_char(&out, ')');
    return finish(binder, &out, statement);
}

/* An index of a statement before this one in the batch is not known here; SQLite knows it then. */
static bool drop_index(struct binder *binder, const struct definition *definition, struct statement *statement)
{
    const struct table *table = NULL, *owner = index_owner(binder, statement->name);
    struct buffer out;

    if (definition->table.count && !find_own_table(binder, &definition->table, definition->table_at, false, &table))
        return false;
    for (size_t i = 0; owner && i < owner->index_count; i++)
        if (owner->indexes[i].constraint && name_equal(owner->indexes[i].name, statement->name))
            return bind_error(binder, definition->at, "42000", "%.128s is a constraint of %.128s, no index; make the table anew without it",
                              statement->name, owner->name);
    if (!owner && !binder->changes) {
        if (definition->spare)
            return spare(statement);
        return bind_error(binder, definition->at, "42S12", "There is no index %.128s", statement->name);
    }
    statement->target = table ? table : owner;
    statement->place = statement->target ? statement->target->place : PLACE_SERVICE;
    buffer_init(&out, PRINT_LIMIT);
    buffer_append_text(&out, definition->spare ? "DROP INDEX IF EXISTS " : "DROP INDEX ");
    if (statement->target)
        print_place(&out, statement->place, statement->name);
    else
        print_name(&out, statement->name);
    return finish(binder, &out, statement);
}

/* ---- ALTER TABLE ---- */

static bool find_altered(struct binder *binder, const struct definition *definition, const struct table *table, int *column)
{
    *column = table_column(table, definition->old_name);
    return *column >= 0 || bind_error(binder, definition->old_at, "42S22", "There is no column %.128s in %.128s", definition->old_name, table->name);
}

static bool stands_in(int column, const int *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i] == column)
            return true;
    return false;
}

/* A foreign key of any table that leads to the column. */
static const struct table *referrer(const struct binder *binder, const struct table *table, int column)
{
    for (size_t i = 0; i < binder->service->table_count; i++) {
        const struct table *other = binder->service->tables[i];
        for (size_t j = 0; other->place == table->place && j < other->reference_count; j++) {
            const struct table_reference *reference = &other->references[j];
            for (size_t k = 0; name_equal(reference->parent, table->name) && k < reference->column_count; k++)
                if (name_equal(reference->parent_columns[k], table->columns[column].name))
                    return other;
        }
    }
    return NULL;
}

/* What SQLite would tell of its own text. */
static bool may_drop_column(struct binder *binder, const struct definition *definition, const struct table *table, int column)
{
    const char *name = table->columns[column].name;
    uint32_t at = definition->old_at;

    if (table->columns[column].key || table->column_count == 1)
        return bind_error(binder, at, "42000", "The column %.128s can not be dropped: it is %s", name,
                          table->columns[column].key ? "part of the primary key" : "the only one of its table");
    for (size_t i = 0; i < table->index_count; i++) {
        const struct table_index *index = &table->indexes[i];
        if (stands_in(column, index->columns, index->column_count))
            return bind_error(binder, at, "42000", index->constraint ? "The column %.128s can not be dropped: UNIQUE is defined over it; make the table "
                              "anew without it" : "The column %.128s can not be dropped: the index %.128s is over it; DROP INDEX takes that away first",
                              name, index->name);
    }
    for (size_t i = 0; i < table->reference_count; i++)
        if (stands_in(column, table->references[i].columns, table->references[i].column_count))
            return bind_error(binder, at, "42000", "The column %.128s can not be dropped: it refers to %.128s; make the table anew without it", name,
                              table->references[i].parent);
    const struct table *other = referrer(binder, table, column);
    return !other || bind_error(binder, at, "42000", "The column %.128s can not be dropped: %.128s refers to it", name, other->name);
}

static bool alter_columns(struct binder *binder, struct definition *definition, struct table *after, struct buffer *out)
{
    struct column *columns = arena_array(binder->arena, after->column_count + 1, sizeof *columns);
    int column;

    if (!columns)
        return error_memory(binder->err);
    if (definition->alteration == ALTER_ADD_COLUMN) {
        buffer_append_text(out, " ADD COLUMN ");
        return bind_columns(binder, definition, after, out);
    }
    if (definition->alteration == ALTER_RENAME_TABLE) {
        after->name = definition->new_name;
        buffer_append_text(out, " RENAME TO ");
        print_name(out, definition->new_name);
        return true;
    }
    if (!find_altered(binder, definition, after, &column))
        return false;
    memcpy(columns, after->columns, after->column_count * sizeof *columns);
    buffer_append_text(out, definition->alteration == ALTER_DROP_COLUMN ? " DROP COLUMN " : " RENAME COLUMN ");
    print_name(out, columns[column].name);
    if (definition->alteration == ALTER_DROP_COLUMN) {
        if (!may_drop_column(binder, definition, after, column))
            return false;
        after->column_count--;
        memmove(columns + column, columns + column + 1, (after->column_count - (size_t)column) * sizeof *columns);
    } else {
        if (table_column(after, definition->new_name) >= 0 && table_column(after, definition->new_name) != column)
            return bind_error(binder, definition->new_at, "42S21", "There is a column %.128s in %.128s already", definition->new_name, after->name);
        if (!bind_new_name(binder, definition->new_name, definition->new_at))
            return false;
        columns[column].name = definition->new_name;
        buffer_append_text(out, " TO ");
        print_name(out, definition->new_name);
    }
    after->columns = columns;
    return true;
}

static bool alter_table(struct binder *binder, struct definition *definition, struct statement *statement)
{
    const struct table *table;
    struct buffer out;

    if (!find_own_table(binder, &definition->name, definition->at, false, &table))
        return false;
    if (definition->alteration == ALTER_RENAME_TABLE) {
        const struct table *other = find_any(binder, definition->new_name);
        if (!check_name(binder, definition->new_name, definition->new_at))
            return false;
        if (other && other != table)
            return exists_already(binder, other, definition->new_at);
        if ((definition->new_name[0] == '#') != (table->name[0] == '#'))
            return bind_error(binder, definition->new_at, "42000", "A name with # is one of a temporary table for good");
    }
    struct table *after = new_table(binder, table->place, table->name);
    if (!after)
        return false;
    *after = *table;
    statement->target = table;
    statement->place = table->place;
    statement->name = after->name;
    statement->refers = has_references(definition);
    buffer_init(&out, PRINT_LIMIT);
    buffer_append_text(&out, "ALTER TABLE ");
    print_place(&out, table->place, table->name);
    if (!alter_columns(binder, definition, after, &out)) {
        buffer_clear(&out);
        return false;
    }
    return finish(binder, &out, statement) && place_change(binder, NULL, table) && place_change(binder, after, NULL);
}

bool bind_definition(struct binder *binder, struct definition *definition, struct statement *statement)
{
    static const char *const commands[] = {
        [DEFINE_NOTHING] = "", [DEFINE_CREATE_TABLE] = "CREATE TABLE", [DEFINE_ALTER_TABLE] = "ALTER TABLE", [DEFINE_DROP_TABLE] = "DROP TABLE",
        [DEFINE_CREATE_INDEX] = "CREATE INDEX", [DEFINE_DROP_INDEX] = "DROP INDEX", [DEFINE_CREATE_VIEW] = "CREATE VIEW",
        [DEFINE_DROP_VIEW] = "DROP VIEW",
    };

    statement->define = definition->action;
    statement->command = commands[definition->action];
    statement->name = last_part(&definition->name);
    switch (definition->action) {
    case DEFINE_CREATE_TABLE: return create_table(binder, definition, statement);
    case DEFINE_ALTER_TABLE: return alter_table(binder, definition, statement);
    case DEFINE_DROP_TABLE: return drop_table(binder, definition, statement);
    case DEFINE_CREATE_INDEX: return create_index(binder, definition, statement);
    case DEFINE_DROP_INDEX: return drop_index(binder, definition, statement);
    case DEFINE_CREATE_VIEW: return create_view(binder, definition, statement);
    case DEFINE_DROP_VIEW: return drop_view(binder, definition, statement);
    case DEFINE_NOTHING: break;
    }
    return true;
}
