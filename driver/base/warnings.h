/* What an application should know of although nothing failed: it becomes diagnostic records of SQL_SUCCESS_WITH_INFO. */
#ifndef BASE_WARNINGS_H
#define BASE_WARNINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct warning {
    struct warning *next;
    char sqlstate[6];
    const char *key, *message;
};

/* The warnings of one statement's execution. A zeroed one is empty. Used by one thread at a time. */
struct warnings {
    struct arena arena;
    struct warning *first, *last;
    const struct warning *told;      /* the last one that warnings_next gave */
    size_t count;
};

/* Adds one, unless there is one of the same key already, or very many: the first of its kind tells enough. Nothing is added when memory
 * is out. */
void warnings_add(struct warnings *warnings, const char *key, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The next one that nobody has been told, or NULL. */
const struct warning *warnings_next(struct warnings *warnings);

void warnings_clear(struct warnings *warnings);

#endif
