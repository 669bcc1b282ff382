/* Proves providers/provider.c and definition/scan.c, failure.c, service.c against a server that answers with bytes written down here:
 * finding a provider, the requests of a scan, how it goes on and ends, and what a bad answer becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "providers/provider.h"
#include "sources.h"
#include "table/service.h"
#include "test/http/wire.h"

#define ANSWER(status, type, body) "HTTP/1.1 " status "\r\nContent-Type: " type "\r\nConnection: close\r\n\r\n" body
#define JSON(body) {.bytes = ANSWER("200 OK", "application/json", body), .close = true}
#define FAILURE(status, body) {.bytes = ANSWER(status, "application/json", body), .close = true}

struct bench {
    struct wire wire;
    struct properties properties;
    struct service *service;
    struct error err;
};

static bool open_provider(struct bench *bench, const char *settings)
{
    struct error err = {0};

    properties_init(&bench->properties);
    bench->service = NULL;
    bench->err = err;
    if (!properties_read_string(&bench->properties, settings, strlen(settings), NULL, NULL, &err))
        fail_msg("%s", err.message);
    return provider_open(&bench->properties, NULL, NULL, &bench->service, &bench->err);
}

static void start(struct bench *bench, const struct wire_answer *answers, size_t count)
{
    char settings[1024];

    wire_start(&bench->wire, answers, count);
    snprintf(settings, sizeof settings, "Provider=TSheets;Location=%s;URL=%s/api/v1/;OAuthAccessToken=good;RetryMax=0",
             source_path("providers"), bench->wire.url);
    if (!open_provider(bench, settings))
        fail_msg("%s", bench->err.message);
}

static void stop(struct bench *bench)
{
    bench->service->class->close(bench->service);
    properties_clear(&bench->properties);
    wire_stop(&bench->wire);
}

/* Reads a table: the wanted columns' cells of all rows, "a,b;c,d;", and the error when one came. */
static void read_rows(struct bench *bench, const char *table_name, const char *const *columns, const struct filter *filters,
                      size_t filter_count, int64_t limit, struct buffer *out)
{
    const struct table *table = service_table(bench->service, table_name);
    bool wanted[64] = {false};
    int at[8];
    size_t count = 0;
    struct scan_request request = {.table = table, .wanted = wanted, .filters = filters, .filter_count = filter_count, .limit = limit};
    struct scan *scan;
    struct batch batch = {0};

    assert_non_null(table);
    for (; columns[count]; count++) {
        at[count] = table_column(table, columns[count]);
        assert_true(at[count] >= 0);
        wanted[at[count]] = true;
    }
    buffer_reset(out);
    bench->err = (struct error){0};
    if (!scan_open(&request, &scan, &bench->err)) {
        buffer_printf(out, "%s %d %s", bench->err.sqlstate, bench->err.native, bench->err.message);
        return;
    }
    bool going;
    while ((going = scan_next(table, scan, &batch, &bench->err)) && batch.row_count)
        for (size_t row = 0; row < batch.row_count; row++) {
            for (size_t i = 0; i < count; i++) {
                char scratch[VALUE_SCRATCH];
                size_t length;
                const struct value *cell = &batch.cells[at[i]][row];
                buffer_printf(out, "%s%s", i ? "," : "", value_is_null(cell) ? "NULL" : value_as_text(cell, scratch, &length));
            }
            buffer_append_char(out, ';');
        }
    if (!going)
        buffer_printf(out, "%s %d %s", bench->err.sqlstate, bench->err.native, bench->err.message);
    scan_close(table, scan);
}

static void assert_request(const struct bench *bench, int at, const char *line)
{
    const char *request = bench->wire.seen->request[at];
    char expected[1024];
    snprintf(expected, sizeof expected, "GET /api/v1%s HTTP/1.1\r\n", line);
    if (strncmp(request, expected, strlen(expected)) != 0)
        fail_msg("request %d is\n%sinstead of\n%s", at, request, expected);
}

static const char *const id_only[] = {"Id", NULL};

