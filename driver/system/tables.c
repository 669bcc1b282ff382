#include "system/tables.h"

#include "base/error.h"
#include "base/property.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* One row in the order of its table's columns; more cells than columns do not compile, those left out are NULL. */
#define APPEND(rows, columns, ...) system_rows_append((rows), (const struct value[COUNT(columns)]){__VA_ARGS__})

enum { NAME = 128, WORD = 32, SENTENCE = 1000, TEXT = 4000 };

#define KEY(title, length, about) {.name = title, .description = about, .type = {TYPE_STRING, length, 0}, .key = true}
#define STRING(title, length, about) {.name = title, .description = about, .type = {TYPE_STRING, length, 0}, .nullable = true}
#define NUMBER(title, about) {.name = title, .description = about, .type = {TYPE_INTEGER, 0, 0}, .nullable = true}
#define FLAG(title, about) {.name = title, .description = about, .type = {TYPE_BOOLEAN, 0, 0}}

#define PLACE \
    STRING("CatalogName", NAME, "The service"), STRING("SchemaName", NAME, "NULL: there are no schemas")

static struct value flag(bool set)
{
    return value_integer(set);
}

/* A number of which -1 means that there is none. */
static struct value number(int value)
{
    return value < 0 ? value_null() : value_integer(value);
}

/* --- sys_tables, as SQLTables ------------------------------------------------------------------------------------------ */

static const struct column table_columns[] = {
    PLACE,
    KEY("TableName", NAME, "The table"),
    STRING("TableType", WORD, "TABLE, VIEW or SYSTEM TABLE"),
    STRING("Description", SENTENCE, "What it holds"),
    FLAG("IsUpdateable", "Whether it can be written to"),
};

static bool fill_tables(const struct subject *subject, struct system_rows *rows)
{
    const struct service *service = subject->service;

    for (size_t i = 0; i < service->table_count; i++) {
        const struct table *table = service->tables[i];
        if (!APPEND(rows, table_columns, system_cell(table->service->name), value_null(), system_cell(table->name),
                    system_cell(table_kind_name(table->kind)), system_cell(table->description),
                    flag(table->place != PLACE_SERVICE && table->kind != TABLE_VIEW)))
            return false;
    }
    return true;
}

/* --- sys_tablecolumns, as SQLColumns ----------------------------------------------------------------------------------- */

static const struct column column_columns[] = {
    PLACE,
    KEY("TableName", NAME, "The table"),
    KEY("ColumnName", NAME, "The column"),
    STRING("DataTypeName", WORD, "Its type in SQL"),
    NUMBER("DataType", "ODBC's number for the type"),
    NUMBER("Length", "Characters, bytes or digits"),
    NUMBER("NumericPrecision", "Digits of a number"),
    NUMBER("NumericScale", "Digits after the point, also of a second"),
    FLAG("IsNullable", "Whether it can be NULL"),
    STRING("Description", SENTENCE, "What it holds"),
    NUMBER("Ordinal", "Its place in the table, from 1"),
    FLAG("IsAutoIncrement", "Whether new rows are numbered by it; a service does not say so"),
    FLAG("IsGeneratedColumn", "Whether it is computed; nobody says so"),
    FLAG("IsHidden", "Whether SELECT * leaves it out"),
    FLAG("IsReadOnly", "Whether it can only be read"),
    FLAG("IsKey", "Whether it is part of the primary key"),
};

static bool append_column(const struct table *table, const struct column *column, int ordinal, struct system_rows *rows)
{
    struct type_description type;

    type_describe(&column->type, &type);
    return APPEND(rows, column_columns, system_cell(table->service->name), value_null(), system_cell(table->name), system_cell(column->name),
                  system_cell(type.name), value_integer(type.code), value_integer(type.size), number(type.radix > 0 ? type.size : -1),
                  number(type.digits), flag(column->nullable), system_cell(column->description), value_integer(ordinal),
                  flag(column->automatic), flag(false), flag(column->pseudo), flag(table->place == PLACE_SERVICE || table->kind == TABLE_VIEW),
                  flag(column->key));
}

static bool fill_columns(const struct subject *subject, struct system_rows *rows)
{
    const struct service *service = subject->service;

    for (size_t i = 0; i < service->table_count; i++) {
        const struct table *table = service->tables[i];
        struct error unused;
        int ordinal = 0;
        if (!table_complete(table, &unused))
            return false;
        for (size_t j = 0; j < table->column_count; j++)
            if ((!table->columns[j].pseudo || table->columns[j].listed) && !append_column(table, &table->columns[j], ++ordinal, rows))
                return false;
    }
    return true;
}

/* --- sys_primarykeys, as SQLPrimaryKeys; sys_foreignkeys, as SQLForeignKeys ---------------------------------------------- */

static const struct column primary_columns[] = {
    PLACE,
    KEY("TableName", NAME, "The table"),
    KEY("ColumnName", NAME, "A column of its key"),
    NUMBER("KeySeq", "The column's place in the key, from 1"),
    STRING("KeyName", NAME, "The key"),
};

