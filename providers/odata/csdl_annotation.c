/* Annotations: what the vocabularies Core, Capabilities, Aggregation and Common say that matters to a reader. A term goes by its last
 * name, since each document has aliases of its own. */
#include <string.h>

#include "providers/odata/csdl.h"

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* Values. */

static void take_value(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct csdl_expression *expression = context;
    static const char *const scalars[] = {"String", "Bool", "Int", "Decimal", "PropertyPath", "NavigationPropertyPath", "Path", "EnumMember",
                                          "Date", "AnnotationPath", "Float", "Guid"};

    if (is(name, "Property"))
        expression->name = csdl_copy(csdl, value);
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++)
        if (is(name, scalars[i]))
            expression->text = csdl_copy(csdl, value);
}

static const char *inner_text(struct csdl *csdl)
{
    xmlChar *text = xmlTextReaderReadString(csdl->xml.reader);
    const char *copy = text ? csdl_copy(csdl, (const char *)text) : "";
    xmlFree(text);
    return copy;
}

enum { MOST_LEVELS = 12 };

/* Reads what is inside of the present element into an expression. holder: it is not a record or collection itself, but has one as its
 * value, whose parts are the expression's. */
static void read_parts(struct csdl *csdl, struct csdl_expression *expression, bool holder, int level)
{
    struct csdl_expression **end = &expression->parts;

    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        bool group = csdl_is(csdl, "Record") || csdl_is(csdl, "Collection");
        if (level == MOST_LEVELS || csdl_is(csdl, "Annotation"))
            continue;
        if (group && holder) {
            read_parts(csdl, expression, false, level + 1);
            continue;
        }
        struct csdl_expression *part = csdl_new(csdl, sizeof *part);
        if (!part)
            return;
        *end = part;
        end = &part->next;
        csdl_attributes(csdl, take_value, part);
        if (group || csdl_is(csdl, "PropertyValue"))
            read_parts(csdl, part, !group, level + 1);
        else if (!part->text)
            part->text = inner_text(csdl);
    }
}

static const struct csdl_expression *part_of(const struct csdl_expression *value, const char *name)
{
    for (const struct csdl_expression *part = value->parts; part; part = part->next)
        if (part->name && is(part->name, name))
            return part;
    return NULL;
}

/* What a record says of a name; `otherwise` where it says nothing. */
static bool truth_of(const struct csdl_expression *value, const char *name, bool otherwise)
{
    const struct csdl_expression *part = part_of(value, name);
    return part && part->text ? csdl_truth(part->text) : otherwise;
}

static void add_name(struct csdl *csdl, const struct odata_name **list, const char *text)
{
    struct odata_name *name = text ? csdl_new(csdl, sizeof *name) : NULL;

    if (!name)
        return;
    *name = (struct odata_name){*list, text};
    *list = name;
}

static void add_names(struct csdl *csdl, const struct odata_name **list, const struct csdl_expression *value, const char *name)
{
    const struct csdl_expression *part = name ? part_of(value, name) : value;

    for (const struct csdl_expression *one = part ? part->parts : NULL; one; one = one->next)
        add_name(csdl, list, one->text);
}

/* What the terms mean. */

static void restrict_filters(struct csdl *csdl, const struct csdl_expression *value, struct odata_limits *limits)
{
    const struct csdl_expression *expressions = part_of(value, "FilterExpressionRestrictions");

    limits->filter = truth_of(value, "Filterable", limits->filter);
    limits->needs_filter = truth_of(value, "RequiresFilter", limits->needs_filter);
    add_names(csdl, &limits->required, value, "RequiredProperties");
    add_names(csdl, &limits->not_filterable, value, "NonFilterableProperties");
    for (const struct csdl_expression *one = expressions ? expressions->parts : NULL; one; one = one->next) {
        const struct csdl_expression *property = part_of(one, "Property"), *allowed = part_of(one, "AllowedExpressions");
        if (!property || !allowed || !allowed->text)
            continue;
        if (is(allowed->text, "SingleValue"))
            add_name(csdl, &limits->only_one_value, property->text);
        else if (is(allowed->text, "MultiValue"))
            add_name(csdl, &limits->only_values, property->text);
        else if (is(allowed->text, "SingleRange") || is(allowed->text, "MultiRange"))
            add_name(csdl, &limits->only_ranges, property->text);
    }
}

