/* One GET of the shop: its path, its options, its page. */
#ifndef SANDBOX_ODATA_ANSWER_H
#define SANDBOX_ODATA_ANSWER_H

#include "test/sandbox/odata_write.h"
#include "test/sandbox/server.h"

enum odata_refused {
    REFUSE_FILTER = 1, REFUSE_SELECT = 2, REFUSE_ORDERBY = 4, REFUSE_TOP = 8, REFUSE_SKIP = 16, REFUSE_EXPAND = 32, REFUSE_NESTED = 64, REFUSE_IN = 128,
    REFUSE_FUNCTIONS = 256, REFUSE_COUNT = 512, REFUSE_APPLY = 1024, REFUSE_KEY = 2048, REFUSE_EXACT = 4096,
    REFUSE_CALCULATIONS = 8192, REFUSE_TERMS = 16384, REFUSE_SEARCH = 32768,
};

enum odata_quirk {
    QUIRK_RELATIVE = 1,             /* links to next pages are relative */
    QUIRK_EMPTY_PAGE = 2,           /* the first page is empty, and leads to the others */
    QUIRK_INNER_PAGES = 4,          /* pages of two rows inside of entities */
    QUIRK_ONLY_ATOM = 8,            /* there is no JSON */
    QUIRK_STUMBLES = 16,            /* refusals are status 500 and no words */
    QUIRK_BROKEN = 32,              /* rows break off with an error */
    QUIRK_CSRF = 64,                /* changes need a token against forged requests */
    QUIRK_APPLY = 128,              /* the metadata announce $apply */
};

struct odata_ways {
    size_t page;
    unsigned refuse, quirks;
};

/* path: behind the service's root, decoded. */
void odata_answer(const struct shop *shop, int version, const struct odata_ways *ways, const char *path, const struct request *request, struct answer *answer);

/* An error in the version's form. */
void odata_fail(int version, const struct odata_ways *ways, unsigned status, const char *message, struct answer *answer);

#endif
