#include "providers/odata/address.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "providers/odata/operations.h"
#include "providers/odata/aggregate.h"
#include "providers/odata/requests.h"
#include "providers/odata/service.h"

enum { LONGEST_LITERAL = 1 << 20 };

/* Appends one value of an address. */
static bool append_literal(const struct odata_address *address, int column, struct buffer *out)
{
    const struct odata_table *table = address->table;
    const struct value *value = &address->echo[column];
    struct buffer literal;

    if (address->names && column < 64 && address->names[column])
        return buffer_append_text(out, address->names[column]);
    if (value_is_null(value))
        return false;
    buffer_init(&literal, LONGEST_LITERAL);
    bool written = odata_literal(&literal, &address->context->form, &table->columns[column], &table->table.columns[column].type, value);
    if (written)
        odata_encode(out, literal.data, literal.length, true);
    buffer_clear(&literal);
    return written;
}

bool odata_address_key(const struct odata_address *address, const struct odata_table *of, const int *columns, struct buffer *out)
{
    const struct odata_key *key = model_keys(of->type);
    bool several = key && key->next, written = true;

    buffer_append_char(out, '(');
    for (size_t i = 0; key && columns[i] >= 0; i++, key = key->next) {
        if (several) {
            const char *name = key->alias ? key->alias : key->path;
            buffer_append_text(out, i ? "," : "");
            odata_encode(out, name, strlen(name), true);
            buffer_append_char(out, '=');
        }
        written = append_literal(address, columns[i], out) && written;
    }
    buffer_append_char(out, ')');
    return written && !key;
}

static void append_name(struct buffer *out, const char *name)
{
    buffer_append_char(out, '/');
    odata_encode(out, name, strlen(name), false);
}

/* The column of a view that has a column of its parent; -1 when there is none. */
static int shown_as(const struct odata_table *view, int parent_column)
{
    for (size_t i = 0; i < view->parent_count; i++)
        if (view->columns[i].parent == parent_column)
            return (int)i;
    return -1;
}

/* The columns of the view, as `through` maps them, that hold the key of `table`, which is one of its parents. */
static bool find_keys(const struct odata_table *table, const int *through, int *keys)
{
    size_t made = 0;

    for (const struct odata_key *key = model_keys(table->type); key; key = key->next)
        for (size_t i = table->parent_count; i < table->table.column_count; i++)
            if (table->columns[i].role == ROLE_PROPERTY && strcmp(table->columns[i].path, key->path) == 0 && through[i] >= 0)
                keys[made++] = through[i];
    keys[made] = -1;
    return made > 0;
}

/* Appends the path of one entity of `table`, whose columns are those of the address's table by `through`. */
static bool append_entity(const struct odata_address *address, const struct odata_table *table, const int *through, struct arena *arena, struct buffer *out)
{
    const struct odata_table *parent = table->parent;
    bool written = true;

    if (parent) {
        int *of_parent = arena_array(arena, parent->table.column_count + 1, sizeof *of_parent);
        if (!of_parent)
            return false;
        for (size_t i = 0; i < parent->table.column_count; i++) {
            int own = shown_as(table, (int)i);
            of_parent[i] = own >= 0 ? through[own] : -1;
        }
        written = append_entity(address, parent, of_parent, arena, out);
    }
    append_name(out, table->path);
    if (table->kind == TABLE_OF_SINGLETON || (parent && !table->many))
        return written;
    int *keys = arena_array(arena, table->table.column_count + 1, sizeof *keys);
    return keys && find_keys(table, through, keys) && odata_address_key(address, table, keys, out) && written;
}

static bool append_parent(const struct odata_address *address, struct buffer *out)
{
    const struct odata_table *table = address->table, *parent = table->parent;
    struct arena arena = {0};
    int *through = arena_array(&arena, parent->table.column_count + 1, sizeof *through);
    bool written = through != NULL;

    for (size_t i = 0; written && i < parent->table.column_count; i++)
        through[i] = shown_as(table, (int)i);
    written = written && append_entity(address, parent, through, &arena, out);
    arena_clear(&arena);
    return written;
}

