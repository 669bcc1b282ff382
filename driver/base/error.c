#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf.h"

static void cut_at_character(char *text, size_t room, int written)
{
    if (written >= 0 && (size_t)written >= room)
        text[utf8_whole(text, room - 1)] = '\0';
}

bool error_set(struct error *err, const char *sqlstate, const char *format, ...)
{
    va_list arguments;

    snprintf(err->sqlstate, sizeof err->sqlstate, "%s", sqlstate);
    err->native = 0;
    va_start(arguments, format);
    int written = vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    cut_at_character(err->message, sizeof err->message, written);
    return false;
}

bool error_memory(struct error *err)
{
    return error_set(err, "HY001", "Out of memory");
}

bool error_prefix(struct error *err, const char *format, ...)
{
    char old[sizeof err->message];
    char front[sizeof err->message];
    va_list arguments;

    memcpy(old, err->message, sizeof old);
    va_start(arguments, format);
    int written = vsnprintf(front, sizeof front, format, arguments);
    va_end(arguments);
    cut_at_character(front, sizeof front, written);

    size_t length = strlen(front);
    size_t rest = sizeof err->message - 1 - length;
    size_t kept = strlen(old) <= rest ? strlen(old) : utf8_whole(old, rest);
    memcpy(err->message, front, length);
    memcpy(err->message + length, old, kept);
    err->message[length + kept] = '\0';
    return false;
}
