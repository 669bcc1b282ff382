/* Statement attributes: SQLSetStmtAttr, SQLGetStmtAttr. */
#include "chapter.h"

struct attribute {
    const char *rule;
    SQLINTEGER attribute;
    SQLULEN set;
    const char *state;
    SQLULEN then;
};

static const struct attribute attributes[] = {
    {"SQLSetStmtAttr: SQL_ATTR_QUERY_TIMEOUT keeps seconds", SQL_ATTR_QUERY_TIMEOUT, 30, "", 30},
    {"SQLSetStmtAttr: SQL_ATTR_QUERY_TIMEOUT 0 is no bound", SQL_ATTR_QUERY_TIMEOUT, 0, "", 0},
    {"SQLSetStmtAttr: SQL_ATTR_MAX_ROWS is kept", SQL_ATTR_MAX_ROWS, 7, "", 7},
    {"SQLSetStmtAttr: SQL_ATTR_MAX_LENGTH is kept", SQL_ATTR_MAX_LENGTH, 100, "", 100},
    {"SQLSetStmtAttr: SQL_ATTR_NOSCAN is kept", SQL_ATTR_NOSCAN, SQL_NOSCAN_ON, "", SQL_NOSCAN_ON},
    {"SQLSetStmtAttr: SQL_ATTR_RETRIEVE_DATA is kept", SQL_ATTR_RETRIEVE_DATA, SQL_RD_OFF, "", SQL_RD_OFF},
    {"SQLSetStmtAttr: SQL_ATTR_METADATA_ID is kept", SQL_ATTR_METADATA_ID, SQL_TRUE, "", SQL_TRUE},
    {"SQLSetStmtAttr: SQL_ATTR_ROW_ARRAY_SIZE is kept", SQL_ATTR_ROW_ARRAY_SIZE, 50, "", 50},
    {"SQLSetStmtAttr: SQL_ATTR_ROW_ARRAY_SIZE 0 is HY024", SQL_ATTR_ROW_ARRAY_SIZE, 0, "HY024", 1},
    {"SQLSetStmtAttr: SQL_ATTR_ROW_BIND_TYPE is kept", SQL_ATTR_ROW_BIND_TYPE, 64, "", 64},
    {"SQLSetStmtAttr: SQL_ATTR_PARAM_BIND_TYPE is kept", SQL_ATTR_PARAM_BIND_TYPE, 64, "", 64},
    {"SQLSetStmtAttr: SQL_ATTR_PARAMSET_SIZE 0 is HY024", SQL_ATTR_PARAMSET_SIZE, 0, "HY024", 1},
    {"SQLSetStmtAttr: SQL_ATTR_CURSOR_TYPE forward-only is kept", SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY, "", SQL_CURSOR_FORWARD_ONLY},
    {"SQLSetStmtAttr: SQL_ATTR_CONCURRENCY read-only is kept", SQL_ATTR_CONCURRENCY, SQL_CONCUR_READ_ONLY, "", SQL_CONCUR_READ_ONLY},
    {"SQLSetStmtAttr: SQL_ATTR_CONCURRENCY SQL_CONCUR_LOCK is replaced: 01S02", SQL_ATTR_CONCURRENCY, SQL_CONCUR_LOCK, "01S02", SQL_CONCUR_READ_ONLY},
    {"SQLSetStmtAttr: SQL_ATTR_CONCURRENCY SQL_CONCUR_VALUES is replaced: 01S02", SQL_ATTR_CONCURRENCY, SQL_CONCUR_VALUES, "01S02", SQL_CONCUR_READ_ONLY},
    {"SQLSetStmtAttr: SQL_ATTR_CONCURRENCY SQL_CONCUR_ROWVER is replaced: 01S02", SQL_ATTR_CONCURRENCY, SQL_CONCUR_ROWVER, "01S02", SQL_CONCUR_READ_ONLY},
    {"SQLSetStmtAttr: SQL_ATTR_ASYNC_ENABLE on is HYC00", SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON, "HYC00", SQL_ASYNC_ENABLE_OFF},
    {"SQLSetStmtAttr: SQL_ATTR_CURSOR_SCROLLABLE non-scrollable succeeds", SQL_ATTR_CURSOR_SCROLLABLE, SQL_NONSCROLLABLE, "", SQL_NONSCROLLABLE},
    {"SQLSetStmtAttr: SQL_ATTR_USE_BOOKMARKS off succeeds", SQL_ATTR_USE_BOOKMARKS, SQL_UB_OFF, "", SQL_UB_OFF},
};

