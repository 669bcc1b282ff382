#include "providers/csv/schema_ini.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "providers/csv/options.h"

enum { MOST_WIDTH = 1000000, TEXT_WIDTH = 255, LONGEST_NUMBER = 9 };

/* --- the text ---------------------------------------------------------------------------------------------------------- */

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t';
}

static void trim(const char **text, size_t *length)
{
    while (*length && is_space(**text)) {
        ++*text;
        --*length;
    }
    while (*length && is_space((*text)[*length - 1]))
        --*length;
}

/* What is gathered; lists grow by doubling, in the arena. */
struct reading {
    struct csv_ini *ini;
    struct arena *arena;
    struct error *err;
    struct csv_ini_section *sections;
    size_t section_room;
    struct csv_ini_entry *entries;    /* of the last section */
    size_t entry_room;
};

static void *grown(struct reading *reading, void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    size_t larger = *room ? *room * 2 : 8;
    void *made = arena_array(reading->arena, larger, size);
    if (made && count)
        memcpy(made, list, count * size);
    *room = larger;
    return made;
}

static bool begin_section(struct reading *reading, const char *name, size_t length)
{
    struct csv_ini *ini = reading->ini;

    reading->sections = grown(reading, reading->sections, ini->section_count, &reading->section_room, sizeof *reading->sections);
    if (!reading->sections)
        return error_memory(reading->err);
    ini->sections = reading->sections;
    reading->entries = NULL;
    reading->entry_room = 0;
    struct csv_ini_section *section = &reading->sections[ini->section_count++];
    *section = (struct csv_ini_section){.name = arena_copy(reading->arena, name, length)};
    return section->name || error_memory(reading->err);
}

static bool add_entry(struct reading *reading, const char *name, size_t name_length, const char *value, size_t value_length, int line)
{
    struct csv_ini_section *section = &reading->sections[reading->ini->section_count - 1];

    reading->entries = grown(reading, reading->entries, section->entry_count, &reading->entry_room, sizeof *reading->entries);
    if (!reading->entries)
        return error_memory(reading->err);
    section->entries = reading->entries;
    struct csv_ini_entry *entry = &reading->entries[section->entry_count++];
    *entry = (struct csv_ini_entry){arena_copy(reading->arena, name, name_length), arena_copy(reading->arena, value, value_length), line};
    return (entry->name && entry->value) || error_memory(reading->err);
}

static bool read_line(struct reading *reading, const char *text, size_t length, int line)
{
    trim(&text, &length);
    if (length == 0 || *text == ';' || *text == '#')
        return true;
    if (*text == '[') {
        if (text[length - 1] != ']')
            return error_set(reading->err, "HY000", "%s:%d: the name of a file stands in [brackets]", reading->ini->path, line);
        text++;
        length -= 2;
        trim(&text, &length);
        return begin_section(reading, text, length);
    }
    const char *equals = memchr(text, '=', length);
    if (!equals)
        return error_set(reading->err, "HY000", "%s:%d: \"%.*s\" is neither [file] nor Name=value", reading->ini->path, line,
                         (int)(length < 60 ? length : 60), text);
    if (reading->ini->section_count == 0)
        return error_set(reading->err, "HY000", "%s:%d: a value stands in front of the first [file]", reading->ini->path, line);
    size_t name_length = (size_t)(equals - text), value_length = length - name_length - 1;
    const char *value = equals + 1;
    trim(&text, &name_length);
    trim(&value, &value_length);
    return add_entry(reading, text, name_length, value, value_length, line);
}

bool csv_ini_read(const char *path, const char *text, size_t length, struct arena *arena, struct csv_ini *ini, struct error *err)
{
    struct reading reading = {.ini = ini, .arena = arena, .err = err};
    const char *end = text + length;
    int line = 1;

    *ini = (struct csv_ini){.path = path};
    for (; text < end; line++) {
        const char *stop = text;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        if (!read_line(&reading, text, (size_t)(stop - text), line))
            return false;
        text = stop + (stop < end);
        if (stop < end && *stop == '\r' && text < end && *text == '\n')
            text++;
    }
    return true;
}

