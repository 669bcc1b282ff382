#include "providers/odata/atom.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "http/url.h"
#include "providers/odata/atom_value.h"

enum { LARGEST_TEXT = 64 << 20, LARGEST_URL = 64 << 10 };

/* The names of elements that columns are at. */
struct name_node {
    struct name_node *child, *next;
    const char *name;
    int column;                      /* -1: only what is inside of it matters */
};

struct inner_link {
    struct inner_link *next;
    const char *address;
    const struct value *row;         /* with the parent's columns */
};

struct row {
    struct row *next;
    struct value *cells;
};

struct atom {
    const struct odata_table *table;
    struct warnings *warnings;
    bool inside;
    bool *needed;
    struct arena arena;              /* the names */
    struct arena page;               /* the rows */
    struct name_node properties;     /* below m:properties */
    struct name_node elements;       /* below the entry itself */
    struct name_node parents;        /* below the properties of a parent */
    int media_link, media_type, rest; /* columns, or -1 */
    struct row *first, **last, *next;
    struct inner_link *links;
    const char *base;
};

/* Names. */

static struct name_node *add_name(struct arena *arena, struct name_node *parent, const char *name, size_t length)
{
    struct name_node **end = &parent->child;

    for (; *end; end = &(*end)->next)
        if (strlen((*end)->name) == length && memcmp((*end)->name, name, length) == 0)
            return *end;
    struct name_node *node = arena_alloc(arena, sizeof *node);
    if (!node || !(node->name = arena_copy(arena, name, length)))
        return NULL;
    node->column = -1;
    *end = node;
    return node;
}

static bool add_path(struct arena *arena, struct name_node *root, const char *path, int column)
{
    struct name_node *node = root;

    while (node && *path) {
        size_t length = strcspn(path, "/");
        node = add_name(arena, node, path, length);
        path += length + (path[length] == '/');
    }
    if (node)
        node->column = column;
    return node;
}

static const struct name_node *find_name(const struct name_node *parent, const char *name)
{
    for (const struct name_node *node = parent ? parent->child : NULL; node; node = node->next)
        if (strcmp(node->name, name) == 0)
            return node;
    return NULL;
}

static bool add_columns(struct atom *atom)
{
    const struct odata_table *table = atom->table;

    for (size_t i = 0; i < table->table.column_count; i++) {
        const struct odata_column *column = &table->columns[i];
        if (!atom->needed[i])
            continue;
        switch (column->role) {
        case ROLE_PROPERTY:
            if (!add_path(&atom->arena, &atom->properties, column->path, (int)i)
                || (column->feed_path && !add_path(&atom->arena, &atom->elements, column->feed_path, (int)i)))
                return false;
            break;
        case ROLE_PARENT:
            if (!add_path(&atom->arena, &atom->parents, column->path, (int)i))
                return false;
            break;
        case ROLE_MEDIA_LINK: atom->media_link = (int)i; break;
        case ROLE_MEDIA_TYPE: atom->media_type = (int)i; break;
        case ROLE_REST: atom->rest = (int)i; break;
        default: break;
        }
    }
    return true;
}

bool atom_open(const struct odata_table *table, const bool *needed, bool inside, struct warnings *warnings, struct atom **atom, struct error *err)
{
    struct atom *made = calloc(1, sizeof *made);

    if (!made)
        return error_memory(err);
    made->table = table;
    made->warnings = warnings;
    made->inside = inside;
    made->media_link = made->media_type = made->rest = -1;
    made->needed = arena_array(&made->arena, table->table.column_count + 1, sizeof *made->needed);
    if (made->needed && table->table.column_count)
        memcpy(made->needed, needed, table->table.column_count * sizeof *needed);
    if (!made->needed || !add_columns(made)) {
        atom_close(made);
        return error_memory(err);
    }
    *atom = made;
    return true;
}

void atom_close(struct atom *atom)
{
    if (!atom)
        return;
    arena_clear(&atom->page);
    arena_clear(&atom->arena);
    free(atom);
}

/* One page. */

