/* What a script says of itself: columns and inputs of a table, inputs and outputs of a procedure. */
#ifndef PROVIDERS_SCRIPT_INFO_H
#define PROVIDERS_SCRIPT_INFO_H

#include <stdbool.h>

#include "providers/script/item.h"
#include "providers/script/script.h"
#include "table/service.h"

struct arena;
struct error;
struct record_request;

/* One column of a script's table beside its struct column. */
struct script_column {
    const char *path;                /* where its value stands: other:xPath; NULL: a member of its name; "": in no answer */
    const char *parameter;           /* of the address, for what it is compared with: other:filter; or NULL */
    bool listens;                    /* the script looks at _input.<name> */
    bool joins;                      /* an array of values becomes a text */
};

struct script_table {
    struct table table;              /* the columns, then the inputs that are none */
    const struct script *script;
    const struct script_column *columns;
    struct record_request *request;  /* of a table without a script: what asks for its rows */
    const char *records;             /* likewise: where they are, as a script would say it */
};

struct script_procedure {
    struct procedure procedure;
    const struct script *script;
    const char *fault;               /* why it can not be called; or NULL */
    int other;                       /* the output that takes what is pushed and not declared; -1: it is left out */
};

/* Everything lives in the arena, the script outlives it. name: of the file. listed: the property PseudoColumns, or NULL.
 * What is wrong with a table becomes its fault. False: HY001. */
bool info_table(const struct script *script, const char *name, const char *listed, struct arena *arena, struct script_table *table, struct error *err);
bool info_procedure(const struct script *script, const char *name, struct arena *arena, struct script_procedure *procedure, struct error *err);

/* Fills in the defaults of declared inputs. False: 42000 one that is required is missing, or has a value that is not among those allowed. */
bool info_fill_input(const struct script *script, struct item *input, struct error *err);

/* A type by the word of xs:type. */
struct type info_type(const char *word, const char *size, const char *scale);

/* The first literal value that the script, or anything in it, gives to an attribute by set; NULL: none. */
const char *info_setting(const struct script *script, const char *attribute);

/* Whether a word of the script names _input.<name>. */
bool info_listens(const struct script *script, const char *name);

#endif
