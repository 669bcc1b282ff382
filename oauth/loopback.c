/* The loopback listener: takes the one callback that answers our question, and turns all others away. */
#include "oauth/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/name.h"
#include "http/url.h"
#include "oauth/browser.h"
#include "oauth/callback.h"
#include "oauth/loopback_page.h"

enum { CALLER_TIME = 5000 /* milliseconds for a whole request */, PORT_TRIES = 8 };

/* --- binding --- */

static bool port_refused(int port, int number, struct error *err)
{
    char text[128];
    const char *words = strerror_r(number, text, sizeof text);
    if (number == EADDRINUSE)
        return error_set(err, "HY000", "Port %d of CallbackURL is in use by another program: end it, or register and set a CallbackURL "
                         "with another port", port);
    return error_set(err, "HY000", "Port %d of CallbackURL can not be listened on: %s. Register and set a CallbackURL with another port",
                     port, words);
}

/* A listening socket, or -1 with errno. */
static int listen_on(const struct sockaddr *address, socklen_t size)
{
    int one = 1;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    /* Lets a port be used again right after an earlier login; unlike SO_REUSEPORT it admits no second listener. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (address->sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (bind(fd, address, size) == 0 && listen(fd, 16) == 0)
        return fd;
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

static int listen_four(const struct loopback *loopback, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, loopback->host, &address.sin_addr) != 1)
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return listen_on((const struct sockaddr *)&address, sizeof address);
}

static int listen_six(int port)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    return listen_on((const struct sockaddr *)&address, sizeof address);
}

static int port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address = {0};
    socklen_t size = sizeof address;
    if (getsockname(fd, &address.any, &size) != 0)
        return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.six.sin6_port : address.four.sin_port);
}

static void close_sockets(struct loopback *loopback)
{
    for (size_t i = 0; i < loopback->socket_count; i++)
        close(loopback->sockets[i]);
    loopback->socket_count = 0;
}

/* "localhost" is both 127.0.0.1 and ::1: whoever else had one of them could receive the callback. */
static bool bind_once(struct loopback *loopback, int port)
{
    bool four = strchr(loopback->host, ':') == NULL;
    bool six = !four || name_equal(loopback->host, "localhost");

    if (four) {
        int fd = listen_four(loopback, port);
        if (fd < 0)
            return false;
        loopback->sockets[loopback->socket_count++] = fd;
        loopback->port = port_of(fd);
    }
    if (six) {
        int fd = listen_six(four ? loopback->port : port);
        if (fd >= 0)
            loopback->sockets[loopback->socket_count++] = fd;
        else if (!four || errno == EADDRINUSE)
            return false; /* else a machine without IPv6 */
        if (!four)
            loopback->port = port_of(fd);
    }
    return true;
}

static bool bind_all(struct loopback *loopback, int port, struct error *err)
{
    for (int tries = port ? 1 : PORT_TRIES; !bind_once(loopback, port);) {
        int number = errno;
        close_sockets(loopback);
        if (--tries <= 0)
            return port_refused(port, number, err);
    }
    return true;
}

static bool name_redirect(struct loopback *loopback, const char *callback_url, const struct url *url, struct error *err)
{
    if (url->port) {
        loopback->redirect_uri = strdup(callback_url);
    } else {
        bool bracket = strchr(url->host, ':') != NULL;
        if (asprintf(&loopback->redirect_uri, "%s://%s%s%s:%d%s%s%s", url->scheme, bracket ? "[" : "", url->host, bracket ? "]" : "",
                     loopback->port, url->path, *url->query ? "?" : "", url->query) < 0)
            loopback->redirect_uri = NULL;
    }
    return loopback->redirect_uri ? true : error_memory(err);
}

bool loopback_open(struct loopback *loopback, const char *callback_url, struct error *err)
{
    struct url url;

    *loopback = (struct loopback){.answering = -1};
    if (!url_parse(callback_url, "CallbackURL", &url, err))
        return false;
    bool fine = name_equal(url.scheme, "http") && url_is_loopback(&url);
    if (!fine)
        error_set(err, "HY000", "CallbackURL=%.200s is not on this machine, so the sign-in can not come back here by itself: register and "
                  "set http://localhost:33333, or sign in with GetOAuthAuthorizationURL and GetOAuthAccessToken (AuthMode WEB)",
                  callback_url);
    if (fine) {
        loopback->host = strdup(url.host);
        loopback->path = strdup(url.path);
        loopback->callers = calloc(LOOPBACK_CALLERS, sizeof *loopback->callers);
        fine = loopback->host && loopback->path && loopback->callers ? true : error_memory(err);
    }
    fine = fine && bind_all(loopback, url.port, err) && name_redirect(loopback, callback_url, &url, err);
    url_clear(&url);
    if (!fine)
        loopback_close(loopback);
    return fine;
}

static void drop_caller(struct loopback *loopback, size_t index)
{
    struct loopback_caller *caller = &loopback->callers[index];
    close(caller->fd);
    explicit_bzero(caller->data, sizeof caller->data); /* it may hold a code */
    if (index != --loopback->caller_count) {
        *caller = loopback->callers[loopback->caller_count];
        explicit_bzero(loopback->callers[loopback->caller_count].data, sizeof caller->data);
    }
}

void loopback_close(struct loopback *loopback)
{
    while (loopback->caller_count)
        drop_caller(loopback, 0);
    close_sockets(loopback);
    if (loopback->answering >= 0)
        close(loopback->answering);
    free(loopback->callers);
    free(loopback->host);
    free(loopback->path);
    free(loopback->redirect_uri);
    *loopback = (struct loopback){.answering = -1};
}

/* --- reading one request --- */

enum verdict { MORE, TURNED_AWAY, ACCEPTED, DENIED };

/* The value of the Host field, copied; false unless there is exactly one. */
static bool read_host(const char *head, char *host, size_t room)
{
    unsigned found = 0;
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, "Host:", 5) != 0)
            continue;
        const char *value = line + 5 + strspn(line + 5, " \t");
        size_t length = strcspn(value, " \t\r\n");
        if (length >= room)
            return false;
        memcpy(host, value, length);
        host[length] = '\0';
        found++;
    }
    return found == 1;
}

