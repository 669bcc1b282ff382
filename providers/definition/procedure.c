/* Procedures of a definition: one request, whose answer gives the rows. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "http/url.h"
#include "oauth/base64.h"
#include "providers/definition/body.h"
#include "providers/definition/failure.h"
#include "providers/definition/service.h"
#include "providers/definition/template.h"
#include "providers/rows/decode.h"

enum { LARGEST_URL = 64 << 10, LARGEST_BODY = 64 << 20, LARGEST_UPLOAD = 40 << 20, LONGEST_SETTING = 4096 };

/* One call. */
struct calling {
    const struct described_service *service;
    const struct definition_procedure *procedure;
    const struct value *inputs;
    struct procedure_result *result;
    struct cancel *cancel;
    struct buffer url, body, file;
    bool raw;                        /* the body is the file */
    json_t *json;                    /* the body, when it is JSON */
    struct http_header *headers;
    size_t header_count;
};

static const char *input_text(const struct calling *calling, size_t input, char *scratch, size_t *length)
{
    return value_as_text(&calling->inputs[input], scratch, length);
}

/* The text of an input in the arena; "" for none. */
static const char *input_copy(const struct calling *calling, size_t input)
{
    char scratch[VALUE_SCRATCH];
    size_t length;
    const char *text = input_text(calling, input, scratch, &length);
    return arena_copy(calling->result->arena, text, length);
}

static const char *hole(void *context, const struct template_part *part, bool *plain, struct error *err)
{
    const struct calling *calling = context;
    (void)plain;

    if (part->kind == PART_VARIABLE)
        return variables_get((struct variables *)&calling->service->variables, part->index, calling->cancel, err);
    const struct procedure *procedure = &calling->procedure->procedure;
    const char *text = input_copy(calling, part->index);
    if (!text) {
        error_memory(err);
        return NULL;
    }
    if (text[0] == '\0' || strcmp(text, ".") == 0 || strcmp(text, "..") == 0) {
        error_set(err, "42000", "Procedure %s needs a value for its input %s", procedure->name, procedure->inputs[part->index].name);
        return NULL;
    }
    return text;
}

static bool make_url(struct calling *calling, struct error *err)
{
    const struct definition_procedure *procedure = calling->procedure;
    const struct definition *definition = calling->service->definition;
    bool done;

    if (procedure->url.source)
        done = template_fill(&procedure->url, hole, calling, false, &calling->url, err);
    else
        done = (calling->service->context.url ? buffer_append_text(&calling->url, calling->service->context.url) || error_memory(err)
                                              : template_fill(&definition->url, hole, calling, false, &calling->url, err))
               && template_fill(&definition->prefix, hole, calling, false, &calling->url, err);
    return done && template_fill(&procedure->path, hole, calling, true, &calling->url, err);
}

/* A value of SQL as one of JSON. */
static json_t *json_value(const struct type *type, const struct value *value)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    switch (type->kind) {
    case TYPE_BOOLEAN: return json_boolean(value->integer != 0);
    case TYPE_INTEGER: case TYPE_BIGINT: return json_integer(value->integer);
    case TYPE_DOUBLE: return json_real(value->real);
    case TYPE_JSON: return json_loadb(value->text, value->length, JSON_DECODE_ANY, NULL);
    default: break;
    }
    const char *text = value_as_text(value, scratch, &length);
    return json_stringn(text, length);
}

/* Reads a file of the user's, whom the procedure was called by. */
static bool read_file(const struct calling *calling, const char *path, struct buffer *content, struct error *err)
{
    char piece[8192];
    size_t length;

    FILE *file = fopen(path, "re");
    if (!file)
        return error_set(err, "HY000", "Procedure %s: the file %.300s can not be read: %s", calling->procedure->procedure.name, path, strerror(errno));
    while ((length = fread(piece, 1, sizeof piece, file)) > 0 && buffer_append(content, piece, length))
        ;
    bool broken = ferror(file);
    fclose(file);
    if (content->failed)
        return error_set(err, "HY000", "Procedure %s: the file %.300s is larger than %d bytes", calling->procedure->procedure.name, path, LARGEST_UPLOAD);
    return !broken || error_set(err, "HY000", "Procedure %s: the file %.300s can not be read to its end", calling->procedure->procedure.name, path);
}

static bool put_json(struct calling *calling, const struct path *at, json_t *value, struct error *err)
{
    if (!calling->json && !(calling->json = json_object())) {
        json_decref(value);
        return error_memory(err);
    }
    return body_put(calling->json, at, value) || error_memory(err);
}

