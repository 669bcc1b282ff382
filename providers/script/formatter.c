#include "providers/script/formatter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"

static const struct formatter_family *const families[] = {&formatters_of_text, &formatters_of_numbers, &formatters_of_moments, &formatters_of_codes};

const struct formatter *formatter_find(const char *name)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        for (size_t j = 0; j < families[i]->count; j++)
            if (name_equal(families[i]->formatters[j].name, name))
                return &families[i]->formatters[j];
    return NULL;
}

const char *formatter_name(const struct formatter *formatter)
{
    return formatter->name;
}

void formatter_bounds(const struct formatter *formatter, size_t *least, size_t *most)
{
    *least = formatter->least;
    *most = formatter->most;
}

bool formatter_apply(const struct formatter *formatter, struct formatting *formatting, struct error *err)
{
    formatting->null = false;
    if (!formatter->apply(formatter, formatting, err))
        return false;
    return !formatting->out->failed || formatter_refuse(formatter, err, "makes a text that is too long");
}

const char *formatter_argument(const struct formatting *formatting, size_t index, const char *standard)
{
    return index < formatting->count ? formatting->arguments[index] : standard;
}

bool formatter_number(const struct formatter *formatter, const struct formatting *formatting, size_t index, long standard, long least, long most,
                      long *number, struct error *err)
{
    const char *text = formatter_argument(formatting, index, NULL);
    char *end;

    *number = standard;
    if (!text || !*text)
        return true;
    *number = strtol(text, &end, 10);
    return (!*end && *number >= least && *number <= most)
           || formatter_refuse(formatter, err, "takes a number from %ld to %ld, not \"%.40s\"", least, most, text);
}

bool formatter_refuse(const struct formatter *formatter, struct error *err, const char *format, ...)
{
    char what[400];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return error_set(err, "HY000", "the formatter %s %s", formatter->name, what);
}

void formatter_answer(struct formatting *formatting, bool truth, size_t first)
{
    const char *answer = truth ? formatter_argument(formatting, first, "true") : formatter_argument(formatting, first + 1, "false");
    buffer_append_text(formatting->out, answer);
}
