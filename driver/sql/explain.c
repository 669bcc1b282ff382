#include "sql/explain.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "sql/push.h"

enum { TEXT_LIMIT = 4000, SHOWN_OPERANDS = 10, MOST_DEPTH = 12 };

/* What is at hand while a query's conditions are collected. */
struct collecting {
    struct binder *binder;
    struct explained_condition *list;
    size_t count, room;
};

/* ---- Expressions in words ---- */

static void show(struct buffer *out, const struct expression *expression, unsigned depth);

static void show_operands(struct buffer *out, const struct expression *expression, size_t from, const char *between, unsigned depth)
{
    for (size_t i = from; i < expression->operand_count; i++) {
        if (i > from)
            buffer_append_text(out, between);
        if (i - from == SHOWN_OPERANDS) {
            buffer_append_text(out, "…");
            return;
        }
        bool nested = expression->operands[i]->kind == EXPRESSION_LOGICAL;
        buffer_append_text(out, nested ? "(" : "");
        show(out, expression->operands[i], depth + 1);
        buffer_append_text(out, nested ? ")" : "");
    }
}

static void show_literal(struct buffer *out, const struct expression *literal)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    if (value_is_null(&literal->value)) {
        buffer_append_text(out, "NULL");
        return;
    }
    if (literal->value.storage == STORAGE_BLOB) {
        buffer_append_text(out, "X'…'");
        return;
    }
    const char *text = value_as_text(&literal->value, scratch, &length);
    bool quoted = literal->value.storage == STORAGE_TEXT && literal->type.kind != TYPE_DECIMAL;
    buffer_append_text(out, quoted ? "'" : "");
    buffer_append(out, text, length);
    buffer_append_text(out, quoted ? "'" : "");
}

static void show_column(struct buffer *out, const struct expression *column)
{
    if (column->source && column->source->alias && column->source->alias[0])
        buffer_printf(out, "%s.", column->source->alias);
    buffer_append_text(out, column->source ? column->source->columns[column->column].name : column->name.parts[column->name.count - 1]);
}

static void show_test(struct buffer *out, const struct expression *test, const char *word, unsigned depth)
{
    show(out, test->operands[0], depth + 1);
    buffer_printf(out, " %s%s ", test->negated ? "NOT " : "", word);
}

static void show_function(struct buffer *out, const struct expression *call, unsigned depth)
{
    buffer_printf(out, "%s(%s", call->function ? call->function->name : call->name.parts[0], call->star ? "*" : "");
    if (call->word)
        buffer_printf(out, "%s%s", call->word, call->operand_count ? ", " : "");
    show_operands(out, call, 0, ", ", depth);
    buffer_append_char(out, ')');
}

