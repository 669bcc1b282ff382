/* The life of an OAuth 2.0 grant: from where it first comes, over its renewals, to where it is kept. */
#ifndef OAUTH_LIFE_CYCLE_H
#define OAUTH_LIFE_CYCLE_H

#include <stdbool.h>

#include "oauth/state.h"

/* Exchanges a code at the token endpoint. verifier: of PKCE, "" = none. *refused as token_request says. */
bool grant_exchange_code(struct credential *credential, const char *code, const char *callback_url, const char *verifier,
                         struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err);

/* Exchanges a verifier (the inputs', else OAuthVerifier): what GetOAuthAccessToken and a first connection with OAuthVerifier do. */
bool oauth_exchange_verifier(struct credential *credential, const struct oauth_exchange *input, struct oauth_tokens *tokens,
                             bool *refused, struct cancel *cancel, struct error *err);

/* Renews at the token endpoint. *refused as token_request says. */
bool grant_renew(struct credential *credential, const char *refresh_token, const char *access_token, struct http_lane *lane,
                 struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err);

/* Makes a grant of an answer; what the server left out is kept from the old one (may be NULL). False: out of memory. */
bool grant_from_tokens(struct grant *grant, const struct oauth_tokens *tokens, const struct grant *old, struct error *err);

/* Whether new tokens could be saved (true as well where no settings file is in use): asked before a code or a sign-in is spent. */
bool grant_can_be_kept(struct credential *credential, struct cancel *cancel, struct error *err);

/* Saves the grant (where a settings file is in use) and then makes it the one in use; takes it over. When it can not be saved
 * after all, the connection goes on with it and the log says so: the tokens are there, and the old ones may be gone. */
void grant_keep(struct credential *credential, struct grant *grant);

/* One thread at a time gets new tokens for a credential. */
bool grant_enter_renewal(struct credential *credential, struct cancel *cancel, struct error *err);
void grant_leave_renewal(struct credential *credential);

/* The fingerprints of the tokens, and of the verifier, in the connection's properties: "" where there are none. */
void grant_fingerprint_given(const struct credential *credential, char out[]);
void grant_fingerprint_verifier(const struct credential *credential, char out[]);

/* Whether the connection keeps its tokens in a settings file. */
bool grant_is_kept(const struct credential *credential);

#endif
