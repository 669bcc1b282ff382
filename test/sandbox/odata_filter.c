/* A parser by recursive descent; what it makes is evaluated row by row. */
#include "test/sandbox/odata_filter.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/server.h"

enum node_kind { NODE_OR, NODE_AND, NODE_NOT, NODE_COMPARE, NODE_IN, NODE_FUNCTION, NODE_PATH, NODE_VALUE };
enum value_kind { VALUE_NULL, VALUE_TRUTH, VALUE_NUMBER, VALUE_TEXT };

struct value {
    enum value_kind kind;
    long double number;             /* has room for every Int64 */
    char text[256];
};

struct node {
    struct node *all;               /* the one made before */
    enum node_kind kind;
    char word[80];                  /* operator, function, path */
    struct node *parts[52];
    size_t count;
    struct value value;
};

struct shop_filter {
    const struct shop *shop;
    const struct shop_type *type;
    int version;
    struct odata_unknown unknown;
    struct node *nodes, *root;
    /* parsing */
    const char *at;
    struct odata_fault *fault;
};

static struct node *fail(struct shop_filter *filter, const char *format, ...)
{
    va_list arguments;

    if (filter->fault->status)
        return NULL;
    filter->fault->status = 400;
    va_start(arguments, format);
    vsnprintf(filter->fault->message, sizeof filter->fault->message, format, arguments);
    va_end(arguments);
    return NULL;
}

static struct node *make(struct shop_filter *filter, enum node_kind kind)
{
    struct node *node = zeroed(1, sizeof *node);
    node->kind = kind;
    node->all = filter->nodes;
    filter->nodes = node;
    return node;
}

static void blanks(struct shop_filter *filter)
{
    filter->at += strspn(filter->at, " \t");
}

/* Takes a word that ends there, or a sign. */
static bool take(struct shop_filter *filter, const char *word)
{
    size_t length = strlen(word);

    blanks(filter);
    if (strncmp(filter->at, word, length) != 0 || (isalpha((unsigned char)word[0]) && (isalnum((unsigned char)filter->at[length]) || strchr("_/.'", filter->at[length] ? filter->at[length] : ' '))))
        return false;
    filter->at += length;
    return true;
}

static struct node *either(struct shop_filter *filter);
static struct node *operand(struct shop_filter *filter);

static bool add(struct shop_filter *filter, struct node *node, struct node *part)
{
    if (!part)
        return false;
    if (node->count == sizeof node->parts / sizeof node->parts[0]) {
        fail(filter, "$filter: the expression is too complex");
        return false;
    }
    node->parts[node->count++] = part;
    return true;
}

/* Operands. */

/* 'it''s' */
static bool quoted(struct shop_filter *filter, char *out, size_t room)
{
    size_t used = 0;

    if (*filter->at != '\'')
        return false;
    for (filter->at++; *filter->at; filter->at++) {
        if (*filter->at == '\'' && *++filter->at != '\'') {
            out[used] = '\0';
            return true;
        }
        if (used + 1 < room)
            out[used++] = *filter->at;
    }
    fail(filter, "$filter: a quote is missing");
    return false;
}

/* Without a zone, and without zeros at the end of a fraction, so that moments compare as texts. */
static void tidy_moment(char *text)
{
    size_t length = strlen(text);

    if (length && (text[length - 1] == 'Z' || text[length - 1] == 'z'))
        text[--length] = '\0';
    if (strlen(text) == 16)
        strcat(text, ":00"), length += 3;
    while (strchr(text, '.') && length && (text[length - 1] == '0' || text[length - 1] == '.')) {
        bool point = text[length - 1] == '.';
        text[--length] = '\0';
        if (point)
            break;
    }
}

static struct node *text_value(struct shop_filter *filter, const char *text)
{
    struct node *node = make(filter, NODE_VALUE);
    node->value.kind = VALUE_TEXT;
    snprintf(node->value.text, sizeof node->value.text, "%s", text);
    return node;
}

/* datetime'…', guid'…', Shop.Color'Red' */
static struct node *prefixed(struct shop_filter *filter, const char *prefix)
{
    bool old = filter->version < 4, color = strcmp(prefix, "Shop.Color") == 0;
    char text[256];

