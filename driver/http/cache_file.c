#include "http/cache_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

enum {
    NAME = 2 * CACHE_KEY,               /* a key in hexadecimal */
    PATH = 4096,
    MOST_BYTES = 64 * 1024 * 1024,
    LEFT_BYTES = 48 * 1024 * 1024,      /* after files have gone */
    MOST_FILES = 20000,
    LARGEST_VALIDATOR = 1024,
};

static const char magic[8] = "RESTODB1";

/* What a file begins with; the four texts follow in its order. */
struct file_head {
    char magic[8];
    uint32_t tag, changed, head, body;  /* bytes */
};

bool cache_folder_open(const char *folder, struct error *err)
{
    struct stat status;

    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return error_set(err, "HY000", "CacheLocation: the folder %.300s can not be made: %s", folder, strerror(errno));
    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode))
        return error_set(err, "HY000", "CacheLocation: %.300s is no folder", folder);
    if (status.st_uid != geteuid() || (status.st_mode & 022))
        return error_set(err, "HY000", "CacheLocation: others can write into the folder %.300s; choose one of your own, such as a new one", folder);
    return true;
}

static bool path_of(const char *folder, const unsigned char key[CACHE_KEY], char path[PATH])
{
    int used = snprintf(path, PATH, "%s/", folder);
    if (used < 0 || used + NAME >= PATH)
        return false;
    for (size_t i = 0; i < CACHE_KEY; i++)
        snprintf(path + used + 2 * i, 3, "%02x", key[i]);
    return true;
}

static bool read_all(int file, void *into, size_t length)
{
    for (char *at = into; length > 0;) {
        ssize_t some = read(file, at, length);
        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return false;
        at += some;
        length -= (size_t)some;
    }
    return true;
}

static bool write_all(int file, const void *from, size_t length)
{
    for (const char *at = from; length > 0;) {
        ssize_t some = write(file, at, length);
        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return false;
        at += some;
        length -= (size_t)some;
    }
    return true;
}

/* The texts behind a head; the file must be exactly as long as it says. */
static struct cached *read_texts(int file, const unsigned char key[CACHE_KEY], const struct file_head *head, off_t size)
{
    char tag[LARGEST_VALIDATOR + 1] = "", changed[LARGEST_VALIDATOR + 1] = "";
    struct cached *found = NULL;
    struct buffer body;

    if (head->tag > LARGEST_VALIDATOR || head->changed > LARGEST_VALIDATOR || head->head > LARGEST_CACHED || head->body > LARGEST_CACHED ||
        size != (off_t)(sizeof *head + head->tag + head->changed + (size_t)head->head + head->body))
        return NULL;
    char *text = malloc((size_t)head->head + head->body + 1);
    buffer_init(&body, LARGEST_CACHED);
    if (text && read_all(file, tag, head->tag) && read_all(file, changed, head->changed) && read_all(file, text, (size_t)head->head + head->body) &&
        (head->head == 0 || text[head->head - 1] == '\0') && buffer_append(&body, text + head->head, head->body))
        found = cached_make(key, tag, changed, text, head->head, &body);
    buffer_clear(&body);
    free(text);
    return found;
}

struct cached *cache_file_read(const char *folder, const unsigned char key[CACHE_KEY])
{
    char path[PATH];
    struct file_head head;
    struct stat status;
    struct cached *found = NULL;

    int file = path_of(folder, key, path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (file < 0)
        return NULL;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() && read_all(file, &head, sizeof head) &&
        memcmp(head.magic, magic, sizeof magic) == 0)
        found = read_texts(file, key, &head, status.st_size);
    if (found)
        futimens(file, NULL);           /* it was used now */
    close(file);
    return found;
}

/* ---- Bounds ---- */

struct aged {
    char name[NAME + 1];
    off_t size;
    struct timespec used;
};

static int compare_ages(const void *left, const void *right)
{
    const struct aged *a = left, *b = right;
    if (a->used.tv_sec != b->used.tv_sec)
        return a->used.tv_sec < b->used.tv_sec ? -1 : 1;
    return a->used.tv_nsec < b->used.tv_nsec ? -1 : a->used.tv_nsec > b->used.tv_nsec;
}

static bool is_ours(const char *name)
{
    return strlen(name) == NAME && strspn(name, "0123456789abcdef") == NAME;
}

static void make_room(const char *folder)
{
    struct aged *files = malloc(MOST_FILES * sizeof *files);
    DIR *directory = opendir(folder);
    struct dirent *entry;
    struct stat status;
    size_t count = 0;
    off_t bytes = 0;

    while (files && directory && count < MOST_FILES && (entry = readdir(directory)) != NULL)
        if (is_ours(entry->d_name) && fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode)) {
            memcpy(files[count].name, entry->d_name, NAME + 1);
            files[count].size = status.st_size;
            files[count++].used = status.st_mtim;
            bytes += status.st_size;
        }
    if (count && (bytes > MOST_BYTES || count == MOST_FILES)) {
        qsort(files, count, sizeof *files, compare_ages);
        for (size_t i = 0; i < count && (bytes > LEFT_BYTES || count - i > MOST_FILES / 2); i++)
            if (unlinkat(dirfd(directory), files[i].name, 0) == 0)
                bytes -= files[i].size;
    }
    if (directory)
        closedir(directory);
    free(files);
}

static bool write_texts(int file, const struct cached *cached)
{
    struct file_head head = {.head = (uint32_t)cached->head_length, .body = (uint32_t)cached->body.length};

    memcpy(head.magic, magic, sizeof magic);
    head.tag = cached->tag ? (uint32_t)strlen(cached->tag) : 0;
    head.changed = cached->changed ? (uint32_t)strlen(cached->changed) : 0;
    return head.tag <= LARGEST_VALIDATOR && head.changed <= LARGEST_VALIDATOR && write_all(file, &head, sizeof head) &&
           write_all(file, cached->tag, head.tag) && write_all(file, cached->changed, head.changed) &&
           write_all(file, cached->head, cached->head_length) && write_all(file, cached->body.data, cached->body.length);
}

void cache_file_write(const char *folder, const struct cached *cached)
{
    enum { LOOK_EVERY = 64 /* files, by the first byte of their name */ };
    char path[PATH], temporary[PATH];

    if (!path_of(folder, cached->key, path) || snprintf(temporary, PATH, "%s/.new-XXXXXX", folder) >= PATH)
        return;
    int file = mkostemp(temporary, O_CLOEXEC);  /* 0600 */
    if (file < 0)
        return;
    bool written = write_texts(file, cached);
    written = close(file) == 0 && written;
    if (!written || rename(temporary, path) != 0)
        unlink(temporary);
    if (cached->key[0] % LOOK_EVERY == 0)
        make_room(folder);
}
