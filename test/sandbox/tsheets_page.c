/* How TSheets answers a list: what it checks, the page, the envelope, side data. */
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/tsheets_answer.h"
#include "test/sandbox/tsheets_member.h"

void tsheets_fail(struct answer *answer, unsigned status, const char *message)
{
    answer_json(answer, status, json_pack("{s:{s:i, s:s}}", "error", "code", (int)status, "message", message));
}

bool given_is(const json_t *given, const char *name, const char *value)
{
    const char *text = json_string_value(json_object_get(given, name));
    return text && strcmp(text, value) == 0;
}

unsigned long given_count(const json_t *given, const char *name, unsigned long standard, unsigned long largest)
{
    const char *value = json_string_value(json_object_get(given, name));
    char *end;
    if (!value)
        return standard;
    unsigned long number = strtoul(value, &end, 10);
    return *value >= '0' && *value <= '9' && !*end && number <= largest ? number : 0;
}

bool given_page(const json_t *given, size_t *first, size_t *limit, struct answer *answer)
{
    unsigned long page = given_count(given, "page", 1, 1000000);
    *limit = given_count(given, "limit", PAGE_LARGEST, PAGE_LARGEST);
    *first = (page - 1) * *limit;
    if (page && *limit)
        return true;
    tsheets_fail(answer, 417, page ? "Expectation failed: 'limit' must be from 1 to 200" : "Expectation failed: 'page' must be 1 or more");
    return false;
}

bool given_side(const json_t *given, bool *wanted, struct answer *answer)
{
    *wanted = !given_is(given, "supplemental_data", "no");
    if (!*wanted || !json_object_get(given, "supplemental_data") || given_is(given, "supplemental_data", "yes"))
        return true;
    tsheets_fail(answer, 417, "Expectation failed: 'supplemental_data' must be yes or no");
    return false;
}

/* Whether one whole alternative up to the next '&' is given; *required is moved there. */
static bool has_alternative(const char **required, const json_t *given)
{
    char name[40];
    bool found = false;
    while (**required && **required != '&') {
        bool whole = true;
        do {
            size_t length = strcspn(*required, "|+&");
            snprintf(name, sizeof name, "%.*s", (int)length, *required);
            const char *value = json_string_value(json_object_get(given, name));
            whole = whole && value && *value;
            *required += length;
        } while (**required == '+' && (*required)++);
        found = found || whole;
        if (**required == '|')
            (*required)++;
    }
    return found;
}

static bool has_required(const char *required, const json_t *given)
{
    while (*required) {
        if (!has_alternative(&required, given))
            return false;
        if (*required)
            required++;
    }
    return true;
}

void side_mark(const struct tsheets_data *data, enum tsheets_table table, int64_t id, struct side_data *side)
{
    const struct tsheets_row *row = tsheets_find(data, table, id);
    if (!row)
        return;
    if (!side->marked[table])
        side->marked[table] = zeroed(data->tables[table].count, sizeof(bool));
    side->marked[table][row - data->tables[table].rows] = true;
    side->any[table] = true;
}

/* What the members named in sides refer to. */
static void mark_sides(const char *sides, const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    char name[40];
    while (*sides) {
        size_t length = strcspn(sides, " "), entity = strcspn(sides + length + 1, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, sides);
        enum tsheets_table table = tsheets_table_named(sides + length + 1, entity);
        const json_t *member = member_of(row->object, name);
        for (size_t i = 0; i < json_array_size(member); i++)
            side_mark(data, table, number_of(json_array_get(member, i)), side);
        if (member && !json_is_array(member))
            side_mark(data, table, number_of(member), side);
        sides += length + 1 + entity;
        sides += *sides == ',';
    }
}

