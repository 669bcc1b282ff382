/* The little language in which the zoho_rows_*.txt say what a member of a row is: its words, and the tree they are read into.
 *
 *   12  3.5  'text'  true  false
 *   name            another member of the same object; a.b is member b of the object a within it
 *   ^name           a member of the object or row that this one stands in
 *   id->name        a member of the row that has this id
 *   i  j            the number of the row, of the element within its array; both from 0
 *   n  m            how large the company is; how many rows the table has, whose row this is or stands in
 *   + - * / %   &   == != < <= > >=   and or not   a ? b : c       & joins texts, / and % are of numbers
 *   f(…)            a function; the list stands in zoho_rule.c, what each does in zoho_value.c
 *
 * What is made up (random functions, cycle, i) depends on the organization, the row and the member, and on nothing else, so it is the
 * same every time. In a row that a client has made it is '': nothing is made up there. */
#ifndef SANDBOX_ZOHO_RULE_H
#define SANDBOX_ZOHO_RULE_H

#include "test/sandbox/zoho_text.h"

/* Names have numbers, so that a member is found without comparing texts. */
struct zoho_names {
    struct zoho_arena *arena;
    const char **texts;             /* by number */
    unsigned *slots;                /* of the hash table; number + 1, 0 = free */
    size_t count, room;
};

unsigned zoho_name(struct zoho_names *names, const char *text, size_t length);
/* Without making a new one; false when it is not known. */
bool zoho_known(const struct zoho_names *names, const char *text, unsigned *name);

enum zoho_kind {
    RULE_NUMBER, RULE_TEXT, RULE_FLAG, RULE_MEMBER, RULE_UP, RULE_FOLLOW, RULE_ROW, RULE_ELEMENT, RULE_SIZE, RULE_ROWS,
    RULE_NEGATE, RULE_NOT, RULE_BINARY, RULE_CHOOSE, RULE_CALL
};

enum zoho_operator {
    OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_REST, OP_JOIN, OP_EQUAL, OP_UNEQUAL, OP_LESS, OP_MOST, OP_MORE, OP_LEAST, OP_AND, OP_OR
};

enum zoho_function {
    CALL_PICK, CALL_INT, CALL_MONEY, CALL_MAYBE, CALL_ANY, CALL_WORD, CALL_DATE, CALL_CYCLE, CALL_KEY, CALL_ROW, CALL_PART, CALL_ROWS,
    CALL_COUNT, CALL_SUM, CALL_BY, CALL_TITLE, CALL_PLUS, CALL_DAYS, CALL_MOMENT, CALL_TODAY, CALL_ROUND, CALL_WHOLE, CALL_PAD,
    CALL_FIXED, CALL_LOWER, CALL_LIST, CALL_ORGANIZATION, CALL_QUERY, CALL_OTHERWISE, CALL_NUMBER, CALL_NUMBER_OF, CALL_SWITCH,
    CALLS
};

struct zoho_rule {
    enum zoho_kind kind;
    enum zoho_operator operator;
    enum zoho_function function;
    double number;
    const char *text;               /* of a text; the name of a member, a table or a list */
    unsigned name;                  /* of a member */
    const void *table;              /* of a call whose first argument names one; found when it is first called */
    struct zoho_rule **arguments;
    size_t count;
};

/* The text's rule; ends the program when it is none. `line` is for messages. */
struct zoho_rule *zoho_rule_read(struct zoho_arena *arena, struct zoho_names *names, const char *text, const struct zoho_line *line);

#endif
