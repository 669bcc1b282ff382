/* The shop's model, and rows that are the same on every machine. */
#include "test/sandbox/odata_shop.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct shop_property category[] = {{"ID", SHOP_INT32, false}, {"Name", SHOP_STRING, true}, {"Note", SHOP_STRING, true}, {0}};
static const struct shop_navigation of_category[] = {{"Products", "Product", true, "ID", "CategoryID"}, {0}};
static const struct shop_property product[] = {
    {"ID", SHOP_INT64, false}, {"Name", SHOP_STRING, false}, {"Price", SHOP_DECIMAL, true}, {"Weight", SHOP_DOUBLE, true}, {"Stock", SHOP_INT16, false},
    {"Active", SHOP_BOOLEAN, false}, {"Code", SHOP_GUID, true}, {"Since", SHOP_DATE, true}, {"Changed", SHOP_MOMENT, true}, {"Color", SHOP_COLOR, true},
    {"Maker", SHOP_MAKER, true}, {"CategoryID", SHOP_INT32, true}, {0},
};
static const struct shop_navigation of_product[] = {{"Category", "Category", false, "CategoryID", "ID"}, {"Lines", "Line", true, "ID", "ProductID"}, {0}};
static const struct shop_property line[] = {
    {"OrderID", SHOP_INT32, false}, {"Number", SHOP_INT32, false}, {"ProductID", SHOP_INT64, false}, {"Amount", SHOP_INT32, false},
    {"Discount", SHOP_DECIMAL, true}, {0},
};
static const struct shop_navigation of_line[] = {{"Product", "Product", false, "ProductID", "ID"}, {0}};
const struct shop_property shop_maker[] = {{"City", SHOP_STRING, true}, {"Land", SHOP_STRING, true}, {0}};

const struct shop_type shop_types[SHOP_TYPES] = {
    {"Category", "Categories", {"ID"}, category, of_category},
    {"Product", "Products", {"ID"}, product, of_product},
    {"Line", "Lines", {"OrderID", "Number"}, line, of_line},
};

const struct shop_type *shop_type_named(const char *name, bool by_set)
{
    for (size_t i = 0; i < SHOP_TYPES; i++)
        if (strcmp(by_set ? shop_types[i].set : shop_types[i].name, name) == 0)
            return &shop_types[i];
    return NULL;
}

const struct shop_property *shop_property_named(const struct shop_type *type, const char *name)
{
    for (const struct shop_property *one = type->properties; one->name; one++)
        if (strcmp(one->name, name) == 0)
            return one;
    return NULL;
}

const struct shop_navigation *shop_navigation_named(const struct shop_type *type, const char *name)
{
    for (const struct shop_navigation *one = type->navigations; one->name; one++)
        if (strcmp(one->name, name) == 0)
            return one;
    return NULL;
}

/* Rows. */

static json_t *text_or_null(bool there, const char *format, long long number)
{
    return there ? json_sprintf(format, number) : json_null();
}

static json_t *cents(bool there, long long hundredths)
{
    return there ? json_sprintf("%lld.%02lld", hundredths / 100, hundredths % 100) : json_null();
}

static json_t *day(bool there, time_t seconds, bool whole)
{
    char text[40];
    struct tm parts;

    gmtime_r(&seconds, &parts);
    strftime(text, sizeof text, whole ? "%Y-%m-%d" : "%Y-%m-%dT%H:%M:%S", &parts);
    return there ? json_string(text) : json_null();
}

static json_t *make_category(long long i)
{
    return json_pack("{sIsoso}", "ID", i, "Name", i % 4 ? json_sprintf("Category %lld", i) : json_string("Gr\u00f6\u00dfe & S\u00f6hne's"), "Note",
                     text_or_null(i % 3 == 0, "note/%lld?#+%%", i));
}

/* Every fiftieth number is one that a double has no room for. */
static long long product_id(long long i)
{
    return i % 50 ? i : 9007199254740993LL + i;
}