struct reading {
    struct xml xml;
    struct atom *atom;
    struct atom_facts *facts;
    struct error *err;
    bool failed;                     /* *err is set */
};

static bool give_up(struct reading *reading, bool set)
{
    if (!set)
        error_memory(reading->err);
    reading->failed = true;
    return false;
}

/* An address in the page as an absolute one, in the page's arena. NULL when out of memory or when it is none. */
static const char *resolve(struct reading *reading, const char *address)
{
    const xmlChar *base = xmlTextReaderConstBaseUri(reading->xml.reader);
    struct buffer whole, url;
    const char *result = NULL;

    buffer_init(&whole, LARGEST_URL);
    buffer_init(&url, LARGEST_URL);
    if (base && base[0] && url_resolve(reading->atom->base, (const char *)base, &whole) && url_resolve(buffer_text(&whole), address, &url))
        result = arena_text(&reading->atom->page, buffer_text(&url));
    buffer_reset(&url);
    if (!result && url_resolve(reading->atom->base, address, &url))
        result = arena_text(&reading->atom->page, buffer_text(&url));
    buffer_clear(&whole);
    buffer_clear(&url);
    return result;
}

struct link {
    char rel[300], title[200], type[200];
    const char *href;                /* absolute; NULL: none */
};

static void read_link(struct reading *reading, struct link *link)
{
    const char *name, *value;
    char *href = NULL;

    *link = (struct link){0};
    for (bool first = true; xml_attribute(&reading->xml, first, &name, &value); first = false) {
        if (strcmp(name, "rel") == 0)
            snprintf(link->rel, sizeof link->rel, "%s", value);
        else if (strcmp(name, "title") == 0)
            snprintf(link->title, sizeof link->title, "%s", value);
        else if (strcmp(name, "type") == 0)
            snprintf(link->type, sizeof link->type, "%s", value);
        else if (strcmp(name, "href") == 0 && !href)
            href = strdup(value);
    }
    if (href)
        link->href = resolve(reading, href);
    free(href);
}

static bool set_text(struct reading *reading, struct value *cells, int column, const char *text)
{
    const struct table *table = &reading->atom->table->table;
    const struct atom_target target = {table, &table->columns[column], &reading->atom->table->columns[column], &reading->atom->page, reading->atom->warnings};

    return atom_text_value(&target, text, strlen(text), &cells[column], reading->err) || give_up(reading, true);
}

static bool set_element(struct reading *reading, struct value *cells, int column)
{
    const struct odata_table *table = reading->atom->table;
    const struct odata_column *detail = &table->columns[column];
    const struct atom_target target = {&table->table, &table->table.columns[column], detail, &reading->atom->page, reading->atom->warnings};

    return atom_element_value(&reading->xml, &target, &cells[column], reading->err) || give_up(reading, true);
}

/* Whether a property is declared: others belong to the rest. */
static bool is_declared(const struct odata_table *table, const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < table->table.column_count; i++)
        if (table->columns[i].role == ROLE_PROPERTY && strncmp(table->columns[i].path, name, length) == 0
            && (table->columns[i].path[length] == '/' || !table->columns[i].path[length]))
            return true;
    return false;
}

static void add_rest(struct reading *reading, struct buffer *rest)
{
    buffer_printf(rest, "%c\"%s\":", rest->length ? ',' : '{', xml_name(&reading->xml));
    atom_json(&reading->xml, rest);
}

static bool read_properties(struct reading *reading, const struct name_node *names, struct value *cells, struct buffer *rest);

static bool read_property(struct reading *reading, const struct name_node *names, struct value *cells, struct buffer *rest)
{
    const struct name_node *node = find_name(names, xml_name(&reading->xml));

    if (node && node->column >= 0 && !node->child)
        return set_element(reading, cells, node->column);
    if (node)
        return read_properties(reading, node, cells, NULL);
    if (rest && !is_declared(reading->atom->table, xml_name(&reading->xml)))
        add_rest(reading, rest);
    return true;
}

