/* The list of a service's samples: what is in it is told at the top of samples.c. */
#ifndef TEST_PROVIDERS_SAMPLES_LIST_H
#define TEST_PROVIDERS_SAMPLES_LIST_H

#include <stdbool.h>
#include <stddef.h>

enum { MOST_LINES = 400 };

struct sample_line {
    char *pattern, *place, *readers; /* of files; place: where in a page the file stands, or NULL */
};

/* Why something is left out. */
struct sample_reason {
    char *pattern, *why;
    unsigned used;
};

struct sample_list {
    char *definition, *schema, *samples, *fixtures; /* paths; NULL where the list says nothing */
    struct sample_line lines[MOST_LINES];
    struct sample_reason files[MOST_LINES], members[MOST_LINES], tables[MOST_LINES];
    size_t line_count, file_count, member_count, table_count;
};

/* Fills a zeroed list. False after telling which line can not be read. */
bool sample_list_read(const char *path, struct sample_list *list);
void sample_list_clear(struct sample_list *list);

/* A copy, or the end of the program. */
char *text_copied(const char *text, size_t length);

#endif
