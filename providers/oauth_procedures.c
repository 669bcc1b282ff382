#include "providers/oauth_procedures.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "oauth/credential.h"

#define TEXT {.kind = TYPE_STRING, .size = 4000}
#define LONG_TEXT {.kind = TYPE_STRING}

enum { URL_MODE, URL_CALLBACK, URL_STATE, URL_SCOPE, URL_PROMPT, URL_PERMISSIONS, URL_INPUTS };
enum { TOKEN_MODE, TOKEN_CALLBACK, TOKEN_VERIFIER, TOKEN_PKCE, TOKEN_STATE, TOKEN_SCOPE, TOKEN_PERMISSIONS, TOKEN_INPUTS };
enum { REFRESH_TOKEN, REFRESH_INPUTS };

static const char mode_text[] = "APP: for a program or a machine without a browser; the code that comes back serves alone. "
                               "WEB: for a web application, which gets the callback itself and must hand PKCEVerifier on.";
static const char callback_text[] = "Where the service sends the user back to, as it is registered there; the CallbackURL property when not given.";
static const char scope_text[] = "The rights to ask for, divided by spaces; the Scope property when not given.";

static const struct procedure_input url_inputs[URL_INPUTS] = {
    [URL_MODE] = {"AuthMode", mode_text, {.kind = TYPE_STRING, .size = 16}, false, "APP"},
    [URL_CALLBACK] = {"CallbackURL", callback_text, TEXT, false, NULL},
    [URL_STATE] = {"State", "Comes back with the callback unchanged; a random one when not given.", TEXT, false, NULL},
    [URL_SCOPE] = {"Scope", scope_text, TEXT, false, NULL},
    [URL_PROMPT] = {"Prompt", "Whether the user is asked again, as the service knows it: login, consent, none.", {.kind = TYPE_STRING, .size = 64}, false, NULL},
    [URL_PERMISSIONS] = {"Permissions", "Another name for Scope.", TEXT, false, NULL},
};

static const struct procedure_output url_outputs[] = {
    {"URL", "Where the user signs in and allows the access.", LONG_TEXT},
    {"State", "To be compared with what the callback brings.", TEXT},
    {"PKCEVerifier", "To be given to GetOAuthAccessToken when that is called on another connection.", TEXT},
};

static const struct procedure_input token_inputs[TOKEN_INPUTS] = {
    [TOKEN_MODE] = {"AuthMode", "APP: opens the browser and waits for the callback, unless a Verifier is given. WEB: exchanges the Verifier.", {.kind = TYPE_STRING, .size = 16}, false, "APP"},
    [TOKEN_CALLBACK] = {"CallbackURL", callback_text, TEXT, false, NULL},
    [TOKEN_VERIFIER] = {"Verifier", "The code that the callback brought, or the whole URL of the callback.", TEXT, false, NULL},
    [TOKEN_PKCE] = {"PKCEVerifier", "What GetOAuthAuthorizationURL gave with the URL; known already on the same connection.", TEXT, false, NULL},
    [TOKEN_STATE] = {"State", "What GetOAuthAuthorizationURL gave, to be compared with that in the callback.", TEXT, false, NULL},
    [TOKEN_SCOPE] = {"Scope", scope_text, TEXT, false, NULL},
    [TOKEN_PERMISSIONS] = {"Permissions", "Another name for Scope.", TEXT, false, NULL},
};

static const struct procedure_input refresh_inputs[REFRESH_INPUTS] = {
    [REFRESH_TOKEN] = {"OAuthRefreshToken", "The refresh token; the connection's own when not given.", LONG_TEXT, false, NULL},
};

static const struct procedure_output token_outputs[] = {
    {"OAuthAccessToken", "For the connection property of this name.", LONG_TEXT},
    {"OAuthRefreshToken", "For RefreshOAuthAccessToken and the connection property of this name.", LONG_TEXT},
    {"ExpiresIn", "Seconds that the access token lasts.", {.kind = TYPE_BIGINT}},
    {"Scope", "The rights that were given.", TEXT},
};

enum { URL_OUTPUTS = 3, TOKEN_OUTPUTS = 4, TEXT_LIMIT = 64 << 10 };

static const struct procedure procedures[] = {
    {.name = "GetOAuthAccessToken", .description = "Gets an access token, by the browser or for the code that a callback brought.",
     .inputs = token_inputs, .input_count = TOKEN_INPUTS, .outputs = token_outputs, .output_count = TOKEN_OUTPUTS},
    {.name = "GetOAuthAuthorizationURL", .description = "Makes the URL at which the user signs in and allows the access.",
     .inputs = url_inputs, .input_count = URL_INPUTS, .outputs = url_outputs, .output_count = URL_OUTPUTS},
    {.name = "RefreshOAuthAccessToken", .description = "Gets a new access token for a refresh token.",
     .inputs = refresh_inputs, .input_count = REFRESH_INPUTS, .outputs = token_outputs, .output_count = TOKEN_OUTPUTS},
};

enum { PROCEDURES = sizeof procedures / sizeof procedures[0] };

