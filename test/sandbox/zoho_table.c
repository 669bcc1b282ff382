/* Reads the zoho_rows_*.txt. Rules for any table are settled once for each name; a table then lays its own over them. */
#include "test/sandbox/zoho_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/moment.h"

/* A rule of `any` with a star in its name. */
struct zoho_pattern {
    struct zoho_pattern *next;
    const char *before, *after;     /* the star */
    const char *rule;               /* its text */
    const struct zoho_line *line;
};

bool zoho_day(const char *text, int64_t *day)
{
    char date[DAY_TEXT];
    snprintf(date, sizeof date, "%s", text);
    return day_read(date, day);
}

static struct zoho_table *find(struct zoho_table *list, const char *name)
{
    while (list && strcmp(list->name, name) != 0)
        list = list->next;
    return list;
}

struct zoho_table *zoho_table(const struct zoho_schema *schema, const char *name)
{
    return find(schema->tables, name);
}

struct zoho_table *zoho_array(const struct zoho_table *of, const char *member)
{
    struct zoho_table *table = of->arrays;
    while (table && strcmp(table->member, member) != 0)
        table = table->next_array;
    return table;
}

static void append(struct zoho_table **list, struct zoho_table *table)
{
    while (*list)
        list = &(*list)->next;
    *list = table;
}

static struct zoho_table *new_table(struct zoho_schema *schema, const char *name, struct zoho_table *parent, const struct zoho_line *line)
{
    struct zoho_table *table = zoho_take(&schema->arena, 1, sizeof *table);

    if (find(schema->tables, name))
        zoho_wrong(line, "the table %s is there already", name);
    table->name = zoho_keep(&schema->arena, name, strlen(name));
    table->line = line;
    table->shares = table;
    table->number = (unsigned)++schema->table_count;
    if (parent) {
        table->member = table->name + strlen(parent->name) + 1;
        table->parent = parent;
        table->depth = parent->depth + 1;
        table->next_array = parent->arrays;
        parent->arrays = table;
    }
    append(&schema->tables, table);
    return table;
}

/* "invoices.line_items" stands in invoices; the array may also belong to an object: "invoices.payment_options.payment_gateways". */
static struct zoho_table *parent_of(struct zoho_schema *schema, const char *name, const struct zoho_line *line)
{
    size_t length = strlen(name);
    if (!strchr(name, '.'))
        return NULL;
    while (length-- > 0) {
        if (name[length] != '.')
            continue;
        struct zoho_table *parent = find(schema->tables, zoho_keep(&schema->arena, name, length));
        if (parent)
            return parent;
    }
    zoho_wrong(line, "there is no table above it that %s could stand in", name);
}

struct zoho_table *zoho_array_need(struct zoho_schema *schema, struct zoho_table *of, const char *member)
{
    struct zoho_table *table = zoho_array(of, member);
    struct zoho_table *kind = NULL;

    if (table)
        return table;
    for (struct zoho_table *at = of->kind; at && !kind; at = at->kind)
        kind = find(schema->kinds, zoho_print(&schema->arena, "%s.%s", at->name, member));
    const char *dot = strrchr(member, '.');     /* of an object in the row */
    if (!kind)
        kind = find(schema->kinds, zoho_print(&schema->arena, "*.%s", dot ? dot + 1 : member));
    if (!kind)
        return NULL;
    table = new_table(schema, zoho_print(&schema->arena, "%s.%s", of->name, member), of, kind->line);
    table->kind = kind;
    table->count = kind->count;
    table->label = kind->label;
    table->title = kind->title;
    table->has_title = kind->has_title;
    return table;
}

/* A table or kind: "NAME", "NAME : KIND". */
static struct zoho_table *read_heading(struct zoho_schema *schema, const char *rest, const struct zoho_line *line, bool kind)
{
    struct zoho_table *table;
    char *name = zoho_word(&schema->arena, &rest), *colon = zoho_word(&schema->arena, &rest);

