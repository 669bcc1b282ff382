/* call and push: operations, other scripts, and what comes of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/name.h"
#include "providers/script/info.h"
#include "providers/script/operation.h"
#include "providers/script/run.h"
#include "providers/script/world.h"

/* One element that calls. */
struct call {
    struct calling calling;
    char *op, *in, *out, *ignored;
    struct item input;
    struct item *into;               /* the item that out names; NULL: one of its own */
    bool pushed;                     /* the element is a push */
};

static bool read_call(struct run *run, const struct element *element, struct call *call, struct error *err)
{
    char *item = NULL;

    *call = (struct call){.calling = {.run = run, .element = element, .flow = FLOW_ON}};
    item_init(&call->input, run->bound);
    bool done = run_required(run, element, "op", &call->op, err) && run_parameter(run, element, "in", &call->in, err)
                && run_parameter(run, element, "out", &call->out, err) && run_parameter(run, element, "ignoreprefix", &call->ignored, err);
    if (done && !call->in)
        done = run_parameter(run, element, "input", &call->in, err);
    if (done && !call->out)
        done = run_parameter(run, element, "output", &call->out, err);
    if (done)
        done = run_parameter(run, element, "item", &item, err);
    /* item is the output, and the input where it is there already. */
    if (item && *item && !call->in && run_item(run, item, false))
        call->in = strdup(item);
    if (item && *item && !call->out) {
        call->out = item;
        item = NULL;
    }
    free(item);
    return done;
}

static void clear_call(struct call *call)
{
    free(call->op);
    free(call->in);
    free(call->out);
    free(call->ignored);
    item_clear(&call->input);
}

/* The items of in, of which the first wins; else the default item, over what came from outside where the operation wants that. */
static bool collect_input(struct run *run, const struct element *element, struct call *call, bool from_outside, struct error *err)
{
    bool done = true;

    if (from_outside && run->setup->input)
        done = item_copy(&call->input, run->setup->input);
    if (!call->in || !*call->in)
        return (done && item_copy(&call->input, run->level->item)) || run_no_room(run, element, err);
    for (char *comma; done && *call->in; *comma = '\0') {
        comma = strrchr(call->in, ',');
        char *name = comma ? comma + 1 : call->in;
        name += strspn(name, " \t");
        const struct item *item = run_item(run, name, false);
        done = !item || item_copy(&call->input, item);
        if (!comma)
            break;
    }
    return done || run_no_room(run, element, err);
}

/* --- outputs --- */

/* Takes prefixes that nobody wants off the names: ignoreprefix="http,header" drops the attributes that have them. */
static void drop_prefixes(struct item *item, const char *prefixes)
{
    for (size_t i = item->count; i-- > 0;) {
        const char *name = item->attributes[i].name, *colon = strchr(name, ':');
        if (!colon)
            continue;
        for (const char *word = prefixes; *word;) {
            size_t length = strcspn(word, ", ;");
            if ((size_t)(colon - name) == length && strncasecmp(name, word, length) == 0) {
                item_drop(item, i);
                break;
            }
            word += length + (word[length] != '\0');
        }
    }
}

static bool deliver(struct calling *calling, struct item *output, bool *more, struct error *err)
{
    struct call *call = (struct call *)calling;
    struct run *run = calling->run;
    const struct element *element = calling->element;

    *more = true;
    if (!run_tick(run, err))
        return false;
    if (call->ignored)
        drop_prefixes(output, call->ignored);
    if (call->into) {
        item_clear(call->into);
        if (!item_copy(call->into, output))
            return run_no_room(run, element, err);
        output = call->into;
    }
    if (!element->first && !call->pushed) {
        /* Nobody looks at it here: it is what comes after that does. */
        return call->into || item_copy(run->level->item, output) || run_no_room(run, element, err);
    }
    struct level level = {output, run->level};
    run->level = &level;
    calling->flow = run_block(run, element, err);
    run->level = level.outer;
    if (calling->flow == FLOW_BREAK)
        *more = false;
    if (calling->flow == FLOW_FAILED)
        return false;
    return !call->pushed || calling->flow != FLOW_ON || run->setup->sink.push(run->setup->sink.context, output, err);
}

/* --- other scripts --- */

struct callee {
    struct calling *calling;
    bool over;
};

