#include "odbc/bulk.h"

#include <string.h>

#include "base/value.h"
#include "odbc/application.h"
#include "odbc/cursor.h"
#include "odbc/handle.h"
#include "odbc/rowset.h"
#include "odbc/types.h"

/* A bound column over the rows at hand. */
struct strip {
    const struct value *cells;      /* NULL: all are NULL */
    enum type_kind kind;
    char *data;
    char *lengths, *indicators;     /* either may be NULL; mostly they are the same */
    size_t data_step, length_step;  /* bytes from row to row */
    size_t room;
    size_t count;
    bool *odd;
};

/* False: the cell is for convert_to_c. *length: what the application is told. */
typedef bool put(const struct strip *strip, const struct value *value, char *data, SQLLEN *length);

static bool put_bigint(const struct strip *strip, const struct value *value, char *data, SQLLEN *length)
{
    (void)strip;
    if (value->storage != STORAGE_INTEGER)
        return false;
    memcpy(data, &value->integer, sizeof value->integer);
    *length = sizeof value->integer;
    return true;
}

static bool put_long(const struct strip *strip, const struct value *value, char *data, SQLLEN *length)
{
    int32_t narrow = (int32_t)value->integer;
    (void)strip;
    if (value->storage != STORAGE_INTEGER || narrow != value->integer)
        return false;
    memcpy(data, &narrow, sizeof narrow);
    *length = sizeof narrow;
    return true;
}

static bool put_short(const struct strip *strip, const struct value *value, char *data, SQLLEN *length)
{
    int16_t narrow = (int16_t)value->integer;
    (void)strip;
    if (value->storage != STORAGE_INTEGER || narrow != value->integer)
        return false;
    memcpy(data, &narrow, sizeof narrow);
    *length = sizeof narrow;
    return true;
}

static bool put_bit(const struct strip *strip, const struct value *value, char *data, SQLLEN *length)
{
    (void)strip;
    if (value->storage != STORAGE_INTEGER || value->integer < 0 || value->integer > 1)
        return false;
    *data = (char)value->integer;
    *length = 1;
    return true;
}

static bool put_double(const struct strip *strip, const struct value *value, char *data, SQLLEN *length)
{
    double real = value->storage == STORAGE_INTEGER ? (double)value->integer : value->real;
    (void)strip;
    if (value->storage != STORAGE_INTEGER && value->storage != STORAGE_REAL)
        return false;
    memcpy(data, &real, sizeof real);
    *length = sizeof real;
    return true;
}

/* The value's text, where it can be had without much ado; NULL else. */
static const char *text_of(const struct value *value, char *digits, size_t *length)
{
    if (value->storage == STORAGE_INTEGER)
        return value_print_integer(value->integer, digits, length);
    *length = value->length;
    return value->storage == STORAGE_TEXT ? value->text : NULL;
}

static bool put_char(const struct strip *strip, const struct value *value, char *data, SQLLEN *length)
{
    char digits[VALUE_DIGITS];
    size_t count;
    const char *text = text_of(value, digits, &count);

    if (!text || count >= strip->room)
        return false;
    memcpy(data, text, count);
    data[count] = '\0';
    *length = (SQLLEN)count;
    return true;
}

/* Plain ASCII only. */
static bool put_wide(const struct strip *strip, const struct value *value, char *data, SQLLEN *length)
{
    char digits[VALUE_DIGITS];
    size_t count;
    const char *text = text_of(value, digits, &count);

    if (!text || (count + 1) * sizeof(SQLWCHAR) > strip->room)
        return false;
    for (size_t i = 0; i < count; i++) {
        SQLWCHAR unit = (unsigned char)text[i];
        if (unit >= 0x80)
            return false;
        memcpy(data + i * sizeof unit, &unit, sizeof unit);
    }
    memset(data + count * sizeof(SQLWCHAR), 0, sizeof(SQLWCHAR));
    *length = (SQLLEN)(count * sizeof(SQLWCHAR));
    return true;
}

