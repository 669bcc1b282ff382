/* The sandbox's HTTP side: one request in, one answer out. The services it plays know nothing of the server under it. */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the command line says. */
struct options {
    uint16_t port;              /* 0 = a free one */
    const char *port_file;      /* NULL = none */
    unsigned rows;              /* timesheets; the other tables in proportion */
    unsigned projects;          /* of Basecamp, 0 = a few */
    unsigned todos;             /* of each of them, 0 = a few */
    unsigned latency;           /* milliseconds before every answer of a service */
    unsigned token_lifetime;    /* seconds */
    unsigned refresh_lifetime;  /* seconds */
};

struct request {
    const char *method;
    const char *path;           /* decoded, without the query */
    const char *raw_query;      /* as received, "" when there is none */
    const char *raw_path;       /* as received, without the query */
    const char *host;           /* the field's value, "" when there is none */
    const char *authorization;  /* the field's value or NULL */
    const char *base;           /* "http://127.0.0.1:PORT" */
    json_t *query;              /* decoded: name → string; of equal names the last */
    json_t *form;               /* likewise, of an application/x-www-form-urlencoded body */
    bool is_form;               /* the body is application/x-www-form-urlencoded */
    json_t *queries;            /* of the query too: name → array of the strings of all equal names */
    json_t *headers;            /* lower-case name → value */
    const char *body;           /* NUL-terminated, "" when there is none */
    size_t body_length;
};

/* A zeroed answer gets its content by one of the functions below; the server frees it. */
struct answer {
    unsigned status;
    const char *type;           /* Content-Type, static */
    char *body;                 /* from malloc */
    size_t length;
    json_t *headers;            /* further fields, name → string; NULL = none */
};

/* The decoded value of a query parameter or form field, or NULL. */
const char *request_query(const struct request *request, const char *name);
const char *request_form(const struct request *request, const char *name);

/* The value of a header field, whose name is given in lower case, or NULL. */
const char *request_header(const struct request *request, const char *name);

/* Takes body (from malloc). */
void answer_bytes(struct answer *answer, unsigned status, const char *type, char *body, size_t length);
void answer_text(struct answer *answer, unsigned status, const char *type, const char *text);
/* Takes the reference. */
void answer_json(struct answer *answer, unsigned status, json_t *json);
void answer_header(struct answer *answer, const char *name, const char *value);

/* A file of the sandbox that plays a service. */
struct service_play {
    const char *name;           /* "tsheets": key of GET /_dsn */
    const char *prefix;         /* its paths begin with this: "/api/v1/"; NULL: ask owns */
    void *data;
    bool (*owns)(void *data, const char *path);
    void (*answer)(void *data, const struct request *request, struct answer *answer);
    char *(*dsn)(void *data, const char *base);                         /* from malloc */
    /* GET /_data/<table>: the generated rows as the text of a JSON array; false when there is no such table. NULL = it has none. */
    bool (*rows)(void *data, const char *table, char **text, size_t *length);
    /* A path of its own that begins with "/_"; false when the path is not its own. NULL = it has none. */
    bool (*control)(void *data, const struct request *request, struct answer *answer);
};

struct control;
struct oauth_server;
struct oauth1_server;

struct sandbox {
    const struct options *options;
    struct control *control;
    struct oauth_server *oauth;
    struct oauth1_server *oauth1;
    const struct service_play *services;
    size_t service_count;
    char base[32];              /* set by server_start */
    uint16_t port;
};

struct server;

/* Listens on 127.0.0.1. NULL when the port is taken or memory is short. */
struct server *server_start(struct sandbox *sandbox);

/* Ends what is waiting, answers what is running, closes. */
void server_stop(struct server *server);

/* A copy of text, or the end of the program: a test tool without memory has nothing to say. */
char *text_copy(const char *text);
void *zeroed(size_t count, size_t size);

#endif
