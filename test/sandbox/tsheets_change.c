/* POST, PUT and DELETE of TSheets: each element of what is sent is judged by itself and gets a status of its own. */
#include "test/sandbox/tsheets_change.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test/sandbox/moment.h"
#include "test/sandbox/server.h"
#include "test/sandbox/tsheets_answer.h"
#include "test/sandbox/tsheets_make.h"
#include "test/sandbox/tsheets_member.h"

enum { BATCH_LARGEST = 50, UPLOAD_LARGEST = 2 * 1024 * 1024 };

/* ---- Rows ---- */

json_t *tsheets_row_object(const struct tsheets_row *row)
{
    if (row->object && !row->extended)
        return json_incref(row->object);
    return made(json_loads(row->extended ? row->extended : row->json, 0, NULL));
}

/* What filters look at in the tables whose rows have members for it. */
static void index_row(enum tsheets_table table, struct tsheets_row *row)
{
    const json_t *object = row->object, *managers = json_object_get(object, "manager_ids");
    const char *payroll = member_text(object, "payroll_id"), *name = member_text(object, table == TSHEETS_USERS ? "first_name" : "name");

    row->name = name;
    row->type = member_text(object, "type");
    switch (table) {
    case TSHEETS_USERS:
        free(row->username);
        free(row->payroll_id);
        row->parent_id = member_number(object, "group_id");
        row->number = member_number(object, "employee_number");
        row->last_name = member_text(object, "last_name");
        row->username = text_copy(member_text(object, "username"));
        row->payroll_id = text_copy(payroll ? payroll : "");
        break;
    case TSHEETS_GROUPS:
        for (size_t i = 0; i < COUNT(row->managers); i++)
            row->managers[i] = number_of(json_array_get(managers, i));
        break;
    case TSHEETS_JOBCODES:
        row->parent_id = member_number(object, "parent_id");
        break;
    case TSHEETS_ITEMS:
        row->parent_id = member_number(object, "customfield_id");
        break;
    case TSHEETS_CUSTOMFIELDS:
        row->applies_to = member_text(object, "applies_to");
        if (strcmp(row->applies_to, "job_code") == 0)
            row->applies_to = "jobcode";
        break;
    case TSHEETS_TIMESHEETS: case TSHEETS_DELETED: {
        int64_t day = 0;
        day_read(member_text(object, "date"), &day);
        row->day = (int32_t)day;
        row->seconds = member_number(object, "duration");
        row->on_the_clock = member_number(object, "on_the_clock") != 0;
        break;
    }
    default:
        break;
    }
}

struct tsheets_row *tsheets_store(struct tsheets_data *data, enum tsheets_table table, int64_t id, json_t *object)
{
    struct tsheets_row *row = (struct tsheets_row *)tsheets_find(data, table, id);

    if (!row)
        row = tsheets_add(data, table, id);
    json_object_set_new(object, "id", json_integer(row->id));
    free(row->extended);
    row->extended = NULL;
    if (table == TSHEETS_JOBCODES || table == TSHEETS_EVENTS)
        row->extended = json_dumps(object, JSON_COMPACT);
    if (table == TSHEETS_JOBCODES)
        json_object_del(object, "customfields");
    row_set(row, object);
    if (table < TSHEETS_OBJECTS)
        index_row(table, row);
    return row;
}

/* ---- Values ---- */

