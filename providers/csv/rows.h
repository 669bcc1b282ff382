/* The rows of one file, a block at a time: a window of bytes that moves over the file, and where the fields of the rows in it are.
 *
 * Memory is bounded whatever the file's size: a block is 256 KiB, or as large as the largest row needs. */
#ifndef PROVIDERS_CSV_ROWS_H
#define PROVIDERS_CSV_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/csv/format.h"
#include "providers/csv/split.h"

struct csv_stream;
struct error;

struct csv_rows {
    char *bytes;                      /* of the present block. A byte behind a field may be overwritten */
    struct csv_marks marks;
    size_t row_count;                 /* whole rows in the block; 0: the end */
    int64_t number;                   /* rows of the file before the block */
    const struct csv_format *format;

    /* its own */
    const char *name;
    struct csv_stream *stream;
    const struct split_method *method;  /* NULL: every row is read byte by byte */
    size_t capacity, length;          /* of bytes; those that are there */
    size_t from, to;                  /* the bytes that the block's rows take */
    size_t wanted;                    /* so many must be there before it is worth looking for a row again */
    int64_t line;                     /* of the block's first byte, from 1 */
    int64_t skip;                     /* lines that are still to be passed over */
    bool after_return;                /* the byte before `from` was a carriage return that ended a line: its line feed is no other one */
    bool ended;                       /* nothing comes behind `length` */
    int64_t received;                 /* bytes from the stream */
};

/* format, name: outlive the rows; name: of the file, for messages. The stream becomes the rows', also when this fails. */
bool csv_rows_open(struct csv_rows *rows, const struct csv_format *format, const char *name, struct csv_stream *stream, struct error *err);
void csv_rows_close(struct csv_rows *rows);

/* Goes on to the next block. False: what the stream says; 22000 with line and position: a quote that nothing closes, 22001: a row or cell
 * longer than is allowed. */
bool csv_rows_next(struct csv_rows *rows, struct error *err);

/* Passes over all rows that are left of the file behind the present block, and tells how many they are. Errors likewise; interruption as
 * `interrupted` says, which is asked before each block. */
bool csv_rows_count(struct csv_rows *rows, bool (*interrupted)(void *context, struct error *err), void *context, int64_t *count,
                    struct error *err);

/* The line that a row of the block begins in, from 1. */
int64_t csv_row_line(const struct csv_rows *rows, size_t row);

static inline size_t csv_row_start(const struct csv_rows *rows, size_t row)
{
    return row ? rows->marks.afters[row - 1] : rows->from;
}

/* The row's first end in marks.ends, and how many it has: one a field. */
static inline size_t csv_row_first(const struct csv_rows *rows, size_t row)
{
    return row ? rows->marks.rows[row - 1] : 0;
}

static inline size_t csv_row_fields(const struct csv_rows *rows, size_t row)
{
    return rows->marks.rows[row] - csv_row_first(rows, row);
}

/* Whether there is no byte in the row. */
static inline bool csv_row_blank(const struct csv_rows *rows, size_t row)
{
    return csv_row_fields(rows, row) == 1 && rows->marks.ends[csv_row_first(rows, row)] == csv_row_start(rows, row);
}

/* A field as it is written, its quotes included; field < csv_row_fields. */
static inline char *csv_row_field(const struct csv_rows *rows, size_t row, size_t field, size_t *length)
{
    size_t first = csv_row_first(rows, row) + field;
    size_t start = field ? rows->marks.ends[first - 1] + rows->format->delimiter_length : csv_row_start(rows, row);
    *length = rows->marks.ends[first] - start;
    return rows->bytes + start;
}

#endif
