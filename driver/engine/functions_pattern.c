/* LIKE as the SQL standard has it: case-sensitive, % for any run of characters, _ for exactly one. SQLite's own ignores case. */
#include <string.h>

#include "base/utf.h"
#include "engine/function.h"

/* One element of a pattern. */
enum element { ELEMENT_END, ELEMENT_RUN, ELEMENT_ONE, ELEMENT_CHARACTER };

struct pattern {
    const char *text;
    size_t length;
    uint32_t escape;     /* 0 = none */
};

static enum element next_element(const struct pattern *pattern, size_t *at, uint32_t *character)
{
    if (*at >= pattern->length)
        return ELEMENT_END;
    *character = utf8_next(pattern->text, pattern->length, at);
    if (pattern->escape && *character == pattern->escape && *at < pattern->length) {
        *character = utf8_next(pattern->text, pattern->length, at);
        return ELEMENT_CHARACTER;
    }
    return *character == '%' ? ELEMENT_RUN : *character == '_' ? ELEMENT_ONE : ELEMENT_CHARACTER;
}

/* After a run that did not suffice, the text is taken up one character later. No more than that last run needs to be
 * looked at again, since a shorter one before it would have to be followed by the same. */
static bool matches(const struct pattern *pattern, const struct value *text)
{
    size_t at = 0, in_text = 0, after_run = 0, run_end = 0;
    bool run = false;

    for (;;) {
        size_t next = at, next_in_text = in_text;
        uint32_t wanted;
        enum element element = next_element(pattern, &next, &wanted);
        if (element == ELEMENT_RUN) {
            run = true;
            at = after_run = next;
            run_end = in_text;
            if (at == pattern->length)
                return true;
            continue;
        }
        if (element == ELEMENT_END && in_text == text->length)
            return true;
        if (element != ELEMENT_END && in_text < text->length) {
            uint32_t found = utf8_next(text->text, text->length, &next_in_text);
            if (element == ELEMENT_ONE || found == wanted) {
                at = next;
                in_text = next_in_text;
                continue;
            }
        }
        if (!run || run_end >= text->length)
            return false;
        utf8_next(text->text, text->length, &run_end);
        in_text = run_end;
        at = after_run;
    }
}

/* An escape character may stand only before %, _ and itself (SQL-92 8.5). */
static bool escapes_well(const struct pattern *pattern)
{
    for (size_t at = 0; at < pattern->length;) {
        if (utf8_next(pattern->text, pattern->length, &at) != pattern->escape)
            continue;
        if (at == pattern->length)
            return false;
        uint32_t after = utf8_next(pattern->text, pattern->length, &at);
        if (after != '%' && after != '_' && after != pattern->escape)
            return false;
    }
    return true;
}

static bool read_escape(sqlite3_context *context, sqlite3_value *argument, struct pattern *pattern)
{
    struct value escape;
    size_t at = 0;

    if (!function_text(context, argument, &escape))
        return false;
    pattern->escape = escape.length ? utf8_next(escape.text, escape.length, &at) : 0;
    if (!pattern->escape || at != escape.length) {
        function_fail(context, "22019", "The ESCAPE of LIKE must be one character, not \"%.40s\"", escape.text);
        return false;
    }
    if (escapes_well(pattern))
        return true;
    function_fail(context, "22025", "In the LIKE pattern \"%.80s\" the escape character %s must be followed by %%, _ or itself",
                  pattern->text, escape.text);
    return false;
}

/* text LIKE pattern [ESCAPE escape] is like(pattern, text[, escape]). */
static void like(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct value mask, text;
    if (!function_text(context, arguments[0], &mask) || !function_text(context, arguments[1], &text))
        return;
    struct pattern pattern = {.text = mask.text, .length = mask.length};
    if (count > 2 && !read_escape(context, arguments[2], &pattern))
        return;
    sqlite3_result_int(context, matches(&pattern, &text));
}

const struct function pattern_functions[] = {
    {"like", 2, like, 0},
    {"like", 3, like, 0},
    {0},
};
