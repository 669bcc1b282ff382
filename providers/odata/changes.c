/* CALL GetChanges: what has been changed in a set since it was asked before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/space.h"
#include "providers/odata/atom_value.h"
#include "providers/odata/failure.h"
#include "providers/odata/payload.h"
#include "providers/odata/procedure.h"
#include "providers/odata/reader.h"
#include "providers/odata/xml.h"
#include "providers/rows/decode.h"

const char odata_changes_name[] = "GetChanges";

enum { LARGEST_URL = 64 << 10, MOST_PAGES = 100000, OUTPUTS = 5 };
enum output { OUTPUT_CHANGE, OUTPUT_ID, OUTPUT_REASON, OUTPUT_ROW, OUTPUT_LINK };

static const struct procedure_input inputs_[] = {
    {.name = "Set", .description = "The table whose changes are told", .type = {TYPE_STRING, 0, 0}, .required = true},
    {.name = "Link", .description = "What the call before gave as DeltaLink; NULL begins to keep track", .type = {TYPE_STRING, 0, 0}},
};
static const struct procedure_output outputs_[OUTPUTS] = {
    {.name = "Change", .description = "changed (new rows too), removed, linked or unlinked; NULL where there is nothing but the link", .type = {TYPE_STRING, 20, 0}},
    {.name = "Id", .description = "The address of the row, as the service calls it", .type = {TYPE_STRING, 0, 0}},
    {.name = "Reason", .description = "Why it was removed: deleted, or changed so that it does not belong to the set any more", .type = {TYPE_STRING, 40, 0}},
    {.name = "Row", .description = "What the row has now, or which rows are linked", .type = {TYPE_JSON, 0, 0}},
    {.name = "DeltaLink", .description = "To be given as Link in the next call", .type = {TYPE_STRING, 0, 0}},
};

bool odata_changes_define(struct odata_procedure *procedure, struct arena *arena)
{
    (void)arena;
    procedure->procedure.description = "What has changed in a set since the call before";
    procedure->procedure.inputs = inputs_;
    procedure->procedure.input_count = sizeof inputs_ / sizeof inputs_[0];
    procedure->procedure.outputs = outputs_;
    procedure->procedure.output_count = OUTPUTS;
    return true;
}

struct tracking {
    struct odata_service *service;
    struct procedure_result *result;
    struct cancel *cancel;
    struct http_lane *lane;
    const char *set;
    bool first;                      /* rows themselves are not wanted, only the link at their end */
    size_t room;
    char *next, *delta;
    struct arena arena;              /* of the present page */
};

static bool fail(const struct tracking *tracking, const struct http_response *response, struct error *err)
{
    return odata_failure_set("Set", tracking->set, response, err);
}

static struct value text_or_null(const char *text)
{
    return text ? value_text(text, strlen(text)) : value_null();
}

/* What is read of each element of a page. */
enum { TELLS_ITSELF, TELLS_CONTEXT, TELLS_ID, TELLS_REMOVED, TELLS_REASON, TELLS };

static const struct column told[TELLS] = {
    {.name = "row", .description = "", .type = {TYPE_JSON, 0, 0}, .nullable = true},
    {.name = "context", .description = "", .type = {TYPE_STRING, 0, 0}, .nullable = true},
    {.name = "id", .description = "", .type = {TYPE_STRING, 0, 0}, .nullable = true},
    {.name = "removed", .description = "", .type = {TYPE_JSON, 0, 0}, .nullable = true},
    {.name = "reason", .description = "", .type = {TYPE_STRING, 0, 0}, .nullable = true},
};
static const char *const told_at[TELLS][7] = {
    {NULL}, {"@context", "@odata.context"}, {"id", "__metadata/id", "__metadata/uri", "odata.id", "@id", "@odata.id"}, {"@odata.removed", "@removed"},
    {"reason", "@removed/reason"},
};
static const char *const lists[] = {"value", "d/results", "results", "d"};
enum { LISTS = sizeof lists / sizeof lists[0] };

static bool make_shape(struct arena *arena, struct table *table, struct shape *shape)
{
    struct shape_column *columns = arena_array(arena, TELLS, sizeof *columns);
    struct row_place *rows = arena_array(arena, LISTS, sizeof *rows);
    struct place *places = arena_array(arena, LISTS, sizeof *places);

    if (!columns || !rows || !places)
        return false;
    for (size_t i = 0; i < LISTS; i++) {
        if (!odata_place(arena, lists[i], NULL, &places[i]))
            return false;
        rows[i] = (struct row_place){&places[i].path, 1, true, {NULL, 0}};
    }
    for (size_t i = 0; i < TELLS; i++) {
        struct place *at = arena_array(arena, 7, sizeof *at);
        size_t count = 0;
        for (; at && told_at[i][count]; count++)
            if (!odata_place(arena, told_at[i][count], NULL, &at[count]))
                return false;
        if (!at)
            return false;
        if (i == TELLS_ITSELF)
            at[count++].kind = PLACE_SELF;
        columns[i] = (struct shape_column){.at = at, .at_count = count, .form = i == TELLS_ID ? FORM_TEXT : FORM_PLAIN};
    }
    *table = (struct table){.name = odata_changes_name, .columns = told, .column_count = TELLS};
    *shape = (struct shape){.table = table, .columns = columns, .rows = rows, .row_count = LISTS, .lenient = true};
    return true;
}

