#include "providers/odata/xml.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "providers/xml_handlers.h"

static void note_fault(void *context, xmlError *error)
{
    struct xml *xml = context;

    if (xml->fault[0] || error->level < XML_ERR_FATAL) /* an undeclared prefix and the like does no harm */
        return;
    snprintf(xml->fault, sizeof xml->fault, "%s", error->message ? error->message : "malformed");
    xml->fault[strcspn(xml->fault, "\n")] = '\0';
    xml->fault_line = error->line;
}

bool xml_open(struct xml *xml, const char *bytes, size_t length)
{
    *xml = (struct xml){0};
    if (length > 1u << 30) {
        snprintf(xml->fault, sizeof xml->fault, "it has more than a gigabyte");
        return true;
    }
    const struct xml_handlers former = xml_handlers_replace((xmlStructuredErrorFunc)note_fault, xml);
    xml->reader = xmlReaderForMemory(bytes, (int)length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_COMPACT);
    xml_handlers_give_back(&former);
    if (!xml->reader)
        return false;
    xmlTextReaderSetStructuredErrorHandler(xml->reader, (xmlStructuredErrorFunc)note_fault, xml);
    return true;
}

void xml_close(struct xml *xml)
{
    if (xml->reader)
        xmlFreeTextReader(xml->reader);
    xml->reader = NULL;
}

bool xml_read(struct xml *xml)
{
    if (!xml->reader)
        return false;
    const struct xml_handlers former = xml_handlers_replace((xmlStructuredErrorFunc)note_fault, xml);
    bool more = xmlTextReaderRead(xml->reader) == 1;
    xml_handlers_give_back(&former);
    return more;
}

bool xml_root(struct xml *xml)
{
    while (xml_read(xml)) {
        int type = xmlTextReaderNodeType(xml->reader);
        if (type == XML_READER_TYPE_ELEMENT)
            return true;
        if (type != XML_READER_TYPE_DOCUMENT_TYPE)
            continue;
        /* It would bring entities along; what services send has none. */
        const xmlChar *name = xmlTextReaderConstName(xml->reader);
        if (!name || strcasecmp((const char *)name, "html") != 0) {
            snprintf(xml->fault, sizeof xml->fault, "it has a document type declaration, which no service sends");
            xml->fault_line = xmlTextReaderGetParserLineNumber(xml->reader);
        }
        return false;
    }
    return false;
}

int xml_enter(struct xml *xml)
{
    return xmlTextReaderIsEmptyElement(xml->reader) ? -1 : xmlTextReaderDepth(xml->reader);
}

bool xml_child(struct xml *xml, int depth)
{
    while (depth >= 0 && xml_read(xml)) {
        int type = xmlTextReaderNodeType(xml->reader), at = xmlTextReaderDepth(xml->reader);
        if (type == XML_READER_TYPE_END_ELEMENT && at <= depth)
            return false;
        if (type == XML_READER_TYPE_ELEMENT && at == depth + 1)
            return true;
    }
    return false;
}

const char *xml_name(struct xml *xml)
{
    const xmlChar *local = xmlTextReaderConstLocalName(xml->reader);
    return local ? (const char *)local : "";
}

bool xml_is(struct xml *xml, const char *name)
{
    return strcmp(xml_name(xml), name) == 0;
}

bool xml_attribute(struct xml *xml, bool first, const char **name, const char **value)
{
    xmlTextReader *reader = xml->reader;
    int more = first ? xmlTextReaderMoveToFirstAttribute(reader) : xmlTextReaderMoveToNextAttribute(reader);

    if (more != 1) {
        xmlTextReaderMoveToElement(reader);
        return false;
    }
    *name = xml_name(xml);
    *value = (const char *)xmlTextReaderConstValue(reader);
    *value = *value ? *value : "";
    return true;
}
