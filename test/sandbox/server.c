/* Dispatches requests over libmicrohttpd: collects a request, logs it, lets faults have their way, and sends the answer. */
#include "test/sandbox/server.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test/sandbox/control.h"
#include "test/sandbox/front.h"
#include "test/sandbox/oauth1_server.h"
#include "test/sandbox/oauth_server.h"

enum { BODY_LIMIT = 1 << 22 };

struct server {
    struct sandbox *sandbox;
    struct MHD_Daemon *daemon;
};

/* One exchange, from the first header to the last byte. */
struct exchange {
    char *uri;                          /* raw, with the query */
    bool begun;
    bool is_form;
    char *body;
    size_t body_length;
    struct MHD_PostProcessor *form_reader;
    json_t *form;
};

/* What a cut or stalled body needs while it is being sent. */
struct trickle {
    struct control *control;
    struct answer answer;
    struct fault_effect effect;
};

void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort();
    return memory;
}

char *text_copy(const char *text)
{
    char *copy = zeroed(strlen(text) + 1, 1);
    memcpy(copy, text, strlen(text));
    return copy;
}

const char *request_query(const struct request *request, const char *name)
{
    return json_string_value(json_object_get(request->query, name));
}

const char *request_form(const struct request *request, const char *name)
{
    return json_string_value(json_object_get(request->form, name));
}

const char *request_header(const struct request *request, const char *name)
{
    return json_string_value(json_object_get(request->headers, name));
}

void answer_bytes(struct answer *answer, unsigned status, const char *type, char *body, size_t length)
{
    free(answer->body);
    answer->status = status;
    answer->type = type;
    answer->body = body;
    answer->length = length;
}

void answer_text(struct answer *answer, unsigned status, const char *type, const char *text)
{
    answer_bytes(answer, status, type, text_copy(text), strlen(text));
}

void answer_json(struct answer *answer, unsigned status, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!text)
        abort();
    json_decref(json);
    answer_bytes(answer, status, "application/json", text, strlen(text));
}

void answer_header(struct answer *answer, const char *name, const char *value)
{
    if (!answer->headers)
        answer->headers = json_object();
    json_object_set_new(answer->headers, name, json_string(value));
}

static void answer_clear(struct answer *answer)
{
    free(answer->body);
    json_decref(answer->headers);
    *answer = (struct answer){0};
}

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static enum MHD_Result collect_query(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    json_t *text = json_string(value ? value : "");
    json_object_set_new(context, name, text ? text : json_string("\xEF\xBF\xBD")); /* not UTF-8: U+FFFD */
    return MHD_YES;
}

static enum MHD_Result collect_queries(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    json_t *all = json_object_get(context, name), *text = json_string(value ? value : "");
    (void)kind;
    if (!all) {
        all = json_array();
        json_object_set_new(context, name, all);
    }
    json_array_append_new(all, text ? text : json_string("\xEF\xBF\xBD"));
    return MHD_YES;
}

static enum MHD_Result collect_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    char *lower = text_copy(name);
    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    enum MHD_Result result = collect_query(context, kind, lower, value);
    free(lower);
    return result;
}

/* A field may come in several pieces; offset tells where in it we are. */
static enum MHD_Result collect_form(void *context, enum MHD_ValueKind kind, const char *name, const char *filename,
                                    const char *type, const char *encoding, const char *data, uint64_t offset, size_t size)
{
    struct exchange *exchange = context;
    const char *before = offset ? json_string_value(json_object_get(exchange->form, name)) : NULL;
    size_t kept = before ? strlen(before) : 0;
    char *joined = zeroed(kept + size + 1, 1);
    (void)kind, (void)filename, (void)type, (void)encoding;
    if (kept)
        memcpy(joined, before, kept);
    if (size)
        memcpy(joined + kept, data, size);
    json_object_set_new(exchange->form, name, json_string(joined));
    free(joined);
    return MHD_YES;
}

