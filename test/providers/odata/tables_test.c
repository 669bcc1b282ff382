/* Proves providers/odata/tables.c, columns.c and operations.c: which tables, views, columns, keys and references a model becomes. */
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
#include "providers/odata/operations.h"
#include "providers/odata/options.h"
#include "providers/odata/tables.h"
#include "documents.h"

struct opened {
    struct odata_model *model;
    struct odata_options options;
    struct service service;
    struct arena arena;
};

static void open_text(struct opened *opened, const char *document, size_t length)
{
    struct error err = {0};

    if (!model_read(document, length, &opened->model, &err))
        fail_msg("%s", err.message);
    if (!odata_tables_list(opened->model, &opened->options, &opened->service, &opened->arena, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < opened->service.table_count; i++)
        if (!odata_table_fill((struct odata_table *)opened->service.tables[i]->definition, opened->model, &opened->options, opened->model->version,
                              &opened->arena, &err))
            fail_msg("%s", err.message);
}

static void open_file(struct opened *opened, const char *name)
{
    size_t length;
    char *document = document_read(name, &length);

    open_text(opened, document, length);
    free(document);
}

static void close_opened(struct opened *opened)
{
    model_close(opened->model);
    arena_clear(&opened->arena);
}

static const struct table *find(const struct opened *opened, const char *name)
{
    const struct table *table = service_table(&opened->service, name);
    if (!table)
        fail_msg("no table %s", name);
    return table;
}

/* "ID bigint* | Name string? | CategoryID integer? -> Categories.ID": * a key, ? nullable, ! only an input. */
static const char *describe(const struct table *table, struct buffer *out)
{
    char type[40];

    buffer_reset(out);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        type_print(&column->type, type, sizeof type);
        buffer_printf(out, "%s%s %s%s%s%s", i ? " | " : "", column->name, type, column->key ? "*" : "", column->nullable ? "?" : "",
                      column->pseudo ? "!" : "");
        if (column->references_table)
            buffer_printf(out, " -> %s.%s", column->references_table, column->references_column);
    }
    for (size_t i = 0; i < table->reference_count; i++) {
        const struct table_reference *reference = &table->references[i];
        buffer_printf(out, " || ");
        for (size_t j = 0; j < reference->column_count; j++)
            buffer_printf(out, "%s%s", j ? "," : "", table->columns[reference->columns[j]].name);
        buffer_printf(out, " -> %s.", reference->parent);
        for (size_t j = 0; j < reference->column_count; j++)
            buffer_printf(out, "%s%s", j ? "," : "", reference->parent_columns[j]);
    }
    return buffer_text(out);
}

static void expect(const struct opened *opened, const char *name, const char *expected)
{
    struct buffer text;

    buffer_init(&text, 1 << 16);
    const struct table *table = find(opened, name);
    if (table->fault)
        fail_msg("%s: %s", name, table->fault);
    assert_string_equal(describe(table, &text), expected);
    buffer_clear(&text);
}

static void expect_names(const struct opened *opened, const char *expected)
{
    struct buffer text;

    buffer_init(&text, 1 << 16);
    for (size_t i = 0; i < opened->service.table_count; i++)
        buffer_printf(&text, "%s%s%s", i ? " " : "", opened->service.tables[i]->name, opened->service.tables[i]->kind == TABLE_VIEW ? "/v" : "");
    assert_string_equal(buffer_text(&text), expected);
    buffer_clear(&text);
}

#define THING_V4 \
    "ID bigint* | Name string | Weight decimal(9,3)? | Color string(5)? | Rights string(11)? | Tags json | Maker_City string(30)? | " \
    "Maker_Home json? | Since date? | Changed timestamp(3)? | Opens time(7)? | Lasts string? | Photo string? | Photo_ContentType string(255)? | " \
    "Place string? | Ratio double? | CategoryID bigint? -> Categories.ID | Doors integer?"
#define MEDIA " | MediaReadLink string? | MediaContentType string(255)?"

