#include "providers/script/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "base/utf.h"
#include "http/url.h"
#include "oauth/base64.h"
#include "oauth/credential.h"
#include "providers/script/world.h"

enum { LONGEST_URL = 64 << 10, LONGEST_FIELD = 16 << 10 };

/* --- making --- */

static bool add_header(struct ask *ask, const char *name, const char *value, struct error *err)
{
    if (ask->header_count == ASK_HEADERS)
        return error_set(err, "HY000", "a request has more than %d header fields", ASK_HEADERS);
    struct http_header *header = &ask->headers[ask->header_count++];
    header->name = arena_text(&ask->arena, name);
    header->value = arena_text(&ask->arena, value);
    return (header->name && header->value) || error_memory(err);
}

static bool has_header(const struct ask *ask, const char *name)
{
    for (size_t i = 0; i < ask->header_count; i++)
        if (name_equal(ask->headers[i].name, name))
            return true;
    return false;
}

/* Calls add for each pair name#n, value#n of two attributes. */
typedef bool add_pair(void *context, const char *name, const char *value, struct error *err);
static bool add_pairs(const struct item *item, const char *names, const char *values, add_pair *add, void *context, struct error *err)
{
    const struct attribute *name = item_attribute(item, names), *value = item_attribute(item, values);

    for (size_t i = 0; name && i < name->count; i++)
        if (name->values[i] && name->values[i][0]
            && !add(context, name->values[i], value && i < value->count && value->values[i] ? value->values[i] : "", err))
            return false;
    return true;
}

static bool add_prefixed(const struct item *item, const char *prefix, add_pair *add, void *context, struct error *err)
{
    size_t length = strlen(prefix);

    for (size_t i = 0; i < item->count; i++) {
        const struct attribute *attribute = &item->attributes[i];
        const char *name = attribute->name + length;
        if (strncasecmp(attribute->name, prefix, length) != 0 || name_equal(name, "name") || name_equal(name, "value") || !*name)
            continue;
        for (size_t j = 0; j < attribute->count; j++)
            if (attribute->values[j] && !add(context, name, attribute->values[j], err))
                return false;
    }
    return true;
}

static bool put_header(void *context, const char *name, const char *value, struct error *err)
{
    return add_header(context, name, value, err);
}

struct parameters {
    struct buffer text;
    bool form;
};

static bool put_parameter(void *context, const char *name, const char *value, struct error *err)
{
    struct parameters *parameters = context;
    return url_add_parameter(&parameters->text, name, value, parameters->form) || error_memory(err);
}

static bool put_cookie(void *context, const char *name, const char *value, struct error *err)
{
    struct buffer *cookies = context;
    return buffer_printf(cookies, "%s%s=%s", cookies->length ? "; " : "", name, value) || error_set(err, "HY000", "the cookies are too long");
}

static bool read_headers(struct ask *ask, const struct script_world *world, const struct item *item, const char *accept, struct error *err)
{
    const char *custom = properties_text(world->properties, PROPERTY_CUSTOM_HEADERS), *user = item_first(item, "user"), *password = item_first(item, "password");
    struct buffer text;
    char *copy = NULL, *rest;

    bool done = add_prefixed(item, "header:", put_header, ask, err) && add_pairs(item, "header:name", "header:value", put_header, ask, err);
    if (done && custom && *custom && !(copy = strdup(custom)))
        done = error_memory(err);
    for (char *line = done && copy ? strtok_r(copy, "\r\n|", &rest) : NULL; done && line; line = strtok_r(NULL, "\r\n|", &rest)) {
        char *colon = strchr(line, ':');
        if (!colon)
            continue;
        *colon = '\0';
        line += strspn(line, " \t");
        done = has_header(ask, line) || add_header(ask, line, colon + 1 + strspn(colon + 1, " \t"), err);
    }
    free(copy);
    buffer_init(&text, LONGEST_FIELD);
    done = done && add_prefixed(item, "cookie:", put_cookie, &text, err);
    if (done && text.length)
        done = add_header(ask, "Cookie", buffer_text(&text), err);
    if (done && user && *user && !has_header(ask, "Authorization")) {
        struct buffer field;
        buffer_reset(&text);
        buffer_init(&field, LONGEST_FIELD);
        buffer_printf(&text, "%s:%s", user, password ? password : "");
        buffer_append_text(&field, "Basic ");
        done = (!text.failed && base64_encode(&field, text.data, text.length)) || error_memory(err);
        if (done)
            log_hide(world->log, buffer_text(&field) + 6);
        done = done && add_header(ask, "Authorization", buffer_text(&field), err);
        buffer_clear(&field);
    }
    buffer_clear(&text);
    ask->signs = world->signs && !has_header(ask, "Authorization");
    return done && (!accept || has_header(ask, "Accept") || add_header(ask, "Accept", accept, err));
}

