/* Which procedures there are: those of OAuth, functions and actions of the service, and the one that tells changes. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "base/property.h"
#include "providers/oauth_procedures.h"
#include "providers/odata/procedure.h"

struct answers {                     /* tables of result types, which several procedures share */
    struct answers *next;
    const struct odata_type *type;
    struct odata_table *table;
};

struct listing {
    struct odata_service *service;
    struct answers *answers;
    const struct procedure **list;
    size_t count, room;
};

static bool add(struct listing *listing, const struct procedure *procedure)
{
    if (listing->count == listing->room) {
        size_t room = listing->room ? listing->room * 2 : 64;
        const struct procedure **larger = arena_array(&listing->service->arena, room, sizeof *larger);
        if (!larger)
            return false;
        if (listing->count)
            memcpy((void *)larger, (const void *)listing->list, listing->count * sizeof *larger);
        listing->list = larger;
        listing->room = room;
    }
    listing->list[listing->count++] = procedure;
    return true;
}

/* Inputs. */

static bool is_taken(const struct odata_procedure *procedure, const char *name)
{
    for (size_t i = 0; i < procedure->procedure.input_count; i++)
        if (name_equal(procedure->procedure.inputs[i].name, name))
            return true;
    return false;
}

static bool add_input(struct listing *listing, struct odata_procedure *procedure, const char *name, const char *description, const struct type *type,
                      bool required)
{
    struct procedure_input *inputs = (struct procedure_input *)procedure->procedure.inputs;
    const char *own = odata_sql_name(&listing->service->options, &listing->service->arena, name);

    for (int number = 2; own && is_taken(procedure, own); number++)
        own = arena_printf(&listing->service->arena, "%s_%d", name, number);
    inputs[procedure->procedure.input_count++] = (struct procedure_input){.name = own, .description = description ? description : "", .type = *type,
                                                                         .required = required};
    return own;
}

/* The key of what it is called on comes first. */
static bool add_keys(struct listing *listing, struct odata_procedure *procedure)
{
    const struct odata_callable *callable = procedure->callable;
    struct odata_table *table = callable->set ? (struct odata_table *)callable->set->table : NULL;
    struct odata_service *service = listing->service;
    struct error unused;

    if (!callable->binding || callable->many || callable->set->singleton)
        return true;
    if (!table || !odata_table_fill(table, service->model, &service->options, service->context.version, &service->arena, &unused))
        return false;
    const int *keys = odata_key_columns(table, false, &service->arena);
    for (; keys && *keys >= 0; keys++) {
        memcpy(&procedure->inputs[procedure->procedure.input_count].column, &table->columns[*keys], sizeof(struct odata_column));
        if (!add_input(listing, procedure, table->table.columns[*keys].name, table->table.columns[*keys].description, &table->table.columns[*keys].type, true))
            return false;
        procedure->key_count++;
    }
    return keys;
}

static bool add_parameters(struct listing *listing, struct odata_procedure *procedure)
{
    const struct odata_property *parameter = procedure->operation->parameters;

    if (procedure->callable->binding && parameter)
        parameter = parameter->next;
    for (; parameter; parameter = parameter->next) {
        struct odata_input *input = &procedure->inputs[procedure->procedure.input_count];
        struct type type;
        if (!odata_value_type(listing->service->model, parameter, &type, &input->column))
            type = (struct type){TYPE_JSON, 0, 0};
        input->parameter = parameter;
        input->column.path = parameter->name;
        bool required = !parameter->nullable && !odata_is_optional(procedure->callable, parameter);
        if (!add_input(listing, procedure, parameter->name, parameter->description, &type, required))
            return false;
    }
    return true;
}

static size_t most_inputs(const struct odata_callable *callable, const struct odata_operation *operation)
{
    size_t count = 0;

    for (const struct odata_property *parameter = operation->parameters; parameter; parameter = parameter->next)
        count++;
    for (const struct odata_key *key = callable->binding ? model_keys(callable->binding) : NULL; key; key = key->next)
        count++;
    return count + 1;
}

/* Outputs. */

static struct odata_table *answer_of(struct listing *listing, const struct odata_type *type)
{
    static const struct odata_limits nothing = {.read = true};
    struct odata_service *service = listing->service;
    struct error unused;

    for (struct answers *one = listing->answers; one; one = one->next)
        if (one->type == type)
            return one->table;
    struct answers *made = arena_alloc(&service->arena, sizeof *made);
    struct odata_table *table = arena_alloc(&service->arena, sizeof *table);
    if (!made || !table)
        return NULL;
    table->kind = TABLE_OF_FUNCTION;
    table->table = (struct table){.name = type->name, .description = "", .kind = TABLE_VIEW, .place = PLACE_SERVICE, .service = &service->service, .definition = table};
    table->type = type;
    table->limits = &nothing;
    table->path = type->name;
    if (!odata_table_fill(table, service->model, &service->options, service->context.version, &service->arena, &unused))
        return NULL;
    *made = (struct answers){listing->answers, type, table};
    listing->answers = made;
    return table;
}

static bool set_outputs(struct odata_procedure *procedure, struct arena *arena, const struct column *columns, size_t count)
{
    struct procedure_output *outputs = arena_array(arena, count, sizeof *outputs);

    if (!outputs)
        return false;
    for (size_t i = 0; i < count; i++)
        outputs[i] = (struct procedure_output){columns[i].name, columns[i].description, columns[i].type};
    procedure->procedure.outputs = outputs;
    procedure->procedure.output_count = count;
    return true;
}

