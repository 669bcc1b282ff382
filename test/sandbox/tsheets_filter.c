/* Reads filters strictly (the service answers 417 to what it can not read) and applies them. */
#include "test/sandbox/tsheets_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/moment.h"
#include "test/sandbox/server.h"
#include "test/sandbox/tsheets_member.h"

static char *complaint(const char *parameter, const char *wanted)
{
    char text[200];
    snprintf(text, sizeof text, "Expectation failed: '%s' must be %s", parameter, wanted);
    return text_copy(text);
}

/* Splits at commas; spaces around a piece do not count. */
static char **split(const char *list, size_t *count)
{
    char **pieces = zeroed(strlen(list) + 2, sizeof *pieces);
    *count = 0;
    for (;;) {
        size_t length = strcspn(list, ",");
        const char *start = list + strspn(list, " ");
        size_t kept = start > list + length ? 0 : (size_t)(list + length - start);
        while (kept && start[kept - 1] == ' ')
            kept--;
        char *piece = zeroed(kept + 1, 1);
        memcpy(piece, start, kept);
        pieces[(*count)++] = piece;
        if (!list[length])
            return pieces;
        list += length + 1;
    }
}

static bool read_numbers(struct filter_use *use)
{
    use->numbers = zeroed(use->text_count, sizeof *use->numbers);
    for (size_t i = 0; i < use->text_count; i++) {
        char *end;
        use->numbers[i] = strtoll(use->texts[i], &end, 10);
        if (end == use->texts[i] || *end)
            return false;
    }
    use->number_count = use->text_count;
    return true;
}

