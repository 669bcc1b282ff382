/* Parameters that somebody wrote down ready-made. */
#include "oauth/parameters.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "http/url.h"

/* What the sign-in itself rests on: with a second value its answer would not be known again, or not be safe. */
static bool is_own(const char *name)
{
    static const char own[] = "response_type client_id redirect_uri state code_challenge code_challenge_method grant_type code code_verifier "
                              "client_secret refresh_token username password assertion device_code";
    return name_among(own, name);
}

/* "a=b,c=d": a comma divides only where each piece is a pair, and nothing is divided by '&'. */
static char divider(const char *text)
{
    if (strchr(text, '&'))
        return '&';
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, ",");
        const char *equals = memchr(at, '=', length);
        if (!equals || equals == at)
            return '&';
        at += length + (at[length] == ',');
    }
    return ',';
}

static bool add_pair(struct buffer *out, bool form, const char *pair, size_t length, const char *source, struct error *err)
{
    const char *equals = memchr(pair, '=', length);
    struct buffer name, value;

    buffer_init(&name, length);
    buffer_init(&value, length);
    bool done = equals && equals > pair && url_decode(&name, pair, (size_t)(equals - pair), true) &&
                url_decode(&value, equals + 1, length - (size_t)(equals + 1 - pair), true);
    if (!done)
        error_set(err, "HY000", "%s must be written a=b&c=d, but holds \"%.*s\"", source, (int)(length < 80 ? length : 80), pair);
    else if (is_own(buffer_text(&name)))
        done = error_set(err, "HY000", "%s must not set %s, which the driver sets itself; where there is one, use the property for it",
                         source, buffer_text(&name));
    else if (!url_add_parameter(out, buffer_text(&name), buffer_text(&value), form))
        done = error_memory(err);
    buffer_clear(&name);
    buffer_clear(&value);
    return done;
}

bool parameters_add(struct buffer *out, bool form, const char *text, const char *source, struct error *err)
{
    if (!text)
        return true;
    const char dividers[] = {divider(text), '\0'};
    while (*(text += strspn(text, dividers))) {
        size_t length = strcspn(text, dividers);
        if (!add_pair(out, form, text, length, source, err))
            return false;
        text += length;
    }
    return true;
}
