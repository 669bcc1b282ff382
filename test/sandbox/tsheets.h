/* The sandbox plays TSheets (QuickBooks Time REST API v1) below /api/v1/. */
#ifndef SANDBOX_TSHEETS_H
#define SANDBOX_TSHEETS_H

#include "test/sandbox/server.h"

struct tsheets;

/* The authorization server outlives it. */
struct tsheets *tsheets_open(unsigned timesheets, struct oauth_server *oauth);
void tsheets_close(struct tsheets *tsheets);

/* How the server reaches it. */
struct service_play tsheets_play(struct tsheets *tsheets);

#endif
