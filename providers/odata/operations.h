/* Functions and actions as things that can be called: by name, with their overloads. */
#ifndef PROVIDERS_ODATA_OPERATIONS_H
#define PROVIDERS_ODATA_OPERATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/odata/model.h"

struct arena;

struct odata_overload {
    struct odata_overload *next;
    const struct odata_operation *operation;
};

struct odata_callable {
    const char *name;                /* an import's own; of what is bound "Product_Discount" */
    const char *path;                /* in addresses: "CheapestProducts", "Shop.Model.Discount" */
    const char *description;         /* NULL: none */
    struct odata_overload *operations; /* at least one; all are actions, or none is */
    const struct odata_type *binding; /* it is called on an entity of this type, or on several; NULL: on nothing */
    bool many;                       /* on several, which is to say on the whole set */
    const struct odata_set *set;     /* where such entities are */
};

struct odata_callables {
    struct odata_callable *list;
    size_t count, room;
};

/* All that can be called: what is bound to a type only where some set or singleton has such entities. False when out of memory. */
bool odata_operations_collect(const struct odata_model *model, struct arena *arena, struct odata_callables *callables);

/* The overload with the most parameters; and whether one of its parameters can be left out, because another overload has none of its
 * name. */
const struct odata_operation *odata_widest(const struct odata_callable *callable);
bool odata_is_optional(const struct odata_callable *callable, const struct odata_property *parameter);

#endif
