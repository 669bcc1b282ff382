/* Proves providers/odata/csdl*.c and model.c: what a metadata document says, in one form for all versions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/error.h"
#include "providers/odata/model.h"
#include "documents.h"

static struct odata_model *read_model(const char *document)
{
    struct odata_model *model = NULL;
    struct error err = {0};

    if (!model_read(document, strlen(document), &model, &err))
        fail_msg("%s", err.message);
    return model;
}

static struct odata_model *read_file(const char *name)
{
    size_t length;
    char *document = document_read(name, &length);
    struct odata_model *model = read_model(document);

    free(document);
    return model;
}

static const struct odata_set *set_of(const struct odata_model *model, const char *name)
{
    const struct odata_set *set = model_set(model, NULL, name);
    assert_non_null(set);
    return set;
}

static bool has(const struct odata_name *list, const char *text)
{
    for (; list; list = list->next)
        if (strcmp(list->text, text) == 0)
            return true;
    return false;
}

static void reads_v2(void **state)
{
    struct odata_model *model = read_file("shop_v2.xml");
    const struct odata_type *product = model_type(model, "Shop.Product"), *category = model_type(model, "Shop.Category");
    const struct odata_set *products = set_of(model, "Products"), *categories = set_of(model, "Categories");
    const char *wrong = NULL;
    bool many;
    (void)state;

    assert_int_equal(model->version, ODATA_V2);
    assert_non_null(product);
    assert_true(product->media);
    assert_string_equal(model_keys(product)->path, "ID");
    assert_false(model_property(product, "ID")->nullable);
    const struct odata_property *price = model_property(product, "Price");
    assert_int_equal(price->facets.precision, 10);
    assert_int_equal(price->facets.scale, 2);
    assert_true(price->nullable);
    assert_int_equal(model_property(product, "Code")->filterable, FILTERABLE_NOT);
    assert_int_equal(model_property(product, "Changed")->filterable, FILTERABLE_RANGES);
    assert_true(model_property(product, "Since")->day);
    assert_false(model_property(product, "Name")->sortable);
    assert_string_equal(model_property(category, "Name")->description, "What it is called");
    assert_true(products->limits.needs_filter);
    assert_true(categories->limits.search);
    assert_false(products->limits.search);

    const struct odata_navigation *up = model_navigation(product, "Category"), *down = model_navigation(category, "Products");
    assert_ptr_equal(model_target(model, product, up, &many, &model->arena, &wrong), category);
    assert_false(many);
    assert_ptr_equal(model_target(model, category, down, &many, &model->arena, &wrong), product);
    assert_true(many);
    assert_ptr_equal(model_target_set(model, products, up, category), categories);
    assert_ptr_equal(model_target_set(model, categories, down, product), products);
    const struct odata_reference *reference = model_references(model, up);
    assert_non_null(reference);
    assert_string_equal(reference->property, "CategoryID");
    assert_string_equal(reference->referenced, "ID");
    assert_null(model_references(model, down));

    const struct odata_operation *cheapest = model->containers->operations, *empty = cheapest->next;
    assert_string_equal(cheapest->name, "Cheapest");
    assert_false(cheapest->action);
    assert_true(cheapest->result->collection);
    assert_string_equal(cheapest->result->type_name, "Shop.Product");
    assert_string_equal(cheapest->parameters->name, "below");
    assert_true(empty->action);
    assert_false(empty->body);
    assert_null(empty->result);
    model_close(model);
}

static void reads_v4(void **state)
{
    struct odata_model *model = read_file("shop_v4.xml");
    const struct odata_type *thing = model_type(model, "Shop.Model.Thing"), *product = model_type(model, "Self.Product");
    const struct odata_type *car = model_type(model, "Self.Car"), *color = model_type(model, "Self.Color");
    const struct odata_set *products = set_of(model, "Container/Products");
    const char *wrong = NULL;
    bool many;
    (void)state;

    assert_int_equal(model->version, ODATA_V4);
    assert_ptr_equal(car->base, product);
    assert_ptr_equal(product->base, thing);
    assert_ptr_equal(product->derived, car);
    assert_true(model_is_kind_of(car, thing));
    assert_false(model_is_kind_of(thing, car));
    assert_string_equal(model_keys(car)->path, "ID");
    assert_string_equal(model_property(car, "ID")->description, "Its number");
    assert_true(model_type(model, "Self.Category")->open);
    assert_string_equal(model_property(model_type(model, "Self.Category"), "Name")->description, "What it is called");
    assert_true(model_property(product, "Tags")->collection);
    assert_string_equal(model_property(product, "Tags")->type_name, "Edm.String");
    assert_int_equal(color->members->value, 0);
    assert_int_equal(color->members->next->value, 4);
    assert_int_equal(color->members->next->next->value, 5);
    assert_true(model_type(model, "Self.Rights")->flags);
    assert_int_equal(model_type(model, "Self.Weight")->facets.scale, 3);
    assert_int_equal(model_type(model, "Self.Weight")->underlying, EDM_DECIMAL);
    const struct odata_key *key = model_keys(model_type(model, "Self.Part"));
    assert_string_equal(key->next->path, "Where/City");
    assert_string_equal(key->next->alias, "City");

    const struct odata_navigation *up = model_navigation(car, "Category"), *parts = model_navigation(product, "Parts");
    assert_string_equal(model_references(model, up)->property, "CategoryID");
    assert_string_equal(model_target(model, product, up, &many, &model->arena, &wrong)->name, "Category");
    assert_ptr_equal(model_target_set(model, products, up, model_type(model, "Self.Category")), set_of(model, "Categories"));
    assert_true(parts->contains);
    assert_string_equal(model_target(model, product, parts, &many, &model->arena, &wrong)->name, "Part");
    assert_true(many);
    assert_null(model_target_set(model, products, parts, model_type(model, "Self.Part")));
    assert_true(set_of(model, "Best")->singleton);

    assert_string_equal(products->description, "What is sold");
    assert_true(has(products->limits.not_filterable, "Ratio"));
    assert_true(has(products->limits.only_ranges, "Changed"));
    assert_true(has(products->limits.only_values, "Color"));
    assert_true(has(products->limits.not_sortable, "Since"));
    assert_false(products->limits.top);
    assert_true(set_of(model, "Categories")->limits.top);
    assert_int_equal(model->containers->limits.apply, APPLY_YES);
    assert_true(model_is_elsewhere(model, "Other.Thing"));
    assert_false(model_is_elsewhere(model, "Self.Thing"));

    size_t functions = 0, actions = 0;
    for (const struct odata_operation *one = model->operations; one; one = one->next)
        one->action ? actions++ : functions++;
    assert_int_equal(functions, 3);
    assert_int_equal(actions, 2);
    assert_string_equal(model->containers->imports->operation, "Self.Cheapest");
    assert_true(model->containers->imports->next->action);
    model_close(model);
}

/* V3 has its own namespace, properties by collection, and function imports that say whether they change something. */
static void reads_v3(void **state)
{
    struct odata_model *model = read_model(
        "<edmx:Edmx Version='1.0' xmlns:edmx='http://schemas.microsoft.com/ado/2007/06/edmx'><edmx:DataServices>"
        "<Schema Namespace='S' xmlns='http://schemas.microsoft.com/ado/2009/11/edm'>"
        "<EntityType Name='A' OpenType='true'><Key><PropertyRef Name='I'/></Key><Property Name='I' Type='Edm.Int32'/>"
        "<Property Name='T' Type='Collection(Edm.String)'/><Property Name='F' Type='Edm.Stream'/></EntityType>"
        "<EntityContainer Name='C'><EntitySet Name='As' EntityType='S.A'/><FunctionImport Name='Change' IsSideEffecting='true'/>"
        "<FunctionImport Name='Ask' IsSideEffecting='false' ReturnType='Edm.Int32'/><FunctionImport Name='Untold'/></EntityContainer>"
        "<EntityContainer Name='D'><EntitySet Name='Bs' EntityType='S.A'/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>");
    const struct odata_operation *change = model->containers->operations;
    (void)state;

    assert_int_equal(model->version, ODATA_V3);
    assert_true(model_property(model_type(model, "S.A"), "T")->collection);
    assert_true(change->action && change->body);
    assert_false(change->next->action);
    assert_true(change->next->next->action);
    assert_string_equal(set_of(model, "D/Bs")->container->name, "D");
    assert_null(model_set(model, NULL, "C/Bs"));
    model_close(model);
}

