/* The four kinds of handle that an application holds, and the one way in and out of every entry point. */
#ifndef ODBC_HANDLE_H
#define ODBC_HANDLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <sql.h>
#include <sqlext.h>

#include "base/arena.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/property.h"
#include "odbc/cursor.h"
#include "odbc/descriptor.h"
#include "odbc/diagnostics.h"

struct engine;
struct log;
struct odbc_rows;
struct query;
struct service;

/* The first member of every handle: what it is, who may touch it, what its last call had to say. */
struct odbc_handle {
    uint32_t magic;               /* enum handle_magic; anything else is no handle of ours */
    pthread_mutex_t own;
    pthread_mutex_t *lock;        /* `own`, or the statement's for its implicit descriptors */
    struct odbc_diagnostics diagnostics;
    struct arena scratch;         /* lives for one call */
};

enum handle_magic {
    HANDLE_ENVIRONMENT = 0x6F454E56,
    HANDLE_CONNECTION = 0x6F444243,
    HANDLE_STATEMENT = 0x6F535443,
    HANDLE_DESCRIPTOR = 0x6F444553,
};

struct odbc_environment {
    struct odbc_handle handle;
    SQLINTEGER version;           /* SQL_ATTR_ODBC_VERSION; 0 until it is set */
    SQLUINTEGER pooling, pooling_match;
    unsigned connections;
    struct odbc_connection *first;   /* a list of them */
};

struct odbc_connection {
    struct odbc_handle handle;
    struct odbc_environment *environment;
    struct odbc_connection *following;       /* in the environment's list, under its lock */
    struct odbc_statement *statements;       /* lists */
    struct odbc_descriptor_handle *descriptors;

    /* These stand still from a successful connect to SQLDisconnect; statements read them without the lock. */
    bool connected;
    bool browsing;                           /* SQLBrowseConnect has been given some properties and asks for others */
    bool ansi;                               /* the application takes texts as bytes, which are UTF-8 */
    char *source_name;                       /* SQL_DATA_SOURCE_NAME; "" without a DSN */
    struct properties properties;
    struct log *log;
    struct service *service;
    struct engine *engine;

    struct cancel cancel;                    /* of connecting */
    atomic_bool busy;
    SQLUINTEGER login_timeout, access_mode, autocommit, metadata_id, packet_size;
    SQLULEN isolation;
    SQLPOINTER quiet_mode;
    struct {
        bool set;
        SQLULEN value;
    } statement_options[SQL_USE_BOOKMARKS + 1];  /* of SQLSetConnectOption in ODBC 2, by option: what new statements begin with */
    bool ansi_app;                           /* SQL_ATTR_ANSI_APP */
};

struct odbc_descriptor_handle {
    struct odbc_handle handle;
    struct odbc_connection *connection;
    struct odbc_statement *statement;        /* of an implicit one; NULL for one the application allocated */
    struct odbc_descriptor_handle *next;
    enum descriptor_role role;
    struct odbc_descriptor content;
};

/* How far SQLGetData has come in a column. */
struct odbc_progress {
    bool begun;              /* SQLGetData was called in this row */
    SQLUSMALLINT column;
    size_t offset;           /* bytes of the value that have been given out */
    bool half;               /* the first half of a surrogate pair has been given out */
    bool done;
};

/* Where a cursor stands. */
struct odbc_cursor {
    struct cursor_target at;
    SQLULEN size;            /* the rowset size of the last fetch */
    SQLULEN rows;            /* the rows that its rowset has */
    SQLULEN current;         /* the row of the rowset, from 1, that SQLSetPos moved to */
};

/* A result of an execution for several sets of parameters; see parameter_sets.h. */
struct odbc_result {
    struct query *query;     /* which describes it */
    SQLLEN row_count;        /* rows changed; -1 where it changes none */
    struct odbc_rows *rows;  /* NULL where there are no columns */
};

/* A parameter's data on its way by SQLPutData. */
struct odbc_late_data {
    bool wanted;             /* bound with SQL_DATA_AT_EXEC */
    bool given, null;
    char *bytes;
    size_t length, capacity;
};

struct odbc_statement {
    struct odbc_handle handle;
    struct odbc_connection *connection;
    struct odbc_statement *next;
    struct cancel cancel;

