/* A growing run of bytes with a hard upper bound, so that nobody else's data decides how much memory we take. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A zeroed struct buffer is usable once its limit is set. `data` is NUL-terminated whenever it is not NULL. */
struct buffer {
    char *data;
    size_t length;   /* bytes in use, without the NUL */
    size_t capacity;
    size_t limit;    /* the most bytes it will hold */
    bool failed;     /* an append did not fit or memory ran out: content is what stood before it */
    bool full;       /* it failed because of the limit */
};

void buffer_init(struct buffer *buffer, size_t limit);

/* Frees the bytes; the buffer is empty, keeps its limit and can be used again. */
void buffer_clear(struct buffer *buffer);

/* Hands the bytes over: the buffer is empty then, and what is returned is to be cleared by who takes it. */
struct buffer buffer_take(struct buffer *buffer);

/* Empties the buffer but keeps its memory. */
void buffer_reset(struct buffer *buffer);

/* Takes back what was appended last, so that `length` bytes stay. */
void buffer_cut(struct buffer *buffer, size_t length);

/* So many bytes are likely to be appended: makes room at once. No promise, and no failure unless memory ends. */
void buffer_expect(struct buffer *buffer, size_t length);

/* Each appends or, when that would pass the limit or memory ends, sets failed and returns false.
 * After a failure every further append fails too, so a run of appends needs one check at its end. */
bool buffer_append(struct buffer *buffer, const void *bytes, size_t length);
bool buffer_append_text(struct buffer *buffer, const char *text);
bool buffer_append_char(struct buffer *buffer, char character);
bool buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool buffer_vprintf(struct buffer *buffer, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/* The bytes as a text: "" while nothing has been appended. Valid until the next change. */
const char *buffer_text(const struct buffer *buffer);

#endif
