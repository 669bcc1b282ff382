/* What a provider's XML says, as structures. doc/providers.md explains each word; reader.c and its neighbours fill them, check.c holds
 * them together. */
#ifndef PROVIDERS_DEFINITION_DEFINITION_H
#define PROVIDERS_DEFINITION_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "oauth/credential.h"
#include "providers/rows/shape.h"
#include "table/service.h"

struct properties;

/* A text with holes: "/projects/{ProjectId}/people.json". */
enum part_kind { PART_TEXT, PART_VARIABLE, PART_PARAMETER, PART_DAY };

struct template_part {
    enum part_kind kind;
    const char *text;                /* PART_TEXT */
    size_t index;                    /* of the provider's variable, or the table's or procedure's parameter */
    int days;                        /* PART_DAY: from today on; negative before it */
};

struct template {
    const char *source;              /* as it is written */
    const struct template_part *parts;
    size_t part_count;
};

/* A value that the connection has, not the query: an account, a region's address. In this order: Other=Name=…, the first case that
 * fits, the property, the token's reply, the look-up, the standard. */
struct definition_case {
    const char *property, *is;       /* when the property has one of these values, divided by spaces */
    const char *value;
};

struct definition_variable {
    const char *name;
    const char *property;            /* whose value it takes, or NULL */
    const struct definition_case *cases;
    size_t case_count;
    const char *token;               /* member of the token endpoint's reply that tells it, or NULL */
    const char *table, *column;      /* where it is looked up; NULL: nowhere */
    const char *where;               /* only in rows where this column has the value `is`; NULL: in all */
    struct template is;
    const char *prefer;              /* a boolean column: a row where it is true comes before the first; NULL: none */
    bool only;                       /* several such rows are an error that lists them; else the first counts */
    const char *label;               /* column that says to a person which row it is, or NULL */
    struct template standard;        /* source NULL: there is none */
    const char *description;
    int line;
};

/* One pair of <filter map="true=yes false=no"/>: what SQL compares with, and what is sent for it. A value may stand there with several
 * texts, each of which is asked for then. */
struct definition_map {
    struct value value;
    const char *sent;                /* "": the parameter is not sent */
};

/* How a value is written into a request. */
enum sent_form {
    SENT_PLAIN,                      /* dates "2024-02-29", timestamps "2024-02-29T23:59:59+00:00" */
    SENT_COMPACT_OFFSET,             /* timestamps "2024-02-29T23:59:59+0000" */
    SENT_ZULU,                       /* timestamps "2024-02-29T23:59:59Z" */
    SENT_SECONDS,                    /* timestamps as seconds since 1970 */
    SENT_DAY,                        /* the day of a timestamp */
};

/* A parameter and the value to send for it. */
struct definition_setting {
    size_t parameter;
    struct template value;
};

/* A parameter that can carry a condition on a column. */
struct definition_filter {
    unsigned ops;                    /* bit (1 << enum filter_op) for each it serves */
    unsigned exact_ops;              /* those for which the service yields no row too many */
    size_t parameter;                /* index into the table's parameters */
    uint32_t endpoints;              /* bit for each endpoint that knows it */
    const char *separator;           /* between the values of a list; "[]": each on its own; NULL where only one value can be sent */
    size_t most;                     /* values in one request; longer lists are split */
    const char *wildcard;            /* what stands for any rest of a text; "" where the parameter itself says so; NULL: no patterns */
    bool anywhere;                   /* a pattern's text may stand anywhere in the column's, not only at its beginning */
    const char *prefix;              /* put before each value: "Status." */
    int64_t shift;                   /* seconds added to a timestamp before it is sent */
    enum sent_form form;
    const struct definition_setting *with; /* what is sent along with it, unless a condition sets that too */
    size_t with_count;
    const struct definition_map *map;
    size_t map_count;
    bool silent;                     /* a value that the service does not know has no rows, and that is all that it says */
    bool several;                    /* some value has several texts in the map */
    bool each;                       /* where no condition says which, each text of the map is asked for */
};

