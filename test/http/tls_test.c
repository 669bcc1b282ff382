/* Proves that TLS is verified: only a trusted certificate of the right host is spoken to, and what the messages advise. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>
#include <microhttpd.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/error.h"
#include "base/property.h"
#include "http/client.h"
#include "wire.h"

static char certificate[4096], private_key[4096], path[] = "/tmp/restodbc-cert-XXXXXX", pin[128];
static char print256[64 * 2], print1[64 * 2]; /* of the certificate, in two ways of writing them */
static struct MHD_Daemon *server;
static int port;
static unsigned served;

static void to_text(BIO *bio, char *out, size_t room)
{
    int length = BIO_read(bio, out, (int)room - 1);
    out[length > 0 ? length : 0] = '\0';
    BIO_free(bio);
}

/* A certificate of its own signing for 127.0.0.1 alone. */
static void make_certificate(void)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    X509 *cert = X509_new();
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
    X509_set_pubkey(cert, key);
    X509_NAME *name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"test", -1, -1, 0);
    X509_set_issuer_name(cert, name);
    static const struct {
        int kind;
        const char *value;
    } extensions[] = {{NID_subject_alt_name, "IP:127.0.0.1"}, {NID_basic_constraints, "critical,CA:TRUE"}};
    for (size_t i = 0; i < 2; i++) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, extensions[i].kind, extensions[i].value);
        X509_add_ext(cert, extension, -1);
        X509_EXTENSION_free(extension);
    }
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);

    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, cert);
    to_text(bio, certificate, sizeof certificate);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    to_text(bio, private_key, sizeof private_key);

    unsigned char *der = NULL, digest[EVP_MAX_MD_SIZE], encoded[64];
    int length = i2d_PUBKEY(key, &der);
    assert_int_equal(EVP_Digest(der, (size_t)length, digest, NULL, EVP_sha256(), NULL), 1);
    EVP_EncodeBlock(encoded, digest, 32);
    snprintf(pin, sizeof pin, "sha256//%s", (char *)encoded);
    OPENSSL_free(der);
    assert_int_equal(X509_digest(cert, EVP_sha256(), digest, NULL), 1);
    for (size_t i = 0; i < 32; i++)
        snprintf(print256 + 3 * i, 4, "%02X%s", digest[i], i < 31 ? ":" : "");
    assert_int_equal(X509_digest(cert, EVP_sha1(), digest, NULL), 1);
    for (size_t i = 0; i < 20; i++)
        snprintf(print1 + 2 * i, 3, "%02x", digest[i]);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static enum MHD_Result serve(void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                             const char *data, size_t *size, void **state)
{
    (void)context, (void)url, (void)method, (void)version, (void)data, (void)size, (void)state;
    served++;
    struct MHD_Response *response = MHD_create_response_from_buffer(2, (void *)"ok", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return result;
}

/* "200", or the SQLSTATE. */
static const char *ask(const char *settings, const char *url, struct error *err)
{
    struct properties properties;
    struct http_client *client;
    struct http_lane *lane;
    struct http_exchange *exchange = NULL;
    struct http_response response;
    struct http_request request = {.method = "GET", .url = url, .safe_to_repeat = true};
    const char *result = err->sqlstate;

    properties_init(&properties);
    assert_true(properties_read_string(&properties, settings, strlen(settings), NULL, NULL, err));
    if (http_client_open(&properties, NULL, &client, err)) {
        assert_true(http_lane_borrow(client, &lane, err));
        if (http_start(lane, &request, NULL, &exchange, err) && http_wait(exchange, NULL, &response, err)) {
            assert_int_equal(response.status, 200);
            result = "200";
        }
        http_finish(exchange);
        http_lane_return(lane);
        http_client_close(client);
    }
    properties_clear(&properties);
    return result;
}

static void only_the_trusted_host_is_spoken_to(void **state)
{
    char trusting[256], telling[4200], pinning[512], printing[300], printing_short[200], two[400], by_address[64], by_name[64];
    const struct {
        const char *what, *settings, *url, *result, *words;
    } cases[] = {
        {"unknown authority", "", by_address, "08001", "SSLServerCert"},
        {"trusted", trusting, by_address, "200", ""},
        {"another host name", trusting, by_name, "08001", "localhost"},
        {"trusted, its text", telling, by_address, "200", ""},
        {"its text, another host name", telling, by_name, "08001", "localhost"},
        {"its key", pinning, by_address, "200", ""},
        {"its key, which is that of the server, whatever its name", pinning, by_name, "200", ""},
        {"another key", "SSLServerCert=sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;", by_address, "08001", "another certificate"},
        {"its fingerprint", printing, by_address, "200", ""},
        {"its fingerprint by SHA-1", printing_short, by_name, "200", ""},
        {"another fingerprint", "SSLServerCert=00112233445566778899aabbccddeeff00112233;", by_address, "08001", "another certificate"},
        {"one of two", two, by_address, "200", ""},
        {"no fingerprint: a digit is missing", "SSLServerCert=00112233445566778899aabbccddeeff0011223;", by_address, "HY000", "fingerprint"},
        {"no key: its digest is too short", "SSLServerCert=sha256//AAAA;", by_address, "HY000", "sha256//"},
        {"no certificate in the text", "SSLServerCert={-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n};", by_address, "HY000", "SSLServerCert"},
        {"no such file", "SSLServerCert=/not/there.pem;", by_address, "HY000", "/not/there.pem"},
        {"no certificate in the file", "SSLServerCert=/etc/passwd;", by_address, "HY000", "SSLServerCert"},
    };
    (void)state;
    snprintf(trusting, sizeof trusting, "SSLServerCert=%s;", path);
    snprintf(telling, sizeof telling, "SSLServerCert={%s};", certificate);
    snprintf(pinning, sizeof pinning, "SSLServerCert={%s};", pin);
    snprintf(printing, sizeof printing, "SSLServerCert={%s};", print256);
    snprintf(printing_short, sizeof printing_short, "SSLServerCert=%s;", print1);
    snprintf(two, sizeof two, "SSLServerCert={00112233445566778899aabbccddeeff00112233;%s};", pin);
    snprintf(by_address, sizeof by_address, "https://127.0.0.1:%d/", port);
    snprintf(by_name, sizeof by_name, "https://localhost:%d/", port);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        unsigned before = served;
        print_message("  %s\n", cases[i].what);
        assert_string_equal(ask(cases[i].settings, cases[i].url, &err), cases[i].result);
        if (*cases[i].words)
            assert_non_null(strstr(err.message, cases[i].words));
        assert_int_equal(served - before, strcmp(cases[i].result, "200") == 0);
    }
}

