#include "engine/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/name.h"
#include "engine/cell.h"
#include "engine/state.h"
#include "table/aggregation.h"

static const char *const op_words[] = {
    [FILTER_EQUAL] = "eq", [FILTER_IN] = "in",
    [FILTER_LESS] = "lt", [FILTER_LESS_EQUAL] = "le", [FILTER_GREATER] = "gt", [FILTER_GREATER_EQUAL] = "ge",
    [FILTER_NOT_EQUAL] = "ne", [FILTER_LIKE] = "like",
    [FILTER_IS_NULL] = "null", [FILTER_IS_NOT_NULL] = "notnull",
};

enum { PLAN_TEXT_LIMIT = 1 << 20, REQUEST_COST = 1000 /* rows that could be looked at while one request travels */ };

/* One call of xBestIndex. */
struct choice {
    const struct table *table;
    sqlite3_index_info *info;
    struct arena arena;
    struct plan plan;
    int *constraints;      /* which of SQLite's constraints a condition is */
    int limit, offset;     /* constraints that are LIMIT and OFFSET, or -1 */
    size_t *terms;         /* the numbers of plan.terms */
    bool *watched;         /* conditions that are not sent, but held against the others */
    bool others;           /* there are constraints that no filter can express */
    bool own_others;       /* likewise on the table's own columns, where the rows are groups */
    const char *how;       /* the rows are grouped, as a text; NULL where they are not */
    int how_constraint;    /* that says so */
    struct aggregation aggregation;
    bool all_usable;
};

/* SQLite's comparison of the column must be the column's own order of values. A column that is HIDDEN loses its collation (seen in 3.40);
 * such are compared by the service alone. */
static bool collation_fits(const struct choice *choice, const struct column *column, const char *collation)
{
    bool decimal = column->type.kind == TYPE_DECIMAL, hidden = column->pseudo || choice->how;
    return name_equal(collation, decimal ? "decimal" : "binary") || (decimal && hidden && name_equal(collation, "binary"));
}

static bool translate(const struct choice *choice, int constraint, enum filter_op *op)
{
    const struct sqlite3_index_constraint *given = &choice->info->aConstraint[constraint];
    if (given->iColumn < 0 || (size_t)given->iColumn >= choice->table->column_count)
        return false;

    const struct column *column = &choice->table->columns[given->iColumn];
    const char *collation = sqlite3_vtab_collation(choice->info, constraint);
    switch (given->op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
        *op = FILTER_EQUAL;
        break;
    case SQLITE_INDEX_CONSTRAINT_NE:
        *op = FILTER_NOT_EQUAL;
        break;
    case SQLITE_INDEX_CONSTRAINT_LT:
        *op = FILTER_LESS;
        break;
    case SQLITE_INDEX_CONSTRAINT_LE:
        *op = FILTER_LESS_EQUAL;
        break;
    case SQLITE_INDEX_CONSTRAINT_GT:
        *op = FILTER_GREATER;
        break;
    case SQLITE_INDEX_CONSTRAINT_GE:
        *op = FILTER_GREATER_EQUAL;
        break;
    case SQLITE_INDEX_CONSTRAINT_LIKE:
        *op = FILTER_LIKE;
        return column->type.kind == TYPE_STRING || column->type.kind == TYPE_JSON;
    case SQLITE_INDEX_CONSTRAINT_ISNULL:
        *op = FILTER_IS_NULL;
        return true;
    case SQLITE_INDEX_CONSTRAINT_ISNOTNULL:
        *op = FILTER_IS_NOT_NULL;
        return true;
    default:
        return false;
    }
    return collation && collation_fits(choice, column, collation);
}

/* How the rows are to be grouped: what the column behind the table's own is compared with. False when that is not known yet. */
static bool find_how(struct choice *choice)
{
    const sqlite3_index_info *info = choice->info;
    sqlite3_value *value;

    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *given = &info->aConstraint[i];
        if ((size_t)given->iColumn != choice->table->column_count || given->iColumn < 0 || given->op != SQLITE_INDEX_CONSTRAINT_EQ ||
            !given->usable || sqlite3_vtab_rhs_value(choice->info, i, &value) != SQLITE_OK)
            continue;
        const char *text = (const char *)sqlite3_value_text(value);
        choice->how_constraint = i;
        choice->how = text ? arena_text(&choice->arena, text) : NULL;
        return choice->how && aggregation_read(choice->how, strlen(choice->how), &choice->arena, &choice->aggregation);
    }
    return false;
}

