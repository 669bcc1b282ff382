#include "base/name.h"

#include <string.h>

enum { LONGEST_COMPARED = 64 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool name_equal_length(const char *a, size_t a_length, const char *b)
{
    size_t i = 0;
    for (; i < a_length && b[i]; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return i == a_length && !b[i];
}

bool name_equal(const char *a, const char *b)
{
    return name_equal_length(a, strlen(a), b);
}

bool name_among(const char *words, const char *word)
{
    for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
        size_t length = strcspn(words, " ");
        if (name_equal_length(words, length, word))
            return true;
        words += length;
    }
    return false;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

/* Optimal string alignment, three rows at a time. */
unsigned name_distance(const char *a, const char *b)
{
    size_t rows = strlen(a), columns = strlen(b);
    unsigned grid[3][LONGEST_COMPARED + 1];

    if (rows > LONGEST_COMPARED || columns > LONGEST_COMPARED)
        return LONGEST_COMPARED * 2;
    for (unsigned j = 0; j <= columns; j++)
        grid[0][j] = j;
    for (unsigned i = 1; i <= rows; i++) {
        unsigned *now = grid[i % 3], *before = grid[(i + 2) % 3], *earlier = grid[(i + 1) % 3];
        now[0] = i;
        for (unsigned j = 1; j <= columns; j++) {
            char x = lower(a[i - 1]), y = lower(b[j - 1]);
            now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]) && earlier[j - 2] + 1 < now[j])
                now[j] = earlier[j - 2] + 1;
        }
    }
    return grid[rows % 3][columns];
}

static bool begins_with(const char *text, const char *start)
{
    size_t i = 0;
    while (start[i] && lower(text[i]) == lower(start[i]))
        i++;
    return i > 0 && !start[i];
}

void name_guess_show(struct name_guess *guess, const char *existing)
{
    size_t length = strlen(guess->wanted);
    unsigned distance = name_distance(guess->wanted, existing);
    bool near = distance <= (length + 2) / 3 || begins_with(existing, guess->wanted) || begins_with(guess->wanted, existing);

    if (near && (!guess->best || distance < guess->distance)) {
        guess->best = existing;
        guess->distance = distance;
    }
}