    if (!name || (colon && strcmp(colon, ":") != 0))
        zoho_wrong(line, "a name should stand here, and behind it nothing or \": KIND\"");
    if (kind) {
        table = zoho_take(&schema->arena, 1, sizeof *table);
        table->name = name;
        table->line = line;
        append(&schema->kinds, table);
    } else {
        table = new_table(schema, name, parent_of(schema, name, line), line);
    }
    if (colon) {
        char *shared = zoho_word(&schema->arena, &rest);
        table->kind = shared ? find(schema->kinds, shared) : NULL;
        if (!table->kind)
            zoho_wrong(line, "there is no kind %s above it", shared ? shared : "");
        table->count = table->kind->count;
        table->label = table->kind->label;
        table->title = table->kind->title;
        table->has_title = table->kind->has_title;
    }
    return table;
}

static void set_any(struct zoho_schema *schema, unsigned name, struct zoho_rule *rule)
{
    if (name >= schema->any_count) {
        struct zoho_rule **larger = zoho_take(&schema->arena, schema->names.room, sizeof(struct zoho_rule *));
        if (schema->any_count)
            memcpy(larger, schema->any, schema->any_count * sizeof(struct zoho_rule *));
        schema->any = larger;
        schema->any_count = schema->names.room;
    }
    schema->any[name] = rule;
}

/* "MEMBER = RULE"; false when the line has another form. */
static bool split_rule(struct zoho_schema *schema, const struct zoho_line *line, const char **member, const char **rule)
{
    const char *at = line->text;
    *member = zoho_word(&schema->arena, &at);
    const char *sign = zoho_word(&schema->arena, &at);
    *rule = at + strspn(at, " ");
    return sign && strcmp(sign, "=") == 0;
}

static void read_from(struct zoho_schema *schema, struct zoho_table *table, const char *rest, const struct zoho_line *line)
{
    char *name = zoho_word(&schema->arena, &rest), *where = zoho_word(&schema->arena, &rest);
    char *member = zoho_word(&schema->arena, &rest), *sign = zoho_word(&schema->arena, &rest);
    char *own = zoho_word(&schema->arena, &rest);

    if (!own || strcmp(where, "where") != 0 || strcmp(sign, "=") != 0)
        zoho_wrong(line, "\"from TABLE where MEMBER = OWN\" should stand here");
    table->from = zoho_table(schema, name);
    if (!table->from || table->from->parent)
        zoho_wrong(line, "there is no table of rows %s above it", name);
    table->from_member = zoho_name(&schema->names, member, strlen(member));
    table->own_member = zoho_name(&schema->names, own, strlen(own));
}

static void read_as(struct zoho_schema *schema, struct zoho_table *table, const char *rest, const struct zoho_line *line)
{
    char *name = zoho_word(&schema->arena, &rest), *word = zoho_word(&schema->arena, &rest);

    if (!name || (word && strcmp(word, "if") != 0) || table->parent || table->kind)
        zoho_wrong(line, "\"as TABLE\" or \"as TABLE if RULE\" should stand here, in a table of rows without a kind");
    table->shares = zoho_table(schema, name);
    if (!table->shares)
        zoho_wrong(line, "there is no table %s above it", name);
    table->kind = table->shares;
    table->title = table->shares->title;
    table->has_title = table->shares->has_title;
    if (word)
        table->only = zoho_rule_read(&schema->arena, &schema->names, rest, line);
}

static void read_table_line(struct zoho_schema *schema, struct zoho_table *table, const struct zoho_line *line)
{
    const char *at = line->text, *member, *rule;
    char *word;

    if (split_rule(schema, line, &member, &rule)) {
        unsigned name = zoho_name(&schema->names, member, strlen(member));
        struct zoho_own *own = zoho_take(&schema->arena, 1, sizeof *own);
        for (struct zoho_own *other = table->own; other; other = other->next)
            if (other->name == name)
                zoho_wrong(line, "%s has a rule already", member);
        *own = (struct zoho_own){table->own, name, zoho_rule_read(&schema->arena, &schema->names, rule, line)};
        table->own = own;
        return;
    }
    word = zoho_word(&schema->arena, &at);
    at += strspn(at, " ");
    if (strcmp(word, "count") == 0) {
        table->count = zoho_rule_read(&schema->arena, &schema->names, at, line);
    } else if (strcmp(word, "title") == 0) {
        table->title = zoho_name(&schema->names, at, strlen(at));
        table->has_title = true;
    } else if (strcmp(word, "label") == 0) {
        table->label = at;
    } else if (strcmp(word, "as") == 0) {
        read_as(schema, table, at, line);
    } else if (strcmp(word, "adds") == 0) {
        table->adds = zoho_table(schema, zoho_word(&schema->arena, &at));
        if (!table->adds || !zoho_word(&schema->arena, &at))
            zoho_wrong(line, "\"adds ARRAY by MEMBER\" should stand here");
        table->adds_by = at + strspn(at, " ");
    } else if (strcmp(word, "from") == 0) {
        read_from(schema, table, at, line);
    } else {
        zoho_wrong(line, "a table has count, from, as, title, label and rules, not \"%s\"", line->text);
    }
}

