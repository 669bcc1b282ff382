/* What type a column has, as its cells show. */
#ifndef PROVIDERS_CSV_DETECT_H
#define PROVIDERS_CSV_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/type.h"
#include "providers/csv/cell.h"

/* Of one column. A zeroed one has seen nothing. */
struct csv_evidence {
    bool seen;                    /* a value that is not NULL */
    bool ruled_out[TYPE_JSON + 1];
    int64_t longest;              /* characters */
    decimal_digits least, most;   /* of whole numbers */
    int whole;                    /* digits before the point */
    int fraction;                 /* digits behind it */
    bool fractions_differ;        /* among the numbers with a point, in how many digits they have behind it */
    bool has_point;
    int second_fraction;
};

/* Looks at one more cell. The bytes are only looked at where nothing is written over: they may be read again. False: HY001. */
enum csv_fit csv_detect_look(const struct csv_cells *cells, char *field, size_t length, struct csv_evidence *evidence);

/* The type that holds all that was seen. all: that is all there is; else the type has room for what may come.
 * strings: it is a string whatever it looks like. */
struct type csv_detect_type(const struct csv_evidence *evidence, bool all, bool strings);

#endif
