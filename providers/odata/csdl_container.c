/* Entity containers: sets, singletons, imports; functions and actions. */
#include <string.h>

#include "providers/odata/csdl.h"

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

const struct odata_limits csdl_no_limits = {
    .filter = true, .sort = true, .count = true, .expand = true, .search = true, .select = true, .top = true, .skip = true,
    .by_key = true, .read = true,
};

static void take_binding(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_binding *binding = context;

    if (is(name, "Path"))
        binding->path = csdl_copy(csdl, value);
    else if (is(name, "Target"))
        binding->target = csdl_copy(csdl, value);
}

/* The attributes of SAP say more than whether it is so: absent ones mean that it is. */
static void take_set(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_set *set = context;

    if (is(name, "Name"))
        set->name = csdl_copy(csdl, value);
    else if (is(name, "EntityType") || is(name, "Type"))
        set->type_name = csdl_copy(csdl, value);
    else if (is(name, "label") && value[0])
        set->description = csdl_copy(csdl, value);
    else if (is(name, "searchable"))
        set->limits.search = csdl_truth(value);
    else if (is(name, "countable"))
        set->limits.count = csdl_truth(value);
    else if (is(name, "topable"))
        set->limits.top = csdl_truth(value);
    else if (is(name, "pageable"))
        set->limits.skip = set->limits.top = csdl_truth(value);
    else if (is(name, "requires-filter"))
        set->limits.needs_filter = csdl_truth(value);
    else if (is(name, "addressable"))
        set->limits.read = csdl_truth(value);
}

static void read_set(struct csdl *csdl, struct odata_container *container, bool singleton, struct odata_set ***end)
{
    struct odata_set *set = csdl_new(csdl, sizeof *set);

    if (!set)
        return;
    *set = (struct odata_set){.container = container, .singleton = singleton, .limits = csdl_no_limits};
    if (csdl->model->version != ODATA_V4)
        set->limits.search = false; /* only SAP's services can, and they say so */
    csdl_attributes(csdl, take_set, set);
    const struct csdl_subject subject = {.set = set, .description = &set->description};
    struct odata_binding **last = &set->bindings;
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        if (csdl_is_remark(csdl)) {
            csdl_annotate(csdl, &subject);
        } else if (csdl_is(csdl, "NavigationPropertyBinding")) {
            struct odata_binding *binding = csdl_new(csdl, sizeof *binding);
            if (!binding)
                return;
            csdl_attributes(csdl, take_binding, binding);
            if (!binding->path || !binding->target)
                continue;
            *last = binding;
            last = &binding->next;
        }
    }
    if (!set->name)
        return;
    set->type_name = set->type_name ? set->type_name : "";
    **end = set;
    *end = &set->next;
}

static void take_end(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_end *end = context;

    if (is(name, "Role"))
        end->role = csdl_copy(csdl, value);
    else if (is(name, "EntitySet"))
        end->set = csdl_copy(csdl, value);
}

static void read_association_set(struct csdl *csdl, struct odata_association_set ***end)
{
    struct odata_association_set *set = csdl_new(csdl, sizeof *set);
    size_t ends = 0;

    if (!set)
        return;
    set->association = csdl_attribute_text(csdl, "Association");
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);)
        if (csdl_is(csdl, "End") && ends < 2)
            csdl_attributes(csdl, take_end, &set->ends[ends++]);
    **end = set;
    *end = &set->next;
}

/* Operations. */

struct operation_words {
    struct odata_operation *operation;
    const char *method;              /* V2: GET or POST */
    bool side_effecting, composable, told; /* V3; told: one of them is */
    const char *result;              /* of the attribute ReturnType */
};

static void take_operation(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct operation_words *words = context;
    struct odata_operation *operation = words->operation;

    if (is(name, "Name"))
        operation->name = csdl_copy(csdl, value);
    else if (is(name, "IsBound") || is(name, "IsBindable"))
        operation->bound = csdl_truth(value);
    else if (is(name, "HttpMethod"))
        words->method = csdl_copy(csdl, value);
    else if (is(name, "IsSideEffecting")) {
        words->side_effecting = csdl_truth(value);
        words->told = true;
    } else if (is(name, "IsComposable"))
        words->composable = csdl_truth(value);
    else if (is(name, "ReturnType"))
        words->result = csdl_copy(csdl, value);
    else if (is(name, "label") && value[0])
        operation->description = csdl_copy(csdl, value);
}

static bool set_result(struct csdl *csdl, struct odata_operation *operation, const char *type)
{
    struct odata_property *result = csdl_new(csdl, sizeof *result);

    if (!result)
        return false;
    *result = (struct odata_property){.name = "value", .nullable = true, .facets = {0, -1, -1}};
    result->type_name = csdl_type_name(csdl, type, &result->collection);
    operation->result = result;
    return true;
}

