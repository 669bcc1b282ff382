#include "providers/odata/aggregate.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/decimal.h"
#include "base/error.h"
#include "providers/odata/options.h"
#include "providers/odata/payload.h"
#include "providers/odata/reader.h"
#include "providers/rows/decode.h"

/* How the results are called; the count of each group comes along, so that rows which are no groups are known. */
static const char count_alias[] = "restodbcCount";

struct odata_groups {
    const struct odata_table *table;
    struct arena arena, page, texts; /* texts: of the present batch */
    struct aggregation aggregation;
    struct table results;            /* the groups, the aggregates, the count */
    struct shape shape;
    struct decoder *decoder;
    struct value **cells;
};

/* Deciding. */

static const struct odata_column *column_of(const struct odata_table *table, int column)
{
    return column >= 0 && (size_t)column < table->table.column_count ? &table->columns[column] : NULL;
}

/* What the service tells apart in groups, so must SQL. Texts it compares in its own way. */
static bool can_group(const struct odata_table *table, int at)
{
    const struct odata_column *column = column_of(table, at);
    return column && column->role == ROLE_PROPERTY && !column->collection && !column->derived && edm_is_comparable(column->edm)
           && column->edm != EDM_SINGLE && column->edm != EDM_DURATION && !(column->edm == EDM_ENUM && column->type->flags);
}

static bool is_number(enum edm edm)
{
    switch (edm) {
    case EDM_BYTE: case EDM_SBYTE: case EDM_INT16: case EDM_INT32: case EDM_INT64: case EDM_DOUBLE: case EDM_DECIMAL: return true;
    default: return false;
    }
}

static bool can_compute(const struct odata_table *table, const struct aggregate_column *aggregate)
{
    const struct odata_column *column = column_of(table, aggregate->column);

    if (aggregate->function == AGGREGATE_COUNT_ROWS)
        return true;
    if (!column || !can_group(table, aggregate->column))
        return false;
    bool nullable = table->table.columns[aggregate->column].nullable;
    switch (aggregate->function) {
    case AGGREGATE_COUNT: case AGGREGATE_COUNT_DISTINCT: /* services differ in whether they count null */
        return !nullable;
    case AGGREGATE_SUM:
        return is_number(column->edm);
    case AGGREGATE_AVERAGE: /* an exact one is made of the sum and the count */
        return is_number(column->edm) && (aggregate->type.kind == TYPE_DOUBLE || !nullable);
    default:
        return edm_is_ordered(column->edm);
    }
}

bool odata_is_count(const struct aggregation *aggregation)
{
    for (size_t i = 0; i < aggregation->aggregate_count; i++)
        if (aggregation->aggregates[i].function != AGGREGATE_COUNT_ROWS)
            return false;
    return !aggregation->group_count && aggregation->aggregate_count;
}

static bool can_count(const struct odata_table *table)
{
    return (table->kind == TABLE_OF_SET || (table->kind == TABLE_OF_NAVIGATION && table->many)) && table->limits->count
           && !(atomic_load(&table->refused) & REFUSED_COUNT);
}

bool odata_can_aggregate(const struct odata_context *context, const struct odata_table *table, const struct aggregation *aggregation)
{
    if (odata_is_count(aggregation))
        return can_count(table);
    if (context->version != ODATA_V4 || table->kind != TABLE_OF_SET || context->options->apply == NEVER_APPLY)
        return false;
    bool no = table->limits->apply == APPLY_NO || (table->limits->apply == APPLY_UNTOLD && table->set->container->limits.apply == APPLY_NO);
    if (context->options->apply != ALWAYS_APPLY && no)
        return false;
    if (((atomic_load(&table->refused) | atomic_load(context->refused)) & REFUSED_APPLY))
        return false;
    for (size_t i = 0; i < aggregation->group_count; i++)
        if (!can_group(table, aggregation->groups[i]))
            return false;
    for (size_t i = 0; i < aggregation->aggregate_count; i++)
        if (!can_compute(table, &aggregation->aggregates[i]))
            return false;
    return true;
}

/* Asking. */

static void append_path(struct buffer *out, const struct odata_column *column)
{
    odata_encode(out, column->path, strlen(column->path), false);
}

static bool is_exact_average(const struct aggregate_column *aggregate)
{
    return aggregate->function == AGGREGATE_AVERAGE && aggregate->type.kind == TYPE_DECIMAL;
}

static bool is_count(const struct aggregate_column *aggregate)
{
    return aggregate->function == AGGREGATE_COUNT_ROWS || aggregate->function == AGGREGATE_COUNT;
}

