/* SQL text → tree. Names are not looked up here, nothing is typed but literals. */
#ifndef SQL_PARSER_H
#define SQL_PARSER_H

#include "sql/change_tree.h"
#include "sql/lexer.h"
#include "sql/statement.h"
#include "sql/tree.h"

enum {
    PARSER_NESTING = 200,   /* parentheses, subqueries, CASE within each other */
    PARSER_DEPTH = 400,     /* levels of the tree: also the + of a + b + c make levels */
};

/* One statement of a batch. */
struct parsed {
    enum statement_kind kind;
    struct query *query;        /* STATEMENT_SELECT, STATEMENT_EXPLAIN */
    bool analyze;               /* STATEMENT_EXPLAIN */
    struct call *call;          /* STATEMENT_CALL */
    struct change *change;             /* STATEMENT_CHANGE */
    struct definition *definition;     /* STATEMENT_DEFINE */
    struct transaction *transaction;   /* STATEMENT_TRANSACTION */
    uint32_t text_at, text_length;     /* its piece of the text */
    size_t first_parameter;            /* how many stand before it */
    struct parsed *next;        /* NULL behind the last */
};

/* Parses a batch: statements with `;` between them, empty ones left out, at least one. Parameters are counted through all of them.
 * The trees live in the arena and borrow nothing of the text.
 * False: 42000 with line and column, what was found and what was expected; 22007, 22018 for a malformed literal. */
bool sql_parse(const char *text, size_t length, struct arena *arena, struct parsed **first, size_t *parameter_count, struct error *err);

/* ---- Between the files of the parser. Each function leaves the parser behind what it has read, or returns false (NULL)
 * with the error set. ---- */

struct parser {
    struct lexer lexer;
    struct token token;     /* the one looked at now */
    struct arena *arena;
    struct error *err;
    unsigned nesting;
    uint16_t deepest;       /* the depth of the deepest tree in the query being read */
    size_t parameter_count;
    size_t set;             /* which of its groupings the SELECT takes that is read next, see parser_sets.c */
    unsigned copies;        /* SELECTs that were read for their groupings */
    uint32_t shared_at;     /* behind the last comparison of rows by <, > or IN, whose columns stand in the tree more than once */
};

bool parser_advance(struct parser *parser);
/* The token after the present one. */
bool parser_peek(struct parser *parser, struct token *token);

bool parser_at_word(const struct parser *parser, const char *word);
bool parser_at_mark(const struct parser *parser, int mark);
/* Steps over the word (mark) when it stands here; *found tells. */
bool parser_take_word(struct parser *parser, const char *word, bool *found);
bool parser_take_mark(struct parser *parser, int mark, bool *found);
/* Steps over what must stand here. */
bool parser_need_word(struct parser *parser, const char *word);
bool parser_need_mark(struct parser *parser, int mark);

/* 42000: found the present token, expected this. Returns false. */
bool parser_expected(struct parser *parser, const char *expected);
/* An error at an offset, see lexer_error. Returns false. */
bool parser_error(struct parser *parser, uint32_t at, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Around everything that can contain itself: whatever recursion is added must pass one of these. */
bool parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);

/* Room for one more element behind `count` elements of `size` bytes: items itself, or a larger copy. NULL: out of memory, error set. */
void *parser_grow(struct parser *parser, void *items, size_t count, size_t size);

/* A name: quoted, or a word that is not reserved. `expected` says what it is for the message. */
char *parser_name(struct parser *parser, const char *expected);
/* After a dot or AS: any word will do. */
char *parser_any_name(struct parser *parser, const char *expected);
/* name.name.name */
bool parser_qualified_name(struct parser *parser, const char *expected, struct name *name);
/* Whether the present token can begin a name, or an alias that stands without AS. */
bool parser_at_name(const struct parser *parser);
bool parser_at_alias(const struct parser *parser);
/* [AS] alias; *alias becomes NULL when there is none. */
bool parser_alias(struct parser *parser, const char **alias);
/* (name, name…) */
bool parser_name_list(struct parser *parser, const char ***names, size_t *count);

/* Whether the parenthesis that stands here holds a query rather than an expression or a join. */
bool parser_parenthesis_holds_query(struct parser *parser, bool *query);

