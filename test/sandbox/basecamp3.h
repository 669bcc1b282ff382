/* The parts of Basecamp 3: what its files ask of one another. */
#ifndef SANDBOX_BASECAMP3_H
#define SANDBOX_BASECAMP3_H

#include "test/sandbox/basecamp_route.h"

extern const struct kind basecamp3_kinds[];
extern const struct shape_text basecamp3_shapes[];
extern const struct derivation basecamp3_derivations[], basecamp3_timeline_derivations[], basecamp3_report_derivations[];
extern const struct route basecamp3_routes[];
extern const struct filter basecamp3_filters[];

/* Makes up what an account has. */
void basecamp3_make(struct account *account);
/* A project's or template's dock, and, in a project, the containers that stand in no dock. */
void basecamp3_make_dock(struct store *store, struct record *bucket);
/* A recording's "created" and the like, as they happen. */
struct record *basecamp3_event(struct store *store, struct record *record, const char *action, json_t *details);

/* The people who subscribe to a recording: its creator and me until that changes. An array of ids that may be changed. */
json_t *basecamp3_subscribers(const struct store *store, const struct record *record);

/* Whether a recurring entry has an occurrence on a day, counted from 1970. */
bool basecamp3_recurs(const struct record *entry, int64_t day);

/* My bookmark of a recording, or NULL. */
struct record *basecamp3_bookmark_of(const struct store *store, const struct record *record);

/* The one record of a kind that an account has once: its preferences… */
struct record *basecamp3_only(const struct store *store, const char *kind);

/* Places it at a position from 1 among those of the kinds in its parent, and numbers them anew. */
void basecamp3_number(struct record *record, const char *kinds, int64_t position);

/* Lists and single answers that no table describes. */
route_handler basecamp3_recordings, basecamp3_me, basecamp3_singleton, basecamp3_people_of_project, basecamp3_out_of_office,
    basecamp3_answerers, basecamp3_answers_by, basecamp3_entry, basecamp3_occurrence, basecamp3_gauges, basecamp3_hill,
    basecamp3_subscription, basecamp3_bookmark_status, basecamp3_client_board, basecamp3_search, basecamp3_search_metadata;

/* Reports. */
route_handler basecamp3_timeline, basecamp3_person_timeline, basecamp3_readings, basecamp3_assignments, basecamp3_assignments_completed,
    basecamp3_assignments_due, basecamp3_assignees, basecamp3_assigned_to, basecamp3_overdue_todos, basecamp3_upcoming,
    basecamp3_timesheet, basecamp3_grouped, basecamp3_overdue_list;

/* Writes: one of the route's kind is made below the record (or of the account), or the record is changed, by the route's fields. */
route_handler basecamp3_create, basecamp3_update, basecamp3_update_me, basecamp3_update_singleton, basecamp3_create_project,
    basecamp3_construct, basecamp3_create_tool, basecamp3_upload_attachment, basecamp3_delete, basecamp3_trash, basecamp3_set_status,
    basecamp3_set_project_status, basecamp3_grant;

/* Writes that change one thing. */
route_handler basecamp3_complete, basecamp3_complete_step, basecamp3_move_card, basecamp3_move_column, basecamp3_place,
    basecamp3_place_todo, basecamp3_place_step, basecamp3_place_tool, basecamp3_set_color, basecamp3_hold, basecamp3_watch,
    basecamp3_subscribe, basecamp3_pin, basecamp3_pause, basecamp3_show_clients, basecamp3_away, basecamp3_toggle_gauge,
    basecamp3_track_hill, basecamp3_mark_read, basecamp3_bookmark, basecamp3_prioritize;

#endif