static json_t *make_product(long long i)
{
    static const char *const colors[] = {"Red", "Green", "Blue"}, *const cities[] = {"K\u00f6ln", "Bonn", "Aachen"};
    json_t *maker = i % 17 ? json_pack("{ssso}", "City", cities[i % 3], "Land", i % 2 ? json_string("DE") : json_null()) : json_null();

    return json_pack("{sIsosososIsbsosososososo}", "ID", product_id(i), "Name", json_sprintf(i % 7 ? "Product %03lld" : "product %03lld \u00fc", i), "Price",
                     cents(i % 11, i * 37 % 1000 + i * 100), "Weight", i % 13 ? json_real((double)i / 8) : json_null(), "Stock", i % 40, "Active", i % 3 != 0, "Code",
                     text_or_null(i % 5, "00000000-0000-4000-8000-%012llx", i * 7919), "Since", day(i % 9, 1577836800 + i * 3 * 86400, true), "Changed",
                     day(i % 10, 1704067200 + i * 3661, false), "Color", i % 12 ? json_string(colors[i % 3]) : json_null(), "Maker", maker, "CategoryID",
                     i % 19 ? json_integer(i % 12 + 1) : json_null());
}

void shop_make(struct shop *shop, unsigned products)
{
    for (size_t i = 0; i < SHOP_TYPES; i++)
        shop->rows[i] = json_array();
    for (long long i = 1; i <= 12; i++)
        json_array_append_new(shop->rows[0], make_category(i));
    for (long long i = 1; i <= products; i++)
        json_array_append_new(shop->rows[1], make_product(i));
    for (long long order = 1; products && order <= 20; order++)
        for (long long number = 1; number <= 3; number++)
            json_array_append_new(shop->rows[2], json_pack("{sIsIsIsIso}", "OrderID", order, "Number", number, "ProductID",
                                                          product_id((order * 5 + number) % products + 1), "Amount", order + number, "Discount",
                                                          cents(number != 2, number * 10)));
}

void shop_clear(struct shop *shop)
{
    for (size_t i = 0; i < SHOP_TYPES; i++)
        json_decref(shop->rows[i]);
}

json_t *shop_rows(const struct shop *shop, const struct shop_type *type)
{
    return shop->rows[type - shop_types];
}

/* Paths. */

static const json_t *find(const struct shop *shop, const struct shop_navigation *navigation, const json_t *row)
{
    const json_t *own = json_object_get(row, navigation->own), *one;
    size_t i;

    json_array_foreach(shop_rows(shop, shop_type_named(navigation->target, false)), i, one)
        if (!json_is_null(own) && json_equal(json_object_get(one, navigation->other), own))
            return one;
    return NULL;
}

const json_t *shop_reach(const struct shop *shop, const struct shop_type *type, const json_t *row, const char *path, enum shop_kind *kind)
{
    static json_t *nothing;
    char step[80];
    size_t length = strcspn(path, "/");

    nothing = json_null();
    snprintf(step, sizeof step, "%.*s", (int)length, path);
    const struct shop_property *property = shop_property_named(type, step);
    const struct shop_navigation *navigation = shop_navigation_named(type, step);
    if (property && !path[length]) {
        *kind = property->kind;
        return row ? json_object_get(row, step) : nothing;
    }
    if (property && property->kind == SHOP_MAKER) {
        for (const struct shop_property *inner = shop_maker; inner->name; inner++)
            if (strcmp(inner->name, path + length + 1) == 0) {
                const json_t *value = json_object_get(row ? json_object_get(row, step) : NULL, inner->name);
                *kind = inner->kind;
                return value ? value : nothing;
            }
        return NULL;
    }
    if (!navigation || navigation->many || !path[length])
        return NULL;
    return shop_reach(shop, shop_type_named(navigation->target, false), row ? find(shop, navigation, row) : NULL, path + length + 1, kind);
}

json_t *shop_follow(const struct shop *shop, const json_t *row, const struct shop_navigation *navigation)
{
    json_t *found = json_array(), *one;
    const json_t *own = json_object_get(row, navigation->own);
    size_t i;

    json_array_foreach(shop_rows(shop, shop_type_named(navigation->target, false)), i, one)
        if (!json_is_null(own) && json_equal(json_object_get(one, navigation->other), own))
            json_array_append(found, one);
    return found;
}
