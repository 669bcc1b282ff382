/* Which rows a list has: those of the path, those that pass the filters, in the order that was asked for. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/zoho_filter.h"
#include "test/sandbox/zoho_index.h"
#include "test/sandbox/zoho_switch.h"

/* What a request narrows a list by. */
struct narrowing {
    struct zoho_use *uses;
    size_t use_count;
    const struct zoho_choice *choice;       /* of filter_by */
    bool by_period;
    int64_t from, to;
    const char *search;
};

/* A row and what it is sorted by. */
struct sort_key {
    const char *text;
    double number;
    bool is_number;
    size_t place, row;
    bool downwards;
};

const char *zoho_parameter(const struct zoho_call *call, const char *name)
{
    const char *value = json_string_value(json_object_get(call->parameters, name));
    if (!value)
        value = request_query(call->request, name);
    return value && *value ? value : NULL;
}

struct zoho_at zoho_found_at(const struct zoho_call *call, const struct zoho_found *found, size_t place)
{
    if (found->organizations)
        return zoho_row(call->books, (unsigned)found->numbers[place], found->table, 0);
    if (found->table->parent)
        return zoho_element(&found->parent, found->table, found->numbers[place]);
    return zoho_row(call->books, call->organization, found->table, found->numbers[place]);
}

bool zoho_belongs(const struct zoho_call *call, const struct zoho_answer *answer, const struct zoho_at *at)
{
    if (!zoho_exists(at))
        return false;
    for (size_t w = 0; w < answer->where_count; w++) {
        const char *wanted = answer->where[w].parameter ? zoho_parameter(call, answer->where[w].parameter) : answer->where[w].text;
        if (wanted && strcmp(zoho_as_text(call->books, zoho_member(at, answer->where[w].member)), wanted) != 0)
            return false;
    }
    return !answer->only || zoho_is_true(zoho_work_out(at, answer->only, 0));
}

bool zoho_parent(struct zoho_call *call, const struct zoho_answer *answer, struct zoho_at *parent)
{
    const char *id = json_string_value(json_object_iter_value(json_object_iter(call->parameters)));     /* the path's first */
    if (id && zoho_find_in(call->books, call->organization, answer->table->parent, id, parent))
        return true;
    return zoho_missing(call->answer, answer->table->parent->label);
}

bool zoho_path_exists(struct zoho_call *call, const struct zoho_answer *answer)
{
    for (size_t w = 0; w < answer->where_count; w++) {
        const char *name = answer->where[w].parameter;
        const char *value = name ? json_string_value(json_object_get(call->parameters, name)) : NULL;
        struct zoho_at at;
        size_t count;
        if (!value || zoho_find(call->books, call->organization, value, &at))
            continue;
        if (strcmp(name, "module_name") != 0)
            return zoho_missing(call->answer, "Record");
        const struct zoho_table *modules = zoho_table(&call->books->schema, "modules");
        zoho_matching(call->books, call->organization, modules, answer->where[w].member, value, &count);
        if (!count)
            return zoho_no_url(call->answer);
    }
    return true;
}

static bool period_of(const char *value, const char **period)
{
    static const char *const periods[] = {"Today", "ThisWeek", "ThisMonth", "ThisQuarter", "ThisYear", "PreviousDay", "PreviousWeek",
                                          "PreviousMonth", "PreviousQuarter", "PreviousYear", "CustomDate"};
    const char *dot = strrchr(value, '.');
    *period = dot ? dot + 1 : value;
    for (size_t p = 0; p < sizeof periods / sizeof periods[0]; p++)
        if (strcmp(periods[p], *period) == 0)
            return true;
    return false;
}

