#include "providers/odata/condition.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "providers/odata/expression.h"
#include "providers/odata/filter.h"
#include "providers/odata/options.h"

enum { LONGEST_ALTERNATIVES = 20 /* of `in` with something else than a column */, LONGEST_CONDITION = 1 << 20 };

/* What came of a term. */
enum said {
    SAID_NOT,                        /* rows that satisfy it may be any */
    SAID,
    SAID_NEVER,                      /* no row satisfies it */
};

static const char *const words[] = {
    [FILTER_EQUAL] = "eq", [FILTER_NOT_EQUAL] = "ne", [FILTER_LESS] = "lt", [FILTER_LESS_EQUAL] = "le", [FILTER_GREATER] = "gt", [FILTER_GREATER_EQUAL] = "ge",
};

static bool is_comparison(enum filter_op op)
{
    return op == FILTER_EQUAL || op == FILTER_NOT_EQUAL || op == FILTER_LESS || op == FILTER_LESS_EQUAL || op == FILTER_GREATER || op == FILTER_GREATER_EQUAL;
}

static bool is_call(const struct term *term, enum term_function function)
{
    return term->kind == TERM_CALL && term->function == function;
}

static bool is_exact_text(const struct odata_saying *saying)
{
    return saying->context->options->exact_text;
}

/* Columns and values. */

/* Whether the values are of the column's own type, as those of plain conditions are. A parameter for a day may be a moment within it. */
static bool fits_column(const struct term *column, const struct term *value)
{
    enum { DAY_LENGTH = 10 };
    enum type_kind kind = column->type.kind;

    if (value->kind != TERM_VALUE || (kind == TYPE_DATE && value->value.storage == STORAGE_TEXT && value->value.length != DAY_LENGTH))
        return false;
    return value->type.kind == kind || (type_is_whole(kind) && type_is_whole(value->type.kind));
}

/* column LIKE 'a%', and its opposite where the service compares as SQL does. */
static enum said say_unlike(const struct odata_saying *saying, const struct odata_column *column, const struct term *pattern, struct buffer *out)
{
    const char *text = pattern->value.text;
    size_t length = pattern->value.length;

    if (!is_exact_text(saying) || !column || column->edm != EDM_STRING || odata_is_open(pattern) || length < 2)
        return SAID_NOT;
    bool first = text[0] == '%', last = text[length - 1] == '%';
    const char *function = !first ? "startswith" : !last ? "endswith" : saying->context->version == ODATA_V4 ? "contains" : "substringof";
    size_t start = first, end = length - last;
    if (!(first || last) || start >= end || memchr(text + start, '%', end - start) || memchr(text + start, '_', end - start)
        || !odata_may_use(saying->context, saying->table, function))
        return SAID_NOT;
    saying->needs->function = true;
    struct buffer literal;
    buffer_init(&literal, ODATA_SAID_LENGTH);
    odata_quote(&literal, text + start, end - start);
    bool reversed = strcmp(function, "substringof") == 0;
    buffer_printf(out, "not%%20%s(", function);
    if (!reversed)
        odata_say_path(saying, column, out);
    buffer_append_text(out, reversed ? "" : ",");
    odata_encode(out, buffer_text(&literal), literal.length, false);
    buffer_append_text(out, reversed ? "," : "");
    if (reversed)
        odata_say_path(saying, column, out);
    buffer_append_char(out, ')');
    buffer_clear(&literal);
    return SAID;
}

