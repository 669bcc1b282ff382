#include "providers/definition/failure.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/utf.h"
#include "providers/definition/definition.h"
#include "providers/definition/text.h"

enum { SHOWN = 400 /* bytes of the service's message */, ADDRESS = 300, ADVICE = 600, LARGEST_BODY = 1 << 20 };

#define SCOPE_HOLE "{scope}"

/* What statuses mean where the definition says nothing. */
static const struct { int status; const char *sqlstate, *text; } standard_meanings[] = {
    {401, "28000", "The service did not accept the credential: sign in again, or check OAuthAccessToken and OAuthClientId"},
    {403, "42000", "The user who signed in may not read this"},
    {404, "42S02", "The service has nothing at that address: check the URL property"},
    {407, "08001", "The proxy wants a user and password: set ProxyUser and ProxyPassword, or have a ticket (kinit) where ProxyAuthScheme is NEGOTIATE"},
    {408, "08S01", "The service gave up waiting: try again"},
    {429, "08S01", "Too many requests in a short time: try again later"},
};

/* What the definition says of a code, else of the status. */
static const struct definition_failure *meaning_of(const struct definition *definition, int status, const char *code)
{
    const struct definition_failure *meaning = NULL;

    for (size_t i = 0; i < definition->failure_count; i++) {
        const struct definition_failure *failure = &definition->failures[i];
        if (failure->codes && code[0] && text_has_word(failure->codes, code))
            return failure;
        if (failure->status && failure->status == status && !meaning)
            meaning = failure;
    }
    return meaning;
}

static const json_t *follow(const json_t *value, const struct path *path)
{
    for (size_t i = 0; i < path->length; i++) {
        const char *name = path->steps[i].name;
        value = json_is_array(value) ? json_array_get(value, strtoul(name, NULL, 10)) : json_object_get(value, name);
    }
    return value;
}

/* The service's own words. */
struct words {
    char code[64];
    char message[SHOWN + 1];
};

/* Copies a text for a diagnostic: cut at a character, control characters made spaces. */
static void copy_shown(char *out, size_t room, const char *text)
{
    size_t length = strlen(text);
    length = utf8_whole(text, length < room ? length : room - 1);
    for (size_t i = 0; i < length; i++)
        out[i] = (unsigned char)text[i] < ' ' ? ' ' : text[i];
    out[length] = '\0';
}

static void copy_scalar(char *out, size_t room, const json_t *value)
{
    if (json_is_string(value))
        copy_shown(out, room, json_string_value(value));
    else if (json_is_integer(value))
        snprintf(out, room, "%lld", (long long)json_integer_value(value));
}

/* Finds code and message by the first of the definition's places that has a message. */
static bool find_words(const struct definition *definition, const struct http_response *response, struct words *words)
{
    json_t *body = response->body_length > LARGEST_BODY ? NULL : json_loadb(response->body, response->body_length, 0, NULL);
    bool found = false;

    for (size_t i = 0; i < definition->failure_count && !found; i++) {
        const struct definition_failure *place = &definition->failures[i];
        if (place->sqlstate)
            continue;
        *words = (struct words){0};
        if (place->header) {
            const char *field = http_response_header(response, place->header);
            copy_shown(words->message, sizeof words->message, field ? field : "");
        } else {
            copy_scalar(words->message, sizeof words->message, follow(body, &place->message_at));
        }
        if (place->code_at.length)
            copy_scalar(words->code, sizeof words->code, follow(body, &place->code_at));
        found = words->message[0] != '\0' && !(place->fine && strcmp(place->fine, words->code) == 0);
    }
    json_decref(body);
    return found;
}

/* A body of plain text is the service's own words as well. */
static bool plain_words(const struct http_response *response, struct words *words)
{
    const char *type = http_response_header(response, "Content-Type");

    if (!type || strncasecmp(type, "text/plain", 10) != 0)
        return false;
    copy_shown(words->message, sizeof words->message, response->body + strspn(response->body, " \t\r\n"));
    size_t length = strlen(words->message);
    while (length && strchr(" .", words->message[length - 1]))
        words->message[--length] = '\0';
    return length;
}

bool failure_in_body(const struct definition *definition, const struct http_response *response)
{
    struct words words = {0};
    return find_words(definition, response, &words);
}

bool failure_in_header(const struct definition *definition, const struct http_response *response)
{
    for (size_t i = 0; i < definition->failure_count; i++)
        if (definition->failures[i].header && http_response_header(response, definition->failures[i].header))
            return true;
    return false;
}

bool failure_is_page(const struct http_response *response)
{
    const char *type = http_response_header(response, "Content-Type");
    const char *start = response->body + strspn(response->body, " \t\r\n");

    return start[0] == '<' || (type && strncasecmp(type, "text/html", 9) == 0);
}

