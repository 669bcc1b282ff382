#include "unparse.h"

#include <inttypes.h>
#include <string.h>

#include "base/name.h"

static void expression(struct buffer *out, const struct expression *e);

static void quoted(struct buffer *out, const char *text, size_t length, char quote)
{
    buffer_append_char(out, quote);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == quote)
            buffer_append_char(out, quote);
        buffer_append_char(out, text[i]);
    }
    buffer_append_char(out, quote);
}

static void name(struct buffer *out, const char *text)
{
    quoted(out, text, strlen(text), '"');
}

static void qualified(struct buffer *out, const struct name *parts)
{
    for (unsigned i = 0; i < parts->count; i++) {
        buffer_append_text(out, i ? "." : "");
        name(out, parts->parts[i]);
    }
}

static void names(struct buffer *out, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(out, i ? ", " : "(");
        name(out, list[i]);
    }
    buffer_append_text(out, count ? ")" : "");
}

static void list(struct buffer *out, struct expression *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(out, i ? ", " : "");
        expression(out, items[i]);
    }
}

static void type(struct buffer *out, const struct type *t)
{
    static const char *const words[] = {"BIT", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DOUBLE", "DECIMAL", "DATE", "TIME", "TIMESTAMP", "VARCHAR", "VARBINARY", "GUID", "JSON"};
    buffer_append_text(out, words[t->kind]);
    if (t->kind == TYPE_DECIMAL)
        buffer_printf(out, "(%d, %d)", (int)t->size, (int)t->scale);
    else if (t->kind == TYPE_TIME || t->kind == TYPE_TIMESTAMP)
        buffer_printf(out, "(%d)", (int)t->scale);
    else if (t->size && (t->kind == TYPE_STRING || t->kind == TYPE_BINARY))
        buffer_printf(out, "(%d)", (int)t->size);
}

/* The fraction of a second is as long as the type says. */
static void datetime(struct buffer *out, const char *word, const struct expression *e)
{
    const char *point = memchr(e->value.text, '.', e->value.length);
    size_t digits = point ? (size_t)(e->value.text + e->value.length - point - 1) : 0;

    buffer_printf(out, "%s '", word);
    buffer_append(out, e->value.text, e->value.length);
    buffer_append_text(out, !point && e->type.scale ? "." : "");
    for (; digits < (size_t)e->type.scale; digits++)
        buffer_append_char(out, '0');
    buffer_append_char(out, '\'');
}

static void real(struct buffer *out, double value)
{
    char text[VALUE_SCRATCH];
    size_t length = value_print_real(value, text);
    buffer_append(out, text, length);
    buffer_append_text(out, memchr(text, 'e', length) ? "" : "e0");
}

static void literal(struct buffer *out, const struct expression *e)
{
    if (value_is_null(&e->value)) {
        buffer_append_text(out, "NULL");
        return;
    }
    switch (e->type.kind) {
    case TYPE_BOOLEAN: buffer_append_text(out, e->value.integer ? "TRUE" : "FALSE"); break;
    case TYPE_TINYINT:
    case TYPE_SMALLINT:
    case TYPE_INTEGER:
    case TYPE_BIGINT: buffer_printf(out, "%" PRId64, e->value.integer); break;
    case TYPE_DOUBLE: real(out, e->value.real); break;
    case TYPE_DATE: datetime(out, "DATE", e); break;
    case TYPE_TIME: datetime(out, "TIME", e); break;
    case TYPE_TIMESTAMP: datetime(out, "TIMESTAMP", e); break;
    case TYPE_DECIMAL: buffer_append(out, e->value.text, e->value.length); break;
    case TYPE_GUID:
        buffer_append_text(out, "{guid ");
        quoted(out, e->value.text, e->value.length, '\'');
        buffer_append_char(out, '}');
        break;
    case TYPE_BINARY:
        buffer_append_text(out, "X'");
        for (uint32_t i = 0; i < e->value.length; i++)
            buffer_printf(out, "%02X", (unsigned)(unsigned char)e->value.text[i]);
        buffer_append_char(out, '\'');
        break;
    default: quoted(out, e->value.text, e->value.length, '\''); break;
    }
}

static void order(struct buffer *out, const struct order_item *items, size_t count)
{
    static const char *const nulls[] = {"", " NULLS FIRST", " NULLS LAST"};
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(out, i ? ", " : " ORDER BY ");
        expression(out, items[i].expression);
        buffer_append_text(out, items[i].descending ? " DESC" : "");
        buffer_append_text(out, nulls[items[i].nulls]);
    }
}

