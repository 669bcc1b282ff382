/* The private key that an application proves itself with: read from a PEM or PFX file, or from text in the connection string. */
#ifndef OAUTH_PRIVATE_KEY_H
#define OAUTH_PRIVATE_KEY_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct error;
struct private_key;

/* Reads a key.
 *
 * source    a file, or the key itself: PEM text, or a PFX (PKCS #12) in base64, or the JSON of a Google service account
 * type      PEMKEY_FILE, PEMKEY_BLOB, PFXFILE, PFXBLOB, GOOGLEJSON, GOOGLEJSONBLOB say whether source is a file; what stands in it is
 *           seen by itself. NULL: a PEM or JSON text is one, anything else is a file
 * password  NULL = none
 * property  what to call it in messages: "Cert"
 * False: HY000 a file that can not be read or is none of these, 28000 a wrong password. */
bool private_key_open(const char *source, const char *type, const char *password, const char *property, struct private_key **key,
                      struct error *err);
void private_key_close(struct private_key *key);

/* What a Google service account's JSON tells beside the key: "client_email" or "private_key_id"; NULL where there is none. */
const char *private_key_issuer(const struct private_key *key);
const char *private_key_id(const struct private_key *key);

/* How JWS calls the key's own signature (RFC 7518 3.1): "RS256", or "ES256" for a key on P-256; NULL for a key of neither kind. */
const char *private_key_algorithm(const struct private_key *key);

/* Appends the signature of bytes: RSASSA-PKCS1-v1_5 with an RSA key; with one on P-256 the two numbers beside each other
 * (RFC 7518 3.4). digest: "SHA1", "SHA256". False: HY000 the library refuses, HY001. */
bool private_key_sign(const struct private_key *key, const char *digest, const void *bytes, size_t length, struct buffer *out,
                      struct error *err);

#endif
