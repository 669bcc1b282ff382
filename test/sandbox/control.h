/* What tests steer the sandbox with: the log of requests, faults to come, ready connection strings, the raw data.
 *
 *   GET /_log, DELETE /_log          the requests received: what they asked, what they got, how many were under way with them
 *   POST /_fault, DELETE /_fault     how coming answers shall fail
 *   GET /_dsn                        service → connection string
 *   GET /_data/<table>               all generated rows of a table
 *   GET /_secrets                    every token, code and secret given out so far, for tests that search logs for them
 *   POST /_oauth, DELETE /_oauth     how the authorization servers behave (oauth_server_moods)
 *   GET, PUT, DELETE /_basecamp      which accounts of Basecamp there are, see basecamp.h
 *   DELETE /_tokens[?kind=access]    ends every token, or every access token, that was given out by a login */
#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

#include "test/sandbox/server.h"

struct control *control_open(void);
void control_close(struct control *control);

/* Answers a path that begins with "/_". */
void control_answer(struct sandbox *sandbox, const struct request *request, struct answer *answer);

/* Remembers a request; the status comes later, by the returned number. */
size_t control_log(struct control *control, const struct request *request);
void control_log_status(struct control *control, size_t entry, unsigned status);

/* What a fault does beyond replacing the answer. */
struct fault_effect {
    long cut;           /* the connection ends after so many bytes of the body; -1 = no */
    unsigned stall;     /* milliseconds of silence */
    long stall_at;      /* silence after so many bytes of the body; -1 = before the answer */
    bool close;         /* no answer at all */
};
#define FAULT_NONE ((struct fault_effect){.cut = -1, .stall_at = -1})

/* Applies the first fault that matches; answer->status stays 0 when the service shall answer itself. */
void control_fault(struct control *control, const struct request *request, struct answer *answer, struct fault_effect *effect);

/* Sleeps, but not past the end of the program. */
void control_wait(struct control *control, unsigned milliseconds);
void control_stop(struct control *control);
bool control_stopped(struct control *control);

#endif
