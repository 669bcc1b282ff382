/* LIKE as the SQL standard has it: case-sensitive, % for any run of characters, _ for exactly one. SQLite's own ignores case. */
#include <string.h>

#include "base/like.h"
#include "base/utf.h"
#include "engine/function.h"

/* An escape character may stand only before %, _ and itself (SQL-92 8.5). */
static bool escapes_well(const struct like_pattern *pattern)
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

static bool read_escape(sqlite3_context *context, sqlite3_value *argument, struct like_pattern *pattern)
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
    struct like_pattern pattern = {.text = mask.text, .length = mask.length};
    if (count > 2 && !read_escape(context, arguments[2], &pattern))
        return;
    sqlite3_result_int(context, like_matches(&pattern, text.text, text.length));
}

const struct function pattern_functions[] = {
    {"like", 2, like, 0},
    {"like", 3, like, 0},
    {0},
};
