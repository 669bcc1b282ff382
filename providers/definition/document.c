#include "providers/definition/document.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/definition/definition.h"

/* libxml2 sets up its RELAX NG data types on first use and does not guard that against a second thread. */
static pthread_mutex_t libxml_lock = PTHREAD_MUTEX_INITIALIZER;

bool definition_fault(const struct definition *definition, int line, struct error *err, const char *format, ...)
{
    char what[768];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return error_set(err, "HY000", "%s:%d: %s", definition->file, line, what);
}

enum { LARGEST_FILE = 4 << 20, COMPLAINTS = 1024 /* bytes of text shown */ };

struct complaints {
    int line;               /* of the first */
    struct buffer text;
};

/* The grammar does not say which attribute is at fault, so all are shown. */
static void show_element(struct complaints *complaints, const xmlNode *node)
{
    if (node->type != XML_ELEMENT_NODE)
        return;
    buffer_printf(&complaints->text, ": <%s", (const char *)node->name);
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        xmlChar *value = xmlNodeListGetString(node->doc, attribute->children, 1);
        buffer_printf(&complaints->text, " %s=\"%.60s\"", (const char *)attribute->name, value ? (const char *)value : "");
        xmlFree(value);
    }
    buffer_append_char(&complaints->text, '>');
}

/* Collects the first few of libxml2's complaints: the later ones tell more exactly what the first one means. */
static void complain(void *context, const xmlError *error)
{
    struct complaints *complaints = context;
    const char *message = error->message ? error->message : "it is malformed";
    size_t length = strcspn(message, "\n");

    if (complaints->line == 0)
        complaints->line = error->line ? error->line : error->node ? (int)xmlGetLineNo(error->node) : 0;
    if (complaints->text.length > 400)
        return;
    if (complaints->text.length)
        buffer_append_text(&complaints->text, "; ");
    buffer_append(&complaints->text, message, length);
    if (strstr(message, "attributes") && error->node)
        show_element(complaints, error->node);
}

/* While parsing, what comes as the context is the parser. */
static void complain_parsing(void *parser, const xmlError *error)
{
    complain(((xmlParserCtxt *)parser)->_private, error);
}

#if LIBXML_VERSION < 21200
static void complain_old(void *context, xmlError *error)
{
    complain(context, error);
}

static void complain_parsing_old(void *parser, xmlError *error)
{
    complain_parsing(parser, error);
}
#define COMPLAIN complain_old
#define COMPLAIN_PARSING complain_parsing_old
#else
#define COMPLAIN complain
#define COMPLAIN_PARSING complain_parsing
#endif

/* libxml2 would read the file itself, but prints when it can not. */
static bool read_whole(const char *path, struct buffer *content)
{
    char piece[4096];
    size_t length;

    buffer_init(content, LARGEST_FILE);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    while ((length = fread(piece, 1, sizeof piece, file)) > 0 && buffer_append(content, piece, length))
        ;
    bool done = !ferror(file) && !content->failed;
    fclose(file);
    return done;
}

enum { XML_OPTIONS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_NOBLANKS };

static xmlDoc *parse(const struct definition *definition, struct error *err)
{
    struct complaints complaints = {0};
    struct buffer content;

    if (!read_whole(definition->file, &content)) {
        buffer_clear(&content);
        definition_fault(definition, 0, err, "the file can not be read");
        return NULL;
    }
    xmlParserCtxt *context = xmlNewParserCtxt();
    if (!context) {
        buffer_clear(&content);
        error_memory(err);
        return NULL;
    }
    buffer_init(&complaints.text, COMPLAINTS);
    context->_private = &complaints;
    context->sax->serror = COMPLAIN_PARSING;
    xmlDoc *document = xmlCtxtReadMemory(context, buffer_text(&content), (int)content.length, definition->file, NULL, XML_OPTIONS);
    buffer_clear(&content);
    if (!document) {
        definition_fault(definition, complaints.line, err, "%s",
                         complaints.text.length ? buffer_text(&complaints.text) : "it can not be read");
    } else if (document->intSubset) {
        definition_fault(definition, 1, err, "a definition has no document type declaration");
        xmlFreeDoc(document);
        document = NULL;
    }
    xmlFreeParserCtxt(context);
    buffer_clear(&complaints.text);
    return document;
}

static bool validate(const struct definition *definition, const char *schema, xmlDoc *document, struct error *err)
{
    struct complaints complaints = {0};
    struct buffer content;
    bool valid = false;

    if (!read_whole(schema, &content)) {
        buffer_clear(&content);
        return error_set(err, "HY000", "%s, the grammar of definitions, can not be read: is restodbc installed?", schema);
    }
    xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewMemParserCtxt(buffer_text(&content), (int)content.length);
    if (!parser) {
        buffer_clear(&content);
        return error_memory(err);
    }
    buffer_init(&complaints.text, COMPLAINTS);
    xmlRelaxNGSetParserStructuredErrors(parser, COMPLAIN, &complaints);
    xmlRelaxNG *grammar = xmlRelaxNGParse(parser);
    xmlRelaxNGFreeParserCtxt(parser);
    buffer_clear(&content);
    if (!grammar) {
        error_set(err, "HY000", "%s, the grammar of definitions, can not be used: %s", schema, buffer_text(&complaints.text));
        buffer_clear(&complaints.text);
        return false;
    }

    xmlRelaxNGValidCtxt *validator = xmlRelaxNGNewValidCtxt(grammar);
    if (!validator) {
        error_memory(err);
    } else {
        xmlRelaxNGSetValidStructuredErrors(validator, COMPLAIN, &complaints);
        valid = xmlRelaxNGValidateDoc(validator, document) == 0;
        if (!valid)
            definition_fault(definition, complaints.line, err, "%s",
                             complaints.text.length ? buffer_text(&complaints.text) : "it is no definition");
        xmlRelaxNGFreeValidCtxt(validator);
    }
    xmlRelaxNGFree(grammar);
    buffer_clear(&complaints.text);
    return valid;
}

xmlDoc *document_open(const struct definition *definition, const char *schema, struct error *err)
{
    pthread_mutex_lock(&libxml_lock);
    xmlDoc *document = parse(definition, err);
    if (document && !validate(definition, schema, document, err)) {
        xmlFreeDoc(document);
        document = NULL;
    }
    pthread_mutex_unlock(&libxml_lock);
    return document;
}

void document_close(xmlDoc *document)
{
    xmlFreeDoc(document);
}

const char *definition_name(const char *file, struct arena *arena)
{
    const char *name = NULL;
    struct buffer content;
    xmlDoc *document = NULL;

    if (read_whole(file, &content)) {
        pthread_mutex_lock(&libxml_lock);
        document = xmlReadMemory(buffer_text(&content), (int)content.length, file, NULL, XML_OPTIONS);
        pthread_mutex_unlock(&libxml_lock);
    }
    buffer_clear(&content);
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    if (root && strcmp((const char *)root->name, "provider") == 0) {
        xmlChar *text = xmlGetNoNsProp(root, (const xmlChar *)"name");
        name = text ? arena_text(arena, (const char *)text) : NULL;
        xmlFree(text);
    }
    xmlFreeDoc(document);
    return name;
}
