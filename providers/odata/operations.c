#include "providers/odata/operations.h"

#include <string.h>

#include "base/arena.h"

static struct odata_callable *add(struct odata_callables *callables, struct arena *arena, const struct odata_callable *one)
{
    if (callables->count == callables->room) {
        size_t room = callables->room ? callables->room * 2 : 32;
        struct odata_callable *larger = arena_array(arena, room, sizeof *larger);
        if (!larger)
            return NULL;
        if (callables->count)
            memcpy(larger, callables->list, callables->count * sizeof *larger);
        callables->list = larger;
        callables->room = room;
    }
    callables->list[callables->count] = *one;
    return &callables->list[callables->count++];
}

static bool add_overload(struct odata_callable *callable, struct arena *arena, const struct odata_operation *operation)
{
    struct odata_overload *overload = arena_alloc(arena, sizeof *overload), **end = &callable->operations;

    if (!overload)
        return false;
    overload->operation = operation;
    while (*end)
        end = &(*end)->next;
    *end = overload;
    return true;
}

/* The set whose entities are of the type; else one of a type that extends it; a singleton where there is no set. */
static const struct odata_set *set_of(const struct odata_model *model, const struct odata_type *type, bool many)
{
    const struct odata_set *found = NULL, *extended = NULL, *single = NULL;

    for (const struct odata_container *container = model->containers; container; container = container->next)
        for (const struct odata_set *set = container->sets; set && !found; set = set->next) {
            const struct odata_type *own = model_type(model, set->type_name);
            if (set->singleton && own && model_is_kind_of(own, type) && !single)
                single = set;
            else if (!set->singleton && own == type)
                found = set;
            else if (!set->singleton && own && model_is_kind_of(own, type) && !extended)
                extended = set;
        }
    return found ? found : extended ? extended : many ? NULL : single;
}

static bool add_bound(struct odata_callables *callables, const struct odata_model *model, const struct odata_operation *operation,
                      const char *path, struct arena *arena)
{
    const struct odata_property *first = operation->parameters;
    const struct odata_type *type = first ? model_type(model, first->type_name) : NULL;
    const struct odata_set *set = type && type->kind == ODATA_ENTITY ? set_of(model, type, first->collection) : NULL;

    if (!set)
        return true;
    for (size_t i = 0; i < callables->count; i++) {
        struct odata_callable *one = &callables->list[i];
        if (one->binding == type && one->many == first->collection && one->operations->operation->action == operation->action
            && strcmp(one->path, path) == 0)
            return add_overload(one, arena, operation);
    }
    const struct odata_callable bound = {
        .name = arena_printf(arena, "%s_%s", type->name, operation->name), .path = path, .description = operation->description,
        .binding = type, .many = first->collection, .set = set,
    };
    struct odata_callable *made = bound.name ? add(callables, arena, &bound) : NULL;
    return made && add_overload(made, arena, operation);
}

/* Whether a qualified name, perhaps by an alias, is the operation's. */
static bool is_called(const struct odata_model *model, const struct odata_operation *operation, const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t length = dot ? (size_t)(dot - name) : 0;

    if (!dot || strcmp(dot + 1, operation->name) != 0)
        return false;
    if (strlen(operation->space) == length && memcmp(operation->space, name, length) == 0)
        return true;
    for (const struct odata_space *space = model->spaces; space; space = space->next)
        if (space->alias && strlen(space->alias) == length && memcmp(space->alias, name, length) == 0)
            return strcmp(space->name, operation->space) == 0;
    return false;
}

static bool add_import(struct odata_callables *callables, const struct odata_model *model, const struct odata_import *import, struct arena *arena)
{
    struct odata_callable callable = {.name = import->name, .path = import->name, .description = import->description};

    for (const struct odata_operation *operation = model->operations; operation; operation = operation->next) {
        if (operation->bound || operation->action != import->action || !is_called(model, operation, import->operation))
            continue;
        if (!add_overload(&callable, arena, operation))
            return false;
        if (!callable.description)
            callable.description = operation->description;
    }
    return !callable.operations || add(callables, arena, &callable);
}

static bool add_old(struct odata_callables *callables, const struct odata_model *model, const struct odata_container *container,
                    const struct odata_operation *operation, struct arena *arena)
{
    if (operation->bound) {
        const char *path = arena_printf(arena, "%s.%s", container->name, operation->name);
        return path && add_bound(callables, model, operation, path, arena);
    }
    for (size_t i = 0; i < callables->count; i++) /* V3 can have several of one name */
        if (!callables->list[i].binding && strcmp(callables->list[i].path, operation->name) == 0
            && callables->list[i].operations->operation->action == operation->action)
            return add_overload(&callables->list[i], arena, operation);
    const struct odata_callable callable = {.name = operation->name, .path = operation->name, .description = operation->description};
    struct odata_callable *made = add(callables, arena, &callable);
    return made && add_overload(made, arena, operation);
}

bool odata_operations_collect(const struct odata_model *model, struct arena *arena, struct odata_callables *callables)
{
    *callables = (struct odata_callables){0};
    for (const struct odata_container *container = model->containers; container; container = container->next) {
        for (const struct odata_import *import = container->imports; import; import = import->next)
            if (!add_import(callables, model, import, arena))
                return false;
        for (const struct odata_operation *operation = container->operations; operation; operation = operation->next)
            if (!add_old(callables, model, container, operation, arena))
                return false;
    }
    for (const struct odata_operation *operation = model->operations; operation; operation = operation->next) {
        const char *path = operation->bound ? arena_printf(arena, "%s.%s", operation->space, operation->name) : NULL;
        if (operation->bound && !(path && add_bound(callables, model, operation, path, arena)))
            return false;
    }
    return true;
}

static size_t parameter_count(const struct odata_operation *operation)
{
    size_t count = 0;

    for (const struct odata_property *parameter = operation->parameters; parameter; parameter = parameter->next)
        count++;
    return count;
}

const struct odata_operation *odata_widest(const struct odata_callable *callable)
{
    const struct odata_operation *widest = callable->operations->operation;

    for (const struct odata_overload *overload = callable->operations->next; overload; overload = overload->next)
        if (parameter_count(overload->operation) > parameter_count(widest))
            widest = overload->operation;
    return widest;
}

bool odata_is_optional(const struct odata_callable *callable, const struct odata_property *parameter)
{
    bool optional = parameter->optional;

    for (const struct odata_overload *overload = callable->operations; overload && !optional; overload = overload->next) {
        optional = true;
        for (const struct odata_property *one = overload->operation->parameters; one; one = one->next)
            optional &= strcmp(one->name, parameter->name) != 0;
    }
    return optional;
}
