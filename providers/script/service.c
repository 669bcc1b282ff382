#include "providers/script/service.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "http/client.h"
#include "providers/csv/service.h"
#include "providers/oauth_procedures.h"
#include "providers/script/records.h"

static bool find_script(void *context, const char *name, const struct script **script, struct error *err)
{
    const struct script_file *file = script_file_find(context, name);

    *script = file ? file->script : NULL;
    return !file || file->script || error_set(err, "HY000", "%s can not be used: %s", file->name, file->fault);
}

/* Asks for the first page of what is at URI; without one there is nothing to ask. */
static bool check(struct service *service_, struct cancel *cancel, struct error *err)
{
    struct script_service *service = (struct script_service *)service_;
    struct record_pages *pages;
    size_t rows;

    if (service->beside)
        return service->beside->class->check(service->beside, cancel, err);
    if (!service->quick_count)
        return true;
    if (!record_pages_open(service->quick[0].request, NULL, cancel, NULL, &pages, err))
        return false;
    bool done = record_pages_next(pages, &rows, err);
    record_pages_close(pages);
    return done;
}

static void close_service(struct service *service_)
{
    struct script_service *service = (struct script_service *)service_;

    if (service->beside)
        service->beside->class->close(service->beside);
    credential_close(service->credential);
    quick_tables_close(service);
    http_client_close(service->http);
    for (size_t i = 0; i < service->file_count; i++)
        script_close(service->files[i].script);
    free(service->files);
    item_clear(&service->connection);
    arena_clear(&service->arena);
    free(service);
}

static const struct service_class script_class = {
    .plan = script_plan,
    .scan_open = script_scan_open,
    .scan_next = script_scan_next,
    .scan_close = script_scan_close,
    .describe = script_describe,
    .call = script_call,
    .check = check,
    .close = close_service,
};

/* --- tables and procedures --- */

static bool is_shown(const struct script_service *service, const char *name)
{
    const char *shown = properties_text(service->properties, PROPERTY_TABLES);

    if (!shown || !*shown)
        return true;
    for (const char *word = shown; *word;) {
        word += strspn(word, ", ");
        size_t length = strcspn(word, ",");
        if (name_equal_length(word, length, name))
            return true;
        word += length;
    }
    return false;
}

static bool make_table(struct script_service *service, const struct script_file *file, const struct table **table, struct error *err)
{
    struct script_table *made = arena_alloc(&service->arena, sizeof *made);

    if (!made)
        return error_memory(err);
    if (file->script) {
        if (!info_table(file->script, file->name, properties_text(service->properties, PROPERTY_PSEUDO_COLUMNS), &service->arena, made, err))
            return false;
    } else {
        made->table = (struct table){.name = file->name, .description = "", .kind = TABLE_TABLE, .fault = file->fault, .definition = made};
    }
    made->table.service = &service->service;
    *table = &made->table;
    return true;
}

static int tables_by_name(const void *a, const void *b)
{
    const struct table *const *left = a, *const *right = b;
    return strcasecmp((*left)->name, (*right)->name);
}

/* The files at URI, but for those whose names are scripts'. */
static void add_files(const struct script_service *service, const struct table **tables, size_t *count)
{
    size_t scripts = *count;

    for (size_t i = 0; i < service->beside->table_count; i++) {
        const struct table *table = service->beside->tables[i];
        bool taken = false;
        for (size_t j = 0; j < scripts && !taken; j++)
            taken = name_equal(tables[j]->name, table->name);
        if (!taken)
            tables[(*count)++] = table;
    }
}

/* A script of the name of a table at URI takes its place. */
static bool list_tables(struct script_service *service, struct error *err)
{
    size_t beside = service->beside ? service->beside->table_count : 0;
    const struct table **tables = arena_array(&service->arena, service->file_count + beside + service->quick_count + 2, sizeof *tables);
    size_t count = 0;

    if (!tables)
        return error_memory(err);
    for (size_t i = 0; i < service->file_count; i++) {
        const struct script_file *file = &service->files[i];
        if (!file->table || !is_shown(service, file->name))
            continue;
        if (!make_table(service, file, &tables[count++], err))
            return false;
    }
    size_t scripts = count;
    for (size_t i = 0; i < service->quick_count; i++) {
        const struct table *quick = &service->quick[i].table;
        bool taken = !is_shown(service, quick->name);
        for (size_t j = 0; j < scripts && !taken; j++)
            taken = name_equal(tables[j]->name, quick->name);
        if (!taken)
            tables[count++] = quick;
    }
    if (service->beside)
        add_files(service, tables, &count);
    if (count)
        qsort((void *)tables, count, sizeof *tables, tables_by_name);
    service->service.tables = tables;
    service->service.table_count = count;
    return true;
}

