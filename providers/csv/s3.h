/* s3://bucket/folder/file, at Amazon or at whoever else speaks S3: addresses, the signing of requests, lists of files. */
#ifndef PROVIDERS_CSV_S3_H
#define PROVIDERS_CSV_S3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/csv/remote.h"

struct arena;
struct csv_s3;
struct error;
struct http_signer;
struct properties;

/* *address: of what the URI names; it ends with '/' where that is a folder, as everything is whose last part has no point. Everything is in the
 * arena; properties outlive it. False: HY000 a URI without a bucket, a key without its secret; HY001. */
bool csv_s3_open(const char *uri, const struct properties *properties, struct arena *arena, struct csv_s3 **s3, const char **address,
                 struct error *err);

/* What signs with AccessKey and SecretKey; NULL where there are none: the bucket is everybody's. */
struct http_signer *csv_s3_signer(struct csv_s3 *s3);

/* The address of a list of the folder's files; mark: where the one before ended, or NULL; flat: without folders within. NULL when out of
 * memory. */
const char *csv_s3_listing(const struct csv_s3 *s3, const char *mark, bool flat, struct arena *arena);

/* Tells the files of a list, by their paths from the folder, at most so many folders deep. *mark: from malloc, where the next list begins;
 * NULL: there is none. False: 08S01 it is no list; those of tell. */
bool csv_s3_tell(const struct csv_s3 *s3, const char *text, size_t length, int64_t depth, csv_remote_teller *tell, void *context, char **mark,
                 struct error *err);

#endif
