/* Functions and actions as procedures. */
#ifndef PROVIDERS_ODATA_PROCEDURE_H
#define PROVIDERS_ODATA_PROCEDURE_H

#include <stdbool.h>

#include "providers/odata/service.h"

/* What a call yields. */
enum odata_answer {
    ANSWER_NOTHING,                  /* only whether it succeeded */
    ANSWER_ROWS,                     /* entities or complex values, as columns */
    ANSWER_VALUES,                   /* single values, one in each row */
};

struct odata_input {
    const struct odata_property *parameter; /* NULL: a part of the key of what it is called on */
    struct odata_column column;      /* edm, type and so on */
};

struct odata_procedure {
    struct procedure procedure;      /* procedure.definition points back here */
    const struct odata_callable *callable; /* NULL: GetChanges */
    const struct odata_operation *operation; /* its widest overload */
    struct odata_input *inputs;
    size_t key_count;                /* inputs that are the key; they come first */
    enum odata_answer answer;
    struct odata_table *rows;        /* ANSWER_ROWS: what they look like */
    struct odata_column value;       /* ANSWER_VALUES */
};

/* GetChanges(Set, Link); changes.c. */
extern const char odata_changes_name[];
bool odata_changes_define(struct odata_procedure *procedure, struct arena *arena);
bool odata_changes_call(struct odata_service *service, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                        struct error *err);

/* Adds a row of `count` values to a result. False when out of memory. */
bool odata_result_add(struct procedure_result *result, size_t *room, const struct value *values, size_t count);

#endif
