#include "providers/script/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/decimal.h"
#include "base/name.h"
#include "base/property.h"
#include "base/warnings.h"
#include "providers/script/formatter.h"
#include "providers/script/net_moment.h"
#include "providers/script/world.h"

/* --- ends --- */

bool run_no_room(struct run *run, const struct element *element, struct error *err)
{
    if (run->bound->most - run->bound->held > run->bound->most / 4)
        return error_memory(err);
    return script_fault(run->setup->script, element, err, "the items of the script hold more than %d MiB", RUN_MEMORY >> 20);
}

void run_asked(struct run *run)
{
    *run->idle_since = clock_milliseconds();
}

bool run_tick(struct run *run, struct error *err)
{
    long seconds = run->setup->world->timeout;

    if (!cancel_check(run->setup->cancel, err))
        return false;
    if (++run->ticks % 64 != 0 || seconds == 0 || clock_milliseconds() - *run->idle_since <= seconds * 1000)
        return true;
    return error_set(err, "HYT00", "%s: the script went on for %ld s without asking anybody anything (Timeout)", run->setup->script->file, seconds);
}

/* --- items --- */

static struct item *connection_item(struct run *run)
{
    return run->setup->world->connection;
}

static struct item *level_item(struct run *run, const char *number)
{
    struct level *level = run->level;
    char *end;
    long up = *number ? strtol(number, &end, 10) : 1;

    if (*number && (*end || up < 1))
        return NULL;
    while (--up > 0 && level)
        level = level->outer;
    return level ? level->item : NULL;
}

/* Those that a run has by itself. */
static bool special_item(struct run *run, const char *name, struct item **item)
{
    const struct run_setup *setup = run->setup;

    *item = NULL;
    if (name_equal(name, "_"))
        *item = run->level->item;
    else if (name_equal(name, "_input"))
        *item = setup->input;
    else if (name_equal(name, "_query"))
        *item = setup->query;
    else if (name_equal(name, "_connection"))
        *item = connection_item(run);
    else if (name_equal(name, "_httpheaders"))
        *item = &run->headers;
    else if (strncmp(name, "_out", 4) == 0)
        *item = level_item(run, name + 4);
    else if (!name_among("_log _meta _pipe _context _request _response _session _cookies", name))
        return false;
    if (!*item)
        *item = &run->nothing;
    return true;
}

struct item *run_item(struct run *run, const char *name, bool make)
{
    struct item *special;

    if (special_item(run, name, &special))
        return special;
    for (struct named_item *named = run->items; named; named = named->next)
        if (name_equal(named->name, name))
            return &named->item;
    if (!make)
        return NULL;
    struct named_item *made = calloc(1, sizeof *made);
    if (!made || !(made->name = strdup(name))) {
        free(made);
        return NULL;
    }
    item_init(&made->item, run->bound);
    made->next = run->items;
    run->items = made;
    return &made->item;
}

/* Takes "item.attribute" apart: NULL where what stands before the point is no item. */
static struct item *item_before(struct run *run, const char *name, const char **attribute)
{
    const char *point = strchr(name, '.');
    char item[64];
    struct item *found;

    if (!point || (size_t)(point - name) >= sizeof item)
        return NULL;
    memcpy(item, name, (size_t)(point - name));
    item[point - name] = '\0';
    *attribute = point + 1;
    return special_item(run, item, &found) ? found : run_item(run, item, false);
}

/* What the connection knows besides its properties: the token in use. */
static bool connection_value(struct run *run, const char *attribute, struct buffer *out)
{
    return name_equal(attribute, "OAuthAccessToken") && world_token(run->setup->world, out);
}

bool run_value(struct run *run, const char *name, struct buffer *out)
{
    const char *attribute;
    struct item *item = item_before(run, name, &attribute);

    if (item && item == connection_item(run) && connection_value(run, attribute, out))
        return true;
    if (item)
        return item_value(item, attribute, out);
    for (const struct control *control = run->control; control && name[0] == '_'; control = control->outer)
        if (item_value(&control->item, name, out))
            return true;
    for (const struct level *level = run->level; level; level = level->outer)
        if (item_value(level->item, name, out))
            return true;
    return run->setup->input && item_value(run->setup->input, name, out);
}

