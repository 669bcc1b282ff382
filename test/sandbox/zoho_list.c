/* Answers GET: pages of lists, single rows, documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/zoho_call.h"
#include "test/sandbox/zoho_index.h"
#include "test/sandbox/zoho_json.h"
#include "test/sandbox/zoho_switch.h"

enum { PAGE_LARGEST = 200 };

/* One page of so many things. */
struct page {
    size_t number, size;
    size_t first, end;              /* the things on it */
    bool more;
};

static bool read_page(struct zoho_call *call, size_t things, struct page *page)
{
    size_t standard = zoho_switch_number(call->books->switches, SWITCH_PER_PAGE);
    if (!zoho_count(call, "page", 1, &page->number) || !zoho_count(call, "per_page", standard, &page->size))
        return false;
    if (page->size > PAGE_LARGEST)
        page->size = PAGE_LARGEST;
    page->first = page->number - 1 > things / page->size ? things : (page->number - 1) * page->size;
    page->end = page->first + page->size < things ? page->first + page->size : things;
    page->more = page->end < things;
    return true;
}

/* The wrapper's name by the switch, without the mark behind it: '[' or '{' or nothing. */
static const char *wrapper_of(struct zoho_call *call, const struct zoho_answer *answer, char *mark)
{
    const char *name = zoho_switched(call->books->switches, SWITCH_WRAPPERS, "spec") ? answer->spec : answer->wrapper;
    size_t length = strcspn(name, "[{");
    *mark = name[length];
    return zoho_keep(&call->books->scratch, name, length);
}

static double sum_of(struct zoho_call *call, const struct zoho_found *found, const char *member)
{
    double sum = 0, number;
    unsigned name;
    for (size_t r = 0; r < found->count && zoho_known(&call->books->schema.names, member, &name); r++) {
        struct zoho_at at = zoho_found_at(call, found, r);
        struct zoho_mark mark = zoho_mark(&call->books->scratch);
        if (zoho_as_number(zoho_member(&at, name), &number))
            sum += number;
        zoho_release(&call->books->scratch, mark);
    }
    return sum;
}

static void write_context(FILE *out, struct zoho_call *call, const struct zoho_found *found, const struct page *page, char option)
{
    fprintf(out, ",\"page_context\":{\"page\":%zu,\"per_page\":%zu", page->number, page->size);
    if (page->more || zoho_switched(call->books->switches, SWITCH_MORE, "always"))
        fprintf(out, ",\"has_more_page\":%s", page->more ? "true" : "false");
    fprintf(out, ",\"report_name\":\"%ss\",\"applied_filter\":\"%s\",\"sort_column\":\"%s\",\"sort_order\":\"%c\"",
            found->table->label ? found->table->label : found->table->member, found->applied_filter, found->sort_column,
            found->sort_order);
    if (option != '0')
        fprintf(out, ",\"response_option\":%c,\"total\":%zu,\"total_pages\":%zu", option, found->count,
                (found->count + page->size - 1) / page->size);
    if (option == '1' || option == '3')
        fprintf(out, ",\"sum_columns\":{\"total\":%.2f,\"balance\":%.2f}", sum_of(call, found, "total"), sum_of(call, found, "balance"));
    fputc('}', out);
}

static void answer_list(struct zoho_call *call, const struct zoho_answer *answer)
{
    const char *option = answer->counts ? request_query(call->request, "response_option") : NULL, *name;
    struct zoho_found found;
    struct zoho_body body;
    struct page page = {0};
    char mark;

    if (option && (strlen(option) != 1 || *option < '0' || *option > '4')) {
        zoho_invalid(call->answer, "response_option");
        return;
    }
    if (!zoho_select(call, answer, &found) || (answer->paged && !read_page(call, found.count, &page)))
        return;
    if (!answer->paged)
        page.end = found.count;
    zoho_body_open(&body);
    name = wrapper_of(call, answer, &mark);
    if (!option || strchr("014", *option)) {
        fprintf(body.out, ",\"%s\":%s", name, mark == '{' ? "" : "[");
        if (mark == '{')    /* documented as the one object that it is not */
            page.end = page.end > page.first + 1 ? page.first + 1 : page.end;
        if (mark == '{' && page.end == page.first)
            fputs("{}", body.out);
        for (size_t r = page.first; r < page.end; r++) {
            struct zoho_at at = zoho_found_at(call, &found, r);
            struct zoho_mark scratch = zoho_mark(&call->books->scratch);
            if (r > page.first)
                fputc(',', body.out);
            zoho_write_object(body.out, &at, &answer->shape);
            zoho_release(&call->books->scratch, scratch);
        }
        if (mark != '{')
            fputc(']', body.out);
    }
    if (answer->paged)
        write_context(body.out, call, &found, &page, option ? *option : '0');
    zoho_body_close(&body, call->answer, 200);
}

