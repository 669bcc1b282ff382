#include "sql/place.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "sql/print.h"

static const enum table_place order[] = {PLACE_TEMPORARY, PLACE_SERVICE, PLACE_WORKSPACE};
enum { PLACES = sizeof order / sizeof order[0] };

const char *place_catalog(const struct binder *binder, enum table_place place)
{
    return place == PLACE_SERVICE ? binder->service->name : place == PLACE_WORKSPACE ? "Workspace" : "Temp";
}

bool place_fits(const struct binder *binder, enum table_place place, const struct name *name, unsigned keep)
{
    for (unsigned i = 0; i + keep < name->count; i++)
        if (!name_equal(name->parts[i], place_catalog(binder, place)))
            return false;
    return true;
}

bool place_exists(struct binder *binder, const struct name *name, unsigned keep, uint32_t at)
{
    for (size_t i = 0; i < PLACES; i++)
        if (place_fits(binder, order[i], name, keep) && (order[i] != PLACE_WORKSPACE || binder->service->workspace || name->count <= keep))
            return true;
    return bind_error(binder, at, "42S02", "There is no catalog or schema %.128s; this connection has only %.128s%s and Temp", name->parts[0],
                      binder->service->name, binder->service->workspace ? ", Workspace" : "");
}

static bool is_table(const struct table *table, enum table_place place, const char *name)
{
    return table && table->place == place && name_equal(table->name, name);
}

static const struct table *find_in(const struct binder *binder, enum table_place place, const char *name)
{
    for (const struct table_change *change = binder->changes; change; change = change->before) {
        if (is_table(change->made, place, name))
            return change->made;
        if (is_table(change->gone, place, name))
            return NULL;
    }
    for (size_t i = 0; i < binder->service->table_count; i++)
        if (is_table(binder->service->tables[i], place, name))
            return binder->service->tables[i];
    return NULL;
}

const struct table *place_find(const struct binder *binder, const struct name *name)
{
    const struct table *table = NULL;

    for (size_t i = 0; i < PLACES && !table; i++)
        if (place_fits(binder, order[i], name, 1))
            table = find_in(binder, order[i], name->parts[name->count - 1]);
    return table;
}

bool place_read_only(struct binder *binder, const struct table *table, uint32_t at)
{
    const char *kind = table->query ? "view" : "table";

    if (find_in(binder, PLACE_WORKSPACE, table->name))
        return bind_error(binder, at, "42000", "The %s %.128s of %.128s is read-only; the one of the workspace is Workspace.%.128s", kind,
                          table->name, binder->service->name, table->name);
    return bind_error(binder, at, "42000", "The %s %.128s of %.128s is read-only; only tables of the workspace and temporary ones can be changed",
                      kind, table->name, binder->service->name);
}

bool place_change(struct binder *binder, const struct table *made, const struct table *gone)
{
    struct table_change *change = arena_alloc(binder->arena, sizeof *change);

    if (!change)
        return error_memory(binder->err);
    *change = (struct table_change){binder->changes, made, gone};
    binder->changes = change;
    return true;
}

void print_place(struct buffer *out, enum table_place place, const char *name)
{
    static const char *const schemas[] = {[PLACE_SERVICE] = "\"main\".", [PLACE_WORKSPACE] = "\"workspace\".", [PLACE_TEMPORARY] = "\"temp\"."};

    buffer_append_text(out, schemas[place]);
    print_name(out, name);
}
