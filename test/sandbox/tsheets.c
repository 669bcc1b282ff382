/* The endpoints of TSheets: who may ask, which filters and defaults a list has, paging, the envelope, side data. */
#include "test/sandbox/tsheets.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/oauth_server.h"
#include "test/sandbox/tsheets_data.h"
#include "test/sandbox/tsheets_filter.h"

enum { PAGE_LARGEST = 200 };

struct tsheets {
    struct tsheets_data *data;
    struct oauth_server *oauth;
};

/* Rows of other tables that a page refers to. */
struct side_data {
    bool *marked[TSHEETS_TABLES];
    bool any[TSHEETS_TABLES];
};

struct endpoint {
    const char *name;
    enum tsheets_table table;
    const struct filter_declaration *filters;
    const char *required;       /* alternatives divided by '|', each one or several parameters joined by '+'; NULL = none */
    const char *empty;          /* how an empty set is written */
    bool more_inside;           /* `more` stands within `results` */
    void (*mark)(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side);
    void (*order)(const struct request *request, const struct tsheets_data *data, const struct tsheets_row **rows, size_t count);
};

#define NUMBER(name, expression) \
    static int64_t name(const struct tsheets_data *data, const struct tsheets_row *row) { (void)data; return expression; }
#define TEXT(name, expression) \
    static const char *name(const struct tsheets_data *data, const struct tsheets_row *row) { (void)data; return expression; }

NUMBER(row_id, row->id)
NUMBER(row_user, row->user_id)
NUMBER(row_jobcode, row->jobcode_id)
NUMBER(row_parent, row->parent_id)
NUMBER(row_number, row->number)
NUMBER(row_active, row->active)
NUMBER(row_open, row->on_the_clock)
TEXT(row_name, row->name)
TEXT(row_last_name, row->last_name)
TEXT(row_username, row->username)
TEXT(row_payroll, row->payroll_id)
TEXT(row_type, row->type)
TEXT(row_applies, row->applies_to)

static const struct tsheets_row *user_of(const struct tsheets_data *data, const struct tsheets_row *row)
{
    return tsheets_find(data, TSHEETS_USERS, row->user_id);
}

static const struct tsheets_row *jobcode_of(const struct tsheets_data *data, const struct tsheets_row *row)
{
    return tsheets_find(data, TSHEETS_JOBCODES, row->jobcode_id);
}

NUMBER(user_group, user_of(data, row) ? user_of(data, row)->parent_id : -1)
TEXT(user_payroll, user_of(data, row) ? user_of(data, row)->payroll_id : NULL)
TEXT(user_username, user_of(data, row) ? user_of(data, row)->username : NULL)
TEXT(jobcode_type, jobcode_of(data, row) ? jobcode_of(data, row)->type : NULL)
NUMBER(jobcode_parent, jobcode_of(data, row) ? jobcode_of(data, row)->parent_id : -1)
NUMBER(jobcode_active, jobcode_of(data, row) ? jobcode_of(data, row)->active : -1)

#define IDS {.parameter = "ids", .kind = FILTER_NUMBERS, .number = row_id}
#define ACTIVE(default_) {.parameter = "active", .kind = FILTER_FLAG, .number = row_active, .standard = default_}
#define MODIFIED {.parameter = "modified_since", .kind = FILTER_SINCE}, {.parameter = "modified_before", .kind = FILTER_BEFORE}
#define JOBCODE_TYPES "all regular pto paid_break unpaid_break"