    if (!quoted(filter, text, sizeof text))
        return NULL;
    if (color ? old : !old)
        return fail(filter, "$filter: V%d has no literals %s'…'", filter->version, prefix);
    if (strcmp(prefix, "datetime") == 0 || strcmp(prefix, "datetimeoffset") == 0)
        tidy_moment(text);
    else if (strcmp(prefix, "guid") != 0 && strcmp(prefix, "time") != 0 && !color)
        return fail(filter, "$filter: there are no literals %s'…'", prefix);
    return text_value(filter, text);
}

static struct node *number_or_moment(struct shop_filter *filter)
{
    const char *start = filter->at;
    size_t length = strspn(start, "0123456789abcdefABCDEF-+:.TZLMm");
    bool old = filter->version < 4;
    char text[256], *end;

    snprintf(text, sizeof text, "%.*s", (int)length, start);
    bool guid = length == 36 && text[8] == '-' && text[13] == '-', date = strlen(text) >= 10 && text[4] == '-' && text[7] == '-' && !guid;
    filter->at += length;
    if ((guid || date) && old)
        return fail(filter, "$filter: %s is no literal of V%d", text, filter->version);
    if (guid || date) {
        if (date)
            tidy_moment(text);
        return text_value(filter, text);
    }
    struct node *node = make(filter, NODE_VALUE);
    node->value.kind = VALUE_NUMBER;
    node->value.number = strtold(text, &end);
    bool suffix = end != text && *end && strchr("LMmdf", *end) && !end[1];
    if (end == text || (*end && !(suffix && old)))
        return fail(filter, "$filter: %s is no literal of V%d", text, filter->version);
    return node;
}

static struct node *function(struct shop_filter *filter, const char *name)
{
    struct node *node = make(filter, NODE_FUNCTION);
    const char *const own = filter->version < 4 ? "substringof" : "contains";

    if (filter->unknown.functions) {
        filter->fault->status = 501;
        snprintf(filter->fault->message, sizeof filter->fault->message, "The function %s of $filter is not implemented", name);
        return NULL;
    }
    if (strcmp(name, "startswith") != 0 && strcmp(name, "endswith") != 0 && strcmp(name, own) != 0)
        return fail(filter, "$filter: there is no function %s", name);
    snprintf(node->word, sizeof node->word, "%s", name);
    do {
        if (!add(filter, node, operand(filter)))
            return NULL;
    } while (take(filter, ","));
    return take(filter, ")") && node->count == 2 ? node : fail(filter, "$filter: %s takes two texts", name);
}

static struct node *operand(struct shop_filter *filter)
{
    char word[80];

    blanks(filter);
    if (*filter->at == '\'') {
        struct node *node = make(filter, NODE_VALUE);
        node->value.kind = VALUE_TEXT;
        return quoted(filter, node->value.text, sizeof node->value.text) ? node : NULL;
    }
    size_t length = strspn(filter->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./");
    bool hex = strspn(filter->at, "0123456789abcdefABCDEF-") == 36;
    if (isdigit((unsigned char)*filter->at) || *filter->at == '-' || hex)
        return number_or_moment(filter);
    snprintf(word, sizeof word, "%.*s", (int)length, filter->at);
    if (!length)
        return fail(filter, "$filter: %.20s is not expected", *filter->at ? filter->at : "its end");
    filter->at += length;
    if (*filter->at == '\'')
        return prefixed(filter, word);
    if (take(filter, "("))
        return function(filter, word);
    if (strcmp(word, "null") == 0 || strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
        struct node *node = make(filter, NODE_VALUE);
        node->value.kind = word[0] == 'n' ? VALUE_NULL : VALUE_TRUTH;
        node->value.number = word[0] == 't';
        return node;
    }
    struct node *node = make(filter, NODE_PATH);
    enum shop_kind kind;
    snprintf(node->word, sizeof node->word, "%s", word);
    return shop_reach(filter->shop, filter->type, NULL, word, &kind) ? node : fail(filter, "There is no property %s", word);
}

/* Conditions. */

static struct node *list(struct shop_filter *filter, struct node *left)
{
    struct node *node = make(filter, NODE_IN);