static bool ends_with(const struct value *text, const char *end)
{
    size_t own = strlen(end);
    return text->storage == STORAGE_TEXT && text->length >= own && strcmp(text->text + text->length - own, end) == 0;
}

/* V4.0 marks what is no changed entity by its context, 4.01 by a remark; V2 of some servers by V4's context. */
static bool add_change(struct tracking *tracking, struct value *const *cells, struct error *err)
{
    const struct value *context = &cells[TELLS_CONTEXT][0];
    bool removed = !value_is_null(&cells[TELLS_REMOVED][0]) || ends_with(context, "/$deletedEntity");
    const char *change = removed ? "removed" : ends_with(context, "/$deletedLink") ? "unlinked" : ends_with(context, "/$link") ? "linked" : "changed";
    struct value row[OUTPUTS] = {{.storage = STORAGE_NULL}};

    row[OUTPUT_CHANGE] = text_or_null(change);
    row[OUTPUT_ID] = cells[TELLS_ID][0];
    row[OUTPUT_REASON] = removed ? cells[TELLS_REASON][0] : value_null();
    row[OUTPUT_ROW] = removed ? value_null() : cells[TELLS_ITSELF][0];
    return odata_result_add(tracking->result, &tracking->room, row, OUTPUTS) || error_memory(err);
}

static bool keep_link(char **place, const char *address, struct error *err)
{
    if (!address)
        return true;
    free(*place);
    *place = strdup(address);
    return *place || error_memory(err);
}

static bool read_json(struct tracking *tracking, const struct http_response *response, struct error *err)
{
    struct odata_facts facts;
    struct table table;
    struct shape shape;
    struct decoder *decoder = NULL;
    bool needed[TELLS] = {true, true, true, true, true}, found = !tracking->first;

    if (!odata_facts_read(response->body, response->body_length, &tracking->arena, &facts, err))
        return error_prefix(err, "Set %s: ", tracking->set);
    if (facts.failure)
        return fail(tracking, response, err);
    const char *base = tracking->service->context.version == ODATA_V4 ? facts.base : NULL;
    const char *next = facts.next ? odata_resolve(&tracking->arena, response->url, base, facts.next) : NULL;
    const char *delta = facts.delta ? odata_resolve(&tracking->arena, response->url, base, facts.delta) : NULL;
    bool done = keep_link(&tracking->next, next, err) && keep_link(&tracking->delta, delta, err)
                && (make_shape(&tracking->arena, &table, &shape) || error_memory(err)) && decoder_open(&shape, needed, NULL, &decoder, err)
                && decoder_page(decoder, response->body, response->body_length, err);
    while (done && found) {
        done = decoder_next(decoder, 0, &found, err);
        if (done && found)
            done = add_change(tracking, decoder_cells(decoder), err);
    }
    decoder_close(decoder);
    return done;
}

/* Atom of V3: entries, of which only the address is told, and tombstones (RFC 6721) of those that were removed. */

struct atom_link {
    char rel[300], href[4000], ref[4000];
};

static void read_attributes(struct xml *xml, struct atom_link *link)
{
    const char *name, *value;

    *link = (struct atom_link){0};
    for (bool first = true; xml_attribute(xml, first, &name, &value); first = false) {
        if (strcmp(name, "rel") == 0)
            snprintf(link->rel, sizeof link->rel, "%s", value);
        else if (strcmp(name, "href") == 0)
            snprintf(link->href, sizeof link->href, "%s", value);
        else if (strcmp(name, "ref") == 0)
            snprintf(link->ref, sizeof link->ref, "%s", value);
    }
}

static bool read_link(struct tracking *tracking, struct xml *xml, const struct http_response *response, struct error *err)
{
    const xmlChar *base = xmlTextReaderConstBaseUri(xml->reader);
    struct atom_link link;

    read_attributes(xml, &link);
    char **place = strcmp(link.rel, "next") == 0 ? &tracking->next : strstr(link.rel, "delta") ? &tracking->delta : NULL;
    return !place || keep_link(place, odata_resolve(&tracking->arena, response->url, base && base[0] ? (const char *)base : NULL, link.href), err);
}

