/* Reads a definition: the provider's own elements, then its tables and procedures, and what it includes. */
#include "providers/definition/definition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "providers/definition/document.h"
#include "providers/definition/reading.h"
#include "providers/definition/shelf.h"
#include "providers/definition/text.h"

/* The provider's own elements. */

/* Whether an element counts for the connection's schema. */
static bool is_of_schema(struct reading *reading, xmlNode *node)
{
    const char *schema = attribute(reading, node, "schema");
    return !schema || name_equal(schema, reading->definition->schema ? reading->definition->schema : "");
}

/* Of several the first that is of the connection's schema counts. */
static bool read_oauth(struct reading *reading, xmlNode *node)
{
    struct definition *definition = reading->definition;
    const char *client = attribute_or(reading, node, "client", "header"), *answer = attribute_or(reading, node, "answer", "json");

    if (definition->has_oauth || !is_of_schema(reading, node))
        return true;
    definition->has_oauth = true;
    definition->oauth_line = line_of(node);
    definition->oauth = (struct oauth_profile){
        .provider = definition->name,
        .schema = definition->schema,
        .client_id = attribute(reading, node, "client-id"),
        .client_secret = attribute(reading, node, "client-secret"),
        .schemes = attribute_or(reading, node, "schemes", "OAuth"),
        .versions = attribute(reading, node, "versions"),
        .grants = attribute(reading, node, "grants"),
        .default_scope = attribute(reading, node, "scope"),
        .scope_separator = attribute_or(reading, node, "scope-separator", " "),
        .client_in_body = strcmp(client, "body") == 0,
        .form_answers = strcmp(answer, "form") == 0,
        .pkce = attribute_flag(reading, node, "pkce", true),
        .bearer_on_refresh = attribute_flag(reading, node, "bearer-on-refresh", false),
        .token_word = attribute(reading, node, "token-word"),
        .home = attribute(reading, node, "home"),
        .homes = attribute(reading, node, "homes"),
        .sign_method = attribute(reading, node, "sign"),
        .authorize_params = attribute(reading, node, "parameters"),
    };
    return attribute_template(reading, node, "issuer", &definition->issuer)
           && attribute_template(reading, node, "request-token", &definition->request_token)
           && attribute_template(reading, node, "authorize", &definition->authorize)
           && attribute_template(reading, node, "token", &definition->token)
           && attribute_template(reading, node, "refresh", &definition->refresh)
           && attribute_template(reading, node, "device", &definition->device)
           && attribute_template(reading, node, "revoke", &definition->revoke);
}

static bool read_case(struct reading *reading, xmlNode *node, struct definition_case *choice)
{
    *choice = (struct definition_case){attribute_or(reading, node, "property", ""), attribute_or(reading, node, "is", ""),
                                       attribute_or(reading, node, "value", "")};
    return true;
}

static bool read_variable(struct reading *reading, xmlNode *node, struct definition_variable *variable)
{
    size_t case_count = count_elements(node, "when");
    struct definition_case *cases = arena_array(reading->arena, case_count, sizeof *cases);

    if (!cases)
        return reading_memory(reading);
    *variable = (struct definition_variable){
        .name = attribute_or(reading, node, "name", ""),
        .property = attribute(reading, node, "property"),
        .cases = cases,
        .token = attribute(reading, node, "token"),
        .table = attribute(reading, node, "table"),
        .column = attribute(reading, node, "column"),
        .where = attribute(reading, node, "where"),
        .prefer = attribute(reading, node, "prefer"),
        .only = attribute_flag(reading, node, "only", false),
        .label = attribute(reading, node, "label"),
        .description = attribute_or(reading, node, "description", ""),
        .line = line_of(node),
    };
    for (xmlNode *child = node->children; child; child = child->next)
        if (is_element(child, "when") && !read_case(reading, child, &cases[variable->case_count++]))
            return false;
    return attribute_template(reading, node, "is", &variable->is) && attribute_template(reading, node, "standard", &variable->standard);
}

static enum paging_kind read_kind(const char *word)
{
    static const char *const kinds[] = {[PAGING_NUMBER] = "number", [PAGING_OFFSET] = "offset", [PAGING_LINK] = "link",
                                        [PAGING_NEXT] = "next", [PAGING_TOKEN] = "token"};
    for (size_t i = PAGING_NUMBER; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i], word) == 0)
            return (enum paging_kind)i;
    return PAGING_NUMBER;
}