static unsigned two_digits(const char *text)
{
    return (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
}

/* Canonical texts, see value.h. */
static bool put_date(const struct strip *strip, const struct value *value, char *data, SQLLEN *length)
{
    const char *text = value->text;

    if (strip->kind != TYPE_DATE || value->storage != STORAGE_TEXT || value->length != 10)
        return false;
    SQL_DATE_STRUCT date = {(SQLSMALLINT)(two_digits(text) * 100 + two_digits(text + 2)), (SQLUSMALLINT)two_digits(text + 5),
                            (SQLUSMALLINT)two_digits(text + 8)};
    memcpy(data, &date, sizeof date);
    *length = sizeof date;
    return true;
}

static bool put_timestamp(const struct strip *strip, const struct value *value, char *data, SQLLEN *length)
{
    const char *text = value->text;

    if (strip->kind != TYPE_TIMESTAMP || value->storage != STORAGE_TEXT || value->length != 19) /* fractions are rare */
        return false;
    SQL_TIMESTAMP_STRUCT stamp = {(SQLSMALLINT)(two_digits(text) * 100 + two_digits(text + 2)), (SQLUSMALLINT)two_digits(text + 5),
                                  (SQLUSMALLINT)two_digits(text + 8), (SQLUSMALLINT)two_digits(text + 11),
                                  (SQLUSMALLINT)two_digits(text + 14), (SQLUSMALLINT)two_digits(text + 17), 0};
    memcpy(data, &stamp, sizeof stamp);
    *length = sizeof stamp;
    return true;
}

/* NULL: these are for convert_to_c. */
static put *find_put(SQLSMALLINT c_type, enum type_kind kind)
{
    bool number = type_is_whole(kind) || kind == TYPE_BOOLEAN;

    switch (c_type) {
    case SQL_C_SBIGINT: return number ? put_bigint : NULL;
    case SQL_C_SLONG: case SQL_C_LONG: return number ? put_long : NULL;
    case SQL_C_SSHORT: case SQL_C_SHORT: return number ? put_short : NULL;
    case SQL_C_BIT: return number ? put_bit : NULL;
    case SQL_C_DOUBLE: return number || kind == TYPE_DOUBLE ? put_double : NULL;
    case SQL_C_CHAR: return kind == TYPE_BINARY || kind == TYPE_DOUBLE ? NULL : put_char;
    case SQL_C_WCHAR: return kind == TYPE_BINARY || kind == TYPE_DOUBLE ? NULL : put_wide;
    case SQL_C_TYPE_DATE: return kind == TYPE_DATE ? put_date : NULL;
    case SQL_C_TYPE_TIMESTAMP: return kind == TYPE_TIMESTAMP ? put_timestamp : NULL;
    default: return NULL;
    }
}

static SQLSMALLINT last_column(const struct odbc_statement *statement)
{
    SQLSMALLINT bound = statement->ard->content.count, there = statement->ird->content.count;
    return bound < there ? bound : there;
}

static put *put_of(const struct odbc_statement *statement, SQLSMALLINT number)
{
    const struct odbc_record *bound = &statement->ard->content.records[number];
    const struct odbc_record *column = &statement->ird->content.records[number];
    SQLSMALLINT c_type = bound->concise_type == SQL_C_DEFAULT ? odbc_type_find(column->concise_type)->c_type : bound->concise_type;

    return bound->data && bound->octet_length >= 0 ? find_put(c_type, column->type.kind) : NULL;
}

bool bulk_can(const struct odbc_statement *statement)
{
    const struct odbc_descriptor *ard = &statement->ard->content;

    if (statement->retrieve_data == SQL_RD_OFF || statement->max_length || !ard->records || rowset_is_bound(&ard->records[0]))
        return false;
    for (SQLSMALLINT number = 1; number <= last_column(statement); number++)
        if (rowset_is_bound(&ard->records[number]) && !put_of(statement, number))
            return false;
    return true;
}

static void tell(char *place, SQLLEN length)
{
    if (place)
        memcpy(place, &length, sizeof length);
}

static bool fill(const struct strip *strip, put *put_one)
{
    bool any = false;

    for (size_t i = 0; i < strip->count; i++) {
        char *length_place = strip->lengths ? strip->lengths + i * strip->length_step : NULL;
        char *indicator = strip->indicators ? strip->indicators + i * strip->length_step : NULL;
        SQLLEN length;
        if (!strip->cells || value_is_null(&strip->cells[i])) {
            tell(indicator, SQL_NULL_DATA);
            if (!indicator)
                any = strip->odd[i] = true;
        } else if (put_one(strip, &strip->cells[i], strip->data + i * strip->data_step, &length)) {
            tell(indicator, 0);
            tell(length_place, length);
        } else {
            any = strip->odd[i] = true;
        }
    }
    return any;
}

static bool convert_column(const struct odbc_statement *statement, SQLSMALLINT number, SQLULEN row, size_t count, bool *odd)
{
    const struct odbc_descriptor *ard = &statement->ard->content;
    const struct odbc_record *bound = &ard->records[number];
    const struct odbc_record *column = &statement->ird->content.records[number];
    SQLSMALLINT c_type = bound->concise_type == SQL_C_DEFAULT ? odbc_type_find(column->concise_type)->c_type : bound->concise_type;
    size_t fixed = type_c_size(c_type);
    bool by_column = ard->bind_type == SQL_BIND_BY_COLUMN;
    const struct strip strip = {
        .cells = cursor_cells_at_hand(statement, (size_t)number - 1),
        .kind = column->type.kind,
        .data = rowset_data(ard, number, c_type, row),
        .lengths = rowset_place(ard, bound->octet_length_pointer, row, sizeof(SQLLEN)),
        .indicators = rowset_place(ard, bound->indicator_pointer, row, sizeof(SQLLEN)),
        .data_step = by_column ? (fixed ? fixed : (size_t)bound->octet_length) : ard->bind_type,
        .length_step = by_column ? sizeof(SQLLEN) : ard->bind_type,
        .room = (size_t)bound->octet_length,
        .count = count,
        .odd = odd,
    };
    return fill(&strip, put_of(statement, number));
}

bool bulk_convert(const struct odbc_statement *statement, SQLULEN row, size_t count, bool *odd)
{
    bool any = false;

    memset(odd, 0, count * sizeof *odd);
    for (SQLSMALLINT number = 1; number <= last_column(statement); number++)
        if (rowset_is_bound(&statement->ard->content.records[number]) && convert_column(statement, number, row, count, odd))
            any = true;
    return any;
}
