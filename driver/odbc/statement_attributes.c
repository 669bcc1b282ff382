/* SQLSetStmtAttr and SQLGetStmtAttr. */
#include "odbc/attributes.h"
#include "odbc/handle.h"

static SQLRETURN refuse_all_but(struct odbc_statement *statement, SQLULEN given, SQLULEN only, const char *attribute, const char *why)
{
    if (given == only)
        return SQL_SUCCESS;
    return diagnostics_fail(&statement->handle, "HYC00", "%s can not be %llu: %s", attribute, (unsigned long long)given, why);
}

/* What can not be had is replaced by what can, and the application is told (01S02). */
static SQLRETURN replace_all_but(struct odbc_statement *statement, SQLULEN given, SQLULEN only, const char *attribute, const char *why)
{
    if (given == only)
        return SQL_SUCCESS;
    return diagnostics_warn(&statement->handle, "01S02", "%s was changed: %s", attribute, why);
}

/* Static cursors are read-only, and a read-only cursor that scrolls sees no changes (SQLSetStmtAttr, "Cursor Characteristics and
 * Cursor Type"). A forward-only one leaves the sensitivity as it was. */
static void choose_cursor(struct odbc_statement *statement, bool scrolls)
{
    statement->cursor_type = scrolls ? SQL_CURSOR_STATIC : SQL_CURSOR_FORWARD_ONLY;
    if (scrolls)
        statement->sensitivity = SQL_INSENSITIVE;
}

/* A cursor that sees changes is replaced by the one that comes nearest. */
static SQLRETURN set_cursor_type(struct odbc_statement *statement, SQLULEN type)
{
    if (type > SQL_CURSOR_STATIC)
        return diagnostics_fail(&statement->handle, "HY024", "There is no cursor type %llu", (unsigned long long)type);
    choose_cursor(statement, type != SQL_CURSOR_FORWARD_ONLY);
    return replace_all_but(statement, type, statement->cursor_type, "SQL_ATTR_CURSOR_TYPE", "the cursor will be static");
}

/* SQL_ATTR_CURSOR_SCROLLABLE and SQL_ATTR_CURSOR_SENSITIVITY choose a cursor type in other words. */
static SQLRETURN set_scrollable(struct odbc_statement *statement, SQLULEN scrollable)
{
    if (scrollable != SQL_SCROLLABLE && scrollable != SQL_NONSCROLLABLE)
        return diagnostics_fail(&statement->handle, "HY024", "SQL_ATTR_CURSOR_SCROLLABLE can not be %llu",
                                (unsigned long long)scrollable);
    choose_cursor(statement, scrollable == SQL_SCROLLABLE);
    return SQL_SUCCESS;
}

static SQLRETURN set_sensitivity(struct odbc_statement *statement, SQLULEN sensitivity)
{
    if (sensitivity > SQL_SENSITIVE)
        return diagnostics_fail(&statement->handle, "HY024", "SQL_ATTR_CURSOR_SENSITIVITY can not be %llu",
                                (unsigned long long)sensitivity);
    if (sensitivity == SQL_SENSITIVE)
        return refuse_all_but(statement, sensitivity, SQL_INSENSITIVE, "SQL_ATTR_CURSOR_SENSITIVITY", "cursors do not see changes");
    if (sensitivity == SQL_INSENSITIVE)
        choose_cursor(statement, true);
    statement->sensitivity = sensitivity;
    return SQL_SUCCESS;
}

static SQLRETURN set_concurrency(struct odbc_statement *statement, SQLULEN concurrency)
{
    if (concurrency < SQL_CONCUR_READ_ONLY || concurrency > SQL_CONCUR_VALUES)
        return diagnostics_fail(&statement->handle, "HY024", "SQL_ATTR_CONCURRENCY can not be %llu", (unsigned long long)concurrency);
    statement->sensitivity = SQL_INSENSITIVE; /* as read-only cursors are */
    return replace_all_but(statement, concurrency, SQL_CONCUR_READ_ONLY, "SQL_ATTR_CONCURRENCY", "cursors are read-only");
}

