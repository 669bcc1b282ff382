/* Names of tables, columns, properties: compared without case, and guessed at when mistyped. */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Whether two names are the same but for the case of ASCII letters; independent of the locale. */
bool name_equal(const char *a, const char *b);
bool name_equal_length(const char *a, size_t a_length, const char *b);

/* Whether a list of words, divided by spaces, holds this one; case ignored. */
bool name_among(const char *words, const char *word);

/* Changes (insert, delete, replace, swap of neighbours) that turn one name into the other, case ignored;
 * names longer than 64 bytes count as entirely different. */
unsigned name_distance(const char *a, const char *b);

/* Remembers the best of the names it is shown: start with a zeroed struct and the wanted name. */
struct name_guess {
    const char *wanted;
    const char *best;    /* NULL while nothing shown is near enough to be meant */
    unsigned distance;
};

/* Shows one existing name. It becomes `best` when it is nearer than all before and near enough
 * (at most a third of the wanted name's length, or one begins with the other). */
void name_guess_show(struct name_guess *guess, const char *existing);

#endif
