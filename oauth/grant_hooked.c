/* Tokens that somebody else gets: the hooks of the profile, behind which a user's own scripts stand. */
#include <string.h>

#include "base/error.h"
#include "base/property.h"
#include "oauth/family.h"
#include "oauth/grant.h"

static bool get(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens, struct cancel *cancel, struct error *err)
{
    const struct oauth_hooks *hooks = credential->profile.hooks;

    *tokens = (struct oauth_tokens){.expires_in = -1};
    if (!hooks->get(hooks->context, input, tokens, cancel, err)) {
        oauth_tokens_clear(tokens);
        return false;
    }
    if (tokens->access_token)
        return true;
    oauth_tokens_clear(tokens);
    return error_set(err, "28000", "The script that gets the tokens of %s has pushed no OAuthAccessToken", credential->profile.provider);
}

static bool ask(struct credential *credential, const struct oauth_authorization *input, struct oauth_question *question, struct cancel *cancel,
                struct error *err)
{
    const struct oauth_hooks *hooks = credential->profile.hooks;

    return hooks->ask ? hooks->ask(hooks->context, input, question, cancel, err) : family_code.ask(credential, input, question, cancel, err);
}

static bool exchange(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens, bool *refused,
                     struct cancel *cancel, struct error *err)
{
    struct oauth_exchange whole = *input;

    *refused = false;
    whole.auth_mode = "WEB";
    if (!text_given(whole.verifier))
        whole.verifier = credential_property(credential, PROPERTY_OAUTH_VERIFIER);
    if (!whole.verifier)
        return error_set(err, "28000", "The verifier is missing: give what the callback brought as Verifier or OAuthVerifier");
    bool done = get(credential, &whole, tokens, cancel, err);
    *refused = !done && strcmp(err->sqlstate, "28000") == 0;
    return done;
}

static bool sign_in(struct credential *credential, const struct oauth_exchange *input, char **pending, struct oauth_tokens *tokens,
                    struct cancel *cancel, struct error *err)
{
    struct oauth_exchange whole = *input;
    (void)pending;

    whole.auth_mode = "APP";
    return get(credential, &whole, tokens, cancel, err);
}

static bool fetch(struct credential *credential, struct http_lane *lane, struct oauth_tokens *tokens, bool *refused, struct cancel *cancel,
                  struct error *err)
{
    const struct oauth_exchange nothing = {0};
    (void)lane;

    bool done = get(credential, &nothing, tokens, cancel, err);
    *refused = !done && strcmp(err->sqlstate, "28000") == 0;
    return done;
}

const struct grant_family family_hooked = {.name = "CODE", .ask = ask, .exchange = exchange, .sign_in = sign_in};
const struct grant_family family_hooked_alone = {.name = "CLIENT", .fetch = fetch};
