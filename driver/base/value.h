/* One datum as it travels from a service's answer to the application's buffer.
 *
 * A value has a storage; its SQL type is told by the column or parameter it belongs to. The storage of each type:
 *   boolean 0 or 1 · integer, bigint as integer · double as real · string, json as UTF-8 text · binary as blob
 *   decimal    "-12.50": exactly `scale` digits after the point, none and no point for scale 0, no leading zero but "0.50",
 *              no "+", no "-0"
 *   date       "2024-02-29"
 *   time       "23:59:59" with ".5" only when the fraction is not zero, without trailing zeros
 *   timestamp  "2024-02-29 23:59:59", fraction likewise; so equal times are equal texts and texts sort as times do
 *   guid       lower case, 8-4-4-4-12
 * This is the canonical form. Every value in a batch, a filter, a parameter or a result has it. */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/type.h"

struct arena;
struct error;

struct value {
    union {
        int64_t integer;
        double real;
        const char *text;   /* text: NUL-terminated; blob: not. Owned by whoever made the value; see each maker. */
    };
    uint32_t length;        /* bytes of text or blob, without the NUL */
    uint8_t storage;        /* enum storage */
};

static inline struct value value_null(void)
{
    return (struct value){.storage = STORAGE_NULL};
}

static inline struct value value_integer(int64_t integer)
{
    return (struct value){.integer = integer, .storage = STORAGE_INTEGER};
}

static inline struct value value_real(double real)
{
    return (struct value){.real = real, .storage = STORAGE_REAL};
}

/* The text is borrowed, and text[length] is NUL. */
static inline struct value value_text(const char *text, size_t length)
{
    return (struct value){.text = text, .length = (uint32_t)length, .storage = STORAGE_TEXT};
}

static inline struct value value_blob(const void *bytes, size_t length)
{
    return (struct value){.text = bytes, .length = (uint32_t)length, .storage = STORAGE_BLOB};
}

enum { VALUE_DIGITS = 24 /* room for an integer's digits, its sign and the NUL */ };

/* Prints an integer into the end of the room; returns where it starts. */
char *value_print_integer(int64_t integer, char room[VALUE_DIGITS], size_t *length);

static inline bool value_is_null(const struct value *value)
{
    return value->storage == STORAGE_NULL;
}

/* Brings a text as a person or a program writes it into the canonical form of a type. Spaces around it are allowed
 * except for string and json. Numbers may have an exponent; booleans may be 0, 1, true, false, t, f, yes, no;
 * dates may carry a time of midnight, timestamps may be a date alone, may have 'T' or a space in the middle and an offset
 * ("Z", "+02:00"), which is brought to UTC. Numbers that do not fit: decimal digits past the scale are rounded half away
 * from zero, integers must be whole.
 *
 * result  its text, if any, lives in the arena
 * False: 22018 when it is no such value, 22003 out of range, 22007 for dates and times, 22001 for a string longer than
 * the type's size. The message quotes the text (cut at 40 bytes) and names the type. */
bool value_from_text(const struct type *type, const char *text, size_t length, struct arena *arena,
                     struct value *result, struct error *err);

/* Converts a canonical value of one type to another by the rules of SQL's CAST (SQL-92 6.10). NULL stays NULL.
 * A string that is too long for its new type is an error 22001 (never cut). Errors as above. */
bool value_cast(const struct type *from, const struct value *value, const struct type *to, struct arena *arena,
                struct value *result, struct error *err);

/* The value as text for a person or a request: numbers in shortest exact form ("0.1", "1e+300"), booleans "0" and "1",
 * blobs in upper-case hex; text is returned as it stands (not copied). NULL storage yields "".
 * scratch  at least VALUE_SCRATCH bytes for numbers; blobs longer than fit are cut there. *length gets the bytes. */
enum { VALUE_SCRATCH = 64 };
const char *value_as_text(const struct value *value, char *scratch, size_t *length);

/* The shortest text that reads back as the same double; room VALUE_SCRATCH. Returns its length. */
size_t value_print_real(double real, char *out);

/* Order of two values of the same type, both not NULL: below, at or above zero. Text compares as bytes except decimals. */
int value_compare(enum type_kind kind, const struct value *a, const struct value *b);

#endif
