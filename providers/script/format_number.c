/* Formatters of numbers, exact as far as decimals go, and of truth values. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "base/error.h"
#include "base/name.h"
#include "base/value.h"
#include "oauth/secret.h"
#include "providers/script/formatter.h"

typedef const struct formatter self;

enum { QUOTIENT_DIGITS = 15, MOST_DECIMALS = 30 };

/* "" is 0; spaces around and separators of thousands are no harm. */
static bool read_number(self *s, const char *text, struct decimal *number, struct error *err)
{
    char plain[80];
    size_t length = 0;

    for (const char *c = text; *c && length + 1 < sizeof plain; c++)
        if (*c != ',' && *c != ' ' && *c != '\t' && *c != '\r' && *c != '\n')
            plain[length++] = *c;
    if (length == 0)
        plain[length++] = '0';
    return decimal_parse(plain, length, number) || formatter_refuse(s, err, "needs a number, not \"%.40s\"", text);
}

/* Without zeros at the end. */
static bool put_number(self *s, struct formatting *f, bool fits, const struct decimal *number, struct error *err)
{
    char text[DECIMAL_TEXT];

    if (!fits)
        return formatter_refuse(s, err, "has a result that is too large");
    size_t length = decimal_print(number, text);
    if (memchr(text, '.', length)) {
        while (text[length - 1] == '0')
            length--;
        length -= text[length - 1] == '.';
    }
    buffer_append(f->out, text, length);
    return true;
}

enum { OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_MODULUS };

/* What is left of a after b has been taken off as often as it goes. */
static bool modulus(const struct decimal *a, const struct decimal *b, struct decimal *result)
{
    struct decimal whole, part;
    int scale = a->scale > b->scale ? a->scale : b->scale;
    struct decimal left, right;

    if (!decimal_rescale(a, scale, &left) || !decimal_rescale(b, scale, &right))
        return false;
    whole = (struct decimal){left.unscaled / right.unscaled, 0};
    return decimal_multiply(&whole, &right, &part) && decimal_subtract(&left, &part, result);
}

static bool apply_operation(self *s, struct formatting *f, struct error *err)
{
    struct decimal a, b, result = {0};
    bool fits = false;

    if (!read_number(s, f->value, &a, err) || !read_number(s, formatter_argument(f, 0, "1"), &b, err))
        return false;
    if ((s->which == OP_DIVIDE || s->which == OP_MODULUS) && b.unscaled == 0)
        return formatter_refuse(s, err, "can not divide by zero");
    switch (s->which) {
    case OP_ADD: fits = decimal_add(&a, &b, &result); break;
    case OP_SUBTRACT: fits = decimal_subtract(&a, &b, &result); break;
    case OP_MULTIPLY: fits = decimal_multiply(&a, &b, &result); break;
    case OP_DIVIDE: fits = decimal_divide(&a, &b, QUOTIENT_DIGITS, &result); break;
    case OP_MODULUS: fits = modulus(&a, &b, &result); break;
    }
    return put_number(s, f, fits, &result, err);
}

enum { ROUND_NEAREST, ROUND_UP, ROUND_DOWN, ROUND_NOTHING };

/* To the whole number below, or above. */
static bool round_whole(const struct decimal *number, bool up, struct decimal *result)
{
    const struct decimal one = {1, 0};

    if (!decimal_rescale(number, 0, result))
        return false;
    int order = decimal_compare(result, number);
    if (up && order < 0)
        return decimal_add(result, &one, result);
    return up || order <= 0 || decimal_subtract(result, &one, result);
}

static bool apply_round(self *s, struct formatting *f, struct error *err)
{
    struct decimal number, whole = {0};
    long digits;

    if (!read_number(s, f->value, &number, err) || !formatter_number(s, f, 0, 0, 0, MOST_DECIMALS, &digits, err))
        return false;
    bool fits = true;
    if (s->which == ROUND_NEAREST)
        fits = number.scale <= digits || decimal_rescale(&number, (int)digits, &number);
    else if (s->which == ROUND_NOTHING)
        number.unscaled = number.unscaled < 0 ? -number.unscaled : number.unscaled;
    else if ((fits = round_whole(&number, s->which == ROUND_UP, &whole)))
        number = whole;
    return put_number(s, f, fits, &number, err);
}

