/* What comes back from the authorization server by way of the user's browser: whether it answers our question, and how. */
#ifndef OAUTH_CALLBACK_H
#define OAUTH_CALLBACK_H

#include <stdbool.h>

struct error;
struct oauth_profile;

/* What a callback must carry. All strings borrowed. */
struct callback_question {
    const char *binding;     /* the parameter that binds the answer to its question: "state", "oauth_token" */
    const char *expected;    /* its value; NULL = not known here */
    const char *answer;      /* the parameter that is the answer: "code", "oauth_verifier" */
    const char *issuer;      /* whose answer it must be (RFC 9207); NULL = not known */
    bool issuer_promised;    /* the answer must say so */
    const struct oauth_profile *profile; /* which servers may have the account (home.h); NULL = that is not told */
    char **home;             /* gets the one that the answer names, to be freed; NULL where there is no profile */
};

enum callback {
    CALLBACK_STRANGE,    /* it answers another question, or none */
    CALLBACK_EMPTY,      /* it is ours, but holds no answer */
    CALLBACK_REFUSED,    /* *err says what the server, or the user there, said; or that it comes from another server */
    CALLBACK_ANSWERED,
};

/* Reads the query of a callback.
 * strict  a callback without the binding is strange; else it may have been cut off by whoever copied it
 * answer  gets the answer, to be freed by secret_free; *err is set only with CALLBACK_REFUSED, or HY001 */
enum callback callback_read(const char *query, const struct callback_question *question, bool strict, char **answer, struct error *err);

/* Reads a verifier as users give it: the answer itself, or the whole callback URL.
 * False with 28000: another question's answer, a refusal, or no answer. */
bool callback_read_verifier(const char *text, const struct callback_question *question, char **answer, struct error *err);

#endif
