/* Proves engine/query.c, call.c, engine.c and cell.c: executions one after another, interleaved and from several threads;
 * bounds, bindings, cancels, failures at every point; values in their canonical form. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "engine/state.h"
#include "run.h"

static struct query *opened(struct run *run, const char *sql, const char *types, size_t parameters)
{
    struct query *query = NULL;
    if (!query_open(run->engine, run_statement(run, sql, types, parameters), &run->cancel, &query, &run->err))
        fail_msg("%s: %s", run->err.sqlstate, run->err.message);
    return query;
}

static void bind_integer(struct query *query, size_t parameter, int64_t integer)
{
    struct value value = value_integer(integer);
    struct error err = {0};
    assert_true(query_bind(query, parameter, &value, &err));
}

static const char *next(struct query *query)
{
    static char text[64];
    struct error err = {0};
    struct value value;
    char scratch[VALUE_SCRATCH];
    size_t length;
    bool row;

    assert_true(query_step(query, &row, &err));
    if (!row)
        return "end";
    assert_true(query_value(query, 0, &value, &err));
    const char *shown = value_as_text(&value, scratch, &length);
    snprintf(text, sizeof text, "%.*s", (int)length, shown);
    return text;
}

static void start(struct query *query)
{
    struct error err = {0};
    if (!query_execute(query, 0, &err))
        fail_msg("%s: %s", err.sqlstate, err.message);
}

static void runs_again_with_new_bindings(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    struct query *query = opened(&run, "SELECT \"Name\" FROM \"Users\" WHERE \"Id\" = ?1 OR \"Name\" = ?2", "string", 2);
    assert_string_equal(run_rows(&run, query, 0), "");
    bind_integer(query, 0, 3);
    assert_string_equal(run_rows(&run, query, 0), "Carol");
    struct value name = value_text("Bob", 3);
    assert_true(query_bind(query, 1, &name, &run.err));
    assert_string_equal(run_rows(&run, query, 0), "Carol;Bob");
    assert_string_equal(run_rows(&run, query, 0), "Carol;Bob");
    name = value_null();
    assert_true(query_bind(query, 1, &name, &run.err));
    assert_string_equal(run_rows(&run, query, 0), "Carol");
    assert_false(query_bind(query, 2, &name, &run.err));
    assert_string_equal(run.err.sqlstate, "07009");
    query_close(query);

    buffer_reset(&run.fake.log);
    query = opened(&run, "SELECT \"Name\" FROM \"Users\" WHERE \"Id\" IN (?1,?2) LIMIT ?3 OFFSET ?4", "string", 4);
    bind_integer(query, 0, 1);
    bind_integer(query, 2, 5);
    assert_string_equal(run_rows(&run, query, 0), "error 22018"); /* OFFSET NULL */
    bind_integer(query, 3, 0);
    assert_string_equal(run_rows(&run, query, 0), "Ann");
    assert_string_equal(run_log(&run), "Users wanted=Id,Name Id.in(1) limit=5\n");
    query_close(query);
    run_clear(&run);
}

static void says_what_state_it_is_in(void **state)
{
    struct run run;
    struct value value;
    bool row;
    (void)state;

    run_init(&run, 0);
    struct query *query = opened(&run, "SELECT \"Id\" FROM \"Users\"", "bigint", 0);
    assert_false(query_step(query, &row, &run.err));
    assert_string_equal(run.err.sqlstate, "HY010");
    start(query);
    assert_string_equal(run_log(&run), ""); /* requests start with the first step */
    assert_false(query_value(query, 0, &value, &run.err));
    assert_string_equal(run.err.sqlstate, "24000");
    assert_string_equal(next(query), "1");
    assert_false(query_value(query, 1, &value, &run.err));
    assert_string_equal(run.err.sqlstate, "07009");
    for (int i = 2; i <= 6; i++)
        assert_int_equal(next(query)[0], '0' + i);
    assert_string_equal(next(query), "end");
    assert_int_equal(run.fake.opens, run.fake.closes); /* nothing stays open after the last row */
    assert_string_equal(next(query), "end");
    start(query);
    assert_string_equal(next(query), "1");
    start(query); /* without a reset */
    assert_string_equal(next(query), "1");
    query_reset(query);
    assert_int_equal(run.fake.opens, run.fake.closes);
    query_close(query);
    run_clear(&run);
}

