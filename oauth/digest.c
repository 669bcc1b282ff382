#include "oauth/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

bool digest_text(enum digest digest, const char *key, const char *text, unsigned char out[DIGEST_LARGEST], size_t *length)
{
    const EVP_MD *method = digest == DIGEST_MD5 ? EVP_md5() : digest == DIGEST_SHA1 ? EVP_sha1() : digest == DIGEST_SHA256 ? EVP_sha256() : EVP_sha512();
    unsigned written = 0;
    bool done = key ? HMAC(method, key, (int)strlen(key), (const unsigned char *)text, strlen(text), out, &written) != NULL
                    : EVP_Digest(text, strlen(text), out, &written, method, NULL) == 1;

    *length = written;
    return done;
}
