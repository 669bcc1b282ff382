/* A metadata document is read once from front to back. */
#include "providers/odata/csdl.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/space.h"

/* Walking. */

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

int csdl_enter(struct csdl *csdl)
{
    return xml_enter(&csdl->xml);
}

bool csdl_child(struct csdl *csdl, int depth)
{
    return !csdl->memory && xml_child(&csdl->xml, depth);
}

bool csdl_is(struct csdl *csdl, const char *name)
{
    return xml_is(&csdl->xml, name);
}

void csdl_attributes(struct csdl *csdl, csdl_attribute *take, void *context)
{
    const char *name, *value;

    for (bool first = true; xml_attribute(&csdl->xml, first, &name, &value); first = false)
        take(csdl, name, value, context);
}

struct wanted {
    const char *name, *text;
};

static void take_wanted(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct wanted *wanted = context;

    if (is(name, wanted->name) && !wanted->text)
        wanted->text = csdl_copy(csdl, value);
}

const char *csdl_attribute_text(struct csdl *csdl, const char *name)
{
    struct wanted wanted = {name, NULL};
    csdl_attributes(csdl, take_wanted, &wanted);
    return wanted.text;
}

void *csdl_new(struct csdl *csdl, size_t size)
{
    void *made = arena_alloc(&csdl->model->arena, size);
    csdl->memory |= !made;
    return made;
}

const char *csdl_copy(struct csdl *csdl, const char *text)
{
    const char *copy = arena_text(&csdl->model->arena, text);
    csdl->memory |= !copy;
    return copy;
}

/* Values. */

bool csdl_truth(const char *value)
{
    return is(value, "true") || is(value, "1") || is(value, "True") || is(value, "TRUE");
}

int csdl_number(const char *value, int otherwise)
{
    char *end;
    long number = strtol(value, &end, 10);
    return end == value || *end || number < 0 || number > 1 << 30 ? otherwise : (int)number;
}

const char *csdl_type_name(struct csdl *csdl, const char *value, bool *collection)
{
    size_t length = strlen(value);

    *collection = length > 12 && strncmp(value, "Collection(", 11) == 0 && value[length - 1] == ')';
    if (!*collection)
        return csdl_copy(csdl, value);
    const char *copy = arena_copy(&csdl->model->arena, value + 11, length - 12);
    csdl->memory |= !copy;
    return copy;
}

bool csdl_facet(struct edm_facets *facets, const char *name, const char *value)
{
    if (is(name, "MaxLength"))
        facets->max_length = csdl_number(value, 0);
    else if (is(name, "Precision"))
        facets->precision = csdl_number(value, -1);
    else if (is(name, "Scale"))
        facets->scale = csdl_number(value, -1);
    else
        return false;
    return true;
}

