/* Makes up an account of Basecamp 2. */
#include <stdio.h>
#include <string.h>

#include "test/sandbox/basecamp2.h"
#include "test/sandbox/basecamp_maker.h"

enum { HOUR_MS = 3600000, DAY_MS = 86400000 };

/* Some of them look like numbers. */
static const char *const colors[] = {"3185c5", "318505", "c54a31", "000000"};

static struct record *add(struct maker *maker, const char *kind, struct record *parent, const char *action, json_t *members)
{
    struct record *record = maker_add(maker, kind, parent, members);
    if (action) {
        struct record *event = basecamp2_event(maker->store, record, action);
        event->creator = record->creator;
        event->created = event->updated = record->created;
    }
    return record;
}

/* ---- People ---- */

static void make_people(struct account *account)
{
    struct store *store = account->store;
    for (unsigned i = 0; i < account->people; i++) {
        char mail[48];
        snprintf(mail, sizeof mail, i ? "person%u@example.com" : "ada@example.com", i);
        struct record *person = store_add(store, "Person", NULL, json_pack(
            "{s:o, s:i, s:s, s:b, s:b}", "name", words_json(WORDS_PEOPLE, i), "identity_id", (int)(982871737 + 3 * i), "email_address", mail,
            "admin", i % 5 == 0, "is_client", i % 6 == 5));
        person->created = store->now - (700LL + i) * DAY_MS;
        person->updated = person->created + (i % 3) * 9LL * HOUR_MS;
        if (i == 0)
            store->me = person;
        if (i % 8 == 7)
            person->standing = STANDING_TRASHED;
    }
}

static void make_groups(struct maker *maker)
{
    for (unsigned i = 0; i < 3; i++) {
        struct record *group = maker_add(maker, "Group", NULL, json_pack("{s:o, s:o}", "name", words_json(WORDS_LISTS, i), "person_ids",
                                                                         maker_people(maker, 120, 4)));
        for (unsigned s = 0; s < i; s++)
            maker_add(maker, "Subgroup", group, json_pack("{s:o, s:o}", "name", words_json(WORDS_JOBS, s), "person_ids",
                                                          maker_people(maker, 122, 2)));
    }
}

/* ---- Comments and files ---- */

static void make_files(struct maker *maker, struct record *parent, unsigned count)
{
    static const char *const types[] = {"image/png", "application/pdf", "application/msword", "image/jpeg", "application/vnd.ms-excel",
                                        "video/mp4", "audio/mpeg", "text/plain"};
    for (unsigned i = 0; i < count; i++) {
        unsigned file = maker_pick(maker, 130, 8);
        add(maker, "Attachment", parent, NULL, json_pack(
            "{s:o, s:i, s:s, s:o}", "name", words_json(WORDS_FILES, file), "byte_size", (int)maker_pick(maker, 131, 9000000),
            "content_type", types[file], "tags", file % 3 == 0 ? json_pack("[s]", "favorite gifs") :
                                                 file % 3 == 1 ? json_pack("[s, s]", "Berichte", "a, b") : json_array()));
    }
}

static void make_comments(struct maker *maker, struct record *record, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        json_t *content = words_json(WORDS_TEXTS, maker_pick(maker, 132, 100));
        struct record *comment = add(maker, "Comment", record, NULL, json_pack("{s:o}", "content", content));
        struct record *event = basecamp2_event(maker->store, comment, "commented on");
        record_set(event, "excerpt", json_incref(content));
        record_set(event, "attachments", json_array());
        event->creator = comment->creator;
        event->created = event->updated = comment->created;
        make_files(maker, comment, i % 4 == 1);
        struct record *topic = basecamp2_topic(maker->store, record);
        if (topic->updated < comment->created || topic->updated > maker->store->now - 1)
            topic->updated = comment->created;
        topic->created = record->created;
    }
}

/* ---- In projects ---- */

