/* Servers of files: who signs in there, and what their own keys have to be. */
#include <string.h>

#include "base/name.h"
#include "http/client.h"
#include "http/lane.h"

bool http_offers(const char *protocol)
{
    const char *const *offered = curl_version_info(CURLVERSION_NOW)->protocols;

    for (size_t i = 0; offered[i]; i++)
        if (name_equal(offered[i], protocol))
            return true;
    return false;
}

static CURLcode apply_ssh(const struct http_file_server *server, CURL *easy)
{
    long ways = server->key ? CURLSSH_AUTH_PUBLICKEY : server->password ? CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD : CURLSSH_AUTH_AGENT;

    CURLcode code = curl_easy_setopt(easy, CURLOPT_SSH_AUTH_TYPES, ways);
    if (code == CURLE_OK && server->key)
        code = curl_easy_setopt(easy, CURLOPT_SSH_PRIVATE_KEYFILE, server->key);
    if (code == CURLE_OK && server->key_password)
        code = curl_easy_setopt(easy, CURLOPT_KEYPASSWD, server->key_password);
    if (code == CURLE_OK)
        code = server->fingerprint ? curl_easy_setopt(easy, CURLOPT_SSH_HOST_PUBLIC_KEY_SHA256, server->fingerprint)
                                   : curl_easy_setopt(easy, CURLOPT_SSH_KNOWNHOSTS, server->known_hosts);
    return code;
}

CURLcode http_file_server_apply(const struct http_file_server *server, CURL *easy, bool ssh, bool to_loopback)
{
    CURLcode code = CURLE_OK;

    if (server->user)
        code = curl_easy_setopt(easy, CURLOPT_USERNAME, server->user);
    if (code == CURLE_OK && server->user)
        code = curl_easy_setopt(easy, CURLOPT_PASSWORD, server->password ? server->password : "");
    if (code != CURLE_OK || ssh)
        return code == CURLE_OK ? apply_ssh(server, easy) : code;
    /* No password in the clear but to this machine; there, TLS where it is offered. */
    return server->user ? curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)(to_loopback ? CURLUSESSL_TRY : CURLUSESSL_ALL)) : CURLE_OK;
}
