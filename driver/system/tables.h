/* What each system table is: its columns, and the rows that fill it. */
#ifndef SYSTEM_TABLES_H
#define SYSTEM_TABLES_H

#include "system/rows.h"
#include "table/service.h"

struct properties;

/* What the tables tell of. */
struct subject {
    const struct service *service;         /* with the system tables */
    const struct properties *properties;
};

struct system_table {
    const char *name, *description;
    const struct column *columns;
    size_t column_count;
    /* Appends all rows. False when out of memory. */
    bool (*fill)(const struct subject *subject, struct system_rows *rows);
};

enum { SYSTEM_TABLES = 8 };

/* Sorted by name. */
extern const struct system_table system_tables[SYSTEM_TABLES];

#endif
