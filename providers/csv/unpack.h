/* Compressed files, and the files in archives. */
#ifndef PROVIDERS_CSV_UNPACK_H
#define PROVIDERS_CSV_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

struct csv_stream;
struct error;

/* Whether a file of this name holds others: .zip, .tar, .tgz, .tar.gz, .tar.zst. */
bool csv_is_archive(const char *file);

/* The bytes of a name's length without .gz, .zst, .zstd; all of them where it has none. */
size_t csv_without_packing(const char *file);

/* What the bytes stand for: inflated where they begin as gzip and zstd do, else as they are. name: for messages, outlives the stream. Takes
 * the inner stream over, also when it fails, as the next ones do. */
bool csv_unpack_open(struct csv_stream *inner, const char *name, struct csv_stream **stream, struct error *err);

/* A file of an archive. False: HY000 when there is none of that name, or it is no archive. */
bool csv_entry_open(struct csv_stream *inner, const char *name, const char *entry, struct csv_stream **stream, struct error *err);

/* Tells the names of all files of an archive, until `tell` returns false. */
bool csv_entries_tell(struct csv_stream *inner, const char *name, bool (*tell)(void *context, const char *entry, struct error *err), void *context,
                      struct error *err);

#endif
