#include "engine/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/cell.h"
#include "engine/explain_scan.h"
#include "engine/query.h"
#include "engine/state.h"

enum { TEXT_LIMIT = 1 << 20, MOST_NOTES = 4000 /* ways of one plan that are kept */, SHOWN_VALUES = 20 };

struct explain_scan *explain_note(struct explain_record *record, int *number)
{
    if (record->next >= MOST_NOTES) {
        *number = 0;
        return NULL;
    }
    *number = (int)++record->next;
    if (record->counting)
        return NULL;
    if (record->count == record->room) {
        size_t room = record->room ? record->room * 2 : 16;
        struct explain_scan **larger = arena_array(&record->arena, room, sizeof(struct explain_scan *));
        if (!larger)
            return NULL;
        if (record->count)
            memcpy(larger, record->scans, record->count * sizeof(struct explain_scan *));
        record->scans = larger;
        record->room = room;
    }
    struct explain_scan *scan = arena_alloc(&record->arena, sizeof *scan);
    if (scan)
        record->scans[record->count++] = scan;
    return scan;
}

struct explain_scan *explain_find(const struct explain_record *record, int number)
{
    return record && number > 0 && (size_t)number <= record->count ? record->scans[number - 1] : NULL;
}

void explain_count(const struct table *table, const struct scan *scan, struct scan_counts *counts)
{
    struct scan_counts one = {0};

    if (!counts || !table->service->class->scan_count)
        return;
    table->service->class->scan_count(scan, &one);
    counts->requests += one.requests;
    counts->bytes += one.bytes;
    counts->milliseconds += one.milliseconds;
}

/* One line of SQLite's own EXPLAIN QUERY PLAN. */
struct line {
    char alias[16];                    /* of the table in engine_sql */
    const struct explain_scan *scan;   /* NULL for a step of SQLite's */
    const char *text;                  /* what it does then */
};

/* What is at hand while the rows are made. */
struct explaining {
    struct query *query;               /* the EXPLAIN */
    struct query *inner;               /* what it explains */
    struct explain_record record;
    struct line *lines;
    size_t count, room;
    size_t rows;
    struct value *cells;
    struct error *err;
};

/* ---- The plan ---- */

