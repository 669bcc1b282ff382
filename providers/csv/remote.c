#include "providers/csv/remote.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/property.h"
#include "http/client.h"
#include "http/url.h"
#include "oauth/credential.h"
#include "providers/csv/file_server.h"
#include "providers/csv/listing.h"
#include "providers/csv/s3.h"
#include "providers/csv/stream.h"
#include "table/service.h"

enum { MOST_HEADERS = 48, DEEPEST = 64 /* folders of a server */, LARGEST_URL = 64 << 10, LARGEST_LISTING = 16 << 20, WINDOW = 512 << 10, SHOWN = 200 };

struct csv_remote {
    struct arena arena;
    const char *uri, *query;      /* query: "?…" of the URI and CustomUrlParams, or "" */
    bool folder;
    struct http_client *http;
    struct credential *credential;
    bool borrowed;                /* both are somebody else's */
    bool signs;                   /* requests carry the credential */
    struct csv_s3 *s3;            /* NULL: it is no storage of that kind */
    const struct http_file_server *server; /* NULL: it speaks http */
    struct http_header headers[MOST_HEADERS];
    size_t header_count;
    bool nothing_secret;          /* there is no credential, no header field and no parameter of the user's own */
};

bool csv_is_remote(const char *uri)
{
    static const char *const schemes[] = {"http://", "https://", "s3://"};

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (strncasecmp(uri, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return csv_is_file_server(uri);
}

/* --- opening ----------------------------------------------------------------------------------------------------------- */

/* "Name: value" */
static bool read_header(struct csv_remote *remote, const char *text, size_t length, struct error *err)
{
    while (length && strchr(" \t", text[length - 1]))
        length--;
    if (!length)
        return true;
    const char *colon = memchr(text, ':', length);
    size_t name_length = colon ? (size_t)(colon - text) : 0;
    if (!name_length || strcspn(text, " \t\"(),/;<=>?@[]{}\\") < name_length)
        return error_set(err, "HY000", "CustomHeaders: the part \"%.*s\" is no header field; write Name: value", (int)(length > 80 ? 80 : length), text);
    if (remote->header_count == MOST_HEADERS)
        return error_set(err, "HY000", "CustomHeaders has more than %d header fields", MOST_HEADERS);
    const char *value = colon + 1;
    while (value < text + length && strchr(" \t", *value))
        value++;
    struct http_header *header = &remote->headers[remote->header_count++];
    *header = (struct http_header){arena_copy(&remote->arena, text, name_length), arena_copy(&remote->arena, value, (size_t)(text + length - value))};
    return (header->name && header->value) || error_memory(err);
}

static bool read_headers(struct csv_remote *remote, const struct properties *properties, struct log *log, struct error *err)
{
    const char *text = properties_text(properties, PROPERTY_CUSTOM_HEADERS);

    while (text && *text) {
        text += strspn(text, " \t");
        size_t length = strcspn(text, "\r\n|");
        if (!read_header(remote, text, length, err))
            return false;
        text += length + (text[length] != '\0');
    }
    for (size_t i = 0; i < remote->header_count; i++)
        log_hide(log, remote->headers[i].value);
    return true;
}

/* The URI without its query, and the query with the user's own parameters behind it. */
static bool read_uri(struct csv_remote *remote, const char *uri, const struct properties *properties, struct error *err)
{
    const char *own = properties_text(properties, PROPERTY_CUSTOM_URL_PARAMS);
    size_t length = strcspn(uri, "?#"), end = strcspn(uri, "#");
    struct url url;

    if (!url_parse(uri, "URI", &url, err))
        return false;
    remote->folder = url.path[strlen(url.path) - 1] == '/' && !url.query[0];
    url_clear(&url);
    bool bare = remote->folder && length && uri[length - 1] != '/'; /* a host alone */
    remote->uri = arena_printf(&remote->arena, "%.*s%s", (int)length, uri, bare ? "/" : "");
    own = remote->server ? NULL : own;
    own = own && *own ? own + (*own == '?' || *own == '&') : NULL;
    const char *query = length < end ? uri + length + 1 : "";
    int query_length = length < end ? (int)(end - length - 1) : 0;
    remote->query = arena_printf(&remote->arena, "%s%.*s%s%s", query_length || own ? "?" : "", query_length, query, query_length && own ? "&" : "",
                                 own ? own : "");
    return (remote->uri && remote->query) || error_memory(err);
}

static bool look_for_secrets(struct csv_remote *remote, struct error *err)
{
    remote->nothing_secret = !remote->signs && remote->header_count == 0 && !*remote->query;
    return remote->nothing_secret || url_is_allowed(remote->uri, "URI", err);
}

/* A server of files lets in whom libcurl presents to it. */
static bool open_server(struct csv_remote *remote, const struct properties *properties, struct log *log, const struct csv_access *access,
                        struct error *err)
{
    remote->http = access ? access->http : NULL;
    remote->borrowed = access;
    return access || http_client_open(properties, log, &remote->http, err);
}

/* The storage's own key signs, whatever signs elsewhere. */
static bool open_storage(struct csv_remote *remote, const struct properties *properties, struct log *log, const struct csv_access *access,
                         struct error *err)
{
    if (access) {
        remote->http = access->http;
        remote->borrowed = true;
    }
    remote->signs = csv_s3_signer(remote->s3) != NULL;
    return look_for_secrets(remote, err) && (access || http_client_open(properties, log, &remote->http, err));
}

static bool borrow_credential(struct csv_remote *remote, const struct csv_access *access, struct error *err)
{
    remote->http = access->http;
    remote->credential = access->credential;
    remote->signs = access->signs;
    remote->borrowed = true;
    return look_for_secrets(remote, err) && (!remote->signs || credential_allow(remote->credential, remote->uri, err));
}

static bool open_credential(struct csv_remote *remote, const struct properties *properties, struct log *log, struct cancel *cancel,
                            struct error *err)
{
    const char *user = properties_text(properties, PROPERTY_USER), *scheme = properties_text(properties, PROPERTY_AUTH_SCHEME);
    bool named = user && *user;
    const struct oauth_profile profile = {
        .provider = "CSV",
        .schemes = named ? CSV_SCHEMES_OF_USER : CSV_SCHEMES,
        .versions = "2.0 1.0",
        .grants = "CODE CLIENT PASSWORD DEVICE JWT",
        .pkce = true,
        .service_url = remote->uri,
    };
    remote->signs = scheme ? strcasecmp(scheme, "None") != 0 : named;
    return look_for_secrets(remote, err) && http_client_open(properties, log, &remote->http, err)
           && credential_open(&profile, properties, remote->http, log, &remote->credential, err)
           && credential_connect(remote->credential, cancel, err);
}

bool csv_remote_open(const char *uri, const struct properties *properties, struct log *log, const struct csv_access *access, struct cancel *cancel,
                     struct csv_remote **result, struct error *err)
{
    struct csv_remote *remote = calloc(1, sizeof *remote);

    if (!remote)
        return error_memory(err);
    const char *address = uri;
    bool storage = strncasecmp(uri, "s3://", 5) == 0;
    if ((storage && !csv_s3_open(uri, properties, &remote->arena, &remote->s3, &address, err))
        || (csv_is_file_server(uri) && !csv_file_server_open(uri, properties, log, &remote->arena, &remote->server, &address, err)) || !read_uri(remote, address, properties, err)
        || !read_headers(remote, properties, log, err)
        || !(storage          ? open_storage(remote, properties, log, access, err)
             : remote->server ? open_server(remote, properties, log, access, err)
             : access         ? borrow_credential(remote, access, err)
                              : open_credential(remote, properties, log, cancel, err))) {
        csv_remote_close(remote);
        return false;
    }
    *result = remote;
    return true;
}

void csv_remote_close(struct csv_remote *remote)
{
    if (!remote)
        return;
    if (!remote->borrowed) {
        credential_close(remote->credential);
        http_client_close(remote->http);
    }
    arena_clear(&remote->arena);
    free(remote);
}

struct credential *csv_remote_credential(const struct csv_remote *remote)
{
    return remote->credential;
}

bool csv_remote_is_folder(const struct csv_remote *remote)
{
    return remote->folder;
}

bool csv_remote_lists(const struct csv_remote *remote)
{
    return remote->s3 || remote->server;
}

static bool read_all(struct csv_stream *stream, struct buffer *out, struct error *err)
{
    char piece[16 << 10];
    size_t got;

    do {
        if (!csv_stream_read(stream, piece, sizeof piece, &got, err))
            return false;
        if (!buffer_append(out, piece, got))
            return error_set(err, "08S01", "The list of files is larger than %d MiB", LARGEST_LISTING >> 20);
    } while (got);
    return true;
}

/* What looks through the folders of a server. */
struct walk {
    struct csv_remote *remote;
    csv_remote_teller *tell;
    void *context;
    struct cancel *cancel;
    const char *folder;           /* that is looked at, "" or ending with '/' */
    int64_t depth;
};

static bool list_folder(struct walk *walk, struct error *err);

static bool tell_entry(void *context, const char *name, size_t length, bool folder, struct error *err)
{
    struct walk *walk = context;
    struct arena arena = {0};
    bool fine = true;

    if (folder && walk->depth == 0)
        return true;
    const char *path = arena_printf(&arena, "%s%.*s%s", walk->folder, (int)length, name, folder ? "/" : "");
    if (!path)
        return error_memory(err);
    if (folder && *name != '.') {
        struct walk within = *walk;
        within.folder = path;
        within.depth--;
        fine = list_folder(&within, err);
    } else if (!folder && !memchr(name, '/', length)) {
        fine = walk->tell(walk->context, path, err);
    }
    arena_clear(&arena);
    return fine;
}

static bool list_folder(struct walk *walk, struct error *err)
{
    struct arena arena = {0};
    struct buffer page;
    struct csv_stream *stream;

    buffer_init(&page, LARGEST_LISTING);
    const char *address = csv_remote_address(walk->remote, walk->folder, &arena);
    bool fine = address ? csv_remote_get(walk->remote, address, "The list of files", walk->cancel, &stream, err) : error_memory(err);
    if (fine) {
        fine = read_all(stream, &page, err);
        csv_stream_close(stream);
    }
    fine = fine && csv_listing_tell(buffer_text(&page), page.length, tell_entry, walk, err);
    buffer_clear(&page);
    arena_clear(&arena);
    return fine;
}

static bool list_storage(struct csv_remote *remote, int64_t depth, csv_remote_teller *tell, void *context, struct cancel *cancel, struct error *err)
{
    struct arena arena = {0};
    struct buffer page;
    char *mark = NULL;
    bool more = true, fine = true;

    buffer_init(&page, LARGEST_LISTING);
    while (fine && more) {
        struct csv_stream *stream;
        arena_reset(&arena);
        buffer_reset(&page);
        const char *address = csv_s3_listing(remote->s3, mark, depth == 0, &arena);
        fine = address ? csv_remote_get(remote, address, "The list of files", cancel, &stream, err) : error_memory(err);
        if (fine) {
            fine = read_all(stream, &page, err);
            csv_stream_close(stream);
        }
        free(mark);
        mark = NULL;
        fine = fine && csv_s3_tell(remote->s3, buffer_text(&page), page.length, depth, tell, context, &mark, err);
        more = mark != NULL;
    }
    free(mark);
    buffer_clear(&page);
    arena_clear(&arena);
    return fine;
}

bool csv_remote_list(struct csv_remote *remote, int64_t depth, csv_remote_teller *tell, void *context, struct cancel *cancel, struct error *err)
{
    struct walk walk = {remote, tell, context, cancel, "", depth < 0 || depth > DEEPEST ? DEEPEST : depth};
    return remote->s3 ? list_storage(remote, depth, tell, context, cancel, err) : list_folder(&walk, err);
}

/* --- addresses --------------------------------------------------------------------------------------------------------- */

/* A path keeps its slashes; what an address can not have is written with percents. */
static void append_path(struct buffer *out, const char *path)
{
    while (*path) {
        size_t length = strcspn(path, "/");
        url_encode(out, path, length);
        path += length;
        if (*path)
            buffer_append_char(out, *path++);
    }
}

const char *csv_remote_address(const struct csv_remote *remote, const char *path, struct arena *arena)
{
    struct buffer address;

    buffer_init(&address, LARGEST_URL);
    buffer_append_text(&address, remote->uri);
    append_path(&address, path);
    buffer_append_text(&address, remote->query);
    const char *result = address.failed ? NULL : arena_text(arena, buffer_text(&address));
    buffer_clear(&address);
    return result;
}

/* --- reading ----------------------------------------------------------------------------------------------------------- */

struct download {
    struct csv_stream stream;
    struct http_lane *lane;
    struct http_exchange *exchange;
    struct cancel *cancel;
    const char *name;
    const char *bytes;            /* that came and are still to be read */
    size_t left;
    int64_t received;
};

static bool download_read(struct csv_stream *stream, char *out, size_t room, size_t *got, struct error *err)
{
    struct download *download = (struct download *)stream;

    if (!download->left) {
        if (!http_read(download->exchange, download->cancel, &download->bytes, &download->left, err))
            return error_prefix(err, "%s: ", download->name);
        download->received += (int64_t)download->left;
    }
    *got = download->left < room ? download->left : room;
    if (*got)
        memcpy(out, download->bytes, *got);
    download->bytes += *got;
    download->left -= *got;
    return true;
}

static void download_close(struct csv_stream *stream)
{
    struct download *download = (struct download *)stream;

    http_finish(download->exchange);
    http_lane_return(download->lane);
    free(download);
}

static bool refused(const char *name, const struct http_response *response, bool storage, struct error *err)
{
    static const struct { int status; const char *sqlstate, *text; } meanings[] = {
        {401, "28000", "the credential is not accepted: check AuthScheme, User and Password, or sign in again"},
        {403, "42000", "whoever signed in may not read it"},
        {404, "42S02", "there is no such file: check URI"},
        {407, "08001", "the proxy wants a user and password: set ProxyUser and ProxyPassword, or have a ticket (kinit) where ProxyAuthScheme is NEGOTIATE"},
        {410, "42S02", "the file is gone"},
        {429, "08S01", "too many requests in a short time: try again later"},
    };
    const char *sqlstate = response->status >= 500 ? "08S01" : "HY000", *text = "that is no file";

    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].status == response->status) {
            sqlstate = meanings[i].sqlstate;
            text = meanings[i].text;
        }
    if (storage && (response->status == 401 || response->status == 403)) {
        sqlstate = "28000";
        text = "AccessKey may not read it, or SecretKey is not right";
    } else if (storage && response->status >= 300 && response->status < 400) {
        text = "the bucket is in another AWSRegion";
    }
    error_set(err, sqlstate, "%s: %.300s answered with status %d: %s", name, response->url, response->status, text);
    err->native = response->status;
    return false;
}

