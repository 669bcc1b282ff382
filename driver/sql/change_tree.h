/* The trees of the statements that change something: definitions of tables, indexes and views, INSERT, UPDATE, DELETE, transactions.
 * Queries and expressions in them are those of sql/tree.h. */
#ifndef SQL_CHANGE_TREE_H
#define SQL_CHANGE_TREE_H

#include "sql/statement.h"
#include "sql/tree.h"

struct parser;

/* A list of names, each with its place in the text. */
struct name_list {
    const char **names;
    uint32_t *at;
    size_t count;
};

struct column_definition {
    const char *name;
    uint32_t at;
    struct type type;
    bool not_null;
    bool identity;                 /* numbers itself: IDENTITY, AUTO_INCREMENT, SERIAL, GENERATED … AS IDENTITY */
    struct expression *standard;   /* DEFAULT, or NULL */
};

enum constraint_kind { CONSTRAINT_PRIMARY_KEY, CONSTRAINT_UNIQUE, CONSTRAINT_CHECK, CONSTRAINT_FOREIGN_KEY };

/* Of a table; those written behind a column are the same with that one column. */
struct constraint {
    enum constraint_kind kind;
    uint32_t at;
    const char *name;              /* or NULL */
    struct name_list columns;      /* not CHECK */
    struct expression *check;
    uint32_t check_at, check_length;    /* its text */
    struct name parent;            /* FOREIGN KEY */
    struct name_list parent_columns;
    const char *on_delete, *on_update;  /* "CASCADE"…, or NULL */
};

struct index_column {
    const char *name;
    uint32_t at;
    bool descending;
};

enum alteration { ALTER_ADD_COLUMN, ALTER_DROP_COLUMN, ALTER_RENAME_COLUMN, ALTER_RENAME_TABLE };

/* CREATE, ALTER, DROP and SELECT … INTO. */
struct definition {
    enum define_action action;
    uint32_t at;                   /* of the name */
    struct name name;
    bool temporary;
    bool into;                     /* SELECT … INTO */
    bool spare;                    /* IF EXISTS, IF NOT EXISTS */
    bool cascade;                  /* DROP … CASCADE */

    /* CREATE TABLE; ALTER TABLE ADD has one column and its constraints */
    struct column_definition *columns;
    size_t column_count;
    struct constraint *constraints;
    size_t constraint_count;
    struct query *query;           /* AS, or that of a view */
    bool without_data;
    struct name_list names;        /* of a view's or filled table's columns, when they are given */

    /* CREATE VIEW */
    bool replace;
    uint32_t query_at, query_length;  /* the query's text */

    /* CREATE INDEX, DROP INDEX … ON */
    struct name table;
    uint32_t table_at;
    bool unique;
    struct index_column *keys;
    size_t key_count;

    /* ALTER TABLE */
    enum alteration alteration;
    const char *old_name, *new_name;
    uint32_t old_at, new_at;
};

enum change_kind { CHANGE_INSERT, CHANGE_UPDATE, CHANGE_DELETE };

struct change {
    enum change_kind kind;
    uint32_t at;
    struct name name;
    const char *alias;
    struct name_list columns;      /* INSERT: as listed, none for all; UPDATE: those that are set */
    struct expression **values;    /* INSERT: row by row; UPDATE: one per column. NULL stands for DEFAULT */
    uint32_t *value_at;
    size_t value_count;
    size_t row_count, width;       /* INSERT … VALUES */
    struct query *query;           /* INSERT … SELECT */
    struct expression *where;

    /* Known after binding. */
    struct source *source;         /* the table */
    size_t *targets;               /* the columns that get a value, those of which only the default is no constant included */
    size_t target_count;           /* then `width` is this too, but for INSERT … SELECT, where `values` are those that its query lacks */
    bool *converted;               /* INSERT … SELECT: per column of the query, whether it must be brought to its target's type */
};

struct transaction {
    enum transaction_action action;
    const char *name;
};

/* ---- Parsing. Each stands at the word named. NULL with the error set. ---- */

/* CREATE, ALTER, DROP */
struct definition *parse_definition(struct parser *parser);
/* INSERT, UPDATE, DELETE, TRUNCATE */
struct change *parse_change(struct parser *parser);
/* BEGIN, START, COMMIT, END, ROLLBACK, SAVEPOINT, RELEASE */
struct transaction *parse_transaction(struct parser *parser);

/* A name appended to a list. */
bool name_list_add(struct parser *parser, struct name_list *list, const char *name, uint32_t at);
/* (name, name…) with their places. */
bool parse_name_list(struct parser *parser, struct name_list *list);

/* The definition of one column with the constraints behind it. */
bool parse_column_definition(struct parser *parser, struct definition *definition);
/* CONSTRAINT, PRIMARY, UNIQUE, CHECK or FOREIGN stands here: one constraint of the table. */
bool parse_table_constraint(struct parser *parser, struct definition *definition);
bool parse_at_constraint(const struct parser *parser);

#endif
