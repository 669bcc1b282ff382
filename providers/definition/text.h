/* The small languages inside a definition's attributes: lists of words, and paths into JSON. */
#ifndef PROVIDERS_DEFINITION_TEXT_H
#define PROVIDERS_DEFINITION_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct definition_path;

/* The next word of a list divided by white space, at or after text; NULL when there is none. */
const char *text_word(const char *text, size_t *length);
size_t text_word_count(const char *text);
bool text_has_word(const char *text, const char *word);

/* "/results/users" or "permissions/admin" taken apart. False when out of memory. */
bool text_path(struct arena *arena, const char *text, struct definition_path *path);

/* A list of paths. False when out of memory. */
bool text_paths(struct arena *arena, const char *text, const struct definition_path **paths, size_t *count);

#endif
