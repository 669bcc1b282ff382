/* Schema.ini: what a folder says of the files in it, in the words of Jet's text driver.
 *
 *   [sales.csv]
 *   Format=Delimited(;)
 *   ColNameHeader=False
 *   Col1=Id Long
 *   Col2="First Name" Text Width 30
 *   DecimalSymbol=,
 */
#ifndef PROVIDERS_CSV_SCHEMA_INI_H
#define PROVIDERS_CSV_SCHEMA_INI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/type.h"
#include "providers/csv/format.h"

struct arena;
struct error;

struct csv_ini_entry {
    const char *name, *value;
    int line;
};

struct csv_ini_section {
    const char *name;             /* of the file */
    const struct csv_ini_entry *entries;
    size_t entry_count;
};

struct csv_ini {
    const char *path;             /* for messages */
    const struct csv_ini_section *sections;
    size_t section_count;
};

/* A column that is told. */
struct csv_ini_column {
    const char *name;
    struct type type;             /* a decimal's scale is -1 where it is not told */
    bool typed;                   /* else only its name is told */
    uint32_t width;               /* characters; 0 where it is not told */
};

/* What a section says. */
struct csv_ini_schema {
    struct csv_format format;
    const struct csv_ini_column *columns;
    size_t column_count;          /* 0: none is told */
    int64_t scan_depth;           /* rows; -1 where it is not told */
};

/* Takes the text of such a file apart. path: outlives the arena. False: HY000 with the line, HY001. */
bool csv_ini_read(const char *path, const char *text, size_t length, struct arena *arena, struct csv_ini *ini, struct error *err);

/* That of a file, its name's case ignored; NULL when there is none. ini may be NULL. */
const struct csv_ini_section *csv_ini_find(const struct csv_ini *ini, const char *file);

/* schema->format is what holds where the section says nothing. False: HY000 with path and line. */
bool csv_ini_apply(const struct csv_ini *ini, const struct csv_ini_section *section, struct csv_ini_schema *schema, struct arena *arena,
                   struct error *err);

/* A column's type by Jet's names and by the driver's own: "Text", "Long", "decimal(10,2)". width: of texts, 0 for the usual one. */
bool csv_ini_type(const char *text, uint32_t width, struct csv_ini_column *column);

#endif
