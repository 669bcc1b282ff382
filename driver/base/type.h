/* The types of columns, parameters and expressions (design: section 5 of doc/architecture.md). */
#ifndef BASE_TYPE_H
#define BASE_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum type_kind {
    TYPE_BOOLEAN,
    TYPE_TINYINT,    /* 8 bits, signed; those of whole numbers stand in the order of their ranges */
    TYPE_SMALLINT,   /* 16 bits, signed */
    TYPE_INTEGER,    /* 32 bits, signed */
    TYPE_BIGINT,     /* 64 bits, signed */
    TYPE_DOUBLE,
    TYPE_DECIMAL,    /* exact: `size` digits, `scale` of them after the point */
    TYPE_DATE,
    TYPE_TIME,       /* `scale` fraction digits of a second */
    TYPE_TIMESTAMP,  /* likewise; no zone, UTC where the source had an offset */
    TYPE_STRING,     /* at most `size` characters, 0 = no bound */
    TYPE_BINARY,     /* at most `size` bytes, 0 = no bound */
    TYPE_GUID,
    TYPE_JSON,       /* the text of a JSON value */
};

struct type {
    enum type_kind kind;
    int32_t size;
    int16_t scale;
};

enum { DECIMAL_DIGITS = 38 /* the most a decimal can have */, TIMESTAMP_FRACTION = 9 };

/* How a value of this kind is stored in a struct value. */
enum storage { STORAGE_NULL, STORAGE_INTEGER, STORAGE_REAL, STORAGE_TEXT, STORAGE_BLOB };
enum storage type_storage(enum type_kind kind);

bool type_is_whole(enum type_kind kind);          /* tinyint to bigint; boolean excluded */
bool type_is_exact_number(enum type_kind kind);   /* whole, or decimal */
bool type_is_number(enum type_kind kind);         /* exact, or double */
bool type_is_text(enum type_kind kind);           /* string, guid, json */
bool type_is_datetime(enum type_kind kind);

/* The least and the greatest whole number of a whole kind or of boolean. */
int64_t type_least(enum type_kind kind);
int64_t type_greatest(enum type_kind kind);

/* The definition's word for a kind: "bigint", "timestamp". Static. */
const char *type_kind_name(enum type_kind kind);

/* What ODBC calls a type: SQL's name for it and the numbers of Appendix D of the ODBC reference, "SQL Data Types" and "Column Size,
 * Decimal Digits, Transfer Octet Length, and Display Size". The catalog functions and the system tables both read it here. */
struct type_description {
    const char *name;        /* as CAST takes it */
    int16_t code;            /* SQL_DATA_TYPE, concise, ODBC 3 */
    int32_t size;            /* characters, bytes or digits */
    int16_t digits;          /* after the point, also of a second; -1 = has none */
    int16_t radix;           /* of size; -1 = no number */
};

/* The size that is told of texts and bytes without a bound (their octets still fit a 32-bit length), and where "long" begins. */
enum { SIZE_UNBOUNDED = 1073741823, SIZE_LONGEST_VARCHAR = 4000, SIZE_LONGEST_VARBINARY = 8000 };

void type_describe(const struct type *type, struct type_description *description);

/* A value given as text, as it would be written in SQL: a text in quotes (COLUMN_DEF of the catalog functions). In the arena or the
 * text itself; NULL for NULL and when out of memory. */
const char *type_literal(const struct type *type, const char *text, struct arena *arena);

/* Reads "bigint", "decimal(19,4)", "timestamp(3)", "string(200)", "string". False when it is none of them. */
bool type_parse(const char *text, struct type *type);

/* Writes the same form, e.g. "decimal(19,4)", into out; cut at room. */
void type_print(const struct type *type, char *out, size_t room);

#endif
