/* Proves the language: files as people write them, values and conditions, every keyword, and what ends a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cancel.h"
#include "base/property.h"
#include "base/warnings.h"
#include "providers/script/info.h"
#include "providers/script/run.h"
#include "providers/script/world.h"

#define BEGIN "<api:script xmlns:api='http://apiscript.com/ns?v1' xmlns:other='o' xmlns:xs='s'>"
#define END "</api:script>"

/* --- a world without anybody to ask --- */

struct bench {
    struct properties properties;
    struct item connection, input;
    struct script_world world;
    struct script *called;               /* another script of the folder: Called */
    struct warnings warnings;
    struct buffer out;
    struct error err;
    const char *method;
};

static bool find(void *context, const char *name, const struct script **script, struct error *err)
{
    struct bench *bench = context;
    (void)err;
    *script = strcmp(name, "Called") == 0 || strcmp(name, "Called.rsb") == 0 ? bench->called : NULL;
    return true;
}

static void open_bench(struct bench *bench)
{
    *bench = (struct bench){0};
    properties_init(&bench->properties);
    item_init(&bench->connection, NULL);
    item_init(&bench->input, NULL);
    buffer_init(&bench->out, 1 << 20);
    item_set(&bench->connection, "User", "anna");
    item_set(&bench->input, "a", "1");
    item_set(&bench->input, "name", "a");
    bench->world = (struct script_world){.provider = "Script", .properties = &bench->properties, .connection = &bench->connection, .find = find,
                                         .context = bench};
}

static void close_bench(struct bench *bench)
{
    script_close(bench->called);
    properties_clear(&bench->properties);
    item_clear(&bench->connection);
    item_clear(&bench->input);
    warnings_clear(&bench->warnings);
    buffer_clear(&bench->out);
}

/* What is pushed, as "name=value,…;". */
static bool push(void *context, const struct item *item, struct error *err)
{
    struct buffer *out = context;
    (void)err;

    for (size_t i = 0; i < item->count; i++) {
        buffer_printf(out, "%s%s=", i ? "," : "", item->attributes[i].name);
        item_value(item, item->attributes[i].name, out);
    }
    return buffer_append_char(out, ';');
}

static bool run_in(struct bench *bench, const char *text)
{
    struct script *script;

    buffer_reset(&bench->out);
    bench->err = (struct error){0};
    if (!script_read("x.rsb", text, strlen(text), &script, &bench->err))
        return false;
    const struct run_setup setup = {.world = &bench->world, .script = script, .method = bench->method, .input = &bench->input,
                                    .sink = {.push = push, .context = &bench->out}, .warnings = &bench->warnings};
    bool done = script_run(&setup, &bench->err);
    script_close(script);
    return done;
}

/* What a script pushes, or "! message". */
static void check_run(const char *body, const char *wanted)
{
    struct bench bench;
    char *text;

    open_bench(&bench);
    assert_true(asprintf(&text, BEGIN "%s" END, body) >= 0);
    bool done = run_in(&bench, text);
    if (!done) {
        buffer_reset(&bench.out);
        buffer_printf(&bench.out, "! %s", bench.err.message);
    }
    if (strcmp(buffer_text(&bench.out), wanted) != 0)
        print_error("%s\n", body);
    assert_string_equal(buffer_text(&bench.out), wanted);
    free(text);
    close_bench(&bench);
}

