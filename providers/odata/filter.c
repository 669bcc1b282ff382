#include "providers/odata/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/datetime.h"
#include "providers/odata/condition.h"
#include "providers/odata/options.h"

enum {
    LONGEST_TEXT = 1 << 20,
    LONGEST_CHAIN = 20,              /* values of `a or b or …` in V4, whose servers count the nodes of an expression */
    LONGEST_OLD_CHAIN = 50,          /* in V2 and V3 */
    LONGEST_IN = 500,
};

struct writing {
    const struct odata_filter_source *source;
    struct arena *arena;
    struct odata_filter *filter;
    /* of the present condition */
    const struct filter *condition;
    const struct odata_column *column;
    const struct column *shown;
    const char *name;                /* what stands for its value, or NULL */
    char path[600];                  /* encoded */
    bool memory;
};

static void encode(struct buffer *out, const char *text)
{
    odata_encode(out, text, strlen(text), false);
}

/* "Category/Name", "NS.Car/Doors" */
static void find_path(struct writing *writing, const char *navigation)
{
    const struct odata_column *column = writing->column;
    struct buffer path;

    buffer_init(&path, sizeof writing->path - 1);
    if (navigation) {
        encode(&path, navigation);
        buffer_append_char(&path, '/');
    }
    if (column->derived)
        buffer_printf(&path, "%s.%s/", column->derived->space, column->derived->name);
    encode(&path, column->path);
    snprintf(writing->path, sizeof writing->path, "%s", path.failed ? "" : buffer_text(&path));
    buffer_clear(&path);
}

/* Appends the value's literal, encoded. False when it has none. */
static bool write_literal(struct writing *writing, struct buffer *out, const struct value *value)
{
    struct buffer literal;

    if (writing->name)
        return buffer_append_text(out, writing->name);
    buffer_init(&literal, LONGEST_TEXT);
    bool written = odata_literal(&literal, &writing->source->context->form, writing->column, &writing->shown->type, value);
    if (written)
        odata_encode(out, literal.data, literal.length, false);
    buffer_clear(&literal);
    return written;
}

static bool write_comparison(struct writing *writing, struct buffer *out, const char *op, const struct value *value)
{
    buffer_printf(out, "%s%%20%s%%20", writing->path, op);
    return write_literal(writing, out, value);
}

/* Moments that rows show less exactly than the service knows them: a value stands for a span. */

static bool is_span(const struct writing *writing)
{
    enum edm edm = writing->column->edm;

    return (writing->column->day && edm == EDM_DATE_TIME && writing->column->filterable == FILTERABLE_FULLY)
           || (writing->source->context->milliseconds && !writing->column->day && (edm == EDM_DATE_TIME || edm == EDM_DATE_TIME_OFFSET));
}

/* The beginning of the span that a value is in, or of the one after it. *begins: the value is the beginning itself. False past the end of
 * time. */
static bool span_edge(const struct writing *writing, const struct value *value, bool next, char text[DATETIME_TEXT], struct value *edge, bool *begins)
{
    struct datetime moment;
    size_t length;

    if (!datetime_parse_timestamp(value->text, value->length, &moment, NULL))
        return false;
    if (writing->column->day) {
        *begins = true;
        if (next && !datetime_from_seconds(datetime_seconds(&moment) + 86400, &moment))
            return false;
        length = datetime_print_date(&moment, text);
    } else {
        *begins = moment.nanosecond % 1000000 == 0;
        uint32_t milliseconds = moment.nanosecond / 1000000 + next;
        if (milliseconds == 1000 && !datetime_from_seconds(datetime_seconds(&moment) + 1, &moment))
            return false;
        moment.nanosecond = milliseconds % 1000 * 1000000;
        length = datetime_print_timestamp(&moment, TIMESTAMP_FRACTION, text);
    }
    *edge = value_text(text, length);
    return true;
}

