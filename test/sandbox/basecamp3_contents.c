/* Makes up the rest of an account of Basecamp 3: messages, files, schedules, check-ins, emails, chats, clients, gauges, hours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/basecamp3_data.h"

enum { HOUR_MS = 3600000, DAY_MS = 86400000 };

static const char *const icons[] = {"\U0001F4E2", "\u2728", "\u2764\uFE0F", "\U0001F4A1"};

static void boost(struct maker *maker, struct record *record, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        maker_add(maker, "Boost", record, json_pack("{s:o}", "content", words_json(WORDS_BOOSTS, i)));
}

/* ---- In tools ---- */

/* The first board of the first project has more than a page, and its first message more than a page of comments. */
static void make_messages(struct maker *maker, struct record *board, unsigned number)
{
    struct records categories = {0};
    unsigned count = number == 0 ? 20 : 3 + number % 4;

    records_add_children(&categories, board->bucket, "Category");
    for (unsigned i = 0; i < count; i++) {
        struct record *message = basecamp3_make_one(maker, "Message", board, json_pack(
            "{s:o, s:o}", "subject", words_json(WORDS_SUBJECTS, i), "content", maker_html(maker, 80)));
        if (i % 4 == 1 && categories.count)
            record_set(message, "category_id", json_integer(categories.all[i % categories.count]->id));
        if (i % 6 == 5)
            message->standing = i % 12 == 5 ? STANDING_ARCHIVED : STANDING_TRASHED;
        basecamp3_make_comments(maker, message, number == 0 && i == 0 ? 40 : i % 3);
        boost(maker, message, i % 3);
    }
    records_clear(&categories);
}

static void make_files(struct maker *maker, struct record *vault, unsigned depth)
{
    static const char *const types[] = {"image/png", "application/pdf", "application/msword", "image/jpeg", "application/vnd.ms-excel",
                                        "video/mp4", "audio/mpeg", "text/plain"};
    unsigned count = depth == 0 ? 4 : 2;

    for (unsigned i = 0; i < count; i++) {
        struct record *document = basecamp3_make_placed(maker, "Document", vault, (int)i + 1, json_pack(
            "{s:o, s:o}", "title", words_json(WORDS_SUBJECTS, maker_pick(maker, 82, 40)), "content", maker_html(maker, 83)));
        basecamp3_make_comments(maker, document, i % 2);
        if (i == 3)
            document->standing = STANDING_TRASHED;
    }
    for (unsigned i = 0; i < count + 1; i++) {
        unsigned file = maker_pick(maker, 85, 8);
        json_t *members = json_pack("{s:o, s:s, s:i, s:o}", "filename", words_json(WORDS_FILES, file), "content_type", types[file],
                                    "byte_size", (int)(100 + maker_pick(maker, 86, 5000000)), "description", maker_html(maker, 87));
        if (strncmp(types[file], "image/", 6) == 0) {
            json_object_set_new(members, "width", json_integer(640));
            json_object_set_new(members, "height", i % 2 ? json_integer(480) : json_real(480.0));
        }
        struct record *upload = basecamp3_make_placed(maker, "Upload", vault, (int)(count + i) + 1, members);
        if (i == 1) {
            struct record *event = basecamp3_event(maker->store, upload, "file_replaced", NULL);
            event->created = event->updated = upload->updated;
        }
        boost(maker, upload, i % 2);
    }
    if (depth == 0) {
        basecamp3_make_placed(maker, "GoogleDocument", vault, 20, json_pack(
            "{s:s, s:s, s:s}", "title", "Tabelle", "document_type", "sheet", "link", "https://docs.example.com/spreadsheets/1"));
        basecamp3_make_placed(maker, "CloudFile", vault, 21, json_pack(
            "{s:s, s:s, s:{s:s, s:s, s:s, s:[s]}}", "title", "Entwurf", "link", "https://files.example.com/f/1", "service", "name", "Other",
            "example_url", "https://files.example.com/", "code", "other", "valid_patterns", "^https://"));
    }
    for (unsigned i = 0; depth < 2 && i < 2 - depth; i++)
        make_files(maker, basecamp3_make_placed(maker, "Vault", vault, (int)i + 30, json_pack(
            "{s:o}", "title", words_json(WORDS_LISTS, depth * 3 + i))), depth + 1);
}

