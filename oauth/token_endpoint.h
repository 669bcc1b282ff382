/* The token endpoint (RFC 6749 3.2): sending a grant, and reading the answer. */
#ifndef OAUTH_TOKEN_ENDPOINT_H
#define OAUTH_TOKEN_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "oauth/endpoint.h"
#include "oauth/state.h"

struct token_field {
    const char *name;
    const char *value;   /* NULL = not sent */
};

/* What is sent. */
struct token_request {
    enum endpoint endpoint;
    const struct token_field *fields;
    size_t count;
    const char *home;         /* the server's origin that is asked in the place of the endpoint's own (home.h); NULL = the endpoint's */
    const char *bearer;       /* the present access token, where the service wants it along; NULL = not sent */
    struct http_lane *lane;   /* NULL to borrow one */
    bool anonymous;           /* the fields prove enough: no client id is needed */
};

enum { TOKEN_ERROR = 48 };

/* Reads the answer into what context points to; document is a JSON object, made of a form where that was the answer. */
typedef bool token_reader(void *context, const char *url, const void *document, struct error *err);

/* Posts the fields, OAuthParams, and the client's authentication in the way the service wants it; never repeated once it may have arrived.
 * read   called for an answer that is no refusal; NULL = nothing is to be read there
 * error  gets the server's word for a refusal, "invalid_grant"; "" when it was another failure
 * False: 28000 the server's refusal in its words and what to do, 08S01 an answer that is none, those of endpoint_find, http_wait and read. */
bool token_post(struct credential *credential, const struct token_request *request, token_reader *read, void *context,
                char error[TOKEN_ERROR], struct cancel *cancel, struct error *err);

/* token_post for tokens. */
bool token_get(struct credential *credential, const struct token_request *request, struct oauth_tokens *tokens, char error[TOKEN_ERROR],
               struct cancel *cancel, struct error *err);

/* Whether the server's word means that the grant is not valid (any more): only a new sign-in helps. */
bool token_is_over(const char *error);

/* An answer as it came. */
struct token_answer {
    const char *url;           /* for messages */
    enum endpoint endpoint;    /* likewise */
    int status;
    const char *body;
    size_t length;
    bool form;                 /* it may be form-encoded */
};

/* Reads an answer (RFC 6749 5.1, 5.2). */
bool token_answer_read(const struct token_answer *answer, struct oauth_tokens *tokens, char error[TOKEN_ERROR], struct error *err);

/* The same with a reader of the caller's. */
bool token_answer_parse(const struct token_answer *answer, token_reader *read, void *context, char error[TOKEN_ERROR], struct error *err);

/* What else the server sent, as the text of a JSON object; *out stays as it is when there is nothing.
 * document  a JSON object; known: names of the members that do not count, divided by spaces. False: HY001. */
bool token_read_others(const void *document, const char *known, char **out, struct error *err);

/* A number of seconds, as a number or as text; -1 when there is none. value: a JSON value. */
int64_t token_seconds(const void *value);

#endif
