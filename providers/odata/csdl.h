/* What the readers of a metadata document share. */
#ifndef PROVIDERS_ODATA_CSDL_H
#define PROVIDERS_ODATA_CSDL_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/odata/model.h"
#include "providers/odata/xml.h"

struct error;

/* The value of an annotation: a text, or several values by place or by name. */
struct csdl_expression {
    struct csdl_expression *next;
    const char *name;                /* of a record's property; NULL in a collection */
    const char *text;                /* NULL for a collection or record */
    struct csdl_expression *parts;
};

struct csdl_annotation {
    struct csdl_annotation *next;
    const char *target;              /* "Namespace.Type/Property", where it stands apart from what it is about */
    const char *term;                /* its last name: "FilterRestrictions" */
    const struct csdl_expression *value;
};

/* What an annotation inside of an element is about: one of these, the others are NULL. */
struct csdl_subject {
    struct odata_property *property;
    struct odata_navigation *navigation;
    struct odata_type *type;
    struct odata_set *set;
    struct odata_container *container;
    const char **description;
};

struct csdl {
    struct xml xml;
    struct odata_model *model;
    const char *space;               /* of the present schema */
    struct csdl_annotation *annotations, **annotations_end; /* of things that may not have been read yet */
    bool memory;                     /* it ended */
    bool is_metadata;                /* the root is one that metadata has */
    const char *later;               /* the version, where it is none that is known; NULL */
};

/* Takes one attribute of the present element. */
typedef void csdl_attribute(struct csdl *csdl, const char *name, const char *value, void *context);
void csdl_attributes(struct csdl *csdl, csdl_attribute *take, void *context);
/* One attribute as a copy, or NULL. */
const char *csdl_attribute_text(struct csdl *csdl, const char *name);

/* Goes through the elements inside of the present one:
 *     for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);)
 * each is then the present one, by its name. What is not looked at is passed over. Attributes must be read before. */
int csdl_enter(struct csdl *csdl);
bool csdl_child(struct csdl *csdl, int depth);
bool csdl_is(struct csdl *csdl, const char *name);

/* Copies in the model's arena; NULL marks the reading as out of memory. */
void *csdl_new(struct csdl *csdl, size_t size);
const char *csdl_copy(struct csdl *csdl, const char *text);

bool csdl_truth(const char *value);
int csdl_number(const char *value, int otherwise);

/* A type as it is written: its name without "Collection( )". */
const char *csdl_type_name(struct csdl *csdl, const char *value, bool *collection);

/* The facets among a property's, parameter's or definition's attributes. False for any other. */
bool csdl_facet(struct edm_facets *facets, const char *name, const char *value);

/* A property, parameter or return type, at its element. */
struct odata_property *csdl_property(struct csdl *csdl);

/* Types and associations, by qualified name; model.c. */
bool csdl_add_type(struct csdl *csdl, struct odata_type *type);
bool csdl_add_association(struct csdl *csdl, const char *name, struct odata_association *association);

/* Containers and operations; csdl_container.c. */
void csdl_container(struct csdl *csdl);
void csdl_operation(struct csdl *csdl, bool action);

/* Annotations; csdl_annotation.c. At the element <Annotation> or the older <Documentation>, inside of what it is about; at <Annotations>; and
 * in the end those that were put aside. */
bool csdl_is_remark(struct csdl *csdl);
void csdl_annotate(struct csdl *csdl, const struct csdl_subject *subject);
void csdl_annotations(struct csdl *csdl);
void csdl_annotations_end(struct csdl *csdl);

/* A plain one: nothing is forbidden. */
extern const struct odata_limits csdl_no_limits;

#endif
