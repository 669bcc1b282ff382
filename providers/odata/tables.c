#include "providers/odata/tables.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "base/utf.h"
#include "providers/odata/operations.h"
#include "providers/odata/options.h"

enum { MOST_TABLES = 100000, CONTAINED_LEVELS = 3 /* of entities inside of entities */ };

/* What can be asked of a function's result: nothing but to be read. */
static const struct odata_limits no_options = {.read = true};

/* Names. */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* "_x0020_" stands for a character that XML names can not have. */
static size_t decode_one(const char *at, char *out)
{
    uint32_t character = 0;

    if (at[0] != '_' || at[1] != 'x')
        return 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return 0;
        character = character * 16 + (uint32_t)digit;
    }
    return at[6] == '_' && character ? utf8_put(out, character) : 0;
}

const char *odata_sql_name(const struct odata_options *options, struct arena *arena, const char *name)
{
    if (!options->decode_names && !options->simple_names)
        return name;
    char *made = arena_alloc(arena, strlen(name) + 2), *out = made;

    for (const char *at = name; made && *at;) {
        size_t written = options->decode_names ? decode_one(at, out) : 0;
        if (written) {
            out += written;
            at += 7;
            continue;
        }
        *out++ = *at++;
    }
    if (!made || !options->simple_names)
        return made;
    char *end = out;
    out = made;
    for (char *at = made; at < end; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') || *at == '_';
        if (plain || ((unsigned char)*at & 0xC0) != 0x80) /* one underscore for a character of several bytes */
            *out++ = plain ? *at : '_';
    }
    *out = '\0';
    return made;
}

const char *odata_column_name(const struct odata_options *options, struct arena *arena, const char *path)
{
    char *name = strchr(path, '/') ? arena_text(arena, path) : NULL;

    if (!strchr(path, '/'))
        return odata_sql_name(options, arena, path);
    for (char *at = name; at && *at; at++)
        if (*at == '/')
            *at = '_';
    return name ? odata_sql_name(options, arena, name) : NULL;
}

/* Listing. */

struct listing {
    const struct odata_model *model;
    const struct odata_options *options;
    struct service *service;
    struct arena *arena;
    struct odata_table **tables;
    size_t count, room;
};

static bool is_wanted(const char *list, const char *name)
{
    for (const char *at = list; at && *at; at += *at == ',') {
        at += strspn(at, " \t");
        size_t length = strcspn(at, ","), word = length;
        while (word && strchr(" \t", at[word - 1]))
            word--;
        if (name_equal_length(at, word, name))
            return true;
        at += length;
    }
    return !list;
}

/* A table without its columns; NULL when out of memory. It is not listed yet. */
static struct odata_table *new_table(struct listing *listing, enum odata_table_kind kind, const char *name, const char *description)
{
    struct odata_table *made = arena_alloc(listing->arena, sizeof *made);

    if (!made)
        return NULL;
    made->kind = kind;
    made->table = (struct table){
        .name = name, .description = description ? description : "", .kind = kind == TABLE_OF_SET ? TABLE_TABLE : TABLE_VIEW,
        .place = PLACE_SERVICE, .service = listing->service, .definition = made,
    };
    return name ? made : NULL;
}

static bool list(struct listing *listing, struct odata_table *table)
{
    if (listing->count == listing->room) {
        size_t room = listing->room ? listing->room * 2 : 128;
        struct odata_table **larger = arena_array(listing->arena, room, sizeof(struct odata_table *));
        if (!larger)
            return false;
        if (listing->count)
            memcpy(larger, listing->tables, listing->count * sizeof(struct odata_table *));
        listing->tables = larger;
        listing->room = room;
    }
    listing->tables[listing->count++] = table;
    return true;
}

/* The entity type of a set, or the fault. */
static bool use_type(struct listing *listing, struct odata_table *table, const char *type_name)
{
    const struct odata_model *model = listing->model;
    const struct odata_type *type = model_type(model, type_name);
    const char *why = NULL;

    if (!type || type->kind != ODATA_ENTITY)
        why = arena_printf(listing->arena, model_is_elsewhere(model, type_name) ? "its type %s is defined in another document"
                                           : type ? "its type %s is no entity type" : "its type %s is not in the metadata", type_name);
    for (const struct odata_type *one = type; one && !why; one = one->base)
        if (one->fault)
            why = arena_printf(listing->arena, "its type %s can not be used: %s", one->name, one->fault);
    table->table.fault = why;
    table->type = why ? NULL : type;
    return why || type;
}

static bool is_contained_already(const struct odata_table *table, const struct odata_type *type)
{
    for (; table; table = table->parent)
        if (table->type == type)
            return true;
    return false;
}

static bool list_views(struct listing *listing, struct odata_table *parent, int level);

static bool list_view(struct listing *listing, struct odata_table *parent, const struct odata_navigation *navigation, int level)
{
    const char *name = arena_printf(listing->arena, "%s_%s", parent->table.name, navigation->name), *wrong = NULL;
    struct odata_table *view = name ? new_table(listing, TABLE_OF_NAVIGATION, odata_sql_name(listing->options, listing->arena, name),
                                                navigation->description) : NULL;

    if (!view)
        return false;
    view->parent = parent;
    view->navigation = navigation;
    view->path = navigation->name;
    view->type = model_target(listing->model, parent->type, navigation, &view->many, listing->arena, &wrong);
    if (!view->type && !(view->table.fault = wrong))
        return false;
    if (view->type && parent->set)
        view->set = model_target_set(listing->model, parent->set, navigation, view->type);
    view->limits = view->set ? &view->set->limits : parent->limits;
    if (!list(listing, view))
        return false;
    bool deeper = view->type && navigation->contains && level < CONTAINED_LEVELS && !is_contained_already(parent, view->type);
    return !deeper || list_views(listing, view, level + 1);
}

