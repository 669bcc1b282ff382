/* Which certificates of servers are accepted: what the property SSLServerCert says, brought to a transfer.
 *
 * Authorities, as a PEM file or its text, take the place of the machine's own; everything else of a certificate is checked as ever. A
 * fingerprint of the certificate or of its public key names the one server that is meant: who has it is accepted, whoever signed it and
 * whatever its name and age, and nobody else. */
#ifndef HTTP_TRUST_H
#define HTTP_TRUST_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

struct error;

enum http_print { PRINT_KEY, PRINT_SHA256, PRINT_SHA1 };

struct http_fingerprint {
    enum http_print of;
    unsigned char digest[32];
};

enum { MOST_FINGERPRINTS = 8 };

struct http_trust {
    char *file, *text;           /* PEM of authorities; NULL = not by that */
    struct http_fingerprint prints[MOST_FINGERPRINTS];
    size_t print_count;
};

/* text: the property, NULL or "" = the machine's authorities. HY000 when it is none of these. */
bool trust_read(struct http_trust *trust, const char *text, struct error *err);
void trust_clear(struct http_trust *trust);

/* The trust must outlive the transfer. */
CURLcode trust_apply(const struct http_trust *trust, CURL *easy);

#endif
