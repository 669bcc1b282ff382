/* An authorization server for tests. */
#include "authority.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "http/url.h"
#include "oauth/authorization.h"

enum { LARGEST = 32 * 1024 };

static void parameter(const char *query, const char *name, char *out, size_t room)
{
    struct buffer value;
    buffer_init(&value, room - 1);
    snprintf(out, room, "%s", url_parameter(query, name, &value) ? buffer_text(&value) : "");
    buffer_clear(&value);
}

static void reply(int fd, const char *status, const char *head, const char *body)
{
    char text[LARGEST];
    int length = snprintf(text, sizeof text, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\nConnection: close\r\n\r\n%s", status, head,
                          strlen(body), body);
    if (send(fd, text, (size_t)length, MSG_NOSIGNAL) < 0)
        perror("send");
}

static void authorize(int fd, const char *query, struct authority_shared *shared)
{
    char redirect[2048], state[512], head[4096];
    struct buffer out;

    parameter(query, "redirect_uri", redirect, sizeof redirect);
    parameter(query, "state", state, sizeof state);
    parameter(query, "code_challenge", shared->challenge, sizeof shared->challenge);
    buffer_init(&out, 4000);
    buffer_append_text(&out, redirect);
    if (atomic_load(&shared->deny)) {
        url_add_parameter(&out, "error", "access_denied", false);
        url_add_parameter(&out, "error_description", "not\x01 <b>you</b>", false);
    } else {
        char code[32];
        snprintf(code, sizeof code, "code-%d", atomic_load(&shared->serial) + 1);
        url_add_parameter(&out, "code", code, false);
    }
    url_add_parameter(&out, "state", state, false);
    snprintf(head, sizeof head, "Location: %s\r\n", buffer_text(&out));
    buffer_clear(&out);
    reply(fd, "302 Found", head, "");
}

static void give(int fd, struct authority_shared *shared, bool with_refresh)
{
    char body[512], refresh[64] = "", life[64] = "";
    int serial = atomic_fetch_add(&shared->serial, 1) + 1;
    if (with_refresh)
        snprintf(refresh, sizeof refresh, ", \"refresh_token\": \"refresh-%d\"", serial);
    if (atomic_load(&shared->lifetime) >= 0)
        snprintf(life, sizeof life, ", \"expires_in\": %d", atomic_load(&shared->lifetime));
    snprintf(body, sizeof body, "{\"access_token\": \"access-%d\", \"token_type\": \"Bearer\", \"company\": \"acme\"%s%s}", serial, refresh,
             life);
    reply(fd, "200 OK", "Content-Type: application/json\r\n", body);
}

static bool verifier_fits(const char *verifier, const char *challenge)
{
    struct buffer computed;
    buffer_init(&computed, 64);
    bool fits = authorization_challenge(&computed, verifier) && strcmp(buffer_text(&computed), challenge) == 0;
    buffer_clear(&computed);
    return fits || (!*verifier && !*challenge);
}

static void token(int fd, const char *form, struct authority_shared *shared)
{
    static const char refused[] = "{\"error\": \"invalid_grant\", \"error_description\": \"it was used before\"}";
    char grant[64], value[256], expected[64], verifier[256];
    struct timespec delay = {atomic_load(&shared->delay) / 1000, atomic_load(&shared->delay) % 1000 * 1000000L};

    nanosleep(&delay, NULL);
    parameter(form, "grant_type", grant, sizeof grant);
    if (atomic_load(&shared->broken) > 0) {
        atomic_fetch_sub(&shared->broken, 1);
        reply(fd, "200 OK", "Content-Type: text/html\r\n", "<html>maintenance</html>");
    } else if (strcmp(grant, "authorization_code") == 0) {
        atomic_fetch_add(&shared->codes, 1);
        parameter(form, "code", value, sizeof value);
        parameter(form, "code_verifier", verifier, sizeof verifier);
        snprintf(expected, sizeof expected, "code-%d", atomic_load(&shared->serial) + 1);
        if (strcmp(value, expected) == 0 && verifier_fits(verifier, shared->challenge))
            give(fd, shared, true);
        else
            reply(fd, "400 Bad Request", "", refused);
    } else {
        bool silent = atomic_load(&shared->silent_refresh); /* then the first refresh token stays good for ever */
        atomic_fetch_add(&shared->refreshes, 1);
        snprintf(expected, sizeof expected, "refresh-%d", silent ? 0 : atomic_load(&shared->serial));
        parameter(form, "refresh_token", value, sizeof value);
        if (strcmp(value, expected) == 0) {
            give(fd, shared, !silent);
        } else {
            atomic_fetch_add(&shared->refused_refreshes, 1);
            reply(fd, "400 Bad Request", "", refused);
        }
    }
}