static bool write_edge(struct writing *writing, struct buffer *out, const char *op, const struct value *value, bool next)
{
    char text[DATETIME_TEXT];
    struct value edge;
    bool begins;

    return span_edge(writing, value, next, text, &edge, &begins) && write_comparison(writing, out, op, &edge);
}

static bool write_span(struct writing *writing, struct buffer *out, const struct value *value)
{
    char text[DATETIME_TEXT];
    struct value edge;
    bool begins;

    if (!span_edge(writing, value, false, text, &edge, &begins))
        return false;
    switch (writing->condition->op) {
    case FILTER_GREATER_EQUAL: return write_edge(writing, out, "ge", value, !begins);
    case FILTER_GREATER: return write_edge(writing, out, "ge", value, true);
    case FILTER_LESS: return write_edge(writing, out, "lt", value, !begins);
    case FILTER_LESS_EQUAL: return write_edge(writing, out, "lt", value, true);
    case FILTER_NOT_EQUAL:
        buffer_append_char(out, '(');
        return write_edge(writing, out, "lt", value, false) && buffer_append_text(out, "%20or%20") && write_edge(writing, out, "ge", value, true)
               && buffer_append_char(out, ')');
    default:
        if (!begins) { /* rows have only beginnings */
            writing->filter->none = true;
            return false;
        }
        return write_edge(writing, out, "ge", value, false) && buffer_append_text(out, "%20and%20") && write_edge(writing, out, "lt", value, true);
    }
}

/* LIKE. */

/* A function of the path and a text. V2 and V3 have the arguments of substringof the other way round. */
static bool write_function(struct writing *writing, struct buffer *out, const char *name, const char *text, size_t length)
{
    const struct odata_context *context = writing->source->context;
    const char *called = context->version != ODATA_V4 && strcmp(name, "contains") == 0 ? "substringof" : name;
    bool begun = out->length > 0;

    if (!odata_may_use(context, writing->source->table, called))
        return false;
    if (begun)
        buffer_append_text(out, "%20and%20");
    struct buffer literal;
    buffer_init(&literal, LONGEST_TEXT);
    odata_quote(&literal, text, length);
    buffer_printf(out, "%s(", called);
    if (called == name)
        buffer_printf(out, "%s,", writing->path);
    odata_encode(out, literal.data ? literal.data : "", literal.length, false);
    if (called != name)
        buffer_printf(out, ",%s", writing->path);
    buffer_append_char(out, ')');
    buffer_clear(&literal);
    return true;
}

/* Each plain piece of the pattern says something: the first that the text begins with it, the last that it ends so, the others that they
 * stand in it. That is less than the pattern says, and never more. */
static bool write_pattern(struct writing *writing, struct buffer *out, const struct value *pattern)
{
    const char *text = pattern->text;
    size_t length = pattern->length, at = 0;

    if (writing->name)
        return buffer_printf(out, "%s(%s,%s)", writing->source->context->version == ODATA_V4 ? "contains" : "startswith", writing->path, writing->name);
    if (!memchr(text, '%', length) && !memchr(text, '_', length))
        return write_comparison(writing, out, "eq", pattern);
    while (at < length) {
        size_t start = at;
        while (at < length && text[at] != '%' && text[at] != '_')
            at++;
        if (at > start)
            write_function(writing, out, start == 0 ? "startswith" : at == length ? "endswith" : "contains", text + start, at - start);
        at += at < length;
    }
    return out->length > 0;
}

/* Conditions of one value. */

