/* Memory that is given back all at once, and the reading of the text files that describe Zoho Books. */
#ifndef SANDBOX_ZOHO_TEXT_H
#define SANDBOX_ZOHO_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct zoho_chunk;

/* A zeroed arena is empty. What is taken from it is zeroed and lives until it is cleared, or released to an earlier mark. */
struct zoho_arena {
    struct zoho_chunk *chunks;      /* the newest first */
};

struct zoho_mark {
    struct zoho_chunk *chunk;
    size_t used;
};

void *zoho_take(struct zoho_arena *arena, size_t count, size_t size);
char *zoho_keep(struct zoho_arena *arena, const char *text, size_t length);
char *zoho_print(struct zoho_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct zoho_mark zoho_mark(const struct zoho_arena *arena);
void zoho_release(struct zoho_arena *arena, struct zoho_mark mark);
void zoho_clear(struct zoho_arena *arena);

/* A place in a description, for messages. */
struct zoho_line {
    const char *file;
    unsigned number;
    char *text;                     /* without comment, indentation and trailing blanks */
    bool indented;                  /* it stood at the right of its heading */
};

struct zoho_file {
    struct zoho_line *lines;        /* empty ones and comments are left out */
    size_t count;
};

/* Reads test/sandbox/<name>; a comment is a line that begins with '#', and one that ends with '\' goes on in the next. Ends the
 * program when that can not be done: the sandbox is nothing without its descriptions. */
struct zoho_file zoho_read(struct zoho_arena *arena, const char *name);

/* Says where a description is wrong, and ends the program. */
_Noreturn void zoho_wrong(const struct zoho_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The next word of *at (up to a blank), which is moved behind it; NULL at the end. */
char *zoho_word(struct zoho_arena *arena, const char **at);

#endif
