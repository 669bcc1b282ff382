/* The session in which a service is changed: SAP's services want a token against forged requests, and the cookies that came with it. */
#ifndef PROVIDERS_ODATA_SESSION_H
#define PROVIDERS_ODATA_SESSION_H

#include <stdbool.h>

#include "providers/odata/service.h"

/* Sends a request that may change something and waits for its answer; where the service wants a token first, gets one and sends it once
 * more. *response lives until http_finish(*exchange). */
bool odata_session_send(struct odata_service *service, struct http_lane *lane, const struct odata_request *request, struct cancel *cancel,
                        struct http_exchange **exchange, struct http_response *response, struct error *err);

#endif
