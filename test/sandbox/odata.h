/* The sandbox plays a shop by OData: V2 below /odata2/, V3 below /odata3/, V4 below /odata4/, with the same rows, as JSON and, before V4, as
 * Atom. Nobody needs to sign in.
 *
 *   PUT /_odata      how it answers: {"page": rows of a page, "refuse": ["filter", "select", "orderby", "top", "skip", "expand", "nested",
 *                    "in", "functions", "count", "apply", "key", "exact", "calculations", "terms", "search"], "quirks": ["relative", "empty page", "inner pages", "only atom",
 *                    "stumbles", "broken", "csrf", "apply"]}; what is left out is as at the start
 *   DELETE /_odata   as at the start
 *   GET /_data/odata/SET                all rows of a set, in a form that no version has */
#ifndef SANDBOX_ODATA_H
#define SANDBOX_ODATA_H

#include "test/sandbox/server.h"

struct odata;

struct odata *odata_open(unsigned rows);
void odata_close(struct odata *odata);

/* How the server reaches it, by the version: 2, 3 or 4. */
struct service_play odata_play(struct odata *odata, int version);

#endif
