/* Reads operations and answers, and finds the route of a path. */
#include "test/sandbox/zoho_answer.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A group of members, for @name. */
struct define {
    struct define *next;
    const char *name;
    const char *members;
};

/* What is being read. */
struct loader {
    struct zoho_schema *schema;
    struct zoho_routes *routes;
    struct define *defines;
};

/* Members of one object being read. */
struct member_reader {
    struct zoho_schema *schema;
    struct zoho_table *table;
    const char *at;
    const struct zoho_line *line;
};

static char *join(struct zoho_schema *schema, const char *left, const char *between, const char *right)
{
    return zoho_print(&schema->arena, "%s%s%s", left, between, right);
}

static unsigned name_of(struct zoho_schema *schema, const char *text)
{
    return zoho_name(&schema->names, text, strlen(text));
}

/* The text with @NAME replaced by the members of the group, which may have groups in their turn. */
static const char *expanded(const struct loader *loader, const char *text, const struct zoho_line *line)
{
    const char *mark = strchr(text, '@');
    const struct define *define = loader->defines;
    size_t length = 0;

    if (!mark)
        return text;
    while (isalnum((unsigned char)mark[1 + length]) || mark[1 + length] == '_')
        length++;
    while (define && (strncmp(define->name, mark + 1, length) != 0 || define->name[length]))
        define = define->next;
    if (!define)
        zoho_wrong(line, "there is no group %.*s", (int)length, mark + 1);
    return expanded(loader, zoho_print(&loader->schema->arena, "%.*s%s%s", (int)(mark - text), text, define->members,
                                       mark + 1 + length), line);
}

static struct zoho_shape *add_member(struct zoho_schema *schema, struct zoho_shape *object)
{
    if ((object->count & (object->count + 1)) == 0) {   /* one less than a power of two: full */
        struct zoho_shape *larger = zoho_take(&schema->arena, object->count * 2 + 1, sizeof *larger);
        if (object->count)
            memcpy(larger, object->members, object->count * sizeof *larger);
        object->members = larger;
    }
    return &object->members[object->count++];
}

static void read_members(struct member_reader *reader, struct zoho_shape *object, const char *around);

static void read_member(struct member_reader *reader, struct zoho_shape *object, const char *around)
{
    struct zoho_schema *schema = reader->schema;
    size_t length = strcspn(reader->at, " :={}[]");
    struct zoho_shape *shape = add_member(schema, object);
    static const char letters[] = "_inbdtl";
    const char *letter;

    if (!length)
        zoho_wrong(reader->line, "a member should stand before \"%.40s\"", reader->at);
    shape->name = zoho_keep(&schema->arena, reader->at, length);
    const char *whole = join(schema, around, shape->name, "");
    shape->member = name_of(schema, whole);
    reader->at += length;
    if (*reader->at == '=') {
        length = strcspn(++reader->at, " :{}[]");
        shape->member = zoho_name(&schema->names, reader->at, length);
        reader->at += length;
    }
    if (*reader->at == ':') {
        letter = strchr(letters, reader->at[1]);
        if (!letter || !reader->at[1])
            zoho_wrong(reader->line, "there is no type \"%.2s\"", reader->at);
        shape->kind = (enum zoho_shape_kind)(letter - letters);
        reader->at += 2;
    } else if (*reader->at == '{') {
        shape->kind = SHAPE_OBJECT;
        reader->at++;
        read_members(reader, shape, join(schema, whole, ".", ""));
        reader->at++;
    } else if (*reader->at == '[') {
        struct member_reader inner = *reader;
        shape->kind = SHAPE_ARRAY;
        inner.at++;
        if (*inner.at != ']') {
            inner.table = zoho_array_need(schema, reader->table, whole);
            if (!inner.table)
                zoho_wrong(reader->line, "nothing describes the array %s of %s", whole, reader->table->name);
            shape->array = inner.table;
            if (inner.table->from)
                inner.table = inner.table->from;
        }
        read_members(&inner, shape, "");
        reader->at = inner.at + 1;
        shape->documented_object = *reader->at == '!';
        reader->at += shape->documented_object;
    }
}

