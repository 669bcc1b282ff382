/* URLs: taking apart by libcurl's parser, percent-encoding, comparing origins. */
#include "http/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"

/* The part of a faulty URL that may be shown: nothing in front of an '@' and no query, where secrets stand. */
static int shown_length(const char **text)
{
    size_t length = strcspn(*text, "?#");
    const char *at = memchr(*text, '@', length);
    if (at) {
        length -= (size_t)(at + 1 - *text);
        *text = at + 1;
    }
    return length > 200 ? 200 : (int)length;
}

static bool not_a_url(const char *text, const char *what, const char *why, struct error *err)
{
    int length = shown_length(&text);
    return error_set(err, "HY000", "%s is not a usable URL: \"%.*s\" (%s); expected https://host/path", what, length, text, why);
}

/* Copies one part out of libcurl's handle; "" when the URL has none. */
static bool take_part(CURLU *handle, CURLUPart part, unsigned flags, char **out)
{
    char *text = NULL;
    CURLUcode code = curl_url_get(handle, part, &text, flags);
    *out = strdup(code == CURLUE_OK && text ? text : "");
    curl_free(text);
    return *out != NULL;
}

static void strip_brackets(char *host)
{
    size_t length = strlen(host);
    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
        memmove(host, host + 1, length - 2);
        host[length - 2] = '\0';
    }
}

bool url_parse(const char *text, const char *what, struct url *url, struct error *err)
{
    *url = (struct url){0};
    CURLU *handle = curl_url();
    if (!handle)
        return error_memory(err);

    CURLUcode code = curl_url_set(handle, CURLUPART_URL, text, CURLU_DISALLOW_USER);
    if (code != CURLUE_OK) {
        curl_url_cleanup(handle);
        return code == CURLUE_OUT_OF_MEMORY ? error_memory(err) : not_a_url(text, what, curl_url_strerror(code), err);
    }

    char *port = NULL;
    bool copied = take_part(handle, CURLUPART_SCHEME, 0, &url->scheme) &&
                  take_part(handle, CURLUPART_HOST, 0, &url->host) &&
                  take_part(handle, CURLUPART_PATH, 0, &url->path) &&
                  take_part(handle, CURLUPART_QUERY, 0, &url->query) &&
                  take_part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT, &port);
    curl_url_cleanup(handle);
    if (!copied) {
        free(port);
        url_clear(url);
        return error_memory(err);
    }
    strip_brackets(url->host);
    url->port = atoi(port); /* libcurl has checked that it is 0–65535 */
    free(port);
    if (!*url->host) {
        url_clear(url);
        return not_a_url(text, what, "it names no host", err);
    }
    return true;
}

void url_clear(struct url *url)
{
    free(url->scheme);
    free(url->host);
    free(url->path);
    free(url->query);
    *url = (struct url){0};
}

bool url_resolve(const char *base, const char *reference, struct buffer *out)
{
    CURLU *handle = curl_url();
    char *text = NULL;

    bool done = handle && curl_url_set(handle, CURLUPART_URL, base, 0) == CURLUE_OK
                && curl_url_set(handle, CURLUPART_URL, reference, 0) == CURLUE_OK
                && curl_url_get(handle, CURLUPART_URL, &text, 0) == CURLUE_OK && buffer_append_text(out, text);
    curl_free(text);
    curl_url_cleanup(handle);
    return done;
}

bool url_same_origin(const char *a, const char *b)
{
    struct error ignored;
    struct url first, second;

    if (!url_parse(a, "", &first, &ignored))
        return false;
    if (!url_parse(b, "", &second, &ignored)) {
        url_clear(&first);
        return false;
    }
    bool same = name_equal(first.scheme, second.scheme) && name_equal(first.host, second.host) && first.port == second.port;
    url_clear(&first);
    url_clear(&second);
    return same;
}

