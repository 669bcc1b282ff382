#include "providers/odata/failure.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/space.h"
#include "base/utf.h"
#include "http/client.h"
#include "providers/odata/atom_value.h"

enum { LARGEST_BODY = 1 << 20, ADDRESS = 300 };

/* Control characters become blanks, runs of them one. */
static void append_words(char *out, size_t room, const char *text)
{
    size_t used = strlen(out), length = utf8_whole(text, strlen(text));

    for (size_t i = 0; i < length && used + 1 < room; i++) {
        char c = (unsigned char)text[i] < ' ' ? ' ' : text[i];
        if (c != ' ' || (used && out[used - 1] != ' '))
            out[used++] = c;
    }
    out[utf8_whole(out, used)] = '\0';
}

/* One more sentence, unless it is there already. */
static void add_sentence(struct odata_words *words, const char *text)
{
    if (!text || !text[0] || strstr(words->message, text))
        return;
    if (words->message[0])
        append_words(words->message, sizeof words->message, "; ");
    append_words(words->message, sizeof words->message, text);
}

/* JSON. */

static const char *text_of(const json_t *value)
{
    const json_t *inner = json_object_get(value, "value"); /* {"lang": …, "value": …} */
    return json_string_value(inner ? inner : value);
}

static void add_code(struct odata_words *words, const json_t *value)
{
    if (words->code[0])
        return;
    if (json_is_integer(value))
        snprintf(words->code, sizeof words->code, "%lld", (long long)json_integer_value(value));
    else if (json_is_string(value))
        append_words(words->code, sizeof words->code, json_string_value(value));
}

static void add_list(struct odata_words *words, const json_t *list)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        add_sentence(words, text_of(json_object_get(one, "message")));
}

static void read_json_error(struct odata_words *words, const json_t *error)
{
    const json_t *inner = json_object_get(error, "innererror");

    if (json_is_string(error)) {
        add_sentence(words, json_string_value(error));
        return;
    }
    add_code(words, json_object_get(error, "code"));
    add_sentence(words, text_of(json_object_get(error, "message")));
    add_list(words, json_object_get(error, "details"));
    add_list(words, json_object_get(inner, "errordetails"));
    if (!words->message[0])
        add_sentence(words, text_of(json_object_get(inner, "message")));
}

static const char *last_of(const char *body, size_t length, const char *wanted)
{
    const char *found = NULL, *end = body + length;
    size_t own = strlen(wanted);

    for (const char *at = body; (at = memmem(at, (size_t)(end - at), wanted, own)); at += own)
        found = at + own;
    return found;
}

/* An error that stands behind rows, in a document that it has broken. */
static json_t *error_in_stream(const char *body, size_t length)
{
    const char *at = last_of(body, length, "\"odata.error\""), *end = body + length;

    if (!at)
        at = last_of(body, length, "\"error\"");
    while (at && at < end && strchr(": \t\r\n", *at))
        at++;
    return at && at < end && *at == '{' ? json_loadb(at, (size_t)(end - at), JSON_DISABLE_EOF_CHECK, NULL) : NULL;
}

static void read_json(const char *body, size_t length, struct odata_words *words)
{
    json_t *document = length <= LARGEST_BODY ? json_loadb(body, length, 0, NULL) : NULL;
    const json_t *error = json_object_get(document, "error");

    if (!error)
        error = json_object_get(document, "odata.error");
    if (error) {
        read_json_error(words, error);
    } else {
        json_t *stray = error_in_stream(body, length);
        if (stray)
            read_json_error(words, stray);
        json_decref(stray);
    }
    /* Frameworks have words of their own. */
    if (!words->message[0])
        add_sentence(words, text_of(json_object_get(document, "Message")));
    if (!words->message[0])
        add_sentence(words, text_of(json_object_get(document, "message")));
    json_decref(document);
}

/* XML. */

static void add_inner_text(struct xml *xml, struct odata_words *words)
{
    struct buffer text;

    buffer_init(&text, LARGEST_BODY);
    atom_inner_text(xml, &text);
    add_sentence(words, buffer_text(&text));
    buffer_clear(&text);
}

static void read_xml_error(struct xml *xml, struct odata_words *words, bool outermost)
{
    for (int depth = xml_enter(xml); xml_child(xml, depth);) {
        if (xml_is(xml, "code") && outermost) {
            struct buffer text;
            buffer_init(&text, 4096);
            atom_inner_text(xml, &text);
            append_words(words->code, sizeof words->code, buffer_text(&text));
            buffer_clear(&text);
        } else if (xml_is(xml, "message")) {
            add_inner_text(xml, words);
        } else if (xml_is(xml, "details") || xml_is(xml, "detail") || xml_is(xml, "innererror") || xml_is(xml, "errordetails")
                   || xml_is(xml, "errordetail")) {
            read_xml_error(xml, words, false);
        }
    }
}

