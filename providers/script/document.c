/* Script files: XML as people have written it, into a tree.
 *
 * An ampersand that begins no entity stands for itself, as in the addresses that many scripts hold; everything else is XML. No entity but
 * the five of XML's own and characters by number is known, no document type is read, and nothing is fetched. */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "providers/script/script.h"
#include "providers/xml_handlers.h"

/* Stands for an ampersand of its own while libxml2 reads: a character that no text has (a noncharacter), so that places are right still. */
static const char stand_in[] = "\xEF\xB7\x90";

enum { MOST_ELEMENTS = 100000, LONGEST_BODY = 1 << 20 };

/* --- keywords --- */

static const struct { const char *name; enum keyword keyword; } keywords[] = {
    {"script", KEYWORD_SCRIPT}, {"info", KEYWORD_INFO}, {"set", KEYWORD_SET}, {"setc", KEYWORD_SET}, {"setm", KEYWORD_SETM},
    {"unset", KEYWORD_UNSET}, {"map", KEYWORD_MAP}, {"call", KEYWORD_CALL}, {"push", KEYWORD_PUSH}, {"enum", KEYWORD_ENUM},
    {"if", KEYWORD_IF}, {"else", KEYWORD_ELSE}, {"equals", KEYWORD_EQUALS}, {"notequals", KEYWORD_NOTEQUALS}, {"exists", KEYWORD_EXISTS},
    {"notexists", KEYWORD_NOTEXISTS}, {"null", KEYWORD_NULL}, {"notnull", KEYWORD_NOTNULL}, {"check", KEYWORD_CHECK},
    {"select", KEYWORD_SELECT}, {"case", KEYWORD_CASE}, {"default", KEYWORD_DEFAULT}, {"match", KEYWORD_MATCH}, {"first", KEYWORD_FIRST},
    {"last", KEYWORD_LAST}, {"break", KEYWORD_BREAK}, {"continue", KEYWORD_CONTINUE}, {"try", KEYWORD_TRY}, {"catch", KEYWORD_CATCH},
    {"finally", KEYWORD_FINALLY}, {"throw", KEYWORD_THROW}, {"validate", KEYWORD_VALIDATE}, {"include", KEYWORD_INCLUDE},
    {"cache", KEYWORD_CACHE}, {"header", KEYWORD_SERVER}, {"mime", KEYWORD_SERVER}, {"template", KEYWORD_SERVER}, {"schema", KEYWORD_SERVER},
    {"pass", KEYWORD_SERVER}, {"rss", KEYWORD_SERVER},
};

static bool is_prefix(const char *prefix)
{
    return prefix && (name_equal(prefix, "api") || name_equal(prefix, "rsb") || name_equal(prefix, "arc"));
}

static bool is_namespace(const char *uri)
{
    static const char *const known[] = {"http://www.rssbus.com/ns/rsbscript/2", "http://apiscript.com/ns?v1", "http://www.arcesb.com/ns/ArcScript/1",
                                        "http://www.cdata.com/ns/rsbscript/2"};
    for (size_t i = 0; uri && i < sizeof known / sizeof known[0]; i++)
        if (strcmp(uri, known[i]) == 0)
            return true;
    return false;
}

/* --- reading --- */

struct making {
    xmlParserCtxt *parser;
    struct script *script;
    const struct buffer *prepared;   /* what libxml2 reads */
    size_t known_offset;             /* of the tag that was read last; its place */
    struct script_place known;
    struct element *open;            /* innermost */
    struct element *last[SCRIPT_DEPTH + 1]; /* child of each open one, by depth */
    struct buffer text;              /* of the innermost, up to now */
    int depth;
    size_t count;
    struct error *err;
    bool failed;
    char complaint[300];             /* libxml2's first */
    struct script_place complained;
};