/* Whoever handles the path: the control, an authorization server, or a service. */
static void dispatch(struct sandbox *sandbox, struct request *request, struct answer *answer)
{
    char token[128];
    if (begins(request->path, "/_")) {
        control_answer(sandbox, request, answer);
        return;
    }
    if (oauth_server_answer(sandbox->oauth, request, answer) || oauth1_server_answer(sandbox->oauth1, request, answer) ||
        !front_admit(sandbox, request, token, answer))
        return;
    for (size_t i = 0; i < sandbox->service_count; i++) {
        const struct service_play *service = &sandbox->services[i];
        if (service->prefix ? begins(request->path, service->prefix) : service->owns(service->data, request->path)) {
            service->answer(service->data, request, answer);
            return;
        }
    }
    answer_text(answer, 404, "text/html; charset=utf-8", "<!DOCTYPE html><title>404</title><h1>Not Found</h1>\n");
}

static ssize_t trickle_read(void *context, uint64_t position, char *out, size_t room)
{
    struct trickle *trickle = context;
    size_t at = (size_t)position, end = trickle->answer.length;

    if (trickle->effect.cut >= 0 && (size_t)trickle->effect.cut < end)
        end = (size_t)trickle->effect.cut;
    if (trickle->effect.stall_at >= 0) {
        size_t stall_at = (size_t)trickle->effect.stall_at;
        if (at >= stall_at) {
            control_wait(trickle->control, trickle->effect.stall);
            trickle->effect.stall_at = -1;
        } else if (stall_at < end) {
            end = stall_at;
        }
    }
    if (at >= end)
        return at >= trickle->answer.length ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
    if (room > end - at)
        room = end - at;
    memcpy(out, trickle->answer.body + at, room);
    return (ssize_t)room;
}

static void trickle_free(void *context)
{
    struct trickle *trickle = context;
    answer_clear(&trickle->answer);
    free(trickle);
}

/* Takes the answer's content. */
static struct MHD_Response *response_for(struct control *control, struct answer *answer, const struct fault_effect *effect)
{
    struct MHD_Response *response;
    json_t *headers = answer->headers, *value;
    const char *name, *type = answer->type;

    answer->headers = NULL;
    if (effect->cut >= 0 || effect->stall_at >= 0) {
        struct trickle *trickle = zeroed(1, sizeof *trickle);
        *trickle = (struct trickle){.control = control, .answer = *answer, .effect = *effect};
        response = MHD_create_response_from_callback(answer->length, 32768, trickle_read, trickle, trickle_free);
    } else {
        response = MHD_create_response_from_buffer(answer->length, answer->body, MHD_RESPMEM_MUST_FREE);
    }
    *answer = (struct answer){0};
    if (!response)
        abort();
    if (type)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    json_object_foreach(headers, name, value)
        MHD_add_response_header(response, name, json_string_value(value));
    json_decref(headers);
    return response;
}

/* A server whose clock is wrong says so in every answer. */
static void set_clock(struct sandbox *sandbox, struct answer *answer)
{
    long ahead = oauth_server_clock(sandbox->oauth);
    time_t now = time(NULL) + (time_t)ahead;
    struct tm parts;
    char text[64];

    if (!ahead || json_object_get(answer->headers, "Date"))
        return;
    gmtime_r(&now, &parts);
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    answer_header(answer, "Date", text);
}

