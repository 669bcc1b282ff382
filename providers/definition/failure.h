/* What an answer that is not a page of rows means. */
#ifndef PROVIDERS_DEFINITION_FAILURE_H
#define PROVIDERS_DEFINITION_FAILURE_H

#include <stdbool.h>

#include "http/client.h"

struct definition;
struct definition_procedure;
struct definition_table;
struct error;

/* Fills *err from a response to a table's or a procedure's request whose status is not 200, or whose body is no page: the SQLSTATE of
 * the code or the status, the service's own code (or the status) as native, its own message, and what to do. Returns false. */
bool failure_of_table(const struct definition *definition, const struct definition_table *table, const struct http_response *response,
                      struct error *err);
bool failure_of_procedure(const struct definition *definition, const struct definition_procedure *procedure,
                          const struct http_response *response, struct error *err);

/* The same where the answer is fine, but tells of all that was sent that it was not done: with which status, and in which words. */
bool failure_of_rows(const struct definition *definition, const struct definition_procedure *procedure, const struct http_response *response,
                     int status, const char *words, struct error *err);

/* What the codes and limits of a definition, the context, say about asking again. */
http_judge failure_judge;

/* Whether the body looks like a web page instead of JSON: a proxy's, a login form, a wrong URL. */
bool failure_is_page(const struct http_response *response);

/* Whether a body with status 200 holds an error as the definition describes them. */
bool failure_in_body(const struct definition *definition, const struct http_response *response);

/* Whether a header field says so, whatever the status means otherwise. */
bool failure_in_header(const struct definition *definition, const struct http_response *response);

#endif