/* --- values --- */

static bool print_expression(struct run *run, const struct element *element, const struct phrase_part *part, struct buffer *out, bool *null,
                             struct error *err);

static bool print_part(struct run *run, const struct element *element, const struct phrase_part *part, struct buffer *out, bool *null, struct error *err)
{
    *null = false;
    if (!part->literal)
        return print_expression(run, element, part, out, null, err);
    return buffer_append(out, part->literal, part->length) || error_memory(err);
}

bool run_print(struct run *run, const struct element *element, const struct phrase *phrase, struct buffer *out, bool *null, struct error *err)
{
    bool missing = false;

    for (size_t i = 0; i < phrase->count; i++)
        if (!print_part(run, element, &phrase->parts[i], out, &missing, err))
            return false;
    if (null)
        *null = missing && phrase->count == 1;
    return true;
}

/* The texts of one use of a formatter. */
struct applying {
    struct buffer buffers[8];
    const char *arguments[8];
};

static bool apply_call(struct run *run, const struct element *element, const struct phrase_call *call, struct buffer *value, bool *missing,
                       struct error *err)
{
    struct applying applying;
    struct buffer out;
    size_t count = call->argument_count;
    bool done = true;

    for (size_t i = 0; i < count; i++) {
        buffer_init(&applying.buffers[i], FORMATTER_LARGEST);
        done = done && run_print(run, element, &call->arguments[i], &applying.buffers[i], NULL, err);
        applying.arguments[i] = buffer_text(&applying.buffers[i]);
    }
    buffer_init(&out, FORMATTER_LARGEST);
    struct formatting formatting = {.value = buffer_text(value), .missing = *missing, .arguments = applying.arguments, .count = count, .out = &out};
    if (done && !formatter_apply(call->formatter, &formatting, err)) {
        char what[600];
        snprintf(what, sizeof what, "%.590s", err->message);
        done = strcmp(err->sqlstate, "HY001") == 0 ? false : script_fault(run->setup->script, element, err, "%s", what);
    }
    for (size_t i = 0; i < count; i++)
        buffer_clear(&applying.buffers[i]);
    buffer_clear(value);
    *value = out;
    *missing = formatting.null;
    return done;
}

static bool print_expression(struct run *run, const struct element *element, const struct phrase_part *part, struct buffer *out, bool *null,
                             struct error *err)
{
    struct buffer name, value;

    buffer_init(&name, FORMATTER_LARGEST);
    buffer_init(&value, FORMATTER_LARGEST);
    bool done = run_print(run, element, &part->name, &name, NULL, err);
    bool missing = done && !run_value(run, buffer_text(&name), &value);
    for (size_t i = 0; done && i < part->call_count; i++)
        done = apply_call(run, element, &part->calls[i], &value, &missing, err);
    if (done && (value.failed || !buffer_append(out, buffer_text(&value), value.length)))
        done = script_fault(run->setup->script, element, err, "a value is longer than %d MiB", FORMATTER_LARGEST >> 20);
    *null = missing && value.length == 0;
    buffer_clear(&name);
    buffer_clear(&value);
    return done;
}

bool run_print_to(struct run *run, const struct element *element, const struct phrase *phrase, char **value, struct error *err)
{
    struct buffer text;

    buffer_init(&text, FORMATTER_LARGEST);
    bool done = run_print(run, element, phrase, &text, NULL, err) && (buffer_append_char(&text, '\0') || error_memory(err));
    *value = done ? text.data : NULL;
    if (!done)
        buffer_clear(&text);
    return done;
}

bool run_parameter(struct run *run, const struct element *element, const char *name, char **value, struct error *err)
{
    const struct element_parameter *parameter = element_parameter(element, name);

    *value = NULL;
    return !parameter || run_print_to(run, element, &parameter->value, value, err);
}