static bool make_procedure(struct script_service *service, const struct script_file *file, const struct procedure **procedure, struct error *err)
{
    struct script_procedure *made = arena_alloc(&service->arena, sizeof *made);

    if (!made)
        return error_memory(err);
    if (file->script) {
        if (!info_procedure(file->script, file->name, &service->arena, made, err))
            return false;
    } else {
        made->fault = file->fault;
        made->procedure = (struct procedure){.name = file->name, .description = "", .definition = made};
    }
    made->procedure.service = &service->service;
    *procedure = &made->procedure;
    return true;
}

static int procedures_by_name(const void *a, const void *b)
{
    const struct procedure *const *left = a, *const *right = b;
    return strcasecmp((*left)->name, (*right)->name);
}

static bool copy_create_schema(struct script_service *service, const struct procedure **procedure, struct error *err)
{
    struct procedure *made = arena_alloc(&service->arena, sizeof *made);

    if (!made)
        return error_memory(err);
    *made = service->csv ? create_schema_of_files : create_schema;
    made->service = &service->service;
    *procedure = made;
    return true;
}

/* The folder's own, and of OAuth's and CreateSchema those that it has not. */
static bool list_procedures(struct script_service *service, struct error *err)
{
    size_t given = service->service.procedure_count, count = 0;
    const struct procedure **procedures = arena_array(&service->arena, given + service->file_count + 2, sizeof *procedures);

    if (!procedures)
        return error_memory(err);
    for (size_t i = 0; i < service->file_count; i++)
        if (!service->files[i].table && !make_procedure(service, &service->files[i], &procedures[count++], err))
            return false;
    size_t own = count;
    for (size_t i = 0; i <= given; i++) {
        const char *name = i < given ? service->service.procedures[i]->name : create_schema.name;
        bool taken = false;
        for (size_t j = 0; j < own && !taken; j++)
            taken = name_equal(procedures[j]->name, name);
        if (taken)
            continue;
        if (i < given)
            procedures[count++] = service->service.procedures[i];
        else if (!copy_create_schema(service, &procedures[count++], err))
            return false;
    }
    qsort((void *)procedures, count, sizeof *procedures, procedures_by_name);
    service->service.procedures = procedures;
    service->service.procedure_count = count;
    return true;
}

/* --- opening --- */

/* What a script of OAuth says of the service. */
static const char *told(const struct script_service *service, const char *attribute)
{
    static const char *const names[] = {"GetOAuthAccessToken.rsb", "GetOAuthAuthorizationURL.rsb", "RefreshOAuthAccessToken.rsb"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct script_file *file = script_file_find(service, names[i]);
        const char *setting = file && file->script ? info_setting(file->script, attribute) : NULL;
        if (setting && *setting)
            return setting;
    }
    return NULL;
}

/* The folder's scripts sign in with OAuth 1.0 unless they say otherwise, as the operation does. */
static const char *versions_of(const struct script_service *service)
{
    const char *version = told(service, "OAuthVersion");

    if (!service->hooks.get)
        return "2.0 1.0";
    return version && version[0] == '2' ? "2.0 1.0" : "1.0 2.0";
}

static bool open_credential(struct script_service *service, const struct properties *properties, struct cancel *cancel, struct error *err)
{
    const char *user = properties_text(properties, PROPERTY_USER), *scheme = properties_text(properties, PROPERTY_AUTH_SCHEME);
    const char *token = properties_text(properties, PROPERTY_OAUTH_ACCESS_TOKEN);

    script_login_hooks(service, &service->hooks);
    bool hooked = service->hooks.get || service->hooks.refresh || service->hooks.ask;
    bool oauth = hooked || (token && *token) || !properties_choice(properties, PROPERTY_INITIATE_OAUTH, "OFF");
    const struct oauth_profile profile = {
        .provider = service->service.name,
        .client_id = told(service, "OAuthClientId"),
        .client_secret = told(service, "OAuthClientSecret"),
        .schemes = oauth ? SCRIPT_SCHEMES_OF_OAUTH : user && user[0] ? SCRIPT_SCHEMES_OF_USER : SCRIPT_SCHEMES,
        .versions = versions_of(service),
        .grants = "CODE CLIENT PASSWORD DEVICE JWT",
        .authorize_url = told(service, "OAuthAuthorizationURL"),
        .token_url = told(service, "OAuthAccessTokenURL"),
        .refresh_url = told(service, "OAuthRefreshTokenURL"),
        .request_token_url = told(service, "OAuthRequestTokenURL"),
        .sign_method = told(service, "SignMethod"),
        .pkce = true,
        .hooks = hooked ? &service->hooks : NULL,
        .service_url = service->home,
    };
    if (!oauth_procedures_list(&service->service, &service->arena, err)
        || !credential_open(&profile, properties, service->http, service->log, &service->credential, err))
        return false;
    service->world.credential = service->credential;
    service->world.signs = (scheme && *scheme) || (user && *user) || (token && *token) || !properties_choice(properties, PROPERTY_INITIATE_OAUTH, "OFF");
    return credential_connect(service->credential, cancel, err);
}

