#include "providers/odata/expression.h"

#include <string.h>

#include "base/buffer.h"
#include "providers/odata/options.h"

const struct odata_column *odata_said_column(const struct odata_saying *saying, const struct term *term)
{
    if (term->kind != TERM_COLUMN)
        return NULL;
    const struct odata_column *column = &saying->table->columns[term->column];
    bool plain = column->role == ROLE_PROPERTY && !column->derived && !column->collection;
    return plain && odata_can_filter(saying->context, saying->table, column, FILTER_EQUAL) && odata_is_free(saying->table, column) ? column : NULL;
}

bool odata_is_open(const struct term *value)
{
    return value->parameter >= 0;
}

bool odata_say_path(const struct odata_saying *saying, const struct odata_column *column, struct buffer *out)
{
    if (saying->navigation) {
        odata_encode(out, saying->navigation, strlen(saying->navigation), false);
        buffer_append_char(out, '/');
    }
    odata_encode(out, column->path, strlen(column->path), false);
    return true;
}

bool odata_say_literal(const struct odata_saying *saying, enum edm edm, const struct term *value, struct buffer *out)
{
    const struct odata_column column = {.edm = edm};
    struct buffer literal;

    if (odata_is_open(value))
        return buffer_append_char(out, '?');
    if (value_is_null(&value->value))
        return false;
    buffer_init(&literal, ODATA_SAID_LENGTH);
    bool said = odata_literal(&literal, &saying->context->form, &column, &value->type, &value->value);
    if (said)
        odata_encode(out, literal.data, literal.length, false);
    buffer_clear(&literal);
    return said;
}

bool odata_say_call(const struct odata_saying *saying, const char *function, struct buffer *out)
{
    saying->needs->calculation = saying->needs->function = true;
    return odata_may_calculate(saying->context) && odata_may_use(saying->context, saying->table, function) && buffer_printf(out, "%s(", function);
}

/* Numbers. */

static struct odata_number whole(int64_t least, int64_t most)
{
    return (struct odata_number){.kind = NUMBER_WHOLE, .least = least, .most = most};
}

static bool say_column_number(const struct odata_saying *saying, const struct term *term, struct buffer *out, struct odata_number *number)
{
    const struct odata_column *column = odata_said_column(saying, term);

    if (!column)
        return false;
    switch (column->edm) {
    case EDM_BYTE: *number = whole(0, UINT8_MAX); break;
    case EDM_SBYTE: *number = whole(INT8_MIN, INT8_MAX); break;
    case EDM_INT16: *number = whole(INT16_MIN, INT16_MAX); break;
    case EDM_INT32: *number = whole(INT32_MIN, INT32_MAX); break;
    case EDM_INT64: *number = (struct odata_number){.kind = NUMBER_WHOLE, .wide = true}; break;
    case EDM_DECIMAL: *number = (struct odata_number){.kind = NUMBER_DECIMAL}; break;
    case EDM_DOUBLE: *number = (struct odata_number){.kind = NUMBER_DOUBLE}; break;
    default: return false; /* of Single services calculate with fewer digits */
    }
    return odata_say_path(saying, column, out);
}

/* Before V4 whole numbers are written as those of 64 bits, and calculated with as such. */
static bool say_value_number(const struct odata_saying *saying, const struct term *term, struct buffer *out, struct odata_number *number)
{
    enum edm edm = term->type.kind == TYPE_DECIMAL ? EDM_DECIMAL : term->type.kind == TYPE_DOUBLE ? EDM_DOUBLE : EDM_INT64;

    if (!type_is_number(term->type.kind))
        return false;
    *number = (struct odata_number){.kind = edm == EDM_DECIMAL ? NUMBER_DECIMAL : edm == EDM_DOUBLE ? NUMBER_DOUBLE : NUMBER_WHOLE};
    if (edm == EDM_INT64) {
        bool known = !odata_is_open(term) && term->value.storage == STORAGE_INTEGER;
        *number = known ? whole(term->value.integer, term->value.integer) : whole(0, 0);
        number->wide = saying->context->version != ODATA_V4 || number->least < INT32_MIN || number->most > INT32_MAX;
    }
    number->literal = true;
    return odata_say_literal(saying, edm, term, out);
}

