/* Recursive common tables: which ones are, and what types their steps may have. */
#include "base/name.h"
#include "sql/place.h"
#include "sql/recursion.h"

static bool query_reads(const struct query *query, size_t first_term, const char *name);

static bool from_reads(const struct from *from, const char *name)
{
    if (!from)
        return false;
    if (from->is_join)
        return from_reads(from->left, name) || from_reads(from->right, name);
    if (from->query)
        return query_reads(from->query, 0, name);
    return from->name.count == 1 && name_equal(from->name.parts[0], name);
}

static bool query_reads(const struct query *query, size_t first_term, const char *name)
{
    for (size_t i = 0; i < query->common_count; i++)
        if (name_equal(query->common[i].name, name)) /* another table of that name */
            return false;
    for (size_t i = 0; i < query->common_count; i++)
        if (query_reads(query->common[i].query, 0, name))
            return true;
    for (size_t i = first_term; i < query->term_count; i++) {
        const struct query_term *term = &query->terms[i];
        if (term->select ? from_reads(term->select->from, name) : query_reads(term->query, 0, name))
            return true;
    }
    return false;
}

bool recursion_reads_itself(const struct common_table *common)
{
    return query_reads(common->query, 1, common->name);
}

bool recursion_lengthens(const struct query *query, size_t column)
{
    for (size_t i = 0; i < query->term_count; i++) {
        const struct select *select = query->terms[i].select;
        if (!select || select->item_count <= column)
            return false;
        for (size_t j = 0; j < select->item_count; j++)
            if (select->items[j].star)
                return false;
    }
    for (size_t i = 1; i < query->term_count; i++) {
        enum expression_kind kind = query->terms[i].select->items[column].expression->kind;
        if (kind != EXPRESSION_COLUMN && kind != EXPRESSION_CAST)
            return true;
    }
    return false;
}

bool recursion_sees_itself(const struct binder *binder, const struct common_table *common, bool recursive)
{
    const struct name name = {{common->name}, 1};

    for (const struct common_sight *sight = binder->commons; sight && !recursive; sight = sight->outer)
        if (name_equal(sight->common->name, common->name))
            return false;
    return recursive || (recursion_reads_itself(common) && !place_find(binder, &name));
}

bool recursion_rounds(const struct type *from, const struct type *to)
{
    bool exact = type_is_exact_number(to->kind);

    if (from->kind == TYPE_DOUBLE)
        return exact;
    if (from->kind == TYPE_DECIMAL)
        return exact && from->scale > (to->kind == TYPE_DECIMAL ? to->scale : 0);
    return from->kind == TYPE_TIMESTAMP && (to->kind == TYPE_DATE || (to->kind == TYPE_TIMESTAMP && from->scale > to->scale));
}