/* "15 30 50 100" */
static bool read_sizes(struct reading *reading, xmlNode *node, struct definition_paging *paging)
{
    const char *words = attribute_or(reading, node, "sizes", "");
    int64_t *sizes = arena_array(reading->arena, text_word_count(words), sizeof *sizes);

    if (!sizes)
        return reading_memory(reading);
    paging->sizes = sizes;
    for (size_t length; (words = text_word(words, &length)); words += length)
        sizes[paging->size_count++] = strtoll(words, NULL, 10);
    if (paging->size_count)
        paging->largest = sizes[paging->size_count - 1];
    return true;
}

static bool read_paging(struct reading *reading, xmlNode *node, struct definition_paging *paging)
{
    enum paging_kind kind = read_kind(attribute_or(reading, node, "kind", "number"));
    const char *end = attribute(reading, node, "end");

    *paging = (struct definition_paging){
        .name = attribute_or(reading, node, "name", ""),
        .kind = kind,
        .parameter = attribute(reading, node, "parameter"),
        .first = attribute_number(reading, node, "first", kind == PAGING_NUMBER ? 1 : 0),
        .size = attribute(reading, node, "size"),
        .largest = attribute_number(reading, node, "largest", 0),
        .total_header = attribute(reading, node, "total-header"),
        .ahead = attribute(reading, node, "ahead"),
        .repeats = attribute(reading, node, "repeats") != NULL,
        .line = line_of(node),
    };
    if (!read_sizes(reading, node, paging))
        return false;
    if (!attribute_paths(reading, node, "more", &paging->more, &paging->more_count)
        || !attribute_paths(reading, node, "next", &paging->next, &paging->next_count)
        || !attribute_paths(reading, node, "total", &paging->total, &paging->total_count))
        return false;
    paging->end = !end ? (paging->more_count ? END_MORE : END_SHORT) : strcmp(end, "empty") == 0 ? END_EMPTY : END_SHORT;
    if ((kind == PAGING_NUMBER || kind == PAGING_OFFSET || kind == PAGING_TOKEN) && !paging->parameter)
        return reading_fault(reading, node, "this kind of paging needs a parameter");
    if ((kind == PAGING_NEXT || kind == PAGING_TOKEN) && paging->next_count == 0)
        return reading_fault(reading, node, "this kind of paging needs the place of the next page");
    if ((paging->ahead || paging->size_count) && (kind != PAGING_LINK || !paging->ahead || !paging->size_count))
        return reading_fault(reading, node, "pages that links lead to can be asked for ahead where both ahead and sizes are told");
    if (paging->repeats && kind != PAGING_NUMBER)
        return reading_fault(reading, node, "only pages that are asked for by their number can repeat themselves");
    if (paging->size && !paging->largest)
        return reading_fault(reading, node, "who sends the size of a page must know the largest");
    if (paging->end == END_SHORT && !paging->largest && (kind == PAGING_NUMBER || kind == PAGING_OFFSET))
        return reading_fault(reading, node, "the last page can only be known by being short where its largest size is told");
    return true;
}

static bool read_empty(struct reading *reading, xmlNode *node)
{
    const char *type = attribute_or(reading, node, "type", ""), *value = attribute_or(reading, node, "value", "");
    size_t at = reading->empty_count++;
    struct error err = {0};

    if (!type_parse(type, &reading->empty_types[at]))
        return reading_fault(reading, node, "there is no type \"%s\"", type);
    if (!value_from_text(&reading->empty_types[at], value, strlen(value), reading->arena, &reading->empty_values[at], &err))
        return reading_fault(reading, node, "%s", err.message);
    return true;
}

static bool read_failure(struct reading *reading, xmlNode *node, struct definition_failure *failure)
{
    const char *again = attribute(reading, node, "again");

    failure->status = (int)attribute_number(reading, node, "status", 0);
    failure->codes = attribute(reading, node, "of");
    failure->final = again != NULL;
    failure->wait = (int)attribute_number(reading, node, "wait", -1);
    if (failure->status || failure->codes) {
        failure->sqlstate = attribute_or(reading, node, "sqlstate", "HY000");
        failure->message = attribute_or(reading, node, "text", "");
        return true;
    }
    failure->header = attribute(reading, node, "header");
    failure->fine = attribute(reading, node, "fine");
    return attribute_path(reading, node, "code", &failure->code_at) && attribute_path(reading, node, "message", &failure->message_at);
}