/* Up to the bracket that closes the object, or the end of the text. */
static void read_members(struct member_reader *reader, struct zoho_shape *object, const char *around)
{
    for (;;) {
        reader->at += strspn(reader->at, " ");
        if (!*reader->at || *reader->at == '}' || *reader->at == ']')
            return;
        read_member(reader, object, around);
    }
}

void zoho_shape_read(struct zoho_schema *schema, struct zoho_table *table, const char *members, struct zoho_shape *shape,
                     const struct zoho_line *line)
{
    struct member_reader reader = {schema, table, members, line};
    shape->kind = SHAPE_OBJECT;
    read_members(&reader, shape, "");
    if (*reader.at)
        zoho_wrong(line, "a bracket too many before \"%.40s\"", reader.at);
}

/* "value value=(RULE) …" up to the end or a closing bracket. */
static struct zoho_choice *read_choices(struct zoho_schema *schema, const char **at, size_t *count, const struct zoho_line *line)
{
    struct zoho_choice *choices = zoho_take(&schema->arena, strlen(*at) / 2 + 1, sizeof *choices);

    for (*count = 0;; (*count)++) {
        *at += strspn(*at, " ");
        size_t length = strcspn(*at, " =)");
        if (!length)
            return choices;
        choices[*count].value = zoho_keep(&schema->arena, *at, length);
        *at += length;
        if (strncmp(*at, "=(", 2) != 0)
            continue;
        size_t depth = 0, end = 1;
        do {
            depth += (*at)[end] == '(';
            depth -= (*at)[end] == ')';
            end++;
        } while (depth && (*at)[end]);
        choices[*count].rule = zoho_rule_read(&schema->arena, &schema->names, zoho_keep(&schema->arena, *at + 1, end - 1), line);
        *at += end;
    }
}

static const struct { const char *name; enum zoho_form form; bool day, number; } forms[] = {
    {"startswith", FORM_STARTSWITH, false, false}, {"contains", FORM_CONTAINS, false, false},
    {"start", FORM_START, true, false}, {"end", FORM_END, true, false}, {"before", FORM_BEFORE, true, false},
    {"after", FORM_AFTER, true, false}, {"less_than", FORM_LESS_THAN, false, true}, {"less_equals", FORM_LESS_EQUALS, false, true},
    {"greater_than", FORM_GREATER_THAN, false, true}, {"greater_equals", FORM_GREATER_EQUALS, false, true},
};

static const struct { const char *name; size_t first, count; } form_groups[] = {{"text", 0, 2}, {"day", 2, 4}, {"number", 6, 4}};

static struct zoho_filter *add_filter(struct zoho_answer *answer, const struct zoho_filter *like, const char *parameter)
{
    struct zoho_filter *filter = &answer->filters[answer->filter_count++];
    *filter = *like;
    filter->parameter = parameter;
    return filter;
}

static void add_forms(struct zoho_schema *schema, struct zoho_answer *answer, const struct zoho_filter *plain, size_t first,
                      size_t count)
{
    for (size_t f = first; f < first + count; f++) {
        struct zoho_filter *filter = add_filter(answer, plain, join(schema, plain->parameter, "_", forms[f].name));
        filter->form = forms[f].form;
        filter->day = forms[f].day;
        filter->number = forms[f].number;
    }
}