static void reads_page_after_page(void **state)
{
    static const struct wire_answer answers[] = {
        JSON("{\"results\":{\"timesheets\":{\"1\":{\"id\":1,\"duration\":60},\"2\":{\"id\":2,\"duration\":120}}},\"more\":true}"),
        JSON("{\"results\":{\"timesheets\":{\"3\":{\"id\":3,\"duration\":\"\"}},\"more\":true}}"), /* `more` within results */
        JSON("{\"results\":{\"timesheets\":[]},\"more\":false}"),
        JSON("{\"results\":{\"timesheets\":{\"9\":{\"id\":9}}}}"),
    };
    static const char *const columns[] = {"Id", "Duration", NULL};
    struct value users[] = {{.integer = 8, .storage = STORAGE_INTEGER}, {.integer = 5, .storage = STORAGE_INTEGER}};
    struct value from = value_text("2024-02-01", 10), to = value_text("2024-02-29", 10);
    struct bench bench;
    struct buffer out;
    (void)state;

    start(&bench, answers, 4);
    buffer_init(&out, 1 << 16);
    const struct table *table = service_table(bench.service, "timesheets");
    struct filter filters[] = {
        {.column = table_column(table, "UserId"), .op = FILTER_IN, .values = users, .value_count = 2},
        {.column = table_column(table, "Date"), .op = FILTER_GREATER_EQUAL, .values = &from, .value_count = 1},
        {.column = table_column(table, "Date"), .op = FILTER_LESS_EQUAL, .values = &to, .value_count = 1},
    };
    read_rows(&bench, "Timesheets", columns, filters, 3, -1, &out);
    assert_string_equal(buffer_text(&out), "1,60;2,120;3,NULL;");
    assert_int_equal(bench.wire.seen->requests, 3);
#define NARROWED "/timesheets?supplemental_data=no&on_the_clock=both&user_ids=5%2C8&start_date=2024-02-01&end_date=2024-02-29&limit=200&page="
    assert_request(&bench, 0, NARROWED "1");
    assert_request(&bench, 1, NARROWED "2");
    assert_request(&bench, 2, NARROWED "3");
    assert_non_null(strstr(bench.wire.seen->request[0], "Authorization: Bearer good\r\n"));
    assert_non_null(strstr(bench.wire.seen->request[0], "Accept: application/json\r\n"));

    read_rows(&bench, "Timesheets", id_only, NULL, 0, -1, &out); /* no `more` at all: the only page */
    assert_string_equal(buffer_text(&out), "9;");
    assert_int_equal(bench.wire.seen->requests, 4);
    buffer_clear(&out);
    stop(&bench);
}

static void stops_when_it_has_enough(void **state)
{
    static const struct wire_answer answers[] = {
        JSON("{\"results\":{\"users\":{\"1\":{\"id\":1},\"2\":{\"id\":2},\"3\":{\"id\":3}}},\"more\":true}"),
    };
    struct value nothing = value_null();
    struct bench bench;
    struct buffer out;
    (void)state;

    start(&bench, answers, 1);
    buffer_init(&out, 1 << 16);
    read_rows(&bench, "Users", id_only, NULL, 0, 2, &out);
    assert_string_equal(buffer_text(&out), "1;2;");
    assert_int_equal(bench.wire.seen->requests, 1);
    assert_request(&bench, 0, "/users?supplemental_data=no&active=both&limit=2&page=1");

    struct filter filter = {.column = table_column(service_table(bench.service, "Users"), "Id"), .op = FILTER_EQUAL, .values = &nothing, .value_count = 1};
    read_rows(&bench, "Users", id_only, &filter, 1, -1, &out);
    read_rows(&bench, "Users", id_only, NULL, 0, 0, &out);
    assert_string_equal(buffer_text(&out), "");
    assert_int_equal(bench.wire.seen->requests, 1); /* neither needs a request */
    buffer_clear(&out);
    stop(&bench);
}

