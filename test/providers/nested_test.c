/* Proves providers/rows/nested.c and the choices of tree.c: rows inside of rows, what stands around them, names as values, and elements
 * that are chosen out of arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "decoding.h"

static struct definition *definition;

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n"
    "<paging kind='token' parameter='after' next='/next' total='/count'/>\n"
    "<empty type='integer' value='-1'/>\n"
    "<table name='Lines' path='/t' rows='/orders/*/lines/*' description=''>\n"
    "<column name='Order' type='bigint' at='../id' nullable='no'/><column name='City' type='string' at='../buyer/city'/>\n"
    "<column name='Sku' type='string' at='sku'/><column name='N' type='integer' at='#'/><column name='M' type='integer' at='../#'/>\n"
    "<column name='Day' type='date' at='../../day'/><column name='Self' type='json' at='.'/></table>\n"
    "<table name='Plain' path='/t' rows='/orders/*/lines/*' description=''><column name='Sku' type='string' at='sku'/></table>\n"
    "<table name='Deep' path='/t' rows='/*/x/*/y/*' description=''>\n"
    "<column name='A' type='string' at='../../@'/><column name='B' type='string' at='../@'/><column name='C' type='integer' at='@'/>\n"
    "<column name='V' type='integer' at='v'/><column name='W' type='integer' at='../w'/><column name='X' type='integer' at='../../w'/></table>\n"
    "<table name='Scalars' path='/t' rows='/tags/*' description=''><column name='Tag' type='string' at='.'/><column name='At' type='integer' at='#'/></table>\n"
    "<table name='Pairs' path='/t' rows='/sums/*' description=''><column name='Day' type='date' at='@'/><column name='Sum' type='integer' at='.'/></table>\n"
    "<table name='Details' path='/t' rows='/all/*/detail' description=''><column name='Id' type='bigint' at='../id'/><column name='D' type='string' at='d'/></table>\n"
    "<table name='Either' path='/t' rows='/new/*/items/* /old/*/things/*' description=''><column name='P' type='bigint' at='../id'/><column name='I' type='bigint' at='i'/></table>\n"
    "<table name='Flat' path='/t' rows='/fresh/* /stale/* /one' description=''><column name='I' type='bigint' at='i'/></table>\n"
    "<table name='Tree' path='/t' rows='/report/**kids/all' description=''><column name='Level' type='integer' at='^'/><column name='Name' type='string' at='name'/>"
    "<column name='Above' type='string' at='../name'/><column name='One' type='string' at='^1/name'/><column name='Two' type='string' at='^2/name'/>"
    "<column name='Sum' type='integer' at='^2/sum/total'/><column name='Kind' type='string' at='^0/kind'/><column name='N' type='integer' at='#'/></table>\n"
    "<table name='One' path='/t' rows='/one /others/*' description=''><column name='I' type='bigint' at='i'/></table>\n"
    "<table name='Docks' path='/t' rows='/*' description=''><column name='Id' type='bigint' at='id'/>\n"
    "<column name='Vault' type='bigint' at='dock[name=vault]/id'/><column name='Todo' type='bigint' at='dock[name=todo,enabled=true]/id'/>\n"
    "<column name='Url' type='string' at='dock[name=todo,enabled=true]/links[rel=self]/href'/><column name='First' type='json' at='dock'/>\n"
    "<column name='Zero' type='string' at='dock[n=0]/id'/><column name='None' type='string' at='dock[n=null]/id'/></table>\n"
    "</provider>\n";

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

#define ORDERS "{\"day\":\"2024-02-29\",\"count\":2,\"next\":\"tk\",\"orders\":[{\"id\":7,\"lines\":[{\"sku\":\"a\"},{\"sku\":\"b\"}],\"buyer\":{\"city\":\"Oslo\"}}," \
    "{\"lines\":[],\"id\":8},{\"id\":9,\"buyer\":null,\"lines\":[{\"sku\":\"c\"}]}]}"

#define TREE "{\"report\":{\"x\":{\"name\":\"a\",\"sum\":{\"total\":1},\"kids\":{\"all\":[{\"sum\":{\"total\":2},\"name\":\"b\",\"kids\":{\"all\":[{\"name\":\"c\"}]}}," \
    "{\"name\":\"d\",\"kids\":{\"all\":null}}]}},\"y\":{\"name\":\"e\",\"kids\":{\"all\":[{\"name\":\"f\",\"sum\":{\"total\":6}}]}},\"z\":null}}"
