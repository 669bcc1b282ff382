/* CALL of a script: what it pushes are the rows. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/oauth_procedures.h"
#include "providers/rows/coerce.h"
#include "providers/script/run.h"
#include "providers/script/service.h"

enum { LARGEST_ROW = 64 << 20, MOST_ROWS = 1000000 };

struct rows {
    const struct script_procedure *procedure;
    struct procedure_result *result;
    struct table table;                  /* the outputs as columns, for coercion */
    struct shape shape;
    size_t room;
};

/* What is pushed and not declared, as JSON. */
static bool put_other(const struct rows *rows, const struct item *item, struct value *value, struct error *err)
{
    const struct procedure *procedure = &rows->procedure->procedure;
    json_t *others = json_object();
    struct buffer text;
    bool done = others;

    buffer_init(&text, LARGEST_ROW);
    for (size_t i = 0; done && i < item->count; i++) {
        bool declared = false;
        for (size_t j = 0; j < procedure->output_count && !declared; j++)
            declared = (int)j != rows->procedure->other && name_equal(procedure->outputs[j].name, item->attributes[i].name);
        buffer_reset(&text);
        if (!declared && item_value(item, item->attributes[i].name, &text))
            done = json_object_set_new(others, item->attributes[i].name, json_string(buffer_text(&text))) == 0;
    }
    char *dumped = done && json_object_size(others) ? json_dumps(others, JSON_COMPACT) : NULL;
    *value = value_null();
    if (dumped) {
        const char *copy = arena_text(rows->result->arena, dumped);
        done = copy;
        if (copy)
            *value = value_text(copy, strlen(copy));
    }
    free(dumped);
    json_decref(others);
    buffer_clear(&text);
    return done || error_memory(err);
}

static bool grow(struct rows *rows, size_t width, struct error *err)
{
    struct procedure_result *result = rows->result;

    if (result->row_count < rows->room)
        return true;
    if (result->row_count == MOST_ROWS)
        return error_set(err, "HY000", "%s pushes more than %d rows", rows->procedure->procedure.name, MOST_ROWS);
    size_t room = rows->room ? rows->room * 2 : 16;
    struct value *values = arena_array(result->arena, room * width, sizeof *values);
    if (!values)
        return error_memory(err);
    if (result->row_count)
        memcpy(values, result->values, result->row_count * width * sizeof *values);
    result->values = values;
    rows->room = room;
    return true;
}

static bool push(void *context, const struct item *item, struct error *err)
{
    struct rows *rows = context;
    const struct procedure *procedure = &rows->procedure->procedure;
    size_t width = procedure->output_count;
    struct buffer text;

    if (!grow(rows, width, err))
        return false;
    struct value *row = &rows->result->values[rows->result->row_count * width];
    bool done = true;
    buffer_init(&text, LARGEST_ROW);
    for (size_t i = 0; done && i < width; i++) {
        row[i] = value_null();
        buffer_reset(&text);
        if ((int)i == rows->procedure->other)
            done = put_other(rows, item, &row[i], err);
        else if (item_value(item, procedure->outputs[i].name, &text))
            done = coerce_key(&rows->shape, (int)i, buffer_text(&text), text.length, rows->result->arena, NULL, &row[i], err);
    }
    buffer_clear(&text);
    rows->result->row_count += done;
    return done;
}

static bool fill_input(const struct procedure *procedure, const struct value *inputs, struct item *item, struct error *err)
{
    for (size_t i = 0; i < procedure->input_count; i++)
        if (!value_is_null(&inputs[i]) && !item_set_value(item, procedure->inputs[i].name, &procedure->inputs[i].type, &inputs[i]))
            return error_memory(err);
    return true;
}

static bool run(const struct script_service *service, const struct script_procedure *procedure, const struct value *inputs,
                struct procedure_result *result, struct cancel *cancel, struct error *err)
{
    size_t width = procedure->procedure.output_count;
    struct rows rows = {.procedure = procedure, .result = result};
    struct column *columns = arena_array(result->arena, width + 1, sizeof *columns);
    struct shape_column *shapes = arena_array(result->arena, width + 1, sizeof *shapes);
    struct item input;

    if (!columns || !shapes)
        return error_memory(err);
    for (size_t i = 0; i < width; i++)
        columns[i] = (struct column){.name = procedure->procedure.outputs[i].name, .type = procedure->procedure.outputs[i].type, .nullable = true};
    rows.table = (struct table){.name = procedure->procedure.name, .columns = columns, .column_count = width};
    rows.shape = (struct shape){.table = &rows.table, .columns = shapes};
    *result = (struct procedure_result){.arena = result->arena};
    item_init(&input, NULL);
    const struct run_setup setup = {.world = &service->world, .script = procedure->script, .input = &input, .sink = {.push = push, .context = &rows},
                                    .cancel = cancel};
    bool done = fill_input(&procedure->procedure, inputs, &input, err) && info_fill_input(procedure->script, &input, err) && script_run(&setup, err);
    item_clear(&input);
    return done;
}

bool script_call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                 struct error *err)
{
    const struct script_service *service = (const struct script_service *)procedure->service;
    const struct script_procedure *own = procedure->definition;

    if (!own && name_equal(procedure->name, create_schema.name))
        return create_schema_call(service, inputs, result, err);
    if (!own)
        return oauth_procedure_call(service->credential, procedure, inputs, result, cancel, err);
    if (own->fault)
        return error_set(err, "HY000", "%s can not be called: %s", procedure->name, own->fault);
    return run(service, own, inputs, result, cancel, err);
}
