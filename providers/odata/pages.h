/* The pages of one scan, in order, several of them under way at once; what a service refuses is found out here. */
#ifndef PROVIDERS_ODATA_PAGES_H
#define PROVIDERS_ODATA_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/client.h"
#include "providers/odata/requests.h"

struct error;
struct odata_pages;
struct scan_counts;

/* requests outlives the pages. */
bool odata_pages_open(struct odata_requests *requests, struct http_lane *lane, struct odata_pages **pages, struct error *err);
void odata_pages_close(struct odata_pages *pages);

struct odata_page {
    struct http_response response;
    const struct value *echo;        /* per column: what stands in no page */
    size_t first, end;               /* the piece of the split list that it was asked by */
    bool missing;                    /* there is nothing at its address: there are no rows */
    enum odata_page_kind kind;
    bool counts;                     /* its body is the number of rows */
};

/* Waits for the next page, which stays until the next call; *page is NULL when there are no more. Before the first page the requests may
 * be worked out anew, without what the service has refused: nothing of them is to be looked at before. False: those of http_wait, what the
 * service's errors mean, NOT_AGGREGATED. */
bool odata_pages_next(struct odata_pages *pages, const struct odata_page **page, struct error *err);

/* What the page says of the next one (NULL: nothing), which is then asked for. Once for each page, before or while its rows are read.
 * False: 08S01 when the links lead in a circle. */
bool odata_pages_follow(struct odata_pages *pages, const char *next, struct error *err);

/* More rows inside of a parent, at an address that the page has told. */
bool odata_pages_add(struct odata_pages *pages, const char *address, const struct value *echo, struct error *err);

/* How many rows the page had, when it is at its end: paging by the client goes on from there. */
void odata_pages_ended(struct odata_pages *pages, int64_t rows);

void odata_pages_count(const struct odata_pages *pages, struct scan_counts *counts);

#endif
