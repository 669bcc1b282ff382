/* A script as a tree: what stands in a .rsd or .rsb file, read once and run any number of times.
 *
 * The language is known by several names (RSBScript, API Script, ArcScript); its keywords are the same in all of them. */
#ifndef PROVIDERS_SCRIPT_SCRIPT_H
#define PROVIDERS_SCRIPT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct error;

/* Where something stands in its file, counted from 1; columns in characters. */
struct script_place {
    int line, column;
};

/* A value with expressions in it: "https://[_connection.Host]/items?since=[_input.Since | def('2020-01-01')]". */
struct phrase {
    const struct phrase_part *parts;
    size_t count;
};

struct formatter;

struct phrase_call {
    const struct formatter *formatter;
    const struct phrase *arguments;
    size_t argument_count;
};

struct phrase_part {
    const char *literal;                 /* NULL: an expression */
    size_t length;
    struct phrase name;                  /* of the attribute: "item.attribute", itself with expressions in it */
    const struct phrase_call *calls;     /* from left to right */
    size_t call_count;
};

/* Reads a value. Everything is in the arena; the text itself is not needed any more. False with *wrong a static text, or NULL when out of
 * memory. */
bool phrase_read(struct arena *arena, const char *text, size_t length, struct phrase *phrase, const char **wrong);

/* Its text, where there is no expression in it; else NULL. */
const char *phrase_literal(const struct phrase *phrase);

/* The condition of exp="…". */
enum condition_kind { CONDITION_OR, CONDITION_AND, CONDITION_NOT, CONDITION_COMPARE, CONDITION_VALUE };
enum comparison { COMPARE_EQUAL, COMPARE_NOT_EQUAL, COMPARE_LESS, COMPARE_LESS_EQUAL, COMPARE_GREATER, COMPARE_GREATER_EQUAL };

struct condition {
    enum condition_kind kind;
    enum comparison comparison;
    const struct condition *left, *right; /* right NULL of NOT */
    struct phrase a, b;                   /* of COMPARE; b empty of VALUE */
};

/* As phrase_read. */
bool condition_read(struct arena *arena, const char *text, size_t length, const struct condition **condition, const char **wrong);

enum keyword {
    KEYWORD_PLAIN,                       /* an element of no keyword's name: what is in it counts */
    KEYWORD_SCRIPT, KEYWORD_INFO, KEYWORD_SET, KEYWORD_SETM, KEYWORD_UNSET, KEYWORD_MAP, KEYWORD_CALL, KEYWORD_PUSH, KEYWORD_ENUM,
    KEYWORD_IF, KEYWORD_ELSE, KEYWORD_EQUALS, KEYWORD_NOTEQUALS, KEYWORD_EXISTS, KEYWORD_NOTEXISTS, KEYWORD_NULL, KEYWORD_NOTNULL,
    KEYWORD_CHECK, KEYWORD_SELECT, KEYWORD_CASE, KEYWORD_DEFAULT, KEYWORD_MATCH, KEYWORD_FIRST, KEYWORD_LAST, KEYWORD_BREAK,
    KEYWORD_CONTINUE, KEYWORD_TRY, KEYWORD_CATCH, KEYWORD_FINALLY, KEYWORD_THROW, KEYWORD_VALIDATE, KEYWORD_INCLUDE, KEYWORD_CACHE,
    KEYWORD_SERVER,                      /* of products that are servers: nothing happens, and a warning */
};

struct element_parameter {
    const char *name;                    /* as it is written, without "other:" */
    const char *raw;
    struct phrase value;
};

struct element {
    enum keyword keyword;
    const char *name;                    /* as it is written, without its prefix */
    struct script_place place;
    const struct element_parameter *parameters;
    size_t parameter_count;
    const struct condition *condition;   /* of exp="…"; or NULL */
    struct phrase body;                  /* its text, where no element is in it */
    bool has_body;                       /* it has a text that is not blank, or CDATA */
    struct element *first, *next, *parent;
};

struct script {
    struct arena arena;
    const char *file;                    /* its path, for messages */
    const char *source;                  /* its text as it stands in the file */
    size_t source_length;
    const struct element *root;
    const struct element *info;          /* or NULL */
};

enum { SCRIPT_LARGEST = 4 << 20, SCRIPT_DEPTH = 60 /* deepest nesting of elements */ };

/* Reads a script out of memory. file: how it is called in messages. The caller ends it with script_close.
 * False: HY000 "file:line:column: what is wrong", HY001. */
bool script_read(const char *file, const char *bytes, size_t length, struct script **script, struct error *err);
/* The same from a file. */
bool script_open(const char *path, struct script **script, struct error *err);
void script_close(struct script *script);

/* A parameter of an element by its name, case ignored; NULL where it has none. */
const struct element_parameter *element_parameter(const struct element *element, const char *name);
/* Its text where it has no expressions, or NULL. */
const char *element_literal(const struct element *element, const char *name);

/* Fails with HY000 "file:line:column: <keyword>: …". Returns false. */
bool script_fault(const struct script *script, const struct element *element, struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
