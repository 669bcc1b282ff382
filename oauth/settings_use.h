/* One use of the settings file by a credential: locked, read, written, unlocked. */
#ifndef OAUTH_SETTINGS_USE_H
#define OAUTH_SETTINGS_USE_H

#include <stdbool.h>

#include "oauth/settings.h"

struct settings_use {
    char *path;
    int lock;                        /* -1 = not held */
    struct settings_record record;   /* as it stands in the file */
    bool found;
    size_t others;                   /* sign-ins of other kinds in the file, when none was found */
};

/* Locks the file and reads the credential's record. False: as settings_lock and settings_read say; nothing is held then. */
bool settings_use_begin(struct settings_use *use, const struct credential *credential, struct cancel *cancel, struct error *err);

/* Reads only, without the lock. */
bool settings_use_look(struct settings_use *use, const struct credential *credential, struct error *err);

/* To be asked before a code or a refresh token is spent: a rotated token that can not be saved would end the sign-in for every later
 * connection. Between begin and end. False: as settings_have_room says. */
bool settings_use_has_room(const struct settings_use *use, struct error *err);

/* Writes the grant durably. When that fails the log says so: the caller has the tokens and goes on. Between begin and end. */
void settings_use_save(struct settings_use *use, const struct credential *credential, const struct grant *grant);

void settings_use_end(struct settings_use *use);

#endif
