#include "providers/odata/model.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "providers/odata/csdl.h"

/* Names of a model: namespace and last part, hashed. */
struct model_name {
    const char *space, *name;
    void *what;
};

struct model_names {
    struct model_name *names;        /* an empty place has no name */
    size_t count, room;              /* room: a power of two */
};

static size_t hash(const char *space, size_t space_length, const char *name)
{
    uint64_t result = 14695981039346656037u;

    for (size_t i = 0; i < space_length; i++)
        result = (result ^ (unsigned char)space[i]) * 1099511628211u;
    result = (result ^ '.') * 1099511628211u;
    for (; *name; name++)
        result = (result ^ (unsigned char)*name) * 1099511628211u;
    return (size_t)(result ^ result >> 32);
}

static struct model_name *place_of(const struct model_names *names, const char *space, size_t space_length, const char *name)
{
    for (size_t at = hash(space, space_length, name);; at++) {
        struct model_name *place = &names->names[at & (names->room - 1)];
        if (!place->name || (strcmp(place->name, name) == 0 && strlen(place->space) == space_length && memcmp(place->space, space, space_length) == 0))
            return place;
    }
}

static bool grow(struct arena *arena, struct model_names *names)
{
    struct model_names larger = {.room = names->room ? names->room * 2 : 64, .count = names->count};

    larger.names = arena_array(arena, larger.room, sizeof *larger.names);
    if (!larger.names)
        return false;
    for (size_t i = 0; i < names->room; i++)
        if (names->names[i].name)
            *place_of(&larger, names->names[i].space, strlen(names->names[i].space), names->names[i].name) = names->names[i];
    *names = larger;
    return true;
}

/* The first of several of one name counts. False when out of memory. */
static bool add(struct csdl *csdl, struct model_names **names, const char *name, void *what)
{
    struct arena *arena = &csdl->model->arena;

    if (!*names && !(*names = arena_alloc(arena, sizeof **names)))
        return false;
    if ((*names)->count * 2 >= (*names)->room && !grow(arena, *names))
        return false;
    struct model_name *place = place_of(*names, csdl->space, strlen(csdl->space), name);
    if (!place->name) {
        *place = (struct model_name){csdl->space, name, what};
        (*names)->count++;
    }
    return true;
}

bool csdl_add_type(struct csdl *csdl, struct odata_type *type)
{
    struct odata_model *model = csdl->model;

    if (!model->last)
        model->last = &model->first;
    *model->last = type;
    model->last = &type->next;
    model->type_count++;
    return add(csdl, &model->types, type->name, type);
}

bool csdl_add_association(struct csdl *csdl, const char *name, struct odata_association *association)
{
    return add(csdl, &csdl->model->associations, name, association);
}

/* The namespace in front of a qualified name, in the place of its alias. */
static const char *space_of(const struct odata_model *model, const char *name, size_t *length)
{
    const char *dot = strrchr(name, '.');

    *length = dot ? (size_t)(dot - name) : 0;
    for (const struct odata_space *space = model->spaces; space; space = space->next)
        if (space->alias && strlen(space->alias) == *length && memcmp(space->alias, name, *length) == 0) {
            *length = strlen(space->name);
            return space->name;
        }
    return name;
}

static void *find(const struct odata_model *model, const struct model_names *names, const char *name)
{
    const char *dot = name ? strrchr(name, '.') : NULL;
    size_t length;

    if (!dot || !names)
        return NULL;
    const char *space = space_of(model, name, &length);
    return place_of(names, space, length, dot + 1)->what;
}

/* Some services write names without their namespace, or with one that they do not declare: the one type of that name is meant. */
static const struct odata_type *find_by_last_name(const struct odata_model *model, const char *name)
{
    const struct odata_type *found = NULL;
    const char *dot = strrchr(name, '.'), *last = dot ? dot + 1 : name;
    size_t length;
    const char *space = space_of(model, name, &length);

    for (const struct odata_space *one = model->spaces; dot && one; one = one->next)
        if (strlen(one->name) == length && memcmp(one->name, space, length) == 0)
            return NULL;
    for (const struct odata_type *type = model->first; type; type = type->next) {
        if (strcmp(type->name, last) != 0)
            continue;
        if (found)
            return NULL;
        found = type;
    }
    return found;
}

const struct odata_type *model_type(const struct odata_model *model, const char *name)
{
    const struct odata_type *type = find(model, model->types, name);
    bool own = name && strncmp(name, "Edm.", 4) != 0;
    return type || !own ? type : find_by_last_name(model, name);
}

