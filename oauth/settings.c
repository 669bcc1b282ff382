/* The settings file: where tokens persist across connections and processes. */
#include "oauth/settings.h"

#include <inttypes.h>
#include <jansson.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "http/url.h"
#include "oauth/secret.h"

enum { LARGEST_FILE = 4 * 1024 * 1024, FORMAT_VERSION = 1, ROOM_FOR_RECORD = 4096 };

static const char format_name[] = "restodbc OAuth settings";
static const char file_name[] = "OAuthSettings.txt";
static const char *const known_names[GIVEN_THINGS] = {
    [GIVEN_ACCESS_TOKEN] = "known_access_token", [GIVEN_TOKEN_SECRET] = "known_token_secret",
    [GIVEN_REFRESH_TOKEN] = "known_refresh_token", [GIVEN_VERIFIER] = "known_verifier",
};

void settings_record_clear(struct settings_record *record)
{
    grant_clear(&record->grant);
    secret_free(record->pending);
    *record = (struct settings_record){.grant.lifetime = -1};
}

/* --- where it is --- */

static bool own_home(struct buffer *out, struct error *err)
{
    const char *home = secure_getenv("HOME");
    if (home && *home == '/')
        return buffer_append_text(out, home);

    char space[4096];
    struct passwd entry, *result = NULL;
    if (getpwuid_r(geteuid(), &entry, space, sizeof space, &result) == 0 && result && *result->pw_dir == '/')
        return buffer_append_text(out, result->pw_dir);
    return error_set(err, "HY000", "There is no home folder to keep the OAuth settings in: set OAuthSettingsLocation to a file");
}

/* A name as the name of a folder: what could lead elsewhere, or is hard to type, is percent-encoded. */
static void append_folder(struct buffer *out, const char *name)
{
    if (*name == '.') {
        buffer_append_text(out, "%2E");
        name++;
    }
    for (; *name; name++) {
        if ((unsigned char)*name < ' ' || strchr("/%\\\x7F", *name))
            buffer_printf(out, "%%%02X", (unsigned)(unsigned char)*name);
        else
            buffer_append_char(out, *name);
    }
}