static bool read_body(struct ask *ask, const struct item *item, struct parameters *parameters, struct error *err)
{
    struct buffer text;
    const char *type = item_first(item, "ContentType");
    bool puts = strcasecmp(ask->method, "POST") == 0 || strcasecmp(ask->method, "PUT") == 0 || strcasecmp(ask->method, "PATCH") == 0;

    buffer_init(&text, ASK_LARGEST);
    bool given = item_value(item, "data", &text) || item_value(item, "postdata", &text);
    bool form = !given && puts && item_attribute(item, "paramname");
    parameters->form = form;
    if (!type)
        type = form || !given ? "application/x-www-form-urlencoded"
               : text.length && (text.data[0] == '{' || text.data[0] == '[') ? "application/json"
               : text.length && text.data[0] == '<' ? "application/xml" : "application/x-www-form-urlencoded";
    bool done = add_pairs(item, "paramname", "paramvalue", put_parameter, parameters, err) && add_prefixed(item, "param:", put_parameter, parameters, err);
    if (done && (given || form)) {
        const struct buffer *body = form ? &parameters->text : &text;
        ask->body = arena_copy(&ask->arena, buffer_text(body), body->length);
        ask->body_length = body->length;
        ask->content_type = arena_text(&ask->arena, type);
        done = (ask->body && ask->content_type) || error_memory(err);
    }
    buffer_clear(&text);
    return done;
}

/* Characters that an address can not have are written with percent signs; those that are there stay. */
static void put_address(struct buffer *out, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c <= ' ' || *c >= 0x7F || strchr("\"<>\\^`{|}", (char)*c))
            buffer_printf(out, "%%%02X", *c);
        else
            buffer_append_char(out, (char)*c);
    }
}

static bool read_address(struct ask *ask, const struct script_world *world, const char *given, struct parameters *parameters, struct error *err)
{
    const char *custom = properties_text(world->properties, PROPERTY_CUSTOM_URL_PARAMS);
    struct buffer url;

    if (!strstr(given, "://") || strncasecmp(given, "file://", 7) == 0) {
        ask->file = arena_text(&ask->arena, strncasecmp(given, "file://", 7) == 0 ? given + 7 : given);
        ask->url = ask->file;
        if (!ask->file)
            return error_memory(err);
        return world_allows_file(world, ask->file)
               || error_set(err, "HY000", "the file %.300s can not be read, or lies outside of the connection's URI and Location: scripts see no others",
                            ask->file);
    }
    buffer_init(&url, LONGEST_URL);
    put_address(&url, given);
    const char *extra[] = {parameters->form ? "" : buffer_text(&parameters->text), custom ? custom : ""};
    for (size_t i = 0; i < 2; i++) {
        const char *more = extra[i] + strspn(extra[i], "?&");
        if (*more)
            buffer_printf(&url, "%s%s", strchr(buffer_text(&url), '?') ? "&" : "?", more);
    }
    bool done = !url.failed || error_set(err, "HY000", "an address is longer than %d bytes", LONGEST_URL);
    ask->url = done ? arena_text(&ask->arena, buffer_text(&url)) : NULL;
    buffer_clear(&url);
    return done && (ask->url || error_memory(err));
}

