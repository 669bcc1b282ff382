/* Parameters: bound by SQLBindParameter or fed by SQLPutData, handed to the engine when a statement is executed. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/engine.h"
#include "odbc/bound_type.h"
#include "odbc/convert_from_c.h"
#include "odbc/handle.h"
#include "odbc/interval.h"
#include "odbc/rowset.h"
#include "odbc/statement.h"
#include "odbc/text.h"
#include "odbc/types.h"

/* 07009 is one SQLSTATE of ODBC 3 for two of ODBC 2: S1002 of a column, which diagnostics map it to, and S1093 of a parameter. */
static const char *bad_number(struct odbc_handle *handle)
{
    return handle_is_odbc2(handle) ? "S1093" : "07009";
}

static const struct statement *prepared(struct odbc_statement *statement)
{
    return statement->query ? query_statement(statement->query) : NULL;
}

SQLRETURN parameters_count(struct odbc_statement *statement, SQLSMALLINT *count)
{
    if (statement->needs_data || !statement->query)
        return diagnostics_fail(&statement->handle, "HY010", "Nothing is prepared on this statement: call SQLPrepare first");
    if (count)
        *count = (SQLSMALLINT)prepared(statement)->parameter_count;
    return SQL_SUCCESS;
}

static SQLSMALLINT nullable_of(const struct parameter *parameter)
{
    return parameter->nullable == NULLABLE_NO    ? SQL_NO_NULLS
           : parameter->nullable == NULLABLE_YES ? SQL_NULLABLE
                                                 : SQL_NULLABLE_UNKNOWN;
}

/* What SQLDescribeParam and SQLPrepare make of a binding. */
static void tell_bound_type(const struct odbc_record *declared, struct c_data *data)
{
    if (declared->concise_type == SQL_C_DEFAULT) /* a record that nobody has set */
        return;
    data->sql_type = declared->concise_type;
    data->size = declared->concise_type == SQL_DECIMAL || declared->concise_type == SQL_NUMERIC ? (SQLULEN)declared->precision
                                                                                                : declared->length;
    data->digits = interval_is_type(declared->concise_type) ? declared->precision : (SQLSMALLINT)record_decimal_digits(declared);
    data->leading = declared->interval_precision;
}

static struct type bound_type_of(struct odbc_statement *statement, size_t index)
{
    const struct odbc_record *declared = descriptor_record(&statement->ipd->content, (SQLLEN)index + 1);
    struct c_data data = {0};
    struct type type;

    if (declared)
        tell_bound_type(declared, &data);
    bound_type_describe(&data, &type);
    return type;
}

SQLRETURN parameters_describe(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT *type, SQLULEN *size,
                              SQLSMALLINT *digits, SQLSMALLINT *nullable)
{
    struct odbc_handle *handle = &statement->handle;
    struct odbc_record record = {0};

    if (statement->needs_data || !statement->query)
        return diagnostics_fail(handle, "HY010", "Nothing is prepared on this statement: call SQLPrepare first");
    const struct statement *text = prepared(statement);
    if (number < 1 || number > text->parameter_count)
        return diagnostics_fail(handle, bad_number(handle), "There is no parameter %u: the statement has %zu", number, text->parameter_count);

    const struct parameter *parameter = &text->parameters[number - 1];
    const struct odbc_record *bound = descriptor_record(&statement->ipd->content, number);
    bool any_number = type_is_number(parameter->type.kind);
    if (parameter->open && bound && bound->concise_type != SQL_C_DEFAULT &&
        (!any_number || type_is_number(bound_type_of(statement, number - 1u).kind)))
        record = *bound;
    else
        record_describe(&record, &parameter->type, statement->connection->ansi);
    if (type)
        *type = type_code_shown(handle, record.concise_type);
    if (size)
        *size = record.length;
    if (digits)
        *digits = (SQLSMALLINT)record_decimal_digits(&record);
    if (nullable)
        *nullable = nullable_of(parameter);
    return SQL_SUCCESS;
}

const struct type *parameters_bound_types(struct odbc_statement *statement, size_t *count)
{
    *count = (size_t)statement->ipd->content.count;
    struct type *types = arena_array(&statement->handle.scratch, *count + 1, sizeof *types);
    for (size_t i = 0; types && i < *count; i++)
        types[i] = bound_type_of(statement, i);
    return types;
}

bool parameters_are_open(struct odbc_statement *statement)
{
    const struct statement *text = prepared(statement);

    for (size_t i = 0; i < text->parameter_count; i++)
        if (text->parameters[i].open)
            return true;
    return false;
}

