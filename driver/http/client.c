/* The client of one ODBC connection: its settings, taken from the properties, and its pool of warm lanes. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "http/cache.h"
#include "http/lane.h"
#include "http/url.h"

enum { IDLE_LANES = 8 /* more than this many are closed when given back */ };

static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static CURLcode library_state;

/* libcurl wants this once a process; pthread_once makes it safe whichever connection comes first. */
static void start_library(void)
{
    library_state = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

static void settings_clear(struct http_settings *settings)
{
    free(settings->user_agent);
    free(settings->proxy);
    free(settings->proxy_user);
    wipe(settings->proxy_password);
    free(settings->ca_file);
    free(settings->pinned_key);
}

static bool copy_property(const struct properties *properties, enum property property, char **out, struct error *err)
{
    const char *text = properties_text(properties, property);
    if (!text || !*text)
        return true;
    *out = strdup(text);
    return *out ? true : error_memory(err);
}

static bool read_proxy(const struct properties *properties, struct http_settings *settings, struct error *err)
{
    const char *server = properties_text(properties, PROPERTY_PROXY_SERVER);
    if (!server || !*server)
        return true;

    struct buffer text;
    buffer_init(&text, 4096);
    if (!strstr(server, "://"))
        buffer_append_text(&text, "http://");
    buffer_append_text(&text, server);
    long port = properties_number(properties, PROPERTY_PROXY_PORT);
    if (port > 0)
        buffer_printf(&text, ":%ld", port);
    if (text.failed) {
        buffer_clear(&text);
        return error_memory(err);
    }
    settings->proxy = text.data;

    /* A scheme that is a proxy's alone (socks5h) is no part of a URL that can be asked. */
    static const char http[] = "http";
    struct buffer usual;
    struct url url;
    buffer_init(&usual, 4096);
    bool socks = strncasecmp(settings->proxy, "socks", 5) == 0;
    bool parsed = (buffer_printf(&usual, "%s%s", socks ? http : "", socks ? strstr(settings->proxy, "://") : settings->proxy) || error_memory(err)) &&
                  url_parse(usual.data, "ProxyServer", &url, err);
    buffer_clear(&usual);
    if (!parsed)
        return false;
    settings->proxy_is_local = url_is_loopback(&url);
    url_clear(&url);
    return copy_property(properties, PROPERTY_PROXY_USER, &settings->proxy_user, err) &&
           copy_property(properties, PROPERTY_PROXY_PASSWORD, &settings->proxy_password, err);
}

static bool read_certificate(const struct properties *properties, struct http_settings *settings, struct error *err)
{
    const char *certificate = properties_text(properties, PROPERTY_SSL_SERVER_CERT);
    if (!certificate || !*certificate)
        return true;
    if (strncmp(certificate, "sha256//", 8) == 0)
        return copy_property(properties, PROPERTY_SSL_SERVER_CERT, &settings->pinned_key, err);
    if (access(certificate, R_OK) != 0)
        return error_set(err, "HY000",
                         "SSLServerCert: the file \"%s\" can not be read; give the path of a PEM file, or sha256//… of a public key",
                         certificate);
    return copy_property(properties, PROPERTY_SSL_SERVER_CERT, &settings->ca_file, err);
}

static bool read_settings(const struct properties *properties, struct http_settings *settings, struct error *err)
{
    settings->timeout = (int64_t)properties_number(properties, PROPERTY_TIMEOUT) * 1000;
    settings->retries = (unsigned)properties_number(properties, PROPERTY_RETRY_MAX);
    return copy_property(properties, PROPERTY_USER_AGENT, &settings->user_agent, err) &&
           read_proxy(properties, settings, err) && read_certificate(properties, settings, err);
}

bool http_client_open(const struct properties *properties, struct log *log, struct http_client **client, struct error *err)
{
    pthread_once(&library_once, start_library);
    if (library_state != CURLE_OK)
        return error_set(err, "HY000", "libcurl can not be started: %s", curl_easy_strerror(library_state));

    struct http_client *made = calloc(1, sizeof *made);
    if (!made)
        return error_memory(err);
    bool good = read_settings(properties, &made->settings, err);
    made->cache = good ? cache_open(properties_text(properties, PROPERTY_CACHE_LOCATION), err) : NULL;
    if (!made->cache) {
        settings_clear(&made->settings);
        free(made);
        return false;
    }
    made->log = log;
    made->process = getpid();
    pthread_mutex_init(&made->lock, NULL);
    if (made->settings.proxy_password)
        log_hide(log, made->settings.proxy_password);
    *client = made;
    return true;
}

/* After a fork, the lanes of the parent share its sockets: closing them would say goodbye to the servers in the parent's
 * name. They are left alone, and so is a lock that another thread of the parent may have held. */
static void start_anew_after_fork(struct http_client *client)
{
    if (client->process == getpid())
        return;
    client->process = getpid();
    client->idle = NULL;
    client->idle_count = 0;
    cache_start_anew(client->cache);
    pthread_mutex_init(&client->lock, NULL);
}

void http_client_close(struct http_client *client)
{
    if (!client)
        return;
    start_anew_after_fork(client);
    while (client->idle) {
        struct http_lane *lane = client->idle;
        client->idle = lane->next;
        http_lane_close(lane);
    }
    cache_close(client->cache);
    pthread_mutex_destroy(&client->lock);
    settings_clear(&client->settings);
    free(client);
}

bool http_lane_borrow(struct http_client *client, struct http_lane **lane, struct error *err)
{
    start_anew_after_fork(client);
    pthread_mutex_lock(&client->lock);
    struct http_lane *found = client->idle;
    if (found) {
        client->idle = found->next;
        client->idle_count--;
    }
    pthread_mutex_unlock(&client->lock);

    if (!found)
        found = http_lane_open(client);
    if (!found)
        return error_memory(err);
    found->next = NULL;
    *lane = found;
    return true;
}

void http_lane_return(struct http_lane *lane)
{
    if (!lane)
        return;
    struct http_client *client = lane->client;
    start_anew_after_fork(client);
    if (lane->process != client->process)
        return;

    pthread_mutex_lock(&client->lock);
    bool keep = client->idle_count < IDLE_LANES;
    if (keep) {
        lane->next = client->idle;
        client->idle = lane;
        client->idle_count++;
    }
    pthread_mutex_unlock(&client->lock);
    if (!keep)
        http_lane_close(lane);
}
