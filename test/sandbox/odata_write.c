/* Rows as JSON of the three versions and as Atom. */
#define _XOPEN_SOURCE 700
#include "test/sandbox/odata_write.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void shop_write_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            fprintf(out, "\\u%04x", *text);
        else
            fputc(*text, out);
    fputc('"', out);
}

static long long milliseconds(const char *text)
{
    struct tm parts = {0};

    sscanf(text, "%d-%d-%dT%d:%d:%d", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec);
    parts.tm_year -= 1900;
    parts.tm_mon--;
    return (long long)timegm(&parts) * 1000;
}

void shop_write_value(const struct shop_writer *writer, enum shop_kind kind, const json_t *value)
{
    FILE *out = writer->out;
    bool texts = writer->version < 4 || writer->exact;
    const char *text = json_string_value(value);

    if (!value || json_is_null(value)) {
        fprintf(out, "null");
        return;
    }
    switch (kind) {
    case SHOP_INT64:
        fprintf(out, texts ? "\"%lld\"" : "%lld", (long long)json_integer_value(value));
        break;
    case SHOP_INT16: case SHOP_INT32:
        fprintf(out, "%lld", (long long)json_integer_value(value));
        break;
    case SHOP_DECIMAL:
        fprintf(out, texts ? "\"%s\"" : "%s", text);
        break;
    case SHOP_DOUBLE:
        fprintf(out, "%.17g", json_number_value(value));
        break;
    case SHOP_BOOLEAN:
        fprintf(out, json_is_true(value) ? "true" : "false");
        break;
    case SHOP_DATE: case SHOP_MOMENT:
        if (writer->version == 2)
            fprintf(out, "\"\\/Date(%lld)\\/\"", milliseconds(text));
        else
            fprintf(out, "\"%s%s\"", text, writer->version == 4 ? (kind == SHOP_MOMENT ? "Z" : "") : kind == SHOP_DATE ? "T00:00:00" : "");
        break;
    case SHOP_MAKER:
        fputc('{', out);
        for (const struct shop_property *inner = shop_maker; inner->name; inner++) {
            fprintf(out, "%s\"%s\":", inner == shop_maker ? "" : ",", inner->name);
            shop_write_value(writer, inner->kind, json_object_get(value, inner->name));
        }
        fputc('}', out);
        break;
    default:
        shop_write_text(out, text);
    }
}

void shop_write_address(FILE *out, const struct shop_type *type, const json_t *row, int version)
{
    fprintf(out, "%s(", type->set);
    for (const char *const *key = type->keys; *key; key++) {
        bool large = version < 4 && shop_property_named(type, *key)->kind == SHOP_INT64;
        if (type->keys[1])
            fprintf(out, "%s%s=", key == type->keys ? "" : ",", *key);
        fprintf(out, "%lld%s", (long long)json_integer_value(json_object_get(row, *key)), large ? "L" : "");
    }
    fputc(')', out);
}

static bool is_selected(const json_t *select, const char *name)
{
    const json_t *one;
    size_t i;

    json_array_foreach(select, i, one)
        if (strcmp(json_string_value(one), name) == 0)
            return true;
    return !select;
}

/* The rows inside of one; *more: there are more of them than a page has. A new array. */
static json_t *inner_rows(const struct shop_writer *writer, const json_t *row, const struct shop_view *view, bool *more)
{
    json_t *all = shop_follow(writer->shop, row, view->expand), *kept = json_array(), *one;
    size_t i;

    *more = false;
    json_array_foreach(all, i, one) {
        if (view->inner_filter && !shop_filter_holds(view->inner_filter, one))
            continue;
        *more = view->inner_page && json_array_size(kept) == view->inner_page;
        if (*more)
            break;
        json_array_append(kept, one);
    }
    json_decref(all);
    return kept;
}

/* Where the rest of them is. */
static void write_rest(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view, bool xml)
{
    fprintf(writer->out, "%s/", writer->base);
    shop_write_address(writer->out, type, row, writer->version);
    fprintf(writer->out, "/%s?$skiptoken=%zu", view->expand->name, view->inner_page);
    if (!view->inner_filter_text)
        return;
    fprintf(writer->out, xml ? "&amp;$filter=" : "&$filter=");
    for (const char *at = view->inner_filter_text; *at; at++)
        fprintf(writer->out, strchr(" '\"<>&%+#", *at) || (unsigned char)*at > 126 ? "%%%02X" : "%c", (unsigned char)*at);
}