static void bound(struct buffer *out, const struct frame_bound *b)
{
    static const char *const words[] = {"", "UNBOUNDED PRECEDING", " PRECEDING", "CURRENT ROW", " FOLLOWING", "UNBOUNDED FOLLOWING"};
    if (b->distance)
        expression(out, b->distance);
    buffer_append_text(out, words[b->kind]);
}

static void window(struct buffer *out, const struct window *w)
{
    buffer_append_char(out, '(');
    if (w->base)
        name(out, w->base);
    buffer_append_text(out, w->partition_count ? " PARTITION BY " : "");
    list(out, w->partition, w->partition_count);
    order(out, w->order, w->order_count);
    if (w->unit) {
        buffer_printf(out, " %s %s", w->unit, w->end.kind != BOUND_NONE ? "BETWEEN " : "");
        bound(out, &w->start);
        buffer_append_text(out, w->end.kind != BOUND_NONE ? " AND " : "");
        bound(out, &w->end);
        if (w->exclude)
            buffer_printf(out, " EXCLUDE %s", w->exclude);
    }
    buffer_append_char(out, ')');
}

static void arguments(struct buffer *out, const struct expression *e)
{
    const char *called = e->name.parts[0];
    bool trim = name_equal(called, "TRIM");

    if (trim && e->operand_count == 2) {
        const char *engine = e->function->engine_name;
        buffer_printf(out, "TRIM(%s ", engine[0] == 't' ? "BOTH" : engine[0] == 'l' ? "LEADING" : "TRAILING");
        expression(out, e->operands[1]);
        buffer_append_text(out, " FROM ");
        expression(out, e->operands[0]);
    } else if (name_equal(called, "EXTRACT") || (name_equal(called, "POSITION") && e->operand_count == 2)) {
        buffer_printf(out, "%s(", called);
        if (e->word)
            buffer_append_text(out, e->word);
        else
            expression(out, e->operands[0]);
        buffer_append_text(out, e->word ? " FROM " : " IN ");
        expression(out, e->operands[e->word ? 0 : 1]);
    } else {
        buffer_printf(out, "%s(%s%s%s", trim ? e->function->name : called, e->star ? "*" : "", e->distinct ? "DISTINCT " : "", e->word ? e->word : "");
        buffer_append_text(out, e->word && e->operand_count ? ", " : "");
        list(out, e->operands, e->operand_count);
    }
    buffer_append_char(out, ')');
}

static void call(struct buffer *out, const struct expression *e)
{
    arguments(out, e);
    if (e->order_count) {
        buffer_append_text(out, " WITHIN GROUP (");
        order(out, e->order, e->order_count);
        buffer_append_char(out, ')');
    }
    if (e->filter) {
        buffer_append_text(out, " FILTER (WHERE ");
        expression(out, e->filter);
        buffer_append_char(out, ')');
    }
    if (!e->window)
        return;
    buffer_append_text(out, " OVER ");
    window(out, e->window);
}

/* INTERVAL '3' day; what was multiplied or turned around it is written around it. */
static void interval(struct buffer *out, const struct expression *count, const char *unit)
{
    if (count->kind == EXPRESSION_ARITHMETIC || count->kind == EXPRESSION_NEGATE) {
        buffer_append_text(out, count->kind == EXPRESSION_NEGATE ? "(-" : "(");
        interval(out, count->operands[0], unit);
        if (count->kind == EXPRESSION_ARITHMETIC) {
            buffer_append_text(out, " * ");
            expression(out, count->operands[1]);
        }
        buffer_append_char(out, ')');
        return;
    }
    bool text = count->kind == EXPRESSION_LITERAL && count->type.kind == TYPE_BIGINT;
    buffer_append_text(out, text ? "INTERVAL '" : "INTERVAL ");
    expression(out, count);
    buffer_printf(out, "%s %s", text ? "'" : "", unit);
}

static void cases(struct buffer *out, const struct expression *e)
{
    size_t i = e->simple ? 1 : 0;
    buffer_append_text(out, "CASE ");
    if (e->simple)
        expression(out, e->operands[0]);
    for (; i + 1 < e->operand_count; i += 2) {
        buffer_append_text(out, " WHEN ");
        expression(out, e->operands[i]);
        buffer_append_text(out, " THEN ");
        expression(out, e->operands[i + 1]);
    }
    buffer_append_text(out, e->has_else ? " ELSE " : "");
    if (e->has_else)
        expression(out, e->operands[i]);
    buffer_append_text(out, " END");
}

