/* Keywords that choose and repeat: if and its kin, select, enum. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/decimal.h"
#include "base/name.h"
#include "providers/script/formatter.h"
#include "providers/script/run.h"

/* --- conditions --- */

static bool compare(enum comparison comparison, const char *a, const char *b)
{
    int order = run_compare(a, b);

    switch (comparison) {
    case COMPARE_EQUAL: return order == 0;
    case COMPARE_NOT_EQUAL: return order != 0;
    case COMPARE_LESS: return order < 0;
    case COMPARE_LESS_EQUAL: return order <= 0;
    case COMPARE_GREATER: return order > 0;
    case COMPARE_GREATER_EQUAL: return order >= 0;
    }
    return false;
}

static bool test_operands(struct run *run, const struct element *element, const struct condition *condition, bool *truth, struct error *err)
{
    struct buffer a, b;

    buffer_init(&a, FORMATTER_LARGEST);
    buffer_init(&b, FORMATTER_LARGEST);
    bool done = run_print(run, element, &condition->a, &a, NULL, err) && run_print(run, element, &condition->b, &b, NULL, err);
    if (done)
        *truth = condition->kind == CONDITION_COMPARE ? compare(condition->comparison, buffer_text(&a), buffer_text(&b)) : run_is_true(buffer_text(&a));
    buffer_clear(&a);
    buffer_clear(&b);
    return done;
}

bool run_condition(struct run *run, const struct element *element, const struct condition *condition, bool *truth, struct error *err)
{
    if (condition->kind == CONDITION_COMPARE || condition->kind == CONDITION_VALUE)
        return test_operands(run, element, condition, truth, err);
    if (!run_condition(run, element, condition->left, truth, err))
        return false;
    if (condition->kind == CONDITION_NOT)
        *truth = !*truth;
    else if (*truth == (condition->kind == CONDITION_AND))
        return run_condition(run, element, condition->right, truth, err);
    return true;
}

/* What an element tests: the attribute that item and attr name, and what value says. */
struct tested {
    struct buffer actual;
    bool exists;                     /* there is such an attribute */
    char *wanted;                    /* NULL: no value */
};

static bool read_tested(struct run *run, const struct element *element, struct tested *tested, struct error *err)
{
    struct item *item;
    char *attribute;

    *tested = (struct tested){0};
    buffer_init(&tested->actual, FORMATTER_LARGEST);
    if (!run_target(run, element, false, &item, &attribute, err))
        return false;
    bool plain = !element_parameter(element, "item") && item == run->level->item;
    if (attribute)
        tested->exists = plain ? run_value(run, attribute, &tested->actual) : item && item_value(item, attribute, &tested->actual);
    free(attribute);
    if (tested->actual.failed)
        return run_no_room(run, element, err);
    return run_parameter(run, element, "value", &tested->wanted, err);
}