/* JSON. */

static void write_entity(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view, const char *context);

static void write_inner(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view)
{
    const struct shop_type *target = shop_type_named(view->expand->target, false);
    const struct shop_view inner = {.select = view->inner_select};
    bool more, v2 = writer->version == 2;
    json_t *rows = inner_rows(writer, row, view, &more), *one;
    size_t i;

    fprintf(writer->out, ",\"%s\":", view->expand->name);
    if (!view->expand->many && !json_array_size(rows))
        fprintf(writer->out, "null");
    if (view->expand->many)
        fprintf(writer->out, v2 ? "{\"results\":[" : "[");
    json_array_foreach(rows, i, one) {
        fprintf(writer->out, i ? "," : "");
        write_entity(writer, target, one, &inner, NULL);
    }
    if (view->expand->many)
        fputc(']', writer->out);
    if (more) {
        fprintf(writer->out, v2 ? ",\"__next\":\"" : ",\"%s@odata.nextLink\":\"", view->expand->name);
        write_rest(writer, type, row, view, false);
        fputc('"', writer->out);
    }
    if (view->expand->many && v2)
        fputc('}', writer->out);
    json_decref(rows);
}

static void write_entity(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view, const char *context)
{
    bool first = !context;

    fputc('{', writer->out);
    if (context)
        fprintf(writer->out, "\"%s\":\"%s/$metadata#%s/$entity\"", context, writer->base, type->set);
    if (writer->version == 2) {
        fprintf(writer->out, "\"__metadata\":{\"uri\":\"%s/", writer->base);
        shop_write_address(writer->out, type, row, 2);
        fprintf(writer->out, "\",\"type\":\"Shop.%s\"}", type->name);
        first = false;
    }
    for (const struct shop_property *property = type->properties; property->name; property++) {
        if (!is_selected(view->select, property->name))
            continue;
        fprintf(writer->out, "%s\"%s\":", first ? "" : ",", property->name);
        shop_write_value(writer, property->kind, json_object_get(row, property->name));
        first = false;
    }
    for (const struct shop_navigation *navigation = type->navigations; writer->version == 2 && navigation->name; navigation++)
        if (navigation != view->expand)
            fprintf(writer->out, ",\"%s\":{\"__deferred\":{\"uri\":\"u\"}}", navigation->name);
    if (view->expand)
        write_inner(writer, type, row, view);
    fputc('}', writer->out);
}

static const char *context_of(int version)
{
    return version == 2 ? NULL : version == 3 ? "odata.metadata" : "@odata.context";
}

void shop_write_row(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view)
{
    fprintf(writer->out, writer->version == 2 ? "{\"d\":" : "");
    write_entity(writer, type, row, view, context_of(writer->version));
    fprintf(writer->out, writer->version == 2 ? "}" : "");
}

void shop_write_rows(const struct shop_writer *writer, const struct shop_type *type, const json_t *rows, const struct shop_view *view, const char *next,
                     long long count)
{
    bool v2 = writer->version == 2;
    const char *odata = writer->version == 3 ? "odata" : "@odata";
    const json_t *one;
    size_t i;

    if (v2)
        fprintf(writer->out, "{\"d\":{\"results\":[");
    else
        fprintf(writer->out, "{\"%s\":\"%s/$metadata#%s\",", context_of(writer->version), writer->base, type->set);
    if (!v2 && count >= 0)
        fprintf(writer->out, writer->version == 3 ? "\"%s.count\":\"%lld\"," : "\"%s.count\":%lld,", odata, count);
    if (!v2)
        fprintf(writer->out, "\"value\":[");
    json_array_foreach(rows, i, one) {
        fprintf(writer->out, i ? ",\n" : "");
        write_entity(writer, type, one, view, NULL);
    }
    fputc(']', writer->out);
    if (v2 && count >= 0)
        fprintf(writer->out, ",\"__count\":\"%lld\"", count);
    if (next && v2)
        fprintf(writer->out, ",\"__next\":\"%s\"", next);
    else if (next)
        fprintf(writer->out, ",\"%s.nextLink\":\"%s\"", odata, next);
    fprintf(writer->out, v2 ? "}}" : "}");
}