static bool add_entry(struct tracking *tracking, struct xml *xml, bool removed, struct error *err)
{
    struct value row[OUTPUTS] = {{.storage = STORAGE_NULL}};
    struct atom_link link;
    struct buffer id;

    read_attributes(xml, &link);
    buffer_init(&id, 64 << 10);
    buffer_append_text(&id, link.ref);
    for (int depth = removed ? -1 : xml_enter(xml); xml_child(xml, depth);)
        if (xml_is(xml, "id") && !id.length)
            atom_inner_text(xml, &id);
    row[OUTPUT_CHANGE] = text_or_null(removed ? "removed" : "changed");
    row[OUTPUT_ID] = text_or_null(id.length ? buffer_text(&id) : NULL);
    bool done = odata_result_add(tracking->result, &tracking->room, row, OUTPUTS) || error_memory(err);
    buffer_clear(&id);
    return done;
}

static bool read_atom(struct tracking *tracking, const struct http_response *response, struct error *err)
{
    struct xml xml;
    bool done = true;

    if (!xml_open(&xml, response->body, response->body_length))
        return error_memory(err);
    bool feed = xml_root(&xml) && xml_is(&xml, "feed");
    for (int depth = feed ? xml_enter(&xml) : -1; done && xml_child(&xml, depth);) {
        if (xml_is(&xml, "link"))
            done = read_link(tracking, &xml, response, err);
        else if (!tracking->first && (xml_is(&xml, "entry") || xml_is(&xml, "deleted-entry")))
            done = add_entry(tracking, &xml, xml_is(&xml, "deleted-entry"), err);
    }
    xml_close(&xml);
    return done && (feed || error_set(err, "08S01", "Set %s: the service answered with XML that is no feed", tracking->set));
}

static bool read_page(struct tracking *tracking, const struct http_response *response, struct error *err)
{
    const char *start = space_skip_lead(response->body, response->body_length);

    arena_reset(&tracking->arena);
    if (response->status != 200)
        return fail(tracking, response, err);
    return start[0] == '<' ? read_atom(tracking, response, err) : read_json(tracking, response, err);
}

/* Asks for a page, and for those that it leads to. */
static bool follow(struct tracking *tracking, const char *url, struct error *err)
{
    bool done = (tracking->next = strdup(url)) || error_memory(err);

    for (int pages = 0; done && tracking->next && pages < MOST_PAGES; pages++) {
        struct http_exchange *exchange;
        struct http_response response;
        char *address = tracking->next;
        tracking->next = NULL;
        const struct odata_request request = {.method = "GET", .url = address, .accept = odata_accept_rows(tracking->service, true, false),
                                              .prefer = tracking->first ? "odata.track-changes" : NULL};
        done = odata_send(tracking->service, tracking->lane, &request, tracking->cancel, &exchange, err);
        free(address);
        if (!done)
            break;
        done = http_wait(exchange, tracking->cancel, &response, err) && read_page(tracking, &response, err);
        http_finish(exchange);
    }
    return done;
}

/* Every row tells the link; where nothing has changed there is a row for it alone. */
static bool add_link(struct tracking *tracking, struct error *err)
{
    struct value row[OUTPUTS] = {{.storage = STORAGE_NULL}};
    struct procedure_result *result = tracking->result;

    if (!tracking->delta)
        return error_set(err, "HYC00", "Set %s: the service does not keep track of changes: it gives no link to ask for them by", tracking->set);
    if (!result->row_count && !odata_result_add(result, &tracking->room, row, OUTPUTS))
        return error_memory(err);
    const char *link = arena_text(result->arena, tracking->delta);
    if (!link)
        return error_memory(err);
    for (size_t i = 0; i < result->row_count; i++)
        result->values[i * OUTPUTS + OUTPUT_LINK] = value_text(link, strlen(link));
    return true;
}

static const struct odata_table *find_set(const struct odata_service *service, const char *name)
{
    const struct table *table = service_table(&service->service, name);
    const struct odata_table *own = table ? table->definition : NULL;
    return own && own->kind == TABLE_OF_SET ? own : NULL;
}

bool odata_changes_call(struct odata_service *service, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                        struct error *err)
{
    const char *set = value_is_null(&inputs[0]) ? "" : inputs[0].text, *link = value_is_null(&inputs[1]) || !inputs[1].length ? NULL : inputs[1].text;
    const struct odata_table *table = find_set(service, set);
    struct tracking tracking = {.service = service, .result = result, .cancel = cancel, .set = set, .first = !link};
    struct buffer url;

    result->row_count = 0;
    if (!table)
        return error_set(err, "42S02", "There is no entity set %.128s whose changes could be told", set);
    if (!http_lane_borrow(service->http, &tracking.lane, err))
        return false;
    buffer_init(&url, LARGEST_URL);
    if (link) {
        buffer_append_text(&url, link);
    } else {
        odata_url_begin(service, "/", &url);
        odata_encode(&url, table->path, strlen(table->path), false);
        odata_url_end(service, &url);
    }
    bool done = follow(&tracking, buffer_text(&url), err) && add_link(&tracking, err);
    free(tracking.next);
    free(tracking.delta);
    buffer_clear(&url);
    arena_clear(&tracking.arena);
    http_lane_return(tracking.lane);
    return done;
}
