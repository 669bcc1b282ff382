/* SQLProcedures, SQLProcedureColumns. */
#include "odbc/catalog.h"
#include "odbc/handle.h"
#include "odbc/rows.h"
#include "odbc/types.h"
#include "table/service.h"

enum { REMARKS = 254, NAME = 128 };

static const struct odbc_row_column procedure_columns[] = {
    {"PROCEDURE_CAT", "PROCEDURE_QUALIFIER", SQL_WVARCHAR, NAME, true},
    {"PROCEDURE_SCHEM", "PROCEDURE_OWNER", SQL_WVARCHAR, NAME, true},
    {"PROCEDURE_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"NUM_INPUT_PARAMS", NULL, SQL_INTEGER, 0, true},
    {"NUM_OUTPUT_PARAMS", NULL, SQL_INTEGER, 0, true},
    {"NUM_RESULT_SETS", NULL, SQL_INTEGER, 0, true},
    {"REMARKS", NULL, SQL_WVARCHAR, REMARKS, true},
    {"PROCEDURE_TYPE", NULL, SQL_SMALLINT, 0, true},
};

SQLRETURN catalog_procedures(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                             const struct text_in *procedure)
{
    const struct service *service;
    struct catalog_filter names;
    struct catalog_place place;

    SQLRETURN result = rows_begin(statement, "SQLProcedures", procedure_columns,
                                  sizeof procedure_columns / sizeof procedure_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    service = statement->rows->names;
    if (!catalog_read_place(statement, catalog, schema, ARGUMENT_NAME, ARGUMENT_PATTERN, &place) ||
        !catalog_read(statement, procedure, ARGUMENT_PATTERN, &names))
        return catalog_give_up(statement, NULL);
    for (size_t i = 0; i < service->procedure_count; i++) {
        const struct procedure *one = service->procedures[i];
        if (!catalog_inside(&place, one->service) || !catalog_matches(&names, one->name))
            continue;
        struct value *cells = rows_add(statement);
        if (!cells)
            return SQL_ERROR;
        cells[0] = rows_text(service->name);
        cells[2] = rows_text(one->name);
        cells[3] = value_integer((int64_t)one->input_count);
        cells[4] = value_integer(0);
        cells[5] = value_integer(one->output_count > 0);
        cells[6] = rows_text(one->description);
        cells[7] = value_integer(SQL_PT_PROCEDURE);
    }
    return SQL_SUCCESS;
}

static const struct odbc_row_column parameter_columns[] = {
    {"PROCEDURE_CAT", "PROCEDURE_QUALIFIER", SQL_WVARCHAR, NAME, true},
    {"PROCEDURE_SCHEM", "PROCEDURE_OWNER", SQL_WVARCHAR, NAME, true},
    {"PROCEDURE_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"COLUMN_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"COLUMN_TYPE", NULL, SQL_SMALLINT, 0, false},
    {"DATA_TYPE", NULL, SQL_SMALLINT, 0, false},
    {"TYPE_NAME", NULL, SQL_WVARCHAR, NAME, false},
    {"COLUMN_SIZE", "PRECISION", SQL_INTEGER, 0, true},
    {"BUFFER_LENGTH", "LENGTH", SQL_INTEGER, 0, true},
    {"DECIMAL_DIGITS", "SCALE", SQL_SMALLINT, 0, true},
    {"NUM_PREC_RADIX", "RADIX", SQL_SMALLINT, 0, true},
    {"NULLABLE", NULL, SQL_SMALLINT, 0, false},
    {"REMARKS", NULL, SQL_WVARCHAR, REMARKS, true},
    {"COLUMN_DEF", NULL, SQL_WVARCHAR, REMARKS, true},
    {"SQL_DATA_TYPE", NULL, SQL_SMALLINT, 0, false},
    {"SQL_DATETIME_SUB", NULL, SQL_SMALLINT, 0, true},
    {"CHAR_OCTET_LENGTH", NULL, SQL_INTEGER, 0, true},
    {"ORDINAL_POSITION", NULL, SQL_INTEGER, 0, false},
    {"IS_NULLABLE", NULL, SQL_WVARCHAR, REMARKS, true},
};

/* An input of a procedure, or a column of its result. */
struct parameter_row {
    const char *name, *description, *standard;
    const struct type *type;
    SQLSMALLINT kind;
    bool nullable;
    int position;
};

static SQLRETURN list_parameter(struct odbc_statement *statement, const struct procedure *procedure, const struct parameter_row *row)
{
    struct catalog_type type;
    struct value *cells = rows_add(statement);

    if (!cells)
        return SQL_ERROR;
    catalog_describe(statement, row->type, &type);
    cells[0] = rows_text(procedure->service->name);
    cells[2] = rows_text(procedure->name);
    cells[3] = rows_text(row->name);
    cells[4] = value_integer(row->kind);
    cells[5] = value_integer(type.code);
    cells[6] = rows_text(type.name);
    cells[7] = value_integer(type.size);
    cells[8] = value_integer(type.octets);
    cells[9] = catalog_number(type.digits);
    cells[10] = catalog_number(type.radix);
    cells[11] = value_integer(row->nullable ? SQL_NULLABLE : SQL_NO_NULLS);
    cells[12] = rows_text(row->description);
    cells[13] = rows_text(type_literal(row->type, row->standard, &statement->rows->arena));
    cells[14] = value_integer(type.verbose);
    cells[15] = catalog_number(type.subcode ? type.subcode : -1);
    cells[16] = catalog_number(type.char_octets);
    cells[17] = value_integer(row->position);
    cells[18] = rows_text(row->nullable ? "YES" : "NO");
    return SQL_SUCCESS;
}

static SQLRETURN list_parameters(struct odbc_statement *statement, const struct procedure *procedure, const struct catalog_filter *names)
{
    for (size_t i = 0; i < procedure->input_count; i++) {
        const struct procedure_input *input = &procedure->inputs[i];
        struct parameter_row row = {input->name, input->description, input->standard, &input->type, SQL_PARAM_INPUT,
                                    !input->required, (int)i + 1};
        if (catalog_matches(names, input->name) && list_parameter(statement, procedure, &row) != SQL_SUCCESS)
            return SQL_ERROR;
    }
    for (size_t i = 0; i < procedure->output_count; i++) {
        const struct procedure_output *output = &procedure->outputs[i];
        struct parameter_row row = {output->name, output->description, NULL, &output->type, SQL_RESULT_COL, true, (int)i + 1};
        if (catalog_matches(names, output->name) && list_parameter(statement, procedure, &row) != SQL_SUCCESS)
            return SQL_ERROR;
    }
    return SQL_SUCCESS;
}

SQLRETURN catalog_procedure_columns(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                                    const struct text_in *procedure, const struct text_in *column)
{
    const struct service *service;
    struct catalog_filter procedures, columns;
    struct catalog_place place;

    SQLRETURN result = rows_begin(statement, "SQLProcedureColumns", parameter_columns,
                                  sizeof parameter_columns / sizeof parameter_columns[0]);
    if (result != SQL_SUCCESS)
        return result;
    service = statement->rows->names;
    if (!catalog_read_place(statement, catalog, schema, ARGUMENT_NAME, ARGUMENT_PATTERN, &place) ||
        !catalog_read(statement, procedure, ARGUMENT_PATTERN, &procedures) ||
        !catalog_read(statement, column, ARGUMENT_PATTERN, &columns))
        return catalog_give_up(statement, NULL);
    for (size_t i = 0; i < service->procedure_count; i++)
        if (catalog_inside(&place, service->procedures[i]->service) && catalog_matches(&procedures, service->procedures[i]->name) &&
            list_parameters(statement, service->procedures[i], &columns) != SQL_SUCCESS)
            return SQL_ERROR;
    return SQL_SUCCESS;
}
