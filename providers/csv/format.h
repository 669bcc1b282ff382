/* How the text of one file is divided into rows and cells, and what its cells mean. */
#ifndef PROVIDERS_CSV_FORMAT_H
#define PROVIDERS_CSV_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_moments;

enum {
    CSV_MOST_FIELDS = 32767,                /* of a row: what ODBC can number */
    CSV_LONGEST_CELL = 64 << 20,            /* bytes, where MaxCellLength sets no bound */
    CSV_LARGEST_CELL = 1 << 30,             /* the most that MaxCellLength can allow */
};

struct csv_format {
    char delimiter[5];                      /* one character; "" where the fields have fixed widths */
    uint8_t delimiter_length;               /* bytes of it */
    int16_t quote;                          /* a byte, or -1: nothing is quoted */
    int16_t escape;                         /* the byte that takes the meaning from a quote within quotes; the quote itself most often */
    bool header;                            /* the first row has the columns' names */
    bool trim;                              /* spaces and tabs around values, and around quotes, are none of the value */
    bool skip_blank, skip_incomplete;       /* rows without any byte; rows with fewer cells than there are columns */
    bool empty_is_null;
    int64_t skip_top;                       /* lines in front of the first row */
    int64_t longest_cell;                   /* bytes; a longer one is an error */
    const char *const *nulls;               /* texts that mean NULL */
    size_t null_count;
    const uint32_t *widths;                 /* characters of each field; NULL: they are divided by the delimiter */
    size_t width_count;
    const char *charset;                    /* as iconv calls it */
    char point;                             /* what stands before a number's fraction */
    char group;                             /* what may stand between its thousands, see number.h; '\0': nothing */
    bool iso;                               /* dates and times are read as ISO 8601 has them */
    const struct csv_moments *moments;      /* other ways in which they are written, the first that fits counts */
    size_t moment_count;
};

#endif
