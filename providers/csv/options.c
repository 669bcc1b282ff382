#include "providers/csv/options.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/name.h"
#include "base/property.h"
#include "base/utf.h"
#include "providers/csv/charset.h"
#include "providers/csv/culture.h"
#include "providers/csv/moment.h"

/* --- single values ----------------------------------------------------------------------------------------------------- */

/* Whether a text is one character that can stand between cells. */
static bool set_delimiter(struct csv_format *format, const char *text, size_t length)
{
    size_t one = 0;

    if (name_equal_length(text, length, "\\t") || name_equal_length(text, length, "Tab")) {
        text = "\t";
        length = 1;
    }
    if (length == 0 || length > 4 || !utf8_valid(text, length, NULL) || memchr("\r\n", text[0], 3))
        return false;
    utf8_next(text, length, &one);
    if (one != length)
        return false;
    memset(format->delimiter, 0, sizeof format->delimiter);
    memcpy(format->delimiter, text, length);
    format->delimiter_length = (uint8_t)length;
    return true;
}

bool csv_format_fmt(struct csv_format *format, const char *text, const char *what, struct error *err)
{
    size_t length = strlen(text);

    if (name_equal(text, "CsvDelimited"))
        return set_delimiter(format, ",", 1);
    if (name_equal(text, "TabDelimited"))
        return set_delimiter(format, "\t", 1);
    if (name_equal(text, "FixedLength") || name_equal(text, "Fixed")) {
        format->delimiter_length = 0;
        return true;
    }
    if (length > 11 && strncasecmp(text, "Delimited(", 10) == 0 && text[length - 1] == ')') {
        text += 10;
        length -= 11;
    }
    return set_delimiter(format, text, length)
           || error_set(err, "HY000", "%s=%.60s is not possible: it is CsvDelimited, TabDelimited, FixedLength or the one character that stands "
                        "between cells", what, text);
}

bool csv_format_quote(const char *text, const char *what, int16_t *quote, struct error *err)
{
    if (!*text || name_equal(text, "None")) {
        *quote = -1;
        return true;
    }
    if (text[1] || (unsigned char)*text < ' ' || (unsigned char)*text > '~')
        return error_set(err, "HY000", "%s=%.60s is not possible: it is one character of ASCII, or None", what, text);
    *quote = *text;
    return true;
}

bool csv_format_charset(struct csv_format *format, const char *name, const char *what, struct arena *arena, struct error *err)
{
    if (!csv_charset_known(name))
        return error_set(err, "HY000", "%s=%.60s is not possible: no such character set is known; it is one that `iconv -l` tells, such as UTF-8, "
                         "UTF-16LE, ISO-8859-1 or windows-1252", what, name);
    format->charset = arena_text(arena, name);
    return format->charset || error_memory(err);
}

/* Patterns for the times that may stand behind a date. */
static const char *const times[] = {"", " H:mm:ss", " H:mm", " H:mm:ss.fffffffff", " h:mm:ss tt", " h:mm tt"};

bool csv_format_moments(struct csv_format *format, const char *pattern, const char *what, struct arena *arena, struct error *err)
{
    struct csv_moments *moments = arena_alloc(arena, sizeof *moments);

    if (!moments)
        return error_memory(err);
    if (!csv_moments_read(pattern, moments))
        return error_set(err, "HY000", "%s=%.80s is not possible: it is a pattern of a whole date, a time or both, such as yyyy-mm-dd hh:nn:ss", what,
                         pattern);
    format->moments = moments;
    format->moment_count = 1;
    format->iso = false;
    return true;
}

static bool set_culture(struct csv_format *format, const char *name, struct arena *arena, struct error *err)
{
    const struct csv_culture *culture = csv_culture_find(name);
    size_t count = sizeof times / sizeof *times;
    struct csv_moments *moments = arena_array(arena, count, sizeof *moments);

    if (!culture)
        return error_set(err, "HY000", "Culture=%.60s is not possible: no such culture is known; it is a name such as de-DE, en-GB or fr", name);
    if (!moments)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        const char *pattern = arena_printf(arena, "%s%s", culture->date, times[i]);
        if (!pattern)
            return error_memory(err);
        if (!csv_moments_read(pattern, &moments[i]))
            return error_set(err, "HY000", "Culture=%.60s has a pattern that can not be read: %s", name, pattern);
    }
    format->point = culture->point;
    format->group = culture->group;
    format->moments = moments;
    format->moment_count = count;
    return true;
}

