/* The formatters of values: [name | formatter(parameter, …) | …].
 *
 * A formatter gets a text, or none where the attribute is missing, and makes another of it. Those that count do so exactly where the
 * numbers are decimal. */
#ifndef PROVIDERS_SCRIPT_FORMATTER_H
#define PROVIDERS_SCRIPT_FORMATTER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct error;
struct formatter;

enum { FORMATTER_LARGEST = 64 << 20 /* bytes that a value may have */ };

/* One use of a formatter. */
struct formatting {
    const char *value;                   /* "" where there is none */
    bool missing;                        /* there is none */
    const char *const *arguments;
    size_t count;
    struct buffer *out;                  /* gets the result */
    bool null;                           /* out: there is no value any more */
};

/* By its name, case ignored; NULL when there is none. */
const struct formatter *formatter_find(const char *name);
const char *formatter_name(const struct formatter *formatter);
/* How many parameters it takes. */
void formatter_bounds(const struct formatter *formatter, size_t *least, size_t *most);

/* False: HY000 naming the formatter and what it can not use; HY001. */
bool formatter_apply(const struct formatter *formatter, struct formatting *formatting, struct error *err);

/* What the families of formatters share. */
struct formatter {
    const char *name;
    size_t least, most;
    bool (*apply)(const struct formatter *formatter, struct formatting *formatting, struct error *err);
    int which;                           /* among those that share a function */
};

struct formatter_family {
    const struct formatter *formatters;
    size_t count;
};

extern const struct formatter_family formatters_of_text, formatters_of_numbers, formatters_of_moments, formatters_of_codes;

/* The parameter, or another text where it is not given. */
const char *formatter_argument(const struct formatting *formatting, size_t index, const char *standard);
/* A parameter that is a whole number. */
bool formatter_number(const struct formatter *formatter, const struct formatting *formatting, size_t index, long standard, long least, long most,
                      long *number, struct error *err);
/* HY000 "the formatter … ". Returns false. */
bool formatter_refuse(const struct formatter *formatter, struct error *err, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Writes the parameters that say what is given when something holds and when not: (…, iftrue, iffalse); the words true and false else. */
void formatter_answer(struct formatting *formatting, bool truth, size_t first);

#endif