static bool own_location(const char *owner, struct buffer *out, struct error *err)
{
    const char *folder = secure_getenv("XDG_CONFIG_HOME"); /* XDG Base Directory Specification: relative ones are ignored */
    if (folder && *folder == '/')
        buffer_append_text(out, folder);
    else if (!own_home(out, err) || !buffer_append_text(out, "/.config"))
        return false;
    buffer_append_text(out, "/restodbc/");
    append_folder(out, owner);
    return buffer_printf(out, "/%s", file_name);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return path[strlen(path) - 1] == '/' || (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* The folder that the program is in now: it may go elsewhere while it is connected, and the tokens shall not be divided. */
static bool present_folder(const char *location, struct buffer *out, struct error *err)
{
    char *folder = get_current_dir_name();
    bool done = folder && buffer_append_text(out, folder) && buffer_append_char(out, '/');
    if (!folder)
        error_set(err, "HY000", "OAuthSettingsLocation=%.80s means a file in the folder that the program is in, which is not there "
                  "any more: name a whole path", location);
    free(folder);
    return done;
}

/* What is meant otherwise than as a path would make a strange folder here. */
static bool is_meant_otherwise(const char *location)
{
    return strncmp(location, "memory:", 7) == 0 || strstr(location, "://") || (*location == '~' && location[1] && location[1] != '/');
}

static bool given_location(const char *location, struct buffer *out, struct error *err)
{
    if (store_is_memory(location))
        return buffer_append_text(out, location);
    if (is_meant_otherwise(location))
        return error_set(err, "HY000", "OAuthSettingsLocation=%.80s is not possible: name a file, which may begin with ~/ for your home "
                         "folder, or write memory://, with a name of your choice behind it or without", location);
    bool in_home = *location == '~';
    if (in_home && !own_home(out, err))
        return false;
    if (!in_home && *location != '/' && !present_folder(location, out, err))
        return false;
    if (buffer_append_text(out, strcmp(location, "~") == 0 ? "/" : location + in_home) && is_folder(buffer_text(out)))
        buffer_printf(out, "%s%s", out->data[out->length - 1] == '/' ? "" : "/", file_name);
    return !out->failed;
}

bool settings_path(const char *location, const char *owner, char **path, struct error *err)
{
    struct buffer out;
    *err = (struct error){0};
    buffer_init(&out, 4000);
    if (!(location && *location ? given_location(location, &out, err) : own_location(owner, &out, err))) {
        buffer_clear(&out);
        return *err->sqlstate ? false : error_set(err, "HY000", "OAuthSettingsLocation is too long for a path");
    }
    *path = out.data;
    return true;
}

/* --- the document --- */

static bool is_damaged(const char *path, const char *how, struct error *err)
{
    return error_set(err, "HY000", "The OAuth settings file %s is damaged (%s). It has been left as it is: restore it from a copy, "
                     "or move it away and sign in again", path, how);
}

/* Where, but not what: jansson's own words quote the text, which may be a token that was left there in the open. */
static bool is_no_json(const char *path, const json_error_t *reason, struct error *err)
{
    char how[80];
    snprintf(how, sizeof how, "not JSON at line %d, column %d", reason->line, reason->column);
    return is_damaged(path, how, err);
}

static bool check_document(const char *path, json_t *document, struct error *err)
{
    const char *format = json_string_value(json_object_get(document, "format"));
    const json_t *version = json_object_get(document, "version");

    if (!format || strcmp(format, format_name) != 0)
        return error_set(err, "HY000", "%s is not an OAuth settings file of this driver. It has been left as it is: name another file "
                         "in OAuthSettingsLocation", path);
    if (!json_is_integer(version))
        return is_damaged(path, "no version", err);
    if (json_integer_value(version) != FORMAT_VERSION)
        return error_set(err, "HY000", "The OAuth settings file %s has version %" JSON_INTEGER_FORMAT ", this driver knows version %d. "
                         "It has been left as it is: use the newer driver, or name another file in OAuthSettingsLocation", path,
                         json_integer_value(version), FORMAT_VERSION);
    if (!json_is_array(json_object_get(document, "records")))
        return is_damaged(path, "no records", err);
    return true;
}

/* *document NULL when there is no file. */
static bool load_document(const char *path, json_t **document, struct error *err)
{
    struct buffer text;
    bool found;
    json_error_t reason;

    *document = NULL;
    buffer_init(&text, LARGEST_FILE);
    bool done = store_read(path, &text, &found, err);
    if (done && found) {
        *document = json_loadb(buffer_text(&text), text.length, JSON_REJECT_DUPLICATES, &reason);
        done = *document ? check_document(path, *document, err) : is_no_json(path, &reason, err);
    }
    buffer_clear(&text);
    if (!done) {
        json_decref(*document);
        *document = NULL;
    }
    return done;
}

static const char *member(const json_t *record, const char *name)
{
    const char *text = json_string_value(json_object_get(record, name));
    return text ? text : "";
}

static bool belongs_to(const json_t *record, const struct settings_key *key)
{
    const char *const members[][2] = {
        {"provider", key->provider}, {"token_url", key->token_url}, {"client_id", key->client_id}, {"user", key->user}};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *text = json_string_value(json_object_get(record, members[i][0]));
        if (!text || strcmp(text, members[i][1]) != 0)
            return false;
    }
    return true;
}

/* Whether nobody else's sign-ins stand in it: with another application's tokens nothing here could be done, and where a file is named
 * twice by mistake one would be lost among the others. */
static bool is_bound(const char *path, const json_t *document, const struct settings_key *key, struct error *err)
{
    size_t index;
    json_t *record;

    json_array_foreach(json_object_get(document, "records"), index, record) {
        const char *provider = member(record, "provider"), *client = member(record, "client_id");
        if (strcmp(provider, key->provider) != 0)
            return error_set(err, "28000", "The OAuth settings file %s belongs to %.60s, not to %s: name another file in "
                             "OAuthSettingsLocation", path, provider, key->provider);
        if (strcmp(client, key->client_id) != 0)
            return error_set(err, "28000", "The OAuth settings file %s belongs to the application with the OAuthClientId \"%.100s\", not to "
                             "\"%.100s\": check OAuthClientId, or name another file in OAuthSettingsLocation", path, client, key->client_id);
    }
    return true;
}

static json_t *find_record(const json_t *document, const struct settings_key *key)
{
    size_t index;
    json_t *record;

    json_array_foreach(json_object_get(document, "records"), index, record) {
        if (belongs_to(record, key))
            return record;
    }
    return NULL;
}

/* What the sealed part is bound to. Each text is preceded by its length, so that no two keys look the same. */
static bool write_context(struct buffer *out, const struct settings_key *key)
{
    const char *const texts[] = {key->provider, key->token_url, key->client_id, key->user};
    buffer_init(out, 64 * 1024);
    buffer_printf(out, "%s %d", format_name, FORMAT_VERSION);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        buffer_printf(out, " %zu:%s", strlen(texts[i]), texts[i]);
    return !out->failed;
}

/* --- the sealed part: a form, so that no second copy of the tokens is made in reading and writing it --- */

static void write_text(struct buffer *out, const char *name, const char *text)
{
    if (text)
        url_add_parameter(out, name, text, true);
}

static void write_number(struct buffer *out, const char *name, int64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, number);
    url_add_parameter(out, name, text, true);
}

