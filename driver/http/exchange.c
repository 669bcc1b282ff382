/* An exchange: one request and its final answer, whatever it takes to get it: repetition, redirect, a renewed credential. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "http/lane.h"
#include "http/retry_after.h"
#include "http/url.h"

enum {
    LARGEST_BODY = 64 * 1024 * 1024,
    LARGEST_HEAD = 256 * 1024,
    LARGEST_LOGGED = 64 * 1024,
    MOST_REDIRECTS = 5,
    FIRST_WAIT = 250,          /* milliseconds before the first repetition */
    FIRST_WAIT_LIMITED = 1000, /* likewise after 429 and 503, where the service has too much to do */
};

struct field {
    char *name, *value;
    struct field *next;
};

struct http_exchange {
    struct http_lane *lane;
    struct http_signer *signer;
    char *method, *url;
    char *hidden_url;             /* the URL for messages and the log */
    char *body;
    size_t body_length;
    struct field *fields;
    bool safe_to_repeat, follow_redirects, no_retry, confidential;

    unsigned attempt;             /* how often it has been sent */
    unsigned repetitions;         /* of these, because of failures: counted against RetryMax */
    unsigned redirects;
    bool refused;                 /* the signer has had its one chance to renew the credential */

    CURL *easy;
    struct curl_slist *list;      /* the fields in libcurl's form */
    bool in_flight;               /* the easy handle is in the lane's multi */
    CURLcode result;
    char detail[CURL_ERROR_SIZE];
    int64_t sent_at, moved_at;    /* clock_milliseconds() of the sending, and of the last byte that moved */
    curl_off_t moved;

    int status;
    struct buffer head;           /* "Name\0value\0" pairs of the final answer */
    struct buffer answer;
    bool too_large;
};

static void wipe(char *text, size_t length)
{
    if (text)
        explicit_bzero(text, length);
    free(text);
}

static void field_free(struct field *field)
{
    free(field->name);
    wipe(field->value, strlen(field->value));
    free(field);
}

bool http_exchange_header(struct http_exchange *exchange, const char *name, const char *value, struct error *err)
{
    if (strpbrk(name, "\r\n:") || strpbrk(value, "\r\n"))
        return error_set(err, "HY000", "The header field %.40s may not hold a line break", name);

    char *copy = strdup(value);
    if (!copy)
        return error_memory(err);
    for (struct field *field = exchange->fields; field; field = field->next) {
        if (!name_equal(field->name, name))
            continue;
        wipe(field->value, strlen(field->value));
        field->value = copy;
        return true;
    }

    struct field *field = calloc(1, sizeof *field);
    char *name_copy = strdup(name);
    if (!field || !name_copy) {
        free(field);
        free(name_copy);
        wipe(copy, strlen(copy));
        return error_memory(err);
    }
    *field = (struct field){.name = name_copy, .value = copy, .next = exchange->fields};
    exchange->fields = field;
    return true;
}

const char *http_exchange_field(const struct http_exchange *exchange, const char *name)
{
    for (const struct field *field = exchange->fields; field; field = field->next)
        if (name_equal(field->name, name))
            return field->value;
    return NULL;
}

const char *http_exchange_method(const struct http_exchange *exchange)
{
    return exchange->method;
}

const char *http_exchange_url(const struct http_exchange *exchange)
{
    return exchange->url;
}

/* --- what libcurl calls while bytes move --- */

static size_t take_head(char *data, size_t size, size_t count, void *context)
{
    struct http_exchange *exchange = context;
    size_t length = size * count;
    exchange->moved_at = clock_milliseconds();

    if (length >= 5 && memcmp(data, "HTTP/", 5) == 0) { /* an answer begins; one before it was interim (1xx) */
        buffer_reset(&exchange->head);
        return length;
    }
    const char *colon = memchr(data, ':', length);
    if (!colon || memchr(data, '\0', length))
        return length;
    const char *value = colon + 1;
    const char *end = data + length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && strchr(" \t\r\n", end[-1]))
        end--;
    buffer_append(&exchange->head, data, (size_t)(colon - data));
    buffer_append_char(&exchange->head, '\0');
    buffer_append(&exchange->head, value, (size_t)(end - value));
    return buffer_append_char(&exchange->head, '\0') ? length : 0;
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct http_exchange *exchange = context;
    size_t length = size * count;
    exchange->moved_at = clock_milliseconds();
    if (length > exchange->answer.limit - exchange->answer.length) {
        exchange->too_large = true;
        return 0;
    }
    return buffer_append(&exchange->answer, data, length) ? length : 0;
}

