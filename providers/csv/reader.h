/* The rows of a table that satisfy conditions, some at a time: file after file, block after block, only wanted cells made into values. */
#ifndef PROVIDERS_CSV_READER_H
#define PROVIDERS_CSV_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "providers/csv/cell.h"
#include "providers/csv/filter.h"
#include "providers/csv/rows.h"
#include "table/service.h"

struct csv_service;
struct csv_table;

struct csv_reader {
    size_t row_count;                 /* of the present rows; 0: the end */
    const struct value **cells;       /* per column of the table, of the present rows; NULL where they are not wanted */

    /* its own */
    struct csv_service *service;
    const struct csv_table *table;
    struct cancel *cancel;
    struct warnings *warnings;
    struct arena arena, texts;        /* texts: of the present rows */
    struct csv_cells reading;
    struct csv_filter *filters;
    size_t filter_count;
    bool *wanted;                     /* per column: read for whoever asks, or for a filter */
    struct value **values;            /* per column that is read, `room` of them */
    uint32_t *chosen;                 /* rows of the block that are looked at */
    size_t room;
    size_t place;                     /* of the table's files, the one that is read */
    bool open;                        /* it is */
    struct csv_rows rows;
    int32_t *fields;                  /* per column: its field in that file */
    size_t next;                      /* row of the block */
    int64_t before;                   /* rows of the files before */
    bool *told;                       /* per column, that a cell did not fit; and behind them, that a row had too many */
    int64_t requests, bytes;          /* files that were opened, what was read of them */
};

/* Everything of the request is borrowed for the duration of the call but cancel and warnings. False: HY001. The reader is then to be closed
 * all the same. */
bool csv_reader_open(struct csv_reader *reader, const struct scan_request *request, const bool *wanted, struct error *err);
void csv_reader_close(struct csv_reader *reader);

/* Goes on to the next rows; what was given before is gone. False: those of csv_rows_next and of reading files, and with Other=StrictTypes=1
 * 22018 or 22001 for a cell that does not fit its column, with file, line and column. */
bool csv_reader_next(struct csv_reader *reader, struct error *err);

/* Whether every row counts whatever is in it, so that csv_reader_count can tell their number; and that number, of all files. */
bool csv_reader_counts(const struct csv_reader *reader);
bool csv_reader_count(struct csv_reader *reader, int64_t *count, struct error *err);

#endif