static bool begin(struct csv_remote *remote, const char *address, struct download *download, struct error *err)
{
    struct http_response response;
    const struct http_request request = {
        .method = "GET", .url = address, .headers = remote->headers, .header_count = remote->header_count,
        .signer = remote->s3 ? csv_s3_signer(remote->s3) : remote->signs ? credential_signer(remote->credential) : NULL, .window = WINDOW, .safe_to_repeat = true,
        .follow_redirects = true, .file_server = remote->server, .nothing_secret = remote->nothing_secret,
    };
    if (!http_lane_borrow(remote->http, &download->lane, err) || !http_start(download->lane, &request, download->cancel, &download->exchange, err)
        || !http_wait(download->exchange, download->cancel, &response, err))
        return error_prefix(err, "%s: ", download->name);
    return (response.status >= 200 && response.status < 300) || refused(download->name, &response, remote->s3, err);
}

bool csv_remote_get(struct csv_remote *remote, const char *address, const char *name, struct cancel *cancel, struct csv_stream **stream,
                    struct error *err)
{
    struct download *download = calloc(1, sizeof *download);

    if (!download)
        return error_memory(err);
    download->stream = (struct csv_stream){download_read, download_close, NULL};
    download->cancel = cancel;
    download->name = name;
    if (!begin(remote, address, download, err)) {
        download_close(&download->stream);
        return false;
    }
    *stream = &download->stream;
    return true;
}