#define TREE_ROWS "Level=1 Name=a One=a N=0 ;Level=2 Name=b Above=a One=a Two=b Sum=2 N=0 ;Level=3 Name=c Above=b One=a Two=b Sum=2 N=0 ;" \
    "Level=2 Name=d Above=a One=a Two=d N=1 ;Level=1 Name=e One=e N=1 ;Level=2 Name=f Above=e One=e Two=f Sum=6 N=0 ;"

static void finds_rows_inside_of_rows(void **state)
{
    static const struct { const char *table, *wanted, *body, *expected; int64_t elements; } cases[] = {
        {"Lines", "Order City Sku N M Day", ORDERS,
         "Order=7 City=Oslo Sku=a N=0 M=0 Day=2024-02-29 ;Order=7 City=Oslo Sku=b N=1 M=0 Day=2024-02-29 ;Order=9 Sku=c N=0 M=2 Day=2024-02-29 ;", 3},
        {"Lines", "Sku", ORDERS, "Sku=a ;Sku=b ;Sku=c ;", 3},
        {"Lines", "Self N", ORDERS, "N=0 Self={\"sku\":\"a\"} ;N=1 Self={\"sku\":\"b\"} ;N=0 Self={\"sku\":\"c\"} ;", 3},
        {"Lines", "Order", "{\"orders\":{\"7\":{\"id\":7,\"lines\":{\"x\":{\"sku\":1}}}}}", "Order=7 ;", 1},
        {"Lines", "Order", "{\"orders\":[{\"id\":7,\"lines\":null},{\"id\":8,\"lines\":\"\"},{\"id\":9},null,[]]}", "", 5}, /* a full page without a row */
        {"Lines", "Order Sku", "{\"orders\":[{\"lines\":[{\"sku\":1}]}]}", "22002 Column Order of table Lines: the service sent a row without it", 1},
        {"Plain", "Sku", "{\"orders\":[{\"id\":1,\"lines\":[{\"sku\":1},null,{\"sku\":2}]}]}", "Sku=1 ;Sku=2 ;", 1},
        {"Lines", "Sku", "{\"orders\":[{\"id\":1,\"lines\":[{\"sku\":1},null,5]}]}", "Sku=1 ;;;", 1}, /* where a column is the row itself, whether wanted or not */
        {"Plain", "Sku", "{\"orders\":[{\"id\":1,\"lines\":[5]}]}", "08S01 Table Plain: the service sent a single value where a row is expected, at byte 28", -1},
        {"Lines", "Sku", "{\"orders\":[{\"id\":1,\"lines\":[{\"sku\":1},]}]}", "08S01 Table Lines: The JSON is malformed at byte 38: expected a value but found ']'", -1},
        {"Deep", NULL, "{\"p\":{\"w\":1,\"x\":{\"q\":{\"w\":2,\"y\":{\"3\":{\"v\":4},\"-1\":{\"v\":-1}}}}},\"r\":{\"x\":{\"s\":{\"y\":[{\"v\":5}]}}}}",
         "A=p B=q C=3 V=4 W=2 X=1 ;A=p B=q W=2 X=1 ;A=r B=s V=5 ;", 2},
        {"Scalars", NULL, "{\"tags\":[\"red\",[\"x\"]]}", "Tag=red At=0 ;22018 Column Tag of table Scalars: the service sent an array, which is no value of type string", 2},
        {"Scalars", NULL, "{\"tags\":[\"red\",2,true,null]}", "Tag=red At=0 ;Tag=2 At=1 ;Tag=true At=2 ;At=3 ;", 4},
        {"Pairs", NULL, "{\"sums\":{\"2024-01-01\":5,\"2024-01-02\":\"7\",\"2024-01-03\":null}}", "Day=2024-01-01 Sum=5 ;Day=2024-01-02 Sum=7 ;Day=2024-01-03 ;", 3},
        {"Pairs", NULL, "{\"sums\":{\"total\":5}}", "22018 Column Day of table Pairs: the service sent \"total\", which is no value of type date", 1},
        {"Pairs", NULL, "{\"sums\":{\"\":5}}", "Sum=5 ;", 1},
        {"Details", NULL, "{\"all\":[{\"id\":1,\"detail\":{\"d\":\"x\"}},{\"id\":2,\"detail\":null},{\"id\":3}]}", "Id=1 D=x ;", 3},
        {"Either", NULL, "{\"new\":[{\"id\":1,\"items\":[{\"i\":2}]}],\"old\":[{\"id\":8,\"things\":[{\"i\":9}]}]}", "P=1 I=2 ;", 1},
        {"Either", NULL, "{\"old\":[{\"id\":8,\"things\":[{\"i\":9}]},{\"id\":9,\"things\":[]}]}", "P=8 I=9 ;", 2},
        {"Either", NULL, "{\"other\":[]}", "", 0},
        {"Flat", NULL, "{\"stale\":[{\"i\":1}],\"one\":{\"i\":2}}", "I=1 ;", 1},
        {"Flat", NULL, "{\"one\":{\"i\":2}}", "I=2 ;", 1},
        {"Flat", NULL, "{\"fresh\":[],\"stale\":[{\"i\":1}]}", "", 0},
        {"Flat", NULL, "{\"one\":[{\"i\":3}]}", "I=3 ;", 1},
        {"Flat", NULL, "{\"one\":[]}", "", 0},
        {"Flat", NULL, "{\"one\":[[]]}", "08S01 Table Flat: the service sent an array where a row is expected, at byte 9", 1},
        {"Details", NULL, "{\"all\":[{\"id\":1,\"detail\":[{\"d\":\"x\"},{\"d\":\"y\"}]},{\"id\":2,\"detail\":[]}]}", "Id=1 D=x ;Id=1 D=y ;", 2},
        {"Tree", NULL, "{\"kind\":\"k\",\"report\":[{\"name\":\"a\"}]}", "Level=1 Name=a One=a Kind=k N=0 ;", 1},
        {"Tree", "Level Name Above One Two Sum N", TREE, TREE_ROWS, 3},
        {"Tree", "Name Two", TREE, "Name=a ;Name=b Two=b ;Name=c Two=b ;Name=d Two=d ;Name=e ;Name=f Two=f ;", 3},
        {"Tree", "Level", TREE, "Level=1 ;Level=2 ;Level=3 ;Level=2 ;Level=1 ;Level=2 ;", 3},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decoder *decoder;
        decoding_decode(definition, cases[i].table, cases[i].body, cases[i].wanted, NULL, &out, &decoder);
        if (strcmp(buffer_text(&out), cases[i].expected) != 0)
            fail_msg("case %zu, %s:\n%s\ninstead of\n%s", i, cases[i].body, buffer_text(&out), cases[i].expected);
        if (cases[i].elements >= 0 && decoder_elements(decoder) != cases[i].elements)
            fail_msg("case %zu, %s: %lld elements", i, cases[i].body, (long long)decoder_elements(decoder));
        decoder_close(decoder);
    }
    buffer_clear(&out);
}