static SQLRETURN set_bookmarks(struct odbc_statement *statement, SQLULEN bookmarks)
{
    if (bookmarks != SQL_UB_OFF && bookmarks != SQL_UB_FIXED && bookmarks != SQL_UB_VARIABLE)
        return diagnostics_fail(&statement->handle, "HY024", "SQL_ATTR_USE_BOOKMARKS can not be %llu", (unsigned long long)bookmarks);
    statement->use_bookmarks = bookmarks;
    return SQL_SUCCESS;
}

/* Cursor type, concurrency and their like are chosen before a statement is prepared (Appendix B, SQLSetStmtAttr: HY011, then 24000). */
static SQLRETURN check_time(struct odbc_statement *statement, SQLINTEGER attribute)
{
    if (statement->executed)
        return diagnostics_fail(&statement->handle, "24000", "Statement attribute %d can not change while the cursor is open",
                                (int)attribute);
    if (statement->query)
        return diagnostics_fail(&statement->handle, "HY011", "Statement attribute %d can not change once the statement is prepared",
                                (int)attribute);
    return SQL_SUCCESS;
}

static bool is_of_cursor(SQLINTEGER attribute)
{
    return attribute == SQL_ATTR_CONCURRENCY || attribute == SQL_ATTR_CURSOR_TYPE || attribute == SQL_ATTR_SIMULATE_CURSOR ||
           attribute == SQL_ATTR_USE_BOOKMARKS || attribute == SQL_ATTR_CURSOR_SCROLLABLE || attribute == SQL_ATTR_CURSOR_SENSITIVITY;
}

/* The attributes with two values, 0 and 1. */
static SQLRETURN keep_switch(struct odbc_statement *statement, SQLULEN *place, SQLULEN given, const char *attribute)
{
    if (given > 1)
        return diagnostics_fail(&statement->handle, "HY024", "%s can not be %llu: it is 0 or 1", attribute, (unsigned long long)given);
    *place = given;
    return SQL_SUCCESS;
}

static SQLRETURN set_descriptor(struct odbc_statement *statement, SQLINTEGER attribute, SQLPOINTER value)
{
    struct odbc_handle *handle = &statement->handle;
    bool row = attribute == SQL_ATTR_APP_ROW_DESC;
    struct odbc_descriptor_handle **place = row ? &statement->ard : &statement->apd;
    struct odbc_descriptor_handle *own = &statement->implicit[row ? DESCRIPTOR_ARD : DESCRIPTOR_APD];
    struct odbc_descriptor_handle *given = value;

    if (!given || given == own) {
        *place = own;
        return SQL_SUCCESS;
    }
    if (given->handle.magic != HANDLE_DESCRIPTOR)
        return diagnostics_fail(handle, "HY024", "The value is no descriptor handle");
    if (given->statement)
        return diagnostics_fail(handle, "HY017", "A descriptor that belongs to a statement can not be used by another");
    if (given->connection != statement->connection)
        return diagnostics_fail(handle, "HY024", "The descriptor belongs to another connection");
    *place = given;
    return SQL_SUCCESS;
}

