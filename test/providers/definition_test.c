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
    assert_int_equal(definition->table_count, 49);
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
#define PARENT "<table name='P' path='/p' rows='/p/*' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
#define PARENT_BY_A "<table name='P' path='/p/{A}' rows='/p/*' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
#define PROCEDURE(name) "\n<procedure name='" name "' path='/p' description=''>\n"

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
        {HEAD TABLE "<column name='Id' type='string(0)' at='id'/>" TAIL, 3, "there is no type \"string(0)\""},
        {HEAD TABLE "<column name='Id' type='binary' at='id'/>" TAIL, 3, "T.Id is binary"},
        {HEAD TABLE ID "<column name='ID' type='bigint' at='x'/>" TAIL, 4, "table T has two columns named ID"},
        {HEAD TABLE ID "<column name='X' type='string' at='a/*/b'/>" TAIL, 4, "T.X has one value of several elements (*) and so needs join"},
        {HEAD TABLE ID "<column name='X' type='string' at='a/*' join='yes'/>" TAIL, 4, "a * stands between the name of an array and"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='a[k]/b'/>" TAIL, 4, "a choice has the form member[key=value]"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='a//b'/>" TAIL, 4, "a name is missing"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='x' references='Tt.Id'/>" TAIL, 4,
         "T names the table Tt, which there is not; is T meant?"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='x' references='T.Key'/>" TAIL, 4, "T names T.Key, a column that there is not"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='x' join='yes'/>" TAIL, 4, "T.X joins values but is not a string"},
        {HEAD TABLE ID "</table>\n<table name='t' path='/t' rows='/t/*' description=''>\n" ID TAIL, 5, "there are two tables named t"},
        {"<!-- a comment -->\n<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='http://made.example'>" TABLE ID TAIL, 2,
         "url must begin with https:// (plain http is for this machine only)"},
        {HEAD "<table name='Sys_Tables' path='/t' rows='/t/*' description=''>" ID TAIL, 2, "table Sys_Tables: names with sys_ are those of the driver's own tables"},
        {HEAD TABLE "<column name='Id' type='bigint' at='id'><filter op='~' parameter='p'/></column>" TAIL, 3, "Invalid attribute op for element filter"},
        {HEAD TABLE "<column name='Id' type='bigint' at='id'><filter op='=' parameter='p' each='yes'/></column>" TAIL, 3,
         "the filter by \"p\" on T.Id asks for each of several texts and so needs a map and no separator"},
        {HEAD TABLE "<column name='Id' type='bigint' at='id'><filter op='=' parameter='p' map='1=a 1=b' separator=','/></column>" TAIL, 3,
         "the filter by \"p\" on T.Id asks for each of several texts"},
        {HEAD TABLE "<column name='Id' type='bigint' at='id'><filter op='=' map='1=a'/></column>" TAIL, 3,
         "the filter by \"Id\" on T.Id has no parameter, and no path has a hole of that name"},
        {HEAD "<table name='T' rows='/*' description=''>\n<endpoint name='a' path='/a'/><endpoint name='b' path='/b'/>\n" ID
         "<column name='X' type='bigint' at='x' endpoint='a'/>\n<column name='Y' type='bigint' at='y' endpoint='b'/>" TAIL, 6,
         "T.Y stands in the rows of some endpoints only"},
        {HEAD "<table name='T' rows='/*' description=''>\n<endpoint name='a' path='/a'/><endpoint name='b' path='/b'/>\n" ID
         "<column name='X' type='bigint' endpoint='a'><filter op='=' parameter='x'/></column>" TAIL, 5,
         "T.X stands in the pages of some endpoints, and so needs at"},
        {HEAD "<table name='T' rows='/*' description=''>\n<endpoint name='a' path='/a'/><endpoint name='b' path='/b/{Id}' details='yes' parent='T'/>\n" ID TAIL, 3,
         "an endpoint with details is asked for each row of its own table, and has no other parent"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='x' standard='1' unless='Y'/>" TAIL, 4, "T names T.Y, a column that there is not"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='x' unless='Id'/>" TAIL, 4, "unless"},
        {HEAD TABLE ID "<column name='X' type='bigint' at='x'><filter op='=' parameter='x' silent='yes'/></column>" TAIL, 4, "on T.X is silent of values that there are not"},
        {HEAD "<table name='T' rows='/*' description=''>\n<endpoint name='a' path='/a' only-standard='Id'/>\n" ID TAIL, 3,
         "only-standard names Id, which is no column of T with a standard"},
        {HEAD TABLE ID "</table>\n<table name='U' path='/u/{Id}' rows='/*' parent='T' parent-if='Id=3 Big' description=''>\n<column name='Id' type='bigint' from='T.Id'/>" TAIL, 5,
         "U names T.Big, a column that there is not"},
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
        /* places */
        {HEAD TABLE ID "<column name='X' type='string' at='#'/>" TAIL, 4, "T.X is a place in a list (#) or a tree (^) and so an integer or bigint"},
        {HEAD TABLE ID "<custom-fields like='Nobody' at='own/{}'/>" TAIL, 4, "Nobody"},
        {HEAD TABLE ID "<custom-fields like='T' at='own/{}'/>" TAIL, 4, "T has fields like T, which finds none in its own rows"},
        {HEAD TABLE ID "<column name='X' type='string' at='^2/x'/>" TAIL, 4, "T.X is told by a tree (^), which the rows of the table are not"},
        {HEAD TABLE ID "<column name='X' type='string' at='^x'/>" TAIL, 4, "a row of a tree is told as ^1/name"},
        {HEAD "<table name='T' path='/t' rows='/**' description=''>\n" ID TAIL, 2, "two stars"},
        {HEAD TABLE ID "<column name='X' type='json' at='@'/>" TAIL, 4, "T.X is the name of a member (@), which is no json"},
        {HEAD TABLE ID "<column name='X' type='string' at='../../x'/>" TAIL, 4, "T.X stands further out than the rows of the table are in"},
        {HEAD TABLE ID "<column name='X' type='string' at='../@'/>" TAIL, 4, "T.X stands further out than the rows of the table are in"},
        {HEAD TABLE ID "<column name='X' type='string' at='../'/>" TAIL, 4, "at=\"../\": a name is missing"},
        {HEAD "<table name='T' path='/t' rows='/t*' description=''>" ID TAIL, 2, "rows=\"/t*\": a * stands for whole names only"},
        /* filters */
        {HEAD TABLE "<column name='X' type='date' at='x'><filter op='null' parameter='p'/></column>" TAIL, 3, "needs the prefix that is sent for it"},
        {HEAD TABLE "<column name='X' type='string' at='x'><filter op='=' parameter='p' anywhere='yes'/></column>" TAIL, 3, "does not serve \"like\""},
        {HEAD TABLE "<column name='X' type='date' at='x'><filter op='=' parameter='p' form='seconds'/></column>" TAIL, 3, "has a form, which only timestamps have"},
        {HEAD TABLE "<column name='X' type='date' at='x'><filter op='=' parameter='p' endpoint='e'/></column>" TAIL, 3, "table T has no endpoint \"e\""},
        {HEAD TABLE "<column name='X' type='date' at='x'><filter op='=' parameter='p' separator=''/></column>" TAIL, 3, "has an empty separator"},
        /* standards and any */
        {HEAD TABLE ID "<column name='X' type='string' at='x' standard='{Y}'/>" TAIL, 4, "standard=\"{Y}\": {Y} is neither a column of the table nor a variable"},
        {HEAD TABLE ID "<column name='X' type='string' at='x' standard='{Y'/>" TAIL, 4, "a brace is not closed"},
        {HEAD TABLE ID "<column name='X' type='string' standard='1' any='*'><filter op='=' parameter='p'/></column>" TAIL, 4,
         "T.X has a word for any value, and so needs at or from"},
        /* endpoints */
        {HEAD "<table name='T' description=''>" ID TAIL, 2, "the table has neither path nor endpoint"},
        {HEAD TABLE "<endpoint name='e' path='/a'/>\n<endpoint name='e' path='/b'/>" ID TAIL, 4, "table T has two endpoints named e"},
        {HEAD "<table name='T' path='/t/{X}' rows='/t/*' description=''>" ID TAIL, 2, "path=\"/t/{X}\": {X} is neither a column"},
        {HEAD "<table name='T' path='/t' rows='/t/*' needs='p' description=''>" ID TAIL, 2, "table T needs the parameter \"p\", which no filter of it sets"},
        {HEAD "<table name='T' path='/t' rows='/t/*' paging='p' description=''>" ID TAIL, 2, "there is no paging \"p\""},
        {HEAD "<table name='T' path='/t' rows='/t/*' body='/' description=''>" ID TAIL, 2, "a request with a body needs method=\"POST\""},
        {HEAD "<paging name='a' parameter='p' largest='1'/>\n<paging name='a' parameter='q' largest='1'/>" TABLE ID TAIL, 3, "there are two pagings named \"a\""},
        {HEAD "<paging name='no' parameter='p' largest='1'/>" TABLE ID TAIL, 2, "a paging can not be named \"no\""},
        {HEAD "<paging kind='token' parameter='p'/>" TABLE ID TAIL, 2, "this kind of paging needs the place of the next page"},
        {HEAD "<paging kind='next'/>" TABLE ID TAIL, 2, "this kind of paging needs the place of the next page"},
        {HEAD "<paging kind='offset' size='n' largest='5'/>" TABLE ID TAIL, 2, "this kind of paging needs a parameter"},
        {HEAD "<paging parameter='p'/>" TABLE ID TAIL, 2, "only be known by being short where its largest size is told"},
        {HEAD "<paging parameter='p' size='n' end='empty'/>" TABLE ID TAIL, 2, "who sends the size of a page must know the largest"},
        /* cells that stand in no page */
        {HEAD TABLE ID "<column name='X' type='date'><filter op='=' parameter='p'/></column>" TAIL, 4, "T.X has no value in the rows of /t: it needs at"},
        {HEAD TABLE ID "<column name='X' type='date' standard='{today}'><filter op='= &lt;' parameter='p'/></column>" TAIL, 4,
         "T.X stands in no page: its filters serve \"=\" and \"in\" only"},
        {HEAD "<table name='T' path='/t' rows='/t/*' description=''>\n<endpoint name='e' path='/t/{X}'/>\n" ID "<column name='X' type='string'/>" TAIL, 5,
         "T.X has no value in the rows of /t: it needs at"},
        /* parents */
        {HEAD PARENT "<table name='T' path='/t/{X}' rows='/t/*' parent='Q' description=''>\n" ID "<column name='X' type='bigint' from='P.Id'/>" TAIL, 3,
         "T names the table Q, which there is not; is P meant?"},
        {HEAD PARENT "<table name='T' path='/t/{X}' rows='/t/*' parent='P' description=''>\n" ID "<column name='X' type='bigint' from='P.Idd'/>" TAIL, 5,
         "T names P.Idd, a column that there is not"},
        {HEAD PARENT "<table name='T' path='/t/{X}' rows='/t/*' parent='P' description=''>\n" ID "<column name='X' type='string' from='P.Id'/>" TAIL, 5,
         "T.X comes from P.Id, which is of another type"},
        {HEAD PARENT "<table name='T' path='/t' rows='/t/*' parent='P' description=''>\n" ID "<column name='X' type='bigint' from='P.Id' at='x'/>" TAIL, 3,
         "T is found through P, but no column that comes from it fills what its requests need"},
        {HEAD PARENT "<table name='T' path='/t/{X}' rows='/t/*' parent='P' parent-if='Q' description=''>\n" ID "<column name='X' type='bigint' from='P.Id'/>" TAIL, 3,
         "T names P.Q, a column that there is not"},
        {HEAD PARENT "<table name='T' path='/t/{X}' rows='/t/*' parent='P' also='0' description=''>\n" ID "<column name='X' type='bigint' from='P.Id'/>" TAIL, 3,
         "also adds to a list, but T takes one value only"},
        {HEAD PARENT "<table name='T' path='/t' rows='/t/*' parent='P' needs='x' description=''>\n" ID
         "<column name='X' type='bigint' from='P.Id' at='x'><filter op='=' parameter='x'/></column>"
         "<column name='Y' type='bigint' from='P.Id' at='y'><filter op='=' parameter='x'/></column>" TAIL, 3,
         "two columns of T that come from P fill the same parameter"},
        {HEAD "<table name='T' path='/t/{X}' rows='/t/*' parent='T' description=''>\n" ID "<column name='X' type='bigint' from='T.Id'/>" TAIL, 2,
         "table T is found through itself"},
        /* custom fields */
        {HEAD TABLE ID "<custom-fields table='F' name='N' key='K' at='f/{}'/>" TAIL, 4, "T names the table F, which there is not"},
        {HEAD TABLE ID "<custom-fields table='T' name='N' key='Id' at='f/{}'/>" TAIL, 4, "T names T.N, a column that there is not"},
        {HEAD TABLE ID "<custom-fields table='T' name='Id' key='Id' where='W' is='1' at='f/{}'/>" TAIL, 4, "T names T.W, a column that there is not"},
        {HEAD TABLE ID "<custom-fields at='f[id={}]/v'/>" TAIL, 4, "the custom fields of T are found in its rows, and so stand at …/{}"},
        {HEAD TABLE ID "<custom-fields at='{}/v'/>" TAIL, 4, "the custom fields of T are found in its rows"},
        /* variables */
        {HEAD "<variable name='A'/>\n<variable name='a'/>" TABLE ID TAIL, 3, "the variable a stands there twice"},
        {HEAD "<variable name='A' property='Acount'/>" TABLE ID TAIL, 2, "the variable A takes the value of a connection property that there is not: Acount"},
        {HEAD "<variable name='A'><when property='Regio' is='x' value='y'/></variable>" TABLE ID TAIL, 2, "depends on a connection property that there is not: Regio"},
        {HEAD "<variable name='A' table='Q' column='Id'/>" TABLE ID TAIL, 2, "the variable A is looked up in a table that there is not: Q"},
        {HEAD "<variable name='A' table='T' column='I'/>" TABLE ID TAIL, 2, "the variable A is looked up by a column that its table has not: I"},
        {HEAD "<variable name='A' table='T' column='Id' where='W' is='1'/>" TABLE ID TAIL, 2, "by a column that its table has not: W"},
        {HEAD "<variable name='A' table='T' column='Id' prefer='Id'/>" TABLE ID TAIL, 2, "the variable A prefers by a column that is not boolean: Id"},
        {HEAD "<variable name='A' standard='{A}'/>" TABLE ID TAIL, 2, "the variable A can not be found out without knowing it already"},
        {HEAD "<variable name='A' standard='{B}'/>" TABLE ID TAIL, 2, "{B} is neither a column of the table nor a variable"},
        {HEAD "<variable name='A' table='T' column='Id'/><header name='X' value='{A}'/>" TABLE ID TAIL, 2, "without knowing it already"},
        {HEAD "<variable name='A' table='T' column='Id'/>\n<variable name='B' standard='x{A}'/>" "<table name='T' path='/{B}' rows='/t/*' description=''>\n" ID TAIL, 2,
         "the variable A can not be found out without knowing it already"},
        {HEAD "<variable name='A' table='T' column='Id'/>" TABLE "<parameter name='p' value='{A}'/>" ID TAIL, 2, "without knowing it already"},
        {HEAD "<variable name='A' table='T' column='Id'/>" TABLE ID "<column name='X' type='string' at='x' standard='{A}'/>" TAIL, 2, "without knowing it already"},
        {HEAD "<variable name='A' table='T' column='Id'/>" PARENT_BY_A "<table name='T' path='/t/{X}' rows='/t/*' parent='P' description=''>\n" ID
         "<column name='X' type='bigint' from='P.Id'/>" TAIL, 2, "without knowing it already"},
        {HEAD "<variable name='A' table='T' column='Id'/>\n<oauth authorize='{A}/x' token='/t'/>" TABLE ID TAIL, 3, "{A}/x: one signs in before a variable can be looked up"},
        {HEAD "<variable name='A' token='host'/>\n<oauth authorize='/x' token='{A}/t'/>" TABLE ID TAIL, 3, "{A}/t: one signs in before"},
        /* procedures */
        {HEAD TABLE ID "</table>" PROCEDURE("p") "</procedure><procedure name='P' path='/p' description=''/></provider>", 6, "procedure P stands there twice"},
        {HEAD "<oauth authorize='/a' token='/t'/>" TABLE ID "</table>\n<procedure name='getOAuthAccessToken' path='/p' description=''/></provider>", 5,
         "procedure getOAuthAccessToken has the name of one that every service with OAuth has"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='bigint'/></procedure></provider>", 6, "input A of procedure p goes nowhere"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='number' query='a'/></procedure></provider>", 6, "input A: there is no type \"number\""},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<output name='A' type='string' at='a' tells='status'/></procedure></provider>", 6, "output A: the status is one output, an integer"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<output name='A' type='integer' at='a' tells='message'/></procedure></provider>", 6, "output A tells a message, and so is a string"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='bigint' query='a'/><input name='a' type='bigint' query='b'/></procedure></provider>", 6,
         "procedure p has two inputs named a"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='bigint' query='a' standard='x'/></procedure></provider>", 6,
         "procedure p: the standard of A: \"x\" is not a value of type bigint"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='bigint' file='raw'/></procedure></provider>", 6, "takes the name of a file, which is a string, as A"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='string' file='raw'/><input name='B' type='string' body='b'/></procedure></provider>", 5,
         "sends a file as it is, and so nothing else in the body"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='string' body='a/b'/><input name='B' type='string' body='a'/></procedure></provider>", 6,
         "procedure p has two members of its body in one place, at or within a"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<parameter name='a/b' value='1' body='yes'/>\n<input name='A' type='string' body='/a/b/c' file='base64'/></procedure></provider>", 6,
         "two members of its body in one place, at or within a"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='string' body='a/0/b'/>\n<input name='B' type='string' body='a/c'/></procedure></provider>", 7,
         "two members of its body in one place, at or within a"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='string' body='a[b=c]/d'/></procedure></provider>", 6, "procedure p chooses in a body that it makes: a"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='string' body='0/a'/></procedure></provider>", 6, "has a member of its body at a place without a name"},
        {HEAD "<oauth authorize='/a' token='/t'/>" TABLE ID "</table>\n<procedure name='RevokeOAuthAccessToken' path='/p' description=''/></provider>", 5,
         "procedure RevokeOAuthAccessToken has the name of one that every service with OAuth has"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='string' target='yes'/></procedure></provider>", 6, "writes a file only where the answer is one"},
        {HEAD TABLE ID "</table>\n<procedure name='p' method='GET' path='/p' description=''>" "<input name='A' type='string' body='a'/></procedure></provider>", 5,
         "procedure p has a body, which GET has not, with A"},
        {HEAD TABLE ID "</table>\n<procedure name='p' path='/p' description='' raw='yes'><output name='O' type='string'/></procedure></provider>", 5,
         "procedure p answers with a file, and so has one output, of type binary"},
        {HEAD TABLE ID "</table>\n<procedure name='p' path='/p' description='' raw='yes'/></provider>", 5, "so has one output, of type binary"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<output name='O' type='string'/></procedure></provider>", 5, "procedure p has an output that stands nowhere: it needs at: O"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<output name='O' type='binary' at='o'/></procedure></provider>", 5, "has a binary output, which JSON has not: O"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<output name='O' type='string' at='a'/><output name='o' type='string' at='b'/></procedure></provider>", 5,
         "procedure p has two outputs named o"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<output name='O' type='bigint' at='o' join='yes'/></procedure></provider>", 5, "joins values that are not a string: O"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<output name='O' type='bigint' at='../../o'/></procedure></provider>", 5, "stands further out than its rows are in: O"},
        {HEAD TABLE ID "</table>" PROCEDURE("p") "<input name='A' type='string' colour='red'/></procedure></provider>", 6, "colour"},
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

static struct definition *open_made(const char *text, const char *schema)
{
    struct definition *definition;
    struct error err = {0};

    write_text(file, text);
    if (!definition_open(file, source_path("providers/provider.rng"), schema, &definition, &err))
        fail_msg("%s", err.message);
    return definition;
}

static void a_faulty_table_takes_only_its_children_along(void **state)
{
    static const struct { const char *table, *fault; } expected[] = {
        {"Broken", "made.xml:2: "}, {"Child", "made.xml:9: Child is found through Broken, which is unusable: "},
        {"Good", NULL}, {"Grandchild", "made.xml:10: Grandchild is found through Child, which is unusable: "},
        {"Grammar", "made.xml:3: "}, {"Referring", NULL}, {"Taking", "made.xml:12: Taking names Broken.Id, a column that there is not, because the table is unusable: "},
        {"Detailed", NULL},     /* looked at again after the others fell */
    };
    (void)state;
    struct definition *definition = open_made(
        HEAD "<table name='Broken' path='/b' rows='/b/*' description=''><column name='Id' type='nothing' at='id' key='yes'/></table>\n"
        "<table name='Grammar' path='/b' rows='/b/*' description=''><colum/></table>\n"
        "<table name='Good' path='/g' rows='/g/*' description=''>\n" ID "</table>\n"
        "<table name='Referring' path='/r' rows='/r/*' description=''>" ID "<column name='X' type='bigint' at='x' references='Broken.Id'/></table>\n"
        "<table name='Child' path='/c/{X}' rows='/c/*' parent='Broken' description=''><column name='X' type='bigint' from='Good.Id'/></table>\n"
        "<table name='Grandchild' path='/d/{X}' rows='/d/*' parent='Child' description=''><column name='X' type='bigint' from='Good.Id'/></table>\n"
        "<table name='Taking' path='/t' rows='/t/*' description=''>\n<column name='X' type='bigint' from='Broken.Id' at='x'/></table>\n"
        "<table name='Detailed' rows='/*' description=''><endpoint name='l' path='/e'/><endpoint name='o' path='/e/{Id}' rows='/' details='yes'/>" ID "</table>\n"
        "</provider>\n", NULL);

    assert_int_equal(definition->table_count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const struct definition_table *table = find(definition, expected[i].table);
        assert_int_equal(table->table.fault != NULL, expected[i].fault != NULL);
        if (expected[i].fault && !strstr(table->table.fault, expected[i].fault))
            fail_msg("%s instead of %s", table->table.fault, expected[i].fault);
        assert_int_equal(table->table.column_count == 0, expected[i].fault != NULL);
    }
    assert_null(find(definition, "Referring")->table.columns[1].references_table);
    definition_close(definition);
}

/* A cycle through the second of two parents is one all the same. */
static void sees_every_way_up(void **state)
{
#define FROM(name, parent) "<table name='" name "' description=''><endpoint name='a' path='/a/{X}' rows='/a/*' parent='Good'/>" \
    "<endpoint name='b' path='/b/{Y}' rows='/b/*' parent='" parent "'/><column name='Id' type='bigint' at='id' key='yes'/>" \
    "<column name='X' type='bigint' from='Good.Id' at='x'/><column name='Y' type='bigint' from='" parent ".Id' at='y'/></table>\n"
    (void)state;
    struct definition *definition = open_made(HEAD "<table name='Good' path='/g' rows='/g/*' description=''>\n" ID "</table>\n"
                                              FROM("One", "Two") FROM("Two", "One") "</provider>\n", NULL);
    assert_non_null(strstr(find(definition, "Two")->table.fault, "made.xml:6: table Two is found through itself"));
    assert_non_null(strstr(find(definition, "One")->table.fault, "One names Two.Id, a column that there is not, because the table is unusable: "));
    assert_null(find(definition, "Good")->table.fault);
    definition_close(definition);
}

struct told {
    char faults[20][400];
    size_t count;
};

static void hear(void *context, const char *fault)
{
    struct told *told = context;
    if (told->count < 20)
        snprintf(told->faults[told->count++], sizeof told->faults[0], "%s", fault);
}

static void inspect(const char *text, struct told *told)
{
    struct definition *definition = NULL;
    struct error err = {0};

    write_text(file, text);
    told->count = 0;
    if (definition_inspect(file, source_path("providers/provider.rng"), NULL, hear, told, &definition, &err))
        definition_close(definition);
}

static bool was_told(const struct told *told, const char *part)
{
    for (size_t i = 0; i < told->count; i++)
        if (strstr(told->faults[i], part))
            return true;
    return false;
}

static void every_fault_can_be_heard(void **state)
{
    struct told told;
    (void)state;

    inspect(HEAD "<table name='A' path='/b' rows='/b/*' description=''><column name='Id' type='nothing' at='id' key='yes'/></table>\n"
            "<table name='B' path='/b' rows='/b/*' description=''><colum/></table>\n"
            "<procedure name='p' path='/{X}' description=''/>\n"
            "<table name='C' path='/g' rows='/g/*' description=''>" ID "<column name='ID' type='bigint' at='x'/></table>\n"
            "<procedure name='q' description=''/>\n"
            "<procedure name='r' path='/r' description=''><output name='O' type='string'/></procedure>\n"
            "<table name='D' path='/g' rows='/g/*' description=''>" ID "</table></provider>\n", &told);
    assert_true(was_told(&told, "made.xml:2: column Id: there is no type \"nothing\""));
    assert_true(was_told(&told, "made.xml:3: "));
    assert_true(was_told(&told, "made.xml:4: path=\"/{X}\""));
    assert_true(was_told(&told, "made.xml:6: table C has two columns named ID"));
    assert_true(was_told(&told, "made.xml:7: "));
    assert_true(was_told(&told, "made.xml:8: procedure r has an output that stands nowhere"));
    assert_int_equal(told.count, 6);
    inspect(HEAD TABLE ID TAIL, &told);
    assert_int_equal(told.count, 0);
    inspect(HEAD "<variable/>\n<limit hour='1'/>\n" TABLE "<colum/>" TAIL, &told);
    assert_true(was_told(&told, "made.xml:2: ") && was_told(&told, "made.xml:3: ") && was_told(&told, "made.xml:5: "));
}

/* Nothing that a document type could define is looked at, nor what it names. */
static void reads_no_document_type(void **state)
{
    static const char laughs[] =
        "<!DOCTYPE provider [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>"
        "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;'><!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;'>]>\n";
    static const char *const heads[] = {
        "<!DOCTYPE provider SYSTEM '/dev/zero'>\n", laughs,
        "<!DOCTYPE provider [<!ENTITY % x SYSTEM 'file:///nowhere'> %x;]>\n",
    };
    struct definition *definition;
    struct error err = {0};
    struct arena arena = {0};
    char text[2000];
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        snprintf(text, sizeof text, "%s<provider xmlns='urn:restodbc:provider:1' name='Made' title='&f;' url='https://made.example'>%s", heads[i],
                 TABLE ID TAIL);
        write_text(file, text);
        assert_false(definition_open(file, source_path("providers/provider.rng"), NULL, &definition, &err));
        assert_non_null(strstr(err.message, ":1: a definition has no document type declaration"));
        assert_null(definition_name(file, &arena));
    }
    arena_clear(&arena);
}