static void what_surrounds_them_is_still_read(void **state)
{
    struct decoder *decoder;
    struct buffer out;
    size_t length;
    (void)state;

    buffer_init(&out, 4096);
    decoding_decode(definition, "Lines", ORDERS, "Order", NULL, &out, &decoder);
    assert_string_equal(decoder_next_page(decoder), "tk");
    assert_int_equal(decoder_total(decoder), 2);
    assert_true(decoder_has_rows(decoder) && decoder_is_page(decoder));
    const char *bytes = decoder_row_bytes(decoder, &length);
    assert_memory_equal(bytes, "{\"sku\":\"a\"}", 11);
    assert_memory_equal(bytes + length - 11, "{\"sku\":\"c\"}", 11);
    decoder_close(decoder);
    decoding_decode(definition, "Lines", "{\"message\":\"no\"}", "Order", NULL, &out, &decoder);
    assert_false(decoder_has_rows(decoder));
    decoder_close(decoder);
    buffer_clear(&out);
}

/* What does not fit is NULL and told once, also where it is a name. */
static void names_that_do_not_fit_are_told(void **state)
{
    struct warnings warnings = {0};
    struct buffer out;
    (void)state;

    buffer_init(&out, 4096);
    decoding_decode(definition, "Pairs", "{\"sums\":{\"total\":5,\"all\":6,\"2024-01-01\":7}}", NULL, &warnings, &out, NULL);
    assert_string_equal(buffer_text(&out), "Sum=5 ;Sum=6 ;Day=2024-01-01 Sum=7 ;");
    const struct warning *warning = warnings_next(&warnings);
    assert_non_null(warning);
    assert_non_null(strstr(warning->message, "Column Day of table Pairs: the service sent \"total\", which is no value of type date; it is NULL here"));
    assert_null(warnings_next(&warnings));
    warnings_clear(&warnings);
    buffer_clear(&out);
}