/* V4: Function(a=@a)?@a=5; before it Function?a=5. */
static bool append_function(const struct odata_address *address, struct buffer *out)
{
    const struct odata_table *table = address->table;
    bool v4 = address->context->version == ODATA_V4, written = true;

    append_name(out, table->path);
    for (int behind = 0; behind < 2; behind++) {
        bool first = true;
        if (!behind && v4)
            buffer_append_char(out, '(');
        for (size_t i = 0; i < table->table.column_count; i++) {
            const struct odata_column *column = &table->columns[i];
            bool null = value_is_null(&address->echo[i]) && !(address->names && i < 64 && address->names[i]);
            if (column->role != ROLE_INPUT || (null && !column->null_told) || (!behind && !v4))
                continue;
            if (behind) {
                buffer_append_char(out, first ? '?' : '&');
                buffer_append_text(out, v4 ? "@" : "");
                odata_encode(out, column->path, strlen(column->path), false);
                buffer_append_char(out, '=');
                if (null)
                    buffer_append_text(out, "null");
                else
                    written = append_literal(address, (int)i, out) && written;
            } else {
                buffer_append_text(out, first ? "" : ",");
                odata_encode(out, column->path, strlen(column->path), false);
                buffer_append_text(out, "=@");
                odata_encode(out, column->path, strlen(column->path), false);
            }
            first = false;
        }
        if (!behind && v4)
            buffer_append_char(out, ')');
    }
    return written;
}

bool odata_address_print(const struct odata_address *address, enum odata_way way, struct buffer *out)
{
    const struct odata_table *table = address->table;
    struct arena arena = {0};

    switch (way) {
    case WAY_SET: case WAY_SINGLE:
        append_name(out, table->path);
        return true;
    case WAY_EXPAND:
        append_name(out, table->parent->path);
        return true;
    case WAY_FUNCTION:
        return append_function(address, out);
    case WAY_DIRECT: case WAY_WALK: {
        bool written = append_parent(address, out);
        append_name(out, table->path);
        return written;
    }
    case WAY_KEY:
        break;
    }
    append_name(out, table->path);
    const int *keys = odata_key_columns(table, false, &arena);
    bool written = keys && odata_address_key(address, table, keys, out);
    arena_clear(&arena);
    return written;
}

/* Options. */

/* $select: names, each once. */
struct names {
    const char *list[512];
    size_t count;
    bool all;                        /* what can not be named is wanted */
};

static void add_name(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i], name) == 0)
            return;
    if (names->count == sizeof names->list / sizeof names->list[0])
        names->all = true;
    else
        names->list[names->count++] = name;
}

static bool is_own(const struct odata_column *column)
{
    return column->role == ROLE_PROPERTY || column->role == ROLE_STREAM || column->role == ROLE_STREAM_TYPE;
}

/* The columns of the entities themselves that are wanted; the key where none is. */
static void select_own(const struct odata_requests *requests, struct names *names)
{
    const struct odata_table *table = requests->table;
    struct names every = {.count = 0};
    bool open = false;

    for (size_t i = 0; i < table->table.column_count; i++) {
        const struct odata_column *column = &table->columns[i];
        open |= column->role == ROLE_REST;
        if (is_own(column) && column->selected)
            add_name(&every, column->selected);
        if (!requests->needed[i])
            continue;
        names->all |= column->role == ROLE_REST || (is_own(column) && !column->selected);
        if (is_own(column) && column->selected)
            add_name(names, column->selected);
    }
    if (names->count == every.count && !open && !requests->service->options.name_all)
        names->all = true;
    for (const struct odata_key *key = model_keys(table->type); key && !names->count; key = key->next)
        for (size_t i = table->parent_count; i < table->table.column_count; i++)
            if (table->columns[i].role == ROLE_PROPERTY && strcmp(table->columns[i].path, key->path) == 0)
                add_name(names, table->columns[i].selected);
}

static bool may_select(const struct odata_requests *requests, const struct odata_table *table)
{
    return table->limits->select && requests->service->options.most_select != 0 && !(atomic_load(&requests->table->refused) & REFUSED_SELECT);
}

/* before: put in front of each name. */
static void print_names(const struct names *names, const char *before, struct buffer *out)
{
    for (size_t i = 0; i < names->count; i++) {
        buffer_append_text(out, out->length ? "," : "");
        if (before) {
            odata_encode(out, before, strlen(before), false);
            buffer_append_char(out, '/');
        }
        odata_encode(out, names->list[i], strlen(names->list[i]), false);
    }
}