/* The attributes that are fields of a descriptor's header. */
static bool descriptor_field(SQLINTEGER attribute, enum descriptor_role *role, SQLSMALLINT *field)
{
    static const struct { SQLINTEGER attribute; enum descriptor_role role; SQLSMALLINT field; } fields[] = {
        {SQL_ATTR_PARAM_BIND_OFFSET_PTR, DESCRIPTOR_APD, SQL_DESC_BIND_OFFSET_PTR},
        {SQL_ATTR_PARAM_BIND_TYPE, DESCRIPTOR_APD, SQL_DESC_BIND_TYPE},
        {SQL_ATTR_PARAM_OPERATION_PTR, DESCRIPTOR_APD, SQL_DESC_ARRAY_STATUS_PTR},
        {SQL_ATTR_PARAMSET_SIZE, DESCRIPTOR_APD, SQL_DESC_ARRAY_SIZE},
        {SQL_ATTR_PARAM_STATUS_PTR, DESCRIPTOR_IPD, SQL_DESC_ARRAY_STATUS_PTR},
        {SQL_ATTR_PARAMS_PROCESSED_PTR, DESCRIPTOR_IPD, SQL_DESC_ROWS_PROCESSED_PTR},
        {SQL_ATTR_ROW_ARRAY_SIZE, DESCRIPTOR_ARD, SQL_DESC_ARRAY_SIZE},
        {SQL_ATTR_ROW_BIND_OFFSET_PTR, DESCRIPTOR_ARD, SQL_DESC_BIND_OFFSET_PTR},
        {SQL_ATTR_ROW_BIND_TYPE, DESCRIPTOR_ARD, SQL_DESC_BIND_TYPE},
        {SQL_ATTR_ROW_OPERATION_PTR, DESCRIPTOR_ARD, SQL_DESC_ARRAY_STATUS_PTR},
        {SQL_ATTR_ROW_STATUS_PTR, DESCRIPTOR_IRD, SQL_DESC_ARRAY_STATUS_PTR},
        {SQL_ATTR_ROWS_FETCHED_PTR, DESCRIPTOR_IRD, SQL_DESC_ROWS_PROCESSED_PTR},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i].attribute == attribute) {
            *role = fields[i].role;
            *field = fields[i].field;
            return true;
        }
    return false;
}

static struct odbc_descriptor *descriptor_of(struct odbc_statement *statement, enum descriptor_role role)
{
    struct odbc_descriptor_handle *const descriptors[] = {statement->ard, statement->apd, statement->ird, statement->ipd};
    return &descriptors[role]->content;
}

static SQLRETURN set_descriptor_field(struct odbc_statement *statement, enum descriptor_role role, SQLSMALLINT field, SQLPOINTER value)
{
    struct odbc_descriptor *content = descriptor_of(statement, role);

    switch (field) {
    case SQL_DESC_ARRAY_SIZE:
        if ((SQLULEN)value < 1)
            return diagnostics_fail(&statement->handle, "HY024", "An array has at least one row");
        content->array_size = (SQLULEN)value;
        break;
    case SQL_DESC_ARRAY_STATUS_PTR:
        content->array_status = value;
        break;
    case SQL_DESC_BIND_OFFSET_PTR:
        content->bind_offset = value;
        break;
    case SQL_DESC_BIND_TYPE:
        content->bind_type = (SQLULEN)value;
        break;
    default:
        content->rows_processed = value;
        break;
    }
    return SQL_SUCCESS;
}