static void chooses_elements(void **state)
{
    static const struct { const char *wanted, *body, *expected; } cases[] = {
        {"Vault Todo Url", "[{\"id\":1,\"dock\":[{\"id\":5,\"name\":\"todo\",\"enabled\":false},{\"id\":6,\"name\":\"vault\"},"
                           "{\"enabled\":true,\"links\":[{\"rel\":\"up\",\"href\":\"u\"},{\"href\":\"s\",\"rel\":\"self\"}],\"name\":\"todo\",\"id\":7}]}]",
         "Vault=6 Todo=7 Url=s ;"},
        {"Vault", "[{\"dock\":[{\"id\":1,\"name\":\"vault\"},{\"id\":2,\"name\":\"vault\"}]}]", "Vault=1 ;"},   /* the first that fits */
        {"Id Vault", "[{\"dock\":[],\"id\":1},{\"id\":2},{\"id\":3,\"dock\":null},{\"id\":4,\"dock\":[7,\"vault\",[1],{\"name\":{}}]}]",
         "Id=1 ;Id=2 ;Id=3 ;Id=4 ;"},
        {"Id Vault", "[{\"id\":1,\"dock\":{\"name\":\"vault\",\"id\":3}}]", "Id=1 Vault=3 ;"}, /* an object that fits itself */
        {"Id Vault", "[{\"id\":1,\"dock\":{\"name\":\"todo\",\"id\":3}}]", "Id=1 ;"},
        {"Vault First", "[{\"dock\":[{\"id\":1,\"name\":\"vault\"}]}]", "Vault=1 First=[{\"id\":1,\"name\":\"vault\"}] ;"},
        {"Zero None", "[{\"dock\":[{\"n\":0,\"id\":1},{\"n\":null,\"id\":2}]}]", "Zero=1 None=2 ;"},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        decoding_decode(definition, "Docks", cases[i].body, cases[i].wanted, NULL, &out, NULL);
        assert_string_equal(buffer_text(&out), cases[i].expected);
    }
    buffer_clear(&out);
}

/* More than an account has fields of its own, each the first of two that fit. */
static void chooses_very_many(void **state)
{
    enum { MANY = 200 };
    struct buffer xml, body, out;
    (void)state;

    buffer_init(&xml, 1 << 20);
    buffer_init(&body, 1 << 20);
    buffer_init(&out, 1 << 20);
    buffer_append_text(&xml, "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>"
                             "<table name='Wide' path='/t' rows='/*' description=''>");
    buffer_append_text(&body, "[{\"f\":[");
    for (int i = 0; i < MANY; i++) {
        buffer_printf(&xml, "<column name='C%d' type='integer' at='f[id=%d]/v'/>", i, i);
        buffer_printf(&body, "%s{\"id\":%d,\"v\":%d},{\"v\":-1,\"id\":%d}", i ? "," : "", MANY - 1 - i, MANY - 1 - i, MANY - 1 - i);
    }
    buffer_append_text(&xml, "</table></provider>");
    buffer_append_text(&body, "]}]");
    struct definition *wide = decoding_define(buffer_text(&xml));
    decoding_decode(wide, "Wide", buffer_text(&body), NULL, NULL, &out, NULL);
    char expected[32];
    const char *at = buffer_text(&out);
    for (int i = 0; i < MANY; i++) {
        snprintf(expected, sizeof expected, "C%d=%d ", i, i);
        assert_memory_equal(at, expected, strlen(expected));
        at += strlen(expected);
    }
    assert_string_equal(at, ";");
    definition_close(wide);
    buffer_clear(&xml);
    buffer_clear(&body);
    buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_rows_inside_of_rows),
        cmocka_unit_test(what_surrounds_them_is_still_read),
        cmocka_unit_test(names_that_do_not_fit_are_told),
        cmocka_unit_test(chooses_elements),
        cmocka_unit_test(chooses_very_many),
    };
    return cmocka_run_group_tests(tests, open_definition, close_definition);
}
