/* Proves that a private key is read from every form in which applications have one, that it signs, and what is said otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/buffer.h"
#include "base/error.h"
#include "oauth/base64.h"
#include "oauth/private_key.h"

static char folder[] = "/tmp/restodbc-key-XXXXXX";
static EVP_PKEY *rsa, *p256, *p384;

static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_pem(const char *name, EVP_PKEY *key, const char *password)
{
    FILE *file = fopen(in_folder(name), "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_PKCS8PrivateKey(file, key, password ? EVP_aes_256_cbc() : NULL, password,
                                               password ? (int)strlen(password) : 0, NULL, NULL), 1);
    fclose(file);
}

static void write_text(const char *name, const char *text, size_t length)
{
    FILE *file = fopen(in_folder(name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

static X509 *certificate_of(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    assert_int_equal(X509_sign(certificate, key, EVP_sha256()) > 0, 1);
    return certificate;
}

/* A PFX; old: encrypted as programs of long ago do it, with 40-bit RC2. */
static void write_pfx(const char *name, EVP_PKEY *key, const char *password, bool old)
{
    OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
    OSSL_PROVIDER *usual = OSSL_PROVIDER_load(context, "default"), *legacy = OSSL_PROVIDER_load(context, "legacy");
    X509 *certificate = key ? certificate_of(key) : certificate_of(rsa);
    int key_cipher = old ? NID_pbe_WithSHA1And3_Key_TripleDES_CBC : NID_aes_256_cbc;
    int certificate_cipher = old ? NID_pbe_WithSHA1And40BitRC2_CBC : NID_aes_256_cbc;
    PKCS12 *pfx = PKCS12_create_ex(password, "me", key, certificate, NULL, key_cipher, certificate_cipher, 0, 0, 0, context, NULL);
    FILE *file = fopen(in_folder(name), "w");

    assert_non_null(pfx);
    assert_int_equal(i2d_PKCS12_fp(file, pfx), 1);
    fclose(file);
    PKCS12_free(pfx);
    X509_free(certificate);
    OSSL_PROVIDER_unload(legacy);
    OSSL_PROVIDER_unload(usual);
    OSSL_LIB_CTX_free(context);
}

static size_t read_file(const char *name, char *out, size_t room)
{
    FILE *file = fopen(in_folder(name), "r");
    assert_non_null(file);
    size_t length = fread(out, 1, room - 1, file);
    out[length] = '\0';
    fclose(file);
    return length;
}

/* Whether what the key signs can be verified with ours. */
static bool signs_like(const struct private_key *key, EVP_PKEY *ours, const char *digest)
{
    static const char text[] = "what is to be signed";
    struct buffer signature;
    struct error err;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char *der = NULL;
    int length;

    buffer_init(&signature, 4096);
    if (!private_key_sign(key, digest, text, sizeof text, &signature, &err)) {
        EVP_MD_CTX_free(context);
        return false;
    }
    const unsigned char *bytes = (const unsigned char *)signature.data;
    length = (int)signature.length;
    if (EVP_PKEY_is_a(ours, "EC")) {
        ECDSA_SIG *numbers = ECDSA_SIG_new();
        assert_int_equal(length, 64);
        ECDSA_SIG_set0(numbers, BN_bin2bn(bytes, 32, NULL), BN_bin2bn(bytes + 32, 32, NULL));
        length = i2d_ECDSA_SIG(numbers, &der);
        bytes = der;
        ECDSA_SIG_free(numbers);
    }
    bool good = EVP_DigestVerifyInit_ex(context, NULL, digest, NULL, NULL, ours, NULL) == 1 &&
                EVP_DigestVerify(context, bytes, (size_t)length, (const unsigned char *)text, sizeof text) == 1;
    OPENSSL_free(der);
    EVP_MD_CTX_free(context);
    buffer_clear(&signature);
    return good;
}

