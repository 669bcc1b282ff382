#include "table/term.h"

#include "base/arena.h"

static bool copy_value(struct value *value, struct arena *arena)
{
    if (value->storage != STORAGE_TEXT && value->storage != STORAGE_BLOB)
        return true;
    value->text = arena_copy(arena, value->text, value->length);
    return value->text;
}

const struct term *term_copy(const struct term *term, const struct value *values, struct arena *arena)
{
    struct term *copy = arena_alloc(arena, sizeof *copy);
    const struct term **operands = arena_array(arena, term->count + 1, sizeof(const struct term *));

    if (!copy || !operands)
        return NULL;
    *copy = *term;
    copy->operands = operands;
    if (values && term->kind == TERM_VALUE && term->parameter >= 0) {
        copy->value = values[term->parameter];
        copy->parameter = -1;
    }
    for (size_t i = 0; i < term->count; i++)
        if (!(operands[i] = term_copy(term->operands[i], values, arena)))
            return NULL;
    return copy_value(&copy->value, arena) ? copy : NULL;
}

double term_share(const struct table *table, const struct term *term, double rows)
{
    double share = term->kind == TERM_ALL ? 1 : 0;

    /* Not their sum: reading once by all of them shall cost less than once by each. */
    if (term->kind == TERM_ALL || term->kind == TERM_ANY) {
        for (size_t i = 0; i < term->count; i++) {
            double one = term_share(table, term->operands[i], rows);
            share = term->kind == TERM_ALL ? (one < share ? one : share) : one > share ? one : share;
        }
        return share;
    }
    int column = term_first_column(term);
    return column < 0 ? 0.5 : guess_share(&table->columns[column], term->op, rows);
}

int term_first_column(const struct term *term)
{
    int column = term->kind == TERM_COLUMN ? term->column : -1;

    for (size_t i = 0; i < term->count && column < 0; i++)
        column = term_first_column(term->operands[i]);
    return column;
}