bool oauth_procedures_list(struct service *service, struct arena *arena, struct error *err)
{
    const struct procedure **list = arena_array(arena, PROCEDURES, sizeof *list);
    struct procedure *copies = arena_array(arena, PROCEDURES, sizeof *copies);

    if (!list || !copies)
        return error_memory(err);
    for (size_t i = 0; i < PROCEDURES; i++) {
        copies[i] = procedures[i];
        copies[i].service = service;
        list[i] = &copies[i];
    }
    service->procedures = list;
    service->procedure_count = PROCEDURES;
    return true;
}

/* The input's text, or NULL where none was given, so that the connection's property takes its place. */
static const char *given(const struct value *inputs, int input)
{
    return inputs[input].storage == STORAGE_TEXT && inputs[input].length ? inputs[input].text : NULL;
}

/* AuthMode is a word of two. */
static bool check_mode(const struct procedure *procedure, const char *mode, struct error *err)
{
    if (!mode || name_equal(mode, "APP") || name_equal(mode, "WEB"))
        return true;
    return error_set(err, "22023", "AuthMode of %s can be APP or WEB, not \"%.40s\"", procedure->name, mode);
}

/* The same thing by two names. */
static bool choose_scope(const struct procedure *procedure, const char *scope, const char *permissions, const char **chosen,
                         struct error *err)
{
    if (scope && permissions && strcmp(scope, permissions) != 0)
        return error_set(err, "22023", "Scope and Permissions of %s are the same thing by two names: give one", procedure->name);
    *chosen = scope ? scope : permissions;
    return true;
}

static bool one_row(struct procedure_result *result, size_t width, struct error *err)
{
    result->values = arena_array(result->arena, width, sizeof *result->values);
    result->row_count = 1;
    return result->values || error_memory(err);
}

/* NULL becomes NULL. */
static bool put_text(struct procedure_result *result, size_t at, const char *bytes, struct error *err)
{
    result->values[at] = value_null();
    if (!bytes)
        return true;
    const char *copy = arena_text(result->arena, bytes);
    if (!copy)
        return error_memory(err);
    result->values[at] = value_text(copy, strlen(copy));
    return true;
}

static bool authorization_url(struct credential *credential, const struct procedure *procedure, const struct value *inputs,
                              struct procedure_result *result, struct error *err)
{
    struct oauth_authorization input = {
        .auth_mode = given(inputs, URL_MODE),
        .callback_url = given(inputs, URL_CALLBACK),
        .state = given(inputs, URL_STATE),
        .prompt = given(inputs, URL_PROMPT),
    };
    struct buffer url, state, verifier;

    if (!check_mode(procedure, input.auth_mode, err)
        || !choose_scope(procedure, given(inputs, URL_SCOPE), given(inputs, URL_PERMISSIONS), &input.scope, err))
        return false;
    buffer_init(&url, TEXT_LIMIT);
    buffer_init(&state, TEXT_LIMIT);
    buffer_init(&verifier, TEXT_LIMIT);
    bool done = oauth_authorization_url(credential, &input, &url, &state, &verifier, err)
                && one_row(result, URL_OUTPUTS, err)
                && put_text(result, 0, buffer_text(&url), err)
                && put_text(result, 1, buffer_text(&state), err)
                && put_text(result, 2, verifier.length ? buffer_text(&verifier) : NULL, err);
    buffer_clear(&url);
    buffer_clear(&state);
    buffer_clear(&verifier);
    return done;
}

/* Hands the tokens out as the one row, and wipes them. */
static bool put_tokens(struct oauth_tokens *tokens, struct procedure_result *result, struct error *err)
{
    bool done = one_row(result, TOKEN_OUTPUTS, err)
                && put_text(result, 0, tokens->access_token, err)
                && put_text(result, 1, tokens->refresh_token, err)
                && put_text(result, 3, tokens->scope, err);
    if (done)
        result->values[2] = tokens->expires_in >= 0 ? value_integer(tokens->expires_in) : value_null();
    oauth_tokens_clear(tokens);
    return done;
}

static bool access_token(struct credential *credential, const struct procedure *procedure, const struct value *inputs,
                         struct procedure_result *result, struct cancel *cancel, struct error *err)
{
    struct oauth_exchange input = {
        .auth_mode = given(inputs, TOKEN_MODE),
        .callback_url = given(inputs, TOKEN_CALLBACK),
        .verifier = given(inputs, TOKEN_VERIFIER),
        .pkce_verifier = given(inputs, TOKEN_PKCE),
        .state = given(inputs, TOKEN_STATE),
    };
    struct oauth_tokens tokens = {0};

    return check_mode(procedure, input.auth_mode, err)
           && choose_scope(procedure, given(inputs, TOKEN_SCOPE), given(inputs, TOKEN_PERMISSIONS), &input.scope, err)
           && oauth_access_token(credential, &input, &tokens, cancel, err) && put_tokens(&tokens, result, err);
}

bool oauth_procedure_call(struct credential *credential, const struct procedure *procedure, const struct value *inputs,
                          struct procedure_result *result, struct cancel *cancel, struct error *err)
{
    struct oauth_tokens tokens = {0};

    if (procedure->inputs == url_inputs)
        return authorization_url(credential, procedure, inputs, result, err);
    if (procedure->inputs == token_inputs)
        return access_token(credential, procedure, inputs, result, cancel, err);
    return oauth_refresh(credential, given(inputs, REFRESH_TOKEN), &tokens, cancel, err) && put_tokens(&tokens, result, err);
}