static void show(struct buffer *out, const struct expression *expression, unsigned depth)
{
    static const char *const operators[] = {
        [OPERATOR_ADD] = " + ", [OPERATOR_SUBTRACT] = " - ", [OPERATOR_MULTIPLY] = " * ", [OPERATOR_DIVIDE] = " / ", [OPERATOR_MODULO] = " % ",
        [OPERATOR_EQUAL] = " = ", [OPERATOR_NOT_EQUAL] = " <> ", [OPERATOR_LESS] = " < ", [OPERATOR_LESS_EQUAL] = " <= ",
        [OPERATOR_GREATER] = " > ", [OPERATOR_GREATER_EQUAL] = " >= ", [OPERATOR_SAME] = " IS NOT DISTINCT FROM ",
        [OPERATOR_DIFFERENT] = " IS DISTINCT FROM ", [OPERATOR_AND] = " AND ", [OPERATOR_OR] = " OR ",
    };
    if (depth > MOST_DEPTH) {
        buffer_append_text(out, "…");
        return;
    }
    switch (expression->kind) {
    case EXPRESSION_LITERAL:
        show_literal(out, expression);
        break;
    case EXPRESSION_PARAMETER:
        buffer_append_char(out, '?');
        break;
    case EXPRESSION_COLUMN:
        show_column(out, expression);
        break;
    case EXPRESSION_NEGATE:
        buffer_append_char(out, '-');
        show(out, expression->operands[0], depth + 1);
        break;
    case EXPRESSION_NOT:
        buffer_append_text(out, "NOT (");
        show(out, expression->operands[0], depth + 1);
        buffer_append_char(out, ')');
        break;
    case EXPRESSION_ARITHMETIC:
    case EXPRESSION_COMPARE:
    case EXPRESSION_LOGICAL:
        show_operands(out, expression, 0, operators[expression->op], depth);
        break;
    case EXPRESSION_CONCATENATE:
        show_operands(out, expression, 0, " || ", depth);
        break;
    case EXPRESSION_IS_NULL:
        show(out, expression->operands[0], depth + 1);
        buffer_append_text(out, expression->negated ? " IS NOT NULL" : " IS NULL");
        break;
    case EXPRESSION_IS_TRUTH:
        show(out, expression->operands[0], depth + 1);
        buffer_printf(out, " IS %s%s", expression->negated ? "NOT " : "", expression->truth ? "TRUE" : "FALSE");
        break;
    case EXPRESSION_BETWEEN:
        show_test(out, expression, "BETWEEN", depth);
        show_operands(out, expression, 1, " AND ", depth);
        break;
    case EXPRESSION_LIKE:
        show_test(out, expression, "LIKE", depth);
        show_operands(out, expression, 1, " ESCAPE ", depth);
        break;
    case EXPRESSION_IN:
        show_test(out, expression, "IN", depth);
        buffer_append_char(out, '(');
        show_operands(out, expression, 1, ", ", depth);
        buffer_append_char(out, ')');
        break;
    case EXPRESSION_IN_QUERY:
        show_test(out, expression, "IN", depth);
        buffer_append_text(out, "(SELECT …)");
        break;
    case EXPRESSION_EXISTS:
        buffer_append_text(out, expression->negated ? "NOT EXISTS (SELECT …)" : "EXISTS (SELECT …)");
        break;
    case EXPRESSION_QUANTIFIED:
    case EXPRESSION_SUBQUERY:
        buffer_append_text(out, "(SELECT …)");
        break;
    case EXPRESSION_CASE:
        buffer_append_text(out, "CASE … END");
        break;
    case EXPRESSION_CAST:
        buffer_append_text(out, "CAST(");
        show(out, expression->operands[0], depth + 1);
        buffer_printf(out, " AS %s)", type_kind_name(expression->type.kind));
        break;
    case EXPRESSION_FUNCTION:
        show_function(out, expression, depth);
        break;
    default:
        buffer_append_text(out, "…");
    }
}

static const char *text_of(struct collecting *collecting, const struct expression *expression)
{
    struct buffer out;

    buffer_init(&out, TEXT_LIMIT);
    show(&out, expression, 0);
    const char *text = out.failed ? arena_text(collecting->binder->arena, "a long condition")
                                  : arena_copy(collecting->binder->arena, buffer_text(&out), out.length);
    buffer_clear(&out);
    if (!text)
        error_memory(collecting->binder->err);
    return text;
}

/* ---- Which table a condition is about ---- */

/* Whether the ? of two lists that read alike are the same. */
static bool same_parameters(const struct explained_condition *a, const struct explained_condition *b)
{
    for (size_t i = 0; i < a->value_count && i < b->value_count; i++)
        if (a->values[i].parameter != b->values[i].parameter)
            return false;
    return true;
}

