#include "providers/csv/header.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "base/utf.h"

enum { LONGEST_NAME = 128 /* bytes, as SQL_MAX_COLUMN_NAME_LEN tells */, ROOM_FOR_NUMBER = 8 };

/* Names that are taken, by a hash of their letters. */
struct taken {
    const char **slots;
    size_t size;                  /* a power of two */
};

static size_t hash(const char *name)
{
    uint64_t sum = 14695981039346656037ULL;

    for (; *name; name++)
        sum = (sum ^ (unsigned char)(*name >= 'A' && *name <= 'Z' ? *name | 0x20 : *name)) * 1099511628211ULL;
    return (size_t)(sum ^ sum >> 32);
}

/* False: it is taken already. */
static bool take(struct taken *taken, const char *name)
{
    size_t slot = hash(name) & (taken->size - 1);

    for (; taken->slots[slot]; slot = (slot + 1) & (taken->size - 1))
        if (name_equal(taken->slots[slot], name))
            return false;
    taken->slots[slot] = name;
    return true;
}

static char *tidy(const char *name, struct arena *arena)
{
    size_t length = strlen(name);

    if (length > LONGEST_NAME - ROOM_FOR_NUMBER)
        length = utf8_whole(name, LONGEST_NAME - ROOM_FOR_NUMBER);
    char *copy = arena_copy(arena, name, length);
    for (char *at = copy; at && *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = ' ';
    return copy;
}

bool csv_header_name(const char **names, size_t count, struct arena *arena)
{
    struct taken taken = {.size = 16};

    while (taken.size < count * 2)
        taken.size *= 2;
    taken.slots = arena_array(arena, taken.size, sizeof *taken.slots);
    if (!taken.slots)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *name = names[i] && *names[i] ? tidy(names[i], arena) : arena_printf(arena, "Col%zu", i + 1);
        const char *wanted = name;
        for (size_t number = 2; name && !take(&taken, name); number++)
            name = arena_printf(arena, "%s_%zu", wanted, number);
        if (!name)
            return false;
        names[i] = name;
    }
    return true;
}