static bool fits(const struct odata_requests *requests, const struct buffer *text)
{
    long most = requests->service->options.most_select;
    return text->length && (most < 0 || text->length <= (size_t)most);
}

static void append_select(const struct odata_requests *requests, struct buffer *url)
{
    struct names names = {.count = 0};
    struct buffer text;

    if (!may_select(requests, requests->table))
        return;
    select_own(requests, &names);
    buffer_init(&text, LONGEST_LITERAL);
    print_names(&names, NULL, &text);
    if (!names.all && fits(requests, &text))
        odata_url_option(url, "$select", buffer_text(&text));
    buffer_clear(&text);
}

/* The parent's key and what else of it is wanted. */
static void select_parent(const struct odata_requests *requests, struct names *names)
{
    const struct odata_table *table = requests->table;

    for (size_t i = 0; i < table->parent_count; i++) {
        const struct odata_column *column = &table->parent->columns[table->columns[i].parent];
        if (!requests->needed[i] && !table->table.columns[i].key)
            continue;
        names->all |= column->role == ROLE_REST || !column->selected;
        if (is_own(column) && column->selected)
            add_name(names, column->selected);
    }
}

/* $expand with the options inside of it, in V4; before it what is inside is selected by paths. */
static void append_expand(const struct odata_requests *requests, const struct odata_series *series, struct buffer *url)
{
    const char *navigation = requests->table->navigation->name;
    bool v4 = requests->service->context.version == ODATA_V4, nested = !(atomic_load(&requests->table->refused) & REFUSED_NESTED);
    struct names own = {.count = 0}, parent = {.count = 0};
    struct buffer select, inside;

    buffer_init(&select, LONGEST_LITERAL);
    buffer_init(&inside, LONGEST_LITERAL);
    select_parent(requests, &parent);
    select_own(requests, &own);
    print_names(&parent, NULL, &select);
    if (v4) {
        struct buffer names;
        buffer_init(&names, LONGEST_LITERAL);
        print_names(&own, NULL, &names);
        if (nested && !own.all && may_select(requests, requests->table) && names.length)
            buffer_printf(&inside, "$select=%s", buffer_text(&names));
        if (nested && requests->table->many && series->filter[0])
            buffer_printf(&inside, "%s$filter=%s", inside.length ? ";" : "", series->filter);
        buffer_clear(&names);
        if (!select.length) /* a singleton has no key: its first property will do */
            parent.all = true;
    } else if (own.all || !nested) {
        buffer_printf(&select, "%s%s", select.length ? "," : "", navigation);
    } else {
        print_names(&own, navigation, &select);
    }
    if (!parent.all && may_select(requests, requests->table->parent) && fits(requests, &select))
        odata_url_option(url, "$select", buffer_text(&select));
    struct buffer value;
    buffer_init(&value, LONGEST_LITERAL);
    odata_encode(&value, navigation, strlen(navigation), false);
    if (inside.length)
        buffer_printf(&value, "(%s)", buffer_text(&inside));
    odata_url_option(url, "$expand", buffer_text(&value));
    buffer_clear(&value);
    buffer_clear(&select);
    buffer_clear(&inside);
}

static void append_filter(const struct odata_requests *requests, const struct odata_series *series, struct buffer *url)
{
    bool inside = requests->route.way == WAY_EXPAND, with_own = !inside || !requests->table->many;
    struct buffer text;

    buffer_init(&text, LONGEST_LITERAL);
    buffer_append_text(&text, series->parent_filter);
    if (with_own && series->filter[0])
        buffer_printf(&text, "%s%s", text.length ? "%20and%20" : "", series->filter);
    if (text.length)
        odata_url_option(url, "$filter", buffer_text(&text));
    buffer_clear(&text);
}

static bool is_ordered_by(const struct odata_requests *requests, const char *path)
{
    for (size_t i = 0; requests->ordered && i < requests->request.order_count; i++)
        if (strcmp(requests->table->columns[requests->request.order[i].column].path, path) == 0)
            return true;
    return false;
}

