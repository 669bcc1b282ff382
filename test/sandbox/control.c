/* The log of requests and the faults that tests order, and the paths that begin with "/_". */
#include "test/sandbox/control.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test/sandbox/oauth1_server.h"
#include "test/sandbox/oauth_server.h"

enum { RATE_LIMIT = 10000 };

struct control {
    pthread_mutex_t lock;
    pthread_cond_t stopping;
    bool stopped;
    json_t *log;                /* array of entries */
    size_t log_first;           /* number of the first entry in it; grows when the log is emptied */
    json_t *faults;             /* array of POST /_fault bodies, the oldest first */
    size_t running;             /* requests received and not answered */
    json_t *rate;               /* the body that ordered a rate limit; NULL = none */
    unsigned rate_requests;     /* 0 = no rate limit */
    unsigned rate_seconds;
    time_t *rate_times;         /* when the last rate_requests requests came, a ring */
    size_t rate_next;
};

static const char *const secret_fields[] = {
    "client_secret", "code", "code_verifier", "refresh_token", "access_token", "password", "token", "oauth_token",
    "assertion", "device_code", "oauth_verifier", "ticket",
};

struct control *control_open(void)
{
    struct control *control = zeroed(1, sizeof *control);
    pthread_condattr_t clock;

    pthread_mutex_init(&control->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&control->stopping, &clock);
    pthread_condattr_destroy(&clock);
    control->log = json_array();
    control->faults = json_array();
    return control;
}

void control_close(struct control *control)
{
    json_decref(control->log);
    json_decref(control->faults);
    json_decref(control->rate);
    free(control->rate_times);
    pthread_cond_destroy(&control->stopping);
    pthread_mutex_destroy(&control->lock);
    free(control);
}

void control_wait(struct control *control, unsigned milliseconds)
{
    struct timespec end;
    int timed_out = 0;

    if (milliseconds == 0)
        return;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (time_t)(milliseconds / 1000);
    end.tv_nsec += (long)(milliseconds % 1000) * 1000000L;
    if (end.tv_nsec >= 1000000000L) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&control->lock);
    while (!control->stopped && timed_out == 0)
        timed_out = pthread_cond_timedwait(&control->stopping, &control->lock, &end);
    pthread_mutex_unlock(&control->lock);
}

void control_stop(struct control *control)
{
    pthread_mutex_lock(&control->lock);
    control->stopped = true;
    pthread_cond_broadcast(&control->stopping);
    pthread_mutex_unlock(&control->lock);
}

bool control_stopped(struct control *control)
{
    pthread_mutex_lock(&control->lock);
    bool stopped = control->stopped;
    pthread_mutex_unlock(&control->lock);
    return stopped;
}

static bool is_secret(const char *name)
{
    for (size_t i = 0; i < sizeof secret_fields / sizeof secret_fields[0]; i++)
        if (strcmp(name, secret_fields[i]) == 0)
            return true;
    return false;
}

/* A copy of the pairs with "***" for every secret; *any tells whether there was one. */
static json_t *without_secrets(json_t *pairs, bool *any)
{
    json_t *copy = json_object(), *value;
    const char *name;

    json_object_foreach(pairs, name, value) {
        if (is_secret(name)) {
            json_object_set_new(copy, name, json_string("***"));
            *any = true;
        } else {
            json_object_set(copy, name, value);
        }
    }
    return copy;
}

static json_t *text_json(const char *text)
{
    json_t *json = json_string(text);
    return json ? json : json_string("(not UTF-8)");
}

/* The header fields that a test may want to see; none of them holds a secret. */
static json_t *logged_headers(const struct request *request)
{
    static const char *const names[] = {"accept", "content-type", "if-modified-since", "if-none-match", "user-agent"};
    json_t *headers = json_object();

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = request_header(request, names[i]);
        if (value)
            json_object_set_new(headers, names[i], json_string(value));
    }
    return headers;
}

/* The body of a request whose body is JSON, without secrets at its top; else NULL. */
static json_t *logged_body(const struct request *request)
{
    const char *type = request_header(request, "content-type");
    json_t *body = type && strncmp(type, "application/json", 16) == 0
                       ? json_loadb(request->body, request->body_length, JSON_DECODE_ANY, NULL) : NULL;
    bool hidden = false;

    if (json_is_object(body)) {
        json_t *whole = body;
        body = without_secrets(whole, &hidden);
        json_decref(whole);
    }
    return body;
}

