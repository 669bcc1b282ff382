/* Native tables: what SQLite says about them, in our words; and cells that another program may have written. */
#include <string.h>

#include "base/cancel.h"
#include "base/value.h"
#include "engine/cell.h"
#include "engine/state.h"

bool statement_is_native(const struct statement *statement)
{
    if (statement->kind == STATEMENT_CHANGE || statement->kind == STATEMENT_DEFINE)
        return true;
    for (size_t i = 0; i < statement->table_count; i++)
        if (statement->tables[i]->place != PLACE_SERVICE)
            return true;
    return false;
}

bool native_run(struct engine *engine, const char *text, struct error *err)
{
    int code = sqlite3_exec(engine->database, text, NULL, NULL, NULL);
    return code == SQLITE_OK || engine_failure(engine->running, code, err);
}

/* --- failures ------------------------------------------------------------------------------------------------------------ */

/* A reference that does not hold; SQLite does not say which. */
static bool reference_broken(const struct query *query, struct error *err)
{
    const struct table *table = query->run ? query->run->target : NULL;
    char list[256] = "";
    size_t used = 0;

    for (size_t i = 0; table && i < table->reference_count; i++)
        for (size_t j = 0; j < table->references[i].column_count && used < sizeof list - 160; j++) {
            const struct table_reference *reference = &table->references[i];
            sqlite3_snprintf((int)(sizeof list - used), list + used, "%s%.40s (of %.40s.%.40s)", used ? ", " : "",
                             table->columns[reference->columns[j]].name, reference->parent, reference->parent_columns[j]);
            used += strlen(list + used);
        }
    if (!table)
        return error_set(err, "23000", "A reference between tables would be broken");
    return error_set(err, "23000", "A reference between tables would be broken: a row of %s that others refer to%s%s", table->name,
                     *list ? ", or its " : "", list);
}

/* SQLite tells the constraint's name; the binder names one that has none after its condition. */
static bool check_broken(const struct query *query, const char *check, struct error *err)
{
    const struct table *table = query->run ? query->run->target : NULL;

    return error_set(err, "23000", "A row of %.128s does not satisfy the CHECK: %s", table ? table->name : "the table", check);
}

static bool constraint_broken(const struct query *query, const char *message, struct error *err)
{
    static const char check[] = "CHECK constraint failed: ";
    static const struct { const char *begin, *meaning; } kinds[] = {
        {"UNIQUE constraint failed: ", "There is a row with the same value already (primary key or UNIQUE)"},
        {"NOT NULL constraint failed: ", "The column can not be NULL"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strncmp(message, kinds[i].begin, strlen(kinds[i].begin)) == 0)
            return error_set(err, "23000", "%s: %s", kinds[i].meaning, message + strlen(kinds[i].begin));
    if (strncmp(message, check, strlen(check)) == 0)
        return check_broken(query, message + strlen(check), err);
    if (strstr(message, "FOREIGN KEY"))
        return reference_broken(query, err);
    return error_set(err, "23000", "A constraint of the table does not hold: %s", message);
}

static bool locked(const struct query *query, struct error *err)
{
    struct engine *engine = query->engine;
    bool waited_out = engine->waited_out;

    engine->waited_out = false;
    if (!cancel_check(query->cancel, err))
        return false;
    if (waited_out)
        return error_set(err, "HYT00", "Workspace=%s is locked by another program, which was waited for %lld s: try again, or raise Timeout",
                         engine->place_of_workspace, (long long)engine->options.busy_milliseconds / 1000);
    return error_set(err, "40001", "Workspace=%s is changed by another program, but this transaction or an open cursor reads it already: roll back, "
                     "close the cursors and begin again", engine->place_of_workspace ? engine->place_of_workspace : "");
}

/* Whether a file that can not be read or written may be the workspace's. Otherwise it is one of SQLite's temporary ones. */
static bool concerns_file(const struct query *query, int code)
{
    const struct statement *run = query->run;

    return query->engine->file_workspace && (!run || run->kind != STATEMENT_SELECT || (code != SQLITE_FULL && statement_is_native(run)));
}

static bool file_failed(const struct query *query, int code, const char *message, struct error *err)
{
    const char *path = query->engine->place_of_workspace;
    int cause = sqlite3_system_errno(query->engine->database);

    if (code == SQLITE_FULL)
        return error_set(err, "HY000", "Workspace=%s can not be written (%s): make room on its disk or, for the engine's temporary files, where "
                         "SQLITE_TMPDIR or TMPDIR says", path, message);
    return error_set(err, "HY000", "Workspace=%s can not be %s (%s%s%s): look at its disk and what may be done in its folder", path,
                     query->run && query->run->kind == STATEMENT_SELECT ? "read" : "written", message, cause ? ": " : "",
                     cause ? strerror(cause) : "");
}

static bool name_failure(const char *message, struct error *err)
{
    static const struct { const char *words, *sqlstate; } states[] = {
        {"no such index", "42S12"},    {"no such table", "42S02"},  {"no such view", "42S02"},
        {"no such column", "42S22"},   {"duplicate column", "42S21"}, {"no such savepoint", "3B001"},
    };

    if (strstr(message, "foreign key mismatch"))
        return error_set(err, "42000", "A foreign key must lead to the primary key of a table or to columns that are UNIQUE together (%s)", message);
    if (strstr(message, "there is already a"))
        return error_set(err, strstr(message, "table named") ? "42S01" : "42S11", "The name is taken (%s): tables and indexes can not have the same one",
                         message);
    if (strncmp(message, "error in ", 9) == 0)
        return error_set(err, "42000", "Something that is defined needs what would go, or is broken already (%s)", message + 9);
    if (strstr(message, "already exists"))
        return error_set(err, strncmp(message, "index", 5) == 0 ? "42S11" : "42S01", "SQLite: %s", message);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strstr(message, states[i].words))
            return error_set(err, states[i].sqlstate, "SQLite: %s", message);
    return true;
}

