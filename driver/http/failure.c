/* What a failed transfer means, in words a user can act on. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "http/lane.h"
#include "http/url.h"

struct place {
    char text[300]; /* "host:port" */
    bool is_loopback;
};

static struct place place_of(const char *url)
{
    struct place place = {.text = "the service"};
    struct error ignored;
    struct url parts;
    if (url_parse(url, "", &parts, &ignored)) {
        const char *format = strchr(parts.host, ':') ? "[%.250s]:%d" : "%.250s:%d";
        (void)snprintf(place.text, sizeof place.text, format, parts.host, parts.port);
        place.is_loopback = url_is_loopback(&parts);
        url_clear(&parts);
    }
    return place;
}

bool http_failure(CURLcode result, bool connected, const char *url, const struct http_settings *settings, const char *detail,
                  struct error *err)
{
    struct place place = place_of(url);
    const char *where = place.text;
    const char *proxy = settings->proxy ? settings->proxy : "from the environment";

    if (!*detail)
        detail = curl_easy_strerror(result);
    switch (result) {
    case CURLE_OUT_OF_MEMORY:
        return error_memory(err);
    case CURLE_COULDNT_RESOLVE_HOST:
        error_set(err, "08001", "The host of %s could not be found: check the URL and this machine's name service", where);
        break;
    case CURLE_COULDNT_RESOLVE_PROXY:
        error_set(err, "08001", "The proxy %s could not be found: check ProxyServer", proxy);
        break;
    case CURLE_COULDNT_CONNECT:
        if (settings->proxy && (settings->proxy_is_local || !place.is_loopback))
            error_set(err, "08001", "Could not connect to %s by way of the proxy %s: %s. Check ProxyServer and ProxyPort, and that the proxy "
                      "is running", where, proxy, detail);
        else
            error_set(err, "08001", "Could not connect to %s: %s. Check that the service is running and that no firewall or proxy "
                      "setting stands between", where, detail);
        break;
    case CURLE_PROXY:
        error_set(err, "08001", "The proxy %s does not connect to %s: %s. Check ProxyServer, ProxyUser, ProxyPassword and ProxyAuthScheme", proxy,
                  where, detail);
        break;
    case CURLE_OPERATION_TIMEDOUT:
        error_set(err, connected ? "HYT01" : "08001", "%s did not %s in time: %s. The property Timeout sets how long to wait", where,
                  connected ? "answer" : "accept a connection", detail);
        break;
    case CURLE_LOGIN_DENIED:
        error_set(err, "28000", "%s does not let the user in: %s. Check User and Password", where, detail);
        break;
    case CURLE_REMOTE_FILE_NOT_FOUND:
    case CURLE_FTP_COULDNT_RETR_FILE:
    case CURLE_REMOTE_ACCESS_DENIED:
        error_set(err, "42S02", "%.400s is not there, or may not be read: %s. Check URI", url, detail);
        break;
    case CURLE_USE_SSL_FAILED:
        error_set(err, "08001", "%s offers no TLS, and no password is sent in the clear: use sftp://, or ftps:// if it has a port of its own for it", where);
        break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        if (strncmp(url, "sftp:", 5) == 0)
            error_set(err, "08001", "The key of %s is not one that is known: see that it is the right server, and add its key to ~/.ssh/known_hosts "
                      "or tell it by SSHServerFingerprint", where);
        else if (settings->trust.print_count)
            error_set(err, "08001", "%s has another certificate than SSLServerCert says: do not go on unless you know why", where);
        else
            error_set(err, "08001", "The certificate of %s is not trusted: %s. If it is your own, name the PEM file of its authority "
                      "in SSLServerCert", where, detail);
        break;
    case CURLE_SSL_CACERT_BADFILE:
        error_set(err, "HY000", "SSLServerCert: no certificates can be read from it: %s", detail);
        break;
    case CURLE_SSL_CONNECT_ERROR:
        error_set(err, "08S01", "No TLS connection with %s: %s. Check that the port speaks TLS", where, detail);
        break;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
        error_set(err, "08S01", "%s broke off its answer: %s, for %.400s. Try again", where, detail, url);
        break;
    case CURLE_BAD_CONTENT_ENCODING:
        error_set(err, "08S01", "%s sent a compressed answer that can not be inflated: %s, for %.400s", where, detail, url);
        break;
    default:
        error_set(err, connected ? "08S01" : "08001", "The transfer with %s failed: %s, for %.400s", where, detail, url);
        break;
    }
    err->native = (int)result;
    return false;
}
