/* Whether procedures fit together. */
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/definition/check.h"

static bool fault_at(const struct definition_procedure *procedure, int line, const char *what, const char *name, struct error *err)
{
    return definition_fault(procedure->file, line, err, "procedure %s %s%s", procedure->procedure.name, what, name);
}

static bool fault(const struct definition_procedure *procedure, const char *what, const char *name, struct error *err)
{
    return fault_at(procedure, procedure->line, what, name, err);
}

static bool check_name(const struct definition *definition, size_t at, struct error *err)
{
    static const char *const taken[] = {"GetOAuthAuthorizationURL", "GetOAuthAccessToken", "RefreshOAuthAccessToken", "RevokeOAuthAccessToken"};
    const struct definition_procedure *procedure = definition->procedures[at];

    for (size_t i = 0; i < at; i++)
        if (name_equal(definition->procedures[i]->procedure.name, procedure->procedure.name))
            return fault(procedure, "stands there twice", "", err);
    for (size_t i = 0; i < sizeof taken / sizeof taken[0] && definition->has_oauth; i++)
        if (name_equal(taken[i], procedure->procedure.name))
            return fault(procedure, "has the name of one that every service with OAuth has", "", err);
    return true;
}

static bool check_input(const struct definition_procedure *procedure, size_t at, struct error *err)
{
    const struct procedure_input *input = &procedure->procedure.inputs[at];
    const struct definition_input *detail = &procedure->inputs[at];
    bool file = detail->place == INPUT_FILE_BASE64 || detail->place == INPUT_FILE_RAW || detail->place == INPUT_TARGET;
    bool body = detail->place == INPUT_BODY || detail->place == INPUT_FILE_BASE64 || detail->place == INPUT_FILE_RAW;
    struct arena arena = {0};
    struct error unfit = {0};
    struct value value;

    for (size_t i = 0; i < at; i++)
        if (name_equal(procedure->procedure.inputs[i].name, input->name))
            return fault_at(procedure, detail->line, "has two inputs named ", input->name, err);
    if (file && input->type.kind != TYPE_STRING)
        return fault_at(procedure, detail->line, "takes the name of a file, which is a string, as ", input->name, err);
    if (body && strcmp(procedure->method, "GET") == 0)
        return fault_at(procedure, detail->line, "has a body, which GET has not, with ", input->name, err);
    if (detail->place == INPUT_TARGET && !procedure->raw)
        return fault_at(procedure, detail->line, "writes a file only where the answer is one (raw), to ", input->name, err);
    if (!input->standard)
        return true;
    bool fits = value_from_text(&input->type, input->standard, strlen(input->standard), &arena, &value, &unfit);
    arena_clear(&arena);
    return fits || definition_fault(procedure->file, detail->line, err, "procedure %s: the standard of %s: %s", procedure->procedure.name,
                                    input->name, unfit.message);
}

/* As body_put has it: such a name makes an array. */
static bool is_index(const char *name)
{
    size_t length = strlen(name);
    return length >= 1 && length <= 3 && strspn(name, "0123456789") == length;
}

/* Two places of a body, of which one is within the other or makes an array of what the other makes an object of. */
static bool clash(const struct path *one, const struct path *other)
{
    size_t same = 0, shorter = one->length < other->length ? one->length : other->length;

    while (same < shorter && strcmp(one->steps[same].name, other->steps[same].name) == 0)
        same++;
    return same == shorter || is_index(one->steps[same].name) != is_index(other->steps[same].name);
}

