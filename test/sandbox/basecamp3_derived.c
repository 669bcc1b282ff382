/* What Basecamp 3 tells of records that no member holds: counts, signed ids, docks, progress, the words of timelines. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test/sandbox/basecamp3.h"
#include "test/sandbox/moment.h"
#include "test/sandbox/pick.h"

enum { DAY_MS = 86400000 };

/* ---- Times ---- */

/* A few answers tell the time of the account's city, with its offset, where all others tell it in UTC. */
static json_t *time_there(int64_t milliseconds)
{
    enum { OFFSET_MS = 6 * 3600000 };
    int64_t local = milliseconds - OFFSET_MS, rest = local % DAY_MS;
    char day[DAY_TEXT], text[48];

    day_write(local / DAY_MS, day);
    snprintf(text, sizeof text, "%sT%02d:%02d:%02d.%03d-06:00", day, (int)(rest / 3600000), (int)(rest / 60000 % 60),
             (int)(rest / 1000 % 60), (int)(rest % 1000));
    return json_string(text);
}

static json_t *created_at_there(const struct view *view, const struct record *record)
{
    (void)view;
    return time_there(record->created);
}

static json_t *updated_at_there(const struct view *view, const struct record *record)
{
    (void)view;
    return time_there(record->updated);
}

/* ---- Signed ids ---- */

/* Base64 of a global id, "--", forty hex digits: as long and as opaque as the real ones. */
static void sign(const char *kind, int64_t id, char *out, size_t room)
{
    char plain[80];
    unsigned char encoded[120];
    size_t used;

    snprintf(plain, sizeof plain, "gid://bc3/%s/%lld?expires_in", kind, (long long)id);
    EVP_EncodeBlock(encoded, (const unsigned char *)plain, (int)strlen(plain));
    snprintf(out, room, "%s--", (const char *)encoded);
    used = strlen(out);
    for (unsigned i = 0; i < 40 && used + 1 < room; i++)
        snprintf(out + used++, 2, "%x", pick(200, (uint64_t)id, i, 16));
}

static json_t *signed_id(const struct record *record)
{
    char text[200];
    sign(record->kind->traits & KIND_RECORDING ? "Recording" : record->kind->traits & KIND_BUCKET ? "Bucket" : record->kind->name,
         record->id, text, sizeof text);
    return json_string(text);
}

static json_t *attachable_sgid(const struct view *view, const struct record *record)
{
    (void)view;
    return signed_id(record);
}

static json_t *with_signed_id(const struct view *view, const char *before, const char *after, const struct record *record)
{
    char text[400];
    json_t *sgid = signed_id(record);
    snprintf(text, sizeof text, "%s%s%s%s", view->api, before, json_string_value(sgid), after);
    json_decref(sgid);
    return json_string(text);
}

static json_t *avatar_url(const struct view *view, const struct record *record)
{
    return with_signed_id(view, "/people/", "/avatar", record);
}

static json_t *bookmark_url(const struct view *view, const struct record *record)
{
    return with_signed_id(view, "/my/bookmarks/", ".json", record);
}

/* ---- People ---- */

static json_t *owner_name(const struct view *view, const struct record *record)
{
    (void)record;
    return json_string(record_text(view->store->me, "name"));
}

static json_t *away(const struct record *person, const char *name)
{
    json_t *value = json_object_get(record_get(person, "out_of_office"), name);
    return value ? json_incref(value) : json_null();
}

static json_t *away_start(const struct view *view, const struct record *record)
{
    (void)view;
    return away(record, "start_date");
}

static json_t *away_end(const struct view *view, const struct record *record)
{
    (void)view;
    return away(record, "end_date");
}

static json_t *away_enabled(const struct view *view, const struct record *record)
{
    (void)view;
    return json_boolean(record_get(record, "out_of_office"));
}