static void is_kept(struct session *session, const void *row)
{
    const struct attribute *attribute = row;
    SQLULEN value = 99;
    ON(SQL_HANDLE_STMT, session->stmt, SQLSetStmtAttr(session->stmt, attribute->attribute, number(attribute->set), SQL_IS_UINTEGER),
       !*attribute->state ? SQL_SUCCESS : *attribute->state == '0' ? SQL_SUCCESS_WITH_INFO : SQL_ERROR, attribute->state);
    OK(session, SQLGetStmtAttr(session->stmt, attribute->attribute, &value, 0, NULL));
    assert_int_equal(value, attribute->then);
}

struct bad_value {
    const char *rule;
    SQLINTEGER attribute;
    SQLULEN set;
};

static const struct bad_value bad_values[] = {
    {"SQLSetStmtAttr: SQL_ATTR_CURSOR_TYPE that does not exist is HY024", SQL_ATTR_CURSOR_TYPE, 77},
    {"SQLSetStmtAttr: SQL_ATTR_CONCURRENCY that does not exist is HY024", SQL_ATTR_CONCURRENCY, 77},
    {"SQLSetStmtAttr: SQL_ATTR_NOSCAN that does not exist is HY024", SQL_ATTR_NOSCAN, 77},
    {"SQLSetStmtAttr: SQL_ATTR_RETRIEVE_DATA that does not exist is HY024", SQL_ATTR_RETRIEVE_DATA, 77},
    {"SQLSetStmtAttr: SQL_ATTR_METADATA_ID that does not exist is HY024", SQL_ATTR_METADATA_ID, 77},
    {"SQLSetStmtAttr: SQL_ATTR_SIMULATE_CURSOR that does not exist is HY024", SQL_ATTR_SIMULATE_CURSOR, 77},
    {"SQLSetStmtAttr: SQL_ATTR_CURSOR_SENSITIVITY that does not exist is HY024", SQL_ATTR_CURSOR_SENSITIVITY, 77},
    {"SQLSetStmtAttr: SQL_ATTR_CURSOR_SCROLLABLE that does not exist is HY024", SQL_ATTR_CURSOR_SCROLLABLE, 77},
    {"SQLSetStmtAttr: SQL_ATTR_USE_BOOKMARKS that does not exist is HY024", SQL_ATTR_USE_BOOKMARKS, 77},
    {"SQLSetStmtAttr: SQL_ATTR_ASYNC_ENABLE that does not exist is HY024", SQL_ATTR_ASYNC_ENABLE, 77},
};

static void is_refused(struct session *session, const void *row)
{
    const struct bad_value *bad = row;
    FAILS(session, SQLSetStmtAttr(session->stmt, bad->attribute, number(bad->set), SQL_IS_UINTEGER), "HY024");
}

struct of_cursor {
    const char *rule;
    SQLINTEGER attribute;
    SQLULEN set;
};

