/* Writes rows as JSON text, in the shape that an answer has. */
#ifndef SANDBOX_ZOHO_JSON_H
#define SANDBOX_ZOHO_JSON_H

#include <stdio.h>

#include "test/sandbox/zoho_answer.h"
#include "test/sandbox/zoho_value.h"

void zoho_write_text(FILE *out, const char *text);

/* The members of the shape, in braces. Custom fields come as the service sends them: beside the array, each also as a member
 * cf_… and cf_…_unformatted, and all in custom_field_hash. */
void zoho_write_object(FILE *out, const struct zoho_at *at, const struct zoho_shape *shape);

/* The same without the braces, for answers whose row has no wrapper. */
void zoho_write_members(FILE *out, const struct zoho_at *at, const struct zoho_shape *shape);

/* A value as a member of this kind. */
void zoho_write_value(FILE *out, const struct zoho_at *at, struct zoho_value value, enum zoho_shape_kind kind);

#endif