static bool add_outputs(struct listing *listing, struct odata_procedure *procedure)
{
    const struct odata_property *result = procedure->operation->result;
    struct arena *arena = &listing->service->arena;
    struct column value = {.name = "value", .description = "What it yields"};

    if (!result) {
        const struct column success = {.name = "Success", .description = "Whether it was done", .type = {TYPE_BOOLEAN, 0, 0}};
        return set_outputs(procedure, arena, &success, 1);
    }
    struct odata_property single = *result;
    single.collection = false;
    procedure->answer = ANSWER_VALUES;
    if (!odata_value_type(listing->service->model, &single, &value.type, &procedure->value))
        value.type = (struct type){TYPE_JSON, 0, 0};
    const struct odata_type *type = procedure->value.edm == EDM_COMPLEX ? procedure->value.type : NULL;
    if (!type)
        return set_outputs(procedure, arena, &value, 1);
    struct odata_table *rows = answer_of(listing, type);
    if (!rows)
        return false;
    if (rows->table.fault || !rows->table.column_count)
        return set_outputs(procedure, arena, &value, 1);
    procedure->answer = ANSWER_ROWS;
    procedure->rows = rows;
    return set_outputs(procedure, arena, rows->table.columns, rows->table.column_count);
}

/* Listing. */

static bool list_callable(struct listing *listing, const struct odata_callable *callable)
{
    struct odata_service *service = listing->service;
    struct odata_procedure *made = arena_alloc(&service->arena, sizeof *made);

    if (!made)
        return false;
    made->callable = callable;
    made->operation = odata_widest(callable);
    size_t most = most_inputs(callable, made->operation);
    struct procedure_input *inputs = arena_array(&service->arena, most, sizeof *inputs);
    made->inputs = arena_array(&service->arena, most, sizeof *made->inputs);
    made->procedure = (struct procedure){.name = odata_sql_name(&service->options, &service->arena, callable->name),
                                         .description = callable->description ? callable->description : "", .service = &service->service,
                                         .inputs = inputs, .definition = made};
    return inputs && made->inputs && made->procedure.name && add_keys(listing, made) && add_parameters(listing, made) && add_outputs(listing, made)
           && add(listing, &made->procedure);
}

static int by_name(const void *a, const void *b)
{
    const struct procedure *const *first = a, *const *second = b;
    int order = strcasecmp((*first)->name, (*second)->name);
    return order ? order : strcmp((*first)->name, (*second)->name);
}

static bool make_distinct(struct listing *listing)
{
    for (size_t i = 1; i < listing->count; i++) {
        struct procedure *procedure = (struct procedure *)listing->list[i];
        const char *name = procedure->name;
        size_t first = i;
        while (first > 0 && strncasecmp(listing->list[first - 1]->name, name, strlen(name)) == 0 && listing->list[first - 1]->name[strlen(name)] == '\0')
            first--;
        if (first < i && !(procedure->name = arena_printf(&listing->service->arena, "%s_%zu", name, i - first + 1)))
            return false;
    }
    qsort((void *)listing->list, listing->count, sizeof *listing->list, by_name);
    return true;
}

static bool list_changes(struct listing *listing)
{
    struct odata_procedure *changes = arena_alloc(&listing->service->arena, sizeof *changes);

    if (!changes)
        return false;
    changes->procedure = (struct procedure){.name = odata_changes_name, .service = &listing->service->service, .definition = changes};
    return odata_changes_define(changes, &listing->service->arena) && add(listing, &changes->procedure);
}

static bool list_all(struct listing *listing)
{
    struct odata_service *service = listing->service;

    for (size_t i = 0; i < service->service.procedure_count; i++)
        if (!add(listing, service->service.procedures[i]))
            return false;
    if (!service->model)
        return true;
    if (!odata_operations_collect(service->model, &service->arena, &service->callables))
        return false;
    for (size_t i = 0; i < service->callables.count; i++)
        if (!list_callable(listing, &service->callables.list[i]))
            return false;
    return list_changes(listing);
}

bool odata_procedures_list(struct odata_service *service, struct error *err)
{
    struct listing listing = {.service = service};

    if (!list_all(&listing))
        return error_memory(err);
    if (listing.count)
        qsort((void *)listing.list, listing.count, sizeof *listing.list, by_name);
    if (!make_distinct(&listing))
        return error_memory(err);
    service->service.procedures = listing.list;
    service->service.procedure_count = listing.count;
    return true;
}

bool odata_result_add(struct procedure_result *result, size_t *room, const struct value *values, size_t count)
{
    if (result->row_count == *room) {
        size_t larger = *room ? *room * 2 : 64;
        struct value *grown = arena_array(result->arena, larger * count, sizeof *grown);
        if (!grown)
            return false;
        if (result->row_count)
            memcpy(grown, result->values, result->row_count * count * sizeof *grown);
        result->values = grown;
        *room = larger;
    }
    struct value *row = &result->values[result->row_count * count];
    for (size_t i = 0; i < count; i++) {
        row[i] = values[i];
        bool bytes = row[i].storage == STORAGE_TEXT || row[i].storage == STORAGE_BLOB;
        if (bytes && !(row[i].text = arena_copy(result->arena, row[i].text, row[i].length)))
            return false;
    }
    result->row_count++;
    return true;
}
