#include "providers/odata/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "base/name.h"
#include "base/property.h"
#include "http/url.h"

enum { MOST_HEADERS = 30 };

static const char *given(const struct properties *properties, enum property property)
{
    const char *text = properties_text(properties, property);
    return text && text[0] ? text : NULL;
}

/* The address. */

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t own = strlen(end);
    return length >= own && name_equal_length(text + length - own, own, end);
}

/* Takes the query off, which all addresses get, and a name at the end that is not the root's. */
static bool read_url(struct odata_options *options, const char *text, const char *property, struct arena *arena, struct error *err)
{
    size_t length = strcspn(text, "?#");

    if (!url_is_allowed(text, property, err))
        return false;
    if (strchr(text, '#'))
        return error_set(err, "HY000", "%s: \"%.200s\" has a fragment; give the address of the service's root", property, text);
    if (text[length] == '?' && text[length + 1])
        options->query = text + length + 1;
    while (length && text[length - 1] == '/')
        length--;
    if (ends_with(text, length, "/$metadata"))
        length -= strlen("/$metadata");
    while (length && text[length - 1] == '/')
        length--;
    options->url = arena_copy(arena, text, length);
    return options->url || error_memory(err);
}

/* The last part of the address is the set's name. */
static bool read_feed(struct odata_options *options, const char *text, struct arena *arena, struct error *err)
{
    if (!read_url(options, text, "FeedURL", arena, err))
        return false;
    char *slash = strrchr(options->url, '/');
    if (!slash || slash == options->url || slash[-1] == '/')
        return error_set(err, "HY000", "FeedURL: \"%.200s\" does not end with the name of an entity set", text);
    *slash = '\0';
    options->feed = slash + 1;
    return true;
}

static bool read_address(struct odata_options *options, const struct properties *properties, struct arena *arena, struct error *err)
{
    const char *url = given(properties, PROPERTY_URL), *feed = given(properties, PROPERTY_FEED_URL);

    if (!url && !feed)
        return error_set(err, "HY000", "URL is not set: give the address of the OData service's root, as https://host/service");
    if (feed && !read_feed(options, feed, arena, err))
        return false;
    return !url || read_url(options, url, "URL", arena, err);
}

static bool read_parameters(struct odata_options *options, const char *text, struct arena *arena, struct error *err)
{
    if (text[strcspn(text, " \t\r\n#")])
        return error_set(err, "HY000", "CustomUrlParams=%.100s is not possible: write it as it stands in an address, a=b&c=d", text);
    text += strspn(text, "?&");
    options->query = options->query ? arena_printf(arena, "%s&%s", options->query, text) : text;
    return options->query || error_memory(err);
}

/* Header fields. */

static bool add_header(struct odata_options *options, struct http_header *headers, const char *name, const char *value, struct error *err)
{
    if (options->header_count == MOST_HEADERS)
        return error_set(err, "HY000", "CustomHeaders has more than %d fields", MOST_HEADERS - 1);
    headers[options->header_count++] = (struct http_header){name, value};
    return true;
}

static bool read_header(struct odata_options *options, struct http_header *headers, const char *text, size_t length, struct arena *arena,
                        struct error *err)
{
    const char *colon = memchr(text, ':', length);

    while (length && strchr(" \t", text[length - 1]))
        length--;
    if (!length)
        return true;
    size_t name_length = colon ? (size_t)(colon - text) : 0;
    if (!name_length || strcspn(text, " \t\"(),/;<=>?@[]{}\\") < name_length)
        return error_set(err, "HY000", "CustomHeaders: the part \"%.*s\" is no header field; write Name: value", (int)(length > 80 ? 80 : length), text);
    const char *value = colon + 1;
    while (value < text + length && strchr(" \t", *value))
        value++;
    const char *name = arena_copy(arena, text, name_length), *copy = arena_copy(arena, value, (size_t)(text + length - value));
    return name && copy ? add_header(options, headers, name, copy, err) : error_memory(err);
}

static bool read_headers(struct odata_options *options, const struct properties *properties, struct log *log, struct arena *arena,
                         struct error *err)
{
    const char *text = given(properties, PROPERTY_CUSTOM_HEADERS), *cookies = given(properties, PROPERTY_COOKIES);
    struct http_header *headers = arena_array(arena, MOST_HEADERS, sizeof *headers);

    if (!headers)
        return error_memory(err);
    options->headers = headers;
    while (text && *text) {
        size_t length = strcspn(text, "\r\n|");
        text += strspn(text, " \t");
        length = strcspn(text, "\r\n|");
        if (!read_header(options, headers, text, length, arena, err))
            return false;
        text += length + (text[length] != '\0');
    }
    if (cookies && !add_header(options, headers, "Cookie", cookies, err))
        return false;
    for (size_t i = 0; i < options->header_count; i++)
        log_hide(log, headers[i].value);
    return true;
}