/* "text", "start,end", "list": more filters of the same member, or what the plain one is. */
static void read_forms(struct zoho_schema *schema, struct zoho_answer *answer, struct zoho_filter *plain, const char *text,
                       bool amount, const struct zoho_line *line)
{
    const struct zoho_filter like = *plain;
    while (*text) {
        size_t length = strcspn(text, ","), f = 0, known = answer->filter_count;
        const char *form = zoho_keep(&schema->arena, text, length);
        text += length + (text[length] == ',');
        for (size_t g = 0; g < sizeof form_groups / sizeof form_groups[0]; g++)
            if (strcmp(form_groups[g].name, form) == 0)
                add_forms(schema, answer, &like, form_groups[g].first, form_groups[g].count);
        for (f = 0; f < sizeof forms / sizeof forms[0]; f++)
            if (strcmp(forms[f].name, form) == 0)
                add_forms(schema, answer, &like, f, 1);
        if (strcmp(form, "list") == 0)
            plain->form = FORM_LIST;
        else if (strcmp(form, "from") == 0 || strcmp(form, "to") == 0)
            plain->form = *form == 'f' ? FORM_START : FORM_END;
        else if (answer->filter_count == known)
            zoho_wrong(line, "a filter has no form %s", form);
        for (; amount && known < answer->filter_count; known++)     /* amount_start and _end are of numbers */
            answer->filters[known].day = false;
    }
}

/* What the filter looks at: a member of the row, or of the elements of an array. */
static void aim(struct zoho_schema *schema, const struct zoho_answer *answer, struct zoho_filter *filter, const char *target)
{
    const char *dot = strchr(target, '.');
    struct zoho_table *array = dot ? zoho_array(answer->table, zoho_keep(&schema->arena, target, (size_t)(dot - target))) : NULL;

    if (!array && dot)
        array = zoho_array_need(schema, answer->table, zoho_keep(&schema->arena, target, (size_t)(dot - target)));
    filter->array = array;
    filter->member = name_of(schema, array ? dot + 1 : target);
}

static void read_filters(struct zoho_schema *schema, struct zoho_answer *answer, const char *at, const struct zoho_line *line)
{
    answer->filters = zoho_take(&schema->arena, strlen(at), sizeof *answer->filters);
    for (;;) {
        at += strspn(at, " ");
        size_t length = strcspn(at, " ~@(");
        if (!length)
            return;
        struct zoho_filter plain = {0};
        const char *name = zoho_keep(&schema->arena, at, length), *shape = "", *target = name;
        at += length;
        if (*at == '~') {
            length = strcspn(++at, " @(");
            shape = zoho_keep(&schema->arena, at, length);
            at += length;
        }
        if (*at == '@') {
            length = strcspn(++at, " (");
            target = zoho_keep(&schema->arena, at, length);
            at += length;
        }
        plain.parameter = name;
        aim(schema, answer, &plain, target);
        if (*at == '(') {
            at++;
            plain.choices = read_choices(schema, &at, &plain.choice_count, line);
            if (*at++ != ')')
                zoho_wrong(line, "the values of %s do not end", name);
        }
        if (strcmp(name, "last_modified_time") == 0)
            plain.form = FORM_SINCE;
        struct zoho_filter *filter = add_filter(answer, &plain, name);
        read_forms(schema, answer, filter, shape, strstr(name, "total") || strstr(name, "amount"), line);
    }
}

static unsigned *read_names(struct zoho_schema *schema, const char *at, size_t *count)
{
    unsigned *names = zoho_take(&schema->arena, strlen(at), sizeof *names);
    char *word;
    while ((word = zoho_word(&schema->arena, &at)))
        names[(*count)++] = name_of(schema, word);
    return names;
}

static const char **read_words(struct zoho_schema *schema, const char *at, size_t *count)
{
    const char **words = zoho_take(&schema->arena, strlen(at) + 1, sizeof *words);
    while ((words[*count] = zoho_word(&schema->arena, &at)))
        (*count)++;
    return words;
}