static bool put_file(struct calling *calling, const struct definition_input *detail, const char *path, struct error *err)
{
    struct buffer text;

    buffer_init(&calling->file, LARGEST_UPLOAD);
    if (!read_file(calling, path, &calling->file, err))
        return false;
    calling->raw = detail->place == INPUT_FILE_RAW;
    if (calling->raw)
        return true;
    buffer_init(&text, LARGEST_BODY);
    bool done = base64_encode(&text, calling->file.data, calling->file.length) && put_json(calling, &detail->at, json_stringn(buffer_text(&text), text.length), err);
    buffer_clear(&text);
    buffer_clear(&calling->file);
    return done || err->sqlstate[0] ? done : error_memory(err);
}

static bool put_input(struct calling *calling, size_t at, struct error *err)
{
    const struct definition_input *detail = &calling->procedure->inputs[at];
    const struct procedure_input *input = &calling->procedure->procedure.inputs[at];

    if (value_is_null(&calling->inputs[at]) || detail->place == INPUT_PATH || detail->place == INPUT_TARGET)
        return true;
    const char *text = input_copy(calling, at);
    if (!text)
        return error_memory(err);
    switch (detail->place) {
    case INPUT_QUERY:
        return url_add_parameter(&calling->url, detail->name, text, false) || error_memory(err);
    case INPUT_HEADER:
        calling->headers[calling->header_count++] = (struct http_header){detail->name, text};
        return true;
    case INPUT_BODY:
        return put_json(calling, &detail->at, json_value(&input->type, &calling->inputs[at]), err);
    default:
        return put_file(calling, detail, text, err);
    }
}

static bool put_constants(struct calling *calling, struct error *err)
{
    const struct definition_procedure *procedure = calling->procedure;
    struct buffer text;

    for (size_t i = 0; i < procedure->constant_count; i++) {
        const struct definition_input *place = &procedure->constant_inputs[i];
        buffer_init(&text, LONGEST_SETTING);
        bool done = variables_fill((struct variables *)&calling->service->variables, &procedure->constants[i].value, calling->cancel, &text, err);
        if (done)
            done = place->place == INPUT_BODY ? put_json(calling, &place->at, json_string(buffer_text(&text)), err)
                                              : url_add_parameter(&calling->url, place->name, buffer_text(&text), false) || error_memory(err);
        buffer_clear(&text);
        if (!done)
            return false;
    }
    return true;
}

static bool send(struct calling *calling, struct http_lane *lane, struct http_exchange **exchange, struct http_response *response,
                 struct error *err)
{
    if (calling->json && !body_print(calling->json, &calling->body))
        return error_memory(err);
    const struct described_request request = {
        .method = calling->procedure->method, .url = buffer_text(&calling->url), .own_url = true,
        .changes = strcmp(calling->procedure->method, "GET") != 0,
        .content_type = calling->raw ? "application/octet-stream" : calling->json ? "application/json; charset=utf-8" : NULL,
        .body = calling->raw ? buffer_text(&calling->file) : buffer_text(&calling->body), .body_length = calling->raw ? calling->file.length : calling->body.length,
        .headers = calling->headers, .header_count = calling->header_count,
    };
    return described_send(calling->service, lane, &request, calling->cancel, exchange, err)
           && http_wait(*exchange, calling->cancel, response, err);
}

/* The answer's rows. */
static bool decode_rows(struct calling *calling, const struct http_response *response, struct error *err)
{
    const struct definition_procedure *procedure = calling->procedure;
    struct procedure_result *result = calling->result;
    size_t width = procedure->procedure.output_count, room = 0;
    struct decoder *decoder;
    bool found = true, *needed = arena_array(result->arena, width, sizeof *needed);

    if (!needed)
        return error_memory(err);
    memset(needed, 1, width * sizeof *needed);
    if (!decoder_open(&procedure->shape, needed, NULL, &decoder, err))
        return false;
    bool done = decoder_page(decoder, response->body, response->body_length, err);
    while (done && (done = decoder_next(decoder, 0, &found, err)) && found) {
        if (result->row_count == room) {
            room = room ? room * 2 : 16;
            struct value *values = arena_array(result->arena, room * width, sizeof *values);
            if (!values) {
                done = error_memory(err);
                break;
            }
            if (result->row_count)
                memcpy(values, result->values, result->row_count * width * sizeof *values);
            result->values = values;
        }
        for (size_t i = 0; i < width && done; i++) {
            struct value *value = &result->values[result->row_count * width + i];
            *value = decoder_cells(decoder)[i][0];
            if (value->storage == STORAGE_TEXT && !(value->text = arena_copy(result->arena, value->text, value->length)))
                done = error_memory(err);
        }
        result->row_count++;
    }
    decoder_close(decoder);
    return done;
}

static int64_t status_of(const struct calling *calling, size_t row)
{
    const struct procedure_result *result = calling->result;
    const struct value *value = &result->values[row * calling->procedure->procedure.output_count + (size_t)calling->procedure->status];
    return value_is_null(value) ? 0 : value->integer;
}