static void interleaves(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    struct query *users = opened(&run, "SELECT \"Name\" FROM \"Users\" WHERE \"Id\" < ?1", "string", 1);
    struct query *sheets = opened(&run, "SELECT \"Id\" FROM \"Sheets\" ORDER BY \"Id\" DESC", "bigint", 0);
    bind_integer(users, 0, 4);
    start(users);
    assert_string_equal(next(users), "Ann");
    start(sheets);
    assert_string_equal(next(sheets), "105");
    assert_string_equal(next(users), "Bob");
    struct query *third = opened(&run, "SELECT \"Title\" FROM \"Items\" WHERE \"ParentId\" = 1", "string", 0);
    start(third);
    assert_string_equal(next(third), "pen");
    assert_string_equal(next(sheets), "104");
    query_close(third); /* unfinished */
    assert_string_equal(next(users), "Carol");
    assert_string_equal(next(users), "end");
    assert_string_equal(next(sheets), "103");
    query_close(sheets);
    query_close(users);
    assert_int_equal(run.fake.opens, run.fake.closes);
    run_clear(&run);
}

static void bounds_the_rows(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 4);
    assert_string_equal(run_sql(&run, "SELECT \"Id\" FROM \"Users\"", "bigint"), "1;2;3;4");
    assert_string_equal(run_log(&run), "Users wanted=Id limit=4\n");
    assert_string_equal(run_sql(&run, "SELECT \"Id\" FROM \"Users\" ORDER BY \"Id\" DESC", "bigint"), "6;5;4;3");
    assert_string_equal(run_log(&run), "Users wanted=Id order=Id- limit=4\n");
    assert_string_equal(run_sql(&run, "SELECT \"Id\" FROM \"Users\" ORDER BY \"Born\" DESC, \"Id\"", "bigint"), "4;1;5;2");
    assert_string_equal(run_log(&run), "Users wanted=Id,Born\n");
    assert_string_equal(run_sql(&run, "SELECT COUNT(*) FROM \"Users\"", "bigint"), "6");
    assert_string_equal(run_sql(&run, "SELECT \"Id\" FROM \"Users\" LIMIT 2", "bigint"), "1;2");
    assert_string_equal(run_sql(&run, "WITH w AS (SELECT \"Id\" FROM \"Sheets\") SELECT \"Id\" FROM w", "bigint"), "100;101;102;103");
    assert_string_equal(run_log(&run), "Sheets wanted=Id limit=4\n");
    assert_string_equal(run_sql(&run, "SELECT \"Id\", \"Id\" FROM \"Users\" WHERE \"Id\" > 1", "bigint bigint"), "2|2;3|3;4|4;5|5");

    struct query *query = opened(&run, "SELECT \"Id\" FROM \"Users\" WHERE \"Id\" IN (?1, 2, 3, 4, 5)", "bigint", 1);
    bind_integer(query, 0, 6);
    assert_string_equal(run_rows(&run, query, 2), "2;3"); /* the tighter bound wins */
    assert_string_equal(run_rows(&run, query, 0), "2;3;4;5");
    assert_string_equal(run_rows(&run, query, 9), "2;3;4;5");
    query_close(query);
    run_clear(&run);

    run_init(&run, 0);
    query = opened(&run, "SELECT \"Id\" FROM \"Users\"", "bigint", 0);
    assert_string_equal(run_rows(&run, query, 0), "1;2;3;4;5;6");
    buffer_reset(&run.fake.log);
    assert_string_equal(run_rows(&run, query, 3), "1;2;3");
    assert_string_equal(run_log(&run), "Users wanted=Id limit=3\n");
    assert_string_equal(run_rows(&run, query, 0), "1;2;3;4;5;6");
    query_close(query);
    run_clear(&run);
}