static const struct filter_declaration user_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "not_ids", .kind = FILTER_NOT_NUMBERS, .number = row_id},
    {.parameter = "employee_numbers", .kind = FILTER_NUMBERS, .number = row_number},
    {.parameter = "usernames", .kind = FILTER_TEXTS, .text = row_username},
    {.parameter = "group_ids", .kind = FILTER_NUMBERS, .number = row_parent},
    {.parameter = "not_group_ids", .kind = FILTER_NOT_NUMBERS, .number = row_parent},
    {.parameter = "payroll_ids", .kind = FILTER_TEXTS, .text = row_payroll},
    {.parameter = "first_name", .kind = FILTER_PATTERN, .text = row_name},
    {.parameter = "last_name", .kind = FILTER_PATTERN, .text = row_last_name},
    {0},
};
static const struct filter_declaration group_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "manager_ids", .kind = FILTER_MANAGERS},
    {.parameter = "name", .kind = FILTER_TEXTS, .text = row_name},
    {0},
};
static const struct filter_declaration jobcode_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "parent_ids", .kind = FILTER_PARENTS, .number = row_parent, .standard = "-1"},
    {.parameter = "name", .kind = FILTER_PATTERN, .text = row_name},
    {.parameter = "type", .kind = FILTER_CHOICE, .text = row_type, .choices = JOBCODE_TYPES, .standard = "regular"},
    {.parameter = "customfields", .kind = FILTER_NONE, .choices = "true false"},
    {0},
};
static const struct filter_declaration assignment_filters[] = {
    ACTIVE("both"), MODIFIED,
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user},
    {.parameter = "type", .kind = FILTER_CHOICE, .text = jobcode_type, .choices = JOBCODE_TYPES, .standard = "regular"},
    {.parameter = "jobcode_id", .kind = FILTER_NUMBERS, .number = row_jobcode},
    {.parameter = "jobcode_parent_id", .kind = FILTER_NUMBERS, .number = jobcode_parent},
    {.parameter = "active_jobcodes", .kind = FILTER_FLAG, .number = jobcode_active, .standard = "both"},
    {0},
};
#define TIMESHEET_FILTERS IDS, MODIFIED, \
    {.parameter = "start_date", .kind = FILTER_DATE_FROM}, \
    {.parameter = "end_date", .kind = FILTER_DATE_TO}, \
    {.parameter = "jobcode_ids", .kind = FILTER_TREE}, \
    {.parameter = "user_ids", .kind = FILTER_NUMBERS, .number = row_user}, \
    {.parameter = "group_ids", .kind = FILTER_NUMBERS, .number = user_group}, \
    {.parameter = "jobcode_type", .kind = FILTER_CHOICE, .text = jobcode_type, .choices = JOBCODE_TYPES, .standard = "all"}
static const struct filter_declaration timesheet_filters[] = {
    TIMESHEET_FILTERS,
    {.parameter = "payroll_ids", .kind = FILTER_TEXTS, .text = user_payroll},
    {.parameter = "on_the_clock", .kind = FILTER_FLAG, .number = row_open, .standard = "no"},
    {0},
};
static const struct filter_declaration deleted_filters[] = {
    TIMESHEET_FILTERS,
    {.parameter = "username", .kind = FILTER_TEXTS, .text = user_username},
    {.parameter = "type", .kind = FILTER_CHOICE, .text = row_type, .choices = "both manual regular", .standard = "both"},
    {.parameter = "order_results_by", .kind = FILTER_NONE, .choices = "date fname lname username"},
    {.parameter = "order_results_reverse", .kind = FILTER_NONE, .choices = "0 1"},
    {0},
};
/* `username` overrides user_ids and group_ids. */
static const struct filter_declaration deleted_by_name_filters[] = {
    IDS, MODIFIED,
    {.parameter = "start_date", .kind = FILTER_DATE_FROM},
    {.parameter = "end_date", .kind = FILTER_DATE_TO},
    {.parameter = "jobcode_ids", .kind = FILTER_TREE},
    {.parameter = "jobcode_type", .kind = FILTER_CHOICE, .text = jobcode_type, .choices = JOBCODE_TYPES, .standard = "all"},
    {.parameter = "username", .kind = FILTER_TEXTS, .text = user_username},
    {.parameter = "type", .kind = FILTER_CHOICE, .text = row_type, .choices = "both manual regular", .standard = "both"},
    {.parameter = "order_results_by", .kind = FILTER_NONE, .choices = "date fname lname username"},
    {.parameter = "order_results_reverse", .kind = FILTER_NONE, .choices = "0 1"},
    {0},
};
static const struct filter_declaration customfield_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "applies_to", .kind = FILTER_CHOICE, .text = row_applies, .choices = "all timesheet user jobcode",
     .standard = "timesheet"},
    {.parameter = "value_type", .kind = FILTER_CHOICE, .text = row_type, .choices = "both managed-list free-form", .standard = "both"},
    {0},
};
static const struct filter_declaration item_filters[] = {
    IDS, ACTIVE("yes"), MODIFIED,
    {.parameter = "customfield_id", .kind = FILTER_NUMBERS, .number = row_parent},
    {.parameter = "name", .kind = FILTER_PATTERN, .text = row_name},
    {0},
};