static void read_xml(const char *body, size_t length, struct odata_words *words)
{
    struct xml xml;

    if (!xml_open(&xml, body, length))
        return;
    bool more = xml_root(&xml);
    for (; more; more = xml_read(&xml))
        if (xmlTextReaderNodeType(xml.reader) == XML_READER_TYPE_ELEMENT && xml_is(&xml, "error"))
            read_xml_error(&xml, words, true);
    xml_close(&xml);
}

bool odata_words_find(const char *body, size_t length, struct odata_words *words)
{
    size_t start = (size_t)(space_skip_lead(body, length) - body);

    *words = (struct odata_words){0};
    if (start == length)
        return false;
    if (body[start] == '<')
        read_xml(body, length, words);
    else
        read_json(body + start, length - start, words);
    return words->message[0];
}

bool odata_words_name(const struct odata_words *words, const char *part)
{
    return strcasestr(words->message, part) != NULL;
}

/* Meanings. */

static const struct { int status; const char *sqlstate, *text; } meanings[] = {
    {400, "HY000", "The service does not accept the request"},
    {401, "28000", "The service did not accept the credential: check AuthScheme, User, Password or the token"},
    {403, "42000", "Who is signed in may not do this"},
    {404, "42S02", "The service has nothing at that address: check the URL property"},
    {405, "HY000", "The service does not allow that there"},
    {406, "HY000", "The service can not answer in a form that the driver reads: try DataFormat"},
    {407, "08001", "The proxy wants a user and password: set ProxyUser and ProxyPassword, or have a ticket (kinit) where ProxyAuthScheme is NEGOTIATE"},
    {408, "08S01", "The service gave up waiting: try again"},
    {410, "HY000", "What the address stands for is no longer kept: begin anew"},
    {412, "HY000", "It has been changed by somebody else in the meantime"},
    {415, "HY000", "The service does not read what was sent"},
    {428, "HY000", "The service wants to know which version is meant"},
    {429, "08S01", "Too many requests in a short time: try again later"},
    {501, "HYC00", "The service can not do this"},
};

static const char *meaning(int status, const char **sqlstate)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].status == status) {
            *sqlstate = meanings[i].sqlstate;
            return meanings[i].text;
        }
    *sqlstate = status >= 500 || status < 400 ? "08S01" : "HY000";
    return status >= 500 ? "The service has a fault: try again later" : status >= 400 ? "The service refuses the request"
           : status == 200 ? "The service reports an error in its answer" : "That is not an answer that the driver knows";
}

static bool is_web_page(const struct http_response *response)
{
    const char *type = http_response_header(response, "Content-Type"), *start = response->body + strspn(response->body, " \t\r\n");

    return (type && strncasecmp(type, "text/html", 9) == 0) || strncasecmp(start, "<!doctype html", 14) == 0 || strncasecmp(start, "<html", 5) == 0;
}

bool odata_failure_set(const char *what_kind, const char *name, const struct http_response *response, struct error *err)
{
    const char *sqlstate, *means = meaning(response->status, &sqlstate);
    int address = (int)strcspn(response->url, "?"); /* the rest may be long, and holds values */
    struct odata_words words;

    if (address > ADDRESS)
        address = ADDRESS;
    if (is_web_page(response)) {
        error_set(err, response->status >= 400 ? sqlstate : "08S01", "%s %s: %.*s answered with a web page (status %d)%s%s. Is the URL property right, and does no "
                  "proxy or sign-in page stand in between?", what_kind, name, address, response->url, response->status,
                  response->status >= 400 ? ": " : "", response->status >= 400 ? means : "");
    } else if (odata_words_find(response->body, response->body_length, &words)) {
        error_set(err, sqlstate, "%s %s: %.*s answered %d: %s%s%s%s. %s", what_kind, name, address, response->url, response->status, words.message,
                  words.code[0] ? " (code " : "", words.code, words.code[0] ? ")" : "", means);
        char *end;
        long code = strtol(words.code, &end, 10);
        err->native = words.code[0] && !*end && code > 0 && code < 1 << 30 ? (int)code : response->status;
        return false;
    } else {
        error_set(err, sqlstate, "%s %s: %.*s answered %d. %s", what_kind, name, address, response->url, response->status, means);
    }
    err->native = response->status;
    return false;
}
