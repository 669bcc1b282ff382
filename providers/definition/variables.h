/* The values of a definition's variables on one connection: from its properties, the token's reply, or looked up in the service. */
#ifndef PROVIDERS_DEFINITION_VARIABLES_H
#define PROVIDERS_DEFINITION_VARIABLES_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct buffer;
struct cancel;
struct definition;
struct definition_variable;
struct error;
struct properties;
struct template;
struct template_part;

/* Finds a value that only the service knows, by reading a table. *value lives in the arena, NULL when there is none. */
typedef bool variable_lookup(void *context, const struct definition_variable *variable, struct arena *arena, const char **value,
                             struct cancel *cancel, struct error *err);
/* Appends a member of the token endpoint's reply. False: there is none. */
typedef bool variable_token(void *context, const char *name, struct buffer *out);

struct variables {
    const struct definition *definition;
    const char **values;             /* per variable; NULL: not known yet */
    struct arena arena;
    pthread_mutex_t lock;            /* guards both */
    variable_lookup *look_up;
    variable_token *token;
    void *context;                   /* of these two */
};

/* Takes what the properties say. False: HY000 for a value that no case of a variable allows, or an Other= that nothing knows; the
 * message tells those there are. */
bool variables_open(struct variables *variables, const struct definition *definition, const struct properties *properties,
                    struct error *err);
void variables_close(struct variables *variables);

/* The value that is known without asking the service, or NULL. */
const char *variables_known(struct variables *variables, size_t variable);

/* The value, looked up when need be. Lives as long as the connection. NULL with HY000: nothing tells it, and what the user can set. */
const char *variables_get(struct variables *variables, size_t variable, struct cancel *cancel, struct error *err);

/* What a user can set to give it a value: "AccountId", "Other=ApiHost=…". */
void variables_property(const struct definition_variable *variable, char *text, size_t room);

/* Fills a template whose holes are variables only. */
bool variables_fill(struct variables *variables, const struct template *template, struct cancel *cancel, struct buffer *out,
                    struct error *err);

/* The whole text that a template comes to when that needs no request; NULL otherwise. In the arena. */
const char *variables_known_text(struct variables *variables, const struct template *template, struct arena *arena);

/* The same where nobody has told a value yet, by the variables' standards: how one finds the place to sign in at. */
const char *variables_standard_text(struct variables *variables, const struct template *template, struct arena *arena);

/* The value as it may be shown: "***" for one that is secret; NULL when it is not known without a request. In the arena. */
const char *variables_shown(struct variables *variables, size_t variable, struct arena *arena);
/* A template with these values, and the names of others in braces. NULL when out of memory. In the arena. */
const char *variables_shown_text(struct variables *variables, const struct template *template, struct arena *arena);

#endif