static bool deliver_pushed(void *context, const struct item *item, struct error *err)
{
    struct callee *callee = context;
    struct item copy;
    bool more = true;

    if (callee->over)
        return true;
    item_init(&copy, callee->calling->run->bound);
    bool done = item_copy(&copy, item) ? callee->calling->output(callee->calling, &copy, &more, err)
                                       : run_no_room(callee->calling->run, callee->calling->element, err);
    callee->over = !more;
    item_clear(&copy);
    return done;
}

static bool call_script(struct run *run, struct call *call, const struct script *script, struct error *err)
{
    struct callee callee = {.calling = &call->calling};
    struct run_setup setup = {
        .world = run->setup->world, .script = script, .input = &call->input, .sink = {.push = deliver_pushed, .context = &callee},
        .cancel = run->setup->cancel, .warnings = run->setup->warnings, .caller = run,
        .method = run->setup->method, .looks = run->setup->looks,
    };
    return info_fill_input(script, &call->input, err) && script_run(&setup, err);
}

/* --- the keywords --- */

static bool perform(struct run *run, const struct element *element, struct call *call, struct error *err)
{
    const struct operation *operation = operation_find(call->op);
    const struct script *script = NULL;
    bool oauth = operation && name_among("oauthGetAccessToken oauthGetUserAuthorizationURL utiladoCloudOAuth", operation->name);

    if (!operation && !world_script(run->setup->world, call->op, &script, err))
        return false;
    if (!operation && !script)
        return script_fault(run->setup->script, element, err, "there is no operation and no script %.100s", call->op);
    if (!collect_input(run, element, call, oauth, err))
        return false;
    if (call->out && *call->out && !(call->into = run_item(run, call->out, true)))
        return run_no_room(run, element, err);
    call->calling.input = &call->input;
    call->calling.output = deliver;
    call->calling.pushes = call->pushed && !element->first && !call->into && !run->catches;
    if (operation && run->setup->looks && !(call->calling.pushes && run->setup->sink.records && operation_puts_off(operation)))
        return error_set(err, "HYC00", "%s would ask", operation->name);
    return operation ? operation->call(operation, &call->calling, err) : call_script(run, call, script, err);
}

/* Which element it was where nothing tells it yet. */
static void name_place(struct run *run, const struct element *element, const struct call *call, struct error *err)
{
    char state[6];
    char what[700];
    int native = err->native;

    if (strncmp(err->message, run->setup->script->file, strlen(run->setup->script->file)) == 0 || strcmp(err->sqlstate, "HY008") == 0
        || strcmp(err->sqlstate, "HY001") == 0)
        return;
    memcpy(state, err->sqlstate, sizeof state);
    snprintf(what, sizeof what, "%.690s", err->message);
    script_fault(run->setup->script, element, err, "%.60s: %s", call->op, what);
    memcpy(err->sqlstate, state, sizeof state);
    err->native = native;
}

static enum flow call_or_push(struct run *run, const struct element *element, bool pushes, struct error *err)
{
    struct call call;
    bool catches = false;

    for (const struct element *child = element->first; child; child = child->next)
        catches = catches || child->keyword == KEYWORD_CATCH || child->keyword == KEYWORD_FINALLY;
    run->catches += catches;
    bool done = read_call(run, element, &call, err);
    call.pushed = pushes;
    done = done && perform(run, element, &call, err);
    if (!done && call.op)
        name_place(run, element, &call, err);
    clear_call(&call);
    run->catches -= catches;
    if (done)
        return FLOW_ON;
    return catches ? run_caught(run, element, FLOW_FAILED, err) : FLOW_FAILED;
}

enum flow run_call(struct run *run, const struct element *element, struct error *err)
{
    return call_or_push(run, element, false, err);
}

enum flow run_push(struct run *run, const struct element *element, struct error *err)
{
    char *name;

    if (element_parameter(element, "op"))
        return call_or_push(run, element, true, err);
    if (!run_parameter(run, element, "item", &name, err))
        return FLOW_FAILED;
    const struct item *item = name && *name ? run_item(run, name, false) : run->level->item;
    static const struct item nothing;
    bool done = run->setup->sink.push(run->setup->sink.context, item ? item : &nothing, err);
    free(name);
    return done ? FLOW_ON : FLOW_FAILED;
}