/* Where in an entry of a feed a property is told to stand: by one of the words for Atom's own elements, or by a path. */
static const char *feed_path(struct csdl *csdl, const char *value)
{
    static const struct { const char *word, *path; } words[] = {
        {"SyndicationTitle", "title"}, {"SyndicationSummary", "summary"}, {"SyndicationRights", "rights"}, {"SyndicationPublished", "published"},
        {"SyndicationUpdated", "updated"}, {"SyndicationAuthorName", "author/name"}, {"SyndicationAuthorEmail", "author/email"},
        {"SyndicationAuthorUri", "author/uri"}, {"SyndicationContributorName", "contributor/name"},
        {"SyndicationContributorEmail", "contributor/email"}, {"SyndicationContributorUri", "contributor/uri"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (is(value, words[i].word))
            return words[i].path;
    return csdl_copy(csdl, value);
}

static void take_property(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_property *property = context;

    if (csdl_facet(&property->facets, name, value))
        return;
    if (is(name, "Name"))
        property->name = csdl_copy(csdl, value);
    else if (is(name, "Type") || is(name, "ReturnType"))
        property->type_name = csdl_type_name(csdl, value, &property->collection);
    else if (is(name, "Nullable"))
        property->nullable = csdl_truth(value);
    else if (is(name, "CollectionKind"))
        property->collection = !is(value, "None");
    else if (is(name, "label") && value[0])
        property->description = csdl_copy(csdl, value);
    else if (is(name, "filterable"))
        property->filterable = csdl_truth(value) ? property->filterable : FILTERABLE_NOT;
    else if (is(name, "filter-restriction") && property->filterable != FILTERABLE_NOT)
        property->filterable = is(value, "single-value") ? FILTERABLE_ONE_VALUE : is(value, "multi-value") ? FILTERABLE_VALUES
                               : is(value, "interval") ? FILTERABLE_RANGES : FILTERABLE_FULLY;
    else if (is(name, "sortable"))
        property->sortable = csdl_truth(value);
    else if (is(name, "required-in-filter"))
        property->required = csdl_truth(value);
    else if (is(name, "FC_TargetPath"))
        property->feed_path = feed_path(csdl, value);
    else if (is(name, "display-format"))
        property->day = is(value, "Date");
}

struct odata_property *csdl_property(struct csdl *csdl)
{
    struct odata_property *property = csdl_new(csdl, sizeof *property);

    if (!property)
        return NULL;
    *property = (struct odata_property){.nullable = true, .sortable = true, .facets = {0, -1, -1}};
    csdl_attributes(csdl, take_property, property);
    const struct csdl_subject subject = {.property = property, .description = &property->description};
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        if (csdl_is_remark(csdl))
            csdl_annotate(csdl, &subject);
        else if (csdl_is(csdl, "TypeRef") || csdl_is(csdl, "CollectionType")) /* the older way to write a type */
            csdl_attributes(csdl, take_property, property);
    }
    if (!property->name)
        property->name = "";
    if (!property->type_name)
        property->type_name = "Edm.String";
    return property;
}

/* Structured types. */

static void take_reference(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_reference *reference = context;

    if (is(name, "Property"))
        reference->property = csdl_copy(csdl, value);
    else if (is(name, "ReferencedProperty"))
        reference->referenced = csdl_copy(csdl, value);
}

static void take_navigation(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_navigation *navigation = context;

    if (is(name, "Name"))
        navigation->name = csdl_copy(csdl, value);
    else if (is(name, "Type"))
        navigation->type_name = csdl_type_name(csdl, value, &navigation->collection);
    else if (is(name, "ContainsTarget"))
        navigation->contains = csdl_truth(value);
    else if (is(name, "Relationship"))
        navigation->relationship = csdl_copy(csdl, value);
    else if (is(name, "FromRole"))
        navigation->from_role = csdl_copy(csdl, value);
    else if (is(name, "ToRole"))
        navigation->to_role = csdl_copy(csdl, value);
}

static void read_navigation(struct csdl *csdl, struct odata_navigation ***end)
{
    struct odata_navigation *navigation = csdl_new(csdl, sizeof *navigation);

    if (!navigation)
        return;
    csdl_attributes(csdl, take_navigation, navigation);
    const struct csdl_subject subject = {.navigation = navigation, .description = &navigation->description};
    struct odata_reference **last = (struct odata_reference **)&navigation->references;
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        if (csdl_is_remark(csdl)) {
            csdl_annotate(csdl, &subject);
        } else if (csdl_is(csdl, "ReferentialConstraint")) {
            struct odata_reference *reference = csdl_new(csdl, sizeof *reference);
            if (!reference)
                return;
            csdl_attributes(csdl, take_reference, reference);
            if (!reference->property || !reference->referenced)
                continue;
            *last = reference;
            last = &reference->next;
        }
    }
    if (!navigation->name || !(navigation->type_name || navigation->relationship))
        return;
    **end = navigation;
    *end = &navigation->next;
}

static void take_key(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_key *key = context;

    if (is(name, "Name"))
        key->path = csdl_copy(csdl, value);
    else if (is(name, "Alias"))
        key->alias = csdl_copy(csdl, value);
}

static void read_keys(struct csdl *csdl, struct odata_type *type)
{
    struct odata_key **end = &type->keys;

    while (*end)
        end = &(*end)->next;
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        struct odata_key *key = csdl_is(csdl, "PropertyRef") ? csdl_new(csdl, sizeof *key) : NULL;
        if (!key)
            continue;
        csdl_attributes(csdl, take_key, key);
        if (!key->path)
            continue;
        *end = key;
        end = &key->next;
    }
}

static void take_member(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_member *member = context;

    if (is(name, "Name"))
        member->name = csdl_copy(csdl, value);
    else if (is(name, "Value"))
        member->value = strtoll(value, NULL, 10);
}

static void take_type(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_type *type = context;

    if (csdl_facet(&type->facets, name, value))
        return;
    if (is(name, "Name"))
        type->name = csdl_copy(csdl, value);
    else if (is(name, "BaseType"))
        type->base_name = csdl_copy(csdl, value);
    else if (is(name, "OpenType"))
        type->open = csdl_truth(value);
    else if (is(name, "HasStream"))
        type->media = csdl_truth(value);
    else if (is(name, "IsFlags"))
        type->flags = csdl_truth(value);
    else if (is(name, "FC_SourcePath"))
        type->feed_source = csdl_copy(csdl, value);
    else if (is(name, "FC_TargetPath"))
        type->feed_path = feed_path(csdl, value);
    else if (is(name, "UnderlyingType") && !edm_find(value, strlen(value), &type->underlying))
        type->underlying = EDM_STRING;
    else if (is(name, "label") && value[0])
        type->description = csdl_copy(csdl, value);
}