const struct csv_ini_section *csv_ini_find(const struct csv_ini *ini, const char *file)
{
    for (size_t i = 0; ini && i < ini->section_count; i++)
        if (name_equal(ini->sections[i].name, file))
            return &ini->sections[i];
    return NULL;
}

/* --- its values -------------------------------------------------------------------------------------------------------- */

bool csv_ini_type(const char *text, uint32_t width, struct csv_ini_column *column)
{
    static const struct { const char *name; struct type type; } types[] = {
        {"Bit", {.kind = TYPE_BOOLEAN}}, {"Byte", {.kind = TYPE_INTEGER}}, {"Short", {.kind = TYPE_INTEGER}}, {"Integer", {.kind = TYPE_INTEGER}},
        {"Long", {.kind = TYPE_INTEGER}}, {"BigInt", {.kind = TYPE_BIGINT}}, {"Currency", {TYPE_DECIMAL, 19, 4}}, {"Single", {.kind = TYPE_DOUBLE}},
        {"Float", {.kind = TYPE_DOUBLE}}, {"Double", {.kind = TYPE_DOUBLE}}, {"Decimal", {TYPE_DECIMAL, DECIMAL_DIGITS, -1}},
        {"DateTime", {TYPE_TIMESTAMP, 0, 6}}, {"Date", {.kind = TYPE_DATE}}, {"Time", {TYPE_TIME, 0, 6}}, {"Text", {TYPE_STRING, TEXT_WIDTH, 0}},
        {"Char", {TYPE_STRING, TEXT_WIDTH, 0}}, {"Memo", {.kind = TYPE_STRING}}, {"LongChar", {.kind = TYPE_STRING}}, {"GUID", {.kind = TYPE_GUID}},
    };

    column->typed = true;
    column->width = width;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (name_equal(text, types[i].name)) {
            column->type = types[i].type;
            if (column->type.kind == TYPE_STRING && column->type.size && width)
                column->type.size = (int32_t)width;
            return true;
        }
    return type_parse(text, &column->type) && column->type.kind != TYPE_BINARY && column->type.kind != TYPE_JSON;
}

static bool bad_value(const struct csv_ini *ini, const struct csv_ini_entry *entry, const char *wanted, struct error *err)
{
    return error_set(err, "HY000", "%s:%d: %.40s=%.80s is not possible: it is %s", ini->path, entry->line, entry->name, entry->value, wanted);
}

static bool read_number(const char *text, long most, long *number)
{
    size_t length = strspn(text, "0123456789");

    *number = length && length <= LONGEST_NUMBER ? strtol(text, NULL, 10) : -1;
    return *number >= 0 && *number <= most && !text[length];
}

/* The next word of a column's description, which may be quoted. */
static bool next_word(const char **at, const char **word, size_t *length)
{
    while (is_space(**at))
        ++*at;
    if (!**at)
        return false;
    if (**at == '"') {
        const char *end = strchr(*at + 1, '"');
        *word = *at + 1;
        *length = end ? (size_t)(end - *word) : strlen(*word);
        *at = *word + *length + (end != NULL);
        return true;
    }
    *word = *at;
    *length = strcspn(*at, " \t");
    const char *open = memchr(*word, '(', *length);
    if (open && strchr(open, ')')) /* decimal(10, 2) */
        *length = (size_t)(strchr(open, ')') + 1 - *word);
    *at += *length;
    return true;
}

