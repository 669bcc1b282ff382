#include "table/aggregation.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"

static const char letters[] = {
    [AGGREGATE_COUNT_ROWS] = 'n', [AGGREGATE_COUNT] = 'c', [AGGREGATE_COUNT_DISTINCT] = 'd', [AGGREGATE_SUM] = 's',
    [AGGREGATE_AVERAGE] = 'v', [AGGREGATE_LEAST] = 'l', [AGGREGATE_GREATEST] = 'h',
};

void aggregation_print(const struct aggregation *aggregation, struct buffer *out)
{
    char type[40];

    for (size_t i = 0; i < aggregation->group_count; i++)
        buffer_printf(out, "%sg%d", i ? "," : "", aggregation->groups[i]);
    for (size_t i = 0; i < aggregation->aggregate_count; i++) {
        const struct aggregate_column *aggregate = &aggregation->aggregates[i];
        type_print(&aggregate->type, type, sizeof type);
        buffer_printf(out, "%s%c", i || aggregation->group_count ? "," : "", letters[aggregate->function]);
        if (aggregate->column >= 0)
            buffer_printf(out, "%d", aggregate->column);
        buffer_printf(out, ":%s", type);
    }
}

static bool read_aggregate(const char *word, size_t length, struct arena *arena, struct aggregate_column *aggregate)
{
    const char *colon = memchr(word, ':', length), *letter = memchr(letters, *word, sizeof letters);

    if (!colon || !letter)
        return false;
    const char *type = arena_copy(arena, colon + 1, length - (size_t)(colon + 1 - word));
    aggregate->function = (enum aggregate_function)(letter - letters);
    aggregate->column = colon > word + 1 ? (int)strtol(word + 1, NULL, 10) : -1;
    return type && type_parse(type, &aggregate->type);
}

/* The end of a word: a comma, but not one within the parentheses of a type. */
static size_t word_length(const char *text, const char *end)
{
    bool inside = false;
    const char *at = text;

    for (; at < end && (inside || *at != ','); at++)
        inside = *at == '(' || (inside && *at != ')');
    return (size_t)(at - text);
}

bool aggregation_read(const char *text, size_t length, struct arena *arena, struct aggregation *aggregation)
{
    int *groups = arena_array(arena, AGGREGATION_COLUMNS, sizeof *groups);
    struct aggregate_column *aggregates = arena_array(arena, AGGREGATION_COLUMNS, sizeof *aggregates);
    const char *end = text + length;

    *aggregation = (struct aggregation){.groups = groups, .aggregates = aggregates};
    if (!groups || !aggregates || length == 0)
        return false;
    while (text < end) {
        size_t word = word_length(text, end);
        if (word < 2 || aggregation->group_count + aggregation->aggregate_count == AGGREGATION_COLUMNS)
            return false;
        if (*text == 'g')
            groups[aggregation->group_count++] = (int)strtol(text + 1, NULL, 10);
        else if (!read_aggregate(text, word, arena, &aggregates[aggregation->aggregate_count++]))
            return false;
        text += word + (text + word < end);
    }
    return true;
}
