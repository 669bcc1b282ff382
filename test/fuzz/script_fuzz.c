/* Whatever the bytes, a script is read or refused and run to an end of its own or another; and whatever an answer is, its outline and the
 * table made of it hold together. Nothing is asked of anybody: the operations are this file's own. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/property.h"
#include "providers/rows/path.h"
#include "providers/script/form.h"
#include "providers/script/info.h"
#include "providers/script/operation.h"
#include "providers/script/outline.h"
#include "providers/script/run.h"
#include "providers/script/world.h"
#include "providers/script/xml.h"

enum { MILLISECONDS = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- a world without anybody in it --- */

bool world_token(const struct script_world *world, struct buffer *out)
{
    (void)world;
    return buffer_append_text(out, "token");
}

/* Every script calls itself. */
bool world_script(const struct script_world *world, const char *name, const struct script **script, struct error *err)
{
    (void)err;
    *script = name[0] == 'S' ? world->context : NULL;
    return true;
}

/* Two outputs with something of the input. */
static bool call(const struct operation *operation, struct calling *calling, struct error *err)
{
    bool more = true, done = true;
    (void)operation;

    for (int i = 0; done && more && i < 2; i++) {
        struct item item;
        item_init(&item, calling->run->bound);
        done = (item_copy(&item, calling->input) && item_set(&item, "http:content", "{\"a\":[1]}") && item_set(&item, "id", i ? "1" : "0"))
               || run_no_room(calling->run, calling->element, err);
        done = done && calling->output(calling, &item, &more, err);
        item_clear(&item);
    }
    return done;
}

const struct operation operations_of_http[] = {{"httpGet", call, 0}, {NULL, NULL, 0}};
const struct operation operations_of_oauth[] = {{"oauthGetAccessToken", call, 0}, {NULL, NULL, 0}};
const struct operation operations_of_records[] = {{"jsonproviderGet", call, 0}, {NULL, NULL, 0}};

static bool push(void *context, const struct item *item, struct error *err)
{
    size_t *pushed = context;
    (void)item;
    return ++*pushed < 10000 || error_set(err, "HY000", "enough");
}

/* --- scripts --- */

static void check(bool done, const struct error *err)
{
    if (done != !err->sqlstate[0] || (!done && !err->message[0]))
        abort();
}

static void run(struct script *script)
{
    struct properties properties = {0};
    struct item connection, input;
    struct cancel cancel;
    struct arena arena = {0};
    struct script_table table;
    struct script_procedure procedure;
    struct error err = {0};
    size_t pushed = 0;

    item_init(&connection, NULL);
    item_init(&input, NULL);
    item_set(&input, "a", "1");
    item_set(&input, "b", "2024-02-29");
    item_set(&connection, "User", "x");
    check(info_table(script, "T", "*=*", &arena, &table, &err), &err);
    check(info_procedure(script, "T", &arena, &procedure, &err), &err);
    const struct script_world world = {.provider = "Script", .properties = &properties, .connection = &connection, .timeout = 1, .context = script};
    cancel_init(&cancel);
    cancel.deadline = clock_milliseconds() + MILLISECONDS;
    const struct run_setup setup = {.world = &world, .script = script, .method = "GET", .input = &input, .sink = {.push = push, .context = &pushed},
                                    .cancel = &cancel};
    check(info_fill_input(script, &input, &err) && script_run(&setup, &err), &err);
    cancel_clear(&cancel);
    arena_clear(&arena);
    item_clear(&connection);
    item_clear(&input);
}

/* --- answers --- */

static void look(const char *body, size_t length, bool texts)
{
    struct arena arena = {0};
    struct outline *outline;
    struct error err = {0};
    struct path names, innermost;
    struct row_place place;
    struct table table;
    struct shape shape = {0};
    bool found;

    bool done = outline_read(body, length, 10, texts, &arena, &outline, &err);
    check(done, &err);
    if (done && form_records(&arena, outline, NULL, &names, &place, &found) && found) {
        check(form_discovered(&arena, outline, "t", FORM_DOCUMENT, texts, &place, &table, &shape, &err), &err);
        if (form_innermost(&arena, outline, &names, &innermost) && form_records(&arena, outline, &innermost, &names, &place, &found) && found)
            check(form_discovered(&arena, outline, "t", FORM_FLATTENED, texts, &place, &table, &shape, &err), &err);
    }
    arena_clear(&arena);
}

static void look_at_xml(const char *body, size_t length)
{
    struct arena arena = {0};
    struct buffer json;
    struct error err = {0};
    struct path records;

    buffer_init(&json, 16 << 20);
    if (form_names(&arena, "/a/b", false, &records)) {
        bool done = xml_to_json(body, length, &records, &json, &err);
        check(done, &err);
        if (done)
            look(buffer_text(&json), json.length, true);
    }
    buffer_clear(&json);
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct script *script;
    struct error err = {0};

    if (size && (text[0] == '{' || text[0] == '[')) {
        look(text, size, false);
    } else if (size > 2 && memcmp(text, "<a", 2) == 0 && text[2] != 'p') {
        look_at_xml(text, size);
    } else {
        bool done = script_read("fuzz.rsb", text, size, &script, &err);
        check(done, &err);
        if (done) {
            run(script);
            script_close(script);
        }
    }
    return 0;
}
