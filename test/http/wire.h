/* A server for tests of the transport: it answers each connection with bytes written down in advance, right or wrong.
 * It runs in a process of its own and counts what it was asked in shared memory. */
#ifndef TEST_HTTP_WIRE_H
#define TEST_HTTP_WIRE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { WIRE_REQUESTS = 32, WIRE_LARGEST = 16 * 1024 };

/* What the server saw; lives in memory shared with it. */
struct wire_seen {
    atomic_int connections;
    atomic_int requests;
    char request[WIRE_REQUESTS][WIRE_LARGEST]; /* each whole, NUL-terminated */
};

/* One answer, to the next request that comes, on whatever connection. */
struct wire_answer {
    const char *target;      /* NULL; or where each has one: the answer to every request for it ("/t?page=2"), in whatever order they come */
    const char *bytes;       /* NULL: says nothing at all and keeps the connection open */
    size_t length;           /* 0 = strlen(bytes) */
    bool close;              /* closes the connection after it */
    size_t filler;           /* further bytes 'x' after it */
    unsigned delay;          /* milliseconds before it */
};

struct wire {
    int port;
    int listener;            /* between wire_listen and wire_serve */
    pid_t process;
    struct wire_seen *seen;
    char url[64];            /* "http://127.0.0.1:port" */
};

/* Listens on a free loopback port and answers the n-th request with the n-th answer; the last one serves all that follow. */
void wire_start(struct wire *wire, const struct wire_answer *answers, size_t count);
void wire_stop(struct wire *wire);

/* The two halves of wire_start, for answers that hold the server's own URL. */
void wire_listen(struct wire *wire);
void wire_serve(struct wire *wire, const struct wire_answer *answers, size_t count);

/* A loopback port at which nobody listens. */
int wire_free_port(void);

#define WIRE_OK(body_length, body) \
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " #body_length "\r\n\r\n" body
/* Half of what it says. */
#define WIRE_CUT "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"

#endif