static bool write_condition(struct writing *writing, struct buffer *out)
{
    const struct filter *condition = writing->condition;
    const struct value *value = condition->values;
    bool single = writing->column->edm == EDM_SINGLE;

    switch (condition->op) {
    case FILTER_IS_NULL: return buffer_printf(out, "%s%%20eq%%20null", writing->path);
    case FILTER_IS_NOT_NULL: return buffer_printf(out, "%s%%20ne%%20null", writing->path);
    case FILTER_LIKE: return write_pattern(writing, out, value);
    default: break;
    }
    if (is_span(writing) && !writing->name)
        return write_span(writing, out, value);
    switch (condition->op) {
    case FILTER_EQUAL: return write_comparison(writing, out, "eq", value);
    case FILTER_GREATER_EQUAL: return write_comparison(writing, out, "ge", value);
    case FILTER_LESS_EQUAL: return write_comparison(writing, out, "le", value);
    /* The service rounds the bound to the little that its type holds. */
    case FILTER_GREATER: return write_comparison(writing, out, single ? "ge" : "gt", value);
    case FILTER_LESS: return write_comparison(writing, out, single ? "le" : "lt", value);
    case FILTER_NOT_EQUAL:
        if (single)
            return false;
        if (!write_comparison(writing, out, "ne", value))
            return false;
        /* For OData what is null is not equal to anything. */
        return !writing->shown->nullable || buffer_printf(out, "%%20and%%20%s%%20ne%%20null", writing->path);
    default: return false;
    }
}

/* Lists. */

static int by_value(const void *a, const void *b, void *kind)
{
    return value_compare(*(const enum type_kind *)kind, a, b);
}

static const char *kept(struct writing *writing, struct buffer *text)
{
    const char *copy = text->failed ? NULL : arena_copy(writing->arena, buffer_text(text), text->length);
    writing->memory |= !copy;
    return copy;
}

static bool write_list(struct writing *writing, struct odata_term *term)
{
    const struct filter *condition = writing->condition;
    enum type_kind kind = writing->shown->type.kind;
    struct value *values = arena_array(writing->arena, condition->value_count + 1, sizeof *values);
    const char **literals = arena_array(writing->arena, condition->value_count + 1, sizeof *literals);
    size_t made = 0, count = 0;
    struct buffer text;

    if (!values || !literals) {
        writing->memory = true;
        return false;
    }
    for (size_t i = 0; i < condition->value_count; i++)
        if (!value_is_null(&condition->values[i]))
            values[made++] = condition->values[i];
    qsort_r(values, made, sizeof *values, by_value, &kind);
    buffer_init(&text, LONGEST_TEXT);
    bool all = true;
    for (size_t i = 0; i < made && all; i++) {
        if (count && value_compare(kind, &values[count - 1], &values[i]) == 0)
            continue;
        buffer_reset(&text);
        all = write_literal(writing, &text, &values[i]);
        literals[count] = all ? kept(writing, &text) : NULL;
        values[count] = values[i];
        count += all;
    }
    buffer_clear(&text);
    if (writing->name) {
        literals[0] = writing->name;
        count = 1;
    }
    writing->filter->none |= count == 0 && all;
    term->values = values;
    term->literals = literals;
    term->count = term->end = count;
    term->path = arena_text(writing->arena, writing->path);
    writing->memory |= !term->path;
    return all;
}

static void write_term(struct writing *writing, size_t index)
{
    struct odata_term *term = &writing->filter->terms[writing->filter->count++];
    struct buffer text;

    *term = (struct odata_term){.filter = index, .column = writing->column, .exact = writing->source->exact[index],
                                .function = writing->condition->op == FILTER_LIKE};
    if (!writing->name && filter_is_never_true(writing->condition)) {
        writing->filter->none = term->left_out = true;
        return;
    }
    if (!writing->path[0]) {
        term->left_out = true;
        return;
    }
    if (writing->condition->op == FILTER_IN) {
        term->left_out = !write_list(writing, term);
        return;
    }
    buffer_init(&text, LONGEST_TEXT);
    term->left_out = !write_condition(writing, &text);
    if (!term->left_out)
        term->text = kept(writing, &text);
    buffer_clear(&text);
}

static void write_alone(struct writing *writing, const struct term *term)
{
    const struct odata_filter_source *source = writing->source;
    struct odata_term *made = &writing->filter->terms[writing->filter->count];
    struct odata_condition_needs needs;
    struct buffer text;

    buffer_init(&text, LONGEST_TEXT);
    if (odata_condition_write(source->context, source->table, term, source->navigation, &text, &needs)) {
        *made = (struct odata_term){.text = kept(writing, &text), .alone = true, .function = needs.function, .calculation = needs.calculation, .in = needs.in};
        writing->filter->count++;
    }
    buffer_clear(&text);
}