static bool read_filter_by(struct zoho_call *call, const struct zoho_answer *answer, struct narrowing *narrowing)
{
    const char *value = request_query(call->request, "filter_by"), *period;

    if (!value || !*value || !answer->choice_count)
        return true;
    for (size_t c = 0; c < answer->choice_count; c++)
        if (strcmp(answer->choices[c].value, value) == 0)
            narrowing->choice = &answer->choices[c];
    if (!narrowing->choice)
        return zoho_invalid(call->answer, "filter_by");
    narrowing->by_period = answer->has_dates && period_of(value, &period);
    if (narrowing->by_period && !zoho_period(call, period, &narrowing->from, &narrowing->to))
        return zoho_invalid(call->answer, "from_date");
    return true;
}

static bool read_search(struct zoho_call *call, const struct zoho_answer *answer, struct narrowing *narrowing)
{
    const char *text = request_query(call->request, "search_text");
    if (!text || !*text || !answer->searched_count)
        return true;
    size_t letters = 0;
    for (const char *c = text; *c; c++)
        letters += ((unsigned char)*c & 0xC0) != 0x80;
    if (letters > 100)
        return zoho_invalid(call->answer, "search_text");
    narrowing->search = text;
    return true;
}

/* The part of a choice behind the last dot, in the service's other spelling: Status.PartiallyPaid → partially_paid. */
static bool says(const char *choice, const char *text)
{
    const char *at = strrchr(choice, '.') ? strrchr(choice, '.') + 1 : choice;
    for (bool first = true; *at; at++, first = false) {
        if (*at >= 'A' && *at <= 'Z' && !first && *text++ != '_')
            return false;
        if (*text++ != (*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at))
            return false;
    }
    return !*text;
}

static bool choice_passes(const struct zoho_answer *answer, const struct narrowing *narrowing, const struct zoho_at *at)
{
    const char *value = narrowing->choice->value, *dot = strrchr(value, '.');
    int64_t day;

    if (narrowing->by_period)
        return zoho_day(zoho_as_text(at->books, zoho_member(at, answer->date_member)), &day) && day >= narrowing->from &&
               day <= narrowing->to;
    if (narrowing->choice->rule)
        return zoho_is_true(zoho_work_out(at, narrowing->choice->rule, 0));
    return strcmp(dot ? dot + 1 : value, "All") == 0 || says(value, zoho_as_text(at->books, zoho_member(at, answer->choice_member)));
}

static bool passes(const struct zoho_answer *answer, const struct narrowing *narrowing, const struct zoho_at *at)
{
    for (size_t u = 0; u < narrowing->use_count; u++)
        if (!zoho_passes(&narrowing->uses[u], at))
            return false;
    if (narrowing->choice && !choice_passes(answer, narrowing, at))
        return false;
    if (!narrowing->search)
        return true;
    for (size_t s = 0; s < answer->searched_count; s++)
        if (zoho_contains(at->books, zoho_as_text(at->books, zoho_member(at, answer->searched[s])), narrowing->search))
            return true;
    return false;
}

static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    int order;
    if (a->is_number && b->is_number)
        order = a->number < b->number ? -1 : a->number > b->number;
    else if ((order = strcasecmp(a->text, b->text)) == 0)
        order = strcmp(a->text, b->text);
    if (a->downwards)
        order = -order;
    return order ? order : a->place < b->place ? -1 : 1;
}

struct zoho_value zoho_custom_value(const struct zoho_at *at, const char *name)
{
    const struct zoho_table *array = zoho_array(at->table, "custom_fields");
    unsigned api_name, value;
    const struct zoho_names *names = &at->books->schema.names;
    if (!array || !zoho_known(names, "api_name", &api_name) || !zoho_known(names, "value", &value))
        return (struct zoho_value){0};
    for (size_t e = 0, count = zoho_elements(at, array); e < count; e++) {
        struct zoho_at field = zoho_element(at, array, e);
        if (strcmp(zoho_as_text(at->books, zoho_member(&field, api_name)), name) == 0)
            return zoho_member(&field, value);
    }
    return (struct zoho_value){0};
}

