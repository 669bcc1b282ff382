/* URLs: taking apart (by libcurl's parser), percent-encoding, comparing origins. */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct error;

struct url {
    char *scheme, *host, *path, *query;   /* host without brackets; path at least "/"; query "" when absent */
    int port;                             /* the scheme's own when none is written */
};

/* False: HY000 naming `what` (the property or definition it came from). A user or password in the URL is refused.
 * On success the caller ends it with url_clear. */
bool url_parse(const char *text, const char *what, struct url *url, struct error *err);
void url_clear(struct url *url);

/* Same scheme, host (case ignored) and port (RFC 6454). */
bool url_same_origin(const char *a, const char *b);

/* Appends the absolute URL that a reference means when it stands in a document at `base` (RFC 3986 5). False when it means none. */
bool url_resolve(const char *base, const char *reference, struct buffer *out);

/* Whether the host is loopback: 127.0.0.0/8, ::1 or "localhost". */
bool url_is_loopback(const struct url *url);

/* https, or http to a loopback host. False with HY000 otherwise. */
bool url_is_allowed(const char *text, const char *what, struct error *err);

/* Appends text percent-encoded: all but A–Z a–z 0–9 - . _ ~ (RFC 3986 2.3). */
bool url_encode(struct buffer *out, const char *text, size_t length);

/* Decodes %XX, and '+' as a space where plus_is_space. Appends to out. False when malformed. */
bool url_decode(struct buffer *out, const char *text, size_t length, bool plus_is_space);

/* Appends "name=value" in encoded form, with '?' or '&' in front as out's content needs (for a URL), or for a form (form true): '&' unless empty. */
bool url_add_parameter(struct buffer *out, const char *name, const char *value, bool form);

/* Finds a parameter in a query or form ("a=1&b=2") and appends its decoded value; false when it is not there. */
bool url_parameter(const char *query, const char *name, struct buffer *out);

/* Whether a parameter stands there more than once. */
bool url_parameter_is_repeated(const char *query, const char *name);

/* Appends the URL as it may be shown in messages and logs: "***" for the values of parameters whose names say that they are
 * secret (code, token, key, secret, password, signature…), no fragment. */
bool url_print_hidden(struct buffer *out, const char *text);

#endif
