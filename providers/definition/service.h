/* A service that a definition describes. */
#ifndef PROVIDERS_DEFINITION_SERVICE_H
#define PROVIDERS_DEFINITION_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "table/service.h"

struct cancel;
struct credential;
struct definition;
struct error;
struct http_client;
struct log;
struct properties;

struct described_service {
    struct service service;          /* what the contract knows; first */
    struct arena arena;
    struct definition *definition;
    const char *url;                 /* without a slash at its end */
    int64_t page_size;               /* Pagesize; 0 = as large as the service allows */
    struct log *log;
    struct http_client *http;
    struct credential *credential;   /* NULL where the service wants none */
};

/* Opens a service by its definition, which it takes over whether it succeeds or not; makes sure of a token. False: as provider_open. */
bool described_service_open(struct definition *definition, const struct properties *properties, struct log *log,
                            struct cancel *cancel, struct service **service, struct error *err);

/* The scan functions of its class, in scan.c. */
bool described_scan_open(const struct scan_request *request, struct scan **scan, struct error *err);
bool described_scan_next(struct scan *scan, struct batch *batch, struct error *err);
void described_scan_close(struct scan *scan);
void described_scan_count(const struct scan *scan, struct scan_counts *counts);

#endif