static bool add(struct collecting *collecting, const struct explained_condition *condition)
{
    for (size_t i = 0; i < collecting->count; i++)
        if (strcmp(collecting->list[i].alias, condition->alias) == 0 && strcmp(collecting->list[i].text, condition->text) == 0 &&
            collecting->list[i].column == condition->column && same_parameters(&collecting->list[i], condition))
            return true;
    if (collecting->count == collecting->room) {
        size_t room = collecting->room ? collecting->room * 2 : 16;
        struct explained_condition *larger = arena_array(collecting->binder->arena, room, sizeof *larger);
        if (!larger)
            return error_memory(collecting->binder->err);
        if (collecting->count)
            memcpy(larger, collecting->list, collecting->count * sizeof *larger);
        collecting->list = larger;
        collecting->room = room;
    }
    collecting->list[collecting->count++] = *condition;
    return true;
}

/* The condition with the base table's column, for each table that the column may come from. */
static bool add_for_column(struct collecting *collecting, const struct expression *column, struct explained_condition condition)
{
    const struct source *source = column->source;

    if (!source)
        return true;
    if (source->table) {
        condition.alias = source->printed;
        condition.column = condition.column < 0 ? -1 : (int)column->column;
        return add(collecting, &condition);
    }
    const struct query *query = source->query ? source->query : source->common ? source->common->query : NULL;
    for (size_t i = 0; query && i < query->term_count; i++) {
        const struct select *select = query->terms[i].select;
        const struct expression *item = select && column->column < select->item_count ? select->items[column->column].expression : NULL;
        if (item && item->kind == EXPRESSION_COLUMN && !source->common && !add_for_column(collecting, item, condition))
            return false;
    }
    return true;
}

/* A condition that is no comparison of one column: told for each table it looks at. */
static bool add_complex(struct collecting *collecting, const struct expression *part, const char *text)
{
    struct explained_condition condition = {.column = -1, .text = text};

    if (part->kind == EXPRESSION_COLUMN)
        return add_for_column(collecting, part, condition);
    for (size_t i = 0; i < part->operand_count; i++)
        if (!add_complex(collecting, part->operands[i], text))
            return false;
    return true;
}

static bool op_of(const struct expression *compare, enum filter_op *op)
{
    switch (compare->op) {
    case OPERATOR_EQUAL: *op = FILTER_EQUAL; return true;
    case OPERATOR_NOT_EQUAL: *op = FILTER_NOT_EQUAL; return true;
    case OPERATOR_LESS: *op = FILTER_LESS; return true;
    case OPERATOR_LESS_EQUAL: *op = FILTER_LESS_EQUAL; return true;
    case OPERATOR_GREATER: *op = FILTER_GREATER; return true;
    case OPERATOR_GREATER_EQUAL: *op = FILTER_GREATER_EQUAL; return true;
    default: return false;
    }
}

static enum filter_op mirrored(enum filter_op op)
{
    switch (op) {
    case FILTER_LESS: return FILTER_GREATER;
    case FILTER_LESS_EQUAL: return FILTER_GREATER_EQUAL;
    case FILTER_GREATER: return FILTER_LESS;
    case FILTER_GREATER_EQUAL: return FILTER_LESS_EQUAL;
    default: return op;
    }
}

static bool add_compare(struct collecting *collecting, const struct expression *compare, const char *text)
{
    struct explained_condition condition = {.text = text};

    if (!op_of(compare, &condition.op))
        return add_complex(collecting, compare, text);
    const struct expression *a = compare->operands[0], *b = compare->operands[1];
    if (a->kind != EXPRESSION_COLUMN && b->kind != EXPRESSION_COLUMN)
        return add_complex(collecting, compare, text);
    if (a->kind == EXPRESSION_COLUMN && (!(condition.other = text_of(collecting, b)) || !add_for_column(collecting, a, condition)))
        return false;
    condition.op = mirrored(condition.op);
    return b->kind != EXPRESSION_COLUMN ||
           ((condition.other = text_of(collecting, a)) && add_for_column(collecting, b, condition));
}

