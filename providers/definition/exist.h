/* Values of which a service does not tell that it does not know them: it answers with no rows, as if there were none (<filter silent="yes">). */
#ifndef PROVIDERS_DEFINITION_EXIST_H
#define PROVIDERS_DEFINITION_EXIST_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct cancel;
struct definition_table;
struct described_service;
struct error;
struct value;
struct warnings;

/* Those that a connection has seen to be there, so that each is asked for once. */
struct existing {
    pthread_mutex_t lock;            /* guards the rest */
    struct arena arena;
    struct existing_value *first;
};

bool existing_open(struct existing *existing, struct error *err);
void existing_close(struct existing *existing);

/* The service has shown this value, as text, in a column of a table. */
void exist_note(struct described_service *service, const struct definition_table *table, int column, const char *text);

/* Asks the table that a column refers to whether it has the value, unless that is known. One that it has, but would not show to who does not
 * ask for it, becomes a warning (warnings may be NULL). False: what the service says of it, or 42S02. */
bool exist_check(const struct described_service *service, const struct definition_table *table, size_t column, const struct value *value,
                 struct warnings *warnings, struct cancel *cancel, struct error *err);

#endif
