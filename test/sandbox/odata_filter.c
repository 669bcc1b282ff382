/* A parser by recursive descent; what it makes is evaluated row by row. */
#include "test/sandbox/odata_filter.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/odata_function.h"
#include "test/sandbox/server.h"

enum node_kind { NODE_OR, NODE_AND, NODE_NOT, NODE_COMPARE, NODE_IN, NODE_FUNCTION, NODE_SUM, NODE_PATH, NODE_VALUE };

struct node {
    struct node *all;               /* the one made before */
    enum node_kind kind;
    char word[80];                  /* operator, function, path */
    struct node *parts[52];
    size_t count;
    struct shop_value value;
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
static struct node *sum(struct shop_filter *filter);

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
    node->value.whole = strcspn(text, ".eEMmdf") == strlen(text);
    bool suffix = end != text && *end && strchr("LMmdf", *end) && !end[1];
    if (end == text || (*end && !(suffix && old)))
        return fail(filter, "$filter: %s is no literal of V%d", text, filter->version);
    return node;
}

/* What a service does not know although the version has it. */
static struct node *refuse(struct shop_filter *filter, unsigned status, const char *what)
{
    fail(filter, "$filter: %s is not implemented", what);
    filter->fault->status = status;
    return NULL;
}

static struct node *function(struct shop_filter *filter, const char *name)
{
    struct node *node = make(filter, NODE_FUNCTION);
    bool pattern = false;

    if (filter->unknown.functions)
        return refuse(filter, 501, name);
    snprintf(node->word, sizeof node->word, "%s", name);
    do {
        if (!add(filter, node, sum(filter)))
            return NULL;
    } while (take(filter, ","));
    if (!take(filter, ")"))
        return fail(filter, "$filter: ')' is missing");
    if (!shop_function_is_known(name, filter->version, node->count, &pattern))
        return fail(filter, "$filter: there is no function %s of %zu values", name, node->count);
    return filter->unknown.calculations && !pattern ? refuse(filter, 400, name) : node;
}

static struct node *operand(struct shop_filter *filter)
{
    char word[80];

    blanks(filter);
    if (take(filter, "(")) {
        struct node *inner = either(filter);
        return inner && take(filter, ")") ? inner : fail(filter, "$filter: ')' is missing");
    }
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

static struct node *calculation(struct shop_filter *filter, const char *const *operators, struct node *(*part)(struct shop_filter *filter))
{
    struct node *left = part(filter);

