#include "providers/csv/service.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "oauth/credential.h"
#include "providers/csv/scan.h"
#include "providers/csv/stream.h"
#include "providers/csv/tables.h"
#include "providers/oauth_procedures.h"

static bool call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                 struct error *err)
{
    const struct csv_service *service = (const struct csv_service *)procedure->service;
    return oauth_procedure_call(csv_remote_credential(service->remote), procedure, inputs, result, cancel, err);
}

/* That the files of this machine are there was seen when they were listed. */
static bool check(struct service *service_, struct cancel *cancel, struct error *err)
{
    const struct csv_service *service = (const struct csv_service *)service_;
    struct csv_stream *stream;

    if (!service->remote || service->places.count == 0)
        return true;
    if (!csv_place_open(&service->places.list[0], service->options.format.charset, service->remote, cancel, &stream, err))
        return false;
    csv_stream_close(stream);
    return true;
}

static void close_service(struct service *service_)
{
    struct csv_service *service = (struct csv_service *)service_;

    csv_remote_close(service->remote);
    if (service->c)
        freelocale(service->c);
    free(service->found);
    pthread_mutex_destroy(&service->lock);
    arena_clear(&service->arena);
    free(service);
}

static const struct service_class csv_class = {
    .complete = csv_table_complete,
    .find = csv_table_find,
    .plan = csv_plan,
    .aggregates = csv_aggregates,
    .scan_open = csv_scan_open,
    .scan_next = csv_scan_next,
    .scan_close = csv_scan_close,
    .scan_count = csv_scan_count,
    .describe = csv_describe,
    .call = call,
    .check = check,
    .close = close_service,
};

static bool open_service(struct csv_service *service, const struct properties *properties, const struct csv_access *access, struct cancel *cancel,
                         struct error *err)
{
    const char *user = properties_text(properties, PROPERTY_USER), *scheme = properties_text(properties, PROPERTY_AUTH_SCHEME);
    struct csv_options *options = &service->options;

    service->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!service->c || (user && *user && !(service->service.user = arena_text(&service->arena, user))))
        return error_memory(err);
    if (!csv_options_read(properties, &service->arena, options, err))
        return false;
    if (csv_is_remote(options->uri) && !csv_remote_open(options->uri, properties, service->log, access, cancel, &service->remote, err))
        return false;
    bool oauth = service->remote && csv_remote_credential(service->remote) && !access && scheme && strncasecmp(scheme, "OAuth", 5) == 0;
    return (!oauth || oauth_procedures_list(&service->service, &service->arena, err))
           && csv_places_find(options, service->remote, &service->arena, &service->places, cancel, err) && csv_tables_list(service, err);
}

bool csv_service_open_beside(const struct properties *properties, struct log *log, const struct csv_access *access, struct cancel *cancel,
                             struct service **service, struct error *err)
{
    struct csv_service *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        free(made);
        return error_memory(err);
    }
    made->log = log;
    made->service = (struct service){.class = &csv_class, .name = "CSV", .title = "CSV", .finder = &made->service};
    if (!open_service(made, properties, access, cancel, err)) {
        close_service(&made->service);
        return false;
    }
    log_write(log, LOG_HEADER, "provider", "CSV has %zu tables", made->service.table_count);
    *service = &made->service;
    return true;
}

bool csv_service_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err)
{
    return csv_service_open_beside(properties, log, NULL, cancel, service, err);
}
