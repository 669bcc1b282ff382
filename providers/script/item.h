/* Items: bags of named texts, which scripts work with.
 *
 * A name may have a prefix ("http:content") and a number ("header:name#2") where an attribute has several values. Names are compared
 * without case. */
#ifndef PROVIDERS_SCRIPT_ITEM_H
#define PROVIDERS_SCRIPT_ITEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/type.h"
#include "base/value.h"

struct buffer;

/* What the items of one run may hold together. */
struct item_bound {
    size_t held, most;               /* bytes */
};

struct attribute {
    char *name;                      /* without number */
    char **values;
    size_t count;
};

struct item {
    struct attribute *attributes;    /* in the order in which they were set */
    size_t count, room;
    struct item_bound *bound;        /* NULL: none */
};

void item_init(struct item *item, struct item_bound *bound);
/* Wipes the values, since some are secrets. */
void item_clear(struct item *item);

/* Sets a value, whatever it was: of all values ("name"), of the one of that number ("name#2"), or one more ("name#"). False: out of memory or
 * of bounds. */
bool item_set(struct item *item, const char *name, const char *value);
/* The same with a value of that type, written as scripts and JSON write it: truth as true and false. */
bool item_set_value(struct item *item, const char *name, const struct type *type, const struct value *value);
/* Takes it away. A name "prefix:*" means all that begin so, "*" all. The name is not one that the item holds itself. */
void item_unset(struct item *item, const char *name);
/* The same for the attribute at that place. */
void item_drop(struct item *item, size_t index);
/* Copies all attributes of another one over its own. */
bool item_copy(struct item *item, const struct item *from);

/* The attribute of a name, whose number is left out of account; NULL: there is none. */
const struct attribute *item_attribute(const struct item *item, const char *name);
/* Appends the value of a name: that of its number, else all, divided by line breaks. False: there is none. */
bool item_value(const struct item *item, const char *name, struct buffer *out);
/* The first value of a name, or NULL. */
const char *item_first(const struct item *item, const char *name);

/* Whether a name is meant by a pattern: "*", "prefix:*", or itself. */
bool item_name_fits(const char *name, const char *pattern);

#endif