bool run_required(struct run *run, const struct element *element, const char *name, char **value, struct error *err)
{
    return run_parameter(run, element, name, value, err) && (*value || script_fault(run->setup->script, element, err, "%s is missing", name));
}

bool run_target(struct run *run, const struct element *element, bool make, struct item **item, char **attribute, struct error *err)
{
    char *name;
    const char *rest = NULL;

    *item = NULL;
    if (!run_parameter(run, element, "item", &name, err) || !run_parameter(run, element, "attr", attribute, err)) {
        free(name);
        return false;
    }
    if (name && *name) {
        *item = run_item(run, name, make);
    } else if (*attribute && (*item = item_before(run, *attribute, &rest))) {
        memmove(*attribute, rest, strlen(rest) + 1);
    } else if (make && *attribute && (rest = strchr(*attribute, '.')) && rest > *attribute) {
        char *first = strndup(*attribute, (size_t)(rest - *attribute));
        *item = first ? run_item(run, first, true) : NULL;
        free(first);
        memmove(*attribute, rest + 1, strlen(rest + 1) + 1);
    } else {
        *item = run->level->item;
    }
    free(name);
    if (!make || (*item && *item != connection_item(run)))
        return true;
    free(*attribute);
    *attribute = NULL;
    return *item ? script_fault(run->setup->script, element, err, "the connection's properties can not be set") : run_no_room(run, element, err);
}

bool run_is_true(const char *text)
{
    return name_equal(text, "true") || name_equal(text, "yes") || strcmp(text, "1") == 0;
}

int run_compare(const char *a, const char *b)
{
    struct decimal left, right;
    struct datetime first, second;

    if (decimal_parse(a, strlen(a), &left) && decimal_parse(b, strlen(b), &right))
        return decimal_compare(&left, &right);
    if (strlen(a) >= 8 && strlen(b) >= 8 && net_moment_read(a, NULL, &first) && net_moment_read(b, NULL, &second)) {
        int64_t x = datetime_seconds(&first), y = datetime_seconds(&second);
        return x != y ? (x > y) - (x < y) : (first.nanosecond > second.nanosecond) - (first.nanosecond < second.nanosecond);
    }
    int order = strcmp(a, b);
    return (order > 0) - (order < 0);
}

/* --- elements --- */

/* Whether a nested script is meant by the verb. */
static bool is_meant(const struct run *run, const struct element *element)
{
    const char *methods = element_literal(element, "method"), *method = run->setup->method;

    if (!methods || !*methods || !method)
        return true;
    for (const char *word = methods; *word;) {
        size_t length = strcspn(word, ", ;|");
        bool update = name_equal(method, "MERGE") && (name_equal_length(word, length, "PUT") || name_equal_length(word, length, "PATCH"));
        if (name_equal_length(word, length, method) || update)
            return true;
        word += length + (word[length] != '\0');
    }
    return false;
}

static void ignore(struct run *run, const struct element *element)
{
    char key[300];

    if (!run->setup->warnings)
        return;
    snprintf(key, sizeof key, "keyword %.120s %.120s", run->setup->script->file, element->name);
    warnings_add(run->setup->warnings, key, "01000", "%s:%d:%d: %s is of servers alone and does nothing here", run->setup->script->file,
                 element->place.line, element->place.column, element->name);
}

static enum flow run_include(struct run *run, const struct element *element, struct error *err)
{
    const struct run_setup *setup = run->setup;
    const struct script *script;
    char *file = NULL, *other = NULL;
    enum flow flow = FLOW_FAILED;

    if (run_parameter(run, element, "file", &file, err) && run_parameter(run, element, "doc", &other, err)) {
        const char *name = file ? file : other ? other : "";
        if (!world_script(setup->world, name, &script, err))
            script = NULL;
        else if (!script)
            script_fault(setup->script, element, err, "there is no script %.200s in the folder", name);
        if (script) {
            struct run_setup inner = *setup;
            inner.script = script;
            run->setup = &inner;
            flow = run_block(run, script->root, err);
            run->setup = setup;
        }
    }
    free(file);
    free(other);
    return flow;
}