/* told(column, n) */
static void find_term(struct choice *choice, const struct statement *run, int constraint)
{
    struct plan *plan = &choice->plan;
    sqlite3_value *value;

    if (choice->info->aConstraint[constraint].op != SQLITE_INDEX_CONSTRAINT_FUNCTION || sqlite3_vtab_rhs_value(choice->info, constraint, &value) != SQLITE_OK)
        return;
    size_t number = (size_t)sqlite3_value_int64(value);
    if (number >= run->term_count)
        return;
    choice->terms[plan->term_count] = number;
    plan->terms[plan->term_count++].term = run->terms[number];
}

static bool choice_init(struct choice *choice, const struct table *table, const struct statement *run, bool grouped, uint64_t named,
                        sqlite3_index_info *info, struct error *err)
{
    *choice = (struct choice){.table = table, .info = info, .plan = {.named = named}, .limit = -1, .offset = -1, .all_usable = true};
    if (grouped && !find_how(choice))
        return error_set(err, "42000", "How the rows of %s are grouped is not known", table->name);

    struct plan *plan = &choice->plan;
    size_t room = (size_t)(info->nConstraint > 0 ? info->nConstraint : 1);
    plan->conditions = arena_array(&choice->arena, room, sizeof *plan->conditions);
    choice->constraints = arena_array(&choice->arena, room, sizeof *choice->constraints);
    choice->watched = arena_array(&choice->arena, room, sizeof *choice->watched);
    choice->terms = arena_array(&choice->arena, room, sizeof *choice->terms);
    plan->terms = arena_array(&choice->arena, room, sizeof *plan->terms);
    if (!plan->conditions || !choice->constraints || !choice->watched || !choice->terms || !plan->terms)
        return error_memory(err);

    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *given = &info->aConstraint[i];
        enum filter_op op;
        if (given->op == SQLITE_INDEX_CONSTRAINT_LIMIT && given->usable) {
            choice->limit = i;
        } else if (given->op == SQLITE_INDEX_CONSTRAINT_OFFSET && given->usable) {
            choice->offset = i;
        } else if (translate(choice, i, &op)) {
            if (op == FILTER_EQUAL && sqlite3_vtab_in(info, i, -1))
                op = FILTER_IN;
            choice->all_usable = choice->all_usable && given->usable;
            choice->constraints[plan->condition_count] = i;
            plan->conditions[plan->condition_count++] =
                (struct plan_condition){.column = given->iColumn, .op = op, .usable = given->usable};
        } else {
            find_term(choice, run, i);
            choice->others = true;
            choice->own_others |= given->iColumn < 0 || (size_t)given->iColumn < table->column_count;
        }
    }

    /* GROUP BY and DISTINCT also come as an order, but rows are grouped here for less than a service asks for sorting. */
    if (info->nOrderBy == 0 || grouped || sqlite3_vtab_distinct(info) != 0)
        return true;
    struct plan_order *order = arena_array(&choice->arena, (size_t)info->nOrderBy, sizeof *order);
    if (!order)
        return error_memory(err);
    for (int i = 0; i < info->nOrderBy; i++) {
        if (info->aOrderBy[i].iColumn < 0)
            return true;
        order[i] = (struct plan_order){.column = info->aOrderBy[i].iColumn, .descending = info->aOrderBy[i].desc};
    }
    plan->order = order;
    plan->order_count = (size_t)info->nOrderBy;
    return true;
}

/* Groups can not be looked through again: the service must have left out all that is to be left out. */
static bool is_grouped_exactly(const struct choice *choice, struct error *err)
{
    bool exact = !choice->own_others;

    for (size_t i = 0; i < choice->plan.condition_count; i++)
        exact = exact && choice->plan.conditions[i].taken && choice->plan.conditions[i].exact;
    return exact || error_set(err, "42000", "The service can not be asked for groups of exactly these rows of %s", choice->table->name);
}

