/* JSON bodies of requests. */
#ifndef PROVIDERS_DEFINITION_BODY_H
#define PROVIDERS_DEFINITION_BODY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "providers/rows/path.h"

struct buffer;

/* Stands between the values of a parameter that takes several, each on its own. No value holds it. */
#define BODY_DIVIDER "\x1f"

/* Puts a value, which is taken over, at a path below root, making objects and arrays (for names that are numbers) on the way.
 * False when out of memory. */
bool body_put(json_t *root, const struct path *path, json_t *value);

/* Appends an object with these members at that path; a value with BODY_DIVIDER in it becomes an array. False when out of memory. */
bool body_write(const struct path *at, const char *const *names, const char *const *values, size_t count, struct buffer *body);

/* Appends what has been put. */
bool body_print(const json_t *root, struct buffer *body);

#endif