/* The row with the value of the parameter as its id, or in the member of that name: modules are known by name, and rows that stand
 * for elements elsewhere by the ids of those. */
static bool find_keyed(struct zoho_call *call, const struct zoho_answer *answer, const char *key, struct zoho_at *at)
{
    struct zoho_books *books = call->books;
    unsigned name;
    size_t count;

    if (strcmp(answer->table->name, "organizations") == 0) {
        for (unsigned o = 0; o < books->schema.organization_count; o++)
            if (strcmp(books->schema.organizations[o].id, key) == 0 &&
                strcmp(books->schema.organizations[o].data_centre, call->data_centre) == 0) {
                *at = zoho_row(books, o, answer->table, 0);
                return true;
            }
        return false;
    }
    if (answer->table->parent) {
        struct zoho_at parent;
        if (!zoho_parent(call, answer, &parent))
            return false;
        /* by the element's own id, or by the member with the parameter's name: a user of a project */
        for (size_t e = 0, elements = zoho_elements(&parent, answer->table); e < elements; e++) {
            *at = zoho_element(&parent, answer->table, e);
            if (strcmp(zoho_id(at), key) == 0 || (zoho_known(&books->schema.names, answer->by, &name) &&
                                                  strcmp(zoho_as_text(books, zoho_member(at, name)), key) == 0))
                return true;
        }
        return false;
    }
    if (zoho_find_in(books, call->organization, answer->table, key, at))
        return true;
    if (!zoho_known(&books->schema.names, answer->by, &name))
        return false;
    const size_t *rows = zoho_matching(books, call->organization, answer->table, name, key, &count);
    if (count)
        *at = zoho_row(books, call->organization, answer->table, rows[0]);
    return count > 0;
}

/* The row that the call is about; false with an answer when there is none. */
static bool find_one(struct zoho_call *call, const struct zoho_answer *answer, struct zoho_at *at)
{
    const char *key = answer->by ? zoho_parameter(call, answer->by) : NULL;

    if (key) {
        if (find_keyed(call, answer, key, at) && zoho_belongs(call, answer, at))
            return true;
        if (call->answer->status)
            return false;
        return zoho_missing(call->answer, answer->table->label);
    }
    for (size_t r = 0, rows = zoho_rows(call->books, call->organization, answer->table); r < rows; r++) {
        *at = zoho_row(call->books, call->organization, answer->table, r);
        if (zoho_belongs(call, answer, at))
            return true;
    }
    return zoho_missing(call->answer, answer->table->label);
}

/* Which elements of the paged array are in the period that was asked for. */
static void elements_of(struct zoho_call *call, const struct zoho_answer *answer, const struct zoho_at *at,
                        const struct zoho_table *array, struct zoho_found *found)
{
    const char *by = request_query(call->request, "filter_by"), *dot = by ? strrchr(by, '.') : NULL;
    int64_t from, to, day;
    bool narrowed = answer->has_dates && dot && zoho_period(call, dot + 1, &from, &to);
    size_t count = zoho_elements(at, array);

    found->numbers = zoho_take(&call->books->scratch, count, sizeof *found->numbers);
    for (size_t e = 0; e < count; e++) {
        struct zoho_at element = zoho_element(at, array, e);
        if (!narrowed || (zoho_day(zoho_as_text(call->books, zoho_member(&element, answer->date_member)), &day) && day >= from &&
                          day <= to))
            found->numbers[found->count++] = e;
    }
}

