/* The algebra of types: what comes out when types meet. Rules: doc/architecture.md, SQL types. */
#ifndef SQL_TYPING_H
#define SQL_TYPING_H

#include <stdbool.h>

#include "base/type.h"
#include "sql/tree.h"

/* The type that holds every value of both, for CASE, COALESCE, UNION and comparison. False when there is none: such types do not
 * mix without a CAST. An integer kind whose `size` is not 0 counts as having only so many digits (see typing_of). */
bool typing_common(const struct type *a, const struct type *b, struct type *common);

/* The type of a op b. False when the operator does not take these types. */
bool typing_arithmetic(enum operator op, const struct type *a, const struct type *b, struct type *result);

/* The same type, except that a whole-number literal tells in `size` how many digits it needs, so that `Total * 2` is not
 * widened as if 2 could be any integer. */
struct type typing_of(const struct expression *expression);

/* A number as decimal(p,s) that holds every value of it. Not for double. */
struct type typing_as_decimal(const struct type *type);

/* The most characters a value has as text; 0 = no bound. */
int32_t typing_text_length(const struct type *type);

/* Whether CAST can be tried between the two at all. */
bool typing_castable(const struct type *from, const struct type *to);

/* Whether a value of `from` is, as stored, already a value of `to`. */
bool typing_same_storage(const struct type *from, const struct type *to);

/* The result of a function from its row in the table and the types of its arguments. The call's word is the interval of TIMESTAMPADD. */
struct type typing_function(const struct expression *call);

#endif
