/* The switches, each with what it can be; the first is how it stands at the start. */
#include "test/sandbox/zoho_switch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/server.h"

static const struct { const char *name, *values; } all[SWITCHES] = {
    [SWITCH_WRAPPERS] = {"wrappers", "practice|spec"},      /* doubtful names of members: as clients see them, as documented */
    [SWITCH_AMOUNTS] = {"amounts", "mixed|declared|text"},  /* numbers as such, as texts, or in every fifth row as texts */
    [SWITCH_TIMES] = {"times", "moment|clock"},             /* begin, end and duration of time entries */
    [SWITCH_CASE] = {"case", "ignore|heed"},                /* of text filters */
    [SWITCH_MODIFIED] = {"modified", "inclusive|exclusive"},/* last_modified_time */
    [SWITCH_MORE] = {"more", "always|omit"},                /* has_more_page when it is false */
    [SWITCH_PER_PAGE] = {"per_page", "200|10"},             /* when the request does not say */
    [SWITCH_UNKNOWN] = {"unknown", "ignore|refuse"},        /* parameters that the operation has not */
    [SWITCH_LEDGER] = {"ledger", "both|new|old"},           /* the path of an account's transactions */
    [SWITCH_AGING] = {"aging", "summary|groups"},           /* the two forms of the aging reports */
    [SWITCH_SCOPES] = {"scopes", "check|ignore"},
    [SWITCH_DEFAULT] = {"default", "yes|no"},               /* whether an organization is marked as the default */
    [SWITCH_HOME] = {"home", "us|eu"},                      /* the data centre of whoever signs in */
    [SWITCH_SECRETS] = {"secrets", "same|own"},             /* the client's secret in the second data centre */
    [SWITCH_TOKEN_ERRORS] = {"token_errors", "200|400"},    /* the status of a refused grant */
    [SWITCH_REFRESH] = {"refresh", "#0"},                   /* access tokens of a refresh token in ten minutes; 0 = no limit */
    [SWITCH_MINUTE] = {"minute", "#0"},                     /* calls of an organization in a minute, likewise */
    [SWITCH_DAY] = {"day", "#0"},
    [SWITCH_CONCURRENT] = {"concurrent", "#0"},
    [SWITCH_HOLD] = {"hold", "no|yes"},                     /* calls wait until this is "no" again */
};

void zoho_switches_reset(struct zoho_switches *switches)
{
    for (size_t i = 0; i < SWITCHES; i++) {
        const char *first = all[i].values + (*all[i].values == '#');
        snprintf(switches->values[i], sizeof switches->values[i], "%.*s", (int)strcspn(first, "|"), first);
    }
}

static bool allowed(const char *values, const char *value)
{
    size_t length = strlen(value);
    if (*values == '#')
        return length > 0 && length < 8 && strspn(value, "0123456789") == length;
    for (const char *at = values; length && (at = strstr(at, value)); at += length)
        if ((at == values || at[-1] == '|') && (at[length] == '|' || !at[length]))
            return true;
    return false;
}

bool zoho_switches_set(struct zoho_switches *switches, json_t *wanted, char **why)
{
    struct zoho_switches changed = *switches;
    const char *name;
    json_t *value;

    json_object_foreach(wanted, name, value) {
        const char *text = json_string_value(value);
        size_t i = 0;
        while (i < SWITCHES && strcmp(all[i].name, name) != 0)
            i++;
        if (i == SWITCHES || !text || !allowed(all[i].values, text)) {
            char sentence[160];
            snprintf(sentence, sizeof sentence, i == SWITCHES ? "There is no switch %s%s\n" : "The switch %s can be %s\n", name,
                     i == SWITCHES ? "" : *all[i].values == '#' ? "a whole number, as text" : all[i].values);
            *why = text_copy(sentence);
            return false;
        }
        snprintf(changed.values[i], sizeof changed.values[i], "%s", text);
    }
    *switches = changed;
    return true;
}

json_t *zoho_switches_json(const struct zoho_switches *switches)
{
    json_t *json = json_object();
    for (size_t i = 0; i < SWITCHES; i++)
        json_object_set_new(json, all[i].name, json_string(switches->values[i]));
    return json;
}

bool zoho_switched(const struct zoho_switches *switches, enum zoho_switch which, const char *value)
{
    return strcmp(switches->values[which], value) == 0;
}

unsigned zoho_switch_number(const struct zoho_switches *switches, enum zoho_switch which)
{
    return (unsigned)strtoul(switches->values[which], NULL, 10);
}

const char *zoho_switch_value(const struct zoho_switches *switches, const char *name)
{
    for (size_t i = 0; i < SWITCHES; i++)
        if (strcmp(all[i].name, name) == 0)
            return switches->values[i];
    return "";
}
