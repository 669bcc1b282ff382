#include "providers/odata/atom_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/space.h"
#include "base/utf.h"
#include "base/warnings.h"
#include "providers/odata/literal.h"
#include "providers/rows/form.h"

enum { LARGEST_VALUE = 64 << 20, QUOTED = 60, DEEPEST = 32 };

/* Reading. */

bool atom_is_null(struct xml *xml)
{
    const char *name, *value;
    bool null = false;

    for (bool first = true; xml_attribute(xml, first, &name, &value); first = false)
        null |= strcmp(name, "null") == 0 && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
    return null;
}

void atom_inner_text(struct xml *xml, struct buffer *out)
{
    int depth = xml_enter(xml);

    while (depth >= 0 && xml_read(xml)) {
        int type = xmlTextReaderNodeType(xml->reader), at = xmlTextReaderDepth(xml->reader);
        if (type == XML_READER_TYPE_END_ELEMENT && at <= depth)
            return;
        if (type != XML_READER_TYPE_TEXT && type != XML_READER_TYPE_CDATA && type != XML_READER_TYPE_SIGNIFICANT_WHITESPACE
            && type != XML_READER_TYPE_WHITESPACE)
            continue;
        const xmlChar *text = xmlTextReaderConstValue(xml->reader);
        if (text && at == depth + 1)
            buffer_append_text(out, (const char *)text);
    }
}

/* Texts. */

static bool refuse(const struct atom_target *target, const char *text, size_t length, struct error *err)
{
    char type[40];
    int shown = (int)utf8_whole(text, length > QUOTED ? QUOTED : length);

    type_print(&target->column->type, type, sizeof type);
    return error_set(err, "22018", "Column %s of table %s: the service sent \"%.*s%s\", which is no value of type %s", target->column->name,
                     target->table->name, shown, text, length > QUOTED ? "…" : "", type);
}

/* The value does not fit: it is passed over, and told of. */
static bool pass_over(const struct atom_target *target, struct value *result, struct error *err)
{
    char key[300];

    if (strcmp(err->sqlstate, "22018") != 0 || !target->warnings || !target->column->nullable)
        return false;
    snprintf(key, sizeof key, "value %.130s.%.130s", target->table->name, target->column->name);
    warnings_add(target->warnings, key, "01000", "%s; it is NULL here", err->message);
    *err = (struct error){0};
    *result = value_null();
    return true;
}

static bool copy(const struct atom_target *target, const char *text, size_t length, struct value *result, struct error *err)
{
    const char *kept = arena_copy(target->arena, text, length);

    if (!kept)
        return error_memory(err);
    *result = value_text(kept, length);
    return true;
}

static bool convert(const struct atom_target *target, const char *text, size_t length, struct value *result, struct error *err)
{
    const struct type *type = &target->column->type;
    char out[FORM_ROOM];
    size_t written = 0;
    struct error unfit = {0};

    if (type->kind == TYPE_STRING || type->kind == TYPE_JSON)
        return copy(target, text, length, result, err);
    if (type->kind == TYPE_BINARY)
        return form_base64(text, length, target->arena, result, &unfit)
               || (strcmp(unfit.sqlstate, "HY001") == 0 ? error_memory(err) : refuse(target, text, length, err));
    if (is_blank(text, length)) {
        *result = value_null();
        return true;
    }
    bool formed = type->kind == TYPE_TIME ? form_time(text, length, out, &written)
                  : type->kind == TYPE_DATE ? form_moment(text, length, true, out, &written)
                  : type->kind == TYPE_TIMESTAMP && form_moment(text, length, false, out, &written);
    if (formed) {
        text = out;
        length = written;
    }
    if (type->kind == TYPE_DOUBLE && form_real(text, length, result))
        return !value_is_null(result) || refuse(target, text, length, err);
    return value_from_text(type, text, length, target->arena, result, &unfit)
           || (strcmp(unfit.sqlstate, "HY001") == 0 ? error_memory(err) : refuse(target, text, length, err));
}

bool atom_text_value(const struct atom_target *target, const char *text, size_t length, struct value *result, struct error *err)
{
    return convert(target, text, length, result, err) || pass_over(target, result, err);
}

static bool is_structured(const struct atom_target *target)
{
    return target->column->type.kind == TYPE_JSON || target->detail->edm == EDM_GEOGRAPHY || target->detail->edm == EDM_GEOMETRY;
}

bool atom_element_value(struct xml *xml, const struct atom_target *target, struct value *result, struct error *err)
{
    struct buffer text;

    *result = value_null();
    if (atom_is_null(xml))
        return true;
    buffer_init(&text, LARGEST_VALUE);
    if (is_structured(target))
        atom_json(xml, &text);
    else
        atom_inner_text(xml, &text);
    bool done = !text.failed || error_memory(err);
    if (done && is_structured(target)) {
        bool empty = strcmp(buffer_text(&text), "null") == 0;
        done = empty || copy(target, buffer_text(&text), text.length, result, err);
    } else if (done) {
        done = atom_text_value(target, buffer_text(&text), text.length, result, err);
    }
    buffer_clear(&text);
    return done;
}