bool parameters_rebound(struct odbc_statement *statement)
{
    const struct statement *text = prepared(statement);

    for (size_t i = 0; i < text->parameter_count; i++) {
        const struct type before = text->parameters[i].bound, bound = bound_type_of(statement, i);
        if (text->parameters[i].open && (before.kind != bound.kind || before.size != bound.size || before.scale != bound.scale))
            return true;
    }
    return false;
}

/* Puts the size of SQLBindParameter where its type keeps it (SQLBindParameter, "ColumnSize Argument"). */
static void set_parameter_size(struct odbc_record *record, SQLULEN size, SQLSMALLINT digits)
{
    record->length = size;
    record->precision = 0;
    record->scale = 0;
    record->interval_precision = 0;
    switch (record->concise_type) {
    case SQL_DECIMAL:
    case SQL_NUMERIC:
    case SQL_FLOAT:
    case SQL_REAL:
    case SQL_DOUBLE:
        record->precision = (SQLSMALLINT)(size > 32767 ? 32767 : size);
        record->scale = digits;
        break;
    case SQL_TYPE_TIME:
    case SQL_TYPE_TIMESTAMP:
        record->precision = digits;
        break;
    default:
        if (interval_is_type(record->concise_type) && interval_has_seconds(record->concise_type))
            record->precision = size || digits ? digits : INTERVAL_FRACTION;
        break;
    }
}

SQLRETURN parameters_bind(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT io, SQLSMALLINT c_type, SQLSMALLINT type,
                          SQLULEN size, SQLSMALLINT digits, SQLPOINTER value, SQLLEN room, SQLLEN *length)
{
    struct odbc_handle *handle = &statement->handle;

    c_type = type_code_modern(c_type);
    type = type_code_modern(type);
    if (statement->needs_data)
        return diagnostics_fail(handle, "HY010", "SQLBindParameter can not be called while parameter data is awaited");
    if (number < 1 || number > 32767)
        return diagnostics_fail(handle, bad_number(handle), "There can be no parameter %u", number);
    if (!type_is_c(c_type))
        return diagnostics_fail(handle, "HY003", "%d is no C type", (int)c_type);
    if (!type_is_sql(type))
        return diagnostics_fail(handle, "HY004", "%d is no SQL type", (int)type);
    if (!type_c_converts(c_type, type))
        return diagnostics_fail(handle, "07006", "Parameter %u: there is no conversion from the C type %d to the SQL type %d", number,
                                (int)c_type, (int)type);
    if (io != SQL_PARAM_INPUT && io != SQL_PARAM_OUTPUT && io != SQL_PARAM_INPUT_OUTPUT)
        return diagnostics_fail(handle, "HY105", "%d is no parameter type that is supported", (int)io);
    if (room == SQL_SETPARAM_VALUE_MAX) /* so the driver manager maps ODBC 1's SQLSetParam, which tells no length */
        room = 0;
    if (room < 0)
        return diagnostics_fail(handle, "HY090", "The buffer length of parameter %u is negative", number);
    if (!value && !length && io != SQL_PARAM_OUTPUT)
        return diagnostics_fail(handle, "HY009", "Parameter %u was given neither a buffer nor an indicator", number);
    if (!descriptor_reach(&statement->apd->content, (SQLSMALLINT)number) ||
        !descriptor_reach(&statement->ipd->content, (SQLSMALLINT)number))
        return diagnostics_fail(handle, "HY001", "Out of memory");

    struct odbc_record *application = descriptor_record(&statement->apd->content, number);
    record_set_type(application, c_type);
    application->data = value;
    application->octet_length = room;
    application->octet_length_pointer = length;
    application->indicator_pointer = length;

    struct odbc_record *implementation = descriptor_record(&statement->ipd->content, number);
    implementation->concise_type = type;
    implementation->parameter_type = io;
    set_parameter_size(implementation, size, digits);
    return SQL_SUCCESS;
}

/* --- gathering ------------------------------------------------------------------------------------------------------- */

/* The indicator or length that the application left for a parameter of a set; SQL_NTS when it left none. */
static SQLLEN length_of(const struct odbc_descriptor *apd, const struct odbc_record *record, SQLULEN set)
{
    const application_length *indicator = rowset_place(apd, record->indicator_pointer, set, sizeof *indicator);
    const application_length *length = rowset_place(apd, record->octet_length_pointer, set, sizeof *length);

    if (indicator && *indicator == SQL_NULL_DATA)
        return SQL_NULL_DATA;
    return length ? *length : SQL_NTS;
}

