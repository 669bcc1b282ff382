/* What the user's browser shows at the end of a sign-in. */
#ifndef OAUTH_LOOPBACK_PAGE_H
#define OAUTH_LOOPBACK_PAGE_H

#include <stdbool.h>

#include "base/buffer.h"

/* Writes a whole HTTP answer. 200: signed in; 403: not signed in, with `message` as the reason; others: a plain word.
 * No script, no resource from elsewhere, nothing of the request in it. */
bool loopback_page_write(struct buffer *out, int status, const char *message);

/* Sends it and ends the sending side; takes at most a second, whatever the other side does. */
void loopback_page_send(int fd, int status, const char *message);

#endif