struct expression *parser_new(struct parser *parser, enum expression_kind kind, uint32_t at);
/* Appends an operand and counts the depth. */
bool parser_operand(struct parser *parser, struct expression *expression, struct expression *operand);
/* A level above something `below` levels deep: its depth, or 42000 when that is too deep. */
bool parser_depth(struct parser *parser, uint32_t at, uint16_t below, uint16_t *depth);
/* Reads a query that belongs to the expression. */
bool parser_inner_query(struct parser *parser, struct expression *expression);

struct expression *parse_expression(struct parser *parser);
struct expression *parse_primary(struct parser *parser);
/* The binary operators of + and tighter: what may stand on the sides of a comparison. */
struct expression *parse_additive(struct parser *parser);
/* At a word with ( behind it. */
struct expression *parse_function(struct parser *parser);
/* At { */
struct expression *parse_escape(struct parser *parser);
/* At a literal token; with its sign in front where negative is true. */
struct expression *parse_literal(struct parser *parser, bool negative);
/* The text of a DATE, TIME or TIMESTAMP literal: the present token, a string. */
struct expression *parse_datetime(struct parser *parser, enum type_kind kind);

/* A type's name as CAST has it (VARCHAR(20), DECIMAL(10, 2), SQL_BIGINT…). *unbounded: of texts and bytes, it says that it has no bound
 * (TEXT, VARCHAR(MAX)), not only none (VARCHAR). */
bool parse_type(struct parser *parser, struct type *type, bool *unbounded);

/* Whether a query begins here: SELECT, WITH, VALUES (. */
bool parser_at_query(const struct lexer *lexer, const struct token *token);
/* The parser's errors for what other databases have and this one has not; true when none of it stands here. */
bool parser_refuse_foreign(struct parser *parser);

/* The comparison of two rows, (a, b) = (c, d), as comparisons of their columns; with a query, (a, b) = (SELECT …), it stays one. start:
 * where it begins. */
struct expression *parse_row_comparison(struct parser *parser, enum operator op, uint32_t start, uint32_t at, struct expression *left,
                                        struct expression *right);
/* (a, b) IN ((…), (…)): `in` with all its operands. start: where it begins. */
struct expression *parse_row_list(struct parser *parser, uint32_t start, const struct expression *in);
/* (a, b) BETWEEN (c, d) AND (e, f): `between` with all its operands. */
struct expression *parse_row_between(struct parser *parser, uint32_t start, const struct expression *between);
/* (a, b) IS [NOT] NULL: all columns are, or none is. */
struct expression *parse_row_is_null(struct parser *parser, const struct expression *is);
/* (a, b) op ANY (query), with the row as its operand. */
struct expression *parse_row_quantified(struct parser *parser, uint32_t start, struct expression *quantified);
/* INTERVAL or {interval has been read. */
struct expression *parse_interval_literal(struct parser *parser, uint32_t at);
/* SQL_TSI_DAY, DAY or 'day' → "day", the present token. */
bool parse_unit(struct parser *parser, const char **word);
/* (…) or a name behind OVER. */
bool parse_over(struct parser *parser, struct expression *call);
/* The parenthesis of a window and what stands in it. */
bool parse_window(struct parser *parser, struct window **window);

struct query *parse_query(struct parser *parser);
struct select *parse_select(struct parser *parser);
/* GROUP BY has been read: the keys, of several groupings (ROLLUP…) those of one. */
bool parse_groups(struct parser *parser, struct select *select, size_t which);
/* ORDER BY of what the select list shows becomes its position there. */
bool parse_order_of_sets(struct parser *parser, const struct query *sets, struct order_item *order, size_t count);
/* Makes query the groupings of a SELECT with several, of which the first has been read from `start` on. */
bool parse_other_sets(struct parser *parser, const struct parser *start, struct select *first, struct query *query);
bool parse_order_items(struct parser *parser, struct order_item **items, size_t *count);
struct from *parse_from(struct parser *parser);

/* At EXPLAIN. */
bool parse_explain(struct parser *parser, struct parsed *parsed);

/* At CALL, EXEC or EXECUTE. */
struct call *parse_call(struct parser *parser);

#endif