static void writes_beside(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    write_text(path, text);
}

static void removes_beside(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
}

#define TABLES "<tables xmlns='urn:restodbc:provider:1' url='{Host}/v9' paging='two'>\n"
#define INCLUDING "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'><variable name='Host' standard='https://b.example'/>" \
    "<paging name='one' parameter='p' largest='1'/><paging name='two' parameter='q' largest='1'/>\n"

static void includes_belong_to_schemas(void **state)
{
    struct definition *definition;
    struct error err = {0};
    (void)state;

    writes_beside("all.xml", TABLES "<table name='Shared' path='/s' rows='/s/*' description=''>\n" ID "</table></tables>");
    writes_beside("v2.xml", TABLES "<table name='Old' path='/o' rows='/o/*' description=''>\n" ID "</table>"
                                   "<procedure name='Make' path='/m' description=''/></tables>");
    writes_beside("v20.xml", "<tables xmlns='urn:restodbc:provider:1' scope='all.READ'><parameter name='account' value='{Host}'/>\n<table name='New' scope='new.READ' path='/n' rows='/n/*' description=''>\n" ID "</table>\n"
                             "<table name='Bad' path='/n' rows='/n/*' description=''>\n<column name='Id' type='number' at='id'/></table>\n"
                             "<table name='More' path='/m' rows='/m/*' description=''>\n" ID "</table></tables>");
#define BOTH INCLUDING "<include file='all.xml'/><include file='v20.xml' schema='V20'/>\n<include file='v2.xml' schema='V2'/><table name='Own' path='/x' rows='/x/*' description=''>\n" ID TAIL
    definition = open_made(BOTH, NULL);
    assert_string_equal(definition->schema, "V20");
    assert_int_equal(definition->schema_count, 2);
    assert_int_equal(definition->table_count, 5);
    assert_string_equal(find(definition, "Shared")->endpoints[0].url.source, "{Host}/v9");
    assert_string_equal(find(definition, "Shared")->endpoints[0].paging->name, "two");
    assert_null(find(definition, "New")->endpoints[0].url.source);      /* nothing of another file clings to it */
    assert_string_equal(find(definition, "New")->endpoints[0].paging->name, "one");
    assert_null(find(definition, "Own")->endpoints[0].url.source);
    assert_non_null(strstr(find(definition, "Bad")->table.fault, "/v20.xml:6: column Id: there is no type \"number\""));
    assert_int_equal(find(definition, "New")->endpoints[0].setting_count, 1);
    assert_string_equal(find(definition, "New")->parameters[find(definition, "New")->endpoints[0].settings[0].parameter].name, "account");
    assert_string_equal(find(definition, "New")->scope, "new.READ");
    assert_string_equal(find(definition, "More")->scope, "all.READ");
    assert_null(find(definition, "Own")->scope);
    assert_int_equal(find(definition, "Own")->endpoints[0].setting_count, 0);
    assert_int_equal(definition->procedure_count, 0);
    definition_close(definition);
    definition = open_made(BOTH, "v2");
    assert_string_equal(definition->schema, "V2");
    assert_non_null(find(definition, "Old"));
    assert_string_equal(definition->procedures[0]->url.source, "{Host}/v9");
    definition_close(definition);
    assert_false(definition_open(file, source_path("providers/provider.rng"), "V3", &definition, &err));
    assert_string_equal(err.message, "Schema can not be \"V3\"; Made has: V20, V2");
    write_text(file, HEAD TABLE ID TAIL);
    assert_false(definition_open(file, source_path("providers/provider.rng"), "V3", &definition, &err));
    assert_string_equal(err.message, "Schema is \"V3\", but Made has no schemas");
    definition = open_made(HEAD TABLE ID TAIL, "");
    definition_close(definition);
    removes_beside("all.xml");
    removes_beside("v2.xml");
    removes_beside("v20.xml");
}

