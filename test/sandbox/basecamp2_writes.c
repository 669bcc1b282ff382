/* Writes of Basecamp 2. */
#include <string.h>

#include "test/sandbox/basecamp2.h"

struct record *basecamp2_event(struct store *store, struct record *record, const char *action)
{
    return store_add(store, "Event", record, json_pack("{s:s}", "action", action));
}

struct record *basecamp2_topic(struct store *store, struct record *record)
{
    struct records topics = {0};
    records_add_children(&topics, record, "Topic");
    struct record *topic = topics.count ? topics.all[0] : store_add(store, "Topic", record, NULL);
    records_clear(&topics);
    return topic;
}

/* 201 with where it is now, or 200. */
static void answer_record(struct call *call, const struct record *record)
{
    bool made = strcmp(call->request->method, "POST") == 0;
    json_t *url = record->kind->path ? shape_api_url(&call->view, record->kind->path, record) : NULL;

    call_json(call, made ? 201 : 200, shape_write_whole(&call->view, record));
    if (made && url)
        answer_header(call->answer, "Location", json_string_value(url));
    json_decref(url);
}

/* Only a client project has something to hide from clients. */
static bool may_be_private(struct call *call)
{
    if (!json_is_true(json_object_get(call->body, "private")) || !call->bucket || record_true(call->bucket, "is_client_project"))
        return true;
    call_fail(call, 422, "Only client projects have private items");
    return false;
}

/* A place is no member. */
static void take_position(struct record *record)
{
    if (record_number(record, "position") > 0)
        record->position = (int)record_number(record, "position");
    json_object_del(record->members, "position");
}

void basecamp2_create(struct call *call)
{
    if (!may_be_private(call))
        return;
    struct record *record = store_add(call->store, call->route->kinds, call->record, NULL);
    if (!call_read_fields(call, record)) {
        record->gone = true;
        return;
    }
    record->position = call->record ? (int)record_count(call->record, call->route->kinds) : 0;
    if (kind_is(record->kind, "Calendar"))
        record_set(record, "color", json_string("3185c5"));
    store_touch(call->store, record);
    record->created = record->updated;
    if (record->bucket != record)
        basecamp2_event(call->store, record, "created");
    if (kind_is(record->kind, "Message"))
        basecamp2_topic(call->store, record);
    answer_record(call, record);
}

void basecamp2_update(struct call *call)
{
    if (!may_be_private(call) || !call_read_fields(call, call->record))
        return;
    take_position(call->record);
    store_touch(call->store, call->record);
    answer_record(call, call->record);
}

void basecamp2_update_todo(struct call *call)
{
    bool before = record_true(call->record, "completed"), after;

    if (!call_read_fields(call, call->record))
        return;
    take_position(call->record);
    store_touch(call->store, call->record);
    after = record_true(call->record, "completed");
    if (before != after)
        basecamp2_event(call->store, call->record, after ? "completed a to-do" : "re-opened a to-do");
    if (after && !before)
        record_set(call->record, "completed_at", json_integer(call->record->updated));
    answer_record(call, call->record);
}

void basecamp2_trash(struct call *call)
{
    call->record->standing = STANDING_TRASHED;
    if (kind_is(call->record->kind, "Comment"))
        call->record->gone = true;
    store_touch(call->store, call->record);
    call_done(call);
}

/* ---- Projects ---- */

void basecamp2_create_project(struct call *call)
{
    size_t count, active = 0;
    struct record *const *all = store_all(call->store, store_kind(call->store, "Project"), &count);
    for (size_t i = 0; i < count; i++)
        active += !all[i]->gone && all[i]->standing == STANDING_ACTIVE;
    if (call->account->project_limit && active >= call->account->project_limit) {
        call_fail(call, 507, "The project limit for this account has been reached.");
        return;
    }
    struct record *project = store_add(call->store, call->route->kinds, NULL, json_pack("{s:s, s:[I]}", "color", "3185c5", "people_ids",
                                                                                        (json_int_t)call->store->me->id));
    if (!call_read_fields(call, project)) {
        project->gone = true;
        return;
    }
    store_touch(call->store, project);
    project->created = project->updated;
    answer_record(call, project);
}

