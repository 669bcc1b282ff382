/* The scripts of a folder. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "providers/script/service.h"

enum { MOST_FILES = 5000 };

static const char *extension_of(const char *name)
{
    const char *point = strrchr(name, '.');
    return point && point != name && (name_equal(point, ".rsd") || name_equal(point, ".rsb")) ? point : NULL;
}

static int by_name(const void *a, const void *b)
{
    const struct script_file *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order ? order : strcmp(left->path, right->path);
}

static bool read_file(struct script_service *service, const char *folder, const char *entry, const char *extension, struct script_file *file,
                      struct error *err)
{
    struct error fault = {0};

    *file = (struct script_file){.name = arena_copy(&service->arena, entry, (size_t)(extension - entry)),
                                 .path = arena_printf(&service->arena, "%s/%s", folder, entry), .table = name_equal(extension, ".rsd")};
    if (!file->name || !file->path)
        return error_memory(err);
    if (script_open(file->path, &file->script, &fault))
        return true;
    if (strcmp(fault.sqlstate, "HY001") == 0)
        return error_memory(err);
    log_write(service->log, LOG_QUERY, "provider", "%s", fault.message);
    file->script = NULL;
    file->fault = arena_text(&service->arena, fault.message);
    return file->fault || error_memory(err);
}

bool script_files_read(struct script_service *service, const char *folder, struct error *err)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;
    size_t room = 0;
    bool done = true;

    if (!directory)
        return error_set(err, "HY000", "Location=%.300s is no folder that can be read", folder);
    while (done && (entry = readdir(directory))) {
        const char *extension = extension_of(entry->d_name);
        if (!extension)
            continue;
        if (service->file_count == MOST_FILES) {
            done = error_set(err, "HY000", "Location=%.300s has more than %d scripts", folder, MOST_FILES);
            break;
        }
        if (service->file_count == room) {
            room = room ? room * 2 : 16;
            struct script_file *files = reallocarray(service->files, room, sizeof *files);
            if (!files) {
                done = error_memory(err);
                break;
            }
            service->files = files;
        }
        done = read_file(service, folder, entry->d_name, extension, &service->files[service->file_count], err);
        service->file_count += done;
    }
    closedir(directory);
    if (service->file_count)
        qsort(service->files, service->file_count, sizeof *service->files, by_name);
    return done;
}

const struct script_file *script_file_find(const struct script_service *service, const char *name)
{
    const char *extension = extension_of(name);
    size_t length = extension ? (size_t)(extension - name) : strlen(name);

    for (size_t i = 0; i < service->file_count; i++) {
        const struct script_file *file = &service->files[i];
        if (name_equal_length(name, length, file->name) && (!extension || name_equal(extension, ".rsd") == file->table))
            return file;
    }
    return NULL;
}
