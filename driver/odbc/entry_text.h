/* The entry points with text arguments; see entry.h. No guard: compiled once with
 *   NAME(f) f    CHARACTER SQLCHAR    WIDE false
 * and once with
 *   NAME(f) f##W CHARACTER SQLWCHAR   WIDE true */

#include "odbc/entry.h"

#include "odbc/attributes.h"
#include "odbc/catalog.h"
#include "odbc/connect.h"
#include "odbc/info.h"
#include "odbc/native.h"
#include "odbc/statement.h"
#include "odbc/text.h"

/* Texts that come in, with a length in characters; texts that go out, with room and length in characters, or in bytes. */
#define IN(pointer, size) (&(struct text_in){(pointer), (size), WIDE})
#define OUT16(pointer, space, full) (&(struct text_out){(pointer), (space), WIDE, false, (full), NULL})
#define OUT32(pointer, space, full) (&(struct text_out){(pointer), (space), WIDE, false, NULL, (full)})
#define OCTETS16(pointer, space, full) (&(struct text_out){(pointer), (space), WIDE, true, (full), NULL})
#define OCTETS32(pointer, space, full) (&(struct text_out){(pointer), (space), WIDE, true, NULL, (full)})

/* --- connecting ------------------------------------------------------------------------------------------------------- */

SQLRETURN SQL_API NAME(SQLConnect)(SQLHDBC handle, CHARACTER *name, SQLSMALLINT name_length, CHARACTER *user, SQLSMALLINT user_length,
                                   CHARACTER *password, SQLSMALLINT password_length)
{
    ON(connection, handle,
       connect_with_name(self, IN(name, name_length), IN(user, user_length), IN(password, password_length)));
}

SQLRETURN SQL_API NAME(SQLDriverConnect)(SQLHDBC handle, SQLHWND window, CHARACTER *string, SQLSMALLINT length, CHARACTER *completed,
                                         SQLSMALLINT room, SQLSMALLINT *full, SQLUSMALLINT completion)
{
    (void)window; /* there are no dialogs */
    ON(connection, handle, connect_with_string(self, IN(string, length), OUT16(completed, room, full), completion));
}

SQLRETURN SQL_API NAME(SQLBrowseConnect)(SQLHDBC handle, CHARACTER *string, SQLSMALLINT length, CHARACTER *result, SQLSMALLINT room,
                                         SQLSMALLINT *full)
{
    ON(connection, handle, connect_browse(self, IN(string, length), OUT16(result, room, full)));
}

SQLRETURN SQL_API NAME(SQLGetInfo)(SQLHDBC handle, SQLUSMALLINT type, SQLPOINTER value, SQLSMALLINT room, SQLSMALLINT *length)
{
    ON(connection, handle, info_get(self, type, value, OCTETS16(value, room, length)));
}

SQLRETURN SQL_API NAME(SQLSetConnectAttr)(SQLHDBC handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length)
{
    /* In bytes, also when wide. */
    SQLINTEGER characters = WIDE && length > 0 ? length / (SQLINTEGER)sizeof(SQLWCHAR) : length;
    ON(connection, handle, connection_set(self, attribute, value, IN(value, characters)));
}

SQLRETURN SQL_API NAME(SQLGetConnectAttr)(SQLHDBC handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER room, SQLINTEGER *length)
{
    ON(connection, handle, connection_get(self, attribute, value, OCTETS32(value, room, length)));
}

SQLRETURN SQL_API NAME(SQLNativeSql)(SQLHDBC handle, CHARACTER *text, SQLINTEGER length, CHARACTER *native, SQLINTEGER room,
                                     SQLINTEGER *full)
{
    ON(connection, handle, native_text(self, IN(text, length), OUT32(native, room, full)));
}

/* --- diagnostics ------------------------------------------------------------------------------------------------------ */

SQLRETURN SQL_API NAME(SQLGetDiagRec)(SQLSMALLINT type, SQLHANDLE given, SQLSMALLINT number, CHARACTER *sqlstate, SQLINTEGER *native,
                                      CHARACTER *message, SQLSMALLINT room, SQLSMALLINT *length)
{
    struct odbc_handle *handle = look_at_handle(type, given);
    if (!handle)
        return SQL_INVALID_HANDLE;
    SQLRETURN result = diagnostics_record(handle, number, OUT16(sqlstate, SQL_SQLSTATE_SIZE + 1, NULL), native,
                                          OUT16(message, room, length));
    stop_looking(handle);
    return result;
}

SQLRETURN SQL_API NAME(SQLGetDiagField)(SQLSMALLINT type, SQLHANDLE given, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value,
                                        SQLSMALLINT room, SQLSMALLINT *length)
{
    struct odbc_handle *handle = look_at_handle(type, given);
    if (!handle)
        return SQL_INVALID_HANDLE;
    SQLRETURN result = diagnostics_field(handle, number, field, value, OCTETS16(value, room, length));
    stop_looking(handle);
    return result;
}

