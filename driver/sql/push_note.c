/* What the engine should know of a statement: columns that are joined or compared with parameters, tables that are read in several places. */
#include <string.h>

#include "base/error.h"
#include "sql/push.h"

/* The base table's column that a column shows unchanged. */
bool push_base_of(const struct expression *expression, const struct table **table, int *column)
{
    if (expression->kind != EXPRESSION_COLUMN || !expression->source)
        return false;
    const struct source_column *shown = &expression->source->columns[expression->column];
    *table = shown->table;
    *column = shown->column;
    return shown->table && shown->column >= 0;
}

static bool note_key(struct push_notes *notes, const struct expression *a, const struct expression *b)
{
    struct join_key key = {0};
    bool is_base[2] = {push_base_of(a, &key.tables[0], &key.columns[0]), push_base_of(b, &key.tables[1], &key.columns[1])};

    if ((!is_base[0] && (!is_base[1] || push_is_constant(a))) || (!is_base[1] && push_is_constant(b)))
        return true;
    for (int side = 0; side < 2; side++)
        key.tables[side] = is_base[side] ? key.tables[side] : NULL;
    if (notes->key_count == notes->key_room) {
        size_t room = notes->key_room ? notes->key_room * 2 : 8;
        struct join_key *larger = arena_array(notes->binder->arena, room, sizeof *larger);
        if (!larger)
            return error_memory(notes->binder->err);
        if (notes->key_count)
            memcpy(larger, notes->keys, notes->key_count * sizeof *larger);
        notes->keys = larger;
        notes->key_room = room;
    }
    notes->keys[notes->key_count++] = key;
    return true;
}

static bool holds_parameter(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_PARAMETER)
        return true;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (holds_parameter(expression->operands[i]))
            return true;
    return false;
}

/* column op ?, ? op column, column BETWEEN ? AND ? */
static bool note_asked(struct push_notes *notes, const struct expression *test)
{
    struct asked_column asked;
    bool asks = false;

    for (size_t i = 0; i < test->operand_count; i++)
        asks = asks || (push_is_constant(test->operands[i]) && holds_parameter(test->operands[i]));
    for (size_t i = 0; i < test->operand_count && asks; i++) {
        if (!push_base_of(test->operands[i], &asked.table, &asked.column))
            continue;
        if (notes->asked_count == notes->asked_room) {
            size_t room = notes->asked_room ? notes->asked_room * 2 : 8;
            struct asked_column *larger = arena_array(notes->binder->arena, room, sizeof *larger);
            if (!larger)
                return error_memory(notes->binder->err);
            if (notes->asked_count)
                memcpy(larger, notes->asked, notes->asked_count * sizeof *larger);
            notes->asked = larger;
            notes->asked_room = room;
        }
        notes->asked[notes->asked_count++] = asked;
    }
    return true;
}

void push_note_table(struct push_notes *notes, const struct table *table)
{
    for (size_t i = 0; i < notes->binder->table_count; i++)
        if (notes->binder->tables[i] == table) {
            notes->repeated[i] = notes->repeated[i] || notes->seen[i];
            notes->seen[i] = true;
        }
}

bool push_note_test(struct push_notes *notes, const struct expression *test)
{
    if (test->kind == EXPRESSION_COMPARE && test->op == OPERATOR_EQUAL && !note_key(notes, test->operands[0], test->operands[1]))
        return false;
    return (test->kind != EXPRESSION_COMPARE && test->kind != EXPRESSION_BETWEEN) || note_asked(notes, test);
}

bool push_notes_begin(struct push_notes *notes, struct binder *binder)
{
    notes->binder = binder;
    notes->repeated = arena_array(binder->arena, binder->table_count + 1, sizeof *notes->repeated);
    notes->seen = arena_array(binder->arena, binder->table_count + 1, sizeof *notes->seen);
    return (notes->repeated && notes->seen) || error_memory(binder->err);
}

void push_notes_end(const struct push_notes *notes, struct statement *statement)
{
    statement->repeated = notes->repeated;
    statement->join_keys = notes->keys;
    statement->join_key_count = notes->key_count;
    statement->asked = notes->asked;
    statement->asked_count = notes->asked_count;
}
