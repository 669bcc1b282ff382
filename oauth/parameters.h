/* Parameters that somebody wrote down ready-made: the property OAuthParams, or a definition's. */
#ifndef OAUTH_PARAMETERS_H
#define OAUTH_PARAMETERS_H

#include <stdbool.h>

struct buffer;
struct error;

/* Appends them to a URL, or to a form. They are decoded and encoded again, so that nothing else slips in.
 *
 * text    "a=b&c=d", or with commas in the place of '&' where there is none; NULL or "" = nothing
 * source  what to call it in messages: "OAuthParams"
 * False: HY000 for what is not written so, or sets what the sign-in itself rests on; HY001. */
bool parameters_add(struct buffer *out, bool form, const char *text, const char *source, struct error *err);

#endif
