/* Proves, against a server that answers with bytes written down here, rows whose cells stand at several endpoints: what a list tells, what
 * only the details of each row tell, and what makes which of them be asked for; which of a parent's rows are gone through; and endpoints
 * that know the standard rows only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/property.h"
#include "decoding.h"
#include "providers/definition/service.h"
#include "providers/definition/text.h"
#include "table/service.h"
#include "test/http/wire.h"

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n"
    "<table name='Projects' rows='/*' description=''><endpoint name='list' path='/p'/><endpoint name='one' path='/p/{Id}' rows='/' details='yes'/>"
    "<column name='Id' type='bigint' at='id' key='yes'/><column name='Name' type='string' at='name'/>"
    "<column name='Star' type='boolean' at='star' endpoint='list'/><column name='Count' type='integer' at='count' endpoint='one'><filter op='= >=' parameter='least' endpoint='list'/></column>"
    "<column name='Old' type='boolean' at='old' standard='false' any='*'><filter op='=' parameter='old' map='false=0 true=1' each='yes'/></column></table>\n"
    "<table name='Tools' path='/p' rows='/*/dock/*' description=''><parameter name='old' value='0'/><column name='Id' type='bigint' at='id' key='yes'/>"
    "<column name='Kind' type='string' at='kind'/><column name='On' type='boolean' at='on'/></table>\n"
    "<table name='Boards' path='/b/{Id}' rows='/' parent='Tools' parent-if='On Kind=board' description=''>"
    "<column name='Id' type='bigint' at='id' key='yes' from='Tools.Id'/><column name='Title' type='string' at='title'/></table>\n"
    "<table name='Things' rows='/*' description=''><endpoint name='all' path='/all'/><endpoint name='board' path='/b/{BoardId}/things' only-standard='State'/>"
    "<column name='Id' type='bigint' at='id' key='yes'/><column name='BoardId' type='bigint' at='board'/>"
    "<column name='State' type='string' at='state' standard='active' any='*'><filter op='= in' parameter='state' endpoint='all' map='active= gone=gone' each='yes'/></column></table>\n"
    "<table name='Events' rows='/*' description=''><endpoint name='project' path='/e/p/{ProjectId}' parent='Projects'/><endpoint name='calendar' path='/e/c/{CalendarId}'/>"
    "<column name='Id' type='bigint' at='id' key='yes'/><column name='ProjectId' type='bigint' at='in[type=P]/id' from='Projects.Id' standard='7' any='*' unless='CalendarId'/>"
    "<column name='CalendarId' type='bigint' at='in[type=C]/id'/></table>\n"
    "</provider>\n";

struct bench {
    struct wire wire;
    struct properties properties;
    struct service *service;
    struct error err;
};

static void start(struct bench *bench, const struct wire_answer *answers, size_t count)
{
    wire_start(&bench->wire, answers, count);
    bench->err = (struct error){0};
    bench->service = decoding_open(text, &bench->properties, "URL=%s;RetryMax=0;MaxConcurrentRequests=1", bench->wire.url);
}

static void stop(struct bench *bench)
{
    bench->service->class->close(bench->service);
    properties_clear(&bench->properties);
    wire_stop(&bench->wire);
}

struct reading {
    const char *table, *wanted;
    const char *column;                  /* "Column op", with one value; NULL: without a condition */
    struct value value;
    const char *answers[8];
    const char *rows, *requests;
};

static bool open_scan(struct bench *bench, const struct reading *reading, const struct table *table, const bool *wanted, struct scan **scan)
{
    char column[40] = "", op[10] = "";
    struct filter filter = {.values = &reading->value, .value_count = 1};
    struct plan_condition condition = {.usable = true};
    struct plan plan = {.conditions = &condition};

    if (reading->column) {
        sscanf(reading->column, "%39s %9s", column, op);
        filter.column = condition.column = table_column(table, column);
        while (strcmp(definition_op_name(filter.op), op) != 0)
            filter.op++;
        condition.op = filter.op;
        plan.condition_count = 1;
        plan.named = table_naming(table, (size_t)filter.column);
        if (filter.op == FILTER_IS_NOT_NULL)
            filter.value_count = 0;
    }
    if (!table->service->class->plan(table, &plan, &bench->err))
        return false;
    struct scan_request request = {.table = table, .wanted = wanted, .filters = &filter, .filter_count = reading->column && condition.taken, .named = plan.named, .limit = -1};
    return scan_open(&request, scan, &bench->err);
}

