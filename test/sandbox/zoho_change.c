/* Changes lie over what the rules say: a JSON object of the members that a client has set, null for a deleted row. */
#include "test/sandbox/zoho_change.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/zoho_index.h"
#include "test/sandbox/zoho_json.h"

/* What a path is about: a table of rows and perhaps one of them, or an array of one row and perhaps one element. */
struct target {
    const struct zoho_answer *answer;   /* by which a row is written; NULL = not known */
    const struct zoho_answer *list;
    bool has_row;                       /* `at` is a row, or an element */
    struct zoho_at at;
    struct zoho_at parent;              /* of an array */
};

static json_t *row_changes(const struct zoho_at *row)
{
    struct zoho_company *company = &row->books->companies[row->organization];
    json_t **changes = &company->changes[row->table->shares->number - 1];
    if (!*changes)
        *changes = json_object();
    zoho_index_forget(company);
    row->books->changes++;
    return *changes;
}

/* A row's own id is not the client's to set. */
static void drop_keys(const struct zoho_at *row, json_t *members)
{
    const char *member;
    void *next;
    json_t *value;
    unsigned name;
    json_object_foreach_safe(members, next, member, value)
        if (zoho_known(&row->books->schema.names, member, &name) && row->table->rules[name] &&
            row->table->rules[name]->kind == RULE_CALL && row->table->rules[name]->function == CALL_KEY)
            json_object_del(members, member);
}

/* Takes the members. */
static void set_row(const struct zoho_at *row, json_t *members)
{
    char key[24];
    json_t *changes = row_changes(row), *known;

    drop_keys(row, members);
    snprintf(key, sizeof key, "%zu", row->i);
    known = json_object_get(changes, key);
    if (json_is_object(known) && json_is_object(members)) {
        json_object_update(known, members);
        json_decref(members);
    } else {
        json_object_set_new(changes, key, members);
    }
}

void zoho_change_forget(struct zoho_books *books)
{
    for (unsigned o = 0; o < books->schema.organization_count; o++) {
        struct zoho_company *company = &books->companies[o];
        zoho_index_forget(company);
        for (size_t t = 0; t < books->schema.table_count; t++) {
            json_decref(company->changes[t]);
            company->changes[t] = NULL;
            company->made[t] = 0;
        }
    }
    books->changes++;
}

/* The body's object: JSON itself, or in a form field as older clients send it. NULL with an answer when it is none. */
static json_t *read_body(struct zoho_call *call)
{
    const char *form = request_form(call->request, "JSONString");
    json_t *body = form ? json_loads(form, 0, NULL) : json_loadb(call->request->body, call->request->body_length, 0, NULL);
    if (json_is_object(body))
        return body;
    json_decref(body);
    zoho_invalid(call->answer, "JSONString");
    return NULL;
}

/* The answer by which one row of the table is written: the first that finds it by its id. */
static const struct zoho_answer *writer_of(const struct zoho_routes *routes, const struct zoho_table *table)
{
    for (const struct zoho_route *route = routes->first; route; route = route->next)
        for (const struct zoho_answer *answer = route->answers; answer; answer = answer->next)
            if (answer->table == table && answer->kind == ANSWER_ONE && answer->by && !answer->only && !answer->paged)
                return answer;
    return NULL;
}

/* The list of a path: its own, or that of the paths below which single rows stand, as /contacts for /contacts/{contact_id}. */
static const struct zoho_answer *list_of(const struct zoho_routes *routes, const char *path, size_t length)
{
    for (const struct zoho_route *route = routes->first; route; route = route->next)
        if (strncmp(route->path, path, length) == 0 && !route->path[length])
            for (const struct zoho_answer *answer = route->answers; answer; answer = answer->next)
                if (answer->kind == ANSWER_LIST && !answer->asked)
                    return answer;
    return NULL;
}

/* From the rows that stand for elements to the array where these are. */
static void aim_at_array(struct zoho_call *call, struct target *target, const struct zoho_table *array, const struct zoho_at *inside)
{
    target->parent = *inside;
    target->parent.table = array->parent;
    target->answer = writer_of(call->routes, array);
}

