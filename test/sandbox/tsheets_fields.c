/* Makes up the company's custom fields, their items, and which of them are shown to whom. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/tsheets_make.h"

static const char *const field_names[] = {"Equipment", "Mood", "Cost Centre", "Weather", "Badge", "Rate"};
static const char *const item_names[] = {"Tractor", "Shovel", "Bagger", "起重機", "Saw", "Drill, large", "\"Big\" Crane"};

const char *customfield_item(unsigned number)
{
    return item_names[number % COUNT(item_names)];
}

/* The service takes "jobcode" as a filter and sends "job_code". */
void make_customfields(struct tsheets_data *data)
{
    static const char *const applies[] = {"timesheet", "timesheet", "timesheet", "timesheet", "user", "jobcode"};
    struct tsheets_rows *fields = &data->tables[TSHEETS_CUSTOMFIELDS], *items = &data->tables[TSHEETS_ITEMS];

    for (unsigned i = 0; i < fields->count; i++) {
        struct tsheets_row *row = &fields->rows[i];
        bool list = i % 2 == 0;
        char code[8];
        snprintf(code, sizeof code, "c%u", i);
        row->name = field_names[i];
        row->type = list ? "managed-list" : "free-form";
        row->applies_to = applies[i];
        row_set(row, json_pack("{s:I, s:b, s:o, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:[], s:b, s:b}", "id", (json_int_t)row->id,
                               "active", i != 3, "required", loose_boolean(i == 0, i + 1), "applies_to",
                               i == 5 ? "job_code" : row->applies_to, "type", row->type, "short_code", code, "regex_filter",
                               list ? "" : "^[a-z]*$", "name", row->name, "last_modified",
                               moment_json(1704103200 + 86400 * (int64_t)i, 0), "created", moment_json(1672567200, 0),
                               "ui_preference", list ? "drop_down" : "text_box_with_suggest", "required_customfields",
                               "show_to_all", i % 2, "global", i == 5));
    }
    for (unsigned i = 0; i < items->count; i++) {
        struct tsheets_row *row = &items->rows[i];
        row->parent_id = fields->rows[i / COUNT(item_names) * 2].id;
        row->name = customfield_item(i);
        row_set(row, json_pack("{s:I, s:I, s:b, s:s, s:s, s:o, s:[]}", "id", (json_int_t)row->id, "customfield_id",
                               (json_int_t)row->parent_id, "active", i % 6 != 5, "short_code", "", "name", row->name,
                               "last_modified", moment_json(1704103200 + 3600 * (int64_t)i, 0), "required_customfields"));
    }
}

static void add_filter(struct tsheets_data *data, unsigned item, const char *applies_to, int64_t to)
{
    unsigned place = (unsigned)data->tables[TSHEETS_ITEM_FILTERS].count;
    struct tsheets_row *row = tsheets_add(data, TSHEETS_ITEM_FILTERS, 0);
    const struct tsheets_row *of = row_at(data, TSHEETS_ITEMS, item);

    row_set(row, json_pack("{s:I, s:o, s:s, s:o, s:I, s:I, s:o}", "id", (json_int_t)row->id, "active", loose_boolean(place % 7 != 5, place),
                           "applies_to", applies_to, "applies_to_id", loose_id(to, place), "customfielditem_id", (json_int_t)of->id,
                           "customfield_id", (json_int_t)of->parent_id, "last_modified",
                           moment_json(picked_moment(9, place, 1), 0)));
}

/* Fields of which no item is chosen may be there with an empty list. */
static void add_chosen(struct tsheets_data *data, enum tsheets_table table, int64_t of, const char *type, unsigned place)
{
    struct tsheets_row *row = tsheets_add(data, table, of);
    const struct tsheets_row *first = row_at(data, TSHEETS_ITEMS, 0), *second = row_at(data, TSHEETS_ITEMS, 1);
    json_t *chosen = json_pack("{s:[o, o]}", "195901", id_text(first->id), id_text(second->id));
    json_t *object;

    if (place % 3 == 1)
        json_object_set_new(chosen, "195905", json_array());
    if (place % 3 == 2)
        json_object_set_new(chosen, "195905", json_pack("[o]", id_text(row_at(data, TSHEETS_ITEMS, 7)->id)));
    object = made(json_pack("{s:I, s:o, s:o}", "id", (json_int_t)of, "last_modified",
                            moment_json(picked_moment(table, place, 1), 0), "filtered_customfielditems", chosen));
    if (type)
        json_object_set_new(object, "type", json_string(type));
    row_set(row, object);
}

void make_item_filters(struct tsheets_data *data)
{
    const struct tsheets_rows *jobs = &data->tables[TSHEETS_JOBCODES], *users = &data->tables[TSHEETS_USERS],
                              *groups = &data->tables[TSHEETS_GROUPS];
    unsigned place = 0;

    for (unsigned i = 0; i < jobs->count; i++) {
        if (!jobcode_has_items(i))
            continue;
        add_filter(data, 0, "jobcodes", jobs->rows[i].id);
        add_filter(data, 1, "jobcodes", jobs->rows[i].id);
        add_chosen(data, TSHEETS_JOBCODE_FILTERS, jobs->rows[i].id, NULL, place++);
    }
    for (unsigned i = 1; i < users->count; i += 9) {
        add_filter(data, 7, "users", users->rows[i].id);
        add_chosen(data, TSHEETS_USER_FILTERS, users->rows[i].id, "user", i);
    }
    for (size_t i = groups->count; i-- > 0; i -= i < 3 ? i : 3) {
        add_filter(data, 8, "groups", groups->rows[i].id);
        add_chosen(data, TSHEETS_USER_FILTERS, groups->rows[i].id, "group", (unsigned)i);
    }
}
