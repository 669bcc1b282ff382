/* The rows of a table's pages, whether they come as JSON or as Atom, by themselves or inside of the entities that lead to them. */
#ifndef PROVIDERS_ODATA_READER_H
#define PROVIDERS_ODATA_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/odata/plan.h"

struct error;
struct odata_reader;
struct warnings;

enum { READER_ROWS = 1024 /* the most rows in one batch */ };

/* What a page is expected to hold. */
enum odata_page_kind {
    PAGE_ROWS,                       /* rows of the table */
    PAGE_ROW,                        /* one row */
    PAGE_PARENTS,                    /* entities with the rows inside of them */
};

/* needed: per column of the table: fill its cells. Copied. warnings: gets what does not fit. */
bool odata_reader_open(const struct odata_context *context, const struct odata_table *table, const bool *needed, struct warnings *warnings,
                       struct odata_reader **reader, struct error *err);
void odata_reader_close(struct odata_reader *reader);

/* What a page says besides its rows; the texts live until the next page. */
struct odata_page_facts {
    const char *next, *delta;        /* absolute addresses, or NULL */
    int64_t count;                   /* -1 = not told */
    bool failure;                    /* the service reports an error in it */
};

/* Starts on a page, which is borrowed until the next one; url: the address that it came from. echo: per column of the table what the cells
 * of columns hold that stand in no page; NULL: nothing; borrowed likewise. *facts is known at once. False: 08S01 it is malformed or no
 * page at all. */
bool odata_reader_page(struct odata_reader *reader, enum odata_page_kind kind, const char *body, size_t length, const char *url,
                       const struct value *echo, struct odata_page_facts *facts, struct error *err);

/* Whether a batch that has rows already can take this reader's next page as well. */
bool odata_reader_spans(const struct odata_reader *reader);

/* Forgets the texts of all rows so far: the start of a new batch. */
void odata_reader_batch(struct odata_reader *reader);

/* Reads the page's next row into the cells; *found is false at its end. False: 08S01, 22018, 22002 as decoder_next. */
bool odata_reader_next(struct odata_reader *reader, size_t row, bool *found, struct error *err);

/* How many entities of the page have been read: its rows, or those that the rows are inside of. All of them at its end. */
int64_t odata_reader_entities(const struct odata_reader *reader);

/* Per needed column READER_ROWS values, NULL for the others. */
struct value *const *odata_reader_cells(const struct odata_reader *reader);

/* At the page's end: addresses of more rows inside of a parent, absolute, with what the columns of the parent hold. */
bool odata_reader_inner(struct odata_reader *reader, const char **address, const struct value **echo);

/* The address that a reference means in a page from `url` whose own base is `base` (or NULL); in the arena, NULL when out of memory or when
 * it means none. */
const char *odata_resolve(struct arena *arena, const char *url, const char *base, const char *reference);

#endif
