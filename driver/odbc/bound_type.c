#include "odbc/bound_type.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/datetime.h"
#include "base/decimal.h"
#include "base/error.h"
#include "base/utf.h"
#include "base/value.h"
#include "odbc/c_value.h"
#include "odbc/interval.h"
#include "odbc/moment.h"
#include "odbc/numeric.h"
#include "odbc/types.h"

/* One conversion under way. */
struct conversion {
    const struct c_data *data;
    struct arena *arena;
    struct type *type;
    struct value *value;
    bool *cut;
    struct error *err;
};

static bool is_text(const struct conversion *c)
{
    return c->type->kind == TYPE_STRING && !interval_is_type(c->data->c_type);
}

static bool no_conversion(const struct conversion *c)
{
    return error_set(c->err, "07006", "C type %d can not be converted to the SQL type %d that was bound", (int)c->data->c_type,
                     (int)c->data->sql_type);
}

/* The message quotes what was given. */
static bool refuse(const struct conversion *c, const char *sqlstate, const char *what)
{
    char scratch[VALUE_SCRATCH];
    size_t length;
    const char *text = value_as_text(c->value, scratch, &length);
    return error_set(c->err, sqlstate, "\"%.*s\" %s", length > 40 ? (int)utf8_whole(text, 40) : (int)length, text, what);
}

/* --- texts and bytes --------------------------------------------------------------------------------------------------- */

static bool to_text(const struct conversion *c)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    if (c->value->storage == STORAGE_BLOB) { /* the bytes are the text */
        struct c_data bytes = {.c_type = SQL_C_CHAR, .pointer = c->value->text, .length = c->value->length};
        if (!c_value_read_text(&bytes, false, c->arena, c->value, c->err))
            return false;
    } else if (c->value->storage != STORAGE_TEXT) {
        const char *text = value_as_text(c->value, scratch, &length);
        if (!c_value_keep_text(c->arena, text, length, c->value, c->err))
            return false;
    }
    bool bit = c->type->kind == TYPE_BOOLEAN;
    *c->type = (struct type){.kind = TYPE_STRING};
    if (!bit && c->data->size && utf8_count(c->value->text, c->value->length) > c->data->size)
        return refuse(c, "22001", "is longer than the ColumnSize that was bound");
    return true;
}

/* Two digits are a byte; a last one that stands alone is not converted. */
static bool to_bytes(const struct conversion *c)
{
    const struct type binary = {.kind = TYPE_BINARY}, string = {.kind = TYPE_STRING};
    struct value digits;

    if (is_text(c)) {
        if (!c_value_keep_text(c->arena, c->value->text, c->value->length / 2 * 2, &digits, c->err))
            return false;
        if (!value_cast(&string, &digits, &binary, c->arena, c->value, c->err))
            return refuse(c, "22018", "is no hexadecimal number");
    } else if (c->type->kind != TYPE_BINARY) {
        return no_conversion(c);
    }
    *c->type = binary;
    if (c->data->size && c->value->length > c->data->size)
        return error_set(c->err, "22001", "%u bytes are more than the ColumnSize that was bound", (unsigned)c->value->length);
    return true;
}

static bool to_guid(const struct conversion *c)
{
    const struct type guid = {.kind = TYPE_GUID};
    const char *text = c->value->text;
    size_t length = c->value->length;
    struct value read;

    if (c->type->kind == TYPE_GUID)
        return true;
    if (!is_text(c))
        return no_conversion(c);
    moment_unescape("guid", &text, &length);
    if (!value_from_text(&guid, text, length, c->arena, &read, c->err))
        return refuse(c, "22018", "is no GUID");
    *c->type = guid;
    *c->value = read;
    return true;
}

/* --- numbers ------------------------------------------------------------------------------------------------------------ */

