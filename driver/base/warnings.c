#include "base/warnings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_WARNINGS = 64 };

void warnings_add(struct warnings *warnings, const char *key, const char *sqlstate, const char *format, ...)
{
    char message[sizeof((struct error *)0)->message];
    va_list arguments;

    for (const struct warning *warning = warnings->first; warning; warning = warning->next)
        if (strcmp(warning->key, key) == 0)
            return;
    if (warnings->count == MOST_WARNINGS)
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);

    struct warning *made = arena_alloc(&warnings->arena, sizeof *made);
    const char *kept_key = arena_text(&warnings->arena, key), *kept_message = arena_text(&warnings->arena, message);
    if (!made || !kept_key || !kept_message)
        return;
    *made = (struct warning){.key = kept_key, .message = kept_message};
    snprintf(made->sqlstate, sizeof made->sqlstate, "%s", sqlstate);
    if (warnings->last)
        warnings->last->next = made;
    else
        warnings->first = made;
    warnings->last = made;
    warnings->count++;
}

const struct warning *warnings_next(struct warnings *warnings)
{
    const struct warning *next = warnings->told ? warnings->told->next : warnings->first;

    if (next)
        warnings->told = next;
    return next;
}

void warnings_clear(struct warnings *warnings)
{
    arena_clear(&warnings->arena);
    *warnings = (struct warnings){0};
}
