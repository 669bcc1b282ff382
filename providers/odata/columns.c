/* The columns of a table: those of its type and of the types that extend it, complex properties as columns of their own. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "providers/odata/operations.h"
#include "providers/odata/options.h"
#include "providers/odata/tables.h"

enum {
    MOST_COLUMNS = 1500,             /* the engine has room for 2000 */
    MOST_OF_DERIVED = 1000,          /* after so many, those of types that extend the table's are left out */
    COMPLEX_LEVELS = 8, LONGEST_ENUM = 4000,
};

struct filling {
    struct odata_table *table;
    const struct odata_model *model;
    const struct odata_options *options;
    enum odata_version version;
    struct arena *arena;
    struct column *columns;
    struct odata_column *details;
    size_t count, room;
    bool memory;
};

static bool failed(struct filling *filling)
{
    filling->memory = true;
    return false;
}

/* The first thing that is wrong is told. */
static bool broken(struct filling *filling, const char *why)
{
    if (!filling->table->table.fault)
        filling->table->table.fault = why;
    return why ? false : failed(filling);
}

static bool grow(struct filling *filling)
{
    size_t room = filling->room ? filling->room * 2 : 32;
    struct column *columns = realloc(filling->columns, room * sizeof *columns);
    if (columns)
        filling->columns = columns;
    struct odata_column *details = columns ? realloc(filling->details, room * sizeof *details) : NULL;
    if (details)
        filling->details = details;
    if (!details)
        return failed(filling);
    filling->room = room;
    return true;
}

static bool is_taken(const struct filling *filling, const char *name)
{
    for (size_t i = 0; i < filling->count; i++)
        if (name_equal(filling->columns[i].name, name))
            return true;
    return false;
}

/* Adds a column, whose name gets a number where there is one of that name. */
static bool add(struct filling *filling, const struct column *column, const struct odata_column *detail)
{
    const char *name = column->name;

    if (filling->count == MOST_COLUMNS)
        return true;
    if (!name || (filling->count == filling->room && !grow(filling)))
        return failed(filling);
    for (int number = 2; is_taken(filling, name); number++)
        if (!(name = arena_printf(filling->arena, "%s_%d", column->name, number)))
            return failed(filling);
    filling->columns[filling->count] = *column;
    filling->columns[filling->count].name = name;
    if (!column->description)
        filling->columns[filling->count].description = "";
    memcpy(&filling->details[filling->count], detail, sizeof *detail);
    filling->count++;
    return true;
}

/* Types. */

static struct type enum_type(const struct odata_type *type)
{
    size_t longest = 1, all = 0;

    for (const struct odata_member *member = type->members; member; member = member->next) {
        size_t length = strlen(member->name);
        longest = length > longest ? length : longest;
        all += length + 1;
    }
    size_t size = type->flags ? all : longest;
    return (struct type){TYPE_STRING, size < LONGEST_ENUM ? (int32_t)size : 0, 0};
}

struct place {
    const struct place *outer;       /* of the complex value that it is in */
    const struct odata_type *type;   /* of the complex value that it is */
    const char *path, *selected;     /* of the property itself */
    bool nullable;
    const struct odata_type *derived;
};

static bool add_property(struct filling *filling, const struct odata_property *property, const struct place *place);

/* Whether a complex type's properties can be columns: all are known, and they end. */
static bool is_flat(const struct odata_type *type, const struct place *place)
{
    size_t properties = 0;
    int level = 0;

    for (const struct place *one = place; one; one = one->outer, level++)
        if (one->type && (model_is_kind_of(type, one->type) || model_is_kind_of(one->type, type)))
            return false;
    for (const struct odata_type *one = type; one; one = one->base) {
        if (one->open)
            return false;
        for (const struct odata_property *property = one->properties; property; property = property->next)
            properties++;
    }
    return (properties > 0 || type->derived) && level < COMPLEX_LEVELS;
}

static bool flatten(struct filling *filling, const struct odata_type *type, const struct place *outer, bool down);

static bool flatten_own(struct filling *filling, const struct odata_type *type, const struct place *outer, bool of_derived)
{
    for (const struct odata_property *property = type->properties; property; property = property->next) {
        const struct place place = {
            .outer = outer, .path = arena_printf(filling->arena, "%s/%s", outer->path, property->name), .selected = outer->selected,
            .nullable = outer->nullable || property->nullable || of_derived, .derived = outer->derived,
        };
        if (!place.path)
            return failed(filling);
        if (!add_property(filling, property, &place))
            return false;
    }
    return true;
}

