/* Lists of folders as servers of files write them: as `ls -l` does, or DIR of DOS. */
#ifndef PROVIDERS_CSV_LISTING_H
#define PROVIDERS_CSV_LISTING_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/* name: of `length` bytes, not terminated. */
typedef bool csv_listing_teller(void *context, const char *name, size_t length, bool folder, struct error *err);

/* Tells what stands in a list, line by line, but for "." and "..", and what is neither a file, nor a folder, nor a link, which passes for a
 * file. False: 08S01 a line of another form; those of tell. */
bool csv_listing_tell(const char *text, size_t length, csv_listing_teller *tell, void *context, struct error *err);

#endif
