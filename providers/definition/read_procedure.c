/* Procedures: one request each, whose inputs fill it and whose answer gives the rows. */
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/definition/reading.h"

struct hole_context {
    struct reading *reading;
    const struct definition_procedure *procedure;
    struct definition_input *details;
};

static bool name_hole(void *context_, const char *name, size_t length, struct template_part *part)
{
    const struct hole_context *context = context_;
    const struct procedure *procedure = &context->procedure->procedure;

    for (size_t i = 0; i < procedure->input_count; i++)
        if (name_equal_length(name, length, procedure->inputs[i].name)) {
            *part = (struct template_part){.kind = PART_PARAMETER, .index = i};
            context->details[i].place = INPUT_PATH;
            return true;
        }
    return reading_variable(context->reading, name, length, part);
}

static bool read_place(struct reading *reading, xmlNode *node, const char *name, struct definition_input *detail)
{
    const char *query = attribute(reading, node, "query"), *header = attribute(reading, node, "header");
    const char *file = attribute(reading, node, "file");

    *detail = (struct definition_input){.place = INPUT_PATH, .name = name, .line = line_of(node)};
    if (query) {
        detail->place = INPUT_QUERY;
        detail->name = query;
    } else if (header) {
        detail->place = INPUT_HEADER;
        detail->name = header;
    } else if (attribute_flag(reading, node, "target", false)) {
        detail->place = INPUT_TARGET;
    } else if (file && strcmp(file, "raw") == 0) {
        detail->place = INPUT_FILE_RAW;
    } else if (xmlHasProp(node, (const xmlChar *)"body")) {
        detail->place = file ? INPUT_FILE_BASE64 : INPUT_BODY;
        return attribute_path(reading, node, "body", &detail->at);
    }
    return true;
}

static bool read_inputs(struct reading *reading, xmlNode *node, struct definition_procedure *procedure)
{
    size_t count = count_elements(node, "input"), made = 0;
    struct procedure_input *inputs = arena_array(reading->arena, count, sizeof *inputs);
    struct definition_input *details = arena_array(reading->arena, count, sizeof *details);

    if (!inputs || !details)
        return reading_memory(reading);
    for (xmlNode *child = node->children; child; child = child->next) {
        if (!is_element(child, "input"))
            continue;
        const char *type = attribute_or(reading, child, "type", "");
        struct procedure_input *input = &inputs[made];
        *input = (struct procedure_input){
            .name = attribute_or(reading, child, "name", ""),
            .description = attribute_or(reading, child, "description", ""),
            .required = attribute_flag(reading, child, "required", false),
            .standard = attribute(reading, child, "standard"),
        };
        if (!type_parse(type, &input->type))
            return reading_fault(reading, child, "input %s: there is no type \"%s\"", input->name, type);
        if (!read_place(reading, child, input->name, &details[made++]))
            return false;
    }
    procedure->procedure.inputs = inputs;
    procedure->procedure.input_count = count;
    procedure->inputs = details;

    struct hole_context context = {reading, procedure, details};
    const char *path = attribute_or(reading, node, "path", ""), *wrong;
    if (!template_read(reading->arena, path, name_hole, &context, &procedure->path, &wrong))
        return wrong ? reading_fault(reading, node, "path=\"%.100s\": %s", path, wrong) : reading_memory(reading);
    for (size_t i = 0; i < count; i++) {
        bool in_path = false;
        for (size_t j = 0; j < procedure->path.part_count; j++)
            in_path |= procedure->path.parts[j].kind == PART_PARAMETER && procedure->path.parts[j].index == i;
        if (details[i].place == INPUT_PATH && !in_path)
            return definition_fault(reading->file, details[i].line, reading->err, "input %s of procedure %s goes nowhere: give it query, body or header, or a place in the path",
                                 inputs[i].name, procedure->procedure.name);
    }
    return true;
}

static bool read_constant(struct reading *reading, xmlNode *node, struct definition_setting *constant, struct definition_input *place)
{
    const char *name = attribute_or(reading, node, "name", "");
    bool body = attribute_flag(reading, node, "body", false);
    const char *wrong;

    *place = (struct definition_input){.place = body ? INPUT_BODY : INPUT_QUERY, .name = name, .line = line_of(node)};
    if (body && !path_read(reading->arena, name, strlen(name), &place->at, &wrong))
        return wrong ? reading_fault(reading, node, "name=\"%.100s\": %s", name, wrong) : reading_memory(reading);
    return attribute_template(reading, node, "value", &constant->value);
}

