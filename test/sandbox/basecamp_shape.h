/* How records look as JSON, told in short texts:
 *
 *   {"Todo", "RECORDING COMMENTED content due_on ?completion={Completion} description=#\"\" assignees=each:assignee_ids:Person"}
 *
 * A shape is a list of members, and of other shapes in capitals that stand for their members. A member is its name, `?` before it when
 * it is left out for want of a value, and after `=` where its value comes from:
 *
 *   (nothing)             the record's member of that name, or null
 *   #JSON                 the same, or this JSON without blanks
 *   .member               the record's member of another name
 *   @name                 what a function of that name derives
 *   /path                 a URL of the API, ".json" added; {id}, {bucket}, {parent} are filled in, {slug} is "-its-title", and
 *                         {within} the path of the bucket
 *   ~/path                a URL of the application; both may also begin with {within}
 *   {Shape}               an object of the same record
 *   parent:Shape          an object of the record above; likewise bucket:, creator:
 *   one:member:Shape      an object of the record whose id is in the member
 *   each:member:Shape     an array of those whose ids are in the array member
 *   all:Kinds:Shape       an array of those that lie in it, neither archived nor trashed
 *   count:Kinds           how many they are
 *   moment:member         the milliseconds of the member as a timestamp */
#ifndef SANDBOX_BASECAMP_SHAPE_H
#define SANDBOX_BASECAMP_SHAPE_H

#include <jansson.h>

#include "test/sandbox/basecamp_store.h"

struct view;

/* A value that no member holds; a new reference, never NULL: json_null() for none. */
typedef json_t *derive_function(const struct view *view, const struct record *record);

struct derivation {
    const char *name;
    derive_function *derive;
};

struct shape_text {
    const char *name;
    const char *members;
};

/* How a product writes things. */
struct shape_source {
    const struct shape_text *shapes;            /* end with a NULL name */
    const struct derivation *const *derivations;    /* tables that end with a NULL name; their list with NULL */
    json_t *(*moment)(int64_t milliseconds);
    const char *kept;       /* shapes that stand in many others and are kept as portraits, divided by '|' */
};

struct shapes;
struct shape;

/* Reads the texts once. A mistake in them ends the program: they are written in the source. */
struct shapes *shapes_open(const struct shape_source *source);
void shapes_close(struct shapes *shapes);
const struct shape *shapes_find(const struct shapes *shapes, const char *name);

/* For whom something is written. */
struct view {
    const struct shapes *shapes;
    const struct store *store;
    const char *api;        /* what paths of the API are added to: "http://127.0.0.1:1/195540001" */
    const char *app;        /* and those of the application */
};

/* A new reference. */
json_t *shape_write(const struct view *view, const struct shape *shape, const struct record *record);
json_t *shape_write_named(const struct view *view, const char *name, const struct record *record);

/* In the shape of its kind, within a list or alone. */
json_t *shape_write_listed(const struct view *view, const struct record *record);
json_t *shape_write_whole(const struct view *view, const struct record *record);

/* A timestamp as the product writes it. */
json_t *shape_moment(const struct view *view, int64_t milliseconds);

/* A path with {id}… filled in, as a URL of the API (".json" added) or of the application. A new reference. */
json_t *shape_api_url(const struct view *view, const char *path, const struct record *record);
json_t *shape_app_url(const struct view *view, const char *path, const struct record *record);

#endif
