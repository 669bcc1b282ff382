/* Where the bytes of a file come from: a disk, an archive, a server. */
#ifndef PROVIDERS_CSV_STREAM_H
#define PROVIDERS_CSV_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cancel;
struct error;

/* Each kind puts this first in a struct of its own. One that reads from another owns that. */
struct csv_stream {
    /* Sets *got to the number of bytes put at out, at most room and 0 only at the end; it may be less although more come. There is room for
     * a character at least. */
    bool (*read)(struct csv_stream *stream, char *out, size_t room, size_t *got, struct error *err);
    void (*close)(struct csv_stream *stream);
    /* Goes to a place, from the start or the end, and returns it from the start; -1 when it can not. NULL: it never can. */
    int64_t (*seek)(struct csv_stream *stream, int64_t offset, bool from_end);
};

static inline bool csv_stream_read(struct csv_stream *stream, char *out, size_t room, size_t *got, struct error *err)
{
    return stream->read(stream, out, room, got, err);
}

static inline void csv_stream_close(struct csv_stream *stream)
{
    if (stream)
        stream->close(stream);
}

/* A file on this machine. name: for messages, outlives the stream. False: HY000 naming the file and why it can not be read. */
bool csv_file_open(const char *path, const char *name, struct csv_stream **stream, struct error *err);

/* Bytes in memory, which outlive the stream; at most `each` of them at a time, 0: any number. */
bool csv_memory_open(const char *bytes, size_t length, size_t each, struct csv_stream **stream, struct error *err);

#endif
