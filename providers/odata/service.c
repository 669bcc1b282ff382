#include "providers/odata/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "http/client.h"
#include "oauth/credential.h"
#include "providers/oauth_procedures.h"
#include "providers/odata/aggregate.h"
#include "providers/odata/failure.h"

enum { LARGEST_URL = 64 << 10 };

static struct odata_service *service_of(const struct table *table)
{
    return (struct odata_service *)table->service;
}

static bool complete(const struct table *table, struct error *err)
{
    struct odata_service *service = service_of(table);
    struct odata_table *own = (struct odata_table *)table->definition;

    if (atomic_load_explicit(&own->complete, memory_order_acquire))
        return true;
    pthread_mutex_lock(&service->lock);
    bool done = odata_table_fill(own, service->model, &service->options, service->context.version, &service->arena, err);
    pthread_mutex_unlock(&service->lock);
    return done;
}

static bool plan(const struct table *table, struct plan *plan_, struct error *err)
{
    struct odata_service *service = service_of(table);
    struct arena arena = {0};
    struct odata_route route;

    if (!complete(table, err))
        return false;
    if (table->fault)
        return error_set(err, "HY000", "Table %s can not be used: %s", table->name, table->fault);
    bool done = odata_route_choose(&service->context, table->definition, plan_->conditions, plan_->condition_count, plan_->aggregation != NULL, &route,
                                   &arena, err);
    if (done && plan_->aggregation) {
        bool fits = route.way == WAY_SET || (route.way == WAY_DIRECT && odata_is_count(plan_->aggregation));
        done = (fits && odata_can_aggregate(&service->context, table->definition, plan_->aggregation))
               || error_set(err, "42000", "The service can not group table %s so", table->name);
        route.rows = 100;
        route.requests = 1;
    }
    if (done) {
        odata_route_tell(&service->context, table->definition, &route, plan_->terms, plan_->term_count);
        plan_->order_taken = odata_route_ordered(&service->context, table->definition, &route, plan_->conditions, plan_->condition_count, plan_->order,
                                                 plan_->order_count);
        plan_->rows = route.rows;
        plan_->requests = route.requests;
    }
    arena_clear(&arena);
    return done;
}

static bool aggregates(const struct table *table, const struct aggregation *aggregation)
{
    struct error unused = {0};

    return complete(table, &unused) && !table->fault && odata_can_aggregate(&service_of(table)->context, table->definition, aggregation);
}

static bool call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                 struct error *err)
{
    struct odata_service *service = (struct odata_service *)procedure->service;

    return procedure->definition ? odata_call(procedure, inputs, result, cancel, err)
                                 : oauth_procedure_call(service->credential, procedure, inputs, result, cancel, err);
}

/* Asks for the service document: its metadata may have been taken from a file. */
static bool check(struct service *service_, struct cancel *cancel, struct error *err)
{
    struct odata_service *service = (struct odata_service *)service_;
    struct http_lane *lane;
    struct http_exchange *exchange;
    struct http_response response;
    struct buffer url;

    if (!http_lane_borrow(service->http, &lane, err))
        return false;
    buffer_init(&url, LARGEST_URL);
    odata_url_begin(service, "/", &url);
    odata_url_end(service, &url);
    const struct odata_request request = {.method = "GET", .url = buffer_text(&url), .accept = "application/json,application/xml;q=0.9", .any_version = true};
    bool done = odata_send(service, lane, &request, cancel, &exchange, err);
    if (done) {
        done = http_wait(exchange, cancel, &response, err)
               && (response.status < 400 || odata_failure_set("Service", service->options.url, &response, err));
        http_finish(exchange);
    }
    buffer_clear(&url);
    http_lane_return(lane);
    return done;
}

