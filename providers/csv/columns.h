/* What columns a table has: by the first rows of its file, and by Schema.ini. */
#ifndef PROVIDERS_CSV_COLUMNS_H
#define PROVIDERS_CSV_COLUMNS_H

#include <stdbool.h>

struct csv_service;
struct csv_table;
struct error;

/* Fills in the table's format and columns. Called with the service's lock. */
bool csv_columns_find(struct csv_service *service, struct csv_table *table, struct error *err);

#endif