static bool ask(struct choice *choice, struct error *err)
{
    struct plan *plan = &choice->plan;
    for (size_t i = 0; i < plan->condition_count; i++)
        plan->conditions[i].taken = plan->conditions[i].exact = false;
    for (size_t i = 0; i < plan->term_count; i++)
        plan->terms[i].taken = false;
    plan->order_taken = false;
    plan->requests = plan->rows = 1;
    plan->aggregation = choice->how ? &choice->aggregation : NULL;
    return choice->table->service->class->plan(choice->table, plan, err) && (!choice->how || is_grouped_exactly(choice, err));
}

/* Without pushdown only what the table can not be read without: its inputs, and else the first condition that suffices. */
static bool ask_for_least(struct choice *choice, struct error *err)
{
    struct plan *plan = &choice->plan;
    bool *usable = arena_array(&choice->arena, plan->condition_count + 1, sizeof *usable);
    const struct plan_order *order = plan->order;
    size_t order_count = plan->order_count;
    bool possible = false;

    if (!usable)
        return error_memory(err);
    for (size_t i = 0; i < plan->condition_count; i++) {
        usable[i] = plan->conditions[i].usable;
        plan->conditions[i].usable = usable[i] && choice->table->columns[plan->conditions[i].column].pseudo;
    }
    plan->order = NULL;
    plan->order_count = plan->term_count = 0;
    choice->limit = -1;
    possible = ask(choice, err);
    for (size_t i = 0; !possible && strcmp(err->sqlstate, "42000") == 0 && i < plan->condition_count; i++) {
        bool before = plan->conditions[i].usable;
        plan->conditions[i].usable = usable[i];
        possible = ask(choice, err);
        if (!possible)
            plan->conditions[i].usable = before;
    }
    if (!possible) {
        for (size_t i = 0; i < plan->condition_count; i++)
            plan->conditions[i].usable = usable[i];
        plan->order = order;
        plan->order_count = order_count;
        return ask(choice, err);
    }
    return true;
}

/* Whether another condition narrows the scan by this one's column. */
static bool is_column_taken(const struct plan *plan, size_t condition)
{
    for (size_t i = 0; i < plan->condition_count; i++)
        if (i != condition && plan->conditions[i].taken && plan->conditions[i].column == plan->conditions[condition].column &&
            (plan->conditions[i].op == FILTER_EQUAL || plan->conditions[i].op == FILTER_IN))
            return true;
    return false;
}

/* A list that the service does not take as a whole is shown once more as one value: SQLite then runs a scan for each. That is of
 * no use where the column is narrowed already. */
static bool ask_again_for_lists(struct choice *choice, bool possible, struct error *err)
{
    bool changed = false;

    for (size_t i = 0; i < choice->plan.condition_count; i++) {
        struct plan_condition *condition = &choice->plan.conditions[i];
        if (possible && is_column_taken(&choice->plan, i))
            continue;
        if (condition->op == FILTER_IN && condition->usable && !(possible && condition->taken)) {
            condition->op = FILTER_EQUAL;
            changed = true;
        }
    }
    return changed ? ask(choice, err) : possible;
}

/* SQLite (seen in 3.40) offers a LIMIT also beside a comparison of two columns of the table, which it keeps for itself. Such
 * a term leaves a gap between the places of those that it shows; each <>, LIKE or IS NOT NULL explains one gap, since SQLite
 * shows a copy made for us. */
static bool sees_all_terms(const struct choice *choice)
{
    const sqlite3_index_info *info = choice->info;
    int last = info->aConstraint[choice->limit].iTermOffset, seen = 0;

    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *given = &info->aConstraint[i];
        bool copy = given->op == SQLITE_INDEX_CONSTRAINT_NE || given->op == SQLITE_INDEX_CONSTRAINT_LIKE ||
                    given->op == SQLITE_INDEX_CONSTRAINT_ISNOTNULL;
        if (given->iTermOffset < last)
            seen += copy ? 2 : 1;
    }
    return seen >= last;
}

/* No more rows than the query's LIMIT are needed only when the scan itself yields exactly the wanted rows in the wanted order. */
static bool limit_holds(const struct choice *choice)
{
    const struct plan *plan = &choice->plan;

    if (choice->limit < 0 || choice->others || !sees_all_terms(choice))
        return false;
    for (size_t i = 0; i < plan->condition_count; i++)
        if (!plan->conditions[i].exact) /* which is only what is taken */
            return false;
    return choice->info->nOrderBy == 0 || plan->order_taken;
}

