#include "providers/csv/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "providers/csv/stream.h"

enum {
    BLOCK = 256 << 10,
    FIRST_BLOCK = 16 << 10,       /* most files are small */
    SLACK = 64 << 20,             /* what a row may have beside its longest cell */
    LEAST_ROOM = 64,              /* for what a stream may put there */
};

static bool allocate(struct csv_rows *rows, size_t capacity, struct error *err)
{
    struct csv_marks *marks = &rows->marks;
    size_t room = capacity + SPLIT_PADDING;
    char *bytes = realloc(rows->bytes, room);

    if (!bytes)
        return error_memory(err);
    rows->bytes = bytes;
    free(marks->ends);
    free(marks->rows);
    free(marks->afters);
    free(marks->breaks);
    *marks = (struct csv_marks){
        .ends = malloc(room * sizeof *marks->ends), .rows = malloc(room * sizeof *marks->rows),
        .afters = malloc(room * sizeof *marks->afters), .breaks = malloc(room * sizeof *marks->breaks),
    };
    if (!marks->ends || !marks->rows || !marks->afters || !marks->breaks)
        return error_memory(err);
    rows->capacity = capacity;
    return true;
}

bool csv_rows_open(struct csv_rows *rows, const struct csv_format *format, const char *name, struct csv_stream *stream, struct error *err)
{
    *rows = (struct csv_rows){.format = format, .name = name, .stream = stream, .line = 1, .skip = format->skip_top};
    if (split_fits(format))
        rows->method = split_choose();
    if (allocate(rows, FIRST_BLOCK, err))
        return true;
    csv_rows_close(rows);
    return false;
}

void csv_rows_close(struct csv_rows *rows)
{
    csv_stream_close(rows->stream);
    free(rows->bytes);
    free(rows->marks.ends);
    free(rows->marks.rows);
    free(rows->marks.afters);
    free(rows->marks.breaks);
    *rows = (struct csv_rows){0};
}

int64_t csv_row_line(const struct csv_rows *rows, size_t row)
{
    size_t start = csv_row_start(rows, row), breaks = 0;

    while (breaks < rows->marks.break_count && rows->marks.breaks[breaks] < start)
        breaks++;
    return rows->line + (int64_t)row + (int64_t)breaks;
}

/* The row at `from` has more bytes than are allowed, or a quote that is opened at `open` (when that is below `length`) is not closed. */
static bool refuse_row(const struct csv_rows *rows, size_t open, struct error *err)
{
    long long line = (long long)rows->line;
    size_t start = rows->from;

    for (size_t i = rows->from; i < open && open < rows->length; i++)
        if (rows->bytes[i] == '\n' || (rows->bytes[i] == '\r' && rows->bytes[i + 1] != '\n')) {
            line++;
            start = i + 1;
        }
    if (rows->ended)
        return error_set(err, "22000", "%s, line %lld, position %zu: the quote that is opened here is never closed", rows->name, line,
                         open - start + 1);
    return error_set(err, "22001", "%s, line %lld: the row that begins here has a cell of more than %lld bytes, the most that MaxCellLength "
                     "allows%s", rows->name, (long long)rows->line, (long long)rows->format->longest_cell,
                     open < rows->length ? ", with a quote that is not closed; is the QuoteCharacter right?" : "");
}

/* Makes room behind the bytes that are left. */
static bool make_room(struct csv_rows *rows, struct error *err)
{
    size_t left = rows->length - rows->from, most = (size_t)rows->format->longest_cell + SLACK, open = rows->length;

    if (left && rows->from)
        memmove(rows->bytes, rows->bytes + rows->from, left);
    rows->from = 0;
    rows->length = left;
    if (rows->capacity - left >= LEAST_ROOM)
        return true;
    if (left < most)
        return allocate(rows, rows->capacity * 2 < most ? rows->capacity * 2 : most + LEAST_ROOM, err);
    rows->marks.end_count = rows->marks.row_count = rows->marks.break_count = 0;
    split_row(rows->format, rows->bytes, 0, left, false, &rows->marks, &open);
    return refuse_row(rows, open, err);
}

/* Gets more bytes, until as many are there as are wanted or none come. */
static bool fill(struct csv_rows *rows, struct error *err)
{
    bool full = rows->capacity - rows->length < LEAST_ROOM;

    if (!make_room(rows, err) || (full && rows->capacity < BLOCK && !allocate(rows, BLOCK, err)))
        return false;
    do {
        size_t got;
        if (!csv_stream_read(rows->stream, rows->bytes + rows->length, rows->capacity - rows->length, &got, err))
            return false;
        rows->length += got;
        rows->received += (int64_t)got;
        rows->ended = got == 0;
    } while (!rows->ended && rows->length < rows->wanted && rows->capacity - rows->length >= LEAST_ROOM);
    memset(rows->bytes + rows->length, 0, SPLIT_PADDING);
    return true;
}

