/* What the log shows of the wire: header fields, request bodies, TLS detail; never a credential. */
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "http/lane.h"

enum { LARGEST_SHOWN = 64 * 1024 };

/* Where a line stops being harmless: just after the colon of a field that holds a secret, or FTP's PASS; its length when there is none.
 * The name may stand anywhere, because libcurl also reports HTTP/2 fields in sentences of its own. */
static size_t harmless_length(const char *line, size_t length)
{
    static const char *const fields[] = {"authorization:", "cookie:", "token:", "secret:", "key:", "password:", "signature:", "pass "};
    size_t least = length;

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        size_t name = strlen(fields[i]);
        for (size_t at = 0; at + name <= least; at++)
            if (strncasecmp(line + at, fields[i], name) == 0)
                least = at + name;
    }
    return least;
}

static void write_lines(struct log *log, enum log_level level, const char *arrow, const char *data, size_t length)
{
    while (length > 0) {
        const char *end = memchr(data, '\n', length);
        size_t line = end ? (size_t)(end - data) : length;
        size_t used = end ? line + 1 : line;
        if (line && data[line - 1] == '\r')
            line--;
        size_t shown = harmless_length(data, line);
        if (line)
            log_write(log, level, "http", "%s %.*s%s", arrow, (int)shown, data, shown < line ? " ***" : "");
        data += used;
        length -= used;
    }
}

void http_trace(struct log *log, curl_infotype kind, const char *data, size_t length, bool confidential)
{
    switch (kind) {
    case CURLINFO_HEADER_OUT:
        write_lines(log, LOG_HEADER, ">", data, length);
        break;
    case CURLINFO_HEADER_IN:
        write_lines(log, LOG_HEADER, "<", data, length);
        break;
    case CURLINFO_TEXT:
        write_lines(log, LOG_BODY, "*", data, length);
        break;
    case CURLINFO_DATA_OUT:
        if (confidential)
            log_write(log, LOG_HEADER, "http", "> (%zu bytes, not shown)", length);
        else
            log_write(log, LOG_HEADER, "http", "> %.*s", (int)(length < LARGEST_SHOWN ? length : LARGEST_SHOWN), data);
        break;
    default:
        break; /* what comes in is still compressed here: the exchange logs it when it is whole */
    }
}