    struct odbc_descriptor_handle implicit[4];  /* in the order of enum descriptor_role */
    struct odbc_descriptor_handle *ard, *apd, *ird, *ipd;

    /* What is prepared: a batch of the engine's queries, or rows that a catalog function made. */
    struct query *batch;                     /* the first query of the batch, which owns the others */
    struct query *query;                     /* the one that is described, executed and read now */
    struct odbc_rows *rows;
    struct odbc_rows *kept;                  /* the query's rows so far, when they are kept; see cursor.h */
    struct odbc_result *results;             /* of all sets of parameters; NULL when there was one */
    size_t result_count, result_capacity, result_at;
    char *text;                              /* of what is prepared, while the type of a parameter depends on its binding; else NULL */
    size_t text_length;
    bool prepared_once;                      /* by SQLPrepare: SQLFreeStmt(SQL_CLOSE) leaves it prepared */

    SQLLEN row_count;                        /* of the present result: rows changed; -1 where it changes none */
    bool executed;
    bool cursor_open;
    bool row_pending;                        /* executing has already moved to the first row */
    bool on_row;                             /* SQLGetData has a row to read */
    bool at_end;
    bool failed;                             /* fetching ended with `failure`; it is told again */
    bool extended;                           /* rows are read by SQLExtendedFetch */
    bool fetched;                            /* by SQLFetch or SQLFetchScroll */
    struct error failure;
    SQLULEN row_number;                      /* of the row that the query is on: from 1; 0 before the first */
    struct odbc_cursor cursor;
    uint64_t present;                        /* the row that cursor_value reads */
    int64_t started;                         /* clock_milliseconds() */
    struct odbc_progress progress;

    /* Data at execution. */
    bool needs_data;
    struct odbc_late_data *late;
    size_t late_count;
    size_t late_at;                          /* the parameter that SQLPutData feeds; late_count before the first */

    SQLULEN query_timeout, max_rows, max_length, noscan, retrieve_data, metadata_id, rowset_size, cursor_type, sensitivity, use_bookmarks,
        auto_ipd;
    SQLPOINTER fetch_bookmark;
    char *cursor_name;                       /* NULL until asked for or set */
    unsigned cursor_number;
};

/* Finds a handle, locks it and forgets its last diagnostics. NULL, with nothing locked, for what is no such handle. */
struct odbc_environment *enter_environment(SQLHANDLE handle);
struct odbc_connection *enter_connection(SQLHANDLE handle);
struct odbc_statement *enter_statement(SQLHANDLE handle);
struct odbc_descriptor_handle *enter_descriptor_handle(SQLHANDLE handle);
struct odbc_handle *enter_handle(SQLSMALLINT type, SQLHANDLE handle);

/* Likewise, but keeps the diagnostics: for the functions that read them. */
struct odbc_handle *look_at_handle(SQLSMALLINT type, SQLHANDLE handle);

/* Without any lock: for SQLCancel. */
struct odbc_statement *find_statement(SQLHANDLE handle);
struct odbc_connection *find_connection(SQLHANDLE handle);

/* Unlocks. A success with diagnostic records becomes SQL_SUCCESS_WITH_INFO; the result is kept for SQL_DIAG_RETURNCODE and logged. */
SQLRETURN leave(struct odbc_handle *handle, const char *function, SQLRETURN result);
void stop_looking(struct odbc_handle *handle);

/* SQLAllocHandle, SQLFreeHandle. These lock for themselves. */
SQLRETURN handle_alloc(SQLSMALLINT type, SQLHANDLE parent, SQLHANDLE *handle);
SQLRETURN handle_free(SQLSMALLINT type, SQLHANDLE handle);

/* SQLCopyDesc, which is about two handles: they are locked one after the other, never both at once. */
SQLRETURN handle_copy_descriptor(SQLHANDLE source, SQLHANDLE target);

/* End what is no longer in its connection's list and not in use. */
void statement_destroy(struct odbc_statement *statement);
void descriptor_destroy(struct odbc_descriptor_handle *descriptor);

void handle_init(struct odbc_handle *handle, enum handle_magic magic);
void handle_clear(struct odbc_handle *handle);

/* The connection a handle belongs to, or NULL for an environment. */
struct odbc_connection *handle_connection(struct odbc_handle *handle);

/* Whether the application asked for ODBC 2 behaviour. */
bool handle_is_odbc2(struct odbc_handle *handle);

#endif