/* False, with its error, when it is no number. */
static bool read_number(const struct conversion *c, struct number *number)
{
    if (c->value->storage == STORAGE_BLOB || type_is_datetime(c->type->kind) || c->type->kind == TYPE_GUID)
        return no_conversion(c);
    return number_from_value(c->type->kind, c->value, number) || refuse(c, "22018", "is no number");
}

/* What is lost of a text is 22001, of a number 22003; a number's fraction goes with a warning. */
static bool fits(const struct conversion *c, enum number_result result)
{
    if (result == NUMBER_EXACT)
        return true;
    if (is_text(c))
        return refuse(c, "22001", result == NUMBER_CUT ? "has more digits after the point than the bound type"
                                                       : "has more digits than the bound type");
    if (result == NUMBER_OUT_OF_RANGE)
        return refuse(c, "22003", "is out of range for the bound type");
    return *c->cut = true;
}

static bool to_whole(const struct conversion *c, int64_t smallest, int64_t largest)
{
    struct number number;
    decimal_digits whole = 0;

    if (!read_number(c, &number) || !fits(c, number_to_whole(&number, smallest, largest, &whole)))
        return false;
    *c->type = (struct type){.kind = TYPE_BIGINT};
    *c->value = value_integer((int64_t)whole);
    return true;
}

static bool to_decimal(const struct conversion *c)
{
    int digits = c->data->digits < 0 ? 0 : c->data->digits > DECIMAL_DIGITS ? DECIMAL_DIGITS : c->data->digits;
    int size = c->data->size > DECIMAL_DIGITS ? DECIMAL_DIGITS : (int)c->data->size;
    SQL_NUMERIC_STRUCT numeric;
    struct decimal decimal;
    struct number number;

    if (c->type->kind == TYPE_BINARY && !to_text(c)) /* a decimal's own C type is a text */
        return false;
    if (!read_number(c, &number))
        return false;
    if (size == 0)
        return true;
    if (digits == 0 && is_text(c) && number.kind == NUMBER_DECIMAL) /* DBD::ODBC tells the length of the text and no digits */
        digits = number.decimal.scale;
    if (!fits(c, number_to_numeric(&number, size < digits ? digits : size, digits, &numeric)))
        return false;
    return numeric_read(&numeric, &decimal) ? c_value_keep_decimal(&decimal, c->arena, c->type, c->value, c->err)
                                            : refuse(c, "22003", "has too many digits");
}

static bool to_real(const struct conversion *c, double largest)
{
    struct number number;

    if (!read_number(c, &number))
        return false;
    double real = number_to_double(&number);
    if (!(fabs(real) <= largest)) /* nor is it a number: SQL has none such */
        return refuse(c, "22003", "is out of range for the bound type");
    *c->type = (struct type){.kind = TYPE_DOUBLE};
    *c->value = value_real(real);
    return true;
}

/* A text may also be true or false. */
static bool to_bit(const struct conversion *c)
{
    const struct type boolean = {.kind = TYPE_BOOLEAN};
    decimal_digits whole = 0;
    struct number number;

    if (is_text(c) && !number_from_value(TYPE_STRING, c->value, &number)) {
        struct value word = *c->value;
        if (!value_from_text(&boolean, word.text, word.length, c->arena, c->value, c->err))
            return refuse(c, "22018", "is neither 0 nor 1");
        *c->type = boolean;
        return true;
    }
    if (!read_number(c, &number))
        return false;
    enum number_result result = number_to_bit(&number, &whole);
    if (result == NUMBER_OUT_OF_RANGE)
        return refuse(c, "22003", "is neither 0 nor 1");
    if (result == NUMBER_CUT)
        return refuse(c, "22001", "is neither 0 nor 1");
    *c->type = boolean;
    *c->value = value_integer((int64_t)whole);
    return true;
}

/* --- dates, times, intervals ---------------------------------------------------------------------------------------------- */

