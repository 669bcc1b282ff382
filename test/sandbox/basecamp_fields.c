/* The fields that a write brings: read from its body, checked, and put where the record keeps them. */
#include <stdio.h>
#include <string.h>

#include "test/sandbox/basecamp_route.h"
#include "test/sandbox/moment.h"

static bool is_empty(const json_t *value)
{
    return !value || json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0);
}

/* A moment or a date, as milliseconds. */
static bool read_time(const json_t *value, int64_t *milliseconds)
{
    const char *text = json_string_value(value);
    char seconds[32];
    int64_t number;

    if (text && day_read(text, &number)) {
        *milliseconds = number * 86400000;
        return true;
    }
    if (!text || strlen(text) < 20)
        return false;
    snprintf(seconds, sizeof seconds, "%.19s%s", text, text[19] == '.' ? text + 19 + 1 + strspn(text + 20, "0123456789") : text + 19);
    if (!moment_read(seconds, &number))
        return false;
    *milliseconds = number * 1000;
    return true;
}

/* Puts a field where the record keeps it; false after answering that it is not understood. */
static bool keep_field(struct call *call, struct record *record, const char *name, json_t *value)
{
    int64_t moment;

    if (strcmp(name, "starts_at") == 0 || strcmp(name, "ends_at") == 0) {
        if (!read_time(value, &moment)) {
            call_fail(call, 400, "%s must be a time as YYYY-MM-DDThh:mm:ssZ", name);
            return false;
        }
        record_set(record, name, json_integer(moment));
    } else if (word_among("due_on due_at starts_on date", name)) {
        if (!json_is_null(value) && !(json_is_string(value) && day_read(json_string_value(value), &moment))) {
            call_fail(call, 400, "%s must be a date as YYYY-MM-DD", name);
            return false;
        }
        record_set(record, strcmp(name, "due_at") == 0 ? "due_on" : name, json_incref(value));
    } else if (strcmp(name, "assignee") == 0) {
        record_set(record, "assignee_id", json_incref(json_is_null(value) ? value : json_object_get(value, "id")));
    } else if (strcmp(name, "base_name") == 0) {
        const char *old = record_text(record, "filename"), *dot = old ? strrchr(old, '.') : NULL;
        record_set(record, "filename", json_pack("s+", json_string_value(value), dot ? dot : ""));
    } else if (strcmp(name, "subscriptions") == 0) {
        record_set(record, "subscriber_ids", json_incref(value));
    } else {
        record_set(record, name, json_incref(value));
    }
    return true;
}

bool call_read_fields(struct call *call, struct record *record)
{
    const char *at = call->route->fields ? call->route->fields : "", *brace = strchr(at, '{');
    const json_t *from = call->body;
    char outer[40];

    if (brace) {
        snprintf(outer, sizeof outer, "%.*s", (int)(brace - at), at);
        from = json_object_get(from, outer);
        at = brace + 1;
        if (!json_is_object(from)) {
            call_fail(call, 400, "param is missing or the value is empty: %s", outer);
            return false;
        }
    }
    while (*at && *at != '}') {
        char name[40];
        size_t length = strcspn(at, " !}");
        bool required = at[length] == '!';
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        at += length + required;
        at += strspn(at, " ");
        json_t *value = json_object_get(from, name);
        if (required && is_empty(value)) {
            call_fail(call, 400, "param is missing or the value is empty: %s", name);
            return false;
        }
        if (value && !keep_field(call, record, name, value))
            return false;
        if (!value && (call->route->flags & ROUTE_REPLACES) && record_get(record, name))
            json_object_del(record->members, name);
    }
    return true;
}