/* "TABLE where MEMBER = PARAMETER … if RULE" */
static void read_of(struct zoho_schema *schema, struct zoho_answer *answer, const char *at, const struct zoho_line *line)
{
    char *name = zoho_word(&schema->arena, &at), *word, *dot;

    answer->table = name ? zoho_table(schema, name) : NULL;
    if (!answer->table && name && (dot = strchr(name, '.'))) {      /* an array that nothing but its kind describes */
        struct zoho_table *rows = zoho_table(schema, zoho_keep(&schema->arena, name, (size_t)(dot - name)));
        answer->table = rows ? zoho_array_need(schema, rows, dot + 1) : NULL;
    }
    if (!answer->table)
        zoho_wrong(line, "there is no table %s", name ? name : "");
    while ((word = zoho_word(&schema->arena, &at))) {
        if (strcmp(word, "if") == 0) {
            answer->only = zoho_rule_read(&schema->arena, &schema->names, at, line);
            return;
        }
        char *member = zoho_word(&schema->arena, &at), *sign = zoho_word(&schema->arena, &at), *value = zoho_word(&schema->arena, &at);
        if (strcmp(word, "where") != 0 || !value || strcmp(sign, "=") != 0 || answer->where_count == 2)
            zoho_wrong(line, "\"where MEMBER = PARAMETER\" should stand here, twice at most");
        struct zoho_where *where = &answer->where[answer->where_count++];
        where->member = name_of(schema, member);
        if (*value == '\'')
            where->text = zoho_keep(&schema->arena, value + 1, strlen(value) - 2);
        else
            where->parameter = value;
    }
}

/* "WRAPPER [SPEC] [by PARAMETER]" */
static void read_wrapper(struct zoho_schema *schema, struct zoho_answer *answer, const char *at)
{
    char *word;
    answer->wrapper = answer->spec = zoho_word(&schema->arena, &at);
    while ((word = zoho_word(&schema->arena, &at)))
        if (strcmp(word, "by") == 0)
            answer->by = zoho_word(&schema->arena, &at);
        else
            answer->spec = word;
}

static void read_answer_line(struct zoho_schema *schema, struct zoho_answer *answer, const char *keyword, const char *rest,
                             const struct zoho_line *line)
{
    if (strcmp(keyword, "list") == 0 || strcmp(keyword, "one") == 0) {
        answer->kind = *keyword == 'l' ? ANSWER_LIST : ANSWER_ONE;
        read_wrapper(schema, answer, rest);
    } else if (strcmp(keyword, "file") == 0) {
        answer->kind = ANSWER_FILE;
        answer->file_type = rest;
    } else if (strcmp(keyword, "envelope") == 0) {
        answer->kind = ANSWER_ENVELOPE;
    } else if (strcmp(keyword, "paged") == 0) {
        answer->paged = true;
        answer->paged_array = *rest ? rest : NULL;
    } else if (strcmp(keyword, "asked") == 0) {
        size_t length = strcspn(rest, "=");
        answer->asked = zoho_keep(&schema->arena, rest, length);
        answer->asked_value = rest + length + 1;
    } else if (strcmp(keyword, "need") == 0) {
        answer->need = read_words(schema, rest, &answer->need_count);
    } else if (strcmp(keyword, "required") == 0) {
        answer->required = read_words(schema, rest, &answer->required_count);
    } else if (strcmp(keyword, "knows") == 0) {
        answer->known = read_words(schema, rest, &answer->known_count);
    } else if (strcmp(keyword, "filters") == 0) {
        read_filters(schema, answer, rest, line);
    } else if (strcmp(keyword, "filter_by") == 0) {
        answer->choices = read_choices(schema, &rest, &answer->choice_count, line);
    } else if (strcmp(keyword, "by") == 0) {
        answer->choice_member = name_of(schema, rest);
    } else if (strcmp(keyword, "dates") == 0) {
        answer->date_member = name_of(schema, rest);
        answer->has_dates = true;
    } else if (strcmp(keyword, "sort") == 0) {
        answer->sorts = read_names(schema, rest, &answer->sort_count);
    } else if (strcmp(keyword, "search") == 0) {
        answer->searched = read_names(schema, rest, &answer->searched_count);
    } else if (strcmp(keyword, "counts") == 0) {
        answer->counts = true;
    } else if (strcmp(keyword, "with") == 0) {
        answer->with = rest;
    } else {
        zoho_wrong(line, "an answer has no \"%s\"", keyword);
    }
}