static bool add_list(struct collecting *collecting, const struct expression *in, const char *text)
{
    struct explained_condition condition = {.text = text, .op = FILTER_IN, .other = "(…)"};
    struct call_argument *values = arena_array(collecting->binder->arena, in->operand_count, sizeof *values);

    if (!values)
        return error_memory(collecting->binder->err);
    for (size_t i = 1; i < in->operand_count; i++) {
        const struct expression *value = in->operands[i];
        if (value->kind != EXPRESSION_LITERAL && value->kind != EXPRESSION_PARAMETER)
            return add_for_column(collecting, in->operands[0], condition);
        values[i - 1] = (struct call_argument){value->kind == EXPRESSION_PARAMETER ? (int)value->parameter : -1, value->value};
    }
    condition.values = values;
    condition.value_count = in->operand_count - 1;
    return add_for_column(collecting, in->operands[0], condition);
}

static bool add_condition(struct collecting *collecting, const struct expression *part)
{
    if (part->kind == EXPRESSION_LOGICAL && part->op == OPERATOR_AND) {
        for (size_t i = 0; i < part->operand_count; i++)
            if (!add_condition(collecting, part->operands[i]))
                return false;
        return true;
    }
    if (tell_is_hint(part))
        return true;
    const char *text = text_of(collecting, part);
    if (!text)
        return false;
    if (part->kind == EXPRESSION_COMPARE)
        return add_compare(collecting, part, text);
    bool bare = part->operand_count > 0 && part->operands[0]->kind == EXPRESSION_COLUMN;
    if (bare && part->kind == EXPRESSION_IN && !part->negated)
        return add_list(collecting, part, text);
    struct explained_condition condition = {.text = text, .other = "(SELECT …)", .op = FILTER_IN};
    if (bare && part->kind == EXPRESSION_IN_QUERY && !part->negated)
        return add_for_column(collecting, part->operands[0], condition);
    if (bare && part->kind == EXPRESSION_LIKE && !part->negated && part->operand_count == 2) {
        condition.op = FILTER_LIKE;
        condition.other = text_of(collecting, part->operands[1]);
        return condition.other && add_for_column(collecting, part->operands[0], condition);
    }
    if (bare && part->kind == EXPRESSION_IS_NULL) {
        condition.op = part->negated ? FILTER_IS_NOT_NULL : FILTER_IS_NULL;
        return add_for_column(collecting, part->operands[0], condition);
    }
    if (bare && part->kind == EXPRESSION_BETWEEN && !part->negated) {
        for (size_t i = 1; i < 3; i++) {
            condition.op = i == 1 ? FILTER_GREATER_EQUAL : FILTER_LESS_EQUAL;
            condition.other = text_of(collecting, part->operands[i]);
            if (!condition.other || !add_for_column(collecting, part->operands[0], condition))
                return false;
        }
        return true;
    }
    return add_complex(collecting, part, text);
}

/* ---- The walk ---- */

/* never: nothing of it is read, because a condition around it is never true, or no row is wanted. */
static bool collect(struct collecting *collecting, const struct query *query, bool never);

static bool collect_queries(struct collecting *collecting, const struct expression *expression, bool never)
{
    if (expression->query && !collect(collecting, expression->query, never))
        return false;
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!collect_queries(collecting, expression->operands[i], never))
            return false;
    return true;
}

/* Common tables are collected where they are defined: prune.c has told those that nobody reads. */
static bool collect_leaf(struct collecting *collecting, const struct source *source, bool never)
{
    const struct explained_condition mark = {.alias = source->printed, .column = -1, .never = true, .text = ""};

    if (source->query)
        return collect(collecting, source->query, never);
    return source->common || !never || add(collecting, &mark);
}

static bool collect_from(struct collecting *collecting, const struct from *from, bool never)
{
    if (!from->is_join)
        return collect_leaf(collecting, from->source, never);
    return (!from->condition || (add_condition(collecting, from->condition) && collect_queries(collecting, from->condition, never))) &&
           collect_from(collecting, from->left, never) && collect_from(collecting, from->right, never);
}

