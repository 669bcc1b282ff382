#include "providers/script/form.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "providers/script/info.h"
#include "providers/script/outline.h"

enum { MOST_NAMES = 40, LONGEST_NAME = 300, MOST_COLUMNS = 1000, MOST_LISTS = 200 };

/* --- names --- */

/* The end of the name at text: a point or slash outside of brackets. */
static const char *name_end(const char *text, const char *dividers)
{
    while (*text && !strchr(dividers, *text) && *text != '[')
        text++;
    return text;
}

bool form_names(struct arena *arena, const char *text, bool json, struct path *names)
{
    struct path_step *steps = arena_array(arena, MOST_NAMES, sizeof *steps);
    const char *dividers = "/";
    size_t count = 0;

    *names = (struct path){steps, 0};
    if (!steps)
        return false;
    if (*text == '$') {
        dividers = ".";
        text++;
    }
    while (*text && count < MOST_NAMES) {
        text += strspn(text, dividers);
        if (*text == '[') {
            bool quotes = text[1] == '\'' || text[1] == '"';
            const char *close = quotes ? strstr(text + 2, text[1] == '"' ? "\"]" : "']") : strchr(text, ']');
            if (close && quotes)
                close++;
            size_t length = close ? (size_t)(close - text) : strlen(text);
            bool quoted = quotes && length > 3;
            if (quoted && !(steps[count++].name = arena_copy(arena, text + 2, length - 3)))
                return false;
            text += length + (close != NULL);
            continue;
        }
        const char *end = name_end(text, dividers);
        /* "name/@attribute" is "name@attribute" */
        bool joins = *text == '@' && count && !json;
        if (end > text && !(steps[count].name = arena_printf(arena, "%s%.*s", joins ? steps[count - 1].name : "", (int)(end - text), text)))
            return false;
        if (joins)
            steps[count - 1] = steps[count];
        else if (end > text)
            count++;
        text = end;
    }
    names->length = count;
    if (json && dividers[0] == '/' && count && name_equal(steps[0].name, "json")) {
        names->steps++;
        names->length--;
    }
    return true;
}

/* --- records --- */

/* Levels in the making. */
struct levels {
    struct path paths[PATH_LEVELS];
    size_t count, start;             /* start: the name at which the present level begins */
};

static bool close_level(struct levels *levels, const struct path *names, size_t end)
{
    if (levels->count == PATH_LEVELS)
        return false;
    levels->paths[levels->count++] = (struct path){names->steps + levels->start, end - levels->start};
    levels->start = end;
    return true;
}

/* Goes through arrays at a place. */
static bool enter_arrays(const struct outline **at, struct levels *levels, const struct path *names, size_t end, bool *many)
{
    *many = false;
    while (*at && (*at)->seen & OUTLINE_ARRAY) {
        if (!close_level(levels, names, end))
            return false;
        *many = true;
        *at = (*at)->elements;
    }
    return true;
}

/* The first array of objects, from the outside in; its names are added. depth: how far to go. */
static bool find_array(const struct outline *at, size_t depth, struct path_step *steps, size_t *count)
{
    for (const struct outline *member = at->members; member && depth == 0; member = member->next) {
        if (member->seen & OUTLINE_ARRAY && member->elements && member->elements->seen & OUTLINE_OBJECT) {
            steps[(*count)++].name = member->name;
            return true;
        }
    }
    for (const struct outline *member = at->members; member && depth > 0; member = member->next) {
        if (!(member->seen & OUTLINE_OBJECT))
            continue;
        steps[(*count)++].name = member->name;
        if (find_array(member, depth - 1, steps, count))
            return true;
        --*count;
    }
    return false;
}

static bool choose_names(struct arena *arena, const struct outline *outline, struct path *names)
{
    struct path_step *steps = arena_array(arena, MOST_NAMES, sizeof *steps);
    size_t count = 0;

    if (!steps)
        return false;
    bool found = outline->seen & OUTLINE_ARRAY;
    for (size_t depth = 0; depth < 6 && !found; depth++)
        found = find_array(outline, depth, steps, &count);
    *names = (struct path){steps, count};
    return true;
}

bool form_records(struct arena *arena, const struct outline *outline, const struct path *wanted, struct path *names, struct row_place *place, bool *found)
{
    struct levels levels = {0};
    const struct outline *at = outline;
    bool many, fits;

    *found = false;
    if (wanted)
        *names = *wanted;
    else if (!choose_names(arena, outline, names))
        return false;
    fits = enter_arrays(&at, &levels, names, 0, &many);
    for (size_t i = 0; fits && at && i < names->length; i++) {
        at = outline_member(at, names->steps[i].name, strlen(names->steps[i].name));
        fits = at && enter_arrays(&at, &levels, names, i + 1, &many);
    }
    if (!fits || !at)
        return true;
    if (!many && !close_level(&levels, names, names->length))
        return true;
    struct path *kept = arena_array(arena, levels.count, sizeof *kept);
    if (!kept)
        return false;
    memcpy(kept, levels.paths, levels.count * sizeof *kept);
    *place = (struct row_place){.levels = kept, .level_count = levels.count, .many = many};
    *found = true;
    return true;
}