/* The views of what a table's entities lead to; below the first level only of what they contain. */
static bool list_views(struct listing *listing, struct odata_table *parent, int level)
{
    for (const struct odata_type *type = parent->type; type; type = type->base)
        for (const struct odata_navigation *navigation = type->navigations; navigation; navigation = navigation->next)
            if ((level == 1 || navigation->contains) && listing->count < MOST_TABLES && !list_view(listing, parent, navigation, level))
                return false;
    return true;
}

static bool list_set(struct listing *listing, const struct odata_set *set, bool prefixed)
{
    const struct odata_options *options = listing->options;
    const char *description = set->description;
    struct odata_table *table = new_table(listing, set->singleton ? TABLE_OF_SINGLETON : TABLE_OF_SET,
                                          odata_sql_name(options, listing->arena, set->name), description);

    if (!table)
        return false;
    table->set = set;
    table->limits = &set->limits;
    table->path = prefixed ? arena_printf(listing->arena, "%s.%s", set->container->name, set->name) : set->name;
    if (!table->path || !use_type(listing, table, set->type_name))
        return false;
    if (!description && table->type && table->type->description)
        table->table.description = table->type->description;
    ((struct odata_set *)set)->table = table;
    return list(listing, table) && (!options->views || !table->type || list_views(listing, table, 1));
}

static const struct odata_container *standard_container(const struct odata_model *model)
{
    for (const struct odata_container *container = model->containers; container; container = container->next)
        if (container->standard)
            return container;
    return model->containers;
}

static bool is_shown(const struct odata_options *options, const struct odata_table *table)
{
    const struct odata_table *root = table;

    while (root->parent)
        root = root->parent;
    return (!options->feed || (root->set && (strcmp(root->set->name, options->feed) == 0 || strcmp(root->path, options->feed) == 0)))
           && is_wanted(options->tables, table->table.name);
}

static int by_name(const void *a, const void *b)
{
    const struct table *const *first = a, *const *second = b;
    int order = strcasecmp((*first)->name, (*second)->name);
    return order ? order : strcmp((*first)->name, (*second)->name);
}

/* Sets keep their names; the views that would have the same get a number. */
static bool make_distinct(const struct table **tables, size_t count, struct arena *arena)
{
    for (size_t i = 1; i < count; i++) {
        int number = 2;
        for (size_t first = i; i < count && name_equal(tables[i]->name, tables[first - 1]->name); i++) {
            bool former = tables[i]->kind == TABLE_TABLE && tables[first - 1]->kind == TABLE_VIEW;
            struct table *renamed = (struct table *)(former ? tables[first - 1] : tables[i]);
            if (!(renamed->name = arena_printf(arena, "%s_%d", renamed->name, number++)))
                return false;
        }
    }
    qsort((void *)tables, count, sizeof *tables, by_name);
    return true;
}

static bool list_functions(struct listing *listing)
{
    struct odata_callables callables;

    if (!odata_operations_collect(listing->model, listing->arena, &callables))
        return false;
    for (size_t i = 0; i < callables.count; i++) {
        const struct odata_callable *one = &callables.list[i];
        const struct odata_operation *function = odata_widest(one);
        const struct odata_property *result = function->result;
        const struct odata_type *type = result ? model_type(listing->model, result->type_name) : NULL;
        if (one->binding || function->action || !type || type->kind != ODATA_ENTITY)
            continue;
        struct odata_table *table = new_table(listing, TABLE_OF_FUNCTION, odata_sql_name(listing->options, listing->arena, one->name),
                                              one->description);
        if (!table)
            return false;
        table->type = type;
        table->function = function;
        table->callable = one;
        table->limits = &no_options;
        table->path = one->name;
        table->many = result->collection;
        if (!list(listing, table))
            return false;
    }
    return true;
}

bool odata_tables_list(const struct odata_model *model, const struct odata_options *options, struct service *service, struct arena *arena,
                       struct error *err)
{
    struct listing listing = {.model = model, .options = options, .service = service, .arena = arena};
    const struct odata_container *standard = standard_container(model);
    size_t kept = 0;

    for (const struct odata_container *container = model->containers; container; container = container->next)
        for (const struct odata_set *set = container->sets; set; set = set->next)
            if (!list_set(&listing, set, container != standard && model->version != ODATA_V4))
                return error_memory(err);
    if (options->function_views && !list_functions(&listing))
        return error_memory(err);
    const struct table **tables = arena_array(arena, listing.count + 1, sizeof *tables);
    if (!tables)
        return error_memory(err);
    for (size_t i = 0; i < listing.count; i++)
        if (is_shown(options, listing.tables[i]))
            tables[kept++] = &listing.tables[i]->table;
    qsort((void *)tables, kept, sizeof *tables, by_name);
    if (!make_distinct(tables, kept, arena))
        return error_memory(err);
    service->tables = tables;
    service->table_count = kept;
    return true;
}
