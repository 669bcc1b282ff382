/* Rows, elements and their ids; what clients have changed; values as text, number and truth. */
#include "test/sandbox/zoho_value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/moment.h"
#include "test/sandbox/zoho_index.h"

enum { ID_LENGTH = 19, LARGEST_ELEMENT = 998 };

void zoho_books_open(struct zoho_books *books, unsigned rows, const struct zoho_switches *switches)
{
    *books = (struct zoho_books){.rows = rows, .switches = switches};
    zoho_schema_read(&books->schema);
}

void zoho_books_settle(struct zoho_books *books)
{
    zoho_schema_settle(&books->schema);
    size_t organizations = books->schema.organization_count, tables = books->schema.table_count;
    books->companies = zeroed(organizations, sizeof *books->companies);
    for (size_t o = 0; o < organizations; o++) {
        struct zoho_company *company = &books->companies[o];
        company->generated = zeroed(tables, sizeof *company->generated);
        company->made = zeroed(tables, sizeof *company->made);
        company->changes = zeroed(tables, sizeof *company->changes);
        memset(company->generated, 0xFF, tables * sizeof *company->generated);
    }
}

static struct zoho_company *company_of(struct zoho_books *books, unsigned organization)
{
    return &books->companies[organization];
}

void zoho_books_close(struct zoho_books *books)
{
    for (unsigned o = 0; o < books->schema.organization_count; o++) {
        struct zoho_company *company = &books->companies[o];
        zoho_index_forget(company);
        for (size_t t = 0; t < books->schema.table_count; t++)
            json_decref(company->changes[t]);
        free(company->generated);
        free(company->made);
        free(company->changes);
    }
    free(books->companies);
    for (size_t k = 0; k < ZOHO_KEPT; k++) {
        free(books->kept[k].key);
        free(books->kept[k].numbers);
    }
    zoho_clear(&books->scratch);
    zoho_schema_clear(&books->schema);
}

struct zoho_at zoho_row(struct zoho_books *books, unsigned organization, const struct zoho_table *table, size_t i)
{
    return (struct zoho_at){.books = books, .organization = organization, .table = table, .i = i};
}

static size_t counted(const struct zoho_at *at, const struct zoho_table *table)
{
    double number;
    if (!zoho_as_number(zoho_work_out(at, table->count, table->number), &number) || number < 0)
        return 0;
    return (size_t)number;
}

size_t zoho_rows(struct zoho_books *books, unsigned organization, const struct zoho_table *table)
{
    const struct zoho_table *rows = table->shares;
    struct zoho_company *company = company_of(books, organization);
    size_t *generated = &company->generated[rows->number - 1];

    if (*generated == SIZE_MAX) {
        struct zoho_at at = zoho_row(books, organization, rows, 0);
        *generated = counted(&at, rows);
    }
    return *generated + company->made[rows->number - 1];
}

/* What clients have changed in the row that the object is, or stands in. */
static json_t *change_of(const struct zoho_at *at, bool *deleted)
{
    const struct zoho_table *rows = at->table;
    char key[24];

    while (rows->parent)
        rows = rows->parent;
    json_t *changes = company_of(at->books, at->organization)->changes[rows->shares->number - 1];
    *deleted = false;
    if (!changes)
        return NULL;
    snprintf(key, sizeof key, "%zu", at->i);
    json_t *change = json_object_get(changes, key);
    *deleted = json_is_null(change);
    return change;
}

bool zoho_changed(struct zoho_books *books, unsigned organization, const struct zoho_table *table)
{
    while (table->parent)
        table = table->parent;
    return company_of(books, organization)->changes[table->shares->number - 1] != NULL;
}

bool zoho_exists(const struct zoho_at *at)
{
    bool deleted;
    change_of(at, &deleted);
    return !deleted && (!at->table->only || zoho_is_true(zoho_work_out(at, at->table->only, 0)));
}

static json_t *get_dotted(json_t *object, const char *member)
{
    const char *dot = strchr(member, '.');
    char name[80];
    if (!dot)
        return json_object_get(object, member);
    snprintf(name, sizeof name, "%.*s", (int)(dot - member), member);
    return get_dotted(json_object_get(object, name), dot + 1);
}

/* Down from the row's members to those of the object; NULL where the client has not set the array it stands in. */
static json_t *descend(json_t *members, const struct zoho_at *at, const struct zoho_table *table)
{
    if (!table->parent)
        return members;
    json_t *above = descend(members, at, table->parent);
    return json_array_get(get_dotted(above, table->member), table->depth == 1 ? at->j : at->k);
}

json_t *zoho_set_by_client(const struct zoho_at *at, const char *member)
{
    bool deleted;
    json_t *members = change_of(at, &deleted);
    return members ? get_dotted(descend(members, at, at->table), member) : NULL;
}

bool zoho_made_by_client(const struct zoho_at *at)
{
    const struct zoho_table *rows = at->table;
    bool deleted;

    while (rows->parent)
        rows = rows->parent;
    json_t *members = change_of(at, &deleted);
    if (!members)
        return false;
    zoho_rows(at->books, at->organization, rows);
    return at->i >= company_of(at->books, at->organization)->generated[rows->shares->number - 1] ||
           (at->table->parent && descend(members, at, at->table));
}

static struct zoho_value of_json(struct zoho_books *books, const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_TRUE: return (struct zoho_value){VALUE_FLAG, 1, NULL};
    case JSON_FALSE: return (struct zoho_value){VALUE_FLAG, 0, NULL};
    case JSON_INTEGER: case JSON_REAL: return (struct zoho_value){VALUE_NUMBER, json_number_value(json), NULL};
    case JSON_STRING: return (struct zoho_value){VALUE_TEXT, 0, json_string_value(json)};
    case JSON_ARRAY: {
        const char *text = "", *between = "";
        size_t i;
        json_t *element;
        json_array_foreach(json, i, element) {
            text = zoho_print(&books->scratch, "%s%s%s", text, between, json_is_string(element) ? json_string_value(element) : "");
            between = "\x1F";
        }
        return (struct zoho_value){VALUE_TEXT, 0, text};
    }
    default: return (struct zoho_value){0};
    }
}