/* down: into the types that extend it, whose properties only some values have. */
static bool flatten(struct filling *filling, const struct odata_type *type, const struct place *outer, bool down)
{
    if (!down && type->base && !flatten(filling, type->base, outer, false))
        return false;
    if (!flatten_own(filling, type, outer, down))
        return false;
    for (const struct odata_type *derived = type == outer->type || down ? type->derived : NULL; derived; derived = derived->next_derived)
        if (!derived->open && !flatten(filling, derived, outer, true))
            return false;
    return true;
}

/* A file's address and the type of its content. */
static bool add_stream(struct filling *filling, const struct odata_property *property, const struct place *place)
{
    const char *name = odata_column_name(filling->options, filling->arena, place->path);
    const char *type_name = arena_printf(filling->arena, "%s_ContentType", name);
    struct column link = {.name = name, .description = property->description, .type = {TYPE_STRING, 0, 0}, .nullable = true};
    struct column type = {.name = type_name, .description = "What kind of file that is", .type = {TYPE_STRING, 255, 0}, .nullable = true};
    const struct odata_column detail = {.role = ROLE_STREAM, .edm = EDM_STREAM, .path = place->path, .selected = place->selected,
                                        .derived = place->derived, .filterable = FILTERABLE_NOT, .parent = -1};
    struct odata_column of_type = {.role = ROLE_STREAM_TYPE, .edm = EDM_STREAM, .path = place->path, .selected = place->selected,
                                   .derived = place->derived, .filterable = FILTERABLE_NOT, .parent = -1};

    if (!link.description)
        link.description = "The address of the file";
    return add(filling, &link, &detail) && add(filling, &type, &of_type);
}

bool odata_value_type(const struct odata_model *model, const struct odata_property *property, struct type *type, struct odata_column *column)
{
    struct edm_facets facets = property->facets;

    column->type = NULL;
    column->collection = property->collection;
    *type = (struct type){TYPE_JSON, 0, 0};
    if (edm_find(property->type_name, strlen(property->type_name), &column->edm)) {
        if (!property->collection)
            *type = column->day && column->edm == EDM_DATE_TIME ? (struct type){TYPE_DATE, 0, 0} : edm_type(column->edm, &facets);
        return true;
    }
    const struct odata_type *own = model_type(model, property->type_name);
    column->edm = own ? EDM_COMPLEX : EDM_UNTYPED;
    column->type = own;
    if (!own)
        return model_is_elsewhere(model, property->type_name);
    if (own->kind == ODATA_COMPLEX || own->kind == ODATA_ENTITY)
        return true;
    if (own->kind == ODATA_ENUM) {
        column->edm = EDM_ENUM;
        if (!property->collection)
            *type = enum_type(own);
        return true;
    }
    column->edm = own->underlying;
    facets.max_length = facets.max_length ? facets.max_length : own->facets.max_length;
    facets.precision = facets.precision >= 0 ? facets.precision : own->facets.precision;
    facets.scale = facets.scale >= 0 ? facets.scale : own->facets.scale;
    if (!property->collection)
        *type = edm_type(own->underlying, &facets);
    return true;
}

static bool find_type(struct filling *filling, const struct odata_property *property, struct type *type, struct odata_column *detail)
{
    return odata_value_type(filling->model, property, type, detail)
           || broken(filling, arena_printf(filling->arena, "the type %s of its property %s is not in the metadata", property->type_name, property->name));
}

static bool is_same_type(const struct type *a, const struct type *b)
{
    return a->kind == b->kind && a->size == b->size && a->scale == b->scale;
}

/* A property that two types which extend the table's have both is one column, a text where their types differ. */
static bool merge(struct filling *filling, size_t first)
{
    size_t kept = first;

    for (size_t i = first; i < filling->count; i++) {
        size_t same = first;
        while (same < kept && strcmp(filling->details[same].path, filling->details[i].path) != 0)
            same++;
        if (same == kept || filling->details[same].role != filling->details[i].role) {
            filling->columns[kept] = filling->columns[i];
            memmove(&filling->details[kept], &filling->details[i], sizeof *filling->details);
            kept++;
        } else if (!is_same_type(&filling->columns[same].type, &filling->columns[i].type)) {
            filling->columns[same].type = (struct type){TYPE_STRING, 0, 0};
            filling->details[same].edm = EDM_UNTYPED;
            filling->details[same].filterable = FILTERABLE_NOT;
            filling->details[same].sortable = false;
        }
    }
    filling->count = kept;
    return true;
}

static const char *find_feed_path(const struct filling *filling, const struct odata_property *property, const struct place *place)
{
    for (const struct odata_type *type = filling->table->type; type && !property->feed_path; type = type->base)
        if (type->feed_source && type->feed_path && strcmp(type->feed_source, place->path) == 0)
            return type->feed_path;
    return property->feed_path;
}

