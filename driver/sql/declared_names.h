/* The names of constraints as a SQLite database declares them, which SQLite itself tells nowhere. */
#ifndef SQL_DECLARED_NAMES_H
#define SQL_DECLARED_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum declared_kind { DECLARED_PRIMARY_KEY, DECLARED_UNIQUE, DECLARED_FOREIGN_KEY, DECLARED_OTHER };

/* A constraint that has a name. */
struct declared_name {
    const char *name;
    enum declared_kind kind;
    const char **columns;          /* none of DECLARED_OTHER */
    size_t column_count;
};

/* Those in a CREATE TABLE as sqlite_schema keeps it, in their order; as far as the text can be read. All in the arena. False: out of memory. */
bool declared_names_read(const char *text, struct arena *arena, struct declared_name **names, size_t *count);

#endif
