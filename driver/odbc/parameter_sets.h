/* Executing for several sets of parameters at once (ODBC reference, "Arrays of Parameter Values"): SQL_ATTR_PARAMSET_SIZE past 1, or a
 * set that SQL_ATTR_PARAM_OPERATION_PTR leaves out.
 *
 * The application's arrays are its own again once SQLExecute has returned, so every set is executed there and then, in order, and its
 * results are kept: a result for each set that succeeded, and within a set for each statement of a batch. SQLMoreResults leads from
 * one to the next. */
#ifndef ODBC_PARAMETER_SETS_H
#define ODBC_PARAMETER_SETS_H

#include <stdbool.h>

#include <sql.h>

struct error;
struct odbc_statement;

/* Whether the statement is to be executed in this way. */
bool parameter_sets_wanted(struct odbc_statement *statement);

/* Executes for every set and opens the first result. SQL_SUCCESS_WITH_INFO when some sets failed, each with its record; SQL_ERROR when
 * all did or the execution was cancelled or ran out of time. */
SQLRETURN parameter_sets_run(struct odbc_statement *statement);

/* Whether there is a result behind the present one, and opening it. */
bool parameter_sets_more(const struct odbc_statement *statement);
SQLRETURN parameter_sets_next(struct odbc_statement *statement);

/* Drops the results. */
void parameter_sets_forget(struct odbc_statement *statement);

#endif