static const char *advice(const struct definition *definition, int status, const char *code, const char **sqlstate)
{
    const struct definition_failure *meaning = meaning_of(definition, status, code);

    if (meaning) {
        *sqlstate = meaning->sqlstate;
        return meaning->message;
    }
    for (size_t i = 0; i < sizeof standard_meanings / sizeof standard_meanings[0]; i++)
        if (standard_meanings[i].status == status) {
            *sqlstate = standard_meanings[i].sqlstate;
            return standard_meanings[i].text;
        }
    *sqlstate = status >= 500 ? "08S01" : "HY000";
    return status >= 500 ? "The service has a fault: try again later"
           : status >= 400 ? "The service refuses the request"
           : status == 200 ? "The service reports an error" : "That is not an answer that the driver knows";
}

/* Who has asked. */
struct asker {
    const char *kind, *name, *scope;
};

/* The advice with the right that is needed in the place of {scope}. */
static void write_advice(const struct asker *asker, const char *advice, char text[ADVICE])
{
    const char *hole = strstr(advice, SCOPE_HOLE);

    if (hole)
        snprintf(text, ADVICE, "%.*s%s%s", (int)(hole - advice), advice, asker->scope ? asker->scope : "further rights", hole + strlen(SCOPE_HOLE));
    else
        snprintf(text, ADVICE, "%s", advice);
}

static bool set(const struct definition *definition, const struct asker *asker, const struct http_response *response, struct error *err)
{
    const char *sqlstate;
    struct words words = {0};
    char limit[96] = "", what[ADVICE];
    int address = (int)strcspn(response->url, "?");     /* the rest may be long, and holds values */
    bool is_page = failure_is_page(response), told = !is_page && (find_words(definition, response, &words) || plain_words(response, &words));

    if (address > ADDRESS)
        address = ADDRESS;
    write_advice(asker, advice(definition, response->status, told ? words.code : "", &sqlstate), what);
    if (response->status == 429 && definition->limit_requests)
        snprintf(limit, sizeof limit, " (%s allows %lld requests in %lld s)", definition->name, (long long)definition->limit_requests,
                 (long long)definition->limit_seconds);
    if (is_page) {
        bool is_status = response->status >= 400;
        error_set(err, is_status ? sqlstate : "08S01", "%s %s: %.300s answered with a web page instead of JSON (status %d)%s%s%s. "
                  "Is the URL property right, and does no proxy or sign-in page stand in between?", asker->kind, asker->name, response->url,
                  response->status, is_status ? ": " : "", is_status ? what : "", limit);
    } else if (told) {
        error_set(err, sqlstate, "%s %s: %.*s answered %d: %s%s%s%s. %s%s", asker->kind, asker->name, address, response->url, response->status,
                  words.message, words.code[0] ? " (code " : "", words.code, words.code[0] ? ")" : "", what, limit);
    } else {
        error_set(err, sqlstate, "%s %s: %.*s answered %d. %s%s", asker->kind, asker->name, address, response->url, response->status, what, limit);
    }
    char *end;
    long code = strtol(words.code, &end, 10);
    err->native = words.code[0] && *end == '\0' && code > 0 && code <= INT32_MAX ? (int)code : response->status;
    return false;
}

bool failure_of_table(const struct definition *definition, const struct definition_table *table, const struct http_response *response,
                      struct error *err)
{
    const struct asker asker = {"Table", table->table.name, table->scope};
    return set(definition, &asker, response, err);
}

bool failure_of_procedure(const struct definition *definition, const struct definition_procedure *procedure,
                          const struct http_response *response, struct error *err)
{
    const struct asker asker = {"Procedure", procedure->procedure.name, procedure->scope};
    return set(definition, &asker, response, err);
}

bool failure_of_rows(const struct definition *definition, const struct definition_procedure *procedure, const struct http_response *response,
                     int status, const char *words, struct error *err)
{
    const struct asker asker = {"Procedure", procedure->procedure.name, procedure->scope};
    char what[ADVICE], shown[SHOWN + 1], code[24];
    const char *sqlstate;
    int address = (int)strcspn(response->url, "?");

    snprintf(code, sizeof code, "%d", status);
    write_advice(&asker, advice(definition, status, code, &sqlstate), what);
    copy_shown(shown, sizeof shown, words);
    error_set(err, sqlstate, "Procedure %s: %.*s answered that it was not done: %s%s(code %d). %s", procedure->procedure.name,
              address < ADDRESS ? address : ADDRESS, response->url, shown, shown[0] ? " " : "", status, what);
    err->native = status;
    return false;
}

void failure_judge(void *context, const struct http_response *response, struct http_verdict *verdict)
{
    const struct definition *definition = context;
    const char *reset = response->status == 429 && definition->limit_reset ? http_response_header(response, definition->limit_reset) : NULL;
    struct words words = {0};

    if (reset && reset[0] && strspn(reset, "0123456789") == strlen(reset) && strlen(reset) < 6)
        verdict->seconds = (unsigned)strtoul(reset, NULL, 10);
    if (!find_words(definition, response, &words))
        return;
    const struct definition_failure *meaning = meaning_of(definition, 0, words.code);
    if (!meaning)
        return;
    verdict->final = meaning->final;
    verdict->again = meaning->wait >= 0;
    if (meaning->wait > 0 && !reset)
        verdict->seconds = (unsigned)meaning->wait;
}