static void make_todo(struct maker *maker, struct record *list, int position, unsigned number)
{
    unsigned who = maker_pick(maker, 140, 3);
    struct record *todo = add(maker, "Todo", list, "added a to-do", json_pack(
        "{s:o, s:o, s:o}", "content", words_json(WORDS_TASKS, maker->serial % 4000), "due_on", maker_date(maker, 141, 60, 40), "assignee_id",
        who ? json_integer(maker->people[maker_pick(maker, 143, (unsigned)maker->people_count)]->id) : json_null()));

    todo->position = position;
    if (number % 3 == 1 || list->position == 3) {
        record_set(todo, "completed", json_true());
        record_set(todo, "completed_at", json_integer(todo->updated));
        struct record *event = basecamp2_event(maker->store, todo, "completed a to-do");
        event->created = event->updated = todo->updated;
    }
    if (number % 9 == 8)
        todo->standing = STANDING_TRASHED;
    if (number % 7 == 2)
        make_comments(maker, todo, 1 + number % 2);
}

/* The first list has half of the to-dos, the third is done, the last is trashed. */
static void make_todolists(struct maker *maker, struct record *project, unsigned todos)
{
    unsigned lists = 4 + todos / 50;
    for (unsigned i = 0; i <= lists; i++) {
        struct record *list = add(maker, "Todolist", project, "created a to-do list", json_pack(
            "{s:o, s:o, s:b}", "name", words_json(WORDS_LISTS, i), "description", words_json(WORDS_TEXTS, i), "private",
            record_true(project, "is_client_project") && i == 1));
        list->position = (int)i + 1;
        list->standing = i == lists ? STANDING_TRASHED : STANDING_ACTIVE;
        unsigned share = i == 0 ? todos / 2 : i < lists ? (todos - todos / 2) / (lists - 1) : 1;
        for (unsigned t = 0; t < share; t++)
            make_todo(maker, list, (int)t + 1, t);
        if (i == 1)
            make_comments(maker, list, 1);
    }
}

static void make_discussions(struct maker *maker, struct record *project, unsigned number)
{
    for (unsigned i = 0; i < (number == 0 ? 60u : 4 + number % 3); i++) {
        struct record *message = add(maker, "Message", project, "posted a message", json_pack(
            "{s:o, s:o}", "subject", words_json(WORDS_SUBJECTS, i), "content", words_json(WORDS_HTML, i)));
        struct record *topic = basecamp2_topic(maker->store, message);
        topic->created = topic->updated = message->created;
        if (i % 5 == 4)
            topic->standing = STANDING_ARCHIVED;
        make_files(maker, message, i % 3);
        make_comments(maker, message, number == 0 && i == 0 ? 12 : i % 3);
    }
    for (unsigned i = 0; i < 4; i++) {
        struct record *document = add(maker, "Document", project, "created a document", json_pack(
            "{s:o, s:o, s:I}", "title", words_json(WORDS_SUBJECTS, 3 * i), "content", maker_html(maker, 150), "updater_id",
            (json_int_t)maker->people[i % maker->people_count]->id));
        document->standing = i == 3 ? STANDING_TRASHED : STANDING_ACTIVE;
        make_comments(maker, document, i % 2);
    }
    for (unsigned i = 0; i < 3; i++) {
        struct record *upload = add(maker, "Upload", project, "uploaded a file", json_pack("{s:o}", "content", words_json(WORDS_TEXTS, i)));
        make_files(maker, upload, 1);
        make_comments(maker, upload, i);
        struct record *forward = add(maker, "Forward", project, "forwarded an email", json_pack(
            "{s:o, s:o, s:o, s:s}", "subject", words_json(WORDS_SUBJECTS, i + 2), "from",
            i % 2 ? json_null() : json_string("Tom Käufer (tom@example.com)"), "content", words_json(WORDS_TEXTS, i + 1), "content_html",
            "<html><body><p>…</p></body></html>"));
        make_files(maker, forward, i % 2);
        make_comments(maker, forward, i % 2);
    }
    maker_add(maker, "LinkedAttachment", project->last, json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:[s]}", "name", "Überlegungen", "content_type", "application/vnd.google-apps.document", "linked_source",
        "google", "linked_type", "document", "link_url", "https://docs.example.com/document/d/1", "tags", "writing"));
}

