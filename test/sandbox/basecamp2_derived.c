/* What Basecamp 2 tells of records that no member holds, with the ways of an older service: times of one city, false for no time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/basecamp2.h"
#include "test/sandbox/moment.h"
#include "test/sandbox/pick.h"

enum { DAY_MS = 86400000 };

/* ---- Times ---- */

static json_t *chicago(int64_t milliseconds, const char *fraction)
{
    char day[DAY_TEXT], text[48];
    int hours;

    day_write(milliseconds / DAY_MS, day);
    hours = strcmp(day + 5, "03-10") >= 0 && strcmp(day + 5, "11-03") < 0 ? 5 : 6;
    int64_t local = milliseconds - hours * 3600000LL, rest = local % DAY_MS;
    day_write(local / DAY_MS, day);
    snprintf(text, sizeof text, "%sT%02d:%02d:%02d%s-%02d:00", day, (int)(rest / 3600000), (int)(rest / 60000 % 60),
             (int)(rest / 1000 % 60), fraction, hours);
    return json_string(text);
}

json_t *basecamp2_moment(int64_t milliseconds)
{
    return chicago(milliseconds, "");
}

static json_t *created_at_ms(const struct view *view, const struct record *record)
{
    (void)view;
    return chicago(record->created, ".000");
}

static json_t *updated_at_ms(const struct view *view, const struct record *record)
{
    (void)view;
    return chicago(record->updated, ".000");
}

/* A time, or of a whole day the date, in the same member. */
static json_t *event_time(const struct record *event, const char *name)
{
    int64_t moment = record_number(event, name);
    char text[DAY_TEXT];

    if (!record_true(event, "all_day"))
        return basecamp2_moment(moment);
    day_write(moment / DAY_MS, text);
    return json_string(text);
}

static json_t *starts_at(const struct view *view, const struct record *event)
{
    (void)view;
    return event_time(event, "starts_at");
}

static json_t *ends_at(const struct view *view, const struct record *event)
{
    (void)view;
    return event_time(event, "ends_at");
}

/* False for none. */
static json_t *completed_at(const struct view *view, const struct record *todo)
{
    (void)view;
    return record_true(todo, "completed") ? basecamp2_moment(record_number(todo, "completed_at")) : json_false();
}

/* ---- People ---- */

static json_t *avatar_url(const struct view *view, const struct record *person)
{
    char text[120];
    (void)view;
    snprintf(text, sizeof text, "https://asset0.example.com/global/%08x/avatar.gif?r=3", pick(201, (uint64_t)person->id, 1, 0x7FFFFFFF));
    return json_string(text);
}

static json_t *events_of_person(const struct view *view, const struct record *person)
{
    size_t count, own = 0;
    struct record *const *all = store_all(view->store, store_kind(view->store, "Event"), &count);
    for (size_t i = 0; i < count; i++)
        own += all[i]->creator == person;
    return json_integer((json_int_t)own);
}

static json_t *todos_of_person(const struct view *view, const struct record *person)
{
    size_t count, own = 0;
    struct record *const *all = store_all(view->store, store_kind(view->store, "Todo"), &count);
    for (size_t i = 0; i < count; i++)
        own += record_number(all[i], "assignee_id") == person->id && !record_true(all[i], "completed") &&
               record_standing(all[i]) == STANDING_ACTIVE;
    return json_integer((json_int_t)own);
}

static json_t *subscribers(const struct view *view, const struct record *record)
{
    json_t *list = json_array();
    json_array_append_new(list, shape_write_named(view, "Name", view->store->me));
    if (record->creator != view->store->me)
        json_array_append_new(list, shape_write_named(view, "Name", record->creator));
    return list;
}

static json_t *assignee(const struct view *view, const struct record *todo)
{
    const struct record *person = store_find(view->store, record_number(todo, "assignee_id"));
    char *name;
    json_t *json;

    if (!person)
        return json_null();
    name = record_title(person);
    json = json_pack("{s:I, s:s, s:s}", "id", (json_int_t)person->id, "type", "Person", "name", name);
    free(name);
    return json;
}

static json_t *subgroups(const struct view *view, const struct record *group)
{
    json_t *list = json_array();
    for (const struct record *child = group->first; child; child = child->next)
        if (!child->gone)
            json_array_append_new(list, shape_write_named(view, "SubgroupListed", child));
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return json_null();
}

/* ---- Projects ---- */

static json_t *is_template(const struct view *view, const struct record *project)
{
    (void)view;
    return json_boolean(kind_is(project->kind, "Template"));
}

static json_t *archived(const struct view *view, const struct record *project)
{
    (void)view;
    return json_boolean(project->standing == STANDING_ARCHIVED);
}

static json_t *starred(const struct view *view, const struct record *project)
{
    (void)view;
    return json_boolean(record_count(project, "Star") > 0);
}

static json_t *accesses(const struct view *view, const struct record *bucket)
{
    const json_t *ids = record_get(bucket, "people_ids"), *id;
    json_int_t count = 0;
    size_t i;
    json_array_foreach(ids, i, id) {
        const struct record *person = store_find(view->store, json_integer_value(id));
        count += person && person->standing == STANDING_ACTIVE;
    }
    return json_integer(count);
}

