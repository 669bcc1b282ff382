/* Where the settings are kept: in a private file, or, for a path that begins with memory://, in this process alone, where all its
 * connections share what is kept under one name. A memory ends with the process; what is in it is as sealed as it would be in a file. */
#ifndef OAUTH_STORE_H
#define OAUTH_STORE_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct cancel;
struct error;
struct memory_place;

struct store_lock {
    int file;                    /* -1 = none */
    struct memory_place *place;
};
#define STORE_UNLOCKED ((struct store_lock){.file = -1})

bool store_is_memory(const char *path);

/* These are private_file_read, _replace and _has_room, or do the same in memory. */
bool store_read(const char *path, struct buffer *out, bool *found, struct error *err);
bool store_replace(const char *path, const void *bytes, size_t length, struct error *err);
bool store_has_room(const char *path, size_t more, struct error *err);

/* Keeps everybody else out who would change what is there, waiting at most 30 s; makes the folders of a file. False: HYT00, HY008, HY000. */
bool store_lock(const char *path, struct cancel *cancel, struct store_lock *lock, struct error *err);
void store_unlock(struct store_lock *lock);

#endif
