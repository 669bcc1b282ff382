#include "engine/filter.h"

#include <math.h>
#include <string.h>

#include "base/datetime.h"
#include "base/decimal.h"
#include "base/error.h"
#include "engine/cell.h"
#include "engine/narrow.h"

/* The comparison with a value above or below everything the column can hold. */
static enum filter_fit beyond(enum filter_op op, bool above)
{
    switch (op) {
    case FILTER_NOT_EQUAL:
        return FILTER_FITS_ALL;
    case FILTER_LESS:
    case FILTER_LESS_EQUAL:
        return above ? FILTER_FITS_ALL : FILTER_FITS_NONE;
    case FILTER_GREATER:
    case FILTER_GREATER_EQUAL:
        return above ? FILTER_FITS_NONE : FILTER_FITS_ALL;
    default:
        return FILTER_FITS_NONE;
    }
}

/* A whole-number column against a real number: the bound moves to the whole number that divides the same way. */
static enum filter_fit fit_whole(enum type_kind kind, enum filter_op op, struct value *value)
{
    if (value->storage == STORAGE_REAL) {
        double number = value->real;
        if (number >= 9223372036854775808.0 || number < -9223372036854775808.0)
            return beyond(op, number > 0);
        if (number != floor(number)) {
            if (op == FILTER_EQUAL || op == FILTER_IN)
                return FILTER_FITS_NONE;
            if (op == FILTER_NOT_EQUAL)
                return FILTER_FITS_ALL;
            number = op == FILTER_LESS || op == FILTER_GREATER_EQUAL ? ceil(number) : floor(number);
            if (number >= 9223372036854775808.0)
                return beyond(op, true);
        }
        *value = value_integer((int64_t)number);
    }

    if (value->integer > type_greatest(kind))
        return beyond(op, true);
    if (value->integer < type_least(kind))
        return beyond(op, false);
    return FILTER_FITS;
}

/* A double column against a whole number that no double may hold exactly. */
static enum filter_fit fit_real(enum filter_op op, struct value *value)
{
    double near = (double)value->integer;
    bool above = near >= 9223372036854775808.0 || (int64_t)near > value->integer;
    bool below = !above && (int64_t)near < value->integer;

    if ((above || below) && (op == FILTER_EQUAL || op == FILTER_IN))
        return FILTER_FITS_NONE;
    if ((above || below) && op == FILTER_NOT_EQUAL)
        return FILTER_FITS_ALL;
    if (above && (op == FILTER_LESS_EQUAL || op == FILTER_GREATER))
        near = nextafter(near, -INFINITY);
    if (below && (op == FILTER_LESS || op == FILTER_GREATER_EQUAL))
        near = nextafter(near, INFINITY);
    *value = value_real(near);
    return FILTER_FITS;
}

/* A decimal column against a decimal of any scale: the bound moves to the nearest number of the column's scale that divides the
 * same way, written as the column has it. */
static enum filter_fit fit_decimal(const struct type *type, enum filter_op op, struct value *value, char text[DECIMAL_TEXT])
{
    struct decimal exact, near;
    decimal_digits bound = 1;

    if (!decimal_parse(value->text, value->length, &exact))
        return FILTER_FITS;
    if (!decimal_rescale(&exact, type->scale, &near))
        return beyond(op, exact.unscaled > 0);
    int moved = decimal_compare(&near, &exact);
    if (moved && (op == FILTER_EQUAL || op == FILTER_IN))
        return FILTER_FITS_NONE;
    if (moved && op == FILTER_NOT_EQUAL)
        return FILTER_FITS_ALL;
    bool up = op == FILTER_LESS || op == FILTER_GREATER_EQUAL;
    if (up && moved < 0)
        near.unscaled++;
    if (!up && moved > 0)
        near.unscaled--;
    for (int i = 0; i < type->size; i++)
        bound *= 10;
    if (near.unscaled >= bound || near.unscaled <= -bound)
        return beyond(op, near.unscaled > 0);
    *value = value_text(text, decimal_print(&near, text));
    return FILTER_FITS;
}

/* A date column against a moment within a day: the bound moves to that day or the next. */
static enum filter_fit fit_date(enum filter_op op, struct value *value, char text[DECIMAL_TEXT])
{
    enum { DATE_LENGTH = 10 };
    struct datetime day;