    if (filter->version < 4 || filter->unknown.in)
        return fail(filter, "$filter: the operator 'in' is not known");
    if (!take(filter, "(") || !add(filter, node, left))
        return fail(filter, "$filter: a list is missing");
    do {
        if (!add(filter, node, operand(filter)))
            return NULL;
    } while (take(filter, ","));
    return take(filter, ")") ? node : fail(filter, "$filter: ')' is missing");
}

static struct node *comparison(struct shop_filter *filter)
{
    static const char *const operators[] = {"eq", "ne", "gt", "ge", "lt", "le"};

    if (take(filter, "not")) {
        struct node *node = make(filter, NODE_NOT);
        return add(filter, node, comparison(filter)) ? node : NULL;
    }
    if (take(filter, "(")) {
        struct node *inner = either(filter);
        return inner && take(filter, ")") ? inner : fail(filter, "$filter: ')' is missing");
    }
    struct node *left = operand(filter);
    for (size_t i = 0; left && i < sizeof operators / sizeof operators[0]; i++) {
        if (!take(filter, operators[i]))
            continue;
        struct node *node = make(filter, NODE_COMPARE);
        snprintf(node->word, sizeof node->word, "%s", operators[i]);
        return add(filter, node, left) && add(filter, node, operand(filter)) ? node : NULL;
    }
    return left && take(filter, "in") ? list(filter, left) : left;
}

static struct node *chain(struct shop_filter *filter, enum node_kind kind)
{
    struct node *first = kind == NODE_OR ? chain(filter, NODE_AND) : comparison(filter), *node = NULL;

