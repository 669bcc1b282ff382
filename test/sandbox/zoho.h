/* The sandbox plays Zoho Books (API v3) below /books/v3/ and Zoho accounts below /oauth/v2/, in two data centres: `us` is reached as
 * 127.0.0.1, `eu` as localhost.
 *
 *   GET /_play/zohobooks           how it is played: switches, data centres with a token each, requests under way
 *   PUT /_play/zohobooks           {"switch": "value", …}
 *   DELETE /_play/zohobooks        as at the start: switches, counted calls, and what clients have changed
 *   POST /_play/zohobooks/code     {"code": …} of a self client; ?scope=…&data_centre=us
 *   GET /_data/zohobooks/<table>   every row of a table of the default organization, with all members that any answer has */
#ifndef SANDBOX_ZOHO_H
#define SANDBOX_ZOHO_H

#include "test/sandbox/server.h"

struct zoho;

/* invoices  how many; the other tables in proportion. The authorization server and the control outlive it. */
struct zoho *zoho_open(unsigned invoices, unsigned token_lifetime, struct oauth_server *oauth, struct control *control);
void zoho_close(struct zoho *zoho);

struct service_play zoho_play(struct zoho *zoho);
struct service_play zoho_accounts_play(struct zoho *zoho);

#endif