static const struct of_cursor of_cursors[] = {
    {"SQLSetStmtAttr: SQL_ATTR_CURSOR_TYPE with an open cursor is 24000", SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY},
    {"SQLSetStmtAttr: SQL_ATTR_CONCURRENCY with an open cursor is 24000", SQL_ATTR_CONCURRENCY, SQL_CONCUR_READ_ONLY},
    {"SQLSetStmtAttr: SQL_ATTR_SIMULATE_CURSOR with an open cursor is 24000", SQL_ATTR_SIMULATE_CURSOR, SQL_SC_NON_UNIQUE},
    {"SQLSetStmtAttr: SQL_ATTR_USE_BOOKMARKS with an open cursor is 24000", SQL_ATTR_USE_BOOKMARKS, SQL_UB_OFF},
    {"SQLSetStmtAttr: SQL_ATTR_CURSOR_SCROLLABLE with an open cursor is 24000", SQL_ATTR_CURSOR_SCROLLABLE, SQL_NONSCROLLABLE},
    {"SQLSetStmtAttr: SQL_ATTR_CURSOR_SENSITIVITY with an open cursor is 24000", SQL_ATTR_CURSOR_SENSITIVITY, SQL_UNSPECIFIED},
};

static void is_fixed_while_open(struct session *session, const void *row)
{
    const struct of_cursor *of = row;
    first_row(session, "SELECT Id FROM Users");
    FAILS(session, SQLSetStmtAttr(session->stmt, of->attribute, number(of->set), 0), "24000");
    OK(session, SQLCloseCursor(session->stmt));
    OK(session, SQLSetStmtAttr(session->stmt, of->attribute, number(of->set), 0));
}

/* --- what cursor attributes say of each other ----------------------------------------------------------------------------------- */

struct interplay {
    const char *rule;
    struct { SQLINTEGER attribute; SQLULEN value; const char *state; } set[2];
    SQLULEN type, scrollable, sensitivity;
};

#define TYPE SQL_ATTR_CURSOR_TYPE
#define SCROLLABLE SQL_ATTR_CURSOR_SCROLLABLE
#define SENSITIVITY SQL_ATTR_CURSOR_SENSITIVITY
#define CONCURRENCY SQL_ATTR_CONCURRENCY

