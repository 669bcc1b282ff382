/* What the user's browser shows at the end of a sign-in. */
#include "oauth/loopback_page.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cancel.h"
#include "oauth/loopback.h"

enum { LARGEST_PAGE = 16 * 1024, SENDING_TIME = 1000 /* milliseconds */ };

static const char style[] =
    "html{color-scheme:light dark}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.05rem/1.55 system-ui,sans-serif;"
    "background:#f4f5f7;color:#1d2430}"
    "main{max-width:30rem;margin:1rem;padding:2.25rem 2.5rem;border-radius:14px;background:#fff;"
    "box-shadow:0 1px 3px #0002,0 8px 30px #0001;overflow-wrap:anywhere}"
    "h1{margin:0 0 .5rem;font-size:1.45rem;font-weight:600}p{margin:0}"
    ".mark{display:block;width:2.6rem;height:2.6rem;margin-bottom:1.1rem;border-radius:50%;color:#fff;"
    "font:600 1.5rem/2.6rem system-ui,sans-serif;text-align:center;background:#1a7f4b}"
    ".no{background:#b3372c}"
    "@media(prefers-color-scheme:dark){body{background:#14171c;color:#e7e9ed}main{background:#1f242c;box-shadow:none}}";

static const char *reason_of(int status)
{
    switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 421: return "Misdirected Request";
    case 431: return "Request Header Fields Too Large";
    default: return "Service Unavailable";
    }
}

bool loopback_escape(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': buffer_append_text(out, "&amp;"); break;
        case '<': buffer_append_text(out, "&lt;"); break;
        case '>': buffer_append_text(out, "&gt;"); break;
        case '"': buffer_append_text(out, "&quot;"); break;
        case '\'': buffer_append_text(out, "&#39;"); break;
        default: buffer_append_char(out, *text); break;
        }
    }
    return !out->failed;
}

static void write_body(struct buffer *body, int status, const char *message)
{
    const char *title = status == 200   ? "You are signed in"
                        : status == 403 ? "You are not signed in"
                        : status == 400 ? "This sign-in is not expected here"
                                        : reason_of(status);

    buffer_printf(body, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title>"
                  "<meta name=\"viewport\" content=\"width=device-width\"><style>%s</style></head>\n<body><main>", title, style);
    buffer_printf(body, "<span class=\"mark%s\" aria-hidden=\"true\">%s</span><h1>%s</h1><p>", status == 200 ? "" : " no",
                  status == 200 ? "\xE2\x9C\x93" : "!", title);
    if (status == 200)
        buffer_append_text(body, "You can close this window.");
    else if (status == 403)
        loopback_escape(body, message && *message ? message : "The program that asked for it will tell why.");
    else if (status == 400)
        buffer_append_text(body, "It is not the answer to what your program asked for. Go back to the page that it opened, or begin again "
                                 "in your program.");
    else
        buffer_append_text(body, "There is nothing here.");
    buffer_append_text(body, "</p></main></body></html>\n");
}

bool loopback_page_write(struct buffer *out, int status, const char *message)
{
    struct buffer body;
    buffer_init(&body, LARGEST_PAGE);
    write_body(&body, status, message);
    buffer_printf(out, "HTTP/1.1 %d %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %zu\r\nConnection: close\r\n%s"
                  "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
                  "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
                  "form-action 'none'\r\n\r\n%s", status, reason_of(status), body.length, status == 405 ? "Allow: GET\r\n" : "",
                  buffer_text(&body));
    bool done = !body.failed && !out->failed;
    buffer_clear(&body);
    return done;
}

static void send_all(int fd, const char *bytes, size_t length)
{
    int64_t until = clock_milliseconds() + SENDING_TIME;

    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes += sent;
            length -= (size_t)sent;
            continue;
        }
        int64_t left = until - clock_milliseconds();
        struct pollfd polled = {.fd = fd, .events = POLLOUT};
        if ((errno != EAGAIN && errno != EINTR) || left <= 0 || poll(&polled, 1, (int)left) < 0)
            return;
    }
}

void loopback_page_send(int fd, int status, const char *message)
{
    struct buffer page;
    char rest[4096];

    buffer_init(&page, LARGEST_PAGE * 2);
    if (loopback_page_write(&page, status, message))
        send_all(fd, page.data, page.length);
    buffer_clear(&page);
    shutdown(fd, SHUT_WR);
    /* What was sent and not read would make the kernel cut our answer off. */
    for (int i = 0; i < 64 && recv(fd, rest, sizeof rest, MSG_DONTWAIT) > 0; i++)
        continue;
}