/* Timed, whole days, whole days written as dates, and every fifth again and again. */
static void make_entries(struct maker *maker, struct record *schedule, unsigned number)
{
    for (unsigned i = 0; i < 7 + number % 3; i++) {
        bool whole = i % 3 == 1, again = i % 5 == 4;
        int64_t day = BASECAMP_TODAY_DAY - 20 + 6 * (int64_t)i + (int64_t)number % 5;
        int64_t start = day * DAY_MS + (whole ? 0 : (8 + (int64_t)i) * HOUR_MS);
        json_t *members = json_pack("{s:o, s:o, s:b, s:I, s:I, s:o}", "summary", words_json(WORDS_MEETINGS, i), "description",
                                    maker_html(maker, 90), "all_day", whole, "starts_at", (json_int_t)start, "ends_at",
                                    (json_int_t)(start + (whole ? (int64_t)(i % 2) * DAY_MS : HOUR_MS * 3 / 2)),
                                    "participant_ids", maker_people(maker, 92, 4));
        if (whole && i % 2)
            json_object_set_new(members, "plain_dates", json_true());
        if (again)
            json_object_set_new(members, "recurrence_schedule", json_pack(
                "{s:s, s:[i, i], s:i, s:i, s:n, s:o, s:o}", "frequency", "every_week", "days", (int)((day + 4) % 7), (int)((day + 6) % 7),
                "hour", (int)(8 + i), "minute", 0, "week_instance", "start_date", maker_day(day - BASECAMP_TODAY_DAY), "end_date",
                i % 2 ? json_null() : maker_day(day - BASECAMP_TODAY_DAY + 40)));
        struct record *entry = basecamp3_make_one(maker, "Schedule::Entry", schedule, members);
        basecamp3_make_comments(maker, entry, i % 2);
        if (i == 6)
            entry->standing = STANDING_ARCHIVED;
        if (i == 2) {
            struct record *event = basecamp3_event(maker->store, entry, "rescheduled", NULL);
            event->created = event->updated = entry->updated;
        }
    }
}

static void make_questions(struct maker *maker, struct record *questionnaire)
{
    for (unsigned i = 0; i < 2; i++) {
        struct record *question = basecamp3_make_one(maker, "Question", questionnaire, json_pack(
            "{s:o, s:b, s:{s:s, s:[i, i, i, i, i], s:i, s:i, s:n, s:n, s:n, s:o, s:n, s:n}}", "title", words_json(WORDS_QUESTIONS, i),
            "paused", i == 1, "schedule", "frequency", i ? "every_week" : "every_day", "days", 1, 2, 3, 4, 5, "hour", 9, "minute", 30 * (int)i,
            "week_instance", "week_interval", "month_interval", "start_date", maker_day(-60), "duration", "end_date"));
        for (unsigned day = 0; day < 6; day++)
            for (unsigned p = 0; p < 3; p++) {
                struct record *answer = basecamp3_make_one(maker, "Question::Answer", question, json_pack(
                    "{s:o, s:o}", "content", words_json(WORDS_HTML, day + p), "group_on", maker_day(-(int64_t)day - 1)));
                answer->creator = maker->people[(p + day) % maker->people_count];
                basecamp3_make_comments(maker, answer, day == 1);
            }
        maker_add(maker, "Reminder", NULL, json_pack("{s:I, s:o, s:I}", "remind_at", (json_int_t)(maker->store->now + HOUR_MS * (i + 1)),
                                                     "group_on", maker_day(0), "question_id", (json_int_t)question->id));
    }
}

static void make_forwards(struct maker *maker, struct record *inbox)
{
    for (unsigned i = 0; i < 3; i++) {
        struct record *forward = basecamp3_make_one(maker, "Inbox::Forward", inbox, json_pack(
            "{s:o, s:o, s:o}", "subject", words_json(WORDS_SUBJECTS, i + 3), "content", words_json(WORDS_HTML, i), "from",
            i % 2 ? json_null() : json_string("Tom Käufer (tom@example.com)")));
        for (unsigned r = 0; r < i; r++)
            boost(maker, basecamp3_make_one(maker, "Inbox::Reply", forward, json_pack("{s:o}", "content", words_json(WORDS_HTML, r + 1))), r);
    }
}

static void make_chat(struct maker *maker, struct record *chat, unsigned number)
{
    for (unsigned i = 0; i < (number == 0 ? 50u : 6u); i++) {
        const char *kind = i % 10 == 7 ? "Chat::Lines::Upload" : i % 4 ? "Chat::Lines::RichText" : "Chat::Lines::Text";
        json_t *members = i % 10 == 7 ? json_pack("{s:o}", "title", words_json(WORDS_FILES, i))
                                      : json_pack("{s:o}", "content", i % 4 ? words_json(WORDS_HTML, i) : words_json(WORDS_TEXTS, i));
        boost(maker, basecamp3_make_one(maker, kind, chat, members), i % 7 == 3);
    }
    maker_add(maker, "Chatbot", chat, json_pack("{s:s, s:o}", "service_name", "Capistrano", "command_url",
                                                number % 2 ? json_null() : json_string("https://example.com/bot")));
}