static const struct interplay interplays[] = {
    {"SQLGetStmtAttr: a cursor is forward-only, not scrollable and of unspecified sensitivity at first", {{0, 0, ""}}, SQL_CURSOR_FORWARD_ONLY, SQL_NONSCROLLABLE, SQL_UNSPECIFIED},
    {"SQLSetStmtAttr: SQL_CURSOR_STATIC is scrollable and, being read-only, insensitive", {{TYPE, SQL_CURSOR_STATIC, ""}}, SQL_CURSOR_STATIC, SQL_SCROLLABLE, SQL_INSENSITIVE},
    {"SQLSetStmtAttr: SQL_CURSOR_KEYSET_DRIVEN becomes static: 01S02", {{TYPE, SQL_CURSOR_KEYSET_DRIVEN, "01S02"}}, SQL_CURSOR_STATIC, SQL_SCROLLABLE, SQL_INSENSITIVE},
    {"SQLSetStmtAttr: SQL_CURSOR_DYNAMIC becomes static: 01S02", {{TYPE, SQL_CURSOR_DYNAMIC, "01S02"}}, SQL_CURSOR_STATIC, SQL_SCROLLABLE, SQL_INSENSITIVE},
    {"SQLSetStmtAttr: SQL_CURSOR_FORWARD_ONLY is not scrollable and leaves the sensitivity", {{TYPE, SQL_CURSOR_STATIC, ""}, {TYPE, SQL_CURSOR_FORWARD_ONLY, ""}}, SQL_CURSOR_FORWARD_ONLY, SQL_NONSCROLLABLE, SQL_INSENSITIVE},
    {"SQLSetStmtAttr: SQL_SCROLLABLE makes the cursor static", {{SCROLLABLE, SQL_SCROLLABLE, ""}}, SQL_CURSOR_STATIC, SQL_SCROLLABLE, SQL_INSENSITIVE},
    {"SQLSetStmtAttr: SQL_NONSCROLLABLE makes the cursor forward-only", {{TYPE, SQL_CURSOR_STATIC, ""}, {SCROLLABLE, SQL_NONSCROLLABLE, ""}}, SQL_CURSOR_FORWARD_ONLY, SQL_NONSCROLLABLE, SQL_INSENSITIVE},
    {"SQLSetStmtAttr: SQL_INSENSITIVE makes the cursor static", {{SENSITIVITY, SQL_INSENSITIVE, ""}}, SQL_CURSOR_STATIC, SQL_SCROLLABLE, SQL_INSENSITIVE},
    {"SQLSetStmtAttr: SQL_INSENSITIVE reads back, also when the cursor is made forward-only", {{SENSITIVITY, SQL_INSENSITIVE, ""}, {TYPE, SQL_CURSOR_FORWARD_ONLY, ""}}, SQL_CURSOR_FORWARD_ONLY, SQL_NONSCROLLABLE, SQL_INSENSITIVE},
    {"SQLSetStmtAttr: SQL_UNSPECIFIED reads back and leaves the cursor static", {{TYPE, SQL_CURSOR_STATIC, ""}, {SENSITIVITY, SQL_UNSPECIFIED, ""}}, SQL_CURSOR_STATIC, SQL_SCROLLABLE, SQL_UNSPECIFIED},
    {"SQLSetStmtAttr: SQL_SENSITIVE is HYC00 and changes nothing", {{SENSITIVITY, SQL_SENSITIVE, "HYC00"}}, SQL_CURSOR_FORWARD_ONLY, SQL_NONSCROLLABLE, SQL_UNSPECIFIED},
    {"SQLSetStmtAttr: SQL_CONCUR_READ_ONLY makes the cursor insensitive", {{CONCURRENCY, SQL_CONCUR_READ_ONLY, ""}}, SQL_CURSOR_FORWARD_ONLY, SQL_NONSCROLLABLE, SQL_INSENSITIVE},
    {"SQLSetStmtAttr: SQL_CONCUR_LOCK becomes read-only: 01S02", {{CONCURRENCY, SQL_CONCUR_LOCK, "01S02"}}, SQL_CURSOR_FORWARD_ONLY, SQL_NONSCROLLABLE, SQL_INSENSITIVE},
    {"SQLSetStmtAttr: SQL_ATTR_KEYSET_SIZE becomes 0: 01S02", {{SQL_ATTR_KEYSET_SIZE, 10, "01S02"}}, SQL_CURSOR_FORWARD_ONLY, SQL_NONSCROLLABLE, SQL_UNSPECIFIED},
};

static SQLULEN read(struct session *session, SQLINTEGER attribute)
{
    SQLULEN value = 77;
    OK(session, SQLGetStmtAttr(session->stmt, attribute, &value, 0, NULL));
    return value;
}

static void is_played(struct session *session, const void *row)
{
    const struct interplay *play = row;
    for (int i = 0; i < 2 && play->set[i].attribute; i++) {
        const char *state = play->set[i].state;
        ON(SQL_HANDLE_STMT, session->stmt, SQLSetStmtAttr(session->stmt, play->set[i].attribute, number(play->set[i].value), 0),
           !*state ? SQL_SUCCESS : *state == '0' ? SQL_SUCCESS_WITH_INFO : SQL_ERROR, state);
    }
    assert_int_equal(read(session, TYPE), play->type);
    assert_int_equal(read(session, SCROLLABLE), play->scrollable);
    assert_int_equal(read(session, SENSITIVITY), play->sensitivity);
    assert_int_equal(read(session, CONCURRENCY), SQL_CONCUR_READ_ONLY);
    assert_int_equal(read(session, SQL_ATTR_KEYSET_SIZE), 0);
}

struct pointer {
    const char *rule;
    SQLINTEGER attribute;
};