    if (value->length <= DATE_LENGTH || !datetime_parse_timestamp(value->text, value->length, &day, NULL))
        return FILTER_FITS;
    if (op == FILTER_EQUAL || op == FILTER_IN)
        return FILTER_FITS_NONE;
    if (op == FILTER_NOT_EQUAL)
        return FILTER_FITS_ALL;
    if (op == FILTER_LESS || op == FILTER_GREATER_EQUAL)
        datetime_from_days(datetime_days(day.year, day.month, day.day) + 1, &day.year, &day.month, &day.day);
    if (day.year > 9999)
        return beyond(op, true);
    *value = value_text(text, datetime_print_date(&day, text));
    return FILTER_FITS;
}

/* text: room for a value that has to be written anew. */
static enum filter_fit fit(const struct type *type, enum filter_op op, struct value *value, char text[DECIMAL_TEXT])
{
    enum type_kind kind = type->kind;
    enum storage wanted = type_storage(kind);
    bool number = value->storage == STORAGE_INTEGER || value->storage == STORAGE_REAL;

    if (wanted == STORAGE_INTEGER && number)
        return fit_whole(kind, op, value);
    if (wanted == STORAGE_REAL && value->storage == STORAGE_INTEGER)
        return fit_real(op, value);
    if (kind == TYPE_DECIMAL && value->storage == STORAGE_TEXT)
        return fit_decimal(type, op, value, text);
    if (kind == TYPE_DATE && value->storage == STORAGE_TEXT)
        return fit_date(op, value, text);
    if (value->storage == wanted)
        return FILTER_FITS;
    /* In SQLite's order numbers come before texts, and texts before blobs. */
    return beyond(op, value->storage > wanted);
}

static bool keep(struct value *value, struct arena *arena, struct error *err)
{
    if (value->storage != STORAGE_TEXT && value->storage != STORAGE_BLOB)
        return true;
    const char *copy = arena_copy(arena, value->text, value->length);
    if (!copy)
        return error_memory(err);
    value->text = copy;
    return true;
}

bool filter_fit(const struct type *type, enum filter_op op, struct value *value, struct arena *arena, enum filter_fit *result, struct error *err)
{
    char text[DECIMAL_TEXT];

    *result = fit(type, op, value, text);
    return *result != FILTER_FITS || keep(value, arena, err);
}

static int argument_failure(int code, struct error *err)
{
    if (code == SQLITE_NOMEM)
        return error_memory(err);
    return error_set(err, "HY000", "SQLite can not tell the values of a list: %s", sqlite3_errstr(code));
}

/* A whole list: without NULLs and without values that the column can not have. */
static bool list_values(const struct type *type, sqlite3_value *argument, struct arena *arena, struct value **values, size_t *count,
                        struct error *err)
{
    sqlite3_value *item;
    size_t room = 16;
    struct value *list = arena_array(arena, room, sizeof *list);
    char text[DECIMAL_TEXT];
    int code;

    if (!list)
        return error_memory(err);
    *count = 0;
    for (code = sqlite3_vtab_in_first(argument, &item); code == SQLITE_OK && item; code = sqlite3_vtab_in_next(argument, &item)) {
        struct value value;
        if (!cell_read(item, &value, err))
            return false;
        if (value_is_null(&value) || fit(type, FILTER_IN, &value, text) != FILTER_FITS)
            continue;
        if (*count == room) {
            struct value *larger = arena_array(arena, room * 2, sizeof *larger);
            if (!larger)
                return error_memory(err);
            memcpy(larger, list, room * sizeof *list);
            list = larger;
            room *= 2;
        }
        if (!keep(&value, arena, err))
            return false;
        list[(*count)++] = value;
    }
    *values = list;
    return code == SQLITE_OK || code == SQLITE_DONE || argument_failure(code, err);
}

static bool build_one(const struct table *table, const struct planned_filter *planned, sqlite3_value *argument,
                      struct arena *arena, struct filters *filters, struct error *err)
{
    struct filter filter = {.column = planned->column, .op = planned->op, .said = planned->said};
    const struct type *type = &table->columns[planned->column].type;
    char text[DECIMAL_TEXT];