/* Adds what the other object has and this one has not, in the objects and arrays within them too. */
static void unite(struct zoho_schema *schema, struct zoho_shape *object, const struct zoho_shape *other)
{
    for (size_t m = 0, own = object->count; m < other->count; m++) {
        size_t known = 0;
        while (known < own && strcmp(object->members[known].name, other->members[m].name) != 0)
            known++;
        if (known == own)
            *add_member(schema, object) = other->members[m];
        else
            unite(schema, &object->members[known], &other->members[m]);
    }
}

static void add_members_of(struct loader *loader, struct zoho_answer *answer)
{
    const struct zoho_route *route = zoho_route_named(loader->routes, answer->with);
    if (!route || !route->answers || route->answers->table != answer->table)
        zoho_wrong(answer->line, "no answer of %s about the same table stands above it", answer->with);
    unite(loader->schema, &answer->shape, &route->answers->shape);
}

/* The lines of a paragraph from *l on; lines with the same keyword are one. */
static void read_answer(struct loader *loader, const struct zoho_file *file, size_t *l)
{
    struct zoho_schema *schema = loader->schema;
    const struct zoho_line *heading = &file->lines[*l];
    const char *path = heading->text + strlen("GET ");
    struct zoho_route *route = (struct zoho_route *)zoho_route_named(loader->routes, path);
    struct zoho_answer *answer = zoho_take(&schema->arena, 1, sizeof *answer);
    const char *members = "";

    if (!route || !route->scopes[METHOD_GET])
        zoho_wrong(heading, "there is no operation GET %s", path);
    answer->line = heading;
    answer->choice_member = name_of(schema, "status");
    for (++*l; *l < file->count && file->lines[*l].indented;) {
        const struct zoho_line *line = &file->lines[*l];
        const char *rest = line->text, *next, *whole;
        char *keyword = zoho_word(&schema->arena, &rest), *other;
        whole = rest + strspn(rest, " ");
        while (++*l < file->count && file->lines[*l].indented) {
            next = file->lines[*l].text;
            other = zoho_word(&schema->arena, &next);
            if (strcmp(other, keyword) != 0)
                break;
            whole = join(schema, whole, " ", next + strspn(next, " "));
        }
        if (strcmp(keyword, "of") == 0)
            read_of(schema, answer, whole, line);
        else if (strcmp(keyword, "fields") == 0 || strcmp(keyword, "also") == 0)
            members = join(schema, members, " ", whole);
        else
            read_answer_line(schema, answer, keyword, whole, line);
    }
    if ((answer->kind == ANSWER_LIST || answer->kind == ANSWER_ONE) && (!answer->table || !*members))
        zoho_wrong(heading, "an answer with rows has of and fields");
    zoho_shape_read(schema, answer->table, expanded(loader, members, heading), &answer->shape, heading);
    if (answer->with)
        add_members_of(loader, answer);
    struct zoho_answer **end = &route->answers;
    while (*end)
        end = &(*end)->next;
    *end = answer;
}

static void read_answers(struct loader *loader, const char *name)
{
    struct zoho_file file = zoho_read(&loader->schema->arena, name);

    for (size_t l = 0; l < file.count;) {
        const struct zoho_line *line = &file.lines[l];
        const char *rest = line->text;
        if (strncmp(line->text, "GET /", 5) == 0) {
            read_answer(loader, &file, &l);
            continue;
        }
        char *keyword = zoho_word(&loader->schema->arena, &rest);
        if (strcmp(keyword, "define") != 0)
            zoho_wrong(line, "\"%s\" is no heading", keyword);
        struct define *define = zoho_take(&loader->schema->arena, 1, sizeof *define);
        *define = (struct define){loader->defines, rest + strspn(rest, " "), ""};
        while (++l < file.count && file.lines[l].indented)
            define->members = join(loader->schema, define->members, *define->members ? " " : "", file.lines[l].text);
        loader->defines = define;
    }
}

