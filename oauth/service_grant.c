/* Grants in which nobody signs in. */
#include "oauth/service_grant.h"

#include "base/buffer.h"
#include "base/error.h"
#include "oauth/authorization.h"
#include "oauth/endpoint.h"

enum { LONGEST_SCOPE = 32 * 1024 };

bool service_grant_fetch(struct credential *credential, const char *grant_type, const struct token_field *fields, size_t count,
                         bool anonymous, struct http_lane *lane, struct oauth_tokens *tokens, bool *refused, struct cancel *cancel,
                         struct error *err)
{
    struct token_field all[SERVICE_GRANT_FIELDS + 2] = {{"grant_type", grant_type}};
    struct token_request request = {.endpoint = ENDPOINT_TOKEN, .fields = all, .count = 1, .lane = lane, .anonymous = anonymous};
    const char *scope = authorization_scope(credential, NULL);
    struct buffer joined;
    char error[TOKEN_ERROR] = "";

    *refused = false;
    for (size_t i = 0; i < count && i < SERVICE_GRANT_FIELDS; i++)
        all[request.count++] = fields[i];
    buffer_init(&joined, LONGEST_SCOPE);
    bool done = !scope || authorization_join_scope(credential, scope, &joined) || error_memory(err);
    all[request.count++] = (struct token_field){"scope", joined.length ? joined.data : NULL};
    done = done && token_get(credential, &request, tokens, error, cancel, err);
    *refused = token_is_over(error);
    buffer_clear(&joined);
    return done;
}