static bool add_property(struct filling *filling, const struct odata_property *property, const struct place *place)
{
    struct column column = {.description = property->description, .nullable = place->nullable};
    struct odata_column detail = {
        .role = ROLE_PROPERTY, .path = place->path, .feed_path = find_feed_path(filling, property, place), .selected = place->selected, .day = property->day, .derived = place->derived,
        .filterable = property->filterable, .sortable = property->sortable, .required = property->required, .parent = -1,
    };

    if (!find_type(filling, property, &column.type, &detail))
        return false;
    if (detail.edm == EDM_STREAM && !detail.collection)
        return add_stream(filling, property, place);
    if (detail.edm == EDM_COMPLEX && !detail.collection && detail.type->kind == ODATA_COMPLEX) {
        if (detail.type->fault)
            return broken(filling, arena_printf(filling->arena, "the type %s of its property %s can not be used: %s", property->type_name, property->name,
                                                detail.type->fault));
        struct place value = *place;
        value.type = detail.type;
        if (is_flat(detail.type, place)) {
            size_t first = filling->count;
            return flatten(filling, detail.type, &value, false) && merge(filling, first);
        }
    }
    if (detail.collection || !edm_is_comparable(detail.edm)) {
        detail.filterable = FILTERABLE_NOT;
        detail.sortable = false;
    }
    column.name = odata_column_name(filling->options, filling->arena, place->path);
    return add(filling, &column, &detail);
}

/* Entity types. */

static bool add_own(struct filling *filling, const struct odata_type *type, const struct odata_type *derived)
{
    for (const struct odata_property *property = type->properties; property; property = property->next) {
        struct place place = {.path = property->name, .selected = property->name, .nullable = property->nullable || derived, .derived = derived};
        if (derived) { /* the older versions have no way to name it */
            place.selected = filling->version >= ODATA_V3 ? arena_printf(filling->arena, "%s.%s/%s", type->space, type->name, property->name) : NULL;
            if (!place.selected && filling->version >= ODATA_V3)
                return failed(filling);
        }
        if (!add_property(filling, property, &place))
            return false;
    }
    return true;
}

static bool add_type(struct filling *filling, const struct odata_type *type)
{
    return (!type->base || add_type(filling, type->base)) && add_own(filling, type, NULL);
}

static bool add_derived(struct filling *filling, const struct odata_type *type)
{
    for (const struct odata_type *derived = type->derived; derived; derived = derived->next_derived) {
        if (derived->fault || filling->count >= MOST_OF_DERIVED)
            continue;
        if (!add_own(filling, derived, derived) || !add_derived(filling, derived))
            return false;
    }
    return true;
}

enum trait { TRAIT_OPEN, TRAIT_MEDIA };

static bool has_trait(const struct odata_type *type, enum trait trait)
{
    return trait == TRAIT_OPEN ? type->open : type->media;
}

static bool some_derived_has(const struct odata_type *type, enum trait trait)
{
    for (const struct odata_type *derived = type->derived; derived; derived = derived->next_derived)
        if (has_trait(derived, trait) || some_derived_has(derived, trait))
            return true;
    return false;
}

/* Whether some of the type's entities are so: by itself, by what it extends, or by what extends it. */
static bool can_have(const struct odata_type *type, enum trait trait)
{
    for (const struct odata_type *one = type; one; one = one->base)
        if (has_trait(one, trait))
            return true;
    return some_derived_has(type, trait);
}

static bool add_special(struct filling *filling, enum odata_role role, const char *name, const char *description, struct type type, bool pseudo)
{
    const struct column column = {.name = name, .description = description, .type = type, .nullable = true, .pseudo = pseudo};
    const struct odata_column detail = {.role = role, .edm = role == ROLE_REST ? EDM_UNTYPED : EDM_STRING, .path = "", .filterable = FILTERABLE_NOT,
                                        .parent = -1};

    return add(filling, &column, &detail);
}

static bool mark_keys(struct filling *filling, bool of_several)
{
    int place = 0;

    for (size_t i = 0; i < filling->count; i++) /* those of the parent come first */
        place = filling->columns[i].key > place ? filling->columns[i].key : place;
    for (const struct odata_key *key = model_keys(filling->table->type); key; key = key->next) {
        size_t at = filling->table->parent_count;
        while (at < filling->count && strcmp(filling->details[at].path, key->path) != 0)
            at++;
        if (at == filling->count)
            return broken(filling, arena_printf(filling->arena, "its key names the property %s, which it has not", key->path));
        filling->columns[at].key = of_several ? ++place : 0;
        filling->columns[at].nullable &= !of_several;
        if (of_several && (filling->details[at].collection || filling->details[at].edm == EDM_COMPLEX))
            return broken(filling, arena_printf(filling->arena, "its key names the property %s, which is no single value", key->path));
    }
    return true;
}