static bool is_late(SQLLEN length)
{
    return length == SQL_DATA_AT_EXEC || length <= SQL_LEN_DATA_AT_EXEC_OFFSET;
}

static bool is_input(struct odbc_statement *statement, size_t index)
{
    const struct odbc_record *record = descriptor_record(&statement->ipd->content, (SQLLEN)index + 1);
    return !prepared(statement)->parameters[index].output && (!record || record->parameter_type != SQL_PARAM_OUTPUT);
}

static SQLSMALLINT c_type_of(struct odbc_statement *statement, size_t index, const struct odbc_record *application)
{
    const struct odbc_record *implementation = descriptor_record(&statement->ipd->content, (SQLLEN)index + 1);

    if (application->concise_type != SQL_C_DEFAULT)
        return application->concise_type;
    return convert_default_c_type(implementation ? implementation->concise_type : SQL_VARCHAR);
}

/* What becomes part of a sum or a CASE is not rounded on the way. */
static bool has_its_digits(const struct parameter *parameter, const struct value *value, struct error *err)
{
    if (!parameter->exact || parameter->type.kind != TYPE_DECIMAL || value->storage != STORAGE_TEXT)
        return true;
    const char *point = memchr(value->text, '.', value->length);
    size_t digits = point ? value->length - (size_t)(point - value->text) - 1 : 0;
    return digits <= (size_t)parameter->type.scale ||
           error_set(err, "22001", "The value %s has more than the %d digits after the point that DECIMAL(%d,%d) has, the type of what it "
                     "meets; bind it as SQL_DECIMAL with its digits, or write CAST(? AS DECIMAL(p,s))", value->text,
                     (int)parameter->type.scale, (int)parameter->type.size, (int)parameter->type.scale);
}

static bool gather_one(struct odbc_statement *statement, SQLULEN set, size_t index, bool *cut, struct error *err)
{
    const struct odbc_descriptor *apd = &statement->apd->content;
    const struct odbc_record *record = descriptor_record(&statement->apd->content, (SQLLEN)index + 1);
    size_t at = set * prepared(statement)->parameter_count + index;
    const struct odbc_late_data *late = at < statement->late_count ? &statement->late[at] : NULL;
    const struct odbc_record *declared = descriptor_record(&statement->ipd->content, (SQLLEN)index + 1);
    struct value value = value_null();
    struct c_data data = {.c_type = c_type_of(statement, index, record), .precision = record->precision, .scale = record->scale};

    if (declared)
        tell_bound_type(declared, &data);
    if (late && late->wanted) {
        data.pointer = late->bytes ? late->bytes : "";
        data.length = late->null ? SQL_NULL_DATA : (SQLLEN)late->length;
    } else {
        data.pointer = rowset_data(apd, (SQLSMALLINT)(index + 1), data.c_type, set);
        data.length = length_of(apd, record, set);
    }
    const struct parameter *parameter = &prepared(statement)->parameters[index];
    bool converted = parameter->compared ? convert_for_comparison(&data, &parameter->type, &statement->handle.scratch, &value, cut, err)
                                         : convert_from_c(&data, &parameter->type, &statement->handle.scratch, &value, cut, err);
    return converted &&
           has_its_digits(parameter, &value, err) && query_bind(statement->query, index, &value, err);
}

/* A value that does not fit the parameter's type may fit what the statement is about by now: then that has changed is the failure. */
static SQLRETURN refuse(struct odbc_statement *statement, size_t index, struct error *err)
{
    struct error changed = {0};

    for (struct query *query = statement->query; query; query = query_next(query))
        if (!query_is_current(query, &changed))
            return diagnostics_error(&statement->handle, &changed);
    error_prefix(err, "Parameter %zu: ", index + 1);
    return diagnostics_error(&statement->handle, err);
}

SQLRETURN parameters_gather(struct odbc_statement *statement, SQLULEN set)
{
    SQLRETURN result = SQL_SUCCESS;

    for (size_t i = 0; i < prepared(statement)->parameter_count; i++) {
        struct error err = {0};
        bool cut = false;
        if (is_input(statement, i) && !gather_one(statement, set, i, &cut, &err))
            return refuse(statement, i, &err);
        if (cut)
            result = diagnostics_warn(&statement->handle, "01S07", "Parameter %zu: digits after the point were cut, as the SQL type that "
                                                                   "was bound has no room for them", i + 1);
    }
    return result;
}

