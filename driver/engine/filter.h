/* From the arguments of xFilter to the filters of a scan. */
#ifndef ENGINE_FILTER_H
#define ENGINE_FILTER_H

#include <sqlite3.h>
#include <stdbool.h>

#include "engine/plan.h"

struct filters {
    struct filter *list;
    size_t count;
    const struct term **terms;  /* with their values */
    size_t term_count;
    int64_t limit;          /* of the scan; -1 = none known */
    bool nothing;           /* no row can satisfy them: there is nothing to ask for */
    const struct filter *choices;   /* the lists that stood beside an equality on their column, which holds for one of their values */
    size_t choice_count;
    int *not_null;          /* columns whose NULLs the cursor must leave out itself, for a comparison that every value satisfies */
    size_t not_null_count;
};

/* What a comparison with some value comes to. */
enum filter_fit {
    FILTER_FITS,         /* a comparison with a canonical value */
    FILTER_FITS_NONE,    /* true for no row */
    FILTER_FITS_ALL,     /* true for every row whose column is not NULL */
};

/* Brings a value that is not NULL to the column's type, as filters_build does. Texts are copied into the arena. False with HY001. */
bool filter_fit(const struct type *type, enum filter_op op, struct value *value, struct arena *arena, enum filter_fit *result, struct error *err);

/* Takes the values that SQLite hands over for a plan. Texts are copied into the arena. A value of another storage than the
 * column's (5.5 against a bigint), or of another scale (10.123 against a decimal(10,2)), becomes the value that selects the same rows, or decides at once.
 * False with HY001. */
bool filters_build(const struct table *table, const struct scan_plan *plan, sqlite3_value **arguments, struct arena *arena,
                   struct filters *filters, struct error *err);

#endif