/* As a condition of its own would be written. */
static enum said say_plain(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    enum { MOST_VALUES = 500 };
    const struct term *left = test->operands[0];
    const struct odata_column *column = &saying->table->columns[left->column];
    struct value values[MOST_VALUES];
    struct filter filter = {.column = left->column, .op = test->op, .values = values, .value_count = test->count - 1};
    const char *name = NULL;

    if (test->negated)
        return test->operands[1]->kind == TERM_VALUE ? say_unlike(saying, odata_said_column(saying, left), test->operands[1], out) : SAID_NOT;
    if (filter.value_count > MOST_VALUES)
        return SAID_NOT;
    for (size_t i = 0; i < filter.value_count; i++) {
        values[i] = test->operands[i + 1]->value;
        name = odata_is_open(test->operands[i + 1]) ? "?" : name;
    }
    if (!name && filter_is_never_true(&filter))
        return SAID_NEVER;
    if (column->edm == EDM_STRING && test->op == FILTER_NOT_EQUAL && is_exact_text(saying) && odata_said_column(saying, left)) {
        odata_say_path(saying, column, out);
        return buffer_append_text(out, "%20ne%20") && odata_say_literal(saying, EDM_STRING, test->operands[1], out) ? SAID : SAID_NOT;
    }
    if (column->role != ROLE_PROPERTY || !odata_can_filter(saying->context, saying->table, column, test->op))
        return SAID_NOT;
    saying->needs->function |= test->op == FILTER_LIKE;
    saying->needs->in |= test->op == FILTER_IN && filter.value_count > 1;
    return odata_filter_one(saying->context, saying->table, &filter, saying->navigation, name, out) ? SAID : SAID_NOT;
}

/* a = b. Moments that rows show less exactly than the service knows them may be equal here and not there. */
static enum said say_columns(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    const struct odata_column *a = odata_said_column(saying, test->operands[0]), *b = odata_said_column(saying, test->operands[1]);
    bool equality = test->op == FILTER_EQUAL || test->op == FILTER_NOT_EQUAL, strict;

    if (!a || !b || a->edm != b->edm || a->type != b->type || a->day != b->day)
        return SAID_NOT;
    switch (a->edm) {
    case EDM_STRING:
        if (test->op != FILTER_EQUAL && !(test->op == FILTER_NOT_EQUAL && is_exact_text(saying)))
            return SAID_NOT;
        break;
    case EDM_BOOLEAN: case EDM_GUID: case EDM_ENUM:
        if (!equality)
            return SAID_NOT;
        break;
    case EDM_DATE_TIME: case EDM_DATE_TIME_OFFSET:
        strict = test->op == FILTER_LESS || test->op == FILTER_GREATER || test->op == FILTER_NOT_EQUAL;
        if ((saying->context->milliseconds || a->day) && !strict)
            return SAID_NOT;
        break;
    case EDM_DATE: case EDM_TIME_OF_DAY: case EDM_TIME:
        break;
    default:
        return SAID_NOT;
    }
    odata_say_path(saying, a, out);
    buffer_printf(out, "%%20%s%%20", words[test->op]);
    return odata_say_path(saying, b, out) ? SAID : SAID_NOT;
}

/* Numbers. */

/* Whether it may have more digits than a real number, which a service makes of it that compares it with one. */
static bool outgrows_real(const struct odata_number *number)
{
    const int64_t most = (int64_t)1 << DBL_MANT_DIG;

    return number->kind == NUMBER_WHOLE && (number->literal ? number->least < -most || number->most > most : number->wide);
}

static bool compares_alike(const struct odata_number *a, const struct odata_number *b)
{
    bool real = a->kind == NUMBER_DOUBLE || b->kind == NUMBER_DOUBLE, decimal = a->kind == NUMBER_DECIMAL || b->kind == NUMBER_DECIMAL;

    return !real || (!decimal && !outgrows_real(a) && !outgrows_real(b));
}

static enum said say_numbers(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    struct odata_number a, b;

    if (!odata_say_number(saying, test->operands[0], out, &a) || !buffer_printf(out, "%%20%s%%20", words[test->op])
        || !odata_say_number(saying, test->operands[1], out, &b))
        return SAID_NOT;
    return compares_alike(&a, &b) ? SAID : SAID_NOT;
}

/* A call of `function` with a column that is a text; appends "length(Name)". */
static bool say_of_column(const struct odata_saying *saying, const char *function, const struct term *column, const char *more, struct buffer *out)
{
    const struct odata_column *found = odata_said_column(saying, column);

    return found && found->edm == EDM_STRING && odata_say_call(saying, function, out) && odata_say_path(saying, found, out) && buffer_append_text(out, more)
           && buffer_append_char(out, ')');
}