/* Every open and every fetch of a query fails once; each time its own cause is told, nothing stays open, and the same
 * query then runs. */
static void fails_at_every_point(void **state)
{
    static const char sql[] = "SELECT u.\"Name\", s.\"Id\" FROM \"Users\" u LEFT JOIN \"Sheets\" s ON s.\"UserId\" = u.\"Id\" "
                              "WHERE u.\"Id\" IN (SELECT \"UserId\" FROM \"Sheets\") ORDER BY s.\"Id\"";
    static const char rows[] = "Ann|100;Ann|101;Bob|102;Carol|103;Bob|104";
    struct run run;
    int failures = 0;
    (void)state;

    run_init(&run, 0);
    struct query *query = opened(&run, sql, "string bigint", 0);
    for (int kind = 0; kind < 2; kind++)
        for (int at = 1;; at++) {
            run.fake.opens = run.fake.nexts = run.fake.closes = 0;
            run.fake.fail_open = kind == 0 ? at : 0;
            run.fake.fail_next = kind == 1 ? at : 0;
            const char *result = run_rows(&run, query, 0);
            assert_int_equal(run.fake.closes, run.fake.opens - (kind == 0 && run.fake.opens >= at));
            if (strcmp(result, rows) == 0)
                break;
            failures++;
            assert_string_equal(result, "error 08S01");
            assert_int_equal(strncmp(run.err.message, "The fake ", 9), 0);
            run.fake.fail_open = run.fake.fail_next = 0;
            assert_string_equal(run_rows(&run, query, 0), rows);
        }
    assert_in_range(failures, 8, 100);
    query_close(query);
    run_clear(&run);
}

static void stays_ended_after_a_failure(void **state)
{
    struct run run;
    bool row = true;
    (void)state;

    run_init(&run, 0);
    struct query *query = opened(&run, "SELECT \"Id\" FROM \"Users\"", "bigint", 0);
    run.fake.fail_next = 2;
    start(query);
    assert_string_equal(next(query), "1");
    assert_string_equal(next(query), "2");
    assert_false(query_step(query, &row, &run.err));
    assert_false(row);
    assert_string_equal(run.err.sqlstate, "08S01");
    assert_int_equal(run.fake.opens, run.fake.closes);
    assert_string_equal(next(query), "end");
    query_close(query);
    run_clear(&run);
}

static void cancel_ends_a_scan(void **state)
{
    struct run run;
    (void)state;

    run_init(&run, 0);
    struct query *query = opened(&run, "SELECT \"n\" FROM \"Big\"", "bigint", 0);
    run.fake.cancel_at_next = &run.cancel;
    assert_string_equal(run_rows(&run, query, 0), "error HY008");
    run.fake.cancel_at_next = NULL;
    cancel_reset(&run.cancel);
    assert_string_equal(run_rows(&run, query, 3), "0;1;2");
    query_close(query);
    assert_int_equal(run.fake.opens, run.fake.closes);
    run_clear(&run);
}

static void *cancel_soon(void *context)
{
    struct run *run = context;
    struct timespec pause = {.tv_nsec = 30000000};
    nanosleep(&pause, NULL);
    cancel_request(&run->cancel);
    return NULL;
}

/* Work that makes no request ends as well. */
static void cancel_and_deadline_end_local_work(void **state)
{
    static const char sql[] = "WITH RECURSIVE r(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM r) SELECT MAX(x) FROM r";
    struct run run;
    pthread_t thread;
    (void)state;

    run_init(&run, 0);
    struct query *query = opened(&run, sql, "bigint", 0);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &run), 0);
    assert_string_equal(run_rows(&run, query, 0), "error HY008");
    pthread_join(thread, NULL);
    cancel_reset(&run.cancel);
    run.cancel.deadline = clock_milliseconds() + 20;
    assert_string_equal(run_rows(&run, query, 0), "error HYT00");
    run.cancel.deadline = 0;
    query_close(query);
    assert_string_equal(run_sql(&run, "SELECT 1", "bigint"), "1");
    run_clear(&run);
}

