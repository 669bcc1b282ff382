/* The runs of tests about tables of one's own. */
#include "own.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

struct engine *engine_with(struct run *run, const char *workspace, const char *views, int64_t busy)
{
    const struct engine_options options = {.workspace = workspace, .views = views, .busy_milliseconds = busy, .pushdown = true};
    struct engine *engine = NULL;

    run->err = (struct error){0};
    return engine_open(&run->fake.service, &options, &run->cancel, &engine, &run->err) ? engine : NULL;
}

void open_run(struct run *run, const char *workspace)
{
    run_init(run, 0);
    engine_close(run->engine);
    run->engine = engine_with(run, workspace, NULL, 100);
    assert_non_null(run->engine);
}

void does(struct run *run, const char *sql, const char *wanted)
{
    const char *got = run_text(run, sql);
    if (strcmp(got, wanted) != 0)
        fail_msg("%s gives %s (%s) in place of %s", sql, got, run->err.message, wanted);
}

void ends(struct run *run, bool commit)
{
    assert_true(engine_end(run->engine, commit, &run->cancel, &run->err));
}

void fails_saying(struct run *run, const char *sql, const char *wanted, const char *word)
{
    does(run, sql, wanted);
    if (!strstr(run->err.message, word))
        fail_msg("%s: %s does not say %s", sql, run->err.message, word);
}

void does_all(struct run *run, const char *sql)
{
    struct query *first;

    if (!query_prepare(run->engine, sql, strlen(sql), NULL, 0, &run->cancel, &first, &run->err))
        fail_msg("%s: %s", sql, run->err.message);
    for (struct query *query = first; query; query = query_next(query))
        if (!query_execute(query, 0, &run->err))
            fail_msg("%s: %s", sql, run->err.message);
    query_close(first);
}
