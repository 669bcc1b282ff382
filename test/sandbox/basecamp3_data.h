/* How an account of Basecamp 3 is made up, piece by piece. */
#ifndef SANDBOX_BASECAMP3_DATA_H
#define SANDBOX_BASECAMP3_DATA_H

#include "test/sandbox/basecamp3.h"
#include "test/sandbox/basecamp_maker.h"

/* A record with the event of its creation; with a position too; comments on one. Members are taken. */
struct record *basecamp3_make_one(struct maker *maker, const char *kind, struct record *parent, json_t *members);
struct record *basecamp3_make_placed(struct maker *maker, const char *kind, struct record *parent, int position, json_t *members);
void basecamp3_make_comments(struct maker *maker, struct record *record, unsigned count);

/* What lies in a tool other than to-dos and cards; in a project beside its tools; in the account beside its projects. */
void basecamp3_make_tool_contents(struct maker *maker, struct record *tool, unsigned number);
void basecamp3_make_project_contents(struct maker *maker, struct record *project, unsigned number);
void basecamp3_make_account_contents(struct maker *maker);

#endif