static void *count_big(void *context)
{
    struct query *query = context;
    return (void *)(intptr_t)strcmp(next(query), "1000000");
}

struct long_work {
    struct query *query;
    struct error err;
};

static void *work_long(void *context)
{
    struct long_work *work = context;
    bool row;
    query_step(work->query, &row, &work->err);
    return NULL;
}

/* A statement that waits while another works can be cancelled all the same: the other one only ends afterwards. */
static void cancel_ends_the_wait_for_another(void **state)
{
    static const char sql[] = "WITH RECURSIVE r(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM r) SELECT MAX(x) FROM r";
    struct run run;
    struct cancel waiting_cancel;
    struct query *waiting;
    struct error err = {0};
    struct long_work work = {0};
    pthread_t thread;
    bool row = true;
    (void)state;

    run_init(&run, 0);
    cancel_init(&waiting_cancel);
    assert_true(query_open(run.engine, run_statement(&run, "SELECT \"n\" FROM \"Big\"", "bigint", 0), &waiting_cancel, &waiting, &err));
    work.query = opened(&run, sql, "bigint", 0);
    start(work.query);
    start(waiting);
    assert_int_equal(pthread_create(&thread, NULL, work_long, &work), 0);
    waiting_cancel.deadline = clock_milliseconds() + 50;
    while (query_step(waiting, &row, &err))
        assert_true(row);
    assert_string_equal(err.sqlstate, "HYT00");
    cancel_request(&run.cancel);
    pthread_join(thread, NULL);
    assert_string_equal(work.err.sqlstate, "HY008");
    query_close(waiting);
    query_close(work.query);
    cancel_clear(&waiting_cancel);
    run_clear(&run);
}

/* Another statement may wait for its service for ever: what is given up meanwhile does not wait with it, nor does looking up names. */
static void what_is_given_up_waits_for_no_other(void **state)
{
    static const char sql[] = "WITH RECURSIVE r(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM r) SELECT MAX(x) FROM r";
    struct run run;
    struct cancel own;
    struct query *given_up, *ended;
    const struct service *names;
    struct error err = {0};
    struct long_work work = {0};
    pthread_t thread;
    (void)state;

    run_init(&run, 0);
    cancel_init(&own);
    assert_true(query_open(run.engine, run_statement(&run, "SELECT 1", "bigint", 0), &own, &given_up, &err));
    assert_true(query_open(run.engine, run_statement(&run, "SELECT 2", "bigint", 0), &own, &ended, &err));
    start(ended);
    assert_string_equal(next(ended), "2");
    assert_string_equal(next(ended), "end");
    work.query = opened(&run, sql, "bigint", 0);
    start(work.query);
    assert_int_equal(pthread_create(&thread, NULL, work_long, &work), 0);
    while (pthread_mutex_trylock(&run.engine->lock) == 0) { /* until the other has it */
        pthread_mutex_unlock(&run.engine->lock);
        sched_yield();
    }
    query_close(given_up); /* each of these would wait for ever: the other works until the cancel below */
    query_reset(ended);
    query_close(ended);
    assert_true(engine_names(run.engine, &own, &names, &err));
    engine_names_release(names);
    assert_non_null(run.engine->given_up);
    cancel_request(&run.cancel);
    pthread_join(thread, NULL);
    assert_null(run.engine->given_up); /* who left the lock has freed them */
    assert_string_equal(work.err.sqlstate, "HY008");
    query_close(work.query);
    cancel_clear(&own);
    run_clear(&run);
}

static void runs_from_several_threads(void **state)
{
    enum { THREADS = 4 };
    struct run run;
    struct query *queries[THREADS];
    pthread_t threads[THREADS];
    void *differs;
    (void)state;

    run_init(&run, 0);
    for (int i = 0; i < THREADS; i++) {
        queries[i] = opened(&run, i % 2 ? "SELECT COUNT(\"n\") FROM \"Big\"" : "SELECT MAX(\"n\") + 1 FROM \"Big\"", "bigint", 0);
        start(queries[i]);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_big, queries[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &differs);
        assert_null(differs);
    }
    for (int i = 0; i < THREADS; i++)
        query_close(queries[i]);
    run_clear(&run);
}

