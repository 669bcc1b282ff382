/* The workspace: a SQLite database of the user's own, in memory or in a file, attached beside the service's tables. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/name.h"
#include "engine/state.h"

enum { SHORT_WAIT = 2, LONG_WAIT = 25 /* milliseconds between two tries for a lock */ };

/* Waits for a file that another connection has locked, as long as the query and the connection let it. */
static int wait_for_lock(void *context, int tries)
{
    struct engine *engine = context;
    const struct query *query = engine->running;
    struct error unused;

    if (tries == 0) {
        engine->busy_since = clock_milliseconds();
        engine->waited_out = false;
    }
    if (query && !cancel_check(query->cancel, &unused))
        return 0;
    if (engine->options.busy_milliseconds > 0 && clock_milliseconds() - engine->busy_since >= engine->options.busy_milliseconds) {
        engine->waited_out = true;
        return 0;
    }
    struct timespec pause = {.tv_nsec = (tries < 10 ? SHORT_WAIT : LONG_WAIT) * 1000000L};
    nanosleep(&pause, NULL);
    return 1;
}

void workspace_wait(struct engine *engine, bool wait)
{
    sqlite3_busy_handler(engine->database, wait ? wait_for_lock : NULL, engine);
}

/* ~ and ~/x are the user's own folder. The result never begins as a URI does. */
static const char *file_path(struct engine *engine, const char *workspace)
{
    const char *home = getenv("HOME");

    if (workspace[0] == '~' && (workspace[1] == '/' || workspace[1] == '\0') && home)
        return arena_printf(&engine->kept, "%s%s", home, workspace + 1);
    return arena_printf(&engine->kept, "%s%s", workspace[0] == '/' ? "" : "./", workspace);
}

/* A new file can be read by nobody else: it may hold what the service told. */
static bool create_file(const char *path, struct error *err)
{
    struct stat status;

    if (stat(path, &status) == 0)
        return S_ISREG(status.st_mode) || error_set(err, "HY000", "Workspace=%s is not possible: it is no file", path);
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST)
        return true; /* another process was quicker */
    if (file < 0)
        return error_set(err, "HY000", "Workspace=%s can not be created: %s", path, strerror(errno));
    close(file);
    return true;
}

/* What has been written only in part is still to be undone. */
static bool has_journal(const char *path)
{
    char *journal = sqlite3_mprintf("%s-journal", path);
    bool found = journal && access(journal, F_OK) == 0;

    sqlite3_free(journal);
    return found;
}

static bool attach(struct engine *engine, const char *path, struct error *err)
{
    char *text = sqlite3_mprintf("ATTACH %Q AS workspace", path);

    if (!text)
        return error_memory(err);
    int code = sqlite3_exec(engine->database, text, NULL, NULL, NULL);
    sqlite3_free(text);
    if (code == SQLITE_OK) /* only reading shows whether it is a database */
        code = sqlite3_exec(engine->database, "SELECT count(*) FROM workspace.sqlite_schema", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return true;
    if (code == SQLITE_NOMEM)
        return error_memory(err);
    if (code == SQLITE_NOTADB)
        return error_set(err, "HY000", "Workspace=%s is not possible: the file is no SQLite database that version %s can read; name another, or one that "
                                       "is not there yet", path, sqlite3_libversion());
    if (code == SQLITE_CANTOPEN)
        return error_set(err, "HY000", "Workspace=%s can not be opened: the file may not be read by this user, or its folder is not there",
                         path);
    if ((code == SQLITE_IOERR || code == SQLITE_READONLY) && has_journal(path))
        return error_set(err, "HY000", "Workspace=%s can not be opened: a program that wrote it was cut off, and undoing the half of it, which %s-journal "
                                       "tells, needs write access to both files and their folder", path, path);
    engine_failure(engine->running, code, err);
    return false;
}

static bool open_workspace(struct engine *engine, const char *workspace, struct error *err)
{
    bool memory = name_equal(workspace, ":memory:");
    const char *path = memory ? ":memory:" : file_path(engine, workspace);

    if (!path)
        return error_memory(err);
    engine->place_of_workspace = path;
    engine->file_workspace = !memory;
    if (!memory && !create_file(path, err))
        return false;
    if (!attach(engine, path, err))
        return false;
    engine->has_workspace = true;
    engine->protected_workspace = sqlite3_db_readonly(engine->database, "workspace") == 1;
    return true;
}

/* What is wrong with a view of the file is told when the connection is opened. */
static bool check_views(struct engine *engine, const char *file, struct error *err)
{
    for (size_t i = 0; i < engine->view_count; i++) {
        struct table view = {.name = engine->views[i].name, .query = engine->views[i].query};
        struct arena arena = {0};
        bool fine = view_describe(&engine->names->service, &view, &arena, err);
        arena_clear(&arena);
        if (!fine)
            return error_prefix(err, "UserDefinedViews: view %s in %s: ", view.name, file);
    }
    return true;
}

bool workspace_open(struct engine *engine, const struct engine_options *options, struct cancel *cancel, struct error *err)
{
    struct query work = {.engine = engine, .cancel = cancel};

    engine->workspace = (struct service){.name = "Workspace", .title = "Workspace", .workspace = true};
    engine->temporary = (struct service){.name = "Temp", .title = "Temporary tables"};
    workspace_wait(engine, true);
    /* A file may come from anybody: what it defines itself can neither call what is dangerous nor change the schema's own pages. */
    sqlite3_db_config(engine->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
    sqlite3_db_config(engine->database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    sqlite3_db_config(engine->database, SQLITE_DBCONFIG_ENABLE_FKEY, 1, (int *)NULL);
    sqlite3_db_config(engine->database, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
    if (!engine_enter(&work, err))
        return false;
    bool fine = (!options->workspace || open_workspace(engine, options->workspace, err)) &&
                (!options->views || views_read(engine, options->views, err)) && names_build(engine, err) &&
                (!options->views || check_views(engine, options->views, err));
    engine_leave(engine);
    return fine;
}

bool workspace_is_gone(struct engine *engine)
{
    int moved = 0;

    return engine->file_workspace && sqlite3_file_control(engine->database, "workspace", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved;
}

bool engine_has_workspace(const struct engine *engine)
{
    return engine->has_workspace;
}

bool engine_can_change(const struct engine *engine)
{
    return engine->has_workspace && !engine->protected_workspace;
}

void engine_set_read_only(struct engine *engine, bool read_only)
{
    pthread_mutex_lock(&engine->lock);
    engine->read_only = read_only;
    pthread_mutex_unlock(&engine->lock);
}