static bool among(const char *choices, const char *value)
{
    size_t length = strlen(value);
    for (const char *at = choices; length && (at = strstr(at, value)) != NULL; at += length)
        if ((at == choices || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static bool all_among(const struct filter_use *use, const char *choices)
{
    for (size_t i = 0; i < use->text_count; i++)
        if (!among(choices, use->texts[i]))
            return false;
    return true;
}

/* Fills use from value; *use_it false when the value asks for everything. NULL, or what the value must be. */
static const char *read_value(struct filter_use *use, const char *value, bool *use_it)
{
    const struct filter_declaration *declared = use->declaration;

    switch (declared->kind) {
    case FILTER_NUMBERS: case FILTER_NOT_NUMBERS: case FILTER_PARENTS: case FILTER_MANAGERS: case FILTER_TREE: case FILTER_MEMBERS:
    case FILTER_UP_TO:
        use->texts = split(value, &use->text_count);
        if (!read_numbers(use))
            return "a comma separated list of ids";
        *use_it = declared->kind != FILTER_PARENTS || use->number_count != 1 || use->numbers[0] != -1;
        return NULL;
    case FILTER_TEXTS:
        use->texts = split(value, &use->text_count);
        return NULL;
    case FILTER_PATTERN:
        use->texts = zeroed(1, sizeof *use->texts);
        use->texts[0] = text_copy(value);
        use->text_count = 1;
        return NULL;
    case FILTER_FLAG:
        if (!among("yes no both", value))
            return "yes, no or both";
        use->bound = strcmp(value, "yes") == 0;
        *use_it = strcmp(value, "both") != 0;
        return NULL;
    case FILTER_CHOICES:
        use->texts = split(value, &use->text_count);
        return all_among(use, declared->choices) ? NULL : declared->choices;
    case FILTER_BOOLEAN: case FILTER_WHEN_TRUE:
        if (!among("true false", value))
            return "true or false";
        use->bound = strcmp(value, "true") == 0;
        *use_it = use->bound || declared->kind == FILTER_BOOLEAN;
        return NULL;
    case FILTER_CHOICE: case FILTER_NONE:
        if (!declared->choices) {
            use->texts = split(value, &use->text_count);
            *use_it = false;
            return read_numbers(use) ? NULL : "an id";
        }
        if (!among(declared->choices, value))
            return declared->choices;
        use->texts = split(value, &use->text_count);
        *use_it = declared->kind == FILTER_CHOICE && strncmp(declared->choices, value, strlen(value)) != 0;
        return NULL;
    case FILTER_DATE: case FILTER_DATE_FROM: case FILTER_DATE_TO:
        return day_read(value, &use->bound) ? NULL : "a date as YYYY-MM-DD";
    case FILTER_SINCE: case FILTER_BEFORE:
        return moment_read(value, &use->bound) ? NULL : "a date-time as YYYY-MM-DDThh:mm:ss±hh:mm";
    }
    return NULL;
}

static void clear_use(struct filter_use *use)
{
    for (size_t i = 0; i < use->text_count; i++)
        free(use->texts[i]);
    free(use->texts);
    free(use->numbers);
    *use = (struct filter_use){0};
}

/* Whether one of the names, divided by spaces, is given. */
static bool any_given(const json_t *given, const char *names)
{
    char name[40];
    while (names && *names) {
        size_t length = strcspn(names, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, names);
        if (json_object_get(given, name))
            return true;
        names += length + (names[length] == ' ');
    }
    return false;
}

bool filter_read(const struct filter_declaration *declared, const json_t *given, struct filter_set *set, char **why)
{
    *set = (struct filter_set){0};
    for (; declared->parameter; declared++) {
        const char *value = json_string_value(json_object_get(given, declared->parameter)), *wanted = NULL;
        struct filter_use *use = &set->uses[set->count];
        bool use_it = true;

        if (value && declared->needs && !json_object_get(given, declared->needs))
            wanted = "sent with its companion";
        if (!value && !any_given(given, declared->unless))
            value = declared->standard;
        if (!value || any_given(given, declared->yields_to))
            continue;
        *use = (struct filter_use){.declaration = declared};
        if (!wanted)
            wanted = read_value(use, value, &use_it);
        if (wanted) {
            *why = complaint(declared->parameter, wanted);
            clear_use(use);
            filter_clear(set);
            return false;
        }
        if (use_it)
            set->count++;
        else
            clear_use(use);
    }
    return true;
}

void filter_clear(struct filter_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        clear_use(&set->uses[i]);
    set->count = 0;
}

static bool has_number(const struct filter_use *use, int64_t number)
{
    for (size_t i = 0; i < use->number_count; i++)
        if (use->numbers[i] == number)
            return true;
    return false;
}

static bool has_text(const struct filter_use *use, const char *text)
{
    for (size_t i = 0; i < use->text_count; i++)
        if (strcasecmp(use->texts[i], text) == 0)
            return true;
    return false;
}

static bool tree_has(const struct filter_use *use, const struct tsheets_data *data, int64_t jobcode_id)
{
    while (jobcode_id) {
        if (has_number(use, jobcode_id))
            return true;
        const struct tsheets_row *jobcode = tsheets_find(data, TSHEETS_JOBCODES, jobcode_id);
        jobcode_id = jobcode ? jobcode->parent_id : 0;
    }
    return false;
}

static bool pattern_fits(const char *pattern, const char *text)
{
    for (; *pattern && *pattern != '*'; pattern++, text++)
        if (!*text || strncasecmp(pattern, text, 1) != 0)
            return false;
    if (!*pattern)
        return *text == '\0';
    for (;; text++) {
        if (pattern_fits(pattern + 1, text))
            return true;
        if (!*text)
            return false;
    }
}

static bool list_meets(const struct filter_use *use, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (has_number(use, number_of(json_array_get(list, i))))
            return true;
    return false;
}

static int64_t row_number(const struct filter_declaration *declared, const struct tsheets_data *data, const struct tsheets_row *row)
{
    if (declared->member)
        return member_number(row->object, declared->member);
    return declared->number ? declared->number(data, row) : 0;
}

static const char *row_text(const struct filter_declaration *declared, const struct tsheets_data *data, const struct tsheets_row *row)
{
    if (declared->member)
        return member_text(row->object, declared->member);
    return declared->text ? declared->text(data, row) : NULL;
}

/* False when the row has no such moment. */
static bool row_moment(const struct filter_declaration *declared, const struct tsheets_row *row, int64_t *moment)
{
    const char *text = declared->member ? member_text(row->object, declared->member) : NULL;
    *moment = row->modified;
    return !declared->member || (text && moment_read(text, moment));
}

static bool row_day(const struct filter_declaration *declared, const struct tsheets_row *row, int64_t *day)
{
    const char *text = declared->member ? member_text(row->object, declared->member) : NULL;
    *day = row->day;
    return !declared->member || (text && day_read(text, day));
}

static bool use_passes(const struct filter_use *use, const struct tsheets_data *data, const struct tsheets_row *row)
{
    const struct filter_declaration *declared = use->declaration;
    const char *text;
    int64_t bound;

    switch (declared->kind) {
    case FILTER_NUMBERS: case FILTER_PARENTS: return has_number(use, row_number(declared, data, row));
    case FILTER_NOT_NUMBERS: return !has_number(use, row_number(declared, data, row));
    case FILTER_MANAGERS:
        return (row->managers[0] && has_number(use, row->managers[0])) || (row->managers[1] && has_number(use, row->managers[1]));
    case FILTER_TREE: return tree_has(use, data, row->jobcode_id);
    case FILTER_MEMBERS: return list_meets(use, member_of(row->object, declared->member));
    case FILTER_TEXTS: case FILTER_CHOICE: case FILTER_CHOICES:
        text = row_text(declared, data, row);
        return text && has_text(use, text);
    case FILTER_PATTERN:
        text = row_text(declared, data, row);
        return text && pattern_fits(use->texts[0], text);
    case FILTER_FLAG: case FILTER_BOOLEAN: return (row_number(declared, data, row) != 0) == (use->bound != 0);
    case FILTER_WHEN_TRUE: return row_number(declared, data, row) != 0;
    case FILTER_UP_TO: return row_number(declared, data, row) <= use->numbers[0];
    case FILTER_DATE: return row_day(declared, row, &bound) && bound == use->bound;
    case FILTER_DATE_FROM: return row_day(declared, row, &bound) && bound >= use->bound;
    case FILTER_DATE_TO: return row_day(declared, row, &bound) && bound <= use->bound;
    case FILTER_SINCE: return row_moment(declared, row, &bound) && bound >= use->bound;
    case FILTER_BEFORE: return row_moment(declared, row, &bound) && bound <= use->bound;
    case FILTER_NONE: return true;
    }
    return true;
}

bool filter_passes(const struct filter_set *set, const struct tsheets_data *data, const struct tsheets_row *row)
{
    for (size_t i = 0; i < set->count; i++)
        if (!use_passes(&set->uses[i], data, row))
            return false;
    return true;
}
