/* The parts of Basecamp 2: what its files ask of one another. */
#ifndef SANDBOX_BASECAMP2_H
#define SANDBOX_BASECAMP2_H

#include "test/sandbox/basecamp_route.h"

extern const struct kind basecamp2_kinds[];
extern const struct shape_text basecamp2_shapes[];
extern const struct derivation basecamp2_derivations[];
extern const struct route basecamp2_routes[];
extern const struct filter basecamp2_filters[];

/* Makes up what an account has. */
void basecamp2_make(struct account *account);

/* "2026-03-02T06:00:00-06:00": Chicago's clock, without the hours at which it is set. A new reference. */
json_t *basecamp2_moment(int64_t milliseconds);

/* A list with to-dos of which none remains; how many remain, and how many are done. */
bool basecamp2_completed(const struct record *list);
unsigned basecamp2_todos(const struct record *list, bool completed);

/* What has happened to a record; the topic that a record with comments has. */
struct record *basecamp2_event(struct store *store, struct record *record, const char *action);
struct record *basecamp2_topic(struct store *store, struct record *record);

/* Lists and single answers that no table describes. */
route_handler basecamp2_me, basecamp2_projects_of_person, basecamp2_accesses, basecamp2_events, basecamp2_assigned,
    basecamp2_one_todolist, basecamp2_calendar_events, basecamp2_tagged;

/* Writes. */
route_handler basecamp2_create, basecamp2_update, basecamp2_trash, basecamp2_publish, basecamp2_star, basecamp2_create_project,
    basecamp2_update_project, basecamp2_update_todo, basecamp2_comment, basecamp2_set_topic, basecamp2_grant, basecamp2_revoke,
    basecamp2_tag, basecamp2_upload;

#endif
