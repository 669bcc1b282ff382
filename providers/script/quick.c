/* A quick look at what an address answers: its records become a table, whose columns are found out; CreateSchema writes a script of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/name.h"
#include "base/property.h"
#include "providers/script/records.h"
#include "providers/script/service.h"

enum { LARGEST_SCRIPT = 1 << 20, LONGEST_NAME = 64 };

/* --- opening --- */

/* A name as scripts' paths have it. */
static void put_step(struct buffer *out, const char *name)
{
    if (strpbrk(name, "/[]"))
        buffer_printf(out, "['%s']", name);
    else
        buffer_append_text(out, name);
}

static void put_steps(struct buffer *out, const struct path *path, bool *first)
{
    for (size_t i = 0; i < path->length; i++) {
        if (!*first)
            buffer_append_char(out, '/');
        *first = false;
        put_step(out, path->steps[i].name);
    }
}

/* The path of a column: from the record on, or from the document on where it stands around the record. */
static const char *column_path(struct script_service *service, const struct shape *shape, const struct place *place)
{
    const struct row_place *rows = &shape->rows[0];
    struct buffer text;
    bool first = true;

    buffer_init(&text, 4096);
    if (place->up) {
        buffer_append_text(&text, service->xml ? "/" : "/json/");
        for (size_t i = 0; i + place->up < rows->level_count; i++)
            put_steps(&text, &rows->levels[i], &first);
    }
    put_steps(&text, &place->path, &first);
    const char *made = text.failed ? NULL : arena_text(&service->arena, buffer_text(&text));
    buffer_clear(&text);
    return made;
}

static const char *records_path(struct script_service *service, const struct shape *shape)
{
    const struct row_place *rows = &shape->rows[0];
    struct buffer text;
    bool first = true;

    buffer_init(&text, 4096);
    buffer_append_text(&text, service->xml ? "/" : "/json");
    first = service->xml;
    for (size_t i = 0; i < rows->level_count; i++)
        put_steps(&text, &rows->levels[i], &first);
    const char *made = text.failed ? NULL : arena_text(&service->arena, buffer_text(&text));
    buffer_clear(&text);
    return made;
}

/* After the last name of the way to the records, else after the address. */
static const char *table_name(struct script_service *service, const char *uri, const struct shape *shape)
{
    const struct row_place *rows = &shape->rows[0];
    const char *end = uri + strcspn(uri, "?#"), *start, *scheme = strstr(uri, "://");

    for (size_t i = rows->level_count; i-- > 0;)
        if (rows->levels[i].length)
            return arena_text(&service->arena, rows->levels[i].steps[rows->levels[i].length - 1].name);
    while (end > uri && end[-1] == '/')
        end--;
    for (start = end; start > uri && start[-1] != '/';)
        start--;
    const char *point = memchr(start, '.', (size_t)(end - start));
    if (point && point > start)
        end = point;
    bool usable = end > start && end - start <= LONGEST_NAME && (!scheme || start > scheme + 3);
    return usable ? arena_copy(&service->arena, start, (size_t)(end - start)) : "records";
}

static bool keep_table(struct script_service *service, const char *uri, const struct table *found, const struct shape *shape, struct error *err)
{
    struct script_table *quick = &service->quick;
    struct column *columns = arena_array(&service->arena, found->column_count + 1, sizeof *columns);
    struct script_column *own = arena_array(&service->arena, found->column_count + 1, sizeof *own);
    bool done = columns && own;

    for (size_t i = 0; done && i < found->column_count; i++) {
        columns[i] = found->columns[i];
        columns[i].name = arena_text(&service->arena, found->columns[i].name);
        own[i] = (struct script_column){.path = column_path(service, shape, &shape->columns[i].at[0])};
        done = columns[i].name && own[i].path;
        /* A record that is a value by itself has no path, which means something else in a script. */
        if (done && !*own[i].path)
            own[i].path = ".";
    }
    quick->columns = own;
    quick->table = (struct table){.name = table_name(service, uri, shape), .description = arena_text(&service->arena, uri), .kind = TABLE_VIEW,
                                  .columns = columns, .column_count = found->column_count, .definition = quick, .service = &service->service};
    service->quick_path = records_path(service, shape);
    return (done && quick->table.name && quick->table.description && service->quick_path) || error_memory(err);
}

