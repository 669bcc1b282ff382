/* A lane: one curl_multi and the connections it keeps warm, driven by the thread that waits. */
#include <stdlib.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/error.h"
#include "http/lane.h"

struct http_lane *http_lane_open(struct http_client *client)
{
    struct http_lane *lane = calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    lane->multi = curl_multi_init();
    if (!lane->multi) {
        free(lane);
        return NULL;
    }
    lane->client = client;
    lane->process = getpid();
    return lane;
}

void http_lane_close(struct http_lane *lane)
{
    curl_multi_cleanup(lane->multi);
    free(lane);
}

/* Tells every exchange whose transfer has ended. */
static void collect_ended(struct http_lane *lane)
{
    int left;
    CURLMsg *message;

    while ((message = curl_multi_info_read(lane->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char *exchange = NULL;
        CURLcode result = message->data.result; /* the message is gone once the handle is taken out */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
        http_exchange_ended((struct http_exchange *)(void *)exchange, result);
    }
}

static bool lane_broken(CURLMcode code, struct error *err)
{
    if (code == CURLM_OUT_OF_MEMORY)
        return error_memory(err);
    return error_set(err, "08S01", "The transfers can not go on: %s", curl_multi_strerror(code));
}

bool http_lane_drive(struct http_lane *lane, struct error *err)
{
    int running;
    CURLMcode code = curl_multi_perform(lane->multi, &running);
    if (code != CURLM_OK)
        return lane_broken(code, err);
    collect_ended(lane);
    return true;
}

static void wake(void *multi)
{
    curl_multi_wakeup(multi);
}

bool http_lane_pause(struct http_lane *lane, int64_t milliseconds, struct cancel *cancel, struct error *err)
{
    enum { LONGEST = 60000 };
    int64_t deadline = cancel_remaining(cancel);
    if (deadline >= 0 && deadline < milliseconds)
        milliseconds = deadline;
    if (milliseconds > LONGEST)
        milliseconds = LONGEST;
    CURLMcode code = CURLM_OK;

    /* From cancel_enter_wait on a request wakes the poll; one that came before is seen by the check. */
    cancel_enter_wait(cancel, wake, lane->multi);
    bool wanted = cancel_check(cancel, err);
    if (wanted)
        code = curl_multi_poll(lane->multi, NULL, 0, milliseconds > 0 ? (int)milliseconds : 0, NULL);
    cancel_leave_wait(cancel);
    if (!wanted)
        return false;
    return code == CURLM_OK ? true : lane_broken(code, err);
}
