/* An index is made when it is first asked for and forgotten with the next change. */
#include "test/sandbox/zoho_index.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    uint64_t hash;
    size_t row;
};

struct zoho_index {
    struct zoho_index *next;
    const struct zoho_table *table;
    unsigned name;
    struct entry *entries;          /* by hash, then by row */
    size_t count;
};

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

static int compare(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static struct zoho_index *make(struct zoho_books *books, unsigned organization, const struct zoho_table *table, unsigned name)
{
    struct zoho_index *index = zeroed(1, sizeof *index);
    size_t rows = zoho_rows(books, organization, table);

    *index = (struct zoho_index){.table = table, .name = name, .entries = zeroed(rows, sizeof(struct entry))};
    for (size_t i = 0; i < rows; i++) {
        struct zoho_at at = zoho_row(books, organization, table, i);
        struct zoho_mark mark = zoho_mark(&books->scratch);
        if (zoho_exists(&at))
            index->entries[index->count++] = (struct entry){hash_of(zoho_as_text(books, zoho_member(&at, name))), i};
        zoho_release(&books->scratch, mark);
    }
    qsort(index->entries, index->count, sizeof(struct entry), compare);
    index->next = books->companies[organization].indexes;
    books->companies[organization].indexes = index;
    return index;
}

size_t *zoho_matching(struct zoho_books *books, unsigned organization, const struct zoho_table *table, unsigned name,
                      const char *value, size_t *count)
{
    struct zoho_index *index = books->companies[organization].indexes;
    uint64_t hash = hash_of(value);
    size_t low = 0, high;

    while (index && (index->table != table || index->name != name))
        index = index->next;
    if (!index)
        index = make(books, organization, table, name);
    for (high = index->count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (index->entries[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    while (high < index->count && index->entries[high].hash == hash)
        high++;
    size_t *found = zoho_take(&books->scratch, high - low, sizeof *found);
    *count = 0;
    for (; low < high; low++) {     /* hashes may be equal by chance */
        struct zoho_at at = zoho_row(books, organization, table, index->entries[low].row);
        if (strcmp(zoho_as_text(books, zoho_member(&at, name)), value) == 0)
            found[(*count)++] = index->entries[low].row;
    }
    return found;
}

void zoho_index_forget(struct zoho_company *company)
{
    while (company->indexes) {
        struct zoho_index *index = company->indexes;
        company->indexes = index->next;
        free(index->entries);
        free(index);
    }
}
