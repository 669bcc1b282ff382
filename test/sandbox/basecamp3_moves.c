/* Writes of Basecamp 3 that change one thing: a place, a colour, who watches, whether it is done. */
#include <string.h>

#include "test/sandbox/basecamp3.h"

static json_t *field(const struct call *call, const char *name)
{
    return json_object_get(call->body, name);
}

static bool is_post(const struct call *call)
{
    return strcmp(call->request->method, "POST") == 0;
}

static bool is_delete(const struct call *call)
{
    return strcmp(call->request->method, "DELETE") == 0;
}

/* ---- Places ---- */

void basecamp3_number(struct record *record, const char *kinds, int64_t position)
{
    struct records siblings = {0};
    int at = 1;

    records_add_children(&siblings, record->parent, kinds);
    records_sort(&siblings, "position");
    if (position < 1)
        position = 1;
    for (size_t i = 0; i < siblings.count; i++) {
        if (siblings.all[i] == record)
            continue;
        if (at == position)
            at++;
        siblings.all[i]->position = at++;
    }
    record->position = position < at ? (int)position : at;
    records_clear(&siblings);
}

/* The whole number of a field; false after answering that it is none. */
static bool read_number(struct call *call, const char *name, int64_t standard, int64_t *number)
{
    const json_t *value = field(call, name);
    *number = value ? json_integer_value(value) : standard;
    if (!value || json_is_integer(value))
        return true;
    call_fail(call, 400, "%s must be a whole number", name);
    return false;
}

void basecamp3_place(struct call *call)
{
    int64_t position;
    if (!read_number(call, "position", 1, &position))
        return;
    basecamp3_number(call->record, call->record->kind->name, position);
    store_touch(call->store, call->record);
    call_done(call);
}

/* Under another parent as the last, with an event that tells from where. */
static void adopt(struct call *call, struct record *record, struct record *parent)
{
    int64_t old = record->parent->id;
    record_move(record, parent);
    basecamp3_event(call->store, record, "adopted", json_pack("{s:I, s:I, s:[]}", "new_parent_id", (json_int_t)parent->id, "parent_id_was",
                                                              (json_int_t)old, "notified_recipient_ids"));
}

void basecamp3_place_todo(struct call *call)
{
    struct record *parent = call->record->parent;
    int64_t position, id;

    if (!read_number(call, "position", 1, &position) || !read_number(call, "parent_id", parent->id, &id))
        return;
    if (id != parent->id) {
        parent = store_find(call->store, id);
        if (!parent || !kind_is(parent->kind, "Todolist") || parent->bucket != call->record->bucket) {
            call_missing(call);
            return;
        }
        adopt(call, call->record, parent);
    }
    basecamp3_place(call);
}

void basecamp3_place_step(struct call *call)
{
    int64_t position, id;
    struct record *step;

    if (!read_number(call, "position", 0, &position) || !read_number(call, "source_id", 0, &id))
        return;
    step = store_find(call->store, id);
    if (!step || !kind_is(step->kind, "Kanban::Step") || step->parent != call->record) {
        call_missing(call);
        return;
    }
    basecamp3_number(step, "Kanban::Step", position + 1);
    store_touch(call->store, step);
    call_done(call);
}

void basecamp3_place_tool(struct call *call)
{
    int64_t position;

    if (!(call->record->kind->traits & KIND_TOOL) || !read_number(call, "position", 1, &position)) {
        if (!call->answer->status)
            call_missing(call);
        return;
    }
    call->record->position = is_delete(call) ? 0 : (int)(position > 0 ? position : 1);
    store_touch(call->store, call->record);
    if (is_delete(call))
        call_done(call);
    else
        answer_bytes(call->answer, is_post(call) ? 201 : 200, NULL, text_copy(""), 0);
}

/* ---- Card tables ---- */

static const struct record *board_of(const struct record *record)
{
    while (record && !kind_is(record->kind, "Kanban::Board"))
        record = record->parent;
    return record;
}

/* To a column of any table that can be seen, or to its part on hold. */
void basecamp3_move_card(struct call *call)
{
    struct record *card = call->record, *column;
    int64_t id, position;

    if (!read_number(call, "column_id", 0, &id) || !read_number(call, "position", 1, &position))
        return;
    column = store_find(call->store, id);
    if (!column || !kind_is(column->kind, "Column|Kanban::OnHold") || record_standing(column) != STANDING_ACTIVE) {
        call_missing(call);
        return;
    }
    if (board_of(column) != board_of(card)) {
        call_fail(call, 422, "The column is not of the card's table");
        return;
    }
    if (column != card->parent)
        adopt(call, card, column);
    basecamp3_number(card, "Kanban::Card", position);
    store_touch(call->store, card);
    call_done(call);
}

