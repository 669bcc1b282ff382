/* The arena is a list of chunks; a description is cut into lines once and read from there. */
#include "test/sandbox/zoho_text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/server.h"

enum { CHUNK = 64 * 1024 };

struct zoho_chunk {
    struct zoho_chunk *older;
    size_t used, size;
    max_align_t bytes[];
};

void *zoho_take(struct zoho_arena *arena, size_t count, size_t size)
{
    size_t wanted = (count * size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct zoho_chunk *chunk = arena->chunks;

    if (!chunk || chunk->size - chunk->used < wanted) {
        size_t room = wanted > CHUNK ? wanted : CHUNK;
        chunk = zeroed(1, sizeof *chunk + room);
        chunk->size = room;
        chunk->older = arena->chunks;
        arena->chunks = chunk;
    }
    void *taken = (char *)chunk->bytes + chunk->used;
    chunk->used += wanted;
    return memset(taken, 0, wanted);
}

char *zoho_keep(struct zoho_arena *arena, const char *text, size_t length)
{
    char *copy = zoho_take(arena, length + 1, 1);
    memcpy(copy, text, length);
    return copy;
}

char *zoho_print(struct zoho_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        abort();
    char *text = zoho_take(arena, (size_t)length + 1, 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

struct zoho_mark zoho_mark(const struct zoho_arena *arena)
{
    return (struct zoho_mark){arena->chunks, arena->chunks ? arena->chunks->used : 0};
}

void zoho_release(struct zoho_arena *arena, struct zoho_mark mark)
{
    while (arena->chunks != mark.chunk) {
        struct zoho_chunk *chunk = arena->chunks;
        arena->chunks = chunk->older;
        free(chunk);
    }
    if (arena->chunks)
        arena->chunks->used = mark.used;
}

void zoho_clear(struct zoho_arena *arena)
{
    zoho_release(arena, (struct zoho_mark){0});
}

static char *whole_file(struct zoho_arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long size;

    if (file && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        text = zoho_take(arena, (size_t)size + 1, 1);
        if (fread(text, 1, (size_t)size, file) != (size_t)size)
            text = NULL;
    }
    if (file)
        fclose(file);
    if (!text) {
        fprintf(stderr, "restodbc-sandbox: %s can not be read\n", path);
        exit(EXIT_FAILURE);
    }
    return text;
}

/* The end of a line that may go on in the next. */
static char *line_end(char *text)
{
    char *end = text + strcspn(text, "\n");
    while (end > text && end[-1] == '\\' && *end)
        end += 1 + strcspn(end + 1, "\n");
    return end;
}

/* Makes one text of the lines up to the end, without blanks behind it. */
static void join_lines(char *start, char *end)
{
    for (char *c = start; c < end; c++)
        if (c[0] == '\\' && c[1] == '\n')
            c[0] = c[1] = ' ';
    *end = '\0';
    while (end > start && end[-1] == ' ')
        *--end = '\0';
}

struct zoho_file zoho_read(struct zoho_arena *arena, const char *name)
{
    char *path = zoho_print(arena, "%s/%s", SANDBOX_SOURCES, name), *text = whole_file(arena, path);
    struct zoho_file file = {0};
    size_t lines = 1;

    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    file.lines = zoho_take(arena, lines, sizeof *file.lines);
    for (unsigned number = 1; *text;) {
        char *start = text + strspn(text, " "), *end = line_end(text), *next = end + (*end == '\n');
        bool indented = start > text;
        unsigned first = number;
        for (; text < next; text++)
            number += *text == '\n';
        join_lines(start, end);
        if (*start && *start != '#')
            file.lines[file.count++] = (struct zoho_line){path, first, start, indented};
    }
    return file;
}

_Noreturn void zoho_wrong(const struct zoho_line *line, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s:%u: ", line->file, line->number);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

char *zoho_word(struct zoho_arena *arena, const char **at)
{
    *at += strspn(*at, " ");
    size_t length = strcspn(*at, " ");
    if (!length)
        return NULL;
    char *word = zoho_keep(arena, *at, length);
    *at += length;
    return word;
}
