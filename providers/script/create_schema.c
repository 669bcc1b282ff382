/* CreateSchema: writes a script of a table that was found out, to be changed by hand. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/property.h"
#include "providers/csv/remote.h"
#include "providers/csv/single.h"
#include "providers/csv/tables.h"
#include "providers/script/service.h"

enum { LARGEST_SCRIPT = 16 << 20 };

enum { IN_TABLE, IN_FILE, INPUTS };

static const struct procedure_input inputs_of_schema[INPUTS] = {
    [IN_TABLE] = {"TableName", "How the table is to be called; as it is now when not given.", {.kind = TYPE_STRING, .size = 128}, false, NULL},
    [IN_FILE] = {"FileName", "The file to write, within the folder Location; TableName.rsd when not given.", {.kind = TYPE_STRING, .size = 1000}, false, NULL},
};

static const struct procedure_input inputs_of_files[INPUTS] = {
    [IN_TABLE] = {"TableName", "The table of the file, or its path below URI; the only one when not given.", {.kind = TYPE_STRING, .size = 1000}, false, NULL},
    [IN_FILE] = {"FileName", "The file to write, within the folder Location; called as the table, without extension, when not given.",
                 {.kind = TYPE_STRING, .size = 1000}, false, NULL},
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

const struct procedure create_schema_of_files = {
    .name = "CreateSchema", .description = "Writes a script of a file's table, which is a table of the next connection.",
    .inputs = inputs_of_files, .input_count = INPUTS, .outputs = outputs_of_schema, .output_count = OUTPUTS,
};

/* --- the script --- */

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
        else if ((unsigned char)*c < ' ')
            buffer_printf(out, "&#%d;", *c);
        else if (brackets && (*c == '[' || *c == ']'))
            buffer_printf(out, "\\%c", *c);
        else
            buffer_append_char(out, *c);
    }
}

/* sizes: how long texts and exact numbers are was found out, too. */
static void put_type(struct buffer *out, const struct type *type, bool sizes)
{
    static const struct { enum type_kind kind; const char *word; } words[] = {
        {TYPE_BOOLEAN, "boolean"}, {TYPE_INTEGER, "integer"}, {TYPE_BIGINT, "bigint"}, {TYPE_SMALLINT, "smallint"}, {TYPE_TINYINT, "smallint"},
        {TYPE_DOUBLE, "double"}, {TYPE_DATE, "date"}, {TYPE_TIMESTAMP, "datetime"}, {TYPE_TIME, "time"}, {TYPE_GUID, "guid"}, {TYPE_JSON, "string\" other:valueFormat=\"aggregate"},
    };
    const char *word = "string";

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].kind == type->kind)
            word = words[i].word;
    if (sizes && type->kind == TYPE_DECIMAL)
        word = "decimal";
    buffer_printf(out, " xs:type=\"%s\"", word);
    if (sizes && (type->kind == TYPE_DECIMAL || type->kind == TYPE_STRING))
        buffer_printf(out, " columnsize=\"%d\"", type->size ? (int)type->size : SIZE_UNBOUNDED);
    if (sizes && (type->kind == TYPE_DECIMAL || type->kind == TYPE_TIME || type->kind == TYPE_TIMESTAMP))
        buffer_printf(out, " scale=\"%d\"", type->scale);
}

static void put_info(struct buffer *out, const char *name, const char *description)
{
    buffer_append_text(out, "<api:script xmlns:api=\"http://apiscript.com/ns?v1\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
                            "xmlns:other=\"http://apiscript.com/ns?v1\">\n\n  <api:info title=\"");
    put_value(out, name, false);
    buffer_append_text(out, "\" desc=\"");
    put_value(out, description, false);
    buffer_append_text(out, "\">\n");
}

static void put_set(struct buffer *out, const char *attribute, const char *value)
{
    buffer_printf(out, "  <api:set attr=\"%s\" value=\"", attribute);
    put_value(out, value, true);
    buffer_append_text(out, "\"/>\n");
}

static void put_push(struct buffer *out, const char *operation)
{
    buffer_printf(out, "\n  <api:script method=\"GET\">\n    <api:push op=\"%s\"/>\n  </api:script>\n\n</api:script>\n", operation);
}

