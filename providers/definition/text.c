#include "providers/definition/text.h"

#include <string.h>

static const char spaces[] = " \t\r\n";

const char *text_word(const char *text, size_t *length)
{
    bool inside = false;

    text += strspn(text, spaces);
    *length = 0;
    while (text[*length] && (inside || !strchr(spaces, text[*length]))) {
        inside = text[*length] == '[' || (inside && text[*length] != ']');
        ++*length;
    }
    return *length ? text : NULL;
}

size_t text_word_count(const char *text)
{
    size_t count = 0;
    for (size_t length; (text = text_word(text, &length)); text += length)
        count++;
    return count;
}

bool text_has_word(const char *text, const char *word)
{
    for (size_t length; (text = text_word(text, &length)); text += length)
        if (strlen(word) == length && memcmp(text, word, length) == 0)
            return true;
    return false;
}
