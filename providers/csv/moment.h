/* Dates and times as files write them: by a pattern such as "dd.MM.yyyy HH:mm:ss", or as ISO 8601 has them.
 *
 *   yyyy yy          the year; two digits are 2000–2029 and 1930–1999
 *   MMMM MMM MM M    the month: its English name, whole or three letters, or its number
 *   dd d             the day
 *   HH H hh h        the hour, of 24, or of 12 where there is tt or AM/PM
 *   nn n, mm m       the minute; mm and m are the month where no hour stands before them in a pattern without capital M
 *   ss s, f…         the second, and digits of its fraction
 *   tt, AM/PM        which half of the day
 * Other characters stand for themselves, as do those within ' or ". One letter takes one or two digits, two take two. */
#ifndef PROVIDERS_CSV_MOMENT_H
#define PROVIDERS_CSV_MOMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/datetime.h"
#include "base/type.h"

enum { MOMENT_PARTS = 32 };

enum moment_part_kind {
    MOMENT_LITERAL, MOMENT_YEAR, MOMENT_MONTH, MOMENT_MONTH_NAME, MOMENT_DAY, MOMENT_HOUR, MOMENT_MINUTE, MOMENT_SECOND, MOMENT_FRACTION,
    MOMENT_HALF,
};

struct csv_moments {
    struct { enum moment_part_kind kind; int digits; char literal; } parts[MOMENT_PARTS];
    size_t count;
    bool date, time, halves;
};

/* False when the pattern is empty, too long, or names neither a whole date nor an hour. */
bool csv_moments_read(const char *pattern, struct csv_moments *moments);

/* Reads the whole of a text, spaces around it allowed. What the pattern does not have is 0, the date 1970-01-01. */
bool csv_moment_read(const struct csv_moments *moments, const char *text, size_t length, struct datetime *moment);

#endif
