/* The catalog functions: what there is, from the service's tables and procedures in memory. */
#ifndef ODBC_CATALOG_H
#define ODBC_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>

#include "odbc/text.h"

struct error;
struct odbc_statement;
struct service;
struct table;
struct type;
struct value;

SQLRETURN catalog_tables(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                         const struct text_in *table, const struct text_in *types);
SQLRETURN catalog_columns(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                          const struct text_in *table, const struct text_in *column);
SQLRETURN catalog_table_privileges(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                                   const struct text_in *table);
SQLRETURN catalog_column_privileges(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                                    const struct text_in *table, const struct text_in *column);
SQLRETURN catalog_primary_keys(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                               const struct text_in *table);
SQLRETURN catalog_foreign_keys(struct odbc_statement *statement, const struct text_in primary[3], const struct text_in foreign[3]);
SQLRETURN catalog_special_columns(struct odbc_statement *statement, SQLUSMALLINT kind, const struct text_in *catalog,
                                  const struct text_in *schema, const struct text_in *table, SQLUSMALLINT scope, SQLUSMALLINT nullable);
SQLRETURN catalog_statistics(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                             const struct text_in *table, SQLUSMALLINT unique, SQLUSMALLINT accuracy);
SQLRETURN catalog_procedures(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                             const struct text_in *procedure);
SQLRETURN catalog_procedure_columns(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                                    const struct text_in *procedure, const struct text_in *column);

/* --- shared by the files of this chapter --- */

/* A name argument, ready to be compared. */
struct catalog_filter {
    const char *text;     /* NULL matches everything */
    bool pattern;         /* % and _ are wild, \ escapes */
};

/* What an argument means (ODBC reference, "Arguments in Catalog Functions"): a pattern, an ordinary name, or, under
 * SQL_ATTR_METADATA_ID, an identifier. */
enum argument_kind { ARGUMENT_PATTERN, ARGUMENT_NAME };

/* Reads an argument. False with the record added: HY009 for a NULL identifier, HY090, 22018, HY001. */
bool catalog_read(struct odbc_statement *statement, const struct text_in *in, enum argument_kind kind, struct catalog_filter *filter);

/* Likewise for the table of a function that is about one table: a NULL pointer is HY009. */
bool catalog_read_table(struct odbc_statement *statement, const struct text_in *in, struct catalog_filter *filter);

/* Sees to it that the table's columns are known. False with the record added, and the result that was begun dropped. */
bool catalog_complete(struct odbc_statement *statement, const struct table *table);

/* Drops the result that was begun, with a record for the error where one is given. Always SQL_ERROR. */
SQLRETURN catalog_give_up(struct odbc_statement *statement, const struct error *err);

/* What a catalog argument and a schema argument let through. A zeroed one is everything. */
struct catalog_place {
    struct catalog_filter catalogs;
    bool nothing;         /* a schema was asked for: there are none */
};

/* Reads the two; false with the record added. */
bool catalog_read_place(struct odbc_statement *statement, const struct text_in *catalog, const struct text_in *schema,
                        enum argument_kind catalog_kind, enum argument_kind schema_kind, struct catalog_place *place);

/* Whether they let what belongs to a service through, whose name is the catalog. */
bool catalog_inside(const struct catalog_place *place, const struct service *service);

/* Upper and lower case are the same, as for the names in SQL. */
bool catalog_matches(const struct catalog_filter *filter, const char *name);

/* Fills the six type columns that SQLColumns, SQLProcedureColumns and SQLSpecialColumns share. */
struct catalog_type {
    SQLSMALLINT code;         /* as the application's ODBC version has it */
    SQLSMALLINT verbose, subcode;
    const char *name;
    SQLINTEGER size, octets;
    int digits, radix;        /* -1 = NULL */
    SQLINTEGER char_octets;   /* -1 = NULL */
};
void catalog_describe(struct odbc_statement *statement, const struct type *type, struct catalog_type *description);
struct value catalog_number(int number);  /* -1 = NULL */

#endif