/* Services count blanks at the end, and some count a character of the upper planes twice: never less than SQL. */
static enum said say_length(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    static const char *const at_least[] = {[FILTER_EQUAL] = "ge", [FILTER_GREATER] = "gt", [FILTER_GREATER_EQUAL] = "ge"};
    const char *word = test->op == FILTER_EQUAL || test->op == FILTER_GREATER || test->op == FILTER_GREATER_EQUAL ? at_least[test->op] : NULL;

    return word && say_of_column(saying, "length", test->operands[0]->operands[0], "", out) && buffer_printf(out, "%%20%s%%20", word)
           && odata_say_literal(saying, EDM_INT32, test->operands[1], out) ? SAID : SAID_NOT;
}

/* Where a text is found: a service that takes A for a may find it sooner, and never does not. */
static enum said say_place(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    const struct term *part = test->operands[0]->operands[0], *text = test->operands[0]->operands[1], *place = test->operands[1];
    const struct odata_column *column = odata_said_column(saying, text);
    int64_t value = place->value.storage == STORAGE_INTEGER ? place->value.integer : -1;
    const char *test_text;

    if (part->kind != TERM_VALUE || odata_is_open(part) || part->value.storage != STORAGE_TEXT || !part->value.length || !column || column->edm != EDM_STRING)
        return SAID_NOT;
    if (odata_is_open(place))
        test_text = "%20ge%20?";
    else if (value == 1 && test->op == FILTER_EQUAL)
        test_text = "%20eq%200";
    else if (value == 0 && test->op == FILTER_EQUAL && is_exact_text(saying))
        test_text = "%20eq%20-1";
    else if ((value > 1 && test->op == FILTER_EQUAL) || (value >= 1 && test->op == FILTER_GREATER_EQUAL)
             || (value >= 0 && test->op == FILTER_GREATER) || (value == 0 && test->op == FILTER_NOT_EQUAL))
        test_text = "%20ge%200";
    else
        return SAID_NOT;
    return odata_say_call(saying, "indexof", out) && odata_say_path(saying, column, out) && buffer_append_char(out, ',')
           && odata_say_literal(saying, EDM_STRING, part, out) && buffer_append_char(out, ')') && buffer_append_text(out, test_text) ? SAID : SAID_NOT;
}

/* A whole number of a size at which one more is another number in every type. */
static bool is_whole(const struct value *value, int64_t *n)
{
    char scratch[VALUE_SCRATCH], *end;
    size_t length;
    double number = strtod(value_as_text(value, scratch, &length), &end);

    if (value_is_null(value) || fabs(number) > 1e9 || number != floor(number))
        return false;
    *n = (int64_t)number;
    return true;
}

/* ROUND(x) op n. Services that round halves to the even number come to one that is nearer to zero by one, where they differ. */
static enum said say_rounded(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    const struct term *of = test->operands[0]->operands[0], *value = test->operands[1];
    struct odata_number number;
    struct buffer call;
    char least[40], most[40];
    int64_t n = 0;

    if ((!odata_is_open(value) && !is_whole(&value->value, &n)) || test->op == FILTER_NOT_EQUAL)
        return SAID_NOT;
    buffer_init(&call, ODATA_SAID_LENGTH);
    bool said = odata_say_call(saying, "round", &call) && odata_say_number(saying, of, &call, &number) && buffer_append_char(&call, ')')
                && number.kind != NUMBER_WHOLE;
    const char *suffix = saying->context->version == ODATA_V4 ? "" : "L";
    snprintf(least, sizeof least, odata_is_open(value) ? "?" : "%lld%s", (long long)(n - (n > 0 || test->op != FILTER_EQUAL)), suffix);
    snprintf(most, sizeof most, odata_is_open(value) ? "?" : "%lld%s", (long long)(n + (n < 0 || test->op != FILTER_EQUAL)), suffix);
    if (said && (test->op == FILTER_EQUAL || test->op == FILTER_GREATER || test->op == FILTER_GREATER_EQUAL))
        buffer_printf(out, "%s%%20%s%%20%s", buffer_text(&call), test->op == FILTER_GREATER ? "gt" : "ge", least);
    if (said && test->op == FILTER_EQUAL)
        buffer_append_text(out, "%20and%20");
    if (said && (test->op == FILTER_EQUAL || test->op == FILTER_LESS || test->op == FILTER_LESS_EQUAL))
        buffer_printf(out, "%s%%20%s%%20%s", buffer_text(&call), test->op == FILTER_LESS ? "lt" : "le", most);
    buffer_clear(&call);
    return said ? SAID : SAID_NOT;
}