void side_write(FILE *out, const struct tsheets_data *data, struct side_data *side)
{
    const char *between = "";
    fputs(",\"supplemental_data\":{", out);
    for (int table = 0; table < TSHEETS_TABLES; table++) {
        const struct tsheets_rows *rows = &data->tables[table];
        if (!side->any[table])
            continue;
        fprintf(out, "%s\"%s\":{", between, rows->entity);
        between = "";
        for (size_t i = 0; i < rows->count; i++) {
            if (!side->marked[table][i])
                continue;
            fprintf(out, "%s\"%lld\":%s", between, (long long)rows->rows[i].id, rows->rows[i].json);
            between = ",";
        }
        fputc('}', out);
        between = ",";
        free(side->marked[table]);
    }
    fputc('}', out);
}

/* The envelope: results keyed by id, more, side data. */
static void write_page(const struct tsheets_list *list, const struct tsheets_data *data, const json_t *given,
                       const struct tsheets_row **rows, size_t count, bool more, bool with_side, struct answer *answer)
{
    bool extended = list->extended && list->extended(given);
    struct side_data side = {0};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    if (!out)
        abort();
    fprintf(out, "{\"results\":{\"%s\":", data->tables[list->table].entity);
    if (count == 0)
        fputs(list->empty, out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s\"%lld\":", i ? "," : "{", (long long)rows[i]->id);
        if (extended && rows[i]->extended)
            fputs(rows[i]->extended, out);
        else
            fwrite(rows[i]->json, 1, rows[i]->length, out);
    }
    if (count)
        fputc('}', out);
    if (!list->more_inside)
        fputc('}', out);
    if (!list->no_pages)
        fprintf(out, ",\"more\":%s", more ? "true" : "false");
    if ((list->mark || list->sides) && count && with_side) {
        for (size_t i = 0; i < count; i++)
            if (list->mark)
                list->mark(data, rows[i], &side);
            else
                mark_sides(list->sides, data, rows[i], &side);
        side_write(out, data, &side);
    }
    fputs(list->more_inside ? "}}" : "}", out);
    fclose(out);
    answer_bytes(answer, 200, "application/json; charset=utf-8", text, length);
}

void tsheets_answer_list(const struct tsheets_list *list, const struct tsheets_data *data, const struct request *request,
                         struct answer *answer)
{
    const struct tsheets_rows *all = &data->tables[list->table];
    const json_t *given = request->query;
    struct filter_set filters;
    size_t first, limit;
    bool with_side;
    char *why = NULL;

    if (!given_page(given, &first, &limit, answer) || !given_side(given, &with_side, answer))
        return;
    if (list->required && !has_required(list->required, given)) {
        char message[240];
        snprintf(message, sizeof message, "Expectation failed: one of these filters is required: %s", list->required);
        tsheets_fail(answer, 417, message);
        return;
    }
    if (!filter_read(list->filters, given, &filters, &why)) {
        tsheets_fail(answer, 417, why);
        free(why);
        return;
    }
    if (list->no_pages) {
        first = 0;
        limit = all->count;
    }

    const struct tsheets_row **passed = zeroed(all->count, sizeof(struct tsheets_row *));
    size_t count = 0, last = first + limit;
    for (size_t i = 0; i < all->count && (list->order || count <= last); i++)
        if (filter_passes(&filters, data, &all->rows[i]) && (!list->narrow || list->narrow(given, data, &all->rows[i])))
            passed[count++] = &all->rows[i];
    filter_clear(&filters);
    if (list->order)
        list->order(given, data, passed, count);
    write_page(list, data, given, first < count ? passed + first : passed,
               first >= count ? 0 : last < count ? limit : count - first, last < count, with_side, answer);
    free(passed);
}

void tsheets_answer_current_user(const struct tsheets_data *data, const struct request *request, struct answer *answer)
{
    const struct tsheets_row *me = tsheets_caller(data);
    bool with_side;
    if (given_side(request->query, &with_side, answer))
        write_page(tsheets_list_named("users"), data, request->query, &me, 1, false, with_side, answer);
}
