#include "providers/odata/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"

enum { LARGEST_URL = 64 << 10, LONGEST_COOKIES = 16 << 10 };

static bool wants_token(const struct http_response *response)
{
    const char *field = http_response_header(response, "X-CSRF-Token");
    return response->status == 403 && field && name_equal(field, "Required");
}

static char *replace(char *old, const char *text)
{
    if (old)
        explicit_bzero(old, strlen(old));
    free(old);
    return text ? strdup(text) : NULL;
}

/* Takes what an answer has brought. False when out of memory. */
static bool keep(struct odata_service *service, const struct http_response *response)
{
    const char *token = http_response_header(response, "X-CSRF-Token"), *cookie = NULL;
    struct buffer cookies;

    buffer_init(&cookies, LONGEST_COOKIES);
    for (size_t i = 0; (cookie = http_response_field(response, "Set-Cookie", i)); i++) {
        buffer_append_text(&cookies, cookies.length ? "; " : "");
        buffer_append(&cookies, cookie, strcspn(cookie, ";"));
        log_hide(service->log, cookie);
    }
    log_hide(service->log, token);
    pthread_mutex_lock(&service->lock);
    service->csrf_token = replace(service->csrf_token, token);
    if (cookies.length)
        service->cookies = replace(service->cookies, buffer_text(&cookies));
    bool kept = (!token || service->csrf_token) && (!cookies.length || service->cookies);
    pthread_mutex_unlock(&service->lock);
    buffer_clear(&cookies);
    return kept;
}

static bool fetch_token(struct odata_service *service, struct http_lane *lane, struct cancel *cancel, struct error *err)
{
    struct http_exchange *exchange;
    struct http_response response;
    struct buffer url;

    buffer_init(&url, LARGEST_URL);
    odata_url_begin(service, "/", &url);
    odata_url_end(service, &url);
    const struct odata_request request = {.method = "GET", .url = buffer_text(&url), .accept = "application/json,application/xml;q=0.9",
                                          .header_name = "X-CSRF-Token", .header_value = "Fetch"};
    bool done = odata_send(service, lane, &request, cancel, &exchange, err);
    if (done) {
        done = http_wait(exchange, cancel, &response, err) && (keep(service, &response) || error_memory(err));
        http_finish(exchange);
    }
    buffer_clear(&url);
    return done;
}

static bool send_once(struct odata_service *service, struct http_lane *lane, const struct odata_request *request, struct cancel *cancel,
                      struct http_exchange **exchange, struct http_response *response, struct error *err)
{
    if (!odata_send(service, lane, request, cancel, exchange, err))
        return false;
    if (http_wait(*exchange, cancel, response, err))
        return true;
    http_finish(*exchange);
    return false;
}

bool odata_session_send(struct odata_service *service, struct http_lane *lane, const struct odata_request *request, struct cancel *cancel,
                        struct http_exchange **exchange, struct http_response *response, struct error *err)
{
    if (!send_once(service, lane, request, cancel, exchange, response, err))
        return false;
    if (!wants_token(response))
        return true;
    http_finish(*exchange);
    return fetch_token(service, lane, cancel, err) && send_once(service, lane, request, cancel, exchange, response, err);
}
