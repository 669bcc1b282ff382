/* The signature of a request (RFC 5849 3.4): from the parts of a request to the value of oauth_signature, and to the header field.
 * Nothing here knows a credential; what is random or depends on the clock is given. */
#ifndef OAUTH_OAUTH1_SIGNATURE_H
#define OAUTH_OAUTH1_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct error;
struct private_key;

enum oauth1_method { OAUTH1_HMAC_SHA1, OAUTH1_HMAC_SHA256, OAUTH1_RSA_SHA1, OAUTH1_RSA_SHA256, OAUTH1_PLAINTEXT };

/* As SignMethod and oauth_signature_method call it. */
const char *oauth1_method_name(enum oauth1_method method);
bool oauth1_method_find(const char *name, enum oauth1_method *method);
bool oauth1_method_needs_key(enum oauth1_method method);

/* Parameters, decoded. */
struct oauth1_parameter {
    const char *name, *value;
};

/* What is signed. All strings borrowed. */
struct oauth1_request {
    const char *method;                          /* "GET" */
    const char *url;                             /* as it is sent, with its query */
    const char *form;                            /* the body, when it is application/x-www-form-urlencoded; NULL otherwise */
    const struct oauth1_parameter *protocol;     /* oauth_…, without oauth_signature */
    size_t protocol_count;
};

/* What it is signed with. */
struct oauth1_secrets {
    const char *client_secret;                   /* "" where the key alone signs */
    const char *token_secret;                    /* "" before there is a token */
    const struct private_key *key;               /* for the RSA methods */
};

/* Appends the base string URI (3.4.1.2). False: HY000 for what is no URL. */
bool oauth1_base_uri(const char *url, struct buffer *out, struct error *err);

/* Appends the parameters, encoded and sorted (3.4.1.3.2). False: out of memory, HY001. */
bool oauth1_normalize(const struct oauth1_parameter *parameters, size_t count, struct buffer *out, struct error *err);

/* Appends the signature base string (3.4.1.1). False as above. */
bool oauth1_base_string(const struct oauth1_request *request, struct buffer *out, struct error *err);

/* Appends the signature of a base string (3.4.2 to 3.4.4; HMAC-SHA256 and RSA-SHA256 likewise). False: HY000 when the library fails,
 * which a key of another kind than RSA makes it. */
bool oauth1_sign(enum oauth1_method method, const struct oauth1_secrets *secrets, const char *base_string, struct buffer *out,
                 struct error *err);

/* Appends the value of the Authorization field for a request (3.5.1), signed. */
bool oauth1_authorization(enum oauth1_method method, const struct oauth1_request *request, const struct oauth1_secrets *secrets,
                          struct buffer *out, struct error *err);

#endif