/* --- columns --- */

static bool attribute_of(struct arena *arena, const char *name, struct path *path)
{
    struct path_step *step = arena_alloc(arena, sizeof *step);

    *path = (struct path){step, 1};
    if (step)
        step->name = name;
    return step;
}

/* Where names from the document on lead, seen from a record. */
static bool place_of(struct arena *arena, const struct path *names, const struct row_place *rows, struct place **made)
{
    struct path own, *attribute = NULL;
    size_t at = 0, matched = 0;

    while (matched < rows->level_count) {
        const struct path *level = &rows->levels[matched];
        size_t same = 0;
        /* An attribute of the element itself: "entry@id" is "@id" within it. */
        size_t last = level->length ? strlen(level->steps[level->length - 1].name) : 0;
        if (last && at + level->length == names->length && strncmp(names->steps[names->length - 1].name, level->steps[level->length - 1].name, last) == 0
            && names->steps[names->length - 1].name[last] == '@') {
            if (!attribute_of(arena, names->steps[names->length - 1].name + last, &own))
                return false;
            attribute = &own;
            matched++;
            break;
        }
        while (same < level->length && at + same < names->length && strcmp(level->steps[same].name, names->steps[at + same].name) == 0)
            same++;
        if (same < level->length)
            break;
        at += same;
        matched++;
    }
    struct place *place = arena_alloc(arena, sizeof *place);
    if (!place)
        return false;
    *place = (struct place){.kind = PLACE_MEMBER, .up = (unsigned)(rows->level_count - matched), .path = {names->steps + at, names->length - at}};
    if (attribute)
        place->path = *attribute;
    if (place->path.length == 0)
        place->kind = PLACE_SELF;
    *made = place;
    return true;
}

/* "/json/people#": which one it is, of the elements there, counted from 0. */
static bool number_of(struct arena *arena, const char *text, bool json, const struct row_place *rows, struct place **made)
{
    const char *way = arena_copy(arena, text, strlen(text) - 1);
    struct path names;

    if (!way || !form_names(arena, way, json, &names) || !place_of(arena, &names, rows, made))
        return false;
    **made = (struct place){.kind = PLACE_INDEX, .up = (*made)->up};
    return true;
}

static bool make_place(struct arena *arena, const char *text, const char *name, bool json, const struct row_place *rows, struct place **made)
{
    struct path names;

    if (text && *text == '/' && text[strlen(text) - 1] == '#')
        return number_of(arena, text, json, rows, made);

    if (!text) {
        struct path_step *step = arena_alloc(arena, sizeof *step);
        struct place *place = arena_alloc(arena, sizeof *place);
        if (!step || !place)
            return false;
        step->name = name;
        *place = (struct place){.kind = PLACE_MEMBER, .path = {step, 1}};
        *made = place;
        return true;
    }
    if (!form_names(arena, text, json, &names))
        return false;
    if (strcmp(text, ".") == 0)
        names.length = 0;
    if (*text == '/' || *text == '$')
        return place_of(arena, &names, rows, made);
    struct place *place = arena_alloc(arena, sizeof *place);
    if (!place)
        return false;
    *place = (struct place){.kind = names.length ? PLACE_MEMBER : PLACE_SELF, .path = names};
    *made = place;
    return true;
}

static bool set_rows(struct arena *arena, const struct row_place *place, struct shape *shape)
{
    struct row_place *kept = arena_alloc(arena, sizeof *kept);

    if (!kept)
        return false;
    *kept = *place;
    shape->rows = kept;
    shape->row_count = 1;
    return true;
}

bool form_declared(struct arena *arena, const struct script_table *table, bool json, const struct row_place *place,
                   struct shape *shape, struct error *err)
{
    struct shape_column *columns = arena_array(arena, table->table.column_count + 1, sizeof *columns);

    if (!columns || !set_rows(arena, place, shape))
        return error_memory(err);
    for (size_t i = 0; i < table->table.column_count; i++) {
        const struct script_column *column = &table->columns[i];
        struct place *at;
        columns[i].join = column->joins;
        if (table->table.columns[i].pseudo || (column->path && !*column->path))
            continue;
        if (!make_place(arena, column->path, table->table.columns[i].name, json, place, &at))
            return error_memory(err);
        columns[i].at = at;
        columns[i].at_count = 1;
    }
    shape->table = &table->table;
    shape->columns = columns;
    return true;
}

