/* What filters and reports look at in rows of the long tables, and in the rows that these refer to. */
#include "test/sandbox/tsheets_column.h"

#define NUMBER(name, expression) \
    int64_t name(const struct tsheets_data *data, const struct tsheets_row *row) { (void)data; return expression; }
#define TEXT(name, expression) \
    const char *name(const struct tsheets_data *data, const struct tsheets_row *row) { (void)data; return expression; }

NUMBER(row_id, row->id)
NUMBER(row_user, row->user_id)
NUMBER(row_jobcode, row->jobcode_id)
NUMBER(row_parent, row->parent_id)
NUMBER(row_number, row->number)
NUMBER(row_active, row->active)
NUMBER(row_open, row->on_the_clock)
TEXT(row_name, row->name)
TEXT(row_last_name, row->last_name)
TEXT(row_username, row->username)
TEXT(row_payroll, row->payroll_id)
TEXT(row_type, row->type)
TEXT(row_applies, row->applies_to)

const struct tsheets_row *user_of(const struct tsheets_data *data, const struct tsheets_row *row)
{
    return tsheets_find(data, TSHEETS_USERS, row->user_id);
}

const struct tsheets_row *jobcode_of(const struct tsheets_data *data, const struct tsheets_row *row)
{
    return tsheets_find(data, TSHEETS_JOBCODES, row->jobcode_id);
}

NUMBER(user_group, user_of(data, row) ? user_of(data, row)->parent_id : -1)
TEXT(user_payroll, user_of(data, row) ? user_of(data, row)->payroll_id : NULL)
TEXT(user_username, user_of(data, row) ? user_of(data, row)->username : NULL)
TEXT(jobcode_type, jobcode_of(data, row) ? jobcode_of(data, row)->type : NULL)
NUMBER(jobcode_parent, jobcode_of(data, row) ? jobcode_of(data, row)->parent_id : -1)
NUMBER(jobcode_active, jobcode_of(data, row) ? jobcode_of(data, row)->active : -1)