/* A column equals this one of a table in whose rows its own are found. */
struct definition_from {
    const char *table_name, *column_name;
    const struct definition_table *table;
    int column;
};

/* Belongs to the struct column of the same index; where its value stands in a page is told by the shape. */
struct definition_column {
    const struct definition_setting *with; /* sent when the column is wanted, or NULL */
    struct definition_filter *filters;
    size_t filter_count;
    struct definition_from *from;
    size_t from_count;
    struct template standard;        /* what it is compared with when no condition names it; source NULL: nothing */
    const char *const *unless_names; /* columns that, where a condition names one, do without the standard */
    int *unless;
    size_t unless_count;
    uint32_t absent;                 /* bit for each endpoint whose pages do not have it */
    const char *file;                /* where it is told, which is not the table's where it is one of a group's */
    int line;
};

/* A parameter of a table's requests. */
struct definition_parameter {
    const char *name;
    bool in_path;                    /* it fills a hole of a path, of the column of that name */
};

/* An order that the service can yield rows in. */
struct definition_order {
    int column;
    bool descending;
    uint32_t endpoints;
    const struct definition_setting *settings;
    size_t setting_count;
};

/* One of these parameters must be sent; where no condition sets one, `standard` is. */
struct definition_require {
    uint64_t any;                    /* bit per parameter */
    uint32_t endpoints;
    const struct definition_setting *standard; /* NULL: an endpoint without any can not be asked */
};

/* What a row of a parent must have for it to be asked for: a value that is not 0, false, NULL or "", or this one. */
struct definition_condition {
    const char *name, *is;           /* is: NULL for any such value */
    int column;
};

enum paging_kind {
    PAGING_NONE,
    PAGING_NUMBER,                   /* page 1, 2, 3… */
    PAGING_OFFSET,                   /* rows to pass over */
    PAGING_LINK,                     /* the header field Link, rel="next" (RFC 8288) */
    PAGING_NEXT,                     /* the page tells the next one's URL */
    PAGING_TOKEN,                    /* the page tells what to send to get the next one */
};

/* When a page is the last one. */
enum paging_end {
    END_SHORT,                       /* it has fewer rows than were asked for, or says that there are no more */
    END_EMPTY,                       /* it has no rows */
    END_MORE,                        /* it does not say that there are more */
};

struct definition_paging {
    const char *name;                /* by which tables choose it; "" = the one of all others */
    enum paging_kind kind;
    enum paging_end end;             /* of PAGING_NUMBER and PAGING_OFFSET */
    const char *parameter;           /* of the page's number, offset or token; NULL where none is sent */
    int64_t first;                   /* number of the first page, or its offset */
    const char *size;                /* parameter of the page's size, or NULL */
    int64_t largest;                 /* rows of a page, at most; 0 = not known */
    const struct path *more;         /* where a page may say that there are more */
    size_t more_count;
    const struct path *next;         /* of the URL or token of the next page */
    size_t next_count;
    const struct path *total;        /* of the number of rows in all */
    size_t total_count;
    const char *total_header;        /* a header field with that number, or NULL */
    const int64_t *sizes;            /* of PAGING_LINK: rows of the first page, the second…; the last one goes on */
    size_t size_count;
    const char *ahead;               /* of PAGING_LINK: the parameter of links that counts the pages, so that those after the next can be guessed */
    bool repeats;                    /* of PAGING_NUMBER: a page equal to the one before it means that the service does not page there */
    int line;
};

