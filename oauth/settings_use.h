/* One use of the settings file by a credential: locked, read, written, unlocked. */
#ifndef OAUTH_SETTINGS_USE_H
#define OAUTH_SETTINGS_USE_H

#include <stdbool.h>

#include "oauth/settings.h"

struct settings_use {
    const char *path;
    struct store_lock lock;
    struct settings_record record;   /* as it stands in the file */
    bool found;
};

/* Locks the file and reads the credential's record. False: as settings_lock and settings_read say; nothing is held then. */
bool settings_use_begin(struct settings_use *use, struct credential *credential, struct cancel *cancel, struct error *err);

/* Reads only, without the lock. */
bool settings_use_look(struct settings_use *use, struct credential *credential, struct error *err);

/* Reads the record once more. False: as settings_read says; the record is empty then, and the lock still held. */
bool settings_use_reread(struct settings_use *use, struct credential *credential, struct error *err);

/* To be asked before a code or a refresh token is spent: a rotated token that can not be saved would end the sign-in for every later
 * connection. Between begin and end. False: as settings_have_room says. */
bool settings_use_has_room(const struct settings_use *use, struct error *err);

/* Writes the grant durably; NULL: only what the caller has changed in use->record. A sign-in that was begun is over with a new grant.
 * When it fails that is noted (credential_warn): the caller has the tokens and goes on. Between begin and end. */
void settings_use_save(struct settings_use *use, struct credential *credential, const struct grant *grant);

/* Takes the record away. Between begin and end. False: as settings_remove says. */
bool settings_use_forget(const struct settings_use *use, const struct credential *credential, struct error *err);

void settings_use_end(struct settings_use *use);

#endif
