#include "providers/csv/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/utf.h"
#include "base/warnings.h"
#include "providers/csv/place.h"
#include "providers/csv/tables.h"

enum { MOST_ROWS = 4096, MOST_CELLS = 8192 /* which a processor's cache can hold */, LEAST_ROWS = 64, SHOWN = 40 };

/* --- opening ----------------------------------------------------------------------------------------------------------- */

static bool make_filters(struct csv_reader *reader, const struct scan_request *request)
{
    const struct table *table = request->table;

    reader->filters = arena_array(&reader->arena, request->filter_count + 1, sizeof *reader->filters);
    for (size_t i = 0; reader->filters && i < request->filter_count; i++) {
        const struct filter *filter = &request->filters[i];
        if (!csv_filter_make(filter, &table->columns[filter->column].type, &reader->arena, &reader->filters[i]))
            return false;
        reader->wanted[filter->column] = true;
        reader->filter_count++;
    }
    return reader->filters != NULL;
}

bool csv_reader_open(struct csv_reader *reader, const struct scan_request *request, const bool *wanted, struct error *err)
{
    const struct table *table = request->table;
    size_t columns = table->column_count, read = 0;

    *reader = (struct csv_reader){
        .service = (struct csv_service *)table->service, .table = table->definition, .cancel = request->cancel, .warnings = request->warnings,
    };
    reader->reading = (struct csv_cells){&reader->table->format, &reader->texts, reader->service->c};
    reader->cells = arena_array(&reader->arena, columns + 1, sizeof *reader->cells);
    reader->values = arena_array(&reader->arena, columns + 1, sizeof *reader->values);
    reader->wanted = arena_array(&reader->arena, columns + 1, sizeof *reader->wanted);
    reader->fields = arena_array(&reader->arena, columns + 1, sizeof *reader->fields);
    reader->told = arena_array(&reader->arena, columns + 1, sizeof *reader->told);
    if (!reader->cells || !reader->values || !reader->wanted || !reader->fields || !reader->told)
        return error_memory(err);
    memcpy(reader->wanted, wanted, columns * sizeof *wanted);
    if (!make_filters(reader, request))
        return error_memory(err);
    for (size_t i = 0; i < columns; i++)
        read += reader->wanted[i];
    reader->room = read == 0 ? MOST_ROWS : MOST_CELLS / read < LEAST_ROWS ? LEAST_ROWS : MOST_CELLS / read > MOST_ROWS ? MOST_ROWS : MOST_CELLS / read;
    reader->chosen = arena_array(&reader->arena, reader->room, sizeof *reader->chosen);
    if (!reader->chosen)
        return error_memory(err);
    for (size_t i = 0; i < columns; i++) {
        if (!reader->wanted[i])
            continue;
        reader->values[i] = arena_array(&reader->arena, reader->room, sizeof *reader->values[i]);
        if (!reader->values[i])
            return error_memory(err);
        reader->cells[i] = wanted[i] ? reader->values[i] : NULL;
    }
    return true;
}

static void close_file(struct csv_reader *reader)
{
    if (reader->open) {
        reader->bytes += reader->rows.received;
        csv_rows_close(&reader->rows);
    }
    reader->open = false;
}

void csv_reader_close(struct csv_reader *reader)
{
    close_file(reader);
    arena_clear(&reader->texts);
    arena_clear(&reader->arena);
}

/* --- files ------------------------------------------------------------------------------------------------------------- */

static const struct csv_place *present(const struct csv_reader *reader)
{
    return &reader->table->places[reader->place];
}

/* A file may have been replaced since its columns were found, by one that lacks some of them. */
static bool changed(const struct csv_reader *reader, struct error *err)
{
    for (size_t i = 0; i < reader->table->table.column_count; i++)
        if (reader->wanted[i] && reader->fields[i] == CSV_NO_FIELD)
            return !error_set(err, "HY000", "%s has no column %s any more; connect again to see those that it has", present(reader)->name,
                              reader->table->table.columns[i].name);
    return false;
}

/* The first row tells where the columns are: in each of several files elsewhere, perhaps. */
static bool match_header(struct csv_reader *reader, struct error *err)
{
    const struct csv_rows *rows = &reader->rows;
    size_t count = csv_row_fields(rows, 0);
    const char **names = arena_array(&reader->texts, count, sizeof *names);

    if (!names)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        size_t length, size;
        bool null;
        char *field = csv_row_field(rows, 0, i, &length);
        enum csv_fit fit = csv_cell_text(&reader->reading, field, length, &names[i], &size, &null);
        if (fit == CSV_NO_MEMORY)
            return error_memory(err);
        if (fit != CSV_FITS)
            names[i] = "";
    }
    csv_table_match(reader->table, names, count, reader->fields);
    return reader->table->place_count > 1 || !changed(reader, err);
}

