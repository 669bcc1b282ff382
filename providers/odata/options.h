/* What the connection's properties say of an OData service. */
#ifndef PROVIDERS_ODATA_OPTIONS_H
#define PROVIDERS_ODATA_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/client.h"
#include "providers/odata/model.h"

struct arena;
struct error;
struct log;
struct properties;

enum odata_format { FORMAT_ANY, FORMAT_JSON, FORMAT_ATOM };

struct odata_options {
    const char *url;                 /* of the service's root, without a slash at its end */
    const char *query;               /* "a=b&c=d" that every address has, as it is written; NULL = none */
    const char *feed;                /* the only set that is shown; NULL = all */
    const char *tables;              /* the only tables that are shown, divided by commas; NULL = all */
    enum odata_version version;      /* ODATA_UNKNOWN: as the metadata says */
    bool minor;                      /* 4.01 */
    enum odata_format format;
    const struct http_header *headers; /* those of the user, with the cookies among them */
    size_t header_count;
    bool views, parent_columns, function_views;
    bool detect_keys;
    bool simple_names, decode_names;
    bool expand, name_all;
    long most_select, most_filter;   /* bytes; -1 = no bound, 0 = none at all */
    bool client_paging;
    int64_t page_size;               /* 0 = not told */
    int64_t concurrent;
    bool zone_known;                 /* moments without an offset have this one */
    int zone;                        /* minutes east of UTC */
    bool exact_text;                 /* the service compares texts byte by byte */
    enum { TRY_APPLY, ALWAYS_APPLY, NEVER_APPLY } apply;
};

/* Reads and checks them. The texts live in the arena. What may be a secret is made known to the log. False: HY000 naming the property. */
bool odata_options_read(struct odata_options *options, const struct properties *properties, struct log *log, struct arena *arena,
                        struct error *err);

#endif