/* SQLite's words for what is done here. NULL for what is of no interest to a user. */
static const char *step_in_words(const char *detail)
{
    static const struct { const char *begin, *words; } steps[] = {
        {"USE TEMP B-TREE FOR GROUP BY", "GROUP BY: rows are grouped here"},
        {"USE TEMP B-TREE FOR ORDER BY", "ORDER BY: rows are sorted here"},
        {"USE TEMP B-TREE FOR RIGHT PART OF ORDER BY", "ORDER BY: rows are sorted here"},
        {"USE TEMP B-TREE FOR LAST", "ORDER BY: rows are sorted here"},
        {"USE TEMP B-TREE FOR DISTINCT", "DISTINCT: double rows are taken out here"},
        {"UNION USING", "UNION: double rows are taken out here"},
        {"INTERSECT USING", "INTERSECT: rows are compared here"},
        {"EXCEPT USING", "EXCEPT: rows are compared here"},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (strncmp(detail, steps[i].begin, strlen(steps[i].begin)) == 0)
            return steps[i].words;
    return NULL;
}

/* "SCAN t1 VIRTUAL TABLE INDEX 5:wanted:…"; for MIN and MAX it says SEARCH. */
static bool read_line(struct explaining *explaining, const char *detail)
{
    static const char index[] = " VIRTUAL TABLE INDEX ";
    struct line line = {.text = step_in_words(detail)};
    const char *number = strstr(detail, index);

    const char *alias = strchr(detail, ' ');

    if (number && alias && alias < number) {
        size_t length = (size_t)(number - ++alias);
        if (length >= sizeof line.alias)
            length = sizeof line.alias - 1;
        memcpy(line.alias, alias, length);
        line.scan = explain_find(&explaining->record, atoi(number + sizeof index - 1));
    }
    if (!line.scan && !line.text)
        return true;
    if (explaining->count == explaining->room) {
        size_t room = explaining->room ? explaining->room * 2 : 16;
        struct line *larger = arena_array(&explaining->record.arena, room, sizeof *larger);
        if (!larger)
            return error_memory(explaining->err);
        if (explaining->count)
            memcpy(larger, explaining->lines, explaining->count * sizeof *larger);
        explaining->lines = larger;
        explaining->room = room;
    }
    explaining->lines[explaining->count++] = line;
    return true;
}

/* The query with the values of its parameters in the text, where planning sees them. Called with the lock; sqlite3_free. */
static char *written_out(struct explaining *explaining)
{
    struct query *inner = explaining->inner;
    sqlite3_stmt *program = NULL;
    char *text = NULL;

    if (sqlite3_prepare_v2(inner->engine->database, inner->run->engine_sql, -1, &program, NULL) == SQLITE_OK &&
        query_bind_all(inner, program) == SQLITE_OK)
        text = sqlite3_expanded_sql(program);
    sqlite3_finalize(program);
    return text;
}

static bool read_plan(struct explaining *explaining, const char *text)
{
    struct query *inner = explaining->inner;
    sqlite3_stmt *program = NULL;
    bool ok = true;
    int code;

    char *question = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", text);
    if (!question)
        return error_memory(explaining->err);
    inner->record = &explaining->record;
    code = sqlite3_prepare_v2(inner->engine->database, question, -1, &program, NULL);
    sqlite3_free(question);
    while (ok && code == SQLITE_OK && (code = sqlite3_step(program)) == SQLITE_ROW) {
        ok = read_line(explaining, (const char *)sqlite3_column_text(program, 3));
        code = SQLITE_OK;
    }
    if (ok && code != SQLITE_DONE)
        ok = query_failed(inner, code, explaining->err);
    sqlite3_finalize(program);
    return ok;
}

/* Makes the program that is run for ANALYZE: planned as before, so that the numbers of its scans are the same. */
static bool make_program(struct explaining *explaining, const char *text)
{
    struct query *inner = explaining->inner;

    explaining->record.counting = true;
    explaining->record.next = 0;
    sqlite3_finalize(inner->program);
    inner->program = NULL;
    int code = sqlite3_prepare_v2(inner->engine->database, text, -1, &inner->program, NULL);
    inner->capped = false;
    return code == SQLITE_OK || query_failed(inner, code, explaining->err);
}

static bool plan(struct explaining *explaining)
{
    struct query *inner = explaining->inner;
    bool analyze = explaining->query->run->analyze;

    if (!engine_enter(inner, explaining->err))
        return false;
    char *text = written_out(explaining);
    bool ok = (text || error_memory(explaining->err)) && read_plan(explaining, text) && (!analyze || make_program(explaining, text));
    sqlite3_free(text);
    engine_leave(inner->engine);
    return ok;
}

static bool run_all(struct explaining *explaining)
{
    struct query *inner = explaining->inner;
    bool row = true;

    inner->state = QUERY_OPEN;
    inner->rollbacks = inner->engine->rollbacks;
    while (row)
        if (!query_step(inner, &row, explaining->err))
            return false;
    return true;
}

/* ---- One scan in words ---- */

static const char *const op_words[] = {
    [FILTER_EQUAL] = "=", [FILTER_IN] = "IN", [FILTER_LESS] = "<", [FILTER_LESS_EQUAL] = "<=", [FILTER_GREATER] = ">",
    [FILTER_GREATER_EQUAL] = ">=", [FILTER_NOT_EQUAL] = "<>", [FILTER_LIKE] = "LIKE", [FILTER_IS_NULL] = "IS NULL",
    [FILTER_IS_NOT_NULL] = "IS NOT NULL",
};

static void append_value(struct buffer *out, const struct value *value)
{
    char scratch[VALUE_SCRATCH];
    size_t length;
    const char *text = value_is_null(value) ? "NULL" : value_as_text(value, scratch, &length);

    if (value_is_null(value))
        length = 4;
    buffer_append_text(out, value->storage == STORAGE_TEXT ? "'" : "");
    buffer_append(out, text, length);
    buffer_append_text(out, value->storage == STORAGE_TEXT ? "'" : "");
}

static void append_values(struct buffer *out, const struct value *values, size_t count)
{
    buffer_append_char(out, '(');
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(out, i ? ", " : "");
        if (i == SHOWN_VALUES) {
            buffer_append_text(out, "…");
            break;
        }
        append_value(out, &values[i]);
    }
    buffer_append_char(out, ')');
}

