/* Descriptors: the store of everything that is bound and described (ODBC reference, "Descriptors"). */
#ifndef ODBC_DESCRIPTOR_H
#define ODBC_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>
#include <sqlext.h>

#include "base/type.h"
#include "odbc/application.h"

struct odbc_descriptor_handle;
struct text_out;

enum descriptor_role { DESCRIPTOR_ARD, DESCRIPTOR_APD, DESCRIPTOR_IRD, DESCRIPTOR_IPD };

struct odbc_record {
    SQLSMALLINT concise_type;      /* a C type in application descriptors, an SQL type in implementation descriptors; ODBC 3 codes */
    SQLSMALLINT precision, scale;
    SQLULEN length;                /* SQL_DESC_LENGTH: characters */
    SQLLEN octet_length;
    SQLSMALLINT nullable;
    SQLSMALLINT parameter_type;    /* SQL_PARAM_INPUT… in the IPD */
    SQLINTEGER interval_precision;
    SQLINTEGER radix;

    /* Bindings of application descriptors. */
    SQLPOINTER data;
    application_length *octet_length_pointer, *indicator_pointer;

    /* Descriptions of implementation descriptors; texts belong to the query or are static, "" where there is none. */
    struct type type;
    bool automatic;                /* SQL_DESC_AUTO_UNIQUE_VALUE */
    bool ansi;                     /* texts come as UTF-8: a character is up to four on display */
    const char *name;              /* SQL_DESC_NAME and LABEL */
    const char *base_column, *table, *base_table, *catalog;
};

struct odbc_descriptor {
    struct odbc_record *records;   /* records[1] is the first column; [0] is the bookmark */
    SQLSMALLINT count;             /* the highest record in use */
    SQLSMALLINT capacity;
    SQLULEN array_size;
    application_status *array_status;
    application_length *bind_offset;
    SQLULEN bind_type;
    application_count *rows_processed;
};

void descriptor_init(struct odbc_descriptor *descriptor);
void descriptor_clear(struct odbc_descriptor *descriptor);

/* Makes room for records 1…number and counts them; new ones are unbound. False when out of memory. */
bool descriptor_reach(struct odbc_descriptor *descriptor, SQLSMALLINT number);

/* Forgets the records past number. */
void descriptor_cut(struct odbc_descriptor *descriptor, SQLSMALLINT number);

/* The record, or NULL when it is not there. */
struct odbc_record *descriptor_record(struct odbc_descriptor *descriptor, SQLLEN number);

/* Record 0, the bookmark's; NULL while there are no records. It is there whatever the count says. */
struct odbc_record *descriptor_bookmark(struct odbc_descriptor *descriptor);

/* Sets an application record's type as SQLBindCol does, with the defaults of precision and scale that the type has. */
void record_set_type(struct odbc_record *record, SQLSMALLINT concise_type);

/* Whether the statement that the descriptor was made with awaits parameter data; then a record says so (HY010). */
bool descriptor_awaits_data(struct odbc_descriptor_handle *descriptor);

/* SQLGetDescField, SQLSetDescField, SQLGetDescRec, SQLSetDescRec, SQLCopyDesc on locked descriptors. */
SQLRETURN descriptor_get_field(struct odbc_descriptor_handle *descriptor, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value,
                               const struct text_out *text);
SQLRETURN descriptor_set_field(struct odbc_descriptor_handle *descriptor, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value);
SQLRETURN descriptor_get_record(struct odbc_descriptor_handle *descriptor, SQLSMALLINT number, const struct text_out *name,
                                SQLSMALLINT *type, SQLSMALLINT *subtype, SQLLEN *length, SQLSMALLINT *precision, SQLSMALLINT *scale,
                                SQLSMALLINT *nullable);
SQLRETURN descriptor_set_record(struct odbc_descriptor_handle *descriptor, SQLSMALLINT number, SQLSMALLINT type, SQLSMALLINT subtype,
                                SQLLEN length, SQLSMALLINT precision, SQLSMALLINT scale, SQLPOINTER data, SQLLEN *octet_length,
                                SQLLEN *indicator);
SQLRETURN descriptor_copy(const struct odbc_descriptor *source, struct odbc_descriptor_handle *target);

#endif