static void read_type(struct csdl *csdl, enum odata_type_kind kind)
{
    struct odata_type *type = csdl_new(csdl, sizeof *type);
    long long next_value = 0;

    if (!type)
        return;
    *type = (struct odata_type){.kind = kind, .space = csdl->space, .facets = {0, -1, -1}, .underlying = EDM_INT32};
    csdl_attributes(csdl, take_type, type);
    struct odata_property **properties = &type->properties;
    struct odata_navigation **navigations = &type->navigations;
    struct odata_member **members = &type->members;
    const struct csdl_subject subject = {.type = type, .description = &type->description};
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        if (csdl_is(csdl, "Property")) {
            struct odata_property *property = csdl_property(csdl);
            if (!property || !property->name[0])
                continue;
            *properties = property;
            properties = &property->next;
        } else if (csdl_is(csdl, "NavigationProperty")) {
            read_navigation(csdl, &navigations);
        } else if (csdl_is(csdl, "Key")) {
            read_keys(csdl, type);
        } else if (csdl_is(csdl, "Member")) {
            struct odata_member *member = csdl_new(csdl, sizeof *member);
            if (!member)
                return;
            member->value = next_value;
            csdl_attributes(csdl, take_member, member);
            next_value = member->value < 1ll << 62 ? member->value + 1 : 0;
            if (!member->name)
                continue;
            *members = member;
            members = &member->next;
        } else if (csdl_is_remark(csdl)) {
            csdl_annotate(csdl, &subject);
        }
    }
    if (type->name && !csdl_add_type(csdl, type))
        csdl->memory = true;
}

/* Associations of V2 and V3. */

static void take_end(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_end *end = context;

    if (is(name, "Role"))
        end->role = csdl_copy(csdl, value);
    else if (is(name, "Type"))
        end->type_name = csdl_copy(csdl, value);
    else if (is(name, "Multiplicity")) {
        end->many = is(value, "*");
        end->optional = is(value, "0..1");
    }
}

/* The properties of one side of a constraint, in the order in which those of the other side belong to them. */
static void read_side(struct csdl *csdl, struct odata_association *association, bool dependent)
{
    const char *role = csdl_attribute_text(csdl, "Role");
    struct odata_reference **end = &association->references;

    *(dependent ? &association->dependent : &association->principal) = role;
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        if (!csdl_is(csdl, "PropertyRef"))
            continue;
        if (!*end && !(*end = csdl_new(csdl, sizeof **end)))
            return;
        *(dependent ? &(*end)->property : &(*end)->referenced) = csdl_attribute_text(csdl, "Name");
        end = &(*end)->next;
    }
}

static void read_association(struct csdl *csdl)
{
    struct odata_association *association = csdl_new(csdl, sizeof *association);
    const char *name = csdl_attribute_text(csdl, "Name");
    size_t ends = 0;

    if (!association || !name)
        return;
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        if (csdl_is(csdl, "End") && ends < 2)
            csdl_attributes(csdl, take_end, &association->ends[ends++]);
        else if (csdl_is(csdl, "ReferentialConstraint"))
            for (int inner = csdl_enter(csdl); csdl_child(csdl, inner);)
                if (csdl_is(csdl, "Principal") || csdl_is(csdl, "Dependent"))
                    read_side(csdl, association, csdl_is(csdl, "Dependent"));
    }
    if (!csdl_add_association(csdl, name, association))
        csdl->memory = true;
}

/* The document. */

static void add_space(struct csdl *csdl, const char *name, const char *alias, bool elsewhere)
{
    struct odata_space *space = name ? csdl_new(csdl, sizeof *space) : NULL;

    if (!space)
        return;
    *space = (struct odata_space){csdl->model->spaces, name, alias, elsewhere};
    csdl->model->spaces = space;
}

static void note_schema_version(struct csdl *csdl)
{
    const char *space = (const char *)xmlTextReaderConstNamespaceUri(csdl->xml.reader);
    struct odata_model *model = csdl->model;

    if (!space)
        return;
    if (strstr(space, "docs.oasis-open.org/odata"))
        model->version = ODATA_V4;
    else if (strstr(space, "2009/11/edm") && model->version < ODATA_V3)
        model->version = ODATA_V3;
}

static void read_schema(struct csdl *csdl)
{
    const char *name = csdl_attribute_text(csdl, "Namespace"), *alias = csdl_attribute_text(csdl, "Alias");

    csdl->space = name ? name : "";
    csdl->is_metadata = true;
    add_space(csdl, csdl->space, alias, false);
    note_schema_version(csdl);
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        if (csdl_is(csdl, "EntityType"))
            read_type(csdl, ODATA_ENTITY);
        else if (csdl_is(csdl, "ComplexType"))
            read_type(csdl, ODATA_COMPLEX);
        else if (csdl_is(csdl, "EnumType"))
            read_type(csdl, ODATA_ENUM);
        else if (csdl_is(csdl, "TypeDefinition"))
            read_type(csdl, ODATA_DEFINITION);
        else if (csdl_is(csdl, "Association"))
            read_association(csdl);
        else if (csdl_is(csdl, "EntityContainer"))
            csdl_container(csdl);
        else if (csdl_is(csdl, "Function") || csdl_is(csdl, "Action"))
            csdl_operation(csdl, csdl_is(csdl, "Action"));
        else if (csdl_is(csdl, "Annotations"))
            csdl_annotations(csdl);
    }
}