/* MONTH(x) = n, DAY(x) = n of a moment with an offset, whose day may be another one at the service. */
static enum said say_shifted(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    const struct term *part = test->operands[0], *value = test->operands[1];
    const struct odata_column *column = odata_said_column(saying, part->operands[0]);
    bool month = part->function == TERM_MONTH;
    const char *name = month ? "month" : "day";
    struct buffer call;
    int64_t n = value->value.storage == STORAGE_INTEGER ? value->value.integer : 0;

    if (!column || test->op != FILTER_EQUAL || odata_is_open(value) || n < 1 || n > (month ? 12 : 31))
        return SAID_NOT;
    buffer_init(&call, ODATA_SAID_LENGTH);
    bool said = odata_say_call(saying, name, &call) && odata_say_path(saying, column, &call) && buffer_append_char(&call, ')');
    const char *text = buffer_text(&call);
    int last = month ? 12 : 28; /* the day before the first may be the 28th */
    if (said && n == 1)
        buffer_printf(out, "(%s%%20le%%202%%20or%%20%s%%20ge%%20%d)", text, text, last);
    else if (said && n >= last)
        buffer_printf(out, "(%s%%20ge%%20%lld%%20or%%20%s%%20eq%%201)", text, (long long)n - 1, text);
    else if (said)
        buffer_printf(out, "%s%%20ge%%20%lld%%20and%%20%s%%20le%%20%lld", text, (long long)n - 1, text, (long long)n + 1);
    buffer_clear(&call);
    return said ? SAID : SAID_NOT;
}

/* Texts. */

static bool is_ascii(const struct value *text)
{
    for (size_t i = 0; i < text->length; i++)
        if ((unsigned char)text->text[i] >= 0x80)
            return false;
    return true;
}

/* TRIM(x) = 'a': services that take more than blanks away come to the same where nothing else is at the ends of a. */
static enum said say_trimmed(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    const struct value *value = &test->operands[1]->value;
    bool open = odata_is_open(test->operands[1]);

    if (!open && (value->storage != STORAGE_TEXT || !value->length || (unsigned char)value->text[0] - 0x21u > 0x5d
                  || (unsigned char)value->text[value->length - 1] - 0x21u > 0x5d))
        return SAID_NOT;
    return say_of_column(saying, "trim", test->operands[0]->operands[0], "", out) && buffer_append_text(out, "%20eq%20")
           && odata_say_literal(saying, EDM_STRING, test->operands[1], out) ? SAID : SAID_NOT;
}

/* SUBSTRING(x, from, length) = 'a'. Some services count a character of the upper planes twice, so that only what is at the beginning is surely
 * found in its place: 'a' stands somewhere in x. */
