/* Keywords that set and take away: set, setm, unset, map. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "providers/script/run.h"

static bool set_value(struct run *run, const struct element *element, struct item *item, const char *attribute, const struct phrase *phrase,
                      struct error *err)
{
    char *value;

    if (!run_print_to(run, element, phrase, &value, err))
        return false;
    bool done = item_set(item, attribute, value) || run_no_room(run, element, err);
    free(value);
    return done;
}

enum flow run_set(struct run *run, const struct element *element, struct error *err)
{
    const struct element_parameter *value = element_parameter(element, "value");
    struct item *item;
    char *attribute, *from;

    if (!run_target(run, element, true, &item, &attribute, err) || !run_parameter(run, element, "copyfrom", &from, err))
        return FLOW_FAILED;
    const struct item *source = from ? run_item(run, from, false) : NULL;
    bool done = true;
    if (source)
        done = item_copy(item, source) || run_no_room(run, element, err);
    if (done && attribute && *attribute)
        done = set_value(run, element, item, attribute, value ? &value->value : &element->body, err);
    else if (done && !from)
        done = script_fault(run->setup->script, element, err, "attr is missing");
    free(attribute);
    free(from);
    return done ? FLOW_ON : FLOW_FAILED;
}

static char *trim(char *text)
{
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* Lines name=value. */
enum flow run_set_many(struct run *run, const struct element *element, struct error *err)
{
    struct item *item;
    char *attribute, *body = NULL, *rest;

    if (!run_target(run, element, true, &item, &attribute, err))
        return FLOW_FAILED;
    free(attribute);
    bool done = run_print_to(run, element, &element->body, &body, err);
    for (char *line = done ? strtok_r(body, "\r\n", &rest) : NULL; done && line; line = strtok_r(NULL, "\r\n", &rest)) {
        char *equals = strchr(line, '=');
        if (!equals)
            continue;
        *equals = '\0';
        done = item_set(item, trim(line), trim(equals + 1)) || run_no_room(run, element, err);
    }
    free(body);
    return done ? FLOW_ON : FLOW_FAILED;
}

enum flow run_unset(struct run *run, const struct element *element, struct error *err)
{
    struct item *item;
    char *attribute;

    if (!run_target(run, element, false, &item, &attribute, err))
        return FLOW_FAILED;
    if (item && attribute && *attribute)
        item_unset(item, attribute);
    else if (item)
        item_clear(item);
    free(attribute);
    return FLOW_ON;
}

static bool copy_attribute(struct item *to, const char *name, const struct attribute *from)
{
    char numbered[320];

    item_unset(to, name);
    for (size_t i = 0; i < from->count; i++) {
        snprintf(numbered, sizeof numbered, "%.280s#%zu", name, i + 1);
        if (from->values[i] && !item_set(to, from->count > 1 ? numbered : name, from->values[i]))
            return false;
    }
    return true;
}

/* One pair "new=old", or of whole prefixes: "new:*=old:*". */
static bool map_pair(struct item *to, const struct item *from, char *pair)
{
    char *equals = strchr(pair, '=');

    if (!equals)
        return true;
    *equals = '\0';
    char *new = trim(pair), *old = trim(equals + 1);
    size_t new_length = strlen(new), old_length = strlen(old);
    if (!old_length || old[old_length - 1] != '*') {
        const struct attribute *attribute = item_attribute(from, old);
        return !attribute || copy_attribute(to, new, attribute);
    }
    for (size_t i = 0; i < from->count; i++) {
        char name[300];
        if (!item_name_fits(from->attributes[i].name, old))
            continue;
        snprintf(name, sizeof name, "%.*s%.200s", (int)(new_length && new[new_length - 1] == '*' ? new_length - 1 : new_length), new,
                 from->attributes[i].name + old_length - 1);
        if (!copy_attribute(to, name, &from->attributes[i]))
            return false;
    }
    return true;
}

enum flow run_map(struct run *run, const struct element *element, struct error *err)
{
    char *to_name = NULL, *from_name = NULL, *map = NULL, *rest;
    bool done = run_parameter(run, element, "to", &to_name, err) && run_parameter(run, element, "from", &from_name, err)
                && run_required(run, element, "map", &map, err);
    struct item *to = done ? to_name && *to_name ? run_item(run, to_name, true) : run->level->item : NULL;
    const struct item *from = done ? from_name && *from_name ? run_item(run, from_name, false) : run->level->item : NULL;

    if (done && !to)
        done = run_no_room(run, element, err);
    for (char *pair = done && from ? strtok_r(map, ",;\r\n", &rest) : NULL; done && pair; pair = strtok_r(NULL, ",;\r\n", &rest))
        done = map_pair(to, from, pair) || run_no_room(run, element, err);
    free(to_name);
    free(from_name);
    free(map);
    return done ? FLOW_ON : FLOW_FAILED;
}
