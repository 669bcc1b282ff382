#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"

enum { LONGEST_LINE = 256 * 1024, SHORTEST_SECRET = 4 };

struct secret {
    struct secret *next;
    char text[];
};

struct log {
    int fd;                  /* -1 = silent */
    int level;
    pthread_mutex_t lock;    /* guards the secrets */
    struct secret *secrets;
};

bool log_open(const char *path, int level, struct log **result, struct error *err)
{
    struct log *log = calloc(1, sizeof *log);
    if (!log)
        return error_memory(err);
    log->fd = -1;
    log->level = level;
    pthread_mutex_init(&log->lock, NULL);
    if (path && *path) {
        /* Without O_NONBLOCK a pipe would make us wait for its reader: now, and whenever it is full. */
        log->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
        if (log->fd < 0) {
            error_set(err, "HY000", "Logfile=%s can not be written: %s", path, strerror(errno));
            log_close(log);
            return false;
        }
    }
    *result = log;
    return true;
}

void log_close(struct log *log)
{
    if (!log)
        return;
    for (struct secret *secret = log->secrets, *next; secret; secret = next) {
        next = secret->next;
        explicit_bzero(secret->text, strlen(secret->text));
        free(secret);
    }
    if (log->fd >= 0)
        close(log->fd);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

bool log_wants(const struct log *log, enum log_level level)
{
    return log && log->fd >= 0 && (int)level <= log->level;
}

static void remember(struct log *log, const char *text, size_t length)
{
    for (const struct secret *known = log->secrets; known; known = known->next)
        if (strlen(known->text) == length && memcmp(known->text, text, length) == 0)
            return;
    struct secret *secret = malloc(sizeof *secret + length + 1);
    if (!secret)
        return;
    memcpy(secret->text, text, length);
    secret->text[length] = '\0';
    secret->next = log->secrets;
    log->secrets = secret;
}

static void remember_encoded(struct log *log, const char *text, bool space_is_plus)
{
    struct buffer encoded;
    buffer_init(&encoded, strlen(text) * 3);
    for (const char *at = text; *at; at++) {
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", *at))
            buffer_append_char(&encoded, *at);
        else if (*at == ' ' && space_is_plus)
            buffer_append_char(&encoded, '+');
        else
            buffer_printf(&encoded, "%%%02X", (unsigned)(unsigned char)*at);
    }
    remember(log, buffer_text(&encoded), encoded.length);
    if (encoded.data)
        explicit_bzero(encoded.data, encoded.capacity);
    buffer_clear(&encoded);
}

static void remember_escaped(struct log *log, const char *text)
{
    struct buffer escaped;
    buffer_init(&escaped, strlen(text) * 2);
    for (const char *at = text; *at; at++) {
        if (strchr("\"\\/", *at))
            buffer_append_char(&escaped, '\\');
        buffer_append_char(&escaped, *at);
    }
    remember(log, buffer_text(&escaped), escaped.length);
    if (escaped.data)
        explicit_bzero(escaped.data, escaped.capacity);
    buffer_clear(&escaped);
}

void log_hide(struct log *log, const char *secret)
{
    if (!log || !secret || strlen(secret) < SHORTEST_SECRET)
        return;
    pthread_mutex_lock(&log->lock);
    remember(log, secret, strlen(secret));
    remember_encoded(log, secret, false);
    remember_encoded(log, secret, true);
    remember_escaped(log, secret);
    pthread_mutex_unlock(&log->lock);
}

/* What always holds a secret. `line`: all to the end of the line goes (header fields). */
static const struct {
    const char *name;
    bool line;
} telling[] = {
    {"authorization", true}, {"proxy-authorization", true}, {"cookie", true}, {"set-cookie", true},
    {"access_token", false}, {"refresh_token", false}, {"id_token", false}, {"client_secret", false}, {"code_verifier", false},
    {"device_code", false}, {"code", false}, {"assertion", false}, {"password", false}, {"passwd", false}, {"pwd", false},
    {"oauth_token", false}, {"oauth_token_secret", false}, {"oauth_verifier", false}, {"oauth_signature", false},
    {"api_key", false}, {"apikey", false}, {"oauthaccesstoken", false}, {"oauthaccesstokensecret", false},
    {"oauthrefreshtoken", false}, {"oauthclientsecret", false}, {"oauthverifier", false}, {"verifier", false},
    {"pkceverifier", false}, {"proxypassword", false}, {"authtoken", false}, {"authkey", false}, {"devicecode", false},
    {"certpassword", false}, {"oauthjwtcertpassword", false}, {"client_assertion", false},
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static size_t spaces(const char *text)
{
    return strspn(text, " \t");
}

/* Length of the secret value that follows a telling name: after quotes, spaces and one of = : => */
static size_t value_after(const char *after, bool line, size_t *skipped)
{
    const char *at = after;
    bool json = *at == '"';
    at += json;
    at += spaces(at);
    if (*at != '=' && *at != ':')
        return 0;
    bool colon = *at == ':';
    at++;
    if (*at == '>')
        at++;
    at += spaces(at);
    if (line) {
        *skipped = (size_t)(at - after);
        return strcspn(at, "\r\n");
    }
    char quote = *at == '"' || *at == '\'' || *at == '{' ? *at : '\0';
    if (colon && !quote)
        return 0; /* a number or prose: "code": 417 */
    at += quote != '\0';
    *skipped = (size_t)(at - after);
    if (quote)
        return strcspn(at, quote == '{' ? "}" : quote == '"' ? "\"" : "'");
    return strcspn(at, "&; \t\r\n\"'<>,)");
}

static bool find_telling(const char *word, size_t length, bool *line)
{
    for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++)
        if (name_equal_length(word, length, telling[i].name)) {
            *line = telling[i].line;
            return true;
        }
    return false;
}

static void hide_named(const char *text, struct buffer *out)
{
    while (*text) {
        if (!is_word(*text)) {
            buffer_append_char(out, *text++);
            continue;
        }
        size_t length = 0, skipped = 0, hidden = 0;
        bool line = false;
        while (is_word(text[length]))
            length++;
        if (find_telling(text, length, &line))
            hidden = value_after(text + length, line, &skipped);
        buffer_append(out, text, length + (hidden ? skipped : 0));
        if (hidden)
            buffer_append_text(out, "***");
        text += length + (hidden ? skipped + hidden : 0);
    }
}

void log_redact(struct log *log, char *text)
{
    if (!log)
        return;
    pthread_mutex_lock(&log->lock);
    for (const struct secret *secret = log->secrets; secret; secret = secret->next) {
        size_t length = strlen(secret->text);
        for (char *at = text; (at = strstr(at, secret->text)); at += 3) {
            memcpy(at, "***", 3); /* no secret is shorter than four bytes */
            memmove(at + 3, at + length, strlen(at + length) + 1);
        }
    }
    pthread_mutex_unlock(&log->lock);
}

static void make_printable(const char *text, struct buffer *out)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\n')
            buffer_append_text(out, "\\n");
        else if (c == '\r')
            buffer_append_text(out, "\\r");
        else if (c < 0x20 || c == 0x7F)
            buffer_printf(out, "\\x%02X", c);
        else
            buffer_append_char(out, *text);
    }
}

