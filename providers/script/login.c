/* Signing in by a folder's scripts: GetOAuthAccessToken, GetOAuthAuthorizationURL and RefreshOAuthAccessToken, run by the connection's own
 * credential wherever it needs tokens. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/name.h"
#include "oauth/secret.h"
#include "providers/script/run.h"
#include "providers/script/service.h"

/* The first item that a script pushes. */
struct pushed {
    struct item item;
    bool there;
};

static bool push(void *context, const struct item *item, struct error *err)
{
    struct pushed *pushed = context;

    if (pushed->there)
        return true;
    pushed->there = true;
    return item_copy(&pushed->item, item) || error_memory(err);
}

static bool run(struct script_service *service, const struct script_file *file, struct item *input, struct pushed *pushed, struct cancel *cancel,
                struct error *err)
{
    *pushed = (struct pushed){0};
    item_init(&pushed->item, NULL);
    if (file->fault)
        return error_set(err, "HY000", "%s can not be used: %s", file->name, file->fault);
    const struct run_setup setup = {.world = &service->world, .script = file->script, .input = input, .sink = {.push = push, .context = pushed},
                                    .cancel = cancel};
    return info_fill_input(file->script, input, err) && script_run(&setup, err);
}

static bool give(struct item *item, const char *name, const char *value)
{
    return !value || !*value || item_set(item, name, value);
}

/* By either name; secrets are copied into memory of their own. */
static bool take(const struct item *item, const char *name, const char *other, char **text)
{
    const char *value = item_first(item, name);

    if (!value || !*value)
        value = other ? item_first(item, other) : NULL;
    return secret_set(text, value && *value ? value : NULL);
}

/* What else the service sent: OAuthParam:name. */
static bool take_others(const struct item *item, char **text)
{
    static const char prefix[] = "OAuthParam:";
    json_t *others = json_object();
    bool done = others;

    for (size_t i = 0; done && i < item->count; i++) {
        const char *name = item->attributes[i].name, *value = item_first(item, name);
        if (strncasecmp(name, prefix, sizeof prefix - 1) == 0 && value)
            done = json_object_set_new(others, name + sizeof prefix - 1, json_string(value)) == 0;
    }
    if (done && json_object_size(others))
        done = (*text = json_dumps(others, JSON_COMPACT));
    json_decref(others);
    return done;
}

static bool take_tokens(const struct pushed *pushed, struct oauth_tokens *tokens, struct error *err)
{
    const struct item *item = &pushed->item;
    const char *expires = item_first(item, "ExpiresIn");

    *tokens = (struct oauth_tokens){.expires_in = expires && *expires ? strtoll(expires, NULL, 10) : -1};
    return (take(item, "OAuthAccessToken", "AuthToken", &tokens->access_token)
            && take(item, "OAuthTokenSecret", "OAuthAccessTokenSecret", &tokens->token_secret)
            && take(item, "OAuthRefreshToken", NULL, &tokens->refresh_token) && take(item, "OAuthParam:scope", "Scope", &tokens->scope)
            && take_others(item, &tokens->other))
           || error_memory(err);
}

static bool get(void *context, const struct oauth_exchange *input, struct oauth_tokens *tokens, struct cancel *cancel, struct error *err)
{
    struct script_service *service = context;
    struct pushed pushed;
    struct item item;

    item_init(&item, NULL);
    bool given = give(&item, "AuthMode", input->auth_mode) && give(&item, "CallbackURL", input->callback_url) && give(&item, "Verifier", input->verifier)
                 && give(&item, "PKCEVerifier", input->pkce_verifier) && give(&item, "State", input->state) && give(&item, "Scope", input->scope)
                 && give(&item, "OAuthAccessToken", input->auth_token) && give(&item, "OAuthAccessTokenSecret", input->auth_key);
    bool done = (given || error_memory(err)) && run(service, script_file_find(service, "GetOAuthAccessToken.rsb"), &item, &pushed, cancel, err);
    if (given) {
        done = done && take_tokens(&pushed, tokens, err);
        item_clear(&pushed.item);
    }
    item_clear(&item);
    return done;
}

static bool refresh(void *context, const char *refresh_token, const char *access_token, struct oauth_tokens *tokens, struct cancel *cancel,
                    struct error *err)
{
    struct script_service *service = context;
    struct pushed pushed;
    struct item item;

    item_init(&item, NULL);
    bool given = give(&item, "OAuthRefreshToken", refresh_token) && give(&item, "OAuthAccessToken", access_token);
    bool done = (given || error_memory(err)) && run(service, script_file_find(service, "RefreshOAuthAccessToken.rsb"), &item, &pushed, cancel, err);
    if (given) {
        done = done && take_tokens(&pushed, tokens, err);
        item_clear(&pushed.item);
    }
    item_clear(&item);
    return done;
}

static bool ask(void *context, const struct oauth_authorization *input, struct oauth_question *question, struct cancel *cancel, struct error *err)
{
    struct script_service *service = context;
    struct pushed pushed;
    struct item item;

    item_init(&item, NULL);
    bool given = give(&item, "AuthMode", input->auth_mode) && give(&item, "CallbackURL", input->callback_url) && give(&item, "State", input->state)
                 && give(&item, "Scope", input->scope) && give(&item, "Prompt", input->prompt);
    bool done = (given || error_memory(err)) && run(service, script_file_find(service, "GetOAuthAuthorizationURL.rsb"), &item, &pushed, cancel, err);
    if (given) {
        const struct item *out = &pushed.item;
        done = done && ((take(out, "URL", NULL, &question->url) && take(out, "State", NULL, &question->state)
                         && take(out, "PKCEVerifier", NULL, &question->pkce_verifier) && take(out, "OAuthAccessToken", "AuthToken", &question->auth_token)
                         && take(out, "OAuthTokenSecret", "AuthKey", &question->auth_key) && secret_set(&question->callback_url, input->callback_url))
                        || error_memory(err));
        item_clear(&pushed.item);
    }
    item_clear(&item);
    return done;
}

void script_login_hooks(struct script_service *service, struct oauth_hooks *hooks)
{
    const struct script_file *getter = script_file_find(service, "GetOAuthAccessToken.rsb");
    const char *grant = getter && getter->script ? info_setting(getter->script, "GrantType") : NULL;

    *hooks = (struct oauth_hooks){
        .get = getter ? get : NULL,
        .refresh = script_file_find(service, "RefreshOAuthAccessToken.rsb") ? refresh : NULL,
        .ask = script_file_find(service, "GetOAuthAuthorizationURL.rsb") ? ask : NULL,
        .alone = grant && name_among("CLIENT PASSWORD client_credentials password JWT", grant),
        .context = service,
    };
}