static void inner(struct buffer *out, const char *word, const struct query *query)
{
    buffer_printf(out, "%s(", word);
    unparse_query(out, query);
    buffer_append_char(out, ')');
}

/* Operators, with parentheses around each. */
static void operation(struct buffer *out, const struct expression *e)
{
    static const char *const signs[] = {"", " + ", " - ", " * ", " / ", " % ", " = ", " <> ", " < ", " <= ", " > ", " >= ", " IS NOT DISTINCT FROM ",
                                        " IS DISTINCT FROM ", " AND ", " OR "};
    const char *not = e->negated ? " NOT" : "";
    bool row = (e->kind == EXPRESSION_IN_QUERY || e->kind == EXPRESSION_QUANTIFIED) && e->operand_count > 1;

    buffer_append_text(out, e->kind == EXPRESSION_NEGATE ? "(-(" : e->kind == EXPRESSION_NOT ? "(NOT " : row ? "((" : "(");
    if (row)
        list(out, e->operands, e->operand_count);
    else
        expression(out, e->operands[0]);
    buffer_append_text(out, row || e->kind == EXPRESSION_NEGATE ? ")" : "");
    switch (e->kind) {
    case EXPRESSION_IS_NULL: buffer_printf(out, " IS%s NULL", not); break;
    case EXPRESSION_IS_TRUTH: buffer_printf(out, " IS%s %s", not, e->truth ? "TRUE" : "FALSE"); break;
    case EXPRESSION_IN:
        buffer_printf(out, "%s IN (", not);
        list(out, e->operands + 1, e->operand_count - 1);
        buffer_append_char(out, ')');
        break;
    case EXPRESSION_IN_QUERY: buffer_append_text(out, not); inner(out, " IN ", e->query); break;
    case EXPRESSION_QUANTIFIED:
        buffer_append_text(out, signs[e->op]);
        inner(out, e->single ? "" : e->all ? "ALL " : "ANY ", e->query);
        break;
    default:
        for (size_t i = 1; i < e->operand_count; i++) {
            if (e->kind == EXPRESSION_BETWEEN)
                buffer_printf(out, "%s ", i == 1 ? e->negated ? " NOT BETWEEN" : " BETWEEN" : " AND");
            else if (e->kind == EXPRESSION_LIKE)
                buffer_printf(out, "%s ", i == 1 ? e->negated ? " NOT LIKE" : " LIKE" : " ESCAPE");
            else
                buffer_append_text(out, e->kind == EXPRESSION_CONCATENATE ? " || " : e->kind == EXPRESSION_ROW ? ", " : signs[e->op]);
            expression(out, e->operands[i]);
        }
    }
    buffer_append_char(out, ')');
}

static void expression(struct buffer *out, const struct expression *e)
{
    switch (e->kind) {
    case EXPRESSION_LITERAL: literal(out, e); break;
    case EXPRESSION_PARAMETER: buffer_append_char(out, '?'); break;
    case EXPRESSION_COLUMN: qualified(out, &e->name); break;
    case EXPRESSION_FUNCTION: call(out, e); break;
    case EXPRESSION_INTERVAL: interval(out, e->operands[0], e->word); break;
    case EXPRESSION_CASE: cases(out, e); break;
    case EXPRESSION_EXISTS: inner(out, "EXISTS ", e->query); break;
    case EXPRESSION_SUBQUERY: inner(out, "", e->query); break;
    case EXPRESSION_CAST:
        buffer_append_text(out, e->or_null ? "TRY_CAST(" : "CAST(");
        expression(out, e->operands[0]);
        buffer_append_text(out, " AS ");
        type(out, &e->type);
        buffer_append_char(out, ')');
        break;
    default: operation(out, e);
    }
}

