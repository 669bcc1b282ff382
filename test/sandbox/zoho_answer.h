/* What Zoho Books has at which path: the operations of zoho_operations.txt and the answers of zoho_answers_*.txt.
 *
 * An operation: the methods (G, P, U for PUT, D), the module of its scope, the path; "P=settings.UPDATE" behind it where a method
 * asks for another scope than READ, CREATE, UPDATE or DELETE of the module.
 *
 *   define NAME, members …              a group of members, for @NAME
 *   GET /path                           an answer. Several may share a path: the first whose `asked` and `if` hold is given
 *     of TABLE [where MEMBER = PARAMETER|'text' …] [if RULE]
 *     list WRAPPER [SPEC]               an array of rows; SPEC is the name in the documentation where practice has another,
 *     one WRAPPER [SPEC] [by PARAMETER] one of them, by its id or else the first. `-` is no wrapper, `name[]` the row in an array,
 *                                       `name{}` the first row in place of the array
 *     file TYPE                         a document
 *     envelope                          nothing but the envelope, with what the path says
 *     paged [ARRAY]                     by page and per_page; of one object, this array of it
 *     asked NAME=VALUE                  only when the request says so
 *     need PARAMETER …                  what a request must have
 *     required MEMBER …                 what a new row must have
 *     knows PARAMETER …                 further parameters, which change nothing here
 *     filters NAME[~FORM,…][@MEMBER|@ARRAY.MEMBER][(value value=(RULE) …)] …
 *     filter_by value value=(RULE) …
 *     by MEMBER, dates MEMBER           what filter_by compares, and what its periods are about
 *     sort MEMBER …    search MEMBER …
 *     counts                            response_option is known
 *     with PATH                         has also the members of the answer of that path
 *     fields …    also …                members: name, name:i :n :b :d :t :l (integer, number, boolean, date, moment, texts),
 *                                       name=other where its rule is that of another member, name{…} an object, name[…] an array,
 *                                       name[…]! one that is an object in the documentation; `also` are those that this leaves out
 *
 * FORM: text = startswith,contains; day = start,end,before,after; number = less_than,less_equals,greater_than,greater_equals;
 * or one of these; list = values divided by commas; from, to = the name itself is a bound. */
#ifndef SANDBOX_ZOHO_ANSWER_H
#define SANDBOX_ZOHO_ANSWER_H

#include <jansson.h>

#include "test/sandbox/zoho_table.h"

enum zoho_shape_kind {
    SHAPE_TEXT, SHAPE_INTEGER, SHAPE_NUMBER, SHAPE_FLAG, SHAPE_DATE, SHAPE_MOMENT, SHAPE_TEXTS, SHAPE_OBJECT, SHAPE_ARRAY
};

struct zoho_shape {
    const char *name;
    unsigned member;                    /* by which the rule is found, with the names of the objects around it */
    enum zoho_shape_kind kind;
    struct zoho_shape *members;
    size_t count;
    bool documented_object;             /* an array that the documentation shows as one object */
    const struct zoho_table *array;     /* NULL of an array about whose elements nothing is known: it is empty */
};

enum zoho_form {
    FORM_EQUAL, FORM_STARTSWITH, FORM_CONTAINS, FORM_START, FORM_END, FORM_BEFORE, FORM_AFTER, FORM_LESS_THAN, FORM_LESS_EQUALS,
    FORM_GREATER_THAN, FORM_GREATER_EQUALS, FORM_LIST, FORM_SINCE
};

struct zoho_choice {
    const char *value;
    struct zoho_rule *rule;             /* of a row that fits; NULL = the member has this value */
};

struct zoho_filter {
    const char *parameter;
    enum zoho_form form;
    bool day, number;                   /* what the value must be */
    unsigned member;
    const struct zoho_table *array;     /* one element of it must fit; NULL = the row itself */
    struct zoho_choice *choices;
    size_t choice_count;
};

struct zoho_where {
    unsigned member;
    const char *parameter;              /* of the path or the query; NULL when there is a text */
    const char *text;
};

enum zoho_answer_kind { ANSWER_LIST, ANSWER_ONE, ANSWER_FILE, ANSWER_ENVELOPE };

struct zoho_answer {
    struct zoho_answer *next;           /* of the same path */
    const struct zoho_line *line;
    enum zoho_answer_kind kind;
    const char *wrapper, *spec;
    const char *by;
    const char *file_type;
    struct zoho_table *table;
    struct zoho_where where[2];
    size_t where_count;
    struct zoho_rule *only;
    const char *asked, *asked_value;
    const char *with;
    bool paged, counts;
    const char *paged_array;
    const char **need, **known, **required;
    size_t need_count, known_count, required_count;
    struct zoho_filter *filters;
    size_t filter_count;
    struct zoho_choice *choices;        /* of filter_by */
    size_t choice_count;
    unsigned choice_member, date_member;
    bool has_dates;
    unsigned *sorts, *searched;
    size_t sort_count, searched_count;
    struct zoho_shape shape;            /* an object */
};

enum zoho_method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE, METHODS };

struct zoho_route {
    struct zoho_route *next;
    const char *path;
    const char *segments[8];            /* "{contact_id}" of a parameter */
    size_t count;
    const char *scopes[METHODS];        /* "contacts.READ"; NULL = the path has not this method */
    const char *module;
    struct zoho_answer *answers;
};

struct zoho_routes {
    struct zoho_route *first;
    struct zoho_report_form *reports;
};

/* Reads the files; the tables have been read, and are not settled yet. */
void zoho_routes_read(struct zoho_routes *routes, struct zoho_schema *schema);

/* Members of rows of the table, written as in an answer but without groups. */
void zoho_shape_read(struct zoho_schema *schema, struct zoho_table *table, const char *members, struct zoho_shape *shape,
                     const struct zoho_line *line);

/* The route of a path, its parameters put into `parameters` (a JSON object: name → text); NULL when there is none. Literal paths
 * come before those with parameters. */
const struct zoho_route *zoho_route_find(const struct zoho_routes *routes, const char *path, json_t *parameters);
const struct zoho_route *zoho_route_named(const struct zoho_routes *routes, const char *path);

#endif
