/* What a service's $metadata says, as structures: CSDL of the versions 2, 3 and 4 in one form. */
#ifndef PROVIDERS_ODATA_MODEL_H
#define PROVIDERS_ODATA_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "providers/odata/edm.h"

struct error;

enum odata_version { ODATA_UNKNOWN, ODATA_V2 = 2, ODATA_V3, ODATA_V4 };

/* A list of names. */
struct odata_name {
    const struct odata_name *next;
    const char *text;
};

/* By what a property can be filtered. */
enum odata_filterable { FILTERABLE_FULLY, FILTERABLE_RANGES, FILTERABLE_VALUES, FILTERABLE_ONE_VALUE, FILTERABLE_NOT };

/* What a service says of a property or a parameter. */
struct odata_property {
    struct odata_property *next;
    const char *name;
    const char *type_name;           /* as it is written, without Collection( ) */
    bool collection;
    bool nullable;
    bool day;                        /* only the day of its moment counts */
    enum odata_filterable filterable; /* as far as the property itself says */
    bool sortable;                   /* likewise */
    bool required;                   /* a reading must have a condition on it */
    bool optional;                   /* of a parameter: it may be left out */
    struct edm_facets facets;
    const char *feed_path;           /* where else it can stand in an entry of a feed: "title", "author/name"; or NULL */
    const char *description;         /* NULL: none */
};

/* One property that refers to a property of the target. */
struct odata_reference {
    struct odata_reference *next;
    const char *property, *referenced;
};

struct odata_navigation {
    struct odata_navigation *next;
    const char *name;
    const char *type_name;           /* V4: of the target, without Collection( ) */
    bool collection;                 /* V4; of the older versions once it is resolved */
    bool contains;                   /* the target's entities are reached through this property only */
    const char *relationship, *from_role, *to_role; /* V2, V3 */
    const struct odata_reference *references;
    const char *description;
};

enum odata_type_kind { ODATA_ENTITY, ODATA_COMPLEX, ODATA_ENUM, ODATA_DEFINITION };

struct odata_member {
    struct odata_member *next;
    const char *name;
    long long value;
};

/* A part of the key. */
struct odata_key {
    struct odata_key *next;
    const char *path;                /* "Id", "Address/Code" */
    const char *alias;               /* what it is called in addresses, or NULL */
};

struct odata_type {
    struct odata_type *next;
    enum odata_type_kind kind;
    const char *space, *name;        /* "ODataDemo", "Product" */
    const char *base_name;           /* as it is written, or NULL */
    const struct odata_type *base;
    const struct odata_type *derived, *next_derived; /* those that have it as their base */
    const struct odata_set *set;     /* the one set whose entities are of exactly this type; NULL where there are several or none */
    bool several;
    const char *fault;               /* why it can not be used, or NULL */
    bool open, media;                /* it has properties that are not declared; its entities are files */
    struct odata_key *keys;          /* declared by itself; a base type may have them instead */
    struct odata_property *properties;
    struct odata_navigation *navigations;
    struct odata_member *members;    /* of an enumeration */
    const char *feed_source, *feed_path; /* likewise for a property that it has from its base, or NULL */
    bool flags;                      /* several of them at once */
    enum edm underlying;             /* of a definition */
    struct edm_facets facets;        /* of a definition */
    const char *description;
};

struct odata_end {
    const char *role, *type_name, *set;
    bool many, optional;
};

/* V2, V3. */
struct odata_association {
    struct odata_end ends[2];
    const char *principal, *dependent; /* roles; NULL: it has no constraint */
    struct odata_reference *references; /* property: of the dependent */
};

struct odata_association_set {
    struct odata_association_set *next;
    const char *association;
    struct odata_end ends[2];        /* role and set */
};

struct odata_binding {
    struct odata_binding *next;
    const char *path, *target;
};

/* What may be asked of a set. */
struct odata_limits {
    bool filter, sort, count, expand, search, select, top, skip, by_key, read;
    bool needs_filter;               /* some condition must be sent */
    const struct odata_name *required;       /* paths of properties that must have one */
    const struct odata_name *not_filterable, *not_sortable, *not_expandable;
    const struct odata_name *only_ranges, *only_values, *only_one_value;
    const struct odata_name *functions;      /* those that $filter may use; NULL: it is not told */
    enum { APPLY_UNTOLD, APPLY_YES, APPLY_NO } apply;
};