/* How many records of the kinds lie in a bucket at any depth, and the last change among them, null for none. */
static json_t *count_within(const struct view *view, const struct record *bucket, const char *kinds, bool changed)
{
    struct records found = {0};
    int64_t last = 0;
    size_t count = 0;

    records_add_within(&found, view->store, bucket, kinds);
    for (size_t i = 0; i < found.count; i++)
        if (record_standing(found.all[i]) != STANDING_TRASHED) {
            count++;
            last = found.all[i]->updated > last ? found.all[i]->updated : last;
        }
    records_clear(&found);
    return !changed ? json_integer((json_int_t)count) : count ? basecamp2_moment(last) : json_null();
}

#define COUNTED(name, kinds) \
    static json_t *name(const struct view *view, const struct record *bucket) { return count_within(view, bucket, kinds, false); } \
    static json_t *name##_updated(const struct view *view, const struct record *bucket) { return count_within(view, bucket, kinds, true); }

COUNTED(attachments, "Attachment")
COUNTED(topics, "Topic")
COUNTED(calendar_events, "CalendarEvent")
COUNTED(documents, "Document")

static json_t *count_lists(const struct record *project, bool completed)
{
    json_int_t count = 0;
    for (const struct record *list = project->first; list; list = list->next)
        count += !list->gone && list->standing == STANDING_ACTIVE && kind_is(list->kind, "Todolist") && basecamp2_completed(list) == completed;
    return json_integer(count);
}

static json_t *remaining_lists(const struct view *view, const struct record *project)
{
    (void)view;
    return count_lists(project, false);
}

static json_t *completed_lists(const struct view *view, const struct record *project)
{
    (void)view;
    return count_lists(project, true);
}

/* ---- To-do lists ---- */

unsigned basecamp2_todos(const struct record *list, bool completed)
{
    unsigned count = 0;
    for (const struct record *todo = list->first; todo; todo = todo->next)
        count += !todo->gone && todo->standing == STANDING_ACTIVE && kind_is(todo->kind, "Todo") && record_true(todo, "completed") == completed;
    return count;
}

bool basecamp2_completed(const struct record *list)
{
    return basecamp2_todos(list, false) == 0 && basecamp2_todos(list, true) > 0;
}

static json_t *list_completed(const struct view *view, const struct record *list)
{
    (void)view;
    return json_boolean(basecamp2_completed(list));
}

static json_t *remaining_todos(const struct view *view, const struct record *list)
{
    (void)view;
    return json_integer(basecamp2_todos(list, false));
}

static json_t *completed_todos(const struct view *view, const struct record *list)
{
    (void)view;
    return json_integer(basecamp2_todos(list, true));
}

static json_t *todos_in(const struct view *view, const struct record *list, enum standing standing, bool completed)
{
    json_t *todos = json_array();
    for (const struct record *todo = list->first; todo; todo = todo->next)
        if (!todo->gone && kind_is(todo->kind, "Todo") && todo->standing == standing &&
            (standing == STANDING_TRASHED || record_true(todo, "completed") == completed))
            json_array_append_new(todos, shape_write_named(view, "TodoInList", todo));
    return todos;
}

static json_t *remaining(const struct view *view, const struct record *list)
{
    return todos_in(view, list, STANDING_ACTIVE, false);
}

static json_t *completed(const struct view *view, const struct record *list)
{
    return todos_in(view, list, STANDING_ACTIVE, true);
}

static json_t *trashed_todos(const struct view *view, const struct record *list)
{
    return todos_in(view, list, STANDING_TRASHED, false);
}

/* ---- Files ---- */

static json_t *files(const struct view *view, const struct record *record)
{
    json_t *list = json_array();
    for (const struct record *child = record->first; child; child = child->next)
        if (!child->gone && child->standing == STANDING_ACTIVE && strcmp(child->kind->name, "Attachment") == 0)
            json_array_append_new(list, shape_write_named(view, "AttachmentBrief", child));
    return list;
}

static void write_key(const struct record *file, char key[41])
{
    for (unsigned i = 0; i < 40; i++)
        snprintf(key + i, 2, "%x", pick(202, (uint64_t)file->id, i, 16));
}

static json_t *key(const struct view *view, const struct record *file)
{
    char text[41];
    (void)view;
    write_key(file, text);
    return json_string(text);
}

/* "…/projects/1/attachments/2/KEY/original/FILE" */
static json_t *file_place(const struct view *view, const struct record *file, const char *end)
{
    char text[400], hash[41];
    write_key(file, hash);
    snprintf(text, sizeof text, "%s/projects/%lld/attachments/%lld/%s/%s", view->app, (long long)file->bucket->id, (long long)file->id,
             hash, end);
    return json_string(text);
}

static json_t *file_url(const struct view *view, const struct record *file)
{
    return file_place(view, file, "original/api");
}

static json_t *file_app_url(const struct view *view, const struct record *file)
{
    return file_place(view, file, "original/file");
}

