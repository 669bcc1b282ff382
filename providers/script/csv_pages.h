/* Rows of delimited text: a file, an answer as it comes, or a text that a script has. */
#ifndef PROVIDERS_SCRIPT_CSV_PAGES_H
#define PROVIDERS_SCRIPT_CSV_PAGES_H

#include <stdbool.h>
#include <stddef.h>

struct cancel;
struct csv_pages;
struct error;
struct record_request;
struct table;
struct value;
struct warnings;

/* As record_pages_open and what follows it: records.c hands requests for delimited text on. Nothing is asked before the first rows are. */
bool csv_pages_open(const struct record_request *request, const bool *wanted, struct cancel *cancel, struct warnings *warnings, struct csv_pages **pages,
                    struct error *err);
bool csv_pages_next(struct csv_pages *pages, size_t *rows, struct error *err);
/* NULL for columns that the text does not have. */
const struct value *const *csv_pages_cells(const struct csv_pages *pages);
const struct table *csv_pages_table(const struct csv_pages *pages);
void csv_pages_close(struct csv_pages *pages);

#endif
