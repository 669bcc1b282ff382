/* A server for tests of the transport. */
#include "wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 16 };

struct connection {
    int fd;
    size_t length;
    char data[WIRE_LARGEST];
};

static int listen_on_loopback(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        perror("test server");
        exit(99);
    }
    *port = ntohs(address.sin_port);
    return fd;
}

int wire_free_port(void)
{
    int port;
    close(listen_on_loopback(&port));
    return port;
}

/* Bytes of the first whole request in the data, 0 while it is unfinished. */
static size_t whole_request(const char *data)
{
    const char *end = strstr(data, "\r\n\r\n");
    if (!end)
        return 0;
    const char *announced = strcasestr(data, "\r\nContent-Length:");
    size_t body = announced && announced < end ? strtoul(announced + strlen("\r\nContent-Length:"), NULL, 10) : 0;
    size_t length = (size_t)(end + 4 - data);
    return strlen(data) >= length + body ? length + body : 0;
}

static void send_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        length -= (size_t)sent;
    }
}

static bool answer(int fd, const struct wire_answer *answer)
{
    char filler[4096];
    struct timespec delay = {answer->delay / 1000, (long)(answer->delay % 1000) * 1000000};

    memset(filler, 'x', sizeof filler);
    nanosleep(&delay, NULL);
    if (answer->bytes)
        send_all(fd, answer->bytes, answer->length ? answer->length : strlen(answer->bytes));
    for (size_t left = answer->filler; left > 0; left -= left < sizeof filler ? left : sizeof filler)
        send_all(fd, filler, left < sizeof filler ? left : sizeof filler);
    return !answer->close;
}

static const struct wire_answer *choose(const struct wire_answer *answers, size_t count, int number, const char *request)
{
    const char *target = strchr(request, ' ') + 1;
    size_t length = strcspn(target, " ");

    for (size_t i = 0; i < count && answers[0].target; i++)
        if (strlen(answers[i].target) == length && memcmp(answers[i].target, target, length) == 0)
            return &answers[i];
    return &answers[(size_t)number < count ? (size_t)number : count - 1];
}

/* False when the connection is over. */
static bool serve_connection(struct connection *connection, const struct wire_answer *answers, size_t count, struct wire_seen *seen)
{
    ssize_t got = recv(connection->fd, connection->data + connection->length, sizeof connection->data - 1 - connection->length, 0);
    if (got <= 0)
        return false;
    connection->length += (size_t)got;
    connection->data[connection->length] = '\0';

    for (size_t whole; (whole = whole_request(connection->data)) > 0;) {
        int number = atomic_load(&seen->requests);
        if (number < WIRE_REQUESTS) {
            memcpy(seen->request[number], connection->data, whole);
            seen->request[number][whole] = '\0';
        }
        atomic_fetch_add(&seen->requests, 1);
        const struct wire_answer *chosen = choose(answers, count, number, connection->data);
        connection->length -= whole;
        memmove(connection->data, connection->data + whole, connection->length + 1);
        if (!answer(connection->fd, chosen))
            return false;
    }
    return true;
}

static void serve(int listener, const struct wire_answer *answers, size_t count, struct wire_seen *seen)
{
    static struct connection connections[MOST_CONNECTIONS];
    size_t open = 0;

    for (;;) {
        struct pollfd polled[MOST_CONNECTIONS + 1] = {{.fd = listener, .events = POLLIN}};
        for (size_t i = 0; i < open; i++)
            polled[i + 1] = (struct pollfd){.fd = connections[i].fd, .events = POLLIN};
        if (poll(polled, open + 1, -1) < 0)
            continue;
        for (size_t i = open; i-- > 0;) {
            if (!polled[i + 1].revents || serve_connection(&connections[i], answers, count, seen))
                continue;
            close(connections[i].fd);
            connections[i] = connections[--open];
        }
        if (polled[0].revents && open < MOST_CONNECTIONS) {
            connections[open] = (struct connection){.fd = accept(listener, NULL, NULL)};
            atomic_fetch_add(&seen->connections, 1);
            open++;
        }
    }
}

void wire_listen(struct wire *wire)
{
    wire->listener = listen_on_loopback(&wire->port);
    snprintf(wire->url, sizeof wire->url, "http://127.0.0.1:%d", wire->port);
}

void wire_serve(struct wire *wire, const struct wire_answer *answers, size_t count)
{
    wire->seen = mmap(NULL, sizeof *wire->seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (wire->seen == MAP_FAILED)
        exit(99);
    wire->process = fork();
    if (wire->process == 0) {
        signal(SIGTERM, SIG_DFL);
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* it must not outlive a test that fails, and keep its output open */
        serve(wire->listener, answers, count, wire->seen);
    }
    close(wire->listener);
}

void wire_start(struct wire *wire, const struct wire_answer *answers, size_t count)
{
    wire_listen(wire);
    wire_serve(wire, answers, count);
}

void wire_stop(struct wire *wire)
{
    kill(wire->process, SIGKILL);
    waitpid(wire->process, NULL, 0);
    munmap(wire->seen, sizeof *wire->seen);
}
