/* Answers in files: one for each, private to the user, named by its key. A file is written whole or not at all. Trouble with one is no
 * trouble for the request: it is asked again. */
#ifndef HTTP_CACHE_FILE_H
#define HTTP_CACHE_FILE_H

#include "http/cache.h"

enum { LARGEST_CACHED = 4 * 1024 * 1024 };     /* head and body of one answer */

/* Makes the folder, for the user alone; one that is there must be the user's. HY000. */
bool cache_folder_open(const char *folder, struct error *err);

/* An answer with one holder; NULL when there is none that is whole. */
struct cached *cache_file_read(const char *folder, const unsigned char key[CACHE_KEY]);

/* Every now and then the files that were not used for the longest time go, so that the folder stays below 64 MiB. */
void cache_file_write(const char *folder, const struct cached *cached);

/* In cache.c: an answer with one holder, which takes the body's bytes out of the buffer; NULL when out of memory. */
struct cached *cached_make(const unsigned char key[CACHE_KEY], const char *tag, const char *changed, const void *head, size_t head_length,
                           struct buffer *body);

#endif
