/* Decodes pages for tests, by a definition written in the test. */
#ifndef TEST_PROVIDERS_DECODING_H
#define TEST_PROVIDERS_DECODING_H

#include "base/buffer.h"
#include "base/warnings.h"
#include "providers/definition/definition.h"
#include "providers/rows/decode.h"

struct properties;
struct service;

/* A definition that is read from a text; its first table fault, or any other, is the test's failure. */
struct definition *decoding_define(const char *text);

/* A service of such a definition, with a connection string's properties, which are the caller's to clear. What fails is the test's failure. */
struct service *decoding_open(const char *text, struct properties *properties, const char *settings, ...) __attribute__((format(printf, 3, 4)));

/* All rows of a page as "Id=1 B=1 …;", NULL cells left out; the error's text at the end when one came. wanted: names of columns divided by
 * spaces, NULL = all. kept: gets the decoder, at the page's end, unless it is NULL. */
void decoding_decode(const struct definition *definition, const char *table, const char *body, const char *wanted, struct warnings *warnings,
                     struct buffer *out, struct decoder **kept);

#endif
