/* The tables and views that a service's model becomes. */
#ifndef PROVIDERS_ODATA_TABLES_H
#define PROVIDERS_ODATA_TABLES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "providers/odata/model.h"
#include "table/service.h"

struct error;
struct odata_callable;
struct odata_options;

/* What a column is of. */
enum odata_role {
    ROLE_PROPERTY,                   /* of the entity, or of a complex property in it */
    ROLE_PARENT,                     /* of the entity that leads to this one */
    ROLE_MEDIA_LINK, ROLE_MEDIA_TYPE,   /* of an entity that is a file */
    ROLE_STREAM, ROLE_STREAM_TYPE,   /* of a property that is one */
    ROLE_REST,                       /* what is not declared */
    ROLE_SEARCH,                     /* an input: what $search looks for */
    ROLE_INPUT,                      /* a parameter of the function whose result it is */
};

/* Belongs to the struct column of the same index. */
struct odata_column {
    enum odata_role role;
    enum edm edm;
    const char *path;                /* "Address/City", as in addresses and in pages */
    const char *feed_path;           /* where else it may stand in an entry of a feed, or NULL */
    const char *selected;            /* what $select must name for it */
    const struct odata_type *type;   /* of an enumeration or a complex value */
    const struct odata_property *property; /* of an input */
    bool collection;
    bool day;                        /* a moment of which only the day counts */
    bool optional;                   /* of an input: it need not be given */
    bool null_told;                  /* of an input that is not given: it is null, and must be written so */
    const struct odata_type *derived; /* whose entities alone have it; NULL: all have */
    enum odata_filterable filterable;
    bool sortable, required;
    int parent;                      /* ROLE_PARENT: column of the parent's table */
    atomic_bool filter_refused, order_refused; /* by the service, on this connection */
};

enum odata_table_kind { TABLE_OF_SET, TABLE_OF_SINGLETON, TABLE_OF_NAVIGATION, TABLE_OF_FUNCTION };

/* What a service has refused on this connection: bits of struct odata_table.refused, or of struct odata_context.refused. */
enum odata_refusal {
    REFUSED_SELECT = 1, REFUSED_TOP = 2, REFUSED_COUNT = 4, REFUSED_KEY = 8, REFUSED_EXPAND = 16, REFUSED_NESTED = 32, REFUSED_APPLY = 64,
    REFUSED_FILTER = 128, REFUSED_ORDER = 256,                                       /* of a request; columns remember these */
    REFUSED_IN = 512, REFUSED_FUNCTIONS = 1024, REFUSED_EXACT_NUMBERS = 2048, REFUSED_JSON = 4096, /* by the whole service */
    REFUSED_CALCULATIONS = 8192,                                                     /* likewise */
    REFUSED_TERMS = 16384,                                                           /* of a request */
};

struct odata_table {
    struct table table;              /* table.definition points back here */
    enum odata_table_kind kind;
    const struct odata_set *set;     /* whose entities they are; NULL where only the parent leads to them */
    const struct odata_type *type;   /* NULL with a fault */
    const struct odata_table *parent; /* TABLE_OF_NAVIGATION */
    const struct odata_navigation *navigation;
    bool many;                       /* the navigation leads to several */
    const struct odata_callable *callable; /* TABLE_OF_FUNCTION; and its overload with the most parameters */
    const struct odata_operation *function;
    const char *path;                /* after the service's root: "Products", "Container.Products"; a navigation's name */
    const struct odata_limits *limits;
    struct odata_column *columns;    /* as table.columns, once it is complete */
    size_t parent_count;             /* columns of the parent, which come first */
    atomic_bool complete;
    atomic_uint refused;
};

/* Lists the tables without their columns, sorted by name. Everything lives in the arena. False with HY001. */
bool odata_tables_list(const struct odata_model *model, const struct odata_options *options, struct service *service, struct arena *arena,
                       struct error *err);

/* Fills in the columns of a table; what is wrong with it becomes its fault. Not for several threads at once. False with HY001. */
bool odata_table_fill(struct odata_table *table, const struct odata_model *model, const struct odata_options *options,
                      enum odata_version version, struct arena *arena, struct error *err);

/* The type in SQL of a property, parameter or result, and what of a column depends on it (edm, type, collection). False when the metadata
 * have no such type. */
bool odata_value_type(const struct odata_model *model, const struct odata_property *property, struct type *type, struct odata_column *column);

/* The name of a table or column for a name of the model: that name itself, or another in the arena; NULL when out of memory. */
const char *odata_sql_name(const struct odata_options *options, struct arena *arena, const char *name);
/* The name of the column for a path: "Address_City". */
const char *odata_column_name(const struct odata_options *options, struct arena *arena, const char *path);

#endif