static json_t *away_ongoing(const struct view *view, const struct record *record)
{
    const json_t *dates = record_get(record, "out_of_office");
    int64_t start, end;
    (void)view;
    return json_boolean(dates && day_read(json_string_value(json_object_get(dates, "start_date")), &start) &&
                        day_read(json_string_value(json_object_get(dates, "end_date")), &end) &&
                        start <= BASECAMP_TODAY_DAY && end >= BASECAMP_TODAY_DAY);
}

json_t *basecamp3_subscribers(const struct store *store, const struct record *record)
{
    json_t *ids = record_get(record, "subscriber_ids");
    if (ids)
        return json_copy(ids);
    ids = json_array();
    if (record->creator)
        json_array_append_new(ids, json_integer(record->creator->id));
    if (record->creator != store->me && record->id % 2)
        json_array_append_new(ids, json_integer(store->me->id));
    return ids;
}

static json_t *subscribers(const struct view *view, const struct record *record)
{
    json_t *ids = basecamp3_subscribers(view->store, record), *list = json_array(), *id;
    size_t i;
    json_array_foreach(ids, i, id) {
        const struct record *person = store_find(view->store, json_integer_value(id));
        if (person)
            json_array_append_new(list, shape_write_named(view, "Person", person));
    }
    json_decref(ids);
    return list;
}

static json_t *subscriber_count(const struct view *view, const struct record *record)
{
    json_t *ids = basecamp3_subscribers(view->store, record);
    size_t count = json_array_size(ids);
    json_decref(ids);
    return json_integer((json_int_t)count);
}

static json_t *subscribed(const struct view *view, const struct record *record)
{
    json_t *ids = basecamp3_subscribers(view->store, record), *id;
    bool mine = false;
    size_t i;
    json_array_foreach(ids, i, id)
        mine = mine || json_integer_value(id) == view->store->me->id;
    json_decref(ids);
    return json_boolean(mine);
}

/* ---- Projects ---- */

static json_t *word(const struct view *view, const struct record *record)
{
    (void)view;
    return json_string(record->kind->word);
}

static json_t *dock(const struct view *view, const struct record *bucket)
{
    json_t *list = json_array();
    for (const struct record *tool = bucket->first; tool; tool = tool->next) {
        if (tool->gone || tool->standing != STANDING_ACTIVE || !(tool->kind->traits & KIND_TOOL))
            continue;
        json_t *item = shape_write_named(view, "DockItem", tool);
        json_object_set_new(item, "enabled", json_boolean(tool->position > 0));
        json_array_append_new(list, item);
    }
    return list;
}

static const struct record *child_of(const struct record *record, const char *kind)
{
    for (const struct record *child = record->first; child; child = child->next)
        if (!child->gone && child->standing == STANDING_ACTIVE && kind_is(child->kind, kind))
            return child;
    return NULL;
}

static json_t *clientside(const struct view *view, const struct record *project)
{
    return child_of(project, "Client::Board") ? shape_write_named(view, "Clientside", project) : json_null();
}

/* The last needle of a project's (or its own) gauge, or the one before it. */
static const struct record *needle(const struct record *record, bool previous)
{
    const struct record *gauge = kind_is(record->kind, "Gauge") ? record : child_of(record, "Gauge"), *last = NULL, *before = NULL;
    for (const struct record *child = gauge ? gauge->first : NULL; child; child = child->next)
        if (!child->gone && child->standing == STANDING_ACTIVE && kind_is(child->kind, "Gauge::Needle")) {
            before = last;
            last = child;
        }
    return previous ? before : last;
}

static json_t *last_needle_color(const struct view *view, const struct record *record)
{
    const struct record *last = needle(record, false);
    (void)view;
    return json_string(last ? record_text(last, "color") : "green");
}

static json_t *needle_position(const struct record *of)
{
    return of ? json_integer((json_int_t)record_number(of, "position")) : json_null();
}

static json_t *last_needle_position(const struct view *view, const struct record *record)
{
    (void)view;
    return needle_position(needle(record, false));
}

static json_t *previous_needle_position(const struct view *view, const struct record *record)
{
    (void)view;
    return needle_position(needle(record, true));
}