/* Finds what the route's path is about. False with an answer when its row does not exist. */
static bool find_target(struct zoho_call *call, struct target *target)
{
    const char *path = call->route->path, *slash = strrchr(path, '/');
    const char *key = json_string_value(json_object_get(call->parameters, zoho_print(&call->books->scratch, "%.*s",
                                                        (int)strcspn(slash + 2, "}"), slash + 2)));
    *target = (struct target){.list = list_of(call->routes, path, strlen(path))};
    bool one = slash[1] == '{' && key && !target->list;

    for (const struct zoho_answer *answer = call->route->answers; answer && one && !target->answer; answer = answer->next)
        if (answer->kind == ANSWER_ONE && answer->by && !answer->only)
            target->answer = answer;
    if (one)
        target->list = list_of(call->routes, path, (size_t)(slash - path));
    if (!target->answer && target->list)
        target->answer = writer_of(call->routes, target->list->table);
    const struct zoho_answer *about = target->answer ? target->answer : target->list;
    if (!about)
        return true;
    const struct zoho_table *table = about->table;
    if ((table->parent && !zoho_parent(call, about, &target->parent)) || !zoho_path_exists(call, about))
        return false;
    if (!one)
        return true;
    if (table->parent) {
        for (size_t e = 0, count = zoho_elements(&target->parent, table); e < count && !target->has_row; e++) {
            unsigned name;
            target->at = zoho_element(&target->parent, table, e);
            target->has_row = strcmp(zoho_id(&target->at), key) == 0 ||
                              (about->by && zoho_known(&call->books->schema.names, about->by, &name) &&
                               strcmp(zoho_as_text(call->books, zoho_member(&target->at, name)), key) == 0);
        }
    } else if (table->adds) {
        target->has_row = zoho_find_in(call->books, call->organization, table->adds, key, &target->at);
        aim_at_array(call, target, table->adds, &target->at);
    } else {
        target->has_row = zoho_find_in(call->books, call->organization, table, key, &target->at) &&
                          zoho_belongs(call, about, &target->at);
    }
    return target->has_row || zoho_missing(call->answer, table->label);
}

static void done(struct zoho_call *call, const char *label, const char *what)
{
    answer_json(call->answer, 200, json_pack("{s:i, s:s++}", "code", 0, "message", "The ", label ? label : "record", what));
}

static void done_with_row(struct zoho_call *call, const struct zoho_answer *answer, const struct zoho_at *at, const char *what,
                          unsigned status)
{
    struct zoho_body body;
    body.out = open_memstream(&body.text, &body.length);
    if (!body.out)
        abort();
    fprintf(body.out, "{\"code\":0,\"message\":\"The %s%s\"", at->table->label ? at->table->label : "record", what);
    if (answer) {
        fprintf(body.out, ",\"%s\":", strcmp(answer->wrapper, "-") == 0 ? at->table->name : answer->wrapper);
        zoho_write_object(body.out, at, &answer->shape);
    }
    zoho_body_close(&body, call->answer, status);
}

/* What a new row must have; false with an answer. */
static bool complete(struct zoho_call *call, const struct zoho_answer *answer, json_t *members)
{
    for (size_t r = 0; answer && r < answer->required_count; r++) {
        json_t *value = json_object_get(members, answer->required[r]);
        if (!value || json_is_null(value) || (json_is_string(value) && !*json_string_value(value)))
            return zoho_invalid(call->answer, answer->required[r]);
    }
    return true;
}

static struct zoho_at make_row(struct zoho_call *call, const struct zoho_table *table, json_t *members)
{
    size_t rows = zoho_rows(call->books, call->organization, table);
    struct zoho_at at = zoho_row(call->books, call->organization, table, rows);
    call->books->companies[call->organization].made[table->shares->number - 1]++;
    set_row(&at, members);
    return at;
}

/* The array as the client would now see it, so that it can be changed: the elements of the row that the array stands in. */
static json_t *elements_json(const struct target *target)
{
    const struct zoho_answer *answer = target->answer ? target->answer : target->list;
    json_t *elements = json_array();
    for (size_t e = 0, count = zoho_elements(&target->parent, answer->table); e < count; e++) {
        struct zoho_at at = zoho_element(&target->parent, answer->table, e);
        char *text;
        size_t length;
        FILE *out = open_memstream(&text, &length);
        if (!out)
            abort();
        zoho_write_object(out, &at, &answer->shape);
        fclose(out);
        json_array_append_new(elements, json_loadb(text, length, 0, NULL));
        free(text);
    }
    return elements;
}

/* Takes the elements. */
static void set_elements(const struct target *target, const struct zoho_table *array, json_t *elements)
{
    json_t *members = json_object();
    json_object_set_new(members, array->member, elements);
    set_row(&target->parent, members);
}

static void add(struct zoho_call *call, struct target *target)
{
    const struct zoho_answer *about = target->answer ? target->answer : target->list;
    const struct zoho_table *table = about->table;
    json_t *members = read_body(call);

    if (!members || !complete(call, target->answer, members)) {
        json_decref(members);
        return;
    }
    /* a record of the path's module, a refund of its credit note */
    for (size_t w = 0; target->list && w < target->list->where_count; w++) {
        const char *value = target->list->where[w].parameter ? zoho_parameter(call, target->list->where[w].parameter) : NULL;
        if (value)
            json_object_set_new(members, call->books->schema.names.texts[target->list->where[w].member], json_string(value));
    }
    if (table->adds) {
        struct zoho_at row;
        const char *id = json_string_value(json_object_get(members, table->adds_by));
        if (!id || !zoho_find_in(call->books, call->organization, table->adds->parent, id, &row)) {
            json_decref(members);
            zoho_invalid(call->answer, table->adds_by);
            return;
        }
        aim_at_array(call, target, table->adds, &row);
        table = table->adds;
    }
    if (!table->parent) {
        struct zoho_at at = make_row(call, table, members);
        done_with_row(call, target->answer, &at, " has been created.", 201);
        return;
    }
    json_t *elements = elements_json(target);
    size_t count = json_array_size(elements);
    json_array_append_new(elements, members);
    set_elements(target, table, elements);
    struct zoho_at at = zoho_element(&target->parent, table, count);
    done_with_row(call, target->answer, &at, " has been added.", 201);
}