bool csv_format_check(const struct csv_format *format, const char *where, struct error *err)
{
    if (format->delimiter_length && format->quote >= 0 && format->delimiter[0] == (char)format->quote)
        return error_set(err, "HY000", "%sThe character between cells, FMT, can not be the QuoteCharacter", where);
    if (format->delimiter_length && format->escape >= 0 && format->delimiter[0] == (char)format->escape)
        return error_set(err, "HY000", "%sThe character between cells, FMT, can not be the QuoteEscapeCharacter", where);
    return true;
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t';
}

bool csv_list_read(const char *text, struct arena *arena, const char *const **words, size_t *count, struct error *err)
{
    const char **list = arena_array(arena, strlen(text) + 1, sizeof *list);

    if (!list)
        return error_memory(err);
    *count = 0;
    *words = list;
    while (*text) {
        while (is_space(*text))
            text++;
        bool quoted = *text == '"' && strchr(text + 1, '"');
        size_t length = quoted ? strcspn(text + 1, "\"") : strcspn(text, ",");
        const char *word = text + quoted;
        text += quoted ? length + 2 + strcspn(text + length + 2, ",") : length;
        text += *text == ',';
        while (!quoted && length && is_space(word[length - 1]))
            length--;
        if (!quoted && !length)
            continue;
        list[*count] = arena_copy(arena, word, length);
        if (!list[(*count)++])
            return error_memory(err);
    }
    return true;
}

/* --- ExtendedProperties ------------------------------------------------------------------------------------------------ */

/* The next "Name=value"; a value may have semicolons within parentheses. */
static bool next_pair(const char **at, const char *name[2], size_t length[2])
{
    *at += strspn(*at, "; \t\"");
    if (!**at)
        return false;
    name[0] = *at;
    length[0] = strcspn(*at, "=;\"");
    *at += length[0];
    length[1] = 0;
    if (**at != '=')
        return true;
    name[1] = ++*at;
    for (bool inside = false; **at && (inside || (**at != ';' && **at != '"')); ++*at)
        inside = **at == '(' || (inside && **at != ')');
    length[1] = (size_t)(*at - name[1]);
    return true;
}

static bool take_pair(struct csv_options *options, const struct properties *properties, const char *name, const char *value, struct arena *arena,
                      struct error *err)
{
    if (name_equal(name, "HDR")) {
        if (!name_among("Yes No True False", value))
            return error_set(err, "HY000", "ExtendedProperties: HDR=%.60s is not possible: it is Yes or No", value);
        if (!properties->values[PROPERTY_INCLUDE_COLUMN_HEADERS])
            options->format.header = name_among("Yes True", value);
    } else if (name_equal(name, "FMT")) {
        struct csv_format read = options->format;
        if (!csv_format_fmt(&read, name_equal(value, "Delimited") ? "CsvDelimited" : value, "ExtendedProperties: FMT", err))
            return false;
        if (!properties->values[PROPERTY_FMT]) {
            options->format = read;
            options->delimiter_given = true;
        }
    } else if (name_equal(name, "CharacterSet")) {
        return properties->values[PROPERTY_CHARSET] || csv_format_charset(&options->format, value, "ExtendedProperties: CharacterSet", arena, err);
    } else if (!name_among("Text IMEX MaxScanRows", name)) { /* what Jet has beside them has no meaning here */
        return error_set(err, "HY000", "ExtendedProperties: there is no property %.60s in them; there are HDR, FMT and CharacterSet", name);
    }
    return true;
}

static bool read_extended(struct csv_options *options, const struct properties *properties, struct arena *arena, struct error *err)
{
    const char *text = properties_text(properties, PROPERTY_EXTENDED_PROPERTIES), *parts[2];
    size_t length[2];

    while (text && next_pair(&text, parts, length)) {
        const char *name = arena_copy(arena, parts[0], length[0]), *value = arena_copy(arena, length[1] ? parts[1] : "", length[1]);
        if (!name || !value)
            return error_memory(err);
        if (!take_pair(options, properties, name, value, arena, err))
            return false;
    }
    return true;
}

/* --- all of them ------------------------------------------------------------------------------------------------------- */

static const char *text_of(const struct properties *properties, enum property property)
{
    const char *text = properties_text(properties, property);
    return text ? text : "";
}

