/* $metadata of the shop. */
#include <string.h>

#include "test/sandbox/odata_write.h"

static const char *edm(enum shop_kind kind, bool v4)
{
    switch (kind) {
    case SHOP_INT16: return "Edm.Int16";
    case SHOP_INT32: return "Edm.Int32";
    case SHOP_INT64: return "Edm.Int64";
    case SHOP_STRING: return "Edm.String";
    case SHOP_DECIMAL: return "Edm.Decimal";
    case SHOP_DOUBLE: return "Edm.Double";
    case SHOP_BOOLEAN: return "Edm.Boolean";
    case SHOP_GUID: return "Edm.Guid";
    case SHOP_DATE: return v4 ? "Edm.Date" : "Edm.DateTime";
    case SHOP_MOMENT: return v4 ? "Edm.DateTimeOffset" : "Edm.DateTime";
    case SHOP_COLOR: return v4 ? "Shop.Color" : "Edm.String";
    case SHOP_MAKER: return "Shop.Maker";
    }
    return "";
}

static void write_properties(FILE *out, const struct shop_property *property, bool v4)
{
    for (; property->name; property++)
        fprintf(out, "<Property Name=\"%s\" Type=\"%s\" Nullable=\"%s\"%s%s/>", property->name, edm(property->kind, v4), property->nullable ? "true" : "false",
                property->kind == SHOP_DECIMAL ? " Precision=\"12\" Scale=\"2\"" : "", property->kind == SHOP_DATE && !v4 ? " sap:display-format=\"Date\"" : "");
}

/* Both directions of a navigation are one association, named by the side with the reference. */
static void association_name(const struct shop_type *type, const struct shop_navigation *navigation, char name[80])
{
    snprintf(name, 80, "%s_%s", navigation->many ? navigation->target : type->name, navigation->many ? type->name : navigation->target);
}

static void write_navigation(FILE *out, const struct shop_type *type, const struct shop_navigation *navigation, bool v4)
{
    char name[80];

    if (!v4) {
        association_name(type, navigation, name);
        fprintf(out, "<NavigationProperty Name=\"%s\" Relationship=\"Shop.%s\" FromRole=\"%s\" ToRole=\"%s\"/>", navigation->name, name, type->name, navigation->target);
        return;
    }
    fprintf(out, navigation->many ? "<NavigationProperty Name=\"%s\" Type=\"Collection(Shop.%s)\">" : "<NavigationProperty Name=\"%s\" Type=\"Shop.%s\">",
            navigation->name, navigation->target);
    if (!navigation->many)
        fprintf(out, "<ReferentialConstraint Property=\"%s\" ReferencedProperty=\"%s\"/>", navigation->own, navigation->other);
    fprintf(out, "</NavigationProperty>");
}

static void write_types(FILE *out, bool v4)
{
    for (size_t i = 0; i < SHOP_TYPES; i++) {
        const struct shop_type *type = &shop_types[i];
        fprintf(out, "<EntityType Name=\"%s\"><Key>", type->name);
        for (const char *const *key = type->keys; *key; key++)
            fprintf(out, "<PropertyRef Name=\"%s\"/>", *key);
        fprintf(out, "</Key>");
        write_properties(out, type->properties, v4);
        for (const struct shop_navigation *navigation = type->navigations; navigation->name; navigation++)
            write_navigation(out, type, navigation, v4);
        fprintf(out, "</EntityType>");
    }
    fprintf(out, "<ComplexType Name=\"Maker\">");
    write_properties(out, shop_maker, v4);
    fprintf(out, "</ComplexType>");
}

static void write_associations(FILE *out, bool sets)
{
    char name[80];

    for (size_t i = 0; i < SHOP_TYPES; i++)
        for (const struct shop_navigation *navigation = shop_types[i].navigations; navigation->name; navigation++) {
            if (navigation->many)
                continue;
            const struct shop_type *type = &shop_types[i], *target = shop_type_named(navigation->target, false);
            association_name(type, navigation, name);
            if (sets)
                fprintf(out, "<AssociationSet Name=\"%s\" Association=\"Shop.%s\"><End Role=\"%s\" EntitySet=\"%s\"/><End Role=\"%s\" EntitySet=\"%s\"/></AssociationSet>",
                        name, name, target->name, target->set, type->name, type->set);
            else
                fprintf(out, "<Association Name=\"%s\"><End Role=\"%s\" Type=\"Shop.%s\" Multiplicity=\"0..1\"/><End Role=\"%s\" Type=\"Shop.%s\" Multiplicity=\"*\"/>"
                        "<ReferentialConstraint><Principal Role=\"%s\"><PropertyRef Name=\"%s\"/></Principal><Dependent Role=\"%s\"><PropertyRef Name=\"%s\"/></Dependent>"
                        "</ReferentialConstraint></Association>",
                        name, target->name, target->name, type->name, type->name, target->name, navigation->other, type->name, navigation->own);
        }
}

