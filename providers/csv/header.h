/* The names of a file's columns. */
#ifndef PROVIDERS_CSV_HEADER_H
#define PROVIDERS_CSV_HEADER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Makes names out of what the first row says, in place: NULL and "" become Col1, Col2… by position; of equal ones, case ignored, the later
 * get a number behind them: Name, Name_2; control characters become spaces; what is longer than a name can be is cut. All names are in the
 * arena or static. False when out of memory. */
bool csv_header_name(const char **names, size_t count, struct arena *arena);

#endif
