/* One request of a script: made of the attributes of an item, by the names that operations have for them.
 *
 *   uri, url          the address; a path or file:// only below the connection's URI or Location
 *   method            GET
 *   data, postdata    the body; ContentType its type
 *   header:NAME, header:name#n and header:value#n      fields
 *   paramname#n and paramvalue#n, param:NAME           parameters of the address, or of a form where there is a body of that type
 *   cookie:NAME       cookies
 *   user, password    Basic; else the connection's credential signs, where the script sets no Authorization itself */
#ifndef PROVIDERS_SCRIPT_ASK_H
#define PROVIDERS_SCRIPT_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "http/client.h"

struct cancel;
struct error;
struct item;
struct script;
struct script_world;

enum { ASK_HEADERS = 64, ASK_LARGEST = 64 << 20 };

struct ask {
    struct arena arena;
    const char *method, *url;
    const char *file;                /* a path in place of an address; or NULL */
    struct http_header headers[ASK_HEADERS];
    size_t header_count;
    const char *content_type, *body; /* NULL: none */
    size_t body_length;
    bool signs;                      /* with the connection's credential */
};

/* input: what came from outside, whose hosts may be asked. accept: what Accept says where the item does not; or NULL. Ends with ask_clear,
 * also after a failure. False: HY000 no address, a host that nobody named, a file that may not be read; HY001. */
bool ask_read(struct ask *ask, const struct script_world *world, const struct script *script, const struct item *input, const struct item *item,
              const char *method, const char *accept, struct error *err);
void ask_clear(struct ask *ask);

/* What came back; borrowed until answer_clear. */
struct answer {
    int status;                      /* 200 for a file */
    const char *body;
    size_t length;
    const char *url;                 /* for messages */
    struct http_lane *lane;
    struct http_exchange *exchange;
    struct http_response response;
    struct buffer file;
};

/* Asks; url: another address than the request's own, or NULL. False: those of http_wait; HY000 for a file that can not be read. */
bool ask_send(const struct ask *ask, const struct script_world *world, const char *url, struct cancel *cancel, struct answer *answer, struct error *err);
/* The same for an address whose body is read by http_read as it comes, where it is told with 2xx; window: see http_request. */
bool ask_begin(const struct ask *ask, const struct script_world *world, size_t window, struct cancel *cancel, struct answer *answer, struct error *err);
void answer_clear(struct answer *answer);

/* HY000 that tells how the service has refused, with its status as native code. Returns false. */
bool answer_refused(const struct ask *ask, const struct script_world *world, const struct answer *answer, struct error *err);

#endif