static void update(struct zoho_call *call, struct target *target)
{
    const struct zoho_table *table = target->at.table;
    json_t *members = read_body(call);

    if (!members)
        return;
    if (table->parent) {
        json_t *elements = elements_json(target);
        json_object_update(json_array_get(elements, target->at.j), members);
        json_decref(members);
        set_elements(target, table, elements);
    } else {
        set_row(&target->at, members);
    }
    done_with_row(call, target->answer, &target->at, " has been updated.", 200);
}

static void erase(struct zoho_call *call, struct target *target)
{
    const struct zoho_table *table = target->at.table;
    if (table->parent) {
        json_t *elements = elements_json(target);
        json_array_remove(elements, target->at.j);
        set_elements(target, table, elements);
    } else {
        set_row(&target->at, json_null());
    }
    done(call, table->label, " has been deleted.");
}

/* DELETE of several: their ids, divided by commas, are in some parameter of the query. */
static void erase_several(struct zoho_call *call, const struct target *target)
{
    const char *name;
    json_t *value;
    size_t erased = 0;

    json_object_foreach(call->request->query, name, value) {
        for (const char *at = json_string_value(value); *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ',')) {
            struct zoho_at row;
            if (strcmp(name, "organization_id") != 0 &&
                zoho_find_in(call->books, call->organization, target->list->table,
                             zoho_keep(&call->books->scratch, at, strcspn(at, ",")), &row)) {
                set_row(&row, json_null());
                erased++;
            }
        }
    }
    if (erased)
        done(call, target->list->table->label, "s have been deleted.");
    else
        zoho_missing(call->answer, target->list->table->label);
}

/* PUT on the whole table: the row whose unique custom field has a value, made when it is not there and the client says so. */
static void upsert(struct zoho_call *call, const struct target *target)
{
    const char *key = request_header(call->request, "x-unique-identifier-key");
    const char *wanted = request_header(call->request, "x-unique-identifier-value"), *make = request_header(call->request, "x-upsert");
    const struct zoho_table *table = target->list->table;
    json_t *members;

    if (!key || !wanted) {
        zoho_invalid(call->answer, "X-Unique-Identifier-Key");
        return;
    }
    if (!(members = read_body(call)))
        return;
    for (size_t r = 0, rows = zoho_rows(call->books, call->organization, table); r < rows; r++) {
        struct zoho_at at = zoho_row(call->books, call->organization, table, r);
        if (zoho_exists(&at) && strcmp(zoho_as_text(call->books, zoho_custom_value(&at, key)), wanted) == 0) {
            set_row(&at, members);
            done_with_row(call, target->answer, &at, " has been updated.", 200);
            return;
        }
    }
    if (!make || strcmp(make, "true") != 0) {
        json_decref(members);
        zoho_missing(call->answer, table->label);
        return;
    }
    struct zoho_at at = make_row(call, table, members);
    done_with_row(call, target->answer, &at, " has been created.", 201);
}

/* /invoices/{invoice_id}/status/void, /users/{user_id}/inactive: the state of the row whose id stands before it. */
static bool set_state(struct zoho_call *call)
{
    const char *path = call->route->path, *last = strrchr(path, '/') + 1, *brace = strrchr(path, '}');
    bool status = brace && strncmp(brace, "}/status/", 9) == 0 && brace + 9 == last;
    bool active = brace && brace + 2 == last && (strcmp(last, "active") == 0 || strcmp(last, "inactive") == 0);
    void *parameter = json_object_iter(call->parameters);
    const char *id = json_string_value(json_object_iter_value(parameter));
    struct zoho_at at;

    if (strcmp(call->request->method, "POST") != 0 || !(status || active) || json_object_size(call->parameters) != 1)
        return false;
    if (!zoho_find(call->books, call->organization, id, &at)) {
        zoho_missing(call->answer, NULL);
        return true;
    }
    json_t *members = json_pack("{s:s}", "status", last);
    if (active)
        json_object_set_new(members, "is_active", json_boolean(*last == 'a'));
    set_row(&at, members);
    done(call, at.table->label, " has been changed.");
    return true;
}

void zoho_change(struct zoho_call *call)
{
    const char *method = call->request->method;
    struct target target;

    if (set_state(call) || !find_target(call, &target))
        return;
    if (target.has_row && strcmp(method, "PUT") == 0)
        update(call, &target);
    else if (target.has_row && strcmp(method, "DELETE") == 0)
        erase(call, &target);
    else if (target.list && !target.has_row && strcmp(method, "POST") == 0)
        add(call, &target);
    else if (target.list && !target.list->table->parent && !target.has_row && strcmp(method, "PUT") == 0)
        upsert(call, &target);
    else if (target.list && !target.list->table->parent && !target.has_row && strcmp(method, "DELETE") == 0)
        erase_several(call, &target);
    else
        answer_json(call->answer, 200, json_pack("{s:i, s:s}", "code", 0, "message", "success"));
}
