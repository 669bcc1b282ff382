/* An exchange: one request and its final answer, whatever it takes to get it: repetition, redirect, a renewed credential. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/name.h"
#include "http/exchange.h"
#include "http/lane.h"
#include "http/retry_after.h"
#include "http/url.h"

enum {
    LARGEST_BODY = 64 * 1024 * 1024,
    MOST_REDIRECTS = 5,
    LONGEST_BLIND = 50,        /* milliseconds: while FTP's second connection is made, libcurl 7.88 does not look at the first one */
    FIRST_WAIT = 250,          /* milliseconds before the first repetition */
    FIRST_WAIT_LIMITED = 1000, /* likewise after 429 and 503, where the service has too much to do */
};

static void wipe(char *text, size_t length)
{
    if (text)
        explicit_bzero(text, length);
    free(text);
}

static void wipe_text(char *text)
{
    wipe(text, text ? strlen(text) : 0);
}

static void field_free(struct http_field *field)
{
    free(field->name);
    wipe_text(field->value);
    free(field);
}

bool http_exchange_header(struct http_exchange *exchange, const char *name, const char *value, struct error *err)
{
    if (strpbrk(name, "\r\n:") || strpbrk(value, "\r\n"))
        return error_set(err, "HY000", "The header field %.40s may not hold a line break", name);

    char *copy = strdup(value);
    if (!copy)
        return error_memory(err);
    for (struct http_field *field = exchange->fields; field; field = field->next) {
        if (!name_equal(field->name, name))
            continue;
        wipe_text(field->value);
        field->value = copy;
        return true;
    }

    struct http_field *field = calloc(1, sizeof *field);
    char *name_copy = strdup(name);
    if (!field || !name_copy) {
        free(field);
        free(name_copy);
        wipe_text(copy);
        return error_memory(err);
    }
    *field = (struct http_field){.name = name_copy, .value = copy, .next = exchange->fields};
    exchange->fields = field;
    return true;
}

