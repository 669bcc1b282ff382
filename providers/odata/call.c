/* Calls of functions and actions: one request, and its answer as rows. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/space.h"
#include "oauth/credential.h"
#include "providers/odata/address.h"
#include "providers/odata/atom_value.h"
#include "providers/odata/failure.h"
#include "providers/odata/payload.h"
#include "providers/odata/procedure.h"
#include "providers/odata/reader.h"
#include "providers/odata/session.h"
#include "providers/rows/decode.h"

enum { LARGEST_URL = 64 << 10, LARGEST_BODY = 64 << 20, LONGEST_LITERAL = 1 << 20 };

/* One call. */
struct calling {
    struct odata_service *service;
    const struct odata_procedure *procedure;
    const struct value *inputs;
    struct procedure_result *result;
    size_t room;                     /* rows that the result has room for */
    struct cancel *cancel;
    struct http_lane *lane;
    struct buffer url, body;
};

/* Asking. */

/* Inputs that are NULL are not given, unless there is no way without them: functions of V4 are known by the names of their parameters. */
static bool is_given(const struct calling *calling, size_t input)
{
    const struct odata_procedure *procedure = calling->procedure;
    bool named = calling->service->context.version == ODATA_V4 && !procedure->operation->body
                 && !odata_is_optional(procedure->callable, procedure->inputs[input].parameter);
    return named || !value_is_null(&calling->inputs[input]) || procedure->procedure.inputs[input].required;
}

static bool append_literal(const struct calling *calling, size_t input, struct buffer *out, struct error *err)
{
    const struct odata_input *detail = &calling->procedure->inputs[input];
    const struct procedure_input *shown = &calling->procedure->procedure.inputs[input];
    const struct value *value = &calling->inputs[input];
    struct buffer literal;

    buffer_init(&literal, LONGEST_LITERAL);
    bool json = shown->type.kind == TYPE_JSON, written = true;
    if (value_is_null(value))
        buffer_append_text(&literal, "null");
    else if (json)
        buffer_append(&literal, value->text, value->length);
    else
        written = odata_literal(&literal, &calling->service->context.form, &detail->column, &shown->type, value);
    if (written)
        odata_encode(out, literal.data ? literal.data : "", literal.length, true);
    buffer_clear(&literal);
    return written || error_set(err, "22018", "Procedure %s: the value of %s can not be written into an address", calling->procedure->procedure.name, shown->name);
}

/* "(1)", "(A=1,B='x')" */
static bool append_key(struct calling *calling, struct error *err)
{
    const struct odata_key *key = model_keys(calling->procedure->callable->set->table->type);
    size_t count = calling->procedure->key_count;

    buffer_append_char(&calling->url, '(');
    for (size_t i = 0; i < count; i++, key = key ? key->next : NULL) {
        if (value_is_null(&calling->inputs[i]))
            return error_set(err, "42000", "Procedure %s needs a value for its input %s", calling->procedure->procedure.name, calling->procedure->procedure.inputs[i].name);
        const char *name = key && key->alias ? key->alias : key ? key->path : "";
        if (count > 1) {
            buffer_append_text(&calling->url, i ? "," : "");
            odata_encode(&calling->url, name, strlen(name), true);
            buffer_append_char(&calling->url, '=');
        }
        if (!append_literal(calling, i, &calling->url, err))
            return false;
    }
    buffer_append_char(&calling->url, ')');
    return true;
}

static void append_name(struct buffer *url, const char *name)
{
    buffer_append_char(url, '/');
    odata_encode(url, name, strlen(name), false);
}

