/* Typed tree → the text for the engine's SQLite. */
#ifndef SQL_PRINT_H
#define SQL_PRINT_H

#include "base/buffer.h"
#include "sql/tree.h"

enum { PRINT_LIMIT = 32 << 20 /* bytes of the longest engine text */ };

/* A whole query. derived: its columns are named c1, c2… for the query around it. Failure shows in the buffer. */
void print_query(struct buffer *out, const struct query *query, bool derived);

/* How tightly an operator binds in SQLite; an operand that binds less gets parentheses. */
enum print_level {
    LEVEL_OR = 1, LEVEL_AND, LEVEL_NOT, LEVEL_EQUALITY, LEVEL_ORDER, LEVEL_SUM, LEVEL_PRODUCT, LEVEL_CONCATENATION, LEVEL_UNARY, LEVEL_PRIMARY,
};
void print_expression(struct buffer *out, const struct expression *expression, enum print_level level);
/* What casts that change no value are around. */
const struct expression *print_without_casts(const struct expression *expression);
void print_case(struct buffer *out, const struct expression *expression);
/* As a truth value: a boolean column is compared with 1. */
void print_condition(struct buffer *out, const struct expression *expression, enum print_level level);

/* How a position in the select list is written: as a number where SQLite takes one, else as the item of `select` or as "c1". */
enum print_position { POSITION_NUMBER, POSITION_ITEM, POSITION_COLUMN };
void print_order(struct buffer *out, const struct order_item *order, size_t count, enum print_position position, const struct select *select);

/* A call with what stands behind its parenthesis. */
void print_function(struct buffer *out, const struct expression *call);
void print_list(struct buffer *out, struct expression *const *list, size_t count);

/* "name" with its quotes doubled. */
void print_name(struct buffer *out, const char *name);
/* 'text' with its quotes doubled. */
void print_text(struct buffer *out, const char *text);

#endif