static void append_list(struct explaining *explaining, struct buffer *out, const struct explained_condition *list)
{
    struct value values[SHOWN_VALUES + 1];
    size_t count = 0;

    for (; count < list->value_count && count <= SHOWN_VALUES; count++) {
        const struct call_argument *value = &list->values[count];
        values[count] = value->parameter >= 0 ? explaining->inner->bindings[value->parameter] : value->value;
    }
    append_values(out, values, count);
}

/* Id = 5, by the values that are known. sent: a list as it is sent, without the values that other conditions take out of it. */
static void append_condition(struct explaining *explaining, struct buffer *out, const struct shown_scan *shown, size_t i, bool sent)
{
    const struct explain_term *term = &shown->scan->terms[i];
    const struct explained_condition *words = shown->terms[i].words;
    enum filter_op op = !term->known && words && words->op == FILTER_IN ? FILTER_IN : term->condition.op;

    buffer_printf(out, "%s %s", shown->scan->table->columns[term->condition.column].name, op_words[op]);
    if (op == FILTER_IS_NULL || op == FILTER_IS_NOT_NULL)
        return;
    buffer_append_char(out, ' ');
    if (term->known)
        append_value(out, &term->value);
    else if (sent && op == term->condition.op && op == FILTER_IN && !shown->terms[i].name)
        append_values(out, shown->terms[i].filter.values, shown->terms[i].filter.value_count);
    else if (op == FILTER_IN && words && words->value_count)
        append_list(explaining, out, words);
    else
        buffer_append_text(out, words ? words->other : "…");
}

static void separate(struct buffer *out, const char *between)
{
    if (out->length)
        buffer_append_text(out, between);
}

/* What of a scan is done where. */
struct telling {
    struct buffer service, local, order, reasons;
};

/* Whether another condition narrows the same column already. */
static bool is_sent_otherwise(const struct explain_scan *scan, const struct explain_term *term)
{
    for (size_t i = 0; i < scan->term_count; i++)
        if (scan->terms[i].condition.taken && scan->terms[i].condition.column == term->condition.column)
            return true;
    return false;
}

static void tell_terms(struct explaining *explaining, const struct shown_scan *shown, struct telling *telling)
{
    bool pushdown = explaining->inner->engine->options.pushdown;

    for (size_t i = 0; i < shown->scan->term_count; i++) {
        const struct explain_term *term = &shown->scan->terms[i];
        if (!term->condition.usable && pushdown)
            continue; /* a table that is read later has its value */
        if (term->condition.taken && !shown->terms[i].needless) {
            separate(&telling->service, " AND ");
            append_condition(explaining, &telling->service, shown, i, true);
        }
        if (term->condition.taken && term->condition.exact)
            continue;
        separate(&telling->local, " AND ");
        append_condition(explaining, &telling->local, shown, i, false);
        if (term->condition.taken)
            continue;
        separate(&telling->reasons, "; ");
        append_condition(explaining, &telling->reasons, shown, i, false);
        buffer_append_text(&telling->reasons, !pushdown                               ? ": pushdown is off"
                                              : is_sent_otherwise(shown->scan, term) ? ": another condition on the column is sent"
                                                                                     : ": the service has no such filter");
    }
}

/* Conditions that the service is told of beside SQLite, which looks at them again. */
static void append_words(struct buffer *out, const char *words)
{
    bool either = strstr(words, " OR ");

    separate(out, " AND ");
    buffer_printf(out, either ? "(%s)" : "%s", words);
}

static void tell_told(struct explaining *explaining, const struct explain_scan *scan, struct telling *telling)
{
    for (size_t i = 0; i < scan->told_count; i++) {
        const char *words = explaining->query->run->term_words[scan->told[i].number];
        append_words(&telling->local, words);
        if (scan->told[i].taken) {
            append_words(&telling->service, words);
            continue;
        }
        separate(&telling->reasons, "; ");
        buffer_printf(&telling->reasons, "%s: the service has no such filter", words);
    }
}

