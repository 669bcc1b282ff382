#include "providers/csv/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "providers/csv/cell.h"
#include "providers/csv/detect.h"
#include "providers/csv/header.h"
#include "providers/csv/rows.h"
#include "providers/csv/tables.h"
#include "providers/csv/unpack.h"

/* What is found out of a file. */
struct finding {
    struct csv_service *service;
    struct csv_table *table;
    struct csv_ini_schema schema;
    struct csv_rows rows;
    struct csv_cells cells;
    struct arena scratch;         /* texts of one row */
    struct csv_evidence *evidence;    /* per field */
    size_t field_count, field_room;
    const char **header;          /* per field of the first row, NULL beyond them */
    size_t header_count;
    bool all;                     /* every row was seen */
};

static bool grow(struct finding *finding, size_t fields, struct error *err)
{
    if (fields > CSV_MOST_FIELDS)
        return error_set(err, "HY000", "%s, line %lld: the row has %zu cells; a table can have %d columns. Is FMT right?", finding->rows.name,
                         (long long)finding->rows.line, fields, CSV_MOST_FIELDS);
    if (fields > finding->field_room) {
        size_t room = fields * 2;
        struct csv_evidence *evidence = realloc(finding->evidence, room * sizeof *evidence);
        if (!evidence)
            return error_memory(err);
        memset(evidence + finding->field_room, 0, (room - finding->field_room) * sizeof *evidence);
        finding->evidence = evidence;
        finding->field_room = room;
    }
    if (fields > finding->field_count)
        finding->field_count = fields;
    return true;
}

static bool bad_cell(const struct finding *finding, enum csv_fit fit, size_t row, size_t field, struct error *err)
{
    if (fit == CSV_NO_MEMORY)
        return error_memory(err);
    return error_set(err, "22001", "%s, line %lld, cell %zu has more than %lld bytes, the most that MaxCellLength allows", finding->rows.name,
                     (long long)csv_row_line(&finding->rows, row), field + 1, (long long)finding->table->format.longest_cell);
}

/* The first row has the names. */
static bool read_header(struct finding *finding, struct error *err)
{
    const struct csv_rows *rows = &finding->rows;
    struct arena *arena = &finding->service->arena;
    struct csv_cells cells = finding->cells;
    struct csv_format format = *cells.format;

    cells.arena = arena;
    cells.format = &format;
    format.null_count = 0; /* a name is a name */
    finding->header_count = csv_row_fields(rows, 0);
    if (!grow(finding, finding->header_count, err))
        return false;
    finding->header = arena_array(arena, finding->header_count + 1, sizeof *finding->header);
    if (!finding->header)
        return error_memory(err);
    for (size_t i = 0; i < finding->header_count; i++) {
        const char *text;
        size_t length, size;
        bool null;
        char *field = csv_row_field(rows, 0, i, &length);
        enum csv_fit fit = csv_cell_text(&cells, field, length, &text, &size, &null);
        if (fit != CSV_FITS)
            return bad_cell(finding, fit, 0, i, err);
        finding->header[i] = arena_copy(arena, text, size);
        if (!finding->header[i])
            return error_memory(err);
    }
    return true;
}

/* Looks at the rows of the present block from `row` on, until enough have been seen. */
static bool look_at_rows(struct finding *finding, size_t row, int64_t *left, struct error *err)
{
    const struct csv_rows *rows = &finding->rows;

    for (; row < rows->row_count && *left != 0; row++) {
        size_t fields = csv_row_fields(rows, row);
        if (csv_row_blank(rows, row))
            continue;
        if (!grow(finding, fields, err))
            return false;
        for (size_t i = 0; i < fields; i++) {
            size_t length;
            char *field = csv_row_field(rows, row, i, &length);
            enum csv_fit fit = csv_detect_look(&finding->cells, field, length, &finding->evidence[i]);
            if (fit != CSV_FITS)
                return bad_cell(finding, fit, row, i, err);
        }
        arena_reset(&finding->scratch);
        if (*left > 0)
            --*left;
    }
    finding->all = row == rows->row_count;
    return true;
}

static bool look_at_file(struct finding *finding, struct error *err)
{
    int64_t depth = finding->schema.scan_depth >= 0 ? finding->schema.scan_depth : finding->service->options.scan_depth;
    int64_t left = depth > 0 ? depth : -1;

    for (bool first = true;; first = false) {
        if (!csv_rows_next(&finding->rows, err))
            return false;
        if (finding->rows.row_count == 0)
            return true;
        bool header = first && finding->table->format.header;
        if ((header && !read_header(finding, err)) || !look_at_rows(finding, header, &left, err))
            return false;
        if (left == 0 || !finding->all) {
            finding->all = finding->all && finding->rows.ended && finding->rows.to == finding->rows.length;
            return true;
        }
    }
}

/* --- what follows from it ---------------------------------------------------------------------------------------------- */

/* "Total:decimal(10,2)" is a name and a type. */
static bool split_name(const char **name, struct type *type, struct arena *arena)
{
    const char *colon = strrchr(*name, ':');
    struct csv_ini_column column;

    if (!colon || colon == *name || !csv_ini_type(colon + 1, 0, &column) || column.type.scale < 0)
        return true;
    *type = column.type;
    *name = arena_copy(arena, *name, (size_t)(colon - *name));
    return *name != NULL;
}

static struct type type_of(const struct finding *finding, size_t field)
{
    static const struct csv_evidence none;
    const struct csv_evidence *evidence = field < finding->field_room ? &finding->evidence[field] : &none;
    const struct csv_ini_column *told = field < finding->schema.column_count ? &finding->schema.columns[field] : NULL;
    bool strings = finding->service->options.detection != CSV_DETECT_ROWS;