static int note_progress(void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
    struct http_exchange *exchange = context;
    (void)down_total;
    (void)up_total;
    if (down + up != exchange->moved) {
        exchange->moved = down + up;
        exchange->moved_at = clock_milliseconds();
    }
    return 0;
}

static int trace(CURL *easy, curl_infotype kind, char *data, size_t length, void *context)
{
    const struct http_exchange *exchange = context;
    (void)easy;
    http_trace(exchange->lane->client->log, kind, data, length, exchange->confidential);
    return 0;
}

/* --- sending --- */

static void wipe_list(struct http_exchange *exchange)
{
    for (struct curl_slist *line = exchange->list; line; line = line->next)
        explicit_bzero(line->data, strlen(line->data));
    curl_slist_free_all(exchange->list);
    exchange->list = NULL;
}

static bool list_fields(struct http_exchange *exchange, struct error *err)
{
    struct buffer line;
    bool done = true;

    wipe_list(exchange);
    exchange->list = curl_slist_append(NULL, "Expect:"); /* no 100-continue: it costs a round trip */
    if (!exchange->list)
        return error_memory(err);
    for (const struct field *field = exchange->fields; field && done; field = field->next) {
        buffer_init(&line, strlen(field->name) + strlen(field->value) + 2);
        buffer_printf(&line, "%s:%s%s", field->name, *field->value ? " " : "", field->value); /* "Name:" alone = not sent */
        struct curl_slist *longer = line.failed ? NULL : curl_slist_append(exchange->list, line.data);
        if (longer)
            exchange->list = longer;
        done = longer != NULL;
        if (line.data)
            explicit_bzero(line.data, line.length);
        buffer_clear(&line);
    }
    return done ? true : error_memory(err);
}

static CURLcode set_method(struct http_exchange *exchange)
{
    CURL *easy = exchange->easy;
    if (exchange->body) {
        CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body_length);
        if (code == CURLE_OK)
            code = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body);
        return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange->method) : code;
    }
    if (strcmp(exchange->method, "HEAD") == 0)
        return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange->method);
}

static bool set_up(struct http_exchange *exchange, struct error *err)
{
    CURL *easy = exchange->easy;
    const struct http_client *client = exchange->lane->client;

    curl_easy_reset(easy);
    if (!http_settings_apply(&client->settings, easy, exchange->url, err))
        return false;
    CURLcode code = set_method(exchange);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_URL, exchange->url);
    if (code != CURLE_OK)
        return code == CURLE_OUT_OF_MEMORY ? error_memory(err)
                                           : error_set(err, "HY000", "The request can not be set up: %s", curl_easy_strerror(code));

    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->list);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_head);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, note_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, exchange);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->detail);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    if (log_wants(client->log, LOG_HEADER)) {
        curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, trace);
        curl_easy_setopt(easy, CURLOPT_DEBUGDATA, exchange);
        curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    }
    return true;
}

static void take_out(struct http_exchange *exchange)
{
    if (exchange->in_flight)
        curl_multi_remove_handle(exchange->lane->multi, exchange->easy);
    exchange->in_flight = false;
}

static bool send_once(struct http_exchange *exchange, struct cancel *cancel, struct error *err)
{
    struct http_lane *lane = exchange->lane;

    if (exchange->signer && !exchange->signer->sign(exchange->signer, exchange, lane, cancel, err))
        return false;
    buffer_reset(&exchange->head);
    buffer_reset(&exchange->answer);
    exchange->status = 0;
    exchange->too_large = false;
    exchange->detail[0] = '\0';
    exchange->result = CURLE_OK;
    exchange->moved = 0;
    exchange->sent_at = exchange->moved_at = clock_milliseconds();
    exchange->attempt++;
    if (!list_fields(exchange, err) || !set_up(exchange, err))
        return false;

    CURLMcode code = curl_multi_add_handle(lane->multi, exchange->easy);
    if (code == CURLM_OUT_OF_MEMORY)
        return error_memory(err);
    if (code != CURLM_OK)
        return error_set(err, "HY000", "The request can not be sent: %s", curl_multi_strerror(code));
    exchange->in_flight = true;
    return http_lane_drive(lane, err);
}