static bool is_told(const struct statement *statement, const struct explain_scan *scan, const char *words)
{
    for (size_t i = 0; i < scan->told_count; i++)
        if (strcmp(statement->term_words[scan->told[i].number], words) == 0)
            return true;
    return false;
}

/* Conditions that SQLite does not show to a table. */
static void tell_others(struct explaining *explaining, const struct line *line, struct telling *telling)
{
    const struct statement *statement = explaining->query->run;

    for (size_t i = 0; i < statement->condition_count; i++) {
        const struct explained_condition *condition = &statement->conditions[i];
        if (condition->column >= 0 || condition->never || strcmp(condition->alias, line->alias) != 0 || is_told(statement, line->scan, condition->text))
            continue;
        separate(&telling->local, " AND ");
        buffer_append_text(&telling->local, condition->text);
        separate(&telling->reasons, "; ");
        buffer_printf(&telling->reasons, "%s: not a comparison of one column with values", condition->text);
    }
}

static void tell_order(const struct line *line, struct telling *telling)
{
    const struct explain_scan *scan = line->scan;
    struct buffer *out = scan->order_taken ? &telling->order : &telling->reasons;
    bool split = false;

    if (scan->order_count == 0)
        return;
    for (size_t i = 0; i < scan->term_count; i++)
        split = split || (scan->terms[i].condition.taken && scan->terms[i].condition.op == FILTER_IN);
    if (!scan->order_taken) {
        separate(out, "; ");
        buffer_append_text(out, "ORDER BY ");
    }
    for (size_t i = 0; i < scan->order_count; i++)
        buffer_printf(out, "%s%s%s", i ? ", " : "", scan->table->columns[scan->order[i].column].name, scan->order[i].descending ? " DESC" : "");
    if (!scan->order_taken)
        buffer_append_text(out, split ? ": rows of several requests, or the service has no such order" : ": the service has no such order");
}

static void tell_limit(struct explaining *explaining, const struct line *line, const struct shown_scan *shown, struct telling *telling)
{
    const struct explain_scan *scan = line->scan;

    size_t scans = 0;
    for (size_t i = 0; i < explaining->count; i++)
        scans += explaining->lines[i].scan != NULL;
    bool bounded = explaining->query->run->explained->bounded;
    if (scan->limit_taken || (!scan->limited && (!bounded || line != explaining->lines)))
        return;
    separate(&telling->reasons, "; ");
    buffer_append_text(&telling->reasons, "LIMIT: ");
    if (scans > 1) {
        buffer_append_text(&telling->reasons, "rows of several tables are put together here");
        return;
    }
    for (size_t i = 0; i < scan->term_count; i++)
        if (!scan->terms[i].condition.taken || !scan->terms[i].condition.exact) {
            /* the first of them is enough */
            append_condition(explaining, &telling->reasons, shown, i, false);
            buffer_append_text(&telling->reasons, " is checked here");
            return;
        }
    bool sorted = (scan->order_count && !scan->order_taken) || explaining->count > 1;
    buffer_append_text(&telling->reasons, sorted ? "rows are sorted or grouped here" : "not all rows that the service sends may count");
}

/* ---- The rows ---- */

static bool set_text(struct explaining *explaining, struct value *cell, const char *text, size_t length)
{
    if (length == 0)
        return true;
    const char *copy = arena_copy(&explaining->query->answer, text, length);
    if (!copy)
        return error_memory(explaining->err);
    *cell = value_text(copy, length);
    return true;
}

static bool set_buffer(struct explaining *explaining, struct value *cell, const struct buffer *buffer)
{
    static const char too_long[] = "too long to show";
    return buffer->failed ? set_text(explaining, cell, too_long, sizeof too_long - 1)
                          : set_text(explaining, cell, buffer_text(buffer), buffer->length);
}

