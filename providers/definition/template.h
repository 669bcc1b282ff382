/* Texts with holes in braces. */
#ifndef PROVIDERS_DEFINITION_TEMPLATE_H
#define PROVIDERS_DEFINITION_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/definition/definition.h"

struct buffer;

/* Says what a name in braces means: a variable or a parameter. False when it means nothing. */
typedef bool template_names(void *context, const char *name, size_t length, struct template_part *part);

/* Takes a text apart, which is borrowed for as long as the arena lives. {today}, {today-30} and the like are known always, every other
 * name is asked of `names`. False with *wrong a text in the arena, or NULL when out of memory. */
bool template_read(struct arena *arena, const char *text, template_names *names, void *context, struct template *result,
                   const char **wrong);

/* Gives the text of a hole; NULL with *err set when there is none. *plain: it stands there as it is, whatever is asked for otherwise. */
typedef const char *template_values(void *context, const struct template_part *part, bool *plain, struct error *err);

/* Appends the text with its holes filled; encode: them as parts of a URL's path. False with *err, also when the buffer is full (HY001). */
bool template_fill(const struct template *template, template_values *values, void *context, bool encode, struct buffer *out,
                   struct error *err);

/* Whether a hole of that kind is in it. */
bool template_has(const struct template *template, enum part_kind kind);

#endif
