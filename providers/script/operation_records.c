/* jsonproviderGet, xmlproviderGet and csvproviderGet, and their names in other products: an output for each record. */
#include <stdlib.h>
#include <string.h>

#include "base/value.h"
#include "providers/script/info.h"
#include "providers/script/operation.h"
#include "providers/script/records.h"
#include "providers/script/world.h"

static bool put_row(struct run *run, const struct element *element, const struct table *table, const struct value *const *cells, size_t row, struct item *item,
                    struct error *err)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (!cells[i] || value_is_null(&cells[i][row]))
            continue;
        if (!item_set_value(item, table->columns[i].name, &table->columns[i].type, &cells[i][row]))
            return run_no_room(run, element, err);
    }
    return true;
}

static bool put_rows(struct calling *calling, struct record_pages *pages, struct error *err)
{
    struct run *run = calling->run;
    bool more = true;
    size_t rows;

    while (more) {
        if (!record_pages_next(pages, &rows, err))
            return false;
        run_asked(run);
        if (rows == 0)
            return true;
        for (size_t row = 0; more && row < rows; row++) {
            struct item item;
            item_init(&item, run->bound);
            bool done = put_row(run, calling->element, record_pages_table(pages), record_pages_cells(pages), row, &item, err)
                        && calling->output(calling, &item, &more, err);
            item_clear(&item);
            if (!done)
                return false;
        }
    }
    return true;
}

static bool call(const struct operation *operation, struct calling *calling, struct error *err)
{
    const struct run_setup *setup = calling->run->setup;
    struct record_request *request;
    struct record_pages *pages;

    if (!record_request_open(setup->world, setup->script, setup->table, setup->input, calling->input, (enum record_kind)operation->which, &request, err))
        return false;
    if (calling->pushes && setup->sink.records)
        return setup->sink.records(setup->sink.context, request, err);
    bool done = record_pages_open(request, NULL, setup->cancel, setup->warnings, &pages, err);
    if (done) {
        done = put_rows(calling, pages, err);
        record_pages_close(pages);
    }
    record_request_close(request);
    return done;
}

const struct operation operations_of_records[] = {
    {"jsonproviderGet", call, RECORDS_JSON}, {"xmlproviderGet", call, RECORDS_XML}, {"csvproviderGet", call, RECORDS_CSV},
    {"apisadoExecuteJSONGet", call, RECORDS_JSON}, {"apisadoExecuteXMLGet", call, RECORDS_XML}, {NULL, NULL, 0},
};
