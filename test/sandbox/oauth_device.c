/* The device grant (RFC 8628): the codes, the page at which the user enters one, and the polls. */
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/oauth_state.h"

enum { DEVICE_LIFETIME = 900, INTERVAL = 5 };

/* RFC 8628, 6.1: consonants that are not mistaken for each other. */
static void make_user_code(char out[10])
{
    static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";
    unsigned char bytes[8];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        abort();
    for (size_t i = 0; i < 8; i++)
        out[i + (i > 3)] = letters[bytes[i] % 20];
    out[4] = '-';
    out[9] = '\0';
}

void oauth_device_authorization(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    const char *id = request_form(request, "client_id");

    pthread_mutex_lock(&server->lock);
    if (!oauth_client_known(server, request) && !(id && strcmp(id, OAUTH_CLIENT_ID) == 0)) {
        oauth_grant_error(answer, 401, "invalid_client", "The client is not known here");
    } else {
        struct device *device = zeroed(1, sizeof *device);
        oauth_random_token(device->device_code);
        make_user_code(device->user_code);
        device->expires = oauth_now(server) + DEVICE_LIFETIME;
        device->next = server->devices;
        server->devices = device;
        answer_json(answer, 200, json_pack("{s:s, s:s, s:o, s:o, s:i, s:I}", "device_code", device->device_code, "user_code",
                                           device->user_code, "verification_uri", json_sprintf("%s/device", request->base),
                                           "verification_uri_complete",
                                           json_sprintf("%s/device?user_code=%s", request->base, device->user_code), "expires_in",
                                           DEVICE_LIFETIME, "interval", (json_int_t)oauth_mood_number(server, "interval", INTERVAL)));
        answer_header(answer, "Cache-Control", "no-store");
    }
    pthread_mutex_unlock(&server->lock);
}

static struct device *find_device(struct oauth_server *server, const char *code, bool by_user)
{
    struct device *device = server->devices;
    while (device && (!code || strcmp(by_user ? device->user_code : device->device_code, code) != 0))
        device = device->next;
    return device;
}

void oauth_device_page(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    bool post = strcmp(request->method, "POST") == 0;
    const char *code = post ? request_form(request, "user_code") : request_query(request, "user_code");
    const char *decision = request_form(request, "decision");
    char question[64];

    pthread_mutex_lock(&server->lock);
    struct device *device = find_device(server, code, true);
    if (!device || device->state != DEVICE_WAITS || oauth_now(server) >= device->expires) {
        oauth_refuse_page(answer, "This code is not known here, or it was used.");
    } else if (!post) {
        snprintf(question, sizeof question, "Is %s the code that it shows?", device->user_code);
        oauth_login_page(answer, request->path, question, (const char *const[]){"user_code", device->user_code, NULL});
    } else {
        device->state = decision && strcmp(decision, "allow") == 0 ? DEVICE_ALLOWED : DEVICE_DENIED;
        answer_text(answer, 200, "text/html; charset=utf-8", "<!DOCTYPE html><title>Done</title><p>Go back to your device.</p>\n");
    }
    pthread_mutex_unlock(&server->lock);
}

void oauth_grant_device(struct oauth_server *server, const struct request *request, struct answer *answer)
{
    struct device *device = find_device(server, request_form(request, "device_code"), false);
    time_t now = oauth_now(server);

    if (!device || device->state == DEVICE_USED) {
        oauth_grant_error(answer, 400, "invalid_grant", "The device_code is not known, or it was used");
        return;
    }
    bool too_early = device->polled && now - device->polled < (time_t)oauth_mood_number(server, "interval", INTERVAL);
    device->polled = now;
    if (now >= device->expires) {
        oauth_grant_error(answer, 400, "expired_token", "The device_code has expired");
    } else if (too_early || oauth_mood_is(server, "slow_down", "yes")) {
        json_object_del(server->moods, "slow_down"); /* once */
        oauth_grant_error(answer, 400, "slow_down", "Too many questions");
    } else if (device->state == DEVICE_WAITS) {
        oauth_grant_error(answer, 400, "authorization_pending", "The user has not entered the code yet");
    } else if (device->state == DEVICE_DENIED) {
        oauth_grant_error(answer, 400, "access_denied", "The user pressed Deny");
    } else {
        device->state = DEVICE_USED;
        oauth_give_token(server, ++server->families, true, answer);
    }
}