bool ask_read(struct ask *ask, const struct script_world *world, const struct script *script, const struct item *input, const struct item *item,
              const char *method, const char *accept, struct error *err)
{
    const char *given = item_first(item, "uri"), *other = item_first(item, "method");
    struct parameters parameters;

    *ask = (struct ask){0};
    if (!given || !*given)
        given = item_first(item, "url");
    if (!given || !*given)
        return error_set(err, "HY000", "there is no uri to ask");
    ask->method = arena_text(&ask->arena, method ? method : other && *other ? other : "GET");
    if (!ask->method)
        return error_memory(err);
    for (char *c = (char *)ask->method; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    buffer_init(&parameters.text, LONGEST_URL);
    bool done = read_body(ask, item, &parameters, err) && read_address(ask, world, given, &parameters, err)
                && read_headers(ask, world, item, accept, err) && (ask->file || world_check_host(world, script, input, ask->url, err));
    ask->signs = done && ask->signs && !ask->file && world_trusts_host(world, script, ask->url);
    buffer_clear(&parameters.text);
    return done;
}

void ask_clear(struct ask *ask)
{
    arena_clear(&ask->arena);
}

/* --- asking --- */

static bool read_file(const struct ask *ask, struct answer *answer, struct error *err)
{
    FILE *file = fopen(ask->file, "rb");
    char bytes[16 << 10];
    size_t length;

    if (!file)
        return error_set(err, "HY000", "%.300s can not be read", ask->file);
    buffer_init(&answer->file, ASK_LARGEST);
    while ((length = fread(bytes, 1, sizeof bytes, file)) > 0)
        buffer_append(&answer->file, bytes, length);
    bool done = !answer->file.failed || error_set(err, "HY000", "%.300s is larger than %d MiB", ask->file, ASK_LARGEST >> 20);
    fclose(file);
    answer->status = 200;
    answer->body = buffer_text(&answer->file);
    answer->length = answer->file.length;
    answer->url = ask->file;
    return done;
}

static bool send_request(const struct ask *ask, const struct script_world *world, const char *url, size_t window, struct cancel *cancel,
                         struct answer *answer, struct error *err)
{
    bool safe = strcmp(ask->method, "GET") == 0 || strcmp(ask->method, "HEAD") == 0;

    bool signs = ask->signs && (!url || url_same_origin(url, ask->url));
    if (signs && !credential_allow(world->credential, ask->url, err))
        return false;
    const struct http_request request = {
        .method = ask->method,
        .url = url ? url : ask->url,
        .headers = ask->headers,
        .header_count = ask->header_count,
        .content_type = ask->content_type,
        .body = ask->body,
        .body_length = ask->body_length,
        .signer = signs ? credential_signer(world->credential) : NULL,
        .largest = ASK_LARGEST,
        .window = window,
        .safe_to_repeat = safe,
        .follow_redirects = true,
    };
    if (!http_lane_borrow(world->http, &answer->lane, err))
        return false;
    bool done = http_start(answer->lane, &request, cancel, &answer->exchange, err);
    done = done && http_wait(answer->exchange, cancel, &answer->response, err);
    if (!done) {
        answer_clear(answer);
        return false;
    }
    answer->status = answer->response.status;
    answer->body = answer->response.body;
    answer->length = answer->response.body_length;
    answer->url = answer->response.url;
    return true;
}

bool ask_send(const struct ask *ask, const struct script_world *world, const char *url, struct cancel *cancel, struct answer *answer, struct error *err)
{
    *answer = (struct answer){0};
    return ask->file ? read_file(ask, answer, err) : send_request(ask, world, url, 0, cancel, answer, err);
}

bool ask_begin(const struct ask *ask, const struct script_world *world, size_t window, struct cancel *cancel, struct answer *answer, struct error *err)
{
    *answer = (struct answer){0};
    return send_request(ask, world, NULL, window, cancel, answer, err);
}

void answer_clear(struct answer *answer)
{
    if (answer->exchange)
        http_finish(answer->exchange);
    if (answer->lane)
        http_lane_return(answer->lane);
    buffer_clear(&answer->file);
    *answer = (struct answer){0};
}

bool answer_refused(const struct ask *ask, const struct script_world *world, const struct answer *answer, struct error *err)
{
    size_t shown = answer->length < 300 ? answer->length : 300;
    char *text = strndup(answer->body, utf8_whole(answer->body, shown));

    if (!text)
        return error_memory(err);
    for (char *c = text; *c; c++)
        *c = (unsigned char)*c < ' ' ? ' ' : *c;
    log_redact(world->log, text);
    error_set(err, answer->status == 401 || answer->status == 403 ? "28000" : "HY000", "%s %.200s was answered with %d: %s", ask->method, answer->url,
              answer->status, text);
    err->native = answer->status;
    free(text);
    return false;
}