/* A fault of one table is none of another with details, however often that is looked at. */
static void details_bear_faults_elsewhere(void **state)
{
    struct definition *definition = open_made(HEAD TABLE ID "<column name='Other' type='string' at='other' references='Nowhere.Id'/></table>\n"
        "<table name='Whole' rows='/w/*' description=''><endpoint name='list' path='/w'/><endpoint name='one' path='/w/{Id}' rows='/one' details='yes'/>\n" ID
        "<column name='More' type='string' at='more' endpoint='one'/>" TAIL, NULL);
    (void)state;

    assert_non_null(find(definition, "T")->table.fault);
    assert_null(find(definition, "Whole")->table.fault);
    definition_close(definition);
}

static void a_schema_has_a_sign_in_of_its_own(void **state)
{
#define SCHEMAS "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n" \
    "<oauth schema='V2' authorize='/a' token='/t' schemes='OAuth Basic' client-id='mine' client-secret='word'/><oauth authorize='/a' token='/t' schemes='OAuth'/>\n" \
    "<limit schema='V2' requests='500' seconds='10'/><limit schema='V3' requests='50' seconds='9'/><include file='v3.xml' schema='V3'/><include file='v2.xml' schema='V2'/>\n" \
    "<table name='T' path='/t' rows='/t/*' description=''>\n" ID TAIL
    static const struct { const char *schema, *schemes, *client_id; int64_t requests; } cases[] = {
        {NULL, "OAuth", NULL, 50}, {"v3", "OAuth", NULL, 50}, {"V2", "OAuth Basic", "mine", 500},
    };
    (void)state;

    writes_beside("v2.xml", "<tables xmlns='urn:restodbc:provider:1'>\n<table name='Old' path='/o' rows='/o/*' description=''>\n" ID "</table></tables>");
    writes_beside("v3.xml", "<tables xmlns='urn:restodbc:provider:1'>\n<table name='New' path='/o' rows='/o/*' description=''>\n" ID "</table></tables>");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct definition *definition = open_made(SCHEMAS, cases[i].schema);
        assert_string_equal(definition->oauth.schemes, cases[i].schemes);
        assert_string_equal(definition->oauth.schema, definition->schema);
        assert_int_equal(definition->oauth.client_id != NULL, cases[i].client_id != NULL);
        assert_true(!cases[i].client_id || strcmp(definition->oauth.client_secret, "word") == 0);
        assert_int_equal(definition->limit_requests, cases[i].requests);
        definition_close(definition);
    }
    removes_beside("v2.xml");
    removes_beside("v3.xml");
}

