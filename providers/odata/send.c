/* Requests to the service: addresses, header fields, and nothing to anybody else. */
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "http/url.h"
#include "oauth/credential.h"
#include "providers/odata/service.h"

enum { MOST_HEADERS = 48, LARGEST_URL = 64 << 10 };

/* Addresses. */

void odata_url_begin(const struct odata_service *service, const char *path, struct buffer *url)
{
    buffer_append_text(url, service->options.url);
    buffer_append_text(url, path);
}

void odata_url_option(struct buffer *url, const char *name, const char *value)
{
    buffer_append_char(url, url->data && strchr(url->data, '?') ? '&' : '?');
    buffer_printf(url, "%s=%s", name, value);
}

void odata_url_end(const struct odata_service *service, struct buffer *url)
{
    if (service->options.query)
        buffer_printf(url, "%c%s", url->data && strchr(url->data, '?') ? '&' : '?', service->options.query);
}

/* A link that a service behind a proxy has written for itself: only the scheme is not what the client sees. */
static const char *with_tls(const struct odata_service *service, const char *url, struct buffer *upgraded)
{
    if (strncasecmp(service->options.url, "https://", 8) != 0 || strncasecmp(url, "http://", 7) != 0)
        return url;
    buffer_printf(upgraded, "https%s", url + 4);
    return !upgraded->failed && url_same_origin(service->options.url, buffer_text(upgraded)) ? buffer_text(upgraded) : url;
}

/* Header fields. */

struct fields {
    struct http_header list[MOST_HEADERS];
    size_t count;
};

/* Those of the user win over the driver's. */
static void add(struct fields *fields, const struct odata_service *service, const char *name, const char *value)
{
    for (size_t i = 0; i < service->options.header_count; i++)
        if (name_equal(service->options.headers[i].name, name))
            return;
    if (value && fields->count < MOST_HEADERS)
        fields->list[fields->count++] = (struct http_header){name, value};
}

static void add_version(struct fields *fields, const struct odata_service *service, const struct odata_request *request)
{
    enum odata_version version = request->any_version ? service->options.version : service->context.version;
    bool minor = request->any_version ? service->options.minor : service->context.minor;

    if (version == ODATA_UNKNOWN || version == ODATA_V4)
        add(fields, service, "OData-MaxVersion", minor ? "4.01" : "4.0");
    if (version == ODATA_UNKNOWN || version == ODATA_V3)
        add(fields, service, "MaxDataServiceVersion", "3.0");
    if (version == ODATA_V2)
        add(fields, service, "MaxDataServiceVersion", "2.0");
    if (request->body && version == ODATA_V4)
        add(fields, service, "OData-Version", minor ? "4.01" : "4.0");
    else if (request->body)
        add(fields, service, "DataServiceVersion", version == ODATA_V3 ? "3.0" : "2.0");
}

/* What the session of changes asks for: the token against forged requests, and the cookies that came with it. */
static bool add_session(struct fields *fields, const struct odata_service *service, const struct odata_request *request, struct arena *arena)
{
    const char *token = NULL, *cookies = NULL, *own = NULL;

    for (size_t i = 0; i < service->options.header_count; i++)
        own = name_equal(service->options.headers[i].name, "Cookie") ? service->options.headers[i].value : own;
    pthread_mutex_lock((pthread_mutex_t *)&service->lock);
    bool has_token = request->changes && service->csrf_token, has_cookies = service->cookies;
    if (has_token)
        token = arena_text(arena, service->csrf_token);
    if (has_cookies)
        cookies = own ? arena_printf(arena, "%s; %s", own, service->cookies) : arena_text(arena, service->cookies);
    pthread_mutex_unlock((pthread_mutex_t *)&service->lock);
    if ((has_token && !token) || (has_cookies && !cookies))
        return false;
    add(fields, service, "X-CSRF-Token", token);
    if (cookies && fields->count < MOST_HEADERS)
        fields->list[fields->count++] = (struct http_header){"Cookie", cookies};
    for (size_t i = 0; i < service->options.header_count && fields->count < MOST_HEADERS; i++)
        if (!cookies || !name_equal(service->options.headers[i].name, "Cookie"))
            fields->list[fields->count++] = service->options.headers[i];
    return true;
}

bool odata_send(const struct odata_service *service, struct http_lane *lane, const struct odata_request *request, struct cancel *cancel,
                struct http_exchange **exchange, struct error *err)
{
    struct fields fields = {.count = 0};
    struct arena arena = {0};
    struct buffer upgraded;

    buffer_init(&upgraded, LARGEST_URL);
    const char *url = with_tls(service, request->url, &upgraded);
    if (!url_same_origin(service->options.url, url)) {
        struct buffer hidden;
        buffer_init(&hidden, 4096);
        url_print_hidden(&hidden, url);
        error_set(err, "08S01", "The service leads to %.300s, which is another server than that of URL (%.200s): it is not asked", buffer_text(&hidden),
                  service->options.url);
        buffer_clear(&hidden);
        buffer_clear(&upgraded);
        return false;
    }
    add(&fields, service, "Accept", request->accept);
    add_version(&fields, service, request);
    add(&fields, service, "Prefer", request->prefer);
    if (request->header_name)
        add(&fields, service, request->header_name, request->header_value);
    bool done = add_session(&fields, service, request, &arena) || error_memory(err);
    if (done) {
        const struct http_request sent = {
            .method = request->method, .url = url, .headers = fields.list, .header_count = fields.count,
            .content_type = request->body ? request->content_type : NULL, .body = request->body, .body_length = request->body_length,
            .signer = service->credential ? credential_signer(service->credential) : NULL,
            .no_retry = request->once, .kept_by_caller = request->kept_by_caller, .safe_to_repeat = !request->changes, .follow_redirects = !request->changes,
        };
        done = http_start(lane, &sent, cancel, exchange, err);
    }
    buffer_clear(&upgraded);
    arena_clear(&arena);
    return done;
}

const char *odata_accept_rows(const struct odata_service *service, bool exact, bool files)
{
    bool json = service->options.format != FORMAT_ATOM && !(atomic_load(&service->refused) & REFUSED_JSON);

    exact = exact && !(atomic_load(&service->refused) & REFUSED_EXACT_NUMBERS);
    if (!json)
        return "application/atom+xml,application/xml;q=0.9";
    switch (service->context.version) {
    case ODATA_V4:
        if (files)
            return exact ? "application/json;odata.metadata=full;IEEE754Compatible=true" : "application/json;odata.metadata=full";
        return exact ? "application/json;odata.metadata=minimal;IEEE754Compatible=true" : "application/json;odata.metadata=minimal";
    case ODATA_V3:
        if (files)
            return "application/json;odata=fullmetadata,application/json;odata=verbose;q=0.5,application/json;q=0.4";
        return "application/json;odata=minimalmetadata,application/json;odata=verbose;q=0.5,application/json;q=0.4";
    default:
        return "application/json";
    }
}
