/* Conditions that are more than a column, an operator and values: OR, columns compared with each other, functions. A service that has a word
 * for them (service_class.takes_terms) may be shown them beside the plain ones; the engine looks at each of them again.
 *
 * A term is true, false or unknown as SQL has it. There is no NOT: it stands in the operators. A service takes what it can tell with the
 * same meaning or a wider one: of ALL some operands are enough, of ANY all are needed. */
#ifndef TABLE_TERM_H
#define TABLE_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "table/service.h"

enum term_kind {
    TERM_COLUMN,
    TERM_VALUE,
    TERM_CALL,       /* a function of the operands */
    TERM_TEST,       /* the first operand, the operator, the others: one, or the values of IN, or none for IS NULL */
    TERM_ALL,        /* AND of two or more */
    TERM_ANY,        /* OR of two or more */
};

enum term_function {
    TERM_ADD, TERM_SUBTRACT, TERM_MULTIPLY,
    TERM_DIVIDE, TERM_MODULO,        /* of whole numbers: the fraction is cut off, the rest has the sign of the first */
    TERM_UPPER, TERM_LOWER,          /* one character for one */
    TERM_TRIM,                       /* blanks at both ends */
    TERM_CONCAT,
    TERM_SUBSTRING,                  /* of a text, from a character, counted from 1, so many or all */
    TERM_LENGTH,                     /* characters, without blanks at the end */
    TERM_CHARACTERS,                 /* all of them */
    TERM_LOCATE,                     /* where the first text begins in the second, counted from 1; 0 for nowhere */
    TERM_YEAR, TERM_MONTH, TERM_DAY, TERM_HOUR, TERM_MINUTE, TERM_SECOND,
    TERM_ROUND,                      /* to a whole number, halves away from zero */
    TERM_FLOOR, TERM_CEILING,
};

struct term {
    enum term_kind kind;
    struct type type;                /* of COLUMN, VALUE and CALL */
    int column;
    struct value value;              /* canonical for the type, but that decimals may have more digits; may be NULL */
    int parameter;                   /* its place, while the value is not known; -1: it is known */
    enum term_function function;
    enum filter_op op;
    bool negated;                    /* NOT LIKE */
    const struct term **operands;
    size_t count;
};

/* A copy in the arena, with all that it points to. values: those of the parameters, by their places, which become known; NULL: none is.
 * NULL when out of memory. */
const struct term *term_copy(const struct term *term, const struct value *values, struct arena *arena);

/* How much of the rows it leaves, guessed. */
double term_share(const struct table *table, const struct term *term, double rows);

/* The first column that it looks at; -1: none. */
int term_first_column(const struct term *term);

#endif
