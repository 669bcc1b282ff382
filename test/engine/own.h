/* What the tests of tables of one's own share: runs whose engine has a workspace, and what a statement must come to. A check that does
 * not hold fails the test. */
#ifndef TEST_ENGINE_OWN_H
#define TEST_ENGINE_OWN_H

#include "run.h"

/* One more engine over the run's service; NULL with run->err set. busy: in milliseconds. To be closed by the caller. */
struct engine *engine_with(struct run *run, const char *workspace, const char *views, int64_t busy);

/* run_init with a workspace: ":memory:", a file, or NULL for none. */
void open_run(struct run *run, const char *workspace);

/* Runs a text whose outcome is `wanted`: its rows, or "error …". */
void does(struct run *run, const char *sql, const char *wanted);

/* The same of an error whose message says `word`. */
void fails_saying(struct run *run, const char *sql, const char *wanted, const char *word);

/* Runs every statement of a batch. */
void does_all(struct run *run, const char *sql);

/* Ends the transaction. */
void ends(struct run *run, bool commit);

#endif
