/* Whether a row passes a filter of a request. */
#ifndef SANDBOX_ZOHO_FILTER_H
#define SANDBOX_ZOHO_FILTER_H

#include "test/sandbox/zoho_call.h"

/* One filter that a request uses. */
struct zoho_use {
    const struct zoho_filter *filter;
    const char *value;
    const struct zoho_choice *choice;   /* that the value is; NULL = not one of a list */
    double number;
    bool is_number;
    int64_t moment;                     /* of FORM_SINCE */
};

/* The filters of the answer that the request uses, in the scratch arena; false with an answer when a value is not allowed. */
bool zoho_uses(struct zoho_call *call, const struct zoho_answer *answer, struct zoho_use **uses, size_t *count);
bool zoho_passes(const struct zoho_use *use, const struct zoho_at *at);

/* Whether the text has the other in it, by the switch `case`. */
bool zoho_contains(const struct zoho_books *books, const char *text, const char *part);

#endif