size_t control_log(struct control *control, const struct request *request)
{
    bool hidden = false, form_hidden = false;
    json_t *query = without_secrets(request->query, &hidden);
    json_t *entry = json_pack("{s:o, s:o, s:o, s:o, s:i}", "method", text_json(request->method), "path", text_json(request->path),
                              "query", query, "raw_query", text_json(hidden ? "***" : request->raw_query), "status", 0);
    json_t *body = logged_body(request);
    size_t number;

    if (!entry)
        abort();
    if (json_object_size(request->form) > 0)
        json_object_set_new(entry, "form", without_secrets(request->form, &form_hidden));
    if (body)
        json_object_set_new(entry, "body", body);
    json_object_set_new(entry, "headers", logged_headers(request));
    pthread_mutex_lock(&control->lock);
    json_object_set_new(entry, "running", json_integer((json_int_t)++control->running));
    number = control->log_first + json_array_size(control->log);
    json_array_append_new(control->log, entry);
    pthread_mutex_unlock(&control->lock);
    return number;
}

void control_log_status(struct control *control, size_t entry, unsigned status)
{
    pthread_mutex_lock(&control->lock);
    control->running--;
    if (entry >= control->log_first)    /* else the log was emptied meanwhile */
        json_object_set_new(json_array_get(control->log, entry - control->log_first), "status", json_integer(status));
    pthread_mutex_unlock(&control->lock);
}

static long fault_number(json_t *fault, const char *name, long standard)
{
    json_t *value = json_object_get(fault, name);
    return json_is_integer(value) ? (long)json_integer_value(value) : standard;
}

/* Takes one from a count that the fault carries; false when nothing is left of it. */
static bool fault_take(json_t *fault, const char *name)
{
    long left = fault_number(fault, name, 0);
    if (left <= 0)
        return false;
    json_object_set_new(fault, name, json_integer(left - 1));
    return true;
}

/* Whether the fault's turn has come: of every so many matching requests it is the last that suffers. */
static bool fault_is_due(json_t *fault)
{
    long every = fault_number(fault, "every", 1), seen = fault_number(fault, "seen", 0) + 1;

    json_object_set_new(fault, "seen", json_integer(seen));
    return seen % every == 0;
}

static void fault_body(json_t *fault, unsigned status, struct answer *answer)
{
    json_t *body = json_object_get(fault, "body");

    if (json_is_true(json_object_get(fault, "html")))
        answer_text(answer, status, "text/html; charset=utf-8",
                    "<!DOCTYPE html>\n<html><head><title>Be right back</title></head>"
                    "<body><h1>We are down for maintenance</h1></body></html>\n");
    else if (json_is_string(body))
        answer_text(answer, status, "application/json", json_string_value(body));
    else if (body)
        answer_json(answer, status, json_incref(body));
    else
        answer_json(answer, status, json_pack("{s:{s:i, s:s}}", "error", "code", (int)status, "message",
                                              "The sandbox was told to fail"));
}

/* Whether the rate limit has to do with this request. */
static bool rate_matches(const struct control *control, const struct request *request)
{
    const char *match = json_string_value(json_object_get(control->rate, "match"));
    return control->rate_requests > 0 && strncmp(request->path, match ? match : "/api/", strlen(match ? match : "/api/")) == 0;
}

/* Counts the request; answers it when it is one too many for the window. */
static void rate_apply(struct control *control, struct answer *answer)
{
    time_t now = time(NULL), oldest = control->rate_times[control->rate_next];

    if (oldest == 0 || now - oldest >= (time_t)control->rate_seconds) {
        control->rate_times[control->rate_next] = now;
        control->rate_next = (control->rate_next + 1) % control->rate_requests;
        return;
    }
    if (json_object_get(control->rate, "body") || json_object_get(control->rate, "html"))
        fault_body(control->rate, 429, answer);
    else
        answer_json(answer, 429, json_pack("{s:{s:i, s:s}}", "error", "code", 429, "message", "Rate limit exceeded"));
    if (json_is_true(json_object_get(control->rate, "retry_after"))) {
        char seconds[24];
        snprintf(seconds, sizeof seconds, "%lld", (long long)(oldest + (time_t)control->rate_seconds - now));
        answer_header(answer, "Retry-After", seconds);
    }
}