const struct odata_association *model_association(const struct odata_model *model, const char *name)
{
    return find(model, model->associations, name);
}

bool model_is_elsewhere(const struct odata_model *model, const char *name)
{
    size_t length;
    const char *space = space_of(model, name, &length);
    bool elsewhere = false;

    for (const struct odata_space *one = model->spaces; one; one = one->next) {
        if (strlen(one->name) != length || memcmp(one->name, space, length) != 0)
            continue;
        if (!one->elsewhere)
            return false;
        elsewhere = true;
    }
    return elsewhere;
}

/* Bases. */

static bool is_own_base(const struct odata_type *type)
{
    size_t steps = 0;

    for (const struct odata_type *base = type->base; base; base = base->base)
        if (base == type || ++steps > 1000)
            return true;
    return false;
}

bool model_link(struct odata_model *model)
{
    for (struct odata_type *type = model->first; type; type = type->next) {
        struct odata_type *base = type->base_name ? (struct odata_type *)model_type(model, type->base_name) : NULL;
        if (base && base->kind == type->kind) {
            type->base = base;
        } else if (type->base_name && !model_is_elsewhere(model, type->base_name) && strncmp(type->base_name, "Edm.", 4) != 0) {
            type->fault = arena_printf(&model->arena, "its base type %s is not in the metadata", type->base_name);
            if (!type->fault)
                return false;
        }
    }
    for (struct odata_type *type = model->first; type; type = type->next) {
        if (!type->base)
            continue;
        if (is_own_base(type)) {
            type->fault = "it is its own base type";
            type->base = NULL;
            continue;
        }
        const struct odata_type **end = &((struct odata_type *)type->base)->derived;
        while (*end)
            end = (const struct odata_type **)&(*end)->next_derived;
        *end = type;
    }
    for (const struct odata_container *container = model->containers; container; container = container->next)
        for (const struct odata_set *set = container->sets; set; set = set->next) {
            struct odata_type *type = set->singleton ? NULL : (struct odata_type *)model_type(model, set->type_name);
            if (!type)
                continue;
            type->several |= type->set != NULL;
            type->set = type->several ? NULL : set;
        }
    return true;
}

void model_close(struct odata_model *model)
{
    if (!model)
        return;
    struct arena arena = model->arena;
    free(model);
    arena_clear(&arena);
}

/* Looking up. */

const struct odata_key *model_keys(const struct odata_type *type)
{
    while (type && !type->keys)
        type = type->base;
    return type ? type->keys : NULL;
}

const struct odata_property *model_property(const struct odata_type *type, const char *name)
{
    for (; type; type = type->base)
        for (const struct odata_property *property = type->properties; property; property = property->next)
            if (strcmp(property->name, name) == 0)
                return property;
    return NULL;
}

const struct odata_navigation *model_navigation(const struct odata_type *type, const char *name)
{
    for (; type; type = type->base)
        for (const struct odata_navigation *navigation = type->navigations; navigation; navigation = navigation->next)
            if (strcmp(navigation->name, name) == 0)
                return navigation;
    return NULL;
}

bool model_is_kind_of(const struct odata_type *type, const struct odata_type *other)
{
    while (type && type != other)
        type = type->base;
    return type;
}

static const struct odata_set *find_set(const struct odata_container *container, const char *name)
{
    for (const struct odata_set *set = container->sets; set; set = set->next)
        if (strcmp(set->name, name) == 0)
            return set;
    return NULL;
}

const struct odata_set *model_set(const struct odata_model *model, const struct odata_container *container, const char *name)
{
    const char *slash = strrchr(name, '/'), *last = slash ? slash + 1 : name;
    const struct odata_set *set = container && !slash ? find_set(container, last) : NULL;

    for (const struct odata_container *one = model->containers; one && !set; one = one->next) {
        size_t length = strlen(one->name), before = slash ? (size_t)(slash - name) : 0;
        bool named = !slash || (before >= length && memcmp(slash - length, one->name, length) == 0
                                && (before == length || *(slash - length - 1) == '.'));
        if (named)
            set = find_set(one, last);
    }
    return set;
}

/* Navigation. */

