/* The records of one account of Basecamp: what there is, what lies in what, who made it and when. Knows nothing of JSON pages or paths. */
#ifndef SANDBOX_BASECAMP_STORE_H
#define SANDBOX_BASECAMP_STORE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum standing { STANDING_ACTIVE, STANDING_ARCHIVED, STANDING_TRASHED };

/* Where ids come from: each sequence counts on its own. */
enum sequence { SEQUENCE_RECORDING, SEQUENCE_BUCKET, SEQUENCE_PERSON, SEQUENCE_EVENT, SEQUENCE_OTHER, SEQUENCES };

enum trait {
    KIND_BUCKET = 1,        /* what lies in it names it as its bucket: projects, templates, calendars */
    KIND_RECORDING = 2,     /* has comments, boosts, a subscription…, reached by its id alone */
    KIND_TOOL = 4,          /* stands in a project's dock when it lies there itself */
    KIND_SUBSCRIBED = 8,    /* people subscribe to it */
    KIND_OPEN = 16,         /* a bucket that the lists of the whole account look into */
};

/* A type of thing. Tables of kinds end with one that has no name. */
struct kind {
    const char *name;       /* "Kanban::Card": what routes and shapes call it, and the member `type` unless `type` says otherwise */
    const char *type;
    const char *family;     /* a name for several kinds of one purpose; NULL = none */
    const char *word;       /* "kanban_card": how docks and timelines call it */
    const char *title;      /* the member that is its title; NULL = it has none of its own */
    enum sequence sequence;
    unsigned traits;
    const char *path;       /* of its own resource, a template for shapes; NULL = it has none */
    const char *app_path;   /* of its page; NULL = like path */
    const char *listed;     /* its shape within lists */
    const char *whole;      /* and alone; NULL = the same */
};

struct record {
    int64_t id;
    const struct kind *kind;
    struct record *parent;  /* NULL = it belongs to the account itself */
    struct record *bucket;  /* the nearest bucket above it, or itself; NULL = none */
    struct record *creator; /* a person, or NULL */
    int64_t created;        /* milliseconds since the epoch */
    int64_t updated;
    enum standing standing; /* its own; what it inherits is record_standing's matter */
    int position;           /* among its parent's; 0 = none */
    bool gone;              /* deleted for good */
    json_t *members;        /* an object: what only its kind has */
    struct record *first, *last, *next;     /* what lies in it, in the order of coming; next among its parent's */
    json_t *portrait;       /* its JSON, kept because it stands in many others; NULL = to be written anew */
    const void *portrait_of;                /* the shape of the portrait */
};

struct store {
    int64_t now;            /* moves on by a second with each change */
    int64_t changed;        /* when anything changed last */
    struct record *me;      /* whose token it is */
    int64_t next_id[SEQUENCES];
    const struct kind *kinds;
    struct store_kind *by_kind;
    struct record **index;  /* by id, a power of two of slots */
    size_t index_size, count;
};

struct store *store_open(const struct kind *kinds, int64_t now, const int64_t first_ids[SEQUENCES]);
void store_close(struct store *store);

/* A kind by name; the program ends when there is none, for the name is written in the source. */
const struct kind *store_kind(const struct store *store, const char *name);

/* A new record below parent (may be NULL) with the next id, made by me, now. Takes members (NULL = none). */
struct record *store_add(struct store *store, const char *kind, struct record *parent, json_t *members);

/* By id, or NULL; a deleted one is not found. */
struct record *store_find(const struct store *store, int64_t id);

/* All records of a kind, the deleted ones too, in the order of their coming. */
struct record *const *store_all(const struct store *store, const struct kind *kind, size_t *count);

/* Notes a change: the time moves on, the record and its bucket are updated. */
void store_touch(struct store *store, struct record *record);

/* Its own standing, or the worst above it. */
enum standing record_standing(const struct record *record);

/* Whether the name is the kind's, its family's, or "Recording" and it is one; several names are divided by '|'. */
bool kind_is(const struct kind *kind, const char *names);

/* Puts it below another parent, as the last there. */
void record_move(struct record *record, struct record *parent);

/* How many of the kinds ("Todo", "Todo|Comment") lie in it, neither archived, trashed nor deleted. */
size_t record_count(const struct record *record, const char *kinds);

/* Members; a setter takes the value. A missing text is NULL, a missing number 0, a missing boolean false. */
json_t *record_get(const struct record *record, const char *name);
const char *record_text(const struct record *record, const char *name);
int64_t record_number(const struct record *record, const char *name);
bool record_true(const struct record *record, const char *name);
void record_set(struct record *record, const char *name, json_t *value);

/* Its title: the member that the kind names, or the title of what it answers after "Re: ". From malloc. */
char *record_title(const struct record *record);

/* Whether the array member holds the id; and adding or removing it. */
bool record_lists(const struct record *record, const char *name, int64_t id);
void record_enlist(struct record *record, const char *name, int64_t id, bool wanted);

#endif