/* Whether the caller meant this machine by a name that no name server could have given it (DNS rebinding). */
static bool is_own_name(const struct loopback *loopback, const char *head)
{
    char host[300], expected[64];
    if (!read_host(head, host, sizeof host))
        return false;
    const char *const names[] = {"localhost", "127.0.0.1", "[::1]", loopback->host};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(expected, sizeof expected, "%.40s:%d", names[i], loopback->port);
        if (name_equal(host, expected) || (loopback->port == 80 && name_equal(host, names[i])))
            return true;
    }
    return false;
}

static enum verdict turn_away(const struct loopback_caller *caller, int status)
{
    loopback_page_send(caller->fd, status, NULL);
    return TURNED_AWAY;
}

static enum verdict read_query(const struct loopback_caller *caller, const char *query, const struct callback_question *question,
                               char **answer, struct error *err)
{
    switch (callback_read(query, question, true, answer, err)) {
    case CALLBACK_ANSWERED:
        return ACCEPTED;
    case CALLBACK_REFUSED:
        return DENIED;
    default:
        return turn_away(caller, 400);
    }
}

static enum verdict read_request(const struct loopback *loopback, struct loopback_caller *caller, const struct callback_question *question, char **answer,
                                 struct error *err)
{
    if (strlen(caller->data) != caller->length)
        return turn_away(caller, 400); /* a NUL in it */
    if (!strstr(caller->data, "\r\n\r\n"))
        return caller->length < LOOPBACK_REQUEST ? MORE : turn_away(caller, 431);

    if (strncmp(caller->data, "GET ", 4) != 0)
        return turn_away(caller, 405);
    char *target = caller->data + 4;
    size_t length = strcspn(target, " \r\n");
    if (strncmp(target + length, " HTTP/1.", 8) != 0 || *target != '/')
        return turn_away(caller, 400);
    if (!is_own_name(loopback, caller->data))
        return turn_away(caller, 421);
    target[length] = '\0';
    size_t path = strcspn(target, "?");
    if (path != strlen(loopback->path) || memcmp(target, loopback->path, path) != 0)
        return turn_away(caller, 404);
    return read_query(caller, target[path] ? target + path + 1 : "", question, answer, err);
}

/* --- the wait --- */

static void admit(struct loopback *loopback, int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    if (loopback->caller_count == LOOPBACK_CALLERS)
        drop_caller(loopback, 0); /* whoever holds them all open does not lock the user out */
    struct loopback_caller *caller = &loopback->callers[loopback->caller_count++];
    caller->fd = fd;
    caller->length = 0;
    caller->data[0] = '\0';
    caller->until = clock_milliseconds() + CALLER_TIME;
}

