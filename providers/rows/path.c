#include "providers/rows/path.h"

#include <string.h>

#include "base/arena.h"

/* The end of the name at text: the next slash outside of brackets. */
static const char *name_end(const char *text, const char *end)
{
    bool inside = false;

    for (; text < end && (inside || *text != '/'); text++)
        inside = *text == '[' || (inside && *text != ']');
    return text;
}

static bool read_conditions(struct arena *arena, const char *text, const char *end, struct path_step *step, const char **wrong)
{
    size_t most = 1;

    for (const char *c = text; c < end; c++)
        most += *c == ',';
    struct path_condition *conditions = arena_array(arena, most, sizeof *conditions);
    if (!conditions)
        return false;
    step->conditions = conditions;
    while (text < end) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        const char *stop = comma ? comma : end;
        const char *equals = memchr(text, '=', (size_t)(stop - text));
        if (!equals || equals == text) {
            *wrong = "a choice has the form member[key=value]";
            return false;
        }
        struct path_condition *made = &conditions[step->condition_count++];
        made->key = arena_copy(arena, text, (size_t)(equals - text));
        made->value = arena_copy(arena, equals + 1, (size_t)(stop - equals - 1));
        if (!made->key || !made->value)
            return false;
        text = comma ? comma + 1 : end;
    }
    return true;
}

static bool read_step(struct arena *arena, const char *text, const char *end, struct path_step *step, const char **wrong)
{
    const char *bracket = memchr(text, '[', (size_t)(end - text));
    const char *name_stop = bracket ? bracket : end;

    *step = (struct path_step){.name = arena_copy(arena, text, (size_t)(name_stop - text))};
    if (!step->name || !bracket)
        return step->name;
    if (name_stop == text || end[-1] != ']' || end - bracket < 3) {
        *wrong = "a choice has the form member[key=value]";
        return false;
    }
    return read_conditions(arena, bracket + 1, end - 1, step, wrong);
}

bool path_read(struct arena *arena, const char *text, size_t length, struct path *path, const char **wrong)
{
    const char *end = text + length;
    size_t most = 1, count = 0;

    *wrong = NULL;
    if (text < end && *text == '/')
        text++;
    for (const char *c = text; c < end; c++)
        most += *c == '/';
    struct path_step *steps = arena_array(arena, most, sizeof *steps);
    if (!steps)
        return false;
    while (text < end) {
        const char *stop = name_end(text, end);
        if (stop == text) {
            *wrong = "a name is missing";
            return false;
        }
        if (!read_step(arena, text, stop, &steps[count++], wrong))
            return false;
        text = stop < end ? stop + 1 : end;
    }
    *path = (struct path){steps, count};
    return true;
}

bool path_step_is_star(const struct path_step *step)
{
    return step->condition_count == 0 && strcmp(step->name, "*") == 0;
}

bool path_step_is_self(const struct path_step *step)
{
    return step->condition_count && strcmp(step->name, ".") == 0;
}

/* Whether a * and a choice of the row itself stand where they mean something. */
static const char *misplaced_step(const struct path *path)
{
    size_t stars = 0;

    for (size_t i = 0; i < path->length; i++) {
        const struct path_step *step = &path->steps[i];
        bool star = path_step_is_star(step);
        if (strcmp(step->name, ".") == 0 && (i > 0 || path->length == 1 || !step->condition_count))
            return "the row itself has the form .[key=value]/member";
        if (strchr(step->name, '*') && !star)
            return "a * stands for whole names only";
        if (star && (i == 0 || i + 1 == path->length || path_step_is_self(&path->steps[i - 1])))
            return "a * stands between the name of an array and that of a member of its elements";
        if (stars && step->condition_count)
            return "behind a * nothing is chosen";
        stars += star;
    }
    return stars > 1 ? "there is more than one *" : NULL;
}

/* "^", or "^2/" of "^2/name"; *text is moved past it. */
static bool read_ancestor(const char **text, const char *end, struct place *place)
{
    const char *at = *text + 1;

    place->kind = at == end ? PLACE_DEPTH : PLACE_ANCESTOR;
    *text = end - at > 2 ? at + 2 : end;
    if (place->up || (at < end && (end - at < 3 || at[0] < '0' || at[0] > '9' || at[1] != '/')))
        return false;
    place->depth = at < end ? (unsigned)(at[0] - '0') : 0;
    return true;
}

bool place_read(struct arena *arena, const char *text, size_t length, struct place *place, const char **wrong)
{
    const char *end = text + length;

    *wrong = NULL;
    *place = (struct place){.kind = PLACE_MEMBER};
    for (; end - text >= 3 && memcmp(text, "../", 3) == 0; text += 3)
        place->up++;
    if (place->up > PATH_LEVELS) {
        *wrong = "it stands too far around its row";
        return false;
    }
    if (end - text == 1 && strchr("@.#", *text)) {
        place->kind = *text == '@' ? PLACE_KEY : *text == '#' ? PLACE_INDEX : PLACE_SELF;
        if (place->kind == PLACE_SELF && place->up)
            *wrong = "what is around a row is no value";
        return !*wrong;
    }
    if (text < end && *text == '^') {
        if (!read_ancestor(&text, end, place)) {
            *wrong = "a row of a tree is told as ^1/name, and ^ is how deep it is";
            return false;
        }
        if (place->kind == PLACE_DEPTH)
            return true;
    }
    if (text == end) {
        *wrong = "a name is missing";
        return false;
    }
    if (!path_read(arena, text, (size_t)(end - text), &place->path, wrong))
        return false;
    *wrong = misplaced_step(&place->path);
    return !*wrong;
}

/* What stands behind two stars; *end is moved to behind the first. */
static bool read_tree(struct arena *arena, const char *text, const char **end, struct row_place *place, const char **wrong)
{
    const char *stars = memmem(text, (size_t)(*end - text), "/**", 3);

    if (!stars)
        return true;
    const char *name = stars + 3;
    if (name == *end || memchr(name, '*', (size_t)(*end - name)) || *name == '/') {
        *wrong = "behind two stars stands the member in which a row has further ones";
        return false;
    }
    bool done = path_read(arena, name, (size_t)(*end - name), &place->below, wrong);
    *end = stars + 2;
    return done;
}

bool row_place_read(struct arena *arena, const char *text, size_t length, struct row_place *place, const char **wrong)
{
    const char *end = text + length;
    size_t most = 1;

    *wrong = NULL;
    for (const char *c = text; c < end; c++)
        most += *c == '*';
    struct path *levels = arena_array(arena, most, sizeof *levels);
    if (!levels)
        return false;
    *place = (struct row_place){.levels = levels};
    if (!read_tree(arena, text, &end, place, wrong))
        return false;
    while (text < end || place->level_count == 0) {
        const char *star = memchr(text, '*', (size_t)(end - text));
        const char *stop = star ? star : end;
        if (star && (stop == text || stop[-1] != '/' || (stop + 1 < end && stop[1] != '/'))) {
            *wrong = "a * stands for whole names only";
            return false;
        }
        size_t path_length = (size_t)(stop - text) - (star ? 1 : 0);
        if (!path_read(arena, text, path_length, &levels[place->level_count++], wrong))
            return false;
        place->many = star != NULL;
        text = star ? star + 1 : end;
    }
    if (place->level_count > PATH_LEVELS) {
        *wrong = "the rows stand too deep";
        return false;
    }
    return true;
}