/* Timed and whole-day ones about today; every fifth is repeated. */
static void make_events(struct maker *maker, struct record *bucket, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        bool whole = i % 2 == 1;
        int64_t day = BASECAMP_TODAY_DAY - 30 + 5 * (int64_t)(i % 14), start = day * DAY_MS + (whole ? 0 : (14 + (int64_t)i % 5) * HOUR_MS);
        json_t *members = json_pack("{s:o, s:o, s:b, s:I, s:I}", "summary", words_json(WORDS_MEETINGS, i), "description",
                                    words_json(WORDS_TEXTS, i), "all_day", whole, "starts_at", (json_int_t)start, "ends_at",
                                    (json_int_t)(start + (whole ? (int64_t)(i % 3) * DAY_MS : HOUR_MS)));
        if (i % 5 == 3)
            json_object_set_new(members, "recurring", json_pack(
                "{s:s, s:o, s:o, s:[i]}", "frequency", i % 2 ? "every_week" : "every_day", "count", i % 10 == 3 ? json_integer(12) : json_null(),
                "until", i % 10 == 3 ? json_null() : maker_day(day - BASECAMP_TODAY_DAY + 30), "excluding", 2));
        make_comments(maker, add(maker, "CalendarEvent", bucket, "added an event", members), i % 3 == 2);
    }
}

static void set_access(struct maker *maker, struct record *bucket, unsigned every)
{
    json_t *ids = json_pack("[I]", (json_int_t)maker->store->me->id);
    for (size_t i = 1; i < maker->people_count; i++)
        if (i % every == 0)
            json_array_append_new(ids, json_integer(maker->people[i]->id));
    record_set(bucket, "people_ids", ids);
}

static void make_project(struct maker *maker, unsigned number, const char *kind)
{
    struct store *store = maker->store;
    struct record *project = store_add(store, kind, NULL, json_pack(
        "{s:o, s:o, s:b, s:s}", "name", words_json(WORDS_PROJECTS, number), "description",
        number % 3 == 2 ? json_null() : words_json(WORDS_TEXTS, number), "is_client_project", number % 3 == 1, "color", colors[number % 4]));

    project->creator = maker->people[number % 3];
    project->created = store->now - (200LL - number % 30) * DAY_MS;
    project->updated = store->now - (number % 40) * HOUR_MS;
    set_access(maker, project, number % 3 + 1);
    if (strcmp(kind, "Template") == 0) {
        make_todolists(maker, project, 4);
        return;
    }
    if (number % 8 == 4)
        project->standing = STANDING_ARCHIVED;
    if (number % 8 == 6)
        record_set(project, "draft", json_true());
    if (number % 4 == 0)
        maker_add(maker, "Star", project, json_pack("{s:I}", "project_id", (json_int_t)project->id));
    make_todolists(maker, project, maker->account->todos);
    make_discussions(maker, project, number);
    make_events(maker, project, number == 0 ? 24 : 6);
}

void basecamp2_make(struct account *account)
{
    struct store *store = account->store;
    static const char *const calendars[] = {"Vacation", "Board Meetings", "休暇"};

    make_people(account);
    struct maker maker = maker_begin(account, store_kind(store, "Person"));
    for (unsigned i = 0; i < account->projects; i++)
        make_project(&maker, i, "Project");
    for (unsigned i = 0; i < 2; i++)
        make_project(&maker, i + 3, "Template");
    for (unsigned i = 0; i < sizeof calendars / sizeof calendars[0]; i++) {
        struct record *calendar = maker_add(&maker, "Calendar", NULL, json_pack("{s:s, s:s}", "name", calendars[i], "color", colors[i + 1]));
        set_access(&maker, calendar, i + 1);
        make_events(&maker, calendar, i == 0 ? 60 : 8);
    }
    make_groups(&maker);
}