static enum said say_part_of_text(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    const struct term *call = test->operands[0], *value = test->operands[1], *from = call->operands[1], *length = call->count > 2 ? call->operands[2] : NULL;
    const struct odata_column *column = odata_said_column(saying, call->operands[0]);
    const struct value *text = &value->value;
    bool v4 = saying->context->version == ODATA_V4;
    char more[60];

    if (!column || column->edm != EDM_STRING || from->kind != TERM_VALUE || from->value.storage != STORAGE_INTEGER || from->value.integer < 1
        || (length && (length->kind != TERM_VALUE || length->value.storage != STORAGE_INTEGER || length->value.integer < 1)) || odata_is_open(value)
        || text->storage != STORAGE_TEXT || !text->length)
        return SAID_NOT;
    for (size_t i = 0; i < text->length; i++)
        if ((unsigned char)text->text[i] >= 0xf0)
            return SAID_NOT;
    if (from->value.integer == 1 && length) {
        snprintf(more, sizeof more, ",0,%lld", (long long)length->value.integer);
        return say_of_column(saying, "substring", call->operands[0], more, out) && buffer_append_text(out, "%20eq%20")
               && odata_say_literal(saying, EDM_STRING, value, out) ? SAID : SAID_NOT;
    }
    const char *function = !length ? "endswith" : v4 ? "contains" : "substringof";
    if (!odata_may_use(saying->context, saying->table, function))
        return SAID_NOT;
    saying->needs->function = true;
    bool reversed = length && !v4;
    buffer_printf(out, "%s(", function);
    bool said = reversed ? odata_say_literal(saying, EDM_STRING, value, out) : odata_say_path(saying, column, out);
    buffer_append_char(out, ',');
    said = said && (reversed ? odata_say_path(saying, column, out) : odata_say_literal(saying, EDM_STRING, value, out));
    return said && buffer_append_char(out, ')') ? SAID : SAID_NOT;
}

/* LIKE of what is made of texts: as with columns, piece by piece. */
static enum said say_like(const struct odata_saying *saying, const char *made, const struct value *pattern, struct buffer *out)
{
    const char *text = pattern->text;
    size_t length = pattern->length, at = 0;
    bool begun = false;

    saying->needs->function = true;
    while (at < length) {
        size_t start = at;
        while (at < length && text[at] != '%' && text[at] != '_')
            at++;
        const char *function = start == 0 ? "startswith" : at == length ? "endswith" : saying->context->version == ODATA_V4 ? "contains" : "substringof";
        if (at > start && odata_may_use(saying->context, saying->table, function)) {
            struct buffer literal;
            buffer_init(&literal, ODATA_SAID_LENGTH);
            odata_quote(&literal, text + start, at - start);
            bool reversed = strcmp(function, "substringof") == 0;
            buffer_printf(out, "%s%s(%s", begun ? "%20and%20" : "", function, reversed ? "" : made);
            buffer_append_text(out, reversed ? "" : ",");
            odata_encode(out, buffer_text(&literal), literal.length, false);
            buffer_printf(out, "%s%s)", reversed ? "," : "", reversed ? made : "");
            buffer_clear(&literal);
            begun = true;
        }
        at += at < length;
    }
    return begun ? SAID : SAID_NOT;
}

/* UPPER(x) = 'SMITH'. Two letters of other alphabets become such of ASCII, and not at every service: where x has one of them, " or contains(x,…)"
 * lets the row through. False where it can not be said. */
static bool say_strangers(const struct odata_saying *saying, const struct term *call, const struct value *value, struct buffer *out)
{
    static const struct { enum term_function function; char letter; const char *stranger; } strangers[] = {
        {TERM_UPPER, 'I', "\xC4\xB1"}, {TERM_UPPER, 'S', "\xC5\xBF"}, {TERM_LOWER, 'i', "\xC4\xB0"}, {TERM_LOWER, 'k', "\xE2\x84\xAA"},
    };
    bool v4 = saying->context->version == ODATA_V4, cased_inside = false;
    const char *function = v4 ? "contains" : "substringof";
    struct buffer text;

    buffer_init(&text, ODATA_SAID_LENGTH);
    bool said = (is_call(call, TERM_UPPER) || is_call(call, TERM_LOWER)) && odata_say_text(saying, call->operands[0], &text, &cased_inside) && !cased_inside
                && odata_may_use(saying->context, saying->table, function);
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0] && said; i++) {
        const char *stranger = strangers[i].stranger;
        if (strangers[i].function != call->function || !memchr(value->text, strangers[i].letter, value->length))
            continue;
        buffer_printf(out, "%%20or%%20%s(%s", function, v4 ? buffer_text(&text) : "'");
        buffer_append_text(out, v4 ? ",'" : "");
        odata_encode(out, stranger, strlen(stranger), false);
        buffer_printf(out, "'%s%s)", v4 ? "" : ",", v4 ? "" : buffer_text(&text));
    }
    buffer_clear(&text);
    return said;
}

