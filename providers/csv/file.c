/* Bytes of a file on this machine, and of memory. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "providers/csv/stream.h"

struct file {
    struct csv_stream stream;
    int descriptor;
    const char *name;
};

static bool can_not_read(const char *name, int why, struct error *err)
{
    return error_set(err, "HY000", "%s can not be read: %s", name, strerror(why));
}

static bool file_read(struct csv_stream *stream, char *out, size_t room, size_t *got, struct error *err)
{
    const struct file *file = (const struct file *)stream;
    ssize_t result;

    do
        result = read(file->descriptor, out, room);
    while (result < 0 && errno == EINTR);
    *got = result > 0 ? (size_t)result : 0;
    return result >= 0 || can_not_read(file->name, errno, err);
}

static void file_close(struct csv_stream *stream)
{
    struct file *file = (struct file *)stream;

    close(file->descriptor);
    free(file);
}

static int64_t file_seek(struct csv_stream *stream, int64_t offset, bool from_end)
{
    return lseek(((const struct file *)stream)->descriptor, offset, from_end ? SEEK_END : SEEK_SET);
}

bool csv_file_open(const char *path, const char *name, struct csv_stream **stream, struct error *err)
{
    struct file *file = malloc(sizeof *file);
    struct stat status;

    if (!file)
        return error_memory(err);
    *file = (struct file){{file_read, file_close, file_seek}, open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), name};
    int why = file->descriptor < 0 || fstat(file->descriptor, &status) != 0 ? errno : !S_ISREG(status.st_mode) ? EINVAL : 0;
    if (why) {
        if (file->descriptor >= 0)
            close(file->descriptor);
        free(file);
        return why == EINVAL ? error_set(err, "HY000", "%s can not be read: it is no file", name) : can_not_read(name, why, err);
    }
    posix_fadvise(file->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    *stream = &file->stream;
    return true;
}

struct memory {
    struct csv_stream stream;
    const char *bytes;
    size_t left, each;
};

static bool memory_read(struct csv_stream *stream, char *out, size_t room, size_t *got, struct error *err)
{
    struct memory *memory = (struct memory *)stream;
    (void)err;

    *got = memory->left < room ? memory->left : room;
    if (memory->each && *got > memory->each)
        *got = memory->each;
    if (*got)
        memcpy(out, memory->bytes, *got);
    memory->bytes += *got;
    memory->left -= *got;
    return true;
}

static void memory_close(struct csv_stream *stream)
{
    free(stream);
}

bool csv_memory_open(const char *bytes, size_t length, size_t each, struct csv_stream **stream, struct error *err)
{
    struct memory *memory = malloc(sizeof *memory);

    if (!memory)
        return error_memory(err);
    *memory = (struct memory){{memory_read, memory_close, NULL}, bytes, length, each};
    *stream = &memory->stream;
    return true;
}
