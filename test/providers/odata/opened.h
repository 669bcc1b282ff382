/* A model of this folder opened as tables, with the context that planning and requests need. */
#ifndef TEST_PROVIDERS_ODATA_OPENED_H
#define TEST_PROVIDERS_ODATA_OPENED_H

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "providers/odata/options.h"
#include "providers/odata/plan.h"
#include "documents.h"

struct opened {
    struct odata_model *model;
    struct odata_options options;
    struct service service;
    struct arena arena;
    struct odata_context context;
    atomic_uint refused;
};

static inline void opened_text(struct opened *opened, const char *document, size_t length, const struct odata_options *options)
{
    struct error err = {0};

    *opened = (struct opened){.options = *options, .service = {.name = "Shop"}};
    if (!model_read(document, length, &opened->model, &err) ||
        !odata_tables_list(opened->model, &opened->options, &opened->service, &opened->arena, &err))
        fail_msg("%s", err.message);
    opened->context = (struct odata_context){.model = opened->model, .options = &opened->options, .version = opened->model->version,
                                             .form = {.version = opened->model->version}, .refused = &opened->refused,
                                             .milliseconds = opened->model->version == ODATA_V2};
    for (size_t i = 0; i < opened->service.table_count; i++)
        if (!odata_table_fill((struct odata_table *)opened->service.tables[i]->definition, opened->model, &opened->options, opened->model->version,
                              &opened->arena, &err))
            fail_msg("%s", err.message);
}

static inline void opened_file(struct opened *opened, const char *name, const struct odata_options *options)
{
    size_t length;
    char *document = document_read(name, &length);

    opened_text(opened, document, length, options);
    free(document);
}

static inline void opened_close(struct opened *opened)
{
    model_close(opened->model);
    arena_clear(&opened->arena);
}

static inline struct odata_table *opened_table(struct opened *opened, const char *name)
{
    const struct table *table = service_table(&opened->service, name);
    if (!table)
        fail_msg("no table %s", name);
    if (table->fault)
        fail_msg("%s: %s", name, table->fault);
    return (struct odata_table *)table->definition;
}

/* What a service without restrictions is opened with. */
static const struct odata_options plain_options = {.views = true, .expand = true, .most_select = -1, .most_filter = 1500, .concurrent = 8};

#endif
