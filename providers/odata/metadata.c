/* The service's metadata: asked for at connect, or taken from a file in which it was kept. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "base/space.h"
#include "http/client.h"
#include "oauth/private_file.h"
#include "providers/odata/failure.h"
#include "providers/odata/service.h"

enum { LARGEST_METADATA = 256 << 20, LARGEST_URL = 64 << 10, LONGEST_FIELD = 1000 };

static const char first_line[] = "restodbc metadata 1\n";

/* What is kept in a file: a head of lines "name: value", an empty line, the document. */
struct kept {
    char path[1024];                 /* "" when nothing is kept */
    bool found, fresh;               /* fresh: it is used without asking */
    char etag[LONGEST_FIELD], modified[LONGEST_FIELD];
    enum odata_version told;         /* what the service said that it answered in */
    struct buffer text;
    const char *document;            /* in the text */
    size_t length;
};

/* Where it is kept. */

static uint64_t hash(uint64_t start, const char *text)
{
    for (; text && *text; text++)
        start = (start ^ (unsigned char)*text) * 1099511628211u;
    return (start ^ 1) * 1099511628211u;
}

/* What one user may see of a service is not for another. */
static void find_path(const struct odata_service *service, const struct properties *properties, struct kept *kept)
{
    const char *folder = properties_text(properties, PROPERTY_CACHE_LOCATION), *home = getenv("HOME"), *cache = getenv("XDG_CACHE_HOME");
    const char *user = properties_text(properties, PROPERTY_USER);
    char own[900];

    if (!properties_flag(properties, PROPERTY_CACHE_METADATA))
        return;
    if (!folder || !folder[0]) {
        if (cache && cache[0] == '/')
            snprintf(own, sizeof own, "%s/restodbc", cache);
        else if (home && home[0] == '/')
            snprintf(own, sizeof own, "%s/.cache/restodbc", home);
        else
            return;
        folder = own;
    }
    uint64_t name = hash(hash(hash(14695981039346656037u, service->options.url), service->options.query), user);
    for (size_t i = 0; i < service->options.header_count; i++)
        name = hash(name, service->options.headers[i].value);
    int written = snprintf(kept->path, sizeof kept->path, "%s/%016llx.metadata", folder, (unsigned long long)name);
    if (written < 0 || (size_t)written >= sizeof kept->path)
        kept->path[0] = '\0';
}

static bool read_line(const char **at, const char *name, char out[LONGEST_FIELD])
{
    size_t length = strcspn(*at, "\n"), own = strlen(name);

    if (strncmp(*at, name, own) != 0 || (*at)[length] != '\n' || length - own >= LONGEST_FIELD)
        return false;
    memcpy(out, *at + own, length - own);
    out[length - own] = '\0';
    *at += length + 1;
    return true;
}

/* A file that can not be read is none: the service is asked. */
static void read_kept(struct odata_service *service, const struct properties *properties, struct kept *kept)
{
    struct error err = {0};
    struct stat status;
    char url[LONGEST_FIELD], version[LONGEST_FIELD];
    bool found = false;

    if (!kept->path[0])
        return;
    if (!private_file_read(kept->path, &kept->text, &found, &err)) {
        log_write(service->log, LOG_REQUEST, "provider", "the metadata that is kept is not used: %s", err.message);
        return;
    }
    const char *at = buffer_text(&kept->text);
    if (!found || strncmp(at, first_line, sizeof first_line - 1) != 0)
        return;
    at += sizeof first_line - 1;
    if (!read_line(&at, "url: ", url) || strcmp(url, service->options.url) != 0 || !read_line(&at, "etag: ", kept->etag)
        || !read_line(&at, "modified: ", kept->modified) || !read_line(&at, "version: ", version) || *at++ != '\n')
        return;
    kept->told = atoi(version) == 4 ? ODATA_V4 : atoi(version) == 3 ? ODATA_V3 : ODATA_UNKNOWN;
    kept->document = at;
    kept->length = kept->text.length - (size_t)(at - kept->text.data);
    kept->found = true;
    time_t now = time(NULL);
    if (stat(kept->path, &status) == 0)
        kept->fresh = status.st_mtime <= now && now - status.st_mtime < properties_number(properties, PROPERTY_CACHE_TOLERANCE);
}

static const char *field(const struct http_response *response, const char *name)
{
    const char *value = http_response_header(response, name);
    return value && strlen(value) < LONGEST_FIELD && !strchr(value, '\n') ? value : "";
}

/* Keeping it is a convenience: when that fails, the connection is none the worse. */
static void keep(const struct odata_service *service, const struct kept *kept, const struct http_response *response)
{
    struct buffer text;
    struct error err = {0};

    if (!kept->path[0])
        return;
    buffer_init(&text, LARGEST_METADATA);
    buffer_printf(&text, "%surl: %s\netag: %s\nmodified: %s\nversion: %d\n\n", first_line, service->options.url, field(response, "ETag"),
                  field(response, "Last-Modified"), kept->told == ODATA_V4 ? 4 : kept->told == ODATA_V3 ? 3 : 0);
    buffer_append(&text, response->body, response->body_length);
    if (!text.failed && (!private_file_make_folders(kept->path, &err) || !private_file_replace(kept->path, text.data, text.length, &err)))
        log_write(service->log, LOG_QUERY, "provider", "the metadata can not be kept: %s", err.message);
    buffer_clear(&text);
}

/* Asking. */

static bool is_service_document(const struct http_response *response)
{
    const char *start = space_skip_lead(response->body, response->body_length);

    return (start[0] == '{' && (strstr(start, "EntitySets") || strstr(start, "\"value\"")))
           || (start[0] == '<' && strstr(start, "collection") && strstr(start, "workspace"));
}

