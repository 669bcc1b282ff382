#include "providers/odata/refusal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "http/client.h"
#include "providers/odata/failure.h"
#include "providers/odata/service.h"

static const unsigned service_bits = REFUSED_IN | REFUSED_CALCULATIONS | REFUSED_FUNCTIONS | REFUSED_EXACT_NUMBERS | REFUSED_JSON;

/* In the order in which they are left out where the service does not say what it refuses: first what is least known and costs least to do
 * without. word: what its message may name. */
static const struct { unsigned bit; const char *word, *name; } options[] = {
    {REFUSED_EXACT_NUMBERS, "IEEE754", "IEEE754Compatible"},
    {REFUSED_JSON, "json", "JSON"},
    {REFUSED_COUNT, "$count", "/$count"},
    {REFUSED_NESTED, "$expand", "options inside of $expand"},
    {REFUSED_IN, "$filter", "in of $filter"},
    {REFUSED_CALCULATIONS, "$filter", "calculations of $filter"},
    {REFUSED_TERMS, "$filter", "alternatives and comparisons of columns in $filter"},
    {REFUSED_FUNCTIONS, "$filter", "functions of $filter"},
    {REFUSED_ORDER, "$orderby", "$orderby"},
    {REFUSED_SELECT, "$select", "$select"},
    {REFUSED_KEY, "key", "access by key"},
    {REFUSED_EXPAND, "$expand", "$expand"},
    {REFUSED_TOP, "$top", "$top"},
    {REFUSED_FILTER, "$filter", "$filter"},
};
enum { OPTIONS = sizeof options / sizeof options[0] };

const char *odata_refusal_names(unsigned bits, char out[200])
{
    out[0] = '\0';
    for (size_t i = 0; i < OPTIONS; i++)
        if (options[i].bit & bits)
            snprintf(out + strlen(out), 200 - strlen(out), "%s%s", out[0] ? ", " : "", options[i].name);
    return out;
}

bool odata_is_refusal(const struct odata_requests *requests, const struct http_response *response)
{
    switch (response->status) {
    case 400: case 405: case 406: case 415: case 501:
        return true;
    case 404:
        return requests->counts;
    case 500: /* also the word of services that stumble over what they do not know */
        return true;
    default:
        return false;
    }
}

/* What the requests have. */

static bool sends(const struct odata_filter *filter, bool (*is)(const struct odata_filter *filter, const struct odata_term *term))
{
    for (size_t i = 0; i < filter->count; i++)
        if (!filter->terms[i].left_out && is(filter, &filter->terms[i]))
            return true;
    return false;
}

static bool is_any(const struct odata_filter *filter, const struct odata_term *term)
{
    (void)filter;
    return term != NULL;
}

static bool is_function(const struct odata_filter *filter, const struct odata_term *term)
{
    (void)filter;
    return term->function;
}

static bool is_in(const struct odata_filter *filter, const struct odata_term *term)
{
    return term->in || (filter->use_in && !term->text && term->end - term->first > 1);
}

static bool is_calculation(const struct odata_filter *filter, const struct odata_term *term)
{
    (void)filter;
    return term->calculation;
}

static bool is_alone(const struct odata_filter *filter, const struct odata_term *term)
{
    (void)filter;
    return term->alone;
}

static bool either(const struct odata_requests *requests, bool (*is)(const struct odata_filter *filter, const struct odata_term *term))
{
    return sends(&requests->own, is) || sends(&requests->parent, is);
}

static bool can_leave_out(const struct odata_requests *requests, unsigned bit, const struct http_response *response)
{
    const struct odata_service *service = requests->service;
    bool form = response->status == 406 || response->status == 415 || response->status == 400;

    switch (bit) {
    case REFUSED_EXACT_NUMBERS: return form && strstr(odata_requests_accept(requests), "IEEE754");
    case REFUSED_JSON: return form && response->status != 400 && service->options.format == FORMAT_ANY && service->context.version != ODATA_V4;
    case REFUSED_COUNT: return requests->counts;
    case REFUSED_NESTED: return requests->route.way == WAY_EXPAND;
    case REFUSED_IN: return either(requests, is_in);
    case REFUSED_CALCULATIONS: return either(requests, is_calculation);
    case REFUSED_TERMS: return either(requests, is_alone);
    case REFUSED_FUNCTIONS: return either(requests, is_function);
    case REFUSED_ORDER: return requests->ordered;
    case REFUSED_SELECT: return !requests->counts && requests->table->limits->select && requests->route.way != WAY_FUNCTION;
    case REFUSED_KEY: return requests->route.way == WAY_KEY;
    case REFUSED_EXPAND: return requests->route.way == WAY_EXPAND;
    case REFUSED_TOP: return requests->request.limit >= 0 && requests->all_sent;
    case REFUSED_FILTER: return either(requests, is_any);
    default: return false;
    }
}

/* Leaving out. Columns remember what was refused on them, since a service may refuse some of them only. */

static void mark_column(struct odata_refusal_attempts *attempts, struct odata_column *column, unsigned bit)
{
    atomic_bool *refused = bit == REFUSED_FILTER ? &column->filter_refused : &column->order_refused;

    attempts->out |= bit;
    if (attempts->mark_count == sizeof attempts->marks / sizeof attempts->marks[0] || atomic_load(refused))
        return;
    attempts->marks[attempts->mark_count].column = column;
    attempts->marks[attempts->mark_count++].bit = bit;
    atomic_store(refused, true);
}

static void mark_filters(struct odata_refusal_attempts *attempts, const struct odata_filter *filter)
{
    for (size_t i = 0; i < filter->count; i++)
        if (!filter->terms[i].left_out && !filter->terms[i].alone)
            mark_column(attempts, (struct odata_column *)filter->terms[i].column, REFUSED_FILTER);
}

