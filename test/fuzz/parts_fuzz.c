/* A libFuzzer target for the small readers of what others write. The first character says which one the rest is for. */
#include <fcntl.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/property.h"
#include "base/utf.h"
#include "http/retry_after.h"
#include "http/trust.h"
#include "http/url.h"
#include "json/reader.h"
#include "oauth/callback.h"
#include "oauth/secret.h"
#include "oauth/settings.h"
#include "providers/definition/definition.h"
#include "providers/definition/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *count, char ***arguments);

static char folder[] = "/tmp/restodbc-fuzz-XXXXXX", path[sizeof folder + 10], grammar[1000];

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool is_told(const struct error *err)
{
    return strlen(err->sqlstate) == 5 && err->message[0] != '\0';
}

/* --- P: a connection string; what is printed of it is read as the same --- */

static void connection_string(const char *text, size_t size)
{
    struct properties first, second;
    struct buffer once, twice;
    struct error err = {0};

    properties_init(&first);
    properties_init(&second);
    buffer_init(&once, 1 << 20);
    buffer_init(&twice, 1 << 20);
    if (!properties_read_string(&first, text, size, NULL, NULL, &err)) {
        require(is_told(&err));
    } else {
        properties_print(&first, &once);
        require(properties_read_string(&second, buffer_text(&once), once.length, NULL, NULL, &err));
        properties_print(&second, &twice);
        require(once.length == twice.length && strcmp(buffer_text(&once), buffer_text(&twice)) == 0);
    }
    buffer_clear(&once);
    buffer_clear(&twice);
    properties_clear(&first);
    properties_clear(&second);
}

/* --- J: JSON, which Jansson reads too, but for what test/json/differential_test.c tells --- */

struct walk { size_t events; bool strange; };

static bool walk(struct json_reader *reader, struct walk *walked, struct error *err)
{
    struct json_text text;
    int depth = 0;

    for (;;) {
        enum json_event event = json_next(reader, &text, err);
        walked->events++;
        switch (event) {
        case JSON_EVENT_ERROR: return false;
        case JSON_EVENT_END: return true;
        case JSON_EVENT_NUMBER: walked->strange |= text.length > 15 || memchr(text.bytes, 'e', text.length) || memchr(text.bytes, 'E', text.length); break;
        case JSON_EVENT_MEMBER: walked->strange |= memchr(text.bytes, '\0', text.length) != NULL; break;
        case JSON_EVENT_OBJECT: case JSON_EVENT_ARRAY: walked->strange |= ++depth > JSON_DEPTH - 1; break;
        case JSON_EVENT_OBJECT_END: case JSON_EVENT_ARRAY_END: depth--; break;
        default: break;
        }
    }
}

static void json(const char *text, size_t size)
{
    struct json_reader *reader = json_open(text, size);
    struct walk walked = {0};
    struct error err = {0}, unused;
    struct json_text raw;
    json_error_t why;

    require(reader != NULL);
    bool good = walk(reader, &walked, &err);
    require(good || is_told(&err));
    json_restart(reader, text, size);
    bool skipped = json_skip(reader, &unused) && json_next(reader, NULL, &unused) == JSON_EVENT_END;
    require(skipped == good);
    json_restart(reader, text, size);
    bool taken = json_raw(reader, &raw, &unused);
    require(taken || !good);
    json_close(reader);

    bool marked = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0, deep = strstr(err.message, "nested") != NULL;
    json_t *tree = json_loadb(text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &why);
    bool cut = memchr(text, '\0', size) != NULL; /* Jansson passes over it behind a number */
    if (!walked.strange && !marked && !deep && !cut)
        require((tree != NULL) == good);
    json_decref(tree);
}

/* --- D: a provider definition; S: a settings file --- */

static void write_file(const char *text, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || write(file, text, size) != (ssize_t)size || close(file) != 0) {
        perror(path); /* not what is looked for */
        exit(1);
    }
}

static void definition(const char *text, size_t size)
{
    struct definition *read = NULL;
    struct error err = {0};

    write_file(text, size);
    if (definition_open(path, grammar, NULL, &read, &err))
        definition_close(read);
    else
        require(is_told(&err));
}