static bool tell_scan(struct explaining *explaining, const struct line *line, struct value *row)
{
    const struct explain_scan *scan = line->scan;
    struct scan_description description = {0};
    struct shown_scan shown;
    struct telling telling;

    if (!explain_show(scan, line->alias, explaining->query->run, explaining->inner->bindings, &explaining->record.arena, &shown, explaining->err))
        return false;
    buffer_init(&telling.service, TEXT_LIMIT);
    buffer_init(&telling.local, TEXT_LIMIT);
    buffer_init(&telling.order, TEXT_LIMIT);
    buffer_init(&telling.reasons, TEXT_LIMIT);
    tell_terms(explaining, &shown, &telling);
    tell_told(explaining, scan, &telling);
    tell_others(explaining, line, &telling);
    tell_order(line, &telling);
    tell_limit(explaining, line, &shown, &telling);
    bool ok = explain_request(&shown, explaining->query->run->explained, explaining->inner->bindings, &explaining->record.arena, &description, explaining->err);
    if (ok && description.standards) { /* the service's own, or else held against its rows before anybody sees them */
        separate(&telling.service, " AND ");
        buffer_printf(&telling.service, "%s", description.standards);
    }
    ok = ok &&
              set_text(explaining, &row[EXPLAIN_TABLE], scan->table->name, strlen(scan->table->name)) &&
              (!description.request || set_text(explaining, &row[EXPLAIN_REQUEST], description.request, strlen(description.request))) &&
              (!description.paging || set_text(explaining, &row[EXPLAIN_PAGING], description.paging, strlen(description.paging))) &&
              set_buffer(explaining, &row[EXPLAIN_SERVICE_FILTERS], &telling.service) &&
              set_buffer(explaining, &row[EXPLAIN_LOCAL_FILTERS], &telling.local) &&
              set_buffer(explaining, &row[EXPLAIN_ORDER_BY], &telling.order) && set_buffer(explaining, &row[EXPLAIN_NOT_PUSHED], &telling.reasons);
    if (scan->limit_taken && scan->limit >= 0)
        row[EXPLAIN_LIMIT] = value_integer(scan->limit);
    if (explaining->query->run->analyze) {
        row[EXPLAIN_REQUESTS] = value_integer(scan->counts.requests);
        row[EXPLAIN_BYTES] = value_integer(scan->counts.bytes);
        row[EXPLAIN_ROWS] = value_integer(scan->rows);
        row[EXPLAIN_MILLISECONDS] = value_real((double)scan->counts.milliseconds);
    }
    buffer_clear(&telling.service);
    buffer_clear(&telling.local);
    buffer_clear(&telling.order);
    buffer_clear(&telling.reasons);
    return ok;
}

static bool make_rows(struct explaining *explaining)
{
    struct query *query = explaining->query;
    size_t width = query->run->column_count;

    query->result = (struct procedure_result){.arena = &query->answer};
    query->result.values = arena_array(&query->answer, width * explaining->count + 1, sizeof *query->result.values);
    if (!query->result.values)
        return error_memory(explaining->err);
    for (size_t i = 0; i < explaining->count; i++) {
        const struct line *line = &explaining->lines[i];
        struct value *row = query->result.values + i * width;
        for (size_t j = 0; j < width; j++)
            row[j] = value_null();
        row[EXPLAIN_STEP] = value_integer((int64_t)i + 1);
        if (!(line->scan ? tell_scan(explaining, line, row) : set_text(explaining, &row[EXPLAIN_NOT_PUSHED], line->text, strlen(line->text))))
            return false;
    }
    query->result.row_count = explaining->count;
    return true;
}

static bool bind_inner(struct explaining *explaining)
{
    const struct query *query = explaining->query;

    for (size_t i = 0; i < query->run->explained->parameter_count; i++)
        if (!query_bind(explaining->inner, i, &query->bindings[query->first_parameter + i], explaining->err))
            return false;
    return true;
}

bool explain_run(struct query *query, struct error *err)
{
    struct explaining explaining = {.query = query, .err = err};

    bool ok = query_open(query->engine, query->run->explained, query->cancel, &explaining.inner, err) && bind_inner(&explaining) &&
              plan(&explaining) && (!query->run->analyze || run_all(&explaining)) && make_rows(&explaining);
    query_close(explaining.inner);
    arena_clear(&explaining.record.arena);
    return ok;
}
