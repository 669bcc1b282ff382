/* What comes back from the authorization server by way of the user's browser. */
#include "oauth/callback.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/error.h"
#include "http/url.h"
#include "oauth/authorization.h"
#include "oauth/home.h"
#include "oauth/secret.h"

enum { LONGEST_VERIFIER = 16 * 1024 };

/* Looks a parameter up anew. */
static bool find(const char *query, const char *name, struct buffer *value)
{
    buffer_reset(value);
    return url_parameter(query, name, value) && strlen(buffer_text(value)) == value->length;
}

/* Nothing may stand there twice (RFC 6749 3.1): whoever reads the other one than we do is told something else. */
static bool is_ambiguous(const char *query, const struct callback_question *question)
{
    const char *const names[] = {question->binding, question->answer, "iss", "error", question->profile ? question->profile->home : NULL};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i] && url_parameter_is_repeated(query, names[i]))
            return true;
    return false;
}

/* OAuth 1.0a has no word for a refusal; services say it in one of these ways. */
static bool is_denied(const char *query, const struct callback_question *question, struct buffer *value)
{
    return question->expected && find(query, "denied", value) && secret_equal(buffer_text(value), question->expected);
}

static bool is_bound(const char *query, const struct callback_question *question, bool strict, struct buffer *value)
{
    if (!question->expected)
        return true;
    return find(query, question->binding, value) ? secret_equal(buffer_text(value), question->expected) : !strict;
}

/* The answer of another authorization server, whose code ours must not get, nor ours' secret it (mix-up, RFC 9207 2.4). */
static bool is_of_issuer(const char *query, const struct callback_question *question, struct buffer *value, struct error *err)
{
    bool told = find(query, "iss", value);
    if (!question->issuer || (!told && !question->issuer_promised) || (told && strcmp(buffer_text(value), question->issuer) == 0))
        return true;
    char words[200];
    authorization_plain_words(told ? buffer_text(value) : "nobody it names", words, sizeof words);
    return error_set(err, "28000", "The answer of the sign-in comes from %s, not from %.200s: it is not used. Begin again, and check "
                     "OAuthIssuer and OAuthAuthorizationURL", words, question->issuer);
}

/* The server that has the account gets the code and the client's secret: it must be one of the service's. */
static bool is_at_home(const char *query, const struct callback_question *question, struct buffer *value, struct error *err)
{
    if (!question->profile || !question->profile->home || !find(query, question->profile->home, value))
        return true;
    if (value->length && value->data[value->length - 1] == '/')
        value->data[--value->length] = '\0';
    if (home_is_known(question->profile, buffer_text(value)))
        return secret_set(question->home, value->data) || error_memory(err);
    char words[200];
    authorization_plain_words(buffer_text(value), words, sizeof words);
    return error_set(err, "28000", "The answer of the sign-in says that the account is at %s, which is none of the servers of %s: it is not used. "
                     "Begin again, and check OAuthAuthorizationURL", words, question->profile->provider);
}

static enum callback refuse(const char *query, const char *error, struct error *err)
{
    struct buffer description;
    buffer_init(&description, LONGEST_VERIFIER);
    find(query, "error_description", &description);
    authorization_refused("The authorization server", 0, error, buffer_text(&description), err);
    buffer_clear(&description);
    return CALLBACK_REFUSED;
}

static enum callback judge(const char *query, const struct callback_question *question, bool strict, struct buffer *value, char **answer,
                           struct error *err)
{
    if (is_ambiguous(query, question))
        return CALLBACK_STRANGE;
    if (is_denied(query, question, value))
        return refuse(query, "access_denied", err);
    if (!is_bound(query, question, strict, value))
        return CALLBACK_STRANGE;
    if (!is_of_issuer(query, question, value, err))
        return CALLBACK_REFUSED;
    if (!is_at_home(query, question, value, err))
        return CALLBACK_REFUSED;
    if (find(query, "error", value) || find(query, "oauth_problem", value))
        return refuse(query, buffer_text(value), err);
    if (!find(query, question->answer, value) || !value->length)
        return CALLBACK_EMPTY;
    if (secret_set(answer, value->data))
        return CALLBACK_ANSWERED;
    error_memory(err);
    return CALLBACK_REFUSED;
}

enum callback callback_read(const char *query, const struct callback_question *question, bool strict, char **answer, struct error *err)
{
    struct buffer value;
    if (!secret_buffer_init(&value, LONGEST_VERIFIER)) {
        error_memory(err);
        return CALLBACK_REFUSED;
    }
    enum callback callback = judge(query, question, strict, &value, answer, err);
    secret_buffer_clear(&value);
    return callback;
}

static bool read_url(const char *url, const struct callback_question *question, char **answer, struct error *err)
{
    const char *query = strchr(url, '?');
    char *copy = strdup(query ? query + 1 : "");
    if (!copy)
        return error_memory(err);
    copy[strcspn(copy, "#")] = '\0';
    enum callback callback = callback_read(copy, question, false, answer, err);
    secret_free(copy);
    switch (callback) {
    case CALLBACK_STRANGE:
        return error_set(err, "28000", "The callback URL carries another %s than the sign-in that was begun here; it may not be yours. "
                         "Begin again with GetOAuthAuthorizationURL", question->binding);
    case CALLBACK_EMPTY:
        return error_set(err, "28000", "The callback URL given as the verifier holds no %s", question->answer);
    default:
        return callback == CALLBACK_ANSWERED;
    }
}

bool callback_read_verifier(const char *text, const struct callback_question *question, char **answer, struct error *err)
{
    if (strlen(text) > LONGEST_VERIFIER)
        return error_set(err, "28000", "The verifier is longer than %d bytes: it can not be one", LONGEST_VERIFIER);
    if (strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0)
        return read_url(text, question, answer, err);
    return secret_set(answer, text) || error_memory(err);
}