/* The digits of a second that were bound; all there are when nothing was told. */
static int16_t fraction_bound(const struct c_data *data)
{
    enum { SECONDS_SIZE = 20 /* yyyy-mm-dd hh:mm:ss. */ };

    if (data->digits > 0)
        return data->digits < TIMESTAMP_FRACTION ? data->digits : TIMESTAMP_FRACTION;
    if (data->size == 0)
        return TIMESTAMP_FRACTION;
    if (data->sql_type == SQL_TYPE_TIMESTAMP && data->size > SECONDS_SIZE)
        return data->size - SECONDS_SIZE < TIMESTAMP_FRACTION ? (int16_t)(data->size - SECONDS_SIZE) : TIMESTAMP_FRACTION;
    return 0;
}

static bool fraction_fits(uint32_t nanosecond, int digits)
{
    uint32_t unit = 1;
    for (int i = digits; i < TIMESTAMP_FRACTION; i++)
        unit *= 10;
    return nanosecond % unit == 0;
}

static bool to_moment(const struct conversion *c, enum type_kind kind)
{
    struct type type = {.kind = kind, .scale = kind == TYPE_DATE ? 0 : fraction_bound(c->data)};
    struct moment moment;
    char text[DATETIME_TEXT];
    size_t length;

    if (!is_text(c) && !type_is_datetime(c->type->kind))
        return no_conversion(c);
    if (!moment_read(c->type->kind, c->value, &moment) || (kind == TYPE_DATE && !moment.has_date) ||
        (kind == TYPE_TIME && !moment.has_time))
        return is_text(c) ? refuse(c, "22018", "is no date or time of the bound type") : no_conversion(c);
    if (kind == TYPE_DATE && (moment.at.hour || moment.at.minute || moment.at.second || moment.at.nanosecond))
        return refuse(c, "22008", "has a time, and SQL_TYPE_DATE was bound");
    if (kind != TYPE_DATE && !fraction_fits(moment.at.nanosecond, type.scale))
        return refuse(c, "22008", "has a finer fraction of a second than the DecimalDigits that were bound");
    if (!moment.has_date)
        moment_fill_today(&moment.at);
    if (kind == TYPE_DATE)
        length = datetime_print_date(&moment.at, text);
    else if (kind == TYPE_TIME)
        length = datetime_print_time(&moment.at, type.scale, text);
    else
        length = datetime_print_timestamp(&moment.at, type.scale, text);
    *c->type = type;
    return c_value_keep_text(c->arena, text, length, c->value, c->err);
}

static enum interval_result read_interval(const struct conversion *c, const struct interval_form *form, SQL_INTERVAL_STRUCT *interval)
{
    const struct interval_form own = {c->data->c_type, 0, c->data->precision};
    SQL_INTERVAL_STRUCT given;
    struct number number;

    if (interval_is_type(own.c_type)) {
        memcpy(&given, c->data->pointer, sizeof given);
        return interval_convert(&given, &own, form, interval);
    }
    if (is_text(c))
        return interval_from_text(c->value->text, c->value->length, form, interval);
    if (!interval_is_single(form->c_type) || !number_from_value(c->type->kind, c->value, &number) || number.kind != NUMBER_DECIMAL)
        return INTERVAL_NONE;
    return interval_from_decimal(&number.decimal, form, interval);
}

/* The C types of intervals have the codes of the SQL types. */
static bool to_interval(const struct conversion *c)
{
    enum { LONGEST_LEADING = 9 };
    struct interval_form form = {c->data->sql_type, c->data->leading > 0 ? (int)c->data->leading : LONGEST_LEADING, c->data->digits};
    SQL_INTERVAL_STRUCT interval;
    char text[INTERVAL_TEXT];

    switch (read_interval(c, &form, &interval)) {
    case INTERVAL_NONE:
        return is_text(c) ? refuse(c, "22018", "is no interval of the bound type") : no_conversion(c);
    case INTERVAL_CUT:
    case INTERVAL_OVERFLOW:
        return refuse(c, "22015", "does not fit the fields of the bound interval");
    case INTERVAL_EXACT:
        break;
    }
    size_t length = interval_print(&interval, &form, text);
    *c->type = (struct type){.kind = TYPE_STRING};
    return c_value_keep_text(c->arena, text, length, c->value, c->err);
}