/* JSON. */

static void append_string(struct buffer *out, const char *text)
{
    odata_json_string(out, text, strlen(text));
}

/* What m:type says: "Edm.Int32", "Collection(Edm.String)", "#Int32" in V4; "" when nothing does. */
static void read_type(struct xml *xml, char type[128])
{
    const char *name, *value;

    type[0] = '\0';
    for (bool first = true; xml_attribute(xml, first, &name, &value); first = false)
        if (strcmp(name, "type") == 0)
            snprintf(type, 128, "%s", value[0] == '#' ? value + 1 : value);
}

static bool is_number(const char *type, const char *text)
{
    static const char *const numbers[] = {"Byte", "SByte", "Int16", "Int32", "Int64", "Single", "Double", "Decimal"};
    const char *last = strncmp(type, "Edm.", 4) == 0 ? type + 4 : type;
    size_t digits = strspn(text, "0123456789+-.eE");

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(last, numbers[i]) == 0)
            return digits && !text[digits] && text[0] != '+'; /* INF and the like are texts */
    return false;
}

static void append_scalar(struct buffer *out, const char *type, const char *text)
{
    bool truth = strcmp(type, "Edm.Boolean") == 0 || strcmp(type, "Boolean") == 0;

    if (is_number(type, text))
        buffer_append_text(out, text);
    else if (truth)
        buffer_append_text(out, strcmp(text, "true") == 0 || strcmp(text, "1") == 0 ? "true" : "false");
    else
        append_string(out, text);
}

static void append_value(struct xml *xml, struct buffer *out, int level);

/* GML: positions become arrays of numbers. In geography the latitude stands first, in GeoJSON last. */

struct geography {
    struct buffer *out;
    bool swapped;
};

static void append_positions(const struct geography *geography, const char *text, bool one)
{
    double numbers[4];
    bool first = true;

    while (*text) {
        size_t count = 0;
        char *end;
        while (count < (one ? 4u : 2u)) {
            numbers[count] = strtod(text, &end);
            if (end == text)
                break;
            text = end;
            count++;
        }
        if (count < 2)
            break;
        if (geography->swapped) {
            double latitude = numbers[0];
            numbers[0] = numbers[1];
            numbers[1] = latitude;
        }
        buffer_append_text(geography->out, first ? "[" : ",[");
        first = false;
        for (size_t i = 0; i < count; i++) {
            char number[VALUE_SCRATCH];
            size_t length = value_print_real(numbers[i], number);
            buffer_append_text(geography->out, i ? "," : "");
            buffer_append(geography->out, number, length);
        }
        buffer_append_char(geography->out, ']');
        if (one)
            return;
    }
}

/* All positions inside of the present element, without brackets around them. */
static void append_line(struct xml *xml, const struct geography *geography)
{
    bool first = true;
    struct buffer text;

    buffer_init(&text, LARGEST_VALUE);
    for (int depth = xml_enter(xml); xml_child(xml, depth);) {
        bool list = xml_is(xml, "posList");
        if (!list && !xml_is(xml, "pos") && !xml_is(xml, "pointProperty") && !xml_is(xml, "Point"))
            continue;
        buffer_append_text(geography->out, first ? "" : ",");
        first = false;
        if (xml_is(xml, "pointProperty") || xml_is(xml, "Point")) {
            append_line(xml, geography);
            continue;
        }
        buffer_reset(&text);
        atom_inner_text(xml, &text);
        append_positions(geography, buffer_text(&text), !list);
    }
    buffer_clear(&text);
}

static void append_shape(struct xml *xml, const struct geography *geography, bool with_crs, int level);

/* The positions of a ring or of members, each in brackets. */
static void append_members(struct xml *xml, const struct geography *geography, int level, bool *first)
{
    struct buffer *out = geography->out;

    for (int depth = level > DEEPEST ? -1 : xml_enter(xml); xml_child(xml, depth);) {
        if (xml_is(xml, "LinearRing") || xml_is(xml, "LineString")) {
            buffer_append_text(out, *first ? "[" : ",[");
            *first = false;
            append_line(xml, geography);
            buffer_append_char(out, ']');
        } else if (xml_is(xml, "Polygon")) {
            bool ring = true;
            buffer_append_text(out, *first ? "[" : ",[");
            *first = false;
            append_members(xml, geography, level + 1, &ring);
            buffer_append_char(out, ']');
        } else if (xml_is(xml, "Point")) {
            buffer_append_text(out, *first ? "" : ",");
            *first = false;
            append_line(xml, geography);
        } else {
            append_members(xml, geography, level + 1, first);
        }
    }
}

static void append_geometries(struct xml *xml, const struct geography *geography, int level)
{
    bool first = true;

    for (int depth = level > DEEPEST ? -1 : xml_enter(xml); xml_child(xml, depth);) {
        if (xml_is(xml, "geometryMember") || xml_is(xml, "geometryMembers")) {
            for (int inner = xml_enter(xml); xml_child(xml, inner); first = false) {
                buffer_append_text(geography->out, first ? "" : ",");
                append_shape(xml, geography, false, level + 1);
            }
        }
    }
}