/* A service that tells of each element by itself how it went answers 200 even when nothing was done: that is no success. Where something
 * was, the rows tell what was not. */
static bool see_rows(const struct calling *calling, const struct http_response *response, struct error *err)
{
    const struct definition_procedure *procedure = calling->procedure;
    const struct procedure_result *result = calling->result;
    struct buffer words;

    for (size_t i = 0; i < result->row_count; i++)
        if (procedure->status < 0 || status_of(calling, i) < 400)
            return true;
    if (result->row_count == 0)
        return true;
    buffer_init(&words, 4000);
    for (size_t i = 0; i < procedure->procedure.output_count; i++)
        if (procedure->words[i] && result->values[i].storage == STORAGE_TEXT && result->values[i].length)
            buffer_printf(&words, "%s%.*s", words.length ? ": " : "", (int)result->values[i].length, result->values[i].text);
    failure_of_rows(calling->service->definition, procedure, response, (int)status_of(calling, 0), buffer_text(&words), err);
    buffer_clear(&words);
    return false;
}

static bool one_value(struct procedure_result *result, struct value value, struct error *err)
{
    result->values = arena_array(result->arena, 1, sizeof *result->values);
    if (!result->values)
        return error_memory(err);
    result->values[0] = value;
    result->row_count = 1;
    return true;
}

/* Writes a downloaded file whole or not at all. */
static bool write_target(const struct calling *calling, const char *path, const struct http_response *response, struct error *err)
{
    const char *name = calling->procedure->procedure.name;
    char *part = arena_printf(calling->result->arena, "%s.part", path);

    if (!part)
        return error_memory(err);
    FILE *file = fopen(part, "we");
    if (!file)
        return error_set(err, "HY000", "Procedure %s: the file %.300s can not be written: %s", name, path, strerror(errno));
    bool written = fwrite(response->body, 1, response->body_length, file) == response->body_length && fflush(file) == 0 && fsync(fileno(file)) == 0;
    int why = errno;
    if (fclose(file) != 0 || !written || rename(part, path) != 0) {
        unlink(part);
        return error_set(err, "HY000", "Procedure %s: the file %.300s can not be written: %s", name, path, strerror(written ? errno : why));
    }
    return true;
}

/* The answer is a file: it goes where the caller wants it, or is the one value. */
static bool take_file(struct calling *calling, const struct http_response *response, struct error *err)
{
    const struct procedure *procedure = &calling->procedure->procedure;
    const char *target = NULL;

    for (size_t i = 0; i < procedure->input_count; i++)
        if (calling->procedure->inputs[i].place == INPUT_TARGET && !value_is_null(&calling->inputs[i]) && !(target = input_copy(calling, i)))
            return error_memory(err);
    if (target && target[0])
        return write_target(calling, target, response, err) && one_value(calling->result, value_null(), err);
    const char *copy = arena_copy(calling->result->arena, response->body, response->body_length);
    return copy ? one_value(calling->result, value_blob(copy, response->body_length), err) : error_memory(err);
}

static bool take_answer(struct calling *calling, const struct http_response *response, struct error *err)
{
    const struct definition *definition = calling->service->definition;

    if (response->status < 200 || response->status > 299 || (!calling->procedure->raw && response->body_length && failure_is_page(response)))
        return failure_of_procedure(definition, calling->procedure, response, err);
    if (calling->procedure->raw)
        return take_file(calling, response, err);
    if (response->body_length && failure_in_body(definition, response))
        return failure_of_procedure(definition, calling->procedure, response, err);
    if (calling->procedure->success)
        return one_value(calling->result, value_integer(1), err);
    return response->body_length == 0 || (decode_rows(calling, response, err) && see_rows(calling, response, err));
}

bool described_call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                    struct error *err)
{
    struct calling calling = {
        .service = (const struct described_service *)procedure->service, .procedure = procedure->definition,
        .inputs = inputs, .result = result, .cancel = cancel,
    };
    struct http_lane *lane = NULL;
    struct http_exchange *exchange = NULL;
    struct http_response response;

    buffer_init(&calling.url, LARGEST_URL);
    buffer_init(&calling.body, LARGEST_BODY);
    calling.headers = arena_array(result->arena, procedure->input_count, sizeof *calling.headers);
    bool done = (calling.headers || error_memory(err)) && make_url(&calling, err) && put_constants(&calling, err);
    for (size_t i = 0; done && i < procedure->input_count; i++)
        done = put_input(&calling, i, err);
    done = done && http_lane_borrow(calling.service->http, &lane, err) && send(&calling, lane, &exchange, &response, err)
           && take_answer(&calling, &response, err);
    if (exchange)
        http_finish(exchange);
    if (lane)
        http_lane_return(lane);
    json_decref(calling.json);
    buffer_clear(&calling.url);
    buffer_clear(&calling.body);
    buffer_clear(&calling.file);
    return done;
}
