#include "providers/script/world.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/property.h"
#include "http/url.h"
#include "oauth/credential.h"

bool world_connection(struct item *item, const struct properties *properties, struct error *err)
{
    char name[PROPERTY_OTHER_NAME];
    struct arena arena = {0};
    bool done = true;

    for (int i = 0; done && i < PROPERTY_COUNT; i++) {
        const char *value = properties_text(properties, (enum property)i);
        const struct property_info *info = property_info((enum property)i);
        if (value)
            done = item_set(item, info->name, value) && (!info->alias || item_set(item, info->alias, value));
    }
    for (size_t i = 0; done && properties_other_name(properties, i, name); i++) {
        const char *value = properties_other_text(properties, name, &arena);
        if (value)
            done = item_set(item, name, value);
    }
    for (size_t i = 0; done && i < properties->unknown_count; i++)
        done = item_set(item, properties->unknown[i].name, properties->unknown[i].value);
    arena_clear(&arena);
    return done || error_memory(err);
}

bool world_script(const struct script_world *world, const char *name, const struct script **script, struct error *err)
{
    *script = NULL;
    return !world->find || world->find(world->context, name, script, err);
}

bool world_token(const struct script_world *world, struct buffer *out)
{
    return world->credential && credential_token(world->credential, out);
}

/* --- hosts --- */

static bool is_host_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || (unsigned char)c >= 0x80;
}

/* Whether the host stands in a text as a whole. */
static bool stands_in(const char *text, const char *host)
{
    size_t length = strlen(host);

    for (const char *at = text; (at = strcasestr(at, host)); at++)
        if ((at == text || !is_host_character(at[-1])) && !is_host_character(at[length]))
            return true;
    return false;
}

static bool stands_in_item(const struct item *item, const char *host)
{
    for (size_t i = 0; item && i < item->count; i++)
        for (size_t j = 0; j < item->attributes[i].count; j++)
            if (item->attributes[i].values[j] && stands_in(item->attributes[i].values[j], host))
                return true;
    return false;
}

/* In what the connection was given. Where users come back to, and what stands between, is nothing that a script may ask. */
static bool stands_in_properties(const struct properties *properties, const char *host)
{
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        enum property property = (enum property)i;
        if (properties->values[i] && property != PROPERTY_CALLBACK_URL && strcmp(property_category(property), "Proxy") != 0
            && stands_in(properties->values[i], host))
            return true;
    }
    for (size_t i = 0; i < properties->unknown_count; i++)
        if (stands_in(properties->unknown[i].value, host))
            return true;
    return false;
}

static bool is_value(const struct item *item, const char *text, size_t length)
{
    for (size_t i = 0; item && i < item->count; i++)
        for (size_t j = 0; j < item->attributes[i].count; j++)
            if (item->attributes[i].values[j] && name_equal_length(text, length, item->attributes[i].values[j]))
                return true;
    return false;
}

/* One host of a script with parts to be filled in: "[_connection.Company].example.com". */
struct host_form {
    const char *at, *end;
    const struct item *connection, *input;
};

static const char *bracket_end(const char *at, const char *end)
{
    int depth = 0;

    for (; at < end; at++) {
        depth += *at == '[';
        if (*at == ']' && --depth == 0)
            return at + 1;
    }
    return end;
}

/* How many labels of a name are all literal at its end: "[x].example.com" has two. */
static size_t literal_labels(const char *at, const char *end)
{
    size_t labels = 0;

    for (const char *c = end; c > at && c[-1] != ']'; c--)
        labels += c[-1] == '.';
    return labels;
}

/* What is filled in may be any label where the domain around is the script's own; else a value that the connection or the statement gave. */
static bool fits(const struct host_form *form, const char *at, const char *host, bool own_domain)
{
    if (at == form->end)
        return !*host;
    if (*at != '[')
        return *host && name_equal_length(at, 1, (char[2]){*host, '\0'}) && fits(form, at + 1, host + 1, own_domain);
    const char *rest = bracket_end(at, form->end);
    for (size_t length = 1; host[length - 1]; length++) {
        bool label = own_domain && !memchr(host, '.', length);
        if ((label || is_value(form->connection, host, length) || is_value(form->input, host, length)) && fits(form, rest, host + length, own_domain))
            return true;
    }
    return false;
}

/* The hosts behind "://" in a script. */
static bool stands_with_parts(const struct script *script, const struct item *connection, const struct item *input, const char *host)
{
    for (const char *at = script->source; (at = strstr(at, "://"));) {
        struct host_form form = {.at = at + 3, .end = at + 3, .connection = connection, .input = input};
        bool parts = false;
        while (*form.end && (*form.end == '[' || is_host_character(*form.end))) {
            parts = parts || *form.end == '[';
            form.end = *form.end == '[' ? bracket_end(form.end, script->source + script->source_length) : form.end + 1;
        }
        at = form.end;
        if (parts && form.end - form.at < 300 && fits(&form, form.at, host, literal_labels(form.at, form.end) >= 2))
            return true;
    }
    return false;
}

static bool is_named(const struct script_world *world, const struct script *script, const struct item *input, const char *host)
{
    return (script && stands_in(script->source, host)) || stands_in_properties(world->properties, host) || stands_in_item(input, host)
           || (script && stands_with_parts(script, world->connection, input, host));
}

bool world_trusts_host(const struct script_world *world, const struct script *script, const char *url_text)
{
    struct error ignored;
    struct url url;

    if (!url_parse(url_text, "uri", &url, &ignored))
        return false;
    bool named = is_named(world, script, NULL, url.host);
    url_clear(&url);
    return named;
}

bool world_check_host(const struct script_world *world, const struct script *script, const struct item *input, const char *url_text, struct error *err)
{
    struct url url;

    if (!url_parse(url_text, "uri", &url, err))
        return false;
    bool named = is_named(world, script, input, url.host);
    if (!url_is_allowed(url_text, "uri", err)) {
        url_clear(&url);
        return false;
    }
    if (!named)
        error_set(err, "HY000", "%s: the script does not name the host %.200s, nor does the connection or the statement: it is not asked", script ? script->file : "URI",
                  url.host);
    url_clear(&url);
    return named;
}

/* --- files --- */

static bool lies_in(const char *path, const char *place)
{
    char *real_path = realpath(path, NULL), *real_place = place && *place ? realpath(place, NULL) : NULL;
    size_t length = real_place ? strlen(real_place) : 0;
    bool lies = real_path && real_place && strncmp(real_path, real_place, length) == 0 && (real_path[length] == '\0' || real_path[length] == '/');

    free(real_path);
    free(real_place);
    return lies;
}

bool world_allows_file(const struct script_world *world, const char *path)
{
    const char *uri = world->uri && strncasecmp(world->uri, "file://", 7) == 0 ? world->uri + 7 : world->uri;

    return lies_in(path, world->location) || lies_in(path, uri);
}
