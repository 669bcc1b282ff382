/* Days and moments as services write them, read strictly. */
#ifndef SANDBOX_MOMENT_H
#define SANDBOX_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* Exactly YYYY-MM-DD of a day there is; *day counts from 1970-01-01. */
bool day_read(const char *text, int64_t *day);

/* YYYY-MM-DDThh:mm:ss with Z or ±hh:mm (ISO 8601); *moment in seconds since the epoch. A space in place of '+' is the mark of a value
 * that was not URL-encoded, and is refused. */
bool moment_read(const char *text, int64_t *moment);

/* Writes YYYY-MM-DD. */
enum { DAY_TEXT = 11 };
void day_write(int64_t day, char text[DAY_TEXT]);

#endif
