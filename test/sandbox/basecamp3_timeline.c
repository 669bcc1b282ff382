/* What happened in Basecamp 3: a recording's events, the timelines made of them, and the inbox of notifications. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/basecamp3.h"

struct record *basecamp3_event(struct store *store, struct record *record, const char *action, json_t *details)
{
    json_t *members = json_pack("{s:s}", "action", action);
    if (details)
        json_object_set_new(members, "details", details);
    return store_add(store, "Event", record, members);
}

/* ---- Timelines ---- */

static bool about_bucket(const struct record *event)
{
    return event->parent == event->bucket;
}

static const char *action_of(const struct record *event)
{
    return record_text(event, "action");
}

/* Moves and the like are told by the recording's own events only. */
static bool in_timeline(const struct record *event)
{
    return !event->gone && !event->parent->gone && event->parent->kind->word &&
           word_among("created completed rescheduled access_changed", action_of(event));
}

static json_t *timeline_kind(const struct view *view, const struct record *event)
{
    (void)view;
    return json_pack("s++", event->parent->kind->word, "_", action_of(event));
}

static json_t *timeline_parent_id(const struct view *view, const struct record *event)
{
    (void)view;
    return about_bucket(event) ? json_null() : json_integer(event->parent->parent->id);
}

static json_t *timeline_url(const struct view *view, const struct record *event)
{
    return about_bucket(event) ? json_null() : shape_api_url(view, event->parent->kind->path, event->parent);
}

static json_t *timeline_app_url(const struct view *view, const struct record *event)
{
    const struct kind *kind = event->parent->kind;
    return about_bucket(event) ? json_null() : shape_app_url(view, kind->app_path ? kind->app_path : kind->path, event->parent);
}

/* "Ada added a todo": the person, then what was done. */
static json_t *timeline_action(const struct view *view, const struct record *event)
{
    const char *name = record_text(event->creator, "name"), *did = " completed a ", *action = action_of(event);
    (void)view;
    if (about_bucket(event))
        return json_pack("s+", name, " changed who can access this project");
    if (strcmp(action, "created") == 0)
        did = " added a ";
    else if (strcmp(action, "rescheduled") == 0)
        did = " rescheduled a ";
    return json_pack("s++", name, did, event->parent->kind->word);
}

static json_t *title_json(const struct record *record)
{
    char *title = record_title(record);
    json_t *json = json_string(title);
    free(title);
    return json;
}

static json_t *timeline_target(const struct view *view, const struct record *event)
{
    (void)view;
    return about_bucket(event) ? json_null() : title_json(event->parent->parent);
}

static json_t *timeline_title(const struct view *view, const struct record *event)
{
    char *target;
    json_t *json;

    if (about_bucket(event))
        return timeline_action(view, event);
    target = record_title(event->parent->parent);
    json = json_pack("s++", "On “", target, "”");
    free(target);
    return json;
}

static json_t *timeline_excerpt(const struct view *view, const struct record *event)
{
    (void)view;
    if (about_bucket(event))
        return json_pack("s+", record_text(event->creator, "name"), " was granted access.");
    return event->id % 9 ? title_json(event->parent) : json_null();
}

static json_t *timeline_data(const struct view *view, const struct record *event)
{
    if (!kind_is(event->parent->kind, "Schedule::Entry"))
        return json_null();
    return shape_write_named(view, "EntryTimes", event->parent);
}

static json_t *timeline_attachments(const struct view *view, const struct record *event)
{
    (void)view;
    return about_bucket(event) ? json_null() : json_array();
}

const struct derivation basecamp3_timeline_derivations[] = {
    {"timeline_kind", timeline_kind}, {"timeline_parent_id", timeline_parent_id}, {"timeline_url", timeline_url},
    {"timeline_app_url", timeline_app_url}, {"timeline_action", timeline_action}, {"timeline_target", timeline_target},
    {"timeline_title", timeline_title}, {"timeline_excerpt", timeline_excerpt}, {"timeline_data", timeline_data},
    {"timeline_attachments", timeline_attachments}, {NULL, NULL},
};

/* The events that timelines tell, the newest first; of a bucket, of a person, or of all (NULL). */
static struct records timeline_of(const struct call *call, const struct record *bucket, const struct record *person)
{
    struct records events = {0};
    size_t kept = 0;

    records_add_within(&events, call->store, bucket, "Event");
    for (size_t i = 0; i < events.count; i++)
        if (in_timeline(events.all[i]) && (!person || events.all[i]->creator == person))
            events.all[kept++] = events.all[i];
    events.count = kept;
    records_sort(&events, "-created");
    return events;
}

void basecamp3_timeline(struct call *call)
{
    struct records events = timeline_of(call, call->bucket, NULL);
    call_write_page(call, &events);
}

void basecamp3_person_timeline(struct call *call)
{
    struct records events = timeline_of(call, NULL, call->record);
    size_t first, count;

    if (call_page(call, call->product->pages, events.count, &first, &count)) {
        json_t *list = json_array();
        for (size_t i = first; i < first + count; i++)
            json_array_append_new(list, shape_write_named(&call->view, "TimelineEvent", events.all[i]));
        call_json(call, 200, json_pack("{s:o, s:o}", "person", shape_write_named(&call->view, "Person", call->record), "events", list));
    }
    records_clear(&events);
}

/* ---- Notifications ---- */

static json_t *write_reading(const struct call *call, const struct record *reading)
{
    json_t *json = shape_write_named(&call->view, "Reading", reading);
    const struct record *recording = store_find(call->store, record_number(reading, "recording_id"));
    char identifier[80];

    if (recording) {
        json_t *about = shape_write_named(&call->view, "ReadRecording", recording);
        snprintf(identifier, sizeof identifier, "%s_%lld", recording->kind->word, (long long)recording->id);
        json_object_update(json, about);
        json_decref(about);
        json_object_set_new(json, "readable_identifier", json_string(identifier));
    }
    if (record_true(reading, "memory"))
        json_object_set_new(json, "memory_url", shape_api_url(&call->view, "/my/readings/{id}/memory", reading));
    return json;
}

/* Unread ones and memories whole, those that were read in pages of fifty. */
void basecamp3_readings(struct call *call)
{
    enum { PAGE = 50, MOST_UNREAD = 100 };
    static const unsigned sizes[] = {PAGE, 0};
    struct records readings = {0}, read = {0};
    json_t *unreads = json_array(), *reads = json_array(), *memories = json_array();
    size_t first, count;

    records_add_within(&readings, call->store, NULL, "Reading");
    records_sort(&readings, "-updated");
    for (size_t i = 0; i < readings.count; i++) {
        struct record *reading = readings.all[i];
        if (record_true(reading, "memory"))
            json_array_append_new(memories, write_reading(call, reading));
        else if (record_number(reading, "unread_count") == 0)
            records_add(&read, reading);
        else if (json_array_size(unreads) < MOST_UNREAD)
            json_array_append_new(unreads, write_reading(call, reading));
    }
    bool good = call_page(call, sizes, read.count, &first, &count);
    for (size_t i = first; good && i < first + count; i++)
        json_array_append_new(reads, write_reading(call, read.all[i]));
    if (good) {
        json_decref(call->answer->headers);     /* its pages are told by `page` alone */
        call->answer->headers = NULL;
        call_json(call, 200, json_pack("{s:o, s:o, s:o}", "unreads", unreads, "reads", reads, "memories", memories));
    } else {
        json_decref(unreads);
        json_decref(reads);
        json_decref(memories);
    }
    records_clear(&readings);
    records_clear(&read);
}
