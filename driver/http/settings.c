/* What the connection's settings mean for one transfer: TLS, proxy, protocols, timeouts. */
#include "base/error.h"
#include "base/name.h"
#include "http/lane.h"
#include "http/url.h"

enum { LONGEST_CONNECT = 30000 /* milliseconds */ };

static CURLcode apply_proxy(const struct http_settings *settings, CURL *easy, bool to_loopback, bool tunnel)
{
    /* What goes to this machine never leaves it by a proxy elsewhere: it may be unencrypted. */
    if (to_loopback && !(settings->proxy && settings->proxy_is_local))
        return curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (!settings->proxy)
        return CURLE_OK; /* as the environment says: https_proxy, no_proxy */

    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROXY, settings->proxy);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_PROXYAUTH, (long)settings->proxy_auth);
    if (code == CURLE_OK && tunnel)
        code = curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
    if (code == CURLE_OK && settings->proxy_user)
        code = curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, settings->proxy_user);
    if (code == CURLE_OK && settings->proxy_password)
        code = curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, settings->proxy_password);
    return code;
}

static CURLcode apply_tls(const struct http_settings *settings, CURL *easy)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    return code == CURLE_OK ? trust_apply(&settings->trust, easy) : code;
}

static CURLcode apply_limits(const struct http_settings *settings, CURL *easy, const char *protocol)
{
    int64_t connect = settings->timeout > 0 && settings->timeout < LONGEST_CONNECT ? settings->timeout : LONGEST_CONNECT;

    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocol);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); /* the exchange follows, within one origin */
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (code == CURLE_OK && settings->user_agent)
        code = curl_easy_setopt(easy, CURLOPT_USERAGENT, settings->user_agent);
    return code;
}

/* The protocol that the scheme stands for, of those that the request may speak. */
static const char *protocol_of(const char *scheme, bool of_files)
{
    static const char *const protocols[] = {"http", "ftp", "ftps", "sftp"};

    for (size_t i = of_files ? 1 : 0; i < (of_files ? sizeof protocols / sizeof protocols[0] : 1); i++)
        if (name_equal(scheme, protocols[i]))
            return protocols[i];
    return "https";
}

bool http_settings_apply(const struct http_settings *settings, CURL *easy, const char *url, const struct http_file_server *server, struct error *err)
{
    struct url parts;
    if (!url_parse(url, "The URL of the request", &parts, err))
        return false;
    const char *protocol = protocol_of(parts.scheme, server);
    bool to_loopback = url_is_loopback(&parts);
    url_clear(&parts);

    CURLcode code = apply_limits(settings, easy, protocol);
    if (code == CURLE_OK)
        code = apply_tls(settings, easy);
    if (code == CURLE_OK)
        code = apply_proxy(settings, easy, to_loopback, server);
    if (code == CURLE_OK && server)
        code = http_file_server_apply(server, easy, name_equal(protocol, "sftp"), to_loopback);
    if (code == CURLE_OUT_OF_MEMORY)
        return error_memory(err);
    if (code == CURLE_NOT_BUILT_IN && settings->trust.print_count)
        return error_set(err, "HYC00", "SSLServerCert: fingerprints need a libcurl that speaks TLS by OpenSSL; name a PEM file");
    return code == CURLE_OK ? true : error_set(err, "HY000", "The request can not be set up: %s", curl_easy_strerror(code));
}