static void from(struct buffer *out, const struct from *f)
{
    static const char *const words[] = {", ", " CROSS JOIN ", " INNER JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN "};

    if (f->is_join) {
        buffer_append_char(out, '(');
        from(out, f->left);
        buffer_append_text(out, f->natural ? " NATURAL" : "");
        buffer_append_text(out, words[f->join]);
        from(out, f->right);
        buffer_append_text(out, f->using_count ? " USING " : f->condition ? " ON " : "");
        names(out, f->using, f->using_count);
        if (f->condition)
            expression(out, f->condition);
        buffer_append_char(out, ')');
        return;
    }
    if (f->query)
        inner(out, "", f->query);
    else
        qualified(out, &f->name);
    if (f->alias) {
        buffer_append_text(out, " AS ");
        name(out, f->alias);
    }
    names(out, f->column_aliases, f->column_alias_count);
}

static void item(struct buffer *out, const struct select_item *i)
{
    if (i->star_of) {
        name(out, i->star_of);
        buffer_append_char(out, '.');
    }
    if (i->star)
        buffer_append_char(out, '*');
    else
        expression(out, i->expression);
    if (i->alias) {
        buffer_append_text(out, " AS ");
        name(out, i->alias);
    }
}

static void clause(struct buffer *out, const char *word, const struct expression *e)
{
    if (!e)
        return;
    buffer_append_text(out, word);
    expression(out, e);
}

static void select(struct buffer *out, const struct select *s)
{
    if (s->values) {
        buffer_append_text(out, "VALUES (");
        for (size_t i = 0; i < s->item_count; i++) {
            buffer_append_text(out, i ? ", " : "");
            expression(out, s->items[i].expression);
        }
        buffer_append_char(out, ')');
        return;
    }
    buffer_append_text(out, s->distinct ? "SELECT DISTINCT " : "SELECT ");
    if (s->top) {
        clause(out, "TOP (", s->top);
        buffer_printf(out, ")%s%s ", s->top_percent ? " PERCENT" : "", s->top_ties ? " WITH TIES" : "");
    }
    for (size_t i = 0; i < s->item_count; i++) {
        buffer_append_text(out, i ? ", " : "");
        item(out, &s->items[i]);
    }
    if (s->from) {
        buffer_append_text(out, " FROM ");
        from(out, s->from);
    }
    clause(out, " WHERE ", s->where);
    buffer_append_text(out, s->group_count ? " GROUP BY " : "");
    list(out, s->groups, s->group_count);
    clause(out, " HAVING ", s->having);
    for (size_t i = 0; i < s->window_count; i++) {
        buffer_append_text(out, i ? ", " : " WINDOW ");
        name(out, s->windows[i].name);
        buffer_append_text(out, " AS ");
        window(out, s->windows[i].window);
    }
}

static const char *const set_words[] = {" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT ", " INTERSECT ALL ", " EXCEPT ALL "};

void unparse_query(struct buffer *out, const struct query *query)
{
    for (size_t i = 0; i < query->common_count; i++) {
        const struct common_table *common = &query->common[i];
        buffer_append_text(out, i ? ", " : query->recursive ? "WITH RECURSIVE " : "WITH ");
        name(out, common->name);
        names(out, common->column_aliases, common->column_alias_count);
        inner(out, " AS ", common->query);
    }
    buffer_append_text(out, query->common_count ? " " : "");
    for (size_t i = 0; i < query->term_count; i++) {
        buffer_append_text(out, i ? set_words[query->terms[i].set] : "");
        if (query->terms[i].select)
            select(out, query->terms[i].select);
        else
            inner(out, "", query->terms[i].query);
    }
    order(out, query->order, query->order_count);
    clause(out, " OFFSET ", query->offset);
    clause(out, " FETCH NEXT ", query->limit);
    if (query->limit)
        buffer_printf(out, "%s ROWS %s", query->percent ? " PERCENT" : "", query->ties ? "WITH TIES" : "ONLY");
}

/* ---- The dump: field by field, not by the grammar, so that what the text above leaves out is seen ---- */

static void dump(struct buffer *out, const struct expression *e);

static void dump_list(struct buffer *out, struct expression *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        dump(out, items[i]);
}

static void dump_order(struct buffer *out, const struct order_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_printf(out, "(order %d %d", items[i].descending, (int)items[i].nulls);
        dump(out, items[i].expression);
        buffer_append_char(out, ')');
    }
}

static void dump_window(struct buffer *out, const struct window *w)
{
    if (!w)
        return;
    buffer_printf(out, "(window %s %s %d %d %s", w->base ? w->base : "-", w->unit ? w->unit : "-", (int)w->start.kind, (int)w->end.kind,
                  w->exclude ? w->exclude : "-");
    dump(out, w->start.distance);
    dump(out, w->end.distance);
    dump_list(out, w->partition, w->partition_count);
    dump_order(out, w->order, w->order_count);
    buffer_append_char(out, ')');
}