/* One way to ask for a table's rows. */
struct definition_endpoint {
    const char *name;
    struct template path;            /* after the provider's URL and prefix */
    struct template url;             /* in their place; source NULL: not */
    const char *method;              /* "GET" or "POST" */
    bool json_body;                  /* the parameters are members of a JSON body, not of the query */
    struct path body_at;             /* of the object in the body that holds them */
    uint64_t carries;                /* bit per parameter that it can send */
    uint64_t needs;                  /* those that it can not be asked without */
    const struct definition_setting *settings;
    size_t setting_count;
    const struct definition_paging *paging;
    struct shape shape;
    const char *parent_name;
    const struct definition_table *parent; /* asked once for each of its rows, or NULL */
    struct definition_condition *parent_ifs; /* of these rows only */
    size_t parent_if_count;
    bool details;                    /* the parent is the table itself: it tells more of each row that another endpoint lists */
    const int *standards;            /* columns of which it has rows of the standard value only */
    size_t standard_count;
    uint64_t fed;                    /* parameters that take the parent's values */
    bool direct;                     /* conditions alone can fill all that it needs, without reading the parent */
    const char *also;                /* one more value for the fed parameter, or NULL */
    bool missing;                    /* status 404 means: no rows */
    double rows;                     /* how many are expected, 0 = nobody knows */
    int line;
};

struct definition_table {
    struct table table;              /* table.definition points back here */
    bool many;                       /* an endpoint can yield several rows */
    const struct definition_column *columns;
    const struct shape_column *places;
    const struct definition_parameter *parameters;
    size_t parameter_count;
    const struct definition_endpoint *endpoints;
    size_t endpoint_count;
    uint32_t listing;                /* bit for each endpoint that yields several rows; all of them where none does */
    const struct definition_order *orders;
    size_t order_count;
    const struct definition_require *requires;
    size_t require_count;
    const struct definition_custom *custom; /* fields that each account has of its own, or NULL */
    const char *scope;               /* the right that reading it needs, or NULL = not told */
    const char *file;
    int line;
};

/* Fields of a table that an account defines for itself; they become columns with IncludeCustomFields. */
struct definition_custom {
    const char *table;               /* lists them; NULL: they are found in the first page of this table */
    const char *name, *key;          /* its columns: what the new column is called, what stands for {} in `at` */
    const char *where, *is;          /* only rows of it whose column has one of these words; NULL: all */
    const struct definition_setting *with; /* sent when such a column is wanted, or NULL */
    struct path at;                  /* where a value stands in a row: "customfields/{}"; {} is a name or a value of a choice */
    const char *prefix;              /* of the new column's name */
    const char *skip;                /* end of member names that are no fields, or NULL */
    const char *like;                /* the table whose fields these are, or NULL */
    const struct value *empty;       /* texts that mean NULL */
    size_t empty_count;
    bool optional;                   /* a table that the service refuses has none, and that is no error */
    int line;
};

enum { DEFINITION_PARAMETERS = 64 /* of one table: they are the bits of a word */, DEFINITION_ENDPOINTS = 32 /* likewise */ };

/* Where an input of a procedure goes. */
enum input_place { INPUT_QUERY, INPUT_PATH, INPUT_BODY, INPUT_HEADER, INPUT_FILE_BASE64, INPUT_FILE_RAW, INPUT_TARGET };

struct definition_input {
    enum input_place place;
    const char *name;                /* of the query parameter or header field */
    struct path at;                  /* of the member in the body */
    int line;
};

struct definition_procedure {
    struct procedure procedure;      /* procedure.definition points back here */
    const char *method;
    struct template path, url;
    const struct definition_input *inputs; /* one per procedure.inputs */
    const struct definition_setting *constants; /* parameter: index into constant_inputs */
    const struct definition_input *constant_inputs;
    size_t constant_count;
    struct table answer;             /* the outputs as columns, for decoding */
    struct shape_column *places;
    struct shape shape;
    bool raw;                        /* the answer is the file itself, not JSON */
    int status;                      /* the output that tells how each row went, as a status of HTTP; -1: none */
    const bool *words;               /* per output: it tells that in the service's words */
    bool success;                    /* the outputs end with Success, which no answer tells */
    const char *scope;               /* the right that calling it needs, or NULL = not told */
    const char *file;
    int line;
};