bool odata_filter_make(struct odata_filter *filter, const struct odata_filter_source *source, enum odata_where where, struct arena *arena)
{
    struct writing writing = {.source = source, .arena = arena, .filter = filter};
    const struct odata_table *table = source->table;

    *filter = (struct odata_filter){.terms = arena_array(arena, source->count + source->term_count + 1, sizeof *filter->terms)};
    filter->use_in = source->context->version == ODATA_V4 && !(atomic_load(source->context->refused) & REFUSED_IN);
    if (!filter->terms)
        return false;
    for (size_t i = 0; i < source->count && !writing.memory; i++) {
        if (source->where[i] != where)
            continue;
        int column = source->filters[i].column;
        bool of_parent = table->columns[column].role == ROLE_PARENT;
        writing.condition = &source->filters[i];
        writing.shown = &table->table.columns[column];
        writing.column = of_parent ? &table->parent->columns[table->columns[column].parent] : &table->columns[column];
        writing.name = source->names ? source->names[i] : NULL;
        find_path(&writing, of_parent ? NULL : source->navigation);
        write_term(&writing, i);
    }
    for (size_t i = 0; where == WHERE_FILTER && i < source->term_count && !writing.memory; i++)
        write_alone(&writing, source->terms[i]);
    return !writing.memory;
}

static size_t most_values(const struct odata_filter *filter, const struct odata_context *context);
static void print_list(const struct odata_filter *filter, const struct odata_term *term, struct buffer *out);

bool odata_filter_one(const struct odata_context *context, const struct odata_table *table, const struct filter *condition, const char *navigation,
                      const char *name, struct buffer *out)
{
    struct arena arena = {0};
    const bool exact = true;
    const enum odata_where where = WHERE_FILTER;
    const struct odata_filter_source source = {.context = context, .table = table, .filters = condition, .exact = &exact, .where = &where, .count = 1,
                                               .names = &name, .navigation = navigation};
    struct odata_filter filter;

    bool told = odata_filter_make(&filter, &source, WHERE_FILTER, &arena) && filter.count == 1 && !filter.none && !filter.terms[0].left_out
                && filter.terms[0].count <= most_values(&filter, context);
    if (told && filter.terms[0].text)
        buffer_append_text(out, filter.terms[0].text);
    else if (told)
        print_list(&filter, &filter.terms[0], out);
    arena_clear(&arena);
    return told;
}

/* Length. */

static const char and_[] = "%20and%20", or_[] = "%20or%20";

static size_t chain_length(const struct odata_filter *filter, const struct odata_term *term, size_t index)
{
    return strlen(term->literals[index]) + (filter->use_in ? 1 : strlen(term->path) + strlen("%20eq%20") + strlen(or_));
}

static size_t list_length(const struct odata_filter *filter, const struct odata_term *term)
{
    size_t length = strlen(term->path) + 12;

    for (size_t i = term->first; i < term->end; i++)
        length += chain_length(filter, term, i);
    return length;
}

static size_t term_length(const struct odata_filter *filter, const struct odata_term *term)
{
    if (term->left_out)
        return 0;
    return strlen(and_) + (term->text ? strlen(term->text) : list_length(filter, term));
}

static size_t whole_length(const struct odata_filter *filter)
{
    size_t length = 0;

    for (size_t i = 0; i < filter->count; i++)
        length += term_length(filter, &filter->terms[i]);
    return length;
}

static size_t most_values(const struct odata_filter *filter, const struct odata_context *context)
{
    return filter->use_in ? LONGEST_IN : context->version == ODATA_V4 ? LONGEST_CHAIN : LONGEST_OLD_CHAIN;
}

