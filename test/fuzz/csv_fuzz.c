/* A libFuzzer target: whatever the bytes, all ways to look for fields find the same rows, cells become values or are said to be none, and a
 * Schema.ini is read or refused with words. The first two bytes choose the format, and whether the rest is a file or a Schema.ini. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/utf.h"
#include "providers/csv/cell.h"
#include "providers/csv/charset.h"
#include "providers/csv/detect.h"
#include "providers/csv/moment.h"
#include "providers/csv/rows.h"
#include "providers/csv/schema_ini.h"
#include "providers/csv/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 64 << 20 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool is_told(const struct error *err)
{
    return strlen(err->sqlstate) == 5 && err->message[0] != '\0';
}

static bool go_on(void *context, struct error *err)
{
    (void)context;
    (void)err;
    return false;
}

static struct csv_format choose(uint8_t first, uint8_t second)
{
    static const struct { const char *text; uint8_t length; } delimiters[] = {{",", 1}, {";", 1}, {"\t", 1}, {"\xC2\xA7", 2}};
    struct csv_format format = {
        .quote = first & 4 ? '\'' : '"', .longest_cell = first & 8 ? 100 : CSV_LONGEST_CELL, .trim = (first & 16) != 0, .point = second & 1 ? ',' : '.',
        .group = second & 2 ? '.' : '\0', .iso = true, .empty_is_null = (second & 4) != 0, .skip_top = second >> 6,
    };
    memcpy(format.delimiter, delimiters[first & 3].text, delimiters[first & 3].length);
    format.delimiter_length = delimiters[first & 3].length;
    format.escape = first & 32 ? '\\' : format.quote;
    if (format.group == format.point)
        format.group = '\0';
    return format;
}

static bool open_rows(const struct csv_format *format, const char *bytes, size_t size, size_t each, struct csv_rows *rows)
{
    struct csv_stream *inner, *stream;
    struct error err = {0};

    return csv_memory_open(bytes, size, each, &inner, &err) && csv_charset_open(inner, "UTF-8", "f", &stream, &err)
           && csv_rows_open(rows, format, "f", stream, &err);
}

/* All rows as a text, and what is said at their end. */
static void trace(const struct csv_format *format, const char *bytes, size_t size, size_t each, const struct split_method *method, struct buffer *out)
{
    struct csv_rows rows;
    struct error err = {0};
    int64_t number = 0;
    bool fine;

    buffer_init(out, MOST);
    require(open_rows(format, bytes, size, each, &rows));
    if (rows.method)
        rows.method = method;
    while ((fine = csv_rows_next(&rows, &err)) && rows.row_count)
        for (size_t i = 0; i < rows.row_count; i++) {
            require(csv_row_fields(&rows, i) > 0);
            buffer_printf(out, "%lld:%lld:", (long long)number++, (long long)csv_row_line(&rows, i));
            for (size_t j = 0; j < csv_row_fields(&rows, i); j++) {
                size_t length;
                const char *field = csv_row_field(&rows, i, j, &length);
                buffer_printf(out, "%zu:", length);
                buffer_append(out, field, length);
            }
        }
    require(fine || is_told(&err));
    if (!fine && strcmp(err.sqlstate, "22018") == 0) /* how many rows come before it depends on the pieces */
        buffer_reset(out);
    buffer_append_text(out, fine ? "" : err.message);
    csv_rows_close(&rows);

    int64_t counted;
    struct error why = {0};
    require(open_rows(format, bytes, size, each, &rows));
    if (rows.method)
        rows.method = method;
    bool also = csv_rows_count(&rows, go_on, NULL, &counted, &why);
    require(also == fine && (!fine || counted == number));
    csv_rows_close(&rows);
}

static void look_at_cells(const struct csv_format *format, const char *bytes, size_t size)
{
    struct arena arena = {0};
    struct csv_cells cells = {format, &arena, newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    struct csv_rows rows;
    struct error err = {0};

    require(open_rows(format, bytes, size, 0, &rows));
    while (csv_rows_next(&rows, &err) && rows.row_count)
        for (size_t i = 0; i < rows.row_count; i++)
            for (size_t j = 0; j < csv_row_fields(&rows, i); j++) {
                struct csv_evidence evidence = {0};
                struct value value;
                size_t length;
                char *field = csv_row_field(&rows, i, j, &length);
                enum csv_fit seen = csv_detect_look(&cells, field, length, &evidence);
                struct type type = csv_detect_type(&evidence, true, false);
                enum csv_fit fit = csv_cell_value(&cells, &type, field, length, &value);
                /* what a cell alone shows, it is; and what is shown is text that is one */
                require(fit == seen || fit == CSV_NO_TEXT || (type.kind == TYPE_STRING && fit == CSV_LONG));
                require(value.storage != STORAGE_TEXT || utf8_valid(value.text, value.length, NULL));
                arena_reset(&arena);
            }
    csv_rows_close(&rows);
    freelocale(cells.c);
    arena_clear(&arena);
}

static void read_ini(const char *bytes, size_t size)
{
    struct arena arena = {0};
    struct csv_ini ini;
    struct error err = {0};

    if (!csv_ini_read("Schema.ini", bytes, size, &arena, &ini, &err))
        require(is_told(&err));
    else
        for (size_t i = 0; i < ini.section_count; i++) {
            struct csv_ini_schema schema = {.format = choose(0, 0)};
            struct error why = {0};
            schema.format.charset = "UTF-8";
            require(csv_ini_apply(&ini, &ini.sections[i], &schema, &arena, &why) || is_told(&why));
        }
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer expected, found;

    if (size < 2)
        return 0;
    const struct csv_format format = choose(data[0], data[1]);
    const char *bytes = (const char *)data + 2;
    if (data[0] >= 192) {
        read_ini(bytes, size - 2);
        return 0;
    }
    trace(&format, bytes, size - 2, 0, NULL, &expected);
    for (size_t i = 0; split_method(i); i++)
        for (size_t each = 0; each < 10 && split_method(i)->possible(); each += 7) {
            trace(&format, bytes, size - 2, each, split_method(i), &found);
            require(found.length == expected.length && memcmp(buffer_text(&found), buffer_text(&expected), found.length) == 0);
            buffer_clear(&found);
        }
    buffer_clear(&expected);
    look_at_cells(&format, bytes, size - 2);
    return 0;
}
