#include "table/service.h"

#include "base/name.h"

const struct table *service_table(const struct service *service, const char *name)
{
    for (size_t i = 0; i < service->table_count; i++)
        if (name_equal(service->tables[i]->name, name))
            return service->tables[i];
    return NULL;
}

const struct procedure *service_procedure(const struct service *service, const char *name)
{
    for (size_t i = 0; i < service->procedure_count; i++)
        if (name_equal(service->procedures[i]->name, name))
            return service->procedures[i];
    return NULL;
}

const char *table_kind_name(enum table_kind kind)
{
    static const char *const names[] = {[TABLE_TABLE] = "TABLE", [TABLE_VIEW] = "VIEW", [TABLE_SYSTEM] = "SYSTEM TABLE",
                                        [TABLE_LOCAL_TEMPORARY] = "LOCAL TEMPORARY"};
    return names[kind];
}

int table_column(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (name_equal(table->columns[i].name, name))
            return (int)i;
    return -1;
}

bool scan_open(const struct scan_request *request, struct scan **scan, struct error *err)
{
    return request->table->service->class->scan_open(request, scan, err);
}

bool scan_next(const struct table *table, struct scan *scan, struct batch *batch, struct error *err)
{
    return table->service->class->scan_next(scan, batch, err);
}

void scan_close(const struct table *table, struct scan *scan)
{
    table->service->class->scan_close(scan);
}