static void fault_apply(json_t *fault, struct answer *answer, struct fault_effect *effect)
{
    json_t *headers = json_object_get(fault, "headers"), *value;
    const char *name;
    unsigned status = (unsigned)fault_number(fault, "status", 0);

    effect->cut = fault_number(fault, "cut", -1);
    effect->stall = (unsigned)fault_number(fault, "stall", 0);
    effect->stall_at = effect->stall ? fault_number(fault, "stall_at", -1) : -1;
    effect->close = json_is_true(json_object_get(fault, "close"));
    if (!status && (json_object_get(fault, "body") || json_is_true(json_object_get(fault, "html"))))
        status = 200;
    if (!status)
        return;
    fault_body(fault, status, answer);
    json_object_foreach(headers, name, value)
        if (json_is_string(value))
            answer_header(answer, name, json_string_value(value));
    value = json_object_get(fault, "retry_after");
    if (json_is_string(value)) {
        answer_header(answer, "Retry-After", json_string_value(value));
    } else if (json_is_integer(value)) {
        char seconds[24];
        snprintf(seconds, sizeof seconds, "%lld", (long long)json_integer_value(value));
        answer_header(answer, "Retry-After", seconds);
    }
}

void control_fault(struct control *control, const struct request *request, struct answer *answer, struct fault_effect *effect)
{
    size_t i;
    json_t *fault;

    pthread_mutex_lock(&control->lock);
    json_array_foreach(control->faults, i, fault) {
        const char *match = json_string_value(json_object_get(fault, "match"));
        const char *method = json_string_value(json_object_get(fault, "method"));
        if ((match && strncmp(request->path, match, strlen(match)) != 0) || (method && strcmp(method, request->method) != 0))
            continue;
        if (fault_take(fault, "skip") || !fault_is_due(fault))
            break;
        fault_apply(fault, answer, effect);
        fault_take(fault, "times");
        if (fault_number(fault, "times", 0) == 0)
            json_array_remove(control->faults, i);
        break;
    }
    if (!answer->status && rate_matches(control, request))
        rate_apply(control, answer);
    pthread_mutex_unlock(&control->lock);
}

/* {"rate_limit": {"requests": n, "seconds": s, "match": "/api/", "retry_after": true, "body": …}}: n = 0 switches it off. */
static bool set_rate_limit(struct control *control, json_t *limit)
{
    long requests = fault_number(limit, "requests", -1), seconds = fault_number(limit, "seconds", 300);
    if (requests < 0 || requests > RATE_LIMIT || seconds < 1 || seconds > 86400)
        return false;
    free(control->rate_times);
    json_decref(control->rate);
    control->rate = json_incref(limit);
    control->rate_times = zeroed((size_t)requests, sizeof *control->rate_times);
    control->rate_next = 0;
    control->rate_requests = (unsigned)requests;
    control->rate_seconds = (unsigned)seconds;
    return true;
}

static void take_fault(struct control *control, const struct request *request, struct answer *answer)
{
    json_error_t where;
    json_t *fault = json_loadb(request->body, request->body_length, 0, &where), *limit;
    bool good = json_is_object(fault);

    pthread_mutex_lock(&control->lock);
    if (good && (limit = json_object_get(fault, "rate_limit"))) {
        good = set_rate_limit(control, limit);
    } else if (good) {
        if (!json_object_get(fault, "times"))
            json_object_set_new(fault, "times", json_integer(1));
        good = fault_number(fault, "times", 0) > 0 && fault_number(fault, "every", 1) > 0 && fault_number(fault, "stall", 0) >= 0 &&
               (fault_number(fault, "status", 200) >= 200 && fault_number(fault, "status", 200) < 600);
        if (good)
            json_array_append(control->faults, fault);
    }
    pthread_mutex_unlock(&control->lock);
    json_decref(fault);
    if (good)
        answer_bytes(answer, 204, NULL, text_copy(""), 0);
    else
        answer_text(answer, 400, "text/plain", "A fault is a JSON object: match, method, skip, every (> 0), times (> 0), status (200-599), "
                    "headers, retry_after, body, html, cut, stall, stall_at, close; or rate_limit {requests, seconds, match, "
                    "retry_after (true), body, html}\n");
}