static bool write_plain(struct buffer *out, const struct settings_record *record)
{
    const struct grant *grant = &record->grant;

    write_text(out, "access_token", grant->access_token);
    write_text(out, "token_secret", grant->token_secret);
    write_text(out, "refresh_token", grant->refresh_token);
    write_text(out, "scope", grant->scope);
    write_text(out, "other", grant->other);
    write_number(out, "issued", grant->issued);
    write_number(out, "skew", grant->skew);
    write_number(out, "lifetime", grant->lifetime);
    for (size_t i = 0; i < GIVEN_THINGS; i++)
        write_text(out, known_names[i], record->known[i]);
    write_text(out, "pending", record->pending);
    return !out->failed;
}

/* A parameter of the sealed part; NULL when it is missing. */
static bool read_text(const struct buffer *plain, const char *name, char **out, struct error *err)
{
    struct buffer value;
    if (!secret_buffer_init(&value, plain->length))
        return error_memory(err);
    bool done = true;
    if (url_parameter(buffer_text(plain), name, &value))
        done = secret_set(out, value.data);
    secret_buffer_clear(&value);
    return done ? true : error_memory(err);
}

static bool read_number(const struct buffer *plain, const char *name, int64_t *out, struct error *err)
{
    char *text = NULL;
    if (!read_text(plain, name, &text, err))
        return false;
    if (text)
        *out = strtoll(text, NULL, 10);
    secret_free(text);
    return true;
}

static bool read_fingerprint(const struct buffer *plain, const char *name, char out[SEALED_FINGERPRINT], struct error *err)
{
    char *text = NULL;
    if (!read_text(plain, name, &text, err))
        return false;
    snprintf(out, SEALED_FINGERPRINT, "%s", text ? text : "");
    secret_free(text);
    return true;
}

static bool read_plain(const struct buffer *plain, struct settings_record *record, struct error *err)
{
    *record = (struct settings_record){.grant.lifetime = -1};
    bool done = read_text(plain, "access_token", &record->grant.access_token, err) &&
                read_text(plain, "token_secret", &record->grant.token_secret, err) &&
                read_text(plain, "refresh_token", &record->grant.refresh_token, err) &&
                read_text(plain, "scope", &record->grant.scope, err) && read_text(plain, "other", &record->grant.other, err) &&
                read_text(plain, "pending", &record->pending, err) &&
                read_number(plain, "issued", &record->grant.issued, err) && read_number(plain, "skew", &record->grant.skew, err) &&
                read_number(plain, "lifetime", &record->grant.lifetime, err);
    for (size_t i = 0; done && i < GIVEN_THINGS; i++)
        done = read_fingerprint(plain, known_names[i], record->known[i], err);
    if (!done)
        settings_record_clear(record);
    return done;
}

/* --- the key: the client secret, or the key file --- */

enum { KEY_BYTES = 32, LARGEST_KEY = 4096 };

static bool make_key_file(const char *path, struct buffer *key, struct error *err)
{
    if (!secret_random(key, KEY_BYTES) || !buffer_append_char(key, '\n'))
        return error_set(err, "HY000", "The system gives no random numbers for the key of the OAuth settings");
    return store_replace(path, key->data, key->length, err);
}

static bool read_key_file(const char *path, bool make, struct buffer *key, struct error *err)
{
    bool found;
    if (!store_read(path, key, &found, err))
        return false;
    if (found && key->length < KEY_BYTES)
        return error_set(err, "28000", "The key file %s is damaged; it belongs to the OAuth settings file beside it", path);
    if (found || (make && make_key_file(path, key, err)))
        return true;
    return make ? false
                : error_set(err, "28000", "The key file %s is missing: without OAuthClientSecret it is what the OAuth settings are "
                            "encrypted with. Copy it along with the settings file, or sign in again", path);
}

/* make: a key file may be made when none is there. */
static bool load_key(const char *path, const struct settings_key *key, bool make, struct buffer *secret, struct error *err)
{
    char *key_path = NULL;

    if (!secret_buffer_init(secret, key->client_secret ? strlen(key->client_secret) : LARGEST_KEY))
        return error_memory(err);
    if (key->client_secret)
        return buffer_append_text(secret, key->client_secret);
    bool done = asprintf(&key_path, "%s.key", path) >= 0 ? read_key_file(key_path, make, secret, err) : error_memory(err);
    free(key_path);
    if (!done)
        secret_buffer_clear(secret);
    return done;
}

/* --- reading and writing --- */

static bool open_record(const char *path, const struct settings_key *key, const json_t *found, struct settings_record *record,
                        struct error *err)
{
    struct buffer secret, context, plain = {0};