/* "First Name" Text Width 30 */
static bool read_column(const char *value, struct csv_ini_column *column, struct arena *arena, struct error *err)
{
    static const char form[] = "a name, a type and Width n: \"First Name\" Text Width 30";
    const char *word, *type = NULL;
    size_t length;
    long width = 0;

    if (!next_word(&value, &word, &length))
        return error_set(err, "HY000", "%s", form);
    column->name = arena_copy(arena, word, length);
    if (!column->name)
        return error_memory(err);
    if (next_word(&value, &word, &length) && !name_equal_length(word, length, "Width")) {
        type = arena_copy(arena, word, length);
        if (!type)
            return error_memory(err);
        if (!next_word(&value, &word, &length))
            length = 0;
    }
    if (length && name_equal_length(word, length, "Width")) {
        if (!next_word(&value, &word, &length) || length > LONGEST_NUMBER)
            return error_set(err, "HY000", "%s", form);
        const char *number = arena_copy(arena, word, length);
        if (!number)
            return error_memory(err);
        if (!read_number(number, MOST_WIDTH, &width) || width == 0)
            return error_set(err, "HY000", "%s", form);
    }
    if (next_word(&value, &word, &length))
        return error_set(err, "HY000", "%s", form);
    column->width = (uint32_t)width;
    return !type || csv_ini_type(type, column->width, column)
           || error_set(err, "HY000", "of a type that there is: Bit, Byte, Short, Long, BigInt, Single, Double, Decimal, Currency, DateTime, Date, Text or "
                        "Memo");
}

/* Col1, Col2… in whatever order they stand; none may be missing. */
static bool read_columns(const struct csv_ini *ini, const struct csv_ini_section *section, struct csv_ini_schema *schema, struct arena *arena,
                         struct error *err)
{
    struct csv_ini_column *columns = arena_array(arena, section->entry_count + 1, sizeof *columns);
    long number, most = 0;

    if (!columns)
        return error_memory(err);
    for (size_t i = 0; i < section->entry_count; i++) {
        const struct csv_ini_entry *entry = &section->entries[i];
        struct error why = {0};
        if (strncasecmp(entry->name, "Col", 3) != 0 || !read_number(entry->name + 3, CSV_MOST_FIELDS, &number) || number == 0)
            continue;
        if ((size_t)number > section->entry_count || columns[number - 1].name)
            return bad_value(ini, entry, "one of Col1, Col2 and so on, each once and none left out", err);
        if (!read_column(entry->value, &columns[number - 1], arena, &why))
            return strcmp(why.sqlstate, "HY001") == 0 ? error_memory(err) : bad_value(ini, entry, why.message, err);
        most = number > most ? number : most;
    }
    for (long i = 0; i < most; i++)
        if (!columns[i].name)
            return error_set(err, "HY000", "%s: [%.60s] has a Col%ld, but no Col%ld", ini->path, section->name, most, i + 1);
    schema->columns = columns;
    schema->column_count = (size_t)most;
    return true;
}

