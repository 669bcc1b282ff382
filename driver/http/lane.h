/* What client, lane and exchange know of each other; nobody outside driver/http/ includes this. */
#ifndef HTTP_LANE_H
#define HTTP_LANE_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "http/client.h"
#include "http/trust.h"

struct http_cache;

/* What every request of a client has in common. Written once, at opening. */
struct http_settings {
    int64_t timeout;          /* milliseconds without any progress after which a request ends; 0 = never */
    unsigned retries;
    char *user_agent;
    char *proxy;              /* "http://host:port", or NULL = as the environment says */
    bool proxy_is_local;
    char *proxy_user, *proxy_password;
    unsigned long proxy_auth; /* CURLAUTH_… */
    struct http_trust trust;
};

struct http_client {
    struct http_settings settings;
    struct log *log;
    struct http_cache *cache;
    pthread_mutex_t lock;     /* guards the two below */
    struct http_lane *idle;
    unsigned idle_count;
    pid_t process;            /* who opened it: after a fork nothing in `idle` may be used */
};

struct http_lane {
    struct http_client *client;
    CURLM *multi;
    pid_t process;
    struct http_lane *next;   /* in the idle list */
};

/* A lane of its own for this process, its connections and transfers still to come. NULL when out of memory. */
struct http_lane *http_lane_open(struct http_client *client);
void http_lane_close(struct http_lane *lane);

/* Moves all transfers of the lane on, as far as they go without waiting. */
bool http_lane_drive(struct http_lane *lane, struct error *err);

/* Waits for news of the transfers, at most so long; a cancel from another thread ends the wait at once. */
bool http_lane_pause(struct http_lane *lane, int64_t milliseconds, struct cancel *cancel, struct error *err);

/* The transfer that belongs to this easy handle has ended. */
void http_exchange_ended(struct http_exchange *exchange, CURLcode result);

/* Puts what the connection's settings and this request's target ask for on a fresh easy handle. server: NULL where the target speaks http. */
bool http_settings_apply(const struct http_settings *settings, CURL *easy, const char *url, const struct http_file_server *server, struct error *err);

/* Signs in at a server of files, and says how its key is known. */
CURLcode http_file_server_apply(const struct http_file_server *server, CURL *easy, bool ssh, bool to_loopback);

/* Logs what passes over the wire: header fields, request bodies, TLS detail. Fields that hold secrets are cut out here,
 * before the log's own redaction. confidential: bodies are not shown at all. */
void http_trace(struct log *log, curl_infotype kind, const char *data, size_t length, bool confidential);

/* Says in words what a failed transfer means.
 * url        with its secrets hidden
 * connected  whether a connection had been made
 * detail     libcurl's own words, "" when it has none */
bool http_failure(CURLcode result, bool connected, const char *url, const struct http_settings *settings, const char *detail,
                  struct error *err);

#endif
