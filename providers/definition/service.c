#include "providers/definition/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/property.h"
#include "http/url.h"
#include "providers/definition/custom.h"
#include "providers/definition/definition.h"
#include "providers/definition/failure.h"
#include "providers/definition/lookup.h"
#include "providers/definition/plan.h"
#include "providers/definition/shelf.h"
#include "providers/oauth_procedures.h"

enum { LONGEST_HEADER = 4096, LONGEST_URL = 4096 };

static bool plan(const struct table *table, struct plan *plan_, struct error *err)
{
    struct described_service *service = (struct described_service *)table->service;

    if (table->fault)
        return error_set(err, "HY000", "Table %s can not be used: %s", table->name, table->fault);
    return definition_plan(table, &service->variables, plan_, err);
}

static bool call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result,
                 struct cancel *cancel, struct error *err)
{
    const struct described_service *service = (const struct described_service *)procedure->service;

    return procedure->definition ? described_call(procedure, inputs, result, cancel, err)
                                 : oauth_procedure_call(service->credential, procedure, inputs, result, cancel, err);
}

static bool describe(const struct scan_request *request, const char *const *names, struct arena *arena, struct scan_description *description,
                     struct error *err)
{
    const struct described_service *service = (const struct described_service *)request->table->service;
    return requests_describe(&service->context, request, names, arena, description, err);
}

/* The table that the definition names for seeing whether the service answers, else the first that can be read without a condition. */
static const struct table *table_to_check(const struct described_service *service)
{
    const struct definition *definition = service->definition;
    struct error unused = {0};

    if (definition->check)
        return &definition_table(definition, definition->check)->table;
    for (size_t i = 0; i < definition->table_count; i++) {
        struct plan none = {0};
        if (!definition->tables[i]->table.fault && plan(&definition->tables[i]->table, &none, &unused))
            return &definition->tables[i]->table;
    }
    return NULL;
}

/* Reads a first row. */
static bool check(struct service *service_, struct cancel *cancel, struct error *err)
{
    const struct table *table = table_to_check((struct described_service *)service_);
    struct scan *scan;
    struct batch batch;

    if (!table)
        return true;
    if (table->fault)
        return error_set(err, "HY000", "Table %s can not be used: %s", table->name, table->fault);
    bool *wanted = calloc(table->column_count + 1, sizeof *wanted);
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
    variables_close(&service->variables);
    pthread_mutex_destroy(&service->variables.lock);
    flights_close(&service->flights);
    existing_close(&service->existing);
    if (service->definition->altered)
        definition_close(service->definition);
    else
        shelf_keep(service->definition);
    arena_clear(&service->arena);
    free(service);
}

