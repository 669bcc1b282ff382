#include "providers/csv/place.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/utf.h"
#include "providers/csv/charset.h"
#include "providers/csv/options.h"
#include "providers/csv/remote.h"
#include "providers/csv/stream.h"
#include "providers/csv/unpack.h"

enum { DEEPEST = 64 /* folders, where no bound is set: there may be cycles */, LARGEST_INI = 4 << 20 };

/* --- which files ------------------------------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* A word of IncludeFiles: a pattern for the whole name, NOEXT, or an extension. */
static bool is_meant(const char *word, const char *file, size_t length)
{
    const char *dot = memrchr(file, '.', length);
    bool named = dot && dot > file;

    if (strpbrk(word, "*?")) {
        char name[256];
        if (length >= sizeof name)
            return false;
        memcpy(name, file, length);
        name[length] = '\0';
        return fnmatch(word, name, FNM_CASEFOLD) == 0;
    }
    if (name_equal(word, "NOEXT"))
        return !named;
    word += *word == '.';
    return named && name_equal_length(dot + 1, length - (size_t)(dot + 1 - file), word);
}

static bool is_any(const char *const *words, size_t count, const char *file)
{
    size_t length = strlen(file), without = csv_without_packing(file);

    for (size_t i = 0; i < count; i++)
        if (is_meant(words[i], file, length) || (without < length && is_meant(words[i], file, without)))
            return true;
    return false;
}

bool csv_is_included(const struct csv_options *options, const char *file)
{
    return is_any(options->include, options->include_count, file) && !is_any(options->exclude, options->exclude_count, file);
}

/* --- gathering --------------------------------------------------------------------------------------------------------- */

struct search {
    const struct csv_options *options;
    struct csv_remote *remote;
    struct arena *arena;
    struct csv_places *places;
    struct cancel *cancel;
    const char *path;             /* of the archive that is looked into */
    const char *prefix;           /* of the names of its files */
};

static bool add(struct search *search, const char *name, const char *path, const char *entry, bool remote, const struct csv_ini *ini,
                struct error *err)
{
    struct csv_places *places = search->places;

    if (places->count == places->room) {
        size_t room = places->room ? places->room * 2 : 16;
        struct csv_place *list = arena_array(search->arena, room, sizeof *list);
        if (!list)
            return error_memory(err);
        if (places->count)
            memcpy(list, places->list, places->count * sizeof *list);
        places->list = list;
        places->room = room;
    }
    places->list[places->count++] = (struct csv_place){.name = name, .path = path, .entry = entry, .remote = remote, .ini = ini};
    return (name && path) || error_memory(err);
}

static bool all_of(struct csv_stream *stream, struct buffer *text, struct error *err)
{
    char piece[4096];
    size_t got;

    do {
        if (!csv_stream_read(stream, piece, sizeof piece, &got, err))
            return false;
        if (!buffer_append(text, piece, got))
            return error_set(err, "HY000", "it is larger than any such file should be");
    } while (got);
    return true;
}

/* A Schema.ini that is no UTF-8 is of the old days. */
static bool read_ini(struct csv_stream *stream, const char *path, struct arena *arena, const struct csv_ini **result, struct error *err)
{
    struct csv_ini *ini = arena_alloc(arena, sizeof *ini);
    struct csv_stream *decoded;
    struct buffer text, again;

    buffer_init(&text, LARGEST_INI);
    buffer_init(&again, 2 * LARGEST_INI);
    bool fine = csv_charset_open(stream, "UTF-8", path, &decoded, err);
    if (fine) {
        fine = all_of(decoded, &text, err) || error_prefix(err, "%s: ", path);
        csv_stream_close(decoded);
    }
    if (fine && !utf8_valid(buffer_text(&text), text.length, NULL)) {
        fine = csv_memory_open(text.data, text.length, 0, &stream, err) && csv_charset_open(stream, "CP1252", path, &decoded, err);
        if (fine) {
            fine = all_of(decoded, &again, err);
            csv_stream_close(decoded);
        }
    }
    const struct buffer *whole = again.length ? &again : &text;
    fine = fine && (ini || error_memory(err)) && csv_ini_read(path, buffer_text(whole), whole->length, arena, ini, err);
    buffer_clear(&text);
    buffer_clear(&again);
    *result = fine ? ini : NULL;
    return fine;
}

/* --- folders of this machine ------------------------------------------------------------------------------------------- */

static bool is_ini(const char *file)
{
    return strcasecmp(file, "Schema.ini") == 0;
}

