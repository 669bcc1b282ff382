/* A field's bytes become a value of its column's type. */
#ifndef PROVIDERS_CSV_CELL_H
#define PROVIDERS_CSV_CELL_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/decimal.h"
#include "base/type.h"
#include "base/value.h"
#include "providers/csv/format.h"

struct arena;

enum csv_fit {
    CSV_FITS,
    CSV_MISFITS,       /* it is no value of the type; the value is NULL */
    CSV_NO_TEXT,       /* likewise: its bytes are not UTF-8 */
    CSV_LONG,          /* a string that is longer than its type says; the value is the whole of it */
    CSV_TOO_LONG,      /* more bytes than MaxCellLength allows */
    CSV_NO_MEMORY,
};

/* What reading cells of one file needs. */
struct csv_cells {
    const struct csv_format *format;
    struct arena *arena;   /* gets the texts that have to be written anew */
    locale_t c;            /* the C locale */
};

/* The text that a field stands for: without quotes and, where the format trims, without what is around it. *null tells whether it means
 * NULL. The text may be the field's own bytes, of which the one behind the text, and the field's last quote, are overwritten: a field is
 * read once. */
enum csv_fit csv_cell_text(const struct csv_cells *cells, char *field, size_t length, const char **text, size_t *size, bool *null);

/* The same as a value, canonical for the type. */
enum csv_fit csv_cell_value(const struct csv_cells *cells, const struct type *type, char *field, size_t length, struct value *value);

/* A text's number as so many units of the decimal type's last digit. */
bool csv_cell_decimal(const struct csv_cells *cells, const struct type *type, const char *text, size_t length, decimal_digits *unscaled);

#endif