/* Triage, Not now and Done stay where they are; the target is the table, or the column whose place is taken. */
void basecamp3_move_column(struct call *call)
{
    struct record *source, *target;
    int64_t source_id, target_id, position;

    if (!read_number(call, "source_id", 0, &source_id) || !read_number(call, "target_id", 0, &target_id) ||
        !read_number(call, "position", 1, &position))
        return;
    source = store_find(call->store, source_id);
    target = store_find(call->store, target_id);
    if (!source || !target || board_of(source) != call->record || board_of(target) != call->record) {
        call_missing(call);
        return;
    }
    if (!kind_is(source->kind, "Kanban::Column")) {
        call_fail(call, 422, "This column can not be moved");
        return;
    }
    if (!field(call, "position") && kind_is(target->kind, "Kanban::Column"))
        position = target->position;
    basecamp3_number(source, "Kanban::Column", position);
    store_touch(call->store, source);
    call_done(call);
}

void basecamp3_set_color(struct call *call)
{
    static const char colors[] = "white red orange yellow green blue aqua purple gray pink brown";
    const json_t *within = field(call, "calendar");
    const char *color = json_string_value(within ? json_object_get(within, "color") : field(call, "color"));

    if (!color || !word_among(colors, color)) {
        call_json(call, 422, json_pack("{s:{s:[s]}}", "errors", "color", "is not a valid color"));
        return;
    }
    record_set(call->record, "color", json_string(color));
    store_touch(call->store, call->record);
    call_json(call, 200, shape_write_whole(&call->view, call->record));
}

/* Makes the column's part for cards on hold, or takes it away; its cards go back to the column. */
void basecamp3_hold(struct call *call)
{
    struct records holds = {0}, cards = {0};

    records_add_children(&holds, call->record, "Kanban::OnHold");
    if (is_post(call) && holds.count == 0)
        store_add(call->store, "Kanban::OnHold", call->record, json_pack("{s:s}", "title", "On hold"));
    if (is_delete(call) && holds.count > 0) {
        records_add_children(&cards, holds.all[0], "Kanban::Card");
        for (size_t i = 0; i < cards.count; i++) {
            record_move(cards.all[i], call->record);
            basecamp3_number(cards.all[i], "Kanban::Card", INT32_MAX);
        }
        holds.all[0]->gone = true;
    }
    records_clear(&holds);
    records_clear(&cards);
    store_touch(call->store, call->record);
    call_json(call, 200, shape_write_whole(&call->view, call->record));
}

/* ---- Who watches ---- */

static void set_subscriber(struct call *call, int64_t person, bool wanted)
{
    if (!record_get(call->record, "subscriber_ids"))
        record_set(call->record, "subscriber_ids", basecamp3_subscribers(call->store, call->record));
    record_enlist(call->record, "subscriber_ids", person, wanted);
}

void basecamp3_watch(struct call *call)
{
    set_subscriber(call, call->store->me->id, is_post(call));
    store_touch(call->store, call->record);
    call_done(call);
}

void basecamp3_subscribe(struct call *call)
{
    const json_t *id;
    size_t i;

    if (is_delete(call)) {
        basecamp3_watch(call);
        return;
    }
    if (is_post(call))
        set_subscriber(call, call->store->me->id, true);
    json_array_foreach(field(call, "subscriptions"), i, id)
        set_subscriber(call, json_integer_value(id), true);
    json_array_foreach(field(call, "unsubscriptions"), i, id)
        set_subscriber(call, json_integer_value(id), false);
    store_touch(call->store, call->record);
    basecamp3_subscription(call);
}

/* ---- Done or not ---- */

static void set_completed(struct call *call, bool completed)
{
    struct record *record = call->record;
    if (record_true(record, "completed") != completed)
        basecamp3_event(call->store, record, completed ? "completed" : "uncompleted", NULL);
    record_set(record, "completed", json_boolean(completed));
    store_touch(call->store, record);
    if (completed) {
        record_set(record, "completed_at", json_integer(record->updated));
        record_set(record, "completer_id", json_integer(call->store->me->id));
    }
}

void basecamp3_complete(struct call *call)
{
    set_completed(call, is_post(call));
    call_done(call);
}

void basecamp3_complete_step(struct call *call)
{
    const char *completion = json_string_value(field(call, "completion"));
    set_completed(call, completion && strcmp(completion, "on") == 0);
    call_json(call, 200, shape_write_whole(&call->view, call->record));
}

/* ---- Flags ---- */

void basecamp3_pin(struct call *call)
{
    record_set(call->record, "pinned", json_boolean(is_post(call)));
    store_touch(call->store, call->record);
    call_done(call);
}