bool quick_table_open(struct script_service *service, const char *uri, struct cancel *cancel, struct error *err)
{
    struct record_pages *pages = NULL;
    struct item item;
    size_t rows;

    item_init(&item, NULL);
    bool done = (item_set(&item, "uri", uri) || error_memory(err))
                && record_request_open(&service->world, NULL, NULL, NULL, &item, service->xml ? RECORDS_XML : RECORDS_JSON, &service->quick_request, err);
    item_clear(&item);
    done = done && record_pages_open(service->quick_request, NULL, cancel, NULL, &pages, err) && record_pages_next(pages, &rows, err);
    if (done && !record_pages_shape(pages))
        done = error_set(err, "HY000", "%.300s: there are no records in the answer: say where they are by %s", uri, service->xml ? "XPath" : "JSONPath");
    done = done && keep_table(service, uri, record_pages_table(pages), record_pages_shape(pages), err);
    record_pages_close(pages);
    if (!done)
        return false;
    /* From now on the columns are those that have been found, wherever the page has arrays. */
    struct record_request *request = service->quick_request;
    request->table = &service->quick;
    request->has_path = true;
    return form_names(&request->ask.arena, service->quick_path, !service->xml, &request->path) || error_memory(err);
}

/* --- CreateSchema --- */

enum { IN_TABLE, IN_FILE, INPUTS };

static const struct procedure_input inputs_of_schema[INPUTS] = {
    [IN_TABLE] = {"TableName", "How the table is to be called; as it is now when not given.", {.kind = TYPE_STRING, .size = 128}, false, NULL},
    [IN_FILE] = {"FileName", "The file to write, within the folder Location; TableName.rsd when not given.", {.kind = TYPE_STRING, .size = 1000}, false, NULL},
};

enum { OUT_RESULT, OUT_FILE, OUTPUTS };

static const struct procedure_output outputs_of_schema[OUTPUTS] = {
    [OUT_RESULT] = {"Result", "Success.", {.kind = TYPE_STRING, .size = 16}},
    [OUT_FILE] = {"FileName", "The file that was written.", {.kind = TYPE_STRING, .size = 4000}},
};

const struct procedure create_schema = {
    .name = "CreateSchema", .description = "Writes a script of the table at URI, which is a table of the next connection.",
    .inputs = inputs_of_schema, .input_count = INPUTS, .outputs = outputs_of_schema, .output_count = OUTPUTS,
};

/* As the value of an attribute in a script, where brackets mean something. */
static void put_value(struct buffer *out, const char *text, bool brackets)
{
    for (const char *c = text; *c; c++) {
        if (*c == '&')
            buffer_append_text(out, "&amp;");
        else if (*c == '<')
            buffer_append_text(out, "&lt;");
        else if (*c == '"')
            buffer_append_text(out, "&quot;");
        else if (brackets && (*c == '[' || *c == ']'))
            buffer_printf(out, "\\%c", *c);
        else
            buffer_append_char(out, *c);
    }
}

static void put_type(struct buffer *out, const struct type *type)
{
    static const struct { enum type_kind kind; const char *word; } words[] = {
        {TYPE_BOOLEAN, "boolean"}, {TYPE_INTEGER, "integer"}, {TYPE_BIGINT, "bigint"}, {TYPE_DOUBLE, "double"}, {TYPE_DATE, "date"},
        {TYPE_TIMESTAMP, "datetime"}, {TYPE_JSON, "string\" other:valueFormat=\"aggregate"},
    };
    const char *word = "string";

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].kind == type->kind)
            word = words[i].word;
    buffer_printf(out, " xs:type=\"%s\"", word);
}

