#include "base/like.h"

#include "base/utf.h"

enum like_element like_next(const struct like_pattern *pattern, size_t *at, uint32_t *character)
{
    if (*at >= pattern->length)
        return LIKE_END;
    *character = utf8_next(pattern->text, pattern->length, at);
    if (pattern->escape && *character == pattern->escape && *at < pattern->length) {
        *character = utf8_next(pattern->text, pattern->length, at);
        return LIKE_CHARACTER;
    }
    return *character == '%' ? LIKE_RUN : *character == '_' ? LIKE_ONE : LIKE_CHARACTER;
}

/* After a run that did not suffice, the text is taken up one character later. No more than that last run needs to be
 * looked at again, since a shorter one before it would have to be followed by the same. */
bool like_matches(const struct like_pattern *pattern, const char *text, size_t length)
{
    size_t at = 0, in_text = 0, after_run = 0, run_end = 0;
    bool run = false;

    for (;;) {
        size_t next = at, next_in_text = in_text;
        uint32_t wanted;
        enum like_element element = like_next(pattern, &next, &wanted);
        if (element == LIKE_RUN) {
            run = true;
            at = after_run = next;
            run_end = in_text;
            if (at == pattern->length)
                return true;
            continue;
        }
        if (element == LIKE_END && in_text == length)
            return true;
        if (element != LIKE_END && in_text < length) {
            uint32_t found = utf8_next(text, length, &next_in_text);
            if (element == LIKE_ONE || found == wanted) {
                at = next;
                in_text = next_in_text;
                continue;
            }
        }
        if (!run || run_end >= length)
            return false;
        utf8_next(text, length, &run_end);
        in_text = run_end;
        at = after_run;
    }
}
