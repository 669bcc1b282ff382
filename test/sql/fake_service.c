#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "fake_service.h"

static struct service changeable;

#define TYPE(k) {.kind = k}
#define STRING(n) {TYPE_STRING, n, 0}
#define DECIMAL(p, s) {TYPE_DECIMAL, p, s}

static const struct column user_columns[] = {
    {.name = "Id", .type = TYPE(TYPE_BIGINT), .key = true},
    {.name = "Name", .type = STRING(100)},
    {.name = "Active", .type = TYPE(TYPE_BOOLEAN)},
    {.name = "Email", .type = STRING(200), .nullable = true},
    {.name = "PayRate", .type = DECIMAL(10, 2), .nullable = true},
    {.name = "GroupId", .type = TYPE(TYPE_INTEGER), .nullable = true},
    {.name = "Created", .type = TYPE(TYPE_TIMESTAMP), .nullable = true},
    {.name = "Token", .type = TYPE(TYPE_GUID), .nullable = true},
    {.name = "Settings", .type = TYPE(TYPE_JSON), .nullable = true},
    {.name = "Photo", .type = TYPE(TYPE_BINARY), .nullable = true},
};

static const struct column timesheet_columns[] = {
    {.name = "Id", .type = TYPE(TYPE_BIGINT), .key = true},
    {.name = "UserId", .type = TYPE(TYPE_BIGINT)},
    {.name = "Date", .type = TYPE(TYPE_DATE)},
    {.name = "Start", .type = {TYPE_TIMESTAMP, 0, 3}, .nullable = true},
    {.name = "End", .type = {TYPE_TIMESTAMP, 0, 3}, .nullable = true},
    {.name = "At", .type = TYPE(TYPE_TIME), .nullable = true},
    {.name = "Duration", .type = TYPE(TYPE_INTEGER)},
    {.name = "Rate", .type = DECIMAL(12, 4), .nullable = true},
    {.name = "Distance", .type = TYPE(TYPE_DOUBLE), .nullable = true},
    {.name = "Notes", .type = STRING(0), .nullable = true},
    {.name = "Billable", .type = TYPE(TYPE_BOOLEAN), .nullable = true},
    {.name = "ModifiedSince", .type = TYPE(TYPE_TIMESTAMP), .nullable = true, .pseudo = true},
};

static const struct column group_columns[] = {
    {.name = "GroupId", .type = TYPE(TYPE_INTEGER), .key = true},
    {.name = "Title", .type = STRING(50)},
};

static const struct column odd_columns[] = {
    {.name = "a \"quoted\" name", .type = TYPE(TYPE_INTEGER)},
    {.name = "Größe", .type = STRING(10), .nullable = true},
};

static const struct table groups = {.name = "Groups", .service = &changeable, .columns = group_columns, .column_count = 2};
static const struct table odd = {.name = "Odd Table", .service = &changeable, .columns = odd_columns, .column_count = 2};
static const struct table timesheets = {.name = "Timesheets", .service = &changeable, .columns = timesheet_columns, .column_count = 12};
static const struct table users = {.name = "Users", .service = &changeable, .columns = user_columns, .column_count = 10};

static const struct table *const tables[] = {&groups, &odd, &timesheets, &users};

static const struct procedure_input token_inputs[] = {
    {.name = "AuthMode", .type = STRING(10), .standard = "APP"},
    {.name = "Verifier", .type = STRING(0)},
    {.name = "CallbackUrl", .type = STRING(0)},
};

static const struct procedure_input move_inputs[] = {
    {.name = "Id", .type = TYPE(TYPE_BIGINT), .required = true},
    {.name = "To", .type = TYPE(TYPE_DATE), .required = true},
    {.name = "Notify", .type = TYPE(TYPE_BOOLEAN), .standard = "true"},
};

static const struct procedure_output outputs[] = {
    {.name = "Success", .type = TYPE(TYPE_BOOLEAN)},
    {.name = "Message", .type = STRING(0)},
};

static const struct procedure get_token = {.name = "GetOAuthAccessToken", .service = &changeable, .inputs = token_inputs,
                                           .input_count = 3, .outputs = outputs, .output_count = 2};
static const struct procedure move = {.name = "MoveTimesheet", .service = &changeable, .inputs = move_inputs, .input_count = 3,
                                      .outputs = outputs, .output_count = 1};
static const struct procedure *const procedures[] = {&get_token, &move};

const struct service fake_service = {
    .name = "Shop", .title = "Shop", .tables = tables, .table_count = 4, .procedures = procedures, .procedure_count = 2,
};

/* ---- With tables of one's own ---- */

