/* The inside of an exchange: what exchange.c, which decides, and transfer.c, which sends and receives, share. */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "http/cache.h"

struct cancel;
struct error;
struct http_file_server;
struct http_lane;
struct http_response;
struct http_signer;
struct http_verdict;

enum { HTTP_LARGEST_HEAD = 256 * 1024 };

struct http_field {
    char *name, *value;
    struct http_field *next;
};

struct http_exchange {
    struct http_lane *lane;
    struct http_signer *signer;
    char *method, *url;
    char *hidden_url;             /* the URL for messages and the log */
    char *body;
    size_t body_length;
    struct http_field *fields;
    long authentication;          /* CURLAUTH_…, 0 = the signer's fields are all there is */
    char *aws;                    /* for CURLOPT_AWS_SIGV4; or NULL */
    char *user, *password;        /* of that */
    const struct http_file_server *file_server; /* NULL: it is http */
    bool safe_to_repeat, follow_redirects, no_retry, nothing_secret, confidential;
    size_t window;                /* see http_request; 0: the body comes as a whole */
    void (*judge)(void *context, const struct http_response *response, struct http_verdict *verdict);
    void *judge_context;

    unsigned attempt;             /* how often it has been sent */
    unsigned repetitions;         /* of these, because of failures: counted against RetryMax */
    unsigned redirects;
    bool refused;                 /* the signer has had its one chance to renew the credential */

    CURL *easy;
    struct curl_slist *list;      /* the fields in libcurl's form */
    bool in_flight;               /* the easy handle is in the lane's multi */
    CURLcode result;
    char detail[CURL_ERROR_SIZE];
    int64_t sent_at, moved_at;    /* clock_milliseconds() of the sending, and of the last byte that moved */
    int64_t ended_at;             /* when the last transfer had its end */
    curl_off_t moved;

    int status;
    struct buffer head;           /* "Name\0value\0" pairs of the final answer */
    bool head_whole;              /* up to the empty line */
    struct buffer answer;         /* the body; with a window, what of it waits to be read or was read last */
    bool too_large;
    int64_t received;             /* bytes of the body */
    bool streams;                 /* the body comes by http_read */
    bool handed_out;              /* `answer` was read */
    bool paused;                  /* libcurl keeps the rest back until there is room */

    bool kept_by_caller;          /* see http_request */
    struct cached *kept;          /* what was kept of an earlier answer */
    bool lasting;                 /* what has come may be kept, once it has been read */
};

/* Signs the request, prepares the easy handle and puts it in flight. */
bool http_transfer_start(struct http_exchange *exchange, struct cancel *cancel, struct error *err);

/* Lets a paused transfer go on, now that there is room. */
bool http_transfer_resume(struct http_exchange *exchange, struct error *err);

/* Says in words why the last transfer failed. Returns false. */
bool http_exchange_failed(struct http_exchange *exchange, struct error *err);

/* Takes the easy handle out of the lane's multi, if it is there. */
void http_transfer_stop(struct http_exchange *exchange);

/* Wipes and frees what only transfers need. */
void http_transfer_clear(struct http_exchange *exchange);

/* Whether the last transfer had got as far as a connection. */
bool http_transfer_connected(const struct http_exchange *exchange);

/* The field of that name in the answer's head, of several the one of that number, from 0; or NULL. */
const char *http_transfer_field(const struct http_exchange *exchange, const char *name, size_t number);

#endif
