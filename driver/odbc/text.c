#include "odbc/text.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/utf.h"
#include "odbc/diagnostics.h"

static size_t wide_length(const SQLWCHAR *text)
{
    size_t units = 0;
    while (text[units])
        units++;
    return units;
}

bool text_read(const struct text_in *in, struct arena *arena, const char **text, size_t *length, struct error *err)
{
    *text = NULL;
    *length = 0;
    if (in->length < 0 && in->length != SQL_NTS)
        return error_set(err, "HY090", "A text length of %d is neither a length nor SQL_NTS", (int)in->length);
    if (!in->pointer)
        return true;

    if (in->wide) {
        size_t units = in->length == SQL_NTS ? wide_length(in->pointer) : (size_t)in->length;
        char *copy = arena_alloc(arena, utf16_bytes(in->pointer, units) + 1);
        if (!copy)
            return error_memory(err);
        *length = utf16_to_utf8(in->pointer, units, copy);
        *text = copy;
    } else {
        size_t bytes = in->length == SQL_NTS ? strlen(in->pointer) : (size_t)in->length;
        size_t bad;
        if (!utf8_valid(in->pointer, bytes, &bad))
            return error_set(err, "22018", "The text is not UTF-8 (at byte %zu): use a UTF-8 locale or the wide functions", bad + 1);
        char *copy = arena_copy(arena, in->pointer, bytes);
        if (!copy)
            return error_memory(err);
        *length = bytes;
        *text = copy;
    }
    return true;
}

/* Puts the text into the buffer; the full length in the unit that room has. */
static size_t put(const struct text_out *out, const char *text, size_t length, bool *cut)
{
    size_t room = (size_t)out->room;

    if (!out->wide) {
        *cut = out->buffer && length >= room;
        if (out->buffer && room > 0) {
            size_t kept = *cut ? utf8_whole(text, room - 1) : length;
            memcpy(out->buffer, text, kept);
            ((char *)out->buffer)[kept] = '\0';
        }
        return length;
    }

    size_t units = utf16_units(text, length);
    if (out->octets)
        room /= sizeof(SQLWCHAR);
    *cut = out->buffer && units >= room;
    if (out->buffer && room > 0) {
        size_t kept = utf8_to_utf16(text, length, out->buffer, room - 1, NULL);
        ((SQLWCHAR *)out->buffer)[kept] = 0;
    }
    return out->octets ? units * sizeof(SQLWCHAR) : units;
}

SQLRETURN text_write(struct odbc_handle *handle, const struct text_out *out, const char *text, size_t length)
{
    bool cut;

    if (out->buffer && out->room < 0)
        return handle ? diagnostics_fail(handle, "HY090", "A buffer length of %d is negative", (int)out->room) : SQL_ERROR;
    size_t full = put(out, text, length, &cut);
    if (out->length16)
        *out->length16 = full > 32767 ? 32767 : (SQLSMALLINT)full;
    if (out->length32)
        *out->length32 = (SQLINTEGER)full;
    if (!cut)
        return SQL_SUCCESS;
    if (handle)
        diagnostics_warn(handle, "01004", "The text was cut: it needs a buffer for %zu %s", full + 1,
                         out->wide && !out->octets ? "characters" : "bytes");
    return SQL_SUCCESS_WITH_INFO;
}
