#include "providers/oauth_procedures.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "oauth/credential.h"

#define TEXT {.kind = TYPE_STRING, .size = 4000}
#define LONG_TEXT {.kind = TYPE_STRING}

enum { URL_MODE, URL_CALLBACK, URL_STATE, URL_SCOPE, URL_PROMPT, URL_PERMISSIONS, URL_INPUTS };
enum {
    TOKEN_MODE, TOKEN_CALLBACK, TOKEN_VERIFIER, TOKEN_PKCE, TOKEN_AUTH_TOKEN, TOKEN_AUTH_KEY, TOKEN_STATE, TOKEN_SCOPE, TOKEN_PERMISSIONS,
    TOKEN_DEVICE, TOKEN_INPUTS
};
enum { REFRESH_TOKEN, REFRESH_INPUTS };

static const char mode_text[] = "APP: for a program or a machine without a browser; the code that comes back serves alone. "
                               "WEB: for a web application, which gets the callback itself and must hand PKCEVerifier on. "
                               "DEVICE: for a user who signs in at another device, with a code.";
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

enum { URL_URL, URL_OUT_STATE, URL_PKCE, URL_AUTH_TOKEN, URL_AUTH_KEY, URL_USER_CODE, URL_DEVICE_CODE, URL_EXPIRES, URL_INTERVAL, URL_OUTPUTS };

static const struct procedure_output url_outputs[URL_OUTPUTS] = {
    [URL_URL] = {"URL", "Where the user signs in and allows the access.", LONG_TEXT},
    [URL_OUT_STATE] = {"State", "To be compared with what the callback brings.", TEXT},
    [URL_PKCE] = {"PKCEVerifier", "To be given to GetOAuthAccessToken when that is called on another connection.", TEXT},
    [URL_AUTH_TOKEN] = {"AuthToken", "Likewise, with OAuth 1.0.", TEXT},
    [URL_AUTH_KEY] = {"AuthKey", "Likewise, with OAuth 1.0.", TEXT},
    [URL_USER_CODE] = {"UserCode", "What the user enters at the URL, with AuthMode DEVICE.", TEXT},
    [URL_DEVICE_CODE] = {"DeviceCode", "Likewise to be given to GetOAuthAccessToken, with AuthMode DEVICE.", TEXT},
    [URL_EXPIRES] = {"ExpiresIn", "Seconds in which the user must have entered it.", {.kind = TYPE_BIGINT}},
    [URL_INTERVAL] = {"Interval", "Seconds that the service wants between two questions whether the user has.", {.kind = TYPE_BIGINT}},
};

static const struct procedure_input token_inputs[TOKEN_INPUTS] = {
    [TOKEN_MODE] = {"AuthMode", "APP: opens the browser and waits for the callback, unless a Verifier is given. WEB: exchanges the Verifier. "
                                "DEVICE: waits until the user has entered the code elsewhere. Not looked at where nobody has to sign in.",
                    {.kind = TYPE_STRING, .size = 16}, false, "APP"},
    [TOKEN_CALLBACK] = {"CallbackURL", callback_text, TEXT, false, NULL},
    [TOKEN_VERIFIER] = {"Verifier", "The code or oauth_verifier that the callback brought, or the whole URL of the callback.", TEXT, false, NULL},
    [TOKEN_PKCE] = {"PKCEVerifier", "What GetOAuthAuthorizationURL gave with the URL; known already on the same connection.", TEXT, false, NULL},
    [TOKEN_AUTH_TOKEN] = {"AuthToken", "Likewise, with OAuth 1.0.", TEXT, false, NULL},
    [TOKEN_AUTH_KEY] = {"AuthKey", "Likewise, with OAuth 1.0.", TEXT, false, NULL},
    [TOKEN_STATE] = {"State", "What GetOAuthAuthorizationURL gave, to be compared with that in the callback.", TEXT, false, NULL},
    [TOKEN_SCOPE] = {"Scope", scope_text, TEXT, false, NULL},
    [TOKEN_PERMISSIONS] = {"Permissions", "Another name for Scope.", TEXT, false, NULL},
    [TOKEN_DEVICE] = {"DeviceCode", "What GetOAuthAuthorizationURL gave with AuthMode DEVICE; known already on the same connection.", TEXT, false, NULL},
};