static const struct column note_columns[] = {
    {.name = "Id", .type = TYPE(TYPE_BIGINT), .key = true, .automatic = true},
    {.name = "Text", .type = STRING(20)},
    {.name = "Price", .type = DECIMAL(10, 2), .nullable = true, .standard = "'1.50'"},
    {.name = "Count", .type = TYPE(TYPE_INTEGER), .nullable = true, .standard = "-5"},
    {.name = "Made", .type = {TYPE_TIMESTAMP, 0, 6}, .nullable = true, .standard = "CURRENT_TIMESTAMP"},
    {.name = "Day", .type = TYPE(TYPE_DATE), .nullable = true},
    {.name = "Done", .type = TYPE(TYPE_BOOLEAN), .nullable = true},
    {.name = "Bytes", .type = {TYPE_BINARY, 4, 0}, .nullable = true},
};
static const struct column tag_columns[] = {
    {.name = "Name", .type = STRING(0), .nullable = true},
    {.name = "NoteId", .type = TYPE(TYPE_BIGINT), .nullable = true},
};
static const struct column foreign_columns[] = {{.name = "x", .type = TYPE(TYPE_DOUBLE), .nullable = true, .standard = "abs(-1)"}};
static const int name_index[] = {0};
static const bool ascending[] = {false};
static const struct table_index tag_indexes[] = {{.name = "TagNames", .columns = name_index, .descending = ascending, .column_count = 1}};

static const struct table notes = {.name = "Notes", .place = PLACE_WORKSPACE, .columns = note_columns, .column_count = 8};
static const struct table tags = {.name = "#tags", .kind = TABLE_LOCAL_TEMPORARY, .place = PLACE_TEMPORARY, .columns = tag_columns,
                                  .column_count = 2, .indexes = tag_indexes, .index_count = 1};
static const struct table foreign = {.name = "Foreign", .place = PLACE_WORKSPACE, .columns = foreign_columns, .column_count = 1};
static const struct table local_users = {.name = "Users", .place = PLACE_WORKSPACE, .columns = tag_columns, .column_count = 2};
static const struct table active = {.name = "Active", .kind = TABLE_VIEW, .place = PLACE_SERVICE, .query = "SELECT Id, Name AS Who FROM Users WHERE Active"};
static const struct table busy = {.name = "Busy", .kind = TABLE_VIEW, .place = PLACE_WORKSPACE,
                                  .query = "SELECT a.Who, SUM(t.Duration) FROM Active a JOIN Timesheets t ON t.UserId = a.Id GROUP BY a.Who"};
static const struct table ring = {.name = "Ring", .kind = TABLE_VIEW, .place = PLACE_WORKSPACE, .query = "SELECT * FROM Round"};
static const struct table around = {.name = "Round", .kind = TABLE_VIEW, .place = PLACE_WORKSPACE, .query = "SELECT * FROM Ring"};
static const struct table broken = {.name = "Broken", .kind = TABLE_VIEW, .place = PLACE_WORKSPACE, .query = "SELECT Nmae FROM Users"};

static const struct table *const local_tables[] = {&tags, &active, &broken, &busy, &foreign, &groups, &notes, &odd, &ring, &around, &timesheets,
                                                   &users, &local_users};

const struct service fake_local_service = {
    .name = "Shop", .title = "Shop", .tables = local_tables, .table_count = 13, .procedures = procedures, .procedure_count = 2,
    .workspace = true,
};

struct statement *fake_local_prepare(const char *text, struct arena *arena)
{
    struct statement *statement = NULL;
    struct error err = {0};

    if (!statement_prepare(text, strlen(text), NULL, 0, NULL, &fake_local_service, false, arena, &statement, &err))
        fail_msg("%s: %s %s", text, err.sqlstate, err.message);
    return statement;
}

void fake_local_refuse(const char *text, struct error *err)
{
    struct statement *statement = NULL;
    struct arena arena = {0};

    *err = (struct error){0};
    if (statement_prepare(text, strlen(text), NULL, 0, NULL, &fake_local_service, false, &arena, &statement, err))
        fail_msg("not refused: %s", text);
    arena_clear(&arena);
}

struct statement *fake_prepare(const char *text, struct arena *arena)
{
    struct statement *statement = NULL;
    struct error err = {0};

    if (!statement_prepare(text, strlen(text), NULL, 0, NULL, &fake_service, false, arena, &statement, &err))
        fail_msg("%s: %s %s", text, err.sqlstate, err.message);
    return statement;
}

void fake_refuse(const char *text, struct error *err)
{
    struct statement *statement = NULL;
    struct arena arena = {0};

    *err = (struct error){0};
    if (statement_prepare(text, strlen(text), NULL, 0, NULL, &fake_service, false, &arena, &statement, err))
        fail_msg("not refused: %s", text);
    arena_clear(&arena);
}
