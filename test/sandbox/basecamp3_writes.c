/* Making, changing and taking away in Basecamp 3, by the fields that the routes name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/basecamp3.h"
#include "test/sandbox/moment.h"

/* ---- Making ---- */

static void answer_record(struct call *call, unsigned status, const struct record *record)
{
    if (call->route->flags & ROUTE_DONE)
        call_done(call);
    else if (call->route->flags & ROUTE_SILENT)
        answer_bytes(call->answer, status, NULL, text_copy(""), 0);
    else
        call_json(call, status, call->route->shape ? shape_write_named(&call->view, call->route->shape, record)
                                                   : shape_write_whole(&call->view, record));
}

/* What a new record of some kinds needs besides its fields. */
static void complete_new(const struct call *call, struct record *record)
{
    char today[DAY_TEXT];
    day_write(call->store->now / 86400000, today);
    if (kind_is(record->kind, "Question::Answer") && !record_get(record, "group_on"))
        record_set(record, "group_on", json_string(today));
    if (kind_is(record->kind, "Timesheet::Entry")) {
        record_set(record, "title", json_string("Time"));
        if (!record_get(record, "person_id"))
            record_set(record, "person_id", json_integer(call->store->me->id));
    }
    if (kind_is(record->kind, "Upload") && !record_get(record, "filename"))
        record_set(record, "filename", json_string("attachment.bin"));
    if (kind_is(record->kind, "Gauge::Needle"))
        record_set(record, "title", json_string("Progress"));
    if (kind_is(record->kind, "Webhook") && !record_get(record, "types"))
        record_set(record, "types", json_pack("[s]", "all"));
}

static struct record *parent_for(const struct call *call)
{
    struct records gauges = {0};
    struct record *parent = call->record;

    if (parent && strcmp(call->route->kinds, "Gauge::Needle") == 0) {
        records_add_children(&gauges, parent, "Gauge");
        parent = gauges.count ? gauges.all[0] : store_add(call->store, "Gauge", parent, json_pack("{s:s}", "title", "Gauge"));
        records_clear(&gauges);
    }
    return parent;
}

void basecamp3_create(struct call *call)
{
    const char *kind = call->route->kinds;
    if (strcmp(kind, "Chat::Lines::Text") == 0 && json_object_get(call->body, "content_type"))
        kind = "Chat::Lines::RichText";
    struct record *record = store_add(call->store, kind, parent_for(call), NULL);

    if (!call_read_fields(call, record)) {
        record->gone = true;
        return;
    }
    complete_new(call, record);
    store_touch(call->store, record);
    record->created = record->updated;
    if (word_among("Todolist Todo Vault Document Upload Kanban::Column Kanban::Card Kanban::Step", kind))
        basecamp3_number(record, kind, INT32_MAX);
    if (record->kind->traits & KIND_RECORDING)
        basecamp3_event(call->store, record, "created", NULL);
    answer_record(call, 201, record);
}

static size_t active_projects(const struct store *store)
{
    size_t count, active = 0;
    struct record *const *all = store_all(store, store_kind(store, "Project"), &count);
    for (size_t i = 0; i < count; i++)
        active += !all[i]->gone && all[i]->standing == STANDING_ACTIVE;
    return active;
}

/* False after answering that there may be no more. */
static bool room_for_project(struct call *call)
{
    if (call->account->project_limit == 0 || active_projects(call->store) < call->account->project_limit)
        return true;
    call_fail(call, 507, "The project limit for this account has been reached.");
    return false;
}

void basecamp3_create_project(struct call *call)
{
    if (!room_for_project(call))
        return;
    struct record *project = store_add(call->store, call->route->kinds, NULL, NULL);
    if (!call_read_fields(call, project)) {
        project->gone = true;
        return;
    }
    store_touch(call->store, project);
    project->created = project->updated;
    record_set(project, "people_ids", json_pack("[I]", (json_int_t)call->store->me->id));
    basecamp3_make_dock(call->store, project);
    answer_record(call, 201, project);
}

/* Pending in the answer, complete when it is asked for. */
void basecamp3_construct(struct call *call)
{
    if (!room_for_project(call))
        return;
    struct record *project = store_add(call->store, "Project", NULL, NULL);
    if (!call_read_fields(call, project)) {
        project->gone = true;
        return;
    }
    record_set(project, "people_ids", json_pack("[I]", (json_int_t)call->store->me->id));
    basecamp3_make_dock(call->store, project);
    struct record *construction = store_add(call->store, "Construction", call->record, json_pack("{s:s}", "status", "pending"));
    store_touch(call->store, construction);
    call_json(call, 201, shape_write_whole(&call->view, construction));
    record_set(construction, "status", json_string("completed"));
    record_set(construction, "project_id", json_integer(project->id));
}