static void a_v4_model_becomes_tables(void **state)
{
    struct opened opened = {.options = {.views = true}};
    (void)state;

    open_file(&opened, "shop_v4.xml");
    expect_names(&opened, "Best/v Best_Category/v Best_Parts/v Best_Parts_Screws/v Categories Categories_Products/v Products "
                          "Products_Category/v Products_Parts/v Products_Parts_Screws/v");
    expect(&opened, "Products", THING_V4 MEDIA " | Search string?!");
    expect(&opened, "Categories", "ID bigint* | Name string? | DynamicProperties json? | Search string?!");
    /* One row, which needs no key. */
    const struct table *best = find(&opened, "Best");
    assert_false(best->columns[0].key);
    expect(&opened, "Best_Category", "ID bigint | Name string? | DynamicProperties json?");
    expect(&opened, "Best_Parts", "Number string* | Where_City string(30)* | Where_Home json?");
    expect(&opened, "Categories_Products", "Categories_ID bigint* -> Categories.ID | " THING_V4 MEDIA);
    expect(&opened, "Products_Category", "Products_ID bigint* -> Products.ID | ID bigint | Name string? | DynamicProperties json?");
    expect(&opened, "Products_Parts", "Products_ID bigint* -> Products.ID | Number string* | Where_City string(30)* | Where_Home json?");
    expect(&opened, "Products_Parts_Screws", "Products_ID bigint* -> Products.ID | Products_Parts_Number string* | Products_Parts_Where_City string(30)* | ID guid*"
                                             " || Products_ID,Products_Parts_Number,Products_Parts_Where_City -> Products_Parts.Products_ID,Number,Where_City");
    assert_string_equal(find(&opened, "Products")->description, "What is sold");
    assert_string_equal(find(&opened, "Products")->columns[0].description, "Its number");
    const struct table *screws = find(&opened, "Products_Parts_Screws");
    assert_int_equal(screws->columns[table_next_key(screws, 2)].key, 4);
    const struct odata_table *products = find(&opened, "Products")->definition;
    assert_string_equal(products->columns[6].path, "Maker/City");
    assert_string_equal(products->columns[6].selected, "Maker");
    int doors = table_column(&products->table, "Doors");
    assert_string_equal(products->columns[doors].selected, "Shop.Model.Car/Doors");
    assert_string_equal(products->columns[doors].derived->name, "Car");
    close_opened(&opened);
}

static void a_v2_model_becomes_tables(void **state)
{
    struct opened opened = {.options = {.views = true}};
    (void)state;

    open_file(&opened, "shop_v2.xml");
    expect_names(&opened, "Categories Categories_Products/v Products Products_Category/v");
    expect(&opened, "Categories", "ID integer* | Name string(20)? | Search string?!");
    expect(&opened, "Products", "ID bigint* | Name string? | Price decimal(10,2)? | Since date? | Changed timestamp(7)? | Opens time(7)? | Code guid? | "
                                "CategoryID integer? -> Categories.ID | Maker_City string(30)? | Maker_Land_Code string(2)?" MEDIA);
    const struct odata_table *products = find(&opened, "Products")->definition;
    assert_int_equal(products->columns[6].filterable, FILTERABLE_NOT);
    assert_false(products->columns[1].sortable);
    close_opened(&opened);
}

static void options_choose_what_is_shown(void **state)
{
    struct opened plain = {.options = {.views = false}}, feed = {.options = {.views = true, .feed = "Categories"}};
    struct opened some = {.options = {.views = true, .tables = "products, Categories_Products ,None"}};
    struct opened parents = {.options = {.views = true, .parent_columns = true, .tables = "Categories_Products"}};
    (void)state;

    open_file(&plain, "shop_v4.xml");
    expect_names(&plain, "Best/v Categories Products");
    close_opened(&plain);
    open_file(&feed, "shop_v4.xml");
    expect_names(&feed, "Categories Categories_Products/v");
    close_opened(&feed);
    open_file(&some, "shop_v4.xml");
    expect_names(&some, "Categories_Products/v Products");
    close_opened(&some);
    open_file(&parents, "shop_v4.xml");
    expect(&parents, "Categories_Products", "Categories_ID bigint* -> Categories.ID | Categories_Name string? | Categories_DynamicProperties json? | "
                                            THING_V4 MEDIA);
    close_opened(&parents);
}

