#include "samples_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *text_copied(const char *text, size_t length)
{
    char *copy = strndup(text, length);
    if (!copy)
        abort();
    return copy;
}

/* "pattern: why" */
static bool read_reason(const char *text, struct sample_reason *reasons, size_t *count)
{
    const char *colon = strstr(text, ": ");
    if (!colon || *count == MOST_LINES)
        return false;
    reasons[(*count)++] = (struct sample_reason){.pattern = text_copied(text, (size_t)(colon - text)), .why = text_copied(colon + 2, strlen(colon + 2))};
    return true;
}

/* "pattern[ in place]: tables" */
static bool read_samples(const char *text, struct sample_list *list)
{
    const char *colon = strstr(text, ": "), *in = strstr(text, " in ");
    struct sample_line *line = &list->lines[list->line_count];

    if (!colon || list->line_count == MOST_LINES)
        return false;
    if (in > colon)
        in = NULL;
    line->pattern = text_copied(text, (size_t)((in ? in : colon) - text));
    line->place = in ? text_copied(in + 4, (size_t)(colon - in - 4)) : NULL;
    line->readers = text_copied(colon + 2, strlen(colon + 2));
    list->line_count++;
    return true;
}

static bool read_line(char *text, struct sample_list *list)
{
    static const struct { const char *word; size_t offset; } words[] = {
        {"definition ", offsetof(struct sample_list, definition)}, {"schema ", offsetof(struct sample_list, schema)},
        {"samples ", offsetof(struct sample_list, samples)}, {"fixtures ", offsetof(struct sample_list, fixtures)},
    };

    text[strcspn(text, "\n")] = '\0';
    if (!*text || *text == '#')
        return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strncmp(text, words[i].word, strlen(words[i].word)) == 0) {
            *(char **)((char *)list + words[i].offset) = text_copied(text + strlen(words[i].word), strlen(text));
            return true;
        }
    if (strncmp(text, "out files ", 10) == 0)
        return read_reason(text + 10, list->files, &list->file_count);
    if (strncmp(text, "out ", 4) == 0)
        return read_reason(text + 4, list->members, &list->member_count);
    if (strncmp(text, "unseen ", 7) == 0)
        return read_reason(text + 7, list->tables, &list->table_count);
    return read_samples(text, list);
}

bool sample_list_read(const char *path, struct sample_list *list)
{
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t room = 0, number = 0;
    bool good = file != NULL;

    while (good && getline(&text, &room, file) > 0) {
        number++;
        good = read_line(text, list);
    }
    if (!good)
        fprintf(stderr, "%s:%zu: can not be read\n", path, number);
    free(text);
    if (file)
        fclose(file);
    return good && list->definition && list->fixtures;
}

static void clear_reasons(struct sample_reason *reasons, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(reasons[i].pattern);
        free(reasons[i].why);
    }
}

void sample_list_clear(struct sample_list *list)
{
    for (size_t i = 0; i < list->line_count; i++) {
        free(list->lines[i].pattern);
        free(list->lines[i].place);
        free(list->lines[i].readers);
    }
    clear_reasons(list->files, list->file_count);
    clear_reasons(list->members, list->member_count);
    clear_reasons(list->tables, list->table_count);
    free(list->definition);
    free(list->schema);
    free(list->samples);
    free(list->fixtures);
}