static void reads_every_form(void **state)
{
    static const struct {
        const char *file, *type, *password;
        bool blob;                         /* the text of the file is given, not its name */
        const char *algorithm;
    } cases[] = {
        {"plain.pem", NULL, NULL, false, "RS256"},
        {"plain.pem", "PEMKEY_FILE", NULL, false, "RS256"},
        {"plain.pem", "pemkey_blob", NULL, true, "RS256"},
        {"plain.pem", NULL, NULL, true, "RS256"},
        {"locked.pem", NULL, "pass word", false, "RS256"},
        {"p256.pem", NULL, NULL, false, "ES256"},
        {"new.pfx", NULL, "pass word", false, "RS256"},
        {"new.pfx", "PFXFILE", "pass word", false, "RS256"},
        {"old.pfx", "PFXFILE", "pass word", false, "RS256"},
        {"empty.pfx", "PFXFILE", NULL, false, "RS256"},
        {"new.b64", "PFXBLOB", "pass word", true, "RS256"},
        {"account.json", NULL, NULL, false, "RS256"},
        {"account.json", "GOOGLEJSON", NULL, false, "RS256"},
        {"account.json", "GOOGLEJSONBLOB", NULL, true, "RS256"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct private_key *key;
        struct error err;
        char text[16384];
        print_message("  %s as %s\n", cases[i].file, cases[i].type ? cases[i].type : "what it looks like");
        if (cases[i].blob)
            read_file(cases[i].file, text, sizeof text);
        else
            snprintf(text, sizeof text, "%s", in_folder(cases[i].file));
        if (!private_key_open(text, cases[i].type, cases[i].password, "Cert", &key, &err))
            fail_msg("%s", err.message);
        assert_string_equal(private_key_algorithm(key), cases[i].algorithm);
        bool on_curve = strcmp(cases[i].algorithm, "ES256") == 0;
        assert_true(signs_like(key, on_curve ? p256 : rsa, "SHA256"));
        assert_true(on_curve || signs_like(key, rsa, "SHA1"));
        bool account = strcmp(cases[i].file, "account.json") == 0;
        assert_string_equal(account ? private_key_issuer(key) : "me@sa.example", "me@sa.example");
        assert_string_equal(account ? private_key_id(key) : "k1", "k1");
        assert_int_equal(private_key_issuer(key) != NULL, account);
        private_key_close(key);
    }
}

static void says_what_is_wrong(void **state)
{
    static const struct {
        const char *source, *type, *password, *sqlstate, *words;
        bool file;
    } cases[] = {
        {"none.pem", NULL, NULL, "HY000", "can not be read", true},
        {"locked.pem", NULL, NULL, "28000", "OAuthJWTCertPassword", true},
        {"locked.pem", NULL, "wrong", "28000", "OAuthJWTCertPassword", true},
        {"new.pfx", NULL, "wrong", "28000", "OAuthJWTCertPassword", true},
        {"new.pfx", NULL, NULL, "28000", "protected by a password", true},
        {"keyless.pfx", NULL, "pass word", "HY000", "without a private key", true},
        {"noise", NULL, NULL, "HY000", "neither", true},
        {"public.pem", NULL, NULL, "HY000", "no private key", true},
        {"large", NULL, NULL, "HY000", "too large", true},
        {"-----BEGIN PRIVATE KEY-----\nMIIC", NULL, NULL, "HY000", "no private key", false},
        {"no base64!", "PFXBLOB", NULL, "HY000", "base64", false},
        {"AAAA", "PFXBLOB", NULL, "HY000", "neither", false},
        {"{\"type\": \"service_account\"}", NULL, NULL, "HY000", "private_key", false},
        {"{", NULL, NULL, "HY000", "private_key", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct private_key *key = NULL;
        struct error err = {0};
        print_message("  %s\n", cases[i].source);
        assert_false(private_key_open(cases[i].file ? in_folder(cases[i].source) : cases[i].source, cases[i].type, cases[i].password,
                                      "OAuthJWTCert", &key, &err));
        assert_string_equal(err.sqlstate, cases[i].sqlstate);
        assert_non_null(strstr(err.message, cases[i].words));
        assert_non_null(strstr(err.message, "OAuthJWTCert"));
        assert_null(key);
    }
}

static void other_curves_have_no_name_here(void **state)
{
    struct private_key *key;
    struct error err;
    (void)state;
    assert_true(private_key_open(in_folder("p384.pem"), NULL, NULL, "Cert", &key, &err));
    assert_null(private_key_algorithm(key));
    private_key_close(key);
}

static void write_account(void)
{
    char pem[8192], escaped[12000], text[16000];
    size_t length = read_file("plain.pem", pem, sizeof pem), at = 0;
    for (size_t i = 0; i < length; i++) {
        if (pem[i] == '\n')
            escaped[at++] = '\\';
        escaped[at++] = pem[i] == '\n' ? 'n' : pem[i];
    }
    escaped[at] = '\0';
    int size = snprintf(text, sizeof text, "{\"type\": \"service_account\", \"private_key_id\": \"k1\", \"private_key\": \"%s\", "
                        "\"client_email\": \"me@sa.example\"}", escaped);
    write_text("account.json", text, (size_t)size);
}

static int begin(void **state)
{
    static char large[300 * 1024];
    struct buffer encoded;
    char bytes[8192];
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    rsa = EVP_RSA_gen(2048);
    p256 = EVP_EC_gen("P-256");
    p384 = EVP_EC_gen("P-384");
    write_pem("plain.pem", rsa, NULL);
    write_pem("locked.pem", rsa, "pass word");
    write_pem("p256.pem", p256, NULL);
    write_pem("p384.pem", p384, NULL);
    write_pfx("new.pfx", rsa, "pass word", false);
    write_pfx("old.pfx", rsa, "pass word", true);
    write_pfx("empty.pfx", rsa, "", false);
    write_pfx("keyless.pfx", NULL, "pass word", false);
    size_t length = read_file("new.pfx", bytes, sizeof bytes);
    buffer_init(&encoded, 16384);
    base64_encode(&encoded, bytes, 30); /* in two lines */
    buffer_append_char(&encoded, '\n');
    base64_encode(&encoded, bytes + 30, length - 30);
    write_text("new.b64", encoded.data, encoded.length);
    buffer_clear(&encoded);
    write_account();
    write_text("noise", "\x30\x82\x01\x02 noise", 10);
    memset(large, 'x', sizeof large);
    write_text("large", large, sizeof large);
    FILE *file = fopen(in_folder("public.pem"), "w");
    PEM_write_PUBKEY(file, rsa);
    fclose(file);
    return 0;
}

static int end(void **state)
{
    char command[64];
    (void)state;
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(p256);
    EVP_PKEY_free(p384);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(other_curves_have_no_name_here),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
