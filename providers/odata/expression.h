/* $filter: what is compared: paths, numbers, functions of texts and moments. */
#ifndef PROVIDERS_ODATA_EXPRESSION_H
#define PROVIDERS_ODATA_EXPRESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "providers/odata/condition.h"

/* What is at hand while a condition is written. */
struct odata_saying {
    const struct odata_context *context;
    const struct odata_table *table;
    const char *navigation;
    struct odata_condition_needs *needs;
};

enum { ODATA_SAID_LENGTH = 1 << 16 };

/* The column if the service may be asked about it in every way; NULL for all other terms. */
const struct odata_column *odata_said_column(const struct odata_saying *saying, const struct term *term);

/* A value that is not known yet. */
bool odata_is_open(const struct term *value);

/* Appends a path, a literal of some type, a name followed by a parenthesis. All encoded. False: it can not be said; what was appended then is
 * of no use. */
bool odata_say_path(const struct odata_saying *saying, const struct odata_column *column, struct buffer *out);
bool odata_say_literal(const struct odata_saying *saying, enum edm edm, const struct term *value, struct buffer *out);
bool odata_say_call(const struct odata_saying *saying, const char *function, struct buffer *out);

/* Kinds of numbers, and of whole ones the range, by which services calculate. */
enum odata_number_kind { NUMBER_WHOLE, NUMBER_DECIMAL, NUMBER_DOUBLE };
struct odata_number {
    enum odata_number_kind kind;
    bool wide;                       /* 64 bits: past them SQL fails too. Else 32, which hold everything from least to most */
    int64_t least, most;
    bool literal;
};
bool odata_say_number(const struct odata_saying *saying, const struct term *term, struct buffer *out, struct odata_number *number);

/* A text: a path or a function of texts, as services of any make come to one that is equal where SQL's is. *ascii: only where it is compared
 * with letters of ASCII. */
bool odata_say_text(const struct odata_saying *saying, const struct term *term, struct buffer *out, bool *ascii);

#endif
