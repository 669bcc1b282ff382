/* The loopback listener (RFC 8252 7.3): takes the one callback that answers our question, and turns all others away. */
#ifndef OAUTH_LOOPBACK_H
#define OAUTH_LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct browser;
struct callback_question;
struct cancel;
struct error;

enum { LOOPBACK_SOCKETS = 2, LOOPBACK_CALLERS = 16, LOOPBACK_REQUEST = 8192 };

struct loopback_caller {
    int fd;
    int64_t until;      /* clock_milliseconds() by which its request must be whole */
    size_t length;
    char data[LOOPBACK_REQUEST + 1];
};

struct loopback {
    int sockets[LOOPBACK_SOCKETS];
    size_t socket_count;
    int port;
    char *host;                     /* as in CallbackURL */
    char *path;
    char *redirect_uri;             /* what the authorization request must carry: CallbackURL, with the port in it where that was 0 */
    struct loopback_caller *callers;
    size_t caller_count;
    int answering;                  /* the connection of the accepted callback, -1 = none */
};

/* Binds to the loopback addresses of CallbackURL's host. False with HY000: not a loopback URL, or the port can not be had;
 * the message names CallbackURL and the port. */
bool loopback_open(struct loopback *loopback, const char *callback_url, struct error *err);
void loopback_close(struct loopback *loopback);

/* Waits for the callback that answers the question. Everything else is answered (400, 404, 405, 431…) and does not end the wait.
 * browser    looked after meanwhile: when no browser could be started the wait ends; may be NULL
 * until      clock_milliseconds() at which the user has taken too long
 * answer     gets the answer; the caller's browser waits for its page until loopback_answer
 * False: 28000 denied (the server's words), too late, or no browser; HY008, HYT00. */
bool loopback_wait(struct loopback *loopback, const struct callback_question *question, struct browser *browser, int64_t until,
                   struct cancel *cancel, char **answer, struct error *err);

/* Shows the page: signed in, or what went wrong. */
void loopback_answer(struct loopback *loopback, bool signed_in, const char *message);

/* Appends text with what HTML would understand escaped. */
bool loopback_escape(struct buffer *out, const char *text);

#endif
