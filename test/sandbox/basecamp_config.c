/* Reads and tells the accounts that are played. */
#include "test/sandbox/basecamp_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FEW_PROJECTS = 8, FEW_TODOS = 60, FEW_PEOPLE = 18, MOST_PROJECTS = 5000, MOST_TODOS = 20000, MOST_PEOPLE = 1000,
    MOST_ACCOUNTS = 20
};

static const char *const states[] = {"active", "inactive", "forbidden"};

/* One of the ids is past 2^31. */
json_t *config_standard(unsigned projects, unsigned todos)
{
    return json_pack("[{s:i, s:s, s:s, s:i, s:i}, {s:I, s:s, s:s, s:i, s:i}, {s:i, s:s, s:s, s:s}, {s:i, s:s, s:s, s:s},"
                     " {s:i, s:s, s:s, s:i, s:i}, {s:i, s:s, s:s, s:s}, {s:i, s:s, s:s}]",
                     "id", 195540001, "product", "bc3", "name", "Nordwind Übersee", "projects", projects ? (int)projects : FEW_PROJECTS,
                     "todos", todos ? (int)todos : FEW_TODOS,
                     "id", (json_int_t)5000000017, "product", "bc3", "name", "Ada & Söhne", "projects", 2, "todos", 5,
                     "id", 195540003, "product", "bc3", "name", "Expired Trial", "state", "inactive",
                     "id", 195540004, "product", "bc3", "name", "Somebody Else's", "state", "forbidden",
                     "id", 999540001, "product", "bcx", "name", "Nordwind Classic", "projects", projects ? (int)projects : FEW_PROJECTS,
                     "todos", todos ? (int)todos : FEW_TODOS,
                     "id", 999540002, "product", "bcx", "name", "Suspended Classic", "state", "inactive",
                     "id", 777540001, "product", "campfire", "name", "Nordwind Campfire");
}

/* A number from least to most; the standard when it is left out. */
static bool read_size(const json_t *account, const char *name, unsigned standard, unsigned least, unsigned most, unsigned *size)
{
    const json_t *value = json_object_get(account, name);
    json_int_t number = value ? json_integer_value(value) : (json_int_t)standard;
    *size = (unsigned)number;
    return (!value || json_is_integer(value)) && number >= (json_int_t)least && number <= (json_int_t)most;
}

static bool read_state(const json_t *json, enum account_state *state)
{
    const json_t *value = json_object_get(json, "state");
    *state = ACCOUNT_ACTIVE;
    for (size_t i = 0; value && i < sizeof states / sizeof states[0]; i++)
        if (json_is_string(value) && strcmp(json_string_value(value), states[i]) == 0) {
            *state = (enum account_state)i;
            return true;
        }
    return !value;
}

static bool read_account(struct accounts *accounts, const struct product *product, const json_t *json)
{
    struct account *account = &accounts->all[accounts->count++];
    json_int_t id = json_integer_value(json_object_get(json, "id"));
    const char *name = json_string_value(json_object_get(json, "name"));
    const json_t *admin = json_object_get(json, "admin");

    account->product = product;
    account->name = text_copy(name ? name : "");
    account->admin = !json_is_false(admin);
    account->shapes = shapes_open(product->shapes);
    bool taken = accounts_find(accounts, id) != NULL;
    account->id = id;
    return id > 0 && !taken && name && read_state(json, &account->state) &&
           read_size(json, "projects", 2, 0, MOST_PROJECTS, &account->projects) &&
           read_size(json, "todos", 5, 0, MOST_TODOS, &account->todos) &&
           read_size(json, "people", FEW_PEOPLE, 3, MOST_PEOPLE, &account->people) &&
           read_size(json, "project_limit", 0, 0, MOST_PROJECTS, &account->project_limit);
}

bool accounts_read(struct accounts *accounts, const json_t *list)
{
    bool good = json_is_array(list) && json_array_size(list) <= MOST_ACCOUNTS;
    const json_t *json;
    size_t i;

    accounts->all = zeroed(MOST_ACCOUNTS, sizeof *accounts->all);
    accounts->others = json_array();
    json_array_foreach(list, i, json) {
        const char *product = json_string_value(json_object_get(json, "product"));
        if (!good || !product)
            good = false;
        else if (strcmp(product, basecamp3.name) == 0)
            good = read_account(accounts, &basecamp3, json);
        else if (strcmp(product, basecamp2.name) == 0)
            good = read_account(accounts, &basecamp2, json);
        else
            json_array_append(accounts->others, (json_t *)json);
    }
    return good;
}

void accounts_clear(struct accounts *accounts)
{
    for (size_t i = 0; i < accounts->count; i++) {
        struct account *account = &accounts->all[i];
        store_close(account->store);
        shapes_close(account->shapes);
        free(account->name);
    }
    free(accounts->all);
    json_decref(accounts->others);
    *accounts = (struct accounts){0};
}

json_t *accounts_write(const struct accounts *accounts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < accounts->count; i++) {
        const struct account *account = &accounts->all[i];
        json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:s, s:i, s:i, s:i, s:b, s:i}", "id", (json_int_t)account->id, "product",
                                              account->product->name, "name", account->name, "state", states[account->state],
                                              "projects", account->projects, "todos", account->todos, "people", account->people,
                                              "admin", account->admin, "project_limit", account->project_limit));
    }
    json_array_extend(list, accounts->others);
    return list;
}

json_t *accounts_for_launchpad(const struct accounts *accounts, const char *base)
{
    json_t *list = json_array(), *other;
    char href[80], app[64];
    size_t i;

    for (i = 0; i < accounts->count; i++) {
        const struct account *account = &accounts->all[i];
        bool two = account->product == &basecamp2;
        if (account->state == ACCOUNT_FORBIDDEN)    /* not an account of this token */
            continue;
        snprintf(href, sizeof href, "%s/%lld%s", base, (long long)account->id, two ? "/api/v1" : "");
        snprintf(app, sizeof app, "https://%sbasecamp.com/%lld", two ? "" : "3.", (long long)account->id);
        json_array_append_new(list, json_pack("{s:s, s:I, s:s, s:s, s:s}", "product", account->product->name, "id",
                                              (json_int_t)account->id, "name", account->name, "href", href, "app_href", app));
    }
    json_array_foreach(accounts->others, i, other) {
        json_int_t id = json_integer_value(json_object_get(other, "id"));
        const char *product = json_string_value(json_object_get(other, "product"));
        snprintf(href, sizeof href, "https://%.20s.example.com/%lld", product, (long long)id);
        json_array_append_new(list, json_pack("{s:s, s:I, s:O, s:s, s:s}", "product", product, "id", id, "name",
                                              json_object_get(other, "name"), "href", href, "app_href", href));
    }
    return list;
}

struct account *accounts_find(const struct accounts *accounts, int64_t id)
{
    for (size_t i = 0; i < accounts->count; i++)
        if (accounts->all[i].id == id)
            return &accounts->all[i];
    return NULL;
}

struct account *accounts_first(const struct accounts *accounts, const struct product *product)
{
    for (size_t i = 0; i < accounts->count; i++)
        if (accounts->all[i].product == product)
            return &accounts->all[i];
    return NULL;
}

void account_fill(struct account *account)
{
    if (account->store)
        return;
    account->store = store_open(account->product->kinds, BASECAMP_TODAY_DAY * 86400000LL + 43200000, account->product->first_ids);
    account->product->make(account);
    account->store->changed = account->store->now;
}