bool url_is_loopback(const struct url *url)
{
    struct in_addr four;
    struct in6_addr six;

    if (name_equal(url->host, "localhost"))
        return true;
    if (inet_pton(AF_INET, url->host, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, url->host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool url_is_allowed(const char *text, const char *what, struct error *err)
{
    struct url url;
    if (!url_parse(text, what, &url, err))
        return false;

    bool allowed = name_equal(url.scheme, "https") || (name_equal(url.scheme, "http") && url_is_loopback(&url));
    if (!allowed)
        error_set(err, "HY000", "%s must begin with https:// (plain http is for this machine only), but is %s://%.200s", what,
                  url.scheme, url.host);
    url_clear(&url);
    return allowed;
}

static bool is_unreserved(unsigned char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

bool url_encode(struct buffer *out, const char *text, size_t length)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (is_unreserved(byte)) {
            buffer_append_char(out, text[i]);
        } else {
            char escaped[3] = {'%', digits[byte >> 4], digits[byte & 15]};
            buffer_append(out, escaped, sizeof escaped);
        }
    }
    return !out->failed;
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

bool url_decode(struct buffer *out, const char *text, size_t length, bool plus_is_space)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '%') {
            buffer_append_char(out, plus_is_space && text[i] == '+' ? ' ' : text[i]);
            continue;
        }
        int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
        int low = i + 2 < length ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            return false;
        buffer_append_char(out, (char)(high * 16 + low));
        i += 2;
    }
    return !out->failed;
}

bool url_add_parameter(struct buffer *out, const char *name, const char *value, bool form)
{
    const char *text = buffer_text(out);
    char last = out->length ? text[out->length - 1] : '\0';

    if (form) {
        if (out->length)
            buffer_append_char(out, '&');
    } else if (!strchr(text, '?')) {
        buffer_append_char(out, '?');
    } else if (last != '?' && last != '&') {
        buffer_append_char(out, '&');
    }
    url_encode(out, name, strlen(name));
    buffer_append_char(out, '=');
    return url_encode(out, value, strlen(value));
}

/* Steps through "a=1&b=2": sets name and value to the next parameter's raw parts, false at the end. */
static bool next_parameter(const char **query, const char **name, size_t *name_length, const char **value, size_t *value_length)
{
    while (**query == '&')
        (*query)++;
    if (!**query)
        return false;
    size_t length = strcspn(*query, "&");
    const char *equals = memchr(*query, '=', length);
    *name = *query;
    *name_length = equals ? (size_t)(equals - *query) : length;
    *value = equals ? equals + 1 : *query + length;
    *value_length = length - (size_t)(*value - *query);
    *query += length;
    return true;
}

static bool is_called(const char *found, size_t length, const char *name)
{
    struct buffer decoded;
    buffer_init(&decoded, length);
    bool same = url_decode(&decoded, found, length, true) && strcmp(buffer_text(&decoded), name) == 0 && strlen(name) == decoded.length;
    buffer_clear(&decoded);
    return same;
}

bool url_parameter(const char *query, const char *name, struct buffer *out)
{
    const char *found, *value;
    size_t found_length, value_length;

    while (next_parameter(&query, &found, &found_length, &value, &value_length))
        if (is_called(found, found_length, name))
            return url_decode(out, value, value_length, true);
    return false;
}

bool url_parameter_is_repeated(const char *query, const char *name)
{
    const char *found, *value;
    size_t found_length, value_length, count = 0;

    while (next_parameter(&query, &found, &found_length, &value, &value_length))
        count += is_called(found, found_length, name);
    return count > 1;
}

/* Whether a parameter of this name holds something nobody else should read. */
static bool is_secret_name(const char *name, size_t length)
{
    static const char *const whole[] = {"code", "key", "apikey", "api_key", "authkey", "pwd", "sig", "state"};
    static const char *const parts[] = {"token", "secret", "password", "signature", "verifier"};

    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (name_equal_length(name, length, whole[i]))
            return true;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t part = strlen(parts[i]);
        for (size_t at = 0; at + part <= length; at++)
            if (name_equal_length(name + at, part, parts[i]))
                return true;
    }
    return false;
}

bool url_print_hidden(struct buffer *out, const char *text)
{
    size_t front = strcspn(text, "?#");
    buffer_append(out, text, front);
    if (text[front] != '?')
        return !out->failed;

    const char *query = text + front + 1;
    const char *name, *value;
    size_t name_length, value_length;
    char separator = '?';
    while (next_parameter(&query, &name, &name_length, &value, &value_length)) {
        buffer_append_char(out, separator);
        separator = '&';
        buffer_append(out, name, name_length);
        if (value == name + name_length)
            continue; /* a bare name without '=' */
        buffer_append_char(out, '=');
        if (is_secret_name(name, name_length))
            buffer_append_text(out, "***");
        else
            buffer_append(out, value, value_length);
    }
    return !out->failed;
}