/* Passes over lines at the start of the bytes. */
static void skip_lines(struct csv_rows *rows)
{
    while (rows->from < rows->length) {
        char byte = rows->bytes[rows->from];
        if (rows->after_return && byte == '\n') {
            rows->after_return = false;
            rows->from++;
            continue;
        }
        rows->after_return = false;
        if (rows->skip == 0)
            return;
        rows->from++;
        if (byte == '\n' || byte == '\r') {
            rows->after_return = byte == '\r';
            rows->skip--;
            rows->line++;
        }
    }
}

/* Rows that were found but not to their ends are not there. */
static size_t drop_unfinished(const struct csv_rows *rows, struct csv_marks *marks)
{
    size_t after = marks->row_count ? marks->afters[marks->row_count - 1] : rows->from;

    marks->end_count = marks->row_count ? marks->rows[marks->row_count - 1] : 0;
    while (marks->break_count && marks->breaks[marks->break_count - 1] >= after)
        marks->break_count--;
    return after;
}

/* A carriage return as the last byte may have its line feed still to come: it is asked for with the next block. */
static size_t last_end(const struct csv_rows *rows)
{
    return !rows->ended && rows->length > rows->from && rows->bytes[rows->length - 1] == '\r' ? rows->length - 1 : rows->length;
}

/* Finds all whole rows in the bytes. */
static bool split(struct csv_rows *rows, struct error *err)
{
    struct csv_marks *marks = &rows->marks;
    size_t from = rows->from, to = last_end(rows), open = rows->length;
    bool more = true;

    marks->end_count = marks->row_count = marks->break_count = 0;
    while (more && from < to) {
        bool odd = true;
        if (rows->method) {
            rows->method->split(rows->format, rows->bytes, from, to, marks, &odd);
            from = drop_unfinished(rows, marks);
        }
        more = odd || rows->ended;
        if (more && from < to) {
            more = split_row(rows->format, rows->bytes, from, to, rows->ended, marks, &open);
            from = drop_unfinished(rows, marks);
        }
    }
    rows->to = from;
    rows->row_count = marks->row_count;
    return !rows->ended || from == to || rows->row_count || refuse_row(rows, open, err); /* rows first, what is wrong behind them then */
}

/* Leaves the block's rows behind. */
static void leave_block(struct csv_rows *rows)
{
    rows->number += (int64_t)rows->row_count;
    rows->line += (int64_t)(rows->row_count + rows->marks.break_count);
    rows->from = rows->to;
    rows->row_count = rows->marks.row_count = rows->marks.break_count = 0;
    rows->wanted = 0;
}

bool csv_rows_next(struct csv_rows *rows, struct error *err)
{
    leave_block(rows);
    for (;;) {
        if (!rows->ended && !fill(rows, err))
            return false;
        skip_lines(rows);
        rows->to = rows->from;
        if (rows->from == rows->length) {
            rows->marks.row_count = rows->marks.break_count = 0;
            if (rows->ended)
                return true;
            continue;
        }
        if (!split(rows, err))
            return false;
        if (rows->row_count)
            return true;
        rows->wanted = (rows->length - rows->from) * 2;
    }
}

/* Counts the whole rows in the bytes. */
static bool count_block(struct csv_rows *rows, int64_t *count, struct error *err)
{
    struct csv_marks *marks = &rows->marks;
    size_t to = last_end(rows), open = rows->length, before = rows->from;
    bool more = true;

    while (more && rows->from < to) {
        bool odd;
        int64_t breaks;
        int64_t found = rows->method->count(rows->format, rows->bytes, rows->from, to, &rows->from, &breaks, &odd);
        *count += found;
        rows->line += found + breaks;
        more = odd || rows->ended;
        if (!more || rows->from == to)
            break;
        marks->end_count = marks->row_count = marks->break_count = 0;
        more = split_row(rows->format, rows->bytes, rows->from, to, rows->ended, marks, &open);
        if (more) {
            rows->from = marks->afters[0];
            rows->line += 1 + (int64_t)marks->break_count;
            ++*count;
        }
    }
    marks->row_count = marks->break_count = 0;
    rows->wanted = rows->from == before ? (rows->length - rows->from) * 2 : 0;
    return !rows->ended || rows->from == to || refuse_row(rows, open, err);
}

bool csv_rows_count(struct csv_rows *rows, bool (*interrupted)(void *context, struct error *err), void *context, int64_t *count,
                    struct error *err)
{
    *count = 0;
    leave_block(rows);
    while (!rows->ended || rows->from < rows->length) {
        if (interrupted(context, err))
            return false;
        if (!rows->method) { /* byte by byte */
            if (!csv_rows_next(rows, err))
                return false;
            *count += (int64_t)rows->row_count;
            leave_block(rows);
            continue;
        }
        if (!rows->ended && !fill(rows, err))
            return false;
        skip_lines(rows);
        if (rows->from < rows->length && !count_block(rows, count, err))
            return false;
    }
    rows->to = rows->from;
    return true;
}
