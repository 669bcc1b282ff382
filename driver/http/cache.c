#include "http/cache.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "http/cache_file.h"

enum {
    MOST_BYTES = 8 * 1024 * 1024,       /* in memory, with the room that bodies have behind them */
    MOST_ANSWERS = 4096,
    SURE_OF_ROOM = 60000,               /* milliseconds from when it was last asked for, in which an answer goes for no other */
};

struct http_cache {
    pthread_mutex_t lock;               /* guards what follows, but for the folder */
    struct cached *first;               /* the one used last comes first */
    size_t bytes, count;
    struct cached *lost;                /* of the process before a fork: never looked at */
    char *folder;                       /* NULL = in memory only */
};

static size_t weight(const struct cached *cached)
{
    return sizeof *cached + cached->head_length + cached->body.capacity;
}

struct http_cache *cache_open(const char *folder, struct error *err)
{
    struct http_cache *cache = calloc(1, sizeof *cache);

    if (!cache) {
        error_memory(err);
        return NULL;
    }
    if (folder && *folder) {
        cache->folder = strdup(folder);
        if (!cache->folder || !cache_folder_open(folder, err)) {
            if (!cache->folder)
                error_memory(err);
            free(cache->folder);
            free(cache);
            return NULL;
        }
    }
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static void drop(struct cached *cached)
{
    if (--cached->holders)
        return;
    free(cached->tag);
    free(cached->changed);
    free(cached->head);
    buffer_clear(&cached->body);
    free(cached);
}

void cache_close(struct http_cache *cache)
{
    if (!cache)
        return;
    while (cache->first) {
        struct cached *next = cache->first->next;
        drop(cache->first);
        cache->first = next;
    }
    pthread_mutex_destroy(&cache->lock);
    free(cache->folder);
    free(cache);
}

void cache_start_anew(struct http_cache *cache)
{
    pthread_mutex_init(&cache->lock, NULL);
    cache->lost = cache->first;
    cache->first = NULL;
    cache->bytes = cache->count = 0;
}

/* Who a credential is of: of Basic the user alone, since nothing that is made of a password belongs into a file's name; of a token the
 * token, of which a digest tells nothing. A field that differs each time, as those of OAuth 1.0 and Digest, tells nobody. */
static bool add_identity(EVP_MD_CTX *digest, const char *authorization)
{
    unsigned char plain[1024];
    size_t length = strlen(authorization);

    if (strchr(authorization, ','))
        return false;
    if (strncasecmp(authorization, "Basic ", 6) != 0)
        return EVP_DigestUpdate(digest, authorization, length) == 1;
    if (length - 6 > sizeof plain / 4 * 4 || (length - 6) % 4 != 0)
        return false;
    int decoded = EVP_DecodeBlock(plain, (const unsigned char *)authorization + 6, (int)(length - 6));
    const unsigned char *colon = decoded > 0 ? memchr(plain, ':', (size_t)decoded) : NULL;
    bool added = colon && EVP_DigestUpdate(digest, plain, (size_t)(colon - plain)) == 1;
    explicit_bzero(plain, sizeof plain);
    return added;
}

bool cache_key(const char *url, const char *authorization, unsigned char key[CACHE_KEY])
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    bool made = digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1 && EVP_DigestUpdate(digest, url, strlen(url) + 1) == 1 &&
                (!authorization || !*authorization || add_identity(digest, authorization)) && EVP_DigestFinal_ex(digest, key, NULL) == 1;
    EVP_MD_CTX_free(digest);
    return made;
}

/* The place of the pointer to what is kept for a key; NULL when nothing is. Behind the lock. */
static struct cached **place_of(struct http_cache *cache, const unsigned char key[CACHE_KEY])
{
    for (struct cached **at = &cache->first; *at; at = &(*at)->next)
        if (memcmp((*at)->key, key, CACHE_KEY) == 0)
            return at;
    return NULL;
}

static struct cached *take_out(struct http_cache *cache, struct cached **at)
{
    struct cached *cached = *at;
    *at = cached->next;
    cache->bytes -= weight(cached);
    cache->count--;
    return cached;
}

/* False when what is there has been asked for too lately to go. Otherwise a scan that is larger than the room would drive out whatever it
 * will ask for first when it is repeated. Behind the lock. */