static void apply_limits(struct csdl *csdl, const char *term, const struct csdl_expression *value, struct odata_limits *limits)
{
    bool plain = !value->text || csdl_truth(value->text); /* a tag without a value says that it is so */

    if (is(term, "FilterRestrictions")) {
        restrict_filters(csdl, value, limits);
    } else if (is(term, "SortRestrictions")) {
        limits->sort = truth_of(value, "Sortable", limits->sort);
        add_names(csdl, &limits->not_sortable, value, "NonSortableProperties");
    } else if (is(term, "CountRestrictions")) {
        limits->count = truth_of(value, "Countable", limits->count);
    } else if (is(term, "ExpandRestrictions")) {
        limits->expand = truth_of(value, "Expandable", limits->expand);
        add_names(csdl, &limits->not_expandable, value, "NonExpandableProperties");
    } else if (is(term, "SearchRestrictions")) {
        limits->search = truth_of(value, "Searchable", limits->search);
    } else if (is(term, "SelectSupport")) {
        limits->select = truth_of(value, "Supported", limits->select);
    } else if (is(term, "ReadRestrictions")) {
        limits->read = truth_of(value, "Readable", limits->read);
    } else if (is(term, "TopSupported")) {
        limits->top = plain;
    } else if (is(term, "SkipSupported")) {
        limits->skip = plain;
    } else if (is(term, "IndexableByKey")) {
        limits->by_key = plain;
    } else if (is(term, "FilterFunctions")) {
        limits->functions = NULL;
        add_names(csdl, &limits->functions, value, NULL);
        if (!limits->functions)
            add_name(csdl, &limits->functions, ""); /* none at all */
    } else if (is(term, "ApplySupported") || is(term, "ApplySupportedDefaults")) {
        limits->apply = plain ? APPLY_YES : APPLY_NO;
    }
}

static void apply(struct csdl *csdl, const char *term, const struct csdl_expression *value, const struct csdl_subject *subject)
{
    bool words = is(term, "Description") || is(term, "LongDescription") || is(term, "Label");

    if (words && subject->description && value->text && value->text[0]
        && (!*subject->description || is(term, "Description")))
        *subject->description = value->text;
    if (subject->set)
        apply_limits(csdl, term, value, &subject->set->limits);
    if (subject->container)
        apply_limits(csdl, term, value, &subject->container->limits);
    if (subject->property && is(term, "OptionalParameter"))
        subject->property->optional = true;
}

/* Where they stand. */

struct term {
    const char *name;
    struct csdl_expression value;
};

static void take_term(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct term *term = context;

    if (is(name, "Term")) {
        const char *dot = strrchr(value, '.');
        term->name = csdl_copy(csdl, dot ? dot + 1 : value);
    } else {
        take_value(csdl, name, value, &term->value);
    }
}

