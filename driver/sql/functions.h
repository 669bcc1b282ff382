/* Every function that SQL text may call, and how its result is typed. The binder reads this table to type a call, the printer prints
 * engine_name, the engine registers one C function per engine_name, and SQLGetInfo tells applications what stands here. */
#ifndef SQL_FUNCTIONS_H
#define SQL_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum function_result {
    RESULT_BOOLEAN, RESULT_INTEGER, RESULT_BIGINT, RESULT_DOUBLE, RESULT_DATE, RESULT_TIME, RESULT_TIMESTAMP,
    RESULT_STRING,         /* a string without a known bound */
    RESULT_STRING_OF_1,    /* a string no longer than argument 1 */
    RESULT_STRING_OF_ALL,  /* a string as long as all string arguments together */
    RESULT_STRING_SHORT,   /* at most 64 characters */
    RESULT_SAME_AS_1,      /* the type of argument 1 (numbers) */
    RESULT_WHOLE_OF_1,     /* argument 1 without its fraction: integers stay, decimal(p,s) → decimal(p-s+1,0), double stays */
    RESULT_ROUNDED_1,      /* ROUND: decimal(p,s) → decimal(p+1,s), for 9.9 becomes 10; all other numbers stay */
    RESULT_COMMON,         /* the common type of all arguments */
    RESULT_TIMESTAMP_OF_3, /* TIMESTAMPADD: date for whole-day intervals on a date, else timestamp */
    RESULT_TRUNCATED_DATE, /* DATE_TRUNC: date of a date, timestamp without a fraction of others */
    RESULT_OF_TYPE_ARGUMENT, /* CONVERT: the type named by argument 2 */
    RESULT_SUM,            /* integer, bigint → bigint; decimal(p,s) → decimal(38,s); double */
    RESULT_MODULO,         /* MOD: the operator %, which the binder makes of it */
    RESULT_AVERAGE,        /* decimal(p,s) → decimal(38,max(s,6)); all other numbers → double */
};

enum function_nulls {
    NULLS_STRICT,          /* NULL exactly when an argument is NULL */
    NULLS_NEVER,           /* COUNT, NOW, PI */
    NULLS_MAYBE,           /* may be NULL for other reasons */
    NULLS_IF_ALL,          /* COALESCE, IFNULL: NULL only when all arguments are */
};

/* arguments: one letter per argument, the last repeated for more:
 *   b string or bytes (others are cast to string)
 *   s string (others are cast to string)   i whole number (cast to bigint)   n any number, kept   f number, cast to double
 *   t date, time or timestamp (a string is cast to timestamp)   a anything, kept   c anything, brought to the common type of all 'c'
 *   u an interval word (SQL_TSI_DAY, DAY, 'day'): reaches the engine as the lower-case text "day"
 *   y a type word of CONVERT (SQL_BIGINT, BIGINT…): does not reach the engine as an argument */
struct sql_function {
    const char *name;         /* as SQL has it, upper case; further spellings are further rows with the same engine_name */
    const char *engine_name;
    int smallest, largest;    /* number of arguments; largest -1 = any number */
    const char *arguments;
    enum function_result result;
    enum function_nulls nulls;
    bool aggregate;
};

extern const struct sql_function sql_functions[];
extern const size_t sql_function_count;

/* By name, case ignored; NULL when there is none. */
const struct sql_function *sql_function_find(const char *name, size_t length);

/* Functions that only stand with OVER: SQLite's own, by the same rules. */
extern const struct sql_function sql_window_functions[];
extern const size_t sql_window_function_count;
const struct sql_function *sql_window_function_find(const char *name, size_t length);

/* What else the printed SQL may contain, beyond SQLite's own operators on canonical values. All are NULL for a NULL argument.
 *
 *   a COLLATE decimal        on decimal texts: numeric order. Comparison, ORDER BY, MIN, MAX, DISTINCT, GROUP BY of decimals; both sides
 *                            are brought to the same scale first, so that equality is equality of text
 *   integer_add(a,b,…) integer_subtract(a,b,…) integer_multiply(a,b,…)
 *   integer_chain('+-',a,b,c)   a + b - c
 *   integer_divide(a,b) integer_modulo(a,b) integer_negate(a)
 *                            64-bit, from left to right; error 22003 on overflow, 22012 on a zero divisor; division truncates toward zero
 *   double_add(a,b,…) double_subtract(a,b,…) double_chain('+-',a,b,c) double_multiply(a,b,…) double_divide(a,b) double_modulo(a,b)
 *                            from left to right; 22003 where the result is no number or past every double, 22012 on a zero divisor
 *   decimal_add(a,b,…,s) decimal_subtract(a,b,…,s) decimal_chain('+-',a,b,c,s) decimal_multiply(a,b,s) decimal_divide(a,b,s) decimal_modulo(a,b,s) decimal_negate(a)
 *                            canonical texts in, text of scale s out; 22003, 22012
 *   cast_value(x,'from','to')  value_cast between two types in type_parse()'s words
 *   store_value(x,'from','to','column')  what INSERT and UPDATE store: assign_value between two types; the message names the column
 *   other_than(x,'text','column')  x itself; 22023 when it is the text that stands for every value of the column
 *   sum_integer(x) average_integer(x) (a double) sum_double(x) average_double(x)   aggregates (and window functions); 22003 on overflow
 *   try_cast_value(x,'from','to')  the same, NULL where that is an error
 *   number_of_text(x)        the number that a text says, as decimal text with all its digits; 22018 when it says none, 22003 past 38 digits
 *   row_count(x)             x itself; 2201W when it is NULL or negative: what LIMIT, OFFSET and FETCH are given by a parameter
 *   share_of_rows(p,n)       p percent of n rows, rounded up; 2201W when p is NULL or not from 0 to 100
 *   stddev_pop(x) stddev_samp(x) var_pop(x) var_samp(x) covar_pop(y,x) covar_samp(y,x) corr(y,x)   aggregates (and window functions)
 *   percentile(x,p)          aggregate: the value below which the share p of all lies, interpolated; 22003 when p is not from 0 to 1
 *   string_join(x,'how',separator,key,…)   aggregate: the texts in the order of the keys. how: u when equal texts count once, else -;
 *                            then for each key a or d (ascending, descending), f or l (NULLs first, last), n for a decimal, else -
 *   single_value(1,x)        aggregate: x of the only row, NULL of none; 21000 of several
 *   utc_timestamp_value()    the present in UTC, see below
 *   sum_decimal(x,s) average_decimal(x,s)   likewise. With DISTINCT,
 *                            which SQLite allows on one argument only, sum_decimal(DISTINCT x) and average_decimal(DISTINCT x): the
 *                            scale is then that of the texts (average: at least 6)
 *   told(column,n)           1: a service may have been told of term n of the statement
 *   trim(a,b) ltrim(a,b) rtrim(a,b)   SQLite's own, of two arguments: TRIM(LEADING 'x' FROM a)
 *   min(x COLLATE decimal) max(…)     SQLite's own
 *   a LIKE b [ESCAPE c]      the engine overrides like(): case-sensitive, % and _ over characters
 *   current_date_value() current_time_value() current_timestamp_value()   local time, fixed for one execution */

#endif