static void columns_are_told_once(void **state)
{
#define GROUPED "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n<columns name='A'>" ID "</columns>\n" \
    "<columns name='B'><column name='X' type='bigint' at='x' references='T.Id'/><column name='Y' type='string' at='y'><filter op='=' parameter='q'/></column></columns>\n" \
    "<include file='more.xml'/><table name='T' path='/t' rows='/t/*' description=''>\n<use columns='A'/><column name='M' type='bigint' at='m'/><use columns='B'/></table></provider>"
    struct definition *definition;
    struct error err = {0};
    (void)state;

    writes_beside("more.xml", "<tables xmlns='urn:restodbc:provider:1'>\n<columns name='A'><column name='Own' type='bigint' at='own'/></columns>\n"
                              "<table name='U' path='/u' rows='/u/*' description=''><use columns='B'/><use columns='A'/></table></tables>");
    definition = open_made(GROUPED, NULL);
    const struct definition_table *table = find(definition, "T"), *other = find(definition, "U");
    assert_int_equal(table->table.column_count, 4);
    assert_string_equal(table->table.columns[1].name, "M");
    assert_string_equal(table->table.columns[3].name, "Y");
    assert_int_equal(table->columns[3].filter_count, 1);
    assert_int_equal(other->table.column_count, 3);
    assert_string_equal(other->table.columns[2].name, "Own");
    assert_non_null(strstr(other->columns[2].file, "/more.xml"));
    assert_null(strstr(other->columns[0].file, "/more.xml"));
    definition_close(definition);

    /* A fault stands where the column is told, whoever uses it. */
    writes_beside("more.xml", "<tables xmlns='urn:restodbc:provider:1'>\n\n\n\n<table name='U' path='/u' rows='/u/*' description=''><use columns='B'/></table>"
                              "<table name='W' path='/u' rows='/u/*' description=''><use columns='Missing'/></table></tables>");
    write_text(file, "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n<columns name='B'>\n"
                     "<column name='X' type='bigint' at='x' references='Gone.Id'/></columns><include file='more.xml'/>"
                     "<table name='T' path='/t' rows='/t/*' description=''>" ID "</table></provider>");
    assert_true(definition_open(file, source_path("providers/provider.rng"), NULL, &definition, &err));
    assert_non_null(strstr(find(definition, "U")->table.fault, "/made.xml:3: U names the table Gone"));
    assert_non_null(strstr(find(definition, "W")->table.fault, "/more.xml:5: there are no columns \"Missing\" to use"));
    definition_close(definition);
    removes_beside("more.xml");
}