static void split_path(struct zoho_schema *schema, struct zoho_route *route, const struct zoho_line *line)
{
    for (const char *at = route->path; *at;) {
        size_t length = strcspn(at + 1, "/");
        if (*at != '/' || !length || route->count == sizeof route->segments / sizeof route->segments[0])
            zoho_wrong(line, "the path has an odd form");
        route->segments[route->count++] = zoho_keep(&schema->arena, at + 1, length);
        at += 1 + length;
    }
}

static void read_operations(struct loader *loader)
{
    struct zoho_schema *schema = loader->schema;
    struct zoho_file file = zoho_read(&schema->arena, "zoho_operations.txt");
    struct zoho_route **end = &loader->routes->first;
    static const char letters[] = "GPUD";
    static const char *const rights[] = {"READ", "CREATE", "UPDATE", "DELETE"};

    for (size_t l = 0; l < file.count; l++) {
        const struct zoho_line *line = &file.lines[l];
        const char *rest = line->text;
        char *methods = zoho_word(&schema->arena, &rest), *module = zoho_word(&schema->arena, &rest), *word;
        struct zoho_route *route = zoho_take(&schema->arena, 1, sizeof *route);
        route->module = module;
        route->path = zoho_word(&schema->arena, &rest);
        if (!route->path || zoho_route_named(loader->routes, route->path))
            zoho_wrong(line, "methods, module and a new path should stand here");
        split_path(schema, route, line);
        for (; *methods; methods++) {
            const char *letter = strchr(letters, *methods);
            if (!letter)
                zoho_wrong(line, "a method is one of %s", letters);
            route->scopes[letter - letters] = join(schema, module, ".", rights[letter - letters]);
        }
        while ((word = zoho_word(&schema->arena, &rest))) {
            const char *letter = strchr(letters, *word);
            if (!letter || word[1] != '=')
                zoho_wrong(line, "\"%s\" is no METHOD=scope", word);
            route->scopes[letter - letters] = word + 2;
        }
        *end = route;
        end = &route->next;
    }
}

void zoho_routes_read(struct zoho_routes *routes, struct zoho_schema *schema)
{
    struct loader loader = {.schema = schema, .routes = routes};

    read_operations(&loader);
    read_answers(&loader, "zoho_answers_groups.txt");
    read_answers(&loader, "zoho_answers_books.txt");
    read_answers(&loader, "zoho_answers_sales.txt");
    read_answers(&loader, "zoho_answers_purchases.txt");
    read_answers(&loader, "zoho_answers_unshaped.txt");
}

const struct zoho_route *zoho_route_named(const struct zoho_routes *routes, const char *path)
{
    const struct zoho_route *route = routes->first;
    while (route && strcmp(route->path, path) != 0)
        route = route->next;
    return route;
}

/* How well a path fits: the first literal segment from the left decides. 0 = not at all. */
static unsigned fit(const struct zoho_route *route, const char *path)
{
    unsigned points = 1;
    for (size_t s = 0; s < route->count; s++) {
        if (*path != '/')
            return 0;
        size_t length = strcspn(++path, "/");
        bool parameter = *route->segments[s] == '{';
        if (!length || (!parameter && (strncmp(route->segments[s], path, length) != 0 || route->segments[s][length])))
            return 0;
        points = points * 2 + !parameter;
        path += length;
    }
    return *path ? 0 : points;
}

const struct zoho_route *zoho_route_find(const struct zoho_routes *routes, const char *path, json_t *parameters)
{
    const struct zoho_route *best = NULL;
    unsigned most = 0;

    for (const struct zoho_route *route = routes->first; route; route = route->next) {
        unsigned points = fit(route, path);
        if (points > most) {
            best = route;
            most = points;
        }
    }
    for (size_t s = 0; best && s < best->count; s++) {
        size_t length = strcspn(++path, "/");
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(best->segments[s] + 1, "}"), best->segments[s] + 1);
        if (*best->segments[s] == '{') {
            json_t *value = json_stringn(path, length);
            json_object_set_new(parameters, name, value ? value : json_string("\xEF\xBF\xBD"));    /* not UTF-8: U+FFFD */
        }
        path += length;
    }
    return best;
}
