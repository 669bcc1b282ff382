/* Proves providers/definition/variables.c: where a value comes from, in which order, and what is said when there is none. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/property.h"
#include "decoding.h"
#include "providers/definition/variables.h"

static struct definition *definition;

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='{Host}'>\n"
    "<variable name='Host' token='api_domain' standard='https://standard.example'><when property='Region' is='EU Europe' value='https://eu.example'/>"
    "<when property='Region' is='US' value='https://us.example'/></variable>\n"
    "<variable name='Account' property='AccountId' table='Accounts' column='Id' description='the account'/>\n"
    "<variable name='Project' property='ProjectId' standard='p-{Account}'/>\n"
    "<variable name='Server' property='AccountsServer'><when property='AccountsServer' is='EU' value='https://accounts.eu'/></variable>\n"
    "<variable name='Key' property='OAuthClientSecret' standard='none'/>\n"
    "<variable name='Odd'/>\n"
    "<table name='Accounts' path='/a' rows='/a/*' description=''><column name='Id' type='bigint' at='id'/></table></provider>\n";

enum { HOST, ACCOUNT, PROJECT, SERVER, KEY, ODD };

static int open_definition(void **state)
{
    (void)state;
    definition = decoding_define(text);
    return 0;
}

static int close_definition(void **state)
{
    (void)state;
    definition_close(definition);
    return 0;
}

/* What the service would be asked. */
struct asked {
    const char *found, *member;
    int look_ups;
    bool fails;
};

static bool look_up(void *context, const struct definition_variable *variable, struct arena *arena, const char **value, struct cancel *cancel,
                    struct error *err)
{
    struct asked *asked = context;
    (void)variable;
    (void)cancel;

    __atomic_add_fetch(&asked->look_ups, 1, __ATOMIC_SEQ_CST);
    *value = asked->found ? arena_text(arena, asked->found) : NULL;
    return !asked->fails || error_set(err, "08S01", "no connection");
}

static bool tell(void *context, const char *name, struct buffer *out)
{
    const struct asked *asked = context;
    assert_string_equal(name, "api_domain");
    return asked->member && buffer_append_text(out, asked->member);
}

struct bench {
    struct properties properties;
    struct variables variables;
    struct asked asked;
    struct error err;
};

static bool start(struct bench *bench, const char *settings)
{
    *bench = (struct bench){.variables = {.look_up = look_up, .token = tell}};
    bench->variables.context = &bench->asked;
    pthread_mutex_init(&bench->variables.lock, NULL);
    properties_init(&bench->properties);
    assert_true(properties_read_string(&bench->properties, settings, strlen(settings), NULL, NULL, &bench->err));
    return variables_open(&bench->variables, definition, &bench->properties, &bench->err);
}

static void stop(struct bench *bench)
{
    variables_close(&bench->variables);
    pthread_mutex_destroy(&bench->variables.lock);
    properties_clear(&bench->properties);
}

