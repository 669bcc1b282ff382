/* Zoho accounts: the authorization server of each data centre below /oauth/v2/, its tokens and their scopes.
 *
 * The data centre `us` is reached as 127.0.0.1, `eu` as localhost. Whoever signs in belongs to the one that the switch `home` says,
 * whichever server was asked: the way back tells which, and only there the code is good. */
#ifndef SANDBOX_ZOHO_ACCOUNTS_H
#define SANDBOX_ZOHO_ACCOUNTS_H

#include "test/sandbox/oauth_server.h"
#include "test/sandbox/server.h"
#include "test/sandbox/zoho_switch.h"

enum { ZOHO_DATA_CENTRES = 2 };

struct zoho_accounts;

/* The authorization server gives the pages and hears of the secrets; it and the switches outlive this. */
struct zoho_accounts *zoho_accounts_open(struct oauth_server *oauth, const struct zoho_switches *switches, unsigned token_lifetime);
void zoho_accounts_close(struct zoho_accounts *accounts);

const char *zoho_data_centre(const struct request *request);
/* "http://localhost:PORT" of a data centre; `base` is that of the other. */
void zoho_data_centre_base(const char *base, const char *data_centre, char text[64]);

/* Answers a path below /oauth/v2/. */
void zoho_accounts_answer(struct zoho_accounts *accounts, const struct request *request, struct answer *answer);

/* Judges an Authorization field ("Zoho-oauthtoken …") in a data centre. A copy of the token's scopes, divided by commas, is put into
 * `scopes`, which has `room` bytes. */
enum token_state zoho_accounts_check(struct zoho_accounts *accounts, const char *authorization, const char *data_centre, char *scopes,
                                     size_t room);

/* A token with every scope that does not expire, as made by hand. */
const char *zoho_accounts_lasting_token(const struct zoho_accounts *accounts, const char *data_centre);

/* A code without sign-in, as the console gives to a self client; into `code`. */
enum { ZOHO_TOKEN_TEXT = 64 };
void zoho_accounts_self_code(struct zoho_accounts *accounts, const char *data_centre, const char *scopes, char code[ZOHO_TOKEN_TEXT]);

#endif
