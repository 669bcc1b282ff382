/* Old services count units of UTF-16 and round halves to the even number, as .NET does; V4 counts characters and rounds them away from zero.
 * Upper and lower case are those of ASCII alone. */
#include "test/sandbox/odata_function.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int from, to;                   /* versions */
    size_t least, most;             /* arguments */
    bool pattern;
} functions[] = {
    {"startswith", 2, 4, 2, 2, true}, {"endswith", 2, 4, 2, 2, true}, {"contains", 4, 4, 2, 2, true}, {"substringof", 2, 3, 2, 2, true},
    {"length", 2, 4, 1, 1, false}, {"indexof", 2, 4, 2, 2, false}, {"substring", 2, 4, 2, 3, false}, {"tolower", 2, 4, 1, 1, false}, {"toupper", 2, 4, 1, 1, false},
    {"trim", 2, 4, 1, 1, false}, {"concat", 2, 4, 2, 2, false}, {"year", 2, 4, 1, 1, false}, {"month", 2, 4, 1, 1, false}, {"day", 2, 4, 1, 1, false},
    {"hour", 2, 4, 1, 1, false}, {"minute", 2, 4, 1, 1, false}, {"second", 2, 4, 1, 1, false}, {"round", 2, 4, 1, 1, false}, {"floor", 2, 4, 1, 1, false},
    {"ceiling", 2, 4, 1, 1, false},
};

bool shop_function_is_known(const char *name, int version, size_t arguments, bool *pattern)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i].name, name) == 0 && version >= functions[i].from && version <= functions[i].to && arguments >= functions[i].least &&
            arguments <= functions[i].most) {
            *pattern = functions[i].pattern;
            return true;
        }
    return false;
}

static void give_truth(struct shop_value *result, bool truth)
{
    *result = (struct shop_value){.kind = VALUE_TRUTH, .number = truth};
}

static void give_number(struct shop_value *result, long double number, bool whole)
{
    *result = (struct shop_value){.kind = VALUE_NUMBER, .number = number, .whole = whole};
}

static void give_text(struct shop_value *result, const char *text, size_t length)
{
    *result = (struct shop_value){.kind = VALUE_TEXT};
    snprintf(result->text, sizeof result->text, "%.*s", (int)length, text);
}

/* How many places a character takes that begins with this byte; 0: it is none's first. */
static size_t places(unsigned char byte, int version)
{
    return (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 && version < 4 ? 2 : 1;
}

static size_t count_places(const char *text, size_t length, int version)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += places((unsigned char)text[i], version);
    return count;
}

/* The byte at which so many places have gone by. */
static size_t byte_at(const char *text, size_t place, int version)
{
    size_t at = 0;

    for (size_t count = 0; text[at] && count < place; at++) {
        count += places((unsigned char)text[at], version);
        while ((text[at + 1] & 0xc0) == 0x80)
            at++;
    }
    return at;
}

static void call_pattern(const char *name, const char *a, const char *b, struct shop_value *result)
{
    size_t whole = strlen(a), part = strlen(b);

    if (strcmp(name, "startswith") == 0)
        give_truth(result, strncmp(a, b, part) == 0);
    else if (strcmp(name, "endswith") == 0)
        give_truth(result, whole >= part && strcmp(a + whole - part, b) == 0);
    else
        give_truth(result, strcmp(name, "contains") == 0 ? strstr(a, b) != NULL : strstr(b, a) != NULL);
}

static void call_text(const char *name, int version, const struct shop_value *arguments, size_t count, struct shop_value *result)
{
    const char *text = arguments[0].text;

    if (strcmp(name, "length") == 0) {
        give_number(result, count_places(text, strlen(text), version), true);
    } else if (strcmp(name, "indexof") == 0) {
        const char *found = strstr(text, arguments[1].text);
        give_number(result, found ? (long double)count_places(text, (size_t)(found - text), version) : -1, true);
    } else if (strcmp(name, "substring") == 0) {
        size_t start = byte_at(text, (size_t)arguments[1].number, version);
        give_text(result, text + start, count > 2 ? byte_at(text + start, (size_t)arguments[2].number, version) : strlen(text + start));
    } else if (strcmp(name, "concat") == 0) {
        char both[600];
        snprintf(both, sizeof both, "%s%s", text, arguments[1].text);
        give_text(result, both, strlen(both));
    } else if (strcmp(name, "trim") == 0) {
        size_t start = strspn(text, " \t\r\n"), end = strlen(text);
        while (end > start && strchr(" \t\r\n", text[end - 1]))
            end--;
        give_text(result, text + start, end - start);
    } else {
        give_text(result, text, strlen(text));
        for (char *at = result->text; *at; at++)
            *at = (char)((unsigned char)*at < 0x80 ? strcmp(name, "toupper") == 0 ? toupper(*at) : tolower(*at) : *at);
    }
}

/* "2024-01-02T03:04:05.6" and what is only a part of it. */
static void call_part(const char *name, const char *text, struct shop_value *result)
{
    static const struct { const char *name; int at; } parts[] = {{"year", 0}, {"month", 5}, {"day", 8}, {"hour", 11}, {"minute", 14}, {"second", 17}};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strcmp(parts[i].name, name) == 0 && strlen(text) > (size_t)parts[i].at)
            give_number(result, (long double)strtol(text + parts[i].at, NULL, 10), true);
}

void shop_call(const char *name, int version, const struct shop_value *arguments, size_t count, struct shop_value *result)
{
    bool pattern, texts = true;
    static const char *const of_text[] = {"length", "indexof", "substring", "concat", "trim", "toupper", "tolower"};
    long double number = arguments[0].number;

    *result = (struct shop_value){.kind = VALUE_NULL};
    for (size_t i = 0; i < count; i++)
        texts = texts && (arguments[i].kind == VALUE_TEXT || (i > 0 && strcmp(name, "substring") == 0));
    if (shop_function_is_known(name, version, count, &pattern) && pattern) {
        if (texts)
            call_pattern(name, arguments[0].text, arguments[1].text, result);
        return;
    }
    for (size_t i = 0; i < sizeof of_text / sizeof of_text[0]; i++)
        if (strcmp(of_text[i], name) == 0) {
            if (texts)
                call_text(name, version, arguments, count, result);
            return;
        }
    if (arguments[0].kind == VALUE_TEXT)
        call_part(name, arguments[0].text, result);
    else if (arguments[0].kind == VALUE_NUMBER)
        give_number(result, name[0] == 'f' ? floorl(number) : name[0] == 'c' ? ceill(number) : version == 4 ? roundl(number) : nearbyintl(number), arguments[0].whole);
}

void shop_calculate(const char *operator, const struct shop_value *a, const struct shop_value *b, struct shop_value *result)
{
    bool whole = a->whole && b->whole;
    long double x = a->number, y = b->number;

    *result = (struct shop_value){.kind = VALUE_NULL};
    if (a->kind != VALUE_NUMBER || b->kind != VALUE_NUMBER || (y == 0 && (operator[0] == 'd' || operator[1] == 'o')))
        return;
    switch (operator[0]) {
    case 'a': give_number(result, x + y, whole); break;
    case 's': give_number(result, x - y, whole); break;
    case 'd': give_number(result, whole ? truncl(x / y) : x / y, whole); break;
    default: give_number(result, operator[1] == 'u' ? x * y : fmodl(x, y), whole); break;
    }
}