static bool fail_at(struct making *making, struct script_place place, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool fail_at(struct making *making, struct script_place place, const char *format, ...)
{
    char what[700];
    va_list arguments;

    if (!making->failed) {
        va_start(arguments, format);
        vsnprintf(what, sizeof what, format, arguments);
        va_end(arguments);
        error_set(making->err, "HY000", "%s:%d:%d: %s", making->script->file, place.line, place.column, what);
    }
    making->failed = true;
    xmlStopParser(making->parser);
    return false;
}

static void fail_memory(struct making *making)
{
    if (!making->failed)
        error_memory(making->err);
    making->failed = true;
    xmlStopParser(making->parser);
}

/* How far the parser has read. */
static size_t offset_of(const struct making *making)
{
    const xmlParserInput *input = making->parser->input;
    size_t offset = (size_t)input->consumed + (size_t)(input->cur - input->base);
    return offset < making->prepared->length ? offset : making->prepared->length;
}

/* Where a byte of the text stands. */
static struct script_place place_of(const struct making *making, size_t offset)
{
    const char *text = buffer_text(making->prepared);
    struct script_place place = {1, 1};

    if (offset >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        offset -= 3;
    }
    for (size_t i = 0; i < offset; i++) {
        place.line += text[i] == '\n';
        place.column = text[i] == '\n' ? 1 : place.column + ((text[i] & 0xC0) != 0x80);
    }
    return place;
}

/* Of the tag that is just being read: back from its end to where it opens. Places are looked for from the last one on, since a text of many
 * elements would be gone through for each otherwise. */
static struct script_place place_of_tag(struct making *making)
{
    const char *text = buffer_text(making->prepared);
    size_t offset = offset_of(making);

    while (offset > 0 && text[offset] != '<')
        offset--;
    if (making->known_offset == 0 || offset < making->known_offset)
        making->known = place_of(making, offset);
    for (size_t i = making->known_offset; making->known_offset && i < offset; i++) {
        making->known.line += text[i] == '\n';
        making->known.column = text[i] == '\n' ? 1 : making->known.column + ((text[i] & 0xC0) != 0x80);
    }
    making->known_offset = offset;
    return making->known;
}

/* A copy with the ampersands back in their places. */
static const char *restore(struct arena *arena, const char *bytes, size_t length, size_t *restored)
{
    char *copy = arena_copy(arena, bytes, length);
    size_t out = 0;

    for (size_t i = 0; copy && i < length;) {
        if (length - i >= 3 && memcmp(bytes + i, stand_in, 3) == 0) {
            copy[out++] = '&';
            i += 3;
        } else {
            copy[out++] = bytes[i++];
        }
    }
    if (copy)
        copy[out] = '\0';
    *restored = out;
    return copy;
}

/* Reads a value; what is wrong is told with its place. */
static bool read_phrase(struct making *making, struct script_place place, const char *what, const char *text, size_t length, struct phrase *phrase)
{
    const char *wrong;

    if (phrase_read(&making->script->arena, text, length, phrase, &wrong))
        return true;
    if (wrong)
        return fail_at(making, place, "%s: \"%.60s\": %s", what, text, wrong);
    fail_memory(making);
    return false;
}

static bool read_parameter(struct making *making, struct element *element, const xmlChar **attribute, struct element_parameter *parameter)
{
    struct arena *arena = &making->script->arena;
    const char *start = (const char *)attribute[3];
    size_t length = (size_t)((const char *)attribute[4] - start), restored;

    parameter->name = arena_text(arena, (const char *)attribute[0]);
    parameter->raw = restore(arena, start, length, &restored);
    if (!parameter->name || !parameter->raw) {
        fail_memory(making);
        return false;
    }
    if (name_equal(parameter->name, "exp")) {
        const char *wrong;
        if (condition_read(arena, parameter->raw, restored, &element->condition, &wrong))
            return true;
        if (wrong)
            return fail_at(making, element->place, "exp=\"%.60s\": %s", parameter->raw, wrong);
        fail_memory(making);
        return false;
    }
    /* What describes columns and inputs are words; elsewhere expressions count. */
    bool described = making->open && (making->open->keyword == KEYWORD_INFO || element->keyword == KEYWORD_INFO);
    return described || element->keyword == KEYWORD_INFO || read_phrase(making, element->place, parameter->name, parameter->raw, restored, &parameter->value);
}

static bool choose_keyword(struct making *making, struct element *element, const char *prefix, const char *uri)
{
    struct name_guess guess = {.wanted = element->name};

    element->keyword = KEYWORD_PLAIN;
    if (!is_prefix(prefix) && !is_namespace(uri))
        return true;
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (name_equal(keywords[i].name, element->name)) {
            element->keyword = keywords[i].keyword;
            return true;
        }
        name_guess_show(&guess, keywords[i].name);
    }
    if (making->open && making->open->keyword == KEYWORD_INFO)
        return true;
    return fail_at(making, element->place, "there is no keyword %.60s%s%s%s", element->name, guess.best ? "; is " : "", guess.best ? guess.best : "",
                   guess.best ? " meant?" : "");
}

