/* A service that speaks OData, known by its address alone. */
#ifndef PROVIDERS_ODATA_SERVICE_H
#define PROVIDERS_ODATA_SERVICE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "http/client.h"
#include "providers/odata/operations.h"
#include "providers/odata/options.h"
#include "providers/odata/plan.h"
#include "table/service.h"

struct buffer;
struct cancel;
struct credential;
struct error;
struct log;
struct properties;

/* The AuthSchemes that such a service may have; the first is the one of a connection that names a user, or names none. */
#define ODATA_SCHEMES_OF_USER "Basic Digest NTLM Negotiate OAuth Bearer None"
#define ODATA_SCHEMES "None Basic Digest NTLM Negotiate OAuth Bearer"

struct odata_service {
    struct service service;          /* what the contract knows; first */
    struct arena arena;
    struct odata_options options;
    struct odata_model *model;
    struct odata_context context;
    atomic_uint refused;             /* see context */
    struct http_client *http;
    struct credential *credential;
    struct log *log;
    struct odata_callables callables;
    pthread_mutex_t lock;            /* guards the tables that are not complete, with the arena, and the two below */
    char *csrf_token, *cookies;      /* of the session in which changes are made; NULL: none yet */
};

/* Opens the service that the properties name: reads its metadata, from the service or from what was kept of it. False: as provider_open,
 * HY000 when the address is no OData service's. */
bool odata_service_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err);

/* Requests; send.c. */

struct odata_request {
    const char *method, *url;
    const char *accept;
    const char *prefer;              /* NULL: none */
    const char *content_type, *body; /* NULL: without a body */
    size_t body_length;
    const char *header_name, *header_value; /* one more header field, or NULL */
    bool changes;                    /* it may change something: it is not sent again when its fate is unknown, and in the service's session */
    bool kept_by_caller;             /* see http_request */
    bool once;                       /* its first answer is final */
    bool any_version;                /* which version the service speaks is not known yet */
};

/* Signs it, adds what all requests to this service carry, and puts it in flight. False: 08S01 when the address is not the service's own. */
bool odata_send(const struct odata_service *service, struct http_lane *lane, const struct odata_request *request, struct cancel *cancel,
                struct http_exchange **exchange, struct error *err);

/* Appends the address of a part of the service: "/Products", encoded; its options and those of the connection come behind it. */
void odata_url_begin(const struct odata_service *service, const char *path, struct buffer *url);
/* Appends an option, whose value is encoded. */
void odata_url_option(struct buffer *url, const char *name, const char *value);
void odata_url_end(const struct odata_service *service, struct buffer *url);

/* What Accept says for rows. exact: numbers that JSON might lose digits of come as texts. files: also where files are. */
const char *odata_accept_rows(const struct odata_service *service, bool exact, bool files);

/* Metadata; metadata.c. Sets service->model. */
bool odata_metadata_load(struct odata_service *service, const struct properties *properties, struct cancel *cancel, struct error *err);

/* Scans; scan.c. */
bool odata_scan_open(const struct scan_request *request, struct scan **scan, struct error *err);
/* The same for a scan that is part of another one and shares its lane. */
bool odata_scan_open_within(const struct scan_request *request, struct http_lane *lane, struct scan **scan, struct error *err);
bool odata_scan_next(struct scan *scan, struct batch *batch, struct error *err);
void odata_scan_close(struct scan *scan);
void odata_scan_count(const struct scan *scan, struct scan_counts *counts);
bool odata_describe(const struct scan_request *request, const char *const *names, struct arena *arena, struct scan_description *description,
                    struct error *err);

/* Procedures; procedures.c and call.c. */
bool odata_procedures_list(struct odata_service *service, struct error *err);
bool odata_call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                struct error *err);

#endif
