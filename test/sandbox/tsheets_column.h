/* What filters and reports look at in rows of the long tables, and in the rows that these refer to. */
#ifndef SANDBOX_TSHEETS_COLUMN_H
#define SANDBOX_TSHEETS_COLUMN_H

#include "test/sandbox/tsheets_data.h"

/* The row's own. */
int64_t row_id(const struct tsheets_data *data, const struct tsheets_row *row);
int64_t row_user(const struct tsheets_data *data, const struct tsheets_row *row);
int64_t row_jobcode(const struct tsheets_data *data, const struct tsheets_row *row);
int64_t row_parent(const struct tsheets_data *data, const struct tsheets_row *row);
int64_t row_number(const struct tsheets_data *data, const struct tsheets_row *row);
int64_t row_active(const struct tsheets_data *data, const struct tsheets_row *row);
int64_t row_open(const struct tsheets_data *data, const struct tsheets_row *row);
const char *row_name(const struct tsheets_data *data, const struct tsheets_row *row);
const char *row_last_name(const struct tsheets_data *data, const struct tsheets_row *row);
const char *row_username(const struct tsheets_data *data, const struct tsheets_row *row);
const char *row_payroll(const struct tsheets_data *data, const struct tsheets_row *row);
const char *row_type(const struct tsheets_data *data, const struct tsheets_row *row);
const char *row_applies(const struct tsheets_data *data, const struct tsheets_row *row);

/* Of its user and its jobcode; -1 or NULL when there is none. */
int64_t user_group(const struct tsheets_data *data, const struct tsheets_row *row);
const char *user_payroll(const struct tsheets_data *data, const struct tsheets_row *row);
const char *user_username(const struct tsheets_data *data, const struct tsheets_row *row);
const char *jobcode_type(const struct tsheets_data *data, const struct tsheets_row *row);
int64_t jobcode_parent(const struct tsheets_data *data, const struct tsheets_row *row);
int64_t jobcode_active(const struct tsheets_data *data, const struct tsheets_row *row);

const struct tsheets_row *user_of(const struct tsheets_data *data, const struct tsheets_row *row);
const struct tsheets_row *jobcode_of(const struct tsheets_data *data, const struct tsheets_row *row);

#endif