static void a_plain_server_is_recognised(void **state)
{
    static const struct wire_answer answers[] = {{.bytes = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", .close = true}};
    struct wire wire;
    struct error err = {0};
    char url[64];
    (void)state;
    wire_start(&wire, answers, 1);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", wire.port);
    /* The hello of TLS is no whole request: the server waits, we wait. Timeout ends it, or the server's answer is refused. */
    const char *result = ask("Timeout=1;RetryMax=0;", url, &err);
    assert_true(strcmp(result, "08S01") == 0 || strcmp(result, "HYT01") == 0 || strcmp(result, "08001") == 0);
    wire_stop(&wire);
}

static int begin(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    (void)state;
    make_certificate();
    int fd = mkstemp(path);
    if (write(fd, certificate, strlen(certificate)) < 0)
        return -1;
    close(fd);
    server = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, 0, NULL, NULL, serve, NULL, MHD_OPTION_SOCK_ADDR, &address,
                              MHD_OPTION_HTTPS_MEM_CERT, certificate, MHD_OPTION_HTTPS_MEM_KEY, private_key, MHD_OPTION_END);
    if (!server)
        return -1;
    port = MHD_get_daemon_info(server, MHD_DAEMON_INFO_BIND_PORT)->port;
    return 0;
}

static int end(void **state)
{
    (void)state;
    MHD_stop_daemon(server);
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_trusted_host_is_spoken_to),
        cmocka_unit_test(a_plain_server_is_recognised),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
