/* Proves sql/parser_call.c and sql/bind_call.c: every way to call a procedure, and what is said of a wrong one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "fake_service.h"

/* "5 2024-01-05 1", "?1 NULL …": the arguments in the order of the declared inputs. */
static void describe(const struct statement *statement, char *out)
{
    *out = '\0';
    for (size_t i = 0; i < statement->procedure->input_count; i++) {
        const struct call_argument *argument = &statement->arguments[i];
        char scratch[VALUE_SCRATCH];
        size_t length;
        if (i)
            strcat(out, " ");
        if (argument->parameter >= 0)
            sprintf(out + strlen(out), "?%d", argument->parameter + 1);
        else if (value_is_null(&argument->value))
            strcat(out, "NULL");
        else
            strcat(out, value_as_text(&argument->value, scratch, &length));
    }
}

static void brings_arguments_to_their_inputs(void **state)
{
    static const struct { const char *text, *arguments; } cases[] = {
        {"CALL MoveTimesheet(5, '2024-01-05', FALSE)", "5 2024-01-05 0"},
        {"call MoveTimesheet(5, {d '2024-01-05'});", "5 2024-01-05 1"},
        {"{call MoveTimesheet(?, ?)}", "?1 ?2 1"},
        {"{ call MoveTimesheet ( ? , ? , ? ) }", "?1 ?2 ?3"},
        {"{? = call MoveTimesheet(?, '2024-01-05')}", "?2 2024-01-05 1"},
        {"EXEC MoveTimesheet 5, '2024-01-05'", "5 2024-01-05 1"},
        {"EXECUTE MoveTimesheet @To = '2024-01-05', @Id = '7'", "7 2024-01-05 1"},
        {"EXEC MoveTimesheet To = ?, Id = -5, Notify = NULL", "-5 ?1 NULL"},
        {"CALL MoveTimesheet(To => '2024-01-05', Id => 5)", "5 2024-01-05 1"},
        {"CALL MoveTimesheet(5, \"To\" = '2024-01-05 00:00:00', notify = DEFAULT)", "5 2024-01-05 1"},
        {"CALL \"Shop\".\"Shop\".\"MoveTimesheet\"(5, DATE '2024-01-05')", "5 2024-01-05 1"},
        {"EXEC GetOAuthAccessToken", "APP NULL NULL"},
        {"CALL GetOAuthAccessToken", "APP NULL NULL"},
        {"CALL GetOAuthAccessToken()", "APP NULL NULL"},
        {"{call GetOAuthAccessToken}", "APP NULL NULL"},
        {"EXEC GetOAuthAccessToken AuthMode = 'WEB', Verifier = 'it''s'", "WEB it's NULL"},
        {"EXEC GetOAuthAccessToken DEFAULT, 12", "APP 12 NULL"},
    };
    char found[256];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct statement *statement = fake_prepare(cases[i].text, &arena);
        assert_int_equal(statement->kind, STATEMENT_CALL);
        describe(statement, found);
        if (strcmp(found, cases[i].arguments) != 0)
            fail_msg("%s: %s, not %s", cases[i].text, found, cases[i].arguments);
        arena_clear(&arena);
    }
}

static void describes_columns_and_parameters(void **state)
{
    struct arena arena = {0};
    (void)state;
    struct statement *statement = fake_prepare("{? = call MoveTimesheet(?, ?, ?)}", &arena);
    assert_int_equal(statement->column_count, 1);
    assert_string_equal(statement->columns[0].label, "Success");
    assert_int_equal(statement->columns[0].type.kind, TYPE_BOOLEAN);
    assert_int_equal(statement->parameter_count, 4);
    assert_true(statement->parameters[0].output);
    assert_int_equal(statement->parameters[0].type.kind, TYPE_INTEGER);
    assert_false(statement->parameters[1].output);
    assert_int_equal(statement->parameters[1].type.kind, TYPE_BIGINT);
    assert_int_equal(statement->parameters[1].nullable, NULLABLE_NO);
    assert_int_equal(statement->parameters[2].type.kind, TYPE_DATE);
    assert_int_equal(statement->parameters[3].type.kind, TYPE_BOOLEAN);
    assert_int_equal(statement->parameters[3].nullable, NULLABLE_YES);
    arena_clear(&arena);
}

