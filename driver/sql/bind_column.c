/* The columns and constraints of a table that is made: what CREATE TABLE and ALTER TABLE ADD print for SQLite. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/utf.h"
#include "sql/binder.h"
#include "sql/change_tree.h"
#include "sql/declared_type.h"
#include "sql/place.h"
#include "sql/print.h"
#include "sql/scope.h"

/* The functions that a default can call, as SQL writes them: SQLite takes these words too. */
static const struct { const char *engine_name, *word; } now[] = {
    {"current_date_value", "CURRENT_DATE"}, {"current_time_value", "CURRENT_TIME"}, {"current_timestamp_value", "CURRENT_TIMESTAMP"},
};

bool bind_new_name(struct binder *binder, const char *name, uint32_t at)
{
    enum { LONGEST = 128 /* characters */ };

    return utf8_count(name, strlen(name)) <= LONGEST ||
           bind_error(binder, at, "42000", "The name %.40s… has more than %d characters", name, (int)LONGEST);
}

/* A text of SQL that means the default: a literal of the column's type, or CURRENT_DATE and its like. */
static bool bind_default(struct binder *binder, const struct column_definition *definition, struct column *column)
{
    struct scope scope = {.no_aggregates = "DEFAULT", .no_windows = "DEFAULT"};
    struct expression *value = definition->standard;
    uint32_t at = value->at;
    struct buffer out;

    if (!bind_expression(binder, &scope, &value))
        return false;
    if (value->kind == EXPRESSION_FUNCTION)
        for (size_t i = 0; i < sizeof now / sizeof now[0]; i++)
            if (strcmp(value->function->engine_name, now[i].engine_name) == 0)
                column->standard = now[i].word;
    if (column->standard)
        return bind_stored(binder, &value, column, at);
    if (value->kind != EXPRESSION_LITERAL)
        return bind_error(binder, at, "42000", "A default is a literal, NULL, CURRENT_DATE, CURRENT_TIME or CURRENT_TIMESTAMP");
    if (!bind_stored(binder, &value, column, at))
        return false;
    if (value_is_null(&value->value))
        return true;
    buffer_init(&out, PRINT_LIMIT);
    print_expression(&out, value, LEVEL_OR);
    column->standard = bind_printed(binder, &out);
    return column->standard != NULL;
}

static bool find_columns(struct binder *binder, const struct table *table, const struct name_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct name_guess guess = {.wanted = list->names[i]};
        for (size_t c = 0; c < table->column_count; c++)
            name_guess_show(&guess, table->columns[c].name);
        if (table_column(table, list->names[i]) < 0)
            return bind_error(binder, list->at[i], "42S22", "There is no column %.128s in %.128s%s%s%s", list->names[i], table->name,
                              guess.best ? "; did you mean " : "", guess.best ? guess.best : "", guess.best ? "?" : "");
        for (size_t j = 0; j < i; j++)
            if (name_equal(list->names[i], list->names[j]))
                return bind_error(binder, list->at[i], "42000", "The column %.128s stands twice in the list", list->names[i]);
    }
    return true;
}

/* The column that numbers itself must be the whole key, because only as such does SQLite number it. */
static bool check_identity(struct binder *binder, const struct definition *definition, const struct column_definition *column)
{
    if (!type_is_whole(column->type.kind) &&
        !(column->type.kind == TYPE_DECIMAL && column->type.scale == 0))
        return bind_error(binder, column->at, "42000", "The column %.128s numbers itself, so it must be of a whole-number type", column->name);
    for (size_t i = 0; i < definition->constraint_count; i++) {
        const struct constraint *key = &definition->constraints[i];
        if (key->kind == CONSTRAINT_PRIMARY_KEY && (key->columns.count != 1 || !name_equal(key->columns.names[0], column->name)))
            return bind_error(binder, column->at, "42000", "The column %.128s numbers itself, so it must be the primary key", column->name);
    }
    return true;
}

/* Its place in the primary key, 0 for none. */
static int key_place(const struct definition *definition, const char *name)
{
    for (size_t i = 0; i < definition->constraint_count; i++) {
        const struct constraint *key = &definition->constraints[i];
        for (size_t c = 0; key->kind == CONSTRAINT_PRIMARY_KEY && c < key->columns.count; c++)
            if (name_equal(key->columns.names[c], name))
                return (int)c + 1;
    }
    return 0;
}

