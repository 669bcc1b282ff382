/* The log file: what was asked, what was sent, what came back — never a secret. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

struct error;
struct log;

enum log_level {
    LOG_QUERY = 1,     /* queries, rows, milliseconds, errors */
    LOG_REQUEST = 2,   /* one line a request: method, URL, status, bytes, milliseconds; pushed filters */
    LOG_HEADER = 3,    /* request and response headers, request bodies */
    LOG_BODY = 4,      /* response bodies (the first 64 KiB), connection and TLS detail */
    LOG_CALL = 5,      /* ODBC calls */
};

/* Opens (appends to) a log file, created with mode 0600. path NULL or "" gives a log that is silent.
 * level  1–5. False with HY000 when the file can not be written. Several threads may write to one log. */
bool log_open(const char *path, int level, struct log **log, struct error *err);
void log_close(struct log *log);

/* Whether a line of this level would be written: to save the making of costly ones. A NULL log writes nothing. */
bool log_wants(const struct log *log, enum log_level level);

/* Makes a secret known, also to a silent log: wherever this text (or its percent-encoded or JSON-escaped form) would appear in the log,
 * "***" is written. Texts shorter than 4 bytes are not remembered. The copy is wiped at log_close. */
void log_hide(struct log *log, const char *secret);

/* Puts "***" in the place of every known secret in a text that goes elsewhere, such as the words of a service that said back what it was
 * sent. It becomes no longer. A NULL log knows none. */
void log_redact(struct log *log, char *text);

/* Writes one line: time, process and thread id, module, text. Besides the known secrets it hides what follows the names that always
 * hold one (Authorization, Cookie, access_token, refresh_token, id_token, client_secret, code, code_verifier, password, pwd…)
 * in headers, URLs, forms and JSON. Line breaks are written as \n, other control characters as \xNN.
 * module  "odbc", "sql", "http", "oauth", "provider" */
void log_write(struct log *log, enum log_level level, const char *module, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