/* References. */

static int find_column(const struct filling *filling, const char *path)
{
    for (size_t i = filling->table->parent_count; i < filling->count; i++)
        if (filling->details[i].role == ROLE_PROPERTY && strcmp(filling->details[i].path, path) == 0)
            return (int)i;
    return -1;
}

/* One of several columns; of one column it stands with that, unless that refers to another table already. */
static bool add_reference(struct filling *filling, const char *parent, const int *columns, const char *const *parent_columns, size_t count)
{
    struct table *table = &filling->table->table;
    struct table_reference *list = arena_array(filling->arena, table->reference_count + 1, sizeof *list);

    if (count == 1) {
        struct column *column = &filling->columns[columns[0]];
        if (column->references_table && strcmp(column->references_table, parent) == 0)
            return true;
        if (!column->references_table) {
            column->references_table = parent;
            column->references_column = parent_columns[0];
            return true;
        }
    }
    if (!list)
        return failed(filling);
    if (table->reference_count)
        memcpy(list, table->references, table->reference_count * sizeof *list);
    list[table->reference_count++] = (struct table_reference){.parent = parent, .columns = columns, .parent_columns = parent_columns,
                                                             .column_count = count};
    table->references = list;
    return true;
}

static bool refer(struct filling *filling, const struct odata_reference *reference, const struct odata_set *target)
{
    size_t most = 0, count = 0;

    for (const struct odata_reference *one = reference; one; one = one->next)
        most++;
    int *columns = arena_array(filling->arena, most, sizeof *columns);
    const char **names = arena_array(filling->arena, most, sizeof *names);
    if (!columns || !names)
        return failed(filling);
    for (const struct odata_reference *one = reference; one; one = one->next, count++) {
        columns[count] = one->property && one->referenced ? find_column(filling, one->property) : -1;
        if (columns[count] < 0)
            return true;
        names[count] = odata_column_name(filling->options, filling->arena, one->referenced);
        if (!names[count])
            return failed(filling);
    }
    return add_reference(filling, target->table->table.name, columns, names, count);
}

/* A property "CategoryID" or "Category_ID" beside the navigation "Category" to what has the key "ID" or "CategoryID". */
static bool guess(struct filling *filling, const struct odata_navigation *navigation, const struct odata_set *target, const struct odata_type *type)
{
    const struct odata_key *key = model_keys(type);

    if (!key || key->next)
        return true;
    for (size_t i = filling->table->parent_count; i < filling->count; i++) {
        const char *path = filling->details[i].path;
        size_t length = strlen(navigation->name);
        bool by_name = filling->details[i].role == ROLE_PROPERTY && strncasecmp(path, navigation->name, length) == 0
                       && name_equal(path + length + (path[length] == '_'), key->path);
        bool by_key = filling->details[i].role == ROLE_PROPERTY && !filling->columns[i].key && name_equal(path, key->path)
                      && strncasecmp(key->path, type->name, strlen(type->name)) == 0;
        const struct odata_reference reference = {NULL, path, key->path};
        if (by_name || by_key)
            return refer(filling, &reference, target);
    }
    return true;
}

static bool add_references(struct filling *filling)
{
    const struct odata_model *model = filling->model;
    const struct odata_set *set = filling->table->set;

    for (const struct odata_type *type = set ? filling->table->type : NULL; type; type = type->base)
        for (const struct odata_navigation *navigation = type->navigations; navigation; navigation = navigation->next) {
            const char *wrong;
            bool many;
            const struct odata_reference *reference = model_references(model, navigation);
            if (!reference && !filling->options->detect_keys)
                continue;
            const struct odata_type *target = model_target(model, type, navigation, &many, filling->arena, &wrong);
            const struct odata_set *to = target ? model_target_set(model, set, navigation, target) : NULL;
            if (!to || !to->table || many)
                continue;
            if (!reference && !guess(filling, navigation, to, target))
                return false;
            if (reference && !refer(filling, reference, to))
                return false;
        }
    return true;
}

