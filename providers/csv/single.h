/* One text of delimited rows that no service lists: what scripts read, by the same rules as files. */
#ifndef PROVIDERS_CSV_SINGLE_H
#define PROVIDERS_CSV_SINGLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/property.h"
#include "table/service.h"

struct cancel;
struct csv_opener;
struct csv_single;
struct error;
struct log;
struct warnings;

/* Whether a property says how the text is to be read: FMT, Charset, TrimSpaces… */
bool csv_single_property(enum property property);

/* Finds out the columns. path: of a file, which may have a Schema.ini beside it. opener: gives the bytes where there is no path; it is asked
 * twice, for the columns and for the rows. name: for messages. All of them, and the log, outlive what is opened; properties do not have to.
 * False: HY000 a property that is wrong, an archive; those of reading. */
bool csv_single_open(const struct properties *properties, struct log *log, const char *name, const char *path, struct csv_opener *opener,
                     struct csv_single **single, struct error *err);
void csv_single_close(struct csv_single *single);

/* With the columns that were found, or that have been declared. */
const struct table *csv_single_table(const struct csv_single *single);

/* Puts columns in the place of those that were found. names: by which each is found among them; NULL: it is not looked for. there: whether it
 * was. The columns outlive what is opened. False: HY001. */
bool csv_single_declare(struct csv_single *single, const struct column *columns, const char *const *names, size_t count, bool *there,
                        struct error *err);

/* Begins to read the rows, once. wanted: per column; those that are not there can not be. cancel, warnings: outlive what is opened. */
bool csv_single_read(struct csv_single *single, const bool *wanted, struct cancel *cancel, struct warnings *warnings, struct error *err);
/* The next rows; *count 0 at the end. cells[column][row] live until the next call, NULL where they are not wanted. */
bool csv_single_next(struct csv_single *single, const struct value *const **cells, size_t *count, struct error *err);

#endif