/* Whether a condition that no constant is in may be one with a parameter: SQLite does not tell. One column may be compared with both a
 * parameter and another table's column; of these it is held for the latter. */
static bool is_asked(const struct statement *statement, const struct table *table, const struct plan_condition *condition)
{
    for (size_t i = 0; i < statement->join_key_count && condition->op == FILTER_EQUAL; i++)
        for (int side = 0; side < 2; side++)
            if (statement->join_keys[i].tables[side] == table && statement->join_keys[i].columns[side] == condition->column)
                return false;
    for (size_t i = 0; i < statement->asked_count; i++)
        if (statement->asked[i].table == table && statement->asked[i].column == condition->column)
            return true;
    return false;
}

/* Conditions beside those that the service takes may contradict them, or each other. Only such are looked at whose value does not
 * come from another table, lest the order of the tables depend on them. */
static void watch(struct choice *choice, const struct statement *statement)
{
    const struct plan *plan = &choice->plan;

    for (size_t i = 0; i < plan->condition_count; i++) {
        const struct plan_condition *condition = &plan->conditions[i];
        bool listed = sqlite3_vtab_in(choice->info, choice->constraints[i], -1);
        sqlite3_value *value;
        if (condition->taken || !condition->usable || condition->op == FILTER_LIKE || listed != (condition->op == FILTER_IN))
            continue;
        bool constant = condition->op == FILTER_IS_NULL || condition->op == FILTER_IS_NOT_NULL ||
                        sqlite3_vtab_rhs_value(choice->info, choice->constraints[i], &value) == SQLITE_OK ||
                        is_asked(statement, choice->table, condition);
        choice->watched[i] = constant || is_column_taken(plan, i);
    }
}

/* Whether the value of an equality is the query's own. */
static bool is_said(const struct choice *choice, const struct statement *statement, size_t i)
{
    const struct plan_condition *condition = &choice->plan.conditions[i];
    sqlite3_value *value;

    return condition->op == FILTER_EQUAL && !sqlite3_vtab_in(choice->info, choice->constraints[i], -1)
           && (sqlite3_vtab_rhs_value(choice->info, choice->constraints[i], &value) == SQLITE_OK || is_asked(statement, choice->table, condition));
}

/* For EXPLAIN: what the service was shown, and what it took. False when out of memory. */
static bool note(const struct choice *choice, struct explain_record *record, bool limited)
{
    struct explain_scan *scan = explain_note(record, &choice->info->idxNum);
    const struct plan *plan = &choice->plan;
    sqlite3_value *value;

    if (!scan)
        return record->counting;
    scan->table = choice->table;
    scan->named = plan->named;
    scan->terms = arena_array(&record->arena, plan->condition_count + 1, sizeof *scan->terms);
    scan->told = arena_array(&record->arena, plan->term_count + 1, sizeof *scan->told);
    struct plan_order *order = arena_array(&record->arena, plan->order_count + 1, sizeof *order);
    if (!scan->terms || !scan->told || !order)
        return false;
    for (size_t i = 0; i < plan->term_count; i++)
        scan->told[scan->told_count++] = (struct explain_told){choice->terms[i], plan->terms[i].taken};
    for (size_t i = 0; i < plan->condition_count; i++) {
        struct explain_term *term = &scan->terms[scan->term_count++];
        struct error unused;
        *term = (struct explain_term){.condition = plan->conditions[i]};
        if (plan->conditions[i].op == FILTER_IN || sqlite3_vtab_rhs_value(choice->info, choice->constraints[i], &value) != SQLITE_OK)
            continue;
        term->known = cell_read(value, &term->value, &unused);
        if (term->known && (term->value.storage == STORAGE_TEXT || term->value.storage == STORAGE_BLOB) &&
            !(term->value.text = arena_copy(&record->arena, term->value.text, term->value.length)))
            return false;
    }
    if (plan->order_count)
        memcpy(order, plan->order, plan->order_count * sizeof *order);
    scan->order = order;
    scan->order_count = plan->order_count;
    scan->order_taken = plan->order_taken;
    scan->wanted = choice->info->colUsed;
    if (choice->how) {
        struct aggregation *aggregation = arena_alloc(&record->arena, sizeof *aggregation);
        if (!aggregation || !aggregation_read(choice->how, strlen(choice->how), &record->arena, aggregation))
            return false;
        scan->aggregation = aggregation;
    }
    scan->limited = choice->limit >= 0;
    scan->limit_taken = limited;
    scan->limit = -1;
    if (scan->limited && sqlite3_vtab_rhs_value(choice->info, choice->limit, &value) == SQLITE_OK) {
        scan->limit = sqlite3_value_int64(value);
        if (choice->offset >= 0 && sqlite3_vtab_rhs_value(choice->info, choice->offset, &value) == SQLITE_OK)
            scan->limit += sqlite3_value_int64(value);
    }
    return true;
}

