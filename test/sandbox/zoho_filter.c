/* Filters by the naming patterns of the service: field, field_startswith, field_contains, date_start, amount_less_than and so on. */
#include "test/sandbox/zoho_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/moment.h"
#include "test/sandbox/zoho_switch.h"

static const char *const suffixes[] = {
    [FORM_STARTSWITH] = "startswith", [FORM_CONTAINS] = "contains", [FORM_START] = "start", [FORM_END] = "end",
    [FORM_BEFORE] = "before", [FORM_AFTER] = "after", [FORM_LESS_THAN] = "less_than", [FORM_LESS_EQUALS] = "less_equals",
    [FORM_GREATER_THAN] = "greater_than", [FORM_GREATER_EQUALS] = "greater_equals",
};

/* "2023-11-18T02:02:51-0800": no colon in the offset. */
static bool moment_of(const char *text, int64_t *moment)
{
    char strict[26];
    size_t length = strlen(text);
    if (length != 24)
        return length <= 25 && moment_read(text, moment);
    snprintf(strict, sizeof strict, "%.22s:%s", text, text + 22);
    return moment_read(strict, moment);
}

/* The parameter's value; older clients write a dot before the suffix. */
static const char *value_of(const struct zoho_call *call, const struct zoho_filter *filter)
{
    const char *value = request_query(call->request, filter->parameter);
    size_t form = (size_t)filter->form, length = strlen(filter->parameter);
    char dotted[80];

    if (value || form >= sizeof suffixes / sizeof suffixes[0] || !suffixes[form])
        return value;
    size_t suffix = strlen(suffixes[form]);
    if (length <= suffix + 1 || length >= sizeof dotted || strcmp(filter->parameter + length - suffix, suffixes[form]) != 0)
        return NULL;
    snprintf(dotted, sizeof dotted, "%s", filter->parameter);
    dotted[length - suffix - 1] = '.';
    return request_query(call->request, dotted);
}

static bool use_of(struct zoho_call *call, const struct zoho_filter *filter, const char *value, struct zoho_use *use)
{
    int64_t day;
    char *end;

    *use = (struct zoho_use){.filter = filter, .value = value};
    use->number = strtod(value, &end);
    use->is_number = end != value && !*end;
    for (size_t c = 0; c < filter->choice_count; c++)
        if (strcmp(filter->choices[c].value, value) == 0)
            use->choice = &filter->choices[c];
    if ((filter->choice_count && !use->choice) || (filter->number && !use->is_number) || (filter->day && !zoho_day(value, &day)) ||
        (filter->day && strlen(value) != 10))
        return zoho_invalid(call->answer, filter->parameter);
    if (filter->form == FORM_SINCE && !moment_of(value, &use->moment))
        return zoho_invalid(call->answer, filter->parameter);
    return true;
}

bool zoho_uses(struct zoho_call *call, const struct zoho_answer *answer, struct zoho_use **uses, size_t *count)
{
    *uses = zoho_take(&call->books->scratch, answer->filter_count, sizeof **uses);
    *count = 0;
    for (size_t f = 0; f < answer->filter_count; f++) {
        const char *value = value_of(call, &answer->filters[f]);
        if (!value || !*value)
            continue;
        if (!use_of(call, &answer->filters[f], value, &(*uses)[*count]))
            return false;
        ++*count;
    }
    return true;
}

static bool begins(const struct zoho_books *books, const char *text, const char *part)
{
    size_t length = strlen(part);
    return zoho_switched(books->switches, SWITCH_CASE, "heed") ? strncmp(text, part, length) == 0 : strncasecmp(text, part, length) == 0;
}

bool zoho_contains(const struct zoho_books *books, const char *text, const char *part)
{
    for (; *text; text++)
        if (begins(books, text, part))
            return true;
    return !*part;
}

static bool equals(const struct zoho_use *use, const struct zoho_at *at, struct zoho_value value, const char *text)
{
    double number;
    if (use->choice && use->choice->rule)
        return zoho_is_true(zoho_work_out(at, use->choice->rule, 0));
    if (use->choice && strcasecmp(use->choice->value, "all") == 0)
        return true;
    if (value.kind == VALUE_NUMBER && use->is_number && zoho_as_number(value, &number))
        return number == use->number;
    if (strlen(use->value) == 10 && strlen(text) == 24)     /* the day of a moment */
        return strncmp(use->value, text, 10) == 0;
    return strlen(text) == strlen(use->value) && begins(at->books, text, use->value);
}

/* Below 0, 0 or above it, as the member is before, at or after the bound; false when the member has nothing to compare. */
static bool order_of(const struct zoho_use *use, struct zoho_value value, const char *text, int *order)
{
    double number;
    int64_t day;
    if (zoho_day(use->value, &day)) {
        if (!zoho_day(text, &day))
            return false;
        *order = strncmp(text, use->value, 10);
        return true;
    }
    if (!use->is_number || !zoho_as_number(value, &number))
        return false;
    *order = number < use->number ? -1 : number > use->number;
    return true;
}

static bool in_list(const char *list, const char *text)
{
    size_t length = strlen(text);
    for (const char *at = list; *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ','))
        if (strcspn(at, ",") == length && strncmp(at, text, length) == 0)
            return true;
    return false;
}

static bool value_passes(const struct zoho_use *use, const struct zoho_at *at)
{
    struct zoho_value value = zoho_member(at, use->filter->member);
    const char *text = zoho_as_text(at->books, value);
    int64_t moment;
    int order = 0;

    switch (use->filter->form) {
    case FORM_EQUAL: return equals(use, at, value, text);
    case FORM_STARTSWITH: return begins(at->books, text, use->value);
    case FORM_CONTAINS: return zoho_contains(at->books, text, use->value);
    case FORM_LIST: return in_list(use->value, text);
    case FORM_SINCE:
        return moment_of(text, &moment) &&
               (moment > use->moment || (moment == use->moment && zoho_switched(at->books->switches, SWITCH_MODIFIED, "inclusive")));
    default: break;
    }
    if (!order_of(use, value, text, &order))
        return false;
    switch (use->filter->form) {
    case FORM_START: case FORM_GREATER_EQUALS: return order >= 0;
    case FORM_END: case FORM_LESS_EQUALS: return order <= 0;
    case FORM_BEFORE: case FORM_LESS_THAN: return order < 0;
    default: return order > 0;
    }
}

bool zoho_passes(const struct zoho_use *use, const struct zoho_at *at)
{
    const struct zoho_table *array = use->filter->array;
    size_t count = array ? zoho_elements(at, array) : 0;

    if (!array)
        return value_passes(use, at);
    for (size_t e = 0; e < count; e++) {
        struct zoho_at element = zoho_element(at, array, e);
        if (value_passes(use, &element))
            return true;
    }
    return false;
}
