/* The three OAuth procedures, as SQL sees them. */
#ifndef PROVIDERS_OAUTH_PROCEDURES_H
#define PROVIDERS_OAUTH_PROCEDURES_H

#include <stdbool.h>

#include "table/service.h"

struct arena;
struct cancel;
struct credential;
struct error;

/* Gives the service its procedures; they live in the arena. */
bool oauth_procedures_list(struct service *service, struct arena *arena, struct error *err);

/* service_class.call for them. They work without a token. */
bool oauth_procedure_call(struct credential *credential, const struct procedure *procedure, const struct value *inputs,
                          struct procedure_result *result, struct cancel *cancel, struct error *err);

#endif