static void notices_a_service_that_repeats_itself(void **state)
{
    static const struct wire_answer answers[] = {
        JSON("{\"results\":{\"groups\":{\"1\":{\"id\":1}}},\"more\":true}"),
    };
    struct bench bench;
    struct buffer out;
    (void)state;

    start(&bench, answers, 1);
    buffer_init(&out, 1 << 16);
    read_rows(&bench, "Groups", id_only, NULL, 0, -1, &out);
    assert_non_null(strstr(buffer_text(&out), "08S01 0 Table Groups: the service sends the same page again and again (page 2)"));
    assert_int_equal(bench.wire.seen->requests, 2);
    buffer_clear(&out);
    stop(&bench);
}

/* Rows may be missing from a page although others follow: where they stand beside those that the service counts. */
static void goes_on_past_a_page_without_rows(void **state)
{
    static const struct wire_answer answers[] = {
        JSON("{\"results\":{\"groups\":{\"1\":{\"id\":1}}},\"more\":true}"),
        JSON("{\"results\":{\"groups\":[]},\"more\":true}"),
        JSON("{\"results\":{},\"more\":true}"),
        JSON("{\"results\":{\"groups\":{\"7\":{\"id\":7}}},\"more\":false}"),
    };
    struct bench bench;
    struct buffer out;
    (void)state;

    start(&bench, answers, 4);
    buffer_init(&out, 1 << 16);
    read_rows(&bench, "Groups", id_only, NULL, 0, -1, &out);
    assert_string_equal(buffer_text(&out), "1;7;");
    assert_int_equal(bench.wire.seen->requests, 4);
    buffer_clear(&out);
    stop(&bench);
}

static void notices_a_service_without_end(void **state)
{
    static const struct wire_answer answers[] = {
        JSON("{\"results\":{\"groups\":{}},\"more\":true}"),
    };
    struct bench bench;
    struct buffer out;
    (void)state;

    start(&bench, answers, 1);
    buffer_init(&out, 1 << 16);
    read_rows(&bench, "Groups", id_only, NULL, 0, -1, &out);
    assert_non_null(strstr(buffer_text(&out), "08S01 0 Table Groups: the service sends pages without rows again and again (page 101)"));
    buffer_clear(&out);
    stop(&bench);
}

static void inputs_repeat_what_was_asked(void **state)
{
    static const struct wire_answer answers[] = {
        JSON("{\"results\":{\"timesheets\":{\"1\":{\"id\":1},\"2\":{\"id\":2}}}}"),
    };
    static const char *const columns[] = {"Id", "GroupIds", "PayrollIds", "JobCodeType", NULL};
    struct value groups[] = {value_text("7", 1), value_text("4", 1)}, payroll = value_text("p1", 2);
    struct bench bench;
    struct buffer out;
    (void)state;

    start(&bench, answers, 1);
    buffer_init(&out, 1 << 16);
    const struct table *table = service_table(bench.service, "Timesheets");
    struct filter filters[] = {
        {.column = table_column(table, "GroupIds"), .op = FILTER_IN, .values = groups, .value_count = 2},
        {.column = table_column(table, "PayrollIds"), .op = FILTER_EQUAL, .values = &payroll, .value_count = 1},
    };
    read_rows(&bench, "Timesheets", columns, filters, 2, -1, &out);
    assert_string_equal(buffer_text(&out), "1,4,7,p1,NULL;2,4,7,p1,NULL;");
    buffer_clear(&out);
    stop(&bench);
}

static void split_lists_yield_each_row_once(void **state)
{
    /* The service ignores the list and answers with everything, twice. */
    static const struct wire_answer answers[] = {
        JSON("{\"results\":{\"users\":{\"5\":{\"id\":5},\"105\":{\"id\":105},\"500\":{\"id\":500}}}}"),
    };
    static const char *const columns[] = {"FirstName", NULL};
    struct value ids[120];
    struct bench bench;
    struct buffer out;
    (void)state;

    start(&bench, answers, 1);
    buffer_init(&out, 1 << 16);
    for (int i = 0; i < 120; i++)
        ids[i] = value_integer(i);
    struct filter filter = {.column = table_column(service_table(bench.service, "Users"), "Id"), .op = FILTER_IN, .values = ids, .value_count = 120};
    read_rows(&bench, "Users", columns, &filter, 1, -1, &out);
    assert_string_equal(buffer_text(&out), "NULL;NULL;"); /* 5 by the first request, 105 by the second */
    assert_int_equal(bench.wire.seen->requests, 2);
    buffer_clear(&out);
    stop(&bench);
}