static bool fill_primary_keys(const struct subject *subject, struct system_rows *rows)
{
    const struct service *service = subject->service;

    for (size_t i = 0; i < service->table_count; i++) {
        const struct table *table = service->tables[i];
        const char *name = table_key_name(table, &rows->arena);
        struct error unused;
        int sequence = 0;
        if (!name || !table_complete(table, &unused))
            return false;
        for (int j = table_next_key(table, -1); j >= 0; j = table_next_key(table, j))
            if (!APPEND(rows, primary_columns, system_cell(table->service->name), value_null(), system_cell(table->name),
                        system_cell(table->columns[j].name), value_integer(++sequence), system_cell(name)))
                return false;
    }
    return true;
}

static const struct column foreign_columns[] = {
    PLACE,
    KEY("TableName", NAME, "The table that refers"),
    KEY("ColumnName", NAME, "Its column"),
    STRING("PrimaryKeyName", NAME, "The key referred to"),
    STRING("ForeignKeyName", 2 * NAME, "The reference"),
    STRING("ReferencedCatalogName", NAME, "The service"),
    STRING("ReferencedSchemaName", NAME, "NULL: there are no schemas"),
    STRING("ReferencedTableName", NAME, "The table referred to"),
    STRING("ReferencedColumnName", NAME, "Its column"),
    NUMBER("KeySeq", "The column's place in the reference, from 1"),
};

struct reference_listing {
    const struct service *service;
    struct system_rows *rows;
};

static bool append_reference(void *context, const struct table *table, const struct table_reference *reference)
{
    const struct reference_listing *listing = context;
    struct system_rows *rows = listing->rows;
    const char *primary, *foreign = table_reference_name(table, reference, &rows->arena);

    if (!foreign || !table_parent_key_name(listing->service, table, reference, &rows->arena, &primary))
        return false;
    for (size_t i = 0; i < reference->column_count; i++)
        if (!APPEND(rows, foreign_columns, system_cell(table->service->name), value_null(), system_cell(table->name),
                    system_cell(table->columns[reference->columns[i]].name), system_cell(primary), system_cell(foreign),
                    system_cell(table->service->name), value_null(), system_cell(reference->parent),
                    system_cell(reference->parent_columns[i]), value_integer((int64_t)i + 1)))
            return false;
    return true;
}

static bool fill_foreign_keys(const struct subject *subject, struct system_rows *rows)
{
    const struct service *service = subject->service;
    struct reference_listing listing = {service, rows};

    for (size_t i = 0; i < service->table_count; i++) {
        struct error unused;
        if (!table_complete(service->tables[i], &unused) || !table_tell_references(service->tables[i], append_reference, &listing))
            return false;
    }
    return true;
}

/* --- sys_procedures, as SQLProcedures; sys_procedureparameters, as SQLProcedureColumns ----------------------------------- */

static const struct column procedure_columns[] = {
    PLACE,
    KEY("ProcedureName", NAME, "The procedure"),
    STRING("Description", SENTENCE, "What it does"),
    STRING("ProcedureType", WORD, "PROCEDURE"),
};

static bool fill_procedures(const struct subject *subject, struct system_rows *rows)
{
    const struct service *service = subject->service;

    for (size_t i = 0; i < service->procedure_count; i++)
        if (!APPEND(rows, procedure_columns, system_cell(service->name), value_null(), system_cell(service->procedures[i]->name),
                    system_cell(service->procedures[i]->description), system_cell("PROCEDURE")))
            return false;
    return true;
}

/* SQLProcedureColumns' COLUMN_TYPE: SQL_PARAM_INPUT, SQL_RESULT_COL. */
enum direction { DIRECTION_INPUT = 1, DIRECTION_RESULT = 3 };

static const struct column parameter_columns[] = {
    PLACE,
    KEY("ProcedureName", NAME, "The procedure"),
    KEY("ColumnName", NAME, "Its input, or a column of its result"),
    {.name = "Direction", .description = "1 an input, 3 a column of the result", .type = {TYPE_INTEGER, 0, 0}, .key = true},
    STRING("DataTypeName", WORD, "Its type in SQL"),
    NUMBER("DataType", "ODBC's number for the type"),
    NUMBER("Length", "Characters, bytes or digits"),
    NUMBER("NumericPrecision", "Digits of a number"),
    NUMBER("NumericScale", "Digits after the point, also of a second"),
    FLAG("IsNullable", "Whether it can be NULL"),
    FLAG("IsRequired", "Whether an input must be given"),
    STRING("Default", SENTENCE, "What an input is when it is not given; a text in quotes"),
    STRING("Description", SENTENCE, "What it is"),
    NUMBER("Ordinal", "Its place among the inputs or in the result, from 1"),
};

static bool append_parameter(const struct procedure *procedure, const struct procedure_input *parameter, enum direction direction,
                             size_t index, struct system_rows *rows)
{
    struct type_description type;

    type_describe(&parameter->type, &type);
    return APPEND(rows, parameter_columns, system_cell(procedure->service->name), value_null(), system_cell(procedure->name),
                  system_cell(parameter->name), value_integer(direction), system_cell(type.name), value_integer(type.code),
                  value_integer(type.size), number(type.radix > 0 ? type.size : -1), number(type.digits), flag(!parameter->required),
                  flag(parameter->required), system_cell(type_literal(&parameter->type, parameter->standard, &rows->arena)),
                  system_cell(parameter->description), value_integer((int64_t)index + 1));
}

