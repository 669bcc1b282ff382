#include "providers/script/xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/rows/path.h"
#include "providers/xml_handlers.h"

enum { DEEPEST = 50 };

static void put_string(struct buffer *out, const char *text)
{
    buffer_append_char(out, '"');
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            buffer_printf(out, "\\%c", *c);
        else if (*c < 0x20)
            buffer_printf(out, "\\u%04x", *c);
        else
            buffer_append_char(out, (char)*c);
    }
    buffer_append_char(out, '"');
}

/* Appends what divides members, and a member's name. */
static void put_name(struct buffer *out, bool *first, const char *name, const char *attribute)
{
    char full[600];

    snprintf(full, sizeof full, attribute ? "%.280s@%.280s" : "%.280s%s", name, attribute ? attribute : "");
    if (!*first)
        buffer_append_char(out, ',');
    *first = false;
    put_string(out, full);
    buffer_append_char(out, ':');
}

static const char *attribute_text(const xmlAttr *attribute)
{
    return attribute->children && attribute->children->content ? (const char *)attribute->children->content : "";
}

static bool has_elements(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            return true;
    return false;
}

static bool put_text(struct buffer *out, const xmlNode *node)
{
    struct buffer text;

    buffer_init(&text, out->limit);
    for (const xmlNode *child = node->children; child; child = child->next)
        if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && child->content)
            buffer_append_text(&text, (const char *)child->content);
    put_string(out, buffer_text(&text));
    bool done = !text.failed;
    buffer_clear(&text);
    return done;
}

/* Of an element that is at the path up to this level: how many names of it fit; 0: it is not on the way. */
struct way {
    const struct path *records;
    size_t level;
    uint64_t lists;
};

static bool is_list(const struct way *way)
{
    return way->level == way->records->length || (way->level < 64 && way->lists >> way->level & 1);
}

static bool leads(const struct way *way, const xmlNode *node)
{
    return way->level < way->records->length && strcmp(way->records->steps[way->level].name, (const char *)node->name) == 0;
}

static bool put_element(struct buffer *out, const xmlNode *node, const struct way *way, int depth);

/* Whether an element of this name came before, and whether another one follows. */
static bool is_repeated(const xmlNode *node)
{
    for (const xmlNode *other = node->next; other; other = other->next)
        if (other->type == XML_ELEMENT_NODE && strcmp((const char *)other->name, (const char *)node->name) == 0)
            return true;
    return false;
}

static bool came_before(const xmlNode *node)
{
    for (const xmlNode *other = node->prev; other; other = other->prev)
        if (other->type == XML_ELEMENT_NODE && strcmp((const char *)other->name, (const char *)node->name) == 0)
            return true;
    return false;
}

static bool put_member(struct buffer *out, const xmlNode *node, const struct way *way, bool *first, int depth)
{
    const char *name = (const char *)node->name;
    const struct way inner = {way->records, leads(way, node) ? way->level + 1 : SIZE_MAX / 2, way->lists};
    bool array = is_list(&inner) || is_repeated(node);

    put_name(out, first, name, NULL);
    if (array)
        buffer_append_char(out, '[');
    if (!put_element(out, node, &inner, depth))
        return false;
    for (const xmlNode *other = node->next; array && other; other = other->next) {
        if (other->type != XML_ELEMENT_NODE || strcmp((const char *)other->name, name) != 0)
            continue;
        buffer_append_char(out, ',');
        if (!put_element(out, other, &inner, depth))
            return false;
    }
    if (array)
        buffer_append_char(out, ']');
    for (const xmlAttr *attribute = array ? NULL : node->properties; attribute; attribute = attribute->next) {
        put_name(out, first, name, (const char *)attribute->name);
        put_string(out, attribute_text(attribute));
    }
    return true;
}

static bool put_element(struct buffer *out, const xmlNode *node, const struct way *way, int depth)
{
    bool first = true, record = is_list(way);

    if (depth > DEEPEST || out->failed)
        return false;
    if (!has_elements(node) && !(record && node->properties))
        return put_text(out, node);
    buffer_append_char(out, '{');
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        put_name(out, &first, "", (const char *)attribute->name);
        put_string(out, attribute_text(attribute));
    }
    if (!has_elements(node)) {
        put_name(out, &first, "#text", NULL);
        if (!put_text(out, node))
            return false;
    }
    for (const xmlNode *child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE && !came_before(child) && !put_member(out, child, way, &first, depth + 1))
            return false;
    return buffer_append_char(out, '}');
}

static xmlDoc *parse(const char *body, size_t length, struct error *err)
{
    xmlParserCtxt *parser = length <= INT_MAX ? xmlNewParserCtxt() : NULL;

    if (!parser) {
        error_memory(err);
        return NULL;
    }
    const struct xml_handlers former = xml_handlers_replace(NULL, NULL);
    xmlDoc *document = xmlCtxtReadMemory(parser, body, (int)length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
    xml_handlers_give_back(&former);
    const xmlError *why = xmlCtxtGetLastError(parser);
    if (!document || document->intSubset) {
        const char *message = document ? "a document type declaration is not read" : why && why->message ? why->message : "it is malformed";
        error_set(err, "08S01", "the answer is no XML: line %d: %.*s", why ? why->line : 1, (int)strcspn(message, "\n"), message);
        xmlFreeDoc(document);
        document = NULL;
    }
    xmlFreeParserCtxt(parser);
    return document;
}

bool xml_to_json(const char *body, size_t length, const struct path *records, struct buffer *out, struct error *err)
{
    return xml_lists_to_json(body, length, records, 0, out, err);
}

bool xml_lists_to_json(const char *body, size_t length, const struct path *records, uint64_t lists, struct buffer *out, struct error *err)
{
    xmlDoc *document = parse(body, length, err);
    const xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    const struct way way = {records, 0, lists};
    bool first = true;

    if (!document)
        return false;
    buffer_append_char(out, '{');
    bool done = root && put_member(out, root, &way, &first, 0);
    buffer_append_char(out, '}');
    xmlFreeDoc(document);
    return (done && !out->failed) || error_set(err, "08S01", "the answer's XML is nested too deep, or too large");
}