static void write_script(const struct script_service *service, const struct script_table *quick, const char *name, struct buffer *out)
{
    put_info(out, name, quick->table.description);
    for (size_t i = 0; i < quick->table.column_count; i++) {
        buffer_append_text(out, "    <attr name=\"");
        put_value(out, quick->table.columns[i].name, false);
        buffer_append_char(out, '"');
        put_type(out, &quick->table.columns[i].type, false);
        buffer_append_text(out, " other:xPath=\"");
        put_value(out, quick->columns[i].path, false);
        buffer_append_text(out, "\"/>\n");
    }
    buffer_append_text(out, "  </api:info>\n\n");
    put_set(out, "uri", properties_text(service->properties, PROPERTY_URI));
    put_set(out, service->xml ? "XPath" : "JSONPath", quick->records);
    put_push(out, service->xml ? "xmlproviderGet" : "jsonproviderGet");
}

/* What the connection says of files is said by the script, which serves other connections as well. */
static void write_file_script(const struct script_service *service, const char *name, const struct table *table, const char *uri, struct buffer *out)
{
    put_info(out, name, uri);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        buffer_append_text(out, "    <attr name=\"");
        put_value(out, column->name, false);
        buffer_append_char(out, '"');
        put_type(out, &column->type, true);
        buffer_printf(out, "%s/>\n", column->key ? " key=\"true\"" : "");
    }
    buffer_append_text(out, "  </api:info>\n\n");
    put_set(out, "uri", uri);
    for (int i = 0; i < PROPERTY_COUNT; i++)
        if (csv_single_property((enum property)i) && service->properties->values[i])
            put_set(out, property_info((enum property)i)->name, service->properties->values[i]);
    put_push(out, "csvproviderGet");
}

/* --- the file --- */

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

/* Where the script goes: a name of a .rsd file, or the whole path of one, within Location. */
static const char *find_path(const struct script_service *service, const char *file, struct arena *arena, struct error *err)
{
    const char *folder = properties_text(service->properties, PROPERTY_LOCATION);
    size_t length = folder ? strlen(folder) : 0;

    if (!length) {
        error_set(err, "HY000", "CreateSchema writes into the folder Location: set it");
        return NULL;
    }
    while (length > 1 && folder[length - 1] == '/')
        length--;
    if (strncmp(file, folder, length) == 0 && file[length] == '/')
        file += length + 1;
    if (!is_file_name(file) || strlen(file) < 5 || !name_equal(file + strlen(file) - 4, ".rsd")) {
        error_set(err, "22023", "FileName of CreateSchema is the name of a .rsd file within Location, not \"%.100s\"", file);
        return NULL;
    }
    const char *path = arena_printf(arena, "%.*s/%s", (int)length, folder, file);
    if (!path)
        error_memory(err);
    return path;
}

static bool finish(const struct buffer *text, const char *path, struct procedure_result *result, struct error *err)
{
    result->values = arena_array(result->arena, OUTPUTS, sizeof *result->values);
    if (!result->values)
        return error_memory(err);
    if (text->failed)
        return error_set(err, "HY000", "the script would be larger than %d bytes", LARGEST_SCRIPT);
    if (!write_file(path, text, err))
        return false;
    result->values[OUT_RESULT] = value_text("Success", 7);
    result->values[OUT_FILE] = value_text(path, strlen(path));
    result->row_count = 1;
    return true;
}

static bool write_quick(const struct script_service *service, const struct value *inputs, struct procedure_result *result, struct error *err)
{
    const char *name = given(inputs, IN_TABLE), *file = given(inputs, IN_FILE);
    struct buffer text;

    if (!service->quick_count)
        return error_set(err, "HY000", "CreateSchema writes a script of what is at URI: set it");
    /* With one table the name is the script's, with several it says of which the script is. */
    const struct script_table *quick = service->quick_count == 1 ? service->quick : NULL;
    for (size_t i = 0; !quick && name && i < service->quick_count; i++)
        if (name_equal(service->quick[i].table.name, name))
            quick = &service->quick[i];
    if (!quick)
        return error_set(err, "HY000", "CreateSchema writes a script of one table of several: say by TableName of which, and by FileName how it is called");
    name = name ? name : quick->table.name;
    if (!file && !(file = arena_printf(result->arena, "%s.rsd", name)))
        return error_memory(err);
    const char *path = find_path(service, file, result->arena, err);
    if (!path)
        return false;
    buffer_init(&text, LARGEST_SCRIPT);
    write_script(service, quick, name, &text);
    bool done = finish(&text, path, result, err);
    buffer_clear(&text);
    return done;
}