static bool open_file(struct csv_reader *reader, struct error *err)
{
    const struct csv_table *table = reader->table;
    const struct csv_place *place = present(reader);
    struct csv_stream *stream;

    if (!csv_place_open(place, table->format.charset, reader->service->remote, reader->cancel, &stream, err)
        || !csv_rows_open(&reader->rows, &table->format, place->name, stream, err))
        return false;
    reader->open = true;
    reader->requests++;
    if (!csv_rows_next(&reader->rows, err))
        return false;
    bool header = table->format.header && reader->rows.row_count;
    reader->next = header;
    if (header && table->header && !table->told)
        return match_header(reader, err);
    memcpy(reader->fields, table->fields, table->table.column_count * sizeof *reader->fields);
    return true;
}

/* Makes sure that there are rows in the block that were not looked at. False with *end: there are none any more. */
static bool find_rows(struct csv_reader *reader, bool *end, struct error *err)
{
    *end = false;
    for (;;) {
        if (!reader->open) {
            if (reader->place == reader->table->place_count) {
                *end = true;
                return true;
            }
            if (!open_file(reader, err))
                return false;
        } else if (reader->next == reader->rows.row_count && reader->rows.row_count) {
            if (!csv_rows_next(&reader->rows, err))
                return false;
            reader->next = 0;
        }
        if (reader->next < reader->rows.row_count)
            return true;
        if (reader->rows.row_count)
            continue;
        reader->before += reader->rows.number - (reader->table->format.header && reader->rows.number);
        close_file(reader);
        reader->place++;
    }
}

/* --- cells ------------------------------------------------------------------------------------------------------------- */

/* The beginning of a cell, as a message can show it. */
static const char *show(const char *field, size_t length, char quote, char out[SHOWN + 4])
{
    if (length && *field == quote) {
        field++;
        length--;
    }
    length = strnlen(field, length);
    size_t kept = length > SHOWN ? utf8_whole(field, SHOWN) : length;
    for (size_t i = 0; i < kept; i++)
        out[i] = (unsigned char)field[i] < ' ' || field[i] == 0x7f ? ' ' : field[i];
    memcpy(out + kept, length > kept ? "..." : "", length > kept ? 4 : 1);
    return out;
}

/* A cell that is not what its column wants: an error, or a warning and NULL. */
static bool misfit(struct csv_reader *reader, size_t column, size_t row, const char *field, size_t length, enum csv_fit fit, struct error *err)
{
    const struct column *about = &reader->table->table.columns[column];
    const char *file = present(reader)->name;
    char type[64], shown[SHOWN + 4], what[160];

    if (fit == CSV_NO_MEMORY)
        return error_memory(err);
    if (!reader->service->options.strict && fit != CSV_TOO_LONG && reader->told[column])
        return true;
    reader->told[column] = true;
    type_print(&about->type, type, sizeof type);
    long long line = (long long)csv_row_line(&reader->rows, row);
    if (fit == CSV_TOO_LONG)
        return error_set(err, "22001", "%s, line %lld, column %s: the cell has more than %lld bytes, the most that MaxCellLength allows", file, line,
                         about->name, (long long)reader->table->format.longest_cell);
    if (fit == CSV_NO_TEXT)
        snprintf(what, sizeof what, "its bytes are not UTF-8; is the Charset right?");
    else if (fit == CSV_LONG)
        snprintf(what, sizeof what, "the text is longer than the type %s says", type);
    else
        snprintf(what, sizeof what, "\"%s\" is no %s", show(field, length, (char)reader->table->format.quote, shown), type);
    if (reader->service->options.strict)
        return error_set(err, fit == CSV_LONG ? "22001" : "22018", "%s, line %lld, column %s: %s", file, line, about->name, what);
    const char *key = arena_printf(&reader->texts, "%s:%s:%d", reader->table->table.name, about->name, (int)fit);
    if (key && reader->warnings)
        warnings_add(reader->warnings, key, "01000", "%s, line %lld, column %s: %s%s", file, line, about->name, what,
                     fit == CSV_LONG ? "" : "; NULL stands for it, and for other such cells of the column");
    return true;
}

/* More cells than there are columns: they are not read. Where a Schema.ini tells the columns, that is as it should be. */
static bool tell_surplus(struct csv_reader *reader, size_t row, struct error *err)
{
    const struct csv_table *table = reader->table;
    const char *file = present(reader)->name;
    bool *told = &reader->told[table->table.column_count];
    size_t fields = csv_row_fields(&reader->rows, row);

    if (*told && !reader->service->options.strict)
        return true;
    *told = true;
    long long line = (long long)csv_row_line(&reader->rows, row);
    if (reader->service->options.strict)
        return error_set(err, "22000", "%s, line %lld: the row has %zu cells, more than the %zu of the table", file, line, fields, table->field_count);
    const char *key = arena_printf(&reader->texts, "%s:surplus", table->table.name);
    if (key && reader->warnings)
        warnings_add(reader->warnings, key, "01000", "%s, line %lld: the row has %zu cells, more than the %zu of the table; the last ones are not read",
                     file, line, fields, table->field_count);
    return true;
}

static void read_row_numbers(struct csv_reader *reader, struct value *values)
{
    int64_t first = reader->before + reader->rows.number + (reader->table->format.header ? 0 : 1);

    for (size_t i = 0; i < reader->row_count; i++)
        values[i] = value_integer(first + reader->chosen[i]);
}