static void write_script(const struct script_service *service, const char *name, struct buffer *out)
{
    const struct script_table *quick = &service->quick;

    buffer_append_text(out, "<api:script xmlns:api=\"http://apiscript.com/ns?v1\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
                            "xmlns:other=\"http://apiscript.com/ns?v1\">\n\n  <api:info title=\"");
    put_value(out, name, false);
    buffer_append_text(out, "\" desc=\"");
    put_value(out, quick->table.description, false);
    buffer_append_text(out, "\">\n");
    for (size_t i = 0; i < quick->table.column_count; i++) {
        buffer_append_text(out, "    <attr name=\"");
        put_value(out, quick->table.columns[i].name, false);
        buffer_append_char(out, '"');
        put_type(out, &quick->table.columns[i].type);
        buffer_append_text(out, " other:xPath=\"");
        put_value(out, quick->columns[i].path, false);
        buffer_append_text(out, "\"/>\n");
    }
    buffer_append_text(out, "  </api:info>\n\n  <api:set attr=\"uri\" value=\"");
    put_value(out, properties_text(service->properties, PROPERTY_URI), true);
    buffer_printf(out, "\"/>\n  <api:set attr=\"%s\" value=\"", service->xml ? "XPath" : "JSONPath");
    put_value(out, service->quick_path, true);
    buffer_printf(out, "\"/>\n\n  <api:script method=\"GET\">\n    <api:push op=\"%s\"/>\n  </api:script>\n\n</api:script>\n",
                  service->xml ? "xmlproviderGet" : "jsonproviderGet");
}

static bool is_file_name(const char *name)
{
    return *name && *name != '.' && !strpbrk(name, "/\\") && strlen(name) < 200;
}

static bool write_file(const char *path, const struct buffer *text, struct error *err)
{
    const char *temporary = NULL;
    char *name = NULL;

    if (asprintf(&name, "%s.new", path) < 0)
        return error_memory(err);
    temporary = name;
    FILE *file = fopen(temporary, "w");
    bool done = file && fwrite(text->data, 1, text->length, file) == text->length;
    if (file)
        done = fclose(file) == 0 && done;
    done = done && rename(temporary, path) == 0;
    if (!done) {
        error_set(err, "HY000", "%.300s can not be written: %s", path, strerror(errno));
        if (file)
            unlink(temporary);
    }
    free(name);
    return done;
}

static const char *given(const struct value *inputs, int input)
{
    return inputs[input].storage == STORAGE_TEXT && inputs[input].length ? inputs[input].text : NULL;
}

bool quick_table_write(const struct script_service *service, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                       struct error *err)
{
    const char *folder = properties_text(service->properties, PROPERTY_LOCATION);
    const char *name = given(inputs, IN_TABLE), *file = given(inputs, IN_FILE);
    struct buffer text;
    (void)cancel;

    if (!service->quick.table.name)
        return error_set(err, "HY000", "CreateSchema writes a script of what is at URI: set it");
    if (!folder || !*folder)
        return error_set(err, "HY000", "CreateSchema writes into the folder Location: set it");
    name = name ? name : service->quick.table.name;
    if (!file && !(file = arena_printf(result->arena, "%s.rsd", name)))
        return error_memory(err);
    if (!is_file_name(file) || strlen(file) < 5 || !name_equal(file + strlen(file) - 4, ".rsd"))
        return error_set(err, "22023", "FileName of CreateSchema is the name of a .rsd file within Location, not \"%.100s\"", file);
    const char *path = arena_printf(result->arena, "%s/%s", folder, file);
    result->values = arena_array(result->arena, OUTPUTS, sizeof *result->values);
    if (!path || !result->values)
        return error_memory(err);
    buffer_init(&text, LARGEST_SCRIPT);
    write_script(service, name, &text);
    bool done = !text.failed ? write_file(path, &text, err) : error_set(err, "HY000", "the script would be larger than %d bytes", LARGEST_SCRIPT);
    buffer_clear(&text);
    if (!done)
        return false;
    result->values[OUT_RESULT] = value_text("Success", 7);
    result->values[OUT_FILE] = value_text(path, strlen(path));
    result->row_count = 1;
    return true;
}
