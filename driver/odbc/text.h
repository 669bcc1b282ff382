/* Texts between the application and the driver: ANSI (which is UTF-8) or wide (UTF-16) outside, UTF-8 inside. */
#ifndef ODBC_TEXT_H
#define ODBC_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <sql.h>
#include <sqlext.h>

struct arena;
struct error;
struct odbc_handle;

/* A text argument as the application gave it. */
struct text_in {
    const void *pointer;
    SQLINTEGER length;    /* characters (code units when wide), or SQL_NTS */
    bool wide;
};

/* Where the application wants a text: a buffer with its room, and the place of the length. */
struct text_out {
    void *buffer;         /* may be NULL: only the length is wanted */
    SQLINTEGER room;      /* bytes, or characters when wide and not octets */
    bool wide;
    bool octets;          /* room and length count bytes also when wide */
    SQLSMALLINT *length16;  /* the full length goes to whichever of the two is not NULL */
    SQLINTEGER *length32;
};

/* The argument as UTF-8 in the arena, NUL-terminated. A NULL pointer gives *text NULL and *length 0.
 * False: HY090 for a negative length other than SQL_NTS, 22018 for bytes that are not UTF-8, HY001. */
bool text_read(const struct text_in *in, struct arena *arena, const char **text, size_t *length, struct error *err);

/* Writes the text, cut at a whole character where the room is too small, NUL-terminated when there is room at all.
 * SQL_SUCCESS; SQL_SUCCESS_WITH_INFO with 01004 when it was cut; SQL_ERROR with HY090 for a negative room.
 * handle  gets the record; NULL for the diagnostic functions, which add none */
SQLRETURN text_write(struct odbc_handle *handle, const struct text_out *out, const char *text, size_t length);

#endif
