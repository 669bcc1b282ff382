#include "providers/definition/text.h"

#include <string.h>

#include "providers/definition/definition.h"

static const char spaces[] = " \t\r\n";

const char *text_word(const char *text, size_t *length)
{
    text += strspn(text, spaces);
    *length = strcspn(text, spaces);
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

static bool split(struct arena *arena, const char *text, size_t length, struct definition_path *path)
{
    size_t most = 1, at = length && text[0] == '/';

    for (size_t i = 0; i < length; i++)
        most += text[i] == '/';
    const char **names = arena_array(arena, most, sizeof *names);
    if (!names)
        return false;
    path->names = names;
    path->length = 0;
    while (at < length) {
        const char *slash = memchr(text + at, '/', length - at);
        size_t name_length = slash ? (size_t)(slash - text) - at : length - at;
        names[path->length] = arena_copy(arena, text + at, name_length);
        if (!names[path->length++])
            return false;
        at += name_length + 1;
    }
    return true;
}

bool text_path(struct arena *arena, const char *text, struct definition_path *path)
{
    return split(arena, text, strlen(text), path);
}

bool text_paths(struct arena *arena, const char *text, const struct definition_path **paths, size_t *count)
{
    struct definition_path *made = arena_array(arena, text_word_count(text), sizeof *made);
    if (!made)
        return false;
    *paths = made;
    *count = 0;
    for (size_t length; (text = text_word(text, &length)); text += length)
        if (!split(arena, text, length, &made[(*count)++]))
            return false;
    return true;
}