static bool fill_parameters(const struct subject *subject, struct system_rows *rows)
{
    const struct service *service = subject->service;

    for (size_t i = 0; i < service->procedure_count; i++) {
        const struct procedure *procedure = service->procedures[i];
        for (size_t j = 0; j < procedure->input_count; j++)
            if (!append_parameter(procedure, &procedure->inputs[j], DIRECTION_INPUT, j, rows))
                return false;
        for (size_t j = 0; j < procedure->output_count; j++) {
            const struct procedure_output *output = &procedure->outputs[j];
            struct procedure_input shown = {.name = output->name, .description = output->description, .type = output->type};
            if (!append_parameter(procedure, &shown, DIRECTION_RESULT, j, rows))
                return false;
        }
    }
    return true;
}

/* --- sys_connection_props ----------------------------------------------------------------------------------------------- */

static const struct column property_columns[] = {
    KEY("Name", NAME, "The property"),
    STRING("ShortDescription", SENTENCE, "What it does"),
    STRING("Type", WORD, "string, number, boolean, choice or flags"),
    STRING("Default", TEXT, "Its value when it is not set"),
    STRING("Values", SENTENCE, "What a choice may be or which flags there are, divided by spaces, or the bounds of a number"),
    STRING("Value", TEXT, "What it is on this connection; *** for a secret that is set"),
    FLAG("Required", "Whether it must be set"),
    STRING("Category", WORD, "What it is about"),
    FLAG("Sensitivity", "Whether it is a secret, which is never shown"),
    NUMBER("Ordinal", "Its place in the reference, from 1"),
};

static struct value allowed(const struct property_info *info, struct system_rows *rows, bool *whole)
{
    const char *text = info->choices;

    if (info->kind == PROPERTY_BOOLEAN)
        text = "true false";
    if (info->kind == PROPERTY_NUMBER) {
        text = arena_printf(&rows->arena, "%ld to %ld", info->smallest, info->largest);
        *whole = text;
    }
    return system_cell(text);
}

static bool fill_properties(const struct subject *subject, struct system_rows *rows)
{
    static const char *const types[] = {
        [PROPERTY_TEXT] = "string", [PROPERTY_NUMBER] = "number", [PROPERTY_BOOLEAN] = "boolean", [PROPERTY_CHOICE] = "choice",
        [PROPERTY_FLAGS] = "flags"};

    for (int i = 0; i < PROPERTY_COUNT; i++) {
        enum property property = (enum property)i;
        const struct property_info *info = property_info(property);
        const char *set = subject->properties->values[i];
        const char *shown = info->secret ? (set && *set ? "***" : NULL) : properties_text(subject->properties, property);
        bool whole = true;
        struct value values = allowed(info, rows, &whole);
        if (!whole || !APPEND(rows, property_columns, system_cell(info->name), system_cell(info->description), system_cell(types[info->kind]),
                              system_cell(info->standard), values, system_cell(shown), flag(property == PROPERTY_PROVIDER),
                              system_cell(property_category(property)), flag(info->secret), value_integer(i + 1)))
            return false;
    }
    return true;
}

/* --- sys_information ---------------------------------------------------------------------------------------------------- */

static const struct column information_columns[] = {
    STRING("Product", NAME, "This driver"),
    STRING("Version", WORD, "Its version"),
    STRING("Datasource", NAME, "The service that is connected to"),
    STRING("CatalogName", NAME, "The service's name in SQL"),
    STRING("UserName", NAME, "Who is logged in, where that is known"),
};

/* PACKAGE_VERSION comes from the command line. */
static bool fill_information(const struct subject *subject, struct system_rows *rows)
{
    const struct service *service = subject->service;
    return APPEND(rows, information_columns, system_cell("restodbc"), system_cell(PACKAGE_VERSION), system_cell(service->title),
                  system_cell(service->name), system_cell(service->user));
}

#define TABLE(title, about, columns_of, filler) {title, about, columns_of, COUNT(columns_of), filler}

const struct system_table system_tables[SYSTEM_TABLES] = {
    TABLE("sys_connection_props", "The connection properties and what they are set to", property_columns, fill_properties),
    TABLE("sys_foreignkeys", "The columns that refer to other tables", foreign_columns, fill_foreign_keys),
    TABLE("sys_information", "This driver and what it is connected to", information_columns, fill_information),
    TABLE("sys_primarykeys", "The columns of the primary keys", primary_columns, fill_primary_keys),
    TABLE("sys_procedureparameters", "The inputs and results of the procedures", parameter_columns, fill_parameters),
    TABLE("sys_procedures", "The procedures", procedure_columns, fill_procedures),
    TABLE("sys_tablecolumns", "The columns of all tables", column_columns, fill_columns),
    TABLE("sys_tables", "All tables", table_columns, fill_tables),
};