/* "7 name,8 other" */
static void read_rows(struct bench *bench, const struct reading *reading, struct buffer *out)
{
    const struct table *table = service_table(bench->service, reading->table);
    bool wanted[8] = {false};
    char scratch[VALUE_SCRATCH];
    struct scan *scan;
    struct batch batch = {0};
    size_t length;

    for (size_t i = 0; i < table->column_count; i++)
        wanted[i] = text_has_word(reading->wanted, table->columns[i].name);
    if (!open_scan(bench, reading, table, wanted, &scan))
        fail_msg("%s", bench->err.message);
    while (scan_next(table, scan, &batch, &bench->err) && batch.row_count)
        for (size_t row = 0; row < batch.row_count; row++) {
            const char *before = out->length ? "," : "";
            for (size_t i = 0; i < table->column_count; i++) {
                if (!wanted[i])
                    continue;
                buffer_printf(out, "%s%s", before, value_is_null(&batch.cells[i][row]) ? "-" : value_as_text(&batch.cells[i][row], scratch, &length));
                before = " ";
            }
        }
    buffer_append_text(out, bench->err.message);
    scan_close(table, scan);
}

static void print_requests(const struct bench *bench, struct buffer *out)
{
    for (int i = 0; i < bench->wire.seen->requests; i++) {
        const char *path = bench->wire.seen->request[i] + strlen("GET ");
        buffer_printf(out, "%s%.*s", i ? " " : "", (int)strcspn(path, " "), path);
    }
}

