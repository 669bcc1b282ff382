#include "providers/provider.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "providers/csv/service.h"
#include "providers/definition/definition.h"
#include "providers/definition/service.h"
#include "providers/definition/shelf.h"
#include "providers/odata/service.h"
#include "providers/script/service.h"

/* Providers that are written in C and have no definition. */
static const struct built_in {
    const char *name, *schemes;
    bool (*open)(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err);
} built_ins[] = {
    {"CSV", CSV_SCHEMES, csv_and_scripts_open},
    {"JSON", SCRIPT_SCHEMES, json_service_open},
    {"OData", ODATA_SCHEMES, odata_service_open},
    {"XML", SCRIPT_SCHEMES, xml_service_open},
};

static const struct built_in *find_built_in(const char *name)
{
    for (size_t i = 0; i < sizeof built_ins / sizeof built_ins[0]; i++)
        if (name_equal(built_ins[i].name, name))
            return &built_ins[i];
    return NULL;
}

/* One search through the folders. */
struct search {
    struct arena arena;
    const char *wanted;
    const char *file;            /* found: its definition */
    struct buffer names;         /* of those that there are */
    struct name_guess guess;
};

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Looks at every folder <name>/ with a <name>.xml in it; the names that definitions give themselves are only read when `names` says so.
 * False when out of memory. */
static bool search_folder(struct search *search, const char *folder, bool names)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;
    bool done = true;

    while (directory && done && !search->file && (entry = readdir(directory))) {
        const char *file = arena_printf(&search->arena, "%s/%s/%s.xml", folder, entry->d_name, entry->d_name);
        if (!file) {
            done = false;
            break;
        }
        if (entry->d_name[0] == '.' || !is_file(file))
            continue;
        if (name_equal(entry->d_name, search->wanted))
            search->file = file;
        if (!names)
            continue;
        const char *name = definition_name(file, &search->arena);
        if (!name)
            name = arena_text(&search->arena, entry->d_name);
        if (!name) {
            done = false;
            break;
        }
        if (name_equal(name, search->wanted))
            search->file = file;
        buffer_printf(&search->names, "%s%s", search->names.length ? ", " : "", name);
        name_guess_show(&search->guess, name);
    }
    if (directory)
        closedir(directory);
    return done;
}

static void show_built_ins(struct search *search)
{
    for (size_t i = 0; i < sizeof built_ins / sizeof built_ins[0]; i++) {
        buffer_printf(&search->names, "%s%s", search->names.length ? ", " : "", built_ins[i].name);
        name_guess_show(&search->guess, built_ins[i].name);
    }
}

static bool not_found(const struct search *search, const char *location, struct error *err)
{
    const char *names = search->names.length ? buffer_text(&search->names) : "none";

    if (!search->wanted[0])
        return error_set(err, "HY000", "Provider is not set: say which service to query. There are: %s", names);
    return error_set(err, "HY000", "There is no provider \"%.60s\"%s%s%s. There are: %s. Definitions are looked for in %s%s" PKGDATADIR
                     "/providers", search->wanted, search->guess.best ? "; is " : "", search->guess.best ? search->guess.best : "",
                     search->guess.best ? " meant?" : "", names, location ? location : "", location ? " and " : "");
}

/* The grammar that stands beside the definitions, else the installed one. */
static const char *find_schema(struct search *search, const char *location)
{
    const char *beside = location ? arena_printf(&search->arena, "%s/provider.rng", location) : NULL;
    return beside && is_file(beside) ? beside : PKGDATADIR "/providers/provider.rng";
}

static bool find_definition(struct search *search, const char *location, const char *schema, struct definition **definition, struct error *err)
{
    const char *const folders[] = {location, PKGDATADIR "/providers"};

    for (size_t i = 0; i < 2 && !search->file; i++)
        if (folders[i] && (!search_folder(search, folders[i], false) || (!search->file && !search_folder(search, folders[i], true))))
            return error_memory(err);
    if (!search->file) {
        show_built_ins(search);
        return not_found(search, location, err);
    }
    *definition = shelf_take(search->file, schema);
    return *definition || definition_open(search->file, find_schema(search, location), schema, definition, err);
}

bool provider_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service,
                   struct error *err)
{
    const char *provider = properties_text(properties, PROPERTY_PROVIDER), *location = properties_text(properties, PROPERTY_LOCATION);
    struct search search = {.wanted = provider ? provider : ""};
    const struct built_in *built_in = find_built_in(search.wanted);
    struct definition *definition;

    if (built_in)
        return built_in->open(properties, log, cancel, service, err);
    search.guess.wanted = search.wanted;
    buffer_init(&search.names, 400);
    bool found = find_definition(&search, location && location[0] ? location : NULL, properties_text(properties, PROPERTY_SCHEMA), &definition, err);
    if (found)
        log_write(log, LOG_HEADER, "provider", "%s is defined by %s", definition->name, definition->file);
    buffer_clear(&search.names);
    arena_clear(&search.arena);
    return found && described_service_open(definition, properties, log, cancel, service, err);
}

bool provider_choices(const struct properties *properties, struct arena *arena, struct provider_choices *choices, struct error *err)
{
    const char *provider = properties_text(properties, PROPERTY_PROVIDER), *location = properties_text(properties, PROPERTY_LOCATION);
    struct search search = {.wanted = provider ? provider : ""};
    const struct built_in *built_in = find_built_in(search.wanted);
    struct definition *definition = NULL;

    *choices = (struct provider_choices){.schemes = ""};
    if (built_in) {
        choices->names = built_in->name;
        choices->schemes = built_in->schemes;
        return true;
    }
    search.guess.wanted = search.wanted;
    buffer_init(&search.names, 4000);
    bool found = find_definition(&search, location && location[0] ? location : NULL, properties_text(properties, PROPERTY_SCHEMA), &definition, err);
    choices->names = arena_text(arena, buffer_text(&search.names));
    if (found && definition->has_oauth && definition->oauth.schemes)
        choices->schemes = arena_text(arena, definition->oauth.schemes);
    choices->own_client = found && definition->oauth.client_id;
    if (found)
        definition_close(definition);
    buffer_clear(&search.names);
    arena_clear(&search.arena);
    if (!choices->names || !choices->schemes)
        return error_memory(err);
    if (found || (provider && provider[0]) || strcmp(err->sqlstate, "HY000") != 0)
        return found;
    memset(err, 0, sizeof *err); /* no provider was asked for, so none is missing */
    return true;
}
