/* What scripts can reach: the connection, other scripts of the folder, the hosts that are named, and no files but those that the
 * connection names. */
#ifndef PROVIDERS_SCRIPT_WORLD_H
#define PROVIDERS_SCRIPT_WORLD_H

#include <stdbool.h>

#include "providers/script/item.h"
#include "providers/script/script.h"

struct buffer;
struct credential;
struct error;
struct http_client;
struct log;
struct properties;

struct script_world {
    const char *provider;                /* for messages */
    const struct properties *properties;
    struct log *log;
    struct http_client *http;
    struct credential *credential;       /* or NULL */
    bool signs;                          /* requests carry the credential */
    struct item *connection;             /* _connection: the properties, also those that are a provider's own; never changed */
    long timeout;                        /* seconds that a script may go on without asking anybody anything; 0 = no bound */
    const char *location, *uri;          /* where files may be; or NULL */
    /* Finds another script of the folder by its name, with or without extension; *script NULL: there is none. False: it is faulty. */
    bool (*find)(void *context, const char *name, const struct script **script, struct error *err);
    void *context;
};

/* Fills the item of _connection. False: HY001. */
bool world_connection(struct item *item, const struct properties *properties, struct error *err);

bool world_script(const struct script_world *world, const char *name, const struct script **script, struct error *err);

/* Appends the access token in use. False: there is none. */
bool world_token(const struct script_world *world, struct buffer *out);

/* Whether a script may ask this URL's host: it stands in the script, be it with parts that are filled in, in a property, or in an input that
 * came from outside. Where none of these name it, an answer has, and that is not enough. False: HY000. */
/* script NULL: of the connection itself, which may ask what it names. */
bool world_check_host(const struct script_world *world, const struct script *script, const struct item *input, const char *url, struct error *err);

/* Whether the host stands in the script or in a property, so that the connection's credential may go there. */
bool world_trusts_host(const struct script_world *world, const struct script *script, const char *url);

/* Whether a path is the connection's URI or Location, or lies below one of them. */
bool world_allows_file(const struct script_world *world, const char *path);

#endif
