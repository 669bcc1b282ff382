/* Values in forms that their types do not suggest (enum shape_form). */
#ifndef PROVIDERS_ROWS_FORM_H
#define PROVIDERS_ROWS_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/value.h"

struct arena;
struct error;

enum { FORM_ROOM = 48 };

/* Bytes from base64 in either alphabet, padded or not, white space in between. False when it is none, with HY001 when memory is out. */
bool form_base64(const char *text, size_t length, struct arena *arena, struct value *result, struct error *err);

/* "/Date(1234567890123+0060)/": milliseconds since 1970 in UTC; the minutes of the offset only say where it was seen. day: as a date, or
 * the date of a timestamp. Writes the text that a service should have sent. False when it is something else. */
bool form_moment(const char *text, size_t length, bool day, char out[FORM_ROOM], size_t *written);

/* "PT8H1M30.5S" as "08:01:30.5". False when it is something else, or no time of one day. */
bool form_time(const char *text, size_t length, char out[FORM_ROOM], size_t *written);

/* "INF", "-INF" and longer words for them; "NaN" gives NULL. False when it is something else. */
bool form_real(const char *text, size_t length, struct value *result);

#endif
