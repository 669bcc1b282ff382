#include "providers/csv/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/error.h"
#include "providers/csv/stream.h"

enum { PIECE = 64 << 10, MAGIC = 4 };

static bool ends_with(const char *file, const char *end)
{
    size_t length = strlen(file), tail = strlen(end);
    return length > tail && strcasecmp(file + length - tail, end) == 0;
}

bool csv_is_archive(const char *file)
{
    static const char *const ends[] = {".zip", ".tar", ".tgz", ".tar.gz", ".tar.zst"};

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (ends_with(file, ends[i]))
            return true;
    return false;
}

size_t csv_without_packing(const char *file)
{
    static const char *const ends[] = {".gz", ".zst", ".zstd"};

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (ends_with(file, ends[i]))
            return strlen(file) - strlen(ends[i]);
    return strlen(file);
}

/* --- what libarchive reads from ---------------------------------------------------------------------------------------- */

struct packed {
    struct csv_stream stream;
    struct csv_stream *inner;
    struct archive *archive;      /* NULL: the bytes are as they are */
    const char *name;
    bool nothing;                 /* there is no byte in it */
    size_t begin_length, begin_at;
    char begin[MAGIC];            /* the first bytes of the inner stream, which were looked at */
    struct error failure;         /* of the inner stream */
    char piece[PIECE];
};

static bool read_inner(struct packed *packed, char *out, size_t room, size_t *got, struct error *err)
{
    size_t left = packed->begin_length - packed->begin_at;

    if (!left)
        return csv_stream_read(packed->inner, out, room, got, err);
    *got = left < room ? left : room;
    memcpy(out, packed->begin + packed->begin_at, *got);
    packed->begin_at += *got;
    return true;
}

static la_ssize_t give(struct archive *archive, void *context, const void **bytes)
{
    struct packed *packed = context;
    size_t got;

    *bytes = packed->piece;
    if (read_inner(packed, packed->piece, sizeof packed->piece, &got, &packed->failure))
        return (la_ssize_t)got;
    archive_set_error(archive, EIO, "%s", packed->failure.message);
    return ARCHIVE_FATAL;
}

/* Only archives are sought in, of which nothing is looked at before. */
static la_int64_t seek(struct archive *archive, void *context, la_int64_t offset, int whence)
{
    struct packed *packed = context;
    (void)archive;

    if (whence == SEEK_CUR)
        return ARCHIVE_FATAL;
    int64_t place = packed->inner->seek(packed->inner, offset, whence == SEEK_END);
    return place < 0 ? ARCHIVE_FATAL : place;
}

static bool damaged(struct packed *packed, struct error *err)
{
    const char *why = archive_error_string(packed->archive);

    if (packed->failure.sqlstate[0])
        *err = packed->failure;
    else
        error_set(err, "HY000", "%s can not be unpacked: %s", packed->name, why ? why : "it is damaged");
    return false;
}

static bool start(struct packed *packed, bool several, struct error *err)
{
    struct archive *archive = packed->archive = archive_read_new();

    if (!archive)
        return error_memory(err);
    archive_read_support_filter_gzip(archive);
    archive_read_support_filter_zstd(archive);
    if (several) {
        archive_read_support_format_zip(archive);
        archive_read_support_format_tar(archive);
    } else {
        archive_read_support_format_raw(archive);
    }
    archive_read_support_format_empty(archive);
    if (packed->inner->seek)
        archive_read_set_seek_callback(archive, seek);
    return archive_read_open(archive, packed, NULL, give, NULL) == ARCHIVE_OK || damaged(packed, err);
}

/* Goes on to the next file. *name NULL: there is none. */
static bool next(struct packed *packed, const char **name, struct error *err)
{
    struct archive_entry *entry;

    *name = NULL;
    for (;;) {
        int code = archive_read_next_header(packed->archive, &entry);
        if (code == ARCHIVE_EOF)
            return true;
        if (code < ARCHIVE_WARN)
            return damaged(packed, err);
        mode_t type = archive_entry_filetype(entry);
        if (type && type != AE_IFREG)
            continue;
        const char *path = archive_entry_pathname_utf8(entry);
        *name = path ? path : archive_entry_pathname(entry);
        if (*name)
            return true;
    }
}

