#include "providers/csv/file_server.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "http/client.h"

static const char *const protocols[] = {"ftp", "ftps", "sftp"};

static const char *protocol_of(const char *uri)
{
    size_t length = strcspn(uri, ":");

    for (size_t i = 0; strncmp(uri + length, "://", 3) == 0 && i < sizeof protocols / sizeof protocols[0]; i++)
        if (strlen(protocols[i]) == length && strncasecmp(uri, protocols[i], length) == 0)
            return protocols[i];
    return NULL;
}

bool csv_is_file_server(const char *uri)
{
    return protocol_of(uri) != NULL;
}

static const char *set_text(const struct properties *properties, enum property property)
{
    const char *text = properties_text(properties, property);
    return text && *text ? text : NULL;
}

/* The key of an SSH server has to be known before anything is told it. */
static bool know_server(const struct properties *properties, struct arena *arena, struct http_file_server *server, struct error *err)
{
    const char *fingerprint = set_text(properties, PROPERTY_SSH_SERVER_FINGERPRINT), *home = getenv("HOME");

    server->key = set_text(properties, PROPERTY_SSH_CLIENT_CERT);
    server->key_password = set_text(properties, PROPERTY_SSH_CLIENT_CERT_PASSWORD);
    if (!server->user)
        return error_set(err, "HY000", "User is not set: sftp:// lets nobody in without a name");
    if (fingerprint && strncasecmp(fingerprint, "SHA256:", 7) == 0)
        fingerprint += 7;
    server->fingerprint = fingerprint;
    if (!fingerprint && (!home || !*home))
        return error_set(err, "HY000", "SSHServerFingerprint is not set, and without HOME there is no .ssh/known_hosts: how is the server to be known?");
    server->known_hosts = fingerprint ? NULL : arena_printf(arena, "%s/.ssh/known_hosts", home);
    return fingerprint || server->known_hosts || error_memory(err);
}

static bool read_login(const char *protocol, const struct properties *properties, struct log *log, struct arena *arena,
                       struct http_file_server *server, struct error *err)
{
    const char *scheme = set_text(properties, PROPERTY_AUTH_SCHEME);
    bool nobody = scheme && strcasecmp(scheme, "None") == 0;

    if (scheme && !nobody && strcasecmp(scheme, "Basic") != 0)
        return error_set(err, "HYC00", "AuthScheme=%s is none of %s://: there are Basic (User and Password) and None", scheme, protocol);
    *server = (struct http_file_server){.user = nobody ? NULL : set_text(properties, PROPERTY_USER)};
    server->password = server->user ? set_text(properties, PROPERTY_PASSWORD) : NULL;
    if (server->password)
        log_hide(log, server->password);
    return strcmp(protocol, "sftp") != 0 || know_server(properties, arena, server, err);
}

bool csv_file_server_open(const char *uri, const struct properties *properties, struct log *log, struct arena *arena,
                          const struct http_file_server **result, const char **address, struct error *err)
{
    struct http_file_server *server = arena_alloc(arena, sizeof *server);
    const char *protocol = protocol_of(uri), *host = uri + strlen(protocol) + 3, *path = strchr(host, '/');

    if (!http_offers(protocol))
        return error_set(err, "HYC00", "URI begins with %s://, but this machine's libcurl was built without that", protocol);
    if (strpbrk(host, "?#"))
        return error_set(err, "HY000", "URI: write ? and # in the path of %s:// as %%3F and %%23", protocol);
    const char *last = path ? strrchr(path, '/') + 1 : "";
    bool open = !path || (*last && !strchr(last, '.')); /* a folder without '/' at its end */
    *address = arena_printf(arena, "%s%s", uri, open ? "/" : "");
    if (!server || !*address)
        return error_memory(err);
    *result = server;
    return read_login(protocol, properties, log, arena, server, err);
}