    while (first && take(filter, kind == NODE_OR ? "or" : "and")) {
        if (!node) {
            node = make(filter, kind);
            add(filter, node, first);
        }
        if (!add(filter, node, kind == NODE_OR ? chain(filter, NODE_AND) : comparison(filter)))
            return NULL;
    }
    return node ? node : first;
}

static struct node *either(struct shop_filter *filter)
{
    return chain(filter, NODE_OR);
}

struct shop_filter *shop_filter_open(const struct shop *shop, const struct shop_type *type, int version, const struct odata_unknown *unknown,
                                     const char *text, struct odata_fault *fault)
{
    struct shop_filter *filter = zeroed(1, sizeof *filter);

    *filter = (struct shop_filter){.shop = shop, .type = type, .version = version, .unknown = *unknown, .at = text, .fault = fault};
    filter->root = either(filter);
    blanks(filter);
    if (filter->root && *filter->at)
        fail(filter, "$filter: %.20s is not expected", filter->at);
    if (filter->root && !fault->status)
        return filter;
    fail(filter, "$filter is not understood");
    shop_filter_close(filter);
    return NULL;
}

void shop_filter_close(struct shop_filter *filter)
{
    if (!filter)
        return;
    while (filter->nodes) {
        struct node *node = filter->nodes;
        filter->nodes = node->all;
        free(node);
    }
    free(filter);
}

/* Evaluation. */

static void read_json(const json_t *json, enum shop_kind kind, bool old, struct value *value)
{
    *value = (struct value){.kind = VALUE_NULL};
    if (json_is_boolean(json)) {
        *value = (struct value){.kind = VALUE_TRUTH, .number = json_is_true(json)};
    } else if (json_is_integer(json)) {
        *value = (struct value){.kind = VALUE_NUMBER, .number = (long double)json_integer_value(json)};
    } else if (json_is_real(json)) {
        *value = (struct value){.kind = VALUE_NUMBER, .number = (long double)json_real_value(json)};
    } else if (json_is_string(json) && kind == SHOP_DECIMAL) {
        *value = (struct value){.kind = VALUE_NUMBER, .number = strtold(json_string_value(json), NULL)};
    } else if (json_is_string(json)) {
        value->kind = VALUE_TEXT;
        snprintf(value->text, sizeof value->text, "%s%s", json_string_value(json), old && kind == SHOP_DATE ? "T00:00:00" : "");
    }
}

/* Decimals are written with so many digits that the nearest long double is the same for both. */
static int order(const struct value *a, const struct value *b)
{
    if (a->kind == VALUE_TEXT && b->kind == VALUE_TEXT)
        return strcmp(a->text, b->text);
    return (a->number > b->number) - (a->number < b->number);
}

int shop_compare(enum shop_kind kind, const json_t *a, const json_t *b)
{
    struct value first, second;

    read_json(a, kind, false, &first);
    read_json(b, kind, false, &second);
    if (first.kind == VALUE_NULL || second.kind == VALUE_NULL)
        return (first.kind != VALUE_NULL) - (second.kind != VALUE_NULL);
    return order(&first, &second);
}

static bool is_equal(const struct value *a, const struct value *b)
{
    if (a->kind == VALUE_NULL || b->kind == VALUE_NULL)
        return a->kind == b->kind;
    return a->kind == b->kind && order(a, b) == 0;
}

static void evaluate(const struct shop_filter *filter, const struct node *node, const json_t *row, struct value *value);

static bool compare(const struct node *node, const struct value *a, const struct value *b)
{
    if (strcmp(node->word, "eq") == 0 || strcmp(node->word, "ne") == 0)
        return is_equal(a, b) == (node->word[0] == 'e');
    if (a->kind == VALUE_NULL || b->kind == VALUE_NULL || a->kind != b->kind)
        return false;
    int sign = order(a, b);
    return node->word[0] == 'g' ? sign > 0 || (sign == 0 && node->word[1] == 'e') : sign < 0 || (sign == 0 && node->word[1] == 'e');
}

static bool call(const char *name, const struct value *a, const struct value *b)
{
    if (a->kind != VALUE_TEXT || b->kind != VALUE_TEXT)
        return false;
    size_t whole = strlen(a->text), part = strlen(b->text);
    if (strcmp(name, "startswith") == 0)
        return strncmp(a->text, b->text, part) == 0;
    if (strcmp(name, "endswith") == 0)
        return whole >= part && strcmp(a->text + whole - part, b->text) == 0;
    return strcmp(name, "contains") == 0 ? strstr(a->text, b->text) != NULL : strstr(b->text, a->text) != NULL;
}

static bool holds(const struct shop_filter *filter, const struct node *node, const json_t *row)
{
    struct value first;

    evaluate(filter, node, row, &first);
    return first.kind == VALUE_TRUTH && first.number != 0;
}

static void evaluate(const struct shop_filter *filter, const struct node *node, const json_t *row, struct value *value)
{
    struct value first, second;
    enum shop_kind kind;
    bool result = false;

    switch (node->kind) {
    case NODE_VALUE:
        *value = node->value;
        return;
    case NODE_PATH: {
        const json_t *json = shop_reach(filter->shop, filter->type, row, node->word, &kind);
        read_json(json, kind, filter->version < 4, value);
        return;
    }
    case NODE_OR: case NODE_AND:
        result = node->kind == NODE_AND;
        for (size_t i = 0; i < node->count && result == (node->kind == NODE_AND); i++)
            result = holds(filter, node->parts[i], row);
        break;
    case NODE_NOT:
        result = !holds(filter, node->parts[0], row);
        break;
    case NODE_COMPARE: case NODE_FUNCTION:
        evaluate(filter, node->parts[0], row, &first);
        evaluate(filter, node->parts[1], row, &second);
        result = node->kind == NODE_COMPARE ? compare(node, &first, &second) : call(node->word, &first, &second);
        break;
    case NODE_IN:
        evaluate(filter, node->parts[0], row, &first);
        for (size_t i = 1; i < node->count && !result; i++) {
            evaluate(filter, node->parts[i], row, &second);
            result = is_equal(&first, &second);
        }
        break;
    }
    *value = (struct value){.kind = VALUE_TRUTH, .number = result};
}

bool shop_filter_holds(const struct shop_filter *filter, const json_t *row)
{
    return holds(filter, filter->root, row);
}