SQLULEN parameters_sets(struct odbc_statement *statement)
{
    return prepared(statement)->parameter_count ? statement->apd->content.array_size : 1;
}

bool parameters_ignored(struct odbc_statement *statement, SQLULEN set)
{
    const application_status *operations = statement->apd->content.array_status;
    return prepared(statement)->parameter_count && operations && operations[set] == SQL_PARAM_IGNORE;
}

/* Whether the data of a parameter of some set comes by SQLPutData. */
static bool wants_late(struct odbc_statement *statement, SQLULEN set, size_t index)
{
    const struct odbc_record *record = descriptor_record(&statement->apd->content, (SQLLEN)index + 1);
    return is_input(statement, index) && !parameters_ignored(statement, set) &&
           is_late(length_of(&statement->apd->content, record, set));
}

static SQLRETURN await_data(struct odbc_statement *statement, size_t count, SQLULEN sets)
{
    if (sets > SIZE_MAX / count)
        return diagnostics_fail(&statement->handle, "HY001", "Out of memory");
    statement->late = calloc(count * sets, sizeof *statement->late);
    if (!statement->late)
        return diagnostics_fail(&statement->handle, "HY001", "Out of memory");
    statement->late_count = count * sets;
    for (size_t i = 0; i < statement->late_count; i++)
        statement->late[i].wanted = wants_late(statement, i / count, i % count);
    statement->late_at = statement->late_count;
    statement->needs_data = true;
    return SQL_NEED_DATA;
}

SQLRETURN parameters_check(struct odbc_statement *statement)
{
    struct odbc_handle *handle = &statement->handle;
    size_t count = prepared(statement)->parameter_count;
    SQLULEN sets = parameters_sets(statement);

    for (size_t i = 0; i < count; i++) {
        const struct odbc_record *record = descriptor_record(&statement->apd->content, (SQLLEN)i + 1);
        if (is_input(statement, i) &&
            (!record || (!record->data && !record->octet_length_pointer && !record->indicator_pointer)))
            return diagnostics_fail(handle, "07002", "Parameter %zu of %zu is not bound", i + 1, count);
    }
    if (statement->late)
        return SQL_SUCCESS;
    for (SQLULEN set = 0; set < sets; set++)
        for (size_t i = 0; i < count; i++)
            if (wants_late(statement, set, i))
                return await_data(statement, count, sets);
    return SQL_SUCCESS;
}

/* Procedures answer with rows and have no return value, so what is bound for output becomes NULL. */
static void clear_outputs(struct odbc_statement *statement, SQLULEN set)
{
    const struct odbc_descriptor *apd = &statement->apd->content;

    for (SQLSMALLINT number = 1; number <= apd->count; number++) {
        const struct odbc_record *implementation = descriptor_record(&statement->ipd->content, number);
        application_length *indicator = rowset_place(apd, apd->records[number].indicator_pointer, set, sizeof *indicator);
        if (implementation && implementation->parameter_type == SQL_PARAM_OUTPUT && indicator)
            *indicator = SQL_NULL_DATA;
    }
}

void parameters_finish(struct odbc_statement *statement, SQLULEN set, SQLUSMALLINT status)
{
    const struct odbc_descriptor *ipd = &statement->ipd->content;

    if (!prepared(statement)->parameter_count)
        return;
    if (ipd->rows_processed)
        *ipd->rows_processed = set + 1;
    if (ipd->array_status)
        ipd->array_status[set] = status;
    if (status == SQL_PARAM_SUCCESS || status == SQL_PARAM_SUCCESS_WITH_INFO)
        clear_outputs(statement, set);
}

/* SQLPrepare, "automatic population of the IPD" (SQL_ATTR_ENABLE_AUTO_IPD). */
bool parameters_populate(struct odbc_statement *statement)
{
    const struct statement *text = prepared(statement);
    struct odbc_descriptor *ipd = &statement->ipd->content;

    descriptor_cut(ipd, 0);
    if (text->parameter_count > 32767 || !descriptor_reach(ipd, (SQLSMALLINT)text->parameter_count))
        return false;
    for (size_t i = 0; i < text->parameter_count; i++) {
        struct odbc_record *record = descriptor_record(ipd, (SQLLEN)i + 1);
        record_describe(record, &text->parameters[i].type, statement->connection->ansi);
        record->nullable = nullable_of(&text->parameters[i]);
        record->parameter_type = text->parameters[i].output ? SQL_PARAM_OUTPUT : SQL_PARAM_INPUT;
    }
    return true;
}