SQLRETURN statement_set(struct odbc_statement *statement, SQLINTEGER attribute, SQLPOINTER value)
{
    struct odbc_handle *handle = &statement->handle;
    SQLULEN number = (SQLULEN)value;
    enum descriptor_role role;
    SQLSMALLINT field;

    if (statement->needs_data && !(is_of_cursor(attribute) && statement->prepared_once))
        return diagnostics_fail(handle, "HY010", "SQLSetStmtAttr can not be called while parameter data is awaited");
    if (is_of_cursor(attribute) && check_time(statement, attribute) != SQL_SUCCESS)
        return SQL_ERROR;
    if (descriptor_field(attribute, &role, &field))
        return set_descriptor_field(statement, role, field, value);
    switch (attribute) {
    case SQL_ATTR_APP_ROW_DESC:
    case SQL_ATTR_APP_PARAM_DESC:
        return set_descriptor(statement, attribute, value);
    case SQL_ATTR_IMP_ROW_DESC:
    case SQL_ATTR_IMP_PARAM_DESC:
        return diagnostics_fail(handle, "HY017", "The implementation descriptors of a statement can not be exchanged");
    case SQL_ATTR_QUERY_TIMEOUT:
        statement->query_timeout = number > 1000000000 ? 1000000000 : number;
        return SQL_SUCCESS;
    case SQL_ATTR_MAX_ROWS:
        statement->max_rows = number;
        return SQL_SUCCESS;
    case SQL_ATTR_MAX_LENGTH:
        statement->max_length = number;
        return SQL_SUCCESS;
    case SQL_ATTR_NOSCAN:
        /* SQL_NOSCAN_ON promises that there are no escapes in the text; looking for them anyway does no harm. */
        return keep_switch(statement, &statement->noscan, number, "SQL_ATTR_NOSCAN");
    case SQL_ATTR_RETRIEVE_DATA:
        return keep_switch(statement, &statement->retrieve_data, number, "SQL_ATTR_RETRIEVE_DATA");
    case SQL_ATTR_METADATA_ID:
        return keep_switch(statement, &statement->metadata_id, number, "SQL_ATTR_METADATA_ID");
    case SQL_ROWSET_SIZE:
        if (number < 1)
            return diagnostics_fail(handle, "HY024", "A rowset has at least one row");
        statement->rowset_size = number;
        return SQL_SUCCESS;
    case SQL_ATTR_KEYSET_SIZE:
        return replace_all_but(statement, number, 0, "SQL_ATTR_KEYSET_SIZE", "there are no keyset-driven cursors");
    case SQL_ATTR_CURSOR_TYPE:
        return set_cursor_type(statement, number);
    case SQL_ATTR_CONCURRENCY:
        return set_concurrency(statement, number);
    case SQL_ATTR_SIMULATE_CURSOR:
        if (number > SQL_SC_UNIQUE)
            return diagnostics_fail(handle, "HY024", "SQL_ATTR_SIMULATE_CURSOR can not be %llu", (unsigned long long)number);
        return replace_all_but(statement, number, SQL_SC_NON_UNIQUE, "SQL_ATTR_SIMULATE_CURSOR", "cursors are read-only");
    case SQL_ATTR_CURSOR_SCROLLABLE:
        return set_scrollable(statement, number);
    case SQL_ATTR_CURSOR_SENSITIVITY:
        return set_sensitivity(statement, number);
    case SQL_ATTR_USE_BOOKMARKS:
        return set_bookmarks(statement, number);
    case SQL_ATTR_FETCH_BOOKMARK_PTR:
        statement->fetch_bookmark = value;
        return SQL_SUCCESS;
    case SQL_ATTR_ASYNC_ENABLE:
        return refuse_all_but(statement, number, SQL_ASYNC_ENABLE_OFF, "SQL_ATTR_ASYNC_ENABLE",
                              "asynchronous execution is not supported");
    case SQL_ATTR_ENABLE_AUTO_IPD:
        if (number > SQL_TRUE)
            return diagnostics_fail(handle, "HY024", "SQL_ATTR_ENABLE_AUTO_IPD can not be %llu", (unsigned long long)number);
        statement->auto_ipd = number;
        return SQL_SUCCESS;
    case SQL_ATTR_ROW_NUMBER:
        return diagnostics_fail(handle, "HY092", "SQL_ATTR_ROW_NUMBER can only be read");
    default:
        return diagnostics_fail(handle, "HY092", "There is no statement attribute %d", (int)attribute);
    }
}

static SQLRETURN get_descriptor_field(struct odbc_statement *statement, enum descriptor_role role, SQLSMALLINT field, SQLPOINTER value)
{
    const struct odbc_descriptor *content = descriptor_of(statement, role);

    switch (field) {
    case SQL_DESC_ARRAY_SIZE:
        *(SQLULEN *)value = content->array_size;
        break;
    case SQL_DESC_ARRAY_STATUS_PTR:
        *(SQLPOINTER *)value = content->array_status;
        break;
    case SQL_DESC_BIND_OFFSET_PTR:
        *(SQLPOINTER *)value = content->bind_offset;
        break;
    case SQL_DESC_BIND_TYPE:
        *(SQLULEN *)value = content->bind_type;
        break;
    default:
        *(SQLPOINTER *)value = content->rows_processed;
        break;
    }
    return SQL_SUCCESS;
}

