/* What a value looks like is told by the shape, not by the value: "12.50", 12.5 and "" are all amounts. */
#include "test/sandbox/zoho_json.h"

#include <string.h>

#include "test/sandbox/zoho_switch.h"

static void write_piece(FILE *out, const char *text, size_t length)
{
    fputc('"', out);
    for (const char *end = text + length; text < end; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < ' ')
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

void zoho_write_text(FILE *out, const char *text)
{
    write_piece(out, text, strlen(text));
}

/* Whether a number comes as text here: the service does it now and then. */
static bool as_text(const struct zoho_at *at, enum zoho_shape_kind kind)
{
    const struct zoho_switches *switches = at->books->switches;
    if (kind != SHAPE_NUMBER || zoho_switched(switches, SWITCH_AMOUNTS, "declared"))
        return false;
    return zoho_switched(switches, SWITCH_AMOUNTS, "text") || at->i % 5 == 3;
}

static void write_texts(FILE *out, const char *texts)
{
    fputc('[', out);
    while (*texts) {
        size_t length = strcspn(texts, "\x1F");
        write_piece(out, texts, length);
        texts += length + (texts[length] != '\0');
        if (*texts)
            fputc(',', out);
    }
    fputc(']', out);
}

void zoho_write_value(FILE *out, const struct zoho_at *at, struct zoho_value value, enum zoho_shape_kind kind)
{
    const char *text = zoho_as_text(at->books, value);
    double number;

    switch (kind) {
    case SHAPE_TEXTS:
        write_texts(out, text);
        return;
    case SHAPE_INTEGER: case SHAPE_NUMBER:
        if (zoho_as_number(value, &number) && !as_text(at, kind)) {
            fputs(zoho_as_text(at->books, (struct zoho_value){VALUE_NUMBER, number, NULL}), out);
            return;
        }
        break;
    case SHAPE_FLAG:
        if (!zoho_is_none(value)) {
            fputs(zoho_is_true(value) ? "true" : "false", out);
            return;
        }
        break;
    default: break;
    }
    zoho_write_text(out, text);
}

static void write_array(FILE *out, const struct zoho_at *at, const struct zoho_shape *shape)
{
    size_t count = shape->array ? zoho_elements(at, shape->array) : 0;
    bool one = shape->documented_object && zoho_switched(at->books->switches, SWITCH_WRAPPERS, "spec");

    if (one && count) {
        struct zoho_at element = zoho_element(at, shape->array, 0);
        zoho_write_object(out, &element, shape);
        return;
    }
    fputc(one ? '{' : '[', out);
    for (size_t e = 0; e < count; e++) {
        struct zoho_at element = zoho_element(at, shape->array, e);
        if (e)
            fputc(',', out);
        zoho_write_object(out, &element, shape);
    }
    fputc(one ? '}' : ']', out);
}

/* A member of a custom field. */
static const char *field_text(const struct zoho_at *field, const char *member)
{
    unsigned name;
    return zoho_known(&field->books->schema.names, member, &name) ? zoho_as_text(field->books, zoho_member(field, name)) : "";
}

static void write_custom_field(FILE *out, const struct zoho_at *field)
{
    const char *name = field_text(field, "api_name"), *value = field_text(field, "value"), *type = field_text(field, "data_type");
    double number;
    bool bare = (strcmp(type, "decimal") == 0 && zoho_as_number((struct zoho_value){VALUE_TEXT, 0, value}, &number)) ||
                (strcmp(type, "check_box") == 0 && (strcmp(value, "true") == 0 || strcmp(value, "false") == 0));

    fprintf(out, "\"%s\":", name);
    zoho_write_text(out, value);
    fprintf(out, ",\"%s_unformatted\":", name);
    if (bare)
        fputs(value, out);
    else
        zoho_write_text(out, value);
}

static void write_custom_fields(FILE *out, const struct zoho_at *at, const struct zoho_table *array)
{
    size_t count = zoho_elements(at, array);
    for (int inside = 0; inside < 2; inside++) {
        if (inside)
            fputs(",\"custom_field_hash\":{", out);
        for (size_t e = 0; e < count; e++) {
            struct zoho_at field = zoho_element(at, array, e);
            if (!inside || e)
                fputc(',', out);
            write_custom_field(out, &field);
        }
    }
    fputc('}', out);
}

void zoho_write_members(FILE *out, const struct zoho_at *at, const struct zoho_shape *shape)
{
    const struct zoho_table *custom = NULL;

    for (size_t m = 0; m < shape->count; m++) {
        const struct zoho_shape *member = &shape->members[m];
        fprintf(out, "%s\"%s\":", m ? "," : "", member->name);
        if (member->kind == SHAPE_OBJECT)
            zoho_write_object(out, at, member);
        else if (member->kind == SHAPE_ARRAY)
            write_array(out, at, member);
        else
            zoho_write_value(out, at, zoho_member(at, member->member), member->kind);
        if (member->kind == SHAPE_ARRAY && member->array && strcmp(member->name, "custom_fields") == 0)
            custom = member->array;
    }
    if (custom)
        write_custom_fields(out, at, custom);
}

void zoho_write_object(FILE *out, const struct zoho_at *at, const struct zoho_shape *shape)
{
    fputc('{', out);
    zoho_write_members(out, at, shape);
    fputc('}', out);
}
