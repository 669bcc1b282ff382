/* What SQLite tells of a native table: its columns, keys, references and indexes. */
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "engine/state.h"
#include "sql/declared_names.h"
#include "sql/declared_type.h"

static bool failed(struct engine *engine, struct error *err)
{
    return engine_failure(engine->running, sqlite3_errcode(engine->database), err);
}

bool native_ask(struct engine *engine, const char *question, const char *schema, const char *table, sqlite3_stmt **answer,
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

bool native_answered(struct engine *engine, sqlite3_stmt *answer, int code, bool fine, struct error *err)
{
    if (fine && code != SQLITE_DONE && code != SQLITE_ROW)
        fine = failed(engine, err);
    sqlite3_finalize(answer);
    return fine;
}

char *native_copy(struct arena *arena, sqlite3_stmt *answer, int column)
{
    const char *text = (const char *)sqlite3_column_text(answer, column);
    return arena_text(arena, text ? text : "");
}

/* Room for one more behind `count`; twice as much whenever a power of two is full. NULL when out of memory. */
static void *grow(struct arena *arena, void *old, size_t count, size_t size)
{
    if (count & (count - 1))
        return old;
    void *larger = arena_array(arena, count ? count * 2 : 1, size);
    if (larger && count)
        memcpy(larger, old, count * size);
    return larger;
}

/* --- columns ----------------------------------------------------------------------------------------------------------- */

/* A decimal's default is a text for SQLite, but a number in SQL. */
static bool read_standard(struct arena *arena, sqlite3_stmt *answer, struct column *column)
{
    char *text = native_copy(arena, answer, 3);
    size_t length = text ? strlen(text) : 0;

    if (length >= 2 && type_is_number(column->type.kind) && text[0] == '\'' && text[length - 1] == '\'') {
        text[length - 1] = '\0';
        text++;
    }
    column->standard = text;
    return text;
}

static bool read_column(struct arena *arena, sqlite3_stmt *answer, struct column *column, struct error *err)
{
    const char *declared = (const char *)sqlite3_column_text(answer, 1);

    column->name = native_copy(arena, answer, 0);
    column->description = "";
    declared_type_read(declared ? declared : "", &column->type);
    column->key = sqlite3_column_int(answer, 4);
    column->nullable = !sqlite3_column_int(answer, 2);
    column->automatic = column->key && sqlite3_column_int(answer, 5);
    if (column->automatic)
        column->nullable = false;
    if (sqlite3_column_type(answer, 3) != SQLITE_NULL && !read_standard(arena, answer, column))
        return error_memory(err);
    return column->name || error_memory(err);
}

static bool read_columns(struct engine *engine, const char *schema, struct table *table, struct arena *arena, struct error *err)
{
    /* A key that has no index is the number of the row, which counts on by itself. */
    static const char question[] = "SELECT name, type, \"notnull\", dflt_value, pk, NOT EXISTS (SELECT 1 FROM pragma_index_list(:table, :schema) "
                                   "WHERE origin = 'pk') FROM pragma_table_xinfo(:table, :schema) WHERE hidden <> 1 ORDER BY cid";
    struct column *columns = NULL;
    size_t count = 0;
    sqlite3_stmt *answer;
    bool fine = true;
    int code;

    if (!native_ask(engine, question, schema, table->name, &answer, err))
        return false;
    while (fine && (code = sqlite3_step(answer)) == SQLITE_ROW) {
        columns = grow(arena, columns, count, sizeof *columns);
        fine = (columns || error_memory(err)) && read_column(arena, answer, &columns[count++], err);
    }
    if (!native_answered(engine, answer, fine ? code : SQLITE_DONE, fine, err))
        return false;
    table->columns = columns;
    table->column_count = count;
    return true;
}

/* --- references and indexes ---------------------------------------------------------------------------------------------- */

static enum reference_action read_action(const char *text)
{
    static const char *const words[] = {[REFERENCE_NO_ACTION] = "NO ACTION", [REFERENCE_CASCADE] = "CASCADE", [REFERENCE_RESTRICT] = "RESTRICT",
                                        [REFERENCE_SET_NULL] = "SET NULL", [REFERENCE_SET_DEFAULT] = "SET DEFAULT"};

    for (size_t i = 0; text && i < sizeof words / sizeof words[0]; i++)
        if (name_equal(words[i], text))
            return (enum reference_action)i;
    return REFERENCE_NO_ACTION;
}

/* A row of the question below is a column of a reference; those of one come together, the first with number 0. */
static bool add_reference_column(sqlite3_stmt *answer, const struct table *table, struct table_reference *reference, struct arena *arena)
{
    int *columns = grow(arena, (int *)reference->columns, reference->column_count, sizeof *columns);
    const char **parents = grow(arena, (const char **)reference->parent_columns, reference->column_count, sizeof *parents);
    const char *from = (const char *)sqlite3_column_text(answer, 1);

    if (!columns || !parents || (!reference->parent && !(reference->parent = native_copy(arena, answer, 2))))
        return false;
    reference->columns = columns;
    reference->parent_columns = parents;
    reference->on_update = read_action((const char *)sqlite3_column_text(answer, 4));
    reference->on_delete = read_action((const char *)sqlite3_column_text(answer, 5));
    int column = from ? table_column(table, from) : -1;
    if (column < 0)
        return true;
    columns[reference->column_count] = column;
    return (parents[reference->column_count++] = native_copy(arena, answer, 3)) != NULL;
}

static bool read_references(struct engine *engine, const char *schema, struct table *table, struct arena *arena, struct error *err)
{
    static const char question[] = "SELECT seq, \"from\", \"table\", coalesce(\"to\", (SELECT name FROM pragma_table_xinfo(f.\"table\", :schema) "
                                   "WHERE pk = f.seq + 1), ''), on_update, on_delete FROM pragma_foreign_key_list(:table, :schema) f "
                                   "ORDER BY id DESC, seq";
    struct table_reference *references = NULL;
    size_t count = 0;
    sqlite3_stmt *answer;
    bool fine = true;
    int code;

    if (!native_ask(engine, question, schema, table->name, &answer, err))
        return false;
    while (fine && (code = sqlite3_step(answer)) == SQLITE_ROW) {
        if (sqlite3_column_int(answer, 0) == 0 && (references = grow(arena, references, count, sizeof *references)))
            references[count++] = (struct table_reference){0};
        fine = (references && add_reference_column(answer, table, &references[count - 1], arena)) || error_memory(err);
    }
    table->references = references;
    table->reference_count = count;
    return native_answered(engine, answer, fine ? code : SQLITE_DONE, fine, err);
}

/* A row of the question below is a column of an index; those of one index come together, the first with number 0. */
static bool add_index_column(sqlite3_stmt *answer, struct table_index *index, struct arena *arena)
{
    int *columns = grow(arena, (int *)index->columns, index->column_count, sizeof *columns);
    bool *descending = grow(arena, (bool *)index->descending, index->column_count, sizeof *descending);

    if (!columns || !descending)
        return false;
    columns[index->column_count] = sqlite3_column_int(answer, 2);
    descending[index->column_count++] = sqlite3_column_int(answer, 3) != 0;
    index->columns = columns;
    index->descending = descending;
    return true;
}

/* Indexes over whole columns; those that SQLite made for a primary key are told by the key itself. */
static bool read_indexes(struct engine *engine, const char *schema, struct table *table, struct arena *arena, struct error *err)
{
    static const char question[] = "SELECT l.name, l.\"unique\", x.cid, x.desc, x.seqno, l.origin = 'u', "
                                   "(SELECT min(cid) FROM pragma_index_xinfo(l.name, :schema) WHERE key = 1) AS least "
                                   "FROM pragma_index_list(:table, :schema) l, pragma_index_xinfo(l.name, :schema) x "
                                   "WHERE l.origin <> 'pk' AND l.partial = 0 AND x.key = 1 AND least >= 0 ORDER BY l.name, x.seqno";
    struct table_index *indexes = NULL;
    size_t count = 0;
    sqlite3_stmt *answer;
    bool fine = true;
    int code;

    if (!native_ask(engine, question, schema, table->name, &answer, err))
        return false;
    while (fine && (code = sqlite3_step(answer)) == SQLITE_ROW) {
        if (sqlite3_column_int(answer, 4) == 0 && (indexes = grow(arena, indexes, count, sizeof *indexes)))
            indexes[count++] = (struct table_index){.name = native_copy(arena, answer, 0), .unique = sqlite3_column_int(answer, 1) != 0,
                                                    .constraint = sqlite3_column_int(answer, 5) != 0};
        fine = (indexes && indexes[count - 1].name && add_index_column(answer, &indexes[count - 1], arena)) || error_memory(err);
    }
    table->indexes = indexes;
    table->index_count = count;
    return native_answered(engine, answer, fine ? code : SQLITE_DONE, fine, err);
}

/* --- names of constraints ------------------------------------------------------------------------------------------------ */

static bool is_over(const struct declared_name *given, const struct table *table, const int *columns, size_t count)
{
    if (count != given->column_count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!name_equal(table->columns[columns[i]].name, given->columns[i]))
            return false;
    return true;
}

/* Those of one kind over the same columns have their names in the order in which they were written. */
static void give_name(struct table *table, const struct declared_name *given)
{
    struct table_reference *references = (struct table_reference *)table->references;
    struct table_index *indexes = (struct table_index *)table->indexes;

    if (given->kind == DECLARED_PRIMARY_KEY)
        table->key_name = given->name;
    for (size_t i = 0; given->kind == DECLARED_FOREIGN_KEY && i < table->reference_count; i++)
        if (!references[i].name && is_over(given, table, references[i].columns, references[i].column_count)) {
            references[i].name = given->name;
            return;
        }
    for (size_t i = 0; given->kind == DECLARED_UNIQUE && i < table->index_count; i++)
        if (indexes[i].constraint && is_over(given, table, indexes[i].columns, indexes[i].column_count))
            indexes[i].name = given->name;
}

static bool read_names(struct engine *engine, struct table *table, struct arena *arena, struct error *err)
{
    static const char *const questions[] = {
        [PLACE_WORKSPACE] = "SELECT sql FROM workspace.sqlite_schema WHERE type = 'table' AND name = :table",
        [PLACE_TEMPORARY] = "SELECT sql FROM temp.sqlite_schema WHERE type = 'table' AND name = :table",
    };
    struct declared_name *names = NULL;
    size_t count = 0;
    sqlite3_stmt *answer;

    if (!native_ask(engine, questions[table->place], NULL, table->name, &answer, err))
        return false;
    int code = sqlite3_step(answer);
    const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(answer, 0) : NULL;
    bool fine = !text || declared_names_read(text, arena, &names, &count) || error_memory(err);
    for (size_t i = 0; fine && i < count; i++)
        give_name(table, &names[i]);
    return native_answered(engine, answer, code, fine, err);
}

bool native_describe(struct engine *engine, const char *schema, struct table *table, struct arena *arena, struct error *err)
{
    return read_columns(engine, schema, table, arena, err) &&
           (table->kind == TABLE_VIEW ||
            (read_references(engine, schema, table, arena, err) && read_indexes(engine, schema, table, arena, err) &&
             read_names(engine, table, arena, err)));
}
