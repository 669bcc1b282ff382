/* One transfer of an exchange: from the signed request to the bytes of the answer. */
#include "http/exchange.h"

#include <string.h>
#include <strings.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "http/lane.h"

enum { LARGEST_LOGGED = 64 * 1024 };

/* --- what libcurl calls while bytes move --- */

static size_t take_head(char *data, size_t size, size_t count, void *context)
{
    struct http_exchange *exchange = context;
    size_t length = size * count;
    exchange->moved_at = clock_milliseconds();
    if (exchange->file_server)
        return length; /* what such a server says is for libcurl only */

    if (length >= 5 && memcmp(data, "HTTP/", 5) == 0) { /* an answer begins; one before it was interim (1xx) */
        buffer_reset(&exchange->head);
        exchange->head_whole = false;
        return length;
    }
    if (*data == '\r' || *data == '\n')
        exchange->head_whole = true;
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

/* Room for the whole body where its length is told; a liar gets no more than any page needs. */
static void expect_body(struct http_exchange *exchange)
{
    enum { MOST = 4 << 20 };
    curl_off_t told = -1;

    if (curl_easy_getinfo(exchange->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &told) == CURLE_OK && told > 0)
        buffer_expect(&exchange->answer, told < MOST ? (size_t)told : MOST);
}

/* The body comes by http_read if that was asked for and all went well; any other is for the caller's eyes as a whole. */
static bool begins_to_stream(const struct http_exchange *exchange)
{
    long status = 0;
    if (!exchange->window || exchange->received)
        return false;
    return exchange->file_server ||
           (curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status >= 200 && status < 300);
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct http_exchange *exchange = context;
    size_t length = size * count;
    exchange->moved_at = clock_milliseconds();
    exchange->streams = exchange->streams || begins_to_stream(exchange);
    if (exchange->streams && exchange->answer.length >= exchange->window) {
        exchange->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    exchange->received += (int64_t)length;
    if (length > exchange->answer.limit - exchange->answer.length) {
        exchange->too_large = true;
        return 0;
    }
    if (exchange->answer.length == 0 && !exchange->streams)
        expect_body(exchange);
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

/* --- what is kept of earlier answers --- */

static bool may_be_kept(const struct http_exchange *exchange)
{
    return !exchange->kept_by_caller && !exchange->window && !exchange->confidential && !exchange->authentication &&
           strcmp(exchange->method, "GET") == 0;
}

static bool key_of(const struct http_exchange *exchange, unsigned char key[CACHE_KEY])
{
    return cache_key(exchange->url, http_exchange_field(exchange, "Authorization"), key);
}

/* Asks whether the answer that is kept still holds. A redirect leads to another URL, a renewed credential to another identity. */
static bool ask_for_change(struct http_exchange *exchange, struct error *err)
{
    struct http_cache *cache = exchange->lane->client->cache;
    unsigned char key[CACHE_KEY];

    if (exchange->kept_by_caller || exchange->window)
        return true;
    cache_release(cache, exchange->kept);
    exchange->kept = NULL;
    if (may_be_kept(exchange) && !cache_is_empty(cache) && key_of(exchange, key))
        exchange->kept = cache_find(cache, key);
    const char *tag = exchange->kept && exchange->kept->tag ? exchange->kept->tag : "";
    const char *changed = exchange->kept && !*tag && exchange->kept->changed ? exchange->kept->changed : "";
    return (!*tag && !http_exchange_field(exchange, "If-None-Match")) || http_exchange_header(exchange, "If-None-Match", tag, err)
               ? (!*changed && !http_exchange_field(exchange, "If-Modified-Since")) || http_exchange_header(exchange, "If-Modified-Since", changed, err)
               : false;
}

static bool has_word(const char *text, const char *word)
{
    for (size_t length = strlen(word); text && *text; text++)
        if (strncasecmp(text, word, length) == 0)
            return true;
    return false;
}

/* 304: what is kept still holds, and what the answer's head says is newer than what the kept one says. */
static void answer_from_kept(struct http_exchange *exchange)
{
    const struct cached *kept = exchange->kept;

    buffer_reset(&exchange->answer);
    if (kept->body.length > exchange->answer.limit) {
        exchange->too_large = true;
        exchange->result = CURLE_WRITE_ERROR;
        return;
    }
    if (buffer_append(&exchange->head, kept->head, kept->head_length) && buffer_append(&exchange->answer, kept->body.data, kept->body.length))
        exchange->status = 200;
    else
        exchange->result = CURLE_OUT_OF_MEMORY;
}

/* Keeps the answer, which nobody reads any more: no row waits for that. */
static void keep_answer(struct http_exchange *exchange)
{
    const char *tag = http_transfer_field(exchange, "ETag", 0), *changed = http_transfer_field(exchange, "Last-Modified", 0);
    const char *vary = http_transfer_field(exchange, "Vary", 0);
    unsigned char key[CACHE_KEY];

    if ((tag || changed) && !has_word(http_transfer_field(exchange, "Cache-Control", 0), "no-store") && !(vary && strcmp(vary, "*") == 0) &&
        key_of(exchange, key))
        cache_keep(exchange->lane->client->cache, key, tag, changed, &exchange->head, &exchange->answer);
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
    for (const struct http_field *field = exchange->fields; field && done; field = field->next) {
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

static CURLcode set_authentication(struct http_exchange *exchange)
{
    CURL *easy = exchange->easy;
    if (!exchange->authentication)
        return CURLE_OK;
    CURLcode code = exchange->aws ? curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, exchange->aws)
                                  : curl_easy_setopt(easy, CURLOPT_HTTPAUTH, exchange->authentication);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_USERNAME, exchange->user);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_PASSWORD, exchange->password) : code;
}

enum { READ_AT_ONCE = 128 << 10 /* bytes; libcurl's own 16 KiB make many small steps of a page */ };

static bool set_up(struct http_exchange *exchange, struct error *err)
{
    CURL *easy = exchange->easy;
    const struct http_client *client = exchange->lane->client;

    curl_easy_reset(easy);
    (void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)READ_AT_ONCE); /* refused when it is sent again, which does no harm */
    if (!http_settings_apply(&client->settings, easy, exchange->url, exchange->file_server, err))
        return false;
    CURLcode code = exchange->file_server ? CURLE_OK : set_method(exchange);
    if (code == CURLE_OK)
        code = set_authentication(exchange);
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
    if (!exchange->safe_to_repeat) /* on a connection that was kept, libcurl would send it twice where no answer comes */
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    if (log_wants(client->log, LOG_HEADER)) {
        curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, trace);
        curl_easy_setopt(easy, CURLOPT_DEBUGDATA, exchange);
        curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    }
    return true;
}