static void take_service_version(struct csdl *csdl, const char *name, const char *value, void *context)
{
    struct odata_model *model = csdl->model;
    (void)context;

    if (!is(name, "DataServiceVersion") && !is(name, "MaxDataServiceVersion"))
        return;
    enum odata_version version = atoi(value) >= 4 ? ODATA_V4 : atoi(value) == 3 ? ODATA_V3 : ODATA_V2;
    if (version > model->version)
        model->version = version;
}

static void read_edmx(struct csdl *csdl)
{
    const char *version = csdl_attribute_text(csdl, "Version");

    csdl->is_metadata = true;
    if (version && atoi(version) >= 4)
        csdl->model->version = ODATA_V4;
    csdl->later = version && atoi(version) > 4 ? version : NULL;
    csdl->model->minor = version && strncmp(version, "4.01", 4) == 0;
    for (int depth = csdl_enter(csdl); csdl_child(csdl, depth);) {
        if (csdl_is(csdl, "DataServices")) {
            csdl_attributes(csdl, take_service_version, NULL);
            for (int inner = csdl_enter(csdl); csdl_child(csdl, inner);)
                if (csdl_is(csdl, "Schema"))
                    read_schema(csdl);
        } else if (csdl_is(csdl, "Reference")) {
            for (int inner = csdl_enter(csdl); csdl_child(csdl, inner);)
                if (csdl_is(csdl, "Include"))
                    add_space(csdl, csdl_attribute_text(csdl, "Namespace"), csdl_attribute_text(csdl, "Alias"), true);
        }
    }
}

static void read_root(struct csdl *csdl)
{
    if (!xml_root(&csdl->xml))
        return;
    if (csdl_is(csdl, "Edmx"))
        read_edmx(csdl);
    else if (csdl_is(csdl, "Schema"))
        read_schema(csdl);
    while (csdl->is_metadata && xml_read(&csdl->xml))
        ; /* what is malformed behind the root is so too */
}

/* What stands in front of the reader instead, in words; NULL where the fault says it. */
static const char *describe(const char *document, size_t length, struct csdl *csdl)
{
    size_t start = (size_t)(space_skip_lead(document, length) - document);
    const char *root = xml_name(&csdl->xml);

    if (start == length)
        return "it is empty";
    if (document[start] == '{' || document[start] == '[')
        return "it is JSON";
    if (strncasecmp(document + start, "<!DOCTYPE html", length - start < 14 ? length - start : 14) == 0
        || strncasecmp(document + start, "<html", length - start < 5 ? length - start : 5) == 0)
        return "it is a web page";
    if (document[start] != '<')
        return "it is a plain text";
    if (csdl->xml.fault[0])
        return NULL;
    return is(root, "error") ? "it is an error that the service reports" : "it is some other XML document";
}

bool model_read(const char *document, size_t length, struct odata_model **model, struct error *err)
{
    struct csdl csdl = {.annotations_end = &csdl.annotations};
    struct odata_model *made = calloc(1, sizeof *made);

    if (!made || !xml_open(&csdl.xml, document, length)) {
        free(made);
        return error_memory(err);
    }
    csdl.model = made;
    read_root(&csdl);
    const char *what = csdl.is_metadata || !csdl.xml.reader ? NULL : describe(document, length, &csdl);
    if (csdl.is_metadata && !csdl.xml.fault[0] && !csdl.memory)
        csdl_annotations_end(&csdl);
    csdl.memory |= !model_link(made);
    xml_close(&csdl.xml);
    if (csdl.memory)
        error_memory(err);
    else if (what)
        error_set(err, "HY000", "That is no OData metadata: %s", what);
    else if (csdl.xml.fault[0])
        error_set(err, "HY000", "The metadata is malformed in line %d: %s", csdl.xml.fault_line, csdl.xml.fault);
    else if (csdl.later)
        error_set(err, "HY000", "The metadata is of OData %.20s; the driver knows the versions 2, 3 and 4", csdl.later);
    if (csdl.memory || !csdl.is_metadata || csdl.xml.fault[0] || csdl.later) {
        model_close(made);
        return false;
    }
    if (made->version == ODATA_UNKNOWN)
        made->version = ODATA_V2;
    *model = made;
    return true;
}
