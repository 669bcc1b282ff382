/* Where the settings are kept: a private file or this process's memory. */
#include "oauth/store.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"
#include "oauth/private_file.h"

enum { LOCK_WAIT = 30000, LOCK_PAUSE = 5 /* milliseconds */ };

/* What is kept under one name. */
struct memory_place {
    struct memory_place *next;
    char *bytes;          /* NULL while there is nothing */
    size_t length;
    pid_t locked_by;      /* 0 = nobody; after a fork the child is not bound by what its parent was about */
    char path[];
};

/* The one thing here that outlives a connection: it is what memory:// means. */
static struct {
    pthread_mutex_t lock; /* held for moments only */
    struct memory_place *first;
} memory = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void seize_memory(void)
{
    pthread_mutex_lock(&memory.lock);
}

static void release_memory(void)
{
    pthread_mutex_unlock(&memory.lock);
}

/* A fork waits until nobody is at it: the thread that holds the lock would not come along. */
__attribute__((constructor)) static void survive_forks(void)
{
    pthread_atfork(seize_memory, release_memory, release_memory);
}

static void forget(struct memory_place *place)
{
    if (place->bytes)
        OPENSSL_cleanse(place->bytes, place->length);
    free(place->bytes);
    place->bytes = NULL;
    place->length = 0;
}

/* When the library is unloaded or the process ends. */
__attribute__((destructor)) static void forget_all(void)
{
    while (memory.first) {
        struct memory_place *place = memory.first;
        memory.first = place->next;
        forget(place);
        free(place);
    }
}

bool store_is_memory(const char *path)
{
    return strncasecmp(path, "memory://", 9) == 0;
}

/* With memory.lock held. NULL: out of memory, or where none shall be made that there is none. */
static struct memory_place *find_place(const char *path, bool make)
{
    struct memory_place *place = memory.first;
    while (place && strcmp(place->path, path) != 0)
        place = place->next;
    if (place || !make)
        return place;
    place = calloc(1, sizeof *place + strlen(path) + 1);
    if (!place)
        return NULL;
    memcpy(place->path, path, strlen(path) + 1);
    place->next = memory.first;
    memory.first = place;
    return place;
}

bool store_read(const char *path, struct buffer *out, bool *found, struct error *err)
{
    if (!store_is_memory(path))
        return private_file_read(path, out, found, err);
    seize_memory();
    const struct memory_place *place = find_place(path, false);
    *found = place && place->bytes;
    bool done = !*found || buffer_append(out, place->bytes, place->length);
    release_memory();
    return done || error_memory(err);
}

bool store_replace(const char *path, const void *bytes, size_t length, struct error *err)
{
    if (!store_is_memory(path))
        return private_file_replace(path, bytes, length, err);
    char *copy = malloc(length ? length : 1);
    if (copy && length)
        memcpy(copy, bytes, length);
    seize_memory();
    struct memory_place *place = copy ? find_place(path, true) : NULL;
    if (place) {
        forget(place);
        place->bytes = copy;
        place->length = length;
    }
    release_memory();
    if (place)
        return true;
    free(copy);
    return error_memory(err);
}

bool store_has_room(const char *path, size_t more, struct error *err)
{
    return store_is_memory(path) || private_file_has_room(path, more, err);
}

static bool try_place(const char *path, struct store_lock *lock, struct error *err)
{
    seize_memory();
    struct memory_place *place = find_place(path, true);
    bool is_free = place && place->locked_by != getpid();
    if (is_free) {
        place->locked_by = getpid();
        lock->place = place;
    }
    release_memory();
    return is_free || (!place && error_memory(err));
}

static bool lock_place(const char *path, struct cancel *cancel, struct store_lock *lock, struct error *err)
{
    static const struct timespec pause = {0, LOCK_PAUSE * 1000000};
    int64_t until = clock_milliseconds() + LOCK_WAIT;

    *err = (struct error){0};
    while (!try_place(path, lock, err)) {
        if (*err->sqlstate || !cancel_check(cancel, err))
            return false;
        if (clock_milliseconds() >= until)
            return error_set(err, "HYT00", "%s has been locked by another connection for %d s", path, LOCK_WAIT / 1000);
        nanosleep(&pause, NULL);
    }
    return true;
}

static bool lock_file(const char *path, struct cancel *cancel, struct store_lock *lock, struct error *err)
{
    char *lock_path = NULL;
    if (!private_file_make_folders(path, err))
        return false;
    if (asprintf(&lock_path, "%s.lock", path) < 0)
        return error_memory(err);
    int file;
    bool done = private_file_lock(lock_path, cancel, &file, err);
    if (done)
        lock->file = file;
    free(lock_path);
    return done;
}

bool store_lock(const char *path, struct cancel *cancel, struct store_lock *lock, struct error *err)
{
    *lock = STORE_UNLOCKED;
    return store_is_memory(path) ? lock_place(path, cancel, lock, err) : lock_file(path, cancel, lock, err);
}

void store_unlock(struct store_lock *lock)
{
    if (lock->file >= 0)
        private_file_unlock(lock->file);
    if (lock->place) {
        seize_memory();
        lock->place->locked_by = 0;
        release_memory();
    }
    *lock = STORE_UNLOCKED;
}