/* The parameters: in V4 by aliases, "(a=@a)?@a=5"; before it, "?a=5". */
static bool append_parameters(struct calling *calling, struct error *err)
{
    const struct odata_procedure *procedure = calling->procedure;
    bool v4 = calling->service->context.version == ODATA_V4, first = true;

    for (int behind = v4 ? 0 : 1; behind < 2; behind++, first = true) {
        buffer_append_text(&calling->url, behind ? "" : "(");
        for (size_t i = procedure->key_count; i < procedure->procedure.input_count; i++) {
            const char *name = procedure->inputs[i].parameter->name;
            if (!is_given(calling, i))
                continue;
            if (behind)
                buffer_append_text(&calling->url, first ? "?" : "&");
            else
                buffer_append_text(&calling->url, first ? "" : ",");
            if (behind && v4)
                buffer_append_char(&calling->url, '@');
            odata_encode(&calling->url, name, strlen(name), false);
            buffer_append_char(&calling->url, '=');
            if (!behind) {
                buffer_append_char(&calling->url, '@');
                odata_encode(&calling->url, name, strlen(name), false);
            } else if (!append_literal(calling, i, &calling->url, err)) {
                return false;
            }
            first = false;
        }
        buffer_append_text(&calling->url, behind ? "" : ")");
    }
    return true;
}

static bool make_url(struct calling *calling, struct error *err)
{
    const struct odata_callable *callable = calling->procedure->callable;
    const struct odata_operation *operation = calling->procedure->operation;

    odata_url_begin(calling->service, "", &calling->url);
    if (callable->binding) {
        const struct odata_table *table = callable->set->table;
        append_name(&calling->url, table ? table->path : callable->set->name);
        if (calling->procedure->key_count && !append_key(calling, err))
            return false;
    }
    append_name(&calling->url, callable->path);
    if (!operation->body && !append_parameters(calling, err))
        return false;
    odata_url_end(calling->service, &calling->url);
    return !calling->url.failed || error_set(err, "HY000", "Procedure %s: its inputs make an address that is too long", calling->procedure->procedure.name);
}

static bool make_body(struct calling *calling, struct error *err)
{
    const struct odata_procedure *procedure = calling->procedure;
    bool first = true;

    buffer_append_char(&calling->body, '{');
    for (size_t i = procedure->key_count; i < procedure->procedure.input_count; i++) {
        if (!is_given(calling, i))
            continue;
        const char *name = procedure->inputs[i].parameter->name;
        buffer_append_text(&calling->body, first ? "" : ",");
        odata_json_string(&calling->body, name, strlen(name));
        buffer_append_char(&calling->body, ':');
        odata_json(&calling->body, &calling->service->context.form, &procedure->inputs[i].column, &procedure->procedure.inputs[i].type, &calling->inputs[i]);
        first = false;
    }
    buffer_append_char(&calling->body, '}');
    return !calling->body.failed || error_memory(err);
}

/* Answers. */

static bool fail(const struct calling *calling, const struct http_response *response, struct error *err)
{
    return odata_failure_set("Procedure", calling->procedure->procedure.name, response, err);
}