void basecamp2_update_project(struct call *call)
{
    const json_t *archived = json_object_get(call->body, "archived");

    if (!call_read_fields(call, call->record))
        return;
    json_object_del(call->record->members, "archived");
    if (archived)
        call->record->standing = json_is_true(archived) ? STANDING_ARCHIVED : STANDING_ACTIVE;
    store_touch(call->store, call->record);
    answer_record(call, call->record);
}

void basecamp2_publish(struct call *call)
{
    json_object_del(call->record->members, "draft");
    store_touch(call->store, call->record);
    call_json(call, 201, shape_write_whole(&call->view, call->record));
}

void basecamp2_star(struct call *call)
{
    struct records stars = {0};

    records_add_children(&stars, call->record, "Star");
    if (strcmp(call->request->method, "DELETE") == 0) {
        for (size_t i = 0; i < stars.count; i++)
            stars.all[i]->gone = true;
        call_done(call);
    } else {
        struct record *star = stars.count ? stars.all[0] : store_add(call->store, "Star", call->record, json_pack(
            "{s:I}", "project_id", (json_int_t)call->record->id));
        call_json(call, 201, shape_write_whole(&call->view, star));
    }
    records_clear(&stars);
    store_touch(call->store, call->record);
}

static void set_access(struct call *call, struct record *bucket, int64_t person, bool given)
{
    record_enlist(bucket, "people_ids", person, given);
    store_touch(call->store, bucket);
}

void basecamp2_grant(struct call *call)
{
    const json_t *value;
    size_t i;

    json_array_foreach(json_object_get(call->body, "ids"), i, value) {
        const struct record *person = store_find(call->store, json_integer_value(value));
        if (person && kind_is(person->kind, "Person"))
            set_access(call, call->record, person->id, true);
    }
    json_array_foreach(json_object_get(call->body, "email_addresses"), i, value) {
        struct record *person = store_add(call->store, "Person", NULL, json_pack("{s:O, s:O, s:i}", "name", value, "email_address", value,
                                                                                 "identity_id", 990000000));
        set_access(call, call->record, person->id, true);
    }
    call_done(call);
}

void basecamp2_revoke(struct call *call)
{
    set_access(call, call->bucket, call->record->id, false);
    call_done(call);
}

/* ---- What lies in projects ---- */

void basecamp2_comment(struct call *call)
{
    struct record *comment = store_add(call->store, "Comment", call->record, NULL);
    if (!call_read_fields(call, comment)) {
        comment->gone = true;
        return;
    }
    store_touch(call->store, comment);
    comment->created = comment->updated;
    struct record *topic = basecamp2_topic(call->store, call->record);
    topic->updated = comment->created;
    record_set(basecamp2_event(call->store, comment, "commented on"), "excerpt", json_incref(record_get(comment, "content")));
    call_json(call, 201, shape_write_named(&call->view, "CommentCreated", comment));
}

void basecamp2_set_topic(struct call *call)
{
    bool archive = strcmp(call->text, "archive") == 0;
    if (!archive && strcmp(call->text, "activate") != 0) {
        call_missing(call);
        return;
    }
    call->record->standing = archive ? STANDING_ARCHIVED : STANDING_ACTIVE;
    store_touch(call->store, call->record);
    call_done(call);
}

void basecamp2_tag(struct call *call)
{
    json_t *tags = record_get(call->record, "tags"), *tag;
    bool add = strcmp(call->request->method, "POST") == 0;
    const char *name = add ? json_string_value(json_object_get(call->body, "name")) : call->text;
    size_t i;

    if (!name) {
        call_fail(call, 400, "param is missing or the value is empty: name");
        return;
    }
    if (!tags) {
        tags = json_array();
        record_set(call->record, "tags", tags);
    }
    json_array_foreach(tags, i, tag)
        if (strcmp(json_string_value(tag), name) == 0)
            json_array_remove(tags, i--);
    if (add)
        json_array_append_new(tags, json_string(name));
    store_touch(call->store, call->record);
    if (add)
        answer_record(call, call->record);
    else
        call_done(call);
}

void basecamp2_upload(struct call *call)
{
    char token[64] = "4f71ea23-134660425d1818169ecfdbaa43cfc07f4e33ef4c";
    call_json(call, 201, json_pack("{s:s}", "token", token));
}