/* ANSI and OEM are those of Western Europe; a number is that of a code page. */
static bool read_charset(struct csv_format *format, const char *value, const char *what, struct arena *arena, struct error *err)
{
    static const struct { const char *jet, *iconv; } names[] = {
        {"ANSI", "CP1252"}, {"OEM", "CP850"}, {"Unicode", "UTF-16LE"}, {"65001", "UTF-8"}, {"1200", "UTF-16LE"}, {"1201", "UTF-16BE"},
        {"28591", "ISO-8859-1"}, {"20127", "US-ASCII"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (name_equal(value, names[i].jet))
            return csv_format_charset(format, names[i].iconv, what, arena, err);
    if (value[0] && strspn(value, "0123456789") == strlen(value)) {
        const char *page = arena_printf(arena, "CP%s", value);
        return page ? csv_format_charset(format, page, what, arena, err) : error_memory(err);
    }
    return csv_format_charset(format, value, what, arena, err);
}

/* One of the values that are about the whole file. */
static bool take_entry(const struct csv_ini *ini, const struct csv_ini_entry *entry, struct csv_ini_schema *schema, struct arena *arena,
                       struct error *err)
{
    struct csv_format *format = &schema->format;
    const char *value = entry->value, *what = arena_printf(arena, "%s:%d: %.40s", ini->path, entry->line, entry->name);
    long number;

    if (!what)
        return error_memory(err);
    if (name_equal(entry->name, "Format"))
        return csv_format_fmt(format, value, what, err);
    if (name_equal(entry->name, "ColNameHeader")) {
        format->header = name_among("True Yes 1", value);
        return name_among("True Yes 1 False No 0", value) || bad_value(ini, entry, "True or False", err);
    }
    if (name_equal(entry->name, "MaxScanRows")) {
        if (!read_number(value, 999999999, &number))
            return bad_value(ini, entry, "a number; 0 means all rows", err);
        schema->scan_depth = number;
        return true;
    }
    if (name_equal(entry->name, "CharacterSet"))
        return read_charset(format, value, what, arena, err);
    if (name_equal(entry->name, "DateTimeFormat"))
        return csv_format_moments(format, value, what, arena, err);
    if (name_equal(entry->name, "DecimalSymbol")) {
        if (strlen(value) != 1 || (value[0] >= '0' && value[0] <= '9'))
            return bad_value(ini, entry, "the one character that stands before a number's fraction", err);
        format->point = value[0];
        if (format->group == format->point)
            format->group = '\0';
        return true;
    }
    if (name_equal(entry->name, "TextDelimiter")) {
        bool doubled = format->escape == format->quote;
        if (!csv_format_quote(value, what, &format->quote, err))
            return false;
        if (doubled || format->quote < 0)
            format->escape = format->quote;
        return true;
    }
    return true; /* what else Jet knows is about writing, or a column */
}

/* The widths of the fields, which must all be told where nothing stands between them. */
static bool read_widths(const struct csv_ini *ini, const struct csv_ini_section *section, struct csv_ini_schema *schema, struct arena *arena,
                        struct error *err)
{
    uint32_t *widths = arena_array(arena, schema->column_count + 1, sizeof *widths);

    if (!widths)
        return error_memory(err);
    if (schema->column_count == 0)
        return error_set(err, "HY000", "%s: [%.60s] is FixedLength, and no columns with Width are told", ini->path, section->name);
    for (size_t i = 0; i < schema->column_count; i++) {
        widths[i] = schema->columns[i].width;
        if (!widths[i])
            return error_set(err, "HY000", "%s: [%.60s] is FixedLength, and Col%zu has no Width", ini->path, section->name, i + 1);
    }
    schema->format.widths = widths;
    schema->format.width_count = schema->column_count;
    schema->format.trim = true;
    return true;
}

/* Decimals of which no scale is told have as many digits as NumberDigits says, where it says so. */
static bool set_digits(const struct csv_ini *ini, const struct csv_ini_section *section, struct csv_ini_schema *schema, struct error *err)
{
    for (size_t i = 0; i < section->entry_count; i++) {
        const struct csv_ini_entry *entry = &section->entries[i];
        long digits;
        if (!name_equal(entry->name, "NumberDigits"))
            continue;
        if (!read_number(entry->value, DECIMAL_DIGITS, &digits))
            return bad_value(ini, entry, "a number of digits, 38 at most", err);
        for (size_t j = 0; j < schema->column_count; j++) {
            struct type *type = (struct type *)&schema->columns[j].type;
            if (type->kind == TYPE_DECIMAL && type->scale < 0)
                type->scale = (int16_t)digits;
        }
    }
    return true;
}

bool csv_ini_apply(const struct csv_ini *ini, const struct csv_ini_section *section, struct csv_ini_schema *schema, struct arena *arena,
                   struct error *err)
{
    schema->scan_depth = -1;
    for (size_t i = 0; i < section->entry_count; i++)
        if (!take_entry(ini, &section->entries[i], schema, arena, err))
            return false;
    if (!read_columns(ini, section, schema, arena, err) || !set_digits(ini, section, schema, err))
        return false;
    if (schema->format.delimiter_length == 0)
        return read_widths(ini, section, schema, arena, err);
    const char *where = arena_printf(arena, "%s: [%.60s]: ", ini->path, section->name);
    return where ? csv_format_check(&schema->format, where, err) : error_memory(err);
}