/* The Schema.ini of a folder, if there is one. */
static bool find_ini(struct search *search, const char *folder, struct dirent **entries, int count, const struct csv_ini **ini, struct error *err)
{
    struct csv_stream *stream;

    *ini = NULL;
    for (int i = 0; i < count; i++) {
        if (!is_ini(entries[i]->d_name))
            continue;
        const char *path = arena_printf(search->arena, "%s/%s", folder, entries[i]->d_name);
        if (!path)
            return error_memory(err);
        return csv_file_open(path, path, &stream, err) && read_ini(stream, path, search->arena, ini, err);
    }
    return true;
}

static bool tell_entry(void *context, const char *entry, struct error *err)
{
    struct search *search = context;
    const char *file = base_name(entry);

    if (*file == '.' || !*file || !csv_is_included(search->options, file) || csv_is_archive(file))
        return true;
    const char *kept = arena_text(search->arena, entry);
    return add(search, arena_printf(search->arena, "%s%s", search->prefix, entry), search->path, kept, search->remote != NULL, NULL, err)
           && (kept || error_memory(err));
}

static bool look_into(struct search *search, const char *path, const char *prefix, struct error *err)
{
    struct csv_stream *stream;

    search->path = path;
    search->prefix = prefix;
    bool opened = search->remote ? csv_remote_get(search->remote, path, path, search->cancel, &stream, err) : csv_file_open(path, path, &stream, err);
    return opened && csv_entries_tell(stream, path, tell_entry, search, err);
}

static bool look_at_folder(struct search *search, const char *folder, const char *prefix, int64_t depth, struct error *err);

static bool look_at_file(struct search *search, const char *path, const char *name, const struct dirent *found, const struct csv_ini *ini,
                         int64_t depth, struct error *err)
{
    struct stat status, link;

    if (!path || !name)
        return error_memory(err);
    if (stat(path, &status) != 0)
        return true; /* it was there a moment ago, or leads nowhere */
    if (S_ISDIR(status.st_mode)) {
        bool own = lstat(path, &link) == 0 && !S_ISLNK(link.st_mode);
        return !own || depth == 0 || look_at_folder(search, path, arena_printf(search->arena, "%s/", name), depth - 1, err);
    }
    if (!S_ISREG(status.st_mode) || is_ini(found->d_name))
        return true;
    bool included = csv_is_included(search->options, found->d_name);
    if (included && csv_is_archive(found->d_name)) {
        size_t stem = (size_t)(base_name(name) - name) + strcspn(base_name(name), ".");
        const char *prefix = arena_printf(search->arena, "%.*s/", (int)stem, name);
        return prefix ? look_into(search, path, prefix, err) : error_memory(err);
    }
    return (!included && !csv_ini_find(ini, found->d_name)) || add(search, name, path, NULL, false, ini, err);
}

static bool look_at_folder(struct search *search, const char *folder, const char *prefix, int64_t depth, struct error *err)
{
    struct dirent **entries;
    const struct csv_ini *ini;

    if (!prefix)
        return error_memory(err);
    int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0)
        return errno == ENOMEM ? error_memory(err) : error_set(err, "HY000", "The folder %s can not be read: %s", folder, strerror(errno));
    bool fine = find_ini(search, folder, entries, count, &ini, err);
    for (int i = 0; i < count; i++) {
        if (fine && entries[i]->d_name[0] != '.')
            fine = look_at_file(search, arena_printf(search->arena, "%s/%s", folder, entries[i]->d_name),
                                arena_printf(search->arena, "%s%s", prefix, entries[i]->d_name), entries[i], ini, depth, err);
        free(entries[i]);
    }
    free(entries);
    return fine;
}

/* A single file may still have a Schema.ini beside it. */
static bool look_at_single(struct search *search, const char *path, struct error *err)
{
    const char *file = base_name(path);
    const char *folder = file == path ? "." : arena_copy(search->arena, path, file == path + 1 ? 1 : (size_t)(file - path) - 1);
    struct dirent **entries;
    const struct csv_ini *ini = NULL;

    if (!folder)
        return error_memory(err);
    int count = scandir(folder, &entries, NULL, NULL);
    bool fine = count < 0 || find_ini(search, folder, entries, count, &ini, err);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    if (count >= 0)
        free(entries);
    return fine && add(search, file, path, NULL, false, ini, err);
}

/* --- addresses --------------------------------------------------------------------------------------------------------- */