static void close_service(struct service *service_)
{
    struct odata_service *service = (struct odata_service *)service_;

    credential_close(service->credential);
    http_client_close(service->http);
    model_close(service->model);
    if (service->csrf_token)
        explicit_bzero(service->csrf_token, strlen(service->csrf_token));
    if (service->cookies)
        explicit_bzero(service->cookies, strlen(service->cookies));
    free(service->csrf_token);
    free(service->cookies);
    pthread_mutex_destroy(&service->lock);
    arena_clear(&service->arena);
    free(service);
}

static const struct service_class odata_class = {
    .takes_terms = true,
    .complete = complete,
    .plan = plan,
    .aggregates = aggregates,
    .scan_open = odata_scan_open,
    .scan_next = odata_scan_next,
    .scan_close = odata_scan_close,
    .scan_count = odata_scan_count,
    .describe = odata_describe,
    .call = call,
    .check = check,
    .close = close_service,
};

/* Opening. */

static bool open_credential(struct odata_service *service, const struct properties *properties, struct cancel *cancel, struct error *err)
{
    const char *user = properties_text(properties, PROPERTY_USER);
    const struct oauth_profile profile = {
        .provider = "OData",
        .schemes = user && user[0] ? ODATA_SCHEMES_OF_USER : ODATA_SCHEMES,
        .versions = "2.0 1.0",
        .grants = "CODE CLIENT PASSWORD DEVICE JWT",
        .pkce = true,
        .service_url = service->options.url,
    };
    return credential_open(&profile, properties, service->http, service->log, &service->credential, err)
           && credential_connect(service->credential, cancel, err);
}

/* Without a token, where getting one is the next thing to do, the service has no tables yet, but the procedures by which one is got. */
static bool may_come_later(const struct properties *properties, const struct error *err)
{
    const char *scheme = properties_text(properties, PROPERTY_AUTH_SCHEME);

    return scheme && strncasecmp(scheme, "OAuth", 5) == 0 && strcmp(err->sqlstate, "28000") == 0
           && properties_choice(properties, PROPERTY_INITIATE_OAUTH, "OFF");
}

static void set_context(struct odata_service *service)
{
    const struct odata_options *options = &service->options;
    enum odata_version version = options->version != ODATA_UNKNOWN ? options->version : service->model ? service->model->version : ODATA_V4;

    service->context = (struct odata_context){
        .model = service->model, .options = options, .version = version,
        .minor = options->version != ODATA_UNKNOWN ? options->minor : service->model && service->model->minor,
        .form = {.version = version, .zone_known = options->zone_known, .zone = options->zone},
        .milliseconds = version == ODATA_V2 && options->format != FORMAT_ATOM,
        .refused = &service->refused,
    };
}

static bool open_service(struct odata_service *service, const struct properties *properties, struct cancel *cancel, struct error *err)
{
    const char *user = properties_text(properties, PROPERTY_USER);

    if (user && user[0])
        service->service.user = arena_text(&service->arena, user);
    if (!odata_options_read(&service->options, properties, service->log, &service->arena, err)
        || !http_client_open(properties, service->log, &service->http, err) || !open_credential(service, properties, cancel, err))
        return false;
    if (!odata_metadata_load(service, properties, cancel, err)) {
        if (!may_come_later(properties, err))
            return false;
        log_write(service->log, LOG_QUERY, "provider", "no tables are known yet: %s", err->message);
        *err = (struct error){0};
    }
    set_context(service);
    return (!service->model || odata_tables_list(service->model, &service->options, &service->service, &service->arena, err))
           && odata_procedures_list(service, err);
}

bool odata_service_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err)
{
    struct odata_service *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        free(made);
        return error_memory(err);
    }
    made->log = log;
    made->service = (struct service){.class = &odata_class, .name = "OData", .title = "OData"};
    if (!open_service(made, properties, cancel, err)) {
        close_service(&made->service);
        return false;
    }
    log_write(log, LOG_HEADER, "provider", "OData %s%s, %zu tables", made->context.version == ODATA_V4 ? "4" : made->context.version == ODATA_V3 ? "3" : "2",
              made->context.minor ? ".01" : "", made->service.table_count);
    *service = &made->service;
    return true;
}