static json_t *bucket_name(const struct view *view, const struct record *record)
{
    (void)view;
    return json_string(record_text(record->bucket, "name"));
}

static json_t *constructed(const struct view *view, const struct record *construction)
{
    const struct record *project = store_find(view->store, record_number(construction, "project_id"));
    return project ? shape_write_named(view, "Project", project) : json_null();
}

static json_t *schedule_url(const struct view *view, const struct record *calendar)
{
    const struct record *schedule = child_of(calendar, "Schedule");
    return schedule ? shape_api_url(view, schedule->kind->path, schedule) : json_null();
}

static json_t *bookmarked_recording(const struct view *view, const struct record *bookmark)
{
    const struct record *recording = store_find(view->store, record_number(bookmark, "recording_id"));
    return recording ? shape_write_listed(view, recording) : json_null();
}

static json_t *tool_subscription_url(const struct view *view, const struct record *tool)
{
    return tool->kind->traits & KIND_SUBSCRIBED ? shape_api_url(view, "/buckets/{bucket}/recordings/{id}/subscription", tool) : json_null();
}

/* Deliveries of the last changes, the newest first; the body's recording is told in short. */
static json_t *deliveries(const struct view *view, const struct record *webhook)
{
    json_t *list = json_array();
    size_t count;
    struct record *const *events = store_all(view->store, store_kind(view->store, "Event"), &count);

    for (size_t i = count; i-- > 0 && record_true(webhook, "delivered") && json_array_size(list) < 3;) {
        const struct record *event = events[i], *recording = event->parent;
        if (event->bucket != webhook->bucket || !(recording->kind->traits & KIND_RECORDING))
            continue;
        json_t *kind = json_pack("s++", recording->kind->word ? recording->kind->word : "recording", "_", record_text(event, "action"));
        json_array_append_new(list, json_pack(
            "{s:I, s:o, s:{s:{s:s, s:s, s:s}, s:{s:I, s:o, s:{s:[]}, s:o, s:o, s:o}}, s:{s:{s:s}, s:i, s:s, s:s}}",
            "id", (json_int_t)(627138000 + (int64_t)i), "created_at", shape_moment(view, event->created), "request",
            "headers", "Content-Type", "application/json", "User-Agent", "Basecamp3 Webhook", "X-Request-Id",
            "3845f9bd-2b8a-4c08-9f30-c01135ab2f23", "body", "id", (json_int_t)event->id, "kind", kind, "details",
            "notified_recipient_ids", "created_at", time_there(event->created), "recording", shape_write_listed(view, recording),
            "creator", shape_write_named(view, "Person", event->creator), "response", "headers", "Content-Type", "application/json",
            "code", 200, "message", "OK", "body", "{}"));
    }
    return list;
}

/* ---- To-dos ---- */

/* How many to-dos lie in it at any depth, and how many of them are done. */
static void count_todos(const struct record *record, unsigned *done, unsigned *all)
{
    for (const struct record *child = record->first; child; child = child->next) {
        if (child->gone || child->standing != STANDING_ACTIVE)
            continue;
        if (kind_is(child->kind, "Todo")) {
            (*all)++;
            *done += record_true(child, "completed");
        } else if (kind_is(child->kind, "Todolist")) {
            count_todos(child, done, all);
        }
    }
}

static json_t *completed_ratio(const struct view *view, const struct record *record)
{
    char text[32];
    unsigned done = 0, all = 0;
    (void)view;
    count_todos(record, &done, &all);
    snprintf(text, sizeof text, "%u/%u", done, all);
    return json_string(text);
}

static json_t *all_done(const struct view *view, const struct record *record)
{
    unsigned done = 0, all = 0;
    (void)view;
    count_todos(record, &done, &all);
    return json_boolean(all > 0 && done == all);
}

static json_t *first_lists(const struct view *view, const struct record *todoset)
{
    enum { MOST = 10 };
    json_t *list = json_array();
    for (const struct record *child = todoset->first; child && json_array_size(list) < MOST; child = child->next)
        if (!child->gone && child->standing == STANDING_ACTIVE && kind_is(child->kind, "Todolist"))
            json_array_append_new(list, shape_write_named(view, "TodolistBrief", child));
    return list;
}

