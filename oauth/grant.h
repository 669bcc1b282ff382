/* A grant from where it first comes to where it is kept: the steps that connecting, signing and the procedures are made of. */
#ifndef OAUTH_GRANT_H
#define OAUTH_GRANT_H

#include <stdbool.h>

#include "oauth/settings.h"
#include "oauth/state.h"

/* The text, NULL when it is empty. */
const char *text_given(const char *input);

/* Renews at the token endpoint (RFC 6749 6), with the refresh token of the present grant. lane: NULL = borrow one; *refused: the refresh
 * token is of no use (any more). */
bool grant_renew(struct credential *credential, const struct grant *present, struct http_lane *lane,
                 struct oauth_tokens *tokens, bool *refused, struct cancel *cancel, struct error *err);

/* Makes a grant of an answer; what the server left out is kept from the old one (may be NULL). False: out of memory. */
bool grant_from_tokens(struct credential *credential, struct grant *grant, const struct oauth_tokens *tokens, const struct grant *old,
                       struct error *err);

/* What the connection string itself gives. False: out of memory. */
bool grant_from_properties(const struct credential *credential, struct grant *grant, struct error *err);

/* Whether new tokens could be saved (true as well where no settings file is in use): asked before a code or a sign-in is spent.
 * pending  gets what the last try to sign in left there, or NULL; to be freed by secret_free. May be NULL */
bool grant_can_be_kept(struct credential *credential, char **pending, struct cancel *cancel, struct error *err);

/* Saves the grant (where a settings file is in use) and then makes it the one in use; takes it over. When it can not be saved
 * after all, the connection goes on with it and the log says so: the tokens are there, and the old ones may be gone. */
void grant_keep(struct credential *credential, struct grant *grant);

/* Saves what a try to sign in left for the next. */
void grant_keep_pending(struct credential *credential, const char *pending);

/* One thread at a time gets new tokens for a credential. */
bool grant_enter_renewal(struct credential *credential, struct cancel *cancel, struct error *err);
void grant_leave_renewal(struct credential *credential);

/* Whether the connection's properties give something that the record does not know: it neither stands in it nor has been made use of. */
bool grant_is_given_anew(const struct credential *credential, const struct settings_record *record, enum settings_given given);

/* The record knows from now on what the properties give. */
void grant_know_given(const struct credential *credential, struct settings_record *record);

/* Whether the connection keeps its tokens in a settings file. */
bool grant_is_kept(const struct credential *credential);

#endif