/* The parent's columns come first in a view, and its key refers to the parent. */
static bool add_parent(struct filling *filling)
{
    const struct odata_table *parent = filling->table->parent;
    size_t most = parent ? parent->table.column_count : 0, count = 0;
    int *columns = arena_array(filling->arena, most + 1, sizeof *columns);
    const char **names = arena_array(filling->arena, most + 1, sizeof *names);

    if (!columns || !names)
        return failed(filling);
    for (size_t i = 0; parent && i < parent->table.column_count; i++) {
        const struct column *from = &parent->table.columns[i];
        const struct odata_column *of = &parent->columns[i];
        bool inherited = i < parent->parent_count;
        if (from->pseudo || (!from->key && (!filling->options->parent_columns || inherited)))
            continue;
        struct column column = *from;
        struct odata_column detail = {.role = ROLE_PARENT, .edm = of->edm, .path = of->path, .type = of->type, .collection = of->collection,
                                      .day = of->day, .filterable = of->filterable, .parent = (int)i};
        column.name = inherited ? from->name : arena_printf(filling->arena, "%s_%s", parent->table.name, from->name);
        if (from->key) {
            columns[count] = (int)filling->count;
            names[count++] = from->name;
        }
        if (from->key && !inherited)
            column.references_table = column.references_column = NULL;
        if (!add(filling, &column, &detail))
            return false;
    }
    filling->table->parent_count = filling->count;
    return !count || add_reference(filling, parent->table.name, columns, names, count);
}

static bool add_inputs(struct filling *filling)
{
    const struct odata_operation *function = filling->table->function;

    for (const struct odata_property *parameter = function ? function->parameters : NULL; parameter; parameter = parameter->next) {
        struct column column = {.description = parameter->description, .nullable = true, .pseudo = true};
        bool left_out = odata_is_optional(filling->table->callable, parameter);
        struct odata_column detail = {.role = ROLE_INPUT, .path = parameter->name, .property = parameter, .filterable = FILTERABLE_ONE_VALUE, .parent = -1,
                                      .optional = left_out || parameter->nullable, .null_told = !left_out && filling->version == ODATA_V4};
        column.name = odata_sql_name(filling->options, filling->arena, parameter->name);
        if (!find_type(filling, parameter, &column.type, &detail) || !add(filling, &column, &detail))
            return false;
    }
    return true;
}

static bool fill(struct filling *filling)
{
    struct odata_table *table = filling->table;

    if (!add_parent(filling) || !add_type(filling, table->type))
        return false;
    size_t own = filling->count;
    if (!add_derived(filling, table->type) || !merge(filling, own))
        return false;
    bool several = table->kind == TABLE_OF_SET || (table->kind != TABLE_OF_SINGLETON && table->many);
    if (!mark_keys(filling, several) || !add_references(filling))
        return false;
    const struct type text = {TYPE_STRING, 0, 0}, short_text = {TYPE_STRING, 255, 0}, json = {TYPE_JSON, 0, 0};
    return (!can_have(table->type, TRAIT_MEDIA)
            || (add_special(filling, ROLE_MEDIA_LINK, "MediaReadLink", "The address of the file that the entity is", text, false)
                && add_special(filling, ROLE_MEDIA_TYPE, "MediaContentType", "What kind of file that is", short_text, false)))
           && (!can_have(table->type, TRAIT_OPEN)
               || add_special(filling, ROLE_REST, "DynamicProperties", "What else the entity has", json, false))
           && add_inputs(filling)
           && (table->kind != TABLE_OF_SET || !table->limits->search
               || add_special(filling, ROLE_SEARCH, "Search", "Words that the service looks for, as in WHERE Search = 'blue OR green'", text, true));
}

bool odata_table_fill(struct odata_table *table, const struct odata_model *model, const struct odata_options *options,
                      enum odata_version version, struct arena *arena, struct error *err)
{
    struct filling filling = {.table = table, .model = model, .options = options, .version = version, .arena = arena};

    if (atomic_load_explicit(&table->complete, memory_order_acquire))
        return true;
    if (table->parent && !odata_table_fill((struct odata_table *)table->parent, model, options, version, arena, err))
        return false;
    if (table->parent && table->parent->table.fault && !table->table.fault)
        table->table.fault = table->parent->table.fault;
    if (!table->table.fault && fill(&filling)) {
        struct column *columns = arena_array(arena, filling.count, sizeof *columns);
        table->columns = arena_array(arena, filling.count, sizeof *table->columns);
        if (columns && table->columns && filling.count) {
            memcpy(columns, filling.columns, filling.count * sizeof *columns);
            memcpy(table->columns, filling.details, filling.count * sizeof *table->columns);
        }
        filling.memory |= !columns || !table->columns;
        table->table.columns = columns;
        table->table.column_count = filling.count;
    }
    free(filling.columns);
    free(filling.details);
    if (filling.memory)
        return error_memory(err);
    atomic_store_explicit(&table->complete, true, memory_order_release);
    return true;
}
