/* Values as they stand in addresses: in $filter, in keys, as parameters of functions. */
#ifndef PROVIDERS_ODATA_LITERAL_H
#define PROVIDERS_ODATA_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/odata/model.h"
#include "table/service.h"

struct buffer;
struct odata_column;
struct odata_options;

/* What a literal depends on besides the value. */
struct literal_form {
    enum odata_version version;
    bool zone_known;                 /* moments without an offset have this one at the service */
    int zone;                        /* minutes east of UTC */
};

/* Appends the literal, not encoded yet. value: canonical, not NULL. False, with nothing appended, when the version has no literal for it. */
bool odata_literal(struct buffer *out, const struct literal_form *form, const struct odata_column *column, const struct type *type,
                   const struct value *value);

/* Appends the value as JSON, for bodies of V3 and V4; a NULL is null. */
void odata_json(struct buffer *out, const struct literal_form *form, const struct odata_column *column, const struct type *type, const struct value *value);
void odata_json_string(struct buffer *out, const char *text, size_t length);

/* Appends a text as a literal: in quotes, those in it doubled. */
void odata_quote(struct buffer *out, const char *text, size_t length);

/* Appends a text as part of an address: percent-encoded but for what OData's own syntax needs. in_path: a slash is encoded too. */
void odata_encode(struct buffer *out, const char *text, size_t length, bool in_path);

#endif
