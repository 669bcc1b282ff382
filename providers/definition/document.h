/* A definition's XML: read without entities or network, and checked against the grammar. */
#ifndef PROVIDERS_DEFINITION_DOCUMENT_H
#define PROVIDERS_DEFINITION_DOCUMENT_H

#include <libxml/tree.h>
#include <stdbool.h>

struct arena;
struct document;
struct error;
struct grammar;

/* The RELAX NG schema that documents are checked against. False: HY000 naming the file when it can not be read or used. */
bool grammar_open(const char *file, struct grammar **grammar, struct error *err);
void grammar_close(struct grammar *grammar);

/* root   the name that the root element must have
 * arena  gets the texts of faults
 * False: HY000 naming file and line when it is not well-formed, or has another root or a document type. What the grammar does not allow
 * is no such case: see document_fault. */
bool document_open(const char *file, struct grammar *grammar, const char *root, struct arena *arena, struct document **document,
                   struct error *err);
void document_close(struct document *document);

xmlNode *document_root(const struct document *document);

/* What is wrong, by the grammar, with a child of the root: "file:line: …"; NULL when nothing is. */
const char *document_fault(const struct document *document, const xmlNode *node);
/* What is wrong with the root itself, or with what is left without those children; or NULL. */
const char *document_root_fault(const struct document *document);
/* Whether all faults are those of tables and procedures, so that everything else can be read. */
bool document_is_readable(const struct document *document);

#endif