void basecamp3_make_tool_contents(struct maker *maker, struct record *tool, unsigned number)
{
    if (kind_is(tool->kind, "Message::Board"))
        make_messages(maker, tool, tool->position > 5 ? 1 : number);
    else if (kind_is(tool->kind, "Vault"))
        make_files(maker, tool, 0);
    else if (kind_is(tool->kind, "Schedule"))
        make_entries(maker, tool, number);
    else if (kind_is(tool->kind, "Questionnaire"))
        make_questions(maker, tool);
    else if (kind_is(tool->kind, "Inbox"))
        make_forwards(maker, tool);
    else if (kind_is(tool->kind, "Chat::Transcript"))
        make_chat(maker, tool, number);
}

/* ---- Beside them ---- */

static void make_client_side(struct maker *maker, struct record *project)
{
    struct record *board = maker_add(maker, "Client::Board", project, json_pack("{s:s}", "title", "Client board"));
    for (unsigned i = 0; i < 3; i++) {
        struct record *letter = basecamp3_make_one(maker, "Client::Correspondence", board, json_pack(
            "{s:o, s:o}", "subject", words_json(WORDS_SUBJECTS, i), "content", maker_html(maker, 100)));
        struct record *approval = basecamp3_make_one(maker, "Client::Approval", board, json_pack(
            "{s:o, s:s, s:o, s:s, s:I}", "subject", words_json(WORDS_SUBJECTS, i + 2), "content", "", "due_on",
            i ? json_null() : maker_day(9), "approval_status", i == 2 ? "approved" : "pending", "approver_id",
            (json_int_t)maker->people[i]->id));
        for (unsigned r = 0; r < i + 1; r++)
            basecamp3_make_one(maker, "Client::Reply", r % 2 ? approval : letter, json_pack("{s:o}", "content", words_json(WORDS_HTML, r)));
        if (i == 2)
            basecamp3_make_one(maker, "Client::Approval::Response", approval, json_pack(
                "{s:s, s:s, s:b}", "title", "Answer", "content", "Sehr gut!", "approved", 1));
    }
}

static void make_gauge(struct maker *maker, struct record *project, unsigned number)
{
    static const char *const colors[] = {"green", "yellow", "red"};
    struct record *gauge = maker_add(maker, "Gauge", project, json_pack("{s:s, s:s}", "title", "Gauge", "description", "<div>…</div>"));
    for (unsigned i = 0; i < number % 4; i++) {
        struct record *needle = basecamp3_make_one(maker, "Gauge::Needle", gauge, json_pack(
            "{s:s, s:o, s:s, s:i}", "title", "Progress", "description", maker_html(maker, 102), "color", colors[(number + i) % 3],
            "position", (int)(20 * i + number % 20)));
        needle->created = gauge->created + (int64_t)(i + 1) * HOUR_MS;      /* one after the other */
        basecamp3_make_comments(maker, needle, i % 2);
    }
}

void basecamp3_make_project_contents(struct maker *maker, struct record *project, unsigned number)
{
    for (size_t i = 0; i < sizeof icons / sizeof icons[0]; i++)
        maker_add(maker, "Category", project, json_pack("{s:o, s:s}", "name", words_json(WORDS_JOBS, i == 3 ? 5 : i), "icon", icons[i]));
    if (number % 3 == 1)
        make_client_side(maker, project);
    if (number % 2 == 0 || number == 1)
        make_gauge(maker, project, number ? number : 3);
    if (number % 2 == 1) {
        struct record *timesheet = maker_add(maker, "Timesheet", project, json_pack("{s:s}", "title", "Timesheet"));
        for (unsigned i = 0; i < 3; i++)
            basecamp3_make_one(maker, "Timesheet::Entry", timesheet, json_pack(
                "{s:s, s:o, s:s, s:s, s:I}", "title", "Time", "date", maker_day(-(int64_t)(7 * i + number % 7)), "hours", i ? "8.0" : "0.5",
                "description", "", "person_id", (json_int_t)maker->people[i % maker->people_count]->id));
    }
    if (number % 4 == 0)
        for (unsigned i = 0; i < 2; i++)
            maker_add(maker, "Webhook", project, json_pack("{s:b, s:s, s:o, s:b}", "active", i == 0, "payload_url",
                                                           i ? "https://example.com/endpoint?x=1&y=2" : "https://example.com/hook", "types",
                                                           i ? json_pack("[s, s]", "Todo", "Todolist") : json_pack("[s]", "all"),
                                                           "delivered", i == 0));
}