static const struct pointer pointers[] = {
    {"SQLSetStmtAttr: SQL_ATTR_ROW_STATUS_PTR is kept", SQL_ATTR_ROW_STATUS_PTR},
    {"SQLSetStmtAttr: SQL_ATTR_ROWS_FETCHED_PTR is kept", SQL_ATTR_ROWS_FETCHED_PTR},
    {"SQLSetStmtAttr: SQL_ATTR_ROW_BIND_OFFSET_PTR is kept", SQL_ATTR_ROW_BIND_OFFSET_PTR},
    {"SQLSetStmtAttr: SQL_ATTR_ROW_OPERATION_PTR is kept", SQL_ATTR_ROW_OPERATION_PTR},
    {"SQLSetStmtAttr: SQL_ATTR_PARAM_STATUS_PTR is kept", SQL_ATTR_PARAM_STATUS_PTR},
    {"SQLSetStmtAttr: SQL_ATTR_PARAMS_PROCESSED_PTR is kept", SQL_ATTR_PARAMS_PROCESSED_PTR},
    {"SQLSetStmtAttr: SQL_ATTR_PARAM_BIND_OFFSET_PTR is kept", SQL_ATTR_PARAM_BIND_OFFSET_PTR},
    {"SQLSetStmtAttr: SQL_ATTR_PARAM_OPERATION_PTR is kept", SQL_ATTR_PARAM_OPERATION_PTR},
};

static void pointer_is_kept(struct session *session, const void *row)
{
    SQLINTEGER attribute = ((const struct pointer *)row)->attribute;
    SQLULEN place[4] = {0};
    SQLPOINTER now = NULL;
    OK(session, SQLSetStmtAttr(session->stmt, attribute, place, 0));
    OK(session, SQLGetStmtAttr(session->stmt, attribute, &now, 0, NULL));
    assert_ptr_equal(now, place);
    OK(session, SQLSetStmtAttr(session->stmt, attribute, NULL, 0));
}

static const SQLSMALLINT implicit[] = {SQL_ATTR_APP_ROW_DESC, SQL_ATTR_APP_PARAM_DESC, SQL_ATTR_IMP_ROW_DESC, SQL_ATTR_IMP_PARAM_DESC};

static void four_descriptors(struct session *session)
{
    SQLHDESC found[4] = {0};
    OK(session, SQLPrepare(session->stmt, text("SELECT 1"), SQL_NTS)); /* else the driver manager refuses the IRD */
    for (int i = 0; i < 4; i++) {
        SQLSMALLINT alloc = 0;
        OK(session, SQLGetStmtAttr(session->stmt, implicit[i], &found[i], 0, NULL));
        assert_non_null(found[i]);
        DESC_OK(found[i], SQLGetDescField(found[i], 0, SQL_DESC_ALLOC_TYPE, &alloc, 0, NULL));
        assert_int_equal(alloc, SQL_DESC_ALLOC_AUTO);
        for (int j = 0; j < i; j++)
            assert_ptr_not_equal(found[i], found[j]);
    }
}

static void implementation_descriptors_stay(struct session *session)
{
    SQLHDESC ird = NULL;
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_IMP_ROW_DESC, &ird, 0, NULL));
    FAILS(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_IMP_ROW_DESC, ird, 0), "HY017");
    FAILS(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_IMP_PARAM_DESC, ird, 0), "HY017");
}

static void implicit_of_another(struct session *session)
{
    SQLHSTMT other = NULL;
    SQLHDESC ard = NULL;
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &other));
    assert_int_equal(SQLGetStmtAttr(other, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL), SQL_SUCCESS);
    FAILS(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, ard, 0), "HY017");
    SQLFreeHandle(SQL_HANDLE_STMT, other);
}

static void no_such_attribute(struct session *session)
{
    SQLULEN value = 0;
    FAILS(session, SQLSetStmtAttr(session->stmt, 4711, number(1), 0), "HY092");
    FAILS(session, SQLGetStmtAttr(session->stmt, 4711, &value, 0, NULL), "HY092");
    FAILS(session, SQLSetStmtAttr(session->stmt, 1228, number(1), 0), "HY092");
}