static void api(int fd, const char *head, struct authority_shared *shared)
{
    char expected[64];
    atomic_fetch_add(&shared->api_calls, 1);
    snprintf(expected, sizeof expected, "Authorization: Bearer access-%d\r\n", atomic_load(&shared->serial));
    reply(fd, strstr(head, expected) ? "200 OK" : "401 Unauthorized", "", "{}");
}

static void handle(int fd, struct authority_shared *shared)
{
    static char data[LARGEST];
    size_t length = 0, wanted = 0;

    while (!wanted || length < wanted) {
        ssize_t got = recv(fd, data + length, sizeof data - 1 - length, 0);
        if (got <= 0)
            return;
        length += (size_t)got;
        data[length] = '\0';
        const char *end = strstr(data, "\r\n\r\n");
        const char *announced = strstr(data, "Content-Length: ");
        if (end && !wanted)
            wanted = (size_t)(end + 4 - data) + (announced ? strtoul(announced + 16, NULL, 10) : 0);
    }
    const char *body = strstr(data, "\r\n\r\n") + 4;
    if (strncmp(data, "GET /authorize?", 15) == 0) {
        data[strcspn(data, "\r")] = '\0';
        data[4 + strcspn(data + 4, " ")] = '\0';
        authorize(fd, data + 15, shared);
    } else if (strncmp(data, "POST /token ", 12) == 0) {
        snprintf(shared->last_form, sizeof shared->last_form, "%s", body);
        snprintf(shared->last_head, sizeof shared->last_head, "%.*s", (int)(body - data), data);
        token(fd, body, shared);
    } else if (strncmp(data, "GET /api", 8) == 0) {
        api(fd, data, shared);
    } else {
        reply(fd, "404 Not Found", "", "");
    }
}

void authority_start(struct authority *authority)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    authority->shared = mmap(NULL, sizeof *authority->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (listener < 0 || authority->shared == MAP_FAILED || bind(listener, (struct sockaddr *)&address, size) != 0 ||
        listen(listener, 64) != 0 || getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        exit(99);
    authority->port = ntohs(address.sin_port);
    snprintf(authority->url, sizeof authority->url, "http://127.0.0.1:%d", authority->port);
    atomic_store(&authority->shared->lifetime, 3600);
    authority->process = fork();
    if (authority->process == 0) {
        for (;;) {
            int fd = accept(listener, NULL, NULL);
            if (fd < 0)
                continue;
            handle(fd, authority->shared);
            close(fd);
        }
    }
    close(listener);
}

void authority_stop(struct authority *authority)
{
    kill(authority->process, SIGKILL);
    waitpid(authority->process, NULL, 0);
    munmap(authority->shared, sizeof *authority->shared);
}

int authority_browse(const char *url, const char *host, char location[2048], char *body)
{
    char text[LARGEST], name[300];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const char *authority = strstr(url, "://") + 3;
    size_t length = strcspn(authority, "/?");
    const char *port = memchr(authority, ':', length);
    int status = 0;

    snprintf(name, sizeof name, "%.*s", (int)length, authority);
    address.sin_port = htons((uint16_t)strtol(port + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return 0;
    }
    const char *target = authority + length;
    int size = snprintf(text, sizeof text, "GET %s%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", *target == '/' ? "" : "/", target,
                        host ? host : name);
    if (send(fd, text, (size_t)size, MSG_NOSIGNAL) != size)
        perror("send");
    size_t got = 0;
    for (ssize_t some; got < sizeof text - 1 && (some = recv(fd, text + got, sizeof text - 1 - got, 0)) > 0;)
        got += (size_t)some;
    text[got] = '\0';
    close(fd);
    sscanf(text, "HTTP/1.1 %d", &status);
    if (location) {
        const char *found = strstr(text, "Location: ");
        snprintf(location, 2048, "%.*s", found ? (int)strcspn(found + 10, "\r\n") : 0, found ? found + 10 : "");
    }
    if (body)
        snprintf(body, 16384, "%.16000s", text);
    return status;
}