static bool read_quotes(struct csv_format *format, const struct properties *properties, struct error *err)
{
    if (!csv_format_quote(text_of(properties, PROPERTY_QUOTE_CHARACTER), "QuoteCharacter", &format->quote, err)
        || !csv_format_quote(text_of(properties, PROPERTY_QUOTE_ESCAPE_CHARACTER), "QuoteEscapeCharacter", &format->escape, err))
        return false;
    const char *escape = properties->values[PROPERTY_QUOTE_ESCAPE_CHARACTER];
    if (!escape || !*escape || format->escape < 0 || format->quote < 0)
        format->escape = format->quote;
    return true;
}

static bool read_format(struct csv_options *options, const struct properties *properties, struct arena *arena, struct error *err)
{
    struct csv_format *format = &options->format;
    long longest = properties_number(properties, PROPERTY_MAX_CELL_LENGTH);
    const char *culture = text_of(properties, PROPERTY_CULTURE);

    *format = (struct csv_format){
        .header = properties_flag(properties, PROPERTY_INCLUDE_COLUMN_HEADERS),
        .trim = properties_flag(properties, PROPERTY_TRIM_SPACES),
        .skip_blank = properties_flag(properties, PROPERTY_IGNORE_BLANK_ROWS),
        .skip_incomplete = properties_flag(properties, PROPERTY_IGNORE_INCOMPLETE_ROWS),
        .empty_is_null = properties_flag(properties, PROPERTY_PUSH_EMPTY_VALUES_AS_NULL),
        .skip_top = properties_number(properties, PROPERTY_SKIP_TOP),
        .longest_cell = longest < 0 ? CSV_LONGEST_CELL : longest,
        .point = '.', .iso = true,
    };
    options->delimiter_given = properties->values[PROPERTY_FMT] != NULL;
    return read_quotes(format, properties, err) && csv_format_fmt(format, text_of(properties, PROPERTY_FMT), "FMT", err)
           && csv_list_read(text_of(properties, PROPERTY_NULL_VALUES), arena, &format->nulls, &format->null_count, err)
           && csv_format_charset(format, text_of(properties, PROPERTY_CHARSET), "Charset", arena, err)
           && (!*culture || set_culture(format, culture, arena, err)) && read_extended(options, properties, arena, err)
           && csv_format_check(format, "", err);
}

bool csv_options_read(const struct properties *properties, struct arena *arena, struct csv_options *options, struct error *err)
{
    long depth = properties_number(properties, PROPERTY_ROW_SCAN_DEPTH);
    const char *discovery = properties_text(properties, PROPERTY_METADATA_DISCOVERY_URI);

    *options = (struct csv_options){
        .empty_headers = properties_flag(properties, PROPERTY_INCLUDE_EMPTY_HEADERS),
        .detection = properties_choice(properties, PROPERTY_TYPE_DETECTION_SCHEME, "None")           ? CSV_DETECT_NONE
                     : properties_choice(properties, PROPERTY_TYPE_DETECTION_SCHEME, "ColumnFormat") ? CSV_DETECT_NAMES
                                                                                                     : CSV_DETECT_ROWS,
        .scan_depth = depth > 0 ? depth : 0,
        .row_numbers = properties_flag(properties, PROPERTY_USE_ROW_NUMBERS),
        .strict = properties_other(properties, "StrictTypes", false),
        .uri = arena_text(arena, text_of(properties, PROPERTY_URI)),
        .short_names = properties_flag(properties, PROPERTY_EXCLUDE_FILE_EXTENSIONS),
        .subfolders = properties_flag(properties, PROPERTY_INCLUDE_SUBDIRECTORIES),
        .depth = properties_number(properties, PROPERTY_DIRECTORY_RETRIEVAL_DEPTH),
        .aggregate = properties_flag(properties, PROPERTY_AGGREGATE_FILES),
        .discovery = discovery && *discovery ? arena_text(arena, discovery) : NULL,
    };
    if (!options->uri || (discovery && *discovery && !options->discovery))
        return error_memory(err);
    return read_format(options, properties, arena, err)
           && csv_list_read(text_of(properties, PROPERTY_INCLUDE_FILES), arena, &options->include, &options->include_count, err)
           && csv_list_read(text_of(properties, PROPERTY_EXCLUDE_FILES), arena, &options->exclude, &options->exclude_count, err);
}

void csv_options_delimiter(const struct csv_options *options, const char *file, struct csv_format *format)
{
    size_t length = strlen(file);
    bool tabs = length > 4 && (strcasecmp(file + length - 4, ".tab") == 0 || strcasecmp(file + length - 4, ".tsv") == 0);

    if (tabs && !options->delimiter_given)
        set_delimiter(format, "\t", 1);
}
