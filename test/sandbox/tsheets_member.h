/* Members of a JSON object as filters and reports look at them: numbers, booleans and texts may have any form that the service uses. A
 * name leads into nested objects: "linked_objects.jobcodes". */
#ifndef SANDBOX_TSHEETS_MEMBER_H
#define SANDBOX_TSHEETS_MEMBER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* NULL when there is none. */
const json_t *member_of(const json_t *object, const char *name);

/* A number, the digits of a string, 0 or 1 of a boolean; 0 when it is none of them. */
int64_t member_number(const json_t *object, const char *name);

/* NULL when it is no string. */
const char *member_text(const json_t *object, const char *name);

/* The same of a value. */
int64_t number_of(const json_t *value);

#endif
