/* How a table is asked for: by which way, and which conditions of a query go where. */
#ifndef PROVIDERS_ODATA_PLAN_H
#define PROVIDERS_ODATA_PLAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "providers/odata/literal.h"
#include "providers/odata/tables.h"

struct arena;
struct error;
struct odata_options;

/* What is the same for all requests of a connection. */
struct odata_context {
    const struct odata_model *model;
    const struct odata_options *options;
    enum odata_version version;
    bool minor;                      /* 4.01 */
    struct literal_form form;
    bool milliseconds;               /* rows have no finer moments, although the service may */
    atomic_uint *refused;            /* by the whole service: bits of enum odata_refusal */
};

enum odata_way {
    WAY_SET,                         /* Set?$filter=… */
    WAY_KEY,                         /* Set(key) */
    WAY_SINGLE,                      /* Singleton */
    WAY_DIRECT,                      /* Parent(key)/Navigation, for each key that is given */
    WAY_EXPAND,                      /* Parent?$expand=Navigation */
    WAY_WALK,                        /* Parent(key)/Navigation, for each of the parent's rows */
    WAY_FUNCTION,                    /* Function(input=…) */
};

/* Where a condition goes. */
enum odata_where {
    WHERE_NOWHERE,                   /* it is left to the engine */
    WHERE_FILTER,                    /* $filter of the rows themselves */
    WHERE_KEY,                       /* the key in the address */
    WHERE_PARENT,                    /* the parent's key in the address, the parent's $filter, or the reading of the parent */
    WHERE_SEARCH, WHERE_INPUT,
};

struct odata_route {
    enum odata_way way;
    enum odata_where *where;         /* per condition */
    bool filters;                    /* the rows themselves can be filtered, so that terms may be told */
    double requests, rows;           /* estimates */
};

/* Chooses the way, and sets `taken` and `exact` of the conditions. Shown only the conditions that it took, it comes to the same result.
 * grouped: the rows are to be groups, for which no key or parent can be asked. False: 42000 when the table can not be read so, HY001. */
bool odata_route_choose(const struct odata_context *context, const struct odata_table *table, struct plan_condition *conditions, size_t count,
                        bool grouped, struct odata_route *route, struct arena *arena, struct error *err);

/* Says which terms are told by that way, which then yields fewer rows. */
void odata_route_tell(const struct odata_context *context, const struct odata_table *table, struct odata_route *route, struct plan_term *terms,
                      size_t count);

/* Whether the service yields the rows in that order. */
bool odata_route_ordered(const struct odata_context *context, const struct odata_table *table, const struct odata_route *route,
                         const struct plan_condition *conditions, size_t count, const struct plan_order *order, size_t order_count);

/* The keys of an address: the column that a key is in, in the order of the key. Of the table's own entity, or of its parent, whose columns
 * are those of the table. -1 ends the list, which is in the arena. NULL when out of memory. */
const int *odata_key_columns(const struct odata_table *table, bool of_parent, struct arena *arena);

/* Whether some list of names holds a path. */
bool odata_is_named(const struct odata_name *list, const char *path);

/* Whether $filter may compare a column so. */
bool odata_can_filter(const struct odata_context *context, const struct odata_table *table, const struct odata_column *column, enum filter_op op);

/* Whether it may do so in whatever expression. */
bool odata_is_free(const struct odata_table *table, const struct odata_column *column);

/* Whether $filter may have functions besides those of LIKE, and arithmetic; terms at all. */
bool odata_may_calculate(const struct odata_context *context);
bool odata_may_tell(const struct odata_table *table);

/* Whether $filter may use a function of that name on the table's rows. */
bool odata_may_use(const struct odata_context *context, const struct odata_table *table, const char *function);

#endif