/* --- the entrance --------------------------------------------------------------------------------------------------------- */

static int32_t size_of(SQLULEN size)
{
    return size > SIZE_UNBOUNDED ? 0 : (int32_t)size;
}

void bound_type_describe(const struct c_data *data, struct type *type)
{
    *type = (struct type){.kind = TYPE_STRING};
    switch (data->sql_type) {
    case SQL_BIT:
        type->kind = TYPE_BOOLEAN;
        return;
    case SQL_TINYINT: /* of either sign */
    case SQL_SMALLINT:
        type->kind = TYPE_SMALLINT;
        return;
    case SQL_INTEGER:
        type->kind = TYPE_INTEGER;
        return;
    case SQL_BIGINT:
        type->kind = TYPE_BIGINT;
        return;
    case SQL_REAL:
    case SQL_FLOAT:
    case SQL_DOUBLE:
        type->kind = TYPE_DOUBLE;
        return;
    case SQL_DECIMAL:
    case SQL_NUMERIC: /* without DecimalDigits a text keeps its own, see to_decimal */
        if (data->digits > 0 && data->digits <= (SQLSMALLINT)data->size && data->size <= DECIMAL_DIGITS)
            *type = (struct type){TYPE_DECIMAL, (int32_t)data->size, data->digits};
        return;
    case SQL_TYPE_DATE:
        type->kind = TYPE_DATE;
        return;
    case SQL_TYPE_TIME:
    case SQL_TYPE_TIMESTAMP:
        type->kind = data->sql_type == SQL_TYPE_TIME ? TYPE_TIME : TYPE_TIMESTAMP;
        type->scale = fraction_bound(data);
        return;
    case SQL_GUID:
        type->kind = TYPE_GUID;
        return;
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
        *type = (struct type){.kind = TYPE_BINARY, .size = size_of(data->size)};
        return;
    default:
        if (type_is_character(data->sql_type))
            type->size = size_of(data->size);
        return;
    }
}

bool bound_type_convert(const struct c_data *data, struct arena *arena, struct type *type, struct value *value, bool *cut,
                        struct error *err)
{
    const struct conversion c = {data, arena, type, value, cut, err};

    if (type_is_character(data->sql_type))
        return to_text(&c);
    if (interval_is_type(data->sql_type))
        return to_interval(&c);
    switch (data->sql_type) {
    case SQL_BIT:
        return to_bit(&c);
    case SQL_TINYINT: /* of either sign */
        return to_whole(&c, INT8_MIN, UINT8_MAX);
    case SQL_SMALLINT:
        return to_whole(&c, INT16_MIN, INT16_MAX);
    case SQL_INTEGER:
        return to_whole(&c, INT32_MIN, INT32_MAX);
    case SQL_BIGINT:
        return to_whole(&c, INT64_MIN, INT64_MAX);
    case SQL_DECIMAL:
    case SQL_NUMERIC:
        return to_decimal(&c);
    case SQL_REAL:
        return to_real(&c, (double)FLT_MAX);
    case SQL_FLOAT:
    case SQL_DOUBLE:
        return to_real(&c, DBL_MAX);
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
        return to_bytes(&c);
    case SQL_TYPE_DATE:
        return to_moment(&c, TYPE_DATE);
    case SQL_TYPE_TIME:
        return to_moment(&c, TYPE_TIME);
    case SQL_TYPE_TIMESTAMP:
        return to_moment(&c, TYPE_TIMESTAMP);
    case SQL_GUID:
        return to_guid(&c);
    default:
        return true;
    }
}