static void read_any_line(struct zoho_schema *schema, const struct zoho_line *line)
{
    const char *member, *rule;

    if (!split_rule(schema, line, &member, &rule))
        zoho_wrong(line, "\"MEMBER = RULE\" should stand here");
    const char *star = strchr(member, '*');
    if (!star) {
        unsigned name = zoho_name(&schema->names, member, strlen(member));
        set_any(schema, name, zoho_rule_read(&schema->arena, &schema->names, rule, line));
        return;
    }
    struct zoho_pattern *pattern = zoho_take(&schema->arena, 1, sizeof *pattern), **end = &schema->patterns;
    pattern->before = zoho_keep(&schema->arena, member, (size_t)(star - member));
    pattern->after = star + 1;
    pattern->rule = rule;
    pattern->line = line;
    while (*end)
        end = &(*end)->next;
    *end = pattern;
}

static void read_words_line(struct zoho_schema *schema, struct zoho_words *words, const char *text)
{
    size_t more = 1;
    for (const char *c = text; *c; c++)
        more += *c == '|';
    char **texts = zoho_take(&schema->arena, words->count + more, sizeof *texts);
    if (words->count)
        memcpy(texts, words->texts, words->count * sizeof *texts);
    words->texts = texts;
    for (;;) {
        size_t length = strcspn(text, "|");
        texts[words->count++] = zoho_keep(&schema->arena, text, length);
        if (!text[length])
            return;
        text += length + 1;
    }
}

static void read_organization(struct zoho_schema *schema, const char *rest, const struct zoho_line *line)
{
    size_t count = schema->organization_count;
    struct zoho_organization *all = zoho_take(&schema->arena, count + 1, sizeof *all), *organization = &all[count];
    char *word;

    if (count)
        memcpy(all, schema->organizations, count * sizeof *all);
    schema->organizations = all;
    schema->organization_count++;
    organization->id = zoho_word(&schema->arena, &rest);
    organization->seed = strtoull(organization->id, NULL, 10);
    organization->properties = zoho_take(&schema->arena, strlen(rest), sizeof *organization->properties);
    while ((word = zoho_word(&schema->arena, &rest))) {
        char *value = strchr(word, '=');
        if (!value)
            zoho_wrong(line, "\"%s\" is no key=value", word);
        *value++ = '\0';
        for (char *c = value; *c; c++)
            *c = *c == '~' ? ' ' : *c;
        organization->properties[organization->property_count][0] = word;
        organization->properties[organization->property_count++][1] = value;
    }
    organization->data_centre = zoho_property(organization, "of");
    organization->percent = (unsigned)strtoul(zoho_property(organization, "percent"), NULL, 10);
}

const char *zoho_property(const struct zoho_organization *organization, const char *name)
{
    for (size_t i = 0; i < organization->property_count; i++)
        if (strcmp(organization->properties[i][0], name) == 0)
            return organization->properties[i][1];
    return "";
}

static void read_file(struct zoho_schema *schema, const char *name)
{
    struct zoho_table *table = NULL;
    struct zoho_words *words = NULL;
    bool any = false;

    struct zoho_file file = zoho_read(&schema->arena, name);
    for (size_t l = 0; l < file.count; l++) {
        const struct zoho_line *line = &file.lines[l];
        const char *rest = line->text;
        if (line->indented) {
            if (any)
                read_any_line(schema, line);
            else if (table)
                read_table_line(schema, table, line);
            else if (words)
                read_words_line(schema, words, line->text);
            else
                zoho_wrong(line, "this belongs to nothing");
            continue;
        }
        char *word = zoho_word(&schema->arena, &rest);
        any = strcmp(word, "any") == 0;
        table = NULL;
        words = NULL;
        if (strcmp(word, "table") == 0 || strcmp(word, "kind") == 0) {
            table = read_heading(schema, rest, line, *word == 'k');
        } else if (strcmp(word, "words") == 0) {
            words = zoho_take(&schema->arena, 1, sizeof *words);
            words->name = zoho_word(&schema->arena, &rest);
            words->next = schema->words;
            schema->words = words;
            if (*rest)
                read_words_line(schema, words, rest + 1);
        } else if (strcmp(word, "organization") == 0) {
            read_organization(schema, rest, line);
        } else if (strcmp(word, "today") == 0) {
            if (!zoho_day(rest + strspn(rest, " "), &schema->today))
                zoho_wrong(line, "a day as YYYY-MM-DD should stand here");
        } else if (!any) {
            zoho_wrong(line, "\"%s\" is no heading", word);
        }
    }
}