/* --- the end of a transfer --- */

void http_exchange_ended(struct http_exchange *exchange, CURLcode result)
{
    struct log *log = exchange->lane->client->log;
    long status = 0;

    exchange->result = result;
    curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    exchange->status = (int)status;
    take_out(exchange);

    long long spent = clock_milliseconds() - exchange->sent_at;
    if (result == CURLE_OK)
        log_write(log, LOG_REQUEST, "http", "%s %s -> %d, %zu bytes, %lld ms, attempt %u", exchange->method, exchange->hidden_url,
                  exchange->status, exchange->answer.length, spent, exchange->attempt);
    else
        log_write(log, LOG_REQUEST, "http", "%s %s -> %s, %lld ms, attempt %u", exchange->method, exchange->hidden_url,
                  *exchange->detail ? exchange->detail : curl_easy_strerror(result), spent, exchange->attempt);
    if (exchange->answer.length && log_wants(log, LOG_BODY)) {
        size_t shown = exchange->answer.length < LARGEST_LOGGED ? exchange->answer.length : LARGEST_LOGGED;
        if (exchange->confidential)
            log_write(log, LOG_BODY, "http", "< (%zu bytes, not shown)", exchange->answer.length);
        else
            log_write(log, LOG_BODY, "http", "< %.*s", (int)shown, exchange->answer.data);
    }
}

static bool was_connected(const struct http_exchange *exchange)
{
    curl_off_t microseconds = 0;
    curl_easy_getinfo(exchange->easy, CURLINFO_PRETRANSFER_TIME_T, &microseconds);
    return microseconds > 0;
}

static const char *find_field(const struct buffer *head, const char *name)
{
    size_t at = 0;
    while (at < head->length) {
        const char *found = head->data + at;
        const char *value = found + strlen(found) + 1;
        if (name_equal(found, name))
            return value;
        at = (size_t)(value - head->data) + strlen(value) + 1;
    }
    return NULL;
}

/* Whether the failed transfer is worth another try: certainly when the request never left, else when that can do no harm. */
static bool is_passing_failure(const struct http_exchange *exchange)
{
    switch (exchange->result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return exchange->repetitions < 1; /* a misspelt name stays one */
    case CURLE_COULDNT_CONNECT:
        return true;
    case CURLE_OPERATION_TIMEDOUT:
        return !was_connected(exchange) && exchange->repetitions < 1;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_BAD_CONTENT_ENCODING:
        return exchange->safe_to_repeat;
    default:
        return false;
    }
}

static bool is_passing_status(const struct http_exchange *exchange)
{
    switch (exchange->status) {
    case 429:
    case 503:
        return true; /* the service says that it has not done it */
    case 500:
    case 502:
    case 504:
        return exchange->safe_to_repeat;
    default:
        return false;
    }
}

static uint32_t random_number(void)
{
    uint32_t number = 0;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != (ssize_t)sizeof number)
        number = (uint32_t)clock_milliseconds();
    return number;
}

/* Whether to send once more, and after how many milliseconds. */
static bool is_worth_repeating(const struct http_exchange *exchange, int64_t *wait)
{
    unsigned seconds = 0;

    if (exchange->no_retry || exchange->repetitions >= exchange->lane->client->settings.retries)
        return false;
    if (exchange->result != CURLE_OK) {
        *wait = retry_backoff(exchange->repetitions + 1, FIRST_WAIT, random_number());
        return is_passing_failure(exchange);
    }
    if (!is_passing_status(exchange))
        return false;
    switch (retry_after_read(find_field(&exchange->head, "Retry-After"), time(NULL), &seconds)) {
    case RETRY_AFTER_TOO_LONG:
        return false;
    case RETRY_AFTER_WAIT:
        *wait = (int64_t)seconds * 1000;
        return true;
    default:
        break;
    }
    bool limited = exchange->status == 429 || exchange->status == 503;
    *wait = retry_backoff(exchange->repetitions + 1, limited ? FIRST_WAIT_LIMITED : FIRST_WAIT, random_number());
    return true;
}