static void mark(const struct tsheets_data *data, enum tsheets_table table, int64_t id, struct side_data *side)
{
    const struct tsheets_row *row = tsheets_find(data, table, id);
    if (!row)
        return;
    if (!side->marked[table])
        side->marked[table] = zeroed(data->tables[table].count, sizeof(bool));
    side->marked[table][row - data->tables[table].rows] = true;
    side->any[table] = true;
}

static void mark_of_user(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    mark(data, TSHEETS_GROUPS, row->parent_id, side);
    for (size_t i = 0; i < 3; i++)      /* the leave codes of pto_balances */
        mark(data, TSHEETS_JOBCODES, data->tables[TSHEETS_JOBCODES].rows[i].id, side);
}

static void mark_of_group(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    mark(data, TSHEETS_USERS, row->managers[0], side);
    mark(data, TSHEETS_USERS, row->managers[1], side);
}

static void mark_of_jobcode(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    mark(data, TSHEETS_JOBCODES, row->parent_id, side);
}

static void mark_of_timesheet(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    mark(data, TSHEETS_USERS, row->user_id, side);
    mark(data, TSHEETS_JOBCODES, row->jobcode_id, side);
}

static void mark_of_item(const struct tsheets_data *data, const struct tsheets_row *row, struct side_data *side)
{
    mark(data, TSHEETS_CUSTOMFIELDS, row->parent_id, side);
}

struct sort_key {
    const char *name;
    int64_t day;
    size_t place;
    const struct tsheets_row *row;
    bool reverse;
};

static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    int order = a->name ? strcasecmp(a->name, b->name) : a->day < b->day ? -1 : a->day > b->day;
    if (order == 0)
        order = a->place < b->place ? -1 : 1;
    return a->reverse ? -order : order;
}

static void order_deleted(const struct request *request, const struct tsheets_data *data, const struct tsheets_row **rows,
                          size_t count)
{
    const char *by = request_query(request, "order_results_by"), *reverse = request_query(request, "order_results_reverse");
    struct sort_key *keys = zeroed(count, sizeof *keys);

    for (size_t i = 0; i < count; i++) {
        const struct tsheets_row *user = user_of(data, rows[i]);
        keys[i] = (struct sort_key){.day = rows[i]->day, .place = i, .row = rows[i], .reverse = reverse && *reverse == '1'};
        if (by && strcmp(by, "date") != 0)
            keys[i].name = *by == 'f' ? user->name : *by == 'l' ? user->last_name : user->username;
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++)
        rows[i] = keys[i].row;
    free(keys);
}

static const struct endpoint endpoints[] = {
    {"users", TSHEETS_USERS, user_filters, NULL, "[]", false, mark_of_user, NULL},
    {"groups", TSHEETS_GROUPS, group_filters, NULL, "\"\"", false, mark_of_group, NULL},
    {"jobcodes", TSHEETS_JOBCODES, jobcode_filters, NULL, "{}", false, mark_of_jobcode, NULL},
    {"jobcode_assignments", TSHEETS_ASSIGNMENTS, assignment_filters, NULL, "[]", true, mark_of_timesheet, NULL},
    {"timesheets", TSHEETS_TIMESHEETS, timesheet_filters, "ids|start_date|modified_since|modified_before", "[]", false,
     mark_of_timesheet, NULL},
    {"timesheets_deleted", TSHEETS_DELETED, deleted_filters, "ids|start_date+end_date|modified_since|modified_before", "\"\"",
     false, mark_of_timesheet, order_deleted},
    {"customfields", TSHEETS_CUSTOMFIELDS, customfield_filters, NULL, "\"\"", false, NULL, NULL},
    {"customfielditems", TSHEETS_ITEMS, item_filters, "customfield_id", "[]", false, mark_of_item, NULL},
};

/* What the service has and the sandbox does not play. */
static const char *const elsewhere[] = {
    "customfielditem_filters", "customfielditem_jobcode_filters", "customfielditem_user_filters", "effective_settings", "estimates",
    "estimate_items", "files", "geofence_configs", "geolocations", "invitations", "last_modified_timestamps", "locations",
    "locations_map", "managed_clients", "notifications", "project_activities", "project_activity_read_times",
    "project_activity_replies", "project_notes", "projects", "reminders", "reports", "schedule_calendars", "schedule_events",
    "time_off_requests", "time_off_request_entries",
};