static void link_element(struct making *making, struct element *element)
{
    struct element *before = making->last[making->depth];

    element->parent = making->open;
    if (before)
        before->next = element;
    else if (making->open)
        making->open->first = element;
    else
        making->script->root = element;
    making->last[making->depth] = element;
    if (element->keyword == KEYWORD_INFO && !making->script->info)
        making->script->info = element;
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count, const xmlChar **namespaces,
                          int attribute_count, int defaulted, const xmlChar **attributes)
{
    struct making *making = context;
    struct arena *arena = &making->script->arena;
    struct element *element = arena_alloc(arena, sizeof *element);
    struct element_parameter *parameters = arena_array(arena, (size_t)attribute_count + 1, sizeof *parameters);
    (void)namespace_count, (void)namespaces, (void)defaulted;

    if (making->failed)
        return;
    if (!element || !parameters || !(element->name = arena_text(arena, (const char *)name))) {
        fail_memory(making);
        return;
    }
    element->place = place_of_tag(making);
    element->parameters = parameters;
    if (making->depth == SCRIPT_DEPTH || ++making->count > MOST_ELEMENTS) {
        fail_at(making, element->place, making->depth == SCRIPT_DEPTH ? "elements are nested too deep" : "there are too many elements");
        return;
    }
    if (!choose_keyword(making, element, (const char *)prefix, (const char *)uri))
        return;
    link_element(making, element);
    for (int i = 0; i < attribute_count; i++, element->parameter_count++)
        if (!read_parameter(making, element, &attributes[5 * i], &parameters[element->parameter_count]))
            return;
    buffer_reset(&making->text);
    making->open = element;
    making->last[++making->depth] = NULL;
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct making *making = context;
    struct element *element = making->open;
    (void)name, (void)prefix, (void)uri;

    if (making->failed)
        return;
    if (!element->first && making->text.length) {
        size_t restored;
        const char *text = restore(&making->script->arena, buffer_text(&making->text), making->text.length, &restored);
        if (!text) {
            fail_memory(making);
            return;
        }
        if (element->keyword != KEYWORD_INFO && element->keyword != KEYWORD_SERVER
            && !read_phrase(making, element->place, element->name, text, restored, &element->body))
            return;
        element->has_body = text[strspn(text, " \t\r\n")] != '\0';
    }
    buffer_reset(&making->text);
    making->open = element->parent;
    making->depth--;
}

static void characters(void *context, const xmlChar *text, int length)
{
    struct making *making = context;

    if (!making->failed && !buffer_append(&making->text, text, (size_t)length))
        fail_at(making, making->open ? making->open->place : (struct script_place){1, 1}, "there is too much text in an element");
}

static void doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    struct making *making = context;
    (void)name, (void)external, (void)system;

    fail_at(making, place_of_tag(making), "a script has no document type declaration");
}

static void complain(void *context, const xmlError *error)
{
    struct making *making = context;
    const char *message = error->message ? error->message : "it is malformed";

    if (error->domain == XML_FROM_NAMESPACE || error->level < XML_ERR_ERROR || making->complaint[0])
        return;
    snprintf(making->complaint, sizeof making->complaint, "%.*s", (int)strcspn(message, "\n"), message);
    making->complained = place_of(making, offset_of(making));
}

/* --- making it well-formed --- */

static bool is_entity(const char *at, const char *end)
{
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    const char *c = at + 2;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((size_t)(end - at) >= strlen(names[i]) && memcmp(at, names[i], strlen(names[i])) == 0)
            return true;
    if (end - at < 4 || at[1] != '#')
        return false;
    bool hex = *c == 'x';
    const char *digits = c += hex;
    while (c < end && ((*c >= '0' && *c <= '9') || (hex && ((*c >= 'a' && *c <= 'f') || (*c >= 'A' && *c <= 'F')))))
        c++;
    return c > digits && c < end && *c == ';';
}