static bool collect_select(struct collecting *collecting, const struct select *select, bool never)
{
    bool empty = never || (select->having && simplify_is_never(select->having));

    never = empty || (select->where && simplify_is_never(select->where));
    empty = empty || (never && !(select->grouped && select->group_count == 0)); /* else it has a row, of aggregates */
    if (select->from && !collect_from(collecting, select->from, never))
        return false;
    if (select->where && (!add_condition(collecting, select->where) || !collect_queries(collecting, select->where, never)))
        return false;
    for (size_t j = 0; j < select->item_count; j++)
        if (!collect_queries(collecting, select->items[j].expression, empty))
            return false;
    return true;
}

static bool collect(struct collecting *collecting, const struct query *query, bool never)
{
    const struct expression *limit = query->limit;

    for (size_t i = 0; i < query->common_count; i++)
        if (!collect(collecting, query->common[i].query, false))
            return false;
    if (limit && query->term_count == 1 && !query->percent && !query->ties && limit->kind == EXPRESSION_LITERAL && limit->value.integer == 0)
        never = true;
    for (size_t i = 0; i < query->term_count; i++) {
        const struct query_term *term = &query->terms[i];
        if (!(term->select ? collect_select(collecting, term->select, never) : collect(collecting, term->query, never)))
            return false;
    }
    return true;
}

static bool explain_terms(struct collecting *collecting, struct statement *statement)
{
    const struct binder *binder = collecting->binder;
    const char **words = arena_array(binder->arena, binder->told_count + 1, sizeof(const char *));

    if (!words)
        return error_memory(binder->err);
    for (size_t i = 0; i < binder->told_count; i++)
        if (!(words[i] = text_of(collecting, binder->told[i].part)))
            return false;
    statement->term_words = words;
    return true;
}

bool explain_describe(struct binder *binder, const struct query *query, struct statement *statement)
{
    static const struct { const char *label; struct type type; } columns[] = {
        [EXPLAIN_STEP] = {"Step", {.kind = TYPE_INTEGER}}, [EXPLAIN_TABLE] = {"Table", {.kind = TYPE_STRING, .size = 128}},
        [EXPLAIN_REQUEST] = {"Request", {.kind = TYPE_STRING}}, [EXPLAIN_SERVICE_FILTERS] = {"ServiceFilters", {.kind = TYPE_STRING}},
        [EXPLAIN_LOCAL_FILTERS] = {"LocalFilters", {.kind = TYPE_STRING}}, [EXPLAIN_ORDER_BY] = {"OrderBy", {.kind = TYPE_STRING}},
        [EXPLAIN_LIMIT] = {"Limit", {.kind = TYPE_BIGINT}}, [EXPLAIN_PAGING] = {"Paging", {.kind = TYPE_STRING}},
        [EXPLAIN_NOT_PUSHED] = {"NotPushed", {.kind = TYPE_STRING}}, [EXPLAIN_REQUESTS] = {"Requests", {.kind = TYPE_BIGINT}},
        [EXPLAIN_BYTES] = {"Bytes", {.kind = TYPE_BIGINT}}, [EXPLAIN_ROWS] = {"Rows", {.kind = TYPE_BIGINT}},
        [EXPLAIN_MILLISECONDS] = {"Milliseconds", {.kind = TYPE_DOUBLE}},
    };
    struct collecting collecting = {.binder = binder};

    statement->column_count = statement->analyze ? EXPLAIN_ANALYZE_COLUMNS : EXPLAIN_COLUMNS;
    statement->columns = arena_array(binder->arena, statement->column_count, sizeof *statement->columns);
    if (!statement->columns)
        return error_memory(binder->err);
    for (size_t i = 0; i < statement->column_count; i++)
        statement->columns[i] = (struct result_column){.label = columns[i].label, .type = columns[i].type, .column = -1, .table_alias = "",
                                                       .nullable = i == EXPLAIN_STEP ? NULLABLE_NO : NULLABLE_YES};
    if (!collect(&collecting, query, false) || !explain_terms(&collecting, statement))
        return false;
    statement->conditions = collecting.list;
    statement->condition_count = collecting.count;
    return true;
}