/* --- discovery --- */

struct discovery {
    struct arena *arena;
    struct column *columns;
    struct shape_column *shapes;
    size_t count;
    bool text;
    bool lists_apart;                /* arrays of objects are no columns */
    struct path_step steps[MOST_NAMES];
    size_t length;
};

static bool is_taken(const struct discovery *discovery, const char *name)
{
    for (size_t i = 0; i < discovery->count; i++)
        if (name_equal(discovery->columns[i].name, name))
            return true;
    return false;
}

/* The steps up to now as a name; before: what comes in front where that name is taken. */
static const char *column_name(struct discovery *discovery, const char *before)
{
    struct buffer name;

    buffer_init(&name, LONGEST_NAME);
    for (size_t i = 0; i < discovery->length; i++)
        buffer_printf(&name, "%s%s", i ? "." : "", discovery->steps[i].name);
    if (discovery->length == 0)
        buffer_append_text(&name, "value");
    const char *made = arena_text(discovery->arena, buffer_text(&name));
    if (made && is_taken(discovery, made))
        made = arena_printf(discovery->arena, "%s.%s", before, made);
    for (int number = 2; made && is_taken(discovery, made); number++)
        made = arena_printf(discovery->arena, "%s_%d", buffer_text(&name), number);
    buffer_clear(&name);
    return made;
}

static bool add_column(struct discovery *discovery, const struct outline *outline, unsigned up, const char *before)
{
    struct path_step *steps = arena_array(discovery->arena, discovery->length + 1, sizeof *steps);
    struct place *place = arena_alloc(discovery->arena, sizeof *place);

    if (discovery->count == MOST_COLUMNS)
        return true;
    const char *name = column_name(discovery, before);
    if (!steps || !place || !name)
        return false;
    memcpy(steps, discovery->steps, discovery->length * sizeof *steps);
    *place = (struct place){.kind = discovery->length ? PLACE_MEMBER : PLACE_SELF, .up = up, .path = {steps, discovery->length}};
    discovery->shapes[discovery->count] = (struct shape_column){.at = place, .at_count = 1};
    discovery->columns[discovery->count++] = (struct column){.name = name, .description = "", .type = outline_type(outline, discovery->text), .nullable = true};
    return true;
}

static bool is_list(const struct outline *outline)
{
    return outline->seen & OUTLINE_ARRAY && outline->elements && outline->elements->seen & OUTLINE_OBJECT;
}

/* Columns of the values of an object, and of the objects in it. except: the member that leads on to the records. */
static bool add_members(struct discovery *discovery, const struct outline *outline, unsigned up, const char *before, const char *except)
{
    for (const struct outline *member = outline->members; member; member = member->next) {
        if ((except && strcmp(member->name, except) == 0) || strpbrk(member->name, "*[]") || discovery->length + 1 == MOST_NAMES)
            continue;
        if (discovery->lists_apart && is_list(member))
            continue;
        discovery->steps[discovery->length++].name = member->name;
        unsigned seen = member->seen & ~(unsigned)OUTLINE_NULL;
        bool done = seen == OUTLINE_OBJECT && member->members ? add_members(discovery, member, up, before, NULL)
                                                              : add_column(discovery, member, up, before);
        discovery->length--;
        if (!done)
            return false;
    }
    return true;
}

static const struct outline *enter(const struct outline *at)
{
    while (at && at->seen & OUTLINE_ARRAY)
        at = at->elements;
    return at;
}

/* The columns of what is around the records, from the outside in, then of the records. */
static bool add_levels(struct discovery *discovery, const struct outline *outline, enum form_model model, const struct row_place *place)
{
    const struct outline *at = enter(outline), *levels[PATH_LEVELS + 1] = {0};

    for (size_t i = 0; i < place->level_count; i++) {
        for (size_t j = 0; at && j < place->levels[i].length; j++)
            at = enter(outline_member(at, place->levels[i].steps[j].name, strlen(place->levels[i].steps[j].name)));
        levels[i] = at;
    }
    for (size_t i = 0; i + 1 < place->level_count && model == FORM_FLATTENED; i++) {
        const struct path *next = &place->levels[i + 1];
        const char *before = place->levels[i].length ? place->levels[i].steps[place->levels[i].length - 1].name : "parent";
        if (levels[i] && !add_members(discovery, levels[i], (unsigned)(place->level_count - 1 - i), before, next->length ? next->steps[0].name : NULL))
            return false;
    }
    const struct path *last = &place->levels[place->level_count - 1];
    const char *before = last->length ? last->steps[last->length - 1].name : "item";
    if (!at)
        return true;
    return at->seen & OUTLINE_OBJECT ? add_members(discovery, at, 0, before, NULL) : add_column(discovery, at, 0, before);
}