static enum verdict hear(struct loopback *loopback, struct loopback_caller *caller, const struct callback_question *question, char **answer, struct error *err)
{
    ssize_t got = recv(caller->fd, caller->data + caller->length, LOOPBACK_REQUEST - caller->length, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return MORE;
    if (got <= 0)
        return TURNED_AWAY;
    caller->length += (size_t)got;
    caller->data[caller->length] = '\0';
    return read_request(loopback, caller, question, answer, err);
}

/* Keeps the connection of the callback for its page, and lets go of all others. */
static void keep_for_answer(struct loopback *loopback, size_t index)
{
    loopback->answering = dup(loopback->callers[index].fd);
    while (loopback->caller_count)
        drop_caller(loopback, 0);
    close_sockets(loopback); /* one callback only */
}

struct waiting {
    struct pollfd polled[2 + LOOPBACK_SOCKETS + LOOPBACK_CALLERS];
    nfds_t count;
};

static void list_files(const struct loopback *loopback, int wake, int report, struct waiting *waiting)
{
    waiting->count = 0;
    waiting->polled[waiting->count++] = (struct pollfd){.fd = wake, .events = POLLIN};
    waiting->polled[waiting->count++] = (struct pollfd){.fd = report, .events = POLLIN}; /* -1 is passed over */
    for (size_t i = 0; i < loopback->socket_count; i++)
        waiting->polled[waiting->count++] = (struct pollfd){.fd = loopback->sockets[i], .events = POLLIN};
    for (size_t i = 0; i < loopback->caller_count; i++)
        waiting->polled[waiting->count++] = (struct pollfd){.fd = loopback->callers[i].fd, .events = POLLIN};
}

/* Serves everybody that has something to say. True when the wait is over: *done tells how. */
static bool serve(struct loopback *loopback, const struct waiting *waiting, const struct callback_question *question, char **answer, bool *done, struct error *err)
{
    size_t first_caller = 2 + loopback->socket_count;
    int64_t now = clock_milliseconds();

    for (size_t i = loopback->caller_count; i-- > 0;) {
        enum verdict verdict = MORE;
        if (waiting->polled[first_caller + i].revents)
            verdict = hear(loopback, &loopback->callers[i], question, answer, err);
        else if (now >= loopback->callers[i].until)
            verdict = turn_away(&loopback->callers[i], 408);
        if (verdict == ACCEPTED || verdict == DENIED) {
            keep_for_answer(loopback, i);
            *done = verdict == ACCEPTED;
            return true;
        }
        if (verdict == TURNED_AWAY)
            drop_caller(loopback, i);
    }
    for (size_t i = 0; i < loopback->socket_count; i++)
        if (waiting->polled[2 + i].revents)
            admit(loopback, loopback->sockets[i]);
    return false;
}

static void wake_up(void *context)
{
    uint64_t one = 1;
    (void)!write(*(const int *)context, &one, sizeof one);
}

static int pause_length(const struct loopback *loopback, int64_t until, const struct cancel *cancel)
{
    int64_t now = clock_milliseconds();
    int64_t wait = until - now;
    int64_t deadline = cancel_remaining(cancel);
    if (deadline >= 0 && deadline < wait)
        wait = deadline;
    for (size_t i = 0; i < loopback->caller_count; i++)
        if (loopback->callers[i].until - now < wait)
            wait = loopback->callers[i].until - now;
    return wait < 0 ? 0 : wait > 60000 ? 60000 : (int)wait;
}

static bool pause_for_news(const struct loopback *loopback, struct waiting *waiting, int *wake, int64_t until, struct cancel *cancel,
                           struct error *err)
{
    cancel_enter_wait(cancel, wake_up, wake);
    bool wanted = cancel_check(cancel, err);
    if (wanted && poll(waiting->polled, waiting->count, pause_length(loopback, until, cancel)) < 0)
        for (nfds_t i = 0; i < waiting->count; i++)
            waiting->polled[i].revents = 0; /* interrupted by a signal of the host program */
    cancel_leave_wait(cancel);
    return wanted && cancel_check(cancel, err);
}

bool loopback_wait(struct loopback *loopback, const struct callback_question *question, struct browser *browser, int64_t until,
                   struct cancel *cancel, char **answer, struct error *err)
{
    struct waiting waiting;
    bool done = false, over = false;
    int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    if (wake < 0)
        return error_set(err, "HY000", "The system gives no more file descriptors for the sign-in");
    while (!over) {
        list_files(loopback, wake, browser ? browser->report : -1, &waiting);
        over = !pause_for_news(loopback, &waiting, &wake, until, cancel, err);
        if (!over && clock_milliseconds() >= until) {
            over = true;
            error_set(err, "28000", "Nobody has signed in within the time allowed. Connect again, or sign in elsewhere with "
                      "GetOAuthAuthorizationURL and OAuthVerifier");
        }
        if (!over && waiting.polled[1].revents)
            over = !browser_check(browser, err);
        over = over || serve(loopback, &waiting, question, answer, &done, err);
    }
    close(wake);
    return done;
}

void loopback_answer(struct loopback *loopback, bool signed_in, const char *message)
{
    if (loopback->answering < 0)
        return;
    loopback_page_send(loopback->answering, signed_in ? 200 : 403, message);
    close(loopback->answering);
    loopback->answering = -1;
}