static enum MHD_Result answer_request(struct server *server, struct MHD_Connection *connection, struct exchange *exchange,
                                      const char *path, const char *method)
{
    struct sandbox *sandbox = server->sandbox;
    const char *question = strchr(exchange->uri, '?');
    struct request request = {
        .method = method,
        .path = path,
        .raw_query = question ? question + 1 : "",
        .authorization = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION),
        .base = sandbox->base,
        .query = json_object(),
        .queries = json_object(),
        .form = exchange->form ? exchange->form : json_object(),
        .is_form = exchange->is_form,
        .headers = json_object(),
        .body = exchange->body ? exchange->body : "",
        .body_length = exchange->body_length,
    };
    struct answer answer = {0};
    struct fault_effect effect = FAULT_NONE;
    char *raw_path = text_copy(exchange->uri);
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    bool of_service = !begins(path, "/_");
    size_t entry = 0;

    raw_path[strcspn(raw_path, "?")] = '\0';
    request.raw_path = raw_path;
    request.host = host ? host : "";
    exchange->form = NULL;
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, collect_query, request.query);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, collect_queries, request.queries);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, collect_header, request.headers);
    if (of_service) {
        entry = control_log(sandbox->control, &request);
        control_wait(sandbox->control, sandbox->options->latency);
        control_fault(sandbox->control, &request, &answer, &effect);
        if (effect.stall && effect.stall_at < 0)
            control_wait(sandbox->control, effect.stall);
    }
    if (!answer.status && !effect.close)
        dispatch(sandbox, &request, &answer);
    if (of_service)
        control_log_status(sandbox->control, entry, effect.close ? 0 : answer.status);
    json_decref(request.query);
    json_decref(request.queries);
    json_decref(request.form);
    free(raw_path);
    set_clock(sandbox, &answer);
    json_decref(request.headers);
    if (effect.close) {
        answer_clear(&answer);
        return MHD_NO;
    }

    unsigned status = answer.status;
    struct MHD_Response *response = response_for(sandbox->control, &answer, &effect);
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static bool keep_body(struct exchange *exchange, const char *data, size_t size)
{
    if (size > BODY_LIMIT - exchange->body_length)
        return false;
    char *grown = realloc(exchange->body, exchange->body_length + size + 1);
    if (!grown)
        return false;
    memcpy(grown + exchange->body_length, data, size);
    exchange->body = grown;
    exchange->body_length += size;
    grown[exchange->body_length] = '\0';
    return true;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *data, size_t *size, void **state)
{
    struct exchange *exchange = *state;
    (void)version;

    if (!exchange->begun) {     /* only the headers are here yet */
        exchange->begun = true;
        exchange->form = json_object();
        const char *type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
        exchange->is_form = type && begins(type, MHD_HTTP_POST_ENCODING_FORM_URLENCODED);
        if (exchange->is_form)
            exchange->form_reader = MHD_create_post_processor(connection, 4096, collect_form, exchange);
        return MHD_YES;
    }
    if (*size) {
        if (exchange->form_reader)
            MHD_post_process(exchange->form_reader, data, *size);
        if (!keep_body(exchange, data, *size))
            return MHD_NO;
        *size = 0;
        return MHD_YES;
    }
    if (exchange->form_reader) {
        MHD_destroy_post_processor(exchange->form_reader);
        exchange->form_reader = NULL;
    }
    return answer_request(context, connection, exchange, path, method);
}

static void *begin_exchange(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *exchange = zeroed(1, sizeof *exchange);
    (void)context, (void)connection;
    exchange->uri = text_copy(uri);
    return exchange;
}

static void end_exchange(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *state;
    (void)context, (void)connection, (void)why;
    if (!exchange)
        return;
    if (exchange->form_reader)
        MHD_destroy_post_processor(exchange->form_reader);
    json_decref(exchange->form);
    free(exchange->body);
    free(exchange->uri);
    free(exchange);
    *state = NULL;
}

struct server *server_start(struct sandbox *sandbox)
{
    struct server *server = zeroed(1, sizeof *server);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(sandbox->options->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    server->sandbox = sandbox;
    /* A thread a connection: one that stalls does not hold up another. */
    server->daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC,
                                      0, NULL, NULL, handle, server,
                                      MHD_OPTION_SOCK_ADDR, &address,
                                      MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, NULL,
                                      MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL,
                                      MHD_OPTION_END);
    if (!server->daemon) {
        free(server);
        return NULL;
    }
    sandbox->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    snprintf(sandbox->base, sizeof sandbox->base, "http://127.0.0.1:%u", sandbox->port);
    return server;
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    control_stop(server->sandbox->control);
    MHD_stop_daemon(server->daemon);
    free(server);
}
