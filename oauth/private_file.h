/* Files that belong to one user alone: read with suspicion, replaced all at once, locked across processes. */
#ifndef OAUTH_PRIVATE_FILE_H
#define OAUTH_PRIVATE_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct cancel;
struct error;

/* Appends the whole file to out (at most its limit). *found false when there is none.
 * False with HY000: a symbolic link, not a plain file, another owner, readable or writable by others, too large, or an error
 * of the system; the message says what to do. */
bool private_file_read(const char *path, struct buffer *out, bool *found, struct error *err);

/* Writes a new file beside it (mode 0600), flushes it to the disk, puts it in its place and flushes the folder. */
bool private_file_replace(const char *path, const void *bytes, size_t length, struct error *err);

/* Whether private_file_replace would find room for `more` bytes beyond the file's present ones: writes as many beside it, and takes them
 * away again. With the lock held. False: HY000 as private_file_replace. */
bool private_file_has_room(const char *path, size_t more, struct error *err);

/* Makes the folders that the file's path needs, mode 0700. */
bool private_file_make_folders(const char *path, struct error *err);

/* Takes the exclusive lock of a lock file, waiting at most 30 s. Unlocked by private_file_unlock or by the end of the process. */
bool private_file_lock(const char *path, struct cancel *cancel, int *lock, struct error *err);
void private_file_unlock(int lock);

#endif