static const char *const odd =
    SCHEMA_V2("<EntityType Name='Order_x0020_Line'><Key><PropertyRef Name='Order_x0020_ID'/></Key><Property Name='Order_x0020_ID' Type='Edm.Int32'/>"
              "<Property Name='Größe' Type='Edm.Int16'/><Property Name='größe' Type='Edm.Int16'/><Property Name='a.b' Type='Edm.Byte'/></EntityType>"
              "<EntityContainer Name='C'><EntitySet Name='Order_x0020_Lines' EntityType='Shop.Order_x0020_Line'/></EntityContainer>"
              "<EntityContainer Name='D'><EntitySet Name='order_x0020_lines' EntityType='Shop.Order_x0020_Line'/></EntityContainer>");

static void names_can_be_made_simple(void **state)
{
    struct opened plain = {0}, decoded = {.options = {.decode_names = true}}, simple = {.options = {.decode_names = true, .simple_names = true}};
    (void)state;

    open_text(&plain, odd, strlen(odd));
    expect_names(&plain, "Order_x0020_Lines order_x0020_lines_2");
    expect(&plain, "Order_x0020_Lines", "Order_x0020_ID integer* | Größe integer? | größe_2 integer? | a.b integer?");
    assert_string_equal(((const struct odata_table *)find(&plain, "order_x0020_lines_2")->definition)->path, "D.order_x0020_lines");
    close_opened(&plain);
    open_text(&decoded, odd, strlen(odd));
    expect(&decoded, "Order Lines", "Order ID integer* | Größe integer? | größe_2 integer? | a.b integer?");
    close_opened(&decoded);
    open_text(&simple, odd, strlen(odd));
    expect(&simple, "Order_Lines", "Order_ID integer* | Gr__e integer? | gr__e_2 integer? | a_b integer?");
    close_opened(&simple);
}

static void references_can_be_guessed(void **state)
{
    static const char *const document = SCHEMA_V4(
        "<EntityType Name='A'><Key><PropertyRef Name='ID'/></Key><Property Name='ID' Type='Edm.Int32'/><Property Name='Boss_ID' Type='Edm.Int32'/>"
        "<Property Name='BID' Type='Edm.Int32'/><NavigationProperty Name='Boss' Type='Self.A'/><NavigationProperty Name='Other' Type='Self.B'/>"
        "<NavigationProperty Name='Bees' Type='Collection(Self.B)'/></EntityType>"
        "<EntityType Name='B'><Key><PropertyRef Name='BID'/></Key><Property Name='BID' Type='Edm.Int32'/></EntityType>"
        "<EntityContainer Name='C'><EntitySet Name='As' EntityType='Self.A'/><EntitySet Name='Bs' EntityType='Self.B'/></EntityContainer>");
    struct opened told = {0}, guessed = {.options = {.detect_keys = true}};
    (void)state;

    open_text(&told, document, strlen(document));
    expect(&told, "As", "ID integer* | Boss_ID integer? | BID integer? | Search string?!");
    close_opened(&told);
    open_text(&guessed, document, strlen(document));
    expect(&guessed, "As", "ID integer* | Boss_ID integer? -> As.ID | BID integer? -> Bs.BID | Search string?!");
    close_opened(&guessed);
}

