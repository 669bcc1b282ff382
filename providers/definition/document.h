/* A definition's XML: read without entities or network, and checked against the grammar. */
#ifndef PROVIDERS_DEFINITION_DOCUMENT_H
#define PROVIDERS_DEFINITION_DOCUMENT_H

#include <libxml/tree.h>

struct definition;
struct error;

/* The document of definition->file; NULL with HY000 naming file and line when it is not well-formed or not a definition. */
xmlDoc *document_open(const struct definition *definition, const char *schema, struct error *err);
void document_close(xmlDoc *document);

#endif