/* V2 names the result by the function: {"d":{"Name":…}}. What is in there, as JSON again; NULL when it is not so. To be freed. */
static char *unwrap(const struct calling *calling, const struct http_response *response)
{
    json_t *document = json_loadb(response->body, response->body_length, JSON_DECODE_ANY, NULL);
    const json_t *d = json_object_get(document, "d"), *named = json_object_get(d, calling->procedure->operation->name);
    char *text = named ? json_dumps(named, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    json_decref(document);
    return text;
}

static bool add_rows(struct calling *calling, struct odata_reader *reader, struct error *err)
{
    size_t columns = calling->procedure->rows->table.column_count;
    struct value *row = calloc(columns + 1, sizeof *row);
    bool found = true, done = row || error_memory(err);

    while (done && found) {
        odata_reader_batch(reader);
        done = odata_reader_next(reader, 0, &found, err);
        for (size_t i = 0; done && found && i < columns; i++)
            row[i] = odata_reader_cells(reader)[i][0];
        if (done && found)
            done = odata_result_add(calling->result, &calling->room, row, columns) || error_memory(err);
    }
    free(row);
    return done;
}

/* Reads one page of rows. next: the address of more, to be freed, or NULL. */
static bool read_page(struct calling *calling, struct odata_reader *reader, const struct http_response *response, char **next, struct error *err)
{
    enum odata_page_kind kind = calling->procedure->operation->result->collection ? PAGE_ROWS : PAGE_ROW;
    struct odata_page_facts facts;
    char *inner = response->body_length && response->body[0] != '<' ? unwrap(calling, response) : NULL;
    const char *body = inner ? inner : response->body;
    size_t length = inner ? strlen(inner) : response->body_length;

    bool done = odata_reader_page(reader, kind, body, length, response->url, NULL, &facts, err);
    if (done && facts.failure)
        done = fail(calling, response, err);
    else
        done = done && add_rows(calling, reader, err);
    *next = done && facts.next ? strdup(facts.next) : NULL;
    free(inner);
    return done;
}

static bool read_rows(struct calling *calling, const struct http_response *first, struct error *err)
{
    const struct odata_table *table = calling->procedure->rows;
    struct odata_reader *reader;
    bool *needed = calloc(table->table.column_count + 1, sizeof *needed);
    char *next = NULL;

    if (!needed)
        return error_memory(err);
    for (size_t i = 0; i < table->table.column_count; i++)
        needed[i] = true;
    bool done = odata_reader_open(&calling->service->context, table, needed, NULL, &reader, err);
    free(needed);
    if (!done)
        return false;
    done = read_page(calling, reader, first, &next, err);
    for (int pages = 0; done && next && pages < 100000; pages++) {
        const struct odata_request request = {.method = "GET", .url = next, .accept = odata_accept_rows(calling->service, true, false)};
        struct http_exchange *exchange;
        struct http_response response;
        done = odata_send(calling->service, calling->lane, &request, calling->cancel, &exchange, err);
        free(next);
        next = NULL;
        if (!done)
            break;
        done = http_wait(exchange, calling->cancel, &response, err)
               && (response.status == 200 ? read_page(calling, reader, &response, &next, err) : fail(calling, &response, err));
        http_finish(exchange);
    }
    free(next);
    odata_reader_close(reader);
    return done;
}

/* The value, or each of several: {"value":…}, {"d":{"Name":…}}, {"d":{"results":[…]}}. Everything lives in the arena. */
static bool make_shape(const struct calling *calling, struct arena *arena, struct table *table, struct shape *shape)
{
    const struct procedure_output *output = &calling->procedure->procedure.outputs[0];
    const char *const many[] = {"value", "d/results", NULL, "d", "results"}, *const one[] = {NULL, "d/value", "value"};
    bool collection = calling->procedure->operation->result->collection;
    size_t count = collection ? sizeof many / sizeof many[0] : sizeof one / sizeof one[0];
    struct column *column = arena_alloc(arena, sizeof *column);
    struct shape_column *detail = arena_alloc(arena, sizeof *detail);
    struct place *places = arena_array(arena, count, sizeof *places);
    struct row_place *rows = arena_array(arena, count, sizeof *rows);
    const char *named = arena_printf(arena, collection ? "d/%s/results" : "d/%s", calling->procedure->operation->name);
    static const struct path root = {NULL, 0};

    if (!column || !detail || !places || !rows || !named)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *path = collection ? many[i] : one[i];
        if (!odata_place(arena, path ? path : named, NULL, &places[i]))
            return false;
        rows[i] = (struct row_place){&places[i].path, 1, true, {NULL, 0}};
    }
    *column = (struct column){.name = output->name, .description = "", .type = output->type, .nullable = true};
    *table = (struct table){.name = calling->procedure->procedure.name, .columns = column, .column_count = 1};
    *shape = (struct shape){.table = table, .columns = detail, .rows = rows, .row_count = count, .lenient = true};
    detail->form = odata_form(calling->procedure->value.edm, false, &column->type);
    detail->at = places;
    detail->at_count = count;
    if (collection) { /* each row is the value itself */
        places[count - 1] = (struct place){.kind = PLACE_SELF, .path = places[count - 1].path};
        detail->at = &places[count - 1];
        detail->at_count = 1;
    } else {
        rows[0] = (struct row_place){&root, 1, false, {NULL, 0}};
        shape->row_count = 1;
    }
    return true;
}

static bool read_json_values(struct calling *calling, const struct http_response *response, struct error *err)
{
    struct arena arena = {0};
    struct table table;
    struct shape shape;
    struct decoder *decoder = NULL;
    struct odata_facts facts;
    bool needed = true, found = true;

    bool done = odata_facts_read(response->body, response->body_length, &arena, &facts, err)
                || error_prefix(err, "Procedure %s: ", calling->procedure->procedure.name);
    if (done && facts.failure)
        done = fail(calling, response, err);
    done = done && (make_shape(calling, &arena, &table, &shape) || error_memory(err)) && decoder_open(&shape, &needed, NULL, &decoder, err)
           && decoder_page(decoder, response->body, response->body_length, err);
    while (done && found) {
        done = decoder_next(decoder, 0, &found, err);
        if (done && found)
            done = odata_result_add(calling->result, &calling->room, &decoder_cells(decoder)[0][0], 1) || error_memory(err);
    }
    decoder_close(decoder);
    arena_clear(&arena);
    return done;
}