/* ---- Of the account ---- */

static struct record *first_of(const struct store *store, const char *kind, size_t n)
{
    size_t count;
    struct record *const *all = store_all(store, store_kind(store, kind), &count);
    return n < count ? all[n] : NULL;
}

/* Some messages and to-dos that I have read, have not, or want to remember. */
static void make_readings(struct maker *maker)
{
    for (unsigned i = 0; i < 70; i++) {
        const struct record *recording = first_of(maker->store, i % 2 ? "Message" : "Todo", i / 2);
        int unread = i < 4 ? (int)i % 3 + 1 : 0;
        if (!recording || record_standing(recording) != STANDING_ACTIVE)
            continue;
        struct record *reading = maker_add(maker, "Reading", NULL, json_pack(
            "{s:I, s:s, s:i, s:I}", "recording_id", (json_int_t)recording->id, "section", i % 10 == 9 ? "mentions" : "inbox", "unread_count",
            unread, "unread_at", (json_int_t)recording->created));
        if (!unread)
            record_set(reading, "read_at", json_integer(recording->created + HOUR_MS));
        if (i % 20 == 6) {
            record_set(reading, "memory", json_true());
            record_set(reading, "section", json_string("remembered"));
        }
    }
}

static void make_mine(struct maker *maker)
{
    struct store *store = maker->store;
    for (unsigned i = 0; i < 3; i++) {
        struct record *message = first_of(store, "Message", i), *document = first_of(store, "Document", i);
        if (!message || !document)
            break;
        maker_add(maker, "Bookmark", NULL, json_pack("{s:I}", "recording_id", (json_int_t)(i % 2 ? message : document)->id));
        maker_add(maker, "Draft", message->parent, json_pack("{s:s, s:s, s:n, s:s, s:n}", "title", "Entwurf", "type", "message", "parent",
                                                             "excerpt", "Noch nicht fertig …", "scheduled_posting_at"));
    }
    struct record *note = store_add(store, "Note", NULL, json_pack("{s:s}", "content", "<div>Nicht vergessen</div>"));
    record_set(note, "id", json_integer(note->id));
    record_set(note, "created_at", json_integer(note->created));
    record_set(note, "updated_at", json_integer(note->updated));
    store_add(store, "Preferences", NULL, NULL);
}

void basecamp3_make_account_contents(struct maker *maker)
{
    struct store *store = maker->store;
    struct account *account = maker->account;
    struct record *record = store_add(store, "Account", NULL, json_pack("{s:I, s:s, s:o, s:s}", "id", (json_int_t)account->id, "name",
        account->name, "project_limit", account->project_limit ? json_integer(account->project_limit) : json_null(),
        "proper_name", "Sandbox Plan"));
    record->created = store->now - 900LL * DAY_MS;

    for (unsigned i = 0; i < 3; i++) {
        struct record *bucket = store_add(store, "Template", NULL, json_pack("{s:o, s:o}", "name", words_json(WORDS_LISTS, i), "description",
                                                                            i ? json_null() : json_string("Für den Anfang")));
        bucket->standing = i == 2 ? STANDING_ARCHIVED : STANDING_ACTIVE;
        basecamp3_make_dock(store, bucket);
        for (size_t c = 0; i == 0 && c < 2 && first_of(store, "Project", 0); c++) {
            record = maker_add(maker, "Construction", bucket, json_pack("{s:s}", "status", c ? "pending" : "completed"));
            if (c == 0)
                record_set(record, "project_id", json_integer(first_of(store, "Project", 0)->id));
        }
        maker_add(maker, "Marker", NULL, json_pack("{s:o, s:o}", "name", words_json(WORDS_MEETINGS, i), "date", maker_day(30 * (int)i - 30)));
    }
    struct record *calendar = store_add(store, "Calendar", NULL, json_pack("{s:s, s:s}", "name", "Urlaub", "color", "green"));
    store_add(store, "Schedule", calendar, json_pack("{s:s}", "title", "Schedule"))->position = 1;
    json_t *ids = json_array();
    for (size_t i = 0; i < 2 && first_of(store, "Project", i); i++)
        json_array_append_new(ids, json_integer(first_of(store, "Project", i)->id));
    store_add(store, "Stack", NULL, json_pack("{s:s, s:o, s:n, s:s, s:n}", "name", "Kunden", "bucket_ids", ids, "gauges_url", "color", "blue",
                                              "image_url"));
    make_readings(maker);
    make_mine(maker);
}