/* Those whose fault is the whole definition's. */
static bool read_provider(struct reading *reading, xmlNode *root)
{
    struct definition *definition = reading->definition;
    struct arena *arena = reading->arena;

    definition->title = attribute_or(reading, root, "title", "");
    definition->check = attribute(reading, root, "check");

    struct definition_variable *variables = arena_array(arena, count_elements(root, "variable"), sizeof *variables);
    struct definition_header *headers = arena_array(arena, count_elements(root, "header"), sizeof *headers);
    struct definition_paging *pagings = arena_array(arena, count_elements(root, "paging"), sizeof *pagings);
    struct definition_failure *failures = arena_array(arena, count_elements(root, "failure"), sizeof *failures);
    reading->empty_values = arena_array(arena, count_elements(root, "empty"), sizeof *reading->empty_values);
    reading->empty_types = arena_array(arena, count_elements(root, "empty"), sizeof *reading->empty_types);
    if (!variables || !headers || !pagings || !failures || !reading->empty_values || !reading->empty_types)
        return reading_memory(reading);
    definition->line = line_of(root);
    definition->variables = variables;
    definition->headers = headers;
    definition->pagings = pagings;
    definition->failures = failures;

    for (xmlNode *node = root->children; node; node = node->next)
        if (is_element(node, "variable") && !read_variable(reading, node, &variables[definition->variable_count++]))
            return false;
    if (!attribute_template(reading, root, "url", &definition->url) || !attribute_template(reading, root, "prefix", &definition->prefix))
        return false;
    for (xmlNode *node = root->children; node; node = node->next) {
        if (is_element(node, "oauth") && !read_oauth(reading, node))
            return false;
        if (is_element(node, "limit") && is_of_schema(reading, node)) {
            definition->limit_requests = attribute_number(reading, node, "requests", 0);
            definition->limit_seconds = attribute_number(reading, node, "seconds", 0);
            definition->limit_concurrent = attribute_number(reading, node, "concurrent", 0);
            definition->limit_reset = attribute(reading, node, "reset");
        }
        if (is_element(node, "header")) {
            struct definition_header *header = &headers[definition->header_count++];
            header->name = attribute_or(reading, node, "name", "");
            if (!attribute_template(reading, node, "value", &header->value))
                return false;
        }
        if (is_element(node, "paging") && !read_paging(reading, node, &pagings[definition->paging_count++]))
            return false;
        if (is_element(node, "empty") && !read_empty(reading, node))
            return false;
        if (is_element(node, "failure") && !read_failure(reading, node, &failures[definition->failure_count++]))
            return false;
    }
    return true;
}

/* Tables and procedures. */

/* A fault in a table makes that one unusable. */
static bool take_table(struct reading *reading, xmlNode *node, const char *fault)
{
    struct definition *definition = reading->definition;
    struct definition_table *table = arena_alloc(reading->arena, sizeof *table);

    if (!table)
        return reading_memory(reading);
    definition->tables[definition->table_count++] = table;
    if (!fault && read_table(reading, node, table))
        return true;
    if (!fault && strcmp(reading->err->sqlstate, "HY001") == 0)
        return false;
    if (fault)
        error_set(reading->err, "HY000", "%s", fault);
    definition_tell(definition, reading->err);
    const char *why = fault ? fault : arena_text(reading->arena, reading->err->message);
    *table = (struct definition_table){
        .table = {.name = attribute_or(reading, node, "name", ""), .description = "", .definition = table, .fault = why},
        .file = reading->file, .line = line_of(node),
    };
    *reading->err = (struct error){0};
    return why || reading_memory(reading);
}

static bool take_procedure(struct reading *reading, xmlNode *node)
{
    struct definition *definition = reading->definition;
    struct definition_procedure *procedure = arena_alloc(reading->arena, sizeof *procedure);

    if (!procedure)
        return reading_memory(reading);
    if (!read_procedure(reading, node, procedure))
        return definition_condemn(definition, reading->err);
    definition->procedures[definition->procedure_count++] = procedure;
    return true;
}

