/* The operations that scripts can call. */
#ifndef PROVIDERS_SCRIPT_OPERATION_H
#define PROVIDERS_SCRIPT_OPERATION_H

#include <stdbool.h>

#include "providers/script/run.h"

/* One call of an operation. */
struct calling {
    struct run *run;
    const struct element *element;
    const struct item *input;            /* its attributes are the operation's inputs */
    /* Gets each output item, which may be changed. *more false: no others are wanted. */
    bool (*output)(struct calling *calling, struct item *item, bool *more, struct error *err);
    bool pushes;                         /* the outputs are pushed as they are, and nothing else happens with them */
    enum flow flow;                      /* how the body has ended; kept for whoever called */
};

struct operation {
    const char *name;
    bool (*call)(const struct operation *operation, struct calling *calling, struct error *err);
    int which;
};

/* By its name, case ignored; NULL: there is none. */
const struct operation *operation_find(const char *name);

/* Whether it is one whose outputs can be asked for later: records. */
bool operation_puts_off(const struct operation *operation);

/* The families; each ends with one without a name. */
extern const struct operation operations_of_http[], operations_of_oauth[], operations_of_records[];

#endif
