/* Finding a provider by its name and opening it as a service. */
#ifndef PROVIDERS_PROVIDER_H
#define PROVIDERS_PROVIDER_H

#include <stdbool.h>

struct arena;
struct cancel;
struct error;
struct log;
struct properties;
struct service;

/* Opens the service that Provider= names: one that is written in C (CSV, JSON, OData, XML), else looks in the folder Location= first, then among the
 * installed definitions. Loads the definition, opens the HTTP client and the credential; makes sure of a token (credential_connect), which may open a browser.
 * The service ends with service->class->close.
 * False: HY000 Provider missing or unknown (naming those there are and the nearest), definition faulty (file and line);
 * 28000 and others of the credential. */
bool provider_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service,
                   struct error *err);

/* What someone who is to connect step by step (SQLBrowseConnect) can choose from. The texts live as long as the arena. */
struct provider_choices {
    const char *names;               /* of the providers that there are, divided by commas; whole only while Provider= is not set */
    const char *schemes;             /* the AuthSchemes that the one Provider= names knows, divided by spaces, its usual one first; "" where it
                                      * needs none or Provider= is not set */
    bool own_client;                 /* it brings an application along: OAuthClientId need not be set */
};

/* False: HY000 as above for a provider that is unknown or faulty; HY001. */
bool provider_choices(const struct properties *properties, struct arena *arena, struct provider_choices *choices, struct error *err);

#endif