static const char *method_of(const struct aggregate_column *aggregate)
{
    switch (aggregate->function) {
    case AGGREGATE_COUNT_DISTINCT: return "countdistinct";
    case AGGREGATE_AVERAGE: return is_exact_average(aggregate) ? "sum" : "average";
    case AGGREGATE_LEAST: return "min";
    case AGGREGATE_GREATEST: return "max";
    default: return "sum";
    }
}

void odata_groups_apply(const struct odata_groups *groups, const char *filter, struct buffer *out)
{
    const struct aggregation *aggregation = &groups->aggregation;

    if (filter[0])
        buffer_printf(out, "filter(%s)/", filter);
    if (aggregation->group_count) {
        buffer_append_text(out, "groupby((");
        for (size_t i = 0; i < aggregation->group_count; i++) {
            buffer_append_text(out, i ? "," : "");
            append_path(out, column_of(groups->table, aggregation->groups[i]));
        }
        buffer_append_text(out, "),");
    }
    buffer_printf(out, "aggregate($count%%20as%%20%s", count_alias);
    for (size_t i = 0; i < aggregation->aggregate_count; i++) {
        const struct aggregate_column *aggregate = &aggregation->aggregates[i];
        if (is_count(aggregate))
            continue;
        buffer_append_char(out, ',');
        append_path(out, column_of(groups->table, aggregate->column));
        buffer_printf(out, "%%20with%%20%s%%20as%%20%s", method_of(aggregate), groups->results.columns[aggregation->group_count + i].name);
    }
    buffer_append_text(out, aggregation->group_count ? "))" : ")");
}

/* Reading. */

static bool copy_aggregation(struct odata_groups *groups, const struct aggregation *from)
{
    int *columns = arena_array(&groups->arena, from->group_count + 1, sizeof *columns);
    struct aggregate_column *aggregates = arena_array(&groups->arena, from->aggregate_count + 1, sizeof *aggregates);

    if (!columns || !aggregates)
        return false;
    if (from->group_count)
        memcpy(columns, from->groups, from->group_count * sizeof *columns);
    if (from->aggregate_count)
        memcpy(aggregates, from->aggregates, from->aggregate_count * sizeof *aggregates);
    groups->aggregation = (struct aggregation){columns, from->group_count, aggregates, from->aggregate_count};
    return true;
}

/* The type in which an aggregate comes: where it is computed here, that of what it is computed from. */
static struct type sent_type(const struct odata_groups *groups, const struct aggregate_column *aggregate)
{
    if (!is_exact_average(aggregate))
        return aggregate->type;
    return (struct type){TYPE_DECIMAL, DECIMAL_DIGITS, groups->table->table.columns[aggregate->column].type.scale};
}

static bool make_shape(struct odata_groups *groups)
{
    const struct aggregation *aggregation = &groups->aggregation;
    size_t count = aggregation->group_count + aggregation->aggregate_count + 1;
    struct column *columns = arena_array(&groups->arena, count, sizeof *columns);
    struct shape_column *shapes = arena_array(&groups->arena, count, sizeof *shapes);
    struct place *places = arena_array(&groups->arena, count, sizeof *places);
    static const struct path_step value = {.name = "value"};
    static const struct path in_value = {&value, 1};
    static const struct row_place rows = {&in_value, 1, true, {NULL, 0}};

    groups->cells = arena_array(&groups->arena, count, sizeof *groups->cells);
    if (!columns || !shapes || !places || !groups->cells)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool group = i < aggregation->group_count, last = i + 1 == count;
        size_t at = i - aggregation->group_count;
        const struct odata_column *column = group ? column_of(groups->table, aggregation->groups[i]) : NULL;
        const char *path = last ? count_alias : group ? column->path : arena_printf(&groups->arena, "restodbc%zu", at);
        columns[i] = (struct column){.name = path, .description = "", .nullable = true,
                                     .type = last ? (struct type){TYPE_BIGINT, 0, 0} : group ? groups->table->table.columns[aggregation->groups[i]].type
                                                                                         : sent_type(groups, &aggregation->aggregates[at])};
        shapes[i].form = group ? odata_form(column->edm, false, &columns[i].type) : columns[i].type.kind == TYPE_DOUBLE ? FORM_REAL : FORM_PLAIN;
        groups->cells[i] = arena_array(&groups->arena, READER_ROWS, sizeof **groups->cells);
        if (!path || !odata_place(&groups->arena, path, NULL, &places[i]) || !groups->cells[i])
            return false;
        shapes[i].at = &places[i];
        shapes[i].at_count = 1;
    }
    groups->results = (struct table){.name = groups->table->table.name, .columns = columns, .column_count = count};
    groups->shape = (struct shape){.table = &groups->results, .columns = shapes, .rows = &rows, .row_count = 1, .lenient = true};
    return true;
}