static bool has_strangers(const struct value *value)
{
    for (size_t i = 0; i < value->length; i++)
        if (strchr("IiSsKk", value->text[i]))
            return true;
    return false;
}

static enum said say_texts(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    const struct term *left = test->operands[0], *right = test->operands[1];
    bool ascii = false;
    enum said said = SAID_NOT;
    struct buffer made;

    if (left->kind != TERM_CALL || (test->op != FILTER_EQUAL && test->op != FILTER_LIKE) || test->negated)
        return SAID_NOT;
    buffer_init(&made, ODATA_SAID_LENGTH);
    if (odata_say_text(saying, left, &made, &ascii) && (right->kind == TERM_VALUE || !ascii)) {
        bool open = right->kind == TERM_VALUE && odata_is_open(right);
        bool fits = right->kind != TERM_VALUE || open || (right->value.storage == STORAGE_TEXT && (!ascii || is_ascii(&right->value)));
        bool strange = fits && ascii && !open && has_strangers(&right->value);
        buffer_append_text(out, strange ? "(" : "");
        if (fits && test->op == FILTER_LIKE && right->kind == TERM_VALUE)
            said = open ? (buffer_printf(out, "startswith(%s,?)", buffer_text(&made)) ? SAID : SAID_NOT) : say_like(saying, buffer_text(&made), &right->value, out);
        else if (fits && test->op == FILTER_EQUAL)
            said = buffer_printf(out, "%s%%20eq%%20", buffer_text(&made)) && odata_say_text(saying, right, out, &ascii) && (right->kind == TERM_VALUE || !ascii)
                       ? SAID : SAID_NOT;
        if (strange && said == SAID)
            said = say_strangers(saying, left, &right->value, out) && buffer_append_char(out, ')') ? SAID : SAID_NOT;
    }
    buffer_clear(&made);
    return said;
}

/* Tests. */

static enum said say_call(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    const struct term *left = test->operands[0];
    bool value = test->operands[1]->kind == TERM_VALUE;

    if (value && (is_call(left, TERM_LENGTH) || is_call(left, TERM_CHARACTERS)))
        return say_length(saying, test, out);
    if (value && is_call(left, TERM_LOCATE))
        return say_place(saying, test, out);
    if (value && is_call(left, TERM_ROUND))
        return say_rounded(saying, test, out);
    if (value && test->op == FILTER_EQUAL && is_call(left, TERM_TRIM))
        return say_trimmed(saying, test, out);
    if (value && test->op == FILTER_EQUAL && is_call(left, TERM_SUBSTRING))
        return say_part_of_text(saying, test, out);
    if (value && (is_call(left, TERM_MONTH) || is_call(left, TERM_DAY)) && left->operands[0]->kind == TERM_COLUMN
        && saying->table->columns[left->operands[0]->column].edm == EDM_DATE_TIME_OFFSET)
        return say_shifted(saying, test, out);
    return type_is_number(left->type.kind) ? say_numbers(saying, test, out) : say_texts(saying, test, out);
}

static enum said say(const struct odata_saying *saying, const struct term *term, struct buffer *out);

/* IN, of anything but a column: each by itself. */
static enum said say_list(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    bool begun = false;

    if (test->count > LONGEST_ALTERNATIVES + 1)
        return SAID_NOT;
    buffer_append_char(out, '(');
    for (size_t i = 1; i < test->count; i++) {
        const struct term *operands[] = {test->operands[0], test->operands[i]};
        const struct term one = {.kind = TERM_TEST, .op = FILTER_EQUAL, .operands = operands, .count = 2};
        size_t before = out->length;
        buffer_append_text(out, begun ? "%20or%20" : "");
        switch (say(saying, &one, out)) {
        case SAID_NOT: return SAID_NOT;
        case SAID_NEVER: buffer_cut(out, before); break;
        case SAID: begun = true; break;
        }
    }
    buffer_append_char(out, ')');
    return begun ? SAID : SAID_NEVER;
}

