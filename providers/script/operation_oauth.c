/* oauthGetAccessToken, oauthGetUserAuthorizationURL and the older name of both, utiladoCloudOAuth. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/name.h"
#include "base/property.h"
#include "oauth/operation.h"
#include "providers/script/operation.h"
#include "providers/script/world.h"

enum { GET_TOKEN, GET_URL, AS_IT_SAYS };

/* What the outputs become. */
struct outputs {
    struct item item;
    bool done;
};

static void put_output(void *context, const char *name, const char *value)
{
    struct outputs *outputs = context;
    static const struct { const char *name, *older; } names[] = {
        {"OAuthAccessToken", "AuthToken"}, {"OAuthTokenSecret", "AuthKey"}, {"OAuthTokenSecret", "OAuthAccessTokenSecret"},
    };

    outputs->done = outputs->done && item_set(&outputs->item, name, value);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].name, name) == 0)
            outputs->done = outputs->done && item_set(&outputs->item, names[i].older, value);
}

/* Attributes with several values count with their last; an item's own order is kept. */
static size_t list_inputs(const struct item *item, struct oauth_item *inputs)
{
    size_t count = 0;

    for (size_t i = 0; i < item->count; i++)
        for (size_t j = 0; j < item->attributes[i].count; j++)
            if (item->attributes[i].values[j])
                inputs[count++] = (struct oauth_item){item->attributes[i].name, item->attributes[i].values[j]};
    return count;
}

static size_t count_values(const struct item *item)
{
    size_t count = 0;

    for (size_t i = 0; i < item->count; i++)
        count += item->attributes[i].count;
    return count;
}

/* Tokens and secrets go to hosts that are named, and files are those of the connection. */
static bool check_reach(const struct calling *calling, struct error *err)
{
    static const char *const files[] = {"LogFile", "Cert"};
    const struct run_setup *setup = calling->run->setup;

    for (size_t i = 0; i < calling->input->count; i++) {
        const char *name = calling->input->attributes[i].name, *value = item_first(calling->input, name);
        size_t length = strlen(name);
        if (value && *value && length > 3 && name_equal(name + length - 3, "URL") && !name_equal(name, "CallbackURL")
            && !world_check_host(setup->world, setup->script, setup->input, value, err))
            return false;
    }
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const char *value = item_first(calling->input, files[i]), *own = properties_named(setup->world->properties, files[i]);
        bool text = value && (!*value || strstr(value, "-----BEGIN") || (own && strcmp(own, value) == 0));
        if (!value || text || world_allows_file(setup->world, value))
            continue;
        const char *slash = strrchr(value, '/');
        char *folder = slash ? strndup(value, (size_t)(slash - value) + 1) : NULL;
        bool lies = i == 0 && folder && world_allows_file(setup->world, folder); /* a log that is not there yet */
        free(folder);
        if (!lies)
            return script_fault(setup->script, calling->element, err, "%s=%.200s lies outside of the connection's URI and Location", files[i], value);
    }
    return true;
}

static int choose(const struct operation *operation, const struct calling *calling)
{
    const char *wanted = operation->which == AS_IT_SAYS ? item_first(calling->input, "operation") : NULL;

    return wanted ? (strcasestr(wanted, "URL") ? GET_URL : GET_TOKEN) : operation->which == GET_URL ? GET_URL : GET_TOKEN;
}

static bool call(const struct operation *operation, struct calling *calling, struct error *err)
{
    struct run *run = calling->run;
    const struct run_setup *setup = run->setup;
    struct outputs outputs = {.done = true};
    const char *wanted = item_first(calling->input, "operation");
    bool refreshes = operation->which == AS_IT_SAYS && wanted && strcasestr(wanted, "Refresh"), more;

    if (!check_reach(calling, err))
        return false;
    struct oauth_item *inputs = calloc(count_values(calling->input) + 1, sizeof *inputs);
    if (!inputs)
        return error_memory(err);
    size_t count = list_inputs(calling->input, inputs);
    if (refreshes)
        inputs[count++] = (struct oauth_item){"GrantType", "REFRESH"};
    item_init(&outputs.item, run->bound);
    const struct oauth_operation oauth = {
        .provider = setup->world->provider, .properties = setup->world->properties, .log = setup->world->log, .inputs = inputs, .input_count = count,
        .output = put_output, .context = &outputs,
    };
    bool done = choose(operation, calling) == GET_URL ? oauth_operation_authorization_url(&oauth, setup->cancel, err)
                                                      : oauth_operation_access_token(&oauth, setup->cancel, err);
    run_asked(run);
    done = done && (outputs.done || run_no_room(run, calling->element, err)) && calling->output(calling, &outputs.item, &more, err);
    item_clear(&outputs.item);
    free(inputs);
    return done;
}

const struct operation operations_of_oauth[] = {
    {"oauthGetAccessToken", call, GET_TOKEN}, {"oauthGetUserAuthorizationURL", call, GET_URL}, {"utiladoCloudOAuth", call, AS_IT_SAYS}, {NULL, NULL, 0},
};