/* By floating point: there is no exact way. */
static bool apply_power(self *s, struct formatting *f, struct error *err)
{
    struct decimal a, b = {5, 1};
    char text[VALUE_SCRATCH];

    if (!read_number(s, f->value, &a, err) || (f->count && !read_number(s, f->arguments[0], &b, err)))
        return false;
    double result = f->count ? pow(decimal_to_double(&a), decimal_to_double(&b)) : sqrt(decimal_to_double(&a));
    if (!isfinite(result))
        return formatter_refuse(s, err, "has no result for %.40s", f->value);
    buffer_append(f->out, text, value_print_real(result, text));
    return true;
}

/* --- truth --- */

static bool is_true(const char *text)
{
    return name_equal(text, "true") || name_equal(text, "yes") || strcmp(text, "1") == 0;
}

enum { LOGIC_AND, LOGIC_OR, LOGIC_XOR, LOGIC_NOT };

static bool apply_logic(self *s, struct formatting *f, struct error *err)
{
    bool a = is_true(f->value), b = is_true(formatter_argument(f, 0, ""));
    (void)err;

    buffer_append_text(f->out, (s->which == LOGIC_AND ? a && b : s->which == LOGIC_OR ? a || b : s->which == LOGIC_XOR ? a != b : !a) ? "true"
                                                                                                                                       : "false");
    return true;
}

static bool apply_order(self *s, struct formatting *f, struct error *err)
{
    struct decimal a, b;

    if (!read_number(s, f->value, &a, err) || !read_number(s, f->arguments[0], &b, err))
        return false;
    int order = decimal_compare(&a, &b);
    formatter_answer(f, s->which > 0 ? order > 0 : order < 0, 1);
    return true;
}

static bool apply_between(self *s, struct formatting *f, struct error *err)
{
    struct decimal number, low, high;

    if (!read_number(s, f->value, &number, err) || !read_number(s, f->arguments[0], &low, err) || !read_number(s, f->arguments[1], &high, err))
        return false;
    formatter_answer(f, decimal_compare(&number, &low) >= 0 && decimal_compare(&number, &high) <= 0, 2);
    return true;
}

/* rand(n): from 0 to n - 1, of as much randomness as keys are made of. */
static bool apply_random(self *s, struct formatting *f, struct error *err)
{
    struct buffer random;
    unsigned long number = 0;
    long most;

    if (!formatter_number(s, f, 0, 2147483647, 1, 2147483647, &most, err))
        return false;
    buffer_init(&random, 64);
    bool done = secret_random(&random, 12) || formatter_refuse(s, err, "has no randomness");
    for (size_t i = 0; done && i < random.length; i++)
        number = number * 67 + (unsigned char)random.data[i];
    buffer_clear(&random);
    buffer_printf(f->out, "%lu", number % (unsigned long)most);
    return done;
}

/* --- writing --- */

enum { WRITE_DECIMAL, WRITE_CURRENCY, WRITE_PERCENTAGE };

static bool apply_written(self *s, struct formatting *f, struct error *err)
{
    static const struct decimal hundred = {100, 0};
    struct decimal number;
    char text[DECIMAL_TEXT];
    long digits;

    if (!read_number(s, f->value, &number, err) || !formatter_number(s, f, 0, 2, 0, MOST_DECIMALS, &digits, err))
        return false;
    if ((s->which == WRITE_PERCENTAGE && !decimal_multiply(&number, &hundred, &number)) || !decimal_rescale(&number, (int)digits, &number))
        return formatter_refuse(s, err, "has a result that is too large");
    bool negative = number.unscaled < 0;
    if (negative)
        number.unscaled = -number.unscaled;
    size_t length = decimal_print(&number, text), whole = strcspn(text, ".");
    buffer_append_text(f->out, negative ? "-" : "");
    buffer_append_text(f->out, s->which == WRITE_CURRENCY ? "$" : "");
    for (size_t i = 0; i < length; i++) {
        if (s->which != WRITE_PERCENTAGE && i && i < whole && (whole - i) % 3 == 0)
            buffer_append_char(f->out, ',');
        buffer_append_char(f->out, text[i]);
    }
    buffer_append_text(f->out, s->which == WRITE_PERCENTAGE ? "%" : "");
    return true;
}

/* --- lists --- */

enum { LIST_AVERAGE, LIST_SUM, LIST_GREATEST, LIST_LEAST, LIST_COUNT };

