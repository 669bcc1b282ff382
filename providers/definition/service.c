#include "providers/definition/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/property.h"
#include "http/client.h"
#include "http/url.h"
#include "oauth/credential.h"
#include "providers/definition/definition.h"
#include "providers/definition/plan.h"
#include "providers/definition/request.h"
#include "providers/oauth_procedures.h"

static bool plan(const struct table *table, struct plan *plan_, struct error *err)
{
    const struct described_service *service = (const struct described_service *)table->service;
    return definition_plan(service->definition, table, plan_, err);
}

static bool call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result,
                 struct cancel *cancel, struct error *err)
{
    const struct described_service *service = (const struct described_service *)procedure->service;
    return oauth_procedure_call(service->credential, procedure, inputs, result, cancel, err);
}

static bool describe(const struct scan_request *request, const char *const *names, struct arena *arena, struct scan_description *description,
                     struct error *err)
{
    const struct described_service *service = (const struct described_service *)request->table->service;
    return requests_describe(service->definition, service->url, service->page_size, request, names, arena, description, err);
}

/* Reads the first row of the table that the definition names for this. */
static bool check(struct service *service_, struct cancel *cancel, struct error *err)
{
    struct described_service *service = (struct described_service *)service_;
    const char *name = service->definition->check;
    const struct table *table = service_table(service_, name ? name : service_->tables[0]->name);
    struct scan *scan;
    struct batch batch;

    bool *wanted = calloc(table->column_count, sizeof *wanted);
    if (!wanted)
        return error_memory(err);
    struct scan_request request = {.table = table, .wanted = wanted, .limit = 1, .cancel = cancel};
    bool done = described_scan_open(&request, &scan, err);
    free(wanted);
    if (!done)
        return false;
    done = described_scan_next(scan, &batch, err);
    described_scan_close(scan);
    return done;
}

static void close_service(struct service *service_)
{
    struct described_service *service = (struct described_service *)service_;

    credential_close(service->credential);
    http_client_close(service->http);
    definition_close(service->definition);
    arena_clear(&service->arena);
    free(service);
}

static const struct service_class described_class = {
    .plan = plan,
    .scan_open = described_scan_open,
    .scan_next = described_scan_next,
    .scan_close = described_scan_close,
    .scan_count = described_scan_count,
    .describe = describe,
    .call = call,
    .check = check,
    .close = close_service,
};

static bool choose_url(struct described_service *service, const struct properties *properties, struct error *err)
{
    const char *given = properties_text(properties, PROPERTY_URL);
    const char *url = given && given[0] ? given : service->definition->url;
    size_t length = strlen(url);

    if (!url_is_allowed(url, url == given ? "URL" : service->definition->file, err))
        return false;
    if (url == given && strpbrk(url, "?#"))
        return error_set(err, "HY000", "URL: \"%.200s\" has a query or fragment; give the address that paths such as %s are added to",
                         url, service->definition->tables[0]->path);
    while (length && url[length - 1] == '/')
        length--;
    service->url = arena_copy(&service->arena, url, length);
    return service->url || error_memory(err);
}

/* A URL of the authorization server may be relative to the provider's. */
static bool complete_url(struct described_service *service, const char **url)
{
    if (*url && (*url)[0] == '/')
        *url = arena_printf(&service->arena, "%s%s", service->url, *url);
    return *url;
}

static bool list_tables(struct described_service *service, struct error *err)
{
    struct definition *definition = service->definition;
    const struct table **tables = arena_array(&service->arena, definition->table_count, sizeof *tables);

    if (!tables)
        return error_memory(err);
    for (size_t i = 0; i < definition->table_count; i++) {
        definition->tables[i]->table.service = &service->service;
        tables[i] = &definition->tables[i]->table;
    }
    service->service.tables = tables;
    service->service.table_count = definition->table_count;
    return true;
}

static bool open_credential(struct described_service *service, const struct properties *properties, struct cancel *cancel,
                            struct error *err)
{
    struct oauth_profile *profile = &service->definition->oauth;

    if (!service->definition->has_oauth)
        return true;
    if (!complete_url(service, &profile->authorize_url) || !complete_url(service, &profile->token_url)
        || (profile->refresh_url && !complete_url(service, &profile->refresh_url)))
        return error_memory(err);
    profile->service_url = service->url;
    return oauth_procedures_list(&service->service, &service->arena, err)
           && credential_open(profile, properties, service->http, service->log, &service->credential, err)
           && credential_connect(service->credential, cancel, err);
}

bool described_service_open(struct definition *definition, const struct properties *properties, struct log *log,
                            struct cancel *cancel, struct service **service, struct error *err)
{
    struct described_service *made = calloc(1, sizeof *made);
    const char *user = properties_text(properties, PROPERTY_USER);

    if (!made) {
        definition_close(definition);
        return error_memory(err);
    }
    made->definition = definition;
    made->log = log;
    made->page_size = properties_number(properties, PROPERTY_PAGESIZE);
    made->service = (struct service){.class = &described_class, .name = definition->name, .title = definition->title};
    if (user && user[0])
        made->service.user = arena_text(&made->arena, user);
    if (!choose_url(made, properties, err) || !list_tables(made, err) || !http_client_open(properties, log, &made->http, err)
        || !open_credential(made, properties, cancel, err)) {
        close_service(&made->service);
        return false;
    }
    *service = &made->service;
    return true;
}