static json_t *thumbnail_url(const struct view *view, const struct record *file)
{
    return file_place(view, file, "thumbnail.gif");
}

/* ---- Events and topics ---- */

/* What an attachment or an event is about; links to files are of no type of their own. */
static json_t *thing_type(const struct view *view, const struct record *record)
{
    (void)view;
    return json_string(record->kind->name);
}

/* Comments are told as events of what they comment on. */
static const struct record *event_subject(const struct record *event)
{
    return kind_is(event->parent->kind, "Comment") ? event->parent->parent : event->parent;
}

static json_t *eventable(const struct view *view, const struct record *event)
{
    return shape_write_named(view, "Thing", event_subject(event));
}

static json_t *title_json(const struct record *record)
{
    char *title = record_title(record);
    json_t *json = json_string(title);
    free(title);
    return json;
}

static json_t *event_target(const struct view *view, const struct record *event)
{
    (void)view;
    return title_json(event_subject(event));
}

static json_t *action_html(const struct view *view, const struct record *event)
{
    const char *action = record_text(event, "action");
    (void)view;
    return event->id % 3 ? json_string(action) : json_pack("s+", action, "<span>:</span>");
}

static json_t *event_summary(const struct view *view, const struct record *event)
{
    char *title = record_title(event_subject(event));
    json_t *json = json_pack("s++", record_text(event, "action"), ": ", title);
    (void)view;
    free(title);
    return json;
}

static json_t *event_url(const struct view *view, const struct record *event)
{
    return shape_api_url(view, event_subject(event)->kind->path, event_subject(event));
}

static json_t *event_app_url(const struct view *view, const struct record *event)
{
    return shape_app_url(view, event_subject(event)->kind->path, event_subject(event));
}

static const struct record *last_comment(const struct record *record)
{
    const struct record *last = NULL;
    for (const struct record *child = record->first; child; child = child->next)
        if (!child->gone && kind_is(child->kind, "Comment") && (!last || child->created >= last->created))
            last = child;
    return last;
}

static json_t *topic_title(const struct view *view, const struct record *topic)
{
    (void)view;
    return title_json(topic->parent);
}

static json_t *topic_excerpt(const struct view *view, const struct record *topic)
{
    const struct record *comment = last_comment(topic->parent);
    const char *text = record_text(comment ? comment : topic->parent, "content");
    (void)view;
    return json_string(text ? text : "");
}

static json_t *topic_updated(const struct view *view, const struct record *topic)
{
    (void)view;
    return basecamp2_moment(topic->updated);
}

static json_t *topic_files(const struct view *view, const struct record *topic)
{
    (void)view;
    return json_integer((json_int_t)record_count(topic->parent, "Attachment"));
}

static json_t *topic_updater(const struct view *view, const struct record *topic)
{
    const struct record *comment = last_comment(topic->parent);
    return shape_write_named(view, "Name", (comment ? comment : topic->parent)->creator);
}

static json_t *topic_url(const struct view *view, const struct record *comment)
{
    return shape_api_url(view, comment->parent->kind->path, comment->parent);
}

/* ---- Calendar events ---- */

static json_t *recurring(const struct view *view, const struct record *event)
{
    json_t *rule = record_get(event, "recurring");
    (void)view;
    return rule ? json_incref(rule) : json_null();
}

const struct derivation basecamp2_derivations[] = {
    {"created_at_ms", created_at_ms}, {"updated_at_ms", updated_at_ms}, {"starts_at", starts_at}, {"ends_at", ends_at},
    {"completed_at", completed_at}, {"avatar_url", avatar_url}, {"events_of_person", events_of_person}, {"todos_of_person", todos_of_person},
    {"subscribers", subscribers}, {"assignee", assignee}, {"subgroups", subgroups}, {"template", is_template}, {"archived", archived},
    {"starred", starred}, {"accesses", accesses}, {"attachments", attachments}, {"attachments_updated", attachments_updated},
    {"topics", topics}, {"topics_updated", topics_updated}, {"events", calendar_events}, {"events_updated", calendar_events_updated},
    {"documents", documents}, {"documents_updated", documents_updated}, {"remaining_lists", remaining_lists},
    {"completed_lists", completed_lists}, {"list_completed", list_completed}, {"remaining_todos", remaining_todos},
    {"completed_todos", completed_todos}, {"remaining", remaining}, {"completed", completed}, {"trashed_todos", trashed_todos},
    {"files", files}, {"key", key}, {"file_url", file_url}, {"file_app_url", file_app_url}, {"thumbnail_url", thumbnail_url},
    {"thing_type", thing_type}, {"eventable", eventable}, {"event_target", event_target}, {"action_html", action_html},
    {"event_summary", event_summary}, {"event_url", event_url}, {"event_app_url", event_app_url}, {"topic_title", topic_title},
    {"topic_excerpt", topic_excerpt}, {"topic_updated", topic_updated}, {"topic_files", topic_files}, {"topic_updater", topic_updater},
    {"topic_url", topic_url}, {"recurring", recurring}, {NULL, NULL},
};
