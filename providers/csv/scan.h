/* The scans of the service: rows, or groups of them. */
#ifndef PROVIDERS_CSV_SCAN_H
#define PROVIDERS_CSV_SCAN_H

#include "table/service.h"

/* As service_class has them. */
bool csv_plan(const struct table *table, struct plan *plan, struct error *err);
bool csv_aggregates(const struct table *table, const struct aggregation *aggregation);
bool csv_scan_open(const struct scan_request *request, struct scan **scan, struct error *err);
bool csv_scan_next(struct scan *scan, struct batch *batch, struct error *err);
void csv_scan_close(struct scan *scan);
void csv_scan_count(const struct scan *scan, struct scan_counts *counts);
bool csv_describe(const struct scan_request *request, const char *const *names, struct arena *arena, struct scan_description *description,
                  struct error *err);

#endif