static bool tell_remote(void *context, const char *path, struct error *err)
{
    struct search *search = context;
    const char *file = base_name(path);

    if (*file == '.' || !*file || (!is_ini(file) && !csv_is_included(search->options, file)) || (csv_is_archive(file) && !is_ini(file)))
        return true;
    const char *name = arena_text(search->arena, path);
    return add(search, name, csv_remote_address(search->remote, path, search->arena), NULL, true, NULL, err);
}

/* The Schema.ini files among the places are read, given to the files of their folders, and taken out. */
static bool take_remote_inis(struct search *search, struct error *err)
{
    struct csv_places *places = search->places;
    size_t kept = 0;

    for (size_t i = 0; i < places->count; i++) {
        const char *name = places->list[i].name;
        size_t folder = (size_t)(base_name(name) - name);
        struct csv_stream *stream;
        const struct csv_ini *ini;
        if (!is_ini(name + folder))
            continue;
        if (!csv_remote_get(search->remote, places->list[i].path, name, search->cancel, &stream, err)
            || !read_ini(stream, name, search->arena, &ini, err))
            return false;
        for (size_t j = 0; j < places->count; j++) {
            const char *other = places->list[j].name;
            if ((size_t)(base_name(other) - other) == folder && memcmp(other, name, folder) == 0)
                places->list[j].ini = ini;
        }
    }
    for (size_t i = 0; i < places->count; i++)
        if (!is_ini(base_name(places->list[i].name)))
            places->list[kept++] = places->list[i];
    places->count = kept;
    return true;
}

static bool look_at_address(struct search *search, struct error *err)
{
    struct csv_remote *remote = search->remote;
    struct csv_places *places = search->places;
    const char *address = csv_remote_address(remote, "", search->arena);

    if (!address)
        return error_memory(err);
    if (csv_remote_is_folder(remote)) {
        places->base = address;
        return !csv_remote_lists(remote)
               || (csv_remote_list(remote, search->options->subfolders ? search->options->depth : 0, tell_remote, search, search->cancel, err)
                   && take_remote_inis(search, err));
    }
    const char *path = arena_copy(search->arena, address, strcspn(address, "?#"));
    if (!path)
        return error_memory(err);
    if (csv_is_archive(path)) {
        places->base = address;
        places->archive = true;
        return look_into(search, address, "", err);
    }
    places->stream = !csv_remote_lists(remote);
    return add(search, base_name(path), address, NULL, true, NULL, err);
}

/* --- all of it --------------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct csv_place *)a)->name, ((const struct csv_place *)b)->name);
}

/* file:///a%20b is a path with a prefix. */
static const char *local_path(const char *uri, struct arena *arena)
{
    struct buffer path;
    const char *result;

    if (strncasecmp(uri, "file://", 7) != 0)
        return *uri ? uri : ".";
    uri += 7;
    if (strncasecmp(uri, "localhost/", 10) == 0)
        uri += 9;
    buffer_init(&path, strlen(uri) + 1);
    for (size_t i = 0; uri[i]; i++) {
        char digits[3] = {uri[i] == '%' ? uri[i + 1] : '\0', uri[i] == '%' && uri[i + 1] ? uri[i + 2] : '\0', '\0'}, *end;
        long byte = strtol(digits, &end, 16);
        bool coded = uri[i] == '%' && end == digits + 2 && byte > 0;
        buffer_append_char(&path, coded ? (char)byte : uri[i]);
        i += coded ? 2 : 0;
    }
    result = arena_text(arena, buffer_text(&path));
    buffer_clear(&path);
    return result;
}

/* gdrive://, azureblob://: no path of this machine. */
static bool is_foreign(const char *uri)
{
    size_t length = strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+");
    return length > 1 && strncmp(uri + length, "://", 3) == 0 && strncasecmp(uri, "file://", 7) != 0;
}

static bool look_at_path(struct search *search, struct error *err)
{
    const struct csv_options *options = search->options;
    struct csv_places *places = search->places;

    if (is_foreign(options->uri))
        return error_set(err, "HYC00", "URI begins with %.*s://, where files can not be read: there are paths, file, http, https, s3, ftp, ftps and sftp",
                         (int)strcspn(options->uri, ":"), options->uri);
    const char *path = local_path(options->uri, search->arena);
    struct stat status;

    if (!path)
        return error_memory(err);
    size_t length = strlen(path);
    if (length > 1 && path[length - 1] == '/' && !(path = arena_copy(search->arena, path, length - 1)))
        return error_memory(err);
    if (stat(path, &status) != 0)
        return error_set(err, "HY000", "URI=%.400s can not be opened: %s", path, strerror(errno));
    if (S_ISDIR(status.st_mode)) {
        int64_t depth = !options->subfolders ? 0 : options->depth < 0 || options->depth > DEEPEST ? DEEPEST : options->depth;
        places->base = path;
        return look_at_folder(search, path, "", depth, err);
    }
    if (!csv_is_archive(path))
        return look_at_single(search, path, err);
    places->base = path;
    places->archive = true;
    return look_into(search, path, "", err);
}

