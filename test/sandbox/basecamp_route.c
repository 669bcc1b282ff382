/* Finds the route of a path, and the handlers that most routes have. */
#include "test/sandbox/basecamp_route.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Answers ---- */

void call_json(struct call *call, unsigned status, json_t *json)
{
    answer_json(call->answer, status, json);
    call->answer->type = "application/json; charset=utf-8";
}

void call_fail(struct call *call, unsigned status, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    call_json(call, status, json_pack("{s:s}", "error", text));
}

void call_missing(struct call *call)
{
    answer_bytes(call->answer, 404, NULL, text_copy(""), 0);
}

void call_done(struct call *call)
{
    answer_bytes(call->answer, 204, NULL, text_copy(""), 0);
}

/* ---- Matching ---- */

/* Digits, then nothing or a slug: "17", "17-jason-fried". */
static bool read_id(const char *segment, size_t length, int64_t *id)
{
    char *end;
    if (length == 0 || length > 200 || *segment < '0' || *segment > '9')
        return false;
    *id = strtoll(segment, &end, 10);
    return end == segment + length || *end == '-';
}

/* Whether a record may stand behind those before it in the path: in that bucket, in that thing. */
static bool belongs(const struct call *call, const struct record *record)
{
    if (call->bucket && record->bucket && record->bucket != call->bucket)
        return false;
    const struct record *before = call->record;
    return !before || !record->bucket || !before->bucket || before->bucket == before || record->parent == before;
}

static bool capture(struct call *call, const char *kinds, const char *segment, size_t length)
{
    char names[120];
    int64_t id;
    struct record *record;

    snprintf(names, sizeof names, "%.*s", (int)strcspn(kinds, "/"), kinds);
    if (strcmp(names, "text") == 0) {
        snprintf(call->text, sizeof call->text, "%.*s", (int)length, segment);
        return true;
    }
    record = read_id(segment, length, &id) ? store_find(call->store, id) : NULL;
    if (!record || !kind_is(record->kind, names) || !belongs(call, record))
        return false;
    call->captured[call->captured_count++] = call->record = record;
    if (!call->bucket && record->bucket == record)
        call->bucket = record;
    return true;
}

/* Whether the literal segments fit, and, with captures, whether the records are there. */
static bool fits(struct call *call, const char *pattern, const char *path, bool with_captures)
{
    while (*pattern && *path) {
        size_t length = strcspn(path + 1, "/");
        bool wild = pattern[1] == ':';
        if (wild ? length == 0 || (with_captures && !capture(call, pattern + 2, path + 1, length))
                 : strcspn(pattern + 1, "/") != length || strncmp(pattern + 1, path + 1, length) != 0)
            return false;
        pattern += 1 + strcspn(pattern + 1, "/");
        path += 1 + length;
    }
    return !*pattern && !*path;
}

/* What lies in a trashed bucket is not to be had, nor a tool that stands in the dock but is switched off. */
static bool out_of_reach(const struct call *call)
{
    const struct record *record = call->record, *bucket = call->bucket ? call->bucket : record ? record->bucket : NULL;

    if (bucket && bucket->standing == STANDING_TRASHED && !(call->route->flags & ROUTE_ANY_BUCKET))
        return true;
    for (size_t i = 0; i < call->captured_count && !(call->route->flags & ROUTE_ANY_TOOL); i++) {
        record = call->captured[i];
        if ((record->kind->traits & KIND_TOOL) && record->parent == record->bucket && record->position == 0)
            return true;
    }
    return false;
}

static bool read_body(struct call *call)
{
    const struct request *request = call->request;
    const char *type = request_header(request, "content-type");

    if (strcmp(request->method, "GET") == 0 || (call->route->flags & ROUTE_RAW) || (request->body_length == 0 && !call->route->fields)) {
        call->body = json_object();
        return true;
    }
    if (!type || strncmp(type, "application/json", 16) != 0) {
        answer_bytes(call->answer, 415, NULL, text_copy(""), 0);
        return false;
    }
    call->body = json_loadb(request->body, request->body_length, 0, NULL);
    if (json_is_object(call->body))
        return true;
    call_fail(call, 400, "There was a problem in the JSON you submitted");
    return false;
}

static void handle(struct call *call)
{
    if (out_of_reach(call)) {
        call_missing(call);
    } else if ((call->route->flags & ROUTE_ADMIN) && !call->account->admin) {
        call_fail(call, 403, "You need to be an administrator of %s for that", call->account->name);
    } else if (read_body(call)) {
        call->route->handle(call);
    }
    json_decref(call->body);
    call->body = NULL;
}

/* Tries all routes; *known when one has the path, whatever its method and records. */
static bool try_routes(struct call *call, const char *path, bool *known)
{
    struct record *bucket = call->bucket;

    for (const struct route *route = call->product->routes; route->method; route++) {
        if (!fits(call, route->path, path, false))
            continue;
        *known = true;
        call->captured_count = 0;
        call->record = NULL;
        call->bucket = bucket;
        if (strcmp(route->method, call->request->method) != 0 || !fits(call, route->path, path, true) ||
            (bucket && call->captured_count == 0))      /* a list of the account does not get shorter below a bucket */
            continue;
        call->route = route;
        handle(call);
        return true;
    }
    call->bucket = bucket;
    return false;
}

bool route_answer(struct call *call, const char *path)
{
    bool known = false;

    if (try_routes(call, path, &known))
        return true;
    /* "/buckets/17/todos/18" is "/todos/18" of that bucket. */
    if (strncmp(path, "/buckets/", 9) == 0) {
        size_t length = strcspn(path + 9, "/");
        int64_t id;
        struct record *bucket = read_id(path + 9, length, &id) ? store_find(call->store, id) : NULL;
        if (bucket && bucket->bucket == bucket) {
            call->bucket = bucket;
            if (try_routes(call, path + 9 + length, &known))
                return true;
        } else {
            known = true;
        }
    }
    if (known)
        call_missing(call);
    return known;
}

/* ---- Handlers ---- */

void handle_one(struct call *call)
{
    call_json(call, 200, call->route->shape ? shape_write_named(&call->view, call->route->shape, call->record)
                                            : shape_write_whole(&call->view, call->record));
}

void handle_children(struct call *call)
{
    struct records records = {0};
    records_add_children(&records, call->record, call->route->kinds);
    call_list(call, &records);
}

void handle_within(struct call *call)
{
    struct records records = {0};
    records_add_within(&records, call->store, call->bucket, call->route->kinds);
    call_list(call, &records);
}

void handle_everywhere(struct call *call)
{
    struct records records = {0};
    records_add_within(&records, call->store, NULL, call->route->kinds);
    call_list(call, &records);
}
