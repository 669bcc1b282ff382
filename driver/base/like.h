/* The patterns of LIKE as the SQL standard has them: case-sensitive, % for any run of characters, _ for exactly one. */
#ifndef BASE_LIKE_H
#define BASE_LIKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum like_element { LIKE_END, LIKE_RUN, LIKE_ONE, LIKE_CHARACTER };

struct like_pattern {
    const char *text;
    size_t length;
    uint32_t escape;     /* the character that takes the meaning from the next one; 0 = none */
};

/* The element at *at, which moves past it; *character gets what LIKE_CHARACTER stands for. */
enum like_element like_next(const struct like_pattern *pattern, size_t *at, uint32_t *character);

bool like_matches(const struct like_pattern *pattern, const char *text, size_t length);

#endif
