/* Groups that the service makes: $apply (OData Extension for Data Aggregation 4.0). */
#ifndef PROVIDERS_ODATA_AGGREGATE_H
#define PROVIDERS_ODATA_AGGREGATE_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/odata/plan.h"

struct buffer;
struct error;
struct odata_groups;
struct odata_page_facts;

/* Whether the service may be able to group the table's rows so, with results that are SQL's. */
bool odata_can_aggregate(const struct odata_context *context, const struct odata_table *table, const struct aggregation *aggregation);

/* Whether nothing but the number of all rows is asked for: services of every version tell it at /$count. */
bool odata_is_count(const struct aggregation *aggregation);

/* aggregation: copied. */
bool odata_groups_open(const struct odata_context *context, const struct odata_table *table, const struct aggregation *aggregation,
                       struct odata_groups **groups, struct error *err);
void odata_groups_close(struct odata_groups *groups);

/* The copy, which lives as long as the groups. */
const struct aggregation *odata_groups_aggregation(const struct odata_groups *groups);

/* Appends the value of $apply, encoded; filter: what $filter would say, encoded, "" for nothing. */
void odata_groups_apply(const struct odata_groups *groups, const char *filter, struct buffer *out);

/* As odata_reader_page and odata_reader_next; a row is a group. NOT_AGGREGATED when the rows are no groups. The cells are those of the
 * groups, then of the aggregates. */
bool odata_groups_page(struct odata_groups *groups, const char *body, size_t length, const char *url, struct odata_page_facts *facts, struct error *err);
bool odata_groups_next(struct odata_groups *groups, size_t row, bool *found, struct error *err);
void odata_groups_batch(struct odata_groups *groups);
struct value *const *odata_groups_cells(const struct odata_groups *groups);

/* The one row that there is without any, where nothing is grouped by: COUNT is 0, all else NULL. False where there is none. */
bool odata_groups_empty(struct odata_groups *groups, size_t row);

#endif