static bool prepare(struct script *script, const char *bytes, size_t length, struct buffer *text, struct error *err)
{
    const char *end = bytes + length;

    if (length == 0)
        return error_set(err, "HY000", "%s:1:1: it is empty", script->file);
    if (memchr(bytes, '\0', length))
        return error_set(err, "HY000", "%s:1:1: a script is UTF-8 text", script->file);
    for (const char *c = bytes; c < end; c++) {
        if (end - c >= 3 && memcmp(c, stand_in, 3) == 0)
            return error_set(err, "HY000", "%s:1:1: the script has the character U+FDD0, which is no text's", script->file);
        if (*c == '&' && !is_entity(c, end))
            buffer_append_text(text, stand_in);
        else
            buffer_append_char(text, *c);
    }
    return !text->failed || error_memory(err);
}

static bool parse(struct making *making, const struct buffer *text)
{
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC, .startElementNs = start_element, .endElementNs = end_element, .characters = characters,
                             .cdataBlock = characters, .internalSubset = doctype, .ignorableWhitespace = characters};
    handler.serror = (xmlStructuredErrorFunc)(void (*)(void))complain;
    xmlParserCtxt *parser = xmlCreateMemoryParserCtxt(buffer_text(text), (int)text->length);

    if (!parser) {
        error_memory(making->err);
        return false;
    }
    making->parser = parser;
    making->prepared = text;
    *parser->sax = handler;
    parser->userData = making;
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOCDATA);
    const struct xml_handlers former = xml_handlers_replace(NULL, NULL);
    xmlParseDocument(parser);
    xml_handlers_give_back(&former);
    bool done = !making->failed && parser->wellFormed && making->script->root;
    if (!done && !making->failed)
        error_set(making->err, "HY000", "%s:%d:%d: %s", making->script->file, making->complained.line ? making->complained.line : 1,
                  making->complained.line ? making->complained.column : 1, making->complaint[0] ? making->complaint : "it is malformed");
    xmlFreeDoc(parser->myDoc);
    parser->myDoc = NULL;
    xmlFreeParserCtxt(parser);
    return done;
}

bool script_read(const char *file, const char *bytes, size_t length, struct script **script, struct error *err)
{
    struct script *made = calloc(1, sizeof *made);
    struct making making = {.script = made, .err = err};
    struct buffer text;

    if (!made)
        return error_memory(err);
    made->file = arena_text(&made->arena, file);
    made->source = arena_copy(&made->arena, bytes, length);
    made->source_length = length;
    buffer_init(&text, (size_t)SCRIPT_LARGEST * 4);
    buffer_init(&making.text, LONGEST_BODY);
    bool done = (made->file && made->source) || error_memory(err);
    done = done && (length <= SCRIPT_LARGEST || error_set(err, "HY000", "%s: it is larger than %d bytes", file, SCRIPT_LARGEST));
    done = done && prepare(made, bytes, length, &text, err) && parse(&making, &text);
    if (done && made->root->keyword != KEYWORD_SCRIPT)
        done = script_fault(made, made->root, err, "the root of a script is <api:script>");
    buffer_clear(&text);
    buffer_clear(&making.text);
    if (done)
        *script = made;
    else
        script_close(made);
    return done;
}

bool script_open(const char *path, struct script **script, struct error *err)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(SCRIPT_LARGEST + 1);
    size_t length = file && bytes ? fread(bytes, 1, SCRIPT_LARGEST + 1, file) : 0;
    bool done = bytes || error_memory(err);

    done = done && ((file && !ferror(file)) || error_set(err, "HY000", "%s can not be read", path));
    done = done && script_read(path, bytes, length, script, err);
    if (file)
        fclose(file);
    free(bytes);
    return done;
}

void script_close(struct script *script)
{
    if (!script)
        return;
    arena_clear(&script->arena);
    free(script);
}

const struct element_parameter *element_parameter(const struct element *element, const char *name)
{
    for (size_t i = 0; i < element->parameter_count; i++)
        if (name_equal(element->parameters[i].name, name))
            return &element->parameters[i];
    return NULL;
}

const char *element_literal(const struct element *element, const char *name)
{
    const struct element_parameter *parameter = element_parameter(element, name);
    return parameter ? phrase_literal(&parameter->value) : NULL;
}

bool script_fault(const struct script *script, const struct element *element, struct error *err, const char *format, ...)
{
    char what[800];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return error_set(err, "HY000", "%s:%d:%d: %s: %s", script->file, element->place.line, element->place.column, element->name, what);
}