static void append_order(const struct odata_requests *requests, int64_t top, struct buffer *url)
{
    const struct odata_table *table = requests->table;
    const struct scan_request *request = &requests->request;
    struct buffer text;

    buffer_init(&text, LONGEST_LITERAL);
    for (size_t i = 0; requests->ordered && i < request->order_count; i++) {
        const char *path = table->columns[request->order[i].column].path;
        buffer_append_text(&text, i ? "," : "");
        odata_encode(&text, path, strlen(path), false);
        buffer_append_text(&text, request->order[i].descending ? "%20desc" : "");
    }
    /* Pages that are made here must be made of one order, in which no two rows are equal. */
    const struct odata_type *paged = requests->route.way == WAY_EXPAND ? table->parent->type : table->type;
    for (const struct odata_key *key = top ? model_keys(paged) : NULL; key; key = key->next) {
        if (is_ordered_by(requests, key->path))
            continue;
        buffer_append_text(&text, text.length ? "," : "");
        odata_encode(&text, key->path, strlen(key->path), false);
    }
    if (text.length)
        odata_url_option(url, "$orderby", buffer_text(&text));
    buffer_clear(&text);
}

static void append_search(const struct odata_requests *requests, struct buffer *url)
{
    const struct scan_request *request = &requests->request;
    const char *option = requests->service->context.version == ODATA_V4 ? "$search" : "search"; /* SAP's own before V4 */
    struct buffer text;

    buffer_init(&text, LONGEST_LITERAL);
    for (size_t i = 0; i < request->filter_count; i++) {
        if (requests->route.where[i] != WHERE_SEARCH)
            continue;
        bool named = requests->names && requests->names[i];
        if (text.length)
            buffer_append_text(&text, "%20AND%20");
        if (named)
            buffer_append_text(&text, requests->names[i]);
        else if (request->filters[i].values[0].storage == STORAGE_TEXT)
            odata_encode(&text, request->filters[i].values[0].text, request->filters[i].values[0].length, false);
    }
    if (text.length)
        odata_url_option(url, option, buffer_text(&text));
    buffer_clear(&text);
}

static void append_number(struct buffer *url, const char *name, int64_t number)
{
    buffer_append_char(url, strchr(buffer_text(url), '?') ? '&' : '?');
    buffer_printf(url, "%s=%lld", name, (long long)number);
}

/* The service may stop after so many rows only when each of them counts. */
static int64_t limit_of(const struct odata_requests *requests)
{
    bool rows = requests->route.way == WAY_SET || (requests->route.way == WAY_DIRECT && requests->table->many);
    bool may = requests->table->limits->top && !(atomic_load(&requests->table->refused) & REFUSED_TOP);
    return rows && may && requests->all_sent && !requests->sorts && !odata_requests_split(requests) && !requests->groups ? requests->request.limit : -1;
}

bool odata_requests_url(const struct odata_requests *requests, const struct odata_series *series, int64_t skip, int64_t top, struct buffer *url,
                        struct error *err)
{
    enum odata_way way = requests->route.way;
    bool single = way == WAY_KEY || way == WAY_SINGLE || way == WAY_FUNCTION || (way != WAY_SET && way != WAY_EXPAND && !requests->table->many);
    int64_t limit = limit_of(requests);

    odata_url_begin(requests->service, series->path, url);
    if (requests->counts) {
        buffer_append_text(url, "/$count");
    } else if (requests->groups) {
        struct buffer apply;
        buffer_init(&apply, LONGEST_LITERAL);
        odata_groups_apply(requests->groups, series->filter, &apply);
        odata_url_option(url, "$apply", buffer_text(&apply));
        buffer_clear(&apply);
    } else if (way == WAY_EXPAND) {
        append_expand(requests, series, url);
    } else if (way != WAY_FUNCTION) {
        append_select(requests, url);
    }
    if (!single && !requests->groups)
        append_filter(requests, series, url);
    if (!single && !requests->groups && !requests->counts)
        append_order(requests, top, url);
    if (!single)
        append_search(requests, url);
    if (top && skip)
        append_number(url, "$skip", skip);
    if (top && (limit < 0 || skip + top <= limit))
        append_number(url, "$top", top);
    else if (limit >= 0)
        append_number(url, "$top", limit - skip);
    odata_url_end(requests->service, url);
    return !url->failed || error_set(err, "HY000", "Table %s: the conditions make an address that is too long: use shorter ones", requests->table->table.name);
}