static bool bind_column(struct binder *binder, const struct definition *definition, const struct column_definition *own, struct table *table,
                        struct column *column, bool *identity)
{
    *column = (struct column){.name = own->name, .description = "", .type = own->type, .nullable = !own->not_null};
    for (const struct column *other = table->columns; other < column; other++)
        if (name_equal(other->name, own->name))
            return bind_error(binder, own->at, "42S21", "The column %.128s stands twice", own->name);
    if (!bind_new_name(binder, own->name, own->at))
        return false;
    if (own->identity) {
        if (*identity)
            return bind_error(binder, own->at, "42000", "Only one column of a table can number itself");
        if (!check_identity(binder, definition, own))
            return false;
        *identity = true;
        column->type = (struct type){.kind = TYPE_BIGINT};
    }
    column->automatic = own->identity;
    column->key = own->identity ? 1 : key_place(definition, own->name);
    column->nullable = column->nullable && !column->key;
    return !own->standard || bind_default(binder, own, column);
}

static void print_names(struct buffer *out, const struct name_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        buffer_append_text(out, i ? ", " : " (");
        print_name(out, list->names[i]);
    }
    buffer_append_text(out, list->count ? ")" : "");
}

static void print_constraint_name(struct buffer *out, const char *name)
{
    if (!name)
        return;
    buffer_append_text(out, "CONSTRAINT ");
    print_name(out, name);
    buffer_append_char(out, ' ');
}

/* The key of a table whose rows number themselves stands behind its column. */
static void print_identity(struct buffer *out, const struct definition *definition)
{
    const char *name = NULL;

    for (size_t i = 0; i < definition->constraint_count; i++)
        if (definition->constraints[i].kind == CONSTRAINT_PRIMARY_KEY)
            name = definition->constraints[i].name;
    buffer_append_text(out, " INTEGER ");
    print_constraint_name(out, name);
    buffer_append_text(out, "PRIMARY KEY AUTOINCREMENT"); /* a number is never given again, also when its row is gone */
}

static void print_column(struct buffer *out, const struct definition *definition, const struct column *column)
{
    char type[DECLARED_TYPE_ROOM];

    print_name(out, column->name);
    if (column->automatic) {
        print_identity(out, definition);
        return;
    }
    declared_type_print(&column->type, type);
    buffer_printf(out, " %s%s%s", type, column->type.kind == TYPE_DECIMAL ? " COLLATE decimal" : "", column->nullable ? "" : " NOT NULL");
    if (column->standard)
        buffer_printf(out, " DEFAULT %s", column->standard);
}

/* SQLite takes no query, parameter or aggregate in a CHECK. */
static bool is_simple(struct binder *binder, const struct expression *expression)
{
    if (expression->query)
        return bind_error(binder, expression->at, "42000", "A CHECK can not hold a query");
    if (expression->kind == EXPRESSION_PARAMETER)
        return bind_error(binder, expression->at, "42000", "A CHECK can not hold a parameter");
    for (size_t i = 0; i < expression->operand_count; i++)
        if (!is_simple(binder, expression->operands[i]))
            return false;
    return true;
}

static bool bind_check(struct binder *binder, const struct constraint *check, const struct table *table, struct buffer *out)
{
    struct source_column *columns = arena_array(binder->arena, table->column_count + 1, sizeof *columns);
    struct source source = {.alias = table->name, .printed = table->name, .table = table, .columns = columns, .column_count = table->column_count};
    struct scope scope = {.no_aggregates = "CHECK", .no_windows = "CHECK"};
    struct expression *condition = check->check;

    if (!columns)
        return error_memory(binder->err);
    for (size_t i = 0; i < table->column_count; i++)
        columns[i] = (struct source_column){table->columns[i].name, table->columns[i].type, table->columns[i].nullable, false, table, (int)i};
    if (!is_simple(binder, condition) || !scope_add_source(binder, &scope, &source) || !bind_condition(binder, &scope, &condition))
        return false;
    buffer_append_text(out, "CHECK (");
    print_condition(out, condition, LEVEL_OR);
    buffer_append_char(out, ')');
    return true;
}

static bool bind_reference(struct binder *binder, const struct constraint *key, const struct table *table, struct buffer *out)
{
    const char *name = key->parent.parts[key->parent.count - 1];
    const struct table *parent = key->parent.count == 1 && name_equal(name, table->name) ? table : place_find(binder, &key->parent);
    size_t width = key->parent_columns.count;

    if (!parent)
        return bind_error(binder, key->at, "42S02", "There is no table %.128s that the foreign key could refer to", name);
    if (parent->place != table->place || parent->query)
        return bind_error(binder, key->at, "42000", "A foreign key of %.128s can only refer to a table of %s, and %.128s is none", table->name,
                          place_catalog(binder, table->place), parent->name);
    if (!find_columns(binder, parent, &key->parent_columns))
        return false;
    for (size_t i = 0; i < parent->column_count && !key->parent_columns.count; i++)
        width += parent->columns[i].key > 0;
    if (width == 0)
        return bind_error(binder, key->at, "42000", "The foreign key can not refer to %.128s, which has no primary key, without naming columns of it",
                          parent->name);
    if (width != key->columns.count)
        return bind_error(binder, key->at, "42000", "The foreign key has %zu columns, but refers to %zu of %.128s", key->columns.count, width,
                          parent->name);
    buffer_append_text(out, "REFERENCES ");
    print_name(out, parent->name);
    print_names(out, &key->parent_columns);
    if (key->on_delete)
        buffer_printf(out, " ON DELETE %s", key->on_delete);
    if (key->on_update)
        buffer_printf(out, " ON UPDATE %s", key->on_update);
    return true;
}