static void tells_versions_apart(void **state)
{
#define PLAIN(attributes, space) \
    "<edmx:Edmx Version='1.0' xmlns:edmx='e'><edmx:DataServices xmlns:m='m' " attributes "><Schema Namespace='S' xmlns='" space "'/></edmx:DataServices></edmx:Edmx>"
    static const struct { const char *document; enum odata_version version; bool minor; } cases[] = {
        {PLAIN("m:DataServiceVersion='1.0'", "http://schemas.microsoft.com/ado/2006/04/edm"), ODATA_V2, false},
        {PLAIN("m:DataServiceVersion='1.0' m:MaxDataServiceVersion='3.0'", "http://schemas.microsoft.com/ado/2008/09/edm"), ODATA_V3, false},
        {PLAIN("m:DataServiceVersion='3.0;'", "http://schemas.microsoft.com/ado/2008/09/edm"), ODATA_V3, false},
        {PLAIN("", "http://schemas.microsoft.com/ado/2009/11/edm"), ODATA_V3, false},
        {PLAIN("", "unheard of"), ODATA_V2, false},
        {EDMX_V4("4.0", "<Schema Namespace='S'/>"), ODATA_V4, false},
        {EDMX_V4("4.01", "<Schema Namespace='S'/>"), ODATA_V4, true},
        {"<Schema Namespace='S' xmlns='http://docs.oasis-open.org/odata/ns/edm'/>", ODATA_V4, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct odata_model *model = read_model(cases[i].document);
        if (model->version != cases[i].version || model->minor != cases[i].minor)
            fail_msg("case %zu: %d", i, model->version);
        model_close(model);
    }
}

static void a_broken_part_is_told_of(void **state)
{
    struct odata_model *model = read_model(SCHEMA_V4(
        "<EntityType Name='A' BaseType='Self.Missing'><Property Name='I' Type='Edm.Int32'/></EntityType>"
        "<EntityType Name='B' BaseType='Self.C'/><EntityType Name='C' BaseType='Self.B'/><EntityType Name='D' BaseType='Other.Thing'/>"
        "<EntityType Name='E'><Unheard><Property Name='X' Type='Edm.String'/></Unheard><Property Name='Y' Type='Edm.String'/>"
        "<NavigationProperty Name='N' Type='Self.Nowhere'/></EntityType>"));
    const char *wrong = NULL;
    bool many;
    (void)state;

    assert_string_equal(model_type(model, "Self.A")->fault, "its base type Self.Missing is not in the metadata");
    assert_string_equal(model_type(model, "Self.B")->fault, "it is its own base type");
    assert_null(model_type(model, "Self.D")->fault);
    const struct odata_type *e = model_type(model, "Self.E");
    assert_string_equal(e->properties->name, "Y");
    assert_null(e->properties->next);
    assert_null(model_target(model, e, e->navigations, &many, &model->arena, &wrong));
    assert_string_equal(wrong, "N leads to Self.Nowhere, which is no entity type of the metadata");
    assert_null(model_type(model, "NoDot"));
    assert_ptr_equal(model_type(model, "Unknown.A"), model_type(model, "Self.A")); /* of a namespace that nobody declares */
    assert_ptr_equal(model_type(model, "A"), model_type(model, "Self.A"));
    assert_null(model_type(model, "Self.F"));
    assert_null(model_type(model, "Edm.A"));
    model_close(model);
}

static void other_documents_are_told_from_metadata(void **state)
{
    static const struct { const char *document, *message; } cases[] = {
        {"", "That is no OData metadata: it is empty"},
        {" \n", "That is no OData metadata: it is empty"},
        {"{\"value\":[]}", "That is no OData metadata: it is JSON"},
        {"<!DOCTYPE html><html><body>Sign in</body></html>", "That is no OData metadata: it is a web page"},
        {"<html><p>Sign in</html>", "That is no OData metadata: it is a web page"},
        {"Hello", "That is no OData metadata: it is a plain text"},
        {"<feed xmlns='http://www.w3.org/2005/Atom'/>", "That is no OData metadata: it is some other XML document"},
        {"<m:error xmlns:m='x'><m:code/></m:error>", "That is no OData metadata: it is an error that the service reports"},
        {"<!DOCTYPE Edmx [<!ENTITY a 'b'>]><Edmx Version='4.0'/>",
         "The metadata is malformed in line 1: it has a document type declaration, which no service sends"},
        {"<Edmx Version='4.0'>\n<DataServices></Edmx>", "The metadata is malformed in line 2: "},
        {"<Edmx Version='4.0'><DataServices>", "The metadata is malformed in line 1: "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct odata_model *model;
        struct error err = {0};
        if (model_read(cases[i].document, strlen(cases[i].document), &model, &err))
            fail_msg("case %zu was read", i);
        assert_string_equal(err.sqlstate, "HY000");
        if (strncmp(err.message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("case %zu: %s", i, err.message);
    }
}

static void documentation_describes(void **state)
{
    struct odata_model *model = read_model(SCHEMA_V2(
        "<EntityType Name='A'><Documentation><Summary>A thing</Summary><LongDescription>At length</LongDescription></Documentation><Key><PropertyRef Name='I'/></Key>"
        "<Property Name='I' Type='Edm.Int32'><Documentation><LongDescription>Its &amp; number</LongDescription></Documentation></Property>"
        "<Property Name='J' Type='Edm.Int32'><Documentation/></Property></EntityType>"
        "<EntityContainer Name='C'><EntitySet Name='As' EntityType='Shop.A'><Documentation><Summary>All things</Summary></Documentation></EntitySet></EntityContainer>"));
    const struct odata_type *type = model_type(model, "Shop.A");
    (void)state;

    assert_string_equal(type->description, "A thing");
    assert_string_equal(type->properties->description, "Its & number");
    assert_null(type->properties->next->description);
    assert_string_equal(type->keys->path, "I");
    assert_string_equal(model->containers->sets->description, "All things");
    model_close(model);
}

/* stderr is the host program's. */
static void nothing_is_written(void **state)
{
    static const char document[] = "<?xml version='1.0' encoding='EUC-JP'?><Schema Namespace='N'><!-- \xDE\xD0\xC1\xF5\xFF\xFE --></Schema>";
    FILE *file = tmpfile();
    int kept = dup(STDERR_FILENO);
    struct odata_model *model = NULL;
    struct error err = {0};
    (void)state;

    assert_non_null(file);
    assert_true(kept >= 0 && dup2(fileno(file), STDERR_FILENO) == STDERR_FILENO);
    bool read = model_read(document, sizeof document - 1, &model, &err);
    off_t written = lseek(fileno(file), 0, SEEK_END);
    dup2(kept, STDERR_FILENO);
    close(kept);
    fclose(file);
    assert_false(read);
    assert_string_equal(err.sqlstate, "HY000");
    assert_int_equal(written, 0);
}

/* Types go by a hash of their names. */
static void finds_each_of_many_types(void **state)
{
    static char document[400000];
    char *at = document + sprintf(document, "<Schema Namespace='N.M'>");
    struct odata_model *model;
    char name[40];
    (void)state;

    for (int i = 0; i < 3000; i++)
        at += sprintf(at, "<EntityType Name='T%d'><Property Name='P%d' Type='Edm.Int32'/></EntityType>", i, i);
    strcpy(at, "</Schema>");
    model = read_model(document);
    assert_int_equal(model->type_count, 3000);
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "N.M.T%d", i);
        const struct odata_type *type = model_type(model, name);
        assert_non_null(type);
        assert_int_equal(atoi(type->properties->name + 1), i);
    }
    assert_null(model_type(model, "N.M.T3000"));
    assert_null(model_type(model, "N.T3000"));
    model_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_v2),
        cmocka_unit_test(reads_v4),
        cmocka_unit_test(reads_v3),
        cmocka_unit_test(tells_versions_apart),
        cmocka_unit_test(a_broken_part_is_told_of),
        cmocka_unit_test(other_documents_are_told_from_metadata),
        cmocka_unit_test(documentation_describes),
        cmocka_unit_test(nothing_is_written),
        cmocka_unit_test(finds_each_of_many_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
