/* Conditions of queries as tests write them. */
#ifndef TEST_PROVIDERS_ODATA_WRITTEN_H
#define TEST_PROVIDERS_ODATA_WRITTEN_H

#include <stdio.h>
#include <string.h>

#include "opened.h"

enum { MOST = 6, MOST_VALUES = 400 };

/* A condition as a test writes it: "Name = blue", "ID in 1,2,3", "Name null", "ID = ?" where ? makes it unusable. */
struct written {
    struct plan_condition condition;
    struct filter filter;
    struct value values[MOST_VALUES];
};

static const char *const op_words[] = {
    [FILTER_EQUAL] = "=", [FILTER_IN] = "in", [FILTER_LESS] = "<", [FILTER_LESS_EQUAL] = "<=", [FILTER_GREATER] = ">",
    [FILTER_GREATER_EQUAL] = ">=", [FILTER_NOT_EQUAL] = "<>", [FILTER_LIKE] = "like", [FILTER_IS_NULL] = "null", [FILTER_IS_NOT_NULL] = "notnull",
};

static inline void add_value(struct opened *opened, const struct table *table, struct written *written, const char *text, size_t length)
{
    struct error err = {0};

    if (!value_from_text(&table->columns[written->condition.column].type, text, length, &opened->arena, &written->values[written->filter.value_count++], &err))
        fail_msg("%s", err.message);
}

static inline void write_condition(struct opened *opened, const struct table *table, const char *text, struct written *written)
{
    char column[64], op[8];
    int rest = 0;

    memset(written, 0, sizeof *written);
    sscanf(text, "%63s %7s %n", column, op, &rest);
    written->condition.column = table_column(table, column);
    if (written->condition.column < 0)
        fail_msg("no column %s", column);
    while (strcmp(op_words[written->condition.op], op) != 0)
        written->condition.op++;
    const char *value = rest ? text + rest : "";
    written->condition.usable = strcmp(value, "?") != 0;
    written->filter = (struct filter){.column = written->condition.column, .op = written->condition.op, .values = written->values};
    if (strcmp(value, "NULL") == 0)
        written->values[written->filter.value_count++] = value_null();
    else if (written->condition.op == FILTER_IN)
        for (; *value; value += strcspn(value, ",") + (value[strcspn(value, ",")] == ','))
            add_value(opened, table, written, value, strcspn(value, ","));
    else if (written->condition.op < FILTER_IS_NULL && written->condition.usable)
        add_value(opened, table, written, value, strlen(value));
}

#endif