static void tells_what_a_bad_answer_means(void **state)
{
    static const struct { struct wire_answer answer; const char *start, *part; } cases[] = {
        {FAILURE("417 Expectation Failed", "{\"error\":{\"code\":4171,\"message\":\"start_date is no date\"}}"),
         "HY000 4171 Table Users: http://127.0.0.1:", "/api/v1/users answered 417: start_date is no date (code 4171). The service does not accept a condition"},
        {FAILURE("402 Payment Required", "{}"), "28000 402 Table Users: ", "/api/v1/users answered 402. The account's subscription is not paid"},
        {FAILURE("403 Forbidden", "{\"error\":\"insufficient\",\"error_description\":\"not an admin\"}"),
         "42000 403 Table Users: ", "answered 403: not an admin (code insufficient). The user who signed in may not read this: ask an administrator"},
        {FAILURE("404 Not Found", "nothing here"), "42S02 404 Table Users: ", "answered 404. The service has nothing with that id, or nothing at that address: check the id and the URL property"},
        {FAILURE("429 Too Many Requests", "{\"error\":{\"code\":429,\"message\":\"slow down\"}}"),
         "08S01 429 Table Users: ", "answered 429: slow down (code 429). Too many requests in a short time: try again later (TSheets allows 300 requests in 300 s"},
        {FAILURE("500 Internal Server Error", ""), "08S01 500 Table Users: ", "answered 500. The service has a fault: try again later"},
        {FAILURE("418 I'm a teapot", "{\"error\":{\"code\":418,\"message\":\"short\\nand\\u0007stout\"}}"),
         "HY000 418 Table Users: ", "answered 418: short and stout (code 418). The service refuses"},
        {{.bytes = ANSWER("200 OK", "text/html", "<!DOCTYPE html><title>Sign in</title>"), .close = true}, "08S01 200 Table Users: ",
         "/api/v1/users?supplemental_data=no&active=both&limit=200&page=1 answered with a web page instead of JSON"},
        {{.bytes = ANSWER("404 Not Found", "text/html", " <html>"), .close = true}, "42S02 404 Table Users: ", "a web page instead of JSON"},
        {JSON("{\"results\":{\"users\":{\"1\":{\"id\":1,}}}}"), "08S01 0 http://127.0.0.1:", "/api/v1/users: Table Users: The JSON is malformed at byte 33: expected a member's name"},
        {JSON(""), "08S01 0 http://127.0.0.1:", "Table Users: The JSON ends too early, at byte 0: expected a value"},
        {JSON("{\"error\":{\"code\":17,\"message\":\"not today\"}}"), "HY000 17 Table Users: ", "answered 200: not today (code 17). The service reports an error"},
        {JSON("{\"message\":\"ok\"}"), "08S01 0 Table Users: http://127.0.0.1:", "/api/v1/users answered with JSON that is no page of this service: there is no object at /results in it"},
        {JSON("[]"), "08S01 0 Table Users: ", "there is no object at /results in it. Is the URL property right?"},
        {JSON("{\"results\":{\"users\":{\"1\":{\"id\":\"one\"}}}}"), "22018 0 http://127.0.0.1:", "Column Id of table Users: the service sent \"one\", which is no value of type bigint"},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        start(&bench, &cases[i].answer, 1);
        read_rows(&bench, "Users", id_only, NULL, 0, -1, &out);
        stop(&bench);
        if (strncmp(buffer_text(&out), cases[i].start, strlen(cases[i].start)) != 0 || !strstr(buffer_text(&out), cases[i].part))
            fail_msg("%s\ninstead of %s … %s", buffer_text(&out), cases[i].start, cases[i].part);
    }
    buffer_clear(&out);
}