/* The properties inside of the present element. rest: gets those that are not declared, or NULL. */
static bool read_properties(struct reading *reading, const struct name_node *names, struct value *cells, struct buffer *rest)
{
    for (int depth = atom_is_null(&reading->xml) ? -1 : xml_enter(&reading->xml); xml_child(&reading->xml, depth);)
        if (!read_property(reading, names, cells, rest))
            return false;
    return true;
}

static bool read_property_set(struct reading *reading, const struct name_node *names, bool own, struct value *cells)
{
    struct buffer rest;
    bool wanted = own && reading->atom->rest >= 0;

    buffer_init(&rest, LARGEST_TEXT);
    bool done = read_properties(reading, names, cells, wanted ? &rest : NULL);
    if (done && rest.length) {
        buffer_append_char(&rest, '}');
        const char *text = rest.failed ? NULL : arena_copy(&reading->atom->page, rest.data, rest.length);
        if (text)
            cells[reading->atom->rest] = value_text(text, rest.length);
        else
            done = give_up(reading, false);
    }
    buffer_clear(&rest);
    return done;
}

/* <content>: the properties are in it, or it names the file that the entity is. */
static bool read_content(struct reading *reading, const struct name_node *names, bool own, struct value *cells)
{
    struct xml *xml = &reading->xml;
    const struct atom *atom = reading->atom;
    const char *name, *value;
    char *source = NULL, *type = NULL;

    for (bool first = true; xml_attribute(xml, first, &name, &value); first = false) {
        if (strcmp(name, "src") == 0 && !source)
            source = strdup(value);
        else if (strcmp(name, "type") == 0 && !type)
            type = strdup(value);
    }
    const char *address = source && own ? resolve(reading, source) : NULL;
    bool done = true;
    if (address && atom->media_link >= 0)
        done = set_text(reading, cells, atom->media_link, address);
    if (done && address && type && atom->media_type >= 0)
        done = set_text(reading, cells, atom->media_type, type);
    free(source);
    free(type);
    for (int depth = done ? xml_enter(xml) : -1; xml_child(xml, depth);)
        if (xml_is(xml, "properties") && !read_property_set(reading, names, own, cells))
            return false;
    return done;
}

/* What stands beside the properties, where metadata says that a property does: "author/name". */
static bool read_beside(struct reading *reading, const struct name_node *node, struct value *cells)
{
    struct buffer text;
    bool done = true;

    for (int depth = node->child ? xml_enter(&reading->xml) : -1; done && xml_child(&reading->xml, depth);) {
        const struct name_node *inner = find_name(node, xml_name(&reading->xml));
        done = !inner || read_beside(reading, inner, cells);
    }
    if (node->child || node->column < 0)
        return done;
    buffer_init(&text, LARGEST_TEXT);
    atom_inner_text(&reading->xml, &text);
    /* An empty one stands for nothing where the property itself is there too. */
    if (text.length && value_is_null(&cells[node->column]))
        done = set_text(reading, cells, node->column, buffer_text(&text));
    buffer_clear(&text);
    return done;
}

static const char *after(const char *text, const char *part)
{
    const char *found = strstr(text, part);
    return found ? found + strlen(part) : NULL;
}

/* A property that is a file: its address for reading counts more than that for writing. */
static bool read_stream(struct reading *reading, const struct link *link, struct value *cells)
{
    const struct odata_table *table = reading->atom->table;
    const char *read = after(link->rel, "/mediaresource/"), *edit = after(link->rel, "/edit-media/"), *name = read ? read : edit;

    for (size_t i = 0; name && i < table->table.column_count; i++) {
        const struct odata_column *column = &table->columns[i];
        if (!reading->atom->needed[i] || (column->role != ROLE_STREAM && column->role != ROLE_STREAM_TYPE) || strcmp(column->path, name) != 0)
            continue;
        const char *text = column->role == ROLE_STREAM ? link->href : link->type;
        if (text[0] && (read || value_is_null(&cells[i])) && !set_text(reading, cells, (int)i, text))
            return false;
    }
    return true;
}

