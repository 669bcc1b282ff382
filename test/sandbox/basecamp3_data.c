/* Makes up an account of Basecamp 3: people, projects with their docks, to-dos, cards; what else lies in a project is made by
 * basecamp3_contents.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/basecamp3_data.h"

enum { HOUR_MS = 3600000, DAY_MS = 86400000 };

struct record *basecamp3_make_one(struct maker *maker, const char *kind, struct record *parent, json_t *members)
{
    struct record *record = maker_add(maker, kind, parent, members);
    if (!record->kind->word || !(record->kind->traits & KIND_RECORDING))
        return record;
    struct record *event = basecamp3_event(maker->store, record, "created", NULL);
    event->creator = record->creator;
    event->created = event->updated = record->created;
    return record;
}

struct record *basecamp3_make_placed(struct maker *maker, const char *kind, struct record *parent, int position, json_t *members)
{
    struct record *record = basecamp3_make_one(maker, kind, parent, members);
    record->position = position;
    return record;
}

void basecamp3_make_comments(struct maker *maker, struct record *record, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        json_t *content = maker_pick(maker, 30, 4) ? words_json(WORDS_HTML, maker_pick(maker, 31, 100))
                                                   : words_json(WORDS_TEXTS, maker_pick(maker, 31, 100));
        struct record *comment = basecamp3_make_one(maker, "Comment", record, json_pack("{s:o}", "content", content));
        if (i % 5 == 1)
            maker_add(maker, "Boost", comment, json_pack("{s:o}", "content", words_json(WORDS_BOOSTS, i)));
    }
}

/* ---- People ---- */

static void make_people(struct account *account)
{
    struct store *store = account->store;
    for (unsigned i = 0; i < account->people; i++) {
        char mail[48];
        snprintf(mail, sizeof mail, i ? "person%u@example.com" : "ada@example.com", i);
        json_t *members = json_pack("{s:o, s:s, s:o, s:o, s:o}", "name", words_json(WORDS_PEOPLE, i), "email_address", mail,
                                    "title", i % 4 == 3 ? json_null() : words_json(WORDS_JOBS, i),
                                    "bio", i % 5 == 1 ? json_null() : words_json(WORDS_TEXTS, i),
                                    "location", i % 3 ? json_null() : json_string("Zürich, \"Kreis 4\""));
        if (i % 4 != 2)
            json_object_set_new(members, "company", json_pack("{s:i, s:s}", "id", 1033447817 + (int)(i % 3), "name",
                                                              i % 3 ? "Nordwind GmbH" : account->name));
        if (i == 0 || i % 7 == 3)
            json_object_set_new(members, "admin", json_true());
        if (i == 0)
            json_object_set_new(members, "owner", json_true());
        if (i % 6 == 5) {
            json_object_set_new(members, "client", json_true());
            json_object_set_new(members, "employee", json_false());
            json_object_set_new(members, "can_manage_projects", json_false());
        }
        if (i == 2) {       /* who wrote what every account has at the beginning */
            json_object_set_new(members, "personable_type", json_string("DummyUser"));
            json_object_set_new(members, "email_address", json_null());
            json_object_set_new(members, "employee", json_false());
        }
        if (i % 6 == 4)
            json_object_set_new(members, "out_of_office", json_pack("{s:o, s:o}", "start_date", maker_day(-2), "end_date", maker_day(6)));
        struct record *person = store_add(store, "Person", NULL, members);
        person->created = store->now - (400LL + i) * DAY_MS - i;
        person->updated = person->created + (i % 3) * 7 * HOUR_MS;
        if (i == 0)
            store->me = person;
    }
}

/* ---- Docks ---- */

void basecamp3_make_dock(struct store *store, struct record *bucket)
{
    static const struct { const char *kind, *title; bool standard; } tools[] = {
        {"Message::Board", "Message Board", true}, {"Todoset", "To-dos", true}, {"Vault", "Docs & Files", true},
        {"Chat::Transcript", "Chat", true}, {"Schedule", "Schedule", true}, {"Questionnaire", "Automatic Check-ins", false},
        {"Inbox", "Email Forwards", false}, {"Kanban::Board", "Card Table", false},
    };
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        struct record *tool = store_add(store, tools[i].kind, bucket, json_pack("{s:s}", "title", tools[i].title));
        tool->position = tools[i].standard ? (int)i + 1 : 0;
        tool->created = tool->updated = bucket->created;
    }
}

/* Which tools a project has beyond the standard ones: all, the card table, or none; every fourth has some twice. */
static void vary_dock(struct maker *maker, struct record *project, unsigned number)
{
    int position = 5;
    for (struct record *tool = project->first; tool; tool = tool->next) {
        bool wanted = number % 3 == 0 || (number % 3 == 1 && kind_is(tool->kind, "Kanban::Board"));
        if (tool->kind->traits & KIND_TOOL && tool->position == 0 && wanted)
            tool->position = ++position;
        if (number % 5 == 3 && kind_is(tool->kind, "Chat::Transcript"))
            tool->position = 0;
    }
    if (number % 4 != 2)
        return;
    static const char *const twice[] = {"Todoset", "Message::Board", "Kanban::Board"};
    for (size_t i = 0; i < sizeof twice / sizeof twice[0]; i++)
        basecamp3_make_placed(maker, twice[i], project, ++position, json_pack("{s:s}", "title", "Zweites: „Extra“"));
}