static bool is_group(const struct record *list)
{
    return list->parent && kind_is(list->parent->kind, "Todolist");
}

static json_t *groups_url(const struct view *view, const struct record *list)
{
    return is_group(list) ? json_null() : shape_api_url(view, "/buckets/{bucket}/todolists/{id}/groups", list);
}

static json_t *group_position_url(const struct view *view, const struct record *list)
{
    return is_group(list) ? shape_api_url(view, "/buckets/{bucket}/todolists/groups/{id}/position", list) : json_null();
}

/* A to-do that is done has no position, seen alone. */
static json_t *open_position(const struct view *view, const struct record *todo)
{
    (void)view;
    return record_true(todo, "completed") || todo->position == 0 ? json_null() : json_integer(todo->position);
}

static json_t *completion(const struct view *view, const struct record *todo)
{
    return record_true(todo, "completed") ? shape_write_named(view, "Completion", todo) : json_null();
}

/* ---- Files, schedules, chats ---- */

/* A timestamp; of a whole day its midnight or, as some answers have it, the date alone. */
static json_t *entry_time(const struct view *view, const struct record *entry, const char *name)
{
    int64_t moment = record_number(entry, name);
    char text[DAY_TEXT];

    if (!record_true(entry, "all_day") || !record_true(entry, "plain_dates"))
        return shape_moment(view, moment);
    day_write(moment / DAY_MS, text);
    return json_string(text);
}

static json_t *starts_at(const struct view *view, const struct record *entry)
{
    return entry_time(view, entry, "starts_at");
}

static json_t *ends_at(const struct view *view, const struct record *entry)
{
    return entry_time(view, entry, "ends_at");
}

static json_t *starts_at_there(const struct view *view, const struct record *entry)
{
    return record_true(entry, "all_day") ? starts_at(view, entry) : time_there(record_number(entry, "starts_at"));
}

static json_t *ends_at_there(const struct view *view, const struct record *entry)
{
    return record_true(entry, "all_day") ? ends_at(view, entry) : time_there(record_number(entry, "ends_at"));
}

static json_t *recurring(const struct view *view, const struct record *entry)
{
    (void)view;
    return json_boolean(record_get(entry, "recurrence_schedule"));
}

static json_t *line_attachments(const struct view *view, const struct record *line)
{
    const char *name = record_text(line, "title");
    char url[160], download[160];
    snprintf(url, sizeof url, "%s/blobs/%lld/previews/full", view->api, (long long)line->id);
    snprintf(download, sizeof download, "%s/blobs/%lld/download", view->app, (long long)line->id);
    return json_pack("[{s:s, s:s, s:s, s:s, s:i, s:s}]", "title", name, "url", url, "filename", name, "content_type", "image/png",
                     "byte_size", 1000 + (int)(line->id % 5000), "download_url", download);
}

/* ---- Card tables ---- */

static json_t *columns(const struct view *view, const struct record *board)
{
    static const char *const order[] = {"Kanban::Triage", "Kanban::NotNowColumn", "Kanban::Column", "Kanban::DoneColumn"};
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        struct records found = {0};
        records_add_children(&found, board, order[i]);
        records_sort(&found, "position");
        for (size_t j = 0; j < found.count; j++)
            if (found.all[j]->standing == STANDING_ACTIVE)
                json_array_append_new(list, shape_write_named(view, "Column", found.all[j]));
        records_clear(&found);
    }
    return list;
}

static json_t *on_hold(const struct view *view, const struct record *column)
{
    const struct record *hold = child_of(column, "Kanban::OnHold");
    return hold ? shape_write_named(view, "OnHold", hold) : json_null();
}

