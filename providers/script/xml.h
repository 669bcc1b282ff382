/* XML as JSON, so that its records are read as those of JSON are.
 *
 * An element becomes a member: of a text when it holds none, else an object; several of one name, and those at the path of the records, an
 * array. Its attributes become members beside it, "name@attribute", and within it, "@attribute". */
#ifndef PROVIDERS_SCRIPT_XML_H
#define PROVIDERS_SCRIPT_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct error;
struct path;

/* records: the path from the root's name on; elements there are an array even where there is one. Appends the JSON.
 * False: 08S01 with line and what is wrong; a document type declaration is wrong. */
bool xml_to_json(const char *body, size_t length, const struct path *records, struct buffer *out, struct error *err);

/* The same; lists: bit n, that elements at the first n names of the path are an array as well. */
bool xml_lists_to_json(const char *body, size_t length, const struct path *records, uint64_t lists, struct buffer *out, struct error *err);

#endif