static void stamp(struct buffer *out, const char *module)
{
    struct timespec now;
    struct tm local;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &local);
    buffer_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ %ld.%ld [%s] ", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
                  local.tm_hour, local.tm_min, local.tm_sec, now.tv_nsec / 1000000, (long)getpid(), (long)syscall(SYS_gettid), module);
}

static void write_all(int fd, const char *bytes, size_t length)
{
    while (length) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return; /* a full disk must not stop a query */
        bytes += written;
        length -= (size_t)written;
    }
}

/* A pipe whose reader has gone and a file at its limit are answered with a signal to this thread, which would end a program that knows
 * nothing of the log. */
static void write_quietly(int fd, const char *bytes, size_t length)
{
    static const struct timespec at_once = {0, 0};
    sigset_t raised, before, pending;

    sigemptyset(&raised);
    sigaddset(&raised, SIGPIPE);
    sigaddset(&raised, SIGXFSZ);
    sigpending(&pending);
    if (pthread_sigmask(SIG_BLOCK, &raised, &before) != 0)
        return;
    write_all(fd, bytes, length);
    if (sigismember(&pending, SIGPIPE)) /* was there before us: it is somebody else's */
        sigdelset(&raised, SIGPIPE);
    if (sigismember(&pending, SIGXFSZ))
        sigdelset(&raised, SIGXFSZ);
    while (sigtimedwait(&raised, NULL, &at_once) > 0)
        ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void log_write(struct log *log, enum log_level level, const char *module, const char *format, ...)
{
    struct buffer raw, named, line;
    va_list arguments;

    if (!log_wants(log, level))
        return;
    buffer_init(&raw, LONGEST_LINE);
    buffer_init(&named, LONGEST_LINE * 2);
    buffer_init(&line, LONGEST_LINE * 4);

    va_start(arguments, format);
    if (!buffer_vprintf(&raw, format, arguments))
        buffer_append_text(&named, "(a line too long for the log) ");
    va_end(arguments);

    if (raw.data)
        log_redact(log, raw.data);
    hide_named(buffer_text(&raw), &named);
    stamp(&line, module);
    make_printable(buffer_text(&named), &line);
    buffer_append_char(&line, '\n');
    if (!line.failed)
        write_quietly(log->fd, line.data, line.length);

    if (raw.data)
        explicit_bzero(raw.data, raw.capacity);
    buffer_clear(&raw);
    buffer_clear(&named);
    buffer_clear(&line);
}