/* Atom. */

static const char spaces[] = " xmlns=\"http://www.w3.org/2005/Atom\" xmlns:d=\"http://schemas.microsoft.com/ado/2007/08/dataservices\""
                             " xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\"";

static void write_xml_text(FILE *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '<': fprintf(out, "&lt;"); break;
        case '>': fprintf(out, "&gt;"); break;
        case '&': fprintf(out, "&amp;"); break;
        case '"': fprintf(out, "&quot;"); break;
        default: fputc(*text, out);
        }
}

static void write_element(const struct shop_writer *writer, const struct shop_property *property, const json_t *value)
{
    static const char *const types[] = {"Int16", "Int32", "Int64", "String", "Decimal", "Double", "Boolean", "Guid", "DateTime", "DateTime", "String"};
    FILE *out = writer->out;

    if (!value || json_is_null(value)) {
        fprintf(out, "<d:%s m:null=\"true\"/>", property->name);
        return;
    }
    if (property->kind == SHOP_MAKER) {
        fprintf(out, "<d:%s m:type=\"Shop.Maker\">", property->name);
        for (const struct shop_property *inner = shop_maker; inner->name; inner++)
            write_element(writer, inner, json_object_get(value, inner->name));
    } else {
        fprintf(out, "<d:%s m:type=\"Edm.%s\">", property->name, types[property->kind]);
        if (json_is_integer(value))
            fprintf(out, "%lld", (long long)json_integer_value(value));
        else if (json_is_real(value))
            fprintf(out, "%.17g", json_real_value(value));
        else if (json_is_boolean(value))
            fprintf(out, json_is_true(value) ? "true" : "false");
        else
            write_xml_text(out, json_string_value(value));
        fprintf(out, property->kind == SHOP_DATE ? "T00:00:00" : "");
    }
    fprintf(out, "</d:%s>", property->name);
}

static void write_entry(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view, bool alone);

static void write_atom_inner(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view)
{
    const struct shop_view inner = {.select = view->inner_select};
    bool more;
    json_t *rows = inner_rows(writer, row, view, &more), *one;
    size_t i;

    fprintf(writer->out, "<link rel=\"http://schemas.microsoft.com/ado/2007/08/dataservices/related/%s\" title=\"%s\" href=\"x\"><m:inline>%s", view->expand->name,
            view->expand->name, view->expand->many ? "<feed><title/>" : "");
    json_array_foreach(rows, i, one)
        write_entry(writer, shop_type_named(view->expand->target, false), one, &inner, false);
    if (more) {
        fprintf(writer->out, "<link rel=\"next\" href=\"");
        write_rest(writer, type, row, view, true);
        fprintf(writer->out, "\"/>");
    }
    fprintf(writer->out, "%s</m:inline></link>", view->expand->many ? "</feed>" : "");
    json_decref(rows);
}

static void write_entry(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view, bool alone)
{
    fprintf(writer->out, "<entry%s><id>%s/", alone ? spaces : "", writer->base);
    shop_write_address(writer->out, type, row, writer->version);
    fprintf(writer->out, "</id><title/>");
    if (view->expand)
        write_atom_inner(writer, type, row, view);
    fprintf(writer->out, "<content type=\"application/xml\"><m:properties>");
    for (const struct shop_property *property = type->properties; property->name; property++)
        if (is_selected(view->select, property->name))
            write_element(writer, property, json_object_get(row, property->name));
    fprintf(writer->out, "</m:properties></content></entry>");
}

void shop_write_atom_row(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view)
{
    write_entry(writer, type, row, view, true);
}

void shop_write_atom_rows(const struct shop_writer *writer, const struct shop_type *type, const json_t *rows, const struct shop_view *view, const char *next,
                          long long count)
{
    const json_t *one;
    size_t i;

    fprintf(writer->out, "<feed xml:base=\"%s/\"%s><title>%s</title>", writer->base, spaces, type->set);
    if (count >= 0)
        fprintf(writer->out, "<m:count>%lld</m:count>", count);
    json_array_foreach(rows, i, one)
        write_entry(writer, type, one, view, false);
    if (next) {
        fprintf(writer->out, "<link rel=\"next\" href=\"");
        write_xml_text(writer->out, next);
        fprintf(writer->out, "\"/>");
    }
    fprintf(writer->out, "</feed>");
}
