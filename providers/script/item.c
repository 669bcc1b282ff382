#include "providers/script/item.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/name.h"

enum { MOST_ATTRIBUTES = 100000, MOST_VALUES = 1000000 };

void item_init(struct item *item, struct item_bound *bound)
{
    *item = (struct item){.bound = bound};
}

/* --- texts, counted --- */

static char *hold(struct item *item, const char *text, size_t length)
{
    if (item->bound && item->bound->most - item->bound->held < length + 1)
        return NULL;
    char *copy = malloc(length + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (item->bound)
        item->bound->held += length + 1;
    return copy;
}

static void let_go(struct item *item, char *text)
{
    size_t length = strlen(text);

    if (item->bound)
        item->bound->held -= length + 1;
    explicit_bzero(text, length);
    free(text);
}

static void clear_attribute(struct item *item, struct attribute *attribute)
{
    for (size_t i = 0; i < attribute->count; i++)
        if (attribute->values[i])
            let_go(item, attribute->values[i]);
    free(attribute->values);
    let_go(item, attribute->name);
}

void item_clear(struct item *item)
{
    for (size_t i = 0; i < item->count; i++)
        clear_attribute(item, &item->attributes[i]);
    free(item->attributes);
    *item = (struct item){.bound = item->bound};
}

/* --- names --- */

/* Takes "name#2" apart: number 2; "name#": -1; "name": 0. */
static size_t split_name(const char *name, long *number)
{
    const char *mark = strrchr(name, '#');
    char *end;

    *number = 0;
    if (!mark || mark == name)
        return strlen(name);
    if (!mark[1]) {
        *number = -1;
        return (size_t)(mark - name);
    }
    long given = strtol(mark + 1, &end, 10);
    if (*end || given < 1 || given > MOST_VALUES || mark[1] < '0' || mark[1] > '9')
        return strlen(name);
    *number = given;
    return (size_t)(mark - name);
}

static struct attribute *find(const struct item *item, const char *name, size_t length)
{
    for (size_t i = 0; i < item->count; i++)
        if (name_equal_length(name, length, item->attributes[i].name))
            return &item->attributes[i];
    return NULL;
}

const struct attribute *item_attribute(const struct item *item, const char *name)
{
    long number;
    size_t length = split_name(name, &number);
    return find(item, name, length);
}

bool item_name_fits(const char *name, const char *pattern)
{
    size_t length = strlen(pattern);

    if (length && pattern[length - 1] == '*')
        return strncasecmp(name, pattern, length - 1) == 0;
    return name_equal(name, pattern);
}

/* --- setting --- */

static struct attribute *add(struct item *item, const char *name, size_t length)
{
    if (item->count == MOST_ATTRIBUTES)
        return NULL;
    if (item->count == item->room) {
        size_t room = item->room ? item->room * 2 : 8;
        struct attribute *attributes = realloc(item->attributes, room * sizeof *attributes);
        if (!attributes)
            return NULL;
        item->attributes = attributes;
        item->room = room;
    }
    struct attribute *made = &item->attributes[item->count];
    *made = (struct attribute){.name = hold(item, name, length)};
    if (!made->name)
        return NULL;
    item->count++;
    return made;
}

/* Gives it room for so many values. */
static bool widen(struct attribute *attribute, size_t count)
{
    if (count <= attribute->count)
        return true;
    if (count > MOST_VALUES)
        return false;
    /* In powers of two, so that a list that grows by one does not cost its square. */
    bool grow = attribute->count == 0 || (attribute->count & (attribute->count - 1)) == 0 || count > attribute->count + 1;
    if (grow) {
        size_t room = 1;
        while (room < count)
            room *= 2;
        char **values = realloc(attribute->values, room * sizeof *values);
        if (!values)
            return false;
        attribute->values = values;
    }
    for (size_t i = attribute->count; i < count; i++)
        attribute->values[i] = NULL;
    attribute->count = count;
    return true;
}

void item_drop(struct item *item, size_t index)
{
    clear_attribute(item, &item->attributes[index]);
    memmove(&item->attributes[index], &item->attributes[index + 1], (item->count - index - 1) * sizeof *item->attributes);
    item->count--;
}

bool item_set(struct item *item, const char *name, const char *value)
{
    long number;
    size_t length = split_name(name, &number), index = 0;
    char *copy = hold(item, value, strlen(value));
    struct attribute *attribute = find(item, name, length);

    if (!copy || (!attribute && !(attribute = add(item, name, length)))) {
        if (copy)
            let_go(item, copy);
        return false;
    }
    if (number == 0)
        for (; attribute->count; attribute->count--)
            if (attribute->values[attribute->count - 1])
                let_go(item, attribute->values[attribute->count - 1]);
    index = number > 0 ? (size_t)number - 1 : number < 0 ? attribute->count : 0;
    if (number == 0) {
        free(attribute->values);
        attribute->values = NULL;
    }
    if (!widen(attribute, index + 1)) {
        let_go(item, copy);
        return false;
    }
    if (attribute->values[index])
        let_go(item, attribute->values[index]);
    attribute->values[index] = copy;
    return true;
}

bool item_set_value(struct item *item, const char *name, const struct type *type, const struct value *value)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    if (type->kind == TYPE_BOOLEAN && value->storage == STORAGE_INTEGER)
        return item_set(item, name, value->integer ? "true" : "false");
    return item_set(item, name, value_as_text(value, scratch, &length));
}