const char *http_exchange_field(const struct http_exchange *exchange, const char *name)
{
    for (const struct http_field *field = exchange->fields; field; field = field->next)
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

const char *http_exchange_body(const struct http_exchange *exchange, size_t *length)
{
    *length = exchange->body_length;
    return exchange->body ? exchange->body : "";
}

static bool set_user(struct http_exchange *exchange, const char *user, const char *password, struct error *err)
{
    char *user_copy = strdup(user), *password_copy = strdup(password);

    if (!user_copy || !password_copy) {
        free(user_copy);
        wipe_text(password_copy);
        return error_memory(err);
    }
    wipe_text(exchange->user);
    wipe_text(exchange->password);
    exchange->user = user_copy;
    exchange->password = password_copy;
    return true;
}

bool http_exchange_sign_aws(struct http_exchange *exchange, const char *scope, const char *key, const char *secret, struct error *err)
{
    char *copy = strdup(scope);

    if (!copy || !set_user(exchange, key, secret, err)) {
        free(copy);
        return error_memory(err);
    }
    free(exchange->aws);
    exchange->aws = copy;
    exchange->authentication = (long)CURLAUTH_AWS_SIGV4;
    return true;
}

bool http_exchange_authenticate(struct http_exchange *exchange, enum http_authentication how, const char *user, const char *password,
                                struct error *err)
{
    static const struct {
        const char *name;
        unsigned long scheme;
        int feature;              /* of libcurl; 0 = always there */
    } schemes[] = {
        [HTTP_DIGEST] = {"Digest", CURLAUTH_DIGEST, 0},
        [HTTP_NTLM] = {"NTLM", CURLAUTH_NTLM, CURL_VERSION_NTLM},
        [HTTP_NEGOTIATE] = {"Negotiate", CURLAUTH_NEGOTIATE, CURL_VERSION_SPNEGO},
    };
    int feature = schemes[how].feature;

    if (feature && !(curl_version_info(CURLVERSION_NOW)->features & feature))
        return error_set(err, "HYC00", "This machine's libcurl was built without %s authentication", schemes[how].name);
    if (!set_user(exchange, user, password, err))
        return false;
    exchange->authentication = (long)schemes[how].scheme;
    return true;
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
        return !http_transfer_connected(exchange) && exchange->repetitions < 1;
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

static struct http_response present_answer(const struct http_exchange *exchange)
{
    return (struct http_response){exchange->status, exchange->streams ? "" : buffer_text(&exchange->answer),
                                  exchange->streams ? 0 : exchange->answer.length, exchange->hidden_url, exchange};
}

/* What whoever asks reads in the answer. */
static struct http_verdict verdict_of(const struct http_exchange *exchange)
{
    struct http_verdict verdict = {0};
    const struct http_response response = present_answer(exchange);

    if (exchange->judge && exchange->result == CURLE_OK && exchange->status >= 400)
        exchange->judge(exchange->judge_context, &response, &verdict);
    return verdict;
}

/* A date in Retry-After is one of the server's clock, which may be another than ours. */
static time_t time_there(const struct http_exchange *exchange)
{
    const char *date = http_transfer_field(exchange, "Date", 0);
    time_t now = date ? curl_getdate(date, NULL) : -1;
    return now == -1 ? time(NULL) : now;
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
    const struct http_verdict verdict = verdict_of(exchange);
    if (verdict.final || (!verdict.again && !is_passing_status(exchange)))
        return false;
    switch (retry_after_read(http_transfer_field(exchange, "Retry-After", 0), time_there(exchange), &seconds)) {
    case RETRY_AFTER_TOO_LONG:
        return false;
    case RETRY_AFTER_WAIT:
        *wait = (int64_t)seconds * 1000;
        return true;
    default:
        break;
    }
    if (verdict.seconds) {
        *wait = (int64_t)verdict.seconds * 1000;
        return verdict.seconds <= RETRY_AFTER_LARGEST;
    }
    bool limited = exchange->status == 429 || exchange->status == 503;
    *wait = retry_backoff(exchange->repetitions + 1, limited ? FIRST_WAIT_LIMITED : FIRST_WAIT, random_number());
    return true;
}

/* The time counts from the answer on: several that were refused together wait together, though they are looked at one after the other. */
static bool stay_away(struct http_exchange *exchange, int64_t wait, struct cancel *cancel, struct error *err)
{
    int64_t until = exchange->ended_at + wait;

    for (int64_t left = until - clock_milliseconds(); left > 0; left = until - clock_milliseconds())
        if (!http_lane_pause(exchange->lane, left, cancel, err) || !http_lane_drive(exchange->lane, err))
            return false;
    return true;
}

/* libcurl before 8.6 calls a header field beyond its own bound a want of memory: with the answer begun it is hardly that. */
static bool is_head_too_large(const struct http_exchange *exchange)
{
    long status = 0;
    return exchange->result == CURLE_OUT_OF_MEMORY && exchange->answer.length == 0 &&
           curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status != 0;
}

bool http_exchange_failed(struct http_exchange *exchange, struct error *err)
{
    if (is_head_too_large(exchange))
        return error_set(err, "08S01", "The answer of %s has a larger header than is accepted", exchange->hidden_url);
    if (exchange->too_large)
        return error_set(err, "08S01", "The answer of %s is larger than %zu bytes, more than is accepted; ask for less at a time",
                         exchange->hidden_url, exchange->answer.limit);
    if (exchange->answer.failed || (exchange->head.failed && exchange->head.length < HTTP_LARGEST_HEAD / 2))
        return error_memory(err);
    long refusal = 0; /* of a proxy that was asked for a tunnel */
    if (exchange->result == CURLE_RECV_ERROR && curl_easy_getinfo(exchange->easy, CURLINFO_HTTP_CONNECTCODE, &refusal) == CURLE_OK && refusal >= 300)
        exchange->result = CURLE_PROXY;
    return http_failure(exchange->result, http_transfer_connected(exchange), exchange->hidden_url, &exchange->lane->client->settings,
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
    wipe_text(exchange->url);
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
        return exchange->follow_redirects && http_transfer_field(exchange, "Location", 0);
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
    bool secure = strncmp(exchange->url, "https:", 6) == 0;
    bool free_to_go = target && exchange->nothing_secret && strncmp(target, secure ? "https:" : "http", secure ? 6 : 4) == 0;
    if (!target || !(free_to_go || url_same_origin(exchange->url, target))) {
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
    exchange->nothing_secret = request->nothing_secret && !request->signer;
    exchange->confidential = request->confidential;
    exchange->window = request->window;
    exchange->file_server = request->file_server;
    exchange->kept_by_caller = request->kept_by_caller;
    exchange->judge = request->judge;
    exchange->judge_context = request->judge_context;
    buffer_init(&exchange->head, HTTP_LARGEST_HEAD);
    buffer_init(&exchange->answer, request->window ? request->window + LARGEST_BODY : request->largest ? request->largest : LARGEST_BODY);

    exchange->method = strdup(request->method);
    exchange->easy = curl_easy_init();
    if (!exchange->method || !exchange->easy)
        return error_memory(err);
    if (request->body) {
        exchange->body = malloc(request->body_length + 1);
        if (!exchange->body)
            return error_memory(err);
        memcpy(exchange->body, request->body, request->body_length);
        exchange->body[request->body_length] = '\0';
        exchange->body_length = request->body_length;
    }
    for (size_t i = 0; i < request->header_count; i++)
        if (!http_exchange_header(exchange, request->headers[i].name, request->headers[i].value, err))
            return false;
    /* Without a type an empty field, so that libcurl does not make one up. */
    const char *type = request->content_type ? request->content_type : "";
    if (request->body && !http_exchange_header(exchange, "Content-Type", type, err))
        return false;
    return (exchange->nothing_secret || exchange->file_server || url_is_allowed(request->url, "The URL of the request", err)) && set_url(exchange, request->url, err);
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
    if (!copy_request(made, request, err) || !http_transfer_start(made, cancel, err)) {
        http_finish(made);
        return false;
    }
    *exchange = made;
    return true;
}

/* Until the transfer has ended, well or badly, or a body that streams has bytes to be read. Only time spent here counts against Timeout. */
static bool wait_for_end(struct http_exchange *exchange, http_work *work, void *context, struct cancel *cancel, struct error *err)
{
    struct http_lane *lane = exchange->lane;
    int64_t timeout = lane->client->settings.timeout;
    int64_t entered = clock_milliseconds();

    for (;;) {
        if (!cancel_check(cancel, err) || !http_lane_drive(lane, err))
            return false;
        if (!exchange->in_flight || (exchange->streams && exchange->answer.length && !exchange->handed_out))
            return true;
        if (work && !work(context, err))
            return false;
        if (!exchange->in_flight)
            return true;
        int64_t since = exchange->moved_at > entered ? exchange->moved_at : entered;
        int64_t left = timeout ? since + timeout - clock_milliseconds() : INT64_MAX;
        if (left <= 0) {
            http_transfer_stop(exchange);
            return error_set(err, "HYT01", "%s %s has not moved for %lld s (the property Timeout)", exchange->method,
                             exchange->hidden_url, (long long)(timeout / 1000));
        }
        if (exchange->file_server && left > LONGEST_BLIND)
            left = LONGEST_BLIND;
        if (!http_lane_pause(lane, left, cancel, err))
            return false;
    }
}

/* Whether the signer may help: the credential was not accepted. */
static bool is_renewable(const struct http_exchange *exchange)
{
    return exchange->status == 401 && exchange->signer && exchange->signer->refused && !exchange->refused && !verdict_of(exchange).final;
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
        return http_exchange_failed(exchange, err);
    if (is_redirect(exchange))
        return follow_redirect(exchange, err);
    *again = false;
    if (is_renewable(exchange)) {
        const struct http_response response = present_answer(exchange);
        exchange->refused = true;
        return exchange->signer->refused(exchange->signer, &response, exchange->lane, again, cancel, err);
    }
    return true;
}

bool http_wait(struct http_exchange *exchange, struct cancel *cancel, struct http_response *response, struct error *err)
{
    return http_wait_working(exchange, NULL, NULL, cancel, response, err);
}

bool http_wait_working(struct http_exchange *exchange, http_work *work, void *context, struct cancel *cancel, struct http_response *response,
                       struct error *err)
{
    bool again;
    do {
        if (!wait_for_end(exchange, work, context, cancel, err) || !judge(exchange, &again, cancel, err))
            return false;
        if (again && !http_transfer_start(exchange, cancel, err))
            return false;
    } while (again);

    long status = 0;
    if (exchange->in_flight && curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK)
        exchange->status = exchange->file_server ? 200 : (int)status; /* the rest of a body that streams is still to come */
    *response = present_answer(exchange);
    return true;
}

bool http_read(struct http_exchange *exchange, struct cancel *cancel, const char **bytes, size_t *length, struct error *err)
{
    if (exchange->handed_out) {
        buffer_reset(&exchange->answer);
        exchange->handed_out = false;
        if (!http_transfer_resume(exchange, err))
            return false;
    }
    if (!exchange->answer.length && exchange->streams && !wait_for_end(exchange, NULL, NULL, cancel, err))
        return false;
    if (!exchange->in_flight && exchange->result != CURLE_OK && !exchange->answer.length)
        return http_exchange_failed(exchange, err);
    exchange->handed_out = true;
    *bytes = buffer_text(&exchange->answer);
    *length = exchange->answer.length;
    return true;
}

bool http_is_settled(struct http_exchange *exchange)
{
    struct error unused;
    int64_t wait;

    if (exchange->in_flight && (!http_lane_drive(exchange->lane, &unused) || exchange->in_flight))
        return false;
    return exchange->result == CURLE_OK && !is_worth_repeating(exchange, &wait) && !is_redirect(exchange) && !is_renewable(exchange);
}

void http_finish(struct http_exchange *exchange)
{
    if (!exchange)
        return;
    http_transfer_clear(exchange);
    while (exchange->fields) {
        struct http_field *next = exchange->fields->next;
        field_free(exchange->fields);
        exchange->fields = next;
    }
    if (exchange->confidential && exchange->answer.data)
        explicit_bzero(exchange->answer.data, exchange->answer.length);
    buffer_clear(&exchange->head);
    buffer_clear(&exchange->answer);
    wipe(exchange->body, exchange->body_length);
    wipe_text(exchange->url);
    free(exchange->aws);
    wipe_text(exchange->user);
    wipe_text(exchange->password);
    free(exchange->hidden_url);
    free(exchange->method);
    free(exchange);
}

const char *http_response_header(const struct http_response *response, const char *name)
{
    return http_transfer_field(response->exchange, name, 0);
}

const char *http_response_field(const struct http_response *response, const char *name, size_t number)
{
    return http_transfer_field(response->exchange, name, number);
}

int64_t http_response_date(const struct http_response *response)
{
    const char *text = http_response_header(response, "Date");
    return text ? (int64_t)curl_getdate(text, NULL) : -1;
}