static struct odata_operation *read_operation(struct csdl *csdl, struct operation_words *words)
{
    struct odata_operation *operation = csdl_new(csdl, sizeof *operation);

    *words = (struct operation_words){.operation = operation};
    if (!operation)
        return NULL;
    operation->space = csdl->space;
    csdl_attributes(csdl, take_operation, words);
    if (words->result && !set_result(csdl, operation, words->result))
        return NULL;
    struct odata_property **end = &operation->parameters;
    const struct csdl_subject subject = {.description = &operation->description};
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        if (csdl_is(csdl, "Parameter")) {
            struct odata_property *parameter = csdl_property(csdl);
            if (!parameter || !parameter->name[0])
                continue;
            *end = parameter;
            end = &parameter->next;
        } else if (csdl_is(csdl, "ReturnType")) {
            if (!(operation->result = csdl_property(csdl)))
                return NULL;
            operation->result->name = "value";
        } else if (csdl_is_remark(csdl)) {
            csdl_annotate(csdl, &subject);
        }
    }
    return operation->name ? operation : NULL;
}

void csdl_operation(struct csdl *csdl, bool action)
{
    struct operation_words words;
    struct odata_operation *operation = read_operation(csdl, &words);

    if (!operation)
        return;
    operation->action = operation->body = action;
    operation->next = csdl->model->operations;
    csdl->model->operations = operation;
}

/* V2 tells the method, and all parameters stand in the address; V3 tells whether something is changed, and then they stand in the body. */
static void read_old_import(struct csdl *csdl, struct odata_operation ***end)
{
    struct operation_words words;
    struct odata_operation *operation = read_operation(csdl, &words);

    if (!operation)
        return;
    if (words.method)
        operation->action = !is(words.method, "GET");
    else
        operation->action = operation->body = words.told ? words.side_effecting : csdl->model->version == ODATA_V3 && !words.composable;
    **end = operation;
    *end = &operation->next;
}

static void take_import(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_import *import = context;

    if (is(name, "Name"))
        import->name = csdl_copy(csdl, value);
    else if (is(name, "Function") || is(name, "Action"))
        import->operation = csdl_copy(csdl, value);
}

static void read_import(struct csdl *csdl, struct odata_container *container, bool action, struct odata_import ***end)
{
    struct odata_import *import = csdl_new(csdl, sizeof *import);

    if (!import)
        return;
    import->container = container;
    import->action = action;
    csdl_attributes(csdl, take_import, import);
    const struct csdl_subject subject = {.description = &import->description};
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);)
        if (csdl_is_remark(csdl))
            csdl_annotate(csdl, &subject);
    if (!import->name || !import->operation)
        return;
    **end = import;
    *end = &import->next;
}

static void take_container(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_container *container = context;

    if (is(name, "Name"))
        container->name = csdl_copy(csdl, value);
    else if (is(name, "IsDefaultEntityContainer"))
        container->standard = csdl_truth(value);
}

/* Whether the present element is an import as V2 and V3 have them. */
static bool is_old_import(struct csdl *csdl)
{
    return csdl_is(csdl, "FunctionImport") && !csdl_attribute_text(csdl, "Function");
}

void csdl_container(struct csdl *csdl)
{
    struct odata_container *container = csdl_new(csdl, sizeof *container), **place = &csdl->model->containers;

    if (!container)
        return;
    container->space = csdl->space;
    container->limits = csdl_no_limits;
    csdl_attributes(csdl, take_container, container);
    container->name = container->name ? container->name : "";
    while (*place)
        place = &(*place)->next;
    *place = container;
    struct odata_set **sets = &container->sets;
    struct odata_association_set **association_sets = &container->association_sets;
    struct odata_import **imports = &container->imports;
    struct odata_operation **operations = &container->operations;
    const struct csdl_subject subject = {.container = container};
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        if (csdl_is(csdl, "EntitySet") || csdl_is(csdl, "Singleton"))
            read_set(csdl, container, csdl_is(csdl, "Singleton"), &sets);
        else if (csdl_is(csdl, "AssociationSet"))
            read_association_set(csdl, &association_sets);
        else if (is_old_import(csdl))
            read_old_import(csdl, &operations);
        else if (csdl_is(csdl, "FunctionImport") || csdl_is(csdl, "ActionImport"))
            read_import(csdl, container, csdl_is(csdl, "ActionImport"), &imports);
        else if (csdl_is_remark(csdl))
            csdl_annotate(csdl, &subject);
    }
}
