/* HTTP over libcurl. The only room that includes curl/curl.h.
 *
 * A client belongs to one ODBC connection and keeps connections warm. A lane is one curl_multi, used by one thread at a
 * time: whoever makes requests (a scan, a procedure, a token refresh) borrows a lane and gives it back, so that statements
 * in different threads never share one, and a statement after another finds the connection still open.
 * An exchange is one request and its answer, retries included; several may be in flight on one lane. */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cancel;
struct error;
struct http_client;
struct http_exchange;
struct http_lane;
struct http_response;
struct log;
struct properties;

/* Puts the credential on requests. Implemented by oauth/ and for AuthScheme=Basic and so on. */
struct http_signer {
    /* Adds what the request needs by http_exchange_header(); may itself make requests (a refresh) on the lane given.
     * Called once before each sending, so also before a repetition. */
    bool (*sign)(struct http_signer *signer, struct http_exchange *exchange, struct http_lane *lane,
                 struct cancel *cancel, struct error *err);
    /* The service answered 401. True with *again: credential was renewed, send once more; false with *err: give up with that
     * error (28000). Called at most once per exchange. */
    bool (*refused)(struct http_signer *signer, const struct http_response *response, struct http_lane *lane, bool *again,
                    struct cancel *cancel, struct error *err);
};

struct http_header {
    const char *name;
    const char *value;
};

/* Who signs in at a server of files (ftp://, ftps://, sftp://), and how its key is known. Everything outlives the exchange. */
struct http_file_server {
    const char *user, *password;        /* NULL: whoever is let in; the password NULL: none */
    const char *key, *key_password;     /* sftp: the file of a private key, or NULL */
    const char *known_hosts;            /* sftp: the file with the keys of servers */
    const char *fingerprint;            /* sftp: base64 of the SHA-256 of the server's key, in place of known_hosts; or NULL */
};

/* Whether this machine's libcurl speaks a protocol: "sftp". */
bool http_offers(const char *protocol);

/* What an answer says about asking again, where the caller knows more than its status. */
struct http_verdict {
    bool final;                         /* it is the last word: neither a repetition nor a renewed credential would help */
    bool again;                         /* it is to be asked again, whatever the status */
    unsigned seconds;                   /* to wait before that where Retry-After does not tell; 0 = a backoff */
};

/* Looks at an answer of status 400 or more whose body has come; *verdict is all false. */
typedef void http_judge(void *context, const struct http_response *response, struct http_verdict *verdict);

/* Everything is copied. */
struct http_request {
    const char *method;                 /* "GET" */
    const char *url;                    /* absolute; https, or http to a loopback host, unless nothing_secret */
    const struct http_header *headers;
    size_t header_count;
    const char *content_type;           /* of the body; NULL without one */
    const char *body;
    size_t body_length;
    struct http_signer *signer;         /* NULL = nobody's business */
    size_t largest;                     /* most bytes of body (after inflating) to accept; 0 = 64 MiB */
    size_t window;                      /* not 0: a body that is told with 2xx comes by http_read, piece by piece, however large it is. No
                                         * more than about so many bytes wait to be read; the sender waits then */
    bool kept_by_caller;                /* who keeps answers himself and asks whether they hold: none is kept here beside that */
    bool safe_to_repeat;                /* may be sent again when it is not known whether it arrived */
    bool follow_redirects;              /* within the same origin only, unless nothing_secret; never for token requests */
    bool no_retry;                      /* the outcome of the first sending is final, whatever RetryMax says */
    const struct http_file_server *file_server; /* NULL = the url is of http. Else a GET of a file, or of a folder's list where the url ends
                                         * with '/', and status 200 when it came; a password goes by ftp:// only where that is made TLS, or to a
                                         * loopback host */
    bool nothing_secret;                /* without signer: plain http is allowed to any host, and redirects lead wherever they lead, but
                                         * from https to http */
    bool confidential;                  /* neither its body nor the answer's is written to the log: token requests */
    http_judge *judge;                  /* NULL = the status tells all. It and its context outlive the exchange */
    void *judge_context;
};

struct http_response {
    int status;
    const char *body;                   /* NUL-terminated */
    size_t body_length;
    const char *url;                    /* as sent, for messages; secrets in its query are hidden */
    const struct http_exchange *exchange;
};

/* Takes Timeout, UserAgent, RetryMax, ProxyServer…, SSLServerCert from the properties. */
bool http_client_open(const struct properties *properties, struct log *log, struct http_client **client, struct error *err);
void http_client_close(struct http_client *client);