void basecamp3_pause(struct call *call)
{
    record_set(call->record, "paused", json_boolean(is_post(call)));
    store_touch(call->store, call->record);
    call_json(call, 200, json_pack("{s:b}", "paused", is_post(call)));
}

void basecamp3_show_clients(struct call *call)
{
    record_set(call->record, "visible_to_clients", json_boolean(json_is_true(field(call, "visible_to_clients"))));
    store_touch(call->store, call->record);
    call_json(call, 200, shape_write_whole(&call->view, call->record));
}

void basecamp3_away(struct call *call)
{
    if (is_delete(call)) {
        json_object_del(call->record->members, "out_of_office");
        store_touch(call->store, call->record);
        call_done(call);
        return;
    }
    const json_t *given = field(call, "out_of_office");
    json_t *start = json_object_get(given, "start_date"), *end = json_object_get(given, "end_date");
    if (!json_is_string(start) || !json_is_string(end)) {
        call_fail(call, 400, "start_date and end_date are required");
        return;
    }
    record_set(call->record, "out_of_office", json_pack("{s:O, s:O}", "start_date", start, "end_date", end));
    store_touch(call->store, call->record);
    basecamp3_out_of_office(call);
}

void basecamp3_toggle_gauge(struct call *call)
{
    bool enabled = json_is_true(json_object_get(field(call, "gauge"), "enabled"));
    struct records gauges = {0};

    records_add_children(&gauges, call->record, "Gauge");
    struct record *gauge = gauges.count ? gauges.all[0] : store_add(call->store, "Gauge", call->record, json_pack("{s:s}", "title", "Gauge"));
    records_clear(&gauges);
    record_set(gauge, "enabled", json_boolean(enabled));
    store_touch(call->store, gauge);
    call_json(call, 200, shape_write_whole(&call->view, gauge));
}

void basecamp3_track_hill(struct call *call)
{
    static const char *const lists[] = {"tracked", "untracked"};
    const json_t *id;
    size_t i;

    for (size_t list = 0; list < 2; list++)
        json_array_foreach(field(call, lists[list]), i, id) {
            struct record *todolist = store_find(call->store, json_integer_value(id));
            if (!todolist || todolist->parent != call->record)
                continue;
            if (list == 0)
                record_set(todolist, "hill", json_integer(0));
            else
                json_object_del(todolist->members, "hill");
        }
    store_touch(call->store, call->record);
    basecamp3_hill(call);
}

/* ---- Mine ---- */

void basecamp3_mark_read(struct call *call)
{
    const json_t *readables = field(call, "readables"), *sgid;
    size_t count, i;
    struct record *const *readings = store_all(call->store, store_kind(call->store, "Reading"), &count);

    for (size_t r = 0; r < count; r++) {
        const struct record *recording = store_find(call->store, record_number(readings[r], "recording_id"));
        json_t *about = recording ? shape_write_named(&call->view, "ReadRecording", recording) : NULL;
        json_array_foreach(readables, i, sgid)
            if (about && json_equal(json_object_get(about, "readable_sgid"), (json_t *)sgid)) {
                record_set(readings[r], "unread_count", json_integer(0));
                store_touch(call->store, readings[r]);
                record_set(readings[r], "read_at", json_integer(readings[r]->updated));
            }
        json_decref(about);
    }
    answer_bytes(call->answer, 200, NULL, text_copy(""), 0);
}

struct record *basecamp3_bookmark_of(const struct store *store, const struct record *record)
{
    size_t count;
    struct record *const *all = store_all(store, store_kind(store, "Bookmark"), &count);
    for (size_t i = 0; i < count; i++)
        if (!all[i]->gone && record_number(all[i], "recording_id") == record->id)
            return all[i];
    return NULL;
}

void basecamp3_bookmark(struct call *call)
{
    struct record *bookmark = basecamp3_bookmark_of(call->store, call->record);

    if (is_delete(call)) {
        if (bookmark)
            bookmark->gone = true;
        store_touch(call->store, call->record);
        call_done(call);
        return;
    }
    if (!bookmark)
        bookmark = store_add(call->store, "Bookmark", NULL, json_pack("{s:I}", "recording_id", (json_int_t)call->record->id));
    store_touch(call->store, bookmark);
    call_json(call, 201, shape_write_whole(&call->view, bookmark));
}

void basecamp3_prioritize(struct call *call)
{
    struct record *record = is_delete(call) ? call->record : store_find(call->store, json_integer_value(field(call, "recording_id")));
    if (!record || !kind_is(record->kind, "Todo|Kanban::Card|Kanban::Step")) {
        call_missing(call);
        return;
    }
    if (is_delete(call))
        json_object_del(record->members, "priority_recording_id");
    else
        record_set(record, "priority_recording_id", json_integer(record->id));
    store_touch(call->store, record);
    call_done(call);
}
