/* Finding a provider by its name and opening it as a service. */
#ifndef PROVIDERS_PROVIDER_H
#define PROVIDERS_PROVIDER_H

#include <stdbool.h>

struct cancel;
struct error;
struct log;
struct properties;
struct service;

/* Opens the service that Provider= names: looks in the folder Location= first, then among the installed definitions. Loads the
 * definition, opens the HTTP client and the credential; makes sure of a token (credential_connect), which may open a browser.
 * The service ends with service->class->close.
 * False: HY000 Provider missing or unknown (naming those there are and the nearest), definition faulty (file and line);
 * 28000 and others of the credential. */
bool provider_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service,
                   struct error *err);

#endif