void item_unset(struct item *item, const char *name)
{
    long number;
    size_t length = split_name(name, &number);

    if (number > 0) {
        struct attribute *attribute = find(item, name, length);
        if (attribute && (size_t)number <= attribute->count) {
            if (attribute->values[number - 1])
                let_go(item, attribute->values[number - 1]);
            memmove(&attribute->values[number - 1], &attribute->values[number], (attribute->count - (size_t)number) * sizeof *attribute->values);
            attribute->count--;
        }
        return;
    }
    for (size_t i = item->count; i-- > 0;)
        if (item_name_fits(item->attributes[i].name, name))
            item_drop(item, i);
}

bool item_copy(struct item *item, const struct item *from)
{
    for (size_t i = 0; i < from->count && item != from; i++) {
        const struct attribute *attribute = &from->attributes[i];
        struct attribute *own = find(item, attribute->name, strlen(attribute->name));
        if (own)
            item_drop(item, (size_t)(own - item->attributes));
        if (!(own = add(item, attribute->name, strlen(attribute->name))) || !widen(own, attribute->count))
            return false;
        for (size_t j = 0; j < attribute->count; j++)
            if (attribute->values[j] && !(own->values[j] = hold(item, attribute->values[j], strlen(attribute->values[j]))))
                return false;
    }
    return true;
}

/* --- reading --- */

bool item_value(const struct item *item, const char *name, struct buffer *out)
{
    long number;
    size_t length = split_name(name, &number);
    const struct attribute *attribute = find(item, name, length);

    if (!attribute)
        return false;
    if (number > 0) {
        bool there = (size_t)number <= attribute->count && attribute->values[number - 1];
        if (there)
            buffer_append_text(out, attribute->values[number - 1]);
        return there;
    }
    bool first = true;
    for (size_t i = 0; i < attribute->count; i++) {
        if (!attribute->values[i])
            continue;
        if (!first)
            buffer_append_char(out, '\n');
        buffer_append_text(out, attribute->values[i]);
        first = false;
    }
    return !first;
}

const char *item_first(const struct item *item, const char *name)
{
    long number;
    size_t length = split_name(name, &number);
    const struct attribute *attribute = find(item, name, length);
    size_t index = number > 0 ? (size_t)number - 1 : 0;

    return attribute && index < attribute->count ? attribute->values[index] : NULL;
}