/* An entity set or a singleton. */
struct odata_set {
    struct odata_set *next;
    const struct odata_container *container;
    const char *name, *type_name;
    bool singleton;
    struct odata_binding *bindings;
    struct odata_limits limits;
    const char *description;
    const struct odata_table *table; /* what it has become, see tables.h */
};

/* A function or action, or an import of one (V2 and V3 have only these). */
struct odata_operation {
    struct odata_operation *next;
    const char *space, *name;
    bool action;                     /* it changes something, and is called by POST */
    bool bound;                      /* the first parameter is what it is called on */
    bool body;                       /* its parameters stand in the body of the request */
    struct odata_property *parameters;
    struct odata_property *result;   /* NULL: none */
    const char *description;
};

struct odata_import {
    struct odata_import *next;
    const struct odata_container *container;
    const char *name, *operation;    /* the latter qualified */
    bool action;
    const char *description;
};

struct odata_container {
    struct odata_container *next;
    const char *space, *name;
    bool standard;                   /* its sets need no prefix */
    struct odata_set *sets;
    struct odata_association_set *association_sets;
    struct odata_import *imports;
    struct odata_operation *operations; /* function imports of V2, V3 */
    struct odata_limits limits;      /* of all its sets */
};

/* A namespace, or one that other documents define. */
struct odata_space {
    struct odata_space *next;
    const char *name, *alias;        /* alias: NULL for none */
    bool elsewhere;
};

struct odata_model {
    struct arena arena;
    enum odata_version version;      /* as the document tells it */
    bool minor;                      /* 4.01 */
    struct odata_space *spaces;
    struct odata_container *containers;
    struct odata_operation *operations;
    struct model_names *types, *associations;
    struct odata_type *first, **last; /* of all types, as the document has them */
    size_t type_count;
};

/* Reads a metadata document of `length` bytes. The model is given back with model_close. False: HY000 that says what the document is
 * instead of metadata, or where it is malformed. What is broken inside of it puts out only what needs it. */
bool model_read(const char *document, size_t length, struct odata_model **model, struct error *err);
void model_close(struct odata_model *model);

/* Finds the bases of all types; model_read does so. False when out of memory. */
bool model_link(struct odata_model *model);

/* A type by its qualified name, whose first part may be an alias; NULL when there is none. */
const struct odata_type *model_type(const struct odata_model *model, const char *name);
const struct odata_association *model_association(const struct odata_model *model, const char *name);
/* Whether a qualified name belongs to a namespace that this document only refers to. */
bool model_is_elsewhere(const struct odata_model *model, const char *name);

/* The set of that name: "Products", "Container/Products", "Namespace.Container/Products"; NULL when there is none. */
const struct odata_set *model_set(const struct odata_model *model, const struct odata_container *container, const char *name);

/* The key of an entity type, which it may have from a base; NULL when it has none. */
const struct odata_key *model_keys(const struct odata_type *type);

/* A property of a type or of one that it extends. */
const struct odata_property *model_property(const struct odata_type *type, const char *name);
const struct odata_navigation *model_navigation(const struct odata_type *type, const char *name);

/* Whether a type is, or extends, another. */
bool model_is_kind_of(const struct odata_type *type, const struct odata_type *other);

/* The entity type that a navigation leads to, and whether to several; NULL with *wrong a text in the arena when that is broken. */
const struct odata_type *model_target(const struct odata_model *model, const struct odata_type *owner, const struct odata_navigation *navigation,
                                      bool *many, struct arena *arena, const char **wrong);

/* The set that a navigation of a set's entities leads to; NULL when nothing tells it. */
const struct odata_set *model_target_set(const struct odata_model *model, const struct odata_set *set, const struct odata_navigation *navigation,
                                         const struct odata_type *target);

/* What a navigation's properties refer to; NULL when it says nothing, or is the side that is referred to. */
const struct odata_reference *model_references(const struct odata_model *model, const struct odata_navigation *navigation);

#endif