static json_t *steps(const struct view *view, const struct record *card)
{
    json_t *list = json_array();
    struct records found = {0};
    records_add_children(&found, card, "Kanban::Step");
    records_sort(&found, "position");
    for (size_t i = 0; i < found.count; i++)
        if (found.all[i]->standing == STANDING_ACTIVE)
            json_array_append_new(list, shape_write_named(view, "Step", found.all[i]));
    records_clear(&found);
    return list;
}

static json_t *card_completed(const struct view *view, const struct record *card)
{
    (void)view;
    return json_boolean(kind_is(card->parent->kind, "Kanban::DoneColumn"));
}

static json_t *wormholes(const struct view *view, const struct record *board)
{
    const struct record *hole = child_of(board, "Kanban::Wormhole");
    return hole ? json_pack("[o]", shape_write_named(view, "Wormhole", hole)) : json_null();
}

static json_t *destination_url(const struct view *view, const struct record *hole)
{
    const struct record *column = store_find(view->store, record_number(hole, "destination_id"));
    return column ? shape_api_url(view, column->kind->path, column) : json_null();
}

static json_t *public_link_url(const struct view *view, const struct record *board)
{
    return shape_app_url(view, "/buckets/{bucket}/recordings/{id}/publication", board);
}

/* ---- Events ---- */

static bool is_creation(const struct record *event)
{
    return strcmp(record_text(event, "action"), "created") == 0;
}

static json_t *event_boosts_count(const struct view *view, const struct record *event)
{
    (void)view;
    return is_creation(event) ? json_null() : json_integer((json_int_t)record_count(event, "Boost"));
}

static json_t *event_boosts_url(const struct view *view, const struct record *event)
{
    char path[100];
    snprintf(path, sizeof path, "/buckets/{bucket}/recordings/{parent}/events/%lld/boosts", (long long)event->id);
    return is_creation(event) ? json_null() : shape_api_url(view, path, event);
}

static json_t *boosted(const struct view *view, const struct record *boost)
{
    const struct record *of = boost->parent;
    return shape_write_named(view, "Parent", kind_is(of->kind, "Event") ? of->parent : of);
}

static json_t *short_word(const struct view *view, const struct record *record)
{
    const char *last = strrchr(record->kind->word, '_');
    (void)view;
    return json_string(last ? last + 1 : record->kind->word);
}

const struct derivation basecamp3_derivations[] = {
    {"created_at_there", created_at_there}, {"updated_at_there", updated_at_there}, {"starts_at_there", starts_at_there},
    {"ends_at_there", ends_at_there}, {"attachable_sgid", attachable_sgid}, {"avatar_url", avatar_url}, {"bookmark_url", bookmark_url},
    {"owner_name", owner_name}, {"away_start", away_start}, {"away_end", away_end}, {"away_enabled", away_enabled},
    {"away_ongoing", away_ongoing}, {"subscribers", subscribers}, {"subscriber_count", subscriber_count}, {"subscribed", subscribed},
    {"word", word}, {"dock", dock}, {"clientside", clientside}, {"last_needle_color", last_needle_color},
    {"last_needle_position", last_needle_position}, {"previous_needle_position", previous_needle_position}, {"bucket_name", bucket_name},
    {"constructed", constructed}, {"schedule_url", schedule_url}, {"bookmarked_recording", bookmarked_recording},
    {"tool_subscription_url", tool_subscription_url},
    {"deliveries", deliveries}, {"completed_ratio", completed_ratio}, {"all_done", all_done}, {"first_lists", first_lists},
    {"groups_url", groups_url}, {"group_position_url", group_position_url}, {"open_position", open_position}, {"completion", completion},
    {"starts_at", starts_at}, {"ends_at", ends_at}, {"recurring", recurring},
    {"line_attachments", line_attachments}, {"columns", columns}, {"on_hold", on_hold}, {"steps", steps},
    {"card_completed", card_completed}, {"wormholes", wormholes}, {"destination_url", destination_url}, {"public_link_url", public_link_url},
    {"event_boosts_count", event_boosts_count}, {"event_boosts_url", event_boosts_url}, {"boosted", boosted}, {"short_word", short_word},
    {NULL, NULL},
};
