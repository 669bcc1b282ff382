/* Which accounts of Basecamp the sandbox plays, and how large they are. */
#ifndef SANDBOX_BASECAMP_CONFIG_H
#define SANDBOX_BASECAMP_CONFIG_H

#include "test/sandbox/basecamp_account.h"

struct accounts {
    struct account *all;
    size_t count;
    json_t *others;         /* accounts of products that are not played: Launchpad tells of them */
};

/* The accounts when nobody says otherwise, an array; projects and todos of the first of each product, 0 = a few. A new reference. */
json_t *config_standard(unsigned projects, unsigned todos);

/* Reads such an array; false when something in it is not understood. accounts are to be cleared in any case. */
bool accounts_read(struct accounts *accounts, const json_t *list);
void accounts_clear(struct accounts *accounts);

/* As accounts_read reads them; and as Launchpad tells them. New references. */
json_t *accounts_write(const struct accounts *accounts);
json_t *accounts_for_launchpad(const struct accounts *accounts, const char *base);

/* By id, or the first of a product; NULL when there is none. */
struct account *accounts_find(const struct accounts *accounts, int64_t id);
struct account *accounts_first(const struct accounts *accounts, const struct product *product);

/* Makes up what lies in the account, unless it was done. */
void account_fill(struct account *account);

#endif
