/* The one way a function fails: an SQLSTATE and a message that says what to do. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

struct error {
    char sqlstate[6];   /* five characters and a NUL; "" while nothing has failed */
    int native;         /* the service's or library's own code; 0 where there is none */
    char message[1024]; /* UTF-8, cut at a character boundary, never holds a secret */
};

/* Fills *err and returns false, so that a failing function can say `return error_set(err, …);`.
 * native becomes 0; whoever has a code of its own sets it afterwards. */
bool error_set(struct error *err, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Out of memory: HY001. Returns false. */
bool error_memory(struct error *err);

/* Puts text in front of the message of an error that is already set, to say where it happened. Returns false. */
bool error_prefix(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