/* What stands at the root, for the message. */
static bool has_root(struct odata_service *service, struct http_lane *lane, struct cancel *cancel)
{
    struct http_exchange *exchange;
    struct http_response response;
    struct error unused = {0};
    struct buffer url;
    bool found = false;

    buffer_init(&url, LARGEST_URL);
    odata_url_begin(service, "/", &url);
    odata_url_end(service, &url);
    const struct odata_request request = {.method = "GET", .url = buffer_text(&url), .accept = "application/json,application/xml;q=0.9", .any_version = true};
    if (odata_send(service, lane, &request, cancel, &exchange, &unused)) {
        if (http_wait(exchange, cancel, &response, &unused))
            found = response.status == 200 && is_service_document(&response);
        http_finish(exchange);
    }
    buffer_clear(&url);
    return found;
}

static bool tell_failure(struct odata_service *service, struct http_lane *lane, const struct http_response *response, struct cancel *cancel,
                         struct error *err)
{
    if (response->status == 404 || response->status == 405 || response->status == 410)
        return error_set(err, "HY000", has_root(service, lane, cancel)
                         ? "URL: %.300s is the root of an OData service that has no $metadata, by which alone its tables are known"
                         : "URL: %.300s is no OData service: it has no $metadata. Give the address of the service's root", service->options.url);
    return odata_failure_set("Service", service->options.url, response, err);
}

static bool ask(struct odata_service *service, struct http_lane *lane, const struct kept *kept, const char *format, struct cancel *cancel,
                struct http_exchange **exchange, struct http_response *response, struct error *err)
{
    struct buffer url;

    buffer_init(&url, LARGEST_URL);
    odata_url_begin(service, "/$metadata", &url);
    if (format)
        odata_url_option(&url, "$format", format);
    odata_url_end(service, &url);
    const struct odata_request request = {
        .method = "GET", .url = buffer_text(&url), .accept = "application/xml", .any_version = true, .kept_by_caller = kept->path[0] != '\0',
        .header_name = kept->etag[0] ? "If-None-Match" : kept->modified[0] ? "If-Modified-Since" : NULL,
        .header_value = kept->etag[0] ? kept->etag : kept->modified,
    };
    bool done = odata_send(service, lane, &request, cancel, exchange, err);
    if (done && !http_wait(*exchange, cancel, response, err)) {
        http_finish(*exchange);
        *exchange = NULL;
        done = false;
    }
    buffer_clear(&url);
    return done;
}

/* "3.0;": what the service says it has answered in, where the document itself says less. */
static enum odata_version told_version(const struct http_response *response)
{
    const char *new = http_response_header(response, "OData-Version"), *old = http_response_header(response, "DataServiceVersion");

    return new && atoi(new) >= 4 ? ODATA_V4 : old && atoi(old) == 3 ? ODATA_V3 : ODATA_UNKNOWN;
}

static bool read_document(struct odata_service *service, const char *document, size_t length, enum odata_version told, struct error *err)
{
    if (model_read(document, length, &service->model, err)) {
        if (told > service->model->version)
            service->model->version = told;
        return true;
    }
    return strcmp(err->sqlstate, "HY001") == 0 ? false
           : error_prefix(err, "URL: %.300s is no OData service that the driver can read (at $metadata): ", service->options.url);
}

static bool is_json(const struct http_response *response)
{
    const char *start = space_skip_lead(response->body, response->body_length);
    return start[0] == '{';
}

static bool take_answer(struct odata_service *service, struct http_lane *lane, struct kept *kept, struct http_exchange **exchange,
                        struct http_response *response, struct cancel *cancel, struct error *err)
{
    const struct kept none = {0};
    struct error unread = {0};
    bool again = response->status == 200 && is_json(response); /* V4 has it as JSON as well */

    if (response->status == 304 && kept->found) {
        utimensat(AT_FDCWD, kept->path, NULL, 0); /* it holds on from now */
        if (read_document(service, kept->document, kept->length, kept->told, &unread))
            return true;
        again = true; /* the file is damaged */
    }
    if (again) {
        const char *format = response->status == 200 ? "xml" : NULL;
        http_finish(*exchange);
        *exchange = NULL;
        if (!ask(service, lane, &none, format, cancel, exchange, response, err))
            return false;
    }
    if (response->status != 200)
        return tell_failure(service, lane, response, cancel, err);
    kept->told = told_version(response);
    if (!read_document(service, response->body, response->body_length, kept->told, err))
        return false;
    keep(service, kept, response);
    return true;
}

bool odata_metadata_load(struct odata_service *service, const struct properties *properties, struct cancel *cancel, struct error *err)
{
    struct kept kept = {0};
    struct http_lane *lane;
    struct http_exchange *exchange = NULL;
    struct http_response response;
    struct error unread = {0};

    buffer_init(&kept.text, LARGEST_METADATA);
    find_path(service, properties, &kept);
    read_kept(service, properties, &kept);
    if (kept.found && kept.fresh && read_document(service, kept.document, kept.length, kept.told, &unread)) {
        log_write(service->log, LOG_REQUEST, "provider", "metadata: kept in %s", kept.path);
        buffer_clear(&kept.text);
        return true;
    }
    if (!kept.found || unread.sqlstate[0])
        kept.etag[0] = kept.modified[0] = '\0';
    bool done = http_lane_borrow(service->http, &lane, err);
    if (done) {
        done = ask(service, lane, &kept, NULL, cancel, &exchange, &response, err)
               && take_answer(service, lane, &kept, &exchange, &response, cancel, err);
        if (exchange)
            http_finish(exchange);
        http_lane_return(lane);
    }
    buffer_clear(&kept.text);
    return done;
}