static void row_number_without_row(struct session *session)
{
    SQLULEN row = 0;
    FAILS(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_ROW_NUMBER, &row, 0, NULL), "24000");
    FAILS(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_ROW_NUMBER, number(1), 0), "HY092");
}

static void row_number_counts(struct session *session)
{
    SQLULEN row = 0;
    first_row(session, "SELECT Id FROM Users");
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_ROW_NUMBER, &row, 0, NULL));
    assert_int_equal(row, 1);
    OK(session, SQLFetch(session->stmt));
    OK(session, SQLGetStmtAttr(session->stmt, SQL_ATTR_ROW_NUMBER, &row, 0, NULL));
    assert_int_equal(row, 2);
}

static void max_rows_bounds(struct session *session)
{
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_MAX_ROWS, number(3), 0));
    query(session, "SELECT Id FROM Users");
    assert_int_equal(count_rows(session), 3);
}

static void max_length_cuts(struct session *session)
{
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_MAX_LENGTH, number(3), 0));
    first_row(session, "SELECT 'abcdef'");
    assert_string_equal(cell(session, 1), "abc");
}

static void retrieve_data_off(struct session *session)
{
    SQLINTEGER id = 7;
    SQLLEN length = 7;
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_RETRIEVE_DATA, number(SQL_RD_OFF), 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &id, 0, &length));
    first_row(session, "SELECT 42");
    assert_int_equal(id, 7);
    assert_int_equal(length, 7);
}

static void own_descriptor_serves(struct session *session)
{
    SQLHDESC own = NULL;
    SQLINTEGER value = 0;
    DBC_OK(session->dbc, SQLAllocHandle(SQL_HANDLE_DESC, session->dbc, &own));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, own, 0));
    OK(session, SQLBindCol(session->stmt, 1, SQL_C_SLONG, &value, 0, NULL));
    first_row(session, "SELECT 42");
    assert_int_equal(value, 42);
    OK(session, SQLCloseCursor(session->stmt));
    OK(session, SQLSetStmtAttr(session->stmt, SQL_ATTR_APP_ROW_DESC, SQL_NULL_HDESC, 0));
    value = 0;
    first_row(session, "SELECT 43");
    assert_int_equal(value, 0);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DESC, own), SQL_SUCCESS);
}

static const struct rule rules[] = {
    {"SQLGetStmtAttr: a statement has four descriptors of its own, allocated automatically", four_descriptors},
    {"SQLSetStmtAttr: implementation descriptors can not be set: HY017", implementation_descriptors_stay},
    {"SQLSetStmtAttr: the implicit descriptor of another statement is HY017", implicit_of_another},
    {"SQLSetStmtAttr: an attribute that does not exist, or is of another driver, is HY092", no_such_attribute},
    {"SQLGetStmtAttr: SQL_ATTR_ROW_NUMBER without a row is 24000; it can not be set: HY092", row_number_without_row},
    {"SQLGetStmtAttr: SQL_ATTR_ROW_NUMBER counts the rows from 1", row_number_counts},
    {"SQLSetStmtAttr: SQL_ATTR_MAX_ROWS bounds a result", max_rows_bounds},
    {"SQLSetStmtAttr: SQL_ATTR_MAX_LENGTH cuts texts without a warning", max_length_cuts},
    {"SQLSetStmtAttr: SQL_ATTR_RETRIEVE_DATA off moves without filling buffers", retrieve_data_off},
    {"SQLSetStmtAttr: SQL_ATTR_APP_ROW_DESC takes the bindings; SQL_NULL_HDESC gives back the implicit ones", own_descriptor_serves},
};

int main(void)
{
    EACH(is_kept, attributes);
    EACH(is_refused, bad_values);
    EACH(is_fixed_while_open, of_cursors);
    EACH(is_played, interplays);
    EACH(pointer_is_kept, pointers);
    RULES(rules);
    return chapter_run("statement attributes");
}