/* By which a row of one table finds the one of another that it stands in: the numbers of all elements around it, and its own. */
static bool add_numbers(struct discovery *discovery, const struct row_place *rows)
{
    for (size_t i = 0; i < rows->level_count; i++) {
        const struct path *level = &rows->levels[i];
        struct place *place = arena_alloc(discovery->arena, sizeof *place);
        bool own = i + 1 == rows->level_count;
        const char *name = own ? "_id" : arena_printf(discovery->arena, "%s_id", level->length ? level->steps[level->length - 1].name : "parent");
        for (int number = 2; name && is_taken(discovery, name); number++)
            name = arena_printf(discovery->arena, "%s_id_%d", level->length ? level->steps[level->length - 1].name : "parent", number);
        if (!place || !name)
            return false;
        *place = (struct place){.kind = PLACE_INDEX, .up = (unsigned)(rows->level_count - 1 - i)};
        discovery->shapes[discovery->count] = (struct shape_column){.at = place, .at_count = 1};
        discovery->columns[discovery->count++] = (struct column){.name = name, .description = "", .type = {.kind = TYPE_BIGINT}, .key = 1};
    }
    return true;
}

bool form_discovered(struct arena *arena, const struct outline *outline, const char *name, enum form_model model, bool text,
                     const struct row_place *place, struct table *table, struct shape *shape, struct error *err)
{
    struct discovery discovery = {.arena = arena, .text = text, .lists_apart = model == FORM_RELATIONAL};

    discovery.columns = arena_array(arena, MOST_COLUMNS, sizeof *discovery.columns);
    discovery.shapes = arena_array(arena, MOST_COLUMNS, sizeof *discovery.shapes);
    if (!discovery.columns || !discovery.shapes || !set_rows(arena, place, shape)
        || (model == FORM_RELATIONAL && !add_numbers(&discovery, place)) || !add_levels(&discovery, outline, model, place))
        return error_memory(err);
    *table = (struct table){.name = name, .description = "", .kind = TABLE_VIEW, .columns = discovery.columns, .column_count = discovery.count};
    shape->table = table;
    shape->columns = discovery.shapes;
    return true;
}

/* --- lists --- */

struct lists {
    struct arena *arena;
    struct path *paths;
    size_t count;
    struct path_step steps[MOST_NAMES];
    size_t length;
};

static bool add_lists(struct lists *lists, const struct outline *at)
{
    for (const struct outline *member = at->members; member; member = member->next) {
        if (lists->length == MOST_NAMES || lists->count == MOST_LISTS || strpbrk(member->name, "*[]"))
            continue;
        lists->steps[lists->length++].name = member->name;
        if (is_list(member)) {
            struct path_step *steps = arena_array(lists->arena, lists->length, sizeof *steps);
            if (!steps)
                return false;
            memcpy(steps, lists->steps, lists->length * sizeof *steps);
            lists->paths[lists->count++] = (struct path){steps, lists->length};
        }
        const struct outline *inner = enter(member);
        bool done = !inner || add_lists(lists, inner);
        lists->length--;
        if (!done)
            return false;
    }
    return true;
}

bool form_lists(struct arena *arena, const struct outline *outline, const struct path *names, struct path **result, size_t *count)
{
    struct lists lists = {.arena = arena, .paths = arena_array(arena, MOST_LISTS, sizeof *lists.paths)};
    const struct outline *at = enter(outline);

    if (!lists.paths)
        return false;
    lists.paths[lists.count++] = *names;
    for (; at && lists.length < names->length; lists.length++) {
        lists.steps[lists.length] = names->steps[lists.length];
        at = enter(outline_member(at, names->steps[lists.length].name, strlen(names->steps[lists.length].name)));
    }
    *result = lists.paths;
    bool done = !at || add_lists(&lists, at);
    *count = lists.count;
    return done;
}

bool form_innermost(struct arena *arena, const struct outline *outline, const struct path *names, struct path *innermost)
{
    struct path_step *steps = arena_array(arena, MOST_NAMES, sizeof *steps);
    const struct outline *at = enter(outline);
    size_t count = 0;

    if (!steps)
        return false;
    for (; at && count < names->length; count++) {
        steps[count] = names->steps[count];
        at = enter(outline_member(at, steps[count].name, strlen(steps[count].name)));
    }
    for (bool found = true; found && at && count + 1 < MOST_NAMES;) {
        found = false;
        for (const struct outline *member = at->members; member && !found; member = member->next) {
            found = member->seen & OUTLINE_ARRAY && member->elements && member->elements->seen & OUTLINE_OBJECT;
            if (found) {
                steps[count++].name = member->name;
                at = enter(member);
            }
        }
    }
    *innermost = (struct path){steps, count};
    return true;
}