static void use(sqlite3_index_info *info, int constraint, int *argument, bool omit)
{
    info->aConstraintUsage[constraint].argvIndex = ++*argument;
    info->aConstraintUsage[constraint].omit = omit;
}

static bool answer(struct query *query, const struct choice *choice, struct buffer *text)
{
    const struct plan *plan = &choice->plan;
    sqlite3_index_info *info = choice->info;
    int argument = 0;

    buffer_printf(text, "wanted:%llx", (unsigned long long)info->colUsed);
    struct table_use *read = query_use(query, choice->table);
    if (!read)
        return false;
    read->wanted |= info->colUsed;
    for (size_t i = 0; i < plan->condition_count; i++) {
        const struct plan_condition *condition = &plan->conditions[i];
        if ((!condition->taken && !choice->watched[i]) || !condition->usable)
            continue;
        buffer_printf(text, " %d:%s%s", condition->column, op_words[condition->op], choice->watched[i] ? "?" : is_said(choice, query->run, i) ? "!" : "");
        use(info, choice->constraints[i], &argument, condition->taken && condition->exact);
        if (condition->op == FILTER_IN)
            sqlite3_vtab_in(info, choice->constraints[i], 1);
    }
    if (plan->named)
        buffer_printf(text, " named:%llx", (unsigned long long)plan->named);
    for (size_t i = 0; i < plan->term_count; i++)
        if (plan->terms[i].taken)
            buffer_printf(text, " term:%zu", choice->terms[i]);
    if (plan->order_taken) {
        for (size_t i = 0; i < plan->order_count; i++)
            buffer_printf(text, " order:%d:%s", plan->order[i].column, plan->order[i].descending ? "desc" : "asc");
        info->orderByConsumed = 1;
    }
    if (choice->how) {
        buffer_printf(text, " groups:%s", choice->how);
        use(info, choice->how_constraint, &argument, true); /* behind the filters' arguments, and looked at by nobody */
    }
    bool limited = !choice->how && limit_holds(choice);
    if (query->record && !note(choice, query->record, limited))
        return false;
    if (limited) {
        buffer_append_text(text, " limit");
        use(info, choice->limit, &argument, false);
        if (choice->offset >= 0) {
            buffer_append_text(text, " offset");
            use(info, choice->offset, &argument, false);
        }
    }

    info->estimatedCost = plan->requests * REQUEST_COST + plan->rows + 1;
    info->estimatedRows = plan->rows < 1 ? 1 : plan->rows > 1e15 ? (sqlite3_int64)1e15 : (sqlite3_int64)plan->rows;
    info->idxStr = text->failed ? NULL : sqlite3_mprintf("%s", buffer_text(text));
    info->needToFreeIdxStr = info->idxStr != NULL;
    return info->idxStr;
}

/* A refusal is remembered for the case that SQLite finds no way at all; one that more usable conditions could not have
 * avoided says best what the query lacks. */
static int refuse(struct query *query, bool hopeless, const struct error *why)
{
    if (strcmp(why->sqlstate, "42000") != 0) {
        query->failure = *why;
        return strcmp(why->sqlstate, "HY001") == 0 ? SQLITE_NOMEM : SQLITE_ERROR;
    }
    if (!query->impossible.sqlstate[0] || (hopeless && !query->hopeless)) {
        query->impossible = *why;
        query->hopeless = hopeless;
    }
    return SQLITE_CONSTRAINT;
}

