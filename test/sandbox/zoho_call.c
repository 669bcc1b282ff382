/* Errors, the envelope, and what many calls read from their query. */
#include "test/sandbox/zoho_call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool zoho_fail(struct answer *answer, unsigned status, int code, const char *format, ...)
{
    char message[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    json_t *text = json_string(message);
    if (!text)      /* a value was cut within a character */
        text = json_string("Invalid value passed");
    answer_json(answer, status, json_pack("{s:i, s:o}", "code", code, "message", text));
    return false;
}

bool zoho_invalid(struct answer *answer, const char *parameter)
{
    return zoho_fail(answer, 400, 2, "Invalid value passed for %.80s", parameter);
}

bool zoho_missing(struct answer *answer, const char *label)
{
    return zoho_fail(answer, 404, 1002, "%s does not exist.", label ? label : "Resource");
}

bool zoho_no_url(struct answer *answer)
{
    return zoho_fail(answer, 404, 5, "Invalid URL Passed");
}

void zoho_body_open(struct zoho_body *body)
{
    body->out = open_memstream(&body->text, &body->length);
    if (!body->out)
        abort();
    fputs("{\"code\":0,\"message\":\"success\"", body->out);
}

void zoho_body_close(struct zoho_body *body, struct answer *answer, unsigned status)
{
    fputc('}', body->out);
    fclose(body->out);
    answer_bytes(answer, status, "application/json;charset=UTF-8", body->text, body->length);
}

bool zoho_count(struct zoho_call *call, const char *name, size_t standard, size_t *count)
{
    const char *value = request_query(call->request, name);
    char *end;

    *count = standard;
    if (!value || !*value)
        return true;
    unsigned long number = strtoul(value, &end, 10);
    *count = number;
    return (*value >= '0' && *value <= '9' && !*end && number > 0) || zoho_invalid(call->answer, name);
}

static int64_t day_of(int year, int month, int day)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
    time_t seconds = timegm(&tm);   /* months below and above the year are brought into it */
    return seconds / 86400 - (seconds % 86400 < 0);
}

bool zoho_period(const struct zoho_call *call, const char *period, int64_t *from, int64_t *to)
{
    int64_t today = call->books->schema.today;
    time_t seconds = (time_t)today * 86400;
    struct tm tm;
    gmtime_r(&seconds, &tm);
    int year = tm.tm_year + 1900, month = tm.tm_mon + 1, quarter = tm.tm_mon / 3 * 3 + 1;
    bool previous = strncmp(period, "Previous", 8) == 0;
    const char *unit = previous ? period + 8 : strncmp(period, "This", 4) == 0 ? period + 4 : "";

    if (strcmp(period, "CustomDate") == 0) {
        const char *first = request_query(call->request, "from_date"), *last = request_query(call->request, "to_date");
        return first && last && zoho_day(first, from) && zoho_day(last, to) && strlen(first) == 10 && strlen(last) == 10;
    }
    if (strcmp(period, "Today") == 0 || strcmp(unit, "Day") == 0) {
        *from = *to = today - previous;
    } else if (strcmp(unit, "Week") == 0) {         /* from Sunday on */
        *from = today - tm.tm_wday - (previous ? 7 : 0);
        *to = *from + 6;
    } else if (strcmp(unit, "Month") == 0) {
        *from = day_of(year, month - previous, 1);
        *to = day_of(year, month - previous + 1, 1) - 1;
    } else if (strcmp(unit, "Quarter") == 0) {
        *from = day_of(year, quarter - (previous ? 3 : 0), 1);
        *to = day_of(year, quarter + (previous ? 0 : 3), 1) - 1;
    } else if (strcmp(unit, "Year") == 0) {
        *from = day_of(year - previous, 1, 1);
        *to = day_of(year - previous, 12, 31);
    } else {
        return false;
    }
    return true;
}
