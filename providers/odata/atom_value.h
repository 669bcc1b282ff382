/* Values in XML: the text of an element as a column's value, what is no scalar as JSON. */
#ifndef PROVIDERS_ODATA_ATOM_VALUE_H
#define PROVIDERS_ODATA_ATOM_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/odata/tables.h"
#include "providers/odata/xml.h"

struct arena;
struct buffer;
struct error;
struct warnings;

struct atom_target {
    const struct table *table;
    const struct column *column;
    const struct odata_column *detail;
    struct arena *arena;
    struct warnings *warnings;
};

/* A text as a value of the column. What does not fit is NULL with a warning where that can be, else 22018. */
bool atom_text_value(const struct atom_target *target, const char *text, size_t length, struct value *result, struct error *err);

/* The present element, which it reads to its end. */
bool atom_element_value(struct xml *xml, const struct atom_target *target, struct value *result, struct error *err);

/* Appends the present element as JSON: scalars by their m:type, nested elements as an object, elements of a collection as an array, GML as
 * GeoJSON. Reads it to its end. */
void atom_json(struct xml *xml, struct buffer *out);

/* The text inside of the present element, appended; reads it to its end. */
void atom_inner_text(struct xml *xml, struct buffer *out);

/* Whether the present element says m:null="true". */
bool atom_is_null(struct xml *xml);

#endif
