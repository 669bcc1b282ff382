/* libxml2 tells of some faults, those of encodings above all, not who reads but the handlers of the thread, which are the host program's, or
 * prints them to its stderr. While something is read, ours stand in their place. */
#ifndef PROVIDERS_XML_HANDLERS_H
#define PROVIDERS_XML_HANDLERS_H

#include <libxml/xmlerror.h>

struct xml_handlers {
    xmlStructuredErrorFunc structured;
    xmlGenericErrorFunc generic;
    void *structured_context, *generic_context;
};

/* told: who hears of the faults; NULL = nobody. Returns the former ones, to be given back. */
struct xml_handlers xml_handlers_replace(xmlStructuredErrorFunc told, void *context);
void xml_handlers_give_back(const struct xml_handlers *former);

#endif