static void dump(struct buffer *out, const struct expression *e)
{
    char scratch[VALUE_SCRATCH];
    size_t length;

    if (!e)
        return;
    buffer_printf(out, "(e%d %d %d%d%d%d%d%d%d%d", (int)e->kind, (int)e->op, e->negated, e->distinct, e->star, e->all, e->simple, e->truth, e->has_else,
                  e->or_null);
    if (e->kind == EXPRESSION_LITERAL || e->kind == EXPRESSION_CAST)
        buffer_printf(out, " type %d %d %d", (int)e->type.kind, (int)e->type.size, (int)e->type.scale);
    if (e->kind == EXPRESSION_LITERAL) {
        buffer_printf(out, " value %d ", (int)e->value.storage);
        const char *text = value_as_text(&e->value, scratch, &length);
        buffer_append(out, text, length);
    }
    for (unsigned i = 0; e->kind == EXPRESSION_COLUMN && i < e->name.count; i++)
        buffer_printf(out, " .%s", e->name.parts[i]);
    if (e->kind == EXPRESSION_FUNCTION)
        buffer_printf(out, " %s", e->function ? e->function->engine_name : e->name.parts[0]);
    if (e->word)
        buffer_printf(out, " word %s", e->word);
    dump_list(out, e->operands, e->operand_count);
    if (e->query)
        dump_query(out, e->query);
    dump_window(out, e->window);
    dump(out, e->filter);
    dump_order(out, e->order, e->order_count);
    buffer_append_char(out, ')');
}

static void dump_names(struct buffer *out, const char *const *list_of_names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, " ,%s", list_of_names[i]);
}

static void dump_from(struct buffer *out, const struct from *f)
{
    if (!f)
        return;
    buffer_printf(out, "(from %d %d %d %s", f->is_join, (int)f->join, f->natural, f->alias ? f->alias : "-");
    for (unsigned i = 0; i < f->name.count; i++)
        buffer_printf(out, " .%s", f->name.parts[i]);
    dump_names(out, f->column_aliases, f->column_alias_count);
    dump_names(out, f->using, f->using_count);
    dump_from(out, f->left);
    dump_from(out, f->right);
    dump(out, f->condition);
    if (f->query)
        dump_query(out, f->query);
    buffer_append_char(out, ')');
}

static void dump_select(struct buffer *out, const struct select *s)
{
    buffer_printf(out, "(select %d %d %d %d", s->distinct, s->values, s->top_percent, s->top_ties);
    dump(out, s->top);
    for (size_t i = 0; i < s->item_count; i++) {
        buffer_printf(out, "(item %d %s %s", s->items[i].star, s->items[i].star_of ? s->items[i].star_of : "-", s->items[i].alias ? s->items[i].alias : "-");
        dump(out, s->items[i].expression);
        buffer_append_char(out, ')');
    }
    dump_from(out, s->from);
    dump(out, s->where);
    buffer_append_text(out, " groups ");
    dump_list(out, s->groups, s->group_count);
    buffer_append_text(out, " having ");
    dump(out, s->having);
    for (size_t i = 0; i < s->window_count; i++) {
        buffer_printf(out, " %s ", s->windows[i].name);
        dump_window(out, s->windows[i].window);
    }
    buffer_append_char(out, ')');
}

void dump_query(struct buffer *out, const struct query *query)
{
    buffer_printf(out, "(query %d %d %d", query->recursive, query->percent, query->ties);
    for (size_t i = 0; i < query->common_count; i++) {
        buffer_printf(out, "(with %s", query->common[i].name);
        dump_names(out, query->common[i].column_aliases, query->common[i].column_alias_count);
        dump_query(out, query->common[i].query);
        buffer_append_char(out, ')');
    }
    for (size_t i = 0; i < query->term_count; i++) {
        buffer_append_text(out, i ? set_words[query->terms[i].set] : " ");
        if (query->terms[i].select)
            dump_select(out, query->terms[i].select);
        else
            dump_query(out, query->terms[i].query);
    }
    dump_order(out, query->order, query->order_count);
    buffer_append_text(out, " limit ");
    dump(out, query->limit);
    buffer_append_text(out, " offset ");
    dump(out, query->offset);
    buffer_append_char(out, ')');
}
