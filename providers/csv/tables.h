/* The tables of a connection: a file is one, or all files of a folder together are. Their columns are found out when somebody looks. */
#ifndef PROVIDERS_CSV_TABLES_H
#define PROVIDERS_CSV_TABLES_H

#include <locale.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "providers/csv/format.h"
#include "providers/csv/options.h"
#include "providers/csv/place.h"
#include "table/service.h"

struct cancel;
struct csv_remote;
struct error;
struct log;

enum { CSV_ROW_NUMBER = -1 /* in the place of a field's number */ };

struct csv_table {
    struct table table;           /* what the contract knows; first */
    const struct csv_place *places;   /* its files, read one behind the other */
    size_t place_count;
    const struct csv_place *discovery;  /* of them, or another one: the file that tells the columns */
    struct csv_format format;
    const int32_t *fields;        /* per column: which field of a row it is */
    const char *const *header;    /* the first row's texts, field by field; NULL where the first row is none such */
    size_t field_count;           /* of a whole row */
    bool told;                    /* Schema.ini tells the columns: what a row has beside them is none of the table's */
    atomic_bool complete;
};

struct csv_service {
    struct service service;       /* what the contract knows; first */
    struct arena arena;
    struct csv_options options;
    struct csv_remote *remote;    /* NULL where the files are of this machine */
    struct log *log;
    locale_t c;                   /* the C locale */
    struct csv_places places;
    pthread_mutex_t lock;         /* guards what follows, and the arena once the service is open */
    struct csv_table **found;     /* tables that no list has, but a path led to */
    size_t found_count, found_room;
};

/* Gives the service its tables. False: HY000 MetadataDiscoveryURI leads to no file, HY001. */
bool csv_tables_list(struct csv_service *service, struct error *err);

/* service_class.complete. What is wrong with a file for good becomes its table's fault; a server that can not be reached now is an error. */
bool csv_table_complete(const struct table *table, struct error *err);

/* service_class.find: the table of a path below the URI; *table NULL where there is none. */
bool csv_table_find(struct service *service, const char *name, const struct table **table, struct error *err);

/* Which field of a file each column is, by the texts of its first row: those of the table in other places, or -2 for none. count: of the
 * names. fields: room for one number a column. */
enum { CSV_NO_FIELD = -2 };
void csv_table_match(const struct csv_table *table, const char *const *names, size_t count, int32_t *fields);

#endif
