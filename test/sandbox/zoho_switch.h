/* What tests can switch in how Zoho is played: PUT /_play/zohobooks with {"name": "value", …}, GET to see all, DELETE to reset. */
#ifndef SANDBOX_ZOHO_SWITCH_H
#define SANDBOX_ZOHO_SWITCH_H

#include <jansson.h>
#include <stdbool.h>

enum zoho_switch {
    SWITCH_WRAPPERS, SWITCH_AMOUNTS, SWITCH_TIMES, SWITCH_CASE, SWITCH_MODIFIED, SWITCH_MORE, SWITCH_PER_PAGE, SWITCH_UNKNOWN,
    SWITCH_LEDGER, SWITCH_AGING, SWITCH_SCOPES, SWITCH_DEFAULT, SWITCH_HOME, SWITCH_SECRETS, SWITCH_TOKEN_ERRORS, SWITCH_REFRESH,
    SWITCH_MINUTE, SWITCH_DAY, SWITCH_CONCURRENT, SWITCH_HOLD,
    SWITCHES
};

struct zoho_switches {
    char values[SWITCHES][16];
};

void zoho_switches_reset(struct zoho_switches *switches);

/* False when a name or a value is not known; then nothing is changed and *why gets a sentence, from malloc. */
bool zoho_switches_set(struct zoho_switches *switches, json_t *wanted, char **why);
json_t *zoho_switches_json(const struct zoho_switches *switches);

bool zoho_switched(const struct zoho_switches *switches, enum zoho_switch which, const char *value);
unsigned zoho_switch_number(const struct zoho_switches *switches, enum zoho_switch which);
/* By its name, "" when there is none such. */
const char *zoho_switch_value(const struct zoho_switches *switches, const char *name);

#endif
