/* What a provider's XML says, as structures. doc/providers.md explains each word; reader.c fills them, check.c holds them together. */
#ifndef PROVIDERS_DEFINITION_DEFINITION_H
#define PROVIDERS_DEFINITION_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "oauth/credential.h"
#include "table/service.h"

struct error;

/* The names that lead from a JSON value to one inside of it: "permissions/admin". Each name lives as long as the definition. */
struct definition_path {
    const char *const *names;
    size_t length;
};

/* One pair of <filter map="true=yes false=no"/>: what SQL compares with, and what is sent for it. */
struct definition_map {
    struct value value;
    const char *sent;
};

/* A parameter that can carry a condition on a column. */
struct definition_filter {
    unsigned ops;                    /* bit (1 << enum filter_op) for each it serves */
    unsigned exact_ops;              /* those for which the service yields no row too many */
    size_t parameter;                /* index into the table's parameters */
    const char *separator;           /* between the values of a list; NULL where only one value can be sent */
    size_t most;                     /* values in one request; longer lists are split */
    const char *wildcard;            /* what stands for any rest of a text; NULL where there is none */
    int64_t shift;                   /* seconds added to a timestamp before it is sent */
    const struct definition_map *map;
    size_t map_count;
};

/* A parameter and the value to send for it. */
struct definition_setting {
    size_t parameter;
    const char *value;
};

/* Belongs to the struct column of the same index. */
struct definition_column {
    const struct definition_path *at; /* where its value may stand, the last one found counts; none for an input */
    size_t at_count;
    const struct definition_setting *with; /* sent when the column is wanted, or NULL */
    bool join;                       /* an array of scalars becomes a text with commas */
    const struct value *empty;       /* values that mean NULL */
    size_t empty_count;
    const struct definition_filter *filters;
    size_t filter_count;
    int line;
};

/* A query parameter of a table. */
struct definition_parameter {
    const char *name;
    const char *standard;            /* sent unless a filter or an order sets it; NULL = not sent */
};

/* An order that the service can yield rows in. */
struct definition_order {
    int column;
    bool descending;
    const struct definition_setting *settings;
    size_t setting_count;
};

/* One of these parameters must be sent; where no condition sets one, `standard` is. */
struct definition_require {
    uint64_t any;                    /* bit per parameter */
    const struct definition_setting *standard; /* NULL: a query without any is refused */
};

struct definition_table {
    struct table table;              /* table.definition points back here */
    const char *path;                /* "/timesheets", after the provider's URL */
    struct definition_path rows;
    bool many;                       /* rows are the elements or members there; else it is one row itself */
    bool paged;
    const struct definition_column *columns;
    const struct definition_parameter *parameters;
    size_t parameter_count;
    const struct definition_order *orders;
    size_t order_count;
    const struct definition_require *require; /* NULL = nothing is required */
    int line;
};

enum { DEFINITION_PARAMETERS = 64 /* of one table: they are the bits of a word */ };

struct definition_paging {
    const char *number;              /* parameter of the page's number; NULL where nothing is paged */
    int64_t first;                   /* number of the first page */
    const char *size;                /* parameter of the page's size, or NULL */
    int64_t largest;
    const struct definition_path *more; /* where a page may say that there are more */
    size_t more_count;
};

/* How errors look: places of code and message in a body, or what a status means. */
struct definition_failure {
    int status;                      /* 0: the paths below are tried on any body */
    const char *sqlstate;
    const char *message;
    struct definition_path code_at, message_at;
};

struct definition {
    struct arena arena;
    const char *file;
    const char *name, *title, *url;
    const char *check;               /* name of the table that is read to see whether the service answers */
    bool has_oauth;
    struct oauth_profile oauth;      /* URLs may be relative: they begin with '/' and follow the provider's URL */
    int64_t limit_requests, limit_seconds; /* 0 = not told */
    struct definition_paging paging;
    const struct definition_failure *failures;
    size_t failure_count;
    struct definition_table *const *tables; /* sorted by name */
    size_t table_count;
};

/* Reads and checks a definition.
 *
 * file    the XML
 * schema  the RELAX NG schema, provider.rng
 * The definition is given back with definition_close. False: HY000 naming file, line and what is wrong. */
bool definition_open(const char *file, const char *schema, struct definition **definition, struct error *err);
void definition_close(struct definition *definition);

/* The name that the root of a file gives, copied into the arena; NULL when the file is no definition or can not be read. */
const char *definition_name(const char *file, struct arena *arena);

/* Finishes what reader.c has read: sorts, and sees whether all of it fits together. False as definition_open. */
bool definition_check(struct definition *definition, struct error *err);

/* For reader.c and check.c: HY000 "file:line: …". */
bool definition_fault(const struct definition *definition, int line, struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The word of the XML for an operator: "=", "in", "like". */
const char *definition_op_name(enum filter_op op);

#endif
