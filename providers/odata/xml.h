/* XML documents from front to back (libxml2's xmlReader). Elements go by their local names: services write the namespaces of other versions. */
#ifndef PROVIDERS_ODATA_XML_H
#define PROVIDERS_ODATA_XML_H

#include <libxml/xmlreader.h>
#include <stdbool.h>
#include <stddef.h>

struct xml {
    xmlTextReader *reader;
    char fault[200];                 /* why it is not well-formed; "" while it is */
    int fault_line;
};

/* Over bytes that are borrowed until xml_close. No network, no document types, bounded depth and texts. False when out of memory. The
 * struct must stay where it is. */
bool xml_open(struct xml *xml, const char *bytes, size_t length);
void xml_close(struct xml *xml);

/* Moves to the root element, which is then the present one. False when there is none; a document type declaration is a fault. */
bool xml_root(struct xml *xml);

/* Goes through the elements inside of the present one:
 *     for (int depth = xml_enter(xml); xml_child(xml, depth);)
 * each is then the present one. What is not looked at is passed over. Attributes must be read before. */
int xml_enter(struct xml *xml);
bool xml_child(struct xml *xml, int depth);

/* The present element's local name, and whether it is this one. */
const char *xml_name(struct xml *xml);
bool xml_is(struct xml *xml, const char *name);

/* Moves through the present element's attributes: true while there is one. */
bool xml_attribute(struct xml *xml, bool first, const char **name, const char **value);

/* Moves to the next node, whatever it is. */
bool xml_read(struct xml *xml);

#endif