/* How errors look: places of code and message in a body, or what a status or a code means. */
struct definition_failure {
    int status;                      /* that is explained; 0 = none */
    const char *codes;               /* those of the service's own that are explained, divided by spaces; NULL = none */
    const char *sqlstate;            /* of both; NULL: the places below are tried on any answer */
    const char *message;             /* likewise; {scope} stands for the right that is needed */
    bool final;                      /* of codes: neither a repetition nor another token would help */
    int wait;                        /* of codes: it is asked again, after so many seconds where the answer does not say; -1 = as the status says */
    struct path code_at, message_at;
    const char *header;              /* a header field with the service's words, or NULL */
    const char *fine;                /* the code that is no failure, or NULL */
};

struct definition_header {
    const char *name;
    struct template value;
};

/* Hears of faults: "file:line: …". */
typedef void definition_report(void *context, const char *fault);

struct definition_source;

struct definition {
    struct arena arena;
    definition_report *report;       /* is told of every fault as it is found; NULL: nobody is */
    void *report_context;
    struct error fatal;              /* the first fault that is the whole definition's */
    const char *file;
    const struct definition_source *sources; /* all files that it was made from (shelf.h) */
    bool altered;                    /* for one connection: it is no longer as it was read */
    const char *name, *title;
    struct template url, prefix;
    const char *check;               /* name of the table that is read to see whether the service answers */
    const char *const *schemas;      /* the names of those that it has */
    size_t schema_count;
    const char *schema;              /* which of them this connection has; NULL: it has none */
    bool has_oauth;
    struct oauth_profile oauth;      /* URLs may be relative: they begin with '/' and follow the provider's URL */
    struct template issuer, request_token, authorize, token, refresh, device, revoke; /* as the file has them */
    int line, oauth_line;
    int64_t limit_requests, limit_seconds; /* 0 = not told */
    int64_t limit_concurrent;        /* 0 = not told */
    const char *limit_reset;         /* a header field with the seconds until there is room again, or NULL */
    const struct definition_variable *variables;
    size_t variable_count;
    const struct definition_header *headers;
    size_t header_count;
    const struct definition_paging *pagings;
    size_t paging_count;
    const struct definition_failure *failures;
    size_t failure_count;
    struct definition_table **tables; /* sorted by name */
    size_t table_count;
    struct definition_procedure **procedures; /* sorted by name */
    size_t procedure_count;
};

/* Reads and checks a definition.
 *
 * file        the XML; what it includes stands beside it
 * grammar     the RELAX NG schema, provider.rng
 * schema      the Schema property: which of the definition's own schemas is wanted; NULL = the first
 * The definition is given back with definition_close. A fault inside a table makes that table unusable (table.fault tells why), any
 * other one the whole. False: HY000 naming file, line and what is wrong. */
bool definition_open(const char *file, const char *grammar, const char *schema, struct definition **definition, struct error *err);
void definition_close(struct definition *definition);

/* The same, telling every fault that can be found, those of tables too. */
bool definition_inspect(const char *file, const char *grammar, const char *schema, definition_report *report, void *context,
                        struct definition **definition, struct error *err);

/* The name that the root of a file gives, copied into the arena; NULL when the file is no definition or can not be read. */
const char *definition_name(const char *file, struct arena *arena);

/* Finishes what reader.c has read: sorts, and sees whether all of it fits together. False as definition_open. */
bool definition_check(struct definition *definition, struct error *err);

/* For the readers and check.c: HY000 "file:line: …". */
bool definition_fault(const char *file, int line, struct error *err, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Tells of a fault. */
void definition_tell(const struct definition *definition, const struct error *err);
/* Tells of a fault that the whole definition can not be used for, and keeps the first such; others may be found yet. False when err
 * is none that one can go on after (HY001). */
bool definition_condemn(struct definition *definition, struct error *err);

/* By name, case ignored; NULL when there is none. */
const struct definition_table *definition_table(const struct definition *definition, const char *name);

/* The word of the XML for an operator: "=", "in", "like". */
const char *definition_op_name(enum filter_op op);

#endif