static const struct procedure_input refresh_inputs[REFRESH_INPUTS] = {
    [REFRESH_TOKEN] = {"OAuthRefreshToken", "The refresh token; the connection's own when not given.", LONG_TEXT, false, NULL},
};

enum { OUT_ACCESS, OUT_REFRESH, OUT_EXPIRES, OUT_SCOPE, OUT_SECRET, OUT_OTHER, TOKEN_OUTPUTS };

static const struct procedure_output token_outputs[TOKEN_OUTPUTS] = {
    [OUT_ACCESS] = {"OAuthAccessToken", "For the connection property of this name.", LONG_TEXT},
    [OUT_REFRESH] = {"OAuthRefreshToken", "For RefreshOAuthAccessToken and the connection property of this name.", LONG_TEXT},
    [OUT_EXPIRES] = {"ExpiresIn", "Seconds that the access token lasts.", {.kind = TYPE_BIGINT}},
    [OUT_SCOPE] = {"Scope", "The rights that were given.", TEXT},
    [OUT_SECRET] = {"OAuthAccessTokenSecret", "With OAuth 1.0; for the connection property of this name.", LONG_TEXT},
    [OUT_OTHER] = {"Other", "What else the service sent.", {.kind = TYPE_JSON}},
};

enum { REVOKE_REVOKED, REVOKE_REASON, REVOKE_OUTPUTS };

static const struct procedure_output revoke_outputs[REVOKE_OUTPUTS] = {
    [REVOKE_REVOKED] = {"Revoked", "Whether the service took the tokens back.", {.kind = TYPE_BOOLEAN}},
    [REVOKE_REASON] = {"Reason", "Why it did not.", TEXT},
};