static bool add_xml_value(struct calling *calling, struct xml *xml, struct error *err)
{
    const struct procedure_output *output = &calling->procedure->procedure.outputs[0];
    const struct column column = {.name = output->name, .type = output->type, .nullable = true};
    const struct table table = {.name = calling->procedure->procedure.name, .columns = &column, .column_count = 1};
    const struct atom_target target = {&table, &column, &calling->procedure->value, calling->result->arena, NULL};
    struct value value;

    return atom_element_value(xml, &target, &value, err) && (odata_result_add(calling->result, &calling->room, &value, 1) || error_memory(err));
}

/* <d:Name m:type="Edm.Int32">5</d:Name>, with <d:element> inside for each of several. */
static bool read_xml_values(struct calling *calling, const struct http_response *response, struct error *err)
{
    struct xml xml;

    if (!xml_open(&xml, response->body, response->body_length))
        return error_memory(err);
    bool done = xml_root(&xml) || error_set(err, "08S01", "Procedure %s: the service answered with malformed XML", calling->procedure->procedure.name);
    if (done && xml_is(&xml, "error"))
        done = fail(calling, response, err);
    else if (done && calling->procedure->operation->result->collection)
        for (int depth = xml_enter(&xml); done && xml_child(&xml, depth);)
            done = add_xml_value(calling, &xml, err);
    else if (done)
        done = add_xml_value(calling, &xml, err);
    xml_close(&xml);
    return done;
}

static bool read_answer(struct calling *calling, const struct http_response *response, struct error *err)
{
    const struct value success = value_integer(1);
    const char *start = space_skip_lead(response->body, response->body_length);

    if (response->status < 200 || response->status > 299)
        return fail(calling, response, err);
    if (calling->procedure->answer == ANSWER_NOTHING)
        return odata_result_add(calling->result, &calling->room, &success, 1) || error_memory(err);
    if (response->status == 204 || response->body_length == 0)
        return true;
    if (calling->procedure->answer == ANSWER_ROWS)
        return read_rows(calling, response, err);
    return start[0] == '<' ? read_xml_values(calling, response, err) : read_json_values(calling, response, err);
}

static bool run(struct calling *calling, struct error *err)
{
    const struct odata_operation *operation = calling->procedure->operation;
    struct http_exchange *exchange;
    struct http_response response;

    if (!make_url(calling, err) || (operation->body && !make_body(calling, err)))
        return false;
    const struct odata_request request = {
        .method = operation->action ? "POST" : "GET", .url = buffer_text(&calling->url), .accept = odata_accept_rows(calling->service, true, false),
        .content_type = operation->body ? "application/json" : NULL, .body = operation->body ? buffer_text(&calling->body) : NULL,
        .body_length = calling->body.length, .changes = operation->action,
    };
    if (!odata_session_send(calling->service, calling->lane, &request, calling->cancel, &exchange, &response, err))
        return false;
    bool done = read_answer(calling, &response, err);
    http_finish(exchange);
    return done;
}

bool odata_call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                struct error *err)
{
    struct calling calling = {.service = (struct odata_service *)procedure->service, .procedure = procedure->definition, .inputs = inputs,
                              .result = result, .cancel = cancel};

    result->row_count = 0;
    if (!calling.procedure->callable)
        return odata_changes_call(calling.service, inputs, result, cancel, err);
    if (!http_lane_borrow(calling.service->http, &calling.lane, err))
        return false;
    buffer_init(&calling.url, LARGEST_URL);
    buffer_init(&calling.body, LARGEST_BODY);
    bool done = run(&calling, err);
    buffer_clear(&calling.url);
    buffer_clear(&calling.body);
    http_lane_return(calling.lane);
    return done;
}
