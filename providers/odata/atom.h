/* Pages of rows in Atom, as V2 and V3 have them. A page is read once and its rows kept, since an entry may tell its key behind what is
 * inside of it. */
#ifndef PROVIDERS_ODATA_ATOM_H
#define PROVIDERS_ODATA_ATOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/odata/tables.h"

struct atom;
struct error;
struct warnings;

/* needed: per column of the table, copied. inside: the rows are those inside of the entries, by the table's navigation; the entries are
 * its parents. warnings: gets what does not fit; NULL: that is an error where the column can not be NULL. */
bool atom_open(const struct odata_table *table, const bool *needed, bool inside, struct warnings *warnings, struct atom **atom, struct error *err);
void atom_close(struct atom *atom);

/* What a page says besides its rows. */
struct atom_facts {
    const char *next, *delta;        /* absolute addresses, or NULL; until the next page */
    int64_t count;                   /* -1 = not told */
    int64_t entries;                 /* of the feed itself */
    bool failure;                    /* it is an error that the service reports, or ends with one */
    bool is_page;                    /* it is a feed or an entry */
};

/* Reads a page. base: the address that it came from. The values live until the next page. False: 08S01 malformed, and not because the
 * service reports an error in it; 22018 as decoder_next. */
bool atom_page(struct atom *atom, const char *body, size_t length, const char *base, struct atom_facts *facts, struct error *err);

/* The next row, a value per column of the table; NULL at the end. */
const struct value *atom_next(struct atom *atom);

/* Addresses of more rows inside of an entry: the next one, with the parent's columns; false when there are no more. */
bool atom_inner(struct atom *atom, const char **address, const struct value **row);

#endif
