/* What the readers of a definition's elements share.
 *
 * The grammar has seen to it that elements and attributes are there and have their form, so the readers look only for what a grammar can
 * not know. */
#ifndef PROVIDERS_DEFINITION_READING_H
#define PROVIDERS_DEFINITION_READING_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/definition/definition.h"
#include "providers/definition/template.h"

/* Columns that several tables have in common, told once. */
struct column_group {
    const char *name;
    xmlNode *node;
    const char *file;
    const struct column_group *next;
};

struct reading {
    struct definition *definition;
    struct arena *arena;
    const char *file;                 /* the one being read */
    struct value *empty_values;       /* of <empty>, with their types beside them */
    struct type *empty_types;
    size_t empty_count;
    const char *paging;               /* name of the paging of all tables in this file, or NULL = the provider's first */
    const char *scope;                /* the right that reading them needs, or NULL = not told */
    xmlNode *shared;                  /* the file's root, whose <parameter>s go with every request of it; NULL = it has none */
    struct template url, prefix;      /* of all tables in this file, where they differ from the provider's */
    const struct column_group *groups; /* of this file, and of the provider's own behind them */
    struct definition_table *table;   /* the one being read */
    struct definition_parameter *parameters;
    bool out_of_memory;               /* an attribute could not be copied */
    struct error *err;
};

int line_of(const xmlNode *node);

/* The attribute's text in the arena, or NULL when it is not there or memory is out. */
const char *attribute(struct reading *reading, xmlNode *node, const char *name);
const char *attribute_or(struct reading *reading, xmlNode *node, const char *name, const char *standard);
bool attribute_flag(struct reading *reading, xmlNode *node, const char *name, bool standard);
int64_t attribute_number(struct reading *reading, xmlNode *node, const char *name, int64_t standard);

bool is_element(const xmlNode *node, const char *name);
size_t count_elements(const xmlNode *parent, const char *name);

/* "file:line: …" into reading->err. Returns false. */
bool reading_fault(struct reading *reading, const xmlNode *node, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool reading_memory(struct reading *reading);

/* Texts of attributes as what they mean; a missing one is empty. False with reading->err. */
bool attribute_template(struct reading *reading, xmlNode *node, const char *name, struct template *result);
bool attribute_path(struct reading *reading, xmlNode *node, const char *name, struct path *path);
bool attribute_paths(struct reading *reading, xmlNode *node, const char *name, const struct path **paths, size_t *count);
bool attribute_places(struct reading *reading, xmlNode *node, const char *name, const struct place **places, size_t *count);
bool attribute_row_places(struct reading *reading, xmlNode *node, const char *text, const struct row_place **places, size_t *count);

/* Holes of templates outside of tables: variables only. context: the reading. */
template_names reading_variable;

/* The index of a table's parameter, which is made when it is new. False when there are too many. */
bool reading_parameter(struct reading *reading, const xmlNode *node, const char *name, bool in_path, size_t *index);

/* read_table.c: a <table> into reading->table. The definition's variables and pagings have been read. */
bool read_table(struct reading *reading, xmlNode *node, struct definition_table *table);

/* read_column.c: a <column> or <input> with its filters. endpoints: names of the table's own. */
bool read_column(struct reading *reading, xmlNode *node, struct column *column, struct definition_column *detail,
                 struct shape_column *place);

/* with="parameter=value": what is sent when a column is wanted. Leaves it alone when there is none. */
bool read_with(struct reading *reading, xmlNode *node, const struct definition_setting **with);

/* The texts that the service writes for nothing in a column of this type. */
bool read_empty_values(struct reading *reading, const struct column *column, struct shape_column *place);

/* The bits of the endpoints that an attribute names; standard when it is missing. */
bool read_endpoint_names(struct reading *reading, xmlNode *node, uint32_t standard, uint32_t *bits);

/* The <parameter> elements inside a node, none for NULL, as settings. */
bool read_settings(struct reading *reading, xmlNode *parent, const struct definition_setting **settings, size_t *count);

/* read_endpoint.c: the endpoints of a table; names and row places first, all else when the columns are known. */
bool read_endpoint_heads(struct reading *reading, xmlNode *table);
bool read_endpoint_bodies(struct reading *reading, xmlNode *table);

/* read_procedure.c */
bool read_procedure(struct reading *reading, xmlNode *node, struct definition_procedure *procedure);

#endif