static void says_what_is_wrong_with_a_call(void **state)
{
    static const struct { const char *text, *sqlstate, *message; } cases[] = {
        {"CALL MoveTimesheets(1)", "42000", "There is no procedure MoveTimesheets in Shop; did you mean MoveTimesheet?"},
        {"CALL Other.MoveTimesheet(1)", "42000", "no catalog or schema Other"},
        {"CALL MoveTimesheet(5)", "42000", "MoveTimesheet needs the input To"},
        {"CALL MoveTimesheet(NULL, '2024-01-05')", "42000", "MoveTimesheet needs the input Id"},
        {"EXEC MoveTimesheet @Id = ?, @To = DEFAULT", "42000", "needs the input To"},
        {"CALL MoveTimesheet(1, '2024-01-01', 1, 2)", "42000", "takes 3 arguments, but more are given (line 1, column 40)"},
        {"CALL MoveTimesheet(Idd = 1)", "42000", "has no input Idd; did you mean Id? (line 1, column 20)"},
        {"CALL MoveTimesheet(Id = 1, Id = 2)", "42000", "The input Id is given twice"},
        {"CALL MoveTimesheet(1, Id = 2)", "42000", "The input Id is given twice"},
        {"CALL MoveTimesheet(Id = 1, '2024-01-01')", "42000", "can not follow one with a name"},
        {"CALL MoveTimesheet(1, 'soon')", "22007", "The input To: \"soon\" is not a value of type date (line 1, column 23)"},
        {"CALL MoveTimesheet('x', '2024-01-05')", "22018", "The input Id"},
        {"EXEC GetOAuthAccessToken AuthMode = 'far too long'", "22001", "The input AuthMode"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        fake_refuse(cases[i].text, &err);
        if (strcmp(err.sqlstate, cases[i].sqlstate) != 0 || !strstr(err.message, cases[i].message))
            fail_msg("%s: %s %s", cases[i].text, err.sqlstate, err.message);
    }
}

static void stands_among_other_statements(void **state)
{
    static const char text[] = ";SELECT Id FROM Users WHERE Name = ?;{? = call MoveTimesheet(?, ?)}; ;EXEC GetOAuthAccessToken Verifier = ?; SELECT ?";
    struct arena arena = {0};
    char arguments[200];
    (void)state;

    struct statement *select = fake_prepare(text, &arena), *move = select->next, *token = move->next, *last = token->next;
    assert_null(last->next);
    assert_int_equal(select->kind, STATEMENT_SELECT);
    assert_string_equal(select->engine_sql, "SELECT \"t1\".\"Id\" FROM \"main\".\"Users\" AS \"t1\" WHERE \"t1\".\"Name\" = ?1");
    assert_int_equal(select->table_count, 1);
    assert_string_equal(last->engine_sql, "SELECT ?6");
    assert_int_equal(last->table_count, 0);
    describe(move, arguments);
    assert_string_equal(arguments, "?3 ?4 1");
    describe(token, arguments);
    assert_string_equal(arguments, "APP ?5 NULL");
    assert_string_equal(move->columns[0].label, "Success");

    static const enum type_kind kinds[] = {TYPE_STRING, TYPE_INTEGER, TYPE_BIGINT, TYPE_DATE, TYPE_STRING, TYPE_STRING};
    for (const struct statement *one = select; one; one = one->next) {
        assert_int_equal(one->parameter_count, 6);
        for (size_t i = 0; i < 6; i++) {
            assert_int_equal(one->parameters[i].type.kind, kinds[i]);
            assert_int_equal(one->parameters[i].output, i == 1);
        }
    }
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brings_arguments_to_their_inputs), cmocka_unit_test(describes_columns_and_parameters),
        cmocka_unit_test(says_what_is_wrong_with_a_call), cmocka_unit_test(stands_among_other_statements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
