/* One run of a script: its items, what it pushes, and what ends it.
 *
 * A run belongs to one thread. It ends with its script, with what is thrown and not caught, when it is cancelled, or when it goes on for the
 * connection's Timeout without asking anybody anything. */
#ifndef PROVIDERS_SCRIPT_RUN_H
#define PROVIDERS_SCRIPT_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/script/item.h"
#include "providers/script/script.h"

struct cancel;
struct record_request;
struct run;
struct script_table;
struct script_world;
struct warnings;

enum { RUN_DEPTH = 200 /* deepest nesting of elements, over all scripts that call each other */, RUN_CALLS = 16 /* of such calls */,
       RUN_MEMORY = 256 << 20 /* what its items may hold */ };

/* Who gets what is pushed. */
struct script_sink {
    bool (*push)(void *context, const struct item *item, struct error *err);
    /* Takes over the request for records that are to be pushed as they are, to make it when they are wanted. NULL: they are pushed one by
     * one. */
    bool (*records)(void *context, struct record_request *request, struct error *err);
    void *context;
};

/* What a run is about. Everything is borrowed. */
struct run_setup {
    const struct script_world *world;
    const struct script *script;
    const char *method;              /* GET, POST, MERGE or DELETE; NULL: of a procedure, for which every nested script is meant */
    struct item *input, *query;      /* _input and _query; NULL: empty */
    const struct script_table *table; /* whose records operations read; NULL: they find out what records have */
    struct script_sink sink;
    struct cancel *cancel;
    struct warnings *warnings;       /* may be NULL */
    struct run *caller;              /* the run whose script calls this one */
    bool looks;                      /* only what is asked for is to be seen: but for records that the sink takes over, no operation is performed,
                                      * and nothing is asked of anybody. Where one would be, the run fails with HYC00 */
};

/* False: HY000 "file:line:column: keyword: what failed"; what operations say; HY008 and HYT00 of the cancel. */
bool script_run(const struct run_setup *setup, struct error *err);

/* --- for keywords and operations --- */

struct named_item {
    char *name;
    struct item item;
    struct named_item *next;
};

/* Control attributes, such as _value of enum. */
struct control {
    struct item item;
    struct control *outer;
};

/* A level of the stack of default items. */
struct level {
    struct item *item;
    struct level *outer;
};

struct run {
    const struct run_setup *setup;
    struct item_bound own_bound, *bound;
    struct item first;               /* the outermost default item */
    struct level outermost, *level;
    struct control *control;
    struct named_item *items;
    struct item headers;             /* _httpheaders */
    struct item nothing;             /* what is there only with servers */
    int depth, calls;
    int catches;                     /* how many catch around: nothing may be put off then */
    int64_t *idle_since;             /* clock_milliseconds() of the last request; shared with the caller */
    int64_t own_idle_since;
    unsigned ticks;
    char thrown[200];                /* the code of what was thrown last; "" where something else failed */
    char *details;
};

/* How an element ended. */
enum flow { FLOW_ON, FLOW_BREAK, FLOW_CONTINUE, FLOW_FAILED };

/* Runs the elements in another one, and catches what it catches. */
enum flow run_block(struct run *run, const struct element *element, struct error *err);
/* What an element's own catch and finally make of the way it has ended. */
enum flow run_caught(struct run *run, const struct element *element, enum flow flow, struct error *err);
/* Runs one. */
enum flow run_element(struct run *run, const struct element *element, struct error *err);
/* To be called wherever a script can go round: looks at the cancel and the clock. */
bool run_tick(struct run *run, struct error *err);
/* Something was asked of somebody: the script is not idle. */
void run_asked(struct run *run);

/* Keywords; run_set.c, run_error.c, run_flow.c and run_call.c. */
enum flow run_set(struct run *run, const struct element *element, struct error *err);
enum flow run_set_many(struct run *run, const struct element *element, struct error *err);
enum flow run_unset(struct run *run, const struct element *element, struct error *err);
enum flow run_map(struct run *run, const struct element *element, struct error *err);
enum flow run_throw(struct run *run, const struct element *element, struct error *err);
enum flow run_validate(struct run *run, const struct element *element, struct error *err);
enum flow run_conditional(struct run *run, const struct element *element, struct error *err);
enum flow run_select(struct run *run, const struct element *element, struct error *err);
enum flow run_enum(struct run *run, const struct element *element, struct error *err);
enum flow run_call(struct run *run, const struct element *element, struct error *err);
enum flow run_push(struct run *run, const struct element *element, struct error *err);

/* The value of a phrase, appended. *null (may be NULL): it is one expression, whose attribute there is not. */
bool run_print(struct run *run, const struct element *element, const struct phrase *phrase, struct buffer *out, bool *null, struct error *err);
/* The same, from malloc. */
bool run_print_to(struct run *run, const struct element *element, const struct phrase *phrase, char **value, struct error *err);
/* The value of a parameter: from malloc, *value NULL where the element does not have it. */
bool run_parameter(struct run *run, const struct element *element, const char *name, char **value, struct error *err);
/* The same; a missing one is an error. */
bool run_required(struct run *run, const struct element *element, const char *name, char **value, struct error *err);

/* The item of a name, made where make says so; NULL: there is none, or no memory. */
struct item *run_item(struct run *run, const char *name, bool make);
/* Appends the value of "item.attribute" or "attribute". False: there is none. */
bool run_value(struct run *run, const char *name, struct buffer *out);
/* Where an element says it sets something: the parameters item and attr. *attribute is from malloc. */
bool run_target(struct run *run, const struct element *element, bool make, struct item **item, char **attribute, struct error *err);
/* HY001, or HY000 where the bound has been reached. Returns false. */
bool run_no_room(struct run *run, const struct element *element, struct error *err);

bool run_is_true(const char *text);
/* -1, 0 or 1: as numbers, as moments, else as texts. */
int run_compare(const char *a, const char *b);

/* The parameters item, attr, value of an element; run_flow.c. */
bool run_condition(struct run *run, const struct element *element, const struct condition *condition, bool *truth, struct error *err);

#endif