bool native_failure(struct query *query, int code, const char *message, struct error *err)
{
    const struct engine *engine = query->engine;
    const char *workspace = engine->place_of_workspace ? engine->place_of_workspace : "";

    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return constraint_broken(query, message, err);
    case SQLITE_BUSY:
        return locked(query, err);
    case SQLITE_LOCKED:
        return error_set(err, "HY000", "A cursor of this connection is open: close it first, then the table can be changed");
    case SQLITE_READONLY:
        return error_set(err, "42000", "Workspace=%s can only be read: the file or its folder is write-protected; make both writable, or name another "
                         "file", workspace);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return error_set(err, "HY000", "Workspace=%s is damaged or no SQLite database (%s): put a copy in its place, or name another file", workspace,
                         message);
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return !concerns_file(query, code & 0xff) || file_failed(query, code & 0xff, message, err);
    case SQLITE_ABORT:
        return error_set(err, "24000", "A statement that failed was undone, which ended this cursor: execute it again");
    case SQLITE_ERROR: /* the binder knew all names of a query */
        return !query->run || query->run->kind == STATEMENT_SELECT || name_failure(message, err);
    default:
        return true;
    }
}

/* --- cells --------------------------------------------------------------------------------------------------------------- */

bool native_cell(const struct result_column *shown, struct value *value, struct arena *arena, struct error *err)
{
    const struct type *type = &shown->type;
    char scratch[VALUE_SCRATCH];
    size_t length;

    if (value_is_null(value) || (type->kind == TYPE_STRING && value->storage == STORAGE_TEXT) ||
        (type->kind == TYPE_BINARY && value->storage == STORAGE_BLOB) || (type->kind == TYPE_DOUBLE && value->storage == STORAGE_REAL) ||
        (type->kind == TYPE_BIGINT && value->storage == STORAGE_INTEGER))
        return true;
    if (type->kind == TYPE_BINARY && value->storage == STORAGE_TEXT) {
        value->storage = STORAGE_BLOB;
        return true;
    }
    const char *text = value_as_text(value, scratch, &length);
    struct value brought;
    if (value->storage != STORAGE_BLOB && value_from_text(type, text, length, arena, &brought, err)) {
        if (brought.storage == STORAGE_TEXT) { /* it may still be the scratch */
            char *copy = arena_copy(arena, brought.text, brought.length);
            if (!copy)
                return error_memory(err);
            brought = value_text(copy, brought.length);
        }
        *value = brought;
        return true;
    }
    if (strcmp(err->sqlstate, "HY001") == 0)
        return false;
    char name[64];
    type_print(type, name, sizeof name);
    return error_set(err, "22018", "Table %s, column %s: the cell \"%.*s\" is no %s", shown->table->name,
                     shown->table->columns[shown->column].name, (int)(length < 40 ? length : 40), text, name);
}