static enum flow dispatch(struct run *run, const struct element *element, struct error *err)
{
    switch (element->keyword) {
    case KEYWORD_INFO: return FLOW_ON;
    case KEYWORD_SCRIPT: return is_meant(run, element) ? run_block(run, element, err) : FLOW_ON;
    case KEYWORD_SET: return run_set(run, element, err);
    case KEYWORD_SETM: return run_set_many(run, element, err);
    case KEYWORD_UNSET: return run_unset(run, element, err);
    case KEYWORD_MAP: return run_map(run, element, err);
    case KEYWORD_CALL: return run_call(run, element, err);
    case KEYWORD_PUSH: return run_push(run, element, err);
    case KEYWORD_ENUM: return run_enum(run, element, err);
    case KEYWORD_IF: case KEYWORD_EQUALS: case KEYWORD_NOTEQUALS: case KEYWORD_EXISTS: case KEYWORD_NOTEXISTS: case KEYWORD_NULL:
    case KEYWORD_NOTNULL: case KEYWORD_CHECK: case KEYWORD_MATCH: case KEYWORD_FIRST: case KEYWORD_LAST: case KEYWORD_CASE:
        return run_conditional(run, element, err);
    case KEYWORD_SELECT: return run_select(run, element, err);
    case KEYWORD_BREAK: return FLOW_BREAK;
    case KEYWORD_CONTINUE: return FLOW_CONTINUE;
    case KEYWORD_THROW: return run_throw(run, element, err);
    case KEYWORD_VALIDATE: return run_validate(run, element, err);
    case KEYWORD_INCLUDE: return run_include(run, element, err);
    case KEYWORD_SERVER: ignore(run, element); return FLOW_ON;
    case KEYWORD_PLAIN: case KEYWORD_TRY: case KEYWORD_CACHE: case KEYWORD_CATCH: case KEYWORD_FINALLY: case KEYWORD_ELSE: case KEYWORD_DEFAULT:
        return run_block(run, element, err);
    }
    return FLOW_ON;
}

enum flow run_element(struct run *run, const struct element *element, struct error *err)
{
    if (!run_tick(run, err))
        return FLOW_FAILED;
    if (run->depth == RUN_DEPTH) {
        script_fault(run->setup->script, element, err, "the script goes too deep: elements are nested more than %d deep", RUN_DEPTH);
        return FLOW_FAILED;
    }
    run->depth++;
    enum flow flow = dispatch(run, element, err);
    run->depth--;
    return flow;
}

/* --- runs --- */

static void end(struct run *run)
{
    while (run->items) {
        struct named_item *next = run->items->next;
        item_clear(&run->items->item);
        free(run->items->name);
        free(run->items);
        run->items = next;
    }
    item_clear(&run->first);
    item_clear(&run->headers);
    item_clear(&run->nothing);
    free(run->details);
}

bool script_run(const struct run_setup *setup, struct error *err)
{
    struct run run = {.setup = setup};
    struct run *caller = setup->caller;

    run.own_bound.most = RUN_MEMORY;
    run.bound = caller ? caller->bound : &run.own_bound;
    run.own_idle_since = clock_milliseconds();
    run.idle_since = caller ? caller->idle_since : &run.own_idle_since;
    run.depth = caller ? caller->depth : 0;
    run.calls = caller ? caller->calls + 1 : 0;
    run.catches = caller ? caller->catches : 0;
    item_init(&run.first, run.bound);
    item_init(&run.headers, run.bound);
    item_init(&run.nothing, run.bound);
    run.outermost.item = &run.first;
    run.level = &run.outermost;
    if (run.calls > RUN_CALLS)
        return error_set(err, "HY000", "%s: scripts call each other more than %d deep", setup->script->file, RUN_CALLS);
    enum flow flow = run_block(&run, setup->script->root, err);
    if (flow == FLOW_FAILED && caller)
        snprintf(caller->thrown, sizeof caller->thrown, "%s", run.thrown);
    end(&run);
    return flow != FLOW_FAILED;
}