/* Also those that are not sent now, but were, and those of the key, which take its place. */
static void mark_conditions(struct odata_refusal_attempts *attempts, const struct odata_requests *requests)
{
    struct odata_table *table = (struct odata_table *)requests->table;

    for (size_t i = 0; i < requests->request.filter_count; i++) {
        struct odata_column *column = &table->columns[requests->request.filters[i].column];
        if (column->role == ROLE_PROPERTY)
            mark_column(attempts, column, REFUSED_FILTER);
    }
}

static atomic_uint *word_of(const struct odata_requests *requests, unsigned bit)
{
    return bit & service_bits ? requests->service->context.refused : &((struct odata_table *)requests->table)->refused;
}

static void leave_out(struct odata_refusal_attempts *attempts, const struct odata_requests *requests, unsigned bit)
{
    attempts->tried |= bit;
    attempts->out |= bit;
    if (bit == REFUSED_FILTER) {
        mark_filters(attempts, &requests->own);
        mark_filters(attempts, &requests->parent);
        if (either(requests, is_alone)) {
            attempts->out |= REFUSED_TERMS;
            atomic_fetch_or(word_of(requests, REFUSED_TERMS), REFUSED_TERMS);
        }
    } else if (bit == REFUSED_ORDER) {
        for (size_t i = 0; i < requests->request.order_count; i++)
            mark_column(attempts, &((struct odata_table *)requests->table)->columns[requests->request.order[i].column], bit);
    } else {
        atomic_fetch_or(word_of(requests, bit), bit);
    }
}

static void put_back(struct odata_refusal_attempts *attempts, const struct odata_requests *requests, unsigned kept, size_t kept_marks)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (attempts->out & ~kept & options[i].bit)
            atomic_fetch_and(word_of(requests, options[i].bit), ~options[i].bit);
    for (; attempts->mark_count > kept_marks; attempts->mark_count--) {
        struct odata_column *column = attempts->marks[attempts->mark_count - 1].column;
        bool filter = attempts->marks[attempts->mark_count - 1].bit == REFUSED_FILTER;
        atomic_store(filter ? &column->filter_refused : &column->order_refused, false);
    }
    attempts->out &= kept;
}

void odata_refusal_undo(struct odata_refusal_attempts *attempts, const struct odata_requests *requests)
{
    put_back(attempts, requests, 0, 0);
    attempts->kept = 0;
    attempts->kept_marks = 0;
}

static uint64_t in_short(const struct http_response *response, const struct odata_words *words)
{
    uint64_t hash = 14695981039346656037u ^ (uint64_t)response->status;

    for (const char *text = words ? words->message : ""; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

/* All at once, so that nothing is asked for but rows. */
static bool leave_all_out(struct odata_refusal_attempts *attempts, const struct odata_requests *requests, const struct http_response *response)
{
    unsigned tried = attempts->tried, count = 0;

    attempts->all = true;
    for (size_t i = 0; i < OPTIONS; i++)
        if ((tried & options[i].bit) || can_leave_out(requests, options[i].bit, response)) {
            leave_out(attempts, requests, options[i].bit);
            count++;
        }
    if (attempts->out & (REFUSED_FILTER | REFUSED_KEY))
        mark_conditions(attempts, requests);
    return count > 1;
}

bool odata_refusal_try(struct odata_refusal_attempts *attempts, const struct odata_requests *requests, const struct http_response *response)
{
    struct odata_words words;
    bool told = odata_words_find(response->body, response->body_length, &words);
    uint64_t answer = in_short(response, told ? &words : NULL);

    if (attempts->out && !attempts->all && answer != attempts->answer) {
        attempts->kept = attempts->tried = attempts->out;
        attempts->kept_marks = attempts->mark_count;
    }
    attempts->answer = answer;
    put_back(attempts, requests, attempts->kept, attempts->kept_marks);
    for (int by_name = told ? 0 : 1; by_name < 2 && !attempts->all; by_name++)
        for (size_t i = 0; i < OPTIONS; i++) {
            bool named = told && odata_words_name(&words, options[i].word);
            if ((attempts->tried & options[i].bit) || (!by_name && !named) || !can_leave_out(requests, options[i].bit, response))
                continue;
            leave_out(attempts, requests, options[i].bit);
            return true;
        }
    if (!attempts->all && leave_all_out(attempts, requests, response))
        return true;
    odata_refusal_undo(attempts, requests);
    return false;
}

/* EXPLAIN. */

const char *odata_refusal_describe(const struct odata_context *context, const struct odata_table *table, struct arena *arena)
{
    unsigned refused = atomic_load(&table->refused) | atomic_load(context->refused);
    struct buffer text;

    for (size_t i = 0; i < table->table.column_count; i++) {
        refused |= atomic_load(&table->columns[i].filter_refused) ? REFUSED_FILTER : 0;
        refused |= atomic_load(&table->columns[i].order_refused) ? REFUSED_ORDER : 0;
    }
    buffer_init(&text, 1000);
    for (size_t i = 0; i < OPTIONS; i++) {
        if (!(refused & options[i].bit))
            continue;
        buffer_printf(&text, "%s%s", text.length ? ", " : "; the service refuses ", options[i].name);
        for (size_t j = 0; j < table->table.column_count; j++) {
            const struct odata_column *column = &table->columns[j];
            bool on = options[i].bit == REFUSED_FILTER ? atomic_load(&column->filter_refused)
                      : options[i].bit == REFUSED_ORDER && atomic_load(&column->order_refused);
            if (on)
                buffer_printf(&text, " of %s", table->table.columns[j].name);
        }
    }
    const char *copy = arena_text(arena, buffer_text(&text));
    buffer_clear(&text);
    return copy;
}