static void fail(struct answer *answer, unsigned status, const char *message)
{
    answer_json(answer, status, json_pack("{s:{s:i, s:s}}", "error", "code", (int)status, "message", message));
}

/* Whether the request names one whole alternative of what the endpoint requires. */
static bool has_required(const char *required, const struct request *request)
{
    char name[40];
    for (const char *at = required; *at;) {
        bool whole = true;
        do {
            size_t length = strcspn(at, "|+");
            snprintf(name, sizeof name, "%.*s", (int)length, at);
            const char *value = request_query(request, name);
            whole = whole && value && *value;
            at += length;
        } while (*at == '+' && at++);
        if (whole)
            return true;
        if (*at)
            at++;
    }
    return false;
}

/* A whole number from 1 to largest; the standard when absent; 0 when it is neither. */
static unsigned long read_count(const struct request *request, const char *name, unsigned long standard, unsigned long largest)
{
    const char *value = request_query(request, name);
    char *end;
    if (!value)
        return standard;
    unsigned long number = strtoul(value, &end, 10);
    return *value >= '0' && *value <= '9' && !*end && number <= largest ? number : 0;
}

static void write_side_data(FILE *out, const struct tsheets_data *data, const struct side_data *side)
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
    }
    fputc('}', out);
}

/* The envelope: results keyed by id, more, side data. */
static void write_page(const struct endpoint *endpoint, const struct tsheets_data *data, const struct request *request,
                       const struct tsheets_row **rows, size_t count, bool more, struct answer *answer)
{
    const char *supplemental = request_query(request, "supplemental_data"), *fields = request_query(request, "customfields");
    bool extended = fields && strcmp(fields, "true") == 0;
    const char *more_text = more ? "true" : "false";
    struct side_data side = {0};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    if (!out)
        abort();
    fprintf(out, "{\"results\":{\"%s\":", data->tables[endpoint->table].entity);
    if (count == 0)
        fputs(endpoint->empty, out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s\"%lld\":", i ? "," : "{", (long long)rows[i]->id);
        if (extended && rows[i]->extended)
            fputs(rows[i]->extended, out);
        else
            fwrite(rows[i]->json, 1, rows[i]->length, out);
    }
    if (count)
        fputc('}', out);
    if (endpoint->more_inside)
        fprintf(out, ",\"more\":%s}", more_text);
    else
        fprintf(out, "},\"more\":%s", more_text);
    if (endpoint->mark && count && (!supplemental || strcmp(supplemental, "yes") == 0)) {
        for (size_t i = 0; i < count; i++)
            endpoint->mark(data, rows[i], &side);
        write_side_data(out, data, &side);
        for (int table = 0; table < TSHEETS_TABLES; table++)
            free(side.marked[table]);
    }
    fputc('}', out);
    fclose(out);
    answer_bytes(answer, 200, "application/json; charset=utf-8", text, length);
}

static void answer_list(const struct endpoint *endpoint, const struct tsheets_data *data, const struct request *request,
                        struct answer *answer)
{
    const struct tsheets_rows *all = &data->tables[endpoint->table];
    const struct filter_declaration *declared = endpoint->filters;
    unsigned long page = read_count(request, "page", 1, 1000000), limit = read_count(request, "limit", PAGE_LARGEST, PAGE_LARGEST);
    const char *supplemental = request_query(request, "supplemental_data");
    struct filter_set filters;
    char *why = NULL;

    if (endpoint->table == TSHEETS_DELETED && request_query(request, "username"))
        declared = deleted_by_name_filters;
    if (!page || !limit) {
        fail(answer, 417, page ? "Expectation failed: 'limit' must be from 1 to 200" : "Expectation failed: 'page' must be 1 or more");
        return;
    }
    if (supplemental && strcmp(supplemental, "yes") != 0 && strcmp(supplemental, "no") != 0) {
        fail(answer, 417, "Expectation failed: 'supplemental_data' must be yes or no");
        return;
    }
    if (endpoint->required && !has_required(endpoint->required, request)) {
        char message[160];
        snprintf(message, sizeof message, "Expectation failed: one of these filters is required: %s", endpoint->required);
        fail(answer, 417, message);
        return;
    }
    if (!filter_read(declared, request, &filters, &why)) {
        fail(answer, 417, why);
        free(why);
        return;
    }