/* --- statements ------------------------------------------------------------------------------------------------------- */

SQLRETURN SQL_API NAME(SQLPrepare)(SQLHSTMT handle, CHARACTER *text, SQLINTEGER length)
{
    ON(statement, handle, statement_prepare_text(self, IN(text, length)));
}

SQLRETURN SQL_API NAME(SQLExecDirect)(SQLHSTMT handle, CHARACTER *text, SQLINTEGER length)
{
    ON(statement, handle, statement_execute_text(self, IN(text, length)));
}

SQLRETURN SQL_API NAME(SQLSetStmtAttr)(SQLHSTMT handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length)
{
    (void)length; /* no attribute is a text */
    ON(statement, handle, statement_set(self, attribute, value));
}

SQLRETURN SQL_API NAME(SQLGetStmtAttr)(SQLHSTMT handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER room, SQLINTEGER *length)
{
    (void)room;
    ON(statement, handle, statement_get(self, attribute, value, length));
}

SQLRETURN SQL_API NAME(SQLSetCursorName)(SQLHSTMT handle, CHARACTER *name, SQLSMALLINT length)
{
    ON(statement, handle, statement_set_cursor_name(self, IN(name, length)));
}

SQLRETURN SQL_API NAME(SQLGetCursorName)(SQLHSTMT handle, CHARACTER *name, SQLSMALLINT room, SQLSMALLINT *length)
{
    ON(statement, handle, statement_get_cursor_name(self, OUT16(name, room, length)));
}

SQLRETURN SQL_API NAME(SQLDescribeCol)(SQLHSTMT handle, SQLUSMALLINT number, CHARACTER *name, SQLSMALLINT room, SQLSMALLINT *length,
                                       SQLSMALLINT *type, SQLULEN *size, SQLSMALLINT *digits, SQLSMALLINT *nullable)
{
    ON(statement, handle, results_describe(self, number, OUT16(name, room, length), type, size, digits, nullable));
}

SQLRETURN SQL_API NAME(SQLColAttribute)(SQLHSTMT handle, SQLUSMALLINT number, SQLUSMALLINT field, SQLPOINTER text, SQLSMALLINT room,
                                        SQLSMALLINT *length, SQLLEN *numeric)
{
    ON(statement, handle, results_attribute(self, number, field, OCTETS16(text, room, length), numeric));
}

/* --- descriptors ------------------------------------------------------------------------------------------------------ */

SQLRETURN SQL_API NAME(SQLGetDescField)(SQLHDESC handle, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value, SQLINTEGER room,
                                        SQLINTEGER *length)
{
    ON_DESCRIPTOR(handle, descriptor_get_field(self, number, field, value, OCTETS32(value, room, length)));
}

SQLRETURN SQL_API NAME(SQLSetDescField)(SQLHDESC handle, SQLSMALLINT number, SQLSMALLINT field, SQLPOINTER value, SQLINTEGER length)
{
    (void)length; /* no settable field is a text */
    ON_DESCRIPTOR(handle, descriptor_set_field(self, number, field, value));
}

SQLRETURN SQL_API NAME(SQLGetDescRec)(SQLHDESC handle, SQLSMALLINT number, CHARACTER *name, SQLSMALLINT room, SQLSMALLINT *full,
                                      SQLSMALLINT *type, SQLSMALLINT *subtype, SQLLEN *length, SQLSMALLINT *precision,
                                      SQLSMALLINT *scale, SQLSMALLINT *nullable)
{
    ON_DESCRIPTOR(handle, descriptor_get_record(self, number, OUT16(name, room, full), type, subtype, length, precision,
                                                scale, nullable));
}

/* --- the catalog ------------------------------------------------------------------------------------------------------ */

SQLRETURN SQL_API NAME(SQLGetTypeInfo)(SQLHSTMT handle, SQLSMALLINT type)
{
    ON(statement, handle, info_types(self, type));
}

SQLRETURN SQL_API NAME(SQLTables)(SQLHSTMT handle, CHARACTER *catalog, SQLSMALLINT catalog_length, CHARACTER *schema,
                                  SQLSMALLINT schema_length, CHARACTER *table, SQLSMALLINT table_length, CHARACTER *types,
                                  SQLSMALLINT types_length)
{
    ON(statement, handle, catalog_tables(self, IN(catalog, catalog_length), IN(schema, schema_length), IN(table, table_length),
                                         IN(types, types_length)));
}

SQLRETURN SQL_API NAME(SQLColumns)(SQLHSTMT handle, CHARACTER *catalog, SQLSMALLINT catalog_length, CHARACTER *schema,
                                   SQLSMALLINT schema_length, CHARACTER *table, SQLSMALLINT table_length, CHARACTER *column,
                                   SQLSMALLINT column_length)
{
    ON(statement, handle, catalog_columns(self, IN(catalog, catalog_length), IN(schema, schema_length), IN(table, table_length),
                                          IN(column, column_length)));
}