static bool stay_away(struct http_exchange *exchange, int64_t wait, struct cancel *cancel, struct error *err)
{
    int64_t until = clock_milliseconds() + wait;

    for (int64_t left = wait; left > 0; left = until - clock_milliseconds())
        if (!http_lane_pause(exchange->lane, left, cancel, err) || !http_lane_drive(exchange->lane, err))
            return false;
    return true;
}

static bool transfer_failed(struct http_exchange *exchange, struct error *err)
{
    if (exchange->too_large)
        return error_set(err, "08S01", "The answer of %s is larger than %zu bytes, more than is accepted; ask for less at a time",
                         exchange->hidden_url, exchange->answer.limit);
    if (exchange->answer.failed || (exchange->head.failed && exchange->head.length < LARGEST_HEAD / 2))
        return error_memory(err);
    return http_failure(exchange->result, was_connected(exchange), exchange->url, &exchange->lane->client->settings,
                        exchange->detail, err);
}

static bool set_url(struct http_exchange *exchange, const char *url, struct error *err)
{
    struct buffer hidden;
    buffer_init(&hidden, strlen(url) * 2 + 1024);
    char *copy = strdup(url);
    if (!copy || !url_print_hidden(&hidden, url)) {
        free(copy);
        buffer_clear(&hidden);
        return error_memory(err);
    }
    if (exchange->url)
        wipe(exchange->url, strlen(exchange->url));
    free(exchange->hidden_url);
    exchange->url = copy;
    exchange->hidden_url = hidden.data;
    return true;
}

/* 303 asks for a GET, and so, by old habit, do 301 and 302 after a POST (RFC 9110, 15.4). */
static bool adapt_method(struct http_exchange *exchange, struct error *err)
{
    bool post = strcmp(exchange->method, "POST") == 0;
    if (exchange->status != 303 && !(post && (exchange->status == 301 || exchange->status == 302)))
        return true;
    char *get = strdup("GET");
    if (!get)
        return error_memory(err);
    free(exchange->method);
    exchange->method = get;
    wipe(exchange->body, exchange->body_length);
    exchange->body = NULL;
    exchange->body_length = 0;
    return true;
}

static bool is_redirect(const struct http_exchange *exchange)
{
    switch (exchange->status) {
    case 301: case 302: case 303: case 307: case 308:
        return exchange->follow_redirects && find_field(&exchange->head, "Location");
    default:
        return false;
    }
}

static bool follow_redirect(struct http_exchange *exchange, struct error *err)
{
    char *target = NULL;
    if (exchange->redirects++ >= MOST_REDIRECTS)
        return error_set(err, "08S01", "%s redirects more than %d times in a row", exchange->hidden_url, MOST_REDIRECTS);
    curl_easy_getinfo(exchange->easy, CURLINFO_REDIRECT_URL, &target);
    if (!target || !url_same_origin(exchange->url, target)) {
        struct error ignored;
        struct url other = {0};
        if (target)
            url_parse(target, "", &other, &ignored);
        error_set(err, "08S01", "%s redirects to another place (%.200s), which is not followed: the credential must not leave its host. "
                  "Check the property URL", exchange->hidden_url, other.host ? other.host : "not a URL");
        url_clear(&other);
        return false;
    }
    return adapt_method(exchange, err) && set_url(exchange, target, err);
}

/* --- the public life of an exchange --- */

static bool copy_request(struct http_exchange *exchange, const struct http_request *request, struct error *err)
{
    exchange->signer = request->signer;
    exchange->safe_to_repeat = request->safe_to_repeat;
    exchange->follow_redirects = request->follow_redirects;
    exchange->no_retry = request->no_retry;
    exchange->confidential = request->confidential;
    buffer_init(&exchange->head, LARGEST_HEAD);
    buffer_init(&exchange->answer, request->largest ? request->largest : LARGEST_BODY);

    exchange->method = strdup(request->method);
    exchange->easy = curl_easy_init();
    if (!exchange->method || !exchange->easy)
        return error_memory(err);
    if (request->body) {
        exchange->body = malloc(request->body_length + 1);
        if (!exchange->body)
            return error_memory(err);
        memcpy(exchange->body, request->body, request->body_length);
        exchange->body_length = request->body_length;
    }
    for (size_t i = 0; i < request->header_count; i++)
        if (!http_exchange_header(exchange, request->headers[i].name, request->headers[i].value, err))
            return false;
    /* Without a type an empty field, so that libcurl does not make one up. */
    const char *type = request->content_type ? request->content_type : "";
    if (request->body && !http_exchange_header(exchange, "Content-Type", type, err))
        return false;
    return url_is_allowed(request->url, "The URL of the request", err) && set_url(exchange, request->url, err);
}

