/* Files that belong to one user alone. */
#include "oauth/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/error.h"

enum { LOCK_WAIT = 30000, LOCK_PAUSE = 20 /* milliseconds */ };

/* What the system says, in words; strerror is not safe among threads. */
static bool system_failed(const char *path, const char *deed, struct error *err)
{
    int number = errno;
    char text[128];
    const char *words = strerror_r(number, text, sizeof text);

    if (number == ELOOP)
        return error_set(err, "HY000", "%s is a symbolic link; for safety the OAuth settings are not read or written through one. "
                         "Name the file itself in OAuthSettingsLocation", path);
    error_set(err, "HY000", "%s can not be %s: %s. Check OAuthSettingsLocation and the permissions of its folder", path, deed, words);
    err->native = number;
    return false;
}

static bool is_private(int fd, const char *path, struct error *err)
{
    struct stat status;

    if (fstat(fd, &status) != 0)
        return system_failed(path, "looked at", err);
    if (!S_ISREG(status.st_mode))
        return error_set(err, "HY000", "%s is not a plain file; name another one in OAuthSettingsLocation", path);
    if (status.st_uid != geteuid())
        return error_set(err, "HY000", "%s belongs to another user (uid %lu); use a file of your own", path,
                         (unsigned long)status.st_uid);
    if (status.st_mode & (S_IRWXG | S_IRWXO))
        return error_set(err, "HY000", "%s can be read or written by other users; make it private: chmod 600 %s", path, path);
    return true;
}

static bool read_all(int fd, const char *path, struct buffer *out, struct error *err)
{
    char chunk[4096];
    ssize_t got;
    bool done = true;

    while (done && (got = read(fd, chunk, sizeof chunk)) != 0) {
        if (got < 0)
            done = errno == EINTR || system_failed(path, "read", err);
        else
            done = buffer_append(out, chunk, (size_t)got) ||
                   error_set(err, "HY000", "%s is larger than the %zu bytes that OAuth settings can have", path, out->limit);
    }
    explicit_bzero(chunk, sizeof chunk); /* it may have been the key file */
    return done;
}

bool private_file_read(const char *path, struct buffer *out, bool *found, struct error *err)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    *found = fd >= 0;
    if (fd < 0)
        return errno == ENOENT ? true : system_failed(path, "read", err);
    bool done = is_private(fd, path, err) && read_all(fd, path, out, err);
    close(fd);
    return done;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

/* The folder of a path: "." when it names none. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

/* A rename lasts once the folder is on the disk. */
static bool flush_folder(const char *path, struct error *err)
{
    char *folder = folder_of(path);
    if (!folder)
        return error_memory(err);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL); /* some file systems flush no folders */
    if (!done)
        system_failed(folder, "flushed to the disk", err);
    if (fd >= 0)
        close(fd);
    free(folder);
    return done;
}

static bool write_new(const char *path, const void *bytes, size_t length, struct error *err)
{
    /* One writer at a time has the lock: a leftover is of a process that was killed. */
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return system_failed(path, "made", err);
    bool done = fchmod(fd, S_IRUSR | S_IWUSR) == 0 && write_all(fd, bytes, length) && fsync(fd) == 0;
    if (!done)
        system_failed(path, "written", err);
    if (close(fd) != 0 && done)
        done = system_failed(path, "written", err);
    if (!done)
        unlink(path);
    return done;
}

bool private_file_replace(const char *path, const void *bytes, size_t length, struct error *err)
{
    char *fresh = NULL;
    if (asprintf(&fresh, "%s.new", path) < 0)
        return error_memory(err);
    bool done = write_new(fresh, bytes, length, err);
    if (done && rename(fresh, path) != 0) {
        done = system_failed(path, "replaced", err);
        unlink(fresh);
    }
    free(fresh);
    return done && flush_folder(path, err);
}

bool private_file_has_room(const char *path, size_t more, struct error *err)
{
    struct stat status;
    char *fresh = NULL;
    size_t length = more + (stat(path, &status) == 0 && status.st_size > 0 ? (size_t)status.st_size : 0);
    char *blank = calloc(length, 1);

    if (!blank || asprintf(&fresh, "%s.new", path) < 0) {
        free(blank);
        return error_memory(err);
    }
    bool has = write_new(fresh, blank, length, err);
    if (has)
        unlink(fresh);
    free(fresh);
    free(blank);
    return has;
}

bool private_file_make_folders(const char *path, struct error *err)
{
    char *folder = folder_of(path);
    if (!folder)
        return error_memory(err);
    bool done = true;
    for (char *at = folder + 1; done; at++) {
        char kept = *at;
        if (kept != '/' && kept != '\0')
            continue;
        *at = '\0';
        if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST && errno != EROFS && (kept == '\0' || errno != EACCES))
            done = system_failed(folder, "made", err);
        *at = kept;
        if (!kept)
            break;
    }
    free(folder);
    return done;
}

static bool wait_for_lock(int fd, const char *path, struct cancel *cancel, struct error *err)
{
    static const struct timespec pause = {0, LOCK_PAUSE * 1000000};
    int64_t until = clock_milliseconds() + LOCK_WAIT;

    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK)
            return system_failed(path, "locked", err);
        if (!cancel_check(cancel, err))
            return false;
        if (clock_milliseconds() >= until)
            return error_set(err, "HYT00", "%s has been locked by another process for %d s; find out which program hangs (lsof tells)",
                             path, LOCK_WAIT / 1000);
        nanosleep(&pause, NULL);
    }
    return true;
}

bool private_file_lock(const char *path, struct cancel *cancel, int *lock, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return system_failed(path, "opened", err);
    if (!is_private(fd, path, err) || !wait_for_lock(fd, path, cancel, err)) {
        close(fd);
        return false;
    }
    *lock = fd;
    return true;
}

void private_file_unlock(int lock)
{
    flock(lock, LOCK_UN); /* said aloud: a child made by fork may share the descriptor */
    close(lock);
}