/* ---- To-dos ---- */

static void make_todo(struct maker *maker, struct record *list, int position, unsigned number)
{
    json_t *members = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "content", words_json(WORDS_TASKS, maker->serial % 4000),
                                "description", maker_html(maker, 40), "due_on", maker_date(maker, 41, 100, 40),
                                "starts_on", number % 6 == 1 ? maker_day(-30) : json_null(),
                                "assignee_ids", maker_people(maker, 44, 3), "completion_subscriber_ids", maker_people(maker, 46, 2));
    struct record *todo = basecamp3_make_placed(maker, "Todo", list, position, members);

    if (number % 3 == 1) {
        struct record *completer = maker->people[maker_pick(maker, 48, (unsigned)maker->people_count)];
        record_set(todo, "completed", json_true());
        record_set(todo, "completed_at", json_integer(todo->updated));
        record_set(todo, "completer_id", json_integer(completer->id));
        struct record *event = basecamp3_event(maker->store, todo, "completed", NULL);
        event->creator = completer;
        event->created = event->updated = todo->updated;
        if (number % 6 == 4)
            maker_add(maker, "Boost", event, json_pack("{s:o}", "content", words_json(WORDS_BOOSTS, number)));
    } else if (number % 11 == 2) {
        struct record *event = basecamp3_event(maker->store, todo, "adopted", json_pack(
            "{s:I, s:I, s:[]}", "new_parent_id", (json_int_t)list->id, "parent_id_was", (json_int_t)list->parent->id, "notified_recipient_ids"));
        event->created = event->updated = todo->updated;
    }
    if (number % 2 == 0 && record_lists(todo, "assignee_ids", maker->store->me->id))
        record_set(todo, "priority_recording_id", json_integer(todo->id));
    if (number % 10 == 9)
        todo->standing = number % 20 == 9 ? STANDING_ARCHIVED : STANDING_TRASHED;
    if (number % 8 == 3)
        basecamp3_make_comments(maker, todo, 1 + number % 3);
    if (number % 13 == 6)
        basecamp3_make_one(maker, "Timesheet::Entry", todo, json_pack(
            "{s:s, s:o, s:s, s:s, s:I}", "title", "Time", "date", maker_day(-(int64_t)(number % 60)), "hours", number % 2 ? "1.5" : "0.25",
            "description", number % 4 ? "Am „Projekt“" : "", "person_id", (json_int_t)maker->people[number % maker->people_count]->id));
}

/* So many to-dos in lists: the first has half of them, every third list has groups, and there is an archived and a trashed one. */
static void make_todoset(struct maker *maker, struct record *todoset, unsigned todos)
{
    unsigned lists = 3 + todos / 40, made = 0;

    for (unsigned i = 0; i < lists + 2; i++) {
        json_t *members = json_pack("{s:o, s:o}", "name", words_json(WORDS_LISTS, i), "description", maker_html(maker, 50));
        struct record *list = basecamp3_make_placed(maker, "Todolist", todoset, (int)i + 1, members), *groups[2] = {list, list};
        unsigned share = i == 0 ? todos / 2 : i < lists ? (todos - todos / 2) / (lists - 1) : 1;
        if (i == lists - 1 && made < todos)
            share = todos - made;
        if (i == lists || i == lists + 1)
            list->standing = i == lists ? STANDING_ARCHIVED : STANDING_TRASHED;
        if (i % 3 == 1)
            for (unsigned g = 0; g < 2; g++)
                groups[g] = basecamp3_make_placed(maker, "Todolist", list, (int)g + 1, json_pack(
                    "{s:s, s:o}", "name", g ? "Gruppe B" : "Group A", "color", g ? json_string("green") : json_null()));
        if (i % 2 == 0)
            record_set(list, "hill", json_integer((json_int_t)(i * 17 % 101)));
        if (i == 2)
            basecamp3_make_comments(maker, list, 2);
        for (unsigned t = 0; t < share; t++, made++)
            make_todo(maker, t % 3 ? groups[t % 2] : list, (int)t + 1, made);
    }
}

/* ---- Card tables ---- */