/* Faults that the grammar has found outside of tables. */
static bool condemn_by_grammar(struct reading *reading, const struct document *document)
{
    const char *fault = document_root_fault(document);
    bool readable = document_is_readable(document);

    for (xmlNode *node = document_root(document)->children; node; node = node->next) {
        const char *own = readable && is_element(node, "table") ? NULL : document_fault(document, node);
        if (own && (error_set(reading->err, "HY000", "%s", own), !definition_condemn(reading->definition, reading->err)))
            return false;
    }
    if (!fault)
        return true;
    error_set(reading->err, "HY000", "%s", fault);
    return definition_condemn(reading->definition, reading->err);
}

/* Makes room for what a file brings. */
static bool make_room(struct reading *reading, xmlNode *root)
{
    struct definition *definition = reading->definition;
    struct definition_table **tables = arena_array(reading->arena, definition->table_count + count_elements(root, "table"), sizeof *tables);
    struct definition_procedure **procedures =
        arena_array(reading->arena, definition->procedure_count + count_elements(root, "procedure"), sizeof *procedures);

    if (!tables || !procedures)
        return reading_memory(reading);
    if (definition->table_count)
        memcpy(tables, definition->tables, definition->table_count * sizeof *tables);
    if (definition->procedure_count)
        memcpy(procedures, definition->procedures, definition->procedure_count * sizeof *procedures);
    definition->tables = tables;
    definition->procedures = procedures;
    return true;
}

static bool read_groups(struct reading *reading, xmlNode *root)
{
    for (xmlNode *node = root->children; node; node = node->next) {
        if (!is_element(node, "columns"))
            continue;
        struct column_group *group = arena_alloc(reading->arena, sizeof *group);
        if (!group)
            return reading_memory(reading);
        *group = (struct column_group){attribute_or(reading, node, "name", ""), node, reading->file, reading->groups};
        reading->groups = group;
    }
    return true;
}

static bool read_content(struct reading *reading, struct document *document)
{
    xmlNode *root = document_root(document);

    if (!condemn_by_grammar(reading, document) || !make_room(reading, root) || !read_groups(reading, root))
        return false;
    for (xmlNode *node = root->children; node; node = node->next) {
        if (is_element(node, "table") && !take_table(reading, node, document_fault(document, node)))
            return false;
        if (is_element(node, "procedure") && !document_fault(document, node) && !take_procedure(reading, node))
            return false;
    }
    return true;
}

static bool include(struct reading *reading, xmlNode *node, struct grammar *grammar)
{
    const char *file = attribute_or(reading, node, "file", ""), *outer = reading->file;
    const char *slash = strrchr(reading->definition->file, '/');
    int folder = slash ? (int)(slash - reading->definition->file) + 1 : 0;
    const char *path = arena_printf(reading->arena, "%.*s%s", folder, reading->definition->file, file);
    struct document *document;

    if (!path || !shelf_note(reading->definition, path))
        return reading_memory(reading);
    if (access(path, R_OK) != 0)
        return reading_fault(reading, node, "the included file %s can not be read: %s", path, strerror(errno));
    if (!document_open(path, grammar, "tables", reading->arena, &document, reading->err))
        return false;
    reading->file = path;
    const struct column_group *groups = reading->groups;
    reading->shared = document_root(document);
    reading->paging = attribute(reading, reading->shared, "paging");
    reading->scope = attribute(reading, reading->shared, "scope");
    reading->url = (struct template){0};
    bool done = attribute_template(reading, reading->shared, "url", &reading->url) && read_content(reading, document);
    document_close(document);
    reading->file = outer;
    reading->groups = groups;
    reading->shared = NULL;
    reading->paging = reading->scope = NULL;
    reading->url = (struct template){0};
    return done;
}

/* The names of the schemas among the included files. */
static bool list_schemas(struct reading *reading, xmlNode *root)
{
    struct definition *definition = reading->definition;
    const char **names = arena_array(reading->arena, count_elements(root, "include"), sizeof *names);

    if (!names)
        return reading_memory(reading);
    definition->schemas = names;
    for (xmlNode *node = root->children; node; node = node->next) {
        const char *name = is_element(node, "include") ? attribute(reading, node, "schema") : NULL;
        bool known = !name;
        for (size_t i = 0; i < definition->schema_count && !known; i++)
            known = name_equal(names[i], name);
        if (!known)
            names[definition->schema_count++] = name;
    }
    return true;
}

