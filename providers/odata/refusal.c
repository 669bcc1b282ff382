#include "providers/odata/refusal.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "http/client.h"
#include "providers/odata/failure.h"
#include "providers/odata/service.h"

static const unsigned service_bits = REFUSED_IN | REFUSED_FUNCTIONS | REFUSED_EXACT_NUMBERS | REFUSED_JSON;

/* In the order in which they are left out where the service does not say what it refuses: first what is least known and costs least to do
 * without. word: what its message may name. */
static const struct { unsigned bit; const char *word, *name; } options[] = {
    {REFUSED_EXACT_NUMBERS, "IEEE754", "IEEE754Compatible"},
    {REFUSED_JSON, "json", "JSON"},
    {REFUSED_COUNT, "$count", "/$count"},
    {REFUSED_NESTED, "$expand", "options inside of $expand"},
    {REFUSED_IN, "$filter", "in of $filter"},
    {REFUSED_FUNCTIONS, "$filter", "functions of $filter"},
    {REFUSED_ORDER, "$orderby", "$orderby"},
    {REFUSED_SELECT, "$select", "$select"},
    {REFUSED_KEY, "key", "access by key"},
    {REFUSED_EXPAND, "$expand", "$expand"},
    {REFUSED_TOP, "$top", "$top"},
    {REFUSED_FILTER, "$filter", "$filter"},
};
enum { OPTIONS = sizeof options / sizeof options[0] };

const char *odata_refusal_name(unsigned bit)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (options[i].bit == bit)
            return options[i].name;
    return "";
}

bool odata_is_refusal(const struct odata_requests *requests, const struct http_response *response)
{
    struct odata_words words;

    switch (response->status) {
    case 400: case 405: case 406: case 415: case 501:
        return true;
    case 404:
        return requests->counts;
    case 500:
        return requests->counts || (odata_words_find(response->body, response->body_length, &words)
                                    && (strcasestr(words.message, "not supported") || strcasestr(words.message, "not implemented")
                                        || strcasestr(words.message, "not allowed")));
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
    return filter->use_in && !term->text && term->end - term->first > 1;
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

static void mark_column(struct odata_refusal_attempts *attempts, struct odata_column *column)
{
    if (attempts->marked_count == sizeof attempts->marked / sizeof attempts->marked[0])
        return;
    attempts->marked[attempts->marked_count++] = column;
    atomic_store(attempts->present == REFUSED_FILTER ? &column->filter_refused : &column->order_refused, true);
}

static void mark_filters(struct odata_refusal_attempts *attempts, const struct odata_filter *filter)
{
    for (size_t i = 0; i < filter->count; i++)
        if (!filter->terms[i].left_out)
            mark_column(attempts, (struct odata_column *)filter->terms[i].column);
}

static atomic_uint *word_of(const struct odata_requests *requests, unsigned bit)
{
    return bit & service_bits ? requests->service->context.refused : &((struct odata_table *)requests->table)->refused;
}

static void leave_out(struct odata_refusal_attempts *attempts, const struct odata_requests *requests, unsigned bit)
{
    attempts->tried |= bit;
    attempts->present = bit;
    attempts->marked_count = 0;
    if (bit == REFUSED_FILTER) {
        mark_filters(attempts, &requests->own);
        mark_filters(attempts, &requests->parent);
    } else if (bit == REFUSED_ORDER) {
        for (size_t i = 0; i < requests->request.order_count; i++)
            mark_column(attempts, &((struct odata_table *)requests->table)->columns[requests->request.order[i].column]);
    } else {
        atomic_fetch_or(word_of(requests, bit), bit);
    }
}

void odata_refusal_undo(struct odata_refusal_attempts *attempts, const struct odata_requests *requests)
{
    unsigned bit = attempts->present;

    if (bit != REFUSED_FILTER && bit != REFUSED_ORDER)
        atomic_fetch_and(word_of(requests, bit), ~bit);
    for (size_t i = 0; i < attempts->marked_count; i++)
        atomic_store(bit == REFUSED_FILTER ? &attempts->marked[i]->filter_refused : &attempts->marked[i]->order_refused, false);
    attempts->present = 0;
    attempts->marked_count = 0;
}

bool odata_refusal_try(struct odata_refusal_attempts *attempts, const struct odata_requests *requests, const struct http_response *response)
{
    struct odata_words words;
    bool told = odata_words_find(response->body, response->body_length, &words);

    odata_refusal_undo(attempts, requests);
    for (int by_name = told ? 0 : 1; by_name < 2; by_name++)
        for (size_t i = 0; i < OPTIONS; i++) {
            bool named = told && odata_words_name(&words, options[i].word);
            if ((attempts->tried & options[i].bit) || (!by_name && !named) || !can_leave_out(requests, options[i].bit, response))
                continue;
            leave_out(attempts, requests, options[i].bit);
            return true;
        }
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
