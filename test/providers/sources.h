/* Where the tests find what the driver ships, and how they write a definition of their own. */
#ifndef TEST_PROVIDERS_SOURCES_H
#define TEST_PROVIDERS_SOURCES_H

#include <stdio.h>
#include <stdlib.h>

/* A path in the source tree, in static memory that the next call but three reuses. Automake tells tests where the tree is. */
static inline const char *source_path(const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    const char *tree = getenv("srcdir");
    snprintf(path, sizeof paths[0], "%s/%s", tree ? tree : "..", name);
    return path;
}

/* Writes a file; the test is lost when that fails. */
static inline void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

#endif
