/* A query on a statement that somebody else made: what query_prepare does after parsing. */
#ifndef ENGINE_QUERY_H
#define ENGINE_QUERY_H

#include "engine/engine.h"

/* As query_prepare, but the batch is given, by its first statement; it and cancel outlive the queries. */
bool query_open(struct engine *engine, const struct statement *statement, struct cancel *cancel, struct query **query,
                struct error *err);

#endif