/* --- data at execution ------------------------------------------------------------------------------------------------ */

/* The number of the parameter that SQLPutData feeds. */
static size_t late_parameter(struct odbc_statement *statement)
{
    return statement->late_at % prepared(statement)->parameter_count + 1;
}

SQLRETURN parameters_next_late(struct odbc_statement *statement, SQLPOINTER *token)
{
    struct odbc_handle *handle = &statement->handle;
    size_t next = statement->late_at == statement->late_count ? 0 : statement->late_at + 1;

    if (!statement->needs_data)
        return diagnostics_fail(handle, "HY010", "No parameter data is awaited");
    if (statement->late_at < statement->late_count && !statement->late[statement->late_at].given)
        return diagnostics_fail(handle, "HY010", "No data has been put for parameter %zu: call SQLPutData", late_parameter(statement));
    while (next < statement->late_count && !statement->late[next].wanted)
        next++;
    if (next < statement->late_count) {
        statement->late_at = next;
        const struct odbc_record *record = descriptor_record(&statement->apd->content, (SQLLEN)late_parameter(statement));
        if (statement->ipd->content.rows_processed) /* tells the application which set it is */
            *statement->ipd->content.rows_processed = next / prepared(statement)->parameter_count + 1;
        if (token)
            *token = record ? record->data : NULL;
        return SQL_NEED_DATA;
    }

    statement->needs_data = false;
    SQLRETURN result = statement_run(statement);
    if (result == SQL_ERROR && !statement->prepared_once)
        statement_forget(statement);
    return result;
}

static SQLRETURN append(struct odbc_statement *statement, struct odbc_late_data *late, const void *bytes, size_t length)
{
    if (length > INT_MAX - late->length)
        return diagnostics_fail(&statement->handle, "22001", "A parameter can not have more than 2 GB");
    size_t needed = late->length + length + 1;
    if (needed > late->capacity) {
        size_t capacity = needed + needed / 2;
        char *grown = realloc(late->bytes, capacity);
        if (!grown)
            return diagnostics_fail(&statement->handle, "HY001", "Out of memory");
        late->bytes = grown;
        late->capacity = capacity;
    }
    memcpy(late->bytes + late->length, bytes, length);
    late->length += length;
    return SQL_SUCCESS;
}

static size_t wide_bytes(const SQLWCHAR *text)
{
    size_t units = 0;
    while (text[units])
        units++;
    return units * sizeof *text;
}

SQLRETURN parameters_put(struct odbc_statement *statement, SQLPOINTER data, SQLLEN length)
{
    struct odbc_handle *handle = &statement->handle;

    if (!statement->needs_data || statement->late_at >= statement->late_count)
        return diagnostics_fail(handle, "HY010", "No parameter data is awaited: call SQLParamData first");
    struct odbc_late_data *late = &statement->late[statement->late_at];
    size_t number = late_parameter(statement);
    const struct odbc_record *record = descriptor_record(&statement->apd->content, (SQLLEN)number);

    if (!record)
        return diagnostics_fail(handle, "07002", "Parameter %zu is no longer bound", number);
    SQLSMALLINT c_type = c_type_of(statement, number - 1, record);
    size_t fixed = type_c_size(c_type);
    if (late->given && fixed)
        return diagnostics_fail(handle, "HY019", "Parameter %zu has a type of fixed size: its data can not come in pieces",
                                number);
    if (late->given && (late->null || length == SQL_NULL_DATA))
        return diagnostics_fail(handle, "HY020", "NULL can not be joined with other data");
    if (length == SQL_DEFAULT_PARAM)
        return diagnostics_fail(handle, "07S01", "Parameter %zu has no default value", number);
    if (length == SQL_NULL_DATA) {
        late->given = late->null = true;
        return SQL_SUCCESS;
    }
    if (length < 0 && length != SQL_NTS)
        return diagnostics_fail(handle, "HY090", "A data length of %lld is neither a length nor SQL_NTS", (long long)length);
    if (!data && length != 0)
        return diagnostics_fail(handle, "HY009", "No data was given");
    size_t bytes = (size_t)length;
    if (fixed)
        bytes = fixed;
    else if (length == SQL_NTS)
        bytes = c_type == SQL_C_WCHAR ? wide_bytes(data) : strlen(data);
    late->given = true;
    return append(statement, late, data ? data : "", bytes);
}