    if (!load_key(path, key, false, &secret, err))
        return false;
    bool done = write_context(&context, key) ? sealed_open(member(found, "salt"), member(found, "nonce"), member(found, "data"),
                                                           secret.data, &context, &plain, err)
                                             : error_memory(err);
    if (!done)
        error_prefix(err, "The record of %s in the OAuth settings file %s: ", key->provider, path);
    done = done && read_plain(&plain, record, err);
    secret_buffer_clear(&plain);
    secret_buffer_clear(&secret);
    buffer_clear(&context);
    return done;
}

bool settings_read(const char *path, const struct settings_key *key, struct settings_record *record, bool *found, struct error *err)
{
    json_t *document;
    *record = (struct settings_record){.grant.lifetime = -1};
    *found = false;
    if (!load_document(path, &document, err))
        return false;
    bool done = is_bound(path, document, key, err);
    const json_t *one = done ? find_record(document, key) : NULL;
    done = done && (!one || open_record(path, key, one, record, err));
    *found = done && one;
    json_decref(document);
    return done;
}

bool settings_lock(const char *path, struct cancel *cancel, struct store_lock *lock, struct error *err)
{
    return store_lock(path, cancel, lock, err);
}

void settings_unlock(struct store_lock *lock)
{
    store_unlock(lock);
}

bool settings_have_room(const char *path, struct error *err)
{
    return store_has_room(path, ROOM_FOR_RECORD, err);
}

static bool seal_record(const char *path, const struct settings_key *key, const struct settings_record *record, struct sealed *sealed,
                        struct error *err)
{
    struct buffer secret, context, plain;

    if (!load_key(path, key, true, &secret, err))
        return false;
    bool done = secret_buffer_init(&plain, SEALED_LARGEST);
    done = write_context(&context, key) && done;
    if (!done)
        error_memory(err);
    else if (!write_plain(&plain, record))
        done = error_set(err, "HY000", "The tokens are too large to be saved");
    done = done && sealed_make(sealed, secret.data, &context, &plain, err);
    secret_buffer_clear(&plain);
    secret_buffer_clear(&secret);
    buffer_clear(&context);
    return done;
}

static bool put_record(json_t *document, const struct settings_key *key, const struct sealed *sealed)
{
    json_t *record = find_record(document, key);
    if (!record) {
        record = json_object();
        if (json_array_append_new(json_object_get(document, "records"), record) != 0)
            return false;
    }
    const char *const members[][2] = {
        {"provider", key->provider}, {"token_url", key->token_url}, {"client_id", key->client_id}, {"user", key->user},
        {"salt", buffer_text(&sealed->salt)}, {"nonce", buffer_text(&sealed->nonce)}, {"data", buffer_text(&sealed->data)},
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (json_object_set_new(record, members[i][0], json_string(members[i][1])) != 0)
            return false;
    return true;
}

static bool save_document(const char *path, const json_t *document, struct error *err)
{
    char *text = json_dumps(document, JSON_INDENT(2));
    char *line = NULL;
    bool done = text && asprintf(&line, "%s\n", text) >= 0;
    if (done && strlen(line) > LARGEST_FILE)
        done = error_set(err, "HY000", "%s holds too many sign-ins; name another file in OAuthSettingsLocation", path);
    else
        done = done ? store_replace(path, line, strlen(line), err) : error_memory(err);
    free(text);
    free(line);
    return done;
}

bool settings_write(const char *path, const struct settings_key *key, const struct settings_record *record, struct error *err)
{
    json_t *document;
    struct sealed sealed;

    if (!load_document(path, &document, err))
        return false;
    if (!document)
        document = json_pack("{s:s, s:i, s:[]}", "format", format_name, "version", FORMAT_VERSION, "records");
    if (!document)
        return error_memory(err);
    sealed_init(&sealed);
    bool done = is_bound(path, document, key, err) && seal_record(path, key, record, &sealed, err);
    if (done && !put_record(document, key, &sealed))
        done = error_set(err, "HY000", "The OAuth settings can not be written: a name in them is not UTF-8");
    done = done && save_document(path, document, err);
    sealed_clear(&sealed);
    json_decref(document);
    return done;
}

bool settings_remove(const char *path, const struct settings_key *key, struct error *err)
{
    json_t *document;

    if (!load_document(path, &document, err))
        return false;
    json_t *records = json_object_get(document, "records");
    bool done = is_bound(path, document, key, err), found = false;
    for (size_t i = json_array_size(records); done && i-- > 0;)
        if (belongs_to(json_array_get(records, i), key))
            found = json_array_remove(records, i) == 0 || found;
    done = done && (!found || save_document(path, document, err));
    json_decref(document);
    return done;
}