static void make_cards(struct maker *maker, struct record *column, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        json_t *members = json_pack("{s:o, s:o, s:o, s:o, s:o}", "title", words_json(WORDS_TASKS, maker_pick(maker, 60, 200)),
                                    "content", maker_html(maker, 61), "due_on", maker_date(maker, 63, 30, 30),
                                    "assignee_ids", maker_people(maker, 65, 2), "completion_subscriber_ids", maker_people(maker, 67, 1));
        struct record *card = basecamp3_make_placed(maker, "Kanban::Card", column, (int)i + 1, members);
        for (unsigned s = 0; s < i % 4; s++) {
            struct record *step = basecamp3_make_placed(maker, "Kanban::Step", card, (int)s + 1, json_pack(
                "{s:o, s:o, s:o}", "title", words_json(WORDS_TASKS, maker_pick(maker, 68, 100)), "due_on", maker_date(maker, 69, 10, 30),
                "assignee_ids", maker_people(maker, 71, 2)));
            if (s == 1)
                record_set(step, "completed", json_true());
        }
        if (i % 3 == 2)
            basecamp3_make_comments(maker, card, 1 + i % 2);
        if (i % 4 == 3)
            maker_add(maker, "Boost", card, json_pack("{s:o}", "content", words_json(WORDS_BOOSTS, i)));
        if (i == 5)
            card->standing = STANDING_ARCHIVED;
    }
}

static void make_board(struct maker *maker, struct record *board, unsigned number)
{
    static const struct { const char *kind, *title, *color; unsigned cards; } columns[] = {
        {"Kanban::Triage", "Triage", NULL, 3}, {"Kanban::NotNowColumn", "Not now", NULL, 2}, {"Kanban::Column", "In Arbeit", "purple", 7},
        {"Kanban::Column", "Prüfung", NULL, 2}, {"Kanban::Column", "待機", "orange", 0}, {"Kanban::DoneColumn", "Done", NULL, 4},
    };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        json_t *color = columns[i].color ? json_string(columns[i].color) : json_null();
        struct record *column = maker_add(maker, columns[i].kind, board, json_pack(
            "{s:s, s:o, s:o}", "title", columns[i].title, "color", color, "description", i == 3 ? json_string("Vier Augen") : json_null()));
        if (kind_is(column->kind, "Kanban::Column"))
            column->position = (int)i - 1;
        make_cards(maker, column, columns[i].cards + (i ? number % 3 : 0));
        if (i == 3)
            make_cards(maker, maker_add(maker, "Kanban::OnHold", column, json_pack("{s:s}", "title", "On hold")), 1);
        if (i == 4 && number % 2 == 0)
            maker_add(maker, "Kanban::Wormhole", board, json_pack("{s:s, s:n, s:I}", "title", "Anderswo", "color", "destination_id",
                                                                  (json_int_t)column->id));
    }
}

/* ---- Projects ---- */

static void fill(struct maker *maker, struct record *project, unsigned number)
{
    basecamp3_make_project_contents(maker, project, number);
    for (struct record *tool = project->first; tool; tool = tool->next) {
        if (!(tool->kind->traits & KIND_TOOL) || tool->position == 0)
            continue;
        if (kind_is(tool->kind, "Todoset"))
            make_todoset(maker, tool, tool->position > 5 ? 3 : maker->account->todos);
        else if (kind_is(tool->kind, "Kanban::Board"))
            make_board(maker, tool, number);
        else
            basecamp3_make_tool_contents(maker, tool, number);
    }
}

static struct record *make_project(struct maker *maker, unsigned number)
{
    struct store *store = maker->store;
    json_t *people = json_pack("[I]", (json_int_t)store->me->id);
    bool client = number % 3 == 1;
    json_t *members = json_pack("{s:o, s:o, s:b, s:b, s:o, s:b}", "name", words_json(WORDS_PROJECTS, number), "description",
                                number % 3 == 2 ? json_null() : words_json(WORDS_TEXTS, number), "clients_enabled", client,
                                "timesheet_enabled", number % 2, "color", number % 4 == 3 ? json_string("#3185c5") : json_null(),
                                "bookmarked", number % 5 == 0);
    struct record *project = store_add(store, "Project", NULL, members);

    for (size_t i = 1; i < maker->people_count; i++)
        if (i % (number % 3 + 1) == 0)
            json_array_append_new(people, json_integer(maker->people[i]->id));
    record_set(project, "people_ids", people);
    if (number % 6 == 5)
        record_set(project, "purpose", json_string("team"));
    if (client)
        record_set(project, "client_company", json_pack("{s:i, s:s}", "id", 1033447818, "name", "Leitwerk & Co."));
    project->creator = maker->people[number % 3];
    project->created = store->now - (200LL - number % 30) * DAY_MS;
    project->updated = store->now - (number % 40) * HOUR_MS;
    if (number % 8 == 4 || number % 8 == 6)
        project->standing = number % 8 == 4 ? STANDING_ARCHIVED : STANDING_TRASHED;
    basecamp3_make_dock(store, project);
    vary_dock(maker, project, number);
    struct record *event = basecamp3_event(store, project, "access_changed", NULL);
    event->created = event->updated = project->created;
    fill(maker, project, number);
    return project;
}

void basecamp3_make(struct account *account)
{
    struct store *store = account->store;

    make_people(account);
    struct maker maker = maker_begin(account, store_kind(store, "Person"));
    for (unsigned i = 0; i < account->projects; i++)
        make_project(&maker, i);
    basecamp3_make_account_contents(&maker);
}
