#include "odbc/descriptor.h"

#include <stdlib.h>
#include <string.h>

#include "odbc/handle.h"
#include "odbc/interval.h"
#include "odbc/results.h"
#include "odbc/text.h"
#include "odbc/types.h"

void descriptor_init(struct odbc_descriptor *descriptor)
{
    memset(descriptor, 0, sizeof *descriptor);
    descriptor->array_size = 1;
}

void descriptor_clear(struct odbc_descriptor *descriptor)
{
    free(descriptor->records);
    descriptor->records = NULL;
    descriptor->count = descriptor->capacity = 0;
}

static void unbound(struct odbc_record *record)
{
    memset(record, 0, sizeof *record);
    record->concise_type = SQL_C_DEFAULT;
    record->parameter_type = SQL_PARAM_INPUT;
    record->nullable = SQL_NULLABLE;
    record->name = record->base_column = record->table = record->base_table = record->catalog = "";
}

bool descriptor_reach(struct odbc_descriptor *descriptor, SQLSMALLINT number)
{
    if (number > descriptor->capacity || !descriptor->records) {
        int wanted = number < 16 ? 16 : number > 16383 ? 32767 : number * 2;
        struct odbc_record *grown = realloc(descriptor->records, ((size_t)wanted + 1) * sizeof *grown);
        if (!grown)
            return false;
        if (!descriptor->records)
            unbound(&grown[0]);
        descriptor->records = grown;
        descriptor->capacity = (SQLSMALLINT)wanted;
    }
    for (; descriptor->count < number; descriptor->count++)
        unbound(&descriptor->records[descriptor->count + 1]);
    return true;
}

void descriptor_cut(struct odbc_descriptor *descriptor, SQLSMALLINT number)
{
    if (number < descriptor->count)
        descriptor->count = number;
}

struct odbc_record *descriptor_record(struct odbc_descriptor *descriptor, SQLLEN number)
{
    return number >= 1 && number <= descriptor->count ? &descriptor->records[number] : NULL;
}

struct odbc_record *descriptor_bookmark(struct odbc_descriptor *descriptor)
{
    return descriptor->records;
}

/* SQLSetDescField, "SQL_DESC_TYPE": the defaults that come with a type. */
void record_set_type(struct odbc_record *record, SQLSMALLINT concise_type)
{
    record->concise_type = concise_type;
    record->precision = 0;
    record->scale = 0;
    if (concise_type == SQL_C_NUMERIC || concise_type == SQL_DECIMAL)
        record->precision = DECIMAL_DIGITS;
    else if (concise_type == SQL_C_TYPE_TIMESTAMP)
        record->precision = 6;
    if (interval_is_type(concise_type)) {
        record->interval_precision = INTERVAL_LEADING;
        record->precision = interval_has_seconds(concise_type) ? INTERVAL_FRACTION : 0;
    }
}