/* variable_token */
static bool token_member(void *context, const char *name, struct buffer *out)
{
    const struct described_service *service = context;
    return service->credential && credential_told(service->credential, name, out);
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

/* Requests. */

/* What all requests to the service carry. */
static bool add_headers(const struct described_service *service, struct http_header *headers, size_t *count, struct arena *arena,
                        struct cancel *cancel, struct error *err)
{
    struct variables *variables = (struct variables *)&service->variables;
    struct buffer text;

    headers[(*count)++] = (struct http_header){"Accept", "application/json"};
    for (size_t i = 0; i < service->definition->header_count; i++) {
        const struct definition_header *header = &service->definition->headers[i];
        if (service->agent_given && name_equal(header->name, "User-Agent"))
            continue;
        buffer_init(&text, LONGEST_HEADER);
        bool done = variables_fill(variables, &header->value, cancel, &text, err);
        const char *value = done ? arena_text(arena, buffer_text(&text)) : NULL;
        buffer_clear(&text);
        if (!value)
            return done ? error_memory(err) : false;
        headers[(*count)++] = (struct http_header){header->name, value};
    }
    return true;
}

bool described_send(const struct described_service *service, struct http_lane *lane, const struct described_request *request,
                    struct cancel *cancel, struct http_exchange **exchange, struct error *err)
{
    struct arena arena = {0};
    struct http_header *headers = arena_array(&arena, 1 + service->definition->header_count + request->header_count, sizeof *headers);
    size_t count = 0;

    bool done = (headers || error_memory(err)) && add_headers(service, headers, &count, &arena, cancel, err);
    for (size_t i = 0; done && i < request->header_count; i++)
        headers[count++] = request->headers[i];
    if (done && request->own_url && service->credential)
        done = credential_allow(service->credential, request->url, err);
    if (done) {
        const struct http_request sent = {
            .method = request->method,
            .url = request->url,
            .headers = headers,
            .header_count = count,
            .content_type = request->content_type,
            .body = request->content_type ? request->body : NULL,
            .body_length = request->body_length,
            .signer = service->credential ? credential_signer(service->credential) : NULL,
            .safe_to_repeat = !request->changes,
            .judge = failure_judge,
            .judge_context = service->definition,
            .follow_redirects = true,
        };
        done = http_start(lane, &sent, cancel, exchange, err);
    }
    arena_clear(&arena);
    return done;
}

/* Opening. */

static bool choose_url(struct described_service *service, const struct properties *properties, struct error *err)
{
    const char *given = properties_text(properties, PROPERTY_URL);

    if (!given || !given[0])
        return true;
    size_t length = strlen(given);
    if (!url_is_allowed(given, "URL", err))
        return false;
    if (strpbrk(given, "?#"))
        return error_set(err, "HY000", "URL: \"%.200s\" has a query or fragment; give the address that the paths of %s are added to",
                         given, service->definition->name);
    while (length && given[length - 1] == '/')
        length--;
    service->context.url = arena_copy(&service->arena, given, length);
    return service->context.url || error_memory(err);
}

/* The service's address as far as it is known without asking anybody; NULL when it is not. */
static const char *known_url(struct described_service *service)
{
    return service->context.url ? service->context.url
                                : variables_known_text(&service->variables, &service->definition->url, &service->arena);
}

/* A URL of the authorization server may be relative to the provider's. */
static bool complete_url(struct described_service *service, const struct template *template, const char **url, struct error *err)
{
    struct buffer text;

    *url = NULL;
    if (!template->source)
        return true;
    buffer_init(&text, LONGEST_URL);
    const char *base = template->source[0] != '/' ? "" : service->context.url ? service->context.url
                       : variables_standard_text(&service->variables, &service->definition->url, &service->arena);
    if (!base)
        return error_set(err, "HY000", "%s is added to the address %s of %s, which is not known before one has signed in", template->source,
                         service->definition->url.source, service->definition->name);
    buffer_append_text(&text, base);
    bool done = variables_fill(&service->variables, template, NULL, &text, err);
    if (done && !(*url = arena_text(&service->arena, buffer_text(&text))))
        done = error_memory(err);
    buffer_clear(&text);
    return done;
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

static int by_name(const void *a, const void *b)
{
    const struct procedure *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

/* The definition's own procedures, beside those of OAuth. */
static bool list_procedures(struct described_service *service, struct error *err)
{
    struct definition *definition = service->definition;
    size_t given = service->service.procedure_count, count = given + definition->procedure_count;
    const struct procedure **procedures = arena_array(&service->arena, count, sizeof *procedures);

    if (!procedures)
        return error_memory(err);
    for (size_t i = 0; i < given; i++)
        procedures[i] = service->service.procedures[i];
    for (size_t i = 0; i < definition->procedure_count; i++) {
        definition->procedures[i]->procedure.service = &service->service;
        procedures[given + i] = &definition->procedures[i]->procedure;
    }
    if (count)
        qsort((void *)procedures, count, sizeof *procedures, by_name);
    service->service.procedures = procedures;
    service->service.procedure_count = count;
    return true;
}

static bool open_credential(struct described_service *service, const struct properties *properties, struct cancel *cancel,
                            struct error *err)
{
    const struct definition *definition = service->definition;
    struct oauth_profile *profile = &service->profile;

    *profile = definition->oauth;
    if (!definition->has_oauth)
        return true;
    if (!complete_url(service, &definition->issuer, &profile->issuer, err)
        || !complete_url(service, &definition->request_token, &profile->request_token_url, err)
        || !complete_url(service, &definition->authorize, &profile->authorize_url, err)
        || !complete_url(service, &definition->token, &profile->token_url, err)
        || !complete_url(service, &definition->refresh, &profile->refresh_url, err)
        || !complete_url(service, &definition->device, &profile->device_url, err)
        || !complete_url(service, &definition->revoke, &profile->revoke_url, err))
        return false;
    profile->service_url = known_url(service);
    if (name_among(profile->schemes, "OAuth") && !oauth_procedures_list(&service->service, &service->arena, err))
        return false;
    return credential_open(profile, properties, service->http, service->log, &service->credential, err)
           && credential_connect(service->credential, cancel, err);
}

static bool open_columns(struct described_service *service, const struct properties *properties, struct cancel *cancel, struct error *err)
{
    const char *listed = properties_text(properties, PROPERTY_PSEUDO_COLUMNS);
    bool custom = properties_flag(properties, PROPERTY_INCLUDE_CUSTOM_FIELDS);

    service->definition->altered = custom || listed;
    return (!custom || custom_fields_add(service, cancel, err))
           && (!listed || pseudo_columns_list(service, listed, err));
}

/* What the properties say of it, without asking anybody. */
static void set_up(struct described_service *service, const struct properties *properties)
{
    const struct definition *definition = service->definition;
    const char *user = properties_text(properties, PROPERTY_USER), *agent = properties->values[PROPERTY_USER_AGENT];

    service->concurrent = properties_number(properties, PROPERTY_MAX_CONCURRENT_REQUESTS);
    if (definition->limit_concurrent && definition->limit_concurrent < service->concurrent)
        service->concurrent = definition->limit_concurrent;
    service->agent_given = agent && agent[0];
    service->context = (struct request_context){.definition = definition, .page_size = properties_number(properties, PROPERTY_PAGESIZE),
                                                .variables = &service->variables};
    service->service = (struct service){.class = &described_class, .name = definition->name, .title = definition->title};
    service->variables.look_up = lookup_variable;
    service->variables.token = token_member;
    service->variables.context = service;
    if (user && user[0])
        service->service.user = arena_text(&service->arena, user);
}

bool described_service_open(struct definition *definition, const struct properties *properties, struct log *log,
                            struct cancel *cancel, struct service **service, struct error *err)
{
    struct described_service *made = calloc(1, sizeof *made);

    if (!made || pthread_mutex_init(&made->variables.lock, NULL) != 0) {
        free(made);
        definition_close(definition);
        return error_memory(err);
    }
    bool flights = flights_open(&made->flights, err);
    if (!flights || !existing_open(&made->existing, err)) {
        if (flights)
            flights_close(&made->flights);
        pthread_mutex_destroy(&made->variables.lock);
        free(made);
        definition_close(definition);
        return false;
    }
    made->definition = definition;
    made->log = log;
    set_up(made, properties);
    if (!variables_open(&made->variables, definition, properties, err) || !choose_url(made, properties, err)
        || !http_client_open(properties, log, &made->http, err) || !list_tables(made, err)
        || !open_credential(made, properties, cancel, err) || !list_procedures(made, err) || !open_columns(made, properties, cancel, err)) {
        close_service(&made->service);
        return false;
    }
    *service = &made->service;
    return true;
}
