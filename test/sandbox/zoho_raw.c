/* The shape of a raw row is the union of the shapes that answers give it. */
#include "test/sandbox/zoho_raw.h"

#include <stdlib.h>
#include <string.h>

#include "test/sandbox/zoho_json.h"

static size_t size_of(const struct zoho_shape *shape)
{
    size_t size = 1;
    for (size_t m = 0; m < shape->count; m++)
        size += size_of(&shape->members[m]);
    return size;
}

/* Adds the members that are not there yet; of two with the same name the one that says more stays. */
static void unite(struct zoho_shape *all, const struct zoho_shape *shape)
{
    for (size_t m = 0; m < shape->count; m++) {
        size_t other = 0;
        while (other < all->count && strcmp(all->members[other].name, shape->members[m].name) != 0)
            other++;
        if (other == all->count)
            all->members[all->count++] = shape->members[m];
        else if (size_of(&shape->members[m]) > size_of(&all->members[other]))
            all->members[other] = shape->members[m];
    }
}

bool zoho_raw_rows(const struct zoho_routes *routes, struct zoho_books *books, unsigned organization, const char *table, char **text,
                   size_t *length)
{
    struct zoho_table *rows = zoho_table(&books->schema, table);
    struct zoho_shape all = {.kind = SHAPE_OBJECT, .members = zoho_take(&books->scratch, 2000, sizeof(struct zoho_shape))};

    for (const struct zoho_route *route = routes->first; route; route = route->next)
        for (const struct zoho_answer *answer = route->answers; answer; answer = answer->next)
            if (rows && answer->table == rows && !rows->parent)
                unite(&all, &answer->shape);
    if (!all.count)
        return false;
    FILE *out = open_memstream(text, length);
    if (!out)
        abort();
    fputc('[', out);
    const char *between = "";
    for (size_t r = 0, count = zoho_rows(books, organization, rows); r < count; r++) {
        struct zoho_at at = zoho_row(books, organization, rows, r);
        struct zoho_mark mark = zoho_mark(&books->scratch);
        if (zoho_exists(&at)) {
            fputs(between, out);
            zoho_write_object(out, &at, &all);
            between = ",\n";
        }
        zoho_release(&books->scratch, mark);
    }
    fputs("]\n", out);
    fclose(out);
    return true;
}
