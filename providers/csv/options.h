/* What a connection's properties say of files. */
#ifndef PROVIDERS_CSV_OPTIONS_H
#define PROVIDERS_CSV_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/csv/format.h"

struct arena;
struct error;
struct properties;

enum csv_detection { CSV_DETECT_ROWS, CSV_DETECT_NAMES, CSV_DETECT_NONE };

struct csv_options {
    struct csv_format format;         /* of files that no Schema.ini says more of */
    bool delimiter_given;             /* else it depends on a file's name, see csv_options_for */
    bool empty_headers;
    enum csv_detection detection;
    int64_t scan_depth;               /* rows; 0 = all */
    bool row_numbers;
    bool strict;                      /* what does not fit is an error */
    const char *uri;                  /* "" for the present folder */
    const char *const *include, *const *exclude;
    size_t include_count, exclude_count;
    bool short_names;                 /* tables are named without the extension */
    bool subfolders;
    int64_t depth;                    /* of them; -1 = any */
    bool aggregate;
    const char *discovery;            /* NULL: the first file */
};

/* Everything lives in the arena. False: HY000 naming property, value and what is allowed. */
bool csv_options_read(const struct properties *properties, struct arena *arena, struct csv_options *options, struct error *err);

/* What stands between cells, for one file: TabDelimited for names that end in .tab or .tsv where nothing else is said. */
void csv_options_delimiter(const struct csv_options *options, const char *file, struct csv_format *format);

/* The values of properties, and those that Schema.ini has of the same kind. `what` names where they stand, for messages. All false with
 * HY000. */

/* CsvDelimited, TabDelimited, Delimited(c), FixedLength, or the character itself. */
bool csv_format_fmt(struct csv_format *format, const char *text, const char *what, struct error *err);
/* One byte of ASCII, or None: -1. */
bool csv_format_quote(const char *text, const char *what, int16_t *quote, struct error *err);
/* A character set that iconv knows. */
bool csv_format_charset(struct csv_format *format, const char *name, const char *what, struct arena *arena, struct error *err);
/* A pattern of moment.h, by which dates and times are read from then on. */
bool csv_format_moments(struct csv_format *format, const char *pattern, const char *what, struct arena *arena, struct error *err);
/* Whether quotes, delimiter and escape can be told from each other. where: of what file, or "". */
bool csv_format_check(const struct csv_format *format, const char *where, struct error *err);

/* Takes a list apart at its commas, without the spaces around its words; a word may be quoted with ". */
bool csv_list_read(const char *text, struct arena *arena, const char *const **words, size_t *count, struct error *err);

#endif
