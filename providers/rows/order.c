#include "providers/rows/order.h"

#include <string.h>

#include "base/arena.h"

enum {
    MOST = 128, /* members of an object; one that has more is a map of some sort, whose names are never the same */
    LONGEST = 128, /* bytes of a name */
};

struct met {
    const char *written; /* ,"name": as it stands in the document */
    size_t length;
    const struct node *node;
};

struct order {
    struct arena *arena;
    bool given_up;
    size_t count;
    struct met members[MOST];
};

struct order *order_open(struct arena *arena)
{
    struct order *order = arena_alloc(arena, sizeof *order);

    if (order)
        order->arena = arena;
    return order;
}

static struct json_text name_of(const struct met *met)
{
    return (struct json_text){met->written + 2, met->length - 4};
}

bool order_take(const struct order *order, size_t *at, struct json_reader *reader, struct json_text *name, const struct node **node)
{
    if (*at >= order->count || !json_take_member(reader, order->members[*at].written, order->members[*at].length))
        return false;
    *name = name_of(&order->members[*at]);
    *node = order->members[*at].node;
    *at += 1;
    return true;
}

static bool find(const struct order *order, size_t from, size_t to, const struct json_text *name, size_t *at)
{
    for (size_t i = from; i < to; i++) {
        struct json_text known = name_of(&order->members[i]);
        if (known.length == name->length && memcmp(known.bytes, name->bytes, known.length) == 0) {
            *at = i + 1;
            return true;
        }
    }
    return false;
}

/* Whether a name stands in a document as it is. */
static bool is_plain(const struct json_text *name)
{
    for (size_t i = 0; i < name->length; i++)
        if ((unsigned char)name->bytes[i] < ' ' || name->bytes[i] == '"' || name->bytes[i] == '\\')
            return false;
    return name->length <= LONGEST;
}

void order_note(struct order *order, size_t *at, const struct json_text *name, const struct node *node)
{
    if (order->given_up || find(order, *at, order->count, name, at) || find(order, 0, *at, name, at) || !is_plain(name))
        return;
    if (order->count == MOST) {
        order->given_up = true;
        order->count = 0;
        return;
    }
    const char *written = arena_printf(order->arena, ",\"%.*s\":", (int)name->length, name->bytes);
    if (!written)
        return;
    struct met *here = &order->members[*at];
    memmove(here + 1, here, (order->count - *at) * sizeof *here);
    *here = (struct met){written, name->length + 4, node};
    order->count++;
    *at += 1;
}