    const struct tsheets_row **passed = zeroed(all->count, sizeof(struct tsheets_row *));
    size_t count = 0, first = (page - 1) * limit, last = first + limit;
    for (size_t i = 0; i < all->count && (endpoint->order || count <= last); i++)
        if (filter_passes(&filters, data, &all->rows[i]))
            passed[count++] = &all->rows[i];
    filter_clear(&filters);
    if (endpoint->order)
        endpoint->order(request, data, passed, count);
    write_page(endpoint, data, request, first < count ? passed + first : passed,
               first >= count ? 0 : last < count ? limit : count - first, last < count, answer);
    free(passed);
}

/* The user of the token: always the first. */
static void answer_current_user(const struct tsheets_data *data, const struct request *request, struct answer *answer)
{
    const struct tsheets_row *me = &data->tables[TSHEETS_USERS].rows[0];
    write_page(&endpoints[0], data, request, &me, 1, false, answer);
}

static void tsheets_answer(void *context, const struct request *request, struct answer *answer)
{
    const struct tsheets *tsheets = context;
    const char *name = request->path + strlen("/api/v1/");
    enum token_state token = oauth_server_check(tsheets->oauth, request->authorization);

    if (token != TOKEN_VALID) {
        fail(answer, 401, token == TOKEN_MISSING ? "The access token is missing" :
                          token == TOKEN_EXPIRED ? "The access token has expired" : "The access token is not valid");
        answer_header(answer, "WWW-Authenticate", token == TOKEN_MISSING ? "Bearer" : "Bearer error=\"invalid_token\"");
        return;
    }
    bool get = strcmp(request->method, "GET") == 0;
    if (get && strcmp(name, "current_user") == 0) {
        answer_current_user(tsheets->data, request, answer);
        return;
    }
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++)
        if (strcmp(name, endpoints[i].name) == 0) {
            if (get)
                answer_list(&endpoints[i], tsheets->data, request, answer);
            else
                fail(answer, 501, "The method is not implemented for this object");
            return;
        }
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        if (strncmp(name, elsewhere[i], strlen(elsewhere[i])) == 0 && strchr("/", name[strlen(elsewhere[i])])) {
            fail(answer, 501, "The sandbox does not play this object");
            return;
        }
    fail(answer, strcmp(name, "current_user") == 0 ? 501 : 404, "There is no such object or method");
}

static char *tsheets_dsn(void *context, const char *base)
{
    const struct tsheets *tsheets = context;
    char text[640];
    snprintf(text, sizeof text,
             "Driver=RestODBC;Provider=TSheets;URL=%s/api/v1;OAuthAuthorizationURL=%s/api/v1/authorize;"
             "OAuthAccessTokenURL=%s/api/v1/grant;OAuthClientId=%s;OAuthClientSecret={%s};InitiateOAuth=OFF;OAuthAccessToken=%s",
             base, base, base, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, oauth_server_lasting_token(tsheets->oauth));
    return text_copy(text);
}

static bool tsheets_raw(void *context, const char *table, char **text, size_t *length)
{
    const struct tsheets *tsheets = context;
    for (int i = 0; i < TSHEETS_TABLES; i++) {
        const struct tsheets_rows *rows = &tsheets->data->tables[i];
        if (strcmp(rows->entity, table) != 0)
            continue;
        FILE *out = open_memstream(text, length);
        if (!out)
            abort();
        fputc('[', out);
        for (size_t row = 0; row < rows->count; row++)
            fprintf(out, "%s%s", row ? ",\n" : "", rows->rows[row].extended ? rows->rows[row].extended : rows->rows[row].json);
        fputs("]\n", out);
        fclose(out);
        return true;
    }
    return false;
}

struct tsheets *tsheets_open(unsigned timesheets, struct oauth_server *oauth)
{
    struct tsheets *tsheets = zeroed(1, sizeof *tsheets);
    tsheets->data = tsheets_data_open(timesheets);
    tsheets->oauth = oauth;
    return tsheets;
}

void tsheets_close(struct tsheets *tsheets)
{
    tsheets_data_close(tsheets->data);
    free(tsheets);
}

struct service_play tsheets_play(struct tsheets *tsheets)
{
    return (struct service_play){.name = "tsheets", .prefix = "/api/v1/", .data = tsheets, .answer = tsheets_answer,
                                 .dsn = tsheets_dsn, .rows = tsheets_raw};
}
