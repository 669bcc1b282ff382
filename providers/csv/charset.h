/* Files in other character sets than UTF-8, made UTF-8 on the way. */
#ifndef PROVIDERS_CSV_CHARSET_H
#define PROVIDERS_CSV_CHARSET_H

#include <stdbool.h>

struct csv_stream;
struct error;

/* Whether iconv can bring it to UTF-8. */
bool csv_charset_known(const char *charset);

/* A stream of the same text in UTF-8, without a byte order mark. A mark at the start (of UTF-8, UTF-16, UTF-32) decides; without one it is
 * `charset`, or UTF-16 where that is UTF-8 and every other byte is NUL. Text that is UTF-8 already passes as it is. Takes the inner stream over, also when it fails. name: for messages.
 * Reading it: 22018 naming the byte where a text is none of its character set. */
bool csv_charset_open(struct csv_stream *inner, const char *charset, const char *name, struct csv_stream **stream, struct error *err);

#endif