static void gives_canonical_values(void **state)
{
    static const struct { const char *sql, *type, *result; } cases[] = {
        {"1", "double", "1"}, {"'12.5'", "double", "12.5"}, {"1.9", "integer", "1"}, {"'7.00'", "bigint", "7"}, {"5", "boolean", "1"},
        {"2147483648", "integer", "error 22003"}, {"1e300", "bigint", "error 22003"}, {"x'00'", "integer", "error HY000"}, {"'x'", "double", "error HY000"},
        {"5", "decimal(5,2)", "5.00"}, {"'1.5'", "decimal(5,2)", "1.50"}, {"'1.005'", "decimal(5,2)", "1.01"}, {"0.1", "decimal(5,2)", "0.10"},
        {"'1000'", "decimal(5,2)", "error 22003"}, {"'x'", "decimal(5,2)", "error HY000"}, {"x'00'", "decimal(5,2)", "error HY000"},
        {"'2024-01-01 10:00:00.123456'", "timestamp(3)", "2024-01-01 10:00:00.123"}, {"'2024-01-01 10:00:00.1009'", "timestamp(3)", "2024-01-01 10:00:00.1"},
        {"'2024-01-01 10:00:00.0009'", "timestamp(3)", "2024-01-01 10:00:00"}, {"'10:00:00.9'", "time", "10:00:00"},
        {"'2024-01-01'", "date", "2024-01-01"}, {"5", "date", "error HY000"}, {"'abc'", "binary", "616263"}, {"x'616263'", "binary", "616263"},
        {"5", "binary", "error HY000"}, {"0.5", "string", "0.5"}, {"NULL", "integer", "~"}, {"x''", "binary", ""}, {"x'61'", "string", "error HY000"},
    };
    struct run run;
    char sql[100];
    (void)state;

    run_init(&run, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(sql, sizeof sql, "SELECT %s", cases[i].sql);
        const char *result = run_sql(&run, sql, cases[i].type);
        if (strcmp(result, cases[i].result) != 0)
            fail_msg("%s as %s is %s, not %s", cases[i].sql, cases[i].type, result, cases[i].result);
    }
    run_clear(&run);
}

/* Storage, not only text: what the ODBC room relies on. */
static void gives_the_storage_of_the_type(void **state)
{
    struct run run;
    struct value value;
    bool row;
    (void)state;

    run_init(&run, 0);
    struct query *query = opened(&run, "SELECT 1, 2.0, ?1, \"Balance\" FROM \"Users\" WHERE \"Id\" = 1", "double bigint string decimal(10,2)", 1);
    struct value text = value_text("a\0b", 3);
    assert_true(query_bind(query, 0, &text, &run.err));
    start(query);
    assert_true(query_step(query, &row, &run.err) && row);
    assert_true(query_value(query, 0, &value, &run.err));
    assert_int_equal(value.storage, STORAGE_REAL);
    assert_true(query_value(query, 1, &value, &run.err));
    assert_int_equal(value.storage, STORAGE_INTEGER);
    assert_int_equal(value.integer, 2);
    assert_true(query_value(query, 2, &value, &run.err));
    assert_int_equal(value.storage, STORAGE_TEXT);
    assert_int_equal(value.length, 3); /* a NUL inside ends nothing */
    assert_memory_equal(value.text, "a\0b", 4);
    assert_true(query_value(query, 3, &value, &run.err));
    assert_string_equal(value.text, "0.10");
    query_close(query);
    run_clear(&run);
}