static bool get_number(const struct odbc_statement *statement, SQLINTEGER attribute, SQLULEN *number)
{
    switch (attribute) {
    case SQL_ATTR_QUERY_TIMEOUT:
        *number = statement->query_timeout;
        return true;
    case SQL_ATTR_MAX_ROWS:
        *number = statement->max_rows;
        return true;
    case SQL_ATTR_MAX_LENGTH:
        *number = statement->max_length;
        return true;
    case SQL_ATTR_NOSCAN:
        *number = statement->noscan;
        return true;
    case SQL_ATTR_RETRIEVE_DATA:
        *number = statement->retrieve_data;
        return true;
    case SQL_ATTR_METADATA_ID:
        *number = statement->metadata_id;
        return true;
    case SQL_ROWSET_SIZE:
        *number = statement->rowset_size;
        return true;
    case SQL_ATTR_ROW_NUMBER:
    case SQL_GET_BOOKMARK: /* of ODBC 2: the bookmark of the row; ours are numbers of rows */
        *number = statement->cursor.at.first + statement->cursor.current - 1;
        return true;
    case SQL_ATTR_CURSOR_TYPE:
        *number = statement->cursor_type;
        return true;
    case SQL_ATTR_CONCURRENCY:
        *number = SQL_CONCUR_READ_ONLY;
        return true;
    case SQL_ATTR_SIMULATE_CURSOR:
        *number = SQL_SC_NON_UNIQUE;
        return true;
    case SQL_ATTR_CURSOR_SCROLLABLE:
        *number = cursor_scrolls(statement) ? SQL_SCROLLABLE : SQL_NONSCROLLABLE;
        return true;
    case SQL_ATTR_CURSOR_SENSITIVITY:
        *number = statement->sensitivity;
        return true;
    case SQL_ATTR_USE_BOOKMARKS:
        *number = statement->use_bookmarks;
        return true;
    case SQL_ATTR_ENABLE_AUTO_IPD:
        *number = statement->auto_ipd;
        return true;
    case SQL_ATTR_KEYSET_SIZE:
    case SQL_ATTR_ASYNC_ENABLE:
        *number = 0;
        return true;
    default:
        return false;
    }
}

SQLRETURN statement_get(struct odbc_statement *statement, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER *length)
{
    struct odbc_handle *handle = &statement->handle;
    enum descriptor_role role;
    SQLSMALLINT field;
    SQLULEN number;
    SQLPOINTER scratch;

    if (statement->needs_data)
        return diagnostics_fail(handle, "HY010", "SQLGetStmtAttr can not be called while parameter data is awaited");
    if (!value)
        value = &scratch;
    if (length)
        *length = sizeof(SQLULEN);
    if (descriptor_field(attribute, &role, &field))
        return get_descriptor_field(statement, role, field, value);
    switch (attribute) {
    case SQL_ATTR_APP_ROW_DESC:
        *(SQLHANDLE *)value = statement->ard;
        return SQL_SUCCESS;
    case SQL_ATTR_APP_PARAM_DESC:
        *(SQLHANDLE *)value = statement->apd;
        return SQL_SUCCESS;
    case SQL_ATTR_IMP_ROW_DESC:
        *(SQLHANDLE *)value = statement->ird;
        return SQL_SUCCESS;
    case SQL_ATTR_IMP_PARAM_DESC:
        *(SQLHANDLE *)value = statement->ipd;
        return SQL_SUCCESS;
    case SQL_ATTR_FETCH_BOOKMARK_PTR:
        *(SQLPOINTER *)value = statement->fetch_bookmark;
        return SQL_SUCCESS;
    default:
        break;
    }
    if (attribute == SQL_GET_BOOKMARK && statement->use_bookmarks == SQL_UB_OFF)
        return diagnostics_fail(handle, "HY024", "There are no bookmarks: SQL_ATTR_USE_BOOKMARKS is off");
    if ((attribute == SQL_ATTR_ROW_NUMBER || attribute == SQL_GET_BOOKMARK) && !statement->on_row)
        return diagnostics_fail(handle, "24000", "The cursor is not on a row");
    if (!get_number(statement, attribute, &number))
        return diagnostics_fail(handle, "HY092", "There is no statement attribute %d", (int)attribute);
    *(SQLULEN *)value = number;
    return SQL_SUCCESS;
}
