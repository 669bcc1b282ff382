/* A service that a definition describes. */
#ifndef PROVIDERS_DEFINITION_SERVICE_H
#define PROVIDERS_DEFINITION_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "http/client.h"
#include "oauth/credential.h"
#include "providers/definition/exist.h"
#include "providers/definition/flight.h"
#include "providers/definition/request.h"
#include "providers/definition/variables.h"
#include "table/service.h"

struct cancel;
struct credential;
struct definition;
struct error;
struct log;
struct properties;

struct described_service {
    struct service service;          /* what the contract knows; first */
    struct arena arena;
    struct definition *definition;   /* has this one alone while it is open */
    struct oauth_profile profile;    /* the definition's, with the URLs of this connection */
    struct request_context context;
    struct variables variables;
    int64_t concurrent;              /* the most requests of one statement under way at once */
    struct flights flights;
    struct existing existing;
    bool agent_given;                /* the connection tells the service what to call it */
    struct log *log;
    struct http_client *http;
    struct credential *credential;   /* NULL where the service wants none */
};

/* Opens a service by its definition, which it takes over whether it succeeds or not; makes sure of a token. False: as provider_open. */
bool described_service_open(struct definition *definition, const struct properties *properties, struct log *log,
                            struct cancel *cancel, struct service **service, struct error *err);

/* One request to the service. */
struct described_request {
    const char *method, *url;
    bool own_url;                    /* made from the definition and the connection's properties, not told by the service */
    bool changes;                    /* it may change something, so that it is not sent again when its fate is unknown */
    const char *content_type;        /* NULL: without a body */
    const char *body;
    size_t body_length;
    const struct http_header *headers; /* further ones */
    size_t header_count;
};

/* Signs it, adds what all requests to this service carry, and puts it in flight. */
bool described_send(const struct described_service *service, struct http_lane *lane, const struct described_request *request,
                    struct cancel *cancel, struct http_exchange **exchange, struct error *err);

/* The scan functions of its class, in scan.c. */
bool described_scan_open(const struct scan_request *request, struct scan **scan, struct error *err);
/* The same for a scan that is part of another one and shares its lane. ahead: as of pages_open. */
bool described_scan_open_within(const struct scan_request *request, struct http_lane *lane, bool ahead, struct scan **scan,
                                struct error *err);
/* What the service has nothing of is an error of the scan, with the service's words. */
void described_scan_demand(struct scan *scan);
bool described_scan_next(struct scan *scan, struct batch *batch, struct error *err);
void described_scan_close(struct scan *scan);
void described_scan_count(const struct scan *scan, struct scan_counts *counts);

/* service_class.call for procedures of the definition, in procedure.c. */
bool described_call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                    struct error *err);

#endif