/* Single words. */

/* "+02:00", "-0530", "Z", "UTC". */
static bool read_zone(struct odata_options *options, const char *text, struct error *err)
{
    int hours = 0, minutes = 0, digits = 0;
    const char *at = text + 1;

    options->zone_known = true;
    if (name_equal(text, "Z") || name_equal(text, "UTC") || name_equal(text, "GMT"))
        return true;
    for (; *at && digits < 4; at++) {
        if (*at == ':' && digits == 2)
            continue;
        if (*at < '0' || *at > '9')
            break;
        *(digits < 2 ? &hours : &minutes) = (digits < 2 ? hours : minutes) * 10 + (*at - '0');
        digits++;
    }
    options->zone = (hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
    return ((text[0] == '+' || text[0] == '-') && (digits == 2 || digits == 4) && !*at && hours <= 14 && minutes < 60)
           || error_set(err, "HY000", "ServerTimeZone=%.40s is not possible: the property takes an offset such as +02:00, or UTC", text);
}

static bool is_on(const char *text)
{
    return name_equal(text, "1") || name_equal(text, "true") || name_equal(text, "yes") || name_equal(text, "on");
}

static bool read_other(struct odata_options *options, const struct properties *properties, struct arena *arena, struct error *err)
{
    char name[PROPERTY_OTHER_NAME];

    for (size_t i = 0; properties_other_name(properties, i, name); i++)
        if (!name_equal(name, "ExactText") && !name_equal(name, "Apply"))
            return error_set(err, "HY000", "Other=%s=… is not known to OData, which knows Apply and ExactText", name);
    const char *text = properties_other_text(properties, "ExactText", arena), *apply = properties_other_text(properties, "Apply", arena);
    options->exact_text = text && is_on(text);
    if (apply)
        options->apply = is_on(apply) ? ALWAYS_APPLY : NEVER_APPLY;
    return true;
}

bool odata_options_read(struct odata_options *options, const struct properties *properties, struct log *log, struct arena *arena,
                        struct error *err)
{
    const char *version = properties_text(properties, PROPERTY_ODATA_VERSION), *parameters = given(properties, PROPERTY_CUSTOM_URL_PARAMS);
    const char *zone = given(properties, PROPERTY_SERVER_TIME_ZONE);

    *options = (struct odata_options){
        .tables = given(properties, PROPERTY_TABLES),
        .version = name_equal(version, "AUTO") ? ODATA_UNKNOWN : (enum odata_version)atoi(version),
        .minor = name_equal(version, "4.01"),
        .format = properties_choice(properties, PROPERTY_DATA_FORMAT, "ATOM") ? FORMAT_ATOM
                  : properties_choice(properties, PROPERTY_DATA_FORMAT, "JSON") ? FORMAT_JSON : FORMAT_ANY,
        .views = properties_flag(properties, PROPERTY_NAVIGATION_PROPERTIES_AS_VIEWS),
        .parent_columns = properties_flag(properties, PROPERTY_INCLUDE_NAVIGATION_PARENT_COLUMNS),
        .function_views = properties_flag(properties, PROPERTY_STORED_PROCEDURES_AS_VIEWS),
        .detect_keys = properties_flag(properties, PROPERTY_ENABLE_FOREIGN_KEY_DETECTION),
        .simple_names = properties_flag(properties, PROPERTY_USE_SIMPLE_NAMES),
        .decode_names = properties_flag(properties, PROPERTY_DECODE_XML_NAMES),
        .expand = properties_flag(properties, PROPERTY_SUPPORTS_EXPAND),
        .name_all = properties_flag(properties, PROPERTY_EXPAND_ASTERISK),
        .most_select = properties_number(properties, PROPERTY_MAX_SELECT_LENGTH),
        .most_filter = properties_number(properties, PROPERTY_MAX_FILTER_LENGTH),
        .client_paging = properties_flag(properties, PROPERTY_USE_CLIENT_SIDE_PAGING),
        .page_size = properties_number(properties, PROPERTY_PAGESIZE),
        .concurrent = properties_number(properties, PROPERTY_MAX_CONCURRENT_REQUESTS),
    };
    return read_address(options, properties, arena, err) && (!parameters || read_parameters(options, parameters, arena, err))
           && read_headers(options, properties, log, arena, err) && (!zone || read_zone(options, zone, err))
           && read_other(options, properties, arena, err);
}