/* What a divisor is: neither 0 nor, of the least number, -1. */
static bool is_divisor(const struct term *term)
{
    if (term->kind != TERM_VALUE || odata_is_open(term))
        return term->kind == TERM_VALUE;
    switch ((enum storage)term->value.storage) {
    case STORAGE_INTEGER: return term->value.integer > 0;
    case STORAGE_REAL: return term->value.real > 0;
    case STORAGE_TEXT: return term->value.text[0] != '-' && strspn(term->value.text, "0.") < term->value.length;
    default: return false;
    }
}

static bool range_of(enum term_function function, const struct odata_number *a, const struct odata_number *b, struct odata_number *result)
{
    int64_t products[] = {a->least * b->least, a->least * b->most, a->most * b->least, a->most * b->most};

    *result = *a;
    switch (function) {
    case TERM_ADD: *result = whole(a->least + b->least, a->most + b->most); break;
    case TERM_SUBTRACT: *result = whole(a->least - b->most, a->most - b->least); break;
    case TERM_MULTIPLY:
        *result = whole(products[0], products[0]);
        for (size_t i = 1; i < 4; i++) {
            result->least = products[i] < result->least ? products[i] : result->least;
            result->most = products[i] > result->most ? products[i] : result->most;
        }
        break;
    default: break; /* a divisor makes nothing larger */
    }
    result->literal = false;
    return result->least >= INT32_MIN && result->most <= INT32_MAX;
}

/* Whether the service comes to what SQL comes to. */
static bool calculates_alike(const struct term *term, const struct odata_number *a, const struct odata_number *b, struct odata_number *result)
{
    enum { LEAST_DECIMAL_DIGITS = 28 /* that services calculate with */ };
    bool divides = term->function == TERM_DIVIDE || term->function == TERM_MODULO;

    *result = (struct odata_number){.kind = a->kind > b->kind ? a->kind : b->kind};
    switch (result->kind) {
    case NUMBER_WHOLE:
        if (term->function == TERM_DIVIDE)
            return false; /* against the standard, many services keep the fraction */
        if (!a->wide && !b->wide)
            return range_of(term->function, a, b, result);
        result->wide = true;
        return true;
    case NUMBER_DECIMAL:
        return term->function != TERM_DIVIDE && term->type.kind == TYPE_DECIMAL && term->type.size <= LEAST_DECIMAL_DIGITS;
    default: {
        bool exact = a->kind != NUMBER_DECIMAL && b->kind != NUMBER_DECIMAL && !(a->kind == NUMBER_WHOLE && a->wide) && !(b->kind == NUMBER_WHOLE && b->wide);
        return exact && !(divides && term->function == TERM_MODULO);
    }
    }
}

static bool say_arithmetic(const struct odata_saying *saying, const struct term *term, struct buffer *out, struct odata_number *number)
{
    static const char *const words[] = {[TERM_ADD] = "add", [TERM_SUBTRACT] = "sub", [TERM_MULTIPLY] = "mul", [TERM_DIVIDE] = "div", [TERM_MODULO] = "mod"};
    struct odata_number a, b;
    bool divides = term->function == TERM_DIVIDE || term->function == TERM_MODULO;

    saying->needs->calculation = true;
    if (!odata_may_calculate(saying->context) || term->count != 2 || (divides && !is_divisor(term->operands[1])))
        return false;
    buffer_append_char(out, '(');
    return odata_say_number(saying, term->operands[0], out, &a) && buffer_printf(out, "%%20%s%%20", words[term->function])
           && odata_say_number(saying, term->operands[1], out, &b) && buffer_append_char(out, ')') && calculates_alike(term, &a, &b, number);
}