static void write_container(FILE *out, int version, bool apply)
{
    bool v4 = version == 4;

    fprintf(out, "<EntityContainer Name=\"Container\" m:IsDefaultEntityContainer=\"true\">");
    for (size_t i = 0; i < SHOP_TYPES; i++) {
        fprintf(out, "<EntitySet Name=\"%s\" EntityType=\"Shop.%s\">", shop_types[i].set, shop_types[i].name);
        for (const struct shop_navigation *navigation = shop_types[i].navigations; v4 && navigation->name; navigation++)
            fprintf(out, "<NavigationPropertyBinding Path=\"%s\" Target=\"%s\"/>", navigation->name, shop_type_named(navigation->target, false)->set);
        fprintf(out, "</EntitySet>");
    }
    if (v4)
        fprintf(out, "<FunctionImport Name=\"Cheapest\" Function=\"Shop.Cheapest\" EntitySet=\"Products\"/><FunctionImport Name=\"Twice\" Function=\"Shop.Twice\"/>"
                "<ActionImport Name=\"Reset\" Action=\"Shop.Reset\"/>%s", apply ? "<Annotation Term=\"Org.OData.Aggregation.V1.ApplySupported\"/>" : "");
    else
        fprintf(out, "<FunctionImport Name=\"Cheapest\" ReturnType=\"Collection(Shop.Product)\" EntitySet=\"Products\" m:HttpMethod=\"GET\">"
                "<Parameter Name=\"below\" Type=\"Edm.Decimal\"/></FunctionImport><FunctionImport Name=\"Twice\" ReturnType=\"Edm.Int64\" m:HttpMethod=\"GET\">"
                "<Parameter Name=\"number\" Type=\"Edm.Int64\"/></FunctionImport><FunctionImport Name=\"Reset\" m:HttpMethod=\"POST\"/>");
    if (!v4)
        write_associations(out, true);
    fprintf(out, "</EntityContainer>");
}

void shop_write_metadata(FILE *out, int version, bool apply)
{
    bool v4 = version == 4;

    fprintf(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?><edmx:Edmx Version=\"%s\" xmlns:edmx=\"%s\"><edmx:DataServices "
            "xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\" m:DataServiceVersion=\"%d.0\"><Schema Namespace=\"Shop\" xmlns=\"%s\" "
            "xmlns:sap=\"http://www.sap.com/Protocols/SAPData\">",
            v4 ? "4.0" : "1.0", v4 ? "http://docs.oasis-open.org/odata/ns/edmx" : "http://schemas.microsoft.com/ado/2007/06/edmx", version,
            v4 ? "http://docs.oasis-open.org/odata/ns/edm" : version == 3 ? "http://schemas.microsoft.com/ado/2009/11/edm" : "http://schemas.microsoft.com/ado/2008/09/edm");
    write_types(out, v4);
    if (v4)
        fprintf(out, "<EnumType Name=\"Color\"><Member Name=\"Red\" Value=\"0\"/><Member Name=\"Green\" Value=\"1\"/><Member Name=\"Blue\" Value=\"4\"/></EnumType>"
                "<Function Name=\"Cheapest\"><Parameter Name=\"below\" Type=\"Edm.Decimal\" Nullable=\"false\" Scale=\"2\"/><ReturnType Type=\"Collection(Shop.Product)\"/></Function>"
                "<Function Name=\"Twice\"><Parameter Name=\"number\" Type=\"Edm.Int64\" Nullable=\"false\"/><ReturnType Type=\"Edm.Int64\"/></Function><Action Name=\"Reset\"/>");
    else
        write_associations(out, false);
    write_container(out, version, apply);
    fprintf(out, "</Schema></edmx:DataServices></edmx:Edmx>");
}
