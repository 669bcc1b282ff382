/* A json_source that hands a document out in pieces of chosen length. */
#ifndef TEST_JSON_PIECES_H
#define TEST_JSON_PIECES_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

struct pieces {
    const char *bytes;
    size_t length, at;
    size_t first, each;   /* length of the first piece, and of all further ones */
    bool started;
    char *piece;          /* a copy in its own memory, so that a look outside of it is caught by the sanitizer */
};

static bool pieces_next(void *context, const char **bytes, size_t *length, struct error *err)
{
    struct pieces *pieces = context;
    size_t take = !pieces->started ? pieces->first : pieces->each;
    (void)err;

    free(pieces->piece);
    pieces->piece = NULL;
    pieces->started = true;
    if (pieces->at == pieces->length)
        return false;
    if (take > pieces->length - pieces->at)
        take = pieces->length - pieces->at;
    pieces->piece = malloc(take ? take : 1);
    memcpy(pieces->piece, pieces->bytes + pieces->at, take);
    pieces->at += take;
    *bytes = pieces->piece;
    *length = take;
    return true;
}

#endif
