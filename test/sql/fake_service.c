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

struct statement *fake_prepare(const char *text, struct arena *arena)
{
    struct statement *statement = NULL;
    struct error err = {0};

    if (!statement_prepare(text, strlen(text), NULL, 0, &fake_service, arena, &statement, &err))
        fail_msg("%s: %s %s", text, err.sqlstate, err.message);
    return statement;
}

void fake_refuse(const char *text, struct error *err)
{
    struct statement *statement = NULL;
    struct arena arena = {0};

    *err = (struct error){0};
    if (statement_prepare(text, strlen(text), NULL, 0, &fake_service, &arena, &statement, err))
        fail_msg("not refused: %s", text);
    arena_clear(&arena);
}