void basecamp3_create_tool(struct call *call)
{
    const struct record *source = store_find(call->store, json_integer_value(json_object_get(call->body, "source_recording_id")));
    if (!source || !(source->kind->traits & KIND_TOOL)) {
        call_fail(call, 422, "source_recording_id is not a tool");
        return;
    }
    struct record *tool = store_add(call->store, source->kind->name, call->record, NULL);
    if (!call_read_fields(call, tool)) {
        tool->gone = true;
        return;
    }
    tool->position = (int)record_count(call->record, source->kind->name) + 8;
    store_touch(call->store, tool);
    answer_record(call, 201, tool);
}

/* A file by itself, or one that a chat shows at once. Of its content nothing is kept. */
void basecamp3_upload_attachment(struct call *call)
{
    const char *name = call_query(call, "name"), *type = request_header(call->request, "content-type");
    struct record *file;

    if (!name || !*name) {
        call_fail(call, 400, "param is missing or the value is empty: name");
        return;
    }
    file = store_add(call->store, call->route->kinds, call->record, json_pack(
        "{s:s, s:I, s:s, s:s}", "title", name, "byte_size", (json_int_t)call->request->body_length, "content_type",
        type ? type : "application/octet-stream", "filename", name));
    store_touch(call->store, file);
    file->created = file->updated;
    call_json(call, 201, shape_write_whole(&call->view, file));
}

/* ---- Changing ---- */

void basecamp3_update(struct call *call)
{
    json_t *before = json_deep_copy(call->record->members);

    if (!call_read_fields(call, call->record)) {
        json_decref(call->record->members);
        call->record->members = before;
        return;
    }
    json_decref(before);
    store_touch(call->store, call->record);
    answer_record(call, 200, call->record);
}

void basecamp3_update_me(struct call *call)
{
    call->record = call->store->me;
    basecamp3_update(call);
}

void basecamp3_update_singleton(struct call *call)
{
    call->record = basecamp3_only(call->store, call->route->kinds);
    basecamp3_update(call);
    if (strcmp(call->route->kinds, "Note") == 0 && call->answer->status == 200) {
        record_set(call->record, "id", json_integer(call->record->id));
        record_set(call->record, "created_at", json_integer(call->record->created));
        record_set(call->record, "updated_at", json_integer(call->record->updated));
        answer_record(call, 200, call->record);
    }
}

void basecamp3_grant(struct call *call)
{
    static const char *const lists[] = {"grant", "revoke"};
    json_t *results[2] = {json_array(), json_array()}, *value;
    size_t i;

    for (size_t list = 0; list < 2; list++) {
        json_array_foreach(json_object_get(call->body, lists[list]), i, value) {
            const struct record *person = store_find(call->store, json_integer_value(value));
            if (!person || !kind_is(person->kind, "Person"))
                continue;
            record_enlist(call->record, "people_ids", person->id, list == 0);
            json_array_append_new(results[list], shape_write_named(&call->view, "Person", person));
        }
    }
    json_array_foreach(json_object_get(call->body, "create"), i, value) {
        json_t *members = json_pack("{s:O?, s:O?, s:O?}", "name", json_object_get(value, "name"), "email_address",
                                    json_object_get(value, "email_address"), "title", json_object_get(value, "title"));
        struct record *person = store_add(call->store, "Person", NULL, members);
        record_enlist(call->record, "people_ids", person->id, true);
        json_array_append_new(results[0], shape_write_named(&call->view, "Person", person));
    }
    store_touch(call->store, call->record);
    basecamp3_event(call->store, call->record, "access_changed", NULL);
    call_json(call, 200, json_pack("{s:o, s:o}", "granted", results[0], "revoked", results[1]));
}

/* ---- Taking away ---- */

void basecamp3_delete(struct call *call)
{
    call->record->gone = true;
    store_touch(call->store, call->record);
    call_done(call);
}

static void set_standing(struct call *call, enum standing standing)
{
    static const char *const actions[] = {"active", "archived", "trashed"};
    call->record->standing = standing;
    store_touch(call->store, call->record);
    basecamp3_event(call->store, call->record, actions[standing], NULL);
    call_done(call);
}

void basecamp3_trash(struct call *call)
{
    set_standing(call, STANDING_TRASHED);
}

static bool read_standing(const char *text, enum standing *standing)
{
    *standing = *text == 't' ? STANDING_TRASHED : text[1] == 'r' ? STANDING_ARCHIVED : STANDING_ACTIVE;
    return word_among("active archived trashed", text);
}

void basecamp3_set_status(struct call *call)
{
    enum standing standing;
    if (read_standing(call->text, &standing))
        set_standing(call, standing);
    else
        call_missing(call);
}

void basecamp3_set_project_status(struct call *call)
{
    enum standing standing;
    if (!read_standing(call->text, &standing) || standing == STANDING_TRASHED)
        call_missing(call);
    else if (standing == STANDING_ARCHIVED || call->record->standing == STANDING_ACTIVE || room_for_project(call))
        set_standing(call, standing);
}