static void faults_of_included_files_name_them(void **state)
{
    static const struct { const char *included, *including, *fault; } cases[] = {
        {NULL, "<include file='gone.xml'/>", "/made.xml:2: the included file "},
        {"<tables", "<include file='in.xml'/>", "/in.xml:1: "},
        {"<provider/>", "<include file='in.xml'/>", "/in.xml:1: "},
        {TABLES "<oauth/></tables>", "<include file='in.xml'/>", "/in.xml:2: "},
        {TABLES "<table name='T' path='/t' rows='/t/*' description=''>\n" ID "</table></tables>", "<include file='in.xml'/><include file='in.xml'/>",
         "/in.xml:2: there are two tables named T"},
        {TABLES "<table name='T' path='/t' rows='/t/*' description=''>\n" ID "</table><procedure name='p' path='/{X}' description=''/></tables>", "<include file='in.xml'/>",
         "/in.xml:4: path=\"/{X}\""},
        {"<tables xmlns='urn:restodbc:provider:1' url='{Nobody}'>\n<table name='T' path='/t' rows='/t/*' description=''>\n" ID "</table></tables>", "<include file='in.xml'/>",
         "/in.xml:1: url=\"{Nobody}\""},
        {NULL, "<include file='../made.xml'/>", "/made.xml:2: "},
        {NULL, "<include file='/etc/passwd.xml'/>", "/made.xml:2: "},
        {NULL, "<include file='sub/in.xml'/>", "/made.xml:2: "},
    };
    struct told told;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1000];
        if (cases[i].included)
            writes_beside("in.xml", cases[i].included);
        snprintf(text, sizeof text, INCLUDING "%s</provider>", cases[i].including);
        inspect(text, &told);
        if (told.count == 0 || !strstr(told.faults[0], cases[i].fault))
            fail_msg("case %zu: %s instead of %s", i, told.count ? told.faults[0] : "nothing", cases[i].fault);
        removes_beside("in.xml");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_ships),
        cmocka_unit_test(accepts_a_small_one),
        cmocka_unit_test(takes_every_way_to_sign_in),
        cmocka_unit_test(tells_every_fault),
        cmocka_unit_test(tells_a_missing_file_or_grammar),
        cmocka_unit_test(a_faulty_table_takes_only_its_children_along),
        cmocka_unit_test(sees_every_way_up),
        cmocka_unit_test(every_fault_can_be_heard),
        cmocka_unit_test(reads_no_document_type),
        cmocka_unit_test(includes_belong_to_schemas),
        cmocka_unit_test(details_bear_faults_elsewhere),
        cmocka_unit_test(a_schema_has_a_sign_in_of_its_own),
        cmocka_unit_test(columns_are_told_once),
        cmocka_unit_test(faults_of_included_files_name_them),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
