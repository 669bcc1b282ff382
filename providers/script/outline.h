/* The outline of a JSON document: which members its objects have, where arrays are, and which types the values fit. */
#ifndef PROVIDERS_SCRIPT_OUTLINE_H
#define PROVIDERS_SCRIPT_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/type.h"

struct arena;
struct error;

struct outline {
    const char *name;                /* of the member; "" for the document and for elements */
    unsigned seen;                   /* bits of outline_seen */
    size_t longest;                  /* bytes of texts */
    struct outline *members;         /* of objects, in the order in which they were met */
    struct outline *elements;        /* of arrays: all of them as one */
    struct outline *next;            /* the member after this one */
};

enum outline_seen {
    OUTLINE_NULL = 1, OUTLINE_BOOLEAN = 2, OUTLINE_INTEGER = 4, OUTLINE_BIGINT = 8, OUTLINE_NUMBER = 16, OUTLINE_DATE = 32, OUTLINE_TIMESTAMP = 64,
    OUTLINE_TEXT = 128, OUTLINE_OBJECT = 256, OUTLINE_ARRAY = 512,
};

/* Reads a document; of each array so many elements (0 = all). texts: all values are texts, whatever they are. The outline lives in the arena. False: 08S01 malformed, HY001. */
bool outline_read(const char *body, size_t length, size_t depth, bool texts, struct arena *arena, struct outline **outline, struct error *err);

const struct outline *outline_member(const struct outline *outline, const char *name, size_t length);

/* The type that all values of a place fit; text: all are strings. */
struct type outline_type(const struct outline *outline, bool text);

#endif
