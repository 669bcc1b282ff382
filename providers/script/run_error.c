/* What is thrown and caught: throw, validate, catch, finally; and how the elements of a block are run with these in mind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "providers/script/formatter.h"
#include "providers/script/run.h"

/* What the script can not catch: it is not about what it did. */
static bool is_final(const struct error *err)
{
    return strcmp(err->sqlstate, "HY008") == 0 || strcmp(err->sqlstate, "HYT00") == 0 || strcmp(err->sqlstate, "HY001") == 0;
}

static bool throw(struct run *run, const struct element *element, const char *code, const char *description, char *details, struct error *err)
{
    snprintf(run->thrown, sizeof run->thrown, "%s", code);
    free(run->details);
    run->details = details;
    return script_fault(run->setup->script, element, err, "%.150s: %.500s", code, description);
}

enum flow run_throw(struct run *run, const struct element *element, struct error *err)
{
    char *code, *description = NULL, *other = NULL, *details = NULL;

    if (run_required(run, element, "code", &code, err) && run_parameter(run, element, "desc", &description, err)
        && run_parameter(run, element, "description", &other, err) && run_parameter(run, element, "details", &details, err)) {
        throw(run, element, code, description ? description : other ? other : "the script has thrown it", details, err);
        details = NULL;
    }
    free(code);
    free(description);
    free(other);
    free(details);
    return FLOW_FAILED;
}

enum flow run_validate(struct run *run, const struct element *element, struct error *err)
{
    char *code = NULL, *description = NULL, *other = NULL, *attribute;
    struct buffer value;
    struct item *item;

    if (!run_target(run, element, false, &item, &attribute, err))
        return FLOW_FAILED;
    buffer_init(&value, FORMATTER_LARGEST);
    bool valid = item && attribute && item_value(item, attribute, &value) && value.length;
    bool done = true;
    if (!valid) {
        done = run_parameter(run, element, "code", &code, err) && run_parameter(run, element, "desc", &description, err)
               && run_parameter(run, element, "description", &other, err);
        char what[200];
        snprintf(what, sizeof what, "%.100s is required", attribute ? attribute : "a value");
        if (done)
            done = throw(run, element, code ? code : "api:validate", description ? description : other ? other : what, NULL, err);
    }
    buffer_clear(&value);
    free(attribute);
    free(code);
    free(description);
    free(other);
    return done ? FLOW_ON : FLOW_FAILED;
}

static const struct element *find_catch(struct run *run, const struct element *element, const char *code)
{
    for (const struct element *child = element->first; child; child = child->next) {
        const char *wanted = child->keyword == KEYWORD_CATCH ? element_literal(child, "code") : NULL;
        if (child->keyword == KEYWORD_CATCH && (!wanted || !*wanted || strcmp(wanted, "*") == 0 || name_equal(wanted, code)))
            return child;
    }
    (void)run;
    return NULL;
}

static bool has(const struct element *element, enum keyword keyword)
{
    for (const struct element *child = element->first; child; child = child->next)
        if (child->keyword == keyword)
            return true;
    return false;
}

static enum flow handle(struct run *run, const struct element *catch, struct error *err)
{
    struct control control = {.outer = run->control};
    const char *code = run->thrown[0] ? run->thrown : err->sqlstate;

    item_init(&control.item, run->bound);
    bool done = item_set(&control.item, "_code", code) && item_set(&control.item, "_desc", err->message)
                && item_set(&control.item, "_description", err->message) && item_set(&control.item, "_details", run->details ? run->details : "");
    enum flow flow = FLOW_FAILED;
    if (done) {
        *err = (struct error){0};
        run->thrown[0] = '\0';
        run->control = &control;
        flow = run_block(run, catch, err);
        run->control = control.outer;
    } else {
        run_no_room(run, catch, err);
    }
    item_clear(&control.item);
    return flow;
}

static enum flow run_children(struct run *run, const struct element *element, struct error *err)
{
    enum flow flow = FLOW_ON;

    for (const struct element *child = element->first; child && flow == FLOW_ON; child = child->next)
        if (child->keyword != KEYWORD_CATCH && child->keyword != KEYWORD_FINALLY && child->keyword != KEYWORD_ELSE)
            flow = run_element(run, child, err);
    return flow;
}

static enum flow finish(struct run *run, const struct element *element, enum flow flow, struct error *err)
{
    struct error kept = *err;

    for (const struct element *child = element->first; child; child = child->next) {
        if (child->keyword != KEYWORD_FINALLY || (flow == FLOW_FAILED && is_final(&kept)))
            continue;
        enum flow last = run_block(run, child, err);
        if (last == FLOW_FAILED)
            return last;
        *err = kept;
    }
    return flow;
}

/* What an element has done so far may be caught by it. */
enum flow run_caught(struct run *run, const struct element *element, enum flow flow, struct error *err)
{
    if (flow == FLOW_FAILED && !is_final(err)) {
        const struct element *catch = find_catch(run, element, run->thrown[0] ? run->thrown : err->sqlstate);
        if (catch)
            flow = handle(run, catch, err);
    }
    return has(element, KEYWORD_FINALLY) ? finish(run, element, flow, err) : flow;
}

enum flow run_block(struct run *run, const struct element *element, struct error *err)
{
    bool catches = has(element, KEYWORD_CATCH) || has(element, KEYWORD_FINALLY);

    run->catches += catches;
    enum flow flow = run_children(run, element, err);
    run->catches -= catches;
    return catches ? run_caught(run, element, flow, err) : flow;
}
