#include "odbc/moment.h"

#include <string.h>
#include <time.h>

#include "base/name.h"
#include "base/value.h"

void moment_fill_today(struct datetime *at)
{
    time_t now = time(NULL);
    struct tm today;
    if (localtime_r(&now, &today)) {
        at->year = today.tm_year + 1900;
        at->month = today.tm_mon + 1;
        at->day = today.tm_mday;
    }
}

static void trim(const char **text, size_t *length)
{
    while (*length > 0 && **text == ' ') {
        (*text)++;
        (*length)--;
    }
    while (*length > 0 && (*text)[*length - 1] == ' ')
        (*length)--;
}

bool moment_unescape(const char *word, const char **text, size_t *length)
{
    const char *inner = *text;
    size_t left = *length, name = strlen(word);

    trim(&inner, &left);
    if (left < 2 || inner[0] != '{' || inner[left - 1] != '}')
        return false;
    inner++;
    left -= 2;
    trim(&inner, &left);
    if (left < name || !name_equal_length(inner, name, word))
        return false;
    inner += name;
    left -= name;
    trim(&inner, &left);
    if (left < 2 || inner[0] != '\'' || inner[left - 1] != '\'')
        return false;
    *text = inner + 1;
    *length = left - 2;
    return true;
}

static bool read_date(const char *text, size_t length, struct moment *moment)
{
    moment->has_date = true;
    return datetime_parse_date(text, length, &moment->at);
}

static bool read_time(const char *text, size_t length, struct moment *moment)
{
    moment->has_time = true;
    return datetime_parse_time(text, length, &moment->at);
}

/* A text of a date alone has no time. */
static bool read_timestamp(const char *text, size_t length, struct moment *moment)
{
    if (read_date(text, length, moment))
        return true;
    moment->has_time = true;
    return datetime_parse_timestamp(text, length, &moment->at, NULL);
}

static void clear(struct moment *moment)
{
    *moment = (struct moment){.at = {.year = 1, .month = 1, .day = 1}};
}

static bool read_text(const char *text, size_t length, struct moment *moment)
{
    if (moment_unescape("d", &text, &length))
        return read_date(text, length, moment);
    if (moment_unescape("t", &text, &length))
        return read_time(text, length, moment);
    if (moment_unescape("ts", &text, &length))
        return read_timestamp(text, length, moment) && moment->has_time;
    if (read_timestamp(text, length, moment))
        return true;
    clear(moment);
    return read_time(text, length, moment);
}

bool moment_read(enum type_kind kind, const struct value *value, struct moment *moment)
{
    clear(moment);
    switch (kind) {
    case TYPE_DATE:
        return read_date(value->text, value->length, moment);
    case TYPE_TIME:
        return read_time(value->text, value->length, moment);
    case TYPE_TIMESTAMP:
        moment->has_date = moment->has_time = true;
        return datetime_parse_timestamp(value->text, value->length, &moment->at, NULL);
    case TYPE_STRING:
    case TYPE_JSON:
        return read_text(value->text, value->length, moment);
    default:
        return false;
    }
}
