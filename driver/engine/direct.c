#include "engine/direct.h"

#include <stdlib.h>
#include <string.h>

#include "engine/state.h"

/* The columns of an EXPLAIN's row. */
enum { EXPLAIN_OPCODE = 1, EXPLAIN_P1, EXPLAIN_P2, EXPLAIN_P3 };

/* Only such statements are worth a look: all result columns are columns of the one table, which is a service's. */
static bool may_be_direct(const struct query *query)
{
    const struct statement *statement = query->run;

    if (statement != query->statement || statement->table_count != 1 || statement->tables[0]->place != PLACE_SERVICE || query->record)
        return false;
    for (size_t i = 0; i < statement->column_count; i++)
        if (statement->columns[i].table != statement->tables[0])
            return false;
    return statement->column_count > 0;
}

static bool is_opcode(sqlite3_stmt *listing, const char *name)
{
    const char *opcode = (const char *)sqlite3_column_text(listing, EXPLAIN_OPCODE);
    return opcode && strcmp(opcode, name) == 0;
}

static int operand(sqlite3_stmt *listing, int which)
{
    return sqlite3_column_int(listing, which);
}

/* Reads the loop, whose opening VFilter is at hand:
 *
 *     VFilter cursor end …
 *     VColumn cursor column register      for each result column
 *     ResultRow register count
 *     [DecrJumpZero]                      for a cap of our own, which query_step counts too
 *     VNext cursor <the first VColumn>
 *     Halt
 *
 * What comes before has run by the time of the first row, and nothing leads back to it. */
static bool read_loop(sqlite3_stmt *listing, size_t count, bool capped, int *columns)
{
    int cursor = operand(listing, EXPLAIN_P1), start = sqlite3_column_int(listing, 0) + 1, first = 0;

    for (size_t i = 0; i < count; i++) {
        if (sqlite3_step(listing) != SQLITE_ROW || !is_opcode(listing, "VColumn") || operand(listing, EXPLAIN_P1) != cursor)
            return false;
        columns[i] = operand(listing, EXPLAIN_P2);
        if (i == 0)
            first = operand(listing, EXPLAIN_P3);
        else if (operand(listing, EXPLAIN_P3) != first + (int)i)
            return false;
    }
    if (sqlite3_step(listing) != SQLITE_ROW || !is_opcode(listing, "ResultRow") || operand(listing, EXPLAIN_P1) != first
        || operand(listing, EXPLAIN_P2) != (int)count || sqlite3_step(listing) != SQLITE_ROW)
        return false;
    if (capped && (!is_opcode(listing, "DecrJumpZero") || sqlite3_step(listing) != SQLITE_ROW))
        return false;
    return is_opcode(listing, "VNext") && operand(listing, EXPLAIN_P1) == cursor && operand(listing, EXPLAIN_P2) == start
           && sqlite3_step(listing) == SQLITE_ROW && is_opcode(listing, "Halt");
}

/* A second scan, or anything else that makes rows, is in the listing before the first VFilter or breaks the form of the loop. */
static bool read_program(sqlite3_stmt *listing, size_t count, bool capped, int *columns)
{
    while (sqlite3_step(listing) == SQLITE_ROW)
        if (is_opcode(listing, "VFilter"))
            return read_loop(listing, count, capped, columns);
        else if (is_opcode(listing, "Yield") || is_opcode(listing, "InitCoroutine") || is_opcode(listing, "Gosub") || is_opcode(listing, "Once"))
            return false;
    return false;
}

bool direct_find(struct query *query, const char *text, struct error *err)
{
    free(query->columns);
    query->columns = NULL;
    if (!may_be_direct(query))
        return true;

    size_t count = query->run->column_count;
    sqlite3_stmt *listing = NULL;
    int *columns = calloc(count, sizeof *columns);
    char *question = sqlite3_mprintf("EXPLAIN %s", text);
    if (columns && question && sqlite3_prepare_v2(query->engine->database, question, -1, &listing, NULL) == SQLITE_OK
        && read_program(listing, count, query->capped, columns)) {
        query->columns = columns;
        columns = NULL;
    }
    bool memory = question != NULL && (columns || query->columns);
    sqlite3_finalize(listing);
    sqlite3_free(question);
    free(columns);
    return memory || error_memory(err);
}