static bool packed_read(struct csv_stream *stream, char *out, size_t room, size_t *got, struct error *err)
{
    struct packed *packed = (struct packed *)stream;

    *got = 0;
    if (packed->nothing)
        return true;
    if (!packed->archive)
        return read_inner(packed, out, room, got, err);
    la_ssize_t result = archive_read_data(packed->archive, out, room);
    *got = result > 0 ? (size_t)result : 0;
    return result >= 0 || damaged(packed, err);
}

static void packed_close(struct csv_stream *stream)
{
    struct packed *packed = (struct packed *)stream;

    if (packed->archive)
        archive_read_free(packed->archive);
    csv_stream_close(packed->inner);
    free(packed);
}

static struct packed *make(struct csv_stream *inner, const char *name, struct error *err)
{
    struct packed *packed = malloc(sizeof *packed);

    if (!packed) {
        csv_stream_close(inner);
        error_memory(err);
        return NULL;
    }
    packed->stream = (struct csv_stream){packed_read, packed_close, NULL};
    packed->inner = inner;
    packed->archive = NULL;
    packed->name = name;
    packed->nothing = false;
    packed->begin_length = packed->begin_at = 0;
    packed->failure = (struct error){0};
    return packed;
}

bool csv_unpack_open(struct csv_stream *inner, const char *name, struct csv_stream **stream, struct error *err)
{
    static const char magic[][MAGIC] = {"\x1F\x8B\x08", "\x28\xB5\x2F\xFD"};
    struct packed *packed = make(inner, name, err);
    const char *entry;
    bool fine = packed != NULL, more = true;

    while (fine && more && packed->begin_length < MAGIC) {
        size_t got;
        fine = csv_stream_read(inner, packed->begin + packed->begin_length, MAGIC - packed->begin_length, &got, err);
        more = got > 0;
        packed->begin_length += fine ? got : 0;
    }
    if (fine && packed->begin_length == MAGIC && (memcmp(packed->begin, magic[0], 3) == 0 || memcmp(packed->begin, magic[1], MAGIC) == 0)) {
        int64_t (*seeks)(struct csv_stream *, int64_t, bool) = inner->seek;
        inner->seek = NULL; /* what was looked at is not there any more */
        fine = start(packed, false, err) && next(packed, &entry, err);
        packed->nothing = fine && !entry;
        inner->seek = seeks;
    }
    if (fine)
        *stream = &packed->stream;
    else if (packed)
        packed_close(&packed->stream);
    return fine;
}

bool csv_entry_open(struct csv_stream *inner, const char *name, const char *entry, struct csv_stream **stream, struct error *err)
{
    struct packed *packed = make(inner, name, err);
    const char *found = NULL;

    bool fine = packed && start(packed, true, err);
    do
        fine = fine && next(packed, &found, err);
    while (fine && found && strcmp(found, entry) != 0);
    if (fine && !found)
        fine = error_set(err, "HY000", "There is no file %s in the archive %s any more", entry, name);
    if (fine)
        *stream = &packed->stream;
    else if (packed)
        packed_close(&packed->stream);
    return fine;
}

bool csv_entries_tell(struct csv_stream *inner, const char *name, bool (*tell)(void *context, const char *entry, struct error *err), void *context,
                      struct error *err)
{
    struct packed *packed = make(inner, name, err);
    const char *found = NULL;

    bool fine = packed && start(packed, true, err);
    do
        fine = fine && next(packed, &found, err) && (!found || tell(context, found, err));
    while (fine && found);
    if (packed)
        packed_close(&packed->stream);
    return fine;
}
