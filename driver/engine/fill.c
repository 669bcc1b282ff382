/* INSERT … SELECT, CREATE TABLE … AS and SELECT … INTO: the rows of a query into a native table. The query is run to its end before anything
 * is written, so that what goes wrong in it, with a service above all, has nothing to undo: no other cursor is disturbed, and a file is
 * not locked for as long as a service takes to answer. */
#include <string.h>

#include "base/cancel.h"
#include "engine/state.h"

/* All rows go into a table of SQLite's own before the first one is given. */
static const char gathering[] = "WITH \"rows\" AS MATERIALIZED (%s) SELECT * FROM \"rows\"";

bool fill_gather(struct query *query, const char *insert, struct fill *fill, struct error *err)
{
    char *text = sqlite3_mprintf(gathering, insert + query->run->rows_at);

    if (!text)
        return error_memory(err);
    int code = sqlite3_prepare_v2(query->engine->database, text, -1, &fill->rows, NULL);
    sqlite3_free(text);
    if (code == SQLITE_OK)
        code = query_bind_all(query, fill->rows);
    if (code == SQLITE_OK)
        code = sqlite3_step(fill->rows);
    fill->more = code == SQLITE_ROW;
    return fill->more || code == SQLITE_DONE || query_failed(query, code, err);
}

/* The INSERT with a parameter for each column in the place of its query. */
static sqlite3_stmt *prepare_insert(struct query *query, const char *insert, int columns, struct error *err)
{
    sqlite3_str *text = sqlite3_str_new(query->engine->database);
    sqlite3_stmt *program = NULL;

    sqlite3_str_append(text, insert, (int)query->run->rows_at);
    for (int i = 0; i < columns; i++)
        sqlite3_str_appendall(text, i ? ", ?" : " VALUES (?");
    sqlite3_str_appendchar(text, 1, ')');
    char *made = sqlite3_str_finish(text);
    if (!made) {
        error_memory(err);
        return NULL;
    }
    int code = sqlite3_prepare_v2(query->engine->database, made, -1, &program, NULL);
    sqlite3_free(made);
    if (code != SQLITE_OK)
        query_failed(query, code, err);
    return program;
}

/* The cancel is looked at between the rows: SQLite interrupted within a change would roll back the whole transaction. */
static bool store_row(struct query *query, struct fill *fill, sqlite3_stmt *program, struct error *err)
{
    int columns = sqlite3_column_count(fill->rows), code = SQLITE_OK;

    if (!cancel_check(query->cancel, err))
        return false;
    for (int i = 0; i < columns && code == SQLITE_OK; i++)
        code = sqlite3_bind_value(program, i + 1, sqlite3_column_value(fill->rows, i));
    if (code == SQLITE_OK) {
        query->engine->uninterrupted = true;
        code = sqlite3_step(program);
        query->engine->uninterrupted = false;
    }
    if (code == SQLITE_DONE)
        code = sqlite3_reset(program);
    return code == SQLITE_OK || query_failed(query, code, err);
}

bool fill_store(struct query *query, const char *insert, struct fill *fill, struct error *err)
{
    sqlite3_stmt *program = prepare_insert(query, insert, sqlite3_column_count(fill->rows), err);
    bool fine = program != NULL;

    query->row_count = 0;
    while (fine && fill->more) {
        fine = store_row(query, fill, program, err);
        if (!fine)
            break;
        query->row_count++;
        int code = sqlite3_step(fill->rows);
        fill->more = code == SQLITE_ROW;
        fine = fill->more || code == SQLITE_DONE || query_failed(query, code, err);
    }
    sqlite3_finalize(program);
    return fine;
}

void fill_clear(struct fill *fill)
{
    sqlite3_finalize(fill->rows);
    *fill = (struct fill){0};
}
