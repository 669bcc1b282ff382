#include "engine/explain_scan.h"

#include <string.h>

#include "base/error.h"
#include "engine/filter.h"
#include "engine/narrow.h"
#include "table/term.h"

static const char contradiction[] = "none: no row can satisfy the conditions", no_rows[] = "none: no row is wanted";

/* ---- In whose words ---- */

static bool is_about(const struct explained_condition *words, const char *alias, const struct plan_condition *condition, bool list)
{
    bool same = words->op == condition->op || (list && condition->op == FILTER_EQUAL && words->op == FILTER_IN);
    return words->column == condition->column && same && strcmp(words->alias, alias) == 0;
}

/* SQLite shows the conditions in the order of the text, and a list of one value, or one that is gone through, as a comparison. */
static void find_words(struct shown_scan *shown, const char *alias, const struct statement *statement, bool *used)
{
    for (int pass = 0; pass < 4; pass++)
        for (size_t i = 0; i < shown->scan->term_count; i++)
            for (size_t c = 0; c < statement->condition_count && !shown->terms[i].words; c++)
                if ((pass >= 2 || !used[c]) && is_about(&statement->conditions[c], alias, &shown->scan->terms[i].condition, pass % 2 == 1)) {
                    shown->terms[i].words = &statement->conditions[c];
                    used[c] = true;
                }
}

/* ---- With which values ---- */

/* One value of a condition, as a scan brings it to the column. *count grows unless no value of the column is meant. */
static bool add_value(const struct type *type, enum filter_op op, const struct value *given, struct value *values, size_t *count, bool *all,
                      struct arena *arena, struct error *err)
{
    struct value value = *given;
    enum filter_fit fit = FILTER_FITS_NONE;

    if (!value_is_null(&value) && !filter_fit(type, op, &value, arena, &fit, err))
        return false;
    *all = fit == FILTER_FITS_ALL;
    if (fit == FILTER_FITS)
        values[(*count)++] = value;
    return true;
}

static bool fill(struct shown_scan *shown, size_t i, const struct value *bindings, struct arena *arena, struct error *err)
{
    const struct explain_term *term = &shown->scan->terms[i];
    struct shown_term *out = &shown->terms[i];
    const struct explained_condition *words = out->words;
    const struct type *type = &shown->scan->table->columns[term->condition.column].type;
    enum filter_op op = term->condition.op;
    size_t given = op == FILTER_IN && words ? words->value_count : term->known;
    bool all = false;

    out->filter = (struct filter){.column = term->condition.column, .op = op};
    out->sent = term->condition.taken && term->condition.usable;
    if (op == FILTER_IS_NULL || op == FILTER_IS_NOT_NULL)
        return true;
    if (given == 0) {
        out->name = arena_printf(arena, "{%s}", words ? words->other : "…");
        return out->name || error_memory(err);
    }
    struct value *values = arena_array(arena, given, sizeof *values);
    if (!values)
        return error_memory(err);
    out->filter.values = values;
    for (size_t v = 0; v < given; v++) {
        const struct value *value = &term->value;
        if (op == FILTER_IN)
            value = words->values[v].parameter >= 0 ? &bindings[words->values[v].parameter] : &words->values[v].value;
        if (!add_value(type, op, value, values, &out->filter.value_count, &all, arena, err))
            return false;
    }
    if (all)
        out->needless = true; /* every value satisfies it */
    else if (out->filter.value_count == 0 && term->condition.usable)
        shown->nothing = contradiction;
    return true;
}

/* ---- What is sent ---- */

/* What scans know of each other's conditions, here of those whose values are known. */
static bool narrow(struct shown_scan *shown, struct arena *arena, struct error *err)
{
    struct filter *known = arena_array(arena, shown->scan->term_count + 1, sizeof *known);
    size_t count = 0, next = 0;

    if (!known)
        return error_memory(err);
    for (size_t i = 0; i < shown->scan->term_count; i++)
        if (!shown->terms[i].name && !shown->terms[i].needless && shown->scan->terms[i].condition.usable)
            known[count++] = shown->terms[i].filter;
    if (!narrow_filters(shown->scan->table, known, count)) {
        shown->nothing = contradiction;
        return true;
    }
    for (size_t i = 0; i < shown->scan->term_count; i++)
        if (!shown->terms[i].name && !shown->terms[i].needless && shown->scan->terms[i].condition.usable)
            shown->terms[i].filter = known[next++];
    return true;
}

