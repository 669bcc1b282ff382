/* Which of a service's authorization servers has the account. */
#include "oauth/home.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/name.h"

bool home_is_known(const struct oauth_profile *profile, const char *server)
{
    return profile->home && name_among(profile->homes, server);
}

bool home_keep(const struct oauth_profile *profile, const char *server, struct oauth_tokens *tokens, struct error *err)
{
    if (!server)
        return true;
    json_t *others = tokens->other ? json_loads(tokens->other, 0, NULL) : json_object();
    bool done = json_object_set_new(others, profile->home, json_string(server)) == 0;
    char *text = done ? json_dumps(others, JSON_COMPACT) : NULL;
    json_decref(others);
    if (!text)
        return error_memory(err);
    free(tokens->other);
    tokens->other = text;
    return true;
}

char *home_kept(const struct oauth_profile *profile, const char *other)
{
    json_t *others = profile->home && other ? json_loads(other, 0, NULL) : NULL;
    const char *server = json_string_value(json_object_get(others, profile->home ? profile->home : ""));
    char *copy = server && home_is_known(profile, server) ? strdup(server) : NULL;

    json_decref(others);
    return copy;
}

bool home_address(const char *server, const char *url, char **moved, struct error *err)
{
    const char *host = strstr(url, "://");
    const char *path = host ? strchr(host + 3, '/') : NULL;
    size_t length = strlen(server);

    *moved = malloc(length + (path ? strlen(path) : 0) + 1);
    if (!*moved)
        return error_memory(err);
    memcpy(*moved, server, length);
    strcpy(*moved + length, path ? path : "");
    return true;
}