static const struct { const char *gml, *name; } shapes[] = {
    {"Point", "Point"}, {"LineString", "LineString"}, {"Polygon", "Polygon"}, {"MultiPoint", "MultiPoint"}, {"MultiCurve", "MultiLineString"},
    {"MultiLineString", "MultiLineString"}, {"MultiSurface", "MultiPolygon"}, {"MultiPolygon", "MultiPolygon"}, {"MultiGeometry", "GeometryCollection"},
};

static const char *shape_name(struct xml *xml)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        if (xml_is(xml, shapes[i].gml))
            return shapes[i].name;
    return NULL;
}

static void append_shape(struct xml *xml, const struct geography *geography, bool with_crs, int level)
{
    struct buffer *out = geography->out;
    const char *shape = shape_name(xml), *name, *value;
    char crs[40] = "";
    bool first = true;

    for (bool more = true; xml_attribute(xml, more, &name, &value); more = false)
        if (strcmp(name, "srsName") == 0 && strrchr(value, '/'))
            snprintf(crs, sizeof crs, "%s", strrchr(value, '/') + 1);
    if (!shape) {
        buffer_append_text(out, "null");
        return;
    }
    buffer_printf(out, "{\"type\":\"%s\",", shape);
    if (strcmp(shape, "GeometryCollection") == 0) {
        buffer_append_text(out, "\"geometries\":[");
        append_geometries(xml, geography, level);
        buffer_append_char(out, ']');
    } else {
        bool point = strcmp(shape, "Point") == 0;
        size_t before = out->length;
        buffer_append_text(out, point ? "\"coordinates\":" : "\"coordinates\":[");
        size_t start = out->length;
        if (point || strcmp(shape, "LineString") == 0)
            append_line(xml, geography);
        else
            append_members(xml, geography, level, &first);
        if (point && out->length == start && start > before)
            buffer_append_text(out, "[]");
        buffer_append_text(out, point ? "" : "]");
    }
    if (with_crs && crs[0])
        buffer_printf(out, ",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:%s\"}}", crs);
    buffer_append_char(out, '}');
}

/* Elements of a collection, or the members of an object: the first of them tells which. */
static void append_elements(struct xml *xml, struct buffer *out, const char *type, int depth, int level)
{
    bool collection = strncmp(type, "Collection(", 11) == 0, first = true;
    char closing = collection ? ']' : '}';

    do {
        if (first && (xml_is(xml, "element") || collection)) {
            closing = ']';
            collection = true;
        }
        buffer_append_char(out, first ? (collection ? '[' : '{') : ',');
        first = false;
        if (!collection) {
            append_string(out, xml_name(xml));
            buffer_append_char(out, ':');
        }
        append_value(xml, out, level + 1);
    } while (xml_child(xml, depth));
    buffer_append_char(out, closing);
}

/* Text in front of the first element inside of the present one; *child: there is such an element, which is then the present one. */
static void read_text(struct xml *xml, int depth, struct buffer *text, bool *child)
{
    *child = false;
    while (depth >= 0 && xml_read(xml)) {
        int type = xmlTextReaderNodeType(xml->reader), at = xmlTextReaderDepth(xml->reader);
        const xmlChar *value = xmlTextReaderConstValue(xml->reader);
        if (type == XML_READER_TYPE_END_ELEMENT && at <= depth)
            return;
        *child = type == XML_READER_TYPE_ELEMENT;
        if (*child)
            return;
        if ((type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA || type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE) && value)
            buffer_append_text(text, (const char *)value);
    }
}

static bool is_gml(struct xml *xml, const char *type)
{
    const char *space = (const char *)xmlTextReaderConstNamespaceUri(xml->reader);
    return shape_name(xml) && (strstr(type, "Geo") || (space && strstr(space, "gml")));
}

static void append_value(struct xml *xml, struct buffer *out, int level)
{
    char type[128];
    struct buffer text;
    bool child;

    read_type(xml, type);
    if (atom_is_null(xml) || level > DEEPEST) {
        buffer_append_text(out, "null");
        return;
    }
    int depth = xml_enter(xml);
    buffer_init(&text, LARGEST_VALUE);
    read_text(xml, depth, &text, &child);
    if (child && is_gml(xml, type)) {
        const struct geography geography = {out, strstr(type, "Geometry") == NULL};
        append_shape(xml, &geography, true, level);
        while (xml_child(xml, depth))
            ;
    } else if (child) {
        append_elements(xml, out, type, depth, level);
    } else if (strncmp(type, "Collection(", 11) == 0) {
        buffer_append_text(out, "[]");
    } else if (strncmp(type, "Edm.", 4) != 0 && strchr(type, '.')) {
        buffer_append_text(out, "{}");
    } else {
        append_scalar(out, type, buffer_text(&text));
    }
    buffer_clear(&text);
}

void atom_json(struct xml *xml, struct buffer *out)
{
    append_value(xml, out, 0);
}
