#include "providers/definition/link.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/name.h"
#include "http/client.h"

static const char *skip_spaces(const char *text)
{
    return text + strspn(text, " \t");
}

/* One parameter: `rel="next"`, `rel=next` or only a name. */
struct parameter {
    const char *name, *value;
    size_t name_length, value_length;
};

/* The end of a text in quotes, behind the closing one. */
static const char *quoted_end(const char *text)
{
    for (text++; *text && *text != '"'; text++)
        text += text[0] == '\\' && text[1] ? 1 : 0;
    return *text ? text + 1 : text;
}

static const char *read_parameter(const char *text, struct parameter *parameter)
{
    *parameter = (struct parameter){.name = text, .name_length = strcspn(text, "=;,\" \t"), .value = ""};
    text = skip_spaces(text + parameter->name_length);
    if (*text != '=')
        return text;
    text = skip_spaces(text + 1);
    if (*text == '"') {
        const char *end = quoted_end(text);
        parameter->value = text + 1;
        parameter->value_length = (size_t)(end - text) - (end[-1] == '"' && end - text > 1 ? 2 : 1);
        return end;
    }
    parameter->value = text;
    parameter->value_length = strcspn(text, ";, \t");
    return text + parameter->value_length;
}

static bool has_word(const char *words, size_t length, const char *word)
{
    const char *end = words + length;

    while (words < end) {
        const char *start = words;
        while (words < end && *words != ' ' && *words != '\t')
            words++;
        if (name_equal_length(start, (size_t)(words - start), word))
            return true;
        words++;
    }
    return false;
}

/* Reads the parameters behind a target up to the comma or the end. Of several `rel` only the first counts. */
static const char *read_parameters(const char *text, const char *relation, bool *wanted)
{
    bool related = false, has_relation = false, anchored = false;
    struct parameter parameter;

    for (text = skip_spaces(text); *text && *text != ','; text = skip_spaces(text)) {
        if (*text == ';') {
            text++;
            continue;
        }
        const char *rest = read_parameter(text, &parameter);
        if (!has_relation && name_equal_length(parameter.name, parameter.name_length, "rel")) {
            has_relation = true;
            related = has_word(parameter.value, parameter.value_length, relation);
        }
        anchored |= name_equal_length(parameter.name, parameter.name_length, "anchor");
        text = rest > text ? rest : text + 1;
    }
    *wanted = related && !anchored;
    return text;
}

bool link_find(const char *field, const char *relation, const char **target, size_t *length)
{
    bool wanted = false;

    while (*(field += strspn(field, " \t,"))) {
        if (*field != '<') { /* no link: on to the next comma */
            field += strcspn(field, ",");
            continue;
        }
        *target = field + 1;
        *length = strcspn(*target, ">");
        field = *target + *length;
        if (!*field)
            return false;
        field = read_parameters(field + 1, relation, &wanted);
        if (wanted && *length)
            return true;
    }
    return false;
}

char *link_next(const struct http_response *response)
{
    const char *field, *target;
    size_t length;

    for (size_t i = 0; (field = http_response_field(response, "Link", i)); i++)
        if (link_find(field, "next", &target, &length))
            return strndup(target, length);
    return NULL;
}

/* The number behind "?page=" or "&page=" in an address, and where it ends; NULL when there is none. */
static const char *find_number(const char *address, const char *parameter, const char **end)
{
    size_t length = strlen(parameter);
    const char *at = strchr(address, '?');

    for (; at; at = strchr(at + 1, '&')) {
        if (strncmp(at + 1, parameter, length) != 0 || at[1 + length] != '=')
            continue;
        const char *number = at + 1 + length + 1;
        size_t digits = strspn(number, "0123456789");
        *end = number + digits;
        return digits && digits < 10 && (!**end || **end == '&' || **end == '#') ? number : NULL;
    }
    return NULL;
}

bool link_count_up(const char *address, const char *parameter, struct buffer *out)
{
    const char *end, *number = find_number(address, parameter, &end);

    return number && buffer_append(out, address, (size_t)(number - address)) && buffer_printf(out, "%ld%s", strtol(number, NULL, 10) + 1, end);
}