static bool matches(const char *type, const char *pattern, const char *text)
{
    regex_t compiled;

    if (type && name_equal(type, "regex")) {
        if (strlen(pattern) > 1000 || regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0)
            return false;
        bool fits = regexec(&compiled, text, 0, NULL, 0) == 0;
        regfree(&compiled);
        return fits;
    }
    if (!type || !name_equal(type, "wildcard"))
        return strcmp(pattern, text) == 0;
    /* * and ?, with the last * to come back to. */
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

static bool same(struct run *run, const struct element *element, const struct tested *tested, bool *truth, struct error *err)
{
    char *mode;

    if (!run_parameter(run, element, "case", &mode, err))
        return false;
    const char *wanted = tested->wanted ? tested->wanted : "", *actual = buffer_text(&tested->actual);
    *truth = mode && name_equal(mode, "ignore") ? strcasecmp(actual, wanted) == 0 : strcmp(actual, wanted) == 0;
    free(mode);
    return true;
}

/* if without exp. */
static bool test_operator(struct run *run, const struct element *element, const struct tested *tested, bool *truth, struct error *err)
{
    const char *actual = buffer_text(&tested->actual), *wanted = tested->wanted ? tested->wanted : "";
    char *operator;

    if (!run_parameter(run, element, "operator", &operator, err))
        return false;
    const char *word = operator ? operator : tested->wanted ? "equals" : "notnull";
    bool done = true;
    if (name_equal(word, "null"))
        *truth = !tested->exists;
    else if (name_equal(word, "notnull"))
        *truth = tested->exists;
    else if (name_equal(word, "hasvalue"))
        *truth = *actual != '\0';
    else if (name_equal(word, "equals"))
        *truth = run_compare(actual, wanted) == 0;
    else if (name_equal(word, "equalsignorecase"))
        *truth = strcasecmp(actual, wanted) == 0;
    else if (name_equal(word, "notequals"))
        *truth = run_compare(actual, wanted) != 0;
    else if (name_equal(word, "lessthan"))
        *truth = run_compare(actual, wanted) < 0;
    else if (name_equal(word, "greaterthan"))
        *truth = run_compare(actual, wanted) > 0;
    else
        done = script_fault(run->setup->script, element, err, "there is no operator %.60s", word);
    free(operator);
    return done;
}

static bool control_is(struct run *run, const char *name, const char *other)
{
    struct buffer a, b;

    buffer_init(&a, 100);
    buffer_init(&b, 100);
    bool is = run_value(run, name, &a) && (!other || (run_value(run, other, &b) && strcmp(buffer_text(&a), buffer_text(&b)) == 0));
    is = is && (other || strcmp(buffer_text(&a), "1") == 0);
    buffer_clear(&a);
    buffer_clear(&b);
    return is;
}

static bool test(struct run *run, const struct element *element, bool *truth, struct error *err)
{
    struct tested tested;

    *truth = false;
    if (element->condition)
        return run_condition(run, element, element->condition, truth, err);
    if (element->keyword == KEYWORD_FIRST || element->keyword == KEYWORD_LAST) {
        *truth = element->keyword == KEYWORD_FIRST ? control_is(run, "_index", NULL) : control_is(run, "_index", "_count");
        return true;
    }
    bool done = read_tested(run, element, &tested, err);
    const char *actual = done ? buffer_text(&tested.actual) : "";
    if (done) {
        switch (element->keyword) {
        case KEYWORD_EQUALS: done = same(run, element, &tested, truth, err); break;
        case KEYWORD_NOTEQUALS: done = same(run, element, &tested, truth, err); *truth = !*truth; break;
        case KEYWORD_EXISTS: *truth = tested.exists && *actual; break;
        case KEYWORD_NOTEXISTS: *truth = !tested.exists || !*actual; break;
        case KEYWORD_NULL: *truth = !tested.exists; break;
        case KEYWORD_NOTNULL: *truth = tested.exists; break;
        case KEYWORD_CHECK:
            *truth = tested.exists && (!tested.wanted || run_is_true(tested.wanted) || (*actual && strcmp(actual, tested.wanted) == 0));
            break;
        case KEYWORD_MATCH: case KEYWORD_CASE: {
            char *type = NULL, *pattern = NULL;
            const char *how = element->keyword == KEYWORD_MATCH ? "type" : "match";
            done = run_parameter(run, element, how, &type, err) && run_parameter(run, element, "pattern", &pattern, err);
            const char *text = element->keyword == KEYWORD_MATCH && !element_parameter(element, "attr") && tested.wanted ? tested.wanted : actual;
            *truth = done && matches(type, pattern ? pattern : tested.wanted ? tested.wanted : "", text);
            free(type);
            free(pattern);
            break;
        }
        default: done = test_operator(run, element, &tested, truth, err); break;
        }
    }
    buffer_clear(&tested.actual);
    free(tested.wanted);
    return done;
}

/* action="break" leaves the loop around, "continue" goes on to its next. */
static enum flow act(struct run *run, const struct element *element, struct error *err)
{
    char *action;

    if (!run_parameter(run, element, "action", &action, err))
        return FLOW_FAILED;
    enum flow flow = action && name_equal(action, "break") ? FLOW_BREAK : action && name_equal(action, "continue") ? FLOW_CONTINUE : FLOW_ON;
    free(action);
    return flow;
}

enum flow run_conditional(struct run *run, const struct element *element, struct error *err)
{
    bool truth;

    if (!test(run, element, &truth, err))
        return FLOW_FAILED;
    if (truth) {
        enum flow flow = run_block(run, element, err);
        return flow == FLOW_ON ? act(run, element, err) : flow;
    }
    for (const struct element *child = element->first; child; child = child->next)
        if (child->keyword == KEYWORD_ELSE)
            return run_block(run, child, err);
    return FLOW_ON;
}

/* --- select --- */

static bool fits_case(struct run *run, const struct element *element, const char *value, bool *fits, struct error *err)
{
    char *wanted, *match = NULL;

    if (element->condition || element_parameter(element, "attr"))
        return test(run, element, fits, err);
    bool done = run_parameter(run, element, "value", &wanted, err) && run_parameter(run, element, "match", &match, err);
    *fits = done && matches(match, wanted ? wanted : "", value);
    free(wanted);
    free(match);
    return done;
}

enum flow run_select(struct run *run, const struct element *element, struct error *err)
{
    const struct element *standard = NULL, *chosen = NULL;
    struct tested tested;
    enum flow flow = FLOW_ON;

    bool done = read_tested(run, element, &tested, err);
    const char *value = done ? tested.wanted ? tested.wanted : buffer_text(&tested.actual) : "";
    for (const struct element *child = element->first; done && child && !chosen; child = child->next) {
        bool fits = false;
        if (child->keyword == KEYWORD_DEFAULT)
            standard = child;
        if (child->keyword == KEYWORD_CASE)
            done = fits_case(run, child, value, &fits, err);
        if (fits)
            chosen = child;
    }
    chosen = chosen ? chosen : standard;
    flow = !done ? FLOW_FAILED : chosen ? run_block(run, chosen, err) : FLOW_ON;
    buffer_clear(&tested.actual);
    free(tested.wanted);
    return flow;
}

/* --- enum --- */

/* One round. count 0: not known. */
static enum flow run_round(struct run *run, const struct element *element, const char *name, const char *value, size_t index, size_t count,
                           const char *separator, struct error *err)
{
    struct control control = {.outer = run->control};
    char number[32], many[32];

    snprintf(number, sizeof number, "%zu", index);
    snprintf(many, sizeof many, "%zu", count);
    item_init(&control.item, run->bound);
    bool done = item_set(&control.item, "_value", value) && item_set(&control.item, "_attr", name) && item_set(&control.item, "_index", number)
                && item_set(&control.item, "_count", many) && item_set(&control.item, "_separator", separator)
                && item_set(&control.item, "_first", index == 1 ? "true" : "false") && item_set(&control.item, "_last", index == count ? "true" : "false");
    enum flow flow = FLOW_FAILED;
    if (!done) {
        run_no_room(run, element, err);
    } else if (run_tick(run, err)) {
        run->control = &control;
        flow = run_block(run, element, err);
        run->control = control.outer;
    }
    item_clear(&control.item);
    return flow == FLOW_CONTINUE ? FLOW_ON : flow;
}

static enum flow over_list(struct run *run, const struct element *element, const char *list, const char *separator, struct error *err)
{
    size_t count = 1, length = strlen(separator), index = 1;
    enum flow flow = FLOW_ON;

    if (!*list)
        return FLOW_ON;
    for (const char *at = list; length && (at = strstr(at, separator)); at += length)
        count++;
    for (const char *at = list; flow == FLOW_ON; index++) {
        const char *next = length ? strstr(at, separator) : NULL;
        char *value = next ? strndup(at, (size_t)(next - at)) : strdup(at);
        if (!value) {
            error_memory(err);
            return FLOW_FAILED;
        }
        flow = run_round(run, element, "", value, index, count, separator, err);
        free(value);
        if (!next)
            break;
        at = next + length;
    }
    return flow;
}

/* "1..5", "a..z", "Z..A" */
static enum flow over_range(struct run *run, const struct element *element, const char *range, struct error *err)
{
    const char *dots = strstr(range, "..");
    char *end_first, *end_last;
    enum flow flow = FLOW_ON;

    long long first = strtoll(range, &end_first, 10), last = dots ? strtoll(dots + 2, &end_last, 10) : 0;
    bool numbers = dots && end_first == dots && end_first > range && !*end_last && end_last > dots + 2;
    bool letters = dots && dots == range + 1 && strlen(dots + 2) == 1;
    if (!numbers && !letters) {
        script_fault(run->setup->script, element, err, "a range is as 1..5 or a..z, not \"%.60s\"", range);
        return FLOW_FAILED;
    }
    if (!numbers) {
        first = (unsigned char)range[0];
        last = (unsigned char)dots[2];
    }
    if (first < -1000000000000LL || first > 1000000000000LL || last < -1000000000000LL || last > 1000000000000LL) {
        script_fault(run->setup->script, element, err, "the range %.60s is too large", range);
        return FLOW_FAILED;
    }
    long long step = first <= last ? 1 : -1;
    size_t count = (size_t)((last - first) * step) + 1;
    for (size_t index = 1; index <= count && flow == FLOW_ON; index++) {
        char value[32];
        long long now = first + (long long)(index - 1) * step;
        if (numbers)
            snprintf(value, sizeof value, "%lld", now);
        else
            snprintf(value, sizeof value, "%c", (int)now);
        flow = run_round(run, element, "", value, index, count, "", err);
    }
    return flow;
}

static int by_name(const void *a, const void *b)
{
    const struct attribute *left = a, *right = b;
    return strcasecmp(left->name, right->name);
}

/* A copy of those attributes that are meant: the body may change the item. */
static bool collect(struct run *run, const struct item *item, const char *pattern, const char *prefix, struct item *copy)
{
    item_init(copy, run->bound);
    for (size_t i = 0; item && i < item->count; i++) {
        struct item one = {.attributes = &item->attributes[i], .count = 1};
        const char *name = item->attributes[i].name;
        if ((pattern && *pattern && !item_name_fits(name, pattern))
            || (prefix && *prefix && (strncasecmp(name, prefix, strlen(prefix)) != 0 || name[strlen(prefix)] != ':')))
            continue;
        if (!item_copy(copy, &one))
            return false;
    }
    if (copy->count)
        qsort(copy->attributes, copy->count, sizeof *copy->attributes, by_name);
    return true;
}

static enum flow over_item(struct run *run, const struct element *element, const struct item *item, const char *pattern, const char *prefix,
                           bool expand, const char *separator, struct error *err)
{
    struct item copy;
    enum flow flow = FLOW_ON;
    size_t count = 0, index = 0;

    if (!collect(run, item, pattern, prefix, &copy)) {
        run_no_room(run, element, err);
        flow = FLOW_FAILED;
    }
    for (size_t i = 0; i < copy.count; i++)
        count += expand ? copy.attributes[i].count : 1;
    for (size_t i = 0; i < copy.count && flow == FLOW_ON; i++) {
        const struct attribute *attribute = &copy.attributes[i];
        if (!expand) {
            struct buffer value;
            buffer_init(&value, FORMATTER_LARGEST);
            item_value(&copy, attribute->name, &value);
            flow = run_round(run, element, attribute->name, buffer_text(&value), ++index, count, separator, err);
            buffer_clear(&value);
            continue;
        }
        for (size_t j = 0; j < attribute->count && flow == FLOW_ON; j++) {
            char name[300];
            snprintf(name, sizeof name, attribute->count > 1 ? "%.280s#%zu" : "%.280s", attribute->name, j + 1);
            flow = run_round(run, element, name, attribute->values[j] ? attribute->values[j] : "", ++index, count, separator, err);
        }
    }
    item_clear(&copy);
    return flow;
}

/* The values of one attribute, one after the other. */
static enum flow over_values(struct run *run, const struct element *element, const char *name, const char *separator, struct error *err)
{
    struct buffer values;

    buffer_init(&values, FORMATTER_LARGEST);
    bool there = run_value(run, name, &values);
    enum flow flow = there ? over_list(run, element, buffer_text(&values), separator, err) : FLOW_ON;
    buffer_clear(&values);
    return flow;
}

struct enumeration {
    char *list, *range, *attr, *item, *prefix, *separator, *sep, *expand;
};

static bool read_enumeration(struct run *run, const struct element *element, struct enumeration *e, struct error *err)
{
    return run_parameter(run, element, "list", &e->list, err) && run_parameter(run, element, "range", &e->range, err)
           && run_parameter(run, element, "attr", &e->attr, err) && run_parameter(run, element, "item", &e->item, err)
           && run_parameter(run, element, "prefix", &e->prefix, err) && run_parameter(run, element, "separator", &e->separator, err)
           && run_parameter(run, element, "sep", &e->sep, err) && run_parameter(run, element, "expand", &e->expand, err);
}

static enum flow over(struct run *run, const struct element *element, const struct enumeration *e, struct error *err)
{
    const char *separator = e->separator ? e->separator : e->sep;
    bool expand = e->expand && run_is_true(e->expand), pattern = e->attr && strchr(e->attr, '*');

    if (e->range && *e->range)
        return over_range(run, element, e->range, err);
    if (e->list)
        return over_list(run, element, e->list, separator ? separator : ",", err);
    if (e->attr && *e->attr && !pattern && !e->item)
        return over_values(run, element, e->attr, separator ? separator : "\n", err);
    const struct item *item = e->item && *e->item ? run_item(run, e->item, false) : run->level->item;
    const char *point = e->attr && !e->item ? strchr(e->attr, '.') : NULL;
    if (point) {
        char *name = strndup(e->attr, (size_t)(point - e->attr));
        item = name ? run_item(run, name, false) : NULL;
        free(name);
    }
    return over_item(run, element, item, point ? point + 1 : e->attr, e->prefix, expand, separator ? separator : "\n", err);
}

enum flow run_enum(struct run *run, const struct element *element, struct error *err)
{
    struct enumeration e = {0};
    enum flow flow = read_enumeration(run, element, &e, err) ? over(run, element, &e, err) : FLOW_FAILED;

    free(e.list);
    free(e.range);
    free(e.attr);
    free(e.item);
    free(e.prefix);
    free(e.separator);
    free(e.sep);
    free(e.expand);
    return flow == FLOW_BREAK ? FLOW_ON : flow;
}
