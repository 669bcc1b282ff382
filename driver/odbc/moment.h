/* Dates and times as Appendix D reads them: from values, from texts, from texts that are ODBC literals. */
#ifndef ODBC_MOMENT_H
#define ODBC_MOMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/datetime.h"
#include "base/type.h"

struct value;

struct moment {
    struct datetime at;
    bool has_date, has_time;   /* what is not there is day 1 of year 1, or midnight */
};

/* Reads a date, a time, a timestamp or a text of any of them; a text may also be an ODBC literal: {d '2024-02-29'}, {t '12:34:56'},
 * {ts '2024-02-29 12:34:56'} ("Date, Time, and Timestamp Escape Sequences"). False when it is none of them. */
bool moment_read(enum type_kind kind, const struct value *value, struct moment *moment);

/* A time that becomes a timestamp is one of today. */
void moment_fill_today(struct datetime *at);

/* Narrows a text to what stands between the quotes of {word '…'}. False, and nothing changed, when it is no such literal. */
bool moment_unescape(const char *word, const char **text, size_t *length);

#endif