/* The type of what plays the role, by the sets that are associated: where the association itself names one that is not there. */
static const struct odata_type *type_by_set(const struct odata_model *model, const struct odata_association *association, const char *role)
{
    for (const struct odata_container *container = model->containers; container; container = container->next)
        for (const struct odata_association_set *one = container->association_sets; one; one = one->next) {
            if (model_association(model, one->association) != association)
                continue;
            for (size_t i = 0; i < 2; i++) {
                const struct odata_end *end = &one->ends[i];
                const struct odata_set *set = end->set && end->role && strcmp(end->role, role) == 0 ? model_set(model, container, end->set) : NULL;
                if (set)
                    return model_type(model, set->type_name);
            }
        }
    return NULL;
}

static const struct odata_end *end_of(const struct odata_association *association, const char *role)
{
    for (size_t i = 0; i < 2 && role; i++)
        if (association->ends[i].role && strcmp(association->ends[i].role, role) == 0)
            return &association->ends[i];
    return NULL;
}

const struct odata_type *model_target(const struct odata_model *model, const struct odata_type *owner, const struct odata_navigation *navigation,
                                      bool *many, struct arena *arena, const char **wrong)
{
    const struct odata_association *association = NULL;
    const char *name = navigation->type_name;
    (void)owner;

    *many = navigation->collection;
    if (navigation->relationship) {
        association = model_association(model, navigation->relationship);
        const struct odata_end *end = association ? end_of(association, navigation->to_role) : NULL;
        if (!association || !end) {
            *wrong = arena_printf(arena, association ? "%s names a role that its association has not: %s" : "%s belongs to an association that is not in the metadata: %s",
                                  navigation->name, association ? (navigation->to_role ? navigation->to_role : "none") : navigation->relationship);
            return NULL;
        }
        *many = end->many;
        name = end->type_name;
    }
    const struct odata_type *type = model_type(model, name);
    if (!type && association)
        type = type_by_set(model, association, navigation->to_role);
    if (!type || type->kind != ODATA_ENTITY || type->fault) {
        *wrong = type && type->fault ? arena_printf(arena, "the type %s can not be used: %s", name, type->fault)
                 : arena_printf(arena, "%s leads to %s, which is no entity type of the metadata", navigation->name, name ? name : "nothing");
        return NULL;
    }
    return type;
}

/* A binding's path may begin with the name of a derived type: "NS.Manager/Reports". */
static const struct odata_set *bound_set(const struct odata_model *model, const struct odata_set *set, const char *navigation)
{
    for (const struct odata_binding *binding = set->bindings; binding; binding = binding->next) {
        const char *slash = strrchr(binding->path, '/'), *last = slash ? slash + 1 : binding->path;
        bool direct = !slash || memchr(binding->path, '.', (size_t)(slash - binding->path));
        if (direct && strcmp(last, navigation) == 0)
            return model_set(model, set->container, binding->target);
    }
    return NULL;
}

static const struct odata_set *associated_set(const struct odata_model *model, const struct odata_set *set, const struct odata_navigation *navigation)
{
    const struct odata_association *association = model_association(model, navigation->relationship);

    for (const struct odata_association_set *one = set->container->association_sets; one; one = one->next) {
        if (!association || model_association(model, one->association) != association)
            continue;
        bool ours = false;
        const char *target = NULL;
        for (size_t i = 0; i < 2; i++) {
            const struct odata_end *end = &one->ends[i];
            if (end->role && navigation->to_role && strcmp(end->role, navigation->to_role) == 0)
                target = end->set;
            else if (end->set && strcmp(end->set, set->name) == 0)
                ours = true;
        }
        if (ours && target)
            return model_set(model, set->container, target);
    }
    return NULL;
}

const struct odata_set *model_target_set(const struct odata_model *model, const struct odata_set *set, const struct odata_navigation *navigation,
                                         const struct odata_type *target)
{
    const struct odata_set *found = navigation->relationship ? associated_set(model, set, navigation) : bound_set(model, set, navigation->name);

    if (found || navigation->contains)
        return found;
    return target->set; /* where nothing is told, the one set of that type is meant */
}

const struct odata_reference *model_references(const struct odata_model *model, const struct odata_navigation *navigation)
{
    if (!navigation->relationship)
        return navigation->collection ? NULL : navigation->references;
    const struct odata_association *association = model_association(model, navigation->relationship);
    if (!association || !association->dependent || !navigation->from_role || strcmp(association->dependent, navigation->from_role) != 0)
        return NULL;
    const struct odata_end *end = end_of(association, navigation->to_role);
    return end && !end->many ? association->references : NULL;
}