static void write_paged_array(FILE *out, const struct zoho_at *at, const struct zoho_shape *member, const struct zoho_found *found,
                              const struct page *page)
{
    fputc('[', out);
    for (size_t e = page->first; e < page->end; e++) {
        struct zoho_at element = zoho_element(at, member->array, found->numbers[e]);
        if (e > page->first)
            fputc(',', out);
        zoho_write_object(out, &element, member);
    }
    fputc(']', out);
}

/* An object one of whose arrays comes in pages. */
static void answer_paged_one(struct zoho_call *call, const struct zoho_answer *answer, const struct zoho_at *at)
{
    const struct zoho_shape *shape = &answer->shape, *array = NULL;
    struct zoho_found found = {.table = answer->table, .sort_column = "", .sort_order = 'A', .applied_filter = ""};
    struct zoho_body body;
    struct page page;
    char mark;

    for (size_t m = 0; m < shape->count; m++)
        if (strcmp(shape->members[m].name, answer->paged_array) == 0)
            array = &shape->members[m];
    elements_of(call, answer, at, array->array, &found);
    if (!read_page(call, found.count, &page))
        return;
    zoho_body_open(&body);
    fprintf(body.out, ",\"%s\":{", wrapper_of(call, answer, &mark));
    for (size_t m = 0; m < shape->count; m++) {
        const struct zoho_shape *member = &shape->members[m], one = {.members = &shape->members[m], .count = 1};
        if (m)
            fputc(',', body.out);
        if (member == array) {
            fprintf(body.out, "\"%s\":", member->name);
            write_paged_array(body.out, at, member, &found, &page);
        } else {
            zoho_write_members(body.out, at, &one);
        }
    }
    fputc('}', body.out);
    write_context(body.out, call, &found, &page, '0');
    zoho_body_close(&body, call->answer, 200);
}

static void answer_one(struct zoho_call *call, const struct zoho_answer *answer)
{
    struct zoho_at at;
    struct zoho_body body;
    char mark;

    if (!find_one(call, answer, &at))
        return;
    if (answer->paged_array) {
        answer_paged_one(call, answer, &at);
        return;
    }
    const char *name = wrapper_of(call, answer, &mark);
    zoho_body_open(&body);
    fputc(',', body.out);
    if (strcmp(name, "-") == 0) {
        zoho_write_members(body.out, &at, &answer->shape);
    } else {
        fprintf(body.out, "\"%s\":%s", name, mark == '[' ? "[" : "");
        zoho_write_object(body.out, &at, &answer->shape);
        if (mark == '[')
            fputc(']', body.out);
    }
    zoho_body_close(&body, call->answer, 200);
}

/* Whether the row exists that the path's first id belongs to; false with an answer. */
static bool row_exists(struct zoho_call *call)
{
    void *first = json_object_iter(call->parameters);
    struct zoho_at at;
    if (!first || strcmp(json_object_iter_key(first), "reference_id") == 0 ||
        zoho_find(call->books, call->organization, json_string_value(json_object_iter_value(first)), &at))
        return true;
    return zoho_missing(call->answer, NULL);
}

/* What the sandbox has in place of a document. */
static void answer_file(struct zoho_call *call, const char *type)
{
    static const char pdf[] = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
                              "trailer<</Root 1 0 R>>\n%%EOF\n";
    if (strcmp(type, "html") == 0)
        answer_text(call->answer, 200, "text/html;charset=UTF-8", "<!DOCTYPE html><title>Document</title>\n");
    else
        answer_text(call->answer, 200, "application/pdf", pdf);
    answer_header(call->answer, "Content-Disposition", "attachment; filename=\"document\"");
}

static void answer_envelope(struct zoho_call *call)
{
    struct zoho_body body;
    const char *name;
    json_t *value;

    zoho_body_open(&body);
    fputs(",\"data\":{", body.out);
    size_t members = 0;
    json_object_foreach(call->parameters, name, value) {
        fprintf(body.out, "%s\"%s\":", members++ ? "," : "", name);
        zoho_write_text(body.out, json_string_value(value));
    }
    fputc('}', body.out);
    zoho_body_close(&body, call->answer, 200);
}