static void what_is_broken_is_out(void **state)
{
    static const struct { const char *table, *fault; } faults[] = {
        {"Nowheres", "its type Self.Nowhere is not in the metadata"},
        {"Elsewheres", "its type Other.Thing is defined in another document"},
        {"Complexes", "its type Self.Complex is no entity type"},
        {"Heirs", "its type Heir can not be used: its base type Self.Nobody is not in the metadata"},
        {"Unknowns", "the type Self.Unheard of its property P is not in the metadata"},
        {"Keyless", "its key names the property Missing, which it has not"},
        {"Goods_Bad", "Bad leads to Self.Nowhere, which is no entity type of the metadata"},
        {"Unknowns_Self", "the type Self.Unheard of its property P is not in the metadata"},
    };
    static const char *const document = SCHEMA_V4(
        "<EntityType Name='Good'><Key><PropertyRef Name='I'/></Key><Property Name='I' Type='Edm.Int32'/><Property Name='O' Type='Other.Thing'/>"
        "<NavigationProperty Name='Bad' Type='Self.Nowhere'/></EntityType><EntityType Name='Heir' BaseType='Self.Nobody'/>"
        "<ComplexType Name='Complex'><Property Name='P' Type='Edm.Int32'/></ComplexType>"
        "<EntityType Name='Unknown'><Property Name='P' Type='Self.Unheard'/><NavigationProperty Name='Self' Type='Self.Unknown'/></EntityType>"
        "<EntityType Name='Key'><Key><PropertyRef Name='Missing'/></Key><Property Name='P' Type='Edm.Int32'/></EntityType>"
        "<EntityContainer Name='C'><EntitySet Name='Goods' EntityType='Self.Good'/><EntitySet Name='Nowheres' EntityType='Self.Nowhere'/>"
        "<EntitySet Name='Elsewheres' EntityType='Other.Thing'/><EntitySet Name='Complexes' EntityType='Self.Complex'/>"
        "<EntitySet Name='Heirs' EntityType='Self.Heir'/><EntitySet Name='Unknowns' EntityType='Self.Unknown'/>"
        "<EntitySet Name='Keyless' EntityType='Self.Key'/></EntityContainer>");
    struct opened opened = {.options = {.views = true}};
    (void)state;

    open_text(&opened, document, strlen(document));
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        assert_string_equal(find(&opened, faults[i].table)->fault, faults[i].fault);
    expect(&opened, "Goods", "I integer* | O json? | Search string?!");
    close_opened(&opened);
}

static void operations_are_collected(void **state)
{
    static const char *const expected = "CheapestProducts CheapestProducts 2 - | Reset Reset 1 - | "
                                        "Product_Discount Shop.Model.Discount 1 Products | Product_Age Shop.Model.Age 1 Products";
    struct opened opened = {0}, old = {0};
    struct odata_callables callables;
    struct buffer text;
    (void)state;

    buffer_init(&text, 1 << 12);
    open_file(&opened, "shop_v4.xml");
    assert_true(odata_operations_collect(opened.model, &opened.arena, &callables));
    for (size_t i = 0; i < callables.count; i++) {
        const struct odata_callable *one = &callables.list[i];
        int overloads = 0;
        for (const struct odata_overload *overload = one->operations; overload; overload = overload->next)
            overloads++;
        buffer_printf(&text, "%s%s %s %d %s", i ? " | " : "", one->name, one->path, overloads, one->set ? one->set->name : "-");
    }
    assert_string_equal(buffer_text(&text), expected);
    close_opened(&opened);

    open_file(&old, "shop_v2.xml");
    assert_true(odata_operations_collect(old.model, &old.arena, &callables));
    assert_int_equal(callables.count, 2);
    assert_string_equal(callables.list[0].name, "Cheapest");
    close_opened(&old);
    buffer_clear(&text);
}

static void functions_can_be_views(void **state)
{
    struct opened opened = {.options = {.function_views = true}};
    (void)state;

    open_file(&opened, "shop_v4.xml");
    const struct table *view = find(&opened, "CheapestProducts");
    int below = table_column(view, "below");
    assert_true(below > 0 && view->columns[below].pseudo);
    assert_true(view->columns[0].key);
    assert_true(((const struct odata_table *)view->definition)->columns[below].optional);
    close_opened(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_v4_model_becomes_tables),
        cmocka_unit_test(a_v2_model_becomes_tables),
        cmocka_unit_test(options_choose_what_is_shown),
        cmocka_unit_test(names_can_be_made_simple),
        cmocka_unit_test(references_can_be_guessed),
        cmocka_unit_test(what_is_broken_is_out),
        cmocka_unit_test(operations_are_collected),
        cmocka_unit_test(functions_can_be_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