/* How many values from `first` on have room. */
static size_t piece(const struct odata_filter *filter, const struct odata_term *term, size_t first, size_t most, size_t room)
{
    size_t length = strlen(term->path) + 12 + strlen(and_), end = first;

    while (end < term->count && end - first < most) {
        length += chain_length(filter, term, end);
        if (length > room && end > first)
            break;
        end++;
    }
    return end;
}

static struct odata_term *longest_list(const struct odata_filter *filter)
{
    struct odata_term *longest = NULL;

    for (size_t i = 0; i < filter->count; i++) {
        struct odata_term *term = &filter->terms[i];
        if (!term->text && !term->left_out && term->count > 1 && (!longest || term->count > longest->count))
            longest = term;
    }
    return longest;
}

static void leave_one_out(struct odata_filter *filter)
{
    struct odata_term *chosen = NULL;

    /* What is looked at again in any case goes first. */
    for (size_t i = 0; i < filter->count; i++) {
        struct odata_term *term = &filter->terms[i];
        if (!term->left_out && term != filter->split && (!chosen || !term->exact || chosen->exact))
            chosen = term;
    }
    if (chosen)
        chosen->left_out = true;
}

void odata_filter_fit(struct odata_filter *filter, const struct odata_context *context, long most)
{
    size_t room = most < 0 ? LONGEST_TEXT : (size_t)most, values = most_values(filter, context);
    struct odata_term *list = longest_list(filter);

    /* Lists besides the longest are sent as a whole or not at all. */
    for (size_t i = 0; i < filter->count; i++)
        if (!filter->terms[i].text && &filter->terms[i] != list && filter->terms[i].count > values)
            filter->terms[i].left_out = true;
    if (list && (list->count > values || whole_length(filter) > room)) {
        filter->split = list;
        list->end = 1;
    }
    size_t sent = filter->count;
    while (whole_length(filter) > room && sent-- > 0)
        leave_one_out(filter);
    if (!filter->split)
        return;
    size_t others = whole_length(filter) - term_length(filter, list);
    list->most_room = room > others ? room - others : 1;
    list->most_values = values;
    list->end = piece(filter, list, 0, values, list->most_room);
    if (list->end == list->count)
        filter->split = NULL;
}

bool odata_filter_next(struct odata_filter *filter)
{
    struct odata_term *list = filter->split;

    if (!list || list->end == list->count)
        return false;
    list->first = list->end;
    list->end = piece(filter, list, list->first, list->most_values, list->most_room);
    return true;
}

/* Printing. */

static void print_list(const struct odata_filter *filter, const struct odata_term *term, struct buffer *out)
{
    bool several = term->end - term->first > 1;

    if (several && filter->use_in) {
        buffer_printf(out, "%s%%20in%%20(", term->path);
        for (size_t i = term->first; i < term->end; i++)
            buffer_printf(out, "%s%s", i > term->first ? "," : "", term->literals[i]);
        buffer_append_char(out, ')');
        return;
    }
    buffer_append_text(out, several ? "(" : "");
    for (size_t i = term->first; i < term->end; i++)
        buffer_printf(out, "%s%s%%20eq%%20%s", i > term->first ? or_ : "", term->path, term->literals[i]);
    buffer_append_text(out, several ? ")" : "");
}

void odata_filter_print(const struct odata_filter *filter, struct buffer *out, bool *begun)
{
    for (size_t i = 0; i < filter->count; i++) {
        const struct odata_term *term = &filter->terms[i];
        if (term->left_out)
            continue;
        buffer_append_text(out, *begun ? and_ : "");
        *begun = true;
        if (term->text)
            buffer_append_text(out, term->text);
        else
            print_list(filter, term, out);
    }
}

bool odata_filter_keeps(const struct odata_term *list, size_t first, size_t end, enum type_kind kind, const struct value *cell)
{
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        int order = value_is_null(cell) ? -1 : value_compare(kind, cell, &list->values[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            end = middle;
        else
            first = middle + 1;
    }
    return false;
}