/* Whether the call is for this answer among those of its path. */
static bool is_for(struct zoho_call *call, const struct zoho_answer *answer)
{
    const char *asked = answer->asked ? request_query(call->request, answer->asked) : NULL;
    const char *key = answer->by ? zoho_parameter(call, answer->by) : NULL;
    struct zoho_at at;

    if (answer->asked && (!asked || strcmp(asked, answer->asked_value) != 0))
        return false;
    return !answer->only || !key ||
           (zoho_find_in(call->books, call->organization, answer->table, key, &at) && zoho_belongs(call, answer, &at));
}

static bool among(const char *const *words, size_t count, const char *word)
{
    for (size_t w = 0; w < count; w++)
        if (strcmp(words[w], word) == 0)
            return true;
    return false;
}

/* Whether the answer has to do with a parameter of the query. */
static bool knows(const struct zoho_answer *answer, const char *name)
{
    static const char *const always[] = {"organization_id", "customview_id", "accept", "print"};
    static const char *const of_pages[] = {"page", "per_page"}, *const of_order[] = {"sort_column", "sort_order"};
    static const char *const of_choices[] = {"filter_by", "from_date", "to_date"};

    if (among(always, 4, name) || among(answer->need, answer->need_count, name) || among(answer->known, answer->known_count, name) ||
        (answer->paged && among(of_pages, 2, name)) || (answer->sort_count && among(of_order, 2, name)) ||
        (answer->choice_count && among(of_choices, answer->has_dates ? 3 : 1, name)) ||
        (answer->searched_count && strcmp(name, "search_text") == 0) || (answer->counts && strcmp(name, "response_option") == 0) ||
        (answer->by && strcmp(answer->by, name) == 0))
        return true;
    for (size_t f = 0; f < answer->filter_count; f++) {
        const char *filter = answer->filters[f].parameter;
        size_t before = strcspn(name, ".");     /* older clients write a dot in place of an underscore */
        if (strcmp(filter, name) == 0 ||
            (name[before] && strncmp(filter, name, before) == 0 && filter[before] == '_' &&
             strcmp(filter + before + 1, name + before + 1) == 0))
            return true;
    }
    return false;
}

/* By the switch, a parameter that the answer has not is refused: a test finds out that way what a client makes up. */
static bool all_known(struct zoho_call *call, const struct zoho_answer *answer)
{
    const char *name;
    json_t *value;
    if (zoho_switched(call->books->switches, SWITCH_UNKNOWN, "ignore") || answer->kind > ANSWER_ONE)
        return true;
    json_object_foreach(call->request->query, name, value)
        if (!knows(answer, name))
            return zoho_invalid(call->answer, name);
    return true;
}

void zoho_get(struct zoho_call *call)
{
    const char *accept = request_query(call->request, "accept"), *print = request_query(call->request, "print");
    const struct zoho_answer *answer = call->route->answers;
    bool document = (accept && *accept && strcmp(accept, "json") != 0) ||
                    (print && (strcmp(print, "true") == 0 || strcmp(print, "on") == 0));
    struct zoho_at at;

    for (const struct zoho_answer *other = answer->next; other; other = other->next)
        if (is_for(call, other))
            answer = other;
    for (size_t n = 0; n < answer->need_count; n++)
        if (!zoho_parameter(call, answer->need[n])) {
            zoho_invalid(call->answer, answer->need[n]);
            return;
        }
    if (!all_known(call, answer))
        return;
    if (answer->kind == ANSWER_LIST)
        answer_list(call, answer);
    else if (answer->kind != ANSWER_ONE && !row_exists(call))
        return;
    else if (answer->kind == ANSWER_FILE)
        answer_file(call, answer->file_type);
    else if (answer->kind == ANSWER_ENVELOPE)
        answer_envelope(call);
    else if (!document)
        answer_one(call, answer);
    else if (find_one(call, answer, &at))
        answer_file(call, accept && strcmp(accept, "html") == 0 ? "html" : "pdf");
}