static void sort_rows(struct zoho_call *call, struct zoho_found *found, bool custom, unsigned name)
{
    struct sort_key *keys = zoho_take(&call->books->scratch, found->count, sizeof *keys);
    for (size_t r = 0; r < found->count; r++) {
        struct zoho_at at = zoho_found_at(call, found, r);
        struct zoho_value value = custom ? zoho_custom_value(&at, found->sort_column) : zoho_member(&at, name);
        keys[r] = (struct sort_key){.text = zoho_as_text(call->books, value), .place = r, .row = found->numbers[r],
                                    .downwards = found->sort_order == 'D'};
        keys[r].is_number = zoho_as_number(value, &keys[r].number);
    }
    qsort(keys, found->count, sizeof *keys, compare_keys);
    for (size_t r = 0; r < found->count; r++)
        found->numbers[r] = keys[r].row;
}

/* sort_column and sort_order. */
static bool read_order(struct zoho_call *call, const struct zoho_answer *answer, struct zoho_found *found, bool *custom,
                       unsigned *name)
{
    const char *column = request_query(call->request, "sort_column"), *order = request_query(call->request, "sort_order");

    *custom = false;
    if (order && *order && strcmp(order, "A") != 0 && strcmp(order, "D") != 0 && strcmp(order, "ascending") != 0 &&
        strcmp(order, "descending") != 0)
        return zoho_invalid(call->answer, "sort_order");
    if (!column || !*column || !answer->sort_count)
        return true;
    for (size_t s = 0; s < answer->sort_count; s++) {
        const char *known = call->books->schema.names.texts[answer->sorts[s]];
        *custom = strcmp(known, "cf_") == 0 && strncmp(column, known, 3) == 0;
        if (!*custom && strcmp(known, column) != 0)
            continue;
        *name = answer->sorts[s];
        found->sort_column = column;
        found->sort_order = order && (*order == 'D' || *order == 'd') ? 'D' : 'A';
        return true;
    }
    return zoho_invalid(call->answer, "sort_column");
}

static bool has_member(const struct zoho_shape *shape, const char *name)
{
    for (size_t m = 0; m < shape->count; m++)
        if (strcmp(shape->members[m].name, name) == 0)
            return true;
    return false;
}

/* The rows among which to look: all, or those that an index knows for a key. */
static void candidates(struct zoho_call *call, const struct zoho_answer *answer, const struct narrowing *narrowing,
                       struct zoho_found *found)
{
    struct zoho_books *books = call->books;
    const struct zoho_table *table = answer->table;

    if (strcmp(table->name, "organizations") == 0) {
        found->organizations = true;
        found->numbers = zoho_take(&books->scratch, books->schema.organization_count, sizeof *found->numbers);
        for (unsigned o = 0; o < books->schema.organization_count; o++)
            if (strcmp(books->schema.organizations[o].data_centre, call->data_centre) == 0)
                found->numbers[found->count++] = o;
        return;
    }
    if (!table->parent && !table->only) {
        for (size_t w = 0; w < answer->where_count; w++) {
            const struct zoho_where *where = &answer->where[w];
            const char *value = where->parameter ? zoho_parameter(call, where->parameter) : where->text;
            if (value) {
                found->numbers = zoho_matching(books, call->organization, table, where->member, value, &found->count);
                return;
            }
        }
        for (size_t u = 0; u < narrowing->use_count; u++) {
            const struct zoho_use *use = &narrowing->uses[u];
            if (use->filter->form == FORM_EQUAL && !use->filter->array && strlen(use->value) == 19 && !use->choice) {
                found->numbers = zoho_matching(books, call->organization, table, use->filter->member, use->value, &found->count);
                return;
            }
        }
    }
    found->count = table->parent ? zoho_elements(&found->parent, table) : zoho_rows(books, call->organization, table);
    found->numbers = zoho_take(&books->scratch, found->count, sizeof *found->numbers);
    for (size_t r = 0; r < found->count; r++)
        found->numbers[r] = r;
}