static void settings(const char *text, size_t size)
{
    static const struct settings_key keys[] = {{"TSheets", "https://auth.example/token", "client", "", "a secret"},
                                               {"TSheets", "https://auth.example/token", "client", "", NULL}};
    write_file(text, size);
    for (size_t i = 0; i < 2; i++) {
        struct settings_record record = {0};
        struct error err = {0};
        bool found = false;
        require(settings_read(path, &keys[i], &record, &found, &err) || is_told(&err));
        settings_record_clear(&record);
    }
}

/* --- H: header fields; C: a callback's query; A: an address; T: SSLServerCert; U: Unicode --- */

static void fields(const char *text)
{
    const char *target = NULL;
    struct buffer next;
    size_t length = 0;
    unsigned seconds = 0;

    if (link_find(text, "next", &target, &length))
        require(target >= text && target + length <= text + strlen(text));
    buffer_init(&next, 1 << 20);
    link_count_up(text, "page", &next);
    buffer_clear(&next);
    if (retry_after_read(text, 1709164800, &seconds) == RETRY_AFTER_WAIT)
        require(seconds <= RETRY_AFTER_LARGEST);
}

static void callback(const char *text)
{
    static const struct callback_question question = {.binding = "state", .expected = "right", .answer = "code", .issuer = "https://auth.example"};
    char *answer = NULL;
    struct error err = {0};

    switch (callback_read(text, &question, true, &answer, &err)) {
    case CALLBACK_ANSWERED: require(answer && strstr(text, "right")); break;
    case CALLBACK_REFUSED: require(is_told(&err)); break;
    default: require(!answer); break;
    }
    secret_free(answer);
    answer = NULL;
    err = (struct error){0};
    require(callback_read_verifier(text, &question, &answer, &err) ? answer != NULL : is_told(&err));
    secret_free(answer);
}

static void address(const char *text)
{
    struct buffer shown;
    struct url url;
    struct error err = {0};

    if (url_parse(text, "It", &url, &err)) {
        require(url.host[0] && url.port >= 0 && url.port <= 65535 && url_same_origin(text, text));
        url_clear(&url);
    } else {
        require(is_told(&err));
    }
    url_is_allowed(text, "It", &err);
    buffer_init(&shown, 1 << 20);
    url_print_hidden(&shown, text);
    buffer_clear(&shown);
}

static void certificate(const char *text)
{
    struct http_trust trust;
    struct error err = {0};

    require(trust_read(&trust, text, &err) ? trust.print_count <= MOST_FINGERPRINTS : is_told(&err));
    trust_clear(&trust);
}

/* Valid UTF-8 comes back from UTF-16 as it was, and any UTF-16 gives valid UTF-8. */
static void unicode(const char *text, size_t size)
{
    uint16_t *units = malloc((size + 1) * sizeof *units);
    char *back = malloc(4 * size + 4);
    size_t offset, used = 0;

    require(units && back && utf8_whole(text, size) <= size);
    if (utf8_valid(text, size, &offset)) {
        size_t count = utf16_units(text, size);
        require(count <= size && utf8_to_utf16(text, size, units, size + 1, &used) == count && used == size);
        require(utf16_bytes(units, count) == size && utf16_to_utf8(units, count, back) == size && memcmp(back, text, size) == 0);
        require(utf8_count(text, size) <= size);
    }
    memcpy(units, text, size / 2 * 2);
    size_t bytes = utf16_bytes(units, size / 2);
    require(bytes <= 4 * size + 4 && utf16_to_utf8(units, size / 2, back) == bytes && utf8_valid(back, bytes, &offset));
    free(units);
    free(back);
}

static void leave(void)
{
    unlink(path);
    rmdir(folder);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    const char *source = getenv("srcdir");
    (void)count;
    (void)arguments;

    require(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/file", folder);
    snprintf(grammar, sizeof grammar, "%s/providers/provider.rng", source ? source : ".");
    atexit(leave);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    char *text = malloc(size); /* a copy of just that length shows whoever reads past it */
    require(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    size--;
    switch (data[0]) {
    case 'P': connection_string(text, size); break;
    case 'J': json(text, size); break;
    case 'D': definition(text, size); break;
    case 'S': settings(text, size); break;
    case 'H': fields(text); break;
    case 'C': callback(text); break;
    case 'A': address(text); break;
    case 'T': certificate(text); break;
    case 'U': unicode(text, size); break;
    default: break;
    }
    free(text);
    return 0;
}