bool http_start(struct http_lane *lane, const struct http_request *request, struct cancel *cancel,
                struct http_exchange **exchange, struct error *err)
{
    if (!cancel_check(cancel, err))
        return false;
    struct http_exchange *made = calloc(1, sizeof *made);
    if (!made)
        return error_memory(err);
    made->lane = lane;
    if (!copy_request(made, request, err) || !send_once(made, cancel, err)) {
        http_finish(made);
        return false;
    }
    *exchange = made;
    return true;
}

/* Until the transfer has ended, well or badly. Only time spent here counts against Timeout. */
static bool wait_for_end(struct http_exchange *exchange, struct cancel *cancel, struct error *err)
{
    struct http_lane *lane = exchange->lane;
    int64_t timeout = lane->client->settings.timeout;
    int64_t entered = clock_milliseconds();

    for (;;) {
        if (!cancel_check(cancel, err) || !http_lane_drive(lane, err))
            return false;
        if (!exchange->in_flight)
            return true;
        int64_t since = exchange->moved_at > entered ? exchange->moved_at : entered;
        int64_t left = timeout ? since + timeout - clock_milliseconds() : INT64_MAX;
        if (left <= 0) {
            take_out(exchange);
            return error_set(err, "HYT01", "%s %s has not moved for %lld s (the property Timeout)", exchange->method,
                             exchange->hidden_url, (long long)(timeout / 1000));
        }
        if (!http_lane_pause(lane, left, cancel, err))
            return false;
    }
}

/* After an answer: sees whether something stands between it and being final. *again: send once more. */
static bool judge(struct http_exchange *exchange, bool *again, struct cancel *cancel, struct error *err)
{
    int64_t wait = 0;
    *again = true;

    if (is_worth_repeating(exchange, &wait)) {
        exchange->repetitions++;
        return stay_away(exchange, wait, cancel, err);
    }
    if (exchange->result != CURLE_OK)
        return transfer_failed(exchange, err);
    if (is_redirect(exchange))
        return follow_redirect(exchange, err);
    *again = false;
    if (exchange->status == 401 && exchange->signer && exchange->signer->refused && !exchange->refused) {
        struct http_response response = {exchange->status, buffer_text(&exchange->answer), exchange->answer.length,
                                         exchange->hidden_url, exchange};
        exchange->refused = true;
        return exchange->signer->refused(exchange->signer, &response, exchange->lane, again, cancel, err);
    }
    return true;
}

bool http_wait(struct http_exchange *exchange, struct cancel *cancel, struct http_response *response, struct error *err)
{
    bool again;
    do {
        if (!wait_for_end(exchange, cancel, err) || !judge(exchange, &again, cancel, err))
            return false;
        if (again && !send_once(exchange, cancel, err))
            return false;
    } while (again);

    *response = (struct http_response){exchange->status, buffer_text(&exchange->answer), exchange->answer.length,
                                       exchange->hidden_url, exchange};
    return true;
}

void http_finish(struct http_exchange *exchange)
{
    if (!exchange)
        return;
    take_out(exchange);
    if (exchange->easy)
        curl_easy_cleanup(exchange->easy);
    wipe_list(exchange);
    while (exchange->fields) {
        struct field *next = exchange->fields->next;
        field_free(exchange->fields);
        exchange->fields = next;
    }
    if (exchange->confidential && exchange->answer.data)
        explicit_bzero(exchange->answer.data, exchange->answer.length);
    buffer_clear(&exchange->head);
    buffer_clear(&exchange->answer);
    wipe(exchange->body, exchange->body_length);
    if (exchange->url)
        wipe(exchange->url, strlen(exchange->url));
    free(exchange->hidden_url);
    free(exchange->method);
    free(exchange);
}

const char *http_response_header(const struct http_response *response, const char *name)
{
    return find_field(&response->exchange->head, name);
}
