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

/* A member of a body. */
struct body_member {
    const char *name;                /* a slash in it leads into an inner object: "search/name" */
    const char *value;
    bool list;                       /* an array, also of one value; several are divided by BODY_DIVIDER */
    bool json;                       /* the value is a document, not a text; what is none stays a text */
};

/* Appends an object with these members at that path. False when out of memory. */
bool body_write(const struct path *at, const struct body_member *members, size_t count, struct buffer *body);

/* Appends what has been put. */
bool body_print(const json_t *root, struct buffer *body);

#endif