static void clear_faults(struct control *control)
{
    pthread_mutex_lock(&control->lock);
    json_array_clear(control->faults);
    control->rate_requests = 0;
    pthread_mutex_unlock(&control->lock);
}

static void answer_log(struct control *control, struct answer *answer, bool empty)
{
    pthread_mutex_lock(&control->lock);
    if (empty) {
        control->log_first += json_array_size(control->log);
        json_array_clear(control->log);
        answer_bytes(answer, 204, NULL, text_copy(""), 0);
    } else {
        answer_json(answer, 200, json_incref(control->log));
    }
    pthread_mutex_unlock(&control->lock);
}

static void answer_dsn(const struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
    json_t *all = json_object();
    for (size_t i = 0; i < sandbox->service_count; i++) {
        const struct service_play *service = &sandbox->services[i];
        if (!service->dsn)      /* it is a part of another one */
            continue;
        char *dsn = service->dsn(service->data, request->base);
        json_object_set_new(all, service->name, json_string(dsn));
        free(dsn);
    }
    answer_json(answer, 200, all);
}

static bool answered_by_service(const struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
    for (size_t i = 0; i < sandbox->service_count; i++)
        if (sandbox->services[i].control && sandbox->services[i].control(sandbox->services[i].data, request, answer))
            return true;
    return false;
}

static void answer_data(const struct sandbox *sandbox, const char *table, struct answer *answer)
{
    char *text;
    size_t length;
    for (size_t i = 0; i < sandbox->service_count; i++)
        if (sandbox->services[i].rows && sandbox->services[i].rows(sandbox->services[i].data, table, &text, &length)) {
            answer_bytes(answer, 200, "application/json", text, length);
            return;
        }
    answer_text(answer, 404, "text/plain", "There is no such table\n");
}

static void set_moods(struct sandbox *sandbox, const struct request *request, bool erase, struct answer *answer)
{
    json_t *moods = erase ? NULL : json_loadb(request->body, request->body_length, 0, NULL);
    if ((erase || json_is_object(moods)) && oauth_server_moods(sandbox->oauth, moods))
        answer_bytes(answer, 204, NULL, text_copy(""), 0);
    else
        answer_text(answer, 400, "text/plain", "Moods are a JSON object: see test/sandbox/oauth_server.h\n");
    json_decref(moods);
}

void control_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer)
{
    bool get = strcmp(request->method, "GET") == 0, erase = strcmp(request->method, "DELETE") == 0;
    const char *path = request->path;

    if (strcmp(path, "/_log") == 0 && (get || erase)) {
        answer_log(sandbox->control, answer, erase);
    } else if (strcmp(path, "/_fault") == 0 && erase) {
        clear_faults(sandbox->control);
        answer_bytes(answer, 204, NULL, text_copy(""), 0);
    } else if (strcmp(path, "/_fault") == 0 && strcmp(request->method, "POST") == 0) {
        take_fault(sandbox->control, request, answer);
    } else if (strcmp(path, "/_dsn") == 0 && get) {
        answer_dsn(sandbox, request, answer);
    } else if (strcmp(path, "/_secrets") == 0 && get) {
        json_t *all = oauth_server_secrets(sandbox->oauth);
        oauth1_server_secrets(sandbox->oauth1, all);
        answer_json(answer, 200, all);
    } else if (strcmp(path, "/_tokens") == 0 && erase) {
        const char *kind = request_query(request, "kind");
        oauth_server_revoke(sandbox->oauth, !kind || strcmp(kind, "access") != 0);
        oauth1_server_revoke(sandbox->oauth1);
        answer_bytes(answer, 204, NULL, text_copy(""), 0);
    } else if (strcmp(path, "/_oauth") == 0 && (erase || strcmp(request->method, "POST") == 0)) {
        set_moods(sandbox, request, erase, answer);
    } else if (answered_by_service(sandbox, request, answer)) {
        return;
    } else if (strncmp(path, "/_data/", 7) == 0 && get) {
        answer_data(sandbox, path + 7, answer);
    } else {
        answer_text(answer, 404, "text/plain", "GET|DELETE /_log, POST|DELETE /_fault, GET /_dsn, GET /_data/<table>, "
                    "GET /_secrets, DELETE /_tokens[?kind=access], POST|DELETE /_oauth, "
                    "GET|PUT|DELETE /_basecamp\n");
    }
}
