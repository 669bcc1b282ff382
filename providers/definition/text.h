/* Lists of words inside a definition's attributes. */
#ifndef PROVIDERS_DEFINITION_TEXT_H
#define PROVIDERS_DEFINITION_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The next word of a list divided by white space, at or after text; NULL when there is none. White space within brackets divides
 * nothing. */
const char *text_word(const char *text, size_t *length);
size_t text_word_count(const char *text);
bool text_has_word(const char *text, const char *word);

#endif
