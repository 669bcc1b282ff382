/* The system tables: what the catalog functions tell, as tables that SQL can read and join.
 *
 * They stand beside a service's own tables, in a service around it. Everything about the service's own tables and procedures goes
 * to the service itself; a system table is filled from memory, without any request. */
#ifndef SYSTEM_SYSTEM_H
#define SYSTEM_SYSTEM_H

#include <stdbool.h>

#include "table/service.h"

struct error;
struct properties;

/* Puts the system tables around a service. The new service owns the inner one: closing it closes both; when this fails, the inner
 * one is still the caller's. A table of the service's own keeps its name: the system table of that name is left out.
 * properties: those that the connection was opened with; they must outlive the service. */
bool system_open(struct service *inner, const struct properties *properties, struct service **service, struct error *err);

/* From now on the system tables tell of the names that present(context) gives at each scan, which live as long as the scan. */
void system_follow(struct service *service, const struct service *(*present)(void *context), void *context);

#endif
