/* CALL: the arguments of a procedure are checked and completed, and its service runs it. */
#include <string.h>

#include "engine/cell.h"
#include "engine/state.h"

static bool fill_input(const struct query *query, size_t index, struct value *value, struct arena *arena, struct error *err)
{
    const struct statement *statement = query->run;
    const struct procedure_input *input = &statement->procedure->inputs[index];
    const struct call_argument *argument = &statement->arguments[index];

    *value = argument->parameter >= 0 ? query->bindings[query->first_parameter + (size_t)argument->parameter] : argument->value;
    if (!value_is_null(value)) /* a decimal comes with all its digits, see query_bind */
        return input->type.kind != TYPE_DECIMAL || cell_canonical(&input->type, true, value, arena, err);
    if (input->standard) {
        if (value_from_text(&input->type, input->standard, strlen(input->standard), arena, value, err))
            return true;
        return error_prefix(err, "The default of input %s of procedure %s: ", input->name, statement->procedure->name);
    }
    if (input->required)
        return error_set(err, "42000", "Procedure %s needs a value for its input %s: EXEC %s %s = …", statement->procedure->name,
                         input->name, statement->procedure->name, input->name);
    return true;
}

bool call_run(struct query *query, struct error *err)
{
    const struct procedure *procedure = query->run->procedure;
    struct value *inputs = arena_array(&query->answer, procedure->input_count + 1, sizeof *inputs);

    if (!inputs)
        return error_memory(err);
    for (size_t i = 0; i < procedure->input_count; i++)
        if (!fill_input(query, i, &inputs[i], &query->answer, err))
            return false;
    query->result = (struct procedure_result){.arena = &query->answer};
    return procedure->service->class->call(procedure, inputs, &query->result, query->cancel, err);
}