/* Makes the values of one column of the chosen rows. */
static bool read_column(struct csv_reader *reader, size_t column, struct error *err)
{
    const struct type *type = &reader->table->table.columns[column].type;
    struct value *values = reader->values[column];
    int32_t field = reader->fields[column];

    if (field == CSV_ROW_NUMBER) {
        read_row_numbers(reader, values);
        return true;
    }
    for (size_t i = 0; i < reader->row_count; i++) {
        size_t row = reader->chosen[i], length;
        if (field < 0 || (size_t)field >= csv_row_fields(&reader->rows, row)) {
            values[i] = value_null();
            continue;
        }
        char *text = csv_row_field(&reader->rows, row, (size_t)field, &length);
        enum csv_fit fit = csv_cell_value(&reader->reading, type, text, length, &values[i]);
        if (fit != CSV_FITS && !misfit(reader, column, row, text, length, fit, err))
            return false;
    }
    return true;
}

/* --- rows -------------------------------------------------------------------------------------------------------------- */

/* The rows of the block that are rows of the table. */
static bool choose_rows(struct csv_reader *reader, struct error *err)
{
    const struct csv_rows *rows = &reader->rows;
    const struct csv_format *format = &reader->table->format;
    size_t end = rows->row_count - reader->next > reader->room ? reader->next + reader->room : rows->row_count, columns = reader->table->field_count;

    reader->row_count = 0;
    for (size_t row = reader->next; row < end; row++) {
        size_t fields = csv_row_fields(rows, row);
        if (fields != columns) {
            if ((format->skip_incomplete && fields < columns) || (format->skip_blank && csv_row_blank(rows, row)))
                continue;
            if (fields > columns && !reader->table->told && !tell_surplus(reader, row, err))
                return false;
        } else if (format->skip_blank && fields == 1 && csv_row_blank(rows, row)) {
            continue;
        }
        reader->chosen[reader->row_count++] = (uint32_t)row;
    }
    reader->next = end;
    return true;
}

/* Leaves out the chosen rows that do not satisfy a condition; of the columns that were read already their values go along. */
static void apply(struct csv_reader *reader, const struct csv_filter *filter, const size_t *read, size_t read_count)
{
    const struct value *values = reader->values[filter->column];
    size_t kept = 0;

    for (size_t i = 0; i < reader->row_count; i++) {
        if (!csv_filter_holds(filter, &values[i]))
            continue;
        if (kept < i) {
            reader->chosen[kept] = reader->chosen[i];
            for (size_t j = 0; j < read_count; j++)
                reader->values[read[j]][kept] = reader->values[read[j]][i];
        }
        kept++;
    }
    reader->row_count = kept;
}

static bool is_among(const size_t *columns, size_t count, size_t column)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i] == column)
            return true;
    return false;
}

/* First what conditions want to see, then the other cells of the rows that are left. */
static bool read_rows(struct csv_reader *reader, struct error *err)
{
    size_t *read = arena_array(&reader->texts, reader->filter_count + 1, sizeof *read), count = 0;

    if (!read)
        return error_memory(err);
    if (!choose_rows(reader, err))
        return false;
    for (size_t i = 0; i < reader->filter_count && reader->row_count; i++) {
        size_t column = (size_t)reader->filters[i].column;
        if (!is_among(read, count, column)) {
            if (!read_column(reader, column, err))
                return false;
            read[count++] = column;
        }
        apply(reader, &reader->filters[i], read, count);
    }
    for (size_t i = 0; i < reader->table->table.column_count && reader->row_count; i++)
        if (reader->cells[i] && !is_among(read, count, i) && !read_column(reader, i, err))
            return false;
    return true;
}

bool csv_reader_next(struct csv_reader *reader, struct error *err)
{
    bool end;

    do {
        reader->row_count = 0;
        arena_reset(&reader->texts);
        if (!cancel_check(reader->cancel, err) || !find_rows(reader, &end, err) || (!end && !read_rows(reader, err)))
            return false;
    } while (!end && reader->row_count == 0);
    return true;
}

/* --- numbers of rows --------------------------------------------------------------------------------------------------- */

bool csv_reader_counts(const struct csv_reader *reader)
{
    const struct csv_format *format = &reader->table->format;
    return reader->filter_count == 0 && !format->skip_blank && !format->skip_incomplete;
}

static bool is_interrupted(void *context, struct error *err)
{
    return !cancel_check(context, err);
}

bool csv_reader_count(struct csv_reader *reader, int64_t *count, struct error *err)
{
    *count = 0;
    for (; reader->place < reader->table->place_count; reader->place++) {
        int64_t rest;
        if (!open_file(reader, err))
            return false;
        *count += (int64_t)(reader->rows.row_count - reader->next);
        if (!csv_rows_count(&reader->rows, is_interrupted, reader->cancel, &rest, err))
            return false;
        *count += rest;
        close_file(reader);
    }
    return true;
}