void zoho_schema_read(struct zoho_schema *schema)
{
    static const char *const files[] = {"any", "settings", "banking", "contacts", "sales", "purchases", "accountant"};

    schema->names.arena = &schema->arena;
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++)
        read_file(schema, zoho_print(&schema->arena, "zoho_rows_%s.txt", files[f]));
}

/* The pattern's rule for this name, with `$` replaced by what its star stands for. */
static struct zoho_rule *instance(struct zoho_schema *schema, const struct zoho_pattern *pattern, const char *name)
{
    size_t length = strlen(name), before = strlen(pattern->before), after = strlen(pattern->after);
    const char *star = zoho_keep(&schema->arena, name + before, length - before - after), *from = pattern->rule, *mark;
    const char *text = "";

    while ((mark = strchr(from, '$'))) {
        text = zoho_print(&schema->arena, "%s%.*s%s", text, (int)(mark - from), from, star);
        from = mark + 1;
    }
    text = zoho_print(&schema->arena, "%s%s", text, from);
    return zoho_rule_read(&schema->arena, &schema->names, text, pattern->line);
}

static bool pattern_fits(const struct zoho_pattern *pattern, const char *name)
{
    size_t length = strlen(name), before = strlen(pattern->before), after = strlen(pattern->after);
    return length > before + after && strncmp(name, pattern->before, before) == 0 &&
           strcmp(name + length - after, pattern->after) == 0;
}

/* The rule of `any` for a name: its own, a pattern's, or that of what stands behind its first dot. */
static struct zoho_rule *any_rule(struct zoho_schema *schema, unsigned name)
{
    const char *text = schema->names.texts[name], *dot = strchr(text, '.');

    if (name < schema->any_count && schema->any[name])
        return schema->any[name];
    if (dot) {
        unsigned rest = zoho_name(&schema->names, dot + 1, strlen(dot + 1));
        return any_rule(schema, rest);
    }
    for (const struct zoho_pattern *pattern = schema->patterns; pattern; pattern = pattern->next)
        if (pattern_fits(pattern, text))
            return instance(schema, pattern, text);
    return NULL;
}

static void lay_over(struct zoho_rule **rules, const struct zoho_table *table)
{
    if (table->kind)
        lay_over(rules, table->kind);
    for (const struct zoho_own *own = table->own; own; own = own->next)
        rules[own->name] = own->rule;
}

void zoho_schema_settle(struct zoho_schema *schema)
{
    /* A rule may bring new names, which need rules in their turn. */
    for (unsigned name = 0; name < schema->names.count; name++) {
        struct zoho_rule *rule = any_rule(schema, name);
        if (rule)
            set_any(schema, name, rule);
    }
    schema->numbered = zoho_take(&schema->arena, schema->table_count, sizeof(struct zoho_table *));
    for (struct zoho_table *table = schema->tables; table; table = table->next) {
        schema->numbered[table->number - 1] = table;
        if (!table->count && !table->from && table->shares == table)
            zoho_wrong(table->line, "%s has neither count nor from nor as", table->name);
        table->rules = zoho_take(&schema->arena, schema->names.count, sizeof(struct zoho_rule *));
        size_t known = schema->any_count < schema->names.count ? schema->any_count : schema->names.count;
        if (known)
            memcpy(table->rules, schema->any, known * sizeof(struct zoho_rule *));
        lay_over(table->rules, table);
    }
}

void zoho_schema_clear(struct zoho_schema *schema)
{
    zoho_clear(&schema->arena);
    *schema = (struct zoho_schema){0};
}