static bool same_filter(const struct column *column, const struct filter *a, const struct filter *b)
{
    if (a->column != b->column || a->op != b->op || a->value_count != b->value_count)
        return false;
    for (size_t i = 0; i < a->value_count; i++)
        if (value_compare(column->type.kind, &a->values[i], &b->values[i]) != 0)
            return false;
    return true;
}

/* A list beside an equality, or the same once more. */
static void drop_repeated(struct shown_scan *shown)
{
    for (size_t i = 0; i < shown->scan->term_count; i++) {
        struct shown_term *term = &shown->terms[i];
        const struct column *column = &shown->scan->table->columns[term->filter.column];
        for (size_t j = 0; j < shown->scan->term_count && term->sent && !column->pseudo; j++) {
            const struct shown_term *other = &shown->terms[j];
            bool equal = other->sent && other->filter.op == FILTER_EQUAL && other->filter.column == term->filter.column;
            bool implied = i != j && term->filter.op == FILTER_IN && equal;
            bool again = j < i && other->sent && !term->name && !other->name && same_filter(column, &term->filter, &other->filter);
            term->needless = term->needless || (implied && !other->name) || again;
            term->sent = !implied && !again;
        }
    }
}

bool explain_show(const struct explain_scan *scan, const char *alias, const struct statement *statement, const struct value *bindings,
                  struct arena *arena, struct shown_scan *shown, struct error *err)
{
    bool *used = arena_array(arena, statement->condition_count + 1, sizeof *used);

    *shown = (struct shown_scan){.scan = scan, .terms = arena_array(arena, scan->term_count + 1, sizeof *shown->terms)};
    if (!used || !shown->terms)
        return error_memory(err);
    shown->nothing = scan->limit == 0 ? no_rows : NULL;
    for (size_t i = 0; i < statement->condition_count && !shown->nothing; i++)
        if (statement->conditions[i].never && strcmp(statement->conditions[i].alias, alias) == 0)
            shown->nothing = contradiction;
    find_words(shown, alias, statement, used);
    for (size_t i = 0; i < scan->term_count; i++)
        if (!fill(shown, i, bindings, arena, err))
            return false;
    if (shown->nothing)
        return true;
    if (!narrow(shown, arena, err))
        return false;
    if (!shown->nothing)
        drop_repeated(shown);
    return true;
}

bool explain_request(const struct shown_scan *shown, const struct statement *explained, const struct value *bindings, struct arena *arena, struct scan_description *description, struct error *err)
{
    const struct explain_scan *scan = shown->scan;
    const struct table *table = scan->table;
    struct filter *filters = arena_array(arena, scan->term_count + 1, sizeof *filters);
    const char **names = arena_array(arena, scan->term_count + 1, sizeof *names);
    bool *wanted = arena_array(arena, table->column_count + 1, sizeof *wanted);
    const struct term **terms = arena_array(arena, scan->told_count + 1, sizeof(const struct term *));
    size_t count = 0, term_count = 0;

    if (!filters || !names || !wanted || !terms)
        return error_memory(err);
    if (shown->nothing) {
        description->request = arena_text(arena, shown->nothing);
        return description->request || error_memory(err);
    }
    for (size_t i = 0; i < table->column_count; i++)
        wanted[i] = scan->wanted >> (i < 63 ? i : 63) & 1;
    for (size_t i = 0; i < scan->term_count; i++)
        if (shown->terms[i].sent && !shown->terms[i].needless) {
            filters[count] = shown->terms[i].filter;
            names[count++] = shown->terms[i].name;
        }
    for (size_t i = 0; i < scan->told_count; i++)
        if (scan->told[i].taken && !(terms[term_count++] = term_copy(explained->terms[scan->told[i].number], bindings, arena)))
            return error_memory(err);
    const struct scan_request request = {
        .terms = terms, .term_count = term_count,
        .table = table, .wanted = wanted, .filters = filters, .filter_count = count, .named = scan->named, .order = scan->order, .aggregation = scan->aggregation,
        .order_count = scan->order_taken ? scan->order_count : 0, .limit = scan->limit_taken ? scan->limit : -1,
    };
    return !table->service->class->describe || table->service->class->describe(&request, names, arena, description, err);
}
