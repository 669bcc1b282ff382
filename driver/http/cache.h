/* Answers that the service vouched for: those of GET that came with an ETag or a Last-Modified, so that the next request can ask whether
 * they still hold (RFC 9110, 13.1; RFC 9111, 4.3). Nothing is answered without asking.
 *
 * Kept in memory, for one client, and with the property CacheLocation also in files of a folder, for other processes and later ones.
 * The key is a digest of the URL and of who asks, so that nobody is answered with what another one was. */
#ifndef HTTP_CACHE_H
#define HTTP_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct error;
struct http_cache;

enum { CACHE_KEY = 32 };

/* One answer. Whoever has got it holds it until it lets it go; it never changes. */
struct cached {
    unsigned char key[CACHE_KEY];
    unsigned holders;
    int64_t used;               /* clock_milliseconds() when it was kept or found last */
    char *tag, *changed;        /* the validators, each may be NULL */
    char *head;                 /* as struct http_exchange has it */
    size_t head_length;
    struct buffer body;
    struct cached *next;
};

/* folder: of the files; NULL or "" = none. HY000 when it can not be made or is open to others. NULL = out of memory or *err set. */
struct http_cache *cache_open(const char *folder, struct error *err);
void cache_close(struct http_cache *cache);

/* In the child of a fork, whose parent may have been at work in it: what is in memory is left alone. */
void cache_start_anew(struct http_cache *cache);

/* The key of a request. authorization: the field of that name, or NULL. False when answers to it are not to be kept, because who asks can
 * not be told. */
bool cache_key(const char *url, const char *authorization, unsigned char key[CACHE_KEY]);

/* Whether nothing can be found in it. */
bool cache_is_empty(struct http_cache *cache);

/* What is kept for a key, to be let go; or NULL. */
struct cached *cache_find(struct http_cache *cache, const unsigned char key[CACHE_KEY]);
void cache_release(struct http_cache *cache, struct cached *cached);

/* Keeps an answer, whose body is taken out of the buffer; what was kept for the key goes. What is too large (4 MiB), or does not fit for want
 * of memory or disk, is not kept. */
void cache_keep(struct http_cache *cache, const unsigned char key[CACHE_KEY], const char *tag, const char *changed, const struct buffer *head,
                struct buffer *body);

#endif