static void logs_what_the_service_applies(void **state)
{
    static const struct wire_answer answers[] = {JSON("{\"results\":{\"users\":{}}}")};
    char file[] = "/tmp/restodbc-log-XXXXXX", settings[1024], content[8192] = "";
    struct value one = value_integer(1), nothing = value_null();
    struct bench bench = {0};
    struct log *log;
    struct buffer out;
    (void)state;

    int descriptor = mkstemp(file);
    assert_true(descriptor >= 0);
    assert_true(log_open(file, LOG_REQUEST, &log, &bench.err));
    wire_start(&bench.wire, answers, 1);
    snprintf(settings, sizeof settings, "Provider=TSheets;Location=%s;URL=%s;OAuthAccessToken=good;RetryMax=0",
             source_path("providers"), bench.wire.url);
    properties_init(&bench.properties);
    assert_true(properties_read_string(&bench.properties, settings, strlen(settings), NULL, NULL, &bench.err));
    assert_true(provider_open(&bench.properties, log, NULL, &bench.service, &bench.err));
    buffer_init(&out, 4096);
    const struct table *table = service_table(bench.service, "Users");
    struct filter filters[] = {
        {.column = table_column(table, "Active"), .op = FILTER_EQUAL, .values = &one, .value_count = 1},
        {.column = table_column(table, "GroupId"), .op = FILTER_NOT_EQUAL, .values = &one, .value_count = 1},
    };
    read_rows(&bench, "Users", id_only, filters, 2, -1, &out);
    filters[0].values = &nothing;
    read_rows(&bench, "Users", id_only, filters, 2, -1, &out);
    read_rows(&bench, "Users", id_only, NULL, 0, -1, &out);
    buffer_clear(&out);
    stop(&bench);
    log_close(log);
    assert_true(read(descriptor, content, sizeof content - 1) > 0);
    assert_non_null(strstr(content, "Users: conditions that the service applies: active=yes not_group_ids=1"));
    assert_non_null(strstr(content, "Users: no row can satisfy the conditions; nothing is requested"));
    assert_non_null(strstr(content, "Users: the service applies no condition"));
    close(descriptor);
    unlink(file);
}

static void a_refused_token_is_28000(void **state)
{
    static const struct wire_answer answers[] = {FAILURE("401 Unauthorized", "{\"error\":{\"code\":401,\"message\":\"expired\"}}")};
    struct bench bench;
    struct buffer out;
    (void)state;

    start(&bench, answers, 1);
    buffer_init(&out, 1 << 16);
    read_rows(&bench, "Users", id_only, NULL, 0, -1, &out);
    assert_memory_equal(buffer_text(&out), "28000", 5);
    assert_null(strstr(buffer_text(&out), "good")); /* the token */
    buffer_clear(&out);
    stop(&bench);
}

static void checks_itself_with_one_request(void **state)
{
    static const struct wire_answer answers[] = {
        JSON("{\"results\":{\"users\":{\"1\":{\"id\":1}}}}"), FAILURE("403 Forbidden", "{}"),
    };
    struct bench bench;
    struct error err = {0};
    (void)state;

    start(&bench, answers, 2);
    assert_true(bench.service->class->check(bench.service, NULL, &err));
    assert_int_equal(bench.wire.seen->requests, 1);
    assert_request(&bench, 0, "/current_user");
    assert_false(bench.service->class->check(bench.service, NULL, &err));
    assert_string_equal(err.sqlstate, "42000");
    stop(&bench);
}

