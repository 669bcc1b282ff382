/* A streaming pull reader for JSON (RFC 8259): walks a document without building it, skips what nobody wants at memory speed.
 *
 * The bytes come in one piece or in several: whenever the reader runs out it asks `more`. Text values are handed out in place where
 * they need no unescaping. Checked: full grammar, UTF-8, escapes (surrogates in pairs), depth, size. */
#ifndef JSON_READER_H
#define JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

enum { JSON_DEPTH = 64 /* deepest nesting accepted */ };

/* EVENT, because Jansson has JSON_STRING and so on. */
enum json_event {
    JSON_EVENT_ERROR,          /* see the error given; the reader stays in this state */
    JSON_EVENT_END,            /* the document is complete and nothing but white space follows */
    JSON_EVENT_NULL, JSON_EVENT_FALSE, JSON_EVENT_TRUE,
    JSON_EVENT_NUMBER,         /* text is exactly what stands in the document */
    JSON_EVENT_STRING,         /* text is unescaped UTF-8 and may hold NUL bytes: mind the length */
    JSON_EVENT_OBJECT, JSON_EVENT_OBJECT_END,
    JSON_EVENT_MEMBER,         /* text is the member's name; its value is the next event */
    JSON_EVENT_ARRAY, JSON_EVENT_ARRAY_END,
};

struct json_text {
    const char *bytes;   /* valid until the next call on the reader; not NUL-terminated */
    size_t length;
};

struct json_reader;

/* Gives the next piece of the document: false at its end (or on failure with *err set). The piece stays valid until the next call. */
typedef bool json_source(void *context, const char **bytes, size_t *length, struct error *err);

/* A reader over one piece of memory, borrowed until json_close. NULL when out of memory. */
struct json_reader *json_open(const char *bytes, size_t length);

/* A reader over a source. A single string or number may not be longer than largest_text bytes (0 = 64 MiB). */
struct json_reader *json_open_source(json_source *more, void *context, size_t largest_text);

/* Starts over with another document in memory, keeping the reader's own memory. */
void json_restart(struct json_reader *reader, const char *bytes, size_t length);
void json_close(struct json_reader *reader);

/* The next event; text (may be NULL) is set for MEMBER, STRING and NUMBER.
 * JSON_EVENT_ERROR: 08S01 with what is wrong and its byte offset. */
enum json_event json_next(struct json_reader *reader, struct json_text *text, struct error *err);

/* Takes the member that comes next if it stands in the document exactly as `written`, ,"name": with its marks and no white space, and whole
 * in the piece at hand; the first of an object has no comma before it. Its value comes next then. False, and nothing done, where it is not
 * so. What is written must be well-formed, as a name is that was read before and needs no escape. */
bool json_take_member(struct json_reader *reader, const char *written, size_t length);

/* Skips the whole value whose first event would come next (after JSON_EVENT_MEMBER or inside an array). It is checked as strictly for
 * structure and UTF-8 as a read value is. */
bool json_skip(struct json_reader *reader, struct error *err);

/* Skips what is left of the innermost open object, its end too; checked likewise. */
bool json_leave(struct json_reader *reader, struct error *err);

/* Reads the value that would come next as raw JSON text, white space between tokens removed; valid until the next call. */
bool json_raw(struct json_reader *reader, struct json_text *text, struct error *err);

/* Bytes read so far: offset of the end of the last event. */
uint64_t json_offset(const struct json_reader *reader);

/* A place in a document that is whole in memory, to come back to. Its members are the reader's own. */
struct json_mark {
    const char *at;
    uint64_t objects;
    int depth, state;
};

/* The present place, and the way back to it: the next event is then the one that came after json_mark_here. Not after an error, not for
 * a reader over a source. */
struct json_mark json_mark_here(const struct json_reader *reader);
void json_back(struct json_reader *reader, const struct json_mark *mark);

#endif