bool csv_places_find(const struct csv_options *options, struct csv_remote *remote, struct arena *arena, struct csv_places *places,
                     struct cancel *cancel, struct error *err)
{
    struct search search = {.options = options, .remote = remote, .arena = arena, .places = places, .cancel = cancel};

    *places = (struct csv_places){0};
    if (!(remote ? look_at_address(&search, err) : look_at_path(&search, err)))
        return false;
    if (places->count)
        qsort(places->list, places->count, sizeof *places->list, by_name);
    return true;
}

/* Whether a path stays below where it starts: there is no ".." in it, and no empty part. */
static bool stays_below(const char *path)
{
    if (!*path || *path == '/')
        return false;
    while (*path) {
        size_t length = strcspn(path, "/");
        if (length == 0 || (length == 1 && path[0] == '.') || (length == 2 && path[0] == '.' && path[1] == '.'))
            return false;
        path += length;
        path += *path == '/';
    }
    return true;
}

bool csv_place_single(const char *path, struct arena *arena, struct csv_place *place, struct error *err)
{
    struct csv_places places = {0};
    struct search search = {.arena = arena, .places = &places};

    if (!look_at_single(&search, path, err))
        return false;
    *place = places.list[0];
    return true;
}

bool csv_place_look_up(const struct csv_places *places, const char *path, struct csv_remote *remote, struct arena *arena, struct csv_place *place,
                       bool *found, struct cancel *cancel, struct error *err)
{
    struct stat status;
    char *name = arena_text(arena, path);
    (void)cancel;

    *found = false;
    if (!name)
        return error_memory(err);
    for (char *at = name; *at; at++)
        if (*at == '\\')
            *at = '/';
    if (places->base && !remote && !places->archive && *name == '/') { /* a whole path may lead below the base, too */
        size_t length = strlen(places->base);
        if (strncmp(name, places->base, length) == 0 && name[length] == '/')
            name += length + 1;
    }
    if (!places->base || !stays_below(name))
        return true;
    if (places->archive)
        return true; /* all there is in it is listed */
    if (remote) {
        *place = (struct csv_place){.name = name, .path = csv_remote_address(remote, name, arena), .remote = true};
        *found = strchr(name, '/') || strchr(name, '.');
        return place->path || error_memory(err);
    }
    *place = (struct csv_place){.name = name, .path = arena_printf(arena, "%s/%s", places->base, name)};
    if (!place->path)
        return error_memory(err);
    *found = stat(place->path, &status) == 0 && S_ISREG(status.st_mode) && !csv_is_archive(name);
    return !*found || (csv_place_single(place->path, arena, place, err) && (place->name = name));
}

const char *csv_place_table(const struct csv_options *options, const struct csv_places *places, const struct csv_place *place, struct arena *arena)
{
    if (places->stream)
        return "streamedtable";
    size_t length = csv_without_packing(place->name);
    const char *dot = options->short_names ? memrchr(place->name, '.', length) : NULL;
    if (dot && dot > base_name(place->name))
        length = (size_t)(dot - place->name);
    char *name = arena_copy(arena, place->name, length);
    for (char *at = name; at && *at; at++)
        if (*at == '/')
            *at = '_';
    return name;
}

bool csv_place_open(const struct csv_place *place, const char *charset, struct csv_remote *remote, struct cancel *cancel,
                    struct csv_stream **stream, struct error *err)
{
    struct csv_stream *bytes, *whole;

    if (!(place->opener   ? place->opener->open(place->opener, cancel, &bytes, err)
          : place->remote ? csv_remote_get(remote, place->path, place->name, cancel, &bytes, err) : csv_file_open(place->path, place->name, &bytes, err)))
        return false;
    return (place->entry ? csv_entry_open(bytes, place->name, place->entry, &whole, err) : csv_unpack_open(bytes, place->name, &whole, err))
           && csv_charset_open(whole, charset, place->name, stream, err);
}