static void finds_a_provider_by_its_name(void **state)
{
    char folder[] = "/tmp/restodbc-provider-XXXXXX", path[128], settings[1024];
    struct bench bench;
    (void)state;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/shop", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/shop/shop.xml", folder);
    write_text(path, "<provider xmlns='urn:restodbc:provider:1' name='Shopfront' title='Shops' url='https://shop.example'>\n"
                     "<table name='T' path='/t' rows='/t/*' description=''><column name='Id' type='bigint' at='id'/></table></provider>");
    char schema[128], command[1200];
    snprintf(schema, sizeof schema, "%s/provider.rng", folder);
    snprintf(command, sizeof command, "cp '%s' '%s'", source_path("providers/provider.rng"), schema);
    assert_int_equal(system(command), 0);

    static const char *const names[] = {"shop", "SHOPFRONT", "Shopfront"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(settings, sizeof settings, "Provider=%s;Location=%s", names[i], folder);
        assert_true(open_provider(&bench, settings));
        assert_string_equal(bench.service->name, "Shopfront");
        assert_int_equal(bench.service->procedure_count, 0);
        bench.service->class->close(bench.service);
        properties_clear(&bench.properties);
    }

    static const struct { const char *settings, *parts[3]; } faults[] = {
        {"Provider=Shopfrnt", {"no provider \"Shopfrnt\"; is Shopfront meant?", "There are: Shopfront", "Definitions are looked for in /tmp"}},
        {"", {"Provider is not set", "", ""}},
        {"Provider=shop;URL=http://shop.example", {"URL", "http", ""}},
        {"Provider=shop;URL=https://shop.example/?a=b", {"URL", "query", ""}},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        snprintf(settings, sizeof settings, "%s;Location=%s", faults[i].settings, folder);
        assert_false(open_provider(&bench, settings));
        assert_string_equal(bench.err.sqlstate, "HY000");
        for (size_t j = 0; j < 3; j++)
            if (!strstr(bench.err.message, faults[i].parts[j]))
                fail_msg("\"%s\" is not in: %s", faults[i].parts[j], bench.err.message);
        properties_clear(&bench.properties);
    }

    write_text(path, "<provider xmlns='urn:restodbc:provider:1' name='Shopfront'>\n</provider>");
    snprintf(settings, sizeof settings, "Provider=shop;Location=%s", folder);
    assert_false(open_provider(&bench, settings));
    assert_non_null(strstr(bench.err.message, "shop/shop.xml:1: "));
    properties_clear(&bench.properties);
    unlink(path);
    unlink(schema);
    snprintf(path, sizeof path, "%s/shop", folder);
    rmdir(path);
    rmdir(folder);
}

/* Runs a procedure; named inputs, the others take their default or NULL. */
static bool call(struct bench *bench, const char *name, const char *const (*inputs)[2], struct arena *arena,
                 struct procedure_result *result, struct error *err)
{
    const struct procedure *procedure = service_procedure(bench->service, name);
    struct value values[16];

    assert_non_null(procedure);
    for (size_t i = 0; i < procedure->input_count; i++) {
        const char *text = procedure->inputs[i].standard;
        for (size_t j = 0; inputs[j][0]; j++)
            if (strcmp(inputs[j][0], procedure->inputs[i].name) == 0)
                text = inputs[j][1];
        values[i] = text ? value_text(text, strlen(text)) : value_null();
    }
    *result = (struct procedure_result){.arena = arena};
    return bench->service->class->call(procedure, values, result, NULL, err);
}