/* Without a token, where getting one is the next thing to do, there are no tables yet, but the procedures by which one is got. */
static bool may_come_later(const struct script_service *service, const struct error *err)
{
    return strcmp(err->sqlstate, "28000") == 0 && properties_choice(service->properties, PROPERTY_INITIATE_OAUTH, "OFF")
           && (service->hooks.get || properties_text(service->properties, PROPERTY_AUTH_SCHEME));
}

/* Paths that no list has lead to files, too. */
static bool open_files(struct script_service *service, struct cancel *cancel, struct error *err)
{
    const char *scheme = properties_text(service->properties, PROPERTY_AUTH_SCHEME);
    const struct csv_access access = {service->http, service->credential, service->world.signs && !(scheme && name_equal(scheme, "None"))};

    if (!csv_service_open_beside(service->properties, service->log, &access, cancel, &service->beside, err))
        return false;
    service->service.finder = service->beside->finder;
    return true;
}

static bool open_uri(struct script_service *service, struct cancel *cancel, struct error *err)
{
    const char *uri = properties_text(service->properties, PROPERTY_URI);

    if (service->csv ? open_files(service, cancel, err) : !uri || !*uri || quick_tables_open(service, uri, cancel, err))
        return true;
    quick_tables_close(service);
    if (!may_come_later(service, err))
        return false;
    log_write(service->log, LOG_QUERY, "provider", "URI has no table yet: %s", err->message);
    *err = (struct error){0};
    return true;
}

static bool open_service(struct script_service *service, struct cancel *cancel, struct error *err)
{
    const struct properties *properties = service->properties;
    const char *user = properties_text(properties, PROPERTY_USER), *location = properties_text(properties, PROPERTY_LOCATION);
    const char *uri = properties_text(properties, PROPERTY_URI);

    if ((!location || !*location) && !uri)
        return error_set(err, "HY000", "Provider=%s shows what is at an address, or a folder of scripts: set URI or Location", service->service.name);
    if (user && user[0])
        service->service.user = arena_text(&service->arena, user);
    service->world = (struct script_world){
        .provider = service->service.name, .properties = properties, .log = service->log, .connection = &service->connection,
        .timeout = properties_number(properties, PROPERTY_TIMEOUT), .location = location, .uri = service->csv && (!uri || !*uri) ? "." : uri,
        .find = find_script, .context = service,
    };
    service->home = service->csv && uri && strncasecmp(uri, "http", 4) == 0 && csv_is_remote(uri) ? uri : NULL;
    if (!world_connection(&service->connection, properties, err) || !http_client_open(properties, service->log, &service->http, err))
        return false;
    service->world.http = service->http;
    return (!location || !*location || script_files_read(service, location, err)) && open_credential(service, properties, cancel, err)
           && open_uri(service, cancel, err) && list_tables(service, err) && list_procedures(service, err);
}

static bool open_any(const char *name, const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service,
                     struct error *err)
{
    struct script_service *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    made->xml = name_equal(name, "XML");
    made->csv = name_equal(name, "CSV");
    made->properties = properties;
    made->log = log;
    made->service = (struct service){.class = &script_class, .name = name, .title = name};
    item_init(&made->connection, NULL);
    if (!open_service(made, cancel, err)) {
        close_service(&made->service);
        return false;
    }
    log_write(log, LOG_HEADER, "provider", "%s, %zu scripts, %zu tables", name, made->file_count, made->service.table_count);
    *service = &made->service;
    return true;
}

bool json_service_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err)
{
    return open_any("JSON", properties, log, cancel, service, err);
}

bool xml_service_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err)
{
    return open_any("XML", properties, log, cancel, service, err);
}

bool csv_and_scripts_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err)
{
    const char *location = properties_text(properties, PROPERTY_LOCATION);

    return location && *location ? open_any("CSV", properties, log, cancel, service, err) : csv_service_open(properties, log, cancel, service, err);
}