static bool read_feed(struct reading *reading, bool parents, bool outermost);
static bool read_entry(struct reading *reading, bool parent);

/* What is inside of an entry, by the view's navigation. *next: the address of more. */
static bool read_inline(struct reading *reading, const char **next)
{
    struct xml *xml = &reading->xml;
    const char *kept = reading->facts->next;

    for (int depth = xml_enter(xml); xml_child(xml, depth);) {
        if (xml_is(xml, "entry") && !read_entry(reading, false))
            return false;
        if (!xml_is(xml, "feed"))
            continue;
        reading->facts->next = NULL;
        if (!read_feed(reading, false, false))
            return false;
        *next = reading->facts->next;
        reading->facts->next = kept;
    }
    return true;
}

static bool read_entry_link(struct reading *reading, bool parent, struct value *cells, const char **inner)
{
    struct link link;
    const char *name;

    read_link(reading, &link);
    if (!parent)
        return !link.href || read_stream(reading, &link, cells);
    name = after(link.rel, "/related/");
    if (strcmp(name ? name : link.title, reading->atom->table->navigation->name) != 0)
        return true;
    for (int depth = xml_enter(&reading->xml); xml_child(&reading->xml, depth);)
        if (xml_is(&reading->xml, "inline") && !read_inline(reading, inner))
            return false;
    return true;
}

static struct value *new_cells(struct reading *reading)
{
    size_t count = reading->atom->table->table.column_count;
    struct value *cells = arena_array(&reading->atom->page, count + 1, sizeof *cells);

    for (size_t i = 0; cells && i < count; i++)
        cells[i] = value_null();
    return cells;
}

/* Gives the rows from *place on the columns of their parent, whose entry has ended. */
static void fill_parent(struct reading *reading, struct row **place, const struct value *parent)
{
    for (struct row *row = *place; row; row = row->next)
        for (size_t i = 0; i < reading->atom->table->parent_count; i++)
            row->cells[i] = parent[i];
}

static bool keep_inner(struct reading *reading, const char *address, const struct value *row)
{
    struct inner_link *link = arena_alloc(&reading->atom->page, sizeof *link), **end = &reading->atom->links;

    if (!link)
        return give_up(reading, false);
    *link = (struct inner_link){NULL, address, row};
    while (*end)
        end = &(*end)->next;
    *end = link;
    return true;
}

static bool add_row(struct reading *reading, struct value *cells)
{
    struct atom *atom = reading->atom;
    struct row *row = arena_alloc(&atom->page, sizeof *row);

    if (!row)
        return give_up(reading, false);
    row->cells = cells;
    *atom->last = row;
    atom->last = &row->next;
    return true;
}

static bool read_entry(struct reading *reading, bool parent)
{
    struct atom *atom = reading->atom;
    struct xml *xml = &reading->xml;
    struct row **place = atom->last;
    struct value *cells = new_cells(reading);
    const struct name_node *names = parent ? &atom->parents : &atom->properties;
    const char *inner = NULL;
    bool done = true;

    if (!cells)
        return give_up(reading, false);
    for (int depth = xml_enter(xml); done && xml_child(xml, depth);) {
        const struct name_node *beside;
        if (xml_is(xml, "content"))
            done = read_content(reading, names, !parent, cells);
        else if (xml_is(xml, "properties"))
            done = read_property_set(reading, names, !parent, cells);
        else if (xml_is(xml, "link"))
            done = read_entry_link(reading, parent, cells, &inner);
        else if (xml_is(xml, "error"))
            reading->facts->failure = true;
        else if (!parent && (beside = find_name(&atom->elements, xml_name(xml))))
            done = read_beside(reading, beside, cells);
    }
    if (!done)
        return false;
    if (parent) {
        fill_parent(reading, place, cells);
        return !inner || keep_inner(reading, inner, cells);
    }
    return add_row(reading, cells);
}