    if (planned->op == FILTER_IN) {
        struct value *values = NULL;
        if (!list_values(type, argument, arena, &values, &filter.value_count, err))
            return false;
        filter.values = values;
        filters->nothing = filters->nothing || filter.value_count == 0;
    } else if (planned->op != FILTER_IS_NULL && planned->op != FILTER_IS_NOT_NULL) {
        struct value *value = arena_alloc(arena, sizeof *value);
        if (!value)
            return error_memory(err);
        if (!cell_read(argument, value, err))
            return false;
        enum filter_fit fits = value_is_null(value) ? FILTER_FITS_NONE : fit(type, planned->op, value, text);
        if (fits == FILTER_FITS_NONE)
            filters->nothing = true;
        if (fits == FILTER_FITS_ALL && !planned->watched)
            filters->not_null[filters->not_null_count++] = planned->column;
        if (fits != FILTER_FITS)
            return true;
        if (!keep(value, arena, err))
            return false;
        filter.values = value;
        filter.value_count = 1;
    }
    filters->list[filters->count++] = filter;
    return true;
}

static int64_t scan_limit(const struct scan_plan *plan, sqlite3_value **arguments)
{
    int64_t limit = sqlite3_value_int64(arguments[0]);
    int64_t offset = plan->offset ? sqlite3_value_int64(arguments[1]) : 0;

    if (limit < 0)
        return -1;
    if (offset < 0)
        offset = 0;
    return limit > INT64_MAX - offset ? -1 : limit + offset;
}

/* Two equalities on one column that do not contradict each other are the same; of inputs nobody has looked whether they do. */
static bool is_repeated(const struct table *table, const struct filter *list, size_t count, const struct filter *filter)
{
    for (size_t i = 0; i < count && filter->op == FILTER_EQUAL && !table->columns[filter->column].pseudo; i++)
        if (list[i].op == FILTER_EQUAL && list[i].column == filter->column)
            return true;
    return false;
}

static bool equals_too(const struct filters *filters, const struct filter *list, const bool *unsent)
{
    for (size_t i = 0; i < filters->count; i++)
        if (filters->list[i].op == FILTER_EQUAL && filters->list[i].column == list->column && (!unsent || !unsent[i]))
            return true;
    return false;
}

/* The lists as they are before an equality leaves one value of them. */
static bool keep_choices(const struct table *table, struct filters *filters, struct arena *arena)
{
    struct filter *choices = arena_array(arena, filters->count + 1, sizeof *choices);

    if (!choices)
        return false;
    for (size_t i = 0; i < filters->count; i++) {
        const struct filter *list = &filters->list[i];
        if (list->op != FILTER_IN || table->columns[list->column].pseudo || !equals_too(filters, list, NULL))
            continue;
        struct value *values = arena_array(arena, list->value_count + 1, sizeof *values);
        if (!values)
            return false;
        memcpy(values, list->values, list->value_count * sizeof *values);
        choices[filters->choice_count] = *list;
        choices[filters->choice_count++].values = values;
    }
    filters->choices = choices;
    return true;
}

/* A list beside an equality that is sent says no more than that, once both agree. */
static bool is_implied(const struct table *table, const struct filters *filters, const struct filter *filter, const bool *watched)
{
    return filter->op == FILTER_IN && !table->columns[filter->column].pseudo && equals_too(filters, filter, watched);
}

bool filters_build(const struct table *table, const struct scan_plan *plan, sqlite3_value **arguments, struct arena *arena,
                   struct filters *filters, struct error *err)
{
    *filters = (struct filters){.limit = -1};
    struct filter *list = filters->list = arena_array(arena, plan->filter_count + 1, sizeof *filters->list);
    bool *watched = arena_array(arena, plan->filter_count + 1, sizeof *watched);
    filters->not_null = arena_array(arena, plan->filter_count + 1, sizeof *filters->not_null);
    if (!list || !watched || !filters->not_null)
        return error_memory(err);

    for (size_t i = 0; i < plan->filter_count; i++) {
        size_t before = filters->count;
        if (!build_one(table, &plan->filters[i], arguments[i], arena, filters, err))
            return false;
        if (filters->count > before)
            watched[before] = plan->filters[i].watched;
    }
    if (!keep_choices(table, filters, arena))
        return error_memory(err);
    filters->nothing = filters->nothing || !narrow_filters(table, list, filters->count);
    bool *dropped = watched;
    for (size_t i = 0; i < filters->count; i++)
        dropped[i] = dropped[i] || is_implied(table, filters, &list[i], watched);
    size_t all = filters->count;
    filters->count = 0;
    for (size_t i = 0; i < all; i++)
        if (!dropped[i] && !is_repeated(table, list, filters->count, &list[i]))
            list[filters->count++] = list[i];
    if (!plan->limit)
        return true;
    int64_t limit = scan_limit(plan, arguments + plan->filter_count);
    if (limit == 0)
        filters->nothing = true;
    if (filters->not_null_count == 0)
        filters->limit = limit;
    return true;
}
