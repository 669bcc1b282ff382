#include "providers/definition/document.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/SAX2.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "providers/definition/definition.h"
#include "providers/xml_handlers.h"

/* libxml2 sets up its RELAX NG data types on first use and does not guard that against a second thread. */
static pthread_mutex_t libxml_lock = PTHREAD_MUTEX_INITIALIZER;

bool definition_fault(const char *file, int line, struct error *err, const char *format, ...)
{
    char what[768];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return error_set(err, "HY000", "%s:%d: %s", file, line, what);
}

enum { LARGEST_FILE = 4 << 20, COMPLAINTS = 1024 /* bytes of text shown */ };

/* A child of the root that the grammar does not allow. */
struct faulty {
    struct faulty *next;
    xmlNode *node;
    const char *fault;
};

struct document {
    xmlDoc *xml;
    struct faulty *faulty;  /* in the order in which they were found */
    const char *root_fault;
};

struct complaints {
    int line;               /* of the first */
    bool doctype;           /* there is a document type declaration */
    xmlNode *node;          /* likewise; NULL when none was told */
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

    if (!complaints->node)
        complaints->node = error->node;
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

/* A document type could define entities: nothing of it is read. */
static void refuse_doctype(void *parser_, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    xmlParserCtxt *parser = parser_;
    struct complaints *complaints = parser->_private;
    (void)name;
    (void)external;
    (void)system;

    complaints->doctype = true;
    complaints->line = xmlSAX2GetLineNumber(parser);
    xmlStopParser(parser);
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

static xmlDoc *parse(const char *file, struct error *err)
{
    struct complaints complaints = {0};
    struct buffer content;

    if (!read_whole(file, &content)) {
        buffer_clear(&content);
        definition_fault(file, 0, err, "the file can not be read");
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
    context->sax->internalSubset = refuse_doctype;
    const struct xml_handlers former = xml_handlers_replace(NULL, NULL);
    xmlDoc *document = xmlCtxtReadMemory(context, buffer_text(&content), (int)content.length, file, NULL, XML_OPTIONS);
    xml_handlers_give_back(&former);
    buffer_clear(&content);
    if (complaints.doctype) {
        definition_fault(file, complaints.line, err, "a definition has no document type declaration");
        xmlFreeDoc(document);
        document = NULL;
    } else if (!document) {
        definition_fault(file, complaints.line, err, "%s",
                         complaints.text.length ? buffer_text(&complaints.text) : "it can not be read");
    }
    xmlFreeParserCtxt(context);
    buffer_clear(&complaints.text);
    return document;
}

static xmlRelaxNG *read_grammar(const char *path, struct error *err)
{
    struct complaints complaints = {0};
    struct buffer content;

    if (!read_whole(path, &content)) {
        buffer_clear(&content);
        error_set(err, "HY000", "%s, the grammar of definitions, can not be read: is restodbc installed?", path);
        return NULL;
    }
    xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewMemParserCtxt(buffer_text(&content), (int)content.length);
    if (!parser) {
        buffer_clear(&content);
        error_memory(err);
        return NULL;
    }
    buffer_init(&complaints.text, COMPLAINTS);
    xmlRelaxNGSetParserStructuredErrors(parser, COMPLAIN, &complaints);
    xmlRelaxNG *grammar = xmlRelaxNGParse(parser);
    xmlRelaxNGFreeParserCtxt(parser);
    buffer_clear(&content);
    if (!grammar)
        error_set(err, "HY000", "%s, the grammar of definitions, can not be used: %s", path, buffer_text(&complaints.text));
    buffer_clear(&complaints.text);
    return grammar;
}

/* One pass of the grammar. False with *child, the child of the root that is at fault, or NULL when it is the root itself. */
static bool validate(xmlRelaxNG *grammar, xmlDoc *document, const char *file, xmlNode **child, struct error *err)
{
    struct complaints complaints = {0};
    xmlRelaxNGValidCtxt *validator = xmlRelaxNGNewValidCtxt(grammar);

    *child = NULL;
    if (!validator)
        return error_memory(err);
    buffer_init(&complaints.text, COMPLAINTS);
    xmlRelaxNGSetValidStructuredErrors(validator, COMPLAIN, &complaints);
    bool valid = xmlRelaxNGValidateDoc(validator, document) == 0;
    if (!valid) {
        definition_fault(file, complaints.line, err, "%s", complaints.text.length ? buffer_text(&complaints.text) : "it is no definition");
        for (xmlNode *node = complaints.node; node && node->parent; node = node->parent)
            if (node->parent == xmlDocGetRootElement(document) && node->type == XML_ELEMENT_NODE)
                *child = node;
    }
    xmlRelaxNGFreeValidCtxt(validator);
    buffer_clear(&complaints.text);
    return valid;
}

/* Takes the children that are at fault out, one after the other, until the rest is right; then they come back, to be known by name. */
static bool sort_out(struct document *document, xmlRelaxNG *grammar, const char *file, struct arena *arena, struct error *err)
{
    xmlNode *root = xmlDocGetRootElement(document->xml), *child = NULL;
    bool valid = false;

    while (!(valid = validate(grammar, document->xml, file, &child, err)) && child) {
        struct faulty *faulty = arena_alloc(arena, sizeof *faulty), **end = &document->faulty;
        const char *fault = arena_text(arena, err->message);
        if (!faulty || !fault) {
            error_memory(err);
            break;
        }
        while (*end)
            end = &(*end)->next;
        *faulty = (struct faulty){NULL, child, fault};
        *end = faulty;
        xmlUnlinkNode(child);
        *err = (struct error){0};
    }
    for (struct faulty *faulty = document->faulty; faulty; faulty = faulty->next)
        xmlAddChild(root, faulty->node);
    if (valid || strcmp(err->sqlstate, "HY001") == 0)
        return valid;
    /* What is wrong with what is left may only be that too little is left. */
    document->root_fault = arena_text(arena, document->faulty ? document->faulty->fault : err->message);
    *err = (struct error){0};
    return document->root_fault || error_memory(err);
}

bool grammar_open(const char *file, struct grammar **grammar, struct error *err)
{
    pthread_mutex_lock(&libxml_lock);
    *grammar = (struct grammar *)read_grammar(file, err);
    pthread_mutex_unlock(&libxml_lock);
    return *grammar;
}

void grammar_close(struct grammar *grammar)
{
    if (grammar)
        xmlRelaxNGFree((xmlRelaxNG *)grammar);
}

bool document_open(const char *file, struct grammar *grammar, const char *root, struct arena *arena, struct document **document,
                   struct error *err)
{
    struct document *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    pthread_mutex_lock(&libxml_lock);
    made->xml = parse(file, err);
    bool done = made->xml && sort_out(made, (xmlRelaxNG *)grammar, file, arena, err);
    pthread_mutex_unlock(&libxml_lock);
    if (done && strcmp((const char *)document_root(made)->name, root) != 0)
        done = definition_fault(file, 1, err, "the file is a <%s>, where <%s> is expected", (const char *)document_root(made)->name, root);
    if (!done) {
        document_close(made);
        return false;
    }
    *document = made;
    return true;
}

void document_close(struct document *document)
{
    if (document->xml)
        xmlFreeDoc(document->xml);
    free(document);
}

xmlNode *document_root(const struct document *document)
{
    return xmlDocGetRootElement(document->xml);
}

const char *document_fault(const struct document *document, const xmlNode *node)
{
    for (const struct faulty *faulty = document->faulty; faulty; faulty = faulty->next)
        if (faulty->node == node)
            return faulty->fault;
    return NULL;
}

const char *document_root_fault(const struct document *document)
{
    return document->root_fault;
}

bool document_is_readable(const struct document *document)
{
    for (const struct faulty *faulty = document->faulty; faulty; faulty = faulty->next)
        if (strcmp((const char *)faulty->node->name, "table") != 0 && strcmp((const char *)faulty->node->name, "procedure") != 0)
            return false;
    return !document->root_fault;
}

const char *definition_name(const char *file, struct arena *arena)
{
    const char *name = NULL;
    struct error unused;

    pthread_mutex_lock(&libxml_lock);
    xmlDoc *document = parse(file, &unused);
    pthread_mutex_unlock(&libxml_lock);
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
    if (root && strcmp((const char *)root->name, "provider") == 0) {
        xmlChar *text = xmlGetNoNsProp(root, (const xmlChar *)"name");
        name = text ? arena_text(arena, (const char *)text) : NULL;
        xmlFree(text);
    }
    xmlFreeDoc(document);
    return name;
}