static bool read_feed(struct reading *reading, bool parents, bool outermost)
{
    struct xml *xml = &reading->xml;
    struct buffer text;
    struct link link;

    buffer_init(&text, 100);
    bool done = true;
    for (int depth = xml_enter(xml); done && xml_child(xml, depth);) {
        if (xml_is(xml, "entry")) {
            reading->facts->entries += outermost;
            done = read_entry(reading, parents);
        } else if (xml_is(xml, "link")) {
            read_link(reading, &link);
            if (link.href && strcmp(link.rel, "next") == 0)
                reading->facts->next = link.href;
            else if (link.href && outermost && strstr(link.rel, "/delta"))
                reading->facts->delta = link.href;
        } else if (xml_is(xml, "count") && outermost) {
            buffer_reset(&text);
            atom_inner_text(xml, &text);
            reading->facts->count = text.length ? strtoll(buffer_text(&text), NULL, 10) : -1;
        } else if (xml_is(xml, "error")) {
            reading->facts->failure = true;
        }
    }
    buffer_clear(&text);
    return done;
}

/* What functions yield: <d:Maker><d:City>…, or <d:Makers><d:element><d:City>… */
static bool read_complex(struct reading *reading)
{
    const struct name_node *names = &reading->atom->properties;
    struct value *own = new_cells(reading);
    bool single = false, done = own || give_up(reading, false);

    for (int depth = atom_is_null(&reading->xml) ? -1 : xml_enter(&reading->xml); done && xml_child(&reading->xml, depth);) {
        bool element = xml_is(&reading->xml, "element") && !find_name(names, "element");
        struct value *cells = element ? new_cells(reading) : own;
        single |= !element;
        if (!cells)
            return give_up(reading, false);
        done = element ? read_properties(reading, names, cells, NULL) && add_row(reading, cells) : read_property(reading, names, cells, NULL);
    }
    return done && (!single || add_row(reading, own));
}

static void read_page(struct reading *reading)
{
    struct xml *xml = &reading->xml;

    if (!xml_root(xml))
        return;
    bool complex = reading->atom->table->type && reading->atom->table->type->kind == ODATA_COMPLEX;
    reading->facts->failure = xml_is(xml, "error");
    reading->facts->is_page = xml_is(xml, "feed") || xml_is(xml, "entry") || (complex && !reading->facts->failure);
    if (xml_is(xml, "feed"))
        read_feed(reading, reading->atom->inside, true);
    else if (xml_is(xml, "entry"))
        read_entry(reading, reading->atom->inside);
    else if (reading->facts->is_page)
        read_complex(reading);
    while (!reading->failed && xml_read(xml)) /* an error may stand behind what was begun */
        reading->facts->failure |= xmlTextReaderNodeType(xml->reader) == XML_READER_TYPE_ELEMENT && xml_is(xml, "error");
}

bool atom_page(struct atom *atom, const char *body, size_t length, const char *base, struct atom_facts *facts, struct error *err)
{
    struct reading reading = {.atom = atom, .facts = facts, .err = err};

    arena_reset(&atom->page);
    *facts = (struct atom_facts){.count = -1};
    atom->base = base;
    atom->first = atom->next = NULL;
    atom->last = &atom->first;
    atom->links = NULL;
    if (!xml_open(&reading.xml, body, length))
        return error_memory(err);
    read_page(&reading);
    if (!reading.failed && reading.xml.fault[0] && !facts->failure) {
        error_set(err, "08S01", "Table %s: the service sent malformed XML in line %d: %s", atom->table->table.name, reading.xml.fault_line, reading.xml.fault);
        reading.failed = true;
    }
    xml_close(&reading.xml);
    atom->next = atom->first;
    return !reading.failed;
}

const struct value *atom_next(struct atom *atom)
{
    const struct row *row = atom->next;

    if (row)
        atom->next = row->next;
    return row ? row->cells : NULL;
}

bool atom_inner(struct atom *atom, const char **address, const struct value **row)
{
    const struct inner_link *link = atom->links;

    if (!link)
        return false;
    atom->links = link->next;
    *address = link->address;
    *row = link->row;
    return true;
}