static void run(const struct reading *readings, size_t count)
{
    struct buffer out;

    buffer_init(&out, 4096);
    for (size_t i = 0; i < count; i++) {
        struct wire_answer answers[8] = {{0}};
        char bytes[8][600];
        struct bench bench;
        size_t answered = 0;
        for (; answered < 8 && readings[i].answers[answered]; answered++) {
            snprintf(bytes[answered], sizeof bytes[0], "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                     strlen(readings[i].answers[answered]), readings[i].answers[answered]);
            answers[answered].bytes = bytes[answered];
        }
        start(&bench, answers, answered ? answered : 1);
        buffer_reset(&out);
        read_rows(&bench, &readings[i], &out);
        if (strcmp(buffer_text(&out), readings[i].rows) != 0)
            fail_msg("case %zu, %s: %s instead of %s", i, readings[i].table, buffer_text(&out), readings[i].rows);
        buffer_reset(&out);
        print_requests(&bench, &out);
        if (strcmp(buffer_text(&out), readings[i].requests) != 0)
            fail_msg("case %zu, %s: %s instead of %s", i, readings[i].table, buffer_text(&out), readings[i].requests);
        stop(&bench);
    }
    buffer_clear(&out);
}

#define TEXT(literal) {.text = (literal), .length = sizeof (literal) - 1, .storage = STORAGE_TEXT}
#define WHOLE(number) {.integer = (number), .storage = STORAGE_INTEGER}
#define NOTHING {.storage = STORAGE_NULL}
#define LIST "[{\"id\":1,\"name\":\"a\",\"star\":true,\"old\":false},{\"id\":2,\"name\":\"b\",\"star\":false,\"old\":false}]"
#define ONE(id, count) "{\"id\":" #id ",\"name\":\"n" #id "\",\"count\":" #count ",\"old\":false}"

static void details_are_asked_for_when_they_are_wanted(void **state)
{
    static const struct reading readings[] = {
        {"Projects", "Id Name", NULL, NOTHING, {LIST}, "1 a,2 b", "/p?old=0"},
        {"Projects", "Id Star", NULL, NOTHING, {LIST}, "1 1,2 0", "/p?old=0"},
        {"Projects", "Id Count", NULL, NOTHING, {LIST, ONE(1, 10), ONE(2, 20)}, "1 10,2 20", "/p?old=0 /p/1 /p/2"},
        {"Projects", "Id Name Star Count", NULL, NOTHING, {LIST, ONE(1, 10), ONE(2, 20)}, "1 n1 1 10,2 n2 0 20", "/p?old=0 /p/1 /p/2"},
        /* the list hears of a condition on what it does not tell, and the details decide */
        {"Projects", "Id Count", "Count >=", WHOLE(15), {LIST, ONE(1, 10), ONE(2, 20)}, "2 20", "/p?least=15&old=0 /p/1 /p/2"},
        {"Projects", "Count", NULL, NOTHING, {LIST, ONE(1, 10), ONE(2, 20)}, "10,20", "/p?old=0 /p/1 /p/2"},
        /* by its id alone, unless only the list knows something */
        {"Projects", "Id Name Count", "Id =", WHOLE(2), {ONE(2, 20)}, "2 n2 20", "/p/2"},
        {"Projects", "Id Star", "Id =", WHOLE(2), {LIST}, "2 0", "/p?old=0"},
        {"Projects", "Star Count", "Id =", WHOLE(2), {LIST, ONE(2, 20)}, "0 20", "/p?old=0 /p/2"},
        /* what the query says of a column with a standard reaches the list */
        {"Projects", "Id Count", "Old =", WHOLE(1), {"[{\"id\":3,\"old\":true}]", "{\"id\":3,\"count\":5,\"old\":true}"}, "3 5", "/p?old=1 /p/3"},
        {"Projects", "Id Count", "Old not-null", NOTHING, {LIST, ONE(1, 10), ONE(2, 20), "[{\"id\":3,\"old\":true}]", "{\"id\":3,\"count\":5,\"old\":true}"},
         "1 10,2 20,3 5", "/p?old=0 /p/1 /p/2 /p?old=1 /p/3"},
    };
    (void)state;
    run(readings, sizeof readings / sizeof readings[0]);
}

static void parents_rows_are_chosen(void **state)
{
    static const char dock[] = "[{\"dock\":[{\"id\":1,\"kind\":\"board\",\"on\":true},{\"id\":2,\"kind\":\"vault\",\"on\":true}]},"
                               "{\"dock\":[{\"id\":3,\"kind\":\"board\",\"on\":false},{\"id\":4,\"on\":true,\"kind\":\"Board\"},{\"id\":5,\"on\":true}]}]";
    static const struct reading readings[] = {
        {"Boards", "Id Title", NULL, NOTHING, {dock, "{\"id\":1,\"title\":\"a\"}", "{\"id\":4,\"title\":\"b\"}"}, "1 a,4 b", "/p?old=0 /b/1 /b/4"},
        {"Boards", "Title", "Id =", WHOLE(7), {"{\"id\":7,\"title\":\"c\"}"}, "c", "/b/7"},
    };
    (void)state;
    run(readings, sizeof readings / sizeof readings[0]);
}

/* Rows that do not say where they are, and a standard that another column does without. */
static void what_was_asked_by_stands_in(void **state)
{
    static const char some[] = "[{\"id\":1},{\"id\":2,\"in\":{\"type\":\"P\",\"id\":8}},{\"id\":3,\"in\":{\"type\":\"C\",\"id\":6}}]";
    static const char projects[] = "[{\"id\":7,\"old\":false},{\"id\":8,\"old\":false}]";
    static const struct reading readings[] = {
        {"Events", "Id ProjectId CalendarId", NULL, NOTHING, {some}, "1 7 -,2 8 -,3 7 6", "/e/p/7"}, /* what a row says of itself counts */
        {"Events", "Id ProjectId CalendarId", "ProjectId =", WHOLE(8), {some}, "1 8 -,2 8 -,3 8 6", "/e/p/8"},
        {"Events", "Id ProjectId", "ProjectId not-null", NOTHING, {projects, "[{\"id\":1}]", "[{\"id\":2}]"}, "1 7,2 8", "/p?old=0 /e/p/7 /e/p/8"},
        {"Events", "Id ProjectId CalendarId", "CalendarId =", WHOLE(6), {some}, "1 - 6,2 8 6,3 - 6", "/e/c/6"},
    };
    (void)state;
    run(readings, sizeof readings / sizeof readings[0]);
}

static void an_endpoint_may_know_the_standard_only(void **state)
{
    static const char active[] = "[{\"id\":1,\"board\":9,\"state\":\"active\"}]", gone[] = "[{\"id\":2,\"board\":9,\"state\":\"gone\"}]";
    static const struct reading readings[] = {
        {"Things", "Id", "BoardId =", WHOLE(9), {active}, "1", "/b/9/things"},
        {"Things", "Id", "State =", TEXT("gone"), {gone}, "2", "/all?state=gone"},
        {"Things", "Id State", "State not-null", NOTHING, {active, gone}, "1 active,2 gone", "/all /all?state=gone"},
    };
    const struct definition_table *table;
    struct bench bench;
    (void)state;

    run(readings, sizeof readings / sizeof readings[0]);
    /* Who names both is told of all rows, among which the board's are looked for. */
    start(&bench, (struct wire_answer[]){{.bytes = NULL}}, 1);
    table = service_table(bench.service, "Things")->definition;
    struct plan_condition conditions[] = {{.column = 1, .op = FILTER_EQUAL, .usable = true}, {.column = 2, .op = FILTER_NOT_EQUAL, .usable = true}};
    struct plan plan = {.conditions = conditions, .condition_count = 2, .named = table_naming(&table->table, 2)};
    assert_true(bench.service->class->plan(&table->table, &plan, &bench.err));
    assert_false(conditions[0].taken);
    plan.condition_count = 1;
    plan.named = 0;
    assert_true(bench.service->class->plan(&table->table, &plan, &bench.err));
    assert_true(conditions[0].taken && conditions[0].exact);
    stop(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(details_are_asked_for_when_they_are_wanted),
        cmocka_unit_test(parents_rows_are_chosen),
        cmocka_unit_test(what_was_asked_by_stands_in),
        cmocka_unit_test(an_endpoint_may_know_the_standard_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
