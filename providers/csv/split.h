/* Where fields and rows end: found 64 bytes at a time, by the widest registers that the processor has, where the text is as RFC 4180 wants
 * it, and byte by byte where it is not. Both give the same for the same text. */
#ifndef PROVIDERS_CSV_SPLIT_H
#define PROVIDERS_CSV_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_format;

enum { SPLIT_PADDING = 64 /* bytes behind the text that may be looked at */ };

/* What was found in a text. Whoever has it read gives room: for as many ends and rows as the text has bytes and one chunk more, for as many
 * breaks as it has bytes. */
struct csv_marks {
    uint32_t *ends;               /* where fields end: offsets of delimiters and line ends */
    size_t end_count;
    uint32_t *rows;               /* per row: how many ends there are up to its own */
    uint32_t *afters;             /* per row: where the next one starts */
    size_t row_count;
    uint32_t *breaks;             /* offsets of the line breaks within quotes */
    size_t break_count;
};

/* One way to look at 64 bytes. */
struct split_method {
    const char *name;             /* "avx2", "sse2", "neon", "plain" */
    bool (*possible)(void);       /* on this processor */
    /* Finds fields and rows in bytes[from, to), where `from` is the start of a row. Stops early, *odd true, where a quote stands in a place
     * that RFC 4180 has none for. Rows end with LF, CR or both. */
    void (*split)(const struct csv_format *format, const char *bytes, size_t from, size_t to, struct csv_marks *marks, bool *odd);
    /* Counts the ends of rows there, likewise. *after: the start of the first row that has no end, or from which on split_row must look.
     * *breaks: the line breaks within quotes before that. */
    int64_t (*count)(const struct csv_format *format, const char *bytes, size_t from, size_t to, size_t *after, int64_t *breaks, bool *odd);
};

/* Those that were compiled in, the best first; "plain" is the last and always possible. NULL past the last. */
const struct split_method *split_method(size_t number);
/* The best that is possible. */
const struct split_method *split_choose(void);

/* Whether the methods can read the format at all; else split_row reads all of it. */
bool split_fits(const struct csv_format *format);

/* Reads one row at bytes[from] byte by byte, by the rules that hold for any text: a quote at the start of a field begins a quoted part,
 * which ends with a quote that no quote follows; all other quotes are bytes like others. Adds what it finds to the marks.
 * final  nothing comes behind `to`
 * False when the row's end is not there: then nothing was added; *open tells where a quote was opened that nothing closes, or is `to`.
 * At the end of the text a row ends without a line end, unless a quote is open. */
bool split_row(const struct csv_format *format, const char *bytes, size_t from, size_t to, bool final, struct csv_marks *marks, size_t *open);

/* The start of the row behind a line end at `end`. */
static inline size_t split_after(const char *bytes, size_t end, size_t to)
{
    return end + 1 + (bytes[end] == '\r' && end + 1 < to && bytes[end + 1] == '\n');
}

#endif
