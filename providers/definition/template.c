#include "providers/definition/template.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/datetime.h"
#include "base/error.h"
#include "http/url.h"

/* "today", "today-30", "today+1" */
static bool read_day(const char *name, size_t length, struct template_part *part)
{
    static const char word[] = "today";
    char digits[8];

    if (length < sizeof word - 1 || memcmp(name, word, sizeof word - 1) != 0)
        return false;
    length -= sizeof word - 1;
    if (length >= sizeof digits)
        return false;
    memcpy(digits, name + sizeof word - 1, length);
    digits[length] = '\0';
    char *end;
    part->kind = PART_DAY;
    part->days = (int)strtol(digits, &end, 10);
    return *end == '\0' && (length == 0 || digits[0] == '-' || digits[0] == '+');
}

bool template_read(struct arena *arena, const char *text, template_names *names, void *context, struct template *result,
                   const char **wrong)
{
    const char *source = text;
    size_t most = 1, count = 0;

    *wrong = NULL;
    for (const char *c = text; *c; c++)
        most += *c == '{' ? 2 : 0;
    struct template_part *parts = arena_array(arena, most, sizeof *parts);
    if (!parts)
        return false;
    while (*text || count == 0) {
        struct template_part *part = &parts[count++];
        size_t length = strcspn(text, "{");
        *part = (struct template_part){.kind = PART_TEXT};
        if (length || !*text) {
            if (!(part->text = arena_copy(arena, text, length)))
                return false;
            text += length;
            continue;
        }
        length = strcspn(++text, "}");
        if (!text[length]) {
            *wrong = "a brace is not closed";
            return false;
        }
        if (!read_day(text, length, part) && !(names && names(context, text, length, part))) {
            *wrong = arena_printf(arena, "{%.*s} is neither a column of the table nor a variable of the provider", (int)length, text);
            return false;
        }
        text += length + 1;
    }
    *result = (struct template){source, parts, count};
    return true;
}

/* The local day so many days from today, in canonical form. */
static void print_day(int days, char *out)
{
    time_t now = time(NULL);
    struct tm day;

    localtime_r(&now, &day);
    day.tm_mday += days;
    day.tm_hour = 12;
    day.tm_isdst = -1;
    mktime(&day);
    strftime(out, DATETIME_TEXT, "%Y-%m-%d", &day);
}

bool template_fill(const struct template *template, template_values *values, void *context, bool encode, struct buffer *out,
                   struct error *err)
{
    char day[DATETIME_TEXT];

    for (size_t i = 0; i < template->part_count; i++) {
        const struct template_part *part = &template->parts[i];
        const char *text = part->text;
        bool plain = !encode;
        if (part->kind == PART_DAY) {
            print_day(part->days, day);
            text = day;
        } else if (part->kind != PART_TEXT) {
            text = values(context, part, &plain, err);
        }
        if (!text)
            return false;
        if (part->kind != PART_TEXT && !plain)
            url_encode(out, text, strlen(text));
        else
            buffer_append_text(out, text);
    }
    return !out->failed || error_memory(err);
}

bool template_has(const struct template *template, enum part_kind kind)
{
    for (size_t i = 0; i < template->part_count; i++)
        if (template->parts[i].kind == kind)
            return true;
    return false;
}
