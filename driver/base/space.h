/* White space as JSON, XML and most texts have it: blanks, tabs and ends of lines; independent of the locale. */
#ifndef BASE_SPACE_H
#define BASE_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Whether there is nothing else; true of an empty text. */
static inline bool is_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_space(text[i]))
            return false;
    return true;
}

/* Where a document's contents begin: behind the byte order mark that some write in UTF-8 too, and white space; text + length where there
 * are none. */
static inline const char *space_skip_lead(const char *text, size_t length)
{
    const char *end = text + length;

    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    while (text < end && is_space(*text))
        text++;
    return text;
}

#endif