static bool is_word(const char *words, const char *text)
{
    size_t length = strlen(text);
    for (const char *at = words; length && (at = strstr(at, text)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static json_t *taken_number(const struct change *change, const struct member_rule *rule, const json_t *value)
{
    const char *text = json_string_value(value);
    char *end = NULL;
    int64_t number = number_of(value);

    if (!json_is_number(value) && (!text || strtoll(text, &end, 10) != number || end == text || *end))
        return NULL;
    if (rule->of && number && !tsheets_find(change->data, tsheets_table_named(rule->of, strlen(rule->of)), number))
        return NULL;
    return json_integer(number);
}

static json_t *taken_flag(const json_t *value)
{
    const char *text = json_string_value(value);
    if (text && is_word("yes true 1", text))
        return json_true();
    if (text && is_word("no false 0", text))
        return json_false();
    return json_is_boolean(value) || json_is_integer(value) ? json_boolean(number_of(value) != 0) : NULL;
}

/* An array, or a text with commas. */
static json_t *taken_numbers(const json_t *value, bool as_text)
{
    json_t *list = json_array();
    const char *text = json_string_value(value);

    for (size_t i = 0; i < json_array_size(value); i++) {
        int64_t id = number_of(json_array_get(value, i));
        json_array_append_new(list, as_text ? id_text(id) : json_integer(id));
    }
    while (text && *text) {
        char *end;
        int64_t id = strtoll(text, &end, 10);
        if (end == text)
            break;
        json_array_append_new(list, as_text ? id_text(id) : json_integer(id));
        text = end + strspn(end, ", ");
    }
    return list;
}

/* The value as the service keeps it, or NULL when it can not be. */
static json_t *taken(const struct change *change, const struct member_rule *rule, const json_t *value)
{
    const char *text = json_string_value(value);
    char *end;
    int64_t bound;

    switch (rule->kind) {
    case RULE_NUMBER: return taken_number(change, rule, value);
    case RULE_REAL:
        if (json_is_number(value))
            return json_real(json_number_value(value));
        return text && *text && (strtod(text, &end), !*end) ? json_real(strtod(text, NULL)) : NULL;
    case RULE_TEXT: return text && (!rule->of || is_word(rule->of, text)) ? json_string(text) : NULL;
    case RULE_FLAG: return taken_flag(value);
    case RULE_MOMENT: return text && (!*text || moment_read(text, &bound)) ? json_string(text) : NULL;
    case RULE_DAY: return text && (!*text || day_read(text, &bound)) ? json_string(text) : NULL;
    case RULE_NUMBERS: return taken_numbers(value, false);
    case RULE_IDS_AS_TEXT: return taken_numbers(value, true);
    case RULE_OBJECT: return json_deep_copy(value);
    }
    return NULL;
}

/* ---- One element ---- */

/* Takes what may be written; false when something can not be. */
static bool take_members(struct change *change)
{
    unsigned now = change->row ? ON_UPDATE : ON_CREATE;

    for (const struct member_rule *rule = change->rule->members; rule->name; rule++) {
        const json_t *value = json_object_get(change->element, rule->name);
        json_t *as_kept = value && (rule->when & now) ? taken(change, rule, value) : NULL;
        if (value && (rule->when & now) && !as_kept) {
            change->extra = "A value is not one that the property can have";
            return false;
        }
        if (!value && !change->row && (rule->when & REQUIRED)) {
            change->extra = "A required property is missing";
            return false;
        }
        if (as_kept)
            json_object_set_new(change->object, rule->name, as_kept);
    }
    return true;
}

static bool same_members(const char *names, const json_t *a, const json_t *b)
{
    char name[40];
    while (*names) {
        size_t length = strcspn(names, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, names);
        const json_t *left = json_object_get(a, name), *right = json_object_get(b, name);
        if (!json_equal(left, right) && (json_is_string(left) == json_is_string(right) || number_of(left) != number_of(right)))
            return false;
        names += length + (names[length] == ' ');
    }
    return true;
}

static bool is_there(const struct change *change)
{
    const struct tsheets_rows *rows = &change->data->tables[change->rule->table];
    bool found = false;

    for (size_t i = 0; i < rows->count && !found; i++) {
        json_t *other = tsheets_row_object(&rows->rows[i]);
        found = &rows->rows[i] != change->row && same_members(change->rule->unique, change->object, other);
        json_decref(other);
    }
    return found;
}

/* The row that an element of a PUT is about. */
static const struct tsheets_row *row_meant(const struct change *change)
{
    const struct tsheets_rows *rows = &change->data->tables[change->rule->table];
    const char *by = change->rule->update_by;

    if (json_object_get(change->element, "id"))
        return tsheets_find(change->data, change->rule->table, member_number(change->element, "id"));
    for (size_t i = 0; by && json_object_get(change->element, by) && i < rows->count; i++) {
        json_t *object = tsheets_row_object(&rows->rows[i]);
        bool found = same_members(by, object, change->element);
        json_decref(object);
        if (found)
            return &rows->rows[i];
    }
    return NULL;
}

/* What stands in the results for an element; *id gets the row's. */
static json_t *change_one(struct change *change, bool create, int64_t *id)
{
    unsigned status = 200;
    json_t *result;

    change->row = create && change->rule->table != TSHEETS_READ_TIMES ? NULL : row_meant(change);
    if (!create && !change->row && change->rule->table != TSHEETS_READ_TIMES) {
        change->extra = "There is no such object";
        status = 404;
    } else {
        json_t *now = moment_json(time(NULL), 0), *old = change->row ? tsheets_row_object(change->row) : NULL;
        change->object = old ? json_deep_copy(old) : made(json_loads(change->rule->blank, 0, NULL));
        json_decref(old);
        if (!change->row)
            json_object_set(change->object, "created", now);
        json_object_set_new(change->object, "last_modified", now);
        status = take_members(change) ? 200 : 417;
        if (status == 200 && change->rule->unique && is_there(change)) {
            change->extra = change->rule->unique_extra;
            status = change->rule->unique_status;
        }
        if (status == 200 && change->rule->finish)
            status = change->rule->finish(change);
    }
    if (status == 200) {
        struct tsheets_row *row = tsheets_store(change->data, change->rule->table, change->row ? change->row->id : 0,
                                                json_incref(change->object));
        *id = row->id;
        if (change->bytes)
            row->bytes = change->bytes;
        change->bytes = NULL;
        result = json_deep_copy(change->object);
    } else {
        result = json_deep_copy(change->element);
    }
    json_object_set_new(result, "_status_code", json_integer(status));
    json_object_set_new(result, "_status_message",
                        json_string(status == 200 ? create ? change->rule->table == TSHEETS_FILES ? "Uploaded" : "Created" : "Updated" :
                                    status == 202 ? "Accepted" : status == 403 ? "Permission Denied" : status == 404 ? "Not Found" :
                                    status == 406 ? "Not Acceptable" : "Expectation Failed"));
    if (change->extra)
        json_object_set_new(result, "_status_extra", json_string(change->extra));
    json_decref(change->object);
    free(change->bytes);
    return result;
}

/* ---- Requests ---- */

/* The member `data`, an array of objects; NULL after answering what is wrong. */
static json_t *elements(const struct request *request, struct answer *answer)
{
    json_t *body = json_loadb(request->body, request->body_length, 0, NULL), *data = json_incref(json_object_get(body, "data"));
    bool good = json_is_array(data) && json_array_size(data) > 0;

    json_decref(body);
    for (size_t i = 0; good && i < json_array_size(data); i++)
        good = json_is_object(json_array_get(data, i));
    if (good && json_array_size(data) <= BATCH_LARGEST)
        return data;
    if (good)
        tsheets_fail(answer, 413, "Request entity too large: at most 50 objects");
    else
        tsheets_fail(answer, 417, "Expectation failed: the member 'data' must be an array of objects");
    json_decref(data);
    return NULL;
}

static void send_results(struct answer *answer, const char *entity, json_t *results)
{
    answer_json(answer, 200, json_pack("{s:{s:o}}", "results", entity, results));
}

static void write_all(struct tsheets *tsheets, const struct change_rule *rule, bool create, const struct request *request,
                      struct answer *answer)
{
    json_t *data = elements(request, answer), *results = json_object();

    for (size_t i = 0; i < json_array_size(data); i++) {
        struct change change = {.data = tsheets->data, .rule = rule, .element = json_array_get(data, i)};
        char key[24];
        int64_t id = 0;
        json_t *result = change_one(&change, create, &id);
        bool by_id = id && (rule->keyed_by_id || (rule->table == TSHEETS_FILES && !create));
        snprintf(key, sizeof key, "%lld", by_id ? (long long)id : (long long)i + 1);
        json_object_set_new(results, key, result);
    }
    if (data)
        send_results(answer, rule->results ? rule->results : rule->entity, results);
    else
        json_decref(results);
    json_decref(data);
}

/* A deleted timesheet goes to the list of those. */
static void keep_deleted(struct tsheets_data *data, const struct tsheets_row *row)
{
    static const char *const gone[] = {"on_the_clock", "attached_files", "created_by_user_id", "origin_hint"};
    json_t *row_as_it_was = tsheets_row_object(row), *object = json_deep_copy(row_as_it_was);

    for (size_t i = 0; i < COUNT(gone); i++)
        json_object_del(object, gone[i]);
    json_object_set_new(object, "active", json_string("0"));
    json_object_set(object, "created", json_object_get(object, "last_modified"));
    json_object_set_new(object, "last_modified", moment_json(time(NULL), 0));
    tsheets_store(data, TSHEETS_DELETED, row->id, object);
    json_decref(row_as_it_was);
}

static json_t *delete_one(struct tsheets_data *data, const struct change_rule *rule, const char *id)
{
    struct tsheets_row *row = (struct tsheets_row *)tsheets_find(data, rule->table, strtoll(id, NULL, 10));

    if (!row && rule->table == TSHEETS_ASSIGNMENTS)
        return json_pack("{s:i, s:s, s:s, s:s}", "_status_code", 417, "_status_message", "Expectation Failed!", "_status_extra",
                         "That id is not found in the database", "id", id);
    if (!row)
        return json_pack("{s:i, s:s, s:s}", "_status_code", 404, "_status_message",
                         rule->table == TSHEETS_FILES ? "File not found!" : "Not Found", "id", id);
    if (rule->table == TSHEETS_TIMESHEETS)
        keep_deleted(data, row);
    tsheets_remove(data, rule->table, row);
    return json_pack("{s:i, s:s, s:s}", "_status_code", 200, "_status_message", "OK, deleted", "id", id);
}

static void delete_all(struct tsheets_data *data, const struct change_rule *rule, const struct request *request, struct answer *answer)
{
    const char *ids = request_query(request, "ids");
    json_t *results = json_object();
    char id[24];

    for (; ids && *ids; ids += *ids == ',') {
        size_t length = strcspn(ids, ",");
        snprintf(id, sizeof id, "%.*s", (int)length, ids);
        json_object_set_new(results, id, delete_one(data, rule, id));
        ids += length;
    }
    if (json_object_size(results) > BATCH_LARGEST) {
        json_decref(results);
        tsheets_fail(answer, 413, "Request entity too large: at most 50 objects");
    } else {
        send_results(answer, rule->entity, results);
    }
}

/* Nothing is kept of an invitation. */
static json_t *invite(const struct tsheets_data *data, const json_t *element)
{
    const char *method = member_text(element, "contact_method"), *extra = NULL;
    bool info = json_object_get(element, "contact_info") != NULL, user = json_object_get(element, "user_id") != NULL;

    if (!method || (strcmp(method, "sms") != 0 && strcmp(method, "email") != 0))
        extra = "contact_method must be sms or email";
    else if (info == user)
        extra = "One of contact_info and user_id is needed, and only one";
    else if (user && !tsheets_find(data, TSHEETS_USERS, member_number(element, "user_id")))
        extra = "There is no such user";
    if (extra)
        return json_pack("{s:i, s:s, s:s}", "_status_code", 400, "_status_message", "Bad Request", "_status_extra", extra);
    return json_pack("{s:i, s:s}", "_status_code", 201, "_status_message", "Created");
}

static void invite_all(const struct tsheets_data *data, const struct request *request, struct answer *answer)
{
    json_t *all = elements(request, answer), *results = json_object();
    for (size_t i = 0; i < json_array_size(all); i++) {
        char key[24];
        snprintf(key, sizeof key, "%zu", i + 1);
        json_object_set_new(results, key, invite(data, json_array_get(all, i)));
    }
    if (all)
        send_results(answer, "invites", results);
    else
        json_decref(results);
    json_decref(all);
}

bool tsheets_answer_change(struct tsheets *tsheets, const char *name, const struct request *request, struct answer *answer)
{
    const struct change_rule *rule = tsheets_rule(name);
    bool create = strcmp(request->method, "POST") == 0, update = strcmp(request->method, "PUT") == 0;

    if (strcmp(name, "invitations") == 0 && create) {
        invite_all(tsheets->data, request, answer);
        return true;
    }
    if (rule && rule->table == TSHEETS_FILES && request->body_length > UPLOAD_LARGEST) {
        tsheets_fail(answer, 413, "Request entity too large: at most 2 MB");
        return true;
    }
    if (rule && ((create && !rule->no_create) || (update && !rule->no_update)))
        write_all(tsheets, rule, create, request, answer);
    else if (rule && rule->can_delete && strcmp(request->method, "DELETE") == 0)
        delete_all(tsheets->data, rule, request, answer);
    else
        return false;
    return true;
}
