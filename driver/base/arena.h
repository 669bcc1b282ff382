/* Memory that is given back all at once: everything a statement, a batch or a definition is made of. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

/* A zeroed struct arena is an empty one. Not shared between threads. */
struct arena {
    struct arena_block *blocks;
};

/* size zeroed bytes, aligned for any object; NULL when out of memory. They live until the arena is reset or cleared. */
void *arena_alloc(struct arena *arena, size_t size);

/* Zeroed room for count objects of size bytes; NULL also when the product does not fit a size_t. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of length bytes; NULL when out of memory. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);
char *arena_text(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Forgets all content but keeps the largest block, for the next round of the same work. */
void arena_reset(struct arena *arena);

/* Gives everything back; the arena is empty and usable again. */
void arena_clear(struct arena *arena);

#endif