static void values_come_in_order(void **state)
{
    static const struct { const char *settings, *member, *found; int variable; const char *expected; int look_ups; } cases[] = {
        {"Other=Host=https://mine;Region=EU", "https://told", NULL, HOST, "https://mine", 0},
        {"Region=eu", "https://told", NULL, HOST, "https://eu.example", 0},
        {"Region=europe", "https://told", NULL, HOST, "https://eu.example", 0},
        {"", "https://told", NULL, HOST, "https://told", 0},
        {"", NULL, NULL, HOST, "https://standard.example", 0},
        {"Region=", "https://told", NULL, HOST, "https://told", 0},           /* set to nothing is not set */
        {"AccountId=5", NULL, "7", ACCOUNT, "5", 0},
        {"AccountId=", NULL, "7", ACCOUNT, "7", 1},
        {"", NULL, "7", ACCOUNT, "7", 1},
        {"", NULL, "7", PROJECT, "p-7", 1},
        {"ProjectId=*", NULL, "7", PROJECT, "*", 0},
        {"AccountsServer=eu", NULL, NULL, SERVER, "https://accounts.eu", 0},
        {"AccountsServer=https://accounts.in", NULL, NULL, SERVER, "https://accounts.in", 0},
        {"Other=Odd=x y", NULL, NULL, ODD, "x y", 0},
        {"Other=odd=1,Host=2", NULL, NULL, ODD, "1", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        if (!start(&bench, cases[i].settings))
            fail_msg("%s", bench.err.message);
        bench.asked.member = cases[i].member;
        bench.asked.found = cases[i].found;
        for (int twice = 0; twice < 2; twice++) { /* the second time it is remembered */
            const char *value = variables_get(&bench.variables, (size_t)cases[i].variable, NULL, &bench.err);
            if (!value || strcmp(value, cases[i].expected) != 0)
                fail_msg("%s: %s instead of %s %s", cases[i].settings, value ? value : "nothing", cases[i].expected, bench.err.message);
        }
        assert_int_equal(bench.asked.look_ups, cases[i].look_ups);
        stop(&bench);
    }
}

static void says_what_is_wrong(void **state)
{
    static const struct { const char *settings, *message; } wrong[] = {
        {"Region=Mars", "Region=Mars is not possible: it can be EU, Europe, US"},
        {"Other=Moon=1", "Other=Moon=… is not possible: Made knows no such switch"},
        {"Other=Host=1,Moon=1", "Other=Moon=… is not possible"},
    };
    static const struct { int variable; const char *message; } missing[] = {
        {ACCOUNT, "Made: nothing tells Account, the account: there is no row for it in Accounts; set the connection property AccountId"},
        {PROJECT, "Made: nothing tells Account, the account: there is no row for it in Accounts"},
        {SERVER, "Made: nothing tells Server; set the connection property AccountsServer"},
        {ODD, "Made: nothing tells Odd; set the connection property Other=Odd=…"},
    };
    struct bench bench;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(start(&bench, wrong[i].settings));
        assert_string_equal(bench.err.sqlstate, "HY000");
        if (!strstr(bench.err.message, wrong[i].message))
            fail_msg("%s", bench.err.message);
        stop(&bench);
    }
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        assert_true(start(&bench, ""));
        assert_null(variables_get(&bench.variables, (size_t)missing[i].variable, NULL, &bench.err));
        assert_string_equal(bench.err.sqlstate, "HY000");
        if (!strstr(bench.err.message, missing[i].message))
            fail_msg("%s", bench.err.message);
        stop(&bench);
    }
    assert_true(start(&bench, ""));
    bench.asked.fails = true;
    assert_null(variables_get(&bench.variables, ACCOUNT, NULL, &bench.err));
    assert_string_equal(bench.err.sqlstate, "08S01");
    bench.asked.fails = false;
    bench.asked.found = "9";
    bench.err = (struct error){0};
    assert_string_equal(variables_get(&bench.variables, ACCOUNT, NULL, &bench.err), "9"); /* a failure is not remembered */
    stop(&bench);
}

/* The text of a template by each way to fill it. */
static void texts_without_asking(void **state)
{
    struct bench bench;
    struct arena arena = {0};
    (void)state;

    assert_true(start(&bench, "OAuthClientSecret=hush-hush"));
    bench.asked.found = "7";
    const struct template *host = &definition->variables[HOST].standard, *project = &definition->variables[PROJECT].standard, *url = &definition->url;
    assert_string_equal(variables_known_text(&bench.variables, host, &arena), "https://standard.example");
    assert_null(variables_known_text(&bench.variables, url, &arena));
    assert_null(variables_known_text(&bench.variables, project, &arena));
    assert_string_equal(variables_standard_text(&bench.variables, url, &arena), "https://standard.example");
    assert_null(variables_standard_text(&bench.variables, project, &arena));
    assert_string_equal(variables_shown_text(&bench.variables, url, &arena), "{Host}"); /* the token's reply may tell another */
    assert_string_equal(variables_shown_text(&bench.variables, project, &arena), "p-{Account}");
    assert_null(variables_shown(&bench.variables, PROJECT, &arena));
    assert_string_equal(variables_shown(&bench.variables, KEY, &arena), "***");
    assert_int_equal(bench.asked.look_ups, 0);
    assert_non_null(variables_get(&bench.variables, ACCOUNT, NULL, &bench.err));
    assert_string_equal(variables_shown(&bench.variables, PROJECT, &arena), "p-7");
    assert_string_equal(variables_known_text(&bench.variables, project, &arena), "p-7");
    arena_clear(&arena);
    stop(&bench);
}

static void *get_account(void *context)
{
    struct bench *bench = context;
    struct error err = {0};
    return (void *)(uintptr_t)variables_get(&bench->variables, ACCOUNT, NULL, &err);
}

/* Threads that look up the same at once come to one value, in one piece of memory. */
static void threads_come_to_one_value(void **state)
{
    enum { THREADS = 8 };
    struct bench bench;
    pthread_t threads[THREADS];
    void *values[THREADS];
    (void)state;

    assert_true(start(&bench, ""));
    bench.asked.found = "77";
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, get_account, &bench), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], &values[i]), 0);
    for (int i = 0; i < THREADS; i++)
        assert_ptr_equal(values[i], values[0]);
    assert_string_equal(values[0], "77");
    assert_in_range(bench.asked.look_ups, 1, THREADS);
    stop(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_in_order),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(texts_without_asking),
        cmocka_unit_test(threads_come_to_one_value),
    };
    return cmocka_run_group_tests(tests, open_definition, close_definition);
}