static void every_keyword_does_what_it_says(void **state)
{
    static const struct { const char *body, *wanted; } cases[] = {
        /* set, references, the stack of items */
        {"<api:set attr='x' value='1'/><api:push/>", "x=1;"},
        {"<api:set attr='x'> two \n</api:set><api:push/>", "x= two \n;"},
        {"<api:set item='i' attr='x' value='1'/><api:set attr='j.y' value='[i.x]2'/><api:push item='i'/><api:push item='j'/>", "x=1;y=12;"},
        {"<api:set attr='X' value='[_input.a][a][_connection.user][_input.[name]]'/><api:push/>", "X=11anna1;"},
        {"<api:set attr='x' value='[nothing]\\[a\\] [1, 2] [ \"q\" ] {[a]}'/><api:push/>", "x=[a] [1, 2] [ \"q\" ] {1};"},
        {"<api:set attr='x' value='[[\"a\"],[1]]'/><api:push/>", "x=[[\"a\"],[1]];"},
        {"<api:set attr='x#' value='1'/><api:set attr='x#' value='2'/><api:set attr='x#4' value='4'/><api:set attr='y' value='[x#2]|[x]'/><api:push/>",
         "x=1\n2\n4,y=2|1\n2\n4;"},
        {"<api:set attr='x' value='1'/><api:set item='i' copyfrom='_'/><api:unset attr='x'/><api:push/><api:push item='i'/>", ";x=1;"},
        {"<api:set attr='p:a' value='1'/><api:set attr='p:b' value='2'/><api:set attr='q' value='3'/><api:unset attr='p:*'/><api:push/>", "q=3;"},
        {"<api:setm>\n a = [a]\n b=x y \n</api:setm><api:push/>", "a=1,b=x y;"},
        {"<api:set attr='i.a' value='1'/><api:set attr='i.p:b' value='2'/><api:map from='i' to='o' map='x=a, q:*=p:*'/><api:push item='o'/>", "x=1,q:b=2;"},
        {"<api:set attr='_log.x' value='1'/><api:set attr='x' value='[_log.x]'/><api:push/>", "x=1;"},
        {"<api:set attr='_connection.User' value='x'/>", "! x.rsb:1:81: set: the connection's properties can not be set"},
        /* conditions */
        {"<api:if exp=\"[a] == 1.0 &amp;&amp; !([a] &gt; 5 || 'x' == 'y')\"><api:set attr='x' value='y'/></api:if><api:push/>", "x=y;"},
        {"<api:if exp='2020-02-03 &lt; 2020-11-01'><api:push/></api:if><api:if exp='10 &lt; 9'><api:push/></api:if>", ";"},
        {"<api:if attr='b'><api:else><api:set attr='x' value='no'/></api:else><api:set attr='x' value='yes'/></api:if><api:push/>", "x=no;"},
        {"<api:if attr='a' value='1' operator='equals'><api:set attr='x' value='yes'/><api:else/></api:if><api:push/>", "x=yes;"},
        {"<api:if attr='a' operator='nonsense'/>", "! x.rsb:1:81: if: there is no operator nonsense"},
        {"<api:equals attr='_input.name' value='A' case='ignore'><api:push/></api:equals><api:equals attr='_input.name' value='A'><api:push/></api:equals>", ";"},
        {"<api:notequals attr='a' value='2'><api:push/></api:notequals>", ";"},
        {"<api:exists attr='a'><api:push/></api:exists><api:notexists attr='b'><api:push/></api:notexists>", ";;"},
        {"<api:null attr='b'><api:push/></api:null><api:notnull attr='a'><api:push/></api:notnull>", ";;"},
        {"<api:check attr='a' value='true'><api:push/></api:check><api:check attr='b'><api:push/></api:check>", ";"},
        {"<api:match attr='_connection.User' pattern='an*' type='wildcard'><api:push/></api:match><api:match value='ab1' pattern='^\\[a-z\\]+\\[0-9\\]$' type='regex'>"
         "<api:push/></api:match>", ";;"},
        {"<api:select value='[a]'><api:case value='2'><api:set attr='x' value='two'/></api:case><api:case value='1'><api:set attr='x' value='one'/></api:case>"
         "<api:default><api:set attr='x' value='none'/></api:default></api:select><api:push/>", "x=one;"},
        {"<api:select value='q'><api:case value='?q' match='wildcard'/><api:default><api:set attr='x' value='none'/></api:default></api:select><api:push/>",
         "x=none;"},
        /* loops */
        {"<api:enum range='1..3'><api:set attr='x' value='[_index]/[_count]:[_value]'/><api:push/></api:enum>", "x=1/3:1;x=2/3:2;x=3/3:3;"},
        {"<api:enum range='c..a'><api:set attr='x#' value='[_value]'/></api:enum><api:push/>", "x=c\nb\na;"},
        {"<api:enum range='a-z'/>", "! x.rsb:1:81: enum: a range is as 1..5 or a..z, not \"a-z\""},
        {"<api:enum list='p;q;r' separator=';'><api:if attr='_value' value='q' action='continue'/><api:set attr='x' value='[_value]'/><api:push/></api:enum>",
         "x=p;x=r;"},
        {"<api:enum list='1,2,3'><api:first><api:set attr='x' value='first'/><api:else><api:set attr='x' value='later'/></api:else></api:first>"
         "<api:last><api:set attr='x' value='last'/></api:last><api:push/></api:enum>", "x=first;x=later;x=last;"},
        {"<api:enum list='1,2,3'><api:push/><api:break/></api:enum>", ";"},
        {"<api:set attr='i.b' value='2'/><api:set attr='i.a' value='1'/><api:enum item='i'><api:set attr='x' value='[_attr]=[_value]'/><api:push/></api:enum>",
         "x=a=1;x=b=2;"},
        {"<api:set attr='v#' value='1'/><api:set attr='v#' value='2'/><api:enum item='_' attr='v' expand='true'><api:set attr='i.x#' value='[_attr]'/></api:enum>"
         "<api:push item='i'/>", "x=v#1\nv#2;"},
        {"<api:set attr='v#' value='1'/><api:set attr='v#' value='2'/><api:enum attr='v'><api:set attr='i.x' value='[_value]'/><api:push item='i'/></api:enum>",
         "x=1;x=2;"},
        /* errors */
        {"<api:try><api:throw code='c1' desc='why' details='more'/><api:catch code='c2'/><api:catch code='C1'><api:set attr='x' value='[_code] [_details]'/>"
         "</api:catch></api:try><api:push/>", "x=c1 more;"},
        {"<api:set attr='x' value='1'/><api:throw code='c' desc='[x] is wrong'/><api:push/>", "! x.rsb:1:110: throw: c: 1 is wrong"},
        {"<api:try><api:throw code='c'/><api:finally><api:push/></api:finally></api:try>", "! x.rsb:1:90: throw: c: the script has thrown it"},
        {"<api:validate attr='_input.a'/><api:validate attr='_input.q' code='need' desc='q, please'/>", "! x.rsb:1:112: validate: need: q, please"},
        {"<api:validate attr='q'/>", "! x.rsb:1:81: validate: api:validate: q is required"},
        {"<api:throw code='x'/><api:catch><api:set attr='d' value='[_description]'/><api:push/></api:catch>", "d=x.rsb:1:81: throw: x: the script has thrown it;"},
        /* what is not run */
        {"<api:info title='x'/>text<api:header name='x'/><p><api:push/></p><api:cache duration='5'><api:push/></api:cache>", ";;"},
        {"<api:set value='1'/>", "! x.rsb:1:81: set: attr is missing"},
        {"<api:call/>", "! x.rsb:1:81: call: op is missing"},
        {"<api:call op='fileRead'/>", "! x.rsb:1:81: call: there is no operation and no script fileRead"},
        {"<api:include file='nobody.rsb'/>", "! x.rsb:1:81: include: there is no script nobody.rsb in the folder"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_run(cases[i].body, cases[i].wanted);
}

static void keywords_of_servers_are_told_of(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    assert_true(run_in(&bench, BEGIN "\n <api:header name='x'/>" END));
    const struct warning *warning = warnings_next(&bench.warnings);
    assert_non_null(warning);
    assert_string_equal(warning->message, "x.rsb:2:2: header is of servers alone and does nothing here");
    close_bench(&bench);
}

static void a_verb_chooses_its_scripts(void **state)
{
    static const char text[] = BEGIN "<api:set attr='x' value='0'/><api:script method='GET'><api:push/></api:script>"
                                     "<api:script method='PUT, PATCH'><api:set attr='x' value='put'/><api:push/></api:script>"
                                     "<api:script method='DELETE'><api:set attr='x' value='gone'/><api:push/></api:script>" END;
    static const struct { const char *method, *wanted; } cases[] = {{"GET", "x=0;"}, {"MERGE", "x=put;"}, {"DELETE", "x=gone;"}, {"POST", ""},
                                                                    {NULL, "x=0;x=put;x=gone;"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        open_bench(&bench);
        bench.method = cases[i].method;
        assert_true(run_in(&bench, text));
        assert_string_equal(buffer_text(&bench.out), cases[i].wanted);
        close_bench(&bench);
    }
}

static void scripts_call_each_other(void **state)
{
    static const char called[] = BEGIN "<api:info title='x'><input name='in' req='true'/><input name='how' def='well'/></api:info>"
                                       "<api:enum range='1..3'><api:set attr='out' value='[_input.in] [how] [_value]'/><api:set attr='p:q' value='1'/>"
                                       "<api:push/></api:enum>" END;
    struct bench bench;
    (void)state;

    open_bench(&bench);
    assert_true(script_read("Called.rsb", called, strlen(called), &bench.called, &bench.err));
    assert_true(run_in(&bench, BEGIN "<api:set attr='in' value='i'/><api:call op='Called.rsb' ignoreprefix='p'><api:push/></api:call>" END));
    assert_string_equal(buffer_text(&bench.out), "out=i well 1;out=i well 2;out=i well 3;");
    assert_true(run_in(&bench, BEGIN "<api:set attr='q.in' value='i'/><api:call op='Called' in='q' out='r'><api:break/></api:call><api:push item='r'/>" END));
    assert_string_equal(buffer_text(&bench.out), "out=i well 1,p:q=1;");
    assert_true(run_in(&bench, BEGIN "<api:set attr='in' value='[_input.name]'/><api:push op='Called'><api:set attr='more' value='[_out1.out]'/></api:push>" END));
    assert_string_equal(buffer_text(&bench.out), "out=a well 1,p:q=1,more=a well 1;out=a well 2,p:q=1,more=a well 2;out=a well 3,p:q=1,more=a well 3;");
    assert_false(run_in(&bench, BEGIN "<api:call op='Called'/>" END));
    assert_string_equal(bench.err.sqlstate, "42000");
    close_bench(&bench);
}

/* --- files --- */

static void check_file(const char *text, const char *wanted)
{
    struct script *script = NULL;
    struct error err = {0};

    bool read = script_read("x.rsb", text, strlen(text), &script, &err);
    if (read != !*wanted || (!read && strncmp(err.message, wanted, strlen(wanted)) != 0))
        print_error("%s\n%s\n", text, err.message);
    assert_int_equal(read, !*wanted);
    if (!read)
        assert_memory_equal(err.message, wanted, strlen(wanted));
    else
        script_close(script);
}

static void files_are_read_as_people_write_them(void **state)
{
    (void)state;
    check_file("<rsb:script xmlns:rsb='http://www.rssbus.com/ns/rsbscript/2'><rsb:push/></rsb:script>", "");
    check_file("\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?><!-- x --><arc:script xmlns:arc='http://www.arcesb.com/ns/ArcScript/1'/>", "");
    check_file("<x:script xmlns:x='http://apiscript.com/ns?v1'><x:push/></x:script>", "");
    check_file("<api:script><api:set attr='a' value='?a=1&b=2&amp;c&#65;&lt=3'/></api:script>", "");
    check_file("<api:script><api:set attr='a'><![CDATA[ a & b ]]></api:set></api:script>", "");
    check_file("", "x.rsb:1:1: ");
    check_file("<api:script", "x.rsb:1:");
    check_file("<api:other xmlns:api='http://apiscript.com/ns?v1'/>", "x.rsb:1:1: there is no keyword other");
    check_file("<p/>", "x.rsb:1:1: p: the root of a script is <api:script>");
    check_file("<api:script xmlns:api=\"a\"\"/>", "x.rsb:1:");
    check_file("<api:script>\n\n  <api:puhs/></api:script>", "x.rsb:3:3: there is no keyword puhs; is push meant?");
    check_file("<api:script>&ü&\n<api:set attr='x' value='[a | nosuch()]'/></api:script>", "x.rsb:2:1: value: \"[a | nosuch()]\": there is no such formatter");
    check_file("<api:script><api:if exp='1 == '/></api:script>", "x.rsb:1:13: exp=\"1 == \": a value is missing");
    check_file("<api:script><api:if exp='(1 == 2'/></api:script>", "x.rsb:1:13: exp=\"(1 == 2\": a parenthesis is not closed");
    check_file("<api:script><api:set attr='x' value='[a | replace(1)]'/></api:script>", "x.rsb:1:13: value: \"[a | replace(1)]\": a formatter lacks a parameter");
    check_file("<!DOCTYPE x [<!ENTITY e 'x'>]><api:script/>", "x.rsb:1:1: a script has no document type declaration");
    check_file("<api:script>\xEF\xB7\x90</api:script>", "x.rsb:1:1: the script has the character U+FDD0");
    check_file("<api:script>\xC3</api:script>", "x.rsb:1:");
}

static void nothing_nests_without_end(void **state)
{
    struct buffer text;
    (void)state;

    buffer_init(&text, 1 << 20);
    buffer_append_text(&text, BEGIN);
    for (int i = 0; i < 100; i++)
        buffer_append_text(&text, "<api:try>");
    check_file(buffer_text(&text), "x.rsb:1:612: elements are nested too deep");
    buffer_reset(&text);
    buffer_append_text(&text, "<api:script><api:set attr='x' value='");
    for (int i = 0; i < 40; i++)
        buffer_append_text(&text, "[a.");
    for (int i = 0; i < 40; i++)
        buffer_append_text(&text, "b]");
    buffer_append_text(&text, "'/></api:script>");
    check_file(buffer_text(&text), "x.rsb:1:13: value: ");
    buffer_clear(&text);
}

static void a_cancel_ends_a_run(void **state)
{
    static const char text[] = BEGIN "<api:enum range='1..1000000000'><api:catch/></api:enum>" END;
    struct bench bench;
    struct script *script;
    struct cancel cancel;
    (void)state;

    open_bench(&bench);
    cancel_init(&cancel);
    cancel_request(&cancel);
    assert_true(script_read("x.rsb", text, strlen(text), &script, &bench.err));
    const struct run_setup setup = {.world = &bench.world, .script = script, .sink = {.push = push, .context = &bench.out}, .cancel = &cancel};
    assert_false(script_run(&setup, &bench.err));
    assert_string_equal(bench.err.sqlstate, "HY008");
    script_close(script);
    cancel_clear(&cancel);
    close_bench(&bench);
}

/* --- what scripts say of themselves --- */

static void info_tells_columns_and_inputs(void **state)
{
    static const char text[] = BEGIN "<api:info title='x' description='Things.' other:queryslicercolumn='b'>"
        "<attr name='a' xs:type='int' key='true' desc='A.' other:xPath='/json/a'/><attr name='b' xs:type='decimal' columnsize='9' scale='2' other:filter='{q}'/>"
        "<attr name='c' xs:type='unknown' columnsize='20' references='Other.Id'/><attr name='d' xs:type='DateTime' other:xPath=''/>"
        "<input name='b'/><input name='e#' xs:type='boolean' default='true'/><input name='*'/><input name='p:*'/></api:info>"
        "<api:set attr='GrantType' value='CODE'/><api:set attr='uri' value='[_input.C | def(1)]'/>" END;
    struct arena arena = {0};
    struct script *script;
    struct script_table table;
    struct error err = {0};
    (void)state;

    assert_true(script_read("T.rsd", text, strlen(text), &script, &err));
    assert_true(info_table(script, "T", "T=e", &arena, &table, &err));
    assert_null(table.table.fault);
    assert_string_equal(table.table.description, "Things.");
    assert_int_equal(table.table.column_count, 5);
    static const struct { const char *name, *type; int key; bool pseudo, listens; const char *path, *parameter; } wanted[] = {
        {"a", "integer", 1, false, false, "/json/a", NULL}, {"b", "decimal(9,2)", 0, false, true, NULL, "q"}, {"c", "string(20)", 0, false, true, NULL, NULL},
        {"d", "timestamp(3)", 0, false, false, "", NULL}, {"e", "boolean", 0, true, true, "", NULL},
    };
    for (size_t i = 0; i < 5; i++) {
        const struct column *column = &table.table.columns[i];
        char type[40];
        type_print(&column->type, type, sizeof type);
        assert_string_equal(column->name, wanted[i].name);
        assert_string_equal(type, wanted[i].type);
        assert_int_equal(column->key, wanted[i].key);
        assert_int_equal(column->pseudo, wanted[i].pseudo);
        assert_int_equal(table.columns[i].listens, wanted[i].listens);
        assert_true(wanted[i].path ? table.columns[i].path && strcmp(wanted[i].path, table.columns[i].path) == 0 : !table.columns[i].path);
        assert_true(wanted[i].parameter ? strcmp(wanted[i].parameter, table.columns[i].parameter) == 0 : !table.columns[i].parameter);
    }
    assert_true(table.table.columns[4].listed);
    assert_string_equal(table.table.columns[2].references_table, "Other");
    assert_string_equal(info_setting(script, "granttype"), "CODE");
    assert_null(info_setting(script, "uri"));

    struct item input;
    item_init(&input, NULL);
    assert_true(info_fill_input(script, &input, &err));
    assert_null(item_first(&input, "b"));
    item_clear(&input);
    arena_clear(&arena);
    script_close(script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_keyword_does_what_it_says),
        cmocka_unit_test(keywords_of_servers_are_told_of),
        cmocka_unit_test(a_verb_chooses_its_scripts),
        cmocka_unit_test(scripts_call_each_other),
        cmocka_unit_test(files_are_read_as_people_write_them),
        cmocka_unit_test(nothing_nests_without_end),
        cmocka_unit_test(a_cancel_ends_a_run),
        cmocka_unit_test(info_tells_columns_and_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
