/* Searching Basecamp 3. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/basecamp3.h"

static const char searched[] =
    "Todolist|Todo|Message|Comment|Document|Upload|Vault|Schedule::Entry|Question|Question::Answer|Inbox::Forward|Line|Kanban::Card|"
    "Client::Correspondence";

/* What is looked at: the title and whatever text the record has. */
static bool matches(const struct record *record, const char *query)
{
    static const char *const texts[] = {"content", "description"};
    char *title = record_title(record);
    bool found = strcasestr(title, query) != NULL;

    free(title);
    for (size_t i = 0; !found && i < sizeof texts / sizeof texts[0]; i++) {
        const char *text = record_text(record, texts[i]);
        found = text && strcasestr(text, query);
    }
    return found;
}

/* A recording's type by the search's own names: lines count as their chat, uploads as attachments. */
static bool of_type(const struct call *call, const struct record *record)
{
    static const char *const names[] = {"type", "type_names[]"};
    const char *key = kind_is(record->kind, "Line") ? "Chat::Transcript" : kind_is(record->kind, "Upload") ? "Attachment" : record->kind->name;
    bool any = false;

    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        const json_t *values = json_object_get(call->request->queries, names[n]), *value;
        size_t i;
        json_array_foreach(values, i, value) {
            any = any || *json_string_value(value);
            if (strcmp(json_string_value(value), key) == 0)
                return true;
        }
    }
    return !any;
}

static bool of_file_type(const struct call *call, const struct record *record)
{
    const char *wanted = call_query(call, "file_type"), *type = record_text(record, "content_type");
    if (!wanted || !*wanted)
        return true;
    return type && strcasestr(type, wanted);
}

static bool recent_enough(const struct call *call, const struct record *record)
{
    static const struct { const char *name; int days; } spans[] = {
        {"last_7_days", 7}, {"last_30_days", 30}, {"last_90_days", 90}, {"last_12_months", 365},
    };
    const char *since = call_query(call, "since");
    for (size_t i = 0; since && i < sizeof spans / sizeof spans[0]; i++)
        if (strcmp(since, spans[i].name) == 0)
            return record->created >= call->store->now - spans[i].days * 86400000LL;
    return true;
}

/* As in lists, but without the long texts; an excerpt stands in their place. */
static json_t *result(const struct call *call, const struct record *record)
{
    json_t *json = shape_write_listed(&call->view, record);
    const char *content = record_text(record, "content"), *description = record_text(record, "description");

    json_object_set_new(json, "content", json_null());
    json_object_set_new(json, "description", json_null());
    json_object_set_new(json, "plain_text_content", json_string(content ? content : ""));
    json_object_set_new(json, "plain_text_description", json_string(description ? description : ""));
    return json;
}

void basecamp3_search(struct call *call)
{
    const char *query = call_query(call, "q"), *chat = call_query(call, "exclude_chat"), *per_page = call_query(call, "per_page");
    unsigned sizes[] = {per_page ? (unsigned)strtoul(per_page, NULL, 10) : 0, 0};
    struct records found = {0};
    size_t kept = 0, first, count;

    if (!query || !*query) {
        call_fail(call, 400, "param is missing or the value is empty: q");
        return;
    }
    records_add_within(&found, call->store, NULL, searched);
    for (size_t i = 0; i < found.count; i++) {
        struct record *record = found.all[i];
        bool quiet = !chat || (*chat != '1' && *chat != 't') || !kind_is(record->kind, "Line");
        if (quiet && record_standing(record) == STANDING_ACTIVE && of_type(call, record) && of_file_type(call, record) &&
            recent_enough(call, record) && call_query_has(call, "bucket_id", record->bucket->id) &&
            call_query_has(call, "bucket_ids", record->bucket->id) && call_query_has(call, "creator_id", record->creator->id) &&
            call_query_has(call, "creator_ids", record->creator->id) && matches(record, query))
            found.all[kept++] = record;
    }
    found.count = kept;
    records_sort(&found, "-created");
    if (call_page(call, sizes[0] ? sizes : call->product->pages, found.count, &first, &count)) {
        json_t *list = json_array();
        for (size_t i = first; i < first + count; i++)
            json_array_append_new(list, result(call, found.all[i]));
        call_json(call, 200, list);
    }
    records_clear(&found);
}

void basecamp3_search_metadata(struct call *call)
{
    static const char *const types[][2] = {
        {NULL, "Everything"}, {"Kanban::Card", "Cards"}, {"Chat::Transcript", "Chats"}, {"Question", "Check-ins"},
        {"Client::Correspondence", "Emails with clients"}, {"Comment", "Comments"}, {"Document", "Documents"},
        {"Schedule::Entry", "Events"}, {"Attachment", "Files"}, {"Vault", "Folders"}, {"Inbox::Forward", "Forwards"},
        {"Message", "Messages"}, {"Todo", "To-dos"},
    };
    static const char *const files[][2] = {{NULL, "All files"}, {"Image", "Images"}, {"Audio", "Sounds"}, {"Video", "Films"}, {"PDF", "PDFs"}};
    json_t *type_list = json_array(), *file_list = json_array();

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        json_array_append_new(type_list, json_pack("{s:s?, s:s}", "key", types[i][0], "value", types[i][1]));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        json_array_append_new(file_list, json_pack("{s:s?, s:s}", "key", files[i][0], "value", files[i][1]));
    call_json(call, 200, json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:s}", "recording_search_types", type_list, "file_search_types", file_list,
                                   "default_creator_label", "by anybody", "default_bucket_label", "Anywhere", "default_circle_label",
                                   "with anybody", "default_file_type_label", "All files", "default_type_label", "Everything"));
}