struct zoho_value zoho_member(const struct zoho_at *at, unsigned name)
{
    const struct zoho_rule *rule = at->table->rules[name];
    const char *text = at->books->schema.names.texts[name];
    json_t *json = zoho_set_by_client(at, text);
    struct zoho_value value = {0};

    if (json)
        return of_json(at->books, json);
    if (!rule)
        return value;
    if (++at->books->nested > 100) {
        fprintf(stderr, "restodbc-sandbox: the rule of %s in %s needs itself\n", text, at->table->name);
        abort();
    }
    value = zoho_work_out(at, rule, name);
    at->books->nested--;
    return value;
}

size_t zoho_elements(const struct zoho_at *at, const struct zoho_table *array)
{
    json_t *set = zoho_set_by_client(at, array->member);
    size_t count;

    if (json_is_array(set))
        return json_array_size(set);
    if (array->from) {
        zoho_matching(at->books, at->organization, array->from, array->from_member,
                      zoho_as_text(at->books, zoho_member(at, array->own_member)), &count);
        return count;
    }
    if (zoho_made_by_client(at))
        return 0;
    count = counted(at, array);
    return count > LARGEST_ELEMENT ? LARGEST_ELEMENT : count;
}

struct zoho_at zoho_element(const struct zoho_at *at, const struct zoho_table *array, size_t element)
{
    struct zoho_at inner = *at;

    if (array->from && !json_is_array(zoho_set_by_client(at, array->member))) {
        size_t count;
        const size_t *rows = zoho_matching(at->books, at->organization, array->from, array->from_member,
                                           zoho_as_text(at->books, zoho_member(at, array->own_member)), &count);
        return zoho_row(at->books, at->organization, array->from, element < count ? rows[element] : 0);
    }
    inner.table = array;
    if (array->depth == 1)
        inner.j = element;
    else
        inner.k = element;
    return inner;
}

const char *zoho_id(const struct zoho_at *at)
{
    size_t element = at->table->depth == 0 ? 0 : at->table->depth == 1 ? at->j + 1 : at->j * 20 + at->k + 1;
    return zoho_print(&at->books->scratch, "4600%u%03u%08zu%03zu", at->organization + 1, at->table->shares->number, at->i + 1, element);
}

static unsigned long digits(const char *text, size_t length)
{
    char piece[12] = {0};
    memcpy(piece, text, length);
    return strtoul(piece, NULL, 10);
}

bool zoho_find(struct zoho_books *books, unsigned organization, const char *id, struct zoho_at *at)
{
    if (strlen(id) != ID_LENGTH || strspn(id, "0123456789") != ID_LENGTH || strncmp(id, "4600", 4) != 0)
        return false;
    unsigned long whose = digits(id + 4, 1), table = digits(id + 5, 3), row = digits(id + 8, 8), element = digits(id + 16, 3);
    if (whose != organization + 1 || table == 0 || table > books->schema.table_count || row == 0)
        return false;

    const struct zoho_table *found = books->schema.numbered[table - 1], *rows = found;
    while (rows->parent)
        rows = rows->parent;
    *at = zoho_row(books, organization, rows, row - 1);
    if (at->i >= zoho_rows(books, organization, rows) || !zoho_exists(at) || (element > 0) != (found->depth > 0))
        return false;
    if (found->depth == 0)
        return true;
    if (found->depth > 1 || element > zoho_elements(at, found))
        return false;
    *at = zoho_element(at, found, element - 1);
    return true;
}

bool zoho_find_in(struct zoho_books *books, unsigned organization, const struct zoho_table *table, const char *id, struct zoho_at *at)
{
    if (!zoho_find(books, organization, id, at) || at->table->shares != table->shares)
        return false;
    at->table = table;
    return zoho_exists(at);
}

const char *zoho_as_text(struct zoho_books *books, struct zoho_value value)
{
    switch (value.kind) {
    case VALUE_TEXT: return value.text;
    case VALUE_FLAG: return value.number != 0 ? "true" : "false";
    case VALUE_NONE: return "";
    case VALUE_NUMBER: break;
    }
    if (value.number == floor(value.number) && fabs(value.number) < 1e15)
        return zoho_print(&books->scratch, "%.0f", value.number + 0.0);
    char *text = zoho_print(&books->scratch, "%.6f", value.number), *end = text + strlen(text);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        end[-1] = '\0';
    return text;
}

bool zoho_is_none(struct zoho_value value)
{
    return value.kind == VALUE_NONE || (value.kind == VALUE_TEXT && !*value.text);
}

bool zoho_is_true(struct zoho_value value)
{
    if (value.kind == VALUE_TEXT)
        return *value.text && strcmp(value.text, "false") != 0;
    return value.kind != VALUE_NONE && value.number != 0;
}

bool zoho_as_number(struct zoho_value value, double *number)
{
    char *end;
    if (value.kind == VALUE_NONE || zoho_is_none(value))
        return false;
    if (value.kind != VALUE_TEXT) {
        *number = value.number;
        return true;
    }
    *number = strtod(value.text, &end);
    return end != value.text && !*end;
}

const char *zoho_day_text(struct zoho_books *books, int64_t day)
{
    char text[DAY_TEXT];
    day_write(day, text);
    return zoho_keep(&books->scratch, text, strlen(text));
}
