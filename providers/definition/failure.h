/* What an answer that is not a page of rows means. */
#ifndef PROVIDERS_DEFINITION_FAILURE_H
#define PROVIDERS_DEFINITION_FAILURE_H

#include <stdbool.h>

struct definition;
struct error;
struct http_response;

/* what_kind: "Table" or "Procedure", of that name.
 * Fills *err from a response whose status is not 200, or whose body is no page: the SQLSTATE of the status, the service's own code
 * (or the status) as native, its own message, and what to do. Returns false. */
bool failure_set(const struct definition *definition, const char *what_kind, const char *name, const struct http_response *response,
                 struct error *err);

/* Whether the body looks like a web page instead of JSON: a proxy's, a login form, a wrong URL. */
bool failure_is_page(const struct http_response *response);

/* Whether a body with status 200 holds an error as the definition describes them. */
bool failure_in_body(const struct definition *definition, const struct http_response *response);

/* Whether a header field says so, whatever the status means otherwise. */
bool failure_in_header(const struct definition *definition, const struct http_response *response);

#endif