static void keep_fitting(struct zoho_call *call, const struct zoho_answer *answer, const struct narrowing *narrowing,
                         struct zoho_found *found)
{
    size_t kept = 0;
    if (!narrowing->use_count && !narrowing->choice && !narrowing->search && !answer->where_count && !answer->only &&
        !answer->table->only && (found->organizations || !zoho_changed(call->books, call->organization, answer->table)))
        return;
    for (size_t r = 0; r < found->count; r++) {
        struct zoho_at at = zoho_found_at(call, found, r);
        struct zoho_mark mark = zoho_mark(&call->books->scratch);
        if (zoho_belongs(call, answer, &at) && passes(answer, narrowing, &at))
            found->numbers[kept++] = found->numbers[r];
        zoho_release(&call->books->scratch, mark);
    }
    found->count = kept;
}

/* The request without its page: lists that are worked out are kept for the next one. */
static const char *list_key(struct zoho_call *call)
{
    const char *key = zoho_print(&call->books->scratch, "%s %u", call->request->path, call->organization), *name;
    json_t *value;
    json_object_foreach(call->request->query, name, value)
        if (strcmp(name, "page") != 0)
            key = zoho_print(&call->books->scratch, "%s&%s=%s", key, name, json_string_value(value));
    return key;
}

static const struct zoho_kept *kept_list(struct zoho_call *call, const char *key)
{
    for (size_t k = 0; k < ZOHO_KEPT; k++) {
        const struct zoho_kept *kept = &call->books->kept[k];
        if (kept->key && kept->changes == call->books->changes && strcmp(kept->key, key) == 0)
            return kept;
    }
    return NULL;
}

static void keep_list(struct zoho_call *call, const char *key, const struct zoho_found *found)
{
    struct zoho_kept *kept = &call->books->kept[call->books->next_kept++ % ZOHO_KEPT];
    free(kept->key);
    free(kept->numbers);
    *kept = (struct zoho_kept){text_copy(key), call->books->changes, zeroed(found->count, sizeof *found->numbers), found->count};
    if (found->count)
        memcpy(kept->numbers, found->numbers, found->count * sizeof *found->numbers);
}

static void turn_round(struct zoho_found *found)
{
    for (size_t r = 0; r < found->count / 2; r++) {
        size_t other = found->numbers[r];
        found->numbers[r] = found->numbers[found->count - 1 - r];
        found->numbers[found->count - 1 - r] = other;
    }
}

bool zoho_select(struct zoho_call *call, const struct zoho_answer *answer, struct zoho_found *found)
{
    struct narrowing narrowing = {0};
    bool custom, newest_first;
    unsigned name = 0;

    *found = (struct zoho_found){.table = answer->table, .sort_column = "", .sort_order = 'A', .applied_filter = ""};
    if (answer->table->parent && !zoho_parent(call, answer, &found->parent))
        return false;
    if (!zoho_path_exists(call, answer) || !zoho_uses(call, answer, &narrowing.uses, &narrowing.use_count) ||
        !read_filter_by(call, answer, &narrowing) || !read_search(call, answer, &narrowing) ||
        !read_order(call, answer, found, &custom, &name))
        return false;
    if (answer->choice_count)
        found->applied_filter = narrowing.choice ? narrowing.choice->value : answer->choices[0].value;
    bool sorted = *found->sort_column != '\0', costly = sorted || narrowing.use_count || narrowing.choice || narrowing.search;
    newest_first = !sorted && has_member(&answer->shape, "created_time");
    if (newest_first) {
        found->sort_column = "created_time";
        found->sort_order = 'D';
    }
    const char *key = costly ? list_key(call) : NULL;
    const struct zoho_kept *kept = key ? kept_list(call, key) : NULL;
    if (kept) {
        found->numbers = kept->numbers;
        found->count = kept->count;
        found->organizations = strcmp(answer->table->name, "organizations") == 0;
        return true;
    }
    candidates(call, answer, &narrowing, found);
    keep_fitting(call, answer, &narrowing, found);
    if (sorted)
        sort_rows(call, found, custom, name);
    else if (newest_first)
        turn_round(found);
    if (key)
        keep_list(call, key, found);
    return true;
}
