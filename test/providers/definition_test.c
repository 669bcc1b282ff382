/* Proves providers/definition/reader.c, document.c and check.c: shipped definitions are good; each kind of fault is told with file, line
 * and what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/property.h"
#include "base/arena.h"
#include "providers/definition/definition.h"
#include "providers/provider.h"
#include "sources.h"

static char folder[] = "/tmp/restodbc-definition-XXXXXX";
static char file[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(file, sizeof file, "%s/made.xml", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(folder);
}

static const struct definition_table *find(const struct definition *definition, const char *name)
{
    for (size_t i = 0; i < definition->table_count; i++)
        if (strcmp(definition->tables[i]->table.name, name) == 0)
            return definition->tables[i];
    fail_msg("no table %s", name);
    return NULL;
}

static void reads_what_ships(void **state)
{
    struct definition *definition;
    struct error err = {0};
    (void)state;

    if (!definition_open(source_path("providers/tsheets/tsheets.xml"), source_path("providers/provider.rng"), NULL, &definition, &err))
        fail_msg("%s", err.message);
    assert_string_equal(definition->name, "TSheets");
    assert_string_equal(definition->url.source, "https://rest.tsheets.com/api/v1");
    assert_true(definition->has_oauth && definition->oauth.client_in_body && definition->oauth.bearer_on_refresh);
    assert_string_equal(definition->token.source, "/grant");
    assert_int_equal(definition->limit_requests, 300);
    assert_int_equal(definition->pagings[0].largest, 200);
    assert_int_equal(definition->pagings[0].more_count, 2);
    assert_string_equal(definition->pagings[0].more[1].steps[0].name, "results");
    assert_int_equal(definition->table_count, 8);
    for (size_t i = 1; i < definition->table_count; i++)
        assert_true(strcmp(definition->tables[i - 1]->table.name, definition->tables[i]->table.name) < 0);

    const struct definition_table *timesheets = find(definition, "Timesheets");
    const struct table *table = &timesheets->table;
    assert_int_equal(timesheets->endpoint_count, 1);
    assert_string_equal(timesheets->endpoints[0].path.source, "/timesheets");
    assert_true(timesheets->many && timesheets->endpoints[0].paging->kind == PAGING_NUMBER);
    assert_true(timesheets->require_count == 1 && timesheets->requires[0].standard);
    int id = table_column(table, "id"), user = table_column(table, "UserId"), date = table_column(table, "Date");
    assert_true(table->columns[id].key && !table->columns[id].nullable);
    assert_int_equal(table->columns[id].type.kind, TYPE_BIGINT);
    assert_string_equal(table->columns[user].references_table, "Users");
    assert_string_equal(table->columns[user].references_column, "Id");
    assert_int_equal(timesheets->columns[date].filter_count, 2);
    assert_int_equal(timesheets->columns[date].filters[0].ops, 1u << FILTER_EQUAL | 1u << FILTER_GREATER | 1u << FILTER_GREATER_EQUAL);
    assert_int_equal(timesheets->columns[date].filters[0].exact_ops, 1u << FILTER_EQUAL | 1u << FILTER_GREATER_EQUAL);
    assert_true(table->columns[table_column(table, "PayrollIds")].pseudo);

    const struct definition_table *permissions = find(definition, "UserPermissions");
    assert_int_equal(permissions->table.kind, TABLE_VIEW);
    const struct shape_column *schedule = &permissions->places[table_column(&permissions->table, "ManageNoSchedule")];
    assert_int_equal(schedule->at_count, 2);
    assert_string_equal(schedule->at[1].path.steps[1].name, "manage_no_schedules");
    definition_close(definition);
}

#define HEAD "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n"
#define PAGING "<paging parameter='page' size='limit' largest='10' more='/more'/>\n"
#define TABLE "<table name='T' path='/t' rows='/t/*' description=''>\n"
#define ID "<column name='Id' type='bigint' at='id' key='yes'/>\n"
#define TAIL "</table></provider>\n"

static void accepts_a_small_one(void **state)
{
    struct definition *definition;
    struct error err = {0};
    (void)state;

    write_text(file, HEAD TABLE ID TAIL);
    if (!definition_open(file, source_path("providers/provider.rng"), NULL, &definition, &err))
        fail_msg("%s", err.message);
    assert_false(definition->has_oauth);
    assert_int_equal(definition->tables[0]->endpoints[0].paging->kind, PAGING_NONE);
    definition_close(definition);
}

static void takes_every_way_to_sign_in(void **state)
{
    static const char *const ways[] = {
        "<oauth schemes='Basic'/>",
        "<oauth schemes='Digest NTLM Negotiate None'/>",
        "<oauth issuer='https://i.example/'/>",
        "<oauth issuer='https://i.example/a' grants='DEVICE CODE JWT PASSWORD CLIENT'/>",
        "<oauth token='/t' grants='CLIENT' answer='form' client='body' token-word='Made-token'/>",
        "<oauth versions='1.0' request-token='/r' authorize='/a' token='/t' sign='RSA-SHA1'/>",
        "<oauth device='/d' token='/t' grants='DEVICE'/>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct definition *definition;
        struct error err = {0};
        char text[2048];
        snprintf(text, sizeof text, HEAD "%s" TABLE ID TAIL, ways[i]);
        write_text(file, text);
        if (!definition_open(file, source_path("providers/provider.rng"), NULL, &definition, &err))
            fail_msg("%s for %s", err.message, ways[i]);
        assert_true(definition->has_oauth);
        if (i == 4) {
            assert_true(definition->oauth.form_answers && definition->oauth.client_in_body);
            assert_string_equal(definition->oauth.token_word, "Made-token");
            assert_string_equal(definition->oauth.grants, "CLIENT");
        }
        if (i == 5) {
            assert_string_equal(definition->oauth.sign_method, "RSA-SHA1");
            assert_string_equal(definition->request_token.source, "/r");
        }
        definition_close(definition);
    }
}

static void tells_every_fault(void **state)
{
    static const struct { const char *text; int line; const char *part; } cases[] = {
        {"", 1, "Document is empty"},
        {"<provider", 1, "Couldn't find end of Start Tag provider"},
        {HEAD TABLE ID "</tabel></provider>", 4, "Opening and ending tag mismatch: table"},
        {"<!DOCTYPE provider [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>\n" HEAD TABLE ID TAIL, 1, "no document type declaration"},
        {"<supplier/>", 1, "supplier"},
        {"<provider name='Made' title='' url='https://made.example'/>", 1, "provider"},
        {HEAD TABLE "<colum name='Id'/>" TAIL, 3, "colum"},
        {HEAD TABLE "<column name='Id' type='bigint'/>" TAIL, 3, "T.Id stands nowhere"},
        {HEAD TABLE "<column name='Id' type='bigint' at='id' colour='red'/>" TAIL, 3, "colour"},
        {HEAD TABLE "<column name='Id' type='bigint' at='id' key='maybe'/>" TAIL, 3, "key"},
        {HEAD TABLE "<column name='Id' type='number' at='id'/>" TAIL, 3, "there is no type \"number\""},
        {HEAD TABLE "<column name='Id' type='binary' at='id'/>" TAIL, 3, "T.Id is binary"},
        {HEAD TABLE ID "<column name='ID' type='bigint' at='x'/>" TAIL, 4, "table T has two columns named ID"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='id'/>" TAIL, 4, "T.Id and T.X read the same member"},
        {HEAD TABLE ID "<column name='X' type='json' at='a[k=v]/b'/>\n<column name='Y' type='bigint' at='a[k=v]/b'/>" TAIL, 5,
         "T.X and T.Y read the same member"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='a[k]/b'/>" TAIL, 4, "a choice has the form member[key=value]"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='a//b'/>" TAIL, 4, "a name is missing"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='x' references='Tt.Id'/>" TAIL, 4,
         "T names the table Tt, which there is not; is T meant?"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='x' references='T.Key'/>" TAIL, 4, "T names T.Key, a column that there is not"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='x' join='yes'/>" TAIL, 4, "T.X joins values but is not a string"},
        {HEAD TABLE ID "</table>\n<table name='t' path='/t' rows='/t/*' description=''>\n" ID TAIL, 5, "there are two tables named t"},
        {HEAD TABLE "<column name='Id' type='bigint' at='id'><filter op='~' parameter='p'/></column>" TAIL, 3, "<filter op=\"~\" parameter=\"p\">"},
        {HEAD TABLE "<column name='Id' type='bigint' at='id'><filter op='like' parameter='p' wildcard='*'/></column>" TAIL, 3,
         "can serve \"like\" only on a string"},
        {HEAD TABLE "<column name='X' type='string' at='id'><filter op='like' parameter='p'/></column>" TAIL, 3, "with a wildcard"},
        {HEAD TABLE "<column name='X' type='string' at='id'><filter op='=' parameter='p' exact='yes'/></column>" TAIL, 3,
         "the filter by \"p\" on T.X on a text can be exact only with a map"},
        {HEAD TABLE "<column name='X' type='date' at='id'><filter op='=' parameter='p' shift='1'/></column>" TAIL, 3,
         "can be shifted only on a timestamp"},
        {HEAD TABLE "<column name='X' type='timestamp' at='id'><filter op='&lt;' parameter='p' shift='1' exact='yes'/></column>" TAIL, 3,
         "is shifted and so can not be exact"},
        {HEAD TABLE "<column name='X' type='date' at='id'><filter op='=' parameter='p' exact='in'/></column>" TAIL, 3,
         "is exact for an operator that it does not have"},
        {HEAD TABLE "<column name='X' type='boolean' at='id'><filter op='=' parameter='p' map='perhaps=1'/></column>" TAIL, 3,
         "in a map: \"perhaps\" is not a value of type boolean"},
        {HEAD TABLE ID "<input name='X' type='bigint'><filter op='&lt;' parameter='p'/></input>" TAIL, 4,
         "of an input serves \"=\" and \"in\" only"},
        {HEAD TABLE "<column name='X' type='date' at='id'><filter op='=' parameter='p'/><filter op='= &lt;' parameter='p'/></column>" TAIL, 3,
         "T.X has two filters by \"p\" for the same operator"},
        {HEAD PAGING TABLE "<parameter name='limit' value='5'/>" ID TAIL, 3, "table T sets the parameter \"limit\", which is for paging"},
        {HEAD TABLE ID "<require any='since'/>" TAIL, 4, "table T requires the parameter \"since\", which no filter of it sets"},
        {HEAD TABLE ID "<order column='Name'><parameter name='by' value='x'/></order>" TAIL, 4,
         "table T is ordered by Name, a column that it does not have"},
        {HEAD TABLE ID "<column name='X' type='date' at='x'/>\n<order column='X'><parameter name='by' value='x'/></order>" TAIL, 2,
         "table T is ordered by X, which may be NULL"},
        {"<provider xmlns='urn:restodbc:provider:1' name='Made' title='' url='https://made.example' check='Me'>\n" TABLE ID TAIL, 1,
         "check names the table Me, which there is not"},
        {HEAD "<empty type='date' value='never'/>" TABLE ID TAIL, 2, "\"never\" is not a value of type date"},
        {HEAD "<failure status='200' sqlstate='HY000' text=''/>" TABLE ID TAIL, 2, "failure"},
        {HEAD "<oauth token='/t'/>" TABLE ID TAIL, 2, "oauth names neither authorize nor"},
        {HEAD "<oauth authorize='/a'/>" TABLE ID TAIL, 2, "oauth names neither token nor"},
        {HEAD "<oauth authorize='/a' token='/t' versions='2.0 1.0'/>" TABLE ID TAIL, 2, "oauth names neither request-token nor"},
        {HEAD "<oauth issuer='https://i.example' versions='1.0'/>" TABLE ID TAIL, 2, "request-token"},
        {HEAD "<oauth token='/t' grants='CLIENT DEVICE'/>" TABLE ID TAIL, 2, "oauth names neither device nor"},
        {HEAD "<oauth token='/t' grants='CLIENT IMPLICIT'/>" TABLE ID TAIL, 2, "oauth"},
        {HEAD "<oauth schemes='Basic Magic'/>" TABLE ID TAIL, 2, "oauth"},
        {HEAD "<oauth token='/t' grants='CLIENT' sign='MD5'/>" TABLE ID TAIL, 2, "oauth"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct definition *definition;
        struct error err = {0};
        char place[80];
        write_text(file, cases[i].text);
        if (definition_open(file, source_path("providers/provider.rng"), NULL, &definition, &err)) {
            for (size_t j = 0; j < definition->table_count; j++) /* only one table may be at fault */
                if (definition->tables[j]->table.fault)
                    error_set(&err, "HY000", "%s", definition->tables[j]->table.fault);
            definition_close(definition);
            if (!err.sqlstate[0])
                fail_msg("accepted: %s", cases[i].text);
        }
        snprintf(place, sizeof place, "%s:%d: ", file, cases[i].line);
        if (strncmp(err.message, place, strlen(place)) != 0 || !strstr(err.message, cases[i].part))
            fail_msg("%s\ninstead of %s%s\nfor %s", err.message, place, cases[i].part, cases[i].text);
        assert_string_equal(err.sqlstate, "HY000");
    }
}

static void tells_a_missing_file_or_grammar(void **state)
{
    struct definition *definition;
    struct error err = {0};
    (void)state;

    assert_false(definition_open("/nowhere/x.xml", source_path("providers/provider.rng"), NULL, &definition, &err));
    assert_non_null(strstr(err.message, "/nowhere/x.xml"));
    write_text(file, HEAD TABLE ID TAIL);
    assert_false(definition_open(file, "/nowhere/provider.rng", NULL, &definition, &err));
    assert_non_null(strstr(err.message, "/nowhere/provider.rng"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_ships),
        cmocka_unit_test(accepts_a_small_one),
        cmocka_unit_test(takes_every_way_to_sign_in),
        cmocka_unit_test(tells_every_fault),
        cmocka_unit_test(tells_a_missing_file_or_grammar),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
