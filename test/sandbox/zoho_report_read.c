/* Reads zoho_reports.txt. */
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/zoho_report.h"

static const struct { const char *name; enum zoho_report_kind kind; } kinds[] = {
    {"tree", REPORT_TREE}, {"trial", REPORT_TRIAL}, {"ledger", REPORT_LEDGER}, {"entries", REPORT_ENTRIES}, {"rows", REPORT_ROWS},
    {"groups", REPORT_GROUPS}, {"aging", REPORT_AGING},
};

static unsigned name_of(struct zoho_schema *schema, const char *text)
{
    return zoho_name(&schema->names, text, strlen(text));
}

/* "LEVEL TITLE[, carried][: TYPE …]" */
static void read_node(struct zoho_schema *schema, struct zoho_report_form *form, const char *rest, const struct zoho_line *line)
{
    struct zoho_node *node = &form->nodes[form->node_count++];
    char *end;

    if (form->node_count > sizeof form->nodes / sizeof form->nodes[0])
        zoho_wrong(line, "a report has at most 24 nodes");
    node->level = (unsigned)strtoul(rest, &end, 10);
    const char *title = end + strspn(end, " "), *colon = strchr(title, ':');
    size_t length = colon ? (size_t)(colon - title) : strlen(title);
    const char *comma = strstr(title, ", carried");
    node->carried = comma != NULL;
    node->title = zoho_keep(&schema->arena, title, comma ? (size_t)(comma - title) : length);
    node->types = colon ? colon + 1 + strspn(colon + 1, " ") : "";
}

/* "NAME = RULE" */
static void read_column(struct zoho_schema *schema, struct zoho_report_form *form, const char *rest, bool sum,
                        const struct zoho_line *line)
{
    struct zoho_column *column = &form->columns[form->column_count++];
    if (form->column_count > sizeof form->columns / sizeof form->columns[0])
        zoho_wrong(line, "a report has at most 12 columns");
    column->name = zoho_word(&schema->arena, &rest);
    if (strcmp(zoho_word(&schema->arena, &rest), "=") != 0)
        zoho_wrong(line, "\"NAME = RULE\" should stand here");
    column->rule = zoho_rule_read(&schema->arena, &schema->names, rest, line);
    column->sum = sum;
}

/* "TABLE [by MEMBER]" */
static void read_table(struct zoho_schema *schema, struct zoho_report_form *form, const char *rest, const struct zoho_line *line)
{
    form->table = zoho_table(schema, zoho_word(&schema->arena, &rest));
    if (!form->table)
        zoho_wrong(line, "there is no such table");
    if (zoho_word(&schema->arena, &rest))
        form->by = name_of(schema, rest + strspn(rest, " "));
}

/* The list whose rows and shape the report has. */
static void read_path(struct zoho_routes *routes, struct zoho_report_form *form, const char *path, const struct zoho_line *line)
{
    const struct zoho_route *route = path ? zoho_route_named(routes, path) : NULL;
    const struct zoho_answer *answer = route ? route->answers : NULL;
    while (answer && answer->asked)
        answer = answer->next;
    if (!answer)
        zoho_wrong(line, "there is no list %s", path ? path : "");
    form->table = answer->table;
    form->shape = answer->shape;
}

static bool read_kind(struct zoho_schema *schema, struct zoho_routes *routes, struct zoho_report_form *form, const char *word,
                      const char *rest, const struct zoho_line *line)
{
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        if (strcmp(kinds[k].name, word) != 0)
            continue;
        form->kind = kinds[k].kind;
        form->wrapper = zoho_word(&schema->arena, &rest);
        form->inner = zoho_word(&schema->arena, &rest);
        if (form->kind == REPORT_ROWS)
            read_path(routes, form, zoho_word(&schema->arena, &rest), line);
        else
            form->other = zoho_word(&schema->arena, &rest);
        return true;
    }
    return false;
}

static void read_line(struct zoho_schema *schema, struct zoho_routes *routes, struct zoho_report_form *form, const char **members,
                      const struct zoho_line *line)
{
    const char *rest = line->text;
    char *word = zoho_word(&schema->arena, &rest);

    rest += strspn(rest, " ");
    if (strcmp(word, "node") == 0) {
        read_node(schema, form, rest, line);
    } else if (strcmp(word, "of") == 0) {
        read_table(schema, form, rest, line);
    } else if (strcmp(word, "each") == 0) {
        form->each = zoho_array(form->table, rest);
        if (!form->each)
            zoho_wrong(line, "there is no such array");
    } else if (strcmp(word, "only") == 0) {
        form->only = zoho_rule_read(&schema->arena, &schema->names, rest, line);
    } else if (strcmp(word, "show") == 0 || strcmp(word, "sum") == 0) {
        read_column(schema, form, rest, word[1] == 'u', line);
    } else if (strcmp(word, "dates") == 0) {
        form->date_field = zoho_word(&schema->arena, &rest);
        rest += strspn(rest, " ");
        form->has_date = *rest != '\0';
        form->date_member = form->has_date ? name_of(schema, rest) : 0;
    } else if (strcmp(word, "until") == 0) {
        form->until = true;
    } else if (strcmp(word, "paged") == 0) {
        form->paged = true;
    } else if (strcmp(word, "fields") == 0) {
        *members = zoho_print(&schema->arena, "%s %s", *members, rest);
    } else if (!read_kind(schema, routes, form, word, rest, line)) {
        zoho_wrong(line, "a report has no \"%s\"", word);
    }
}

void zoho_reports_read(struct zoho_routes *routes, struct zoho_schema *schema)
{
    struct zoho_file file = zoho_read(&schema->arena, "zoho_reports.txt");
    struct zoho_report_form **end = &routes->reports;

    for (size_t l = 0; l < file.count;) {
        const struct zoho_line *line = &file.lines[l];
        const char *rest = line->text, *members = "";
        struct zoho_report_form *form = zoho_take(&schema->arena, 1, sizeof *form);
        if (strcmp(zoho_word(&schema->arena, &rest), "report") != 0)
            zoho_wrong(line, "\"report NAME\" should stand here");
        form->name = rest + strspn(rest, " ");
        while (++l < file.count && file.lines[l].indented)
            read_line(schema, routes, form, &members, &file.lines[l]);
        if (*members)
            zoho_shape_read(schema, form->table, members, &form->shape, line);
        *end = form;
        end = &form->next;
    }
}