SQLRETURN SQL_API NAME(SQLColumnPrivileges)(SQLHSTMT handle, CHARACTER *catalog, SQLSMALLINT catalog_length, CHARACTER *schema,
                                            SQLSMALLINT schema_length, CHARACTER *table, SQLSMALLINT table_length, CHARACTER *column,
                                            SQLSMALLINT column_length)
{
    ON(statement, handle, catalog_column_privileges(self, IN(catalog, catalog_length), IN(schema, schema_length),
                                                    IN(table, table_length), IN(column, column_length)));
}

SQLRETURN SQL_API NAME(SQLTablePrivileges)(SQLHSTMT handle, CHARACTER *catalog, SQLSMALLINT catalog_length, CHARACTER *schema,
                                           SQLSMALLINT schema_length, CHARACTER *table, SQLSMALLINT table_length)
{
    ON(statement, handle,
       catalog_table_privileges(self, IN(catalog, catalog_length), IN(schema, schema_length), IN(table, table_length)));
}

SQLRETURN SQL_API NAME(SQLPrimaryKeys)(SQLHSTMT handle, CHARACTER *catalog, SQLSMALLINT catalog_length, CHARACTER *schema,
                                       SQLSMALLINT schema_length, CHARACTER *table, SQLSMALLINT table_length)
{
    ON(statement, handle,
       catalog_primary_keys(self, IN(catalog, catalog_length), IN(schema, schema_length), IN(table, table_length)));
}

SQLRETURN SQL_API NAME(SQLForeignKeys)(SQLHSTMT handle, CHARACTER *pk_catalog, SQLSMALLINT pk_catalog_length, CHARACTER *pk_schema,
                                       SQLSMALLINT pk_schema_length, CHARACTER *pk_table, SQLSMALLINT pk_table_length,
                                       CHARACTER *fk_catalog, SQLSMALLINT fk_catalog_length, CHARACTER *fk_schema,
                                       SQLSMALLINT fk_schema_length, CHARACTER *fk_table, SQLSMALLINT fk_table_length)
{
    const struct text_in primary[] = {*IN(pk_catalog, pk_catalog_length), *IN(pk_schema, pk_schema_length), *IN(pk_table, pk_table_length)};
    const struct text_in foreign[] = {*IN(fk_catalog, fk_catalog_length), *IN(fk_schema, fk_schema_length), *IN(fk_table, fk_table_length)};
    ON(statement, handle, catalog_foreign_keys(self, primary, foreign));
}

SQLRETURN SQL_API NAME(SQLSpecialColumns)(SQLHSTMT handle, SQLUSMALLINT kind, CHARACTER *catalog, SQLSMALLINT catalog_length,
                                          CHARACTER *schema, SQLSMALLINT schema_length, CHARACTER *table, SQLSMALLINT table_length,
                                          SQLUSMALLINT scope, SQLUSMALLINT nullable)
{
    ON(statement, handle, catalog_special_columns(self, kind, IN(catalog, catalog_length), IN(schema, schema_length),
                                                  IN(table, table_length), scope, nullable));
}

SQLRETURN SQL_API NAME(SQLStatistics)(SQLHSTMT handle, CHARACTER *catalog, SQLSMALLINT catalog_length, CHARACTER *schema,
                                      SQLSMALLINT schema_length, CHARACTER *table, SQLSMALLINT table_length, SQLUSMALLINT unique,
                                      SQLUSMALLINT accuracy)
{
    ON(statement, handle,
       catalog_statistics(self, IN(catalog, catalog_length), IN(schema, schema_length), IN(table, table_length), unique, accuracy));
}

SQLRETURN SQL_API NAME(SQLProcedures)(SQLHSTMT handle, CHARACTER *catalog, SQLSMALLINT catalog_length, CHARACTER *schema,
                                      SQLSMALLINT schema_length, CHARACTER *procedure, SQLSMALLINT procedure_length)
{
    ON(statement, handle,
       catalog_procedures(self, IN(catalog, catalog_length), IN(schema, schema_length), IN(procedure, procedure_length)));
}

SQLRETURN SQL_API NAME(SQLProcedureColumns)(SQLHSTMT handle, CHARACTER *catalog, SQLSMALLINT catalog_length, CHARACTER *schema,
                                            SQLSMALLINT schema_length, CHARACTER *procedure, SQLSMALLINT procedure_length,
                                            CHARACTER *column, SQLSMALLINT column_length)
{
    ON(statement, handle, catalog_procedure_columns(self, IN(catalog, catalog_length), IN(schema, schema_length),
                                                    IN(procedure, procedure_length), IN(column, column_length)));
}