/* The file's parameters, then the procedure's own. */
static bool read_constants(struct reading *reading, xmlNode *node, struct definition_procedure *procedure)
{
    size_t count = count_elements(node, "parameter") + (reading->shared ? count_elements(reading->shared, "parameter") : 0), made = 0;
    struct definition_setting *constants = arena_array(reading->arena, count, sizeof *constants);
    struct definition_input *places = arena_array(reading->arena, count, sizeof *places);

    if (!constants || !places)
        return reading_memory(reading);
    for (xmlNode *from = reading->shared ? reading->shared : node; from; from = from == node ? NULL : node)
        for (xmlNode *child = from->children; child; child = child->next) {
            if (!is_element(child, "parameter"))
                continue;
            constants[made].parameter = made;
            if (!read_constant(reading, child, &constants[made], &places[made]))
                return false;
            made++;
        }
    procedure->constants = constants;
    procedure->constant_inputs = places;
    procedure->constant_count = count;
    return true;
}

static bool read_outputs(struct reading *reading, xmlNode *node, struct definition_procedure *procedure)
{
    size_t count = count_elements(node, "output"), made = 0;
    struct procedure_output *outputs = arena_array(reading->arena, count + 1, sizeof *outputs);
    struct column *columns = arena_array(reading->arena, count + 1, sizeof *columns);
    struct shape_column *places = arena_array(reading->arena, count + 1, sizeof *places);

    bool *words = arena_array(reading->arena, count + 1, sizeof *words);

    if (!outputs || !columns || !places || !words)
        return reading_memory(reading);
    procedure->status = -1;
    procedure->words = words;
    for (xmlNode *child = node->children; child; child = child->next) {
        if (!is_element(child, "output"))
            continue;
        const char *type = attribute_or(reading, child, "type", "");
        struct procedure_output *output = &outputs[made];
        *output = (struct procedure_output){.name = attribute_or(reading, child, "name", ""),
                                            .description = attribute_or(reading, child, "description", "")};
        if (!type_parse(type, &output->type))
            return reading_fault(reading, child, "output %s: there is no type \"%s\"", output->name, type);
        columns[made] = (struct column){.name = output->name, .description = output->description, .type = output->type, .nullable = true};
        if (!attribute_places(reading, child, "at", &places[made].at, &places[made].at_count))
            return false;
        places[made].join = attribute_flag(reading, child, "join", false);
        const char *tells = attribute_or(reading, child, "tells", "");
        words[made] = strcmp(tells, "message") == 0;
        if (strcmp(tells, "status") == 0) {
            if (procedure->status >= 0 || output->type.kind != TYPE_INTEGER)
                return reading_fault(reading, child, "output %s: the status is one output, an integer", output->name);
            procedure->status = (int)made;
        }
        if (words[made] && output->type.kind != TYPE_STRING)
            return reading_fault(reading, child, "output %s tells a message, and so is a string", output->name);
        made++;
    }
    if (count == 0) {
        procedure->success = true;
        outputs[made++] = (struct procedure_output){.name = "Success", .description = "Whether it was done; a failure is an error.",
                                                    .type = {.kind = TYPE_BOOLEAN}};
    }
    procedure->procedure.outputs = outputs;
    procedure->procedure.output_count = made;
    procedure->answer = (struct table){.name = procedure->procedure.name, .columns = columns, .column_count = count};
    procedure->places = places;
    procedure->shape = (struct shape){.table = &procedure->answer, .columns = places};
    return attribute_row_places(reading, node, attribute_or(reading, node, "rows", ""), &procedure->shape.rows, &procedure->shape.row_count);
}

bool read_procedure(struct reading *reading, xmlNode *node, struct definition_procedure *procedure)
{
    *procedure = (struct definition_procedure){
        .procedure = {.name = attribute_or(reading, node, "name", ""), .description = attribute_or(reading, node, "description", ""),
                      .definition = procedure},
        .method = attribute_or(reading, node, "method", "POST"),
        .url = reading->url,
        .raw = attribute_flag(reading, node, "raw", false),
        .scope = attribute_or(reading, node, "scope", reading->scope),
        .file = reading->file,
        .line = line_of(node),
    };
    return attribute_template(reading, node, "url", &procedure->url) && read_inputs(reading, node, procedure)
           && read_constants(reading, node, procedure) && read_outputs(reading, node, procedure);
}