static void tells_the_limits_of_sqlite(void **state)
{
    struct run run;
    struct buffer sql;
    (void)state;

    run_init(&run, 0);
    buffer_init(&sql, 4000);
    buffer_append_text(&sql, "SELECT 1 FROM \"Users\" AS t0");
    for (int i = 1; i <= 64; i++)
        buffer_printf(&sql, ", \"Users\" AS t%d", i);
    assert_string_equal(run_sql(&run, buffer_text(&sql), "bigint"), "error 54000");
    buffer_clear(&sql);
    assert_string_equal(run_sql(&run, "SELECT zeroblob(2000000000)", "binary"), "error 54000");
    assert_string_equal(run_sql(&run, "SELECT \"nothing\" FROM \"Users\"", "string"), "error HY000");
    assert_string_equal(run_sql(&run, "SELECT 1, 2", "string"), "error HY000");
    assert_string_equal(run_sql(&run, "SELECT 1", "string"), "1");
    run_clear(&run);
}

static const struct procedure_input inputs[] = {
    {.name = "Count", .type = {.kind = TYPE_BIGINT}, .required = true},
    {.name = "Word", .type = {.kind = TYPE_STRING}, .standard = "hello"},
    {.name = "Share", .type = {.kind = TYPE_DECIMAL, .size = 5, .scale = 2}},
};
static const struct procedure_output outputs[] = {
    {.name = "Number", .type = {.kind = TYPE_BIGINT}}, {.name = "Word", .type = {.kind = TYPE_STRING}},
};

static void calls_procedures(void **state)
{
    struct run run;
    struct procedure procedure = {.name = "Repeat", .inputs = inputs, .input_count = 3, .outputs = outputs, .output_count = 2};
    struct call_argument arguments[] = {{.parameter = 0}, {.parameter = 1}, {.parameter = -1}};
    struct query *query;
    (void)state;

    run_init(&run, 0);
    procedure.service = &run.fake.service;
    struct statement *statement = run_statement(&run, "", "bigint string", 3);
    statement->kind = STATEMENT_CALL;
    statement->procedure = &procedure;
    statement->arguments = arguments;
    assert_true(query_open(run.engine, statement, &run.cancel, &query, &run.err));

    assert_string_equal(run_rows(&run, query, 0), "error 42000");
    assert_non_null(strstr(run.err.message, "Count"));
    bind_integer(query, 0, 2);
    assert_string_equal(run_rows(&run, query, 0), "0|hello;1|hello");
    assert_string_equal(run.fake.call_seen, "2|hello|~|");
    struct value word = value_text("moin", 4);
    assert_true(query_bind(query, 1, &word, &run.err));
    arguments[2].value = value_text("0.50", 4);
    assert_string_equal(run_rows(&run, query, 1), "0|moin");
    assert_string_equal(run.fake.call_seen, "2|moin|0.50|");
    struct value share = value_text("0.508", 5); /* what an input can not hold is rounded, as in a CAST */
    arguments[2].parameter = 2;
    assert_true(query_bind(query, 2, &share, &run.err));
    assert_string_equal(run_rows(&run, query, 1), "0|moin");
    assert_string_equal(run.fake.call_seen, "2|moin|0.51|");
    bind_integer(query, 0, 0);
    assert_string_equal(run_rows(&run, query, 0), "");
    bind_integer(query, 0, -1);
    assert_string_equal(run_rows(&run, query, 0), "error HY000");
    assert_string_equal(run.err.message, "The fake does not count backwards");
    cancel_request(&run.cancel);
    assert_string_equal(run_rows(&run, query, 0), "error HY008");
    query_close(query);
    run_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_again_with_new_bindings),
        cmocka_unit_test(says_what_state_it_is_in),
        cmocka_unit_test(interleaves),
        cmocka_unit_test(bounds_the_rows),
        cmocka_unit_test(fails_at_every_point),
        cmocka_unit_test(stays_ended_after_a_failure),
        cmocka_unit_test(cancel_ends_a_scan),
        cmocka_unit_test(cancel_and_deadline_end_local_work),
        cmocka_unit_test(cancel_ends_the_wait_for_another),
        cmocka_unit_test(what_is_given_up_waits_for_no_other),
        cmocka_unit_test(runs_from_several_threads),
        cmocka_unit_test(gives_canonical_values),
        cmocka_unit_test(gives_the_storage_of_the_type),
        cmocka_unit_test(tells_the_limits_of_sqlite),
        cmocka_unit_test(calls_procedures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