    if (!told || !told->typed)
        return csv_detect_type(evidence, finding->all && finding->table->place_count == 1, strings);
    struct type type = told->type;
    if (type.kind == TYPE_DECIMAL && type.scale < 0)
        type.scale = (int16_t)(evidence->fraction < type.size ? evidence->fraction : 0);
    return type;
}

/* Names as the file, or Schema.ini, says them; NULL for a field that is shown without one, and *shown tells which are. */
static bool find_names(struct finding *finding, const char **names, bool *shown, struct type *types, struct error *err)
{
    const struct csv_ini_schema *schema = &finding->schema;
    bool by_name = finding->service->options.detection == CSV_DETECT_NAMES;

    for (size_t i = 0; i < finding->field_count; i++) {
        types[i] = type_of(finding, i);
        if (schema->column_count) {
            names[i] = schema->columns[i].name;
            shown[i] = true;
            continue;
        }
        names[i] = i < finding->header_count ? finding->header[i] : NULL;
        shown[i] = !finding->table->format.header || (names[i] && *names[i]) || finding->service->options.empty_headers;
        if (by_name && names[i] && !split_name(&names[i], &types[i], &finding->service->arena))
            return error_memory(err);
    }
    return true;
}

static bool make_columns(struct finding *finding, const char **names, const bool *shown, const struct type *types, struct error *err)
{
    struct arena *arena = &finding->service->arena;
    bool numbered = finding->service->options.row_numbers;
    struct column *columns = arena_array(arena, finding->field_count + 1, sizeof *columns);
    int32_t *fields = arena_array(arena, finding->field_count + 1, sizeof *fields);
    const char **all = arena_array(arena, finding->field_count + 1, sizeof *all);
    size_t count = 0;

    if (!columns || !fields || !all)
        return error_memory(err);
    if (numbered) {
        columns[0] = (struct column){.type = {.kind = TYPE_BIGINT}, .key = 1};
        all[0] = "RowNumber";
        fields[count++] = CSV_ROW_NUMBER;
    }
    for (size_t i = 0; i < finding->field_count; i++) {
        if (!shown[i])
            continue;
        if (!names[i] || !*names[i])
            names[i] = arena_printf(arena, "Col%zu", i + 1);
        if (!names[i])
            return error_memory(err);
        columns[count] = (struct column){.type = types[i], .nullable = true};
        all[count] = names[i];
        fields[count++] = (int32_t)i;
    }
    if (!csv_header_name(all, count, arena))
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        columns[i].name = all[i];
        columns[i].description = "";
    }
    struct csv_table *table = finding->table;
    table->fields = fields;
    table->header = finding->header;
    table->field_count = finding->field_count;
    table->told = finding->schema.column_count > 0;
    table->table.columns = columns;
    table->table.column_count = count;
    return count || error_set(err, "HY000", "%s: no cell of the first row has a name for its column; IncludeEmptyHeaders=true shows them all the same",
                              finding->rows.name);
}

static bool conclude(struct finding *finding, struct error *err)
{
    if (finding->schema.column_count) /* more cells than are told are none of the table's */
        finding->field_count = finding->schema.column_count;
    else if (finding->table->format.header && !finding->service->options.empty_headers && finding->header_count)
        finding->field_count = finding->header_count;
    if (finding->field_count == 0) {
        finding->field_count = 1; /* a file without any byte: a table without rows */
        finding->table->format.header = false;
    }
    const char **names = calloc(finding->field_count, sizeof *names);
    bool *shown = calloc(finding->field_count, sizeof *shown);
    struct type *types = calloc(finding->field_count, sizeof *types);
    bool fine = (names && shown && types) || error_memory(err);
    fine = fine && find_names(finding, names, shown, types, err) && make_columns(finding, names, shown, types, err);
    free(names);
    free(shown);
    free(types);
    return fine;
}

/* How the file is to be read. */
static bool find_format(struct finding *finding, struct error *err)
{
    const struct csv_options *options = &finding->service->options;
    const struct csv_place *place = finding->table->discovery;
    const char *slash = strrchr(place->name, '/'), *file = slash ? slash + 1 : place->name;
    const struct csv_ini_section *section = csv_ini_find(place->ini, file);
    const char *plain = arena_copy(&finding->service->arena, file, csv_without_packing(file));

    if (!plain)
        return error_memory(err);
    finding->schema.format = options->format;
    finding->schema.scan_depth = -1;
    csv_options_delimiter(options, plain, &finding->schema.format);
    if (section && !csv_ini_apply(place->ini, section, &finding->schema, &finding->service->arena, err))
        return false;
    finding->table->format = finding->schema.format;
    return finding->table->format.delimiter_length || finding->table->format.widths
           || error_set(err, "HY000", "%s: FMT=FixedLength needs the columns and their widths in a Schema.ini beside the file", place->name);
}

bool csv_columns_find(struct csv_service *service, struct csv_table *table, struct error *err)
{
    struct finding finding = {.service = service, .table = table};
    struct csv_stream *stream;

    if (!find_format(&finding, err))
        return false;
    finding.cells = (struct csv_cells){.format = &table->format, .arena = &finding.scratch, .c = service->c};
    if (!csv_place_open(table->discovery, table->format.charset, service->remote, NULL, &stream, err)
        || !csv_rows_open(&finding.rows, &table->format, table->discovery->name, stream, err))
        return false;
    bool fine = look_at_file(&finding, err) && conclude(&finding, err);
    csv_rows_close(&finding.rows);
    free(finding.evidence);
    arena_clear(&finding.scratch);
    if (fine)
        log_write(service->log, LOG_HEADER, "provider", "%s has %zu columns", table->discovery->name, table->table.column_count);
    return fine;
}