static void the_oauth_procedures_work_without_a_token(void **state)
{
    static const struct wire_answer answers[] = {
        JSON("{\"access_token\":\"at-1\",\"expires_in\":864000,\"token_type\":\"bearer\",\"scope\":\"\",\"refresh_token\":\"rt-1\"}"),
        JSON("{\"access_token\":\"at-2\",\"expires_in\":\"3600\",\"token_type\":\"bearer\",\"refresh_token\":\"rt-2\"}"),
        JSON("{\"results\":{\"users\":{\"1\":{\"id\":1}}}}"),
    };
    struct bench bench;
    struct arena arena = {0};
    struct procedure_result result;
    struct error err = {0};
    struct buffer out;
    char settings[1024];
    (void)state;

    wire_start(&bench.wire, answers, 3);
    snprintf(settings, sizeof settings, "Provider=TSheets;Location=%s;URL=%s/api/v1;OAuthClientId=me;OAuthClientSecret=hush-hush;RetryMax=0",
             source_path("providers"), bench.wire.url);
    if (!open_provider(&bench, settings))
        fail_msg("%s", bench.err.message);

    if (!call(&bench, "getoauthauthorizationurl", (const char *const[][2]){{"AuthMode", "WEB"}, {"CallbackURL", "https://app.example/back"}, {0}},
              &arena, &result, &err))
        fail_msg("%s", err.message);
    assert_int_equal(result.row_count, 1);
    assert_non_null(strstr(result.values[0].text, "/api/v1/authorize?"));
    assert_non_null(strstr(result.values[0].text, "redirect_uri=https%3A%2F%2Fapp.example%2Fback"));
    assert_non_null(strstr(result.values[0].text, result.values[1].text));
    assert_true(result.values[2].length >= 43);
    char state_text[256], verifier[256];
    snprintf(state_text, sizeof state_text, "%s", result.values[1].text);
    snprintf(verifier, sizeof verifier, "%s", result.values[2].text);

    if (!call(&bench, "GetOAuthAccessToken",
              (const char *const[][2]){{"AuthMode", "WEB"}, {"CallbackURL", "https://app.example/back"}, {"Verifier", "the-code"},
                                       {"PKCEVerifier", verifier}, {"State", state_text}, {0}}, &arena, &result, &err))
        fail_msg("%s", err.message);
    assert_string_equal(result.values[0].text, "at-1");
    assert_string_equal(result.values[1].text, "rt-1");
    assert_int_equal(result.values[2].integer, 864000);
    assert_non_null(strstr(bench.wire.seen->request[0], "POST /api/v1/grant "));
    assert_non_null(strstr(bench.wire.seen->request[0], "code=the-code"));

    if (!call(&bench, "RefreshOAuthAccessToken", (const char *const[][2]){{"OAuthRefreshToken", "rt-1"}, {0}}, &arena, &result, &err))
        fail_msg("%s", err.message);
    assert_string_equal(result.values[0].text, "at-2");
    assert_int_equal(result.values[2].integer, 3600);

    buffer_init(&out, 4096);
    read_rows(&bench, "Users", id_only, NULL, 0, -1, &out); /* the connection uses it from then on */
    assert_string_equal(buffer_text(&out), "1;");
    assert_non_null(strstr(bench.wire.seen->request[2], "Authorization: Bearer at-2\r\n"));

    assert_false(call(&bench, "GetOAuthAuthorizationURL", (const char *const[][2]){{"AuthMode", "DESK"}, {0}}, &arena, &result, &err));
    assert_string_equal(err.sqlstate, "22023");
    assert_false(call(&bench, "GetOAuthAuthorizationURL", (const char *const[][2]){{"Scope", "a"}, {"Permissions", "b"}, {0}}, &arena, &result, &err));
    assert_non_null(strstr(err.message, "Scope and Permissions"));
    buffer_clear(&out);
    arena_clear(&arena);
    stop(&bench);
}