bool http_transfer_resume(struct http_exchange *exchange, struct error *err)
{
    if (!exchange->paused || !exchange->in_flight)
        return true;
    exchange->paused = false; /* before: what libcurl kept comes while it is told so */
    CURLcode code = curl_easy_pause(exchange->easy, CURLPAUSE_CONT);
    if (code == CURLE_OK)
        return true;
    http_transfer_stop(exchange);
    exchange->result = code;
    return http_exchange_failed(exchange, err);
}

void http_transfer_stop(struct http_exchange *exchange)
{
    if (exchange->in_flight)
        curl_multi_remove_handle(exchange->lane->multi, exchange->easy);
    exchange->in_flight = false;
}

bool http_transfer_start(struct http_exchange *exchange, struct cancel *cancel, struct error *err)
{
    struct http_lane *lane = exchange->lane;

    exchange->lasting = false;
    if (exchange->signer && !exchange->signer->sign(exchange->signer, exchange, lane, cancel, err))
        return false;
    if (!ask_for_change(exchange, err))
        return false;
    buffer_reset(&exchange->head);
    buffer_reset(&exchange->answer);
    exchange->status = 0;
    exchange->head_whole = exchange->too_large = exchange->streams = exchange->handed_out = exchange->paused = false;
    exchange->received = 0;
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

    curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    if (result == CURLE_OK && !exchange->file_server && (!exchange->head_whole || status < 200))
        result = CURLE_GOT_NOTHING; /* libcurl takes a head that breaks off, or an interim answer, for a whole one without a body */
    exchange->result = result;
    exchange->status = !exchange->file_server ? (int)status : result == CURLE_OK ? 200 : 0;
    http_transfer_stop(exchange);

    exchange->ended_at = clock_milliseconds();
    long long spent = exchange->ended_at - exchange->sent_at;
    if (result == CURLE_OK)
        log_write(log, LOG_REQUEST, "http", "%s %s -> %d, %lld bytes, %lld ms, attempt %u", exchange->method, exchange->hidden_url,
                  exchange->status, (long long)exchange->received, spent, exchange->attempt);
    else
        log_write(log, LOG_REQUEST, "http", "%s %s -> %s, %lld ms, attempt %u", exchange->method, exchange->hidden_url,
                  *exchange->detail ? exchange->detail : curl_easy_strerror(result), spent, exchange->attempt);
    if (result == CURLE_OK && exchange->status == 304 && exchange->kept)
        answer_from_kept(exchange);
    else
        exchange->lasting = result == CURLE_OK && exchange->status == 200 && may_be_kept(exchange) && !exchange->streams;
    if (exchange->answer.length && !exchange->streams && log_wants(log, LOG_BODY)) {
        size_t shown = exchange->answer.length < LARGEST_LOGGED ? exchange->answer.length : LARGEST_LOGGED;
        if (exchange->confidential)
            log_write(log, LOG_BODY, "http", "< (%zu bytes, not shown)", exchange->answer.length);
        else
            log_write(log, LOG_BODY, "http", "< %.*s", (int)shown, exchange->answer.data);
    }
}

bool http_transfer_connected(const struct http_exchange *exchange)
{
    curl_off_t microseconds = 0;
    curl_easy_getinfo(exchange->easy, CURLINFO_PRETRANSFER_TIME_T, &microseconds);
    return microseconds > 0;
}

const char *http_transfer_field(const struct http_exchange *exchange, const char *name, size_t number)
{
    const struct buffer *head = &exchange->head;
    size_t at = 0;
    while (at < head->length) {
        const char *found = head->data + at;
        const char *value = found + strlen(found) + 1;
        if (name_equal(found, name) && number-- == 0)
            return value;
        at = (size_t)(value - head->data) + strlen(value) + 1;
    }
    return NULL;
}

void http_transfer_clear(struct http_exchange *exchange)
{
    http_transfer_stop(exchange);
    if (exchange->lasting)
        keep_answer(exchange);
    if (exchange->easy)
        curl_easy_cleanup(exchange->easy);
    exchange->easy = NULL;
    wipe_list(exchange);
    cache_release(exchange->lane->client->cache, exchange->kept);
    exchange->kept = NULL;
}