static bool say_whole_of(const struct odata_saying *saying, const struct term *term, struct buffer *out, struct odata_number *number)
{
    const char *name = term->function == TERM_FLOOR ? "floor" : "ceiling";

    if (type_is_whole(term->operands[0]->type.kind))
        return odata_say_number(saying, term->operands[0], out, number);
    bool said = odata_say_call(saying, name, out) && odata_say_number(saying, term->operands[0], out, number) && buffer_append_char(out, ')');
    number->literal = false;
    return said;
}

/* Whether a service finds the part of a moment where SQL does. Moments with an offset have it at another hour there, perhaps. */
static bool has_part(const struct odata_saying *saying, const struct odata_column *column, enum term_function part)
{
    bool of_day = part == TERM_YEAR || part == TERM_MONTH || part == TERM_DAY;

    switch (column->edm) {
    case EDM_DATE: return of_day;
    case EDM_TIME_OF_DAY: return !of_day;
    case EDM_TIME: return !of_day && saying->context->version == ODATA_V3;
    case EDM_DATE_TIME: return part == TERM_SECOND || !saying->context->form.zone_known;
    case EDM_DATE_TIME_OFFSET: return part == TERM_SECOND;
    default: return false;
    }
}

static bool say_part(const struct odata_saying *saying, const struct term *term, struct buffer *out, struct odata_number *number)
{
    static const char *const names[] = {[TERM_YEAR] = "year", [TERM_MONTH] = "month", [TERM_DAY] = "day", [TERM_HOUR] = "hour", [TERM_MINUTE] = "minute",
                                        [TERM_SECOND] = "second"};
    const struct odata_column *column = odata_said_column(saying, term->operands[0]);

    *number = whole(0, 9999);
    return column && has_part(saying, column, term->function) && odata_say_call(saying, names[term->function], out) && odata_say_path(saying, column, out)
           && buffer_append_char(out, ')');
}

bool odata_say_number(const struct odata_saying *saying, const struct term *term, struct buffer *out, struct odata_number *number)
{
    switch (term->kind) {
    case TERM_COLUMN: return say_column_number(saying, term, out, number);
    case TERM_VALUE: return say_value_number(saying, term, out, number);
    case TERM_CALL: break;
    default: return false;
    }
    switch (term->function) {
    case TERM_ADD: case TERM_SUBTRACT: case TERM_MULTIPLY: case TERM_DIVIDE: case TERM_MODULO:
        return say_arithmetic(saying, term, out, number);
    case TERM_FLOOR: case TERM_CEILING:
        return say_whole_of(saying, term, out, number);
    case TERM_YEAR: case TERM_MONTH: case TERM_DAY: case TERM_HOUR: case TERM_MINUTE: case TERM_SECOND:
        return say_part(saying, term, out, number);
    default:
        return false;
    }
}

/* Texts. */

static bool say_concat(const struct odata_saying *saying, const struct term *term, size_t from, struct buffer *out, bool *ascii)
{
    if (from + 1 == term->count)
        return odata_say_text(saying, term->operands[from], out, ascii);
    return odata_say_call(saying, "concat", out) && odata_say_text(saying, term->operands[from], out, ascii) && buffer_append_char(out, ',')
           && say_concat(saying, term, from + 1, out, ascii) && buffer_append_char(out, ')');
}

bool odata_say_text(const struct odata_saying *saying, const struct term *term, struct buffer *out, bool *ascii)
{
    const struct odata_column *column = odata_said_column(saying, term);

    if (term->kind == TERM_VALUE)
        return term->type.kind == TYPE_STRING && odata_say_literal(saying, EDM_STRING, term, out);
    if (term->kind == TERM_COLUMN)
        return column && column->edm == EDM_STRING && odata_say_path(saying, column, out);
    if (term->kind != TERM_CALL)
        return false;
    switch (term->function) {
    case TERM_UPPER: case TERM_LOWER:
        *ascii = true;
        return odata_say_call(saying, term->function == TERM_UPPER ? "toupper" : "tolower", out) && odata_say_text(saying, term->operands[0], out, ascii)
               && buffer_append_char(out, ')');
    case TERM_CONCAT:
        return say_concat(saying, term, 0, out, ascii);
    default:
        return false;
    }
}