static bool is_application(const struct odbc_descriptor_handle *descriptor)
{
    return descriptor->role == DESCRIPTOR_ARD || descriptor->role == DESCRIPTOR_APD;
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */

static SQLRETURN header_get(struct odbc_descriptor_handle *descriptor, SQLSMALLINT field, SQLPOINTER value)
{
    const struct odbc_descriptor *content = &descriptor->content;

    switch (field) {
    case SQL_DESC_ALLOC_TYPE:
        *(SQLSMALLINT *)value = descriptor->statement ? SQL_DESC_ALLOC_AUTO : SQL_DESC_ALLOC_USER;
        break;
    case SQL_DESC_ARRAY_SIZE:
        *(SQLULEN *)value = content->array_size;
        break;
    case SQL_DESC_ARRAY_STATUS_PTR:
        *(SQLPOINTER *)value = content->array_status;
        break;
    case SQL_DESC_BIND_OFFSET_PTR:
        *(SQLPOINTER *)value = content->bind_offset;
        break;
    case SQL_DESC_BIND_TYPE:
        *(SQLINTEGER *)value = (SQLINTEGER)content->bind_type;
        break;
    case SQL_DESC_COUNT:
        *(SQLSMALLINT *)value = content->count;
        break;
    case SQL_DESC_ROWS_PROCESSED_PTR:
        *(SQLPOINTER *)value = content->rows_processed;
        break;
    default:
        return SQL_ERROR;
    }
    return SQL_SUCCESS;
}

static bool is_header_field(SQLSMALLINT field)
{
    switch (field) {
    case SQL_DESC_ALLOC_TYPE:
    case SQL_DESC_ARRAY_SIZE:
    case SQL_DESC_ARRAY_STATUS_PTR:
    case SQL_DESC_BIND_OFFSET_PTR:
    case SQL_DESC_BIND_TYPE:
    case SQL_DESC_COUNT:
    case SQL_DESC_ROWS_PROCESSED_PTR:
        return true;
    default:
        return false;
    }
}

/* The fields that both kinds of descriptor have. */
static bool binding_get(const struct odbc_record *record, SQLSMALLINT field, SQLPOINTER value)
{
    SQLSMALLINT subcode;

    switch (field) {
    case SQL_DESC_CONCISE_TYPE:
        *(SQLSMALLINT *)value = record->concise_type;
        return true;
    case SQL_DESC_TYPE:
        *(SQLSMALLINT *)value = type_verbose(record->concise_type, &subcode);
        return true;
    case SQL_DESC_DATETIME_INTERVAL_CODE:
        type_verbose(record->concise_type, &subcode);
        *(SQLSMALLINT *)value = subcode;
        return true;
    case SQL_DESC_DATETIME_INTERVAL_PRECISION:
        *(SQLINTEGER *)value = record->interval_precision;
        return true;
    case SQL_DESC_DATA_PTR:
        *(SQLPOINTER *)value = record->data;
        return true;
    case SQL_DESC_INDICATOR_PTR:
        *(SQLPOINTER *)value = record->indicator_pointer;
        return true;
    case SQL_DESC_OCTET_LENGTH_PTR:
        *(SQLPOINTER *)value = record->octet_length_pointer;
        return true;
    case SQL_DESC_LENGTH:
        *(SQLULEN *)value = record->length;
        return true;
    case SQL_DESC_OCTET_LENGTH:
        *(SQLLEN *)value = record->octet_length;
        return true;
    case SQL_DESC_PRECISION:
        *(SQLSMALLINT *)value = record->precision;
        return true;
    case SQL_DESC_SCALE:
        *(SQLSMALLINT *)value = record->scale;
        return true;
    case SQL_DESC_NUM_PREC_RADIX:
        *(SQLINTEGER *)value = record->radix;
        return true;
    case SQL_DESC_PARAMETER_TYPE:
        *(SQLSMALLINT *)value = record->parameter_type;
        return true;
    case SQL_DESC_NULLABLE:
        *(SQLSMALLINT *)value = record->nullable;
        return true;
    case SQL_DESC_UNNAMED:
        *(SQLSMALLINT *)value = record->name[0] ? SQL_NAMED : SQL_UNNAMED;
        return true;
    default:
        return false;
    }
}

/* What only a description has comes from the same place as SQLColAttribute's answers, in the widths that SQLGetDescField documents. */
static SQLRETURN description_get(struct odbc_descriptor_handle *descriptor, const struct odbc_record *record, SQLSMALLINT field,
                                 SQLPOINTER value, const struct text_out *text)
{
    const char *answer = results_text_field(record, (SQLUSMALLINT)field);
    SQLLEN number;

    if (answer)
        return text_write(&descriptor->handle, text, answer, strlen(answer));
    if (!results_number_field(record, (SQLUSMALLINT)field, &number))
        return diagnostics_fail(&descriptor->handle, "HY091", "There is no descriptor field %d", (int)field);
    switch (field) {
    case SQL_DESC_AUTO_UNIQUE_VALUE:
    case SQL_DESC_CASE_SENSITIVE:
        *(SQLINTEGER *)value = (SQLINTEGER)number;
        return SQL_SUCCESS;
    case SQL_DESC_DISPLAY_SIZE:
        *(SQLLEN *)value = number;
        return SQL_SUCCESS;
    default:
        *(SQLSMALLINT *)value = (SQLSMALLINT)number;
        return SQL_SUCCESS;
    }
}

/* What the type of a parameter tells of it, as that of a column does. */
static bool is_of_parameter(SQLSMALLINT field)
{
    switch (field) {
    case SQL_DESC_CASE_SENSITIVE:
    case SQL_DESC_FIXED_PREC_SCALE:
    case SQL_DESC_LOCAL_TYPE_NAME:
    case SQL_DESC_ROWVER:
    case SQL_DESC_TYPE_NAME:
    case SQL_DESC_UNSIGNED:
        return true;
    default:
        return false;
    }
}

/* A record to be read, which may be the bookmark's: kept in a row descriptor of the application, made up in the implementation's. */
static const struct odbc_record *find_record(struct odbc_descriptor_handle *descriptor, SQLSMALLINT number,
                                             struct odbc_record *bookmark)
{
    if (number != 0)
        return descriptor_record(&descriptor->content, number);
    if (descriptor->role == DESCRIPTOR_ARD)
        return descriptor_reach(&descriptor->content, 0) ? descriptor_bookmark(&descriptor->content) : NULL;
    if (descriptor->role == DESCRIPTOR_IRD && descriptor->statement && cursor_describe_bookmark(descriptor->statement, bookmark))
        return bookmark;
    return NULL;
}

bool descriptor_awaits_data(struct odbc_descriptor_handle *descriptor)
{
    bool awaits = descriptor->statement && descriptor->statement->needs_data;
    if (awaits)
        diagnostics_fail(&descriptor->handle, "HY010", "The statement of this descriptor awaits parameter data");
    return awaits;
}

SQLRETURN descriptor_get_field(struct odbc_descriptor_handle *descriptor, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value,
                               const struct text_out *text)
{
    struct odbc_handle *handle = &descriptor->handle;
    struct odbc_record bookmark;
    char scratch[16];

    if (!value)
        value = scratch;
    if (is_header_field(field))
        return header_get(descriptor, field, value);
    if (number < 0)
        return diagnostics_fail(handle, "07009", "A record number of %d is negative", (int)number);
    if (descriptor->role == DESCRIPTOR_IRD && descriptor->statement && !descriptor->statement->query && !descriptor->statement->rows)
        return diagnostics_fail(handle, "HY007", "The statement is neither prepared nor executed: nothing is described");
    const struct odbc_record *record = find_record(descriptor, number, &bookmark);
    if (!record)
        return number == 0 ? diagnostics_fail(handle, "07009", "Record 0 is the bookmark's, and there is none") : SQL_NO_DATA;
    if (descriptor->role == DESCRIPTOR_IPD && is_of_parameter(field))
        return description_get(descriptor, record, field, value, text);
    if (is_application(descriptor) || descriptor->role == DESCRIPTOR_IPD)
        return binding_get(record, field, value)   ? SQL_SUCCESS
               : field == SQL_DESC_NAME            ? text_write(handle, text, record->name, strlen(record->name))
               : results_is_field((SQLUSMALLINT)field) ? SQL_SUCCESS /* defined, but not for this kind: the value is undefined */
                                                   : diagnostics_fail(handle, "HY091", "There is no descriptor field %d", (int)field);
    if (field == SQL_DESC_DATA_PTR || field == SQL_DESC_INDICATOR_PTR || field == SQL_DESC_OCTET_LENGTH_PTR)
        return SQL_SUCCESS;
    return binding_get(record, field, value) ? SQL_SUCCESS : description_get(descriptor, record, field, value, text);
}

SQLRETURN descriptor_get_record(struct odbc_descriptor_handle *descriptor, SQLSMALLINT number, const struct text_out *name,
                                SQLSMALLINT *type, SQLSMALLINT *subtype, SQLLEN *length, SQLSMALLINT *precision, SQLSMALLINT *scale,
                                SQLSMALLINT *nullable)
{
    struct odbc_handle *handle = &descriptor->handle;
    struct odbc_record bookmark;
    SQLSMALLINT verbose, subcode;

    if (number < 0)
        return diagnostics_fail(handle, "07009", "A record number of %d is negative", (int)number);
    if (descriptor->role == DESCRIPTOR_IRD && descriptor->statement && !descriptor->statement->query && !descriptor->statement->rows)
        return diagnostics_fail(handle, "HY007", "The statement is neither prepared nor executed: nothing is described");
    const struct odbc_record *record = find_record(descriptor, number, &bookmark);
    if (!record)
        return number == 0 ? diagnostics_fail(handle, "07009", "Record 0 is the bookmark's, and there is none") : SQL_NO_DATA;
    verbose = type_verbose(record->concise_type, &subcode);
    if (type)
        *type = verbose;
    if (subtype)
        *subtype = subcode;
    if (length)
        *length = record->octet_length;
    if (precision)
        *precision = record->precision;
    if (scale)
        *scale = record->scale;
    if (nullable)
        *nullable = record->nullable;
    return text_write(handle, name, record->name, strlen(record->name));
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

static SQLRETURN header_set(struct odbc_descriptor_handle *descriptor, SQLSMALLINT field, SQLPOINTER value)
{
    struct odbc_handle *handle = &descriptor->handle;
    struct odbc_descriptor *content = &descriptor->content;
    bool ird = descriptor->role == DESCRIPTOR_IRD;

    switch (field) {
    case SQL_DESC_ARRAY_STATUS_PTR:
        content->array_status = value;
        return SQL_SUCCESS;
    case SQL_DESC_ROWS_PROCESSED_PTR:
        if (is_application(descriptor))
            return diagnostics_fail(handle, "HY091", "An application descriptor has no count of rows processed");
        content->rows_processed = value;
        return SQL_SUCCESS;
    case SQL_DESC_ALLOC_TYPE:
        return diagnostics_fail(handle, "HY091", "How a descriptor was allocated can not be changed");
    default:
        break;
    }
    if (ird)
        return diagnostics_fail(handle, "HY016", "The implementation row descriptor is the driver's to write");
    if (!is_application(descriptor) && field != SQL_DESC_COUNT)
        return diagnostics_fail(handle, "HY091", "An implementation descriptor is not bound to arrays: it has no field %d", (int)field);
    switch (field) {
    case SQL_DESC_ARRAY_SIZE:
        if ((SQLULEN)value < 1)
            return diagnostics_fail(handle, "HY024", "An array has at least one row");
        content->array_size = (SQLULEN)value;
        return SQL_SUCCESS;
    case SQL_DESC_BIND_OFFSET_PTR:
        content->bind_offset = value;
        return SQL_SUCCESS;
    case SQL_DESC_BIND_TYPE:
        content->bind_type = (SQLULEN)value;
        return SQL_SUCCESS;
    default: { /* SQL_DESC_COUNT */
        SQLLEN count = (SQLLEN)(SQLSMALLINT)(SQLLEN)value;
        if (count < 0)
            return diagnostics_fail(handle, "07009", "A descriptor can not have %lld records", (long long)count);
        descriptor_cut(content, (SQLSMALLINT)count);
        return descriptor_reach(content, (SQLSMALLINT)count) ? SQL_SUCCESS : diagnostics_fail(handle, "HY001", "Out of memory");
    }
    }
}

static SQLRETURN set_type(struct odbc_descriptor_handle *descriptor, struct odbc_record *record, SQLSMALLINT concise)
{
    bool application = is_application(descriptor);

    concise = type_code_modern(concise);
    if (application ? !type_is_c(concise) : !type_is_sql(concise))
        return diagnostics_fail(&descriptor->handle, "HY021", "%d is no %s type", (int)concise, application ? "C" : "SQL");
    record_set_type(record, concise);
    return SQL_SUCCESS;
}

/* A type that is given as SQL_DATETIME or SQL_INTERVAL and a code; any other as it is. */
static SQLRETURN set_verbose_type(struct odbc_descriptor_handle *descriptor, struct odbc_record *record, SQLSMALLINT verbose,
                                  SQLSMALLINT code)
{
    SQLSMALLINT concise = type_concise(verbose, code);

    if (concise == verbose && (verbose == SQL_DATETIME || verbose == SQL_INTERVAL))
        return diagnostics_fail(&descriptor->handle, "HY021", "Type %d has no code %d", (int)verbose, (int)code);
    return set_type(descriptor, record, concise);
}

static bool is_between(int number, int least, int most)
{
    return number >= least && number <= most;
}

/* SQLSetDescRec, "Consistency Checks": made when a record is bound. That the type is one was seen when it was set. */
static SQLRETURN check_consistency(struct odbc_descriptor_handle *descriptor, const struct odbc_record *record)
{
    SQLSMALLINT type = record->concise_type;

    if (type == SQL_C_NUMERIC || type == SQL_DECIMAL) {
        if (!is_between(record->precision, 1, DECIMAL_DIGITS) || !is_between(record->scale, -DECIMAL_DIGITS, DECIMAL_DIGITS))
            return diagnostics_fail(&descriptor->handle, "HY021", "A decimal number can not have precision %d and scale %d",
                                    (int)record->precision, (int)record->scale);
        return SQL_SUCCESS;
    }
    bool interval = interval_is_type(type);
    bool seconds = type == SQL_TYPE_TIME || type == SQL_TYPE_TIMESTAMP || (interval && interval_has_seconds(type));
    if (seconds && !is_between(record->precision, 0, TIMESTAMP_FRACTION))
        return diagnostics_fail(&descriptor->handle, "HY021", "Seconds can not have %d digits behind the point", (int)record->precision);
    if (interval && !is_between(record->interval_precision, 1, INTERVAL_LEADING_MOST))
        return diagnostics_fail(&descriptor->handle, "HY021", "The leading field of an interval can not have %d digits",
                                (int)record->interval_precision);
    return SQL_SUCCESS;
}

/* In the parameters' implementation descriptor the pointer only asks for the check. */
static SQLRETURN set_data(struct odbc_descriptor_handle *descriptor, struct odbc_record *record, SQLPOINTER data)
{
    if (data && check_consistency(descriptor, record) != SQL_SUCCESS)
        return SQL_ERROR;
    if (is_application(descriptor))
        record->data = data;
    return SQL_SUCCESS;
}

static SQLRETURN binding_set(struct odbc_descriptor_handle *descriptor, struct odbc_record *record, SQLSMALLINT field, SQLPOINTER value)
{
    SQLSMALLINT small = (SQLSMALLINT)(SQLLEN)value;
    SQLSMALLINT subcode;

    switch (field) {
    case SQL_DESC_CONCISE_TYPE:
        return set_type(descriptor, record, small);
    case SQL_DESC_TYPE:
        /* SQL_DATETIME and SQL_INTERVAL are whole once SQL_DESC_DATETIME_INTERVAL_CODE is set, which comes after it. */
        if (small == SQL_DATETIME || small == SQL_INTERVAL) {
            record->concise_type = type_concise(small, 1);
            return SQL_SUCCESS;
        }
        return set_type(descriptor, record, small);
    case SQL_DESC_DATETIME_INTERVAL_CODE:
        return set_verbose_type(descriptor, record, type_verbose(record->concise_type, &subcode), small);
    case SQL_DESC_DATETIME_INTERVAL_PRECISION:
        record->interval_precision = (SQLINTEGER)(SQLLEN)value;
        return SQL_SUCCESS;
    case SQL_DESC_DATA_PTR:
        return set_data(descriptor, record, value);
    case SQL_DESC_INDICATOR_PTR:
        record->indicator_pointer = value;
        return SQL_SUCCESS;
    case SQL_DESC_OCTET_LENGTH_PTR:
        record->octet_length_pointer = value;
        return SQL_SUCCESS;
    case SQL_DESC_LENGTH:
        record->length = (SQLULEN)value;
        return SQL_SUCCESS;
    case SQL_DESC_OCTET_LENGTH:
        record->octet_length = (SQLLEN)value;
        return SQL_SUCCESS;
    case SQL_DESC_PRECISION:
        record->precision = small;
        return SQL_SUCCESS;
    case SQL_DESC_SCALE:
        record->scale = small;
        return SQL_SUCCESS;
    case SQL_DESC_NUM_PREC_RADIX:
        record->radix = (SQLINTEGER)(SQLLEN)value;
        return SQL_SUCCESS;
    case SQL_DESC_PARAMETER_TYPE:
        if (small != SQL_PARAM_INPUT && small != SQL_PARAM_OUTPUT && small != SQL_PARAM_INPUT_OUTPUT)
            return diagnostics_fail(&descriptor->handle, "HY105", "%d is no parameter type that is supported", (int)small);
        record->parameter_type = small;
        return SQL_SUCCESS;
    default:
        return diagnostics_fail(&descriptor->handle, "HY091", "Descriptor field %d can not be set", (int)field);
    }
}

/* What only the one kind of descriptor has (SQLSetDescField's table of the fields). */
static bool has_field(const struct odbc_descriptor_handle *descriptor, SQLSMALLINT field)
{
    switch (field) {
    case SQL_DESC_INDICATOR_PTR:
    case SQL_DESC_OCTET_LENGTH_PTR:
        return is_application(descriptor);
    case SQL_DESC_NAME:
    case SQL_DESC_PARAMETER_TYPE:
    case SQL_DESC_UNNAMED:
        return !is_application(descriptor);
    default:
        return true;
    }
}

static SQLRETURN set_name(struct odbc_handle *handle, SQLSMALLINT field, SQLPOINTER value)
{
    if (field == SQL_DESC_NAME)
        return diagnostics_fail(handle, "HYC00", "Parameters have no names");
    if ((SQLLEN)value != SQL_UNNAMED)
        return diagnostics_fail(handle, "HY092", "SQL_DESC_UNNAMED can only be set to SQL_UNNAMED");
    return SQL_SUCCESS;
}

static bool makes_unbound(SQLSMALLINT field)
{
    return field != SQL_DESC_DATA_PTR && field != SQL_DESC_INDICATOR_PTR && field != SQL_DESC_OCTET_LENGTH_PTR;
}

SQLRETURN descriptor_set_field(struct odbc_descriptor_handle *descriptor, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value)
{
    struct odbc_handle *handle = &descriptor->handle;

    if (is_header_field(field))
        return header_set(descriptor, field, value);
    if (descriptor->role == DESCRIPTOR_IRD)
        return diagnostics_fail(handle, "HY016", "The implementation row descriptor is the driver's to write");
    if (number < 0 || (number == 0 && descriptor->role != DESCRIPTOR_ARD))
        return diagnostics_fail(handle, "07009", "There is no record %d here: records start at 1", (int)number);
    if (!has_field(descriptor, field))
        return diagnostics_fail(handle, "HY091", "This kind of descriptor has no field %d", (int)field);
    if (field == SQL_DESC_NAME || field == SQL_DESC_UNNAMED)
        return set_name(handle, field, value);
    if (!descriptor_reach(&descriptor->content, number))
        return diagnostics_fail(handle, "HY001", "Out of memory");
    struct odbc_record *record =
        number ? descriptor_record(&descriptor->content, number) : descriptor_bookmark(&descriptor->content);
    SQLRETURN result = binding_set(descriptor, record, field, value);
    if (result == SQL_SUCCESS && is_application(descriptor) && makes_unbound(field))
        record->data = NULL; /* SQLSetDescField: setting anything but the deferred fields unbinds */
    return result;
}

SQLRETURN descriptor_set_record(struct odbc_descriptor_handle *descriptor, SQLSMALLINT number, SQLSMALLINT type, SQLSMALLINT subtype,
                                SQLLEN length, SQLSMALLINT precision, SQLSMALLINT scale, SQLPOINTER data, SQLLEN *octet_length,
                                SQLLEN *indicator)
{
    struct odbc_handle *handle = &descriptor->handle;

    if (descriptor->role == DESCRIPTOR_IRD)
        return diagnostics_fail(handle, "HY016", "The implementation row descriptor is the driver's to write");
    if (number < 0 || (number == 0 && descriptor->role != DESCRIPTOR_ARD))
        return diagnostics_fail(handle, "07009", "There is no record %d here: records start at 1", (int)number);
    if (!descriptor_reach(&descriptor->content, number))
        return diagnostics_fail(handle, "HY001", "Out of memory");
    struct odbc_record *record =
        number ? descriptor_record(&descriptor->content, number) : descriptor_bookmark(&descriptor->content);
    SQLRETURN result = set_verbose_type(descriptor, record, type, subtype);
    if (result != SQL_SUCCESS)
        return result;
    record->octet_length = length;
    record->precision = precision;
    record->scale = scale;
    record->data = NULL;
    if (is_application(descriptor)) {
        record->octet_length_pointer = octet_length;
        record->indicator_pointer = indicator;
    }
    return set_data(descriptor, record, data);
}

SQLRETURN descriptor_copy(const struct odbc_descriptor *source, struct odbc_descriptor_handle *target)
{
    struct odbc_descriptor *content = &target->content;

    if (target->role == DESCRIPTOR_IRD)
        return diagnostics_fail(&target->handle, "HY016", "The implementation row descriptor is the driver's to write");
    descriptor_cut(content, 0);
    if (!descriptor_reach(content, source->count))
        return diagnostics_fail(&target->handle, "HY001", "Out of memory");
    for (SQLSMALLINT i = 0; source->records && i <= source->count; i++) {
        content->records[i] = source->records[i];
        if (target->role == DESCRIPTOR_IPD) { /* which has no bindings */
            content->records[i].data = NULL;
            content->records[i].octet_length_pointer = content->records[i].indicator_pointer = NULL;
        }
        /* Names belong to the statement that they describe. */
        content->records[i].name = content->records[i].base_column = content->records[i].table = "";
        content->records[i].base_table = content->records[i].catalog = "";
    }
    content->array_size = source->array_size;
    content->array_status = source->array_status;
    content->bind_offset = source->bind_offset;
    content->bind_type = source->bind_type;
    content->rows_processed = source->rows_processed;
    return SQL_SUCCESS;
}