/* A tie as the first parameter says; AwayFromZero is the decimals' own way. */
static bool round_list(const char *how, int digits, struct decimal *number)
{
    static const struct decimal two = {2, 0};
    struct decimal nearest, twice, difference;

    if (name_equal(how, "AwayFromZero") || !*how)
        return decimal_rescale(number, digits, number);
    if (!decimal_rescale(number, digits, &nearest) || !decimal_subtract(number, &nearest, &difference)
        || !decimal_multiply(&difference, &two, &twice))
        return false;
    const struct decimal unit = {1, digits};
    bool away = decimal_compare(&nearest, number) * (number->unscaled < 0 ? -1 : 1) > 0;
    twice.unscaled = twice.unscaled < 0 ? -twice.unscaled : twice.unscaled;
    bool tie = decimal_compare(&twice, &unit) == 0;
    if (away && (name_equal(how, "ToZero") || (name_equal(how, "ToEven") && tie && nearest.unscaled % 2 != 0)))
        nearest.unscaled += number->unscaled < 0 ? 1 : -1;
    *number = nearest;
    return true;
}

static bool apply_list(self *s, struct formatting *f, struct error *err)
{
    const char *how = formatter_argument(f, 0, "");
    struct decimal total = {0}, number, result = {0};
    long long count = 0;
    bool fits = true;
    long digits;

    if (!formatter_number(s, f, 1, -1, 0, MOST_DECIMALS, &digits, err))
        return false;
    if (*how && !name_equal(how, "ToEven") && !name_equal(how, "AwayFromZero") && !name_equal(how, "ToZero"))
        return formatter_refuse(s, err, "rounds ToEven, AwayFromZero or ToZero, not \"%.40s\"", how);
    for (const char *line = f->value; *line;) {
        char text[80];
        size_t length = strcspn(line, "\n");
        snprintf(text, sizeof text, "%.*s", (int)(length < sizeof text ? length : sizeof text - 1), line);
        if (!read_number(s, text, &number, err))
            return false;
        fits = fits && decimal_add(&total, &number, &total);
        if (count == 0 || (s->which == LIST_GREATEST ? decimal_compare(&number, &result) > 0 : decimal_compare(&number, &result) < 0))
            result = number;
        count++;
        line += length + (line[length] == '\n');
    }
    const struct decimal many = {count ? count : 1, 0};
    if (s->which == LIST_AVERAGE)
        fits = fits && decimal_divide(&total, &many, QUOTIENT_DIGITS, &result);
    else if (s->which == LIST_SUM)
        result = total;
    else if (s->which == LIST_COUNT)
        result = (struct decimal){count, 0};
    if (digits >= 0 || *how)
        fits = fits && round_list(how, digits >= 0 ? (int)digits : 0, &result);
    return put_number(s, f, fits, &result, err);
}

static const struct formatter formatters[] = {
    {"add", 1, 1, apply_operation, OP_ADD},
    {"subtract", 1, 1, apply_operation, OP_SUBTRACT},
    {"multiply", 1, 1, apply_operation, OP_MULTIPLY},
    {"divide", 1, 1, apply_operation, OP_DIVIDE},
    {"modulus", 1, 1, apply_operation, OP_MODULUS},
    {"increment", 0, 1, apply_operation, OP_ADD},
    {"decrement", 0, 1, apply_operation, OP_SUBTRACT},
    {"round", 0, 1, apply_round, ROUND_NEAREST},
    {"ceiling", 0, 0, apply_round, ROUND_UP},
    {"floor", 0, 0, apply_round, ROUND_DOWN},
    {"abs", 0, 0, apply_round, ROUND_NOTHING},
    {"pow", 1, 1, apply_power, 0},
    {"sqrt", 0, 0, apply_power, 0},
    {"and", 1, 1, apply_logic, LOGIC_AND},
    {"or", 1, 1, apply_logic, LOGIC_OR},
    {"xor", 1, 1, apply_logic, LOGIC_XOR},
    {"not", 0, 0, apply_logic, LOGIC_NOT},
    {"greaterthan", 1, 3, apply_order, 1},
    {"lessthan", 1, 3, apply_order, -1},
    {"between", 2, 4, apply_between, 0},
    {"rand", 0, 1, apply_random, 0},
    {"decimal", 0, 1, apply_written, WRITE_DECIMAL},
    {"currency", 0, 1, apply_written, WRITE_CURRENCY},
    {"percentage", 0, 1, apply_written, WRITE_PERCENTAGE},
    {"arrayaverage", 0, 2, apply_list, LIST_AVERAGE},
    {"arraysum", 0, 2, apply_list, LIST_SUM},
    {"arraymax", 0, 2, apply_list, LIST_GREATEST},
    {"arraymin", 0, 2, apply_list, LIST_LEAST},
    {"arraycount", 0, 0, apply_list, LIST_COUNT},
};

const struct formatter_family formatters_of_numbers = {formatters, sizeof formatters / sizeof formatters[0]};
