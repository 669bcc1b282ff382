/* Where files are, which of them are tables, and how their text is got at. */
#ifndef PROVIDERS_CSV_PLACE_H
#define PROVIDERS_CSV_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/csv/schema_ini.h"

struct arena;
struct cancel;
struct csv_options;
struct csv_remote;
struct csv_stream;
struct error;

/* Bytes that come neither from a disk nor from the connection's address. */
struct csv_opener {
    bool (*open)(struct csv_opener *opener, struct cancel *cancel, struct csv_stream **stream, struct error *err);
};

struct csv_place {
    const char *name;             /* relative to the URI, with '/'; for messages */
    const char *path;             /* of the file, or the archive that it is in; or its address */
    const char *entry;            /* its name in the archive; NULL: it is in none */
    bool remote;
    const struct csv_ini *ini;    /* what the Schema.ini of its folder says; or NULL */
    struct csv_opener *opener;    /* gives its bytes; NULL: path does */
};

struct csv_places {
    struct csv_place *list;       /* sorted by name; in the arena */
    size_t count, room;
    const char *base;             /* the folder, archive or address below which a path leads to a file; NULL: paths lead nowhere */
    bool archive;                 /* it is an archive */
    bool stream;                  /* the URI is one address, and the only place its answer */
};

/* Finds the files that the URI and the other options name. remote: of the connection, NULL where the URI is of this machine.
 * False: HY000 there is nothing at the URI; those of requests. */
bool csv_places_find(const struct csv_options *options, struct csv_remote *remote, struct arena *arena, struct csv_places *places,
                     struct cancel *cancel, struct error *err);

/* The file that a path leads to from the base; also whose name IncludeFiles does not know. *found false: there is none, or the path leads
 * out of the base. */
bool csv_place_look_up(const struct csv_places *places, const char *path, struct csv_remote *remote, struct arena *arena, struct csv_place *place,
                       bool *found, struct cancel *cancel, struct error *err);

/* A file of this machine, whose path outlives the place, and the Schema.ini beside it. False: those of reading that. */
bool csv_place_single(const char *path, struct arena *arena, struct csv_place *place, struct error *err);

/* The name of a place's table. NULL when out of memory. */
const char *csv_place_table(const struct csv_options *options, const struct csv_places *places, const struct csv_place *place, struct arena *arena);

/* Whether a file's name is one of those that IncludeFiles and ExcludeFiles let through. */
bool csv_is_included(const struct csv_options *options, const char *file);

/* The text of a file, unpacked and in UTF-8. */
bool csv_place_open(const struct csv_place *place, const char *charset, struct csv_remote *remote, struct cancel *cancel,
                    struct csv_stream **stream, struct error *err);

#endif