/* A service that tells with its tokens where the user's data are: requests go there, and the credential to nowhere else. */
static void a_token_answer_tells_where_the_data_are(void **state)
{
    static const char definition[] =
        "<provider xmlns='urn:restodbc:provider:1' name='Regional' title='' url='{host}/books/v3'>"
        "<variable name='host' token='api_domain' standard='https://us.regional.example'/>"
        "<oauth token='%s/token' grants='CLIENT'/>"
        "<table name='T' path='/t' rows='/t/*' description=''><column name='Id' type='bigint' at='id'/></table></provider>";
    static const char *const columns[] = {"Id", NULL};
    static const struct { const char *domain, *settings, *words; } cases[] = {
        {"%s", "", NULL}, {"http://far.example", "", "must begin with https://"},
        {"http://far.example", "URL=%s/books/v3;", NULL}, /* the user's word counts */
    };
    char folder[] = "/tmp/restodbc-regional-XXXXXX", path[128], text[1024], token[512], settings[1024], url[128], command[512];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof command, "mkdir %s/regional; ln -s \"$(realpath %s)\" %s/", folder, source_path("providers/provider.rng"), folder);
    assert_int_equal(system(command), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        struct buffer out;
        char domain[128], body[256];
        struct wire_answer answers[] = {{.bytes = token, .close = true}, JSON("{\"t\":[{\"id\":7}]}")};
        print_message("  %s %s\n", cases[i].domain, cases[i].settings);
        wire_listen(&bench.wire);
        snprintf(domain, sizeof domain, cases[i].domain, bench.wire.url);
        snprintf(body, sizeof body, "{\"access_token\":\"at\",\"expires_in\":3600,\"api_domain\":\"%s\"}", domain);
        snprintf(token, sizeof token, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
        wire_serve(&bench.wire, answers, 2);
        snprintf(text, sizeof text, definition, bench.wire.url);
        snprintf(path, sizeof path, "%s/regional/regional.xml", folder);
        write_text(path, text);
        snprintf(url, sizeof url, cases[i].settings, bench.wire.url);
        snprintf(settings, sizeof settings, "Provider=Regional;Location=%s;OAuthClientId=me;OAuthClientSecret=hush-hush;RetryMax=0;"
                 "InitiateOAuth=REFRESH;OAuthSettingsLocation=memory://regional-%zu;%s", folder, i, url);
        if (!open_provider(&bench, settings))
            fail_msg("%s", bench.err.message);
        buffer_init(&out, 4096);
        read_rows(&bench, "T", columns, NULL, 0, -1, &out);
        if (cases[i].words) {
            assert_non_null(strstr(buffer_text(&out), cases[i].words));
        } else {
            assert_string_equal(buffer_text(&out), "7;");
            assert_int_equal(strncmp(bench.wire.seen->request[1], "GET /books/v3/t HTTP/1.1\r\n", 26), 0);
            assert_non_null(strstr(bench.wire.seen->request[1], "\r\nAuthorization: Bearer at\r\n"));
        }
        buffer_clear(&out);
        stop(&bench);
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void tells_what_can_be_chosen(void **state)
{
    static const struct { const char *provider; bool fine; const char *schemes; } cases[] = {
        {"", true, ""}, {"Provider=tsheets;", true, "OAuth"}, {"Provider=Nobody;", false, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char settings[1024];
        struct properties properties;
        struct arena arena = {0};
        struct error err = {0};
        struct provider_choices choices;

        snprintf(settings, sizeof settings, "%sLocation=%s", cases[i].provider, source_path("providers"));
        properties_init(&properties);
        assert_true(properties_read_string(&properties, settings, strlen(settings), NULL, NULL, &err));
        assert_int_equal(provider_choices(&properties, &arena, &choices, &err), cases[i].fine);
        if (!*cases[i].provider)
            assert_non_null(strstr(choices.names, "TSheets"));
        assert_false(choices.own_client);
        assert_memory_equal(choices.schemes, cases[i].schemes, strlen(cases[i].schemes));
        assert_int_equal(*choices.schemes != '\0', *cases[i].schemes != '\0');
        assert_string_equal(err.sqlstate, cases[i].fine ? "" : "HY000");
        properties_clear(&properties);
        arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_page_after_page),
        cmocka_unit_test(stops_when_it_has_enough),
        cmocka_unit_test(notices_a_service_that_repeats_itself),
        cmocka_unit_test(goes_on_past_a_page_without_rows),
        cmocka_unit_test(notices_a_service_without_end),
        cmocka_unit_test(inputs_repeat_what_was_asked),
        cmocka_unit_test(split_lists_yield_each_row_once),
        cmocka_unit_test(tells_what_a_bad_answer_means),
        cmocka_unit_test(logs_what_the_service_applies),
        cmocka_unit_test(a_refused_token_is_28000),
        cmocka_unit_test(checks_itself_with_one_request),
        cmocka_unit_test(finds_a_provider_by_its_name),
        cmocka_unit_test(a_token_answer_tells_where_the_data_are),
        cmocka_unit_test(tells_what_can_be_chosen),
        cmocka_unit_test(the_oauth_procedures_work_without_a_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