    for (size_t i = 0; left && operators[i];) {
        if (!take(filter, operators[i])) {
            i++;
            continue;
        }
        if (filter->unknown.calculations)
            return refuse(filter, 400, operators[i]);
        struct node *node = make(filter, NODE_SUM);
        snprintf(node->word, sizeof node->word, "%s", operators[i]);
        left = add(filter, node, left) && add(filter, node, part(filter)) ? node : NULL;
        i = 0;
    }
    return left;
}

static struct node *product(struct shop_filter *filter)
{
    return calculation(filter, (const char *const[]){"mul", "div", "mod", NULL}, operand);
}

static struct node *sum(struct shop_filter *filter)
{
    return calculation(filter, (const char *const[]){"add", "sub", NULL}, product);
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
        if (!add(filter, node, sum(filter)))
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
    struct node *left = sum(filter);
    for (size_t i = 0; left && i < sizeof operators / sizeof operators[0]; i++) {
        if (!take(filter, operators[i]))
            continue;
        struct node *node = make(filter, NODE_COMPARE);
        snprintf(node->word, sizeof node->word, "%s", operators[i]);
        if (!add(filter, node, left) || !add(filter, node, sum(filter)))
            return NULL;
        bool both = left->kind == NODE_PATH && node->parts[1]->kind == NODE_PATH;
        return both && filter->unknown.terms ? refuse(filter, 400, "the comparison of properties") : node;
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

/* The first path that it looks at; NULL: none. */
static const char *first_path(const struct node *node)
{
    const char *path = node->kind == NODE_PATH ? node->word : NULL;

    for (size_t i = 0; i < node->count && !path; i++)
        path = first_path(node->parts[i]);
    return path;
}

/* Whether some `or` is between conditions on several properties: of one it stands for a list. */
static bool has_alternatives(const struct node *node, const char *path)
{
    bool either = node->kind == NODE_OR;

    path = either ? first_path(node) : path;
    if (node->kind == NODE_PATH && path && strcmp(node->word, path) != 0)
        return true;
    for (size_t i = 0; i < node->count; i++)
        if (has_alternatives(node->parts[i], path))
            return true;
    return false;
}

struct shop_filter *shop_filter_open(const struct shop *shop, const struct shop_type *type, int version, const struct odata_unknown *unknown,
                                     const char *text, struct odata_fault *fault)
{
    struct shop_filter *filter = zeroed(1, sizeof *filter);

    *filter = (struct shop_filter){.shop = shop, .type = type, .version = version, .unknown = *unknown, .at = text, .fault = fault};
    filter->root = either(filter);
    if (filter->root && filter->unknown.terms && has_alternatives(filter->root, NULL))
        refuse(filter, 400, "or");
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

static void read_json(const json_t *json, enum shop_kind kind, bool old, struct shop_value *value)
{
    *value = (struct shop_value){.kind = VALUE_NULL};
    if (json_is_boolean(json)) {
        *value = (struct shop_value){.kind = VALUE_TRUTH, .number = json_is_true(json)};
    } else if (json_is_integer(json)) {
        *value = (struct shop_value){.kind = VALUE_NUMBER, .number = (long double)json_integer_value(json), .whole = true};
    } else if (json_is_real(json)) {
        *value = (struct shop_value){.kind = VALUE_NUMBER, .number = (long double)json_real_value(json)};
    } else if (json_is_string(json) && kind == SHOP_DECIMAL) {
        *value = (struct shop_value){.kind = VALUE_NUMBER, .number = strtold(json_string_value(json), NULL)};
    } else if (json_is_string(json)) {
        value->kind = VALUE_TEXT;
        snprintf(value->text, sizeof value->text, "%s%s", json_string_value(json), old && kind == SHOP_DATE ? "T00:00:00" : "");
    }
}

/* Decimals are written with so many digits that the nearest long double is the same for both. */
static int order(const struct shop_value *a, const struct shop_value *b)
{
    if (a->kind == VALUE_TEXT && b->kind == VALUE_TEXT)
        return strcmp(a->text, b->text);
    return (a->number > b->number) - (a->number < b->number);
}

int shop_compare(enum shop_kind kind, const json_t *a, const json_t *b)
{
    struct shop_value first, second;

    read_json(a, kind, false, &first);
    read_json(b, kind, false, &second);
    if (first.kind == VALUE_NULL || second.kind == VALUE_NULL)
        return (first.kind != VALUE_NULL) - (second.kind != VALUE_NULL);
    return order(&first, &second);
}

static bool is_equal(const struct shop_value *a, const struct shop_value *b)
{
    if (a->kind == VALUE_NULL || b->kind == VALUE_NULL)
        return a->kind == b->kind;
    return a->kind == b->kind && order(a, b) == 0;
}

static void evaluate(const struct shop_filter *filter, const struct node *node, const json_t *row, struct shop_value *value);

static bool compare(const struct node *node, const struct shop_value *a, const struct shop_value *b)
{
    if (strcmp(node->word, "eq") == 0 || strcmp(node->word, "ne") == 0)
        return is_equal(a, b) == (node->word[0] == 'e');
    if (a->kind == VALUE_NULL || b->kind == VALUE_NULL || a->kind != b->kind)
        return false;
    int sign = order(a, b);
    return node->word[0] == 'g' ? sign > 0 || (sign == 0 && node->word[1] == 'e') : sign < 0 || (sign == 0 && node->word[1] == 'e');
}

static bool holds(const struct shop_filter *filter, const struct node *node, const json_t *row)
{
    struct shop_value first;

    evaluate(filter, node, row, &first);
    return first.kind == VALUE_TRUTH && first.number != 0;
}

static void evaluate(const struct shop_filter *filter, const struct node *node, const json_t *row, struct shop_value *value)
{
    struct shop_value first, second;
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
    case NODE_OR: case NODE_AND: { /* of what is null nothing is known */
        bool unknown = false, decisive = node->kind == NODE_OR;
        for (size_t i = 0; i < node->count; i++) {
            evaluate(filter, node->parts[i], row, &first);
            if (first.kind == VALUE_TRUTH && (first.number != 0) == decisive) {
                *value = first;
                return;
            }
            unknown |= first.kind != VALUE_TRUTH;
        }
        if (unknown) {
            *value = (struct shop_value){.kind = VALUE_NULL};
            return;
        }
        result = !decisive;
        break;
    }
    case NODE_NOT:
        evaluate(filter, node->parts[0], row, &first);
        if (first.kind != VALUE_TRUTH) {
            *value = (struct shop_value){.kind = VALUE_NULL};
            return;
        }
        result = first.number == 0;
        break;
    case NODE_COMPARE:
        evaluate(filter, node->parts[0], row, &first);
        evaluate(filter, node->parts[1], row, &second);
        result = compare(node, &first, &second);
        break;
    case NODE_SUM:
        evaluate(filter, node->parts[0], row, &first);
        evaluate(filter, node->parts[1], row, &second);
        shop_calculate(node->word, &first, &second, value);
        return;
    case NODE_FUNCTION: {
        struct shop_value arguments[3];
        *value = (struct shop_value){.kind = VALUE_NULL};
        for (size_t i = 0; i < node->count; i++) {
            evaluate(filter, node->parts[i], row, &arguments[i]);
            if (arguments[i].kind == VALUE_NULL)
                return;
        }
        shop_call(node->word, filter->version, arguments, node->count, value);
        return;
    }
    case NODE_IN:
        evaluate(filter, node->parts[0], row, &first);
        for (size_t i = 1; i < node->count && !result; i++) {
            evaluate(filter, node->parts[i], row, &second);
            result = is_equal(&first, &second);
        }
        break;
    }
    *value = (struct shop_value){.kind = VALUE_TRUTH, .number = result};
}

bool shop_filter_holds(const struct shop_filter *filter, const json_t *row)
{
    return holds(filter, filter->root, row);
}
