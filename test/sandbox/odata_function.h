/* What $filter calculates with: values, operators between numbers, functions. */
#ifndef SANDBOX_ODATA_FUNCTION_H
#define SANDBOX_ODATA_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>

enum shop_value_kind { VALUE_NULL, VALUE_TRUTH, VALUE_NUMBER, VALUE_TEXT };

struct shop_value {
    enum shop_value_kind kind;
    bool whole;                     /* a number of a type without fractions */
    long double number;             /* has room for every Int64 */
    char text[256];                 /* also of days, times and moments */
};

/* Whether a version has a function of that name, of so many arguments. pattern: it is one of those that services know who know no others. */
bool shop_function_is_known(const char *name, int version, size_t arguments, bool *pattern);
/* None of the arguments is null. null where it has no value for them. */
void shop_call(const char *name, int version, const struct shop_value *arguments, size_t count, struct shop_value *result);

/* add, sub, mul, div, mod; of null nothing but null. */
void shop_calculate(const char *operator, const struct shop_value *a, const struct shop_value *b, struct shop_value *result);

#endif