static enum said say_test(const struct odata_saying *saying, const struct term *test, struct buffer *out)
{
    static const enum filter_op mirrored[] = {
        [FILTER_EQUAL] = FILTER_EQUAL, [FILTER_NOT_EQUAL] = FILTER_NOT_EQUAL, [FILTER_LESS] = FILTER_GREATER, [FILTER_LESS_EQUAL] = FILTER_GREATER_EQUAL,
        [FILTER_GREATER] = FILTER_LESS, [FILTER_GREATER_EQUAL] = FILTER_LESS_EQUAL,
    };
    const struct term *left = test->operands[0];
    bool plain = left->kind == TERM_COLUMN;

    for (size_t i = 1; i < test->count; i++)
        plain = plain && fits_column(left, test->operands[i]);
    if (plain)
        return say_plain(saying, test, out);
    if (test->op == FILTER_IN)
        return say_list(saying, test, out);
    if (test->count != 2)
        return SAID_NOT;
    if (left->kind == TERM_VALUE && test->operands[1]->kind != TERM_VALUE && is_comparison(test->op)) {
        const struct term *operands[] = {test->operands[1], left};
        const struct term turned = {.kind = TERM_TEST, .op = mirrored[test->op], .operands = operands, .count = 2};
        return say_test(saying, &turned, out);
    }
    const struct term *right = test->operands[1];
    if (right->kind == TERM_VALUE && !odata_is_open(right) && value_is_null(&right->value))
        return SAID_NEVER;
    if (test->op == FILTER_LIKE)
        return say_texts(saying, test, out);
    if (left->kind == TERM_CALL)
        return say_call(saying, test, out);
    if (right->kind == TERM_CALL) {
        const struct term *operands[] = {right, left};
        const struct term turned = {.kind = TERM_TEST, .op = mirrored[test->op], .operands = operands, .count = 2};
        return say_call(saying, &turned, out);
    }
    return type_is_number(left->type.kind) ? say_numbers(saying, test, out) : say_columns(saying, test, out);
}

/* Chains. */

static enum said say_chain(const struct odata_saying *saying, const struct term *term, struct buffer *out)
{
    bool all = term->kind == TERM_ALL, begun = false;

    buffer_append_text(out, all ? "" : "(");
    for (size_t i = 0; i < term->count; i++) {
        size_t before = out->length;
        buffer_append_text(out, begun ? all ? "%20and%20" : "%20or%20" : "");
        enum said one = say(saying, term->operands[i], out);
        if (one == (all ? SAID_NEVER : SAID_NOT))
            return one;
        if (one == SAID)
            begun = true;
        else
            buffer_cut(out, before);
    }
    buffer_append_text(out, all ? "" : ")");
    return begun ? SAID : all ? SAID_NOT : SAID_NEVER;
}

/* What is appended is of use only where it is SAID. */
static enum said say(const struct odata_saying *saying, const struct term *term, struct buffer *out)
{
    struct odata_condition_needs before = *saying->needs;
    enum said said = term->kind == TERM_TEST ? say_test(saying, term, out)
                     : term->kind == TERM_ALL || term->kind == TERM_ANY ? say_chain(saying, term, out) : SAID_NOT;

    if (said != SAID)
        *saying->needs = before;
    return said;
}

bool odata_condition_write(const struct odata_context *context, const struct odata_table *table, const struct term *term, const char *navigation,
                           struct buffer *out, struct odata_condition_needs *needs)
{
    const struct odata_saying saying = {context, table, navigation, needs};
    size_t before = out->length;

    *needs = (struct odata_condition_needs){0};
    if (say(&saying, term, out) == SAID && !out->failed)
        return true;
    buffer_cut(out, before);
    return false;
}
