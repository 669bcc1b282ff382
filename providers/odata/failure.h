/* What went wrong, in the service's own words: errors in JSON and XML, with a status or behind rows that were already sent. */
#ifndef PROVIDERS_ODATA_FAILURE_H
#define PROVIDERS_ODATA_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct http_response;

struct odata_words {
    char code[64];
    char message[601];
};

/* Finds them in a body. False when there are none. */
bool odata_words_find(const char *body, size_t length, struct odata_words *words);

/* Sets the error that an answer means: what_kind and name say what was asked for ("Table", "Products"). Always false. */
bool odata_failure_set(const char *what_kind, const char *name, const struct http_response *response, struct error *err);

/* Whether the words speak of a part of the address, such as "$filter". */
bool odata_words_name(const struct odata_words *words, const char *part);

#endif
