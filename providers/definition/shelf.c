#include "providers/definition/shelf.h"

#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/arena.h"
#include "base/name.h"

enum {
    ROOM = 8,
    TICK = 50000000, /* nanoseconds; a file that has been written since may be written again without any other time than now */
};

/* A file as it was when it was read. */
struct definition_source {
    const struct definition_source *next;
    const char *path;
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified, changed;
};

/* Nobody waits for the lock: who finds it taken does without. So a fork can leave it locked in the child, for good, and no harm is done. */
static struct {
    pthread_mutex_t lock;
    struct definition *kept[ROOM]; /* the one kept last is the last */
    size_t count;
} shelf = {.lock = PTHREAD_MUTEX_INITIALIZER};

__attribute__((destructor)) static void clear_shelf(void)
{
    if (pthread_mutex_trylock(&shelf.lock) != 0)
        return;
    while (shelf.count)
        definition_close(shelf.kept[--shelf.count]);
    pthread_mutex_unlock(&shelf.lock);
}

static bool is_just_written(struct timespec changed)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (now.tv_sec - changed.tv_sec) * 1000000000LL + now.tv_nsec - changed.tv_nsec < TICK;
}

static bool look_at(const char *path, struct definition_source *source)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return false;
    *source = (struct definition_source){.path = path, .device = status.st_dev, .inode = status.st_ino, .size = status.st_size,
                                         .modified = status.st_mtim, .changed = status.st_ctim};
    return true;
}

bool shelf_note(struct definition *definition, const char *path)
{
    struct definition_source *source = arena_alloc(&definition->arena, sizeof *source);
    const char *copy = arena_text(&definition->arena, path);

    if (!source || !copy)
        return false;
    if (!look_at(copy, source) || is_just_written(source->changed))
        *source = (struct definition_source){.path = copy}; /* which no file is like */
    source->next = definition->sources;
    definition->sources = source;
    return true;
}

static bool is_same_moment(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_current(const struct definition *definition)
{
    for (const struct definition_source *source = definition->sources; source; source = source->next) {
        struct definition_source now;
        if (!look_at(source->path, &now) || now.device != source->device || now.inode != source->inode || now.size != source->size
            || !is_same_moment(now.modified, source->modified) || !is_same_moment(now.changed, source->changed))
            return false;
    }
    return true;
}

static bool is_for(const struct definition *definition, const char *file, const char *schema)
{
    const char *wanted = schema && schema[0] ? schema : definition->schema_count ? definition->schemas[0] : NULL;

    return strcmp(definition->file, file) == 0
           && (wanted && definition->schema ? name_equal(definition->schema, wanted) : wanted == definition->schema);
}

static struct definition *take_out(size_t at)
{
    struct definition *taken = shelf.kept[at];

    shelf.count--;
    memmove(&shelf.kept[at], &shelf.kept[at + 1], (shelf.count - at) * sizeof shelf.kept[0]);
    return taken;
}

struct definition *shelf_take(const char *file, const char *schema)
{
    struct definition *found = NULL;

    if (pthread_mutex_trylock(&shelf.lock) != 0)
        return NULL;
    for (size_t i = shelf.count; i-- > 0 && !found;)
        if (is_for(shelf.kept[i], file, schema))
            found = take_out(i);
    pthread_mutex_unlock(&shelf.lock);
    if (!found || is_current(found))
        return found;
    definition_close(found);
    return NULL;
}

void shelf_keep(struct definition *definition)
{
    struct definition *dropped = definition;

    if (pthread_mutex_trylock(&shelf.lock) == 0) {
        dropped = shelf.count == ROOM ? take_out(0) : NULL;
        shelf.kept[shelf.count++] = definition;
        pthread_mutex_unlock(&shelf.lock);
    }
    definition_close(dropped);
}
