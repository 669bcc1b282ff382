/* The pages of one scan, in order, several of them under way at once.
 *
 * A run is the pages of one series: they belong to the same values. The next page of a run is asked for when the one before it has told
 * that there is one; where the service counts its pages, or has had enough of them to expect more, ahead of that. Other runs are begun
 * meanwhile, as many as may be under way. The second page of a scan waits until somebody comes for it, and never are more pages asked for
 * ahead than have been read: most queries that stop early stop soon. */
#ifndef PROVIDERS_DEFINITION_PAGES_H
#define PROVIDERS_DEFINITION_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/client.h"
#include "providers/definition/request.h"

struct described_service;
struct error;
struct pages;
struct scan_counts;
struct walk;

/* requests and walk (NULL where nothing is walked) outlive the pages. limit: rows that are wanted, -1 = all.
 * ahead: pages may be asked for before somebody comes for them. */
bool pages_open(const struct described_service *service, struct requests *requests, struct walk *walk, struct http_lane *lane,
                int64_t limit, bool ahead, struct pages **pages, struct error *err);
void pages_close(struct pages *pages);

/* One page that has been answered. */
struct page {
    const struct series *series;
    struct http_response response;
    bool missing;                    /* the service has nothing there, which is no error for this endpoint: there are no rows */
    int64_t number;                  /* within its series, from 0 */
};

/* Waits for the next page; it stays until the next call. *page is NULL when there are no more.
 * False: those of http_wait, and what a status or an answer that is no JSON means. */
bool pages_next(struct pages *pages, const struct page **page, struct error *err);

/* What has been found in the page: rows, the bytes that hold them, and what it says of the next one. Must be called before pages_next
 * goes on. False: 08S01 when the service sends the same page again, or leads in a circle. */
struct page_report {
    int64_t rows;
    const char *row_bytes;
    size_t row_length;
    bool more;
    const char *next;                /* URL or token, or NULL */
    int64_t total;                   /* -1: not told */
};
bool pages_report(struct pages *pages, const struct page_report *report, struct error *err);

/* For COUNT: asks for the first page at the least size. *total is -1 when it does not tell how many rows there are; the pages begin
 * anew then. read: finds the total in the answer's body. */
typedef bool pages_read_total(void *context, const struct http_response *response, int64_t *total, struct error *err);
bool pages_total(struct pages *pages, pages_read_total *read, void *context, int64_t *total, struct error *err);

void pages_count(const struct pages *pages, struct scan_counts *counts);

#endif
