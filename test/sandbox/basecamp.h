/* The sandbox plays Basecamp 2 ("bcx"), Basecamp 3 ("bc3") and Launchpad, their common sign-in, as /_dsn's basecamp2 and basecamp3.
 *
 * Like the services, it has several accounts; each is made up when it is first asked for, the same on every machine. All hosts of the
 * service are this one: /ACCOUNT/… is Basecamp 3, /ACCOUNT/api/v1/… is Basecamp 2, /authorization… is Launchpad.
 *
 *   GET /_basecamp       what is played: accounts with their sizes, today's date, user and password for Basic
 *   PUT /_basecamp       plays something else: {"accounts": [{"id", "product", "name", "state", "projects", "todos", "people", "admin",
 *                        "project_limit"}], "refresh_token": "same" | "none"}; what is left out is as at the start
 *   DELETE /_basecamp    plays what was played at the start, with all changes undone
 *   GET /_data/basecamp3/ACCOUNT/KIND           all records of a kind, archived and trashed ones too, each as it looks alone
 *   GET /_data/basecamp3/ACCOUNT/KIND/listed    and as it looks in lists; basecamp2 likewise */
#ifndef SANDBOX_BASECAMP_H
#define SANDBOX_BASECAMP_H

#include "test/sandbox/server.h"

struct basecamp;

/* projects and todos (of each project) of the first account of each product, 0 = a few. The authorization server outlives it. */
struct basecamp *basecamp_open(unsigned projects, unsigned todos, struct oauth_server *oauth);
void basecamp_close(struct basecamp *basecamp);

/* How the server reaches Basecamp 2; and Basecamp 3 with Launchpad. */
struct service_play basecamp_play_2(struct basecamp *basecamp);
struct service_play basecamp_play_3(struct basecamp *basecamp);

#endif