static bool is_known(const char *term)
{
    static const char *const known[] = {
        "Description", "LongDescription", "Label", "OptionalParameter", "FilterRestrictions", "SortRestrictions", "CountRestrictions",
        "ExpandRestrictions", "SearchRestrictions", "SelectSupport", "ReadRestrictions", "TopSupported", "SkipSupported",
        "IndexableByKey", "FilterFunctions", "ApplySupported", "ApplySupportedDefaults",
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (is(term, known[i]))
            return true;
    return false;
}

static bool read_term(struct csdl *csdl, struct term *term)
{
    *term = (struct term){0};
    csdl_attributes(csdl, take_term, term);
    if (!term->name || !is_known(term->name))
        return false;
    read_parts(csdl, &term->value, true, 0);
    /* <Annotation><String>…</String></Annotation> */
    if (!term->value.text && term->value.parts && !term->value.parts->next && !term->value.parts->name && term->value.parts->text)
        term->value.text = term->value.parts->text;
    return !csdl->memory;
}

bool csdl_is_remark(struct csdl *csdl)
{
    return csdl_is(csdl, "Annotation") || csdl_is(csdl, "Documentation");
}

void csdl_annotate(struct csdl *csdl, const struct csdl_subject *subject)
{
    bool old = csdl_is(csdl, "Documentation");
    struct term term;

    for (int depth = old ? csdl_enter(csdl) : -1; csdl_child(csdl, depth);) {
        const struct csdl_expression words = {.text = inner_text(csdl)};
        apply(csdl, csdl_is(csdl, "Summary") ? "Description" : "LongDescription", &words, subject);
    }
    if (!old && read_term(csdl, &term))
        apply(csdl, term.name, &term.value, subject);
}

void csdl_annotations(struct csdl *csdl)
{
    const char *target = csdl_attribute_text(csdl, "Target");

    for (int depth = target ? csdl_enter(csdl) : -1; csdl_child(csdl, depth);) {
        struct term term;
        if (!csdl_is(csdl, "Annotation") || !read_term(csdl, &term))
            continue;
        struct csdl_annotation *annotation = csdl_new(csdl, sizeof *annotation);
        struct csdl_expression *value = csdl_new(csdl, sizeof *value);
        if (!annotation || !value)
            return;
        *value = term.value;
        *annotation = (struct csdl_annotation){.target = target, .term = term.name, .value = value};
        *csdl->annotations_end = annotation;
        csdl->annotations_end = &annotation->next;
    }
}

/* Whether "NS.Container" or "Alias.Container" names it. */
static bool is_container(const struct odata_container *container, const char *name, size_t length)
{
    size_t own = strlen(container->name);
    return length >= own && memcmp(name + length - own, container->name, own) == 0 && (length == own || name[length - own - 1] == '.');
}

static bool find_in_container(struct csdl *csdl, const char *target, size_t length, const char *part, struct csdl_subject *subject)
{
    for (struct odata_container *container = csdl->model->containers; container; container = container->next) {
        if (!is_container(container, target, length))
            continue;
        subject->container = part ? NULL : container;
        for (struct odata_set *set = container->sets; set && part; set = set->next)
            if (is(set->name, part)) {
                subject->set = set;
                subject->description = &set->description;
            }
        for (struct odata_import *import = container->imports; import && part; import = import->next)
            if (is(import->name, part))
                subject->description = &import->description;
        return true;
    }
    return false;
}

static void find_in_type(struct odata_type *type, const char *part, struct csdl_subject *subject)
{
    if (!part) {
        subject->type = type;
        subject->description = &type->description;
        return;
    }
    for (struct odata_property *property = type->properties; property; property = property->next)
        if (is(property->name, part)) {
            subject->property = property;
            subject->description = &property->description;
        }
    for (struct odata_navigation *navigation = type->navigations; navigation; navigation = navigation->next)
        if (is(navigation->name, part)) {
            subject->navigation = navigation;
            subject->description = &navigation->description;
        }
}

void csdl_annotations_end(struct csdl *csdl)
{
    for (const struct csdl_annotation *one = csdl->annotations; one && !csdl->memory; one = one->next) {
        const char *slash = strchr(one->target, '/'), *part = slash ? slash + 1 : NULL;
        size_t length = slash ? (size_t)(slash - one->target) : strlen(one->target);
        struct csdl_subject subject = {0};
        if (!find_in_container(csdl, one->target, length, part, &subject)) {
            const char *name = arena_copy(&csdl->model->arena, one->target, length);
            csdl->memory |= !name;
            struct odata_type *type = name ? (struct odata_type *)model_type(csdl->model, name) : NULL;
            if (type)
                find_in_type(type, part, &subject);
        }
        apply(csdl, one->term, one->value, &subject);
    }
}
