/* The shop that the sandbox shows by OData: its model, the same in all versions, and its rows. */
#ifndef SANDBOX_ODATA_SHOP_H
#define SANDBOX_ODATA_SHOP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum shop_kind {
    SHOP_INT16, SHOP_INT32, SHOP_INT64, SHOP_STRING, SHOP_DECIMAL, SHOP_DOUBLE, SHOP_BOOLEAN, SHOP_GUID,
    SHOP_DATE,                      /* "2020-01-02" */
    SHOP_MOMENT,                    /* "2020-01-02T03:04:05", in UTC */
    SHOP_COLOR,                     /* an enumeration in V4, a text before it */
    SHOP_MAKER,                     /* a complex value: {"City", "Land"} */
};

struct shop_property {
    const char *name;
    enum shop_kind kind;
    bool nullable;
};

/* Where the own column equals the other one: of one entity when the other is its key, else of many. */
struct shop_navigation {
    const char *name, *target;      /* the name of a type */
    bool many;
    const char *own, *other;
};

struct shop_type {
    const char *name, *set;
    const char *keys[3];            /* ends with NULL */
    const struct shop_property *properties; /* ends with a NULL name, as the next one */
    const struct shop_navigation *navigations;
};

extern const struct shop_type shop_types[3];
enum { SHOP_TYPES = 3 };

const struct shop_type *shop_type_named(const char *name, bool by_set);
const struct shop_property *shop_property_named(const struct shop_type *type, const char *name);
const struct shop_navigation *shop_navigation_named(const struct shop_type *type, const char *name);
/* The properties of a complex value. */
extern const struct shop_property shop_maker[3];

/* Decimals are texts with two digits behind the point. */
struct shop {
    json_t *rows[SHOP_TYPES];       /* arrays, in the order of shop_types */
};

void shop_make(struct shop *shop, unsigned products);
void shop_clear(struct shop *shop);
json_t *shop_rows(const struct shop *shop, const struct shop_type *type);

/* What the path of a property leads to in a row, by navigations to one entity too; null where there is none. *kind is its kind. NULL when
 * there is no such path. Borrowed. */
const json_t *shop_reach(const struct shop *shop, const struct shop_type *type, const json_t *row, const char *path, enum shop_kind *kind);

/* The rows that a navigation leads to. A new array. */
json_t *shop_follow(const struct shop *shop, const json_t *row, const struct shop_navigation *navigation);

#endif
