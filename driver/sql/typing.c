#include "sql/typing.h"

#include <string.h>

enum { TINYINT_DIGITS = 3, SMALLINT_DIGITS = 5, INTEGER_DIGITS = 10, BIGINT_DIGITS = 19, SMALLEST_FRACTION = 6, SHORT_STRING = 64 };

static int32_t larger(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

struct type typing_of(const struct expression *expression)
{
    struct type type = expression->type;

    if (expression->kind == EXPRESSION_LITERAL && expression->value.storage == STORAGE_INTEGER && type_is_whole(type.kind)) {
        type.size = 1;
        for (int64_t rest = expression->value.integer / 10; rest != 0; rest /= 10)
            type.size++;
    }
    return type;
}

struct type typing_as_decimal(const struct type *type)
{
    int32_t digits = BIGINT_DIGITS;

    switch (type->kind) {
    case TYPE_DECIMAL:
        return *type;
    case TYPE_BOOLEAN:
        return (struct type){TYPE_DECIMAL, 1, 0};
    case TYPE_TINYINT:
        digits = TINYINT_DIGITS;
        break;
    case TYPE_SMALLINT:
        digits = SMALLINT_DIGITS;
        break;
    case TYPE_INTEGER:
        digits = INTEGER_DIGITS;
        break;
    default:
        break;
    }
    return (struct type){TYPE_DECIMAL, type->size ? type->size : digits, 0};
}

/* More digits than there are: whole digits win, but a fraction keeps at least six (or what it has, if less). */
static struct type capped(int32_t size, int32_t scale)
{
    if (size > DECIMAL_DIGITS) {
        int32_t whole = size - scale;
        int32_t least = scale < SMALLEST_FRACTION ? scale : SMALLEST_FRACTION;
        scale = larger(DECIMAL_DIGITS - whole, least);
        size = DECIMAL_DIGITS;
    }
    return (struct type){TYPE_DECIMAL, size, (int16_t)scale};
}

static bool common_number(const struct type *a, const struct type *b, struct type *common)
{
    if (a->kind == TYPE_DOUBLE || b->kind == TYPE_DOUBLE) {
        *common = (struct type){.kind = TYPE_DOUBLE};
    } else if (a->kind == TYPE_DECIMAL || b->kind == TYPE_DECIMAL) {
        struct type x = typing_as_decimal(a), y = typing_as_decimal(b);
        int32_t scale = larger(x.scale, y.scale);
        *common = capped(larger(x.size - x.scale, y.size - y.scale) + scale, scale);
    } else {
        *common = (struct type){.kind = a->kind > b->kind ? a->kind : b->kind};
        if (a->kind == b->kind && a->size && b->size)
            common->size = larger(a->size, b->size);
    }
    return true;
}

bool typing_common(const struct type *a, const struct type *b, struct type *common)
{
    bool a_number = type_is_number(a->kind) || a->kind == TYPE_BOOLEAN;
    bool b_number = type_is_number(b->kind) || b->kind == TYPE_BOOLEAN;

    if (a_number && b_number)
        return common_number(a, b, common);
    if (type_is_text(a->kind) && type_is_text(b->kind)) {
        int32_t x = typing_text_length(a), y = typing_text_length(b);
        *common = (struct type){.kind = a->kind == b->kind ? a->kind : TYPE_STRING};
        if (common->kind == TYPE_STRING)
            common->size = x && y ? larger(x, y) : 0;
        return true;
    }
    if (a->kind == b->kind) {
        *common = *a;
        common->scale = (int16_t)larger(a->scale, b->scale);
        common->size = a->size && b->size ? larger(a->size, b->size) : 0;
        return true;
    }
    bool a_stamp = a->kind == TYPE_TIMESTAMP && b->kind == TYPE_DATE, b_stamp = b->kind == TYPE_TIMESTAMP && a->kind == TYPE_DATE;
    if (a_stamp || b_stamp)
        *common = a_stamp ? *a : *b;
    return a_stamp || b_stamp;
}

/* The rules of SQL Server, which ODBC applications know best. */
static struct type decimal_arithmetic(enum operator op, const struct type *a, const struct type *b)
{
    int32_t scale = larger(a->scale, b->scale), whole = larger(a->size - a->scale, b->size - b->scale);

    switch (op) {
    case OPERATOR_MULTIPLY:
        return capped(a->size + b->size + 1, a->scale + b->scale);
    case OPERATOR_DIVIDE:
        scale = larger(SMALLEST_FRACTION, a->scale + b->size + 1);
        return capped(a->size - a->scale + b->scale + scale, scale);
    case OPERATOR_MODULO:
        whole = a->size - a->scale < b->size - b->scale ? a->size - a->scale : b->size - b->scale;
        return capped(larger(whole + scale, 1), scale);
    default:
        return capped(whole + scale + 1, scale);
    }
}

bool typing_arithmetic(enum operator op, const struct type *a, const struct type *b, struct type *result)
{
    if (!type_is_number(a->kind) || !type_is_number(b->kind))
        return false;
    if (a->kind == TYPE_DOUBLE || b->kind == TYPE_DOUBLE) {
        *result = (struct type){.kind = TYPE_DOUBLE};
        return true;
    }
    if (a->kind == TYPE_DECIMAL || b->kind == TYPE_DECIMAL) {
        struct type x = typing_as_decimal(a), y = typing_as_decimal(b);
        *result = decimal_arithmetic(op, &x, &y);
        return true;
    }
    bool small = a->kind != TYPE_BIGINT && b->kind != TYPE_BIGINT && (op == OPERATOR_DIVIDE || op == OPERATOR_MODULO);
    *result = (struct type){.kind = small ? TYPE_INTEGER : TYPE_BIGINT};
    return true;
}

int32_t typing_text_length(const struct type *type)
{
    switch (type->kind) {
    case TYPE_BOOLEAN: return 1;
    case TYPE_TINYINT: return 4;
    case TYPE_SMALLINT: return 6;
    case TYPE_INTEGER: return 11;
    case TYPE_BIGINT: return 20;
    case TYPE_DOUBLE: return 24;
    case TYPE_DECIMAL: return type->size + 3;  /* sign, leading zero, point */
    case TYPE_DATE: return 10;
    case TYPE_TIME: return type->scale ? 9 + type->scale : 8;
    case TYPE_TIMESTAMP: return type->scale ? 20 + type->scale : 19;
    case TYPE_STRING: return type->size;
    case TYPE_BINARY: return type->size > INT32_MAX / 2 ? 0 : type->size * 2;
    case TYPE_GUID: return 36;
    case TYPE_JSON: return 0;
    }
    return 0;
}

bool typing_castable(const struct type *from, const struct type *to)
{
    bool from_number = type_is_number(from->kind) || from->kind == TYPE_BOOLEAN;
    bool to_number = type_is_number(to->kind) || to->kind == TYPE_BOOLEAN;

    if (from->kind == to->kind || type_is_text(from->kind))
        return true;
    if (from->kind == TYPE_BINARY)
        return type_is_text(to->kind);
    if (to->kind == TYPE_STRING || (from_number && to_number))
        return true;
    return type_is_datetime(from->kind) && type_is_datetime(to->kind) && (from->kind == TYPE_TIMESTAMP || to->kind == TYPE_TIMESTAMP);
}

static bool whole_number(enum type_kind kind)
{
    return kind == TYPE_BOOLEAN || type_is_whole(kind);
}

bool typing_same_storage(const struct type *from, const struct type *to)
{
    if (whole_number(from->kind) && whole_number(to->kind))
        return from->kind <= to->kind;
    if (type_is_text(from->kind) && to->kind == TYPE_STRING) {
        int32_t length = typing_text_length(from);
        return !to->size || (length && length <= to->size);
    }
    if (from->kind != to->kind)
        return false;
    switch (from->kind) {
    case TYPE_DECIMAL:
        return from->scale == to->scale && from->size <= to->size;
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
        return from->scale == to->scale;
    case TYPE_BINARY:
        return !to->size || (from->size && from->size <= to->size);
    default:
        return true;
    }
}

static struct type string_of_all(const struct expression *call)
{
    struct type type = {.kind = TYPE_STRING};

    for (size_t i = 0; i < call->operand_count; i++) {
        const struct type *argument = &call->operands[i]->type;
        if (!type_is_text(argument->kind))
            continue;
        int32_t length = typing_text_length(argument);
        if (!length || type.size > INT32_MAX - length)
            return (struct type){.kind = TYPE_STRING};
        type.size += length;
    }
    return type;
}

static struct type whole_of(const struct type *type)
{
    if (type->kind != TYPE_DECIMAL)
        return *type;
    int32_t digits = type->size - type->scale + 1;
    return (struct type){TYPE_DECIMAL, digits > DECIMAL_DIGITS ? DECIMAL_DIGITS : digits, 0};
}

static struct type rounded(const struct type *type)
{
    struct type wider = *type;

    if (type->kind == TYPE_DECIMAL && type->size < DECIMAL_DIGITS)
        wider.size++;
    return wider;
}

static struct type aggregate(enum function_result result, const struct type *argument)
{
    bool sum = result == RESULT_SUM;

    if (argument->kind == TYPE_DECIMAL)
        return (struct type){TYPE_DECIMAL, DECIMAL_DIGITS,
                             sum ? argument->scale : (int16_t)larger(argument->scale, SMALLEST_FRACTION)};
    return (struct type){.kind = sum && argument->kind != TYPE_DOUBLE ? TYPE_BIGINT : TYPE_DOUBLE};
}

/* Whole days added to a date leave a date. */
static struct type timestampadd(const struct expression *call)
{
    static const char *const days[] = {"day", "week", "month", "quarter", "year"};
    const struct type *from = &call->operands[call->operand_count - 1]->type;

    if (from->kind == TYPE_DATE)
        for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
            if (strcmp(call->word, days[i]) == 0)
                return (struct type){.kind = TYPE_DATE};
    struct type type = {.kind = TYPE_TIMESTAMP, .scale = from->kind == TYPE_DATE ? 0 : from->scale};
    if (strcmp(call->word, "frac_second") == 0)
        type.scale = TIMESTAMP_FRACTION;
    if (strcmp(call->word, "microsecond") == 0 && type.scale < 6)
        type.scale = 6;
    if (strcmp(call->word, "millisecond") == 0 && type.scale < 3)
        type.scale = 3;
    return type;
}

/* CURRENT_TIMESTAMP(3) */
static int16_t precision(const struct expression *call)
{
    const struct expression *digits = call->operand_count ? call->operands[0] : NULL;
    if (!digits)
        return 0;
    bool known = digits->kind == EXPRESSION_LITERAL && digits->value.storage == STORAGE_INTEGER && digits->value.integer >= 0 &&
                 digits->value.integer < TIMESTAMP_FRACTION;
    return known ? (int16_t)digits->value.integer : TIMESTAMP_FRACTION;
}

/* What functions take a smallint for: its ABS, or what ROUND makes of it, may be none. */
static struct type widened(const struct type *type)
{
    bool small = type->kind == TYPE_TINYINT || type->kind == TYPE_SMALLINT;
    return small ? (struct type){.kind = TYPE_INTEGER} : *type;
}

struct type typing_function(const struct expression *call)
{
    const struct type none = {0}, *first = call->operand_count ? &call->operands[0]->type : &none;
    const struct type wide = widened(first);

    if (call->function->result != RESULT_COMMON && call->function->result != RESULT_OF_TYPE_ARGUMENT)
        first = &wide;
    switch (call->function->result) {
    case RESULT_BOOLEAN: return (struct type){.kind = TYPE_BOOLEAN};
    case RESULT_INTEGER: return (struct type){.kind = TYPE_INTEGER};
    case RESULT_BIGINT: return (struct type){.kind = TYPE_BIGINT};
    case RESULT_DOUBLE: return (struct type){.kind = TYPE_DOUBLE};
    case RESULT_DATE: return (struct type){.kind = TYPE_DATE};
    case RESULT_TIME: return (struct type){.kind = TYPE_TIME, .scale = precision(call)};
    case RESULT_TIMESTAMP: return (struct type){.kind = TYPE_TIMESTAMP, .scale = precision(call)};
    case RESULT_STRING: return (struct type){.kind = TYPE_STRING};
    case RESULT_STRING_OF_1: return (struct type){.kind = TYPE_STRING, .size = typing_text_length(first)};
    case RESULT_STRING_OF_ALL: return string_of_all(call);
    case RESULT_STRING_SHORT: return (struct type){.kind = TYPE_STRING, .size = SHORT_STRING};
    case RESULT_WHOLE_OF_1: return whole_of(first);
    case RESULT_ROUNDED_1: return rounded(first);
    case RESULT_TIMESTAMP_OF_3: return timestampadd(call);
    case RESULT_TRUNCATED_DATE: return first->kind == TYPE_DATE ? *first : (struct type){.kind = TYPE_TIMESTAMP};
    case RESULT_SUM:
    case RESULT_AVERAGE: return aggregate(call->function->result, first);
    case RESULT_SAME_AS_1:
    case RESULT_MODULO:
    case RESULT_COMMON:
    case RESULT_OF_TYPE_ARGUMENT: break;
    }
    return *first;
}