/* Never fails but for memory. A lane may be kept over many exchanges; close them all before giving it back. */
bool http_lane_borrow(struct http_client *client, struct http_lane **lane, struct error *err);
void http_lane_return(struct http_lane *lane);

/* Signs and puts a request in flight. */
bool http_start(struct http_lane *lane, const struct http_request *request, struct cancel *cancel,
                struct http_exchange **exchange, struct error *err);

/* Drives the lane until this exchange has its final answer: after retries with backoff and jitter for connect failures, 429 and 503
 * (and 500, 502, 504 and broken transfers when safe_to_repeat, and whatever the judge says), honouring a Retry-After of up to 300 s, and
 * after a renewed credential on 401. Time counts only while somebody waits: an application may leave a prefetched page alone for as long
 * as it likes.
 * True for any final status, also 404 and 500: what it means is the caller's to say. *response lives until http_finish. Where there is a
 * window, true also as soon as the first bytes of a body with 2xx are there; the response has no body then.
 * False: 08001 no connection could be made or the server's certificate is not trusted, 08S01 it broke or answered nonsense
 * (bad TLS, cut body, too large, redirect to another origin), HYT01 no progress for Timeout seconds, HY008 / HYT00 interrupted,
 * 28000 credential refused; of servers of files also 42S02 there is no such file. The message names host and what to do. */
bool http_wait(struct http_exchange *exchange, struct cancel *cancel, struct http_response *response, struct error *err);

/* The same, with something to do meanwhile: work is called whenever transfers have moved, and may start further requests. When it fails, so
 * does the wait. */
typedef bool http_work(void *context, struct error *err);
bool http_wait_working(struct http_exchange *exchange, http_work *work, void *context, struct cancel *cancel, struct http_response *response,
                       struct error *err);

/* Moves the transfers of its lane on without waiting, and tells whether the final answer is there, so that http_wait will not send the
 * request again: it takes no more of what the service allows at once. */
bool http_is_settled(struct http_exchange *exchange);

/* The next bytes of a body with a window, behind http_wait: at least one, until *length is 0 at the end. They live until the next call or
 * http_finish. What breaks off is not asked for again. False: as http_wait. */
bool http_read(struct http_exchange *exchange, struct cancel *cancel, const char **bytes, size_t *length, struct error *err);

/* Ends an exchange, in flight or answered. */
void http_finish(struct http_exchange *exchange);

/* For signers: adds or replaces a header of the next sending; an empty value takes it away. HY000 for a line break in it. */
bool http_exchange_header(struct http_exchange *exchange, const char *name, const char *value, struct error *err);
/* The value so set, or NULL: how a refused signer knows which credential the request carried. */
const char *http_exchange_field(const struct http_exchange *exchange, const char *name);
const char *http_exchange_method(const struct http_exchange *exchange);
const char *http_exchange_url(const struct http_exchange *exchange);
/* The body that goes out, NUL-terminated, "" when there is none; *length its bytes. Its type is http_exchange_field(…, "Content-Type"). */
const char *http_exchange_body(const struct http_exchange *exchange, size_t *length);

/* For signers: schemes in which the server is asked first and the answer depends on what it says, so that the transfer itself must
 * speak them (RFC 7616, MS-NLMP, RFC 4559). */
enum http_authentication { HTTP_DIGEST, HTTP_NTLM, HTTP_NEGOTIATE };

/* The next sending authenticates like this. user and password are copied; both "" with HTTP_NEGOTIATE means whoever is signed in to
 * Kerberos. False: HYC00 when libcurl was built without the scheme, HY001. */
bool http_exchange_authenticate(struct http_exchange *exchange, enum http_authentication how, const char *user, const char *password,
                                struct error *err);

/* The next sending is signed as Amazon wants it (AWS Signature Version 4). scope: "aws:amz:eu-west-1:s3". Everything is copied. False: HY001. */
bool http_exchange_sign_aws(struct http_exchange *exchange, const char *scope, const char *key, const char *secret, struct error *err);

/* A field of the final answer, the first of that name (case ignored), or NULL. */
const char *http_response_header(const struct http_response *response, const char *name);
/* The one of that number, counted from 0, where there may be several; NULL past the last. */
const char *http_response_field(const struct http_response *response, const char *name, size_t number);

/* The server's clock when it answered (the field Date), in seconds since the epoch; -1 when it does not tell. */
int64_t http_response_date(const struct http_response *response);

#endif