int plan_choose(struct engine *engine, const struct table *table, bool grouped, uint64_t named, sqlite3_index_info *info)
{
    struct choice choice = {0};
    struct error err = {0};
    struct buffer text;
    int code = SQLITE_OK;

    buffer_init(&text, PLAN_TEXT_LIMIT);
    /* Choosing the order of many tables takes SQLite long, and it has no eye on the cancel meanwhile. */
    if (!cancel_check(engine->running->cancel, &err) || !choice_init(&choice, table, engine->running->run, grouped, named, info, &err)) {
        code = refuse(engine->running, false, &err);
    } else {
        bool possible = engine->options.pushdown ? ask(&choice, &err) : ask_for_least(&choice, &err);
        if (possible || strcmp(err.sqlstate, "42000") == 0)
            possible = ask_again_for_lists(&choice, possible, &err);
        if (!possible)
            code = refuse(engine->running, choice.all_usable, &err);
        else {
            if (!grouped)
                watch(&choice, engine->running->run);
            code = answer(engine->running, &choice, &text) ? SQLITE_OK : SQLITE_NOMEM;
        }
    }
    /* Whatever the reason, the rows can be grouped here. */
    if (grouped && code == SQLITE_CONSTRAINT)
        error_set(&engine->running->impossible, NOT_AGGREGATED, "%s can not be grouped by its service", table->name);
    buffer_clear(&text);
    arena_clear(&choice.arena);
    return code;
}

/* One word of an encoded plan. */
static bool decode_word(const char *word, size_t length, struct arena *arena, struct scan_plan *plan)
{
    char *end;

    if (length > 7 && memcmp(word, "wanted:", 7) == 0) {
        plan->wanted = strtoull(word + 7, &end, 16);
        return end == word + length;
    }
    if (length == 5 && memcmp(word, "limit", 5) == 0)
        return plan->limit = true;
    if (length == 6 && memcmp(word, "offset", 6) == 0)
        return plan->offset = true;
    if (length > 6 && memcmp(word, "named:", 6) == 0) {
        plan->named = strtoull(word + 6, &end, 16);
        return end == word + length;
    }
    if (length > 7 && memcmp(word, "groups:", 7) == 0) {
        struct aggregation *aggregation = arena_alloc(arena, sizeof *aggregation);
        plan->aggregation = aggregation;
        return aggregation && aggregation_read(word + 7, length - 7, arena, aggregation);
    }
    if (length > 5 && memcmp(word, "term:", 5) == 0) {
        plan->terms[plan->term_count++] = strtoul(word + 5, &end, 10);
        return end == word + length;
    }
    if (length > 6 && memcmp(word, "order:", 6) == 0) {
        long column = strtol(word + 6, &end, 10);
        bool descending = end[0] == ':' && end[1] == 'd';
        plan->order[plan->order_count++] = (struct plan_order){.column = (int)column, .descending = descending};
        return end[0] == ':';
    }

    long column = strtol(word, &end, 10);
    if (end == word || *end != ':')
        return false;
    const char *op = end + 1;
    bool watched = word[length - 1] == '?', said = word[length - 1] == '!';
    length -= watched || said;
    for (size_t i = 0; i < sizeof op_words / sizeof op_words[0]; i++)
        if (strlen(op_words[i]) == length - (size_t)(op - word) && memcmp(op_words[i], op, strlen(op_words[i])) == 0) {
            plan->filters[plan->filter_count++] = (struct planned_filter){.column = (int)column, .op = (enum filter_op)i, .watched = watched, .said = said};
            return true;
        }
    return false;
}

bool plan_decode(const char *text, struct arena *arena, struct scan_plan *plan, struct error *err)
{
    size_t words = 1;

    *plan = (struct scan_plan){0};
    if (!text)
        return error_set(err, "HY000", "The engine lost the plan of a scan; please report the query");
    for (const char *at = text; *at; at++)
        words += *at == ' ';
    plan->filters = arena_array(arena, words, sizeof *plan->filters);
    plan->terms = arena_array(arena, words, sizeof *plan->terms);
    plan->order = arena_array(arena, words, sizeof *plan->order);
    if (!plan->filters || !plan->terms || !plan->order)
        return error_memory(err);

    while (*text) {
        size_t length = strcspn(text, " ");
        if (!decode_word(text, length, arena, plan))
            return error_set(err, "HY000", "The engine can not read its own plan at \"%.40s\"; please report the query", text);
        text += length;
        text += *text == ' ';
    }
    return true;
}

bool plan_wants(const struct scan_plan *plan, size_t column)
{
    return plan->wanted >> (column < 63 ? column : 63) & 1;
}
