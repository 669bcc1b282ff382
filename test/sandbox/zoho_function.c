/* Works out rules: the operators and functions of the language of the zoho_rows_*.txt. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/zoho_switch.h"
#include "test/sandbox/zoho_value.h"

/* A rule being worked out. */
struct work {
    const struct zoho_at *at;
    struct zoho_books *books;
    uint64_t seed;                  /* of its random parts */
    unsigned draws;
    bool made_by_client;            /* nothing is made up */
};

static struct zoho_value work_out(struct work *work, const struct zoho_rule *rule);

static struct zoho_value number_value(double number)
{
    return (struct zoho_value){VALUE_NUMBER, number, NULL};
}

static struct zoho_value text_value(const char *text)
{
    return (struct zoho_value){VALUE_TEXT, 0, text};
}

static struct zoho_value flag_value(bool flag)
{
    return (struct zoho_value){VALUE_FLAG, flag, NULL};
}

/* splitmix64 */
static uint64_t mix(uint64_t z)
{
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t seed_of(const struct zoho_at *at, uint64_t row, unsigned salt)
{
    uint64_t seed = mix(at->books->schema.organizations[at->organization].seed + at->table->shares->number);
    return mix(mix(seed ^ row) + salt);
}

static uint64_t draw(struct work *work)
{
    return mix(work->seed + work->draws++);
}

static double number_of(struct work *work, const struct zoho_rule *rule)
{
    double number = 0;
    zoho_as_number(work_out(work, rule), &number);
    return number;
}

static const char *text_of(struct work *work, const struct zoho_rule *rule)
{
    return zoho_as_text(work->books, work_out(work, rule));
}

static double cents(double number)
{
    return round(number * 100) / 100;
}

/* Below the bound, also for numbers that are too large or negative. */
static size_t turn(double number, size_t bound)
{
    double rest = fmod(floor(number), (double)bound);
    return (size_t)(rest < 0 ? rest + (double)bound : rest);
}

static const struct zoho_table *table_of(struct work *work, const struct zoho_rule *call)
{
    struct zoho_rule *cached = (struct zoho_rule *)call;
    if (!cached->table)
        cached->table = zoho_table(&work->books->schema, call->arguments[0]->text);
    if (!cached->table) {
        fprintf(stderr, "restodbc-sandbox: a rule of %s names a table %s\n", work->at->table->name, call->arguments[0]->text);
        abort();
    }
    return cached->table;
}

static const struct zoho_table *array_of(struct work *work, const struct zoho_rule *call)
{
    const struct zoho_table *array = zoho_array(work->at->table, call->arguments[0]->text);
    if (!array) {
        fprintf(stderr, "restodbc-sandbox: a rule of %s names an array %s\n", work->at->table->name, call->arguments[0]->text);
        abort();
    }
    return array;
}

/* any(table), any(table, member, value): from a random row onwards until one fits. */
static struct zoho_value call_any(struct work *work, const struct zoho_rule *call)
{
    const struct zoho_table *table = table_of(work, call);
    size_t rows = zoho_rows(work->books, work->at->organization, table);
    const char *value = call->count > 2 ? text_of(work, call->arguments[2]) : NULL;
    size_t start = rows ? (size_t)(draw(work) % rows) : 0;

    for (size_t tried = 0; tried < rows; tried++) {
        struct zoho_at at = zoho_row(work->books, work->at->organization, table, (start + tried) % rows);
        if (!zoho_exists(&at))
            continue;
        if (!value || strcmp(zoho_as_text(work->books, zoho_member(&at, call->arguments[1]->name)), value) == 0)
            return text_value(zoho_id(&at));
    }
    return (struct zoho_value){0};
}

static struct zoho_value call_row(struct work *work, const struct zoho_rule *call)
{
    const struct zoho_table *table = table_of(work, call);
    size_t rows = zoho_rows(work->books, work->at->organization, table);
    if (!rows)
        return (struct zoho_value){0};
    struct zoho_at at = zoho_row(work->books, work->at->organization, table, turn(number_of(work, call->arguments[1]), rows));
    return text_value(zoho_id(&at));
}

static struct zoho_value call_part(struct work *work, const struct zoho_rule *call)
{
    const struct zoho_table *array = table_of(work, call);
    struct zoho_at row;
    if (!zoho_find(work->books, work->at->organization, text_of(work, call->arguments[1]), &row))
        return (struct zoho_value){0};
    row.table = array->parent;
    size_t count = zoho_elements(&row, array);
    if (!count)
        return (struct zoho_value){0};
    struct zoho_at element = zoho_element(&row, array, turn(number_of(work, call->arguments[2]), count));
    return text_value(zoho_id(&element));
}

static struct zoho_value call_sum(struct work *work, const struct zoho_rule *call)
{
    const struct zoho_table *array = array_of(work, call);
    size_t count = zoho_elements(work->at, array);
    double sum = 0, number;
    for (size_t e = 0; e < count; e++) {
        struct zoho_at element = zoho_element(work->at, array, e);
        if (zoho_as_number(zoho_work_out(&element, call->arguments[1], 0), &number))
            sum += number;
    }
    return number_value(cents(sum));
}

static struct zoho_value call_word(struct work *work, const struct zoho_rule *call)
{
    const struct zoho_words *words = work->books->schema.words;
    while (words && strcmp(words->name, call->arguments[0]->text) != 0)
        words = words->next;
    if (!words) {
        fprintf(stderr, "restodbc-sandbox: there are no words %s\n", call->arguments[0]->text);
        abort();
    }
    return text_value(words->texts[draw(work) % words->count]);
}

static struct zoho_value call_by(struct work *work, const struct zoho_rule *call)
{
    struct work other = *work;
    other.seed = seed_of(work->at, mix((uint64_t)(int64_t)number_of(work, call->arguments[0])), 7);
    other.draws = 0;
    return work_out(&other, call->arguments[1]);
}

static struct zoho_value call_title(struct work *work, const struct zoho_rule *call)
{
    struct zoho_at at;
    if (!zoho_find(work->books, work->at->organization, text_of(work, call->arguments[0]), &at) || !at.table->has_title)
        return (struct zoho_value){0};
    return zoho_member(&at, at.table->title);
}

static struct zoho_value call_plus(struct work *work, const struct zoho_rule *call)
{
    int64_t day;
    if (!zoho_day(text_of(work, call->arguments[0]), &day))
        return (struct zoho_value){0};
    return text_value(zoho_day_text(work->books, day + (int64_t)floor(number_of(work, call->arguments[1]))));
}

static struct zoho_value call_days(struct work *work, const struct zoho_rule *call)
{
    int64_t from, to;
    if (!zoho_day(text_of(work, call->arguments[0]), &from) || !zoho_day(text_of(work, call->arguments[1]), &to))
        return (struct zoho_value){0};
    return number_value((double)(to - from));
}

static struct zoho_value call_moment(struct work *work, const struct zoho_rule *call)
{
    int64_t day;
    if (!zoho_day(text_of(work, call->arguments[0]), &day))
        return (struct zoho_value){0};
    unsigned second = (unsigned)turn(number_of(work, call->arguments[1]), 86400);
    const struct zoho_organization *organization = &work->books->schema.organizations[work->at->organization];
    return text_value(zoho_print(&work->books->scratch, "%sT%02u:%02u:%02u%s", zoho_day_text(work->books, day), second / 3600,
                                 second / 60 % 60, second % 60, zoho_property(organization, "offset")));
}

static struct zoho_value call_lower(struct work *work, const struct zoho_rule *call)
{
    const char *from = text_of(work, call->arguments[0]);
    char *text = zoho_keep(&work->books->scratch, from, strlen(from)), *to = text;
    for (; *from; from++)
        if ((unsigned char)*from > ' ' && (unsigned char)*from < 0x7F && !strchr("\"'\\<>&(),", *from))
            *to++ = *from >= 'A' && *from <= 'Z' ? (char)(*from - 'A' + 'a') : *from;
    *to = '\0';
    return text_value(text);
}

static struct zoho_value call_list(struct work *work, const struct zoho_rule *call)
{
    const char *text = "";
    for (size_t a = 0; a < call->count; a++) {
        const char *one = text_of(work, call->arguments[a]);
        if (*one)
            text = zoho_print(&work->books->scratch, "%s%s%s", text, *text ? "\x1F" : "", one);
    }
    return text_value(text);
}

static struct zoho_value call_random(struct work *work, const struct zoho_rule *call)
{
    switch ((int)call->function) {
    case CALL_PICK: return work_out(work, call->arguments[draw(work) % call->count]);
    case CALL_MAYBE: {
        bool has = (double)(draw(work) % 100) < number_of(work, call->arguments[0]);
        return has ? work_out(work, call->arguments[1]) : (struct zoho_value){0};
    }
    case CALL_WORD: return call_word(work, call);
    case CALL_ANY: return call_any(work, call);
    default: break;
    }
    double low = number_of(work, call->arguments[0]), high = number_of(work, call->arguments[1]);
    uint64_t random = draw(work);
    if (call->function == CALL_MONEY)
        return number_value(cents(low + (double)(random % (uint64_t)((high - low) * 100 + 1)) / 100));
    double whole = low + (double)(random % (uint64_t)(high - low + 1));
    if (call->function == CALL_DATE)
        return text_value(zoho_day_text(work->books, work->books->schema.today + (int64_t)whole));
    return number_value(whole);
}

static struct zoho_value call_number_of(struct work *work, const struct zoho_rule *call)
{
    struct zoho_at at;
    bool found = zoho_find(work->books, work->at->organization, text_of(work, call->arguments[0]), &at);
    return number_value(found ? (double)at.i : -1);
}

static struct zoho_value call(struct work *work, const struct zoho_rule *rule)
{
    struct zoho_books *books = work->books;
    const struct zoho_at *at = work->at;
    struct zoho_rule *const *arguments = rule->arguments;
    struct zoho_value value;

    if (work->made_by_client && (rule->function <= CALL_CYCLE || rule->function == CALL_ROW || rule->function == CALL_PART))
        return (struct zoho_value){0};
    switch (rule->function) {
    case CALL_PICK: case CALL_INT: case CALL_MONEY: case CALL_MAYBE: case CALL_ANY: case CALL_WORD: case CALL_DATE:
        return call_random(work, rule);
    case CALL_CYCLE:
        return work_out(work, arguments[(at->table->depth == 0 ? at->i : at->table->depth == 1 ? at->j : at->k) % rule->count]);
    case CALL_KEY: return text_value(zoho_id(at));
    case CALL_ROW: return call_row(work, rule);
    case CALL_PART: return call_part(work, rule);
    case CALL_ROWS: return number_value((double)zoho_rows(books, at->organization, table_of(work, rule)));
    case CALL_COUNT: return number_value((double)zoho_elements(at, array_of(work, rule)));
    case CALL_SUM: return call_sum(work, rule);
    case CALL_BY: return call_by(work, rule);
    case CALL_TITLE: return call_title(work, rule);
    case CALL_PLUS: return call_plus(work, rule);
    case CALL_DAYS: return call_days(work, rule);
    case CALL_MOMENT: return call_moment(work, rule);
    case CALL_TODAY: return text_value(zoho_day_text(books, books->schema.today));
    case CALL_ROUND: return number_value(cents(number_of(work, arguments[0])));
    case CALL_WHOLE: return number_value(floor(number_of(work, arguments[0])));
    case CALL_PAD:
        return text_value(zoho_print(&books->scratch, "%0*.0f", (int)number_of(work, arguments[1]), number_of(work, arguments[0])));
    case CALL_FIXED:
        value = work_out(work, arguments[0]);
        if (zoho_is_none(value))
            return value;
        return text_value(zoho_print(&books->scratch, "%.*f", (int)number_of(work, arguments[1]), number_of(work, arguments[0])));
    case CALL_LOWER: return call_lower(work, rule);
    case CALL_LIST: return call_list(work, rule);
    case CALL_ORGANIZATION:
        if (strcmp(arguments[0]->text, "id") == 0)
            return text_value(books->schema.organizations[at->organization].id);
        return text_value(zoho_property(&books->schema.organizations[at->organization], arguments[0]->text));
    case CALL_QUERY: {
        const char *text = json_string_value(json_object_get(books->parameters, arguments[0]->text));
        if (!text && books->request)
            text = request_query(books->request, arguments[0]->text);
        return text_value(text ? zoho_keep(&books->scratch, text, strlen(text)) : "");
    }
    case CALL_OTHERWISE:
        value = work_out(work, arguments[0]);
        return zoho_is_none(value) ? work_out(work, arguments[1]) : value;
    case CALL_NUMBER: return number_value((double)at->i + 1);
    case CALL_NUMBER_OF: return call_number_of(work, rule);
    case CALL_SWITCH: return text_value(zoho_switch_value(books->switches, arguments[0]->text));
    case CALLS: break;
    }
    return (struct zoho_value){0};
}

/* Numbers as numbers, everything else as texts. */
static int compare(struct zoho_books *books, struct zoho_value left, struct zoho_value right)
{
    double a, b;
    if ((left.kind == VALUE_NUMBER || right.kind == VALUE_NUMBER) && zoho_as_number(left, &a) && zoho_as_number(right, &b))
        return a < b ? -1 : a > b;
    return strcmp(zoho_as_text(books, left), zoho_as_text(books, right));
}

static struct zoho_value arithmetic(struct work *work, const struct zoho_rule *rule)
{
    double left = number_of(work, rule->arguments[0]), right = number_of(work, rule->arguments[1]);
    switch ((int)rule->operator) {
    case OP_ADD: return number_value(left + right);
    case OP_SUBTRACT: return number_value(left - right);
    case OP_MULTIPLY: return number_value(left * right);
    case OP_DIVIDE: return number_value(right != 0 ? left / right : 0);
    default: return number_value(right != 0 ? fmod(left, right) : 0);
    }
}

static struct zoho_value binary(struct work *work, const struct zoho_rule *rule)
{
    if (rule->operator == OP_AND || rule->operator == OP_OR) {
        bool left = zoho_is_true(work_out(work, rule->arguments[0]));
        if (left == (rule->operator == OP_OR))
            return flag_value(left);
        return flag_value(zoho_is_true(work_out(work, rule->arguments[1])));
    }
    if (rule->operator == OP_JOIN) {
        const char *left = text_of(work, rule->arguments[0]), *right = text_of(work, rule->arguments[1]);
        return text_value(zoho_print(&work->books->scratch, "%s%s", left, right));
    }
    if (rule->operator <= OP_REST)
        return arithmetic(work, rule);
    struct zoho_value left = work_out(work, rule->arguments[0]), right = work_out(work, rule->arguments[1]);
    int order = compare(work->books, left, right);
    switch ((int)rule->operator) {
    case OP_EQUAL: return flag_value(order == 0);
    case OP_UNEQUAL: return flag_value(order != 0);
    case OP_LESS: return flag_value(order < 0);
    case OP_MOST: return flag_value(order <= 0);
    case OP_MORE: return flag_value(order > 0);
    default: return flag_value(order >= 0);
    }
}

static struct zoho_value work_out(struct work *work, const struct zoho_rule *rule)
{
    const struct zoho_at *at = work->at;
    struct zoho_at other;

    switch (rule->kind) {
    case RULE_NUMBER: return number_value(rule->number);
    case RULE_TEXT: return text_value(rule->text);
    case RULE_FLAG: return flag_value(rule->number != 0);
    case RULE_MEMBER: return zoho_member(at, rule->name);
    case RULE_UP:
        if (!at->table->parent)
            return (struct zoho_value){0};
        other = *at;
        other.table = at->table->parent;
        return zoho_member(&other, rule->name);
    case RULE_FOLLOW:
        if (!zoho_find(work->books, at->organization, text_of(work, rule->arguments[0]), &other))
            return (struct zoho_value){0};
        return zoho_member(&other, rule->name);
    case RULE_ROW: return work->made_by_client ? (struct zoho_value){0} : number_value((double)at->i);
    case RULE_ELEMENT: return number_value((double)(at->table->depth == 2 ? at->k : at->j));
    case RULE_SIZE:
        return number_value(floor((double)work->books->rows * work->books->schema.organizations[at->organization].percent / 100));
    case RULE_ROWS: {
        const struct zoho_table *rows = at->table;
        while (rows->parent)
            rows = rows->parent;
        return number_value((double)zoho_rows(work->books, at->organization, rows));
    }
    case RULE_NEGATE: return number_value(-number_of(work, rule->arguments[0]));
    case RULE_NOT: return flag_value(!zoho_is_true(work_out(work, rule->arguments[0])));
    case RULE_BINARY: return binary(work, rule);
    case RULE_CHOOSE: return work_out(work, rule->arguments[zoho_is_true(work_out(work, rule->arguments[0])) ? 1 : 2]);
    case RULE_CALL: return call(work, rule);
    }
    return (struct zoho_value){0};
}

struct zoho_value zoho_work_out(const struct zoho_at *at, const struct zoho_rule *rule, unsigned salt)
{
    uint64_t row = at->i;
    if (at->table->depth >= 1)
        row = mix(row) + at->j;
    if (at->table->depth >= 2)
        row = mix(row) + at->k;
    struct work work = {.at = at, .books = at->books, .seed = seed_of(at, row, salt), .made_by_client = zoho_made_by_client(at)};
    return work_out(&work, rule);
}