static bool make_room(struct http_cache *cache, size_t bytes)
{
    while (cache->first && (cache->bytes + bytes > MOST_BYTES || cache->count == MOST_ANSWERS)) {
        struct cached **last = &cache->first;
        while ((*last)->next)
            last = &(*last)->next;
        if (clock_milliseconds() - (*last)->used < SURE_OF_ROOM)
            return false;
        drop(take_out(cache, last));
    }
    return bytes <= MOST_BYTES;
}

/* Takes a holder's place. There is room. Behind the lock. */
static void put_first(struct http_cache *cache, struct cached *cached)
{
    cached->next = cache->first;
    cached->used = clock_milliseconds();
    cache->first = cached;
    cache->bytes += weight(cached);
    cache->count++;
}

bool cache_is_empty(struct http_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    bool empty = !cache->first && !cache->folder;
    pthread_mutex_unlock(&cache->lock);
    return empty;
}

struct cached *cache_find(struct http_cache *cache, const unsigned char key[CACHE_KEY])
{
    pthread_mutex_lock(&cache->lock);
    struct cached **at = place_of(cache, key), *found = at ? take_out(cache, at) : NULL;
    if (found) {
        found->holders++;
        put_first(cache, found);
    }
    pthread_mutex_unlock(&cache->lock);
    if (found || !cache->folder)
        return found;
    found = cache_file_read(cache->folder, key);
    if (!found)
        return NULL;
    pthread_mutex_lock(&cache->lock);
    if (!place_of(cache, key) && make_room(cache, weight(found))) {
        found->holders++;
        put_first(cache, found);
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

void cache_release(struct http_cache *cache, struct cached *cached)
{
    if (!cached)
        return;
    pthread_mutex_lock(&cache->lock);
    drop(cached);
    pthread_mutex_unlock(&cache->lock);
}

static char *copy(const void *bytes, size_t length)
{
    char *made = malloc(length + 1);
    if (made) {
        if (length)
            memcpy(made, bytes, length);
        made[length] = '\0';
    }
    return made;
}

struct cached *cached_make(const unsigned char key[CACHE_KEY], const char *tag, const char *changed, const void *head, size_t head_length,
                           struct buffer *body)
{
    struct cached *made = calloc(1, sizeof *made);

    if (!made)
        return NULL;
    *made = (struct cached){.holders = 1, .head_length = head_length, .body = buffer_take(body)};
    memcpy(made->key, key, CACHE_KEY);
    made->tag = tag && *tag ? strdup(tag) : NULL;
    made->changed = changed && *changed ? strdup(changed) : NULL;
    made->head = copy(head, head_length);
    if (made->head && (made->tag || !tag || !*tag) && (made->changed || !changed || !*changed))
        return made;
    drop(made);
    return NULL;
}

/* The fields of a head, but for those that are secret. */
static void add_fields(struct buffer *into, const struct buffer *head)
{
    for (size_t at = 0, next; at < head->length; at = next) {
        const char *name = head->data + at, *value = name + strlen(name) + 1;
        next = (size_t)(value - head->data) + strlen(value) + 1;
        if (strncasecmp(name, "Set-Cookie", 10) != 0)
            buffer_append(into, name, next - at);
    }
}

void cache_keep(struct http_cache *cache, const unsigned char key[CACHE_KEY], const char *tag, const char *changed, const struct buffer *head,
                struct buffer *body)
{
    struct cached *made = NULL;
    struct buffer fields;

    buffer_init(&fields, LARGEST_CACHED);
    add_fields(&fields, head);
    size_t bytes = sizeof *made + fields.length + body->capacity;
    pthread_mutex_lock(&cache->lock);
    struct cached **at = place_of(cache, key);
    if (at)
        drop(take_out(cache, at));
    bool fits = !fields.failed && fields.length + body->length <= LARGEST_CACHED, room = fits && make_room(cache, bytes);
    pthread_mutex_unlock(&cache->lock);
    if (room || (fits && cache->folder))
        made = cached_make(key, tag, changed, fields.data, fields.length, body);
    buffer_clear(&fields);
    if (made && cache->folder)
        cache_file_write(cache->folder, made);
    pthread_mutex_lock(&cache->lock);
    if (made && room && !place_of(cache, key) && make_room(cache, bytes))
        put_first(cache, made);
    else if (made)
        drop(made);
    pthread_mutex_unlock(&cache->lock);
}