/* The condition as it was written: the name of a CHECK that has none, so that a failure does not tell what SQLite sees in its place. */
static const char *check_text(struct binder *binder, const struct constraint *check)
{
    size_t length = check->check_length;

    while (length && strchr(" \t\r\n", binder->text[check->check_at + length - 1]))
        length--;
    const char *text = arena_copy(binder->arena, binder->text + check->check_at, length);
    if (!text)
        error_memory(binder->err);
    return text;
}

/* alone: behind the one column that it is about. */
static bool bind_constraint(struct binder *binder, const struct constraint *constraint, const struct table *table, bool alone, struct buffer *out)
{
    if (!find_columns(binder, table, &constraint->columns))
        return false;
    if (constraint->kind == CONSTRAINT_PRIMARY_KEY && table->columns[table_column(table, constraint->columns.names[0])].automatic)
        return true;
    const char *name = constraint->name;
    if (constraint->kind == CONSTRAINT_CHECK && !name && !(name = check_text(binder, constraint)))
        return false;
    buffer_append_text(out, alone ? " " : ", ");
    print_constraint_name(out, name);
    switch (constraint->kind) {
    case CONSTRAINT_CHECK:
        return bind_check(binder, constraint, table, out);
    case CONSTRAINT_FOREIGN_KEY:
        if (!alone) {
            buffer_append_text(out, "FOREIGN KEY");
            print_names(out, &constraint->columns);
            buffer_append_char(out, ' ');
        }
        return bind_reference(binder, constraint, table, out);
    case CONSTRAINT_PRIMARY_KEY:
    case CONSTRAINT_UNIQUE:
        break;
    }
    buffer_append_text(out, constraint->kind == CONSTRAINT_UNIQUE ? "UNIQUE" : "PRIMARY KEY");
    print_names(out, &constraint->columns);
    return true;
}

/* What SQLite can not add to rows that are there already. */
static bool check_added(struct binder *binder, const struct definition *definition, const struct column *column)
{
    uint32_t at = definition->columns[0].at;

    for (size_t i = 0; i < definition->constraint_count; i++)
        if (definition->constraints[i].kind == CONSTRAINT_PRIMARY_KEY || definition->constraints[i].kind == CONSTRAINT_UNIQUE)
            return bind_error(binder, at, "42000", "A column that is added can not be a key; CREATE UNIQUE INDEX makes it unique afterwards");
    if (column->automatic)
        return bind_error(binder, at, "42000", "A column that is added can not number itself");
    if (!column->nullable && !column->standard)
        return bind_error(binder, at, "42000", "A column that is added with NOT NULL needs a DEFAULT for the rows that are there");
    return bind_standard_is_constant(column->standard) ||
           bind_error(binder, at, "42000", "The default of a column that is added must be a constant");
}

bool bind_columns(struct binder *binder, struct definition *definition, struct table *table, struct buffer *out)
{
    size_t before = table->column_count, keys = 0;
    struct column *columns = arena_array(binder->arena, before + definition->column_count + 1, sizeof *columns);
    bool identity = false, added = definition->action == DEFINE_ALTER_TABLE;

    if (!columns)
        return error_memory(binder->err);
    if (before)
        memcpy(columns, table->columns, before * sizeof *columns);
    table->columns = columns;
    for (size_t i = 0; i < definition->column_count; i++) {
        struct column *column = &columns[before + i];
        if (!bind_column(binder, definition, &definition->columns[i], table, column, &identity) ||
            (added && !check_added(binder, definition, column)))
            return false;
        buffer_append_text(out, i ? ", " : "");
        print_column(out, definition, column);
        table->column_count++;
    }
    if (definition->column_count == 0)
        return bind_error(binder, definition->at, "42000", "The table %.128s needs at least one column", table->name);
    for (size_t i = 0; i < definition->constraint_count; i++) {
        const struct constraint *constraint = &definition->constraints[i];
        keys += constraint->kind == CONSTRAINT_PRIMARY_KEY;
        if (keys > 1)
            return bind_error(binder, constraint->at, "42000", "The table %.128s can have only one primary key", table->name);
        if (!bind_constraint(binder, constraint, table, added, out))
            return false;
    }
    return true;
}
