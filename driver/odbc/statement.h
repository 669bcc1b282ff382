/* The life of a statement: prepared, executed, fetched from, closed (ODBC reference, Appendix B, "Statement Transitions"). */
#ifndef ODBC_STATEMENT_H
#define ODBC_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sql.h>

struct error;
struct odbc_statement;
struct type;
struct query;
struct text_in;
struct text_out;

enum { STATEMENT_CURSOR_NAME = 128 /* characters that a cursor's name can have */ };

/* Drops whatever is prepared or executed: back to "allocated". */
void statement_forget(struct odbc_statement *statement);

/* Ends the execution. What SQLPrepare prepared stays prepared. */
void statement_close(struct odbc_statement *statement);

/* Puts an open cursor before its first row. */
void statement_open_cursor(struct odbc_statement *statement);

void statement_forget_late_data(struct odbc_statement *statement);

/* Before every stay in the engine: the query timeout begins. */
void statement_begin_work(struct odbc_statement *statement);

/* Prepares a text and describes its columns and parameters. On failure the statement is back to "allocated". */
bool statement_load(struct odbc_statement *statement, const char *text, size_t length, struct error *err);

/* Makes one query of the batch the present one and describes its columns. */
bool statement_describe(struct odbc_statement *statement, struct query *query, struct error *err);

/* Ends the present result, not the execution. */
void statement_end_result(struct odbc_statement *statement);

/* Tells how many rows the present result changed; -1 for none. */
void statement_count_rows(struct odbc_statement *statement, int64_t count);

/* Runs what is prepared with the values of the parameters. SQL_NEED_DATA when some are still to come. */
SQLRETURN statement_run(struct odbc_statement *statement);

/* Adds what the query has to tell beside its rows as warnings; a success becomes SQL_SUCCESS_WITH_INFO then. */
SQLRETURN statement_tell(struct odbc_statement *statement, SQLRETURN result);

/* Parameters (parameters.c). How many sets of them an execution has; whether one is to be left out. Sets count from 0. */
SQLULEN parameters_sets(struct odbc_statement *statement);
bool parameters_ignored(struct odbc_statement *statement, SQLULEN set);
/* Looks whether all are bound: SQL_SUCCESS, SQL_NEED_DATA when the data of some is still to come, SQL_ERROR with its record. */
SQLRETURN parameters_check(struct odbc_statement *statement);
/* Binds the values of a set to the query: SQL_SUCCESS, SQL_SUCCESS_WITH_INFO or SQL_ERROR, the two with their records. */
SQLRETURN parameters_gather(struct odbc_statement *statement, SQLULEN set);
/* Tells the application's status array and output parameters how it went: SQL_PARAM_SUCCESS and its like. */
void parameters_finish(struct odbc_statement *statement, SQLULEN set, SQLUSMALLINT status);
/* The types that the parameters are bound with, in the scratch memory of the call; NULL when out of memory. */
const struct type *parameters_bound_types(struct odbc_statement *statement, size_t *count);
/* Whether the type of a parameter of what is prepared depends on its binding; and whether it was bound otherwise since. */
bool parameters_are_open(struct odbc_statement *statement);
bool parameters_rebound(struct odbc_statement *statement);
/* Describes the parameters in the IPD. False when out of memory. */
bool parameters_populate(struct odbc_statement *statement);

/* The chapters, one function per entry point, on a locked statement. */
SQLRETURN statement_prepare_text(struct odbc_statement *statement, const struct text_in *text);
SQLRETURN statement_execute_text(struct odbc_statement *statement, const struct text_in *text);
SQLRETURN statement_execute(struct odbc_statement *statement);
SQLRETURN statement_cancel(struct odbc_statement *statement);
SQLRETURN statement_close_cursor(struct odbc_statement *statement);
SQLRETURN statement_free(struct odbc_statement *statement, SQLUSMALLINT option);
SQLRETURN statement_more_results(struct odbc_statement *statement);
SQLRETURN statement_row_count(struct odbc_statement *statement, SQLLEN *count);
SQLRETURN statement_set_cursor_name(struct odbc_statement *statement, const struct text_in *name);
SQLRETURN statement_get_cursor_name(struct odbc_statement *statement, const struct text_out *name);

SQLRETURN parameters_count(struct odbc_statement *statement, SQLSMALLINT *count);
SQLRETURN parameters_describe(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT *type, SQLULEN *size,
                              SQLSMALLINT *digits, SQLSMALLINT *nullable);
SQLRETURN parameters_bind(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT io, SQLSMALLINT c_type, SQLSMALLINT type,
                          SQLULEN size, SQLSMALLINT digits, SQLPOINTER value, SQLLEN room, SQLLEN *length);
SQLRETURN parameters_next_late(struct odbc_statement *statement, SQLPOINTER *token);
SQLRETURN parameters_put(struct odbc_statement *statement, SQLPOINTER data, SQLLEN length);

SQLRETURN results_column_count(struct odbc_statement *statement, SQLSMALLINT *count);
SQLRETURN results_describe(struct odbc_statement *statement, SQLUSMALLINT number, const struct text_out *name, SQLSMALLINT *type,
                           SQLULEN *size, SQLSMALLINT *digits, SQLSMALLINT *nullable);
SQLRETURN results_attribute(struct odbc_statement *statement, SQLUSMALLINT number, SQLUSMALLINT field, const struct text_out *text,
                            SQLLEN *numeric);

SQLRETURN fetch_bind(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN room,
                     SQLLEN *length);
SQLRETURN fetch_next(struct odbc_statement *statement);
SQLRETURN fetch_scroll(struct odbc_statement *statement, SQLSMALLINT orientation, SQLLEN offset);
SQLRETURN fetch_extended(struct odbc_statement *statement, SQLUSMALLINT orientation, SQLLEN offset, SQLULEN *fetched,
                         SQLUSMALLINT *status);
SQLRETURN position_set(struct odbc_statement *statement, SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock);
SQLRETURN position_bulk(struct odbc_statement *statement, SQLSMALLINT operation);
SQLRETURN position_data(struct odbc_statement *statement, SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN room,
                        SQLLEN *length);

#endif