/* The one wanted, or the first, is the connection's. */
static bool choose_schema(struct reading *reading, const char *wanted)
{
    struct definition *definition = reading->definition;
    struct buffer names;

    definition->schema = definition->schema_count ? definition->schemas[0] : NULL;
    if (!wanted || !wanted[0])
        return true;
    for (size_t i = 0; i < definition->schema_count; i++)
        if (name_equal(definition->schemas[i], wanted)) {
            definition->schema = definition->schemas[i];
            return true;
        }
    buffer_init(&names, 400);
    for (size_t i = 0; i < definition->schema_count; i++)
        buffer_printf(&names, "%s%s", i ? ", " : "", definition->schemas[i]);
    error_set(reading->err, "HY000", definition->schema_count ? "Schema can not be \"%.60s\"; %s has: %s"
              : "Schema is \"%.60s\", but %s has no schemas%s", wanted, definition->name, buffer_text(&names));
    buffer_clear(&names);
    return false;
}

static bool read_all(struct reading *reading, struct document *document, struct grammar *grammar, const char *schema)
{
    struct definition *definition = reading->definition;
    xmlNode *root = document_root(document);

    if (!document_is_readable(document))
        return condemn_by_grammar(reading, document);
    definition->name = attribute_or(reading, root, "name", "");
    if (!list_schemas(reading, root) || !choose_schema(reading, schema) || !read_provider(reading, root) || !read_content(reading, document))
        return false;
    for (xmlNode *node = root->children; node; node = node->next) {
        if (!is_element(node, "include"))
            continue;
        if (is_of_schema(reading, node) && !include(reading, node, grammar) && !definition_condemn(definition, reading->err))
            return false;
    }
    return true;
}

/* False also when a fault is the whole definition's, which is in fatal then. */
static bool read_file(struct definition *definition, const char *grammar_file, const char *schema, struct error *err)
{
    struct reading reading = {.definition = definition, .arena = &definition->arena, .file = definition->file, .err = err};
    struct grammar *grammar;
    struct document *document;

    if (!shelf_note(definition, grammar_file) || !shelf_note(definition, definition->file))
        return error_memory(err);
    if (!grammar_open(grammar_file, &grammar, err))
        return false;
    bool done = document_open(definition->file, grammar, "provider", &definition->arena, &document, err);
    if (done) {
        done = read_all(&reading, document, grammar, schema);
        document_close(document);
    }
    grammar_close(grammar);
    return done && reading.out_of_memory ? error_memory(err) : done;
}

void definition_tell(const struct definition *definition, const struct error *err)
{
    if (definition->report)
        definition->report(definition->report_context, err->message);
}

bool definition_condemn(struct definition *definition, struct error *err)
{
    if (strcmp(err->sqlstate, "HY001") == 0)
        return false;
    definition_tell(definition, err);
    if (!definition->fatal.sqlstate[0])
        definition->fatal = *err;
    *err = (struct error){0};
    return true;
}

bool definition_inspect(const char *file, const char *grammar, const char *schema, definition_report *report, void *context,
                        struct definition **definition, struct error *err)
{
    struct definition *made = calloc(1, sizeof *made);

    if (!made || !(made->file = arena_text(&made->arena, file))) {
        definition_close(made);
        return error_memory(err);
    }
    made->report = report;
    made->report_context = context;
    bool done = read_file(made, grammar, schema, err) || (definition_condemn(made, err), false);
    done = done && made->name && definition_check(made, err);
    if (!done && made->fatal.sqlstate[0])
        *err = made->fatal;
    if (!done) {
        definition_close(made);
        return false;
    }
    *definition = made;
    return true;
}

bool definition_open(const char *file, const char *grammar, const char *schema, struct definition **definition, struct error *err)
{
    return definition_inspect(file, grammar, schema, NULL, NULL, definition, err);
}

void definition_close(struct definition *definition)
{
    if (!definition)
        return;
    arena_clear(&definition->arena);
    free(definition);
}
