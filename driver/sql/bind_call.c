/* The arguments of CALL against the inputs that the procedure declares. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/binder.h"
#include "sql/scope.h"

static bool find_procedure(struct binder *binder, const struct call *call, const struct procedure **procedure)
{
    const char *name = call->name.parts[call->name.count - 1];
    struct name_guess guess = {.wanted = name};

    if (!scope_is_catalog(binder, &call->name, 1))
        return bind_error(binder, call->at, "42000", "There is no catalog or schema %.128s; this connection has only %.128s",
                          call->name.parts[0], binder->service->name);
    *procedure = service_procedure(binder->service, name);
    if (*procedure)
        return true;
    for (size_t i = 0; i < binder->service->procedure_count; i++)
        name_guess_show(&guess, binder->service->procedures[i]->name);
    return bind_error(binder, call->at, "42000", "There is no procedure %.128s in %.128s%s%s%s", name, binder->service->name,
                      guess.best ? "; did you mean " : "", guess.best ? guess.best : "", guess.best ? "?" : "");
}

/* Which input an item is for: by its name, or by its position. */
static bool find_input(struct binder *binder, const struct procedure *procedure, const struct call_item *item, size_t position,
                       size_t *input)
{
    struct name_guess guess = {.wanted = item->name ? item->name : ""};

    if (!item->name) {
        *input = position;
        return position < procedure->input_count ||
               bind_error(binder, item->at, "42000", "%.128s takes %zu argument%s, but more are given", procedure->name,
                          procedure->input_count, procedure->input_count == 1 ? "" : "s");
    }
    for (*input = 0; *input < procedure->input_count; ++*input) {
        if (name_equal(procedure->inputs[*input].name, item->name))
            return true;
        name_guess_show(&guess, procedure->inputs[*input].name);
    }
    return bind_error(binder, item->at, "42000", "%.128s has no input %.128s%s%s%s", procedure->name, item->name,
                      guess.best ? "; did you mean " : "", guess.best ? guess.best : "", guess.best ? "?" : "");
}

static bool give_value(struct binder *binder, const struct call_item *item, const struct procedure_input *input,
                       struct call_argument *argument)
{
    struct expression *value = item->value;
    struct error cause;

    if (value->kind == EXPRESSION_PARAMETER) {
        argument->parameter = (int)value->parameter;
        binder->parameters[value->parameter].type = input->type;
        binder->parameters[value->parameter].nullable = input->required ? NULLABLE_NO : NULLABLE_YES;
        return true;
    }
    if (value_cast(&value->type, &value->value, &input->type, binder->arena, &argument->value, &cause))
        return true;
    return bind_error(binder, value->at, cause.sqlstate, "The input %.128s: %s", input->name, cause.message);
}

/* How an input has been given. */
enum given { GIVEN_NOT, GIVEN_DEFAULT, GIVEN_VALUE };

static bool bind_items(struct binder *binder, const struct call *call, const struct procedure *procedure,
                       struct call_argument *arguments, enum given *given)
{
    bool named = false;
    size_t input;

    for (size_t i = 0; i < call->item_count; i++) {
        const struct call_item *item = &call->items[i];
        if (named && !item->name)
            return bind_error(binder, item->at, "42000", "An argument without a name can not follow one with a name");
        named = named || item->name;
        if (!find_input(binder, procedure, item, i, &input))
            return false;
        if (given[input] != GIVEN_NOT)
            return bind_error(binder, item->at, "42000", "The input %.128s is given twice", procedure->inputs[input].name);
        given[input] = item->value ? GIVEN_VALUE : GIVEN_DEFAULT;
        if (item->value && !give_value(binder, item, &procedure->inputs[input], &arguments[input]))
            return false;
    }
    return true;
}

/* Defaults where nothing was given (NULL is something, though not for a required input). */
static bool complete(struct binder *binder, const struct call *call, const struct procedure *procedure, struct call_argument *arguments,
                     const enum given *given)
{
    for (size_t i = 0; i < procedure->input_count; i++) {
        const struct procedure_input *input = &procedure->inputs[i];
        struct call_argument *argument = &arguments[i];
        if (given[i] != GIVEN_VALUE && input->standard &&
            !value_from_text(&input->type, input->standard, strlen(input->standard), binder->arena, &argument->value, binder->err))
            return error_prefix(binder->err, "The default of the input %.128s of %.128s: ", input->name, procedure->name);
        if (input->required && argument->parameter < 0 && value_is_null(&argument->value))
            return bind_error(binder, call->at, "42000", "%.128s needs the input %.128s", procedure->name, input->name);
    }
    return true;
}

static bool describe_outputs(struct binder *binder, const struct procedure *procedure, struct statement *statement)
{
    statement->columns = arena_array(binder->arena, procedure->output_count + 1, sizeof *statement->columns);
    if (!statement->columns)
        return error_memory(binder->err);
    statement->column_count = procedure->output_count;
    for (size_t i = 0; i < procedure->output_count; i++)
        statement->columns[i] = (struct result_column){
            .label = procedure->outputs[i].name, .type = procedure->outputs[i].type, .nullable = NULLABLE_YES, .column = -1, .table_alias = ""};
    return true;
}

bool bind_call(struct binder *binder, const struct call *call, struct statement *statement)
{
    const struct procedure *procedure;

    if (!find_procedure(binder, call, &procedure))
        return false;
    struct call_argument *arguments = arena_array(binder->arena, procedure->input_count + 1, sizeof *arguments);
    enum given *given = arena_array(binder->arena, procedure->input_count + 1, sizeof *given);
    if (!arguments || !given)
        return error_memory(binder->err);
    for (size_t i = 0; i < procedure->input_count; i++)
        arguments[i].parameter = -1;
    if (call->returns >= 0) {
        binder->parameters[call->returns].output = true;
        binder->parameters[call->returns].type = (struct type){.kind = TYPE_INTEGER};
    }
    if (!bind_items(binder, call, procedure, arguments, given) || !complete(binder, call, procedure, arguments, given))
        return false;
    statement->procedure = procedure;
    statement->arguments = arguments;
    return describe_outputs(binder, procedure, statement);
}
