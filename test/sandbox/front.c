/* Basic (RFC 7617), Digest (RFC 7616) and OAuth 1.0a in front of the services. */
#include "test/sandbox/front.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/oauth1_server.h"
#include "test/sandbox/oauth_server.h"

#define NONCE "c2FuZGJveC1ub25jZQ=="

static void ask(struct answer *answer, const char *challenge)
{
    answer_text(answer, 401, "text/plain", "Who are you?\n");
    answer_header(answer, "WWW-Authenticate", challenge);
}

static bool basic_admits(const char *authorization)
{
    unsigned char expected[128];
    static const char pair[] = OAUTH_USER ":" OAUTH_PASSWORD;
    EVP_EncodeBlock(expected, (const unsigned char *)pair, (int)strlen(pair));
    return authorization && strncasecmp(authorization, "Basic ", 6) == 0 && strcmp(authorization + 6, (const char *)expected) == 0;
}

static void md5(char out[33], const char *text)
{
    unsigned char digest[16];
    if (!EVP_Digest(text, strlen(text), digest, NULL, EVP_md5(), NULL))
        abort();
    for (size_t i = 0; i < 16; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* A parameter of the field, without its quotes; "" when it is not there. */
static void parameter(const char *authorization, const char *name, char out[256])
{
    const char *at = authorization;
    size_t length = strlen(name);

    out[0] = '\0';
    while ((at = strstr(at, name)) != NULL) {
        bool whole = (at == authorization || strchr(" ,", at[-1])) && at[length] == '=';
        at += length;
        if (!whole)
            continue;
        at += 1 + (at[1] == '"');
        snprintf(out, 256, "%.*s", (int)strcspn(at, at[-1] == '"' ? "\"" : " ,"), at);
        return;
    }
}

/* RFC 7616, 3.4.1 with MD5 and qop=auth. */
static bool digest_admits(const struct request *request)
{
    char nonce[256], uri[256], count[256], client_nonce[256], response[256], first[33], second[33], expected[33], text[1200];

    if (!request->authorization || strncasecmp(request->authorization, "Digest ", 7) != 0)
        return false;
    parameter(request->authorization, "nonce", nonce);
    parameter(request->authorization, "uri", uri);
    parameter(request->authorization, "nc", count);
    parameter(request->authorization, "cnonce", client_nonce);
    parameter(request->authorization, "response", response);
    md5(first, OAUTH_USER ":sandbox:" OAUTH_PASSWORD);
    snprintf(text, sizeof text, "%s:%s", request->method, uri);
    md5(second, text);
    snprintf(text, sizeof text, "%s:%s:%s:%s:auth:%s", first, nonce, count, client_nonce, second);
    md5(expected, text);
    return strcmp(nonce, NONCE) == 0 && strcmp(response, expected) == 0 && strncmp(uri, request->raw_path, strlen(request->raw_path)) == 0;
}

bool front_admit(struct sandbox *sandbox, struct request *request, char token[128], struct answer *answer)
{
    size_t prefix;

    if (strncmp(request->path, "/oauth1/api/", 12) == 0) {
        prefix = 7;
        if (!oauth1_server_check(sandbox->oauth1, request, answer))
            return false;
    } else if (strncmp(request->path, "/basic/api/", 11) == 0) {
        prefix = 6;
        if (!basic_admits(request->authorization)) {
            ask(answer, "Basic realm=\"sandbox\", charset=\"UTF-8\"");
            return false;
        }
    } else if (strncmp(request->path, "/digest/api/", 12) == 0) {
        prefix = 7;
        if (!digest_admits(request)) {
            ask(answer, "Digest realm=\"sandbox\", qop=\"auth\", nonce=\"" NONCE "\"");
            return false;
        }
    } else {
        return true;
    }
    snprintf(token, 128, "Bearer %s", oauth_server_lasting_token(sandbox->oauth));
    request->path += prefix;
    request->authorization = token;
    return true;
}
