/* What a connection adds to the tables of its definition: fields that the account has defined for itself, inputs that are listed. */
#ifndef PROVIDERS_DEFINITION_CUSTOM_H
#define PROVIDERS_DEFINITION_CUSTOM_H

#include <stdbool.h>

struct cancel;
struct described_service;
struct error;

/* Appends the account's own fields as columns to the tables that have some (IncludeCustomFields); asks the service for them. */
bool custom_fields_add(struct described_service *service, struct cancel *cancel, struct error *err);

/* Marks the inputs that PseudoColumns names: "Table=Input;Table=*;*=*". False: HY000 for what is no such list or names no input. */
bool pseudo_columns_list(struct described_service *service, const char *list, struct error *err);

#endif