bool odata_groups_open(const struct odata_context *context, const struct odata_table *table, const struct aggregation *aggregation,
                       struct odata_groups **groups, struct error *err)
{
    struct odata_groups *made = calloc(1, sizeof *made);
    (void)context;

    if (!made)
        return error_memory(err);
    made->table = table;
    bool *needed = arena_array(&made->arena, aggregation->group_count + aggregation->aggregate_count + 1, sizeof *needed);
    bool done = needed && copy_aggregation(made, aggregation) && make_shape(made);
    for (size_t i = 0; done && i < made->results.column_count; i++)
        needed[i] = true;
    if (!done)
        error_memory(err);
    if (!done || !decoder_open(&made->shape, needed, NULL, &made->decoder, err)) {
        odata_groups_close(made);
        return false;
    }
    *groups = made;
    return true;
}

void odata_groups_close(struct odata_groups *groups)
{
    if (!groups)
        return;
    decoder_close(groups->decoder);
    arena_clear(&groups->texts);
    arena_clear(&groups->page);
    arena_clear(&groups->arena);
    free(groups);
}

const struct aggregation *odata_groups_aggregation(const struct odata_groups *groups)
{
    return &groups->aggregation;
}

static bool not_groups(const struct odata_groups *groups, struct error *err)
{
    return error_set(err, NOT_AGGREGATED, "The service does not group the rows of %s", groups->table->table.name);
}

bool odata_groups_page(struct odata_groups *groups, const char *body, size_t length, const char *url, struct odata_page_facts *facts, struct error *err)
{
    struct odata_facts told;

    arena_reset(&groups->page);
    *facts = (struct odata_page_facts){.count = -1};
    if (!odata_facts_read(body, length, &groups->page, &told, err))
        return strcmp(err->sqlstate, "HY001") == 0 ? false : not_groups(groups, err);
    facts->failure = told.failure;
    if (told.next)
        facts->next = odata_resolve(&groups->page, url, told.base, told.next);
    return decoder_page(groups->decoder, body, length, err);
}

/* The sum by the count, as exactly as the result's type is. */
static bool divide(struct odata_groups *groups, const struct aggregate_column *aggregate, const struct value *sum, const struct value *count,
                   struct value *result)
{
    struct decimal dividend, divisor, quotient;
    char text[DECIMAL_TEXT];

    *result = value_null();
    if (value_is_null(sum) || value_is_null(count) || count->integer == 0 || !decimal_parse(sum->text, sum->length, &dividend))
        return true;
    divisor = (struct decimal){count->integer, 0};
    if (!decimal_divide(&dividend, &divisor, aggregate->type.scale, &quotient))
        return true;
    size_t length = decimal_print(&quotient, text);
    const char *copy = arena_copy(&groups->texts, text, length);
    if (copy)
        *result = value_text(copy, length);
    return copy;
}

bool odata_groups_next(struct odata_groups *groups, size_t row, bool *found, struct error *err)
{
    const struct aggregation *aggregation = &groups->aggregation;

    if (!decoder_next(groups->decoder, row, found, err))
        return strcmp(err->sqlstate, "HY001") == 0 ? false : not_groups(groups, err); /* such values, whatever they are, SQL does not have */
    if (!*found)
        return decoder_has_rows(groups->decoder) || not_groups(groups, err);
    struct value *const *decoded = decoder_cells(groups->decoder);
    const struct value *count = &decoded[groups->results.column_count - 1][row];
    if (value_is_null(count))
        return not_groups(groups, err);
    for (size_t i = 0; i + 1 < groups->results.column_count; i++) {
        const struct aggregate_column *aggregate = i < aggregation->group_count ? NULL : &aggregation->aggregates[i - aggregation->group_count];
        struct value *cell = &groups->cells[i][row];
        *cell = aggregate && is_count(aggregate) ? *count : decoded[i][row];
        if (aggregate && is_exact_average(aggregate) && !divide(groups, aggregate, &decoded[i][row], count, cell))
            return error_memory(err);
    }
    return true;
}

void odata_groups_batch(struct odata_groups *groups)
{
    decoder_batch(groups->decoder);
    arena_reset(&groups->texts);
}

struct value *const *odata_groups_cells(const struct odata_groups *groups)
{
    return groups->cells;
}

bool odata_groups_empty(struct odata_groups *groups, size_t row)
{
    const struct aggregation *aggregation = &groups->aggregation;

    if (aggregation->group_count)
        return false;
    for (size_t i = 0; i < aggregation->aggregate_count; i++) {
        bool count = is_count(&aggregation->aggregates[i]) || aggregation->aggregates[i].function == AGGREGATE_COUNT_DISTINCT;
        groups->cells[i][row] = count ? value_integer(0) : value_null();
    }
    return true;
}