static const struct procedure procedures[] = {
    {.name = "GetOAuthAccessToken", .description = "Gets an access token, by the browser or for the code that a callback brought.",
     .inputs = token_inputs, .input_count = TOKEN_INPUTS, .outputs = token_outputs, .output_count = TOKEN_OUTPUTS},
    {.name = "GetOAuthAuthorizationURL", .description = "Makes the URL at which the user signs in and allows the access.",
     .inputs = url_inputs, .input_count = URL_INPUTS, .outputs = url_outputs, .output_count = URL_OUTPUTS},
    {.name = "RefreshOAuthAccessToken", .description = "Gets a new access token for a refresh token.",
     .inputs = refresh_inputs, .input_count = REFRESH_INPUTS, .outputs = token_outputs, .output_count = TOKEN_OUTPUTS},
    {.name = "RevokeOAuthAccessToken", .description = "Signs out: has the tokens taken back, and forgets them even where the service does not.",
     .outputs = revoke_outputs, .output_count = REVOKE_OUTPUTS},
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

static bool check_mode(const struct procedure *procedure, const char *mode, struct error *err)
{
    if (!mode || name_equal(mode, "APP") || name_equal(mode, "WEB") || name_equal(mode, "DEVICE"))
        return true;
    return error_set(err, "22023", "AuthMode of %s can be APP, WEB or DEVICE, not \"%.40s\"", procedure->name, mode);
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

static void put_number(struct procedure_result *result, size_t at, int64_t number)
{
    result->values[at] = number >= 0 ? value_integer(number) : value_null();
}

static bool put_question(const struct oauth_question *question, struct procedure_result *result, struct error *err)
{
    const char *verifier = question->pkce_verifier && *question->pkce_verifier ? question->pkce_verifier : NULL;

    if (!one_row(result, URL_OUTPUTS, err))
        return false;
    put_number(result, URL_EXPIRES, question->expires_in);
    put_number(result, URL_INTERVAL, question->device_code ? question->interval : -1);
    return put_text(result, URL_URL, question->url, err) && put_text(result, URL_OUT_STATE, question->state, err)
           && put_text(result, URL_PKCE, verifier, err) && put_text(result, URL_AUTH_TOKEN, question->auth_token, err)
           && put_text(result, URL_AUTH_KEY, question->auth_key, err) && put_text(result, URL_USER_CODE, question->user_code, err)
           && put_text(result, URL_DEVICE_CODE, question->device_code, err);
}

static bool authorization_url(struct credential *credential, const struct procedure *procedure, const struct value *inputs,
                              struct procedure_result *result, struct cancel *cancel, struct error *err)
{
    struct oauth_authorization input = {
        .auth_mode = given(inputs, URL_MODE),
        .callback_url = given(inputs, URL_CALLBACK),
        .state = given(inputs, URL_STATE),
        .prompt = given(inputs, URL_PROMPT),
    };
    struct oauth_question question;

    if (!check_mode(procedure, input.auth_mode, err)
        || !choose_scope(procedure, given(inputs, URL_SCOPE), given(inputs, URL_PERMISSIONS), &input.scope, err)
        || !oauth_authorization_url(credential, &input, &question, cancel, err))
        return false;
    bool done = put_question(&question, result, err);
    oauth_question_clear(&question);
    return done;
}

/* Hands the tokens out as the one row, and wipes them. */
static bool put_tokens(struct oauth_tokens *tokens, struct procedure_result *result, struct error *err)
{
    bool done = one_row(result, TOKEN_OUTPUTS, err)
                && put_text(result, OUT_ACCESS, tokens->access_token, err)
                && put_text(result, OUT_REFRESH, tokens->refresh_token, err)
                && put_text(result, OUT_SCOPE, tokens->scope, err)
                && put_text(result, OUT_SECRET, tokens->token_secret, err)
                && put_text(result, OUT_OTHER, tokens->other, err);
    if (done)
        put_number(result, OUT_EXPIRES, tokens->expires_in);
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
        .auth_token = given(inputs, TOKEN_AUTH_TOKEN),
        .auth_key = given(inputs, TOKEN_AUTH_KEY),
        .device_code = given(inputs, TOKEN_DEVICE),
        .state = given(inputs, TOKEN_STATE),
    };
    struct oauth_tokens tokens = {0};

    return check_mode(procedure, input.auth_mode, err)
           && choose_scope(procedure, given(inputs, TOKEN_SCOPE), given(inputs, TOKEN_PERMISSIONS), &input.scope, err)
           && oauth_access_token(credential, &input, &tokens, cancel, err) && put_tokens(&tokens, result, err);
}

static bool revoke(struct credential *credential, struct procedure_result *result, struct cancel *cancel, struct error *err)
{
    struct error why = {0};
    bool revoked;

    if (!oauth_sign_out(credential, &revoked, &why, cancel, err) || !one_row(result, REVOKE_OUTPUTS, err))
        return false;
    put_number(result, REVOKE_REVOKED, revoked);
    return put_text(result, REVOKE_REASON, revoked ? NULL : why.message, err);
}

bool oauth_procedure_call(struct credential *credential, const struct procedure *procedure, const struct value *inputs,
                          struct procedure_result *result, struct cancel *cancel, struct error *err)
{
    struct oauth_tokens tokens = {0};

    if (procedure->inputs == url_inputs)
        return authorization_url(credential, procedure, inputs, result, cancel, err);
    if (procedure->inputs == token_inputs)
        return access_token(credential, procedure, inputs, result, cancel, err);
    if (procedure->outputs == revoke_outputs)
        return revoke(credential, result, cancel, err);
    return oauth_refresh(credential, given(inputs, REFRESH_TOKEN), &tokens, cancel, err) && put_tokens(&tokens, result, err);
}