/* The members of the body, whoever tells them, each at a place of its own. */
static bool check_body(const struct definition_procedure *procedure, struct error *err)
{
    size_t count = procedure->procedure.input_count, all = count + procedure->constant_count;

    for (size_t i = 0; i < all; i++) {
        const struct definition_input *one = i < count ? &procedure->inputs[i] : &procedure->constant_inputs[i - count];
        if (one->place != INPUT_BODY && one->place != INPUT_FILE_BASE64)
            continue;
        if (one->at.length == 0 || is_index(one->at.steps[0].name))
            return fault_at(procedure, one->line, "has a member of its body at a place without a name", "", err);
        for (size_t j = 0; j < one->at.length; j++)
            if (one->at.steps[j].condition_count)
                return fault_at(procedure, one->line, "chooses in a body that it makes: ", one->at.steps[j].name, err);
        for (size_t j = 0; j < i; j++) {
            const struct definition_input *other = j < count ? &procedure->inputs[j] : &procedure->constant_inputs[j - count];
            if ((other->place == INPUT_BODY || other->place == INPUT_FILE_BASE64) && clash(&one->at, &other->at))
                return fault_at(procedure, one->line, "has two members of its body in one place, at or within ", one->at.steps[0].name, err);
        }
    }
    return true;
}

/* One way to send a body; and what a raw answer becomes. */
static bool check_forms(const struct definition_procedure *procedure, struct error *err)
{
    size_t raw = 0, json = 0, targets = 0;

    for (size_t i = 0; i < procedure->procedure.input_count; i++) {
        enum input_place place = procedure->inputs[i].place;
        raw += place == INPUT_FILE_RAW;
        json += place == INPUT_BODY || place == INPUT_FILE_BASE64;
        targets += place == INPUT_TARGET;
    }
    for (size_t i = 0; i < procedure->constant_count; i++) {
        if (procedure->constant_inputs[i].place == INPUT_BODY && strcmp(procedure->method, "GET") == 0)
            return fault(procedure, "has a body, which GET has not, with ", procedure->constant_inputs[i].name, err);
        json += procedure->constant_inputs[i].place == INPUT_BODY;
    }
    if (raw > 1 || (raw && json))
        return fault(procedure, "sends a file as it is, and so nothing else in the body", "", err);
    if (targets > 1)
        return fault(procedure, "writes more than one file", "", err);
    if (procedure->raw && (procedure->procedure.output_count != 1 || procedure->procedure.outputs[0].type.kind != TYPE_BINARY))
        return fault(procedure, "answers with a file, and so has one output, of type binary", "", err);
    return true;
}

static bool check_output(const struct definition_procedure *procedure, size_t at, struct error *err)
{
    const struct procedure_output *output = &procedure->procedure.outputs[at];
    const struct shape *shape = &procedure->shape;

    for (size_t i = 0; i < at; i++)
        if (name_equal(procedure->procedure.outputs[i].name, output->name))
            return fault(procedure, "has two outputs named ", output->name, err);
    if (procedure->raw || procedure->success)
        return true;
    if (output->type.kind == TYPE_BINARY)
        return fault(procedure, "has a binary output, which JSON has not: ", output->name, err);
    if (procedure->places[at].at_count == 0)
        return fault(procedure, "has an output that stands nowhere: it needs at: ", output->name, err);
    if (procedure->places[at].join && output->type.kind != TYPE_STRING)
        return fault(procedure, "joins values that are not a string: ", output->name, err);
    for (size_t i = 0; i < procedure->places[at].at_count; i++)
        for (size_t j = 0; j < shape->row_count; j++)
            if (procedure->places[at].at[i].up > shape->rows[j].level_count)
                return fault(procedure, "has an output that stands further out than its rows are in: ", output->name, err);
    return true;
}

bool check_procedure(const struct definition *definition, size_t at, struct error *err)
{
    const struct definition_procedure *procedure = definition->procedures[at];

    if (!check_name(definition, at, err))
        return false;
    for (size_t i = 0; i < procedure->procedure.input_count; i++)
        if (!check_input(procedure, i, err))
            return false;
    for (size_t i = 0; i < procedure->procedure.output_count; i++)
        if (!check_output(procedure, i, err))
            return false;
    return check_forms(procedure, err) && check_body(procedure, err);
}
