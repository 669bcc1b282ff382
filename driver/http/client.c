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
    trust_clear(&settings->trust);
}

static bool copy_property(const struct properties *properties, enum property property, char **out, struct error *err)
{
    const char *text = properties_text(properties, property);
    if (!text || !*text)
        return true;
    *out = strdup(text);
    return *out ? true : error_memory(err);
}

static unsigned long read_proxy_auth(const struct properties *properties)
{
    static const struct { const char *name; unsigned long scheme; } schemes[] = {
        {"DIGEST", CURLAUTH_DIGEST}, {"NTLM", CURLAUTH_NTLM}, {"NEGOTIATE", CURLAUTH_NEGOTIATE},
    };
    const char *told = properties_text(properties, PROPERTY_PROXY_AUTH_SCHEME);

    for (size_t i = 0; told && i < sizeof schemes / sizeof schemes[0]; i++)
        if (name_equal(told, schemes[i].name))
            return schemes[i].scheme;
    return CURLAUTH_BASIC;
}

/* The length of the scheme in "scheme://host"; 0 without one, or when it is no proxy's. */
static size_t proxy_scheme(const char *server)
{
    static const char *const schemes[] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
    const char *mark = strstr(server, "://");
    size_t length = mark ? (size_t)(mark - server) : 0;

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (strlen(schemes[i]) == length && strncasecmp(schemes[i], server, length) == 0)
            return length;
    return 0;
}

static bool read_proxy(const struct properties *properties, struct http_settings *settings, struct error *err)
{
    const char *server = properties_text(properties, PROPERTY_PROXY_SERVER);
    if (!server || !*server)
        return true;
    size_t scheme = proxy_scheme(server);
    if (strstr(server, "://") && !scheme)
        return error_set(err, "HY000", "ProxyServer: a proxy is told as host, http://host, https://host, socks4://host, socks4a://host, "
                         "socks5://host or socks5h://host");

    struct buffer text;
    buffer_init(&text, 4096);
    buffer_append(&text, scheme ? server : "http", scheme ? scheme : 4);
    buffer_printf(&text, "://%s", server + (scheme ? scheme + 3 : 0));
    long port = properties_number(properties, PROPERTY_PROXY_PORT);
    if (port > 0)
        buffer_printf(&text, ":%ld", port);
    if (text.failed) {
        buffer_clear(&text);
        return error_memory(err);
    }
    settings->proxy = text.data;
    settings->proxy_auth = read_proxy_auth(properties);

    /* libcurl takes apart only what it fetches, so the host stands behind another scheme. */
    struct buffer plain;
    struct url url;
    buffer_init(&plain, 4200);
    bool good = buffer_printf(&plain, "http%s", strstr(settings->proxy, "://")) ? url_parse(plain.data, "ProxyServer", &url, err) : error_memory(err);
    buffer_clear(&plain);
    if (!good)
        return false;
    settings->proxy_is_local = url_is_loopback(&url);
    url_clear(&url);
    const char *way = properties_text(properties, PROPERTY_PROXY_AUTH_SCHEME);
    if (way && name_equal(way, "NONE"))
        return true;
    if (!copy_property(properties, PROPERTY_PROXY_USER, &settings->proxy_user, err) ||
        !copy_property(properties, PROPERTY_PROXY_PASSWORD, &settings->proxy_password, err))
        return false;
    /* libcurl signs in by a ticket only where a user is told, be it an empty one. */
    if (settings->proxy_auth == CURLAUTH_NEGOTIATE && !settings->proxy_user && !(settings->proxy_user = strdup("")))
        return error_memory(err);
    return true;
}

static bool read_settings(const struct properties *properties, struct http_settings *settings, struct error *err)
{
    settings->timeout = (int64_t)properties_number(properties, PROPERTY_TIMEOUT) * 1000;
    settings->retries = (unsigned)properties_number(properties, PROPERTY_RETRY_MAX);
    return copy_property(properties, PROPERTY_USER_AGENT, &settings->user_agent, err) &&
           read_proxy(properties, settings, err) && trust_read(&settings->trust, properties_text(properties, PROPERTY_SSL_SERVER_CERT), err);
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