/* --- of files --- */

static bool find_table(const struct script_service *service, const char *name, const struct table **table, struct error *err)
{
    const struct service *files = service->beside;

    if (!files)
        return error_set(err, "28000", "CreateSchema: the files at URI can not be read before somebody has signed in");
    if (!name && files->table_count != 1)
        return error_set(err, "HY000", "CreateSchema writes a script of one file: say by TableName of which");
    *table = name ? service_table(files, name) : files->tables[0];
    if (!*table && !service_find(files, name, table, err))
        return false;
    if (!*table)
        return error_set(err, "42S02", "CreateSchema: there is no file %.300s at URI", name);
    if (!table_complete(*table, err))
        return false;
    return !(*table)->fault || error_set(err, "HY000", "Table %s can not be used: %s", (*table)->name, (*table)->fault);
}

/* The address, or whole path, by which a script can read the table; of an address without what the connection adds to each. */
static const char *find_uri(const struct script_service *service, const struct table *table, struct arena *arena, struct error *err)
{
    const struct csv_table *own = table->definition;
    const struct csv_place *place = own->places;
    const char *added = properties_text(service->properties, PROPERTY_CUSTOM_URL_PARAMS), *made = NULL;

    if (own->place_count != 1 || place->entry) {
        error_set(err, "HYC00", "Table %s is made of %s: no script can read it", table->name, own->place_count != 1 ? "several files" : "an archive");
        return NULL;
    }
    if (place->remote && csv_remote_lists(((const struct csv_service *)service->beside)->remote)) {
        error_set(err, "HYC00", "Table %s is in a storage whose key scripts do not have: no script can read it", table->name);
        return NULL;
    }
    if (place->remote) {
        size_t length = strlen(place->path), more = added ? strlen(added + strspn(added, "?&")) : 0;
        bool ends = more && length > more && strcmp(place->path + length - more, added + strspn(added, "?&")) == 0;
        made = arena_copy(arena, place->path, ends ? length - more - 1 : length);
    } else {
        char *real = realpath(place->path, NULL);
        made = arena_text(arena, real ? real : place->path);
        free(real);
    }
    if (!made)
        error_memory(err);
    return made;
}

/* XML has no way to write most control characters. */
static bool can_be_written(const struct table *table, struct error *err)
{
    for (size_t i = 0; i < table->column_count; i++)
        for (const char *c = table->columns[i].name; *c; c++)
            if ((unsigned char)*c < ' ' && !strchr("\t\n\r", *c))
                return error_set(err, "HY000", "Table %s: the name of column %zu has a character that a script can not have", table->name, i + 1);
    return true;
}

/* "year/sales.csv" is called sales. */
static const char *plain_name(const char *name, struct arena *arena)
{
    const char *slash = strrchr(name, '/'), *start = slash ? slash + 1 : name, *point = strrchr(start, '.');

    return arena_copy(arena, start, point && point > start ? (size_t)(point - start) : strlen(start));
}

static bool write_of_file(const struct script_service *service, const struct value *inputs, struct procedure_result *result, struct error *err)
{
    const char *file = given(inputs, IN_FILE);
    const struct table *table;
    struct buffer text;

    if (!find_table(service, given(inputs, IN_TABLE), &table, err) || !can_be_written(table, err))
        return false;
    const char *uri = find_uri(service, table, result->arena, err);
    if (!uri)
        return false;
    const char *name = plain_name(file ? file : table->name, result->arena);
    if (!name || (!file && !(file = arena_printf(result->arena, "%s.rsd", name))))
        return error_memory(err);
    const char *path = find_path(service, file, result->arena, err);
    if (!path)
        return false;
    buffer_init(&text, LARGEST_SCRIPT);
    write_file_script(service, name, table, uri, &text);
    bool done = finish(&text, path, result, err);
    buffer_clear(&text);
    return done;
}

bool create_schema_call(const struct script_service *service, const struct value *inputs, struct procedure_result *result, struct error *err)
{
    return service->csv ? write_of_file(service, inputs, result, err) : write_quick(service, inputs, result, err);
}
